//! One thing wrong with a file that a person wrote: where, and what to do.

use std::fmt;

use crate::text::Clean;

/// One thing wrong with a setting. Shows as `/path/config.toml, line 7: ui.reveal_seconds: expected …`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The file, variable or flag it is in
    pub place: Clean,
    /// Line in the file, from 1; 0 when it is in no file
    pub line: usize,
    /// What is wrong, what is right, and what is used instead
    pub message: Clean,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.place, self.message),
            line => write!(f, "{}, line {line}: {}", self.place, self.message),
        }
    }
}

impl std::error::Error for Problem {}
