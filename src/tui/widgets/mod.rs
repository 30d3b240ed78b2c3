//! Small pieces that know nothing of IT Glue.

pub mod border;
pub mod field;
pub mod paint;
pub mod wrap;
