//! Why a record could not be written, in whole sentences, in few words, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::sink::System;
use crate::text::Clean;

/// Why a record could not be written. In every case nothing may be fetched.
#[derive(thiserror::Error, Debug)]
#[expect(missing_docs, reason = "the messages say what each field is")]
pub enum AuditError {
    #[error("could not {what} {}: {source}", shown(path))]
    Io { what: &'static str, path: PathBuf, source: io::Error },
    #[error("the disk took only {written} of {wanted} bytes of a record in {}; free some space", shown(path))]
    Short { path: PathBuf, written: usize, wanted: usize },
    #[error(
        "the disk said that it took a record for {} and does not hold it; it is full below or fails: free some space, or \
         see the system's log",
        shown(path)
    )]
    NotKept { path: PathBuf },
    #[error(
        "another gluepot has held {} for more than {} s; find the one that hangs or was stopped",
        shown(path),
        waited.as_secs()
    )]
    Busy { path: PathBuf, waited: Duration },
    #[error("{} {why}", shown(path))]
    Unsafe { path: PathBuf, why: &'static str },
    #[error(
        "{} is gone although it held records; put it back, or begin a new trail with: gluepot audit restart",
        shown(path)
    )]
    Vanished { path: PathBuf },
    #[error(
        "{} is not the file it was; put the old one back, or begin a new trail with: gluepot audit restart",
        shown(path)
    )]
    Replaced { path: PathBuf },
    #[error(
        "{} is shorter than it was; find out who cut it, then begin a new trail: gluepot audit restart",
        shown(path)
    )]
    Shrunk { path: PathBuf },
    #[error(
        "{} was changed by something else; look at it with gluepot audit verify, then begin a new trail: gluepot audit \
         restart",
        shown(path)
    )]
    Altered { path: PathBuf },
    #[error(
        "{} has lines behind {} that gluepot did not write, and nothing is added to them; look at them with gluepot audit \
         verify, then archive the trail and start a new one: gluepot audit restart --reason TEXT",
        shown(path),
        record_name(*after)
    )]
    Inserted { path: PathBuf, after: Option<u64> },
    #[error(
        "{} is missing or damaged, and without it no record can be added; begin a new trail with: gluepot audit restart",
        shown(path)
    )]
    KeyLost { path: PathBuf },
    #[error(
        "the record is on the disk, but its copy did not reach {} at {}: {source}; see that it runs, or change sink \
         and require_sink under [audit]",
        system.name(),
        shown(socket)
    )]
    Sink { system: System, socket: PathBuf, source: io::Error },
    #[error(
        "the clock of this host went back by {} since the last record, and the trail says so now; look at the clock, then \
         try again",
        length(*by)
    )]
    ClockBack { by: Duration },
    #[error("another trail was begun in {}; leave this gluepot and start it again", shown(dir))]
    Restarted { dir: PathBuf },
    #[error(
        "there is a trail in {} already, and its first key is not to be had any more; to begin another and keep this one \
         aside: gluepot audit restart",
        shown(dir)
    )]
    Exists { dir: PathBuf },
    #[error("the system gave no random numbers for the audit key")]
    NoRandomness,
}

fn shown(path: &Path) -> Clean {
    Clean::line(&path.to_string_lossy())
}

fn record_name(number: Option<u64>) -> String {
    number.map_or_else(|| "its beginning".to_owned(), |number| format!("record {number}"))
}

/// A length of time in the largest unit that makes sense.
pub(super) fn length(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}

impl AuditError {
    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { what, path: path.into(), source }
    }

    /// What happened, for one line of a screen: with the names of files only. [`std::fmt::Display`] says all of it.
    pub fn brief(&self) -> String {
        let name = |path: &Path| shown(Path::new(path.file_name().unwrap_or(path.as_os_str()))).to_string();
        match self {
            Self::Io { what, path, source } => {
                let why = source.to_string();
                format!("could not {what} {}: {}", name(path), why.split(" (os error").next().unwrap_or_default())
            }
            Self::Short { written, wanted, .. } => {
                format!("the disk took only {written} of {wanted} bytes of the record")
            }
            Self::NotKept { path } => format!("the disk did not keep what it took for {}", name(path)),
            Self::Busy { path, waited } => {
                format!("another gluepot has held {} for more than {} s", name(path), waited.as_secs())
            }
            Self::Unsafe { path, why } => format!("{} {why}", name(path)),
            Self::Vanished { path } => format!("{} is gone although it held records", name(path)),
            Self::Replaced { path } => format!("{} is not the file it was", name(path)),
            Self::Shrunk { path } => format!("{} is shorter than it was", name(path)),
            Self::Altered { path } => format!("{} was changed by something else", name(path)),
            Self::Inserted { path, .. } => format!("{} has lines that gluepot did not write", name(path)),
            Self::KeyLost { path } => format!("{} is missing or damaged", name(path)),
            Self::Sink { system, .. } => format!("the record's copy did not reach {}", system.name()),
            Self::ClockBack { by } => format!("the clock of this host went back by {}", length(*by)),
            Self::Restarted { .. } => "another trail was begun meanwhile".into(),
            Self::Exists { .. } => "there is a trail already".into(),
            Self::NoRandomness => "the system gave no random numbers for the audit key".into(),
        }
    }

    /// What to do about it, as short.
    pub fn advice(&self) -> &'static str {
        use io::ErrorKind;

        match self {
            Self::Io { source, .. } => match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => "free some space",
                ErrorKind::ReadOnlyFilesystem => "have the disk mounted for writing",
                ErrorKind::PermissionDenied => "fix owner and mode of the audit folder",
                _ => "the disk fails, see the system's log",
            },
            Self::Short { .. } => "free some space",
            Self::NotKept { .. } => "it is full or fails, see the system's log",
            Self::Busy { .. } => "find the process that hangs",
            Self::Unsafe { .. } => "find out who did that and undo it",
            Self::Vanished { .. } => "put it back or run gluepot audit restart",
            Self::Replaced { .. } => "put it back or run gluepot audit restart",
            Self::Shrunk { .. } => "find who cut it, run gluepot audit restart",
            Self::Altered { .. } => "run gluepot audit verify, then audit restart",
            Self::Inserted { .. } => "run gluepot audit verify, then audit restart",
            Self::KeyLost { .. } => "run gluepot audit restart",
            Self::Sink { .. } => "see that it runs",
            Self::ClockBack { .. } => "it is on record now; see to the clock",
            Self::Restarted { .. } => "leave gluepot and start it again",
            Self::Exists { .. } => "to begin another run gluepot audit restart",
            Self::NoRandomness => "try again",
        }
    }

    pub(super) fn unsafe_file(path: &Path, why: &'static str) -> Self {
        Self::Unsafe { path: path.into(), why }
    }
}
