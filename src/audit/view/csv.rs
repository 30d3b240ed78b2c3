//! Records for spreadsheets: comma-separated values of which no cell is a formula.

use super::super::read::Entry;
use crate::text::Clean;

pub(super) const CSV: [&str; 36] = [
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

pub(super) fn csv(entry: &Entry<'_>) -> String {
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
