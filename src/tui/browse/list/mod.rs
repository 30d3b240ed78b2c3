//! A list pane: rows of one or more lists of the store, as a tree or flat, filtered, sorted, with a cursor that
//! stays on its record whatever happens to the rows around it.
//!
//! The pane holds view state only. [`ListPane::sync`] rebuilds the rows when the store, the filter or the order
//! changed, and does nothing when they did not.

mod build;
mod cursor;
mod tab;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use crate::present::format;
use crate::present::row::Sort;
use crate::search::Index;
use crate::tui::layout::PaneId;
use crate::tui::target::Group;
use crate::tui::widgets::field::Field;
use gluepot_core::library::Library;
pub use tab::Tab;
pub use tree::asset_lists;

use gluepot_core::lookalike::{self, Names};
use gluepot_core::model::{ListKey, OrganizationId, Record, RecordKey};
use gluepot_core::text::Clean;

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
    /// An unreadable row from the server
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

/// What the rows were built from: nothing is done while it stays the same.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Stamp {
    sources: Vec<(ListKey, u64, usize, usize)>,
    /// The folders are loading for the first time
    folders_come: bool,
    filter: String,
    sort: Option<Sort>,
    archived: bool,
    folds: u64,
    /// Where it distinguishes rows
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
    /// The day from which dates count
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
    pub fn sources(&self, organization: Option<OrganizationId>, store: &Library) -> Vec<ListKey> {
        match (self.id, organization) {
            (PaneId::Organizations, _) => vec![ListKey::Organizations(store.source())],
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
            (PaneId::Others, Some(o)) if self.tab == Tab::Assets => Some(ListKey::FlexibleAssetTypes(o.source)),
            _ => None,
        }
    }

    /// Whether a row is kept for the filter.
    pub fn shows_filter(&self) -> bool {
        self.filtering || !self.filter.text().is_empty()
    }

    /// Forgets the filter.
    pub fn clear_filter(&mut self) -> bool {
        let was = !self.filter.text().is_empty() || self.filtering;
        self.filter = Field::default();
        self.filtering = false;
        was
    }

    /// Whether the name of a row can be taken for another name of its list.
    pub fn is_alike(&self, list: ListKey, at: usize) -> bool {
        self.indexes
            .get(&list)
            .is_some_and(|indexed| indexed.looks.get(at).is_some_and(|looks| indexed.names.is_shared(*looks)))
    }

    /// Another record of the same list whose name can be taken for that of this one.
    pub fn twin<'a>(&self, record: &Record, store: &'a Library) -> Option<&'a std::sync::Arc<Record>> {
        let looks = lookalike::looks(record.name());
        self.indexes.iter().filter(|(_, indexed)| indexed.names.is_shared(looks)).find_map(|(key, indexed)| {
            let rows = &store.list(*key).rows;
            let alike = indexed.looks.iter().zip(rows).filter(|(other, _)| **other == looks).map(|(_, row)| row);
            alike.clone().any(|row| row.key() == record.key()).then_some(())?;
            alike.into_iter().find(|row| row.name() != record.name())
        })
    }
}
