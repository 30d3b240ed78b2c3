//! The assets as they are written: TOML for records, a header and text for documents. Only shapes and parsing;
//! what becomes of them is in `build`. `assets/demo/README.md` says the same to those who write them.

mod account;
mod document;
mod organization;
mod records;

pub(super) use account::{Catalogue, Lookups, Role, User};
pub(super) use document::{Block, Document, Form, State, blocks};
pub(super) use organization::{Device, Organization};
pub(super) use records::{
    Checklist, ChecklistTemplate, Checklists, FlexibleAsset, FlexibleAssets, Password, Passwords, Relations,
};
