//! The one filter for text that somebody else wrote.
//!
//! Names, notes, errors, URLs, host names, environment variables, pasted text: whatever was not written by this
//! program passes through here before it is kept, and again after every decode (HTML entities, percent
//! escapes, JSON escapes) that could make new characters out of harmless ones. What comes out is a [`Clean`],
//! and only that type is stored in records and drawn.
//!
//! Nothing is lost silently. A character that would drive the terminal, hide itself or turn the reading
//! direction around is replaced by a visible mark:
//!
//! | Character | Mark |
//! |---|---|
//! | C0 controls, DEL | the Unicode control pictures, `␛`, `␇`, `␡` |
//! | C1 controls, bidirectional controls, zero-width and other invisible characters, private use, noncharacters | the code point between angle quotes, `‹202E›` |
//! | variation selectors and zero-width joiners inside an emoji | left out: the parts that remain are what a terminal can show in straight columns |
//! | more than [`MAX_COMBINING`] combining marks on one letter | the surplus becomes one `‹…›` |

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_width::UnicodeWidthChar;

/// How many combining marks one letter may carry before the rest is cut off with a mark.
pub const MAX_COMBINING: usize = 6;

/// Text that has passed the filter: safe to draw, to log and to print. Cheap to compare, 16 bytes, immutable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Clean(Box<str>);

impl Clean {
    /// Filters text that stands on one line: line breaks and tabs become marks too.
    pub fn line(raw: &str) -> Self {
        match filter(raw, Breaks::Mark) {
            Cow::Borrowed(same) => Self(same.into()),
            Cow::Owned(changed) => Self(changed.into_boxed_str()),
        }
    }

    /// Filters text of several lines: `\n` stays, `\r\n` and Unicode line separators become `\n`, tabs stay
    /// for the renderer to expand.
    pub fn block(raw: &str) -> Self {
        match filter(raw, Breaks::Keep) {
            Cow::Borrowed(same) => Self(same.into()),
            Cow::Owned(changed) => Self(changed.into_boxed_str()),
        }
    }

    /// The filtered text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Clean {
    fn from(raw: &str) -> Self {
        Self::line(raw)
    }
}

impl From<String> for Clean {
    fn from(raw: String) -> Self {
        Self::line(&raw)
    }
}

/// Filters as one line while it is read: the server's text never exists unfiltered in a record.
impl<'de> Deserialize<'de> for Clean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer).map(|raw| Self::line(&raw))
    }
}

/// What becomes of line breaks and tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    /// They are marked: the text stands on one line.
    Mark,
    /// They stay (normalised to `\n`): the text is laid out by the caller.
    Keep,
}

/// What the filter does with one character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Pass,
    Break,
    Tab,
    Picture,
    Mark,
    /// Emoji presentation selectors and joiners: dropped after an emoji, marked elsewhere.
    EmojiGlue,
    /// A soft space (no-break and friends): an ordinary space.
    Space,
}

fn fate(c: char) -> Fate {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => Fate::Break,
        '\t' => Fate::Tab,
        '\0'..='\u{1f}' | '\u{7f}' => Fate::Picture,
        ' '..='~' => Fate::Pass,
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Fate::Space,
        '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' => Fate::EmojiGlue,
        c if is_hidden(c) => Fate::Mark,
        _ => Fate::Pass,
    }
}

/// Characters that are never drawn as themselves: controls, formats, fillers, tags, private use, noncharacters.
/// The ranges are those of Unicode 16 (general categories Cc, Cf, Zl, Zp, Co, Cn-noncharacter, and
/// `Default_Ignorable_Code_Point`).
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{600}'..='\u{605}'
        | '\u{61c}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{890}'..='\u{891}'
        | '\u{8e2}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{fffe}'..='\u{ffff}'
        | '\u{110bd}'
        | '\u{110cd}'
        | '\u{13430}'..='\u{1345f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}')
        || (c as u32) & 0xfffe == 0xfffe
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}'
        | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}')
}

fn is_combining(c: char) -> bool {
    c > '\u{2ff}' && c.width() == Some(0)
}

