//! Copying text and secrets by the way that works here, and taking secrets back.
//!
//! There is no one way. Which of them works depends on where the person sits, not on where the program runs; the
//! order is: the desktop, if the person sits at it; the server of tmux; GNU screen with its wrapping; otherwise the
//! sequence OSC 52 to the terminal. `docs/clipboard.md` tells what terminals make of it.
//!
//! Three rules:
//! - Nothing is called copied that was only sent. [`Certainty`] says which it was.
//! - A secret is taken back by one space, never by an empty text: many terminals and tmux ignore an empty one.
//! - What somebody copied after us is left alone wherever it can be seen.
//!
//! All calls but [`Clipboard::detect`] may wait for other processes, for some seconds at most: run them off the loop.

mod desktop;
mod environment;
mod helper;
mod osc52;
mod panes;
mod screen;
mod tmux;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use environment::{Desktop, Environment, TmuxPane};
pub use panes::{Pane, Reads};
pub use screen::ScreenSession;

use crate::host::guard;
use desktop::DesktopClipboard;
use gluepot_core::audit;
use gluepot_core::secret::Secret;
use screen::State;
use tmux::{Client, Reach};
use zeroize::Zeroizing;

/// By which way text is copied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub enum Way {
    /// The clipboard of the desktop
    Desktop(Desktop),
    /// The tmux server sends it to the terminal
    Tmux,
    /// A sequence handed through by tmux, for a terminal behind mosh
    TmuxPassthrough,
    /// A sequence wrapped for GNU screen
    Screen,
    /// A sequence to the terminal
    Osc52,
    /// There is none
    Nowhere,
}

impl Way {
    /// A few words for the bar and for the audit record.
    pub fn label(self) -> &'static str {
        match self {
            Self::Desktop(Desktop::X11) => "desktop (X11)",
            Self::Desktop(Desktop::Wayland) => "desktop (Wayland)",
            Self::Desktop(Desktop::Native) => "desktop",
            Self::Tmux => "tmux",
            Self::TmuxPassthrough => "tmux passthrough",
            Self::Screen => "screen",
            Self::Osc52 => "terminal (OSC 52)",
            Self::Nowhere => "no clipboard",
        }
    }
}

/// How sure it is that a text arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Certainty {
    /// It was read back
    Delivered,
    /// It was sent and nobody confirms it; with what speaks for or against it
    Sent(&'static str),
    /// It was not sent, with the reason and what to do
    NotPossible(String),
}

/// What came of a copy.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use = "a copy may have failed"]
pub struct Delivery {
    /// The way that was taken
    pub way: Way,
    /// How sure it is
    pub certainty: Certainty,
}

impl Delivery {
    fn refused(way: Way, why: impl Into<String>) -> Self {
        Self { way, certainty: Certainty::NotPossible(why.into()) }
    }

    /// Whether the text may be in a clipboard now.
    pub fn may_have_arrived(&self) -> bool {
        !matches!(self.certainty, Certainty::NotPossible(_))
    }
}

/// A sentence for the bar. "Copied" is only said of what was read back.
impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.certainty {
            Certainty::Delivered => write!(f, "Copied: {}", self.way.label()),
            Certainty::Sent(note) => write!(f, "Sent, unconfirmed: by {}; {note}", self.way.label()),
            Certainty::NotPossible(why) => write!(f, "Not copied: {why}"),
        }
    }
}

impl From<&Delivery> for audit::Outcome {
    fn from(delivery: &Delivery) -> Self {
        let way = delivery.way.label();
        match &delivery.certainty {
            Certainty::Delivered => Self::Copied { way: way.into(), certainty: "delivered".into() },
            Certainty::Sent(note) => Self::Copied { way: way.into(), certainty: format!("sent, {note}").into() },
            Certainty::NotPossible(why) => Self::Failed(format!("{way}: {why}").into()),
        }
    }
}

/// Whether the terminal has the focus. Some take a clipboard sequence only then.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, serde::Serialize, serde::Deserialize)]
pub enum Focus {
    /// It said that it has
    Focused,
    /// It said that it lost it
    Unfocused,
    /// It never said anything
    #[default]
    Unknown,
}

