//! One row of a list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::present::format::{cut, number, width};
use crate::present::row::{Dated, Urgency, aside, dated};
use crate::search;
use crate::tui::browse::list::{ListPane, ViewRow};
use crate::tui::component::Ctx;
use crate::tui::target::Group;
use crate::tui::widgets::paint::{mark, put, put_doubt, weak_line};
use gluepot_core::library::State;
use gluepot_core::lookalike;
use gluepot_core::model::{ListKey, Record};

/// What a row is drawn with.
pub(super) struct Row<'a> {
    /// The pane it is of
    pub(super) pane: &'a ListPane,
    /// Its style
    pub(super) base: Style,
    /// It is under the cursor of the pane that has the focus
    pub(super) strong: bool,
    /// What drawing is lent
    pub(super) cx: &'a Ctx,
}

/// What is shown at the right of a record's name.
struct Aside {
    words: String,
    /// It is about the row, and is never left out for a longer name
    must: bool,
}

impl Row<'_> {
    pub(super) fn draw(&self, buffer: &mut Buffer, row: &ViewRow, line: Rect) {
        match row {
            ViewRow::Record { list, at, depth } => self.draw_record(buffer, *list, *at, *depth, line),
            ViewRow::Group { .. } => self.draw_group(buffer, row, line),
            ViewRow::Weak => weak_line(buffer, line, &self.cx.styles),
            ViewRow::Unreadable { list, at } => self.draw_unreadable(buffer, *list, *at, line),
        }
    }

    /// On the selected row colours stay out: reversed they would be hard to read.
    fn dim(&self) -> Style {
        if self.strong { self.base } else { self.cx.styles.dim }
    }

    fn sign_style(&self) -> Option<Style> {
        self.strong.then_some(self.base)
    }

    fn draw_record(&self, buffer: &mut Buffer, list: ListKey, at: usize, depth: u16, line: Rect) {
        let styles = &self.cx.styles;
        let Some(record) = self.cx.store.list(list).rows.get(at) else { return };
        let room = usize::from(line.width.saturating_sub(1));
        let indent = (usize::from(depth) * 2).min(room / 3);
        let (x, room) = (line.x + 1 + indent as u16, room.saturating_sub(indent));
        let dated = dated(record, self.cx.today);
        let aside = self.aside(record);
        let name = record.name();
        let doubtful = lookalike::mixes_alphabets(name) || self.pane.is_alike(list, at);
        let (x, room) = put_doubt(buffer, (x, line.y), room, doubtful, self.sign_style(), styles);
        let is_open = self.cx.organization.is_some_and(|id| record.key() == (id.key()));
        let (x, room) = self.put_open(buffer, (x, line.y), room, is_open);
        let shown_name = if name.trim().is_empty() { "(no name)" } else { name };
        // One column at the right edge stays free, and one at least between the two.
        let (mut x, mut room) = (x, room.saturating_sub(1));
        // Dates to watch have a column of their own: they are what the list is for.
        let in_column = dated.as_ref().filter(|_| matches!(record.as_ref(), Record::Expiration(_)));
        if let Some(dated) = in_column.filter(|_| room > 24) {
            let day = dated.day.to_string();
            put(buffer, x, line.y, &day, room, self.urgent(dated));
            let taken = width(&day) + 1;
            (x, room) = (x + taken as u16, room - taken);
        }
        let left = room.saturating_sub(width(shown_name) + 1);
        let dated = dated.as_ref().filter(|_| !record.is_archived());
        let right = match dated {
            Some(dated) => date_words(dated, in_column.is_some(), left),
            None => self.fitted(aside, left, room),
        };
        let left_room = room.saturating_sub(if right.is_empty() { 0 } else { width(&right) + 1 });
        let shown = cut(shown_name, left_room, styles.signs.cut);
        let style = if record.is_archived() && !self.strong { styles.dim } else { self.base };
        put(buffer, x, line.y, &shown, left_room, style);
        let query = self.pane.filter.text().trim();
        if !query.is_empty() {
            mark(buffer, x, line.y, &shown, search::marks(query, &shown), styles.hit, self.strong);
        }
        if !right.is_empty() {
            let at = line.right() - width(&right) as u16 - 1;
            let style = dated.map_or(self.dim(), |dated| self.urgent(dated));
            put(buffer, at, line.y, &right, width(&right), style);
        }
    }

    /// What it is about the row, which is never cut for a longer name, and what is only good to know.
    fn aside(&self, record: &Record) -> Aside {
        let mut words = aside(record).into_owned();
        if !self.pane.filter.text().trim().is_empty() && matches!(record, Record::Document(_)) {
            words = self.cx.store.path_for(record, self.cx.organization).names(" › ");
        }
        let mut must = match record {
            Record::Password(password) => password.vault_id.is_some(),
            // The short name is what is typed before the first secret.
            Record::Organization(_) => width(&words) <= 8,
            _ => false,
        };
        let apart = match record {
            Record::Organization(organization) => self.cx.told_apart(organization.organization_id()),
            _ => None,
        };
        if let Some(apart) = apart {
            words = if words.is_empty() { apart } else { format!("{words} {apart}") };
            must = true;
        }
        if record.is_archived() {
            words = if words.is_empty() { "archived".into() } else { format!("archived {words}") };
            must = true;
        }
        Aside { words, must }
    }

    /// As much of it as there is room for beside the name.
    fn fitted(&self, aside: Aside, left: usize, room: usize) -> String {
        let sign = self.cx.styles.signs.cut;
        if width(&aside.words) <= left {
            aside.words
        } else if aside.must {
            cut(&aside.words, left.max(room / 2), sign).into_owned()
        } else if left >= 8 {
            cut(&aside.words, left, sign).into_owned()
        } else {
            // The name is what is looked for: half of the other would only cost it its end.
            String::new()
        }
    }

    fn urgent(&self, dated: &Dated) -> Style {
        match dated.urgency {
            _ if self.strong => self.base,
            Urgency::Overdue => self.cx.styles.danger,
            Urgency::Soon => self.cx.styles.warning,
            Urgency::Far => self.cx.styles.dim,
        }
    }

    /// The sign before the client that is open, wherever the cursor is. Gives where the name begins and its room.
    fn put_open(&self, buffer: &mut Buffer, (x, y): (u16, u16), room: usize, is_open: bool) -> (u16, usize) {
        if !is_open || room < 4 {
            return (x, room);
        }
        let style = self.sign_style().unwrap_or(self.cx.styles.frame_focus);
        put(buffer, x, y, self.cx.styles.signs.here, 1, style);
        (x + 2, room - 2)
    }

    fn draw_group(&self, buffer: &mut Buffer, row: &ViewRow, line: Rect) {
        let ViewRow::Group { group, label, depth, open, count } = row else { return };
        let styles = &self.cx.styles;
        let room = usize::from(line.width.saturating_sub(1));
        let indent = (usize::from(*depth) * 2).min(room / 3);
        let x = line.x + 1 + indent as u16;
        let room = room.saturating_sub(indent);
        let sign = if *open { styles.signs.open } else { styles.signs.closed };
        let right = self.group_words(*group, *count);
        let left_room = room.saturating_sub(width(&right) + 4);
        put(buffer, x, line.y, sign, 1, self.dim());
        let style = if self.strong { self.base } else { styles.group };
        let doubtful = lookalike::mixes_alphabets(label);
        let (x, left_room) = put_doubt(buffer, (x + 2, line.y), left_room, doubtful, self.sign_style(), styles);
        put(buffer, x, line.y, &cut(label, left_room, styles.signs.cut), left_room, style);
        let at = line.right().saturating_sub(width(&right) as u16 + 1);
        put(buffer, at, line.y, &right, width(&right), self.dim());
    }

    /// The right of a heading: how many it contains, or why that is unknown.
    fn group_words(&self, group: Group, count: Option<usize>) -> String {
        if let Group::AssetType(key) = group {
            let list = self.cx.store.list(key);
            match &list.state {
                State::Failed(error) if list.rows.is_empty() => {
                    return error.word().to_owned();
                }
                State::Loading(_) if list.rows.is_empty() => return self.cx.styles.signs.cut.to_owned(),
                _ => {}
            }
        }
        count.map_or_else(String::new, number)
    }

    fn draw_unreadable(&self, buffer: &mut Buffer, list: ListKey, at: usize, line: Rect) {
        let styles = &self.cx.styles;
        let why = self.cx.store.list(list).unreadable.get(at);
        let id = why.and_then(|(id, _)| *id).map_or_else(String::new, |id| format!(" {id}"));
        let words = why.map_or("", |(_, why)| why.as_str());
        let text = format!("{} unreadable record{id}: {words}", styles.signs.warn);
        let style = if self.strong { self.base } else { styles.warning };
        let room = usize::from(line.width.saturating_sub(1));
        put(buffer, line.x + 1, line.y, &cut(&text, room, styles.signs.cut), room, style);
    }
}

/// The longest form of a date that fits; the shortest where none does.
fn date_words(dated: &Dated, in_column: bool, left: usize) -> String {
    let forms = if in_column { dated.forms_without_day().to_vec() } else { dated.forms().to_vec() };
    let fitting = forms.iter().find(|form| width(form) <= left);
    fitting.or(forms.last()).cloned().unwrap_or_default()
}
