//! Images of documents, in the text or in a gallery.

use serde_json::{Value, json};

use super::attach::upload;
use super::rule::Rules;
use super::writer::{Writer, now};
use crate::answer::Answer;
use crate::world::{Attributes, Table, id_of};

/// Document images.
pub(super) struct Image;

impl Rules for Image {
    fn make(
        &self,
        writer: &mut Writer<'_>,
        _scope: Option<(Table, u64)>,
        input: &Attributes,
    ) -> Option<Result<u64, Answer>> {
        Some(create_image(writer, input))
    }
}

fn create_image(writer: &mut Writer<'_>, input: &Attributes) -> Result<u64, Answer> {
    let target = input.get("target").ok_or_else(|| Answer::missing("target"))?;
    let file = input.get("image").ok_or_else(|| Answer::missing("image"))?;
    let (document, gallery) = of_target(writer, target)?;
    let Some(document) = document else { return Err(Answer::invalid("target", "must exist")) };
    let (name, bytes, size) = upload(file)?;
    let new = writer.world.free_id(Table::DocumentImages);
    let organization = id_of(&writer.lookup(Table::Documents, document, "organization-id")).unwrap_or(0);
    let at = now();
    let attributes = json!({
        "name": name,
        "size": size,
        "document-id": document,
        "document-gallery-id": gallery,
        "target": target,
        "inline-resource-url": format!("/{organization}/docs/{document}/images/{new}"),
        "created-at": at,
        "updated-at": at,
        "_bytes": bytes,
    });
    if let Value::Object(attributes) = attributes {
        writer.world.insert(Table::DocumentImages, new, attributes);
    }
    Ok(new)
}

/// The document and the gallery that are meant, as far as they are there.
fn of_target(writer: &Writer<'_>, target: &Value) -> Result<(Option<u64>, Option<u64>), Answer> {
    let id = target.get("id").and_then(id_of).unwrap_or(0);
    Ok(match target.get("type").and_then(Value::as_str).unwrap_or_default() {
        "document" => (writer.world.contains(Table::Documents, id).then_some(id), None),
        "gallery" => {
            let section = writer.world.ids(Table::DocumentSections).into_iter().find(|&section| {
                writer
                    .world
                    .attribute(Table::DocumentSections, section, "document-gallery-id")
                    .as_deref()
                    .and_then(id_of)
                    == Some(id)
            });
            let document =
                section.and_then(|section| id_of(&writer.lookup(Table::DocumentSections, section, "document-id")));
            (document, Some(id))
        }
        _ => return Err(Answer::invalid("target", "is not included in the list")),
    })
}
