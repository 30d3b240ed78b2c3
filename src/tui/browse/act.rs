//! What the lists do: moving, folding, filtering, opening a row. What goes beyond them they wish for.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Instant;

use super::Browse;
use super::list::{ListPane, ViewRow};
use crate::present::format::count;
use crate::present::row::Sort;
use crate::tui::component::{Command, Component, Ctx, Flow, Wish};
use crate::tui::keymap::{Action, Context};
use crate::tui::layout::{PaneId, Room};
use crate::tui::notice::Notice;
use crate::tui::pick::{Item, Pick};
use crate::tui::popups::picker::{Picker, Topic};
use crate::tui::target::{FolderShown, Group};
use crate::tui::tasks::Slot;
use gluepot_core::model::Kind;

/// This many rows before the end of what is loaded the next page is hurried.
const AHEAD: usize = 50;

impl Component for Browse {
    fn context(&self, cx: &Ctx) -> Context {
        if self.typing(cx) { Context::Input } else { Context::List }
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        if self.typing(cx) { self.act_typing(action, cx) } else { self.go(action, cx) }
    }

    fn typed(&mut self, key: KeyEvent, cx: &mut Ctx) -> Flow {
        if self.typing(cx) && self.pane_mut(cx.frame.focus).is_some_and(|pane| pane.filter.key(key)) {
            self.filter_changed(cx);
        }
        Flow::Consumed
    }

    fn paste(&mut self, text: &str, cx: &mut Ctx) {
        if let Some(pane) = self.pane_mut(cx.frame.focus) {
            pane.filter.insert(text);
            self.filter_changed(cx);
        }
    }

    fn commands(&self, cx: &Ctx) -> Vec<Command> {
        self.all_commands(cx)
    }

    fn tick(&mut self, now: Instant, cx: &mut Ctx) {
        if self.rest.is_some_and(|at| at <= now) {
            self.rest = None;
            self.preview(cx);
        }
    }

    fn due(&self, _cx: &Ctx) -> Option<Instant> {
        self.rest
    }

    fn prepare(&mut self, _area: Rect, cx: &Ctx) {
        for pane in &mut self.panes {
            pane.today = cx.today;
            pane.sync(cx.organization, &cx.store);
        }
        for &(id, rect) in &cx.frame.areas.lists {
            let Some(at) = id.index() else { continue };
            let banner = Self::banner(&self.panes[at], rect, cx).map_or(0, |(lines, _)| lines.len());
            let pane = &mut self.panes[at];
            let above = usize::from(pane.shows_filter()) + banner;
            pane.scroll_into_view(usize::from(rect.height.saturating_sub(2)).saturating_sub(above));
        }
    }

    fn draw(&self, buffer: &mut Buffer, _area: Rect, cx: &Ctx) {
        for &(id, rect) in &cx.frame.areas.lists {
            if let Some(pane) = self.pane(id) {
                self.draw_list(buffer, pane, rect, cx);
            }
        }
    }
}

impl Browse {
    /// Whether keys go to the filter of the focused list.
    pub(in crate::tui) fn typing(&self, cx: &Ctx) -> bool {
        self.pane(cx.frame.focus).is_some_and(|pane| pane.filtering)
    }

    /// An action while a filter is typed.
    fn act_typing(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        match action {
            Action::Open => {
                self.end_typing(cx);
                // Kept is chosen: the cursor stays on its row when the filter goes away.
                if let Some(pane) = self.pane_mut(cx.frame.focus) {
                    pane.select(pane.selected(), &cx.store);
                }
            }
            Action::Back => {
                self.end_typing(cx);
                self.clear_filter(cx);
            }
            Action::Down | Action::Up | Action::PageDown | Action::PageUp => return self.go(action, cx),
            Action::FocusNext | Action::FocusPrevious => {
                self.end_typing(cx);
                cx.wish(Wish::Act(action));
            }
            Action::Redraw | Action::Suspend | Action::QuitNow | Action::Finder => cx.wish(Wish::Act(action)),
            _ => return Flow::Ignored,
        }
        Flow::Consumed
    }

