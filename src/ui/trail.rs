//! The audit trail as the screen uses it: opened at the first need, off the loop, and asked again when that failed.
//!
//! Opening waits for other processes and for the disk, so neither the first frame nor a key waits for it. A trail that
//! could not be opened once may be there at the next try: a full disk was emptied, a lock was let go.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::audit::{Audit, AuditError, Event, Identity, Intent, Keeping};

/// Why nothing could be recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What happened and what to do, with whole paths
    pub whole: String,
    /// What to do, for one line
    pub advice: &'static str,
}

/// The way to the audit file.
#[derive(Debug)]
pub struct Trail {
    folder: PathBuf,
    keeping: Keeping,
    open: Mutex<Option<Arc<Audit>>>,
    trouble: Mutex<Option<Trouble>>,
}

impl Trail {
    /// The trail in a folder. Nothing is touched before it is needed.
    pub fn new(folder: PathBuf, keeping: Keeping) -> Self {
        Self { folder, keeping, open: Mutex::new(None), trouble: Mutex::new(None) }
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
}
