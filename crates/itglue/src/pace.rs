//! Who may send when: the pace, the shared quota, and the pause after a 429.
//!
//! Two sliding windows count what was sent: one second (8 by default) and five minutes (3,000). The first requests
//! after a pause are not delayed, and no second ever holds more than its share. Of those who wait, interactive
//! requests go first and background ones leave a part of both windows to them.
//!
//! The quota belongs to the whole account. A 429 therefore says that others use it too: the pacer pauses for
//! everybody, takes a smaller share afterwards and wins it back slowly. After [`BREAKER`] refusals in a row it
//! sends one request at a time until one succeeds.
//!
//! Several processes of one user share what they know in a file (`ledger`). Who cannot use it takes a quarter of the
//! quota, and says so.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Quota;
use super::ledger::{ALONE, Deed, Ledger, View};
use super::settings::Pace;
use super::urgency::Urgency;
use gluepot_core::text::Clean;

/// So many refusals in a row open the breaker.
pub(super) const BREAKER: u32 = 5;
/// Shortest pause after a 429 that does not say how long.
pub(super) const QUIET: Duration = Duration::from_secs(5);
/// Shortest pause when it does: `Retry-After: 0` must not turn into a storm.
const SHORTEST: Duration = Duration::from_secs(1);
/// Longest pause, whatever the server says: after a whole window the quota is fresh.
pub(super) const LONGEST: Duration = Duration::from_secs(300);
/// Somebody who pressed a key and would have to wait longer than this is told so instead.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same for work in the background, which nobody looks at.
const BACKGROUND_PATIENCE: Duration = Duration::from_secs(60);
/// The share of the quota that is won back per minute without a refusal.
pub(super) const RECOVERY: f64 = 0.10;
const SECOND: Duration = Duration::from_secs(1);
/// A ledger that could not be used is tried again after this time.
const LEDGER_AGAIN: Duration = Duration::from_secs(5);
/// A ledger that said no is asked again after this time at the latest: another process may have won quota back.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// What is shown of the other processes may be this old.
const STALE: Duration = Duration::from_secs(1);

/// Hands out the permission to send.
pub(super) struct Pacer {
    pace: Pace,
    /// What the processes of this user count together
    ledger: Option<Arc<Ledger>>,
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    /// When the requests of the current window were sent, oldest first
    sent: VecDeque<Instant>,
    /// Those who wait: (ticket, urgency), in the order of arrival
    waiting: VecDeque<(u64, Urgency)>,
    next_ticket: u64,
    under_way: u32,
    paused_until: Option<Instant>,
    /// Refusals (429) since the last success
    strikes: u32,
    /// What part of `per_window` we take, from 0 to 1, as of `share_since`
    share: f64,
    share_since: Instant,
    /// What the ledger said last, and when
    seen: Option<(View, Instant)>,
    /// Why it cannot be used, and since when
    alone: Option<(Clean, Instant)>,
    /// Requests that were sent without it
    unrecorded: u32,
    /// Somebody looks already
    looking: bool,
    /// The ledger said no: not asked again before this moment, for background and for interactive requests
    full_until: [Option<Instant>; 2],
}

/// What stands between a waiter and its permit.
enum Turn {
    Now,
    /// Not before this moment, if nothing changes
    At(Instant),
    /// Until somebody else is done
    Later,
}

/// Why no permit was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoPermit {
    Cancelled,
    /// IT Glue asked for a pause that is longer than anybody wants to wait
    Paused(Duration),
}

/// How long a request of this urgency may be held up by refusals.
pub(super) fn patience(urgency: &Urgency) -> Duration {
    if urgency.is_interactive() { PATIENCE } else { BACKGROUND_PATIENCE }
}

/// The permission to send one request, held while it is under way.
#[must_use]
pub(super) struct Permit(Arc<Pacer>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.lock().under_way -= 1;
        self.0.changed.notify_waiters();
    }
}

/// Takes a waiter out of the queue however its wait ends.
struct Place<'a> {
    pacer: &'a Pacer,
    ticket: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.pacer.lock().waiting.retain(|(ticket, _)| *ticket != self.ticket);
        self.pacer.changed.notify_waiters();
    }
}

