//! Which kind of damage it is, told from the lines around the first that does not fit: one table, of which the first row
//! that fits decides.

use super::super::AuditError;
use super::super::read::{Link, read_line};
use super::super::record::{self, Hash};
use super::super::torn::MAX_TORN;
use super::walk::{Members, Pending, Place, Seen, Walk};
use super::{Fault, Wrong};

/// What is known around the first line that does not fit.
struct Facts<'a> {
    walk: &'a Walk<'a>,
    pending: &'a Pending,
    bad: &'a Seen,
    /// That line as a record, if it is one
    it: Option<Members>,
    /// The line behind it, and the one behind that
    after: Option<&'a Seen>,
    third: Option<Members>,
    /// The number that had to follow
    n: u64,
    head: Option<Hash>,
    /// Where a number that is behind us stands already
    repeated: Option<Place>,
    /// Where the record that had to follow stands
    elsewhere: Option<Place>,
}

impl Facts<'_> {
    /// Whether the record that had to follow is this one.
    fn resumes(&self, members: Option<Members>) -> bool {
        members.is_some_and(|m| m.seq == self.n && self.head.is_some_and(|head| m.prev == Some(head)))
    }

    /// The line behind it as a record.
    fn follower(&self) -> Option<Members> {
        self.after.and_then(|seen| seen.members)
    }

    /// The first line behind it that is a record.
    fn next(&self) -> Option<Members> {
        self.pending.record.as_ref().and_then(|seen| seen.members)
    }

    fn follower_resumes(&self) -> bool {
        self.resumes(self.follower())
    }

    /// Whether the line behind it is the record after the one that had to follow.
    fn gap_before_the_next(&self) -> bool {
        self.follower().is_some_and(|m| m.seq == self.n.saturating_add(1))
    }

    fn follower_knows_it(&self) -> bool {
        self.follower().is_some_and(|m| m.prev == Some(self.bad.hash))
    }

    /// What is left of one crash, so far: the next record will mention it.
    fn is_rest(&self) -> bool {
        let pending = self.pending;
        self.after.is_none() && !self.bad.whole && pending.foreign.is_none() && pending.bytes <= MAX_TORN
    }

    /// `audit.key` says that nothing of ours is behind the last record.
    fn is_behind_the_tip(&self) -> bool {
        let expected = &self.walk.expected;
        let ends = |next: u64, head: Hash| Some(next) == expected.next && Some(head) == self.head;
        self.walk.tip.as_ref().is_some_and(|tip| ends(tip.next, tip.head))
    }

    fn is_of_another_trail(&self) -> bool {
        let trail = self.walk.expected.trail;
        trail.is_some() && self.it.is_some_and(|it| it.trail != trail)
    }

    fn follower_is_of_this_trail(&self) -> bool {
        self.follower().is_some_and(|m| m.trail == self.walk.expected.trail)
    }

    /// Whether it has the number that had to follow.
    fn is_due(&self) -> bool {
        self.it.is_some_and(|it| it.seq == self.n)
    }

    fn is_early(&self) -> bool {
        self.it.is_some_and(|it| it.seq > self.n)
    }

    fn is_past(&self) -> bool {
        self.it.is_some_and(|it| it.seq < self.n)
    }

    /// Whether it names the record before it.
    fn is_linked(&self) -> bool {
        self.it.is_some_and(|it| it.prev == self.head)
    }

    fn seq(&self) -> u64 {
        self.it.map_or(0, |it| it.seq)
    }

    fn has_key(&self) -> bool {
        self.walk.key.is_some()
    }
}

/// Which line is named.
#[derive(Clone, Copy)]
enum At {
    /// The first that does not fit
    It,
    /// The last that fitted
    Before,
}

type Row = (fn(&Facts<'_>) -> bool, At, Wrong, fn(&Facts<'_>) -> String);

