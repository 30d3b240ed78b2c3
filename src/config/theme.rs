//! A dozen named colours, and what the terminal can show.
//!
//! The defaults are the terminal's own sixteen colours (`assets/theme.toml`), so light and dark backgrounds both
//! work. Every concrete style is made from these in one place of the screen.

use ratatui::style::Color;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text of `assets/theme.toml`.
pub const DEFAULT_THEME: &str = include_str!("../../assets/theme.toml");

/// The colours a person may set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Theme {
    /// Ordinary text
    pub text: Hue,
    /// The secondary: counts, dates, hints, frames without focus
    pub dim: Hue,
    /// Focus: the frame and title in use, the mark of the selected row
    pub accent: Hue,
    /// Behind the selected row; `Color::Reset` asks for text and background to change places
    pub selection: Hue,
    /// Letters that matched a filter or a find
    pub hit: Hue,
    /// Headings of documents and groups of fields
    pub heading: Hue,
    /// Links
    pub link: Hue,
    /// Inline code and code blocks
    pub code: Hue,
    /// Done, complete, reachable
    pub good: Hue,
    /// Stale, incomplete, about to run out
    pub warning: Hue,
    /// Failed, forbidden, an alert
    pub danger: Hue,
    /// A revealed password and its countdown
    pub secret: Hue,
}

impl Theme {
    /// The theme without any colour, for `NO_COLOR`: meaning is then told by marks, bold and reversed text alone.
    pub fn colourless() -> Self {
        let none = Hue(Color::Reset);
        Self {
            text: none,
            dim: none,
            accent: none,
            selection: none,
            hit: none,
            heading: none,
            link: none,
            code: none,
            good: none,
            warning: none,
            danger: none,
            secret: none,
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        let all: Partial = toml::from_str(DEFAULT_THEME).expect("a test reads the compiled-in theme.toml");
        all.over(Self::colourless())
    }
}

/// The table as it is written: what is left out stays as it was.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Partial {
    text: Option<Hue>,
    dim: Option<Hue>,
    accent: Option<Hue>,
    selection: Option<Hue>,
    hit: Option<Hue>,
    heading: Option<Hue>,
    link: Option<Hue>,
    code: Option<Hue>,
    good: Option<Hue>,
    warning: Option<Hue>,
    danger: Option<Hue>,
    secret: Option<Hue>,
}

impl Partial {
    fn over(self, base: Theme) -> Theme {
        Theme {
            text: self.text.unwrap_or(base.text),
            dim: self.dim.unwrap_or(base.dim),
            accent: self.accent.unwrap_or(base.accent),
            selection: self.selection.unwrap_or(base.selection),
            hit: self.hit.unwrap_or(base.hit),
            heading: self.heading.unwrap_or(base.heading),
            link: self.link.unwrap_or(base.link),
            code: self.code.unwrap_or(base.code),
            good: self.good.unwrap_or(base.good),
            warning: self.warning.unwrap_or(base.warning),
            danger: self.danger.unwrap_or(base.danger),
            secret: self.secret.unwrap_or(base.secret),
        }
    }
}

impl<'de> Deserialize<'de> for Theme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Partial::deserialize(deserializer)?.over(Self::default()))
    }
}

/// A colour as it is written in the config: `cyan`, `light-blue`, `208`, `#ff8700`, `reset`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hue(pub Color);

impl From<Hue> for Color {
    fn from(hue: Hue) -> Self {
        hue.0
    }
}

impl Serialize for Hue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string().to_ascii_lowercase())
    }
}

impl<'de> Deserialize<'de> for Hue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| {
            serde::de::Error::custom(format!(
                "{text:?} is no colour: write black, red, green, yellow, blue, magenta, cyan or gray, also with light- \
                 before it, darkgray, white, a number from 0 to 255, #rrggbb, or reset"
            ))
        })
    }
}

/// The part of the environment that says what the terminal and the person want. A plain struct, so that tests
/// decide it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Environment {
    /// `NO_COLOR`
    pub no_color: Option<String>,
    /// `TERM`
    pub term: Option<String>,
    /// `LC_ALL`
    pub lc_all: Option<String>,
    /// `LC_CTYPE`
    pub lc_ctype: Option<String>,
    /// `LANG`
    pub lang: Option<String>,
    /// `SSH_CONNECTION`
    pub ssh_connection: Option<String>,
    /// `SSH_TTY`
    pub ssh_tty: Option<String>,
}

impl Environment {
    /// What this process was started with.
    pub fn of_process() -> Self {
        let get = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self {
            no_color: get("NO_COLOR"),
            term: get("TERM"),
            lc_all: get("LC_ALL"),
            lc_ctype: get("LC_CTYPE"),
            lang: get("LANG"),
            ssh_connection: get("SSH_CONNECTION"),
            ssh_tty: get("SSH_TTY"),
        }
    }

    /// Whether colours are welcome: no non-empty `NO_COLOR` (no-color.org) and not `TERM=dumb`.
    pub fn wants_colour(&self) -> bool {
        self.no_color.as_ref().is_none_or(String::is_empty) && !self.is_dumb()
    }

    /// Whether the terminal says that it can do nothing but print.
    pub fn is_dumb(&self) -> bool {
        self.term.as_deref() == Some("dumb")
    }

