//! Feeds the [`Builder`].

use super::form::Form;
use super::tokens::{Token, Tokens};
use crate::build::Builder;
use crate::doc::{Doc, Note, gate};
use crate::link::LinkBase;

/// Parses a whole body.
pub(crate) fn parse(html: &str, base: &LinkBase) -> Doc {
    let (html, cut) = gate(html);
    let mut builder = Builder::for_body(base, html.len());
    feed(&mut builder, html);
    if cut > 0 {
        builder.note(Note::Cut(cut));
    }
    builder.finish()
}

/// Feeds a whole body or a fragment.
pub(crate) fn feed(builder: &mut Builder, html: &str) {
    feed_tokens(builder, Tokens::new(html));
}

/// Feeds a field that is HTML as people write it: a tag without an end is text.
pub(crate) fn feed_notes(builder: &mut Builder, html: &str, form: Form) {
    feed_tokens(builder, Tokens::of_notes(html, form));
}

fn feed_tokens(builder: &mut Builder, mut tokens: Tokens<'_>) {
    while let Some(token) = tokens.next_token() {
        match token {
            Token::Text(text) => builder.text(&text),
            Token::Start(tag, attrs) => builder.start(tag, &attrs),
            Token::End(tag) => builder.end(tag),
            Token::Swallowed(bytes) => builder.note(Note::Swallowed(u32::try_from(bytes).unwrap_or(u32::MAX))),
        }
    }
}
