//! Fetching: what is requested when, and where responses go.

use std::sync::Arc;

use super::Shell;
use crate::tui::browse::Refreshed;
use crate::tui::browse::list::Tab;
use crate::tui::layout::PaneId;
use crate::tui::message::Message;
use crate::tui::notice::Notice;
use crate::tui::target::{FolderShown, Target};
use crate::tui::tasks::{Slot, Subject};
use gluepot_core::library::{ListEvent, State, Trouble};
use gluepot_core::model::{Content, Kind, ListKey, OrganizationId, RecordKey, Shown};
use gluepot_core::source::Urgency;

/// Above this many asset types the pane waits for Enter before it loads each one's assets.
const TYPES_AT_ONCE: usize = 12;
/// How many rows of a page are looked at for the host of the web app: each has its own address there.
const ROWS_FOR_HOST: usize = 3;
/// The finder loads this many asset types.
const TYPES_FOR_FINDER: usize = 100;

impl Shell {
    /// Loads a list unless it is here and fresh, or loading.
    pub(super) fn want(&mut self, key: ListKey, interactive: bool) {
        if self.cx.tasks.is_running(Slot::List(key)) {
            if interactive {
                self.cx.tasks.hurry(Slot::List(key));
            }
        } else if self.cx.store.list(key).is_wanted(self.now()) {
            self.load(key, interactive);
        }
    }

    /// Loads a list in any case.
    pub(super) fn load(&mut self, key: ListKey, interactive: bool) {
        if self.cx.list_refusal(key).is_some() {
            // The pane says which rule it is, and what can be done.
            self.record_list(key);
            self.cx.dirty = true;
            return;
        }
        let source = self.source.clone();
        let sender = self.cx.tasks.sender();
        let urgency = if interactive { Urgency::interactive() } else { Urgency::background() };
        let now = self.now();
        let id = self.cx.tasks.start(Slot::List(key), Subject::List(key), urgency, |id, cancel, urgency| async move {
            let mut lister = source.list(key, urgency.clone(), cancel);
            while let Some(event) = lister.next().await {
                // The user waits for the first page; the rest loads in the background until it is hurried again.
                urgency.lower();
                let _ = sender.send(Message::List { key, generation: id, event });
            }
        });
        self.cx.store.list_started(key, id, now);
        self.cx.dirty = true;
    }

    /// The lists every organization shows.
    pub(super) fn want_organization(&mut self, id: OrganizationId) {
        self.want(ListKey::DocumentFolders(id), true);
        self.want(ListKey::Documents(id), true);
        self.want(ListKey::Configurations(id), true);
        self.want(ListKey::Passwords(id), true);
        self.want(ListKey::PasswordFolders(id), false);
    }

    /// The name of the open organization may be known now: lists that were held back until then are requested.
    pub(super) fn want_known(&mut self) {
        let Some(id) = self
            .cx
            .organization
            .filter(|_| self.cx.access.policies().concern(gluepot_core::policy::Action::ListPasswords))
        else {
            return;
        };
        self.want(ListKey::Passwords(id), true);
        self.want(ListKey::PasswordFolders(id), false);
    }

    /// Every kind of record an organization has, quietly: for the finder.
    pub(super) fn want_every_kind(&mut self, id: OrganizationId) {
        self.want_organization(id);
        for tab in Tab::ALL {
            if let Some(key) = tab.list(id) {
                self.want(key, false);
            }
        }
        self.want(ListKey::FlexibleAssetTypes(id.source), false);
        for key in crate::tui::browse::list::asset_lists(id, &self.cx.store).into_iter().take(TYPES_FOR_FINDER) {
            self.want(key, false);
        }
    }

    /// What no pane shows any more is cancelled; what has arrived stays.
    pub(super) fn cancel_other_organizations(&mut self, id: OrganizationId) {
        self.cx.tasks.cancel_lists(|key| key.organization().is_some_and(|o| o != id));
        self.cx.tasks.cancel(Slot::Detail);
        self.cx.tasks.cancel(Slot::Sections);
    }

    /// Asks for what the focused pane shows.
    pub(super) fn load_focused(&mut self) {
        self.load_pane(self.cx.frame.focus);
    }

    /// Asks for what a pane shows.
    pub(super) fn load_pane(&mut self, pane: PaneId) {
        let Some(at) = pane.index() else { return };
        let (sources, folders) = {
            let pane = &self.browse.panes[at];
            (pane.sources(self.cx.organization, &self.cx.store), pane.folders(self.cx.organization))
        };
        if let Some(key) = folders {
            self.want(key, true);
        }
        let assets = pane == PaneId::Others && self.browse.panes[at].tab == Tab::Assets;
        if assets {
            self.want_assets();
            return;
        }
        for key in sources {
            self.want(key, true);
        }
    }

