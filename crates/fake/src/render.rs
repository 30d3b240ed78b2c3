//! Rows as the API shows them: computed attributes, relationships and what `include` brings along.

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::query::Query;
use super::spec::{COMPANIONS, spec, unset};
use super::switches::Switches;
use super::vault;
use super::world::{Attributes, Row, Table, World, tag_target};

/// Characters of the quick notes a list of organizations shows.
const SHORT_NOTES: usize = 250;

/// Signs addresses of images, so that they work without a key until their time is over.
pub(super) struct Signer {
    secret: [u8; 32],
    /// How long an address works
    pub ttl: Duration,
}

/// Milliseconds since 1970.
fn now_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

impl Signer {
    /// A signer with a random secret.
    pub(super) fn new(ttl: Duration) -> Self {
        let mut secret = [0; 32];
        fastrand::fill(&mut secret);
        Self { secret, ttl }
    }

    fn signature(&self, path: &str, expires: u64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("any length of key will do");
        mac.update(path.as_bytes());
        mac.update(&expires.to_be_bytes());
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let half = bytes.iter().take(16).fold(0_u128, |sum, &byte| sum << 8 | u128::from(byte));
        format!("{half:032x}")
    }

    /// A signed address of one size of an image.
    fn address(&self, base: &str, image: u64, size: &str) -> String {
        let path = format!("/storage/document_images/{image}/{size}");
        let expires = now_millis() + self.ttl.as_millis() as u64;
        format!("{base}{path}?expires={expires}&signature={}", self.signature(&path, expires))
    }

    /// Whether a signed address is genuine and still works.
    pub(super) fn accepts(&self, path: &str, query: &str) -> bool {
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let Some(expires) = value("expires").and_then(|text| text.parse().ok()) else { return false };
        value("signature").is_some_and(|signature| signature == self.signature(path, expires))
            && now_millis() <= expires
    }
}

/// What rendering needs to know.
pub(super) struct Renderer<'a> {
    /// The rows
    pub world: &'a World,
    /// `http://host:port` as the client wrote it
    pub base: &'a str,
    /// The same of the web application
    pub web: &'a str,
    /// For the addresses of images
    pub signer: &'a Signer,
    /// Whether the key has Password Access
    pub passwords: bool,
    /// In what this account differs from others
    pub switches: Switches,
}

