//! What was done for one ticket, as Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::ControlFlow;

use super::super::read::{Entry, Source, each};
use super::super::{Action, AuditError};
use super::{Filter, MAX_ROWS, after, left_out, time, who};
use crate::text::Clean;

/// One thing that was done for a ticket.
struct Deed {
    time: String,
    who: String,
    client: String,
    record: String,
    /// What the user wanted, in the two forms of [`wording`]
    tried: String,
    did: String,
    came_about: bool,
    /// It was shown
    shown: bool,
    /// A record says the end of that, in whichever order the two were written
    ended: bool,
    results: Vec<String>,
}

impl Deed {
    /// What an intent says.
    fn of(entry: &Entry<'_>) -> Self {
        let kind = entry.record.strip_suffix('s').unwrap_or(&entry.record).replace('_', " ");
        let id = entry.record_id.map(|id| format!(", id {id}")).unwrap_or_default();
        let (did, tried) = wording(&entry.action, entry.version_id, &entry.detail);
        Self {
            time: time(entry).chars().take(16).collect(),
            who: who(entry),
            client: if entry.org_name.is_empty() { "No client".into() } else { entry.org_name.to_string() },
            record: format!("{} **{}**{id}", markdown(&kind), markdown(&entry.record_name)),
            tried,
            did,
            came_about: false,
            shown: false,
            ended: false,
            results: Vec::new(),
        }
    }

    /// Takes what came of it.
    fn heed(&mut self, entry: &Entry<'_>) {
        self.came_about |= matches!(&*entry.result, "shown" | "copied" | "opened" | "read" | "listed");
        self.shown |= entry.result == "shown";
        self.ended |= matches!(&*entry.result, "hidden" | "ended");
        let result = result(entry);
        if !result.is_empty() {
            self.results.push(markdown(&result));
        }
    }

    /// It in one line.
    fn told(&self) -> String {
        let what = if self.came_about { &self.did } else { &self.tried };
        let mut told = format!("{} UTC, {}: {what}", markdown(&self.time), markdown(&self.who));
        if self.results.is_empty() && !self.came_about {
            told.push_str("; no outcome on record");
        }
        for result in &self.results {
            let _ = write!(told, "; {result}");
        }
        if self.shown && !self.ended {
            told.push_str("; no end on record");
        }
        told
    }
}

/// What a trail holds about one ticket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// A note in Markdown; `None` if nothing is on record
    pub text: Option<String>,
    /// Lines that are left out: not records, or not part of the chain of their trail
    pub strange: u64,
}

/// A note in Markdown for a ticket: what was consulted and used for it.
pub fn note(sources: &[Source], ticket: &str) -> Result<Note, AuditError> {
    let filter = Filter { ticket: Some(ticket.to_owned()), ..Filter::default() };
    let mut deeds: BTreeMap<(String, u64), Deed> = BTreeMap::new();
    let mut more = 0_u64;
    let strange = each(sources, |_, entry| {
        // An outcome belongs to its intent; one that the guard wrote does not repeat the ticket.
        if entry.kind == "intent" && !filter.fits(entry) {
            return ControlFlow::Continue(());
        }
        if entry.kind == "intent" && deeds.len() >= MAX_ROWS {
            more += 1;
        } else if entry.kind == "intent" {
            deeds.insert((entry.trail.to_string(), entry.seq), Deed::of(entry));
        } else if let Some(of) = entry.of {
            let trail = if entry.of_trail.is_empty() { &entry.trail } else { &entry.of_trail };
            if let Some(deed) = deeds.get_mut(&(trail.to_string(), of)).filter(|deed| deed.results.len() < 20) {
                deed.heed(entry);
            }
        }
        ControlFlow::Continue(())
    })?;
    let (Some(first), Some(last)) = (deeds.values().next(), deeds.values().next_back()) else {
        return Ok(Note { text: None, strange });
    };
    // A number sign is the usual way to write a ticket; in the middle of a heading it needs no escape.
    let (sign, number) = ticket.strip_prefix('#').map_or(("", ticket), |number| ("#", number));
    let mut out = format!("## Ticket {sign}{}: use of IT Glue\n\n", markdown(number));
    let times: Vec<_> = deeds.values().map(|deed| &deed.time).collect();
    let (from, to) =
        (times.iter().min().copied().unwrap_or(&first.time), times.iter().max().copied().unwrap_or(&last.time));
    let people: BTreeSet<_> = deeds.values().map(|deed| markdown(&deed.who)).collect();
    let people = people.into_iter().collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "From {} to {} UTC, by {people}. No values are in this note.", markdown(from), markdown(to));
    let mut clients: BTreeMap<&str, BTreeMap<&str, Vec<&Deed>>> = BTreeMap::new();
    for deed in deeds.values() {
        clients.entry(&deed.client).or_default().entry(&deed.record).or_default().push(deed);
    }
    for (client, records) in clients {
        let _ = writeln!(out, "\n### {}\n", markdown(client));
        for (record, deeds) in records {
            let _ = writeln!(out, "- {record}");
            for deed in deeds {
                let _ = writeln!(out, "  - {}", deed.told());
            }
        }
    }
    if more > 0 {
        let _ = writeln!(out, "\nAnd {more} more that are not listed.");
    }
    if let Some(told) = left_out(strange) {
        let _ = writeln!(out, "\n{told}");
    }
    Ok(Note { text: Some(out), strange })
}

