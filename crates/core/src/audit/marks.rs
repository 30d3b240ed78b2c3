//! What is kept outside of the machine to hold a trail against: its first key, and anchors, which say what a record was.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead};

use zeroize::Zeroizing;

use super::read::{Link, read_line};
use super::record::{self, Hash, Key};

/// The key that sealed the first record of a trail. With it anyone can check every seal, on
/// any machine; with it one can also forge, so it is kept where the people of the trail are not.
pub struct FirstKey {
    pub(super) trail: [u8; 8],
    pub(super) key: Key,
}

const FIRST_KEY: &str = "gluepot-first-key 1 ";
const ANCHOR: &str = "gluepot-anchor 1 ";

impl FirstKey {
    /// One line of text with a check sum, so that a mistake in copying is noticed.
    pub fn to_text(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(record::hex(&self.key[..]));
        let mut text = Zeroizing::new(String::with_capacity(200));
        text.extend([FIRST_KEY, "trail=", &record::hex(&self.trail), " key=", &key]);
        let sum = record::hash(text.as_bytes());
        text.extend([" sum=", record::hex(&sum).get(..8).unwrap_or_default()]);
        text
    }

    /// Finds the line in a text; `None` if it is not there whole.
    pub fn find(text: &str) -> Option<Self> {
        text.lines().find_map(|line| {
            let line = line.trim();
            let (body, sum) = line.rsplit_once(" sum=")?;
            if record::hex(&record::hash(body.as_bytes())).get(..8) != Some(sum) {
                return None;
            }
            let (trail, key) = body.strip_prefix(FIRST_KEY)?.strip_prefix("trail=")?.split_once(" key=")?;
            Some(Self {
                trail: record::from_hex(trail.as_bytes())?,
                key: Zeroizing::new(record::from_hex(key.as_bytes())?),
            })
        })
    }
}

/// What one record was: the hash of its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    pub(super) trail: [u8; 8],
    pub(super) seq: u64,
    pub(super) hash: Hash,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ANCHOR}trail={} seq={} hash={}", record::hex(&self.trail), self.seq, record::hex(&self.hash))
    }
}

impl Anchor {
    /// Finds what a line says about a record: an anchor as it is printed, or the copy of a record as a log system keeps
    /// it, whatever is before it.
    pub fn find(line: &str) -> Option<Self> {
        Said::find(line).map(|said| said.anchor)
    }
}

/// What a line says about a record, and in which form.
struct Said<'a> {
    anchor: Anchor,
    /// The text that has a seal, if it is a copy and not an anchor
    copy: Option<&'a str>,
    /// The copy is not the whole record
    cut: bool,
}

impl<'a> Said<'a> {
    fn find(line: &'a str) -> Option<Self> {
        if let Some(at) = line.find(ANCHOR) {
            let mut words = line.get(at + ANCHOR.len()..)?.split_whitespace();
            let mut word = |name: &str| words.next()?.strip_prefix(name);
            let anchor = Anchor {
                trail: record::from_hex(word("trail=")?.as_bytes())?,
                seq: word("seq=")?.parse().ok()?,
                hash: record::from_hex(word("hash=")?.as_bytes())?,
            };
            return Some(Self { anchor, copy: None, cut: false });
        }
        if let Some(at) = line.find("{\"copy\":true,") {
            let text = line.get(at..)?.trim_end();
            let copy: serde_json::Value = serde_json::from_str(text).ok()?;
            let anchor = Anchor {
                trail: record::from_hex(copy.get("trail")?.as_str()?.as_bytes())?,
                seq: copy.get("seq")?.as_u64()?,
                hash: record::from_hex(copy.get("hash")?.as_str()?.as_bytes())?,
            };
            return Some(Self { anchor, copy: Some(text), cut: true });
        }
        let record = line.get(line.find("{\"v\":1,\"trail\":")?..)?.trim_end();
        let link: Link<'_> = serde_json::from_str(record).ok()?;
        let anchor = Anchor {
            trail: record::from_hex(link.trail.as_bytes())?,
            seq: link.seq,
            hash: record::hash(record.as_bytes()),
        };
        Some(Self { anchor, copy: Some(record), cut: false })
    }
}

/// How far the key is walked to check a copy: no trail has as many records.
const MAX_NUMBER: u64 = 5_000_000;

/// A key is kept after this many steps, so that copies in any order are checked quickly.
const KEPT: u64 = 1_000;

/// The keys of the records of a trail, walked to when they are requested.
struct Keys {
    trail: [u8; 8],
    kept: Vec<Key>,
    /// The key that was requested last, and its number
    last: (u64, Key),
}

impl Keys {
    fn of(first: &FirstKey) -> Self {
        Self { trail: first.trail, kept: vec![first.key.clone()], last: (0, first.key.clone()) }
    }

    fn at(&mut self, seq: u64) -> Option<&Key> {
        if seq > MAX_NUMBER {
            return None;
        }
        let behind = (seq / KEPT).min(self.kept.len() as u64 - 1);
        if seq < self.last.0 || self.last.0 < behind * KEPT {
            self.last = (behind * KEPT, self.kept.get(behind as usize)?.clone());
        }
        while self.last.0 < seq {
            self.last = (self.last.0 + 1, record::next_key(&self.last.1));
            if self.last.0 == self.kept.len() as u64 * KEPT {
                self.kept.push(self.last.1.clone());
            }
        }
        Some(&self.last.1)
    }

