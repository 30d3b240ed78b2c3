//! One place that turns a record into what is seen of it: a card, JSON, a row of a list.
//!
//! [`sheet_of`] says what there is to know of a record, as named facts in groups. A [`card`] is how a sheet is read, [`json`]
//! how programs read it; both know no record, so no fact can be on one and not on the other. Nothing here knows a screen, and
//! nothing asks a server.
//!
//! | File | Owns |
//! |---|---|
//! | `sheet` | facts in groups, lists and bodies |
//! | `writer` | writing a sheet fact by fact |
//! | `record/*` | [`sheet_of`]: which facts each kind of record has |
//! | `card` | a sheet as a document |
//! | `json` | a sheet as JSON |
//! | `row` | the aside, the date and the order of a row in a list |
//! | `format` | numbers, sizes, dates and ages in words |

pub mod card;
pub mod format;
pub mod json;
mod record;
pub mod row;
pub mod sheet;
mod writer;

pub use record::{newest_first, parent_of, sheet_of, version_words};
