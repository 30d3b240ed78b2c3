//! Copying: by the desktop, by the tmux server, or by a sequence to the terminal.

use std::sync::atomic::Ordering;

use super::handle::{Clipboard, Held};
use super::outcome::{Certainty, Delivery};
use super::sequence::{TOO_LONG, passes, sequence};
use super::tmux::{self, Reach};
use crate::host::promise::{TmuxPane, Traces, Way};
use gluepot_core::secret::Secret;

const TERMINAL_NOTE: &str = "most terminals take it, some only after a setting or with the focus";
const SCREEN_NOTE: &str = "screen passes it on from the window in front; most terminals take it";
const NESTED_NOTE: &str = "the terminal calls itself tmux or screen, which pass it on only after a setting";
pub(super) const TMUX_NOTE: &str = "tmux handed it to a terminal that takes clipboard text";
const TMUX_UNKNOWN_NOTE: &str = "tmux does not know whether this terminal takes clipboard text";

impl Clipboard {
    /// Copies a secret, kept out of clipboard histories where there is a way to ask for it. It is taken back by
    /// [`Clipboard::clear`].
    pub fn copy_secret(&self, secret: &Secret) -> Delivery {
        self.copy(secret.expose(), true)
    }

    /// Copies text that is not secret.
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
            self.promises.copying(self.claim(way, Traces { at: seconds(), ..Traces::default() }));
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
            self.promises.holding(held.as_ref().and_then(|held| self.claim(held.way, held.traces.clone())));
        }
        delivery
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
        if let Err(why) = passes(way, &self.environment) {
            return Delivery::refused(way, why);
        }
        match sequence(way, text) {
            None => Delivery::refused(way, TOO_LONG),
            Some(bytes) => match (self.tty)(&bytes) {
                Ok(()) => Delivery { way, certainty: Certainty::Sent(self.note()) },
                Err(error) => Delivery::refused(way, format!("the terminal could not be written to: {error}")),
            },
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
}

/// The second of now, as tmux counts.
fn seconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}
