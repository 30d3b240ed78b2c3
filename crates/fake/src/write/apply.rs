//! What a request may set, the form it is kept in, and everything computed that follows from it.

use serde_json::Value;

use super::document::clean_html;
use super::organization::short_name;
use super::{Writer, is_blank, now};
use crate::answer::Answer;
use crate::render::{id_of, number};
use crate::spec::{COMPANIONS, spec, unset};
use crate::world::{Attributes, Table};

/// Attributes a request cannot set, apart from those in [`COMPANIONS`].
const READ_ONLY: &[&str] = &[
    "ancestor-ids",
    "cached-resource-name",
    "cached-resource-type-name",
    "completed-at",
    "configuration-type-kind",
    "configurations-count",
    "current-sign-in-at",
    "current-sign-in-ip",
    "document-gallery-id",
    "document-images",
    "documents-count",
    "download-url",
    "encrypted-status",
    "export-status",
    "formatted-fax",
    "formatted-phone",
    "invitation-accepted-at",
    "invitation-sent-at",
    "is-live",
    "last-sign-in-at",
    "last-sign-in-ip",
    "name-key",
    "organization-short-name",
    "otp-enabled",
    "parent-url",
    "password-updated-at",
    "passwords-count",
    "percent-complete",
    "personal",
    "published-at",
    "published-by",
    "quick-notes-updated-at",
    "rendered-content",
    "reputation",
    "reset-count",
    "rotation-permitted",
    "synced",
    "updated-by",
    "updated-by-type",
    "user-id",
    "vault-id",
];

/// Whether an attribute is computed and ignored when a request sends it.
fn set_by_server(table: Table, key: &str) -> bool {
    READ_ONLY.contains(&key)
        || COMPANIONS.iter().any(|(_, name, _)| *name == key)
        || match table {
            Table::Organizations => key == "parent-id",
            Table::FlexibleAssets | Table::Contacts => key == "name",
            Table::DocumentSections => matches!(key, "resource-type" | "resource-id"),
            _ => false,
        }
}

/// Whether an attribute stays what it was at the beginning. A document cannot be moved.
fn fixed(table: Table, key: &str) -> bool {
    match table {
        Table::Documents => matches!(key, "document-folder-id" | "organization-id"),
        _ => key == "flexible-asset-type-id",
    }
}

/// A value as the column it goes to keeps it: texts become numbers, flags or days, and the other way round.
fn cast(key: &str, value: &Value) -> Value {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => return unset(key),
        Value::Array(_) | Value::Object(_) => return value.clone(),
    };
    match key {
        _ if unset(key).is_boolean() => (!matches!(text.as_str(), "" | "0" | "false" | "f" | "no" | "off")).into(),
        _ if key.ends_with("-id") => value.clone(),
        "order" | "sort" | "level" | "duration" | "decimals" => text.parse::<u64>().map_or(Value::Null, Value::from),
        "installed-at"
        | "purchased-at"
        | "warranty-expires-at"
        | "mitp-device-expiration-date"
        | "mitp-end-of-life-date"
        | "due-date" => {
            text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()).map(|day| day.to_string()).into()
        }
        // Text stays as it was sent, blanks at its ends included.
        _ if value.is_string() => value.clone(),
        _ => text.into(),
    }
}

