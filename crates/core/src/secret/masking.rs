//! Taking out of foreign words what has the form of an API key.
//!
//! IT Glue's keys begin with `ITG.`. One in the wrong place (in what a key program says when it fails,
//! on a command line) is not repeated. Keys of another form, as a company's gateway may issue, cannot be distinguished
//! from other words.

/// How a key begins.
const START: &[u8] = b"ITG.";
/// What replaces it.
const INSTEAD: &str = "ITG.…";

/// A filter for words that come piece by piece.
#[derive(Debug, Default)]
pub struct Masking {
    /// So much of the beginning of a key has been seen and is held back
    matched: usize,
    /// In a key, whose letters are dropped
    inside: bool,
}

impl Masking {
    /// What may be passed on of a piece, and of what was held back before.
    pub fn pass(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(piece.len() + START.len());
        for &byte in piece {
            if self.inside && (byte.is_ascii_alphanumeric() || b"+/=_-.".contains(&byte)) {
                continue;
            }
            self.inside = false;
            if byte == START[self.matched] {
                self.matched += 1;
                if self.matched == START.len() {
                    out.extend_from_slice(INSTEAD.as_bytes());
                    (self.matched, self.inside) = (0, true);
                }
                continue;
            }
            out.extend_from_slice(&START[..self.matched]);
            self.matched = usize::from(byte == START[0]);
            if self.matched == 0 {
                out.push(byte);
            }
        }
        out
    }

    /// What was held back, at the end.
    pub fn rest(&mut self) -> &'static [u8] {
        &START[..std::mem::take(&mut self.matched)]
    }
}

/// The text without keys in it.
pub fn without_keys(text: &str) -> String {
    let mut masking = Masking::default();
    let mut out = masking.pass(text.as_bytes());
    out.extend_from_slice(masking.rest());
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_is_not_repeated_and_the_words_around_it_are() {
        for (text, wanted) in [
            ("key: ITG.0a1b2c+/d=, no", "key: ITG.…, no"),
            ("+ echo ITG.abc\nITG.def", "+ echo ITG.…\nITG.…"),
            ("IITG.abc IT is at ITGlue, ITG", "IITG.… IT is at ITGlue, ITG"),
            ("é ITG.é", "é ITG.…é"),
            ("", ""),
        ] {
            assert_eq!(without_keys(text), wanted);
        }
    }

    proptest! {
        #[test]
        fn pieces_of_any_length_give_what_the_whole_gives(text in "(ITG\\.|[ITG.x é]){0,20}", size in 1_usize..6) {
            let mut masking = Masking::default();
            let mut out: Vec<u8> = text.as_bytes().chunks(size).flat_map(|piece| masking.pass(piece)).collect();
            out.extend_from_slice(masking.rest());
            prop_assert_eq!(String::from_utf8_lossy(&out).into_owned(), without_keys(&text));
        }

        #[test]
        fn text_without_a_key_stays_as_it_is(text in "[^.]{0,40}") {
            prop_assert_eq!(without_keys(&text), text);
        }
    }
}
