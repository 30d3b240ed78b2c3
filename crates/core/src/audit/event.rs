//! What is recorded: the event before it happens, and what came of it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::{Kind, OrganizationId, RecordKey};
use crate::text::Clean;

/// What a user is about to do with a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// Show the value of a password on the screen
    Reveal,
    /// Copy the value of a password without showing it
    Copy,
    /// Show the value of a password a few characters at a time, for typing it elsewhere
    Console,
    /// Give the value of a password to another program without a clipboard
    HandOver,
    /// Open a link in a browser
    OpenLink,
    /// Show the text of a document
    ViewDocument,
    /// Ask for the list of an organization's passwords, without their values
    ListPasswords,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 7] = [
        Self::Reveal,
        Self::Copy,
        Self::Console,
        Self::HandOver,
        Self::OpenLink,
        Self::ViewDocument,
        Self::ListPasswords,
    ];

    /// The word in the file. Never changed once released.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::Copy => "copy",
            Self::Console => "console",
            Self::HandOver => "hand-over",
            Self::OpenLink => "open-link",
            Self::ViewDocument => "view",
            Self::ListPasswords => "list-passwords",
        }
    }

    /// Whether the action needs the value of a password to be fetched.
    pub fn fetches_a_secret(self) -> bool {
        matches!(self, Self::Reveal | Self::Copy | Self::Console | Self::HandOver)
    }

    /// The action of a word in the file.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// A warning that the user saw and accepted. Its words in the file are fixed, so that the member is
/// bounded and says nothing that others chose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Caution {
    /// The tmux pane is piped to a program
    TmuxPipe,
    /// More than one terminal is attached to the tmux session
    TmuxClients,
    /// GNU screen writes a log of the session
    ScreenLog,
    /// More than one terminal is attached to the screen session
    ScreenClients,
    /// GNU screen does not let its user see who else is there
    ScreenUnseen,
    /// A program that records is in between
    Recorder,
    /// A program that may record is: sudo with its own terminal
    Sudo,
    /// A program that shares the terminal is in between
    Shared,
    /// Who sees the terminal could not be found out
    Unknown,
    /// The name of the password, or of its client, can be taken for another one
    LookAlike,
    /// The value that is copied holds control characters
    ControlCharacters,
    /// The pane it is handed to shows what is typed
    PaneShows,
    /// The pane it is handed to reads key by key
    PaneKeys,
    /// Whether the pane it is handed to shows what is typed is not known
    PaneUnknown,
    /// What the pane it is handed to prints is piped to a program
    PanePipe,
}

impl Caution {
    /// Every caution.
    pub const ALL: [Self; 15] = [
        Self::TmuxPipe,
        Self::TmuxClients,
        Self::ScreenLog,
        Self::ScreenClients,
        Self::ScreenUnseen,
        Self::Recorder,
        Self::Sudo,
        Self::Shared,
        Self::Unknown,
        Self::LookAlike,
        Self::ControlCharacters,
        Self::PaneShows,
        Self::PaneKeys,
        Self::PaneUnknown,
        Self::PanePipe,
    ];

    /// The word in the file. Never changed once released.
    pub fn word(self) -> &'static str {
        match self {
            Self::TmuxPipe => "tmux-pipe",
            Self::TmuxClients => "tmux-clients",
            Self::ScreenLog => "screen-log",
            Self::ScreenClients => "screen-clients",
            Self::ScreenUnseen => "screen-unseen",
            Self::Recorder => "recorder",
            Self::Sudo => "sudo",
            Self::Shared => "shared",
            Self::Unknown => "unknown",
            Self::LookAlike => "look-alike",
            Self::ControlCharacters => "control-characters",
            Self::PaneShows => "pane-shows",
            Self::PaneKeys => "pane-keys",
            Self::PaneUnknown => "pane-unknown",
            Self::PanePipe => "pane-pipe",
        }
    }
}

/// One thing about to happen. Holds names and ids, never a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// What is to be done
    pub action: Action,
    /// The person it is done for; empty for the user of the process, whom each line names
    pub person: Clean,
    /// The account the record is from; may be empty
    pub account: Clean,
    /// The organization the record belongs to, by id and name
    pub organization: Option<(OrganizationId, Clean)>,
    /// The record
    pub record: RecordKey,
    /// Its name at this time
    pub record_name: Clean,
    /// The earlier version of a password that is requested; `None` for the one in force
    pub version: Option<u64>,
    /// The category of a password; empty if it has none
    pub category: Clean,
    /// The target for [`Action::OpenLink`] and [`Action::HandOver`]; else empty
    pub detail: Clean,
    /// The ticket the work is for; may be empty
    pub ticket: Clean,
    /// The reason the person gave; may be empty
    pub reason: Clean,
    /// What the user was warned of and accepted
    pub cautions: BTreeSet<Caution>,
}

