//! The columns of a table.

/// The columns of a table that are drawn: those in which a cell begins. One that only spans cover has no width of its
/// own. Empty: there are more than a screen could show.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns(pub(crate) Box<[u16]>);

impl Columns {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The drawn columns that a cell covers: the first, and how many.
    pub fn of(&self, column: u16, columns: u16) -> (usize, usize) {
        let first = self.0.partition_point(|&start| start < column);
        let end = self.0.partition_point(|&start| u32::from(start) < u32::from(column) + u32::from(columns));
        (first, end.saturating_sub(first).max(1))
    }
}
