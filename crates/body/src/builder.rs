//! Builds a [`Doc`] from tags and text, for HTML and Markdown alike.
//!
//! It does what the tree construction of the HTML standard does for a reader, without a tree: tags that end by
//! themselves (`p`, `li`, `dt`, `td` …), stray and misnested ends, text where none belongs, formatting that goes on
//! over the end of a paragraph. Every step takes the same time however deep the nesting is: elements are counted by
//! name, so that an end tag without a start costs nothing, and formatting is a set of counters instead of elements.

use std::collections::HashSet;

use super::doc::{
    Align, Anchor, Block, CellLook, Code, Doc, FieldInfo, Href, ImageInfo, Letters, LinkInfo, List, NO_LINK, Note, Op,
    Part, Piece, Run, Style, Table,
};
use super::html::tags::{Attrs, Tag};
use super::link::{LinkBase, LinkTarget, escaped, image_of_path};
use super::lists::{self, Marker, WordMarker};
use super::spans::{BUDGET, Places};
use gluepot_core::text::{Clean, is_unseen, shows_nothing};

/// Containers deeper than this stand side by side instead of inside each other.
pub(super) const MAX_DEPTH: usize = 512;

/// Tables inside tables inside tables deeper than this are read as plain blocks.
const MAX_TABLES: usize = 32;

/// Operations that may be moved in a body until feet stay where they were written.
const MOVES: usize = 16 << 20;

/// How much of a link's text is kept.
const LINK_TEXT: usize = 400;
/// More names of places in one body are not kept.
const MOST_ANCHORS: usize = 20_000;

/// An open element.
#[derive(Clone, Copy)]
struct Entry {
    tag: Tag,
    /// Whether it opened a container of the document
    emitted: bool,
    /// Made up by us, not in the source
    implied: bool,
    /// What to restore when it ends
    heading: u8,
    item_open: bool,
    term_open: bool,
    keep_space: bool,
    quiet: bool,
    /// Looks that its style attribute gives all that is inside
    looks: u16,
    /// The level of a list that Word wrote as paragraphs, and which one it is
    word_level: u8,
    word_list: u64,
}

/// Formatting that is on.
#[derive(Clone, Default)]
struct Inline {
    on: [u32; Style::BITS],
    /// Open elements of fixed looks, by tag
    open: [u32; 12],
    /// Looks of the open `span` and `b` elements, whose style attributes decide
    spans: Vec<u16>,
    bolds: Vec<u16>,
    /// Open elements of fixed looks that also strike out: which, and how many of it were open
    struck: Vec<(usize, u32)>,
    struck_link: bool,
}

/// An open table.
struct OpenTable {
    /// The element's place on the stack
    entry: usize,
    row: Option<usize>,
    cell: Option<usize>,
    head: bool,
    /// The number of the table, once its first row has opened it
    number: Option<u32>,
    /// The part that the next row begins, and whether any was named
    part: Part,
    parted: bool,
    places: Places,
    /// The foot: its first operation, and the one after it once something follows
    foot: Option<usize>,
    foot_end: Option<usize>,
    in_foot: bool,
    rows: u32,
    /// The first rows are heads although no part says so, and one of their cells spans others
    heads_above: u32,
    spans_above: bool,
    /// In the row: cells that are heads, and all
    heads: u32,
    cells: u32,
    row_op: usize,
}

/// An item that begins.
#[derive(Clone, Copy, Default)]
struct Item {
    value: Option<i32>,
    bare: bool,
    task: Option<bool>,
}

/// What a cell keeps apart from its surroundings.
struct Outside {
    /// Counts and formatting, once anything inside would change them; most cells hold nothing but text
    full: Option<Box<([u32; Tag::COUNT], Inline)>>,
    style: Style,
    link: u32,
}

/// Builds a [`Doc`].
pub(super) struct Builder {
    doc: Doc,
    stack: Vec<Entry>,
    counts: [u32; Tag::COUNT],
    outside: Vec<Outside>,
    tables: Vec<OpenTable>,
    skipped_tables: u32,
    /// See [`BUDGET`]
    span_budget: u32,
    /// Operations that may be moved to bring the foot of a table behind its body
    move_budget: usize,
    /// The open row has no cells but is kept, because cells from above reach into it
    keep_row: bool,
    /// Indexes of the operations of open containers
    containers: Vec<usize>,
    /// The operation of the open leaf
    leaf: Option<usize>,
    /// Whether the open leaf has anything to see
    ink: bool,
    /// At the beginning of a line of the leaf
    fresh: bool,
    /// A blank is due before the next character
    space: bool,
    /// Text not yet taken
    pending: String,
    inline: Inline,
    style: Style,
    link: u32,
    /// Where its text begins
    link_start: usize,
    /// Whether the open link has shown something since its last end
    link_ink: bool,
    heading: u8,
    item_open: bool,
    term_open: bool,
    /// White space is kept (`white-space: pre`)
    keep_space: bool,
    /// Text goes nowhere but here: the marker of a Word list, the summary …
    quiet: bool,
    word_marker: String,
    /// The level of the paragraph that is an item of Word's, and its list
    word_item: Option<(u8, u64)>,
    /// The marker stands in a font of pictures
    wingdings: bool,
    /// Items of lists that count down which say their number themselves: list, and how many came before
    valued: HashSet<(u32, u32)>,
    pre: Option<Pre>,
    flattened: bool,
    /// What the next leaf begins with: the label of a footnote, or a marker that no list of ours has
    label: String,
    own_marker: String,
}

#[derive(Default)]
struct Pre {
    text: String,
    language: String,
    depth: usize,
    fresh: bool,
}

impl Builder {
    pub fn new(base: &LinkBase) -> Self {
        Self {
            doc: Doc { base: base.clone(), ..Doc::default() },
            stack: Vec::new(),
            counts: [0; Tag::COUNT],
            outside: Vec::new(),
            tables: Vec::new(),
            skipped_tables: 0,
            span_budget: BUDGET,
            move_budget: MOVES,
            keep_row: false,
            containers: Vec::new(),
            leaf: None,
            ink: false,
            fresh: true,
            space: false,
            pending: String::new(),
            inline: Inline::default(),
            style: Style::default(),
            link: NO_LINK,
            link_start: 0,
            link_ink: false,
            heading: 0,
            item_open: false,
            term_open: false,
            keep_space: false,
            quiet: false,
            word_marker: String::new(),
            word_item: None,
            wingdings: false,
            valued: HashSet::new(),
            pre: None,
            flattened: false,
            label: String::new(),
            own_marker: String::new(),
        }
    }

    /// For a body of that many bytes: what grows step by step is copied again and again.
    pub fn for_body(base: &LinkBase, bytes: usize) -> Self {
        let mut builder = Self::new(base);
        builder.doc.ops.reserve(bytes / 6);
        builder.doc.text.reserve(bytes);
        builder
    }

    /// Ends everything and gives the document.
    pub fn finish(mut self) -> Doc {
        self.end_all();
        lists::count_down(&mut self.doc, &self.valued);
        loosen(&mut self.doc);
        self.doc.ops.shrink_to_fit();
        self.doc.runs.shrink_to_fit();
        self.doc.text.shrink_to_fit();
        self.doc
    }

    /// Ends whatever is open, so that the next piece starts afresh.
    pub fn end_all(&mut self) {
        // The last text may still open an item.
        self.flush();
        self.pop_to(0);
        self.close_leaf();
        self.inline = Inline::default();
        self.style = Style::default();
        self.end_link(false);
        self.link = NO_LINK;
    }

    /// Takes decoded text.
    pub fn text(&mut self, text: &str) {
        if let Some(pre) = &mut self.pre {
            let text = if pre.fresh {
                text.strip_prefix("\r\n").or(text.strip_prefix(['\n', '\r'])).unwrap_or(text)
            } else {
                text
            };
            pre.fresh = false;
            pre.text.push_str(text);
        } else {
            self.pending.push_str(text);
        }
    }

    /// Our own note, a block of its own.
    pub fn note(&mut self, note: Note) {
        self.close_leaf();
        if self.pre.is_none() {
            self.ensure_place();
            self.push_note(note);
        }
    }

    fn push_note(&mut self, note: Note) {
        self.doc.ops.push(Op::Note(index(self.doc.notes.len())));
        self.doc.notes.push(note);
    }

