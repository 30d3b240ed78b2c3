//! Who or what sees a terminal, in words for the dialog and for the audit trail.

use std::fmt;

use gluepot_core::audit::Caution;
use gluepot_core::text::Clean;

/// A person or program that sees what is shown, or may.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Observer {
    /// The tmux pane is piped to a program
    Piped,
    /// More than one terminal is attached to the tmux session
    TmuxClients(Vec<Clean>),
    /// GNU screen writes a window of this session to a file; it cannot be seen which
    Logged,
    /// More than one terminal is attached to the screen session
    ScreenClients(Vec<Clean>),
    /// A program that records is between this one and the person
    Recorder {
        /// Its name
        name: Clean,
        /// Its process; 0 if only the environment names it
        pid: u32,
    },
    /// A program that may record: sudo with its own terminal
    Relay {
        /// Its name
        name: Clean,
        /// Its process
        pid: u32,
    },
    /// A program that shares the terminal with others
    Shared {
        /// Its name
        name: Clean,
    },
    /// GNU screen is between, and does not let its user see who else is. Its processes on terminals are what can be
    /// seen: when a user attaches again they differ
    Unseen(Vec<Clean>),
    /// It could not be found out
    Unknown(Clean),
}

impl Observer {
    /// Whether it also sees a text that is copied by a sequence to the terminal. A piped pane or a logged window sees
    /// only what the program itself writes, and not what tmux sends for it.
    pub fn sees_what_tmux_sends(&self) -> bool {
        !matches!(self, Self::Piped | Self::Logged)
    }

    /// Whether it is a doubt that another check cannot settle, and not a known observer: it is asked once
    /// and again when what can be seen of it has changed.
    pub fn is_lasting_doubt(&self) -> bool {
        matches!(self, Self::Relay { .. } | Self::Unseen(_))
    }

    /// The word in the audit trail when the user was warned and continued.
    pub fn caution(&self) -> Caution {
        match self {
            Self::Piped => Caution::TmuxPipe,
            Self::TmuxClients(_) => Caution::TmuxClients,
            Self::Logged => Caution::ScreenLog,
            Self::ScreenClients(_) => Caution::ScreenClients,
            Self::Recorder { .. } => Caution::Recorder,
            Self::Relay { .. } => Caution::Sudo,
            Self::Shared { .. } => Caution::Shared,
            Self::Unseen(_) => Caution::ScreenUnseen,
            Self::Unknown(_) => Caution::Unknown,
        }
    }
}

/// A sentence for the dialog.
impl fmt::Display for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terminals = |f: &mut fmt::Formatter<'_>, of: &str, names: &[Clean]| {
            let names: Vec<&str> = names.iter().map(Clean::as_str).collect();
            write!(f, "{} terminals are attached to this {of} session: {}.", names.len(), names.join(", "))
        };
        match self {
            Self::Piped => f.write_str("This tmux pane is piped to a program (pipe-pane), which gets what is shown."),
            Self::TmuxClients(names) => terminals(f, "tmux", names),
            Self::Logged => f.write_str("GNU screen writes a log of this session: of this window or of another one."),
            Self::ScreenClients(names) => terminals(f, "screen", names),
            Self::Recorder { name, pid: 0 } => write!(f, "A recorder was seen: {name}."),
            Self::Recorder { name, pid } => write!(f, "A recorder was seen: {name} (process {pid})."),
            Self::Relay { name, pid } => {
                write!(f, "{name} (process {pid}) passes this terminal on and may record it.")
            }
            Self::Shared { name } => write!(f, "{name} shares this terminal with others."),
            Self::Unseen(clients) => {
                let names: Vec<&str> = clients.iter().map(Clean::as_str).collect();
                let at = if names.is_empty() { String::new() } else { format!(" It runs at {}.", names.join(", ")) };
                write!(
                    f,
                    "Who else sees this terminal could not be found out: GNU screen does not let its user see whether it \
                     writes a log and which terminals are attached.{at}"
                )
            }
            Self::Unknown(why) => write!(f, "Who else sees this terminal could not be found out: {why}."),
        }
    }
}
