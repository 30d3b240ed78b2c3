//! Names that look like other names: a letter of another alphabet among Latin ones, or another spelling that reads the
//! same.
//!
//! Nothing is changed and nothing is hidden; such a name gets a sign in lists and a sentence beside it where it is
//! read. What looks like what is Unicode's own list (UTS 39). It goes by letters, so two names that differ in a zero
//! and a capital O also differ; names that are the same do not: there is nothing to tell apart.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use unicode_script::{Script, UnicodeScript as _};
use unicode_security::MixedScript as _;
use unicode_security::confusable_detection::skeleton;

/// Names of one list, by what they look like.
#[derive(Default)]
pub struct Names {
    /// What it looks like; the name first seen, and whether there was another
    seen: HashMap<u64, (u64, bool)>,
}

impl Names {
    /// Takes in a name and gives what it looks like, to ask with later.
    pub fn add(&mut self, name: &str) -> u64 {
        let (looks, exact) = (looks(name), hash(name));
        let (first, several) = self.seen.entry(looks).or_insert((exact, false));
        *several |= *first != exact;
        looks
    }

    /// Whether several different names look like this.
    pub fn is_shared(&self, looks: u64) -> bool {
        self.seen.get(&looks).is_some_and(|(_, several)| *several)
    }
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// What a name looks like, as a number: equal for names that read the same.
pub fn looks(name: &str) -> u64 {
    /// Nearly all names are ASCII, and a list may have a hundred thousand.
    static ASCII: LazyLock<Vec<String>> =
        LazyLock::new(|| (0..128_u8).map(|b| skeleton(char::from(b).encode_utf8(&mut [0; 4])).collect()).collect());
    let mut hasher = DefaultHasher::new();
    // How many blanks there are is not seen, nor is one at an end.
    for word in name.split_whitespace() {
        if word.is_ascii() {
            for byte in word.bytes() {
                for c in ASCII[usize::from(byte)].bytes() {
                    hasher.write_u8(c);
                }
            }
        } else {
            for c in skeleton(word) {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    hasher.write_u8(byte);
                }
            }
        }
        hasher.write_u8(b' ');
    }
    hasher.finish()
}

