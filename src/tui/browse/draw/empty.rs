//! What a pane says where it has no rows: why, and what to do.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::failure_words;
use crate::present::format;
use crate::tui::browse::Browse;
use crate::tui::browse::list::ListPane;
use crate::tui::component::Ctx;
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;
use gluepot_core::library::State;
use gluepot_core::model::ListKey;

impl Browse {
    pub(super) fn draw_empty(&self, buffer: &mut Buffer, pane: &ListPane, area: Rect, cx: &Ctx) {
        let (words, style) = self.empty_words(pane, cx);
        let columns = usize::from(area.width.saturating_sub(2));
        for (y, text) in (area.y..area.bottom()).zip(wrap(&words, columns)) {
            put(buffer, area.x + 1, y, &text, columns, style);
        }
    }

    fn empty_words(&self, pane: &ListPane, cx: &Ctx) -> (String, Style) {
        let dim = cx.styles.dim;
        if pane.id != PaneId::Organizations && cx.organization.is_none() {
            // Once on a screen: where the user is.
            let quiet = cx.frame.focus != pane.id || self.opening(cx).is_some();
            return (if quiet { String::new() } else { no_client_words(cx) }, dim);
        }
        let mut keys = pane.sources(cx.organization, &cx.store);
        if keys.is_empty() {
            keys.extend(pane.folders(cx.organization));
        }
        let what = keys.first().map_or("records", |key| key.word());
        if let Some(refusal) = keys.iter().find_map(|&key| cx.list_refusal(key)) {
            return (refusal, cx.styles.warning);
        }
        for &key in &keys {
            match &cx.store.list(key).state {
                State::Failed(error) => return (failure_words(error, cx), cx.styles.danger),
                State::Loading(since) => {
                    let age = cx.now().duration_since(*since);
                    let words = match age.as_millis() {
                        0..300 => String::new(),
                        300..2_000 => format!("Loading {what}{}", cx.styles.signs.cut),
                        _ => format!("Loading {what} ({} s). You can keep working.", age.as_secs()),
                    };
                    return (words, dim);
                }
                State::NotAsked | State::Ready(_) => {}
            }
        }
        if !pane.filter.text().trim().is_empty() {
            return (no_match_words(pane, &keys, cx), dim);
        }
        if keys.iter().any(|&key| matches!(cx.store.list(key).state, State::NotAsked)) {
            return (format!("{} to load the {what}.", cx.hint(Action::Open)), dim);
        }
        if pane.hidden_archived > 0 {
            let archived = format::count(pane.hidden_archived, "is archived", "are archived");
            return (format!("No {what}. {archived}: press {}.", cx.hint(Action::ToggleArchived)), dim);
        }
        let place = match keys.first() {
            Some(ListKey::Organizations(_)) => "that this key can read",
            Some(ListKey::FlexibleAssetTypes(_)) => "in this account",
            _ => "in this organization",
        };
        (format!("There are no {what} {place}."), dim)
    }
}

fn no_client_words(cx: &Ctx) -> String {
    let open = cx.key_name(Action::Open);
    // A small screen has one pane: the clients are not above it.
    if cx.frame.areas.pane(PaneId::Organizations).is_some() {
        format!("Select a client above and press {open}.")
    } else {
        format!("Press {}, select a client and press {open}.", cx.hint(Action::FocusOrganizations))
    }
}

fn no_match_words(pane: &ListPane, keys: &[ListKey], cx: &Ctx) -> String {
    let back = cx.input_hint(Action::Back);
    if keys.iter().any(|&key| !cx.store.list(key).is_complete()) {
        return format!("No matches in what is loaded so far. {back} clears the filter.");
    }
    // Nothing to find elsewhere while no client is open.
    let key = if pane.filtering { cx.input_hint(Action::Finder) } else { cx.hint(Action::Finder) };
    let else_where = match cx.organization {
        Some(_) if !key.is_empty() => format!("{key} searches every list, "),
        _ => String::new(),
    };
    format!("No matches. {else_where}{back} clears the filter.")
}
