//! Checklists and their tasks.

use super::Common;
use crate::text::Clean;

/// A checklist.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Checklist {
    pub id: u64,
    pub name: Clean,
    pub description: Clean,
    pub completed: bool,
    pub completed_at: Option<jiff::Timestamp>,
    pub due_date: Clean,
    pub assignee_name: Clean,
    pub tasks: Vec<ChecklistTask>,
    pub common: Common,
}

/// A task of a checklist.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct ChecklistTask {
    pub id: u64,
    pub name: Clean,
    pub description: Clean,
    pub position: i64,
    pub completed: bool,
    pub due_date: Clean,
    pub assignee_name: Clean,
}
