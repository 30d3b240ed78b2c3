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
    /// The user's name or number
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
            && set(&self.user, &|user| entry.user == user || number(user, entry.uid))
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

/// Lists records.
pub fn show(sources: &[Source], filter: &Filter, format: Format, out: &mut dyn Write) -> Result<Counts, ViewError> {
    let mut counts = Counts::default();
    match format {
        Format::Table => writeln!(out, "{}", row(&COLUMNS.map(|(name, _)| name.to_owned())))?,
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
            Format::Table => row(&cells(entry)),
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

const COLUMNS: [(&str, usize); 7] =
    [("time (UTC)", 19), ("record", 7), ("who", 18), ("ticket", 12), ("client", 20), ("what", 26), ("of", 30)];

fn cells(entry: &Entry<'_>) -> [String; 7] {
    let what = match (&*entry.action, &*entry.result) {
        ("", _) if entry.why.is_empty() => entry.kind.to_string(),
        ("", _) => format!("{}: {}", entry.kind, entry.why),
        (action, "") => action.to_owned(),
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

fn who(entry: &Entry<'_>) -> String {
    let user =
        if entry.user.is_empty() { format!("uid {}", entry.uid.unwrap_or_default()) } else { entry.user.to_string() };
    if entry.host.is_empty() { user } else { format!("{user}@{}", entry.host) }
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

fn row<const N: usize>(cells: &[String; N]) -> String {
    let fitted: Vec<_> = cells.iter().zip(COLUMNS).map(|(cell, (_, width))| fit(cell, width)).collect();
    fitted.join("  ").trim_end().to_owned()
}

const CSV: [&str; 27] = [
    "time",
    "trail",
    "seq",
    "kind",
    "uid",
    "user",
    "login_uid",
    "tty",
    "ssh",
    "host",
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
    "result",
    "way",
    "sure",
    "why",
    "server_date",
];

fn csv(entry: &Entry<'_>) -> String {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let cells: [String; 27] = [
        entry.time.to_string(),
        entry.trail.to_string(),
        entry.seq.to_string(),
        entry.kind.to_string(),
        number(entry.uid),
        entry.user.to_string(),
        number(entry.login_uid),
        entry.tty.to_string(),
        entry.ssh.to_string(),
        entry.host.to_string(),
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
        entry.result.to_string(),
        entry.way.to_string(),
        entry.sure.to_string(),
        entry.why.to_string(),
        entry.server_date.to_string(),
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
    last: String,
}

fn tally<'a>(rows: &'a mut BTreeMap<String, Tally>, name: &str) -> &'a mut Tally {
    let name = if rows.len() < MAX_ROWS || rows.contains_key(name) { name } else { "(others)" };
    rows.entry(name.to_owned()).or_default()
}

/// Sums per person and per client, and the secrets that were asked for without a ticket.
pub fn report(sources: &[Source], filter: &Filter, out: &mut dyn Write) -> Result<Counts, ViewError> {
    let (mut people, mut clients) = (BTreeMap::new(), BTreeMap::new());
    let mut without: Vec<String> = Vec::new();
    let mut more = 0_u64;
    let mut counts = Counts::default();
    counts.strange = each(sources, |_, entry| {
        if entry.action.is_empty() || !filter.fits(entry) {
            return ControlFlow::Continue(());
        }
        counts.shown += 1;
        let client = if entry.org_name.is_empty() { "(no client)".into() } else { entry.org_name.to_string() };
        let person = who(entry);
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
                row.last = time(entry);
            } else {
                row.failed += u64::from(matches!(&*entry.result, "failed" | "refused"));
            }
        }
        if entry.kind == "intent" && secret && entry.ticket.is_empty() {
            if without.len() < MAX_ROWS {
                without.push(row(&cells(entry)));
            } else {
                more += 1;
            }
        }
        ControlFlow::Continue(())
    })?;
    for (title, across, rows) in [("Per person", "clients", &people), ("Per client", "people", &clients)] {
        writeln!(out, "{title}")?;
        writeln!(out, "  {}  reveals   copies    other  no ticket  failed  {across:>7}  last (UTC)", fit("", 30))?;
        for (name, row) in rows {
            writeln!(
                out,
                "  {}  {:>7}  {:>7}  {:>7}  {:>9}  {:>6}  {:>7}  {}",
                fit(name, 30),
                row.reveals,
                row.copies,
                row.other,
                row.without_ticket,
                row.failed,
                row.across.len(),
                Clean::line(&row.last)
            )?;
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
    out.flush()?;
    Ok(counts)
}

/// One thing that was done for a ticket.
struct Deed {
    time: String,
    who: String,
    client: String,
    record: String,
    action: String,
    results: Vec<String>,
}

/// A note in Markdown for a ticket: what was consulted and used for it. `None` if nothing was.
pub fn note(sources: &[Source], ticket: &str) -> Result<Option<String>, AuditError> {
    let filter = Filter { ticket: Some(ticket.to_owned()), ..Filter::default() };
    let mut deeds: BTreeMap<(String, u64), Deed> = BTreeMap::new();
    let mut more = 0_u64;
    let _ = each(sources, |_, entry| {
        if !filter.fits(entry) {
            return ControlFlow::Continue(());
        }
        if entry.kind == "intent" && deeds.len() >= MAX_ROWS {
            more += 1;
        } else if entry.kind == "intent" {
            let kind = entry.record.strip_suffix('s').unwrap_or(&entry.record).replace('_', " ");
            let id = entry.record_id.map(|id| format!(", id {id}")).unwrap_or_default();
            let version = entry.version_id.map(|id| format!(" of version {id}")).unwrap_or_default();
            let detail =
                if entry.detail.is_empty() { String::new() } else { format!(" ({})", markdown(&entry.detail)) };
            let deed = Deed {
                time: time(entry).chars().take(16).collect(),
                who: who(entry),
                client: if entry.org_name.is_empty() { "No client".into() } else { entry.org_name.to_string() },
                record: format!("{} **{}**{id}", markdown(&kind), markdown(&entry.record_name)),
                action: format!("{}{version}{detail}", markdown(&entry.action)),
                results: Vec::new(),
            };
            deeds.insert((entry.trail.to_string(), entry.seq), deed);
        } else if let Some(of) = entry.of {
            let trail = if entry.of_trail.is_empty() { &entry.trail } else { &entry.of_trail };
            if let Some(deed) = deeds.get_mut(&(trail.to_string(), of)).filter(|deed| deed.results.len() < 20) {
                deed.results.push(markdown(&format!("{}{}", entry.result, after(entry))));
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
                let results =
                    if deed.results.is_empty() { "no outcome on record".into() } else { deed.results.join(", then ") };
                let _ = writeln!(
                    out,
                    "  - {} UTC, {}: {}: {results}",
                    markdown(&deed.time),
                    markdown(&deed.who),
                    deed.action
                );
            }
        }
    }
    if more > 0 {
        let _ = writeln!(out, "\nAnd {more} more that are not listed.");
    }
    Ok(Some(out))
}

/// Text that stays text in Markdown, on one line.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in Clean::line(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' | '$') {
            out.push('\\');
        }
        out.push(c);
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
        show(&sources, filter, format, &mut out).unwrap();
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
        show(&sources, &Filter::default(), Format::Jsonl, &mut out).unwrap();
        assert_eq!(out, std::fs::read(&sources[0].path).unwrap());
        assert_eq!(ascii("{\"a\":\"\u{202E}\u{7}\"}".as_bytes()), "{\"a\":\"\\u202e\\u0007\"}");
    }

    #[test]
    fn a_spreadsheet_gets_quoted_cells_and_no_formula() {
        let table = shown(&Filter { action: Some("copy".into()), ..Filter::default() }, Format::Csv);
        assert!(table.contains("\"'=Beta\"") && table.contains("\"Router, \"\"main\"\""), "{table}");
        assert!(table.lines().next().unwrap().starts_with("time,trail,seq,kind,uid,user"));
    }

    #[test]
    fn a_report_sums_per_person_and_client_and_names_what_had_no_ticket() {
        let (_dir, sources) = trail();
        let mut out = Vec::new();
        report(&sources, &Filter::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let numbers = |name: &str| -> Vec<u64> {
            let line = text.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
            line[line.find(name).unwrap() + name.len()..]
                .split_whitespace()
                .map_while(|word| word.parse().ok())
                .collect()
        };
        assert_eq!(numbers("kim@jump1"), [1, 1, 0, 0, 0, 2], "{text}");
        assert_eq!(numbers("sam@jump1"), [1, 0, 1, 1, 1, 1], "{text}");
        assert_eq!(numbers("Acme | Sons"), [2, 0, 1, 1, 1, 2], "{text}");
        assert!(text.contains("without a ticket: 1\n") && text.lines().last().unwrap().contains("ESXi"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_note_says_what_was_used_for_the_ticket_and_stays_text() {
        let (_dir, sources) = trail();
        let text = note(&sources, "t-1").unwrap().unwrap();
        assert!(text.starts_with("## Ticket t-1: use of IT Glue\n"), "{text}");
        assert!(
            text.contains("### Acme \\| Sons") && text.contains("- password **Domain \\*admin\\***, id 41"),
            "{text}"
        );
        assert!(text.contains("kim@jump1: reveal: shown, then hidden (time)"), "{text}");
        assert!(text.contains("kim@jump1, sam@jump1"), "{text}");
        assert!(!text.contains("ESXi"), "another deed: {text}");
        assert_eq!(note(&sources, "T-2").unwrap(), None);
    }
}
