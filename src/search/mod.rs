//! Fuzzy filtering over what is already loaded.
//!
//! An [`Index`] holds, for each row of a list, the fields a technician would type, the name first. Typing filters it
//! on every key, so the whole index is searched within a few milliseconds even for 100,000 rows:
//!
//! - Text is folded once, when a row comes in: lower case, accents and typography off (`fold`). One bit per byte
//!   remembers what was a capital, for words begin there.
//! - Each row has a 64-bit mask of the characters in it; most rows are refused by one comparison.
//! - A query that only grew looks at the rows that matched before and at those that came since.
//! - Large lists are split between a few threads.
//!
//! Words of a query are looked for separately and all must match. A word matches, best first:
//!
//! 1. as the name, as its beginning, at the start of a word in it, anywhere in it;
//! 2. the same in another field;
//! 3. in either when punctuation is skipped: `001122` finds `00:11:22`, `hpdimg` finds `HPD-IMG01`. A hardware address
//!    of three bytes and more is found in every spelling;
//! 4. as the beginnings of words of the name in a row: `rtis` finds `Restart the imaging server`;
//! 5. weakly, by chance as often as not: with its letters scattered over the name, in order, or from the middle of one
//!    word into the next.
//!
//! Weak matches are kept apart, [`MOST_WEAK`] of them at most. Rows of the same rank stay in the order in which they
//! came.

mod find;
mod fold;
mod limits;
mod term;

pub use find::{Needle, marks};

use fold::fold;
use limits::{MAX_FIELD, SEPARATOR};
use term::{Hay, STRONG, Scattered, Term, bit};

use gluepot_core::model::Record;

/// Fields of a row that are searched.
const MAX_FIELDS: usize = 32;
/// The most weak matches that a query gives.
pub const MOST_WEAK: usize = 5;
/// Rows that are worth a thread.
const ROWS_PER_THREAD: usize = 8_192;

/// Where a row's text is.
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

/// The query before, and the rows that matched it in the order of the list, weakly or not.
struct Last {
    terms: Vec<Term>,
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

    /// Adds a record with the fields a technician would type. `folder` is the name of its folder, or what
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
        let (text, upper) = (&mut self.text, &mut self.upper);
        let mut taken = 0;
        fold(field, |folded| {
            let at = text.len();
            if folded.upper {
                upper.resize(at / 64 + 1, 0);
                upper[at / 64] |= 1 << (at % 64);
            }
            let mut bytes = [0; 4];
            text.extend_from_slice(folded.c.encode_utf8(&mut bytes).as_bytes());
            taken += 1;
            taken < MAX_FIELD
        });
    }

    /// The rows that match. An empty query matches all rows in their order.
    pub fn filter(&mut self, query: &str) -> Hits {
        self.filter_shown(query, |_| true)
    }

    /// The rows that match among those that are shown.
    pub fn filter_shown(&mut self, query: &str, is_shown: impl Fn(u32) -> bool) -> Hits {
        let terms = Term::parse(query);
        if terms.is_empty() {
            self.last = None;
            return Hits { strong: (0..self.rows.len() as u32).filter(|&at| is_shown(at)).collect(), weak: Vec::new() };
        }
        let last = self.last.take().filter(|last| narrows(&last.terms, &terms));
        let candidates: Vec<u32> = match last {
            Some(last) => last.rows.into_iter().chain(last.seen as u32..self.rows.len() as u32).collect(),
            None => (0..self.rows.len() as u32).collect(),
        };
        let ranked = self.rank(&terms, &candidates);
        let mut rows: Vec<u32> = ranked.iter().map(|&entry| entry as u32).collect();
        if !rows.is_sorted() {
            rows.sort_unstable();
        }
        self.last = Some(Last { terms, rows, seen: self.rows.len() });
        let (mut strong, mut weak): (Vec<u64>, Vec<u64>) =
            ranked.into_iter().filter(|&entry| is_shown(entry as u32)).partition(|&entry| rank_of(entry) >= STRONG_ROW);
        strong.sort_unstable();
        if weak.len() > MOST_WEAK {
            weak.select_nth_unstable(MOST_WEAK);
            weak.truncate(MOST_WEAK);
        }
        weak.sort_unstable();
        Hits {
            strong: strong.into_iter().map(|entry| entry as u32).collect(),
            weak: weak.into_iter().map(|entry| Weak { rank: rank_of(entry), row: entry as u32 }).collect(),
        }
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
        let needed = terms.iter().fold(0, |mask, term| mask | term.mask());
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
            let (mut rank, mut strong) = (0, true);
            let matched = terms.iter().all(|term| {
                let found = term.rank(&hay, &mut scattered);
                rank += found.unwrap_or(0);
                strong &= found.is_some_and(|found| found >= STRONG);
                found.is_some()
            });
            if matched {
                rank += if strong { STRONG_ROW } else { 0 };
                ranked.push((u64::from(u32::MAX - rank) << 32) | u64::from(at));
            }
        }
        ranked
    }
}

/// What a query found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hits {
    /// Rows that answer it, best first
    pub strong: Vec<u32>,
    /// Rows that match by chance as often as not, best first, [`MOST_WEAK`] at most
    pub weak: Vec<Weak>,
}

/// A weak match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weak {
    /// How good it is, to compare with those of other lists
    pub rank: u32,
    /// The row
    pub row: u32,
}

/// The rank of a row in which every word matches strongly is at least this.
const STRONG_ROW: u32 = 1 << 24;

fn rank_of(entry: u64) -> u32 {
    u32::MAX - (entry >> 32) as u32
}

/// Whether every row that matches the second query has matched the first: each word of the first begins the word in
/// its place.
fn narrows(before: &[Term], now: &[Term]) -> bool {
    let mut now = now.iter();
    before.iter().all(|old| now.next().is_some_and(|new| new.narrows(old)))
}

#[cfg(test)]
mod tests;
