//! Spells a value, to type it at another machine or write it down from the phone.
//!
//! Four characters at a time, each with its class, its word in the spelling alphabet of NATO and what it may be taken
//! for. [`Group::of`] never gives a whole value: one of four characters or fewer comes in two parts. A single character
//! is the exception, since it has no parts.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation;

use unicode_width::UnicodeWidthChar as _;

use gluepot_core::lookalike;
use gluepot_core::text::{Clean, is_hidden};

/// Characters shown at once.
pub const AT_ONCE: usize = 4;

/// Some characters of a value, with their place in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// The first, from 0
    pub start: usize,
    /// The one behind the last
    pub end: usize,
    /// How many characters the value has
    pub of: usize,
}

impl Group {
    /// The group with this number, from 0; `None` behind the last.
    pub fn of(value: &str, number: usize) -> Option<Self> {
        let of = value.graphemes(true).count();
        let size = if of <= AT_ONCE { of.div_ceil(2) } else { AT_ONCE };
        let start = number.checked_mul(size)?;
        (start < of).then(|| Self { start, end: (start + size).min(of), of })
    }

    /// The characters themselves.
    pub fn characters(self, value: &str) -> impl Iterator<Item = &str> {
        value.graphemes(true).skip(self.start).take(self.end - self.start)
    }

    /// Which they are, for the title.
    pub fn words(self) -> String {
        match (self.start + 1, self.end) {
            (first, last) if first == last => format!("{first} of {}", self.of),
            (first, last) => format!("{first} to {last} of {}", self.of),
        }
    }
}

/// What kind of character it is: told apart by look as well as by word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Class {
    Small,
    Capital,
    Letter,
    Digit,
    Symbol,
    Blank,
    Control,
    Other,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            c if c.is_control() => Self::Control,
            c if c.is_whitespace() || lookalike::is_blank(c) => Self::Blank,
            c if c.is_lowercase() => Self::Small,
            c if c.is_uppercase() => Self::Capital,
            c if c.is_alphabetic() => Self::Letter,
            c if c.is_numeric() => Self::Digit,
            c if c.is_ascii() => Self::Symbol,
            _ => Self::Other,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Small => "small letter",
            Self::Capital => "CAPITAL letter",
            Self::Letter => "letter",
            Self::Digit => "digit",
            Self::Symbol => "symbol",
            Self::Blank => "blank",
            Self::Control => "control character",
            Self::Other => "character",
        }
    }
}

/// One character, spelled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spelled {
    /// As it is drawn: filtered, a blank made visible
    pub shown: String,
    /// Its class
    pub class: Class,
    /// How it is said
    pub said: String,
    /// What it may be taken for
    pub mark: Option<&'static str>,
}

/// One character of a value as it is drawn. Nothing of it is left out, as the filter for names does; what would not be
/// seen, and every blank but the ordinary one, is shown as its number, the ordinary one as a sign that is not a letter.
pub fn shown(grapheme: &str, ascii: bool) -> String {
    if grapheme == " " {
        return if ascii { "<SP>" } else { "␠" }.to_owned();
    }
    let is_plain = |c: char| {
        let is_seen = !c.is_control() && !lookalike::is_blank(c) && !is_hidden(c) && c != '\u{20e3}';
        // The signs for what is not seen must not be taken for themselves.
        is_seen && !matches!(c, '\u{2400}'..='\u{2426}') && (c.is_ascii() || !ascii)
    };
    if grapheme.chars().all(is_plain) && *Clean::line(grapheme) == *grapheme {
        return grapheme.to_owned();
    }
    let mut out = String::new();
    for c in grapheme.chars() {
        let code = u32::from(c);
        match c {
            c if is_plain(c) && c.width().is_some_and(|width| width > 0) => out.push(c),
            '\0'..='\u{1f}' | '\u{7f}' if !ascii => out.push_str(&Clean::line(c.encode_utf8(&mut [0; 4]))),
            // Writing into a String cannot fail.
            _ if ascii => drop(write!(out, "<U+{code:04X}>")),
            _ => drop(write!(out, "‹{code:04X}›")),
        }
    }
    out
}

/// Spells one character.
pub fn spell(grapheme: &str, ascii: bool) -> Spelled {
    let mut chars = grapheme.chars();
    let first = chars.next().unwrap_or(' ');
    let single = chars.next().is_none();
    let shown = shown(grapheme, ascii);
    let class = Class::of(first);
    let code = || grapheme.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect::<Vec<_>>().join(" ");
    let said = match word(first).filter(|_| single) {
        Some(word) if class == Class::Capital => format!("capital {word}"),
        Some(word) => word.to_owned(),
        None => code(),
    };
    let mark = if single && first.is_ascii() { look_alike(first) } else { Some("not on every keyboard") };
    Spelled { shown, class, said, mark }
}

