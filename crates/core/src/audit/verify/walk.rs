//! One pass over the files: what follows from what, and what is counted on the way.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::super::AuditError;
use super::super::full::closed_first;
use super::super::marks::{Anchor, Anchors, FirstKey};
use super::super::read::{Link, Read1, Source, read_line, sources};
use super::super::record::{self, Hash, Key};
use super::super::state::State;
use super::super::torn::{MAX_TORN, OVERTAKEN, is_torn};
use super::super::trail::MAX_UNNOTED;
use super::outside::archived;
use super::{Fault, MAX_STEPS, Report, Wrong};
use crate::text::Clean;

/// The position of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Place {
    pub(super) source: usize,
    pub(super) line: u64,
}

/// What the next record has to be. What is not known fits everything.
#[derive(Clone, Copy, Default)]
pub(super) struct Expected {
    pub(super) trail: Option<[u8; 8]>,
    pub(super) next: Option<u64>,
    pub(super) head: Option<Hash>,
}

/// What is remembered of a line.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) place: Place,
    pub(super) hash: Hash,
    pub(super) whole: bool,
    pub(super) members: Option<Members>,
    /// Has the form of a record and, where that can be checked, the seal of its number
    pub(super) ours: bool,
    /// Sealed by the key of its place, with whatever hash it names; unknown without a key
    pub(super) sealed: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Members {
    pub(super) trail: Option<[u8; 8]>,
    pub(super) seq: u64,
    pub(super) prev: Option<Hash>,
    pub(super) recovery: bool,
}

/// Lines that did not fit. A record about them may follow.
pub(super) struct Pending {
    pub(super) bytes: u64,
    pub(super) head: Hash,
    /// The first three
    pub(super) window: Vec<Seen>,
    /// The first that is not the rest of a crash
    pub(super) foreign: Option<Place>,
    /// The first behind the first that is a record, of whatever trail
    pub(super) record: Option<Seen>,
}

pub(super) struct Walk<'a> {
    pub(super) sources: &'a [Source],
    pub(super) first_key: Option<&'a FirstKey>,
    pub(super) anchors: &'a Anchors,
    pub(super) expected: Expected,
    pub(super) key: Option<Key>,
    pub(super) last: Option<Seen>,
    pub(super) pending: Option<Pending>,
    /// What `audit.key` beside the files remembers
    pub(super) tip: Option<State>,
    /// All before this record is stored elsewhere
    pub(super) from: Option<u64>,
    /// That what was before the first record is not here
    pub(super) beginning: Option<Fault>,
    /// That what is said outside of one record differs
    pub(super) contradiction: Option<Fault>,
    /// The trails that were archived before this one
    pub(super) archived: Vec<[u8; 8]>,
    pub(super) time: String,
    pub(super) open: HashSet<u64>,
    pub(super) shown: HashSet<u64>,
    /// Intents of values whose end is on record and that they were shown is not: in trails of before outcomes were
    /// queued, two that follow each other closely may be swapped
    pub(super) ended: HashSet<u64>,
    /// How many numbers each of these three holds
    pub(super) room: usize,
    pub(super) report: Report,
}

