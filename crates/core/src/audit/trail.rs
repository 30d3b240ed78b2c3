//! The open trail while the lock is held: comparing, healing, and adding one record.

use std::fs::{File, Metadata};
use std::io;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::error::length;
use super::file::{self, Access, Seen};
use super::full::{closed_before, closed_name, finish_rotation};
use super::keep::{Audit, Left};
use super::record::{self, Line, MAX_LINE};
use super::state::{self, Clock, State};
use super::{AuditError, torn};

/// By how much the clock may go back before it is reported and nothing is fetched until then.
const CLOCK_STEP: Duration = Duration::from_secs(60);

/// How much may be in the log after the end that `audit.key` knows. More is not left by a crash.
pub(super) const MAX_UNNOTED: u64 = 1 << 20;

/// The open trail, while the lock is held.
pub(super) struct Trail<'a> {
    pub(super) audit: &'a Audit,
    pub(super) log: File,
    pub(super) key: File,
    pub(super) state: State,
    pub(super) seen: Seen,
}

impl<'a> Trail<'a> {
    /// Opens both files, compares them with each other and with what this process saw last, and heals the end.
    pub(super) fn open(audit: &'a Audit, before: Option<Left>) -> Result<Self, AuditError> {
        let (key, state) = match file::open(&audit.key, Access::Update)? {
            Some((key, _)) => {
                let state = State::read(&key, &audit.key)?;
                (Some(key), state)
            }
            None => (None, None),
        };
        let (key, state) = match (key, state) {
            (Some(key), Some(mut state)) if state.rotating => {
                finish_rotation(audit, &mut state, &key)?;
                (Some(key), Some(state))
            }
            other => other,
        };
        let log = file::open(&audit.log, Access::Append)?;
        let log_is_empty = log.as_ref().is_none_or(|(_, meta)| meta.len() == 0);
        let (key, state) = match (key, state) {
            (Some(key), Some(state)) => (key, state),
            // A trail without records, perhaps one whose key was being made when the power went.
            (key, None) if log_is_empty && before.is_none() => {
                let key = match key {
                    Some(key) => key,
                    None => file::create(&audit.key, Access::Update)?.0,
                };
                let state = State::new()?;
                state.write(&key, &audit.key)?;
                key.sync_all().map_err(|source| AuditError::io("flush", &audit.key, source))?;
                (key, state)
            }
            (_, _) => return Err(AuditError::KeyLost { path: audit.key.clone() }),
        };
        let (log, meta) = match log {
            Some(log) => log,
            None if state.next == 0 && before.is_none() => file::create(&audit.log, Access::Append)?,
            None => return Err(AuditError::Vanished { path: audit.log.clone() }),
        };
        let seen = file::seen(&meta);
        if let Some(before) = before {
            still_there(audit, &before, &state, seen)?;
        }
        let mut trail = Self { audit, log, key, state, seen };
        trail.catch_up(&meta)?;
        Ok(trail)
    }

    /// Brings the state to the end of the log: checks the last record, walks over those that were not noted, and
    /// closes what was not written whole.
    pub(super) fn catch_up(&mut self, meta: &Metadata) -> Result<(), AuditError> {
        if meta.len() < self.state.size {
            return Err(AuditError::Shrunk { path: self.audit.log.clone() });
        }
        self.check_head()?;
        let unnoted = meta.len() - self.state.size;
        if unnoted > MAX_UNNOTED {
            return Err(AuditError::Altered { path: self.audit.log.clone() });
        }
        let mut broken = None;
        if unnoted > 0 {
            // What a process left may be in memory only, and stay there after a flush that failed.
            self.log.sync_data().map_err(|source| AuditError::io("flush", &self.audit.log, source))?;
            file::forget_cached(&self.log);
            broken = self.walk(unnoted as usize)?;
        }
        if self.state.next > 0 && self.state.size == 0 {
            let before = closed_before(&self.audit.dir, self.state.first);
            self.write("continue", false, |line, _| {
                line.text("follows", &before.unwrap_or_default(), 100);
            })?;
        }
        if self.state.next == 0 {
            self.state.inode = self.seen.inode;
            let before = self.audit.before.as_ref();
            let gone = file::remembered(&self.audit.dir).filter(|gone| *gone != self.state.trail);
            self.write("start", broken.is_some_and(|broken| broken.open), |line, _| {
                line.number("bytes", broken.map_or(0, |broken| broken.bytes));
                // It was not archived, so the first record says that it was there.
                if let Some(gone) = gone.filter(|_| before.is_none()) {
                    line.text("gone", &record::hex(&gone), 16);
                }
                if let Some(before) = before {
                    line.text("aside", &before.aside, 100).number("logs", before.logs).text("why", &before.reason, 300);
                    line.text("before", &before.anchor.map(|anchor| anchor.to_string()).unwrap_or_default(), 200);
                }
            })?;
        } else if let Some(broken) = broken {
            self.write("recovery", broken.open, |line, _| {
                let why = if broken.overtaken { torn::OVERTAKEN } else { "a record was not written whole" };
                line.text("why", why, 100).number("bytes", broken.bytes);
            })?;
        }
        if self.state.inode != self.seen.inode {
            self.state.inode = self.seen.inode;
            self.write("recovery", false, |line, _| {
                line.text("why", "the file is a copy: same content, another file", 100);
            })?;
        }
        Ok(())
    }

