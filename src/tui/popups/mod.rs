//! What lies over the panes and takes every key: a list to choose from, a line to type, a text to read, a question.

pub mod consent;
pub mod gate;
pub mod picker;

use consent::Consent;
use gate::Gate;
use picker::Picker;

use crate::search::Needle;
use crate::tui::shell::Leave;
use crate::tui::widgets::field::Field;
use gluepot_core::model::RecordKey;

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
    /// What is searched for in it
    pub search: Box<TextSearch>,
}

/// The search in a text.
#[derive(Default)]
pub struct TextSearch {
    /// What is typed
    pub field: Field,
    /// Whether keys are letters of it
    pub typing: bool,
    /// Lines with a match
    pub hits: Vec<usize>,
    /// The current one among them
    pub hit: usize,
}

impl TextSearch {
    /// A new search, to be typed.
    pub fn begin() -> Self {
        Self { typing: true, ..Self::default() }
    }

    /// Whether its line is shown.
    pub fn is_shown(&self) -> bool {
        self.typing || !self.field.text().is_empty()
    }

    /// Ends it. Says whether there was one.
    pub fn leave(&mut self) -> bool {
        let was = self.is_shown();
        *self = Self::default();
        was
    }
}

impl TextPopup {
    /// Rows of its text on a screen that has so many: the search takes one.
    pub fn rows(&self, most: usize) -> usize {
        let most = most.saturating_sub(usize::from(self.search.is_shown())).max(1);
        self.lines.len().min(most)
    }

    /// Searches for what is typed and goes to the first match from here on.
    pub fn find(&mut self, rows: usize) {
        self.search_again();
        let from = self.scroll;
        self.search.hit = self.search.hits.iter().position(|&line| line >= from).unwrap_or(0);
        self.show_hit(rows);
    }

    /// Searches the lines, which changed.
    pub fn search_again(&mut self) {
        self.search.hits.clear();
        self.search.hit = 0;
        let Some(mut needle) = Needle::new(self.search.field.text()) else { return };
        let matches = |line: &ratatui::text::Line<'_>| !needle.find(&line.to_string()).is_empty();
        self.search.hits =
            self.lines.iter().map(matches).enumerate().filter(|(_, hit)| *hit).map(|(at, _)| at).collect();
    }

    /// Goes to the match `step` further on, around the end.
    pub fn step_hit(&mut self, step: isize, rows: usize) {
        if self.search.hits.is_empty() {
            return;
        }
        self.search.hit = (self.search.hit as isize + step).rem_euclid(self.search.hits.len() as isize) as usize;
        self.show_hit(rows);
    }

    fn show_hit(&mut self, rows: usize) {
        let Some(&line) = self.search.hits.get(self.search.hit) else { return };
        if line < self.scroll || line >= self.scroll + rows {
            self.scroll = line.saturating_sub(rows / 3).min(self.lines.len().saturating_sub(rows));
        }
    }
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
