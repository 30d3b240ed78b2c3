//! Sums per person and per client.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};
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

/// All that is summed up on the way.
#[derive(Default)]
struct Sums {
    people: BTreeMap<String, Tally>,
    clients: BTreeMap<String, Tally>,
    read: BTreeMap<String, Readers>,
    /// The secrets that were requested without a ticket, and how many more there are
    without: Vec<String>,
    more: u64,
}

impl Sums {
    /// Takes one record of an action.
    fn heed(&mut self, entry: &Entry<'_>, layout: &Layout) {
        let client = if entry.org_name.is_empty() { "(no client)".into() } else { entry.org_name.to_string() };
        let person = person(entry);
        let secret = Action::of_word(&entry.action).is_some_and(Action::fetches_a_secret);
        tally(&mut self.people, &person).heed(entry, secret, &client);
        tally(&mut self.clients, &client).heed(entry, secret, &person);
        if entry.kind == "intent" && entry.action == Action::ViewDocument.word() {
            self.heed_reading(entry, &client, person);
        }
        if entry.kind == "intent" && secret && entry.ticket.is_empty() {
            if self.without.len() < MAX_ROWS {
                self.without.push(layout.row(&cells(entry)));
            } else {
                self.more += 1;
            }
        }
    }

    fn heed_reading(&mut self, entry: &Entry<'_>, client: &str, person: String) {
        let document = format!("{}  {}", fit(&name(entry), 30), fit(client, 20));
        let known = self.read.len() < MAX_ROWS || self.read.contains_key(&document);
        let row = self.read.entry(if known { document } else { fit("(others)", 52) }).or_default();
        row.times += 1;
        if row.people.len() < MAX_ROWS {
            row.people.insert(person);
        }
        row.last = day(entry);
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for (title, across, rows) in [("Per person", "clients", &self.people), ("Per client", "people", &self.clients)]
        {
            write_tallies(title, across, rows, out)?;
        }
        if !self.read.is_empty() {
            writeln!(out, "Documents read, where a policy has it recorded")?;
            writeln!(out, "  {}  times people  last", fit("", 52))?;
            for (document, row) in &self.read {
                let last = Clean::line(&row.last);
                writeln!(out, "  {document}  {:>5} {:>6}  {last}", row.times, row.people.len())?;
            }
            writeln!(out)?;
        }
        writeln!(out, "Reveals and copies without a ticket: {}", self.without.len() as u64 + self.more)?;
        for line in &self.without {
            writeln!(out, "  {line}")?;
        }
        if self.more > 0 {
            writeln!(out, "  and {} more", self.more)?;
        }
        Ok(())
    }
}

impl Tally {
    /// Takes one record; `other` is the client of a person, or the person of a client.
    fn heed(&mut self, entry: &Entry<'_>, secret: bool, other: &str) {
        if entry.kind != "intent" {
            self.failed += u64::from(matches!(&*entry.result, "failed" | "refused"));
            return;
        }
        // A console shows a value as a reveal does; a hand-over gives it on unseen as a copy does.
        self.reveals += u64::from(matches!(&*entry.action, "reveal" | "console"));
        self.copies += u64::from(matches!(&*entry.action, "copy" | "hand-over"));
        self.other += u64::from(!secret);
        self.without_ticket += u64::from(secret && entry.ticket.is_empty());
        if self.across.len() < MAX_ROWS {
            self.across.insert(other.to_owned());
        }
        if self.hosts.len() < MAX_ROWS && !entry.host.is_empty() {
            self.hosts.insert(entry.host.to_string());
        }
        self.last = day(entry);
    }
}

fn day(entry: &Entry<'_>) -> String {
    time(entry).chars().take(10).collect()
}

fn write_tallies(title: &str, across: &str, rows: &BTreeMap<String, Tally>, out: &mut dyn Write) -> io::Result<()> {
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
    writeln!(out)
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
    let (mut sums, mut shown) = (Sums::default(), Shown::default());
    let mut counts = Counts::default();
    counts.strange = each(sources, |_, entry| {
        shown.heed(entry, |entry| filter.fits(entry).then(|| layout.row(&cells(entry))));
        if !entry.action.is_empty() && filter.fits(entry) {
            counts.shown += 1;
            sums.heed(entry, &layout);
        }
        ControlFlow::Continue(())
    })?;
    sums.write(out)?;
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
