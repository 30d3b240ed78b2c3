//! The finder: opened, filled from what is known, and filled again as more arrives.

use std::collections::HashMap;
use std::sync::Arc;

use super::Shell;
use crate::present::format;
use crate::tui::finder::{FINDER_AT_ONCE, FINDER_ROWS, found};
use crate::tui::layout::PaneId;
use crate::tui::message::Message;
use crate::tui::pick::Item;
use crate::tui::popups::picker::{Picker, Topic};
use gluepot_core::library::{List, State};
use gluepot_core::model::{Kind, ListKey, OrganizationId, Record, RecordKey};

impl Shell {
    /// The finder, with what is being typed into a filter or find, or what was and found nothing: who did not find it
    /// there looks for it everywhere.
    pub(super) fn open_finder_on(&mut self) {
        let typed = match self.cx.frame.focus {
            PaneId::Detail if self.reader.detail.finding || self.reader.detail.hits.is_empty() => {
                self.reader.detail.find.text().to_owned()
            }
            PaneId::Detail => String::new(),
            list => self
                .pane(list)
                .filter(|pane| pane.filtering || pane.rows.is_empty())
                .map_or_else(String::new, |pane| pane.filter.text().to_owned()),
        };
        if !typed.is_empty() {
            self.end_typing();
            if self.cx.frame.focus == PaneId::Detail
                || self.pane(self.cx.frame.focus).is_some_and(|pane| pane.rows.is_empty())
            {
                self.clear_field();
            }
        }
        self.open_finder(false);
        if let Some(picker) = self.popups.top_mut::<Picker>() {
            picker.filter.insert(&typed);
            picker.refilter();
        }
    }

    /// Every record of the open organization, or of all that were opened. What is not here yet is requested and
    /// joins as it arrives.
    pub(super) fn open_finder(&mut self, everywhere: bool) {
        let (topic, title) = match self.cx.organization.filter(|_| !everywhere) {
            Some(id) => {
                self.want_every_kind(id);
                (Topic::Finder, format!("Search {}", self.cx.organization_name(id)))
            }
            None => (Topic::FinderEverywhere, "Search opened clients".to_owned()),
        };
        self.popups.push(Picker::new(topic, title, Vec::new()));
        self.fill_finder();
    }

    /// Whether the finder is what keys go to.
    fn finder_topic(&self) -> Option<Topic> {
        self.popups.top::<Picker>().map(|picker| picker.topic).filter(|topic| topic.is_finder())
    }

    /// Whether the finder is open over the organization.
    pub(super) fn finder_is_open(&self) -> bool {
        self.finder_topic() == Some(Topic::Finder)
    }

    /// A list changed: an open finder takes it in.
    pub(super) fn refill_finder(&mut self, key: gluepot_core::model::ListKey, is_page: bool) {
        let Some(topic) = self.finder_topic() else { return };
        let wanted = topic == Topic::FinderEverywhere || key.organization() == self.cx.organization;
        // Of a large list only its end counts: no one reads along with pages.
        if wanted && !(is_page && self.cx.store.list(key).rows.len() > FINDER_AT_ONCE) {
            self.fill_finder();
        }
    }

    fn fill_finder(&mut self) {
        let Some(topic) = self.finder_topic() else { return };
        let organization = self.cx.organization.filter(|_| topic == Topic::Finder);
        let keys = self.finder_lists(organization);
        let notes = self.finder_notes(&keys, organization);
        let records: Vec<Arc<Record>> = keys
            .iter()
            .flat_map(|(_, list)| &list.rows)
            .filter(|record| !record.is_archived())
            .take(FINDER_ROWS)
            .cloned()
            .collect();
        // Whose a record is matters only among those of several.
        let names: HashMap<OrganizationId, String> = match organization {
            Some(_) => HashMap::new(),
            None => keys.iter().filter_map(|(key, _)| key.organization()).map(|o| (o, self.cx.short_name(o))).collect(),
        };
        let visited = self.visited();
        self.finder.finder_ticket += 1;
        let ticket = self.finder.finder_ticket;
        let today = self.cx.today;
        if records.len() > FINDER_AT_ONCE {
            let note = format!("searching {} records", format::number(records.len()));
            if let Some(picker) = self.popups.top_mut::<Picker>() {
                picker.note = note;
                picker.loading = format!("{} records", format::number(records.len()));
            }
            let sender = self.cx.tasks.sender();
            self.cx.tasks.start_other(async move {
                let work = tokio::task::spawn_blocking(move || found(&records, &names, &visited, today));
                if let Ok((items, index)) = work.await {
                    let note = notes.join(", ");
                    let _ = sender.send(Message::Found { ticket, items, index: Box::new(index), note });
                }
            });
            return;
        }
        let (items, index) = found(&records, &names, &visited, today);
        self.found(ticket, items, index, notes.join(", "));
    }

