//! Drawing the detail: its head, its text, and what is there where no record is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Reader;
use crate::present::format::{self, cut, number, width};
use crate::tui::component::Ctx;
use crate::tui::keymap::Action;
use crate::tui::target::{FolderShown, Group, Target};
use crate::tui::widgets::field::draw_field;
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;
use gluepot_body::Role;
use gluepot_core::library::State;
use gluepot_core::model::{Kind, Record, RecordKey};

impl Reader {
    /// Rows of the name and the state.
    pub(in crate::tui) fn head_rows(&self, columns: usize, tight: bool, cx: &Ctx) -> u16 {
        let name = self.detail.target.map(|target| {
            let name = detail_name(target.key, cx.store.record(target.key).map(AsRef::as_ref));
            Self::head_lines(&name, columns, cx).len() as u16
        });
        if tight { 1 } else { name.unwrap_or(1) }
    }

    pub(in crate::tui) fn detail_title(
        kind: Kind,
        record: Option<&Record>,
        focus: bool,
        cx: &Ctx,
    ) -> Vec<(String, Style)> {
        let styles = &cx.styles;
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
            let path = cx.store.path(record).names(" › ");
            if !path.is_empty() {
                title.push((format!("{into}{path}"), styles.dim));
            }
        }
        title
    }

    /// The name over a record, in lines: nowhere else can a long one be read to its end. How many depends on nothing
    /// that changes while it loads.
    pub(in crate::tui) fn head_lines(name: &str, columns: usize, cx: &Ctx) -> Vec<String> {
        let room = columns.saturating_sub(24).max(columns / 2).max(8);
        if width(name) <= room {
            return vec![name.to_owned()];
        }
        let mut lines = wrap(name, columns);
        if lines.len() > 4 {
            lines.truncate(4);
            lines[3] = format!("{}{}", cut(&lines[3], room.saturating_sub(1), ""), cx.styles.signs.cut);
        } else if lines.last().is_some_and(|line| width(line) > room) {
            // The field beside it has its own line.
            lines.push(String::new());
        }
        lines
    }

    /// Draws the name and what is to be known beside it. Gives the rows it took.
    pub(in crate::tui) fn draw_detail_head(
        buffer: &mut Buffer,
        area: Rect,
        target: Target,
        record: Option<&Record>,
        cx: &Ctx,
    ) -> u16 {
        let styles = &cx.styles;
        let mut tail = Self::head_tail(target, record, cx);
        let lines = Self::head_lines(&detail_name(target.key, record), area.width.into(), cx);
        for (y, line) in (area.y..area.bottom()).zip(&lines) {
            put(buffer, area.x, y, line, area.width.into(), styles.text.add_modifier(Modifier::BOLD));
        }
        // The name is never cut for it: it is drawn where there is room, what matters least is left out first.
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

    /// What is beside the name: whose it is where that is another client, and its state.
    fn head_tail(target: Target, record: Option<&Record>, cx: &Ctx) -> Vec<(String, Style)> {
        let styles = &cx.styles;
        let mut tail: Vec<(String, Style)> = Vec::new();
        let organization = record.and_then(Record::organization_id).or(target.organization);
        if let Some(id) = organization
            && target.key.kind != Kind::Organization
            && Some(id) != cx.organization
        {
            // A record of another client than the one in the top line must say so.
            tail.push((format!("of {}", cx.client_words(id)), styles.warning));
        }
        if record.is_some_and(Record::is_archived) {
            tail.push(("archived".into(), styles.warning));
        }
        if record.and_then(Record::common).is_some_and(|c| c.restricted) {
            tail.push(("restricted".into(), styles.warning));
        }
        let state = cx.store.detail(target.key).map(|d| match &d.sections {
            on_its_way @ (State::Loading(_) | State::Failed(_)) if !matches!(d.state, State::Loading(_)) => on_its_way,
            _ => &d.state,
        });
        match state {
            Some(State::Loading(since)) => {
                let age = cx.now().duration_since(*since);
                if age.as_millis() >= 2_000 {
                    tail.push((format!("loading, {} s", age.as_secs()), styles.dim));
                } else if age.as_millis() >= 300 {
                    tail.push((format!("loading{}", styles.signs.cut), styles.dim));
                }
            }
            Some(State::Failed(_)) => {
                tail.insert(0, (format!("failed, {} to retry", cx.hint(Action::Refresh)), styles.danger));
            }
            _ => {
                if let Some(at) = record.and_then(Record::common).and_then(|c| c.updated_at) {
                    tail.push((format!("updated {}", format::ago(at, jiff::Timestamp::now())), styles.dim));
                }
            }
        }
        tail
    }

    pub(in crate::tui) fn draw_find(&self, buffer: &mut Buffer, area: Rect, cx: &Ctx) {
        let styles = &cx.styles;
        let count = match (self.detail.hits.len(), self.detail.find.text().trim().is_empty()) {
            (_, true) => String::new(),
            (0, _) => "not found".to_owned(),
            (n, _) => format!("{} of {}", number(self.detail.hit + 1), number(n)),
        };
        let cursor = self.detail.finding.then(|| self.detail.find.cursor());
        let field = Rect { width: area.width.saturating_sub(width(&count) as u16 + 1), ..area };
        draw_field(buffer, field, "/", self.detail.find.text(), cursor, styles);
        let at = area.right().saturating_sub(width(&count) as u16);
        put(buffer, at, area.y, &count, width(&count), styles.dim);
    }

    /// Why the record could not be fetched, as lines above what is known of it.
    pub(in crate::tui) fn failure_lines(&self, columns: usize, cx: &Ctx) -> Vec<String> {
        let state = self.detail.target.and_then(|t| cx.store.detail(t.key)).map(|d| &d.state);
        let Some(State::Failed(error)) = state else { return Vec::new() };
        let mut lines = wrap(&error.told(&cx.again()), columns);
        lines.truncate(3);
        lines
    }

    /// That warning as lines above the body.
    pub(in crate::tui) fn doubt_lines(&self, columns: usize, cx: &Ctx) -> Vec<String> {
        let Some(words) = &self.doubt else { return Vec::new() };
        let mut lines = wrap(&format!("{} {words}", cx.styles.signs.warn), columns);
        lines.truncate(3);
        lines
    }

    /// Lines between the head of the detail and the body.
    pub(in crate::tui) fn lines_above(&self, columns: usize, cx: &Ctx) -> usize {
        self.failure_lines(columns, cx).len() + self.doubt_lines(columns, cx).len()
    }

    pub(in crate::tui) fn draw_body(&self, buffer: &mut Buffer, area: Rect, cx: &Ctx) {
        let styles = &cx.styles;
        let detail = &self.detail;
        let known = detail.target.is_some_and(|target| cx.store.record(target.key).is_some());
        let mut y = area.y;
        let failure = self.failure_lines(area.width.into(), cx);
        let doubt = self.doubt_lines(area.width.into(), cx);
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
            self.mark_hits(buffer, area.x, y, offset, line, cx);
            y += 1;
        }
    }

    pub(in crate::tui) fn mark_hits(
        &self,
        buffer: &mut Buffer,
        x: u16,
        y: u16,
        offset: usize,
        line: &gluepot_body::Line,
        cx: &Ctx,
    ) {
        let detail = &self.detail;
        // The hits are in order of lines: only those of this line are looked at.
        let first = detail.hits.partition_point(|hit| hit.line < offset);
        for (at, hit) in detail.hits.iter().enumerate().skip(first).take_while(|(_, hit)| hit.line == offset) {
            let text = line.text();
            let (Some(before), Some(found)) = (text.get(..hit.start), text.get(hit.start..hit.end)) else { continue };
            let style = if at == detail.hit { cx.styles.current_hit } else { cx.styles.hit };
            let rect = Rect { x: x + width(before) as u16, y, width: width(found) as u16, height: 1 };
            buffer.set_style(rect.intersection(buffer.area), style);
        }
    }

    /// A folder or a type of asset: its name, and how much is in it.
    pub(in crate::tui) fn draw_folder(buffer: &mut Buffer, area: Rect, folder: &FolderShown, cx: &Ctx) {
        let styles = &cx.styles;
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

    pub(in crate::tui) fn draw_welcome(buffer: &mut Buffer, area: Rect, cx: &Ctx) {
        let lines = [
            format!("{:>7}  select a client and open it", cx.hint(Action::Open)),
            format!("{:>7}  filter the list", cx.hint(Action::Filter)),
            format!("{:>7}  set the ticket you work on", cx.hint(Action::SetTicket)),
            format!("{:>7}  all keys", cx.hint(Action::Help)),
        ];
        for (line, text) in lines.iter().enumerate().take(area.height.into()) {
            put(buffer, area.x + 1, area.y + line as u16, text, area.width.saturating_sub(1).into(), cx.styles.dim);
        }
    }
}

/// The name over a record; what it is, while nothing is known of it.
fn detail_name(key: RecordKey, record: Option<&Record>) -> String {
    record.map_or_else(|| format!("{} {}", key.kind.word(), key.id), |record| record.name().to_string())
}
