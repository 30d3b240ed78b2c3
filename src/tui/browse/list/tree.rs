//! Folders as a tree: loops cut, lost parents put at the top, and how much is in each.

use std::collections::HashMap;

use crate::present::row::by_name;
use crate::tui::target::Group;
use gluepot_core::library::Library;
use gluepot_core::model::{Folder, ListKey, OrganizationId, Record, SourceId};
use gluepot_core::text::Clean;

pub(super) struct Node {
    pub(super) name: Clean,
    parent: Option<u64>,
    pub(super) children: Vec<u64>,
}

/// The folders of an organization, with loops cut and lost parents put at the top.
pub(super) struct Tree {
    pub(super) nodes: HashMap<u64, Node>,
    pub(super) top: Vec<u64>,
    passwords: bool,
    pub(super) stamp: (u64, usize),
    list: Option<ListKey>,
    /// The folders are being loaded for the first time
    pub(super) comes: bool,
}

impl Tree {
    pub(super) fn new(list: Option<ListKey>, store: &Library) -> Self {
        let passwords = matches!(list, Some(ListKey::PasswordFolders(_)));
        let rows = list.map(|key| store.list(key).rows.as_slice()).unwrap_or_default();
        let stamp = list.map_or((0, 0), |key| (store.list(key).rebuilt, rows.len()));
        let folders: Vec<&Folder> = rows
            .iter()
            .filter_map(|record| match record.as_ref() {
                Record::DocumentFolder(folder) | Record::PasswordFolder(folder) => Some(folder),
                _ => None,
            })
            .collect();
        let mut nodes: HashMap<u64, Node> = folders
            .iter()
            .map(|f| (f.id, Node { name: f.name.clone(), parent: f.parent_id, children: Vec::new() }))
            .collect();
        let mut top = place(&folders, &mut nodes);
        let names: HashMap<u64, Clean> = nodes.iter().map(|(id, node)| (*id, node.name.clone())).collect();
        let sort = |ids: &mut Vec<u64>| ids.sort_by(|a, b| by_name(&names[a], &names[b]).then(a.cmp(b)));
        sort(&mut top);
        for node in nodes.values_mut() {
            sort(&mut node.children);
        }
        let comes = list.is_some_and(|key| first_load(key, store));
        Self { nodes, top, passwords, stamp, list, comes }
    }

    pub(super) fn is_useful(&self) -> bool {
        self.list.is_some()
    }

    pub(super) fn group(&self, id: u64) -> Group {
        if self.passwords { Group::PasswordFolder(id) } else { Group::DocumentFolder(id) }
    }

    /// Records in each folder and below it.
    pub(super) fn totals(&self, in_folder: &HashMap<Option<u64>, Vec<usize>>) -> HashMap<u64, usize> {
        let mut totals: HashMap<u64, usize> = HashMap::new();
        for (folder, records) in in_folder {
            let mut next = *folder;
            let mut steps = 0;
            while let Some(id) = next.filter(|_| steps < 66) {
                *totals.entry(id).or_default() += records.len();
                next = self.nodes.get(&id).and_then(|node| node.parent);
                steps += 1;
            }
        }
        totals
    }
}

/// Puts each folder below its parent. A folder that meets itself on the way up, or whose parent is not there, goes to
/// the top; gives those.
fn place(folders: &[&Folder], nodes: &mut HashMap<u64, Node>) -> Vec<u64> {
    let mut top = Vec::new();
    for folder in folders {
        // Walk up: a folder that meets itself again, or a parent that is not there, goes to the top.
        let mut steps = 0;
        let mut up = folder.parent_id;
        while let Some(parent) = up.and_then(|id| nodes.get(&id)) {
            steps += 1;
            if steps > folders.len() || up == Some(folder.id) {
                steps = usize::MAX;
                break;
            }
            up = parent.parent;
            if steps > 64 {
                // Deeper than real folders: treat as a loop.
                steps = usize::MAX;
                break;
            }
        }
        match folder.parent_id.filter(|id| steps != usize::MAX && nodes.contains_key(id)) {
            Some(parent) => {
                if let Some(node) = nodes.get_mut(&parent) {
                    node.children.push(folder.id);
                }
            }
            None => {
                if let Some(node) = nodes.get_mut(&folder.id) {
                    node.parent = None;
                }
                top.push(folder.id);
            }
        }
    }
    top
}

/// Whether a list is loading for the first time.
pub(super) fn first_load(key: ListKey, store: &Library) -> bool {
    let list = store.list(key);
    list.is_loading() && !list.is_complete()
}

/// The lists of flexible assets of an organization, one for each type in use, by the type's name.
pub fn asset_lists(organization: OrganizationId, store: &Library) -> Vec<ListKey> {
    let key = |(id, _)| ListKey::FlexibleAssets(organization, gluepot_core::model::FlexibleAssetTypeId(id));
    asset_types(organization.source, store).into_iter().map(key).collect()
}

/// The asset types in use, by name.
pub(super) fn asset_types(source: SourceId, store: &Library) -> Vec<(u64, Clean)> {
    let mut types: Vec<(u64, Clean)> = store
        .list(ListKey::FlexibleAssetTypes(source))
        .rows
        .iter()
        .filter_map(|record| match record.as_ref() {
            Record::FlexibleAssetType(kind) if kind.enabled => Some((kind.id, kind.name.clone())),
            _ => None,
        })
        .collect();
    types.sort_by(|a, b| by_name(&a.1, &b.1));
    types
}
