//! Whole runs on a test screen, against the embedded IT Glue: what is asserted is what a person sees, what the server
//! was asked, and what the audit file holds.

mod app;
mod browse;
mod hostile;
mod read;
mod secrets;
mod states;
