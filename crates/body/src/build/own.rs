//! What documents and cards that the program writes itself are made of.

use super::builder::Builder;
use super::text::line_ends;
use crate::doc::{Block, FieldInfo, Href, NO_LINK, Note, Style};
use crate::link::LinkTarget;
use crate::tag::{Attrs, Tag};
use gluepot_core::text::Clean;

impl Builder {
    /// Says that something was nested too deeply, as the depth gate does.
    pub fn too_deep(&mut self) {
        self.flatten(Note::Flattened);
    }

    /// A heading of plain text.
    pub fn heading(&mut self, level: u8, text: &str) {
        self.end_all();
        let tag = Tag::of_heading(level);
        self.start(tag, &Attrs::default());
        self.text(text);
        self.end(tag);
    }

    /// Turns looks on or off that no element has.
    pub fn look(&mut self, looks: Style, on: bool) {
        self.flush();
        self.turn(looks, on);
    }

    /// A link that needs no reading.
    pub fn jump(&mut self, target: LinkTarget, text: &str) {
        self.flush();
        self.end_link(false);
        self.open_link(Href::Target(Box::new(target)));
        self.text(text);
        self.flush();
        self.end_link(false);
        self.link = NO_LINK;
    }

    /// Opens fields whose labels have at most that width.
    pub fn open_fields(&mut self, label_width: u16) {
        self.end_all();
        self.open_container(Block::Fields(label_width));
    }

    /// Opens the value of a field.
    pub fn open_field(&mut self, label: Clean, copyable: bool) {
        let number = u32::try_from(self.doc.fields.len()).unwrap_or(u32::MAX);
        self.doc.fields.push(FieldInfo { label, copyable });
        self.open_container(Block::Field(number));
    }

    /// Closes what `open_fields` or `open_field` opened.
    pub fn close_field(&mut self) {
        self.close_leaf();
        self.close_container();
    }

    /// A footnote begins: its first line bears the label.
    pub fn footnote(&mut self, label: &str) {
        self.close_leaf();
        self.anchor(&format!("fn-{label}"));
        label.clone_into(&mut self.label);
    }

    /// A reference to a footnote.
    pub fn footnote_reference(&mut self, label: &str) {
        self.flush();
        let outer = self.link;
        self.end_link(false);
        self.open_link(Href::Footnote);
        self.text(&format!("[{label}]"));
        self.flush();
        self.end_link(false);
        self.link = outer;
    }

    /// Text whose line breaks count and that holds no markup.
    pub fn plain(&mut self, text: &str) {
        self.end_all();
        self.keep_space = true;
        let mut open = false;
        let text = line_ends(text);
        for line in text.split('\n') {
            if line.trim().is_empty() {
                self.end(Tag::P);
                open = false;
                continue;
            }
            if open {
                self.line_break();
            } else {
                self.start(Tag::P, &Attrs::default());
                open = true;
            }
            self.text(line);
            self.flush();
        }
        self.end_all();
        self.keep_space = false;
    }

    /// Takes text whose line breaks and blanks count although it has formatting.
    pub fn with_lines(&mut self, feed: impl FnOnce(&mut Self)) {
        self.end_all();
        self.keep_space = true;
        self.start(Tag::P, &Attrs::default());
        feed(self);
        self.end_all();
        self.keep_space = false;
    }

    /// A block of a kind that is not known.
    pub fn unknown(&mut self, name: &Clean) {
        self.end_all();
        let piece = self.keep(name);
        self.note(Note::UnknownBlock(piece));
    }
}
