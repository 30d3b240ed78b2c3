//! Reading the trail: lists, reports, the note for a ticket, the anchor.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Note, Selection};
use super::findings::fault_line;
use crate::cli::output::{complain, fail, print};
use gluepot_core::audit::view::{self, Filter, ViewError};
use gluepot_core::audit::{self, Anchors, Source};

/// How many columns there are for a table: those of the terminal, `otherwise` where it goes elsewhere.
pub(super) fn columns(otherwise: usize) -> usize {
    if !io::stdout().is_terminal() {
        return otherwise;
    }
    crate::host::terminal::size().map_or(otherwise, |(columns, _)| columns.into())
}

/// The files that were named, or those of the trail.
pub(super) fn chosen(files: &[PathBuf], dir: &Path) -> Result<Vec<Source>, ViewError> {
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

pub(super) fn list(
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

pub(super) fn note(note: &Note, dir: &Path) -> Result<ExitCode, ViewError> {
    let found = view::note(&chosen(&note.files, dir)?, &note.ticket)?;
    complain_of_left_out(found.strange);
    match found.text {
        Some(text) => Ok(print(&text)),
        None => Ok(fail(&format!("nothing is on record for ticket {}", note.ticket))),
    }
}

/// Prints what the last record is, after the whole trail was found in order.
pub(super) fn anchor(dir: &Path) -> Result<ExitCode, ViewError> {
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
