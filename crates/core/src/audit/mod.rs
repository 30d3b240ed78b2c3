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
//! - `audit-000000000000.log` and so on: logs that were full. The number is that of their first record. They are
//!   never written again; whoever wants them elsewhere may move them, the chain goes on without them.
//!
//! # A full log
//! Before a record would go into a log that has reached its size, the log gets its number and a new one is begun,
//! whose first record has the kind `continue`. Name of the trail, sequence, hashes and keys go on. That a log is being
//! closed stands in `audit.key`, on the disk, before the first name changes, so that whoever comes next after a crash
//! completes it.
//!
//! # One record
//! Lock; open the log (append only, no links); compare it with the path, with what this process saw last and with
//! what `audit.key` remembers; walk over records that a crashed process wrote but did not note; close a torn line
//! with a line break and a `recovery` record (nothing is ever cut off), and refuse whatever else is there (see `torn`); write the line in one call and count the
//! bytes; flush; look at the path again; read the line back from the disk, since a flush may report success for what
//! was not written. A log that is shorter, another file or changed at its end stops all reveals until a person has
//! looked.
//!
//! # Members of a record
//! `v`, `trail`, `seq`, `kind` (`start`, `continue`, `intent`, `outcome`, `recovery`); `time` in UTC, `clock_back`
//! and `back_ms` if the clock went back since the record before, by its time or against the clock of the boot;
//! `unsent`, how many copies of this process's records before did not go out; `boot`, `up_ms`; `uid`, `user`,
//! `login_uid` and, where it is another user, its name `login`; `tty`, `ssh`, `host`, `pid`, `version`; for intents and
//! outcomes `action`, `org`, `org_name`, `record` (kind), `record_id`, `record_name`, `version_id` (of an earlier version
//! of a password), `category`, `detail`, `ticket`, `reason`, `cautions` (what the person was told before and accepted: words
//! of [`Caution`] with commas between); for outcomes `of` (the `seq` of the intent), `of_trail` where that is another trail,
//! `result`, `way`, `sure`, `why`, `server_date`; for recoveries `why`, `bytes`; for continues `follows` (the name of the log
//! before); for a start after a trail that was archived `aside` (its folder), `logs` (how many files), `why` and `before` (an anchor), and after one that
//! was there before and is gone `gone` (its name); at the end
//! `prev` and `mac`. Empty members are left out.
//! Never a secret, its length or a hash of it.
//!
//! Calls block on the disk and on other processes for up to [`LOCK_WAIT`]: run them off the loop.

mod care;
mod chain;
mod event;
mod file;
mod identity;
mod marks;
mod read;
mod record;
mod sink;
mod state;
mod ticket;
mod torn;
mod verify;
pub mod view;

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use care::{Snapshot, begin, restart, snapshot};
pub use event::{Action, Caution, Event, Intent, NotPermitted, Outcome, Reference};
pub use identity::Identity;
pub use marks::{Anchor, Anchors, FirstKey};
pub use read::{Entry, Source, each, in_order, sources};
pub use sink::{Sink, System};
pub use ticket::{same_ticket, ticket_form};
pub use verify::outside::rows as records;
pub use verify::{Fault, Report, Wrong, verify, verify_from};

use crate::text::Clean;
use file::{Access, Lock, Seen};
use record::{Line, MAX_LINE};
use state::{Clock, State};

/// How long a record waits for other processes.
pub const LOCK_WAIT: Duration = Duration::from_secs(2);

/// By how much the clock may go back before somebody is told and nothing is fetched until then.
const CLOCK_STEP: Duration = Duration::from_secs(60);

/// How much may stand in the log behind what `audit.key` knows of. More is not left by a crash.
const MAX_UNNOTED: u64 = 1 << 20;

/// The size at which a log is closed and a new one begun, unless it is set otherwise.
pub const FULL: u64 = 64 << 20;

/// How often it is tried to put right what another host overtook.
const HEALING: u32 = 6;

/// More than all words for cautions together.
const MAX_CAUTIONS: usize = 300;

/// The name of a log that was closed, by the number of its first record.
fn closed_name(first: u64) -> String {
    format!("audit-{first:012}.log")
}

