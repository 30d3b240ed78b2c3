//! Rows of flexible assets and passwords.

use serde_json::{Value, json};

use super::{Build, Plan, PlannedPassword, Source, TODAY, Target, WEB};
use crate::data::invent::{self, hash, rng};
use crate::data::source;
use crate::world::{Attributes, Table};

impl Build {
    /// The name of a flexible asset: the values of its title fields. Needs no row, only names.
    pub(super) fn asset_title(&mut self, source: &Source, plan: &Plan<'_>, asset: &source::FlexibleAsset) -> String {
        let Some(kind) = source.assets.types.iter().find(|t| t.key == asset.kind) else {
            self.problem(format!("{}: no type {}", asset.key, asset.kind));
            return String::new();
        };
        let mut title = String::new();
        for field in kind.fields.iter().filter(|field| field.title) {
            let text = match asset.traits.get(&field.key) {
                Some(toml::Value::String(text)) => self.expand(&[], plan, text, Target::Plain, 0),
                Some(toml::Value::Array(tags)) => tags
                    .first()
                    .and_then(toml::Value::as_str)
                    .and_then(|selector| plan.names.get(selector))
                    .map(|entry| entry.name.clone())
                    .unwrap_or_default(),
                _ => continue,
            };
            if !title.is_empty() {
                title.push(' ');
            }
            title.push_str(&text);
        }
        title
    }

    pub(super) fn assets(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for (asset, entry) in &plan.assets {
            let Some(kind) = source.assets.types.iter().find(|t| t.key == asset.kind) else { continue };
            let mut rng = rng(&[&organization.short, &asset.key, "asset"]);
            let mut traits = Attributes::new();
            for (key, value) in &asset.traits {
                let Some(field) = kind.fields.iter().find(|field| &field.key == key) else {
                    self.problem(format!("{}: no field {key}", asset.key));
                    continue;
                };
                let value = self.trait_value(plans, plan, &field.kind, value, &asset.key);
                if field.expires
                    && let Some(date) = value.as_str()
                {
                    self.expiration(plan, entry, &kind.name, key, date);
                }
                if !value.is_null() {
                    traits.insert(key.clone(), value);
                }
            }
            let type_id = self.find(Table::FlexibleAssetTypes, &asset.kind);
            let created =
                if entry.id == 3_300_917 { "2023-01-10".to_owned() } else { invent::date(rng.i64(2500..3900)) };
            let created = invent::moment(&mut rng, &created);
            let day = invent::date(invent::days(TODAY) - rng.i64(2..500));
            let updated = invent::moment(&mut rng, &day);
            let (created, updated) = Self::times(organization, entry, &created, &updated);
            let common = Self::common(organization, entry, &created, &updated);
            self.row(
                common,
                Table::FlexibleAssets,
                entry.id,
                json!({
                    "flexible-asset-type-id": type_id, "flexible-asset-type-name": kind.name, "traits": traits,
                    "archived": asset.archived, "restricted": asset.restricted,
                }),
            );
            if asset.restricted {
                self.access(entry);
            }
        }
    }

    pub(super) fn trait_value(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        kind: &str,
        value: &toml::Value,
        asset: &str,
    ) -> Value {
        let one = |this: &mut Self, text: &str| match plan.names.get(text) {
            Some(entry) => json!(entry.id),
            None if text.starts_with("user:") => this.find(Table::Users, text.trim_start_matches("user:")),
            None if text.starts_with("template:") => {
                this.find(Table::ChecklistTemplates, text.trim_start_matches("template:"))
            }
            None if text.starts_with('?') => match plan.names.get(text.trim_start_matches('?')) {
                Some(entry) => json!(entry.id),
                None => Value::Null,
            },
            None => {
                this.problem(format!("{}: {asset}: nothing is called {text}", plan.source.short));
                Value::Null
            }
        };
        match (kind, value) {
            ("Textbox", toml::Value::String(text)) => json!(self.expand(plans, plan, text, Target::Html, 0)),
            ("Number" | "Percent", toml::Value::String(text)) => {
                let text = self.expand(plans, plan, text, Target::Plain, 0);
                // A value written with `=` stays a string: the API sends numbers both ways.
                match text.strip_prefix('=') {
                    Some(kept) => json!(kept),
                    None => text
                        .parse::<u64>()
                        .map(|n| json!(n))
                        .or_else(|_| text.parse::<f64>().map(|n| json!(n)))
                        .unwrap_or(Value::Null),
                }
            }
            ("Number" | "Percent", toml::Value::Integer(number)) => json!(number),
            ("Number" | "Percent", toml::Value::Float(number)) => json!(number),
            ("Checkbox", toml::Value::Boolean(flag)) => json!(flag),
            ("Tag", toml::Value::Array(tags)) => {
                let ids: Vec<Value> = tags
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .map(|text| one(self, text))
                    .filter(|id| !id.is_null())
                    .collect();
                if ids.is_empty() { Value::Null } else { json!(ids) }
            }
            ("Password", toml::Value::String(text)) => one(self, text),
            ("Upload", toml::Value::Array(files)) => {
                let files: Vec<Value> = files
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .map(|name| {
                        let path = format!("{WEB}/{}/uploads/{}", plan.source.id, name.replace(' ', "%20"));
                        json!({"name": name, "url": path})
                    })
                    .collect();
                json!(files)
            }
            ("Text" | "Select" | "Date", toml::Value::String(text)) => {
                json!(self.expand(plans, plan, text, Target::Plain, 0))
            }
            (kind, value) => {
                self.problem(format!("{asset}: {value} does not fit a field of kind {kind}"));
                Value::Null
            }
        }
    }

