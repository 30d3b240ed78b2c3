//! Logs that are full: closing one and beginning the next, and what closed ones are called.

use std::fs::File;
use std::path::Path;

use super::AuditError;
use super::file::{self, Access};
use super::keep::Audit;
use super::state::State;
use super::trail::Trail;

/// The name of a log that was closed, by the number of its first record.
pub(super) fn closed_name(first: u64) -> String {
    format!("audit-{first:012}.log")
}

impl Trail<'_> {
    /// Closes the log and begins a new one.
    pub(super) fn rotate(&mut self) -> Result<(), AuditError> {
        self.state.rotating = true;
        self.state.write(&self.key, &self.audit.key)?;
        self.key.sync_all().map_err(|source| AuditError::io("flush", &self.audit.key, source))?;
        finish_rotation(self.audit, &mut self.state, &self.key)?;
        let Some((log, meta)) = file::open(&self.audit.log, Access::Append)? else {
            return Err(AuditError::Vanished { path: self.audit.log.clone() });
        };
        (self.log, self.seen) = (log, file::seen(&meta));
        self.catch_up(&meta)
    }
}

/// Completes the closing of a log from wherever it was left: the old name, the new name, or the new log made too.
pub(super) fn finish_rotation(audit: &Audit, state: &mut State, key: &File) -> Result<(), AuditError> {
    let closed = audit.dir.join(closed_name(state.first));
    if closed.symlink_metadata().is_err() {
        let Some((_, meta)) = file::open(&audit.log, Access::Append)? else {
            return Err(AuditError::Vanished { path: audit.log.clone() });
        };
        if meta.len() != state.size {
            return Err(AuditError::Altered { path: audit.log.clone() });
        }
        std::fs::rename(&audit.log, &closed).map_err(|source| AuditError::io("rename the full", &audit.log, source))?;
    }
    match file::open(&closed, Access::Append)? {
        Some((_, meta)) if meta.len() == state.size => {}
        Some(_) => return Err(AuditError::Altered { path: closed }),
        None => return Err(AuditError::Vanished { path: closed }),
    }
    // Making it flushes the directory, and with it the new name of the old one.
    let meta = match file::open(&audit.log, Access::Append)? {
        None => file::create(&audit.log, Access::Append)?.1,
        Some((_, meta)) if meta.len() == 0 => {
            file::flush_names(&audit.log)?;
            meta
        }
        Some(_) => return Err(AuditError::Altered { path: audit.log.clone() }),
    };
    (state.first, state.size, state.inode, state.rotating) = (state.next, 0, file::seen(&meta).inode, false);
    (state.waste, state.torn) = (0, 0);
    state.write(key, &audit.key)?;
    key.sync_all().map_err(|source| AuditError::io("flush", &audit.key, source))
}

/// The name of the newest closed log before a record, if one is still here.
pub(super) fn closed_before(dir: &Path, first: u64) -> Option<String> {
    let names = std::fs::read_dir(dir).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| closed_first(name).is_some_and(|number| number < first)).max()
}

/// The number in the name of a closed log.
pub(super) fn closed_first(name: &str) -> Option<u64> {
    let number = name.strip_prefix("audit-")?.strip_suffix(".log")?;
    number.parse().ok().filter(|&first| closed_name(first) == name)
}
