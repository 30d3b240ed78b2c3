//! Going somewhere: to a pane, a client, a record, back and forth; and leaving one thing after the other.

use super::{Exit, Shell};
use crate::host::terminal::Signal;
use crate::tui::browse::Refreshed;
use crate::tui::browse::list::Tab;
use crate::tui::history::Visit;
use crate::tui::layout::{PaneId, Room};
use crate::tui::notice::Notice;
use crate::tui::rows::pane_of;
use crate::tui::target::{Group, Target};
use gluepot_core::model::{Kind, ListKey, OrganizationId, RecordKey};

impl Shell {
    pub(super) fn set_focus(&mut self, pane: PaneId) {
        if self.cx.frame.focus != pane {
            self.cx.frame.focus = pane;
            self.browse.rest_unmet = false;
            self.cx.dirty = true;
        }
        if pane != PaneId::Detail {
            self.cx.frame.last_list = pane;
        }
        self.load_focused();
    }

    /// Goes to a list by its key: the detail follows the row under its cursor.
    pub(super) fn go_to_list(&mut self, list: PaneId) {
        let other = self.cx.frame.focus != list;
        self.set_focus(list);
        if other {
            self.browse.moved(&mut self.cx);
        }
    }

    pub(super) fn focus_detail(&mut self) {
        if self.cx.frame.focus != PaneId::Detail
            && let Some(key) = self.subject_key()
        {
            self.show(Target { key, organization: self.cx.organization_of(key) });
        }
        self.set_focus(PaneId::Detail);
    }

    pub(super) fn cycle_focus(&mut self, by: isize) {
        let order = [
            PaneId::Organizations,
            PaneId::Documents,
            PaneId::Configurations,
            PaneId::Passwords,
            PaneId::Others,
            PaneId::Detail,
        ];
        let usable = if self.reader.detail.target.is_some() || self.cx.frame.areas.room == Room::Wide { 6 } else { 5 };
        let at = order.iter().position(|&p| p == self.cx.frame.focus).unwrap_or(0) as isize;
        match order[(at + by).rem_euclid(usable) as usize] {
            PaneId::Detail => self.focus_detail(),
            list => self.go_to_list(list),
        }
    }

    /// Leaves one thing: a revealed value, a find, a selected link, zoom, the detail, a filter.
    pub(super) fn back(&mut self) {
        if self.desk.held.is_some() {
            self.hide("hidden by the user");
            return;
        }
        if self.cancel_secret() || self.clear_field() {
            return;
        }
        if self.cx.frame.focus == PaneId::Detail && self.reader.detail.link.take().is_some() {
            return;
        }
        if self.cx.frame.zoomed {
            self.cx.frame.zoomed = false;
        } else if self.cx.frame.focus == PaneId::Detail {
            self.set_focus(self.cx.frame.last_list);
        } else if self.cx.bar.notice.take().is_none()
            && self.cx.frame.focus != PaneId::Organizations
            && self.cx.organization.is_some()
        {
            self.set_focus(PaneId::Organizations);
        }
    }

    /// Opens an organization: its lists load, what the one before still wanted is cancelled.
    pub(super) fn open_organization(&mut self, id: OrganizationId) {
        let switched = self.cx.organization != Some(id);
        let is_first = self.cx.organization.is_none();
        self.browse.wanted_organization = None;
        if switched {
            self.drop_secrets("another organization was opened");
            self.cancel_other_organizations(id);
            self.come_to(id);
            // The filter of the organizations has also done its work: the cursor stays. What was
            // typed for a list before any organization was open is meant for the one that opens now.
            for pane in self.browse.panes.iter_mut().filter(|pane| !is_first || pane.id == PaneId::Organizations) {
                pane.clear_filter();
            }
            let key = id.key();
            self.visit(Target { key, organization: Some(id) });
        }
        self.want_organization(id);
        let organization = self.cx.organization;
        for pane in &mut self.browse.panes {
            pane.sync(organization, &self.cx.store);
        }
        // Wherever it was opened from: the cursor of the list of organizations is on the open one.
        self.browse.panes[0].select_record(id.key(), organization, &self.cx.store);
        // A user who went to a list while the organization named at the start was loading stays there.
        let has_gone_on = is_first && self.cx.frame.focus != PaneId::Organizations;
        self.set_focus(if has_gone_on { self.cx.frame.focus } else { PaneId::Documents });
        // A client whose record is not known yet is shown by its id until it is.
        if self.cx.store.organization(id).is_none() {
            self.fetch_detail(id.key(), Some(id));
        }
        self.cx.dirty = true;
    }

    /// Shows a record and remembers the place.
    pub(super) fn visit(&mut self, target: Target) {
        let visit = Visit { organization: self.cx.organization, target };
        self.history.visit(visit);
        self.show(target);
    }

