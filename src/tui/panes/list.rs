//! A list pane: rows of one or more lists of the store, as a tree or flat, filtered, sorted, with a cursor that
//! stays on its record whatever happens to the rows around it.
//!
//! The pane holds view state only. [`ListPane::sync`] rebuilds the rows when the store, the filter or the order
//! changed, and does nothing when they did not.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::rows::{Sort, Urgency, by_name, dated};
use crate::search::{Index, MOST_WEAK, Weak};
use crate::store::{State, Store};
use crate::tui::format;
use crate::tui::layout::PaneId;
use crate::tui::widgets::field::Field;
use gluepot_core::lookalike::{self, Names};
use gluepot_core::model::{Folder, ListKey, OrganizationId, Record, RecordKey};
use gluepot_core::text::Clean;

/// A heading inside a list that can be folded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Group {
    /// A folder of documents
    DocumentFolder(u64),
    /// A folder of passwords
    PasswordFolder(u64),
    /// A type of flexible asset, with its list
    AssetType(ListKey),
    /// Dates to watch that are past
    Overdue,
}

/// One row of the pane.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ViewRow {
    /// A record: its list and its place there
    Record {
        /// The list
        list: ListKey,
        /// Position in the list's rows
        at: usize,
        /// Levels of indentation
        depth: u16,
    },
    /// A folder or type
    Group {
        /// Which one
        group: Group,
        /// Its name
        label: Clean,
        /// Levels of indentation
        depth: u16,
        /// Whether its rows are shown
        open: bool,
        /// Rows below it, when known
        count: Option<usize>,
    },
    /// A row the server sent and nobody can read
    Unreadable {
        /// The list
        list: ListKey,
        /// Position among the unreadable ones
        at: usize,
    },
    /// The line above what matches a filter by chance as often as not
    Weak,
}

impl ViewRow {
    /// Levels of indentation.
    fn depth(&self) -> u16 {
        match self {
            Self::Record { depth, .. } | Self::Group { depth, .. } => *depth,
            Self::Unreadable { .. } | Self::Weak => 0,
        }
    }
}

/// What a row is, so that the cursor can find it again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RowId {
    /// A record
    Record(RecordKey),
    /// A heading
    Group(Group),
    /// An unreadable row
    Unreadable(ListKey, usize),
}

/// The tabs of pane 5.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Tab {
    /// Flexible assets by type
    #[default]
    Assets,
    /// Contacts
    Contacts,
    /// Locations
    Locations,
    /// Domains
    Domains,
    /// Dates to watch
    Expirations,
    /// Checklists
    Checklists,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 6] =
        [Self::Assets, Self::Contacts, Self::Locations, Self::Domains, Self::Expirations, Self::Checklists];

    /// The word in the title.
    pub fn label(self) -> &'static str {
        match self {
            Self::Assets => "Assets",
            Self::Contacts => "Contacts",
            Self::Locations => "Locations",
            Self::Domains => "Domains",
            Self::Expirations => "Expirations",
            Self::Checklists => "Checklists",
        }
    }

    /// The list of the tab; the assets have one for each type instead.
    pub fn list(self, organization: OrganizationId) -> Option<ListKey> {
        match self {
            Self::Assets => None,
            Self::Contacts => Some(ListKey::Contacts(organization)),
            Self::Locations => Some(ListKey::Locations(organization)),
            Self::Domains => Some(ListKey::Domains(organization)),
            Self::Expirations => Some(ListKey::Expirations(organization)),
            Self::Checklists => Some(ListKey::Checklists(organization)),
        }
    }

    /// The tab `step` further on, around the end.
    pub fn step(self, step: isize) -> Self {
        let at = Self::ALL.iter().position(|&t| t == self).unwrap_or(0) as isize;
        Self::ALL[(at + step).rem_euclid(Self::ALL.len() as isize) as usize]
    }
}

/// What the rows were built from: nothing is done while it stays the same.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Stamp {
    sources: Vec<(ListKey, u64, usize, usize)>,
    /// The folders are on their way for the first time
    folders_come: bool,
    filter: String,
    sort: Option<Sort>,
    archived: bool,
    folds: u64,
    /// Where rows are told apart by it
    today: Option<Date>,
}

/// The order of a list's rows as it was found last.
struct Ordered {
    rebuilt: u64,
    sort: Sort,
    order: Vec<usize>,
}

