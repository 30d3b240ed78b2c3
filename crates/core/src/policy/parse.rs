//! From the text of a policy file to rules. Whatever is not known is an error with its line: a rule that is silently
//! left out would be a hole.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::pattern::LONGEST;
use super::{Action, Pattern, Policy, PolicyError, Rule, Verdict};
use crate::audit::System;
use crate::policy::ConfirmClient;
use crate::text::Clean;

/// The most rules a file may have: each decision looks at all of them.
pub(super) const MOST_RULES: usize = 1_000;

/// What is wrong, and where in the text.
struct Wrong {
    at: Range<usize>,
    message: String,
}

fn wrong<T>(at: Range<usize>, message: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { at, message: message.into() })
}

/// Reads a policy. `origin` names the file in messages and decisions.
///
/// # Errors
/// It is not TOML, contains an unknown name, or a value without a meaning. The line is that of the
/// first mistake.
pub fn parse(text: &str, origin: &Path) -> Result<Policy, PolicyError> {
    let origin = Clean::line(&origin.to_string_lossy());
    let line = |at: usize| 1 + text.bytes().take(at).filter(|&b| b == b'\n').count();
    let problem =
        |at: usize, message: &str| PolicyError { place: origin.clone(), line: line(at), message: message.into() };
    let table = DeTable::parse(text).map_err(|error| {
        problem(error.span().map_or(0, |span| span.start), &format!("this is not TOML: {}", error.message()))
    })?;
    let mut policy = read(table.get_ref(), &line).map_err(|wrong| problem(wrong.at.start, &wrong.message))?;
    policy.origin = origin;
    Ok(policy)
}

type Key<'a> = Spanned<Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

/// The entries in the order of the file, so that the first mistake is reported.
fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t Key<'a>, &'t Value<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn unknown<T>(key: &Key<'_>, known: &str) -> Result<T, Wrong> {
    wrong(key.span(), format!("{} is not known here; known are {known}", Clean::line(key.get_ref())))
}

fn read(table: &DeTable<'_>, line: &dyn Fn(usize) -> usize) -> Result<Policy, Wrong> {
    let mut policy = Policy::default();
    for (key, value) in in_order(table) {
        match &**key.get_ref() {
            "organization" => policy.organization = Some((one_organization(value)?, line(key.span().start))),
            "lock" => {
                for (key, value) in in_order(table_of(value)?) {
                    match &**key.get_ref() {
                        "pin" => {
                            policy.lock.pin = switch(value)?;
                            policy.pin_line = policy.lock.pin.then(|| line(key.span().start));
                        }
                        "idle_seconds" => policy.lock.idle_seconds = Some(seconds(value)?),
                        _ => return unknown(key, "pin, idle_seconds"),
                    }
                }
            }
            "client" => {
                for (key, value) in in_order(table_of(value)?) {
                    match &**key.get_ref() {
                        "confirm" => policy.confirm_client = Some((confirm(value)?, line(key.span().start))),
                        _ => return unknown(key, "confirm"),
                    }
                }
            }
            "audit" => {
                for (key, value) in in_order(table_of(value)?) {
                    match &**key.get_ref() {
                        "require_sink" => {
                            policy.require_sink = switch(value)?.then(|| line(key.span().start));
                        }
                        "sink" => policy.trail.sink = Some((system(value)?, line(key.span().start))),
                        "sink_socket" => policy.trail.socket = Some((whole_path(value)?, line(key.span().start))),
                        "folder" => policy.trail.folder = Some((whole_path(value)?, line(key.span().start))),
                        _ => return unknown(key, "require_sink, sink, sink_socket, folder"),
                    }
                }
                if policy.trail.socket.is_some() && policy.trail.sink.is_none() {
                    return wrong(key.span(), "sink_socket needs sink = \"syslog\" or \"journal\" beside it");
                }
            }
            "rule" => {
                let DeValue::Array(rules) = value.get_ref() else {
                    return wrong(key.span(), "rules are written as [[rule]], with two brackets");
                };
                if rules.len() > MOST_RULES {
                    return wrong(key.span(), format!("more than {MOST_RULES} rules"));
                }
                for value in rules {
                    policy.rules.push(rule(value, line)?);
                }
            }
            _ => return unknown(key, "organization, [lock], [client], [audit], [[rule]]"),
        }
    }
    Ok(policy)
}

