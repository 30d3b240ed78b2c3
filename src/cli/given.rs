//! What a command is given: the settings, and what this terminal and the person's keys add to them.

#[cfg(feature = "screen")]
use std::io::Read as _;
#[cfg(feature = "screen")]
use std::path::Path;
use std::process::ExitCode;

use super::args::Cli;
use super::output::{complain, print};
use zeroize::Zeroizing;

use crate::config::{Environment, Problem, Switch};
use crate::host::harden;
use crate::host::paths::Paths;
#[cfg(feature = "screen")]
use crate::session::MAX_FILE;
use crate::session::Settings;
#[cfg(feature = "screen")]
use crate::tui::keymap::Keymap;
#[cfg(feature = "screen")]
use gluepot_core::text::Clean;

/// What was done before the command line was read.
pub(super) struct Begun {
    /// How the process is closed to others
    pub(super) hardening: harden::Report,
    /// The variable with the key, if there was one
    pub(super) key_variable: Option<Zeroizing<Vec<u8>>>,
}

/// Settings, keys and what was wrong with them.
pub(super) struct Given {
    pub(super) settings: Settings,
    pub(super) environment: Environment,
    #[cfg(feature = "screen")]
    pub(super) keymap: Keymap,
}

impl Given {
    /// Puts all together. An error is one that must stop the program.
    pub(super) fn gather(cli: &Cli, paths: &Paths) -> Result<Self, Problem> {
        let environment = Environment::of_process();
        let mut settings = Settings::gather(&cli.wishes(), paths)?;
        if let Some(mouse) = cli.mouse {
            settings.config.ui.mouse = mouse;
        }
        if cli.ascii {
            settings.config.ui.ascii = Switch::On;
        }
        #[cfg(feature = "screen")]
        let keymap = read_keys(&settings.keys_file(), &mut settings.reports);
        #[cfg(feature = "screen")]
        let keymap = keymap.ascii(settings.config.ui.ascii.resolve(environment.wants_ascii()));
        Ok(Self {
            settings,
            environment,
            #[cfg(feature = "screen")]
            keymap,
        })
    }

    /// Whether frames and marks are ASCII.
    pub(super) fn ascii(&self) -> bool {
        self.settings.config.ui.ascii.resolve(self.environment.wants_ascii())
    }

    /// Whether a browser can be opened on this seat.
    pub(super) fn has_desktop(&self) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        !self.environment.is_ssh() && (set("DISPLAY") || set("WAYLAND_DISPLAY") || !cfg!(target_os = "linux"))
    }

    /// What `--print-config` prints.
    pub(super) fn print_config(&self) -> ExitCode {
        let settings = &self.settings;
        settings.reports.iter().for_each(|report| complain(report));
        let from = if settings.has_config_file { "from" } else { "defaults; there is no" };
        print(&format!("# {from} {}\n\n{}", settings.config_file.display(), settings.config.to_toml()))
    }

    /// What `--print-keys` prints.
    #[cfg(feature = "screen")]
    pub(super) fn print_keys(&self) -> ExitCode {
        self.settings.reports.iter().for_each(|report| complain(report));
        print(&self.keymap.to_toml())
    }
}

/// What `gluepot paths` prints.
pub(super) fn list_places(settings: &Settings, paths: &Paths) -> String {
    let mut rows = settings.places(paths, false);
    let demo = settings.places(paths, true).into_iter().filter(|row| !rows.contains(row));
    let demo: Vec<_> = demo.map(|(what, path)| (format!("{what} of the demo"), path)).collect();
    rows.extend(demo);
    rows.iter().map(|(what, path)| format!("{what:<24} {path}")).collect::<Vec<_>>().join("\n") + "\n"
}

/// Reads the user's keys. With a mistake in them the default keys are used and the mistakes reported.
#[cfg(feature = "screen")]
fn read_keys(path: &Path, reports: &mut Vec<Problem>) -> Keymap {
    let place = Clean::line(&path.to_string_lossy());
    let text = match std::fs::File::open(path) {
        Ok(file) => {
            let mut text = String::new();
            match file.take(MAX_FILE).read_to_string(&mut text) {
                Ok(_) => text,
                Err(error) => {
                    let message = format!("cannot be read, so the default keys are used: {error}");
                    reports.push(Problem { place, line: 0, message: message.into() });
                    return Keymap::default();
                }
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Keymap::default(),
        Err(error) => {
            let message = format!("cannot be opened, so the default keys are used: {error}");
            reports.push(Problem { place, line: 0, message: message.into() });
            return Keymap::default();
        }
    };
    Keymap::with_user(&text).unwrap_or_else(|problems| {
        reports.extend(problems.into_iter().map(|p| Problem {
            place: place.clone(),
            line: p.line,
            message: format!("{} (the default keys are used)", p.message).into(),
        }));
        Keymap::default()
    })
}

#[cfg(all(test, feature = "screen"))]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn wrong_keys_are_reported_and_the_defaults_used() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("keys.toml");
        std::fs::write(&path, "[global]\nquiit = ['q']\n").unwrap();
        let mut reports = Vec::new();
        #[cfg(feature = "screen")]
        let keymap = read_keys(&path, &mut reports);
        assert_eq!(keymap.to_toml(), Keymap::default().to_toml());
        assert!(reports[0].to_string().contains("keys.toml, line 2: no action is called \"quiit\""), "{reports:?}");
    }
}
