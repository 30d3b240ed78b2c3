//! The audit trail as a run uses it: opened at the first need, off the loop, and asked again when that failed.
//!
//! Opening waits for other processes and for the disk, so nothing waits for it that need not. A trail that could not be
//! opened once may be there at the next try: a full disk was emptied, a lock was let go.
//!
//! Every outcome goes by one queue. What came of a reveal follows quickly on each other: shown, hidden. The outcomes
//! are written one after the other, so that they are in the file in the order in which they happened, however long each
//! waits for the lock.

use std::collections::VecDeque;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::audit::{Audit, AuditError, Event, Identity, Intent, Keeping, Outcome, Reference};

/// Why nothing could be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What happened and what to do, with whole paths
    pub whole: String,
    /// What to do, for one line
    pub advice: &'static str,
}

/// An outcome that waits to be written.
#[derive(Debug)]
struct Waiting {
    of: Of,
    outcome: Outcome,
    date: Option<String>,
}

/// What an outcome is of.
#[derive(Debug)]
enum Of {
    /// An intent of this process
    Intent(Arc<Intent>),
    /// One of another process, of which only the place is known
    Reference(Reference),
}

/// An outcome that was written, or could not be.
#[derive(Debug)]
pub struct Written<'a> {
    /// The place of its intent
    pub intent: Reference,
    /// The outcome
    pub outcome: &'a Outcome,
    /// How it went
    pub result: &'a Result<(), AuditError>,
}

/// Who hears of written outcomes.
type Listener = Box<dyn Fn(&Written<'_>) + Send + Sync>;

/// The way to the audit file.
pub struct Trail {
    folder: PathBuf,
    keeping: Keeping,
    /// Who writes; `None` for the user of this process as found at the first need
    identity: Option<Identity>,
    open: Mutex<Option<Arc<Audit>>>,
    trouble: Mutex<Option<Trouble>>,
    /// Outcomes that are to be written, in their order
    queue: Mutex<VecDeque<Waiting>>,
    /// Held by the thread that writes them
    writer: Mutex<()>,
    listener: Mutex<Option<Listener>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Trail {
    /// The trail in a folder. Nothing is touched before it is needed.
    pub fn new(folder: PathBuf, keeping: Keeping) -> Self {
        Self {
            folder,
            keeping,
            identity: None,
            open: Mutex::default(),
            trouble: Mutex::default(),
            queue: Mutex::default(),
            writer: Mutex::default(),
            listener: Mutex::default(),
        }
    }

    /// The same, written in the name of who was identified before.
    pub fn written_by(self, identity: Identity) -> Self {
        Self { identity: Some(identity), ..self }
    }

    /// Who hears of each outcome that is written or cannot be. Called by the thread that writes, off the loop.
    pub fn listen(&self, listener: impl Fn(&Written<'_>) + Send + Sync + 'static) {
        *lock(&self.listener) = Some(Box::new(listener));
    }

    /// The folder it is in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How it is kept.
    pub fn keeping(&self) -> &Keeping {
        &self.keeping
    }

    /// Why the last try to write failed; `None` after one that went well, and before the first.
    pub fn trouble(&self) -> Option<Trouble> {
        lock(&self.trouble).clone()
    }

    /// The open trail. Blocks: not for the loop.
    fn audit(&self) -> Result<Arc<Audit>, AuditError> {
        let mut open = lock(&self.open);
        if let Some(audit) = open.as_ref() {
            return Ok(audit.clone());
        }
        let identity = self.identity.clone().unwrap_or_else(Identity::here);
        let audit = Arc::new(Audit::open_with(&self.folder, identity, self.keeping.clone())?);
        *open = Some(audit.clone());
        Ok(audit)
    }

    /// Records what is about to happen, and returns once it is on the disk.
    pub(super) fn intent(&self, event: &Event) -> Result<Intent, AuditError> {
        let intent = self.audit().and_then(|audit| audit.intent(event));
        *lock(&self.trouble) =
            intent.as_ref().err().map(|error| Trouble { whole: error.to_string(), advice: error.advice() });
        intent
    }

    /// What came of an intent, with the `Date` of the server's answer. It waits behind those before it until the next call
    /// of [`Self::write`]. Does not block.
    pub fn settle(&self, intent: Arc<Intent>, outcome: Outcome, date: Option<String>) {
        lock(&self.queue).push_back(Waiting { of: Of::Intent(intent), outcome, date });
    }

    /// The same for an intent of another process.
    pub fn settle_for(&self, intent: Reference, outcome: Outcome) {
        lock(&self.queue).push_back(Waiting { of: Of::Reference(intent), outcome, date: None });
    }

    /// Writes the outcomes that wait, in their order. When it returns each that was settled before the call is written,
    /// or was told as one that could not be. Blocks: not for the loop.
    pub fn write(&self) {
        let _writer = lock(&self.writer);
        while let Some(Waiting { of, outcome, date }) = self.next() {
            let result = self.audit().and_then(|audit| match &of {
                Of::Intent(intent) => audit.outcome(intent, &outcome, date.as_deref()),
                Of::Reference(intent) => audit.outcome_of(intent, &outcome),
            });
            let intent = match of {
                Of::Intent(intent) => intent.reference(),
                Of::Reference(intent) => intent,
            };
            if let Some(listener) = &*lock(&self.listener) {
                listener(&Written { intent, outcome: &outcome, result: &result });
            }
        }
    }

    fn next(&self) -> Option<Waiting> {
        lock(&self.queue).pop_front()
    }
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trail").field("folder", &self.folder).finish_non_exhaustive()
    }
}
