//! The quota over several processes: one small file that counts the requests of all gluepot of one user on one host.
//!
//! **Who shares.** IT Glue counts by account, and two keys may belong to one account, so the file is for an address of
//! the API and not for a key: nothing in it or in its name comes from a key. Two accounts behind one address share it
//! too; each then gets less than it could, never more. Other users of the host have files of their own, and so have
//! other hosts that share the home folder (the boot id is part of the name): what they use shows in a 429, after which
//! all of them take less.
//!
//! **What is in it.** How many requests were sent in each of the last 301 parts of a window (a part is a second), until
//! when IT Glue wants quiet, how often in a row it said 429, and how much of the quota we allow ourselves since. Times
//! are of the boot clock, which no program sets.
//!
//! **What can go wrong.** The file is opened each time, without following links, and used only if it is ours alone.
//! It is locked for microseconds; who cannot have the lock for [`LOCK_PATIENCE`] does without. A file that makes no
//! sense (its checksum tells) is started again with a careful limit. Without the file the process counts for itself and
//! keeps to `ALONE`(super::quota::ALONE) of the quota. Nothing here waits on the thread of the screen.

mod record;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub(crate) use record::{Deed, View};
use record::{Record, SIZE, checksum, millis};

use crate::settings::Pace;
use gluepot_core::clock::BootTime;
use gluepot_core::private_file::{
    Access, LockError, Make, check_own_folder, create_private_dir, judge, lock, open_own,
};

/// How long the lock is waited for.
const LOCK_PATIENCE: Duration = Duration::from_millis(100);
/// A file system that takes longer than this is done without.
const ANSWER_PATIENCE: Duration = Duration::from_millis(500);
/// No more threads than this wait for a file system that hangs.
const MOST_WAITING: usize = 8;
/// Files of boots and addresses that were unused for this long are removed.
const FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);

/// Why the file cannot be used, in words.
pub(crate) type Unusable = String;

/// The file of one address.
pub(crate) struct Ledger {
    path: PathBuf,
    pace: Pace,
    waiting: AtomicUsize,
}

impl Ledger {
    /// The file for an address in that folder. Nothing is opened yet.
    pub(crate) fn new(folder: &Path, address: &str, pace: Pace) -> Self {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let name = u64::from_be_bytes(checksum(format!("{} {address}", boot.trim()).as_bytes()));
        Self { path: folder.join(format!("{name:016x}")), pace, waiting: AtomicUsize::new(0) }
    }

    /// Does something with the file, off this thread and within a bounded time.
    pub(crate) async fn ask(self: &Arc<Self>, deed: Deed) -> Result<View, Unusable> {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(format!("{} does not answer", self.path.display()));
        }
        let ledger = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let result = ledger.transact(deed);
            ledger.waiting.fetch_sub(1, Ordering::SeqCst);
            result
        });
        match tokio::time::timeout(ANSWER_PATIENCE, work).await {
            Ok(Ok(result)) => result.map_err(|error| format!("{}: {error}", self.path.display())),
            Ok(Err(_)) => Err("the count of requests broke off".to_owned()),
            Err(_) => Err(format!("{} does not answer", self.path.display())),
        }
    }

    fn transact(&self, deed: Deed) -> io::Result<View> {
        let file = lock(LOCK_PATIENCE, || self.open(), is_there).map_err(|error| match error {
            LockError::Busy => io::Error::other("somebody keeps it locked"),
            LockError::Failed(error) | LockError::Open(error) => error,
        })?;
        let now = BootTime::now().millis();
        let mut bytes = vec![0; SIZE + 1];
        let length = read_at_start(&file, &mut bytes)?;
        bytes.truncate(length);
        let window = millis(self.pace.window);
        let before = Record::read(&bytes);
        let mut record = match &before {
            Some(record) if record.window == window => record.clone(),
            Some(_) => Record::careful(self.pace, now),
            None if bytes.is_empty() => {
                self.sweep();
                Record::new(window)
            }
            None => {
                tracing::warn!("the count of requests was damaged and is begun anew");
                Record::careful(self.pace, now)
            }
        };
        let view = record.apply(deed, self.pace, now);
        if before.as_ref() != Some(&record) {
            write_at_start(&file, &record.write())?;
            file.set_len(SIZE as u64)?;
        }
        Ok(view)
    }

    fn open(&self) -> io::Result<File> {
        // The folder may be a link, if it leads to one of mine that others cannot change.
        if let Some(folder) = self.path.parent() {
            create_private_dir(folder)?;
            check_own_folder(folder).map_err(io::Error::other)?;
        }
        let file = open_own(&self.path, Access::Update, Make::Missing)?;
        judge(&file.metadata()?, 0o022)
            .map_err(|_| io::Error::other("it is not an ordinary file of mine alone; remove it"))?;
        Ok(file)
    }

    /// Removes what other boots and addresses left behind. What cannot be removed does no harm.
    fn sweep(&self) {
        let Some(entries) = self.path.parent().and_then(|folder| std::fs::read_dir(folder).ok()) else { return };
        for entry in entries.flatten().take(1_000) {
            let is_ours = entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let age = entry.metadata().ok().and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
            if is_ours && entry.path() != self.path && age.is_some_and(|age| age > FORGOTTEN) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether a file still has a name: whoever removed it has cut us off from those who come after.
#[cfg(unix)]
fn is_there(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
}

/// An open file cannot be removed there.
#[cfg(not(unix))]
fn is_there(_: &File) -> bool {
    true
}

fn read_at_start(mut file: &File, bytes: &mut [u8]) -> io::Result<usize> {
    use std::io::Read as _;
    let mut length = 0;
    while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn write_at_start(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    use std::io::{Seek as _, Write as _};
    file.seek(io::SeekFrom::Start(0))?;
    file.write_all(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;
