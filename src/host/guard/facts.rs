//! What the guard knows: the facts it was told, and when something has to be done about them.

use super::word::Trail;
use crate::host::clipboard::{ClearOutcome, Clipboard};
use crate::host::promise::{Claim, Fact, Focus, Hold, TmuxPane};
use gluepot_core::audit::Reference;

/// How long after the due time the guard waits for the program to clear.
const GRACE: u64 = 500;
/// How long a clear of the program may take, with a tmux that hangs.
const PATIENCE: u64 = 5_000;
/// A wait is cut into pieces, since poll does not count the time asleep.
const PIECE: u64 = 500;
const LEAST: u64 = 20;
/// A secret that the program gave to a clipboard.
pub(super) struct Held {
    pub(super) claim: Claim,
    /// Made with the first try; it remembers what it told the terminal
    pub(super) clipboard: Option<Clipboard>,
    /// Whether it is known to have got there
    pub(super) sure: bool,
    /// When the guard looks at it, in milliseconds of [`BootTime`](gluepot_core::clock::BootTime)
    pub(super) due: Option<u64>,
    pub(super) intent: Option<Reference>,
    /// The result of clearing it while the program was stopped
    pub(super) took: Option<ClearOutcome>,
}

/// What the guard knows.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) audit: Option<Trail>,
    pub(super) hold: Option<Hold>,
    pub(super) promise: Option<(u64, Reference)>,
    pub(super) held: Option<Held>,
    /// When a secret should be off the screen, in milliseconds of [`BootTime`](gluepot_core::clock::BootTime)
    pub(super) shown: Option<u64>,
    /// The intents of secrets that were shown and whose end is not on record yet
    pub(super) open: Vec<Reference>,
    pub(super) focus: Focus,
    /// A paste buffer that contains a secret for a pane
    pub(super) lent: Option<(TmuxPane, String)>,
}

impl Held {
    /// Whether the program should have taken it back by now, and nobody has.
    pub(super) fn is_due(&self, now: u64) -> bool {
        self.took.is_none() && self.due.is_some_and(|due| due <= now)
    }
}

impl Facts {
    /// Takes note of one fact, at this time.
    pub(super) fn note(&mut self, fact: Fact, now: u64) {
        match fact {
            Fact::Entered(hold) => self.hold = Some(hold),
            Fact::Left => self.hold = None,
            Fact::Shown { due, intent } => {
                self.shown = Some(due + GRACE);
                if !self.open.contains(&intent) {
                    self.open.push(intent);
                }
            }
            Fact::Hidden => self.shown = None,
            Fact::Recorded(intent) => self.open.retain(|open| *open != intent),
            Fact::Lending(buffer) => self.lent = buffer,
            Fact::Focus(focus) => self.focus = focus,
            Fact::Promise { due, intent } => {
                if let Some(held) = &mut self.held
                    && held.intent.as_ref() == Some(&intent)
                {
                    held.due = Some(due + GRACE);
                }
                self.promise = Some((due, intent));
            }
            // What a copy replaces is not cleared any more; what it does not replace is of the same way.
            Fact::Copying(claim) => self.held = Some(self.secret(claim, false)),
            Fact::Holding(claim) => self.held = Some(self.secret(claim, true)),
            Fact::Clearing => {
                if let Some(held) = &mut self.held {
                    held.due = Some(now + PATIENCE);
                }
            }
            Fact::Cleared => self.held = None,
        }
    }

    fn secret(&self, claim: Claim, sure: bool) -> Held {
        let (due, intent) = self.promise.clone().unzip();
        Held { claim, clipboard: None, sure, due: due.map(|due| due + GRACE), intent, took: None }
    }

    /// For how many milliseconds nothing has to be done; for ever while no secret is held or shown.
    pub(super) fn wait(&self, now: u64) -> Option<u64> {
        let held = self.held.as_ref().filter(|held| held.took.is_none()).and_then(|held| held.due);
        let due = held.into_iter().chain(self.shown).min()?;
        // What is overdue and cannot be cleared now is tried again after a pause.
        Some(due.saturating_sub(now).clamp(LEAST, PIECE))
    }

