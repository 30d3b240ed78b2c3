//! How rules compare texts: two that look the same are the same.
//!
//! A name can be written in more ways than one can see: composed or decomposed letters, full-width ones, a no-break
//! blank, two blanks, a blank at the end, characters that are not drawn at all. A rule that denies must not be got
//! round by any of them, so both the rule and the server's text go through [`plain`], and so do the arguments of
//! `gluepot policy explain`.

use unicode_normalization::UnicodeNormalization as _;

use crate::text::{Clean, is_hidden};

/// A text as rules compare it: NFKC, without characters that are not drawn, blanks as one blank and none at the ends or
/// beside `/`, and without a difference between capital and small letters.
pub fn plain(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.to_ascii_lowercase();
    }
    // Every text of the server has been through this filter; whatever else comes here looks the same after it.
    let seen = unmarked(&Clean::line(text));
    let folded = seen.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc();
    let drawn: String = folded.filter(|&c| c.is_whitespace() || !is_hidden(c)).collect();
    let words = drawn.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.contains('/') { words.replace(" /", "/").replace("/ ", "/") } else { words }
}

/// The text without the filter's marks: a blank in the place of what looks like one, nothing in that of the others.
fn unmarked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('‹') {
        out.push_str(&rest[..at]);
        let inner = &rest[at + '‹'.len_utf8()..];
        match inner.split_once('›').and_then(|(code, after)| Some((meaning(code)?, after))) {
            Some((blank, after)) => {
                out.push_str(if blank { " " } else { "" });
                rest = after;
            }
            None => {
                out.push('‹');
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out.chars()
        .filter_map(|c| match c {
            // The pictures of tab, line feed, vertical tab, form feed and carriage return; those of other controls.
            '\u{2409}'..='\u{240d}' | '\u{2420}' => Some(' '),
            '\u{2400}'..='\u{2421}' => None,
            c => Some(c),
        })
        .collect()
}

/// Whether the text between the angle quotes is a mark of the filter, and then whether it looks like a blank.
fn meaning(code: &str) -> Option<bool> {
    if code == "…" {
        return Some(false);
    }
    let is_code = (4..=6).contains(&code.len()) && code.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
    let c = is_code.then(|| u32::from_str_radix(code, 16).ok()).flatten().and_then(char::from_u32)?;
    Some(c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{115f}' | '\u{1160}'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_look_the_same_are_the_same() {
        for (one, other) in [
            ("Zentralschlüssel", "Zentralschlu\u{308}ssel"),
            ("Break glass", "Break\u{a0}glass"),
            ("Break glass", " Break  glass\u{2003}"),
            ("Break glass", "Break\tglass\n"),
            ("Break glass", "Break\u{2028}glass"),
            ("Break glass", "Break\u{3000}glass"),
            ("Break glass", "Break\u{2800}glass"),
            ("Break glass", "Bre\u{200b}ak gla\u{ad}ss\u{feff}"),
            ("Break glass", "\u{202e}Break glass\u{202c}"),
            ("Break glass", "Ｂｒｅａｋ　ｇｌａｓｓ"),
            ("Schließanlage", "SCHLIESSANLAGE"),
            ("ΟΔΟΣ", "οδος"),
            ("office", "o\u{fb03}ce"),
            ("Servers/Imaging", " Servers / Imaging "),
            ("e\u{301}", "e\u{200b}\u{301}"),
        ] {
            assert_eq!(plain(one), plain(other), "{one:?} {other:?}");
        }
        for (one, other) in [("a", "b"), ("Break glass", "Breakglass"), ("‹x›", ""), ("a‹b", "ab"), ("ü", "u")] {
            assert_ne!(plain(one), plain(other), "{one:?} {other:?}");
        }
        assert_eq!(plain(" \u{200b}\u{a0}"), "");
    }

    proptest! {
        /// The server's text comes filtered, an argument as it was typed: both are compared alike.
        #[test]
        fn filtering_first_makes_no_difference(text in any::<String>()) {
            prop_assert_eq!(plain(&Clean::line(&text)), plain(&text));
        }

        #[test]
        fn what_is_put_around_and_between_words_changes_nothing(
            words in prop::collection::vec("[A-Za-zäöüéß0-9]{1,6}", 1..4),
            between in "[ \u{a0}\u{2003}\t]{1,3}",
            unseen in "[\u{200b}\u{ad}\u{feff}\u{2060}]{0,3}",
        ) {
            let decorated = format!("{between}{}{unseen}{between}", words.join(&format!("{unseen}{between}")));
            let decomposed: String = decorated.nfd().collect();
            prop_assert_eq!(plain(&decomposed), plain(&words.join(" ")));
        }
    }
}
