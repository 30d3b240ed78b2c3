//! What a source reports while it loads a list: pages, a new start, and how whole the list is at its end.

use crate::model::Row;

/// What the load of a list reports, in order: pages, perhaps a restart and pages again, at the end one `Done`.
#[derive(Clone, PartialEq, Debug)]
pub enum ListEvent {
    /// More rows, none of them reported before (unless a restart came between)
    Page(Page),
    /// The list changed while it loaded: forget every row so far, the pages that follow replace them
    Restarted,
    /// Nothing more comes
    Done(Completeness),
}

/// Some rows of a list.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Page {
    /// The rows, in the server's order
    pub rows: Vec<Row>,
    /// How many rows the whole list has, by the server's word
    pub total: Option<usize>,
    /// Rows of this answer that were refused: of another organization, or of another type than requested
    pub refused: usize,
    /// Which page it is, from 1
    pub number: u32,
    /// Whether more pages follow
    pub more: bool,
}

/// How whole a finished list is. The default is: whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Completeness {
    /// It changed while it loaded, also when it was loaded again: rows may be missing or be gone by now
    pub changed_while_loading: bool,
    /// The key may not see the folders: documents are shown flat
    pub folders_hidden: bool,
    /// Documents in folders could not be had
    pub top_level_only: bool,
    /// The server's paging made no sense (endless, repeating, or no page after "there is more")
    pub cut_short: bool,
    /// Rows that were refused: of another organization, or of another type than requested
    pub refused: usize,
}

impl Completeness {
    /// Whether nothing is missing.
    pub fn is_complete(self) -> bool {
        self == Self::default()
    }

    /// Adds what another part of the same list reports.
    pub fn and(self, other: Self) -> Self {
        Self {
            changed_while_loading: self.changed_while_loading || other.changed_while_loading,
            folders_hidden: self.folders_hidden || other.folders_hidden,
            top_level_only: self.top_level_only || other.top_level_only,
            cut_short: self.cut_short || other.cut_short,
            refused: self.refused + other.refused,
        }
    }

    /// What is missing, in the words of the screen; empty when nothing is.
    pub fn notes(self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.changed_while_loading {
            notes.push("changed while loading".to_owned());
        }
        if self.folders_hidden {
            notes.push("folders hidden from this key".to_owned());
        }
        if self.top_level_only {
            notes.push("documents in folders could not be loaded".to_owned());
        }
        if self.cut_short {
            notes.push("the server's pages do not add up".to_owned());
        }
        if self.refused > 0 {
            let rows = if self.refused == 1 { "row" } else { "rows" };
            notes.push(format!("{} {rows} of another organization or type refused", self.refused));
        }
        notes
    }
}
