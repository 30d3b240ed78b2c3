//! One place that turns a record into what is seen of it: a card, a row of a list, JSON.
//!
//! [`sheet::of`] says what there is to know of a record, as named facts in groups. A [`card`] is how a sheet is read, [`json`]
//! how programs read it; both know no record, so no fact can be on one and not on the other. A [`row`] is the one line a
//! list has of a record. Nothing here knows a screen, and nothing asks a server.
//!
//! | File | Owns |
//! |---|---|
//! | `sheet` | facts in groups, lists and bodies; [`sheet::of`] |
//! | `writer` | writing a sheet fact by fact |
//! | `record/*` | which facts each kind of record has |
//! | `card` | a sheet as a document |
//! | `json` | a sheet as JSON |
//! | `row` | name, aside, date and order in a list |
//! | `format` | numbers, sizes, dates and ages in words |

pub mod card;
pub mod format;
pub mod json;
mod record;
pub mod sheet;
mod writer;

pub use record::{newest_first, parent_of, version_words};
