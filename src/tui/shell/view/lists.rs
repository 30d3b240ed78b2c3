//! The panes with lists: their titles, rows, states, and what stands where there are no rows.

use crate::store::State;
use crate::tui::format::{self, cut, found_words, number, width};
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::panes::list::{Group, ListPane, Tab, ViewRow};
use crate::tui::panes::rows::{Dated, Urgency, aside, dated};
use crate::tui::shell::Shell;
use crate::tui::widgets::paint::{mark, put, put_doubt, weak_line};
use crate::tui::widgets::wrap::wrap;
use crate::tui::widgets::{border, field::draw_field};
use gluepot_core::lookalike;
use gluepot_core::model::{Kind, ListKey, OrganizationId, Record, RecordKey};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

impl Shell {
    fn list_title(&self, pane: &ListPane, focus: bool, room: usize) -> Vec<(String, Style)> {
        let styles = &self.cx.styles;
        let base = if focus { styles.title_focus } else { styles.title };
        let name = match pane.id {
            PaneId::Organizations => "1 Organizations",
            PaneId::Documents => "2 Documents",
            PaneId::Configurations => "3 Configurations",
            PaneId::Passwords => "4 Passwords",
            PaneId::Others | PaneId::Detail => "5 ",
        };
        let mut title = vec![(name.to_owned(), base)];
        title.extend(self.open_client(pane).map(|words| (words, styles.dim)));
        if pane.id == PaneId::Others {
            title.extend(self.tabs(pane.tab, base, room.saturating_sub(2)));
        }
        title
    }

