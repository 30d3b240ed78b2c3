//! Chooses the rows of a page.

use super::filters::{check_metric_dates, counting, passes};
use super::orders::{OrderKey, Orders};
use crate::answer::Answer;
use crate::call::Call;
use crate::query::{Comparison, Filter};
use crate::spec::spec;
use crate::world::{Table, World};

/// The page of a list.
pub(crate) struct Page {
    /// Ids of the rows on it
    pub ids: Vec<u64>,
    /// Rows of the whole list
    pub total: usize,
}

/// Chooses the rows of a list. `scope` is the record of the nested path.
pub(crate) fn select(
    world: &World,
    orders: &Orders,
    table: Table,
    mut scope: Option<(Table, u64)>,
    call: &Call<'_>,
) -> Result<Page, Answer> {
    let mut filters = counting(table, call)?;
    if table == Table::UserMetrics {
        check_metric_dates(&call.query)?;
    }
    scope = in_type(table, scope, call)?;
    scope = in_organization(table, scope, call, &mut filters);
    let query = &call.query;
    let ids = orders.ids(world, OrderKey { table, scope, fields: fields(table, call) });
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

/// The API has no list of all flexible assets: a type is needed, and says where to look.
fn in_type(table: Table, scope: Option<(Table, u64)>, call: &Call<'_>) -> Result<Option<(Table, u64)>, Answer> {
    if table != Table::FlexibleAssets {
        return Ok(scope);
    }
    let Some(filter) = call.query.is("flexible-asset-type-id") else {
        return Err(Answer::error(
            422,
            "Unprocessable Entity",
            "filter[flexible_asset_type_id] is required",
            Some("flexible_asset_type_id"),
        ));
    };
    Ok(scope.or_else(|| Some((Table::FlexibleAssetTypes, filter.single_id()?))))
}

/// The most frequent filter decides where to look, so that it costs nothing over a hundred thousand rows.
fn in_organization(
    table: Table,
    scope: Option<(Table, u64)>,
    call: &Call<'_>,
    filters: &mut Vec<&Filter>,
) -> Option<(Table, u64)> {
    let what = spec(table);
    if scope.is_none()
        && what.by_organization
        && what.filters_by("organization-id", call.switches.strict)
        && let Some(id) = call.query.is("organization-id").and_then(Filter::single_id)
    {
        filters.retain(|filter| filter.key != "organization-id" || filter.comparison != Comparison::Is);
        return Some((Table::Organizations, id));
    }
    scope
}

/// The fields a list is sorted by, and whether each goes downwards.
fn fields(table: Table, call: &Call<'_>) -> Vec<(String, bool)> {
    let (what, strict) = (spec(table), call.switches.strict);
    let mut fields: Vec<(String, bool)> =
        call.query.sort.iter().filter(|(field, _)| what.sorts_by(field, strict)).cloned().collect();
    if fields.is_empty() {
        fields.push((what.default_sort.to_owned(), table == Table::Logs));
    }
    fields
}
