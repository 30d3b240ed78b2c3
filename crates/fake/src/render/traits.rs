//! Traits of flexible assets as they are read.

use serde_json::{Value, json};

use super::renderer::Renderer;
use crate::world::{Row, Table, id_of, number, tag_target};

impl Renderer<'_> {
    /// Traits as they are read: Tag fields with the records they point at.
    pub(super) fn traits(&self, row: &Row) -> Value {
        let Some(Value::Object(stored)) = row.attributes.get("traits") else { return json!({}) };
        let mut traits = stored.clone();
        for (key, tag_type) in self.tag_fields(number(&row.attributes, "flexible-asset-type-id")) {
            let Some(Value::Array(ids)) = traits.get(&key) else { continue };
            let (table, read_type) = tag_target(&tag_type);
            let values: Value = ids
                .iter()
                .filter_map(id_of)
                .filter_map(|id| {
                    let table = table?;
                    self.world.get(table, id).map(|target| Self::tag_value(table, &target))
                })
                .collect();
            traits.insert(key, json!({"type": read_type, "values": values}));
        }
        Value::Object(traits)
    }

    fn tag_value(table: Table, target: &Row) -> Value {
        let mut value = json!({"id": target.id, "name": target.name()});
        let mut keys = vec!["organization-name", "resource-url"];
        if table == Table::Configurations {
            keys.extend(["hostname", "configuration-type-name"]);
        }
        for key in keys {
            if let Some(found) = target.attributes.get(key) {
                value[key] = found.clone();
            }
        }
        value
    }

    /// The Tag fields of a type: name key and tag type.
    fn tag_fields(&self, asset_type: u64) -> Vec<(String, String)> {
        self.world
            .under(Table::FlexibleAssetFields, (Table::FlexibleAssetTypes, asset_type))
            .into_iter()
            .filter_map(|id| self.world.get(Table::FlexibleAssetFields, id))
            .filter(|field| field.attributes.get("kind").and_then(Value::as_str) == Some("Tag"))
            .filter_map(|field| {
                let text = |key: &str| Some(field.attributes.get(key)?.as_str()?.to_owned());
                Some((text("name-key")?, text("tag-type")?))
            })
            .collect()
    }
}
