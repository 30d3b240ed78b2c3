//! A dozen named colours.
//!
//! The defaults are the terminal's own sixteen colours (`assets/theme.toml`), so light and dark backgrounds both
//! work. Every concrete style is made from these in one place of the screen.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text of `assets/theme.toml`.
const DEFAULT_THEME: &str = include_str!("../../assets/theme.toml");

/// The colours a person may set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Theme {
    /// Ordinary text
    pub text: Hue,
    /// The secondary: counts, dates, hints, frames without focus
    pub dim: Hue,
    /// Focus: the frame and title in use, the mark of the selected row
    pub accent: Hue,
    /// Behind the selected row; [`Hue::Reset`] asks for text and background to change places
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
        let none = Hue::Reset;
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
pub enum Hue {
    /// The terminal's own colour of text or background
    Reset,
    /// One of the terminal's sixteen, by its place among `SIXTEEN`
    Named(u8),
    /// One of the 256
    Indexed(u8),
    /// Red, green, blue
    Rgb(u8, u8, u8),
}

/// The names of the terminal's own colours.
const SIXTEEN: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "gray",
    "darkgray",
    "lightred",
    "lightgreen",
    "lightyellow",
    "lightblue",
    "lightmagenta",
    "lightcyan",
    "white",
];

impl Hue {
    fn of(text: &str) -> Option<Self> {
        // As people write them elsewhere, too.
        let name = text
            .to_lowercase()
            .replace([' ', '-', '_'], "")
            .replace("bright", "light")
            .replace("grey", "gray")
            .replace("silver", "gray")
            .replace("lightblack", "darkgray")
            .replace("lightwhite", "white")
            .replace("lightgray", "white");
        if name == "reset" {
            return Some(Self::Reset);
        }
        if let Some(place) = SIXTEEN.iter().position(|known| *known == name) {
            return Some(Self::Named(place as u8));
        }
        if let Ok(number) = text.parse() {
            return Some(Self::Indexed(number));
        }
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && !digits.contains('+'))?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self::Rgb(part(0)?, part(2)?, part(4)?))
    }
}

impl fmt::Display for Hue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Reset => f.write_str("reset"),
            Self::Named(place) => f.write_str(SIXTEEN.get(usize::from(place)).unwrap_or(&"reset")),
            Self::Indexed(number) => write!(f, "{number}"),
            Self::Rgb(red, green, blue) => write!(f, "#{red:02x}{green:02x}{blue:02x}"),
        }
    }
}

impl Serialize for Hue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::of(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{text:?} is no colour: write black, red, green, yellow, blue, magenta, cyan or gray, also with light- \
                 before it, darkgray, white, a number from 0 to 255, #rrggbb, or reset"
            ))
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

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
        assert_eq!(theme.accent, Hue::Rgb(0xff, 0x87, 0));
        assert_eq!(theme.hit, Hue::Indexed(208));
        assert_eq!(theme.danger, Theme::default().danger);
    }

    #[test]
    fn a_wrong_colour_says_what_is_right() {
        let told = toml::from_str::<Theme>("accent = 'mauve'").unwrap_err();
        assert!(told.message().contains("\"mauve\" is no colour: write black"), "{told}");
        assert!(toml::from_str::<Theme>("accents = 'red'").is_err());
    }

    #[test]
    fn a_colour_is_read_as_people_write_it_and_written_in_one_way() {
        for (written, read, back) in [
            ("Light-Blue", Hue::Named(12), "lightblue"),
            ("bright_red", Hue::Named(9), "lightred"),
            ("grey", Hue::Named(7), "gray"),
            ("silver", Hue::Named(7), "gray"),
            ("bright black", Hue::Named(8), "darkgray"),
            ("lightgrey", Hue::Named(15), "white"),
            ("0", Hue::Indexed(0), "0"),
            ("255", Hue::Indexed(255), "255"),
            ("#FF8700", Hue::Rgb(255, 0x87, 0), "#ff8700"),
            ("Reset", Hue::Reset, "reset"),
        ] {
            assert_eq!(Hue::of(written), Some(read), "{written}");
            assert_eq!(read.to_string(), back, "{written}");
        }
        for wrong in ["256", "-1", "#ff87", "#ff870g", "ff8700", "#+f+f+f", "", "lightlight"] {
            assert_eq!(Hue::of(wrong), None, "{wrong}");
        }
    }
}
