//! The facts that are told, one by one. They cross a process boundary as JSON, and never hold a secret.

use serde::{Deserialize, Serialize};

use super::claim::{Claim, Focus, TmuxPane};
use super::hold::Hold;
use gluepot_core::audit::Reference;

/// Something that has to be fixed if the program ends without doing so itself, or that such a thing is over.
#[derive(Clone, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The terminal was entered
    Entered(Hold),
    /// The terminal was given back
    Left,
    /// A secret is on the screen until this many milliseconds since boot; the intent it was recorded as
    Shown {
        /// Milliseconds since boot
        due: u64,
        /// The intent
        intent: Reference,
    },
    /// No secret is on the screen any more
    Hidden,
    /// That the secret of this intent was hidden is on record
    Recorded(Reference),
    /// A paste buffer of this tmux contains a secret for a pane, or none does any more
    Lending(Option<(TmuxPane, String)>),
    /// The terminal said whether it has the focus
    Focus(Focus),
    /// The secret that is copied now is due at this many milliseconds since boot; the intent it was recorded as
    Promise {
        /// Milliseconds since boot
        due: u64,
        /// The intent
        intent: Reference,
    },
    /// A secret is being copied: it may be there or not
    Copying(Claim),
    /// A secret was copied
    Holding(Claim),
    /// The program clears now
    Clearing,
    /// No secret from us is in a clipboard
    Cleared,
}
