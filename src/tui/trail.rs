//! The audit trail as the screen uses it: opened at the first need, off the loop, and asked again when that failed.
//!
//! Opening waits for other processes and for the disk, so neither the first frame nor a key waits for it. A trail that
//! could not be opened once may be there at the next try: a full disk was emptied, a lock was let go.
//!
//! What came of a reveal follows quickly on each other: shown, hidden. These wait in a queue and are written one after
//! the other, so that they stand in the file in the order in which they happened, however long each waits for the lock.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use gluepot_core::audit::{Audit, AuditError, Event, Identity, Intent, Keeping, Outcome};

/// Why nothing could be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What happened and what to do, with whole paths
    pub whole: String,
    /// What to do, for one line
    pub advice: &'static str,
}

/// What came of an intent, to be written.
#[derive(Debug)]
pub struct Waiting {
    /// What was on record before
    pub intent: Arc<Intent>,
    /// What came of it
    pub outcome: Outcome,
    /// The `Date` of the server's answer
    pub date: Option<String>,
}

/// The way to the audit file.
#[derive(Debug)]
pub struct Trail {
    folder: PathBuf,
    keeping: Keeping,
    open: Mutex<Option<Arc<Audit>>>,
    trouble: Mutex<Option<Trouble>>,
    /// Outcomes that are to be written, in their order
    queue: Mutex<VecDeque<Waiting>>,
    /// Held by whoever writes the first of them
    writer: Mutex<()>,
}

impl Trail {
    /// The trail in a folder. Nothing is touched before it is needed.
    pub fn new(folder: PathBuf, keeping: Keeping) -> Self {
        Self {
            folder,
            keeping,
            open: Mutex::new(None),
            trouble: Mutex::new(None),
            queue: Mutex::new(VecDeque::new()),
            writer: Mutex::new(()),
        }
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
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The open trail. Blocks: not for the loop.
    ///
    /// # Errors
    /// It cannot be opened now.
    pub fn audit(&self) -> Result<Arc<Audit>, AuditError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(audit) = open.as_ref() {
            return Ok(audit.clone());
        }
        let audit = Arc::new(Audit::open_with(&self.folder, Identity::here(), self.keeping.clone())?);
        *open = Some(audit.clone());
        Ok(audit)
    }

    /// Records what is about to happen, and returns once it is on the disk. Blocks: not for the loop.
    ///
    /// # Errors
    /// It could not be recorded: then it must not happen.
    pub fn intent(&self, event: &Event) -> Result<Intent, AuditError> {
        let intent = self.audit().and_then(|audit| audit.intent(event));
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        *trouble = intent.as_ref().err().map(|error| Trouble { whole: error.to_string(), advice: error.advice() });
        intent
    }

    /// Puts an outcome behind those that are to be written. For each there has to be one [`Self::write_next`].
    pub fn enqueue(&self, waiting: Waiting) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(waiting);
    }

    /// Writes the outcome that has waited longest, and gives it back; `None` if none waits. Blocks: not for the loop.
    pub fn write_next(&self) -> Option<(Waiting, Result<(), AuditError>)> {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()?;
        let Waiting { intent, outcome, date } = &waiting;
        let written = self.audit().and_then(|audit| audit.outcome(intent, outcome, date.as_deref()));
        Some((waiting, written))
    }
}