impl Writer<'_> {
    /// Writes what a request may set into a row and keeps everything computed in step with it.
    pub(super) fn apply(
        &mut self,
        table: Table,
        id: u64,
        row: &mut Attributes,
        input: &Attributes,
        new: bool,
    ) -> Result<(), Answer> {
        let what = spec(table);
        for (key, value) in input {
            let key = key.as_str();
            let writable = what.attributes.contains(&key) && !set_by_server(table, key) && (new || !fixed(table, key));
            if !writable || key == "traits" {
                continue;
            }
            if let Value::String(text) = value {
                let name = key == "name" || key.ends_with("-name");
                if name && text.trim().is_empty() && what.required.contains(&key) {
                    return Err(Answer::invalid(key, "can't be blank"));
                }
                if name && text.chars().count() > 255 {
                    return Err(Answer::invalid(key, "is too long (maximum is 255 characters)"));
                }
            }
            let value = match value {
                Value::String(html) if key == "content" => clean_html(html).into(),
                _ => cast(key, value),
            };
            if key == "quick-notes" && row.get(key) != Some(&value) {
                row.insert("quick-notes-updated-at".into(), now());
            }
            row.insert(key.to_owned(), value);
        }
        if table == Table::Configurations && is_blank(row.get("configuration-type-id")) {
            return Err(Answer::invalid("configuration-type", "must exist"));
        }
        if table == Table::FlexibleAssets && is_blank(row.get("flexible-asset-type-id")) {
            return Err(Answer::invalid("flexible-asset-type", "must exist"));
        }
        for (key, name, of) in COMPANIONS {
            if !what.attributes.contains(key) {
                continue;
            }
            let companion = match row.get(*key).filter(|id| !id.is_null()) {
                None => Value::Null,
                Some(id) => match id_of(id).filter(|&id| self.world.contains(*of, id)) {
                    Some(id) => self.world.name(*of, id).into(),
                    // Only what the request says is judged; old rows may hold anything.
                    None if input.contains_key(*key) => {
                        return Err(Answer::invalid(key.trim_end_matches("-id"), "must exist"));
                    }
                    None => continue,
                },
            };
            if what.attributes.contains(name) {
                row.insert((*name).to_owned(), companion);
            }
        }
        match table {
            Table::Organizations if is_blank(row.get("short-name")) => {
                let name = row.get("name").and_then(Value::as_str).unwrap_or_default();
                row.insert("short-name".into(), short_name(name).into());
            }
            Table::Configurations => {
                let short = self.lookup(Table::Organizations, number(row, "organization-id"), "short-name");
                row.insert("organization-short-name".into(), short);
                let kind =
                    row.get("configuration-type-name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
                let known = ["server", "workstation", "laptop", "firewall", "router", "switch", "printer"];
                let kind = known.into_iter().find(|known| kind.contains(known)).unwrap_or("other");
                let kind = match self.lookup(Table::ConfigurationTypes, number(row, "configuration-type-id"), "_kind") {
                    Value::Null => kind.into(),
                    told => told,
                };
                row.insert("configuration-type-kind".into(), kind);
            }
            Table::Contacts => {
                let part = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
                let name = format!("{} {}", part("first-name"), part("last-name")).trim().to_owned();
                row.insert("name".into(), name.into());
            }
            Table::Documents => self.same_organization(Table::DocumentFolders, row, input, "document-folder-id")?,
            Table::DocumentFolders | Table::PasswordFolders => {
                self.same_organization(table, row, input, "parent-id")?;
                let parent = number(row, "parent-id");
                if parent == id {
                    return Err(Answer::invalid("parent", "can't be itself"));
                }
                let mut ancestors = match self.lookup(table, parent, "ancestor-ids") {
                    Value::Array(ancestors) => ancestors,
                    _ => Vec::new(),
                };
                if parent != 0 {
                    ancestors.push(parent.into());
                }
                if ancestors.iter().filter_map(id_of).any(|ancestor| ancestor == id) {
                    return Err(Answer::invalid("parent", "can't be a descendant"));
                }
                row.insert("ancestor-ids".into(), ancestors.into());
            }
            Table::DocumentSections => {
                let level = number(row, "level");
                let heading = row.get("resource-type").and_then(Value::as_str) == Some("Document::Heading");
                if heading && row.get("level").is_some_and(|level| !level.is_null()) && !(1..=6).contains(&level) {
                    return Err(Answer::invalid("level", "must be between 1 and 6"));
                }
            }
            Table::Passwords => {
                self.same_organization(Table::PasswordFolders, row, input, "password-folder-id")?;
                self.finish_password(row, input, new)?;
            }
            Table::FlexibleAssets => self.finish_asset(row, input, new)?,
            Table::Checklists => self.finish_checklist(id, row, input),
            _ => {}
        }
        Ok(())
    }

    fn same_organization(&self, of: Table, row: &Attributes, input: &Attributes, key: &str) -> Result<(), Answer> {
        let wanted = row.get(key).filter(|id| !id.is_null());
        let (Some(wanted), true) = (wanted, input.contains_key(key)) else { return Ok(()) };
        let home = id_of(wanted).map(|id| self.lookup(of, id, "organization-id"));
        if home.as_ref().is_some_and(|home| !home.is_null() && Some(home) == row.get("organization-id")) {
            return Ok(());
        }
        Err(Answer::invalid(key.trim_end_matches("-id"), "must exist in the same organization"))
    }
}
