//! Reading a settings file: what a mistake costs depends on where it stands.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::sections::SinkKind;
use super::settings::Config;
use gluepot_core::problem::Problem;
use gluepot_core::text::Clean;

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

const NO_SINK: &str = "audit.require_sink: a copy is required but sink names no place for it; expected sink = \"syslog\" or \
                       \"journal\"";

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
                // Nothing in such a file can be relied on. It is safe to continue only if it concerns appearance alone.
                if mentions_only_forgiving(text) {
                    return Ok(Loaded { config: Self::default(), reports: vec![told] });
                }
                return Err(told);
            }
        };
        let mut reports = Vec::new();
        loop {
            match Self::deserialize(toml::Deserializer::from(table.clone())) {
                Ok(config) if config.audit.require_sink && config.audit.sink == SinkKind::None => {
                    let span = table.get_ref().get("audit").map(Spanned::span);
                    return Err(problem(span, NO_SINK));
                }
                Ok(mut config) => {
                    config.expand_home();
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
}

/// Whether a text that is not TOML clearly contains only forgiving sections: every line that looks like
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

/// Drops the value from serde's "invalid type: string "…", expected …": the key itself may be there,
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
