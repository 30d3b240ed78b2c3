//! Single records with what hangs on them.

use std::sync::Arc;
use std::time::Instant;

use super::lists::{FRESH_FOR, State};
use super::{Library, Trouble};
use crate::model::{Content, Document, Kind, ListKey, OrganizationId, Record, RecordKey, Shown};

/// A single record with its includes.
#[derive(Debug, Default)]
pub struct Detail {
    /// The loading state.
    pub state: State,
    /// What the last successful load gave.
    pub shown: Option<Arc<Shown>>,
    /// Whether the last answer was a document without its text: it is requested separately.
    pub lacks_text: bool,
    /// The loading state of that text.
    pub sections: State,
    /// Grows with each answer, in step with everything else of the library.
    pub revision: u64,
    /// The number of the answer that `shown` came with
    pub(super) answer: u32,
    generation: u64,
    sections_generation: u64,
}

impl Library {
    /// More of a record may be shown by now than is known: it is loaded when it is shown.
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
        let revision = self.next_revision();
        let detail = self.details.entry(key).or_default();
        detail.generation = generation;
        detail.state = State::Loading(now);
        detail.revision = revision;
    }

    /// Files the answer under its own key, whatever is on the screen by now. Says whether it was taken: the answer of a
    /// superseded load is dropped.
    pub fn detail_loaded(
        &mut self,
        key: RecordKey,
        generation: u64,
        result: Result<Shown, Trouble>,
        now: Instant,
    ) -> bool {
        let revision = self.next_revision();
        let Some(detail) = self.details.get_mut(&key).filter(|d| d.generation == generation) else { return false };
        detail.revision = revision;
        match result {
            Ok(mut shown) => {
                // The text of a document that comes without it is requested separately: what is known of it stays until
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
    pub fn sections_failed(&mut self, key: RecordKey, error: Arc<Trouble>) {
        let revision = self.next_revision();
        if let Some(detail) = self.details.get_mut(&key) {
            detail.sections = State::Failed(error);
            detail.revision = revision;
        }
    }

    /// A cancelled fetch of sections counts as not requested.
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
        let revision = self.next_revision();
        let Some(detail) = self.details.get_mut(&key) else { return };
        detail.sections = State::Ready(now);
        detail.revision = revision;
        let Some(shown) = detail.shown.as_ref() else { return };
        if let Record::Document(document) = shown.record.as_ref() {
            let document = Document { content: Arc::new(content), ..document.clone() };
            let record = Arc::new(Record::Document(document));
            detail.shown = Some(Arc::new(Shown { record, extras: shown.extras.clone() }));
        }
    }

    /// A cancelled load returns to "not asked", or to what was there before.
    pub fn detail_cancelled(&mut self, key: RecordKey, generation: u64) {
        let revision = self.next_revision();
        if let Some(detail) = self.details.get_mut(&key).filter(|d| d.generation == generation)
            && matches!(detail.state, State::Loading(_))
        {
            detail.state = State::NotAsked;
            detail.revision = revision;
        }
    }

    /// Whether the detail should be loaded when it is shown.
    pub fn detail_wanted(&self, key: RecordKey, now: Instant) -> bool {
        match self.details.get(&key).map(|d| &d.state) {
            None | Some(State::NotAsked) => true,
            Some(State::Ready(at)) => now.duration_since(*at) > FRESH_FOR,
            Some(State::Loading(_) | State::Failed(_)) => false,
        }
    }

    /// Outdates what was read of records of which a list that is complete now has brought something newer.
    pub(super) fn outdate_details(&mut self, key: ListKey) {
        let Some(list) = self.lists.get(&key) else { return };
        // A detail that is older than the newest row is loaded again when it is shown.
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

    /// Forgets which passwords an organization has: their list, their folders, and what was fetched of them or came
    /// linked to other records.
    pub fn forget_passwords(&mut self, organization: OrganizationId) {
        let revision = self.next_revision();
        for key in [ListKey::Passwords(organization), ListKey::PasswordFolders(organization)] {
            if let Some(list) = self.lists.get_mut(&key) {
                *list = list.forgotten(revision);
            }
        }
        self.details.retain(|key, detail| {
            let Some(shown) = &detail.shown else { return true };
            let of = shown.record.organization_id() == Some(organization);
            !of || key.kind != Kind::Password && shown.extras.passwords.is_empty()
        });
    }
}