impl Pacer {
    pub(super) fn new(pace: Pace, ledger: Option<Ledger>) -> Self {
        Self {
            pace,
            ledger: ledger.map(Arc::new),
            state: Mutex::new(State {
                sent: VecDeque::new(),
                waiting: VecDeque::new(),
                next_ticket: 0,
                under_way: 0,
                paused_until: None,
                strikes: 0,
                share: 1.0,
                share_since: Instant::now(),
                seen: None,
                alone: None,
                unrecorded: 0,
                looking: false,
                full_until: [None; 2],
            }),
            changed: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change of the state is finished before the lock is given back, also when a thread panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the permission to send.
    pub(super) async fn acquire(
        self: &Arc<Self>,
        urgency: &Urgency,
        cancel: &CancellationToken,
    ) -> Result<Permit, NoPermit> {
        let place = {
            let mut state = self.lock();
            let ticket = state.next_ticket;
            state.next_ticket += 1;
            state.waiting.push_back((ticket, urgency.clone()));
            Place { pacer: self, ticket }
        };
        loop {
            // Both are registered before the state is looked at, so that no change in between is lost.
            let changed = self.changed.notified();
            let raised = urgency.raised();
            tokio::pin!(changed, raised);
            changed.as_mut().enable();
            raised.as_mut().enable();
            if cancel.is_cancelled() {
                return Err(NoPermit::Cancelled);
            }
            let mut granted = None;
            let until = {
                let now = Instant::now();
                let mut state = self.lock();
                match self.turn(&mut state, place.ticket, now) {
                    Turn::Now => {
                        state.sent.push_back(now);
                        state.under_way += 1;
                        // From here on the permit owns the count; the place leaves the queue when it is dropped.
                        granted = Some((Permit(Arc::clone(self)), now));
                        None
                    }
                    Turn::At(when) => {
                        if let Some(end) = state.paused_until
                            && end.saturating_duration_since(now) > patience(urgency)
                        {
                            return Err(NoPermit::Paused(end.saturating_duration_since(now)));
                        }
                        Some(when)
                    }
                    Turn::Later => None,
                }
            };
            if let Some((permit, at)) = granted {
                match self.count(urgency.is_interactive()).await {
                    None => return Ok(permit),
                    Some(wait) => {
                        // The others have used it up: nothing is sent, and so nothing counts.
                        let mut state = self.lock();
                        if let Some(place) = state.sent.iter().rposition(|sent| *sent == at) {
                            state.sent.remove(place);
                        }
                        if !wait.is_zero() {
                            // Kept in the state, since giving back the permit wakes everybody, this waiter too.
                            let again = Instant::now() + wait.min(ASK_AGAIN);
                            state.full_until[usize::from(urgency.is_interactive())] = Some(again);
                        }
                        drop(state);
                        drop(permit);
                        continue;
                    }
                }
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(NoPermit::Cancelled),
                () = &mut changed => {}
                () = &mut raised => self.changed.notify_waiters(),
                () = sleep_until(until) => {}
            }
        }
    }

    /// Counts one request in the ledger. Gives how long to wait if it says no; zero when the pause it told of says so.
    async fn count(&self, interactive: bool) -> Option<Duration> {
        let unrecorded = self.lock().unrecorded;
        let Some(view) = self.ask(Deed::Take { interactive, unrecorded }).await else {
            let mut state = self.lock();
            state.unrecorded = state.unrecorded.saturating_add(u32::from(self.ledger.is_some()));
            return None;
        };
        let mut state = self.lock();
        state.unrecorded = state.unrecorded.saturating_sub(unrecorded);
        if view.taken {
            return None;
        }
        if view.pause.is_zero() {
            return Some(view.wait);
        }
        // Each process comes back at another moment.
        let end = Instant::now() + view.pause + view.pause.min(SECOND).mul_f64(fastrand::f64());
        state.paused_until = Some(state.paused_until.unwrap_or(end).max(end));
        Some(Duration::ZERO)
    }

    /// Asks the ledger, unless there is none or it could not be used a moment ago.
    async fn ask(&self, deed: Deed) -> Option<View> {
        let ledger = self.ledger.as_ref()?;
        if self.lock().alone.as_ref().is_some_and(|(_, since)| since.elapsed() < LEDGER_AGAIN) {
            return None;
        }
        let answer = ledger.ask(deed).await;
        let mut state = self.lock();
        match answer {
            Ok(view) => {
                if state.alone.take().is_some() {
                    tracing::info!("the requests of all processes are counted together again");
                }
                state.strikes = view.strikes;
                state.seen = Some((view, Instant::now()));
                Some(view)
            }
            Err(why) => {
                if state.alone.is_none() {
                    tracing::warn!(%why, "requests are counted alone, so a quarter of the quota is used");
                }
                state.alone = Some((Clean::line(&why), Instant::now()));
                state.seen = None;
                None
            }
        }
    }

    /// Why this process counts for itself although it should count with the others.
    pub(super) fn alone(&self) -> Option<Clean> {
        self.lock().alone.as_ref().map(|(why, _)| why.clone())
    }

    /// Looks what the others have sent, for the next frame.
    fn look(self: &Arc<Self>, state: &mut State) {
        let fresh = state.seen.as_ref().is_some_and(|(_, at)| at.elapsed() < STALE);
        let tried = state.alone.as_ref().is_some_and(|(_, since)| since.elapsed() < LEDGER_AGAIN);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if self.ledger.is_none() || fresh || tried || std::mem::replace(&mut state.looking, true) {
            return;
        }
        let pacer = Arc::clone(self);
        runtime.spawn(async move {
            pacer.ask(Deed::Look).await;
            pacer.lock().looking = false;
        });
    }

    /// Whether this waiter may go now, and if not, when to look again.
    fn turn(&self, state: &mut State, ticket: u64, now: Instant) -> Turn {
        if let Some(end) = state.paused_until {
            if now < end {
                return Turn::At(end);
            }
            state.paused_until = None;
        }
        while state.sent.front().is_some_and(|first| now.duration_since(*first) >= self.pace.window) {
            state.sent.pop_front();
        }
        let best = state
            .waiting
            .iter()
            .min_by_key(|(ticket, urgency)| (!urgency.is_interactive(), *ticket))
            .map(|(ticket, urgency)| (*ticket, urgency.is_interactive()));
        let Some((first, interactive)) = best else {
            return Turn::Later;
        };
        if first != ticket {
            return Turn::Later;
        }
        let at_once = if state.strikes >= BREAKER { 1 } else { self.pace.at_once };
        // Background work never fills the line: one place, a quarter of a second's share and a tenth of the window
        // stay free for whoever presses a key.
        let (at_once, per_second, per_window) = if interactive {
            (at_once, self.pace.per_second, self.limit_for_keys(state, now))
        } else {
            let limit = self.limit(state, now);
            (
                at_once.saturating_sub(u32::from(at_once > 2)),
                self.pace.per_second.saturating_sub(self.pace.per_second / 4),
                limit - limit / 10,
            )
        };
        if state.under_way >= at_once.max(1) {
            return Turn::Later;
        }
        if let Some(again) = state.full_until[usize::from(interactive)].filter(|again| *again > now) {
            return Turn::At(again);
        }
        // The n-th newest request must have left its window before another may be sent.
        let second = nth_newest(&state.sent, per_second.max(1)).map(|sent| sent + SECOND);
        let window = nth_newest(&state.sent, per_window.max(1)).map(|sent| sent + self.pace.window);
        match second.max(window) {
            Some(when) if when > now => Turn::At(when),
            _ => Turn::Now,
        }
    }

    /// How many requests the window may hold now.
    fn limit(&self, state: &State, now: Instant) -> u32 {
        let minutes = now.saturating_duration_since(state.share_since).as_secs_f64() / 60.0;
        let share = (state.share + minutes * RECOVERY).min(if state.alone.is_some() { ALONE } else { 1.0 });
        ((f64::from(self.pace.per_window) * share) as u32).max(1)
    }

    /// The same for whoever presses a key: after a refusal not less than what was in use then, so that he is not kept
    /// from everything until the smaller share has room again. Refusals in a row lower that, too.
    fn limit_for_keys(&self, state: &State, now: Instant) -> u32 {
        let most = f64::from(self.pace.per_window) * if state.alone.is_some() { ALONE } else { 1.0 };
        let spared = (f64::from(self.pace.per_window) * state.share / 3.0) as u32;
        self.limit(state, now).saturating_add(spared).min(most as u32).max(1)
    }

    /// A request was answered, and not with 429.
    pub(super) async fn succeeded(&self) {
        if self.lock().strikes == 0 {
            return;
        }
        self.ask(Deed::Answered).await;
        self.lock().strikes = 0;
        self.changed.notify_waiters();
    }

    /// A request was refused with 429. Gives how long everybody pauses.
    pub(super) async fn refused(&self, retry_after: Option<Duration>) -> Duration {
        if let Some(view) = self.ask(Deed::Refused { retry_after, jitter: fastrand::f64() }).await {
            let now = Instant::now();
            let mut state = self.lock();
            let end = (now + view.pause).max(state.paused_until.unwrap_or(now));
            state.paused_until = Some(end);
            drop(state);
            self.changed.notify_waiters();
            return end - now;
        }
        let now = Instant::now();
        let mut state = self.lock();
        let already = state.paused_until.is_some_and(|end| end > now);
        if !already {
            // Several requests under way may be refused together: that is one refusal.
            state.strikes = state.strikes.saturating_add(1);
            let limit = self.limit(&state, now);
            let used = state.sent.len() as u32;
            // Others use the rest: our share is what we had used, less a quarter, and never nothing.
            let share = f64::from(used.min(limit)) * 0.75 / f64::from(self.pace.per_window.max(1));
            state.share = share.clamp(0.05, 1.0);
            state.share_since = now;
        }
        let pause = pause_after(state.strikes, retry_after, fastrand::f64());
        let end = (now + pause).max(state.paused_until.unwrap_or(now));
        state.paused_until = Some(end);
        drop(state);
        self.changed.notify_waiters();
        end - now
    }

    /// How often in a row IT Glue said 429.
    pub(super) fn strikes(&self) -> u32 {
        self.lock().strikes
    }

    /// For the status bar.
    pub(super) fn quota(self: &Arc<Self>) -> Quota {
        let now = Instant::now();
        let mut state = self.lock();
        self.look(&mut state);
        if let Some((view, at)) = &state.seen {
            return Quota {
                left: view.limit.saturating_sub(view.used),
                of: view.limit,
                window_resets_in: view.resets_in.saturating_sub(at.elapsed()),
                waiting: state.waiting.len(),
                paused_until: state.paused_until.filter(|end| *end > now).map(Instant::into_std),
            };
        }
        let of = self.limit(&state, now);
        let fresh = state.sent.iter().skip_while(|sent| now.duration_since(**sent) >= self.pace.window);
        let (used, oldest) = fresh.fold((0_u32, None), |(n, oldest), sent| (n + 1, oldest.or(Some(*sent))));
        Quota {
            left: of.saturating_sub(used),
            of,
            window_resets_in: oldest
                .map_or(Duration::ZERO, |sent| (sent + self.pace.window).saturating_duration_since(now)),
            waiting: state.waiting.len(),
            paused_until: state.paused_until.filter(|end| *end > now).map(Instant::into_std),
        }
    }
}

async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(when) => tokio::time::sleep_until(when).await,
        None => std::future::pending().await,
    }
}