/// What came of taking a secret back.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use = "a secret may still be in the clipboard"]
pub enum ClearOutcome {
    /// It is gone
    Cleared,
    /// Something else was copied since; that was not touched
    LeftAlone,
    /// The terminal was told to; it does not answer
    Unknown,
    /// It is still there
    CouldNot {
        /// Why
        reason: Cow<'static, str>,
        /// Whether calling again later may work: on focus, after attaching, at the end
        retry: bool,
    },
    /// The guard was faster, while this process stood still; with its words
    ByGuard(String),
    /// There was no secret to take back
    NothingHeld,
}

/// Words for the bar.
impl fmt::Display for ClearOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cleared => f.write_str("Clipboard cleared"),
            Self::LeftAlone => f.write_str("Clipboard left alone: it no longer holds the password"),
            Self::Unknown => f.write_str("Clear sent to the terminal, unconfirmed"),
            Self::CouldNot { reason, retry: true } => write!(f, "Could not clear the clipboard: {reason}; will retry"),
            Self::CouldNot { reason, retry: false } => {
                write!(f, "Could not clear the clipboard: {reason}; copy something else")
            }
            Self::ByGuard(words) => write!(f, "{words} (by the watchdog, while gluepot was stopped)"),
            Self::NothingHeld => f.write_str("Nothing to clear"),
        }
    }
}

impl From<&ClearOutcome> for audit::Outcome {
    fn from(outcome: &ClearOutcome) -> Self {
        Self::Cleared(match outcome {
            ClearOutcome::Cleared => "cleared".into(),
            ClearOutcome::LeftAlone => "left alone, newer content".into(),
            ClearOutcome::Unknown => "sent, unconfirmed".into(),
            ClearOutcome::CouldNot { reason, .. } => format!("not cleared: {reason}").into(),
            ClearOutcome::ByGuard(words) => format!("by the guard, the program stood still: {words}").into(),
            ClearOutcome::NothingHeld => "nothing held".into(),
        })
    }
}

/// A secret that is in somebody's clipboard because of us.
#[derive(Debug)]
struct Held {
    way: Way,
    traces: Traces,
    /// The terminal was told to clear while it had not the focus. It is not told again before it has: where it did
    /// take it, something newer may be in its clipboard by then.
    told: bool,
}

/// What tmux knew when a secret was copied by its server.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
struct Traces {
    /// The paste buffers of the time: a new one means that somebody copied since
    buffers: Option<BTreeSet<String>>,
    /// The terminal it was sent to
    client: Option<Client>,
    /// The second it was sent
    at: u64,
}

/// What another process must know to take a secret back by the same ways and rules. Never the secret.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Claim {
    way: Way,
    tmux: Option<TmuxPane>,
    /// The session of the pane: the pane may end with the program
    session: Option<String>,
    screen: Option<ScreenSession>,
    traces: Traces,
}

impl Claim {
    /// Whether it is taken back by writing to the terminal.
    pub fn needs_terminal(&self) -> bool {
        !matches!(self.way, Way::Tmux)
    }

    /// Whether there is somebody to wait for: a tmux server or a session of screen that runs, to which a terminal may
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

type Tty = Box<dyn Fn(&[u8]) -> io::Result<()> + Send + Sync>;

/// The clipboard as it can be reached from here.
pub struct Clipboard {
    environment: Environment,
    way: Way,
    why: String,
    tty: Tty,
    desktop: DesktopClipboard,
    /// The session of tmux that is asked when the pane is gone
    session: Option<String>,
    /// Locked while a copy or a clear is under way
    held: Mutex<Option<Held>>,
    /// The same to look at without waiting
    holds: AtomicBool,
}

impl fmt::Debug for Clipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clipboard").field("way", &self.way).finish_non_exhaustive()
    }
}

/// One space: what a secret is overwritten with.
const BLANK: &str = " ";

