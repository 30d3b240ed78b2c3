//! The steps of a document: what opens and closes, and what leaves contain.

use super::style::Style;

/// A part of [`super::Doc::text`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    pub start: u32,
    pub end: u32,
}

/// Text that looks the same throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub piece: Piece,
    pub style: Style,
    pub link: u32,
}

/// One step of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    /// A container or leaf begins
    Open(Block),
    /// The innermost one ends
    Close,
    /// A part of [`super::Doc::runs`]. Inside leaves only, as are the following ones
    Run(u32),
    /// A new line
    Break,
    /// The text of a link ends
    LinkEnd(u32),
    /// An image
    Image(u32),
    /// A box to tick that is not at the start of an item
    Check(bool),
    /// A code block
    Code(u32),
    /// A horizontal rule
    Rule,
    /// An empty line, wherever it is not there anyway
    Gap,
    /// Our own note about the body, a part of [`super::Doc::notes`]
    Note(u32),
}

// A body of cells has ten million of them, and each new page of memory takes longer than what is written to it.
const _: () = assert!(size_of::<Op>() == 8);

/// No link.
pub(crate) const NO_LINK: u32 = u32::MAX;

/// What can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A leaf: a paragraph. Without a margin it is a separate line, as `<div>` makes them
    Para { margin: bool },
    /// A leaf: a heading
    Heading(u8),
    /// A container
    Quote,
    /// A container of items only
    List(u32),
    /// An item; the number counts in ordered lists, and a bare one has no marker
    Item { number: i32, task: Option<bool>, bare: bool },
    /// A container of rows only
    Table(u32),
    /// A container of cells only
    Row { head: bool, begins: Part },
    /// A container; no rows are all that are left of its part
    Cell { look: CellLook, column: u16, columns: u16, rows: u16 },
    /// A container of terms and descriptions only
    Definitions,
    /// A container
    Term,
    /// A container
    Description,
    /// A container of fields only
    Fields(u16),
    /// A container: the value of a field
    Field(u32),
}

/// How a cell's text is aligned in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Align {
    #[default]
    Left,
    Center,
    Right,
}

/// A head cell or not, and the alignment of its text: one byte, so that an operation has room for a cell's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct CellLook(u8);

impl CellLook {
    pub fn new(head: bool, align: Align) -> Self {
        Self(align as u8 * 2 + u8::from(head))
    }

    pub fn head(self) -> bool {
        self.0 & 1 == 1
    }

    pub fn align(self) -> Align {
        match self.0 >> 1 {
            0 => Align::Left,
            1 => Align::Center,
            _ => Align::Right,
        }
    }
}

/// The part of a table that begins with a row. Cells do not reach over its border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Part {
    /// None: the row continues in the part of the previous row
    #[default]
    None,
    Head,
    Body,
    Foot,
}

/// Our own notes about a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nested too deeply: from here on nested blocks are side by side
    Flattened,
    /// Too large: this many bytes at the end are not shown
    Cut(u32),
    /// A `<script>` or `<style>` that never ends has swallowed this many bytes
    Swallowed(u32),
    /// A block of a kind that IT Glue has and we do not know
    UnknownBlock(Piece),
    /// Blocks nested in a table's table's table and so on
    Tables,
}
