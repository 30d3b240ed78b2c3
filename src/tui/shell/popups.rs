//! Opening popups, their keys, and what choosing something does.

use std::collections::HashMap;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation as _;

use super::Shell;
use super::consent::Said;
use super::input::plain_char;
use crate::store::State;
use crate::tui::format;
use crate::tui::keymap::{Action, Context};
use crate::tui::layout::PaneId;
use crate::tui::message::{Message, Purpose, Wanted};
use crate::tui::notice::Notice;
use crate::tui::panes::rows::{Sort, aside, dated};
use crate::tui::popups::picker::{Item, Pick, Picker, Topic};
use crate::tui::popups::{Popup, Question, Text, TextPopup, TextSearch};
use gluepot_body::{LayoutOptions, LinkTarget};
use gluepot_core::audit::Caution;
use gluepot_core::model::{Kind, OrganizationId, Record, RecordKey};
use gluepot_core::text::Clean;

/// The most records the finder offers; more are found by typing.
const FINDER_ROWS: usize = 200_000;
/// So many records are made ready between two frames; more are in the background.
const FINDER_AT_ONCE: usize = 3_000;

impl Shell {
    // Keys

    pub(super) fn popup_key(&mut self, key: KeyEvent) {
        let typing = match self.popups.last() {
            Some(Popup::Picker(picker)) => picker.typing,
            Some(Popup::Ticket(_)) => true,
            Some(Popup::Text(popup)) => popup.search.typing,
            Some(Popup::Gate(gate)) => !gate.answers.all.is_empty(),
            Some(Popup::Consent(consent)) => !consent.answers.all.is_empty(),
            _ => false,
        };
        let context = if typing { Context::Input } else { Context::Popup };
        let action = self.cx.keymap.lookup(context, key);
        self.popup_act(action, key);
    }

    /// A key in the popup on top, or an action that a click on its hint stands for.
    pub(super) fn popup_act(&mut self, action: Option<Action>, key: KeyEvent) {
        match action {
            Some(Action::QuitNow) => return self.quit(),
            Some(Action::Suspend) => return self.act(Action::Suspend),
            Some(Action::Redraw) => return self.act(Action::Redraw),
            Some(Action::Back) => {
                if let Some(Popup::Text(popup)) = self.popups.last_mut()
                    && popup.search.leave()
                {
                    return;
                }
                self.popups.pop();
                return;
            }
            _ => {}
        }
        match self.popups.last() {
            Some(Popup::Picker(_)) => self.picker_key(action, key),
            Some(Popup::Ticket(_)) => self.ticket_key(action, key),
            Some(Popup::Text(_)) => self.text_key(action, key),
            Some(Popup::Confirm(_)) => self.confirm_key(key),
            Some(Popup::Gate(_)) => self.gate_key(action, key),
            Some(Popup::Consent(_)) => self.consent_key(action, key),
            None => {}
        }
    }

    fn picker_key(&mut self, action: Option<Action>, key: KeyEvent) {
        let page = isize::from(super::view::picker_rows(self.cx.frame.size, usize::MAX).cast_signed());
        let Some(Popup::Picker(picker)) = self.popups.last_mut() else { return };
        if !picker.typing
            && let Some(at) = plain_char(key).and_then(|c| c.to_digit(10)).and_then(|n| (n as usize).checked_sub(1))
        {
            if at < picker.hits.len() {
                picker.selected = at;
                self.choose();
            }
            return;
        }
        match action {
            Some(Action::Open) => self.choose(),
            Some(Action::Filter) if !picker.typing => picker.typing = true,
            Some(Action::Top) => picker.step(isize::MIN),
            Some(Action::Bottom) => picker.step(isize::MAX),
            Some(Action::HalfPageDown) => picker.step(page / 2),
            Some(Action::HalfPageUp) => picker.step(-(page / 2)),
            Some(Action::Down) => picker.step(1),
            Some(Action::Up) => picker.step(-1),
            Some(Action::PageDown) => picker.step(page),
            Some(Action::PageUp) => picker.step(-page),
            Some(Action::FocusNext) if matches!(picker.topic, Topic::Finder | Topic::FinderEverywhere) => {
                let (everywhere, typed) = (picker.topic == Topic::Finder, picker.filter.text().to_owned());
                self.popups.pop();
                self.open_finder(everywhere);
                if let Some(Popup::Picker(picker)) = self.popups.last_mut() {
                    picker.filter.insert(&typed);
                    picker.refilter();
                }
            }
            Some(Action::FocusNext) => picker.step(1),
            Some(Action::FocusPrevious) => picker.step(-1),
            _ if !picker.typing => {}
            _ => {
                // In the copy menu a number is the number of a code block: one key copies it.
                if picker.topic == Topic::Copy
                    && picker.filter.text().is_empty()
                    && let Some(digit) = plain_char(key).and_then(|c| c.to_digit(10))
                    && let Some(at) = picker.items.iter().position(|item| item.aside == format!("code {digit}"))
                {
                    picker.hits = vec![at];
                    picker.selected = 0;
                    self.choose();
                    return;
                }
                if picker.filter.key(key) {
                    picker.refilter();
                }
            }
        }
    }