struct Indexed {
    rebuilt: u64,
    folders: (u64, usize),
    index: Index,
    /// Which rows are archived: asked for each row with every key of a filter, and too slow by way of the records
    archived: Vec<bool>,
    /// How many are
    put_away: usize,
    /// Which rows have a name that looks like another one
    names: Names,
    looks: Vec<u64>,
}

impl Indexed {
    fn new(rebuilt: u64, folders: (u64, usize)) -> Self {
        Self {
            rebuilt,
            folders,
            index: Index::default(),
            archived: Vec::new(),
            put_away: 0,
            names: Names::default(),
            looks: Vec::new(),
        }
    }
}

/// A list pane.
pub struct ListPane {
    /// Which one
    pub id: PaneId,
    /// The tab shown, in pane 5
    pub tab: Tab,
    /// The order
    pub sort: Sort,
    /// Whether archived records are shown
    pub archived: bool,
    /// The filter: empty shows everything
    pub filter: Field,
    /// Whether typing goes to the filter
    pub filtering: bool,
    /// The rows in order
    pub rows: Vec<ViewRow>,
    /// Records that the filter looked at (for "12 of 197")
    pub searched: usize,
    /// Records that it found, or all that are shown; without the weak matches
    pub found: usize,
    /// Weak matches that are shown below them
    pub weak: usize,
    /// Archived records that are not shown
    pub hidden_archived: usize,
    /// Dates to watch that are past, while they are a group of their own
    pub overdue: usize,
    /// The day from which dates are told
    pub today: Date,
    selected: usize,
    /// First row on the screen
    pub offset: usize,
    anchor: Option<RowId>,
    toggled: HashSet<Group>,
    folds: u64,
    stamp: Stamp,
    indexes: HashMap<ListKey, Indexed>,
    orders: HashMap<ListKey, Ordered>,
}

impl ListPane {
    /// An empty pane.
    pub fn new(id: PaneId) -> Self {
        Self {
            id,
            tab: Tab::default(),
            sort: Sort::default(),
            archived: false,
            filter: Field::default(),
            filtering: false,
            rows: Vec::new(),
            searched: 0,
            found: 0,
            weak: 0,
            hidden_archived: 0,
            overdue: 0,
            today: format::today(jiff::Timestamp::now()),
            selected: 0,
            offset: 0,
            anchor: None,
            toggled: HashSet::new(),
            folds: 0,
            stamp: Stamp::default(),
            indexes: HashMap::new(),
            orders: HashMap::new(),
        }
    }

    /// The lists its records come from.
    pub fn sources(&self, organization: Option<OrganizationId>, store: &Store) -> Vec<ListKey> {
        match (self.id, organization) {
            (PaneId::Organizations, _) => vec![ListKey::Organizations],
            (PaneId::Documents, Some(o)) => vec![ListKey::Documents(o)],
            (PaneId::Configurations, Some(o)) => vec![ListKey::Configurations(o)],
            (PaneId::Passwords, Some(o)) => vec![ListKey::Passwords(o)],
            (PaneId::Others, Some(o)) => match self.tab.list(o) {
                Some(list) => vec![list],
                None => asset_lists(o, store),
            },
            _ => Vec::new(),
        }
    }

    /// The list of folders or types its rows hang in.
    pub fn folders(&self, organization: Option<OrganizationId>) -> Option<ListKey> {
        match (self.id, organization) {
            (PaneId::Documents, Some(o)) => Some(ListKey::DocumentFolders(o)),
            (PaneId::Passwords, Some(o)) => Some(ListKey::PasswordFolders(o)),
            (PaneId::Others, Some(_)) if self.tab == Tab::Assets => Some(ListKey::FlexibleAssetTypes),
            _ => None,
        }
    }

