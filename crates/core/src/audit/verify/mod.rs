//! Holding a trail against itself, its first key and what was kept outside, and naming the first record that is wrong.
//!
//! One pass over the files with one line in memory. Only when something is wrong are they read again, to tell a record
//! that was moved from one that was removed.

mod classify;
pub(in crate::audit) mod outside;
mod walk;

use std::fmt;
use std::path::PathBuf;

use super::AuditError;
use super::marks::{Anchor, Anchors, FirstKey};
use super::read::Source;
use walk::Walk;

/// How many numbers of intents without an outcome are kept; beyond that they are only known to be more.
const MAX_OPEN: usize = 1 << 20;

/// The highest number a first record may have before its key is walked to: each step costs half a microsecond.
const MAX_STEPS: u64 = 200_000_000;

/// What can be wrong with a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "Display says it")]
pub enum Wrong {
    Torn,
    Edited,
    Deleted,
    Swapped,
    Repeated,
    Inserted,
    ChainBroken,
    WrongMac,
    SequenceGap,
    TailCut,
    Lost,
    Rewritten,
    AnotherTrail,
    BeginningMissing,
    NoCopy,
    CopiesDiffer,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Torn => "torn",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Swapped => "swapped",
            Self::Repeated => "repeated",
            Self::Inserted => "inserted",
            Self::ChainBroken => "chain broken",
            Self::WrongMac => "MAC wrong",
            Self::SequenceGap => "sequence gap",
            Self::TailCut => "tail cut",
            Self::Lost => "lost",
            Self::Rewritten => "rewritten",
            Self::AnotherTrail => "another trail",
            Self::BeginningMissing => "beginning missing",
            Self::NoCopy => "no copy",
            Self::CopiesDiffer => "copies differ",
        })
    }
}

/// The first thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The file; empty if there is none
    pub path: PathBuf,
    /// The line in it, from 1; 0 for the whole
    pub line: u64,
    /// What it is
    pub wrong: Wrong,
    /// It in words
    pub detail: String,
}

/// What was found out about a trail.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// The trail's name
    pub trail: Option<[u8; 8]>,
    /// The numbers of the first and the last record that are in order
    pub range: Option<(u64, u64)>,
    /// The last record that is in order
    pub end: Option<Anchor>,
    /// How many records are in order
    pub records: u64,
    /// How many lines were not written whole and are followed by a record that says so
    pub healed: u64,
    /// How often the clock was set back
    pub clock_back: u64,
    /// The first record written with a clock set back
    pub first_clock_back: Option<u64>,
    /// How many copies for the log system are known not to have gone out
    pub unsent: u64,
    /// How many intents have no outcome
    pub open: u64,
    /// The lowest numbers of those
    pub open_first: Vec<u64>,
    /// How many intents have a value that was shown and no end of that: it is shown now, or its program and the guard
    /// ended without a word
    pub shown: u64,
    /// The lowest numbers of those
    pub shown_first: Vec<u64>,
    /// Whether the seals were checked
    pub keyed: bool,
    /// How many anchors were held against their records
    pub anchored: u64,
    /// How many anchors are about records before the first one here
    pub anchors_before: u64,
    /// How many of those are of trails that were archived before this one was begun
    pub anchors_archived: u64,
    /// The first record that has a copy
    pub copies_from: Option<u64>,
    /// How many records from there on have none
    pub uncopied: u64,
    /// The first of those, as first and last of several in a row
    pub uncopied_first: Vec<(u64, u64)>,
    /// How many copies are known not to have gone out since the first one
    pub unsent_since: u64,
    /// Copies whose seal is not that of the trail
    pub forged_copies: u64,
    /// The lowest number that one of those names
    pub first_forged: Option<u64>,
    /// The first thing that is wrong
    pub fault: Option<Fault>,
    /// What else is wrong, where the first is that the beginning is missing
    pub further: Option<Fault>,
}

/// Reads the files in order. An error means that reading failed; the report says what is wrong with the content.
pub fn verify(sources: &[Source], first_key: Option<&FirstKey>, anchors: &Anchors) -> Result<Report, AuditError> {
    verify_from(sources, first_key, anchors, None)
}

/// The same for a trail of which all before record `from` is stored elsewhere.
pub fn verify_from(
    sources: &[Source],
    first_key: Option<&FirstKey>,
    anchors: &Anchors,
    from: Option<u64>,
) -> Result<Report, AuditError> {
    let mut walk = Walk::new(sources, first_key, anchors, MAX_OPEN);
    walk.from = from;
    walk.tip = super::chain::tip(sources);
    let fault = match walk.run()? {
        Some(fault) => Some(fault),
        None => walk.end(),
    };
    Ok(walk.into_report(fault))
}

#[cfg(test)]
mod tests;
