//! What a settings file may say, and what is said about a mistake.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;

use super::*;
use gluepot_core::audit::{Keeping, Sink, System};
use gluepot_itglue::{Pace, Region, Timeouts};

/// The text of `config.example.toml`: every setting with its default. A test holds it equal to [`Config::default`].
pub const EXAMPLE: &str = include_str!("../../config.example.toml");
fn parse(text: &str) -> Result<Loaded, Problem> {
    Config::parse(text, Path::new("/c/config.toml"))
}

fn stops(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn reports(text: &str) -> (Config, Vec<String>) {
    let loaded = parse(text).unwrap();
    (loaded.config, loaded.reports.iter().map(ToString::to_string).collect())
}

/// The example with every setting that is commented out put in force.
fn example_with_everything() -> String {
    let on = |line: &str| {
        let rest = line.strip_prefix('#')?;
        let name = rest.split(" = ").next()?;
        (rest.contains(" = ") && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')).then(|| rest.to_owned())
    };
    EXAMPLE.lines().map(|line| on(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

#[test]
fn the_example_file_says_exactly_the_defaults() {
    let (config, reports) = reports(EXAMPLE);
    assert!(reports.is_empty());
    assert_eq!(config, Config::default());
}

#[test]
fn the_example_file_names_every_setting() {
    let (everything, reports) = reports(&example_with_everything());
    assert!(reports.is_empty());
    let toml::Value::Table(written) = toml::from_str(&example_with_everything()).unwrap() else { panic!() };
    let toml::Value::Table(known) = toml::Value::try_from(&everything).unwrap() else { panic!() };
    let names = |table: &toml::Table| -> Vec<String> {
        table
            .iter()
            .flat_map(|(section, value)| match value {
                toml::Value::Table(t) => t.keys().map(|key| format!("{section}.{key}")).collect(),
                _ => vec![section.clone()],
            })
            .collect()
    };
    assert_eq!(names(&written), names(&known));
    // Every optional setting is in the example: none is still at its empty default.
    assert!(
        everything.base_url.is_some()
            && everything.profile.is_some()
            && everything.tenant.is_some()
            && everything.organization.is_some()
    );
    assert!(everything.key.command.is_some() && everything.key.file.is_some());
    assert!(everything.network.ca_file.is_some() && everything.audit.folder.is_some());
    assert!(everything.audit.sink_socket.is_some());
    assert!(everything.log.file.is_some());
}

#[test]
fn what_is_printed_reads_back_as_the_same_settings() {
    let (everything, _) = reports(&example_with_everything());
    assert_eq!(reports(&everything.to_toml()), (everything, vec![]));
}

#[test]
fn a_mistake_in_looks_is_reported_and_the_rest_is_in_force() {
    let (config, told) = reports(
        "region = 'eu'\n[ui]\ntext_width = 9\nreveal_seconds = 20\nmouse = 'maybe'\ncolour = 1\n[theme]\naccent = 'mauve'\n",
    );
    assert_eq!(config.region, Region::Eu);
    assert_eq!((config.ui.text_width, config.ui.reveal_seconds), (100, 20));
    assert_eq!(told.len(), 4, "{told:#?}");
    let all = told.join("\n");
    assert!(all.contains("/c/config.toml, line 3: ui.text_width: expected a whole number from 40 to 500, found 9"));
    assert!(all.contains("line 5: ui.mouse: unknown variant `maybe`, expected one of `auto`, `on`, `off`"), "{all}");
    assert!(all.contains("line 6: ui.colour: unknown field `colour`"), "{all}");
    assert!(all.contains("line 8: theme.accent: \"mauve\" is no colour"), "{all}");
}

#[test]
fn a_section_of_the_wrong_shape_is_reported_too() {
    let (config, told) = reports("ui = 3\n");
    assert_eq!(config, Config::default());
    assert_eq!(told.len(), 1);
}

#[test]
fn a_mistake_in_key_network_audit_or_region_stops() {
    for (text, wanted) in [
        ("region = 'uk'", "line 1: region: expected us, eu or au"),
        ("regoin = 'eu'", "line 1: regoin: unknown field `regoin`"),
        ("base_url = 'http://example.net'", "line 1: base_url: the base URL must begin with https://"),
        ("base_url = 'https://me:s3cret@example.net'", "no user name, password"),
        ("\n[network]\nca_file = 'company.pem'", "line 3: network.ca_file: expected a full path"),
        ("tenant = 'https://northbeam.itglue.com'", "the first part of the web address"),
        ("[network]\nrequests_per_second = 50", "from 1 to 10, found 50"),
        ("[key]\ncommand = 'op read x'", "expected a program and its arguments"),
        ("[key]\ncommand = []", "expected a program and its arguments"),
        ("[audit]\npath = '/x'", "unknown field `path`, expected one of `folder`"),
        ("[audit]\nsink = 'siem'", "line 2: audit.sink: unknown variant `siem`"),
        ("[audit]\nrotate_mb = 0", "from 1 to 4096, found 0"),
        ("\n[audit]\nrequire_sink = true", "line 2: audit.require_sink: a copy is required"),
    ] {
        assert!(stops(text).contains(wanted), "{text}: {}", stops(text));
    }
}

#[test]
fn a_key_written_in_the_wrong_place_is_not_repeated() {
    for text in [
        "key = 'ITG.0123456789'",
        "[key]\ncommand_timeout = 'ITG.0123456789'",
        "[key]\ncommand = 'ITG.0123456789'",
        "[key]\nfile = 'ITG.0123456789'",
        "[key]\napi_key = 'ITG.0123456789'",
        "[ui]\ntext_width = 'ITG.0123456789'\n[key]\nfile = 'ITG.0123456789'",
    ] {
        assert!(!stops(text).contains("0123456789"), "{}", stops(text));
    }
}

#[test]
fn broken_toml_stops_unless_it_speaks_of_looks_alone() {
    let (config, told) = reports("# mine\n[ui]\ntext_width = = 3\n");
    assert_eq!(config, Config::default());
    assert!(told[0].starts_with("/c/config.toml, line 3: this is not TOML"), "{told:?}");
    assert!(stops("region = 'eu'\n[ui]\ntext_width = = 3\n").contains("line 3"));
    assert!(stops("[network]\nca_file = \n").contains("line 2"));
    assert!(stops("ui.text_width = = 3").contains("not TOML"), "a setting before the first header may be anything");
}

#[test]
fn the_environment_lies_over_the_file_and_is_checked() {
    let set = |pairs: &'static [(&'static str, &'static str)]| {
        let get = move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Config::default().with_environment(get)
    };
    assert_eq!(set(&[("GLUEPOT_REGION", "au")]).unwrap().region, Region::Au);
    assert_eq!(set(&[("GLUEPOT_REGION", "")]).unwrap().region, Region::Us);
    let url = set(&[("GLUEPOT_BASE_URL", "http://127.0.0.1:8080/")]).unwrap().address();
    assert_eq!(url.as_url().as_str(), "http://127.0.0.1:8080/");
    let told = set(&[("GLUEPOT_REGION", "mars")]).unwrap_err().to_string();
    assert_eq!(told, "GLUEPOT_REGION: expected us, eu or au");
}

#[test]
fn the_defaults_are_those_of_the_client() {
    let (network, pace, patience) = (Network::default(), Pace::default(), Timeouts::default());
    let seconds = [network.connect_timeout, network.first_byte_timeout, network.idle_timeout, network.total_timeout];
    let client = [patience.connect, patience.first_byte, patience.idle, patience.whole];
    assert_eq!(seconds.map(u64::from), client.map(|d| d.as_secs()));
    assert_eq!((network.requests_per_second, network.requests_per_five_minutes), (pace.per_second, pace.per_window));
}

#[test]
fn the_audit_settings_say_how_the_trail_is_kept() {
    assert_eq!(AuditConfig::default().keeping(), Keeping::default());
    let (config, _) = reports("[audit]\nsink = 'journal'\nrequire_sink = true\nrotate_mb = 2");
    let keeping = config.audit.keeping();
    assert_eq!(keeping.full, 2 << 20);
    let socket = "/run/systemd/journal/socket".into();
    assert_eq!(keeping.sink, Some(Sink { system: System::Journal, socket, required: true }));
    let (config, _) = reports("[audit]\nsink = 'syslog'\nsink_socket = '/run/log'");
    assert_eq!(config.audit.keeping().sink.unwrap().socket, Path::new("/run/log"));
}

#[test]
fn another_address_is_called_by_its_host() {
    let (config, _) = reports("base_url = 'https://itglue.example.net/v1'");
    assert_eq!(config.place().as_str(), "itglue.example.net");
    assert_eq!(Config::default().place().as_str(), "us");
    assert_eq!(Config::default().web_host(), None);
    let (config, _) = reports("region = 'eu'\ntenant = 'Northbeam'");
    assert_eq!(config.web_host().as_deref(), Some("northbeam.eu.itglue.com"));
}
