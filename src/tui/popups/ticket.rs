//! The line in which the ticket is typed.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Popup, place};
use crate::tui::component::{Command, Component, Ctx, Flow, Wish};
use crate::tui::keymap::{Action, Context};
use crate::tui::widgets::field::{Field, draw_field};
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;

/// The ticket while it is typed.
pub struct TicketField(Field);

impl TicketField {
    /// With the ticket there is.
    pub fn new(ticket: &str) -> Self {
        Self(Field::with(ticket))
    }
}

impl Popup for TicketField {
    fn title(&self) -> String {
        "Ticket you are working on".into()
    }
}

impl Component for TicketField {
    fn context(&self, _cx: &Ctx) -> Context {
        Context::Input
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        match action {
            Action::Open => cx.wish(Wish::Ticket(self.0.text().to_owned())),
            Action::Back => cx.wish(Wish::Close),
            _ => return Flow::Ignored,
        }
        Flow::Consumed
    }

    fn typed(&mut self, key: KeyEvent, _cx: &mut Ctx) -> Flow {
        self.0.key(key);
        Flow::Consumed
    }

    fn paste(&mut self, text: &str, _cx: &mut Ctx) {
        self.0.insert(text);
    }

    fn commands(&self, _cx: &Ctx) -> Vec<Command> {
        vec![Command::new(Action::Open).hint("save"), Command::new(Action::Back).hint("cancel")]
    }

    fn draw(&self, buffer: &mut Buffer, _area: Rect, cx: &Ctx) {
        let words = "Saved with every reveal and copy in the audit trail. Leave empty for none.";
        let columns = usize::from(place::width(cx.frame.size)).saturating_sub(4);
        let lines = wrap(words, columns);
        let area = place::frame(buffer, 1 + lines.len() as u16, &self.title(), "", cx);
        if area.height == 0 {
            return;
        }
        let field = Rect { height: 1, ..area };
        draw_field(buffer, field, "#", self.0.text(), Some(self.0.cursor()), &cx.styles);
        for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
            put(buffer, area.x, y, &line, area.width.into(), cx.styles.dim);
        }
    }
}
