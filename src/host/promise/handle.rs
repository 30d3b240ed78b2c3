//! The handle: what is told goes to whoever listens.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::claim::{Claim, Focus, TmuxPane};
use super::fact::Fact;
use super::hold::Hold;
use super::status::Status;
use gluepot_core::audit::{Intent, Reference};
use gluepot_core::clock::BootTime;

/// How long a copy or a reveal waits for a guard that is starting.
const START: Duration = Duration::from_secs(2);

/// How long clearing waits until what the guard said was read.
const HEARING: Duration = Duration::from_millis(500);

/// How long the end of the program waits for that of the guard.
const END: Duration = Duration::from_millis(500);

/// How long whoever gives the terminal back waits for the others that tell something.
const BUSY: Duration = Duration::from_millis(200);

/// Whoever keeps the promises: the program's end of the guard.
pub trait Listener: Send {
    /// Takes a fact.
    ///
    /// # Errors
    /// Nobody listens any more.
    fn hear(&mut self, fact: &Fact) -> io::Result<()>;

    /// The program ends in order: nothing is left to fixed.
    fn goodbye(&mut self);

    /// Whether the listener said something that nobody has read. Its end counts, too.
    fn has_news(&self) -> bool;
}

/// What the program owes its terminal and its clipboard. Clones are the same; without a listener all words go nowhere.
#[derive(Clone, Default)]
pub struct Promises(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    status: Status,
    listener: Option<Box<dyn Listener>>,
    /// The terminal as it was entered, for a listener that comes later
    hold: Option<Hold>,
    /// What the listener did by itself
    took: Option<String>,
    /// It said something that is being read
    hearing: bool,
    /// Its process was not waited for yet
    runs: bool,
}

impl State {
    fn tell(&mut self, fact: &Fact) {
        if let Some(listener) = &mut self.listener
            && listener.hear(fact).is_err()
        {
            // Half a word may have been sent: nothing can be said after it. Whoever reads its answers tells the rest.
            self.listener = None;
        }
    }

    /// Whether the listener said something that was not taken note of yet.
    fn has_news(&self) -> bool {
        self.hearing || self.listener.as_ref().is_some_and(|listener| listener.has_news())
    }
}

impl fmt::Debug for Promises {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Promises").finish_non_exhaustive()
    }
}

