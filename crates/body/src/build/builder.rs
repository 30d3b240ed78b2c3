//! What is known while a body is read: open elements, open tables, formatting, and the document so far.

use std::collections::HashSet;

use super::places::{BUDGET, Places};
use crate::doc::{Block, Doc, NO_LINK, Note, Op, Part, Style};
use crate::link::LinkBase;
use crate::tag::Tag;

/// Operations that may be moved in a body until feet stay where they were written.
pub(super) const MOVES: usize = 16 << 20;

/// An open element.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) tag: Tag,
    /// Whether it opened a container of the document
    pub(super) emitted: bool,
    /// Made up by us, not in the source
    pub(super) implied: bool,
    /// What to restore when it ends
    pub(super) heading: u8,
    pub(super) item_open: bool,
    pub(super) term_open: bool,
    pub(super) keep_space: bool,
    pub(super) quiet: bool,
    /// Looks that its style attribute gives all that is inside
    pub(super) looks: u16,
    /// The level of a list that Word wrote as paragraphs, and which one it is
    pub(super) word_level: u8,
    pub(super) word_list: u64,
}

/// Formatting that is on.
#[derive(Clone, Default)]
pub(super) struct Inline {
    pub(super) on: [u32; Style::BITS],
    /// Open elements of fixed looks, by tag
    pub(super) open: [u32; 12],
    /// Looks of the open `span` and `b` elements, whose style attributes decide
    pub(super) spans: Vec<u16>,
    pub(super) bolds: Vec<u16>,
    /// Open elements of fixed looks that also strike out: which, and how many of it were open
    pub(super) struck: Vec<(usize, u32)>,
    pub(super) struck_link: bool,
}

/// An open table.
pub(super) struct OpenTable {
    /// The element's place on the stack
    pub(super) entry: usize,
    pub(super) row: Option<usize>,
    pub(super) cell: Option<usize>,
    pub(super) head: bool,
    /// The number of the table, once its first row has opened it
    pub(super) number: Option<u32>,
    /// The part that the next row begins, and whether any was named
    pub(super) part: Part,
    pub(super) parted: bool,
    pub(super) places: Places,
    /// The foot: its first operation, and the one after it once something follows
    pub(super) foot: Option<usize>,
    pub(super) foot_end: Option<usize>,
    pub(super) in_foot: bool,
    pub(super) rows: u32,
    /// The first rows are heads although no part says so, and one of their cells spans others
    pub(super) heads_above: u32,
    pub(super) spans_above: bool,
    /// In the row: cells that are heads, and all
    pub(super) heads: u32,
    pub(super) cells: u32,
    pub(super) row_op: usize,
}

/// An item that begins.
#[derive(Clone, Copy, Default)]
pub(super) struct Item {
    pub(super) value: Option<i32>,
    pub(super) bare: bool,
    pub(super) task: Option<bool>,
}

/// What a cell keeps apart from its surroundings.
pub(super) struct Outside {
    /// Counts and formatting, once anything inside would change them; most cells hold nothing but text
    pub(super) full: Option<Box<([u32; Tag::COUNT], Inline)>>,
    pub(super) style: Style,
    pub(super) link: u32,
}

/// Builds a [`Doc`].
pub(crate) struct Builder {
    pub(super) doc: Doc,
    pub(super) stack: Vec<Entry>,
    pub(super) counts: [u32; Tag::COUNT],
    pub(super) outside: Vec<Outside>,
    pub(super) tables: Vec<OpenTable>,
    pub(super) skipped_tables: u32,
    /// See [`BUDGET`]
    pub(super) span_budget: u32,
    /// Operations that may be moved to bring the foot of a table behind its body
    pub(super) move_budget: usize,
    /// The open row has no cells but is kept, because cells from above reach into it
    pub(super) keep_row: bool,
    /// Indexes of the operations of open containers
    pub(super) containers: Vec<usize>,
    /// The operation of the open leaf
    pub(super) leaf: Option<usize>,
    /// Whether the open leaf has anything to see
    pub(super) ink: bool,
    /// At the beginning of a line of the leaf
    pub(super) fresh: bool,
    /// A blank is due before the next character
    pub(super) space: bool,
    /// Text not yet taken
    pub(super) pending: String,
    pub(super) inline: Inline,
    pub(super) style: Style,
    pub(super) link: u32,
    /// Where its text begins
    pub(super) link_start: usize,
    /// Whether the open link has shown something since its last end
    pub(super) link_ink: bool,
    pub(super) heading: u8,
    pub(super) item_open: bool,
    pub(super) term_open: bool,
    /// White space is kept (`white-space: pre`)
    pub(super) keep_space: bool,
    /// Text goes nowhere but here: the marker of a Word list, the summary …
    pub(super) quiet: bool,
    pub(super) word_marker: String,
    /// The level of the paragraph that is an item of Word's, and its list
    pub(super) word_item: Option<(u8, u64)>,
    /// The marker is in a symbol font
    pub(super) wingdings: bool,
    /// Items of lists that count down which say their number themselves: list, and how many came before
    pub(super) valued: HashSet<(u32, u32)>,
    pub(super) pre: Option<Pre>,
    pub(super) flattened: bool,
    /// What the next leaf begins with: the label of a footnote, or a marker that none of our lists has
    pub(super) label: String,
    pub(super) own_marker: String,
}

#[derive(Default)]
pub(super) struct Pre {
    pub(super) text: String,
    pub(super) language: String,
    pub(super) depth: usize,
    pub(super) fresh: bool,
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

    /// Our own note, a separate block.
    pub fn note(&mut self, note: Note) {
        self.close_leaf();
        if self.pre.is_none() {
            self.ensure_place();
            self.push_note(note);
        }
    }

    pub(super) fn push_note(&mut self, note: Note) {
        self.doc.ops.push(Op::Note(index(self.doc.notes.len())));
        self.doc.notes.push(note);
    }

    pub(super) fn count(&self, tag: Tag) -> u32 {
        self.counts.get(tag as usize).copied().unwrap_or(0)
    }

    pub(super) fn innermost(&self) -> Option<Block> {
        match self.containers.last().and_then(|&at| self.doc.ops.get(at)) {
            Some(Op::Open(block)) => Some(*block),
            _ => None,
        }
    }
}

/// A number that operations know a part of the document by.
pub(super) fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
