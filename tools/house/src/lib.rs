//! Measures the source of the workspace: how long files and functions are, which files import each other in a circle,
//! how much is documented, how much is tests.
//!
//! `cargo run -p gluepot-house` prints the table; `tests/house.rs` of the program holds the rules that must not break.
//! It reads source as text and syntax, and never runs the compiler: a macro that writes an import is not seen, and a
//! method call is no import.
//!
//! | File | Owns |
//! |---|---|
//! | `read` | source files, their modules, what in them is a test |
//! | `names` | which file a path such as `crate::text::Clean` leads to, through re-exports |
//! | `imports` | who imports whom |
//! | `circles` | groups of rooms that need each other |
//! | `figures` | lengths and shares |

mod circles;
mod figures;
mod imports;
mod names;
mod read;

use std::path::Path;

pub use circles::{between_files, between_folders};
pub use figures::{Figures, Length, Spread};
pub use imports::{Import, imports};
pub use read::{Function, Package, Source};

/// The source of the workspace as it was read.
#[derive(Debug)]
pub struct House {
    /// The packages, in the order of their folders
    pub packages: Vec<Package>,
}

impl House {
    /// Reads the packages of the workspace at `root`: the program itself, and all below `crates` and `tools`.
    ///
    /// # Errors
    /// A file cannot be read, or is no Rust.
    pub fn read(root: &Path) -> Result<Self, String> {
        read::packages(root).map(|packages| Self { packages })
    }

    /// Every file that is part of what is shipped, not of its tests.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.packages.iter().flat_map(|package| &package.sources).filter(|source| !source.is_test)
    }
}
