//! What is asked before a secret is fetched: which client it is of, why, for which ticket, or only "yes".

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::keymap::Action;
use crate::tui::message::Wanted;
use crate::tui::widgets::field::Field;
use gluepot_core::audit::Caution;
use gluepot_core::model::{OrganizationId, RecordKey};

/// One thing that has to be typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// The short name of the client, after a change of client
    Client,
    /// Why the secret is needed
    Reason,
    /// The ticket it is needed for
    Ticket,
}

impl Ask {
    /// What stands before the field.
    pub fn label(self) -> &'static str {
        match self {
            Self::Client => "Short name",
            Self::Reason => "Reason",
            Self::Ticket => "Ticket",
        }
    }
}

/// A thing that has to be typed, and what was.
pub struct Answer {
    /// What is asked
    pub ask: Ask,
    /// The label of the field
    pub label: &'static str,
    /// What was typed; kept when it is refused
    pub field: Field,
    /// Why it was refused; empty before the first try
    pub wrong: String,
}

/// All that a dialog asks for. With nothing to type, only the letter [`YES`] continues.
#[derive(Default)]
pub struct Answers {
    /// The fields from top to bottom
    pub all: Vec<Answer>,
    /// Which of them is typed into
    pub at: usize,
}

impl Answers {
    /// The field that is typed into.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.all.get_mut(self.at).map(|answer| &mut answer.field)
    }

    /// Takes a key. Gives whether it sends what was typed.
    pub fn sends(&mut self, action: Option<Action>, key: KeyEvent) -> bool {
        if self.all.is_empty() {
            // Only the letter that is shown says yes.
            return key.code == KeyCode::Char(YES)
                && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        }
        match action {
            Some(Action::Open) if self.at + 1 < self.all.len() => self.step(1),
            Some(Action::Open) => return true,
            Some(Action::FocusNext | Action::Down) => self.step(1),
            Some(Action::FocusPrevious | Action::Up) => self.step(-1),
            _ => {
                if let Some(field) = self.field() {
                    field.key(key);
                }
            }
        }
        false
    }

    /// Goes to the next or the previous field, round and round.
    fn step(&mut self, by: isize) {
        let all = self.all.len() as isize;
        if all > 0 {
            self.at = (self.at as isize + by).rem_euclid(all) as usize;
        }
    }
}

/// The one dialog before a secret.
pub struct Gate {
    /// What it leads to
    pub wanted: Wanted,
    /// Whose it is
    pub organization: OrganizationId,
    /// Whose it is, in words
    pub client: String,
    /// What it is
    pub record: String,
    /// Why something is asked
    pub because: Vec<String>,
    /// What to know of the names and the surroundings before the secret is there
    pub cautions: Vec<String>,
    /// The words of these, and of what was accepted before, for the audit trail
    pub words: BTreeSet<Caution>,
    /// Those of the cautions that are about names, and whose: asked once
    pub names: Vec<(RecordKey, String)>,
    /// What has to be typed
    pub answers: Answers,
}

/// The key that says yes where nothing has to be typed. Not Enter, which is pressed too easily, nor a key that asks
/// for a secret, which may be pressed twice.
pub const YES: char = 'y';
