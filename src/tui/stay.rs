//! What was agreed to while somebody sits here, until another client is opened, the screen is locked or the program
//! stops: then it is asked anew.

use std::collections::HashSet;

use super::message::{Purpose, Wanted};
use crate::host::observers::Observer;
use gluepot_core::model::{OrganizationId, RecordKey};

/// What a person has agreed to, and the ticket they work on.
#[derive(Default)]
pub struct Stay {
    /// The ticket, filtered, without `#`
    pub ticket: String,
    /// The clients whose secrets are fetched without asking whose they are: the open one, or with the setting "once" all
    /// that were confirmed in this run
    pub(in crate::tui) confirmed: HashSet<OrganizationId>,
    /// Doubts about who sees the terminal that stand in the dialog for this secret
    pub(in crate::tui) told_doubts: Option<(Wanted, Vec<(Purpose, Observer)>)>,
    /// Those that the person read and accepted
    pub(in crate::tui) accepted_doubts: Vec<(Purpose, Observer)>,
    /// What was said of names that can be taken for others, and accepted
    pub(in crate::tui) accepted_names: Vec<(RecordKey, String)>,
    /// What was agreed to and recorded in this stay
    pub(in crate::tui) passes: super::shell::Passes,
}
