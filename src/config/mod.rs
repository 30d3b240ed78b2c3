//! Configuration: defaults < file < environment < flags.
//!
//! Everything is typed and every unknown name is refused. A mistake is reported with file, line and what would be
//! right. What it costs depends on the section: a mistake under `[ui]`, `[theme]` or `[log]` drops that one
//! setting and is reported on the screen; one anywhere else (region, key, network, audit) stops the program, since
//! running on would send the key or the audit trail somewhere the person did not mean.

mod environment;
pub mod key;
mod parse;
mod sections;
mod settings;
mod theme;
mod values;

pub use environment::Environment;
pub use gluepot_core::policy::ConfirmClient;
pub use gluepot_core::problem::Problem;
pub use parse::Loaded;
pub use sections::{AuditConfig, KeySource, LogConfig, Network, SinkKind, Switch, Ui};
pub use settings::Config;
pub use theme::{Hue, Theme};
pub(crate) use values::{WORDS, is_words};

pub use crate::host::log::LogLevel;

#[cfg(test)]
mod tests;
