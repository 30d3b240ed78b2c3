//! Fuzzy filtering over what is already loaded.
//!
//! An [`Index`] holds, for each row of a list, the fields a technician would type, the name first. Typing filters it
//! on every key, so the whole index is searched within a few milliseconds even for 100,000 rows:
//!
//! - Text is folded once, when a row comes in: lower case, accents off. One bit per byte remembers what was upper
//!   case, for queries that have capitals.
//! - Each row has a 64-bit mask of the characters in it; most rows are refused by one comparison.
//! - A query that only grew looks at the rows that matched before and at those that came since.
//! - Large lists are split between a few threads.
//!
//! Words of a query are looked for separately and all must match. A word matches, best first:
//!
//! 1. as the name, as its beginning, at the start of a word in it, anywhere in it;
//! 2. the same in another field;
//! 3. in either when punctuation is skipped: `001122` finds `00:11:22`, `hpdimg` finds `HPD-IMG01`;
//! 4. with its letters scattered over the name, in order. Not over other fields: in addresses and serial numbers
//!    nearly everything is scattered somewhere.
//!
//! Rows of the same rank stay in the order in which they came.

use memchr::memmem::Finder;
use nucleo_matcher::chars::{normalize, to_lower_case};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::model::Record;

/// Characters of a field that are searched; what comes after is left out, so that no field can bloat the index.
const MAX_FIELD: usize = 512;
/// Fields of a row that are searched.
const MAX_FIELDS: usize = 32;
/// Words of a query that count.
const MAX_TERMS: usize = 16;
/// Between two fields. Cannot be typed, and cannot stand in a field.
const SEPARATOR: u8 = 0x1f;
/// Rows that are worth a thread.
const ROWS_PER_THREAD: usize = 8_192;

/// Where a row's text lies.
struct Row {
    /// Characters that occur in it
    mask: u64,
    /// Where its text begins in the arena; it ends where the next begins
    start: u32,
    /// Bytes of the name
    name: u16,
}

/// The rows of a list, ready to be filtered.
#[derive(Default)]
pub struct Index {
    /// Folded text of all rows, one after the other
    text: Vec<u8>,
    /// One bit for each byte of `text`: the character was upper case
    upper: Vec<u64>,
    rows: Vec<Row>,
    last: Option<Last>,
}

/// The query before, and the rows that matched it in the order of the list.
struct Last {
    query: String,
    rows: Vec<u32>,
    /// How many rows there were
    seen: usize,
}

impl Index {
    /// An index without rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Bytes of memory it holds.
    pub fn memory(&self) -> usize {
        self.text.capacity()
            + self.upper.capacity() * size_of::<u64>()
            + self.rows.capacity() * size_of::<Row>()
            + self.last.as_ref().map_or(0, |last| last.rows.capacity() * size_of::<u32>())
    }

    /// Adds a row: its name first, then the other fields by which people look for it.
    pub fn push(&mut self, fields: &[&str]) {
        let start = self.text.len();
        let mut name = 0;
        for (at, field) in fields.iter().take(MAX_FIELDS).filter(|f| !f.is_empty()).enumerate() {
            if at > 0 {
                self.text.push(SEPARATOR);
            }
            self.push_folded(field);
            if at == 0 && !fields[0].is_empty() {
                name = self.text.len() - start;
            }
        }
        let mask = self.text[start..].iter().fold(0, |mask, &byte| mask | bit(byte));
        self.upper.resize(self.text.len().div_ceil(64), 0);
        // 4 GiB of text are more than the client ever holds; rows beyond that are kept but never match.
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        self.rows.push(Row { mask, start, name: u16::try_from(name).unwrap_or(u16::MAX) });
    }

