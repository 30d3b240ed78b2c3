//! The real binary on a real terminal: in a pseudo-terminal, inside tmux, under a shell. What it draws, what it writes,
//! how it ends, what it leaves behind.
//!
//! The screens themselves are looked at in `tests/screen`, without a terminal; here is what only a terminal shows.

#![cfg(unix)]

mod audit;
mod day;
mod ends;
mod figures;
mod harness;
mod keys;
mod process;
mod start;
mod stream;
mod tmux;

use gluepot_testkit::pty::home_with;

/// A password of the demo, the keys to its place from anywhere in the organization "HPD", and its value.
const PASSWORD: (&str, &str, &str) = ("HPD-IMG01 local admin", "4/HPD-IMG01 local\r", "maple-Orbit-42-thistle");
