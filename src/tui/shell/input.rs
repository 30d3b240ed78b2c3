//! Keys, paste, mouse and focus: who gets an event, and which action it means.
//!
//! A popup on top takes every key and nothing leaks below it. Then comes a text field that is being typed into. Only
//! what neither of them wants is looked up in the keymap.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};

use super::Shell;
use crate::tui::keymap::{Action, Context, plain_char};
use crate::tui::layout::PaneId;
use crate::tui::notice::Notice;
use gluepot_core::clock::BootTime;

/// Lines one notch of the wheel moves.
const WHEEL: isize = 3;
/// The largest number before a motion.
const MOST_COUNTED: usize = 99_999;

impl Shell {
    pub(super) fn input(&mut self, event: Event) {
        if matches!(event, Event::Key(_) | Event::Paste(_)) {
            self.key_shows_focus();
        }
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(key),
            Event::Key(_) => {}
            Event::Paste(text) => self.paste(&text),
            Event::Mouse(mouse) if self.mouse && self.lock.locked.is_none() && self.desk.console.is_none() => {
                self.mouse_event(mouse);
            }
            Event::Mouse(_) => {}
            Event::FocusGained => self.focus_gained(),
            Event::FocusLost => self.focus_lost(),
            Event::Resize(..) => self.cx.dirty = true,
        }
    }

    fn key(&mut self, key: KeyEvent) {
        self.cx.dirty = true;
        self.reader.wait_no_longer();
        self.lock.last_key = BootTime::now();
        if self.lock.locked.is_some() {
            self.lock_key(key);
            return;
        }
        if self.desk.console.is_some() {
            self.console_key(key);
            return;
        }
        // Whatever else Esc leaves: a value that is shown goes first, and at once.
        if key.code == KeyCode::Esc && self.held().is_some() {
            self.hide("hidden by the user");
            if self.popups.is_empty() && !self.typing() {
                return;
            }
        }
        if !self.popups.is_empty() {
            self.pass_notice();
            self.popup_key(key);
            return;
        }
        if self.typing() {
            self.pass_notice();
            self.room_key(key);
            return;
        }
        let context = if self.cx.frame.focus == PaneId::Detail { Context::Detail } else { Context::List };
        let action = self.cx.keymap.lookup(context, key);
        if self.counted(action, key) {
            return;
        }
        // Going back takes away a notice when it finds nothing else to leave.
        if action != Some(Action::Back) {
            self.pass_notice();
        }
        if let Some(action) = action {
            self.act(action);
        } else if let Some(key) = crate::tui::keymap::Key::from_event(key) {
            let words = format!(
                "{} does nothing here. {} shows the keys.",
                key.hint(self.cx.styles.signs.ascii),
                self.cx.hint(Action::Help)
            );
            self.say(Notice::quiet(words).passing());
        }
    }

    /// A number before a motion, as in vi. It begins with 6 to 9, since 0 to 5 go to a pane at once, then any
    /// digit. Says whether the key is done with.
    fn counted(&mut self, action: Option<Action>, key: KeyEvent) -> bool {
        let digit = plain_char(key).and_then(|c| c.to_digit(10)).map(|digit| digit as usize);
        match (self.count, digit) {
            (Some(count), Some(digit)) => {
                self.count = Some((count * 10 + digit).min(MOST_COUNTED));
                return true;
            }
            (None, Some(digit)) if action.is_none() && digit > 0 => {
                self.pass_notice();
                self.count = Some(digit);
                return true;
            }
            _ => {}
        }
        let Some(count) = self.count.take() else { return false };
        match action {
            Some(Action::Back) => true,
            Some(action) => {
                self.pass_notice();
                self.act_counted(action, count);
                true
            }
            None => false,
        }
    }

    /// Whether keys go to a filter or find field.
    pub(super) fn typing(&self) -> bool {
        match self.cx.frame.focus {
            PaneId::Detail => self.reader.detail.finding,
            _ => self.browse.typing(&self.cx),
        }
    }

    /// A key for the room that has the focus.
    fn room_key(&mut self, key: KeyEvent) {
        let (room, cx) = self.room();
        room.key(key, cx);
        self.carry_out();
    }

    pub(super) fn end_typing(&mut self) {
        match self.cx.frame.focus {
            PaneId::Detail => self.reader.detail.finding = false,
            _ => self.browse.end_typing(&self.cx),
        }
    }

    /// Empties the filter or find of the focused pane. Says whether there was one.
    pub(super) fn clear_field(&mut self) -> bool {
        let cleared = match self.cx.frame.focus {
            PaneId::Detail => self.reader.clear_find(&mut self.cx),
            _ => self.browse.clear_filter(&mut self.cx),
        };
        self.carry_out();
        cleared
    }

    fn paste(&mut self, text: &str) {
        // A PIN is not pasted: then it would be in a clipboard.
        if self.lock.locked.is_some() || self.desk.console.is_some() {
            return;
        }
        self.lock.last_key = BootTime::now();
        self.cx.dirty = true;
        let typing = self.typing();
        if let Some(popup) = self.popups.last_mut() {
            return popup.paste(text, &mut self.cx);
        }
        // Pasted text is never read as keys.
        if !typing {
            return;
        }
        let (room, cx) = self.room();
        room.paste(text, cx);
        self.carry_out();
    }

    fn mouse_event(&mut self, mouse: MouseEvent) {
        self.lock.last_key = BootTime::now();
        if mouse.kind == MouseEventKind::Down(MouseButton::Left) && self.click_hint(mouse.column, mouse.row) {
            return;
        }
        if !self.popups.is_empty() {
            let Some(popup) = self.popups.last_mut() else { return };
            match mouse.kind {
                MouseEventKind::ScrollDown => popup.wheel(1, &mut self.cx),
                MouseEventKind::ScrollUp => popup.wheel(-1, &mut self.cx),
                MouseEventKind::Down(MouseButton::Left) => {
                    popup.click((mouse.column, mouse.row).into(), &mut self.cx);
                }
                _ => return,
            }
            self.carry_out();
            self.cx.dirty = true;
            return;
        }
        let hit = self.cx.frame.areas.pane_at(mouse.column, mouse.row);
        match mouse.kind {
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                let by = if mouse.kind == MouseEventKind::ScrollDown { WHEEL } else { -WHEEL };
                self.cx.dirty = true;
                match hit {
                    Some((PaneId::Detail, _)) => {
                        self.reader.detail.scroll_by(by);
                    }
                    Some((list, _)) => {
                        self.browse.step(list, by, &mut self.cx);
                        self.carry_out();
                    }
                    None => {}
                }
            }
            MouseEventKind::Down(MouseButton::Left) => {
                self.cx.dirty = true;
                if self.is_divider(mouse.column, mouse.row) {
                    self.cx.frame.dragging = true;
                } else if let Some((PaneId::Detail, rect)) = hit {
                    self.click_detail(rect, mouse.column, mouse.row);
                } else if let Some((pane, rect)) = hit {
                    self.click(pane, rect, mouse.row);
                }
            }
            MouseEventKind::Drag(MouseButton::Left) if self.cx.frame.dragging => {
                self.cx.frame.left_width = Some(mouse.column.saturating_add(1));
                self.cx.dirty = true;
            }
            MouseEventKind::Up(MouseButton::Left) => self.cx.frame.dragging = false,
            _ => {}
        }
    }

    /// A click on a hint of the bottom line, or on the one that dismisses the alert, does what its key does. Says whether
    /// there was one.
    fn click_hint(&mut self, column: u16, row: u16) -> bool {
        let at = ratatui::layout::Position::new(column, row);
        let placed = self.placed_hints().into_iter().find(|(rect, _)| rect.contains(at)).map(|(_, hint)| hint.action);
        let alert = self.alert_hint().filter(|(rect, _)| self.popups.is_empty() && rect.contains(at));
        let Some(action) = placed.or(alert.map(|_| Action::DismissAlert)) else { return false };
        self.cx.dirty = true;
        self.reader.wait_no_longer();
        self.count = None;
        self.pass_notice();
        if !self.popups.is_empty() {
            self.popup_act(action);
        } else if self.typing() {
            self.act_in_room(action);
        } else {
            self.act(action);
        }
        true
    }

    fn click_detail(&mut self, rect: ratatui::layout::Rect, column: u16, row: u16) {
        self.set_focus(PaneId::Detail);
        let body = self.body_area(rect);
        self.reader.click_text(body, column, row, &mut self.cx);
        self.carry_out();
    }

    fn click(&mut self, pane: PaneId, rect: ratatui::layout::Rect, row: u16) {
        let was = self.cx.frame.focus;
        self.go_to_list(pane);
        self.browse.click_row(pane, rect, row, was, &mut self.cx);
        self.carry_out();
    }

    fn is_divider(&self, column: u16, row: u16) -> bool {
        self.cx.frame.areas.detail.is_some_and(|detail| {
            !self.cx.frame.areas.lists.is_empty()
                && row >= detail.y
                && row < detail.bottom()
                && (column == detail.x || column + 1 == detail.x)
        })
    }
}
