//! The dialog before something that is no secret, where a policy has it asked: the text of a document, the list of
//! passwords, a web address.

use super::gate::Answers;
use gluepot_core::access::StepQuestions;

/// The prefix of an address in [`Consent::about`]: it is shown whole.
pub const ADDRESS: &str = "Address";

/// The dialog.
pub struct Consent {
    /// What is asked and why
    pub questions: Box<StepQuestions>,
    /// Whose it is and what it is: names and values
    pub about: Vec<(&'static str, String)>,
    /// What was typed
    pub answers: Answers,
}
