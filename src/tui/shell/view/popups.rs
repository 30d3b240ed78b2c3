//! What lies over the panes: menus, texts, and the dialogs that ask.

use super::lists::found_words;
use super::{blank, mark, picker_rows, popup_width, put, text_popup_rows};
use crate::tui::format::{cut, number, width};
use crate::tui::keymap::{Action, Context};
use crate::tui::popups::consent::{ADDRESS, Consent, Step};
use crate::tui::popups::gate::{Answers, Gate, YES};
use crate::tui::popups::picker::{Picker, Topic};
use crate::tui::popups::{Confirm, TextPopup};
use crate::tui::shell::Shell;
use crate::tui::shell::popups::wrap;
use gluepot_core::lookalike;
use gluepot_core::text::Clean;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

impl Shell {
    /// The rectangle of a popup with so many rows inside.
    fn popup_rect(&self, rows: u16) -> Rect {
        let screen = self.cx.frame.areas.screen;
        let wide = popup_width(self.cx.frame.size).min(screen.width);
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
    pub(in crate::tui::shell) fn picker_rect(&self, picker: &Picker) -> (Rect, u16) {
        let rows = picker_rows(self.cx.frame.size, picker.items.len());
        (self.popup_rect(rows + u16::from(picker.typing) + self.picker_note(picker).2), rows)
    }

    /// What stands below a picker's list: why the chosen line cannot be chosen, else its note; and the rows kept for
    /// either, so that nothing moves with the cursor.
    fn picker_note(&self, picker: &Picker) -> (Vec<String>, Style, u16) {
        let room = usize::from(popup_width(self.cx.frame.size).min(self.cx.frame.areas.screen.width).saturating_sub(4));
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
            Some(reason) => (lines(reason), self.cx.styles.warning, rows),
            None => (note, self.cx.styles.dim, rows),
        }
    }

    pub(in crate::tui::shell) fn popup_frame(&self, buffer: &mut Buffer, rows: u16, title: &str, right: &str) -> Rect {
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
        let styles = &self.cx.styles;
        let right: Vec<(String, Style)> =
            if right.is_empty() { Vec::new() } else { vec![(right.to_owned(), styles.count)] };
        let inner = self.frame(buffer, rect, true, &[(title.to_owned(), styles.title_focus)], &right);
        Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
    }

