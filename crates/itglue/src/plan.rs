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

use std::collections::HashMap;

use super::decode::{More, Sighting};

/// How often a list is loaded in all before it is given as "changed while loading".
const ATTEMPTS: u32 = 3;
/// No list has more windows than this.
const MOST_WINDOWS: u32 = 2_000;
/// No list has more rows than this; memory is bounded by it.
const MOST_ROWS: usize = 150_000;
/// Below this size windows cannot always both overlap and advance: too many places are multiples of every size.
const SMALLEST_OVERLAP: u32 = 8;

/// What to ask for next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ask {
    /// Page `number` (from 1) of `size` rows
    Rows { number: u64, size: u32 },
    /// The first page by `-updated_at`; only ids and dates matter
    Newest { size: u32 },
}

/// What to do with the rows of the page just taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Use {
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
pub(super) struct Sizes {
    pub(super) first: u32,
    pub(super) rest: u32,
    pub(super) newest: u32,
}

/// The plan for one list.
#[derive(Debug)]
pub(super) struct Plan {
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
    pub(super) changed: bool,
    pub(super) cut_short: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Preview,
    Walk,
    Newest,
    Done,
}

/// One pass over the windows of a list.
#[derive(Debug)]
struct Walk {
    size: u32,
    plain: bool,
    windows: u32,
    /// Every row by its place in the list
    order: Vec<Sighting>,
    seen: HashMap<u64, Option<jiff::Timestamp>>,
    total: Option<usize>,
}

/// How a window fits what is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fit {
    More,
    End,
    /// The paging makes no sense any more: no further window will help
    Senseless,
}

