//! The attributes of a row: its own, what it was never given, and what is computed.

use serde_json::Value;

use super::renderer::Renderer;
use crate::spec::{COMPANIONS, spec, unset};
use crate::world::{Attributes, Row, Table, id_of, number};

impl Renderer<'_> {
    /// The attributes of a row: its own, what it was never given, and what is computed.
    pub(super) fn attributes(&self, table: Table, row: &Row) -> Attributes {
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
                let organization = number(&attributes, "organization-id");
                attributes.insert("documents-count".into(), self.documents_in(row.id, organization).into());
            }
            Table::Documents => {
                let content = self.content(row);
                attributes.insert("content".into(), content);
                // Documented nowhere, read by two clients of other people.
                let published = row.attributes.get("published-at").is_some_and(|at| !at.is_null());
                attributes.insert("published".into(), published.into());
            }
            Table::DocumentSections => self.finish_section(row, &mut attributes),
            Table::DocumentImages => self.sign_image(row, &mut attributes),
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

    /// How many documents lie in a folder.
    fn documents_in(&self, folder: u64, organization: u64) -> usize {
        self.world
            .under(Table::Documents, (Table::Organizations, organization))
            .into_iter()
            .filter(|&id| {
                let lies = self.world.attribute(Table::Documents, id, "document-folder-id");
                lies.as_deref().and_then(id_of) == Some(folder)
            })
            .count()
    }

    /// The addresses of the sizes of an image.
    fn sign_image(&self, row: &Row, attributes: &mut Attributes) {
        for (key, size) in [("original-src", "original"), ("slim-src", "slim"), ("thumbnail-src", "thumbnail")] {
            attributes.insert(key.into(), self.signer.address(self.base, row.id, size).into());
        }
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
