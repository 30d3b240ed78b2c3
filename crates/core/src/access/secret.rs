//! From a wish for a secret to a permit: refusal, questions, or leave.
//!
//! All that has to be asked is asked at once. A name that can be taken for another one, of the password or of its
//! client, is a caution like those about the surroundings. What was told goes with the permit as fixed words, and so
//! into the trail: also what was accepted before and is not asked again.

use std::collections::BTreeSet;

use super::facts::{Facts, Refusal};
use super::names::Doubt;
use super::permit::{Given, Permit};
use super::questions::{Answered, Ask, Question, Questions, Reply, add, said, wrong_words};
use super::stay::Stay;
use super::wanted::{Purpose, Wanted};
use super::{Access, refused};
use crate::audit::Caution;
use crate::model::OrganizationId;
use crate::policy::{ConfirmClient, Verdict};
use crate::text::Clean;

/// A sentence about the surroundings that has to be read before a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The sentence
    pub sentence: String,
    /// Whether it is a doubt that no further look will settle: told once, and again when it says something else
    pub is_lasting_doubt: bool,
}

/// What is known of the surroundings: sentences to read, and words for the trail.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cautions {
    /// The sentences
    pub told: Vec<Told>,
    /// The words
    pub words: BTreeSet<Caution>,
}

/// Whether a secret may be fetched.
#[derive(Debug)]
pub enum May {
    /// No
    Refused(Refusal),
    /// After these questions
    Ask(Box<Questions>),
    /// Yes
    Go(Permit),
}

/// What has to be asked, and why.
#[derive(Default)]
struct Needs {
    asks: Vec<Question>,
    because: Vec<String>,
}

impl Access {
    /// Whether a secret may be fetched. `cautions` are about the surroundings.
    pub fn may(&self, stay: &Stay, wanted: Wanted, facts: &Facts<'_>, cautions: Cautions) -> May {
        let (organization, needs) = match self.needs(stay, wanted, facts) {
            Ok(needs) => needs,
            Err(refusal) => return May::Refused(refusal),
        };
        let (sentences, doubts) = untold(stay, wanted.purpose, cautions.told);
        let mut words = cautions.words;
        words.extend((!facts.names.doubts.is_empty()).then_some(Caution::LookAlike));
        let names: Vec<Doubt> =
            facts.names.doubts.iter().filter(|doubt| !stay.has_accepted_name(doubt)).cloned().collect();
        let told = names.iter().map(|(_, sentence)| sentence.clone()).chain(sentences);
        let cautions: Vec<String> = told.collect();
        if needs.asks.is_empty() && needs.because.is_empty() && cautions.is_empty() {
            let given = Given { wanted, reason: Clean::default(), ticket: stay.clean_ticket(), cautions: words };
            return May::Go(self.permit(given, facts));
        }
        let (client, record) = (facts.names.words.clone(), name_of(facts));
        let Needs { asks, because } = needs;
        May::Ask(Box::new(Questions {
            wanted,
            organization,
            client,
            record,
            because,
            cautions,
            asks,
            words,
            names,
            doubts,
        }))
    }

    /// Judges what was typed, by what is known now: what is asked may have changed since the questions were made. A call
    /// means yes to all that was told.
    pub fn answer(
        &self,
        stay: &mut Stay,
        mut questions: Box<Questions>,
        facts: &Facts<'_>,
        replies: &[Reply],
    ) -> Answered {
        let wanted = questions.wanted;
        let (organization, needs) = match self.needs(stay, wanted, facts) {
            Ok(needs) => needs,
            Err(refusal) => return Answered::Refused(refusal),
        };
        if organization != questions.organization {
            // What was read and typed was about another client.
            return Answered::Refused(Refusal::Unknown);
        }
        add(&mut questions.asks, needs.asks);
        let wrong = |ask: Ask| match ask {
            Ask::Client => facts.names.client.wrong(said(replies, ask)),
            Ask::Reason | Ask::Ticket => wrong_words(ask, said(replies, ask)).to_owned(),
        };
        let wrongs: Vec<(Ask, String)> =
            questions.asks.iter().map(|question| (question.ask, wrong(question.ask))).collect();
        if wrongs.iter().any(|(_, wrong)| !wrong.is_empty()) {
            return Answered::Wrong(questions, wrongs);
        }
        let asked = |ask: Ask| questions.asks.iter().any(|question| question.ask == ask);
        if asked(Ask::Client) {
            stay.confirm(organization);
        }
        // A ticket that was typed here is the one that is worked on.
        if asked(Ask::Ticket) {
            stay.set_ticket(said(replies, Ask::Ticket));
        }
        let reason = if asked(Ask::Reason) { Clean::line(said(replies, Ask::Reason).trim()) } else { Clean::default() };
        let Questions { names, doubts, words, .. } = *questions;
        stay.accept(wanted.purpose, names, doubts);
        let given = Given { wanted, reason, ticket: stay.clean_ticket(), cautions: words };
        Answered::Go(self.permit(given, facts))
    }

