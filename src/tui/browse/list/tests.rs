//! The pane of a list: folders, filters, and a cursor that stays on its record.

use std::sync::Arc;
use std::time::Instant;

use super::*;
use crate::tui::target::Group;
use gluepot_core::library::{Completeness, Page};
use gluepot_core::model::Folder;
use gluepot_core::model::{Document, DocumentFolderId, Kind, Row, SourceId};

const ORG: OrganizationId = OrganizationId::new(SourceId::NONE, 7);

fn fill(store: &mut Library, key: ListKey, generation: u64, records: Vec<Record>) {
    let now = Instant::now();
    store.list_started(key, generation, now);
    let rows = records.into_iter().map(|record| Row::Record(Arc::new(record))).collect();
    store.list_page(key, generation, Page { rows, total: None, refused: 0, number: 1, more: false });
    store.list_done(key, generation, Completeness::default(), now);
}

fn document(id: u64, name: &str, folder: Option<u64>) -> Record {
    let document_folder_id = folder.map(DocumentFolderId);
    Record::Document(Document { id, name: name.into(), document_folder_id, ..Document::default() })
}

fn folder(id: u64, name: &str, parent: Option<u64>) -> Record {
    Record::DocumentFolder(Folder { id, name: name.into(), parent_id: parent, ..Folder::default() })
}

fn example() -> (Library, ListPane) {
    let mut store = Library::default();
    fill(
        &mut store,
        ListKey::DocumentFolders(ORG),
        1,
        vec![folder(1, "Servers", None), folder(2, "Imaging", Some(1)), folder(3, "Empty", None)],
    );
    fill(
        &mut store,
        ListKey::Documents(ORG),
        2,
        vec![
            document(10, "VPN for remote staff", None),
            document(11, "Restart the imaging server", Some(2)),
            document(12, "Patch day", Some(1)),
            document(13, "Lost child", Some(99)),
        ],
    );
    let mut pane = ListPane::new(PaneId::Documents);
    pane.sync(Some(ORG), &store);
    (store, pane)
}

/// The rows as a person would draw them.
fn drawn(pane: &ListPane, store: &Library) -> Vec<String> {
    pane.rows
        .iter()
        .map(|row| match row {
            ViewRow::Record { list, at, depth } => {
                format!("{}{}", "  ".repeat((*depth).into()), store.list(*list).rows[*at].name())
            }
            ViewRow::Group { label, depth, open, count, .. } => {
                let sign = if *open { '▾' } else { '▸' };
                format!("{}{sign} {label} {}", "  ".repeat((*depth).into()), count.unwrap_or(0))
            }
            ViewRow::Unreadable { .. } => "unreadable".to_owned(),
            ViewRow::Weak => "weak matches".to_owned(),
        })
        .collect()
}

#[test]
fn folders_come_before_documents_and_lost_folders_are_named_by_their_id() {
    let (store, pane) = example();
    assert_eq!(
        drawn(&pane, &store),
        [
            "▸ Empty 0",
            "▾ Servers 2",
            "  ▾ Imaging 1",
            "    Restart the imaging server",
            "  Patch day",
            "▾ Folder 99 1",
            "  Lost child",
            "VPN for remote staff",
        ]
    );
}

#[test]
fn documents_whose_folders_are_still_on_their_way_lie_at_the_top() {
    let mut store = Library::default();
    store.list_started(ListKey::DocumentFolders(ORG), 1, Instant::now());
    let documents = vec![document(12, "Patch day", Some(1)), document(13, "Lost child", Some(99))];
    fill(&mut store, ListKey::Documents(ORG), 2, documents);
    let mut pane = ListPane::new(PaneId::Documents);
    pane.sync(Some(ORG), &store);
    assert_eq!(drawn(&pane, &store), ["Lost child", "Patch day"]);
    fill(&mut store, ListKey::DocumentFolders(ORG), 3, vec![folder(1, "Servers", None)]);
    pane.sync(Some(ORG), &store);
    assert_eq!(drawn(&pane, &store), ["▾ Servers 1", "  Patch day", "▾ Folder 99 1", "  Lost child"]);
}

#[test]
fn folding_hides_what_lies_below_and_keeps_the_cursor_on_the_folder() {
    let (store, mut pane) = example();
    pane.select(1, &store);
    assert!(pane.fold(false, &store));
    pane.sync(Some(ORG), &store);
    assert_eq!(drawn(&pane, &store)[..3], ["▸ Empty 0", "▸ Servers 2", "▾ Folder 99 1"]);
    assert_eq!(pane.selected(), 1);
}

#[test]
fn a_jump_to_a_folder_unfolds_what_hides_it_and_waits_for_what_is_not_here_yet() {
    let (store, mut pane) = example();
    pane.toggle(Group::DocumentFolder(1));
    pane.filter.insert("vpn");
    pane.sync(Some(ORG), &store);
    assert!(pane.select_group(Group::DocumentFolder(2), Some(ORG), &store));
    assert_eq!(drawn(&pane, &store)[pane.selected()], "  ▾ Imaging 1");
    let mut late = ListPane::new(PaneId::Documents);
    assert!(!late.select_group(Group::DocumentFolder(2), Some(ORG), &Library::default()));
    late.sync(Some(ORG), &store);
    assert_eq!(drawn(&late, &store)[late.selected()], "  ▾ Imaging 1");
}