    /// A start tag.
    pub fn start(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        if let Some(pre) = &mut self.pre {
            pre.fresh = false;
        }
        self.flush();
        if let Some(name) = attrs.id.as_deref().or(attrs.name.as_deref().filter(|_| tag == Tag::A)) {
            self.anchor(name);
        }
        match tag {
            Tag::Other | Tag::Script | Tag::Style | Tag::Title | Tag::Textarea | Tag::Plain => {}
            Tag::B | Tag::I | Tag::S | Tag::U | Tag::Mark | Tag::Sub | Tag::Sup | Tag::Code | Tag::Kbd | Tag::Span => {
                self.start_inline(tag, attrs);
            }
            Tag::A => self.start_link(attrs),
            Tag::Q => self.pending.push('“'),
            Tag::Br => self.line_break(),
            Tag::Hr => {
                self.begin_block(tag);
                if self.pre.is_none() {
                    self.ensure_place();
                    self.doc.ops.push(Op::Rule);
                }
            }
            Tag::Img => self.image("image", attrs),
            Tag::Iframe => self.image("frame", attrs),
            Tag::Video => self.image("video", attrs),
            Tag::Audio => self.image("audio", attrs),
            Tag::Object => self.image("object", attrs),
            Tag::Input => self.input(attrs),
            Tag::TaskState | Tag::TaskNumber => {
                self.push(tag, false, false);
                self.quiet = true;
                self.word_marker.clear();
            }
            Tag::Table => self.start_table(),
            Tag::Caption | Tag::Thead | Tag::Tbody | Tag::Tfoot | Tag::Tr | Tag::Td | Tag::Th => {
                self.start_in_table(tag, attrs);
            }
            Tag::Li => self.start_item(attrs),
            Tag::Dt | Tag::Dd => self.start_term(tag),
            _ => self.start_block(tag, attrs),
        }
        if attrs.style.is_some() && !matches!(tag, Tag::Span | Tag::B) {
            self.decorate(tag, attrs);
        }
    }

