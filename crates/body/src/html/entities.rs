//! Character references: `&amp;`, `&#8364;`, `&#x20ac;`.

use std::borrow::Cow;
use std::cmp::Ordering;

use memchr::{memchr, memrchr};

/// The named references of HTML, a line each, sorted: the name without its `&`, and one or two code points in
/// hexadecimal. `tools/entities.py` writes it from the list of the standard.
const NAMES: &str = include_str!("entities.txt");

/// The longest name, its `;` counted.
const LONGEST: usize = 32;
/// The longest of the names that also stand without a `;`.
const LONGEST_BARE: usize = 6;

/// What browsers take for the numbers of C1 controls: the characters that Windows has in their place.
const C1: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

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
    let Some((len, codes)) = longest_name(text.get(1..).unwrap_or_default()) else { return 0 };
    let used = 1 + len;
    let ended = bytes.get(len) == Some(&b';');
    let next = bytes.get(used);
    if attribute && !ended && next.is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric()) {
        return 0;
    }
    out.extend(codes.split(' ').filter_map(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)));
    used
}

/// The longest name at the start of the text: its length, and its code points as they are written in [`NAMES`].
fn longest_name(text: &str) -> Option<(usize, &'static str)> {
    let letters = text.bytes().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count();
    // Names are nothing but letters and digits, so one with a `;` ends with the first.
    let whole = text.get(..=letters).filter(|name| name.ends_with(';'));
    let bare = (2..=letters.min(LONGEST_BARE)).rev().filter_map(|len| text.get(..len));
    whole.into_iter().chain(bare).find_map(|name| Some((name.len(), codes_of(name)?)))
}

/// The code points of a name as they are written in [`NAMES`], which is searched by halves.
fn codes_of(name: &str) -> Option<&'static str> {
    let lines = NAMES.as_bytes();
    let (mut low, mut high) = (0, lines.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memrchr(b'\n', lines.get(low..middle)?).map_or(low, |before| low + before + 1);
        let end = middle + memchr(b'\n', lines.get(middle..)?)?;
        let (found, codes) = NAMES.get(start..end)?.split_once(' ')?;
        match found.cmp(name) {
            Ordering::Less => low = end + 1,
            Ordering::Equal => return Some(codes),
            Ordering::Greater => high = start,
        }
    }
    None
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
        0x80..=0x9f => C1.get(value as usize - 0x80).copied(),
        0 => None,
        _ => char::from_u32(value),
    };
    out.push(c.unwrap_or('\u{fffd}'));
    at + usize::from(bytes.get(at) == Some(&b';'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
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
    fn every_name_of_the_standard_is_known_alone_and_before_other_text() {
        let mut count = 0;
        for line in NAMES.lines() {
            let (name, codes) = line.split_once(' ').expect("a blank behind the name");
            let text: String =
                codes.split(' ').map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()).collect();
            assert_eq!(decode(&format!("&{name}"), false), text, "{name}");
            assert_eq!(decode(&format!("&{name} &{name}&"), true), format!("{text} {text}&"), "{name}");
            count += 1;
        }
        assert_eq!(count, 2231);
    }

    #[test]
    fn the_names_are_sorted_and_as_long_as_the_reader_believes() {
        let names: Vec<&str> = NAMES.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(names.is_sorted());
        assert_eq!(names.iter().map(|name| name.len()).max(), Some(LONGEST));
        let bare = names.iter().filter(|name| !name.ends_with(';'));
        assert_eq!(bare.map(|name| name.len()).max(), Some(LONGEST_BARE));
        assert!(
            names
                .iter()
                .all(|name| name.len() > 1 && name.trim_end_matches(';').bytes().all(|b| b.is_ascii_alphanumeric()))
        );
    }

    #[test]
    fn the_longest_name_counts_and_what_follows_it_stays() {
        for (source, text) in [
            ("&notin; &notinva; &not; &notinx; &noti", "∉ ∉ ¬ ¬inx; ¬i"),
            ("&copysr; &copy; &copys;", "℗ © ©s;"),
            ("&sup1;&sup1&sup12;&sup", "¹¹¹2;&sup"),
            ("&frac12;&frac12&frac1;", "½½&frac1;"),
            ("&CounterClockwiseContourIntegral;", "∳"),
            ("&CounterClockwiseContourIntegrals;", "&CounterClockwiseContourIntegrals;"),
            ("&AMP&ampé&AMP;;&Amp;", "&&é&;&Amp;"),
        ] {
            assert_eq!(decode(source, false), text, "{source}");
        }
    }

    #[test]
    fn numbers_of_c1_controls_are_the_characters_of_windows() {
        let decoded: String = (0x80..=0x9f).map(|code| decode(&format!("&#{code};"), false).into_owned()).collect();
        assert_eq!(decoded, "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ");
    }

    #[test]
    fn addresses_keep_what_only_looks_like_a_reference() {
        assert_eq!(decode("/a?b=1&copy=2&lt=3&amp;x", true), "/a?b=1&copy=2&lt=3&x");
        assert_eq!(decode("&copy;&copy ", true), "©© ");
        assert_eq!(decode("&notin &not- &not=&notit; &notin;", true), "&notin ¬- &not=&notit; ∉");
    }
}
