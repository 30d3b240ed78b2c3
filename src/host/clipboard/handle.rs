//! The clipboard as it can be reached from here, and what of ours is in it.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::choose::{choose, passed_over};
use super::desktop::DesktopClipboard;
use super::environment::Environment;
use super::screen::State;
use crate::host::promise::{Claim, Promises, TmuxPane, Traces, Way};

/// A secret that we put into a clipboard.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) way: Way,
    pub(super) traces: Traces,
    /// The clear was sent while the terminal did not have the focus. It is not sent again before it has: where it did
    /// take it, something newer may be in its clipboard by then.
    pub(super) told: bool,
}

/// Where sequences are written to.
pub(super) type Tty = Box<dyn Fn(&[u8]) -> io::Result<()> + Send + Sync>;

impl Claim {
    /// Whether there is something to wait for: a tmux server or a session of screen that runs, to which a terminal may
    /// be attached again.
    #[cfg(unix)]
    pub fn may_come_back(&self) -> bool {
        match self.way {
            Way::Tmux => {
                let server = self.tmux.as_ref();
                server.is_some_and(|pane| std::os::unix::net::UnixStream::connect(&pane.socket).is_ok())
            }
            Way::Screen => self.screen.as_ref().is_some_and(|window| window.state() != State::Missing),
            _ => false,
        }
    }
}

/// The clipboard as it can be reached from here.
pub struct Clipboard {
    pub(super) environment: Environment,
    pub(super) way: Way,
    pub(super) why: String,
    pub(super) tty: Tty,
    pub(super) desktop: DesktopClipboard,
    /// Who is told of what is in a clipboard because of us
    pub(super) promises: Promises,
    /// The session of tmux that is asked when the pane is gone
    pub(super) session: Option<String>,
    /// Locked during a copy or a clear
    held: Mutex<Option<Held>>,
    /// The same to look at without waiting
    pub(super) holds: AtomicBool,
}

impl fmt::Debug for Clipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clipboard").field("way", &self.way).finish_non_exhaustive()
    }
}

impl Clipboard {
    /// Chooses the way for this environment. Starts nothing and waits for nothing.
    pub fn detect(environment: &Environment) -> Self {
        Self::with_tty(environment, Box::new(crate::host::terminal::send))
    }

    /// As [`Clipboard::detect`], with something else than the terminal to write sequences to.
    pub fn with_tty(environment: &Environment, tty: Tty) -> Self {
        let (way, why) = choose(environment);
        Self {
            environment: environment.clone(),
            way,
            why,
            tty,
            desktop: DesktopClipboard::default(),
            promises: Promises::default(),
            session: None,
            held: Mutex::new(None),
            holds: AtomicBool::new(false),
        }
    }

    /// The same clipboard, which tells these promises what it does.
    pub fn telling(mut self, promises: &Promises) -> Self {
        self.promises = promises.clone();
        self
    }

    /// The promises it tells.
    pub fn promises(&self) -> &Promises {
        &self.promises
    }

    /// The way that would be taken. Inside tmux it is checked again with every copy, since a session can be
    /// attached from another place.
    pub fn way(&self) -> Way {
        self.way
    }

    /// Why this way, in words.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The pane of tmux this runs in: from there a secret can be handed to another one.
    pub fn tmux(&self) -> Option<&TmuxPane> {
        self.environment.tmux.as_ref()
    }

    /// The way that would be taken at this moment, and why. May wait for tmux.
    pub fn at_present(&self) -> (Way, &str) {
        match self.way_now() {
            way if way == self.way => (way, &self.why),
            way => (way, "inside tmux, and its session is attached over SSH"),
        }
    }

    /// The ways that are not taken, and why. May wait for tmux.
    pub fn passed_over(&self) -> Vec<(&'static str, String)> {
        passed_over(&self.environment, self.way_now(), &self.why)
    }

    /// Whether our secret may still be in a clipboard. Never waits.
    pub fn holds_secret(&self) -> bool {
        self.holds.load(Ordering::Acquire)
    }

    pub(super) fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the guard has to know of a secret that goes by this way; nothing where it vanishes with this process.
    pub(super) fn claim(&self, way: Way, traces: Traces) -> Option<Claim> {
        let tmux = match way {
            Way::Desktop(_) | Way::Nowhere => return None,
            Way::Tmux | Way::TmuxPassthrough => self.environment.tmux.clone(),
            Way::Screen | Way::Osc52 => None,
        };
        let session = tmux.as_ref().and_then(TmuxPane::session);
        let screen = self.environment.screen.clone().filter(|_| way == Way::Screen);
        Some(Claim { way, tmux, session, screen, traces })
    }

    /// Takes over what another process copied, to take it back.
    pub fn take_over(claim: &Claim, tty: Tty) -> Self {
        let (tmux, screen) = (claim.tmux.clone(), claim.screen.clone());
        let mut clipboard = Self::with_tty(&Environment { tmux, screen, ..Environment::default() }, tty);
        clipboard.session.clone_from(&claim.session);
        *clipboard.held() = Some(Held { way: claim.way, traces: claim.traces.clone(), told: false });
        clipboard.holds.store(true, Ordering::Release);
        clipboard
    }

    /// Whether what is left to clear waits for tmux or screen, which another process can do as well. Never waits.
    pub fn waits_for_multiplexer(&self) -> bool {
        match self.held.try_lock() {
            Ok(held) => held.as_ref().is_some_and(|held| matches!(held.way, Way::Tmux | Way::Screen)),
            // A running clear will not end in time.
            Err(_) => self.holds_secret(),
        }
    }

    /// The way at this moment: a desktop is only ours if the tmux session we are in is attached from it.
    pub(super) fn way_now(&self) -> Way {
        match (&self.environment.tmux, self.way) {
            (Some(pane), Way::Desktop(_)) if pane.attached_over_ssh() == Some(true) => Way::Tmux,
            (_, way) => way,
        }
    }
}