impl Event {
    /// An event with the optional parts empty.
    pub fn new(action: Action, record: RecordKey, record_name: Clean) -> Self {
        Self {
            action,
            person: Clean::default(),
            account: Clean::default(),
            organization: None,
            record,
            record_name,
            version: None,
            category: Clean::default(),
            detail: Clean::default(),
            ticket: Clean::default(),
            reason: Clean::default(),
            cautions: BTreeSet::new(),
        }
    }
}

/// The proof that an event is in the file, on the disk.
///
/// Only [`Permit::record`](crate::access::Permit::record) gives one, and it cannot be copied. The API asks for it before it fetches the
/// value of a password, so that no path in the program leads to a value without a record.
#[derive(Debug)]
#[must_use = "an intent is followed by an outcome"]
pub struct Intent {
    pub(super) seq: u64,
    pub(super) trail: [u8; 8],
    pub(super) event: Event,
    pub(super) spent: AtomicBool,
}

/// The place of an intent, for a process that has to record its outcome and did not write it. It permits nothing.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Reference {
    pub(super) seq: u64,
    pub(super) trail: [u8; 8],
}

/// Why an [`Intent`] does not cover a fetch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotPermitted {
    /// The recorded action does not show or copy a password
    #[error("the recorded action does not fetch a password")]
    WrongAction,
    /// It was recorded for a record that is no password
    #[error("the record in the audit file is not a password")]
    WrongRecord,
    /// It was recorded without a client
    #[error("the record in the audit file names no organization")]
    NoClient,
    /// It was used before
    #[error("this audit record was used for a fetch before; each fetch needs its own")]
    Spent,
}

impl Intent {
    /// What was recorded.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The number of the record in the file.
    pub fn number(&self) -> u64 {
        self.seq
    }

    /// Its place in the trail.
    pub fn reference(&self) -> Reference {
        Reference { seq: self.seq, trail: self.trail }
    }

    /// Uses the intent for the one fetch it was recorded for, and says which that is. Retries of the same request are part
    /// of that fetch.
    pub fn spend(&self) -> Result<Fetch, NotPermitted> {
        if !self.event.action.fetches_a_secret() {
            return Err(NotPermitted::WrongAction);
        }
        let Some((organization, _)) = self.event.organization else { return Err(NotPermitted::NoClient) };
        if self.event.record.kind != Kind::Password || self.event.record.source != organization.source {
            return Err(NotPermitted::WrongRecord);
        }
        if self.spent.swap(true, Ordering::AcqRel) {
            return Err(NotPermitted::Spent);
        }
        Ok(Fetch { organization, password: self.event.record.id, version: self.event.version })
    }
}

/// The one fetch an intent is good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fetch {
    /// Whose password it is
    pub organization: OrganizationId,
    /// Its id
    pub password: u64,
    /// The earlier version of it; `None` for the one in force
    pub version: Option<u64>,
}

/// What came of an intent. There may be several for one: shown, then hidden; copied, then cleared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The value is on the screen
    Shown,
    /// The value was fetched to be shown and is not on the screen, with the cause ("no room")
    NotShown(&'static str),
    /// The value left the screen, with the cause ("time", "esc", "focus", "quit")
    Hidden(&'static str),
    /// The program ended while the value was on the screen, with what is known of that screen
    Ended(&'static str),
    /// The value was given to a clipboard
    Copied {
        /// By which way
        way: Cow<'static, str>,
        /// How sure that is
        certainty: Cow<'static, str>,
    },
    /// The value was given to another program, with which
    HandedOver(Cow<'static, str>),
    /// The clipboard was taken back, or not; with what is known
    Cleared(Cow<'static, str>),
    /// A link was handed to the browser
    Opened,
    /// The text of a document is on the screen
    Read,
    /// A list was requested
    Listed,
    /// The action was cancelled before it took place, with the cause
    Refused(Cow<'static, str>),
    /// It did not come about, with the reason
    Failed(Cow<'static, str>),
}

impl Outcome {
    /// The word in the file, how it was done, how sure, and why.
    pub(super) fn parts(&self) -> (&'static str, &str, &str, &str) {
        match self {
            Self::Shown => ("shown", "", "", ""),
            Self::NotShown(why) => ("not-shown", "", "", why),
            Self::Hidden(why) => ("hidden", "", "", why),
            Self::Ended(why) => ("ended", "", "", why),
            Self::Copied { way, certainty } => ("copied", way, certainty, ""),
            Self::HandedOver(to) => ("handed-over", to, "", ""),
            Self::Cleared(what) => ("cleared", "", what, ""),
            Self::Opened => ("opened", "", "", ""),
            Self::Read => ("read", "", "", ""),
            Self::Listed => ("listed", "", "", ""),
            Self::Refused(why) => ("refused", "", "", why),
            Self::Failed(why) => ("failed", "", "", why),
        }
    }
}