    /// The text that comes next can be reached by this name.
    fn anchor(&mut self, name: &str) {
        if self.doc.anchors.len() < MOST_ANCHORS && !name.trim().is_empty() {
            let name = Clean::short_line(&escaped(name.trim()));
            self.doc.anchors.push(Anchor { name, at: u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX) });
        }
    }

    /// Strikes out all that an element holds whose style says so.
    fn decorate(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        let style = attrs.style.as_deref().unwrap_or_default();
        if self.pre.is_some() || !style_looks(Style::default(), style).has(Style::STRIKE) {
            return;
        }
        if let Some(at) = fixed(tag) {
            let depth = self.inline.open.get(at).copied().unwrap_or(0);
            self.inline.struck.push((at, depth));
        } else if tag == Tag::A {
            self.inline.struck_link = true;
        } else if let Some(entry) = self.stack.last_mut().filter(|entry| entry.tag == tag && entry.looks == 0) {
            entry.looks = Style::STRIKE.0;
        } else {
            return;
        }
        self.turn(Style::STRIKE, true);
    }

    /// An end tag.
    pub fn end(&mut self, tag: Tag) {
        if let Some(pre) = &mut self.pre {
            pre.fresh = false;
        }
        self.flush();
        match tag {
            Tag::B | Tag::I | Tag::S | Tag::U | Tag::Mark | Tag::Sub | Tag::Sup | Tag::Code | Tag::Kbd | Tag::Span => {
                self.end_inline(tag);
            }
            Tag::A => {
                self.end_link(true);
                self.link = NO_LINK;
                if std::mem::take(&mut self.inline.struck_link) {
                    self.turn(Style::STRIKE, false);
                }
            }
            Tag::Q => self.pending.push('”'),
            Tag::Br => self.line_break(),
            Tag::Table if self.skipped_tables > 0 => {
                self.skipped_tables -= 1;
                self.close_leaf();
            }
            Tag::Table => {
                if let Some(table) = self.tables.last() {
                    self.pop_to(table.entry);
                }
            }
            Tag::Tr | Tag::Td | Tag::Th | Tag::Thead | Tag::Tbody | Tag::Tfoot => {
                if self.skipped_tables == 0
                    && let Some(table) = self.tables.last()
                {
                    match (tag, table.row, table.cell) {
                        (Tag::Td | Tag::Th, _, Some(at))
                        | (Tag::Tr | Tag::Thead | Tag::Tbody | Tag::Tfoot, Some(at), _) => {
                            self.pop_to(at);
                        }
                        _ => {}
                    }
                } else {
                    self.close_leaf();
                }
                if matches!(tag, Tag::Thead | Tag::Tbody | Tag::Tfoot)
                    && let Some(table) = self.tables.last_mut()
                {
                    table.head = false;
                    table.part = Part::Body;
                }
            }
            tag if tag.heading().is_some() => {
                self.deepen();
                // Any heading's end ends the open one.
                let open = (1..=6).map(Tag::of_heading).find(|&h| self.count(h) > 0);
                if let Some(open) = open {
                    self.pop_tag(if self.count(tag) > 0 { tag } else { open });
                }
            }
            _ => {
                self.deepen();
                if self.count(tag) > 0 {
                    self.pop_tag(tag);
                }
            }
        }
    }

    fn count(&self, tag: Tag) -> u32 {
        self.counts.get(tag as usize).copied().unwrap_or(0)
    }

    // --- Elements -------------------------------------------------------------------------------------------

    /// Sets counts and formatting apart for the inside of the open cell, now that they matter.
    fn deepen(&mut self) {
        if let Some(outside) = self.outside.last_mut()
            && outside.full.is_none()
        {
            let counts = std::mem::replace(&mut self.counts, [0; Tag::COUNT]);
            outside.full = Some(Box::new((counts, std::mem::take(&mut self.inline))));
        }
    }

    fn push(&mut self, tag: Tag, emitted: bool, implied: bool) {
        self.deepen();
        self.stack.push(Entry {
            tag,
            emitted,
            implied,
            heading: self.heading,
            item_open: self.item_open,
            term_open: self.term_open,
            keep_space: self.keep_space,
            quiet: self.quiet,
            looks: 0,
            word_level: 0,
            word_list: 0,
        });
        if let Some(count) = self.counts.get_mut(tag as usize) {
            *count += 1;
        }
    }

    /// Ends elements until the innermost one of that tag has ended.
    fn pop_tag(&mut self, tag: Tag) {
        while let Some(entry) = self.stack.last() {
            let found = entry.tag == tag;
            self.pop();
            if found {
                return;
            }
        }
    }

    /// Ends elements until so many are left.
    fn pop_to(&mut self, len: usize) {
        while self.stack.len() > len {
            self.pop();
        }
    }

    fn pop(&mut self) {
        self.close_leaf();
        let Some(entry) = self.stack.pop() else { return };
        if let Some(pre) = &self.pre
            && self.stack.len() < pre.depth
        {
            self.end_pre();
        }
        if let Some(count) = self.counts.get_mut(entry.tag as usize) {
            *count = count.saturating_sub(1);
        }
        self.heading = entry.heading;
        self.item_open = entry.item_open;
        self.term_open = entry.term_open;
        self.keep_space = entry.keep_space;
        self.quiet = entry.quiet;
        if entry.looks != 0 && !matches!(entry.tag, Tag::Td | Tag::Th | Tag::Caption) {
            self.turn(Style(entry.looks), false);
        }
        match entry.tag {
            Tag::Td | Tag::Th | Tag::Caption => {
                self.end_link(false);
                if let Some(outside) = self.outside.pop() {
                    if let Some(full) = outside.full {
                        (self.counts, self.inline) = *full;
                        // The cell itself was counted before it set its inside apart.
                        if let Some(count) = self.counts.get_mut(entry.tag as usize) {
                            *count = count.saturating_sub(1);
                        }
                    }
                    self.link = outside.link;
                    self.style = outside.style;
                }
                if entry.tag != Tag::Caption
                    && let Some(table) = self.tables.last_mut()
                {
                    table.cell = None;
                }
            }
            Tag::Tr => self.end_row(),
            Tag::TaskState => self.check(self.word_marker.trim().eq_ignore_ascii_case("complete")),
            Tag::Table => {
                self.end_table(entry.emitted);
                return;
            }
            _ => {}
        }
        if entry.emitted {
            self.close_container();
        }
    }

    /// What every block does first: it ends the paragraph before it, and a list of Word's that does not go on.
    fn begin_block(&mut self, tag: Tag) {
        self.close_leaf();
        if self.stack.last().is_some_and(|entry| entry.tag == Tag::P) {
            self.pop();
        }
        if tag != Tag::P {
            self.end_word_lists(0);
        }
    }

    fn start_block(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        self.begin_block(tag);
        if let Some(pre) = &mut self.pre {
            if !pre.text.is_empty() && !pre.text.ends_with('\n') {
                pre.text.push('\n');
            }
            self.push(tag, false, false);
            return;
        }
        if let Some(level) = tag.heading() {
            if self.stack.last().is_some_and(|entry| entry.tag.heading().is_some()) {
                self.pop();
            }
            self.push(tag, false, false);
            self.heading = level;
            return;
        }
        let style = attrs.style.as_deref().unwrap_or_default();
        match tag {
            Tag::P => match word_level(style) {
                Some(item) => {
                    self.push(tag, false, false);
                    self.wingdings = false;
                    self.word_item = Some(item);
                    self.word_marker.clear();
                }
                None => {
                    self.end_word_lists(0);
                    self.push(tag, false, false);
                    self.word_item = None;
                }
            },
            Tag::Quote => {
                let emitted = self.open_composite(Block::Quote);
                self.push(tag, emitted, false);
                self.item_open = false;
            }
            Tag::Ul | Tag::Ol => self.start_list(tag, attrs, false),
            Tag::Dl => {
                let emitted = self.open_composite(Block::Definitions);
                self.push(tag, emitted, false);
                self.term_open = false;
            }
            Tag::Pre => {
                self.push(tag, false, false);
                self.pre = Some(Pre {
                    text: String::new(),
                    language: language_of(attrs),
                    depth: self.stack.len(),
                    fresh: true,
                });
            }
            _ => self.push(tag, false, false),
        }
        if style.contains("white-space") {
            self.keep_space = keeps_space(style);
        }
    }

    fn start_list(&mut self, tag: Tag, attrs: &Attrs<'_>, implied: bool) {
        let number = u32::try_from(self.doc.lists.len()).unwrap_or(u32::MAX);
        let marker = lists::marker(attrs);
        let ordered = match marker {
            Some(Marker::Numbers(_)) => true,
            Some(Marker::Bullets) => false,
            Some(Marker::None) | None => tag == Tag::Ol,
        };
        let letters = match marker {
            Some(Marker::Numbers(letters)) => letters,
            _ => Letters::Digits,
        };
        let start = Attrs::number(attrs.start.as_ref());
        let reversed = ordered && attrs.reversed.is_some();
        let first = start.unwrap_or(1);
        let emitted = self.open_composite(Block::List(number));
        if emitted {
            self.doc.lists.push(List {
                ordered,
                letters,
                next: first,
                first,
                step: if reversed { -1 } else { 1 },
                last: first,
                odd: reversed,
                bare: marker == Some(Marker::None),
                counts_down: reversed && start.is_none(),
                task: lists::list_task(attrs),
                ..List::default()
            });
        }
        self.push(tag, emitted, implied);
        self.item_open = false;
    }

    fn start_item(&mut self, attrs: &Attrs<'_>) {
        self.begin_block(Tag::Li);
        if self.pre.is_some() {
            self.push(Tag::Li, false, false);
            return;
        }
        if self.item_open {
            self.pop_tag(Tag::Li);
        }
        let in_list = self
            .stack
            .iter()
            .rev()
            .take(64)
            .find(|e| structural(e.tag))
            .is_some_and(|e| matches!(e.tag, Tag::Ul | Tag::Ol));
        if !in_list {
            self.start_list(Tag::Ul, &Attrs::default(), true);
        }
        if let Some(kind) = lists::quill(attrs) {
            self.list_of(kind);
        }
        let marker = lists::marker(attrs);
        let task = match self.innermost() {
            Some(Block::List(number)) => {
                let info = self.doc.lists.get_mut(number as usize);
                // Editors that name the markers at each item mean the list.
                if let (Some(info), Some(marker)) = (info, marker)
                    && info.items == 0
                {
                    match marker {
                        Marker::Numbers(letters) => (info.ordered, info.letters) = (true, letters),
                        Marker::Bullets => info.ordered = false,
                        Marker::None => {}
                    }
                }
                self.doc.lists.get(number as usize).and_then(|list| list.task)
            }
            _ => None,
        };
        let bare = marker == Some(Marker::None);
        let item = Item { value: Attrs::number(attrs.value.as_ref()), bare, task: lists::item_task(attrs, task) };
        self.open_item(item, false);
    }

    /// Goes on in a list of that kind: the open one, or a new one behind it.
    fn list_of(&mut self, kind: Marker) {
        let Some(Block::List(number)) = self.innermost() else { return };
        let Some(info) = self.doc.lists.get_mut(number as usize) else { return };
        let ordered = matches!(kind, Marker::Numbers(_));
        if info.ordered == ordered {
            return;
        }
        if info.items == 0 {
            info.ordered = ordered;
            return;
        }
        self.close_container();
        let number = u32::try_from(self.doc.lists.len()).unwrap_or(u32::MAX);
        self.doc.lists.push(List { ordered, next: 1, first: 1, step: 1, last: 1, ..List::default() });
        self.open_container(Block::List(number));
    }

    /// Opens an item of the innermost container if that is a list.
    fn open_item(&mut self, item: Item, implied: bool) {
        let list = match self.containers.last().and_then(|&at| self.doc.ops.get(at)) {
            Some(Op::Open(Block::List(list))) => *list,
            _ => {
                self.push(Tag::Li, false, implied);
                self.item_open = true;
                return;
            }
        };
        let mut number = 0;
        let list_number = list;
        if let Some(list) = self.doc.lists.get_mut(list as usize) {
            number = item.value.unwrap_or(list.next);
            list.odd |= number != list.next || item.bare;
            if list.counts_down && item.value.is_some() {
                self.valued.insert((list_number, list.items));
            }
            list.next = number.saturating_add(list.step);
            list.last = number;
            list.items = list.items.saturating_add(1);
            if list.ordered {
                let width = super::layout::number_text(list.letters, number).len();
                list.digits = list.digits.max(u8::try_from(width).unwrap_or(u8::MAX));
            }
        }
        self.open_container(Block::Item { number, task: item.task, bare: item.bare });
        self.push(Tag::Li, true, implied);
        self.item_open = true;
    }

    fn start_term(&mut self, tag: Tag) {
        self.begin_block(tag);
        if self.pre.is_some() {
            self.push(tag, false, false);
            return;
        }
        if self.term_open {
            let open = if self.count(Tag::Dt) > 0 && self.last_of(Tag::Dt) { Tag::Dt } else { Tag::Dd };
            self.pop_tag(open);
        }
        let in_list = self.stack.iter().rev().take(64).find(|e| structural(e.tag)).is_some_and(|e| e.tag == Tag::Dl);
        if !in_list {
            let emitted = self.open_composite(Block::Definitions);
            self.push(Tag::Dl, emitted, true);
        }
        let emitted = matches!(self.innermost(), Some(Block::Definitions));
        if emitted {
            self.open_container(if tag == Tag::Dt { Block::Term } else { Block::Description });
        }
        self.push(tag, emitted, false);
        self.term_open = true;
    }

    /// Whether the innermost term or description is of that tag.
    fn last_of(&self, tag: Tag) -> bool {
        self.stack.iter().rev().find(|e| matches!(e.tag, Tag::Dt | Tag::Dd | Tag::Dl)).is_some_and(|e| e.tag == tag)
    }

    fn innermost(&self) -> Option<Block> {
        match self.containers.last().and_then(|&at| self.doc.ops.get(at)) {
            Some(Op::Open(block)) => Some(*block),
            _ => None,
        }
    }

    // --- Tables ---------------------------------------------------------------------------------------------

    fn start_table(&mut self) {
        self.begin_block(Tag::Table);
        if self.pre.is_some() {
            return;
        }
        if let Some(table) = self.tables.last()
            && table.cell.is_none()
            && self.stack.last().is_some_and(|e| matches!(e.tag, Tag::Table | Tag::Tr))
        {
            self.pop_to(table.entry);
        }
        if self.tables.len() >= MAX_TABLES || self.containers.len() + 3 > MAX_DEPTH || self.skipped_tables > 0 {
            self.flatten(Note::Tables);
            self.skipped_tables += 1;
            return;
        }
        self.ensure_place();
        self.tables.push(OpenTable {
            entry: self.stack.len(),
            row: None,
            cell: None,
            head: false,
            number: None,
            part: Part::None,
            parted: false,
            places: Places::default(),
            foot: None,
            foot_end: None,
            in_foot: false,
            rows: 0,
            heads_above: 0,
            spans_above: false,
            heads: 0,
            cells: 0,
            row_op: 0,
        });
        self.push(Tag::Table, true, false);
    }

    fn start_in_table(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        if self.skipped_tables > 0 || self.tables.is_empty() || self.pre.is_some() {
            self.begin_block(tag);
            return;
        }
        self.close_leaf();
        let Some(table) = self.tables.last() else { return };
        let (entry, row, cell) = (table.entry, table.row, table.cell);
        match tag {
            Tag::Td | Tag::Th => {
                // What stands between the cells ends here: it came before this cell.
                self.pop_to(cell.or(row.map(|row| row + 1)).unwrap_or(entry + 1));
                if row.is_none() {
                    self.start_row();
                }
                self.start_cell(tag, attrs);
            }
            Tag::Tr => {
                self.pop_to(row.or(cell).unwrap_or(entry + 1));
                self.start_row();
            }
            Tag::Caption => {
                self.pop_to(row.unwrap_or(entry + 1));
                // Above the table when it comes first, as it should; between the rows it would be lost.
                self.set_apart(Tag::Caption);
            }
            _ => {
                self.pop_to(row.unwrap_or(entry + 1));
                if let Some(table) = self.tables.last_mut() {
                    table.head = tag == Tag::Thead;
                    table.parted = true;
                    table.part = match tag {
                        Tag::Thead => Part::Head,
                        Tag::Tfoot => Part::Foot,
                        _ => Part::Body,
                    };
                }
            }
        }
    }

    fn start_row(&mut self) {
        let tables = &mut self.doc.tables;
        let Some(table) = self.tables.last_mut() else { return };
        if table.number.is_none() {
            let number = u32::try_from(tables.len()).unwrap_or(u32::MAX);
            tables.push(Table::default());
            table.number = Some(number);
            self.containers.push(self.doc.ops.len());
            self.doc.ops.push(Op::Open(Block::Table(number)));
        }
        table.row = Some(self.stack.len());
        table.heads = 0;
        table.cells = 0;
        table.rows += 1;
        table.row_op = self.doc.ops.len();
        let head = table.head;
        // Only the first foot is one, as in browsers.
        let begins = match table.part {
            Part::Foot if table.foot.is_some_and(|foot| foot < table.row_op) => Part::Body,
            part => part,
        };
        if begins != Part::None {
            table.in_foot = begins == Part::Foot;
            table.places.section();
            if table.foot.is_some() && table.foot_end.is_none() {
                table.foot_end = Some(table.row_op);
            }
            if begins == Part::Foot && table.foot.is_none() {
                table.foot = Some(table.row_op);
            }
        }
        table.places.row();
        self.open_container(Block::Row { head, begins });
        self.push(Tag::Tr, true, false);
    }

    fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        table.row = None;
        table.cell = None;
        if table.cells == 0 {
            // It leaves no trace, so the next one is as much the first as this one was.
            table.rows = table.rows.saturating_sub(1);
            self.keep_row = table.places.is_reached();
            if !self.keep_row {
                table.places.no_row();
                table.foot = table.foot.filter(|&at| at != table.row_op);
                table.foot_end = table.foot_end.filter(|&at| at != table.row_op);
                return;
            }
        }
        table.part = Part::None;
        if table.in_foot {
            // It comes last, so it is no first row.
            table.rows = table.rows.saturating_sub(u32::from(table.cells > 0));
            return;
        }
        // A first row of nothing but head cells is a head, marked so or not; so is the row below one whose cells span.
        let below = !table.parted && table.spans_above && table.rows == table.heads_above + 1;
        if table.cells > 0
            && table.heads == table.cells
            && (table.rows == 1 || below)
            && let Some(Op::Open(Block::Row { head, .. })) = self.doc.ops.get_mut(table.row_op)
        {
            *head = true;
            table.heads_above += 1;
        }
    }

    fn end_table(&mut self, emitted: bool) {
        let Some(table) = self.tables.pop() else { return };
        if let Some(number) = table.number
            && emitted
        {
            if let (Some(foot), Some(end)) = (table.foot, table.foot_end)
                && let Some(rest) = self.doc.ops.get_mut(foot..)
                && rest.len() <= self.move_budget
            {
                // A foot may be written before the body. It is read last.
                self.move_budget -= rest.len();
                rest.rotate_left(end - foot);
            }
            let start = self.containers.last().copied().unwrap_or_default();
            if let Some(info) = self.doc.tables.get_mut(number as usize) {
                info.len = u32::try_from(self.doc.ops.len() - start).unwrap_or(u32::MAX);
                info.columns = table.places.columns;
                info.places = table.places.into_columns();
            }
            self.close_container();
        }
    }

    fn start_cell(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        let columns = Attrs::number(attrs.colspan.as_ref()).map_or(1, |n| n.clamp(1, 1000)) as u16;
        let rows = Attrs::number(attrs.rowspan.as_ref()).filter(|&n| n >= 0).map_or(1, |n| n.min(65534)) as u16;
        let style = attrs.style.as_deref().unwrap_or_default();
        let align = attrs.align.as_deref().or_else(|| style_value(style, "text-align")).unwrap_or_default();
        let align = if align.eq_ignore_ascii_case("center") {
            Align::Center
        } else if align.eq_ignore_ascii_case("right") {
            Align::Right
        } else {
            Align::Left
        };
        let entry = self.stack.len();
        let Some(table) = self.tables.last_mut() else { return };
        table.cell = Some(entry);
        table.cells += 1;
        table.heads += u32::from(tag == Tag::Th);
        table.spans_above |= table.rows == table.heads_above + 1 && (columns > 1 || rows != 1);
        let column = table.places.cell(columns, rows, &mut self.span_budget);
        if let Some(number) = table.number
            && let Some(info) = self.doc.tables.get_mut(number as usize)
        {
            info.spans |= columns > 1 || rows != 1;
        }
        self.open_container(Block::Cell { look: CellLook::new(tag == Tag::Th, align), column, columns, rows });
        // A line through a table or row goes through its cells.
        let struck = self.style.has(Style::STRIKE);
        self.set_apart(tag);
        if let Some(entry) = self.stack.last_mut() {
            entry.emitted = true;
        }
        if struck {
            self.turn(Style::STRIKE, true);
        }
    }

    /// Opens an element that keeps counts and formatting of its inside apart.
    fn set_apart(&mut self, tag: Tag) {
        self.push(tag, false, false);
        self.outside.push(Outside {
            full: None,
            style: std::mem::take(&mut self.style),
            link: std::mem::replace(&mut self.link, NO_LINK),
        });
        self.heading = 0;
        self.item_open = false;
        self.term_open = false;
    }

    // --- Containers and leaves ------------------------------------------------------------------------------

    fn open_container(&mut self, block: Block) {
        self.containers.push(self.doc.ops.len());
        self.doc.ops.push(Op::Open(block));
    }

    /// Opens a container that may hold anything, unless it would be too deep.
    fn open_composite(&mut self, block: Block) -> bool {
        if self.containers.len() >= MAX_DEPTH {
            self.flatten(Note::Flattened);
            return false;
        }
        self.ensure_place();
        self.open_container(block);
        true
    }

    fn flatten(&mut self, note: Note) {
        if !self.flattened {
            self.flattened = true;
            self.close_leaf();
            self.ensure_place();
            self.push_note(note);
        }
    }

    /// Closes the innermost container; one without content leaves no trace.
    fn close_container(&mut self) {
        let Some(at) = self.containers.pop() else { return };
        let empty = at + 1 == self.doc.ops.len();
        let vanishes = matches!(
            self.doc.ops.get(at),
            Some(Op::Open(
                Block::Quote
                    | Block::List(_)
                    | Block::Definitions
                    | Block::Term
                    | Block::Description
                    | Block::Row { .. }
                    | Block::Table(_)
                    | Block::Fields(_)
            ))
        );
        if empty && vanishes && !std::mem::take(&mut self.keep_row) {
            self.doc.ops.pop();
        } else {
            self.doc.ops.push(Op::Close);
        }
    }

    /// Makes sure that the innermost container can hold a leaf or any other container.
    fn ensure_place(&mut self) {
        match self.innermost() {
            Some(Block::List(_)) => {
                let implied = self
                    .stack
                    .iter()
                    .rev()
                    .take(64)
                    .find(|e| structural(e.tag))
                    .is_some_and(|e| e.implied && matches!(e.tag, Tag::Ul | Tag::Ol));
                if implied {
                    // The list was only there for its items.
                    self.pop_tag(if self.count(Tag::Ul) > 0 { Tag::Ul } else { Tag::Ol });
                    self.ensure_place();
                } else if self.reopen_item() {
                    self.push(Tag::Li, true, true);
                    self.item_open = true;
                } else {
                    self.open_item(Item::default(), true);
                }
            }
            Some(Block::Definitions) => {
                self.open_container(Block::Description);
                self.push(Tag::Dd, true, true);
                self.term_open = true;
            }
            Some(Block::Table(_)) => {
                self.start_row();
                self.start_cell(Tag::Td, &Attrs::default());
            }
            Some(Block::Row { .. }) => self.start_cell(Tag::Td, &Attrs::default()),
            _ => {}
        }
    }

    /// Lets the last item of the innermost list go on, if it has one.
    fn reopen_item(&mut self) -> bool {
        if !matches!(self.doc.ops.last(), Some(Op::Close)) {
            return false;
        }
        // The list is innermost, so what was closed last inside it is an item.
        let Some(&list) = self.containers.last() else { return false };
        let mut depth = 0_usize;
        let mut at = self.doc.ops.len();
        let mut steps = 0;
        while at > list + 1 && steps < 4096 {
            at -= 1;
            steps += 1;
            match self.doc.ops.get(at) {
                Some(Op::Close) => depth += 1,
                Some(Op::Open(_)) => {
                    depth -= 1;
                    if depth == 0 {
                        self.doc.ops.pop();
                        self.containers.push(at);
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    fn ensure_leaf(&mut self) {
        if self.leaf.is_some() {
            return;
        }
        if let Some((level, list)) = self.word_item.take() {
            self.open_word_item(level, list);
        } else if self.stack.last().is_some_and(|e| e.word_level > 0) {
            self.end_word_lists(0);
        }
        self.ensure_place();
        let block = match (self.heading, self.stack.last()) {
            (0, Some(entry)) if entry.tag == Tag::P || entry.tag == Tag::Summary => {
                let in_word_list = self.stack.iter().rev().nth(1).is_some_and(|e| e.word_level > 0);
                Block::Para { margin: !in_word_list }
            }
            (0, Some(entry)) if entry.tag == Tag::Caption => Block::Para { margin: true },
            (0, _) => Block::Para { margin: !self.label.is_empty() },
            (level, _) => Block::Heading(level),
        };
        self.leaf = Some(self.doc.ops.len());
        self.doc.ops.push(Op::Open(block));
        self.ink = false;
        self.fresh = true;
        self.space = false;
        let marker = std::mem::take(&mut self.own_marker);
        if !marker.is_empty() {
            self.push_text(&format!("{}\u{a0}", filtered(&marker)), Style::default());
        }
        if self.stack.last().is_some_and(|e| e.tag == Tag::Summary) {
            self.push_text("▾\u{a0}", Style::default());
        }
        if !self.label.is_empty() {
            let label = filtered(&self.label).replace(char::is_whitespace, "\u{a0}");
            self.label.clear();
            self.push_text(&format!("[{label}]\u{a0}"), Style::default());
        }
    }

    /// Ends the open leaf; one without anything to see leaves at most an empty line.
    fn close_leaf(&mut self) {
        self.flush();
        let Some(at) = self.leaf else { return };
        if self.link_ink {
            self.link_ends();
        }
        self.leaf = None;
        self.space = false;
        if std::mem::take(&mut self.ink) {
            while matches!(self.doc.ops.last(), Some(Op::Break)) {
                self.doc.ops.pop();
            }
            self.doc.ops.push(Op::Close);
            return;
        }
        let had_something = self.doc.ops.len() > at + 1;
        let runs = self.doc.ops.drain(at..).filter(|op| matches!(op, Op::Run(_))).count();
        self.doc.runs.truncate(self.doc.runs.len().saturating_sub(runs));
        if had_something {
            self.gap();
        }
    }

    fn gap(&mut self) {
        let in_item = matches!(
            self.innermost(),
            Some(Block::Item { .. } | Block::List(_) | Block::Table(_) | Block::Row { .. } | Block::Definitions)
        );
        let at_start = self.containers.last().map_or(self.doc.ops.is_empty(), |&at| at + 1 == self.doc.ops.len());
        if !in_item && !at_start && !matches!(self.doc.ops.last(), Some(Op::Gap)) {
            self.doc.ops.push(Op::Gap);
        }
    }

    fn line_break(&mut self) {
        if let Some(pre) = &mut self.pre {
            pre.text.push('\n');
            return;
        }
        if self.leaf.is_none() {
            self.gap();
            return;
        }
        if self.ink {
            self.doc.ops.push(Op::Break);
        } else if let Some(at) = self.leaf
            && self.doc.ops.len() == at + 1
        {
            // Nothing but a line break so far: remembered as an empty line if nothing follows.
            self.doc.ops.push(Op::Break);
        }
        self.fresh = true;
        self.space = false;
    }

    fn end_pre(&mut self) {
        let Some(pre) = self.pre.take() else { return };
        let text = pre.text.strip_suffix('\n').unwrap_or(&pre.text);
        self.code(&pre.language, text);
    }

    /// A code block.
    pub fn code(&mut self, language: &str, text: &str) {
        self.close_leaf();
        self.ensure_place();
        let text = &*without_unseen(text);
        let mut clean = Clean::block(text);
        if !clean.is_ascii() {
            // Lines are drawn one by one, and cut at tabs: a mark must find its letter in its own piece.
            let pieces = clean.split_inclusive(['\n', '\t']).map(|piece| {
                let body = piece.trim_end_matches(['\n', '\t']);
                format!("{}{}", Clean::line(body), piece.get(body.len()..).unwrap_or_default())
            });
            clean = Clean::block(&pieces.collect::<String>());
        }
        let piece = self.keep(&clean);
        let number = u32::try_from(self.doc.codes.len()).unwrap_or(u32::MAX);
        let copied = text
            .contains(shows_nothing)
            .then(|| Clean::block(&text.chars().filter(|&c| !shows_nothing(c)).collect::<String>()));
        let language = without_unseen(language.trim());
        self.doc.codes.push(Code { language: Clean::line(&language), text: piece, copied });
        self.doc.ops.push(Op::Code(number));
    }

    fn keep(&mut self, text: &str) -> Piece {
        let start = u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX);
        self.doc.text.push_str(text);
        Piece { start, end: u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX) }
    }

    // --- Inline ---------------------------------------------------------------------------------------------

    fn start_inline(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        self.deepen();
        if let Some(pre) = &mut self.pre {
            if tag == Tag::Code && pre.language.is_empty() {
                pre.language = language_of(attrs);
            }
            return;
        }
        let style = attrs.style.as_deref().unwrap_or_default();
        let mut looks = looks_of(tag);
        if matches!(tag, Tag::Span | Tag::B) {
            if !style.is_empty() {
                self.wingdings |= self.word_item.is_some() && style.contains("ingdings");
                if tag == Tag::Span
                    && style.contains("mso-list")
                    && style_value(style, "mso-list").is_some_and(|v| v.eq_ignore_ascii_case("ignore"))
                    && self.word_item.is_some()
                {
                    self.quiet = true;
                    self.word_marker.clear();
                    self.inline.spans.push(u16::MAX);
                    return;
                }
                looks = style_looks(looks, style);
            }
            if self.quiet {
                looks = Style::default();
            }
            let stack = if tag == Tag::Span { &mut self.inline.spans } else { &mut self.inline.bolds };
            stack.push(looks.0);
        } else if let Some(open) = fixed(tag).and_then(|at| self.inline.open.get_mut(at)) {
            *open += 1;
        }
        self.turn(looks, true);
    }

    fn end_inline(&mut self, tag: Tag) {
        self.deepen();
        if self.pre.is_some() {
            return;
        }
        let looks = match tag {
            Tag::Span | Tag::B => {
                let stack = if tag == Tag::Span { &mut self.inline.spans } else { &mut self.inline.bolds };
                let Some(looks) = stack.pop() else { return };
                if looks == u16::MAX {
                    self.quiet = false;
                    return;
                }
                Style(looks)
            }
            _ => {
                let Some(open) = fixed(tag).and_then(|at| self.inline.open.get_mut(at)).filter(|open| **open > 0)
                else {
                    return;
                };
                let depth = *open;
                *open -= 1;
                if let Some(last) = self.inline.struck.last().copied()
                    && fixed(tag) == Some(last.0)
                    && depth <= last.1
                {
                    self.inline.struck.pop();
                    self.turn(Style::STRIKE, false);
                }
                looks_of(tag)
            }
        };
        self.turn(looks, false);
    }

    fn turn(&mut self, looks: Style, on: bool) {
        self.deepen();
        for (bit, count) in self.inline.on.iter_mut().enumerate() {
            if looks.0 >> bit & 1 == 1 {
                *count = if on { count.saturating_add(1) } else { count.saturating_sub(1) };
            }
        }
        self.set_style();
    }

    fn set_style(&mut self) {
        let mut bits = 0;
        for (bit, count) in self.inline.on.iter().enumerate() {
            bits |= u16::from(*count > 0) << bit;
        }
        self.style = Style(bits);
    }

    fn start_link(&mut self, attrs: &Attrs<'_>) {
        self.end_link(false);
        self.link = NO_LINK;
        if self.pre.is_some() {
            return;
        }
        if let Some(href) = attrs.href.as_deref() {
            let at = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
            let start = at(self.doc.hrefs.len());
            self.doc.hrefs.push_str(href);
            self.open_link(Href::Written(Piece { start, end: at(self.doc.hrefs.len()) }));
        }
    }

    fn open_link(&mut self, href: Href) {
        self.link = u32::try_from(self.doc.links.len()).unwrap_or(NO_LINK);
        self.doc.links.push(LinkInfo { href, text: Piece::default() });
        self.link_start = self.doc.text.len();
        self.link_ink = false;
    }

    /// Ends the open link for good, because its end tag says so or because something else does.
    fn end_link(&mut self, explicit: bool) {
        if self.link == NO_LINK {
            return;
        }
        let empty = self.doc.text.len() == self.link_start && !self.link_ink;
        let anchor = match self.doc.links.get(self.link as usize).map(|info| &info.href) {
            Some(Href::Written(piece)) => self.doc.hrefs.get(piece.start as usize..).is_none_or(|h| h.starts_with('#')),
            _ => true,
        };
        if explicit && empty && !anchor {
            // Nothing to see, but a place to go: the target is shown.
            self.ensure_leaf();
            self.due_space();
            self.ink = true;
            self.fresh = false;
            self.link_ink = true;
        }
        if self.link_ink {
            self.link_ends();
        }
    }

    /// Marks the place where the target is shown.
    fn link_ends(&mut self) {
        let Some(info) = self.doc.links.get_mut(self.link as usize) else { return };
        let end = self.doc.text.floor_char_boundary(self.doc.text.len().min(self.link_start + LINK_TEXT));
        let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        info.text = Piece { start: at(self.link_start), end: at(end) };
        self.doc.ops.push(Op::LinkEnd(self.link));
        self.link_ink = false;
    }

    fn image(&mut self, noun: &'static str, attrs: &Attrs<'_>) {
        if noun == "image"
            && self.pre.is_none()
            && let Some(emoji) = super::emoji::of_image(attrs)
        {
            self.pending.push_str(&emoji);
            self.flush();
            return;
        }
        let source = attrs.src.as_deref().unwrap_or_default();
        let alt = attrs.alt.as_deref().unwrap_or_default().trim();
        let alt = if alt.is_empty() { attrs.title.as_deref().unwrap_or_default().trim() } else { alt };
        let alt: String = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(pre) = &mut self.pre {
            pre.text.push_str(&alt);
            return;
        }
        if source.is_empty() && alt.is_empty() && noun != "image" {
            return;
        }
        self.figure(noun, source, &alt, None, image_of_path(source));
    }

    /// An image with what is known of it, in the open leaf or a new one.
    pub fn figure(&mut self, noun: &'static str, source: &str, alt: &str, size: Option<u64>, id: Option<u64>) {
        self.ensure_leaf();
        self.drop_empty_line();
        // It stands apart from the word or image before it, however they were written.
        self.space |= !self.fresh;
        self.due_space();
        let alt: String = alt.chars().filter(|&c| !is_unseen(c)).collect();
        let has_alt = !alt.is_empty();
        let caption = if has_alt {
            Clean::line(&alt)
        } else if source.starts_with("data:") {
            Clean::default()
        } else if noun == "image" {
            let name = source.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            Clean::line(name.rsplit('/').next().unwrap_or_default())
        } else {
            Clean::line(source)
        };
        let shown = source.get(..source.floor_char_boundary(2048)).unwrap_or_default();
        let number = u32::try_from(self.doc.images.len()).unwrap_or(u32::MAX);
        if self.link != NO_LINK {
            self.link_ink = true;
        }
        self.doc.images.push(ImageInfo { noun, id, caption, size, source: Clean::line(shown), has_alt });
        self.doc.ops.push(Op::Image(number));
        self.ink = true;
        self.fresh = false;
    }

    fn input(&mut self, attrs: &Attrs<'_>) {
        if self.pre.is_some() {
            return;
        }
        let kind = attrs.kind.as_deref().unwrap_or_default();
        if kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("radio") {
            self.check(attrs.checked.is_some());
        } else if let Some(value) = attrs.value.as_deref()
            && !kind.eq_ignore_ascii_case("hidden")
        {
            self.pending.push_str(value);
            self.flush();
        }
    }

    /// A box to tick. At the start of an item it takes the place of the bullet.
    pub fn check(&mut self, ticked: bool) {
        self.flush();
        if self.word_item.is_some() {
            self.ensure_leaf();
        } else if self.leaf.is_none() {
            self.ensure_place();
        }
        if !self.ink
            && let Some(Block::Item { .. }) = self.innermost()
            && let Some(&at) = self.containers.last()
            && self.doc.ops.len() <= at + 1 + usize::from(self.leaf.is_some())
            && let Some(Op::Open(Block::Item { task, .. })) = self.doc.ops.get_mut(at)
        {
            // The box inside an item that is a task already says the same.
            *task = Some(ticked || *task == Some(true));
            return;
        }
        self.ensure_leaf();
        self.drop_empty_line();
        self.due_space();
        self.doc.ops.push(Op::Check(ticked));
        self.ink = true;
        self.fresh = false;
    }

    /// Writes the blank that is due.
    fn due_space(&mut self) {
        if std::mem::take(&mut self.space) && !self.fresh {
            self.push_space();
        }
    }

    fn push_space(&mut self) {
        let end = self.doc.text.len();
        if let Some(Run { piece, style, link }) = last_run(&self.doc.ops, &mut self.doc.runs)
            && piece.end as usize == end
            && style.and(self.style) == *style
            && (*link == NO_LINK || *link == self.link)
            && !style.has(Style::CODE)
        {
            self.doc.text.push(' ');
            piece.end += 1;
            return;
        }
        let before = last_run(&self.doc.ops, &mut self.doc.runs).map(|run| *run);
        let style = before.map(|run| run.style).unwrap_or_default().and(self.style).without(Style::CODE);
        let link = before.map(|run| run.link).filter(|&link| link == self.link).unwrap_or(NO_LINK);
        let piece = self.keep(" ");
        self.push_run(Run { piece, style, link });
    }

    /// A leaf does not begin with an empty line.
    fn drop_empty_line(&mut self) {
        if !self.ink
            && let Some(at) = self.leaf
            && matches!(self.doc.ops.get(at + 1..), Some([Op::Break]))
        {
            self.doc.ops.pop();
        }
    }

    /// Adds a word to the open leaf. An address in it becomes a link.
    fn push_word(&mut self, word: &str) {
        if self.link != NO_LINK || self.style.has(Style::CODE) {
            return self.push_text(word, self.style);
        }
        let mut rest = word;
        while let Some((range, href)) = super::bare::address(rest) {
            let (before, shown, after) = (&rest[..range.start], &rest[range.clone()], &rest[range.end..]);
            if !before.is_empty() {
                self.push_text(before, self.style);
            }
            let at = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
            let start = at(self.doc.hrefs.len());
            self.doc.hrefs.push_str(&href);
            self.open_link(Href::Written(Piece { start, end: at(self.doc.hrefs.len()) }));
            self.push_text(shown, self.style);
            self.end_link(true);
            self.link = NO_LINK;
            rest = after;
        }
        if !rest.is_empty() {
            self.push_text(rest, self.style);
        }
    }

    /// Adds filtered text to the open leaf.
    fn push_text(&mut self, text: &str, style: Style) {
        self.drop_empty_line();
        let end = self.doc.text.len();
        self.link_ink |= self.link != NO_LINK && !text.is_empty();
        let link = self.link;
        if let Some(Run { piece, style: before, link: linked }) = last_run(&self.doc.ops, &mut self.doc.runs)
            && piece.end as usize == end
            && *before == style
            && *linked == link
        {
            self.doc.text.push_str(text);
            piece.end = u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX);
            return;
        }
        let piece = self.keep(text);
        self.push_run(Run { piece, style, link });
    }

    fn push_run(&mut self, run: Run) {
        self.doc.ops.push(Op::Run(index(self.doc.runs.len())));
        self.doc.runs.push(run);
    }

    /// Takes the text that came since the last tag: filters it, collapses white space, adds it to the leaf.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let raw = std::mem::take(&mut self.pending);
        if self.quiet {
            let room = 32_usize.saturating_sub(self.word_marker.len());
            self.word_marker.push_str(raw.get(..raw.floor_char_boundary(room)).unwrap_or_default());
        } else if self.pre.is_none() {
            self.take_text(&raw);
        }
        // The buffer is used again.
        self.pending = raw;
        self.pending.clear();
    }

    fn take_text(&mut self, raw: &str) {
        let code = self.style.has(Style::CODE) && !self.keep_space;
        if self.keep_space {
            self.take_kept(raw);
            return;
        }
        if raw.bytes().all(is_blank) && !code {
            self.space = self.leaf.is_some();
            return;
        }
        if code && raw.bytes().all(|b| is_blank(b) && b != b' ') {
            self.space = self.leaf.is_some();
            return;
        }
        self.ensure_leaf();
        let text = filtered(raw);
        if text.bytes().all(is_blank) && !code {
            self.nothing_seen(&text);
            return;
        }
        if code {
            self.take_code(&text);
            return;
        }
        for (at, word) in text.split(is_blank_char).enumerate() {
            if at > 0 {
                self.space = true;
            }
            let word = self.take_box(word);
            if word.is_empty() {
                continue;
            }
            self.after_image(word);
            self.due_space();
            self.push_word(word);
            self.fresh = false;
            self.ink |= word.chars().any(|c| c != '\u{a0}');
        }
    }

    /// Text that nobody sees: alone in a paragraph it makes an empty line.
    fn nothing_seen(&mut self, blanks: &str) {
        self.space |= !blanks.is_empty();
        if let Some(at) = self.leaf
            && self.doc.ops.len() == at + 1
        {
            self.doc.ops.push(Op::Break);
        }
    }

    /// Whatever stands right behind an image gets a blank before it, unless it ends the sentence.
    fn after_image(&mut self, text: &str) {
        if !self.fresh
            && matches!(self.doc.ops.last(), Some(Op::Image(_)))
            && !text.starts_with(['.', ',', ';', ':', '!', '?', ')', ']', '\u{a0}'])
        {
            self.space = true;
        }
    }

    /// A box at the start of an item makes it a task.
    fn take_box<'w>(&mut self, word: &'w str) -> &'w str {
        let Some(first) = word.chars().next().filter(|c| !c.is_ascii()) else { return word };
        if !self.ink
            && let Some(ticked) = super::lists::box_of(first)
            && let Some(Block::Item { task: None, .. }) = self.innermost()
        {
            self.check(ticked);
            self.space = false;
            return word.get(first.len_utf8()..).unwrap_or_default().trim_start_matches('\u{a0}');
        }
        word
    }

    /// Inline code keeps its blanks; line breaks in it are blanks.
    fn take_code(&mut self, text: &str) {
        self.after_image(text);
        self.due_space();
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        let mut blanks = 0;
        loop {
            let next = chars.next();
            match next {
                Some(c) if is_blank_char(c) => {
                    let broken = c != ' ' || matches!(chars.peek(), Some('\n' | '\r'));
                    if broken {
                        // White space around a line break in the source is one blank.
                        while chars.peek().is_some_and(|&c| is_blank_char(c)) {
                            chars.next();
                        }
                    }
                    blanks += 1;
                }
                _ => {
                    let hard = blanks > 1;
                    for _ in 0..blanks {
                        out.push(if hard { '\u{a0}' } else { ' ' });
                    }
                    blanks = 0;
                    match next {
                        Some(c) => out.push(c),
                        None => break,
                    }
                }
            }
        }
        // A tag between two blanks does not make them one.
        if out.starts_with([' ', '\u{a0}'])
            && self.doc.text.ends_with(' ')
            && let Some(Run { piece, style, .. }) = last_run(&self.doc.ops, &mut self.doc.runs)
            && style.has(Style::CODE)
            && piece.end as usize == self.doc.text.len()
        {
            self.doc.text.pop();
            self.doc.text.push('\u{a0}');
            piece.end += 1;
            let rest = out.split_off(out.chars().next().map_or(0, char::len_utf8));
            out = format!("\u{a0}{rest}");
        }
        self.push_text(&out, self.style);
        self.ink |= out.contains(|c| c != ' ' && c != '\u{a0}');
        self.fresh = false;
    }

    /// Text whose line breaks and blanks count.
    fn take_kept(&mut self, raw: &str) {
        if self.leaf.is_none() && raw.bytes().all(is_blank) {
            return;
        }
        self.ensure_leaf();
        let text = filtered(raw);
        let text = super::content::line_ends(&text);
        if text.is_empty() {
            self.nothing_seen("");
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.line_break();
            }
            let mut out = String::with_capacity(line.len());
            for c in line.chars() {
                match c {
                    '\t' => out.push_str("\u{a0}\u{a0}\u{a0}\u{a0}"),
                    // One blank between words may break the line, more of them are an indentation.
                    ' ' if out.is_empty() || out.ends_with([' ', '\u{a0}']) => {
                        if out.ends_with(' ') {
                            out.pop();
                            out.push('\u{a0}');
                        }
                        out.push('\u{a0}');
                    }
                    '\x0c' | '\r' => {}
                    c => out.push(c),
                }
            }
            if !out.is_empty() {
                self.after_image(&out);
                self.due_space();
                for (at, word) in out.split(' ').enumerate() {
                    if at > 0 {
                        self.push_text(" ", self.style);
                    }
                    if !word.is_empty() {
                        self.push_word(word);
                    }
                }
                self.ink |= out.contains(|c| c != '\u{a0}' && c != ' ');
                self.fresh = false;
            }
        }
    }

    // --- Lists that Word wrote as paragraphs ----------------------------------------------------------------

    fn open_word_item(&mut self, level: u8, list: u64) {
        // The paragraph is on the stack already; its item belongs below it.
        let paragraph = self.stack.last().is_some_and(|e| e.tag == Tag::P && !e.implied);
        if paragraph {
            self.pop();
        }
        self.end_word_lists(level);
        let known = match self.innermost() {
            Some(Block::List(number)) => self.doc.lists.get(number as usize),
            _ => None,
        };
        let letters = known.filter(|list| list.ordered).map(|list| list.letters);
        let marker = WordMarker::read(&self.word_marker, self.wingdings, letters);
        let kind = match &marker {
            WordMarker::Number(letters, _) => Marker::Numbers(*letters),
            WordMarker::Bullet | WordMarker::Box(_) => Marker::Bullets,
            WordMarker::Text(_) => Marker::None,
        };
        // Another list at the same level, or one with other markers, is not the one before.
        let same = known.is_some_and(|known| match kind {
            Marker::Numbers(letters) => known.ordered && known.letters == letters,
            Marker::Bullets => !known.ordered && !known.bare,
            Marker::None => known.bare,
        });
        if let Some(entry) = self.stack.last()
            && entry.word_level == level
            && (entry.word_list != list || !same)
        {
            self.pop();
        }
        let open = self.stack.last().map_or(0, |e| e.word_level);
        for depth in open + 1..=level.max(1) {
            let innermost = depth == level.max(1);
            if depth > open + 1 || self.innermost_is_list() {
                self.ensure_place();
            }
            let tag = if innermost && matches!(kind, Marker::Numbers(_)) { Tag::Ol } else { Tag::Ul };
            let start = match &marker {
                WordMarker::Number(_, number) if innermost => Some(number.to_string().into()),
                _ => None,
            };
            self.start_list(tag, &Attrs { start, ..Attrs::default() }, true);
            if let Some(entry) = self.stack.last_mut() {
                entry.word_level = depth;
                entry.word_list = list;
            }
            if innermost
                && let Some(Block::List(number)) = self.innermost()
                && let Some(info) = self.doc.lists.get_mut(number as usize)
            {
                info.bare = kind == Marker::None;
                if let Marker::Numbers(letters) = kind {
                    info.letters = letters;
                }
            }
            if !innermost {
                self.open_item(Item { bare: true, ..Item::default() }, true);
                if let Some(entry) = self.stack.last_mut() {
                    entry.word_level = depth;
                    entry.word_list = list;
                }
            }
        }
        let mut item = Item::default();
        match marker {
            WordMarker::Number(_, number) => item.value = Some(number),
            WordMarker::Box(ticked) => item.task = Some(ticked),
            WordMarker::Text(text) => self.own_marker = text,
            WordMarker::Bullet => {}
        }
        self.open_item(item, true);
        if let Some(entry) = self.stack.last_mut() {
            entry.word_level = level.max(1);
            entry.word_list = list;
        }
        if paragraph {
            self.push(Tag::P, false, false);
        }
    }

    fn innermost_is_list(&self) -> bool {
        matches!(self.innermost(), Some(Block::List(_)))
    }

    /// Ends Word's items at this level and everything of Word's deeper than it; level 0 ends all.
    fn end_word_lists(&mut self, level: u8) {
        while let Some(entry) = self.stack.last() {
            let ends = entry.word_level > level || (level > 0 && entry.word_level == level && entry.tag == Tag::Li);
            if entry.word_level == 0 || !ends {
                return;
            }
            self.pop();
        }
    }

    // --- For documents and cards that the program writes itself ---------------------------------------------

    /// Says that something was nested too deeply, as the depth gate does.
    pub fn too_deep(&mut self) {
        self.flatten(Note::Flattened);
    }

    /// A heading of plain text.
    pub fn heading(&mut self, level: u8, text: &str) {
        self.end_all();
        let tag = Tag::of_heading(level);
        self.start(tag, &Attrs::default());
        self.text(text);
        self.end(tag);
    }

    /// Turns looks on or off that no element has.
    pub fn look(&mut self, looks: Style, on: bool) {
        self.flush();
        self.turn(looks, on);
    }

    /// A link that needs no reading.
    pub fn jump(&mut self, target: LinkTarget, text: &str) {
        self.flush();
        self.end_link(false);
        self.open_link(Href::Target(Box::new(target)));
        self.text(text);
        self.flush();
        self.end_link(false);
        self.link = NO_LINK;
    }

    /// Opens fields whose labels have at most that width.
    pub fn open_fields(&mut self, label_width: u16) {
        self.end_all();
        self.open_container(Block::Fields(label_width));
    }

    /// Opens the value of a field.
    pub fn open_field(&mut self, label: Clean, copyable: bool) {
        let number = u32::try_from(self.doc.fields.len()).unwrap_or(u32::MAX);
        self.doc.fields.push(FieldInfo { label, copyable });
        self.open_container(Block::Field(number));
    }

    /// Closes what `open_fields` or `open_field` opened.
    pub fn close_field(&mut self) {
        self.close_leaf();
        self.close_container();
    }

    /// A footnote begins: its first line bears the label.
    pub fn footnote(&mut self, label: &str) {
        self.close_leaf();
        self.anchor(&format!("fn-{label}"));
        label.clone_into(&mut self.label);
    }

    /// A reference to a footnote.
    pub fn footnote_reference(&mut self, label: &str) {
        self.flush();
        let outer = self.link;
        self.end_link(false);
        self.open_link(Href::Footnote);
        self.text(&format!("[{label}]"));
        self.flush();
        self.end_link(false);
        self.link = outer;
    }

    /// Text whose line breaks count and that holds no markup.
    pub fn plain(&mut self, text: &str) {
        self.end_all();
        self.keep_space = true;
        let mut open = false;
        let text = super::content::line_ends(text);
        for line in text.split('\n') {
            if line.trim().is_empty() {
                self.end(Tag::P);
                open = false;
                continue;
            }
            if open {
                self.line_break();
            } else {
                self.start(Tag::P, &Attrs::default());
                open = true;
            }
            self.text(line);
            self.flush();
        }
        self.end_all();
        self.keep_space = false;
    }

    /// Takes text whose line breaks and blanks count although it has formatting.
    pub fn with_lines(&mut self, feed: impl FnOnce(&mut Self)) {
        self.end_all();
        self.keep_space = true;
        self.start(Tag::P, &Attrs::default());
        feed(self);
        self.end_all();
        self.keep_space = false;
    }

    /// A block of a kind that is not known.
    pub fn unknown(&mut self, name: &Clean) {
        self.end_all();
        let piece = self.keep(name);
        self.note(Note::UnknownBlock(piece));
    }
}