/// The n-th newest moment (1 is the newest), if there are so many.
fn nth_newest(sent: &VecDeque<Instant>, n: u32) -> Option<Instant> {
    sent.len().checked_sub(n as usize).and_then(|at| sent.get(at)).copied()
}

/// How long to be quiet after the n-th refusal in a row: what the server asks for within sensible bounds, else at
/// least five seconds, doubling, with jitter so that several programs do not come back together.
pub(super) fn pause_after(strikes: u32, retry_after: Option<Duration>, jitter: f64) -> Duration {
    let doubled = 2_u32.saturating_pow(strikes.saturating_sub(1).min(10));
    let least = match retry_after {
        Some(asked) => asked.max(SHORTEST.saturating_mul(doubled)),
        None => QUIET.saturating_mul(doubled),
    };
    let least = least.min(LONGEST);
    least + least.min(QUIET).mul_f64(jitter.clamp(0.0, 1.0) * 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pacer(per_second: u32, per_window: u32) -> Arc<Pacer> {
        Arc::new(Pacer::new(Pace { per_second, per_window, window: Duration::from_secs(300), at_once: 100 }, None))
    }

    async fn take(pacer: &Arc<Pacer>, urgency: &Urgency) -> Permit {
        pacer.acquire(urgency, &CancellationToken::new()).await.expect("nobody cancels")
    }

    #[tokio::test(start_paused = true)]
    async fn first_requests_are_not_delayed_and_no_second_holds_more_than_eight() {
        let pacer = pacer(8, 3_000);
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..40 {
            drop(take(&pacer, &Urgency::interactive()).await);
            times.push(start.elapsed());
        }
        assert!(times[7] < Duration::from_millis(5), "the first eight go at once: {:?}", times[7]);
        for (early, late) in times.iter().zip(&times[8..]) {
            assert!(*late >= *early + SECOND, "nine requests within a second: {early:?} to {late:?}");
        }
        assert!(times[39] < Duration::from_millis(4_100), "the pace is kept up: {:?}", times[39]);
    }

    #[tokio::test(start_paused = true)]
    async fn no_five_minutes_hold_more_than_the_window() {
        let pacer = pacer(1_000, 60);
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..150 {
            drop(take(&pacer, &Urgency::interactive()).await);
            times.push(start.elapsed());
        }
        for (early, late) in times.iter().zip(&times[60..]) {
            assert!(*late >= *early + Duration::from_secs(300));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn interactive_goes_before_background_and_a_raised_one_before_the_rest() {
        let pacer = pacer(1, 3_000);
        drop(take(&pacer, &Urgency::interactive()).await);
        let order = Arc::new(Mutex::new(Vec::new()));
        let raised = Urgency::background();
        let mut tasks = Vec::new();
        for (name, urgency) in
            [("background", Urgency::background()), ("raised", raised.clone()), ("interactive", Urgency::interactive())]
        {
            let (waiting, list) = (Arc::clone(&pacer), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let permit = take(&waiting, &urgency).await;
                list.lock().expect("no panic").push(name);
                drop(permit);
            }));
            while pacer.quota().waiting < tasks.len() {
                tokio::task::yield_now().await;
            }
        }
        raised.raise();
        for task in tasks {
            task.await.expect("no panic");
        }
        assert_eq!(*order.lock().expect("no panic"), ["raised", "interactive", "background"]);
    }

    #[tokio::test(start_paused = true)]
    async fn background_leaves_a_place_for_whoever_presses_a_key() {
        let pacer = Arc::new(Pacer::new(Pace { per_second: 8, at_once: 3, ..Pace::default() }, None));
        let background = Urgency::background();
        let held = [take(&pacer, &Urgency::background()).await, take(&pacer, &Urgency::background()).await];
        let third = tokio::time::timeout(Duration::from_secs(5), take(&pacer, &background)).await;
        assert!(third.is_err(), "two of three is their share");
        drop(take(&pacer, &Urgency::interactive()).await);
        drop(held);
    }

    #[tokio::test(start_paused = true)]
    async fn cancelled_waiter_leaves_the_queue() {
        let pacer = pacer(1, 3_000);
        drop(take(&pacer, &Urgency::interactive()).await);
        let cancel = CancellationToken::new();
        let (waiting, token) = (Arc::clone(&pacer), cancel.clone());
        let task = tokio::spawn(async move { waiting.acquire(&Urgency::interactive(), &token).await.err() });
        while pacer.quota().waiting == 0 {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
        assert_eq!(task.await.expect("no panic"), Some(NoPermit::Cancelled));
        assert_eq!(pacer.quota().waiting, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_sent_for_five_seconds_after_a_429_without_header() {
        let pacer = pacer(8, 3_000);
        drop(take(&pacer, &Urgency::interactive()).await);
        pacer.refused(None).await;
        let start = Instant::now();
        drop(take(&pacer, &Urgency::interactive()).await);
        assert!(start.elapsed() >= QUIET);
        assert!(start.elapsed() <= QUIET * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn long_pause_is_told_instead_of_waited_for() {
        let pacer = pacer(8, 3_000);
        pacer.refused(Some(Duration::from_secs(999_999))).await;
        let refused = pacer.acquire(&Urgency::interactive(), &CancellationToken::new()).await.err();
        let Some(NoPermit::Paused(pause)) = refused else { panic!("{refused:?}") };
        assert!(pause > BACKGROUND_PATIENCE && pause <= LONGEST + QUIET);
    }

    #[tokio::test(start_paused = true)]
    async fn after_five_refusals_one_request_at_a_time_asks() {
        let pacer = pacer(8, 3_000);
        for _ in 0..BREAKER {
            pacer.refused(Some(Duration::ZERO)).await;
            tokio::time::advance(LONGEST + QUIET).await;
        }
        let probe = take(&pacer, &Urgency::interactive()).await;
        let interactive = Urgency::interactive();
        assert!(tokio::time::timeout(Duration::from_secs(30), take(&pacer, &interactive)).await.is_err());
        pacer.succeeded().await;
        let second = take(&pacer, &Urgency::interactive()).await;
        drop((probe, second));
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_means_others_use_the_quota_and_our_share_shrinks_and_grows_again() {
        let pacer = pacer(1_000, 3_000);
        for _ in 0..1_000 {
            drop(take(&pacer, &Urgency::interactive()).await);
        }
        pacer.refused(None).await;
        assert_eq!(pacer.quota().of, 750);
        tokio::time::advance(Duration::from_secs(600)).await;
        assert_eq!(pacer.quota().of, 3_000);
    }

    #[test]
    fn pauses_are_bounded_on_both_sides() {
        for strikes in 1..100 {
            for jitter in [0.0, 0.5, 1.0] {
                assert!(pause_after(strikes, None, jitter) >= QUIET);
                for asked in [0, 1, 30, 999_999] {
                    let pause = pause_after(strikes, Some(Duration::from_secs(asked)), jitter);
                    assert!(pause >= SHORTEST && pause <= LONGEST + QUIET, "{strikes} {asked}: {pause:?}");
                }
            }
        }
    }
}