fn rule(value: &Value<'_>, line: &dyn Fn(usize) -> usize) -> Result<Rule, Wrong> {
    let table = table_of(value)?;
    let mut rule = Rule {
        line: line(value.span().start),
        actions: Vec::new(),
        persons: Vec::new(),
        accounts: Vec::new(),
        organizations: Vec::new(),
        categories: Vec::new(),
        folders: Vec::new(),
        names: Vec::new(),
        then: Verdict::Deny,
        audit: false,
        why: Clean::default(),
    };
    let mut then = None;
    let mut narrow: Option<Range<usize>> = None;
    let mut audit: Option<Range<usize>> = None;
    for (key, value) in in_order(table) {
        match &**key.get_ref() {
            "actions" => rule.actions = actions(value)?,
            "person" => rule.persons = patterns(value)?,
            "account" => rule.accounts = patterns(value)?,
            "organization" => rule.organizations = patterns(value)?,
            word @ ("category" | "folder" | "name") => {
                narrow = narrow.or(Some(key.span()));
                let patterns = patterns(value)?;
                match word {
                    "category" => rule.categories = patterns,
                    "folder" => rule.folders = patterns,
                    _ => rule.names = patterns,
                }
            }
            "then" => then = Some(verdict(value)?),
            "audit" => {
                audit = Some(key.span());
                rule.audit = switch(value)?;
            }
            "why" => rule.why = Clean::line(&name(value)?),
            _ => {
                return unknown(
                    key,
                    "actions, person, account, organization, category, folder, name, then, audit, why",
                );
            }
        }
    }
    let Some(then) = then else {
        return wrong(value.span(), "a rule needs then = \"allow\", \"ask\", \"ask-reason\" or \"deny\"");
    };
    rule.then = then;
    if let Some(at) = audit {
        audit_means_something(&rule, at)?;
    }
    let only = |action: Action| !rule.actions.is_empty() && rule.actions.iter().all(|&a| a == action);
    if let (true, Some(at)) = (only(Action::ListPasswords), narrow) {
        return wrong(at, "list-passwords is about a whole organization: only organization narrows it");
    }
    Ok(rule)
}

/// `audit` that changes nothing, or looks as if it took something off the record, is a mistake.
fn audit_means_something(rule: &Rule, at: Range<usize>) -> Result<(), Wrong> {
    if !rule.actions.iter().all(|action| action.can_be_audited()) {
        wrong(at, "audit is for view, list-passwords and open-link: what is done with a secret is always on record")
    } else if rule.audit && rule.then == Verdict::Deny {
        wrong(at, "what is denied is not done, so there is nothing to record: leave audit out")
    } else if !rule.audit && rule.then == Verdict::AskReason {
        wrong(at, "a reason is asked for to be on record: leave audit = false out")
    } else {
        Ok(())
    }
}

fn table_of<'t, 'a>(value: &'t Value<'a>) -> Result<&'t DeTable<'a>, Wrong> {
    match value.get_ref() {
        DeValue::Table(table) => Ok(table),
        other => wrong(value.span(), format!("expected a section, found {}", other.type_str())),
    }
}

fn switch(value: &Value<'_>) -> Result<bool, Wrong> {
    match value.get_ref() {
        DeValue::Boolean(on) => Ok(*on),
        other => wrong(value.span(), format!("expected true or false, found {}", other.type_str())),
    }
}

