//! Entering and leaving the terminal, whatever happens.
//!
//! [`Session::enter`] takes the terminal: raw mode, alternate screen, bracketed paste, focus reports, no cursor. It
//! is given back by [`Session::leave`], by dropping the session, by the panic hook and before a deadline ends the
//! program. Giving back means: the screen is erased first, so that no secret stays on it or in a history; every mode
//! is switched off; the line settings become what they were; keys typed to us are not left for the shell.
//!
//! The program only writes sequences of a fixed list. It asks the terminal nothing and sets no title: an answer
//! could be forged by anything that writes to the terminal, and a title outlives us in window lists and recordings.
//!
//! What can end us, and who notices: quitting (the loop), a panic in any thread (the hook), TERM, HUP, INT, QUIT
//! ([`signals()`]), a terminal that is gone (`watch`, since a program that ignores HUP would otherwise spin on
//! an endless end-of-file). After each of these the loop has a short time to write its audit outcomes and to clear
//! the clipboard; then the program is ended even if the loop hangs. KILL, abort and a stack overflow leave the modes on:
//! then the guard ([`crate::host::guard`]) does it, by [`rescue()`].

#[cfg(feature = "screen")]
mod backend;
#[cfg(feature = "screen")]
mod input;
#[cfg(feature = "screen")]
mod line;
#[cfg(feature = "screen")]
mod panics;
#[cfg(unix)]
mod rescue;
#[cfg(feature = "screen")]
mod screen;
mod sequences;
#[cfg(feature = "screen")]
mod session;
#[cfg(feature = "screen")]
mod signals;
#[cfg(feature = "screen")]
mod taken;
mod tty;
#[cfg(feature = "screen")]
mod watch;

#[cfg(feature = "screen")]
pub use backend::Drawing;
#[cfg(all(fuzzing, feature = "screen"))]
pub use input::Decoder;
#[cfg(all(test, not(fuzzing), feature = "screen"))]
pub(crate) use input::Decoder;
#[cfg(feature = "screen")]
pub use input::{IsBound, Keys};
#[cfg(feature = "screen")]
pub use panics::{Panicked, isolated};
#[cfg(unix)]
pub use rescue::{Rescue, blank, rescue};
#[cfg(feature = "screen")]
pub use screen::Screen;
pub use sequences::{ERASE, RESTORE};
#[cfg(feature = "screen")]
pub use session::{Options, Session};
#[cfg(feature = "screen")]
pub use signals::{Cause, Signal, Signals, signals};
#[cfg(unix)]
pub use tty::write_to;
pub use tty::{send, size};

#[cfg(all(test, unix, feature = "screen"))]
mod tests;
