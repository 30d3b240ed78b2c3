//! What each action does, and why it cannot be done now.

use super::consent::Said;
use super::{Exit, Shell};
use crate::host::clipboard::Way;
use crate::host::terminal::Signal;
use crate::tui::browse::Refreshed;
use crate::tui::browse::list::{ListPane, Tab, ViewRow};
use crate::tui::history::Visit;
use crate::tui::keymap::Action;
use crate::tui::layout::{PaneId, Room};
use crate::tui::message::Purpose;
use crate::tui::notice::Notice;
use crate::tui::popups::confirm::{Confirm, Question, link_words};
use crate::tui::popups::consent::Step;
use crate::tui::popups::text::Text;
use crate::tui::popups::ticket::TicketField;
use crate::tui::rows::pane_of;
use crate::tui::target::Group;
use crate::tui::target::{FolderShown, Target};
use gluepot_core::model::{Kind, ListKey, OrganizationId, Record, RecordKey};
use gluepot_core::policy::Verdict;
use gluepot_core::text::Clean;

impl Shell {
    /// Carries an action out, or says why it cannot be.
    pub(super) fn act(&mut self, action: Action) {
        self.cx.dirty = true;
        if is_about_the_subject(action) {
            self.follow_cursor();
        }
        if let Some(reason) = self.refusal(action) {
            self.say(Notice::warning(reason).passing());
            return;
        }
        match action {
            Action::FocusOrganizations => self.go_to_list(PaneId::Organizations),
            Action::FocusDocuments => self.go_to_list(PaneId::Documents),
            Action::FocusConfigurations => self.go_to_list(PaneId::Configurations),
            Action::FocusPasswords => self.go_to_list(PaneId::Passwords),
            Action::FocusOthers => self.go_to_list(PaneId::Others),
            Action::FocusDetail => self.focus_detail(),
            Action::FocusNext => self.cycle_focus(1),
            Action::FocusPrevious => self.cycle_focus(-1),
            Action::NextTab => self.step_tab(1),
            Action::PreviousTab => self.step_tab(-1),
            Action::HistoryBack => self.travel(true),
            Action::HistoryForward => self.travel(false),
            Action::Down => self.step(1),
            Action::Up => self.step(-1),
            Action::HalfPageDown => self.step(self.page() / 2),
            Action::HalfPageUp => self.step(-(self.page() / 2)),
            Action::PageDown => self.step(self.page()),
            Action::PageUp => self.step(-self.page()),
            Action::DetailDown => self.scroll_detail(1),
            Action::DetailUp => self.scroll_detail(-1),
            Action::Top => self.jump_to_end(false),
            Action::Bottom => self.jump_to_end(true),
            Action::Left => self.sideways(false),
            Action::Right => self.sideways(true),
            Action::Filter => self.start_typing(),
            Action::NextHit => self.step_hit(1),
            Action::PreviousHit => self.step_hit(-1),
            Action::Finder => self.open_finder_on(),
            Action::Palette => self.open_palette(),
            Action::Open => self.open(),
            Action::Back => self.back(),
            Action::NextLink => self.step_link(1),
            Action::PreviousLink => self.step_link(-1),
            Action::Outline => self.open_outline(),
            Action::QuickNotes => self.open_quick_notes(),
            Action::DismissAlert => {
                if let Some(id) = self.cx.organization {
                    self.browse.dismissed.insert(id);
                }
            }
            Action::CopySecret => self.ask_for(Purpose::Copy),
            Action::Reveal => self.ask_for(Purpose::Reveal),
            Action::Console => self.ask_for(Purpose::Console),
            Action::HandOver => self.ask_for_panes(),
            Action::Versions => self.open_versions(),
            Action::CopyUsername => self.copy_username(),
            Action::CopyMenu => self.open_copy_menu(),
            Action::OpenUrl => self.open_url(),
            Action::Sort => self.open_sort_menu(),
            Action::ToggleArchived => self.toggle_archived(),
            Action::ToggleEmptyFields => self.reader.show_empty = !self.reader.show_empty,
            Action::Zoom => self.cx.frame.zoomed = !self.cx.frame.zoomed,
            Action::WidenList => self.widen(4),
            Action::NarrowList => self.widen(-4),
            Action::ToggleMouse => {
                self.mouse = !self.mouse;
                let words = if self.mouse {
                    "Mouse on (hold Shift to select text)."
                } else {
                    "Mouse off (the terminal selects text)."
                };
                self.say(Notice::quiet(words));
            }
            Action::Refresh => self.refresh(),
            Action::SetTicket => self.popups.push(TicketField::new(&self.cx.stay.ticket)),
            Action::Lock => self.lock("locked"),
            Action::Status => self.open_text(Text::Status),
            Action::Help => self.open_text(Text::Help),
            Action::Redraw => self.repaint = true,
            Action::Suspend => {
                self.drop_secrets("suspended");
                self.suspend = true;
            }
            Action::Quit | Action::QuitNow => self.quit(),
        }
    }