/// The run that ends here, if the last operation is one.
fn last_run<'r>(ops: &[Op], runs: &'r mut [Run]) -> Option<&'r mut Run> {
    match ops.last() {
        Some(Op::Run(run)) => runs.get_mut(*run as usize),
        _ => None,
    }
}

/// A number that operations know a part of the document by.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Leaves out what nobody sees.
fn without_unseen(raw: &str) -> std::borrow::Cow<'_, str> {
    if raw.is_ascii() || !raw.contains(is_unseen) {
        return raw.into();
    }
    raw.chars().filter(|&c| !is_unseen(c)).collect::<String>().into()
}

/// Filters text but keeps hard blanks as themselves. A combining mark has to have a letter before it.
fn filtered(raw: &str) -> std::borrow::Cow<'_, str> {
    if raw.bytes().all(|b| (b' '..=b'~').contains(&b) || is_blank(b)) {
        return raw.into();
    }
    let seen = without_unseen(raw);
    let raw = &*seen;
    let mut out = String::with_capacity(raw.len() + 16);
    let mut rest = raw;
    loop {
        let end =
            rest.find(|c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}') || (c.is_ascii() && is_blank(c as u8)));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if word.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            out.push_str(word);
        } else {
            out.push_str(&Clean::line(word));
        }
        let Some(end) = end else { break };
        rest = rest.get(end..).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        out.push(if c.is_ascii() { c } else { '\u{a0}' });
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out.into()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn is_blank_char(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

/// Elements whose children mean something to them.
fn structural(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Ul
            | Tag::Ol
            | Tag::Li
            | Tag::Dl
            | Tag::Dt
            | Tag::Dd
            | Tag::Table
            | Tag::Tr
            | Tag::Td
            | Tag::Th
            | Tag::Quote
            | Tag::Caption
    )
}

