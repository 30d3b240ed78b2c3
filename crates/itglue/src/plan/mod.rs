//! Which pages to ask for, and whether what came back is the whole list: no network, no rows, only ids and numbers.
//!
//! The API gives pages by number, not by cursor, so a row that is added, removed or renamed while pages are fetched
//! moves the rows behind it, and one of them falls through between two pages. Three things show such a change:
//!
//! 1. **Windows overlap.** Page sizes are chosen so that each window begins a little before the end of what is
//!    there: with page size `s` and number `n` a window covers rows `(n-1)·s` to `n·s`, and some `s` just below the
//!    largest one nearly always fits. If the rows in common are not the same ones, something has moved.
//! 2. **The total** changes.
//! 3. **The newest rows**, asked for at the end by `sort=-updated_at`, are not all there as they were seen. This finds
//!    what the first two cannot: one row added and another removed before the same boundary.
//!
//! A list that changed is loaded again, up to twice, out of sight; then it says that it changed. A list of one window
//! is one answer and cannot change in the middle.
//!
//! The first window is a small one so that rows show soon. If larger windows follow, it is only a preview: the first
//! large one covers it again.

mod walk;

use walk::{Fit, SMALLEST_OVERLAP, Walk};

use crate::decode::{More, Sighting};

/// How often a list is loaded in all before it is given as "changed while loading".
const ATTEMPTS: u32 = 3;

/// What to ask for next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// Page `number` (from 1) of `size` rows
    Rows { number: u64, size: u32 },
    /// The first page by `-updated_at`; only ids and dates matter
    Newest { size: u32 },
}

/// What to do with the rows of the page just taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    /// Report the rows at these places
    Report(Vec<usize>),
    /// Everything reported so far is out of date: report these instead
    Replace(Vec<usize>),
    /// Keep the rows at these places; they are reported when the attempt has succeeded
    Keep(Vec<usize>),
    /// The attempt has failed: forget what was kept
    Forget,
}

/// The sizes of windows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) first: u32,
    pub(crate) rest: u32,
    pub(crate) newest: u32,
}

/// The plan for one list.
#[derive(Debug)]
pub(crate) struct Plan {
    sizes: Sizes,
    attempt: u32,
    phase: Phase,
    walk: Walk,
    /// The rows of the preview, as long as they are not covered by the walk
    preview: Option<Vec<Sighting>>,
    /// The server does not keep to page sizes: ask for one size only
    plain: bool,
    /// When the server began to answer, by its own clock
    began: Option<jiff::Timestamp>,
    pub(crate) changed: bool,
    pub(crate) cut_short: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Preview,
    Walk,
    Newest,
    Done,
}

impl Plan {
    pub(crate) fn new(sizes: Sizes) -> Self {
        Self {
            sizes,
            attempt: 0,
            phase: Phase::Preview,
            walk: Walk::new(sizes.first, false),
            preview: None,
            plain: false,
            began: None,
            changed: false,
            cut_short: false,
        }
    }

    /// What to ask for next; `None` when nothing more is needed.
    pub(crate) fn next(&self) -> Option<Ask> {
        match self.phase {
            Phase::Preview | Phase::Walk => {
                let (number, size) = self.walk.next();
                Some(Ask::Rows { number, size })
            }
            Phase::Newest => Some(Ask::Newest { size: self.sizes.newest }),
            Phase::Done => None,
        }
    }

    /// Whether rows of this attempt are reported as they come.
    pub(crate) fn in_sight(&self) -> bool {
        self.attempt == 0
    }

    /// Whether more rows are to come.
    pub(crate) fn more_rows(&self) -> bool {
        matches!(self.phase, Phase::Preview | Phase::Walk)
    }

    /// The server refuses large pages: continue with the size of the first one. Gives whether that changes anything.
    pub(crate) fn shrink(&mut self) -> bool {
        let smaller = self.sizes.first.min(self.sizes.rest / 2).max(1);
        if self.phase == Phase::Walk && self.walk.windows == 0 && smaller < self.sizes.rest {
            self.sizes.rest = smaller;
            self.walk = Walk::new(smaller, self.plain);
            return true;
        }
        false
    }