#[test]
fn pages_that_arrive_one_by_one_give_the_order_of_the_whole() {
    let mut store = Library::default();
    let key = ListKey::Documents(ORG);
    let now = Instant::now();
    store.list_started(key, 1, now);
    let mut pane = ListPane::new(PaneId::Documents);
    for page in [["m", "c"], ["z", "a"], ["b", "n"]] {
        let rows = page.iter().enumerate().map(|(at, name)| {
            let id = u64::from(name.as_bytes()[0]) * 10 + at as u64;
            Row::Record(Arc::new(document(id, name, None)))
        });
        let rows = rows.collect();
        store.list_page(key, 1, Page { rows, total: None, refused: 0, number: 1, more: true });
        pane.sync(Some(ORG), &store);
    }
    assert_eq!(drawn(&pane, &store), ["a", "b", "c", "m", "n", "z"]);
}

#[test]
fn folding_a_document_goes_to_its_folder() {
    let (store, mut pane) = example();
    pane.select(3, &store);
    pane.fold(false, &store);
    assert_eq!(pane.selected(), 2);
}

#[test]
fn a_refresh_keeps_the_cursor_on_its_record() {
    let (mut store, mut pane) = example();
    let key = RecordKey::new(SourceId::NONE, Kind::Document, 12);
    assert!(pane.select_record(key, Some(ORG), &store));
    fill(
        &mut store,
        ListKey::Documents(ORG),
        3,
        vec![document(12, "Patch day", Some(1)), document(14, "A new one", Some(1)), document(15, "Backups", Some(2))],
    );
    pane.sync(Some(ORG), &store);
    assert_eq!(pane.selected_record(&store).map(|r| r.key()), Some(key));
}

#[test]
fn filtering_keeps_the_selected_row_selected_if_it_still_matches() {
    let (store, mut pane) = example();
    pane.select_record(RecordKey::new(SourceId::NONE, Kind::Document, 12), Some(ORG), &store);
    pane.filter.insert("pa");
    pane.sync(Some(ORG), &store);
    pane.keep_or_top(&store);
    assert_eq!(pane.selected_record(&store).map(|r| r.id()), Some(12));
    pane.filter.insert("zzz");
    pane.sync(Some(ORG), &store);
    pane.keep_or_top(&store);
    assert!(pane.rows.is_empty());
    pane.clear_filter();
    pane.sync(Some(ORG), &store);
    assert_eq!(pane.selected_record(&store).map(|r| r.id()), Some(12), "and it is found again afterwards");
}

#[test]
fn a_filter_looks_at_folder_names_too() {
    let (store, mut pane) = example();
    pane.filter.insert("servers patch");
    pane.sync(Some(ORG), &store);
    assert_eq!(drawn(&pane, &store), ["Patch day"]);
}

#[test]
fn folders_that_contain_each_other_do_not_hang_the_program() {
    let mut store = Library::default();
    fill(
        &mut store,
        ListKey::DocumentFolders(ORG),
        1,
        vec![folder(1, "A", Some(2)), folder(2, "B", Some(1)), folder(3, "C", Some(3))],
    );
    fill(&mut store, ListKey::Documents(ORG), 2, vec![document(10, "In A", Some(1)), document(11, "In C", Some(3))]);
    let mut pane = ListPane::new(PaneId::Documents);
    pane.sync(Some(ORG), &store);
    assert_eq!(drawn(&pane, &store), ["▾ A 1", "  ▸ B 0", "  In A", "▾ C 1", "  In C"]);
}

#[test]
fn archived_records_are_hidden_until_asked_for() {
    let mut store = Library::default();
    let mut old = Document { id: 1, name: "Old".into(), ..Document::default() };
    old.common.archived = true;
    fill(&mut store, ListKey::Documents(ORG), 1, vec![Record::Document(old), document(2, "New", None)]);
    let mut pane = ListPane::new(PaneId::Documents);
    pane.sync(Some(ORG), &store);
    assert_eq!((drawn(&pane, &store), pane.hidden_archived), (vec!["New".to_owned()], 1));
    pane.archived = true;
    pane.sync(Some(ORG), &store);
    assert_eq!(drawn(&pane, &store), ["New", "Old"]);
}

#[test]
fn nothing_is_rebuilt_while_nothing_changes() {
    let (store, mut pane) = example();
    assert!(!pane.sync(Some(ORG), &store));
}

#[test]
fn the_cursor_stays_in_view_and_the_view_moves_in_steps() {
    let (store, mut pane) = example();
    pane.select(7, &store);
    pane.scroll_into_view(4);
    assert_eq!(pane.offset, 4);
    pane.select(0, &store);
    pane.scroll_into_view(4);
    assert_eq!(pane.offset, 0);
}