/// Why a record could not be written. In every case nothing may be fetched.
#[derive(thiserror::Error, Debug)]
#[expect(missing_docs, reason = "the messages say what each field is")]
pub enum AuditError {
    #[error("could not {what} {}: {source}", shown(path))]
    Io { what: &'static str, path: PathBuf, source: io::Error },
    #[error("the disk took only {written} of {wanted} bytes of a record in {}; free some space", shown(path))]
    Short { path: PathBuf, written: usize, wanted: usize },
    #[error(
        "the disk said that it took a record for {} and does not hold it; it is full below or fails: free some space, or \
         see the system's log",
        shown(path)
    )]
    NotKept { path: PathBuf },
    #[error(
        "another gluepot has held {} for more than {} s; find the one that hangs or was stopped",
        shown(path),
        waited.as_secs()
    )]
    Busy { path: PathBuf, waited: Duration },
    #[error("{} {why}", shown(path))]
    Unsafe { path: PathBuf, why: &'static str },
    #[error(
        "{} is gone although it held records; put it back, or begin a new trail with: gluepot audit restart",
        shown(path)
    )]
    Vanished { path: PathBuf },
    #[error(
        "{} is not the file it was; put the old one back, or begin a new trail with: gluepot audit restart",
        shown(path)
    )]
    Replaced { path: PathBuf },
    #[error(
        "{} is shorter than it was; find out who cut it, then begin a new trail: gluepot audit restart",
        shown(path)
    )]
    Shrunk { path: PathBuf },
    #[error(
        "{} was changed by something else; look at it with gluepot audit verify, then begin a new trail: gluepot audit \
         restart",
        shown(path)
    )]
    Altered { path: PathBuf },
    #[error(
        "{} has lines behind {} that gluepot did not write, and nothing is added to them; look at them with gluepot audit \
         verify, then archive the trail and start a new one: gluepot audit restart --reason TEXT",
        shown(path),
        record_name(*after)
    )]
    Inserted { path: PathBuf, after: Option<u64> },
    #[error(
        "{} is missing or damaged, and without it no record can be added; begin a new trail with: gluepot audit restart",
        shown(path)
    )]
    KeyLost { path: PathBuf },
    #[error(
        "the record is on the disk, but its copy did not reach {} at {}: {source}; see that it runs, or change sink \
         and require_sink under [audit]",
        system.name(),
        shown(socket)
    )]
    Sink { system: System, socket: PathBuf, source: io::Error },
    #[error(
        "the clock of this host went back by {} since the last record, and the trail says so now; look at the clock, then \
         try again",
        length(*by)
    )]
    ClockBack { by: Duration },
    #[error("another trail was begun in {}; leave this gluepot and start it again", shown(dir))]
    Restarted { dir: PathBuf },
    #[error(
        "there is a trail in {} already, and its first key is not to be had any more; to begin another and keep this one \
         aside: gluepot audit restart",
        shown(dir)
    )]
    Exists { dir: PathBuf },
    #[error("the system gave no random numbers for the audit key")]
    NoRandomness,
}

fn shown(path: &Path) -> Clean {
    Clean::line(&path.to_string_lossy())
}

fn record_name(number: Option<u64>) -> String {
    number.map_or_else(|| "its beginning".to_owned(), |number| format!("record {number}"))
}

/// A length of time in the largest unit that makes sense.
fn length(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}

