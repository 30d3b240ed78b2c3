//! The embedded IT Glue: a real HTTP server on loopback with a believable MSP's data.
//!
//! [`world`] is what it knows, [`data`] the demo's content.

pub mod data;
pub mod world;

pub use world::{Table, World};
