//! What steps of a document refer to: lists, tables, code, links, images, fields.

use super::columns::Columns;
use super::ops::Piece;
use crate::link::LinkTarget;
use gluepot_core::text::Clean;

/// A place that a link in the same body can lead to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Anchor {
    /// `id`, or `name` of an `<a>`, escaped as addresses are
    pub name: Clean,
    /// Where the text behind it begins
    pub at: u32,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct List {
    pub ordered: bool,
    pub letters: Letters,
    /// Widest marker without the dot and blank
    pub digits: u8,
    /// Whether its items contain paragraphs and need empty lines between them
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
pub(crate) enum Letters {
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
pub(crate) struct Table {
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
pub(crate) struct Code {
    pub language: Clean,
    pub text: Piece,
    /// What is copied, where that is not what is drawn: without the marks for what shows nothing
    pub copied: Option<Clean>,
}

/// A link as it came. What it means is decided when it is laid out or written, since bodies may hold a million.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkInfo {
    pub href: Href,
    /// The beginning of its visible text
    pub text: Piece,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Href {
    /// A part of [`super::Doc::hrefs`]
    Written(Piece),
    /// Known to the program
    Target(Box<LinkTarget>),
    /// A footnote of the same body
    Footnote,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ImageInfo {
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
pub(crate) struct FieldInfo {
    pub label: Clean,
    pub copyable: bool,
}
