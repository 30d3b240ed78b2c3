//! The clock that times secrets: it runs on while the machine sleeps or the process is stopped.
//!
//! `std::time::Instant`, and with it every timer of the runtime, stops while the machine sleeps: a password that
//! had ten seconds left when the lid was closed would have ten seconds left an hour later. [`BootTime`] counts the time
//! since boot with the sleep in it. [`Alarm`] wakes the loop by that clock: on Linux the kernel rings it as part of the
//! wake-up; elsewhere the loop looks twice a second while something is due. [`Sleep`] tells that the machine has
//! slept, since what was connected before is dead afterwards without knowing it.

use std::ops::Add;
use std::time::{Duration, Instant};

/// A moment, as the time since boot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BootTime(Duration);

impl BootTime {
    /// Now.
    #[cfg(target_os = "linux")]
    pub fn now() -> Self {
        Self(of(rustix::time::clock_gettime(rustix::time::ClockId::Boottime)))
    }

    /// Now. Untested: here this clock counts sleep.
    #[cfg(target_vendor = "apple")]
    pub fn now() -> Self {
        Self(of(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic)))
    }

    /// Now. Untested: the clock of the day is the only one here that two processes share and that counts sleep.
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    pub fn now() -> Self {
        Self(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default())
    }

    /// How long it is from `now` to this moment; nothing once it has come.
    pub fn left(self, now: Self) -> Duration {
        self.0.saturating_sub(now.0)
    }

    /// Milliseconds since boot: how two processes name a moment.
    pub fn millis(self) -> u64 {
        self.0.as_millis() as u64
    }
}

impl Add<Duration> for BootTime {
    type Output = Self;

    fn add(self, after: Duration) -> Self {
        Self(self.0.saturating_add(after))
    }
}

