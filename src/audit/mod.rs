//! The audit trail: who did what, for which ticket, written before it happens.
//!
//! The order of things is the promise. [`Audit::intent`] returns only when the record is on the disk, and what it
//! returns is the only thing the API accepts as leave to fetch the value of a password. If the record cannot be
//! written, for whatever reason, there is no [`Intent`] and nothing is fetched. [`Audit::outcome`] adds what came
//! of it.
//!
//! # Files
//! In a directory of mode 0700, all files of mode 0600:
//! - `audit.log`: one JSON object a line, printable ASCII, only ever appended to. See `record` for the chain.
//! - `audit.key`: the key of the next record and where the log ended. See `state`.
//! - `audit.lock`: what processes lock while they append. It is never renamed or removed.
//!
//! # One record
//! Lock; open the log (append only, no links); compare it with the path, with what this process saw last and with
//! what `audit.key` remembers; walk over records that a crashed process wrote but did not note; close a torn line
//! with a line break and a `recovery` record (nothing is ever cut off); write the line in one call and count the
//! bytes; flush; look at the path again. A log that is shorter, another file or changed at its end stops all
//! reveals until a person has looked.
//!
//! # Members of a record
//! `v`, `trail`, `seq`, `kind` (`start`, `intent`, `outcome`, `recovery`); `time` in UTC, `clock_back` if it is
//! before the time of the record before; `boot`, `up_ms`; `uid`, `user`, `login_uid`, `tty`, `ssh`, `host`, `pid`,
//! `version`; for intents and outcomes `action`, `org`, `org_name`, `record` (kind), `record_id`, `record_name`,
//! `category`, `detail`, `ticket`, `reason`; for outcomes `of` (the `seq` of the intent), `result`, `way`, `sure`,
//! `why`, `server_date`; for recoveries `why`, `bytes`; at the end `prev` and `mac`. Empty members are left out.
//! Never a secret, its length or a hash of it.
//!
//! Calls block on the disk and on other processes for up to [`LOCK_WAIT`]: run them off the loop.

mod event;
mod file;
mod identity;
mod record;
mod state;

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use event::{Action, Event, Intent, NotPermitted, Outcome};
pub use identity::Identity;

use crate::text::Clean;
use file::{Access, Lock, Seen};
use record::{Line, MAX_LINE};
use state::State;

/// How long a record waits for other processes.
pub const LOCK_WAIT: Duration = Duration::from_secs(2);

/// How much may stand in the log behind what `audit.key` knows of. More is not left by a crash.
const MAX_UNNOTED: u64 = 1 << 20;

/// Why a record could not be written. In every case nothing may be fetched.
#[derive(thiserror::Error, Debug)]
#[expect(missing_docs, reason = "the messages say what each field is")]
pub enum AuditError {
    #[error("could not {what} {}: {source}", shown(path))]
    Io { what: &'static str, path: PathBuf, source: io::Error },
    #[error("the disk took only {written} of {wanted} bytes of a record in {}; free some space", shown(path))]
    Short { path: PathBuf, written: usize, wanted: usize },
    #[error(
        "another gluepot has held {} for more than {} s; find the one that hangs or was stopped",
        shown(path),
        waited.as_secs()
    )]
    Busy { path: PathBuf, waited: Duration },
    #[error("{} {why}", shown(path))]
    Unsafe { path: PathBuf, why: &'static str },
    #[error(
        "{} is gone although it held records; put it back, or move what is left of its directory aside",
        shown(path)
    )]
    Vanished { path: PathBuf },
    #[error("{} is not the file it was; put the old one back, or move the whole directory aside", shown(path))]
    Replaced { path: PathBuf },
    #[error("{} is shorter than it was; find out who cut it, then move the whole directory aside", shown(path))]
    Shrunk { path: PathBuf },
    #[error("{} was changed by something else; find out by what, then move the whole directory aside", shown(path))]
    Altered { path: PathBuf },
    #[error(
        "{} is missing or damaged, and without it no record can be added; put it back from a copy, or move the whole \
         directory aside",
        shown(path)
    )]
    KeyLost { path: PathBuf },
    #[error("the system gave no random numbers for the audit key")]
    NoRandomness,
}

fn shown(path: &Path) -> Clean {
    Clean::line(&path.to_string_lossy())
}

impl AuditError {
    fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { what, path: path.into(), source }
    }

    fn unsafe_file(path: &Path, why: &'static str) -> Self {
        Self::Unsafe { path: path.into(), why }
    }
}

/// The audit trail of this user.
#[derive(Debug)]
pub struct Audit {
    dir: PathBuf,
    log: PathBuf,
    key: PathBuf,
    lock: PathBuf,
    wait: Duration,
    identity: Identity,
    /// The log as this process left it
    seen: Mutex<Option<Seen>>,
}

impl Audit {
    /// Opens the trail in a directory, or begins one. A trail that is damaged, cut or replaced is an error here
    /// already; ask again later, since a full disk may have been emptied.
    pub fn open(dir: &Path, identity: Identity) -> Result<Self, AuditError> {
        Self::open_with_wait(dir, identity, LOCK_WAIT)
    }

