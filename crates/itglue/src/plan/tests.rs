//! Lists that change between two answers, and servers that page without sense.

use std::collections::BTreeSet;

use super::walk::next_window;
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
            let ids = |places: Vec<usize>| places.into_iter().filter_map(|place| page[place].id).collect::<Vec<_>>();
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
                    let ids =
                        |places: Vec<usize>| places.into_iter().filter_map(|place| page[place].id).collect::<Vec<_>>();
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
