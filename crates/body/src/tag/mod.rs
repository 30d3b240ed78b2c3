//! The elements and attributes that mean something to a reader.

mod attrs;
mod element;
mod name;

pub(crate) use attrs::{Attrs, NONE};
pub(crate) use element::{Element, NAMES, Nature, element};
pub(crate) use name::{Inside, Tag};
