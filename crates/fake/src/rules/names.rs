//! Names of records wherever they are repeated.

use super::writer::Writer;
use crate::spec::COMPANIONS;
use crate::world::{Table, id_of};

impl Writer<'_> {
    /// The passwords embedded in a record show its new name.
    pub(super) fn rename_cached(&mut self, table: Table, id: u64, name: &str) {
        for row in self.stored_under(Table::Passwords, (table, id)) {
            if id_of(&self.lookup(Table::Passwords, row, "resource-id")) == Some(id) {
                self.world.edit(Table::Passwords, row, |row| {
                    row.insert("cached-resource-name".into(), name.into());
                });
            }
        }
    }

    /// Rows that carry the name of a record show its new one.
    pub(super) fn rename_companions(&mut self, table: Table, id: u64, name: &str) {
        for (key, companion, of) in COMPANIONS {
            if *of != table {
                continue;
            }
            for &other in Table::ALL {
                for row in self.world.stored(other) {
                    let points = self.world.attribute(other, row, key).as_deref().and_then(id_of) == Some(id);
                    if points && self.world.attribute(other, row, companion).is_some() {
                        self.world.edit(other, row, |row| {
                            row.insert((*companion).to_owned(), name.into());
                        });
                    }
                }
            }
        }
    }
}
