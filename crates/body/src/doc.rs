//! The document model: one flat sequence of operations over one text.
//!
//! A tree would have to be walked and dropped without recursion; a sequence is both for nothing. Containers
//! open and close; between them stand leaves (paragraphs, headings, code blocks, rules) and in those runs of text.
//! All text is in one string that has been filtered, with one exception to [`Clean`]: a hard blank (`&nbsp;`) is kept
//! as U+00A0 until it is laid out, because it must neither collapse nor break a line.

use super::link::{LinkBase, LinkTarget, escaped, says_target, text_misleads};
use super::spans::Columns;
use super::{content, html, markdown, write};
use gluepot_core::model::{Content, RawBody};
use gluepot_core::text::Clean;

/// A body, parsed: headings, paragraphs, lists, tables, code, whatever it was written in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc {
    pub(super) text: String,
    pub(super) ops: Vec<Op>,
    pub(super) runs: Vec<Run>,
    pub(super) notes: Vec<Note>,
    pub(super) lists: Vec<List>,
    pub(super) tables: Vec<Table>,
    pub(super) codes: Vec<Code>,
    pub(super) links: Vec<LinkInfo>,
    /// Addresses of links as they came, not filtered: they are judged before they are shown
    pub(super) hrefs: String,
    pub(super) base: LinkBase,
    pub(super) images: Vec<ImageInfo>,
    pub(super) fields: Vec<FieldInfo>,
    /// In the order of the text
    pub(super) anchors: Vec<Anchor>,
}

/// A place that a link in the same body can lead to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Anchor {
    /// `id`, or `name` of an `<a>`, escaped as addresses are
    pub name: Clean,
    /// Where the text behind it begins
    pub at: u32,
}

/// A part of [`Doc::text`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub start: u32,
    pub end: u32,
}

/// Text that looks the same throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub piece: Piece,
    pub style: Style,
    pub link: u32,
}

/// One step of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    /// A container or leaf begins
    Open(Block),
    /// The innermost one ends
    Close,
    /// A part of [`Doc::runs`]. Inside leaves only, as are the following ones
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
    /// Our own note about the body, a part of [`Doc::notes`]
    Note(u32),
}

// A body of cells has ten million of them, and each new page of memory takes longer than what is written to it.
const _: () = assert!(size_of::<Op>() == 8);

/// No link.
pub(super) const NO_LINK: u32 = u32::MAX;

/// What can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A leaf: a paragraph. Without a margin it is a line of its own, as `<div>` makes them
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

/// How a cell's text stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Align {
    #[default]
    Left,
    Center,
    Right,
}

/// A head cell or not, and how its text stands: one byte, so that an operation has room for a cell's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct CellLook(u8);

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
pub(super) enum Part {
    /// None: the row goes on in the part of the row before
    #[default]
    None,
    Head,
    Body,
    Foot,
}

/// Our own notes about a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// Nested too deeply: from here on blocks stand side by side that were inside each other
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

/// A set of looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style(pub u16);

