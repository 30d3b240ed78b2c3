//! Which lines of a trail are part of its chain: what lists, sums and notes show, and what they leave out.
//!
//! A line belongs to the chain when it names the hash of the line before, and what comes behind the record that
//! `audit.key` remembers has to be sealed with the key that is there. Where the chain is broken, the part that leads to
//! that record is followed, and the record before the break is left out if the one after it contradicts it. What was not
//! written whole, and is spoken of by the record after it, is not counted.

use std::collections::HashSet;
use std::path::Path;

use super::AuditError;
use super::full::closed_first;
use super::read::{Link, Read1, Source, read_line};
use super::record::{self, Hash, Key};
use super::state::State;
use super::torn::{MAX_TORN, OVERTAKEN, is_torn};

/// More changes between lines that belong and lines that do not are not kept apart.
const MAX_RUNS: usize = 100_000;

/// Number of the part that is shown in no case.
const STRAY: u32 = 0;

/// What a pass over the lines found.
#[derive(Default)]
pub(super) struct Chosen {
    /// For this many lines in a row, the part they are in
    runs: Vec<(u32, u64)>,
    parts: HashSet<u32>,
    /// A line that the one after it contradicts
    doubted: Option<u64>,
    /// How many lines are not part of the chain, without those that were not written whole
    pub(super) left_out: u64,
}

impl Chosen {
    /// Says of one line after the other whether it is part of the chain.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = bool> + '_ {
        let each = self.runs.iter().flat_map(|&(part, lines)| (0..lines).map(move |_| part));
        each.enumerate().map(|(at, part)| self.parts.contains(&part) && self.doubted != Some(at as u64))
    }
}

/// What `audit.key` beside the files says about their end.
pub(super) fn tip(sources: &[Source]) -> Option<State> {
    let last = &sources.last()?.path;
    if !is_named_as_ours(last) {
        return None;
    }
    let path = last.with_file_name("audit.key");
    // There may be a pipe in its place, which would never respond.
    path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    State::read(&std::fs::File::open(&path).ok()?, &path).ok()?
}

fn is_named_as_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name == "audit.log" || closed_first(name).is_some())
}

/// Groups the files of one trail: those of one folder with our names, otherwise each alone.
pub(super) fn trails(sources: &[Source]) -> impl Iterator<Item = &[Source]> {
    sources.chunk_by(|one, other| {
        is_named_as_ours(&one.path) && is_named_as_ours(&other.path) && one.path.parent() == other.path.parent()
    })
}

/// Text behind the last record of a part.
#[derive(Clone)]
struct Behind {
    head: Hash,
    bytes: u64,
    lines: u64,
    torn: bool,
}

impl Behind {
    /// One line more.
    fn and(before: Option<Self>, bytes: &[u8], read: Read1) -> Self {
        let torn = is_torn(bytes) && !read.long;
        match before {
            None => Self { head: record::hash(bytes), bytes: read.length, lines: 1, torn },
            Some(before) => Self {
                head: record::hash_after(&before.head, bytes),
                bytes: before.bytes + read.length,
                lines: before.lines + 1,
                torn: before.torn && torn,
            },
        }
    }
}

/// Records that follow from each other.
#[derive(Clone)]
struct Part {
    number: u32,
    trail: [u8; 8],
    first: u64,
    next: u64,
    head: Hash,
    /// The line of the last record
    last: u64,
    behind: Option<Behind>,
    has_tip: bool,
    /// The key of the next record, behind the one that `audit.key` remembers
    key: Option<Key>,
}

struct Pass {
    tip: Option<State>,
    main: Option<Part>,
    /// The numbers that the main part had: it gets another where it continues after lines that are not part of it
    main_numbers: Vec<u32>,
    /// The main part before it last continued so, and how many numbers it had: a record may say that what continues
    /// was written too late
    before: Option<(Part, usize)>,
    fork: Option<Part>,
    /// Text before the first record
    opening: Option<Behind>,
    chosen: Chosen,
    lines: u64,
    numbers: u32,
    healed: u64,
    in_chain: u64,
}

