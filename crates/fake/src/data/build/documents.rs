//! Rows of documents, their sections, files and readers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::builder::{Build, Entry, Plan, Source};
use super::sections::Text;
use crate::data::diary;
use crate::data::invent::{self, TODAY, rng};
use crate::data::source::{self, Form, State};
use crate::world::Table;

impl Build {
    /// The documents of an organization.
    pub(super) fn documents(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for slug in source.local.get(&organization.short).into_iter().flat_map(BTreeMap::keys) {
            if !plan.names.contains_key(&format!("document:{slug}")) {
                self.problem(format!("local.toml: {} has no document {slug}", organization.short));
            }
        }
        for document in &source.documents {
            if let Some(entry) = plan.names.get(&format!("document:{}", document.slug)).cloned() {
                self.document(source, plans, plan, document, &entry);
            }
        }
    }

    fn document(
        &mut self,
        source: &Source,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        document: &source::Document,
        entry: &Entry,
    ) {
        let organization = plan.source;
        let id = entry.id;
        let mut rng = rng(&[&organization.short, document.slug, "times"]);
        let author = self.find(Table::Users, &document.author);
        let (created, updated) = made_and_changed(organization, document, id, &mut rng);
        let (created, updated) = Self::times(organization, entry, &created, &updated);
        let folder = document.folder.as_ref().and_then(|path| plan.names.get(&format!("folder:{path}")));
        let draft = document.state == State::Draft;
        let common = Self::common(organization, entry, &created, &updated);
        let mut own = json!({
            "public": document.public, "document-folder-id": folder.map(|f| f.id),
            "is-uploaded": document.form == Form::File, "user-id": author,
            "published-at": if draft { Value::Null } else { json!(updated) },
            "published-by": if draft { Value::Null } else { author.clone() },
            "archived": document.state == State::Archived, "restricted": document.restricted,
        });
        let body = text_of(source, organization, document);
        if document.form == Form::Legacy
            && let Some(attributes) = own.as_object_mut()
        {
            let html = self.html(plans, plan, &body, document.markdown, id);
            attributes.insert("content".into(), json!(html));
        }
        self.row(common, Table::Documents, id, own);
        if document.form == Form::Blocks {
            let text =
                Text { markdown: document.markdown, body: &body, document: id, created: &created, updated: &updated };
            self.sections(plans, plan, &text);
        }
        for file in &document.attach {
            self.attachment(organization, entry, file);
        }
        if document.restricted {
            self.access(entry);
        }
        for (selector, notes) in &document.related {
            match plan.names.get(selector) {
                Some(other) => {
                    self.world.relate((entry.table, entry.id), (other.table, other.id), notes);
                }
                None => self.problem(format!("{}: {}: no {selector}", organization.short, document.slug)),
            }
        }
        self.versions(plan, (id, &author), rng.u64(0..3), &created);
    }

    fn versions(&mut self, plan: &Plan<'_>, (id, author): (u64, &Value), count: u64, created: &str) {
        for version in 0..count {
            let version_id = self.id(Table::Versions, plan.source.long_ids, &[&id.to_string(), &version.to_string()]);
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

    /// The row of a file: `name size`.
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

/// When a document was made and last changed, as its header says.
fn made_and_changed(
    organization: &source::Organization,
    document: &source::Document,
    id: u64,
    rng: &mut fastrand::Rng,
) -> (String, String) {
    let sample = document.ids.iter().any(|(short, _)| short == &organization.short);
    if sample && id == 7_301_455 {
        ("2024-02-11T09:00:00.000Z".to_owned(), "2026-05-20T15:41:12.000Z".to_owned())
    } else {
        // Copies in several organizations were made and touched on different days.
        let shift = if document.organizations.len() > 1 { rng.i64(0..90) } else { 0 };
        let created = invent::date(invent::days(&document.created) + shift);
        let day = (invent::days(&document.updated) + shift).min(invent::days(TODAY));
        (invent::moment(rng, &created), invent::moment(rng, &invent::date(day)))
    }
}

/// The text of a document with what is different at this client.
fn text_of<'a>(
    source: &'a Source,
    organization: &source::Organization,
    document: &'a source::Document,
) -> Cow<'a, str> {
    let body = diary::expand(document.body, &source.diary);
    match source.local.get(&organization.short).and_then(|local| local.get(document.slug)) {
        Some(remark) if document.form == Form::Blocks && document.markdown => {
            let heading = "{{pick At this client; Local notes; What is different here; Known here}}";
            format!("{body}\n\n== {heading}\n{remark}\n").into()
        }
        _ => body,
    }
}
