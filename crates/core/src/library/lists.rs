//! Lists: their rows, how far they are loaded, and what came last.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Completeness, Library, Page, Trouble};
use crate::model::{ListKey, Record, Row};
use crate::text::Clean;

/// How long fetched data counts as fresh. Older data is shown with its age and loaded again when opened.
pub const FRESH_FOR: Duration = Duration::from_secs(300);

/// The loading state of a list or record.
#[derive(Clone, Debug, Default)]
pub enum State {
    /// Not requested yet, or the load was cancelled.
    #[default]
    NotAsked,
    /// Loading since then.
    Loading(Instant),
    /// All of it is here, since then.
    Ready(Instant),
    /// It could not be fetched; what was there before is kept.
    Failed(Arc<Trouble>),
}

/// A list with its rows and what is known about their completeness.
#[derive(Debug, Default)]
pub struct List {
    /// The loading state.
    pub state: State,
    /// The records, in the server's order.
    pub rows: Vec<Arc<Record>>,
    /// Rows that could not be read: id where known, and why.
    pub unreadable: Vec<(Option<u64>, Clean)>,
    /// How many there are by the server's count.
    pub total: Option<usize>,
    /// What the loader said at the end.
    pub completeness: Option<Completeness>,
    /// Rows of another organization that were refused.
    pub refused: usize,
    /// Grows whenever `rows` or `unreadable` change in another way than by appending.
    pub rebuilt: u64,
    /// Grows with every change of the list, in step with all others of the library: what was made from an older revision
    /// is made again.
    pub revision: u64,
    /// When the rows shown were fetched: older than `state` while a refresh runs.
    pub fetched: Option<Instant>,
    /// The load that was started last: answers of older ones are dropped.
    generation: u64,
    seen: HashSet<u64>,
    by_id: HashMap<u64, usize>,
    /// The number of the answer that each row came with
    answers: Vec<u32>,
    /// Rows of a refresh or a restarted load; they take the place of `rows` at its end.
    incoming: Option<Incoming>,
}

#[derive(Debug, Default)]
struct Incoming {
    rows: Vec<Arc<Record>>,
    by_id: HashMap<u64, usize>,
    answers: Vec<u32>,
    unreadable: Vec<(Option<u64>, Clean)>,
    refused: usize,
}

impl List {
    /// Whether it is loading.
    pub fn is_loading(&self) -> bool {
        matches!(self.state, State::Loading(_))
    }

    /// Whether all rows are here (they may have grown old).
    pub fn is_complete(&self) -> bool {
        self.completeness.is_some()
    }

    /// Whether it should be loaded when it is shown.
    pub fn is_wanted(&self, now: Instant) -> bool {
        match self.state {
            State::NotAsked => true,
            State::Ready(at) => now.duration_since(at) > FRESH_FOR,
            State::Loading(_) | State::Failed(_) => false,
        }
    }

    /// The record with this id.
    pub fn get(&self, id: u64) -> Option<&Arc<Record>> {
        self.by_id.get(&id).and_then(|&at| self.rows.get(at))
    }

    /// The newest row with this id, and the number of the answer it came with: what a refresh brought counts before all
    /// of it is here.
    pub(super) fn newest(&self, id: u64) -> Option<(u32, &Arc<Record>)> {
        let incoming = self.incoming.as_ref().and_then(|incoming| {
            let at = *incoming.by_id.get(&id)?;
            Some((*incoming.answers.get(at)?, incoming.rows.get(at)?))
        });
        let shown = || {
            let at = *self.by_id.get(&id)?;
            Some((*self.answers.get(at)?, self.rows.get(at)?))
        };
        incoming.or_else(shown)
    }

    /// An empty list in its place, to which answers of the load under way still belong.
    pub(super) fn forgotten(&self, revision: u64) -> Self {
        Self { revision, rebuilt: self.rebuilt + 1, generation: self.generation, ..Self::default() }
    }

    /// A refresh ended early: of what it brought, the rows that were here before are kept as they are now.
    fn keep_incoming(&mut self) {
        let Some(incoming) = self.incoming.take() else { return };
        for (record, answer) in incoming.rows.into_iter().zip(incoming.answers) {
            if let Some(&at) = self.by_id.get(&record.id()) {
                (self.rows[at], self.answers[at]) = (record, answer);
                self.rebuilt += 1;
            }
        }
    }

