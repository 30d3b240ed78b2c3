//! Which lists and tables can be written as Markdown.

use crate::doc::{Align, Block, Doc, Letters, Op};

/// Which lists and tables can be written as Markdown.
pub(super) struct Plain {
    pub(super) lists: Vec<bool>,
    pub(super) tables: Vec<bool>,
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
    pub(super) fn of(doc: &Doc) -> Self {
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
        let Some(parent) = open.last_mut() else {
            if let Some(Block::Table(_)) = block {
                aligns.push(Vec::new());
            }
            return;
        };
        parent.children += 1;
        match (parent.block, block) {
            (Some(Block::Item { task, .. }), _) => self.child_of_item(doc, open, block, task),
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

    /// A child of the item that is innermost: what its list can hold as Markdown depends on what came before.
    fn child_of_item(&mut self, doc: &Doc, open: &mut [Seen], block: Option<Block>, task: Option<bool>) {
        let [.., outer, parent] = open else { return };
        let para = matches!(block, Some(Block::Para { .. }));
        let broken = (para && parent.other) || (parent.children == 1 && !para && task.is_some());
        let fine = para || block.is_none() || matches!(block, Some(Block::List(_)));
        let second_list = matches!(block, Some(Block::List(_))) && parent.other;
        let after_para = std::mem::replace(&mut parent.after_para, para);
        let after_html = parent.after_html;
        parent.other |= !para;
        let Some(Block::List(list)) = outer.block else { return };
        let tight = doc.lists.get(list as usize).is_some_and(|list| !list.loose);
        let broken_task = broken && task.is_some();
        if ((tight && (broken || !fine || second_list || after_html)) || broken_task)
            && let Some(plain) = self.list(list)
        {
            *plain = false;
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
