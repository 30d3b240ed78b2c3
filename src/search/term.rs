//! One word of a query against the text of one row: whether it matches, how well, and with which letters.

use memchr::memmem::Finder;
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::fold::fold;
use super::limits::{MAX_FIELD, MAX_TERMS, SEPARATOR};

/// The bit of a character in a row's mask. Letters and digits have their own.
pub(super) fn bit(byte: u8) -> u64 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        b'0'..=b'9' => byte - b'0' + 26,
        _ => 36 + byte % 28,
    }
}

/// Whether a byte of folded text belongs to a word: anything that is not ASCII punctuation or space.
pub(super) fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// The text of one row.
pub(super) struct Hay<'a> {
    /// Folded: name, then the other fields after separators
    pub text: &'a [u8],
    /// Bytes of the name
    pub name: usize,
    /// Where the text is in the arena, for the bits of capitals
    pub start: usize,
    /// The bits of capitals
    pub upper: &'a [u64],
}

impl Hay<'_> {
    fn is_upper(&self, at: usize) -> bool {
        let at = self.start + at;
        self.upper.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    /// Whether a word starts here: after punctuation, at a capital after a small letter, at a digit after a letter.
    fn starts_word(&self, at: usize) -> bool {
        let (Some(before), Some(&here)) = (at.checked_sub(1).map(|b| self.text[b]), self.text.get(at)) else {
            return true;
        };
        !in_word(before)
            || (here.is_ascii_digit() && !before.is_ascii_digit())
            || (self.is_upper(at) && !self.is_upper(at - 1))
    }

    /// Whether a field starts here.
    fn starts_field(&self, at: usize) -> bool {
        at == 0 || self.text.get(at - 1) == Some(&SEPARATOR)
    }

    /// Whether a field ends before this byte.
    fn ends_field(&self, at: usize) -> bool {
        at == self.text.len() || self.text.get(at) == Some(&SEPARATOR)
    }
}

// Ranks of one word, best first. Words of a query add up.
const NAME_WHOLE: u32 = 1_000;
const NAME_BEGIN: u32 = 900;
const NAME_WORD: u32 = 800;
const NAME_INSIDE: u32 = 700;
const FIELD_WHOLE: u32 = 600;
const FIELD_BEGIN: u32 = 550;
const FIELD_WORD: u32 = 500;
const FIELD_INSIDE: u32 = 450;
const NAME_SKIPPING: u32 = 400;
const FIELD_SKIPPING: u32 = 350;
const NAME_INITIALS: u32 = 320;
/// Matches of this rank and better answer what was asked; the others are chance as often as not.
pub(super) const STRONG: u32 = NAME_INITIALS;
const SKIPPING_INSIDE: u32 = 310;
/// Scattered over the name: from 1 to this.
const SCATTERED: u32 = 300;
/// Words of up to this many letters can be left out among initials: "the", "for", "of".
const SMALL_WORD: usize = 3;
/// Fewer digits of a hardware address are not looked for in other spellings: three bytes name its maker.
const MAC_DIGITS: std::ops::RangeInclusive<usize> = 6..=16;

/// One word of a query.
pub(super) struct Term {
    finder: Finder<'static>,
    mask: u64,
    /// The word as characters, for scattered matching
    chars: Vec<char>,
    /// The digits of a hardware address, whatever is between them in the word or in the text
    mac: Option<Vec<u8>>,
}

impl Term {
    /// The words of a query.
    pub(super) fn parse(query: &str) -> Vec<Self> {
        query.split_whitespace().take(MAX_TERMS).filter_map(Self::new).collect()
    }

    fn new(word: &str) -> Option<Self> {
        let mut chars = Vec::new();
        fold(word, |folded| {
            chars.push(folded.c);
            chars.len() < MAX_FIELD
        });
        let text: String = chars.iter().collect();
        let text = text.into_bytes();
        if text.is_empty() {
            return None;
        }
        // Punctuation may be skipped, so it does not count in the mask.
        let mask = text.iter().filter(|&&byte| in_word(byte)).fold(0, |mask, &byte| mask | bit(byte));
        let mac = mac_digits(&text);
        Some(Self { finder: Finder::new(&text).into_owned(), mask, chars, mac })
    }

