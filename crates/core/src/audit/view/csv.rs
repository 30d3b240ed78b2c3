//! Records for spreadsheets: comma-separated values of which no cell is a formula.

use super::super::read::Entry;
use crate::text::Clean;

type Cell = fn(&Entry<'_>) -> String;

/// The columns: the name of a member, and its value.
pub(super) const COLUMNS: [(&str, Cell); 38] = [
    ("time", |entry| entry.time.to_string()),
    ("trail", |entry| entry.trail.to_string()),
    ("seq", |entry| entry.seq.to_string()),
    ("kind", |entry| entry.kind.to_string()),
    ("clock_back", |entry| if entry.clock_back { "true".into() } else { String::new() }),
    ("back_ms", |entry| number(entry.back_ms)),
    ("boot", |entry| entry.boot.to_string()),
    ("up_ms", |entry| number(entry.up_ms)),
    ("uid", |entry| number(entry.uid)),
    ("user", |entry| entry.user.to_string()),
    ("login_uid", |entry| number(entry.login_uid)),
    ("login", |entry| entry.login.to_string()),
    ("tty", |entry| entry.tty.to_string()),
    ("ssh", |entry| entry.ssh.to_string()),
    ("host", |entry| entry.host.to_string()),
    ("pid", |entry| number(entry.pid)),
    ("version", |entry| entry.version.to_string()),
    ("action", |entry| entry.action.to_string()),
    ("org", |entry| number(entry.org)),
    ("org_name", |entry| entry.org_name.to_string()),
    ("record", |entry| entry.record.to_string()),
    ("record_id", |entry| number(entry.record_id)),
    ("record_name", |entry| entry.record_name.to_string()),
    ("version_id", |entry| number(entry.version_id)),
    ("category", |entry| entry.category.to_string()),
    ("detail", |entry| entry.detail.to_string()),
    ("ticket", |entry| entry.ticket.to_string()),
    ("reason", |entry| entry.reason.to_string()),
    ("of", |entry| number(entry.of)),
    ("of_trail", |entry| entry.of_trail.to_string()),
    ("result", |entry| entry.result.to_string()),
    ("way", |entry| entry.way.to_string()),
    ("sure", |entry| entry.sure.to_string()),
    ("why", |entry| entry.why.to_string()),
    ("server_date", |entry| entry.server_date.to_string()),
    ("cautions", |entry| entry.cautions.to_string()),
    ("person", |entry| entry.person.to_string()),
    ("account", |entry| entry.account.to_string()),
];

fn number(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// The first line.
pub(super) fn head() -> String {
    COLUMNS.map(|(name, _)| name).join(",")
}

pub(super) fn csv(entry: &Entry<'_>) -> String {
    COLUMNS.map(|(_, cell)| quoted(&cell(entry))).join(",")
}

/// The last line, where lines of the trail are left out: its text is below the kind.
pub(super) fn left_out(told: &str) -> String {
    COLUMNS
        .map(|(name, _)| match name {
            "kind" => quoted("left-out"),
            "why" => quoted(told),
            _ => quoted(""),
        })
        .join(",")
}

/// A cell of a CSV file, in quotes whatever is in it. The reader decides which character separates cells: where
/// it is not the comma, quotes do not hold a cell together. So wherever a cell could begin, what a spreadsheet would take
/// for a formula gets an apostrophe in front, also if the sign is full-width or follows blanks.
pub(super) fn quoted(cell: &str) -> String {
    let text = Clean::line(cell);
    let mut out = String::with_capacity(text.len() + 2);
    for (at, part) in text.split_inclusive([';', '|', '\t']).enumerate() {
        let formula = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
        let start = part.trim_start_matches(|c: char| c == '"' || c.is_whitespace());
        if start.starts_with(formula) || at == 0 && cell.starts_with(['\t', '\r', '\n']) {
            out.push('\'');
        }
        out.push_str(&part.replace('"', "\"\""));
    }
    format!("\"{out}\"")
}
