//! Drawing: the state as it is, on the rectangles that `layout` gives. Nothing is changed here.

mod bars;
mod detail;
mod lists;
mod popups;
mod secret;

use super::Shell;
use super::seen::{NO_DETAIL, NO_ROOM};
use crate::search;
use crate::tui::format::{cut, width};
use crate::tui::layout::Room;
use crate::tui::popups::Popup;
use crate::tui::styles::Styles;
use ratatui::Frame;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Rect, Size};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

/// Columns a popup takes on a screen.
pub(super) fn popup_width(size: Size) -> u16 {
    // What stands beside it cannot be read anyway on a narrow screen.
    (size.width * 4 / 5).max(size.width.saturating_sub(4).min(76)).clamp(size.width.min(40), 96)
}

/// Rows of a picker's list on a screen.
pub(super) fn picker_rows(size: Size, items: usize) -> u16 {
    let most = (size.height * 2 / 3).saturating_sub(4).max(size.height.saturating_sub(9).min(15)).max(3);
    most.min(u16::try_from(items).unwrap_or(u16::MAX)).max(1)
}

/// Rows of a text popup on a screen.
pub(super) fn text_popup_rows(size: Size) -> usize {
    // Between the top and the bottom line, in its frame
    usize::from(size.height.saturating_sub(4).max(1))
}

/// A line of a document as a line of the screen.
pub(super) fn styled(line: &gluepot_body::Line, styles: &Styles) -> Line<'static> {
    Line::from(
        line.spans
            .iter()
            .map(|span| Span::styled(span.text.to_string(), styles.span(span.role, span.emphasis)))
            .collect::<Vec<_>>(),
    )
}

/// Writes a text at a place, cut at the right edge. Gives the columns it took.
pub(super) fn put(buffer: &mut Buffer, x: u16, y: u16, text: &str, room: usize, style: Style) -> u16 {
    if room == 0 || y >= buffer.area.bottom() {
        return 0;
    }
    let (end, _) = buffer.set_stringn(x, y, text, room, style);
    end.saturating_sub(x)
}

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
            for &(id, rect) in &self.cx.frame.areas.lists {
                if let Some(pane) = self.pane(id) {
                    self.draw_list(buffer, pane, rect);
                }
            }
            if let Some(rect) = self.cx.frame.areas.detail {
                self.draw_detail(buffer, rect);
            }
            self.draw_bottom(buffer);
            for popup in &self.popups {
                match popup {
                    Popup::Picker(picker) => self.draw_picker(buffer, picker),
                    Popup::Text(text) => self.draw_text(buffer, text),
                    Popup::Confirm(confirm) => self.draw_confirm(buffer, confirm),
                    Popup::Gate(gate) => self.draw_gate(buffer, gate),
                    Popup::Consent(consent) => self.draw_consent(buffer, consent),
                    Popup::Ticket(field) => self.draw_ticket(buffer, field.text(), field.cursor()),
                }
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

    /// Draws a frame with a title on the left and words on the right; one row high it is the title line alone.
    /// Gives the room inside.
    fn frame(
        &self,
        buffer: &mut Buffer,
        rect: Rect,
        focus: bool,
        title: &[(String, Style)],
        right: &[(String, Style)],
    ) -> Rect {
        let styles = &self.cx.styles;
        let set = styles.signs.border;
        let style = if focus { styles.frame_focus } else { styles.frame };
        if rect.width < 4 || rect.height == 0 {
            return Rect { height: 0, ..rect };
        }
        let inner_width = usize::from(rect.width - 2);
        buffer.set_string(rect.x, rect.y, set.top_left, style);
        for x in rect.x + 1..rect.right() - 1 {
            buffer.set_string(x, rect.y, set.horizontal_top, style);
        }
        buffer.set_string(rect.right() - 1, rect.y, set.top_right, style);
        let right_width: usize = right.iter().map(|(text, _)| width(text)).sum::<usize>();
        // The count matters more than the last letters of a long title.
        let right_shown = right_width > 0 && right_width + 6 <= inner_width;
        let left_room = inner_width.saturating_sub(2 + if right_shown { right_width + 3 } else { 0 });
        let title_width: usize = title.iter().map(|(text, _)| width(text)).sum();
        let mut x = rect.x + 1;
        if title_width > 0 && left_room > 0 {
            x += put(buffer, x, rect.y, " ", 1, style);
            let mut left = left_room;
            for (text, text_style) in title {
                let text = cut(text, left, styles.signs.cut);
                let taken = put(buffer, x, rect.y, &text, left, *text_style);
                x += taken;
                left = left.saturating_sub(taken.into());
                if left == 0 {
                    break;
                }
            }
            put(buffer, x, rect.y, " ", 1, style);
        }
        if right_shown {
            let mut x = rect.right() - 2 - right_width as u16 - 1;
            put(buffer, x, rect.y, " ", 1, style);
            x += 1;
            for (text, text_style) in right {
                x += put(buffer, x, rect.y, text, width(text), *text_style);
            }
            put(buffer, x, rect.y, " ", 1, style);
        }
        if rect.height == 1 {
            return Rect { height: 0, ..rect };
        }
        for y in rect.y + 1..rect.bottom() - 1 {
            buffer.set_string(rect.x, y, set.vertical_left, style);
            buffer.set_string(rect.right() - 1, y, set.vertical_right, style);
        }
        let bottom = rect.bottom() - 1;
        buffer.set_string(rect.x, bottom, set.bottom_left, style);
        for x in rect.x + 1..rect.right() - 1 {
            buffer.set_string(x, bottom, set.horizontal_bottom, style);
        }
        buffer.set_string(rect.right() - 1, bottom, set.bottom_right, style);
        Rect { x: rect.x + 1, y: rect.y + 1, width: rect.width - 2, height: rect.height.saturating_sub(2) }
    }

    fn draw_field(&self, buffer: &mut Buffer, area: Rect, sign: &str, text: &str, cursor: Option<usize>) {
        let styles = &self.cx.styles;
        let x = area.x + put(buffer, area.x, area.y, sign, 1, styles.key);
        let room = usize::from(area.width.saturating_sub(2));
        // The part around the cursor is what is being typed.
        let graphemes: Vec<&str> = text.graphemes(true).collect();
        let at = cursor.unwrap_or(0).min(graphemes.len());
        let mut start = 0;
        while width(&graphemes[start..at].concat()) + 1 > room {
            start += 1;
        }
        let shown = graphemes[start..].concat();
        put(buffer, x, area.y, &cut(&shown, room, styles.signs.cut), room, styles.text);
        if cursor.is_some() {
            let at = x + width(&graphemes[start..at].concat()) as u16;
            if at < area.right() {
                buffer.set_style(
                    Rect { x: at, y: area.y, width: 1, height: 1 },
                    Style::new().add_modifier(Modifier::REVERSED),
                );
            }
        }
    }
}