    /// The characters a text must have.
    pub(super) fn mask(&self) -> u64 {
        self.mask
    }

    /// Whether every text that matches this word has matched the other one.
    pub(super) fn narrows(&self, before: &Self) -> bool {
        self.text().starts_with(before.text())
            && match (&before.mac, &self.mac) {
                (_, None) => true,
                (Some(before), Some(now)) => now.starts_with(before),
                // Other spellings count from now on.
                (None, Some(_)) => false,
            }
    }

    fn text(&self) -> &[u8] {
        self.finder.needle()
    }

    /// How well the word matches, more is better; `None` when it does not.
    pub(super) fn rank(&self, hay: &Hay<'_>, scattered: &mut Scattered) -> Option<u32> {
        if let Some((rank, _)) = self.contiguous(hay) {
            return Some(rank);
        }
        let skipping = self.skipping(hay);
        match &skipping {
            Some(place) if place.strong && place.start < hay.name => return Some(NAME_SKIPPING),
            Some(place) if place.strong => return Some(FIELD_SKIPPING),
            _ => {}
        }
        let inside = skipping.map(|_| SKIPPING_INSIDE);
        if !scattered.is_there(self, hay) {
            return inside;
        }
        if self.initials(hay, None) {
            return Some(NAME_INITIALS);
        }
        inside.or_else(|| scattered.rank(self, hay))
    }

    /// Reports the bytes of the text that the word matches.
    pub(super) fn bytes(&self, hay: &Hay<'_>, scattered: &mut Scattered, tell: &mut dyn FnMut(usize)) {
        if let Some((_, at)) = self.contiguous(hay) {
            (at..at + self.text().len()).for_each(tell);
            return;
        }
        let skipping = self.skipping(hay);
        let mut letters = Vec::new();
        if skipping.as_ref().is_none_or(|place| !place.strong)
            && scattered.is_there(self, hay)
            && self.initials(hay, Some(&mut letters))
        {
            letters.into_iter().for_each(tell);
        } else if let Some(Place { start, end, .. }) = skipping {
            (start..end).filter(|&at| in_word(hay.text[at])).for_each(tell);
        } else {
            scattered.bytes(self, hay, tell);
        }
    }

    /// The best place of the exact word: its rank and the byte.
    fn contiguous(&self, hay: &Hay<'_>) -> Option<(u32, usize)> {
        let length = self.text().len();
        let mut best: Option<(u32, usize)> = None;
        let mut from = 0;
        while let Some(found) = hay.text.get(from..).and_then(|rest| self.finder.find(rest)) {
            let at = from + found;
            from = at + 1;
            if at >= hay.name && best.is_some_and(|(rank, _)| rank >= FIELD_WHOLE) {
                break;
            }
            let whole = hay.ends_field(at + length);
            let rank = match (at < hay.name, hay.starts_field(at)) {
                (true, true) if whole => NAME_WHOLE,
                (true, true) => NAME_BEGIN,
                (true, false) if hay.starts_word(at) => NAME_WORD,
                (true, false) => NAME_INSIDE,
                (false, true) if whole => FIELD_WHOLE,
                (false, true) => FIELD_BEGIN,
                (false, false) if hay.starts_word(at) => FIELD_WORD,
                (false, false) => FIELD_INSIDE,
            };
            if best.is_none_or(|(before, _)| rank > before) {
                best = Some((rank, at));
            }
            if rank >= NAME_WORD {
                break;
            }
        }
        best
    }

    /// The first place where the word is when punctuation is skipped, within one field, at the start of a word if there
    /// is such a place. Punctuation in the word matches some punctuation in the text, that of a hardware address
    /// for none as well.
    fn skipping(&self, hay: &Hay<'_>) -> Option<Place> {
        let place = skip(self.text(), hay);
        if place.as_ref().is_some_and(|place| place.strong) {
            return place;
        }
        self.mac.as_ref().and_then(|digits| skip(digits, hay)).map(|found| Place { strong: true, ..found }).or(place)
    }

