//! Rows of the sections of documents.

use serde_json::{Value, json};

use super::builder::{Build, Plan, Target, object};
use crate::data::source::{self, Block};
use crate::world::Table;

/// The text of a document, from which sections are made.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    /// Whether it is Markdown
    pub markdown: bool,
    /// The text
    pub body: &'a str,
    /// The id of the document
    pub document: u64,
    /// When the document was made
    pub created: &'a str,
    /// When it was last changed
    pub updated: &'a str,
}

impl Build {
    /// The sections of a document: a row for each block of its text.
    pub(super) fn sections(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>, text: &Text<'_>) {
        let Text { markdown: _, body, document, created, updated } = *text;
        let organization = plan.source;
        for (at, block) in source::blocks(body).iter().enumerate() {
            let words = [document.to_string(), at.to_string()];
            let id = if document == 7_301_455 {
                at as u64 + 1
            } else {
                self.id(Table::DocumentSections, organization.long_ids, &[&words[0], &words[1]])
            };
            let mut section = object(json!({
                "document-id": document, "resource-id": 300_000 + id % 100_000, "content": null,
                "rendered-content": null, "level": null, "duration": null, "reset-count": null, "sort": at + 1,
                "document-gallery-id": null, "document-images": [], "created-at": created, "updated-at": updated,
            }));
            section.extend(object(self.section(plans, plan, text, block, 70_000 + id % 9_000)));
            self.put(Table::DocumentSections, id, Value::Object(section));
        }
    }

    /// What a block adds to its section. A gallery would get this id.
    fn section(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        text: &Text<'_>,
        block: &Block<'_>,
        gallery: u64,
    ) -> Value {
        let Text { markdown, document, .. } = *text;
        match block {
            Block::Heading(level, text) => {
                let text = self.expand(plans, plan, text, Target::Plain, document);
                json!({"resource-type": "Document::Heading", "level": level, "content": text, "rendered-content": text})
            }
            Block::Text(text) => {
                let html = self.html(plans, plan, text, markdown, document);
                json!({"resource-type": "Document::Text", "rendered-content": html, "content": html})
            }
            Block::Step { minutes, first, text } => {
                // A step has its own gallery: its lines that begin with `%image`.
                let (images, text): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("%image "));
                let images: Vec<&str> = images.iter().filter_map(|line| line.strip_prefix("%image ")).collect();
                let shown = self.gallery(plan.source, &images, document, gallery);
                let html = self.html(plans, plan, &text.join("\n"), markdown, document);
                json!({
                    "resource-type": "Document::Step", "duration": minutes, "reset-count": u8::from(*first),
                    "document-gallery-id": gallery, "document-images": shown, "rendered-content": html,
                    "content": html,
                })
            }
            Block::Gallery(images) => {
                let shown = self.gallery(plan.source, images, document, gallery);
                json!({
                    "resource-type": "Document::Gallery", "document-gallery-id": gallery, "document-images": shown,
                })
            }
        }
    }

    /// Makes the images of a gallery and says how a section shows them.
    fn gallery(&mut self, organization: &source::Organization, images: &[&str], document: u64, gallery: u64) -> Value {
        let mut shown = Vec::new();
        for words in images {
            let image = self.image_row(organization, words, document, "gallery", gallery);
            if let Some(row) = self.world.get(Table::DocumentImages, image) {
                let kind = Table::DocumentImages.type_name();
                shown.push(json!({"id": image.to_string(), "type": kind, "attributes": row.attributes}));
            }
        }
        json!(shown)
    }
}
