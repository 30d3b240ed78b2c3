//! The trail for people: a list, sums, and a note for the ticket. What is shown may come from a file that somebody
//! changed, so all of it is filtered again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::ControlFlow;

use unicode_width::UnicodeWidthChar;

use super::read::{Entry, Source, each};
use super::{Action, AuditError};
use crate::text::Clean;

/// How many rows of one kind are kept in memory; what is beyond is counted.
const MAX_ROWS: usize = 10_000;

/// Which records are asked for. All that is set has to fit.
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

    /// Whether a record is asked for.
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
            && set(&self.ticket, &|ticket| entry.ticket.to_lowercase() == ticket.to_lowercase())
            && set(&self.action, &|action| entry.action == action)
    }
}

/// The form of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
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
    /// Records that were asked for
    pub shown: u64,
    /// Lines that are no records
    pub strange: u64,
}

/// Lists records. A table fits into `width` columns, if there are so many at least as it needs.
pub fn show(
    sources: &[Source],
    filter: &Filter,
    format: Format,
    width: usize,
    out: &mut dyn Write,
) -> Result<Counts, ViewError> {
    let layout = Layout::of(width);
    let mut counts = Counts::default();
    match format {
        Format::Table => writeln!(out, "{}", layout.row(&NAMES.map(str::to_owned)))?,
        Format::Csv => writeln!(out, "{}", CSV.join(","))?,
        Format::Jsonl => {}
    }
    let mut written = Ok(());
    counts.strange = each(sources, |line, entry| {
        if !filter.fits(entry) {
            return ControlFlow::Continue(());
        }
        counts.shown += 1;
        let text = match format {
            Format::Table => layout.row(&cells(entry)),
            Format::Csv => csv(entry),
            Format::Jsonl => ascii(line),
        };
        written = writeln!(out, "{text}");
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    written?;
    out.flush()?;
    Ok(counts)
}

const NAMES: [&str; 7] = ["time (UTC)", "record", "who", "ticket", "client", "what", "of"];
const TICKET: usize = 3;
const GAP: usize = 2;

/// The width from which a table shows all that it has.
pub const WIDE: usize = 144;

/// How wide each column is; one of no width is left out.
struct Layout([usize; 7]);

impl Layout {
    /// What is nearest to a whole record in so many columns. Below 110 there is no room for seconds, numbers and hosts.
    fn of(width: usize) -> Self {
        let mut widths = match width {
            ..110 => [16, 0, 8, 8, 11, 15, 0],
            110..WIDE => [19, 7, 14, 9, 16, 18, 0],
            WIDE.. => [19, 7, 18, 12, 20, 26, 0],
        };
        let gaps = GAP * widths.iter().filter(|&&column| column > 0).count();
        let of = width.max(80).saturating_sub(widths.iter().sum::<usize>() + gaps);
        let [.., client, what, last] = &mut widths;
        // Beyond what names need the room is shared.
        let spare = of.saturating_sub(30) / 3;
        *client += spare;
        *what += spare;
        *last = of - 2 * spare;
        Self(widths)
    }

    /// Without one of the columns, whose room the last one gets.
    fn without(mut self, column: usize) -> Self {
        let room = self.0.get_mut(column).map_or(0, std::mem::take);
        if let (1.., [.., last]) = (room, &mut self.0) {
            *last += room + GAP;
        }
        self
    }

    fn row(&self, cells: &[String; 7]) -> String {
        let [time, number, who, ..] = self.0;
        let mut fitted = Vec::new();
        for (at, (cell, width)) in cells.iter().zip(self.0).enumerate().filter(|(_, (_, width))| *width > 0) {
            fitted.push(match at {
                // Seconds and hosts are left out, not cut off.
                0 => fit(&cell.chars().take(time).collect::<String>(), time),
                2 if number == 0 => fit(cell.split('@').next().unwrap_or_default(), who),
                _ => fit(cell, width),
            });
        }
        fitted.join("  ").trim_end().to_owned()
    }
}

fn cells(entry: &Entry<'_>) -> [String; 7] {
    let what = match (&*entry.action, &*entry.result) {
        ("", _) if entry.why.is_empty() => entry.kind.to_string(),
        ("", _) => format!("{}: {}", entry.kind, entry.why),
        (action, "") if entry.cautions.is_empty() => action.to_owned(),
        (action, "") => format!("{action} ({})", entry.cautions.replace(',', ", ")),
        // "hidden by the user" says it.
        (action, result) if entry.why.starts_with(result) => format!("{action}: {}", entry.why),
        (action, result) => format!("{action}: {result}{}", after(entry)),
    };
    [
        time(entry),
        entry.seq.to_string(),
        who(entry),
        entry.ticket.to_string(),
        entry.org_name.to_string(),
        what,
        name(entry),
    ]
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

/// The person: who logged in, if that is known, and not whom su or sudo made of them.
fn person(entry: &Entry<'_>) -> String {
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
    if !entry.login.is_empty() && entry.login != entry.user {
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

/// Cuts or fills to a width in columns.
fn fit(text: &str, width: usize) -> String {
    let text = Clean::line(text);
    let columns = |text: &str| text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let mut out = String::with_capacity(width);
    if columns(&text) <= width {
        out.push_str(&text);
    } else {
        for c in text.chars() {
            if columns(&out) + c.width().unwrap_or(0) >= width {
                break;
            }
            out.push(c);
        }
        out.push('…');
    }
    let fill = width.saturating_sub(columns(&out));
    out.extend(std::iter::repeat_n(' ', fill));
    out
}

const CSV: [&str; 36] = [
    "time",
    "trail",
    "seq",
    "kind",
    "clock_back",
    "back_ms",
    "boot",
    "up_ms",
    "uid",
    "user",
    "login_uid",
    "login",
    "tty",
    "ssh",
    "host",
    "pid",
    "version",
    "action",
    "org",
    "org_name",
    "record",
    "record_id",
    "record_name",
    "version_id",
    "category",
    "detail",
    "ticket",
    "reason",
    "of",
    "of_trail",
    "result",
    "way",
    "sure",
    "why",
    "server_date",
    "cautions",
];

fn csv(entry: &Entry<'_>) -> String {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let cells: [String; 36] = [
        entry.time.to_string(),
        entry.trail.to_string(),
        entry.seq.to_string(),
        entry.kind.to_string(),
        if entry.clock_back { "true" } else { "" }.to_owned(),
        number(entry.back_ms),
        entry.boot.to_string(),
        number(entry.up_ms),
        number(entry.uid),
        entry.user.to_string(),
        number(entry.login_uid),
        entry.login.to_string(),
        entry.tty.to_string(),
        entry.ssh.to_string(),
        entry.host.to_string(),
        number(entry.pid),
        entry.version.to_string(),
        entry.action.to_string(),
        number(entry.org),
        entry.org_name.to_string(),
        entry.record.to_string(),
        number(entry.record_id),
        entry.record_name.to_string(),
        number(entry.version_id),
        entry.category.to_string(),
        entry.detail.to_string(),
        entry.ticket.to_string(),
        entry.reason.to_string(),
        number(entry.of),
        entry.of_trail.to_string(),
        entry.result.to_string(),
        entry.way.to_string(),
        entry.sure.to_string(),
        entry.why.to_string(),
        entry.server_date.to_string(),
        entry.cautions.to_string(),
    ];
    cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",")
}

/// A cell of a CSV file. One that a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(cell: &str) -> String {
    let text = Clean::line(cell);
    let formula = text.starts_with(['=', '+', '-', '@']);
    if !formula && !text.contains([',', '"', '\'', ' ']) {
        return text.to_string();
    }
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// The line itself where it is as this program writes lines; else with every other byte marked.
fn ascii(line: &[u8]) -> String {
    let mut out = String::with_capacity(line.len());
    for c in String::from_utf8_lossy(line).chars() {
        if (' '..='~').contains(&c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

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
/// record; the secrets that were asked for without a ticket; and those that were shown and whose end is not on record. The
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
    out.flush()?;
    Ok(counts)
}

/// Values that were shown and of which no record says the end: they are on a screen now, or program and guard were
/// killed.
#[derive(Default)]
struct Shown {
    open: BTreeMap<(String, u64), String>,
    /// Those whose end is on record before that they were shown: in trails of before outcomes were queued, two that
    /// follow each other closely may stand the other way round
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
            // More at once than that are on nobody's screens.
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

/// One thing that was done for a ticket.
struct Deed {
    time: String,
    who: String,
    client: String,
    record: String,
    /// What was asked for, in the two forms of [`wording`]
    tried: String,
    did: String,
    came_about: bool,
    /// It was shown
    shown: bool,
    /// A record says the end of that, in whichever order the two were written
    ended: bool,
    results: Vec<String>,
}

/// A note in Markdown for a ticket: what was consulted and used for it. `None` if nothing was.
pub fn note(sources: &[Source], ticket: &str) -> Result<Option<String>, AuditError> {
    let filter = Filter { ticket: Some(ticket.to_owned()), ..Filter::default() };
    let mut deeds: BTreeMap<(String, u64), Deed> = BTreeMap::new();
    let mut more = 0_u64;
    let _ = each(sources, |_, entry| {
        // An outcome belongs to its intent; one that the guard wrote does not repeat the ticket.
        if entry.kind == "intent" && !filter.fits(entry) {
            return ControlFlow::Continue(());
        }
        if entry.kind == "intent" && deeds.len() >= MAX_ROWS {
            more += 1;
        } else if entry.kind == "intent" {
            let kind = entry.record.strip_suffix('s').unwrap_or(&entry.record).replace('_', " ");
            let id = entry.record_id.map(|id| format!(", id {id}")).unwrap_or_default();
            let (did, tried) = wording(&entry.action, entry.version_id, &entry.detail);
            let deed = Deed {
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
            };
            deeds.insert((entry.trail.to_string(), entry.seq), deed);
        } else if let Some(of) = entry.of {
            let trail = if entry.of_trail.is_empty() { &entry.trail } else { &entry.of_trail };
            if let Some(deed) = deeds.get_mut(&(trail.to_string(), of)).filter(|deed| deed.results.len() < 20) {
                deed.came_about |= matches!(&*entry.result, "shown" | "copied" | "opened" | "read" | "listed");
                deed.shown |= entry.result == "shown";
                deed.ended |= matches!(&*entry.result, "hidden" | "ended");
                let result = result(entry);
                if !result.is_empty() {
                    deed.results.push(markdown(&result));
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    let (Some(first), Some(last)) = (deeds.values().next(), deeds.values().next_back()) else { return Ok(None) };
    let mut out = format!("## Ticket {}: use of IT Glue\n\n", markdown(ticket));
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
                let what = if deed.came_about { &deed.did } else { &deed.tried };
                let _ = write!(out, "  - {} UTC, {}: {what}", markdown(&deed.time), markdown(&deed.who));
                if deed.results.is_empty() && !deed.came_about {
                    let _ = write!(out, "; no outcome on record");
                }
                for result in &deed.results {
                    let _ = write!(out, "; {result}");
                }
                if deed.shown && !deed.ended {
                    let _ = write!(out, "; no end on record");
                }
                out.push('\n');
            }
        }
    }
    if more > 0 {
        let _ = writeln!(out, "\nAnd {more} more that are not listed.");
    }
    Ok(Some(out))
}

/// What was done, in words for a ticket: as a thing that was done, and as one that was tried.
fn wording(action: &str, version: Option<u64>, detail: &str) -> (String, String) {
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
        Some(Action::CopyField) if detail.is_empty() => ("copied", "copy", "a field".to_owned()),
        Some(Action::CopyField) => ("copied", "copy", format!("the field {detail}")),
        Some(Action::OpenLink) if detail.is_empty() => ("opened", "open", "the link".to_owned()),
        Some(Action::OpenLink) => ("opened", "open", format!("the link {detail}")),
        Some(Action::ViewDocument) => ("read", "read", "the document".to_owned()),
        Some(Action::ListPasswords) => ("listed", "list", "the passwords".to_owned()),
        // Of a later release, or of somebody who wrote into the file.
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
        "refused" => with("not done", &entry.why),
        "failed" => with("failed", &entry.why),
        other => format!("{other}{}", after(entry)),
    }
}

/// Text that stays text in Markdown, on one line, with no more escapes than that needs.
fn markdown(text: &str) -> String {
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

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use super::super::{Audit, Event, Identity, Outcome, snapshot};
    use super::*;
    use crate::model::{Kind, OrganizationId, RecordKey};

    /// A trail of four deeds of two people for two clients.
    fn trail() -> (tempfile::TempDir, Vec<Source>) {
        let dir = tempfile::tempdir().unwrap();
        let deed = |user: &str, action, client: (u64, &str), name: &str, ticket: &str, outcomes: &[Outcome]| {
            let me = Identity { uid: 1000, user: user.into(), host: "jump1".into(), ..Identity::default() };
            let audit = Audit::open(dir.path(), me).unwrap();
            let intent = audit.intent(&Event {
                organization: Some((OrganizationId(client.0), client.1.into())),
                ticket: ticket.into(),
                ..Event::new(action, RecordKey { kind: Kind::Password, id: 40 + client.0 }, name.into())
            });
            let intent = intent.unwrap();
            for outcome in outcomes {
                audit.outcome(&intent, outcome, None).unwrap();
            }
        };
        let copied = Outcome::Copied { way: "tmux".into(), certainty: "sent".into() };
        deed(
            "kim",
            Action::Reveal,
            (1, "Acme | Sons"),
            "Domain *admin*",
            "T-1",
            &[Outcome::Shown, Outcome::Hidden("time")],
        );
        deed("kim", Action::Copy, (2, "=Beta"), "Router, \"main\"\u{202E}", "T-1", &[copied]);
        deed(
            "sam",
            Action::Reveal,
            (1, "Acme | Sons"),
            "ESXi\u{1b}[31m root",
            "",
            &[Outcome::Failed("no answer".into())],
        );
        deed("sam", Action::OpenLink, (1, "Acme | Sons"), "Portal", "t-1", &[Outcome::Opened]);
        let sources = snapshot(dir.path()).unwrap().sources;
        (dir, sources)
    }

    fn shown(filter: &Filter, format: Format) -> String {
        let (_dir, sources) = trail();
        let mut out = Vec::new();
        show(&sources, filter, format, WIDE, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn count(filter: Filter) -> usize {
        shown(&filter, Format::Jsonl).lines().count()
    }

    #[test]
    fn filters_leave_what_was_asked_for() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(count(Filter::default()), 10);
        assert_eq!(count(Filter { user: some("kim"), ..Filter::default() }), 6, "the first record of the trail too");
        assert_eq!(count(Filter { organization: some("acme"), ..Filter::default() }), 7);
        assert_eq!(count(Filter { organization: some("2"), ..Filter::default() }), 2);
        assert_eq!(count(Filter { record: some("passwords/42"), ..Filter::default() }), 2);
        assert_eq!(count(Filter { record: some("portal"), ..Filter::default() }), 2);
        assert_eq!(count(Filter { ticket: some("T-1"), ..Filter::default() }), 7);
        assert_eq!(count(Filter { action: some("copy"), ..Filter::default() }), 2);
        assert_eq!(count(Filter { since: some("2999"), ..Filter::default() }), 0);
        assert_eq!(count(Filter { since: some("2000"), until: some("2999"), ..Filter::default() }), 10);
        assert_eq!(count(Filter { user: some("sam"), ticket: some("T-1"), ..Filter::default() }), 2);
    }

    #[test]
    fn a_table_stands_straight_and_drives_no_terminal() {
        let table = shown(&Filter::default(), Format::Table);
        assert!(!table.contains(['\u{1b}', '\u{202E}']), "{table}");
        let header = table.lines().next().unwrap();
        let client = header.find("client").unwrap();
        for line in table.lines().filter(|line| line.contains("Acme")) {
            let before: String = line.chars().take(client).collect();
            assert!(!before.contains("Acme") && line.chars().skip(client).collect::<String>().starts_with("Acme"));
        }
        assert!(table.contains("reveal: hidden (time)"), "{table}");
        assert!(table.contains("copy: copied (tmux, sent)"), "{table}");
    }

    #[test]
    fn lines_come_out_as_they_are_in_the_file() {
        let (_dir, sources) = trail();
        let mut out = Vec::new();
        show(&sources, &Filter::default(), Format::Jsonl, WIDE, &mut out).unwrap();
        assert_eq!(out, std::fs::read(&sources[0].path).unwrap());
        assert_eq!(ascii("{\"a\":\"\u{202E}\u{7}\"}".as_bytes()), "{\"a\":\"\\u202e\\u0007\"}");
    }

    #[test]
    fn a_spreadsheet_gets_quoted_cells_and_no_formula() {
        let table = shown(&Filter { action: Some("copy".into()), ..Filter::default() }, Format::Csv);
        assert!(table.contains("\"'=Beta\"") && table.contains("\"Router, \"\"main\"\""), "{table}");
        assert!(
            table
                .lines()
                .next()
                .unwrap()
                .starts_with("time,trail,seq,kind,clock_back,back_ms,boot,up_ms,uid,user,login_uid,login,")
        );
    }

    #[test]
    fn a_report_sums_per_person_and_client_and_names_what_had_no_ticket() {
        let (_dir, sources) = trail();
        let mut out = Vec::new();
        report(&sources, &Filter::default(), 80, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let numbers = |name: &str| -> Vec<u64> {
            let line = text.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
            line[line.find(name).unwrap() + name.len()..]
                .split_whitespace()
                .map_while(|word| word.parse().ok())
                .collect()
        };
        assert_eq!(numbers("kim "), [1, 1, 0, 0, 0, 2], "{text}");
        assert_eq!(numbers("sam "), [1, 0, 1, 1, 1, 1], "{text}");
        assert_eq!(numbers("Acme | Sons"), [2, 0, 1, 1, 1, 2], "{text}");
        assert!(text.contains("without a ticket: 1\n") && text.lines().last().unwrap().contains("ESXi"), "{text}");
        assert!(text.contains("    on jump1\n"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn documents_that_were_read_and_lists_that_were_asked_for_are_told_as_that() {
        let dir = tempfile::tempdir().unwrap();
        let client = (OrganizationId(7), Clean::line("Acme"));
        let document = RecordKey { kind: Kind::Document, id: 5 };
        let organization = RecordKey { kind: Kind::Organization, id: 7 };
        for (user, action, record, name, outcome) in [
            ("kim", Action::ViewDocument, document, "Firewall *plan*", Outcome::Read),
            ("sam", Action::ViewDocument, document, "Firewall *plan*", Outcome::Read),
            ("sam", Action::ListPasswords, organization, "Acme", Outcome::Listed),
        ] {
            let me = Identity { uid: 1000, user: user.into(), ..Identity::default() };
            let audit = Audit::open(dir.path(), me).unwrap();
            let event = Event {
                organization: Some(client.clone()),
                ticket: "T-9".into(),
                reason: "broken".into(),
                ..Event::new(action, record, name.into())
            };
            let intent = audit.intent(&event).unwrap();
            audit.outcome(&intent, &outcome, None).unwrap();
        }
        let sources = snapshot(dir.path()).unwrap().sources;
        let mut out = Vec::new();
        report(&sources, &Filter::default(), 80, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let line = text.lines().find(|line| line.contains("Firewall *plan*")).unwrap();
        let numbers: Vec<_> = line.split_whitespace().rev().skip(1).take(2).collect();
        assert_eq!(numbers, ["2", "2"], "people and times: {text}");
        assert!(text.contains("without a ticket: 0\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let text = note(&sources, "T-9").unwrap().unwrap();
        assert!(text.contains("- document **Firewall \\*plan\\***, id 5"), "{text}");
        assert!(text.contains(" UTC, kim: read the document\n"), "{text}");
        assert!(
            text.contains("- organization **Acme**, id 7\n") && text.contains("sam: listed the passwords\n"),
            "{text}"
        );
        let only = Filter { action: Some("list-passwords".into()), ..Filter::default() };
        let mut out = Vec::new();
        show(&sources, &only, Format::Table, WIDE, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("list-passwords: listed"), "{text}");
    }

    #[test]
    fn a_table_is_as_wide_as_the_terminal_and_never_wider() {
        let (_dir, sources) = trail();
        for width in [80, 81, 100, 109, 110, 120, 143, 144, 200] {
            let mut out = Vec::new();
            show(&sources, &Filter::default(), Format::Table, width, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
            assert_eq!(
                Layout::of(width).0.iter().filter(|&&column| column > 0).map(|column| column + 2).sum::<usize>(),
                width + 2
            );
            for wanted in ["kim", "sam", "T-1", "Acme", "reveal: hid", "Portal"] {
                assert!(text.contains(wanted), "{wanted} at {width}:\n{text}");
            }
        }
    }

    #[test]
    fn accepted_cautions_stand_beside_the_intent_and_in_the_last_column_of_a_csv_file() {
        let entry = Entry { action: "reveal".into(), cautions: "tmux-clients,look-alike".into(), ..Entry::default() };
        assert_eq!(cells(&entry)[5], "reveal (tmux-clients, look-alike)");
        let shown = Entry { result: "shown".into(), ..entry };
        assert_eq!(cells(&shown)[5], "reveal: shown");
        assert_eq!(CSV.last(), Some(&"cautions"));
        assert!(csv(&shown).ends_with(",\"tmux-clients,look-alike\""), "{}", csv(&shown));
    }

    #[test]
    fn who_logged_in_is_the_person_whoever_su_made_of_them() {
        let entry = Entry { user: "root".into(), login: "kim".into(), host: "jump1".into(), ..Entry::default() };
        assert_eq!((person(&entry), who(&entry)), ("kim".to_owned(), "kim@jump1 as root".to_owned()));
        let root = Filter { user: Some("root".into()), ..Filter::default() };
        let kim = Filter { user: Some("kim".into()), ..Filter::default() };
        assert!(root.fits(&entry) && kim.fits(&entry));
    }

    #[test]
    fn every_action_has_words_for_a_ticket() {
        for action in Action::ALL {
            let (did, tried) = wording(action.word(), None, "User name");
            assert!(!did.contains("did ") && tried.starts_with("tried to "), "{action:?}: {did}, {tried}");
            assert!(!did.contains('-'), "not the word of the file: {did}");
        }
        assert_eq!(wording("reveal", Some(12), "").0, "showed version 12 of the password");
        assert_eq!(wording("copy-field", None, "User name").0, "copied the field User name");
    }

    #[test]
    fn markdown_is_escaped_where_it_would_mark_something_and_nowhere_else() {
        for plain in ["Harbour & Pine", "HPD\\svc_img", "C$", "a | b", "what! #12", "x > y", "R&D"] {
            let escaped = markdown(plain);
            assert!(escaped == plain || plain == "R&D" && escaped == "R\\&D", "{escaped}");
        }
        for (hostile, escaped) in [
            ("*a*", "\\*a\\*"),
            ("_a_", "\\_a\\_"),
            ("[a](b)", "\\[a](b)"),
            ("<b>", "\\<b>"),
            ("&lt;", "\\&lt;"),
            ("\\*", "\\\\\\*"),
            ("end\\", "end\\\\"),
            ("# a", "\\# a"),
            ("> a", "\\> a"),
            ("`a`", "\\`a\\`"),
        ] {
            assert_eq!(markdown(hostile), escaped);
        }
    }

    #[test]
    fn a_note_says_what_was_used_for_the_ticket_and_stays_text() {
        let (_dir, sources) = trail();
        let text = note(&sources, "t-1").unwrap().unwrap();
        assert!(text.starts_with("## Ticket t-1: use of IT Glue\n"), "{text}");
        assert!(
            text.contains("### Acme | Sons") && text.contains("- password **Domain \\*admin\\***, id 41"),
            "{text}"
        );
        assert!(text.contains("kim@jump1: showed the password; hidden: time"), "{text}");
        assert!(text.contains("kim@jump1, sam@jump1"), "{text}");
        assert!(!text.contains("ESXi"), "another deed: {text}");
        assert_eq!(note(&sources, "T-2").unwrap(), None);
    }

    #[test]
    fn a_value_whose_end_is_not_on_record_is_told_until_somebody_writes_it() {
        let (dir, _) = trail();
        let audit = Audit::open(dir.path(), Identity { user: "kim".into(), ..Identity::default() }).unwrap();
        let intent = audit
            .intent(&Event {
                ticket: "T-9".into(),
                ..Event::new(Action::Reveal, RecordKey { kind: Kind::Password, id: 9 }, "Left open".into())
            })
            .unwrap();
        audit.outcome(&intent, &Outcome::Shown, None).unwrap();
        let told = || {
            let sources = snapshot(dir.path()).unwrap().sources;
            let mut out = Vec::new();
            report(&sources, &Filter::default(), 80, &mut out).unwrap();
            let found = super::super::verify(&sources, None, &super::super::Anchors::default()).unwrap();
            (String::from_utf8(out).unwrap(), note(&sources, "T-9").unwrap().unwrap(), found.shown_first)
        };
        let (text, for_ticket, numbers) = told();
        let (_, list) = text.split_once("Shown, with no end on record: 1\n").unwrap();
        assert!(list.contains("Left open") && list.lines().count() == 1, "{text}");
        assert!(for_ticket.contains("showed the password; no end on record"), "{for_ticket}");
        assert_eq!(numbers, [intent.number()]);
        // The guard knows the place of the intent only.
        audit.outcome_of(&intent.reference(), &Outcome::Ended("the program was gone")).unwrap();
        let (text, for_ticket, numbers) = told();
        assert!(!text.contains("no end on record"), "{text}");
        assert!(for_ticket.contains("showed the password; ended (the program was gone)\n"), "{for_ticket}");
        assert_eq!(numbers, [] as [u64; 0]);
        // Before they were queued, two outcomes could reach the file the other way round.
        let event = Event {
            ticket: "T-9".into(),
            ..Event::new(Action::Reveal, RecordKey { kind: Kind::Password, id: 9 }, "Quick".into())
        };
        let quick = audit.intent(&event).unwrap();
        audit.outcome(&quick, &Outcome::Hidden("time"), None).unwrap();
        audit.outcome(&quick, &Outcome::Shown, None).unwrap();
        let (text, for_ticket, numbers) = told();
        assert!(!text.contains("no end on record") && !for_ticket.contains("no end on record"), "{text}{for_ticket}");
        assert_eq!(numbers, [] as [u64; 0]);
    }
}