    /// Whether the word is made of the beginnings of words of the name that follow each other; small words between
    /// them may be left out. Reports the bytes of the name, if that is wanted.
    fn initials(&self, hay: &Hay<'_>, letters: Option<&mut Vec<usize>>) -> bool {
        let word = self.text();
        // How far the word is covered is one bit of a number.
        if word.len() < 2 || word.len() > 63 || !word.iter().all(|&byte| in_word(byte)) {
            return false;
        }
        let name = &hay.text[..hay.name];
        let starts: Vec<usize> = (0..name.len()).filter(|&at| in_word(name[at]) && hay.starts_word(at)).collect();
        let length = |at: usize| name[at..].iter().take_while(|&&byte| in_word(byte)).count();
        // For each word of the name, from the last: from which places of the query the rest can be covered.
        let mut covers = vec![0_u64; starts.len() + 2];
        let end = 1_u64 << word.len();
        covers[starts.len()] = end;
        covers[starts.len() + 1] = end;
        for (at, &start) in starts.iter().enumerate().rev() {
            let next = covers[at + 1] | end;
            let small = length(start) <= SMALL_WORD;
            let mut can = if small { covers[at + 1] & !end } else { 0 };
            for from in 0..word.len() {
                let common = name[start..].iter().zip(&word[from..]).take_while(|(a, b)| a == b).count();
                can |= u64::from((1..=common).any(|taken| next >> (from + taken) & 1 == 1)) << from;
            }
            covers[at] = can;
        }
        let Some(first) = covers[..starts.len()].iter().position(|can| can & 1 == 1) else { return false };
        let Some(letters) = letters else { return true };
        let (mut from, mut at) = (0, first);
        while from < word.len() && at < starts.len() {
            let start = starts[at];
            let common = name[start..].iter().zip(&word[from..]).take_while(|(a, b)| a == b).count();
            let next = covers[at + 1] | end;
            if let Some(taken) = (1..=common).rev().find(|taken| next >> (from + taken) & 1 == 1) {
                letters.extend(start..start + taken);
                from += taken;
            }
            at += 1;
        }
        true
    }
}

/// Where a word is when punctuation is skipped.
struct Place {
    start: usize,
    end: usize,
    /// It is not a chance match: it starts with a word, or it is a number
    strong: bool,
}

fn skip(word: &[u8], hay: &Hay<'_>) -> Option<Place> {
    if !in_word(word[0]) {
        return None;
    }
    let number = word.len() >= 4 && word.iter().any(u8::is_ascii_digit);
    let mut inside = None;
    for start in memchr::memchr_iter(word[0], hay.text) {
        let strong = number || hay.starts_word(start);
        if !strong && inside.is_some() {
            continue;
        }
        if let Some(end) = skipping_from(word, hay, start) {
            let place = Place { start, end, strong };
            if strong {
                return Some(place);
            }
            inside = Some(place);
        }
    }
    inside
}

fn skipping_from(word: &[u8], hay: &Hay<'_>, start: usize) -> Option<usize> {
    let (mut at, mut i) = (start, 0);
    loop {
        let Some(&wanted) = word.get(i) else { return Some(at) };
        let &here = hay.text.get(at)?;
        if here == SEPARATOR {
            return None;
        }
        if in_word(wanted) {
            if here == wanted {
                i += 1;
            } else if in_word(here) {
                return None;
            }
            at += 1;
        } else {
            if in_word(here) {
                return None;
            }
            i += 1;
            at += 1;
        }
    }
}

