//! A text to read, with a title: the keys, the status, quick notes. It can be scrolled and searched.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Popup, place};
use crate::present::format::{number, width};
use crate::search::Needle;
use crate::tui::component::{Command, Component, Ctx, Flow, Wish};
use crate::tui::keymap::{Action, Context};
use crate::tui::widgets::field::{Field, draw_field};

/// What a text popup shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Text {
    /// The keys that work here
    Help,
    /// Connection, audit, clipboard and what was reported
    Status,
    /// The quick notes of the open organization
    QuickNotes,
}

/// A text with a title that can be scrolled.
pub struct TextPopup {
    /// Which text: its lines are made again for another width
    pub text: Text,
    /// Columns its lines were made for
    pub width: u16,
    /// What it is
    pub title: String,
    /// Its lines, with what is emphasised
    pub lines: Vec<ratatui::text::Line<'static>>,
    /// First line shown
    pub scroll: usize,
    /// What is searched for in it
    pub search: Box<TextSearch>,
}

/// The search in a text.
#[derive(Default)]
pub struct TextSearch {
    /// What is typed
    pub field: Field,
    /// Whether keys are letters of it
    pub typing: bool,
    /// Lines with a match
    pub hits: Vec<usize>,
    /// The current one among them
    pub hit: usize,
}

impl TextSearch {
    /// A new search, to be typed.
    pub fn begin() -> Self {
        Self { typing: true, ..Self::default() }
    }

    /// Whether its line is shown.
    pub fn is_shown(&self) -> bool {
        self.typing || !self.field.text().is_empty()
    }

    /// Ends it. Says whether there was one.
    pub fn leave(&mut self) -> bool {
        let was = self.is_shown();
        *self = Self::default();
        was
    }
}

impl TextPopup {
    /// Rows of its text on a screen with this many: the search takes one.
    pub fn rows(&self, most: usize) -> usize {
        let most = most.saturating_sub(usize::from(self.search.is_shown())).max(1);
        self.lines.len().min(most)
    }

    /// Searches for what is typed and goes to the first match from here on.
    pub fn find(&mut self, rows: usize) {
        self.search_again();
        let from = self.scroll;
        self.search.hit = self.search.hits.iter().position(|&line| line >= from).unwrap_or(0);
        self.show_hit(rows);
    }

    /// Searches the lines, which changed.
    pub fn search_again(&mut self) {
        self.search.hits.clear();
        self.search.hit = 0;
        let Some(mut needle) = Needle::new(self.search.field.text()) else { return };
        let matches = |line: &ratatui::text::Line<'_>| !needle.find(&line.to_string()).is_empty();
        self.search.hits =
            self.lines.iter().map(matches).enumerate().filter(|(_, hit)| *hit).map(|(at, _)| at).collect();
    }

    /// Goes to the match `step` further on, around the end.
    pub fn step_hit(&mut self, step: isize, rows: usize) {
        if self.search.hits.is_empty() {
            return;
        }
        self.search.hit = (self.search.hit as isize + step).rem_euclid(self.search.hits.len() as isize) as usize;
        self.show_hit(rows);
    }

    fn show_hit(&mut self, rows: usize) {
        let Some(&line) = self.search.hits.get(self.search.hit) else { return };
        if line < self.scroll || line >= self.scroll + rows {
            self.scroll = line.saturating_sub(rows / 3).min(self.lines.len().saturating_sub(rows));
        }
    }
}

impl Popup for TextPopup {
    fn title(&self) -> String {
        self.title.clone()
    }
}