impl Style {
    pub const STRONG: Self = Self(1);
    pub const EMPHASIS: Self = Self(1 << 1);
    pub const STRIKE: Self = Self(1 << 2);
    pub const UNDERLINE: Self = Self(1 << 3);
    pub const HIGHLIGHT: Self = Self(1 << 4);
    pub const SUB: Self = Self(1 << 5);
    pub const SUP: Self = Self(1 << 6);
    pub const CODE: Self = Self(1 << 7);
    pub const DIM: Self = Self(1 << 8);
    pub const WARNING: Self = Self(1 << 9);
    pub const STEP: Self = Self(1 << 10);
    /// How many bits are in use.
    pub const BITS: usize = 11;

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct List {
    pub ordered: bool,
    pub letters: Letters,
    /// Widest marker without the dot and blank
    pub digits: u8,
    /// Whether its items hold paragraphs and therefore stand apart
    pub loose: bool,
    /// The number a next item gets
    pub next: i32,
    pub step: i32,
    pub last: i32,
    /// The number of items so far
    pub items: u32,
    /// The numbers do not simply count up
    pub odd: bool,
    pub first: i32,
    /// Its items have no markers
    pub bare: bool,
    /// It counts down to one, and how many there are is known at its end
    pub counts_down: bool,
    /// What its items are unless they say so: tasks that are done or open
    pub task: Option<bool>,
}

/// How an ordered list numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Letters {
    #[default]
    Digits,
    Lower,
    Upper,
    LowerRoman,
    UpperRoman,
    Greek,
    /// `01`, `02`
    Zero,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    /// Columns of its widest row, spans counted
    pub columns: u32,
    /// The operation that closes it, counted from the one that opens it
    pub len: u32,
    /// The columns in which cells begin
    pub places: Columns,
    /// Whether a cell spans rows or columns
    pub spans: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Code {
    pub language: Clean,
    pub text: Piece,
    /// What is copied, where that is not what is drawn: without the marks for what shows nothing
    pub copied: Option<Clean>,
}

/// A link as it came. What it means is decided when it is laid out or written, since bodies may hold a million.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinkInfo {
    pub href: Href,
    /// The beginning of its visible text
    pub text: Piece,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Href {
    /// A part of [`Doc::hrefs`]
    Written(Piece),
    /// Known to the program
    Target(Box<LinkTarget>),
    /// A footnote of the same body
    Footnote,
}

/// A link that has been judged.
pub(super) struct Judged {
    pub target: LinkTarget,
    pub text: Clean,
    pub misleads: bool,
    /// Whether the target must be shown because the text does not say it
    pub shows_target: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ImageInfo {
    /// `image`, `video` …: what the caption calls it
    pub noun: &'static str,
    pub id: Option<u64>,
    pub caption: Clean,
    pub size: Option<u64>,
    pub source: Clean,
    /// Whether the caption was in the body, not made from the file name
    pub has_alt: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldInfo {
    pub label: Clean,
    pub copyable: bool,
}

/// Bodies are read up to here; what follows is cut off with a note.
pub(super) const MAX_BYTES: usize = 8 << 20;

/// The longest beginning of `text` that is not larger than a body may be, and how many bytes are left out.
pub(super) fn gate(text: &str) -> (&str, u32) {
    if text.len() <= MAX_BYTES {
        return (text, 0);
    }
    let kept = &text[..text.floor_char_boundary(MAX_BYTES)];
    (kept, u32::try_from(text.len() - kept.len()).unwrap_or(u32::MAX))
}

impl Doc {
    /// Parses HTML. Links are judged without knowing a web app, see [`Doc::from_html_with`].
    pub fn from_html(html: &str) -> Self {
        Self::from_html_with(html, &LinkBase::default())
    }

    /// Parses HTML that may link to records.
    pub fn from_html_with(html: &str, base: &LinkBase) -> Self {
        html::parse(html, base)
    }

    /// Parses Markdown.
    pub fn from_markdown(markdown: &str) -> Self {
        Self::from_markdown_with(markdown, &LinkBase::default())
    }

    /// Parses Markdown that may link to records.
    pub fn from_markdown_with(markdown: &str, base: &LinkBase) -> Self {
        markdown::parse(markdown, base)
    }

    /// Takes plain text: line breaks are kept, nothing is markup.
    pub fn from_text(text: &str) -> Self {
        content::plain(text)
    }

    /// The content of a document, in whatever form the API has it.
    pub fn from_content(body: &Content, base: &LinkBase) -> Self {
        content::document(body, base)
    }

    /// Notes of a record: HTML or plain text, whichever they look like.
    pub fn from_notes(notes: &RawBody, base: &LinkBase) -> Self {
        content::notes(notes, base)
    }

    /// Whether nothing would be shown.
    pub fn is_empty(&self) -> bool {
        !self.ops.iter().any(|op| {
            matches!(op, Op::Run(_) | Op::Image(_) | Op::Check(_) | Op::Code(_) | Op::Rule | Op::Note(_))
                || matches!(op, Op::Open(Block::Item { .. } | Block::Field(_)))
        })
    }

    /// The body as Markdown: reading it again gives the same lines.
    pub fn to_markdown(&self) -> String {
        write::markdown(self)
    }

    /// The text alone, for searching: a line for each paragraph, item, cell or line of code.
    pub fn plain_text(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 8);
        let newline = |out: &mut String| {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
        };
        for op in &self.ops {
            match *op {
                Op::Run(run) => out.push_str(self.piece(self.run(run).piece)),
                Op::Code(at) => {
                    newline(&mut out);
                    if let Some(code) = self.codes.get(at as usize) {
                        out.push_str(self.piece(code.text));
                    }
                    newline(&mut out);
                }
                Op::Image(at) => {
                    if let Some(image) = self.images.get(at as usize) {
                        out.push_str(&image.caption);
                    }
                }
                Op::Open(Block::Field(at)) => {
                    newline(&mut out);
                    if let Some(field) = self.fields.get(at as usize) {
                        out.push_str(&field.label);
                        out.push('\n');
                    }
                }
                Op::Open(Block::Para { .. } | Block::Heading(_)) | Op::Close | Op::Break => newline(&mut out),
                _ => {}
            }
        }
        if out.contains('\u{a0}') { out.replace('\u{a0}', " ") } else { out }
    }

    /// Judges a link.
    pub(super) fn link(&self, link: u32) -> Option<Judged> {
        let info = self.links.get(link as usize)?;
        let text = Clean::line(self.piece(info.text).replace('\u{a0}', " ").trim());
        let target = match &info.href {
            Href::Written(href) => self.base.resolve(self.href(*href)),
            Href::Target(target) => (**target).clone(),
            Href::Footnote => {
                let target = LinkTarget::Anchor(Clean::line(&format!("fn-{text}")));
                return Some(Judged { target, text, misleads: false, shows_target: false });
            }
        };
        let says = says_target(&text, &target);
        let misleads = !says && text_misleads(&text, &target);
        Some(Judged { target, text, misleads, shows_target: misleads || !says })
    }

    /// How a link is written down: the full address, or what the body had for it in harmless characters. Nothing
    /// for footnotes.
    pub(super) fn written_href(&self, link: u32) -> Option<String> {
        let info = self.links.get(link as usize)?;
        match &info.href {
            Href::Written(href) => {
                let href = self.href(*href);
                Some(match self.base.resolve(href) {
                    LinkTarget::Web(address) => address.to_string(),
                    _ => escaped(&href.trim().replace(['\t', '\n', '\r'], "")),
                })
            }
            Href::Target(target) => Some(target.address().to_owned()),
            Href::Footnote => None,
        }
    }

    fn href(&self, piece: Piece) -> &str {
        self.hrefs.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }

    /// A run of text; one of no text where there is none.
    pub(super) fn run(&self, run: u32) -> Run {
        let none = Run { piece: Piece::default(), style: Style::default(), link: NO_LINK };
        self.runs.get(run as usize).copied().unwrap_or(none)
    }

    /// A part of the text.
    pub(super) fn piece(&self, piece: Piece) -> &str {
        self.text.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }
}
