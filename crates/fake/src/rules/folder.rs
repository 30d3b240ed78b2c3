//! Folders of documents and of passwords: the way up to the top, and that none is deleted with something in it.

use serde_json::Value;

use super::rule::{Change, Rules};
use super::writer::Writer;
use crate::answer::Answer;
use crate::world::{Table, id_of, number};

/// Folders.
pub(super) struct Folder {
    /// What lies in them
    pub of: Table,
    /// Where that says in which folder it lies
    pub key: &'static str,
    /// The same in words
    pub others: &'static str,
}

impl Folder {
    /// The table of the folders themselves.
    fn table(&self) -> Table {
        if self.of == Table::Documents { Table::DocumentFolders } else { Table::PasswordFolders }
    }
}

impl Rules for Folder {
    fn finish(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        writer.same_organization(change.table, change.row, change.input, "parent-id")?;
        let parent = number(change.row, "parent-id");
        if parent == change.id {
            return Err(Answer::invalid("parent", "can't be itself"));
        }
        let mut ancestors = match writer.lookup(change.table, parent, "ancestor-ids") {
            Value::Array(ancestors) => ancestors,
            _ => Vec::new(),
        };
        if parent != 0 {
            ancestors.push(parent.into());
        }
        if ancestors.iter().filter_map(id_of).any(|ancestor| ancestor == change.id) {
            return Err(Answer::invalid("parent", "can't be a descendant"));
        }
        change.row.insert("ancestor-ids".into(), ancestors.into());
        Ok(())
    }

    fn keep(&self, writer: &Writer<'_>, id: u64, with: &[u64]) -> Result<(), Answer> {
        let table = self.table();
        let home = (Table::Organizations, id_of(&writer.lookup(table, id, "organization-id")).unwrap_or(0));
        let lies_in = |of: Table, key: &str| writer.points_at(of, &writer.world.under(of, home), key, id).next();
        let folder = writer
            .points_at(table, &writer.world.under(table, home), "parent-id", id)
            .find(|folder| !with.contains(folder));
        if lies_in(self.of, self.key).is_some() || folder.is_some() {
            return Err(Answer::invalid("base", &format!("has dependent folders or {}", self.others)));
        }
        Ok(())
    }
}
