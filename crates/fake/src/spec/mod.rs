//! What each resource of the API can do: its attributes, filters, sort fields, includes and writes.
//!
//! Names are in kebab case here; requests may also use snake case. The tables follow the public documentation of the
//! API, with the corrections people with live accounts have reported.

mod account;
mod configuration;
mod document;
mod flexible;
mod kind;
mod lookup;
mod organization;
mod password;
mod tables;
mod unset;
mod work;

pub(crate) use tables::{COMPANIONS, nested, relatable, spec};
pub(crate) use unset::unset;
