//! One pass over the windows of a list: which comes next, and whether a window fits what is there.

use std::collections::HashMap;

use crate::decode::{More, Sighting};

/// No list has more windows than this.
const MOST_WINDOWS: u32 = 2_000;
/// No list has more rows than this; memory is bounded by it.
const MOST_ROWS: usize = 150_000;
/// Below this size windows cannot always both overlap and advance: too many places are multiples of every size.
pub(super) const SMALLEST_OVERLAP: u32 = 8;

/// One pass over the windows of a list.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) size: u32,
    pub(super) plain: bool,
    pub(super) windows: u32,
    /// Every row by its place in the list
    order: Vec<Sighting>,
    pub(super) seen: HashMap<u64, Option<jiff::Timestamp>>,
    total: Option<usize>,
}

/// How a window fits what is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    More,
    End,
    /// The paging makes no sense any more: no further window will help
    Senseless,
}

impl Walk {
    pub(super) fn new(size: u32, plain: bool) -> Self {
        Self {
            size: size.max(1),
            plain: plain || size < SMALLEST_OVERLAP,
            windows: 0,
            order: Vec::new(),
            seen: HashMap::new(),
            total: None,
        }
    }

    /// The next window: (number, size).
    pub(super) fn next(&self) -> (u64, u32) {
        if self.windows == 0 {
            return (1, self.size);
        }
        if self.plain {
            return (u64::from(self.windows) + 1, self.size);
        }
        next_window(self.order.len() as u64, self.size)
    }

    /// How it goes on after a window of so many rows.
    fn fit(&self, number: u64, size: u32, rows: usize, more: More, moved: bool, nothing_new: bool) -> Fit {
        let fit = match more {
            More::No => Fit::End,
            More::Page(_) if rows == 0 => Fit::End,
            // "The next page is an earlier one": the total decides whether that means "none".
            More::Page(next) if next <= number => match self.total {
                Some(total) if total > self.order.len() => Fit::More,
                Some(_) => Fit::End,
                None => Fit::Senseless,
            },
            More::Page(_) => Fit::More,
            More::Unsaid if rows < size as usize => Fit::End,
            More::Unsaid => Fit::More,
        };
        match fit {
            Fit::End if self.total.is_some_and(|total| total > self.order.len()) && !moved => Fit::Senseless,
            Fit::More if nothing_new => Fit::Senseless,
            Fit::More if self.windows >= MOST_WINDOWS || self.order.len() >= MOST_ROWS => Fit::Senseless,
            Fit::More if self.total.is_some_and(|total| self.order.len() > total + self.size as usize) => {
                Fit::Senseless
            }
            fit => fit,
        }
    }

    /// Adds a window. Gives the places of rows not seen before, whether something has moved, and what comes next.
    pub(super) fn take(
        &mut self,
        number: u64,
        size: u32,
        page: &[Sighting],
        total: Option<usize>,
        more: More,
    ) -> (Vec<usize>, bool, Fit) {
        let mut moved = false;
        let irregular = page.len() > size as usize || (page.len() < size as usize && matches!(more, More::Page(_)));
        if irregular && !self.plain {
            if self.windows == 0 && page.len() < size as usize && page.len() >= SMALLEST_OVERLAP as usize {
                // It gives fewer rows at once than we asked for: so that is the largest size.
                self.size = page.len() as u32;
            } else {
                // It has its own page size. With the first window nothing is lost: continue by plain numbers.
                moved = self.windows > 0;
                self.plain = true;
            }
        }
        let start = if self.plain { self.order.len() } else { (number.saturating_sub(1) * u64::from(size)) as usize };
        // What both windows cover must be the same rows.
        let common = self.order.get(start..).unwrap_or_default();
        moved |= start > self.order.len();
        moved |= !page.iter().zip(common).all(|(new, old)| new.id == old.id) || page.len() < common.len();
        let overlap = common.len();
        if let (Some(before), Some(now)) = (self.total, total) {
            moved |= before != now;
        }
        self.total = total.or(self.total);

        let mut fresh = Vec::new();
        for (place, sighting) in page.iter().enumerate() {
            if let Some(id) = sighting.id {
                if self.seen.insert(id, sighting.updated_at).is_some() {
                    // Where windows overlap that is due; elsewhere it is one row in two places.
                    moved |= place >= overlap;
                    continue;
                }
            } else if place < overlap {
                continue;
            }
            fresh.push(place);
        }
        self.order.extend(page.iter().skip(overlap));
        self.windows += 1;

        let fit = self.fit(number, size, page.len(), more, moved, fresh.is_empty());
        (fresh, moved, fit)
    }
}

/// The window that begins at least one row before `end` and reaches farthest. Where no size does both (only for tiny
/// sizes), one that begins exactly at `end`.
pub(super) fn next_window(end: u64, largest: u32) -> (u64, u32) {
    let smallest = (largest / 2).max(1);
    let mut best: Option<(u64, u64, u32)> = None;
    for size in smallest..=largest {
        let wide = u64::from(size);
        let before = end.saturating_sub(1) / wide;
        let reach = (before + 1) * wide;
        if reach > end && best.is_none_or(|(farthest, ..)| reach >= farthest) {
            best = Some((reach, before + 1, size));
        }
    }
    match best {
        Some((_, number, size)) => (number, size),
        None => (end / u64::from(largest) + 1, largest),
    }
}
