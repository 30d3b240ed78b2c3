//! What can go wrong between a client and IT Glue, on demand.
//!
//! A [`Rule`] says what happens ([`Fault`]), to which requests (method and part of the path), after how many of them
//! and how often. Rules are switched by tests while the server runs and by a person with `--fault SPEC`:
//!
//! ```
//! use gluepot_fake::Rule;
//! let rule: Rule = "429:retry-after=2:count=3:path=/passwords".parse().unwrap();
//! assert_eq!(rule.to_string(), "429:retry-after=2:path=/passwords:count=3");
//! ```

mod force;
mod parse;
mod rule;
mod show;

pub use force::Faults;
pub use parse::{HELP, SpecError};
pub use rule::{ErrorBody, Fault, RetryAfter, Rule};
