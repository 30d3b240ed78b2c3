//! The trail as a process keeps it: intents and outcomes go in here, one process at a time.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::event::{Event, Intent, Outcome, Reference};
use super::file::{self, Lock, Seen};
use super::record::{self, Line};
use super::state::Clock;
use super::trail::Trail;
use super::{AuditError, Identity, Sink, care, identity, torn};

/// How long a record waits for other processes.
pub const LOCK_WAIT: Duration = Duration::from_secs(2);

/// The size at which a log is closed and a new one begun, unless it is set otherwise.
pub const FULL: u64 = 64 << 20;

/// How often it is tried to fixed what another host overtook.
const HEALING: u32 = 6;

/// More than all words for cautions together.
const MAX_CAUTIONS: usize = 300;

/// The audit trail of this user.
#[derive(Debug)]
pub struct Audit {
    pub(super) dir: PathBuf,
    pub(super) log: PathBuf,
    pub(super) key: PathBuf,
    pub(super) lock: PathBuf,
    pub(super) wait: Duration,
    /// The size at which a log is closed
    pub(super) full: u64,
    pub(super) sink: Option<Sink>,
    /// How many copies did not go out since the last record
    pub(super) unsent: AtomicU64,
    pub(super) identity: Identity,
    /// What the first record of this trail says about the trail it follows
    pub(super) before: Option<care::Predecessor>,
    /// Records of this process that it was not told to have written, since others had written first
    pub(super) overtaken: Mutex<Vec<Vec<u8>>>,
    /// The hashes and keys of the last records this process wrote: with them it knows a record that another host wrote in
    /// the place of one of those. Nowhere but in memory
    pub(super) recent: Mutex<torn::Recent>,
    /// The log as this process left it
    pub(super) seen: Mutex<Option<Left>>,
}

/// What a process remembers of the log it wrote to last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) trail: [u8; 8],
    /// The number of the first record in that log
    pub(super) first: u64,
    pub(super) file: Seen,
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
    pub(super) fn new(dir: &Path, identity: Identity, keeping: Keeping) -> Self {
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
    pub(super) fn clock(&self) -> Clock {
        Clock::new(jiff::Timestamp::now().as_millisecond(), identity::up_ms(), &self.identity.boot_id)
    }

    /// Where the records are.
    pub fn path(&self) -> &Path {
        &self.log
    }

    /// Records what is about to happen, and returns once it is on the disk and its copy, where one is required, with
    /// the log system.
    pub(crate) fn intent(&self, event: &Event) -> Result<Intent, AuditError> {
        let (seq, trail) = self.locked(|trail| {
            trail.heed_clock()?;
            let seq = trail.next()?;
            trail.append("intent", |line, _| describe(line, event)).inspect_err(|error| {
                if matches!(error, AuditError::Sink { .. }) {
                    // The intent is in the file: say that nothing came of it. That this has no copy either is known.
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
    pub(crate) fn outcome(
        &self,
        intent: &Intent,
        outcome: &Outcome,
        server_date: Option<&str>,
    ) -> Result<(), AuditError> {
        self.close(&intent.reference(), outcome, |line| {
            line.text("server_date", server_date.unwrap_or_default(), 60);
            describe(line, &intent.event);
        })
    }

    /// Records what came of an intent of another process, of which only its place is known.
    pub(crate) fn outcome_of(&self, intent: &Reference, outcome: &Outcome) -> Result<(), AuditError> {
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
    pub(super) fn locked<T>(
        &self,
        work: impl FnOnce(&mut Trail<'_>) -> Result<T, AuditError>,
    ) -> Result<T, AuditError> {
        file::ready_directory(&self.dir)?;
        let _lock = Lock::take(&self.lock, self.wait)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut trail = Trail::open(self, *seen)?;
        if seen.is_none_or(|seen| seen.trail != trail.state.trail) {
            file::remember(&self.dir, &trail.state.trail);
        }
        let done = work(&mut trail);
        if let Err(AuditError::Altered { .. }) = &done {
            // What we wrote in the place of another record is ours to fixed: few others can tell whose it is. The other
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

/// Writes the members that say what an event is about.
pub(super) fn describe(line: &mut Line, event: &Event) {
    let cautions: Vec<&str> = event.cautions.iter().map(|caution| caution.word()).collect();
    line.text("action", event.action.word(), 40).text("person", &event.person, 200).text(
        "account",
        &event.account,
        200,
    );
    if let Some((id, name)) = &event.organization {
        line.number("org", id.id).text("org_name", name, 200);
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
