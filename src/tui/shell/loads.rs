//! Fetching: what is asked for when, and where answers go.

use std::sync::Arc;
use std::time::Instant;

use super::Shell;
use crate::store::State;
use crate::tui::browse::Refreshed;
use crate::tui::browse::list::Tab;
use crate::tui::cards;
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::message::Message;
use crate::tui::notice::Notice;
use crate::tui::reader::detail::Stamp;
use crate::tui::target::{FolderShown, Target};
use crate::tui::tasks::{Slot, Subject};
use gluepot_body::{Doc, LayoutOptions, record_of_path};
use gluepot_core::model::{Content, Kind, ListKey, OrganizationId, Record, RecordKey, Shown};
use gluepot_itglue::{ApiError, ListEvent, Urgency};

/// Bodies larger than this are parsed in the background.
const LARGE_BODY: usize = 64 * 1024;
/// Above so many asset types the pane waits for Enter before it asks for each one's assets.
const TYPES_AT_ONCE: usize = 12;
/// How many rows of a page are looked at for the host of the web app: each has its own address there.
const ROWS_FOR_HOST: usize = 3;
/// Hosts of the web app beyond this many are not learnt: an account has one, and perhaps one of its own domain.
const MOST_HOSTS: usize = 4;
/// So many asset types are asked for by the finder.
const TYPES_FOR_FINDER: usize = 100;