    /// Carries a motion out that often; to the top and to the bottom with a number is to that row. What is no motion is
    /// done once.
    pub(super) fn act_counted(&mut self, action: Action, count: usize) {
        let times = count.cast_signed();
        if self.refusal(action).is_some() {
            return self.act(action);
        }
        self.cx.dirty = true;
        match action {
            Action::Down => self.step(times),
            Action::Up => self.step(-times),
            Action::HalfPageDown => self.step(self.page() / 2 * times),
            Action::HalfPageUp => self.step(-(self.page() / 2 * times)),
            Action::PageDown => self.step(self.page() * times),
            Action::PageUp => self.step(-(self.page() * times)),
            Action::DetailDown => self.scroll_detail(times),
            Action::DetailUp => self.scroll_detail(-times),
            Action::NextHit => self.step_hit(times),
            Action::PreviousHit => self.step_hit(-times),
            Action::Top | Action::Bottom => match self.cx.frame.focus.index() {
                None => {
                    self.reader.detail.scroll_to(count - 1);
                }
                Some(at) => {
                    if self.browse.panes[at].select(count - 1, &self.cx.store) {
                        self.moved();
                    }
                    self.load_ahead(self.cx.frame.focus);
                }
            },
            _ => self.act(action),
        }
    }

    /// Why an action cannot be done now; `None` when it can.
    pub(super) fn refusal(&self, action: Action) -> Option<String> {
        let list = self.cx.frame.focus != PaneId::Detail;
        let need = |condition: bool, words: &str| (!condition).then(|| words.to_owned());
        match action {
            Action::FocusDetail | Action::CopyMenu => need(self.subject().is_some(), self.nothing_here()),
            Action::OpenUrl => need(self.subject().is_some() || self.focused_link().is_some(), self.nothing_here()),
            Action::Outline => need(self.reader.detail.target.is_some(), "Nothing is open. Select a document first."),
            Action::NextLink | Action::PreviousLink => {
                need(self.reader.detail.target.is_some(), "Nothing is open. Select a record first.")
            }
            Action::NextTab | Action::PreviousTab => need(
                self.cx.frame.focus == PaneId::Others,
                &format!("Only pane 5 has tabs: press {}.", self.hint(Action::FocusOthers)),
            ),
            Action::Sort | Action::ToggleArchived => need(list, "Only for lists. Press 1 to 5 to go to one."),
            Action::QuickNotes => match self.cx.organization.and_then(|id| self.cx.store.organization_in_full(id)) {
                None => Some("No organization is open.".into()),
                Some(o) if o.quick_notes.is_empty() => Some(format!("{} has no quick notes.", o.name)),
                Some(_) => None,
            },
            Action::DismissAlert => need(self.browse.alert(&self.cx).is_some(), "There is no alert."),
            Action::CopySecret if self.desk.clipboard.way() == Way::Nowhere => {
                // Said before anything is fetched: a value that cannot be delivered need not leave the server.
                self.secret_refusal()
                    .or_else(|| self.policy_refusal(Purpose::Copy))
                    .or_else(|| Some(format!("Not copied: {}.", self.desk.clipboard.why())))
            }
            Action::CopySecret => self.secret_refusal().or_else(|| self.policy_refusal(Purpose::Copy)),
            // What is shown can be hidden, whatever the policy says.
            Action::Reveal => self
                .secret_refusal()
                .or_else(|| self.policy_refusal(Purpose::Reveal).filter(|_| self.desk.held.is_none())),
            Action::Console => self.secret_refusal().or_else(|| self.policy_refusal(Purpose::Console)),
            Action::HandOver => self.hand_over_refusal(),
            Action::Versions => self.versions_refusal(),
            Action::CopyUsername => match self.password_subject() {
                None if self.nothing_here().starts_with("This is a folder") => self.secret_refusal(),
                None => Some("Select a password first: only passwords have a user name.".into()),
                Some(p) if p.username.is_empty() => Some(format!("{} has no user name.", p.name)),
                Some(_) => None,
            },
            Action::DetailDown | Action::DetailUp => need(
                self.cx.frame.areas.detail.is_some() && self.reader.detail.target.is_some(),
                "No detail pane on the screen. Open a record first.",
            ),
            Action::HistoryBack => need(!self.history.past.is_empty() || self.is_away(), "Start of history."),
            Action::HistoryForward => need(!self.history.future.is_empty(), "End of history."),
            Action::NextHit | Action::PreviousHit if !list && self.reader.detail.hits.is_empty() => {
                let typed = self.reader.detail.find.text().trim();
                Some(if typed.is_empty() {
                    format!("No search yet. Press {} and type.", self.hint(Action::Filter))
                } else {
                    format!("Not in this record: {typed}. Press {} to search again.", self.hint(Action::Filter))
                })
            }
            Action::NextHit | Action::PreviousHit => {
                let pane = self.pane(self.cx.frame.focus)?;
                let typed = pane.filter.text().trim();
                let key = self.hint(Action::Filter);
                if typed.is_empty() {
                    Some(format!("No filter to step through: press {key} and type."))
                } else {
                    need(
                        !pane.rows.is_empty(),
                        &format!("Nothing matches {typed}. {key} and type looks for something else."),
                    )
                }
            }
            Action::WidenList | Action::NarrowList => {
                need(self.cx.frame.areas.room == Room::Wide, "Too narrow for two columns.")
            }
            _ => None,
        }
    }

