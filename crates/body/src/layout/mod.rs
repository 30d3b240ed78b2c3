//! Lays a [`Doc`] out at a width.
//!
//! The engine walks the operations of the document once. Open containers stand on a stack, each with what it puts
//! before its lines; the open leaf fills lines through a [`flow::Flow`]. It can stop after any line and go on later,
//! even in the middle of a word, so that the first screen of a body never waits for the rest of it.

mod code;
mod flow;
mod measure;
mod pairs;
mod table;
mod types;

pub use types::{
    AnchorAt, CodeAt, CodeStyle, Emphasis, FieldAt, HeadingAt, ImageAt, LayoutOptions, Line, Link, MIN_WIDTH, NoteAt,
    Role, Span,
};

use super::doc::{Block, Doc, Letters, NO_LINK, Note, Op, Piece, Run, Style};
use super::link::LinkTarget;
use code::CodeLines;
use flow::{Flow, Look, Part, width};
use gluepot_core::model::Kind;
use gluepot_core::text::Clean;
use pairs::Pairs;
use table::Grid;

/// A body at a width: lines, and where the interesting things in them are.
///
/// Large bodies are laid out as far as they are looked at: [`Layout::begin`], then [`Layout::extend_to`] whenever
/// more lines are wanted. [`Layout::new`] does all of it at once.
#[derive(Debug, Default)]
pub struct Layout {
    /// The lines laid out so far
    pub lines: Vec<Line>,
    /// The links in them
    pub links: Vec<Link>,
    /// The headings in them
    pub headings: Vec<HeadingAt>,
    /// The places in them that links of the same body lead to
    pub anchors: Vec<AnchorAt>,
    /// The code blocks in them
    pub codes: Vec<CodeAt>,
    /// The images in them
    pub images: Vec<ImageAt>,
    /// The fields of record cards in them
    pub fields: Vec<FieldAt>,
    /// What the reader must know about the body
    pub notes: Vec<NoteAt>,
    engine: Engine,
}

/// A container that is open.
#[derive(Debug)]
struct Frame {
    block: Block,
    /// How many prefixes stood before it
    prefixes: usize,
}

/// What a container puts before its lines.
#[derive(Debug)]
struct Prefix {
    /// Before its first line, once
    first: Option<Vec<Part>>,
    rest: Vec<Part>,
    width: usize,
}

/// Where the work stands.
#[derive(Debug, Default)]
struct Engine {
    options: LayoutOptions,
    /// The next operation, and where to stop
    at: usize,
    end: usize,
    /// Bytes of a run already taken
    offset: usize,
    frames: Vec<Frame>,
    prefixes: Vec<Prefix>,
    prefix_width: usize,
    /// Marks of items there was no room to indent for: they become words of the next paragraph
    marks: Vec<Part>,
    /// An empty line is due
    margin: bool,
    /// The last line is a heading
    after_heading: bool,
    /// The fewest prefixes since the last line: an empty line belongs to what both sides share
    shared: usize,
    flow: Option<Flow>,
    leaf_role: Option<Role>,
    last_style: Style,
    /// The link of the text before: in the document, and in the layout
    link: Option<(u32, u32)>,
    code: Option<CodeLines>,
    /// Inside struck text that stands between marks
    struck: bool,
    grid: Option<Grid>,
    /// Inside a cell of a grid: tables in it are read cell by cell
    in_cell: bool,
    /// Tables in key/value form, innermost last
    pairs: Vec<Pairs>,
    /// The head of a table in key/value form was read: the table's frame is open
    skipped_head: bool,
    code_count: u32,
    /// Lines were taken away already
    any_before: bool,
    heading_due: Option<usize>,
    /// The first of [`Layout::anchors`] that are on the next line
    anchors_due: Option<usize>,
    field_due: Option<usize>,
    note_due: Option<usize>,
    code_due: Option<usize>,
}

impl Layout {
    /// Lays out the whole body.
    pub fn new(doc: &Doc, options: &LayoutOptions) -> Self {
        let mut layout = Self::begin(doc, options);
        layout.extend_to(doc, usize::MAX);
        layout
    }

    /// Begins without laying out any line.
    pub fn begin(doc: &Doc, options: &LayoutOptions) -> Self {
        let mut options = options.clone();
        options.width = options.width.max(MIN_WIDTH);
        options.text_width = options.text_width.clamp(MIN_WIDTH, options.width);
        Self { engine: Engine { options, end: doc.ops.len(), ..Engine::default() }, ..Self::default() }
    }

