//! HTML as a stream of tags and text for the [`Builder`](crate::build::Builder).
//!
//! This is a tokenizer after the HTML standard (section 13.2.5), written for one purpose: it copies nothing it does
//! not keep and its time grows with the input only. The tokenizers there are compare each attribute with all before it
//! in the same tag: one tag with very many attributes takes time that grows with their square.

mod entities;
mod form;
mod judge;
mod parse;
mod tokens;
mod written;

pub use form::Form;
pub use judge::form_of;
pub(crate) use parse::{feed, feed_notes, parse};
pub(crate) use tokens::{Token, Tokens, find_end_tag};
