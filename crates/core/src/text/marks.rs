//! The marks of the filter taken out again, for what is pasted elsewhere.

use std::borrow::Cow;

use super::chars::is_hidden;
use super::fate::{Fate, fate};

/// A filtered text as it is meant to be pasted: marks are for eyes, the value has none. Marks of characters that do not
/// show are left out, line ends and tabs at the edges too; within one line they become blanks. Also says how many marks
/// went. A server's text that had such a mark spelled out in it loses that as well.
pub fn without_marks(clean: &str) -> (Cow<'_, str>, usize) {
    let is_end = |c: char| matches!(c, '\n' | '\r' | '␊' | '␍' | '␉');
    let trimmed = clean.trim_matches(is_end);
    let mut gone = clean.chars().count() - trimmed.chars().count();
    if !trimmed.contains(['‹', '␊', '␍', '␉', '␛', '␡']) && !trimmed.chars().any(is_picture) {
        return (Cow::Borrowed(trimmed), gone);
    }
    let mut out = String::with_capacity(trimmed.len());
    let mut rest = trimmed;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some(end) = after.find('›').filter(|_| c == '‹')
            && is_mark(&after[..end])
        {
            gone += 1;
            rest = &after[end + '›'.len_utf8()..];
            continue;
        }
        match c {
            '␊' | '␍' | '␉' => {
                gone += 1;
                // A line end of two characters is one blank.
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if is_picture(c) => gone += 1,
            c => out.push(c),
        }
        rest = after;
    }
    (Cow::Owned(out), gone)
}

/// Whether this is a picture that the filter puts in the place of a control.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2400}'..='\u{241f}' | '\u{2421}')
}

/// Whether this is in a mark for an invisible character: its code point, or the sign for surplus ones.
fn is_mark(inner: &str) -> bool {
    let digits = (4..=6).contains(&inner.len()) && inner.bytes().all(|b| b.is_ascii_hexdigit());
    let hidden = |c: char| is_hidden(c) || matches!(fate(c), Fate::EmojiGlue | Fate::Mark);
    inner == "…" || digits && u32::from_str_radix(inner, 16).ok().and_then(char::from_u32).is_some_and(hidden)
}