    fn ticket_key(&mut self, action: Option<Action>, key: KeyEvent) {
        let Some(Popup::Ticket(field)) = self.popups.last_mut() else { return };
        if action == Some(Action::Open) {
            self.cx.stay.ticket = super::tidy_ticket(field.text());
            self.popups.pop();
            let words = if self.cx.stay.ticket.is_empty() {
                "No ticket: reveals are recorded without one.".to_owned()
            } else {
                format!("Reveals are recorded for ticket #{}.", self.cx.stay.ticket)
            };
            self.say(Notice::quiet(words));
        } else {
            field.key(key);
        }
    }

    fn text_key(&mut self, action: Option<Action>, key: KeyEvent) {
        let most = super::view::text_popup_rows(self.cx.frame.size);
        let Some(Popup::Text(popup)) = self.popups.last_mut() else { return };
        let rows = popup.rows(most);
        let page = rows;
        let last = popup.lines.len().saturating_sub(rows);
        if popup.search.typing && !matches!(action, Some(Action::Down | Action::Up | Action::PageDown | Action::PageUp))
        {
            match action {
                Some(Action::Open) => popup.search.typing = false,
                _ if popup.search.field.key(key) => popup.find(rows),
                _ => {}
            }
            return;
        }
        let to = match action {
            Some(Action::Down) => popup.scroll + 1,
            Some(Action::Up) => popup.scroll.saturating_sub(1),
            Some(Action::PageDown | Action::HalfPageDown) => popup.scroll + page,
            Some(Action::PageUp | Action::HalfPageUp) => popup.scroll.saturating_sub(page),
            Some(Action::Top) => 0,
            Some(Action::Bottom) => last,
            Some(Action::Filter) => {
                *popup.search = TextSearch::begin();
                return;
            }
            Some(Action::NextHit) => return popup.step_hit(1, rows),
            Some(Action::PreviousHit) => return popup.step_hit(-1, rows),
            Some(Action::Help | Action::Open) => {
                self.popups.pop();
                return;
            }
            _ => return,
        };
        popup.scroll = to.min(last);
    }

    pub(super) fn popup_wheel(&mut self, step: isize) {
        let most = super::view::text_popup_rows(self.cx.frame.size);
        match self.popups.last_mut() {
            Some(Popup::Picker(picker)) => picker.step(step),
            Some(Popup::Text(popup)) => {
                let rows = popup.rows(most);
                let last = popup.lines.len().saturating_sub(rows);
                popup.scroll = popup.scroll.saturating_add_signed(step * 3).min(last);
            }
            _ => {}
        }
    }

    /// A click in a list to choose from selects a row, and chooses it when it is selected already; beside the list it
    /// leaves it.
    pub(super) fn popup_click(&mut self, column: u16, row: u16) {
        let Some(Popup::Picker(picker)) = self.popups.last() else { return };
        let (rect, rows) = self.picker_rect(picker);
        if !rect.contains((column, row).into()) {
            self.popups.pop();
            return;
        }
        let above = 1 + u16::from(picker.typing);
        let Some(line) = row.checked_sub(rect.y + above).filter(|&line| line < rows) else { return };
        let Some(at) = picker.hit_at(picker.offset + usize::from(line)) else { return };
        if at == picker.selected {
            self.choose();
        } else if let Some(Popup::Picker(picker)) = self.popups.last_mut() {
            picker.selected = at;
        }
    }

