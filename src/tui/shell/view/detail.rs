//! The detail: its head, facts about the record and its password, its text, and the welcome if it is empty.

use crate::present::format::number;
use crate::tui::layout::PaneId;
use crate::tui::reader::Reader;
use crate::tui::shell::Shell;
use crate::tui::shell::seen::NO_ROOM;
use crate::tui::widgets::border;
use crate::tui::widgets::paint::put;
use gluepot_core::lookalike;
use gluepot_core::model::{Kind, Record};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

impl Shell {
    /// Rows the detail keeps above its text: name and state, the value of a password, the find field.
    pub(in crate::tui::shell) fn detail_header_rows(&self, rect: Rect) -> u16 {
        let columns = usize::from(rect.width.saturating_sub(4));
        let tight = self.is_tight(columns, rect.height.saturating_sub(2));
        let mut rows = self.reader.head_rows(columns, tight, &self.cx) + u16::from(!tight);
        if let Some(value) = self.secret_rows(columns) {
            rows += value;
        }
        if self.reader.detail.finding || !self.reader.detail.find.text().is_empty() {
            rows += 1;
        }
        rows
    }

    /// Whether a revealed value would not fit below the whole name: then the name has one line, and the line below it
    /// goes.
    fn is_tight(&self, columns: usize, rows: u16) -> bool {
        self.value_rows(columns).is_some_and(|value| self.reader.head_rows(columns, false, &self.cx) + 1 + value > rows)
    }

    pub(super) fn draw_detail(&self, buffer: &mut Buffer, rect: Rect) {
        let styles = &self.cx.styles;
        let focus = self.cx.frame.focus == PaneId::Detail;
        let Some(target) = self.reader.detail.target else {
            let inner = border::frame(buffer, rect, focus, &[("0 Detail".into(), styles.title)], &[], styles);
            match &self.reader.detail.folder {
                Some(folder) => Reader::draw_folder(buffer, inner, folder, &self.cx),
                None => Reader::draw_welcome(buffer, inner, &self.cx),
            }
            return;
        };
        let record = self.cx.store.record(target.key);
        let title = Reader::detail_title(target.key.kind, record.map(AsRef::as_ref), focus, &self.cx);
        let mut right = Vec::new();
        if self.reader.detail.layout.lines.len() > self.reader.detail.height || self.reader.detail.scroll > 0 {
            let (at, of) = self.reader.detail.position();
            // A share, and says so: line numbers mean nothing to a reader. Until the end is known, the line.
            let words = of.map_or_else(|| format!("line {}", number(at)), |of| format!("{} %", at * 100 / of.max(1)));
            right.push((words, styles.count));
        }
        let inner = border::frame(buffer, rect, focus, &title, &right, styles);
        let area = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if area.height < 2 || area.width < 8 {
            return self.desk.drawn.whole.set(Err(NO_ROOM));
        }
        self.desk.drawn.whole.set(Err(NO_ROOM));
        let tight = self.is_tight(area.width.into(), area.height);
        let head = if tight { Rect { height: 1, ..area } } else { area };
        let mut y = area.y + Reader::draw_detail_head(buffer, head, target, record.map(AsRef::as_ref), &self.cx);
        if y >= area.bottom() {
            return;
        }
        if !tight {
            for x in area.x..area.right() {
                put(buffer, x, y, styles.signs.dash, 1, styles.frame);
            }
            y += 1;
        }
        if target.key.kind == Kind::Password {
            let rows = self.secret_rows(area.width.into()).unwrap_or(0).min(area.bottom().saturating_sub(y));
            self.draw_secret(buffer, Rect { y, height: rows, ..area }, target.key);
            y += rows;
        }
        if self.reader.detail.finding || !self.reader.detail.find.text().is_empty() {
            self.reader.draw_find(buffer, Rect { y, height: 1, ..area }, &self.cx);
            y += 1;
        }
        if y >= area.bottom() {
            return;
        }
        self.reader.draw_body(buffer, Rect { y, height: area.bottom() - y, ..area }, &self.cx);
    }

    /// What to know of a name that can be taken for another one, in words.
    pub(in crate::tui::shell) fn name_warning(&self, record: &Record) -> Option<String> {
        let mixed = lookalike::warning(record.name());
        let twin = self.browse.panes.iter().find_map(|pane| pane.twin(record, &self.cx.store)).map(|twin| {
            format!("Another {} has a name that looks like this one: id {}.", twin.kind().word(), twin.id())
        });
        let words: Vec<String> = mixed.into_iter().chain(twin).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Where the lines of the body are in the detail's rectangle.
    pub(in crate::tui::shell) fn body_area(&self, rect: Rect) -> Rect {
        let columns = rect.width.saturating_sub(4);
        let above = 1 + self.detail_header_rows(rect) + self.reader.lines_above(columns.into(), &self.cx) as u16;
        let height = rect.height.saturating_sub(above + 1);
        Rect { x: rect.x + 2, y: rect.y + above, width: columns, height }
    }
}