    /// The tabs in their order, as many as there is room for with the one in use among them.
    fn tabs(&self, used: Tab, base: Style, room: usize) -> Vec<(String, Style)> {
        let styles = &self.cx.styles;
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
        let styles = &self.cx.styles;
        if pane.id != PaneId::Organizations && self.cx.organization.is_none() {
            return Vec::new();
        }
        let keys = pane.sources(self.cx.organization, &self.cx.store);
        let folders = pane.folders(self.cx.organization);
        let now = self.now();
        let mut words: Vec<(String, Style)> = Vec::new();
        let mut loading = None;
        let types = folders.filter(|&key| key == ListKey::FlexibleAssetTypes).map(|key| &self.cx.store.list(key).state);
        // Of several words the one that says most.
        let mut failed = types.and_then(|state| match state {
            State::Failed(error) => Some(error),
            _ => None,
        });
        let mut stale = None;
        let mut notes: Vec<String> = Vec::new();
        let (mut rows, mut total, mut asked, mut complete) = (0, 0, false, true);
        for &key in &keys {
            let list = self.cx.store.list(key);
            rows += list.rows.len() + list.unreadable.len();
            total += list.total.unwrap_or(0).max(list.rows.len());
            asked |= !matches!(list.state, State::NotAsked) || !list.rows.is_empty();
            complete &= list.is_complete();
            match &list.state {
                State::Loading(since) => loading = Some(loading.map_or(*since, |l: std::time::Instant| l.min(*since))),
                State::Failed(error) if failed.is_none_or(|before| !before.forbidden()) => failed = Some(error),
                _ => {}
            }
            if let Some(at) = list.fetched.filter(|at| now.duration_since(*at) > crate::store::FRESH_FOR) {
                stale = Some(format::age(now.duration_since(at)));
            }
            notes.extend(list.completeness.map(gluepot_itglue::Completeness::notes).unwrap_or_default());
        }
        if let Some(key) = folders.filter(|&key| key != ListKey::FlexibleAssetTypes) {
            let list = self.cx.store.list(key);
            match &list.state {
                State::Failed(error) if error.forbidden() => notes.push("folders hidden from this key".into()),
                State::Failed(_) => notes.push("folders failed".into()),
                _ => {}
            }
            notes.extend(list.completeness.map(gluepot_itglue::Completeness::notes).unwrap_or_default());
        }
        // The words stand in the pane; the title of a pane that is closed can only say that there are some.
        if !notes.is_empty() {
            words.push((styles.signs.warn.to_owned(), styles.warning));
        }
        if let Some(error) = failed {
            words.push((error.word().into(), styles.danger));
        }
        // What is not as always, so that nobody takes it for the usual list.
        if asked_for(&keys, &self.cx.store) {
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
                found_words(pane.found, pane.searched, pane.weak)
            } else if loading.is_some() && total > rows {
                format!("{} of {} {}", number(rows), number(total), styles.signs.more)
            } else if !complete && total > rows {
                format!("{} of {}", number(rows), number(total))
            } else {
                number(rows - pane.hidden_archived.min(rows))
            };
            words.push((count, styles.count));
        }
        if pane.overdue > 0 {
            words.push((format!("{} {} overdue", styles.signs.dot, number(pane.overdue)), styles.danger));
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

    pub(super) fn draw_list(&self, buffer: &mut Buffer, pane: &ListPane, rect: Rect) {
        let styles = &self.cx.styles;
        let focus = self.cx.frame.focus == pane.id;
        let state = self.list_state(pane);
        let state_width: usize = state.iter().map(|(text, _)| width(text)).sum();
        let room = usize::from(rect.width).saturating_sub(4 + if state_width > 0 { state_width + 3 } else { 0 });
        let inner = border::frame(buffer, rect, focus, &self.list_title(pane, focus, room), &state, styles);
        if inner.height == 0 {
            return;
        }
        let mut area = inner;
        if pane.shows_filter() {
            draw_field(
                buffer,
                Rect { height: 1, ..area },
                "/",
                pane.filter.text(),
                pane.filtering.then(|| pane.filter.cursor()),
                styles,
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
        let styles = &self.cx.styles;
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
        let styles = &self.cx.styles;
        // On the selected row colours stay out: reversed they would be hard to read.
        let dim = if strong { base } else { styles.dim };
        let x = line.x + 1;
        let room = usize::from(line.width.saturating_sub(1));
        match row {
            ViewRow::Record { list, at, depth } => {
                let Some(record) = self.cx.store.list(*list).rows.get(*at) else { return };
                let indent = usize::from(*depth) * 2;
                let indent = indent.min(room / 3);
                let x = x + indent as u16;
                let room = room.saturating_sub(indent);
                // What it is about the row, which is never cut for a longer name, and what is only good to know.
                let dated = dated(record, self.cx.today);
                let mut right = aside(record).into_owned();
                if !query.is_empty() && matches!(record.as_ref(), Record::Document(_)) {
                    right = pane.folder_path(record, self.cx.organization, &self.cx.store);
                }
                let mut must = match record.as_ref() {
                    Record::Password(password) => password.vault_id.is_some(),
                    // The short name is what is typed before the first secret.
                    Record::Organization(_) => width(&right) <= 8,
                    _ => false,
                };
                let apart = match record.as_ref() {
                    Record::Organization(organization) => self.told_apart(OrganizationId(organization.id)),
                    _ => None,
                };
                if let Some(apart) = apart {
                    right = if right.is_empty() { apart } else { format!("{right} {apart}") };
                    must = true;
                }
                if record.is_archived() {
                    right = if right.is_empty() { "archived".into() } else { format!("archived {right}") };
                    must = true;
                }
                let name = record.name();
                let doubtful = lookalike::mixes_alphabets(name) || pane.is_alike(*list, *at);
                let (x, room) = put_doubt(buffer, (x, line.y), room, doubtful, strong.then_some(base), styles);
                let is_open = self
                    .cx
                    .organization
                    .is_some_and(|id| record.key() == (RecordKey { kind: Kind::Organization, id: id.0 }));
                let (x, room) = self.put_open(buffer, x, line.y, room, is_open, strong.then_some(base));
                let shown_name = if name.trim().is_empty() { "(no name)" } else { name };
                // One column at the right edge stays free, and one at least between the two.
                let mut room = room.saturating_sub(1);
                let mut x = x;
                // Dates to watch have a column of their own: they are what the list is for.
                let in_column = dated.as_ref().filter(|_| matches!(record.as_ref(), Record::Expiration(_)));
                let urgent = |dated: &Dated| match dated.urgency {
                    _ if strong => base,
                    Urgency::Overdue => styles.danger,
                    Urgency::Soon => styles.warning,
                    Urgency::Far => dim,
                };
                if let Some(dated) = in_column.filter(|_| room > 24) {
                    let day = dated.day.to_string();
                    put(buffer, x, line.y, &day, room, urgent(dated));
                    let taken = width(&day) + 1;
                    (x, room) = (x + taken as u16, room - taken);
                }
                let name_width = width(shown_name);
                let left = room.saturating_sub(name_width + 1);
                let right = if let Some(dated) = &dated
                    && !record.is_archived()
                {
                    let forms =
                        if in_column.is_some() { dated.forms_without_day().to_vec() } else { dated.forms().to_vec() };
                    let fitting = forms.iter().find(|form| width(form) <= left);
                    fitting.or(forms.last()).cloned().unwrap_or_default()
                } else if width(&right) <= left {
                    right
                } else if must {
                    cut(&right, left.max(room / 2), styles.signs.cut).into_owned()
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
                    mark(buffer, x, line.y, &shown, crate::search::marks(query, &shown), styles.hit, strong);
                }
                if !right.is_empty() {
                    let at = line.right() - width(&right) as u16 - 1;
                    let style = dated.as_ref().filter(|_| !record.is_archived()).map_or(dim, urgent);
                    put(buffer, at, line.y, &right, width(&right), style);
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
                let (x, left_room) =
                    put_doubt(buffer, (x + 2, line.y), left_room, doubtful, strong.then_some(base), styles);
                put(buffer, x, line.y, &cut(label, left_room, styles.signs.cut), left_room, style);
                let at = line.right().saturating_sub(width(&right) as u16 + 1);
                put(buffer, at, line.y, &right, width(&right), dim);
            }
            ViewRow::Weak => weak_line(buffer, line, styles),
            ViewRow::Unreadable { list, at } => {
                let why = self.cx.store.list(*list).unreadable.get(*at);
                let id = why.and_then(|(id, _)| *id).map_or_else(String::new, |id| format!(" {id}"));
                let words = why.map_or("", |(_, why)| why.as_str());
                let text = format!("{} unreadable record{id}: {words}", styles.signs.warn);
                let style = if strong { base } else { styles.warning };
                put(buffer, x, line.y, &cut(&text, room, styles.signs.cut), room, style);
            }
        }
    }

    /// The sign before the client that is open, wherever the cursor is. Gives where the name begins and its room.
    fn put_open(
        &self,
        buffer: &mut Buffer,
        x: u16,
        y: u16,
        room: usize,
        is_open: bool,
        base: Option<Style>,
    ) -> (u16, usize) {
        if !is_open || room < 4 {
            return (x, room);
        }
        put(buffer, x, y, self.cx.styles.signs.here, 1, base.unwrap_or(self.cx.styles.frame_focus));
        (x + 2, room - 2)
    }

    /// The open client for the title of its pane, where its row is not on the screen.
    fn open_client(&self, pane: &ListPane) -> Option<String> {
        let id = self.cx.organization.filter(|_| pane.id == PaneId::Organizations)?;
        let rows = self.cx.frame.areas.pane(pane.id).map_or(0, |rect| usize::from(rect.height.saturating_sub(2)));
        let rows = rows.saturating_sub(usize::from(pane.shows_filter()));
        let is_it = |row: &ViewRow| {
            matches!(row, ViewRow::Record { list, at, .. }
            if self.cx.store.list(*list).rows.get(*at).is_some_and(|record| record.key() == (RecordKey { kind: Kind::Organization, id: id.0 })))
        };
        if pane.rows.iter().skip(pane.offset).take(rows).any(is_it) {
            return None;
        }
        let known = self.cx.store.organization(id).map(|o| o.short_name.as_str()).filter(|short| !short.is_empty());
        Some(format!(
            " {} {}",
            self.cx.styles.signs.here,
            known.map_or_else(|| self.organization_name(id), str::to_owned)
        ))
    }

    /// What stands at the right of a heading: how many it holds, or why that is not known.
    fn group_words(&self, group: Group, count: Option<usize>) -> String {
        if let Group::AssetType(key) = group {
            let list = self.cx.store.list(key);
            match &list.state {
                State::Failed(error) if list.rows.is_empty() => {
                    return error.word().to_owned();
                }
                State::Loading(_) if list.rows.is_empty() => return self.cx.styles.signs.cut.to_owned(),
                _ => {}
            }
        }
        count.map_or_else(String::new, number)
    }

    /// What must be known of the rows that are shown: failed, incomplete, hits that may be missing. A line above
    /// them, or a few where there is room; `None` when they are all there is.
    pub(in crate::tui::shell) fn banner(&self, pane: &ListPane, rect: Rect) -> Option<(Vec<String>, Style)> {
        let columns = usize::from(rect.width.saturating_sub(4));
        let most = match rect.height {
            0..5 => return None,
            5..12 => 1,
            _ => 3,
        };
        let (words, style) = self.banner_words(pane)?;
        let text = format!("{} {words}", self.cx.styles.signs.warn);
        let mut lines = wrap(&text, columns);
        if lines.len() > most {
            lines.truncate(most - 1);
            let rest = text.get(lines.iter().map(|line| line.len() + 1).sum::<usize>()..).unwrap_or(&text);
            lines.push(cut(rest, columns, self.cx.styles.signs.cut).into_owned());
        }
        Some((lines, style))
    }

    fn banner_words(&self, pane: &ListPane) -> Option<(String, Style)> {
        if pane.rows.is_empty() {
            return None;
        }
        let styles = &self.cx.styles;
        let keys = pane.sources(self.cx.organization, &self.cx.store);
        let folders = pane.folders(self.cx.organization);
        let mut notes: Vec<String> = Vec::new();
        for key in keys.iter().copied().chain(folders) {
            let list = self.cx.store.list(key);
            match &list.state {
                State::Failed(error)
                    if Some(key) == folders && key != ListKey::FlexibleAssetTypes && error.forbidden() =>
                {
                    notes.push("folders hidden from this key".into());
                }
                State::Failed(error) => {
                    return Some((self.failure_words(error), styles.danger));
                }
                _ => {}
            }
            notes.extend(list.completeness.map(gluepot_itglue::Completeness::notes).unwrap_or_default());
        }
        let filtered = !pane.filter.text().trim().is_empty();
        if filtered
            && keys.iter().any(|&key| self.cx.store.list(key).is_loading() && !self.cx.store.list(key).is_complete())
        {
            notes.push("still loading, results may be missing".into());
        }
        notes.sort();
        notes.dedup();
        (!notes.is_empty()).then(|| (notes.join(", "), styles.warning))
    }

    /// What went wrong with a list, what to do, and with which key it is asked for again.
    fn failure_words(&self, error: &gluepot_itglue::ApiError) -> String {
        let (words, again) = (error.told(&self.again()), self.again());
        // A lock that has nothing to keep to stays so.
        let stays = matches!(error.failure, gluepot_itglue::Failure::NothingInside { .. });
        if stays || words.contains(&again) {
            words
        } else {
            format!("{words} {} to retry.", self.hint(Action::Refresh))
        }
    }

    /// How to ask the server again from here, in a sentence.
    pub(in crate::tui::shell) fn again(&self) -> String {
        format!("press {}", self.hint(Action::Refresh))
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
        let styles = &self.cx.styles;
        if pane.id != PaneId::Organizations && self.cx.organization.is_none() {
            // Once on a screen: where the user is.
            if self.cx.frame.focus != pane.id || self.opening().is_some() {
                return (String::new(), styles.dim);
            }
            return (
                // A small screen has one pane: the clients are not above it.
                if self.cx.frame.areas.pane(PaneId::Organizations).is_some() {
                    format!("Select a client above and press {}.", self.cx.key_name(Action::Open))
                } else {
                    let (clients, open) = (self.hint(Action::FocusOrganizations), self.cx.key_name(Action::Open));
                    format!("Press {clients}, select a client and press {open}.")
                },
                styles.dim,
            );
        }
        let mut keys = pane.sources(self.cx.organization, &self.cx.store);
        if keys.is_empty() {
            keys.extend(pane.folders(self.cx.organization));
        }
        let what = keys.first().map_or("records", |key| key.word());
        if let Some(refusal) = keys.iter().find_map(|&key| self.list_refusal(key)) {
            return (refusal, styles.warning);
        }
        for &key in &keys {
            match &self.cx.store.list(key).state {
                State::Failed(error) => {
                    return (self.failure_words(error), styles.danger);
                }
                State::Loading(since) => {
                    let age = self.now().duration_since(*since);
                    let words = match age.as_millis() {
                        0..300 => String::new(),
                        300..2_000 => format!("Loading {what}{}", styles.signs.cut),
                        _ => format!("Loading {what} ({} s). You can keep working.", age.as_secs()),
                    };
                    return (words, styles.dim);
                }
                State::NotAsked | State::Ready(_) => {}
            }
        }
        if !pane.filter.text().trim().is_empty() {
            let more = keys.iter().any(|&key| !self.cx.store.list(key).is_complete());
            let back = self.input_hint(Action::Back);
            if more {
                return (format!("No matches in what is loaded so far. {back} clears the filter."), styles.dim);
            }
            // Nothing to find elsewhere while no client is open.
            let key = if pane.filtering { self.input_hint(Action::Finder) } else { self.hint(Action::Finder) };
            let else_where = match self.cx.organization {
                Some(_) if !key.is_empty() => format!("{key} searches every list, "),
                _ => String::new(),
            };
            return (format!("No matches. {else_where}{back} clears the filter."), styles.dim);
        }
        if keys.iter().any(|&key| matches!(self.cx.store.list(key).state, State::NotAsked)) {
            return (format!("{} to load the {what}.", self.hint(Action::Open)), styles.dim);
        }
        if pane.hidden_archived > 0 {
            let archived = format::count(pane.hidden_archived, "is archived", "are archived");
            return (format!("No {what}. {archived}: press {}.", self.hint(Action::ToggleArchived)), styles.dim);
        }
        let place = match keys.first() {
            Some(ListKey::Organizations) => "that this key can read",
            Some(ListKey::FlexibleAssetTypes) => "in this account",
            _ => "in this organization",
        };
        (format!("There are no {what} {place}."), styles.dim)
    }
}

/// Whether rows of these lists were asked for.
fn asked_for(keys: &[ListKey], store: &crate::store::Store) -> bool {
    keys.iter().any(|&key| !matches!(store.list(key).state, State::NotAsked) || !store.list(key).rows.is_empty())
}
