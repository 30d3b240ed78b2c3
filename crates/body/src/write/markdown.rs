//! The blocks of a document as Markdown.

use super::html::Html;
use super::inline::{Inline, Place, escape, longest};
use super::plain::Plain;
use crate::doc::{Align, Block, Doc, NO_LINK, Note, Op};
use crate::words;

/// Writes the whole document.
pub(crate) fn markdown(doc: &Doc) -> String {
    let mut writer = Writer {
        doc,
        plain: Plain::of(doc),
        out: String::with_capacity(doc.text.len() + doc.text.len() / 4),
        prefixes: Vec::new(),
        frames: Vec::new(),
        blank: false,
        shared: 0,
        joins: None,
        after_list: None,
    };
    let mut at = 0;
    while at < doc.ops.len() {
        at = writer.block(at);
    }
    writer.out
}

/// What a container puts before its lines.
struct Prefix {
    first: Option<String>,
    rest: String,
}

struct Writer<'a> {
    doc: &'a Doc,
    plain: Plain,
    out: String,
    prefixes: Vec<Prefix>,
    frames: Vec<(Block, usize)>,
    /// An empty line is due
    blank: bool,
    /// Prefixes that both sides of an empty line share
    shared: usize,
    /// The last block was a paragraph without margins at this depth: the next one continues it
    joins: Option<usize>,
    /// The last thing was a list, ordered or not, at this depth
    after_list: Option<(usize, bool)>,
}