/// Empties a rectangle that something else was drawn on.
fn blank(buffer: &mut Buffer, rect: Rect) {
    for y in rect.y..rect.bottom() {
        for x in rect.x..rect.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
}

/// Marks the letters of a text that a query matches.
fn mark(buffer: &mut Buffer, x: u16, y: u16, text: &str, query: &str, style: Style, strong: bool) {
    let marks = search::marks(query, text);
    if marks.is_empty() {
        return;
    }
    let style = if strong { Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED) } else { style };
    let mut column = x;
    let mut next = marks.into_iter().peekable();
    for (at, c) in text.chars().enumerate() {
        let w = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) as u16;
        if next.peek() == Some(&at) {
            next.next();
            let rect = Rect { x: column, y, width: w, height: 1 };
            buffer.set_style(rect.intersection(buffer.area), style);
        }
        column += w;
    }
}

/// The last line of defence: nothing that drives a terminal leaves through a cell, whatever the code above did. In
/// ASCII mode every other character becomes a plain stand-in of the same width.
fn guard(buffer: &mut Buffer, ascii: bool) {
    let columns = usize::from(buffer.area.width).max(1);
    // How many of the next cells a terminal may have drawn over: they are drawn again whether they changed or not.
    let mut covered = 0;
    for (at, cell) in buffer.content.iter_mut().enumerate() {
        if at % columns == 0 {
            covered = 0;
        }
        if covered > 0 {
            covered -= 1;
            cell.set_diff_option(CellDiffOption::AlwaysUpdate);
        }
        let symbol = cell.symbol();
        if symbol.len() == 1 && symbol.as_bytes()[0] >= b' ' && symbol.as_bytes()[0] != 0x7f {
            continue;
        }
        if symbol.chars().any(|c| c.is_control() || gluepot_core::text::is_hidden(c)) {
            cell.set_symbol("?");
        } else if ascii && !symbol.is_ascii() {
            let stand_in = match symbol {
                "│" | "┃" => "|",
                "─" | "━" => "-",
                "•" => "*",
                "·" => "-",
                "…" => "~",
                "›" => ">",
                "‹" => "<",
                "–" | "—" => "-",
                "‘" | "’" => "'",
                "“" | "”" => "\"",
                other if width(other) > 1 => "??",
                "" => continue,
                _ => "?",
            };
            // A wide stand-in keeps the columns straight.
            cell.set_symbol(stand_in);
        }
        if let Some(over) = gluepot_core::text::overhang(cell.symbol()) {
            // A cluster that we count as one wide letter may be two narrow ones there, of which one would stay.
            covered = width(cell.symbol()).max(1) - 1 + over;
        }
    }
}
