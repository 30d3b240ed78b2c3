//! A sentence in the bottom line that stays for a while.

use std::time::Duration;

/// How much it matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// Something went as wanted.
    Quiet,
    /// Something the user should know.
    Warning,
    /// Something failed.
    Error,
}

/// A sentence for the bottom line. Its text is filtered by whoever makes it from outside text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// The sentence
    pub text: String,
    /// How much it matters
    pub weight: Weight,
}

impl Notice {
    /// Something went as wanted.
    pub fn quiet(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Quiet }
    }

    /// Something the user should know.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Warning }
    }

    /// Something failed.
    pub fn error(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Error }
    }

    /// How long it stays.
    pub fn stays(&self) -> Duration {
        match self.weight {
            Weight::Quiet => Duration::from_secs(4),
            Weight::Warning => Duration::from_secs(8),
            Weight::Error => Duration::from_secs(12),
        }
    }
}
