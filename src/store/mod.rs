//! Everything known so far, by key: the only owner of fetched data.
//!
//! Lists arrive page by page and are kept as [`List`]s under their [`ListKey`]; single records with their
//! related items, attachments and so on are kept as [`Detail`]s under their [`RecordKey`]. Panes hold view state
//! only and look here when they draw. Each list and each detail carries its own state: the program as a whole is
//! never "loading" and never "failed".

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use gluepot_core::model::{
    Content, Document, Kind, ListKey, OrganizationId, RawBody, Record, RecordKey, Row, Shown, SourceId,
};
use gluepot_core::text::Clean;
use gluepot_itglue::{ApiError, Completeness, Page};

/// How long fetched data counts as fresh. Older data is shown with its age and asked for again when opened.
pub const FRESH_FOR: std::time::Duration = std::time::Duration::from_secs(300);

/// Where a list or record stands.
#[derive(Clone, Debug, Default)]
pub enum State {
    /// Nobody asked for it yet, or the load was cancelled.
    #[default]
    NotAsked,
    /// On its way since then.
    Loading(Instant),
    /// All of it is here, since then.
    Ready(Instant),
    /// It could not be fetched; what was there before is kept.
    Failed(Arc<ApiError>),
}

/// A list with its rows and what is known about their completeness.
#[derive(Debug, Default)]
pub struct List {
    /// Where the load stands.
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
    /// Whether a load is under way.
    pub fn is_loading(&self) -> bool {
        matches!(self.state, State::Loading(_))
    }

    /// Whether all rows are here (they may have grown old).
    pub fn is_complete(&self) -> bool {
        self.completeness.is_some()
    }

