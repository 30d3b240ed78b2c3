//! How many columns a text takes.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Whether a character beyond ASCII takes one column and joins nothing: Latin letters, punctuation, lines of tables.
/// The tables of Unicode need not be asked for it.
pub(super) fn is_simple(c: char) -> bool {
    matches!(c, '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{2500}'..='\u{257f}'
        | '\u{25a3}' | '\u{2610}'..='\u{2611}' | '\u{2713}' | '\u{27e8}'..='\u{27e9}')
}

/// Columns of a text.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let mut columns = 0;
    for c in text.chars() {
        if !(c.is_ascii() || is_simple(c)) {
            return clusters(text).map(|(_, w)| w).sum();
        }
        columns += 1;
    }
    columns
}

/// Characters with the marks on them, and their columns. A character without a column belongs to the one before it.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut graphemes = text.grapheme_indices(true).peekable();
    std::iter::from_fn(move || {
        let (start, first) = graphemes.next()?;
        let mut end = start + first.len();
        let mut columns = first.width();
        while let Some((at, next)) = graphemes.peek() {
            // Only marks that the segmentation does not join come here; a blank or letter never does.
            if next.width() > 0 || columns == 0 && at > &(start + 64) {
                break;
            }
            end = at + next.len();
            graphemes.next();
        }
        // In sum never less than what the terminal gets for each of the parts.
        columns = columns.max(usize::from(first.chars().next().is_some_and(|c| c.width() == Some(2))) * 2);
        Some((text.get(start..end)?, columns))
    })
}

/// The first word of a text as far as it is of ASCII and simple characters: its bytes and columns, no more than a few
/// more than `limit`. Its last character is left out where something follows that may join it.
pub(super) fn simple_word(text: &str, limit: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (mut at, mut columns, mut last) = (0, 0, 0);
    while let Some(&byte) = bytes.get(at) {
        if columns > limit {
            break;
        }
        let len = match byte {
            b'!'..=b'~' => 1,
            0x80.. => match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) if is_simple(c) => c.len_utf8(),
                _ => return (at - last, columns - usize::from(last > 0)),
            },
            _ => break,
        };
        at += len;
        last = len;
        columns += 1;
    }
    (at, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_characters_are_what_the_tables_of_unicode_say() {
        for c in ('\u{a1}'..='\u{2fff}').filter(|&c| is_simple(c)) {
            assert_eq!(c.width(), Some(1), "{c:?}");
            for text in [format!("a{c}b"), format!("{c}{c}")] {
                assert_eq!(clusters(&text).map(|(_, columns)| columns).sum::<usize>(), width(&text), "{c:?}");
                assert_eq!(text.graphemes(true).count(), text.chars().count(), "{c:?}");
            }
        }
    }

    #[test]
    fn a_simple_word_ends_before_what_may_carry_a_mark() {
        for (text, word) in
            [("plain text", (5, 5)), ("Zürich.", (8, 7)), ("cafe\u{301}", (3, 3)), ("日本", (0, 0)), (" x", (0, 0))]
        {
            assert_eq!(simple_word(text, 80), word, "{text}");
        }
        assert_eq!(simple_word("abcdefgh", 3), (4, 4));
    }
}
