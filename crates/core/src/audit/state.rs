//! What is remembered about the trail beside it: the key of the next record and where the file ends.
//!
//! The file `audit.key` is one line of text within one disk sector, overwritten in place under the lock, so that
//! the old key is gone from the file and a crash leaves either the old line or the new one. It is written after
//! the record is on the disk and is not flushed separately: if the power fails it is some records behind, and the
//! next opening walks those records forward with the keys they were sealed with.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::AuditError;
use super::record::{self, Hash, Key};

/// Length of the file: one sector.
const LEN: usize = 512;

/// The clocks at one moment: the one people set, and the one of the boot, which cannot be set back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Clock {
    /// Milliseconds since 1970
    pub(super) time: i64,
    /// When the host started, by the clock as it is now, and the first bytes of the name of that start. As long as
    /// the clock is not set this stays the same; `None` where the kernel does not name its starts.
    pub(super) booted: Option<(i64, [u8; 4])>,
}

impl Clock {
    pub(super) fn new(time: i64, up_ms: u64, boot_id: &str) -> Self {
        let name = boot_id.get(..8).and_then(|name| record::from_hex(name.as_bytes()));
        Self { time, booted: name.map(|name| (time.saturating_sub_unsigned(up_ms), name)) }
    }
}

/// The state of the trail.
pub(super) struct State {
    /// The name of the trail: it goes through all records, also over several files
    pub(super) trail: [u8; 8],
    /// The number of the next record
    pub(super) next: u64,
    /// The number of the first record in the log: the name it gets when it is closed
    pub(super) first: u64,
    /// Whether the log is being closed; see `full`
    pub(super) rotating: bool,
    /// The length of the log with all records so far
    pub(super) size: u64,
    /// Bytes of the log that are not records: incomplete texts
    pub(super) waste: u64,
    /// Bytes behind that length that were found not to be whole, and that no record mentions yet
    pub(super) torn: u64,
    /// The file the log was, as the file system numbers it
    pub(super) inode: u64,
    /// The time of the last record, in milliseconds
    pub(super) time: i64,
    /// What the clock said when the host started and which start that was, by the last record; see [`Clock`]
    pub(super) booted: Option<(i64, [u8; 4])>,
    /// The hash of the last line
    pub(super) head: Hash,
    /// The key of the next record
    pub(super) key: Key,
}

impl State {
    /// A new trail with a new, unknown key.
    pub(super) fn new() -> Result<Self, AuditError> {
        let mut trail = [0; 8];
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut trail).map_err(|_| AuditError::NoRandomness)?;
        getrandom::fill(&mut key[..]).map_err(|_| AuditError::NoRandomness)?;
        Ok(Self {
            trail,
            next: 0,
            first: 0,
            rotating: false,
            size: 0,
            waste: 0,
            torn: 0,
            inode: 0,
            time: 0,
            booted: None,
            head: [0; 32],
            key,
        })
    }

    /// Takes the step over one record.
    pub(super) fn advance(&mut self, line: &[u8], len_in_file: u64) {
        self.head = record::hash(line);
        self.key = record::next_key(&self.key);
        self.next += 1;
        self.size += len_in_file;
    }

    /// By how many milliseconds the clock went back since the last record; 0 if it did not. That the time is before
    /// that of the last record shows it on every host; that the clock moved against the one of the boot also shows it
    /// when the last record is long ago.
    pub(super) fn went_back(&self, now: &Clock) -> u64 {
        if self.next == 0 {
            return 0;
        }
        let by_time = self.time.saturating_sub(now.time);
        let by_boot = match (self.booted, now.booted) {
            (Some((before, boot)), Some((now, same))) if boot == same => before.saturating_sub(now),
            _ => 0,
        };
        // Two clocks are never read at the same instant, and a leap second is not a step.
        let by_boot = if by_boot < 2_000 { 0 } else { by_boot };
        u64::try_from(by_time.max(by_boot)).unwrap_or(0)
    }

    /// Takes the clocks of a record for those of the last.
    pub(super) fn set_clock(&mut self, now: &Clock) {
        (self.time, self.booted) = (now.time, now.booted);
    }

    fn to_text(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(LEN * 2));
        let _ = write!(
            out,
            "gluepot-audit-key 2 trail={} next={} first={} rotating={} size={} inode={} time={} head={} key={}",
            record::hex(&self.trail),
            self.next,
            self.first,
            u8::from(self.rotating),
            self.size,
            self.inode,
            self.time,
            record::hex(&self.head),
            Zeroizing::new(record::hex(&self.key[..])).as_str()
        );
        for (name, number) in [("waste", self.waste), ("torn", self.torn)] {
            if number > 0 {
                let _ = write!(out, " {name}={number}");
            }
        }
        if let Some((time, name)) = self.booted {
            let _ = write!(out, " booted={time} boot={}", record::hex(&name));
        }
        let sum = record::hash(out.as_bytes());
        let _ = write!(out, " sum={}", record::hex(&sum));
        while out.len() < LEN - 1 {
            out.push(' ');
        }
        out.push('\n');
        out
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?.trim_ascii_end();
        let (body, sum) = text.rsplit_once(" sum=")?;
        if record::from_hex::<32>(sum.as_bytes())? != record::hash(body.as_bytes()) {
            return None;
        }
        // The first form knew of one file only.
        let (body, one_file) = match body.strip_prefix("gluepot-audit-key 2 ") {
            Some(body) => (body, false),
            None => (body.strip_prefix("gluepot-audit-key 1 ")?, true),
        };
        let mut words = body.split(' ');
        let mut word = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
        let mut state = Self {
            trail: record::from_hex(word("trail")?.as_bytes())?,
            next: word("next")?.parse().ok()?,
            first: if one_file { 0 } else { word("first")?.parse().ok()? },
            rotating: !one_file && word("rotating")? == "1",
            size: word("size")?.parse().ok()?,
            waste: 0,
            torn: 0,
            inode: word("inode")?.parse().ok()?,
            time: word("time")?.parse().ok()?,
            booted: None,
            head: record::from_hex(word("head")?.as_bytes())?,
            key: Zeroizing::new(record::from_hex(word("key")?.as_bytes())?),
        };
        // Not there where there is nothing to say, or the system does not tell.
        let mut time = None;
        for word in words {
            match word.split_once('=') {
                Some(("waste", number)) => state.waste = number.parse().ok()?,
                Some(("torn", number)) => state.torn = number.parse().ok()?,
                Some(("booted", number)) => time = Some(number.parse().ok()?),
                Some(("boot", name)) => state.booted = Some((time?, record::from_hex(name.as_bytes())?)),
                _ => {}
            }
        }
        Some(state)
    }

    /// Reads the file; `None` if it does not hold a whole state.
    pub(super) fn read(file: &File, path: &Path) -> Result<Option<Self>, AuditError> {
        let bytes = read_at(file, LEN, 0).map_err(|source| AuditError::io("read", path, source))?;
        Ok(Self::from_text(&Zeroizing::new(bytes)))
    }

    /// Overwrites the file.
    pub(super) fn write(&self, mut file: &File, path: &Path) -> Result<(), AuditError> {
        let text = self.to_text();
        let written = file.rewind().and_then(|()| file.write_all(text.as_bytes()));
        written.map_err(|source| AuditError::io("write", path, source))
    }
}

