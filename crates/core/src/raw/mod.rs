//! What cannot be said in safe Rust: the only place for `unsafe`.
//!
//! Everywhere else it does not compile (`unsafe_code = "deny"` in `Cargo.toml`), and a test checks that no code lifts
//! that. Each piece is small, is requested by one part, and gives that part a safe interface.
//!
//! | Piece | For | Why it is not safe |
//! |---|---|---|
//! | [`ZeroOnFree`] | `secret`: what passed through the heap is overwritten | an allocator is an unsafe trait |
//! | [`Page`] | `secret`: separate memory for the API key | mapping, locking and unmapping pages |
//! | [`take`] | `config`: the key's variable, overwritten where the kernel put it | the environment block is raw memory, and changing it is not synchronised |
//! | [`stop`], [`ignore_all_signals`], [`ignore_file_size_signal`], [`heed_end`] | `terminal`, `harden`, `guard` | signal actions have no safe interface that can put back what was there |
//! | [`session_of`], [`group_of`] | `terminal` | the safe ones panic at the 0 that a kernel gives for a process outside our namespace |
#![expect(unsafe_code, reason = "this is the place for it: see above, each block says what it relies on")]

mod alloc;
mod environ;
mod page;
mod signals;

pub use alloc::ZeroOnFree;
pub use environ::take;
pub use page::{Page, Protection};
#[cfg(unix)]
pub use signals::{group_of, heed_end, ignore_all_signals, session_of};
pub use signals::{ignore_file_size_signal, stop};
