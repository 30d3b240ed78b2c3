//! What the program owes the person's terminal and clipboard, as facts that somebody else can keep for it.
//!
//! Whoever takes the terminal, shows a secret or copies one tells it to [`Promises`]. Nobody has to listen: in tests, in
//! a command, and where no guard could be started, the words go nowhere. The guard ([`crate::host::guard`]) listens, and
//! makes good what a program that was killed has left behind.
//!
//! Terminal and clipboard stand above this module and below the guard, so that none of the three has to know another
//! one that knows it.

mod claim;
mod fact;
mod handle;
mod hold;
mod status;

pub use claim::{Claim, Desktop, Focus, ScreenSession, TmuxPane, Way};
pub(in crate::host) use claim::{Client, Traces};
pub use fact::Fact;
pub use handle::{Listener, Promises};
pub use hold::Hold;
#[cfg(unix)]
pub use hold::Modes;
pub use status::Status;
