//! The content of the file: what was sent in which part of the window, and what follows from it. No file, no clock of
//! its own: bytes and milliseconds in, bytes and an answer out.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::quota::{ALONE, BREAKER, LONGEST, QUIET, RECOVERY, pause_after};
use crate::settings::Pace;

/// A window is counted in this many parts.
const PARTS: u64 = 300;
/// One more, since the oldest part has only partly left the window.
const SLOTS: usize = PARTS as usize + 1;

const MAGIC: &[u8; 8] = b"gluequo1";
const HEAD: usize = 8 + 6 * 8;
pub(super) const SIZE: usize = HEAD + SLOTS * 2 + 8;

/// What a process requests.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    /// To send one request; `unrecorded` were sent while the file could not be used
    Take { interactive: bool, unrecorded: u32 },
    /// Only to look
    Look,
    /// IT Glue said 429
    Refused { retry_after: Option<Duration>, jitter: f64 },
    /// IT Glue answered
    Answered,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct View {
    /// The request may be sent and is counted
    pub(crate) taken: bool,
    /// How long to wait before it is worth asking again
    pub(crate) wait: Duration,
    /// How long IT Glue wants quiet
    pub(crate) pause: Duration,
    /// 429s in a row, over all processes
    pub(crate) strikes: u32,
    /// Requests in the window, over all processes
    pub(crate) used: u32,
    /// How many there may be
    pub(crate) limit: u32,
    /// When the oldest leaves the window
    pub(crate) resets_in: Duration,
}

/// The content of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Record {
    /// Milliseconds; a file of another window is started again
    pub(super) window: u64,
    strikes: u64,
    /// The limit after a 429, and when it was set; it grows from there
    granted: u64,
    granted_at: u64,
    pub(super) paused_until: u64,
    /// When the last request was sent
    last: u64,
    /// The number of the newest part, counted from the boot
    newest: u64,
    slots: [u16; SLOTS],
}

impl Record {
    pub(super) fn new(window: u64) -> Self {
        Self {
            window,
            strikes: 0,
            granted: u64::from(u32::MAX),
            granted_at: 0,
            paused_until: 0,
            last: 0,
            newest: 0,
            slots: [0; SLOTS],
        }
    }

    /// One for a file that made no sense: what the others have used is not known.
    pub(super) fn careful(pace: Pace, now: u64) -> Self {
        let granted = (f64::from(pace.per_window) * ALONE) as u64;
        Self { granted, granted_at: now, ..Self::new(millis(pace.window)) }
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_at_checked(SIZE - 8)?;
        // The sum has eight bytes, so a longer file does not match it either.
        if content.get(..8)? != MAGIC || sum != checksum(content) {
            return None;
        }
        let number = |at: usize| -> Option<u64> {
            Some(u64::from_le_bytes(content.get(8 + at * 8..16 + at * 8)?.try_into().ok()?))
        };
        let mut record = Self::new(number(0)?);
        // Strikes and the limit are small numbers and share one.
        let both = number(1)?;
        (record.strikes, record.granted) = (both >> 32, both & 0xffff_ffff);
        (record.granted_at, record.paused_until, record.last, record.newest) =
            (number(2)?, number(3)?, number(4)?, number(5)?);
        let (counts, _) = content.get(HEAD..)?.as_chunks::<2>();
        for (slot, count) in record.slots.iter_mut().zip(counts) {
            *slot = u16::from_le_bytes(*count);
        }
        Some(record)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SIZE);
        bytes.extend_from_slice(MAGIC);
        let both = (self.strikes.min(0xffff_ffff) << 32) | self.granted.min(0xffff_ffff);
        for number in [self.window, both, self.granted_at, self.paused_until, self.last, self.newest] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for slot in self.slots {
            bytes.extend_from_slice(&slot.to_le_bytes());
        }
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    fn part(&self) -> u64 {
        (self.window / PARTS).max(1)
    }

    /// Lets go of what has left the window. The clock of another time namespace may be behind: then no time passes.
    fn advance(&mut self, now: u64) {
        let number = (now / self.part()).max(self.newest);
        if number - self.newest >= SLOTS as u64 {
            self.slots = [0; SLOTS];
        } else {
            for passed in self.newest + 1..=number {
                self.slots[(passed % SLOTS as u64) as usize] = 0;
            }
        }
        self.newest = number;
        let longest = now + millis(LONGEST + QUIET);
        self.paused_until = self.paused_until.min(longest);
        self.last = self.last.min(now);
        self.granted_at = self.granted_at.min(now);
    }

