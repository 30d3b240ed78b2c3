//! Kinds of characters: hidden, unseen, emoji, and those that terminals do not agree on.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Characters beyond ASCII that are never drawn as themselves: controls, formats, fillers, tags, private use, noncharacters, code
/// points that no character has been given, and the few that terminals give another number of columns than we do.
///
/// Everything of the general categories Cc, Cf, Zl, Zp, Co and Cn is among them, and everything that Unicode lets
/// programs ignore (`Default_Ignorable_Code_Point`).
pub fn is_hidden(c: char) -> bool {
    match c {
        // The controls of ASCII have marks of their own.
        '\0'..='\u{7f}' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{34e}' => false,
        // Most of what is not Latin is one of these: no need to look it up.
        '\u{400}'..='\u{52f}' | '\u{2010}'..='\u{2027}' | '\u{2500}'..='\u{25ff}' => false,
        '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => false,
        // Blank, or without an advance, though their category does not say so.
        '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}' => true,
        '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}' => true,
        // Two deprecated Khmer vowels, circled tens, and Hangul and Khitan marks that take columns in some terminals.
        '\u{17a4}' | '\u{17d8}' | '\u{302e}'..='\u{302f}' | '\u{3248}'..='\u{324f}' | '\u{16ff0}'..='\u{16ff1}' => true,
        c => matches!(
            c.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Surrogate
                | GeneralCategory::Unassigned
        ),
    }
}

/// Invisible characters between letters that do not change what is read: zero-width blanks and
/// joiners, soft hyphens, byte order marks, variation selectors. In names each of them is shown as a mark; in the prose
/// and code of a document, where editors leave them behind, they are dropped. What turns the reading direction around is
/// not among them.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}')
}

/// Characters that show nothing by themselves: controls, directions, joiners. Blanks, tabs and line ends are not among them.
pub fn shows_nothing(c: char) -> bool {
    let ends = matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    !ends && (c.is_control() || is_unseen(c) || (!c.is_ascii() && c.general_category() == GeneralCategory::Format))
}

/// Columns by which a terminal may draw a piece of text wider than we count; `None` where all terminals agree with us.
/// They differ in vowel signs beside their letter, in emoji with a skin tone and in what is newer than they.
/// Drawing code sends the position of the next piece again after such a piece.
pub fn overhang(grapheme: &str) -> Option<usize> {
    let mut chars = grapheme.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    match first {
        ' '..='\u{52f}'
        | '\u{2010}'..='\u{205e}'
        | '\u{2190}'..='\u{2193}'
        | '\u{2400}'..='\u{2421}'
        | '\u{2500}'..='\u{25f7}'
            if rest.is_empty() =>
        {
            None
        }
        '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' if rest.is_empty() => None,
        '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}' if rest.is_empty() => None,
        _ => {
            let most = |c: char| match c.width() {
                Some(0) if c.general_category() == GeneralCategory::NonspacingMark => 0,
                width => width.unwrap_or(0).max(1),
            };
            Some(grapheme.chars().map(most).sum::<usize>().saturating_sub(grapheme.width()))
        }
    }
}

/// Whether a character is an emoji or a sign that is drawn like one.
pub fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}'
        | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}')
}
