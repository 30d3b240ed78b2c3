//! Rows of flexible assets and passwords.

use serde_json::json;

use super::builder::{Build, Plan, Source, Target};
use crate::data::invent::{self, TODAY, rng};
use crate::data::source;
use crate::world::{Attributes, Table};

impl Build {
    /// The name of a flexible asset: the values of its title fields. Needs no row, only names.
    pub(super) fn asset_title(&mut self, source: &Source, plan: &Plan<'_>, asset: &source::FlexibleAsset) -> String {
        let Some(kind) = source.assets.types.iter().find(|t| t.key == asset.kind) else {
            self.problem(format!("{}: no type {}", asset.key, asset.kind));
            return String::new();
        };
        let mut title = String::new();
        for field in kind.fields.iter().filter(|field| field.title) {
            let text = match asset.traits.get(&field.key) {
                Some(toml::Value::String(text)) => self.expand(&[], plan, text, Target::Plain, 0),
                Some(toml::Value::Array(tags)) => tags
                    .first()
                    .and_then(toml::Value::as_str)
                    .and_then(|selector| plan.names.get(selector))
                    .map(|entry| entry.name.clone())
                    .unwrap_or_default(),
                _ => continue,
            };
            if !title.is_empty() {
                title.push(' ');
            }
            title.push_str(&text);
        }
        title
    }

    /// The flexible assets of an organization.
    pub(super) fn assets(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for (asset, entry) in &plan.assets {
            let Some(kind) = source.assets.types.iter().find(|t| t.key == asset.kind) else { continue };
            let mut rng = rng(&[&organization.short, &asset.key, "asset"]);
            let mut traits = Attributes::new();
            for (key, value) in &asset.traits {
                let Some(field) = kind.fields.iter().find(|field| &field.key == key) else {
                    self.problem(format!("{}: no field {key}", asset.key));
                    continue;
                };
                let value = self.trait_value(plans, plan, &field.kind, value, &asset.key);
                if field.expires
                    && let Some(date) = value.as_str()
                {
                    self.expiration(plan, entry, &kind.name, key, date);
                }
                if !value.is_null() {
                    traits.insert(key.clone(), value);
                }
            }
            let type_id = self.find(Table::FlexibleAssetTypes, &asset.kind);
            let created =
                if entry.id == 3_300_917 { "2023-01-10".to_owned() } else { invent::date(rng.i64(2500..3900)) };
            let created = invent::moment(&mut rng, &created);
            let day = invent::date(invent::days(TODAY) - rng.i64(2..500));
            let updated = invent::moment(&mut rng, &day);
            let (created, updated) = Self::times(organization, entry, &created, &updated);
            let common = Self::common(organization, entry, &created, &updated);
            self.row(
                common,
                Table::FlexibleAssets,
                entry.id,
                json!({
                    "flexible-asset-type-id": type_id, "flexible-asset-type-name": kind.name, "traits": traits,
                    "archived": asset.archived, "restricted": asset.restricted,
                }),
            );
            if asset.restricted {
                self.access(entry);
            }
        }
    }
}
