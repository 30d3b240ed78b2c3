//! What tests of whole runs share.
//!
//! A package, not a folder of modules that each test program compiles for itself: it is built once, and optimised, since
//! it searches the memory of processes and draws screens. Only tests depend on it.

pub mod deed;
#[cfg(target_os = "linux")]
pub mod dump;
#[cfg(unix)]
pub mod keeper;
#[cfg(unix)]
pub mod pty;
pub mod skip;
pub mod tls;
pub mod tokens;
