//! A document as Markdown.
//!
//! Reading what is written here gives the same lines again. What Markdown has no words for (tables without a head or
//! with blocks in their cells, lists with gaps in their numbers, definition lists) is written as HTML, which is
//! Markdown too. One walk over the operations, one look ahead for the lists and tables.

mod html;
mod inline;
mod markdown;
mod plain;

pub(crate) use markdown::markdown;