    pub(super) fn draw_picker(&self, buffer: &mut Buffer, picker: &Picker) {
        let styles = &self.cx.styles;
        let rows = picker_rows(self.cx.frame.size, picker.items.len());
        let count = if picker.filter.text().trim().is_empty() {
            number(picker.items.len())
        } else {
            found_words(picker.strong, picker.items.len(), picker.hits.len() - picker.strong)
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
            let words = match (picker.loading.as_str(), picker.items.is_empty()) {
                ("", true) => "There is nothing here.".to_owned(),
                ("", false) => "Nothing matches.".to_owned(),
                (what, _) => format!("Still loading {what}. Matches show as they arrive."),
            };
            let lines = wrap(&words, area.width.into());
            for (y, line) in (area.y + field..area.bottom() - note_rows.min(area.height)).zip(lines) {
                put(buffer, area.x, y, &line, area.width.into(), styles.dim);
            }
        }
        let lines = picker.offset..picker.lines().min(picker.offset + usize::from(rows));
        for (y, line) in (area.y + field..area.bottom()).zip(lines) {
            let Some(position) = picker.hit_at(line) else {
                self.draw_weak_line(buffer, Rect { y, height: 1, ..area });
                continue;
            };
            let at = picker.hits[position];
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

    pub(super) fn draw_text(&self, buffer: &mut Buffer, popup: &TextPopup) {
        let most = text_popup_rows(self.cx.frame.size);
        let rows = popup.rows(most);
        let search = &popup.search;
        let right = if !search.field.text().trim().is_empty() {
            match search.hits.len() {
                0 => "not found".to_owned(),
                n => format!("match {} of {}", number(search.hit + 1), number(n)),
            }
        } else if popup.lines.len() > rows {
            format!("{} of {}", number((popup.scroll + rows).min(popup.lines.len())), number(popup.lines.len()))
        } else {
            String::new()
        };
        let field = u16::from(search.is_shown());
        let mut area = self.popup_frame(buffer, rows as u16 + field, &popup.title, &right);
        if field > 0 && area.height > 0 {
            let cursor = search.typing.then(|| search.field.cursor());
            self.draw_field(buffer, Rect { height: 1, ..area }, "/", search.field.text(), cursor);
            area = Rect { y: area.y + 1, height: area.height - 1, ..area };
        }
        let mut needle = crate::search::Needle::new(search.field.text());
        for (line, text) in popup.lines.iter().enumerate().skip(popup.scroll).take(area.height.into()) {
            let y = area.y + (line - popup.scroll) as u16;
            buffer.set_line(area.x, y, text, area.width);
            let Some(needle) = &mut needle else { continue };
            let text = text.to_string();
            let current = search.hits.get(search.hit) == Some(&line);
            for range in needle.find(&text) {
                let x = area.x + width(&text[..range.start]) as u16;
                let hit = Rect { x, y, width: width(&text[range]) as u16, height: 1 };
                let style = if current { self.cx.styles.current_hit } else { self.cx.styles.hit };
                buffer.set_style(hit.intersection(area), style);
            }
        }
    }

    /// What a question says, in lines, and the columns they have.
    fn confirm_lines(&self, confirm: &Confirm) -> (usize, Vec<String>) {
        let room = usize::from(popup_width(self.cx.frame.size).saturating_sub(4));
        (room, confirm.lines.iter().flat_map(|line| wrap(&Clean::line(line), room)).collect())
    }

    /// Whether all of it is on the screen. If not, yes is no answer: an address is opened only when it was seen whole.
    pub(in crate::tui::shell) fn confirm_fits(&self, confirm: &Confirm) -> bool {
        self.confirm_lines(confirm).1.len() + 4 <= usize::from(self.cx.frame.areas.screen.height)
    }

    pub(super) fn draw_confirm(&self, buffer: &mut Buffer, confirm: &Confirm) {
        use crate::tui::popups::Question;
        let styles = &self.cx.styles;
        let (room, lines) = self.confirm_lines(confirm);
        let fits = self.confirm_fits(confirm);
        let (title, verb) = match confirm.question {
            Question::OddCopy(_) => ("Copy this password anyway?", "copy"),
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
            let back = self.cx.keymap.keys_for(Context::Popup, Action::Back).unwrap_or("Esc");
            if fits {
                let x = area.x + put(buffer, area.x, y, &confirm.yes.to_string(), 1, styles.key);
                put(buffer, x, y, &format!(" {verb} · {back} cancel"), room.saturating_sub(1), styles.dim);
            } else {
                let words = format!("Does not fit: enlarge the window. {back} cancel");
                put(buffer, area.x, y, &cut(&words, room, styles.signs.cut), room, styles.warning);
            }
        }
    }

    /// What is asked before an address is used, and what yes does.
    fn link_words(&self) -> (&'static str, &'static str) {
        if self.cx.ssh { ("Copy this address?", "copy") } else { ("Open this address in the browser?", "open") }
    }

    /// The dialog before a secret: whose and what it is, why something is asked, what to know, what to type.
    pub(super) fn draw_gate(&self, buffer: &mut Buffer, gate: &Gate) {
        let styles = &self.cx.styles;
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
        let room = usize::from(popup_width(self.cx.frame.size).min(self.cx.frame.areas.screen.width).saturating_sub(4));
        let bold = self.cx.styles.text.add_modifier(Modifier::BOLD);
        let mut lines = Vec::new();
        for (at, (label, value)) in consent.about.iter().enumerate() {
            let style = if at == 0 { bold } else { self.cx.styles.text };
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
    pub(in crate::tui::shell) fn consent_fits(&self, consent: &Consent) -> bool {
        let fields: usize = consent.answers.all.iter().map(|a| 1 + usize::from(!a.wrong.is_empty())).sum();
        self.consent_lines(consent).len() + fields + 4 <= usize::from(self.cx.frame.areas.screen.height)
    }

    /// The dialog before something else that a policy has asked.
    pub(super) fn draw_consent(&self, buffer: &mut Buffer, consent: &Consent) {
        let (title, verb) = match consent.step {
            Step::View(_) => ("Read this document?", "show"),
            Step::List(_) => ("List the passwords of this client?", "list"),
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
        let styles = &self.cx.styles;
        let room = usize::from(popup_width(self.cx.frame.size).min(self.cx.frame.areas.screen.width).saturating_sub(4));
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
        let most =
            usize::from(self.cx.frame.areas.screen.height.saturating_sub(2)).saturating_sub(lines.len() + fields + 2);
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
        let label = gate.answers.all.iter().map(|a| width(a.label)).max().unwrap_or(0);
        for (at, (answer, wrong)) in gate.answers.all.iter().zip(&wrong).enumerate() {
            if y + 1 >= area.bottom() {
                break;
            }
            put(buffer, area.x, y, &format!("{}:", answer.label), label + 1, styles.dim);
            let x = area.x + label as u16 + 2;
            let cursor = (at == gate.answers.at).then(|| answer.field.cursor());
            let field = Rect { x, y, width: area.right().saturating_sub(x), height: 1 };
            self.draw_field(buffer, field, "", answer.field.text(), cursor);
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
            let keys = &self.cx.keymap;
            let (go, does, context) = if gate.answers.all.is_empty() {
                (YES.to_string(), gate.verb, Context::Popup)
            } else {
                (crate::tui::component::named(&self.input_hint(Action::Open)), "continue", Context::Input)
            };
            let back = keys.keys_for(context, Action::Back).unwrap_or("Esc");
            if !gate.fits {
                let words = format!("Does not fit: enlarge the window. {back} cancel");
                put(buffer, area.x, y, &cut(&words, room, styles.signs.cut), room, styles.warning);
                return;
            }
            let x = area.x + put(buffer, area.x, y, &go, room, styles.key);
            put(buffer, x, y, &format!(" {does} · {back} cancel"), room.saturating_sub(width(&go)), styles.dim);
        }
    }

    pub(super) fn draw_ticket(&self, buffer: &mut Buffer, text: &str, cursor: usize) {
        let words = "Saved with every reveal and copy in the audit trail. Leave empty for none.";
        let columns = usize::from(crate::tui::shell::view::popup_width(self.cx.frame.size)).saturating_sub(4);
        let lines = wrap(words, columns);
        let area = self.popup_frame(buffer, 1 + lines.len() as u16, "Ticket you are working on", "");
        if area.height == 0 {
            return;
        }
        self.draw_field(buffer, Rect { height: 1, ..area }, "#", text, Some(cursor));
        for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
            put(buffer, area.x, y, &line, area.width.into(), self.cx.styles.dim);
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
