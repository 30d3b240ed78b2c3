//! Lays a [`Doc`](crate::Doc) out at a width.
//!
//! The engine walks the operations of the document once. Open containers are on a stack, each with what it puts
//! before its lines; the open leaf fills lines through a [`flow::Flow`]. It can stop after any line and continue later,
//! even in the middle of a word, so that the first screen of a body never waits for the rest of it.

mod code;
mod engine;
mod flow;
mod grid;
mod inline;
mod items;
mod lines;
mod measure;
mod pairs;
mod simple;
mod strip;
mod table;
mod types;
mod walk;
mod width;

pub use engine::Layout;
pub use types::{
    AnchorAt, CodeAt, CodeStyle, Emphasis, FieldAt, HeadingAt, ImageAt, LayoutOptions, Line, Link, MIN_WIDTH, NoteAt,
    Role, Span,
};
