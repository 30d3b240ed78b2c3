//! Containers of the document, which may not be nested without end.

use super::builder::{Builder, Item};
use super::stack::structural;
use crate::doc::{Block, Note, Op};
use crate::tag::{Attrs, Tag};

/// Containers deeper than this are side by side instead of inside each other.
pub(super) const MAX_DEPTH: usize = 512;

impl Builder {
    pub(super) fn open_container(&mut self, block: Block) {
        self.containers.push(self.doc.ops.len());
        self.doc.ops.push(Op::Open(block));
    }

    /// Opens a container that may hold anything, unless it would be too deep.
    pub(super) fn open_composite(&mut self, block: Block) -> bool {
        if self.containers.len() >= MAX_DEPTH {
            self.flatten(Note::Flattened);
            return false;
        }
        self.ensure_place();
        self.open_container(block);
        true
    }

    pub(super) fn flatten(&mut self, note: Note) {
        if !self.flattened {
            self.flattened = true;
            self.close_leaf();
            self.ensure_place();
            self.push_note(note);
        }
    }

    /// Closes the innermost container; one without content leaves no trace.
    pub(super) fn close_container(&mut self) {
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
    pub(super) fn ensure_place(&mut self) {
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

    /// Continues the last item of the innermost list, if it has one.
    pub(super) fn reopen_item(&mut self) -> bool {
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
}
