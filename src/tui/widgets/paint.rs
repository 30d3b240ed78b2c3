//! Writing into the buffer of a frame: texts, marks, blanks, and the last look at what leaves.

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::present::format::{cut, width};
use crate::tui::styles::Styles;

/// A line of a document as a line of the screen.
pub fn styled(line: &gluepot_body::Line, styles: &Styles) -> Line<'static> {
    Line::from(
        line.spans()
            .map(|span| Span::styled(span.text.to_string(), styles.span(span.role, span.emphasis)))
            .collect::<Vec<_>>(),
    )
}

/// Writes a text at a place, cut at the right edge. Gives the columns it took.
pub fn put(buffer: &mut Buffer, x: u16, y: u16, text: &str, room: usize, style: Style) -> u16 {
    if room == 0 || y >= buffer.area.bottom() {
        return 0;
    }
    let (end, _) = buffer.set_stringn(x, y, text, room, style);
    end.saturating_sub(x)
}

/// Empties a rectangle that something else was drawn on.
pub fn blank(buffer: &mut Buffer, rect: Rect) {
    for y in rect.y..rect.bottom() {
        for x in rect.x..rect.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
}

/// Marks the letters of a text at these positions: those that a query matches.
pub fn mark(buffer: &mut Buffer, x: u16, y: u16, text: &str, marks: Vec<usize>, style: Style, strong: bool) {
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
pub fn guard(buffer: &mut Buffer, ascii: bool) {
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

/// The line between the answers and what matches by chance as often as not.
pub fn weak_line(buffer: &mut Buffer, line: Rect, styles: &Styles) {
    let dash = if styles.signs.ascii { "-" } else { "─" };
    let columns = usize::from(line.width);
    let text = format!("{} weak matches {}", dash.repeat(2), dash.repeat(columns));
    put(buffer, line.x, line.y, &cut(&text, columns, ""), columns, styles.dim);
}

/// The sign before a name that can be taken for another one. Gives where the name begins and its room.
pub fn put_doubt(
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    room: usize,
    doubtful: bool,
    base: Option<Style>,
    styles: &Styles,
) -> (u16, usize) {
    if !doubtful || room < 4 {
        return (x, room);
    }
    put(buffer, x, y, styles.signs.warn, 1, base.unwrap_or(styles.warning));
    (x + 2, room - 2)
}
