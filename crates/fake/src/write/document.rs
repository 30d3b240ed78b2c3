//! Documents: sections on a draft, publishing, images.

use serde_json::{Value, json};

use super::upload::upload;
use super::{Writer, now};
use crate::answer::Answer;
use crate::render::id_of;
use crate::render::number;
use crate::world::{Attributes, Table};

/// Images in `data:` addresses and inline SVG do not survive saving.
pub(super) fn clean_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        let lower = tag.to_ascii_lowercase();
        if lower.starts_with("<svg") {
            rest = rest.find("</svg>").map_or("", |close| &rest[close + 6..]);
            continue;
        }
        if !(lower.starts_with("<img") && lower.contains("data:")) {
            out.push_str(tag);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

impl Writer<'_> {
    pub(super) fn new_section(&mut self, row: &mut Attributes, input: &Attributes, id: u64) -> Result<(), Answer> {
        let kind = input.get("resource-type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "" => return Err(Answer::missing("resource_type")),
            "Document::Text" | "Document::Heading" => {}
            "Document::Step" | "Document::Gallery" => {
                row.insert("document-gallery-id".into(), (id + 1_000_000).into());
            }
            _ => return Err(Answer::invalid("resource-type", "is not included in the list")),
        }
        row.insert("resource-type".into(), kind.into());
        row.insert("resource-id".into(), (id + 2_000_000).into());
        row.insert("_published".into(), false.into());
        let document = (Table::Documents, number(input, "document-id"));
        let last = self
            .world
            .under(Table::DocumentSections, document)
            .into_iter()
            .filter_map(|id| self.world.attribute(Table::DocumentSections, id, "sort").as_deref().and_then(id_of))
            .max();
        row.insert("sort".into(), last.map_or(1, |last| last + 1).into());
        Ok(())
    }

    /// Takes a section away, with the images of its gallery.
    pub(super) fn drop_section(&mut self, id: u64) {
        let gallery = self.lookup(Table::DocumentSections, id, "document-gallery-id");
        let document = self.lookup(Table::DocumentSections, id, "document-id");
        if let (false, Some(document)) = (gallery.is_null(), id_of(&document)) {
            for image in self.world.under(Table::DocumentImages, (Table::Documents, document)) {
                if self.lookup(Table::DocumentImages, image, "document-gallery-id") == gallery {
                    self.world.remove(Table::DocumentImages, image);
                }
            }
        }
        self.world.remove(Table::DocumentSections, id);
    }

    /// PATCH of `/documents/:id/publish`: the whole draft becomes what everybody reads. Answers the document: some
    /// clients read the answer as JSON, those that know it may be empty can read it too.
    pub(crate) fn publish(&mut self, document: u64) -> Answer {
        if !self.world.contains(Table::Documents, document) {
            return Answer::not_found();
        }
        let at = now();
        for section in self.world.under(Table::DocumentSections, (Table::Documents, document)) {
            if self.world.attribute(Table::DocumentSections, section, "_deleted").is_some() {
                self.drop_section(section);
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

    pub(super) fn create_image(&mut self, input: &Attributes) -> Result<u64, Answer> {
        let target = input.get("target").ok_or_else(|| Answer::missing("target"))?;
        let file = input.get("image").ok_or_else(|| Answer::missing("image"))?;
        let id = target.get("id").and_then(id_of).unwrap_or(0);
        let (document, gallery) = match target.get("type").and_then(Value::as_str).unwrap_or_default() {
            "document" => (self.world.contains(Table::Documents, id).then_some(id), None),
            "gallery" => {
                let section = self.world.ids(Table::DocumentSections).into_iter().find(|&section| {
                    self.world
                        .attribute(Table::DocumentSections, section, "document-gallery-id")
                        .as_deref()
                        .and_then(id_of)
                        == Some(id)
                });
                let document =
                    section.and_then(|section| id_of(&self.lookup(Table::DocumentSections, section, "document-id")));
                (document, Some(id))
            }
            _ => return Err(Answer::invalid("target", "is not included in the list")),
        };
        let Some(document) = document else { return Err(Answer::invalid("target", "must exist")) };
        let (name, bytes, size) = upload(file)?;
        let new = self.world.free_id(Table::DocumentImages);
        let organization = id_of(&self.lookup(Table::Documents, document, "organization-id")).unwrap_or(0);
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
            self.world.insert(Table::DocumentImages, new, attributes);
        }
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_images_and_svg_do_not_survive_saving() {
        let html = "<p>a</p><img src=\"data:image/png;base64,AA\"><svg><path/></svg><img src=\"/1/docs/2/images/3\">";
        assert_eq!(clean_html(html), "<p>a</p><img src=\"/1/docs/2/images/3\">");
        assert_eq!(clean_html("no tag < at all"), "no tag < at all");
    }
}