fn fixed(tag: Tag) -> Option<usize> {
    Some(match tag {
        Tag::I => 0,
        Tag::S => 1,
        Tag::U => 2,
        Tag::Mark => 3,
        Tag::Sub => 4,
        Tag::Sup => 5,
        Tag::Code => 6,
        Tag::Kbd => 7,
        _ => return None,
    })
}

fn looks_of(tag: Tag) -> Style {
    match tag {
        Tag::B => Style::STRONG,
        Tag::I => Style::EMPHASIS,
        Tag::S => Style::STRIKE,
        Tag::U => Style::UNDERLINE,
        Tag::Mark => Style::HIGHLIGHT,
        Tag::Sub => Style::SUB,
        Tag::Sup => Style::SUP,
        Tag::Code | Tag::Kbd => Style::CODE,
        _ => Style::default(),
    }
}

/// The value of a property in a style attribute.
pub(super) fn style_value<'s>(style: &'s str, property: &str) -> Option<&'s str> {
    style.split(';').take(64).find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        name.trim().eq_ignore_ascii_case(property).then(|| value.trim())
    })
}

fn style_looks(mut looks: Style, style: &str) -> Style {
    if let Some(weight) = style_value(style, "font-weight") {
        let bold = weight.eq_ignore_ascii_case("bold")
            || weight.eq_ignore_ascii_case("bolder")
            || weight.parse::<u32>().is_ok_and(|w| w >= 600);
        looks = if bold { looks.or(Style::STRONG) } else { looks.without(Style::STRONG) };
    }
    if style_value(style, "font-style").is_some_and(|v| v.eq_ignore_ascii_case("italic")) {
        looks = looks.or(Style::EMPHASIS);
    }
    for property in ["text-decoration", "text-decoration-line"] {
        let value = style_value(style, property).unwrap_or_default();
        if value.to_ascii_lowercase().contains("line-through") {
            looks = looks.or(Style::STRIKE);
        }
        if value.contains("underline") {
            looks = looks.or(Style::UNDERLINE);
        }
    }
    looks
}

