//! Where config, audit and log live.
//!
//! On Linux these are the XDG folders; elsewhere what the system prescribes. Folders are made when something is
//! first written into them, for the owner alone.

use std::path::{Path, PathBuf};

/// The folders of this person on this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paths {
    config: PathBuf,
    state: PathBuf,
}

/// The home folder, if there is one.
pub fn home() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

impl Paths {
    /// The folders the system names; `None` when it knows no home folder.
    pub fn of_system() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "gluepot")?;
        Some(Self {
            config: dirs.config_dir().to_owned(),
            state: dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned(),
        })
    }

    /// Folders below one of the caller's choice, for tests.
    pub fn below(root: &Path) -> Self {
        Self { config: root.join("config"), state: root.join("state") }
    }

    /// The folder of `config.toml` and `keys.toml`.
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// The config file.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The user's keys.
    pub fn keys_file(&self) -> PathBuf {
        self.config.join("keys.toml")
    }

    /// The folder of the audit trail. The demo's is kept apart: it must never be between real entries.
    pub fn audit_dir(&self, demo: bool) -> PathBuf {
        self.state.join(if demo { "demo-audit" } else { "audit" })
    }

    /// The hash of the lock screen's PIN. Not among the settings, which people keep in repositories.
    pub fn pin_file(&self) -> PathBuf {
        self.state.join("pin")
    }

    /// The folder in which the processes of this user count their requests together.
    pub fn quota_dir(&self) -> PathBuf {
        self.state.join("quota")
    }

    /// The log.
    pub fn log_file(&self) -> PathBuf {
        self.state.join("gluepot.log")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_keeps_its_audit_apart() {
        let paths = Paths::below(Path::new("/x"));
        assert_ne!(paths.audit_dir(true), paths.audit_dir(false));
    }
}
