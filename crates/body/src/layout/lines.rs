//! Lines: filled, prefixed and written.

use super::engine::Layout;
use super::flow::Flow;
use super::strip::{Look, Strip};
use super::types::{AnchorAt, Emphasis, Line, Role};
use crate::doc::{Doc, Piece, Style};
use gluepot_core::text::Clean;

/// Strips kept for later lines.
const MOST_SPARE: usize = 80;

impl Layout {
    /// Writes a line with its prefix.
    pub(super) fn emit(&mut self, content: Strip) {
        self.engine.after_heading = false;
        if std::mem::take(&mut self.engine.margin) && (self.engine.any_before || self.count() > 0) {
            let mut blank = self.strip();
            for prefix in self.engine.prefixes.iter().take(self.engine.shared) {
                blank.append(&prefix.rest);
            }
            let at = self.count();
            self.write(blank, at);
        }
        let line = if self.engine.prefixes.is_empty() { content } else { self.prefixed(content) };
        self.engine.shared = self.engine.prefixes.len();
        let at = self.count();
        self.note_line(at);
        self.write(line, at);
    }

    /// An empty strip, one that was used before if there is one.
    pub(super) fn strip(&mut self) -> Strip {
        self.engine.flow.spare.pop().unwrap_or_default()
    }

    /// Keeps a strip for the next line.
    pub(super) fn give_back(&mut self, mut strip: Strip) {
        if self.engine.flow.spare.len() < MOST_SPARE {
            strip.clear();
            self.engine.flow.spare.push(strip);
        }
    }

    /// A line behind what its containers put before it.
    fn prefixed(&mut self, content: Strip) -> Strip {
        let mut line = self.strip();
        for prefix in &mut self.engine.prefixes {
            match prefix.first.take() {
                Some(first) => line.append(&first),
                None => line.append(&prefix.rest),
            }
        }
        line.append(&content);
        self.give_back(content);
        line
    }

    /// The line that was waited for is at this place.
    fn note_line(&mut self, at: usize) {
        let engine = &mut self.engine;
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
    }

    /// Ends a line: it has no trailing blanks, and its links and images are on it.
    fn write(&mut self, mut strip: Strip, at: usize) {
        strip.trim();
        for look in strip.parts.iter().map(|part| part.look) {
            if let Some(link) = look.link.and_then(|i| self.links.get_mut(i as usize)) {
                link.line = link.line.min(at);
            }
            if let Some(image) = look.image.and_then(|i| self.images.get_mut(i as usize)) {
                image.line = image.line.min(at);
            }
        }
        if self.engine.in_cell {
            self.engine.strips.push(strip);
        } else {
            self.lines.push(line_of(&strip));
            self.give_back(strip);
        }
    }

    /// Notes the places in a part of the text that links may lead to; the next line has them.
    pub(super) fn anchors_in(&mut self, doc: &Doc, piece: Piece) {
        let first = doc.anchors.partition_point(|anchor| anchor.at < piece.start);
        let found = doc.anchors.iter().skip(first).take_while(|anchor| anchor.at < piece.end);
        let (before, line) = (self.anchors.len(), self.count());
        self.anchors.extend(found.map(|anchor| AnchorAt { name: anchor.name.clone(), line }));
        if self.anchors.len() > before {
            self.engine.anchors_due.get_or_insert(before);
        }
    }

    /// Writes the lines that the flow has filled.
    pub(super) fn take_lines(&mut self) {
        if self.engine.flow.done.is_empty() {
            return;
        }
        let mut done = std::mem::take(&mut self.engine.flow.done);
        for line in done.drain(..) {
            self.emit(line);
        }
        self.engine.flow.done = done;
    }

    /// Writes marks that wait for a paragraph when something else comes.
    pub(super) fn flush_marks(&mut self) {
        if self.engine.marks.is_empty() {
            return;
        }
        let mut flow = Flow::new(self.engine.text_room());
        for mark in std::mem::take(&mut self.engine.marks) {
            flow.push_strip(&mark);
        }
        self.emit_all(flow);
    }

    /// Opens a leaf.
    pub(super) fn begin_flow(&mut self, role: Option<Role>) {
        // What hangs over the first line only leaves that line its room.
        let hung = self.engine.prefixes.last().and_then(|prefix| {
            let first = prefix.first.as_ref()?.width();
            Some(prefix.width.saturating_sub(first))
        });
        let room = self.engine.text_room();
        self.engine.flow.begin(room, hung.unwrap_or(0));
        for mark in std::mem::take(&mut self.engine.marks) {
            self.engine.flow.push_strip(&mark);
        }
        self.engine.in_leaf = true;
        self.engine.leaf_role = role;
        self.engine.last_style = Style::default();
    }

    /// Closes the open leaf.
    pub(super) fn flush_flow(&mut self) {
        self.engine.flow.finish();
        self.take_lines();
        self.engine.in_leaf = false;
        self.engine.leaf_role = None;
        self.engine.link = None;
    }

    /// Our own text, on separate lines.
    pub(super) fn wrapped(&mut self, text: &str, role: Role) {
        let mut flow = Flow::new(self.engine.text_room());
        flow.push_all(text, Look::plain(role));
        self.emit_all(flow);
    }

    /// Writes all that a flow holds.
    pub(super) fn emit_all(&mut self, mut flow: Flow) {
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
        let Some(mut line) = self.take_last() else { return };
        let room = columns.saturating_sub(line.width());
        if room >= 4 {
            line.push(" ", Look::plain(Role::Rule));
            line.push(&dash.repeat(room - 1), Look::plain(Role::Rule));
        }
        if self.engine.in_cell {
            self.engine.strips.push(line);
        } else {
            self.lines.push(line_of(&line));
        }
    }

    /// Takes the last line back.
    fn take_last(&mut self) -> Option<Strip> {
        if self.engine.in_cell {
            return self.engine.strips.pop();
        }
        let line = self.lines.pop()?;
        let mut strip = self.strip();
        for span in line.spans() {
            strip.push(span.text, Look { role: span.role, emphasis: span.emphasis, link: span.link, image: None });
        }
        Some(strip)
    }
}

/// A line as it is drawn.
fn line_of(strip: &Strip) -> Line {
    let text = Clean::line(&strip.text);
    if text.as_str() == strip.text {
        let looks = strip.parts.iter().map(|part| (part.end, part.look.role, part.look.emphasis, part.look.link));
        return Line::new(text, looks);
    }
    // The filter changes nothing that was filtered before. If it does, each part ends where its own text does.
    let mut whole = String::new();
    let mut looks = Vec::new();
    let mut start = 0;
    for part in &strip.parts {
        whole.push_str(&Clean::line(strip.text.get(start..part.end).unwrap_or_default()));
        looks.push((whole.len(), part.look.role, part.look.emphasis, part.look.link));
        start = part.end;
    }
    let text = Clean::line(&whole);
    if text.as_str() == whole {
        return Line::new(text, looks.into_iter());
    }
    let end = text.len();
    Line::new(text, std::iter::once((end, Role::Text, Emphasis::default(), None)))
}
