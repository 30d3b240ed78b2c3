//! Configuration: defaults < file < environment < flags.
//!
//! Everything is typed and every unknown name is refused. A mistake is told with file, line and what would be
//! right. What it costs depends on where it stands: a mistake under `[ui]`, `[theme]` or `[log]` drops that one
//! setting and is reported on the screen; one anywhere else (region, key, network, audit) stops the program, since
//! running on would send the key or the audit trail somewhere the person did not mean.

pub mod key;
pub mod theme;

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use gluepot_core::policy::ConfirmClient;
pub use gluepot_core::problem::Problem;
pub use theme::{Environment, Hue, Theme};

use gluepot_core::audit::{Keeping, Sink, System};
use gluepot_core::text::Clean;
use gluepot_itglue::{BaseUrl, Region};

/// The text of `config.example.toml`: every setting with its default. A test holds it equal to [`Config::default`].
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// Everything a person can set.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the account lives
    #[serde(with = "region")]
    pub region: Region,
    /// Another address than the region's
    #[serde(with = "base_url", skip_serializing_if = "Option::is_none")]
    pub base_url: Option<BaseUrl>,
    /// A name for the top line
    #[serde(deserialize_with = "words", skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The account's name in addresses of the web app, so that links into it are known
    #[serde(deserialize_with = "host_label", skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The organization to open at start: name, short name or id
    #[serde(deserialize_with = "words", skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Where the API key comes from
    pub key: KeySource,
    /// Trust, patience and pace
    pub network: Network,
    /// The screen
    pub ui: Ui,
    /// Its colours
    pub theme: Theme,
    /// The audit trail
    pub audit: AuditConfig,
    /// The log
    pub log: LogConfig,
}

/// Where the API key comes from; with neither it is `ITGLUE_API_KEY`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeySource {
    /// A program and its arguments, run without a shell
    #[serde(deserialize_with = "command", skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// Seconds the program may take
    #[serde(deserialize_with = "between::<_, 1, 600>")]
    pub command_timeout: u32,
    /// A private file with the key on its only line
    #[serde(deserialize_with = "path", skip_serializing_if = "Option::is_none")]
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
    #[serde(deserialize_with = "path", skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Seconds
    #[serde(deserialize_with = "between::<_, 1, 600>")]
    pub connect_timeout: u32,
    /// Seconds
    #[serde(deserialize_with = "between::<_, 1, 600>")]
    pub first_byte_timeout: u32,
    /// Seconds between two pieces of an answer
    #[serde(deserialize_with = "between::<_, 1, 600>")]
    pub idle_timeout: u32,
    /// Seconds for all of a request, with every try
    #[serde(deserialize_with = "between::<_, 1, 600>")]
    pub total_timeout: u32,
    /// Requests a second
    #[serde(deserialize_with = "between::<_, 1, 10>")]
    pub requests_per_second: u32,
    /// Requests in five minutes
    #[serde(deserialize_with = "between::<_, 10, 3000>")]
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
    #[serde(deserialize_with = "between::<_, 40, 500>")]
    pub text_width: u32,
    /// Seconds until a revealed password hides
    #[serde(deserialize_with = "between::<_, 1, 30>")]
    pub reveal_seconds: u32,
    /// Seconds until a copied password leaves the clipboard
    #[serde(deserialize_with = "between::<_, 5, 600>")]
    pub clipboard_seconds: u32,
    /// Hide a revealed password when the terminal loses the focus
    pub hide_on_focus_loss: bool,
    /// How often the first secret of a client asks for its short name. A policy may ask more often, and only a policy
    /// permits `never`.
    pub confirm_client: ConfirmClient,
    /// Seconds without a key until the screen locks; 0: it does not by itself
    #[serde(deserialize_with = "between::<_, 0, 86400>")]
    pub lock_after: u32,
    /// `auto`: on at a local terminal, off over SSH. [`Switch::resolve`] decides.
    pub mouse: Switch,
    /// `auto`: where the locale is not UTF-8. [`Switch::resolve`] decides.
    pub ascii: Switch,
    /// Milliseconds the cursor rests on a row before its detail is fetched
    #[serde(deserialize_with = "between::<_, 0, 2000>")]
    pub preview_ms: u32,
    /// strftime letters for exact dates; known to work
    #[serde(deserialize_with = "date_format")]
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
    #[serde(deserialize_with = "path", skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Megabytes (of 2^20) at which a file of the trail is closed and a new one begun
    #[serde(deserialize_with = "between::<_, 1, 4096>")]
    pub rotate_mb: u32,
    /// Where copies of the records go
    pub sink: SinkKind,
    /// The socket for them, elsewhere than where the system has it
    #[serde(deserialize_with = "path", skip_serializing_if = "Option::is_none")]
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
    #[serde(deserialize_with = "path", skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

/// How much goes to the log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogLevel {
    #[default]
    Off,
    Error,
    Warn,
    Info,
    Debug,
}

