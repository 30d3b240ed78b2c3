//! Sockets, keys, the rate window, the log of requests, and everything that goes wrong on the wire.
//!
//! The server runs in its own thread with its own small runtime, so that it neither slows the program that
//! embeds it nor depends on which runtime a test uses. No lock is held while it waits for anything.

mod connection;
mod log;
mod options;
mod refusal;
mod run;
mod shapes;
mod spoil;
mod state;
mod wired;

pub use log::{KeyUsed, Request};
pub use options::{Keys, Options, Rate};
pub use run::Server;
