//! Sections of documents: everything happens to a draft first.

use serde_json::Value;

use super::rule::{Change, Rules};
use super::writer::Writer;
use crate::answer::Answer;
use crate::world::{Attributes, Table, id_of, number};

/// Document sections.
pub(super) struct Section;

impl Rules for Section {
    fn computes(&self, key: &str) -> bool {
        matches!(key, "resource-type" | "resource-id")
    }

    fn begin(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let kind = change.input.get("resource-type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "" => return Err(Answer::missing("resource_type")),
            "Document::Text" | "Document::Heading" => {}
            "Document::Step" | "Document::Gallery" => {
                change.row.insert("document-gallery-id".into(), (change.id + 1_000_000).into());
            }
            _ => return Err(Answer::invalid("resource-type", "is not included in the list")),
        }
        change.row.insert("resource-type".into(), kind.into());
        change.row.insert("resource-id".into(), (change.id + 2_000_000).into());
        change.row.insert("_published".into(), false.into());
        let document = (Table::Documents, number(change.input, "document-id"));
        let last = writer
            .world
            .under(Table::DocumentSections, document)
            .into_iter()
            .filter_map(|id| writer.world.attribute(Table::DocumentSections, id, "sort").as_deref().and_then(id_of))
            .max();
        change.row.insert("sort".into(), last.map_or(1, |last| last + 1).into());
        Ok(())
    }

    fn finish(&self, _writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let level = number(change.row, "level");
        let heading = change.row.get("resource-type").and_then(Value::as_str) == Some("Document::Heading");
        if heading && change.row.get("level").is_some_and(|level| !level.is_null()) && !(1..=6).contains(&level) {
            return Err(Answer::invalid("level", "must be between 1 and 6"));
        }
        Ok(())
    }

    fn change(
        &self,
        writer: &mut Writer<'_>,
        id: u64,
        row: &Attributes,
        input: &Attributes,
    ) -> Option<Result<(), Answer>> {
        Some(change_draft(writer, id, row.clone(), input))
    }

    fn remove(&self, writer: &mut Writer<'_>, id: u64) -> bool {
        let published = writer.world.attribute(Table::DocumentSections, id, "_published");
        if published.as_deref() == Some(&Value::Bool(false)) {
            drop_section(writer, id);
        } else {
            writer.world.edit(Table::DocumentSections, id, |row| {
                row.insert("_deleted".into(), true.into());
            });
        }
        true
    }
}

/// Changes the draft; what was published stays as it is until the next publish.
fn change_draft(writer: &mut Writer<'_>, id: u64, mut row: Attributes, input: &Attributes) -> Result<(), Answer> {
    let table = Table::DocumentSections;
    let mut draft = row.clone();
    if let Some(Value::Object(earlier)) = row.get("_draft") {
        draft.extend(earlier.clone());
    }
    writer.apply(&mut Change { table, id, row: &mut draft, input, new: false })?;
    if row.get("_published") == Some(&Value::Bool(false)) {
        row = draft;
    } else {
        let changed: Attributes =
            draft.into_iter().filter(|(key, value)| !key.starts_with('_') && row.get(key) != Some(value)).collect();
        row.insert("_draft".into(), Value::Object(changed));
    }
    writer.world.insert(table, id, row);
    Ok(())
}

/// Takes a section away, with the images of its gallery.
pub(super) fn drop_section(writer: &mut Writer<'_>, id: u64) {
    let gallery = writer.lookup(Table::DocumentSections, id, "document-gallery-id");
    let document = writer.lookup(Table::DocumentSections, id, "document-id");
    if let (false, Some(document)) = (gallery.is_null(), id_of(&document)) {
        for image in writer.world.under(Table::DocumentImages, (Table::Documents, document)) {
            if writer.lookup(Table::DocumentImages, image, "document-gallery-id") == gallery {
                writer.world.remove(Table::DocumentImages, image);
            }
        }
    }
    writer.world.remove(Table::DocumentSections, id);
}
