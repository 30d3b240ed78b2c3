//! The document itself.

use super::ops::{Block, NO_LINK, Note, Op, Piece, Run};
use super::style::Style;
use super::things::{Anchor, Code, FieldInfo, ImageInfo, LinkInfo, List, Table};
use crate::link::LinkBase;

/// A body, parsed: headings, paragraphs, lists, tables, code, whatever it was written in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc {
    pub(crate) text: String,
    pub(crate) ops: Vec<Op>,
    pub(crate) runs: Vec<Run>,
    pub(crate) notes: Vec<Note>,
    pub(crate) lists: Vec<List>,
    pub(crate) tables: Vec<Table>,
    pub(crate) codes: Vec<Code>,
    pub(crate) links: Vec<LinkInfo>,
    /// Addresses of links as they came, not filtered: they are judged before they are shown
    pub(crate) hrefs: String,
    pub(crate) base: LinkBase,
    pub(crate) images: Vec<ImageInfo>,
    pub(crate) fields: Vec<FieldInfo>,
    /// In the order of the text
    pub(crate) anchors: Vec<Anchor>,
}

impl Doc {
    /// Whether nothing would be shown.
    pub fn is_empty(&self) -> bool {
        !self.ops.iter().any(|op| {
            matches!(op, Op::Run(_) | Op::Image(_) | Op::Check(_) | Op::Code(_) | Op::Rule | Op::Note(_))
                || matches!(op, Op::Open(Block::Item { .. } | Block::Field(_)))
        })
    }

    /// A run of text; one of no text where there is none.
    pub(crate) fn run(&self, run: u32) -> Run {
        let none = Run { piece: Piece::default(), style: Style::default(), link: NO_LINK };
        self.runs.get(run as usize).copied().unwrap_or(none)
    }

    /// A part of the text.
    pub(crate) fn piece(&self, piece: Piece) -> &str {
        self.text.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }
}

/// Bodies are read up to here; what follows is cut off with a note.
pub(crate) const MAX_BYTES: usize = 8 << 20;

/// The longest beginning of `text` that is not larger than a body may be, and how many bytes are left out.
pub(crate) fn gate(text: &str) -> (&str, u32) {
    if text.len() <= MAX_BYTES {
        return (text, 0);
    }
    let kept = &text[..text.floor_char_boundary(MAX_BYTES)];
    (kept, u32::try_from(text.len() - kept.len()).unwrap_or(u32::MAX))
}