impl Walk {
    fn new(size: u32, plain: bool) -> Self {
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
    fn next(&self) -> (u64, u32) {
        if self.windows == 0 {
            return (1, self.size);
        }
        if self.plain {
            return (u64::from(self.windows) + 1, self.size);
        }
        next_window(self.order.len() as u64, self.size)
    }

    /// Adds a window. Gives the places of rows not seen before, whether something has moved, and how it goes on.
    fn take(
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
                // It has a page size of its own. With the first window nothing is lost: go on by plain numbers.
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

        let fit = match more {
            More::No => Fit::End,
            More::Page(_) if page.is_empty() => Fit::End,
            // "The next page is an earlier one": the total decides whether that means "none".
            More::Page(next) if next <= number => match self.total {
                Some(total) if total > self.order.len() => Fit::More,
                Some(_) => Fit::End,
                None => Fit::Senseless,
            },
            More::Page(_) => Fit::More,
            More::Unsaid if page.len() < size as usize => Fit::End,
            More::Unsaid => Fit::More,
        };
        let fit = match fit {
            Fit::End if self.total.is_some_and(|total| total > self.order.len()) && !moved => Fit::Senseless,
            Fit::More if fresh.is_empty() => Fit::Senseless,
            Fit::More if self.windows >= MOST_WINDOWS || self.order.len() >= MOST_ROWS => Fit::Senseless,
            Fit::More if self.total.is_some_and(|total| self.order.len() > total + self.size as usize) => {
                Fit::Senseless
            }
            fit => fit,
        };
        (fresh, moved, fit)
    }
}

/// The window that begins at least one row before `end` and reaches farthest. Where no size does both (only for tiny
/// sizes), one that begins exactly at `end`.
fn next_window(end: u64, largest: u32) -> (u64, u32) {
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

impl Plan {
    pub(super) fn new(sizes: Sizes) -> Self {
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
    pub(super) fn next(&self) -> Option<Ask> {
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
    pub(super) fn in_sight(&self) -> bool {
        self.attempt == 0
    }

    /// Whether more rows are to come.
    pub(super) fn more_rows(&self) -> bool {
        matches!(self.phase, Phase::Preview | Phase::Walk)
    }

    /// The server refuses large pages: go on with the size of the first one. Gives whether that changes anything.
    pub(super) fn shrink(&mut self) -> bool {
        let smaller = self.sizes.first.min(self.sizes.rest / 2).max(1);
        if self.phase == Phase::Walk && self.walk.windows == 0 && smaller < self.sizes.rest {
            self.sizes.rest = smaller;
            self.walk = Walk::new(smaller, self.plain);
            return true;
        }
        false
    }

    /// An answer was larger than we read: ask for fewer rows at once. Gives whether that is possible.
    pub(super) fn too_large(&mut self) -> bool {
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
    pub(super) fn rows(
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
    pub(super) fn newest(&mut self, page: &[Sighting]) -> bool {
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
    pub(super) fn no_newest(&mut self, known: bool) {
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
    pub(super) fn ended_out_of_sight(&self) -> bool {
        self.phase == Phase::Done && !self.in_sight()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SIZES: Sizes = Sizes { first: 100, rest: 1_000, newest: 25 };

    fn sightings(ids: impl IntoIterator<Item = u64>) -> Vec<Sighting> {
        ids.into_iter().map(|id| Sighting { id: Some(id), updated_at: None }).collect()
    }

    #[test]
    fn windows_overlap_and_advance_by_nearly_their_size() {
        for (largest, rows) in [(1_000, 100_000_u64), (100, 20_000), (20, 1_000)] {
            let (mut end, mut windows) = (u64::from(largest), 1_u64);
            while end < rows {
                let (number, size) = next_window(end, largest);
                let start = (number - 1) * u64::from(size);
                assert!(size <= largest && start < end, "window {start} of {size} after {end}");
                assert!(start + u64::from(size) > end, "it advances");
                end = start + u64::from(size);
                windows += 1;
            }
            let ideal = rows / u64::from(largest);
            assert!(windows <= ideal + ideal / 2 + 2, "{windows} windows of {largest} for {rows} rows");
        }
    }

    #[test]
    fn tiny_windows_advance_too() {
        for largest in 1..8 {
            let mut end = u64::from(largest);
            for _ in 0..200 {
                let (number, size) = next_window(end, largest);
                let start = (number - 1) * u64::from(size);
                assert!(start <= end && start + u64::from(size) > end, "stuck at {end} with {largest}");
                end = start + u64::from(size);
            }
        }
    }

    #[test]
    fn short_list_is_one_request() {
        let mut plan = Plan::new(SIZES);
        assert_eq!(plan.next(), Some(Ask::Rows { number: 1, size: 100 }));
        assert_eq!(plan.rows(&sightings(1..=3), Some(3), More::No, None), Use::Report(vec![0, 1, 2]));
        assert_eq!(plan.next(), None);
        assert!(!plan.changed && !plan.cut_short);
    }

    #[test]
    fn medium_list_is_a_preview_and_one_whole_answer() {
        let mut plan = Plan::new(SIZES);
        plan.rows(&sightings(1..=100), Some(300), More::Page(2), None);
        assert_eq!(plan.next(), Some(Ask::Rows { number: 1, size: 1_000 }));
        let taken = plan.rows(&sightings(1..=300), Some(300), More::No, None);
        assert_eq!(taken, Use::Report((100..300).collect()));
        assert_eq!(plan.next(), None);
    }

    #[test]
    fn preview_that_is_out_of_date_is_replaced() {
        let mut plan = Plan::new(SIZES);
        plan.rows(&sightings(1..=100), Some(300), More::Page(2), None);
        let taken = plan.rows(&sightings(2..=300), Some(299), More::No, None);
        assert_eq!(taken, Use::Replace((0..299).collect()));
        assert!(!plan.changed);
    }

    #[test]
    fn answers_that_are_too_large_are_asked_for_in_smaller_pieces() {
        let mut plan = Plan::new(Sizes { first: 100, rest: 100, newest: 25 });
        assert!(plan.too_large());
        assert_eq!(plan.next(), Some(Ask::Rows { number: 1, size: 25 }));
        plan.rows(&sightings(1..=25), Some(60), More::Page(2), None);
        assert!(plan.too_large());
        assert_eq!(plan.next(), Some(Ask::Rows { number: 1, size: 6 }));
        let mut sizes = 0;
        while plan.too_large() {
            sizes += 1;
        }
        assert!(sizes < 3, "it ends");
    }

    #[test]
    fn paging_without_sense_ends() {
        type Server = fn(u64, u32) -> (Vec<Sighting>, Option<usize>, More);
        let servers: [(&str, Server); 6] = [
            ("always the first page", |number, size| (sightings(0..u64::from(size)), None, More::Page(number + 1))),
            ("next page does not grow", |number, size| {
                let start = (number - 1) * u64::from(size);
                (sightings(start..start + u64::from(size)), None, More::Page(1))
            }),
            ("empty pages for ever", |number, _| (Vec::new(), Some(10), More::Page(number + 1))),
            ("new rows for ever", |number, size| {
                let start = (number - 1) * u64::from(size);
                (sightings(start..start + u64::from(size)), None, More::Page(number + 1))
            }),
            ("more rows than the total", |number, size| {
                let start = (number - 1) * u64::from(size);
                (sightings(start..start + u64::from(size)), Some(10), More::Page(number + 1))
            }),
            ("fewer rows than the total", |_, _| (sightings(0..10), Some(500), More::No)),
        ];
        for (name, server) in servers {
            let mut plan = Plan::new(SIZES);
            let mut requests = 0;
            while let Some(ask) = plan.next() {
                requests += 1;
                assert!(requests < 1_000, "{name}: no end");
                match ask {
                    Ask::Rows { number, size } => {
                        let (page, total, more) = server(number, size);
                        plan.rows(&page, total, more, None);
                    }
                    Ask::Newest { .. } => {
                        plan.newest(&[]);
                    }
                }
            }
            assert!(plan.cut_short || plan.changed, "{name} passed as whole");
        }
    }

    #[test]
    fn server_with_a_page_size_of_its_own_is_followed() {
        type PageSize = fn(u32) -> usize;
        let servers: [(&str, PageSize); 2] =
            [("never more than 50 rows", |size| size.min(50) as usize), ("always 50 rows", |_| 50)];
        for (name, page_size) in servers {
            let rows: Vec<u64> = (1..=230).collect();
            let mut plan = Plan::new(SIZES);
            let (mut seen, mut kept) = (BTreeSet::new(), BTreeSet::new());
            let mut requests = 0;
            while let Some(ask) = plan.next() {
                requests += 1;
                let Ask::Rows { number, size } = ask else {
                    assert!(!plan.newest(&sightings([230])));
                    continue;
                };
                let size = page_size(size);
                let start = (number as usize - 1) * size;
                let page = sightings(rows.iter().copied().skip(start).take(size));
                let more = if start + size < rows.len() { More::Page(number + 1) } else { More::No };
                let ids =
                    |places: Vec<usize>| places.into_iter().filter_map(|place| page[place].id).collect::<Vec<_>>();
                match plan.rows(&page, Some(230), more, None) {
                    Use::Report(places) => seen.extend(ids(places)),
                    Use::Replace(places) => seen = ids(places).into_iter().collect(),
                    Use::Keep(places) => kept.extend(ids(places)),
                    Use::Forget => kept.clear(),
                }
            }
            let whole = if plan.ended_out_of_sight() { kept } else { seen };
            assert_eq!(whole.len(), 230, "{name}");
            assert!(!plan.changed && !plan.cut_short && requests < 12, "{name}: {requests}");
        }
    }

    /// A list in memory that answers like the API and changes between requests.
    struct World {
        rows: Vec<(String, u64, i64)>,
        next_id: u64,
        clock: i64,
        random: fastrand::Rng,
    }

    impl World {
        fn new(seed: u64) -> Self {
            let mut world = Self { rows: Vec::new(), next_id: 1, clock: 1_000, random: fastrand::Rng::with_seed(seed) };
            for _ in 0..world.random.usize(0..180) {
                world.insert();
            }
            world.clock = 100_000;
            world
        }

        fn name(&mut self) -> String {
            // Few names, so that many rows have the same one.
            format!("row {:02}", self.random.u32(0..60))
        }

        fn insert(&mut self) {
            let name = self.name();
            self.clock += self.random.i64(0..3);
            self.rows.push((name, self.next_id, self.clock));
            self.next_id += 1;
        }

        fn change(&mut self) {
            let at = self.random.usize(0..self.rows.len().max(1));
            match self.random.u32(0..4) {
                0 => self.insert(),
                1 if !self.rows.is_empty() => {
                    self.rows.swap_remove(at);
                }
                2 if !self.rows.is_empty() => {
                    let name = self.name();
                    self.clock += 1;
                    self.rows[at] = (name, self.rows[at].1, self.clock);
                }
                // The hard one: a row more and a row less, so that the total stays.
                _ if !self.rows.is_empty() => {
                    self.rows.swap_remove(at);
                    self.insert();
                }
                _ => {}
            }
        }

        fn page(&mut self, number: u64, size: u32, newest: bool) -> (Vec<Sighting>, usize, More) {
            self.rows.sort_by(|a, b| if newest { (b.2, b.1).cmp(&(a.2, a.1)) } else { (&a.0, a.1).cmp(&(&b.0, b.1)) });
            let start = (number as usize - 1) * size as usize;
            let row = |(_, id, clock): &(String, u64, i64)| Sighting {
                id: Some(*id),
                updated_at: jiff::Timestamp::from_second(*clock).ok(),
            };
            let page: Vec<_> = self.rows.iter().skip(start).take(size as usize).map(row).collect();
            let more = if start + page.len() < self.rows.len() { More::Page(number + 1) } else { More::No };
            (page, self.rows.len(), more)
        }
    }

    #[test]
    fn a_list_that_changes_is_whole_or_says_so() {
        let (mut quiet, mut healed, mut flagged) = (0, 0, 0);
        for seed in 0..5_000 {
            let mut world = World::new(seed);
            let wild = world.random.bool();
            let first = world.random.u32(8..16);
            let rest = if world.random.bool() { first } else { first * 2 };
            let mut plan = Plan::new(Sizes { first, rest, newest: 12 });
            // What the screen has, and what waits to replace it.
            let (mut shown, mut kept): (BTreeSet<u64>, BTreeSet<u64>) = Default::default();
            let mut attempt = 0;
            let mut asked = 0;
            while let Some(ask) = plan.next() {
                asked += 1;
                assert!(asked < 1_000, "seed {seed}: no end");
                attempt = plan.attempt;
                match ask {
                    Ask::Rows { number, size } => {
                        let (page, total, more) = world.page(number, size, false);
                        let ids = |places: Vec<usize>| {
                            places.into_iter().filter_map(|place| page[place].id).collect::<Vec<_>>()
                        };
                        let date = jiff::Timestamp::from_second(world.clock).ok();
                        match plan.rows(&page, Some(total), more, date) {
                            Use::Report(places) => shown.extend(ids(places)),
                            Use::Replace(places) => shown = ids(places).into_iter().collect(),
                            Use::Keep(places) => kept.extend(ids(places)),
                            Use::Forget => kept.clear(),
                        }
                        if matches!(plan.next(), Some(Ask::Rows { .. } | Ask::Newest { .. })) {
                            // Something may happen after every answer but the last one.
                            let changes =
                                if wild { world.random.u32(0..3) } else { u32::from(world.random.u32(0..12) == 0) };
                            for _ in 0..changes {
                                world.change();
                            }
                        }
                    }
                    Ask::Newest { size } => {
                        let (page, ..) = world.page(1, size, true);
                        if plan.newest(&page) {
                            kept.clear();
                        }
                    }
                }
            }
            if plan.ended_out_of_sight() {
                shown = kept;
            }
            let now: BTreeSet<u64> = world.rows.iter().map(|row| row.1).collect();
            let missing = now.difference(&shown).count();
            if plan.changed || plan.cut_short {
                flagged += 1;
            } else {
                assert_eq!(missing, 0, "seed {seed}: {missing} rows missing without a word");
                if attempt > 0 { healed += 1 } else { quiet += 1 }
            }
        }
        assert!(quiet > 300 && healed > 300 && flagged > 50, "each way is met: {quiet} {healed} {flagged}");
    }
}