/// Goes over the files of one trail.
pub(super) fn choose(sources: &[Source]) -> Result<Chosen, AuditError> {
    let mut pass = Pass {
        tip: tip(sources),
        main: None,
        main_numbers: Vec::new(),
        before: None,
        fork: None,
        opening: None,
        chosen: Chosen::default(),
        lines: 0,
        numbers: STRAY,
        healed: 0,
        in_chain: 0,
    };
    let mut buffer = Vec::with_capacity(4096);
    for source in sources {
        let mut reader = source.open()?;
        let mut first = true;
        loop {
            let read = read_line(&mut reader, &mut buffer);
            let Some(read) = read.map_err(|error| AuditError::io("read", &source.path, error))? else { break };
            let part = pass.look(&buffer, read, first);
            pass.count(part);
            first = false;
        }
    }
    Ok(pass.end())
}

impl Pass {
    fn look(&mut self, bytes: &[u8], read: Read1, is_first: bool) -> u32 {
        let link = serde_json::from_slice::<Link<'_>>(bytes).ok().filter(|_| read.whole && !read.long);
        let parsed = link.as_ref().and_then(|link| {
            Some((link, record::from_hex(link.trail.as_bytes())?, record::from_hex(link.prev.as_bytes())?))
        });
        if let Some((link, trail, prev)) = parsed
            && let Some(number) = self.continues(link, trail, prev, bytes, read)
        {
            return number;
        }
        let before = self.before.as_mut().map(|(part, _)| part);
        for part in [self.main.as_mut(), self.fork.as_mut(), before].into_iter().flatten() {
            part.pass(bytes, read);
        }
        let opening = self.opening.take();
        let Some((link, trail, prev)) = parsed else {
            if self.main.is_none() && (is_first || opening.is_some()) {
                self.opening = Some(Behind::and(opening, bytes, read));
            }
            return STRAY;
        };
        self.begin(link, trail, prev, bytes, opening, is_first)
    }

    /// The part that goes on with this record, if one does.
    fn continues(&mut self, link: &Link<'_>, trail: [u8; 8], prev: Hash, bytes: &[u8], read: Read1) -> Option<u32> {
        let tip = self.tip.as_ref();
        let takes = |part: &Option<Part>| part.as_ref().is_some_and(|p| p.takes(link, trail, prev, bytes, tip));
        if takes(&self.main) {
            return Some(self.go_on(prev, bytes, read));
        }
        if link.why == OVERTAKEN
            && let Some((part, numbers)) = self.before.take_if(|(part, _)| part.takes(link, trail, prev, bytes, tip))
        {
            self.main_numbers.truncate(numbers);
            self.main = Some(part);
            return Some(self.go_on(prev, bytes, read));
        }
        if takes(&self.fork) {
            if let Some(main) = &mut self.main {
                main.pass(bytes, read);
            }
            let fork = self.fork.as_mut();
            return Some(fork.map_or(STRAY, |fork| fork.accept(bytes, prev, self.lines, tip, &mut self.healed)));
        }
        None
    }

    /// Begins a part with a record that none goes on with.
    fn begin(
        &mut self,
        link: &Link<'_>,
        trail: [u8; 8],
        prev: Hash,
        bytes: &[u8],
        opening: Option<Behind>,
        is_first: bool,
    ) -> u32 {
        let noted = opening.filter(|behind| behind.torn && behind.head == prev && link.bytes > 0);
        let begins = self.main.is_none()
            && match link.kind {
                "start" => link.seq == 0 && (prev == [0; 32] || noted.is_some()),
                "continue" => is_first,
                _ => false,
            };
        let mut part = Part {
            number: self.numbers + 1,
            trail,
            first: link.seq,
            next: link.seq,
            head: prev,
            last: self.lines,
            behind: None,
            has_tip: false,
            key: self.tip.as_ref().filter(|tip| tip.next == link.seq).map(|tip| tip.key.clone()),
        };
        if !part.takes(link, trail, prev, bytes, self.tip.as_ref()) {
            return STRAY;
        }
        self.numbers += 1;
        if begins {
            self.main_numbers = vec![part.number];
            self.healed += noted.map_or(0, |behind| behind.lines);
        }
        let number = part.accept(bytes, prev, self.lines, self.tip.as_ref(), &mut self.healed);
        *if begins { &mut self.main } else { &mut self.fork } = Some(part);
        number
    }