/// The first ten.
fn lowest(numbers: HashSet<u64>) -> Vec<u64> {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_unstable();
    numbers.truncate(10);
    numbers
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        sources: &'a [Source],
        first_key: Option<&'a FirstKey>,
        anchors: &'a Anchors,
        room: usize,
    ) -> Self {
        Self {
            sources,
            first_key,
            anchors,
            expected: Expected::default(),
            key: None,
            last: None,
            pending: None,
            tip: None,
            from: None,
            beginning: None,
            contradiction: None,
            archived: Vec::new(),
            time: String::new(),
            open: HashSet::new(),
            shown: HashSet::new(),
            ended: HashSet::new(),
            room,
            report: Report { keyed: first_key.is_some(), ..Report::default() },
        }
    }

    pub(super) fn into_report(self, fault: Option<Fault>) -> Report {
        let mut report = self.report;
        (report.forged_copies, report.first_forged) = (self.anchors.forged, self.anchors.first_forged);
        match self.beginning {
            Some(beginning) => (report.fault, report.further) = (Some(beginning), fault),
            None => report.fault = fault,
        }
        report.open += self.open.len() as u64;
        report.open_first = lowest(self.open);
        report.shown += self.shown.len() as u64;
        report.shown_first = lowest(self.shown);
        report
    }

    pub(super) fn run(&mut self) -> Result<Option<Fault>, AuditError> {
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
    pub(super) fn look(&mut self, place: Place, bytes: &[u8], read: Read1) -> Result<Option<Fault>, AuditError> {
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
                let pending = self.pending.as_ref().filter(|_| link.why != OVERTAKEN);
                if let Some(fault) = pending.and_then(|pending| self.not_torn(pending, link.seq)) {
                    return Ok(Some(fault));
                }
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
        let ours = self.pending.is_none() && members.is_some_and(|members| self.may_be_ours(bytes, members));
        let foreign = (read.long || !is_torn(bytes)).then_some(place);
        let seen = Seen { place, hash, whole: read.whole, members, sealed, ours };
        match &mut self.pending {
            None => {
                self.pending =
                    Some(Pending { bytes: read.length, head: hash, window: vec![seen], foreign, record: None });
            }
            Some(pending) => {
                pending.head = record::hash_after(&pending.head, bytes);
                pending.bytes += read.length;
                pending.foreign = pending.foreign.or(foreign);
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
            "continue" => {
                let seq = named.unwrap_or(link.seq);
                if self.from.is_none_or(|from| from < seq) {
                    let detail = format!(
                        "the first record here is {seq}, and it follows records in a file that is not here: put that file back, or, \
                         if what was before is stored elsewhere, check from there with --from {seq}"
                    );
                    self.beginning = Some(self.fault(place, Wrong::BeginningMissing, detail));
                }
                (seq, None)
            }
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
        if let Some(gone) = link.gone.filter(|_| link.kind == "start" && self.from.is_none()) {
            let detail = format!(
                "record 0 says that the trail {} was in this folder before and was gone, and nobody archived it: look for it, \
                 and check the new one with --from 0",
                Clean::line(gone)
            );
            self.beginning = Some(self.fault(place, Wrong::BeginningMissing, detail));
        }
        if link.kind == "start" && !link.aside.is_empty() {
            self.look_for_archive(place, link);
        }
        self.walk_key(place, seq).or_else(|| {
            self.trust_tip(0, [0; 32]);
            None
        })
    }

    /// A trail that was begun because the one before was archived: that one has to be there.
    fn look_for_archive(&mut self, place: Place, link: &Link<'_>) {
        let Some(dir) = self.sources.first().and_then(|source| source.path.parent()) else { return };
        self.archived = archived(dir, &link.aside, &link.before);
        let here = sources(&dir.join(&*link.aside)).map_or(0, |files| files.len() as u64);
        if here < link.logs && self.from.is_none() {
            let detail = format!(
                "record 0 says that {} files of the trail before were archived in {}, and {here} are there: put the others \
                 back, or, if they are stored elsewhere, check with --from 0",
                link.logs,
                Clean::line(&link.aside)
            );
            self.beginning = Some(self.fault(place, Wrong::BeginningMissing, detail));
        }
    }

    /// Without the first key, what follows the record that `audit.key` remembers has to have the seals it tells.
    fn trust_tip(&mut self, next: u64, head: Hash) {
        if self.first_key.is_none()
            && let Some(tip) = self.tip.as_ref().filter(|tip| tip.next == next && tip.head == head)
        {
            self.key = Some(tip.key.clone());
        }
    }

    /// What is wrong with lines that a record calls torn and that no crash leaves.
    fn not_torn(&self, pending: &Pending, by: u64) -> Option<Fault> {
        let place = match pending.foreign {
            Some(place) => place,
            None if pending.bytes > MAX_TORN + 1 => pending.window.first()?.place,
            None => return None,
        };
        let detail = format!(
            "no crash leaves such a line, though record {by} behind it says so: something else wrote it. It is no record; \
             archive the trail and start a new one: gluepot audit restart --reason TEXT"
        );
        Some(self.fault(place, Wrong::Inserted, detail))
    }

    /// Whether a line can be a record of this trail: by its form, and by its seal where it is not too far ahead.
    fn may_be_ours(&self, bytes: &[u8], members: Members) -> bool {
        const FAR: u64 = 200_000;
        if !record::has_form(bytes) {
            return false;
        }
        let steps = self.expected.next.and_then(|next| members.seq.checked_sub(next)).filter(|&steps| steps <= FAR);
        let (Some(key), Some(steps), Some(prev)) = (&self.key, steps, members.prev) else { return true };
        let key = (0..steps).fold(key.clone(), |key, _| record::next_key(&key));
        record::is_sealed(bytes, &prev, &key)
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
        self.trust_tip(link.seq.saturating_add(1), hash);
        self.last = Some(Seen { place, hash, whole: true, members: None, sealed: true, ours: true });
        let report = &mut self.report;
        report.trail = Some(trail);
        report.records += 1;
        report.range = Some((report.range.map_or(link.seq, |(first, _)| first), link.seq));
        report.end = Some(Anchor { trail, seq: link.seq, hash });
        report.unsent = report.unsent.saturating_add(link.unsent);
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
        if self.anchors.is_empty() && self.anchors.note.is_none() {
            None
        } else {
            self.compare(place, trail, link, hash)
        }
    }

    pub(super) fn fault(&self, place: Place, wrong: Wrong, detail: String) -> Fault {
        let path = self.sources.get(place.source).map(|source| source.path.clone()).unwrap_or_default();
        Fault { path, line: place.line, wrong, detail }
    }
}

/// Whether a record says that the lines before it were not written whole.
fn speaks_of(link: &Link<'_>, pending: &Pending) -> bool {
    // The line break that closed an open line came with the record.
    matches!(link.kind, "recovery" | "start")
        && (link.bytes == pending.bytes || link.bytes.checked_add(1) == Some(pending.bytes))
}
