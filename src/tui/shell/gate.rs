//! The dialog before a secret: [`gluepot_core::access`] says what is asked and what may be done; here it is shown and
//! answered.

use super::Shell;
use crate::tui::keymap::Action;
use crate::tui::notice::Notice;
use crate::tui::popups::gate::{Answers, Gate};
use gluepot_core::access::{Answered, Cautions, Given, May, Refusal, Stay, Wanted};
use gluepot_core::audit::Caution;
use gluepot_core::model::OrganizationId;

impl Shell {
    /// Another organization is open from now on.
    pub(super) fn come_to(&mut self, id: OrganizationId) {
        self.cx.stay.enter(id, self.cx.organization.is_none(), self.cx.access.confirm_client());
        // An alert that was put away is for this visit.
        self.browse.dismissed.clear();
        self.cx.organization = Some(id);
    }

    /// Does something with the stay and what is known.
    pub(super) fn with_stay<T>(&mut self, work: impl FnOnce(&Self, &mut Stay) -> T) -> T {
        let mut stay = std::mem::take(&mut self.cx.stay);
        let done = work(self, &mut stay);
        self.cx.stay = stay;
        done
    }

    /// Fetches a secret, at once where nothing has to be asked, else after a dialog. `cautions` are those about the
    /// surroundings that have to be read before.
    pub(super) fn pass_gate(&mut self, wanted: Wanted, cautions: Cautions) {
        self.cx.dirty = true;
        match self.cx.access.may(&self.cx.stay, wanted, &self.facts(wanted.key), cautions) {
            May::Refused(refusal) => self.say_refused(&refusal),
            May::Go(permit) => self.fetch_secret(permit),
            May::Ask(questions) => {
                let answers = Answers::of(&questions.asks, self.cx.stay.ticket());
                self.popups.push(Gate { questions, answers });
            }
        }
    }

    pub(super) fn say_refused(&mut self, refusal: &Refusal) {
        let words = self.refusal_words(refusal);
        self.say(if matches!(refusal, Refusal::Vaulted(_)) { Notice::warning(words) } else { Notice::error(words) });
    }

    pub(super) fn refusal_words(&self, refusal: &Refusal) -> String {
        refusal.told(&self.cx.hint(Action::OpenUrl))
    }

    /// Hands in what was typed. All that is wrong is said beside its field, and what was typed stays.
    pub(super) fn submit_gate(&mut self) {
        let Some(gate) = self.popups.take::<Gate>() else { return };
        let Gate { questions, mut answers } = *gate;
        let (key, replies) = (questions.wanted().key, answers.replies());
        let answered = self.with_stay(|app, stay| app.cx.access.answer(stay, questions, &app.facts(key), &replies));
        match answered {
            Answered::Refused(refusal) => self.say_refused(&refusal),
            Answered::Go(permit) => self.fetch_secret(permit),
            Answered::Wrong(questions, wrongs) => {
                answers.refuse(&questions.asks, self.cx.stay.ticket(), wrongs);
                self.popups.push(Gate { questions, answers });
            }
        }
    }

    /// The person agreed to copy control characters: the same once more.
    pub(super) fn copy_anyway(&mut self, given: Given) {
        let wanted = given.wanted();
        let permit = self.cx.access.again(given, &self.facts(wanted.key), Caution::ControlCharacters);
        match permit {
            Ok(permit) => {
                self.desk.odd_copy_allowed = Some(wanted);
                self.fetch_secret(permit);
            }
            Err(refusal) => self.say_refused(&refusal),
        }
    }
}
