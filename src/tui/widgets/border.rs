//! The frame around a pane or a popup, with its title.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint::put;
use crate::present::format::{cut, width};
use crate::tui::styles::Styles;

/// Draws a frame with a title on the left and words on the right; one row high it is the title line alone.
/// Gives the room inside.
pub fn frame(
    buffer: &mut Buffer,
    rect: Rect,
    focus: bool,
    title: &[(String, Style)],
    right: &[(String, Style)],
    styles: &Styles,
) -> Rect {
    let set = styles.signs.border;
    let style = if focus { styles.frame_focus } else { styles.frame };
    if rect.width < 4 || rect.height == 0 {
        return Rect { height: 0, ..rect };
    }
    buffer.set_string(rect.x, rect.y, set.top_left, style);
    for x in rect.x + 1..rect.right() - 1 {
        buffer.set_string(x, rect.y, set.horizontal_top, style);
    }
    buffer.set_string(rect.right() - 1, rect.y, set.top_right, style);
    draw_title(buffer, rect, style, title, right, styles);
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

/// The words in the upper edge: the title on the left, the others on the right where there is room for both.
fn draw_title(
    buffer: &mut Buffer,
    rect: Rect,
    style: Style,
    title: &[(String, Style)],
    right: &[(String, Style)],
    styles: &Styles,
) {
    let inner_width = usize::from(rect.width - 2);
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
}
