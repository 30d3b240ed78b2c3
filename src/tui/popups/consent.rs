//! What is asked before something that is no secret, where a policy has it asked: the text of a document, the list of
//! passwords, a web address.

use super::gate::Answers;
use gluepot_core::model::{OrganizationId, RecordKey};

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
    /// What has to be typed
    pub answers: Answers,
}
