//! Drawing: the state as it is, on the rectangles that `layout` gives. Nothing is changed here.

use ratatui::Frame;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Rect, Size};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::App;
use super::popups::wrap;
use crate::body::{self, Role};
use crate::keymap::{Action, Context};
use crate::lookalike;
use crate::model::{Kind, ListKey, Record};
use crate::search;
use crate::store::State;
use crate::text::Clean;
use crate::ui::format::{self, cut, number, width};
use crate::ui::layout::{PaneId, Room};
use crate::ui::message::Purpose;
use crate::ui::notice::Weight;
use crate::ui::panes::list::{Group, ListPane, Tab, ViewRow};
use crate::ui::panes::rows::{aside, dated};
use crate::ui::popups::consent::{ADDRESS, Consent, Step};
use crate::ui::popups::gate::{Answers, Gate, YES};
use crate::ui::popups::picker::{Picker, Topic};
use crate::ui::popups::{Confirm, Popup, TextPopup};
use crate::ui::styles::Styles;

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
pub(super) fn styled(line: &body::Line, styles: &Styles) -> Line<'static> {
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

impl App {
    /// Draws the whole screen.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        let buffer = frame.buffer_mut();
        if let Some(locked) = &self.locked {
            self.draw_locked(buffer, locked);
        } else if self.areas.room == Room::Tiny {
            let area = self.areas.screen;
            put(buffer, area.x, area.y, "gluepot needs 30x8 at least.", area.width.into(), self.styles.text);
        } else {
            self.draw_top(buffer);
            self.draw_alert(buffer);
            for &(id, rect) in &self.areas.lists {
                if let Some(pane) = self.pane(id) {
                    self.draw_list(buffer, pane, rect);
                }
            }
            if let Some(rect) = self.areas.detail {
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
        if let Some(console) = self.console.as_ref().filter(|_| self.locked.is_none() && self.areas.room != Room::Tiny)
        {
            self.draw_console(buffer, console);
        }
        guard(buffer, self.styles.signs.ascii);
    }

    // The lines above and below

    fn draw_top(&self, buffer: &mut Buffer) {
        let area = self.areas.top;
        let styles = &self.styles;
        let narrow = area.width < 60;
        let ticket = match (self.ticket.as_str(), narrow) {
            ("", _) => String::new(),
            (ticket, false) => format!("ticket #{ticket} "),
            // Where there is little room the client's name has more of it than the ticket.
            (ticket, true) => format!("#{} ", cut(ticket, usize::from(area.width) / 3, styles.signs.cut)),
        };
        // A lock that nobody sees would look like records that are gone.
        let found = self.parts.client.locked_to().is_some();
        let ticket = match (self.parts.client.is_locked(), narrow) {
            (false, _) => ticket,
            (true, false) if found => format!("locked to this client {ticket}"),
            (true, _) => format!("locked {ticket}"),
        };
        let right = width(&ticket);
        let brand = if narrow { " " } else { " gluepot " };
        let mut x = area.x + put(buffer, area.x, area.y, brand, area.width.into(), styles.brand);
        let room = |x: u16| usize::from(area.right().saturating_sub(x)).saturating_sub(right + 1);
        let profile = format!("{}{}  ", if narrow { "" } else { " " }, self.parts.profile);
        // On a narrow screen the client matters more than the profile.
        if room(x) > 40 {
            x += put(buffer, x, area.y, &profile, room(x), styles.dim);
        }
        match self.organization {
            None => {
                put(buffer, x, area.y, "no organization is open", room(x), styles.dim);
            }
            Some(id) => {
                let organization = self.store.organization(id);
                let name = self.organization_name(id);
                let strip = styles.organization(id.0);
                let short = organization.map(|o| o.short_name.as_str()).filter(|s| !s.is_empty());
                let doubt = usize::from(lookalike::mixes_alphabets(&name)) * 2;
                let tail = short.map_or(0, |s| width(s) + 3) + doubt;
                let name = cut(&name, room(x).saturating_sub(tail), styles.signs.cut);
                if doubt > 0 {
                    x += put(buffer, x, area.y, styles.signs.warn, room(x), styles.warning);
                    x += put(buffer, x, area.y, " ", room(x), styles.top);
                }
                x += put(buffer, x, area.y, &name, room(x), styles.top.add_modifier(Modifier::BOLD));
                x += put(buffer, x, area.y, " ", room(x), styles.top);
                x += put(buffer, x, area.y, styles.signs.bar, room(x), strip);
                if let Some(short) = short {
                    put(buffer, x, area.y, short, room(x), strip.add_modifier(Modifier::BOLD));
                }
            }
        }
        if right > 0 && usize::from(area.width) > right {
            put(buffer, area.right() - right as u16, area.y, &ticket, right, styles.ticket);
        }
    }

    fn draw_alert(&self, buffer: &mut Buffer) {
        let area = self.areas.alert;
        let Some(alert) = self.alert().filter(|_| area.height > 0) else { return };
        let key = self.hint("dismiss-alert");
        let text = format!(" {} {alert}", self.styles.signs.warn);
        let mut hint = format!("{key} puts it away ");
        if width(&text) + width(&hint) + 1 > usize::from(area.width) {
            // The alert itself has the room; how it goes away is in the help.
            hint = format!("{key} ");
        }
        let room = usize::from(area.width).saturating_sub(width(&hint) + 1);
        put(buffer, area.x, area.y, &cut(&text, room, self.styles.signs.cut), room, self.styles.alert);
        put(buffer, area.right().saturating_sub(width(&hint) as u16), area.y, &hint, width(&hint), self.styles.dim);
    }

    fn draw_bottom(&self, buffer: &mut Buffer) {
        let area = self.areas.bottom;
        let styles = &self.styles;
        let quota = self.parts.client.quota();
        let mut right: Vec<(String, Style)> = Vec::new();
        if let Some(chip) = self.clipboard_chip() {
            right.push((chip, styles.warning));
        }
        if let Some(until) = quota.paused_until.filter(|until| *until > self.now()) {
            let seconds = until.saturating_duration_since(self.now()).as_secs() + 1;
            right.push((format!("IT Glue asked for a pause: {seconds} s"), styles.warning));
        } else if self.areas.room == Room::Wide || quota.left < quota.of / 4 {
            let style = if quota.left < quota.of / 10 { styles.warning } else { styles.dim };
            right.push((format!("{} requests left", number(quota.left as usize)), style));
        }
        let width_of = |right: &[(String, Style)]| right.iter().map(|(text, _)| width(text) + 2).sum::<usize>();
        let mut room = usize::from(area.width).saturating_sub(width_of(&right));
        if let Some((notice, _)) = &self.notice {
            let style = match notice.weight {
                Weight::Quiet => styles.text,
                Weight::Warning => styles.warning,
                Weight::Error => styles.danger,
            };
            let mut lines = vec![notice.text.clone()];
            if width(&notice.text) + 2 > room {
                // A long sentence may have the whole line, and lines above it: its end says what to do. Only the time a
                // secret has left in the clipboard stays.
                right.truncate(usize::from(self.clipboard_chip().is_some()));
                room = usize::from(area.width).saturating_sub(width_of(&right));
                if width(&notice.text) + 2 > room {
                    lines = self.notice_lines(&notice.text, usize::from(area.width), room);
                }
            }
            let first = area.y.saturating_sub(lines.len() as u16 - 1);
            for (line, text) in lines.iter().enumerate() {
                let y = first + line as u16;
                if y < area.y {
                    blank(buffer, Rect { y, ..area });
                }
                // One blank before what stands at the right
                let room = if y == area.y { room } else { usize::from(area.width) }.saturating_sub(1);
                put(buffer, area.x, y, &cut(&format!(" {text}"), room, styles.signs.cut), room, style);
            }
        } else {
            let mut x = area.x;
            let hints = self.hints();
            let columns = |(key, words): &(String, &str)| width(key) + width(words) + 3;
            // The last one leads to all the others: it has its place whatever else fits.
            let mut kept = hints.last().map_or(0, columns);
            for (at, hint) in hints.iter().enumerate() {
                let last = at + 1 == hints.len();
                kept = if last { 0 } else { kept };
                if usize::from(x - area.x) + columns(hint) + kept > room {
                    continue;
                }
                let (key, words) = hint;
                x += put(buffer, x, area.y, " ", 1, styles.dim);
                x += put(buffer, x, area.y, key, width(key), styles.key);
                x += put(buffer, x, area.y, &format!(" {words} "), width(words) + 2, styles.dim);
            }
        }
        let mut x = area.right().saturating_sub(width_of(&right) as u16);
        for (text, style) in right {
            x += put(buffer, x, area.y, &text, width(&text), style) + 2;
        }
    }

    /// A sentence too long for the bottom line, in lines: the last one has less room, where the clipboard's time stands.
    fn notice_lines(&self, text: &str, columns: usize, last: usize) -> Vec<String> {
        let most = (usize::from(self.areas.screen.height) / 3).clamp(1, 6);
        let mut lines = wrap(text, columns.saturating_sub(2));
        if lines.last().is_some_and(|line| width(line) + 2 > last) {
            lines.push(String::new());
        }
        if lines.len() > most {
            let shown: usize = lines[..most - 1].iter().map(|line| line.len() + 1).sum();
            lines.truncate(most - 1);
            lines.push(text.get(shown.min(text.len())..).unwrap_or(text).to_owned());
        }
        lines
    }

    /// The keys worth knowing right now, by their names in the keymap.
    fn hints(&self) -> Vec<(String, &'static str)> {
        use Action as A;
        let mut wanted: Vec<(Action, &'static str)> = Vec::new();
        if self.console.is_some() {
            // Its keys stand in it.
            return Vec::new();
        }
        if let Some(popup) = self.popups.last() {
            return self.popup_hints(popup);
        }
        if self.typing() {
            return vec![
                (self.input_hint(A::Open), "keep"),
                (self.input_hint(A::Back), if self.focus == PaneId::Detail { "end" } else { "clear" }),
                (self.input_hint(A::Finder), "find any"),
            ];
        }
        match self.focus {
            PaneId::Detail => {
                if self.detail.link.is_some() {
                    wanted.push((A::Open, "follow"));
                }
                wanted.extend([(A::Back, "back"), (A::Filter, "find")]);
                if !self.detail.hits.is_empty() {
                    wanted.push((A::NextHit, "next hit"));
                }
            }
            _ => wanted.extend([(A::Open, "open"), (A::Filter, "filter")]),
        }
        if self.secret_refusal().is_none() {
            if self.refusal(A::CopySecret).is_none() {
                wanted.push((A::CopySecret, "copy"));
            }
            if self.refusal(A::Reveal).is_none() {
                wanted.push((A::Reveal, if self.held.is_some() { "hide" } else { "reveal" }));
            }
            if self.password_subject().is_some_and(|p| !p.username.is_empty()) {
                wanted.push((A::CopyUsername, "user name"));
            }
        } else if self.focus == PaneId::Detail {
            wanted.push((A::CopyMenu, "copy"));
            if !self.detail.layout.headings.is_empty() {
                wanted.push((A::Outline, "outline"));
            }
            if !self.detail.layout.links.is_empty() {
                wanted.push((A::NextLink, "links"));
            }
        }
        if self.focus == PaneId::Others {
            wanted.push((A::NextTab, "tab"));
        }
        wanted.push((A::Finder, "find any"));
        // Where there is room for more
        let in_list = self.focus != PaneId::Detail;
        let shown = self.subject().is_some();
        let more = [
            (A::CopyMenu, "copy what", shown && !wanted.iter().any(|(action, _)| *action == A::CopyMenu)),
            (A::OpenUrl, "web app", shown),
            (A::Sort, "order", in_list),
            (A::ToggleArchived, "archived", in_list),
            (A::HistoryBack, "where I was", !self.past.is_empty()),
            (A::SetTicket, "ticket", true),
            (A::Refresh, "ask again", true),
            (A::Zoom, "zoom", true),
            (A::Palette, "commands", true),
        ];
        wanted.extend(more.into_iter().filter(|(.., fits)| *fits).map(|(action, words, _)| (action, words)));
        wanted.push((A::Help, "help"));
        wanted
            .into_iter()
            .filter_map(|(action, words)| {
                let key = self.hint(action.name());
                (!key.starts_with(':')).then_some((key, words))
            })
            .collect()
    }

    /// The keys of what lies over the panes: those of the panes do nothing while it is there.
    fn popup_hints(&self, popup: &Popup) -> Vec<(String, &'static str)> {
        use Action as A;
        let (context, wanted): (_, &[(Action, &'static str)]) = match popup {
            Popup::Picker(picker) => match picker.topic {
                Topic::Finder => (
                    Context::Input,
                    &[
                        (A::Open, "go to it"),
                        (A::Back, "leave"),
                        (A::Down, "down"),
                        (A::FocusNext, "all that is loaded"),
                    ],
                ),
                Topic::FinderEverywhere => (
                    Context::Input,
                    &[(A::Open, "go to it"), (A::Back, "leave"), (A::Down, "down"), (A::FocusNext, "this client")],
                ),
                _ if picker.typing => {
                    (Context::Input, &[(A::Open, "choose"), (A::Back, "leave"), (A::Down, "down"), (A::Up, "up")])
                }
                _ => (
                    Context::Popup,
                    &[(A::Open, "choose"), (A::Back, "leave"), (A::Down, "down"), (A::Filter, "filter")],
                ),
            },
            Popup::Text(text) if text.lines.len() > text_popup_rows(self.size) => {
                (Context::Popup, &[(A::Back, "close"), (A::Down, "down"), (A::PageDown, "page"), (A::Bottom, "end")])
            }
            Popup::Text(_) => (Context::Popup, &[(A::Back, "close")]),
            Popup::Ticket(_) => (Context::Input, &[(A::Open, "keep"), (A::Back, "leave as it was")]),
            // What says yes stands in the dialog.
            Popup::Confirm(_) => (Context::Popup, &[(A::Back, "leave")]),
            Popup::Gate(gate) if gate.answers.all.is_empty() => (Context::Popup, &[(A::Back, "leave")]),
            Popup::Consent(consent) if consent.answers.all.is_empty() => (Context::Popup, &[(A::Back, "leave")]),
            Popup::Gate(_) | Popup::Consent(_) => (Context::Input, &[(A::Back, "leave")]),
        };
        let key = |action| self.parts.keymap.keys_for(context, action).map(str::to_owned);
        let organization = self.organization.is_some();
        wanted
            .iter()
            .filter(|(action, _)| *action != A::FocusNext || organization)
            .filter_map(|&(action, words)| Some((key(action)?, words)))
            .collect()
    }

    pub(super) fn input_hint(&self, action: Action) -> String {
        self.parts.keymap.keys_for(Context::Input, action).unwrap_or_default().to_owned()
    }

    // Frames

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
        let styles = &self.styles;
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

    // Lists

    fn list_title(&self, pane: &ListPane, focus: bool, room: usize) -> Vec<(String, Style)> {
        let styles = &self.styles;
        let base = if focus { styles.title_focus } else { styles.title };
        let name = match pane.id {
            PaneId::Organizations => "1 Organizations",
            PaneId::Documents => "2 Documents",
            PaneId::Configurations => "3 Configurations",
            PaneId::Passwords => "4 Passwords",
            PaneId::Others | PaneId::Detail => "5 ",
        };
        let mut title = vec![(name.to_owned(), base)];
        if pane.id == PaneId::Others {
            title.extend(self.tabs(pane.tab, base, room.saturating_sub(2)));
        }
        title
    }

    /// The tabs in their order, as many as there is room for with the one in use among them.
    fn tabs(&self, used: Tab, base: Style, room: usize) -> Vec<(String, Style)> {
        let styles = &self.styles;
        let at = Tab::ALL.iter().position(|&tab| tab == used).unwrap_or(0);
        let label = |tab: Tab| match (tab == used, styles.signs.ascii) {
            (true, true) => format!("[{}]", tab.label()),
            _ => tab.label().to_owned(),
        };
        let columns = |from: usize, to: usize| Tab::ALL[from..=to].iter().map(|&t| width(&label(t)) + 1).sum::<usize>();
        let last = Tab::ALL.len() - 1;
        // All of them; else those before the one in use go, until there is room for it and a sign on both sides.
        let first = (0..=at)
            .find(|&first| columns(first, last) + first.min(1) * 2 <= room + 1 || columns(first, at) + 3 <= room)
            .unwrap_or(at);
        let mut title = Vec::new();
        if first > 0 {
            title.push((format!("{} ", styles.signs.cut), styles.dim));
        }
        for &tab in &Tab::ALL[first..] {
            let gap = if title.is_empty() || tab == Tab::ALL[first] { "" } else { " " };
            title.push((gap.to_owned(), styles.dim));
            title.push((label(tab), if tab == used { base } else { styles.dim }));
        }
        title
    }

    /// Count, age and state of a pane's lists, for the right end of its title.
    fn list_state(&self, pane: &ListPane) -> Vec<(String, Style)> {
        let styles = &self.styles;
        if pane.id != PaneId::Organizations && self.organization.is_none() {
            return Vec::new();
        }
        let keys = pane.sources(self.organization, &self.store);
        let folders = pane.folders(self.organization);
        let now = self.now();
        let mut words: Vec<(String, Style)> = Vec::new();
        let mut loading = None;
        let types = folders.filter(|&key| key == ListKey::FlexibleAssetTypes).map(|key| &self.store.list(key).state);
        let mut failed = matches!(types, Some(State::Failed(_)));
        let mut forbidden = matches!(types, Some(State::Failed(error)) if error.forbidden());
        let mut stale = None;
        let mut notes: Vec<String> = Vec::new();
        let (mut rows, mut total, mut asked, mut complete) = (0, 0, false, true);
        for &key in &keys {
            let list = self.store.list(key);
            rows += list.rows.len() + list.unreadable.len();
            total += list.total.unwrap_or(0).max(list.rows.len());
            asked |= !matches!(list.state, State::NotAsked) || !list.rows.is_empty();
            complete &= list.is_complete();
            match &list.state {
                State::Loading(since) => loading = Some(loading.map_or(*since, |l: std::time::Instant| l.min(*since))),
                State::Failed(error) => {
                    failed = true;
                    forbidden |= error.forbidden();
                }
                _ => {}
            }
            if let Some(at) = list.fetched.filter(|at| now.duration_since(*at) > crate::store::FRESH_FOR) {
                stale = Some(format::age(now.duration_since(at)));
            }
            notes.extend(list.completeness.map(crate::api::Completeness::notes).unwrap_or_default());
        }
        if let Some(key) = folders.filter(|&key| key != ListKey::FlexibleAssetTypes) {
            let list = self.store.list(key);
            match &list.state {
                State::Failed(error) if error.forbidden() => notes.push("folders hidden from this key".into()),
                State::Failed(_) => notes.push("folders failed".into()),
                _ => {}
            }
            notes.extend(list.completeness.map(crate::api::Completeness::notes).unwrap_or_default());
        }
        // The words stand in the pane; the title of a pane that is closed can only say that there are some.
        if !notes.is_empty() {
            words.push((styles.signs.warn.to_owned(), styles.warning));
        }
        if forbidden {
            words.push(("forbidden".into(), styles.danger));
        } else if failed {
            words.push(("failed".into(), styles.danger));
        }
        // What is not as always, so that nobody takes it for the usual list.
        if asked_for(&keys, &self.store) {
            if pane.archived {
                words.push(("with archived".into(), styles.dim));
            }
            if let Some(word) = pane.sort.word() {
                words.push((word.into(), styles.dim));
            }
        }
        if let Some(word) = keys.iter().find_map(|&key| self.list_word(key)) {
            words.push((word.into(), styles.warning));
        }
        let filtered = !pane.filter.text().trim().is_empty();
        // A number that is not known is not shown as none.
        if (asked || !keys.is_empty()) && (complete || rows > 0) {
            let count = if filtered {
                format!("{} of {}", number(pane.found), number(pane.searched))
            } else if loading.is_some() && total > rows {
                format!("{} of {} {}", number(rows), number(total), styles.signs.more)
            } else if !complete && total > rows {
                format!("{} of {}", number(rows), number(total))
            } else {
                number(rows - pane.hidden_archived.min(rows))
            };
            words.push((count, styles.count));
        }
        if let Some(since) = loading {
            let age = now.duration_since(since);
            if age.as_millis() >= 2_000 {
                words.push((format!("{} s", age.as_secs()), styles.dim));
            } else if age.as_millis() >= 300 {
                words.push((styles.signs.cut.to_owned(), styles.dim));
            }
        } else if let Some(age) = stale {
            words.push((format!("{} {age} old", styles.signs.dot), styles.warning));
        }
        for (word, _) in words.iter_mut().skip(1) {
            word.insert(0, ' ');
        }
        words
    }

    fn draw_list(&self, buffer: &mut Buffer, pane: &ListPane, rect: Rect) {
        let styles = &self.styles;
        let focus = self.focus == pane.id;
        let state = self.list_state(pane);
        let state_width: usize = state.iter().map(|(text, _)| width(text)).sum();
        let room = usize::from(rect.width).saturating_sub(4 + if state_width > 0 { state_width + 3 } else { 0 });
        let inner = self.frame(buffer, rect, focus, &self.list_title(pane, focus, room), &state);
        if inner.height == 0 {
            return;
        }
        let mut area = inner;
        if pane.shows_filter() {
            self.draw_field(
                buffer,
                Rect { height: 1, ..area },
                "/",
                pane.filter.text(),
                pane.filtering.then(|| pane.filter.cursor()),
            );
            area = Rect { y: area.y + 1, height: area.height - 1, ..area };
        }
        if pane.rows.is_empty() {
            self.draw_empty(buffer, pane, area);
            return;
        }
        if let Some((lines, style)) = self.banner(pane, rect) {
            for text in lines {
                put(buffer, area.x + 1, area.y, &text, area.width.saturating_sub(2).into(), style);
                area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
            }
        }
        let query = pane.filter.text().trim();
        for (line, row) in pane.rows.iter().skip(pane.offset).take(area.height.into()).enumerate() {
            let y = area.y + line as u16;
            let selected = pane.offset + line == pane.selected();
            let line = Rect { y, height: 1, ..area };
            let base = match (selected, focus) {
                (true, true) => styles.selected,
                (true, false) => styles.selected_blurred,
                _ => styles.text,
            };
            if selected {
                buffer.set_style(line, base);
                put(buffer, area.x, y, styles.signs.bar, 1, if focus { base } else { styles.frame_focus });
            }
            self.draw_row(buffer, pane, row, line, base, selected && focus, query);
        }
        self.draw_thumb(buffer, rect, area, pane.offset, pane.rows.len(), focus);
    }

    /// On the right edge of a frame: where the rows that are seen lie among all of them. It moves with the rows, not
    /// with the cursor.
    fn draw_thumb(&self, buffer: &mut Buffer, rect: Rect, area: Rect, offset: usize, of: usize, focus: bool) {
        let styles = &self.styles;
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

    #[expect(clippy::too_many_arguments, reason = "a row is drawn in one place with all it depends on")]
    fn draw_row(
        &self,
        buffer: &mut Buffer,
        pane: &ListPane,
        row: &ViewRow,
        line: Rect,
        base: Style,
        strong: bool,
        query: &str,
    ) {
        let styles = &self.styles;
        // On the selected row colours stay out: reversed they would be hard to read.
        let dim = if strong { base } else { styles.dim };
        let x = line.x + 1;
        let room = usize::from(line.width.saturating_sub(1));
        match row {
            ViewRow::Record { list, at, depth } => {
                let Some(record) = self.store.list(*list).rows.get(*at) else { return };
                let indent = usize::from(*depth) * 2;
                let indent = indent.min(room / 3);
                let x = x + indent as u16;
                let room = room.saturating_sub(indent);
                // What it is about the row, which is never cut for a longer name, and what is only good to know.
                let dated = dated(record, self.today);
                let mut right = aside(record).into_owned();
                if !query.is_empty() && matches!(record.as_ref(), Record::Document(_)) {
                    right = pane.folder_path(record, self.organization, &self.store);
                }
                let mut must = match record.as_ref() {
                    Record::Password(password) => password.vault_id.is_some(),
                    // The short name is what is typed before the first secret.
                    Record::Organization(_) => width(&right) <= 8,
                    _ => false,
                };
                if record.is_archived() {
                    right = if right.is_empty() { "archived".into() } else { format!("archived {right}") };
                    must = true;
                }
                let name = record.name();
                let doubtful = lookalike::mixes_alphabets(name) || pane.is_alike(*list, *at);
                let (x, room) = self.put_doubt(buffer, x, line.y, room, doubtful, strong.then_some(base));
                let shown_name = if name.trim().is_empty() { "(no name)" } else { name };
                // One column at the right edge stays free, and one at least between the two.
                let room = room.saturating_sub(1);
                let name_width = width(shown_name);
                let left = room.saturating_sub(name_width + 1);
                let right = if let Some(dated) = &dated
                    && !record.is_archived()
                {
                    let fitting = dated.forms.iter().find(|form| width(form) <= left);
                    fitting.unwrap_or(&dated.forms[2]).clone()
                } else if width(&right) <= left || must {
                    cut(&right, room / 2, styles.signs.cut).into_owned()
                } else if left >= 8 {
                    cut(&right, left, styles.signs.cut).into_owned()
                } else {
                    // The name is what is looked for: half of the other would only cost it its end.
                    String::new()
                };
                let left_room = room.saturating_sub(if right.is_empty() { 0 } else { width(&right) + 1 });
                let shown = cut(shown_name, left_room, styles.signs.cut);
                let style = if record.is_archived() && !strong { styles.dim } else { base };
                put(buffer, x, line.y, &shown, left_room, style);
                if !query.is_empty() {
                    mark(buffer, x, line.y, &shown, query, styles.hit, strong);
                }
                if !right.is_empty() {
                    let at = line.right() - width(&right) as u16 - 1;
                    let due = dated.is_some_and(|dated| dated.is_due) && !strong;
                    put(buffer, at, line.y, &right, width(&right), if due { styles.warning } else { dim });
                }
            }
            ViewRow::Group { group, label, depth, open, count } => {
                let indent = (usize::from(*depth) * 2).min(room / 3);
                let x = x + indent as u16;
                let room = room.saturating_sub(indent);
                let sign = if *open { styles.signs.open } else { styles.signs.closed };
                let right = self.group_words(*group, *count);
                let left_room = room.saturating_sub(width(&right) + 4);
                put(buffer, x, line.y, sign, 1, dim);
                let style = if strong { base } else { styles.group };
                let doubtful = lookalike::mixes_alphabets(label);
                let (x, left_room) = self.put_doubt(buffer, x + 2, line.y, left_room, doubtful, strong.then_some(base));
                put(buffer, x, line.y, &cut(label, left_room, styles.signs.cut), left_room, style);
                let at = line.right().saturating_sub(width(&right) as u16 + 1);
                put(buffer, at, line.y, &right, width(&right), dim);
            }
            ViewRow::Unreadable { list, at } => {
                let why = self.store.list(*list).unreadable.get(*at);
                let id = why.and_then(|(id, _)| *id).map_or_else(String::new, |id| format!(" {id}"));
                let words = why.map_or("", |(_, why)| why.as_str());
                let text = format!("{} unreadable record{id}: {words}", styles.signs.warn);
                let style = if strong { base } else { styles.warning };
                put(buffer, x, line.y, &cut(&text, room, styles.signs.cut), room, style);
            }
        }
    }

    /// The sign before a name that can be taken for another one. Gives where the name begins and its room.
    fn put_doubt(
        &self,
        buffer: &mut Buffer,
        x: u16,
        y: u16,
        room: usize,
        doubtful: bool,
        base: Option<Style>,
    ) -> (u16, usize) {
        if !doubtful || room < 4 {
            return (x, room);
        }
        put(buffer, x, y, self.styles.signs.warn, 1, base.unwrap_or(self.styles.warning));
        (x + 2, room - 2)
    }

    /// What stands at the right of a heading: how many it holds, or why that is not known.
    fn group_words(&self, group: Group, count: Option<usize>) -> String {
        if let Group::AssetType(key) = group {
            let list = self.store.list(key);
            match &list.state {
                State::Failed(error) if list.rows.is_empty() => {
                    return if error.forbidden() { "forbidden" } else { "failed" }.to_owned();
                }
                State::Loading(_) if list.rows.is_empty() => return self.styles.signs.cut.to_owned(),
                _ => {}
            }
        }
        count.map_or_else(String::new, number)
    }

    /// What must be known of the rows that are shown: failed, incomplete, hits that may be missing. A line above
    /// them, or a few where there is room; `None` when they are all there is.
    pub(super) fn banner(&self, pane: &ListPane, rect: Rect) -> Option<(Vec<String>, Style)> {
        let columns = usize::from(rect.width.saturating_sub(4));
        let most = match rect.height {
            0..5 => return None,
            5..12 => 1,
            _ => 3,
        };
        let (words, style) = self.banner_words(pane)?;
        let text = format!("{} {words}", self.styles.signs.warn);
        let mut lines = wrap(&text, columns);
        if lines.len() > most {
            lines.truncate(most - 1);
            let rest = text.get(lines.iter().map(|line| line.len() + 1).sum::<usize>()..).unwrap_or(&text);
            lines.push(cut(rest, columns, self.styles.signs.cut).into_owned());
        }
        Some((lines, style))
    }

    fn banner_words(&self, pane: &ListPane) -> Option<(String, Style)> {
        if pane.rows.is_empty() {
            return None;
        }
        let styles = &self.styles;
        let keys = pane.sources(self.organization, &self.store);
        let folders = pane.folders(self.organization);
        let mut notes: Vec<String> = Vec::new();
        for key in keys.iter().copied().chain(folders) {
            let list = self.store.list(key);
            match &list.state {
                State::Failed(error)
                    if Some(key) == folders && key != ListKey::FlexibleAssetTypes && error.forbidden() =>
                {
                    notes.push("folders hidden from this key".into());
                }
                State::Failed(error) => {
                    let words =
                        format!("{}. {} {} to retry.", error.headline(), error.next_step(), self.hint("refresh"));
                    return Some((words, styles.danger));
                }
                _ => {}
            }
            notes.extend(list.completeness.map(crate::api::Completeness::notes).unwrap_or_default());
        }
        let filtered = !pane.filter.text().trim().is_empty();
        if filtered && keys.iter().any(|&key| self.store.list(key).is_loading() && !self.store.list(key).is_complete())
        {
            notes.push("still loading, hits may be missing".into());
        }
        notes.sort();
        notes.dedup();
        (!notes.is_empty()).then(|| (notes.join(", "), styles.warning))
    }

    /// What a pane without rows says: why, and what to do.
    fn draw_empty(&self, buffer: &mut Buffer, pane: &ListPane, area: Rect) {
        let (words, style) = self.empty_words(pane);
        for (line, text) in wrap(&words, usize::from(area.width.saturating_sub(2))).into_iter().enumerate() {
            if line >= usize::from(area.height) {
                break;
            }
            put(buffer, area.x + 1, area.y + line as u16, &text, area.width.saturating_sub(2).into(), style);
        }
    }

    fn empty_words(&self, pane: &ListPane) -> (String, Style) {
        let styles = &self.styles;
        if pane.id != PaneId::Organizations && self.organization.is_none() {
            return (
                format!("Open an organization: {}, then {}.", self.hint("focus-organizations"), self.hint("open")),
                styles.dim,
            );
        }
        let mut keys = pane.sources(self.organization, &self.store);
        if keys.is_empty() {
            keys.extend(pane.folders(self.organization));
        }
        let what = keys.first().map_or("records", |key| key.word());
        let retry = self.hint("refresh");
        if let Some(refusal) = keys.iter().find_map(|&key| self.list_refusal(key)) {
            return (refusal, styles.warning);
        }
        for &key in &keys {
            match &self.store.list(key).state {
                State::Failed(error) => {
                    let words = format!("{}. {}", error.headline(), error.next_step());
                    // A lock that has nothing to keep to stays so.
                    return match error.failure {
                        crate::api::Failure::NothingInside { .. } => (words, styles.danger),
                        _ => (format!("{words} {retry} to retry."), styles.danger),
                    };
                }
                State::Loading(since) => {
                    let age = self.now().duration_since(*since);
                    let words = match age.as_millis() {
                        0..300 => String::new(),
                        300..2_000 => format!("Loading {what}{}", styles.signs.cut),
                        _ => format!("Loading {what}, {} s so far. Nothing else waits for it.", age.as_secs()),
                    };
                    return (words, styles.dim);
                }
                State::NotAsked | State::Ready(_) => {}
            }
        }
        if !pane.filter.text().trim().is_empty() {
            let more = keys.iter().any(|&key| !self.store.list(key).is_complete());
            let tail = if more { " More is still loading, hits may be missing." } else { "" };
            // Nothing to find elsewhere while no client is open.
            let key = if pane.filtering { self.input_hint(Action::Finder) } else { self.hint("finder") };
            let else_where = match self.organization {
                Some(_) if !key.is_empty() => format!("{key} looks in every list, "),
                _ => String::new(),
            };
            let back = self.input_hint(Action::Back);
            return (format!("Nothing matches.{tail} {else_where}{back} clears the filter."), styles.dim);
        }
        if keys.iter().any(|&key| matches!(self.store.list(key).state, State::NotAsked)) {
            return (format!("{} to load the {what}.", self.hint("open")), styles.dim);
        }
        if pane.hidden_archived > 0 {
            let archived = format::count(pane.hidden_archived, "is archived", "are archived");
            return (format!("No {what}. {archived}: press {}.", self.hint("toggle-archived")), styles.dim);
        }
        let place = match keys.first() {
            Some(ListKey::Organizations) => "that this key may see",
            Some(ListKey::FlexibleAssetTypes) => "in this account",
            _ => "in this organization",
        };
        (format!("There are no {what} {place}."), styles.dim)
    }

    fn draw_field(&self, buffer: &mut Buffer, area: Rect, sign: &str, text: &str, cursor: Option<usize>) {
        let styles = &self.styles;
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

    // Detail

    /// Rows the detail keeps above its text: name and state, the value of a password, the find field.
    pub(super) fn detail_header_rows(&self, columns: u16) -> u16 {
        let head = self.detail.target.map(|target| {
            let name = detail_name(target.key, self.store.record(target.key).map(AsRef::as_ref));
            self.head_lines(&name, columns.saturating_sub(4).into()).len() as u16
        });
        let mut rows = 1 + head.unwrap_or(1);
        if let Some(value) = self.secret_rows(usize::from(columns.saturating_sub(4))) {
            rows += value;
        }
        if self.detail.finding || !self.detail.find.text().is_empty() {
            rows += 1;
        }
        rows
    }

    /// Rows the value of a password takes: one of dots, or as many as the revealed value needs, and the line below.
    fn secret_rows(&self, columns: usize) -> Option<u16> {
        let target = self.detail.target?;
        if target.key.kind != Kind::Password {
            return None;
        }
        let value = self.held().filter(|held| held.key == target.key).map_or("", |held| held.secret.expose());
        let letters: usize = value.graphemes(true).map(shown_width).sum();
        let columns = columns.saturating_sub(10).max(1);
        let legend = usize::from(value.chars().any(|c| look_alike(c).is_some()));
        let below = if value.is_empty() { self.secret_lines(target.key, columns).0.len() } else { 1 };
        Some((letters.div_ceil(columns).max(1) + legend + below).min(24) as u16)
    }

    fn draw_detail(&self, buffer: &mut Buffer, rect: Rect) {
        let styles = &self.styles;
        let focus = self.focus == PaneId::Detail;
        let Some(target) = self.detail.target else {
            let inner = self.frame(buffer, rect, focus, &[("0 Detail".into(), styles.title)], &[]);
            self.draw_welcome(buffer, inner);
            return;
        };
        let record = self.store.record(target.key);
        let title = self.detail_title(target.key.kind, record.map(AsRef::as_ref), focus);
        let mut right = Vec::new();
        if self.detail.layout.lines.len() > self.detail.height || self.detail.scroll > 0 {
            let (at, of) = self.detail.position();
            right.push((of.map_or_else(|| number(at), |of| format!("{} of {}", number(at), number(of))), styles.count));
        }
        let inner = self.frame(buffer, rect, focus, &title, &right);
        let area = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if area.height < 2 || area.width < 8 {
            return;
        }
        let mut y = area.y + self.draw_detail_head(buffer, area, target, record.map(AsRef::as_ref));
        if y >= area.bottom() {
            return;
        }
        for x in area.x..area.right() {
            put(buffer, x, y, styles.signs.dash, 1, styles.frame);
        }
        y += 1;
        if target.key.kind == Kind::Password {
            let rows = self.secret_rows(area.width.into()).unwrap_or(0).min(area.bottom().saturating_sub(y));
            self.draw_secret(buffer, Rect { y, height: rows, ..area }, target.key);
            y += rows;
        }
        if self.detail.finding || !self.detail.find.text().is_empty() {
            self.draw_find(buffer, Rect { y, height: 1, ..area });
            y += 1;
        }
        if y >= area.bottom() {
            return;
        }
        self.draw_body(buffer, Rect { y, height: area.bottom() - y, ..area }, record.is_some());
    }

    fn detail_title(&self, kind: Kind, record: Option<&Record>, focus: bool) -> Vec<(String, Style)> {
        let styles = &self.styles;
        let base = if focus { styles.title_focus } else { styles.title };
        let into = format!(" {} ", styles.signs.into);
        let word = match (kind, record) {
            (Kind::FlexibleAsset, Some(Record::FlexibleAsset(asset))) if !asset.flexible_asset_type_name.is_empty() => {
                asset.flexible_asset_type_name.to_string()
            }
            _ => {
                let word = kind.word();
                let mut plural = format!("{}{}s", word[..1].to_uppercase(), &word[1..]);
                if kind == Kind::Organization {
                    plural = "Organization".into();
                }
                plural
            }
        };
        let mut title = vec![(word, base)];
        if let Some(record) = record {
            let folders = match record {
                Record::Document(_) => record.organization_id().map(ListKey::DocumentFolders),
                Record::Password(_) => record.organization_id().map(ListKey::PasswordFolders),
                _ => None,
            };
            let path = crate::ui::panes::list::folder_path(record, folders, &self.store);
            if !path.is_empty() {
                title.push((format!("{into}{path}"), styles.dim));
            }
        }
        title
    }

    /// The name over a record, in lines: nowhere else can a long one be read to its end. How many depends on nothing
    /// that changes while it loads.
    fn head_lines(&self, name: &str, columns: usize) -> Vec<String> {
        let room = columns.saturating_sub(24).max(columns / 2).max(8);
        if width(name) <= room {
            return vec![name.to_owned()];
        }
        let mut lines = wrap(name, columns);
        if lines.len() > 4 {
            lines.truncate(4);
            lines[3] = format!("{}{}", cut(&lines[3], room.saturating_sub(1), ""), self.styles.signs.cut);
        } else if lines.last().is_some_and(|line| width(line) > room) {
            // What stands beside it has a line of its own.
            lines.push(String::new());
        }
        lines
    }

    /// Draws the name and what is to be known beside it. Gives the rows it took.
    fn draw_detail_head(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        target: crate::ui::panes::detail::Target,
        record: Option<&Record>,
    ) -> u16 {
        let styles = &self.styles;
        let mut tail: Vec<(String, Style)> = Vec::new();
        let organization = record.and_then(Record::organization_id).or(target.organization);
        if let Some(id) = organization
            && target.key.kind != Kind::Organization
            && Some(id) != self.organization
        {
            // A record of another client than the one in the top line must say so.
            tail.push((format!("of {}", self.organization_name(id)), styles.warning));
        }
        if record.is_some_and(Record::is_archived) {
            tail.push(("archived".into(), styles.warning));
        }
        if record.and_then(Record::common).is_some_and(|c| c.restricted) {
            tail.push(("restricted".into(), styles.warning));
        }
        let state = self.store.detail(target.key).map(|d| match &d.sections {
            on_its_way @ (State::Loading(_) | State::Failed(_)) if !matches!(d.state, State::Loading(_)) => on_its_way,
            _ => &d.state,
        });
        match state {
            Some(State::Loading(since)) => {
                let age = self.now().duration_since(*since);
                if age.as_millis() >= 2_000 {
                    tail.push((format!("loading, {} s", age.as_secs()), styles.dim));
                } else if age.as_millis() >= 300 {
                    tail.push((format!("loading{}", styles.signs.cut), styles.dim));
                }
            }
            Some(State::Failed(_)) => {
                tail.insert(0, (format!("failed, {} to retry", self.hint("refresh")), styles.danger));
            }
            _ => {
                if let Some(at) = record.and_then(Record::common).and_then(|c| c.updated_at) {
                    tail.push((format!("updated {}", format::ago(at, jiff::Timestamp::now())), styles.dim));
                }
            }
        }
        let lines = self.head_lines(&detail_name(target.key, record), area.width.into());
        for (y, line) in (area.y..area.bottom()).zip(&lines) {
            put(buffer, area.x, y, line, area.width.into(), styles.text.add_modifier(Modifier::BOLD));
        }
        // The name is never cut for it: it stands where there is room, what matters least is left out first.
        let apart = format!(" {} ", styles.signs.dot);
        let columns = |tail: &[(String, Style)]| {
            tail.iter().map(|(text, _)| width(text)).sum::<usize>() + tail.len().saturating_sub(1) * width(&apart)
        };
        let fits = |line: &String, tail: &[(String, Style)]| width(line) + 2 + columns(tail) <= usize::from(area.width);
        while !tail.is_empty() && !lines.iter().any(|line| fits(line, &tail)) {
            tail.pop();
        }
        let row = lines.iter().rposition(|line| fits(line, &tail)).unwrap_or(0) as u16;
        let mut x = area.right().saturating_sub(columns(&tail) as u16);
        for (at, (text, style)) in tail.iter().enumerate() {
            if row >= area.height {
                break;
            }
            if at > 0 {
                x += put(buffer, x, area.y + row, &apart, width(&apart), styles.dim);
            }
            x += put(buffer, x, area.y + row, text, width(text), *style);
        }
        (lines.len() as u16).min(area.height)
    }

    /// The row of dots, or the value with its countdown.
    fn draw_secret(&self, buffer: &mut Buffer, area: Rect, key: crate::model::RecordKey) {
        let styles = &self.styles;
        if area.height == 0 {
            return;
        }
        let label = "Password  ";
        put(buffer, area.x, area.y, label, label.len(), styles.dim);
        let x = area.x + label.len() as u16;
        let room = usize::from(area.width).saturating_sub(label.len());
        let below = area.bottom() - 1;
        match self.held().filter(|held| held.key == key) {
            Some(held) => {
                let mut at = x;
                let mut y = area.y;
                // Which of the look-alikes it is does not depend on the terminal's font: their names stand below.
                let names: Vec<&str> = held.secret.expose().chars().filter_map(look_alike).collect();
                let last = below.saturating_sub(u16::from(!names.is_empty()));
                for grapheme in held.secret.expose().graphemes(true) {
                    let (shown, style) = secret_look(grapheme, styles);
                    let w = width(&shown) as u16;
                    if at + w > area.right() {
                        at = x;
                        y += 1;
                    }
                    if y >= last {
                        break;
                    }
                    at += put(buffer, at, y, &shown, w.into(), style);
                }
                if !names.is_empty() && area.height > 2 {
                    put(buffer, x, last, &cut(&names.join(", "), room, styles.signs.cut), room, styles.dim);
                }
                if area.height > 1 {
                    let seconds = held.seconds(crate::clock::BootTime::now());
                    let version = held.version.map(|id| self.version_of(key, id) + ", ").unwrap_or_default();
                    let words = format!("{version}hides in {seconds} s, or with {}", self.hint("back"));
                    put(buffer, x, below, &cut(&words, room, styles.signs.cut), room, styles.warning);
                }
            }
            None => {
                put(buffer, x, area.y, &styles.signs.mask.repeat(12.min(room)), room, styles.dim);
                let (lines, style) = self.secret_lines(key, room);
                for (y, words) in (area.y + 1..area.bottom()).zip(&lines) {
                    put(buffer, x, y, &cut(words, room, styles.signs.cut), room, style);
                }
            }
        }
    }

    /// What stands below the dots, in lines: why a value could not be fetched is told to its end.
    fn secret_lines(&self, key: crate::model::RecordKey, room: usize) -> (Vec<String>, Style) {
        let failed = self.not_fetched.as_ref().filter(|(failed, _)| *failed == key && self.asked(key).is_none());
        if let Some((_, why)) = failed.filter(|_| self.parts.audit.trouble().is_none() && self.pin_trouble.is_none()) {
            let mut lines = wrap(&Clean::line(why), room);
            lines.truncate(4);
            return (lines, self.styles.danger);
        }
        let (words, style) = self.secret_words(key, room);
        (vec![words], style)
    }

    /// What stands below the dots: what can be pressed, what is on its way, or why nothing can be shown. Where a
    /// policy is named, with the whole path of its file if there is room for it.
    fn secret_words(&self, key: crate::model::RecordKey, room: usize) -> (String, Style) {
        let styles = &self.styles;
        if let Some((purpose, since)) = self.asked(key) {
            let seconds = self.now().duration_since(since).as_secs();
            let what = match purpose {
                Purpose::Reveal => "Recorded, fetching it to show",
                Purpose::Copy => "Recorded, fetching it to copy",
                Purpose::Console => "Recorded, fetching it to show in parts",
                Purpose::HandOver => "Recorded, fetching it to hand over",
            };
            let tail = if seconds >= 2 { format!(", {seconds} s") } else { styles.signs.cut.to_owned() };
            return (format!("{what}{tail}"), styles.text);
        }
        if let Some(Record::Password(password)) = self.store.record(key).map(AsRef::as_ref) {
            if password.vault_id.is_some() {
                return (
                    format!("Vaulted: IT Glue's API cannot reveal it. {} for the web app.", self.hint("open-url")),
                    styles.warning,
                );
            }
            let wanted = crate::ui::message::Wanted { key, purpose: Purpose::Reveal, version: None };
            let fitting = |whole: String, brief: String| if width(&whole) <= room { whole } else { brief };
            let decision = self.decide_secret(wanted);
            if let Some(brief) = super::policy::refusal_of(&decision, "Not shown") {
                return (fitting(format!("Not shown: {}.", decision.told()), brief), styles.warning);
            }
            if let Some(trouble) = &self.pin_trouble {
                let (whole, brief) = (format!("Not shown: {trouble}."), format!("Not shown: {}.", trouble.brief()));
                return (fitting(whole, brief), styles.warning);
            }
            if let Some(trouble) = self.parts.audit.trouble() {
                let words = format!("Not recorded: {}, then {}", trouble.advice, self.hint("reveal"));
                return (words, styles.danger);
            }
            return (
                format!("{} shows it, {} copies it unseen", self.hint("reveal"), self.hint("copy-secret")),
                styles.dim,
            );
        }
        (String::new(), styles.dim)
    }

    fn draw_find(&self, buffer: &mut Buffer, area: Rect) {
        let styles = &self.styles;
        let count = match (self.detail.hits.len(), self.detail.find.text().trim().is_empty()) {
            (_, true) => String::new(),
            (0, _) => "not found".to_owned(),
            (n, _) => format!("{} of {}", number(self.detail.hit + 1), number(n)),
        };
        let cursor = self.detail.finding.then(|| self.detail.find.cursor());
        let field = Rect { width: area.width.saturating_sub(width(&count) as u16 + 1), ..area };
        self.draw_field(buffer, field, "/", self.detail.find.text(), cursor);
        let at = area.right().saturating_sub(width(&count) as u16);
        put(buffer, at, area.y, &count, width(&count), styles.dim);
    }

    /// Why the record could not be fetched, as lines above what is known of it.
    fn failure_lines(&self, columns: usize) -> Vec<String> {
        let state = self.detail.target.and_then(|t| self.store.detail(t.key)).map(|d| &d.state);
        let Some(State::Failed(error)) = state else { return Vec::new() };
        let mut lines = wrap(&format!("{}. {}", error.headline(), error.next_step()), columns);
        lines.truncate(3);
        lines
    }

    /// What to know of a name that can be taken for another one, in words.
    pub(super) fn name_warning(&self, record: &Record) -> Option<String> {
        let mixed = lookalike::warning(record.name());
        let twin = self.panes.iter().find_map(|pane| pane.twin(record, &self.store)).map(|twin| {
            format!("Another {} has a name that looks like this one: id {}.", twin.kind().word(), twin.id())
        });
        let words: Vec<String> = mixed.into_iter().chain(twin).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// That warning as lines above the body.
    fn doubt_lines(&self, columns: usize) -> Vec<String> {
        let record = self.detail.target.and_then(|target| self.store.record(target.key));
        let Some(words) = record.and_then(|record| self.name_warning(record)) else { return Vec::new() };
        let mut lines = wrap(&format!("{} {words}", self.styles.signs.warn), columns);
        lines.truncate(3);
        lines
    }

    /// Lines between the head of the detail and the body.
    pub(super) fn lines_above(&self, columns: usize) -> usize {
        self.failure_lines(columns).len() + self.doubt_lines(columns).len()
    }

    /// Where the lines of the body are in the detail's rectangle.
    pub(super) fn body_area(&self, rect: Rect) -> Rect {
        let columns = rect.width.saturating_sub(4);
        let above = 1 + self.detail_header_rows(rect.width) + self.lines_above(columns.into()) as u16;
        let height = rect.height.saturating_sub(above + 1);
        Rect { x: rect.x + 2, y: rect.y + above, width: columns, height }
    }

    fn draw_body(&self, buffer: &mut Buffer, area: Rect, known: bool) {
        let styles = &self.styles;
        let detail = &self.detail;
        let mut y = area.y;
        let failure = self.failure_lines(area.width.into());
        let doubt = self.doubt_lines(area.width.into());
        let above =
            failure.iter().map(|text| (text, styles.danger)).chain(doubt.iter().map(|text| (text, styles.warning)));
        for (text, style) in above {
            if y < area.bottom() {
                put(buffer, area.x, y, text, area.width.into(), style);
                y += 1;
            }
        }
        if !failure.is_empty() && !known {
            return;
        }
        if detail.doc.is_none() {
            if known && y < area.bottom() {
                put(buffer, area.x, y, "Laying out a large body", area.width.into(), styles.dim);
            }
            return;
        }
        for (offset, line) in detail.layout.lines.iter().enumerate().skip(detail.scroll) {
            if y >= area.bottom() {
                break;
            }
            let mut x = area.x;
            for span in &line.spans {
                let mut style = styles.span(span.role, span.emphasis);
                if span.link.is_some() && span.link.map(|l| l as usize) == detail.link && span.role != Role::LinkTarget
                {
                    style = styles.link_selected;
                }
                x += put(buffer, x, y, &span.text, usize::from(area.right().saturating_sub(x)), style);
            }
            self.mark_hits(buffer, area.x, y, offset, line);
            y += 1;
        }
    }

    fn mark_hits(&self, buffer: &mut Buffer, x: u16, y: u16, offset: usize, line: &body::Line) {
        let detail = &self.detail;
        // The hits are in order of lines: only those of this line are looked at.
        let first = detail.hits.partition_point(|hit| hit.line < offset);
        for (at, hit) in detail.hits.iter().enumerate().skip(first).take_while(|(_, hit)| hit.line == offset) {
            let text = line.text();
            let (Some(before), Some(found)) = (text.get(..hit.start), text.get(hit.start..hit.end)) else { continue };
            let style = if at == detail.hit { self.styles.current_hit } else { self.styles.hit };
            let rect = Rect { x: x + width(before) as u16, y, width: width(found) as u16, height: 1 };
            buffer.set_style(rect.intersection(buffer.area), style);
        }
    }

    fn draw_welcome(&self, buffer: &mut Buffer, area: Rect) {
        let lines = [
            "Nothing is open yet.".to_owned(),
            String::new(),
            format!("{:>7}  choose an organization and open it", self.hint("open")),
            format!("{:>7}  filter the list", self.hint("filter")),
            format!("{:>7}  set the ticket you work on", self.hint("set-ticket")),
            format!("{:>7}  all keys", self.hint("help")),
        ];
        for (line, text) in lines.iter().enumerate().take(area.height.into()) {
            put(buffer, area.x + 1, area.y + line as u16, text, area.width.saturating_sub(1).into(), self.styles.dim);
        }
    }

    // Popups

    /// The rectangle of a popup with so many rows inside.
    fn popup_rect(&self, rows: u16) -> Rect {
        let screen = self.areas.screen;
        let wide = popup_width(self.size).min(screen.width);
        let high = (rows + 2).min(screen.height);
        Rect {
            x: screen.x + (screen.width - wide) / 2,
            // The client stays in sight.
            y: screen.y + ((screen.height - high) / 3).max(u16::from(high + 1 < screen.height)),
            width: wide,
            height: high,
        }
    }

    /// The rectangle of a picker, and the rows of its list.
    pub(super) fn picker_rect(&self, picker: &Picker) -> (Rect, u16) {
        let rows = picker_rows(self.size, picker.items.len());
        (self.popup_rect(rows + u16::from(picker.typing) + self.picker_note(picker).2), rows)
    }

    /// What stands below a picker's list: why the chosen line cannot be chosen, else its note; and the rows kept for
    /// either, so that nothing moves with the cursor.
    fn picker_note(&self, picker: &Picker) -> (Vec<String>, Style, u16) {
        let room = usize::from(popup_width(self.size).min(self.areas.screen.width).saturating_sub(4));
        let lines = |words: &str| {
            let mut lines = if words.is_empty() { Vec::new() } else { wrap(&Clean::line(words), room) };
            lines.truncate(3);
            lines
        };
        let note = lines(&picker.note);
        // The finder has many lines and refuses none.
        let finder = matches!(picker.topic, Topic::Finder | Topic::FinderEverywhere);
        let reasons = picker.items.iter().filter(|_| !finder).filter_map(|item| item.refused.as_deref());
        let rows = reasons.map(|reason| lines(reason).len()).chain([note.len()]).max().unwrap_or(0) as u16;
        match picker.chosen().and_then(|item| item.refused.as_deref()) {
            Some(reason) => (lines(reason), self.styles.warning, rows),
            None => (note, self.styles.dim, rows),
        }
    }

    pub(super) fn popup_frame(&self, buffer: &mut Buffer, rows: u16, title: &str, right: &str) -> Rect {
        let rect = self.popup_rect(rows);
        blank(buffer, rect);
        // Half of a wide character may stand left of the popup's edge.
        if rect.x > 0 {
            for y in rect.y..rect.bottom() {
                if let Some(cell) = buffer.cell_mut((rect.x - 1, y))
                    && width(cell.symbol()) > 1
                {
                    cell.set_symbol(" ");
                }
            }
        }
        let styles = &self.styles;
        let right: Vec<(String, Style)> =
            if right.is_empty() { Vec::new() } else { vec![(right.to_owned(), styles.count)] };
        let inner = self.frame(buffer, rect, true, &[(title.to_owned(), styles.title_focus)], &right);
        Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
    }

    fn draw_picker(&self, buffer: &mut Buffer, picker: &Picker) {
        let styles = &self.styles;
        let rows = picker_rows(self.size, picker.items.len());
        let count = if picker.filter.text().trim().is_empty() {
            number(picker.items.len())
        } else {
            format!("{} of {}", number(picker.hits.len()), number(picker.items.len()))
        };
        let field = u16::from(picker.typing);
        let (note, note_style, note_rows) = self.picker_note(picker);
        let area = self.popup_frame(buffer, rows + field + note_rows, &picker.title, &count);
        if area.height == 0 {
            return;
        }
        if picker.typing {
            let sign = if picker.topic == Topic::Palette { ":" } else { "/" };
            let cursor = Some(picker.filter.cursor());
            self.draw_field(buffer, Rect { height: 1, ..area }, sign, picker.filter.text(), cursor);
        }
        let query = picker.filter.text().trim();
        if picker.hits.is_empty() && area.height > field {
            let words = if picker.items.is_empty() { "There is nothing here." } else { "Nothing matches." };
            put(buffer, area.x, area.y + field, words, area.width.into(), styles.dim);
        }
        let visible = picker.hits.iter().enumerate().skip(picker.offset).take(rows.into());
        for (line, (position, &at)) in visible.enumerate() {
            let y = area.y + field + line as u16;
            if y >= area.bottom() {
                break;
            }
            let Some(item) = picker.items.get(at) else { continue };
            let chosen = position == picker.selected;
            let base = match (chosen, item.refused.is_some()) {
                (true, _) => styles.selected,
                (false, true) => styles.dim,
                (false, false) => styles.text,
            };
            if chosen {
                buffer.set_style(Rect { y, height: 1, ..area }, base);
            }
            let right = item.aside.as_str();
            // What is refused looks so under the cursor, too.
            let base = if item.refused.is_some() { base.add_modifier(Modifier::DIM) } else { base };
            let right = cut(right, usize::from(area.width) / 2, styles.signs.cut);
            let mut left_room = usize::from(area.width).saturating_sub(width(&right) + 2);
            let label = Clean::line(&item.label);
            let mut at = area.x;
            if !picker.typing && picker.topic != Topic::Outline {
                // Its digit chooses it.
                let digit = if position < 9 { (position + 1).to_string() } else { " ".to_owned() };
                put(buffer, at, y, &digit, left_room, if chosen { base } else { styles.key });
                at += 3;
                left_room = left_room.saturating_sub(3);
            }
            let doubtful =
                matches!(picker.topic, Topic::Finder | Topic::FinderEverywhere) && lookalike::mixes_alphabets(&label);
            let (x, left_room) = self.put_doubt(buffer, at, y, left_room, doubtful, chosen.then_some(base));
            let shown = cut(&label, left_room, styles.signs.cut);
            put(buffer, x, y, &shown, left_room, base);
            if !query.is_empty() {
                mark(buffer, x, y, &shown, query, styles.hit, chosen);
            }
            let at = area.right().saturating_sub(width(&right) as u16);
            put(buffer, at, y, &right, width(&right), if chosen { base } else { styles.dim });
        }
        if area.height > note_rows + field {
            for (y, line) in (area.bottom() - note_rows..area.bottom()).zip(&note) {
                put(buffer, area.x, y, line, area.width.into(), note_style);
            }
        }
    }

    fn draw_text(&self, buffer: &mut Buffer, popup: &TextPopup) {
        let most = text_popup_rows(self.size);
        let rows = popup.lines.len().min(most);
        let right = if popup.lines.len() > most {
            format!("{} of {}", number((popup.scroll + rows).min(popup.lines.len())), number(popup.lines.len()))
        } else {
            String::new()
        };
        let area = self.popup_frame(buffer, rows as u16, &popup.title, &right);
        for (line, text) in popup.lines.iter().skip(popup.scroll).take(area.height.into()).enumerate() {
            buffer.set_line(area.x, area.y + line as u16, text, area.width);
        }
    }

    /// What a question says, in lines, and the columns they have.
    fn confirm_lines(&self, confirm: &Confirm) -> (usize, Vec<String>) {
        let room = usize::from(popup_width(self.size).saturating_sub(4));
        (room, confirm.lines.iter().flat_map(|line| wrap(&Clean::line(line), room)).collect())
    }

    /// Whether all of it is on the screen. If not, yes is no answer: an address is opened only when it was seen whole.
    pub(super) fn confirm_fits(&self, confirm: &Confirm) -> bool {
        self.confirm_lines(confirm).1.len() + 4 <= usize::from(self.areas.screen.height)
    }

    fn draw_confirm(&self, buffer: &mut Buffer, confirm: &Confirm) {
        use crate::ui::popups::Question;
        let styles = &self.styles;
        let (room, lines) = self.confirm_lines(confirm);
        let fits = self.confirm_fits(confirm);
        let (title, verb) = match confirm.question {
            Question::OddCopy(_) => ("Copy this password all the same?", "copies it"),
            Question::OpenUrl { .. } => self.link_words(),
        };
        let area = self.popup_frame(buffer, lines.len() as u16 + 2, title, "");
        for (line, text) in lines.iter().enumerate() {
            if line as u16 + 2 < area.height {
                put(buffer, area.x, area.y + line as u16, text, room, styles.text);
            }
        }
        if area.height > 0 {
            let y = area.bottom() - 1;
            let back = self.parts.keymap.keys_for(Context::Popup, Action::Back).unwrap_or("Esc");
            if fits {
                let x = area.x + put(buffer, area.x, y, &confirm.yes.to_string(), 1, styles.key);
                put(buffer, x, y, &format!(" {verb}, {back} leaves it"), room.saturating_sub(1), styles.dim);
            } else {
                let words = format!("Not all of it fits here, so nothing is done; {back} leaves it");
                put(buffer, area.x, y, &cut(&words, room, styles.signs.cut), room, styles.warning);
            }
        }
    }

    /// What is asked before an address is used, and what yes does.
    fn link_words(&self) -> (&'static str, &'static str) {
        if self.parts.ssh {
            ("Copy this address?", "copies it")
        } else {
            ("Open this address in the browser?", "opens it")
        }
    }

    /// The dialog before a secret: whose and what it is, why something is asked, what to know, what to type.
    fn draw_gate(&self, buffer: &mut Buffer, gate: &Gate) {
        let styles = &self.styles;
        let version = gate.wanted.version.map(|id| format!(", version {id}")).unwrap_or_default();
        let about = vec![
            (format!("Client    {}", Clean::line(&gate.client)), styles.text.add_modifier(Modifier::BOLD)),
            (format!("Password  {}{version}", Clean::line(&gate.record)), styles.text),
        ];
        self.draw_questions(
            buffer,
            &Questions {
                title: gate.wanted.purpose.question(),
                about,
                cautions: &gate.cautions,
                because: &gate.because,
                answers: &gate.answers,
                verb: gate.wanted.purpose.verb(),
                fits: true,
            },
        );
    }

    /// The lines that say whose and what it is. A web address is shown whole, over as many lines as it needs.
    fn consent_lines(&self, consent: &Consent) -> Vec<(String, Style)> {
        let room = usize::from(popup_width(self.size).min(self.areas.screen.width).saturating_sub(4));
        let bold = self.styles.text.add_modifier(Modifier::BOLD);
        let mut lines = Vec::new();
        for (at, (label, value)) in consent.about.iter().enumerate() {
            let style = if at == 0 { bold } else { self.styles.text };
            let value = Clean::line(value);
            if *label == ADDRESS {
                lines.extend(wrap(&value, room).into_iter().map(|line| (line, style)));
            } else {
                lines.push((format!("{label:<10}{value}"), style));
            }
        }
        lines
    }

    /// Whether all of what it is about is on the screen. If not, yes is no answer.
    pub(super) fn consent_fits(&self, consent: &Consent) -> bool {
        let fields: usize = consent.answers.all.iter().map(|a| 1 + usize::from(!a.wrong.is_empty())).sum();
        self.consent_lines(consent).len() + fields + 4 <= usize::from(self.areas.screen.height)
    }

    /// The dialog before something else that a policy has asked.
    fn draw_consent(&self, buffer: &mut Buffer, consent: &Consent) {
        let (title, verb) = match consent.step {
            Step::View(_) => ("Read this document?", "shows it"),
            Step::List(_) => ("List the passwords of this client?", "lists them"),
            Step::Link { .. } => self.link_words(),
        };
        self.draw_questions(
            buffer,
            &Questions {
                title,
                about: self.consent_lines(consent),
                cautions: &[],
                because: &consent.because,
                answers: &consent.answers,
                verb,
                fits: self.consent_fits(consent),
            },
        );
    }

    /// A dialog that asks before something. Where the screen is too low for all of it, it is the explanation that is cut,
    /// not what it is about nor the fields.
    fn draw_questions(&self, buffer: &mut Buffer, gate: &Questions<'_>) {
        let styles = &self.styles;
        let room = usize::from(popup_width(self.size).min(self.areas.screen.width).saturating_sub(4));
        let mut lines = gate.about.clone();
        let explain = |words: &[String], style: Style| -> Vec<(String, Style)> {
            words.iter().flat_map(|line| wrap(&Clean::line(line), room)).map(|line| (line, style)).collect()
        };
        let mut explained = explain(gate.cautions, styles.warning);
        explained.extend(explain(gate.because, styles.dim));
        let wrong: Vec<Vec<String>> = gate
            .answers
            .all
            .iter()
            .map(|a| if a.wrong.is_empty() { Vec::new() } else { wrap(&Clean::line(&a.wrong), room) })
            .collect();
        let fields: usize = wrong.iter().map(|lines| 1 + lines.len()).sum();
        let most = usize::from(self.areas.screen.height.saturating_sub(2)).saturating_sub(lines.len() + fields + 2);
        if explained.len() > most {
            explained.truncate(most);
            if let Some((line, _)) = explained.last_mut() {
                *line = format!("{}{}", cut(line, room.saturating_sub(1), ""), styles.signs.cut);
            }
        }
        lines.append(&mut explained);
        let rows = lines.len() + fields + 2;
        let area = self.popup_frame(buffer, rows as u16, gate.title, "");
        let mut y = area.y;
        for (text, style) in &lines {
            if y + 1 < area.bottom() {
                put(buffer, area.x, y, &cut(text, room, styles.signs.cut), room, *style);
                y += 1;
            }
        }
        // One empty line, where there is room for it.
        y += u16::from(usize::from(area.height) >= rows);
        let label = gate.answers.all.iter().map(|a| width(a.ask.label())).max().unwrap_or(0);
        for (at, (answer, wrong)) in gate.answers.all.iter().zip(&wrong).enumerate() {
            if y + 1 >= area.bottom() {
                break;
            }
            put(buffer, area.x, y, answer.ask.label(), label, styles.dim);
            let x = area.x + label as u16 + 1;
            let cursor = (at == gate.answers.at).then(|| answer.field.cursor());
            let field = Rect { x, y, width: area.right().saturating_sub(x), height: 1 };
            self.draw_field(buffer, field, ":", answer.field.text(), cursor);
            y += 1;
            for line in wrong {
                if y + 1 < area.bottom() {
                    put(buffer, area.x, y, line, room, styles.danger);
                    y += 1;
                }
            }
        }
        if area.height > 0 {
            let y = area.bottom() - 1;
            let keys = &self.parts.keymap;
            let (go, does, context) = if gate.answers.all.is_empty() {
                (YES.to_string(), gate.verb, Context::Popup)
            } else {
                (self.input_hint(Action::Open), "goes on", Context::Input)
            };
            let back = keys.keys_for(context, Action::Back).unwrap_or("Esc");
            if !gate.fits {
                let words = format!("Not all of it fits here, so nothing is done; {back} leaves it");
                put(buffer, area.x, y, &cut(&words, room, styles.signs.cut), room, styles.warning);
                return;
            }
            let x = area.x + put(buffer, area.x, y, &go, room, styles.key);
            put(buffer, x, y, &format!(" {does}, {back} leaves it"), room.saturating_sub(width(&go)), styles.dim);
        }
    }

    fn draw_ticket(&self, buffer: &mut Buffer, text: &str, cursor: usize) {
        let area = self.popup_frame(buffer, 2, "Ticket you are working on", "");
        if area.height == 0 {
            return;
        }
        self.draw_field(buffer, Rect { height: 1, ..area }, "#", text, Some(cursor));
        if area.height > 1 {
            let words = "It is written into the audit file with every reveal and copy. Empty: none.";
            put(buffer, area.x, area.y + 1, words, area.width.into(), self.styles.dim);
        }
    }
}

/// The name over a record; what it is, while nothing is known of it.
fn detail_name(key: crate::model::RecordKey, record: Option<&Record>) -> String {
    record.map_or_else(|| format!("{} {}", key.kind.word(), key.id), |record| record.name().to_string())
}

/// Whether rows of these lists were asked for.
fn asked_for(keys: &[ListKey], store: &crate::store::Store) -> bool {
    keys.iter().any(|&key| !matches!(store.list(key).state, State::NotAsked) || !store.list(key).rows.is_empty())
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

/// What a dialog asks.
struct Questions<'a> {
    title: &'static str,
    about: Vec<(String, Style)>,
    cautions: &'a [String],
    because: &'a [String],
    answers: &'a Answers,
    /// What the letter does that says yes
    verb: &'static str,
    /// Whether all of what it is about is on the screen: if not, yes is no answer
    fits: bool,
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

/// The name of a letter that looks like another one.
fn look_alike(c: char) -> Option<&'static str> {
    Some(match c {
        '0' => "zero",
        'O' => "capital O",
        '1' => "one",
        'l' => "small L",
        'I' => "capital I",
        '|' => "bar",
        _ => return None,
    })
}

/// How one letter of a revealed value looks: letters, digits and symbols differ, look-alikes stand out, control
/// characters are named.
fn secret_look(grapheme: &str, styles: &Styles) -> (String, Style) {
    let shown = match grapheme {
        " " => if styles.signs.ascii { "_" } else { "␠" }.to_owned(),
        other => Clean::line(other).to_string(),
    };
    let style = match grapheme.chars().next() {
        Some(c) if look_alike(c).is_some() => styles.secret_lookalike,
        Some(c) if c.is_alphabetic() => styles.secret_letter,
        Some(c) if c.is_ascii_digit() => styles.secret_digit,
        _ => styles.secret_symbol,
    };
    (shown, style)
}

fn shown_width(grapheme: &str) -> usize {
    if grapheme == " " { 1 } else { width(&Clean::line(grapheme)) }
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
        if symbol.chars().any(|c| c.is_control() || crate::text::is_hidden(c)) {
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
        if let Some(over) = crate::text::overhang(cell.symbol()) {
            // A cluster that we count as one wide letter may be two narrow ones there, of which one would stay.
            covered = width(cell.symbol()).max(1) - 1 + over;
        }
    }
}