    /// Adds a record with the fields a technician would type. `folder` is the name of the folder it lies in, or what
    /// else it is found by; it may be empty.
    pub fn push_record(&mut self, record: &Record, folder: &str) {
        match record {
            Record::Organization(r) => self.push(&[
                &r.name,
                &r.short_name,
                &r.organization_type_name,
                &r.organization_status_name,
                &r.id.to_string(),
                folder,
            ]),
            Record::DocumentFolder(r) | Record::PasswordFolder(r) => self.push(&[&r.name, folder]),
            Record::Document(r) => self.push(&[&r.name, folder]),
            Record::Configuration(r) => self.push(&[
                &r.name,
                &r.hostname,
                &r.primary_ip,
                &r.serial_number,
                &r.asset_tag,
                &r.mac_address,
                &r.configuration_type_name,
                &r.manufacturer_name,
                &r.model_name,
                &r.contact_name,
                &r.location_name,
                folder,
            ]),
            Record::Password(r) => {
                self.push(&[&r.name, &r.username, &r.url, &r.password_category_name, folder, &r.cached_resource_name]);
            }
            Record::FlexibleAssetType(r) => self.push(&[&r.name]),
            Record::FlexibleAsset(r) => self.push(&[&r.name, &r.flexible_asset_type_name, folder]),
            Record::Contact(r) => {
                let points = r.emails.iter().chain(&r.phones).map(|point| point.value.as_str());
                let fields: Vec<&str> = [r.name.as_str(), &r.title, &r.contact_type_name, &r.location_name, folder]
                    .into_iter()
                    .chain(points)
                    .collect();
                self.push(&fields);
            }
            Record::Location(r) => self.push(&[&r.name, &r.address_1, &r.city, &r.postal_code, &r.phone, folder]),
            Record::Domain(r) => self.push(&[&r.name, &r.registrar_name, folder]),
            Record::Expiration(r) => {
                self.push(&[
                    &r.resource_name,
                    &r.resource_type_name,
                    &r.resource_attribute_name,
                    &r.description,
                    folder,
                ]);
            }
            Record::Checklist(r) => self.push(&[&r.name, &r.assignee_name, folder]),
        }
    }

    fn push_folded(&mut self, field: &str) {
        let mut taken = 0;
        for (folded, was_upper) in field.chars().filter_map(fold) {
            let at = self.text.len();
            if was_upper {
                self.upper.resize(at / 64 + 1, 0);
                self.upper[at / 64] |= 1 << (at % 64);
            }
            let mut bytes = [0; 4];
            self.text.extend_from_slice(folded.encode_utf8(&mut bytes).as_bytes());
            taken += 1;
            if taken == MAX_FIELD {
                return;
            }
        }
    }

    /// The rows that match, best first. An empty query matches all rows in their order.
    pub fn filter(&mut self, query: &str) -> Vec<u32> {
        let terms = Term::parse(query);
        if terms.is_empty() {
            self.last = None;
            return (0..self.rows.len() as u32).collect();
        }
        let last = self.last.take().filter(|last| narrows(&last.query, query));
        let candidates: Vec<u32> = match last {
            Some(last) => last.rows.into_iter().chain(last.seen as u32..self.rows.len() as u32).collect(),
            None => (0..self.rows.len() as u32).collect(),
        };
        let mut ranked = self.rank(&terms, &candidates);
        let mut rows: Vec<u32> = ranked.iter().map(|&entry| entry as u32).collect();
        if !rows.is_sorted() {
            rows.sort_unstable();
        }
        self.last = Some(Last { query: query.to_owned(), rows, seen: self.rows.len() });
        ranked.sort_unstable();
        ranked.into_iter().map(|entry| entry as u32).collect()
    }

    /// One number per matching candidate that sorts best first: the rank turned around, then the row.
    fn rank(&self, terms: &[Term], candidates: &[u32]) -> Vec<u64> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        let threads = threads.min(candidates.len() / ROWS_PER_THREAD).max(1);
        if threads == 1 {
            return self.rank_part(terms, candidates);
        }
        let mut parts = candidates.chunks(candidates.len().div_ceil(threads));
        let first = parts.next().unwrap_or_default();
        std::thread::scope(|scope| {
            let others: Vec<_> = parts.map(|part| scope.spawn(|| self.rank_part(terms, part))).collect();
            let mut ranked = self.rank_part(terms, first);
            for other in others {
                ranked.extend(other.join().expect("matching does not panic"));
            }
            ranked
        })
    }

    fn rank_part(&self, terms: &[Term], candidates: &[u32]) -> Vec<u64> {
        let needed = terms.iter().fold(0, |mask, term| mask | term.mask);
        let mut scattered = Scattered::default();
        let mut ranked = Vec::new();
        for &at in candidates {
            let Some(row) = self.rows.get(at as usize) else { continue };
            if row.mask & needed != needed {
                continue;
            }
            let start = row.start as usize;
            let end = self.rows.get(at as usize + 1).map_or(self.text.len(), |next| next.start as usize);
            let Some(text) = self.text.get(start..end) else { continue };
            let hay = Hay { text, name: usize::from(row.name).min(text.len()), start, upper: &self.upper };
            let mut rank = 0;
            let matched = terms.iter().all(|term| {
                let found = term.rank(&hay, &mut scattered);
                rank += found.unwrap_or(0);
                found.is_some()
            });
            if matched {
                ranked.push((u64::from(u32::MAX - rank) << 32) | u64::from(at));
            }
        }
        ranked
    }
}

