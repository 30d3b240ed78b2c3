//! The end of a body: what can be said only when all of it is known.

use std::collections::HashSet;

use super::builder::Builder;
use crate::doc::{Block, Doc, Op};
use crate::words::number_text;

impl Builder {
    /// Ends everything and gives the document.
    pub fn finish(mut self) -> Doc {
        self.end_all();
        count_down(&mut self.doc, &self.valued);
        loosen(&mut self.doc);
        self.doc.ops.shrink_to_fit();
        self.doc.runs.shrink_to_fit();
        self.doc.text.shrink_to_fit();
        self.doc
    }
}

/// Makes lists uniform: when one item of a list holds a real paragraph, its whole list has empty lines, and text
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

/// Numbers the items of lists that count down from how many they are. `valued` are the items that say their number
/// themselves: their list, and how many came before them.
fn count_down(doc: &mut Doc, valued: &HashSet<(u32, u32)>) {
    if !doc.lists.iter().any(|list| list.counts_down) {
        return;
    }
    struct Open {
        list: u32,
        items: u32,
        next: i32,
    }
    let mut open: Vec<Option<Open>> = Vec::new();
    for op in &mut doc.ops {
        match op {
            Op::Open(Block::List(list)) => {
                let info = doc.lists.get_mut(*list as usize).filter(|info| info.counts_down);
                open.push(info.map(|info| {
                    info.first = i32::try_from(info.items).unwrap_or(i32::MAX);
                    info.digits = 0;
                    Open { list: *list, items: 0, next: info.first }
                }));
            }
            Op::Open(block) => {
                if let Block::Item { number, .. } = block
                    && let Some(Some(counts)) = open.last_mut()
                    && let Some(info) = doc.lists.get_mut(counts.list as usize)
                {
                    if !valued.contains(&(counts.list, counts.items)) {
                        *number = counts.next;
                    }
                    counts.items += 1;
                    counts.next = number.saturating_sub(1);
                    let columns = number_text(info.letters, *number).len();
                    info.digits = info.digits.max(u8::try_from(columns).unwrap_or(u8::MAX));
                }
                open.push(None);
            }
            Op::Close => {
                open.pop();
            }
            _ => {}
        }
    }
}