    /// Lays out at least `lines` lines, or all there are. `doc` must be the one it was begun with.
    pub fn extend_to(&mut self, doc: &Doc, lines: usize) {
        while self.lines.len() < lines && !self.is_complete() {
            self.step(doc);
        }
    }

    /// Takes the lines away that are laid out so far; for printing a body of any size in little memory. The places
    /// of links and the like no longer fit then.
    pub fn take_lines_so_far(&mut self) -> Vec<Line> {
        // Later lines need to know that they are not the first.
        self.engine.any_before |= !self.lines.is_empty();
        std::mem::take(&mut self.lines)
    }

    /// Whether all lines are there.
    pub fn is_complete(&self) -> bool {
        let engine = &self.engine;
        engine.at >= engine.end && engine.code.is_none() && engine.grid.is_none()
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
            // What stands between two raised runs ends the first one.
            Op::Break => {
                self.strike(false);
                if let Some(flow) = &mut self.engine.flow {
                    flow.line_break();
                }
                self.engine.last_style = Style::default();
                self.take_lines();
            }
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
            Op::Rule => {
                self.engine.margin = true;
                self.flush_marks();
                let columns = self.engine.text_room();
                let rule = if self.engine.options.ascii { "-" } else { "─" }.repeat(columns);
                self.emit(vec![Part::new(rule, Role::Rule)]);
                self.engine.margin = true;
            }
            Op::Gap => self.engine.margin = true,
            Op::Note(note) => {
                if let Some(&note) = doc.notes.get(note as usize) {
                    self.note(doc, note);
                }
            }
        }
        self.engine.at += 1;
    }

    // --- Lines ----------------------------------------------------------------------------------------------

    /// Writes a line with what stands before it.
    fn emit(&mut self, content: Vec<Part>) {
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
    fn anchors_in(&mut self, doc: &Doc, piece: Piece) {
        let first = doc.anchors.partition_point(|anchor| anchor.at < piece.start);
        let found = doc.anchors.iter().skip(first).take_while(|anchor| anchor.at < piece.end);
        let (before, line) = (self.anchors.len(), self.lines.len());
        self.anchors.extend(found.map(|anchor| AnchorAt { name: anchor.name.clone(), line }));
        if self.anchors.len() > before {
            self.engine.anchors_due.get_or_insert(before);
        }
    }

    /// Writes the lines that the flow has filled.
    fn take_lines(&mut self) {
        let Some(flow) = &mut self.engine.flow else { return };
        for line in std::mem::take(&mut flow.done) {
            self.emit(line);
        }
    }

    /// Writes marks that wait for a paragraph when something else comes.
    fn flush_marks(&mut self) {
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

    // --- Containers and leaves ------------------------------------------------------------------------------

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
                    self.engine.indent(vec![Part::new(mark, Role::Heading(level))], None, true);
                }
                self.begin_flow(Some(Role::Heading(level)));
            }
            Block::Quote => {
                self.engine.margin |= !self.engine.in_tight_item(doc);
                let bar = Part::new(if ascii { "| " } else { "│ " }, Role::Quote);
                self.engine.indent(vec![bar.clone()], Some(vec![bar]), false);
            }
            Block::List(_) => {
                let nested = matches!(self.engine.frames.last(), Some(Frame { block: Block::Item { .. }, .. }));
                self.engine.margin |= !nested;
            }
            Block::Item { number, task, bare } => {
                let marker = self.engine.marker(doc, number, task, bare);
                if !marker.is_empty() {
                    self.engine.indent(vec![Part::new(marker, Role::Marker)], None, true);
                }
            }
            Block::Definitions => self.engine.margin = true,
            Block::Term => {}
            Block::Description => {
                let blank = vec![Part::new("    ", Role::Text)];
                self.engine.indent(blank.clone(), Some(blank), false);
            }
            Block::Table(number) => {
                self.engine.margin = true;
                if !self.engine.in_cell {
                    if self.begin_table(doc, number) {
                        return true;
                    }
                    if std::mem::take(&mut self.engine.skipped_head) {
                        self.engine.at += 1;
                        return true;
                    }
                }
            }
            Block::Row { begins, .. } => {
                if !self.engine.in_cell {
                    self.pairs_row(doc, begins != super::doc::Part::None);
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
        let before = self.lines.len();
        if self.engine.flow.is_some() {
            self.strike(false);
            self.flush_flow();
        }
        let flushed = self.lines.len() > before;
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
                if mark.is_some_and(|mark| mark.iter().any(|part| !part.text.trim().is_empty())) {
                    self.emit(Vec::new());
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

    /// Lets a line go on behind the heading that was just written: double for the first level, single for the second.
    fn heading_rule(&mut self, level: u8) {
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

    /// Puts a mark where struck text begins or ends, for those who cannot see it struck.
    fn strike(&mut self, struck: bool) {
        if self.engine.options.strike_marks
            && std::mem::replace(&mut self.engine.struck, struck) != struck
            && let Some(flow) = &mut self.engine.flow
        {
            flow.push("~~", Look::plain(Role::Marker));
        }
    }

    fn begin_flow(&mut self, role: Option<Role>) {
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

    fn flush_flow(&mut self) {
        if let Some(flow) = &mut self.engine.flow {
            flow.finish();
        }
        self.take_lines();
        self.engine.flow = None;
        self.engine.leaf_role = None;
        self.engine.link = None;
    }

    /// Text of ours on lines of its own.
    fn wrapped(&mut self, text: &str, role: Role) {
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

    fn heading(&mut self, doc: &Doc, level: u8) {
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
        self.headings.push(HeadingAt { level, text: Clean::line(text.trim()), line: self.lines.len() });
    }

    fn field(&mut self, doc: &Doc, field: u32) {
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
            line: self.lines.len(),
        });
        let columns = label_width + 2;
        if width(label) <= label_width && self.engine.room() >= columns + 12 {
            let head = format!("{label}{}", " ".repeat(columns - width(label)));
            let rest = vec![Part::new(" ".repeat(columns), Role::Text)];
            self.engine.push_prefix(vec![Part::new(head, Role::Label)], rest, columns);
        } else {
            self.wrapped(label, Role::Label);
            let rest = vec![Part::new("  ", Role::Text)];
            self.engine.push_prefix(rest.clone(), rest, 2);
        }
    }

    fn note(&mut self, doc: &Doc, note: Note) {
        let text = note_text(doc, note);
        self.engine.margin = true;
        self.flush_marks();
        self.engine.note_due = Some(self.notes.len());
        self.notes.push(NoteAt { text: Clean::line(&text), line: self.lines.len() });
        self.wrapped(&format!("[{text}]"), Role::Note);
        self.engine.margin = true;
    }

    // --- Inline ---------------------------------------------------------------------------------------------

    /// Puts text into the open leaf. False: there is more of it, but enough lines for now.
    fn run(&mut self, doc: &Doc, text: &str, style: Style, link: u32) -> bool {
        // Blanks alone may be dropped, so they do not begin a link.
        let is_blank = text.chars().all(|c| c == ' ');
        let begun = self.engine.link.is_some_and(|(known, _)| known == link);
        let look = self.look(doc, style, if is_blank && !begun { NO_LINK } else { link });
        let struck = style.has(Style::STRIKE);
        if self.engine.offset == 0 && (!struck || text.contains(|c| c != ' ' && c != '\u{a0}')) {
            self.strike(struck);
        }
        let engine = &mut self.engine;
        let Some(flow) = &mut engine.flow else { return true };
        if engine.offset == 0 && text.contains(|c| c != ' ' && c != '\u{a0}') {
            for (bit, mark) in [(Style::SUP, "^"), (Style::SUB, "_")] {
                if style.has(bit) && !engine.last_style.has(bit) && flow.started {
                    flow.push(mark, Look { role: Role::Marker, ..look });
                }
            }
            engine.last_style = style;
        }
        let rest = text.get(engine.offset..).unwrap_or_default();
        let used = flow.push(rest, look);
        let finished = used >= rest.len();
        engine.offset = if finished { 0 } else { engine.offset + used };
        self.take_lines();
        finished
    }

    fn look(&mut self, doc: &Doc, style: Style, link: u32) -> Look {
        let link = self.link_of(doc, link);
        let emphasis = Emphasis {
            strong: style.has(Style::STRONG),
            emphasis: style.has(Style::EMPHASIS),
            strike: style.has(Style::STRIKE) && !self.engine.options.strike_marks,
            underline: style.has(Style::UNDERLINE),
            highlight: style.has(Style::HIGHLIGHT),
        };
        let role = if style.has(Style::WARNING) {
            Role::Warning
        } else if style.has(Style::DIM) {
            Role::Dim
        } else if style.has(Style::STEP) {
            Role::Step
        } else if link.is_some() {
            Role::Link
        } else if style.has(Style::CODE) {
            Role::Code
        } else if let Some(role) = self.engine.leaf_role {
            role
        } else {
            let within = self.engine.frames.iter().rev().nth(1).or(self.engine.frames.last());
            match within.map(|frame| frame.block) {
                Some(Block::Term) => Role::Label,
                Some(Block::Field(_)) => Role::Value,
                Some(Block::Cell { look, .. }) if look.head() => Role::TableHead,
                _ => Role::Text,
            }
        };
        Look { role, emphasis, link, image: None }
    }

    /// The layout's number of a document's link: a new one wherever its text begins.
    fn link_of(&mut self, doc: &Doc, link: u32) -> Option<u32> {
        if link == NO_LINK {
            return None;
        }
        if let Some((known, number)) = self.engine.link
            && known == link
        {
            return Some(number);
        }
        let info = doc.link(link)?;
        let number = u32::try_from(self.links.len()).ok()?;
        self.links.push(Link { target: info.target, text: info.text, misleads: info.misleads, line: usize::MAX });
        self.engine.link = Some((link, number));
        Some(number)
    }

    fn link_end(&mut self, doc: &Doc, link: u32) {
        let Some(info) = doc.link(link) else {
            self.engine.link = None;
            return;
        };
        let ascii = self.engine.options.ascii;
        let target = if info.shows_target { target_text(&info.target, ascii) } else { String::new() };
        // A link without text that leads nowhere is not on the screen, so it is none of those that can be chosen.
        let is_drawn = self.engine.link.is_some_and(|(known, _)| known == link) || !target.is_empty();
        let number = is_drawn.then(|| self.link_of(doc, link)).flatten();
        self.engine.link = None;
        if !target.is_empty() {
            if info.misleads {
                let look = Look { link: number, ..Look::plain(Role::Warning) };
                self.word(if ascii { "!!" } else { "⚠" }, look);
            }
            self.word(&target, Look { link: number, ..Look::plain(Role::LinkTarget) });
        }
    }

    fn image(&mut self, doc: &Doc, image: u32) {
        let Some(info) = doc.images.get(image as usize) else { return };
        self.engine.last_style = Style::default();
        let text = image_text(info.noun, &info.caption, info.size, self.engine.options.ascii);
        let number = u32::try_from(self.images.len()).ok();
        self.images.push(ImageAt {
            id: info.id,
            caption: info.caption.clone(),
            size: info.size,
            source: info.source.clone(),
            line: usize::MAX,
        });
        let link = self.engine.link.map(|(_, number)| number);
        let look = Look { image: number, link, ..Look::plain(Role::ImageCaption) };
        let Some(flow) = &mut self.engine.flow else { return };
        // A caption stands apart from the words around it by itself: "▣ image: rack".
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let used = flow.push(rest, look);
            rest = rest.get(used..).unwrap_or_default();
        }
        self.take_lines();
    }

    /// A word of ours in the open leaf, with a blank before it.
    fn word(&mut self, text: &str, look: Look) {
        let Some(flow) = &mut self.engine.flow else { return };
        if flow.started {
            flow.space(look);
        }
        let mut rest = text;
        while !rest.is_empty() {
            let used = flow.push(rest, look);
            rest = rest.get(used..).unwrap_or_default();
        }
        self.take_lines();
    }
}

impl Engine {
    /// Columns there are behind the prefixes.
    fn room(&self) -> usize {
        usize::from(self.options.width).saturating_sub(self.prefix_width).max(1)
    }

    /// Columns for text behind the prefixes.
    fn text_room(&self) -> usize {
        usize::from(self.options.text_width).saturating_sub(self.prefix_width).max(1)
    }

    /// Puts something before the lines of a container if enough room is left for text. If not, a mark that matters
    /// becomes a word of the text.
    fn indent(&mut self, first: Vec<Part>, rest: Option<Vec<Part>>, matters: bool) {
        let columns: usize = first.iter().map(|part| width(&part.text)).sum();
        let least = (usize::from(self.options.width) / 2).clamp(2, 20);
        if usize::from(self.options.text_width) >= self.prefix_width + columns + least {
            let rest = rest.unwrap_or_else(|| vec![Part::new(" ".repeat(columns), Role::Text)]);
            self.push_prefix(first, rest, columns);
        } else if matters {
            self.marks.extend(first);
        }
    }

    fn push_prefix(&mut self, first: Vec<Part>, rest: Vec<Part>, columns: usize) {
        self.prefixes.push(Prefix { first: Some(first), rest, width: columns });
        self.prefix_width += columns;
    }

    fn in_tight_item(&self, doc: &Doc) -> bool {
        match self.frames.as_slice() {
            [.., Frame { block: Block::List(list), .. }, Frame { block: Block::Item { .. }, .. }] => {
                doc.lists.get(*list as usize).is_some_and(|list| !list.loose)
            }
            _ => false,
        }
    }

    fn task(&self, ticked: bool) -> &'static str {
        match (self.options.ascii, ticked) {
            (true, true) => "[x]",
            (true, false) => "[ ]",
            (false, true) => "☑",
            (false, false) => "☐",
        }
    }

    fn marker(&self, doc: &Doc, number: i32, task: Option<bool>, bare: bool) -> String {
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

/// The number of an item.
pub(super) fn number_text(letters: Letters, number: i32) -> String {
    if !(1..=3999).contains(&number) {
        return number.to_string();
    }
    match letters {
        Letters::Digits => number.to_string(),
        Letters::Lower => letters_text(number, b'a'),
        Letters::Upper => letters_text(number, b'A'),
        Letters::LowerRoman => roman(number).to_lowercase(),
        Letters::UpperRoman => roman(number),
        Letters::Greek => greek(number),
        Letters::Zero => format!("{number:02}"),
    }
}

fn letters_text(mut number: i32, first: u8) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(first + (number % 26) as u8));
        number /= 26;
    }
    letters.iter().rev().collect()
}

