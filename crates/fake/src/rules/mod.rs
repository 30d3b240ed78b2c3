//! Writes: POST, PATCH, DELETE, publish, related items, attachments, images, as far as the API documents them.
//!
//! - `entry` is the one way in: may keys do this at all, and what does the body say. `create`, `update` and `removal`
//!   are the common way of a write from there on, `apply` what a request may set.
//! - What is peculiar to one table is behind [`rule::Rules`], a file for each kind of record; `tables` says whose
//!   rules are whose.
//! - `relate`, `publish` and `attach` are writes of another kind; `sanitise` is what becomes of HTML that is saved.

mod apply;
mod asset;
mod attach;
mod checklist;
mod configuration;
mod create;
mod document;
mod entry;
mod export;
mod folder;
mod image;
mod item;
mod names;
mod organization;
mod password;
mod publish;
mod relate;
mod removal;
mod rule;
mod sanitise;
mod section;
mod tables;
mod update;
mod value;
mod writer;

pub(crate) use attach::content_type;
pub(crate) use writer::Writer;
