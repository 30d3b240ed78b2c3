//! Talking to IT Glue: one client, one `send`, typed records.
//!
//! [`Client`] reads and nothing else: there is no request here that changes anything. Every request passes through
//! `Client::send`, which waits for its turn ([`Pace`], [`Urgency`](gluepot_core::source::Urgency)), tries again where that helps, can be cancelled at
//! each stage, and turns whatever goes wrong into an [`ApiError`]. What is known of the API is written
//! in `docs/itglue.md`.
//!
//! | File | Owns |
//! |---|---|
//! | `client`, `show` | what can be asked for |
//! | `send` | the one way every request goes, and whether it is tried again |
//! | `transport` | one try: HTTP client, timeouts, limits, what an answer means |
//! | `ledger` | the requests of all processes of one user, counted in a file |
//! | `quota` | what is left, what a refusal costs |
//! | `pace`, `retry` | when to send, whether to try again |
//! | `list`, `plan` | whole lists; the plan knows ids and page numbers only |
//! | `decode` | answers to records: lenient in form, strict in meaning |
//! | `reveal` | the one request whose answer holds a secret |
//! | `peer` | who is at the other end, for the status screen |
//! | `proxy` | the proxy in between, as the environment names it |
//! | `error`, `settings` | the words for failures; the client's settings |
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
mod quota;
mod request;
mod retry;
mod reveal;
mod scope;
mod send;
mod settings;
mod show;
mod transport;

pub use client::Client;
pub use decode::holds as envelope_holds;
pub use error::{ApiError, Failure, Refusal, Stage};
pub use list::Lister;
pub use proxy::{Proxy, UnusableProxy};
pub use reveal::{Outcome, Revealed};
pub use settings::{BadAddress, BaseUrl, Inside, Pace, PageSizes, Region, Settings, Timeouts};

/// What people call the platform: one half of the name of a source.
pub const PLATFORM: &str = "IT Glue";
