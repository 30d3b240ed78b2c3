//! What the bottom line says, and since when.

use std::time::Instant;

use super::notice::Notice;

/// The sentence in the bottom line.
#[derive(Default)]
pub struct Bar {
    pub(in crate::tui) notice: Option<(Notice, Instant)>,
}

impl Bar {
    /// When what it says goes away by itself.
    pub fn ends(&self) -> Option<Instant> {
        self.notice.as_ref().map(|(notice, since)| *since + notice.stays())
    }

    /// A key was pressed: what was said before and could be read is over.
    pub fn pass(&mut self, now: Instant) {
        self.notice.take_if(|(notice, since)| now.duration_since(*since) >= notice.stays_at_least());
    }

    /// What it says.
    pub fn says(&self) -> Option<&Notice> {
        self.notice.as_ref().map(|(notice, _)| notice)
    }
}
