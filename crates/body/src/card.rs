//! Record cards: documents that the program writes itself from the fields of a record.

use unicode_width::UnicodeWidthStr as _;

use crate::build::Builder;
use crate::content;
use crate::doc::{Block, Doc, Op, Style};
use crate::link::{LinkBase, LinkTarget};
use crate::tag::{Attrs, Tag};
use gluepot_core::model::{OrganizationId, RawBody, RecordKey};
use gluepot_core::text::Clean;

/// A piece of a value or paragraph.
#[derive(Clone, PartialEq, Debug)]
pub enum Inline {
    /// Plain text; line breaks in it are kept
    Text(Clean),
    /// Emphasised text
    Strong(Clean),
    /// Secondary text
    Dim(Clean),
    /// Text as typed: host names, addresses, commands
    Code(Clean),
    /// Text that must not be overlooked
    Warning(Clean),
    /// A jump to another record
    Record {
        /// Which
        key: RecordKey,
        /// Whose, if known
        organization: Option<OrganizationId>,
        /// What is shown
        name: Clean,
    },
    /// An address, shown as it is; `http` and `https` can be opened
    Web(Clean),
    /// A new line
    Break,
}

/// A field of a card.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// Its name
    pub label: Clean,
    /// Its value
    pub value: Vec<Inline>,
    /// Whether it is offered in the copy menu
    pub copyable: bool,
}

/// Writes a [`Doc`] piece by piece.
pub struct DocBuilder {
    builder: Builder,
}

/// Groups of fields with labels up to this wide share a column; longer labels keep to their own group.
const ALIGNED: u16 = 18;

impl DocBuilder {
    /// An empty card. The base is for bodies spliced in.
    pub fn new(base: &LinkBase) -> Self {
        Self { builder: Builder::new(base) }
    }

    /// A heading, level 1 to 6.
    pub fn heading(&mut self, level: u8, text: &str) -> &mut Self {
        self.builder.heading(level, text);
        self
    }

    /// Fields with their labels aligned. Fields without a value are left out.
    pub fn fields(&mut self, fields: &[Field]) -> &mut Self {
        let shown = || fields.iter().filter(|field| !field.value.is_empty());
        let width = shown().map(|field| field.label.width()).max().unwrap_or(0).min(24);
        if shown().next().is_none() {
            return self;
        }
        self.builder.open_fields(u16::try_from(width).unwrap_or(24));
        for field in shown() {
            self.builder.open_field(field.label.clone(), field.copyable);
            self.inline(&field.value);
            self.builder.close_field();
        }
        self.builder.close_field();
        self
    }

    /// A paragraph.
    pub fn paragraph(&mut self, content: &[Inline]) -> &mut Self {
        self.builder.end_all();
        self.builder.start(Tag::P, &Attrs::default());
        self.inline(content);
        self.builder.end(Tag::P);
        self
    }

    /// A bulleted list.
    pub fn list(&mut self, items: &[Vec<Inline>]) -> &mut Self {
        self.builder.end_all();
        self.builder.start(Tag::Ul, &Attrs::default());
        for item in items {
            self.builder.start(Tag::Li, &Attrs::default());
            self.inline(item);
            self.builder.end(Tag::Li);
        }
        self.builder.end(Tag::Ul);
        self
    }

    /// A table with a head.
    pub fn table(&mut self, head: &[Clean], rows: &[Vec<Vec<Inline>>]) -> &mut Self {
        let none = Attrs::default();
        self.builder.end_all();
        self.builder.start(Tag::Table, &none);
        self.builder.start(Tag::Thead, &none);
        self.builder.start(Tag::Tr, &none);
        for cell in head {
            self.builder.start(Tag::Th, &none);
            self.builder.text(cell);
            self.builder.end(Tag::Th);
        }
        self.builder.end(Tag::Thead);
        for row in rows {
            self.builder.start(Tag::Tr, &none);
            for cell in row {
                self.builder.start(Tag::Td, &none);
                self.inline(cell);
                self.builder.end(Tag::Td);
            }
            self.builder.end(Tag::Tr);
        }
        self.builder.end(Tag::Table);
        self
    }

    /// The content of a document, in any form the API knows.
    pub fn content(&mut self, content: &gluepot_core::model::Content) -> &mut Self {
        self.builder.end_all();
        content::content_into(&mut self.builder, content);
        self.builder.end_all();
        self
    }

    /// Notes of a record: HTML or plain text.
    pub fn notes(&mut self, raw: &RawBody) -> &mut Self {
        content::notes_into(&mut self.builder, raw);
        self
    }

    /// The card.
    pub fn finish(self) -> Doc {
        let mut doc = self.builder.finish();
        // The values of all groups are in one column, so the eye follows it down.
        let widths = doc.ops.iter().filter_map(|op| match op {
            Op::Open(Block::Fields(width)) if *width <= ALIGNED => Some(*width),
            _ => None,
        });
        let common = widths.max().unwrap_or(0);
        for op in &mut doc.ops {
            if let Op::Open(Block::Fields(width)) = op {
                *width = common.max(*width);
            }
        }
        doc
    }

    fn inline(&mut self, content: &[Inline]) {
        for piece in content {
            match piece {
                Inline::Text(text) => self.text(text),
                Inline::Strong(text) => self.looking(Style::STRONG, text),
                Inline::Dim(text) => self.looking(Style::DIM, text),
                Inline::Code(text) => self.looking(Style::CODE, text),
                Inline::Warning(text) => self.looking(Style::WARNING, text),
                Inline::Record { key, organization, name } => {
                    self.builder.jump(LinkTarget::Record(*key, *organization), name);
                }
                Inline::Web(address) => {
                    let has_scheme = address.starts_with("https://") || address.starts_with("http://");
                    let target = LinkBase::default().resolve(address);
                    if has_scheme && matches!(target, LinkTarget::Web(_)) {
                        self.builder.jump(target, address);
                    } else {
                        self.text(address);
                    }
                }
                Inline::Break => self.builder.start(Tag::Br, &Attrs::default()),
            }
        }
    }

    fn text(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.builder.start(Tag::Br, &Attrs::default());
            }
            self.builder.text(line);
        }
    }

    fn looking(&mut self, looks: Style, text: &str) {
        self.builder.look(looks, true);
        self.text(text);
        self.builder.look(looks, false);
    }
}
