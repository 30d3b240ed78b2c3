//! A document as Markdown.
//!
//! Reading what is written here gives the same lines again. What Markdown has no words for (tables without a head or
//! with blocks in their cells, lists with gaps in their numbers, definition lists) is written as HTML, which is
//! Markdown too. One walk over the operations, one look ahead for the lists and tables.

use std::fmt::Write as _;

use super::doc::{Align, Block, Doc, Letters, NO_LINK, Note, Op, Part, Piece, Run, Style};

/// Writes the whole document.
pub(super) fn markdown(doc: &Doc) -> String {
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

/// Which lists and tables can be written as Markdown.
struct Plain {
    lists: Vec<bool>,
    tables: Vec<bool>,
}

/// What an open item has held so far, and what its list needs.
#[derive(Default)]
struct Seen {
    block: Option<Block>,
    children: u32,
    /// Children of all items, and items, of a list
    most: u32,
    items: u32,
    first_item_empty: bool,
    /// After a paragraph, where only some blocks can begin
    after_para: bool,
    other: bool,
    /// After a list that only HTML can say, which ends at an empty line
    after_html: bool,
    cells: u32,
    rows: u32,
}

impl Plain {
    fn of(doc: &Doc) -> Self {
        let mut plain = Self { lists: vec![true; doc.lists.len()], tables: vec![true; doc.tables.len()] };
        let mut open: Vec<Seen> = Vec::new();
        let mut aligns: Vec<Vec<Align>> = Vec::new();
        for op in &doc.ops {
            match op {
                Op::Open(block) => {
                    plain.child(doc, &mut open, Some(*block), &mut aligns);
                    open.push(Seen { block: Some(*block), ..Seen::default() });
                }
                Op::Close => {
                    let Some(seen) = open.pop() else { continue };
                    plain.closed(doc, &seen, &mut open, &mut aligns);
                }
                Op::Code(_) | Op::Rule | Op::Gap | Op::Note(_) => {
                    plain.child(doc, &mut open, None, &mut aligns);
                    if !matches!(op, Op::Code(_)) {
                        plain.only_loose(doc, &open);
                    }
                }
                // Only images have a notation of their own.
                Op::Image(image) if doc.images.get(*image as usize).is_some_and(|image| image.noun != "image") => {
                    plain.no_markup(&open);
                }
                _ => {}
            }
        }
        plain
    }

    fn list(&mut self, list: u32) -> Option<&mut bool> {
        self.lists.get_mut(list as usize)
    }

    /// The innermost list is not tight or not Markdown.
    fn only_loose(&mut self, doc: &Doc, open: &[Seen]) {
        if let [.., list, item] = open
            && let (Some(Block::List(list)), Some(Block::Item { .. })) = (list.block, item.block)
            && doc.lists.get(list as usize).is_some_and(|list| !list.loose)
            && let Some(plain) = self.list(list)
        {
            *plain = false;
        }
    }

    fn no_markup(&mut self, open: &[Seen]) {
        for seen in open.iter().rev().take(3) {
            match seen.block {
                Some(Block::Table(table)) => {
                    if let Some(plain) = self.tables.get_mut(table as usize) {
                        *plain = false;
                    }
                }
                Some(Block::List(list)) => {
                    if let Some(plain) = self.list(list) {
                        *plain = false;
                    }
                }
                _ => {}
            }
        }
    }

    /// A child of whatever is open.
    fn child(&mut self, doc: &Doc, open: &mut [Seen], block: Option<Block>, aligns: &mut Vec<Vec<Align>>) {
        let depth = open.len();
        let Some(parent) = open.last_mut() else {
            if let Some(Block::Table(_)) = block {
                aligns.push(Vec::new());
            }
            return;
        };
        parent.children += 1;
        match (parent.block, block) {
            (Some(Block::Item { task, .. }), _) => {
                let para = matches!(block, Some(Block::Para { .. }));
                let broken = (para && parent.other) || (parent.children == 1 && !para && task.is_some());
                let fine = para || block.is_none() || matches!(block, Some(Block::List(_)));
                let second_list = matches!(block, Some(Block::List(_))) && parent.other;
                let after_para = parent.after_para;
                let after_html = parent.after_html;
                parent.after_para = para;
                parent.other |= !para;
                let list = depth.checked_sub(2).and_then(|at| open.get(at)).and_then(|seen| seen.block);
                if let Some(Block::List(list)) = list {
                    let tight = doc.lists.get(list as usize).is_some_and(|list| !list.loose);
                    let broken_task = broken && task.is_some();
                    if (tight && (broken || !fine || second_list || after_html)) || broken_task {
                        self.lists.get_mut(list as usize).map(|plain| *plain = false).unwrap_or_default();
                    }
                    if let Some(Block::List(inner)) = block
                        && tight
                        && after_para
                        && doc.lists.get(inner as usize).is_some_and(|inner| inner.ordered && inner.first != 1)
                        && let Some(plain) = self.list(inner)
                    {
                        *plain = false;
                    }
                }
            }
            (Some(Block::List(_)), _) => parent.items += 1,
            (Some(Block::Table(table)), Some(Block::Row { head, .. })) => {
                parent.rows += 1;
                if head != (parent.rows == 1)
                    && let Some(plain) = self.tables.get_mut(table as usize)
                {
                    *plain = false;
                }
            }
            (Some(Block::Row { head, .. }), Some(Block::Cell { look, .. })) => {
                let align = look.align();
                parent.cells += 1;
                let at = parent.cells as usize - 1;
                let fits = match aligns.last_mut() {
                    Some(columns) if head => {
                        columns.push(align);
                        true
                    }
                    Some(columns) => columns.get(at) == Some(&align),
                    None => false,
                };
                if !fits {
                    self.no_markup(open);
                }
            }
            (Some(Block::Cell { .. }), _)
                if !matches!(block, Some(Block::Para { margin: false })) || parent.children > 1 =>
            {
                self.no_markup(open);
            }
            _ => {}
        }
        if let Some(Block::Table(_)) = block {
            aligns.push(Vec::new());
        }
    }

    fn closed(&mut self, doc: &Doc, seen: &Seen, open: &mut [Seen], aligns: &mut Vec<Vec<Align>>) {
        match seen.block {
            Some(Block::Item { .. }) => {
                if let Some(list) = open.last_mut() {
                    list.most = list.most.max(seen.children);
                    list.first_item_empty |= list.items == 1 && seen.children == 0;
                }
            }
            Some(Block::List(list)) => {
                let after_para = open.last().is_some_and(|item| matches!(item.block, Some(Block::Item { .. })))
                    && open.last().is_some_and(|item| item.children > 1);
                let Some(info) = doc.lists.get(list as usize) else { return };
                let alone = info.loose && seen.items < 2 && seen.most < 2;
                let odd = info.ordered && (info.letters != Letters::Digits || !(0..=99_999_999).contains(&info.first));
                if (alone || odd || info.odd || info.bare || (seen.first_item_empty && after_para))
                    && let Some(plain) = self.list(list)
                {
                    *plain = false;
                }
                if self.lists.get(list as usize) == Some(&false)
                    && let Some(item) = open.last_mut()
                {
                    item.after_html = true;
                }
            }
            Some(Block::Table(table)) => {
                aligns.pop();
                let spans = doc.tables.get(table as usize).is_none_or(|table| table.spans);
                if spans && let Some(plain) = self.tables.get_mut(table as usize) {
                    *plain = false;
                }
            }
            Some(Block::Row { .. }) => {
                if let Some(Seen { block: Some(Block::Table(table)), .. }) = open.last()
                    && doc.tables.get(*table as usize).is_some_and(|info| info.columns != seen.cells)
                    && let Some(plain) = self.tables.get_mut(*table as usize)
                {
                    *plain = false;
                }
            }
            _ => {}
        }
    }
}

/// The text of the run at `at` as it is written. Blanks at the end of a link whose target is shown are left out: the
/// blank before the target stands for them, and behind the target they would be seen.
fn written(doc: &Doc, at: usize, piece: Piece, link: u32) -> &str {
    let text = doc.piece(piece);
    if link == NO_LINK || !text.ends_with(' ') {
        return text;
    }
    let blank = |op: &&Op| match op {
        Op::Run(run) => {
            let run = doc.run(*run);
            run.link == link && doc.piece(run.piece).bytes().all(|byte| byte == b' ')
        }
        _ => false,
    };
    let next = doc.ops.iter().skip(at + 1).take(64).find(|op| !blank(op));
    let ends = matches!(next, Some(Op::LinkEnd(same)) if *same == link);
    if ends && doc.link(link).is_some_and(|link| link.shows_target) { text.trim_end_matches(' ') } else { text }
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
    /// The last thing was a paragraph without margins at this depth: the next one goes on in it
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
            Op::Open(Block::Para { margin }) => {
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
                self.apart(true);
                let text =
                    self.doc.notes.get(note as usize).map_or_else(String::new, |&note| note_text(self.doc, note));
                self.line(&text, true);
                self.blank = true;
                self.after_list = None;
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

/// Where inline text stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Text,
    /// In a heading: no line breaks
    OneLine,
    /// In a table's cell: no line breaks, no bars
    Cell,
}

struct Inline<'a> {
    doc: &'a Doc,
    place: Place,
    out: String,
    link: u32,
    /// The last thing written was a delimiter of emphasis
    delimiter: bool,
}

impl Inline<'_> {
    /// Writes the operation at `at`; `more` of the leaf follows or not.
    fn op(&mut self, op: &Op, at: usize, more: bool) {
        match *op {
            Op::Run(run) => {
                let Run { piece, style, link } = self.doc.run(run);
                if link != NO_LINK && link != self.link {
                    self.end_link();
                    if self.doc.written_href(link).is_some() {
                        self.link = link;
                        self.out.push('[');
                        self.delimiter = false;
                    }
                }
                self.run(written(self.doc, at, piece, link), style, more);
            }
            Op::LinkEnd(link) => {
                if link != self.link
                    && let Some(href) = self.doc.written_href(link)
                {
                    let _ = write!(self.out, "[](<{}>)", angle(&href));
                } else {
                    self.end_link();
                }
                self.delimiter = false;
            }
            Op::Break => {
                let again = self.out.ends_with("\\\n") || self.out.ends_with("<br>");
                if self.place == Place::Text && !again && more && !self.out.is_empty() {
                    self.out.push_str("\\\n");
                } else {
                    self.out.push_str("<br>");
                }
                self.delimiter = false;
            }
            Op::Image(image) => {
                let Some(image) = self.doc.images.get(image as usize) else { return };
                let mut alt = if image.has_alt { image.caption.to_string() } else { String::new() };
                if let Some(size) = image.size {
                    let _ = write!(alt, ", {}", super::layout::bytes_text(size));
                }
                let source = if image.source.starts_with("data:") { "data:" } else { image.source.as_str() };
                let _ = write!(self.out, "![{}](<{}>)", self.escaped(&alt), angle(source));
                self.delimiter = false;
            }
            Op::Check(ticked) => {
                self.out.push_str(if ticked {
                    "<input type=\"checkbox\" checked>"
                } else {
                    "<input type=\"checkbox\">"
                });
                self.delimiter = false;
            }
            _ => {}
        }
    }

    fn end_link(&mut self) {
        if self.link == NO_LINK {
            return;
        }
        if let Some(href) = self.doc.written_href(self.link) {
            // A backslash at the end of the text would be one.
            if let Some(kept) = self.out.strip_suffix("\\\n").map(str::len) {
                self.out.truncate(kept);
                self.out.push_str("<br>");
            }
            let _ = write!(self.out, "](<{}>)", angle(&href));
        }
        self.link = NO_LINK;
    }

    fn escaped(&self, text: &str) -> String {
        escape(text, self.out.is_empty() || self.out.ends_with('\n'))
    }

    fn run(&mut self, text: &str, style: Style, more: bool) {
        if text.is_empty() {
            return;
        }
        let looks = style.without(Style::DIM).without(Style::WARNING);
        let looks = if looks.has(Style::STEP) { looks.without(Style::STEP).or(Style::STRONG) } else { looks };
        let body = match (looks.has(Style::CODE), plain_blanks(text)) {
            (true, true) => code_span(text, self.place),
            (true, false) => format!("<code>{}</code>", escape(text, false)),
            (false, _) => self.escaped(text),
        };
        let body = if more && body.ends_with('!') {
            format!("{}\\!", body.strip_suffix('!').unwrap_or_default())
        } else {
            body
        };
        let delimiter = match looks {
            Style::STRONG => "**",
            Style::EMPHASIS => "*",
            Style::STRIKE => "~~",
            _ => "",
        };
        let edges = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if looks.without(Style::CODE) == Style::default() {
            self.out.push_str(&body);
            self.delimiter = false;
        } else if !delimiter.is_empty()
            && !self.delimiter
            && edges(text.chars().next())
            && edges(text.chars().next_back())
        {
            let _ = write!(self.out, "{delimiter}{body}{delimiter}");
            self.delimiter = true;
        } else {
            let tags: Vec<&str> = TAGS.iter().filter(|(look, _)| looks.has(*look)).map(|(_, tag)| *tag).collect();
            for tag in &tags {
                let _ = write!(self.out, "<{tag}>");
            }
            self.out.push_str(&body);
            for tag in tags.iter().rev() {
                let _ = write!(self.out, "</{tag}>");
            }
            self.delimiter = false;
        }
    }
}

