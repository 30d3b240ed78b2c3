//! How many rows each organization has.

use std::ops::Range;

use super::ids::ORGANIZATIONS;

/// How the rows of a table are spread over the organizations: organization `i` has rows `starts[i]..starts[i + 1]`.
pub(super) struct Spread(Vec<u64>);

impl Spread {
    /// The first organization gets its share, the others by a law that gives much to few.
    pub(super) fn new((total, first): (u64, u64), bend: f64) -> Self {
        let weights: Vec<f64> = (1..ORGANIZATIONS).map(|i| 1.0 / (i as f64 + 4.0).powf(bend)).collect();
        let all: f64 = weights.iter().sum();
        let rest = (total - first) as f64;
        let mut starts = vec![0, first];
        let mut sum = 0.0;
        for weight in &weights {
            sum += weight;
            starts.push(first + (rest * sum / all).round() as u64);
        }
        if let Some(last) = starts.last_mut() {
            *last = total;
        }
        Self(starts)
    }

    pub(super) fn of(&self, organization: u64) -> Range<u64> {
        let at = |i: u64| self.0.get(i as usize).copied().unwrap_or_default();
        if organization < ORGANIZATIONS { at(organization)..at(organization + 1) } else { 0..0 }
    }

    /// The organization of a row.
    pub(super) fn organization(&self, row: u64) -> u64 {
        (self.0.partition_point(|&start| start <= row) as u64).saturating_sub(1)
    }
}
