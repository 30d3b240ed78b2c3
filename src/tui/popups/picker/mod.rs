//! A list to choose from, filtered while typing: palette, copy menu, outline, sort order, finder.

mod draw;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Popup, place};
use crate::search;
use crate::tui::component::{Command, Component, Ctx, Flow, Wish};
use crate::tui::pick::Item;
use crate::tui::widgets::field::Field;

use crate::tui::keymap::{Action, Context, plain_char};

/// Which question the picker asks: some keys and words depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topic {
    /// Every action by name
    Palette,
    /// Copyable things
    Copy,
    /// Headings
    Outline,
    /// Earlier versions of a password, and what to do with one
    Versions,
    /// Panes of tmux a password can be handed to
    Panes,
    /// Orders
    Sort,
    /// Records of the organization
    Finder,
    /// Records of everything that is loaded
    FinderEverywhere,
}

impl Topic {
    /// Whether it is a few lines to move in, rather than many to find one of by typing.
    pub fn is_menu(self) -> bool {
        matches!(self, Self::Sort | Self::Versions | Self::Panes | Self::Outline)
    }
}

/// The list.
pub struct Picker {
    /// What it is about
    pub topic: Topic,
    /// Its title
    pub title: String,
    /// Everything there is to choose from
    pub items: Vec<Item>,
    /// What is typed
    pub filter: Field,
    /// Positions of the items that match, best first
    pub hits: Vec<usize>,
    /// How many of them answer what is typed; the rest are weak matches, below a line of their own
    pub strong: usize,
    /// The chosen position among the hits
    pub selected: usize,
    /// First line on the screen
    pub offset: usize,
    /// A sentence below the list
    pub note: String,
    /// What is still loading and may bring more items
    pub loading: String,
    /// Whether keys are letters of the filter; in a short menu they move and choose until the filter is requested
    pub typing: bool,
    index: search::Index,
}

impl Picker {
    /// A picker over some items, all of them shown.
    pub fn new(topic: Topic, title: impl Into<String>, items: Vec<Item>) -> Self {
        let mut index = search::Index::default();
        for item in &items {
            index.push(&[&item.label, &item.aside]);
        }
        Self::with_index(topic, title, items, index)
    }

    /// A picker whose items are looked through by an index made elsewhere, one entry for each item.
    pub fn with_index(topic: Topic, title: impl Into<String>, items: Vec<Item>, index: search::Index) -> Self {
        let hits: Vec<usize> = (0..items.len()).collect();
        Self {
            strong: hits.len(),
            topic,
            title: title.into(),
            items,
            filter: Field::default(),
            hits,
            selected: 0,
            offset: 0,
            note: String::new(),
            loading: String::new(),
            typing: !topic.is_menu(),
            index,
        }
    }

    /// Takes other items in place of those it has; what is typed stays, and the cursor on its item where it can.
    pub fn replace(&mut self, items: Vec<Item>, index: search::Index) {
        let chosen = self.chosen().map(|item| item.pick.clone()).filter(|_| self.selected > 0);
        (self.items, self.index) = (items, index);
        self.refilter();
        let place = chosen.and_then(|pick| self.hits.iter().position(|&at| self.items[at].pick == pick));
        self.selected = place.unwrap_or(0);
    }

    /// With the cursor on the first item that fits.
    pub fn at(mut self, fits: impl Fn(&Item) -> bool) -> Self {
        self.selected = self.hits.iter().position(|&at| fits(&self.items[at])).unwrap_or(0);
        self
    }

    /// Narrows the list to what is typed.
    pub fn refilter(&mut self) {
        let query = self.filter.text().trim();
        let found = self.index.filter(query);
        self.strong = found.strong.len();
        let weak = found.weak.iter().map(|weak| weak.row);
        self.hits = found.strong.iter().copied().chain(weak).map(|at| at as usize).collect();
        let named = |at: usize| self.items[at].names.iter().any(|name| name.eq_ignore_ascii_case(query));
        if let Some(exact) = (0..self.items.len()).find(|&at| named(at)) {
            let was = self.hits.iter().position(|&at| at == exact);
            self.strong += usize::from(was.is_none_or(|was| was >= self.strong));
            self.hits.retain(|&at| at != exact);
            self.hits.insert(0, exact);
        }
        self.selected = 0;
        self.offset = 0;
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.hits.len().saturating_sub(1));
    }

    /// The item under the cursor.
    pub fn chosen(&self) -> Option<&Item> {
        self.hits.get(self.selected).and_then(|&at| self.items.get(at))
    }

    /// The line of a hit: one line divides those that answer from the weak ones.
    pub fn line_of(&self, hit: usize) -> usize {
        hit + usize::from(hit >= self.strong)
    }

    /// The hit on a line, counted from the first; `None` on the line that divides.
    pub fn hit_at(&self, line: usize) -> Option<usize> {
        match line.cmp(&self.strong) {
            std::cmp::Ordering::Less => Some(line),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(line - 1),
        }
        .filter(|&hit| hit < self.hits.len())
    }

    /// How many lines the hits take.
    pub fn lines(&self) -> usize {
        self.hits.len() + usize::from(self.hits.len() > self.strong)
    }

    /// Brings the cursor into view.
    pub fn scroll_into_view(&mut self, height: usize) {
        if height == 0 {
            return;
        }
        let line = self.line_of(self.selected);
        self.offset = self.offset.clamp((line + 1).saturating_sub(height), line);
        // The line above the first weak match comes along.
        if self.selected == self.strong && self.offset == line {
            self.offset -= usize::from(height > 1);
        }
    }
}