fn filter(raw: &str, breaks: Breaks) -> Cow<'_, str> {
    let Some(start) = first_change(raw, breaks) else {
        return Cow::Borrowed(raw);
    };
    let mut out = String::with_capacity(raw.len() + 16);
    out.push_str(&raw[..start]);
    let mut before = out.chars().next_back();
    let mut marks = 0;
    let mut chars = raw[start..].chars().peekable();
    while let Some(c) = chars.next() {
        if is_combining(c) && fate(c) == Fate::Pass {
            marks += 1;
            if marks <= MAX_COMBINING && before.is_some() {
                out.push(c);
            } else if marks == MAX_COMBINING + 1 {
                out.push_str("‹…›");
            } else if before.is_none() {
                push_code(&mut out, c);
            }
            continue;
        }
        marks = 0;
        match fate(c) {
            Fate::Pass => out.push(c),
            Fate::Space => out.push(' '),
            Fate::Break if breaks == Breaks::Keep => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push('\n');
            }
            Fate::Tab if breaks == Breaks::Keep => out.push('\t'),
            Fate::Break if c > '\u{1f}' => push_code(&mut out, c),
            Fate::Break | Fate::Tab | Fate::Picture => out.push(picture(c)),
            Fate::EmojiGlue => {
                let glued = before
                    .is_some_and(|b| is_emoji(b) || (c != '\u{200d}' && (b.is_ascii_digit() || b == '#' || b == '*')));
                if glued {
                    // The next joiner or selector of the same cluster still belongs to this emoji.
                    continue;
                }
                push_code(&mut out, c);
            }
            Fate::Mark => push_code(&mut out, c),
        }
        before = Some(c);
    }
    Cow::Owned(out)
}

/// Byte offset of the first character that does not pass as it is, a little early where context matters.
fn first_change(raw: &str, breaks: Breaks) -> Option<usize> {
    let bytes = raw.as_bytes();
    let plain = bytes
        .iter()
        .position(|&b| !(b' '..=b'~').contains(&b) && !(breaks == Breaks::Keep && (b == b'\n' || b == b'\t')))?;
    let mut marks = 0;
    for (at, c) in raw[plain..].char_indices() {
        if is_combining(c) && fate(c) == Fate::Pass {
            marks += 1;
            if marks > MAX_COMBINING || at + plain == 0 {
                // Start over from the beginning: the count needs the letter before.
                return Some(0);
            }
            continue;
        }
        marks = 0;
        let passes = match fate(c) {
            Fate::Pass => true,
            Fate::Break => c == '\n' && breaks == Breaks::Keep,
            Fate::Tab => breaks == Breaks::Keep,
            _ => false,
        };
        if !passes {
            return Some(plain + at);
        }
    }
    None
}

fn picture(c: char) -> char {
    match c {
        '\u{7f}' => '\u{2421}',
        c => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
    }
}

fn push_code(out: &mut String, c: char) {
    use fmt::Write as _;
    // Writing into a String cannot fail.
    let _ = write!(out, "‹{:04X}›", c as u32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied_twice() {
        assert!(matches!(filter("Harbour & Pine Dental", Breaks::Mark), Cow::Borrowed(_)));
        assert!(matches!(filter("Zoë 診療所 résumé", Breaks::Mark), Cow::Borrowed(_)));
    }

    #[test]
    fn controls_become_pictures_and_codes() {
        assert_eq!(Clean::line("a\x1b[31mb\x07").as_str(), "a␛[31mb␇");
        assert_eq!(Clean::line("\u{9b}31m").as_str(), "‹009B›31m");
        assert_eq!(Clean::line("invoice\u{202e}fdp.exe").as_str(), "invoice‹202E›fdp.exe");
        assert_eq!(Clean::line("two\nlines\tand\r").as_str(), "two␊lines␉and␍");
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(Clean::block("a\r\nb\rc\u{2028}d\te").as_str(), "a\nb\nc\nd\te");
    }

    #[test]
    fn emoji_lose_their_glue_and_nothing_else_does() {
        assert_eq!(Clean::line("👩\u{200d}💻 ❤\u{fe0f}").as_str(), "👩💻 ❤");
        assert_eq!(Clean::line("a\u{200d}b").as_str(), "a‹200D›b");
    }

    #[test]
    fn no_code_point_comes_through_that_should_not() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let out = Clean::line(&format!("x{c}y"));
            assert!(!out.chars().any(|o| o.is_control() || is_hidden(o)), "U+{:04X} gives {out:?}", c as u32);
        }
    }

    #[test]
    fn stacked_marks_are_cut_with_a_sign() {
        let zalgo = format!("e{}", "\u{301}".repeat(40));
        let out = Clean::line(&zalgo);
        assert_eq!(out.chars().filter(|&c| c == '\u{301}').count(), MAX_COMBINING);
        assert!(out.contains("‹…›"));
    }

    #[test]
    fn filtering_twice_changes_nothing_more() {
        for raw in ["a\x1bb", "👩\u{200d}💻", "e\u{301}\u{301}", "\u{301}x", "\u{feff}x\u{200b}"] {
            let once = Clean::line(raw);
            assert_eq!(Clean::line(&once), once, "{raw:?}");
        }
    }
}
