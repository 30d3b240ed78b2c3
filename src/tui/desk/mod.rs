//! Where secrets are used: what is shown, requested, in the clipboard, and at which terminal.

use std::sync::Arc;

use super::shell::{Asked, Console, Copied, Drawn, Held};
use crate::host::clipboard::{Clipboard, Focus, Pane, Way};
use crate::host::observers::Surroundings;
use gluepot_core::access::Wanted;
use gluepot_core::model::RecordKey;

/// The room where secrets are used.
pub struct Desk {
    pub(in crate::tui) held: Option<Held>,
    pub(in crate::tui) console: Option<Console>,
    /// What the last frame showed of a value
    pub(in crate::tui) drawn: Drawn,
    pub(in crate::tui) secret_ticket: u64,
    /// A secret that is wanted, while it is looked who else would see it
    pub(in crate::tui) looked_for: Option<u64>,
    pub(in crate::tui) asked_secret: Option<Asked>,
    /// Why the last secret that was wanted could not be fetched, and whose it was
    pub(in crate::tui) not_fetched: Option<(RecordKey, String)>,
    /// The pane of tmux that was chosen for a password, until its dialog is answered
    pub(in crate::tui) chosen_pane: Option<Pane>,
    /// The user agreed to copy the control characters of this password, once
    pub(in crate::tui) odd_copy_allowed: Option<Wanted>,
    pub(in crate::tui) copied: Option<Copied>,
    /// The way of the last copy that nothing confirmed, and what speaks for or against it
    pub(in crate::tui) last_delivery: Option<(Way, &'static str)>,
    pub(in crate::tui) terminal_focus: Focus,
    /// The way text is copied
    pub(in crate::tui) clipboard: Arc<Clipboard>,
    /// Where to look for who else sees the terminal; nowhere if a test decides that no one does
    pub(in crate::tui) observers: Option<Surroundings>,
}

impl Desk {
    /// An empty desk.
    pub fn new(clipboard: Arc<Clipboard>, observers: Option<Surroundings>) -> Self {
        Self {
            held: None,
            console: None,
            drawn: Drawn::default(),
            secret_ticket: 0,
            looked_for: None,
            asked_secret: None,
            not_fetched: None,
            chosen_pane: None,
            odd_copy_allowed: None,
            copied: None,
            last_delivery: None,
            terminal_focus: Focus::Unknown,
            clipboard,
            observers,
        }
    }
}