    /// Whether a secret should be off the screen by now.
    pub(super) fn is_shown_too_long(&self, now: u64) -> bool {
        self.shown.is_some_and(|due| due <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::promise::{Traces, Way};

    fn reference(seq: u64) -> Reference {
        let text = serde_json::json!({ "seq": seq, "trail": [1, 2, 3, 4, 5, 6, 7, 8] });
        serde_json::from_value(text).expect("a reference as it is sent")
    }

    fn claim() -> Claim {
        Claim { way: Way::Osc52, tmux: None, session: None, screen: None, traces: Traces::default() }
    }

    fn after(told: impl IntoIterator<Item = Fact>) -> Facts {
        let mut facts = Facts::default();
        told.into_iter().for_each(|fact| facts.note(fact, 1_000));
        facts
    }

    fn promised(due: u64) -> Fact {
        Fact::Promise { due, intent: reference(7) }
    }

    #[test]
    fn a_copied_secret_is_due_some_time_after_the_program_should_have_cleared_it() {
        let facts = after([promised(9_000), Fact::Copying(claim())]);
        let held = facts.held.as_ref().expect("it may be there");
        assert_eq!((held.due, held.sure, held.intent.clone()), (Some(9_500), false, Some(reference(7))));
        assert!(!held.is_due(9_499) && held.is_due(9_500));
        let facts = after([promised(9_000), Fact::Copying(claim()), Fact::Holding(claim())]);
        assert!(facts.held.is_some_and(|held| held.sure && held.due == Some(9_500)), "known to be there");
        assert!(after([promised(9_000), Fact::Holding(claim()), Fact::Cleared]).held.is_none());
    }

    #[test]
    fn a_promise_that_is_made_anew_moves_only_its_own_secret() {
        let facts = after([promised(9_000), Fact::Holding(claim()), promised(20_000)]);
        assert_eq!(facts.held.and_then(|held| held.due), Some(20_500));
        let other = Fact::Promise { due: 20_000, intent: reference(8) };
        let facts = after([promised(9_000), Fact::Holding(claim()), other]);
        assert_eq!(facts.held.and_then(|held| held.due), Some(9_500), "of another copy, which is not there yet");
    }

    #[test]
    fn while_the_program_clears_the_guard_waits_longer() {
        let facts = after([promised(9_000), Fact::Holding(claim()), Fact::Clearing]);
        assert_eq!(facts.held.and_then(|held| held.due), Some(6_000), "five seconds from now");
        assert!(after([Fact::Clearing]).held.is_none());
    }

    #[test]
    fn what_was_taken_is_not_due_again() {
        let mut facts = after([promised(2_000), Fact::Holding(claim())]);
        if let Some(held) = &mut facts.held {
            held.took = Some(ClearOutcome::Unknown);
        }
        assert!(facts.held.as_ref().is_some_and(|held| !held.is_due(u64::MAX)));
        assert_eq!(facts.wait(1_000), None);
    }

    #[test]
    fn the_guard_sleeps_in_pieces_until_the_next_thing_is_due_and_for_ever_without_one() {
        assert_eq!(after([]).wait(1_000), None);
        let facts = after([promised(1_000), Fact::Holding(claim())]);
        assert_eq!(facts.wait(1_200), Some(300));
        assert_eq!(facts.wait(1_495), Some(20), "not without a pause");
        assert_eq!(facts.wait(9_000), Some(20), "overdue");
        assert_eq!(facts.wait(0), Some(500), "poll does not count the time asleep");
        let facts = after([promised(1_000), Fact::Holding(claim()), Fact::Shown { due: 800, intent: reference(7) }]);
        assert_eq!(facts.wait(1_200), Some(100), "what comes first");
    }

    #[test]
    fn a_shown_secret_is_open_until_its_end_is_on_record() {
        let shown = || Fact::Shown { due: 5_000, intent: reference(1) };
        let facts = after([shown(), shown()]);
        assert_eq!(facts.open, [reference(1)]);
        assert!(!facts.is_shown_too_long(5_499) && facts.is_shown_too_long(5_500));
        let facts = after([shown(), Fact::Hidden]);
        assert!(!facts.is_shown_too_long(u64::MAX) && facts.open == [reference(1)], "hidden is not yet on record");
        let facts = after([shown(), Fact::Recorded(reference(2)), Fact::Hidden]);
        assert_eq!(facts.open, [reference(1)]);
        assert!(after([shown(), Fact::Hidden, Fact::Recorded(reference(1))]).open.is_empty());
    }

    #[test]
    fn the_last_word_on_focus_and_on_a_lent_buffer_counts() {
        let pane = TmuxPane { socket: "/tmp/x".into(), pane: "%1".to_owned() };
        let lent = Fact::Lending(Some((pane.clone(), "gluepot-1".to_owned())));
        let facts = after([lent.clone(), Fact::Focus(Focus::Unfocused)]);
        assert_eq!(facts.lent, Some((pane, "gluepot-1".to_owned())));
        assert_eq!(facts.focus, Focus::Unfocused);
        assert_eq!(after([lent, Fact::Lending(None)]).lent, None);
    }
}
