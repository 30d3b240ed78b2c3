//! Rows of documents, their sections, files and readers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Build, Entry, Plan, Source, TODAY, Target, object};
use crate::data::diary;
use crate::data::invent::{self, rng};
use crate::data::source::{self, Block, Form, State};
use crate::world::Table;

impl Build {
    pub(super) fn documents(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for slug in source.local.get(&organization.short).into_iter().flat_map(BTreeMap::keys) {
            if !plan.names.contains_key(&format!("document:{slug}")) {
                self.problem(format!("local.toml: {} has no document {slug}", organization.short));
            }
        }
        for document in &source.documents {
            let Some(entry) = plan.names.get(&format!("document:{}", document.slug)).cloned() else { continue };
            let id = entry.id;
            let mut rng = rng(&[&organization.short, document.slug, "times"]);
            let author = self.find(Table::Users, &document.author);
            let sample = document.ids.iter().any(|(short, _)| short == &organization.short);
            let (created, updated) = if sample && id == 7_301_455 {
                ("2024-02-11T09:00:00.000Z".to_owned(), "2026-05-20T15:41:12.000Z".to_owned())
            } else {
                // Copies in several organizations were made and touched on different days.
                let shift = if document.organizations.len() > 1 { rng.i64(0..90) } else { 0 };
                let created = invent::date(invent::days(&document.created) + shift);
                let day = (invent::days(&document.updated) + shift).min(invent::days(TODAY));
                (invent::moment(&mut rng, &created), invent::moment(&mut rng, &invent::date(day)))
            };
            let (created, updated) = Self::times(organization, &entry, &created, &updated);
            let folder = document.folder.as_ref().and_then(|path| plan.names.get(&format!("folder:{path}")));
            let draft = document.state == State::Draft;
            let common = Self::common(organization, &entry, &created, &updated);
            let mut own = json!({
                "public": document.public, "document-folder-id": folder.map(|f| f.id),
                "is-uploaded": document.form == Form::File, "user-id": author,
                "published-at": if draft { Value::Null } else { json!(updated) },
                "published-by": if draft { Value::Null } else { author.clone() },
                "archived": document.state == State::Archived, "restricted": document.restricted,
            });
            let body = diary::expand(document.body, &source.diary);
            let body = match source.local.get(&organization.short).and_then(|local| local.get(document.slug)) {
                Some(remark) if document.form == Form::Blocks && document.markdown => {
                    let heading = "{{pick At this client; Local notes; What is different here; Known here}}";
                    format!("{body}\n\n== {heading}\n{remark}\n").into()
                }
                _ => body,
            };
            if document.form == Form::Legacy
                && let Some(attributes) = own.as_object_mut()
            {
                let html = self.html(plans, plan, &body, document.markdown, id);
                attributes.insert("content".into(), json!(html));
            }
            self.row(common, Table::Documents, id, own);
            if document.form == Form::Blocks {
                self.sections(plans, plan, document.markdown, &body, id, &created, &updated);
            }
            for file in &document.attach {
                self.attachment(organization, &entry, file);
            }
            if document.restricted {
                self.access(&entry);
            }
            for (selector, notes) in &document.related {
                match plan.names.get(selector) {
                    Some(other) => {
                        self.world.relate((entry.table, entry.id), (other.table, other.id), notes);
                    }
                    None => self.problem(format!("{}: {}: no {selector}", organization.short, document.slug)),
                }
            }
            for version in 0..rng.u64(0..3) {
                let version_id =
                    self.id(Table::Versions, organization.long_ids, &[&id.to_string(), &version.to_string()]);
                self.put(
                    Table::Versions,
                    version_id,
                    json!({
                        "name": format!("Version {}", version + 1), "user-id": author, "created-at": created,
                        "updated-at": created, "_parent": {"table": "documents", "id": id},
                    }),
                );
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one caller; a struct would only name the same seven things again")]
    pub(super) fn sections(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        markdown: bool,
        body: &str,
        document: u64,
        created: &str,
        updated: &str,
    ) {
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
            let mut set = |key: &str, value: Value| section.insert(key.to_owned(), value);
            match block {
                Block::Heading(level, text) => {
                    let text = self.expand(plans, plan, text, Target::Plain, document);
                    set("resource-type", json!("Document::Heading"));
                    set("level", json!(level));
                    set("content", json!(text));
                    set("rendered-content", json!(text));
                }
                Block::Text(text) => {
                    let html = self.html(plans, plan, text, markdown, document);
                    set("resource-type", json!("Document::Text"));
                    set("rendered-content", json!(html));
                    set("content", json!(html));
                }
                Block::Step { minutes, first, text } => {
                    let gallery = 70_000 + id % 9_000;
                    // A step has its own gallery: its lines that begin with `%image`.
                    let (images, text): (Vec<&str>, Vec<&str>) =
                        text.lines().partition(|line| line.starts_with("%image "));
                    let images: Vec<&str> = images.iter().filter_map(|line| line.strip_prefix("%image ")).collect();
                    let shown = self.gallery(organization, &images, document, gallery);
                    let html = self.html(plans, plan, &text.join("\n"), markdown, document);
                    set("resource-type", json!("Document::Step"));
                    set("duration", json!(minutes));
                    set("reset-count", json!(u8::from(*first)));
                    set("document-gallery-id", json!(gallery));
                    set("document-images", shown);
                    set("rendered-content", json!(html));
                    set("content", json!(html));
                }
                Block::Gallery(images) => {
                    let gallery = 70_000 + id % 9_000;
                    let shown = self.gallery(organization, images, document, gallery);
                    set("resource-type", json!("Document::Gallery"));
                    set("document-gallery-id", json!(gallery));
                    set("document-images", shown);
                }
            }
            self.put(Table::DocumentSections, id, Value::Object(section));
        }
    }

    /// Makes the images of a gallery and says how a section shows them.
    pub(super) fn gallery(
        &mut self,
        organization: &source::Organization,
        images: &[&str],
        document: u64,
        gallery: u64,
    ) -> Value {
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

    pub(super) fn attachment(&mut self, organization: &source::Organization, of: &Entry, file: &str) {
        let mut words = file.rsplitn(2, ' ');
        let (size, name) = (words.next().unwrap_or("0"), words.next().unwrap_or(file));
        let ext = name.rsplit_once('.').map_or("", |(_, ext)| ext);
        let kind = match ext {
            "pdf" => "application/pdf",
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "png" => "image/png",
            "jpg" => "image/jpeg",
            "txt" | "conf" | "log" => "text/plain",
            "zip" => "application/zip",
            "vsdx" => "application/vnd.ms-visio.drawing",
            _ => "application/octet-stream",
        };
        let id = if of.id == 7_301_455 && name == "wiring.pdf" {
            415
        } else {
            self.id(Table::Attachments, organization.long_ids, &[&of.id.to_string(), of.table.type_name(), name])
        };
        let Ok(size) = size.parse::<u64>() else {
            self.problem(format!("{}: {file}: a file is `name size`", of.name));
            return;
        };
        self.put(
            Table::Attachments,
            id,
            json!({
                "name": name, "attachment-file-name": name, "attachment-content-type": kind,
                "attachment-file-size": size, "ext": ext, "viewable": matches!(ext, "pdf" | "png" | "jpg" | "txt"),
                "download-url": format!("https://api.itglue.com/attachments/{id}/download"),
                "created-at": "2024-02-11T09:10:00.000Z", "updated-at": "2024-02-11T09:10:00.000Z",
                "_parent": {"table": of.table.type_name(), "id": of.id},
            }),
        );
    }

    /// Who may see a restricted record: the keepers of the keys, and one more group or person.
    pub(super) fn access(&mut self, of: &Entry) {
        let mut rng = rng(&[&of.name, "access"]);
        let other = [
            (Table::Groups, "Projects"),
            (Table::Groups, "Network team"),
            (Table::Users, "Dev Patel"),
            (Table::Users, "Ingrid Halvorsen"),
        ][rng.usize(..4)];
        for (table, name) in [(Table::Groups, "Security and keys"), other] {
            let accessor = self.find(table, name);
            let id = self.id(Table::ResourceAccesses, false, &[&of.id.to_string(), of.table.type_name(), name]);
            self.put(
                Table::ResourceAccesses,
                id,
                json!({
                    "accessor-id": accessor, "accessor-type": table.label(), "name": name,
                    "meta": {"role-name": if table == Table::Users { json!("Editor") } else { Value::Null }},
                    "created-at": "2024-03-01T10:00:00.000Z", "updated-at": "2024-03-01T10:00:00.000Z",
                    "_parent": {"table": of.table.type_name(), "id": of.id},
                }),
            );
        }
    }
}
