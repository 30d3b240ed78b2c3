//! DELETE, and what goes along.

use serde_json::Value;

use super::entry::{Verb, enter};
use super::tables::rules;
use super::writer::Writer;
use crate::answer::Answer;
use crate::world::Table;

impl Writer<'_> {
    /// DELETE of one record in the path or several in the body.
    pub(crate) fn delete(
        &mut self,
        table: Table,
        scope: Option<(Table, u64)>,
        id: Option<u64>,
        body: Option<&Value>,
    ) -> Answer {
        let (items, many) = match enter(table, Verb::Delete, id, body) {
            Ok(entered) => entered,
            Err(answer) => return answer,
        };
        let ids: Vec<u64> = items.iter().filter_map(|item| item.id).collect();
        if ids.is_empty() {
            return Answer::missing("id");
        }
        for &id in &ids {
            if !self.in_scope(table, id, scope) {
                return Answer::not_found();
            }
            let refused = self.refuse_synced(table, id, None).and_then(|()| rules(table).keep(self, id, &ids));
            if let Err(answer) = refused {
                return answer;
            }
        }
        let answer = self.answer(200, table, &ids, many);
        for id in ids {
            self.delete_one(table, id);
        }
        answer
    }

    /// Deletes a record and what lives under it.
    pub(super) fn delete_one(&mut self, table: Table, id: u64) {
        if rules(table).remove(self, id) {
            return;
        }
        for under in
            [Table::Attachments, Table::ConfigurationInterfaces, Table::ResourceAccesses, Table::ChecklistTasks]
        {
            for row in self.world.under(under, (table, id)) {
                self.world.remove(under, row);
            }
        }
        self.world.remove(table, id);
    }
}
