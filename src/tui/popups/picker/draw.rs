//! Drawing a list to choose from.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Picker, Topic};
use crate::present::format::{cut, found_words, number, width};
use crate::search;
use crate::tui::component::Ctx;
use crate::tui::popups::place;
use crate::tui::widgets::field::draw_field;
use crate::tui::widgets::paint::{mark, put, put_doubt, weak_line};
use crate::tui::widgets::wrap::wrap;
use gluepot_core::lookalike;
use gluepot_core::text::Clean;

impl Picker {
    /// Its rectangle, and the rows of its list.
    pub(super) fn rect(&self, cx: &Ctx) -> (Rect, u16) {
        let rows = place::picker_rows(cx.frame.size, self.items.len());
        (place::rect(rows + u16::from(self.typing) + self.below(cx).2, cx), rows)
    }

    /// What is below its list: why the chosen line cannot be chosen, else its note; and the rows kept for either, so
    /// that nothing moves with the cursor.
    fn below(&self, cx: &Ctx) -> (Vec<String>, Style, u16) {
        let room = usize::from(place::width(cx.frame.size).min(cx.frame.areas.screen.width).saturating_sub(4));
        let lines = |words: &str| {
            let mut lines = if words.is_empty() { Vec::new() } else { wrap(&Clean::line(words), room) };
            lines.truncate(3);
            lines
        };
        let note = lines(&self.note);
        // The finder has many lines and refuses none.
        let reasons = self.items.iter().filter(|_| !self.topic.is_finder()).filter_map(|item| item.refused.as_deref());
        let rows = reasons.map(|reason| lines(reason).len()).chain([note.len()]).max().unwrap_or(0) as u16;
        match self.chosen().and_then(|item| item.refused.as_deref()) {
            Some(reason) => (lines(reason), cx.styles.warning, rows),
            None => (note, cx.styles.dim, rows),
        }
    }

    pub(super) fn draw_on(&self, buffer: &mut Buffer, cx: &Ctx) {
        let rows = place::picker_rows(cx.frame.size, self.items.len());
        let count = if self.filter.text().trim().is_empty() {
            number(self.items.len())
        } else {
            found_words(self.strong, self.items.len(), self.hits.len() - self.strong)
        };
        let field = u16::from(self.typing);
        let (note, note_style, note_rows) = self.below(cx);
        let area = place::frame(buffer, rows + field + note_rows, &self.title, &count, cx);
        if area.height == 0 {
            return;
        }
        if self.typing {
            let sign = if self.topic == Topic::Palette { ":" } else { "/" };
            let line = Rect { height: 1, ..area };
            draw_field(buffer, line, sign, self.filter.text(), Some(self.filter.cursor()), &cx.styles);
        }
        if self.hits.is_empty() && area.height > field {
            let high = area.height.saturating_sub(field + note_rows.min(area.height));
            self.draw_nothing(buffer, Rect { y: area.y + field, height: high, ..area }, cx);
        }
        let lines = self.offset..self.lines().min(self.offset + usize::from(rows));
        for (y, line) in (area.y + field..area.bottom()).zip(lines) {
            let row = Rect { y, height: 1, ..area };
            match self.hit_at(line) {
                Some(position) => self.draw_item(buffer, row, position, cx),
                None => weak_line(buffer, row, &cx.styles),
            }
        }
        if area.height > note_rows + field {
            for (y, line) in (area.bottom() - note_rows..area.bottom()).zip(&note) {
                put(buffer, area.x, y, line, area.width.into(), note_style);
            }
        }
    }

    /// Why there is no line.
    fn draw_nothing(&self, buffer: &mut Buffer, area: Rect, cx: &Ctx) {
        let words = match (self.loading.as_str(), self.items.is_empty()) {
            ("", true) => "There is nothing here.".to_owned(),
            ("", false) => "Nothing matches.".to_owned(),
            (what, _) => format!("Still loading {what}. Matches show as they arrive."),
        };
        let lines = wrap(&words, area.width.into());
        for (y, line) in (area.y..area.bottom()).zip(lines) {
            put(buffer, area.x, y, &line, area.width.into(), cx.styles.dim);
        }
    }

    /// One line: its digit in a short menu, what it is, and what is at the right.
    fn draw_item(&self, buffer: &mut Buffer, area: Rect, position: usize, cx: &Ctx) {
        let styles = &cx.styles;
        let Some(item) = self.hits.get(position).and_then(|&at| self.items.get(at)) else { return };
        let y = area.y;
        let chosen = position == self.selected;
        let base = match (chosen, item.refused.is_some()) {
            (true, _) => styles.selected,
            (false, true) => styles.dim,
            (false, false) => styles.text,
        };
        if chosen {
            buffer.set_style(area, base);
        }
        // What is refused also looks so under the cursor.
        let base = if item.refused.is_some() { base.add_modifier(Modifier::DIM) } else { base };
        let right = cut(&item.aside, usize::from(area.width) / 2, styles.signs.cut);
        let mut left_room = usize::from(area.width).saturating_sub(width(&right) + 2);
        let label = Clean::line(&item.label);
        let mut at = area.x;
        if !self.typing && self.topic != Topic::Outline {
            // Its digit chooses it.
            let digit = if position < 9 { (position + 1).to_string() } else { " ".to_owned() };
            put(buffer, at, y, &digit, left_room, if chosen { base } else { styles.key });
            at += 3;
            left_room = left_room.saturating_sub(3);
        }
        let doubtful = self.topic.is_finder() && lookalike::mixes_alphabets(&label);
        let (x, left_room) = put_doubt(buffer, (at, y), left_room, doubtful, chosen.then_some(base), styles);
        let shown = cut(&label, left_room, styles.signs.cut);
        put(buffer, x, y, &shown, left_room, base);
        let query = self.filter.text().trim();
        if !query.is_empty() {
            mark(buffer, x, y, &shown, search::marks(query, &shown), styles.hit, chosen);
        }
        let at = area.right().saturating_sub(width(&right) as u16);
        put(buffer, at, y, &right, width(&right), if chosen { base } else { styles.dim });
    }
}
