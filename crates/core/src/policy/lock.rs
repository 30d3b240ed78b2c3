//! Whether a file that cannot be relied on may have meant to keep a run inside one organization.
//!
//! Nothing in such a file can be read for certain, so its bytes are searched: for the beginning of the key in any
//! spelling (capitals, escapes, UTF-16), and for something close to the key, since the mistake may be in the key itself.

use unicode_normalization::UnicodeNormalization as _;

/// The key.
const KEY: &[u8; 12] = b"organization";
/// Its beginning, which other spellings of the word share.
const BEGINNING: &[u8] = b"organi";
/// How many letters may be missing, wrong or too many.
const SLIPS: usize = 3;

/// Whether the bytes may name an organization.
pub(super) fn may_lock(bytes: &[u8]) -> bool {
    let letters = letters(bytes);
    memchr::memmem::find(&letters, BEGINNING).is_some() || holds_nearly(&letters)
}

/// The text as small ASCII letters, one byte a character; 0 for other characters. UTF-16 and UTF-32 differ from ASCII
/// by bytes of 0, which are left out.
fn letters(bytes: &[u8]) -> Vec<u8> {
    let bytes: Vec<u8> = bytes.iter().copied().filter(|&byte| byte != 0).collect();
    let narrow = |c: char| u8::try_from(c).ok().filter(u8::is_ascii).map_or(0, |byte| byte.to_ascii_lowercase());
    let raw: Vec<u8> = if bytes.is_ascii() {
        bytes
    } else {
        String::from_utf8_lossy(&bytes).nfkc().filter(|&c| !crate::text::is_hidden(c)).map(narrow).collect()
    };
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let digits = match (byte, raw.get(at + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            (b'\\', Some(b'x')) => 2,
            _ => 0,
        };
        let code = raw.get(at + 2..at + 2 + digits).filter(|code| !code.is_empty());
        let escaped = code
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        match escaped {
            Some(c) => {
                out.push(narrow(c));
                at += 2 + digits;
            }
            None => {
                out.push(byte.to_ascii_lowercase());
                at += 1;
            }
        }
    }
    out
}

/// Whether some part of the text is the key, except for [`SLIPS`] letters: the bit-parallel search of Wu and Manber
/// ("Fast text searching allowing errors", 1992), one step a byte.
fn holds_nearly(text: &[u8]) -> bool {
    let mut places = [0_u32; 256];
    for (at, &letter) in KEY.iter().enumerate() {
        places[usize::from(letter)] |= 1 << at;
    }
    // Bit n of row d: the first n + 1 letters of the key end here, with at most d slips.
    let mut rows = [0_u32; SLIPS + 1];
    for (slips, row) in rows.iter_mut().enumerate() {
        *row = (1 << slips) - 1;
    }
    for &byte in text {
        let here = places[usize::from(byte)];
        let mut before = rows[0];
        rows[0] = ((rows[0] << 1) | 1) & here;
        for slips in 1..=SLIPS {
            let row = rows[slips];
            let (too_many, wrong, missing) = (before, before << 1, rows[slips - 1] << 1);
            rows[slips] = (((row << 1) | 1) & here) | too_many | wrong | missing | 1;
            before = row;
        }
        if rows[SLIPS] & (1 << (KEY.len() - 1)) != 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_key_is_seen_in_every_spelling() {
        let utf16 = |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let line = "# ä\r\nORGANIZATION = 7";
        for bytes in [
            b"organisation = 7".to_vec(),
            b"\xef\xbb\xbforganization = 7".to_vec(),
            b"# M\xfcller\norganization = 7".to_vec(),
            b"[ ],\rorganization = 7".to_vec(),
            br#""\u006frganization" = 7"#.to_vec(),
            br#""\U0000006F\u0072g\x61nization" = 7"#.to_vec(),
            "\"ｏrganiz\u{ad}ation\" = 7".as_bytes().to_vec(),
            b"orgnization = 7".to_vec(),
            b"rganzation = 7".to_vec(),
            b"oranizatiom = 7".to_vec(),
            b"orga\nnization = 7".to_vec(),
            utf16(line, u16::to_le_bytes),
            utf16(line, u16::to_be_bytes),
        ] {
            assert!(may_lock(&bytes), "{:?}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn other_words_are_not_taken_for_it() {
        let other = "[[rule]]\nactions = ['reveal', 'list-passwords']\ncategory = 'Domain admin*'\nfolder = 'Original'\n\
                     why = 'ask the administrator'\nthen = 'deny'\naudit = true\n[lock]\npin = true\nidle_seconds = 600\n";
        assert!(!may_lock(other.as_bytes()) && !may_lock(b"") && !may_lock(b"\\u\\U0011ffff\\"));
    }

    /// The number of single letters to insert, drop or change so that one becomes the other.
    fn slips(one: &[u8], other: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=other.len()).collect();
        for (at, a) in one.iter().enumerate() {
            let mut corner = std::mem::replace(&mut row[0], at + 1);
            for (to, b) in other.iter().enumerate() {
                let cost = (corner + usize::from(a != b)).min(row[to] + 1).min(row[to + 1] + 1);
                corner = std::mem::replace(&mut row[to + 1], cost);
            }
        }
        row[other.len()]
    }

    proptest! {
        #[test]
        fn a_part_close_to_the_key_is_found_and_nothing_else_is(text in "[organizt]{0,24}") {
            let text = text.as_bytes();
            let parts = (0..=text.len()).flat_map(|from| (from..=text.len()).map(move |to| &text[from..to]));
            let closest = parts.map(|part| slips(part, KEY)).min().unwrap_or(usize::MAX);
            prop_assert_eq!(holds_nearly(text), closest <= SLIPS);
        }
    }
}
