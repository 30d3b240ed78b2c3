//! Tag fields of flexible assets: what they point at, and who points at a record.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::row::{Row, number};
use super::table::Table;

/// For each record the assets that point at it: the asset, and which of its values does.
pub(super) type TagsByTarget = HashMap<(Table, u64), Vec<(u64, u64)>>;

/// Which flexible assets point at a record, and with which of their values, as of two versions of their tables.
#[derive(Clone)]
pub(super) struct Tags {
    /// The versions of the assets and of their fields
    pub versions: (u64, u64),
    /// The assets by what they point at
    pub by_target: Arc<TagsByTarget>,
}

/// Who points at whom, from all fields and all assets.
pub(super) fn all_tags(fields: impl Iterator<Item = Arc<Row>>, assets: impl Iterator<Item = Arc<Row>>) -> TagsByTarget {
    let mut tags: HashMap<u64, Vec<(String, Table)>> = HashMap::new();
    for field in fields {
        let text = |key: &str| field.attributes.get(key).and_then(Value::as_str);
        let (Some("Tag"), Some(key), Some(tag_type)) = (text("kind"), text("name-key"), text("tag-type")) else {
            continue;
        };
        if let (Some(table), _) = tag_target(tag_type) {
            let asset_type = number(&field.attributes, "flexible-asset-type-id");
            tags.entry(asset_type).or_default().push((key.to_owned(), table));
        }
    }
    let mut by_target = TagsByTarget::new();
    for asset in assets {
        let asset_type = number(&asset.attributes, "flexible-asset-type-id");
        let mut nth = 0;
        for (key, table) in tags.get(&asset_type).into_iter().flatten() {
            let ids = asset.attributes.get("traits").and_then(|traits| traits.get(key)).and_then(Value::as_array);
            for id in ids.into_iter().flatten().filter_map(Value::as_u64) {
                let assets = by_target.entry((*table, id)).or_default();
                if assets.last().is_none_or(|&(last, _)| last != asset.id) {
                    assets.push((asset.id, nth));
                }
                nth += 1;
            }
        }
    }
    by_target
}

/// The table a `tag-type` means, and the type its values are read with.
pub(crate) fn tag_target(tag_type: &str) -> (Option<Table>, String) {
    if tag_type.starts_with("FlexibleAssetType") {
        return (Some(Table::FlexibleAssets), "FlexibleAssetTypes".into());
    }
    if tag_type == "AccountsUsers" {
        return (Some(Table::Users), tag_type.into());
    }
    let mut name = String::with_capacity(tag_type.len() + 2);
    for c in tag_type.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c);
    }
    (Table::by_name(&name), tag_type.into())
}
