//! Lists that a fault makes odd.

use std::sync::PoisonError;

use serde_json::{Value, json};

use crate::faults::Fault;
use crate::routes::Application;
use crate::world::Table;

/// Makes a list odd.
pub(super) fn spoil(application: &Application, list: &mut Value, fault: &Fault, path: &str) {
    match fault {
        Fault::NoMeta => remove(list, "meta"),
        Fault::NoLinks => remove(list, "links"),
        Fault::WrongTotal(off) => {
            let total = list["meta"]["total-count"].as_i64().unwrap_or(0);
            list["meta"]["total-count"] = (total + off).max(0).into();
        }
        Fault::PageLoop => {
            list["meta"]["next-page"] = 1.into();
            list["links"]["next"] = list["links"]["first"].clone();
        }
        Fault::PageEndless => {
            let next = list["meta"]["current-page"].as_u64().unwrap_or(1) + 1;
            list["meta"]["next-page"] = next.into();
            let first = list["links"]["first"].as_str().unwrap_or_default();
            list["links"]["next"] = first.replace("page%5Bnumber%5D=1", &format!("page%5Bnumber%5D={next}")).into();
        }
        Fault::ForeignRow => add_foreign_row(list, path),
        Fault::MalformedRow => {
            if let Some(row) = list["data"].get_mut(0) {
                *row = json!({"id": {"not": "an id"}, "type": row["type"], "attributes": "not an object"});
            }
        }
        Fault::Insert | Fault::Delete | Fault::Rename => churn(application, &list["data"], fault),
        _ => {}
    }
}

/// Puts a row of another organization in front.
fn add_foreign_row(list: &mut Value, path: &str) {
    let mut row = list["data"].get(0).cloned().unwrap_or(Value::Null);
    if path.contains("/relationships/")
        && let Some(organization) = row["attributes"]["organization-id"].as_u64()
    {
        row["id"] = "999000111".into();
        row["attributes"]["organization-id"] = (organization + 1).into();
        row["attributes"]["organization-name"] = "Somebody Else".into();
        row["attributes"]["name"] = "Row of another organization".into();
        if let Some(data) = list["data"].as_array_mut() {
            data.insert(0, row);
        }
    }
}

/// Changes the rows of a list that was just answered.
fn churn(application: &Application, data: &Value, fault: &Fault) {
    let Some(first) = data.get(0) else { return };
    let Some(table) = first["type"].as_str().and_then(Table::by_name) else { return };
    let Some(id) = first["id"].as_str().and_then(|id| id.parse().ok()) else { return };
    let mut world = application.world.write().unwrap_or_else(PoisonError::into_inner);
    match fault {
        Fault::Insert => {
            let Some(row) = world.get(table, id) else { return };
            let new = world.free_id(table);
            let mut attributes = row.attributes.clone();
            attributes.insert("name".into(), format!("!! new {new}").into());
            attributes.insert("created-at".into(), now());
            attributes.insert("updated-at".into(), now());
            world.insert(table, new, attributes);
        }
        Fault::Delete => drop(world.remove(table, id)),
        _ => drop(world.edit(table, id, |row| {
            row.insert("name".into(), format!("~~ renamed {id}").into());
            row.insert("updated-at".into(), now());
        })),
    }
}

/// The time of a change, as the API writes it.
fn now() -> Value {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string().into()
}

fn remove(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}
