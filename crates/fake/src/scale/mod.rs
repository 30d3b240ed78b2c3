//! The large world: a thousand organizations, a hundred thousand configurations, fifty thousand passwords and twenty
//! thousand documents, none of which exists until it is requested.
//!
//! Every attribute of every row is computed from the seed, the table and the number of the row, so the start costs
//! nothing and the same seed always gives the same world. Rows of one organization are next to each other; how many
//! each has is uneven, as in real accounts, and the first organization is far larger than all others. The words come
//! from `assets/demo/scale.toml`.

mod ids;
mod make;
mod rows;
mod spread;
mod words;

pub use make::SEED;