fn keeps_space(style: &str) -> bool {
    style_value(style, "white-space").is_some_and(|v| v.starts_with("pre") || v == "break-spaces")
}

/// The level of a paragraph that Word means as an item of a list, and which list that is.
fn word_level(style: &str) -> Option<(u8, u64)> {
    use std::hash::{Hash as _, Hasher as _};

    let value = style_value(style, "mso-list")?;
    let mut parts = value.split_whitespace().peekable();
    if parts.peek().is_none_or(|first| first.eq_ignore_ascii_case("none") || first.eq_ignore_ascii_case("ignore")) {
        return None;
    }
    let mut list = std::collections::hash_map::DefaultHasher::new();
    let mut level = 1;
    for part in parts.take(8) {
        match part.strip_prefix("level") {
            Some(number) => level = number.parse::<u8>().unwrap_or(1),
            None => part.hash(&mut list),
        }
    }
    Some((level.clamp(1, 9), list.finish()))
}

/// The language a code block names, in the ways converters write it.
fn language_of(attrs: &Attrs<'_>) -> String {
    let class = attrs.class.as_deref().unwrap_or_default();
    let named =
        class.split_whitespace().find_map(|word| word.strip_prefix("language-").or_else(|| word.strip_prefix("lang-")));
    named.or(attrs.lang.as_deref().filter(|l| !l.contains(char::is_whitespace))).unwrap_or_default().to_owned()
}