const TERMINAL_NOTE: &str = "most terminals take it, some only after a setting or with the focus";
const SCREEN_NOTE: &str = "screen passes it on from the window in front; most terminals take it";
const NESTED_NOTE: &str = "the terminal calls itself tmux or screen, which pass it on only after a setting";
const TMUX_NOTE: &str = "tmux handed it to a terminal that takes clipboard text";
const TMUX_UNKNOWN_NOTE: &str = "tmux does not know whether this terminal takes clipboard text";
const UNFOCUSED: &str = "the terminal is told, but has not the focus, and some take nothing then";
const TOO_LONG: &str = "the text is too long for a terminal's clipboard";

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
            session: None,
            held: Mutex::new(None),
            holds: AtomicBool::new(false),
        }
    }

    /// The way that would be taken. Inside tmux it is looked at again with every copy, since a session can be
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
        let here = &self.environment;
        let taken = self.way_now();
        let mut others = Vec::new();
        if !matches!(taken, Way::Desktop(_)) {
            others.push((
                "the desktop",
                match (here.ssh, here.desktop) {
                    (true, _) => "this is an SSH session, and the desktop of this machine is not where you sit",
                    (_, Some(_)) => "the tmux session is attached over SSH, and the desktop is not where you sit",
                    (_, None) => "no X server or Wayland compositor of this machine answers",
                }
                .to_owned(),
            ));
        }
        if !matches!(taken, Way::Tmux | Way::TmuxPassthrough) {
            let why = if here.tmux.is_some() { "the desktop is there, which can confirm" } else { "not inside of it" };
            others.push(("tmux", why.to_owned()));
        }
        if taken != Way::Screen {
            let why = match (&here.screen, taken) {
                (None, _) => "not inside of it",
                (Some(_), Way::Desktop(_)) => "the desktop is there, which can confirm",
                (Some(_), _) => "tmux is nearer",
            };
            others.push(("GNU screen", why.to_owned()));
        }
        if taken != Way::Osc52 {
            let why = match taken {
                Way::Desktop(_) => "the desktop is there, which can confirm; a terminal cannot",
                Way::Tmux | Way::TmuxPassthrough => "tmux drops it, or keeps what was copied as a paste buffer",
                Way::Screen => "screen drops it without its own wrapping",
                _ => &self.why,
            };
            others.push(("the terminal (OSC 52)", why.to_owned()));
        }
        others
    }

    /// Whether a secret of ours may still be in a clipboard. Never waits.
    pub fn holds_secret(&self) -> bool {
        self.holds.load(Ordering::Acquire)
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies a secret, kept out of clipboard histories where there is a way to ask for it. It is taken back by
    /// [`Clipboard::clear`].
    pub fn copy_secret(&self, secret: &Secret) -> Delivery {
        self.copy(secret.expose(), true)
    }

    /// Copies text that is no secret.
    pub fn copy_text(&self, text: &str) -> Delivery {
        self.copy(text, false)
    }

    fn copy(&self, text: &str, secret: bool) -> Delivery {
        if text.is_empty() {
            return Delivery::refused(self.way, "there is nothing to copy");
        }
        let mut held = self.held();
        let way = self.way_now();
        let before = held.is_some();
        if secret {
            guard::copying(self.claim(way, Traces { at: seconds(), ..Traces::default() }));
        }
        let (delivery, traces) = match way {
            way @ Way::Desktop(_) => (self.by_desktop(way, text, secret), Traces::default()),
            Way::Tmux => match &self.environment.tmux {
                Some(pane) => self.by_tmux(pane, text),
                None => (Delivery::refused(Way::Tmux, "tmux is gone"), Traces::default()),
            },
            way => (self.by_sequence(way, text), Traces::default()),
        };
        if delivery.may_have_arrived() {
            *held = secret.then_some(Held { way: delivery.way, traces, told: false });
            self.holds.store(secret, Ordering::Release);
        }
        if secret || before {
            guard::holding(held.as_ref().and_then(|held| self.claim(held.way, held.traces.clone())));
        }
        delivery
    }

    /// What the guard has to know of a secret that goes by this way; nothing where it vanishes with this process.
    fn claim(&self, way: Way, traces: Traces) -> Option<Claim> {
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
            // A clear is under way and will not end in time.
            Err(_) => self.holds_secret(),
        }
    }

    /// The way at this moment: a desktop is only ours if the tmux session we are in is attached from it.
    fn way_now(&self) -> Way {
        match (&self.environment.tmux, self.way) {
            (Some(pane), Way::Desktop(_)) if pane.attached_over_ssh() == Some(true) => Way::Tmux,
            (_, way) => way,
        }
    }

    fn by_desktop(&self, way: Way, text: &str, secret: bool) -> Delivery {
        match self.desktop.set(text, secret) {
            Ok(true) => Delivery { way, certainty: Certainty::Delivered },
            Ok(false) => Delivery { way, certainty: Certainty::Sent("the desktop did not give it back") },
            Err(why) => Delivery::refused(way, why),
        }
    }

    fn by_tmux(&self, pane: &TmuxPane, text: &str) -> (Delivery, Traces) {
        let refused = |why: String| (Delivery::refused(Way::Tmux, why), Traces::default());
        if text.len() > tmux::MAX_TEXT {
            return refused(TOO_LONG.into());
        }
        let (client, note) = match pane.reach() {
            Ok(Reach::Takes(client)) => (client, TMUX_NOTE),
            Ok(Reach::Unknown(client)) => (client, TMUX_UNKNOWN_NOTE),
            Ok(Reach::Refuses) => {
                return refused("tmux says that this terminal has no clipboard (no Ms capability for its TERM)".into());
            }
            Ok(Reach::ControlMode) => {
                return refused("in control mode (tmux -CC) tmux hands no clipboard text to the terminal".into());
            }
            Ok(Reach::Nobody) => return refused("no terminal is attached to this tmux session".into()),
            Ok(Reach::Mosh) if pane.passes_through() => {
                return (self.by_sequence(Way::TmuxPassthrough, text), Traces::default());
            }
            Ok(Reach::Mosh) => {
                let why = "mosh drops what tmux sends; `tmux set -g allow-passthrough on` lets it through";
                return refused(why.into());
            }
            Err(why) => return refused(why),
        };
        let at = seconds();
        match pane.send(text, &client) {
            Ok(()) => {
                let traces = Traces { buffers: pane.buffers().ok(), client: Some(client), at };
                (Delivery { way: Way::Tmux, certainty: Certainty::Sent(note) }, traces)
            }
            Err(why) => refused(why),
        }
    }

    fn by_sequence(&self, way: Way, text: &str) -> Delivery {
        if way == Way::Nowhere {
            return Delivery::refused(way, self.why.clone());
        }
        if let Err(why) = self.passes(way) {
            return Delivery::refused(way, why);
        }
        match Self::sequence(way, text) {
            None => Delivery::refused(way, TOO_LONG),
            Some(bytes) => match (self.tty)(&bytes) {
                Ok(()) => Delivery { way, certainty: Certainty::Sent(self.note()) },
                Err(error) => Delivery::refused(way, format!("the terminal could not be written to: {error}")),
            },
        }
    }

    /// Whether a multiplexer hands a sequence of ours on at this moment; the error says why not.
    fn passes(&self, way: Way) -> Result<(), &'static str> {
        match (way, &self.environment.screen, &self.environment.tmux) {
            (Way::Screen, Some(window), _) if window.state() == State::Detached => {
                Err("no terminal is attached to GNU screen")
            }
            (Way::TmuxPassthrough, _, Some(pane)) if !pane.in_front() => {
                Err("tmux shows another window and hands on only what that sends")
            }
            _ => Ok(()),
        }
    }

    fn note(&self) -> &'static str {
        let term = &self.environment.term;
        let nested = term.starts_with("tmux") || term.starts_with("screen");
        match self.way {
            Way::Screen => SCREEN_NOTE,
            Way::Osc52 if nested => NESTED_NOTE,
            _ => TERMINAL_NOTE,
        }
    }

    fn sequence(way: Way, text: &str) -> Option<Zeroizing<Vec<u8>>> {
        let plain = osc52::plain(text)?;
        Some(match way {
            Way::Screen => osc52::for_screen(&plain),
            Way::TmuxPassthrough => osc52::through_tmux(&plain),
            _ => plain,
        })
    }

    /// Takes the secret back: when its time is over, when the focus returns after a failure, at the end.
    pub fn clear(&self, focus: Focus) -> ClearOutcome {
        let mut held = self.held();
        let Some(secret) = held.as_mut() else { return ClearOutcome::NothingHeld };
        if let Some(words) = guard::took() {
            *held = None;
            self.holds.store(false, Ordering::Release);
            guard::holding(None);
            return ClearOutcome::ByGuard(words);
        }
        guard::clearing();
        let outcome = match secret.way {
            Way::Desktop(_) => match self.desktop.clear_if_ours() {
                Ok(true) => ClearOutcome::Cleared,
                Ok(false) => ClearOutcome::LeftAlone,
                Err(reason) => ClearOutcome::CouldNot { reason: reason.into(), retry: true },
            },
            Way::Tmux => self.clear_tmux(secret),
            Way::Screen => self.clear_screen(),
            way => self.clear_sequence(way, secret, focus),
        };
        if !matches!(outcome, ClearOutcome::CouldNot { retry: true, .. }) {
            *held = None;
            self.holds.store(false, Ordering::Release);
            guard::holding(None);
        }
        outcome
    }

    fn clear_tmux(&self, secret: &mut Held) -> ClearOutcome {
        let could_not = |reason: Cow<'static, str>| ClearOutcome::CouldNot { reason, retry: true };
        let Some(mut pane) = self.environment.tmux.clone() else { return could_not("tmux is gone".into()) };
        if let Some(session) = &self.session
            && !pane.exists()
        {
            pane.pane.clone_from(session);
        }
        let targets = match pane.targets(secret.traces.client.as_ref(), secret.traces.at) {
            Ok(targets) if targets.clients.is_empty() => return could_not("no terminal is attached to tmux".into()),
            Ok(targets) => targets,
            Err(why) => return could_not(why.into()),
        };
        if let (Some(before), Ok(now)) = (&secret.traces.buffers, pane.buffers())
            && !now.is_subset(before)
            && pane.copies_leave_tmux()
        {
            return ClearOutcome::LeftAlone;
        }
        if secret.told && !targets.focused {
            return could_not(UNFOCUSED.into());
        }
        for client in &targets.clients {
            if let Err(why) = pane.send(BLANK, client) {
                return could_not(why.into());
            }
        }
        // tmux knows the focus of the terminal, the pane only its own.
        secret.sent(if targets.focused { Focus::Unknown } else { Focus::Unfocused })
    }

    /// By a window that screen opens for it, else by our own.
    fn clear_screen(&self) -> ClearOutcome {
        let could_not = |reason: Cow<'static, str>, retry| ClearOutcome::CouldNot { reason, retry };
        let by_window = match self.environment.screen.as_ref().map(|window| (window, window.state())) {
            Some((_, State::Detached)) => return could_not("no terminal is attached to GNU screen".into(), true),
            Some((window, State::Attached)) => window.clear_by_window(),
            Some((_, State::Missing)) | None => Err("the session of GNU screen is gone".to_owned()),
        };
        let ours = || Self::sequence(Way::Screen, BLANK).is_some_and(|bytes| (self.tty)(&bytes).is_ok());
        match by_window {
            Ok(()) => ClearOutcome::Unknown,
            Err(_) if ours() => ClearOutcome::Unknown,
            Err(why) => could_not(why.into(), true),
        }
    }

    fn clear_sequence(&self, way: Way, secret: &mut Held, focus: Focus) -> ClearOutcome {
        if secret.told && focus == Focus::Unfocused {
            return ClearOutcome::CouldNot { reason: UNFOCUSED.into(), retry: true };
        }
        if let Err(why) = self.passes(way) {
            return ClearOutcome::CouldNot { reason: why.into(), retry: true };
        }
        let written = Self::sequence(way, BLANK).map(|bytes| (self.tty)(&bytes));
        match written {
            Some(Ok(())) => secret.sent(focus),
            Some(Err(error)) => ClearOutcome::CouldNot { reason: error.to_string().into(), retry: true },
            None => ClearOutcome::CouldNot { reason: TOO_LONG.into(), retry: false },
        }
    }
}

