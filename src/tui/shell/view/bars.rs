//! The lines above and below the panes: where we are, the alert, what can be pressed, and what happened.

use crate::present::format::{cut, number, width};
use crate::tui::keymap::Action;
use crate::tui::layout::{PaneId, Room};
use crate::tui::notice::Weight;
use crate::tui::shell::Shell;
use crate::tui::shell::secrets::CLEARS;
use crate::tui::widgets::paint::{blank, put};
use crate::tui::widgets::wrap::wrap;
use gluepot_core::lookalike;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// A key worth knowing now, and what it does: what the bottom line shows and a click on it does.
pub(in crate::tui::shell) struct Hint {
    /// What it does
    pub action: Action,
    /// The key, as it is shown
    pub key: String,
    /// What it does, in a word or two
    pub words: &'static str,
}

/// Columns of what is at the right end of the bottom line.
fn right_width(right: &[(String, Style)]) -> usize {
    right.iter().map(|(text, _)| width(text) + 2).sum()
}

impl Shell {
    pub(super) fn draw_top(&self, buffer: &mut Buffer) {
        let area = self.cx.frame.areas.top;
        let styles = &self.cx.styles;
        let narrow = area.width < 60;
        let ticket = match (self.cx.stay.ticket(), narrow) {
            ("", _) => String::new(),
            (ticket, false) => format!("ticket #{ticket} "),
            // Where there is little room the client's name has more of it than the ticket.
            (ticket, true) => format!("#{} ", cut(ticket, usize::from(area.width) / 3, styles.signs.cut)),
        };
        // With an invisible lock, records would seem to be gone.
        let found = self.source.locked_to().is_some();
        let ticket = match (self.source.is_locked(), narrow) {
            (false, _) => ticket,
            (true, false) if found => format!("locked to this client {ticket}"),
            (true, _) => format!("locked {ticket}"),
        };
        let right = width(&ticket);
        let brand = if narrow { " " } else { " gluepot " };
        let mut x = area.x + put(buffer, area.x, area.y, brand, area.width.into(), styles.brand);
        let room = |x: u16| usize::from(area.right().saturating_sub(x)).saturating_sub(right + 1);
        let profile = format!("{}{}  ", if narrow { "" } else { " " }, self.profile);
        // On a narrow screen the client matters more than the profile.
        if room(x) > 40 {
            x += put(buffer, x, area.y, &profile, room(x), styles.dim);
        }
        let place = Rect { x, width: area.right().saturating_sub(x).saturating_sub(right as u16 + 1), ..area };
        self.draw_client(buffer, place);
        if right > 0 && usize::from(area.width) > right {
            put(buffer, area.right() - right as u16, area.y, &ticket, right, styles.ticket);
        }
    }

    /// Which client is open, with what tells it from another one.
    fn draw_client(&self, buffer: &mut Buffer, area: Rect) {
        let styles = &self.cx.styles;
        let mut x = area.x;
        let room = |x: u16| usize::from(area.right().saturating_sub(x));
        match self.cx.organization {
            None => {
                let words = match self.browse.opening(&self.cx) {
                    Some(name) => format!("Opening {name}{}", styles.signs.cut),
                    None => "no organization is open".to_owned(),
                };
                put(buffer, x, area.y, &cut(&words, room(x), styles.signs.cut), room(x), styles.dim);
            }
            Some(id) => {
                let organization = self.cx.store.organization(id);
                let mut name = self.cx.organization_name(id);
                if organization.is_none() && self.is_finding(id) {
                    name = format!("Opening {name}{}", styles.signs.cut);
                }
                let strip = styles.organization(id.id);
                let short = organization.map(|o| o.short_name.as_str()).filter(|s| !s.is_empty());
                let doubt = usize::from(lookalike::mixes_alphabets(&name)) * 2;
                // Its id is never cut; its type and its city have what is left.
                let apart = self.cx.told_apart(id);
                let id_columns = apart.as_ref().map_or(0, |words| 1 + width(words.split(',').next().unwrap_or(words)));
                let tail = short.map_or(0, |s| width(s) + 3) + doubt + id_columns;
                let name = cut(&name, room(x).saturating_sub(tail), styles.signs.cut);
                if doubt > 0 {
                    x += put(buffer, x, area.y, styles.signs.warn, room(x), styles.warning);
                    x += put(buffer, x, area.y, " ", room(x), styles.top);
                }
                x += put(buffer, x, area.y, &name, room(x), styles.top.add_modifier(Modifier::BOLD));
                x += put(buffer, x, area.y, " ", room(x), styles.top);
                x += put(buffer, x, area.y, styles.signs.bar, room(x), strip);
                if let Some(short) = short {
                    x += put(buffer, x, area.y, short, room(x), strip.add_modifier(Modifier::BOLD));
                }
                if let Some(apart) = apart {
                    put(buffer, x, area.y, &format!(" {apart}"), room(x), styles.warning);
                }
            }
        }
    }

