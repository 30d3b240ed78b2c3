//! PATCH: records that are there.

use serde_json::Value;

use super::entry::{Verb, enter};
use super::rule::Change;
use super::tables::rules;
use super::writer::{Writer, now};
use crate::answer::Answer;
use crate::spec::spec;
use crate::world::{Attributes, Table};

impl Writer<'_> {
    /// PATCH of one record in the path or several in the body.
    pub(crate) fn update(
        &mut self,
        table: Table,
        scope: Option<(Table, u64)>,
        id: Option<u64>,
        body: Option<&Value>,
    ) -> Answer {
        let (items, many) = match enter(table, Verb::Update, id, body) {
            Ok(entered) => entered,
            Err(answer) => return answer,
        };
        let mut ids = Vec::with_capacity(items.len());
        for item in &items {
            let Some(id) = item.id else { return Answer::missing("id") };
            if !self.in_scope(table, id, scope) {
                return Answer::not_found();
            }
            ids.push(id);
        }
        let mut before = Vec::with_capacity(items.len());
        for (&id, item) in ids.iter().zip(&items) {
            before.extend(self.world.get(table, id));
            if let Err(answer) = self.update_one(table, id, &item.attributes) {
                // All or nothing.
                for row in before.into_iter().rev() {
                    self.world.insert(table, row.id, row.attributes.clone());
                }
                return answer;
            }
        }
        self.answer(200, table, &ids, many)
    }

    /// What a PSA keeps cannot be deleted here, and changed only where `input` says nothing the PSA knows.
    pub(super) fn refuse_synced(&self, table: Table, id: u64, input: Option<&Attributes>) -> Result<(), Answer> {
        if spec(table).synced && self.lookup(table, id, "psa-integration") == "enabled" {
            return rules(table).synced(input);
        }
        Ok(())
    }

    fn update_one(&mut self, table: Table, id: u64, input: &Attributes) -> Result<(), Answer> {
        self.refuse_synced(table, id, Some(input))?;
        let Some(row) = self.world.get(table, id) else { return Err(Answer::not_found()) };
        let own = rules(table);
        if let Some(changed) = own.change(self, id, &row.attributes, input) {
            return changed;
        }
        let old_name = self.world.name(table, id);
        let mut row = row.attributes.clone();
        self.apply(&mut Change { table, id, row: &mut row, input, new: false })?;
        row.insert("updated-at".into(), now());
        self.world.insert(table, id, row);
        own.changed(self, id);
        let name = self.world.name(table, id);
        if name != old_name {
            self.rename_companions(table, id, &name);
            self.rename_cached(table, id, &name);
        }
        Ok(())
    }
}
