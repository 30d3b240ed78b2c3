//! How a source stands: what may still be asked of it, and who is at its other end.

use std::time::{Duration, Instant};

use crate::text::Clean;

/// What is left of the requests the account may make, as far as the processes of this user know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quota {
    /// Requests that may still be made in the current window
    pub left: u32,
    /// Requests a window may have; shrinks for a while when others use the account too
    pub of: u32,
    /// When the oldest request of the window leaves it
    pub window_resets_in: Duration,
    /// Requests that wait their turn
    pub waiting: usize,
    /// Nothing is sent before this moment, since the platform asked for a pause
    pub paused_until: Option<Instant>,
}

/// What is known of the connection to IT Glue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connection {
    /// The address, and the version of TLS once there was an answer
    pub to: Clean,
    /// Which authorities are trusted
    pub trusted: Clean,
    /// Who issued the server's certificate, to whom and until when; nothing before the first answer or without TLS
    pub certificate: Option<Clean>,
    /// The proxy in between, without the password it may need
    pub proxy: Option<Clean>,
}