fn greek(number: i32) -> String {
    let letters: Vec<char> = ('α'..='ω').filter(|&c| c != 'ς').collect();
    let letter = usize::try_from(number - 1).ok().and_then(|at| letters.get(at));
    letter.map_or_else(|| number.to_string(), char::to_string)
}

fn roman(mut number: i32) -> String {
    let mut out = String::new();
    for (value, text) in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while number >= value {
            number -= value;
            out.push_str(text);
        }
    }
    out
}

/// How much of a target is shown after the text of a link. All of it is shown before it is opened.
const MAX_TARGET: usize = 4096;

/// What is shown after the text of a link.
fn target_text(target: &LinkTarget, ascii: bool) -> String {
    let mut inside = match target {
        LinkTarget::Record(key, _) => kind_noun(key.kind).to_owned(),
        LinkTarget::Anchor(anchor) => format!("#{anchor}"),
        LinkTarget::Web(address) | LinkTarget::Mail(address) | LinkTarget::Refused(address) => address.to_string(),
    };
    if inside.len() > MAX_TARGET {
        inside.truncate(inside.floor_char_boundary(MAX_TARGET));
        inside.push_str(if ascii { "..." } else { "…" });
    }
    if ascii { format!("<{inside}>") } else { format!("⟨{inside}⟩") }
}

