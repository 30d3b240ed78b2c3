//! A sentence in the bottom line that stays for a while, or until a key is pressed after it was read.

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

/// A sentence for the bottom line. Code that makes it from outside text filters it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// The sentence
    pub text: String,
    /// How much it matters
    pub weight: Weight,
    /// It answers one key and means nothing after the next one
    pub passing: bool,
}

impl Notice {
    /// Something went as wanted.
    pub fn quiet(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Quiet, passing: false }
    }

    /// Something the user should know.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Warning, passing: false }
    }

    /// Something failed.
    pub fn error(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Error, passing: false }
    }

    /// As an answer to the key that was pressed: gone with the next one.
    pub fn passing(self) -> Self {
        Self { passing: true, ..self }
    }

    /// How long it stays at least, whatever is pressed. Then the next key takes it away: what a person does next would
    /// seem to be its subject, and the keys that could be pressed are in the same place.
    pub fn stays_at_least(&self) -> Duration {
        match self.weight {
            _ if self.passing => Duration::ZERO,
            Weight::Quiet => Duration::from_secs(1),
            Weight::Warning => Duration::from_secs(2),
            Weight::Error => Duration::from_secs(4),
        }
    }

    /// How long it stays while no key is pressed.
    pub fn stays(&self) -> Duration {
        match self.weight {
            Weight::Quiet => Duration::from_secs(4),
            Weight::Warning => Duration::from_secs(8),
            Weight::Error => Duration::from_secs(12),
        }
    }
}