    pub(super) fn draw_alert(&self, buffer: &mut Buffer) {
        let area = self.cx.frame.areas.alert;
        let Some(alert) = self.browse.alert(&self.cx).filter(|_| area.height > 0) else { return };
        let Some((rect, hint)) = self.alert_hint() else { return };
        let text = format!(" {} {alert}", self.cx.styles.signs.warn);
        let room = usize::from(area.width).saturating_sub(width(&hint) + 1);
        put(buffer, area.x, area.y, &cut(&text, room, self.cx.styles.signs.cut), room, self.cx.styles.alert);
        put(buffer, rect.x, rect.y, &hint, width(&hint), self.cx.styles.dim);
    }

    pub(super) fn draw_bottom(&self, buffer: &mut Buffer) {
        let area = self.cx.frame.areas.bottom;
        let styles = &self.cx.styles;
        let (mut right, mut room) = self.bottom_right();
        if let Some((notice, _)) = &self.cx.bar.notice {
            let style = match notice.weight {
                Weight::Quiet => styles.text,
                Weight::Warning => styles.warning,
                Weight::Error => styles.danger,
            };
            let mut lines = vec![notice.text.clone()];
            if width(&notice.text) + 2 > room {
                // A long sentence may have the whole line, and lines above it: its end says what to do. Only the time a
                // secret has left in the clipboard stays, unless the sentence says it.
                let chip = self.clipboard_chip().is_some() && !notice.text.contains(CLEARS);
                right.truncate(usize::from(chip));
                room = usize::from(area.width).saturating_sub(right_width(&right));
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
                // One blank before the right part
                let room = if y == area.y { room } else { usize::from(area.width) }.saturating_sub(1);
                put(buffer, area.x, y, &cut(&format!(" {text}"), room, styles.signs.cut), room, style);
            }
        }
        for (rect, hint) in self.placed_hints() {
            let x = rect.x + 1 + put(buffer, rect.x + 1, area.y, &hint.key, width(&hint.key), styles.key);
            put(buffer, x, area.y, &format!(" {} ", hint.words), width(hint.words) + 2, styles.dim);
        }
        let mut x = area.right().saturating_sub(right_width(&right) as u16);
        for (text, style) in right {
            x += put(buffer, x, area.y, &text, width(&text), style) + 2;
        }
    }

    /// What is at the right end of the bottom line, and the columns it leaves.
    fn bottom_right(&self) -> (Vec<(String, Style)>, usize) {
        let styles = &self.cx.styles;
        let quota = self.source.quota();
        let mut right: Vec<(String, Style)> = Vec::new();
        // The notice of a copy says the time itself.
        let said = self.cx.bar.notice.as_ref().is_some_and(|(notice, _)| notice.text.contains(CLEARS));
        if let Some(chip) = self.clipboard_chip().filter(|_| !said) {
            right.push((chip, styles.warning));
        }
        if let Some(count) = self.count {
            right.push((format!("count {count}"), styles.key));
        }
        if let Some(until) = quota.paused_until.filter(|until| *until > self.now()) {
            let seconds = until.saturating_duration_since(self.now()).as_secs() + 1;
            right.push((format!("rate limit: {seconds} s"), styles.warning));
        } else if self.cx.frame.areas.room == Room::Wide || quota.left < quota.of / 4 {
            let style = if quota.left < quota.of / 10 { styles.warning } else { styles.dim };
            let (left, of) = (number(quota.left as usize), number(quota.of as usize));
            right.push((format!("API {left}/{of}"), style));
        }
        let room = usize::from(self.cx.frame.areas.bottom.width).saturating_sub(right_width(&right));
        (right, room)
    }

