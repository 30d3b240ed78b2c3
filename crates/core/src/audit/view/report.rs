//! Sums per person and per client.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;

use super::super::Action;
use super::super::read::{Entry, Source, each};
use super::show::{Layout, TICKET, cells, fit};
use super::{Counts, Filter, MAX_ROWS, ViewError, left_out, name, person, time};
use crate::text::Clean;

/// Sums over one person or one client.
#[derive(Default)]
struct Tally {
    reveals: u64,
    copies: u64,
    other: u64,
    without_ticket: u64,
    failed: u64,
    /// The clients of a person, the people of a client
    across: BTreeSet<String>,
    /// The hosts of a person
    hosts: BTreeSet<String>,
    last: String,
}

/// Who read a document.
#[derive(Default)]
struct Readers {
    times: u64,
    people: BTreeSet<String>,
    last: String,
}

fn tally<'a>(rows: &'a mut BTreeMap<String, Tally>, name: &str) -> &'a mut Tally {
    let name = if rows.len() < MAX_ROWS || rows.contains_key(name) { name } else { "(others)" };
    rows.entry(name.to_owned()).or_default()
}

/// Sums per person, by the name of the login on whatever hosts, and per client; the documents whose reading is on
/// record; the secrets that were requested without a ticket; and those that were shown and whose end is not on record. The
/// sums fit into 80 columns, the list into `width`.
pub fn report(sources: &[Source], filter: &Filter, width: usize, out: &mut dyn Write) -> Result<Counts, ViewError> {
    let layout = Layout::of(width.saturating_sub(2)).without(TICKET);
    let (mut people, mut clients) = (BTreeMap::new(), BTreeMap::new());
    let mut read: BTreeMap<String, Readers> = BTreeMap::new();
    let mut without: Vec<String> = Vec::new();
    let mut more = 0_u64;
    let mut shown = Shown::default();
    let mut counts = Counts::default();
    counts.strange = each(sources, |_, entry| {
        shown.heed(entry, |entry| filter.fits(entry).then(|| layout.row(&cells(entry))));
        if entry.action.is_empty() || !filter.fits(entry) {
            return ControlFlow::Continue(());
        }
        counts.shown += 1;
        let client = if entry.org_name.is_empty() { "(no client)".into() } else { entry.org_name.to_string() };
        let person = person(entry);
        let secret = Action::of_word(&entry.action).is_some_and(Action::fetches_a_secret);
        for (rows, name, other) in [(&mut people, &person, &client), (&mut clients, &client, &person)] {
            let row = tally(rows, name);
            if entry.kind == "intent" {
                // A console shows a value as a reveal does; a hand-over gives it on unseen as a copy does.
                row.reveals += u64::from(matches!(&*entry.action, "reveal" | "console"));
                row.copies += u64::from(matches!(&*entry.action, "copy" | "hand-over"));
                row.other += u64::from(!secret);
                row.without_ticket += u64::from(secret && entry.ticket.is_empty());
                if row.across.len() < MAX_ROWS {
                    row.across.insert(other.clone());
                }
                if row.hosts.len() < MAX_ROWS && !entry.host.is_empty() {
                    row.hosts.insert(entry.host.to_string());
                }
                row.last = time(entry).chars().take(10).collect();
            } else {
                row.failed += u64::from(matches!(&*entry.result, "failed" | "refused"));
            }
        }
        if entry.kind == "intent" && entry.action == Action::ViewDocument.word() {
            let document = format!("{}  {}", fit(&name(entry), 30), fit(&client, 20));
            let document =
                if read.len() < MAX_ROWS || read.contains_key(&document) { document } else { fit("(others)", 52) };
            let row = read.entry(document).or_default();
            row.times += 1;
            if row.people.len() < MAX_ROWS {
                row.people.insert(person.clone());
            }
            row.last = time(entry).chars().take(10).collect();
        }
        if entry.kind == "intent" && secret && entry.ticket.is_empty() {
            if without.len() < MAX_ROWS {
                without.push(layout.row(&cells(entry)));
            } else {
                more += 1;
            }
        }
        ControlFlow::Continue(())
    })?;
    for (title, across, rows) in [("Per person", "clients", &people), ("Per client", "people", &clients)] {
        writeln!(out, "{title}")?;
        writeln!(out, "  {}  reveals copies other no ticket failed {across:>7}  last", fit("", 19))?;
        for (name, row) in rows {
            writeln!(
                out,
                "  {}  {:>7} {:>6} {:>5} {:>9} {:>6} {:>7}  {}",
                fit(name, 19),
                row.reveals,
                row.copies,
                row.other,
                row.without_ticket,
                row.failed,
                row.across.len(),
                Clean::line(&row.last)
            )?;
            if across == "clients" && !row.hosts.is_empty() {
                writeln!(out, "    on {}", fit(&some_of(&row.hosts), 72).trim_end())?;
            }
        }
        writeln!(out)?;
    }
    if !read.is_empty() {
        writeln!(out, "Documents read, where a policy has it recorded")?;
        writeln!(out, "  {}  times people  last", fit("", 52))?;
        for (document, row) in &read {
            let last = Clean::line(&row.last);
            writeln!(out, "  {document}  {:>5} {:>6}  {last}", row.times, row.people.len())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Reveals and copies without a ticket: {}", without.len() as u64 + more)?;
    for line in &without {
        writeln!(out, "  {line}")?;
    }
    if more > 0 {
        writeln!(out, "  and {more} more")?;
    }
    if !shown.open.is_empty() {
        writeln!(out, "\nShown, with no end on record: {}", shown.open.len())?;
    }
    for line in shown.open.values() {
        writeln!(out, "  {line}")?;
    }
    if let Some(told) = left_out(counts.strange) {
        writeln!(out, "\n{told}")?;
    }
    out.flush()?;
    Ok(counts)
}

/// Values that were shown and of which no record says the end: they are on a screen now, or program and guard were
/// killed.
#[derive(Default)]
struct Shown {
    open: BTreeMap<(String, u64), String>,
    /// Those whose end is on record before that they were shown: in trails of before outcomes were queued, two that
    /// follow each other closely may be swapped
    ended: BTreeSet<(String, u64)>,
}

impl Shown {
    /// Takes one record. `row` says how it is listed, if it is.
    fn heed(&mut self, entry: &Entry<'_>, row: impl FnOnce(&Entry<'_>) -> Option<String>) {
        let Some(of) = entry.of else { return };
        let trail = if entry.of_trail.is_empty() { &entry.trail } else { &entry.of_trail };
        let key = (trail.to_string(), of);
        match &*entry.result {
            "shown" if self.ended.remove(&key) => {}
            // No one has more values on screens at once.
            "shown" if self.open.len() < MAX_ROWS => self.open.extend(row(entry).map(|row| (key, row))),
            "hidden" | "ended" if self.open.remove(&key).is_none() && self.ended.len() < MAX_ROWS => {
                self.ended.insert(key);
            }
            _ => {}
        }
    }
}

/// The first of many names, and how many more there are.
fn some_of(names: &BTreeSet<String>) -> String {
    const SOME: usize = 4;
    let mut text = names.iter().take(SOME).map(String::as_str).collect::<Vec<_>>().join(", ");
    if let more @ 1.. = names.len().saturating_sub(SOME) {
        let _ = write!(text, " and {more} more");
    }
    text
}