    /// What is said where an action needs a record and there is none.
    fn nothing_here(&self) -> &'static str {
        let on_group =
            || matches!(self.pane(self.cx.frame.focus).and_then(ListPane::selected_row), Some(ViewRow::Group { .. }));
        let folder = if self.is_detail_on_screen() { self.reader.detail.folder.is_some() } else { on_group() };
        if folder { "This is a folder. Select a record in it." } else { "Nothing is open. Select a record first." }
    }

    /// The key that starts an action, for words on the screen.
    pub(super) fn hint(&self, action: Action) -> String {
        self.cx.hint(action)
    }

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

    /// Goes to a list by its key: what its cursor stands on is what is looked at now, so the detail follows.
    pub(super) fn go_to_list(&mut self, list: PaneId) {
        let other = self.cx.frame.focus != list;
        self.set_focus(list);
        if other {
            self.moved();
        }
    }

    fn focus_detail(&mut self) {
        if self.cx.frame.focus != PaneId::Detail
            && let Some(key) = self.subject_key()
        {
            self.show(Target { key, organization: self.cx.organization_of(key) });
        }
        self.set_focus(PaneId::Detail);
    }

    fn cycle_focus(&mut self, by: isize) {
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

    fn step_tab(&mut self, by: isize) {
        let pane = &mut self.browse.panes[4];
        pane.tab = pane.tab.step(by);
        pane.clear_filter();
        self.load_focused();
        self.moved();
    }

    fn page(&self) -> isize {
        let rows = match self.cx.frame.focus {
            PaneId::Detail => self.reader.detail.height,
            list => self.cx.frame.areas.pane(list).map_or(10, |rect| usize::from(rect.height.saturating_sub(2))),
        };
        rows.saturating_sub(1).max(2) as isize
    }

    fn step(&mut self, by: isize) {
        match self.cx.frame.focus {
            PaneId::Detail => {
                self.reader.detail.scroll_by(by);
            }
            list => self.step_list(list, by),
        }
    }

    /// Half a page: a list beside it keeps the focus, so it is for reading on while choosing.
    fn scroll_detail(&mut self, by: isize) {
        let half = (self.reader.detail.height / 2).max(1) as isize;
        self.reader.detail.scroll_by(by * half);
    }

    pub(super) fn step_list(&mut self, list: PaneId, by: isize) {
        let Some(at) = list.index() else { return };
        if self.browse.panes[at].step(by, &self.cx.store) && list == self.cx.frame.focus {
            self.moved();
        }
        self.load_ahead(list);
    }

    fn jump_to_end(&mut self, bottom: bool) {
        match self.cx.frame.focus.index() {
            None => {
                if bottom && !self.laid_out_for(Action::Bottom) {
                    return;
                }
                self.reader.detail.scroll_to(if bottom { usize::MAX } else { 0 });
            }
            Some(at) => {
                let to = if bottom { usize::MAX } else { 0 };
                if self.browse.panes[at].select(to, &self.cx.store) {
                    self.moved();
                }
                self.load_ahead(self.cx.frame.focus);
            }
        }
    }

    fn sideways(&mut self, right: bool) {
        let Some(at) = self.cx.frame.focus.index() else {
            return;
        };
        if self.browse.panes[at].fold(right, &self.cx.store) {
            self.moved();
            return;
        }
        if right && let Some(ViewRow::Group { group: Group::AssetType(key), .. }) = self.browse.panes[at].selected_row()
        {
            let key = *key;
            self.want(key, true);
            return;
        }
        if self.cx.frame.focus == PaneId::Others {
            self.step_tab(if right { 1 } else { -1 });
        }
    }

    /// The cursor of the focused list moved: the detail follows after a short rest.
    pub(super) fn moved(&mut self) {
        self.cx.dirty = true;
        if self.cx.frame.areas.room == Room::Wide && self.cx.frame.focus != PaneId::Detail && !self.cx.frame.zoomed {
            let rest = std::time::Duration::from_millis(self.cx.config.ui.preview_ms.into());
            self.browse.rest = Some(self.now() + rest);
            self.browse.rest_unmet = false;
        }
    }

    /// The cursor rested: its row is shown.
    pub(super) fn preview(&mut self) {
        // Rows may have come since the last frame.
        let organization = self.cx.organization;
        if let Some(at) = self.cx.frame.focus.index() {
            self.browse.panes[at].sync(organization, &self.cx.store);
        }
        if let Some(ViewRow::Group { group, label, count, .. }) =
            self.pane(self.cx.frame.focus).and_then(ListPane::selected_row)
        {
            let folder = FolderShown { group: *group, label: label.clone(), count: *count };
            return self.show_folder(folder);
        }
        let Some(key) =
            self.pane(self.cx.frame.focus).and_then(|pane| pane.selected_record(&self.cx.store)).map(|r| r.key())
        else {
            self.browse.rest_unmet = true;
            return;
        };
        if key.kind != Kind::Unknown {
            self.show(Target { key, organization: self.cx.organization_of(key) });
        }
    }

    fn open(&mut self) {
        match self.cx.frame.focus {
            PaneId::Detail => {
                if !self.reader.detail.target.is_some_and(|target| self.read_first(target.key)) {
                    self.follow_link();
                }
            }
            PaneId::Organizations => {
                if let Some(id) = self.browse.panes[0].selected_record(&self.cx.store).map(|r| OrganizationId(r.id())) {
                    self.open_organization(id);
                }
            }
            list => {
                let at = list.index().expect("the detail was handled before");
                match self.browse.panes[at].selected_row().cloned() {
                    Some(ViewRow::Group { group, count, .. }) => {
                        if let Group::AssetType(key) = group
                            && count.is_none_or(|n| n == 0)
                        {
                            self.want(key, true);
                        } else {
                            self.browse.panes[at].toggle(group);
                        }
                    }
                    Some(ViewRow::Record { .. }) => {
                        // Opened is chosen: the cursor stays here when the filter goes away.
                        let chosen = self.browse.panes[at].selected();
                        self.browse.panes[at].select(chosen, &self.cx.store);
                        if let Some(key) = self.browse.panes[at].selected_record(&self.cx.store).map(|r| r.key()) {
                            self.visit(Target { key, organization: self.cx.organization_of(key) });
                            self.set_focus(PaneId::Detail);
                            self.read_first(key);
                        }
                    }
                    // Enter on a list that has nothing asks for it.
                    Some(ViewRow::Unreadable { .. } | ViewRow::Weak) | None => {
                        if !self.list_first(list) {
                            self.load_focused();
                        }
                    }
                }
            }
        }
    }

    /// Leaves one thing: a revealed value, a find, a selected link, zoom, the detail, a filter.
    fn back(&mut self) {
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
            // The filter of the organizations has done its work, too: the cursor stays on the one that was found. What was
            // typed for a list before any organization was open is meant for the one that opens now.
            for pane in self.browse.panes.iter_mut().filter(|pane| !is_first || pane.id == PaneId::Organizations) {
                pane.clear_filter();
            }
            let key = RecordKey { kind: Kind::Organization, id: id.0 };
            self.visit(Target { key, organization: Some(id) });
        }
        self.want_organization(id);
        let organization = self.cx.organization;
        for pane in &mut self.browse.panes {
            pane.sync(organization, &self.cx.store);
        }
        // Wherever it was opened from: the list of organizations stands on the one that is open.
        self.browse.panes[0].select_record(
            RecordKey { kind: Kind::Organization, id: id.0 },
            organization,
            &self.cx.store,
        );
        // Whoever has gone to a list already, while the organization named at the start was looked for, stays there.
        let has_gone_on = is_first && self.cx.frame.focus != PaneId::Organizations;
        self.set_focus(if has_gone_on { self.cx.frame.focus } else { PaneId::Documents });
        // A client whose record is not known yet is shown by its id until it is.
        if self.cx.store.organization(id).is_none() {
            self.fetch_detail(RecordKey { kind: Kind::Organization, id: id.0 }, Some(id));
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
            self.open_organization(OrganizationId(key.id));
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
        // The list it is in becomes visible beside it: its rows are asked for as if one had gone there.
        self.load_pane(pane);
    }

    /// Whether another record is shown than the one opened last: then going back leads to that first. Looking around in
    /// an organization is no other place.
    fn is_away(&self) -> bool {
        let shown = self.reader.detail.target.map(|target| target.key);
        self.history
            .here
            .map(|here| here.target.key)
            .is_some_and(|here| here.kind != Kind::Organization && shown.is_some_and(|shown| shown != here))
    }

    fn travel(&mut self, back: bool) {
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
            let key = RecordKey { kind: Kind::Organization, id: id.0 };
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

    /// Whether the document is laid out to its end, which this action needs. If not, it is carried out when it is,
    /// unless another key comes first.
    pub(super) fn laid_out_for(&mut self, action: Action) -> bool {
        if self.reader.detail.want_whole() {
            return true;
        }
        self.reader.after_layout = Some(action);
        self.say(Notice::quiet("Laying out the document. Press any key to cancel.").passing());
        false
    }

    fn start_typing(&mut self) {
        // What was kept is done with: the next search begins anew, as everywhere else.
        self.clear_field();
        match self.cx.frame.focus {
            PaneId::Detail => self.reader.detail.finding = true,
            list => {
                if let Some(pane) = self.pane_mut(list) {
                    pane.filtering = true;
                }
                self.load_focused();
            }
        }
    }

    fn step_hit(&mut self, by: isize) {
        match self.cx.frame.focus {
            PaneId::Detail => {
                self.reader.detail.step_hit(by);
            }
            list => self.step_list(list, by),
        }
    }

    fn step_link(&mut self, by: isize) {
        if !self.laid_out_for(if by > 0 { Action::NextLink } else { Action::PreviousLink }) {
            return;
        }
        if !self.reader.detail.step_link(by) {
            self.say(Notice::quiet("There are no links here."));
        }
    }

    /// The selected link, while it is on the screen: what was scrolled away is not what a key means.
    pub(super) fn focused_link(&self) -> Option<&gluepot_body::Link> {
        let seen = self.reader.detail.scroll..self.reader.detail.scroll + self.reader.detail.height.max(1);
        (self.cx.frame.focus == PaneId::Detail)
            .then_some(self.reader.detail.link)
            .flatten()
            .and_then(|at| self.reader.detail.layout.links.get(at))
            .filter(|link| seen.contains(&link.line))
    }

    fn follow_link(&mut self) {
        use gluepot_body::LinkTarget;
        let Some(link) = self.focused_link().cloned() else {
            // Nothing is selected: the first link on the screen is what Enter would mean.
            self.step_link(1);
            return;
        };
        match link.target {
            LinkTarget::Record(key, organization) => self.go_to(key, organization),
            LinkTarget::Web(address) => self.confirm_url(&address, link.misleads),
            LinkTarget::Mail(address) => self.copy_text("the mail address", &address),
            LinkTarget::Anchor(name) => match self.reader.detail.place_named(&name) {
                Some(line) => {
                    self.reader.detail.scroll_to(line);
                }
                None => self.say(Notice::warning(format!("This document has no place named {name}."))),
            },
            // Nothing is ever started for it; where it is wanted it can be pasted.
            LinkTarget::Refused(path) if gluepot_body::is_file_path(&path) => self.copy_text("the path", &path),
            LinkTarget::Refused(address) => {
                self.say(Notice::warning(format!("Not opened: {address} is not a web address.")));
            }
        }
    }

    /// The web address of the selected link or of the record: opened where there is a desktop, copied over SSH.
    fn open_url(&mut self) {
        use gluepot_body::LinkTarget;
        if let Some(link) = self.focused_link().cloned()
            && let LinkTarget::Web(address) = &link.target
        {
            self.confirm_url(address, link.misleads);
            return;
        }
        let Some(key) = self.subject_key() else { return };
        match self.cx.web_address(key) {
            Some(address) => self.confirm_url(&address, false),
            None => {
                self.say(Notice::warning(
                    "No web address: IT Glue sent none for this record, and the tenant is unknown.",
                ));
            }
        }
    }

    fn confirm_url(&mut self, address: &str, misleads: bool) {
        let Some(from) = self.subject_key() else { return };
        let mut notes = Vec::new();
        if let Ok(url) = url::Url::parse(address)
            && let Some(host) = url.host_str()
            && (!url.username().is_empty() || url.password().is_some())
        {
            notes.push(format!("The part before the @ is a user name. The host is {host}."));
        }
        if misleads {
            notes.push("The text of this link shows a different address from its target.".into());
        }
        let decision = self.cx.decide_link(from);
        if let Some(refusal) = super::policy::refusal_of(&decision, "Not opened") {
            self.say(Notice::error(refusal));
            return;
        }
        if decision.verdict == Verdict::AskReason {
            self.ask_step(Step::Link { address: address.to_owned(), from }, &decision, notes);
            return;
        }
        if self.cx.ssh && decision.verdict == Verdict::Allow {
            let said = Said { ticket: Clean::line(&self.cx.stay.ticket), ..Said::default() };
            self.use_link(address.to_owned(), from, &said);
            return;
        }
        let mut lines = vec![address.to_owned()];
        if decision.verdict == Verdict::Ask {
            lines.push(format!("The {}.", decision.told()));
        }
        if decision.is_on_record() {
            lines.push("It is recorded first.".into());
        }
        lines.append(&mut notes);
        let question = Question::OpenUrl { address: address.to_owned(), from };
        let (title, verb) = link_words(self.cx.ssh);
        self.popups.push(Confirm { question, lines, title, verb, yes: if self.cx.ssh { 'c' } else { 'o' } });
    }

    fn toggle_archived(&mut self) {
        let organization = self.cx.organization;
        let Some(at) = self.cx.frame.focus.index() else { return };
        self.browse.panes[at].archived = !self.browse.panes[at].archived;
        self.browse.panes[at].sync(organization, &self.cx.store);
        let pane = &self.browse.panes[at];
        let words = match (pane.archived, pane.hidden_archived) {
            (true, _) => "Archived records are shown.".to_owned(),
            (false, 0) => "Nothing here is archived.".to_owned(),
            (false, n) => format!("{} hidden.", super::super::format::count(n, "archived record", "archived records")),
        };
        self.say(Notice::quiet(words));
        self.moved();
    }

    fn widen(&mut self, by: i16) {
        let now = self.cx.frame.areas.lists.first().map_or(36, |(_, rect)| rect.width);
        self.cx.frame.left_width =
            Some(now.saturating_add_signed(by).clamp(crate::tui::layout::LEFT_MIN, self.cx.frame.size.width / 2));
    }

    fn refresh(&mut self) {
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

    /// The record that every action on "this record" means. Where the detail is on the screen it is what the detail
    /// shows, wherever the cursor of a list is; elsewhere it is the row under the cursor.
    pub(super) fn subject_key(&self) -> Option<RecordKey> {
        if self.is_detail_on_screen() {
            return self.reader.detail.target.map(|target| target.key);
        }
        self.pane(self.cx.frame.focus).and_then(|pane| pane.selected_record(&self.cx.store)).map(|record| record.key())
    }

    /// Whether the next frame has room for the detail.
    pub(super) fn is_detail_on_screen(&self) -> bool {
        self.cx.frame.has_detail()
    }

    /// The cursor moved and the detail waits for it to rest: an action on "this record" means the row that the user
    /// sees under the cursor, so the detail follows at once.
    fn follow_cursor(&mut self) {
        if self.browse.rest.take().is_some() {
            self.preview();
        }
    }

    pub(super) fn subject(&self) -> Option<&Record> {
        self.subject_key().and_then(|key| self.cx.store.record(key)).map(AsRef::as_ref)
    }
}

/// Whether an action, or the menu it opens, is about the record at hand.
fn is_about_the_subject(action: Action) -> bool {
    matches!(
        action,
        Action::CopySecret
            | Action::Reveal
            | Action::Console
            | Action::HandOver
            | Action::Versions
            | Action::CopyUsername
            | Action::CopyMenu
            | Action::OpenUrl
            | Action::FocusDetail
            | Action::Outline
            | Action::NextLink
            | Action::PreviousLink
            | Action::DetailDown
            | Action::DetailUp
            | Action::Palette
            | Action::Help
    )
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