/// Reads up to this many bytes from a place in a file.
pub(super) fn read_at(mut file: &File, len: usize, offset: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(len);
    file.seek(SeekFrom::Start(offset))?;
    file.take(len as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_back_as_it_was_written_and_fits_one_sector() {
        let mut state = State::new().unwrap();
        (state.next, state.first, state.size, state.inode) = (u64::MAX, u64::MAX, u64::MAX, u64::MAX);
        (state.waste, state.torn) = (u64::MAX, u64::from(u32::MAX));
        (state.time, state.rotating, state.booted) = (i64::MIN, true, Some((i64::MIN, [255; 4])));
        let text = state.to_text();
        assert_eq!(text.len(), LEN);
        let back = State::from_text(text.as_bytes()).unwrap();
        assert_eq!((back.trail, back.next, back.size, back.time), (state.trail, u64::MAX, u64::MAX, i64::MIN));
        assert_eq!((back.waste, back.torn), (state.waste, state.torn));
        assert_eq!((back.first, back.rotating, back.booted), (u64::MAX, true, state.booted));
        assert_eq!(*back.key, *state.key);
    }

    #[test]
    fn a_state_without_the_clock_of_the_boot_is_whole() {
        let text = State::new().unwrap().to_text();
        assert!(!text.contains("booted"));
        assert_eq!(State::from_text(text.as_bytes()).unwrap().booted, None);
    }

    #[test]
    fn a_clock_that_went_back_is_told_by_its_time_or_by_the_clock_of_the_boot() {
        const BOOT: &str = "0011aabb-1111-2222-3333-444455556666";
        const OTHER: &str = "99999999-1111-2222-3333-444455556666";
        let mut state = State::new().unwrap();
        let then = Clock::new(10_000_000, 1_000_000, BOOT);
        assert_eq!(state.went_back(&then), 0, "there is no record yet");
        state.set_clock(&then);
        state.next = 1;
        let back = |time, up_ms, boot| state.went_back(&Clock::new(time, up_ms, boot));
        assert_eq!(back(10_005_000, 1_005_000, BOOT), 0, "five seconds later");
        assert_eq!(back(9_999_000, 1_005_000, BOOT), 6_000, "an earlier time, and six seconds against the boot");
        assert_eq!(back(10_400_000, 4_000_000, BOOT), 2_600_000, "50 minutes later the clock was set back 43");
        assert_eq!(back(90_000_000, 1_005_000, BOOT), 0, "set forward");
        assert_eq!(back(10_400_000, 4_000, OTHER), 0, "the host was started anew: only the time counts");
        assert_eq!(back(9_000_000, 4_000, OTHER), 1_000_000);
        assert_eq!(back(10_400_000, 4_000_000, OTHER), 0, "another host on the same files, up for longer");
        assert_eq!(back(10_003_001, 1_005_000, BOOT), 0, "no more than a leap second");
        assert_eq!(back(10_003_000, 1_005_000, BOOT), 2_000);
        assert_eq!(Clock::new(5, 3, "").booted, None);
    }

    #[test]
    fn a_damaged_state_is_not_taken_for_a_whole_one() {
        let text = State::new().unwrap().to_text();
        let end = text.trim_ascii_end().len();
        for at in 0..end {
            let mut bad = text.as_bytes().to_vec();
            bad[at] ^= 1;
            assert!(State::from_text(&bad).is_none(), "byte {at}");
            assert!(State::from_text(&text.as_bytes()[..at]).is_none(), "cut at {at}");
        }
    }
}
