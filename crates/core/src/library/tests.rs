//! Loading, paging, refreshing, and what is known of one record.

use std::sync::Arc;
use std::time::Instant;

use super::*;
use crate::model::{Extras, Kind, Organization, OrganizationId, Record, Row, Shown};

fn row(id: u64) -> Row {
    Row::Record(Arc::new(Record::Organization(Organization { id, ..Organization::default() })))
}

fn page(ids: &[u64]) -> Page {
    Page { rows: ids.iter().copied().map(row).collect(), total: Some(4), refused: 0, number: 1, more: true }
}

const KEY: ListKey = ListKey::Organizations(SourceId::NONE);

fn ids(store: &Library) -> Vec<u64> {
    store.list(KEY).rows.iter().map(|r| r.id()).collect()
}

#[test]
fn a_first_load_shows_its_pages_as_they_arrive() {
    let mut store = Library::default();
    let now = Instant::now();
    store.list_started(KEY, 1, now);
    store.list_page(KEY, 1, page(&[1, 2]));
    assert_eq!(ids(&store), [1, 2]);
    store.list_page(KEY, 1, page(&[2, 3]));
    assert_eq!(ids(&store), [1, 2, 3], "a row that comes twice is one row");
    assert!(!store.list(KEY).is_complete());
}

#[test]
fn a_refresh_keeps_the_old_rows_until_the_new_ones_are_complete() {
    let mut store = Library::default();
    let now = Instant::now();
    store.list_started(KEY, 1, now);
    store.list_page(KEY, 1, page(&[1, 2, 3]));
    store.list_done(KEY, 1, Completeness::default(), now);
    store.list_started(KEY, 2, now);
    store.list_page(KEY, 2, page(&[3]));
    assert_eq!(ids(&store), [1, 2, 3]);
    store.list_done(KEY, 2, Completeness::default(), now);
    assert_eq!(ids(&store), [3]);
    assert!(store.list(KEY).get(1).is_none() && store.list(KEY).get(3).is_some());
}

#[test]
fn a_late_answer_of_a_superseded_load_changes_nothing() {
    let mut store = Library::default();
    let now = Instant::now();
    store.list_started(KEY, 1, now);
    store.list_started(KEY, 2, now);
    assert!(!store.list_page(KEY, 1, page(&[9])));
    assert!(ids(&store).is_empty());
}

#[test]
fn a_cancelled_load_keeps_its_rows_and_is_not_asked_for() {
    let mut store = Library::default();
    let now = Instant::now();
    store.list_started(KEY, 1, now);
    store.list_page(KEY, 1, page(&[1]));
    store.list_cancelled(KEY, 1);
    assert_eq!(ids(&store), [1]);
    assert!(matches!(store.list(KEY).state, State::NotAsked));
    assert!(store.list(KEY).is_wanted(now));
}

fn named(id: u64, name: &str) -> Organization {
    Organization { id, name: name.into(), ..Organization::default() }
}

fn page_of(names: &[(u64, &str)]) -> Page {
    let rows = names.iter().map(|(id, name)| Row::Record(Arc::new(Record::Organization(named(*id, name)))));
    Page { rows: rows.collect(), total: None, refused: 0, number: 1, more: false }
}

fn shown(id: u64, name: &str) -> Shown {
    Shown { record: Arc::new(Record::Organization(named(id, name))), extras: Extras::default() }
}

fn name_of(store: &Library, id: u64) -> String {
    let key = RecordKey::new(SourceId::NONE, Kind::Organization, id);
    store.record(key).map(|record| record.name().to_string()).unwrap_or_default()
}

#[test]
fn of_a_detail_and_a_row_the_one_that_came_last_is_what_is_known() {
    let key = RecordKey::new(SourceId::NONE, Kind::Organization, 1);
    let (mut store, now) = (Library::default(), Instant::now());
    store.list_started(KEY, 1, now);
    store.list_page(KEY, 1, page_of(&[(1, "row"), (2, "other")]));
    store.list_done(KEY, 1, Completeness::default(), now);
    store.detail_started(key, 2, now);
    store.detail_loaded(key, 2, Ok(shown(1, "detail")), now);
    assert_eq!(name_of(&store, 1), "detail");
    assert!(!store.detail_wanted(key, now));
    // A page of a refresh counts before the refresh is complete, and what was read of the old record is old.
    store.list_started(KEY, 3, now);
    store.list_page(KEY, 3, page_of(&[(1, "newer row")]));
    assert_eq!(name_of(&store, 1), "newer row");
    store.list_done(KEY, 3, Completeness::default(), now);
    assert_eq!(name_of(&store, 1), "newer row");
    assert!(store.detail_wanted(key, now), "its detail is asked for again");
    assert_eq!(
        store.organization_in_full(OrganizationId::new(SourceId::NONE, 1)).map(|o| o.name.to_string()).as_deref(),
        Some("detail")
    );
    store.detail_started(key, 4, now);
    store.detail_loaded(key, 4, Ok(shown(1, "newest")), now);
    assert_eq!(name_of(&store, 1), "newest");
}

#[test]
fn what_a_refresh_brought_is_kept_when_it_ends_early() {
    let (mut store, now) = (Library::default(), Instant::now());
    for end in ["failed", "cancelled", "restarted"] {
        store.list_started(KEY, 1, now);
        store.list_page(KEY, 1, page_of(&[(1, "old"), (2, "other")]));
        store.list_done(KEY, 1, Completeness::default(), now);
        store.list_started(KEY, 2, now);
        store.list_page(KEY, 2, page_of(&[(1, "new")]));
        match end {
            "cancelled" => store.list_cancelled(KEY, 2),
            "restarted" => store.list_restarted(KEY, 2),
            _ => {
                let error = Trouble::new("gone".into(), "GET /".into(), Remedy::AsSaid, |_| "Look.".into());
                store.list_failed(KEY, 2, Arc::new(error));
            }
        }
        assert_eq!([name_of(&store, 1), name_of(&store, 2)], ["new", "other"], "{end}");
    }
}
