//! What the filter does with one character.

use super::chars::is_hidden;

/// What becomes of line breaks and tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaks {
    /// They are marked: the text is on one line.
    Mark,
    /// They stay (normalised to `\n`): the text is laid out by the caller.
    Keep,
}

/// What the filter does with one character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
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

pub(super) fn fate(c: char) -> Fate {
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
