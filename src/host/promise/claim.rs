//! Where a secret may be because of us, in plain data: enough to take it back, and never the secret.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

/// By which way text is copied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub enum Way {
    /// The clipboard of the desktop
    Desktop(Desktop),
    /// The tmux server sends it to the terminal
    Tmux,
    /// A sequence handed through by tmux, for a terminal behind mosh
    TmuxPassthrough,
    /// A sequence wrapped for GNU screen
    Screen,
    /// A sequence to the terminal
    Osc52,
    /// There is none
    Nowhere,
}

impl Way {
    /// A few words for the bar and for the audit record.
    pub fn label(self) -> &'static str {
        match self {
            Self::Desktop(Desktop::X11) => "desktop (X11)",
            Self::Desktop(Desktop::Wayland) => "desktop (Wayland)",
            Self::Desktop(Desktop::Native) => "desktop",
            Self::Tmux => "tmux",
            Self::TmuxPassthrough => "tmux passthrough",
            Self::Screen => "screen",
            Self::Osc52 => "terminal (OSC 52)",
            Self::Nowhere => "no clipboard",
        }
    }
}

/// The kind of desktop clipboard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub enum Desktop {
    /// An X server
    X11,
    /// A Wayland compositor
    Wayland,
    /// The one of macOS or Windows
    Native,
}

/// Whether the terminal has the focus. Some take a clipboard sequence only then.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, serde::Serialize, serde::Deserialize)]
pub enum Focus {
    /// It said that it has
    Focused,
    /// It said that it lost it
    Unfocused,
    /// It never said anything
    #[default]
    Unknown,
}

/// The pane of tmux this runs in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct TmuxPane {
    /// The socket of the server
    pub socket: PathBuf,
    /// The pane, as `%3`
    pub pane: String,
}

/// The session of GNU screen this runs in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct ScreenSession {
    /// Its name, from `STY`
    pub name: String,
    /// Where screen keeps its sockets, if that was set
    pub folder: Option<OsString>,
}

/// A terminal that is attached to the server. A secret is taken back from the very one it was sent to: with several
/// attached, another one may be in use by the time it is due.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub(in crate::host) struct Client {
    /// Its name
    pub(in crate::host) tty: String,
    /// Its process and the second it was attached, since the name of a terminal is used again
    pub(in crate::host) pid: u32,
    pub(in crate::host) since: u64,
}

/// What tmux knew when a secret was copied by its server.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(in crate::host) struct Traces {
    /// The paste buffers of the time: a new one means that a user copied since
    pub(in crate::host) buffers: Option<BTreeSet<String>>,
    /// The terminal it was sent to
    pub(in crate::host) client: Option<Client>,
    /// The second it was sent
    pub(in crate::host) at: u64,
}

/// What another process must know to take a secret back by the same ways and rules. Never the secret.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Claim {
    /// The way it went
    pub(in crate::host) way: Way,
    /// The pane that sent it
    pub(in crate::host) tmux: Option<TmuxPane>,
    /// The session of the pane: the pane may end with the program
    pub(in crate::host) session: Option<String>,
    /// The session of GNU screen that passed it on
    pub(in crate::host) screen: Option<ScreenSession>,
    /// What was known of the place it went to
    pub(in crate::host) traces: Traces,
}

impl Claim {
    /// Whether it is taken back by writing to the terminal.
    pub fn needs_terminal(&self) -> bool {
        !matches!(self.way, Way::Tmux)
    }
}