    /// The hints of the bottom line that have room, each with its place: behind a short notice, else from the left.
    pub(in crate::tui::shell) fn placed_hints(&self) -> Vec<(Rect, Hint)> {
        let area = self.cx.frame.areas.bottom;
        let (_, room) = self.bottom_right();
        let start = self.cx.bar.notice.as_ref().map_or(0, |(notice, _)| width(&notice.text) + 3);
        let mut x = start;
        let hints = self.hints();
        let columns = |hint: &Hint| width(&hint.key) + width(hint.words) + 3;
        // The last one leads to all the others: it has its place whatever else fits.
        let mut kept = hints.last().map_or(0, columns);
        let mut placed = Vec::new();
        let count = hints.len();
        for (at, hint) in hints.into_iter().enumerate() {
            kept = if at + 1 == count { 0 } else { kept };
            let columns = columns(&hint);
            if x + columns + kept > room {
                continue;
            }
            placed.push((Rect { x: area.x + x as u16, width: columns as u16, ..area }, hint));
            x += columns;
        }
        placed
    }

    /// Where the words are that dismiss the alert, and the words.
    pub(in crate::tui::shell) fn alert_hint(&self) -> Option<(Rect, String)> {
        let area = self.cx.frame.areas.alert;
        let alert = self.browse.alert(&self.cx).filter(|_| area.height > 0)?;
        let key = self.cx.hint(Action::DismissAlert);
        let mut hint = format!("{key} dismiss ");
        if width(alert) + width(self.cx.styles.signs.warn) + width(&hint) + 3 > usize::from(area.width) {
            // The alert itself has the room; how it goes away is in the help.
            hint = format!("{key} ");
        }
        let columns = width(&hint) as u16;
        Some((Rect { x: area.right().saturating_sub(columns), width: columns, ..area }, hint))
    }

    /// A sentence too long for the bottom line, in lines: the last one has less room, because of the clipboard's time.
    fn notice_lines(&self, text: &str, columns: usize, last: usize) -> Vec<String> {
        let most = (usize::from(self.cx.frame.areas.screen.height) / 3).clamp(1, 6);
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
    fn hints(&self) -> Vec<Hint> {
        if self.desk.console.is_some() {
            // It shows its own keys.
            return Vec::new();
        }
        if let Some(popup) = self.popups.last() {
            let context = popup.context(&self.cx);
            let hint = |command: crate::tui::component::Command| {
                let key = self.cx.keymap.keys_for(context, command.action)?.to_owned();
                Some(Hint { action: command.action, key, words: command.hint?.1 })
            };
            return popup.commands(&self.cx).into_iter().filter_map(hint).collect();
        }
        if self.typing() {
            let end = if self.cx.frame.focus == PaneId::Detail { "end" } else { "clear" };
            let hint = |action, words| Hint { action, key: self.input_hint(action), words };
            return vec![hint(Action::Open, "keep"), hint(Action::Back, end), hint(Action::Finder, "search")];
        }
        let possible = self.commands().into_iter().filter(|command| command.why_not.is_none());
        possible
            .filter_map(|command| {
                let key = self.cx.hint(command.action);
                let (_, words) = command.hint.filter(|_| !key.starts_with(':'))?;
                Some(Hint { action: command.action, key, words })
            })
            .collect()
    }

    pub(in crate::tui::shell) fn input_hint(&self, action: Action) -> String {
        self.cx.input_hint(action)
    }
}
