//! A record as it is listed, shown alone or answered by a write.

use serde_json::{Value, json};

use super::included::Included;
use super::signer::Signer;
use crate::query::Query;
use crate::switches::Switches;
use crate::vault;
use crate::world::{Row, Table, World};

/// Characters of the quick notes a list of organizations shows.
const SHORT_NOTES: usize = 250;

/// What rendering needs to know.
pub(crate) struct Renderer<'a> {
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
    pub(crate) fn in_list(&self, table: Table, row: &Row, query: &Query, included: &mut Included) -> Value {
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
    pub(crate) fn shown(&self, table: Table, row: &Row, query: &Query, included: &mut Included) -> Value {
        let relationships = self.relationships(table, row, query, true, included);
        let mut record = self.record(table, row, relationships);
        if table == Table::Passwords && query.show_password.unwrap_or(true) {
            self.add_value(row, query.version, &mut record);
        }
        record
    }

    /// A record without anything included.
    pub(crate) fn plain(&self, table: Table, row: &Row) -> Value {
        self.record(table, row, json!({}))
    }

    pub(super) fn record(&self, table: Table, row: &Row, relationships: Value) -> Value {
        json!({
            "id": row.id.to_string(),
            "type": table.type_name(),
            "attributes": self.attributes(table, row),
            "relationships": relationships,
        })
    }

    /// Adds the value of a password if the key may see it. Of a vaulted one the service has but the ciphertext.
    pub(crate) fn add_value(&self, row: &Row, version: Option<u64>, record: &mut Value) {
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

    /// A single record with what it includes, as the routes that show one answer it.
    pub(crate) fn alone(&self, table: Table, id: u64, query: &Query) -> Option<Value> {
        let row = self.world.get(table, id)?;
        let mut included = Included::default();
        let data = self.shown(table, &row, query, &mut included);
        let mut body = json!({"data": data});
        if !query.includes.is_empty() {
            body["included"] = Value::Array(included.records);
        }
        Some(body)
    }
}
