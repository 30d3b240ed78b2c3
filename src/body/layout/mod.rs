//! Lays a [`Doc`] out at a width.

mod types;

pub use types::{
    CodeAt, CodeStyle, Emphasis, FieldAt, HeadingAt, ImageAt, LayoutOptions, Line, Link, MIN_WIDTH, NoteAt, Role, Span,
};

use super::doc::Doc;

/// A body at a width: lines, and where the interesting things in them are.
///
/// Large bodies are laid out as far as they are looked at: [`Layout::begin`], then [`Layout::extend_to`] whenever
/// more lines are wanted. [`Layout::new`] does all of it at once.
#[derive(Default)]
pub struct Layout {
    /// The lines laid out so far
    pub lines: Vec<Line>,
    /// The links in them
    pub links: Vec<Link>,
    /// The headings in them
    pub headings: Vec<HeadingAt>,
    /// The code blocks in them
    pub codes: Vec<CodeAt>,
    /// The images in them
    pub images: Vec<ImageAt>,
    /// The fields of record cards in them
    pub fields: Vec<FieldAt>,
    /// What the reader must know about the body
    pub notes: Vec<NoteAt>,
    next: usize,
    complete: bool,
}

impl Layout {
    /// Lays out the whole body.
    pub fn new(doc: &Doc, options: &LayoutOptions) -> Self {
        let mut layout = Self::begin(doc, options);
        layout.extend_to(doc, usize::MAX);
        layout
    }

    /// Begins without laying out any line.
    pub fn begin(_doc: &Doc, _options: &LayoutOptions) -> Self {
        Self::default()
    }

    /// Lays out at least `lines` lines, or all there are. `doc` must be the one it was begun with.
    pub fn extend_to(&mut self, doc: &Doc, lines: usize) {
        while self.lines.len() < lines {
            let Some(text) = doc.lines.get(self.next) else {
                self.complete = true;
                return;
            };
            let span = Span { text: text.clone(), role: Role::Text, emphasis: Emphasis::default(), link: None };
            self.lines.push(Line { spans: vec![span] });
            self.next += 1;
        }
    }

    /// Whether all lines are there.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}