    /// Whether it should be asked for when somebody looks at it.
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
    fn newest(&self, id: u64) -> Option<(u32, &Arc<Record>)> {
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

/// A single record with its includes.
#[derive(Debug, Default)]
pub struct Detail {
    /// Where the load stands.
    pub state: State,
    /// What the last successful load gave.
    pub shown: Option<Arc<Shown>>,
    /// Whether the last answer was a document without its text: that is asked for apart.
    pub lacks_text: bool,
    /// Where that text stands.
    pub sections: State,
    /// Grows with each answer.
    pub revision: u64,
    /// The number of the answer that `shown` came with
    answer: u32,
    generation: u64,
    sections_generation: u64,
}

/// All fetched data.
#[derive(Debug, Default)]
pub struct Store {
    source: SourceId,
    lists: HashMap<ListKey, List>,
    details: HashMap<RecordKey, Detail>,
    /// Answers so far: which of two is the newer
    answers: u32,
}

static NOTHING: std::sync::LazyLock<List> = std::sync::LazyLock::new(List::default);

impl Store {
    /// An empty store of what an account has.
    pub fn of(source: SourceId) -> Self {
        Self { source, ..Self::default() }
    }

    /// The account it is of.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The list of all organizations.
    pub fn organizations(&self) -> &List {
        self.list(ListKey::Organizations(self.source))
    }

    /// The list under a key; an empty one that nobody asked for when there is none.
    pub fn list(&self, key: ListKey) -> &List {
        self.lists.get(&key).unwrap_or(&NOTHING)
    }

    /// The lists that hold anything, with their keys.
    pub fn lists(&self) -> impl Iterator<Item = (ListKey, &List)> {
        self.lists.iter().map(|(key, list)| (*key, list))
    }

    /// Notes that a load of this list starts. Rows that are there stay until the new ones are complete.
    pub fn list_started(&mut self, key: ListKey, generation: u64, now: Instant) {
        let list = self.lists.entry(key).or_default();
        list.generation = generation;
        list.state = State::Loading(now);
        list.keep_incoming();
        list.incoming = (!list.rows.is_empty() || !list.unreadable.is_empty()).then(Incoming::default);
    }

    /// Files a page under its own key. Answers of a superseded load are dropped.
    pub fn list_page(&mut self, key: ListKey, generation: u64, page: Page) -> bool {
        match self.lists.get_mut(&key) {
            Some(list) if list.generation == generation && list.is_loading() => {
                self.answers += 1;
                list.take(page, self.answers);
                true
            }
            _ => false,
        }
    }

    /// The loader found that the list changed and begins again: what is shown stays until the end.
    pub fn list_restarted(&mut self, key: ListKey, generation: u64) {
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
        {
            list.keep_incoming();
            list.incoming = Some(Incoming::default());
        }
    }

    /// The load is complete.
    pub fn list_done(&mut self, key: ListKey, generation: u64, completeness: Completeness, now: Instant) {
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
        {
            list.swap_in();
            list.completeness = Some(completeness);
            list.fetched = Some(now);
            list.state = State::Ready(now);
            // A detail that an other than the newest row was read from is asked for again when somebody looks at it.
            for (of, detail) in self.details.iter_mut().filter(|(of, _)| key.kind() == Some(of.kind)) {
                let Some(shown) = detail.shown.as_ref().filter(|_| matches!(detail.state, State::Ready(_))) else {
                    continue;
                };
                let changed = |row: &Record| {
                    let at = |record: &Record| record.common().and_then(|common| common.updated_at);
                    row.name() != shown.record.name() || at(row) != at(&shown.record)
                };
                if list.newest(of.id).is_some_and(|(answer, row)| answer > detail.answer && changed(row)) {
                    detail.state = State::NotAsked;
                }
            }
        }
    }

    /// The load failed: the old rows are kept.
    pub fn list_failed(&mut self, key: ListKey, generation: u64, error: Arc<ApiError>) {
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
        {
            list.keep_incoming();
            list.state = State::Failed(error);
        }
    }

    /// The load was cancelled: what has arrived is kept, the list counts as not asked for.
    pub fn list_cancelled(&mut self, key: ListKey, generation: u64) {
        if let Some(list) = self.lists.get_mut(&key)
            && list.generation == generation
            && list.is_loading()
        {
            list.keep_incoming();
            list.state = State::NotAsked;
        }
    }

    /// Forgets which passwords an organization has: their list, their folders, and what was fetched of them or came
    /// linked to other records.
    pub fn forget_passwords(&mut self, organization: OrganizationId) {
        for key in [ListKey::Passwords(organization), ListKey::PasswordFolders(organization)] {
            if let Some(list) = self.lists.get_mut(&key) {
                *list = List { rebuilt: list.rebuilt + 1, generation: list.generation, ..List::default() };
            }
        }
        self.details.retain(|key, detail| {
            let Some(shown) = &detail.shown else { return true };
            let of = shown.record.organization_id() == Some(organization);
            !of || key.kind != Kind::Password && shown.extras.passwords.is_empty()
        });
    }

    /// What is known of a record is not all that may be shown by now: it is asked for when somebody looks at it.
    pub fn detail_outdated(&mut self, key: RecordKey) {
        if let Some(detail) = self.details.get_mut(&key).filter(|detail| matches!(detail.state, State::Ready(_))) {
            detail.state = State::NotAsked;
        }
    }

    /// The detail of a record, when it was ever asked for.
    pub fn detail(&self, key: RecordKey) -> Option<&Detail> {
        self.details.get(&key)
    }

    /// Notes that the detail of a record is being fetched.
    pub fn detail_started(&mut self, key: RecordKey, generation: u64, now: Instant) {
        let detail = self.details.entry(key).or_default();
        detail.generation = generation;
        detail.state = State::Loading(now);
        detail.revision += 1;
    }

    /// Files the answer under its own key, whatever is on the screen by now. Says whether it was taken: the answer of a
    /// superseded load is dropped.
    pub fn detail_loaded(
        &mut self,
        key: RecordKey,
        generation: u64,
        result: Result<Shown, ApiError>,
        now: Instant,
    ) -> bool {
        let Some(detail) = self.details.get_mut(&key).filter(|d| d.generation == generation) else { return false };
        detail.revision += 1;
        match result {
            Ok(mut shown) => {
                // The text of a document that comes without it is asked for apart: what is known of it stays until
                // then, so that a refresh does not blank the page.
                detail.lacks_text = matches!(shown.record.as_ref(), Record::Document(document)
                    if !document.is_uploaded && *document.content == Content::Empty);
                if detail.lacks_text
                    && let Record::Document(document) = shown.record.as_ref()
                    && let Some(Record::Document(before)) = detail.shown.as_ref().map(|s| s.record.as_ref())
                    && *before.content != Content::Empty
                {
                    let document = Document { content: before.content.clone(), ..document.clone() };
                    shown.record = Arc::new(Record::Document(document));
                }
                detail.sections = State::NotAsked;
                self.answers += 1;
                detail.answer = self.answers;
                detail.shown = Some(Arc::new(shown));
                detail.state = State::Ready(now);
            }
            Err(error) => detail.state = State::Failed(Arc::new(error)),
        }
        true
    }

    /// Notes that the sections of a document are being fetched.
    pub fn sections_started(&mut self, key: RecordKey, generation: u64, now: Instant) {
        if let Some(detail) = self.details.get_mut(&key) {
            detail.sections_generation = generation;
            detail.sections = State::Loading(now);
        }
    }

    /// The sections of a document could not be fetched; the text that was there before is kept.
    pub fn sections_failed(&mut self, key: RecordKey, error: Arc<ApiError>) {
        if let Some(detail) = self.details.get_mut(&key) {
            detail.sections = State::Failed(error);
            detail.revision += 1;
        }
    }

    /// A cancelled fetch of sections counts as not asked for.
    pub fn sections_cancelled(&mut self, key: RecordKey, generation: u64) {
        if let Some(detail) = self.details.get_mut(&key)
            && detail.sections_generation == generation
            && matches!(detail.sections, State::Loading(_))
        {
            detail.sections = State::NotAsked;
        }
    }

    /// Files the sections of a document whose record came without content.
    pub fn set_content(&mut self, key: RecordKey, content: Content, now: Instant) {
        let Some(detail) = self.details.get_mut(&key) else { return };
        detail.sections = State::Ready(now);
        detail.revision += 1;
        let Some(shown) = detail.shown.as_ref() else { return };
        if let Record::Document(document) = shown.record.as_ref() {
            let document = Document { content: Arc::new(content), ..document.clone() };
            let record = Arc::new(Record::Document(document));
            detail.shown = Some(Arc::new(Shown { record, extras: shown.extras.clone() }));
        }
    }

    /// A cancelled load returns to "not asked", or to what was there before.
    pub fn detail_cancelled(&mut self, key: RecordKey, generation: u64) {
        if let Some(detail) = self.details.get_mut(&key).filter(|d| d.generation == generation)
            && matches!(detail.state, State::Loading(_))
        {
            detail.state = State::NotAsked;
            detail.revision += 1;
        }
    }

    /// Whether the detail should be fetched when somebody looks at it.
    pub fn detail_wanted(&self, key: RecordKey, now: Instant) -> bool {
        match self.details.get(&key).map(|d| &d.state) {
            None | Some(State::NotAsked) => true,
            Some(State::Ready(at)) => now.duration_since(*at) > FRESH_FOR,
            Some(State::Loading(_) | State::Failed(_)) => false,
        }
    }

    /// The freshest form of a record that is known: shown by itself, or as a row of a list, whichever came last. What it
    /// says of itself is judged by (policies, names, whose it is); its text is in [`Self::whole`].
    pub fn record(&self, key: RecordKey) -> Option<&Arc<Record>> {
        let detail = self.details.get(&key).and_then(|d| Some((d.answer, &d.shown.as_ref()?.record)));
        let rows = self.lists.iter().filter(|(list, _)| list.kind() == Some(key.kind));
        let rows = rows.filter_map(|(_, list)| list.newest(key.id));
        // Of two that came with one number none is newer: that cannot be.
        rows.chain(detail).max_by_key(|(answer, _)| *answer).map(|(_, record)| record)
    }

    /// A record with all of its text, for reading: rows of lists have it cut off or not at all. Older than
    /// [`Self::record`] while the detail is asked for again.
    pub fn whole(&self, key: RecordKey) -> Option<&Arc<Record>> {
        let detail = self.details.get(&key).and_then(|d| d.shown.as_ref()).map(|shown| &shown.record);
        detail.or_else(|| self.record(key))
    }

    /// A folder as it is known last.
    pub fn folder(&self, list: ListKey, id: u64) -> Option<&Arc<Record>> {
        self.list(list).newest(id).map(|(_, record)| record)
    }

    /// The quick notes of an organization as whole as they are known, and whether they are only a beginning: the list
    /// cuts them, the record by itself has all. Those of the record count while they begin as the list says.
    pub fn quick_notes(&self, id: OrganizationId) -> Option<(&RawBody, bool)> {
        /// What surely stands before the cut, in characters
        const COMPARED: usize = 240;
        let Some(Record::Organization(row)) = self.record(id.key()).map(AsRef::as_ref) else { return None };
        if !row.quick_notes_cut {
            return Some((&row.quick_notes, false));
        }
        let begins =
            |notes: &RawBody| notes.source().chars().take(COMPARED).eq(row.quick_notes.source().chars().take(COMPARED));
        let shown = self.detail(id.key()).and_then(|detail| detail.shown.as_ref()).map(|shown| shown.record.as_ref());
        match shown {
            Some(Record::Organization(whole)) if begins(&whole.quick_notes) => Some((&whole.quick_notes, false)),
            _ => Some((&row.quick_notes, true)),
        }
    }

    /// An organization that is known from the list of organizations or by itself.
    pub fn organization(&self, id: OrganizationId) -> Option<&gluepot_core::model::Organization> {
        as_organization(self.record(id.key())?)
    }

    /// The same with all of its notes ([`Self::whole`]).
    pub fn organization_in_full(&self, id: OrganizationId) -> Option<&gluepot_core::model::Organization> {
        as_organization(self.whole(id.key())?)
    }
}

fn as_organization(record: &Record) -> Option<&gluepot_core::model::Organization> {
    match record {
        Record::Organization(organization) => Some(organization),
        _ => None,
    }
}

/// The names of a record's folders, outermost first, joined by ` › `.
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

/// The folder a record is in.
pub fn folder_of(record: &Record) -> Option<u64> {
    match record {
        Record::Document(document) => document.document_folder_id.map(|id| id.0),
        Record::Password(password) => password.password_folder_id.map(|id| id.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gluepot_core::model::Organization;

    fn row(id: u64) -> Row {
        Row::Record(Arc::new(Record::Organization(Organization { id, ..Organization::default() })))
    }

    fn page(ids: &[u64]) -> Page {
        Page { rows: ids.iter().copied().map(row).collect(), total: Some(4), refused: 0, number: 1, more: true }
    }

    const KEY: ListKey = ListKey::Organizations(SourceId::NONE);

    fn ids(store: &Store) -> Vec<u64> {
        store.list(KEY).rows.iter().map(|r| r.id()).collect()
    }

    #[test]
    fn a_first_load_shows_its_pages_as_they_arrive() {
        let mut store = Store::default();
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
        let mut store = Store::default();
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
        let mut store = Store::default();
        let now = Instant::now();
        store.list_started(KEY, 1, now);
        store.list_started(KEY, 2, now);
        assert!(!store.list_page(KEY, 1, page(&[9])));
        assert!(ids(&store).is_empty());
    }

    #[test]
    fn a_cancelled_load_keeps_its_rows_and_is_not_asked_for() {
        let mut store = Store::default();
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
        Shown {
            record: Arc::new(Record::Organization(named(id, name))),
            extras: gluepot_core::model::Extras::default(),
        }
    }

    fn name_of(store: &Store, id: u64) -> String {
        let key = RecordKey::new(SourceId::NONE, Kind::Organization, id);
        store.record(key).map(|record| record.name().to_string()).unwrap_or_default()
    }

    #[test]
    fn of_a_detail_and_a_row_the_one_that_came_last_is_what_is_known() {
        let key = RecordKey::new(SourceId::NONE, Kind::Organization, 1);
        let (mut store, now) = (Store::default(), Instant::now());
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
        let (mut store, now) = (Store::default(), Instant::now());
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
                    let error =
                        ApiError::new(gluepot_itglue::Failure::NotFound, &"GET /".into(), &Clean::line("us"), "");
                    store.list_failed(KEY, 2, Arc::new(error));
                }
            }
            assert_eq!([name_of(&store, 1), name_of(&store, 2)], ["new", "other"], "{end}");
        }
    }
}