    /// Opens the trail with another limit for waiting on other processes.
    pub fn open_with_wait(dir: &Path, identity: Identity, wait: Duration) -> Result<Self, AuditError> {
        let audit = Self {
            dir: dir.to_owned(),
            log: dir.join("audit.log"),
            key: dir.join("audit.key"),
            lock: dir.join("audit.lock"),
            wait,
            identity,
            seen: Mutex::new(None),
        };
        audit.locked(|_| Ok(()))?;
        Ok(audit)
    }

    /// Where the records are.
    pub fn path(&self) -> &Path {
        &self.log
    }

    /// Records what is about to happen, and returns once it is on the disk.
    pub fn intent(&self, event: &Event) -> Result<Intent, AuditError> {
        let (seq, trail) = self.locked(|trail| trail.append("intent", |line, _| describe(line, event)))?;
        Ok(Intent { seq, trail, event: event.clone(), spent: AtomicBool::new(false) })
    }

    /// Records what came of an intent. `server_date` is the `Date` of the answer, if there was one.
    pub fn outcome(&self, intent: &Intent, outcome: &Outcome, server_date: Option<&str>) -> Result<(), AuditError> {
        let (result, way, sure, why) = outcome.parts();
        self.locked(|trail| {
            trail.append("outcome", |line, current| {
                line.number("of", intent.seq).text("result", result, 40);
                // A new trail was begun in between: the number alone would point into the wrong one.
                if intent.trail != *current {
                    line.text("of_trail", &record::hex(&intent.trail), 16);
                }
                line.text("way", way, 80).text("sure", sure, 200).text("why", why, 300);
                line.text("server_date", server_date.unwrap_or_default(), 60);
                describe(line, &intent.event);
            })
        })?;
        Ok(())
    }

    /// Does something with the trail while no other process can.
    fn locked<T>(&self, work: impl FnOnce(&mut Trail<'_>) -> Result<T, AuditError>) -> Result<T, AuditError> {
        file::ready_directory(&self.dir)?;
        let _lock = Lock::take(&self.lock, self.wait)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut trail = Trail::open(self, *seen)?;
        let done = work(&mut trail);
        *seen = Some(trail.seen);
        done
    }
}

/// Writes the members that say what an event is about.
fn describe(line: &mut Line, event: &Event) {
    line.text("action", event.action.word(), 40);
    if let Some((id, name)) = &event.organization {
        line.number("org", id.0).text("org_name", name, 200);
    }
    line.text("record", event::kind_word(event.record.kind), 40)
        .number("record_id", event.record.id)
        .text("record_name", &event.record_name, 200)
        .text("category", &event.category, 100)
        .text("detail", &event.detail, 300)
        .text("ticket", &event.ticket, 100)
        .text("reason", &event.reason, 500);
}

/// The open trail, while the lock is held.
struct Trail<'a> {
    audit: &'a Audit,
    log: File,
    key: File,
    state: State,
    seen: Seen,
}

impl<'a> Trail<'a> {
    /// Opens both files, compares them with each other and with what this process saw last, and heals the end.
    fn open(audit: &'a Audit, before: Option<Seen>) -> Result<Self, AuditError> {
        let (key, state) = match file::open(&audit.key, Access::Update)? {
            Some((key, _)) => {
                let state = State::read(&key, &audit.key)?;
                (Some(key), state)
            }
            None => (None, None),
        };
        let log = file::open(&audit.log, Access::Append)?;
        let log_is_empty = log.as_ref().is_none_or(|(_, meta)| meta.len() == 0);
        let (key, state) = match (key, state) {
            (Some(key), Some(state)) => (key, state),
            // A trail without records, perhaps one whose key was being made when the power went.
            (key, None) if log_is_empty && before.is_none() => {
                let key = match key {
                    Some(key) => key,
                    None => file::create(&audit.key, Access::Update)?.0,
                };
                let state = State::new()?;
                state.write(&key, &audit.key)?;
                key.sync_all().map_err(|source| AuditError::io("flush", &audit.key, source))?;
                (key, state)
            }
            (_, _) => return Err(AuditError::KeyLost { path: audit.key.clone() }),
        };
        let (log, meta) = match log {
            Some(log) => log,
            None if state.next == 0 && before.is_none() => file::create(&audit.log, Access::Append)?,
            None => return Err(AuditError::Vanished { path: audit.log.clone() }),
        };
        let seen = file::seen(&meta);
        if let Some(before) = before {
            if (before.device, before.inode) != (seen.device, seen.inode) {
                return Err(AuditError::Replaced { path: audit.log.clone() });
            }
            if seen.size < before.size {
                return Err(AuditError::Shrunk { path: audit.log.clone() });
            }
        }
        let mut trail = Self { audit, log, key, state, seen };
        trail.catch_up(&meta)?;
        Ok(trail)
    }

