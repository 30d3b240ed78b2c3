//! The document model.

use super::link::LinkBase;
use crate::model::{Content, RawBody, Section};
use crate::text::Clean;

/// A body, parsed: headings, paragraphs, lists, tables, code, whatever it was written in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc {
    pub(super) lines: Vec<Clean>,
}

impl Doc {
    /// Parses HTML. Links are judged without knowing a web app, see [`Doc::from_html_with`].
    pub fn from_html(html: &str) -> Self {
        Self::from_html_with(html, &LinkBase::default())
    }

    /// Parses HTML that may link to records.
    pub fn from_html_with(html: &str, _base: &LinkBase) -> Self {
        let mut text = String::new();
        let mut inside = false;
        for c in html.chars() {
            match c {
                '<' => inside = true,
                '>' if inside => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        Self::from_text(&text)
    }

    /// Parses Markdown.
    pub fn from_markdown(markdown: &str) -> Self {
        Self::from_markdown_with(markdown, &LinkBase::default())
    }

    /// Parses Markdown that may link to records.
    pub fn from_markdown_with(markdown: &str, _base: &LinkBase) -> Self {
        Self::from_text(markdown)
    }

    /// Takes plain text: line breaks are kept, nothing is markup.
    pub fn from_text(text: &str) -> Self {
        Self { lines: Clean::block(text).lines().map(Clean::line).collect() }
    }

    /// The content of a document, in whatever form the API has it.
    pub fn from_content(content: &Content, base: &LinkBase) -> Self {
        let mut doc = Self::default();
        match content {
            Content::Empty => {}
            Content::Html(html) => doc = Self::from_html_with(html.source(), base),
            Content::Sections(sections) => {
                for section in sections {
                    match section {
                        Section::Text(html) | Section::Step { text: html, .. } => {
                            doc.lines.extend(Self::from_html_with(html.source(), base).lines);
                        }
                        Section::Heading { text, .. } | Section::Unknown(text) => doc.lines.push(text.clone()),
                        Section::Gallery(images) => doc.lines.extend(images.iter().map(|image| image.name.clone())),
                    }
                }
            }
        }
        doc
    }

    /// Notes of a record: HTML or plain text, whichever they look like.
    pub fn from_notes(notes: &RawBody, base: &LinkBase) -> Self {
        Self::from_html_with(notes.source(), base)
    }

    /// Whether nothing would be shown.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.trim().is_empty())
    }

    /// The body as Markdown: reading it again gives the same lines.
    pub fn to_markdown(&self) -> String {
        self.plain_text()
    }

    /// The text alone, for searching.
    pub fn plain_text(&self) -> String {
        self.lines.iter().map(Clean::as_str).collect::<Vec<_>>().join("\n")
    }
}
