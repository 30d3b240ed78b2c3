//! `gluepot audit`: beginning, checking and reading the trail. Nothing here speaks to IT Glue, and reading works on a
//! copy on another machine.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::output::{complain, fail, print};
use super::{Settings, words};
use crate::host::paths::Paths;
use gluepot_core::audit::view::{self, Filter, Format, ViewError};
use gluepot_core::audit::{self, Anchor, Anchors, FirstKey, Identity, Report, Source};
use gluepot_core::text::Clean;

#[derive(Args, Debug)]
pub(super) struct AuditArgs {
    /// The trail of the demo
    #[arg(long, global = true)]
    demo: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
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
struct Verify {
    /// The initial key, as `audit init` printed it: a file, or - for standard input. Without it only hashes are checked
    #[arg(long, value_name = "FILE|-")]
    key: Option<PathBuf>,

    /// What `audit anchor` printed, or a file of such lines, or a syslog file with copies of records. May be repeated
    #[arg(long, value_name = "ANCHOR|FILE")]
    anchor: Vec<String>,

    /// All before this record is stored elsewhere: check from there, and take copies of earlier records for granted
    #[arg(long, value_name = "N")]
    from: Option<u64>,

    /// Files of a trail, or its folder; else the trail of this account
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Args, Debug)]
struct Selection {
    /// From this time: 2026-11-22, 2026-11-22T13:00 (UTC), or how long ago: 30m, 12h, 7d
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<String>,

    /// Before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<String>,

    /// Of this user: name or number, also of who logged in
    #[arg(long, value_parser = words)]
    user: Option<String>,

    /// For this organization: id or part of the name
    #[arg(long, value_parser = words)]
    org: Option<String>,

    /// Of this record: id, passwords/ID or part of the name
    #[arg(long, value_parser = words)]
    record: Option<String>,

    /// For this ticket
    #[arg(long, value_parser = words)]
    ticket: Option<String>,

    /// This action: reveal, copy, console, hand-over, open-link, view, list-passwords
    #[arg(long, value_parser = action)]
    action: Option<String>,

    /// Files of trails, or folders; else the trail of this account
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// [`Format`] as an argument.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum ListFormat {
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
struct Show {
    #[command(flatten)]
    selection: Selection,

    /// table, jsonl or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    format: ListFormat,
}

#[derive(Args, Debug)]
struct Note {
    /// The ticket
    #[arg(value_parser = words)]
    ticket: String,

    /// Files of trails, or folders; else the trail of this account
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Args, Debug)]
struct Restart {
    /// Why; goes into the first record of the new trail
    #[arg(long, value_parser = words)]
    reason: String,
}

