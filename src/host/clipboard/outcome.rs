//! What came of a copy or of a clear, in words for the bar and for the audit trail.

use std::borrow::Cow;
use std::fmt;

use crate::host::promise::Way;
use gluepot_core::audit;

/// How sure it is that a text arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Certainty {
    /// It was read back
    Delivered,
    /// It was sent and cannot be confirmed; with what speaks for or against it
    Sent(&'static str),
    /// It was not sent, with the reason and what to do
    NotPossible(String),
}

/// What came of a copy.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use = "a copy may have failed"]
pub struct Delivery {
    /// The way that was taken
    pub way: Way,
    /// How sure it is
    pub certainty: Certainty,
}

impl Delivery {
    pub(super) fn refused(way: Way, why: impl Into<String>) -> Self {
        Self { way, certainty: Certainty::NotPossible(why.into()) }
    }

    /// Whether the text may be in a clipboard now.
    pub fn may_have_arrived(&self) -> bool {
        !matches!(self.certainty, Certainty::NotPossible(_))
    }
}

/// A sentence for the bar. "Copied" is only said about what was read back.
impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.certainty {
            Certainty::Delivered => write!(f, "Copied: {}", self.way.label()),
            Certainty::Sent(note) => write!(f, "Sent, unconfirmed: by {}; {note}", self.way.label()),
            Certainty::NotPossible(why) => write!(f, "Not copied: {why}"),
        }
    }
}

impl From<&Delivery> for audit::Outcome {
    fn from(delivery: &Delivery) -> Self {
        let way = delivery.way.label();
        match &delivery.certainty {
            Certainty::Delivered => Self::Copied { way: way.into(), certainty: "delivered".into() },
            Certainty::Sent(note) => Self::Copied { way: way.into(), certainty: format!("sent, {note}").into() },
            Certainty::NotPossible(why) => Self::Failed(format!("{way}: {why}").into()),
        }
    }
}

/// What came of taking a secret back.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use = "a secret may still be in the clipboard"]
pub enum ClearOutcome {
    /// It is gone
    Cleared,
    /// Something else was copied since; that was not touched
    LeftAlone,
    /// Sent to the terminal; it does not respond
    Unknown,
    /// It is still there
    CouldNot {
        /// Why
        reason: Cow<'static, str>,
        /// Whether calling again later may work: on focus, after attaching, at the end
        retry: bool,
    },
    /// The guard was faster, while this process was stopped; with its words
    ByGuard(String),
    /// There was no secret to take back
    NothingHeld,
}

/// Words for the bar.
impl fmt::Display for ClearOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cleared => f.write_str("Clipboard cleared"),
            Self::LeftAlone => f.write_str("Clipboard left alone: it no longer holds the password"),
            Self::Unknown => f.write_str("Clear sent to the terminal, unconfirmed"),
            Self::CouldNot { reason, retry: true } => write!(f, "Could not clear the clipboard: {reason}; will retry"),
            Self::CouldNot { reason, retry: false } => {
                write!(f, "Could not clear the clipboard: {reason}; copy something else")
            }
            Self::ByGuard(words) => write!(f, "{words} (by the watchdog, while gluepot was stopped)"),
            Self::NothingHeld => f.write_str("Nothing to clear"),
        }
    }
}

impl From<&ClearOutcome> for audit::Outcome {
    fn from(outcome: &ClearOutcome) -> Self {
        Self::Cleared(match outcome {
            ClearOutcome::Cleared => "cleared".into(),
            ClearOutcome::LeftAlone => "left alone, newer content".into(),
            ClearOutcome::Unknown => "sent, unconfirmed".into(),
            ClearOutcome::CouldNot { reason, .. } => format!("not cleared: {reason}").into(),
            ClearOutcome::ByGuard(words) => format!("by the guard, the program stood still: {words}").into(),
            ClearOutcome::NothingHeld => "nothing held".into(),
        })
    }
}
