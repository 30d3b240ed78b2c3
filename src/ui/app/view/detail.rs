//! The detail: its head, what is told of the record and its password, its text, and the welcome where nothing is shown.

use super::put;
use crate::body::{self, Role};
use crate::lookalike;
use crate::model::{Kind, ListKey, Record};
use crate::store::State;
use crate::text::Clean;
use crate::ui::app::App;
use crate::ui::app::popups::wrap;
use crate::ui::format::{self, cut, number, width};
use crate::ui::layout::PaneId;
use crate::ui::message::Purpose;
use crate::ui::styles::Styles;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

impl App {
    /// Rows the detail keeps above its text: name and state, the value of a password, the find field.
    pub(in crate::ui::app) fn detail_header_rows(&self, columns: u16) -> u16 {
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

    pub(super) fn draw_detail(&self, buffer: &mut Buffer, rect: Rect) {
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
            // A share, and says so: lines are no places that anybody knows. Until the end is known, the line.
            let words = of.map_or_else(|| format!("line {}", number(at)), |of| format!("{} %", at * 100 / of.max(1)));
            right.push((words, styles.count));
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
                Purpose::Console => "Recorded, fetching it to spell out",
                Purpose::HandOver => "Recorded, fetching it to send",
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
            if let Some(brief) = crate::ui::app::policy::refusal_of(&decision, "Not shown") {
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
            return (format!("{} reveal · {} copy hidden", self.hint("reveal"), self.hint("copy-secret")), styles.dim);
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
        let mut lines = wrap(&error.told(&self.again()), columns);
        lines.truncate(3);
        lines
    }

    /// What to know of a name that can be taken for another one, in words.
    pub(in crate::ui::app) fn name_warning(&self, record: &Record) -> Option<String> {
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
    pub(in crate::ui::app) fn lines_above(&self, columns: usize) -> usize {
        self.failure_lines(columns).len() + self.doubt_lines(columns).len()
    }

    /// Where the lines of the body are in the detail's rectangle.
    pub(in crate::ui::app) fn body_area(&self, rect: Rect) -> Rect {
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
            format!("{:>7}  select a client and open it", self.hint("open")),
            format!("{:>7}  filter the list", self.hint("filter")),
            format!("{:>7}  set the ticket you work on", self.hint("set-ticket")),
            format!("{:>7}  all keys", self.hint("help")),
        ];
        for (line, text) in lines.iter().enumerate().take(area.height.into()) {
            put(buffer, area.x + 1, area.y + line as u16, text, area.width.saturating_sub(1).into(), self.styles.dim);
        }
    }
}

/// The name over a record; what it is, while nothing is known of it.
fn detail_name(key: crate::model::RecordKey, record: Option<&Record>) -> String {
    record.map_or_else(|| format!("{} {}", key.kind.word(), key.id), |record| record.name().to_string())
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