impl Writer<'_> {
    /// Writes the block or part of one that begins at `at`; gives the place of the next.
    fn block(&mut self, at: usize) -> usize {
        let Some(&op) = self.doc.ops.get(at) else { return at + 1 };
        let joins = self.joins.take();
        match op {
            Op::Open(Block::Para { margin }) => self.paragraph(at, margin, joins),
            Op::Open(Block::Heading(level)) => {
                let (text, next) = self.leaf(at + 1, Place::OneLine);
                self.apart(true);
                self.line(&format!("{} {text}", "#".repeat(usize::from(level.clamp(1, 6)))), true);
                self.blank = true;
                self.after_list = None;
                next
            }
            Op::Open(Block::Table(table)) => {
                if self.plain.tables.get(table as usize) == Some(&true) {
                    self.table(at)
                } else {
                    self.as_html(at)
                }
            }
            Op::Open(Block::List(list)) if self.plain.lists.get(list as usize) != Some(&true) => self.as_html(at),
            Op::Open(Block::Definitions) => self.as_html(at),
            Op::Open(block) => {
                self.open(block);
                at + 1
            }
            Op::Close => {
                self.close();
                at + 1
            }
            Op::Code(code) => {
                self.code(code);
                at + 1
            }
            Op::Rule => {
                self.apart(true);
                self.line("***", true);
                self.blank = true;
                self.after_list = None;
                at + 1
            }
            Op::Note(note) => {
                self.note(note);
                at + 1
            }
            Op::Gap => {
                self.apart(true);
                at + 1
            }
            // Only leaves hold these.
            _ => at + 1,
        }
    }

    /// Writes the paragraph that begins at `at`, in one with the paragraph before if neither has a margin.
    fn paragraph(&mut self, at: usize, margin: bool, joins: Option<usize>) -> usize {
        let (text, next) = self.leaf(at + 1, Place::Text);
        if self.has_other_image(at) {
            return self.as_html(at);
        }
        if !margin && joins == Some(self.frames.len()) && self.out.ends_with('\n') {
            self.out.pop();
            self.out.push_str("\\\n");
            self.blank = false;
        } else {
            self.apart(margin || !self.in_tight_item());
        }
        for line in text.split('\n') {
            self.line(line, true);
        }
        self.blank |= margin || !self.in_tight_item();
        self.joins = (!margin).then_some(self.frames.len());
        self.after_list = None;
        next
    }

    fn note(&mut self, note: u32) {
        self.apart(true);
        let text = self.doc.notes.get(note as usize).map_or_else(String::new, |&note| note_text(self.doc, note));
        self.line(&text, true);
        self.blank = true;
        self.after_list = None;
    }

    fn in_tight_item(&self) -> bool {
        match self.frames.as_slice() {
            [.., (Block::List(list), _), (Block::Item { .. }, _)] => {
                self.doc.lists.get(*list as usize).is_some_and(|list| !list.loose)
            }
            _ => false,
        }
    }

    /// Asks for an empty line before the next block, unless that is the first of its item or quote.
    fn apart(&mut self, wanted: bool) {
        if wanted && self.prefixes.last().is_none_or(|prefix| prefix.first.is_none()) {
            self.blank = true;
        }
    }

    fn line(&mut self, text: &str, trim: bool) {
        if std::mem::take(&mut self.blank) && !self.out.is_empty() {
            let start = self.out.len();
            for prefix in self.prefixes.iter().take(self.shared) {
                self.out.push_str(&prefix.rest);
            }
            let kept = self.out.trim_end_matches(' ').len().max(start);
            self.out.truncate(kept);
            self.out.push('\n');
        }
        let start = self.out.len();
        for prefix in &mut self.prefixes {
            match prefix.first.take() {
                Some(first) => self.out.push_str(&first),
                None => self.out.push_str(&prefix.rest),
            }
        }
        self.out.push_str(text);
        if trim || text.is_empty() {
            let kept = self.out.trim_end_matches(' ').len().max(start);
            self.out.truncate(kept);
        }
        self.out.push('\n');
        self.shared = self.prefixes.len();
    }

    fn open(&mut self, block: Block) {
        let before = self.prefixes.len();
        match block {
            Block::Quote => {
                self.apart(true);
                self.prefixes.push(Prefix { first: Some("> ".into()), rest: "> ".into() });
            }
            Block::List(list) => {
                self.apart(!self.in_tight_item());
                let ordered = self.doc.lists.get(list as usize).is_some_and(|list| list.ordered);
                if self.after_list == Some((self.frames.len(), ordered)) {
                    // Two lists, not one.
                    self.blank = true;
                    self.line("<!-- -->", true);
                    self.blank = true;
                }
            }
            Block::Item { number, task, .. } => {
                let list = match self.frames.last() {
                    Some((Block::List(list), _)) => self.doc.lists.get(*list as usize),
                    _ => None,
                };
                let mut first = match list {
                    Some(list) if list.ordered => format!("{number}. "),
                    _ => "- ".to_owned(),
                };
                let rest = " ".repeat(first.len());
                if let Some(ticked) = task {
                    first.push_str(if ticked { "[x] " } else { "[ ] " });
                }
                self.prefixes.push(Prefix { first: Some(first), rest });
            }
            Block::Fields(_) => self.apart(true),
            Block::Field(field) => {
                let label = self.doc.fields.get(field as usize).map(|field| escape(&field.label, true));
                let first = format!("- **{}**: ", label.unwrap_or_default());
                self.prefixes.push(Prefix { first: Some(first), rest: "  ".into() });
                self.blank = false;
            }
            _ => {}
        }
        self.after_list = None;
        self.frames.push((block, before));
    }

    fn close(&mut self) {
        let Some((block, before)) = self.frames.pop() else { return };
        if self.prefixes.get(before).is_some_and(|prefix| prefix.first.is_some()) {
            self.line("", true);
        }
        self.prefixes.truncate(before);
        self.shared = self.shared.min(before);
        self.after_list = None;
        match block {
            Block::Quote | Block::Fields(_) => self.blank = true,
            Block::List(list) => {
                self.blank = !self.in_tight_item();
                let ordered = self.doc.lists.get(list as usize).is_some_and(|list| list.ordered);
                self.after_list = Some((self.frames.len(), ordered));
            }
            Block::Item { .. } => {
                let loose = match self.frames.last() {
                    Some((Block::List(list), _)) => self.doc.lists.get(*list as usize).is_some_and(|list| list.loose),
                    _ => false,
                };
                self.blank = loose;
            }
            Block::Field(_) => self.blank = false,
            _ => {}
        }
    }

    fn code(&mut self, code: u32) {
        let Some(code) = self.doc.codes.get(code as usize) else { return };
        self.apart(!self.in_tight_item());
        let text = self.doc.piece(code.text);
        let language: String =
            code.language.split_whitespace().next().map(|word| escape(word, false)).unwrap_or_default();
        let mark = if language.contains('`') { '~' } else { '`' };
        let fence = mark.to_string().repeat(longest(text, mark).max(2) + 1);
        self.line(&format!("{fence}{language}"), true);
        if !text.is_empty() {
            for line in text.split('\n') {
                self.line(line, false);
            }
        }
        self.line(&fence, true);
        self.blank |= !self.in_tight_item();
        self.after_list = None;
    }

    fn table(&mut self, at: usize) -> usize {
        self.apart(true);
        let mut next = at + 1;
        let mut line = String::new();
        let mut rule = String::new();
        let mut head = false;
        while let Some(op) = self.doc.ops.get(next) {
            next += 1;
            match op {
                Op::Open(Block::Row { head: is_head, .. }) => {
                    head = *is_head;
                    "|".clone_into(&mut line);
                    "|".clone_into(&mut rule);
                }
                Op::Open(Block::Cell { look, .. }) => {
                    line.push(' ');
                    rule.push_str(match look.align() {
                        Align::Left => " --- |",
                        Align::Center => " :---: |",
                        Align::Right => " ---: |",
                    });
                }
                Op::Open(Block::Para { .. }) => {
                    let (text, after) = self.leaf(next, Place::Cell);
                    line.push_str(&text);
                    next = after;
                }
                Op::Close => match line.as_str() {
                    // The table itself.
                    "" => break,
                    // A row, or a cell of it.
                    _ if matches!(self.doc.ops.get(next), Some(Op::Open(Block::Row { .. }) | Op::Close))
                        && line.ends_with('|') =>
                    {
                        let row = std::mem::take(&mut line);
                        self.line(&row, true);
                        if std::mem::take(&mut head) {
                            let rule = std::mem::take(&mut rule);
                            self.line(&rule, true);
                        }
                    }
                    _ => line.push_str(" |"),
                },
                _ => {}
            }
        }
        self.blank = true;
        self.after_list = None;
        next
    }

    /// The text of the leaf whose content begins at `at`, and the place after it.
    fn leaf(&self, at: usize, place: Place) -> (String, usize) {
        let mut inline = Inline { doc: self.doc, place, out: String::new(), link: NO_LINK, delimiter: false };
        let mut next = at;
        while let Some(op) = self.doc.ops.get(next) {
            next += 1;
            if matches!(op, Op::Close) {
                break;
            }
            let more = !matches!(self.doc.ops.get(next), None | Some(Op::Close));
            inline.op(op, next - 1, more);
        }
        inline.end_link();
        (inline.out, next)
    }

    /// Whether the leaf that begins at `at` holds a video or the like, which only HTML can say.
    fn has_other_image(&self, at: usize) -> bool {
        self.doc.ops.iter().skip(at + 1).take_while(|op| !matches!(op, Op::Close)).any(|op| match op {
            Op::Image(image) => self.doc.images.get(*image as usize).is_some_and(|image| image.noun != "image"),
            _ => false,
        })
    }

    /// Writes the block that begins at `at` as HTML on one line.
    fn as_html(&mut self, at: usize) -> usize {
        let mut html = Html { doc: self.doc, out: String::new(), link: NO_LINK, open: Vec::new() };
        let mut next = at;
        let mut depth = 0;
        while let Some(op) = self.doc.ops.get(next) {
            next += 1;
            match op {
                Op::Open(_) => depth += 1,
                Op::Close => depth -= 1,
                _ => {}
            }
            html.op(op, next - 1);
            if depth == 0 {
                break;
            }
        }
        self.apart(!self.in_tight_item());
        self.line(&html.out, true);
        self.blank |= !self.in_tight_item();
        self.after_list = None;
        next
    }
}

fn note_text(doc: &Doc, note: Note) -> String {
    escape(&format!("[{}]", words::note_text(doc, note)), true)
}
