//! Character references: `&amp;`, `&#8364;`, `&#x20ac;`.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

/// The longest name there is, with room to spare.
const LONGEST: usize = 40;

/// Decodes all references of a text or an attribute's value, as browsers do.
pub(crate) fn decode(text: &str, attribute: bool) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut next = first;
    loop {
        out.push_str(rest.get(..next).unwrap_or_default());
        rest = rest.get(next..).unwrap_or_default();
        let used = reference(rest, attribute, &mut out);
        if used == 0 {
            out.push('&');
        }
        rest = rest.get(used.max(1)..).unwrap_or_default();
        match memchr(b'&', rest.as_bytes()) {
            Some(at) => next = at,
            None => break,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Decodes the reference at the start of `text` and says how long it is; 0 if there is none.
fn reference(text: &str, attribute: bool, out: &mut String) -> usize {
    let bytes = text.as_bytes();
    // The common ones without a search.
    for (name, c) in [("&nbsp;", '\u{a0}'), ("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"')] {
        if text.starts_with(name) {
            out.push(c);
            return name.len();
        }
    }
    if bytes.get(1) == Some(&b'#') {
        return numeric(bytes, out);
    }
    let mut best = None;
    for len in 1..LONGEST {
        let Some(c) = bytes.get(len) else { break };
        let Some(name) = text.get(1..=len) else { break };
        match NAMED_ENTITIES.get(name) {
            Some(&(0, 0)) => {}
            Some(&found) => best = Some((len + 1, found)),
            None => break,
        }
        if *c == b';' {
            break;
        }
    }
    let Some((used, (first, second))) = best else { return 0 };
    let ended = bytes.get(used - 1) == Some(&b';');
    let next = bytes.get(used);
    if attribute && !ended && next.is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric()) {
        return 0;
    }
    out.extend([first, second].into_iter().filter(|&c| c != 0).filter_map(char::from_u32));
    used
}

fn numeric(bytes: &[u8], out: &mut String) -> usize {
    let hex = matches!(bytes.get(2), Some(b'x' | b'X'));
    let (start, radix) = if hex { (3, 16) } else { (2, 10) };
    let mut value = 0_u32;
    let mut at = start;
    while let Some(digit) = bytes.get(at).and_then(|&b| char::from(b).to_digit(radix)) {
        value = value.saturating_mul(radix).saturating_add(digit);
        at += 1;
    }
    if at == start {
        return 0;
    }
    let c = match value {
        0x80..=0x9f => C1_REPLACEMENTS.get(value as usize - 0x80).copied().flatten().or_else(|| char::from_u32(value)),
        0 => None,
        _ => char::from_u32(value),
    };
    out.push(c.unwrap_or('\u{fffd}'));
    at + usize::from(bytes.get(at) == Some(&b';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_as_browsers_do() {
        for (source, text) in [
            ("&lt;b&gt; &amp;amp; &quot;", "<b> &amp; \""),
            ("&copy &notit; &notin;", "© ¬it; ∉"),
            ("&#8364;&#x20AC;&#X20ac &#128;", "€€€ €"),
            ("&#0; &#xD800; &#x110000; &#99999999999;", "\u{fffd} \u{fffd} \u{fffd} \u{fffd}"),
            ("& &; &# &#x; &nope; AT&T", "& &; &# &#x; &nope; AT&T"),
            ("&ngE;", "≧\u{338}"),
        ] {
            assert_eq!(decode(source, false), text, "{source}");
        }
    }

    #[test]
    fn addresses_keep_what_only_looks_like_a_reference() {
        assert_eq!(decode("/a?b=1&copy=2&lt=3&amp;x", true), "/a?b=1&copy=2&lt=3&x");
        assert_eq!(decode("&copy;&copy ", true), "©© ");
    }
}
