//! gluepot: a terminal browser for IT Glue.
//!
//! The library holds the whole program; `main.rs` only calls [`cli::main`]. How the parts fit together is told in
//! `docs/architecture.md`; each module opens with what it is for.

pub mod api;
pub mod audit;
pub mod body;
pub mod cli;
pub mod clipboard;
pub mod clock;
pub mod config;
pub mod fake;
pub mod guard;
pub mod harden;
pub mod keymap;
pub mod log;
pub mod lookalike;
pub mod model;
pub mod observers;
pub mod paths;
pub mod pin;
pub mod policy;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod raw;
pub mod search;
pub mod secret;
pub mod store;
pub mod terminal;
pub mod text;
pub mod ui;