impl Held {
    /// A space was sent to the terminal: what that is worth.
    fn sent(&mut self, focus: Focus) -> ClearOutcome {
        if focus == Focus::Unfocused {
            self.told = true;
            ClearOutcome::CouldNot { reason: UNFOCUSED.into(), retry: true }
        } else {
            ClearOutcome::Unknown
        }
    }
}

/// The second of now, as tmux counts.
fn seconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}

fn choose(environment: &Environment) -> (Way, String) {
    if let (Some(desktop), false) = (environment.desktop, environment.ssh) {
        return (Way::Desktop(desktop), "a desktop answers and the session is not over SSH".to_owned());
    }
    if environment.tmux.is_some() {
        return (Way::Tmux, "inside tmux, which sends it to the terminal".to_owned());
    }
    if environment.screen.is_some() {
        return (Way::Screen, "inside GNU screen, which needs its own wrapping".to_owned());
    }
    match environment.term.as_str() {
        "" | "dumb" => (Way::Nowhere, "TERM names no terminal that could take it".to_owned()),
        "linux" => (Way::Nowhere, "the text console has no clipboard".to_owned()),
        _ if environment.vte && !environment.ssh => {
            (Way::Nowhere, "this terminal (VTE) takes no clipboard text; select it with the mouse instead".to_owned())
        }
        _ => (Way::Osc52, "no desktop, tmux or screen: the terminal is asked by OSC 52".to_owned()),
    }
}

#[cfg(test)]
mod tests;
