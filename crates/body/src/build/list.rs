//! Lists, items, terms and descriptions.

use super::builder::{Builder, Item};
use super::markers::{self, Marker};
use super::stack::structural;
use crate::doc::{Block, Letters, List, Op};
use crate::tag::{Attrs, Tag};
use crate::words::number_text;

impl Builder {
    pub(super) fn start_list(&mut self, tag: Tag, attrs: &Attrs<'_>, implied: bool) {
        let number = u32::try_from(self.doc.lists.len()).unwrap_or(u32::MAX);
        let marker = markers::marker(attrs);
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
                task: markers::list_task(attrs),
                ..List::default()
            });
        }
        self.push(tag, emitted, implied);
        self.item_open = false;
    }

    pub(super) fn start_item(&mut self, attrs: &Attrs<'_>) {
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
        if let Some(kind) = markers::quill(attrs) {
            self.list_of(kind);
        }
        let marker = markers::marker(attrs);
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
        let item = Item { value: Attrs::number(attrs.value.as_ref()), bare, task: markers::item_task(attrs, task) };
        self.open_item(item, false);
    }

    /// Continues a list of that kind: the open one, or a new one after it.
    pub(super) fn list_of(&mut self, kind: Marker) {
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
    pub(super) fn open_item(&mut self, item: Item, implied: bool) {
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
                let width = number_text(list.letters, number).len();
                list.digits = list.digits.max(u8::try_from(width).unwrap_or(u8::MAX));
            }
        }
        self.open_container(Block::Item { number, task: item.task, bare: item.bare });
        self.push(Tag::Li, true, implied);
        self.item_open = true;
    }

    pub(super) fn start_term(&mut self, tag: Tag) {
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
    pub(super) fn last_of(&self, tag: Tag) -> bool {
        self.stack.iter().rev().find(|e| matches!(e.tag, Tag::Dt | Tag::Dd | Tag::Dl)).is_some_and(|e| e.tag == tag)
    }
}