    /// The lists it looks through, in their order.
    fn finder_lists(&self, organization: Option<OrganizationId>) -> Vec<(ListKey, &List)> {
        let mut keys: Vec<_> = self
            .cx
            .store
            .lists()
            .filter(|(key, _)| key.kind().is_some_and(|kind| kind != Kind::DocumentFolder))
            .filter(|(key, _)| match (key.organization(), organization) {
                (Some(o), Some(open)) => o == open,
                // Organizations are part of "everywhere" only.
                (None, Some(_)) => false,
                (_, None) => true,
            })
            .collect();
        keys.sort_by_key(|(key, _)| *key);
        keys
    }

    /// What is to be known of them: what is loading, what cannot be had, and how to look elsewhere.
    fn finder_notes(&self, keys: &[(ListKey, &List)], organization: Option<OrganizationId>) -> Vec<String> {
        let mut notes = Vec::new();
        let loading = self.finder_loading(organization);
        if !loading.is_empty() {
            notes.push(format!("still loading {loading}"));
        }
        let mut failed: Vec<_> =
            keys.iter().filter(|(_, list)| matches!(list.state, State::Failed(_))).map(|(key, _)| key.word()).collect();
        failed.dedup();
        if !failed.is_empty() {
            notes.push(format!("cannot load {}", failed.join(" and ")));
        }
        if self.cx.organization.is_some() {
            let other = if organization.is_none() { "this client" } else { "all opened clients" };
            notes.push(format!("Tab: {other}"));
        }
        notes
    }

    /// What was visited comes first while nothing is typed, the latest on top; not what is shown anyway.
    fn visited(&self) -> Vec<RecordKey> {
        let mut visited: Vec<RecordKey> = Vec::new();
        let shown = self.reader.detail.target.map(|target| target.key);
        for key in self.history.visited().map(|visit| visit.target.key) {
            if !visited.contains(&key) && shown != Some(key) {
                visited.push(key);
            }
        }
        visited
    }

    pub(super) fn found(&mut self, ticket: u64, items: Vec<Item>, index: crate::search::Index, note: String) {
        if ticket != self.finder.finder_ticket || self.finder_topic().is_none() {
            return;
        }
        let organization = self.cx.organization.filter(|_| self.finder_topic() == Some(Topic::Finder));
        let loading = self.finder_loading(organization);
        if let Some(picker) = self.popups.top_mut::<Picker>() {
            picker.replace(items, index);
            picker.note = note;
            picker.loading = loading;
            self.cx.dirty = true;
        }
    }

    /// What is loading that the finder looks through, in words; empty when all of it is here.
    fn finder_loading(&self, organization: Option<OrganizationId>) -> String {
        let mut words: Vec<&str> = self
            .cx
            .store
            .lists()
            .filter(|(key, list)| {
                // The types come before the assets that they lead to.
                let types = matches!(key, gluepot_core::model::ListKey::FlexibleAssetTypes(_));
                let wanted = organization.is_none() || types || key.organization() == organization;
                wanted && list.is_loading()
            })
            .map(|(key, _)| match key {
                gluepot_core::model::ListKey::FlexibleAssetTypes(_) => "flexible assets",
                key => key.word(),
            })
            .collect();
        words.sort_unstable();
        words.dedup();
        words.join(", ")
    }

    /// Closes the finder, over whatever it lies.
    pub(super) fn close_finder(&mut self) {
        self.popups.retain(|popup| {
            let any: &dyn std::any::Any = popup;
            !any.downcast_ref::<Picker>().is_some_and(|picker| picker.topic.is_finder())
        });
    }
}
