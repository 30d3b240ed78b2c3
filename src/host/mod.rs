//! What gluepot asks of the machine it runs on: its terminal, its clipboard, its files, its processes.

pub mod clipboard;
pub mod guard;
pub mod harden;
pub mod log;
pub mod observers;
pub mod paths;
pub mod promise;
pub mod terminal;