/// What it is, by the first row that fits. A row may rely on none above it fitting.
const ROWS: [Row; 29] = [
    (|f| !f.is_rest() && f.is_behind_the_tip(), At::It, Wrong::Inserted, behind_the_tip),
    // No record.
    (|f| f.it.is_none() && f.resumes(f.next()), At::It, Wrong::Inserted, inserted),
    (|f| f.it.is_none() && f.next().is_some_and(|m| m.seq > f.n), At::It, Wrong::Edited, edited),
    (|f| f.it.is_none() && f.next().is_none() && f.after.is_none() && f.bad.whole, At::It, Wrong::Edited, edited),
    (
        |f| f.it.is_none() && f.next().is_none() && f.after.is_none(),
        At::It,
        Wrong::Torn,
        |_| "it was not written whole, or its end was changed; the next record will say so".into(),
    ),
    (|f| f.it.is_none(), At::It, Wrong::Torn, |_| "it is no record, and none that follows speaks of it".into()),
    // A record of another trail.
    (|f| f.is_of_another_trail() && f.follower_resumes(), At::It, Wrong::Inserted, inserted),
    (
        |f| f.is_of_another_trail() && f.follower_is_of_this_trail() && f.gap_before_the_next(),
        At::It,
        Wrong::Edited,
        edited,
    ),
    (|f| f.is_of_another_trail(), At::It, Wrong::AnotherTrail, |_| "it belongs to another trail".into()),
    // The right number.
    (
        |f| f.is_due() && f.it.is_some_and(|it| it.recovery) && (!f.has_key() || f.bad.sealed),
        At::It,
        Wrong::ChainBroken,
        |_| "what stood before it and was noted as not whole has changed".into(),
    ),
    (|f| f.is_due() && f.follower_resumes(), At::It, Wrong::Inserted, inserted),
    (
        |f| f.is_due() && (f.head.is_none() || f.is_linked()) && f.follower_knows_it(),
        At::It,
        Wrong::WrongMac,
        |f| {
            let doubt = if f.walk.report.records == 0 { ", or the first key is not the one" } else { "" };
            format!("it was not sealed with the key of its place{doubt}")
        },
    ),
    (|f| f.is_due() && (f.head.is_none() || f.is_linked()), At::It, Wrong::Edited, edited),
    (
        |f| f.is_due() && f.has_key() && f.bad.sealed,
        At::It,
        Wrong::ChainBroken,
        |f| format!("record {} is genuine, but what stood before it is gone", f.n),
    ),
    (|f| f.is_due() && f.has_key(), At::It, Wrong::Edited, edited),
    // The record after it knows this one as it is: so the one before was changed.
    (
        |f| f.is_due() && f.walk.last.is_some() && f.follower_knows_it(),
        At::Before,
        Wrong::Edited,
        |f| format!("it is not record {} as it was written", f.n.saturating_sub(1)),
    ),
    (|f| f.is_due() && f.after.is_some(), At::It, Wrong::Edited, edited),
    (
        |f| f.is_due(),
        At::It,
        Wrong::ChainBroken,
        |_| "it does not follow from the line before: one of the two was edited".into(),
    ),
    // A number that is to come, in a line that is not ours.
    (
        |f| f.is_early() && !f.bad.ours && !f.gap_before_the_next() && f.has_key(),
        At::It,
        Wrong::Inserted,
        |_| forged("it has no seal of this trail"),
    ),
    (
        |f| f.is_early() && !f.bad.ours && !f.gap_before_the_next(),
        At::It,
        Wrong::Inserted,
        |_| forged("no record has this form"),
    ),
    // A number that is behind us.
    (
        |f| f.is_past() && f.repeated.is_some(),
        At::It,
        Wrong::Repeated,
        |f| format!("record {} stands at line {} already", f.seq(), f.repeated.unwrap_or_default().line),
    ),
    (|f| f.is_past() && f.follower_resumes(), At::It, Wrong::Inserted, inserted),
    (|f| f.is_past() && (f.gap_before_the_next() || f.follower().is_none()), At::It, Wrong::Edited, edited),
    (
        |f| f.is_past(),
        At::It,
        Wrong::SequenceGap,
        |f| format!("it says record {}, and record {} has to follow", f.seq(), f.n),
    ),
    // All numbers before this one are behind us, so the missing one can only stand further on.
    (
        |f| {
            let third = f.third.is_some_and(|m| m.seq == f.n.saturating_add(1));
            f.elsewhere.is_some() && f.follower_resumes() && third
        },
        At::It,
        Wrong::Inserted,
        inserted,
    ),
    (
        |f| f.elsewhere.is_some(),
        At::It,
        Wrong::Swapped,
        |f| {
            let line = f.elsewhere.unwrap_or_default().line;
            format!("record {} stands here, and record {} at line {line}", f.seq(), f.n)
        },
    ),
    (|f| f.gap_before_the_next(), At::It, Wrong::Edited, edited),
    (|f| f.is_linked(), At::It, Wrong::SequenceGap, missing),
    (|_| true, At::It, Wrong::Deleted, missing),
];

fn inserted(f: &Facts<'_>) -> String {
    format!("it does not belong here: record {} follows after it", f.n)
}

fn edited(f: &Facts<'_>) -> String {
    format!("it is not record {} as it was written", f.n)
}

fn missing(f: &Facts<'_>) -> String {
    match f.seq().saturating_sub(f.n) {
        1 => format!("record {} before it is missing", f.n),
        _ => format!("records {} to {} before it are missing", f.n, f.seq().saturating_sub(1)),
    }
}

fn behind_the_tip(f: &Facts<'_>) -> String {
    let last = f.n.checked_sub(1).map_or_else(|| "the beginning".into(), |last| format!("record {last}"));
    forged(&format!("audit.key says that {last} is the end, and no line behind it has the seal of record {}", f.n))
}

fn forged(why: &str) -> String {
    format!(
        "gluepot did not write it: {why}. Secrets stay closed until the trail is archived and a new one is started: \
         gluepot audit restart --reason TEXT"
    )
}

impl Walk<'_> {
    /// Says what is wrong at the first of the lines that did not fit.
    pub(super) fn classify(&self, pending: &Pending) -> Result<Fault, AuditError> {
        let Some(bad) = pending.window.first() else {
            return Ok(self.fault(Place::default(), Wrong::ChainBroken, "nothing follows".into()));
        };
        let mut facts = Facts {
            walk: self,
            pending,
            bad,
            it: bad.members,
            after: pending.window.get(1),
            third: pending.window.get(2).and_then(|seen| seen.members),
            n: self.expected.next.unwrap_or_default(),
            head: self.expected.head,
            repeated: None,
            elsewhere: None,
        };
        // The files are read again only where the answer depends on it.
        if let Some(it) = facts.it.filter(|_| !facts.is_of_another_trail()) {
            if facts.is_past() {
                facts.repeated = self.find(|seq, hash| seq == it.seq && hash == bad.hash, bad.place)?;
            } else if facts.is_early() {
                let n = facts.n;
                facts.elsewhere = self.find(|seq, _| seq == n, bad.place)?;
            }
        }
        let Some((_, at, wrong, words)) = ROWS.iter().find(|(fits, ..)| fits(&facts)) else {
            return Ok(self.fault(bad.place, Wrong::ChainBroken, edited(&facts)));
        };
        let place = match (at, &self.last) {
            (At::Before, Some(last)) => last.place,
            _ => bad.place,
        };
        Ok(self.fault(place, *wrong, words(&facts)))
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
