//! From HTML, Markdown, text and the API's bodies to a [`Doc`], and to Markdown.

use crate::doc::Doc;
use crate::link::LinkBase;
use crate::{content, html, markdown, write};
use gluepot_core::model::RawBody;

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

    /// Notes of a record: HTML or plain text, whichever they look like.
    pub fn from_notes(notes: &RawBody, base: &LinkBase) -> Self {
        content::notes(notes, base)
    }

    /// The body as Markdown: reading it again gives the same lines.
    pub fn to_markdown(&self) -> String {
        write::markdown(self)
    }
}
