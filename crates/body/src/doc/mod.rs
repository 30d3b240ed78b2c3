//! The document model: one flat sequence of operations over one text.
//!
//! A tree would have to be walked and dropped without recursion; a sequence is both for nothing. Containers
//! open and close; between them are leaves (paragraphs, headings, code blocks, rules) and in those runs of text.
//! All text is in one string that has been filtered, with one exception to [`Clean`](gluepot_core::text::Clean): a
//! hard blank (`&nbsp;`) is kept as U+00A0 until it is laid out, because it must neither collapse nor break a line.

mod body;
mod columns;
mod links;
mod ops;
mod style;
mod text;
mod things;

pub use body::Doc;
pub(crate) use body::{MAX_BYTES, gate};
pub(crate) use columns::Columns;
pub(crate) use links::Judged;
pub(crate) use ops::{Align, Block, CellLook, NO_LINK, Note, Op, Part, Piece, Run};
pub(crate) use style::Style;
pub(crate) use things::{Anchor, Code, FieldInfo, Href, ImageInfo, Letters, LinkInfo, List, Table};