impl AuditError {
    fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { what, path: path.into(), source }
    }

    /// What happened, for one line of a screen: with the names of files only. [`std::fmt::Display`] says all of it.
    pub fn brief(&self) -> String {
        let name = |path: &Path| shown(Path::new(path.file_name().unwrap_or(path.as_os_str()))).to_string();
        match self {
            Self::Io { what, path, source } => {
                let why = source.to_string();
                format!("could not {what} {}: {}", name(path), why.split(" (os error").next().unwrap_or_default())
            }
            Self::Short { written, wanted, .. } => {
                format!("the disk took only {written} of {wanted} bytes of the record")
            }
            Self::NotKept { path } => format!("the disk did not keep what it took for {}", name(path)),
            Self::Busy { path, waited } => {
                format!("another gluepot has held {} for more than {} s", name(path), waited.as_secs())
            }
            Self::Unsafe { path, why } => format!("{} {why}", name(path)),
            Self::Vanished { path } => format!("{} is gone although it held records", name(path)),
            Self::Replaced { path } => format!("{} is not the file it was", name(path)),
            Self::Shrunk { path } => format!("{} is shorter than it was", name(path)),
            Self::Altered { path } => format!("{} was changed by something else", name(path)),
            Self::Inserted { path, .. } => format!("{} has lines that gluepot did not write", name(path)),
            Self::KeyLost { path } => format!("{} is missing or damaged", name(path)),
            Self::Sink { system, .. } => format!("the record's copy did not reach {}", system.name()),
            Self::ClockBack { by } => format!("the clock of this host went back by {}", length(*by)),
            Self::Restarted { .. } => "another trail was begun meanwhile".into(),
            Self::Exists { .. } => "there is a trail already".into(),
            Self::NoRandomness => "the system gave no random numbers for the audit key".into(),
        }
    }

    /// What to do about it, as short.
    pub fn advice(&self) -> &'static str {
        use io::ErrorKind;

        match self {
            Self::Io { source, .. } => match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => "free some space",
                ErrorKind::ReadOnlyFilesystem => "have the disk mounted for writing",
                ErrorKind::PermissionDenied => "fix owner and mode of the audit folder",
                _ => "the disk fails, see the system's log",
            },
            Self::Short { .. } => "free some space",
            Self::NotKept { .. } => "it is full or fails, see the system's log",
            Self::Busy { .. } => "find the process that hangs",
            Self::Unsafe { .. } => "find out who did that and undo it",
            Self::Vanished { .. } => "put it back or run gluepot audit restart",
            Self::Replaced { .. } => "put it back or run gluepot audit restart",
            Self::Shrunk { .. } => "find who cut it, run gluepot audit restart",
            Self::Altered { .. } => "run gluepot audit verify, then audit restart",
            Self::Inserted { .. } => "run gluepot audit verify, then audit restart",
            Self::KeyLost { .. } => "run gluepot audit restart",
            Self::Sink { .. } => "see that it runs",
            Self::ClockBack { .. } => "it is on record now; see to the clock",
            Self::Restarted { .. } => "leave gluepot and start it again",
            Self::Exists { .. } => "to begin another run gluepot audit restart",
            Self::NoRandomness => "try again",
        }
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
    /// The size at which a log is closed
    full: u64,
    sink: Option<Sink>,
    /// How many copies did not go out since the last record
    unsent: AtomicU64,
    identity: Identity,
    /// What the first record of this trail says about the trail it follows
    before: Option<care::Predecessor>,
    /// Records of this process that it was not told to have written, since others had written first
    overtaken: Mutex<Vec<Vec<u8>>>,
    /// The hashes and keys of the last records this process wrote: with them it knows a record that another host wrote in
    /// the place of one of those. Nowhere but in memory
    recent: Mutex<torn::Recent>,
    /// The log as this process left it
    seen: Mutex<Option<Left>>,
}

/// What a process remembers of the log it wrote to last.
#[derive(Clone, Copy, Debug)]
struct Left {
    trail: [u8; 8],
    /// The number of the first record in that log
    first: u64,
    file: Seen,
}

/// How a trail is kept.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Keeping {
    /// How long a record waits for other processes
    pub wait: Duration,
    /// The size in bytes at which a log is closed and a new one begun
    pub full: u64,
    /// Where copies of the records go
    pub sink: Option<Sink>,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { wait: LOCK_WAIT, full: FULL, sink: None }
    }
}

impl Audit {
    /// Opens the trail in a directory, or begins one. A trail that is damaged, cut or replaced is an error here
    /// already; ask again later, since a full disk may have been emptied.
    pub fn open(dir: &Path, identity: Identity) -> Result<Self, AuditError> {
        Self::open_with(dir, identity, Keeping::default())
    }

    /// Opens the trail to be kept in another way than the usual.
    pub fn open_with(dir: &Path, identity: Identity, keeping: Keeping) -> Result<Self, AuditError> {
        let audit = Self::new(dir, identity, keeping);
        audit.locked(|_| Ok(()))?;
        Ok(audit)
    }

    /// Touches nothing yet.
    fn new(dir: &Path, identity: Identity, keeping: Keeping) -> Self {
        Self {
            dir: dir.to_owned(),
            log: dir.join("audit.log"),
            key: dir.join("audit.key"),
            lock: dir.join("audit.lock"),
            wait: keeping.wait,
            full: keeping.full,
            sink: keeping.sink,
            unsent: AtomicU64::new(0),
            identity,
            before: None,
            overtaken: Mutex::new(Vec::new()),
            recent: Mutex::new(torn::Recent::default()),
            seen: Mutex::new(None),
        }
    }

    /// The clocks now.
    fn clock(&self) -> Clock {
        Clock::new(jiff::Timestamp::now().as_millisecond(), identity::up_ms(), &self.identity.boot_id)
    }

    /// Where the records are.
    pub fn path(&self) -> &Path {
        &self.log
    }