fn confirm(value: &Value<'_>) -> Result<ConfirmClient, Wrong> {
    let word = text(value)?;
    match ConfirmClient::ALL.into_iter().find(|often| often.word() == word) {
        Some(often) => Ok(often),
        None => wrong(value.span(), "expected \"each-change\", \"once\" or \"never\""),
    }
}

fn seconds(value: &Value<'_>) -> Result<u32, Wrong> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    };
    match number {
        Some(number @ 10..=86_400) => Ok(number),
        _ => wrong(value.span(), "expected 10 to 86400 seconds"),
    }
}

fn text<'t>(value: &'t Value<'_>) -> Result<&'t str, Wrong> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text),
        other => wrong(value.span(), format!("expected a text in quotes, found {}", other.type_str())),
    }
}

/// A text that says something.
fn name(value: &Value<'_>) -> Result<String, Wrong> {
    let name = text(value)?.trim();
    if name.is_empty() || name.chars().count() > LONGEST || Clean::line(name).as_str() != name {
        return wrong(value.span(), format!("expected 1 to {LONGEST} ordinary characters on one line"));
    }
    Ok(name.to_owned())
}

/// The one organization a run is kept inside: an id or a whole name.
fn one_organization(value: &Value<'_>) -> Result<String, Wrong> {
    let written = match value.get_ref() {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
        _ => name(value)?,
    };
    if written.contains(['*', '?']) {
        return wrong(value.span(), "the lock is for one organization: its id or its whole name, no * and no ?");
    }
    Ok(written)
}

fn system(value: &Value<'_>) -> Result<System, Wrong> {
    match text(value)? {
        "syslog" => Ok(System::Syslog),
        "journal" => Ok(System::Journal),
        _ => wrong(value.span(), "expected \"syslog\" or \"journal\""),
    }
}

fn whole_path(value: &Value<'_>) -> Result<PathBuf, Wrong> {
    let path = PathBuf::from(name(value)?);
    if path.is_absolute() {
        Ok(path)
    } else {
        wrong(value.span(), "expected a path from the root on, such as /var/log/x")
    }
}

fn verdict(value: &Value<'_>) -> Result<Verdict, Wrong> {
    let word = text(value)?;
    match Verdict::ALL.into_iter().find(|verdict| verdict.word() == word) {
        Some(verdict) => Ok(verdict),
        None => wrong(value.span(), "expected \"allow\", \"ask\", \"ask-reason\" or \"deny\""),
    }
}

/// One text or a list of them, not an empty one: a rule with nothing to fit would look as if it fitted everything.
fn one_or_more<'t, 'a>(value: &'t Value<'a>) -> Result<Vec<&'t Value<'a>>, Wrong> {
    match value.get_ref() {
        DeValue::Array(values) if values.is_empty() => wrong(value.span(), "an empty list fits nothing"),
        DeValue::Array(values) if values.len() > MOST_RULES => wrong(value.span(), "too many in one list"),
        DeValue::Array(values) => Ok(values.iter().collect()),
        _ => Ok(vec![value]),
    }
}

fn actions(value: &Value<'_>) -> Result<Vec<Action>, Wrong> {
    let one = |value: &Value<'_>| {
        let word = text(value)?;
        match Action::of_word(word) {
            Some(action) => Ok(action),
            None => {
                let known = Action::ALL.map(Action::word).join(", ");
                wrong(value.span(), format!("no action is called {}; known are {known}", Clean::line(word)))
            }
        }
    };
    one_or_more(value)?.into_iter().map(one).collect()
}

fn patterns(value: &Value<'_>) -> Result<Vec<Pattern>, Wrong> {
    let one = |value: &Value<'_>| {
        // An id may be written without quotes.
        let written = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            _ => text(value)?,
        };
        match Pattern::new(written).filter(|_| !written.contains(char::is_control)) {
            Some(pattern) => Ok(pattern),
            None => wrong(value.span(), format!("expected at most {LONGEST} ordinary characters on one line")),
        }
    };
    one_or_more(value)?.into_iter().map(one).collect()
}