    /// An answer was larger than we read: ask for fewer rows at once. Gives whether that is possible.
    pub(crate) fn too_large(&mut self) -> bool {
        if self.walk.size < 4 || !self.more_rows() {
            return false;
        }
        let begun = self.walk.windows > 0;
        if begun && self.attempt + 1 >= ATTEMPTS {
            return false;
        }
        self.sizes.rest = (self.walk.size / 4).max(1);
        self.sizes.first = self.sizes.first.min(self.sizes.rest);
        if begun {
            // Windows of the new size do not meet those there are: from the beginning.
            self.again();
        } else {
            self.walk = Walk::new(self.sizes.rest, self.plain);
        }
        true
    }

    /// Takes a page of rows. `date` is the server's clock.
    pub(crate) fn rows(
        &mut self,
        page: &[Sighting],
        total: Option<usize>,
        more: More,
        date: Option<jiff::Timestamp>,
    ) -> Use {
        let (number, size) = self.walk.next();
        if self.walk.windows == 0 && self.phase == Phase::Walk || self.began.is_none() {
            self.began = date;
        }
        let (fresh, moved, fit) = self.walk.take(number, size, page, total, more);
        self.plain |= self.walk.plain && self.walk.size >= SMALLEST_OVERLAP;
        if self.phase == Phase::Preview {
            self.phase = match fit {
                Fit::More => Phase::Walk,
                Fit::End | Fit::Senseless => Phase::Done,
            };
            self.cut_short = fit == Fit::Senseless;
            if fit == Fit::More && self.sizes.rest > self.sizes.first {
                self.preview = Some(page.to_vec());
                self.walk = Walk::new(self.sizes.rest, false);
            }
            return Use::Report(fresh);
        }
        let last_attempt = self.attempt + 1 >= ATTEMPTS;
        if moved && !last_attempt {
            return self.again();
        }
        self.changed |= moved;
        match fit {
            Fit::More => {}
            Fit::Senseless => {
                self.cut_short = true;
                self.phase = Phase::Done;
            }
            Fit::End if self.walk.windows > 1 => self.phase = Phase::Newest,
            Fit::End => self.phase = Phase::Done,
        }
        if !self.in_sight() {
            return Use::Keep(fresh);
        }
        match self.preview.take() {
            Some(preview) if page.get(..preview.len()) == Some(&preview) => {
                Use::Report(fresh.into_iter().filter(|place| *place >= preview.len()).collect())
            }
            Some(_) => Use::Replace(fresh),
            None => Use::Report(fresh),
        }
    }

    /// Takes the newest rows: each must have been seen as it is. Gives whether the list has to be loaded again.
    pub(crate) fn newest(&mut self, page: &[Sighting]) -> bool {
        let as_seen = |row: &Sighting| match row.id {
            None => true,
            Some(id) => self
                .walk
                .seen
                .get(&id)
                .is_some_and(|seen| seen.is_none() || row.updated_at.is_none() || *seen == row.updated_at),
        };
        // If every one of them is newer than the first answer, there may be more changes than were looked at.
        let full = page.len() >= self.sizes.newest as usize;
        let oldest = page.last().and_then(|row| row.updated_at);
        let all_new =
            full && oldest.zip(self.began).is_some_and(|(row, began)| row.as_second() + 2 >= began.as_second());
        self.phase = Phase::Done;
        if page.iter().all(as_seen) && !all_new {
            return false;
        }
        if self.attempt + 1 >= ATTEMPTS {
            self.changed = true;
            return false;
        }
        self.again();
        true
    }

    /// The newest rows cannot be had. `known` says that this server never gives them.
    pub(crate) fn no_newest(&mut self, known: bool) {
        self.phase = Phase::Done;
        self.changed |= !known;
    }

    fn again(&mut self) -> Use {
        self.attempt += 1;
        self.phase = Phase::Walk;
        self.preview = None;
        self.walk = Walk::new(self.sizes.rest, self.plain);
        Use::Forget
    }

    /// Whether the attempt that has just ended was out of sight, so that what was kept replaces what was reported.
    pub(crate) fn ended_out_of_sight(&self) -> bool {
        self.phase == Phase::Done && !self.in_sight()
    }
}

#[cfg(test)]
mod tests;
