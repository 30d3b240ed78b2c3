//! How a source is asked, whatever its platform: how urgent a request is, and how the source stands. What it answers is
//! filed by [`crate::library`].

mod state;
mod urgency;

pub use state::{Connection, Quota};
pub use urgency::Urgency;
