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

mod bare;
mod builder;
mod card;
mod content;
mod doc;
mod emoji;
mod html;
mod layout;
mod link;
mod lists;
mod markdown;
mod spans;
#[cfg(test)]
mod tests;
mod write;

pub use card::{DocBuilder, Field, Inline};
pub use doc::Doc;
pub use html::form::{Form, form_of};
pub use layout::{
    AnchorAt, CodeAt, CodeStyle, Emphasis, FieldAt, HeadingAt, ImageAt, Layout, LayoutOptions, Line, Link, MIN_WIDTH,
    NoteAt, Role, Span,
};
pub use link::{LinkBase, LinkTarget};
pub use link::{is_file_path, record_of_path};
