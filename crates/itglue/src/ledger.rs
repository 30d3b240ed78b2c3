//! The quota over several processes: one small file that counts the requests of all gluepot of one user on one host.
//!
//! **Who shares.** IT Glue counts by account, and two keys may belong to one account, so the file is for an address of
//! the API and not for a key: nothing in it or in its name comes from a key. Two accounts behind one address share it
//! too; each then gets less than it could, never more. Other users of the host have files of their own, and so have
//! other hosts that share the home folder (the boot id is part of the name): what they use shows in a 429, after which
//! everybody here takes less.
//!
//! **What is in it.** How many requests were sent in each of the last 301 parts of a window (a part is a second), until
//! when IT Glue wants quiet, how often in a row it said 429, and how much of the quota we allow ourselves since. Times
//! are of the boot clock, which no program sets.
//!
//! **What can go wrong.** The file is opened anew each time, without following links, and used only if it is ours alone.
//! It is locked for microseconds; who cannot have the lock for [`LOCK_PATIENCE`] does without. A file that makes no
//! sense (its checksum tells) is begun anew with a careful limit. Without the file the process counts for itself and
//! keeps to [`ALONE`] of the quota. Nothing here waits on the thread of the screen.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::pace::{BREAKER, LONGEST, QUIET, RECOVERY, pause_after};
use super::settings::Pace;
use gluepot_core::clock::BootTime;

/// The part of the quota that a process takes which cannot see what the others take.
pub(super) const ALONE: f64 = 0.25;
/// How long the lock is waited for.
const LOCK_PATIENCE: Duration = Duration::from_millis(100);
/// A file system that takes longer than this is done without.
const ANSWER_PATIENCE: Duration = Duration::from_millis(500);
/// No more threads than this wait for a file system that hangs.
const MOST_WAITING: usize = 8;
/// A window is counted in so many parts.
const PARTS: u64 = 300;
/// One more, since the oldest part has only partly left the window.
const SLOTS: usize = PARTS as usize + 1;
/// Files of boots and addresses that nobody used for so long are removed.
const FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);

const MAGIC: &[u8; 8] = b"gluequo1";
const HEAD: usize = 8 + 6 * 8;
const SIZE: usize = HEAD + SLOTS * 2 + 8;

/// Why the file cannot be used, in words.
pub(super) type Unusable = String;

/// The file of one address.
pub(super) struct Ledger {
    path: PathBuf,
    pace: Pace,
    waiting: AtomicUsize,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
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
pub(super) struct View {
    /// The request may be sent and is counted
    pub(super) taken: bool,
    /// How long to wait before it is worth asking again
    pub(super) wait: Duration,
    /// How long IT Glue wants quiet
    pub(super) pause: Duration,
    /// 429s in a row, over all processes
    pub(super) strikes: u32,
    /// Requests in the window, over all processes
    pub(super) used: u32,
    /// How many there may be
    pub(super) limit: u32,
    /// When the oldest leaves the window
    pub(super) resets_in: Duration,
}

/// The content of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Record {
    /// Milliseconds; a file of another window is begun anew
    window: u64,
    strikes: u64,
    /// The limit after a 429, and when it was set; it grows from there
    granted: u64,
    granted_at: u64,
    paused_until: u64,
    /// When the last request was sent
    last: u64,
    /// The number of the newest part, counted from the boot
    newest: u64,
    slots: [u16; SLOTS],
}