/// A config file as it was read: the settings, and what had to be left out of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Loaded {
    /// The settings
    pub config: Config,
    /// Mistakes that cost no more than the default in their place
    pub reports: Vec<Problem>,
}

/// The sections in which a mistake is reported and the default used.
const FORGIVING: [&str; 3] = ["ui", "theme", "log"];

impl Config {
    /// Reads a config file. `place` names it in messages. An error is a mistake that must stop the program.
    pub fn parse(text: &str, place: &Path) -> Result<Loaded, Problem> {
        // Some editors put a byte order mark in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let place = Clean::line(&place.to_string_lossy());
        let problem = |span: Option<Range<usize>>, message: &str| Problem {
            place: place.clone(),
            line: 1 + text.bytes().take(span.map_or(0, |s| s.start)).filter(|&b| b == b'\n').count(),
            message: message.into(),
        };
        let mut table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let told = problem(error.span(), &format!("this is not TOML: {}", error.message()));
                // Nothing in such a file can be relied on. Only when it speaks of looks alone is it safe to go on.
                if mentions_only_forgiving(text) {
                    return Ok(Loaded { config: Self::default(), reports: vec![told] });
                }
                return Err(told);
            }
        };
        let mut reports = Vec::new();
        loop {
            match Self::deserialize(toml::Deserializer::from(table.clone())) {
                Ok(mut config) => {
                    config.expand_home();
                    if config.audit.require_sink && config.audit.sink == SinkKind::None {
                        let span = table.get_ref().get("audit").map(Spanned::span);
                        return Err(problem(
                            span,
                            "audit.require_sink: a copy is required but sink names no place for it; expected sink = \
                             \"syslog\" or \"journal\"",
                        ));
                    }
                    return Ok(Loaded { config, reports });
                }
                Err(error) => {
                    let path = error.span().and_then(|span| path_at(table.get_ref(), &span));
                    let name = path.as_ref().map(|p| format!("{}: ", p.join("."))).unwrap_or_default();
                    let told = problem(error.span(), &format!("{name}{}", without_values(error.message())));
                    match path {
                        Some(path) if FORGIVING.contains(&&*path[0]) && remove(&mut table, &path) => {
                            reports.push(told);
                        }
                        _ => return Err(told),
                    }
                }
            }
        }
    }

    /// Lays the few variables of the environment over it. A mistake there stops the program.
    pub fn with_environment(mut self, get: impl Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let problem = |name: &str, message: &str| Problem { place: name.into(), line: 0, message: message.into() };
        let set = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        if let Some(region) = set("GLUEPOT_REGION") {
            self.region = region.parse().map_err(|_| problem("GLUEPOT_REGION", "expected us, eu or au"))?;
        }
        if let Some(url) = set("GLUEPOT_BASE_URL") {
            let url = BaseUrl::parse(&url).map_err(|error| problem("GLUEPOT_BASE_URL", &error.to_string()))?;
            self.base_url = Some(url);
        }
        Ok(self)
    }

    /// The address requests go to.
    pub fn address(&self) -> BaseUrl {
        self.base_url.clone().unwrap_or_else(|| BaseUrl::of(self.region))
    }

    /// The host of the web app, when the tenant is known.
    pub fn web_host(&self) -> Option<String> {
        let tenant = self.tenant.as_deref()?;
        Some(match self.region {
            Region::Us => format!("{tenant}.itglue.com"),
            Region::Eu => format!("{tenant}.eu.itglue.com"),
            Region::Au => format!("{tenant}.au.itglue.com"),
        })
    }

    /// What the screen calls that address: the region, or the host of another address.
    pub fn place(&self) -> Clean {
        match self.base_url.as_ref().and_then(|url| url.as_url().host_str()) {
            Some(host) => Clean::line(host),
            None => self.region.label().into(),
        }
    }

    /// The settings in force in the form of the config file: what `--print-config` shows. Holds no secret, since no
    /// setting can.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_else(|error| format!("# cannot be written as TOML: {error}\n"))
    }

    fn expand_home(&mut self) {
        let audit = &mut self.audit;
        let files = [
            &mut self.key.file,
            &mut self.network.ca_file,
            &mut audit.folder,
            &mut audit.sink_socket,
            &mut self.log.file,
        ];
        let Some(home) = crate::host::paths::home() else { return };
        for file in files.into_iter().flatten() {
            if let Ok(rest) = file.strip_prefix("~") {
                *file = home.join(rest);
            }
        }
        for word in self.key.command.iter_mut().flatten() {
            if let Some(rest) = word.strip_prefix("~/") {
                *word = home.join(rest).to_string_lossy().into_owned();
            }
        }
    }
}

/// Whether a text that is no TOML still clearly speaks of nothing but forgiving sections: every line that looks like
/// a header names one of them, and no setting comes before the first header.
fn mentions_only_forgiving(text: &str) -> bool {
    let mut inside = false;
    for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[') {
            let name = header.trim_start_matches('[').trim_start();
            let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            inside = FORGIVING.contains(&name);
        }
        if !inside {
            return false;
        }
    }
    true
}

