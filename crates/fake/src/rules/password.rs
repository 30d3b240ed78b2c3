//! Passwords: the value with its older versions, and the record a password is embedded in.

use serde_json::{Value, json};

use super::rule::{Change, Rules};
use super::writer::{Writer, is_blank, now};
use crate::answer::Answer;
use crate::world::{Attributes, Table, id_of, number};

/// Passwords.
pub(super) struct Password;

impl Rules for Password {
    fn finish(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        writer.same_organization(Table::PasswordFolders, change.row, change.input, "password-folder-id")?;
        let Change { row, input, new, .. } = change;
        if let Some(value) = input.get("password").filter(|value| value.is_string()) {
            set_value(row, value, *new);
        }
        if input.get("otp-secret").is_some() {
            row.insert("otp-enabled".into(), (!is_blank(input.get("otp-secret"))).into());
        }
        if is_blank(row.get("resource-id")) || !(input.contains_key("resource-id") || *new) {
            return Ok(());
        }
        let table = row.get("resource-type").and_then(Value::as_str).and_then(Table::by_name);
        let Some((table, parent)) =
            table.and_then(|table| Some((table, writer.world.get(table, number(row, "resource-id"))?)))
        else {
            return Err(Answer::invalid("resource", "must exist"));
        };
        let of = |key: &str| parent.attributes.get(key).cloned().unwrap_or(Value::Null);
        // Taken in any spelling, answered in one.
        row.insert("resource-type".into(), table.type_name().into());
        row.insert("cached-resource-name".into(), of("name"));
        row.insert("cached-resource-type-name".into(), table.label().into());
        row.insert("parent-url".into(), of("resource-url"));
        Ok(())
    }
}

/// Sets the value, and keeps the one before as an older version.
fn set_value(row: &mut Attributes, value: &Value, new: bool) {
    let old = row.insert("_value".into(), value.clone());
    if let (Some(old), false) = (old, new) {
        let mut versions = match row.remove("_versions") {
            Some(Value::Array(versions)) => versions,
            _ => Vec::new(),
        };
        let id = versions.iter().map(|v| v.get("id").and_then(id_of).unwrap_or(0)).max().unwrap_or(0) + 1;
        versions.push(json!({"id": id, "value": old}));
        row.insert("_versions".into(), versions.into());
    }
    row.insert("password-updated-at".into(), now());
}