    /// Records what is about to happen, and returns once it is on the disk and its copy, where one is required, with
    /// the log system.
    pub fn intent(&self, event: &Event) -> Result<Intent, AuditError> {
        let (seq, trail) = self.locked(|trail| {
            trail.heed_clock()?;
            let seq = trail.next()?;
            trail.append("intent", |line, _| describe(line, event)).inspect_err(|error| {
                if matches!(error, AuditError::Sink { .. }) {
                    // The intent stands in the file: say that nothing came of it. That this has no copy either is known.
                    let _ = trail.append("outcome", |line, _| {
                        line.number("of", seq).text("result", "refused", 40);
                        line.text("why", "a copy of the record is required and could not be sent", 300);
                        describe(line, event);
                    });
                }
            })
        })?;
        Ok(Intent { seq, trail, event: event.clone(), spent: AtomicBool::new(false) })
    }

    /// Records what came of an intent. `server_date` is the `Date` of the answer, if there was one.
    pub fn outcome(&self, intent: &Intent, outcome: &Outcome, server_date: Option<&str>) -> Result<(), AuditError> {
        self.close(&intent.reference(), outcome, |line| {
            line.text("server_date", server_date.unwrap_or_default(), 60);
            describe(line, &intent.event);
        })
    }

    /// Records what came of an intent of another process, of which only its place is known.
    pub fn outcome_of(&self, intent: &Reference, outcome: &Outcome) -> Result<(), AuditError> {
        self.close(intent, outcome, |_| {})
    }