/// The setting that a span of the file belongs to: one or two names.
fn path_at(table: &DeTable<'_>, span: &Range<usize>) -> Option<Vec<String>> {
    let inside = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    for (section, value) in table {
        let name = section.get_ref().to_string();
        if let DeValue::Table(content) = value.get_ref() {
            for (key, value) in content {
                if inside(key.span()) || inside(value.span()) {
                    return Some(vec![name, key.get_ref().to_string()]);
                }
            }
        }
        if inside(section.span()) || inside(value.span()) {
            return Some(vec![name]);
        }
    }
    None
}

/// Takes one setting out of the table. Whether there was one.
fn remove(table: &mut Spanned<DeTable<'_>>, path: &[String]) -> bool {
    let table = table.get_mut();
    match path {
        [section] => table.remove(section.as_str()).is_some(),
        [section, key] => match table.get_mut(section.as_str()).map(Spanned::get_mut) {
            Some(DeValue::Table(content)) => content.remove(key.as_str()).is_some(),
            _ => false,
        },
        _ => false,
    }
}

/// Drops the value from serde's "invalid type: string "…", expected …": somebody may have put the key itself there,
/// and messages end up on screens and in tickets.
fn without_values(message: &str) -> String {
    match message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            let found = found.split([' ', '`']).next().unwrap_or_default();
            format!("expected {expected}, found another type ({found})")
        }
        None => message.to_owned(),
    }
}

fn between<'de, D: Deserializer<'de>, const LEAST: u32, const MOST: u32>(deserializer: D) -> Result<u32, D::Error> {
    let value = i64::deserialize(deserializer)?;
    u32::try_from(value).ok().filter(|v| (LEAST..=MOST).contains(v)).ok_or_else(|| {
        serde::de::Error::custom(format!("expected a whole number from {LEAST} to {MOST}, found {value}"))
    })
}

/// Settings that have a type of their own in the client.
mod region {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use gluepot_itglue::Region;

    pub(super) fn serialize<S: Serializer>(region: &Region, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(region.label())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| serde::de::Error::custom("expected us, eu or au"))
    }
}

/// An address to send requests and the key to, checked by [`BaseUrl::parse`].
mod base_url {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use gluepot_itglue::BaseUrl;

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(url: &Option<BaseUrl>, serializer: S) -> Result<S::Ok, S::Error> {
        match url {
            Some(url) => serializer.serialize_str(url.as_url().as_str().trim_end_matches('/')),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BaseUrl>, D::Error> {
        BaseUrl::parse(&String::deserialize(deserializer)?).map(Some).map_err(serde::de::Error::custom)
    }
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 200 || Clean::line(text).as_str() != text {
        return Err(serde::de::Error::custom("expected 1 to 200 ordinary characters on one line"));
    }
    Ok(Some(text.to_owned()))
}

fn host_label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?.to_ascii_lowercase();
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if text.is_empty() || text.len() > 63 || !text.bytes().all(fits) {
        return Err(serde::de::Error::custom("expected the first part of the web address, as in northbeam"));
    }
    Ok(Some(text))
}

fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = PathBuf::deserialize(deserializer)?;
    if path.is_absolute() || path.starts_with("~") {
        Ok(Some(path))
    } else {
        Err(serde::de::Error::custom("expected a full path, beginning with / or ~/"))
    }
}

fn command<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    let expected = "expected a program and its arguments, as in [\"pass\", \"show\", \"itglue\"]";
    let words = Vec::<String>::deserialize(deserializer).map_err(|_| serde::de::Error::custom(expected))?;
    if words.first().is_none_or(|program| program.trim().is_empty()) || words.iter().any(|w| w.contains('\0')) {
        return Err(serde::de::Error::custom(expected));
    }
    Ok(Some(words))
}

fn date_format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let format = String::deserialize(deserializer)?;
    let sample = jiff::civil::date(2024, 2, 29).at(13, 5, 9, 0).to_zoned(jiff::tz::TimeZone::UTC);
    let works = sample.is_ok_and(|sample| {
        jiff::fmt::strtime::format(&format, &sample)
            .is_ok_and(|text| !text.is_empty() && text.len() <= 60 && Clean::line(&text).as_str() == text)
    });
    if works { Ok(format) } else { Err(serde::de::Error::custom("expected strftime letters, as in %Y-%m-%d %H:%M")) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use gluepot_itglue::{Pace, Timeouts};

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
        assert!(
            all.contains("line 5: ui.mouse: unknown variant `maybe`, expected one of `auto`, `on`, `off`"),
            "{all}"
        );
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
        let seconds =
            [network.connect_timeout, network.first_byte_timeout, network.idle_timeout, network.total_timeout];
        let client = [patience.connect, patience.first_byte, patience.idle, patience.whole];
        assert_eq!(seconds.map(u64::from), client.map(|d| d.as_secs()));
        assert_eq!(
            (network.requests_per_second, network.requests_per_five_minutes),
            (pace.per_second, pace.per_window)
        );
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
}
