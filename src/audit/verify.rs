//! Holding a trail against itself, its first key and what was kept outside, and naming the first record that is wrong.
//!
//! One pass over the files with one line in memory. Only when something is wrong are they read again, to tell a record
//! that was moved from one that was removed.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::marks::{Anchor, Anchors, FirstKey};
use super::read::{Link, Read1, Source, read_line};
use super::record::{self, Hash, Key};
use super::{AuditError, MAX_UNNOTED, closed_first};

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
    /// How many anchors speak of records before the first one here
    pub anchors_before: u64,
    /// The first thing that is wrong
    pub fault: Option<Fault>,
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Place {
    source: usize,
    line: u64,
}

/// What the next record has to be. What is not known fits everything.
#[derive(Clone, Copy, Default)]
struct Expected {
    trail: Option<[u8; 8]>,
    next: Option<u64>,
    head: Option<Hash>,
}

/// What is remembered of a line.
#[derive(Clone, Debug)]
struct Seen {
    place: Place,
    hash: Hash,
    whole: bool,
    members: Option<Members>,
    /// Sealed by the key of its place, with whatever hash it names; unknown without a key
    sealed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Members {
    trail: Option<[u8; 8]>,
    seq: u64,
    prev: Option<Hash>,
    recovery: bool,
}

/// Lines that did not fit. A record that speaks of them may follow.
struct Pending {
    bytes: u64,
    head: Hash,
    /// The first three
    window: Vec<Seen>,
    /// The first behind the first that is a record, of whatever trail
    record: Option<Seen>,
}

struct Walk<'a> {
    sources: &'a [Source],
    first_key: Option<&'a FirstKey>,
    anchors: &'a Anchors,
    expected: Expected,
    key: Option<Key>,
    last: Option<Seen>,
    pending: Option<Pending>,
    time: String,
    open: HashSet<u64>,
    shown: HashSet<u64>,
    /// Intents of values whose end is on record and that they were shown is not: in trails of before outcomes were
    /// queued, two that follow each other closely may stand the other way round
    ended: HashSet<u64>,
    /// How many numbers each of these three holds
    room: usize,
    report: Report,
}

/// Goes over the files in order. An error is one of reading; what is wrong with the content stands in the report.
pub fn verify(sources: &[Source], first_key: Option<&FirstKey>, anchors: &Anchors) -> Result<Report, AuditError> {
    let mut walk = Walk::new(sources, first_key, anchors, MAX_OPEN);
    let fault = match walk.run()? {
        Some(fault) => Some(fault),
        None => walk.end(),
    };
    Ok(walk.into_report(fault))
}

/// The first ten.
fn lowest(numbers: HashSet<u64>) -> Vec<u64> {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_unstable();
    numbers.truncate(10);
    numbers
}

impl<'a> Walk<'a> {
    fn new(sources: &'a [Source], first_key: Option<&'a FirstKey>, anchors: &'a Anchors, room: usize) -> Self {
        Self {
            sources,
            first_key,
            anchors,
            expected: Expected::default(),
            key: None,
            last: None,
            pending: None,
            time: String::new(),
            open: HashSet::new(),
            shown: HashSet::new(),
            ended: HashSet::new(),
            room,
            report: Report { keyed: first_key.is_some(), ..Report::default() },
        }
    }

    fn into_report(self, fault: Option<Fault>) -> Report {
        let mut report = self.report;
        report.fault = fault;
        report.open += self.open.len() as u64;
        report.open_first = lowest(self.open);
        report.shown += self.shown.len() as u64;
        report.shown_first = lowest(self.shown);
        report
    }

    fn run(&mut self) -> Result<Option<Fault>, AuditError> {
        let mut buffer = Vec::with_capacity(4096);
        for (source, file) in self.sources.iter().enumerate() {
            let mut reader = file.open()?;
            let mut line = 0;
            loop {
                let read = read_line(&mut reader, &mut buffer);
                let Some(read) = read.map_err(|error| AuditError::io("read", &file.path, error))? else { break };
                line += 1;
                if let Some(fault) = self.look(Place { source, line }, &buffer, read)? {
                    return Ok(Some(fault));
                }
            }
        }
        match self.pending.take() {
            Some(pending) => self.classify(&pending).map(Some),
            None => Ok(None),
        }
    }

    /// Looks at one line.
    fn look(&mut self, place: Place, bytes: &[u8], read: Read1) -> Result<Option<Fault>, AuditError> {
        let link = serde_json::from_slice::<Link<'_>>(bytes).ok().filter(|_| read.whole && !read.long);
        if place.line == 1
            && place.source == 0
            && let Some(fault) = self.begin(place, link.as_ref())
        {
            return Ok(Some(fault));
        }
        let head = self.pending.as_ref().map_or(self.expected.head, |pending| Some(pending.head));
        if let Some(link) = &link {
            let in_order = self.follows(link, bytes, head) && self.pending.as_ref().is_none_or(|p| speaks_of(link, p));
            if in_order {
                self.report.healed += u64::from(self.pending.take().is_some());
                return Ok(self.accept(place, bytes, link));
            }
        }
        let hash = record::hash(bytes);
        let members = link.as_ref().map(|link| Members {
            trail: record::from_hex(link.trail.as_bytes()),
            seq: link.seq,
            prev: record::from_hex(link.prev.as_bytes()),
            recovery: link.kind == "recovery",
        });
        let sealed = members.and_then(|members| members.prev).zip(self.key.as_ref());
        let sealed = sealed.is_some_and(|(prev, key)| record::is_sealed(bytes, &prev, key));
        let seen = Seen { place, hash, whole: read.whole, members, sealed };
        match &mut self.pending {
            None => {
                self.pending = Some(Pending { bytes: read.length, head: hash, window: vec![seen], record: None });
            }
            Some(pending) => {
                pending.head = record::hash_after(&pending.head, bytes);
                pending.bytes += read.length;
                if pending.record.is_none() && seen.members.is_some() {
                    pending.record = Some(seen.clone());
                }
                if let ..3 = pending.window.len() {
                    pending.window.push(seen);
                }
            }
        }
        // More than this is never left by a crash and never noted.
        match self.pending.take_if(|pending| pending.bytes > MAX_UNNOTED || read.long) {
            Some(pending) => self.classify(&pending).map(Some),
            None => Ok(None),
        }
    }

