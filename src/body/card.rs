//! Record cards: documents that the program writes itself from the fields of a record.

use super::doc::Doc;
use super::link::LinkBase;
use crate::model::{OrganizationId, RecordKey};
use crate::text::Clean;

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
#[derive(Default)]
pub struct DocBuilder {
    base: LinkBase,
    doc: Doc,
}

impl DocBuilder {
    /// An empty card. The base is for bodies spliced in.
    pub fn new(base: LinkBase) -> Self {
        Self { base, doc: Doc::default() }
    }

    /// A heading, level 1 to 6.
    pub fn heading(&mut self, _level: u8, text: &str) -> &mut Self {
        self.doc.lines.push(Clean::line(text));
        self
    }

    /// Fields with their labels aligned. Fields without a value are left out.
    pub fn fields(&mut self, fields: &[Field]) -> &mut Self {
        for field in fields {
            self.line(Some(&field.label), &field.value);
        }
        self
    }

    /// A paragraph.
    pub fn paragraph(&mut self, content: &[Inline]) -> &mut Self {
        self.line(None, content);
        self
    }

    /// A bulleted list.
    pub fn list(&mut self, items: &[Vec<Inline>]) -> &mut Self {
        for item in items {
            self.line(None, item);
        }
        self
    }

    /// A table with a head.
    pub fn table(&mut self, head: &[Clean], rows: &[Vec<Vec<Inline>>]) -> &mut Self {
        self.doc.lines.push(Clean::line(&head.iter().map(Clean::as_str).collect::<Vec<_>>().join(" | ")));
        for cell in rows.iter().flatten() {
            self.line(None, cell);
        }
        self
    }

    /// A body in HTML.
    pub fn html(&mut self, raw: &str) -> &mut Self {
        self.doc.lines.extend(Doc::from_html_with(raw, &self.base).lines);
        self
    }

    /// Notes of a record: HTML or plain text.
    pub fn notes(&mut self, raw: &crate::model::RawBody) -> &mut Self {
        self.doc.lines.extend(Doc::from_notes(raw, &self.base).lines);
        self
    }

    /// A horizontal rule.
    pub fn rule(&mut self) -> &mut Self {
        self.doc.lines.push(Clean::line("---"));
        self
    }

    /// The card.
    pub fn finish(self) -> Doc {
        self.doc
    }

    fn line(&mut self, label: Option<&Clean>, content: &[Inline]) {
        let mut text = label.map(|l| format!("{l}: ")).unwrap_or_default();
        for piece in content {
            match piece {
                Inline::Text(t) | Inline::Strong(t) | Inline::Dim(t) | Inline::Code(t) | Inline::Warning(t) => {
                    text.push_str(t);
                }
                Inline::Record { name, .. } => text.push_str(name),
                Inline::Web(address) => text.push_str(address),
                Inline::Break => text.push(' '),
            }
        }
        self.doc.lines.push(Clean::line(&text));
    }
}
