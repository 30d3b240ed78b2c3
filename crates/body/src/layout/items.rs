//! What is noted of a body beside its lines (headings, fields, notes), and the marks of items.

use super::engine::{Engine, Frame, Layout};
use super::strip::Strip;
use super::types::{FieldAt, HeadingAt, NoteAt, Role};
use super::width::width;
use crate::doc::{Block, Doc, Note, Op, Style};
use crate::words::{note_text, number_text};
use gluepot_core::text::Clean;

impl Layout {
    pub(super) fn heading(&mut self, doc: &Doc, level: u8) {
        let mut text = String::new();
        for op in doc.ops.iter().skip(self.engine.at + 1) {
            match op {
                Op::Run(run) => text.push_str(doc.piece(doc.run(*run).piece)),
                Op::Break => text.push(' '),
                Op::Close => break,
                _ => {}
            }
            if text.len() > 1000 {
                text.truncate(text.floor_char_boundary(1000));
                break;
            }
        }
        self.engine.heading_due = Some(self.headings.len());
        self.headings.push(HeadingAt { level, text: Clean::line(text.trim()), line: self.count() });
    }

    pub(super) fn field(&mut self, doc: &Doc, field: u32) {
        let mut value = String::new();
        let mut depth = 0;
        for op in doc.ops.iter().skip(self.engine.at + 1) {
            match op {
                // What we say of a value beside it is no part of it.
                Op::Run(run) if doc.run(*run).style.has(Style::DIM) => {}
                Op::Run(run) => value.push_str(doc.piece(doc.run(*run).piece)),
                Op::Code(code) => {
                    if let Some(code) = doc.codes.get(*code as usize) {
                        value.push_str(code.copied.as_deref().unwrap_or_else(|| doc.piece(code.text)));
                    }
                }
                Op::Break => value.push('\n'),
                Op::Open(_) => depth += 1,
                Op::Close if depth == 0 => break,
                Op::Close => {
                    depth -= 1;
                    value.push('\n');
                }
                _ => {}
            }
        }
        let Some(info) = doc.fields.get(field as usize) else { return };
        let label_width = match self.engine.frames.last() {
            Some(Frame { block: Block::Fields(columns), .. }) => usize::from(*columns),
            _ => 0,
        };
        let label = info.label.as_str();
        self.engine.field_due = Some(self.fields.len());
        self.fields.push(FieldAt {
            label: info.label.clone(),
            value: Clean::block(value.trim_end_matches('\n')),
            copyable: info.copyable,
            line: self.count(),
        });
        let columns = label_width + 2;
        if width(label) <= label_width && self.engine.room() >= columns + 12 {
            let head = format!("{label}{}", " ".repeat(columns - width(label)));
            let rest = Strip::blank(columns);
            self.engine.push_prefix(Strip::new(head, Role::Label), rest, columns);
        } else {
            self.wrapped(label, Role::Label);
            let rest = Strip::blank(2);
            self.engine.push_prefix(rest.clone(), rest, 2);
        }
    }

    pub(super) fn note(&mut self, doc: &Doc, note: Note) {
        let text = note_text(doc, note);
        self.engine.margin = true;
        self.flush_marks();
        self.engine.note_due = Some(self.notes.len());
        self.notes.push(NoteAt { text: Clean::line(&text), line: self.count() });
        self.wrapped(&format!("[{text}]"), Role::Note);
        self.engine.margin = true;
    }
}

impl Engine {
    pub(super) fn task(&self, ticked: bool) -> &'static str {
        match (self.options.ascii, ticked) {
            (true, true) => "[x]",
            (true, false) => "[ ]",
            (false, true) => "☑",
            (false, false) => "☐",
        }
    }

    pub(super) fn marker(&self, doc: &Doc, number: i32, task: Option<bool>, bare: bool) -> String {
        let list = match self.frames.last() {
            Some(Frame { block: Block::List(list), .. }) => doc.lists.get(*list as usize),
            _ => None,
        };
        if list.is_some_and(|list| list.bare) {
            return task.map(|ticked| format!("{} ", self.task(ticked))).unwrap_or_default();
        }
        if bare && task.is_none() {
            return "  ".to_owned();
        }
        if let Some(list) = list.filter(|list| list.ordered) {
            let text = number_text(list.letters, number);
            let digits = usize::from(list.digits).saturating_sub(text.len() - text.chars().count());
            let task = task.map(|ticked| format!("{} ", self.task(ticked))).unwrap_or_default();
            return format!("{text:>digits$}. {task}");
        }
        if let Some(ticked) = task {
            return format!("{} ", self.task(ticked));
        }
        let depth = self
            .frames
            .iter()
            .filter(|frame| match frame.block {
                Block::List(list) => doc.lists.get(list as usize).is_some_and(|list| !list.ordered),
                _ => false,
            })
            .count();
        let bullets = if self.options.ascii { ["*", "-", "+"] } else { ["•", "◦", "▪"] };
        format!("{} ", bullets.get(depth.saturating_sub(1) % 3).copied().unwrap_or("*"))
    }
}
