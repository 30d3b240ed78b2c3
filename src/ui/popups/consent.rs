//! What is asked before something that is no secret, where a policy has it asked: the text of a document, the list of
//! passwords, a web address.

use super::gate::Answer;
use crate::model::{OrganizationId, RecordKey};
use crate::ui::widgets::field::Field;

/// What stands before an address in [`Consent::about`]: it is shown whole.
pub const ADDRESS: &str = "Address";

/// What is about to be done.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Show the text of a document
    View(RecordKey),
    /// Ask for the passwords of an organization
    List(OrganizationId),
    /// Use a web address
    Link {
        /// The address
        address: String,
        /// The record it stands in or leads to
        from: RecordKey,
    },
}

/// The dialog before it.
pub struct Consent {
    /// What it leads to
    pub step: Step,
    /// Whose it is and what it is: names and values
    pub about: Vec<(&'static str, String)>,
    /// Why something is asked
    pub because: Vec<String>,
    /// What has to be typed; empty: only the letter [`super::gate::YES`]
    pub answers: Vec<Answer>,
    /// Which of them is typed into
    pub at: usize,
}

impl Consent {
    /// The field that is typed into.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.answers.get_mut(self.at).map(|answer| &mut answer.field)
    }

    /// Goes to the next or the previous field, round and round.
    pub fn step(&mut self, by: isize) {
        let all = self.answers.len() as isize;
        if all > 0 {
            self.at = (self.at as isize + by).rem_euclid(all) as usize;
        }
    }
}
