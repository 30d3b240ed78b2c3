//! Code blocks: a frame with number and language, and lines that lose nothing.

use super::engine::{CodeLines, Layout};
use super::flow::{Look, Part, clusters, push_part, width};
use super::types::{CodeAt, CodeStyle, Role};
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
            line: self.lines.len(),
        });
        let header = self.code_header(&code.language);
        self.emit(vec![Part::new(header, Role::CodeFrame)]);
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
            self.emit(vec![Part::new(dash.repeat(self.engine.text_room().min(4)), Role::CodeFrame)]);
        }
        self.engine.margin |= !self.engine.in_tight_item(doc);
    }

    /// One line of the screen.
    fn code_line(&mut self, text: &str, state: &mut CodeLines) {
        let options = &self.engine.options;
        let mut line = Vec::new();
        let mut framed = false;
        let mut room = match options.code {
            // In a cell too narrow for a frame the code comes first.
            CodeStyle::Framed if self.engine.room() >= 8 => {
                // A backslash before a continued line could look like a part of it.
                let bar = match (options.ascii, state.inside) {
                    (true, true) => "> ",
                    (true, false) => "| ",
                    (false, _) => "│ ",
                };
                line.push(Part::new(bar, Role::CodeFrame));
                framed = true;
                self.engine.room().saturating_sub(2)
            }
            CodeStyle::Framed | CodeStyle::Ruled => self.engine.room(),
            CodeStyle::Whole => usize::MAX,
        };
        let look = Look::plain(Role::CodeBlock);
        if state.inside && room >= 6 && !(framed && options.ascii) {
            line.push(Part::new(if options.ascii { "> " } else { "↪ " }, Role::CodeWrap));
            room = room.saturating_sub(2);
        }
        let mut used = 0;
        let rest = text.get(state.offset..).unwrap_or_default();
        let mut taken = 0;
        state.inside = false;
        // A whole line of ASCII that fits needs no measuring.
        let end = memchr::memchr(b'\n', rest.as_bytes().get(..room.min(rest.len() - 1) + 1).unwrap_or_default());
        let plain = end.or((rest.len() <= room).then_some(rest.len())).and_then(|end| rest.get(..end));
        if let Some(plain) = plain.filter(|p| p.len() <= room && p.bytes().all(|b| (b' '..=b'~').contains(&b))) {
            push_part(&mut line, plain, look);
            state.offset += plain.len() + 1;
            state.column = 0;
            self.emit(line);
            return;
        }
        for (cluster, columns) in clusters(rest) {
            if cluster.starts_with('\n') {
                taken += 1;
                state.column = 0;
                state.offset += taken;
                self.emit(line);
                return;
            }
            let (shown, columns) = match cluster {
                "\t" => {
                    let columns = TAB - state.column % TAB;
                    (" ".repeat(columns), columns)
                }
                cluster => (cluster.to_owned(), columns),
            };
            if used > 0 && used + columns > room {
                state.inside = true;
                break;
            }
            push_part(
                &mut line,
                shown.get(..shown.len().min(if cluster == "\t" { room } else { usize::MAX })).unwrap_or_default(),
                look,
            );
            used += columns;
            state.column += columns;
            taken += cluster.len();
        }
        state.offset += taken;
        if state.offset >= text.len() {
            state.inside = false;
        }
        self.emit(line);
    }
}
