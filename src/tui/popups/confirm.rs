//! A question that Enter alone does not answer.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Popup, place};
use crate::present::format::cut;
use crate::tui::component::{Command, Component, Ctx, Flow, Wish};
use crate::tui::keymap::{Action, Context};
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;
use gluepot_core::access::Given;
use gluepot_core::model::RecordKey;
use gluepot_core::text::Clean;

/// What is asked before it is done.
#[derive(PartialEq, Eq, Debug)]
pub enum Question {
    /// Copy a password that holds control characters
    OddCopy(Given),
    /// Open this address in a browser, or copy it where there is no desktop
    OpenUrl {
        /// The address
        address: String,
        /// The record that contains it or that it leads to
        from: RecordKey,
    },
}

/// A question with its explanation.
pub struct Confirm {
    /// What is asked
    pub question: Question,
    /// What the user must know to answer
    pub lines: Vec<String>,
    /// The question in words
    pub title: &'static str,
    /// What yes does
    pub verb: &'static str,
    /// The key that says yes, shown
    pub yes: char,
}

/// What is asked before a web address is used, and what yes does.
pub fn link_words(ssh: bool) -> (&'static str, &'static str) {
    if ssh { ("Copy this address?", "copy") } else { ("Open this address in the browser?", "open") }
}

impl Confirm {
    /// What it says, in lines, and the columns they have.
    fn said(&self, cx: &Ctx) -> (usize, Vec<String>) {
        let room = usize::from(place::width(cx.frame.size).saturating_sub(4));
        (room, self.lines.iter().flat_map(|line| wrap(&Clean::line(line), room)).collect())
    }

    /// Whether all of it is on the screen. If not, yes has no effect: an address is opened only when it was seen whole.
    fn fits(&self, cx: &Ctx) -> bool {
        self.said(cx).1.len() + 4 <= usize::from(cx.frame.areas.screen.height)
    }
}

impl Popup for Confirm {
    fn title(&self) -> String {
        self.title.into()
    }

    fn leads_on(&self) -> bool {
        matches!(self.question, Question::OddCopy(_))
    }
}

impl Component for Confirm {
    fn context(&self, _cx: &Ctx) -> Context {
        Context::Popup
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        if action != Action::Back {
            return Flow::Ignored;
        }
        cx.wish(Wish::Close);
        Flow::Consumed
    }

    /// Only the letter that is shown says yes: Enter is pressed too easily.
    fn typed(&mut self, key: KeyEvent, cx: &mut Ctx) -> Flow {
        let yes = key.code == KeyCode::Char(self.yes) && !key.modifiers.contains(KeyModifiers::CONTROL);
        if yes && self.fits(cx) {
            cx.wish(Wish::Answered);
        }
        Flow::Consumed
    }

    fn commands(&self, _cx: &Ctx) -> Vec<Command> {
        // The dialog shows the letter for yes.
        vec![Command::new(Action::Back).hint("cancel")]
    }

    fn draw(&self, buffer: &mut Buffer, _area: Rect, cx: &Ctx) {
        let styles = &cx.styles;
        let (room, lines) = self.said(cx);
        let area = place::frame(buffer, lines.len() as u16 + 2, self.title, "", cx);
        for (line, text) in lines.iter().enumerate() {
            if line as u16 + 2 < area.height {
                put(buffer, area.x, area.y + line as u16, text, room, styles.text);
            }
        }
        if area.height == 0 {
            return;
        }
        let y = area.bottom() - 1;
        let back = cx.keymap.keys_for(Context::Popup, Action::Back).unwrap_or("Esc");
        if self.fits(cx) {
            let x = area.x + put(buffer, area.x, y, &self.yes.to_string(), 1, styles.key);
            put(buffer, x, y, &format!(" {} · {back} cancel", self.verb), room.saturating_sub(1), styles.dim);
        } else {
            let words = format!("Does not fit: enlarge the window. {back} cancel");
            put(buffer, area.x, y, &cut(&words, room, styles.signs.cut), room, styles.warning);
        }
    }
}