/// What is told.
impl Promises {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, fact: &Fact) {
        self.state().tell(fact);
    }

    /// The terminal was entered.
    pub fn entered(&self, hold: &Hold) {
        let mut state = self.state();
        state.hold = Some(hold.clone());
        state.tell(&Fact::Entered(hold.clone()));
    }

    /// The terminal was given back. Also called by the panic hook: it does not wait for long.
    pub fn left(&self) {
        let start = Instant::now();
        let mut state = loop {
            match self.0.state.try_lock() {
                Ok(state) => break state,
                Err(std::sync::TryLockError::Poisoned(state)) => break state.into_inner(),
                Err(std::sync::TryLockError::WouldBlock) if start.elapsed() > BUSY => return,
                Err(std::sync::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        state.hold = None;
        state.tell(&Fact::Left);
    }

    /// A secret is on the screen, for this long, recorded by this intent.
    pub fn shown(&self, time: Duration, intent: &Intent) {
        let due = (BootTime::now() + time).millis();
        self.tell(&Fact::Shown { due, intent: intent.reference() });
    }

    /// No secret is on the screen any more.
    pub fn hidden(&self) {
        self.tell(&Fact::Hidden);
    }

    /// The audit trail has the end of the secret of this intent.
    pub fn recorded(&self, intent: Reference) {
        self.tell(&Fact::Recorded(intent));
    }

    /// A secret is copied now, recorded by this intent, and will be cleared after this time.
    pub fn promise(&self, after: Duration, intent: &Intent) {
        let due = (BootTime::now() + after).millis();
        self.tell(&Fact::Promise { due, intent: intent.reference() });
    }

    /// A secret is about to be copied. `None` where it vanishes with this process.
    pub fn copying(&self, claim: Option<Claim>) {
        let mut state = self.state();
        state.took = None;
        if let Some(claim) = claim {
            state.tell(&Fact::Copying(claim));
        }
    }

    /// What is in a clipboard because of us, now that a copy or a clear is over.
    pub fn holding(&self, claim: Option<Claim>) {
        self.tell(&claim.map_or(Fact::Cleared, Fact::Holding));
    }

    /// The program clears the clipboard now.
    pub fn clearing(&self) {
        self.tell(&Fact::Clearing);
    }

    /// A paste buffer of tmux holds a secret while it is handed over; `None` once it is deleted.
    pub fn lending(&self, buffer: Option<(&TmuxPane, &str)>) {
        self.tell(&Fact::Lending(buffer.map(|(pane, name)| (pane.clone(), name.to_owned()))));
    }

    /// The terminal said whether it has the focus.
    pub fn focus(&self, focus: Focus) {
        self.tell(&Fact::Focus(focus));
    }
}

/// What is asked.
impl Promises {
    /// Waits until somebody listens or is known not to. At once if nobody was asked to.
    pub fn settled(&self) {
        let state = self.state();
        let _ = self.0.changed.wait_timeout_while(state, START, |state| state.status == Status::Starting);
    }

    /// Whether somebody listens.
    pub fn status(&self) -> Status {
        self.state().status.clone()
    }

    /// What the listener made of a secret that was due while this process stood still. Said once. When the process goes
    /// on, its own clock and what the listener said meanwhile come at once: the listener is heard first, or the clipboard
    /// would be cleared twice, the second time of whatever was copied since.
    pub fn took(&self) -> Option<String> {
        let heard_by = Instant::now() + HEARING;
        let mut state = self.state();
        while state.took.is_none() && state.has_news() {
            let left = heard_by.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            // Its reader says when it is done.
            state = self.0.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.took.take()
    }
}

/// What the listener's side says.
impl Promises {
    /// Somebody is about to listen. Whether that is news: the promises have one listener.
    pub(in crate::host) fn begin(&self) -> bool {
        let mut state = self.state();
        let first = state.status == Status::Off;
        if first {
            state.status = Status::Starting;
        }
        first
    }

    /// There will be no listener.
    pub(in crate::host) fn failed(&self, why: String) -> Status {
        let mut state = self.state();
        state.status = Status::Failed(why);
        state.listener = None;
        state.runs = false;
        self.0.changed.notify_all();
        state.status.clone()
    }

    /// Who listens from now on. It is told how the terminal was entered, if that came first.
    pub(in crate::host) fn attach(&self, listener: Box<dyn Listener>) {
        let mut state = self.state();
        state.listener = Some(listener);
        state.runs = true;
        if let Some(hold) = state.hold.clone() {
            state.tell(&Fact::Entered(hold));
        }
    }

    /// The listener is ready, as this process.
    pub(in crate::host) fn ready(&self, pid: u32) {
        let mut state = self.state();
        if state.status == Status::Starting {
            state.status = Status::On(pid);
        }
        self.0.changed.notify_all();
    }

    /// What the listener says is read now: whoever asks for it waits until it is noted.
    pub(in crate::host) fn hearing(&self) {
        self.state().hearing = true;
    }

    /// What the listener said was read: what it took back by itself, if that was it, and whether there is more.
    pub(in crate::host) fn heard(&self, took: Option<String>, more: bool) {
        let mut state = self.state();
        state.hearing = more;
        if took.is_some() {
            state.took = took;
        }
        self.0.changed.notify_all();
    }

    /// The listener is gone. The status if that is not as it should be.
    pub(in crate::host) fn gone(&self, how: String) -> Option<Status> {
        let mut state = self.state();
        state.runs = false;
        state.listener = None;
        self.0.changed.notify_all();
        // After a goodbye this is its proper end.
        if state.status == Status::Off {
            return None;
        }
        state.status = Status::Lost(how);
        Some(state.status.clone())
    }

    /// The end of the program in order. Waits a moment for the listener to be gone, unless `leave_work` says that it
    /// still has something to do.
    pub(in crate::host) fn goodbye(&self, leave_work: bool) {
        let listener = {
            let mut state = self.state();
            state.status = Status::Off;
            state.listener.take()
        };
        if let Some(mut listener) = listener
            && !leave_work
        {
            listener.goodbye();
        }
        if !leave_work {
            let _ = self.0.changed.wait_timeout_while(self.state(), END, |state| state.runs);
        }
    }
}

#[cfg(test)]
mod tests;