    /// Whether the seal of a copy is that of this trail; `None` for copies of other trails.
    fn sealed(&mut self, said: &Said<'_>) -> Option<bool> {
        let copy = said.copy.filter(|_| said.anchor.trail == self.trail)?;
        let Some(key) = self.at(said.anchor.seq) else { return Some(false) };
        if said.cut {
            let parts = copy.strip_suffix("\"}").and_then(|copy| copy.rsplit_once(",\"seal\":\""));
            return Some(parts.is_some_and(|(body, seal)| record::copy_seal(key, body.as_bytes()) == seal));
        }
        let link: Link<'_> = serde_json::from_str(copy).ok()?;
        let prev = record::from_hex(link.prev.as_bytes());
        Some(prev.is_some_and(|prev| record::is_sealed(copy.as_bytes(), &prev, key)))
    }
}

/// What is said about one record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Claim {
    pub(super) hash: Hash,
    /// By a copy, as a log system keeps it
    pub(super) copy: bool,
}

/// An honest trail never has more versions of one record.
const MAX_CLAIMS: usize = 8;

/// Anchors and copies from outside, by their record.
#[derive(Default)]
pub struct Anchors {
    pub(super) claims: HashMap<([u8; 8], u64), Vec<Claim>>,
    /// What `audit.key` beside the trail remembers
    pub(super) note: Option<Anchor>,
    keys: Option<Keys>,
    /// Copies whose seal is not that of the trail: they count for nothing
    pub(super) forged: u64,
    pub(super) first_forged: Option<u64>,
}

impl fmt::Debug for Anchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Anchors").field("claims", &self.claims).field("forged", &self.forged).finish_non_exhaustive()
    }
}

impl Anchors {
    /// Of the copies of this trail, only those with its seal will count.
    pub fn checked_with(first: &FirstKey) -> Self {
        Self { keys: Some(Keys::of(first)), ..Self::default() }
    }

    /// Adds what `audit.key` beside the trail remembers. It is not from outside.
    pub fn set_note(&mut self, note: Anchor) {
        self.note = Some(note);
    }

    /// Adds one. One that contradicts another is given back: then two different records had the same number.
    pub fn add(&mut self, anchor: Anchor) -> Result<(), Anchor> {
        self.claim(anchor, false)
    }

    fn claim(&mut self, anchor: Anchor, copy: bool) -> Result<(), Anchor> {
        let claims = self.claims.entry((anchor.trail, anchor.seq)).or_default();
        let differs = claims.iter().any(|claim| claim.hash != anchor.hash);
        if let Some(claim) = claims.iter_mut().find(|claim| claim.hash == anchor.hash) {
            claim.copy |= copy;
        } else if claims.len() < MAX_CLAIMS {
            claims.push(Claim { hash: anchor.hash, copy });
        }
        if differs { Err(anchor) } else { Ok(()) }
    }

    /// Reads all that a file holds: anchors, or a log with copies of records. Other lines are passed over. Returns how
    /// many there were, and the first that contradicts another.
    pub fn read(&mut self, mut from: impl BufRead) -> io::Result<(usize, Option<Anchor>)> {
        let (mut found, mut contradiction, mut buffer) = (0, None, Vec::new());
        while let Some(read) = read_line(&mut from, &mut buffer)? {
            let line = std::str::from_utf8(&buffer).ok().filter(|_| !read.long);
            let Some(said) = line.and_then(Said::find) else { continue };
            found += 1;
            if self.keys.as_mut().and_then(|keys| keys.sealed(&said)) == Some(false) {
                self.forged += 1;
                self.first_forged.get_or_insert(said.anchor.seq);
                continue;
            }
            contradiction = contradiction.or(self.claim(said.anchor, said.copy.is_some()).err());
        }
        Ok((found, contradiction))
    }

    /// The number of the first record of a trail that has a copy.
    pub(super) fn first_copy(&self, trail: [u8; 8]) -> Option<u64> {
        let copied =
            self.claims.iter().filter(|((of, _), claims)| *of == trail && claims.iter().any(|claim| claim.copy));
        copied.map(|((_, seq), _)| *seq).min()
    }

    /// Of how many records something is said outside.
    pub fn len(&self) -> usize {
        self.claims.len()
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_first_key_reads_back_and_a_mistyped_one_does_not() {
        let key = FirstKey { trail: [3; 8], key: Zeroizing::new([7; 32]) };
        let text = key.to_text();
        let back = FirstKey::find(&format!("# kept by Robin\n  {}\r\n", text.as_str())).unwrap();
        assert_eq!((back.trail, *back.key), ([3; 8], [7; 32]));
        for at in 0..text.len() {
            let mut bad = text.as_bytes().to_vec();
            bad[at] ^= 1;
            assert!(FirstKey::find(std::str::from_utf8(&bad).unwrap()).is_none(), "byte {at}");
        }
    }

    #[test]
    fn an_anchor_is_found_in_what_surrounds_it() {
        let anchor = Anchor { trail: [3; 8], seq: 12, hash: [9; 32] };
        assert_eq!(Anchor::find(&format!("Nov 22 jump1 note: {anchor} (Robin)")), Some(anchor));
        assert_eq!(Anchor::find(ANCHOR), None);
        assert_eq!(Anchor::find("{\"copy\":true,\"seq\":1}"), None);
    }

    #[test]
    fn anchors_that_contradict_each_other_are_told() {
        let (one, other) = (Anchor { trail: [3; 8], seq: 12, hash: [9; 32] }, [8; 32]);
        let text = format!("{one}\nnoise\n{}\n", Anchor { hash: other, ..one });
        let (found, contradiction) = Anchors::default().read(text.as_bytes()).unwrap();
        assert_eq!(found, 2);
        assert_eq!(contradiction.map(|anchor| anchor.hash), Some(other));
        let (found, contradiction) = Anchors::default().read(format!("{one}\n{one}\n").as_bytes()).unwrap();
        assert_eq!((found, contradiction), (2, None), "one that was noted twice contradicts nothing");
    }
}
