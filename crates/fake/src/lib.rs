//! The embedded IT Glue: a real HTTP server on loopback with a believable MSP's data.
//!
//! It stands in for the real service in `--demo`, in tests and in benches, and alone as `gluepot demo-server`,
//! so that other people's clients can be tried against it. `docs/fake-server.md` lists the rules it keeps.
//!
//! - [`world`]: what it knows; [`data`]: the demo's content; `scale`: the large world, computed on demand
//! - `spec`: what each resource can do; `routes`: which path means what, for a `call`; `query`, `list`, `render`: from
//!   a request to an answer; `rules`: what writes do; `switches`: in what accounts differ
//! - `body`: what a write brings along; [`web`]: the host of the web application, where no key belongs
//! - [`faults`]: what goes wrong, on demand; [`server`]: sockets, keys, the rate window, the log of requests; `accept`:
//!   the loop that takes connections

mod accept;
mod answer;
mod body;
mod call;
pub mod data;
mod demo;
pub mod faults;
mod list;
mod query;
mod render;
mod routes;
mod rules;
pub mod scale;
pub mod server;
mod spec;
mod switches;
mod vault;
pub mod web;
pub mod world;

pub use demo::{DemoServerOptions, demo_server};
pub use faults::{Fault, Faults, Rule};
pub use server::{KeyUsed, Keys, Options, Rate, Request, Server};
pub use web::WebRequest;
pub use world::{Table, World};
