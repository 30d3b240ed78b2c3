//! Building the rows of a pane: filtered, in order, as a tree where there are folders.

use std::collections::HashMap;
use std::sync::Arc;

use super::tab::Tab;
use super::tree::{Tree, asset_types, first_load};
use super::{Indexed, ListPane, Ordered, Stamp, ViewRow};
use crate::present::row::{Sort, Urgency, dated};
use crate::search::{MOST_WEAK, Weak};
use crate::tui::layout::PaneId;
use crate::tui::target::Group;
use gluepot_core::library::folder_of;
use gluepot_core::library::{Library, State};
use gluepot_core::model::{ListKey, OrganizationId, Record};
use gluepot_core::text::Clean;

/// The rows of each folder; those in none lie at the top.
type InFolder = HashMap<Option<u64>, Vec<usize>>;

impl ListPane {
    /// Rebuilds the rows if anything they depend on changed. Says whether they were rebuilt.
    pub fn sync(&mut self, organization: Option<OrganizationId>, store: &Library) -> bool {
        let sources = self.sources(organization, store);
        let folders = self.folders(organization);
        let stamp = Stamp {
            sources: sources
                .iter()
                .chain(&folders)
                .map(|&key| {
                    let list = store.list(key);
                    (key, list.rebuilt, list.rows.len(), list.unreadable.len())
                })
                .collect(),
            folders_come: folders.is_some_and(|key| first_load(key, store)),
            filter: self.filter.text().to_owned(),
            sort: Some(self.sort),
            archived: self.archived,
            folds: self.folds,
            today: self.shows_dates().then_some(self.today),
        };
        if stamp == self.stamp {
            return false;
        }
        let other_lists = !stamp.sources.iter().map(|s| s.0).eq(self.stamp.sources.iter().map(|s| s.0));
        self.stamp = stamp;
        self.indexes.retain(|key, _| sources.contains(key));
        self.orders.retain(|key, _| sources.contains(key));
        let tree = Tree::new(folders.filter(|key| !matches!(key, ListKey::FlexibleAssetTypes(_))), store);
        for &key in &sources {
            self.extend_index(key, store, &tree);
        }
        self.build(&sources, store, &tree);
        if other_lists && self.anchor.is_some_and(|anchor| self.position(anchor, store).is_none()) {
            self.anchor = None;
            self.selected = 0;
            self.offset = 0;
        }
        self.find_anchor(store);
        true
    }

    fn extend_index(&mut self, key: ListKey, store: &Library, tree: &Tree) {
        let list = store.list(key);
        let folders = tree.stamp;
        let indexed = self.indexes.entry(key).or_insert_with(|| Indexed::new(list.rebuilt, folders));
        if indexed.rebuilt != list.rebuilt || indexed.folders != folders || indexed.index.len() > list.rows.len() {
            *indexed = Indexed::new(list.rebuilt, folders);
        }
        for record in list.rows.get(indexed.index.len()..).unwrap_or_default() {
            let path = store.path_for(record, key.organization()).names(" ");
            indexed.index.push_record(record, &path);
            indexed.archived.push(record.is_archived());
            indexed.put_away += usize::from(record.is_archived());
            indexed.looks.push(indexed.names.add(record.name()));
        }
    }