    /// Rebuilds the rows if anything they depend on changed. Says whether they were rebuilt.
    pub fn sync(&mut self, organization: Option<OrganizationId>, store: &Store) -> bool {
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
        let tree = Tree::new(folders.filter(|key| !matches!(key, ListKey::FlexibleAssetTypes)), store);
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

    fn extend_index(&mut self, key: ListKey, store: &Store, tree: &Tree) {
        let list = store.list(key);
        let folders = tree.stamp;
        let indexed = self.indexes.entry(key).or_insert_with(|| Indexed::new(list.rebuilt, folders));
        if indexed.rebuilt != list.rebuilt || indexed.folders != folders || indexed.index.len() > list.rows.len() {
            *indexed = Indexed::new(list.rebuilt, folders);
        }
        for record in list.rows.get(indexed.index.len()..).unwrap_or_default() {
            let path = tree.path_of(record);
            indexed.index.push_record(record, &path);
            indexed.archived.push(record.is_archived());
            indexed.put_away += usize::from(record.is_archived());
            indexed.looks.push(indexed.names.add(record.name()));
        }
    }

    fn build(&mut self, sources: &[ListKey], store: &Store, tree: &Tree) {
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
    fn build_dates(&mut self, key: ListKey, order: &[usize], store: &Store) {
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

    /// Below a line of their own, a few in all: nobody takes them for answers.
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
    fn in_order(&mut self, key: ListKey, store: &Store) -> Vec<usize> {
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

    fn build_types(&mut self, visible: Vec<(ListKey, Vec<usize>)>, store: &Store, filtered: bool) {
        let names: HashMap<u64, Clean> = asset_types(store).into_iter().collect();
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

    /// Folders with their documents below them, folders first, then what lies at the top.
    fn build_tree(&mut self, key: ListKey, order: &[usize], store: &Store, tree: &Tree) {
        let rows = &store.list(key).rows;
        let mut in_folder: HashMap<Option<u64>, Vec<usize>> = HashMap::new();
        let mut strangers: Vec<u64> = Vec::new();
        for &at in order {
            let folder = folder_of(&rows[at]);
            // Until the folders are here, what lies in one that is not known yet lies at the top: numbers say nothing.
            let folder = folder.filter(|id| tree.nodes.contains_key(id) || !tree.comes);
            if let Some(id) = folder
                && !tree.nodes.contains_key(&id)
                && !in_folder.contains_key(&folder)
            {
                strangers.push(id);
            }
            in_folder.entry(folder).or_default().push(at);
        }
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
        strangers.sort_unstable();
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
        let loose = in_folder.get(&None).map(Vec::as_slice).unwrap_or_default();
        self.rows.extend(loose.iter().map(|&at| ViewRow::Record { list: key, at, depth: 0 }));
    }

    /// What a row is.
    pub fn row_id(row: &ViewRow, store: &Store) -> Option<RowId> {
        Some(match row {
            ViewRow::Record { list, at, .. } => RowId::Record(store.list(*list).rows.get(*at)?.key()),
            ViewRow::Group { group, .. } => RowId::Group(*group),
            ViewRow::Unreadable { list, at } => RowId::Unreadable(*list, *at),
            ViewRow::Weak => return None,
        })
    }

    fn position(&self, id: RowId, store: &Store) -> Option<usize> {
        self.rows.iter().position(|row| Self::row_id(row, store) == Some(id))
    }

    fn find_anchor(&mut self, store: &Store) {
        if let Some(anchor) = self.anchor
            && let Some(at) = self.position(anchor, store)
        {
            // The rows may have moved under the cursor: it keeps its place on the screen.
            let from_top = self.selected.saturating_sub(self.offset);
            self.selected = at;
            self.offset = at.saturating_sub(from_top);
        } else {
            // The row chosen by hand is not among these: it is remembered, so that the cursor returns to it when
            // the filter goes away. Before anybody chose, the cursor stays at the top while rows arrive.
            self.selected = self.selected.min(self.rows.len().saturating_sub(1));
            if !self.filter.text().is_empty()
                && matches!(self.selected_row(), Some(ViewRow::Group { .. } | ViewRow::Weak))
            {
                self.selected = self.first_record();
            }
        }
    }

    /// The first row that is no heading: what a filter is typed for.
    fn first_record(&self) -> usize {
        self.rows.iter().position(|row| !matches!(row, ViewRow::Group { .. } | ViewRow::Weak)).unwrap_or(0)
    }

    /// The row under the cursor.
    pub fn selected_row(&self) -> Option<&ViewRow> {
        self.rows.get(self.selected)
    }

    /// The position of the cursor.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The record under the cursor.
    pub fn selected_record<'a>(&self, store: &'a Store) -> Option<&'a std::sync::Arc<Record>> {
        match self.selected_row()? {
            ViewRow::Record { list, at, .. } => store.list(*list).rows.get(*at),
            _ => None,
        }
    }

    /// Moves the cursor to a row. Says whether it moved.
    pub fn select(&mut self, at: usize, store: &Store) -> bool {
        let mut at = at.min(self.rows.len().saturating_sub(1));
        // A line that only divides is no place to be; there is a row below it always.
        at += usize::from(matches!(self.rows.get(at), Some(ViewRow::Weak)));
        let moved = at != self.selected;
        self.selected = at;
        self.anchor = self.rows.get(at).and_then(|row| Self::row_id(row, store));
        moved
    }

    /// Moves the cursor by a number of rows. Says whether it moved.
    pub fn step(&mut self, by: isize, store: &Store) -> bool {
        let mut to = self.selected.saturating_add_signed(by);
        if by < 0 && matches!(self.rows.get(to), Some(ViewRow::Weak)) {
            to = to.saturating_sub(1);
        }
        self.select(to, store)
    }

    /// Puts the cursor on a record, unfolding what hides it. Says whether it is in the list.
    pub fn select_record(&mut self, key: RecordKey, organization: Option<OrganizationId>, store: &Store) -> bool {
        self.anchor = Some(RowId::Record(key));
        if let Some(at) = self.position(RowId::Record(key), store) {
            self.select(at, store);
            return true;
        }
        let record = self.sources(organization, store).into_iter().find_map(|list| {
            let list = store.list(list);
            list.get(key.id).filter(|record| record.kind() == key.kind)
        });
        let Some(record) = record else { return false };
        // It is there but not shown: behind a filter, archived, or in a folded folder.
        if record.is_archived() {
            self.archived = true;
        }
        if !self.filter.text().is_empty() {
            self.filter = Field::default();
            self.filtering = false;
        }
        self.toggled.clear();
        self.folds += 1;
        self.sync(organization, store);
        self.position(RowId::Record(key), store).is_some_and(|at| {
            self.select(at, store);
            true
        })
    }

    /// Puts the cursor on a heading, unfolding what hides it. Says whether it is there; if not, the cursor goes to it
    /// as soon as it arrives.
    pub fn select_group(&mut self, group: Group, organization: Option<OrganizationId>, store: &Store) -> bool {
        self.clear_filter();
        self.toggled.clear();
        self.folds += 1;
        self.sort = Sort::Name;
        self.sync(organization, store);
        self.anchor = Some(RowId::Group(group));
        self.position(RowId::Group(group), store).is_some_and(|at| {
            self.select(at, store);
            true
        })
    }

    /// Folds or unfolds the heading under the cursor, or the one the row lies in. Says whether anything changed.
    pub fn fold(&mut self, open: bool, store: &Store) -> bool {
        match self.selected_row() {
            Some(ViewRow::Group { group, open: is_open, count, depth, .. }) => {
                let depth = *depth;
                if open && *is_open && self.rows.get(self.selected + 1).is_some_and(|row| row.depth() > depth) {
                    // Open already: on into it.
                    return self.select(self.selected + 1, store);
                }
                if *is_open == open || *count == Some(0) {
                    return false;
                }
                let group = *group;
                self.toggle(group);
                true
            }
            Some(ViewRow::Record { depth, .. }) if !open && *depth > 0 => {
                let depth = *depth;
                let parent = self.rows[..self.selected]
                    .iter()
                    .rposition(|row| matches!(row, ViewRow::Group { depth: d, .. } if *d < depth));
                parent.is_some_and(|at| self.select(at, store))
            }
            _ => false,
        }
    }

    /// Turns a heading around.
    pub fn toggle(&mut self, group: Group) {
        if !self.toggled.remove(&group) {
            self.toggled.insert(group);
        }
        self.folds += 1;
    }

    /// Brings the cursor into view for a height in rows, and leaves no needless empty rows at the end.
    pub fn scroll_into_view(&mut self, height: usize) {
        if height == 0 {
            return;
        }
        // Near the edge the view moves by a few rows at once, not by one: a held key then repaints the list once
        // in a few steps, which a slow line feels.
        let jump = (height / 4).clamp(1, 8);
        if self.selected < self.offset {
            self.offset = self.selected.saturating_sub(jump - 1);
        } else if self.selected >= self.offset + height {
            self.offset = self.selected + jump - height;
        }
        self.offset = self.offset.min(self.rows.len().saturating_sub(height));
    }

    /// Whether the cursor is so near to the end of what is loaded that more should come soon.
    pub fn is_near_end(&self, page: usize) -> bool {
        self.selected + page >= self.rows.len()
    }

    /// Whether the name of a row can be taken for another name of its list.
    pub fn is_alike(&self, list: ListKey, at: usize) -> bool {
        self.indexes
            .get(&list)
            .is_some_and(|indexed| indexed.looks.get(at).is_some_and(|looks| indexed.names.is_shared(*looks)))
    }

    /// Another record of the same list whose name can be taken for that of this one.
    pub fn twin<'a>(&self, record: &Record, store: &'a Store) -> Option<&'a std::sync::Arc<Record>> {
        let looks = lookalike::looks(record.name());
        self.indexes.iter().filter(|(_, indexed)| indexed.names.is_shared(looks)).find_map(|(key, indexed)| {
            let rows = &store.list(*key).rows;
            let alike = indexed.looks.iter().zip(rows).filter(|(other, _)| **other == looks).map(|(_, row)| row);
            alike.clone().any(|row| row.key() == record.key()).then_some(())?;
            alike.into_iter().find(|row| row.name() != record.name())
        })
    }

    /// Whether a row is kept for the filter.
    pub fn shows_filter(&self) -> bool {
        self.filtering || !self.filter.text().is_empty()
    }

    /// After the filter changed: the cursor stays on its record when that still matches and was chosen by hand,
    /// else it goes to the best hit.
    pub fn keep_or_top(&mut self, store: &Store) {
        if self.anchor.is_none_or(|anchor| self.position(anchor, store).is_none()) {
            self.selected = self.first_record();
            self.offset = 0;
        }
    }

    /// The filter was set from outside: the cursor goes to the best hit.
    pub fn filter_typed(&mut self) {
        self.anchor = None;
        self.selected = 0;
        self.offset = 0;
    }

    /// Forgets the filter.
    pub fn clear_filter(&mut self) -> bool {
        let was = !self.filter.text().is_empty() || self.filtering;
        self.filter = Field::default();
        self.filtering = false;
        was
    }

    /// The path of folders a record lies in, for showing beside a hit.
    pub fn folder_path(&self, record: &Record, organization: Option<OrganizationId>, store: &Store) -> String {
        let folders = self.folders(organization).filter(|key| !matches!(key, ListKey::FlexibleAssetTypes));
        folder_path(record, folders, store)
    }
}

/// The names of the folders a record lies in, outermost first, joined by ` › `.
pub fn folder_path(record: &Record, folders: Option<ListKey>, store: &Store) -> String {
    let Some(folders) = folders else { return String::new() };
    let list = store.list(folders);
    let mut names = Vec::new();
    let mut next = folder_of(record);
    // Parents come from the server: a loop among them must end.
    while let Some(id) = next.filter(|_| names.len() < 16) {
        let Some(Record::DocumentFolder(folder) | Record::PasswordFolder(folder)) = list.get(id).map(AsRef::as_ref)
        else {
            break;
        };
        names.push(folder.name.as_str());
        next = folder.parent_id;
    }
    names.reverse();
    names.join(" › ")
}

fn folder_of(record: &Record) -> Option<u64> {
    match record {
        Record::Document(document) => document.document_folder_id.map(|id| id.0),
        Record::Password(password) => password.password_folder_id.map(|id| id.0),
        _ => None,
    }
}

/// The lists of flexible assets of an organization, one for each type in use, by the type's name.
pub fn asset_lists(organization: OrganizationId, store: &Store) -> Vec<ListKey> {
    let key = |(id, _)| ListKey::FlexibleAssets(organization, gluepot_core::model::FlexibleAssetTypeId(id));
    asset_types(store).into_iter().map(key).collect()
}

/// The asset types in use, by name.
fn asset_types(store: &Store) -> Vec<(u64, Clean)> {
    let mut types: Vec<(u64, Clean)> = store
        .list(ListKey::FlexibleAssetTypes)
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

struct Node {
    name: Clean,
    parent: Option<u64>,
    children: Vec<u64>,
}

/// The folders of an organization, with loops cut and lost parents put at the top.
struct Tree {
    nodes: HashMap<u64, Node>,
    top: Vec<u64>,
    passwords: bool,
    stamp: (u64, usize),
    list: Option<ListKey>,
    /// The folders are being loaded for the first time
    comes: bool,
}

/// Whether a list is on its way and was never here before.
fn first_load(key: ListKey, store: &Store) -> bool {
    let list = store.list(key);
    list.is_loading() && !list.is_complete()
}

impl Tree {
    fn new(list: Option<ListKey>, store: &Store) -> Self {
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
        let mut top = Vec::new();
        for folder in &folders {
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
                    // Deeper than anybody files: treat as a loop rather than walk on.
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
        let names: HashMap<u64, Clean> = nodes.iter().map(|(id, node)| (*id, node.name.clone())).collect();
        let sort = |ids: &mut Vec<u64>| ids.sort_by(|a, b| by_name(&names[a], &names[b]).then(a.cmp(b)));
        sort(&mut top);
        for node in nodes.values_mut() {
            sort(&mut node.children);
        }
        let comes = list.is_some_and(|key| first_load(key, store));
        Self { nodes, top, passwords, stamp, list, comes }
    }

    fn is_useful(&self) -> bool {
        self.list.is_some()
    }

    fn group(&self, id: u64) -> Group {
        if self.passwords { Group::PasswordFolder(id) } else { Group::DocumentFolder(id) }
    }

    fn path_of(&self, record: &Record) -> String {
        let mut names = Vec::new();
        let mut next = folder_of(record);
        while let Some(node) = next.and_then(|id| self.nodes.get(&id)).filter(|_| names.len() < 16) {
            names.push(node.name.as_str());
            next = node.parent;
        }
        names.reverse();
        names.join(" ")
    }

    /// Records in each folder and below it.
    fn totals(&self, in_folder: &HashMap<Option<u64>, Vec<usize>>) -> HashMap<u64, usize> {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::*;
    use gluepot_core::model::{Document, DocumentFolderId, Kind, Row};
    use gluepot_itglue::{Completeness, Page};

    const ORG: OrganizationId = OrganizationId(7);

    fn fill(store: &mut Store, key: ListKey, generation: u64, records: Vec<Record>) {
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

    fn example() -> (Store, ListPane) {
        let mut store = Store::default();
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
    fn drawn(pane: &ListPane, store: &Store) -> Vec<String> {
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
        let mut store = Store::default();
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
        assert!(!late.select_group(Group::DocumentFolder(2), Some(ORG), &Store::default()));
        late.sync(Some(ORG), &store);
        assert_eq!(drawn(&late, &store)[late.selected()], "  ▾ Imaging 1");
    }

    #[test]
    fn pages_that_arrive_one_by_one_give_the_order_of_the_whole() {
        let mut store = Store::default();
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
        let key = RecordKey { kind: Kind::Document, id: 12 };
        assert!(pane.select_record(key, Some(ORG), &store));
        fill(
            &mut store,
            ListKey::Documents(ORG),
            3,
            vec![
                document(12, "Patch day", Some(1)),
                document(14, "A new one", Some(1)),
                document(15, "Backups", Some(2)),
            ],
        );
        pane.sync(Some(ORG), &store);
        assert_eq!(pane.selected_record(&store).map(|r| r.key()), Some(key));
    }

    #[test]
    fn filtering_keeps_the_selected_row_selected_if_it_still_matches() {
        let (store, mut pane) = example();
        pane.select_record(RecordKey { kind: Kind::Document, id: 12 }, Some(ORG), &store);
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
        let mut store = Store::default();
        fill(
            &mut store,
            ListKey::DocumentFolders(ORG),
            1,
            vec![folder(1, "A", Some(2)), folder(2, "B", Some(1)), folder(3, "C", Some(3))],
        );
        fill(
            &mut store,
            ListKey::Documents(ORG),
            2,
            vec![document(10, "In A", Some(1)), document(11, "In C", Some(3))],
        );
        let mut pane = ListPane::new(PaneId::Documents);
        pane.sync(Some(ORG), &store);
        assert_eq!(drawn(&pane, &store), ["▾ A 1", "  ▸ B 0", "  In A", "▾ C 1", "  In C"]);
    }

    #[test]
    fn archived_records_are_hidden_until_asked_for() {
        let mut store = Store::default();
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
}
