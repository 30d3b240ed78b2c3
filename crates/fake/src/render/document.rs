//! The bodies of documents and their sections.

use serde_json::{Value, json};

use super::renderer::Renderer;
use crate::world::{Attributes, Row, Table, number};

impl Renderer<'_> {
    /// The body of a document: what was published of its sections, unless the row has its own body.
    pub(super) fn content(&self, row: &Row) -> Value {
        if let Some(own) = row.attributes.get("content") {
            return own.clone();
        }
        let mut sections: Vec<_> = self
            .world
            .under(Table::DocumentSections, (Table::Documents, row.id))
            .into_iter()
            .filter_map(|id| self.world.get(Table::DocumentSections, id))
            .filter(|section| section.attributes.get("_published") != Some(&Value::Bool(false)))
            .collect();
        sections.sort_by_key(|section| (number(&section.attributes, "sort"), section.id));
        if self.switches.legacy_content {
            let text = |section: &Row| section.attributes.get("content").and_then(Value::as_str).map(str::to_owned);
            return sections.iter().filter_map(|section| text(section)).collect::<Vec<_>>().join("\n").into();
        }
        sections
            .iter()
            .map(|section| {
                let of = |key: &str| section.attributes.get(key).cloned().unwrap_or(Value::Null);
                let mut resource = json!({
                    "id": of("resource-id"),
                    "created_at": of("created-at"),
                    "updated_at": of("updated-at"),
                });
                let kind = of("resource-type");
                if kind != "Document::Gallery" {
                    resource["content"] = of("content");
                }
                if kind == "Document::Heading" {
                    resource["level"] = of("level");
                }
                if kind == "Document::Step" {
                    resource["duration"] = of("duration");
                    resource["reset_count"] = of("reset-count");
                }
                json!({
                    "id": section.id,
                    "document_id": row.id,
                    "sort": of("sort"),
                    "ancestry": null,
                    "lock_version": 0,
                    "resource_type": kind,
                    "resource_id": of("resource-id"),
                    "created_at": of("created-at"),
                    "updated_at": of("updated-at"),
                    "resource": resource,
                })
            })
            .collect()
    }

    /// The draft of a section, with its images and the text whose images can be fetched.
    pub(super) fn finish_section(&self, row: &Row, attributes: &mut Attributes) {
        if let Some(Value::Object(draft)) = row.attributes.get("_draft") {
            attributes.extend(draft.clone());
        }
        let rendered = match attributes.get("content") {
            Some(Value::String(html)) => self.with_signed_images(html).into(),
            _ => Value::Null,
        };
        attributes.insert("rendered-content".into(), rendered);
        let gallery = attributes.get("document-gallery-id").filter(|id| !id.is_null()).cloned();
        if let Some(gallery) = gallery {
            let document = number(attributes, "document-id");
            let images: Value = self
                .world
                .under(Table::DocumentImages, (Table::Documents, document))
                .into_iter()
                .filter_map(|id| self.world.get(Table::DocumentImages, id))
                .filter(|image| image.attributes.get("document-gallery-id") == Some(&gallery))
                .map(|image| {
                    json!({
                        "id": image.id.to_string(),
                        "type": Table::DocumentImages.type_name(),
                        "attributes": self.attributes(Table::DocumentImages, &image),
                    })
                })
                .collect();
            attributes.insert("document-images".into(), images);
        }
    }

    /// HTML with every address of an image in a document replaced by a signed one.
    fn with_signed_images(&self, html: &str) -> String {
        let mut rest = html;
        let mut out = String::with_capacity(html.len());
        while let Some(at) = rest.find("src=\"") {
            let (before, after) = rest.split_at(at + 5);
            out.push_str(before);
            let end = after.find('"').unwrap_or(after.len());
            let (address, tail) = after.split_at(end);
            let image = address
                .rsplit_once("/images/")
                .and_then(|(_, id)| id.parse().ok())
                .filter(|&id| self.world.contains(Table::DocumentImages, id));
            match image {
                Some(id) => out.push_str(&self.signer.address(self.base, id, "original").replace('&', "&amp;")),
                None => out.push_str(address),
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}
