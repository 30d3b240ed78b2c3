//! The one filter for text from outside.
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
//! | C1 controls, bidirectional controls, zero-width and other invisible characters, private use, noncharacters, code points without a character, characters that terminals do not agree on | the code point between angle quotes, `‹202E›` |
//! | variation selectors and zero-width joiners inside an emoji | left out: the parts that remain are what a terminal can show in straight columns |
//! | more than [`MAX_COMBINING`] combining marks on one letter | the surplus becomes one `‹…›` |

mod chars;
mod fate;
mod filter;
mod marks;
mod stand;

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};

pub use chars::{is_emoji, is_hidden, is_unseen, overhang, shows_nothing};
use fate::Breaks;
pub use filter::MAX_COMBINING;
use filter::filter;
pub use marks::without_marks;

/// The most characters of a name that are kept.
pub const LONGEST_LINE: usize = 1_000;
/// The end of a name that was cut.
pub const CUT: &str = "‹… cut›";

/// Text that has passed the filter: safe to draw, to log and to print. Cheap to compare, 16 bytes, immutable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Clean(Box<str>);

impl Clean {
    /// Filters text on one line: line breaks and tabs become marks too.
    pub fn line(raw: &str) -> Self {
        match filter(raw, Breaks::Mark) {
            Cow::Borrowed(same) => Self(same.into()),
            Cow::Owned(changed) => Self(changed.into_boxed_str()),
        }
    }

    /// Filters a name, or another attribute of one line: at most [`LONGEST_LINE`] characters of it are kept, marks that
    /// the filter put in among them, and [`CUT`] says so. What a name costs to draw is bounded by that.
    pub fn short_line(raw: &str) -> Self {
        // Characters that the filter leaves out must not make room for a whole megabyte of others.
        let end = raw.char_indices().nth(4 * LONGEST_LINE).map(|(at, _)| at);
        let clean = Self::line(&raw[..end.unwrap_or(raw.len())]);
        match (clean.0.char_indices().nth(LONGEST_LINE).map(|(at, _)| at), end) {
            (None, None) => clean,
            (at, _) => Self(format!("{}{CUT}", &clean.0[..at.unwrap_or(clean.0.len())]).into_boxed_str()),
        }
    }

    /// Whether the end of it was cut off ([`Clean::short_line`]).
    pub fn is_cut(&self) -> bool {
        self.0.ends_with(CUT)
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

#[cfg(test)]
mod tests;
