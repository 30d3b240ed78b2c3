//! Lines: filled, with what stands before them, and written.

use super::engine::Layout;
use super::flow::{Flow, Look, Part, width};
use super::types::{AnchorAt, Emphasis, ImageAt, Line, Link, Role, Span};
use crate::doc::{Doc, Piece, Style};
use gluepot_core::text::Clean;

impl Layout {
    /// Writes a line with its prefix.
    pub(super) fn emit(&mut self, content: Vec<Part>) {
        let engine = &mut self.engine;
        engine.after_heading = false;
        if std::mem::take(&mut engine.margin) && (engine.any_before || !self.lines.is_empty()) {
            let mut blank = Vec::new();
            for prefix in engine.prefixes.iter().take(engine.shared) {
                blank.extend(prefix.rest.iter().cloned());
            }
            self.lines.push(line_of(blank, &mut self.links, &mut self.images, self.lines.len()));
        }
        let mut line = Vec::with_capacity(content.len() + 2);
        for prefix in &mut engine.prefixes {
            match prefix.first.take() {
                Some(first) => line.extend(first),
                None => line.extend(prefix.rest.iter().cloned()),
            }
        }
        line.extend(content);
        engine.shared = engine.prefixes.len();
        let at = self.lines.len();
        if let Some(heading) = engine.heading_due.take().and_then(|i| self.headings.get_mut(i)) {
            heading.line = at;
        }
        if let Some(first) = engine.anchors_due.take() {
            for anchor in self.anchors.iter_mut().skip(first) {
                anchor.line = at;
            }
        }
        if let Some(field) = engine.field_due.take().and_then(|i| self.fields.get_mut(i)) {
            field.line = at;
        }
        if let Some(note) = engine.note_due.take().and_then(|i| self.notes.get_mut(i)) {
            note.line = at;
        }
        if let Some(code) = engine.code_due.take().and_then(|i| self.codes.get_mut(i)) {
            code.line = at;
        }
        self.lines.push(line_of(line, &mut self.links, &mut self.images, at));
    }

    /// Notes the places in a part of the text that links may lead to; the next line has them.
    pub(super) fn anchors_in(&mut self, doc: &Doc, piece: Piece) {
        let first = doc.anchors.partition_point(|anchor| anchor.at < piece.start);
        let found = doc.anchors.iter().skip(first).take_while(|anchor| anchor.at < piece.end);
        let (before, line) = (self.anchors.len(), self.lines.len());
        self.anchors.extend(found.map(|anchor| AnchorAt { name: anchor.name.clone(), line }));
        if self.anchors.len() > before {
            self.engine.anchors_due.get_or_insert(before);
        }
    }

    /// Writes the lines that the flow has filled.
    pub(super) fn take_lines(&mut self) {
        let Some(flow) = &mut self.engine.flow else { return };
        for line in std::mem::take(&mut flow.done) {
            self.emit(line);
        }
    }

    /// Writes marks that wait for a paragraph when something else comes.
    pub(super) fn flush_marks(&mut self) {
        if self.engine.marks.is_empty() {
            return;
        }
        let mut flow = Flow::new(self.engine.text_room());
        for mark in std::mem::take(&mut self.engine.marks) {
            let mut rest = mark.text.as_str();
            while !rest.is_empty() {
                let used = flow.push(rest, mark.look);
                rest = rest.get(used..).unwrap_or_default();
            }
        }
        flow.finish();
        for line in flow.done {
            self.emit(line);
        }
    }

    pub(super) fn begin_flow(&mut self, role: Option<Role>) {
        // What hangs over the first line only leaves that line its room.
        let hung = self.engine.prefixes.last().and_then(|prefix| {
            let first: usize = prefix.first.as_ref()?.iter().map(|part| width(&part.text)).sum();
            Some(prefix.width.saturating_sub(first))
        });
        let mut flow = Flow::new(self.engine.text_room()).with_more_at_first(hung.unwrap_or(0));
        for mark in std::mem::take(&mut self.engine.marks) {
            let mut rest = mark.text.as_str();
            while !rest.is_empty() {
                let used = flow.push(rest, mark.look);
                rest = rest.get(used..).unwrap_or_default();
            }
        }
        self.engine.flow = Some(flow);
        self.engine.leaf_role = role;
        self.engine.last_style = Style::default();
    }

    pub(super) fn flush_flow(&mut self) {
        if let Some(flow) = &mut self.engine.flow {
            flow.finish();
        }
        self.take_lines();
        self.engine.flow = None;
        self.engine.leaf_role = None;
        self.engine.link = None;
    }

    /// Our own text, on separate lines.
    pub(super) fn wrapped(&mut self, text: &str, role: Role) {
        let mut flow = Flow::new(self.engine.text_room());
        let mut rest = text;
        while !rest.is_empty() {
            let used = flow.push(rest, Look::plain(role));
            rest = rest.get(used..).unwrap_or_default();
        }
        flow.finish();
        for line in flow.done {
            self.emit(line);
        }
    }

    /// Draws a line after the heading that was just written: double for the first level, single for the second.
    pub(super) fn heading_rule(&mut self, level: u8) {
        let dash = match (level, self.engine.options.ascii) {
            (1, false) => "═",
            (1, true) => "=",
            (2, false) => "─",
            (2, true) => "-",
            _ => return,
        };
        let columns = usize::from(self.engine.options.text_width);
        let Some(line) = self.lines.last_mut() else { return };
        let room = columns.saturating_sub(line.spans.iter().map(|span| width(&span.text)).sum());
        if room >= 4 {
            let text = Clean::line(&format!(" {}", dash.repeat(room - 1)));
            line.spans.push(Span { text, role: Role::Rule, emphasis: Emphasis::default(), link: None });
        }
    }
}

/// Makes a line of pieces, without trailing blanks.
fn line_of(mut parts: Vec<Part>, links: &mut [Link], images: &mut [ImageAt], at: usize) -> Line {
    while let Some(last) = parts.last_mut() {
        let kept = last.text.trim_end_matches(' ').len();
        last.text.truncate(kept);
        if kept > 0 {
            break;
        }
        parts.pop();
    }
    let mut merged: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match merged.last_mut() {
            Some(last) if last.look == part.look => last.text.push_str(&part.text),
            _ if part.text.is_empty() => {}
            _ => merged.push(part),
        }
    }
    let spans = merged
        .into_iter()
        .map(|part| {
            let look = part.look;
            if let Some(link) = look.link.and_then(|i| links.get_mut(i as usize)) {
                link.line = link.line.min(at);
            }
            if let Some(image) = look.image.and_then(|i| images.get_mut(i as usize)) {
                image.line = image.line.min(at);
            }
            Span { text: Clean::line(&part.text), role: look.role, emphasis: look.emphasis, link: look.link }
        })
        .collect();
    Line { spans }
}
