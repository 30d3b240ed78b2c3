//! Lists: which rows, in which order, which page of them, with `meta` and `links`.

mod filters;
mod orders;
mod page;
mod select;

pub(crate) use orders::Orders;
pub(crate) use page::{links, meta};
pub(crate) use select::select;
