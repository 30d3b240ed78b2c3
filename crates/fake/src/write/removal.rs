//! DELETE, and what must not be deleted.

use serde_json::Value;

use super::{Writer, items};
use crate::answer::Answer;
use crate::render::id_of;
use crate::spec::spec;
use crate::world::Table;

impl Writer<'_> {
    /// Refuses to delete what is in use: folders with something in them, statuses of organizations.
    pub(super) fn refuse_used(&self, table: Table, id: u64, with: &[u64]) -> Result<(), Answer> {
        let holds = |of: Table, key: &str, scope: Vec<u64>| {
            scope
                .into_iter()
                .any(|other| !(of == table && with.contains(&other)) && id_of(&self.lookup(of, other, key)) == Some(id))
        };
        let home = (Table::Organizations, id_of(&self.lookup(table, id, "organization-id")).unwrap_or(0));
        let beside = |of: Table| self.world.under(of, home);
        match table {
            Table::DocumentFolders
                if holds(Table::Documents, "document-folder-id", beside(Table::Documents))
                    || holds(table, "parent-id", beside(table)) =>
            {
                Err(Answer::invalid("base", "has dependent folders or documents"))
            }
            Table::PasswordFolders
                if holds(Table::Passwords, "password-folder-id", beside(Table::Passwords))
                    || holds(table, "parent-id", beside(table)) =>
            {
                Err(Answer::invalid("base", "has dependent folders or passwords"))
            }
            Table::OrganizationStatuses if self.lookup(table, id, "synced") == Value::Bool(true) => {
                Err(Answer::error(423, "Locked", "is synced with an adapter", Some("id")))
            }
            Table::OrganizationStatuses
                if matches!(self.world.name(table, id).as_str(), "Active" | "Inactive")
                    || holds(Table::Organizations, "organization-status-id", self.world.ids(Table::Organizations)) =>
            {
                Err(Answer::invalid("base", "is in use"))
            }
            _ => Ok(()),
        }
    }

    /// DELETE of one record in the path or several in the body.
    pub(crate) fn delete(
        &mut self,
        table: Table,
        scope: Option<(Table, u64)>,
        id: Option<u64>,
        body: Option<&Value>,
    ) -> Answer {
        match table {
            Table::ChecklistTasks => return Answer::only_jwt(),
            _ if !spec(table).delete => return Answer::no_route(),
            _ => {}
        }
        let ids: Vec<u64> = match id {
            Some(id) => vec![id],
            None => match items(body) {
                Ok((items, _)) => items.iter().filter_map(|item| item.id).collect(),
                Err(answer) => return answer,
            },
        };
        if ids.is_empty() {
            return Answer::missing("id");
        }
        for &id in &ids {
            if !self.in_scope(table, id, scope) {
                return Answer::not_found();
            }
            if let Err(answer) = self.refuse_synced(table, id, None).and_then(|()| self.refuse_used(table, id, &ids)) {
                return answer;
            }
        }
        let answer = self.answer(200, table, &ids, id.is_none());
        for id in ids {
            self.delete_one(table, id);
        }
        answer
    }

    pub(super) fn delete_one(&mut self, table: Table, id: u64) {
        match table {
            Table::DocumentSections => {
                let drafted = self.world.attribute(table, id, "_published").as_deref() == Some(&Value::Bool(false));
                if drafted {
                    self.drop_section(id);
                } else {
                    self.world.edit(table, id, |row| {
                        row.insert("_deleted".into(), true.into());
                    });
                }
                return;
            }
            Table::Documents => {
                for under in [Table::DocumentSections, Table::DocumentImages] {
                    for row in self.world.under(under, (table, id)) {
                        self.world.remove(under, row);
                    }
                }
            }
            Table::Organizations => {
                for &other in Table::ALL {
                    for row in self.world.under(other, (table, id)) {
                        self.world.remove(other, row);
                    }
                }
            }
            _ => {}
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