/// Makes lists uniform: when one item of a list holds a real paragraph, its whole list stands apart, and text
/// directly in its items is paragraphs too. Markdown knows only these two kinds, and so does the eye.
fn loosen(doc: &mut Doc) {
    if doc.lists.is_empty() {
        return;
    }
    let mut open: Vec<(Block, u32)> = Vec::new();
    for op in &doc.ops {
        match *op {
            Op::Open(block) => {
                if let Block::Para { margin: true } = block
                    && let [.., (Block::List(list), _), (Block::Item { .. }, _)] = open.as_slice()
                    && let Some(list) = doc.lists.get_mut(*list as usize)
                {
                    list.loose = true;
                }
                open.push((block, 0));
            }
            Op::Close => {
                open.pop();
            }
            Op::Note(_) => {
                if let [.., (Block::List(list), _), (Block::Item { .. }, _)] = open.as_slice()
                    && let Some(list) = doc.lists.get_mut(*list as usize)
                {
                    list.loose = true;
                }
            }
            _ => {}
        }
    }
    if doc.lists.iter().all(|list| !list.loose) {
        return;
    }
    open.clear();
    for op in &mut doc.ops {
        match op {
            Op::Open(block) => {
                if let Block::Para { margin } = block
                    && let [.., (Block::List(list), _), (Block::Item { .. }, _)] = open.as_slice()
                    && doc.lists.get(*list as usize).is_some_and(|list| list.loose)
                {
                    *margin = true;
                }
                open.push((*block, 0));
            }
            Op::Close => {
                open.pop();
            }
            _ => {}
        }
    }
}