impl Topic {
    /// Whether it is one of the finder's.
    pub fn is_finder(self) -> bool {
        matches!(self, Self::Finder | Self::FinderEverywhere)
    }
}

impl Picker {
    /// Wishes for what stands under the cursor. Why something cannot be chosen is below the list.
    fn choose(&self, cx: &mut Ctx) {
        if let Some(item) = self.chosen().filter(|item| item.refused.is_none()) {
            cx.wish(Wish::Picked(item.pick.clone()));
        }
    }

    /// The digit of a line of a short menu chooses it.
    fn choose_digit(&mut self, key: KeyEvent, cx: &mut Ctx) -> bool {
        let digit = plain_char(key).and_then(|c| c.to_digit(10));
        let Some(at) = digit.and_then(|n| (n as usize).checked_sub(1)).filter(|_| !self.typing) else { return false };
        if at < self.hits.len() {
            self.selected = at;
            self.choose(cx);
        }
        true
    }

    /// In the copy menu a number is the number of a code block: one key copies it.
    fn choose_code(&mut self, key: KeyEvent, cx: &mut Ctx) -> bool {
        if self.topic != Topic::Copy || !self.filter.text().is_empty() {
            return false;
        }
        let Some(digit) = plain_char(key).and_then(|c| c.to_digit(10)) else { return false };
        let Some(at) = self.items.iter().position(|item| item.aside == format!("code {digit}")) else { return false };
        self.hits = vec![at];
        self.selected = 0;
        self.choose(cx);
        true
    }
}

impl Popup for Picker {
    fn title(&self) -> String {
        self.title.clone()
    }
}

impl Component for Picker {
    fn context(&self, _cx: &Ctx) -> Context {
        if self.typing { Context::Input } else { Context::Popup }
    }

    fn key(&mut self, key: KeyEvent, cx: &mut Ctx) -> Flow {
        if self.choose_digit(key, cx) {
            return Flow::Consumed;
        }
        let action = cx.keymap.lookup(self.context(cx), key);
        if action.is_some_and(|action| self.act(action, cx) == Flow::Consumed) || !self.typing {
            return Flow::Consumed;
        }
        if !self.choose_code(key, cx) && self.filter.key(key) {
            self.refilter();
        }
        Flow::Consumed
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        let page = isize::from(place::picker_rows(cx.frame.size, usize::MAX).cast_signed());
        match action {
            Action::Back => cx.wish(Wish::Close),
            Action::Open => self.choose(cx),
            Action::Filter if !self.typing => self.typing = true,
            Action::Top => self.step(isize::MIN),
            Action::Bottom => self.step(isize::MAX),
            Action::HalfPageDown => self.step(page / 2),
            Action::HalfPageUp => self.step(-(page / 2)),
            Action::PageDown => self.step(page),
            Action::PageUp => self.step(-page),
            Action::FocusNext if self.topic.is_finder() => cx.wish(Wish::FinderTurns),
            Action::Down | Action::FocusNext => self.step(1),
            Action::Up | Action::FocusPrevious => self.step(-1),
            _ => return Flow::Ignored,
        }
        Flow::Consumed
    }

    fn paste(&mut self, text: &str, _cx: &mut Ctx) {
        self.filter.insert(text);
        self.refilter();
    }

    fn wheel(&mut self, by: isize, _cx: &mut Ctx) {
        self.step(by);
    }

    /// A click selects a row, and chooses it when it is selected already; beside the list it leaves it.
    fn click(&mut self, at: Position, cx: &mut Ctx) {
        let (rect, rows) = self.rect(cx);
        if !rect.contains(at) {
            return cx.wish(Wish::Close);
        }
        let above = 1 + u16::from(self.typing);
        let Some(line) = at.y.checked_sub(rect.y + above).filter(|&line| line < rows) else { return };
        let Some(hit) = self.hit_at(self.offset + usize::from(line)) else { return };
        if hit == self.selected {
            self.choose(cx);
        } else {
            self.selected = hit;
        }
    }

    fn commands(&self, cx: &Ctx) -> Vec<Command> {
        use Action as A;
        let other = if self.topic == Topic::Finder { "all opened clients" } else { "this client" };
        let words = match (self.topic.is_finder(), self.typing) {
            (true, _) => vec![(A::Open, "open"), (A::Back, "cancel"), (A::Down, "down"), (A::FocusNext, other)],
            (false, true) => vec![(A::Open, "choose"), (A::Back, "cancel"), (A::Down, "down"), (A::Up, "up")],
            (false, false) => vec![(A::Open, "choose"), (A::Back, "cancel"), (A::Down, "down"), (A::Filter, "filter")],
        };
        let turns = |action: Action| action != A::FocusNext || cx.organization.is_some();
        words.into_iter().filter(|(a, _)| turns(*a)).map(|(a, words)| Command::new(a).hint(words)).collect()
    }

    fn prepare(&mut self, _area: Rect, cx: &Ctx) {
        self.scroll_into_view(usize::from(place::picker_rows(cx.frame.size, self.items.len())));
    }

    fn draw(&self, buffer: &mut Buffer, _area: Rect, cx: &Ctx) {
        self.draw_on(buffer, cx);
    }
}