    fn take(&mut self, page: Page, answer: u32) {
        self.total = page.total.or(self.total);
        if let Some(incoming) = &mut self.incoming {
            incoming.refused += page.refused;
            for row in page.rows {
                match row {
                    Row::Record(record) => {
                        if let std::collections::hash_map::Entry::Vacant(place) = incoming.by_id.entry(record.id()) {
                            place.insert(incoming.rows.len());
                            incoming.rows.push(record);
                            incoming.answers.push(answer);
                        }
                    }
                    Row::Unreadable { id, why } => incoming.unreadable.push((id, why)),
                }
            }
            return;
        }
        self.refused += page.refused;
        self.fetched = Some(Instant::now());
        for row in page.rows {
            match row {
                Row::Record(record) => {
                    if self.seen.insert(record.id()) {
                        self.by_id.insert(record.id(), self.rows.len());
                        self.rows.push(record);
                        self.answers.push(answer);
                    }
                }
                Row::Unreadable { id, why } => {
                    if id.is_none_or(|id| self.seen.insert(id)) {
                        self.unreadable.push((id, why));
                        self.rebuilt += 1;
                    }
                }
            }
        }
    }

    fn swap_in(&mut self) {
        let Some(incoming) = self.incoming.take() else { return };
        self.rows = incoming.rows;
        self.unreadable = incoming.unreadable;
        self.answers = incoming.answers;
        self.refused = incoming.refused;
        self.fetched = Some(Instant::now());
        self.index();
        self.rebuilt += 1;
    }

    fn index(&mut self) {
        self.by_id = self.rows.iter().enumerate().map(|(at, record)| (record.id(), at)).collect();
        self.seen = self.by_id.keys().copied().collect();
    }
}

static NOTHING: std::sync::LazyLock<List> = std::sync::LazyLock::new(List::default);

impl Library {
    /// The list of all organizations.
    pub fn organizations(&self) -> &List {
        self.list(ListKey::Organizations(self.source))
    }

    /// The list under a key; an empty one that was not requested if there is none.
    pub fn list(&self, key: ListKey) -> &List {
        self.lists.get(&key).unwrap_or(&NOTHING)
    }

    /// The lists that hold anything, with their keys.
    pub fn lists(&self) -> impl Iterator<Item = (ListKey, &List)> {
        self.lists.iter().map(|(key, list)| (*key, list))
    }

    /// Notes that a load of this list starts. Rows that are there stay until the new ones are complete.
    pub fn list_started(&mut self, key: ListKey, generation: u64, now: Instant) {
        let revision = self.next_revision();
        let list = self.lists.entry(key).or_default();
        list.revision = revision;
        list.generation = generation;
        list.state = State::Loading(now);
        list.keep_incoming();
        list.incoming = (!list.rows.is_empty() || !list.unreadable.is_empty()).then(Incoming::default);
    }

    /// Files a page under its own key. Answers of a superseded load are dropped.
    pub fn list_page(&mut self, key: ListKey, generation: u64, page: Page) -> bool {
        let revision = self.next_revision();
        let Some(list) = self.lists.get_mut(&key).filter(|list| list.generation == generation && list.is_loading())
        else {
            return false;
        };
        self.answers += 1;
        list.revision = revision;
        if key.kind().is_some() {
            let of = page.rows.iter().filter_map(|row| match row {
                Row::Record(record) => Some(record.key()),
                Row::Unreadable { .. } => None,
            });
            self.places.add(key, of);
        }
        list.take(page, self.answers);
        true
    }

    /// The loader found that the list changed and begins again: what is shown stays until the end.
    pub fn list_restarted(&mut self, key: ListKey, generation: u64) {
        let revision = self.next_revision();
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
        {
            list.revision = revision;
            list.keep_incoming();
            list.incoming = Some(Incoming::default());
        }
    }

    /// The load is complete.
    pub fn list_done(&mut self, key: ListKey, generation: u64, completeness: Completeness, now: Instant) {
        let revision = self.next_revision();
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
        {
            list.revision = revision;
            list.swap_in();
            list.completeness = Some(completeness);
            list.fetched = Some(now);
            list.state = State::Ready(now);
            self.outdate_details(key);
        }
    }

    /// The load failed: the old rows are kept.
    pub fn list_failed(&mut self, key: ListKey, generation: u64, error: Arc<Trouble>) {
        let revision = self.next_revision();
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
        {
            list.revision = revision;
            list.keep_incoming();
            list.state = State::Failed(error);
        }
    }

    /// The load was cancelled: what has arrived is kept, the list counts as not requested.
    pub fn list_cancelled(&mut self, key: ListKey, generation: u64) {
        let revision = self.next_revision();
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
            && list.is_loading()
        {
            list.revision = revision;
            list.keep_incoming();
            list.state = State::NotAsked;
        }
    }
}
