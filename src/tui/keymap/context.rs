//! Where a key is pressed, and what is wrong in a key file.

use std::fmt;

use gluepot_core::text::Clean;

/// Where a key is pressed. A section of the key file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Context {
    /// Everywhere but in a text field
    Global,
    /// A list has the focus
    List,
    /// The detail has the focus
    Detail,
    /// A popup without a text field is on top
    Popup,
    /// Text is being typed: filter, finder, palette, ticket
    Input,
}

impl Context {
    /// All contexts, in the order of the key file.
    pub const ALL: [Self; 5] = [Self::Global, Self::List, Self::Detail, Self::Popup, Self::Input];

    /// The section's name in the key file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::List => "list",
            Self::Detail => "detail",
            Self::Popup => "popup",
            Self::Input => "input",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }

    /// The contexts a key is looked up in, one after the other.
    pub(super) fn chain(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::List => &[Self::List, Self::Global],
            Self::Detail => &[Self::Detail, Self::Global],
            Self::Popup => &[Self::Popup, Self::Global],
            Self::Input => &[Self::Input],
        }
    }
}

/// Something wrong in a key file. Shows as `line 7: …`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyProblem {
    /// Line in the file, from 1
    pub line: usize,
    /// What is wrong and what would be right
    pub message: Clean,
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for KeyProblem {}
