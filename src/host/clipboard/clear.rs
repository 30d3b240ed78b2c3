//! Taking a secret back: by one space, and only where it may still be.

use std::borrow::Cow;
use std::sync::atomic::Ordering;

use super::handle::{Clipboard, Held};
use super::outcome::ClearOutcome;
use super::screen::State;
use super::sequence::{BLANK, TOO_LONG, passes, sequence};
use crate::host::promise::{Focus, Way};

const UNFOCUSED: &str = "the terminal is told, but has not the focus, and some take nothing then";

impl Clipboard {
    /// Clears the secret: on time, when the focus returns after a failure, at the end.
    pub fn clear(&self, focus: Focus) -> ClearOutcome {
        let mut held = self.held();
        let Some(secret) = held.as_mut() else { return ClearOutcome::NothingHeld };
        if let Some(words) = self.promises.took() {
            *held = None;
            self.holds.store(false, Ordering::Release);
            self.promises.holding(None);
            return ClearOutcome::ByGuard(words);
        }
        self.promises.clearing();
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
            self.promises.holding(None);
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
        let ours = || sequence(Way::Screen, BLANK).is_some_and(|bytes| (self.tty)(&bytes).is_ok());
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
        if let Err(why) = passes(way, &self.environment) {
            return ClearOutcome::CouldNot { reason: why.into(), retry: true };
        }
        let written = sequence(way, BLANK).map(|bytes| (self.tty)(&bytes));
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
