//! Lists: which rows, in which order, which page of them, with `meta` and `links`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::answer::Answer;
use super::query::{Comparison, Filter, Query};
use super::routes::Call;
use super::spec::spec;
use super::world::{Table, World};

/// The page of a list.
pub(super) struct Page {
    /// Ids of the rows on it
    pub ids: Vec<u64>,
    /// Rows of the whole list
    pub total: usize,
}

/// What an order was computed from.
#[derive(Clone, PartialEq, Eq, Hash)]
struct OrderKey {
    table: Table,
    scope: Option<(Table, u64)>,
    /// The fields, and whether each goes downwards
    fields: Vec<(String, bool)>,
}

/// Sorted ids, kept until their table changes. Sorting a hundred thousand rows for every page would be all the server
/// does.
#[derive(Default)]
pub(super) struct Orders(Mutex<HashMap<OrderKey, Order>>);

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
    fn ids(&self, world: &World, key: OrderKey) -> Arc<[u64]> {
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

/// Filters of pairs: the first means nothing without the second.
const PAIRS: [(&str, &str, &str); 2] =
    [("psa-id", "psa-integration-type", "_psa"), ("rmm-id", "rmm-integration-type", "_rmm")];

/// Chooses the rows of a list. `scope` is the record of the nested path.
pub(super) fn select(
    world: &World,
    orders: &Orders,
    table: Table,
    mut scope: Option<(Table, u64)>,
    call: &Call<'_>,
) -> Result<Page, Answer> {
    let (what, query, strict) = (spec(table), &call.query, call.switches.strict);
    let mut filters: Vec<&Filter> = Vec::new();
    for filter in &query.filters {
        let known = what.filters_by(&filter.key, strict);
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
    match table {
        Table::FlexibleAssets => {
            // The API has no list of all flexible assets.
            let Some(filter) = query.is("flexible-asset-type-id") else {
                return Err(Answer::error(
                    422,
                    "Unprocessable Entity",
                    "filter[flexible_asset_type_id] is required",
                    Some("flexible_asset_type_id"),
                ));
            };
            if scope.is_none()
                && let Some(id) = filter.single_id()
            {
                scope = Some((Table::FlexibleAssetTypes, id));
            }
        }
        Table::UserMetrics => check_metric_dates(query)?,
        _ => {}
    }
    // The most frequent filter decides where to look, so that it costs nothing over a hundred thousand rows.
    if scope.is_none()
        && what.by_organization
        && what.filters_by("organization-id", strict)
        && let Some(id) = query.is("organization-id").and_then(Filter::single_id)
    {
        scope = Some((Table::Organizations, id));
        filters.retain(|filter| filter.key != "organization-id" || filter.comparison != Comparison::Is);
    }
    let mut fields: Vec<(String, bool)> =
        query.sort.iter().filter(|(field, _)| what.sorts_by(field, strict)).cloned().collect();
    if fields.is_empty() {
        fields.push((what.default_sort.to_owned(), table == Table::Logs));
    }
    let ids = orders.ids(world, OrderKey { table, scope, fields });
    let start = (query.page - 1).saturating_mul(query.size);
    let top_only = table == Table::Documents
        && !query.filters.iter().any(|f| f.key == "document-folder-id")
        && query.is("id").is_none();
    let has_deleted = table == Table::DocumentSections;
    if filters.is_empty() && !top_only && !has_deleted {
        let total = ids.len();
        let page = ids.iter().skip(start).take(query.size).copied().collect();
        return Ok(Page { ids: page, total });
    }
    let mut page = Vec::new();
    let mut total = 0;
    for &id in &*ids {
        let passes = filters.iter().all(|filter| passes(world, table, id, filter))
            && (!top_only || world.attribute(table, id, "document-folder-id").is_none_or(|folder| folder.is_null()))
            && !(has_deleted && world.attribute(table, id, "_deleted").is_some());
        if passes {
            if total >= start && page.len() < query.size {
                page.push(id);
            }
            total += 1;
        }
    }
    Ok(Page { ids: page, total })
}

fn passes(world: &World, table: Table, id: u64, filter: &Filter) -> bool {
    let attribute = |key: &str| world.attribute(table, id, key);
    match (table, filter.key.as_str()) {
        (_, "id") => filter.passes(Some(&json!(id))),
        (Table::Documents, "document-folder-id") => in_folder(filter, attribute("document-folder-id").as_deref()),
        (Table::DocumentFolders | Table::PasswordFolders, "parent-id") => {
            // One value only; 0 is the top.
            let wanted = filter.values.first().map_or("", String::as_str);
            match attribute("parent-id").as_deref().and_then(super::render::id_of) {
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
    let folder = folder.and_then(super::render::id_of);
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

fn check_metric_dates(query: &Query) -> Result<(), Answer> {
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

/// `meta` of a list.
pub(super) fn meta(query: &Query, total: usize) -> Value {
    let pages = total.div_ceil(query.size);
    json!({
        "current-page": query.page,
        "next-page": (query.page < pages).then_some(query.page + 1),
        "prev-page": (query.page > 1).then(|| query.page - 1),
        "total-pages": pages,
        "total-count": total,
        "filters": {},
    })
}

/// `links` of a list: absolute, with the host the client used.
pub(super) fn links(call: &Call<'_>, total: usize) -> Value {
    let Call { base, path, query, .. } = call;
    let pages = total.div_ceil(query.size).max(1);
    if pages == 1 && call.switches.bare_links {
        return json!({});
    }
    let page = |number: usize| {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in &query.others {
            text.append_pair(key, value);
        }
        text.append_pair("page[number]", &number.to_string());
        text.append_pair("page[size]", &query.size.to_string());
        format!("{base}{path}?{}", text.finish())
    };
    json!({
        "self": page(query.page),
        "first": page(1),
        "prev": (query.page > 1).then(|| page(query.page - 1)),
        "next": (query.page < pages).then(|| page(query.page + 1)),
        "last": page(pages),
    })
}