impl Record {
    fn new(window: u64) -> Self {
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
    fn careful(pace: Pace, now: u64) -> Self {
        let granted = (f64::from(pace.per_window) * ALONE) as u64;
        Self { granted, granted_at: now, ..Self::new(millis(pace.window)) }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
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

    fn write(&self) -> Vec<u8> {
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

    /// Lets go of what has left the window. The clock of another time namespace may be behind: then time stands still.
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

    /// How long until so many requests have left the window.
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

    /// What whoever presses a key may use: after a refusal not less than what was in use then, so that he is not kept
    /// from everything until the smaller share has room again. Refusals in a row lower that, too.
    fn limit_for_keys(&self, pace: Pace, now: u64) -> u32 {
        let spared = u32::try_from(self.granted / 3).unwrap_or(u32::MAX);
        self.limit(pace, now).saturating_add(spared).min(pace.per_window)
    }

    fn add(&mut self, count: u32, now: u64) {
        let slot = &mut self.slots[(self.newest % SLOTS as u64) as usize];
        *slot = slot.saturating_add(u16::try_from(count).unwrap_or(u16::MAX));
        self.last = now;
    }

    fn apply(&mut self, deed: Deed, pace: Pace, now: u64) -> View {
        self.advance(now);
        let (mut taken, mut wait) = (false, 0);
        match deed {
            Deed::Look => {}
            Deed::Answered => self.strikes = 0,
            Deed::Refused { retry_after, jitter } => {
                if self.paused_until <= now {
                    // Several requests under way, of whichever process, may be refused together: that is one refusal.
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

fn checksum(bytes: &[u8]) -> [u8; 8] {
    let sum: [u8; 32] = Sha256::digest(bytes).into();
    let mut short = [0; 8];
    short.copy_from_slice(&sum[..8]);
    short
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Ledger {
    /// The file for an address in that folder. Nothing is opened yet.
    pub(super) fn new(folder: &Path, address: &str, pace: Pace) -> Self {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let name = u64::from_be_bytes(checksum(format!("{} {address}", boot.trim()).as_bytes()));
        Self { path: folder.join(format!("{name:016x}")), pace, waiting: AtomicUsize::new(0) }
    }

    /// Does something with the file, off this thread and within a bounded time.
    pub(super) async fn ask(self: &Arc<Self>, deed: Deed) -> Result<View, Unusable> {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(format!("{} does not answer", self.path.display()));
        }
        let ledger = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let result = ledger.transact(deed);
            ledger.waiting.fetch_sub(1, Ordering::SeqCst);
            result
        });
        match tokio::time::timeout(ANSWER_PATIENCE, work).await {
            Ok(Ok(result)) => result.map_err(|error| format!("{}: {error}", self.path.display())),
            Ok(Err(_)) => Err("the count of requests broke off".to_owned()),
            Err(_) => Err(format!("{} does not answer", self.path.display())),
        }
    }

    fn transact(&self, deed: Deed) -> io::Result<View> {
        let deadline = Instant::now() + LOCK_PATIENCE;
        let file = loop {
            let file = self.open()?;
            loop {
                match file.try_lock() {
                    Ok(()) => break,
                    Err(std::fs::TryLockError::Error(error)) => return Err(error),
                    Err(std::fs::TryLockError::WouldBlock) if Instant::now() >= deadline => {
                        return Err(io::Error::other("somebody keeps it locked"));
                    }
                    // Others hold it for microseconds.
                    Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
                }
            }
            // Whoever removed it in between has cut us off from those who come after.
            if is_there(&file)? || Instant::now() >= deadline {
                break file;
            }
        };
        let now = BootTime::now().millis();
        let mut bytes = vec![0; SIZE + 1];
        let length = read_at_start(&file, &mut bytes)?;
        bytes.truncate(length);
        let window = millis(self.pace.window);
        let before = Record::read(&bytes);
        let mut record = match &before {
            Some(record) if record.window == window => record.clone(),
            Some(_) => Record::careful(self.pace, now),
            None if bytes.is_empty() => {
                self.sweep();
                Record::new(window)
            }
            None => {
                tracing::warn!("the count of requests was damaged and is begun anew");
                Record::careful(self.pace, now)
            }
        };
        let view = record.apply(deed, self.pace, now);
        if before.as_ref() != Some(&record) {
            write_at_start(&file, &record.write())?;
            file.set_len(SIZE as u64)?;
        }
        Ok(view)
    }

    #[cfg(unix)]
    fn open(&self) -> io::Result<File> {
        use std::os::unix::fs::MetadataExt as _;

        use rustix::fs::{Mode, OFlags};

        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        // The folder may be a link, if it leads to one of mine that others cannot change.
        if let Some(folder) = self.path.parent() {
            gluepot_core::private_file::create_private_dir(folder)?;
            gluepot_core::private_file::check_own_folder(folder).map_err(io::Error::other)?;
        }
        let file = File::from(rustix::fs::open(&self.path, flags, Mode::RUSR | Mode::WUSR)?);
        let metadata = file.metadata()?;
        let mine = metadata.uid() == rustix::process::geteuid().as_raw();
        if !metadata.is_file() || !mine || metadata.mode() & 0o022 != 0 || metadata.nlink() > 1 {
            return Err(io::Error::other("it is not an ordinary file of mine alone; remove it"));
        }
        Ok(file)
    }

    #[cfg(not(unix))]
    fn open(&self) -> io::Result<File> {
        if let Some(folder) = self.path.parent() {
            gluepot_core::private_file::create_private_dir(folder)?;
        }
        File::options().read(true).write(true).create(true).truncate(false).open(&self.path)
    }

    /// Removes what other boots and addresses left behind. What cannot be removed does no harm.
    fn sweep(&self) {
        let Some(entries) = self.path.parent().and_then(|folder| std::fs::read_dir(folder).ok()) else { return };
        for entry in entries.flatten().take(1_000) {
            let is_ours = entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let age = entry.metadata().ok().and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
            if is_ours && entry.path() != self.path && age.is_some_and(|age| age > FORGOTTEN) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(unix)]
fn is_there(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(file.metadata()?.nlink() > 0)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same form as on Unix")]
fn is_there(_: &File) -> io::Result<bool> {
    // An open file cannot be removed there.
    Ok(true)
}

fn read_at_start(mut file: &File, bytes: &mut [u8]) -> io::Result<usize> {
    use std::io::Read as _;
    let mut length = 0;
    while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn write_at_start(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    use std::io::{Seek as _, Write as _};
    file.seek(io::SeekFrom::Start(0))?;
    file.write_all(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PACE: Pace = Pace { per_second: 8, per_window: 100, window: Duration::from_secs(300), at_once: 6 };
    const TAKE: Deed = Deed::Take { interactive: true, unrecorded: 0 };

    #[test]
    fn a_record_is_read_as_it_was_written_and_every_changed_byte_is_seen() {
        let mut record = Record::new(300_000);
        for second in 0..400 {
            record.apply(TAKE, PACE, 5_000_000 + second * 1_000);
        }
        record.apply(Deed::Refused { retry_after: None, jitter: 0.5 }, PACE, 5_500_000);
        let bytes = record.write();
        assert_eq!(Record::read(&bytes), Some(record));
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert_eq!(Record::read(&changed), None, "byte {at}");
        }
        assert_eq!(Record::read(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Record::read(&[&bytes[..], &[0]].concat()), None);
        assert_eq!(Record::read(b""), None);
    }

    #[test]
    fn a_file_of_another_version_is_not_read_though_its_sum_is_right() {
        let mut bytes = Record::new(300_000).write();
        bytes[..8].copy_from_slice(b"gluequo2");
        let sum = checksum(&bytes[..SIZE - 8]);
        bytes[SIZE - 8..].copy_from_slice(&sum);
        assert_eq!(Record::read(&bytes), None);
    }

    proptest! {
        /// Whoever asks whenever: no window holds more than the limit, and a wait that was asked for is enough and no
        /// longer than a request takes to leave.
        #[test]
        fn no_window_holds_more_than_the_limit(
            steps in prop::collection::vec(prop_oneof![2 => 0_u64..200, 1 => 0_u64..9_000], 1..600)
        ) {
            let mut record = Record::new(300_000);
            let (mut now, mut sent) = (7_000_000_u64, Vec::new());
            for step in steps {
                now += step;
                let view = record.apply(TAKE, PACE, now);
                if view.taken {
                    sent.push(now);
                } else {
                    prop_assert!(sent.len() >= 100, "refused although only {} were sent", sent.len());
                    let leaves = sent[sent.len() - 100] + 301_000;
                    now += millis(view.wait);
                    prop_assert!(now <= leaves, "told to wait {} ms too long", now - leaves);
                    prop_assert!(record.apply(TAKE, PACE, now).taken, "the wait was too short");
                    sent.push(now);
                }
                let in_window = sent.iter().filter(|at| now - **at < 300_000).count();
                prop_assert!(in_window <= 100, "{in_window}");
            }
        }
    }

    /// What is in use at a moment, and in how many milliseconds the oldest of it leaves.
    fn seen(record: &mut Record, now: u64) -> (u32, u64) {
        let view = record.apply(Deed::Look, PACE, now);
        (view.used, millis(view.resets_in))
    }

    #[test]
    fn a_request_counts_until_its_second_has_left_the_window() {
        let mut record = Record::new(300_000);
        assert_eq!(seen(&mut record, 9_000_700), (0, 0));
        record.apply(TAKE, PACE, 9_000_700);
        record.apply(TAKE, PACE, 9_002_000);
        assert_eq!(seen(&mut record, 9_002_000), (2, 299_000));
        assert_eq!(seen(&mut record, 9_300_999), (2, 1));
        assert_eq!(seen(&mut record, 9_301_000), (1, 2_000), "the first has left");
        assert_eq!(seen(&mut record, 9_302_999), (1, 1));
        assert_eq!(seen(&mut record, 9_303_000), (0, 0));
        // After a longer silence than a window nothing of it is left.
        record.apply(TAKE, PACE, 9_303_000);
        assert_eq!(seen(&mut record, 9_604_000), (0, 0));
        record.apply(TAKE, PACE, 9_604_000);
        assert_eq!(seen(&mut record, 19_604_000), (0, 0));
    }

    #[test]
    fn a_window_of_another_length_is_counted_in_parts_of_its_own() {
        let pace = Pace { window: Duration::from_secs(30), ..PACE };
        let mut record = Record::new(30_000);
        for at in [9_000_000, 9_000_099, 9_000_100] {
            record.apply(TAKE, pace, at);
        }
        let used = |record: &mut Record, now| record.apply(Deed::Look, pace, now).used;
        assert_eq!(used(&mut record, 9_030_099), 3);
        assert_eq!(used(&mut record, 9_030_100), 1);
        assert_eq!(used(&mut record, 9_030_200), 0);
    }

    #[test]
    fn who_has_to_wait_is_told_until_when() {
        // Ten, and later the rest: whoever presses a key waits for one of them to leave, background work for eleven.
        let mut record = Record::new(300_000);
        for at in std::iter::repeat_n(9_000_000, 10).chain(std::iter::repeat_n(9_007_000, 90)) {
            assert!(record.apply(TAKE, PACE, at).taken);
        }
        let background = Deed::Take { interactive: false, unrecorded: 0 };
        let view = record.apply(TAKE, PACE, 9_100_000);
        assert_eq!((view.taken, millis(view.wait), view.used), (false, 201_000, 100));
        let view = record.apply(background, PACE, 9_100_000);
        assert_eq!((view.taken, millis(view.wait)), (false, 208_000));
        assert!(record.apply(TAKE, PACE, 9_301_000).taken);

        // A pause that IT Glue asked for, to its end; what was asked for later does not shorten it.
        let mut record = Record::new(300_000);
        let refused = |seconds| Deed::Refused { retry_after: Some(Duration::from_secs(seconds)), jitter: 0.0 };
        assert_eq!(millis(record.apply(refused(20), PACE, 9_000_000).pause), 20_000);
        let view = record.apply(TAKE, PACE, 9_004_500);
        assert_eq!((view.taken, millis(view.wait), millis(view.pause)), (false, 15_500, 15_500));
        assert_eq!(millis(record.apply(refused(3), PACE, 9_005_000).pause), 15_000);
        assert!(!record.apply(TAKE, PACE, 9_019_999).taken);
        assert!(record.apply(TAKE, PACE, 9_020_000).taken);
    }

    #[test]
    fn while_one_process_asks_whether_it_is_over_the_others_wait_for_its_answer() {
        let mut record = Record::new(300_000);
        let mut now = 9_000_000;
        for _ in 0..BREAKER {
            record.apply(Deed::Refused { retry_after: None, jitter: 0.0 }, PACE, now);
            now = record.paused_until;
        }
        assert!(record.apply(TAKE, PACE, now).taken, "nobody has asked yet");
        let view = record.apply(TAKE, PACE, now + 1_500);
        assert_eq!((view.taken, millis(view.wait)), (false, 3_500));
        assert!(record.apply(TAKE, PACE, now + 5_000).taken, "no answer came: the next one asks");

        // Four refusals are no reason for that yet.
        let mut record = Record::new(300_000);
        for _ in 1..BREAKER {
            record.apply(Deed::Refused { retry_after: None, jitter: 0.0 }, PACE, now);
            now = record.paused_until;
        }
        assert!(record.apply(TAKE, PACE, now).taken && record.apply(TAKE, PACE, now + 1).taken);
    }

    #[test]
    fn what_a_429_takes_away_comes_back_by_a_tenth_a_minute() {
        let limit = |record: &mut Record, now| record.apply(Deed::Look, PACE, now).limit;
        let refused = Deed::Refused { retry_after: None, jitter: 0.0 };
        let mut record = Record::new(300_000);
        assert_eq!(limit(&mut record, 9_000_000), 100);
        for _ in 0..40 {
            record.apply(TAKE, PACE, 9_000_000);
        }
        assert_eq!(record.apply(refused, PACE, 9_000_000).limit, 30, "what was used, less a quarter");
        assert_eq!(record.limit_for_keys(PACE, 9_000_000), 40, "keys may use what was in use");
        assert_eq!(limit(&mut record, 9_030_000), 35);
        assert_eq!(limit(&mut record, 9_180_000), 60);
        assert_eq!(limit(&mut record, 9_600_000), 100, "and no more than there was");
        assert_eq!(record.limit_for_keys(PACE, 9_600_000), 100);
        // Who had sent nothing keeps a twentieth.
        let mut record = Record::new(300_000);
        assert_eq!(record.apply(refused, PACE, 9_000_000).limit, 5);
        // A file that made no sense: a quarter at first.
        let mut record = Record::careful(PACE, 9_000_000);
        assert_eq!(limit(&mut record, 9_000_000), 25);
        assert_eq!(limit(&mut record, 9_060_000), 35);
    }

    #[test]
    fn what_was_sent_without_the_file_is_counted_with_the_next_request() {
        let mut record = Record::new(300_000);
        let view = record.apply(Deed::Take { interactive: true, unrecorded: 7 }, PACE, 9_000_000);
        assert_eq!((view.taken, view.used), (true, 8));
        let view = record.apply(Deed::Take { interactive: true, unrecorded: 92 }, PACE, 9_000_001);
        assert_eq!((view.taken, view.used), (false, 100), "counted also where it leaves no room");
        let view = record.apply(Deed::Take { interactive: true, unrecorded: 200_000 }, PACE, 9_000_002);
        assert_eq!(view.used, u32::from(u16::MAX), "more than a part can hold is as much as it can");
    }

    #[test]
    fn background_work_leaves_a_tenth_to_whoever_presses_a_key() {
        let mut record = Record::new(300_000);
        let background = Deed::Take { interactive: false, unrecorded: 0 };
        let taken = (0..200).filter(|_| record.apply(background, PACE, 9_000_000).taken).count();
        assert_eq!(taken, 90);
        let taken = (0..200).filter(|_| record.apply(TAKE, PACE, 9_000_000).taken).count();
        assert_eq!(taken, 10);
    }

    #[test]
    fn a_429_quiets_everybody_and_the_breaker_lets_one_ask() {
        let mut record = Record::new(300_000);
        let mut now = 9_000_000;
        for _ in 0..4 {
            record.apply(TAKE, PACE, now);
        }
        for strike in 1..=5 {
            let refused = Deed::Refused { retry_after: None, jitter: 0.0 };
            let view = record.apply(refused, PACE, now);
            assert_eq!(view.strikes, strike);
            assert_eq!(record.apply(refused, PACE, now + 1).strikes, strike, "refused together counts once");
            assert!(view.pause >= QUIET);
            assert!(!record.apply(TAKE, PACE, now + 4_999).taken);
            now = record.paused_until;
        }
        assert!(record.limit(PACE, now) < 40, "a smaller share afterwards");
        assert!(record.apply(TAKE, PACE, now).taken);
        assert!(!record.apply(TAKE, PACE, now + 4_999).taken, "one at a time");
        record.apply(Deed::Answered, PACE, now + 5_000);
        assert!(record.apply(TAKE, PACE, now + 5_001).taken);
        assert_eq!(record.limit(PACE, now + 600_000), 100, "won back");
    }

    #[test]
    fn after_a_429_keys_go_on_when_the_pause_is_over_and_the_rest_waits_for_room() {
        let pace = Pace { per_window: 3_000, ..PACE };
        let mut record = Record::new(300_000);
        let mut now = 9_000_000;
        for _ in 0..1_000 {
            assert!(record.apply(TAKE, pace, now).taken);
        }
        let refused = Deed::Refused { retry_after: None, jitter: 0.0 };
        let background = Deed::Take { interactive: false, unrecorded: 0 };
        assert_eq!(record.apply(refused, pace, now).limit, 750);
        now = record.paused_until;
        assert!(!record.apply(background, pace, now).taken);
        let taken = (0..100).filter(|_| record.apply(TAKE, pace, now).taken).count();
        assert!((20..=30).contains(&taken), "what was won back in five seconds: {taken}");
        // Refused once more: now keys wait, too, and not for long.
        record.apply(refused, pace, now);
        now = record.paused_until;
        let view = record.apply(TAKE, pace, now);
        assert!(!view.taken && view.wait > Duration::ZERO);
        assert!(record.apply(TAKE, pace, now + 60_000).taken);
    }

    #[test]
    fn a_clock_that_is_behind_and_a_pause_without_end_do_no_harm() {
        let mut record = Record::new(300_000);
        record.apply(TAKE, PACE, 9_000_000);
        record.paused_until = u64::MAX;
        let view = record.apply(TAKE, PACE, 1_000);
        assert!(view.pause <= LONGEST + QUIET && !view.taken);
    }

    #[test]
    fn links_devices_shared_files_and_held_locks_are_not_used() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(&folder.path().join("quota"), "https://api.itglue.com/", PACE);
        assert!(ledger.transact(TAKE).unwrap().taken);
        let mode = std::fs::metadata(&ledger.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let holder = ledger.open().unwrap();
        holder.lock().unwrap();
        let begun = Instant::now();
        assert!(ledger.transact(TAKE).unwrap_err().to_string().contains("locked"));
        assert!(begun.elapsed() < Duration::from_secs(2));
        drop(holder);
        assert_eq!(ledger.transact(Deed::Look).unwrap().used, 1);

        std::fs::set_permissions(&ledger.path, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(ledger.transact(TAKE).is_err());
        std::fs::remove_file(&ledger.path).unwrap();
        symlink(folder.path().join("elsewhere"), &ledger.path).unwrap();
        assert!(ledger.transact(TAKE).is_err());
        assert!(!folder.path().join("elsewhere").exists());
        std::fs::remove_file(&ledger.path).unwrap();
        std::fs::create_dir(&ledger.path).unwrap();
        assert!(ledger.transact(TAKE).is_err());
        std::fs::remove_dir(&ledger.path).unwrap();

        let refused = |what: &str| {
            let why = ledger.transact(TAKE).unwrap_err().to_string();
            assert!(why.contains("not an ordinary file of mine alone"), "{what}: {why}");
            std::fs::remove_file(&ledger.path).unwrap();
        };
        rustix::fs::mkfifoat(rustix::fs::CWD, &ledger.path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        refused("a FIFO");
        for mode in [0o620, 0o602] {
            assert!(ledger.transact(TAKE).unwrap().taken);
            std::fs::set_permissions(&ledger.path, std::fs::Permissions::from_mode(mode)).unwrap();
            refused("others may write");
        }
        assert!(ledger.transact(TAKE).unwrap().taken);
        std::fs::hard_link(&ledger.path, folder.path().join("a second name")).unwrap();
        refused("a second name");
        assert!(ledger.transact(TAKE).unwrap().taken);
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(&ledger.path, Some(65_534), None).unwrap();
            refused("somebody else's");
        }
    }

    /// Somebody tidies the folder up while a request waits for the lock: what is counted then has to be where those
    /// look who come later.
    #[test]
    fn a_file_that_is_removed_while_it_is_waited_for_is_not_counted_in() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path(), "https://api.itglue.com/", PACE);
        let counted_in_the_new_file = || {
            let holder = ledger.open().unwrap();
            holder.lock().unwrap();
            let taken = std::thread::scope(|scope| {
                let waiting = scope.spawn(|| ledger.transact(TAKE));
                std::thread::sleep(Duration::from_millis(20));
                std::fs::remove_file(&ledger.path).unwrap();
                drop(holder);
                waiting.join().unwrap()
            });
            // On a busy machine the wait may be over before the lock is free: then nothing was counted.
            taken.is_ok_and(|view| view.taken).then(|| ledger.transact(Deed::Look).unwrap().used)
        };
        let found = (0..50).find_map(|_| counted_in_the_new_file());
        assert_eq!(found, Some(1));
    }

    #[test]
    fn a_program_that_is_started_is_not_given_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path(), "https://api.itglue.com/", PACE);
        let flags = rustix::io::fcntl_getfd(ledger.open().unwrap()).unwrap();
        assert!(flags.contains(rustix::io::FdFlags::CLOEXEC), "{flags:?}");
    }

    #[test]
    fn a_damaged_file_is_begun_anew_with_care() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path(), "https://api.itglue.com/", PACE);
        ledger.transact(TAKE).unwrap();
        for content in [&b"no count at all"[..], &[0xff; SIZE], &[0; SIZE * 3]] {
            std::fs::write(&ledger.path, content).unwrap();
            let view = ledger.transact(TAKE).unwrap();
            assert_eq!((view.taken, view.limit), (true, 25));
            assert_eq!(ledger.transact(Deed::Look).unwrap().used, 1, "it is whole again");
            assert_eq!(std::fs::metadata(&ledger.path).unwrap().len(), SIZE as u64);
        }
        // One that another setting wrote is not damaged, but says nothing of this window.
        let other = Pace { window: Duration::from_secs(60), ..PACE };
        let view = Ledger::new(folder.path(), "https://api.itglue.com/", other).transact(TAKE).unwrap();
        assert_eq!((view.used, view.limit), (1, 25));
    }

    #[test]
    fn nothing_of_a_key_is_in_the_file_and_old_files_go() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("0123456789abcdef");
        std::fs::write(&old, "").unwrap();
        let long_ago = std::time::SystemTime::now() - FORGOTTEN * 2;
        File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
        // Of other names, or still in use, or somebody's folder: those stay.
        for other in ["something else", "0123456789abcdeg", "0123456789abcde", "fedcba9876543210"] {
            std::fs::write(folder.path().join(other), "").unwrap();
        }
        for name in ["something else", "0123456789abcdeg", "0123456789abcde"] {
            let other = File::options().write(true).open(folder.path().join(name)).unwrap();
            other.set_modified(long_ago).unwrap();
        }
        // Two keys have one file: it is made from the address alone.
        Ledger::new(folder.path(), "https://api.itglue.com/", PACE).transact(TAKE).unwrap();
        Ledger::new(folder.path(), "https://api.itglue.com/", PACE).transact(TAKE).unwrap();
        Ledger::new(folder.path(), "https://api.eu.itglue.com/", PACE).transact(TAKE).unwrap();
        assert!(!old.exists());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 6);
    }
}
