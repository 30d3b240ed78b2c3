//! Checklists: what follows from being done, or from not being done any more.

use serde_json::Value;

use super::{Writer, now};
use crate::world::{Attributes, Table};

impl Writer<'_> {
    /// `completed` brings its time and all per cent along; taken back, what the tasks say counts again.
    pub(super) fn finish_checklist(&self, id: u64, row: &mut Attributes, input: &Attributes) {
        if !input.contains_key("completed") {
            return;
        }
        let done = row.get("completed") == Some(&Value::Bool(true));
        if done && row.get("completed-at").is_none_or(Value::is_null) {
            row.insert("completed-at".into(), now());
        }
        if !done {
            row.insert("completed-at".into(), Value::Null);
        }
        let tasks = self.world.under(Table::ChecklistTasks, (Table::Checklists, id));
        let ticked =
            tasks.iter().filter(|&&task| self.lookup(Table::ChecklistTasks, task, "completed") == true).count();
        let percent = if done { 100 } else { ticked * 100 / tasks.len().max(1) };
        row.insert("percent-complete".into(), percent.into());
    }
}
