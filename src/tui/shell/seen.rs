//! Whether a value is on the screen: what the frames drew, and what the trail says about it.
//!
//! "Shown" is recorded when a frame drew the whole value, not when it arrived. A value can be held and not be seen: the
//! window is too small, the detail is not on the screen, a popup or a long notice covers it. So each frame looks, as
//! its last step, whether all cells of the value are there, and what changed is recorded: not shown, shown, hidden, and
//! shown again when it fits after all.

use std::cell::Cell;
use std::time::Duration;

use ratatui::layout::Rect;

use super::Shell;
use crate::tui::keymap::Action;
use crate::tui::notice::Notice;
use gluepot_core::audit::Outcome;
use gluepot_core::clock::BootTime;

/// There is too little room for all of it.
pub(super) const NO_ROOM: &str = "no room";
/// Only the list is on the screen.
pub(super) const NO_DETAIL: &str = "the detail was not on the screen";
/// Something is drawn over it.
pub(super) const COVERED: &str = "something covered it";

/// What the trail says about a value that is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) enum Seen {
    /// Nothing yet: no frame was drawn since it came
    #[default]
    Waiting,
    /// It is on the screen
    Shown,
    /// It is not
    NotShown,
}

impl Seen {
    /// Takes what a frame drew. Gives what has to be recorded of it.
    fn take(&mut self, drawn: Result<(), &'static str>) -> Option<Outcome> {
        let (next, outcome) = match (*self, drawn) {
            (Self::Shown, Ok(())) | (Self::NotShown, Err(_)) => return None,
            (_, Ok(())) => (Self::Shown, Outcome::Shown),
            (Self::Waiting, Err(why)) => (Self::NotShown, Outcome::NotShown(why)),
            (Self::Shown, Err(why)) => (Self::NotShown, Outcome::Hidden(why)),
        };
        *self = next;
        Some(outcome)
    }

    /// The value is taken back for this reason. Gives what has to be recorded of that.
    pub(super) fn end(self, why: &'static str) -> Option<Outcome> {
        match self {
            Self::Waiting => Some(Outcome::NotShown(why)),
            Self::Shown => Some(Outcome::Hidden(why)),
            Self::NotShown => None,
        }
    }
}

/// What the frame that is drawn finds out.
pub(in crate::tui) struct Drawn {
    /// Where the rows of the value are, if it has any
    pub(super) area: Cell<Option<Rect>>,
    /// Whether the whole value is on the screen, or why not
    pub(super) whole: Cell<Result<(), &'static str>>,
}

impl Default for Drawn {
    fn default() -> Self {
        Self { area: Cell::new(None), whole: Cell::new(Err(NO_DETAIL)) }
    }
}

impl Shell {
    /// A frame is on the screen: record what it showed of a value.
    pub(super) fn note_seen(&mut self) {
        let drawn = self.desk.drawn.whole.get();
        let now = BootTime::now();
        let (seen, intent, date, until) = if let Some(held) = &mut self.desk.held {
            (&mut held.seen, &held.intent, &mut held.date, held.until)
        } else if let Some(console) = &mut self.desk.console {
            (&mut console.seen, &console.intent, &mut console.date, console.until)
        } else {
            return;
        };
        let Some(outcome) = seen.take(drawn) else { return };
        let (intent, date) = (intent.clone(), date.take());
        match drawn {
            Ok(()) => self.desk.clipboard.promises().shown(until.left(now).max(Duration::from_millis(1)), &intent),
            Err(_) => self.desk.clipboard.promises().hidden(),
        }
        if drawn == Err(NO_ROOM) {
            self.say(Notice::warning(self.no_room_words()).passing());
        }
        self.record(intent, outcome, date);
    }

    /// What is said where a value does not fit, and what can be done.
    pub(super) fn no_room_words(&self) -> String {
        format!(
            "No room to show all of it. {} spells it, {} copies it.",
            self.cx.hint(Action::Console),
            self.cx.hint(Action::CopySecret)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_of_what_is_seen_is_recorded_once() {
        let mut seen = Seen::default();
        let mut told = Vec::new();
        for drawn in [Err(NO_ROOM), Err(COVERED), Ok(()), Ok(()), Err(COVERED), Err(COVERED), Ok(())] {
            told.extend(seen.take(drawn));
        }
        let all = [Outcome::NotShown(NO_ROOM), Outcome::Shown, Outcome::Hidden(COVERED), Outcome::Shown];
        assert_eq!(told, all);
        assert_eq!(seen.end("hidden by the user"), Some(Outcome::Hidden("hidden by the user")));
    }

    #[test]
    fn what_was_taken_back_unseen_is_never_recorded_as_hidden() {
        assert_eq!(Seen::Waiting.end("locked"), Some(Outcome::NotShown("locked")));
        let mut seen = Seen::default();
        assert!(seen.take(Err(NO_ROOM)).is_some());
        assert_eq!(seen.end("locked"), None);
    }
}