impl Selection {
    fn filter(&self) -> Filter {
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

/// How many columns there are for a table: those of the terminal, `otherwise` where it goes elsewhere.
fn columns(otherwise: usize) -> usize {
    if !io::stdout().is_terminal() {
        return otherwise;
    }
    crate::host::terminal::size().map_or(otherwise, |(columns, _)| columns.into())
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

/// Runs one of the commands.
pub(super) fn run(args: &AuditArgs, settings: &Settings, paths: &Paths, demo: bool) -> ExitCode {
    let demo = demo || args.demo;
    let dir = settings.audit_dir(paths, demo);
    let done = match &args.command {
        Command::Init => {
            let begun = audit::begin(&dir, Identity::here(), settings.keeping(demo), give);
            begun.map(|trail| told(&format!("the trail begins in {}", trail.path().display()))).map_err(Into::into)
        }
        Command::Restart(restart) => {
            let begun = audit::restart(&dir, Identity::here(), settings.keeping(demo), &restart.reason, give);
            begun
                .map(|(trail, aside)| {
                    told(&format!(
                        "what was there is in {}\na new trail begins in {}",
                        aside.display(),
                        trail.path().display()
                    ))
                })
                .map_err(Into::into)
        }
        Command::Verify(verify) => check(verify, &dir),
        Command::Anchor => anchor(&dir),
        Command::Show(show) => list(&show.selection, &dir, |sources, filter, out| {
            view::show(sources, filter, show.format.into(), columns(view::WIDE), out)
        }),
        Command::Report(selection) => {
            list(selection, &dir, |sources, filter, out| view::report(sources, filter, columns(80), out))
        }
        Command::Note(ticket) => note(ticket, &dir),
    };
    match done {
        Ok(code) => code,
        Err(ViewError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn told(what: &str) -> ExitCode {
    complain(&what);
    ExitCode::SUCCESS
}

/// Prints the first key. If that fails there is no trail with it.
fn give(key: &FirstKey) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(key.to_text().as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    complain(
        &"this is the initial key of the trail, shown only once. Store it off this machine. Anyone with this key can verify \
          (`gluepot audit verify --key`), or forge, the trail.",
    );
    Ok(())
}

/// The files that were named, or those of the trail.
fn chosen(files: &[PathBuf], dir: &Path) -> Result<Vec<Source>, ViewError> {
    let mut sources = Vec::new();
    for file in files {
        if file.is_dir() {
            sources.append(&mut audit::sources(file)?);
        } else {
            sources.push(Source::at(file)?);
        }
    }
    if files.is_empty() {
        sources = audit::snapshot(dir)?.sources;
        if sources.is_empty() {
            complain(&format!("there is no trail in {} yet", dir.display()));
        }
    }
    Ok(sources)
}

fn list(
    selection: &Selection,
    dir: &Path,
    show: impl FnOnce(&[Source], &Filter, &mut dyn io::Write) -> Result<view::Counts, ViewError>,
) -> Result<ExitCode, ViewError> {
    let sources = chosen(&selection.files, dir)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let counts = show(&sources, &selection.filter(), &mut out)?;
    if counts.shown == 0 && !sources.is_empty() {
        complain(&"no records match");
    }
    complain_of_left_out(counts.strange);
    Ok(ExitCode::SUCCESS)
}

fn complain_of_left_out(lines: u64) {
    if let Some(told) = view::left_out(lines) {
        complain(&told);
    }
}

fn note(note: &Note, dir: &Path) -> Result<ExitCode, ViewError> {
    let found = view::note(&chosen(&note.files, dir)?, &note.ticket)?;
    complain_of_left_out(found.strange);
    match found.text {
        Some(text) => Ok(print(&text)),
        None => Ok(fail(&format!("nothing is on record for ticket {}", note.ticket))),
    }
}

/// Prints what the last record is, after the whole trail was found in order.
fn anchor(dir: &Path) -> Result<ExitCode, ViewError> {
    let now = audit::snapshot(dir)?;
    let mut anchors = Anchors::default();
    if let Some(note) = now.note {
        anchors.set_note(note);
    }
    // Where the trail begins is no matter here: files that were closed may be stored elsewhere.
    let report = audit::verify_from(&now.sources, None, &anchors, Some(u64::MAX))?;
    match (report.fault, report.end) {
        (Some(fault), _) => {
            Ok(fail(&format!("there is no anchor for a trail that is damaged: {}", fault_line(&fault))))
        }
        (None, Some(end)) => Ok(print(&format!("{end}\n"))),
        (None, None) => Ok(fail(&format!("there is no trail in {} yet", dir.display()))),
    }
}

fn check(verify: &Verify, dir: &Path) -> Result<ExitCode, ViewError> {
    let first_key = match verify.key.as_deref().map(read_key).transpose() {
        Ok(key) => key,
        Err(why) => return Ok(fail(&why)),
    };
    let mut anchors = first_key.as_ref().map(Anchors::checked_with).unwrap_or_default();
    let mut from_outside = 0;
    for given in &verify.anchor {
        match read_anchor(given, &mut anchors) {
            Ok(found) => from_outside += found,
            Err(why) => return Ok(fail(&why)),
        }
    }
    let folder = match verify.files.as_slice() {
        [] => Some(dir),
        [one] if one.is_dir() => Some(one.as_path()),
        _ => None,
    };
    let mut noted = None;
    let sources = if let Some(folder) = folder {
        let now = audit::snapshot(folder)?;
        if now.sources.is_empty() && now.note.is_none() && from_outside == 0 {
            return Ok(fail(&format!("there is no trail in {}", folder.display())));
        }
        noted = Some(now.note.is_some());
        if let Some(note) = now.note {
            anchors.set_note(note);
        }
        now.sources
    } else {
        let mut sources = chosen(&verify.files, dir)?;
        audit::in_order(&mut sources);
        sources
    };
    let report = audit::verify_from(&sources, first_key.as_ref(), &anchors, verify.from)?;
    let printed = print(&findings(&report, sources.len(), noted, from_outside));
    Ok(if report.fault.is_some() { ExitCode::FAILURE } else { printed })
}

fn fault_line(fault: &audit::Fault) -> String {
    match fault.line {
        0 => format!("{}: {}", fault.wrong, fault.detail),
        line => format!("{}, line {line}: {}: {}", fault.path.display(), fault.wrong, fault.detail),
    }
}

/// What was found, one finding a line. `noted` says whether there is a whole `audit.key` where one should be.
fn findings(report: &Report, files: usize, noted: Option<bool>, from_outside: usize) -> String {
    let mut out = Vec::new();
    match &report.fault {
        Some(fault) => out.push(format!("BAD      {}", fault_line(fault))),
        None => out.push("good     every record follows from the one before".to_owned()),
    }
    if let Some(fault) = &report.further {
        out.push(format!("BAD      {}", fault_line(fault)));
    }
    if let (Some((first, last)), Some(end)) = (report.range, report.end) {
        let until = if report.fault.is_some() { " are in order before that" } else { "" };
        out.push(format!("records  {first} to {last} in {files} files{until}"));
        out.push(format!("end      {end}"));
    }
    out.push(if report.keyed {
        "seals    checked with the first key".to_owned()
    } else {
        "seals    not checked: only --key finds records forged by somebody who computed the hashes anew".to_owned()
    });
    match (from_outside, noted) {
        (0, _) => out.push(
            "outside  not compared: only --anchor finds an end that was cut off together with audit.key".to_owned(),
        ),
        _ => out.push(format!("outside  {} records compared, audit.key's note included", report.anchored)),
    }
    if noted == Some(false) {
        out.push("warning  audit.key is missing or damaged, so nothing here tells where the trail ended".to_owned());
    }
    if report.anchors_before > 0 {
        out.push(format!("note     {} anchors speak of records before these files", report.anchors_before));
    }
    if report.anchors_archived > 0 {
        out.push(format!(
            "note     {} anchors speak of trails that were archived before this one: check those in their aside-… folders",
            report.anchors_archived
        ));
    }
    out.extend(copies(report));
    if report.clock_back > 0 {
        let first = report.first_clock_back.unwrap_or_default();
        out.push(format!("warning  the clock stepped back {} times, first at record {first}", report.clock_back));
    }
    if report.unsent > 0 {
        out.push(format!("warning  {} copies did not reach the log system", report.unsent));
    }
    if report.healed > 0 {
        out.push(format!("note     {} times a line was not written whole; a record after it says so", report.healed));
    }
    if report.open > 0 {
        let numbers: Vec<_> = report.open_first.iter().map(ToString::to_string).collect();
        out.push(format!("note     {} intents have no outcome: {}", report.open, numbers.join(", ")));
    }
    if report.shown > 0 {
        let numbers: Vec<_> = report.shown_first.iter().map(ToString::to_string).collect();
        out.push(format!(
            "note     {} shown values have no end on record, of intents {}: they are on a screen now, or program and \
             guard were killed",
            report.shown,
            numbers.join(", ")
        ));
    }
    out.join("\n") + "\n"
}

/// What is known of copies in a log system.
fn copies(report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((from, (first, last))) = report.copies_from.zip(report.range) {
        let since = last.saturating_sub(from.max(first)).saturating_add(1).saturating_sub(report.uncopied);
        out.push(format!("copies   {since} records from record {from} on have one"));
        if from > first {
            out.push(format!(
                "note     records {first} to {} have no copy: they are older than the first one",
                from - 1
            ));
        }
        if report.uncopied > 0 && report.uncopied <= report.unsent_since {
            out.push(format!(
                "warning  {} have no copy; later records say that {} copies could not be sent",
                audit::records(report.uncopied, &report.uncopied_first),
                report.unsent_since
            ));
        }
    }
    if report.forged_copies > 0 {
        out.push(format!(
            "warning  {} copies do not have the seal of this trail and count for nothing, first one of record {}: something \
             else wrote them into the log system. They say nothing about the person whose trail this is",
            report.forged_copies,
            report.first_forged.unwrap_or_default()
        ));
    }
    out
}

/// Longest text that is looked through for a first key.
const MAX_KEY_FILE: u64 = 64 * 1024;

fn read_key(path: &Path) -> Result<FirstKey, String> {
    let mut text = Zeroizing::new(String::new());
    let shown = Clean::line(&path.to_string_lossy());
    let read = if path == Path::new("-") {
        if io::stdin().is_terminal() {
            complain(&"type or paste the initial key");
        }
        // On a terminal one line is enough; users need not know how to end a file there.
        io::stdin().lock().take(MAX_KEY_FILE).read_line(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_KEY_FILE).read_to_string(&mut text))
    };
    read.map_err(|error| format!("cannot read the initial key from {shown}: {error}"))?;
    FirstKey::find(&text).ok_or_else(|| {
        format!(
            "{shown} contains no complete initial key; expected the line that gluepot audit init printed, gluepot-first-key …"
        )
    })
}

/// Reads what was kept outside. Returns how much there was. Two that differ about one record are distinguished when
/// they are held against it.
fn read_anchor(given: &str, anchors: &mut Anchors) -> Result<usize, String> {
    if let Some(anchor) = Anchor::find(given) {
        let _ = anchors.add(anchor);
        return Ok(1);
    }
    let shown = Clean::line(given);
    let file = std::fs::File::open(given).map_err(|error| format!("cannot read anchors from {shown}: {error}"))?;
    let read = anchors.read(io::BufReader::new(file));
    let (found, _) = read.map_err(|error| format!("cannot read anchors from {shown}: {error}"))?;
    if found == 0 {
        return Err(format!("{shown} holds no anchors and no copies of records"));
    }
    Ok(found)
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

    #[test]
    fn findings_say_what_was_not_checked() {
        let text = findings(&Report::default(), 1, Some(false), 0);
        for wanted in ["seals    not checked", "outside  not compared", "audit.key is missing or damaged"] {
            assert!(text.contains(wanted), "{text}");
        }
    }

    #[test]
    fn a_key_and_anchors_are_told_from_other_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, "nothing of the kind\n").unwrap();
        assert!(read_key(&path).err().unwrap().contains("gluepot audit init"));
        let mut anchors = Anchors::default();
        assert!(read_anchor(path.to_str().unwrap(), &mut anchors).unwrap_err().contains("holds no anchors"));
        assert!(read_anchor("/does/not/exist", &mut anchors).unwrap_err().contains("cannot read anchors"));
    }
}
