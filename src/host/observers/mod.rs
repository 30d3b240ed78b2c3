//! Who else sees the terminal: other terminals of a multiplexer's session, a pane that is piped, recorders.
//!
//! Looked at right before a value is shown, and told as a caution; the person decides. What is found is called seen,
//! and of what is not found nothing is said: a recorder may run as another user, behind SSH, or on the terminal's own
//! side, which this machine cannot see.
//!
//! Three questions, each answered from what the system tells any user:
//!
//! | Question | From |
//! |---|---|
//! | tmux: is the pane piped, how many terminals are attached to a session that has it | the tmux server |
//! | GNU screen: does it write a log, how many terminals are attached | the files its server has open, in `/proc` |
//! | is a recorder in between | names and terminals of the processes above this one and the multiplexer's terminals |
//!
//! A multiplexer may run inside another one: then the same is asked of that.
//! [`look()`] starts programs and waits for them, for [`LIMIT`] in all: not for the loop. It knows no screen.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
mod look;
mod observer;
#[cfg(target_os = "linux")]
mod processes;
mod screen;
mod surroundings;
mod tmux;

#[cfg(not(target_os = "linux"))]
use elsewhere as processes;

pub use look::{LIMIT, look};
pub use observer::Observer;
pub use surroundings::Surroundings;

#[cfg(test)]
mod tests;
