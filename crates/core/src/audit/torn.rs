//! What a crash leaves behind the last record, and what it cannot leave.
//!
//! A record is written in one call, its line break last. Text that was cut off therefore has no line break and is
//! not a whole JSON object; zeros may replace what a disk lost.
//! A whole record that reached the disk before `audit.key` was written is known by its seal. All
//! else behind the noted end was written by something else.

use super::AuditError;
use super::record::{self, Hash, Key, MAX_LINE};
use super::trail::Trail;

/// More than this in a row is not left by crashes: nothing is as long as the longest record.
pub(super) const MAX_TORN: u64 = MAX_LINE as u64;

/// Text behind the last record that crashes left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Broken {
    /// How many bytes, with the line breaks between
    pub(super) bytes: u64,
    /// Whether its last line has no line break yet
    pub(super) open: bool,
    /// Whether our own records are in it that were written when another had been written in their place
    pub(super) overtaken: bool,
}

/// What a record says about those. Writing it needs today's key.
pub(super) const OVERTAKEN: &str = "another process, whose lock does not reach here, wrote first";

/// This many of the keys that were walked over or used are remembered.
const WALKED: usize = 8;

/// Hashes and keys of the last records. Never printed.
#[derive(Clone, Default)]
pub(super) struct Recent(Vec<(Hash, Key)>);

impl Recent {
    pub(super) fn push(&mut self, head: Hash, key: Key) {
        self.0.push((head, key));
        let more = self.0.len().saturating_sub(WALKED);
        self.0.drain(..more);
    }
}

impl std::fmt::Debug for Recent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recent").finish_non_exhaustive()
    }
}

/// Whether a line may be a record that was not written whole: printable as all that we write, and no whole object at its
/// beginning, whatever follows that. What a disk lost of it may be zeros.
pub(super) fn is_torn(text: &[u8]) -> bool {
    let end = text.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let written = text.get(..end).unwrap_or_default();
    written.iter().all(|byte| (b' '..=b'~').contains(byte)) && !begins_with_an_object(written)
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
    /// that was not written whole, which has no line break unless the record that was to close it was also cut.
    pub(super) fn walk(&mut self, len: usize) -> Result<Option<Broken>, AuditError> {
        let path = self.audit.log.clone();
        let inserted = |next: u64| AuditError::Inserted { path: path.clone(), after: next.checked_sub(1) };
        let bytes = self.read_log(len, self.state.size)?;
        let (mut torn, rest) = self.judged_before(&bytes)?;
        let mine = self.audit.overtaken.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let recent = self.audit.recent.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let (mut overtaken, mut walked) = (false, recent);
        for line in rest.split_inclusive(|&byte| byte == b'\n') {
            let (text, whole) = line.strip_suffix(b"\n").map_or((line, false), |text| (text, true));
            let head = if torn.is_empty() { self.state.head } else { hash_of(&torn) };
            if record::is_sealed(text, &head, &self.state.key) {
                self.pass_over(torn.len() as u64);
                torn.clear();
                overtaken = false;
                walked.push(self.state.head, self.state.key.clone());
                self.state.advance(text, line.len() as u64);
                if !whole {
                    self.add_line_break()?;
                }
            } else if !whole && is_torn(text) {
                torn.extend_from_slice(text);
            } else if whole && (mine.contains(&text.to_vec()) || self.has_been_overtaken(text, &walked)) {
                // Another host wrote first: the record is genuine, was never acknowledged, and is in no chain.
                torn.extend_from_slice(line);
                overtaken = true;
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
        // Noted before it is closed: a crash in between leaves a line break, and nothing else would explain it.
        if !overtaken && self.state.torn != torn.len() as u64 {
            self.state.torn = torn.len() as u64;
            self.state.write(&self.key, &self.audit.key)?;
            let flushed = self.key.sync_all();
            flushed.map_err(|source| AuditError::io("flush", &self.audit.key, source))?;
        }
        let broken = Broken { bytes: torn.len() as u64, open: !torn.ends_with(b"\n"), overtaken };
        self.pass_over(broken.bytes);
        // Its hash goes into the chain, so that a later change shows.
        self.state.head = hash_of(&torn);
        Ok(Some(broken))
    }

    /// The text that was found to be torn before and noted, with the line break that closed it, and what is behind.
    fn judged_before<'b>(&self, bytes: &'b [u8]) -> Result<(Vec<u8>, &'b [u8]), AuditError> {
        let path = &self.audit.log;
        let inserted = || AuditError::Inserted { path: path.clone(), after: self.state.next.checked_sub(1) };
        let Some((judged, mut rest)) = bytes.split_at_checked(self.state.torn as usize) else {
            return Err(AuditError::Shrunk { path: self.audit.log.clone() });
        };
        let mut torn = judged.to_vec();
        if !torn.split(|&byte| byte == b'\n').all(is_torn) {
            return Err(inserted());
        }
        if !torn.is_empty() && !torn.ends_with(b"\n") {
            match rest.split_first() {
                Some((b'\n', more)) => {
                    torn.push(b'\n');
                    rest = more;
                }
                // The closing is lost as well: zeros continue where it was.
                Some(_) if rest.iter().all(|&byte| byte == 0) => torn.extend_from_slice(std::mem::take(&mut rest)),
                Some(_) => return Err(inserted()),
                None => {}
            }
        }
        Ok((torn, rest))
    }

    /// Whether a line has the seal of a record in whose place another one is.
    fn has_been_overtaken(&self, text: &[u8], walked: &Recent) -> bool {
        record::is_sealed(text, &self.state.head, &self.state.key)
            || walked.0.iter().any(|(head, key)| record::is_sealed(text, head, key))
    }

    /// Counts text that is not a record as done. It does not bring the end of the file nearer, or whatever
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
        for torn in [
            "",
            "{\"v\":1,\"trail\":\"01",
            "{\"v\":1}}"[..6].trim(),
            "half a line",
            "{",
            "{\"a\":{\"b\":1}",
            "\0\0",
            "{\"v\":1,\"tr\0\0",
        ] {
            assert!(is_torn(torn.as_bytes()), "{torn:?}");
        }
        for whole in ["{}", "{\"v\":1}", " {\"v\":1}", "{\"v\":1} x", "{\"v\":1}{\"v\":1", "{\"v\":1,\"v\":1}  "] {
            assert!(!is_torn(whole.as_bytes()), "{whole:?}");
        }
        for foreign in [&b"\0\0x"[..], b"{\"v\":1}\0", b"{\"v\"\0:1", b"{\"v\"\t", b"\xff", b"a\r", b"{\"v\":1}\r"] {
            assert!(!is_torn(foreign), "{foreign:?}");
        }
    }
}
