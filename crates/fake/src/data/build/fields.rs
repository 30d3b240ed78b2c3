//! Values of the fields of flexible assets.

use serde_json::{Value, json};

use super::builder::{Build, Plan, Target, WEB};
use crate::world::Table;

impl Build {
    /// What a field holds; null where nothing fits.
    pub(super) fn trait_value(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        kind: &str,
        value: &toml::Value,
        asset: &str,
    ) -> Value {
        match (kind, value) {
            ("Textbox", toml::Value::String(text)) => json!(self.expand(plans, plan, text, Target::Html, 0)),
            ("Number" | "Percent", toml::Value::String(text)) => {
                number(&self.expand(plans, plan, text, Target::Plain, 0))
            }
            ("Number" | "Percent", toml::Value::Integer(number)) => json!(number),
            ("Number" | "Percent", toml::Value::Float(number)) => json!(number),
            ("Checkbox", toml::Value::Boolean(flag)) => json!(flag),
            ("Tag", toml::Value::Array(tags)) => {
                let ids: Vec<Value> = tags
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .map(|text| self.selected(plan, text, asset))
                    .filter(|id| !id.is_null())
                    .collect();
                if ids.is_empty() { Value::Null } else { json!(ids) }
            }
            ("Password", toml::Value::String(text)) => self.selected(plan, text, asset),
            ("Upload", toml::Value::Array(files)) => {
                let files: Vec<Value> = files
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .map(|name| {
                        let path = format!("{WEB}/{}/uploads/{}", plan.source.id, name.replace(' ', "%20"));
                        json!({"name": name, "url": path})
                    })
                    .collect();
                json!(files)
            }
            ("Text" | "Select" | "Date", toml::Value::String(text)) => {
                json!(self.expand(plans, plan, text, Target::Plain, 0))
            }
            (kind, value) => {
                self.problem(format!("{asset}: {value} does not fit a field of kind {kind}"));
                Value::Null
            }
        }
    }

    /// The id of what a selector names: a record, a technician, a template, or with `?` a record that may be missing.
    fn selected(&mut self, plan: &Plan<'_>, text: &str, asset: &str) -> Value {
        match plan.names.get(text) {
            Some(entry) => json!(entry.id),
            None if text.starts_with("user:") => self.find(Table::Users, text.trim_start_matches("user:")),
            None if text.starts_with("template:") => {
                self.find(Table::ChecklistTemplates, text.trim_start_matches("template:"))
            }
            None if text.starts_with('?') => match plan.names.get(text.trim_start_matches('?')) {
                Some(entry) => json!(entry.id),
                None => Value::Null,
            },
            None => {
                self.problem(format!("{}: {asset}: nothing is called {text}", plan.source.short));
                Value::Null
            }
        }
    }
}

/// A value written with `=` stays a string: the API sends numbers both ways.
fn number(text: &str) -> Value {
    match text.strip_prefix('=') {
        Some(kept) => json!(kept),
        None => text
            .parse::<u64>()
            .map(|n| json!(n))
            .or_else(|_| text.parse::<f64>().map(|n| json!(n)))
            .unwrap_or(Value::Null),
    }
}