    /// An action in the focused list.
    fn go(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        let list = cx.frame.focus;
        let times = cx.count.map_or(1, usize::cast_signed);
        let page = page(cx);
        match action {
            Action::Down => self.step(list, times, cx),
            Action::Up => self.step(list, -times, cx),
            Action::HalfPageDown => self.step(list, page / 2 * times, cx),
            Action::HalfPageUp => self.step(list, -(page / 2 * times), cx),
            Action::PageDown => self.step(list, page * times, cx),
            Action::PageUp => self.step(list, -(page * times), cx),
            Action::NextHit => self.step(list, times, cx),
            Action::PreviousHit => self.step(list, -times, cx),
            Action::Top => self.jump(cx.count.map_or(0, |row| row - 1), cx),
            Action::Bottom => self.jump(cx.count.map_or(usize::MAX, |row| row - 1), cx),
            Action::Left => self.sideways(false, cx),
            Action::Right => self.sideways(true, cx),
            Action::NextTab => self.step_tab(1, cx),
            Action::PreviousTab => self.step_tab(-1, cx),
            Action::Filter => {
                // What was kept is done with: the next search starts empty, as everywhere else.
                self.clear_filter(cx);
                if let Some(pane) = self.pane_mut(list) {
                    pane.filtering = true;
                }
                cx.wish(Wish::Load(list));
            }
            Action::Open => self.open(cx),
            Action::Sort => self.open_sort_menu(cx),
            Action::ToggleArchived => self.toggle_archived(cx),
            _ => return Flow::Ignored,
        }
        Flow::Consumed
    }

    // Moving

    /// Moves the cursor of a list, which may be another one than the focused.
    pub(in crate::tui) fn step(&mut self, list: PaneId, by: isize, cx: &mut Ctx) {
        if self.pane_mut(list).is_some_and(|pane| pane.step(by, &cx.store)) && list == cx.frame.focus {
            self.moved(cx);
        }
        self.load_ahead(list, cx);
    }

    fn jump(&mut self, to: usize, cx: &mut Ctx) {
        let list = cx.frame.focus;
        if self.pane_mut(list).is_some_and(|pane| pane.select(to, &cx.store)) {
            self.moved(cx);
        }
        self.load_ahead(list, cx);
    }

    /// The cursor is close to the end of the loaded rows: the next page goes before background work.
    fn load_ahead(&self, list: PaneId, cx: &mut Ctx) {
        let Some(pane) = self.pane(list).filter(|pane| pane.is_near_end(AHEAD)) else { return };
        for key in pane.sources(cx.organization, &cx.store) {
            cx.tasks.hurry(Slot::List(key));
        }
    }

    fn sideways(&mut self, right: bool, cx: &mut Ctx) {
        let Some(pane) = self.pane_mut(cx.frame.focus) else { return };
        if pane.fold(right, &cx.store) {
            return self.moved(cx);
        }
        if right && let Some(ViewRow::Group { group: Group::AssetType(key), .. }) = pane.selected_row() {
            return cx.wish(Wish::Want(*key));
        }
        if cx.frame.focus == PaneId::Others {
            self.step_tab(if right { 1 } else { -1 }, cx);
        }
    }

    fn step_tab(&mut self, by: isize, cx: &mut Ctx) {
        let pane = &mut self.panes[4];
        pane.tab = pane.tab.step(by);
        pane.clear_filter();
        cx.wish(Wish::Load(cx.frame.focus));
        self.moved(cx);
    }

    /// The cursor of the focused list moved: the detail follows after a short rest.
    pub(in crate::tui) fn moved(&mut self, cx: &mut Ctx) {
        cx.dirty = true;
        if cx.frame.areas.room == Room::Wide && cx.frame.focus != PaneId::Detail && !cx.frame.zoomed {
            let rest = std::time::Duration::from_millis(cx.config.ui.preview_ms.into());
            self.rest = Some(cx.now() + rest);
            self.rest_unmet = false;
        }
    }

    /// The cursor moved and the detail waits for it to rest: it follows at once.
    pub(in crate::tui) fn follow_cursor(&mut self, cx: &mut Ctx) {
        if self.rest.take().is_some() {
            self.preview(cx);
        }
    }

    /// The cursor rested: its row is shows them.
    fn preview(&mut self, cx: &mut Ctx) {
        // Rows may have come since the last frame.
        let Some(pane) = self.pane_mut(cx.frame.focus) else { return self.rest_unmet = true };
        pane.sync(cx.organization, &cx.store);
        if let Some(ViewRow::Group { group, label, count, .. }) = pane.selected_row() {
            return cx.wish(Wish::LookAtFolder(FolderShown { group: *group, label: label.clone(), count: *count }));
        }
        let Some(key) = pane.selected_record(&cx.store).map(|record| record.key()) else {
            self.rest_unmet = true;
            return;
        };
        if key.kind != Kind::Unknown {
            cx.wish(Wish::LookAt(key));
        }
    }

    // Filter

    pub(in crate::tui) fn end_typing(&mut self, cx: &Ctx) {
        if let Some(pane) = self.pane_mut(cx.frame.focus) {
            pane.filtering = false;
        }
    }

