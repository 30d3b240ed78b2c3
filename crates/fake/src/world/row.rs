//! Rows, links between them, and the source of rows that are not stored.

use std::ops::Range;

use serde_json::Value;

use super::table::Table;

/// The attributes of a row, keys in kebab case.
pub type Attributes = serde_json::Map<String, Value>;

/// One record.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Unique within its table
    pub id: u64,
    /// What the API serves, and the server's own keys that begin with `_`
    pub attributes: Attributes,
}

impl Row {
    /// Its `name`, empty if it has none.
    pub(crate) fn name(&self) -> Value {
        self.attributes.get("name").cloned().unwrap_or_else(|| "".into())
    }
}

/// A related item: one record that serves both directions.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The id of the link itself
    pub id: u64,
    /// The record the link was made on
    pub from: (Table, u64),
    /// The record it points to
    pub to: (Table, u64),
    /// Why the two belong together
    pub notes: String,
}

/// Rows computed on demand. Ids of one table are a range without holes.
pub trait Base: Send + Sync {
    /// All ids of a table; empty for tables it knows nothing of.
    fn ids(&self, table: Table) -> Range<u64>;
    /// The ids of the rows that live under a record, an organization for example.
    fn under(&self, table: Table, parent: (Table, u64)) -> Range<u64>;
    /// One attribute of a row of [`Base::ids`], cheaper than the whole row.
    fn attribute(&self, table: Table, id: u64, key: &str) -> Option<Value>;
    /// A row of [`Base::ids`].
    fn row(&self, table: Table, id: u64) -> Row;
}

/// The records a row lives under: its organization, and what its table or its `_parent` names.
pub(super) fn parents(table: Table, attributes: &Attributes) -> Vec<(Table, u64)> {
    let mut parents = Vec::with_capacity(2);
    if let Some(id) = attributes.get("organization-id").and_then(Value::as_u64) {
        parents.push((Table::Organizations, id));
    }
    if let Some((key, parent)) = table.parent_attribute()
        && let Some(id) = attributes.get(key).and_then(Value::as_u64)
    {
        parents.push((parent, id));
    }
    if table == Table::Passwords
        && let Some(id) = attributes.get("resource-id").and_then(Value::as_u64)
        && let Some(name) = attributes.get("resource-type").and_then(Value::as_str)
    {
        // A password in a flexible asset names the trait, whose id is not that of the asset: `_parent` tells.
        let parent = if name == "flexible-asset-traits" { None } else { Table::by_name(name) };
        parents.extend(parent.map(|parent| (parent, id)));
    }
    if let Some(parent) = attributes.get("_parent")
        && let Some(id) = parent.get("id").and_then(Value::as_u64)
        && let Some(table) = parent.get("table").and_then(Value::as_str).and_then(Table::by_name)
    {
        parents.push((table, id));
    }
    parents
}

/// An id that may be written as text.
pub(crate) fn id_of(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number among attributes; zero when there is none.
pub(crate) fn number(attributes: &Attributes, key: &str) -> u64 {
    attributes.get(key).and_then(id_of).unwrap_or(0)
}
