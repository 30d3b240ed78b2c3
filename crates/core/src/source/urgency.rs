//! The priority of a request: what a user waits for goes before what is fetched in advance.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// A shared handle: a clone of it raises the same request while that still waits its turn.
#[derive(Clone)]
pub struct Urgency(Arc<Inner>);

struct Inner {
    interactive: AtomicBool,
    raised: Notify,
}

impl Urgency {
    /// A user waits for it.
    pub fn interactive() -> Self {
        Self::with(true)
    }

    /// Fetched to be ready.
    pub fn background() -> Self {
        Self::with(false)
    }

    fn with(interactive: bool) -> Self {
        Self(Arc::new(Inner { interactive: AtomicBool::new(interactive), raised: Notify::new() }))
    }

    /// Makes it interactive; a request that waits its turn goes forward at once.
    pub fn raise(&self) {
        if !self.0.interactive.swap(true, Ordering::Relaxed) {
            self.0.raised.notify_waiters();
        }
    }

    /// Makes it background again: the next page of a list that is no longer on the screen can wait.
    pub fn lower(&self) {
        self.0.interactive.store(false, Ordering::Relaxed);
    }

    /// Whether a user waits for it.
    pub fn is_interactive(&self) -> bool {
        self.0.interactive.load(Ordering::Relaxed)
    }

    /// Resolves when it is raised after the call.
    pub fn raised(&self) -> tokio::sync::futures::Notified<'_> {
        self.0.raised.notified()
    }
}
