//! Everything known so far, by key: the only owner of fetched data.
//!
//! Lists arrive page by page and are kept as [`List`]s under their [`ListKey`]; single records with their
//! related items, attachments and so on are kept as [`Detail`]s under their [`RecordKey`]. Screens hold view state
//! only and look here when they draw. Each list and each detail carries its own state: the program as a whole is
//! never "loading" and never "failed".
//!
//! What is known of one record is asked here and nowhere else ([`Library::record`]): of a row and of what came for the
//! record itself the one that came last counts. Every change has a revision, a number that only grows, so that whatever
//! was made from records can tell that it is old.
//!
//! Nothing here knows how data is fetched: a source reports pages and [`Trouble`].

mod details;
mod folders;
mod lists;
mod load;
mod places;
mod records;
#[cfg(test)]
mod tests;
mod trouble;

use std::collections::HashMap;

use crate::model::{ListKey, RecordKey, SourceId};

pub use details::Detail;
pub use folders::{Path, folder_of};
pub use lists::{FRESH_FOR, List, State};
pub use load::{Completeness, ListEvent, Page};
pub use trouble::{Remedy, Trouble};

/// All fetched data.
#[derive(Debug, Default)]
pub struct Library {
    source: SourceId,
    lists: HashMap<ListKey, List>,
    details: HashMap<RecordKey, Detail>,
    places: places::Places,
    /// Answers so far: which of two is the newer
    answers: u32,
    /// Changes so far
    revision: u64,
}

impl Library {
    /// An empty library of what an account has.
    pub fn of(source: SourceId) -> Self {
        Self { source, ..Self::default() }
    }

    /// The account it is of.
    pub fn source(&self) -> SourceId {
        self.source
    }

    fn next_revision(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }
}
