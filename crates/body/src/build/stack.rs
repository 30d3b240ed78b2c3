//! Open elements: what begins, implied ends, what an end tag ends.

use super::builder::{Builder, Entry, Pre};
use super::style::{keeps_space, language_of, word_level};
use crate::doc::{Block, Style};
use crate::tag::{Attrs, Tag};

impl Builder {
    /// Sets counts and formatting apart for the inside of the open cell, now that they matter.
    pub(super) fn deepen(&mut self) {
        if let Some(outside) = self.outside.last_mut()
            && outside.full.is_none()
        {
            let counts = std::mem::replace(&mut self.counts, [0; Tag::COUNT]);
            outside.full = Some(Box::new((counts, std::mem::take(&mut self.inline))));
        }
    }

    pub(super) fn push(&mut self, tag: Tag, emitted: bool, implied: bool) {
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
    pub(super) fn pop_tag(&mut self, tag: Tag) {
        while let Some(entry) = self.stack.last() {
            let found = entry.tag == tag;
            self.pop();
            if found {
                return;
            }
        }
    }

    /// Ends elements until this many are left.
    pub(super) fn pop_to(&mut self, len: usize) {
        while self.stack.len() > len {
            self.pop();
        }
    }

    pub(super) fn pop(&mut self) {
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

    /// What every block does first: it ends the paragraph before it, and a list of Word's that does not continue.
    pub(super) fn begin_block(&mut self, tag: Tag) {
        self.close_leaf();
        if self.stack.last().is_some_and(|entry| entry.tag == Tag::P) {
            self.pop();
        }
        if tag != Tag::P {
            self.end_word_lists(0);
        }
    }

    pub(super) fn start_block(&mut self, tag: Tag, attrs: &Attrs<'_>) {
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
}

/// Elements whose children mean something to them.
pub(super) fn structural(tag: Tag) -> bool {
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
