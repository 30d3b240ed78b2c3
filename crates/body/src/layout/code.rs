//! Code blocks: a frame with number and language, and lines that lose nothing.

use super::engine::{CodeLines, Layout};
use super::strip::{Look, Strip};
use super::types::{CodeAt, CodeStyle, Role};
use super::width::{clusters, width};
use crate::doc::Doc;
use gluepot_core::text::Clean;

/// Columns from one tab stop to the next.
const TAB: usize = 4;

impl Layout {
    pub(super) fn begin_code(&mut self, doc: &Doc, number: u32) {
        let Some(code) = doc.codes.get(number as usize) else { return };
        self.flush_marks();
        self.engine.margin |= !self.engine.in_tight_item(doc);
        self.engine.code_count += 1;
        self.engine.code_due = Some(self.codes.len());
        self.codes.push(CodeAt {
            number: self.engine.code_count,
            language: code.language.clone(),
            text: code.copied.clone().unwrap_or_else(|| Clean::block(doc.piece(code.text))),
            line: self.count(),
        });
        let header = self.code_header(&code.language);
        self.emit(Strip::new(header, Role::CodeFrame));
        self.engine.code = Some(CodeLines { number, offset: 0, column: 0, inside: false });
    }

    fn code_header(&self, language: &str) -> String {
        let options = &self.engine.options;
        let room = self.engine.text_room();
        let dash = if options.ascii { "-" } else { "─" };
        let (number, hint) = match options.code {
            CodeStyle::Framed => {
                let number = self.engine.code_count.to_string();
                (format!("{number} "), options.copy_hint.replace("{n}", &number))
            }
            CodeStyle::Ruled | CodeStyle::Whole => (String::new(), String::new()),
        };
        let mut label = [language, &hint].iter().filter(|s| !s.is_empty()).copied().collect::<Vec<_>>().join(" · ");
        let least = width(&number) + 4;
        if least + width(&label) > room {
            label = hint;
        }
        if least + width(&label) > room {
            label.clear();
        }
        let label = if label.is_empty() { label } else { format!(" {label}") };
        let dashes = room.saturating_sub(width(&number) + width(&label)).max(1);
        let dashes = if options.code == CodeStyle::Framed { dashes } else { dashes.min(4) };
        let mut header = format!("{number}{}{label}", dash.repeat(dashes));
        if width(&header) > room {
            header = dash.repeat(room);
        }
        header
    }

    /// Some lines of the open code block.
    pub(super) fn code_lines(&mut self, doc: &Doc) {
        let Some(mut state) = self.engine.code.take() else { return };
        let Some(code) = doc.codes.get(state.number as usize) else { return };
        let text = doc.piece(code.text);
        let mut budget = 64;
        while state.offset < text.len() && budget > 0 {
            budget -= 1;
            self.code_line(text, &mut state);
        }
        if state.offset < text.len() {
            self.engine.code = Some(state);
            return;
        }
        if self.engine.options.code != CodeStyle::Framed {
            let dash = if self.engine.options.ascii { "-" } else { "─" };
            self.emit(Strip::new(dash.repeat(self.engine.text_room().min(4)), Role::CodeFrame));
        }
        self.engine.margin |= !self.engine.in_tight_item(doc);
    }

    /// One line of the screen.
    fn code_line(&mut self, text: &str, state: &mut CodeLines) {
        let mut line = self.strip();
        let room = self.before_code(&mut line, state.inside);
        let look = Look::plain(Role::CodeBlock);
        let rest = text.get(state.offset..).unwrap_or_default();
        state.inside = false;
        // A whole line of ASCII that fits needs no measuring.
        let end = memchr::memchr(b'\n', rest.as_bytes().get(..room.min(rest.len() - 1) + 1).unwrap_or_default());
        let plain = end.or((rest.len() <= room).then_some(rest.len())).and_then(|end| rest.get(..end));
        if let Some(plain) = plain.filter(|p| p.len() <= room && p.bytes().all(|b| (b' '..=b'~').contains(&b))) {
            line.push(plain, look);
            state.offset += plain.len() + 1;
            state.column = 0;
        } else {
            measured(rest, room, &mut line, state);
            if state.offset >= text.len() {
                state.inside = false;
            }
        }
        self.emit(line);
    }

    /// Writes the marks before a line of code; gives the columns that are left.
    fn before_code(&self, line: &mut Strip, inside: bool) -> usize {
        let options = &self.engine.options;
        let mut framed = false;
        let mut room = match options.code {
            // In a cell too narrow for a frame the code comes first.
            CodeStyle::Framed if self.engine.room() >= 8 => {
                // A backslash before a continued line could look like a part of it.
                let bar = match (options.ascii, inside) {
                    (true, true) => "> ",
                    (true, false) => "| ",
                    (false, _) => "│ ",
                };
                line.push(bar, Look::plain(Role::CodeFrame));
                framed = true;
                self.engine.room().saturating_sub(2)
            }
            CodeStyle::Framed | CodeStyle::Ruled => self.engine.room(),
            CodeStyle::Whole => usize::MAX,
        };
        if inside && room >= 6 && !(framed && options.ascii) {
            line.push(if options.ascii { "> " } else { "↪ " }, Look::plain(Role::CodeWrap));
            room = room.saturating_sub(2);
        }
        room
    }
}

/// Fills a line with code that has to be measured: to the end of its line or as far as there is room.
fn measured(rest: &str, room: usize, line: &mut Strip, state: &mut CodeLines) {
    let look = Look::plain(Role::CodeBlock);
    let mut used = 0;
    for (cluster, columns) in clusters(rest) {
        if cluster.starts_with('\n') {
            state.column = 0;
            state.offset += 1;
            return;
        }
        let columns = if cluster == "\t" { TAB - state.column % TAB } else { columns };
        if used > 0 && used + columns > room {
            state.inside = true;
            return;
        }
        if cluster == "\t" {
            line.push_blanks(columns.min(room), look);
        } else {
            line.push(cluster, look);
        }
        used += columns;
        state.column += columns;
        state.offset += cluster.len();
    }
}