/// The digits of a hardware address or of three bytes of it and more: in one piece, or in groups of two, four or six as
/// devices write them. A group of two between colons may lack its zero.
pub(super) fn mac_digits(word: &[u8]) -> Option<Vec<u8>> {
    let is_separator = |byte: u8| matches!(byte, b':' | b'-' | b'.' | b'_');
    if !word.iter().all(|&byte| byte.is_ascii_hexdigit() || is_separator(byte)) {
        return None;
    }
    let separator = word.iter().copied().find(|&byte| is_separator(byte))?;
    if word.iter().any(|&byte| is_separator(byte) && byte != separator) {
        return None;
    }
    let mut groups: Vec<&[u8]> = word.split(|&byte| byte == separator).collect();
    // A separator at either end says that a group is whole.
    let open = groups.last().is_some_and(|last| !last.is_empty());
    groups.retain(|group| !group.is_empty());
    let (last, whole) = groups.split_last()?;
    let size = whole.first().map_or(last.len(), |group| group.len()).max(2);
    let short = |group: &[u8]| group.len() == 1 && separator == b':' && size == 2;
    let even = whole.iter().all(|group| group.len() == size || short(group));
    // Four numbers with dots between them are an IP address.
    let address = separator == b'.' && size < 4 && groups.len() <= 4 && !word.iter().any(u8::is_ascii_alphabetic);
    if !matches!(size, 2 | 4 | 6) || !even || last.len() > size || address {
        return None;
    }
    let mut digits = Vec::with_capacity(word.len());
    for (at, group) in groups.iter().enumerate() {
        let is_whole = at + 1 < groups.len() || !open || groups.len() == 6;
        if short(group) && is_whole {
            digits.push(b'0');
        }
        digits.extend_from_slice(group);
    }
    MAC_DIGITS.contains(&digits.len()).then_some(digits)
}

/// What scattered matching needs: made once per filter and thread, only when it comes to that.
#[derive(Default)]
pub(super) struct Scattered {
    matcher: Option<Matcher>,
    chars: Vec<char>,
    ends: Vec<usize>,
    indices: Vec<u32>,
}

impl Scattered {
    /// Whether the word's letters are all in the name, in order. Makes the matcher if they are.
    fn is_there(&mut self, term: &Term, hay: &Hay<'_>) -> bool {
        if term.chars.len() < 2 {
            return false;
        }
        let mut name = &hay.text[..hay.name];
        for &byte in term.text() {
            let Some(at) = memchr::memchr(byte, name) else { return false };
            name = &name[at + 1..];
        }
        self.matcher.get_or_insert_with(|| {
            let mut config = Config::DEFAULT;
            // Both sides are folded already.
            config.ignore_case = false;
            config.normalize = false;
            Matcher::new(config)
        });
        true
    }

    fn rank(&mut self, term: &Term, hay: &Hay<'_>) -> Option<u32> {
        let name = &hay.text[..hay.name];
        let matcher = self.matcher.as_mut()?;
        let score = if name.is_ascii() && term.text().is_ascii() {
            matcher.fuzzy_match_greedy(Utf32Str::Ascii(name), Utf32Str::Ascii(term.text()))?
        } else {
            self.chars.clear();
            self.chars.extend(std::str::from_utf8(name).ok()?.chars());
            matcher.fuzzy_match_greedy(Utf32Str::Unicode(&self.chars), Utf32Str::Unicode(&term.chars))?
        };
        // A perfect match gives about 26 for each letter.
        let share = u32::from(score) * SCATTERED / (term.chars.len() as u32 * 28);
        Some(share.clamp(1, SCATTERED))
    }

    fn bytes(&mut self, term: &Term, hay: &Hay<'_>, tell: &mut dyn FnMut(usize)) {
        if !self.is_there(term, hay) {
            return;
        }
        let Ok(name) = std::str::from_utf8(&hay.text[..hay.name]) else { return };
        self.chars.clear();
        self.chars.extend(name.chars());
        self.ends.clear();
        self.ends.extend(name.char_indices().map(|(at, _)| at));
        self.indices.clear();
        let Some(matcher) = self.matcher.as_mut() else { return };
        let (hay, needle) = (Utf32Str::Unicode(&self.chars), Utf32Str::Unicode(&term.chars));
        if matcher.fuzzy_indices(hay, needle, &mut self.indices).is_some() {
            self.indices.iter().filter_map(|&i| self.ends.get(i as usize)).for_each(|&at| tell(at));
        }
    }
}
