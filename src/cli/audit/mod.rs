//! `gluepot audit`: beginning, checking and reading the trail. Nothing here speaks to IT Glue, and reading works on a
//! copy on another machine.

mod args;
mod findings;
mod outside;
mod read;
mod run;
mod verify;

pub(super) use args::AuditArgs;
pub(super) use run::run;
