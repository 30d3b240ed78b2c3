//! Finding a query in one text: which letters to mark in a row, and where a phrase is in a line.

use std::ops::Range;

use memchr::memmem::Finder;

use super::Index;
use super::fold::{fold, is_silent};
use super::term::{Hay, Scattered, Term, in_word, mac_digits};

/// Which characters of a text a query matches, as positions counted in `char`s, ascending: for marking them.
pub fn marks(query: &str, text: &str) -> Vec<usize> {
    let mut index = Index::new();
    index.push(&[text]);
    let Some(row) = index.rows.first() else { return Vec::new() };
    let hay = Hay { text: &index.text, name: usize::from(row.name), start: 0, upper: &index.upper };
    let mut scattered = Scattered::default();
    let mut bytes = Vec::new();
    for term in Term::parse(query) {
        term.bytes(&hay, &mut scattered, &mut |byte| bytes.push(byte));
    }
    bytes.sort_unstable();
    bytes.dedup();
    // Byte in the folded text -> first byte of the original character -> its position.
    let mut origin = Vec::with_capacity(hay.text.len());
    fold(text, |folded| {
        origin.extend(std::iter::repeat_n(folded.start, folded.c.len_utf8()));
        origin.len() < hay.text.len()
    });
    let mut wanted = bytes.into_iter().filter_map(|byte| origin.get(byte).copied()).peekable();
    let mut marked = Vec::new();
    for (position, (start, _)) in text.char_indices().enumerate() {
        let mut hit = false;
        while wanted.next_if_eq(&start).is_some() {
            hit = true;
        }
        if hit {
            marked.push(position);
        }
    }
    marked
}

/// A phrase to find in text, letter by letter as it was typed: without regard to case, accents, typography, and how a
/// hardware address is spelled.
pub struct Needle {
    finder: Finder<'static>,
    mac: Option<Vec<u8>>,
    text: Vec<u8>,
    origin: Vec<Range<usize>>,
}

impl Needle {
    /// The phrase to find; `None` when it says nothing.
    pub fn new(query: &str) -> Option<Self> {
        let mut text = String::new();
        fold(query.trim(), |folded| {
            text.push(folded.c);
            true
        });
        let mac = mac_digits(text.as_bytes()).or_else(|| {
            let all = (6..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            all.then(|| text.clone().into_bytes())
        });
        let finder = (!text.trim().is_empty()).then(|| Finder::new(text.as_bytes()).into_owned())?;
        Some(Self { finder, mac, text: Vec::new(), origin: Vec::new() })
    }

    /// Every place of the phrase in a text, as bytes of it. They do not overlap.
    pub fn find(&mut self, text: &str) -> Vec<Range<usize>> {
        self.text.clear();
        self.origin.clear();
        fold(text, |folded| {
            let mut bytes = [0; 4];
            self.text.extend_from_slice(folded.c.encode_utf8(&mut bytes).as_bytes());
            self.origin.resize(self.text.len(), folded.start..folded.end);
            true
        });
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut from = 0;
        while let Some(at) = self.text.get(from..).and_then(|rest| self.finder.find(rest)) {
            let start = from + at;
            from = start + self.finder.needle().len();
            found.push(start..from);
        }
        if let Some(digits) = &self.mac {
            let mut from = 0;
            while let Some(at) = self.text.get(from..).and_then(|rest| memchr::memchr(digits[0], rest)) {
                let start = from + at;
                from = start + 1;
                // Digits of a longer number are not an address.
                let begins = start.checked_sub(1).is_none_or(|before| !in_word(self.text[before]));
                if let Some(end) = begins.then(|| spelled(digits, &self.text, start)).flatten() {
                    from = end;
                    found.push(start..end);
                }
            }
            found.sort_unstable_by_key(|range| (range.start, range.end));
            let mut end = 0;
            found.retain(|range| {
                let apart = range.start >= end;
                end = if apart { range.end } else { end };
                apart
            });
        }
        found.into_iter().filter_map(|range| self.in_original(&range, text)).collect()
    }

    fn in_original(&self, range: &Range<usize>, text: &str) -> Option<Range<usize>> {
        let start = self.origin.get(range.start)?.start;
        let mut end = self.origin.get(range.end.checked_sub(1)?)?.end;
        // An accent that follows its letter belongs to it.
        while let Some(c) = text.get(end..)?.chars().next().filter(|&c| is_silent(c)) {
            end += c.len_utf8();
        }
        Some(start..end)
    }
}

/// The end of a hardware address that starts here, whatever is between its digits.
fn spelled(digits: &[u8], text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    for &digit in digits {
        if at > start && matches!(text.get(at), Some(b':' | b'-' | b'.' | b'_' | b' ')) {
            at += 1;
        }
        if text.get(at) != Some(&digit) {
            return None;
        }
        at += 1;
    }
    Some(at)
}
