//! What a write works with: the world, the way answers are rendered, and small questions about both.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::query::Query;
use crate::render::{Renderer, Signer};
use crate::switches::Switches;
use crate::world::{Attributes, Table, World, id_of};

/// Carries out one write request.
pub(crate) struct Writer<'a> {
    /// What changes
    pub world: &'a mut World,
    /// `http://host:port` as the client wrote it
    pub base: &'a str,
    /// The same of the web application
    pub web: &'a str,
    /// In what this account differs from others
    pub switches: Switches,
    /// For the addresses of images
    pub signer: &'a Signer,
    /// Whether the key has Password Access
    pub passwords: bool,
    /// The query string
    pub query: &'a Query,
}

/// Now, as the API writes it.
pub(super) fn now() -> Value {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string().into()
}

/// Whether a request says nothing of an attribute.
pub(super) fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        _ => false,
    }
}

impl Writer<'_> {
    /// For what is answered.
    pub(super) fn renderer(&self) -> Renderer<'_> {
        Renderer {
            world: self.world,
            base: self.base,
            web: self.web,
            signer: self.signer,
            passwords: self.passwords,
            switches: self.switches,
        }
    }

    /// One record, the way writes answer it: with the value of a password only if it was requested.
    fn written(&self, table: Table, id: u64) -> Value {
        let Some(row) = self.world.get(table, id) else { return Value::Null };
        let renderer = self.renderer();
        let mut record = renderer.plain(table, &row);
        if table == Table::Passwords && self.query.show_password == Some(true) {
            renderer.add_value(&row, None, &mut record);
        }
        record
    }

    /// The records a write made or changed.
    pub(super) fn answer(&self, status: u16, table: Table, ids: &[u64], many: bool) -> Answer {
        let mut records: Vec<Value> = ids.iter().map(|&id| self.written(table, id)).collect();
        let data = if many { Value::Array(records) } else { records.pop().unwrap_or(Value::Null) };
        Answer::json(status, json!({"data": data}))
    }

    /// An attribute of a record, null if there is none.
    pub(super) fn lookup(&self, table: Table, id: u64, key: &str) -> Value {
        self.world.attribute(table, id, key).map_or(Value::Null, Cow::into_owned)
    }

    /// The rows kept in memory that live under a record.
    pub(super) fn stored_under(&self, table: Table, parent: (Table, u64)) -> Vec<u64> {
        let mut rows = self.world.under(table, parent);
        rows.retain(|&row| self.world.is_stored(table, row));
        rows
    }

    /// Whether a record is there and lives where the path says.
    pub(super) fn in_scope(&self, table: Table, id: u64, scope: Option<(Table, u64)>) -> bool {
        self.world.contains(table, id)
            && scope.is_none_or(|scope| self.world.under(table, scope).binary_search(&id).is_ok())
    }

    /// Refuses an id of a record that lives in another organization.
    pub(super) fn same_organization(
        &self,
        of: Table,
        row: &Attributes,
        input: &Attributes,
        key: &str,
    ) -> Result<(), Answer> {
        let wanted = row.get(key).filter(|id| !id.is_null());
        let (Some(wanted), true) = (wanted, input.contains_key(key)) else { return Ok(()) };
        let home = id_of(wanted).map(|id| self.lookup(of, id, "organization-id"));
        if home.as_ref().is_some_and(|home| !home.is_null() && Some(home) == row.get("organization-id")) {
            return Ok(());
        }
        Err(Answer::invalid(key.trim_end_matches("-id"), "must exist in the same organization"))
    }

    /// Those of some rows whose attribute holds an id.
    pub(super) fn points_at<'a>(
        &'a self,
        table: Table,
        rows: &'a [u64],
        key: &'a str,
        id: u64,
    ) -> impl Iterator<Item = u64> + 'a {
        rows.iter().copied().filter(move |&row| id_of(&self.lookup(table, row, key)) == Some(id))
    }
}
