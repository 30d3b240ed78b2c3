//! Flexible assets: traits are replaced as a whole, and checked field by field.

use std::sync::Arc;

use serde_json::{Value, json};

use super::rule::{Change, Rules};
use super::writer::{Writer, is_blank};
use crate::answer::Answer;
use crate::world::{Attributes, Row, Table, id_of, number, tag_target};

/// Flexible assets.
pub(super) struct Asset;

impl Rules for Asset {
    fn computes(&self, key: &str) -> bool {
        key == "name"
    }

    fn check(&self, row: &Attributes) -> Result<(), Answer> {
        if is_blank(row.get("flexible-asset-type-id")) {
            return Err(Answer::invalid("flexible-asset-type", "must exist"));
        }
        Ok(())
    }

    /// Traits are replaced as a whole: whatever a request leaves out is gone.
    fn finish(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let sent = change.input.get("traits").and_then(Value::as_object);
        if sent.is_none() && !change.new {
            return Ok(());
        }
        let fields = fields_of(writer, number(change.row, "flexible-asset-type-id"));
        let mut traits = Attributes::new();
        for field in &fields {
            if let Some(kept) = trait_of(writer, field, change.row, sent)? {
                traits.insert(text(field, "name-key").to_owned(), kept);
            }
        }
        change.row.insert("name".into(), title(writer, &fields, &traits).into());
        change.row.insert("traits".into(), Value::Object(traits));
        Ok(())
    }
}

/// Types of flexible assets.
pub(super) struct AssetType;

impl Rules for AssetType {
    fn admit(&self, _writer: &Writer<'_>, input: &Attributes) -> Result<(), Answer> {
        if input.contains_key("flexible-asset-fields") {
            // Fields belong in `relationships`; the real service falls over when they come like this.
            return Err(Answer::html(500, "We're sorry, but something went wrong (500)"));
        }
        Ok(())
    }
}

/// Fields of types.
pub(super) struct AssetField;

impl Rules for AssetField {
    fn complete(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let name = change.row.get("name").and_then(Value::as_str).unwrap_or_default();
        let key = slug(name);
        change.row.insert("name-key".into(), key.into());
        if is_blank(change.row.get("order")) {
            let under = (Table::FlexibleAssetTypes, number(change.row, "flexible-asset-type-id"));
            let order = writer.world.under(change.table, under).len() as u64 + 1;
            change.row.insert("order".into(), order.into());
        }
        Ok(())
    }
}

/// `Internet/WAN link` becomes `internet-wan-link`.
fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The fields of a type, in their order.
fn fields_of(writer: &Writer<'_>, asset_type: u64) -> Vec<Arc<Row>> {
    let mut fields: Vec<_> = writer
        .world
        .under(Table::FlexibleAssetFields, (Table::FlexibleAssetTypes, asset_type))
        .into_iter()
        .filter_map(|id| writer.world.get(Table::FlexibleAssetFields, id))
        .collect();
    fields.sort_by_key(|field| (number(&field.attributes, "order"), field.id));
    fields
}

fn text<'a>(field: &'a Row, key: &str) -> &'a str {
    field.attributes.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What a field keeps of what was sent for it; nothing for headings and fields that were left out.
fn trait_of(
    writer: &Writer<'_>,
    field: &Row,
    row: &Attributes,
    sent: Option<&Attributes>,
) -> Result<Option<Value>, Answer> {
    let (key, kind) = (text(field, "name-key"), text(field, "kind"));
    let refused = |detail: &str| Answer::invalid(&format!("traits/{key}"), detail);
    match kind {
        "Header" => return Ok(None),
        // The record behind it is written through /passwords.
        "Password" => return Ok(row.get("traits").and_then(|traits| traits.get(key)).cloned()),
        _ => {}
    }
    let Some(value) = sent.and_then(|sent| sent.get(key)).filter(|value| !is_blank(Some(value))) else {
        if field.attributes.get("required") == Some(&Value::Bool(true)) {
            return Err(refused("can't be blank"));
        }
        return Ok(None);
    };
    let kept = match (kind, value) {
        ("Text", Value::String(text)) if text.chars().count() > 255 => {
            return Err(refused("is too long (maximum is 255 characters)"));
        }
        ("Number" | "Percent", Value::String(text)) => {
            json!(text.trim().parse::<f64>().map_err(|_| refused("is not a number"))?)
        }
        ("Checkbox", Value::String(text)) => json!(matches!(text.as_str(), "true" | "1" | "t" | "Yes")),
        ("Date", Value::String(text)) => {
            let day = text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
            json!(day.ok_or_else(|| refused("is not a date"))?.to_string())
        }
        ("Select", Value::String(choice)) => {
            let options = text(field, "default-value");
            if !options.trim().is_empty() && !options.lines().any(|option| option.trim() == choice.trim()) {
                return Err(refused("is not included in the list"));
            }
            value.clone()
        }
        ("Tag", Value::Array(_) | Value::Number(_) | Value::String(_)) => tags(writer, field, value),
        ("Tag", _) => return Err(refused("is invalid")),
        ("Upload", Value::Array(_) | Value::Object(_)) => uploads(value),
        _ => value.clone(),
    };
    Ok(Some(kept))
}

/// One value or several, as several.
fn each(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// The ids of a Tag field that are ids of records.
fn tags(writer: &Writer<'_>, field: &Row, value: &Value) -> Value {
    let (table, _) = tag_target(text(field, "tag-type"));
    each(value)
        .iter()
        .filter_map(id_of)
        .filter(|&id| table.is_some_and(|table| writer.world.contains(table, id)))
        .map(Value::from)
        .collect()
}

fn uploads(value: &Value) -> Value {
    let files: Value = each(value)
        .iter()
        .filter_map(|file| file.get("file_name").or_else(|| file.get("file-name")))
        .map(|name| json!({"name": name, "url": Value::Null}))
        .collect();
    json!({"type": "Uploads", "values": files})
}

/// The name of an asset: the values of the fields that are used for it.
fn title(writer: &Writer<'_>, fields: &[Arc<Row>], traits: &Attributes) -> String {
    let parts = fields.iter().filter(|field| field.attributes.get("use-for-title") == Some(&Value::Bool(true)));
    let parts: Vec<String> = parts
        .filter_map(|field| match traits.get(field.attributes.get("name-key")?.as_str()?)? {
            Value::String(text) => Some(text.clone()),
            Value::Array(ids) => {
                let (table, _) = tag_target(field.attributes.get("tag-type")?.as_str()?);
                let name = |id| Some(writer.world.name(table?, id));
                Some(ids.iter().filter_map(id_of).filter_map(name).collect::<Vec<_>>().join(", "))
            }
            other => Some(other.to_string()),
        })
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_keys_are_slugs() {
        assert_eq!(slug("Internet/WAN link (main)"), "internet-wan-link-main");
    }
}