    fn build(&mut self, sources: &[ListKey], store: &Library, tree: &Tree) {
        self.rows.clear();
        self.hidden_archived = 0;
        self.searched = 0;
        self.found = 0;
        self.weak = 0;
        self.overdue = 0;
        let query = self.filter.text().trim().to_owned();
        let mut visible: Vec<(ListKey, Vec<usize>)> = Vec::with_capacity(sources.len());
        let mut weak: Vec<(ListKey, Weak)> = Vec::new();
        for &key in sources {
            let rows = store.list(key).rows.len();
            let all = if query.is_empty() { self.in_order(key, store) } else { Vec::new() };
            let show_archived = self.archived;
            let Some(indexed) = self.indexes.get_mut(&key) else { continue };
            let hidden = if show_archived || indexed.put_away == 0 { None } else { Some(&indexed.archived) };
            let is_shown = |at: usize| at < rows && !hidden.is_some_and(|h| h.get(at).copied().unwrap_or(false));
            let shown: Vec<usize> = if query.is_empty() {
                all.into_iter().filter(|&at| is_shown(at)).collect()
            } else {
                let hits = indexed.index.filter_shown(&query, |at| is_shown(at as usize));
                weak.extend(hits.weak.into_iter().map(|weak| (key, weak)));
                hits.strong.into_iter().map(|at| at as usize).collect()
            };
            let put_away = if show_archived { 0 } else { indexed.put_away };
            self.searched += rows - put_away.min(rows);
            self.found += shown.len();
            self.hidden_archived += put_away;
            visible.push((key, shown));
        }
        let grouped = query.is_empty() && self.sort == Sort::Name;
        if matches!(self.id, PaneId::Others) && self.tab == Tab::Assets {
            self.build_types(visible, store, !query.is_empty());
            self.build_weak(weak);
            return;
        }
        for (key, order) in visible {
            let rows = &store.list(key).rows;
            // Folders without the records they hold would look like an answer where there is none yet.
            if rows.is_empty() && !store.list(key).is_complete() {
                continue;
            }
            if query.is_empty() && self.shows_dates() {
                self.build_dates(key, &order, store);
            } else if grouped && tree.is_useful() {
                self.build_tree(key, &order, store, tree);
            } else {
                self.rows.extend(order.into_iter().map(|at| ViewRow::Record { list: key, at, depth: 0 }));
            }
            if query.is_empty() {
                self.rows.extend((0..store.list(key).unreadable.len()).map(|at| ViewRow::Unreadable { list: key, at }));
            }
        }
        self.build_weak(weak);
    }

    /// Whether the rows are dates to watch, in their order.
    fn shows_dates(&self) -> bool {
        self.id == PaneId::Others && self.tab == Tab::Expirations && matches!(self.sort, Sort::Name | Sort::Date)
    }

    /// From today on, the next date on top; below them, apart, what is overdue, the latest on top.
    fn build_dates(&mut self, key: ListKey, order: &[usize], store: &Library) {
        let rows = &store.list(key).rows;
        let is_past = |at: usize| dated(&rows[at], self.today).is_some_and(|date| date.urgency == Urgency::Overdue);
        let (past, coming): (Vec<usize>, Vec<usize>) = order.iter().copied().partition(|&at| is_past(at));
        self.overdue = past.len();
        self.rows.extend(coming.into_iter().map(|at| ViewRow::Record { list: key, at, depth: 0 }));
        if past.is_empty() {
            return;
        }
        let open = !self.toggled.contains(&Group::Overdue);
        let label = Clean::line("Overdue");
        self.rows.push(ViewRow::Group { group: Group::Overdue, label, depth: 0, open, count: Some(past.len()) });
        if open {
            self.rows.extend(past.into_iter().rev().map(|at| ViewRow::Record { list: key, at, depth: 1 }));
        }
    }

    /// Below their own line, a few in all: no one takes them for answers.
    fn build_weak(&mut self, mut weak: Vec<(ListKey, Weak)>) {
        weak.sort_by_key(|(_, weak)| std::cmp::Reverse(weak.rank));
        weak.truncate(MOST_WEAK);
        self.weak = weak.len();
        if !weak.is_empty() {
            self.rows.push(ViewRow::Weak);
        }
        let row = |(list, weak): (ListKey, Weak)| ViewRow::Record { list, at: weak.row as usize, depth: 0 };
        self.rows.extend(weak.into_iter().map(row));
    }

    /// The positions of all rows of a list in the pane's order. Rows that were appended are merged into the order that
    /// is known, so that a page of a large list costs little.
    fn in_order(&mut self, key: ListKey, store: &Library) -> Vec<usize> {
        let list = store.list(key);
        let known = self.orders.remove(&key).filter(|known| {
            known.rebuilt == list.rebuilt && known.sort == self.sort && known.order.len() <= list.rows.len()
        });
        let mut order = known.map(|known| known.order).unwrap_or_default();
        if order.len() < list.rows.len() {
            order.extend(order.len()..list.rows.len());
            // A stable sort takes what is in order already as one run.
            order.sort_by(|&a, &b| self.sort.compare(&list.rows[a], &list.rows[b]));
        }
        self.orders.insert(key, Ordered { rebuilt: list.rebuilt, sort: self.sort, order: order.clone() });
        order
    }