/// Which characters of a text a query matches, as positions counted in `char`s, ascending: for marking them.
pub fn marks(query: &str, text: &str) -> Vec<usize> {
    let mut index = Index::new();
    index.push(&[text]);
    let Some(row) = index.rows.first() else { return Vec::new() };
    let name = usize::from(row.name);
    let hay = Hay { text: &index.text, name, start: 0, upper: &index.upper };
    // Byte offset in the folded text -> position of the character in the original.
    let mut origin = Vec::with_capacity(hay.text.len());
    for (position, c) in text.chars().enumerate() {
        if let Some((folded, _)) = fold(c) {
            origin.extend(std::iter::repeat_n(position, folded.len_utf8()));
        }
        if origin.len() >= hay.text.len() {
            break;
        }
    }
    let mut scattered = Scattered::default();
    let mut marked = Vec::new();
    for term in Term::parse(query) {
        term.bytes(&hay, &mut scattered, &mut |byte| marked.extend(origin.get(byte)));
    }
    marked.sort_unstable();
    marked.dedup();
    marked
}

/// Whether every row that matches the second query has matched the first: each word of the first begins the word in
/// its place.
fn narrows(before: &str, now: &str) -> bool {
    let mut now = now.split_whitespace().take(MAX_TERMS);
    before.split_whitespace().take(MAX_TERMS).all(|old| now.next().is_some_and(|new| new.starts_with(old)))
}

/// One character as it is searched and whether it was upper case; `None` for combining marks, which are accents on
/// the letter before.
fn fold(c: char) -> Option<(char, bool)> {
    if c.is_ascii() {
        let c = if c.is_ascii_control() { ' ' } else { c };
        return Some((c.to_ascii_lowercase(), c.is_ascii_uppercase()));
    }
    if matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
    {
        return None;
    }
    let plain = normalize(c);
    let lower = to_lower_case(plain);
    Some((lower, lower != plain))
}

/// The bit of a character in a row's mask. Letters and digits have their own.
fn bit(byte: u8) -> u64 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        b'0'..=b'9' => byte - b'0' + 26,
        _ => 36 + byte % 28,
    }
}

/// Whether a byte of folded text belongs to a word: anything that is not ASCII punctuation or space.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// The text of one row.
struct Hay<'a> {
    /// Folded: name, then the other fields after separators
    text: &'a [u8],
    /// Bytes of the name
    name: usize,
    /// Where the text lies in the arena, for the bits of upper case
    start: usize,
    upper: &'a [u64],
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
/// Scattered over the name: from 1 to this.
const SCATTERED: u32 = 300;

/// One word of a query.
struct Term {
    finder: Finder<'static>,
    /// Which bytes of the word are upper case; empty when there are none and case does not matter
    upper: Vec<bool>,
    mask: u64,
    /// The word as characters, for scattered matching
    chars: Vec<char>,
}

impl Term {
    fn parse(query: &str) -> Vec<Self> {
        query.split_whitespace().take(MAX_TERMS).filter_map(Self::new).collect()
    }