    /// Whether the terminal draws a line through text. GNU screen, the Linux console and old terminals drop it, and who
    /// wants no colours may have a terminal that shows little else.
    pub fn can_strike(&self) -> bool {
        let term = self.term.as_deref().unwrap_or("xterm");
        let cannot = ["screen", "linux", "vt", "ansi", "cons25", "dumb"];
        self.wants_colour() && !cannot.iter().any(|name| term.starts_with(name))
    }

    /// Whether frames and marks must be ASCII: a dumb terminal, the Linux console with its 512 glyphs, or a locale
    /// that is not UTF-8. As in POSIX the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is not empty decides. None
    /// set at all, as in most containers, says nothing about the terminal and counts as UTF-8.
    pub fn wants_ascii(&self) -> bool {
        let locale = [&self.lc_all, &self.lc_ctype, &self.lang].into_iter().flatten().find(|value| !value.is_empty());
        let utf8 = locale.is_none_or(|value| {
            let value = value.to_ascii_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        });
        !utf8 || self.is_dumb() || self.term.as_deref() == Some("linux")
    }

    /// Whether the person came here over SSH.
    pub fn is_ssh(&self) -> bool {
        [&self.ssh_connection, &self.ssh_tty].into_iter().flatten().any(|value| !value.is_empty())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let get = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Environment {
            no_color: get("NO_COLOR"),
            term: get("TERM"),
            lc_all: get("LC_ALL"),
            lc_ctype: get("LC_CTYPE"),
            lang: get("LANG"),
            ssh_connection: get("SSH_CONNECTION"),
            ssh_tty: get("SSH_TTY"),
        }
    }

    #[test]
    fn struck_text_is_told_in_words_where_the_terminal_cannot_strike() {
        for able in ["xterm-256color", "tmux-256color", "foot", "alacritty"] {
            assert!(environment(&[("TERM", able)]).can_strike(), "{able}");
            assert!(!environment(&[("TERM", able), ("NO_COLOR", "1")]).can_strike(), "{able}");
        }
        for unable in ["screen", "screen-256color", "screen.xterm-256color", "linux", "dumb", "vt220"] {
            assert!(!environment(&[("TERM", unable)]).can_strike(), "{unable}");
        }
    }

    #[test]
    fn the_compiled_in_theme_sets_every_colour_from_the_sixteen() {
        let Ok(toml::Value::Table(written)) = toml::from_str(DEFAULT_THEME) else { panic!("not TOML") };
        let Ok(toml::Value::Table(all)) = toml::Value::try_from(Theme::default()) else { panic!("no table") };
        assert_eq!(written, all, "theme.toml names every colour as it is written back");
        assert!(written.values().all(|v| !v.as_str().unwrap().contains(|c: char| c == '#' || c.is_ascii_digit())));
    }

    #[test]
    fn one_colour_changes_and_the_others_stay() {
        let theme: Theme = toml::from_str("accent = '#ff8700'\nhit = '208'").unwrap();
        assert_eq!(theme.accent.0, Color::Rgb(0xff, 0x87, 0));
        assert_eq!(theme.hit.0, Color::Indexed(208));
        assert_eq!(theme.danger, Theme::default().danger);
    }

    #[test]
    fn a_wrong_colour_says_what_is_right() {
        let told = toml::from_str::<Theme>("accent = 'mauve'").unwrap_err();
        assert!(told.message().contains("\"mauve\" is no colour: write black"), "{told}");
        assert!(toml::from_str::<Theme>("accents = 'red'").is_err());
    }

    #[test]
    fn no_color_counts_only_when_it_is_not_empty() {
        assert!(environment(&[]).wants_colour());
        assert!(environment(&[("NO_COLOR", "")]).wants_colour());
        assert!(!environment(&[("NO_COLOR", "0")]).wants_colour());
        assert!(!environment(&[("TERM", "dumb")]).wants_colour());
    }

    #[test]
    fn the_locale_decides_on_ascii_by_the_rules_of_posix() {
        for (pairs, ascii) in [
            (&[("LANG", "en_GB.UTF-8")][..], false),
            (&[("LANG", "de_DE.utf8")], false),
            (&[("LANG", "C")], true),
            (&[("LANG", "en_US.ISO-8859-1")], true),
            (&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")], true),
            (&[("LANG", "C"), ("LC_CTYPE", "C.UTF-8")], false),
            (&[("LANG", "C"), ("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8")], false),
            (&[], false),
            (&[("LANG", "en_GB.UTF-8"), ("TERM", "dumb")], true),
            (&[("LANG", "en_GB.UTF-8"), ("TERM", "linux")], true),
        ] {
            assert_eq!(environment(pairs).wants_ascii(), ascii, "{pairs:?}");
        }
    }

    #[test]
    fn ssh_is_known_by_either_variable() {
        assert!(environment(&[("SSH_TTY", "/dev/pts/3")]).is_ssh());
        assert!(environment(&[("SSH_CONNECTION", "192.0.2.7 50022 192.0.2.1 22")]).is_ssh());
        assert!(!environment(&[("SSH_TTY", "")]).is_ssh());
    }
}