    /// Only the letter that is shown says yes: Enter is pressed too easily.
    fn confirm_key(&mut self, key: KeyEvent) {
        let Some(Popup::Confirm(confirm)) = self.popups.last() else { return };
        let yes = key.code == KeyCode::Char(confirm.yes) && !key.modifiers.contains(KeyModifiers::CONTROL);
        if !yes || !self.confirm_fits(confirm) {
            return;
        }
        let Some(Popup::Confirm(confirm)) = self.popups.pop() else { return };
        match confirm.question {
            Question::OddCopy(leave) => {
                self.desk.odd_copy_allowed = Some(leave.wanted());
                self.fetch_secret(leave.after(Caution::ControlCharacters));
            }
            Question::OpenUrl { address, from } => {
                let said = Said { ticket: Clean::line(&self.cx.stay.ticket), ..Said::default() };
                self.use_link(address, from, &said);
            }
        }
    }

    fn choose(&mut self) {
        let Some(Popup::Picker(picker)) = self.popups.last() else { return };
        let Some(item) = picker.chosen().cloned() else { return };
        if item.refused.is_some() {
            // Why not stands below the list.
            return;
        }
        self.popups.pop();
        match item.pick {
            Pick::Action(action) => {
                self.remember_command(action);
                self.act(action);
            }
            Pick::Copy { what, text } => self.copy_text(&what, &text),
            Pick::Line(line) => {
                self.set_focus(PaneId::Detail);
                self.reader.detail.scroll_to(line);
            }
            Pick::Sort(sort) => {
                let organization = self.cx.organization;
                if let Some(at) = self.cx.frame.focus.index() {
                    self.browse.panes[at].sort = sort;
                    self.browse.panes[at].sync(organization, &self.cx.store);
                }
                self.moved();
            }
            Pick::Version(key, version) => self.open_version(key, version),
            Pick::Use(wanted) => self.ask_secret(wanted),
            Pick::Pane(key, pane) => self.hand_over_to(key, *pane),
            Pick::Record(key, organization) => self.go_to(key, organization),
        }
    }

    // Opening

    pub(super) fn open_sort_menu(&mut self) {
        let Some(pane) = self.pane(self.cx.frame.focus) else { return };
        let now = pane.sort;
        let word = |sort| if sort == now { "current" } else { "" };
        let items = Sort::of(self.cx.frame.focus)
            .iter()
            .map(|&sort| Item::new(sort.label(), word(sort), Pick::Sort(sort)))
            .collect();
        let picker = Picker::new(Topic::Sort, "Sort", items).at(|item| item.pick == Pick::Sort(now));
        self.popups.push(Popup::Picker(Box::new(picker)));
    }

    pub(super) fn open_outline(&mut self) {
        if !self.laid_out_for(Action::Outline) {
            return;
        }
        let scroll = self.reader.detail.scroll;
        let items: Vec<Item> = self
            .reader
            .detail
            .layout
            .headings
            .iter()
            .map(|heading| {
                let indent = "  ".repeat(usize::from(heading.level.saturating_sub(1)));
                Item::new(format!("{indent}{}", heading.text), "", Pick::Line(heading.line))
            })
            .collect();
        if items.is_empty() {
            self.say(Notice::quiet("This document has no headings."));
            return;
        }
        let here = self.reader.detail.layout.headings.iter().rposition(|heading| heading.line <= scroll).unwrap_or(0);
        let line = self.reader.detail.layout.headings[here].line;
        let picker = Picker::new(Topic::Outline, "Outline", items).at(|item| item.pick == Pick::Line(line));
        self.popups.push(Popup::Picker(Box::new(picker)));
    }

