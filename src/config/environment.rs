//! What the terminal can show and the person wants to see, as the environment says.

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