    /// Empties the filter of the focused list. Says whether there was one.
    pub(in crate::tui) fn clear_filter(&mut self, cx: &mut Ctx) -> bool {
        let cleared = self.pane_mut(cx.frame.focus).is_some_and(ListPane::clear_filter);
        if cleared {
            self.filter_changed(cx);
        }
        cleared
    }

    fn filter_changed(&mut self, cx: &mut Ctx) {
        if let Some(pane) = self.pane_mut(cx.frame.focus) {
            pane.sync(cx.organization, &cx.store);
            // The best hit is on top; without a filter the cursor stays on its record.
            if !pane.filter.text().is_empty() {
                pane.keep_or_top(&cx.store);
            }
        }
        self.moved(cx);
    }

    // Rows

    fn open(&mut self, cx: &mut Ctx) {
        let list = cx.frame.focus;
        let Some(pane) = self.pane_mut(list) else { return };
        if list == PaneId::Organizations {
            if let Some(id) = pane.selected_record(&cx.store).and_then(|record| record.organization_id()) {
                cx.wish(Wish::OpenClient(id));
            }
            return;
        }
        match pane.selected_row() {
            Some(ViewRow::Group { group: Group::AssetType(key), count, .. }) if count.is_none_or(|n| n == 0) => {
                cx.wish(Wish::Want(*key));
            }
            Some(ViewRow::Group { group, .. }) => pane.toggle(*group),
            Some(ViewRow::Record { .. }) => {
                // Opened is chosen: the cursor stays here when the filter goes away.
                pane.select(pane.selected(), &cx.store);
                if let Some(key) = pane.selected_record(&cx.store).map(|record| record.key()) {
                    cx.wish(Wish::OpenRecord(key));
                }
            }
            // Enter on a list that has nothing asks for it.
            Some(ViewRow::Unreadable { .. } | ViewRow::Weak) | None => cx.wish(Wish::AskFor(list)),
        }
    }

    /// Another order for the focused list.
    pub(in crate::tui) fn sort(&mut self, sort: Sort, cx: &mut Ctx) {
        if let Some(pane) = self.pane_mut(cx.frame.focus) {
            pane.sort = sort;
            pane.sync(cx.organization, &cx.store);
        }
        self.moved(cx);
    }

    fn open_sort_menu(&self, cx: &mut Ctx) {
        let Some(pane) = self.pane(cx.frame.focus) else { return };
        let now = pane.sort;
        let word = |sort| if sort == now { "current" } else { "" };
        let sorts = crate::tui::rows::orders(cx.frame.focus).iter();
        let items = sorts.map(|&sort| Item::new(sort.label(), word(sort), Pick::Sort(sort))).collect();
        let picker = Picker::new(Topic::Sort, "Sort", items).at(|item| item.pick == Pick::Sort(now));
        cx.wish(Wish::Popup(Box::new(picker)));
    }

    fn toggle_archived(&mut self, cx: &mut Ctx) {
        let Some(pane) = self.pane_mut(cx.frame.focus) else { return };
        pane.archived = !pane.archived;
        pane.sync(cx.organization, &cx.store);
        let words = match (pane.archived, pane.hidden_archived) {
            (true, _) => "Archived records are shown.".to_owned(),
            (false, 0) => "Nothing here is archived.".to_owned(),
            (false, n) => format!("{} hidden.", count(n, "archived record", "archived records")),
        };
        cx.say(Notice::quiet(words));
        self.moved(cx);
    }

    /// A click into a list that has the focus since then: it selects a row, and opens it when it is selected already.
    pub(in crate::tui) fn click_row(&mut self, list: PaneId, rect: Rect, row: u16, was: PaneId, cx: &mut Ctx) {
        let Some(pane) = self.pane(list) else { return };
        let banner = Self::banner(pane, rect, cx).map_or(0, |(lines, _)| lines.len() as u16);
        let above = 1 + u16::from(pane.shows_filter()) + banner;
        let inside = row >= rect.y + above && row + 1 < rect.bottom();
        if rect.height < 3 || !inside {
            return;
        }
        let at = pane.offset + usize::from(row - rect.y - above);
        if matches!(pane.rows.get(at), None | Some(ViewRow::Weak)) {
            return;
        }
        let again = was == list && at == pane.selected();
        if let Some(pane) = self.pane_mut(list) {
            pane.select(at, &cx.store);
        }
        if again {
            cx.wish(Wish::Act(Action::Open));
        } else {
            self.moved(cx);
        }
    }
}

/// Rows that a page takes.
fn page(cx: &Ctx) -> isize {
    let rows = cx.frame.areas.pane(cx.frame.focus).map_or(10, |rect| usize::from(rect.height.saturating_sub(2)));
    rows.saturating_sub(1).max(2) as isize
}