/// What was done, in words for a ticket: as a thing that was done, and as one that was tried.
pub(super) fn wording(action: &str, version: Option<u64>, detail: &str) -> (String, String) {
    let value = match version {
        Some(id) => format!("version {id} of the password"),
        None => "the password".to_owned(),
    };
    let detail = markdown(detail);
    let (did, to, what) = match Action::of_word(action) {
        Some(Action::Reveal) => ("showed", "show", value),
        Some(Action::Copy) => ("copied", "copy", value),
        Some(Action::Console) => ("spelled", "spell", value),
        Some(Action::HandOver) => ("handed over", "hand over", value),
        Some(Action::OpenLink) if detail.is_empty() => ("opened", "open", "the link".to_owned()),
        Some(Action::OpenLink) => ("opened", "open", format!("the link {detail}")),
        Some(Action::ViewDocument) => ("read", "read", "the document".to_owned()),
        Some(Action::ListPasswords) => ("listed", "list", "the passwords".to_owned()),
        // From a later release, or forged.
        None => ("did", "do", markdown(action)),
    };
    (format!("{did} {what}"), format!("tried to {to} {what}"))
}

/// What came of it, beyond that it was done; empty if that is all.
fn result(entry: &Entry<'_>) -> String {
    let with = |what: &str, more: &str| if more.is_empty() { what.to_owned() } else { format!("{what}: {more}") };
    match &*entry.result {
        "shown" | "opened" | "read" | "listed" => String::new(),
        "hidden" if entry.why.starts_with("hidden") => entry.why.to_string(),
        "hidden" => with("hidden", &entry.why),
        "copied" => match (&*entry.way, &*entry.sure) {
            ("", "") => String::new(),
            (way, "" | "delivered") => format!("by {way}"),
            ("", sure) => sure.to_owned(),
            (way, sure) => format!("by {way}, {sure}"),
        },
        "cleared" if entry.sure.starts_with("cleared") => format!("clipboard {}", entry.sure),
        "cleared" => with("clipboard", &entry.sure),
        "not-shown" => with("not shown", &entry.why),
        "refused" => with("not done", &entry.why),
        "failed" => with("failed", &entry.why),
        other => format!("{other}{}", after(entry)),
    }
}

/// Text that stays text in Markdown, on one line, with no more escapes than that needs.
pub(super) fn markdown(text: &str) -> String {
    let text = Clean::line(text);
    let mut out = String::new();
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek();
        let escape = match c {
            '`' | '*' | '[' | '<' | '~' => true,
            // An underscore within a word marks nothing, and names of accounts are full of them.
            '_' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(|next| next.is_alphanumeric())),
            // Between a domain and a user it is itself.
            '\\' => next.is_none_or(char::is_ascii_punctuation),
            '&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#'),
            '#' => before.is_none() || next.is_none(),
            '>' | '|' | '-' | '+' | '=' => before.is_none(),
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}