/// The word for a character: letters by the alphabet of NATO, digits and symbols by their names.
fn word(c: char) -> Option<&'static str> {
    Some(match c.to_ascii_lowercase() {
        'a' => "Alfa",
        'b' => "Bravo",
        'c' => "Charlie",
        'd' => "Delta",
        'e' => "Echo",
        'f' => "Foxtrot",
        'g' => "Golf",
        'h' => "Hotel",
        'i' => "India",
        'j' => "Juliett",
        'k' => "Kilo",
        'l' => "Lima",
        'm' => "Mike",
        'n' => "November",
        'o' => "Oscar",
        'p' => "Papa",
        'q' => "Quebec",
        'r' => "Romeo",
        's' => "Sierra",
        't' => "Tango",
        'u' => "Uniform",
        'v' => "Victor",
        'w' => "Whiskey",
        'x' => "X-ray",
        'y' => "Yankee",
        'z' => "Zulu",
        '0' => "zero",
        '1' => "one",
        '2' => "two",
        '3' => "three",
        '4' => "four",
        '5' => "five",
        '6' => "six",
        '7' => "seven",
        '8' => "eight",
        '9' => "nine",
        ' ' => "space",
        '!' => "exclamation mark",
        '"' => "double quote",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "ampersand",
        '\'' => "single quote",
        '(' => "opening round bracket",
        ')' => "closing round bracket",
        '*' => "asterisk",
        '+' => "plus",
        ',' => "comma",
        '-' => "hyphen",
        '.' => "full stop",
        '/' => "slash",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "less than",
        '=' => "equals",
        '>' => "greater than",
        '?' => "question mark",
        '@' => "at",
        '[' => "opening square bracket",
        '\\' => "backslash",
        ']' => "closing square bracket",
        '^' => "caret",
        '_' => "underscore",
        '`' => "backtick",
        '{' => "opening curly bracket",
        '|' => "vertical bar",
        '}' => "closing curly bracket",
        '~' => "tilde",
        '\t' => "tab",
        '\n' => "line feed",
        '\r' => "carriage return",
        '\u{1b}' => "escape",
        _ => return None,
    })
}

/// What an ASCII character is easily taken for.
fn look_alike(c: char) -> Option<&'static str> {
    Some(match c {
        '0' => "not the letter O",
        'O' => "not zero",
        'o' => "small, not zero",
        '1' => "not the letter l, I or a bar",
        'l' => "not one, capital I or a bar",
        'I' => "not one, small L or a bar",
        '|' => "not one, l or I",
        '5' => "not S",
        'S' => "not five",
        '2' => "not Z",
        'Z' => "not two",
        '8' => "not B",
        'B' => "not eight",
        '\'' => "not a backtick",
        '`' => "not a single quote",
        '"' => "one key, not two single quotes",
        '-' => "not an underscore",
        '_' => "not a hyphen",
        '.' => "not a comma",
        ',' => "not a full stop",
        ':' => "not a semicolon",
        ';' => "not a colon",
        ' ' => "one blank",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups(value: &str) -> Vec<String> {
        (0..)
            .map_while(|number| Group::of(value, number))
            .map(|group| group.characters(value).collect::<String>())
            .collect()
    }

    #[test]
    fn a_value_comes_four_characters_at_a_time() {
        assert_eq!(groups("maple-Orbit-42"), ["mapl", "e-Or", "bit-", "42"]);
        let second = Group::of("maple-Orbit-42", 1).map(Group::words);
        assert_eq!(second.as_deref(), Some("5 to 8 of 14"));
        assert_eq!(Group::of("abcde", 1).map(Group::words).as_deref(), Some("5 of 5"));
    }

    #[test]
    fn a_short_value_comes_in_two_parts() {
        assert_eq!(groups("1234"), ["12", "34"]);
        assert_eq!(groups("123"), ["12", "3"]);
        assert_eq!(groups("12"), ["1", "2"]);
        assert_eq!(groups("1"), ["1"]);
        assert!(groups("").is_empty());
    }

    #[test]
    fn every_key_of_a_keyboard_has_a_word_and_a_class() {
        for c in ' '..='~' {
            let spelled = spell(c.encode_utf8(&mut [0; 4]), true);
            assert!(!spelled.said.starts_with("U+"), "{c:?}");
            assert!(spelled.shown.is_ascii() && !spelled.shown.trim().is_empty(), "{c:?}");
        }
        let capital = spell("O", false);
        assert_eq!(
            (capital.said.as_str(), capital.class, capital.mark),
            ("capital Oscar", Class::Capital, Some("not zero"))
        );
        assert_eq!(spell("m", false).said, "Mike");
        assert_eq!(spell("l", false).mark, Some("not one, capital I or a bar"));
        assert_eq!(spell("m", false).mark, None);
    }

    #[test]
    fn what_is_on_no_keyboard_is_told_by_its_number_and_drives_no_terminal() {
        let umlaut = spell("ü", false);
        assert_eq!((umlaut.said.as_str(), umlaut.class), ("U+00FC", Class::Small));
        assert!(umlaut.mark.is_some());
        // A Cyrillic letter that looks like a Latin one, and one with its own mark.
        assert_eq!(spell("а", false).said, "U+0430");
        assert_eq!(spell("e\u{301}", false).said, "U+0065 U+0301");
        let escape = spell("\u{1b}", false);
        assert_eq!((escape.said.as_str(), escape.class), ("escape", Class::Control));
        assert!(!escape.shown.contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn no_group_is_the_whole_and_all_groups_are(value in any::<String>()) {
            let count = value.graphemes(true).count();
            let groups = groups(&value);
            prop_assert_eq!(groups.concat(), value.clone());
            for group in groups {
                prop_assert!(count < 2 || group.len() < value.len());
            }
        }

        #[test]
        fn nothing_that_is_drawn_drives_a_terminal(value in any::<String>()) {
            for grapheme in value.graphemes(true) {
                let spelled = spell(grapheme, false);
                prop_assert!(!spelled.shown.chars().chain(spelled.said.chars()).any(char::is_control));
            }
        }
    }
}
