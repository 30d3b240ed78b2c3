//! What a record is tied to, by the names `include` knows.

use std::sync::Arc;

use serde_json::{Value, json};

use super::included::Included;
use super::renderer::Renderer;
use crate::query::Query;
use crate::spec::spec;
use crate::world::{Attributes, Row, Table, id_of, number};

impl Renderer<'_> {
    /// What the includes of a request say of a row; the records themselves go to `included`.
    pub(super) fn relationships(
        &self,
        table: Table,
        row: &Row,
        query: &Query,
        alone: bool,
        included: &mut Included,
    ) -> Value {
        let mut relationships = Attributes::new();
        for name in &query.includes {
            if spec(table).includes(name, alone, self.switches.strict) {
                let data = self.relationship(table, row, name, included);
                relationships.insert(name.clone(), json!({"data": data}));
            }
        }
        Value::Object(relationships)
    }

    /// One relationship: the rows it leads to, each of them included.
    fn relationship(&self, table: Table, row: &Row, name: &str, included: &mut Included) -> Value {
        let record = (table, row.id);
        let listed = |of: Table, key: &str| -> (Table, Vec<Arc<Row>>) {
            let ids = row.attributes.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(id_of);
            (of, ids.filter_map(|id| self.world.get(of, id)).collect())
        };
        let one = |of: Table, key: &str, included: &mut Included| -> Value {
            let target = self.world.get(of, number(&row.attributes, key));
            target.map_or(Value::Null, |target| self.include(of, &target, included))
        };
        let (of, rows) = match name {
            "related-items" => return self.related_items(record, included),
            "location" => return one(Table::Locations, "location-id", included),
            "updater" => return one(Table::Users, "updated-by", included),
            "attachments" => self.sorted_under(Table::Attachments, record),
            "passwords" => self.sorted_under(Table::Passwords, record),
            "configuration-interfaces" => self.sorted_under(Table::ConfigurationInterfaces, record),
            "flexible-asset-fields" => self.sorted_under(Table::FlexibleAssetFields, record),
            "checklist-tasks" => self.sorted_under(Table::ChecklistTasks, record),
            "recent-versions" => self.sorted_under(Table::Versions, record),
            "tickets" => self.sorted_under(Table::Tickets, record),
            "rmm-records" => self.sorted_under(Table::RmmRecords, record),
            "adapters-resources" => self.adapters(record, true),
            "rmm-adapters-resources" => self.adapters(record, false),
            "user-resource-accesses" => (Table::ResourceAccesses, self.accesses(record, "User")),
            "group-resource-accesses" => (Table::ResourceAccesses, self.accesses(record, "Group")),
            "authorized-users" => {
                let users = self.accesses(record, "User").into_iter();
                let ids = users.map(|access| number(&access.attributes, "accessor-id"));
                (Table::Users, ids.filter_map(|id| self.world.get(Table::Users, id)).collect())
            }
            "ancestors" => listed(table, "ancestor-ids"),
            "users" => listed(Table::Users, "_users"),
            "organizations" => listed(Table::Organizations, "_organizations"),
            // Documented, and empty on accounts without the integration behind it.
            _ => return json!([]),
        };
        rows.iter().map(|row| self.include(of, row, included)).collect()
    }

    fn rows_under(&self, of: Table, record: (Table, u64)) -> Vec<Arc<Row>> {
        self.world.under(of, record).into_iter().filter_map(|id| self.world.get(of, id)).collect()
    }

    fn sorted_under(&self, of: Table, record: (Table, u64)) -> (Table, Vec<Arc<Row>>) {
        let mut rows = self.rows_under(of, record);
        if spec(of).default_sort != "id" {
            rows.sort_by_key(|row| (number(&row.attributes, spec(of).default_sort), row.id));
        }
        (of, rows)
    }

    fn accesses(&self, record: (Table, u64), accessor: &str) -> Vec<Arc<Row>> {
        let mut rows = self.rows_under(Table::ResourceAccesses, record);
        rows.retain(|row| row.attributes.get("accessor-type").and_then(Value::as_str) == Some(accessor));
        rows
    }

    fn adapters(&self, record: (Table, u64), psa: bool) -> (Table, Vec<Arc<Row>>) {
        let mut rows = self.rows_under(Table::AdaptersResources, record);
        rows.retain(|row| row.attributes.get("adapter-type").and_then(Value::as_str).is_some_and(is_psa) == psa);
        (Table::AdaptersResources, rows)
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
}

/// Whether an integration of this type is a PSA; all others are an RMM.
fn is_psa(kind: &str) -> bool {
    matches!(kind, "manage" | "autotask" | "tigerpaw" | "kaseya-bms" | "pulseway-psa" | "vorex")
}
