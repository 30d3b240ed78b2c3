//! Who may send when: the pace, the shared quota, and the pause after a 429.
//!
//! Two sliding windows count what was sent: one second (8 by default) and five minutes (3,000). The first requests
//! after a pause are not delayed, and no second ever holds more than its share. Of those who wait, interactive
//! requests go first and background ones leave a part of both windows to them.
//!
//! The quota belongs to the whole account. A 429 therefore says that others use it too: the pacer pauses for
//! all requests, takes a smaller share afterwards and wins it back slowly. After [`BREAKER`](crate::quota::BREAKER) refusals in a row it
//! sends one request at a time until one succeeds.
//!
//! Several processes of one user share what they know in a file (`ledger`). Who cannot use it takes a quarter of the
//! quota, and says so.

mod turn;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use turn::{State, Turn};

use crate::ledger::{Deed, Ledger, View};
use crate::quota::pause_after;
use crate::settings::Pace;
use gluepot_core::source::Quota;
use gluepot_core::source::Urgency;
use gluepot_core::text::Clean;

/// If a pressed key would wait longer than this, the user gets a message instead.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same for background work.
const BACKGROUND_PATIENCE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);
/// A ledger that could not be used is tried again after this time.
const LEDGER_AGAIN: Duration = Duration::from_secs(5);
/// A ledger that said no is asked again after this time at the latest: another process may have won quota back.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// What is shown of the other processes may be this old.
const STALE: Duration = Duration::from_secs(1);

/// Hands out the permission to send.
pub(crate) struct Pacer {
    pace: Pace,
    /// What the processes of this user count together
    ledger: Option<Arc<Ledger>>,
    state: Mutex<State>,
    changed: Notify,
}

/// Why no permit was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoPermit {
    Cancelled,
    /// IT Glue asked for a pause that is too long to wait for
    Paused(Duration),
}

/// How long a request of this urgency may be held up by refusals.
pub(crate) fn patience(urgency: &Urgency) -> Duration {
    if urgency.is_interactive() { PATIENCE } else { BACKGROUND_PATIENCE }
}

/// The permission to send one request, held until the request ends.
#[must_use]
pub(crate) struct Permit(Arc<Pacer>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.lock().under_way -= 1;
        self.0.changed.notify_waiters();
    }
}

/// What a waiter finds.
enum Found {
    /// Its turn, and when it was taken
    Turn(Permit, Instant),
    /// That it has to wait, until then or until something changes
    Wait(Option<Instant>),
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
    pub(crate) fn new(pace: Pace, ledger: Option<Ledger>) -> Self {
        Self { pace, ledger: ledger.map(Arc::new), state: Mutex::new(State::new()), changed: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change of the state is finished before the lock is given back, also when a thread panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the permission to send.
    pub(crate) async fn acquire(
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
            // Both are registered before the state is checked, so that no change in between is lost.
            let changed = self.changed.notified();
            let raised = urgency.raised();
            tokio::pin!(changed, raised);
            changed.as_mut().enable();
            raised.as_mut().enable();
            if cancel.is_cancelled() {
                return Err(NoPermit::Cancelled);
            }
            let until = match self.look_for(&place, urgency)? {
                Found::Turn(permit, at) => {
                    let Some(wait) = self.count(urgency.is_interactive()).await else { return Ok(permit) };
                    self.take_back(at, wait, urgency.is_interactive());
                    drop(permit);
                    continue;
                }
                Found::Wait(until) => until,
            };
            tokio::select! {
                () = cancel.cancelled() => return Err(NoPermit::Cancelled),
                () = &mut changed => {}
                () = &mut raised => self.changed.notify_waiters(),
                () = sleep_until(until) => {}
            }
        }
    }

    /// Takes the turn of a waiter if it has come, or says how long to wait if nothing changes.
    fn look_for(self: &Arc<Self>, place: &Place<'_>, urgency: &Urgency) -> Result<Found, NoPermit> {
        let now = Instant::now();
        let mut state = self.lock();
        match self.turn(&mut state, place.ticket, now) {
            Turn::Now => {
                state.sent.push_back(now);
                state.under_way += 1;
                // From here on the permit owns the count; the place leaves the queue when it is dropped.
                Ok(Found::Turn(Permit(Arc::clone(self)), now))
            }
            Turn::At(when) => {
                let pause = state.paused_until.map(|end| end.saturating_duration_since(now));
                match pause.filter(|pause| *pause > patience(urgency)) {
                    Some(pause) => Err(NoPermit::Paused(pause)),
                    None => Ok(Found::Wait(Some(when))),
                }
            }
            Turn::Later => Ok(Found::Wait(None)),
        }
    }

    /// The others have used the quota up: nothing is sent, and so nothing counts.
    fn take_back(&self, at: Instant, wait: Duration, interactive: bool) {
        let mut state = self.lock();
        if let Some(place) = state.sent.iter().rposition(|sent| *sent == at) {
            state.sent.remove(place);
        }
        if !wait.is_zero() {
            // Kept in the state, since giving back the permit wakes all waiters, this one included.
            let again = Instant::now() + wait.min(ASK_AGAIN);
            state.full_until[usize::from(interactive)] = Some(again);
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
    pub(crate) fn alone(&self) -> Option<Clean> {
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

    /// A request was answered, and not with 429.
    pub(crate) async fn succeeded(&self) {
        if self.lock().strikes == 0 {
            return;
        }
        self.ask(Deed::Answered).await;
        self.lock().strikes = 0;
        self.changed.notify_waiters();
    }

    /// A request was refused with 429. Returns how long all requests pause.
    pub(crate) async fn refused(&self, retry_after: Option<Duration>) -> Duration {
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
            // Several open requests may be refused together: that is one refusal.
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
    pub(crate) fn strikes(&self) -> u32 {
        self.lock().strikes
    }

    /// For the status bar.
    pub(crate) fn quota(self: &Arc<Self>) -> Quota {
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

#[cfg(test)]
mod tests;