    /// Compares the last line that was noted with its hash.
    fn check_head(&self) -> Result<(), AuditError> {
        if self.state.size == 0 {
            return Ok(());
        }
        let from = self.state.size.saturating_sub(MAX_LINE as u64);
        let tail = self.read_log((self.state.size - from) as usize, from)?;
        let line = tail.strip_suffix(b"\n");
        let line = line.map(|tail| tail.rsplit(|&byte| byte == b'\n').next().unwrap_or_default());
        if line.is_some_and(|line| record::hash(line) == self.state.head) {
            Ok(())
        } else {
            Err(AuditError::Altered { path: self.audit.log.clone() })
        }
    }

    pub(super) fn read_log(&self, len: usize, from: u64) -> Result<Vec<u8>, AuditError> {
        state::read_at(&self.log, len, from).map_err(|source| AuditError::io("read", &self.audit.log, source))
    }

    /// Adds a record and flushes it to the disk.
    pub(super) fn append(
        &mut self,
        kind: &str,
        fill: impl FnOnce(&mut Line, &[u8; 8]),
    ) -> Result<(u64, [u8; 8]), AuditError> {
        let seq = self.next()?;
        self.write(kind, false, fill)?;
        Ok((seq, self.state.trail))
    }

    /// The number of the record that is added next, in a log that has room for it.
    pub(super) fn next(&mut self) -> Result<u64, AuditError> {
        // Only records count: junk that another program writes does not decide when the log is closed.
        if self.state.size.saturating_sub(self.state.waste) >= self.audit.full {
            self.rotate()?;
        }
        Ok(self.state.next)
    }

    /// A clock that was set back makes the times of the trail worth less: that is written down and told once, before
    /// anything is fetched. Small steps are how clocks are kept right; they are flagged and stop no one.
    pub(super) fn heed_clock(&mut self) -> Result<(), AuditError> {
        let by = Duration::from_millis(self.state.went_back(&self.audit.clock()));
        if by < CLOCK_STEP {
            return Ok(());
        }
        self.next()?;
        let clock = self.write("recovery", false, |line, _| {
            line.text("why", &format!("the clock went back by {}", length(by)), 100);
        })?;
        self.state.set_clock(&clock);
        self.state.write(&self.key, &self.audit.key)?;
        Err(AuditError::ClockBack { by })
    }

