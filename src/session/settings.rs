//! The settings of a run: file, environment, flags and policies put together.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::config::{Config, Loaded, LogLevel, Problem};
use crate::host::paths::Paths;
use gluepot_core::audit::Keeping;
use gluepot_core::policy::{ADMIN, Policies};
use gluepot_core::private_file::{self, Care};
use gluepot_core::text::Clean;
use gluepot_itglue::{BaseUrl, Region};

/// What was requested at the start; it lies over the file and the environment.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Another settings file than the usual one; it has to be there
    pub config: Option<PathBuf>,
    /// Where the account lives
    pub region: Option<Region>,
    /// Another address to send requests to
    pub base_url: Option<BaseUrl>,
    /// What goes to the log
    pub log_level: Option<LogLevel>,
    /// The demo, which reaches no account: nothing of the file has to stop it
    pub demo: bool,
    /// A mistake is reported and does not stop: for who examines the settings
    pub forgiving: bool,
}

/// The settings, and what was wrong with them.
#[derive(Debug)]
pub struct Settings {
    /// What a person can set
    pub config: Config,
    /// The config file that was or would have been read
    pub config_file: PathBuf,
    /// Whether there was one
    pub has_config_file: bool,
    /// What may be done: the administrator's file and the one beside the config file
    pub policies: Policies,
    /// How the trail is kept, by the settings and what the policies make of them
    pub keeping: Keeping,
    /// Mistakes that stop nothing
    pub reports: Vec<Problem>,
    /// A mistake in what says where requests go and with which key: only who examines the settings goes on
    pub unsure: bool,
    audit_folder: PathBuf,
}

impl Settings {
    /// Puts the settings together: defaults < file < environment < wishes. An error is one that must stop the program.
    pub fn gather(wishes: &Wishes, paths: &Paths) -> Result<Self, Problem> {
        let config_file = wishes.config.clone().unwrap_or_else(|| paths.config_file());
        let mut unsure = false;
        let (mut loaded, has_config_file) = match read_config(&config_file, wishes.config.is_some()) {
            Ok(read) => read,
            Err(problem) if wishes.demo || wishes.forgiving => {
                unsure = true;
                (Loaded { reports: vec![problem], ..Loaded::default() }, true)
            }
            Err(problem) => return Err(problem),
        };
        if !wishes.demo {
            let get = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
            match loaded.config.clone().with_environment(get) {
                Ok(config) => loaded.config = config,
                Err(problem) if wishes.forgiving => {
                    unsure = true;
                    loaded.reports.push(problem);
                }
                Err(problem) => return Err(problem),
            }
        }
        let Loaded { mut config, mut reports } = loaded;
        wishes.lay_over(&mut config);
        let user = config_file.with_file_name("policy.toml");
        let mut policies = Policies::read(Path::new(ADMIN), &user);
        reports.extend(policies.problems().into_iter().cloned());
        let mut keeping = config.audit.keeping();
        let users = config.audit.folder.as_deref();
        let (audit_folder, aside) = policies.trail_folder(users, paths.audit_dir(false), &config_file);
        // The demo does not write to the host's log, nor does anything that does not count there.
        if !wishes.demo {
            reports.extend(aside);
            reports.extend(policies.keep(&mut keeping, &config_file));
        }
        Ok(Self { config, config_file, has_config_file, policies, keeping, reports, unsure, audit_folder })
    }

    /// The folder of the audit trail; the demo's is another one.
    pub fn audit_dir(&self, paths: &Paths, demo: bool) -> PathBuf {
        if demo { paths.audit_dir(true) } else { self.audit_folder.clone() }
    }

    /// How the trail is kept. The demo does not write to the host's log.
    pub fn keeping(&self, demo: bool) -> Keeping {
        let keeping = self.keeping.clone();
        if demo { Keeping { sink: None, ..keeping } } else { keeping }
    }

    /// The log.
    pub fn log_file(&self, paths: &Paths) -> PathBuf {
        self.config.log.file.clone().unwrap_or_else(|| paths.log_file())
    }

    /// Where everything is: what and where.
    pub fn places(&self, paths: &Paths, demo: bool) -> Vec<(String, String)> {
        let rows = [
            ("settings", self.config_file.clone()),
            ("keys", self.keys_file()),
            ("policy", self.config_file.with_file_name("policy.toml")),
            ("policy of the host", PathBuf::from(ADMIN)),
            ("audit trail", self.audit_dir(paths, demo)),
            ("log", self.log_file(paths)),
        ];
        // The demo counts for itself: its IT Glue ends with it.
        let counted = (!demo).then(|| ("count of requests", paths.quota_dir()));
        let row = |(what, path): (&str, PathBuf)| {
            let there = if path.exists() { "" } else { "  (not there yet)" };
            (what.to_owned(), format!("{}{there}", path.display()))
        };
        rows.into_iter().chain(counted).map(row).collect()
    }

