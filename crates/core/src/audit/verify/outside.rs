//! Holding the records against what was kept outside: anchors, and copies in a log system.

use std::path::{Path, PathBuf};

use super::super::marks::{Anchor, Claim};
use super::super::read::{Link, read_line, sources};
use super::super::record::{self, Hash};
use super::walk::{Place, Walk};
use super::{Fault, Wrong};

/// How many rows of records without a copy are named.
const MAX_ROWS: usize = 10;

/// Trails are not archived more often than this without anyone noticing.
const MAX_ARCHIVES: usize = 100;

const ANYBODY: &str = "Anyone on that host can write to its log system, so this alone says nothing about who did what; --key tells \
                       genuine copies from others";

impl Walk<'_> {
    /// Holds a record that is in order against what is said about it outside.
    pub(super) fn compare(&mut self, place: Place, trail: [u8; 8], link: &Link<'_>, hash: Hash) -> Option<Fault> {
        if self.report.records == 1 {
            self.report.copies_from = self.anchors.first_copy(trail);
        }
        let claims = self.anchors.claims.get(&(trail, link.seq)).map_or(&[][..], Vec::as_slice);
        let note = self.anchors.note.filter(|note| (note.trail, note.seq) == (trail, link.seq));
        self.report.anchored += u64::from(!claims.is_empty() || note.is_some());
        if note.is_some_and(|note| note.hash != hash) {
            let detail = format!("record {} is another than the one that audit.key remembers", link.seq);
            return Some(self.fault(place, Wrong::Rewritten, detail));
        }
        self.count_copies(link, claims);
        let (same, other): (Vec<&Claim>, Vec<&Claim>) = claims.iter().partition(|claim| claim.hash == hash);
        let other = other.first()?;
        let doubtful = other.copy && self.first_key.is_none();
        if same.is_empty() {
            let doubt = if doubtful { format!(". {ANYBODY}") } else { String::new() };
            let detail = format!("record {} is another than the one that was kept outside{doubt}", link.seq);
            return Some(self.fault(place, Wrong::Rewritten, detail));
        }
        let detail = if doubtful {
            format!("record {} has copies that differ, and one of them is this record. {ANYBODY}", link.seq)
        } else {
            format!(
                "of record {} two different forms were kept outside, and one of them is this record: the trail was \
                 continued twice from the record before, from a backup or by someone who had audit.key",
                link.seq
            )
        };
        let fault = self.fault(place, Wrong::CopiesDiffer, detail);
        self.contradiction.get_or_insert(fault);
        None
    }

    fn count_copies(&mut self, link: &Link<'_>, claims: &[Claim]) {
        let report = &mut self.report;
        let Some(from) = report.copies_from.filter(|from| *from <= link.seq) else { return };
        let unsent = if link.seq > from { link.unsent } else { 0 };
        report.unsent_since = report.unsent_since.saturating_add(unsent);
        if claims.iter().any(|claim| claim.copy) {
            return;
        }
        report.uncopied += 1;
        let rows = &mut report.uncopied_first;
        if let Some((_, last)) = rows.last_mut().filter(|(_, last)| last.checked_add(1) == Some(link.seq)) {
            *last = link.seq;
        } else if rows.len() < MAX_ROWS {
            rows.push((link.seq, link.seq));
        }
    }

    /// Holds the end against what is known outside.
    pub(super) fn end(&mut self) -> Option<Fault> {
        let noted = self.anchors.note.map(|note| (note.seq, note.trail));
        let known = self.anchors.claims.keys().map(|(trail, seq)| (*seq, *trail)).chain(noted);
        let place = self.last.as_ref().map(|last| last.place);
        let Some((trail, (first, end))) = self.report.trail.zip(self.report.range) else {
            let (seq, _) = known.max()?;
            let detail = format!("there are no records, and there were at least {}", seq.saturating_add(1));
            return Some(Fault { path: PathBuf::new(), line: 0, wrong: Wrong::Lost, detail });
        };
        let place = place.unwrap_or_default();
        self.report.anchors_archived = known.clone().filter(|(_, of)| self.archived.contains(of)).count() as u64;
        let strange = known.clone().filter(|(_, of)| *of != trail && !self.archived.contains(of)).max();
        if let Some((seq, other)) = strange {
            let detail = format!(
                "this is trail {}, and record {seq} of trail {} was kept outside",
                record::hex(&trail),
                record::hex(&other)
            );
            return Some(self.fault(place, Wrong::AnotherTrail, detail));
        }
        let known = known.filter(|(_, of)| *of == trail);
        self.report.anchors_before = known.clone().filter(|(seq, _)| *seq < first).count() as u64;
        if let Some((seq, _)) = known.max().filter(|(seq, _)| *seq > end) {
            let claims = self.anchors.claims.get(&(trail, seq)).map_or(&[][..], Vec::as_slice);
            let by_note = self.anchors.note.is_some_and(|note| note.seq == seq);
            let doubtful = !by_note && self.first_key.is_none() && claims.iter().all(|claim| claim.copy);
            let doubt = if doubtful { format!(", or that copy is no true one. {ANYBODY}") } else { String::new() };
            let detail = format!(
                "the trail ends with record {end}, and record {seq} was known outside: its end was cut off{doubt}"
            );
            return Some(self.fault(place, Wrong::TailCut, detail));
        }
        self.contradiction.take().or_else(|| self.without_copy(place))
    }

    /// Records without a copy that no record accounts for.
    fn without_copy(&self, place: Place) -> Option<Fault> {
        let report = &self.report;
        if report.uncopied <= report.unsent_since {
            return None;
        }
        let detail = format!(
            "{} have no copy, though record {} has one: the log system lost them or never got them, the copies are older \
             than the records, or someone who had audit.key added the records",
            rows(report.uncopied, &report.uncopied_first),
            report.copies_from.unwrap_or_default()
        );
        Some(self.fault(place, Wrong::NoCopy, detail))
    }
}

