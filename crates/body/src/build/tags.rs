//! Which tag does what.

use super::builder::Builder;
use super::inline::fixed;
use super::style::style_looks;
use crate::doc::{Anchor, NO_LINK, Op, Part, Style};
use crate::link::escaped;
use crate::tag::{Attrs, Tag};
use gluepot_core::text::Clean;

/// More names of places in one body are not kept.
const MOST_ANCHORS: usize = 20_000;

impl Builder {
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
    pub(super) fn anchor(&mut self, name: &str) {
        if self.doc.anchors.len() < MOST_ANCHORS && !name.trim().is_empty() {
            let name = Clean::short_line(&escaped(name.trim()));
            self.doc.anchors.push(Anchor { name, at: u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX) });
        }
    }

    /// Strikes out all that an element holds whose style says so.
    pub(super) fn decorate(&mut self, tag: Tag, attrs: &Attrs<'_>) {
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
            Tag::Table | Tag::Tr | Tag::Td | Tag::Th | Tag::Thead | Tag::Tbody | Tag::Tfoot => self.end_in_table(tag),
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

    /// The end of a table or of a part of one.
    fn end_in_table(&mut self, tag: Tag) {
        if tag == Tag::Table {
            if self.skipped_tables > 0 {
                self.skipped_tables -= 1;
                self.close_leaf();
            } else if let Some(table) = self.tables.last() {
                self.pop_to(table.entry);
            }
            return;
        }
        if self.skipped_tables == 0
            && let Some(table) = self.tables.last()
        {
            match (tag, table.row, table.cell) {
                (Tag::Td | Tag::Th, _, Some(at)) | (Tag::Tr | Tag::Thead | Tag::Tbody | Tag::Tfoot, Some(at), _) => {
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
}
