//! Related items: which records people linked, found from either end.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::row::Link;
use super::table::Table;

/// The first id given to links.
const FIRST_LINK: u64 = 5_520_001;

/// All links, by id and by both their ends.
#[derive(Clone, Default)]
pub(super) struct Links {
    by_id: BTreeMap<u64, Link>,
    by_end: HashMap<(Table, u64), BTreeSet<u64>>,
}

impl Links {
    /// Relates two records; `None` when they are related already, in whichever direction.
    pub(super) fn relate(&mut self, from: (Table, u64), to: (Table, u64), notes: &str) -> Option<u64> {
        let related =
            self.of(from).any(|link| (link.from, link.to) == (from, to) || (link.from, link.to) == (to, from));
        if related {
            return None;
        }
        let id = self.by_id.keys().next_back().map_or(FIRST_LINK, |last| last + 1);
        self.by_id.insert(id, Link { id, from, to, notes: notes.to_owned() });
        self.by_end.entry(from).or_default().insert(id);
        self.by_end.entry(to).or_default().insert(id);
        Some(id)
    }

    /// Takes a link away. Says whether it was there.
    pub(super) fn unrelate(&mut self, link: u64) -> bool {
        let Some(link) = self.by_id.remove(&link) else { return false };
        for end in [link.from, link.to] {
            if let Some(links) = self.by_end.get_mut(&end) {
                links.remove(&link.id);
            }
        }
        true
    }

    /// A link.
    pub(super) fn get(&self, id: u64) -> Option<&Link> {
        self.by_id.get(&id)
    }

    /// Changes the notes of a link. Says whether it was there.
    pub(super) fn set_notes(&mut self, id: u64, notes: &str) -> bool {
        self.by_id.get_mut(&id).map(|link| notes.clone_into(&mut link.notes)).is_some()
    }

    /// The links of a record, those made on the other side included, oldest first.
    pub(super) fn of(&self, record: (Table, u64)) -> impl Iterator<Item = &Link> {
        self.by_end.get(&record).into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }
}