impl Component for TextPopup {
    fn context(&self, _cx: &Ctx) -> Context {
        if self.search.typing { Context::Input } else { Context::Popup }
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        let rows = self.rows(place::text_rows(cx.frame.size));
        let last = self.lines.len().saturating_sub(rows);
        let to = match action {
            Action::Back => {
                if !self.search.leave() {
                    cx.wish(Wish::Close);
                }
                return Flow::Consumed;
            }
            Action::Down => self.scroll + 1,
            Action::Up => self.scroll.saturating_sub(1),
            Action::PageDown => self.scroll + rows,
            Action::PageUp => self.scroll.saturating_sub(rows),
            Action::Open if self.search.typing => {
                self.search.typing = false;
                return Flow::Consumed;
            }
            _ if self.search.typing => return Flow::Ignored,
            Action::HalfPageDown => self.scroll + rows,
            Action::HalfPageUp => self.scroll.saturating_sub(rows),
            Action::Top => 0,
            Action::Bottom => last,
            Action::Filter => {
                *self.search = TextSearch::begin();
                return Flow::Consumed;
            }
            Action::NextHit | Action::PreviousHit => {
                self.step_hit(if action == Action::NextHit { 1 } else { -1 }, rows);
                return Flow::Consumed;
            }
            Action::Help | Action::Open => {
                cx.wish(Wish::Close);
                return Flow::Consumed;
            }
            _ => return Flow::Ignored,
        };
        self.scroll = to.min(last);
        Flow::Consumed
    }

    fn typed(&mut self, key: KeyEvent, cx: &mut Ctx) -> Flow {
        if self.search.typing && self.search.field.key(key) {
            self.find(self.rows(place::text_rows(cx.frame.size)));
        }
        Flow::Consumed
    }

    fn wheel(&mut self, by: isize, cx: &mut Ctx) {
        let last = self.lines.len().saturating_sub(self.rows(place::text_rows(cx.frame.size)));
        self.scroll = self.scroll.saturating_add_signed(by * 3).min(last);
    }

    fn commands(&self, cx: &Ctx) -> Vec<Command> {
        use Action as A;
        let words: &[(Action, &'static str)] = if self.search.typing {
            &[(A::Open, "keep"), (A::Back, "clear")]
        } else if !self.search.hits.is_empty() {
            &[(A::NextHit, "next match"), (A::PreviousHit, "previous"), (A::Back, "clear"), (A::Filter, "search")]
        } else if self.lines.len() > place::text_rows(cx.frame.size) {
            &[(A::Back, "close"), (A::Filter, "search"), (A::Down, "down"), (A::PageDown, "page"), (A::Bottom, "end")]
        } else {
            &[(A::Back, "close"), (A::Filter, "search")]
        };
        words.iter().map(|&(action, words)| Command::new(action).hint(words)).collect()
    }

    fn draw(&self, buffer: &mut Buffer, _area: Rect, cx: &Ctx) {
        let most = place::text_rows(cx.frame.size);
        let rows = self.rows(most);
        let search = &self.search;
        let right = if !search.field.text().trim().is_empty() {
            match search.hits.len() {
                0 => "not found".to_owned(),
                n => format!("match {} of {}", number(search.hit + 1), number(n)),
            }
        } else if self.lines.len() > rows {
            format!("{} of {}", number((self.scroll + rows).min(self.lines.len())), number(self.lines.len()))
        } else {
            String::new()
        };
        let field = u16::from(search.is_shown());
        let mut area = place::frame(buffer, rows as u16 + field, &self.title, &right, cx);
        if field > 0 && area.height > 0 {
            let cursor = search.typing.then(|| search.field.cursor());
            draw_field(buffer, Rect { height: 1, ..area }, "/", search.field.text(), cursor, &cx.styles);
            area = Rect { y: area.y + 1, height: area.height - 1, ..area };
        }
        let mut needle = Needle::new(search.field.text());
        for (line, text) in self.lines.iter().enumerate().skip(self.scroll).take(area.height.into()) {
            let y = area.y + (line - self.scroll) as u16;
            buffer.set_line(area.x, y, text, area.width);
            let Some(needle) = &mut needle else { continue };
            let text = text.to_string();
            let current = search.hits.get(search.hit) == Some(&line);
            for range in needle.find(&text) {
                let x = area.x + width(&text[..range.start]) as u16;
                let hit = Rect { x, y, width: width(&text[range]) as u16, height: 1 };
                let style = if current { cx.styles.current_hit } else { cx.styles.hit };
                buffer.set_style(hit.intersection(area), style);
            }
        }
    }
}
