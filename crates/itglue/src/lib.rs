//! Talking to IT Glue: one client, one `send`, typed records.
//!
//! [`Client`] reads and nothing else: there is no request here that changes anything. Every request passes through
//! `Client::send`, which waits for its turn ([`Pace`], [`Urgency`]), tries again where that helps, can be cancelled at
//! each stage, and turns whatever goes wrong into an [`ApiError`]. What is known of the API and how sure it is stands
//! in `docs/itglue.md`.
//!
//! | File | Owns |
//! |---|---|
//! | `client` | the requests, and the one way they all go |
//! | `transport` | one try: HTTP client, timeouts, limits, what an answer means |
//! | `ledger` | the requests of all processes of one user, counted in a file |
//! | `pace`, `retry`, `urgency` | when to send, whether to try again, who goes first |
//! | `list`, `plan` | whole lists; the plan knows ids and page numbers only |
//! | `decode` | answers to records: lenient in form, strict in meaning |
//! | `reveal` | the one request whose answer holds a secret |
//! | `peer` | who is at the other end, for the status screen |
//! | `proxy` | the proxy in between, as the environment names it |
//! | `error`, `settings` | the words for failures; what the client is told at start |
//! | `scope` | the organization lock: which requests may leave |

mod client;
mod decode;
mod error;
mod ledger;
mod list;
mod pace;
mod peer;
mod plan;
mod proxy;
mod request;
mod retry;
mod reveal;
mod scope;
mod settings;
mod transport;
mod urgency;

use std::time::{Duration, Instant};

use gluepot_core::text::Clean;

pub use client::Client;
pub use decode::holds as envelope_holds;
pub use error::{ApiError, Failure, Refusal, Stage};
pub use list::{Completeness, ListEvent, Lister, Page};
pub use peer::Connection;
pub use proxy::{Proxy, UnusableProxy};
pub use reveal::{Outcome, Revealed};
pub use settings::{BadAddress, BaseUrl, Inside, Pace, PageSizes, Region, Settings, Timeouts};
pub use urgency::Urgency;

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
    /// Nothing is sent before this moment, since IT Glue asked for a pause
    pub paused_until: Option<Instant>,
}

/// An image of a document.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct ImageInfo {
    pub id: u64,
    pub name: Clean,
    /// Bytes
    pub size: Option<u64>,
    pub document_id: Option<u64>,
    /// A signed address that needs no key and ends after about an hour; may be empty
    pub original_src: Clean,
}
