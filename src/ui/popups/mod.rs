//! What lies over the panes and takes every key: a list to choose from, a line to type, a text to read, a question.

pub mod consent;
pub mod gate;
pub mod picker;

use consent::Consent;
use gate::Gate;
use picker::Picker;

use crate::model::RecordKey;
use crate::ui::app::Leave;
use crate::ui::widgets::field::Field;

/// A popup.
pub enum Popup {
    /// A list to choose from
    Picker(Box<Picker>),
    /// The ticket field
    Ticket(Box<Field>),
    /// A text to read: help, status, quick notes
    Text(TextPopup),
    /// A question that Enter alone does not answer
    Confirm(Confirm),
    /// What is asked before a secret
    Gate(Box<Gate>),
    /// What a policy has asked before something else
    Consent(Box<Consent>),
}

/// What a text popup shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Text {
    /// The keys that work here
    Help,
    /// Connection, audit, clipboard and what was reported
    Status,
    /// The quick notes of the open organization
    QuickNotes,
}

/// A text with a title that can be scrolled.
pub struct TextPopup {
    /// Which text: its lines are made again for another width
    pub text: Text,
    /// Columns its lines were made for
    pub width: u16,
    /// What it is
    pub title: String,
    /// Its lines, with what is emphasised
    pub lines: Vec<ratatui::text::Line<'static>>,
    /// First line shown
    pub scroll: usize,
}

/// What is asked before it is done.
#[derive(PartialEq, Eq, Debug)]
pub enum Question {
    /// Copy a password that holds control characters
    OddCopy(Leave),
    /// Open this address in a browser, or copy it where there is no desktop
    OpenUrl {
        /// The address
        address: String,
        /// The record it stands in or leads to
        from: RecordKey,
    },
}

/// A question with its explanation.
pub struct Confirm {
    /// What is asked
    pub question: Question,
    /// What the user must know to answer
    pub lines: Vec<String>,
    /// The key that says yes, shown
    pub yes: char,
}
