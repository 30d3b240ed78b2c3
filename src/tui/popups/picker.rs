//! A list to choose from, filtered while typing: palette, copy menu, outline, sort order, finder.

use crate::search;
use crate::tui::panes::rows::Sort;
use crate::tui::widgets::field::Field;

use crate::host::clipboard::Pane;
use crate::tui::keymap::Action;
use crate::tui::message::Wanted;
use gluepot_core::model::{OrganizationId, RecordKey};

/// What choosing an item does.
#[derive(Clone, PartialEq, Debug)]
pub enum Pick {
    /// Runs an action
    Action(Action),
    /// Copies this text; the words say what it is
    Copy {
        /// What is copied, in words
        what: String,
        /// The text
        text: String,
    },
    /// Scrolls the detail to a line
    Line(usize),
    /// Sets the order of the focused list
    Sort(Sort),
    /// Asks what to do with an earlier version of a password
    Version(RecordKey, u64),
    /// Uses a secret
    Use(Wanted),
    /// Hands a password to this pane of tmux
    Pane(RecordKey, Box<Pane>),
    /// Goes to a record
    Record(RecordKey, Option<OrganizationId>),
}

/// One line to choose.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// What it is
    pub label: String,
    /// What stands at the right: a key, a kind, a short form
    pub aside: String,
    /// Typed whole, one of these means this item and no other
    pub names: &'static [&'static str],
    /// Why it cannot be chosen now
    pub refused: Option<String>,
    /// What it does
    pub pick: Pick,
}

impl Item {
    /// An item that can be chosen.
    pub fn new(label: impl Into<String>, aside: impl Into<String>, pick: Pick) -> Self {
        Self { label: label.into(), aside: aside.into(), names: &[], refused: None, pick }
    }
}

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
    /// Whether keys are letters of the filter; in a short menu they move and choose until the filter is asked for
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