    /// Appends an outcome with whatever else is known of it.
    fn close(&self, intent: &Reference, outcome: &Outcome, more: impl Fn(&mut Line)) -> Result<(), AuditError> {
        let (result, way, sure, why) = outcome.parts();
        self.locked(|trail| {
            trail.append("outcome", |line, current| {
                line.number("of", intent.seq).text("result", result, 40);
                // A new trail was begun in between: the number alone would point into the wrong one.
                if intent.trail != *current {
                    line.text("of_trail", &record::hex(&intent.trail), 16);
                }
                line.text("way", way, 80).text("sure", sure, 200).text("why", why, 300);
                more(line);
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
        if seen.is_none_or(|seen| seen.trail != trail.state.trail) {
            file::remember(&self.dir, &trail.state.trail);
        }
        let done = work(&mut trail);
        if let Err(AuditError::Altered { .. }) = &done {
            // What we wrote in the place of another record is ours to put right: few others can tell whose it is. The other
            // host may write again meanwhile.
            for pause in 0..HEALING {
                std::thread::sleep(Duration::from_millis(3) * pause);
                match Trail::open(self, *seen) {
                    Ok(healed) => {
                        trail = healed;
                        break;
                    }
                    Err(AuditError::Altered { .. } | AuditError::Inserted { .. }) => {}
                    Err(_) => break,
                }
            }
        }
        *seen = Some(Left { trail: trail.state.trail, first: trail.state.first, file: trail.seen });
        done
    }
}

/// A time as it stands in the file.
fn written(millis: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Writes the members that say what an event is about.
fn describe(line: &mut Line, event: &Event) {
    let cautions: Vec<&str> = event.cautions.iter().map(|caution| caution.word()).collect();
    line.text("action", event.action.word(), 40);
    if let Some((id, name)) = &event.organization {
        line.number("org", id.0).text("org_name", name, 200);
    }
    line.text("record", event.record.kind.resource(), 40).number("record_id", event.record.id).text(
        "record_name",
        &event.record_name,
        200,
    );
    if let Some(version) = event.version {
        line.number("version_id", version);
    }
    line.text("category", &event.category, 100)
        .text("detail", &event.detail, 300)
        .text("ticket", &event.ticket, 100)
        .text("reason", &event.reason, 500)
        .text("cautions", &cautions.join(","), MAX_CAUTIONS);
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
    fn open(audit: &'a Audit, before: Option<Left>) -> Result<Self, AuditError> {
        let (key, state) = match file::open(&audit.key, Access::Update)? {
            Some((key, _)) => {
                let state = State::read(&key, &audit.key)?;
                (Some(key), state)
            }
            None => (None, None),
        };
        let (key, state) = match (key, state) {
            (Some(key), Some(mut state)) if state.rotating => {
                finish_rotation(audit, &mut state, &key)?;
                (Some(key), Some(state))
            }
            other => other,
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
            still_there(audit, &before, &state, seen)?;
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
            // What a process left may be in memory only, and stay there after a flush that failed.
            self.log.sync_data().map_err(|source| AuditError::io("flush", &self.audit.log, source))?;
            file::forget_cached(&self.log);
            broken = self.walk(unnoted as usize)?;
        }
        if self.state.next > 0 && self.state.size == 0 {
            let before = closed_before(&self.audit.dir, self.state.first);
            self.write("continue", false, |line, _| {
                line.text("follows", &before.unwrap_or_default(), 100);
            })?;
        }
        if self.state.next == 0 {
            self.state.inode = self.seen.inode;
            let before = self.audit.before.as_ref();
            let gone = file::remembered(&self.audit.dir).filter(|gone| *gone != self.state.trail);
            self.write("start", broken.is_some_and(|broken| broken.open), |line, _| {
                line.number("bytes", broken.map_or(0, |broken| broken.bytes));
                // Nobody laid it aside: then the first record says that it was there.
                if let Some(gone) = gone.filter(|_| before.is_none()) {
                    line.text("gone", &record::hex(&gone), 16);
                }
                if let Some(before) = before {
                    line.text("aside", &before.aside, 100).number("logs", before.logs).text("why", &before.reason, 300);
                    line.text("before", &before.anchor.map(|anchor| anchor.to_string()).unwrap_or_default(), 200);
                }
            })?;
        } else if let Some(broken) = broken {
            self.write("recovery", broken.open, |line, _| {
                let why = if broken.overtaken { torn::OVERTAKEN } else { "a record was not written whole" };
                line.text("why", why, 100).number("bytes", broken.bytes);
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
        let from = self.state.size.saturating_sub(MAX_LINE as u64);
        let tail = self.read_log((self.state.size - from) as usize, from)?;
        let line = tail.strip_suffix(b"\n");
        let line = line.map(|tail| tail.rsplit(|&byte| byte == b'\n').next().unwrap_or_default());
        if line.is_some_and(|line| record::hash(line) == self.state.head) {
            Ok(())
        } else {
            Err(AuditError::Altered { path: self.audit.log.clone() })
        }
    }

    fn read_log(&self, len: usize, from: u64) -> Result<Vec<u8>, AuditError> {
        state::read_at(&self.log, len, from).map_err(|source| AuditError::io("read", &self.audit.log, source))
    }

    /// Adds a record and flushes it to the disk.
    fn append(&mut self, kind: &str, fill: impl FnOnce(&mut Line, &[u8; 8])) -> Result<(u64, [u8; 8]), AuditError> {
        let seq = self.next()?;
        self.write(kind, false, fill)?;
        Ok((seq, self.state.trail))
    }

    /// The number of the record that is added next, in a log that has room for it.
    fn next(&mut self) -> Result<u64, AuditError> {
        // What is no record does not count: whoever writes junk into the log does not decide when it is closed.
        if self.state.size.saturating_sub(self.state.waste) >= self.audit.full {
            self.rotate()?;
        }
        Ok(self.state.next)
    }

    /// Closes the log and begins a new one.
    fn rotate(&mut self) -> Result<(), AuditError> {
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

    /// A clock that was set back makes the times of the trail worth less: that is written down and told once, before
    /// anything is fetched. Small steps are how clocks are kept right; they are flagged and stop nobody.
    fn heed_clock(&mut self) -> Result<(), AuditError> {
        let by = Duration::from_millis(self.state.went_back(&self.audit.clock()));
        if by < CLOCK_STEP {
            return Ok(());
        }
        self.next()?;
        let clock = self.write("recovery", false, |line, _| {
            line.text("why", &format!("the clock went back by {}", length(by)), 100);
        })?;
        self.state.set_clock(&clock);
        self.state.write(&self.key, &self.audit.key)?;
        Err(AuditError::ClockBack { by })
    }

    /// Writes one line in one call, flushes it, and notes the new end. `torn` closes an open line before it.
    fn write(&mut self, kind: &str, torn: bool, fill: impl FnOnce(&mut Line, &[u8; 8])) -> Result<Clock, AuditError> {
        let path = &self.audit.log;
        let mut line = Line::new(kind, &self.state.trail, self.state.next);
        let clock = self.audit.clock();
        let back = self.state.went_back(&clock);
        line.text("time", &written(clock.time), 40).flag("clock_back", back > 0);
        if back > 0 {
            line.number("back_ms", back);
        }
        let unsent = self.audit.unsent.load(Ordering::Relaxed);
        if unsent > 0 {
            line.number("unsent", unsent);
        }
        self.audit.identity.describe(&mut line);
        fill(&mut line, &self.state.trail);
        let sealed = line.seal(&self.state.head, &self.state.key);
        let mut bytes = Vec::with_capacity(sealed.len() + 1);
        if torn {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(&sealed);

        let written = file::write_once(&mut self.log, &bytes);
        let written = written.map_err(|source| AuditError::io("add a record to", path, source))?;
        if written != bytes.len() {
            return Err(AuditError::Short { path: path.clone(), written, wanted: bytes.len() });
        }
        self.log.sync_data().map_err(|source| AuditError::io("flush", path, source))?;

        // What was opened must still be what the path names, and nobody else may have written into it.
        let meta = file::check(&self.log, path)?;
        if meta.len() != self.state.size + bytes.len() as u64 {
            let mut overtaken = self.audit.overtaken.lock().unwrap_or_else(PoisonError::into_inner);
            overtaken.push(sealed.trim_ascii_end().to_vec());
            let more = overtaken.len().saturating_sub(4);
            overtaken.drain(..more);
            return Err(AuditError::Altered { path: path.clone() });
        }
        // A disk below that is full may lose the end of a write and call it done: loop devices do.
        file::forget_cached(&self.log);
        if self.read_log(bytes.len(), self.state.size)? != bytes {
            return Err(AuditError::NotKept { path: path.clone() });
        }
        self.seen = file::seen(&meta);
        let key = self.state.key.clone();
        let mut recent = self.audit.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push(self.state.head, key.clone());
        drop(recent);
        self.state.advance(sealed.trim_ascii_end(), bytes.len() as u64);
        self.state.waste += u64::from(torn);
        // After a large step the clocks of before it stay, until an intent has told somebody.
        if Duration::from_millis(back) < CLOCK_STEP {
            self.state.set_clock(&clock);
        }
        self.state.write(&self.key, &self.audit.key)?;
        self.audit.unsent.fetch_sub(unsent, Ordering::Relaxed);
        self.copy(kind, sealed.trim_ascii_end(), &key)?;
        Ok(clock)
    }

    /// Sends a copy of a record. Those of our own house-keeping never stop anything: the next intent will.
    fn copy(&self, kind: &str, line: &[u8], key: &record::Key) -> Result<(), AuditError> {
        let Some(sink) = &self.audit.sink else { return Ok(()) };
        let line = std::str::from_utf8(line).unwrap_or_default();
        let Err(source) = sink.send(line, key) else { return Ok(()) };
        self.audit.unsent.fetch_add(1, Ordering::Relaxed);
        if sink.required && matches!(kind, "intent" | "outcome") {
            return Err(AuditError::Sink { system: sink.system, socket: sink.socket.clone(), source });
        }
        Ok(())
    }
}

/// Completes the closing of a log from wherever it was left: the old name, the new name, or the new log made too.
fn finish_rotation(audit: &Audit, state: &mut State, key: &File) -> Result<(), AuditError> {
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

/// Checks that the log this process wrote to last is the one of now, or one that was closed in order.
fn still_there(audit: &Audit, before: &Left, state: &State, now: Seen) -> Result<(), AuditError> {
    if state.trail != before.trail
        && state.next > 0
        && (before.file.inode, before.file.device) != (now.inode, now.device)
    {
        return Err(AuditError::Restarted { dir: audit.dir.clone() });
    }
    let (path, now) = if state.trail == before.trail && state.first > before.first {
        let closed = audit.dir.join(closed_name(before.first));
        match closed.symlink_metadata() {
            Ok(meta) => (closed, file::seen(&meta)),
            // It was stored away; the chain goes on without it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(AuditError::io("look at", &closed, source)),
        }
    } else {
        (audit.log.clone(), now)
    };
    if (before.file.device, before.file.inode) != (now.device, now.inode) || state.trail != before.trail {
        Err(AuditError::Replaced { path })
    } else if now.size < before.file.size {
        Err(AuditError::Shrunk { path })
    } else {
        Ok(())
    }
}

/// The name of the newest closed log before a record, if one is still here.
fn closed_before(dir: &Path, first: u64) -> Option<String> {
    let names = std::fs::read_dir(dir).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| closed_first(name).is_some_and(|number| number < first)).max()
}

/// The number in the name of a closed log.
fn closed_first(name: &str) -> Option<u64> {
    let number = name.strip_prefix("audit-")?.strip_suffix(".log")?;
    number.parse().ok().filter(|&first| closed_name(first) == name)
}

#[cfg(all(test, unix))]
mod tests;