    /// The assets of each type, quietly, where there are few types.
    fn want_assets(&mut self) {
        let sources = self.browse.panes[4].sources(self.cx.organization, &self.cx.store);
        if self.browse.panes[4].tab == Tab::Assets && sources.len() <= TYPES_AT_ONCE {
            for key in sources {
                self.want(key, false);
            }
        }
    }

    pub(super) fn list_event(&mut self, key: ListKey, generation: u64, event: Result<ListEvent, Trouble>) {
        let now = self.now();
        let is_page = matches!(event, Ok(ListEvent::Page(_)));
        match event {
            Ok(ListEvent::Page(page)) => {
                for row in page.rows.iter().take(ROWS_FOR_HOST) {
                    if let gluepot_core::model::Row::Record(record) = row {
                        self.learn_web_host(record);
                    }
                }
                if !self.cx.store.list_page(key, generation, page) {
                    return;
                }
            }
            Ok(ListEvent::Restarted) => self.cx.store.list_restarted(key, generation),
            Ok(ListEvent::Done(completeness)) => {
                self.cx.store.list_done(key, generation, completeness, now);
                self.renew_detail();
            }
            Err(error) if error.cancelled() => self.cx.store.list_cancelled(key, generation),
            Err(error) => {
                tracing::warn!(request = error.request(), "a list could not be loaded");
                self.cx.store.list_failed(key, generation, Arc::new(error));
            }
        }
        if matches!(key, ListKey::Organizations(_)) {
            self.want_known();
            self.open_wanted_organization();
        }
        if matches!(key, ListKey::FlexibleAssetTypes(_)) && self.cx.frame.last_list == PaneId::Others {
            self.want_assets();
        }
        if matches!(key, ListKey::FlexibleAssetTypes(_))
            && self.finder_is_open()
            && let Some(id) = self.cx.organization
        {
            self.want_every_kind(id);
        }
        self.refill_finder(key, is_page);
        if !is_page {
            self.tell_refreshed(key);
        }
        if self.cx.is_current(key) {
            self.cx.dirty = true;
            self.look_at_first_rows(key);
        }
    }

    /// The first rows under a cursor that did not move, or that rested before they arrived: the detail what is
    /// looked at.
    fn look_at_first_rows(&mut self, key: ListKey) {
        let (organization, store) = (self.cx.organization, &self.cx.store);
        let waits = (self.reader.detail.target.is_none() || self.browse.rest_unmet) && self.browse.rest.is_none();
        let Some(pane) = self.browse.pane_mut(self.cx.frame.focus) else { return };
        if waits && self.popups.is_empty() && pane.sources(organization, store).contains(&key) {
            pane.sync(organization, store);
            self.browse.moved(&mut self.cx);
        }
    }

    /// A list brought a newer row of the shown record: load the rest of it as well.
    fn renew_detail(&mut self) {
        let Some(target) = self.reader.detail.target else { return };
        let is_outdated = |detail: &gluepot_core::library::Detail| {
            detail.shown.is_some() && matches!(detail.state, gluepot_core::library::State::NotAsked)
        };
        if self.cx.store.detail(target.key).is_some_and(is_outdated) {
            self.fetch_detail(target.key, target.organization);
        }
    }

    pub(super) fn task_ended(&mut self, id: u64, cancelled: bool) {
        let Some((slot, subject)) = self.cx.tasks.ended(id) else { return };
        if cancelled {
            match subject {
                Subject::List(key) => self.cx.store.list_cancelled(key, id),
                Subject::Record(key) => self.cx.store.detail_cancelled(key, id),
                Subject::Sections(key) => self.cx.store.sections_cancelled(key, id),
                Subject::None => {}
            }
            if slot == Slot::Secret {
                self.secret_task_lost(id);
            }
            self.cx.dirty = true;
        } else if let Subject::List(key) = subject {
            // A loader that ended without an end: what it brought is kept, the list counts as not requested.
            self.cx.store.list_cancelled(key, id);
        }
    }

    /// Shows a record in the detail pane, from what is known, and fetches the rest.
    pub(super) fn show(&mut self, target: Target) {
        self.browse.rest = None;
        self.browse.rest_unmet = false;
        if self.reader.detail.target.is_some_and(|old| old.key != target.key) {
            self.hide("another record was opened");
        }
        if !self.reader.detail.show(Some(target))
            && self.reader.detail.doc.is_some()
            && !self.cx.store.detail_wanted(target.key, self.now())
        {
            return;
        }
        self.cx.dirty = true;
        if self.cx.store.detail_wanted(target.key, self.now()) {
            self.fetch_detail(target.key, target.organization);
        } else {
            // The previous record is no longer needed; cancel its load.
            if self.cx.tasks.subject(Slot::Detail) != Some(Subject::Record(target.key)) {
                self.cx.tasks.cancel(Slot::Detail);
            }
            self.fetch_sections(target.key);
        }
        self.prepare_detail();
    }

