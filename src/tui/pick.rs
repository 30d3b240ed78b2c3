//! What can be chosen in a list: a line, and what choosing it does.

use super::keymap::Action;
use crate::host::clipboard::Pane;
use crate::present::row::Sort;
use gluepot_core::access::Wanted;
use gluepot_core::model::{OrganizationId, RecordKey};

/// What choosing an item does.
#[derive(Clone, PartialEq, Debug)]
pub enum Pick {
    /// Runs an action
    Action(Action),
    /// Copies this text; the words say what it is
    Copy {
        /// What is copied, in words
        what: String,
        /// The text
        text: String,
    },
    /// Copies all that is known of a record, as JSON: made when it is chosen
    CopyAll(RecordKey),
    /// Scrolls the detail to a line
    Line(usize),
    /// Sets the order of the focused list
    Sort(Sort),
    /// Asks what to do with an earlier version of a password
    Version(RecordKey, u64),
    /// Uses a secret
    Use(Wanted),
    /// Hands a password to this pane of tmux
    Pane(RecordKey, Box<Pane>),
    /// Goes to a record
    Record(RecordKey, Option<OrganizationId>),
}

/// One line to choose.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// What it is
    pub label: String,
    /// The right part: a key, a kind, a short form
    pub aside: String,
    /// Typed whole, one of these means this item and no other
    pub names: &'static [&'static str],
    /// Why it cannot be chosen now
    pub refused: Option<String>,
    /// What it does
    pub pick: Pick,
}

impl Item {
    /// An item that can be chosen.
    pub fn new(label: impl Into<String>, aside: impl Into<String>, pick: Pick) -> Self {
        Self { label: label.into(), aside: aside.into(), names: &[], refused: None, pick }
    }
}
