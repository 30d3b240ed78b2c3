//! Fetching the API key: from a program, a private file, or the environment. Never from a command line, where every
//! user of the machine could read it.
//!
//! Exactly one of the ways is taken, the first that is set: there is no silent fall-back from a manager that failed
//! to a file that happens to exist.

#[cfg(unix)]
mod command;
mod fetch;
mod raw;

pub use fetch::{describe, fetch, has_form, how_to_give, is_missing, take_from_environment};
pub use raw::KeyError;

/// The variable that may hold the key.
pub const VARIABLE: &str = "ITGLUE_API_KEY";

#[cfg(not(unix))]
mod command {
    //! Untested: the time limit needs another way of waiting here.

    use std::time::Duration;

    use super::raw::{KeyError, Raw, error};

    pub(super) fn run(_: &[String], _: Duration) -> Result<Raw, KeyError> {
        Err(error("key commands are not built for this system: use a file or the environment"))
    }
}

#[cfg(all(test, unix))]
mod tests;
