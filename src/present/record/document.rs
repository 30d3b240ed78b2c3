//! A document: its text, and what is to be said where there is none.

use gluepot_core::model::{Content, Document, Kind, RecordKey};

use crate::present::sheet::Part;
use crate::present::writer::Writer;
use gluepot_core::library::State;

impl Writer<'_> {
    pub(super) fn document(&mut self, r: &Document) {
        if r.published_at.is_none() && !r.is_uploaded {
            self.warning("Draft: never published.");
        }
        if r.common.archived {
            self.warning("Archived.");
        }
        match r.content.as_ref() {
            Content::Empty if r.is_uploaded => {
                self.remark("Uploaded file (no text through the API). See Attachments.");
            }
            Content::Empty => self.no_text(self.key(Kind::Document, r.id)),
            content => self.parts.push(Part::Content(content.clone())),
        }
    }

    fn no_text(&mut self, key: RecordKey) {
        match self.context.store.detail(key).map(|detail| &detail.sections) {
            Some(State::Ready(_)) => self.remark("This document has no text."),
            Some(State::Failed(error)) => {
                self.warning(&format!("The text is missing. {}", error.told("try again")));
            }
            // Still loading: nothing is said that the next moment would make untrue.
            _ => {}
        }
    }
}