    /// The user's keys, beside the config file.
    pub fn keys_file(&self) -> PathBuf {
        self.config_file.with_file_name("keys.toml")
    }
}

impl Wishes {
    fn lay_over(&self, config: &mut Config) {
        if let Some(region) = self.region {
            config.region = region;
            config.base_url = None;
        }
        if let Some(url) = &self.base_url {
            config.base_url = Some(url.clone());
        }
        if let Some(level) = self.log_level {
            config.log.level = level;
        }
    }
}

/// The largest settings or key file that is read.
pub(crate) const MAX_FILE: u64 = 1024 * 1024;

/// Reads a settings file; whether there was one. One that was requested has to be there.
fn read_config(path: &Path, asked_for: bool) -> Result<(Loaded, bool), Problem> {
    let problem =
        |message: &str| Problem { place: Clean::line(&path.to_string_lossy()), line: 0, message: message.into() };
    match private_file::open(path, Care::Obeyed) {
        Ok(file) => {
            let mut text = String::new();
            file.take(MAX_FILE)
                .read_to_string(&mut text)
                .map_err(|error| problem(&format!("cannot be read: {error}")))?;
            Config::parse(&text, path).map(|loaded| (loaded, true))
        }
        Err(refusal) if refusal.is_missing && !asked_for => Ok((Loaded::default(), false)),
        Err(refusal) => Err(problem(&refusal.message)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_missing_config_is_fine_unless_it_was_asked_for() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("config.toml");
        assert!(!read_config(&path, false).unwrap().1);
        assert!(read_config(&path, true).unwrap_err().to_string().contains("does not exist"));
    }

    #[test]
    fn wishes_lie_over_the_file_and_a_region_over_another_address() {
        let mut config = Config { base_url: Some(BaseUrl::of(Region::Us)), ..Config::default() };
        Wishes { region: Some(Region::Eu), log_level: Some(LogLevel::Info), ..Wishes::default() }.lay_over(&mut config);
        assert_eq!((config.region, config.base_url.clone(), config.log.level), (Region::Eu, None, LogLevel::Info));
        Wishes { base_url: Some(BaseUrl::of(Region::Au)), ..Wishes::default() }.lay_over(&mut config);
        assert_eq!(config.address(), BaseUrl::of(Region::Au));
        let before = config.clone();
        Wishes::default().lay_over(&mut config);
        assert_eq!(config, before);
    }

    /// A home of its own with this in its settings file.
    fn gathered(text: &str, wishes: Wishes) -> Result<Settings, Problem> {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        Settings::gather(&Wishes { config: Some(file), ..wishes }, &Paths::below(root.path()))
    }

    #[test]
    fn a_mistake_that_matters_stops_all_but_the_demo_and_who_examines_it() {
        assert!(
            gathered("region = 'uk'", Wishes::default()).unwrap_err().to_string().contains("expected us, eu or au")
        );
        for wishes in [Wishes { demo: true, ..Wishes::default() }, Wishes { forgiving: true, ..Wishes::default() }] {
            let settings = gathered("region = 'uk'", wishes).unwrap();
            assert!(settings.unsure && settings.reports.len() == 1 && settings.has_config_file);
        }
        assert!(!gathered("region = 'eu'", Wishes::default()).unwrap().unsure);
    }

    #[test]
    fn the_demo_keeps_its_trail_apart_and_copies_nothing_to_the_log_of_the_host() {
        let settings = gathered("[audit]\nsink = 'syslog'\nfolder = '/x/trail'", Wishes::default()).unwrap();
        let paths = Paths::below(Path::new("/x"));
        assert!(settings.keeping(false).sink.is_some() && settings.keeping(true).sink.is_none());
        assert_eq!(settings.audit_dir(&paths, false), Path::new("/x/trail"));
        assert_eq!(settings.audit_dir(&paths, true), paths.audit_dir(true));
        let names = |demo| settings.places(&paths, demo).into_iter().map(|(what, _)| what).collect::<Vec<_>>();
        assert!(names(false).contains(&"count of requests".to_owned()));
        assert!(!names(true).contains(&"count of requests".to_owned()));
    }
}
