//! Characters without a column of their own, and whether they have something to stand on.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use unicode_width::UnicodeWidthChar as _;

use super::fate::{Breaks, Fate, fate};

/// Whether a character takes no column: a mark, or a part of a Korean syllable.
pub(super) fn is_combining(c: char) -> bool {
    c > '\u{2ff}' && c.width() == Some(0)
}

/// Whether a character without a column has a letter to join. Without one it would be invisible.
pub(super) fn stands_on(c: char, before: Option<char>, breaks: Breaks) -> bool {
    let Some(before) = before else { return false };
    if breaks == Breaks::Keep && matches!(fate(before), Fate::Break | Fate::Tab) {
        return false;
    }
    match jamo(c) {
        // A vowel continues a consonant, a vowel or a syllable without an end; an end after any of them but the
        // first: elsewhere a new piece of text begins, and it would have no column.
        Some(Jamo::Vowel) => matches!(jamo(before), Some(Jamo::Lead | Jamo::Vowel | Jamo::Open)),
        Some(Jamo::End) => matches!(jamo(before), Some(Jamo::Vowel | Jamo::End | Jamo::Open | Jamo::Closed)),
        _ => !matches!(c.general_category(), GeneralCategory::OtherLetter) && joins(c),
    }
}

/// Whether a mark makes one piece with its letter when text is cut into what is drawn together. One that is newer than
/// the tables for that would be a separate piece without a column, and would not be drawn.
fn joins(mark: char) -> bool {
    use unicode_segmentation::UnicodeSegmentation as _;

    if matches!(mark, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{94d}') {
        return true;
    }
    let mut bytes = [0; 5];
    bytes[0] = b'x';
    let end = 1 + mark.encode_utf8(&mut bytes[1..]).len();
    let text = bytes.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    text.graphemes(true).count() == 1
}

/// The parts of a Korean syllable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Jamo {
    Lead,
    Vowel,
    End,
    /// A whole syllable that an end can follow
    Open,
    /// A whole syllable with its end
    Closed,
}

fn jamo(c: char) -> Option<Jamo> {
    match c {
        '\u{1100}'..='\u{115f}' | '\u{a960}'..='\u{a97c}' => Some(Jamo::Lead),
        '\u{1160}'..='\u{11a7}' | '\u{d7b0}'..='\u{d7c6}' => Some(Jamo::Vowel),
        '\u{11a8}'..='\u{11ff}' | '\u{d7cb}'..='\u{d7fb}' => Some(Jamo::End),
        '\u{ac00}'..='\u{d7a3}' if (u32::from(c) - 0xac00).is_multiple_of(28) => Some(Jamo::Open),
        '\u{ac00}'..='\u{d7a3}' => Some(Jamo::Closed),
        _ => None,
    }
}

/// What the next character joins after one without a column: still the letter below, but a Korean syllable continues
/// with its newest part and is closed by a mark.
pub(super) fn carrier(before: Option<char>, c: char) -> Option<char> {
    if jamo(c).is_some() || before.is_some_and(|before| jamo(before).is_some()) { Some(c) } else { before }
}