    /// Everything that can be copied of the record at hand: fields, code blocks, links.
    pub(super) fn open_copy_menu(&mut self) {
        let Some(key) = self.subject_key() else { return };
        // From a list the record may not be what the detail shows yet.
        if self.reader.detail.target.is_none_or(|target| target.key != key) {
            let organization = self.organization_of(key);
            self.show(crate::tui::panes::detail::Target { key, organization });
        }
        if self.cx.frame.areas.detail.is_none() {
            // Not on the screen: laid out at any width, so that its fields are known.
            self.reader.detail.lay_out(&LayoutOptions::default());
        }
        if !self.laid_out_for(Action::CopyMenu) {
            return;
        }
        let mut items = Vec::new();
        let record = self.cx.store.record(key).cloned();
        if matches!(record.as_deref(), Some(Record::Password(_))) {
            let wanted = Wanted { key, purpose: Purpose::Copy, version: self.version_on_screen(key) };
            let label = wanted.version.map_or_else(
                || "Password (hidden)".to_owned(),
                |version| format!("Password (hidden), {}", self.version_of(key, version)),
            );
            let mut item = Item::new(label, self.hint(Action::CopySecret), Pick::Use(wanted));
            item.refused = self.refusal(Action::CopySecret);
            items.push(item);
        }
        let layout = &self.reader.detail.layout;
        for code in &layout.codes {
            let what = what_of(&format!("code block {}", code.number), &code.text);
            let pick = Pick::Copy { what, text: code.text.to_string() };
            items.push(Item::new(first_line(&code.text, &code.language), format!("code {}", code.number), pick));
        }
        if let Some(record) = &record {
            let pick = Pick::Copy { what: "the name".into(), text: record.name().to_string() };
            items.push(Item::new(record.name().to_string(), "name", pick));
        }
        for field in layout.fields.iter().filter(|field| field.copyable) {
            let pick =
                Pick::Copy { what: what_of(&field.label.to_lowercase(), &field.value), text: field.value.to_string() };
            items.push(Item::new(first_line(&field.value, ""), field.label.to_string(), pick));
        }
        let known = |items: &[Item], text: &str| {
            items.iter().any(|item| matches!(&item.pick, Pick::Copy { text: t, .. } if t == text))
        };
        if let Some(address) = self.web_address(key).filter(|address| !known(&items, address)) {
            let pick = Pick::Copy { what: "the web address".into(), text: address.clone() };
            items.push(Item::new(address, "web app", pick));
        }
        for link in &layout.links {
            let text = match &link.target {
                LinkTarget::Record(key, _) => match self.web_address(*key) {
                    Some(address) => address,
                    None => continue,
                },
                target => target.address().to_owned(),
            };
            if known(&items, &text) {
                continue;
            }
            let pick = Pick::Copy { what: "the link".into(), text: text.clone() };
            items.push(Item::new(format!("{}  {text}", link.text), "link", pick));
        }
        let title = record.map_or_else(|| "Copy".to_owned(), |record| format!("Copy from {}", record.name()));
        self.popups.push(Popup::Picker(Box::new(Picker::new(Topic::Copy, title, items))));
    }

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
        if let Some(Popup::Picker(picker)) = self.popups.last_mut() {
            picker.filter.insert(&typed);
            picker.refilter();
        }
    }

    /// Every record of the open organization, or of all that were opened. What is not here yet is asked for and
    /// joins as it arrives.
    pub(super) fn open_finder(&mut self, everywhere: bool) {
        let (topic, title) = match self.cx.organization.filter(|_| !everywhere) {
            Some(id) => {
                self.want_every_kind(id);
                (Topic::Finder, format!("Search {}", self.organization_name(id)))
            }
            None => (Topic::FinderEverywhere, "Search opened clients".to_owned()),
        };
        self.popups.push(Popup::Picker(Box::new(Picker::new(topic, title, Vec::new()))));
        self.fill_finder();
    }

    /// Whether the finder is what keys go to.
    fn finder_topic(&self) -> Option<Topic> {
        match self.popups.last() {
            Some(Popup::Picker(picker)) => {
                Some(picker.topic).filter(|topic| matches!(topic, Topic::Finder | Topic::FinderEverywhere))
            }
            _ => None,
        }
    }

    /// Whether the finder is open over the organization.
    pub(super) fn finder_is_open(&self) -> bool {
        self.finder_topic() == Some(Topic::Finder)
    }

    /// A list changed: an open finder takes it in.
    pub(super) fn refill_finder(&mut self, key: gluepot_core::model::ListKey, is_page: bool) {
        let Some(topic) = self.finder_topic() else { return };
        let wanted = topic == Topic::FinderEverywhere || key.organization() == self.cx.organization;
        // Of a large list only its end counts: nobody reads along with pages.
        if wanted && !(is_page && self.cx.store.list(key).rows.len() > FINDER_AT_ONCE) {
            self.fill_finder();
        }
    }

    fn fill_finder(&mut self) {
        let Some(topic) = self.finder_topic() else { return };
        let organization = self.cx.organization.filter(|_| topic == Topic::Finder);
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
        let mut notes = Vec::new();
        let loading = self.finder_loading(organization);
        if !loading.is_empty() {
            notes.push(format!("still loading {loading}"));
        }
        let mut failed: Vec<_> = keys
            .iter()
            .filter(|(_, list)| matches!(list.state, crate::store::State::Failed(_)))
            .map(|(key, _)| key.word())
            .collect();
        failed.dedup();
        if !failed.is_empty() {
            notes.push(format!("cannot load {}", failed.join(" and ")));
        }
        let records: Vec<Arc<Record>> = keys
            .iter()
            .flat_map(|(_, list)| &list.rows)
            .filter(|record| !record.is_archived())
            .take(FINDER_ROWS)
            .cloned()
            .collect();
        if self.cx.organization.is_some() {
            let other = if organization.is_none() { "this client" } else { "all opened clients" };
            notes.push(format!("Tab: {other}"));
        }
        // Whose a record is matters only among those of several.
        let names: HashMap<OrganizationId, String> = match organization {
            Some(_) => HashMap::new(),
            None => keys.iter().filter_map(|(key, _)| key.organization()).map(|o| (o, self.short_name(o))).collect(),
        };
        // What was visited comes first while nothing is typed, the latest on top; not what is looked at anyway.
        let mut visited: Vec<RecordKey> = Vec::new();
        let shown = self.reader.detail.target.map(|target| target.key);
        for key in self.history.visited().map(|visit| visit.target.key) {
            if !visited.contains(&key) && shown != Some(key) {
                visited.push(key);
            }
        }
        self.finder.finder_ticket += 1;
        let ticket = self.finder.finder_ticket;
        let today = self.cx.today;
        if records.len() > FINDER_AT_ONCE {
            let note = format!("searching {} records", format::number(records.len()));
            if let Some(Popup::Picker(picker)) = self.popups.last_mut() {
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

    pub(super) fn found(&mut self, ticket: u64, items: Vec<Item>, index: crate::search::Index, note: String) {
        if ticket != self.finder.finder_ticket || self.finder_topic().is_none() {
            return;
        }
        let organization = self.cx.organization.filter(|_| self.finder_topic() == Some(Topic::Finder));
        let loading = self.finder_loading(organization);
        if let Some(Popup::Picker(picker)) = self.popups.last_mut() {
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
                let types = *key == gluepot_core::model::ListKey::FlexibleAssetTypes;
                let wanted = organization.is_none() || types || key.organization() == organization;
                wanted && list.is_loading()
            })
            .map(|(key, _)| match key {
                gluepot_core::model::ListKey::FlexibleAssetTypes => "flexible assets",
                key => key.word(),
            })
            .collect();
        words.sort_unstable();
        words.dedup();
        words.join(", ")
    }

    fn short_name(&self, id: OrganizationId) -> String {
        match self.cx.store.organization(id) {
            Some(o) if !o.short_name.is_empty() => o.short_name.to_string(),
            Some(o) => o.name.to_string(),
            None => id.to_string(),
        }
    }

    /// Opens a text to read.
    pub(super) fn open_text(&mut self, text: Text) {
        let width = super::view::popup_width(self.cx.frame.size);
        let (title, lines) = self.text_lines(text, width);
        self.popups.push(Popup::Text(TextPopup { text, width, title, lines, scroll: 0, search: Box::default() }));
    }

    /// Opens the quick notes of the open organization, and asks for the rest of them where the list has cut them.
    pub(super) fn open_quick_notes(&mut self) {
        if let Some(id) = self.cx.organization
            && self.cx.store.quick_notes(id).is_some_and(|(_, is_cut)| is_cut)
        {
            let key = RecordKey { kind: Kind::Organization, id: id.0 };
            self.fetch_record(crate::tui::tasks::Slot::QuickNotes, key, Some(id));
        }
        self.open_text(Text::QuickNotes);
    }

    /// Makes the lines of the texts anew that were made for another width.
    pub(super) fn fit_texts(&mut self) {
        let width = super::view::popup_width(self.cx.frame.size);
        self.remake_texts(|popup| popup.width != width);
    }

    /// Shows in an open text what has become known since.
    pub(super) fn quick_notes_arrived(&mut self) {
        self.remake_texts(|popup| matches!(popup.text, Text::QuickNotes));
    }

    fn remake_texts(&mut self, is_outdated: impl Fn(&TextPopup) -> bool) {
        let width = super::view::popup_width(self.cx.frame.size);
        for at in 0..self.popups.len() {
            let Some(Popup::Text(popup)) = self.popups.get(at) else { continue };
            if !is_outdated(popup) {
                continue;
            }
            let text = popup.text;
            let (_, lines) = self.text_lines(text, width);
            if let Some(Popup::Text(popup)) = self.popups.get_mut(at) {
                // The same share of the text stays in view.
                popup.scroll = popup.scroll * lines.len() / popup.lines.len().max(1);
                (popup.lines, popup.width) = (lines, width);
                popup.search_again();
            }
        }
    }

    fn text_lines(&self, text: Text, popup: u16) -> (String, Vec<Line<'static>>) {
        let width = popup.saturating_sub(4);
        match text {
            Text::Help => self.help_lines(width.into()),
            Text::Status => ("Status".into(), self.status_lines(width.into())),
            Text::QuickNotes => self.quick_notes_lines(width),
        }
    }

    fn quick_notes_lines(&self, width: u16) -> (String, Vec<Line<'static>>) {
        let Some(organization) = self.cx.organization.and_then(|id| self.cx.store.organization_in_full(id)) else {
            return ("Quick notes".into(), Vec::new());
        };
        let id = OrganizationId(organization.id);
        let Some((notes, is_cut)) = self.cx.store.quick_notes(id) else { return ("Quick notes".into(), Vec::new()) };
        let doc = gluepot_body::Doc::from_notes(notes, &self.link_base(self.cx.organization));
        let options = LayoutOptions {
            width,
            ascii: self.cx.styles.signs.ascii,
            strike_marks: !self.cx.styles.strikes,
            heading_rules: true,
            ..LayoutOptions::default()
        };
        let layout = gluepot_body::Layout::new(&doc, &options);
        let mut lines: Vec<_> = layout.lines.iter().map(|line| super::view::styled(line, &self.cx.styles)).collect();
        if is_cut {
            let key = RecordKey { kind: Kind::Organization, id: organization.id };
            let (words, look) = match self.cx.store.detail(key).map(|detail| &detail.state) {
                Some(State::Failed(error)) => (
                    format!("The rest is missing. {}. {}", error.headline(), error.next_step()),
                    self.cx.styles.warning,
                ),
                _ => ("Loading the rest…".to_owned(), self.cx.styles.dim),
            };
            lines.push(Line::default());
            lines.extend(wrap(&words, width.into()).into_iter().map(|part| Line::styled(part, look)));
        }
        (format!("Quick notes of {}", organization.name), lines)
    }

    /// The keys that work here, made from the keymap.
    fn help_lines(&self, width: usize) -> (String, Vec<Line<'static>>) {
        let context = if self.cx.frame.focus == PaneId::Detail { Context::Detail } else { Context::List };
        let column = if width < 60 { 10 } else { 18 };
        let mut lines = Vec::new();
        let mut topic = None;
        for &action in Action::ALL {
            if topic != Some(action.group()) {
                topic = Some(action.group());
                if !lines.is_empty() {
                    lines.push(Line::default());
                }
                lines.push(Line::styled(action.group().title().to_owned(), self.cx.styles.group));
            }
            let keys = self.cx.keymap.all_keys_for(context, action).collect::<Vec<_>>().join(" ");
            let keys = if keys.is_empty() { format!(":{}", action.name()) } else { keys };
            let refused = self.refusal(action).is_some();
            let (look, key_look) = if refused {
                (self.cx.styles.dim, self.cx.styles.dim)
            } else {
                (self.cx.styles.text, self.cx.styles.key)
            };
            let mut words = wrap(action.description(), width.saturating_sub(column + 3)).into_iter();
            if format::width(&keys) > column {
                lines.push(Line::styled(format!("  {keys}"), key_look));
            } else {
                let blank = " ".repeat(column - format::width(&keys));
                lines.push(Line::from(vec![
                    Span::styled(format!("  {keys}{blank} "), key_look),
                    Span::styled(words.next().unwrap_or_default(), look),
                ]));
            }
            lines.extend(words.map(|part| Line::styled(format!("{}{part}", " ".repeat(column + 3)), look)));
        }
        lines.push(Line::default());
        let note = "Dim: not possible right now. Change keys in keys.toml (gluepot --print-keys).";
        lines.extend(wrap(note, width).into_iter().map(|part| Line::styled(part, self.cx.styles.dim)));
        let title = if self.cx.frame.focus == PaneId::Detail { "Keys in the detail" } else { "Keys in a list" };
        (title.into(), lines)
    }

    /// Connection, quota, audit, clipboard and what was reported.
    fn status_lines(&self, width: usize) -> Vec<Line<'static>> {
        let quota = self.client.quota();
        let mut rows: Vec<(String, String)> = vec![
            ("Profile".into(), self.profile.clone()),
            (
                "Requests left".into(),
                format!(
                    "{} of {} (5 min), {} queued",
                    format::number(quota.left as usize),
                    format::number(quota.of as usize),
                    quota.waiting
                ),
            ),
        ];
        if let Some(until) = quota.paused_until {
            let seconds = until.saturating_duration_since(self.now()).as_secs();
            rows.push(("Paused".into(), format!("IT Glue limits requests, {seconds} s left")));
        }
        if let Some(why) = self.client.counts_alone() {
            rows.push(("Quota".into(), format!("{why}. Only a quarter of the quota is used")));
        }
        let connection = self.client.connection();
        rows.push(("Connection".into(), connection.to.to_string()));
        rows.push(("Certificates".into(), connection.trusted.to_string()));
        if let Some(certificate) = connection.certificate {
            rows.push(("Certificate".into(), certificate.to_string()));
        }
        if let Some(proxy) = connection.proxy {
            let words = "a proxy that inspects TLS sees everything; check the issuer of the certificate";
            rows.push(("Proxy".into(), format!("{proxy}; {words}")));
        }
        rows.push((
            "Audit".into(),
            match self.cx.audit.trouble() {
                None => self.cx.audit.folder().display().to_string(),
                Some(trouble) => {
                    format!("cannot be written: {}. Reveal and copy are off until it can", trouble.whole)
                }
            },
        ));
        rows.push((
            "Clipboard".into(),
            format!("{}: {}", self.desk.clipboard.way().label(), self.desk.clipboard.why()),
        ));
        if let Some((way, doubt)) = self.desk.last_delivery {
            rows.push(("Last copy".into(), format!("{}, unconfirmed: {doubt}", way.label())));
        }
        rows.push(("Auto-lock".into(), self.lock_words()));
        rows.extend(self.policy_rows());
        rows.push(("Watchdog".into(), crate::host::guard::status().to_string()));
        // What was told above with more to it is not told again.
        let audit = self.cx.audit.folder().display().to_string();
        let told = |label: &str, place: &str| place.starts_with(&audit) || label.starts_with("policy");
        for (label, place) in self.places.iter().filter(|(label, place)| !told(label, place)) {
            let label = format::capital(label);
            // Several lines about the same thing stand under one name.
            let again = rows.iter().rev().find(|(label, _)| !label.is_empty()).is_some_and(|(last, _)| *last == label);
            rows.push((if again { String::new() } else { label }, place.clone()));
        }
        let running = self.cx.tasks.alive();
        rows.push(("In progress".into(), format::count(running, "background task", "background tasks")));
        let mut lines: Vec<Line<'static>> = Vec::new();
        let column = rows.iter().map(|(label, _)| format::width(label)).max().unwrap_or(0).min(20);
        let width = width.saturating_sub(column + 1);
        for (label, value) in rows {
            let value = Clean::line(&value);
            for (at, part) in wrap(&value, width).into_iter().enumerate() {
                let label = if at == 0 { label.as_str() } else { "" };
                lines.push(Line::from(vec![
                    Span::styled(format!("{label:<column$} "), self.cx.styles.dim),
                    Span::styled(part, self.cx.styles.text),
                ]));
            }
        }
        if !self.reports.is_empty() {
            lines.push(Line::default());
            lines.push(Line::styled("Reported at startup", self.cx.styles.group));
            for report in &self.reports {
                for part in wrap(&Clean::line(report), width + column) {
                    lines.push(Line::styled(part, self.cx.styles.warning));
                }
            }
        }
        lines
    }
}