    /// Writes one line in one call, flushes it, and notes the new end. `torn` closes an open line before it.
    pub(super) fn write(
        &mut self,
        kind: &str,
        torn: bool,
        fill: impl FnOnce(&mut Line, &[u8; 8]),
    ) -> Result<Clock, AuditError> {
        let path = &self.audit.log;
        let mut line = Line::new(kind, &self.state.trail, self.state.next);
        let clock = self.audit.clock();
        let back = self.state.went_back(&clock);
        line.text("time", &written(clock.time), 40).flag("clock_back", back > 0);
        if back > 0 {
            line.number("back_ms", back);
        }
        let unsent = self.audit.unsent.load(Ordering::Relaxed);
        if unsent > 0 {
            line.number("unsent", unsent);
        }
        self.audit.identity.describe(&mut line);
        fill(&mut line, &self.state.trail);
        let sealed = line.seal(&self.state.head, &self.state.key);
        let mut bytes = Vec::with_capacity(sealed.len() + 1);
        if torn {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(&sealed);

        let written = file::write_once(&mut self.log, &bytes);
        let written = written.map_err(|source| AuditError::io("add a record to", path, source))?;
        if written != bytes.len() {
            return Err(AuditError::Short { path: path.clone(), written, wanted: bytes.len() });
        }
        self.log.sync_data().map_err(|source| AuditError::io("flush", path, source))?;

        let meta = self.confirm(&bytes, sealed.trim_ascii_end())?;
        self.seen = file::seen(&meta);
        let key = self.state.key.clone();
        let mut recent = self.audit.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push(self.state.head, key.clone());
        drop(recent);
        self.state.advance(sealed.trim_ascii_end(), bytes.len() as u64);
        self.state.waste += u64::from(torn);
        // After a large step the clocks of before it stay, until an intent has reported it.
        if Duration::from_millis(back) < CLOCK_STEP {
            self.state.set_clock(&clock);
        }
        self.state.write(&self.key, &self.audit.key)?;
        self.audit.unsent.fetch_sub(unsent, Ordering::Relaxed);
        self.copy(kind, sealed.trim_ascii_end(), &key)?;
        Ok(clock)
    }

    /// Holds what was just written against the path and the disk.
    fn confirm(&self, bytes: &[u8], sealed: &[u8]) -> Result<Metadata, AuditError> {
        let path = &self.audit.log;
        // What was opened must still be what the path names, and no other process may have written into it.
        let meta = file::check(&self.log, path)?;
        if meta.len() != self.state.size + bytes.len() as u64 {
            let mut overtaken = self.audit.overtaken.lock().unwrap_or_else(PoisonError::into_inner);
            overtaken.push(sealed.to_vec());
            let more = overtaken.len().saturating_sub(4);
            overtaken.drain(..more);
            return Err(AuditError::Altered { path: path.clone() });
        }
        // A disk below that is full may lose the end of a write and call it done: loop devices do.
        file::forget_cached(&self.log);
        if self.read_log(bytes.len(), self.state.size)? != bytes {
            return Err(AuditError::NotKept { path: path.clone() });
        }
        Ok(meta)
    }

    /// Sends a copy of a record. Those of our own house-keeping never stop anything: the next intent will.
    fn copy(&self, kind: &str, line: &[u8], key: &record::Key) -> Result<(), AuditError> {
        let Some(sink) = &self.audit.sink else { return Ok(()) };
        let line = std::str::from_utf8(line).unwrap_or_default();
        let Err(source) = sink.send(line, key) else { return Ok(()) };
        self.audit.unsent.fetch_add(1, Ordering::Relaxed);
        if sink.required && matches!(kind, "intent" | "outcome") {
            return Err(AuditError::Sink { system: sink.system, socket: sink.socket.clone(), source });
        }
        Ok(())
    }
}

/// Checks that the log this process wrote to last is the one of now, or one that was closed in order.
fn still_there(audit: &Audit, before: &Left, state: &State, now: Seen) -> Result<(), AuditError> {
    if state.trail != before.trail
        && state.next > 0
        && (before.file.inode, before.file.device) != (now.inode, now.device)
    {
        return Err(AuditError::Restarted { dir: audit.dir.clone() });
    }
    let (path, now) = if state.trail == before.trail && state.first > before.first {
        let closed = audit.dir.join(closed_name(before.first));
        match closed.symlink_metadata() {
            Ok(meta) => (closed, file::seen(&meta)),
            // It was stored elsewhere; the chain continues without it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(AuditError::io("look at", &closed, source)),
        }
    } else {
        (audit.log.clone(), now)
    };
    if (before.file.device, before.file.inode) != (now.device, now.inode) || state.trail != before.trail {
        Err(AuditError::Replaced { path })
    } else if now.size < before.file.size {
        Err(AuditError::Shrunk { path })
    } else {
        Ok(())
    }
}

/// A time as written in the file.
fn written(millis: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
