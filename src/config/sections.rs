//! The sections of the settings, each with its defaults.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::values;
use crate::host::log::LogLevel;
use gluepot_core::audit::{Keeping, Sink, System};
use gluepot_core::policy::ConfirmClient;

/// Where the API key comes from; with neither it is `ITGLUE_API_KEY`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeySource {
    /// A program and its arguments, run without a shell
    #[serde(deserialize_with = "values::command", skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// Seconds the program may take
    #[serde(deserialize_with = "values::between::<_, 1, 600>")]
    pub command_timeout: u32,
    /// A private file with the key on its only line
    #[serde(deserialize_with = "values::path", skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

impl Default for KeySource {
    fn default() -> Self {
        Self { command: None, command_timeout: 60, file: None }
    }
}

/// Trust, patience and pace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// Certificates to trust besides those of the system
    #[serde(deserialize_with = "values::path", skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Seconds
    #[serde(deserialize_with = "values::between::<_, 1, 600>")]
    pub connect_timeout: u32,
    /// Seconds
    #[serde(deserialize_with = "values::between::<_, 1, 600>")]
    pub first_byte_timeout: u32,
    /// Seconds between two pieces of an answer
    #[serde(deserialize_with = "values::between::<_, 1, 600>")]
    pub idle_timeout: u32,
    /// Seconds for all of a request, with every try
    #[serde(deserialize_with = "values::between::<_, 1, 600>")]
    pub total_timeout: u32,
    /// Requests a second
    #[serde(deserialize_with = "values::between::<_, 1, 10>")]
    pub requests_per_second: u32,
    /// Requests in five minutes
    #[serde(deserialize_with = "values::between::<_, 10, 3000>")]
    pub requests_per_five_minutes: u32,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            ca_file: None,
            connect_timeout: 10,
            first_byte_timeout: 20,
            idle_timeout: 10,
            total_timeout: 30,
            requests_per_second: 8,
            requests_per_five_minutes: 3000,
        }
    }
}

/// The screen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ui {
    /// Columns at which documents are wrapped
    #[serde(deserialize_with = "values::between::<_, 40, 500>")]
    pub text_width: u32,
    /// Seconds until a revealed password hides
    #[serde(deserialize_with = "values::between::<_, 1, 30>")]
    pub reveal_seconds: u32,
    /// Seconds until a copied password leaves the clipboard
    #[serde(deserialize_with = "values::between::<_, 5, 600>")]
    pub clipboard_seconds: u32,
    /// Hide a revealed password when the terminal loses the focus
    pub hide_on_focus_loss: bool,
    /// How often the first secret of a client asks for its short name. A policy may ask more often, and only a policy
    /// permits `never`.
    pub confirm_client: ConfirmClient,
    /// Idle seconds until the screen locks; 0: only by key
    #[serde(deserialize_with = "values::between::<_, 0, 86400>")]
    pub lock_after: u32,
    /// `auto`: on at a local terminal, off over SSH. [`Switch::resolve`] decides.
    pub mouse: Switch,
    /// `auto`: where the locale is not UTF-8. [`Switch::resolve`] decides.
    pub ascii: Switch,
    /// Milliseconds the cursor rests on a row before its detail is fetched
    #[serde(deserialize_with = "values::between::<_, 0, 2000>")]
    pub preview_ms: u32,
    /// strftime letters for exact dates; known to work
    #[serde(deserialize_with = "values::date_format")]
    pub date_format: String,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            text_width: 100,
            reveal_seconds: 30,
            clipboard_seconds: 30,
            hide_on_focus_loss: true,
            confirm_client: ConfirmClient::EachChange,
            lock_after: 900,
            mouse: Switch::Auto,
            ascii: Switch::Auto,
            preview_ms: 150,
            date_format: "%Y-%m-%d %H:%M".into(),
        }
    }
}

/// On, off, or as the surroundings suggest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// As the surroundings suggest
    #[default]
    Auto,
    /// Always
    On,
    /// Never
    Off,
}

impl Switch {
    /// The decision, given what the surroundings suggest.
    pub fn resolve(self, suggested: bool) -> bool {
        match self {
            Self::Auto => suggested,
            Self::On => true,
            Self::Off => false,
        }
    }
}

/// The audit trail.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// The folder of the trail, elsewhere than in the state folder
    #[serde(deserialize_with = "values::path", skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Megabytes (of 2^20) at which a file of the trail is closed and a new one begun
    #[serde(deserialize_with = "values::between::<_, 1, 4096>")]
    pub rotate_mb: u32,
    /// Where copies of the records go
    pub sink: SinkKind,
    /// The socket for them, elsewhere than where the system has it
    #[serde(deserialize_with = "values::path", skip_serializing_if = "Option::is_none")]
    pub sink_socket: Option<PathBuf>,
    /// Whether nothing is revealed without a copy
    pub require_sink: bool,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self { folder: None, rotate_mb: 64, sink: SinkKind::None, sink_socket: None, require_sink: false }
    }
}

/// The log system that copies of the audit records go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SinkKind {
    /// None
    #[default]
    None,
    /// The syslog daemon of this host
    Syslog,
    /// systemd's journal
    Journal,
}

impl AuditConfig {
    /// How the trail is kept by these settings.
    pub fn keeping(&self) -> Keeping {
        let system = match self.sink {
            SinkKind::None => None,
            SinkKind::Syslog => Some(System::Syslog),
            SinkKind::Journal => Some(System::Journal),
        };
        let sink = system.map(|system| Sink {
            system,
            socket: self.sink_socket.clone().unwrap_or_else(|| system.socket().to_owned()),
            required: self.require_sink,
        });
        Keeping { full: u64::from(self.rotate_mb) << 20, sink, ..Keeping::default() }
    }
}

/// The log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// How much is logged
    pub level: LogLevel,
    /// Another place than the state folder
    #[serde(deserialize_with = "values::path", skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}
