//! The finder: every record of the open client, or of all that were opened, made into lines to choose from.

use std::collections::HashMap;
use std::sync::Arc;

use super::pick::{Item, Pick};
use crate::present::row::{aside, dated};
use gluepot_core::model::{Kind, OrganizationId, Record, RecordKey};

/// The most records the finder offers; more are found by typing.
pub(in crate::tui) const FINDER_ROWS: usize = 200_000;
/// This many records are prepared between two frames; more are prepared in the background.
pub(in crate::tui) const FINDER_AT_ONCE: usize = 3_000;

/// What the finder remembers while it is filled in the background.
#[derive(Default)]
pub struct Finder {
    /// Which filling counts
    pub finder_ticket: u64,
}

/// The finder's items for some records, with the index that finds them by all that their lists are filtered by.
pub(in crate::tui) fn found(
    records: &[Arc<Record>],
    names: &HashMap<OrganizationId, String>,
    visited: &[RecordKey],
    today: jiff::civil::Date,
) -> (Vec<Item>, crate::search::Index) {
    let ranks: HashMap<RecordKey, usize> = visited.iter().enumerate().map(|(rank, &key)| (key, rank)).collect();
    let mut records: Vec<&Arc<Record>> = records.iter().collect();
    records.sort_by_key(|record| ranks.get(&record.key()).copied().unwrap_or(usize::MAX));
    let mut index = crate::search::Index::default();
    let items = records
        .into_iter()
        .map(|record| {
            let extra = dated(record, today).map_or_else(|| aside(record), |dated| dated.whole().into());
            let label =
                if extra.is_empty() { record.name().to_string() } else { format!("{}  {extra}", record.name()) };
            let kind = record.kind();
            let whose = record.organization_id().filter(|_| kind != Kind::Organization).and_then(|o| {
                let name = names.get(&o)?;
                // The record itself says whose it is where the list of clients does not.
                let own = record.common().map_or("", |common| &common.organization_name);
                Some(if *name == o.to_string() && !own.is_empty() { own } else { name.as_str() })
            });
            let aside = whose.map_or_else(|| kind.word().to_owned(), |name| format!("{} of {name}", kind.word()));
            let aside = if ranks.contains_key(&record.key()) { format!("visited, {aside}") } else { aside };
            index.push_record(record, &aside);
            Item::new(label, aside, Pick::Record(record.key(), record.organization_id()))
        })
        .collect();
    (items, index)
}