fn kind_noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Organization => "organization",
        Kind::Document => "document",
        Kind::DocumentFolder => "folder",
        Kind::Configuration => "configuration",
        Kind::Password => "password",
        Kind::FlexibleAsset => "asset",
        Kind::Contact => "contact",
        Kind::Location => "location",
        Kind::Domain => "domain",
        Kind::Expiration => "expiration",
        Kind::Checklist => "checklist",
        Kind::ChecklistTemplate => "checklist template",
        Kind::SslCertificate => "certificate",
        Kind::Ticket => "ticket",
        Kind::User => "user",
        Kind::Unknown => "record",
    }
}

/// What stands for an image. Blanks in it are ordinary ones: long captions wrap.
fn image_text(noun: &str, caption: &str, size: Option<u64>, ascii: bool) -> String {
    let mut text = String::from(if ascii { "[" } else { "▣\u{a0}" });
    text.push_str(noun);
    if !caption.is_empty() {
        text.push_str(": ");
        text.push_str(caption);
    }
    if let Some(size) = size {
        text.push_str(", ");
        text.push_str(&bytes_text(size));
    }
    if ascii {
        text.push(']');
    }
    text
}

/// A size for people.
pub(super) fn bytes_text(bytes: u64) -> String {
    match bytes {
        0..=1023 => format!("{bytes} bytes"),
        1024..=1_048_575 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
    }
}

/// Our own note in words.
pub(super) fn note_text(doc: &Doc, note: Note) -> String {
    match note {
        Note::Flattened => "Nested too deeply: parts are flattened from here on".to_owned(),
        Note::Tables => "Tables nested too deeply: cells are listed from here on".to_owned(),
        Note::Cut(bytes) => format!("Too large: the last {} are not shown", bytes_text(u64::from(bytes))),
        Note::Swallowed(bytes) => {
            format!("A script or style sheet without an end hides the following {}", bytes_text(u64::from(bytes)))
        }
        Note::UnknownBlock(name) => {
            format!("A block of a kind gluepot does not know: {}", doc.piece(name))
        }
    }
}
