//! Where the work of laying out stands: open containers, what they put before their lines, and the open leaf.

use super::flow::Flow;
use super::strip::Strip;
use super::types::{AnchorAt, CodeAt, FieldAt, HeadingAt, ImageAt, LayoutOptions, Line, Link, MIN_WIDTH, NoteAt, Role};
use crate::doc::{Block, Columns, Doc, Judged, Style};

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
    pub(super) engine: Engine,
}

/// A container that is open.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) block: Block,
    /// How many prefixes were before it
    pub(super) prefixes: usize,
}

/// What a container puts before its lines.
#[derive(Debug)]
pub(super) struct Prefix {
    /// Before its first line, once
    pub(super) first: Option<Strip>,
    pub(super) rest: Strip,
    pub(super) width: usize,
}

/// The state of the work.
#[derive(Debug, Default)]
pub(super) struct Engine {
    pub(super) options: LayoutOptions,
    /// The next operation, and where to stop
    pub(super) at: usize,
    pub(super) end: usize,
    /// Bytes of a run already taken
    pub(super) offset: usize,
    pub(super) frames: Vec<Frame>,
    pub(super) prefixes: Vec<Prefix>,
    pub(super) prefix_width: usize,
    /// Marks of items there was no room to indent for: they become words of the next paragraph
    pub(super) marks: Vec<Strip>,
    /// An empty line is due
    pub(super) margin: bool,
    /// The last line is a heading
    pub(super) after_heading: bool,
    /// The fewest prefixes since the last line: an empty line belongs to what both sides share
    pub(super) shared: usize,
    /// What fills the lines of the open leaf, and whether a leaf is open
    pub(super) flow: Flow,
    pub(super) in_leaf: bool,
    /// The lines of a cell: it is laid out alone, and they become parts of the lines of its row
    pub(super) strips: Vec<Strip>,
    /// Lists to be used again for the next cell
    pub(super) spare_frames: Vec<Frame>,
    pub(super) spare_lines: Vec<Vec<Strip>>,
    pub(super) leaf_role: Option<Role>,
    pub(super) last_style: Style,
    /// The link of the text before: in the document, and in the layout
    pub(super) link: Option<(u32, u32)>,
    /// The link that was judged last: it is asked about where its text begins and where it ends
    pub(super) judged: Option<(u32, Judged)>,
    pub(super) code: Option<CodeLines>,
    /// Inside struck text between marks
    pub(super) struck: bool,
    pub(super) grid: Option<Grid>,
    /// Inside a cell of a grid: tables in it are read cell by cell
    pub(super) in_cell: bool,
    /// Tables in key/value form, innermost last
    pub(super) pairs: Vec<Pairs>,
    /// The head of a table in key/value form was read: the table's frame is open
    pub(super) skipped_head: bool,
    pub(super) code_count: u32,
    /// Lines were taken away already
    pub(super) any_before: bool,
    pub(super) heading_due: Option<usize>,
    /// The first of [`Layout::anchors`] that are on the next line
    pub(super) anchors_due: Option<usize>,
    pub(super) field_due: Option<usize>,
    pub(super) note_due: Option<usize>,
    pub(super) code_due: Option<usize>,
}

/// Where the lines of a code block are.
#[derive(Debug)]
pub(super) struct CodeLines {
    pub(super) number: u32,
    /// Bytes taken
    pub(super) offset: usize,
    /// The column in the source line, for tabs
    pub(super) column: usize,
    /// In the middle of a source line
    pub(super) inside: bool,
}

/// A table drawn as a grid.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) widths: Vec<usize>,
    pub(super) columns: Columns,
    /// The operation that closes the table
    pub(super) end: usize,
    /// Rows that a cell above still reaches into, by column
    pub(super) reach: Vec<u16>,
    /// Cells wrap: rows need lines between them
    pub(super) tall: bool,
    pub(super) rows: usize,
    pub(super) after_head: bool,
}

/// A table in key/value form.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) columns: Columns,
    pub(super) labels: Vec<Label>,
    /// Texts of cells that reach into the next rows, by column
    pub(super) above: Vec<Above>,
    /// The column that comes next, and the row's own label: a head cell at its start
    pub(super) next: usize,
    pub(super) row_label: String,
    /// What the last label belonged to
    pub(super) group: String,
    /// No record was shown yet: it shows every label
    pub(super) first: bool,
    /// The row is a title over all columns
    pub(super) title: bool,
}

/// What a column is called.
#[derive(Clone, Debug, Default)]
pub(super) struct Label {
    /// The head cells above its own, if it has several
    pub(super) group: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Above {
    pub(super) text: String,
    pub(super) rows: u16,
}

impl Layout {
    /// Begins without laying out any line.
    pub fn begin(doc: &Doc, options: &LayoutOptions) -> Self {
        let mut options = options.clone();
        options.width = options.width.max(MIN_WIDTH);
        options.text_width = options.text_width.clamp(MIN_WIDTH, options.width);
        Self { engine: Engine { options, end: doc.ops.len(), ..Engine::default() }, ..Self::default() }
    }

    /// How many lines there are, of a cell or of a body.
    pub(super) fn count(&self) -> usize {
        self.lines.len() + self.engine.strips.len()
    }

    /// Whether all lines are there.
    pub fn is_complete(&self) -> bool {
        let engine = &self.engine;
        engine.at >= engine.end && engine.code.is_none() && engine.grid.is_none()
    }

    /// Takes the lines away that are laid out so far; for printing a body of any size in little memory. The places
    /// of links and the like no longer fit then.
    pub fn take_lines_so_far(&mut self) -> Vec<Line> {
        // Later lines need to know that they are not the first.
        self.engine.any_before |= !self.lines.is_empty();
        std::mem::take(&mut self.lines)
    }
}

impl Engine {
    /// Columns there are behind the prefixes.
    pub(super) fn room(&self) -> usize {
        usize::from(self.options.width).saturating_sub(self.prefix_width).max(1)
    }

    /// Columns for text behind the prefixes.
    pub(super) fn text_room(&self) -> usize {
        usize::from(self.options.text_width).saturating_sub(self.prefix_width).max(1)
    }

    /// Puts something before the lines of a container if enough room is left for text. If not, a mark that matters
    /// becomes a word of the text.
    pub(super) fn indent(&mut self, first: Strip, rest: Option<Strip>, matters: bool) {
        let columns = first.width();
        let least = (usize::from(self.options.width) / 2).clamp(2, 20);
        if usize::from(self.options.text_width) >= self.prefix_width + columns + least {
            let rest = rest.unwrap_or_else(|| Strip::blank(columns));
            self.push_prefix(first, rest, columns);
        } else if matters {
            self.marks.push(first);
        }
    }

    pub(super) fn push_prefix(&mut self, first: Strip, rest: Strip, columns: usize) {
        self.prefixes.push(Prefix { first: Some(first), rest, width: columns });
        self.prefix_width += columns;
    }

    pub(super) fn in_tight_item(&self, doc: &Doc) -> bool {
        match self.frames.as_slice() {
            [.., Frame { block: Block::List(list), .. }, Frame { block: Block::Item { .. }, .. }] => {
                doc.lists.get(*list as usize).is_some_and(|list| !list.loose)
            }
            _ => false,
        }
    }
}
