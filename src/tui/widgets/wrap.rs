//! Breaking a text into lines.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::present::format;

/// Breaks a text into pieces of at most `width` columns, at blanks where it can.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_by(text, width, &mut format::width)
}

/// The same with what measures a text. Each piece of it is measured twice at most: the text may be as long as a server
/// likes.
fn wrap_by(text: &str, columns: usize, measure: &mut impl FnMut(&str) -> usize) -> Vec<String> {
    let columns = columns.max(10);
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split(' ') {
        let wide = measure(word);
        if used > 0 && used + 1 + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if used > 0 {
            line.push(' ');
            used += 1;
        }
        if wide <= columns {
            line.push_str(word);
            used += wide;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = measure(grapheme);
            if used > 0 && used + wide > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_measures_a_text_twice_however_long_it_is() {
        for text in ["\u{2039}202E\u{203a}".repeat(20_000), "word ".repeat(20_000), "x".repeat(100_000)] {
            let mut measured = 0;
            let lines = wrap_by(&text, 60, &mut |piece: &str| {
                measured += piece.len();
                format::width(piece)
            });
            assert!(measured <= 2 * text.len(), "{measured} of {}", text.len());
            assert!(lines.iter().all(|line| format::width(line) <= 60));
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