    /// Decides from the first line where the trail begins.
    fn begin(&mut self, place: Place, link: Option<&Link<'_>>) -> Option<Fault> {
        let name = self.sources.first().and_then(|source| source.path.file_name()?.to_str());
        let named = name.and_then(closed_first);
        let Some(link) = link else {
            self.expected = Expected { next: Some(named.unwrap_or(0)), ..Expected::default() };
            if self.expected.next == Some(0) {
                self.expected.head = Some([0; 32]);
            }
            return self.walk_key(place, named.unwrap_or(0));
        };
        let trail = record::from_hex(link.trail.as_bytes());
        let (seq, head) = match link.kind {
            "start" => (0, Some([0; 32])),
            "continue" => (named.unwrap_or(link.seq), None),
            _ => {
                let detail = format!("the trail begins in its middle, with record {}: those before are gone", link.seq);
                return Some(self.fault(place, Wrong::Deleted, detail));
            }
        };
        self.expected = Expected { trail, next: Some(seq), head };
        if let (Some(key), Some(trail)) = (self.first_key, trail)
            && key.trail != trail
        {
            let (of_key, here) = (record::hex(&key.trail), record::hex(&trail));
            let detail = format!("the first key belongs to trail {of_key}, and this one is {here}");
            return Some(self.fault(place, Wrong::AnotherTrail, detail));
        }
        self.walk_key(place, seq)
    }

    /// Walks the first key to the record the files begin with.
    fn walk_key(&mut self, place: Place, seq: u64) -> Option<Fault> {
        let first = self.first_key?;
        if seq > MAX_STEPS {
            let detail = format!("its number, {seq}, is higher than any trail gets");
            return Some(self.fault(place, Wrong::Edited, detail));
        }
        let mut key = Zeroizing::new(*first.key);
        for _ in 0..seq {
            key = record::next_key(&key);
        }
        self.key = Some(key);
        None
    }

    /// Whether a line is the record that has to follow.
    fn follows(&self, link: &Link<'_>, bytes: &[u8], head: Option<Hash>) -> bool {
        let Some(prev) = record::from_hex(link.prev.as_bytes()) else { return false };
        let trail = record::from_hex(link.trail.as_bytes());
        let fits = |expected: Option<u64>| expected.is_none_or(|expected| expected == link.seq);
        trail.is_some()
            && self.expected.trail.is_none_or(|expected| trail == Some(expected))
            && fits(self.expected.next)
            && head.is_none_or(|head| head == prev)
            && self.key.as_ref().is_none_or(|key| record::is_sealed(bytes, &prev, key))
    }