    /// Shows the folder under the cursor: what was there before is no longer what actions are about.
    pub(super) fn show_folder(&mut self, folder: FolderShown) {
        self.browse.rest = None;
        self.browse.rest_unmet = false;
        self.hide("another record was opened");
        self.cx.tasks.cancel(Slot::Detail);
        self.reader.detail.show(None);
        self.reader.detail.folder = Some(folder);
        self.cx.dirty = true;
    }

    /// Fetches a record with its includes.
    pub(super) fn fetch_detail(&mut self, key: RecordKey, organization: Option<OrganizationId>) {
        if matches!(key.kind, Kind::Expiration | Kind::DocumentFolder) && self.cx.store.record(key).is_some() {
            // The list has all there is of these.
            return;
        }
        if self.cx.view_refusal(key).is_some() {
            self.cx.dirty = true;
            return;
        }
        self.fetch_record(Slot::Detail, key, organization);
        if key.kind == Kind::FlexibleAsset {
            self.want(ListKey::FlexibleAssetTypes(key.source), true);
        }
    }

    /// Requests a single record, for the owner of the slot.
    pub(super) fn fetch_record(&mut self, slot: Slot, key: RecordKey, organization: Option<OrganizationId>) {
        let source = self.source.clone();
        let sender = self.cx.tasks.sender();
        let now = self.now();
        let id =
            self.cx.tasks.start(slot, Subject::Record(key), Urgency::interactive(), |id, cancel, urgency| async move {
                let result = source.show(key, organization, urgency, cancel).await.map(Box::new);
                let _ = sender.send(Message::Detail { key, generation: id, result });
            });
        self.cx.store.detail_started(key, id, now);
        self.cx.dirty = true;
    }

    pub(super) fn detail_event(&mut self, key: RecordKey, generation: u64, result: Result<Box<Shown>, Trouble>) {
        let now = self.now();
        if result.as_ref().is_err_and(Trouble::cancelled) {
            self.cx.store.detail_cancelled(key, generation);
            return;
        }
        let result = result.map(|mut shown| {
            self.learn_web_host(&shown.record);
            // The passwords linked to a record come with it: where they are not to be listed they are dropped here.
            let owner = shown.record.organization_id().map(ListKey::Passwords);
            if owner.is_some_and(|list| self.cx.list_refusal(list).is_some()) && !shown.extras.passwords.is_empty() {
                shown.extras.passwords.clear();
                self.cx.stay.note_stripped(key);
            }
            *shown
        });
        if !self.cx.store.detail_loaded(key, generation, result, now) {
            return;
        }
        if key.kind == Kind::Organization {
            self.want_known();
            self.quick_notes_arrived();
        }
        if self.reader.detail.target.is_some_and(|target| target.key == key) {
            self.cx.dirty = true;
            self.fetch_sections(key);
        }
        if matches!(self.browse.refreshed, Refreshed::Record(wanted) if wanted == key) {
            self.browse.refreshed = Refreshed::Nothing;
            if self.cx.store.detail(key).is_some_and(|detail| matches!(detail.state, State::Ready(_))) {
                let name = self.cx.store.record(key).map(|record| record.name().to_string()).unwrap_or_default();
                self.say(Notice::quiet(format!("{name} refreshed.")));
            }
        }
        if let Some((_, action)) = self.reader.after_detail.take_if(|(wanted, _)| *wanted == key)
            && self.popups.is_empty()
        {
            self.cx.bar.notice = None;
            match self.cx.store.detail(key).map(|detail| (&detail.state, detail.shown.is_some())) {
                Some((State::Failed(error), false)) => {
                    let words = error.told(&self.cx.again());
                    self.say(Notice::error(words));
                }
                _ => self.act(action),
            }
        }
    }

    /// A document that came without content is asked for its sections, once for each answer.
    pub(super) fn fetch_sections(&mut self, key: RecordKey) {
        if self.cx.view_refusal(key).is_some() {
            return;
        }
        let Some(detail) = self.cx.store.detail(key) else { return };
        if !matches!((&detail.state, &detail.sections), (State::Ready(_), State::NotAsked)) || !detail.lacks_text {
            return;
        }
        let source = self.source.clone();
        let sender = self.cx.tasks.sender();
        let subject = Subject::Sections(key);
        let id =
            self.cx.tasks.start(Slot::Sections, subject, Urgency::interactive(), |_, cancel, urgency| async move {
                let result = source.sections(key, urgency, cancel).await;
                let _ = sender.send(Message::Sections { key, result });
            });
        self.cx.store.sections_started(key, id, self.now());
    }

    pub(super) fn sections_event(&mut self, key: RecordKey, result: Result<Content, Trouble>) {
        match result {
            Ok(content) => self.cx.store.set_content(key, content, self.now()),
            Err(error) if error.cancelled() => return,
            Err(error) => self.cx.store.sections_failed(key, Arc::new(error)),
        }
        self.cx.dirty = true;
    }
}
