//! What is kept outside of the machine to hold a trail against: its first key, and anchors, which say what a record was.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead};

use zeroize::Zeroizing;

use super::read::{Link, read_line};
use super::record::{self, Hash, Key};

/// The key that sealed the first record of a trail. With it every seal can be checked, by anybody who has it and on
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
    /// it, whatever stands in front of it.
    pub fn find(line: &str) -> Option<Self> {
        if let Some(at) = line.find(ANCHOR) {
            let mut words = line.get(at + ANCHOR.len()..)?.split_whitespace();
            let mut word = |name: &str| words.next()?.strip_prefix(name);
            return Some(Self {
                trail: record::from_hex(word("trail=")?.as_bytes())?,
                seq: word("seq=")?.parse().ok()?,
                hash: record::from_hex(word("hash=")?.as_bytes())?,
            });
        }
        if let Some(at) = line.find("{\"copy\":true,") {
            let copy: serde_json::Value = serde_json::from_str(line.get(at..)?.trim_end()).ok()?;
            return Some(Self {
                trail: record::from_hex(copy.get("trail")?.as_str()?.as_bytes())?,
                seq: copy.get("seq")?.as_u64()?,
                hash: record::from_hex(copy.get("hash")?.as_str()?.as_bytes())?,
            });
        }
        let record = line.get(line.find("{\"v\":1,\"trail\":")?..)?.trim_end();
        let link: Link<'_> = serde_json::from_str(record).ok()?;
        Some(Self {
            trail: record::from_hex(link.trail.as_bytes())?,
            seq: link.seq,
            hash: record::hash(record.as_bytes()),
        })
    }
}

/// Anchors from outside, by the record they speak of.
#[derive(Default, Debug)]
pub struct Anchors(pub(super) HashMap<([u8; 8], u64), Hash>);

impl Anchors {
    /// Adds one. One that contradicts another is given back: then somebody's records are not true.
    pub fn add(&mut self, anchor: Anchor) -> Result<(), Anchor> {
        match self.0.insert((anchor.trail, anchor.seq), anchor.hash) {
            Some(other) if other != anchor.hash => Err(anchor),
            _ => Ok(()),
        }
    }

    /// Reads all that a file holds: anchors, or a log with copies of records. Other lines are passed over. Returns how
    /// many there were, and the first that contradicts another.
    pub fn read(&mut self, mut from: impl BufRead) -> io::Result<(usize, Option<Anchor>)> {
        let (mut found, mut contradiction, mut buffer) = (0, None, Vec::new());
        while let Some(read) = read_line(&mut from, &mut buffer)? {
            let line = std::str::from_utf8(&buffer).ok().filter(|_| !read.long);
            if let Some(anchor) = line.and_then(Anchor::find) {
                found += 1;
                contradiction = contradiction.or(self.add(anchor).err());
            }
        }
        Ok((found, contradiction))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
