//! Sorted ids, kept until what they were computed from changes.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::world::{Table, World};

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct OrderKey {
    /// Of which table
    pub table: Table,
    /// The record they live under
    pub scope: Option<(Table, u64)>,
    /// The fields, and whether each goes downwards
    pub fields: Vec<(String, bool)>,
}

/// Sorted ids, kept until their table changes. Sorting a hundred thousand rows for every page would be all the server
/// does.
#[derive(Default)]
pub(crate) struct Orders(Mutex<HashMap<OrderKey, Order>>);

/// The version of the table, and its ids in order.
type Order = (u64, Arc<[u64]>);

/// More orders than this are never kept.
const KEPT_ORDERS: usize = 256;

/// A value rows can be sorted by. Nothing comes last, as in the database of the real service.
#[derive(PartialEq)]
enum SortValue {
    /// Ids are longer than a double is exact
    Id(u64),
    Number(f64),
    Text(String),
    Nothing,
}

impl SortValue {
    fn of(value: Option<&Value>) -> Self {
        match value {
            Some(Value::String(text)) => Self::Text(text.to_lowercase()),
            Some(Value::Number(number)) => Self::Number(number.as_f64().unwrap_or(0.0)),
            Some(Value::Bool(flag)) => Self::Number(f64::from(u8::from(*flag))),
            _ => Self::Nothing,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Id(a), Self::Id(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Nothing, Self::Nothing) => Ordering::Equal,
            (Self::Id(_), _) => Ordering::Less,
            (_, Self::Id(_)) => Ordering::Greater,
            (Self::Number(_), _) => Ordering::Less,
            (_, Self::Number(_)) => Ordering::Greater,
            (Self::Nothing, _) => Ordering::Greater,
            (_, Self::Nothing) => Ordering::Less,
        }
    }
}

impl Orders {
    /// The ids of a table, or of what lives under a record, in order.
    pub(super) fn ids(&self, world: &World, key: OrderKey) -> Arc<[u64]> {
        let version = world.version_of(key.table);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ids)) = kept.get(&key).filter(|(of, _)| *of == version) {
            return Arc::clone(ids);
        }
        drop(kept);
        let mut ids = match key.scope {
            None => world.ids(key.table),
            Some(parent) => world.under(key.table, parent),
        };
        match key.fields.as_slice() {
            // Ids come ascending.
            [(field, down)] if field == "id" => {
                if *down {
                    ids.reverse();
                }
            }
            fields => {
                let value = |id: u64, field: &str| match field {
                    "id" => SortValue::Id(id),
                    field => SortValue::of(world.attribute(key.table, id, field).as_deref()),
                };
                let mut keyed: Vec<(Vec<SortValue>, u64)> =
                    ids.iter().map(|&id| (fields.iter().map(|(field, _)| value(id, field)).collect(), id)).collect();
                keyed.sort_by(|(a, first), (b, second)| {
                    let each = fields.iter().zip(a.iter().zip(b));
                    let mut each = each.map(|((_, down), (a, b))| if *down { b.compare(a) } else { a.compare(b) });
                    each.find(|order| order.is_ne()).unwrap_or_else(|| first.cmp(second))
                });
                ids = keyed.into_iter().map(|(_, id)| id).collect();
            }
        }
        let ids: Arc<[u64]> = ids.into();
        kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_ORDERS {
            kept.clear();
        }
        kept.insert(key, (version, Arc::clone(&ids)));
        ids
    }
}