    fn new(word: &str) -> Option<Self> {
        let (mut text, mut upper, mut chars) = (Vec::new(), Vec::new(), Vec::new());
        for (c, was_upper) in word.chars().filter_map(fold).take(MAX_FIELD) {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).as_bytes();
            text.extend_from_slice(bytes);
            upper.extend(std::iter::once(was_upper).chain(bytes.iter().skip(1).map(|_| false)));
            chars.push(c);
        }
        if text.is_empty() {
            return None;
        }
        if !upper.contains(&true) {
            upper.clear();
        }
        // Punctuation may be skipped, so it does not count in the mask.
        let mask = text.iter().filter(|&&byte| in_word(byte)).fold(0, |mask, &byte| mask | bit(byte));
        Some(Self { finder: Finder::new(&text).into_owned(), upper, mask, chars })
    }

    fn text(&self) -> &[u8] {
        self.finder.needle()
    }

    /// Whether the text has the case of the word from this byte on, where that matters.
    fn case_fits(&self, hay: &Hay<'_>, at: usize) -> bool {
        self.upper.iter().enumerate().all(|(i, &upper)| hay.is_upper(at + i) == upper)
    }

    /// Whether one byte of the text has the case of one byte of the word, where that matters.
    fn byte_case_fits(&self, i: usize, hay: &Hay<'_>, at: usize) -> bool {
        self.upper.get(i).is_none_or(|&upper| hay.is_upper(at) == upper)
    }

    /// How well the word matches, more is better; `None` when it does not.
    fn rank(&self, hay: &Hay<'_>, scattered: &mut Scattered) -> Option<u32> {
        if let Some((rank, _)) = self.contiguous(hay) {
            return Some(rank);
        }
        if let Some((start, _)) = self.skipping(hay) {
            return Some(if start < hay.name { NAME_SKIPPING } else { FIELD_SKIPPING });
        }
        scattered.rank(self, hay)
    }

    /// Reports the bytes of the text that the word matches.
    fn bytes(&self, hay: &Hay<'_>, scattered: &mut Scattered, tell: &mut dyn FnMut(usize)) {
        if let Some((_, at)) = self.contiguous(hay) {
            (at..at + self.text().len()).for_each(tell);
        } else if let Some((start, end)) = self.skipping(hay) {
            (start..end).filter(|&at| in_word(hay.text[at])).for_each(tell);
        } else {
            scattered.bytes(self, hay, tell);
        }
    }

    /// The best place where the word stands as it is: its rank and the byte.
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
            if !self.case_fits(hay, at) {
                continue;
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

    /// The first place where the word stands when punctuation is skipped, within one field: its first byte and the
    /// byte after its last. Punctuation in the word itself stands for some punctuation in the text.
    fn skipping(&self, hay: &Hay<'_>) -> Option<(usize, usize)> {
        let word = self.text();
        if !in_word(word[0]) {
            return None;
        }
        memchr::memchr_iter(word[0], hay.text).find_map(|start| self.skipping_from(hay, start).map(|end| (start, end)))
    }

    fn skipping_from(&self, hay: &Hay<'_>, start: usize) -> Option<usize> {
        let word = self.text();
        let (mut at, mut i) = (start, 0);
        loop {
            let Some(&wanted) = word.get(i) else { return Some(at) };
            let &here = hay.text.get(at)?;
            if here == SEPARATOR {
                return None;
            }
            if in_word(wanted) {
                if here == wanted && self.byte_case_fits(i, hay, at) {
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
}

/// What scattered matching needs: made once per filter and thread, only when it comes to that.
#[derive(Default)]
struct Scattered {
    matcher: Option<Matcher>,
    chars: Vec<char>,
    ends: Vec<usize>,
    indices: Vec<u32>,
}

impl Scattered {
    /// The name as characters, and the matcher. `None` when the word's letters are not all there in order.
    fn prepare(&mut self, term: &Term, hay: &Hay<'_>) -> Option<()> {
        if term.chars.len() < 2 {
            return None;
        }
        let name = &hay.text[..hay.name];
        let mut from = 0;
        for (i, &byte) in term.text().iter().enumerate() {
            loop {
                let at = from + memchr::memchr(byte, &name[from..])?;
                from = at + 1;
                if term.byte_case_fits(i, hay, at) {
                    break;
                }
            }
        }
        self.matcher.get_or_insert_with(|| {
            let mut config = Config::DEFAULT;
            // Both sides are folded already.
            config.ignore_case = false;
            config.normalize = false;
            Matcher::new(config)
        });
        Some(())
    }

    fn rank(&mut self, term: &Term, hay: &Hay<'_>) -> Option<u32> {
        self.prepare(term, hay)?;
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
        if self.prepare(term, hay).is_none() {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(rows: &[&[&str]]) -> Index {
        let mut index = Index::new();
        for row in rows {
            index.push(row);
        }
        index
    }

    fn names<'a>(rows: &[&'a str], query: &str) -> Vec<&'a str> {
        let mut index = Index::new();
        for row in rows {
            index.push(&[row]);
        }
        index.filter(query).into_iter().map(|at| rows[at as usize]).collect()
    }

    #[test]
    fn an_empty_query_keeps_all_rows_in_order() {
        assert_eq!(names(&["b", "a", ""], "  "), ["b", "a", ""]);
        assert!(Index::new().filter("x").is_empty());
    }

    #[test]
    fn the_better_place_in_the_name_comes_first() {
        let rows = ["a v p n x", "myvpn", "Remote VPN", "VPN for staff", "vpn", "printer"];
        assert_eq!(names(&rows, "vpn"), ["vpn", "VPN for staff", "Remote VPN", "myvpn", "a v p n x"]);
    }

    #[test]
    fn a_hit_in_the_name_comes_before_one_in_another_field() {
        let mut index = index(&[&["Printer", "10.1.2.3"], &["Gateway 10.1", "192.0.2.1"], &["Switch", "10.1"]]);
        assert_eq!(index.filter("10.1"), [1, 2, 0]);
    }

    #[test]
    fn rows_of_the_same_rank_keep_their_order() {
        assert_eq!(names(&["srv 3", "srv 1", "srv 2"], "srv"), ["srv 3", "srv 1", "srv 2"]);
    }

    #[test]
    fn words_start_at_capitals_digits_and_punctuation() {
        assert_eq!(names(&["ximg", "HPD-IMG01", "ScanImg"], "img"), ["HPD-IMG01", "ScanImg", "ximg"]);
        assert_eq!(names(&["a101", "srv01"], "01"), ["srv01", "a101"]);
    }

    #[test]
    fn all_words_must_match_in_any_order_and_any_field() {
        let mut index =
            index(&[&["Domain admin", "Servers"], &["Local admin", "Workstations"], &["Backup", "Servers"]]);
        assert_eq!(index.filter("serv adm"), [0]);
        assert_eq!(index.filter("admin"), [0, 1]);
    }

    #[test]
    fn a_word_with_a_capital_minds_the_case() {
        assert_eq!(names(&["mac", "MAC", "Mac"], "mac"), ["mac", "MAC", "Mac"]);
        assert_eq!(names(&["mac", "MAC", "Mac"], "Mac"), ["Mac"]);
        assert_eq!(names(&["h-Pd", "h-pd"], "hPd"), ["h-Pd"], "also when punctuation is skipped");
        assert_eq!(names(&["hxPxD", "hxPxd"], "hPd"), ["hxPxd"], "also when letters are scattered");
        assert_eq!(names(&["eÉ", "Éa", "éa"], "Éa"), ["Éa"]);
    }

    #[test]
    fn accents_make_no_difference_composed_or_not() {
        let rows = ["Zoë résumé", "Zoe\u{308} re\u{301}sume\u{301}", "zoe resume"];
        assert_eq!(names(&rows, "resume").len(), 3);
        assert_eq!(names(&rows, "résumé").len(), 3);
        assert_eq!(names(&rows, "re\u{301}sume\u{301}").len(), 3);
    }

    #[test]
    fn other_scripts_are_searched_too() {
        assert_eq!(names(&["診療所 サーバー", "Сервер Москва", "server"], "сервер"), ["Сервер Москва"]);
        assert_eq!(names(&["診療所 サーバー", "server"], "サーバ"), ["診療所 サーバー"]);
        assert_eq!(names(&["診 療 所", "server"], "診所"), ["診 療 所"]);
    }

    #[test]
    fn punctuation_may_be_left_out_or_differ() {
        let mut index = index(&[&["x", "00:11:22:AA:BB:CC"], &["HPD-IMG01", ""], &["y", "SN 4711-0815"]]);
        assert_eq!(index.filter("001122aa"), [0]);
        assert_eq!(index.filter("00-11-22"), [0]);
        assert_eq!(index.filter("hpdimg"), [1]);
        assert_eq!(index.filter("47110815"), [2]);
    }

    #[test]
    fn letters_are_not_scattered_over_other_fields() {
        let mut index = index(&[&["Switch", "10.31.21.7"], &["Switch", "10.1.2.7"]]);
        assert_eq!(index.filter("1127"), [] as [u32; 0]);
        assert_eq!(index.filter("10127"), [1]);
        assert_eq!(index.filter("swch").len(), 2, "in the name they are");
    }

    #[test]
    fn no_word_runs_from_one_field_into_the_next() {
        assert!(index(&[&["abc", "def"]]).filter("cd").is_empty());
        assert!(index(&[&["abc", "def"]]).filter("bcde").is_empty());
        assert!(index(&[&["", "def"]]).filter("def").len() == 1);
    }

    #[test]
    fn rows_that_come_while_a_query_stands_are_found() {
        let mut index = index(&[&["alpha"], &["beta"]]);
        assert_eq!(index.filter("a"), [0, 1]);
        index.push(&["gamma"]);
        assert_eq!(index.filter("a"), [0, 1, 2]);
        index.push(&["gamble"]);
        assert_eq!(index.filter("am"), [2, 3]);
    }

    #[test]
    fn marks_say_which_letters_matched() {
        assert_eq!(marks("vpn", "Remote VPN"), [7, 8, 9]);
        assert_eq!(marks("o v", "Remote VPN"), [3, 7]);
        assert_eq!(marks("hpdimg", "HPD-IMG01"), [0, 1, 2, 4, 5, 6]);
        assert_eq!(marks("rpn", "Remote VPN"), [0, 8, 9]);
        assert_eq!(marks("resume", "Zoë résumé"), [4, 5, 6, 7, 8, 9]);
        assert_eq!(marks("sume", "re\u{301}sume\u{301}"), [3, 4, 5, 6]);
        assert_eq!(marks("ー", "診療所 サーバー"), [5]);
        assert_eq!(marks("", "abc"), [] as [usize; 0]);
        assert_eq!(marks("x", ""), [] as [usize; 0]);
    }

    #[test]
    fn a_huge_field_is_cut_and_costs_no_more() {
        let huge = "a".repeat(1_000_000);
        let mut index = index(&[&[&huge, &huge]]);
        assert!(index.memory() < 10_000);
        assert!(index.filter(&"a".repeat(100_000)).is_empty() || index.len() == 1);
    }

    #[test]
    fn many_rows_are_filtered_the_same_on_several_threads() {
        let mut index = Index::new();
        for i in 0..40_000 {
            index.push(&[&format!("SRV-{i:05}"), &format!("10.{}.{}.{}", i % 7, i / 256 % 256, i % 256)]);
        }
        let found = index.filter("123");
        let expected = (0..40_000).filter(|i| {
            let name = format!("SRV-{i:05}");
            let mut rest = name.chars();
            "123".chars().all(|c| rest.any(|n| n == c))
                || format!("10{}{}{}", i % 7, i / 256 % 256, i % 256).contains("123")
        });
        let mut sorted = found.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected.collect::<Vec<u32>>());
        assert!(found.starts_with(&[12_300]), "the start of a word comes first: {:?}", &found[..4]);
    }

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof!["[a-cA-C0-2 .:-]{0,8}", "[a-cé\u{301}Дд診🙂 -]{0,5}", ".{0,6}"]
    }

    proptest! {
        #[test]
        fn a_query_typed_letter_by_letter_finds_what_it_finds_at_once(
            rows in prop::collection::vec(prop::collection::vec(piece(), 0..4), 0..30),
            query in piece(),
        ) {
            let mut typed = Index::new();
            let mut fresh = Index::new();
            for row in &rows {
                let fields: Vec<&str> = row.iter().map(String::as_str).collect();
                typed.push(&fields);
                fresh.push(&fields);
            }
            let mut so_far = String::new();
            let mut last = None;
            for c in query.chars() {
                so_far.push(c);
                last = Some(typed.filter(&so_far));
            }
            prop_assert_eq!(last.unwrap_or_else(|| typed.filter("")), fresh.filter(&query));
        }

        #[test]
        fn a_name_that_is_found_has_marks_inside_it(name in piece(), query in piece()) {
            let mut index = Index::new();
            index.push(&[&name]);
            let found = !index.filter(&query).is_empty();
            let marked = marks(&query, &name);
            prop_assert!(marked.iter().all(|&at| at < name.chars().count()));
            prop_assert!(marked.is_sorted_by(|a, b| a < b));
            let says_something = query.split_whitespace().any(|w| w.chars().any(|c| fold(c).is_some()));
            if found && says_something {
                prop_assert!(!marked.is_empty());
            }
        }
    }
}