    fn build_types(&mut self, visible: Vec<(ListKey, Vec<usize>)>, store: &Library, filtered: bool) {
        let source = visible.first().map_or(store.source(), |(key, _)| key.source());
        let names: HashMap<u64, Clean> = asset_types(source, store).into_iter().collect();
        for (key, order) in visible {
            let ListKey::FlexibleAssets(_, type_id) = key else { continue };
            if filtered && order.is_empty() {
                continue;
            }
            let list = store.list(key);
            let group = Group::AssetType(key);
            let open = filtered || (!order.is_empty() && !self.toggled.contains(&group));
            self.rows.push(ViewRow::Group {
                group,
                label: names.get(&type_id.0).cloned().unwrap_or_default(),
                depth: 0,
                open,
                count: (!matches!(list.state, State::NotAsked) || !list.rows.is_empty()).then_some(order.len()),
            });
            if !open {
                continue;
            }
            self.rows.extend(order.into_iter().map(|at| ViewRow::Record { list: key, at, depth: 1 }));
            self.rows.extend((0..list.unreadable.len()).map(|at| ViewRow::Unreadable { list: key, at }));
        }
    }

    /// Folders with their documents below them, folders first, then what is at the top.
    fn build_tree(&mut self, key: ListKey, order: &[usize], store: &Library, tree: &Tree) {
        let (in_folder, strangers) = Self::by_folder(&store.list(key).rows, order, tree);
        let totals = tree.totals(&in_folder);
        // An explicit stack: folders come from the server and must not drive a recursion. Subfolders come before
        // the folder's own records.
        enum Next {
            Folder(u64, u16),
            Own(u64, u16),
        }
        let mut stack: Vec<Next> = tree.top.iter().rev().map(|&id| Next::Folder(id, 0)).collect();
        while let Some(next) = stack.pop() {
            let (id, depth) = match next {
                Next::Own(id, depth) => {
                    let own = in_folder.get(&Some(id)).map(Vec::as_slice).unwrap_or_default();
                    self.rows.extend(own.iter().map(|&at| ViewRow::Record { list: key, at, depth }));
                    continue;
                }
                Next::Folder(id, depth) => (id, depth),
            };
            let Some(node) = tree.nodes.get(&id) else { continue };
            let total = totals.get(&id).copied().unwrap_or(0);
            let group = tree.group(id);
            let open = !self.toggled.contains(&group) && total > 0;
            self.rows.push(ViewRow::Group { group, label: node.name.clone(), depth, open, count: Some(total) });
            if open {
                let below = (depth + 1).min(20);
                stack.push(Next::Own(id, below));
                stack.extend(node.children.iter().rev().map(|&child| Next::Folder(child, below)));
            }
        }
        self.build_strangers(key, &in_folder, strangers, tree);
        let loose = in_folder.get(&None).map(Vec::as_slice).unwrap_or_default();
        self.rows.extend(loose.iter().map(|&at| ViewRow::Record { list: key, at, depth: 0 }));
    }

    /// The rows of each folder, and the folders that no list knows.
    fn by_folder(rows: &[Arc<Record>], order: &[usize], tree: &Tree) -> (InFolder, Vec<u64>) {
        let mut in_folder = InFolder::new();
        let mut strangers: Vec<u64> = Vec::new();
        for &at in order {
            let folder = folder_of(&rows[at]);
            // Until the folders are here, what is in an unknown one is at the top: numbers say nothing.
            let folder = folder.filter(|id| tree.nodes.contains_key(id) || !tree.comes);
            if let Some(id) = folder
                && !tree.nodes.contains_key(&id)
                && !in_folder.contains_key(&folder)
            {
                strangers.push(id);
            }
            in_folder.entry(folder).or_default().push(at);
        }
        strangers.sort_unstable();
        (in_folder, strangers)
    }

    /// Folders that are not among the known ones have their number for a name.
    fn build_strangers(&mut self, key: ListKey, in_folder: &InFolder, strangers: Vec<u64>, tree: &Tree) {
        for id in strangers {
            let group = tree.group(id);
            let own = &in_folder[&Some(id)];
            let open = !self.toggled.contains(&group);
            let label = Clean::line(&format!("Folder {id}"));
            self.rows.push(ViewRow::Group { group, label, depth: 0, open, count: Some(own.len()) });
            if open {
                self.rows.extend(own.iter().map(|&at| ViewRow::Record { list: key, at, depth: 1 }));
            }
        }
    }
}