    /// Brings the state to the end of the log: checks the last record, walks over those that were not noted, and
    /// closes what was not written whole.
    fn catch_up(&mut self, meta: &Metadata) -> Result<(), AuditError> {
        if meta.len() < self.state.size {
            return Err(AuditError::Shrunk { path: self.audit.log.clone() });
        }
        self.check_head()?;
        let unnoted = meta.len() - self.state.size;
        if unnoted > MAX_UNNOTED {
            return Err(AuditError::Altered { path: self.audit.log.clone() });
        }
        let mut broken = None;
        if unnoted > 0 {
            broken = self.walk(unnoted as usize)?;
        }
        if self.state.next == 0 {
            self.state.inode = self.seen.inode;
            self.write("start", broken.is_some_and(|(_, open)| open), |line, _| {
                line.number("bytes", broken.map_or(0, |(bytes, _)| bytes));
            })?;
        } else if let Some((bytes, open)) = broken {
            self.write("recovery", open, |line, _| {
                line.text("why", "a record was not written whole", 100).number("bytes", bytes);
            })?;
        }
        if self.state.inode != self.seen.inode {
            self.state.inode = self.seen.inode;
            self.write("recovery", false, |line, _| {
                line.text("why", "the file is a copy: same content, another file", 100);
            })?;
        }
        Ok(())
    }

    /// Compares the last line that was noted with its hash.
    fn check_head(&self) -> Result<(), AuditError> {
        if self.state.size == 0 {
            return Ok(());
        }
        let from = self.state.size.saturating_sub(MAX_LINE as u64 + 1);
        let mut tail = vec![0; (self.state.size - from) as usize];
        let read = self.read_log(&mut tail, from)?;
        let line = tail.get(..read).and_then(|tail| tail.strip_suffix(b"\n"));
        let line = line.map(|tail| tail.rsplit(|&byte| byte == b'\n').next().unwrap_or_default());
        if line.is_some_and(|line| record::hash(line) == self.state.head) {
            Ok(())
        } else {
            Err(AuditError::Altered { path: self.audit.log.clone() })
        }
    }

    /// Walks over what stands behind the noted end. Returns how many bytes at the end are no record of ours, and
    /// whether they lack a line break.
    fn walk(&mut self, len: usize) -> Result<Option<(u64, bool)>, AuditError> {
        let mut bytes = vec![0; len];
        let read = self.read_log(&mut bytes, self.state.size)?;
        let bytes = bytes.get(..read).unwrap_or_default();
        let mut broken = 0;
        let mut open = false;
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (text, whole) = line.strip_suffix(b"\n").map_or((line, false), |text| (text, true));
            if whole && record::is_sealed(text, &self.state.head, &self.state.key) {
                self.state.advance(text, line.len() as u64);
                broken = 0;
            } else {
                // Its hash goes into the chain, so that nobody can change it later either.
                self.state.head = record::hash(text);
                self.state.size += line.len() as u64;
                broken += line.len() as u64;
                open = !whole;
            }
        }
        Ok((broken > 0).then_some((broken, open)))
    }

    fn read_log(&self, buffer: &mut [u8], from: u64) -> Result<usize, AuditError> {
        state::read_at(&self.log, buffer, from).map_err(|source| AuditError::io("read", &self.audit.log, source))
    }

    /// Adds a record and flushes it to the disk.
    fn append(&mut self, kind: &str, fill: impl FnOnce(&mut Line, &[u8; 8])) -> Result<(u64, [u8; 8]), AuditError> {
        let seq = self.state.next;
        self.write(kind, false, fill)?;
        Ok((seq, self.state.trail))
    }

    /// Writes one line in one call, flushes it, and notes the new end. `torn` closes an open line before it.
    fn write(&mut self, kind: &str, torn: bool, fill: impl FnOnce(&mut Line, &[u8; 8])) -> Result<(), AuditError> {
        let path = &self.audit.log;
        let now = jiff::Timestamp::now();
        let mut line = Line::new(kind, &self.state.trail, self.state.next);
        let millis = now.as_millisecond();
        line.text("time", &now.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(), 40)
            .flag("clock_back", millis < self.state.time);
        self.audit.identity.describe(&mut line);
        fill(&mut line, &self.state.trail);
        let sealed = line.seal(&self.state.head, &self.state.key);
        let mut bytes = Vec::with_capacity(sealed.len() + 1);
        if torn {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(&sealed);

        let written = loop {
            match self.log.write(&bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(|source| AuditError::io("add a record to", path, source))?,
            }
        };
        if written != bytes.len() {
            return Err(AuditError::Short { path: path.clone(), written, wanted: bytes.len() });
        }
        self.log.sync_data().map_err(|source| AuditError::io("flush", path, source))?;

        // What was opened must still be what the path names, and nobody else may have written into it.
        let meta = file::check(&self.log, path)?;
        if meta.len() != self.state.size + bytes.len() as u64 {
            return Err(AuditError::Altered { path: path.clone() });
        }
        self.seen = file::seen(&meta);
        self.state.advance(sealed.trim_ascii_end(), bytes.len() as u64);
        self.state.time = millis;
        self.state.write(&self.key, &self.audit.key)
    }
}

#[cfg(all(test, unix))]
mod tests;
