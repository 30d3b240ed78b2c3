//! The guard: a small second process that outlives the program and puts right what a killed program leaves behind.
//!
//! KILL, abort, a stack overflow and the system's want of memory end a program without a last word. The terminal then
//! stays raw with a secret on it, and a secret that was given to a terminal or to tmux stays in a clipboard;
//! only a desktop takes its selection back with its owner. So the program starts itself a second time, as
//! `gluepot guard`, with a socket whose other end only the program has. `keeper` is the end the program holds, `launch` starts
//! the process, and `watch` is what runs in it. They speak in `Word`s, one JSON object a line; most of them are the facts of
//! [`crate::host::promise`], to which terminal and clipboard tell what they do.
//!
//! The guard receives facts and never a secret: that the terminal was entered with these line settings, by which way a
//! secret was copied and when it is due, that it was cleared. When the socket closes without a goodbye, it gives the
//! terminal back ([`crate::host::terminal::rescue`]), clears the clipboard by the same code as the program, writes the outcomes
//! of both to the audit trail and ends. It also clears when a secret is due and the program is stopped (SIGSTOP): the
//! clipboard, and the screen ([`crate::host::terminal::blank()`]).
//!
//! It has its own process group, so that no key of the terminal reaches it; it stays in the session, since only
//! there the kernel tells which process group the terminal belongs to now. It ignores what could end it but KILL.
//! The program runs without it, and says so.

#[cfg(unix)]
mod facts;
mod keeper;
#[cfg(unix)]
mod launch;
#[cfg(unix)]
mod right;
#[cfg(unix)]
mod watch;
mod word;

pub use keeper::{News, goodbye, probe, start};
#[cfg(unix)]
pub use watch::run;
pub use word::Trail;

pub use crate::host::promise::Status;
