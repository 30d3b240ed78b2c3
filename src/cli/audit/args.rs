//! What can be asked of the trail.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::words;
use gluepot_core::audit;
use gluepot_core::audit::view::{Filter, Format};

#[derive(Args, Debug)]
pub(in crate::cli) struct AuditArgs {
    /// The trail of the demo
    #[arg(long, global = true)]
    pub(super) demo: bool,

    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Start the trail and print its initial key once; store it off this machine
    Init,
    /// Check every record and name the first that is wrong
    Verify(Verify),
    /// Print the number and hash of the last record; store them elsewhere for verify
    Anchor,
    /// List records
    Show(Show),
    /// Summarize per person and per client, and list what had no ticket
    Report(Selection),
    /// Write a Markdown note for a ticket: what was consulted and used, never values
    Note(Note),
    /// Archive a damaged trail and start a new one
    Restart(Restart),
}

#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The initial key, as `audit init` printed it: a file, or - for standard input. Without it only hashes are checked
    #[arg(long, value_name = "FILE|-")]
    pub(super) key: Option<PathBuf>,

    /// What `audit anchor` printed, or a file of such lines, or a syslog file with copies of records. May be repeated
    #[arg(long, value_name = "ANCHOR|FILE")]
    pub(super) anchor: Vec<String>,

    /// All before this record is stored elsewhere: check from there, and take copies of earlier records for granted
    #[arg(long, value_name = "N")]
    pub(super) from: Option<u64>,

    /// Files of a trail, or its folder; else the trail of this account
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct Selection {
    /// From this time: 2026-11-22, 2026-11-22T13:00 (UTC), or how long ago: 30m, 12h, 7d
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) since: Option<String>,

    /// Before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) until: Option<String>,

    /// Of this user: name or number, also of who logged in
    #[arg(long, value_parser = words)]
    pub(super) user: Option<String>,

    /// For this organization: id or part of the name
    #[arg(long, value_parser = words)]
    pub(super) org: Option<String>,

    /// Of this record: id, passwords/ID or part of the name
    #[arg(long, value_parser = words)]
    pub(super) record: Option<String>,

    /// For this ticket
    #[arg(long, value_parser = words)]
    pub(super) ticket: Option<String>,

    /// This action: reveal, copy, console, hand-over, open-link, view, list-passwords
    #[arg(long, value_parser = action)]
    pub(super) action: Option<String>,

    /// Files of trails, or folders; else the trail of this account
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// [`Format`] as an argument.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(super) enum ListFormat {
    /// Columns for people
    #[default]
    Table,
    /// One JSON object a line, as in the file
    Jsonl,
    /// Comma-separated values, for spreadsheets
    Csv,
}

impl From<ListFormat> for Format {
    fn from(format: ListFormat) -> Self {
        match format {
            ListFormat::Table => Self::Table,
            ListFormat::Jsonl => Self::Jsonl,
            ListFormat::Csv => Self::Csv,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct Show {
    #[command(flatten)]
    pub(super) selection: Selection,

    /// table, jsonl or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(super) format: ListFormat,
}

#[derive(Args, Debug)]
pub(super) struct Note {
    /// The ticket
    #[arg(value_parser = words)]
    pub(super) ticket: String,

    /// Files of trails, or folders; else the trail of this account
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct Restart {
    /// Why; goes into the first record of the new trail
    #[arg(long, value_parser = words)]
    pub(super) reason: String,
}

impl Selection {
    pub(super) fn filter(&self) -> Filter {
        Filter {
            since: self.since.clone(),
            until: self.until.clone(),
            user: self.user.clone(),
            organization: self.org.clone(),
            record: self.record.clone(),
            ticket: self.ticket.clone(),
            action: self.action.clone(),
        }
    }
}

/// One of the words for an action: any other would find nothing and look as if nothing had been done.
fn action(text: &str) -> Result<String, String> {
    let words = audit::Action::ALL.map(audit::Action::word);
    if words.contains(&text) { Ok(text.to_owned()) } else { Err(format!("expected one of: {}", words.join(", "))) }
}

/// A time in the form of the file, so that it compares as text.
fn time(text: &str) -> Result<String, String> {
    let wrong = || "expected a time such as 2026-11-22, 2026-11-22T13:00, or how long ago: 30m, 12h, 7d".to_owned();
    let moment = if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        moment
    } else if let Ok(civil) = text.parse::<jiff::civil::DateTime>() {
        civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?.timestamp()
    } else {
        let (number, minutes) = [("m", 1), ("h", 60), ("d", 60 * 24)]
            .into_iter()
            .find_map(|(unit, minutes)| Some((text.strip_suffix(unit)?.parse::<u32>().ok()?, minutes)))
            .ok_or_else(wrong)?;
        let ago = jiff::SignedDuration::from_mins(i64::from(number) * minutes);
        jiff::Timestamp::now().checked_sub(ago).map_err(|_| wrong())?
    };
    Ok(moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn times_are_days_moments_or_so_long_ago() {
        assert_eq!(time("2026-11-22").unwrap(), "2026-11-22T00:00:00.000Z");
        assert_eq!(time("2026-11-22T13:00").unwrap(), "2026-11-22T13:00:00.000Z");
        assert_eq!(time("2026-11-22T13:00:00+01:00").unwrap(), "2026-11-22T12:00:00.000Z");
        assert!(time("2h").unwrap() > time("1d").unwrap());
        for bad in ["", "x", "h", "-1d", "99999999999d", "2026-13-01", "\u{1b}[31m"] {
            assert!(time(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_action_that_is_none_is_refused_with_those_that_are() {
        assert_eq!(action("hand-over").unwrap(), "hand-over");
        assert!(action("reveals").unwrap_err().contains("reveal, copy, console"));
    }
}
