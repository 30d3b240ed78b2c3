//! Rows of passwords, with their older versions.

use serde_json::{Value, json};

use super::builder::{Build, Entry, Plan, PlannedPassword, Target, WEB};
use crate::data::invent::{self, hash, rng};
use crate::data::source;
use crate::world::Table;

impl Build {
    /// The passwords of an organization.
    pub(super) fn passwords(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        for password in &plan.passwords {
            self.password(plans, plan, password);
        }
    }

    fn password(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>, password: &PlannedPassword<'_>) {
        let organization = plan.source;
        let PlannedPassword { entry, source, parent } = password;
        let mut rng = rng(&[&organization.short, &entry.name, &source.key]);
        let mut text = |text: &Option<String>| {
            text.as_ref().map(|text| self.expand(plans, plan, &of_parent(text, parent.as_ref()), Target::Plain, 0))
        };
        let (username, url, notes) = (text(&source.username), text(&source.url), text(&source.notes));
        let style = source.style.as_deref().unwrap_or("words");
        let value = source.value.clone().unwrap_or_else(|| invent::password(&mut rng, style));
        let category = match &source.category {
            Some(name) => self.find(Table::PasswordCategories, name),
            None => Value::Null,
        };
        let folder = source.folder.as_ref().and_then(|path| plan.names.get(&format!("password-folder:{path}")));
        let (resource_id, resource_type, own_parent) = embedded_in(parent.as_ref(), source);
        let created = invent::date(rng.i64(2600..3900));
        let day = source.changed.clone().unwrap_or_else(|| invent::date(rng.i64(3900..4330)));
        let changed =
            if entry.id == 6_600_421 { "2026-03-03T08:00:00.000Z".to_owned() } else { invent::moment(&mut rng, &day) };
        let created = invent::moment(&mut rng, &created);
        let by = self.find(Table::Users, if rng.bool() { "Ruth Osei" } else { "Dev Patel" });
        let (created, changed) = Self::times(organization, entry, &created, &changed);
        let common = Self::common(organization, entry, &created, &changed);
        let mut own = json!({
            "autofill-selectors": null, "username": username, "url": url, "notes": notes,
            "password-updated-at": changed, "updated-by": by, "updated-by-type": "User",
            "resource-id": resource_id, "resource-type": resource_type,
            "cached-resource-type-name": parent.as_ref().map(|parent| parent.table.label()), "cached-resource-name": parent.as_ref().map(|p| &p.name),
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
                (id, invent::password(&mut rng, style))
            })
            .collect();
        if let Some(attributes) = own.as_object_mut() {
            if !own_parent.is_null() {
                attributes.insert("_parent".into(), own_parent);
            }
            if !versions.is_empty() {
                let old: Vec<Value> = versions.iter().map(|(id, value)| json!({"id": id, "value": value})).collect();
                attributes.insert("_versions".into(), json!(old));
            }
        }
        self.row(common, Table::Passwords, entry.id, own);
        self.password_versions(entry, &versions, &changed);
        if source.restricted {
            self.access(entry);
        }
    }

    /// Each was in force for a year or so before the one that followed it; the newest is last.
    fn password_versions(&mut self, entry: &Entry, versions: &[(u64, String)], changed: &str) {
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
    }
}

/// A placeholder may refer to the record of the password.
fn of_parent(text: &str, parent: Option<&Entry>) -> String {
    match parent {
        Some(parent) => text
            .replace("{{parent}}", &parent.name)
            .replace("{{parent|ip}}", &parent.ip)
            .replace("{{parent|host}}", &parent.host),
        None => text.to_owned(),
    }
}

/// The id and the type of the record a password is embedded in, and `_parent` where that is not the same.
fn embedded_in(parent: Option<&Entry>, source: &source::Password) -> (Value, Value, Value) {
    match parent {
        None => (Value::Null, Value::Null, Value::Null),
        Some(parent) if parent.table == Table::FlexibleAssets => (
            json!(hash(&[&parent.id.to_string(), &source.key, "trait"]) % 1_000_000 + 20_000_000),
            json!("flexible-asset-traits"),
            json!({"table": "flexible-assets", "id": parent.id}),
        ),
        Some(parent) => (json!(parent.id), json!(parent.table.type_name()), Value::Null),
    }
}
