//! Related items: links people made, and assets that point at a record.

use serde_json::{Value, json};

use super::included::Included;
use super::renderer::Renderer;
use crate::world::{Row, Table};

impl Renderer<'_> {
    /// Links people made, and flexible assets that reach this record through a Tag field.
    pub(super) fn related_items(&self, record: (Table, u64), included: &mut Included) -> Value {
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
            "name": target.name(),
            "archived": target.attributes.get("archived").and_then(Value::as_bool).unwrap_or(false),
        })
    }

    /// A related item as writes answer it.
    pub(crate) fn link(&self, id: u64, seen_from: (Table, u64)) -> Option<Value> {
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
