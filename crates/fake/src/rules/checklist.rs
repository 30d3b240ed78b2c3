//! Checklists: what follows from being done, or from not being done any more.

use serde_json::Value;

use super::rule::{Change, Rules};
use super::writer::{Writer, now};
use crate::answer::Answer;
use crate::world::Table;

/// Checklists.
pub(super) struct Checklist;

impl Rules for Checklist {
    /// `completed` brings its time and all per cent along; taken back, what the tasks say counts again.
    fn finish(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let Change { id, row, input, .. } = change;
        if !input.contains_key("completed") {
            return Ok(());
        }
        let done = row.get("completed") == Some(&Value::Bool(true));
        if done && row.get("completed-at").is_none_or(Value::is_null) {
            row.insert("completed-at".into(), now());
        }
        if !done {
            row.insert("completed-at".into(), Value::Null);
        }
        let tasks = writer.world.under(Table::ChecklistTasks, (Table::Checklists, *id));
        let ticked =
            tasks.iter().filter(|&&task| writer.lookup(Table::ChecklistTasks, task, "completed") == true).count();
        let percent = if done { 100 } else { ticked * 100 / tasks.len().max(1) };
        row.insert("percent-complete".into(), percent.into());
        Ok(())
    }
}
