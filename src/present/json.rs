//! A sheet as JSON, for programs.
//!
//! `{"kind", "id", "name", "organization_id", …}`: a group of facts is an object under its title in snake case, notes and
//! bodies are Markdown, a list is an array of objects. Ids are strings: those of the EU and AU regions are larger than
//! the numbers that JSON readers keep whole. What has no value is left out. Values of passwords are never in a sheet.

use serde_json::{Map, Value as Json, json};

use super::sheet::{Part, Sheet, Value};
use gluepot_body::{Doc, DocBuilder, LinkBase};

/// The sheet as one object.
pub fn value(sheet: &Sheet) -> Json {
    let mut out = Map::new();
    out.insert("kind".into(), sheet.key.kind.resource().into());
    out.insert("id".into(), sheet.key.id.to_string().into());
    out.insert("name".into(), sheet.name.to_string().into());
    if let Some(organization) = sheet.organization {
        out.insert("organization_id".into(), organization.id.to_string().into());
    }
    for part in &sheet.parts {
        match part {
            Part::Facts { title, facts, .. } => {
                let mut group = Map::new();
                let mut last = String::new();
                for fact in facts {
                    if !fact.label.is_empty() {
                        last = snake(&fact.label);
                    }
                    add(&mut group, &last, one(&fact.value));
                }
                merge(&mut out, &snake(title), group);
            }
            Part::Notes { title, body, .. } if !body.is_empty() => {
                add(&mut out, &snake(title), Doc::from_notes(body, &LinkBase::default()).to_markdown().trim().into());
            }
            Part::Content(content) => {
                let mut text = DocBuilder::new(&LinkBase::default());
                text.content(content);
                add(&mut out, "text", text.finish().to_markdown().trim().into());
            }
            Part::List { title, entries } => {
                let entry = |entry: &super::sheet::Entry| {
                    let mut object = Map::new();
                    add(&mut object, "name", one(&entry.main));
                    for (name, value) in &entry.facts {
                        add(&mut object, name, one(value));
                    }
                    Json::Object(object)
                };
                out.insert(snake(title), entries.iter().map(entry).collect());
            }
            Part::Table { title, head, rows } => {
                let row = |row: &Vec<(Value, _)>| {
                    let mut object = Map::new();
                    for (name, (value, _)) in head.iter().zip(row) {
                        add(&mut object, &snake(name), one(value));
                    }
                    Json::Object(object)
                };
                out.insert(snake(title), rows.iter().map(row).collect());
            }
            Part::Notes { .. } | Part::Remark { .. } => {}
        }
    }
    Json::Object(out)
}

/// Adds a value under a name; two under one name become an array. Nothing is added where there is none.
fn add(object: &mut Map<String, Json>, name: &str, value: Json) {
    if value.is_null() || value.as_str().is_some_and(str::is_empty) {
        return;
    }
    match object.get_mut(name) {
        None => drop(object.insert(name.to_owned(), value)),
        Some(Json::Array(values)) => values.push(value),
        Some(before) => *before = json!([before.take(), value]),
    }
}

/// Adds a group. One that was cut by a body goes on; a second one of the same name with the same facts makes an array.
fn merge(out: &mut Map<String, Json>, title: &str, group: Map<String, Json>) {
    if group.is_empty() {
        return;
    }
    match out.get_mut(title) {
        Some(Json::Object(before)) if group.keys().all(|name| !before.contains_key(name)) => before.extend(group),
        _ => add(out, title, Json::Object(group)),
    }
}

fn one(value: &Value) -> Json {
    match value {
        Value::Empty | Value::Withheld(_) => Json::Null,
        Value::Text(text) | Value::Code(text) | Value::Web(text) => text.as_str().into(),
        Value::Flag(flag) => (*flag).into(),
        Value::Record { key, name, .. } => {
            json!({ "kind": key.kind.resource(), "id": key.id.to_string(), "name": name.as_str() })
        }
        Value::Moment(at) => at.to_string().into(),
        Value::Day(date, _) => super::format::day(date).map_or_else(|| date.to_string(), |day| day.to_string()).into(),
        Value::Many(values) => values.iter().map(one).collect(),
        Value::With { value, text, .. } if !text.is_empty() => match one(value) {
            Json::String(before) => format!("{before}{text}").into(),
            other => other,
        },
        Value::With { value, .. } => one(value),
        Value::Beside(value, place) => json!({ "name": one(value), "url": one(place) }),
        Value::Alarming(text, _) => text.as_str().into(),
    }
}

/// A label as programs write it: `IP address` is `ip_address`.
fn snake(label: &str) -> String {
    let mut name = String::new();
    for c in label.chars() {
        if c.is_alphanumeric() {
            name.extend(c.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sheet::Context;
    use crate::present::sheet_of;
    use gluepot_core::model::{Configuration, Record};

    fn json_of(record: &Record) -> Json {
        let library = gluepot_core::library::Library::default();
        let context =
            Context { store: &library, base: LinkBase::default(), now: jiff::Timestamp::UNIX_EPOCH, dates: "%Y" };
        value(&sheet_of(record, None, &context))
    }

    #[test]
    fn ids_beyond_what_json_readers_keep_are_text() {
        let id = (1 << 53) + 1;
        let record = Record::Configuration(Configuration {
            id,
            name: "SRV".into(),
            primary_ip: "10.0.0.1".into(),
            ..Configuration::default()
        });
        let json = json_of(&record);
        assert_eq!(json["id"], Json::String(id.to_string()));
        assert_eq!(json["network"]["ip_address"], "10.0.0.1");
        assert_eq!(json["network"].as_object().map(Map::len), Some(1), "what is empty is left out: {json}");
    }

    #[test]
    fn names_are_in_snake_case() {
        for (label, name) in [("IP address", "ip_address"), (" Wi-Fi: (5 GHz) ", "wi_fi_5_ghz"), ("", "")] {
            assert_eq!(snake(label), name);
        }
    }

    #[test]
    fn two_facts_of_one_name_are_both_there() {
        let mut object = Map::new();
        for value in ["a", "", "b", "c"] {
            add(&mut object, "phone", value.into());
        }
        assert_eq!(object["phone"], json!(["a", "b", "c"]));
    }
}
