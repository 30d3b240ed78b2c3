//! Looking after a trail: beginning one whose first key is known, laying a damaged one aside, and looking at one that
//! is being written to.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::file::{self, Access, Lock};
use super::full::closed_first;
use super::keep::{Audit, Keeping, LOCK_WAIT, Left};
use super::marks::{Anchor, FirstKey};
use super::read::{Source, sources};
use super::state::State;
use super::trail::Trail;
use super::{AuditError, Identity};

/// What the first record of a trail says about the one before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Predecessor {
    /// The folder it was moved to
    pub(super) aside: String,
    /// How many logs that were
    pub(super) logs: u64,
    /// Its last record, as far as it was known
    pub(super) anchor: Option<Anchor>,
    /// Why a person laid it aside
    pub(super) reason: String,
}

/// The files of a trail in a directory: its logs, its key, but not its lock.
fn files_of(dir: &Path) -> Result<Vec<PathBuf>, AuditError> {
    let entries = std::fs::read_dir(dir).map_err(|source| AuditError::io("read the directory", dir, source))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            (name == "audit.log" || name == "audit.key" || closed_first(&name).is_some()).then(|| dir.join(name))
        })
        .collect();
    files.sort_unstable();
    Ok(files)
}

/// Begins a trail. Its first key is handed out once, before anything is sealed with it, and then forgotten: if `give`
/// fails, there is no trail.
pub fn begin(
    dir: &Path,
    identity: Identity,
    keeping: Keeping,
    give: impl FnOnce(&FirstKey) -> io::Result<()>,
) -> Result<Audit, AuditError> {
    file::ready_directory(dir)?;
    let audit = Audit::new(dir, identity, keeping);
    let lock = Lock::take(&audit.lock, audit.wait)?;
    if !files_of(dir)?.is_empty() {
        return Err(AuditError::Exists { dir: dir.to_owned() });
    }
    let state = new_key(&audit, give)?;
    first_record(&audit, &state)?;
    drop(lock);
    Ok(audit)
}

/// Moves what is left of a trail to a folder beside it and begins a new one, whose first record says why and what the
/// last known record of the old one was. Returns the folder.
pub fn restart(
    dir: &Path,
    identity: Identity,
    keeping: Keeping,
    reason: &str,
    give: impl FnOnce(&FirstKey) -> io::Result<()>,
) -> Result<(Audit, PathBuf), AuditError> {
    file::ready_directory(dir)?;
    let mut audit = Audit::new(dir, identity, keeping);
    let lock = Lock::take(&audit.lock, audit.wait)?;
    let files = files_of(dir)?;
    let state = new_key(&audit, give)?;
    let name = format!("aside-{}", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ"));
    let aside = dir.join(&name);
    crate::private_file::create_private_dir(&aside)
        .map_err(|source| AuditError::io("make the directory", &aside, source))?;
    let anchor = note(&audit.key);
    for from in &files {
        let to = aside.join(from.file_name().unwrap_or_default());
        std::fs::rename(from, to).map_err(|source| AuditError::io("lay aside", from, source))?;
    }
    file::flush_names(&aside.join("audit.log"))?;
    file::flush_names(&audit.log)?;
    let logs = files.iter().filter(|file| !file.ends_with("audit.key")).count() as u64;
    audit.before = Some(Predecessor { aside: name, logs, anchor, reason: reason.to_owned() });
    first_record(&audit, &state)?;
    drop(lock);
    Ok((audit, aside))
}

/// Makes a key and hands it out.
fn new_key(audit: &Audit, give: impl FnOnce(&FirstKey) -> io::Result<()>) -> Result<State, AuditError> {
    let state = State::new()?;
    let first = FirstKey { trail: state.trail, key: state.key.clone() };
    give(&first).map_err(|source| AuditError::io("hand out the first key of", &audit.log, source))?;
    Ok(state)
}

/// Writes the key and the first record. The lock is held.
fn first_record(audit: &Audit, state: &State) -> Result<(), AuditError> {
    let (key, _) = file::create(&audit.key, Access::Update)?;
    state.write(&key, &audit.key)?;
    key.sync_all().map_err(|source| AuditError::io("flush", &audit.key, source))?;
    drop(key);
    let trail = Trail::open(audit, None)?;
    file::remember(&audit.dir, &trail.state.trail);
    let left = Left { trail: trail.state.trail, first: trail.state.first, file: trail.seen };
    *audit.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(left);
    Ok(())
}

/// The last record in `audit.key`; `None` if it is missing or damaged, or there is no record yet.
fn note(path: &Path) -> Option<Anchor> {
    // There may be a pipe in its place, which would never respond.
    let file = path.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|_| File::open(path).ok())?;
    let state = State::read(&file, path).ok()??;
    Some(Anchor { trail: state.trail, seq: state.next.checked_sub(1)?, hash: state.head })
}

/// A trail at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// Its files, oldest first, as long as they were
    pub sources: Vec<Source>,
    /// The last record, as `audit.key` knows it; `None` if that file is missing or damaged
    pub note: Option<Anchor>,
}

/// Looks at the trail in a directory. Nothing is changed: it may be a copy, or another user's.
pub fn snapshot(dir: &Path) -> Result<Snapshot, AuditError> {
    let lock = dir.join("audit.lock");
    // Nothing writes to our own trail meanwhile, nor to a copy.
    let held = lock.exists().then(|| Lock::take(&lock, LOCK_WAIT));
    if let Some(Err(error @ AuditError::Busy { .. })) = held {
        return Err(error);
    }
    let note = note(&dir.join("audit.key"));
    Ok(Snapshot { sources: sources(dir)?, note })
}