    /// Goes to a record wherever it is: shows it, puts its list's cursor on it, opens its organization when that
    /// is another one.
    pub(super) fn go_to(&mut self, key: RecordKey, organization: Option<OrganizationId>) {
        if let Some(words) = unreachable_kind(key.kind) {
            self.say(Notice::warning(words));
            return;
        }
        let organization = organization.or_else(|| self.cx.organization_of(key));
        if key.kind == Kind::Organization {
            self.open_organization(OrganizationId::new(key.source, key.id));
            return;
        }
        if let Some(id) = organization
            && self.cx.organization != Some(id)
        {
            self.open_organization(id);
            let name = self.cx.client_words(id);
            self.say(Notice::quiet(format!("Now in {name}.")));
        }
        if key.kind == Kind::DocumentFolder {
            self.set_focus(PaneId::Documents);
            let organization = self.cx.organization;
            let is_there =
                self.browse.panes[1].select_group(Group::DocumentFolder(key.id), organization, &self.cx.store);
            let loading = organization.is_some_and(|o| {
                self.cx.store.list(ListKey::DocumentFolders(o)).is_loading()
                    || self.cx.store.list(ListKey::Documents(o)).is_loading()
            });
            if !is_there && !loading {
                self.say(Notice::warning("This folder is not among the folders of the organization."));
            }
            return;
        }
        let organization = organization.or(self.cx.organization);
        self.reveal_in_list(key);
        self.visit(Target { key, organization });
        self.set_focus(PaneId::Detail);
        self.read_first(key);
    }

    /// Puts the cursor of the list the record belongs to on it.
    fn reveal_in_list(&mut self, key: RecordKey) {
        let Some(pane) = pane_of(key) else { return };
        let Some(at) = pane.index() else { return };
        if pane == PaneId::Others {
            self.browse.panes[at].tab = match key.kind {
                Kind::Contact => Tab::Contacts,
                Kind::Location => Tab::Locations,
                Kind::Domain => Tab::Domains,
                Kind::Expiration => Tab::Expirations,
                Kind::Checklist => Tab::Checklists,
                _ => Tab::Assets,
            };
        }
        let organization = self.cx.organization;
        self.browse.panes[at].sync(organization, &self.cx.store);
        self.browse.panes[at].select_record(key, organization, &self.cx.store);
        self.cx.frame.last_list = pane;
        // The list it is in becomes visible beside it: its rows are requested as if one had gone there.
        self.load_pane(pane);
    }

    /// Whether another record is shown than the one opened last: then going back leads to that first. Looking around in
    /// an organization is not another place.
    pub(super) fn is_away(&self) -> bool {
        let shown = self.reader.detail.target.map(|target| target.key);
        self.history
            .here
            .map(|here| here.target.key)
            .is_some_and(|here| here.kind != Kind::Organization && shown.is_some_and(|shown| shown != here))
    }

    pub(super) fn travel(&mut self, back: bool) {
        if back
            && self.is_away()
            && let Some(here) = self.history.here
        {
            return self.return_to(here);
        }
        let Some(visit) = self.history.step(back) else { return };
        self.return_to(visit);
    }

    /// Shows a place that was visited.
    fn return_to(&mut self, visit: Visit) {
        if visit.organization != self.cx.organization
            && let Some(id) = visit.organization
        {
            self.drop_secrets("another organization was opened");
            self.cancel_other_organizations(id);
            self.come_to(id);
            // What was typed to find something in the one before would hide this one's rows.
            for pane in &mut self.browse.panes {
                pane.clear_filter();
            }
            let key = id.key();
            self.browse.panes[0].select_record(key, Some(id), &self.cx.store);
            self.want_organization(id);
        }
        if visit.target.key.kind != Kind::Organization {
            self.reveal_in_list(visit.target.key);
        }
        self.show(visit.target);
        if self.cx.frame.focus == PaneId::Detail || visit.target.key.kind != Kind::Organization {
            self.set_focus(PaneId::Detail);
        }
    }

    pub(super) fn widen(&mut self, by: i16) {
        let now = self.cx.frame.areas.lists.first().map_or(36, |(_, rect)| rect.width);
        self.cx.frame.left_width =
            Some(now.saturating_add_signed(by).clamp(crate::tui::layout::LEFT_MIN, self.cx.frame.size.width / 2));
    }

    pub(super) fn refresh(&mut self) {
        match self.cx.frame.focus {
            PaneId::Detail => {
                if let Some(target) = self.reader.detail.target
                    && !self.read_first(target.key)
                {
                    self.browse.refreshed = Refreshed::Record(target.key);
                    self.fetch_detail(target.key, target.organization);
                }
            }
            list => {
                if self.list_first(list) {
                    return;
                }
                let Some(pane) = self.pane(list) else { return };
                let mut keys = pane.sources(self.cx.organization, &self.cx.store);
                keys.extend(pane.folders(self.cx.organization));
                self.browse.refreshed = Refreshed::Lists(keys.clone());
                for key in keys {
                    self.load(key, true);
                }
            }
        }
    }

    pub(super) fn quit(&mut self) {
        self.drop_secrets("program ended");
        self.exit = Some(Exit::Asked);
    }

    pub(super) fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Suspend => {
                self.drop_secrets("suspended");
                self.suspend = true;
            }
            Signal::Continue | Signal::Resize => {
                self.repaint = true;
                self.cx.dirty = true;
            }
            Signal::Terminate(cause) => {
                self.drop_secrets("program ended");
                self.exit = Some(Exit::Signal(cause));
            }
        }
    }
}

/// Why a kind cannot be shown; `None` when it can.
fn unreachable_kind(kind: Kind) -> Option<String> {
    match kind {
        Kind::SslCertificate | Kind::Ticket | Kind::ChecklistTemplate | Kind::User | Kind::Unknown => {
            Some(format!("Not available through the API: {}. Open it in the web app.", kind.word()))
        }
        _ => None,
    }
}
