//! Whole runs on a test screen, against the embedded IT Glue: what is asserted is what a person sees, what the server
//! was asked, and what the audit file holds.

#![expect(clippy::large_futures, reason = "a test program is as large as what it holds, and there is one at a time")]

mod app;
mod bars;
mod browse;
mod cards;
mod console;
mod find;
mod hostile;
mod lock;
mod menus;
mod policy;
mod read;
mod rows;
mod secrets;
mod seen;
mod states;
mod target;
mod twins;
