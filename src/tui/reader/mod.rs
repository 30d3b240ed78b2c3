//! The detail: one record, its text or card, and what is done once all of it is here.

mod act;
pub mod detail;
mod draw;

use super::keymap::Action;
use crate::tui::reader::detail::DetailPane;
use gluepot_core::model::RecordKey;

/// The room with the detail.
#[derive(Default)]
pub struct Reader {
    /// What is shown
    pub detail: DetailPane,
    /// Whether empty fields are shown
    pub show_empty: bool,
    /// What to know of the name of what is shown, where it can be taken for another one
    pub doubt: Option<String>,
    /// Which start of a large body's parsing counts
    pub body_ticket: u64,
    /// What is done once the document is laid out to its end
    pub after_layout: Option<Action>,
    /// What is done once this record has come
    pub after_detail: Option<(RecordKey, Action)>,
}

impl Reader {
    /// A key was pressed, or a popup came: what waited is not wanted any more.
    pub fn wait_no_longer(&mut self) {
        self.after_layout = None;
        self.after_detail = None;
    }
}