/// Whether a character is blank on the screen and is not the ordinary blank.
pub fn is_blank(c: char) -> bool {
    c != ' ' && (c.is_whitespace() || matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'))
}

/// What to say of a character beyond ASCII that is not seen or looks like one of ASCII; `None` for all others.
pub fn not_what_it_looks(c: char) -> Option<String> {
    let code = u32::from(c);
    if is_blank(c) {
        return Some(format!("blank U+{code:04X}"));
    }
    if crate::text::is_hidden(c) {
        return Some(format!("unseen U+{code:04X}"));
    }
    let mut looks = skeleton(c.encode_utf8(&mut [0; 4])).collect::<Vec<_>>().into_iter();
    match (looks.next(), looks.next()) {
        (Some(ascii), None) if ascii.is_ascii() && !c.is_ascii() => Some(format!("U+{code:04X}, not {ascii}")),
        _ => None,
    }
}

/// A letter that does not belong to the alphabet of its word, and the two alphabets.
fn intruder(name: &str) -> Option<(char, Script, Script)> {
    if name.is_ascii() {
        return None;
    }
    for word in name.split(|c: char| !c.is_alphanumeric() && !is_mark(c)) {
        if word.is_ascii() {
            continue;
        }
        // Latin words may be right beside Chinese, Japanese and Korean ones; those look like nothing Latin.
        let beside = |c: char| {
            let east = [Script::Han, Script::Hiragana, Script::Katakana, Script::Hangul, Script::Bopomofo];
            east.into_iter().any(|script| c.script_extension().contains_script(script)) && !is_common(c)
        };
        let letters: String = if word.chars().any(beside) {
            word.chars().filter(|c| c.script() != Script::Latin).collect()
        } else {
            word.to_owned()
        };
        if letters.as_str().is_single_script() {
            continue;
        }
        let of = |c: char| Some(c.script()).filter(|_| !is_common(c));
        let count = |script: Script| letters.chars().filter(|c| of(*c) == Some(script)).count();
        // The alphabet of most letters is the word's; between equals the first is.
        let first = letters.chars().find_map(of)?;
        let own = letters.chars().filter_map(of).fold(first, |own, it| if count(it) > count(own) { it } else { own });
        return letters.chars().find_map(|c| of(c).filter(|script| *script != own).map(|script| (c, script, own)));
    }
    None
}

fn is_common(c: char) -> bool {
    matches!(c.script(), Script::Common | Script::Inherited | Script::Unknown)
}

fn is_mark(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(0)
}

/// Whether a word of the name mixes alphabets.
pub fn mixes_alphabets(name: &str) -> bool {
    intruder(name).is_some()
}

/// What to say of a name that mixes alphabets: which letter it is, and what it is not.
pub fn warning(name: &str) -> Option<String> {
    let (letter, script, own) = intruder(name)?;
    let code = u32::from(letter);
    Some(format!(
        "The name mixes alphabets: {letter} is {} (U+{code:04X}), not {}.",
        script.full_name(),
        own.full_name()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_another_alphabet_is_named() {
        assert_eq!(warning("Sіgnal").as_deref(), Some("The name mixes alphabets: і is Cyrillic (U+0456), not Latin."));
        assert_eq!(
            warning("Harbour & Pіne Dental").as_deref(),
            Some("The name mixes alphabets: і is Cyrillic (U+0456), not Latin.")
        );
        assert_eq!(warning("Москвa").as_deref(), Some("The name mixes alphabets: a is Latin (U+0061), not Cyrillic."));
        for mixed in ["аdmin", "rοot", "Аcme", "paypaӏ", "ԁata", "а\u{301}dmin"] {
            assert!(mixes_alphabets(mixed), "{mixed}");
        }
        // The alphabet of most letters is the word's; of two that are even, the first one's. Digits belong to none.
        for (name, told) in [
            ("aбвг", "a is Latin (U+0061), not Cyrillic."),
            ("aб", "б is Cyrillic (U+0431), not Latin."),
            ("2019аb", "b is Latin (U+0062), not Cyrillic."),
            ("診療所а", "а is Cyrillic (U+0430), not Han."),
        ] {
            assert_eq!(warning(name), Some(format!("The name mixes alphabets: {told}")));
        }
    }

    #[test]
    fn names_of_the_world_are_not_accused() {
        for name in [
            "Zoë Müller",
            "診療所FW",
            "診療所ＦＷ01",
            "サーバー",
            "らーめん屋",
            "Østfold Kommune",
            "Москва Офис",
            "Αθήνα",
            "한국어 서버",
            "كلية",
            "דוד",
            "HPD-AP01",
            "20 µm",
            "naïve café",
            "Москва / Moscow",
            "Kraków №5",
            "e\u{301}té",
            "x²+y²",
            "中文ABC",
            "ไทย",
            "हिन्दी",
            "",
            " ",
            "‹202E›",
        ] {
            assert_eq!(warning(name), None, "{name}");
            assert!(!mixes_alphabets(name), "{name}");
        }
    }

    #[test]
    fn names_that_read_the_same_are_found_and_equal_ones_are_not() {
        let shared = |names: &[&str]| {
            let mut list = Names::default();
            let looks: Vec<u64> = names.iter().map(|name| list.add(name)).collect();
            looks.into_iter().map(|look| list.is_shared(look)).collect::<Vec<_>>()
        };
        assert_eq!(shared(&["Acme", "Аcme", "Other"]), [true, true, false]);
        assert_eq!(shared(&["Сосо", "Coco"]), [true, true], "all of it Cyrillic");
        assert_eq!(shared(&["SRV-O1", "SRV-01", "SRV-02"]), [true, true, false]);
        assert_eq!(shared(&["Corner", "Comer"]), [true, true]);
        assert_eq!(shared(&["Bank  of X", "Bank of X "]), [true, true], "blanks are not seen");
        assert_eq!(shared(&["admin", "admin", "Admin"]), [false; 3], "the same name and another one");
        assert_eq!(shared(&["Zoë", "Zoe\u{308}"]), [true, true], "one letter or two");
        assert_eq!(shared(&["AB C", "ABC"]), [false; 2]);
    }
}
