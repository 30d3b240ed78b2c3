//! Where config, audit and log live.
//!
//! On Linux these are the XDG folders; elsewhere what the system prescribes. Folders are made when something is
//! first written into them, for the owner alone.

use std::io;
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

    /// The folder of the audit trail. The demo's is kept apart: it must never stand between real entries.
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

/// Makes a folder and those above it that are missing, for the owner alone (0700). One that exists keeps its mode:
/// it may be shared on purpose, and whoever needs it private checks that by its handle.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_demo_keeps_its_audit_apart() {
        let paths = Paths::below(Path::new("/x"));
        assert_ne!(paths.audit_dir(true), paths.audit_dir(false));
    }

    #[cfg(unix)]
    #[test]
    fn new_folders_are_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("a/b");
        create_private_dir(&dir).unwrap();
        create_private_dir(&dir).unwrap();
        for dir in [dir.as_path(), dir.parent().unwrap()] {
            assert_eq!(std::fs::metadata(dir).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}
