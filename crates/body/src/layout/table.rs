//! Tables: a grid wherever every word fits, cells wrapped where that helps; else key and value below each other
//! (`pairs`).

use super::engine::{Grid, Layout};
use super::measure::{GAP, needs};
use crate::doc::{Columns, Doc};

/// A column is this wide where there is room, however little is in it.
const COMFORT: usize = 2;

impl Layout {
    /// Begins a table. True: it is a grid; false: its rows and cells come as containers of their own.
    pub(super) fn begin_table(&mut self, doc: &Doc, number: u32) -> bool {
        self.flush_marks();
        let Some(table) = doc.tables.get(number as usize) else { return false };
        let end = self.engine.at + table.len as usize;
        let count = table.places.len();
        let room = self.engine.room();
        if count > 0
            && count + GAP * (count - 1) <= room
            && let Some((widths, tall)) = self.widths(doc, &table.places, end, room)
        {
            let (columns, reach) = (table.places.clone(), vec![0; count]);
            self.engine.grid = Some(Grid { widths, columns, end, reach, tall, rows: 0, after_head: false });
            self.engine.at += 1;
            return true;
        }
        self.begin_pairs(doc, table, end);
        false
    }

    /// The columns' widths and whether cells wrap; nothing if some word would not fit.
    fn widths(&self, doc: &Doc, columns: &Columns, end: usize, room: usize) -> Option<(Vec<usize>, bool)> {
        let needs = needs(doc, self.engine.at + 1, end, columns, &self.engine.options, room);
        let count = columns.len();
        let room = room.checked_sub(GAP * (count - 1))?;
        let natural: Vec<usize> = needs.iter().map(|need| need.natural.max(COMFORT)).collect();
        if natural.iter().sum::<usize>() <= room {
            return Some((natural, false));
        }
        if count == 1 {
            return Some((vec![room], true));
        }
        let least: Vec<usize> = needs.iter().map(|need| need.least.max(1)).collect();
        if least.iter().sum::<usize>() > room {
            return None;
        }
        // The largest width such that everything narrower keeps what it wants and all of it fits.
        let fits = |cap: usize| {
            natural.iter().zip(&least).map(|(&want, &need)| want.min(cap).max(need)).sum::<usize>() <= room
        };
        let (mut low, mut high) = (1, room);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if fits(middle) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        let mut widths: Vec<usize> = natural.iter().zip(&least).map(|(&want, &need)| want.min(low).max(need)).collect();
        let mut spare = room.saturating_sub(widths.iter().sum());
        for (width, want) in widths.iter_mut().zip(&natural) {
            let more = spare.min(want.saturating_sub(*width));
            *width += more;
            spare -= more;
        }
        Some((widths, true))
    }
}
