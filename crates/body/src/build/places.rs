//! Where the cells of a table are: HTML's table model, in time that grows with the number of cells.

use crate::doc::Columns;

/// Columns that are distinguished. A wider table is never drawn as a grid.
const MAX_COLUMNS: u32 = 4096;

/// Steps that all tables of a body together may take to walk around cells that reach down from above. Later cells
/// stay where they come.
pub(super) const BUDGET: u32 = 1_000_000;

/// A cell that reaches down, as seen from one of its columns.
#[derive(Clone, Copy, Default)]
struct Reach {
    /// The first row it does not reach
    until: u32,
    /// The first column it does not cover
    end: u32,
}

/// The places of a table that is being read.
#[derive(Default)]
pub(super) struct Places {
    row: u32,
    column: u32,
    reach: Vec<Reach>,
    /// The first row that no cell reaches
    until: u32,
    /// Columns so far
    pub columns: u32,
    starts: Vec<u64>,
}

impl Places {
    /// Begins a part of the table (head, body, foot): no cell reaches over its border.
    pub fn section(&mut self) {
        self.reach.clear();
        self.until = 0;
    }

    /// Begins a row.
    pub fn row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
    }

    /// Takes back a row that leaves no trace.
    pub fn no_row(&mut self) {
        self.row = self.row.saturating_sub(1);
    }

    /// Whether a cell above reaches into the row.
    pub fn is_reached(&self) -> bool {
        self.until > self.row
    }

    /// Gives the next cell its column. It spans that many columns and rows; no rows are all that are left.
    pub fn cell(&mut self, columns: u16, rows: u16, budget: &mut u32) -> u16 {
        while let Some(above) = self.reach.get(self.column as usize).filter(|above| above.until > self.row) {
            if *budget == 0 {
                break;
            }
            *budget -= 1;
            self.column = above.end.max(self.column.saturating_add(1));
        }
        let column = self.column;
        let end = column.saturating_add(u32::from(columns));
        if rows != 1 {
            let until = if rows == 0 { u32::MAX } else { self.row.saturating_add(u32::from(rows)) };
            let last = end.min(MAX_COLUMNS).min(column.saturating_add(*budget));
            *budget = budget.saturating_sub(u32::from(columns));
            if self.reach.len() < last as usize {
                self.reach.resize(last as usize, Reach::default());
            }
            for above in self.reach.get_mut(column as usize..last as usize).unwrap_or_default() {
                if above.until < until {
                    *above = Reach { until, end };
                }
            }
            self.until = self.until.max(until);
        }
        if column < MAX_COLUMNS {
            let (word, bit) = (column as usize / 64, column % 64);
            if self.starts.len() <= word {
                self.starts.resize(word + 1, 0);
            }
            if let Some(word) = self.starts.get_mut(word) {
                *word |= 1 << bit;
            }
        }
        self.column = end;
        self.columns = self.columns.max(end);
        u16::try_from(column).unwrap_or(u16::MAX)
    }

    /// The columns in which cells begin.
    pub fn into_columns(self) -> Columns {
        if self.columns > MAX_COLUMNS {
            return Columns::default();
        }
        let bits = self.starts.iter().enumerate().flat_map(|(at, &word)| {
            (0..64_u16).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as u16 * 64 + bit)
        });
        Columns(bits.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns that cells of `(columns, rows)` get, row by row.
    fn places(rows: &[&[(u16, u16)]]) -> Vec<Vec<u16>> {
        let (mut places, mut budget) = (Places::default(), BUDGET);
        let mut row = |cells: &&[(u16, u16)]| {
            places.row();
            cells.iter().map(|&(columns, rows)| places.cell(columns, rows, &mut budget)).collect()
        };
        rows.iter().map(&mut row).collect()
    }

    #[test]
    fn cells_below_a_cell_that_reaches_down_stand_beside_it() {
        assert_eq!(places(&[&[(1, 2), (1, 1)], &[(1, 1)], &[(1, 1)]]), [vec![0, 1], vec![1], vec![0]]);
        assert_eq!(places(&[&[(1, 1), (2, 3), (1, 1)], &[(1, 1), (1, 1)]]), [vec![0, 1, 3], vec![0, 3]]);
    }

    #[test]
    fn cells_that_reach_down_follow_each_other_in_one_column() {
        assert_eq!(
            places(&[&[(1, 2), (1, 1)], &[(1, 1)], &[(1, 2), (1, 1)], &[(1, 1)]]),
            [vec![0, 1], vec![1], vec![0, 1], vec![1]]
        );
    }

    #[test]
    fn no_rows_are_all_rows_of_the_part() {
        let (mut places, mut budget) = (Places::default(), BUDGET);
        places.row();
        places.cell(1, 0, &mut budget);
        for _ in 0..5 {
            places.row();
            assert_eq!(places.cell(1, 1, &mut budget), 1);
        }
        places.section();
        places.row();
        assert_eq!(places.cell(1, 1, &mut budget), 0);
    }

    #[test]
    fn a_column_in_which_no_cell_begins_is_not_drawn() {
        let (mut places, mut budget) = (Places::default(), BUDGET);
        places.row();
        places.cell(1, 1, &mut budget);
        places.cell(900, 1, &mut budget);
        places.row();
        places.cell(1, 1, &mut budget);
        places.cell(3, 1, &mut budget);
        places.cell(1, 1, &mut budget);
        let columns = places.into_columns();
        assert_eq!(columns.len(), 3);
        assert_eq!((columns.of(1, 900), columns.of(1, 3), columns.of(4, 1)), ((1, 2), (1, 1), (2, 1)));
    }
}
