//! The requests that arrived, for tests to look at.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Requests the log keeps; the oldest go first.
const KEPT_REQUESTS: usize = 100_000;

/// Which key came with a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyUsed {
    /// The one with Password Access
    Full,
    /// The one without
    WithoutPasswords,
    /// An unknown one
    Unknown,
    /// None
    None,
}

/// A request that arrived, whatever became of it.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, …
    pub method: String,
    /// Path and query string as they came
    pub target: String,
    /// When it arrived
    pub at: Instant,
    /// Which key came with it
    pub key: KeyUsed,
}

/// The requests so far.
#[derive(Default)]
pub(super) struct Log(Mutex<VecDeque<Request>>);

impl Log {
    /// Keeps a request.
    pub(super) fn remember(&self, method: &str, target: &str, key: KeyUsed) {
        let mut log = self.kept();
        if log.len() >= KEPT_REQUESTS {
            log.pop_front();
        }
        log.push_back(Request { method: method.to_owned(), target: target.to_owned(), at: Instant::now(), key });
    }

    /// All of them, oldest first.
    pub(super) fn all(&self) -> Vec<Request> {
        self.kept().iter().cloned().collect()
    }

    /// How many contain a text in `METHOD path?query`.
    pub(super) fn count(&self, pattern: &str) -> usize {
        self.kept()
            .iter()
            .filter(|request| format!("{} {}", request.method, with_brackets(&request.target)).contains(pattern))
            .count()
    }

    /// Forgets them.
    pub(super) fn clear(&self) {
        self.kept().clear();
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Request>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Square brackets as people write them.
pub(super) fn with_brackets(target: &str) -> String {
    target.replace("%5B", "[").replace("%5D", "]").replace("%5b", "[").replace("%5d", "]")
}