impl Shell {
    /// Loads a list unless it is here and fresh, or on its way.
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
        let client = self.client.clone();
        let sender = self.cx.tasks.sender();
        let urgency = if interactive { Urgency::interactive() } else { Urgency::background() };
        let now = self.now();
        let id = self.cx.tasks.start(Slot::List(key), Subject::List(key), urgency, |id, cancel, urgency| async move {
            let mut lister = client.list(key, urgency.clone(), cancel);
            while let Some(event) = lister.next().await {
                // What somebody waits for is the first page; the rest comes quietly until it is hurried again.
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

    /// The name of the open organization may be known now: lists that were held back until then are asked for.
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

    pub(super) fn list_event(&mut self, key: ListKey, generation: u64, event: Result<ListEvent, ApiError>) {
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
            // The first rows under a cursor that nobody moved, or that came to rest before they were there: they are
            // what is looked at.
            if self
                .pane(self.cx.frame.focus)
                .is_some_and(|pane| pane.sources(self.cx.organization, &self.cx.store).contains(&key))
                && (self.reader.detail.target.is_none() || self.browse.rest_unmet)
                && self.browse.rest.is_none()
                && self.popups.is_empty()
            {
                let organization = self.cx.organization;
                if let Some(at) = self.cx.frame.focus.index() {
                    self.browse.panes[at].sync(organization, &self.cx.store);
                }
                self.browse.moved(&mut self.cx);
            }
        }
    }

    /// A list brought a newer row of the record that is shown: the rest of it is asked for, too.
    fn renew_detail(&mut self) {
        let Some(target) = self.reader.detail.target else { return };
        let is_outdated = |detail: &crate::store::Detail| {
            detail.shown.is_some() && matches!(detail.state, crate::store::State::NotAsked)
        };
        if self.cx.store.detail(target.key).is_some_and(is_outdated) {
            self.fetch_detail(target.key, target.organization);
        }
    }

    /// Says that the lists that were asked for again are here. What went wrong stands in their pane.
    fn tell_refreshed(&mut self, key: ListKey) {
        let Refreshed::Lists(keys) = &self.browse.refreshed else { return };
        if !keys.contains(&key) || keys.iter().any(|&key| self.cx.store.list(key).is_loading()) {
            return;
        }
        let arrived = keys.iter().all(|&key| matches!(self.cx.store.list(key).state, State::Ready(_)));
        let words = keys.first().map(|key| format!("{} refreshed.", crate::tui::format::capital(key.word())));
        self.browse.refreshed = Refreshed::Nothing;
        if let Some(words) = words.filter(|_| arrived) {
            self.say(Notice::quiet(words));
        }
    }

    /// Opens the organization named at the start as soon as a row fits it for certain; at the end of the list also
    /// when it fits only one.
    fn open_wanted_organization(&mut self) {
        let Some(wanted) = self.browse.wanted_organization.clone() else {
            // A lock by name has found its organization.
            if let (Some(id), None) = (self.client.locked_to(), self.cx.organization) {
                self.open_organization(id);
            }
            return;
        };
        if let Some(id) = self.client.locked_to().filter(|id| wanted == id.to_string()) {
            self.browse.wanted_organization = None;
            return self.open_organization(id);
        }
        let list = self.cx.store.organizations();
        let names = |record: &Arc<Record>| match record.as_ref() {
            Record::Organization(o) => Some((o.organization_id(), o.name.to_lowercase(), o.short_name.to_lowercase())),
            _ => None,
        };
        let wish = wanted.trim().to_lowercase();
        let exact: Vec<OrganizationId> = list
            .rows
            .iter()
            .filter_map(names)
            .filter(|(_, name, short)| *name == wish || (!short.is_empty() && *short == wish))
            .map(|(id, ..)| id)
            .collect();
        let ended = list.is_complete() || matches!(list.state, State::Failed(_));
        // While rows still come, a second organization of the same name may be among them.
        let found = match (exact.as_slice(), ended) {
            ([only], true) => Some(*only),
            (_, false) => return,
            ([], true) => {
                let near: Vec<OrganizationId> = list
                    .rows
                    .iter()
                    .filter_map(names)
                    .filter(|(_, name, _)| name.contains(&wish))
                    .map(|(id, ..)| id)
                    .collect();
                if let [only] = near.as_slice() { Some(*only) } else { None }
            }
            _ => None,
        };
        match found {
            Some(id) => self.open_organization(id),
            // What was asked for at the start is kept until the list is there or another organization is opened.
            None if matches!(list.state, State::Failed(_)) => {}
            None if self.client.is_locked() => {
                self.browse.wanted_organization = None;
                let clean = gluepot_core::text::Clean::line(&wanted);
                self.say(Notice::error(format!(
                    "Not opened: {clean} is not the organization this run is locked to ({} says by what).",
                    self.cx.hint(Action::Status)
                )));
            }
            None => {
                // Nothing or too much fits: the choice is the user's, with what was asked for typed already.
                self.browse.wanted_organization = None;
                self.browse.panes[0].filter = crate::tui::widgets::field::Field::with(&wanted);
                self.browse.panes[0].filter_typed();
                let clean = gluepot_core::text::Clean::line(&wanted);
                // What holds the name nowhere is no match, whatever letters it shares.
                let near = list.rows.iter().filter_map(names).any(|(_, name, _)| name.contains(&wish));
                let words = if exact.is_empty() && near {
                    format!("No client named \"{clean}\". Closest matches:")
                } else if exact.is_empty() {
                    format!("No client named \"{clean}\". {} shows all clients.", self.cx.hint(Action::Back))
                } else {
                    format!("{} clients named \"{clean}\". Select one.", exact.len())
                };
                self.say(Notice::warning(words));
            }
        }
    }

    /// Whether it is still being found out what an organization is called.
    pub(super) fn is_finding(&self, id: OrganizationId) -> bool {
        let key = id.key();
        self.cx.store.organizations().is_loading() || self.cx.tasks.subject(Slot::Detail) == Some(Subject::Record(key))
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
            // A loader that ended without an end: what it brought is kept, the list counts as not asked for.
            self.cx.store.list_cancelled(key, id);
        }
    }

    /// When the loads that the screen shows began.
    pub(super) fn visible_loads(&self) -> impl Iterator<Item = Instant> + '_ {
        let lists = self.cx.frame.areas.lists.iter().filter_map(|(id, _)| self.pane(*id)).flat_map(|pane| {
            pane.sources(self.cx.organization, &self.cx.store)
                .into_iter()
                .chain(pane.folders(self.cx.organization))
                .filter_map(|key| match self.cx.store.list(key).state {
                    State::Loading(since) => Some(since),
                    _ => None,
                })
                .collect::<Vec<_>>()
        });
        let detail = self.reader.detail.target.and_then(|t| self.cx.store.detail(t.key)).and_then(|d| {
            match (&d.state, &d.sections) {
                (State::Loading(since), _) | (_, State::Loading(since)) => Some(*since),
                _ => None,
            }
        });
        lists.chain(detail.filter(|_| self.cx.frame.areas.detail.is_some()))
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
            // Nobody waits for the one before any more.
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

    /// Asks for a record by itself, for whoever owns the slot.
    pub(super) fn fetch_record(&mut self, slot: Slot, key: RecordKey, organization: Option<OrganizationId>) {
        let client = self.client.clone();
        let sender = self.cx.tasks.sender();
        let now = self.now();
        let id =
            self.cx.tasks.start(slot, Subject::Record(key), Urgency::interactive(), |id, cancel, urgency| async move {
                let result = client.show(key, organization, urgency, cancel).await.map(Box::new);
                let _ = sender.send(Message::Detail { key, generation: id, result });
            });
        self.cx.store.detail_started(key, id, now);
        self.cx.dirty = true;
    }

    pub(super) fn detail_event(&mut self, key: RecordKey, generation: u64, result: Result<Box<Shown>, ApiError>) {
        let now = self.now();
        if result.as_ref().is_err_and(ApiError::cancelled) {
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
        let client = self.client.clone();
        let sender = self.cx.tasks.sender();
        let subject = Subject::Sections(key);
        let id =
            self.cx.tasks.start(Slot::Sections, subject, Urgency::interactive(), |_, cancel, urgency| async move {
                let result = client.sections(key.id, urgency, cancel).await;
                let _ = sender.send(Message::Sections { key, result });
            });
        self.cx.store.sections_started(key, id, self.now());
    }

    pub(super) fn sections_event(&mut self, key: RecordKey, result: Result<Content, ApiError>) {
        match result {
            Ok(content) => self.cx.store.set_content(key, content, self.now()),
            Err(error) if error.cancelled() => return,
            Err(error) => self.cx.store.sections_failed(key, Arc::new(error)),
        }
        self.cx.dirty = true;
    }

    /// Takes the host of the web app from a record's own address there, so that links lead to records without a setting
    /// and also on a custom domain. Only the server writes that address, and it has to name the record.
    fn learn_web_host(&mut self, record: &Record) {
        let address = record.common().map(|common| common.resource_url.as_str()).unwrap_or_default();
        let Ok(url) = url::Url::parse(address) else { return };
        let Some(host) = url.domain().map(str::to_ascii_lowercase) else { return };
        let names_it = record_of_path(record.source(), url.path()).is_some_and(|(key, _)| key == record.key());
        let is_known = self.cx.hosts.contains(&host) || self.cx.hosts.len() >= MOST_HOSTS;
        if matches!(url.scheme(), "https" | "http") && names_it && !is_known {
            tracing::debug!(host, "the web app is there");
            self.cx.hosts.push(host);
        }
    }

    /// Makes the document of the detail pane anew when what it is made from changed, and lays it out.
    pub(super) fn prepare_detail(&mut self) {
        let Some(target) = self.reader.detail.target else { return };
        let revision = self.cx.store.detail(target.key).map_or(0, |d| d.revision);
        let record = self.cx.store.whole(target.key).cloned();
        let lists = record.as_ref().and_then(|r| r.organization_id()).map_or(0, |o| {
            let folders = self.cx.store.list(ListKey::PasswordFolders(o)).rows.len();
            let types = self.cx.store.list(ListKey::FlexibleAssetTypes(o.source)).rows.len();
            let document_folders = self.cx.store.list(ListKey::DocumentFolders(o)).rows.len();
            let folders = (folders * 1_000 + types + document_folders * 1_000_000) as u64;
            // A tag that is known by its id only gets its name from whichever list has it.
            let is_asset = target.key.kind == Kind::FlexibleAsset;
            let of_organization = self.cx.store.lists().filter(|(key, _)| is_asset && key.organization() == Some(o));
            folders
                + of_organization.map(|(_, list)| list.rows.len() as u64 + list.rebuilt).sum::<u64>() * 1_000_000_000
        });
        let stamp = Stamp {
            key: target.key,
            revision,
            record: record.as_ref().map_or(0, |r| Arc::as_ptr(r).addr()),
            empty: self.reader.show_empty,
            lists,
            view: self.cx.view_stamp(target.key),
            hosts: self.cx.hosts.len(),
        };
        if let Some(record) = record
            && self.reader.detail.stamp != Some(stamp)
        {
            self.make_doc(&record, stamp);
        }
        self.reader.doubt = self.cx.store.record(target.key).and_then(|record| self.name_warning(record));
        if let Some(rect) = self.cx.frame.areas.detail {
            let header = self.detail_header_rows(rect);
            let above = usize::from(header) + self.reader.lines_above(rect.width.saturating_sub(4).into(), &self.cx);
            self.reader.detail.height = usize::from(rect.height.saturating_sub(2)).saturating_sub(above);
            let options = LayoutOptions {
                width: rect.width.saturating_sub(4),
                text_width: self.cx.config.ui.text_width.min(u32::from(u16::MAX)) as u16,
                ascii: self.cx.styles.signs.ascii,
                copy_hint: format!("{} {{n}} to copy", self.cx.hint(Action::CopyMenu)),
                strike_marks: !self.cx.styles.strikes,
                heading_rules: true,
                ..LayoutOptions::default()
            };
            self.reader.detail.lay_out(&options);
        }
    }

    fn make_doc(&mut self, record: &Arc<Record>, stamp: Stamp) {
        let shown = self.cx.store.detail(stamp.key).and_then(|d| d.shown.clone());
        let base = self.cx.link_base(record.organization_id().or(self.cx.organization));
        let large = match record.as_ref() {
            Record::Document(document) => content_size(&document.content) > LARGE_BODY,
            _ => false,
        };
        if let Some(refusal) = self.cx.view_refusal(stamp.key) {
            self.reader.detail.set_doc(stamp, Arc::new(Doc::from_text(&refusal)));
            return;
        }
        let now = jiff::Timestamp::now();
        if large {
            self.reader.detail.stamp = Some(stamp);
            self.reader.body_ticket += 1;
            let ticket = self.reader.body_ticket;
            let sender = self.cx.tasks.sender();
            let record = record.clone();
            let dates = self.cx.config.ui.date_format.clone();
            let empty = self.reader.show_empty;
            self.cx.tasks.start(Slot::Body, Subject::None, Urgency::interactive(), |_, _, _| async move {
                let doc = tokio::task::spawn_blocking(move || {
                    let store = crate::store::Store::default();
                    let context = cards::Context { store: &store, now, empty, base, dates: &dates };
                    cards::doc(&record, shown.as_deref().map(|s| &s.extras), &context)
                })
                .await;
                if let Ok(doc) = doc {
                    let _ = sender.send(Message::Parsed { ticket, stamp, doc: Arc::new(doc) });
                }
            });
            return;
        }
        let context = cards::Context {
            store: &self.cx.store,
            now,
            empty: self.reader.show_empty,
            base,
            dates: &self.cx.config.ui.date_format,
        };
        let doc = cards::doc(record, shown.as_deref().map(|s| &s.extras), &context);
        self.reader.detail.set_doc(stamp, Arc::new(doc));
    }

    pub(super) fn parsed(&mut self, ticket: u64, stamp: Stamp, doc: Arc<Doc>) {
        if ticket == self.reader.body_ticket && self.reader.detail.target.is_some_and(|t| t.key == stamp.key) {
            self.reader.detail.set_doc(stamp, doc);
            self.cx.dirty = true;
        }
    }
}

fn content_size(content: &Content) -> usize {
    use gluepot_core::model::Section;
    match content {
        Content::Empty => 0,
        Content::Html(body) => body.source().len(),
        Content::Sections(sections) => sections
            .iter()
            .map(|section| match section {
                Section::Text(body) | Section::Step { text: body, .. } => body.source().len(),
                Section::Heading { text, .. } => text.len(),
                Section::Gallery(images) => images.len() * 32,
                Section::Unknown(name) => name.len(),
            })
            .sum(),
    }
}