impl Renderer<'_> {
    /// A record in a list.
    pub(super) fn in_list(&self, table: Table, row: &Row, query: &Query, included: &mut Included) -> Value {
        let relationships = self.relationships(table, row, query, false, included);
        let mut record = self.record(table, row, relationships);
        match table {
            Table::Organizations => {
                if let Some(notes) = record["attributes"].get_mut("quick-notes")
                    && let Some(text) = notes.as_str()
                {
                    *notes = text.chars().take(SHORT_NOTES).collect::<String>().into();
                }
            }
            Table::Passwords if self.switches.list_password => self.add_value(row, None, &mut record),
            _ => {}
        }
        record
    }

    /// A record shown alone.
    pub(super) fn shown(&self, table: Table, row: &Row, query: &Query, included: &mut Included) -> Value {
        let relationships = self.relationships(table, row, query, true, included);
        let mut record = self.record(table, row, relationships);
        if table == Table::Passwords && query.show_password.unwrap_or(true) {
            self.add_value(row, query.version, &mut record);
        }
        record
    }

    /// A record without anything included.
    pub(super) fn plain(&self, table: Table, row: &Row) -> Value {
        self.record(table, row, json!({}))
    }

    fn record(&self, table: Table, row: &Row, relationships: Value) -> Value {
        json!({
            "id": row.id.to_string(),
            "type": table.type_name(),
            "attributes": self.attributes(table, row),
            "relationships": relationships,
        })
    }

    /// Adds the value of a password if the key may see it. Of a vaulted one the service has but the ciphertext.
    pub(super) fn add_value(&self, row: &Row, version: Option<u64>, record: &mut Value) {
        if !self.passwords {
            return;
        }
        if vault::is_vaulted(row) {
            record["attributes"]["password"] = vault::ciphertext(row).into();
            return;
        }
        let value = match version {
            None => row.attributes.get("_value"),
            Some(version) => row
                .attributes
                .get("_versions")
                .and_then(Value::as_array)
                .and_then(|versions| versions.iter().find(|v| v.get("id").and_then(Value::as_u64) == Some(version)))
                .and_then(|version| version.get("value")),
        };
        record["attributes"]["password"] = value.cloned().unwrap_or(Value::Null);
    }

    fn attributes(&self, table: Table, row: &Row) -> Attributes {
        let mut attributes: Attributes = row
            .attributes
            .iter()
            .filter(|(key, _)| !key.starts_with('_') && *key != "password")
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        for &key in spec(table).attributes {
            if !attributes.contains_key(key) {
                attributes.insert(key.to_owned(), unset(key));
            }
        }
        if self.world.has_base() {
            self.follow_names(table, &mut attributes);
        }
        match table {
            Table::Organizations => self.finish_organization(&mut attributes),
            Table::ConfigurationInterfaces => {
                attributes.insert("id".into(), row.id.into());
            }
            Table::Contacts => finish_phones(&mut attributes),
            Table::ChecklistTasks | Table::ChecklistTemplateTasks => {
                // Both names are read by clients.
                let position = attributes.get("position").cloned().unwrap_or(Value::Null);
                attributes.insert("order".into(), position);
            }
            Table::DocumentFolders => {
                let documents = self
                    .world
                    .under(Table::Documents, (Table::Organizations, number(&attributes, "organization-id")))
                    .into_iter()
                    .filter(|&id| {
                        let folder = self.world.attribute(Table::Documents, id, "document-folder-id");
                        folder.as_deref().and_then(id_of) == Some(row.id)
                    })
                    .count();
                attributes.insert("documents-count".into(), documents.into());
            }
            Table::Documents => {
                let content = self.content(row);
                attributes.insert("content".into(), content);
                // Documented nowhere, read by two clients of other people.
                let published = row.attributes.get("published-at").is_some_and(|at| !at.is_null());
                attributes.insert("published".into(), published.into());
            }
            Table::DocumentSections => self.finish_section(row, &mut attributes),
            Table::DocumentImages => {
                for (key, size) in [("original-src", "original"), ("slim-src", "slim"), ("thumbnail-src", "thumbnail")]
                {
                    attributes.insert(key.into(), self.signer.address(self.base, row.id, size).into());
                }
            }
            Table::FlexibleAssets => {
                let traits = self.traits(row);
                attributes.insert("traits".into(), traits);
            }
            Table::Exports if row.attributes.get("export-status").and_then(Value::as_str) == Some("completed") => {
                let address = format!("{}/exports/{}/download", self.base, row.id);
                attributes.insert("download-url".into(), address.into());
            }
            Table::Attachments => {
                let address = if self.switches.api_downloads {
                    format!("{}/attachments/{}/download", self.base, row.id)
                } else {
                    format!("{}/attachments/{}", self.web, row.id)
                };
                attributes.insert("download-url".into(), address.into());
            }
            _ => {}
        }
        attributes
    }

    /// The place of an organization among its like, as text: `"1"` and `"[1,6]"`, the outermost first.
    fn finish_organization(&self, attributes: &mut Attributes) {
        let parent = attributes.get("parent-id").and_then(id_of);
        let (mut ancestors, mut next) = (Vec::new(), parent);
        while let Some(id) = next.filter(|id| !ancestors.contains(id)) {
            ancestors.insert(0, id);
            next = self.world.attribute(Table::Organizations, id, "parent-id").as_deref().and_then(id_of);
        }
        let text = ancestors.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        attributes.insert("parent-id".into(), parent.map(|id| id.to_string()).into());
        attributes.insert("ancestor-ids".into(), format!("[{text}]").into());
        if attributes.get("logo").is_none_or(Value::is_null) {
            attributes.insert("logo".into(), "".into());
        }
    }

    /// Computed rows know the computed names of others; where one of those was changed, its new name is shown.
    fn follow_names(&self, table: Table, attributes: &mut Attributes) {
        for (key, name, of) in COMPANIONS {
            let id = number(attributes, key);
            if attributes.contains_key(*name) && self.world.is_stored(*of, id) {
                attributes.insert((*name).to_owned(), self.world.name(*of, id).into());
            }
        }
        let organization = number(attributes, "organization-id");
        if table == Table::Configurations && self.world.is_stored(Table::Organizations, organization) {
            let short = self.world.attribute(Table::Organizations, organization, "short-name");
            attributes
                .insert("organization-short-name".into(), short.map_or(Value::Null, std::borrow::Cow::into_owned));
        }
        if table == Table::Passwords {
            let parent = attributes.get("resource-type").and_then(Value::as_str).and_then(Table::by_name);
            let id = number(attributes, "resource-id");
            if let Some(parent) = parent.filter(|&parent| self.world.is_stored(parent, id)) {
                attributes.insert("cached-resource-name".into(), self.world.name(parent, id).into());
            }
        }
    }

    /// The body of a document: what was published of its sections, unless the row has a body of its own.
    fn content(&self, row: &Row) -> Value {
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
    fn finish_section(&self, row: &Row, attributes: &mut Attributes) {
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

    /// Traits as they are read: Tag fields with the records they point at.
    fn traits(&self, row: &Row) -> Value {
        let Some(Value::Object(stored)) = row.attributes.get("traits") else { return json!({}) };
        let mut traits = stored.clone();
        for (key, tag_type) in self.tag_fields(number(&row.attributes, "flexible-asset-type-id")) {
            let Some(Value::Array(ids)) = traits.get(&key) else { continue };
            let (table, read_type) = tag_target(&tag_type);
            let values: Value = ids
                .iter()
                .filter_map(id_of)
                .filter_map(|id| {
                    let table = table?;
                    self.world.get(table, id).map(|target| Self::tag_value(table, &target))
                })
                .collect();
            traits.insert(key, json!({"type": read_type, "values": values}));
        }
        Value::Object(traits)
    }

    fn tag_value(table: Table, target: &Row) -> Value {
        let mut value = json!({"id": target.id, "name": name_of(target)});
        let mut keys = vec!["organization-name", "resource-url"];
        if table == Table::Configurations {
            keys.extend(["hostname", "configuration-type-name"]);
        }
        for key in keys {
            if let Some(found) = target.attributes.get(key) {
                value[key] = found.clone();
            }
        }
        value
    }

    /// The Tag fields of a type: name key and tag type.
    fn tag_fields(&self, asset_type: u64) -> Vec<(String, String)> {
        self.world
            .under(Table::FlexibleAssetFields, (Table::FlexibleAssetTypes, asset_type))
            .into_iter()
            .filter_map(|id| self.world.get(Table::FlexibleAssetFields, id))
            .filter(|field| field.attributes.get("kind").and_then(Value::as_str) == Some("Tag"))
            .filter_map(|field| {
                let text = |key: &str| Some(field.attributes.get(key)?.as_str()?.to_owned());
                Some((text("name-key")?, text("tag-type")?))
            })
            .collect()
    }

    fn relationships(&self, table: Table, row: &Row, query: &Query, alone: bool, included: &mut Included) -> Value {
        let mut relationships = Attributes::new();
        for name in &query.includes {
            if spec(table).includes(name, alone, self.switches.strict) {
                let data = self.relationship(table, row, name, included);
                relationships.insert(name.clone(), json!({"data": data}));
            }
        }
        Value::Object(relationships)
    }

    fn relationship(&self, table: Table, row: &Row, name: &str, included: &mut Included) -> Value {
        let record = (table, row.id);
        let under = |of: Table, included: &mut Included| -> Value {
            let ids = self.world.under(of, record);
            let mut rows: Vec<_> = ids.into_iter().filter_map(|id| self.world.get(of, id)).collect();
            if spec(of).default_sort != "id" {
                rows.sort_by_key(|row| (number(&row.attributes, spec(of).default_sort), row.id));
            }
            rows.iter().map(|row| self.include(of, row, included)).collect()
        };
        let accesses = |accessor: &str, included: &mut Included| -> Value {
            self.world
                .under(Table::ResourceAccesses, record)
                .into_iter()
                .filter_map(|id| self.world.get(Table::ResourceAccesses, id))
                .filter(|access| access.attributes.get("accessor-type").and_then(Value::as_str) == Some(accessor))
                .map(|access| self.include(Table::ResourceAccesses, &access, included))
                .collect()
        };
        let adapters = |psa: bool, included: &mut Included| -> Value {
            self.world
                .under(Table::AdaptersResources, record)
                .into_iter()
                .filter_map(|id| self.world.get(Table::AdaptersResources, id))
                .filter(|row| row.attributes.get("adapter-type").and_then(Value::as_str).is_some_and(is_psa) == psa)
                .map(|row| self.include(Table::AdaptersResources, &row, included))
                .collect()
        };
        let one = |of: Table, key: &str, included: &mut Included| -> Value {
            self.world
                .get(of, number(&row.attributes, key))
                .map_or(Value::Null, |target| self.include(of, &target, included))
        };
        match name {
            "related-items" => self.related_items(record, included),
            "attachments" => under(Table::Attachments, included),
            "passwords" => under(Table::Passwords, included),
            "configuration-interfaces" => under(Table::ConfigurationInterfaces, included),
            "flexible-asset-fields" => under(Table::FlexibleAssetFields, included),
            "checklist-tasks" => under(Table::ChecklistTasks, included),
            "recent-versions" => under(Table::Versions, included),
            "adapters-resources" => adapters(true, included),
            "rmm-adapters-resources" => adapters(false, included),
            "tickets" => under(Table::Tickets, included),
            "rmm-records" => under(Table::RmmRecords, included),
            "location" => one(Table::Locations, "location-id", included),
            "updater" => one(Table::Users, "updated-by", included),
            "user-resource-accesses" => accesses("User", included),
            "group-resource-accesses" => accesses("Group", included),
            "authorized-users" => {
                let ids: Vec<u64> = self
                    .world
                    .under(Table::ResourceAccesses, record)
                    .into_iter()
                    .filter_map(|id| self.world.get(Table::ResourceAccesses, id))
                    .filter(|access| access.attributes.get("accessor-type").and_then(Value::as_str) == Some("User"))
                    .map(|access| number(&access.attributes, "accessor-id"))
                    .collect();
                ids.into_iter()
                    .filter_map(|id| self.world.get(Table::Users, id))
                    .map(|user| self.include(Table::Users, &user, included))
                    .collect()
            }
            "ancestors" => row
                .attributes
                .get("ancestor-ids")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(id_of)
                .filter_map(|id| self.world.get(table, id))
                .map(|folder| self.include(table, &folder, included))
                .collect(),
            "users" | "organizations" => {
                let of = if name == "users" { Table::Users } else { Table::Organizations };
                row.attributes
                    .get(&format!("_{name}"))
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(id_of)
                    .filter_map(|id| self.world.get(of, id))
                    .map(|target| self.include(of, &target, included))
                    .collect()
            }
            // Documented, and empty on accounts without the integration behind it.
            _ => json!([]),
        }
    }

    fn include(&self, table: Table, row: &Row, included: &mut Included) -> Value {
        included.add(table.type_name(), &row.id.to_string(), || {
            let mut relationships = json!({});
            if table == Table::RmmRecords
                && let Some(id) = row.attributes.get("_parent").and_then(|parent| parent.get("id")).and_then(id_of)
            {
                let configuration = json!({"id": id.to_string(), "type": Table::Configurations.type_name()});
                relationships = json!({"configuration": {"data": configuration}});
            }
            let mut record = self.record(table, row, relationships);
            if table == Table::Passwords && self.switches.list_password {
                self.add_value(row, None, &mut record);
            }
            record
        })
    }

    /// Links people made, and flexible assets that reach this record through a Tag field.
    fn related_items(&self, record: (Table, u64), included: &mut Included) -> Value {
        let mut data = Vec::new();
        for link in self.world.links_of(record) {
            let other = if link.from == record { link.to } else { link.from };
            let Some(target) = self.world.get(other.0, other.1) else { continue };
            let mut attributes = Self::related_attributes(other.0, &target);
            attributes["notes"] = link.notes.clone().into();
            data.push(included.add(
                "related-items",
                &link.id.to_string(),
                || json!({"id": link.id.to_string(), "type": "related-items", "attributes": attributes}),
            ));
        }
        for (asset, nth) in self.world.tagged_by(record) {
            let Some(target) = self.world.get(Table::FlexibleAssets, asset) else { continue };
            let mut attributes = Self::related_attributes(Table::FlexibleAssets, &target);
            attributes["resource-url"] = target.attributes.get("resource-url").cloned().unwrap_or(Value::Null);
            let id = (7_000_000_000 + asset * 64 + nth).to_string();
            data.push(included.add("tags", &id, || json!({"id": id, "type": "tags", "attributes": attributes})));
        }
        Value::Array(data)
    }

    fn related_attributes(table: Table, target: &Row) -> Value {
        let label = match table {
            Table::FlexibleAssets => {
                target.attributes.get("flexible-asset-type-name").and_then(Value::as_str).unwrap_or(table.label())
            }
            _ => table.label(),
        };
        json!({
            "resource-id": target.id,
            "asset-type": table.asset_type(),
            "resource-type-name": label,
            "name": name_of(target),
            "archived": target.attributes.get("archived").and_then(Value::as_bool).unwrap_or(false),
        })
    }

    /// A related item as writes answer it.
    pub(super) fn link(&self, id: u64, seen_from: (Table, u64)) -> Option<Value> {
        let link = self.world.link(id)?;
        let other = if link.from == seen_from { link.to } else { link.from };
        let target = self.world.get(other.0, other.1)?;
        let mut attributes = Self::related_attributes(other.0, &target);
        attributes["notes"] = link.notes.clone().into();
        attributes["destination-id"] = other.1.into();
        attributes["destination-type"] = other.0.label().into();
        Some(json!({
            "id": id.to_string(), "type": "related-items", "attributes": attributes, "relationships": {},
        }))
    }
}

/// The `included` array, every record once.
#[derive(Default)]
pub(super) struct Included {
    seen: HashSet<(String, String)>,
    /// The records
    pub records: Vec<Value>,
}

impl Included {
    /// Adds a record unless it is there, and returns what relationships say of it.
    fn add(&mut self, type_name: &str, id: &str, record: impl FnOnce() -> Value) -> Value {
        if self.seen.insert((type_name.to_owned(), id.to_owned())) {
            self.records.push(record());
        }
        json!({"id": id, "type": type_name})
    }
}

/// Whether an integration of this type is a PSA; all others are an RMM.
fn is_psa(kind: &str) -> bool {
    matches!(kind, "manage" | "autotask" | "tigerpaw" | "kaseya-bms" | "pulseway-psa" | "vorex")
}

/// What the service adds to telephones when it answers.
fn finish_phones(attributes: &mut Attributes) {
    for phone in attributes.get_mut("contact-phones").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(phone) = phone.as_object_mut() else { continue };
        let of = |key: &str| phone.get(key).cloned().unwrap_or(Value::Null);
        let (value, label) = (of("value"), of("label-name"));
        phone.entry("label-type").or_insert(label);
        phone.entry("formatted-value").or_insert(value);
        phone.entry("extension").or_insert(Value::Null);
    }
}

/// An id that may be written as text.
pub(super) fn id_of(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number among attributes; zero when there is none.
pub(super) fn number(attributes: &Attributes, key: &str) -> u64 {
    attributes.get(key).and_then(id_of).unwrap_or(0)
}

fn name_of(row: &Row) -> Value {
    row.attributes.get("name").cloned().unwrap_or_else(|| "".into())
}