/// Records by their numbers: how many, and the first of them as first and last of several in a row.
pub fn rows(count: u64, rows: &[(u64, u64)]) -> String {
    let named: u64 = rows.iter().map(|(first, last)| last - first + 1).sum();
    let mut text: Vec<_> = rows
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first} to {last}") })
        .collect();
    if count > named {
        text.push(format!("{} more", count - named));
    }
    format!("{} {}", if count == 1 { "record" } else { "records" }, text.join(", "))
}

/// The trails that were archived one before the other, by the folder that the first record of each names. A folder that
/// holds another trail than was said is none.
pub(super) fn archived(dir: &Path, aside: &str, before: &str) -> Vec<[u8; 8]> {
    let (mut found, mut next) = (Vec::new(), Some((aside.to_owned(), before.to_owned())));
    while let Some((aside, before)) = next.take().filter(|_| found.len() < MAX_ARCHIVES) {
        if !aside.starts_with("aside-") || aside.contains(['/', '\\']) {
            break;
        }
        let Ok(files) = sources(&dir.join(aside)) else { break };
        let Some(mut file) = files.first().and_then(|file| file.open().ok()) else {
            found.extend(Anchor::find(&before).map(|anchor| anchor.trail));
            break;
        };
        let mut line = Vec::new();
        let _ = read_line(&mut file, &mut line);
        let Ok(link) = serde_json::from_slice::<Link<'_>>(&line) else {
            // Damaged in its first line; the record that archived it says what it was.
            found.extend(Anchor::find(&before).map(|anchor| anchor.trail));
            break;
        };
        let Some(trail) = record::from_hex(link.trail.as_bytes()) else { break };
        if Anchor::find(&before).is_some_and(|anchor| anchor.trail != trail) {
            break;
        }
        found.push(trail);
        next = (!link.aside.is_empty()).then(|| (link.aside.into_owned(), link.before.into_owned()));
    }
    found
}
