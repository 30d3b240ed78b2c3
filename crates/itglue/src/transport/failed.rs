//! A try that failed, and what kind of connection a try needs.

use std::time::Duration;

use crate::error::Failure;

/// A try that failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) failure: Failure,
    pub(crate) detail: String,
    pub(crate) retry_after: Option<Duration>,
    /// Whether the request surely never reached the server
    pub(crate) never_left: bool,
}

impl Failed {
    pub(crate) fn new(failure: Failure, detail: impl Into<String>) -> Self {
        Self { failure, detail: detail.into(), retry_after: None, never_left: false }
    }
}

/// What kind of client a request needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Keeps connections for the next request.
    Reading,
    /// For one value: keeps nothing, and nothing is decompressed, since a decompressor has its own buffers.
    Reveal,
}
