//! Which filters of a request count, and which rows pass them.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::query::{Comparison, Filter, Query};
use crate::spec::spec;
use crate::world::{Table, World, id_of};

/// Filters of pairs: the first means nothing without the second.
const PAIRS: [(&str, &str, &str); 2] =
    [("psa-id", "psa-integration-type", "_psa"), ("rmm-id", "rmm-integration-type", "_rmm")];

/// The filters of a request that count: known ones, with something in them.
pub(super) fn counting<'a>(table: Table, call: &'a Call<'_>) -> Result<Vec<&'a Filter>, Answer> {
    let (what, query) = (spec(table), &call.query);
    let mut filters: Vec<&Filter> = Vec::new();
    for filter in &query.filters {
        let known = what.filters_by(&filter.key, call.switches.strict);
        // Outside of documents an empty value filters nothing.
        let blank = filter.is_blank() && filter.key != "document-folder-id";
        let excludable = !matches!(filter.comparison, Comparison::IsNot)
            || matches!(
                filter.key.as_str(),
                "id" | "name" | "organization-type-id" | "organization-status-id" | "document-folder-id"
            );
        if known && !blank && excludable {
            filters.push(filter);
        }
    }
    for (id, kind, _) in PAIRS {
        if what.filters.contains(&id) && query.is(id).is_some() && query.is(kind).is_none() {
            if call.switches.pair_alone {
                filters.retain(|filter| filter.key != id);
                continue;
            }
            let name = kind.replace('-', "_");
            return Err(Answer::error(
                422,
                "Unprocessable Entity",
                &format!("filter[{name}] is required with filter[{}]", id.replace('-', "_")),
                Some(&name),
            ));
        }
    }
    Ok(filters)
}

/// Whether a row passes a filter.
pub(super) fn passes(world: &World, table: Table, id: u64, filter: &Filter) -> bool {
    let attribute = |key: &str| world.attribute(table, id, key);
    match (table, filter.key.as_str()) {
        (_, "id") => filter.passes(Some(&json!(id))),
        (Table::Documents, "document-folder-id") => in_folder(filter, attribute("document-folder-id").as_deref()),
        (Table::DocumentFolders | Table::PasswordFolders, "parent-id") => {
            // One value only; 0 is the top.
            let wanted = filter.values.first().map_or("", String::as_str);
            match attribute("parent-id").as_deref().and_then(id_of) {
                None => matches!(wanted, "0" | "null"),
                Some(parent) => wanted.parse() == Ok(parent),
            }
        }
        (Table::Organizations, "group-id") => filter.passes(attribute("_groups").as_deref()),
        (Table::Contacts, "primary-email") => attribute("contact-emails").as_deref().is_some_and(|emails| {
            emails.as_array().into_iter().flatten().any(|email| {
                email.get("primary") == Some(&Value::Bool(true))
                    && email
                        .get("value")
                        .and_then(Value::as_str)
                        .is_some_and(|value| filter.values.iter().any(|wanted| wanted.eq_ignore_ascii_case(value)))
            })
        }),
        (_, key) => {
            if let Some((name, _, kept)) = PAIRS.iter().find(|(name, kind, _)| key == *name || key == *kind) {
                let part = if key == *name { "id" } else { "type" };
                return attribute(kept).as_deref().is_some_and(|pair| filter.passes(pair.get(part)));
            }
            filter.passes(attribute(key).as_deref())
        }
    }
}

/// `null` is everything, `0` the top, an id that folder alone; `[ne]` turns it round.
fn in_folder(filter: &Filter, folder: Option<&Value>) -> bool {
    let folder = folder.and_then(id_of);
    if filter.comparison == Comparison::IsNot {
        return filter.values.iter().all(|value| match value.as_str() {
            "" | "null" | "0" => folder.is_some(),
            value => value.parse().ok() != folder,
        });
    }
    filter.values.iter().any(|value| match value.as_str() {
        "null" => true,
        "" | "0" => folder.is_none(),
        value => value.parse().ok().is_some_and(|wanted: u64| Some(wanted) == folder),
    })
}

pub(super) fn check_metric_dates(query: &Query) -> Result<(), Answer> {
    let Some(filter) = query.is("date") else { return Ok(()) };
    let day = |text: &str| text.trim().get(..10).and_then(|text| text.parse::<jiff::civil::Date>().ok());
    let start = filter.values.first().map_or("", |text| text.trim());
    let end = filter.values.get(1).map_or(start, |text| text.trim());
    let too_long = match (day(start), day(end)) {
        (Some(start), Some(end)) => start.until(end).is_ok_and(|span| span.get_days() > 7),
        _ => false,
    };
    // Both sides open, or the end alone, is as good as no filter; only an open start with a fixed end is refused.
    if (start == "*" && end != "*") || too_long {
        let text = "date range filter cannot be longer than a week, and cannot start with a wildcard";
        return Err(Answer::error(422, "Unprocessable Entity", text, Some("date")));
    }
    Ok(())
}
