//! The looks of text.

/// A set of looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style(pub u16);

impl Style {
    pub const STRONG: Self = Self(1);
    pub const EMPHASIS: Self = Self(1 << 1);
    pub const STRIKE: Self = Self(1 << 2);
    pub const UNDERLINE: Self = Self(1 << 3);
    pub const HIGHLIGHT: Self = Self(1 << 4);
    pub const SUB: Self = Self(1 << 5);
    pub const SUP: Self = Self(1 << 6);
    pub const CODE: Self = Self(1 << 7);
    pub const DIM: Self = Self(1 << 8);
    pub const WARNING: Self = Self(1 << 9);
    pub const STEP: Self = Self(1 << 10);

    /// How many bits are in use.
    pub const BITS: usize = 11;

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}
