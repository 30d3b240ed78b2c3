//! The dialog before a secret, and the fields that it shares with the one before a step.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::keymap::Action;
use crate::tui::widgets::field::Field;
use gluepot_core::access::{Ask, Question, Questions, Reply};

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
    /// A field for each question, filled with what is known already.
    pub fn of(asks: &[Question], ticket: &str) -> Self {
        let mut answers = Self::default();
        answers.add(asks, ticket);
        answers
    }

    /// Adds the fields that are missing.
    fn add(&mut self, asks: &[Question], ticket: &str) {
        for &Question { ask, label } in asks {
            if self.all.iter().all(|answer| answer.ask != ask) {
                let field = if ask == Ask::Ticket { Field::with(ticket) } else { Field::default() };
                self.all.push(Answer { ask, label, field, wrong: String::new() });
            }
        }
    }

    /// Something is wrong: it is said beside its field, what was typed stays, and the first wrong field is typed into.
    pub fn refuse(&mut self, asks: &[Question], ticket: &str, wrongs: Vec<(Ask, String)>) {
        self.add(asks, ticket);
        for (ask, wrong) in wrongs {
            if let Some(answer) = self.all.iter_mut().find(|answer| answer.ask == ask) {
                answer.wrong = wrong;
            }
        }
        self.at = self.all.iter().position(|answer| !answer.wrong.is_empty()).unwrap_or(self.at);
    }

    /// What was typed.
    pub fn replies(&self) -> Vec<Reply> {
        self.all.iter().map(|answer| (answer.ask, answer.field.text().to_owned())).collect()
    }

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
    /// What is asked and told
    pub questions: Box<Questions>,
    /// What was typed
    pub answers: Answers,
}

/// The key that says yes where nothing has to be typed. Not Enter, which is pressed too easily, nor a key that asks
/// for a secret, which may be pressed twice.
pub const YES: char = 'y';
