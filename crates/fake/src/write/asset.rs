//! Flexible assets: traits are replaced as a whole, and checked field by field.

use serde_json::{Value, json};

use super::{Writer, is_blank};
use crate::answer::Answer;
use crate::render::{id_of, number};
use crate::world::{Attributes, Table, tag_target};

/// `Internet/WAN link` becomes `internet-wan-link`.
pub(super) fn slug(name: &str) -> String {
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

impl Writer<'_> {
    /// Traits are replaced as a whole: whatever a request leaves out is gone.
    pub(super) fn finish_asset(&mut self, row: &mut Attributes, input: &Attributes, new: bool) -> Result<(), Answer> {
        let mut fields: Vec<_> = self
            .world
            .under(Table::FlexibleAssetFields, (Table::FlexibleAssetTypes, number(row, "flexible-asset-type-id")))
            .into_iter()
            .filter_map(|id| self.world.get(Table::FlexibleAssetFields, id))
            .collect();
        fields.sort_by_key(|field| (number(&field.attributes, "order"), field.id));
        let sent = input.get("traits").and_then(Value::as_object);
        if sent.is_none() && !new {
            return Ok(());
        }
        let mut traits = Attributes::new();
        for field in &fields {
            let text = |key: &str| field.attributes.get(key).and_then(Value::as_str).unwrap_or_default();
            let (key, kind) = (text("name-key"), text("kind"));
            let pointer = format!("traits/{key}");
            let refuse = |detail: &str| Err(Answer::invalid(&pointer, detail));
            if kind == "Header" {
                continue;
            }
            if kind == "Password" {
                // The record behind it is written through /passwords.
                if let Some(kept) = row.get("traits").and_then(|traits| traits.get(key)) {
                    traits.insert(key.to_owned(), kept.clone());
                }
                continue;
            }
            let Some(value) = sent.and_then(|sent| sent.get(key)).filter(|value| !is_blank(Some(value))) else {
                if field.attributes.get("required") == Some(&Value::Bool(true)) {
                    return refuse("can't be blank");
                }
                continue;
            };
            let kept = match (kind, value) {
                ("Text", Value::String(text)) if text.chars().count() > 255 => {
                    return refuse("is too long (maximum is 255 characters)");
                }
                ("Number" | "Percent", Value::String(text)) => match text.trim().parse::<f64>() {
                    Ok(number) => json!(number),
                    Err(_) => return refuse("is not a number"),
                },
                ("Checkbox", Value::String(text)) => json!(matches!(text.as_str(), "true" | "1" | "t" | "Yes")),
                ("Date", Value::String(text)) => {
                    match text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()) {
                        Some(day) => json!(day.to_string()),
                        None => return refuse("is not a date"),
                    }
                }
                ("Select", Value::String(choice)) => {
                    let options = text("default-value");
                    if !options.trim().is_empty() && !options.lines().any(|option| option.trim() == choice.trim()) {
                        return refuse("is not included in the list");
                    }
                    value.clone()
                }
                ("Tag", Value::Array(_) | Value::Number(_) | Value::String(_)) => {
                    let ids = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                    let (table, _) = tag_target(text("tag-type"));
                    ids.iter()
                        .filter_map(id_of)
                        .filter(|&id| table.is_some_and(|table| self.world.contains(table, id)))
                        .map(Value::from)
                        .collect()
                }
                ("Tag", _) => return refuse("is invalid"),
                ("Upload", Value::Array(_) | Value::Object(_)) => {
                    let files: Value = value
                        .as_array()
                        .map_or(std::slice::from_ref(value), Vec::as_slice)
                        .iter()
                        .filter_map(|file| file.get("file_name").or_else(|| file.get("file-name")))
                        .map(|name| json!({"name": name, "url": Value::Null}))
                        .collect();
                    json!({"type": "Uploads", "values": files})
                }
                _ => value.clone(),
            };
            traits.insert(key.to_owned(), kept);
        }
        let title: Vec<String> = fields
            .iter()
            .filter(|field| field.attributes.get("use-for-title") == Some(&Value::Bool(true)))
            .filter_map(|field| {
                let key = field.attributes.get("name-key")?.as_str()?;
                match traits.get(key)? {
                    Value::String(text) => Some(text.clone()),
                    Value::Array(ids) => {
                        let (table, _) = tag_target(field.attributes.get("tag-type")?.as_str()?);
                        let name = |id| Some(self.world.name(table?, id));
                        Some(ids.iter().filter_map(id_of).filter_map(name).collect::<Vec<_>>().join(", "))
                    }
                    other => Some(other.to_string()),
                }
            })
            .collect();
        row.insert("name".into(), title.join(" ").into());
        row.insert("traits".into(), Value::Object(traits));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_keys_are_slugs() {
        assert_eq!(slug("Internet/WAN link (main)"), "internet-wan-link-main");
    }
}
