//! The panes with lists: their rows, what stands above them, and where the rows that are seen lie among all.

mod empty;
mod row;
mod title;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Browse;
use super::list::ListPane;
use crate::present::format::{cut, width};
use crate::tui::component::Ctx;
use crate::tui::keymap::Action;
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;
use crate::tui::widgets::{border, field::draw_field};
use gluepot_core::library::State;
use gluepot_core::model::ListKey;

impl Browse {
    /// Draws one pane.
    pub(in crate::tui) fn draw_list(&self, buffer: &mut Buffer, pane: &ListPane, rect: Rect, cx: &Ctx) {
        let focus = cx.frame.focus == pane.id;
        let state = Self::list_state(pane, cx);
        let state_width: usize = state.iter().map(|(text, _)| width(text)).sum();
        let room = usize::from(rect.width).saturating_sub(4 + if state_width > 0 { state_width + 3 } else { 0 });
        let title = Self::list_title(pane, focus, room, cx);
        let mut area = border::frame(buffer, rect, focus, &title, &state, &cx.styles);
        if area.height == 0 {
            return;
        }
        if pane.shows_filter() {
            let cursor = pane.filtering.then(|| pane.filter.cursor());
            draw_field(buffer, Rect { height: 1, ..area }, "/", pane.filter.text(), cursor, &cx.styles);
            area = Rect { y: area.y + 1, height: area.height - 1, ..area };
        }
        if pane.rows.is_empty() {
            self.draw_empty(buffer, pane, area, cx);
            return;
        }
        if let Some((lines, style)) = Self::banner(pane, rect, cx) {
            for text in lines {
                put(buffer, area.x + 1, area.y, &text, area.width.saturating_sub(2).into(), style);
                area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
            }
        }
        for (line, row) in pane.rows.iter().skip(pane.offset).take(area.height.into()).enumerate() {
            let selected = pane.offset + line == pane.selected();
            let line = Rect { y: area.y + line as u16, height: 1, ..area };
            let base = match (selected, focus) {
                (true, true) => cx.styles.selected,
                (true, false) => cx.styles.selected_blurred,
                _ => cx.styles.text,
            };
            if selected {
                buffer.set_style(line, base);
                put(buffer, area.x, line.y, cx.styles.signs.bar, 1, if focus { base } else { cx.styles.frame_focus });
            }
            row::Row { pane, base, strong: selected && focus, cx }.draw(buffer, row, line);
        }
        draw_thumb(buffer, rect, area, pane, focus, cx);
    }

    /// What must be known of the rows that are shown: failed, incomplete, hits that may be missing. A line above
    /// them, or a few where there is room; `None` when they are all there is.
    pub(in crate::tui) fn banner(pane: &ListPane, rect: Rect, cx: &Ctx) -> Option<(Vec<String>, Style)> {
        let columns = usize::from(rect.width.saturating_sub(4));
        let most = match rect.height {
            0..5 => return None,
            5..12 => 1,
            _ => 3,
        };
        let (words, style) = banner_words(pane, cx)?;
        let text = format!("{} {words}", cx.styles.signs.warn);
        let mut lines = wrap(&text, columns);
        if lines.len() > most {
            lines.truncate(most - 1);
            let rest = text.get(lines.iter().map(|line| line.len() + 1).sum::<usize>()..).unwrap_or(&text);
            lines.push(cut(rest, columns, cx.styles.signs.cut).into_owned());
        }
        Some((lines, style))
    }
}

/// On the right edge of a frame: where the visible rows are among all of them. It moves with the rows, not
/// with the cursor.
fn draw_thumb(buffer: &mut Buffer, rect: Rect, area: Rect, pane: &ListPane, focus: bool, cx: &Ctx) {
    let styles = &cx.styles;
    let (offset, of) = (pane.offset, pane.rows.len());
    let height = usize::from(area.height);
    if of <= height || height < 3 {
        return;
    }
    let long = (height * height / of).clamp(1, height - 1);
    let last = of - height;
    let at = (offset * (height - long) + last / 2) / last;
    let style = if focus { styles.frame_focus } else { styles.frame };
    for y in at..at + long {
        put(buffer, rect.right() - 1, area.y + y as u16, styles.signs.thumb, 1, style);
    }
}

fn banner_words(pane: &ListPane, cx: &Ctx) -> Option<(String, Style)> {
    if pane.rows.is_empty() {
        return None;
    }
    let keys = pane.sources(cx.organization, &cx.store);
    let folders = pane.folders(cx.organization);
    let mut notes: Vec<String> = Vec::new();
    for key in keys.iter().copied().chain(folders) {
        let list = cx.store.list(key);
        match &list.state {
            State::Failed(error)
                if Some(key) == folders && !matches!(key, ListKey::FlexibleAssetTypes(_)) && error.forbidden() =>
            {
                notes.push("folders hidden from this key".into());
            }
            State::Failed(error) => {
                return Some((failure_words(error, cx), cx.styles.danger));
            }
            _ => {}
        }
        notes.extend(list.completeness.map(gluepot_core::library::Completeness::notes).unwrap_or_default());
    }
    let filtered = !pane.filter.text().trim().is_empty();
    if filtered && keys.iter().any(|&key| cx.store.list(key).is_loading() && !cx.store.list(key).is_complete()) {
        notes.push("still loading, results may be missing".into());
    }
    notes.sort();
    notes.dedup();
    (!notes.is_empty()).then(|| (notes.join(", "), cx.styles.warning))
}

/// What went wrong with a list, what to do, and which key loads it again.
fn failure_words(error: &gluepot_core::library::Trouble, cx: &Ctx) -> String {
    let (words, again) = (error.told(&cx.again()), cx.again());
    // A lock that has nothing to keep to stays so.
    let stays = error.is_for_good();
    if stays || words.contains(&again) { words } else { format!("{words} {} to retry.", cx.hint(Action::Refresh)) }
}
