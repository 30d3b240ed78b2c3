//! Text as it is searched: without case, accents, invisible characters and typographic variants.
//!
//! Both sides of a comparison go through [`fold`], so what people type finds what is written: `cafe` finds `Café`
//! whether the accent is part of the letter or follows it, `o'brien` finds `O’Brien`, and a pasted zero-width space
//! changes nothing. Folding takes one pass and allocates nothing.

use nucleo_matcher::chars::normalize;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use gluepot_core::text::is_hidden;

/// A folded character and where it comes from.
pub(super) struct Folded {
    /// The character as it is searched
    pub c: char,
    /// Whether the original is a capital: words can begin there
    pub upper: bool,
    /// First byte of the original character
    pub start: usize,
    /// Byte behind the original character
    pub end: usize,
}

/// Hands over the folded characters of a text one by one, until `tell` returns false.
pub(super) fn fold(text: &str, mut tell: impl FnMut(Folded) -> bool) {
    let mut start = 0;
    let mut goes_on = true;
    while let Some(c) = text[start..].chars().next().filter(|_| goes_on) {
        let mut end = start + c.len_utf8();
        let mut put = |c: char, upper: bool| goes_on = goes_on && tell(Folded { c, upper, start, end });
        if c.is_ascii() {
            let plain = match c {
                '`' => '\'',
                c if c.is_ascii_control() => ' ',
                c => c.to_ascii_lowercase(),
            };
            put(plain, c.is_ascii_uppercase());
        } else if let Some((length, blank)) = mark_of_the_filter(&text[start..]) {
            if blank {
                put(' ', false);
            }
            end = start + length;
        } else {
            fold_one(c, &mut put);
        }
        start = end;
    }
}

/// Whether a character adds nothing to what is searched, so that it belongs to the letter before it.
pub(super) fn is_silent(c: char) -> bool {
    let mut silent = !c.is_ascii();
    if silent {
        fold_one(c, &mut |_, _| silent = false);
    }
    silent
}

fn fold_one(c: char, put: &mut impl FnMut(char, bool)) {
    let plain = match c {
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}'
        | '\u{85}'
        | '\u{2400}'..='\u{2421}' => " ",
        // Apostrophes, single quotes, primes
        '\u{b4}'
        | '\u{2b9}'
        | '\u{2bb}'..='\u{2bd}'
        | '\u{2c8}'
        | '\u{2018}'..='\u{201b}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{2039}'
        | '\u{203a}'
        | '\u{ff07}' => "'",
        '\u{ab}'
        | '\u{bb}'
        | '\u{2ba}'
        | '\u{201c}'..='\u{201f}'
        | '\u{2033}'
        | '\u{2036}'
        | '\u{301d}'..='\u{301f}'
        | '\u{ff02}' => "\"",
        // Hyphens, dashes, minus
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}' => "-",
        '\u{2044}' | '\u{2215}' => "/",
        '×' => "x",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ς' => "σ",
        'ẞ' => return put_capital("ss", put),
        'Æ' => return put_capital("ae", put),
        'Œ' => return put_capital("oe", put),
        'Þ' => return put_capital("th", put),
        _ => {
            if !is_hidden(c) {
                decompose_compatible(c, |part| fold_part(part, put));
            }
            return;
        }
    };
    plain.chars().for_each(|c| put(c, false));
}

fn put_capital(text: &str, put: &mut impl FnMut(char, bool)) {
    text.char_indices().for_each(|(at, c)| put(c, at == 0));
}

/// One part of a decomposed character: accents and points are left out, other letters lose their strokes and case.
fn fold_part(part: char, put: &mut impl FnMut(char, bool)) {
    // Marks with a class of their own, such as the voicing of kana, make another letter.
    let class = canonical_combining_class(part);
    if class >= 10 || class == 1 || matches!(part, '\u{20d0}'..='\u{20ff}') {
        return;
    }
    let plain = normalize(part);
    let lower = plain.to_lowercase().next().unwrap_or(plain);
    let bare = match lower {
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ŧ' => 't',
        'ø' => 'o',
        'ı' => 'i',
        other => other,
    };
    put(bare, lower != part && part.is_uppercase());
}

/// Length in bytes of a mark that [`gluepot_core::text::Clean`] left for a character that does not show, `‹200B›`, and whether
/// it is one for a line break.
fn mark_of_the_filter(text: &str) -> Option<(usize, bool)> {
    let rest = text.strip_prefix('‹')?;
    let close = rest.char_indices().take(7).find(|&(_, c)| c == '›')?.0;
    let code = &rest[..close];
    let length = '‹'.len_utf8() + code.len() + '›'.len_utf8();
    if code == "…" {
        return Some((length, false));
    }
    if !(4..=6).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)) {
        return None;
    }
    let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
    (!c.is_ascii()).then_some((length, matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        fold(text, |folded| {
            out.push(folded.c);
            true
        });
        out
    }

    #[test]
    fn what_reads_the_same_is_the_same() {
        let same = [
            ("CAFÉ", "cafe\u{301}"),
            ("O’Brien", "o'brien"),
            ("O`Brien", "o'brien"),
            ("“old”", "\"old\""),
            ("«old»", "\"old\""),
            ("10–20 — 30\u{2212}40", "10-20 - 30-40"),
            ("a\u{a0}b\u{2009}c\u{3000}d", "a b c d"),
            ("pho\u{200b}ne\u{feff}\u{ad}\u{2060}", "phone"),
            ("spool‹00AD›er‹200B›", "spooler"),
            ("Straße", "STRASSE"),
            ("ﬁle…", "file..."),
            ("ＨＰＤ－０１", "hpd-01"),
            ("Łódź Ørsted İstanbul", "lodz orsted istanbul"),
            ("1920×1080", "1920x1080"),
            ("Йод", "и\u{306}од"),
            ("ΟΔΟΣ", "οδος"),
            ("\u{d55c}", "\u{1112}\u{1161}\u{11ab}"),
            ("שָׁלוֹם", "שלום"),
        ];
        for (one, other) in same {
            assert_eq!(folded(one), folded(other), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn what_is_another_letter_stays_one() {
        assert_ne!(folded("か"), folded("が"));
        assert_ne!(folded("診"), folded("療"));
        assert_eq!(folded("‹param›"), "'param'");
        assert_eq!(folded("‹0041›"), "'0041'", "no mark of the filter");
    }

    #[test]
    fn positions_are_those_of_the_original() {
        let text = "a‹200B›Éß";
        let mut places = Vec::new();
        fold(text, |folded| {
            places.push((folded.c, folded.upper, &text[folded.start..folded.end]));
            true
        });
        assert_eq!(places, [('a', false, "a"), ('e', true, "É"), ('s', false, "ß"), ('s', false, "ß")]);
    }
}
