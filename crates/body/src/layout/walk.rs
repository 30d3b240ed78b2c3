//! The walk over the operations of a document.

use super::engine::{Frame, Layout};
use super::strip::{Look, Strip};
use super::types::{LayoutOptions, Role};
use crate::doc::{self, Block, Doc, Op, Run, Style};

impl Layout {
    /// Lays out the whole body.
    pub fn new(doc: &Doc, options: &LayoutOptions) -> Self {
        let mut layout = Self::begin(doc, options);
        layout.extend_to(doc, usize::MAX);
        layout
    }

    /// Lays out at least `lines` lines, or all there are. `doc` must be the one it was begun with.
    pub fn extend_to(&mut self, doc: &Doc, lines: usize) {
        while self.lines.len() < lines && !self.is_complete() {
            self.step(doc);
        }
    }

    /// One piece of work: an operation, or some lines of a long one.
    fn step(&mut self, doc: &Doc) {
        if self.engine.code.is_some() {
            self.code_lines(doc);
            return;
        }
        if self.engine.grid.is_some() {
            self.grid_row(doc);
            return;
        }
        let Some(&op) = doc.ops.get(self.engine.at) else {
            self.engine.at = self.engine.end;
            return;
        };
        match op {
            Op::Run(run) => {
                let Run { piece, style, link } = doc.run(run);
                if self.engine.offset == 0 {
                    self.anchors_in(doc, piece);
                }
                if !self.run(doc, doc.piece(piece), style, link) {
                    return;
                }
            }
            Op::Open(block) => {
                if self.open(doc, block) {
                    return;
                }
            }
            Op::Close => self.close(),
            // Text between two raised runs ends the first one.
            Op::Break => self.break_line(),
            Op::LinkEnd(link) => self.link_end(doc, link),
            Op::Image(image) => {
                self.engine.last_style = Style::default();
                self.image(doc, image);
            }
            Op::Check(ticked) => {
                self.engine.last_style = Style::default();
                let mark = self.engine.task(ticked);
                self.word(mark, Look::plain(Role::Marker));
            }
            Op::Code(number) => {
                if let Some(code) = doc.codes.get(number as usize) {
                    self.anchors_in(doc, code.text);
                }
                self.begin_code(doc, number);
            }
            Op::Rule => self.rule(),
            Op::Gap => self.engine.margin = true,
            Op::Note(note) => {
                if let Some(&note) = doc.notes.get(note as usize) {
                    self.note(doc, note);
                }
            }
        }
        self.engine.at += 1;
    }

    fn rule(&mut self) {
        self.engine.margin = true;
        self.flush_marks();
        let columns = self.engine.text_room();
        let rule = if self.engine.options.ascii { "-" } else { "─" }.repeat(columns);
        self.emit(Strip::new(rule, Role::Rule));
        self.engine.margin = true;
    }

    fn break_line(&mut self) {
        self.strike(false);
        if self.engine.in_leaf {
            self.engine.flow.line_break();
        }
        self.engine.last_style = Style::default();
        self.take_lines();
    }

    /// A table begins. True: its operations were taken care of.
    fn open_table(&mut self, doc: &Doc, number: u32) -> bool {
        self.engine.margin = true;
        if self.engine.in_cell {
            return false;
        }
        if self.begin_table(doc, number) {
            return true;
        }
        let skipped = std::mem::take(&mut self.engine.skipped_head);
        self.engine.at += usize::from(skipped);
        skipped
    }

    /// Opens a container or leaf. True: the operations were taken care of already.
    fn open(&mut self, doc: &Doc, block: Block) -> bool {
        let prefixes = self.engine.prefixes.len();
        let ascii = self.engine.options.ascii;
        match block {
            Block::Para { margin } => {
                self.engine.margin |= margin;
                self.begin_flow(None);
            }
            Block::Heading(level) => {
                self.engine.margin = true;
                self.heading(doc, level);
                if !self.engine.options.heading_rules {
                    let mark = "#".repeat(usize::from(level.clamp(1, 6))) + " ";
                    self.engine.indent(Strip::new(mark, Role::Heading(level)), None, true);
                }
                self.begin_flow(Some(Role::Heading(level)));
            }
            Block::Quote => {
                self.engine.margin |= !self.engine.in_tight_item(doc);
                let bar = Strip::new(if ascii { "| " } else { "│ " }, Role::Quote);
                self.engine.indent(bar.clone(), Some(bar), false);
            }
            Block::List(_) => {
                let nested = matches!(self.engine.frames.last(), Some(Frame { block: Block::Item { .. }, .. }));
                self.engine.margin |= !nested;
            }
            Block::Item { number, task, bare } => {
                let marker = self.engine.marker(doc, number, task, bare);
                if !marker.is_empty() {
                    self.engine.indent(Strip::new(marker, Role::Marker), None, true);
                }
            }
            Block::Definitions => self.engine.margin = true,
            Block::Term => {}
            Block::Description => {
                let blank = Strip::blank(4);
                self.engine.indent(blank.clone(), Some(blank), false);
            }
            Block::Table(number) => {
                if self.open_table(doc, number) {
                    return true;
                }
            }
            Block::Row { begins, .. } => {
                if !self.engine.in_cell {
                    self.pairs_row(doc, begins != doc::Part::None);
                }
            }
            Block::Cell { .. } => {
                if !self.engine.in_cell && self.pairs_cell(doc, block) {
                    return true;
                }
            }
            // The fields of a card belong to the heading right above them.
            Block::Fields(_) => self.engine.margin = !self.engine.after_heading,
            Block::Field(field) => self.field(doc, field),
        }
        self.engine.frames.push(Frame { block, prefixes });
        false
    }

    fn close(&mut self) {
        let before = self.count();
        if self.engine.in_leaf {
            self.strike(false);
            self.flush_flow();
        }
        let flushed = self.count() > before;
        let Some(frame) = self.engine.frames.pop() else { return };
        match frame.block {
            Block::Para { margin } => self.engine.margin |= margin,
            Block::Heading(level) => {
                if flushed && self.engine.options.heading_rules {
                    self.heading_rule(level);
                }
                self.engine.margin = true;
                self.engine.after_heading = true;
            }
            Block::Table(_) | Block::Definitions | Block::Fields(_) => self.engine.margin = true,
            Block::Quote => {
                self.engine.margin |=
                    !matches!(self.engine.frames.last(), Some(Frame { block: Block::Item { .. }, .. }));
            }
            Block::List(_) => {
                let nested = matches!(self.engine.frames.last(), Some(Frame { block: Block::Item { .. }, .. }));
                self.engine.margin |= !nested;
            }
            Block::Cell { .. } => self.flush_marks(),
            Block::Row { .. } if !self.engine.in_cell => self.pairs_row_ends(),
            Block::Item { .. } => {
                // An item without content still shows its mark.
                self.flush_marks();
                let mark = self.engine.prefixes.get(frame.prefixes).and_then(|prefix| prefix.first.as_ref());
                if mark.is_some_and(|mark| !mark.text.trim().is_empty()) {
                    self.emit(Strip::default());
                }
            }
            _ => {}
        }
        if let Block::Table(_) = frame.block
            && !self.engine.in_cell
        {
            self.pairs_end();
        }
        while self.engine.prefixes.len() > frame.prefixes {
            if let Some(prefix) = self.engine.prefixes.pop() {
                self.engine.prefix_width -= prefix.width;
            }
        }
        self.engine.shared = self.engine.shared.min(frame.prefixes);
    }
}
