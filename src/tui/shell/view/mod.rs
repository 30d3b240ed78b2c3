//! Drawing: the state as it is, on the rectangles that `layout` gives. Nothing is changed here.

mod bars;
mod detail;
mod secret;

use super::Shell;
use super::seen::{NO_DETAIL, NO_ROOM};
use crate::tui::component::Component as _;
use crate::tui::layout::Room;
use crate::tui::widgets::paint::{guard, put};
use ratatui::Frame;

impl Shell {
    /// Draws the whole screen.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        let buffer = frame.buffer_mut();
        self.desk.drawn.area.set(None);
        self.desk.drawn.whole.set(Err(NO_DETAIL));
        if let Some(locked) = &self.lock.locked {
            self.draw_locked(buffer, locked);
        } else if self.cx.frame.areas.room == Room::Tiny {
            let area = self.cx.frame.areas.screen;
            self.desk.drawn.whole.set(Err(NO_ROOM));
            put(buffer, area.x, area.y, "gluepot needs at least 30x8.", area.width.into(), self.cx.styles.text);
        } else {
            self.draw_top(buffer);
            self.draw_alert(buffer);
            self.browse.draw(buffer, self.cx.frame.areas.screen, &self.cx);
            if let Some(rect) = self.cx.frame.areas.detail {
                self.draw_detail(buffer, rect);
            }
            self.draw_bottom(buffer);
            for popup in self.popups.iter() {
                popup.draw(buffer, self.cx.frame.areas.screen, &self.cx);
            }
        }
        let console =
            self.desk.console.as_ref().filter(|_| self.lock.locked.is_none() && self.cx.frame.areas.room != Room::Tiny);
        let spelled = console.map(|console| self.draw_console(buffer, console));
        guard(buffer, self.cx.styles.signs.ascii);
        // The last look: what the terminal is about to be sent is what is recorded.
        let whole = if self.cx.frame.areas.room == Room::Tiny { Err(NO_ROOM) } else { self.is_value_drawn(buffer) };
        self.desk.drawn.whole.set(spelled.unwrap_or(whole));
    }
}