#[cfg(unix)]
fn of(time: rustix::time::Timespec) -> Duration {
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Sees that the machine has slept: then more time has passed than the runtime's clock counted.
#[derive(Debug)]
pub struct Sleep {
    boot: BootTime,
    running: Instant,
}

impl Sleep {
    /// Shorter differences are the two clocks being read one after the other on a busy machine.
    const LEAST: Duration = Duration::from_secs(1);

    /// Begins to watch.
    pub fn watch() -> Self {
        Self { boot: BootTime::now(), running: Instant::now() }
    }

    /// Says how long the machine has slept since this was asked last; nothing if it has not.
    pub fn since_last(&mut self) -> Option<Duration> {
        self.between(BootTime::now(), Instant::now())
    }

    fn between(&mut self, boot: BootTime, running: Instant) -> Option<Duration> {
        let slept = boot.left(self.boot).saturating_sub(running.saturating_duration_since(self.running));
        (self.boot, self.running) = (boot, running);
        (slept >= Self::LEAST).then_some(slept)
    }
}

/// Wakes the loop at a moment of [`BootTime`], and when the machine wakes up.
#[derive(Debug)]
pub struct Alarm(Option<system::Timers>);

impl Alarm {
    /// An alarm that is not set.
    pub fn new() -> Self {
        // Without the system's timers (a sandbox may refuse them) the clock is checked now and then.
        Self(system::Timers::new().ok())
    }

    /// Returns at this moment, or after the machine has slept or its clock was set; seldom for no reason. Dropping the
    /// future loses nothing.
    pub async fn ring(&self, due: Option<BootTime>) {
        match &self.0 {
            Some(timers) => timers.ring(due).await,
            None => look_until(due).await,
        }
    }
}

impl Default for Alarm {
    fn default() -> Self {
        Self::new()
    }
}

/// How often the clock is checked where the system has no alarm for it.
const LOOK: Duration = Duration::from_millis(500);

async fn look_until(due: Option<BootTime>) {
    let Some(due) = due else { return std::future::pending().await };
    loop {
        let left = due.left(BootTime::now());
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(LOOK)).await;
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
    };
    use tokio::sync::Notify;

    use super::BootTime;

    /// A thread sleeps in the kernel until one of two timers has something to say.
    #[derive(Debug)]
    pub(super) struct Timers(Arc<Shared>);

    #[derive(Debug)]
    struct Shared {
        due: OwnedFd,
        /// Set to a day that never comes; it ends early when the clock of the day jumps, which a wake-up makes it do
        jumps: OwnedFd,
        rung: Notify,
        over: AtomicBool,
    }

    /// A moment in the far future, in seconds since 1970.
    const NEVER: i64 = 1 << 40;

    fn timer(clock: TimerfdClockId) -> io::Result<OwnedFd> {
        Ok(timerfd_create(clock, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?)
    }

    fn set(timer: &OwnedFd, flags: TimerfdTimerFlags, seconds: i64, nanos: u32) -> io::Result<()> {
        let once = Itimerspec {
            it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
            // All zeros would mean that it is not set.
            it_value: Timespec { tv_sec: seconds, tv_nsec: i64::from(nanos.max(1)) },
        };
        timerfd_settime(timer, TimerfdTimerFlags::ABSTIME | flags, &once)?;
        Ok(())
    }

    impl Shared {
        fn watch_jumps(&self) -> io::Result<()> {
            set(&self.jumps, TimerfdTimerFlags::CANCEL_ON_SET, NEVER, 0)
        }

        fn listen(&self) {
            while !self.over.load(Ordering::Acquire) {
                let mut fds = [PollFd::new(&self.due, PollFlags::IN), PollFd::new(&self.jumps, PollFlags::IN)];
                match poll(&mut fds, None) {
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(_) => return,
                }
                // What is read is how often it rang, or an error that says that the clock jumped: both have the
                // same effect, and a timer that has nothing to say is not waited for.
                let mut count = [0u8; 8];
                let rang = rustix::io::read(&self.due, &mut count).is_ok();
                let jumped = matches!(rustix::io::read(&self.jumps, &mut count), Err(rustix::io::Errno::CANCELED));
                if jumped && self.watch_jumps().is_err() {
                    return;
                }
                if rang || jumped {
                    self.rung.notify_one();
                }
            }
        }
    }

    impl Timers {
        pub(super) fn new() -> io::Result<Self> {
            let shared = Arc::new(Shared {
                due: timer(TimerfdClockId::Boottime)?,
                jumps: timer(TimerfdClockId::Realtime)?,
                rung: Notify::new(),
                over: AtomicBool::new(false),
            });
            shared.watch_jumps()?;
            let listener = Arc::clone(&shared);
            std::thread::Builder::new().name("alarm".to_owned()).spawn(move || listener.listen())?;
            Ok(Self(shared))
        }

        pub(super) async fn ring(&self, due: Option<BootTime>) {
            if let Some(at) = due
                && set(&self.0.due, TimerfdTimerFlags::empty(), at.0.as_secs().cast_signed(), at.0.subsec_nanos())
                    .is_err()
            {
                return super::look_until(due).await;
            }
            self.0.rung.notified().await;
        }
    }

    impl Drop for Timers {
        fn drop(&mut self) {
            self.0.over.store(true, Ordering::Release);
            // A moment that has passed wakes the thread. If that cannot be set it sleeps until the process ends.
            let _ = set(&self.0.due, TimerfdTimerFlags::empty(), 0, 1);
        }
    }
}

/// Untested.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::io;

    use super::BootTime;

    #[derive(Debug)]
    pub(super) struct Timers;

    impl Timers {
        pub(super) fn new() -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) async fn ring(&self, due: Option<BootTime>) {
            super::look_until(due).await;
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_an_end_and_counts_on() {
        let now = BootTime::now();
        let due = now + Duration::from_millis(50);
        assert_eq!(due.left(now), Duration::from_millis(50));
        assert_eq!(now.left(due), Duration::ZERO);
        assert!(now.millis() > 0 && due > now);
    }

    #[test]
    fn sleep_is_what_the_runtime_did_not_count() {
        let (boot, running) = (BootTime::now(), Instant::now());
        let mut sleep = Sleep { boot, running };
        let minute = Duration::from_secs(60);
        assert_eq!(sleep.between(boot + minute, running + minute), None);
        let (boot, running) = (boot + minute, running + minute);
        // The lid was closed for an hour, of which the runtime's clock saw a second.
        let slept = sleep.between(boot + Duration::from_secs(3600), running + Duration::from_secs(1));
        assert_eq!(slept, Some(Duration::from_secs(3599)));
        let (boot, running) = (boot + Duration::from_secs(3600), running + Duration::from_secs(1));
        assert_eq!(sleep.between(boot + minute, running + minute), None, "it is told once");
    }

    /// The runtime's clock is stopped here, as while the machine sleeps. The alarm still rings.
    #[tokio::test(start_paused = true)]
    async fn the_alarm_rings_while_the_clock_of_the_runtime_stands_still() {
        let alarm = Alarm::new();
        let (start, stood) = (BootTime::now(), tokio::time::Instant::now());
        let due = start + Duration::from_millis(80);
        while BootTime::now() < due {
            alarm.ring(Some(due)).await;
        }
        assert!(stood.elapsed() < Duration::from_millis(80), "the clock of the runtime went on: {:?}", stood.elapsed());
    }

    #[tokio::test]
    async fn an_alarm_that_is_set_anew_rings_by_the_new_moment_and_one_in_the_past_at_once() {
        let alarm = Alarm::new();
        let far = BootTime::now() + Duration::from_secs(3600);
        let waited = tokio::time::timeout(Duration::from_millis(30), alarm.ring(Some(far))).await;
        assert!(waited.is_err(), "nothing is due");
        let near = BootTime::now() + Duration::from_millis(20);
        tokio::time::timeout(Duration::from_secs(10), alarm.ring(Some(near))).await.unwrap();
        tokio::time::timeout(Duration::from_secs(10), alarm.ring(Some(near))).await.unwrap();
    }
}
