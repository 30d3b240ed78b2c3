//! What actions are about: the record at hand.

use super::Shell;
use crate::tui::browse::list::{ListPane, ViewRow};
use gluepot_body::Link;
use gluepot_core::model::{Record, RecordKey};

impl Shell {
    /// What is said where an action needs a record and there is none.
    pub(super) fn nothing_here(&self) -> &'static str {
        let on_group =
            || matches!(self.pane(self.cx.frame.focus).and_then(ListPane::selected_row), Some(ViewRow::Group { .. }));
        let folder = if self.is_detail_on_screen() { self.reader.detail.folder.is_some() } else { on_group() };
        if folder { "This is a folder. Select a record in it." } else { "Nothing is open. Select a record first." }
    }

    /// The record that every action on "this record" means. Where the detail is on the screen it is what the detail
    /// shows, wherever the cursor of a list is; elsewhere it is the row under the cursor.
    pub(super) fn subject_key(&self) -> Option<RecordKey> {
        if self.is_detail_on_screen() {
            return self.reader.detail.target.map(|target| target.key);
        }
        self.pane(self.cx.frame.focus).and_then(|pane| pane.selected_record(&self.cx.store)).map(|record| record.key())
    }

    /// Whether the next frame has room for the detail.
    pub(super) fn is_detail_on_screen(&self) -> bool {
        self.cx.frame.has_detail()
    }

    pub(super) fn subject(&self) -> Option<&Record> {
        self.subject_key().and_then(|key| self.cx.store.record(key)).map(AsRef::as_ref)
    }

    /// The selected link, while it is on the screen.
    pub(super) fn focused_link(&self) -> Option<&Link> {
        self.reader.focused_link(&self.cx)
    }
}
