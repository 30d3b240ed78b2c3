//! A line in the making: one text, and how its parts look.

use super::types::{Emphasis, Role};
use super::width::width;

/// How a piece of text looks and what it belongs to, in indexes of the layout.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Look {
    pub role: Role,
    pub emphasis: Emphasis,
    pub link: Option<u32>,
    pub image: Option<u32>,
}

impl Look {
    pub(super) fn plain(role: Role) -> Self {
        Self { role, emphasis: Emphasis::default(), link: None, image: None }
    }
}

/// A part of a strip: where it ends, and its look.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Part {
    pub end: usize,
    pub look: Look,
}

/// A line in the making. It is used again and again, because a large body has a hundred thousand lines.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Strip {
    pub text: String,
    pub parts: Vec<Part>,
}

impl Strip {
    /// A strip of one part.
    pub(super) fn new(text: impl Into<String>, role: Role) -> Self {
        let text = text.into();
        let parts = if text.is_empty() { Vec::new() } else { vec![Part { end: text.len(), look: Look::plain(role) }] };
        Self { text, parts }
    }

    /// A number of blanks.
    pub(super) fn blank(columns: usize) -> Self {
        Self::new(" ".repeat(columns), Role::Text)
    }

    /// Adds text, to the last part if that looks the same.
    pub(super) fn push(&mut self, text: &str, look: Look) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.mark(look);
        }
    }

    /// Adds blanks.
    pub(super) fn push_blanks(&mut self, count: usize, look: Look) {
        const BLANKS: &str = "                                                                ";
        let mut left = count;
        while left > 0 {
            let step = left.min(BLANKS.len());
            self.push(BLANKS.get(..step).unwrap_or_default(), look);
            left -= step;
        }
    }

    /// Adds all of another strip.
    pub(super) fn append(&mut self, other: &Self) {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        let mut parts = other.parts.iter();
        // Its first part may look like our last.
        if let (Some(last), Some(first)) = (self.parts.last_mut(), other.parts.first())
            && last.look == first.look
        {
            last.end = shift + first.end;
            parts.next();
        }
        self.parts.extend(parts.map(|part| Part { end: shift + part.end, look: part.look }));
    }

    /// The text has grown: what was added looks like this.
    fn mark(&mut self, look: Look) {
        let end = self.text.len();
        match self.parts.last_mut() {
            Some(last) if last.look == look => last.end = end,
            _ => self.parts.push(Part { end, look }),
        }
    }

    /// Takes blanks away at the end.
    pub(super) fn trim(&mut self) {
        let kept = self.text.trim_end_matches(' ').len();
        if kept == self.text.len() {
            return;
        }
        self.text.truncate(kept);
        let parts = self.parts.partition_point(|part| part.end < kept);
        self.parts.truncate(if kept == 0 { 0 } else { parts + 1 });
        if let Some(last) = self.parts.last_mut() {
            last.end = kept;
        }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.parts.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Columns it takes.
    pub(super) fn width(&self) -> usize {
        width(&self.text)
    }
}
