//! What the guard puts right: the terminal, the clipboard, the outcomes in the audit trail.

use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use super::facts::{Facts, Held};
use crate::host::clipboard::{ClearOutcome, Clipboard};
use crate::host::promise::Focus;
use crate::host::terminal::{self, Rescue};
use gluepot_core::access;
use gluepot_core::audit::{Identity, Outcome, Reference};

/// The tmux client that the program started may finish a copy after the program was killed.
const UNDER_WAY: Duration = Duration::from_millis(400);
/// How long a secret in a tmux without a terminal is tried for, and how often.
const KEEP_TRYING: Duration = Duration::from_secs(600);
pub(super) const PAUSE: Duration = Duration::from_millis(500);

impl Facts {
    /// The program said goodbye. What it could not do, for want of descriptors or of room on the disk, is done here.
    pub(super) fn finish(self) {
        let rescued = self.hold.as_ref();
        let rescued = rescued.map(|hold| terminal::rescue(io::stdout().as_fd(), io::stderr().as_fd(), hold));
        give_up_terminal();
        if self.open.is_empty() {
            return;
        }
        let outcome = match rescued {
            None => Outcome::Hidden("the program ended and could not write it; by the guard"),
            rescued => end_of_screen(rescued),
        };
        let identity = Identity::here();
        for intent in &self.open {
            self.record(intent, identity.clone(), &outcome);
        }
    }

    /// The program is gone without a goodbye.
    pub(super) fn put_right(mut self) {
        let hold = self.hold.as_ref();
        let rescued = hold.map(|hold| terminal::rescue(io::stdout().as_fd(), io::stderr().as_fd(), hold));
        let screen = end_of_screen(rescued);
        if let Some((tmux, buffer)) = self.lent.take() {
            if self.held.is_none() {
                give_up_terminal();
            }
            // The tmux client that was started may still be at it.
            std::thread::sleep(UNDER_WAY);
            let _ = tmux.delete_buffer(&buffer);
        }
        // It names the terminal, which is let go of soon.
        let identity = Identity::here();
        let held = self.held.take();
        let shown = || {
            for intent in &self.open {
                self.record(intent, identity.clone(), &screen);
            }
        };
        let Some(mut held) = held else {
            give_up_terminal();
            return shown();
        };
        let outcome = match held.took.take() {
            Some(outcome) => {
                give_up_terminal();
                shown();
                outcome
            }
            // The trail may have to be waited for, and the clipboard must not.
            None => held.clear_at_last(self.focus, shown),
        };
        let (Some(intent), Outcome::Cleared(what)) = (&held.intent, Outcome::from(&outcome)) else { return };
        let outcome = Outcome::Cleared(format!("{what}; by the guard, the program was gone").into());
        self.record(intent, identity.clone(), &outcome);
    }

    /// A missing outcome shows in the trail: something was shown or copied and has no end.
    fn record(&self, intent: &Reference, identity: Identity, outcome: &Outcome) {
        let Some(trail) = &self.audit else { return };
        let trail = access::Trail::new(trail.folder.clone(), trail.keeping.clone()).written_by(identity);
        trail.settle_for(intent.clone(), outcome.clone());
        trail.write();
    }
}

/// What became of a secret on the screen of a program that is gone, by what was done to its terminal. `None` if the
/// program had given that back itself.
fn end_of_screen(rescued: Option<Rescue>) -> Outcome {
    match rescued {
        None => Outcome::Hidden("the program gave the terminal back and was gone; by the guard"),
        Some(Rescue::Everything | Rescue::Screen) => {
            Outcome::Hidden("the program was gone and the guard gave the terminal back")
        }
        Some(Rescue::Gone) => Outcome::Hidden("the terminal was gone, and the program; by the guard"),
        Some(Rescue::NotOurs) => {
            Outcome::Ended("the program was gone and somebody else had its terminal; by the guard")
        }
    }
}

impl Held {
    pub(super) fn clear(&mut self, focus: Focus) -> ClearOutcome {
        let tty = |bytes: &[u8]| {
            // Once it was let go of, there is something else in its place.
            let out = io::stdout();
            if out.is_terminal() {
                terminal::write_to(out.as_fd(), bytes)
            } else {
                Err(io::Error::other("the terminal is gone"))
            }
        };
        self.clipboard.get_or_insert_with(|| Clipboard::take_over(&self.claim, Box::new(tty))).clear(focus)
    }

    /// Clears, and retries for a while if no terminal is attached. `after_first` is done once, after the
    /// first try.
    fn clear_at_last(&mut self, focus: Focus, after_first: impl FnOnce()) -> ClearOutcome {
        let start = Instant::now();
        // A process that waits for the terminal to close must not wait for tmux.
        if !self.claim.needs_terminal() {
            give_up_terminal();
        }
        if !self.sure {
            std::thread::sleep(UNDER_WAY);
        }
        let mut after_first = Some(after_first);
        loop {
            let outcome = self.clear(focus);
            give_up_terminal();
            after_first.take().into_iter().for_each(|work| work());
            let again = matches!(outcome, ClearOutcome::CouldNot { retry: true, .. }) && self.claim.may_come_back();
            if !again || start.elapsed() > KEEP_TRYING {
                return outcome;
            }
            // The system that is being shut down does not have to wait.
            gluepot_core::raw::heed_end();
            std::thread::sleep(PAUSE);
        }
    }
}

/// Releases the terminal: as long as a process has it open, its window may stay.
fn give_up_terminal() {
    if let Ok(nothing) = std::fs::File::options().read(true).write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(&nothing);
        let _ = rustix::stdio::dup2_stderr(&nothing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a terminal of another program still shows is unknown.
    #[test]
    fn hidden_is_only_said_of_a_screen_that_was_given_back_or_is_gone() {
        let hidden = |rescued| matches!(end_of_screen(rescued), Outcome::Hidden(_));
        assert!(hidden(None) && hidden(Some(Rescue::Everything)) && hidden(Some(Rescue::Screen)));
        assert!(hidden(Some(Rescue::Gone)) && !hidden(Some(Rescue::NotOurs)));
    }
}
