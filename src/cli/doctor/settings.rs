//! The settings, the keys, the policies and what they ask for.

use std::path::Path;

use super::check::Check;
use super::files::is_there;
use crate::host::paths::Paths;
use crate::session::Settings;
use gluepot_core::access::LockRules;
use gluepot_core::policy::File;
use gluepot_core::text::Clean;

pub(super) fn checks(settings: &Settings, paths: &Paths) -> Vec<Check> {
    let mut found = settings_file(settings, &settings.config_file, "the defaults are used");
    found.extend(settings_file(settings, &settings.keys_file(), "the default keys are used"));
    found.extend(policies(settings));
    found.extend(pin(settings, paths));
    found.extend(copies(settings));
    found.extend(certificates(settings));
    found
}

/// Says of a settings file what was reported of it, or else that it is well.
fn settings_file(settings: &Settings, path: &Path, without: &str) -> Vec<Check> {
    let place = Clean::line(&path.to_string_lossy());
    let wrong: Vec<_> = settings.reports.iter().filter(|problem| problem.place == place).collect();
    if wrong.is_empty() {
        let there = if is_there(path) { String::new() } else { format!(" (not there: {without})") };
        return vec![Check::well("settings file", format!("{}{there}", path.display()))];
    }
    wrong.into_iter().map(|problem| Check::wrong("settings file", problem.to_string())).collect()
}

fn policies(settings: &Settings) -> Vec<Check> {
    let policies = &settings.policies;
    let file = |file: &File| {
        let words = format!("policy: {file}");
        if matches!(file, File::Broken(_)) { Check::wrong("policy", words) } else { Check::well("policy", words) }
    };
    let mut found: Vec<Check> = [&policies.admin, &policies.user].map(file).into();
    if let Some(problem) = policies.lock_in_doubt() {
        let words = format!("no request goes out: {} may name an organization to keep to", problem.place);
        found.push(Check::wrong("policy", words));
    }
    // What was said above with its file is not said again.
    let told = |place: &Clean| {
        let files =
            [settings.config_file.clone(), settings.keys_file()].map(|path| Clean::line(&path.to_string_lossy()));
        files.contains(place) || policies.problems().iter().any(|problem| problem.place == *place)
    };
    let rest = settings.reports.iter().filter(|problem| !told(&problem.place));
    found.extend(rest.map(|problem| Check::wrong("settings", problem.to_string())));
    found
}

/// The PIN that a policy asks for.
fn pin(settings: &Settings, paths: &Paths) -> Option<Check> {
    let lock = LockRules::new(0, None, settings.policies.pin_asked_by(), paths.pin_file());
    match (lock.trouble(), &lock.asked_by) {
        (Some(trouble), _) => Some(Check::wrong("PIN", format!("{trouble}; until then nothing secret is fetched"))),
        (None, Some(by)) => Some(Check::well("PIN", format!("the PIN that the policy asks for ({by}) is set"))),
        (None, None) => None,
    }
}

/// The log system that a policy wants copies of audit records in.
fn copies(settings: &Settings) -> Option<Check> {
    let by = settings.policies.sink_asked_by()?;
    match (settings.policies.sink_trouble(), &settings.keeping.sink) {
        (Some(trouble), _) => {
            Some(Check::wrong("copies", format!("{trouble} ({by}); until then nothing secret is fetched")))
        }
        (None, Some(sink)) => {
            let (system, socket) = (sink.system.name(), sink.socket.display());
            Some(Check::well("copies", format!("copies of audit records go to {system} at {socket} ({by})")))
        }
        (None, None) => None,
    }
}

/// The certificates that are trusted besides those of the system.
fn certificates(settings: &Settings) -> Option<Check> {
    let path = settings.config.network.ca_file.as_ref()?;
    let shown = path.display();
    Some(match std::fs::read(path) {
        Ok(pem) if memchr::memmem::find(&pem, b"-----BEGIN CERTIFICATE-----").is_some() => {
            Check::well("certificates", format!("certificates in {shown}"))
        }
        Ok(_) => Check::wrong("certificates", format!("{shown} holds no certificate in PEM form"))
            .fix(": ", "ca_file under [network] names it"),
        Err(error) => Check::wrong("certificates", format!("{shown} cannot be read: {error}")),
    })
}
