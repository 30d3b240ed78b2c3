//! One key with its modifiers: read from text, made from a terminal event, written as a hint.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key press in its plainest form: letters carry their case themselves, Shift-Tab is one key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Named keys: how they are written in a key file, how a hint shows them, and with ASCII only.
const NAMED: &[(&str, KeyCode, &str, &str)] = &[
    ("enter", KeyCode::Enter, "⏎", "Enter"),
    ("esc", KeyCode::Esc, "Esc", "Esc"),
    ("tab", KeyCode::Tab, "Tab", "Tab"),
    ("backspace", KeyCode::Backspace, "⌫", "Backspace"),
    ("delete", KeyCode::Delete, "Del", "Del"),
    ("insert", KeyCode::Insert, "Ins", "Ins"),
    ("space", KeyCode::Char(' '), "Space", "Space"),
    ("up", KeyCode::Up, "↑", "Up"),
    ("down", KeyCode::Down, "↓", "Down"),
    ("left", KeyCode::Left, "←", "Left"),
    ("right", KeyCode::Right, "→", "Right"),
    ("home", KeyCode::Home, "Home", "Home"),
    ("end", KeyCode::End, "End", "End"),
    ("page-up", KeyCode::PageUp, "PgUp", "PgUp"),
    ("page-down", KeyCode::PageDown, "PgDn", "PgDn"),
];

/// Other spellings people try.
const ALIASES: &[(&str, &str)] = &[
    ("return", "enter"),
    ("escape", "esc"),
    ("del", "delete"),
    ("ins", "insert"),
    ("pgup", "page-up"),
    ("pageup", "page-up"),
    ("pgdn", "page-down"),
    ("pgdown", "page-down"),
    ("pagedown", "page-down"),
    ("backtab", "shift-tab"),
];

impl Key {
    /// The key of a terminal event; `None` for releases and for keys no terminal reports alike.
    pub fn from_event(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        Some(Self::normal(event.code, modifiers))
    }

    /// Reads `k`, `?`, `ctrl-k`, `shift-tab`, `alt-left`, `page-down`, `f1`. The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let unknown = || {
            format!(
                "no key is called {text:?}: write one character (k, K, ?), a name (enter, esc, tab, space, up, \
                 page-down, f1 …), or either with ctrl-, alt- or shift- before it"
            )
        };
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        let code = loop {
            let mut chars = rest.chars();
            if let (Some(c), None) = (chars.next(), chars.next()) {
                if c.is_control() || c == ' ' {
                    return Err(unknown());
                }
                break KeyCode::Char(c);
            }
            let lower = rest.to_ascii_lowercase();
            let lower = ALIASES.iter().find(|(from, _)| *from == lower).map_or(lower.as_str(), |(_, to)| to);
            if lower == "shift-tab" {
                modifiers |= KeyModifiers::SHIFT;
                break KeyCode::Tab;
            }
            if let Some(&(_, code, ..)) = NAMED.iter().find(|(name, ..)| *name == lower) {
                break code;
            }
            if let Some(number) = lower.strip_prefix('f').and_then(|n| n.parse::<u8>().ok())
                && (1..=12).contains(&number)
            {
                break KeyCode::F(number);
            }
            let (modifier, after) = rest.split_once('-').ok_or_else(unknown)?;
            modifiers |= match modifier.to_ascii_lowercase().as_str() {
                "ctrl" | "control" | "c" => KeyModifiers::CONTROL,
                "alt" | "meta" | "m" => KeyModifiers::ALT,
                "shift" | "s" => KeyModifiers::SHIFT,
                _ => return Err(unknown()),
            };
            rest = after;
        };
        let key = Self::normal(code, modifiers);
        match (key.modifiers.contains(KeyModifiers::CONTROL), key.code) {
            (true, KeyCode::Char('i')) => Err("most terminals send ctrl-i as Tab: choose another key".into()),
            (true, KeyCode::Char('m' | 'j')) => Err(format!("most terminals send {text} as Enter: choose another key")),
            (true, KeyCode::Char('[')) => Err("most terminals send ctrl-[ as Esc: choose another key".into()),
            (true, KeyCode::Char('h')) => Err("many terminals send ctrl-h as Backspace: choose another key".into()),
            _ => Ok(key),
        }
    }

    /// Terminals disagree on whether a capital carries Shift and on the case of Ctrl letters: settle it here.
    fn normal(code: KeyCode, mut modifiers: KeyModifiers) -> Self {
        let code = match code {
            KeyCode::BackTab => {
                modifiers |= KeyModifiers::SHIFT;
                KeyCode::Tab
            }
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => {
                if !c.is_ascii_alphabetic() {
                    modifiers -= KeyModifiers::SHIFT;
                }
                KeyCode::Char(c.to_ascii_lowercase())
            }
            KeyCode::Char(c) => {
                let upper = modifiers.contains(KeyModifiers::SHIFT) && c.is_ascii_lowercase();
                modifiers -= KeyModifiers::SHIFT;
                KeyCode::Char(if upper { c.to_ascii_uppercase() } else { c })
            }
            code => code,
        };
        Self { code, modifiers }
    }

    /// Whether it is a character that a text field would take.
    pub fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
    }

    /// What a hint shows: `⏎`, `Ctrl-k`, `/`; with `ascii` only letters every terminal has: `Enter`.
    pub fn hint(self, ascii: bool) -> String {
        let mut out = self.prefix("Ctrl-", "Alt-", "Shift-");
        match (NAMED.iter().find(|(_, code, ..)| *code == self.code), self.code) {
            (Some((.., unicode, plain)), _) => out.push_str(if ascii { plain } else { unicode }),
            (None, KeyCode::Char(c)) => out.push(c),
            (None, KeyCode::F(n)) => out.extend(["F", &n.to_string()]),
            (None, _) => out.push('?'),
        }
        out
    }

    fn prefix(self, ctrl: &str, alt: &str, shift: &str) -> String {
        let mut out = String::new();
        for (modifier, text) in [(KeyModifiers::CONTROL, ctrl), (KeyModifiers::ALT, alt), (KeyModifiers::SHIFT, shift)]
        {
            if self.modifiers.contains(modifier) {
                out.push_str(text);
            }
        }
        out
    }
}