    /// Takes the next record of the main part.
    fn go_on(&mut self, prev: Hash, bytes: &[u8], read: Read1) -> u32 {
        self.fork = None;
        let Some(main) = &mut self.main else { return STRAY };
        if main.behind.is_some() && main.head == prev {
            let mut before = main.clone();
            before.pass(bytes, read);
            self.before = Some((before, self.main_numbers.len()));
            self.numbers += 1;
            main.number = self.numbers;
            self.main_numbers.push(main.number);
        } else if let Some((before, _)) = &mut self.before {
            before.pass(bytes, read);
        }
        self.before.take_if(|(part, _)| part.behind.as_ref().is_some_and(|behind| behind.bytes > MAX_TORN + 1));
        main.accept(bytes, prev, self.lines, self.tip.as_ref(), &mut self.healed)
    }

    fn count(&mut self, part: u32) {
        self.lines += 1;
        let full = self.chosen.runs.len() >= MAX_RUNS;
        match self.chosen.runs.last_mut() {
            Some((last, lines)) if *last == part || full => {
                *last = if *last == part { part } else { STRAY };
                *lines += 1;
            }
            _ => self.chosen.runs.push((part, 1)),
        }
    }

    fn end(mut self) -> Chosen {
        let tip_is_in_main = self.main.as_ref().is_some_and(|main| main.has_tip);
        let fork = self.fork.take().filter(|fork| self.main.is_none() || fork.has_tip && !tip_is_in_main);
        // What leads to the record that is remembered says which of two parts was there.
        let fits = |main: &Part, fork: &Part| main.trail == fork.trail && main.next <= fork.first;
        let main = self.main.filter(|main| fork.as_ref().is_none_or(|fork| fits(main, fork)));
        if let (Some(main), Some(fork)) = (&main, &fork)
            && main.next == fork.first
        {
            self.chosen.doubted = Some(main.last);
        }
        self.chosen.parts.extend(fork.iter().map(|part| part.number));
        self.chosen.parts.extend(main.iter().flat_map(|_| self.main_numbers.iter().copied()));
        self.in_chain += self.chosen.verdicts().filter(|&belongs| belongs).count() as u64;
        // One text without an end may be there after a crash: the next record will mention it.
        let unfinished = main.as_ref().and_then(|main| main.behind.as_ref()).filter(|behind| behind.torn);
        let fine = self.healed + unfinished.map_or(0, |behind| u64::from(behind.lines == 1));
        self.chosen.left_out = self.lines.saturating_sub(self.in_chain).saturating_sub(fine);
        self.chosen
    }
}

impl Part {
    fn takes(&self, link: &Link<'_>, trail: [u8; 8], prev: Hash, bytes: &[u8], tip: Option<&State>) -> bool {
        let in_place = trail == self.trail && link.seq == self.next;
        let linked = prev == self.head
            || self.behind.as_ref().is_some_and(|behind| {
                (behind.torn || link.why == OVERTAKEN)
                    && behind.bytes <= MAX_TORN + 1
                    && behind.head == prev
                    && matches!(link.kind, "recovery" | "start")
                    && (link.bytes == behind.bytes || link.bytes.checked_add(1) == Some(behind.bytes))
            });
        let known = tip.is_none_or(|tip| match tip.next.checked_sub(1) {
            _ if trail != tip.trail => false,
            Some(last) if link.seq < last => true,
            Some(last) if link.seq == last => record::hash(bytes) == tip.head,
            _ => self.key.as_ref().is_some_and(|key| record::is_sealed(bytes, &prev, key)),
        });
        in_place && linked && known
    }

    /// Takes the record that follows. Returns the number of the part.
    fn accept(&mut self, bytes: &[u8], prev: Hash, line: u64, tip: Option<&State>, healed: &mut u64) -> u32 {
        *healed += self.behind.take().filter(|behind| behind.head == prev).map_or(0, |behind| behind.lines);
        self.key = self.key.as_ref().map(record::next_key);
        self.next = self.next.saturating_add(1);
        self.head = record::hash(bytes);
        self.last = line;
        if let Some(tip) = tip.filter(|tip| tip.next == self.next) {
            self.has_tip = true;
            self.key = Some(tip.key.clone());
        }
        self.number
    }

    /// Counts a line that is not a record of this part.
    fn pass(&mut self, bytes: &[u8], read: Read1) {
        self.behind = Some(Behind::and(self.behind.take(), bytes, read));
    }
}
