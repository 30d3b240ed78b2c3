//! What may be done with whose records: rules from an administrator's file and from the user's own.
//!
//! Each file is a list of rules; in each the first one that fits decides ([`Policy::decide`]). The administrator's file
//! comes first: of both decisions the stricter one counts, so the user's file can only tighten. Every decision names
//! the file and the line of the rule behind it. This module knows no screen and asks nothing: it takes a [`Subject`].
//!
//! **Fail closed.** A file that cannot be read, has the wrong owner, is not TOML or contains an unknown key counts as
//! one that denies everything but reading documents and opening links. What is not known of a subject (a folder whose
//! name was not loaded) makes a rule that depends on it fit "perhaps", and of all that perhaps fits the strictest
//! counts.
//!
//! | File | Owns |
//! |---|---|
//! | `action` | what somebody wants to do, and what a rule can say |
//! | `rule` | what an action is about, and whether a rule fits |
//! | `decision` | what was said, and by which line |
//! | `file`, `both` | one file as it was read; the stricter of both |
//! | `parse` | text to rules, with line numbers |
//! | `pattern` | names with `*` and `?` |
//! | `plain` | texts as rules compare them |
//! | `lock` | whether a broken file may have named an organization to keep to |
//! | `trail` | where the audit trail and its copies have to be |
//! | `files` | where the files are and who may own them |

mod action;
mod both;
mod confirm;
mod decision;
mod file;
mod files;
mod lock;
mod parse;
mod pattern;
mod plain;
mod rule;
#[cfg(test)]
mod tests;
mod trail;

pub use crate::problem::Problem as PolicyError;
pub use action::{Action, Verdict};
pub use both::Policies;
pub use confirm::ConfirmClient;
pub use decision::{Because, Decision};
pub use file::{File, Policy, ScreenLock};
pub use files::{ADMIN, admin, draft, user};
pub use parse::parse;
pub use pattern::Pattern;
pub use plain::plain;
pub use rule::{Rule, Subject};
pub use trail::TrailRules;
