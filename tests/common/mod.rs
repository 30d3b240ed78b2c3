//! What several whole-run tests share.

#[cfg(unix)]
pub mod keeper;
#[cfg(unix)]
pub mod pty;
