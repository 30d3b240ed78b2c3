//! The detail pane: one record, its body or card laid out as lines, with a place, a find, and a selected link.
//!
//! The secret of a password is never part of the text: a revealed value is drawn by the screen into rows that this
//! pane keeps free above the card.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::search::Needle;
use crate::tui::target::{FolderShown, Target};
use crate::tui::widgets::field::Field;
use gluepot_body::{Doc, Layout, LayoutOptions};
use gluepot_core::model::RecordKey;

/// Lines laid out in one go, some milliseconds' worth.
const STEP: usize = 3_000;

/// What the lines were made from; they are made again when it changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// The record
    pub key: RecordKey,
    /// Which form of the record it is
    pub edition: (u64, u64),
    /// Whether empty fields are shown
    pub empty: bool,
    /// Grows with each change of the lists that names are taken from
    pub lists: u64,
    /// Whether its text may be shown: changes with what was agreed to
    pub view: u64,
    /// How many hosts of the web app are known: another one makes links of addresses
    pub hosts: usize,
}

/// A place where the find matched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Line of the layout
    pub line: usize,
    /// First byte in the line's text
    pub start: usize,
    /// Byte behind the last
    pub end: usize,
}

/// The detail pane.
#[derive(Default)]
pub struct DetailPane {
    /// What is shown
    pub target: Option<Target>,
    /// The folder that is shown where no record is
    pub folder: Option<FolderShown>,
    /// What the document was made from
    pub stamp: Option<Stamp>,
    /// The document, once it is parsed
    pub doc: Option<Arc<Doc>>,
    /// Its lines at the present width
    pub layout: Layout,
    laid_out: Option<LayoutOptions>,
    /// First line on the screen
    pub scroll: usize,
    /// Rows for text on the screen, set when it is drawn
    pub height: usize,
    /// The text to find
    pub find: Field,
    /// Whether typing goes to the find
    pub finding: bool,
    /// Where it matched
    pub hits: Vec<Hit>,
    /// The current match
    pub hit: usize,
    /// The selected link
    pub link: Option<usize>,
    places: HashMap<RecordKey, usize>,
    /// The find that was done last, and over how many lines
    found: (String, usize),
    /// Whether all lines are wanted, not only those near the screen
    whole: bool,
}

impl DetailPane {
    /// Shows another record, at the place where it was left. Says whether it is another one.
    pub fn show(&mut self, target: Option<Target>) -> bool {
        self.folder = None;
        if self.target.map(|t| t.key) == target.map(|t| t.key) {
            self.target = target;
            return false;
        }
        if let Some(old) = self.target {
            self.places.insert(old.key, self.scroll);
        }
        self.target = target;
        self.stamp = None;
        self.doc = None;
        self.layout = Layout::default();
        self.laid_out = None;
        self.scroll = target.and_then(|t| self.places.get(&t.key).copied()).unwrap_or(0);
        self.link = None;
        self.hits.clear();
        self.hit = 0;
        self.found = (String::new(), 0);
        self.whole = false;
        if self.finding {
            self.finding = false;
        }
        self.find = Field::default();
        true
    }

    /// Takes a new document for the same record: place and find stay.
    pub fn set_doc(&mut self, stamp: Stamp, doc: Arc<Doc>) {
        self.stamp = Some(stamp);
        self.doc = Some(doc);
        self.laid_out = None;
    }

    /// Lays the document out for a width, as far as the screen and the find need it.
    pub fn lay_out(&mut self, options: &LayoutOptions) {
        let Some(doc) = self.doc.clone() else { return };
        if self.laid_out.as_ref() != Some(options) {
            let before = self.laid_out.as_ref().map(|old| old.width);
            self.layout = Layout::begin(&doc, options);
            self.laid_out = Some(options.clone());
            self.found = (String::new(), 0);
            if let Some(width) = before.filter(|_| self.scroll > 0) {
                // Another width: about the same text stays on the screen, since it takes lines in proportion.
                self.scroll = self.scroll * usize::from(width.max(1)) / usize::from(options.width.max(1));
            }
        }
        if !self.find.text().is_empty() {
            self.whole = true;
        }
        let want = self.scroll + 2 * self.height.max(20) + 200;
        if self.layout.lines.len() < want && !self.layout.is_complete() {
            self.layout.extend_to(&doc, want);
        }
        self.search();
        self.clamp();
    }

    /// Asks for the whole layout: for the outline, the copy menu, the links, a find and the end of the document. Says
    /// whether it is there; if not, it grows with each [`DetailPane::grow`].
    pub fn want_whole(&mut self) -> bool {
        self.whole = true;
        self.grow();
        self.layout.is_complete() || self.doc.is_none()
    }

    /// Whether the layout is wanted whole and is not yet.
    pub fn is_growing(&self) -> bool {
        self.whole && self.doc.is_some() && self.laid_out.is_some() && !self.layout.is_complete()
    }

    /// Lays out some more lines, few enough that no key waits. The body of a hostile document takes seconds in all.
    pub fn grow(&mut self) {
        if let Some(doc) = self.doc.clone().filter(|_| self.is_growing()) {
            self.layout.extend_to(&doc, self.layout.lines.len() + STEP);
            self.search();
        }
    }

