//! The way into a write.

use serde_json::Value;

use super::item::{Item, items};
use crate::answer::Answer;
use crate::spec::spec;
use crate::world::Table;

/// What a request wants to do with the records of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// POST
    Create,
    /// PATCH
    Update,
    /// DELETE
    Delete,
}

/// Opens a write: whether keys may do this with the table, and the records that are meant. The second says whether
/// the answer is an array. `id` is that of the path, which counts for all that the body says.
pub(super) fn enter(
    table: Table,
    verb: Verb,
    id: Option<u64>,
    body: Option<&Value>,
) -> Result<(Vec<Item>, bool), Answer> {
    let for_people = table == Table::ChecklistTasks || (table == Table::Checklists && verb == Verb::Create);
    if for_people {
        return Err(Answer::only_jwt());
    }
    let what = spec(table);
    let may = match verb {
        Verb::Create => what.create,
        Verb::Update => what.update,
        Verb::Delete => what.delete,
    };
    if !may {
        return Err(Answer::no_route());
    }
    match (verb, id) {
        (Verb::Delete, Some(id)) => Ok((vec![Item::of(id)], false)),
        (Verb::Delete, None) => Ok((items(body)?.0, true)),
        (_, id) => {
            let (mut items, many) = items(body)?;
            for item in &mut items {
                item.id = id.or(item.id);
            }
            Ok((items, many))
        }
    }
}
