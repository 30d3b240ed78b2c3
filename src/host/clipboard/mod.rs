//! Copying text and secrets by the way that works here, and taking secrets back.
//!
//! There is no one way. Which of them works depends on where the person sits, not on where the program runs; the
//! order is: the desktop, if the person sits at it; the server of tmux; GNU screen with its wrapping; otherwise the
//! sequence OSC 52 to the terminal. `docs/clipboard.md` says what terminals make of it.
//!
//! Three rules:
//! - Nothing is called copied that was only sent. [`Certainty`] says which it was.
//! - A secret is taken back by one space, never by an empty text: many terminals and tmux ignore an empty one.
//! - Newer content is left alone wherever it can be seen.
//!
//! All calls but [`Clipboard::detect`] may wait for other processes, for some seconds at most: run them off the loop.

mod choose;
mod clear;
mod copy;
#[cfg(feature = "screen")]
mod desktop;
#[cfg(not(feature = "screen"))]
mod no_desktop;
#[cfg(not(feature = "screen"))]
use no_desktop as desktop;
mod environment;
mod handle;
mod helper;
mod osc52;
mod outcome;
mod panes;
mod screen;
mod sequence;
mod tmux;

pub use environment::Environment;
pub use handle::Clipboard;
pub use outcome::{Certainty, ClearOutcome, Delivery};
pub use panes::{Pane, Reads};

pub use crate::host::promise::{Desktop, Focus, ScreenSession, TmuxPane, Way};

#[cfg(all(test, unix))]
mod tests;
