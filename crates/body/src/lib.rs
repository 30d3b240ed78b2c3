//! Bodies: HTML blocks, HTML strings and Markdown as one document model, and its renderer.
//!
//! ```text
//! HTML ────> html ──┐
//!                   ├─> builder ─> Doc ─┬─> Layout: lines with roles, links, headings, code blocks
//! Markdown ─> … ────┘                   └─> Markdown
//! records ──> DocBuilder ───┘
//! ```
//!
//! Parsing and laying out take time in proportion to the body and nothing else; neither recurses. Both can run
//! outside the screen's thread: [`Doc`] and [`Layout`] are `Send` and `Sync`.

mod build;
mod card;
mod content;
mod convert;
mod doc;
mod html;
mod layout;
mod link;
mod markdown;
mod tag;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub use card::{DocBuilder, Field, Inline};
pub use doc::Doc;
pub use html::{Form, form_of};
pub use layout::{
    AnchorAt, CodeAt, CodeStyle, Emphasis, FieldAt, HeadingAt, ImageAt, Layout, LayoutOptions, Line, Link, MIN_WIDTH,
    NoteAt, Role, Span,
};
pub use link::{LinkBase, LinkTarget, is_file_path, record_of_path};
