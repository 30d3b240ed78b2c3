//! The trail for people: a list, sums, and a note for the ticket. What is shown may come from a file that others
//! changed, so all of it is filtered again.

mod csv;
mod note;
mod report;
mod show;

use std::fmt::Write as _;
use std::io;

pub use note::{Note, note};
pub use report::report;
pub use show::{WIDE, show};

use super::AuditError;
use super::read::Entry;
use super::ticket::same_ticket;

/// How many rows of one kind are kept in memory; what is beyond is counted.
const MAX_ROWS: usize = 10_000;

/// Which records are requested. All that is set has to fit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Not before this time, written as in the file
    pub since: Option<String>,
    /// Before this time
    pub until: Option<String>,
    /// The name or number of the user, or of who logged in
    pub user: Option<String>,
    /// The organization's id, or a part of its name
    pub organization: Option<String>,
    /// The record's id, its kind and id as in `passwords/42`, or a part of its name
    pub record: Option<String>,
    /// The ticket
    pub ticket: Option<String>,
    /// The action's word
    pub action: Option<String>,
}

impl Filter {
    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a record is requested.
    pub fn fits(&self, entry: &Entry<'_>) -> bool {
        let number = |wanted: &str, id: Option<u64>| id.is_some_and(|id| wanted == id.to_string());
        let part = |wanted: &str, name: &str| name.to_lowercase().contains(&wanted.to_lowercase());
        let set = |wanted: &Option<String>, fits: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(fits);
        set(&self.since, &|since| &*entry.time >= since)
            && set(&self.until, &|until| &*entry.time < until)
            && set(&self.user, &|user| {
                entry.user == user || entry.login == user || number(user, entry.uid) || number(user, entry.login_uid)
            })
            && set(&self.organization, &|org| number(org, entry.org) || part(org, &entry.org_name))
            && set(&self.record, &|record| {
                number(record, entry.record_id)
                    || entry.record_id.is_some_and(|id| record == format!("{}/{id}", entry.record))
                    || part(record, &entry.record_name)
            })
            && set(&self.ticket, &|ticket| same_ticket(&entry.ticket, ticket))
            && set(&self.action, &|action| entry.action == action)
    }
}

/// The form of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// Columns for people
    #[default]
    Table,
    /// One JSON object a line, as in the file
    Jsonl,
    /// Comma-separated values, for spreadsheets
    Csv,
}

/// Why nothing, or not all, was shown.
#[derive(thiserror::Error, Debug)]
pub enum ViewError {
    /// The trail cannot be read
    #[error(transparent)]
    Read(#[from] AuditError),
    /// The output cannot be written
    #[error("cannot write the answer: {0}")]
    Write(#[from] io::Error),
}

/// What was seen on the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Records that were requested
    pub shown: u64,
    /// Lines that are left out: not records, or not part of the chain of their trail
    pub strange: u64,
}

/// What is said about lines that are left out; nothing if there are none.
pub fn left_out(lines: u64) -> Option<String> {
    let many = if lines == 1 { "1 line is".to_owned() } else { format!("{lines} lines are") };
    (lines > 0).then(|| format!("{many} left out, not part of the trail's chain: run gluepot audit verify"))
}

/// How, how sure and why, where it is known.
fn after(entry: &Entry<'_>) -> String {
    let words: Vec<_> = [&entry.way, &entry.sure, &entry.why].into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return String::new();
    }
    format!(" ({})", words.iter().map(|word| &***word).collect::<Vec<_>>().join(", "))
}

fn time(entry: &Entry<'_>) -> String {
    entry.time.chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// The person: whom the process acted for; else who logged in, if that is known, and not whom su or sudo made of them.
fn person(entry: &Entry<'_>) -> String {
    if !entry.person.is_empty() {
        return entry.person.to_string();
    }
    match (&*entry.login, &*entry.user) {
        ("", "") => format!("uid {}", entry.uid.unwrap_or_default()),
        ("", user) => user.to_owned(),
        (login, _) => login.to_owned(),
    }
}

fn who(entry: &Entry<'_>) -> String {
    let mut who = person(entry);
    if !entry.host.is_empty() {
        who = format!("{who}@{}", entry.host);
    }
    if !entry.person.is_empty() {
        let _ = write!(who, " by {}", entry.user);
    } else if !entry.login.is_empty() && entry.login != entry.user {
        let _ = write!(who, " as {}", entry.user);
    }
    who
}

/// What a record is called; never what is in it.
fn name(entry: &Entry<'_>) -> String {
    let id = entry.record_id.map(|id| format!("{}/{id}", entry.record)).unwrap_or_default();
    let mut name = match (entry.record_name.is_empty(), entry.detail.is_empty()) {
        (true, _) => id,
        (false, true) => entry.record_name.to_string(),
        (false, false) => format!("{}: {}", entry.record_name, entry.detail),
    };
    name.extend(entry.version_id.map(|id| format!(" (version {id})")));
    name
}

#[cfg(all(test, unix))]
mod tests;
