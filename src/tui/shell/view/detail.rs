//! The detail: its head, what is told of the record and its password, its text, and the welcome where nothing is shown.

use crate::store::State;
use crate::tui::format::{self, cut, number, width};
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::shell::Shell;
use crate::tui::shell::seen::NO_ROOM;
use crate::tui::target::FolderShown;
use crate::tui::target::Group;
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;
use crate::tui::widgets::{border, field::draw_field};
use gluepot_body::{self, Role};
use gluepot_core::lookalike;
use gluepot_core::model::{Kind, ListKey, Record};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

impl Shell {
    /// Rows the detail keeps above its text: name and state, the value of a password, the find field.
    pub(in crate::tui::shell) fn detail_header_rows(&self, rect: Rect) -> u16 {
        let columns = usize::from(rect.width.saturating_sub(4));
        let tight = self.is_tight(columns, rect.height.saturating_sub(2));
        let mut rows = self.head_rows(columns, tight) + u16::from(!tight);
        if let Some(value) = self.secret_rows(columns) {
            rows += value;
        }
        if self.reader.detail.finding || !self.reader.detail.find.text().is_empty() {
            rows += 1;
        }
        rows
    }

    /// Rows of the name and the state.
    fn head_rows(&self, columns: usize, tight: bool) -> u16 {
        let name = self.reader.detail.target.map(|target| {
            let name = detail_name(target.key, self.cx.store.record(target.key).map(AsRef::as_ref));
            self.head_lines(&name, columns).len() as u16
        });
        if tight { 1 } else { name.unwrap_or(1) }
    }

    /// Whether a revealed value would not fit below the whole name: then the name has one line, and the line below it
    /// goes.
    fn is_tight(&self, columns: usize, rows: u16) -> bool {
        self.value_rows(columns).is_some_and(|value| self.head_rows(columns, false) + 1 + value > rows)
    }

    pub(super) fn draw_detail(&self, buffer: &mut Buffer, rect: Rect) {
        let styles = &self.cx.styles;
        let focus = self.cx.frame.focus == PaneId::Detail;
        let Some(target) = self.reader.detail.target else {
            let inner = border::frame(buffer, rect, focus, &[("0 Detail".into(), styles.title)], &[], styles);
            match &self.reader.detail.folder {
                Some(folder) => self.draw_folder(buffer, inner, folder),
                None => self.draw_welcome(buffer, inner),
            }
            return;
        };
        let record = self.cx.store.record(target.key);
        let title = self.detail_title(target.key.kind, record.map(AsRef::as_ref), focus);
        let mut right = Vec::new();
        if self.reader.detail.layout.lines.len() > self.reader.detail.height || self.reader.detail.scroll > 0 {
            let (at, of) = self.reader.detail.position();
            // A share, and says so: lines are no places that anybody knows. Until the end is known, the line.
            let words = of.map_or_else(|| format!("line {}", number(at)), |of| format!("{} %", at * 100 / of.max(1)));
            right.push((words, styles.count));
        }
        let inner = border::frame(buffer, rect, focus, &title, &right, styles);
        let area = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if area.height < 2 || area.width < 8 {
            return self.desk.drawn.whole.set(Err(NO_ROOM));
        }
        self.desk.drawn.whole.set(Err(NO_ROOM));
        let tight = self.is_tight(area.width.into(), area.height);
        let head = if tight { Rect { height: 1, ..area } } else { area };
        let mut y = area.y + self.draw_detail_head(buffer, head, target, record.map(AsRef::as_ref));
        if y >= area.bottom() {
            return;
        }
        if !tight {
            for x in area.x..area.right() {
                put(buffer, x, y, styles.signs.dash, 1, styles.frame);
            }
            y += 1;
        }
        if target.key.kind == Kind::Password {
            let rows = self.secret_rows(area.width.into()).unwrap_or(0).min(area.bottom().saturating_sub(y));
            self.draw_secret(buffer, Rect { y, height: rows, ..area }, target.key);
            y += rows;
        }
        if self.reader.detail.finding || !self.reader.detail.find.text().is_empty() {
            self.draw_find(buffer, Rect { y, height: 1, ..area });
            y += 1;
        }
        if y >= area.bottom() {
            return;
        }
        self.draw_body(buffer, Rect { y, height: area.bottom() - y, ..area }, record.is_some());
    }