    fn clamp(&mut self) {
        self.scroll = self.scroll.min(self.last_scroll());
    }

    fn last_scroll(&self) -> usize {
        self.layout.lines.len().saturating_sub(self.height)
    }

    /// Scrolls by lines. Says whether anything moved.
    pub fn scroll_by(&mut self, by: isize) -> bool {
        let before = self.scroll;
        if by > 0
            && let Some(doc) = self.doc.clone()
            && !self.layout.is_complete()
        {
            self.layout.extend_to(&doc, self.scroll + by.unsigned_abs() + 2 * self.height);
        }
        self.scroll = self.scroll.saturating_add_signed(by).min(self.last_scroll());
        self.scroll != before
    }

    /// The line of the place that a link to `#name` leads to: an element of that name, else a heading that reads so; the
    /// beginning of the text where there is no name, or `top`.
    pub fn place_named(&mut self, name: &str) -> Option<usize> {
        if name.is_empty() || name.eq_ignore_ascii_case("top") {
            return Some(0);
        }
        if let Some(doc) = self.doc.clone() {
            self.layout.extend_to(&doc, usize::MAX);
        }
        let anchors = &self.layout.anchors;
        let named = anchors
            .iter()
            .find(|anchor| *anchor.name == *name)
            .or_else(|| anchors.iter().find(|anchor| anchor.name.eq_ignore_ascii_case(name)));
        let wanted = slug(name);
        let heading = || self.layout.headings.iter().find(|heading| slug(&heading.text) == wanted);
        named.map(|anchor| anchor.line).or_else(|| heading().map(|heading| heading.line))
    }

    /// Scrolls to a line, so that it is near the top. Says whether anything moved.
    pub fn scroll_to(&mut self, line: usize) -> bool {
        let before = self.scroll;
        if let Some(doc) = self.doc.clone()
            && !self.layout.is_complete()
        {
            self.layout.extend_to(&doc, line.saturating_add(2 * self.height));
        }
        self.scroll = line.min(self.last_scroll());
        self.scroll != before
    }

    /// Brings a line into view with some lines around it.
    pub fn show_line(&mut self, line: usize) {
        let margin = 2.min(self.height / 4);
        if line < self.scroll + margin {
            self.scroll_to(line.saturating_sub(margin));
        } else if line + margin >= self.scroll + self.height {
            self.scroll_to((line + margin + 1).saturating_sub(self.height));
        }
    }

    /// Searches again when the text or the lines changed.
    fn search(&mut self) {
        let query = self.find.text().trim().to_owned();
        let lines = self.layout.lines.len();
        let (from, first) = if self.found.0 == query { (self.found.1.min(lines), false) } else { (0, true) };
        if !first && from == lines {
            return;
        }
        if first {
            self.hits.clear();
            self.hit = 0;
        }
        self.found = (query, lines);
        let Some(mut needle) = Needle::new(&self.found.0) else { return };
        let had = self.hits.len();
        for (at, line) in self.layout.lines.iter().enumerate().skip(from) {
            let hits = needle.find(&line.text()).into_iter();
            self.hits.extend(hits.map(|Range { start, end }| Hit { line: at, start, end }));
        }
        if had == 0 {
            self.hit = self.hits.iter().position(|hit| hit.line >= self.scroll).unwrap_or(0);
        }
    }

    /// Goes to the hit `step` further on, around the end. Says whether there is any.
    pub fn step_hit(&mut self, step: isize) -> bool {
        if self.hits.is_empty() {
            return false;
        }
        self.hit = (self.hit as isize + step).rem_euclid(self.hits.len() as isize) as usize;
        self.show_line(self.hits[self.hit].line);
        true
    }

    /// Shows the current hit after the text to find changed.
    pub fn show_hit(&mut self) {
        if let Some(hit) = self.hits.get(self.hit) {
            self.show_line(hit.line);
        }
    }

    /// Selects the link `step` further on; the first one after the top of the screen when none is selected.
    pub fn step_link(&mut self, step: isize) -> bool {
        let count = self.layout.links.len();
        if count == 0 {
            return false;
        }
        let next = match self.link {
            Some(at) => (at as isize + step).rem_euclid(count as isize) as usize,
            None if step > 0 => self.layout.links.iter().position(|l| l.line >= self.scroll).unwrap_or(0),
            None => self.layout.links.iter().rposition(|l| l.line < self.scroll + self.height).unwrap_or(count - 1),
        };
        self.link = Some(next);
        self.show_line(self.layout.links[next].line);
        true
    }

    /// The lines that the title of the pane counts: position and total, the total only when it is known.
    pub fn position(&self) -> (usize, Option<usize>) {
        let bottom = (self.scroll + self.height).min(self.layout.lines.len());
        (bottom, self.layout.is_complete().then_some(self.layout.lines.len()))
    }
}

/// A heading's name as links in documents write it.
fn slug(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() => Some(c.to_lowercase().next().unwrap_or(c)),
            ' ' | '-' | '_' => Some('-'),
            _ => None,
        })
        .collect()
}
