//! The guard: a small second process that outlives the program and puts right what a killed program leaves behind.
//!
//! KILL, abort, a stack overflow and the system's want of memory end a program without a last word. The terminal then
//! stays raw with a secret on it, and a secret that was given to a terminal or to tmux stays in somebody's clipboard;
//! only a desktop takes its selection back with its owner. So the program starts itself a second time, as
//! `gluepot guard`, with a socket whose other end nobody else has. `keeper` is the end the program holds and
//! `watch` is what runs in the guard. They speak in `Word`s, one JSON object a line.
//!
//! The guard is told facts and never a secret: that the terminal was entered with these line settings, by which way a
//! secret was copied and when it is due, that it was cleared. When the socket closes without a goodbye, it gives the
//! terminal back ([`crate::host::terminal::rescue`]), clears the clipboard by the same code as the program, writes the outcomes
//! of both to the audit trail and ends. It also clears when a secret is due and the program stands still (SIGSTOP): the
//! clipboard, and the screen ([`crate::host::terminal::blank()`]).
//!
//! It has a process group of its own, so that no key of the terminal reaches it; it stays in the session, since only
//! there the kernel tells which process group the terminal belongs to now. It ignores what could end it but KILL.
//! The program goes on without it, and says so.

mod keeper;
#[cfg(unix)]
mod watch;

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use keeper::{
    clearing, copying, entered, focus, goodbye, hidden, holding, left, lending, probe, promise, recorded, settled,
    shown, start, status, took,
};
#[cfg(unix)]
pub use watch::run;

use crate::host::clipboard::{Claim, Focus, TmuxPane};
use crate::host::terminal::Hold;
use gluepot_core::audit::{Keeping, Reference};

/// Where the audit trail is and how it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Trail {
    /// Its folder
    pub folder: PathBuf,
    /// Waiting, rotation, copies
    pub keeping: Keeping,
}

/// What the program tells the guard.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
enum Word {
    /// The first word: the audit trail, if there is one
    Hello { audit: Option<Trail> },
    /// The terminal was entered
    Entered(Hold),
    /// The terminal was given back
    Left,
    /// A secret is on the screen until this many milliseconds since boot; the intent it was recorded as
    Shown { due: u64, intent: Reference },
    /// No secret is on the screen any more
    Hidden,
    /// That the secret of this intent was hidden is on record
    Recorded(Reference),
    /// A paste buffer of this tmux holds a secret on its way to a pane, or none does any more
    Lending(Option<(TmuxPane, String)>),
    /// The terminal said whether it has the focus
    Focus(Focus),
    /// The secret that is copied now is due at this many milliseconds since boot; the intent it was recorded as
    Promise { due: u64, intent: Reference },
    /// A secret is being copied: it may be there or not
    Copying(Claim),
    /// A secret was copied
    Holding(Claim),
    /// The program clears now
    Clearing,
    /// No secret of ours is in a clipboard
    Cleared,
    /// The program ends in order
    Goodbye,
}

/// What the guard tells the program.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// It runs and heard the first word
    Ready,
    /// It cleared a secret that was due; what came of it, in words
    Took(String),
    /// It cleared the screen, since a secret was on it past its time: all has to be drawn anew
    Blanked,
}

/// What the program has to know of its guard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum News {
    /// There is none, or no longer one
    Missing(Status),
    /// It cleared the screen while the program stood still
    Blanked,
}

/// Whether there is a guard.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Status {
    /// Nobody asked for one
    #[default]
    Off,
    /// It is on its way
    Starting,
    /// It runs, as this process
    On(u32),
    /// It could not be started, with the reason
    Failed(String),
    /// It ran and is gone, with what is known
    Lost(String),
}

impl Status {
    /// Whether the program has to go on without a guard.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Lost(_))
    }
}

const WITHOUT: &str = "if this program is killed now, the screen stays as it is and a copied secret stays where it is";

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("not started"),
            Self::Starting => f.write_str("starting"),
            Self::On(pid) => {
                write!(f, "PID {pid} restores the terminal and clears the clipboard if gluepot dies")
            }
            Self::Failed(why) => write!(f, "could not be started ({why}): {WITHOUT}"),
            Self::Lost(why) => write!(f, "gone ({why}): {WITHOUT}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_guard_is_told_with_what_it_means() {
        let lost = Status::Lost("killed by signal 9".to_owned());
        assert!(lost.is_missing() && !Status::On(1).is_missing() && !Status::Off.is_missing());
        assert!(lost.to_string().contains("killed by signal 9") && lost.to_string().contains("stays"));
    }

    #[test]
    fn a_word_is_one_line_whatever_it_says() {
        let trail = Trail { folder: "/tmp/a\nb\u{1b}".into(), keeping: Keeping::default() };
        let text = serde_json::to_string(&Word::Hello { audit: Some(trail.clone()) }).expect("words are plain data");
        assert!(!text.contains(['\n', '\u{1b}']), "{text}");
        assert!(matches!(serde_json::from_str(&text), Ok(Word::Hello { audit: Some(back) }) if back == trail));
    }
}
