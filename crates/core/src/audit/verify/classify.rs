//! Which kind of damage it is, told from the lines around the first that does not fit.

use super::super::AuditError;
use super::super::read::{Link, read_line};
use super::super::record::{self, Hash};
use super::super::torn::MAX_TORN;
use super::walk::{Pending, Place, Seen, Walk};
use super::{Fault, Wrong};

impl Walk<'_> {
    /// Says what is wrong at the first of the lines that did not fit.
    pub(super) fn classify(&self, pending: &Pending) -> Result<Fault, AuditError> {
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

        let forged = |why: &str| {
            told(
                Wrong::Inserted,
                format!(
                    "gluepot did not write it: {why}. Secrets stay closed until the trail is archived and a new one is \
                     started: gluepot audit restart --reason TEXT"
                ),
            )
        };
        // The rest of one crash may be there; the next record will mention it.
        let is_rest = after.is_none() && !bad.whole && pending.foreign.is_none() && pending.bytes <= MAX_TORN;
        if !is_rest
            && self.tip.as_ref().is_some_and(|tip| Some(tip.next) == self.expected.next && Some(tip.head) == head)
        {
            let last = n.checked_sub(1).map_or_else(|| "the beginning".into(), |last| format!("record {last}"));
            return forged(&format!(
                "audit.key says that {last} is the end, and no line behind it has the seal of record {n}"
            ));
        }

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
        let gap_before_the_next = members(after).is_some_and(|m| m.seq == n.saturating_add(1));
        if !bad.ours && it.seq > n && !gap_before_the_next {
            return forged(if self.key.is_some() { "it has no seal of this trail" } else { "no record has this form" });
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
        // All earlier numbers are done, so it can only be further on.
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