    fn accept(&mut self, place: Place, bytes: &[u8], link: &Link<'_>) -> Option<Fault> {
        let hash = record::hash(bytes);
        let trail = record::from_hex(link.trail.as_bytes()).unwrap_or_default();
        self.expected = Expected { trail: Some(trail), next: link.seq.checked_add(1), head: Some(hash) };
        self.key = self.key.as_ref().map(record::next_key);
        self.last = Some(Seen { place, hash, whole: true, members: None, sealed: true });
        let report = &mut self.report;
        report.trail = Some(trail);
        report.records += 1;
        report.range = Some((report.range.map_or(link.seq, |(first, _)| first), link.seq));
        report.end = Some(Anchor { trail, seq: link.seq, hash });
        report.unsent += link.unsent;
        if link.clock_back || link.time < self.time.as_str() {
            report.clock_back += 1;
            report.first_clock_back.get_or_insert(link.seq);
        }
        self.time.clear();
        self.time.push_str(link.time);
        match (link.kind, link.of, link.of_trail) {
            ("intent", _, _) if self.open.len() < self.room => {
                self.open.insert(link.seq);
            }
            ("intent", _, _) => report.open += 1,
            ("outcome", Some(of), None) => {
                self.open.remove(&of);
                match &*link.result {
                    "shown" if self.ended.remove(&of) => {}
                    "shown" if self.shown.len() < self.room => drop(self.shown.insert(of)),
                    "shown" => report.shown += 1,
                    "hidden" | "ended" if !self.shown.remove(&of) && self.ended.len() < self.room => {
                        self.ended.insert(of);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        if self.anchors.is_empty() {
            return None;
        }
        let anchored = self.anchors.0.get(&(trail, link.seq))?;
        self.report.anchored += 1;
        if *anchored == hash {
            return None;
        }
        let detail = format!("record {} is another than the one that was kept outside", link.seq);
        Some(self.fault(place, Wrong::Rewritten, detail))
    }

    /// Holds the end against the anchors.
    fn end(&mut self) -> Option<Fault> {
        let last = self.anchors.0.keys().map(|(trail, seq)| (*seq, *trail));
        let place = self.last.as_ref().map(|last| last.place);
        let Some((trail, (first, end))) = self.report.trail.zip(self.report.range) else {
            let (seq, _) = last.max()?;
            let detail = format!("there are no records, and there were at least {}", seq.saturating_add(1));
            return Some(Fault { path: PathBuf::new(), line: 0, wrong: Wrong::Lost, detail });
        };
        let place = place.unwrap_or_default();
        if let Some((seq, other)) = last.clone().filter(|(_, of)| *of != trail).max() {
            let detail = format!(
                "this is trail {}, and record {seq} of trail {} was kept outside",
                record::hex(&trail),
                record::hex(&other)
            );
            return Some(self.fault(place, Wrong::AnotherTrail, detail));
        }
        self.report.anchors_before = last.clone().filter(|(seq, _)| *seq < first).count() as u64;
        let (seq, _) = last.max()?;
        let detail = format!("the trail ends with record {end}, and record {seq} was known outside");
        (seq > end).then(|| self.fault(place, Wrong::TailCut, detail))
    }

    fn fault(&self, place: Place, wrong: Wrong, detail: String) -> Fault {
        let path = self.sources.get(place.source).map(|source| source.path.clone()).unwrap_or_default();
        Fault { path, line: place.line, wrong, detail }
    }

    /// Says what is wrong at the first of the lines that did not fit.
    fn classify(&self, pending: &Pending) -> Result<Fault, AuditError> {
        let Some(bad) = pending.window.first() else {
            return Ok(self.fault(Place::default(), Wrong::ChainBroken, "nothing follows".into()));
        };
        let told = |wrong, detail: String| Ok(self.fault(bad.place, wrong, detail));
        let n = self.expected.next.unwrap_or_default();
        let head = self.expected.head;
        let after = pending.window.get(1);
        let members = |seen: Option<&Seen>| seen.and_then(|seen| seen.members);
        let resumes = |seen: Option<&Seen>| {
            members(seen).is_some_and(|m| m.seq == n && head.is_some_and(|head| m.prev == Some(head)))
        };
        let inserted = || told(Wrong::Inserted, format!("it does not belong here: record {n} follows after it"));
        let edited = || told(Wrong::Edited, format!("it is not record {n} as it was written"));

        let Some(it) = bad.members else {
            let next = pending.record.as_ref();
            return match members(next) {
                Some(_) if resumes(next) => inserted(),
                Some(m) if m.seq > n => edited(),
                None if after.is_none() && bad.whole => edited(),
                None if after.is_none() => told(
                    Wrong::Torn,
                    "it was not written whole, or its end was changed; the next record will say so".into(),
                ),
                _ => told(Wrong::Torn, "it is no record, and none that follows speaks of it".into()),
            };
        };
        if it.trail != self.expected.trail && self.expected.trail.is_some() {
            return match members(after) {
                Some(_) if resumes(after) => inserted(),
                Some(m) if m.trail == self.expected.trail && m.seq == n.saturating_add(1) => edited(),
                _ => told(Wrong::AnotherTrail, "it belongs to another trail".into()),
            };
        }
        if it.seq == n {
            let follower_knows_it = members(after).is_some_and(|m| m.prev == Some(bad.hash));
            if it.recovery && (self.key.is_none() || bad.sealed) {
                return told(Wrong::ChainBroken, "what stood before it and was noted as not whole has changed".into());
            }
            if resumes(after) {
                return inserted();
            }
            if head.is_none() || it.prev == head {
                if follower_knows_it {
                    let doubt = if self.report.records == 0 { ", or the first key is not the one" } else { "" };
                    return told(Wrong::WrongMac, format!("it was not sealed with the key of its place{doubt}"));
                }
                return edited();
            }
            if self.key.is_some() {
                if bad.sealed {
                    return told(
                        Wrong::ChainBroken,
                        format!("record {n} is genuine, but what stood before it is gone"),
                    );
                }
                return edited();
            }
            return match &self.last {
                // The record after it knows this one as it is: so the one before was changed.
                Some(last) if follower_knows_it => {
                    let detail = format!("it is not record {} as it was written", n.saturating_sub(1));
                    Ok(self.fault(last.place, Wrong::Edited, detail))
                }
                _ if after.is_some() => edited(),
                _ => told(
                    Wrong::ChainBroken,
                    "it does not follow from the line before: one of the two was edited".into(),
                ),
            };
        }
        if it.seq < n {
            if let Some(place) = self.find(|seq, hash| seq == it.seq && hash == bad.hash, bad.place)? {
                let detail = format!("record {} stands at line {} already", it.seq, place.line);
                return told(Wrong::Repeated, detail);
            }
            return match members(after) {
                Some(_) if resumes(after) => inserted(),
                Some(m) if m.seq == n.saturating_add(1) => edited(),
                None => edited(),
                _ => told(Wrong::SequenceGap, format!("it says record {}, and record {n} has to follow", it.seq)),
            };
        }
        // All numbers before this one are behind us, so it can only stand further on.
        if let Some(place) = self.find(|seq, _| seq == n, bad.place)? {
            let third = members(pending.window.get(2));
            if resumes(after) && third.is_some_and(|m| m.seq == n.saturating_add(1)) {
                return inserted();
            }
            return told(
                Wrong::Swapped,
                format!("record {} stands here, and record {n} at line {}", it.seq, place.line),
            );
        }
        if members(after).is_some_and(|m| m.seq == n.saturating_add(1)) {
            return edited();
        }
        let missing = it.seq - n;
        let detail = match missing {
            1 => format!("record {n} before it is missing"),
            _ => format!("records {n} to {} before it are missing", it.seq - 1),
        };
        told(if it.prev == head { Wrong::SequenceGap } else { Wrong::Deleted }, detail)
    }

    /// The first line other than one place that holds a record of this kind.
    fn find(&self, wanted: impl Fn(u64, Hash) -> bool, not: Place) -> Result<Option<Place>, AuditError> {
        let mut buffer = Vec::new();
        for (source, file) in self.sources.iter().enumerate() {
            let mut reader = file.open()?;
            let mut line = 0;
            loop {
                let read = read_line(&mut reader, &mut buffer);
                if read.map_err(|error| AuditError::io("read", &file.path, error))?.is_none() {
                    break;
                }
                line += 1;
                let place = Place { source, line };
                let Ok(link) = serde_json::from_slice::<Link<'_>>(&buffer) else { continue };
                if place != not && wanted(link.seq, record::hash(&buffer)) {
                    return Ok(Some(place));
                }
            }
        }
        Ok(None)
    }
}

/// Whether a record says that the lines before it were not written whole.
fn speaks_of(link: &Link<'_>, pending: &Pending) -> bool {
    // The line break that closed an open line came with the record.
    matches!(link.kind, "recovery" | "start") && (link.bytes == pending.bytes || link.bytes + 1 == pending.bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use std::io::BufReader;
    use std::path::Path;

    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::super::record::Line;
    use super::*;

    const TRAIL: [u8; 8] = [5; 8];

    fn first_key() -> FirstKey {
        FirstKey { trail: TRAIL, key: Zeroizing::new([1; 32]) }
    }

    /// A trail of so many records, each line with its line break, and what was expected of each with its key.
    fn trail(records: u64) -> (Vec<Vec<u8>>, Vec<(Expected, Key)>) {
        let (mut head, mut key) = ([0; 32], first_key().key);
        let mut expected = Vec::new();
        let lines = (0..records)
            .map(|seq| {
                expected.push((Expected { trail: Some(TRAIL), next: Some(seq), head: Some(head) }, key.clone()));
                let kind = match seq {
                    0 => "start",
                    odd if odd % 2 == 1 => "intent",
                    _ => "outcome",
                };
                let mut line = Line::new(kind, &TRAIL, seq);
                line.text("time", &format!("2026-11-22T13:{:02}:{:02}.000Z", seq / 60 % 60, seq % 60), 40);
                line.number("uid", 1000).text("user", "kim", 10).text("ticket", "T-4711 \"\u{1F600}\"", 40);
                if kind == "outcome" {
                    line.number("of", seq - 1);
                }
                let sealed = line.seal(&head, &key);
                head = record::hash(sealed.trim_ascii_end());
                key = record::next_key(&key);
                sealed
            })
            .collect();
        (lines, expected)
    }

    fn check(dir: &Path, bytes: &[u8], keyed: bool, anchors: &Anchors) -> Report {
        let path = dir.join("audit.log");
        std::fs::write(&path, bytes).unwrap();
        verify(&[Source::at(&path).unwrap()], keyed.then(first_key).as_ref(), anchors).unwrap()
    }

    fn end_of(lines: &[Vec<u8>]) -> Anchors {
        let (hash, seq) = (record::hash(lines.last().unwrap().trim_ascii_end()), lines.len() as u64 - 1);
        let mut anchors = Anchors::default();
        anchors.add(Anchor { trail: TRAIL, seq, hash }).unwrap();
        anchors
    }

    /// What verify says of a trail of 1,000 records to which something was done: with the first key, and with the end
    /// that `audit.key` remembers.
    fn wrongs(harm: impl Fn(&mut Vec<Vec<u8>>)) -> [Option<(u64, Wrong)>; 2] {
        let (mut lines, _) = trail(1000);
        let end = end_of(&lines);
        harm(&mut lines);
        let dir = TempDir::new().unwrap();
        [(true, &Anchors::default()), (false, &end)].map(|(keyed, anchors)| {
            check(dir.path(), &lines.concat(), keyed, anchors).fault.map(|fault| (fault.line, fault.wrong))
        })
    }

    fn both(line: u64, wrong: Wrong) -> [Option<(u64, Wrong)>; 2] {
        [Some((line, wrong)); 2]
    }

    #[test]
    fn a_trail_in_order_has_nothing_wrong() {
        let (lines, _) = trail(1000);
        let dir = TempDir::new().unwrap();
        let report = check(dir.path(), &lines.concat(), true, &end_of(&lines));
        assert_eq!(report.fault, None);
        assert_eq!((report.records, report.range, report.keyed, report.anchored), (1000, Some((0, 999)), true, 1));
        assert_eq!((report.open, report.open_first), (1, vec![999]));
        assert_eq!((report.clock_back, report.healed), (0, 0));
    }

    #[test]
    fn what_is_wrong_has_a_word_of_its_own() {
        let words = [
            (Wrong::Torn, "torn"),
            (Wrong::Edited, "edited"),
            (Wrong::Deleted, "deleted"),
            (Wrong::Swapped, "swapped"),
            (Wrong::Repeated, "repeated"),
            (Wrong::Inserted, "inserted"),
            (Wrong::ChainBroken, "chain broken"),
            (Wrong::WrongMac, "MAC wrong"),
            (Wrong::SequenceGap, "sequence gap"),
            (Wrong::TailCut, "tail cut"),
            (Wrong::Lost, "lost"),
            (Wrong::Rewritten, "rewritten"),
            (Wrong::AnotherTrail, "another trail"),
        ];
        for (wrong, word) in words {
            assert_eq!(format!("{wrong:>13}"), format!("{word:>13}"));
        }
        assert!(Anchors::default().is_empty());
        assert_eq!(Anchors::default().len(), 0);
        let anchors = end_of(&trail(3).0);
        assert!(!anchors.is_empty() && anchors.len() == 1);
    }

    #[test]
    fn an_edited_record_is_named() {
        let edit = |lines: &mut Vec<Vec<u8>>, at: usize, from: &str, to: &str| {
            lines[at] = String::from_utf8(lines[at].clone()).unwrap().replacen(from, to, 1).into_bytes();
        };
        assert_eq!(wrongs(|lines| edit(lines, 500, "kim", "sam")), both(501, Wrong::Edited));
        assert_eq!(wrongs(|lines| edit(lines, 500, "\"seq\":500", "\"seq\":520")), both(501, Wrong::Edited));
        assert_eq!(wrongs(|lines| edit(lines, 500, "\"seq\":500", "\"seq\":410")), both(501, Wrong::Edited));
        assert_eq!(wrongs(|lines| edit(lines, 500, "{", "[")), both(501, Wrong::Edited));
        assert_eq!(wrongs(|lines| edit(lines, 500, "prev\":\"", "prev\":\"0")), both(501, Wrong::Edited));
        assert_eq!(wrongs(|lines| edit(lines, 500, "0505", "0606")), both(501, Wrong::Edited));
        assert_eq!(wrongs(|lines| edit(lines, 999, "\"seq\":999", "\"seq\":410")), both(1000, Wrong::Edited));
        assert_eq!(wrongs(|lines| edit(lines, 999, "{", "[")), both(1000, Wrong::Edited));
        // Without the key it is the one of the two that does not follow.
        let [keyed, noted] = wrongs(|lines| edit(lines, 998, "kim", "sam"));
        assert_eq!((keyed, noted), (Some((999, Wrong::Edited)), Some((1000, Wrong::ChainBroken))));
        let [keyed, noted] = wrongs(|lines| edit(lines, 999, "kim", "sam"));
        assert_eq!((keyed, noted), (Some((1000, Wrong::Edited)), Some((1000, Wrong::Rewritten))));
    }

    #[test]
    fn removed_records_are_named() {
        for (range, line) in [(0..1, 1), (0..10, 1), (500..501, 501), (500..600, 501)] {
            let harm = |lines: &mut Vec<Vec<u8>>| drop(lines.drain(range.clone()));
            assert_eq!(wrongs(harm), both(line, Wrong::Deleted), "{range:?}");
        }
        let [keyed, noted] = wrongs(|lines| lines.truncate(900));
        assert_eq!(keyed, None, "nothing in the file tells of what follows");
        assert_eq!(noted, Some((900, Wrong::TailCut)));
        let [keyed, noted] = wrongs(Vec::clear);
        assert_eq!((keyed, noted), (None, Some((0, Wrong::Lost))));
    }

    #[test]
    fn moved_and_doubled_records_are_named() {
        assert_eq!(wrongs(|lines| lines.swap(500, 501)), both(501, Wrong::Swapped));
        assert_eq!(wrongs(|lines| lines.swap(500, 800)), both(501, Wrong::Swapped));
        assert_eq!(wrongs(|lines| lines.swap(998, 999)), both(999, Wrong::Swapped));
        assert_eq!(wrongs(|lines| lines.insert(501, lines[500].clone())), both(502, Wrong::Repeated));
        assert_eq!(wrongs(|lines| lines.insert(700, lines[3].clone())), both(701, Wrong::Repeated));
        assert_eq!(wrongs(|lines| lines.push(lines[999].clone())), both(1001, Wrong::Repeated));
    }

    #[test]
    fn inserted_lines_are_named() {
        for foreign in ["hello\n", "\n", "{\"v\":1}\n", "\u{0}\u{ff}\n"] {
            let insert = |lines: &mut Vec<Vec<u8>>| lines.insert(500, foreign.as_bytes().to_vec());
            assert_eq!(wrongs(insert), both(501, Wrong::Inserted), "{foreign:?}");
            let many = |lines: &mut Vec<Vec<u8>>| drop(lines.splice(500..500, vec![foreign.as_bytes().to_vec(); 20]));
            assert_eq!(wrongs(many), both(501, Wrong::Inserted), "{foreign:?}");
            let first = |lines: &mut Vec<Vec<u8>>| lines.insert(0, foreign.as_bytes().to_vec());
            assert_eq!(wrongs(first), both(1, Wrong::Inserted), "{foreign:?}");
            let last = |lines: &mut Vec<Vec<u8>>| lines.extend(vec![foreign.as_bytes().to_vec(); 2]);
            assert_eq!(wrongs(last), both(1001, Wrong::Torn), "{foreign:?}");
        }
        let forged = |lines: &mut Vec<Vec<u8>>| {
            let mut line = Line::new("intent", &TRAIL, 500);
            line.text("user", "sam", 10);
            let prev = record::hash(lines[499].trim_ascii_end());
            lines.insert(500, line.seal(&prev, &Zeroizing::new([9; 32])));
        };
        let [keyed, noted] = wrongs(forged);
        assert_eq!(keyed, Some((501, Wrong::Inserted)));
        assert!(noted.is_some(), "{noted:?}");
        let old_number = |lines: &mut Vec<Vec<u8>>| lines.insert(500, forged_line(&TRAIL, 410));
        assert_eq!(wrongs(old_number), both(501, Wrong::Inserted));
        let of_another_trail = |lines: &mut Vec<Vec<u8>>| lines.insert(500, forged_line(&[6; 8], 500));
        assert_eq!(wrongs(of_another_trail), both(501, Wrong::Inserted));
    }

    /// A record that nobody wrote.
    fn forged_line(trail: &[u8; 8], seq: u64) -> Vec<u8> {
        let mut line = Line::new("intent", trail, seq);
        line.text("user", "sam", 10);
        line.seal(&[8; 32], &Zeroizing::new([9; 32]))
    }

    #[test]
    fn of_two_things_that_are_wrong_the_first_is_named_and_nothing_is_said_of_what_follows_that_is_not_so() {
        let change = |lines: &mut Vec<Vec<u8>>, with: &[&Vec<u8>], instead_of: usize| {
            lines.splice(500..500 + instead_of, with.iter().copied().cloned());
        };
        let (hello, hundred) = (b"hello\n".to_vec(), forged_line(&[6; 8], 100));
        // No record, and the one that has to follow does not follow from the one before.
        assert_eq!(wrongs(|lines| change(lines, &[&hello, &forged_line(&TRAIL, 500)], 1)), both(501, Wrong::Torn));
        // Records of another trail, also where some of this one are gone.
        assert_eq!(wrongs(|lines| change(lines, &[&hundred, &hundred], 1)), both(501, Wrong::AnotherTrail));
        assert_eq!(wrongs(|lines| change(lines, &[&hundred], 2)), both(501, Wrong::AnotherTrail));
        assert_eq!(wrongs(|lines| change(lines, &[&hundred], 1)), both(501, Wrong::Edited));
        // A number that was given before, in a record that is not that one, and the next is gone too.
        assert_eq!(wrongs(|lines| change(lines, &[&forged_line(&TRAIL, 410)], 2)), both(501, Wrong::SequenceGap));
    }

    #[test]
    fn what_is_missing_is_told_by_its_numbers() {
        let dir = TempDir::new().unwrap();
        for (gone, told) in [
            (500..501, "record 500 before it is missing"),
            (500..502, "records 500 to 501 before it are missing"),
            (500..600, "records 500 to 599 before it are missing"),
        ] {
            let (mut lines, _) = trail(1000);
            lines.drain(gone);
            assert_eq!(check(dir.path(), &lines.concat(), true, &Anchors::default()).fault.unwrap().detail, told);
        }
    }

    /// A trail that is written record by record.
    struct Chain {
        head: Hash,
        key: Key,
        next: u64,
        bytes: Vec<u8>,
    }

    impl Chain {
        fn begin() -> Self {
            let mut chain = Self { head: [0; 32], key: first_key().key, next: 0, bytes: Vec::new() };
            chain.add("start", |_| {});
            chain
        }

        fn add(&mut self, kind: &str, fill: impl FnOnce(&mut Line)) -> u64 {
            let mut line = Line::new(kind, &TRAIL, self.next);
            fill(&mut line);
            let sealed = line.seal(&self.head, &self.key);
            self.head = record::hash(sealed.trim_ascii_end());
            self.key = record::next_key(&self.key);
            self.bytes.extend(sealed);
            self.next += 1;
            self.next - 1
        }

        fn outcome(&mut self, of: u64, result: &str) {
            self.add("outcome", |line| {
                line.number("of", of).text("result", result, 20);
            });
        }

        /// Lines that a crash left, noted with a length.
        fn torn(&mut self, lines: &[&[u8]], told: usize) {
            for (at, line) in lines.iter().enumerate() {
                // What readers keep of a line.
                let kept = &line[..line.len().min(record::MAX_LINE)];
                self.head = if at == 0 { record::hash(kept) } else { record::hash_after(&self.head, kept) };
                self.bytes.extend([line, &b"\n"[..]].concat());
            }
            self.add("recovery", |line| {
                line.number("bytes", told as u64);
            });
        }

        /// With the first key and without.
        fn reports(&self) -> [Report; 2] {
            let dir = TempDir::new().unwrap();
            [true, false].map(|keyed| check(dir.path(), &self.bytes, keyed, &Anchors::default()))
        }

        fn wrongs(&self) -> [Option<(u64, Wrong)>; 2] {
            self.reports().map(|report| report.fault.map(|fault| (fault.line, fault.wrong)))
        }
    }

    #[test]
    fn lines_that_were_not_written_whole_are_in_order_where_a_record_tells_how_long_they_are() {
        for lines in [&[&b"{\"v\":1"[..]][..], &[b"one", b"", b"three"]] {
            let length = lines.iter().map(|line| line.len() + 1).sum::<usize>();
            // The last line break came with the record, or was there already.
            for told in [length, length - 1] {
                let mut chain = Chain::begin();
                chain.torn(lines, told);
                chain.add("intent", |_| {});
                for report in chain.reports() {
                    assert_eq!((report.fault, report.healed, report.records), (None, 1, 3), "{told}");
                }
            }
            for told in [0, length - 2, length + 1] {
                let mut chain = Chain::begin();
                chain.torn(lines, told);
                assert_eq!(chain.wrongs(), both(2, Wrong::Torn), "{told}");
            }
        }
        let mut chain = Chain::begin();
        chain.torn(&[b""], 1);
        let speaks_of_nothing = String::from_utf8(chain.bytes.clone()).unwrap().replace("recovery", "intent");
        let dir = TempDir::new().unwrap();
        let report = check(dir.path(), speaks_of_nothing.as_bytes(), false, &Anchors::default());
        assert!(report.fault.is_some(), "another record does not heal: {report:?}");
    }

    #[test]
    fn lines_that_were_noted_as_not_whole_can_be_neither_changed_nor_removed() {
        let mut chain = Chain::begin();
        chain.torn(&[b"one", b"two", b"three"], 14);
        chain.add("intent", |_| {});
        let text = String::from_utf8(chain.bytes.clone()).unwrap();
        for (was, is, wrong) in [
            ("one", "eno", Wrong::Torn),
            ("two", "owt", Wrong::Torn),
            ("three", "eerht", Wrong::Torn),
            ("one\ntwo\nthree\n", "", Wrong::ChainBroken),
        ] {
            chain.bytes = text.replacen(was, is, 1).into_bytes();
            assert_eq!(chain.wrongs(), both(2, wrong), "{was:?} to {is:?}");
        }
    }

    #[test]
    fn more_lines_than_a_crash_leaves_or_a_longer_one_are_wrong_whatever_a_record_says_of_them() {
        let (line, rest) = (vec![b'x'; (1 << 15) - 1], vec![b'x'; 1 << 15]);
        let mut lines = vec![&line[..]; MAX_UNNOTED as usize >> 15];
        let mut chain = Chain::begin();
        chain.torn(&lines, MAX_UNNOTED as usize);
        assert_eq!(chain.wrongs(), [None; 2], "as much as a crash may leave");
        lines[31] = &rest;
        let mut chain = Chain::begin();
        chain.torn(&lines, MAX_UNNOTED as usize + 1);
        assert_eq!(chain.wrongs(), both(2, Wrong::Torn), "a byte more");
        let mut chain = Chain::begin();
        chain.torn(&[&vec![b'x'; record::MAX_LINE + 1]], record::MAX_LINE + 2);
        assert_eq!(chain.wrongs(), both(2, Wrong::Edited), "longer than a record");
    }

    #[test]
    fn a_record_whose_line_break_is_gone_is_torn() {
        let [keyed, noted] = wrongs(|lines| {
            lines.last_mut().unwrap().pop();
        });
        assert_eq!((keyed, noted), (Some((1000, Wrong::Torn)), Some((1000, Wrong::Torn))));
    }

    #[test]
    fn values_that_were_shown_and_have_no_end_are_counted() {
        let mut chain = Chain::begin();
        let [shown, hidden, ended, again, other_way_round] = [(); 5].map(|()| chain.add("intent", |_| {}));
        for (of, results) in [
            (shown, &["shown"][..]),
            (hidden, &["shown", "hidden"]),
            (ended, &["shown", "ended"]),
            (again, &["shown", "hidden", "shown"]),
            (other_way_round, &["hidden", "shown"]),
        ] {
            for result in results {
                chain.outcome(of, result);
            }
        }
        for report in chain.reports() {
            assert_eq!((report.shown, report.shown_first), (2, vec![shown, again]));
            assert_eq!((report.open, report.fault), (0, None));
        }
    }

    #[test]
    fn of_more_than_there_is_room_for_only_the_number_is_known() {
        let mut chain = Chain::begin();
        let intents = [(); 5].map(|()| chain.add("intent", |_| {}));
        for of in intents {
            chain.outcome(of, "shown");
        }
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("audit.log");
        std::fs::write(&path, &chain.bytes).unwrap();
        let sources = [Source::at(&path).unwrap()];
        let look = |room| {
            let (anchors, first_key) = (Anchors::default(), first_key());
            let mut walk = Walk::new(&sources, Some(&first_key), &anchors, room);
            assert_eq!(walk.run().unwrap(), None);
            walk.into_report(None)
        };
        let all = look(5);
        assert_eq!((all.open, all.shown, all.shown_first), (0, 5, intents.to_vec()));
        let three = look(3);
        assert_eq!((three.open, three.shown, three.shown_first), (2, 5, intents[..3].to_vec()));
        // An end that came before its beginning is remembered as long as there is room.
        let mut chain = Chain::begin();
        let two = [(); 2].map(|()| chain.add("intent", |_| {}));
        for result in ["hidden", "shown"] {
            for of in two {
                chain.outcome(of, result);
            }
        }
        std::fs::write(&path, &chain.bytes).unwrap();
        let sources = [Source::at(&path).unwrap()];
        let shown = |room| {
            let anchors = Anchors::default();
            let mut walk = Walk::new(&sources, None, &anchors, room);
            assert_eq!(walk.run().unwrap(), None);
            walk.into_report(None).shown
        };
        assert_eq!((shown(2), shown(1)), (0, 1));
    }

    #[test]
    fn clocks_that_went_back_and_copies_that_were_not_sent_are_counted() {
        let mut chain = Chain::begin();
        for (time, back, unsent) in
            [("13:00", false, 0), ("13:01", false, 2), ("13:00", false, 0), ("13:00", false, 0), ("13:02", true, 3)]
        {
            chain.add("intent", |line| {
                line.text("time", time, 10).flag("clock_back", back).number("unsent", unsent);
            });
        }
        for report in chain.reports() {
            assert_eq!(
                (report.clock_back, report.first_clock_back),
                (2, Some(3)),
                "an earlier time, and one that says so"
            );
            assert_eq!(report.unsent, 5);
        }
    }

    #[test]
    fn a_trail_whose_first_logs_are_stored_away_is_checked_from_there_on() {
        let mut chain = Chain::begin();
        chain.add("intent", |_| {});
        let hash_of_one = chain.head;
        chain.bytes.clear();
        chain.add("continue", |line| {
            line.text("follows", "audit-000000000000.log", 30);
        });
        let hash_of_two = chain.head;
        chain.add("intent", |_| {});
        let mut anchors = Anchors::default();
        for (seq, hash) in [(0, [1; 32]), (1, hash_of_one), (2, hash_of_two), (3, chain.head)] {
            anchors.add(Anchor { trail: TRAIL, seq, hash }).unwrap();
        }
        let dir = TempDir::new().unwrap();
        let report = check(dir.path(), &chain.bytes, true, &anchors);
        assert_eq!((report.fault, report.range), (None, Some((2, 3))));
        assert_eq!((report.anchors_before, report.anchored), (2, 2));
    }

    #[test]
    fn the_name_of_a_closed_log_says_which_record_its_first_line_was() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("audit-000000000100.log");
        std::fs::write(&path, "no record\n").unwrap();
        let fault = verify(&[Source::at(&path).unwrap()], None, &Anchors::default()).unwrap().fault.unwrap();
        assert_eq!((fault.line, fault.wrong), (1, Wrong::Edited));
        assert!(fault.detail.contains("record 100 "), "{fault:?}");
    }

    #[test]
    fn a_chain_computed_anew_without_the_key_is_found_by_the_key() {
        let (mut lines, _) = trail(100);
        let mut head = record::hash(lines[49].trim_ascii_end());
        for (seq, line) in lines.iter_mut().enumerate().skip(50) {
            let mut forged = Line::new("intent", &TRAIL, seq as u64);
            forged.text("time", "2026-11-22T13:59:59.000Z", 40);
            *line = forged.seal(&head, &Zeroizing::new([9; 32]));
            head = record::hash(line.trim_ascii_end());
        }
        let dir = TempDir::new().unwrap();
        let fault = check(dir.path(), &lines.concat(), true, &Anchors::default()).fault.unwrap();
        assert_eq!((fault.line, fault.wrong), (51, Wrong::WrongMac));
        assert_eq!(fault.detail, "it was not sealed with the key of its place");
        let other = FirstKey { trail: TRAIL, key: Zeroizing::new([2; 32]) };
        let sources = [Source::at(&dir.path().join("audit.log")).unwrap()];
        let fault = verify(&sources, Some(&other), &Anchors::default()).unwrap().fault.unwrap();
        assert_eq!((fault.line, fault.wrong), (1, Wrong::WrongMac));
        assert!(fault.detail.ends_with(", or the first key is not the one"), "{fault:?}");
        assert_eq!(check(dir.path(), &lines.concat(), false, &Anchors::default()).fault, None, "hashes alone agree");
        let anchored = check(dir.path(), &lines.concat(), false, &end_of(&trail(70).0)).fault.unwrap();
        assert_eq!((anchored.line, anchored.wrong), (70, Wrong::Rewritten));
    }

    #[test]
    fn a_torn_end_is_told() {
        let [keyed, noted] = wrongs(|lines| lines.last_mut().unwrap().truncate(50));
        assert_eq!((keyed, noted), (Some((1000, Wrong::Torn)), Some((1000, Wrong::Torn))));
    }

    #[test]
    fn a_number_nobody_reaches_does_not_keep_verify_busy() {
        let dir = TempDir::new().unwrap();
        let mut line = Line::new("continue", &TRAIL, u64::MAX);
        line.text("follows", "x", 10);
        let bytes = line.seal(&[7; 32], &Zeroizing::new([9; 32]));
        let fault = check(dir.path(), &bytes, true, &Anchors::default()).fault.unwrap();
        assert!(fault.detail.contains("higher than any trail"), "{fault:?}");
    }

    /// Every byte of a file of 1,000 records is changed, one at a time. What comes before a change is as it was, so
    /// each check begins at the changed line, with what is expected there.
    #[test]
    fn every_changed_byte_of_a_thousand_records_is_found() {
        let (lines, expected) = trail(1000);
        let end = end_of(&lines);
        let mut missed = 0;
        for (at, line) in lines.iter().enumerate() {
            let follower = lines.get(at + 1).map_or(&b""[..], |line| line);
            for byte in 0..line.len() {
                let mut bytes = [line, follower].concat();
                bytes[byte] ^= 1 << (byte % 8);
                for keyed in [true, false] {
                    let nothing = Anchors::default();
                    let (expected, key) = &expected[at];
                    let mut walk = Walk::new(&[], None, if keyed { &nothing } else { &end }, MAX_OPEN);
                    (walk.expected, walk.key) = (*expected, keyed.then(|| key.clone()));
                    let (mut reader, mut buffer, mut found) = (BufReader::new(&bytes[..]), Vec::new(), false);
                    let mut number = 1;
                    while let Some(read) = read_line(&mut reader, &mut buffer).unwrap() {
                        number += 1;
                        found |= walk.look(Place { source: 0, line: number }, &buffer, read).unwrap().is_some();
                    }
                    missed += usize::from(!found && walk.pending.is_none());
                }
            }
        }
        assert_eq!(missed, 0);
    }

    /// A million records of the length real ones have, in one file, with the first key and the end.
    #[test]
    #[ignore = "a measurement: cargo test --release --lib audit::verify::tests::time -- --ignored --nocapture"]
    #[expect(clippy::print_stderr, reason = "a measurement is printed")]
    fn time_of_a_million_records() {
        use std::io::Write as _;

        let dir = TempDir::new().unwrap();
        let path = dir.path().join("audit.log");
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        let (mut head, mut key) = ([0; 32], first_key().key);
        for seq in 0..1_000_000 {
            let mut line = Line::new(if seq == 0 { "start" } else { "intent" }, &TRAIL, seq);
            line.text("time", "2026-11-22T13:00:00.000Z", 40)
                .text("boot", &"b".repeat(36), 40)
                .number("up_ms", 1_234_567);
            line.number("uid", 1000).text("user", "kim.larsen", 20).number("login_uid", 1000).text(
                "tty",
                "/dev/pts/3",
                20,
            );
            line.text("ssh", "192.0.2.17 51622", 40)
                .text("host", "jump1", 20)
                .number("pid", 12345)
                .text("version", "0.1.0", 9);
            line.text("action", "reveal", 9).number("org", 4711).text("org_name", "Harbor Point Dental", 60);
            line.text("record", "passwords", 20).number("record_id", 123_456).text(
                "record_name",
                "Domain administrator",
                60,
            );
            line.text("category", "Servers", 20).text("ticket", "T-20261122", 20).text("reason", "user locked out", 60);
            let sealed = line.seal(&head, &key);
            head = record::hash(sealed.trim_ascii_end());
            key = record::next_key(&key);
            file.write_all(&sealed).unwrap();
        }
        file.flush().unwrap();
        drop(file);
        let size = std::fs::metadata(&path).unwrap().len();
        let before = std::time::Instant::now();
        let report = verify(&[Source::at(&path).unwrap()], Some(&first_key()), &Anchors::default()).unwrap();
        let took = before.elapsed();
        assert_eq!((report.fault, report.records), (None, 1_000_000));
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
        eprintln!("a million records, {size} bytes: {took:?}; {peak}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn whatever_is_done_to_a_line_is_found(at in 0usize..1000, to in 0usize..1000, what in 0..5, byte in any::<prop::sample::Index>(), bits in 1u8..) {
            let done = wrongs(|lines| match what {
                0 => { let byte = byte.index(lines[at].len()); lines[at][byte] ^= bits; }
                1 => { lines.remove(at); }
                2 => lines.swap(at, if at == to { (to + 1) % 1000 } else { to }),
                3 => { let line = lines[at].clone(); lines.insert(to, line); }
                _ => lines.insert(at, vec![bits, b'\n']),
            });
            // The last line taken away is seen by whoever knows the end.
            prop_assert!(done[0].is_some() || what == 1 && at == 999, "with the key");
            prop_assert!(done[1].is_some(), "with the end");
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'"'), any::<u8>()], 0..300)) {
            let dir = TempDir::new().unwrap();
            let report = check(dir.path(), &bytes, true, &Anchors::default());
            prop_assert!(report.fault.is_some() || bytes.is_empty());
        }
    }
}
