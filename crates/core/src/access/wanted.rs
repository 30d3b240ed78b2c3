//! What a secret is wanted for.

use crate::audit::Action as AuditAction;
use crate::model::RecordKey;
use crate::policy::Action;

/// What a fetched secret is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Purpose {
    /// Show it for a while.
    Reveal,
    /// Copy it without showing it.
    Copy,
    /// Show it a few characters at a time, for typing it elsewhere.
    Console,
    /// Give it to another program without a clipboard.
    HandOver,
}

impl Purpose {
    /// The question above the dialog.
    pub fn question(self) -> &'static str {
        match self {
            Self::Reveal => "Show this password?",
            Self::Copy => "Copy this password?",
            Self::Console => "Spell out this password?",
            Self::HandOver => "Send this password to the pane?",
        }
    }

    /// What agreeing does.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Reveal => "show",
            Self::Copy => "copy",
            Self::Console => "spell out",
            Self::HandOver => "send",
        }
    }

    /// The action that a policy judges.
    pub(super) fn judged_as(self) -> Action {
        match self {
            Self::Reveal => Action::Reveal,
            Self::Copy | Self::HandOver => Action::Copy,
            Self::Console => Action::Console,
        }
    }

    /// The action on record.
    pub(super) fn recorded_as(self) -> AuditAction {
        match self {
            Self::Reveal => AuditAction::Reveal,
            Self::Copy => AuditAction::Copy,
            Self::Console => AuditAction::Console,
            Self::HandOver => AuditAction::HandOver,
        }
    }
}

/// A secret that is requested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The password
    pub key: RecordKey,
    /// What for
    pub purpose: Purpose,
    /// An earlier version of it; `None` for the one in force
    pub version: Option<u64>,
}