/// The finder's items for some records, with the index that finds them by all that their lists are filtered by.
fn found(
    records: &[Arc<Record>],
    names: &HashMap<OrganizationId, String>,
    visited: &[RecordKey],
    today: jiff::civil::Date,
) -> (Vec<Item>, crate::search::Index) {
    let ranks: HashMap<RecordKey, usize> = visited.iter().enumerate().map(|(rank, &key)| (key, rank)).collect();
    let mut records: Vec<&Arc<Record>> = records.iter().collect();
    records.sort_by_key(|record| ranks.get(&record.key()).copied().unwrap_or(usize::MAX));
    let mut index = crate::search::Index::default();
    let items = records
        .into_iter()
        .map(|record| {
            let extra = dated(record, today).map_or_else(|| aside(record), |dated| dated.whole().into());
            let label =
                if extra.is_empty() { record.name().to_string() } else { format!("{}  {extra}", record.name()) };
            let kind = record.kind();
            let whose = record.organization_id().filter(|_| kind != Kind::Organization).and_then(|o| {
                let name = names.get(&o)?;
                // The record itself says whose it is where the list of clients does not.
                let own = record.common().map_or("", |common| &common.organization_name);
                Some(if *name == o.to_string() && !own.is_empty() { own } else { name.as_str() })
            });
            let aside = whose.map_or_else(|| kind.word().to_owned(), |name| format!("{} of {name}", kind.word()));
            let aside = if ranks.contains_key(&record.key()) { format!("visited, {aside}") } else { aside };
            index.push_record(record, &aside);
            Item::new(label, aside, Pick::Record(record.key(), record.organization_id()))
        })
        .collect();
    (items, index)
}

