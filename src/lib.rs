//! gluepot: a terminal browser for IT Glue.
//!
//! The library holds the whole program; `main.rs` only calls [`cli::main`]. How the parts fit together is described in
//! `docs/architecture.md`; each module opens with what it is for.

pub mod cli;
pub mod config;
pub mod host;
pub mod present;
#[cfg(all(any(test, fuzzing), feature = "screen"))]
pub mod properties;
#[cfg(feature = "screen")]
pub mod search;
pub mod session;
pub mod source;
#[cfg(feature = "screen")]
pub mod tui;
