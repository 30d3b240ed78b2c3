//! The records of a request body.

use serde_json::Value;

use crate::answer::Answer;
use crate::world::{Attributes, id_of};

/// One record of a request body.
pub(super) struct Item {
    /// From beside the attributes, or from among them
    pub id: Option<u64>,
    /// Keys in kebab case
    pub attributes: Attributes,
    /// As they came
    pub relationships: Value,
}

impl Item {
    /// A record that the path names and nothing else is said about.
    pub(super) fn of(id: u64) -> Self {
        Self { id: Some(id), attributes: Attributes::new(), relationships: Value::Null }
    }
}

/// An attribute's name in kebab case. Letter case stays: `labelName` is not `label-name`.
fn kebab(key: &str) -> String {
    key.trim().replace('_', "-")
}

/// The records of a body, and whether it was an array of them.
pub(super) fn items(body: Option<&Value>) -> Result<(Vec<Item>, bool), Answer> {
    let data = body.and_then(|body| body.get("data")).ok_or_else(|| Answer::missing("data"))?;
    let item = |data: &Value| -> Result<Item, Answer> {
        let data = data.as_object().ok_or_else(|| Answer::missing("data"))?;
        let mut attributes = Attributes::new();
        for (key, value) in data.get("attributes").and_then(Value::as_object).into_iter().flatten() {
            let key = kebab(key);
            let value = if key.ends_with("-id") || key == "id" { as_id(value) } else { kebab_inside(value) };
            attributes.insert(key, value);
        }
        let id = data.get("id").and_then(id_of).or_else(|| attributes.get("id").and_then(id_of));
        let relationships = data.get("relationships").cloned().unwrap_or(Value::Null);
        Ok(Item { id, attributes, relationships })
    };
    match data {
        Value::Array(many) if many.is_empty() => Err(Answer::missing("data")),
        Value::Array(many) => Ok((many.iter().map(item).collect::<Result<_, _>>()?, true)),
        one => Ok((vec![item(one)?], false)),
    }
}

/// Ids may come as text; they are kept as numbers. Typed languages write "no id" as zero.
fn as_id(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim().is_empty() => Value::Null,
        Value::Number(number) if number.as_u64() == Some(0) => Value::Null,
        Value::String(_) => id_of(value).map_or_else(|| value.clone(), Value::from),
        _ => value.clone(),
    }
}

/// An object, or an array of objects, with its keys in kebab case. One level is all the API knows.
fn kebab_inside(value: &Value) -> Value {
    let keys = |object: &Attributes| -> Value {
        Value::Object(object.iter().map(|(key, value)| (kebab(key), value.clone())).collect())
    };
    match value {
        Value::Object(object) => keys(object),
        Value::Array(values) => {
            values.iter().map(|value| value.as_object().map_or_else(|| value.clone(), keys)).collect()
        }
        _ => value.clone(),
    }
}
