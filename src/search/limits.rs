//! How much of a row and of a query counts.

/// Characters of a field that are searched; what comes after is left out, so that no field can bloat the index.
pub(super) const MAX_FIELD: usize = 512;
/// Words of a query that count.
pub(super) const MAX_TERMS: usize = 16;
/// Between two fields. Cannot be typed, and no field contains it.
pub(super) const SEPARATOR: u8 = 0x1f;
