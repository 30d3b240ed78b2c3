//! What is remembered about the trail beside it: the key of the next record and where the file ends.
//!
//! The file `audit.key` is one line of text within one disk sector, overwritten in place under the lock, so that
//! the old key is gone from the file and a crash leaves either the old line or the new one. It is written after
//! the record is on the disk and not flushed by itself: if the power fails it is some records behind, and the
//! next opening walks those records forward with the keys they were sealed with.

use std::fmt::Write;
use std::fs::File;
use std::path::Path;

use zeroize::Zeroizing;

use super::AuditError;
use super::record::{self, Hash, Key};

/// Length of the file: one sector.
const LEN: usize = 512;

/// Where the trail stands.
pub(super) struct State {
    /// The name of the trail: it goes through all records, also over several files
    pub(super) trail: [u8; 8],
    /// The number of the next record
    pub(super) next: u64,
    /// The number of the first record in the log: the name it gets when it is closed
    pub(super) first: u64,
    /// Whether the log is being closed; see [`super::Trail::rotate`]
    pub(super) rotating: bool,
    /// The length of the log with all records so far
    pub(super) size: u64,
    /// The file the log was, as the file system numbers it
    pub(super) inode: u64,
    /// The time of the last record, in milliseconds
    pub(super) time: i64,
    /// The hash of the last line
    pub(super) head: Hash,
    /// The key of the next record
    pub(super) key: Key,
}

impl State {
    /// A new trail with a key that nobody has seen.
    pub(super) fn new() -> Result<Self, AuditError> {
        let mut trail = [0; 8];
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut trail).map_err(|_| AuditError::NoRandomness)?;
        getrandom::fill(&mut key[..]).map_err(|_| AuditError::NoRandomness)?;
        Ok(Self { trail, next: 0, first: 0, rotating: false, size: 0, inode: 0, time: 0, head: [0; 32], key })
    }

    /// Takes the step over one record.
    pub(super) fn advance(&mut self, line: &[u8], len_in_file: u64) {
        self.head = record::hash(line);
        self.key = record::next_key(&self.key);
        self.next += 1;
        self.size += len_in_file;
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
        Some(Self {
            trail: record::from_hex(word("trail")?.as_bytes())?,
            next: word("next")?.parse().ok()?,
            first: if one_file { 0 } else { word("first")?.parse().ok()? },
            rotating: !one_file && word("rotating")? == "1",
            size: word("size")?.parse().ok()?,
            inode: word("inode")?.parse().ok()?,
            time: word("time")?.parse().ok()?,
            head: record::from_hex(word("head")?.as_bytes())?,
            key: Zeroizing::new(record::from_hex(word("key")?.as_bytes())?),
        })
    }

    /// Reads the file; `None` if it does not hold a whole state.
    pub(super) fn read(file: &File, path: &Path) -> Result<Option<Self>, AuditError> {
        let mut bytes = Zeroizing::new([0; LEN]);
        let read = read_at(file, &mut bytes[..], 0).map_err(|source| AuditError::io("read", path, source))?;
        Ok(bytes.get(..read).and_then(Self::from_text))
    }

    /// Overwrites the file.
    pub(super) fn write(&self, file: &File, path: &Path) -> Result<(), AuditError> {
        write_at_start(file, self.to_text().as_bytes()).map_err(|source| AuditError::io("write", path, source))
    }
}

/// Reads until the buffer is full or the file ends.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(file, rest, offset + filled as u64);
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(file, rest, offset + filled as u64);
        match read {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn write_at_start(file: &File, bytes: &[u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, 0)
}

#[cfg(windows)]
fn write_at_start(file: &File, bytes: &[u8]) -> std::io::Result<()> {
    match std::os::windows::fs::FileExt::seek_write(file, bytes, 0)? {
        n if n == bytes.len() => Ok(()),
        _ => Err(std::io::ErrorKind::WriteZero.into()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_back_as_it_was_written_and_fits_one_sector() {
        let mut state = State::new().unwrap();
        (state.next, state.first, state.size, state.inode) = (u64::MAX, u64::MAX, u64::MAX, u64::MAX);
        (state.time, state.rotating) = (i64::MIN, true);
        let text = state.to_text();
        assert_eq!(text.len(), LEN);
        let back = State::from_text(text.as_bytes()).unwrap();
        assert_eq!((back.trail, back.next, back.size, back.time), (state.trail, u64::MAX, u64::MAX, i64::MIN));
        assert_eq!((back.first, back.rotating), (u64::MAX, true));
        assert_eq!(*back.key, *state.key);
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