    pub(super) fn passwords(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for PlannedPassword { entry, source, parent } in &plan.passwords {
            let mut rng = rng(&[&organization.short, &entry.name, &source.key]);
            // A placeholder may refer to the record of the password.
            let text = |this: &mut Self, text: &Option<String>| {
                text.as_ref().map(|text| {
                    let text = match parent {
                        Some(parent) => text
                            .replace("{{parent}}", &parent.name)
                            .replace("{{parent|ip}}", &parent.ip)
                            .replace("{{parent|host}}", &parent.host),
                        None => text.clone(),
                    };
                    this.expand(plans, plan, &text, Target::Plain, 0)
                })
            };
            let (username, url, notes) =
                (text(self, &source.username), text(self, &source.url), text(self, &source.notes));
            let value = match &source.value {
                Some(value) => value.clone(),
                None => invent::password(&mut rng, source.style.as_deref().unwrap_or("words")),
            };
            let category = match &source.category {
                Some(name) => self.find(Table::PasswordCategories, name),
                None => Value::Null,
            };
            let folder = source.folder.as_ref().and_then(|path| plan.names.get(&format!("password-folder:{path}")));
            let (resource_id, resource_type, own_parent) = match parent {
                None => (Value::Null, Value::Null, Value::Null),
                Some(parent) if parent.table == Table::FlexibleAssets => (
                    json!(hash(&[&parent.id.to_string(), &source.key, "trait"]) % 1_000_000 + 20_000_000),
                    json!("flexible-asset-traits"),
                    json!({"table": "flexible-assets", "id": parent.id}),
                ),
                Some(parent) => (json!(parent.id), json!(parent.table.type_name()), Value::Null),
            };
            let label = parent.as_ref().map(|parent| match parent.table {
                Table::FlexibleAssets => "Flexible Asset",
                table => table.label(),
            });
            let created = invent::date(rng.i64(2600..3900));
            let day = source.changed.clone().unwrap_or_else(|| invent::date(rng.i64(3900..4330)));
            let changed = if entry.id == 6_600_421 {
                "2026-03-03T08:00:00.000Z".to_owned()
            } else {
                invent::moment(&mut rng, &day)
            };
            let created = invent::moment(&mut rng, &created);
            let by = self.find(Table::Users, if rng.bool() { "Ruth Osei" } else { "Dev Patel" });
            let (created, changed) = Self::times(organization, entry, &created, &changed);
            let common = Self::common(organization, entry, &created, &changed);
            let mut own = json!({
                "autofill-selectors": null, "username": username, "url": url, "notes": notes,
                "password-updated-at": changed, "updated-by": by, "updated-by-type": "User",
                "resource-id": resource_id, "resource-type": resource_type,
                "cached-resource-type-name": label, "cached-resource-name": parent.as_ref().map(|p| &p.name),
                "password-category-id": category, "password-category-name": source.category,
                "otp-enabled": source.otp, "password-folder-id": folder.map(|f| f.id),
                "parent-url": parent.as_ref().map(|parent| format!("{WEB}{}", parent.path)),
                "vault-id": if source.vaulted { json!(40_000 + entry.id % 9_000) } else { Value::Null },
                "restricted": source.restricted, "archived": source.archived, "personal": source.personal,
                "rotation-permitted": false, "is-live": false, "_value": value,
            });
            let versions: Vec<(u64, String)> = (0..source.versions)
                .map(|at| {
                    let words = [entry.id.to_string(), at.to_string()];
                    let id = self.id(Table::Versions, organization.long_ids, &[&words[0], &words[1], "password"]);
                    (id, invent::password(&mut rng, source.style.as_deref().unwrap_or("words")))
                })
                .collect();
            if let Some(attributes) = own.as_object_mut() {
                if !own_parent.is_null() {
                    attributes.insert("_parent".into(), own_parent);
                }
                if !versions.is_empty() {
                    let old: Vec<Value> =
                        versions.iter().map(|(id, value)| json!({"id": id, "value": value})).collect();
                    attributes.insert("_versions".into(), json!(old));
                }
            }
            self.row(common, Table::Passwords, entry.id, own);
            // Each was in force for a year or so before the one that followed it; the newest is last.
            for (at, (id, _)) in versions.iter().rev().enumerate() {
                let year = changed.get(..4).and_then(|year| year.parse::<usize>().ok()).unwrap_or(2024);
                let rest = changed.get(4..).unwrap_or_default().replace("-02-29", "-02-28");
                let until = format!("{:04}{rest}", year - 1 - at);
                let author = if (entry.id as usize + at).is_multiple_of(2) { "Ruth Osei" } else { "Dev Patel" };
                let user = self.find(Table::Users, author);
                self.put(
                    Table::Versions,
                    *id,
                    json!({
                        "event": "update", "user-id": user, "user-name": author,
                        "created-at": until, "updated-at": until,
                        "_parent": {"table": "passwords", "id": entry.id},
                    }),
                );
            }
            if source.restricted {
                self.access(entry);
            }
        }
    }
}
