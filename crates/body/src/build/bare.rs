//! Addresses in a text that are not links: `https://…`, `www.…`, mail addresses and `\\server\share`. People
//! paste them into notes, and they can be followed and copied as links can.

use std::ops::Range;

use url::Url;

/// What ends an address although it could be part of one: the full stop behind it is the sentence's.
const TRAILING: &[char] = &['.', ',', ';', ':', '!', '?', '\'', '"', '”', '’', '»', '…', '*', '_', '~'];
/// What an address cannot hold.
const OUTSIDE: &[char] = &['<', '>', '"', '“', '”', '«', '»', '|', '`', '\u{a0}', ' '];

/// The first address in a word: where it is, and what the link leads to. `word` has no blanks.
pub(super) fn address(word: &str) -> Option<(Range<usize>, String)> {
    // Most words are none, and this is asked of each.
    if memchr::memchr3(b':', b'@', b'\\', word.as_bytes()).is_none() && !word.contains("www.") {
        return None;
    }
    web(word).or_else(|| share(word)).or_else(|| mail(word))
}

/// Whether an address may begin at this place: not in the middle of a word.
fn is_start(word: &str, at: usize) -> bool {
    word.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|c| !c.is_alphanumeric() && c != '/' && c != '@')
}

/// Cuts what follows the address: punctuation, and a bracket that was opened before it.
fn trimmed(text: &str) -> &str {
    let mut text = text.split(OUTSIDE).next().unwrap_or_default();
    loop {
        let before = text;
        text = text.trim_end_matches(TRAILING);
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            if text.ends_with(close) && text.matches(close).count() > text.matches(open).count() {
                text = &text[..text.len() - 1];
            }
        }
        if text == before {
            return text;
        }
    }
}

fn web(word: &str) -> Option<(Range<usize>, String)> {
    let lower = word.to_ascii_lowercase();
    let (at, scheme) = ["https://", "http://", "www."]
        .iter()
        .filter_map(|begin| lower.find(begin).map(|at| (at, *begin)))
        .filter(|(at, _)| is_start(word, *at))
        .min_by_key(|(at, _)| *at)?;
    let text = trimmed(&word[at..]);
    let href = if scheme == "www." { format!("https://{text}") } else { text.to_owned() };
    let url = Url::parse(&href).ok()?;
    let host = url.host_str()?;
    // `http://` alone, or `www.` before nothing.
    (text.len() > scheme.len() && (scheme != "www." || host.trim_start_matches("www.").contains('.')))
        .then(|| (at..at + text.len(), href))
}

/// `\\server\share`, and what is below it as far as there is no blank.
fn share(word: &str) -> Option<(Range<usize>, String)> {
    let at = word.find("\\\\").filter(|at| is_start(word, *at))?;
    let text = trimmed(&word[at..]);
    let mut parts = text.get(2..)?.split('\\');
    let named = |part: Option<&str>| part.is_some_and(|part| part.starts_with(|c: char| c.is_alphanumeric()));
    (named(parts.next()) && parts.next().is_some_and(|part| !part.is_empty()))
        .then(|| (at..at + text.len(), text.to_owned()))
}

fn mail(word: &str) -> Option<(Range<usize>, String)> {
    let sign = word.find('@')?;
    let local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let start =
        word[..sign].rfind(|c| !local(c)).map_or(0, |at| at + word[at..].chars().next().map_or(1, char::len_utf8));
    let start = start + (word[start..sign].len() - word[start..sign].trim_start_matches(['.', '-', '_']).len());
    let behind = &word[sign + 1..];
    let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').unwrap_or(behind.len());
    let domain = behind[..end].trim_end_matches(['.', '-']);
    let last = domain.rsplit('.').next().unwrap_or_default();
    let is_domain = domain.contains('.')
        && last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && domain.split('.').all(|label| !label.is_empty());
    let range = start..sign + 1 + domain.len();
    // A user name with a password behind it, or a path, is not a mail address.
    let alone = !behind[end..].starts_with([':', '/', '@']) && is_start(word, start);
    (start < sign && is_domain && alone).then(|| (range.clone(), format!("mailto:{}", &word[range])))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_in_a_text_is_found_with_nothing_around_it() {
        for (word, shown, href) in [
            ("https://portal.example/a?b=c#d", "https://portal.example/a?b=c#d", "https://portal.example/a?b=c#d"),
            ("(https://portal.example/a).", "https://portal.example/a", "https://portal.example/a"),
            ("https://en.example/wiki/A_(b),", "https://en.example/wiki/A_(b)", "https://en.example/wiki/A_(b)"),
            ("see:http://10.40.2.1:8443/", "http://10.40.2.1:8443/", "http://10.40.2.1:8443/"),
            ("<https://portal.example>", "https://portal.example", "https://portal.example"),
            ("HTTPS://Portal.example", "HTTPS://Portal.example", "HTTPS://Portal.example"),
            ("www.portal.example,", "www.portal.example", "https://www.portal.example"),
            ("help@harbour.example.", "help@harbour.example", "mailto:help@harbour.example"),
            ("<a.b+c@mail.harbour.example>;", "a.b+c@mail.harbour.example", "mailto:a.b+c@mail.harbour.example"),
            (r"\\fs1\share\it,", r"\\fs1\share\it", r"\\fs1\share\it"),
            (r"(\\10.40.2.11\scans$)", r"\\10.40.2.11\scans$", r"\\10.40.2.11\scans$"),
        ] {
            let (range, target) = address(word).unwrap_or_else(|| panic!("{word}"));
            assert_eq!((&word[range], &*target), (shown, href), "{word}");
        }
    }

    #[test]
    fn what_is_no_address_stays_text() {
        for word in [
            "http://",
            "https:",
            "xhttps://a.example",
            "www.",
            "www.x",
            "10:30",
            "C:\\Tools",
            "\\\\",
            "\\\\x",
            "a\\b",
            "@home",
            "user@host",
            "user@host:22",
            "svc@harbour.example:secret",
            "ftp://x.example",
            "javascript:x",
            "@",
            "a@b@c.example/",
            "::1",
            "00:1b:21:7a:40:9c",
        ] {
            assert_eq!(address(word), None, "{word}");
        }
    }

    proptest! {
        #[test]
        fn any_word_is_cut_at_characters(word in "[a-z@:/\\\\.()<>www é“”-]{0,40}") {
            if let Some((range, _)) = address(&word) {
                prop_assert!(word.get(range).is_some_and(|shown| !shown.is_empty()));
            }
        }
    }
}
