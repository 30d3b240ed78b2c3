//! The panes: each holds view state only and looks into the store when it draws.

pub mod detail;
pub mod list;
pub mod rows;
