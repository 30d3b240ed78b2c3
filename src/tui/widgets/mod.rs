//! Small pieces that know nothing of IT Glue.

pub mod field;
