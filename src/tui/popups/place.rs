//! Where popups are and how large.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;

use crate::present::format;
use crate::tui::component::Ctx;
use crate::tui::widgets::border;
use crate::tui::widgets::paint::blank;

/// Columns a popup takes on a screen.
pub fn width(size: Size) -> u16 {
    // What is beside it cannot be read anyway on a narrow screen.
    (size.width * 4 / 5).max(size.width.saturating_sub(4).min(76)).clamp(size.width.min(40), 96)
}

/// Rows of a picker's list on a screen.
pub fn picker_rows(size: Size, items: usize) -> u16 {
    let most = (size.height * 2 / 3).saturating_sub(4).max(size.height.saturating_sub(9).min(15)).max(3);
    most.min(u16::try_from(items).unwrap_or(u16::MAX)).max(1)
}

/// Rows of a text popup on a screen.
pub fn text_rows(size: Size) -> usize {
    // Between the top and the bottom line, in its frame
    usize::from(size.height.saturating_sub(4).max(1))
}

/// The rectangle of a popup with this many rows inside.
pub fn rect(rows: u16, cx: &Ctx) -> Rect {
    let screen = cx.frame.areas.screen;
    let wide = width(cx.frame.size).min(screen.width);
    let high = (rows + 2).min(screen.height);
    Rect {
        x: screen.x + (screen.width - wide) / 2,
        // The client stays in sight.
        y: screen.y + ((screen.height - high) / 3).max(u16::from(high + 1 < screen.height)),
        width: wide,
        height: high,
    }
}

/// Draws the frame of a popup with this many rows, over whatever is there. Gives the room inside.
pub fn frame(buffer: &mut Buffer, rows: u16, title: &str, right: &str, cx: &Ctx) -> Rect {
    let rect = self::rect(rows, cx);
    blank(buffer, rect);
    // Half of a wide character may be left of the popup's edge.
    if rect.x > 0 {
        for y in rect.y..rect.bottom() {
            if let Some(cell) = buffer.cell_mut((rect.x - 1, y))
                && format::width(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
        }
    }
    let styles = &cx.styles;
    let right: Vec<(String, Style)> =
        if right.is_empty() { Vec::new() } else { vec![(right.to_owned(), styles.count)] };
    let inner = border::frame(buffer, rect, true, &[(title.to_owned(), styles.title_focus)], &right, styles);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}
