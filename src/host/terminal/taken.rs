//! The terminal while it is ours, and giving it back from anywhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::line::Line;
use super::sequences::RESTORE;
use super::tty::{OUTPUT, write_to_tty};
use crate::host::promise::Promises;

/// Whether the terminal is ours now. Cleared first by the code that gives it back, so that it is done once and nothing
/// is drawn afterwards.
pub(super) static ENTERED: AtomicBool = AtomicBool::new(false);

/// What is needed to give the terminal back.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) line: Line,
    /// Who is told that it was given back
    pub(super) promises: Promises,
}

/// The same, for whoever has to do it.
static TAKEN: Mutex<Option<Taken>> = Mutex::new(None);

pub(super) fn taken() -> MutexGuard<'static, Option<Taken>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the terminal back if it is ours. From any thread, also while another one is drawing: its frame is waited
/// for, with a limit, since that thread may be the one that panicked. Says whether there was something to do.
pub(super) fn restore() -> bool {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return false;
    }
    let start = Instant::now();
    let _output = loop {
        match OUTPUT.try_lock() {
            Ok(guard) => break Some(guard),
            Err(std::sync::TryLockError::Poisoned(guard)) => break Some(guard.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) if start.elapsed() > Duration::from_millis(200) => break None,
            Err(std::sync::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let sent = write_to_tty(RESTORE.as_bytes());
    let taken = TAKEN.try_lock().map(|mut taken| taken.take());
    if let Ok(Some(Taken { line, promises })) = taken {
        line.restore();
        // Otherwise the guard does it when this process is gone.
        if sent.is_ok() {
            promises.left();
        }
    }
    true
}