    fn used(&self) -> u32 {
        self.slots.iter().map(|slot| u32::from(*slot)).sum()
    }

    /// Time until `n` requests age out of the window.
    fn until_left(&self, count: u32, now: u64) -> u64 {
        let mut left = 0;
        let oldest = (self.newest + 1).saturating_sub(SLOTS as u64);
        for number in oldest..=self.newest {
            left += u32::from(self.slots[(number % SLOTS as u64) as usize]);
            if left >= count {
                return ((number + SLOTS as u64) * self.part()).saturating_sub(now).max(1);
            }
        }
        0
    }

    fn limit(&self, pace: Pace, now: u64) -> u32 {
        let minutes = now.saturating_sub(self.granted_at) as f64 / 60_000.0;
        let recovered = minutes * RECOVERY * f64::from(pace.per_window);
        let granted = (self.granted as f64 + recovered).min(f64::from(pace.per_window));
        (granted as u32).max(1)
    }

    /// The share for a pressed key: after a refusal not less than what was in use then, so that the user is not kept
    /// waiting until the smaller share has room again. Refusals in a row lower that as well.
    fn limit_for_keys(&self, pace: Pace, now: u64) -> u32 {
        let spared = u32::try_from(self.granted / 3).unwrap_or(u32::MAX);
        self.limit(pace, now).saturating_add(spared).min(pace.per_window)
    }

    fn add(&mut self, count: u32, now: u64) {
        let slot = &mut self.slots[(self.newest % SLOTS as u64) as usize];
        *slot = slot.saturating_add(u16::try_from(count).unwrap_or(u16::MAX));
        self.last = now;
    }

    pub(super) fn apply(&mut self, deed: Deed, pace: Pace, now: u64) -> View {
        self.advance(now);
        let (mut taken, mut wait) = (false, 0);
        match deed {
            Deed::Look => {}
            Deed::Answered => self.strikes = 0,
            Deed::Refused { retry_after, jitter } => {
                if self.paused_until <= now {
                    // Several open requests, of any process, may be refused together: that is one refusal.
                    self.strikes += 1;
                    let used = self.used().min(self.limit(pace, now));
                    let least = f64::from(pace.per_window) * 0.05;
                    self.granted = (f64::from(used) * 0.75).max(least) as u64;
                    self.granted_at = now;
                }
                let strikes = u32::try_from(self.strikes).unwrap_or(u32::MAX);
                let pause = pause_after(strikes, retry_after, jitter);
                self.paused_until = self.paused_until.max(now + millis(pause));
            }
            Deed::Take { interactive, unrecorded } => {
                if unrecorded > 0 {
                    self.add(unrecorded, now);
                }
                let limit = self.limit(pace, now);
                let limit = if interactive { self.limit_for_keys(pace, now) } else { limit - limit / 10 };
                let used = self.used();
                let probing = self.strikes >= u64::from(BREAKER);
                if self.paused_until > now {
                    wait = self.paused_until - now;
                } else if probing && self.last + millis(QUIET) > now && self.last > 0 {
                    // One process at a time asks whether IT Glue answers again.
                    wait = self.last + millis(QUIET) - now;
                } else if used >= limit {
                    wait = self.until_left(used - limit + 1, now);
                } else {
                    self.add(1, now);
                    taken = true;
                }
            }
        }
        View {
            taken,
            wait: Duration::from_millis(wait),
            pause: Duration::from_millis(self.paused_until.saturating_sub(now)),
            strikes: u32::try_from(self.strikes).unwrap_or(u32::MAX),
            used: self.used(),
            limit: self.limit(pace, now),
            resets_in: Duration::from_millis(self.until_left(1, now)),
        }
    }
}

pub(super) fn checksum(bytes: &[u8]) -> [u8; 8] {
    let sum: [u8; 32] = Sha256::digest(bytes).into();
    let mut short = [0; 8];
    short.copy_from_slice(&sum[..8]);
    short
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
