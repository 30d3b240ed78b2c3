//! The filter itself: one pass, nothing copied where nothing changes.

use std::borrow::Cow;
use std::fmt;

use super::chars::is_emoji;
use super::fate::{Breaks, Fate, fate};
use super::stand::{carrier, is_combining, stands_on};

/// How many combining marks one letter may carry before the rest is cut off with a mark.
pub const MAX_COMBINING: usize = 6;

pub(super) fn filter(raw: &str, breaks: Breaks) -> Cow<'_, str> {
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
            if !stands_on(c, before, breaks) {
                push_code(&mut out, c);
                // The next character joins the mark.
                (before, marks) = (Some('›'), 0);
                continue;
            }
            marks += 1;
            if marks <= MAX_COMBINING {
                out.push(c);
            } else if marks == MAX_COMBINING + 1 {
                out.push_str("‹…›");
            }
            before = carrier(before, c);
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
    // A piece at a time without leaving early: that takes a few steps for all of a piece.
    let all_plain = |piece: &&[u8]| piece.iter().fold(true, |all, b| all & matches!(b, b' '..=b'~'));
    let whole = bytes.chunks(64).take_while(all_plain).map(<[u8]>::len).sum::<usize>();
    let plain = whole
        + bytes
            .get(whole..)?
            .iter()
            .position(|&b| !(b' '..=b'~').contains(&b) && !(breaks == Breaks::Keep && (b == b'\n' || b == b'\t')))?;
    let mut marks = 0;
    let mut before = raw[..plain].chars().next_back();
    for (at, c) in raw[plain..].char_indices() {
        // Most of a text, and the lines of tables.
        if matches!(c, ' '..='~' | '\u{2500}'..='\u{257f}') {
            marks = 0;
            before = Some(c);
            continue;
        }
        if is_combining(c) && fate(c) == Fate::Pass {
            marks += 1;
            if marks > MAX_COMBINING || !stands_on(c, before, breaks) {
                // Start over from the beginning: the count needs the letter before.
                return Some(0);
            }
            before = carrier(before, c);
            continue;
        }
        marks = 0;
        before = Some(c);
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