    /// Leave for the same fetch once more, after one more caution was told and accepted.
    ///
    /// # Errors
    /// It may not be done any more.
    pub fn again(&self, mut given: Given, facts: &Facts<'_>, caution: Caution) -> Result<Permit, Refusal> {
        if let Some(refusal) = self.refusal(given.wanted, &facts.about) {
            return Err(refusal);
        }
        given.cautions.insert(caution);
        Ok(self.permit(given, facts))
    }

    /// Whose it is and what has to be asked, or why it is refused.
    fn needs(&self, stay: &Stay, wanted: Wanted, facts: &Facts<'_>) -> Result<(OrganizationId, Needs), Refusal> {
        if let Some(refusal) = self.refusal(wanted, &facts.about) {
            return Err(refusal);
        }
        let organization = facts.about.organization.ok_or(Refusal::NoClient)?;
        let decision = self.decide_secret(wanted, &facts.about);
        let mut needs = Needs::default();
        if self.confirm_client() != ConfirmClient::Never && !stay.is_confirmed(organization) {
            let label = facts.names.client.label();
            needs.asks.push(Question { ask: Ask::Client, label });
            needs.because.push(format!("You switched clients. Type the {} to confirm:", label.to_lowercase()));
        }
        if decision.verdict == Verdict::AskReason {
            needs.asks.extend(Question::REASON);
        }
        if decision.verdict != Verdict::Allow {
            needs.because.push(format!("The {}.", decision.told()));
        }
        Ok((organization, needs))
    }

    fn permit(&self, given: Given, facts: &Facts<'_>) -> Permit {
        let event = facts.about.event(given.wanted.purpose.recorded_as(), &self.who);
        Permit::for_secret(given, event, self.lock.clone())
    }
}

impl Refusal {
    /// The refusal in one line. A vaulted password is for the web app: `web_app` says how to get there.
    pub fn told(&self, web_app: &str) -> String {
        match self {
            Self::Unknown => "Not fetched: this password is not known any more.".into(),
            Self::Vaulted(name) => {
                format!("{name} is vaulted: IT Glue's API cannot reveal it. Open it in the web app ({web_app}).")
            }
            Self::NoClient => "Not fetched: the client of this password is unknown.".into(),
            Self::Policy(decision) => refused(decision, "Not fetched").unwrap_or_default(),
        }
    }
}

/// The sentences that have to be read now, and the lasting doubts among them. What was read and accepted before, and
/// nothing else, is not told again.
fn untold(stay: &Stay, purpose: Purpose, told: Vec<Told>) -> (Vec<String>, Vec<String>) {
    let is_accepted = |told: &Told| told.is_lasting_doubt && stay.has_accepted_doubt(purpose, &told.sentence);
    if told.iter().all(is_accepted) {
        return (Vec::new(), Vec::new());
    }
    let doubts = told.iter().filter(|told| told.is_lasting_doubt).map(|told| told.sentence.clone()).collect();
    let mut sentences: Vec<String> = told.into_iter().map(|told| told.sentence).collect();
    if purpose == Purpose::Copy {
        sentences.push("A copy also passes through the terminal, so their recording can contain it.".into());
    }
    (sentences, doubts)
}

fn name_of(facts: &Facts<'_>) -> String {
    facts.about.record.map(|record| record.name().to_string()).unwrap_or_default()
}