/// As it is written in a key file.
impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.prefix("ctrl-", "alt-", "shift-"))?;
        match (NAMED.iter().find(|(_, code, ..)| *code == self.code), self.code) {
            (Some((name, ..)), _) => f.write_str(name),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, KeyCode::F(n)) => write!(f, "f{n}"),
            (None, _) => f.write_str("?"),
        }
    }
}

/// Whether a key is a plain letter or digit, as typed into a field.
pub fn plain_char(key: KeyEvent) -> Option<char> {
    match key.code {
        KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => Some(c),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Key {
        Key::from_event(KeyEvent::new(code, modifiers)).unwrap()
    }

    #[test]
    fn a_key_is_the_same_from_text_and_from_the_terminal() {
        let none = KeyModifiers::NONE;
        for (text, event) in [
            ("k", press(KeyCode::Char('k'), none)),
            ("K", press(KeyCode::Char('K'), none)),
            ("K", press(KeyCode::Char('K'), KeyModifiers::SHIFT)),
            ("K", press(KeyCode::Char('k'), KeyModifiers::SHIFT)),
            ("shift-k", press(KeyCode::Char('K'), KeyModifiers::SHIFT)),
            ("?", press(KeyCode::Char('?'), KeyModifiers::SHIFT)),
            ("ctrl-k", press(KeyCode::Char('k'), KeyModifiers::CONTROL)),
            ("Ctrl-K", press(KeyCode::Char('k'), KeyModifiers::CONTROL)),
            ("shift-tab", press(KeyCode::BackTab, KeyModifiers::SHIFT)),
            ("backtab", press(KeyCode::BackTab, none)),
            ("PgDn", press(KeyCode::PageDown, none)),
            ("ctrl--", press(KeyCode::Char('-'), KeyModifiers::CONTROL)),
            ("-", press(KeyCode::Char('-'), none)),
            ("f12", press(KeyCode::F(12), none)),
            ("alt-left", press(KeyCode::Left, KeyModifiers::ALT)),
            ("space", press(KeyCode::Char(' '), none)),
            ("ü", press(KeyCode::Char('ü'), none)),
        ] {
            assert_eq!(Key::parse(text), Ok(event), "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in ["k", "K", "ctrl-k", "shift-tab", "page-down", "alt-left", "f5", "space", "ctrl--", "ctrl-alt-x"] {
            assert_eq!(Key::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        for text in ["", "strg-k", "ctrl-", "f13", "f0", "enterr", "\u{1b}", " ", "ab"] {
            assert!(Key::parse(text).unwrap_err().contains("no key is called"), "{text:?}");
        }
        assert!(Key::parse("ctrl-i").unwrap_err().contains("Tab"));
        assert!(Key::parse("ctrl-m").unwrap_err().contains("Enter"));
    }

    #[test]
    fn hints_have_an_ascii_form() {
        let enter = Key::parse("enter").unwrap();
        assert_eq!((enter.hint(false).as_str(), enter.hint(true).as_str()), ("⏎", "Enter"));
        assert_eq!(Key::parse("ctrl-k").unwrap().hint(false), "Ctrl-k");
        for (.., plain) in NAMED {
            assert!(plain.is_ascii());
        }
    }

    #[test]
    fn a_release_is_no_key() {
        let mut event = KeyEvent::new(KeyCode::Char('k'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(Key::from_event(event), None);
    }
}
