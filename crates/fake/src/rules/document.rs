//! Documents: they stay in their folder and organization, and take their sections and images along.

use super::rule::{Change, Rules};
use super::writer::Writer;
use crate::answer::Answer;
use crate::world::Table;

/// Documents.
pub(super) struct Document;

impl Rules for Document {
    fn fixes(&self, key: &str) -> bool {
        matches!(key, "document-folder-id" | "organization-id")
    }

    fn finish(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        writer.same_organization(Table::DocumentFolders, change.row, change.input, "document-folder-id")
    }

    fn remove(&self, writer: &mut Writer<'_>, id: u64) -> bool {
        for under in [Table::DocumentSections, Table::DocumentImages] {
            for row in writer.world.under(under, (Table::Documents, id)) {
                writer.world.remove(under, row);
            }
        }
        false
    }
}