/// The elements of looks, code excepted.
const TAGS: [(Style, &str); 7] = [
    (Style::STRONG, "strong"),
    (Style::EMPHASIS, "em"),
    (Style::STRIKE, "del"),
    (Style::UNDERLINE, "u"),
    (Style::HIGHLIGHT, "mark"),
    (Style::SUB, "sub"),
    (Style::SUP, "sup"),
];

/// An address between angle brackets.
fn angle(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        if matches!(c, '<' | '>' | '\\' | '&' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn code_span(text: &str, place: Place) -> String {
    let mut text = text.replace('\u{a0}', " ");
    if place == Place::Cell {
        text = text.replace('|', "\\|");
    }
    let fence = "`".repeat(runs(&text));
    let edge = |c: char| c == '`' || c == ' ';
    let padded = text.chars().any(|c| c != ' ') && (text.starts_with(edge) || text.ends_with(edge));
    let pad = if padded { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Whether the hard blanks of inline code come back by themselves: several blanks are hard, a single one is not.
fn plain_blanks(text: &str) -> bool {
    let blank = |c: char| c == ' ' || c == '\u{a0}';
    text.split(|c| !blank(c)).all(|blanks| match blanks.chars().count() {
        0 => true,
        1 => blanks == " ",
        _ => !blanks.contains(' '),
    })
}

/// The shortest run of backticks that the text does not hold.
fn runs(text: &str) -> usize {
    let mut lengths: Vec<usize> = text.split(|c| c != '`').map(str::len).filter(|&len| len > 0).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut free = 1;
    for length in lengths {
        if length != free {
            break;
        }
        free += 1;
    }
    free
}

/// The longest run of a character.
fn longest(text: &str, mark: char) -> usize {
    text.split(|c| c != mark).map(str::len).max().unwrap_or(0)
}

/// Text in which nothing is markup.
fn escape(text: &str, line_start: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut start = line_start;
    let mut digits = line_start;
    for c in text.chars() {
        match c {
            '\u{a0}' => {
                out.push_str("&nbsp;");
                start = false;
                digits = false;
                continue;
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '&' | '#' => out.push('\\'),
            '+' | '-' | '=' | ':' | '^' if start => out.push('\\'),
            '.' | ')' if digits && !start => out.push('\\'),
            _ => {}
        }
        digits = digits && c.is_ascii_digit();
        start = false;
        out.push(c);
    }
    out
}

fn note_text(doc: &Doc, note: Note) -> String {
    escape(&format!("[{}]", super::layout::note_text(doc, note)), true)
}

/// Writes HTML without any line break.
struct Html<'a> {
    doc: &'a Doc,
    out: String,
    link: u32,
    open: Vec<&'static str>,
}

impl Html<'_> {
    /// Writes the operation at `at`.
    fn op(&mut self, op: &Op, at: usize) {
        match *op {
            Op::Open(block) => self.start(block),
            Op::Close => {
                self.end_link();
                if let Some(tag) = self.open.pop() {
                    let _ = write!(self.out, "</{tag}>");
                }
            }
            Op::Run(run) => {
                let Run { piece, style, link } = self.doc.run(run);
                if link != NO_LINK && link != self.link {
                    self.end_link();
                    if let Some(href) = self.doc.written_href(link) {
                        let _ = write!(self.out, "<a href=\"{}\">", html_text(&href));
                        self.link = link;
                    }
                }
                let text = html_text(written(self.doc, at, piece, link));
                let style = if style.has(Style::STEP) { style.or(Style::STRONG) } else { style };
                let mut tags: Vec<&str> =
                    TAGS.iter().filter(|(look, _)| style.has(*look)).map(|(_, tag)| *tag).collect();
                if style.has(Style::CODE) {
                    tags.push("code");
                }
                for tag in &tags {
                    let _ = write!(self.out, "<{tag}>");
                }
                self.out.push_str(&text);
                for tag in tags.iter().rev() {
                    let _ = write!(self.out, "</{tag}>");
                }
            }
            Op::LinkEnd(link) => {
                if link != self.link
                    && let Some(href) = self.doc.written_href(link)
                {
                    let _ = write!(self.out, "<a href=\"{}\"></a>", html_text(&href));
                } else {
                    self.end_link();
                }
            }
            Op::Break | Op::Gap => self.out.push_str("<br>"),
            Op::Image(image) => {
                let Some(image) = self.doc.images.get(image as usize) else { return };
                let mut alt = if image.has_alt { image.caption.to_string() } else { String::new() };
                if let Some(size) = image.size {
                    let _ = write!(alt, ", {}", super::layout::bytes_text(size));
                }
                let source = if image.source.starts_with("data:") { "data:" } else { image.source.as_str() };
                let (tag, end) = match image.noun {
                    "frame" => ("iframe", "</iframe>"),
                    "video" => ("video", "</video>"),
                    "audio" => ("audio", "</audio>"),
                    "object" => ("embed", ""),
                    _ => ("img", ""),
                };
                let _ = write!(self.out, "<{tag} src=\"{}\" alt=\"{}\">{end}", html_text(source), html_text(&alt));
            }
            Op::Check(ticked) => {
                self.out.push_str(if ticked {
                    "<input type=\"checkbox\" checked>"
                } else {
                    "<input type=\"checkbox\">"
                });
            }
            Op::Code(code) => {
                let Some(code) = self.doc.codes.get(code as usize) else { return };
                let class = if code.language.is_empty() {
                    String::new()
                } else {
                    format!(" class=\"language-{}\"", html_text(&code.language))
                };
                let text = html_text(self.doc.piece(code.text)).replace('\n', "&#10;");
                let _ = write!(self.out, "<pre><code{class}>{text}&#10;</code></pre>");
            }
            Op::Rule => self.out.push_str("<hr>"),
            Op::Note(note) => {
                let text = self
                    .doc
                    .notes
                    .get(note as usize)
                    .map_or_else(String::new, |&note| super::layout::note_text(self.doc, note));
                let _ = write!(self.out, "<p>[{}]</p>", html_text(&text));
            }
        }
    }

    fn end_link(&mut self) {
        if self.link != NO_LINK {
            self.out.push_str("</a>");
            self.link = NO_LINK;
        }
    }

    fn start(&mut self, block: Block) {
        let tag = match block {
            Block::Para { margin: true } => "p",
            Block::Para { margin: false } | Block::Fields(_) | Block::Field(_) => "div",
            Block::Heading(level) => {
                ["h1", "h2", "h3", "h4", "h5", "h6"].get(usize::from(level.clamp(1, 6)) - 1).copied().unwrap_or("h6")
            }
            Block::Quote => "blockquote",
            Block::List(list) => {
                let info = self.doc.lists.get(list as usize);
                if info.is_some_and(|list| list.ordered) { "ol" } else { "ul" }
            }
            Block::Item { .. } => "li",
            Block::Table(_) => "table",
            Block::Row { .. } => "tr",
            Block::Cell { look, .. } => {
                if look.head() {
                    "th"
                } else {
                    "td"
                }
            }
            Block::Definitions => "dl",
            Block::Term => "dt",
            Block::Description => "dd",
        };
        let _ = write!(self.out, "<{tag}");
        match block {
            Block::List(list) => {
                if let Some(list) = self.doc.lists.get(list as usize).filter(|list| list.ordered) {
                    let kind = match list.letters {
                        Letters::Digits => "1",
                        Letters::Lower => "a",
                        Letters::Upper => "A",
                        Letters::LowerRoman => "i",
                        Letters::UpperRoman => "I",
                        Letters::Greek => "1\" style=\"list-style-type:lower-greek",
                        Letters::Zero => "1\" style=\"list-style-type:decimal-leading-zero",
                    };
                    let _ = write!(self.out, " start=\"{}\" type=\"{kind}\"", list.first);
                }
                if self.doc.lists.get(list as usize).is_some_and(|list| list.bare) {
                    self.out.push_str(" style=\"list-style-type:none\"");
                }
            }
            Block::Item { number, bare, .. } => {
                let _ = write!(self.out, " value=\"{number}\"");
                if bare {
                    self.out.push_str(" style=\"list-style-type:none\"");
                }
            }
            Block::Cell { look, columns, rows, .. } => {
                let _ = match look.align() {
                    Align::Left => Ok(()),
                    Align::Center => self.out.write_str(" align=\"center\""),
                    Align::Right => self.out.write_str(" align=\"right\""),
                };
                if columns > 1 {
                    let _ = write!(self.out, " colspan=\"{columns}\"");
                }
                if rows != 1 {
                    let _ = write!(self.out, " rowspan=\"{rows}\"");
                }
            }
            _ => {}
        }
        self.out.push('>');
        if let Block::Row { begins, .. } = block {
            let part = match begins {
                Part::None => "",
                Part::Head => "<thead>",
                Part::Body => "<tbody>",
                Part::Foot => "<tfoot>",
            };
            let start = self.out.len() - "<tr>".len();
            self.out.insert_str(start, part);
        }
        if let Block::Item { task: Some(ticked), .. } = block {
            self.out.push_str(if ticked { "<input type=\"checkbox\" checked>" } else { "<input type=\"checkbox\">" });
        }
        self.open.push(tag);
    }
}

fn html_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
    out
}