    fn detail_title(&self, kind: Kind, record: Option<&Record>, focus: bool) -> Vec<(String, Style)> {
        let styles = &self.cx.styles;
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
            let path = crate::tui::browse::list::folder_path(record, folders, &self.cx.store);
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
            lines[3] = format!("{}{}", cut(&lines[3], room.saturating_sub(1), ""), self.cx.styles.signs.cut);
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
        target: crate::tui::target::Target,
        record: Option<&Record>,
    ) -> u16 {
        let styles = &self.cx.styles;
        let mut tail: Vec<(String, Style)> = Vec::new();
        let organization = record.and_then(Record::organization_id).or(target.organization);
        if let Some(id) = organization
            && target.key.kind != Kind::Organization
            && Some(id) != self.cx.organization
        {
            // A record of another client than the one in the top line must say so.
            tail.push((format!("of {}", self.cx.client_words(id)), styles.warning));
        }
        if record.is_some_and(Record::is_archived) {
            tail.push(("archived".into(), styles.warning));
        }
        if record.and_then(Record::common).is_some_and(|c| c.restricted) {
            tail.push(("restricted".into(), styles.warning));
        }
        let state = self.cx.store.detail(target.key).map(|d| match &d.sections {
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
                tail.insert(0, (format!("failed, {} to retry", self.hint(Action::Refresh)), styles.danger));
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

    fn draw_find(&self, buffer: &mut Buffer, area: Rect) {
        let styles = &self.cx.styles;
        let count = match (self.reader.detail.hits.len(), self.reader.detail.find.text().trim().is_empty()) {
            (_, true) => String::new(),
            (0, _) => "not found".to_owned(),
            (n, _) => format!("{} of {}", number(self.reader.detail.hit + 1), number(n)),
        };
        let cursor = self.reader.detail.finding.then(|| self.reader.detail.find.cursor());
        let field = Rect { width: area.width.saturating_sub(width(&count) as u16 + 1), ..area };
        draw_field(buffer, field, "/", self.reader.detail.find.text(), cursor, styles);
        let at = area.right().saturating_sub(width(&count) as u16);
        put(buffer, at, area.y, &count, width(&count), styles.dim);
    }

    /// Why the record could not be fetched, as lines above what is known of it.
    fn failure_lines(&self, columns: usize) -> Vec<String> {
        let state = self.reader.detail.target.and_then(|t| self.cx.store.detail(t.key)).map(|d| &d.state);
        let Some(State::Failed(error)) = state else { return Vec::new() };
        let mut lines = wrap(&error.told(&self.cx.again()), columns);
        lines.truncate(3);
        lines
    }

    /// What to know of a name that can be taken for another one, in words.
    pub(in crate::tui::shell) fn name_warning(&self, record: &Record) -> Option<String> {
        let mixed = lookalike::warning(record.name());
        let twin = self.browse.panes.iter().find_map(|pane| pane.twin(record, &self.cx.store)).map(|twin| {
            format!("Another {} has a name that looks like this one: id {}.", twin.kind().word(), twin.id())
        });
        let words: Vec<String> = mixed.into_iter().chain(twin).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// That warning as lines above the body.
    fn doubt_lines(&self, columns: usize) -> Vec<String> {
        let record = self.reader.detail.target.and_then(|target| self.cx.store.record(target.key));
        let Some(words) = record.and_then(|record| self.name_warning(record)) else { return Vec::new() };
        let mut lines = wrap(&format!("{} {words}", self.cx.styles.signs.warn), columns);
        lines.truncate(3);
        lines
    }

    /// Lines between the head of the detail and the body.
    pub(in crate::tui::shell) fn lines_above(&self, columns: usize) -> usize {
        self.failure_lines(columns).len() + self.doubt_lines(columns).len()
    }

    /// Where the lines of the body are in the detail's rectangle.
    pub(in crate::tui::shell) fn body_area(&self, rect: Rect) -> Rect {
        let columns = rect.width.saturating_sub(4);
        let above = 1 + self.detail_header_rows(rect) + self.lines_above(columns.into()) as u16;
        let height = rect.height.saturating_sub(above + 1);
        Rect { x: rect.x + 2, y: rect.y + above, width: columns, height }
    }

    fn draw_body(&self, buffer: &mut Buffer, area: Rect, known: bool) {
        let styles = &self.cx.styles;
        let detail = &self.reader.detail;
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
            for span in line.spans() {
                let mut style = styles.span(span.role, span.emphasis);
                if span.link.is_some() && span.link.map(|l| l as usize) == detail.link && span.role != Role::LinkTarget
                {
                    style = styles.link_selected;
                }
                x += put(buffer, x, y, span.text, usize::from(area.right().saturating_sub(x)), style);
            }
            self.mark_hits(buffer, area.x, y, offset, line);
            y += 1;
        }
    }

    fn mark_hits(&self, buffer: &mut Buffer, x: u16, y: u16, offset: usize, line: &gluepot_body::Line) {
        let detail = &self.reader.detail;
        // The hits are in order of lines: only those of this line are looked at.
        let first = detail.hits.partition_point(|hit| hit.line < offset);
        for (at, hit) in detail.hits.iter().enumerate().skip(first).take_while(|(_, hit)| hit.line == offset) {
            let text = line.text();
            let (Some(before), Some(found)) = (text.get(..hit.start), text.get(hit.start..hit.end)) else { continue };
            let style = if at == detail.hit { self.cx.styles.current_hit } else { self.cx.styles.hit };
            let rect = Rect { x: x + width(before) as u16, y, width: width(found) as u16, height: 1 };
            buffer.set_style(rect.intersection(buffer.area), style);
        }
    }

    /// A folder or a type of asset: its name, and how much is in it.
    fn draw_folder(&self, buffer: &mut Buffer, area: Rect, folder: &FolderShown) {
        let styles = &self.cx.styles;
        let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let (what, one, many) = match folder.group {
            Group::DocumentFolder(_) => ("Folder", "document", "documents"),
            Group::PasswordFolder(_) => ("Folder", "password", "passwords"),
            Group::AssetType(_) => ("Type of asset", "asset", "assets"),
            Group::Overdue => ("Overdue", "date", "dates"),
        };
        let holds = folder.count.map_or_else(|| "not loaded yet".to_owned(), |n| format::count(n, one, many));
        let name = wrap(&folder.label, area.width.into()).into_iter().take(4);
        let bold = styles.text.add_modifier(Modifier::BOLD);
        let lines = name.map(|line| (line, bold)).chain([(format!("{what}, {holds}"), styles.dim)]);
        for (y, (text, style)) in (area.y..area.bottom()).zip(lines) {
            put(buffer, area.x, y, &text, area.width.into(), style);
        }
    }

    fn draw_welcome(&self, buffer: &mut Buffer, area: Rect) {
        let lines = [
            format!("{:>7}  select a client and open it", self.hint(Action::Open)),
            format!("{:>7}  filter the list", self.hint(Action::Filter)),
            format!("{:>7}  set the ticket you work on", self.hint(Action::SetTicket)),
            format!("{:>7}  all keys", self.hint(Action::Help)),
        ];
        for (line, text) in lines.iter().enumerate().take(area.height.into()) {
            put(
                buffer,
                area.x + 1,
                area.y + line as u16,
                text,
                area.width.saturating_sub(1).into(),
                self.cx.styles.dim,
            );
        }
    }
}

/// The name over a record; what it is, while nothing is known of it.
fn detail_name(key: gluepot_core::model::RecordKey, record: Option<&Record>) -> String {
    record.map_or_else(|| format!("{} {}", key.kind.word(), key.id), |record| record.name().to_string())
}