/// Breaks a text into pieces of at most `width` columns, at blanks where it can.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_by(text, width, &mut format::width)
}

/// The same with what measures a text. Each piece of it is measured twice at most: the text may be as long as a server
/// likes.
fn wrap_by(text: &str, columns: usize, measure: &mut impl FnMut(&str) -> usize) -> Vec<String> {
    let columns = columns.max(10);
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split(' ') {
        let wide = measure(word);
        if used > 0 && used + 1 + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if used > 0 {
            line.push(' ');
            used += 1;
        }
        if wide <= columns {
            line.push_str(word);
            used += wide;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = measure(grapheme);
            if used > 0 && used + wide > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    lines.push(line);
    lines
}

/// How many lines a text has, said where it is copied and only its first line is seen; empty for one.
fn lines_word(text: &str) -> String {
    match text.trim_end_matches('\n').lines().count() {
        0 | 1 => String::new(),
        n => format::count(n, "line", "lines"),
    }
}

/// A text of a copy menu: its first line, and before it how many there are.
fn first_line(text: &str, before: &str) -> String {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let lines = lines_word(text);
    let before = [before, &lines].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ");
    let after = if lines.is_empty() { "" } else { " …" };
    if before.is_empty() { first.to_owned() } else { format!("{before}: {first}{after}") }
}

/// What is copied, for the notice: with the number of its lines where there are several.
fn what_of(what: &str, text: &str) -> String {
    let lines = lines_word(text);
    if lines.is_empty() { what.to_owned() } else { format!("{what}, {lines}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_measures_a_text_twice_however_long_it_is() {
        for text in ["\u{2039}202E\u{203a}".repeat(20_000), "word ".repeat(20_000), "x".repeat(100_000)] {
            let mut measured = 0;
            let lines = wrap_by(&text, 60, &mut |piece: &str| {
                measured += piece.len();
                format::width(piece)
            });
            assert!(measured <= 2 * text.len(), "{measured} of {}", text.len());
            assert!(lines.iter().all(|line| format::width(line) <= 60));
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn what_is_copied_says_how_many_lines_it_has() {
        assert_eq!(first_line("ls\nrm -rf ~\n", "powershell"), "powershell, 2 lines: ls …");
        assert_eq!(first_line("\nls\n\n", ""), "2 lines: ls …");
        assert_eq!(first_line("ls\n", "sh"), "sh: ls");
        assert_eq!(first_line("ls", ""), "ls");
        assert_eq!(what_of("code block 1", "a\nb"), "code block 1, 2 lines");
        assert_eq!(what_of("the name", "a"), "the name");
    }
}
