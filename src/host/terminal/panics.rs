//! What a panic shows: the terminal as it was, and one line without data.
//!
//! The message of a panic can hold anything, a piece of a document or of a password among it, so neither the
//! screen nor the log gets it. The place in the source is enough to find the fault.

use std::cell::Cell;
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::Once;

use super::signals::{Cause, terminate};
use super::taken::restore;
use gluepot_core::text::Clean;

thread_local! {
    /// This thread runs a library's code, whose panics are caught.
    static ISOLATED: Cell<bool> = const { Cell::new(false) };
}

/// Runs code that is known to panic on odd systems, and survives it. Says where it panicked.
///
/// # Errors
/// It panicked.
pub fn isolated<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    let before = ISOLATED.replace(true);
    let done = std::panic::catch_unwind(AssertUnwindSafe(work));
    ISOLATED.set(before);
    done.map_err(|_| Panicked)
}

/// Code run by [`isolated`] panicked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a library stopped with a fault of its own")]
pub struct Panicked;

fn line(info: &PanicHookInfo<'_>, log: Option<&Path>) -> Clean {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let hint = log.map(|path| format!(" The log is {}.", path.display())).unwrap_or_default();
    Clean::line(&format!("gluepot stopped because of a fault in itself, at {place}. Please report that place.{hint}"))
}

/// Installs the hook, once. It must be the last one installed.
pub(super) fn install(log: Option<PathBuf>) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(move || {
        std::panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            if ISOLATED.get() {
                tracing::warn!(place, "a library panicked");
                return;
            }
            restore();
            let _ = writeln!(std::io::stderr(), "{}", line(info, log.as_deref()));
            // A task that panics does not end the program, and a main thread that unwinds may hang on the
            // way: both end by the deadline at the latest.
            terminate(Cause::Panic);
            tracing::error!(place, "panic");
        }));
    });
}
