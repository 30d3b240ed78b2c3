//! Publishing: the draft of a document becomes what everybody reads.

use serde_json::Value;

use super::section::drop_section;
use super::writer::{Writer, now};
use crate::answer::Answer;
use crate::world::Table;

impl Writer<'_> {
    /// PATCH of `/documents/:id/publish`: the whole draft becomes public. Answers the document: some
    /// clients read the answer as JSON, those that know it may be empty can read it too.
    pub(crate) fn publish(&mut self, document: u64) -> Answer {
        if !self.world.contains(Table::Documents, document) {
            return Answer::not_found();
        }
        let at = now();
        for section in self.world.under(Table::DocumentSections, (Table::Documents, document)) {
            if self.world.attribute(Table::DocumentSections, section, "_deleted").is_some() {
                drop_section(self, section);
                continue;
            }
            let touched = ["_published", "_draft"]
                .iter()
                .any(|key| self.world.attribute(Table::DocumentSections, section, key).is_some());
            if touched {
                self.world.edit(Table::DocumentSections, section, |row| {
                    row.remove("_published");
                    if let Some(Value::Object(draft)) = row.remove("_draft") {
                        row.extend(draft);
                    }
                    row.insert("updated-at".into(), at.clone());
                });
            }
        }
        self.world.edit(Table::Documents, document, |row| {
            row.insert("published-at".into(), at.clone());
            row.insert("updated-at".into(), at);
            // The row's own body, if it had one, gives way to the sections.
            row.remove("content");
        });
        self.answer(200, Table::Documents, &[document], false)
    }
}
