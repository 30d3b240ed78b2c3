//! What a crash leaves behind the last record, and what it cannot leave.
//!
//! A record is written in one call, its line break last. What breaks off before the end therefore has no line break and is
//! no whole JSON object. A whole record that reached the disk before `audit.key` was written is known by its seal. All
//! else behind the noted end was written by something else.

use super::record::{self, Hash, MAX_LINE};
use super::{AuditError, Trail};

/// More than this in a row is not left by crashes: nothing is as long as the longest record.
pub(super) const MAX_TORN: u64 = MAX_LINE as u64;

/// Text behind the last record that crashes left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Broken {
    /// How many bytes, with the line breaks between
    pub(super) bytes: u64,
    /// Whether its last line has no line break yet
    pub(super) open: bool,
}

/// Whether a line may be a record that was not written whole: printable as all that we write, and no whole object at its
/// beginning, whatever follows that.
pub(super) fn is_torn(text: &[u8]) -> bool {
    text.iter().all(|byte| (b' '..=b'~').contains(byte)) && !begins_with_an_object(text)
}

fn begins_with_an_object(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<serde::de::IgnoredAny>();
    text.starts_with(b"{") && matches!(values.next(), Some(Ok(_)))
}

/// The hash that the record after several torn lines names.
pub(super) fn hash_of(text: &[u8]) -> Hash {
    let mut lines = text.strip_suffix(b"\n").unwrap_or(text).split(|&byte| byte == b'\n');
    let first = record::hash(lines.next().unwrap_or_default());
    lines.fold(first, |head, line| record::hash_after(&head, line))
}

impl Trail<'_> {
    /// Walks over what is behind the noted end: records that a crash kept `audit.key` from noting, and at most one text
    /// that was not written whole, which has no line break unless the record that was to close it broke off, too.
    pub(super) fn walk(&mut self, len: usize) -> Result<Option<Broken>, AuditError> {
        let path = self.audit.log.clone();
        let inserted = |next: u64| AuditError::Inserted { path: path.clone(), after: next.checked_sub(1) };
        let bytes = self.read_log(len, self.state.size)?;
        let Some((judged, mut rest)) = bytes.split_at_checked(self.state.torn as usize) else {
            return Err(AuditError::Shrunk { path });
        };
        let mut torn = judged.to_vec();
        if !torn.split(|&byte| byte == b'\n').all(is_torn) {
            return Err(inserted(self.state.next));
        }
        if !torn.is_empty() && !torn.ends_with(b"\n") {
            match rest.split_first() {
                Some((b'\n', more)) => {
                    torn.push(b'\n');
                    rest = more;
                }
                Some(_) => return Err(inserted(self.state.next)),
                None => {}
            }
        }
        for line in rest.split_inclusive(|&byte| byte == b'\n') {
            let (text, whole) = line.strip_suffix(b"\n").map_or((line, false), |text| (text, true));
            let head = if torn.is_empty() { self.state.head } else { hash_of(&torn) };
            if record::is_sealed(text, &head, &self.state.key) {
                self.pass_over(torn.len() as u64);
                torn.clear();
                self.state.advance(text, line.len() as u64);
                if !whole {
                    self.add_line_break()?;
                }
            } else if !whole && is_torn(text) {
                torn.extend_from_slice(text);
            } else {
                return Err(inserted(self.state.next));
            }
        }
        if torn.len() as u64 > MAX_TORN {
            return Err(inserted(self.state.next));
        }
        if torn.is_empty() {
            return Ok(None);
        }
        // Noted before it is closed: a crash in between leaves a line break, which nothing else could be told by.
        if self.state.torn != torn.len() as u64 {
            self.state.torn = torn.len() as u64;
            self.state.write(&self.key, &self.audit.key)?;
            let flushed = self.key.sync_all();
            flushed.map_err(|source| AuditError::io("flush", &self.audit.key, source))?;
        }
        let broken = Broken { bytes: torn.len() as u64, open: !torn.ends_with(b"\n") };
        self.pass_over(broken.bytes);
        // Its hash goes into the chain, so that nobody can change it later.
        self.state.head = hash_of(&torn);
        Ok(Some(broken))
    }

    /// Counts text that is no record to what is behind us. It does not bring the end of the file nearer: else whoever
    /// writes junk decides when a log is closed.
    fn pass_over(&mut self, bytes: u64) {
        self.state.size += bytes;
        self.state.waste += bytes;
        self.state.torn = 0;
    }

    /// Ends a record of which only the line break is missing.
    fn add_line_break(&mut self) -> Result<(), AuditError> {
        let path = &self.audit.log;
        let written = super::file::write_once(&mut self.log, b"\n");
        if written.map_err(|source| AuditError::io("add to", path, source))? != 1 {
            return Err(AuditError::Short { path: path.clone(), written: 0, wanted: 1 });
        }
        self.log.sync_data().map_err(|source| AuditError::io("flush", path, source))?;
        self.state.size += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_off_is_told_from_what_was_put_there() {
        for torn in ["", "{\"v\":1,\"trail\":\"01", "{\"v\":1}}"[..6].trim(), "half a line", "{", "{\"a\":{\"b\":1}"] {
            assert!(is_torn(torn.as_bytes()), "{torn:?}");
        }
        for whole in ["{}", "{\"v\":1}", " {\"v\":1}", "{\"v\":1} x", "{\"v\":1}{\"v\":1", "{\"v\":1,\"v\":1}  "] {
            assert!(!is_torn(whole.as_bytes()), "{whole:?}");
        }
        for foreign in [&b"\0\0\0"[..], b"{\"v\":1}\0", b"{\"v\"\t", b"\xff", b"a\r", b"{\"v\":1}\r"] {
            assert!(!is_torn(foreign), "{foreign:?}");
        }
    }
}
