//! What a policy asks or records before something that is not a secret: the text of a document, the list of
//! passwords, a web address.
//!
//! A document and a list are passed once for a stay. What has to be on record is on the disk before the text is drawn,
//! before the passwords are requested, before the browser is started; while it cannot be recorded none of these
//! happens.

use super::facts::About;
use super::permit::Permit;
use super::questions::{Ask, Question, Reply, StepQuestions, add, said, wrong_words};
use super::stay::{Opening, Pass, Said, Stay};
use super::{Access, refused};
use crate::audit::Action as AuditAction;
use crate::model::{Kind, OrganizationId, RecordKey};
use crate::policy::{Action, Decision, Verdict};
use crate::text::Clean;

/// What is about to be done.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Show the text of a document
    View(RecordKey),
    /// Ask for the passwords of an organization
    List(OrganizationId),
    /// Use a web address
    Link {
        /// The address
        address: String,
        /// The record that contains it, or that it leads to
        from: RecordKey,
    },
}

impl Step {
    /// The record it is about.
    pub fn key(&self) -> RecordKey {
        match self {
            Self::View(key) | Self::Link { from: key, .. } => *key,
            Self::List(id) => id.key(),
        }
    }

    fn judged_as(&self) -> Action {
        match self {
            Self::View(_) => Action::View,
            Self::List(_) => Action::ListPasswords,
            Self::Link { .. } => Action::OpenLink,
        }
    }

    fn recorded_as(&self) -> AuditAction {
        match self {
            Self::View(_) => AuditAction::ViewDocument,
            Self::List(_) => AuditAction::ListPasswords,
            Self::Link { .. } => AuditAction::OpenLink,
        }
    }
}

/// What is between a step and what it leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing<'s> {
    /// Nothing
    Open,
    /// The policy
    Denied,
    /// A question
    Asks,
    /// A record
    Records,
    /// A record that is being written
    Recording,
    /// A record that could not be written, for this reason
    Failed(&'s str),
}

/// What has to be done for a step.
#[derive(Debug)]
pub enum Taken {
    /// Nothing, or nothing that can be done
    Nothing,
    /// The person has to agree: the decision that asks
    Ask(Decision),
    /// It has to be recorded; what came of that goes to [`Stay::recorded`]
    Record(Permit),
}

/// What came of answers to the questions of a step.
#[derive(Debug)]
pub enum StepAnswered {
    /// It may not be done after all
    Refused(String),
    /// Something is wrong or more is asked by now: the questions, and for each what is wrong
    Wrong(Box<StepQuestions>, Vec<(Ask, String)>),
    /// It has to be recorded first
    Record(Step, Permit),
    /// A document or a list that needs no record is open
    Open(Step, Opening),
    /// A web address may be used, after its record where there is a permit
    Use {
        /// The address
        address: String,
        /// What has to be recorded first
        permit: Option<Permit>,
    },
}

/// Whether a web address may be used.
#[derive(Debug)]
pub enum LinkMay {
    /// No, in words
    Refused(String),
    /// The person has to agree first: the decision that asks
    Ask(Decision),
    /// Yes, after its record where there is a permit
    Use(Option<Permit>),
}

impl Access {
    /// Whether any rule could say anything of a step; if not, nothing has to be found out about its record.
    pub fn concerns(&self, step: &Step) -> bool {
        let is_document = !matches!(step, Step::View(key) if key.kind != Kind::Document);
        is_document && self.policies.concern(step.judged_as())
    }

    /// What the policies say of a step.
    pub fn decide_step(&self, step: &Step, about: &About<'_>) -> Decision {
        if self.concerns(step) { self.decide(step.judged_as(), about) } else { Decision::default() }
    }

    /// What is between a step and what it leads to, by the decision about it.
    pub fn standing<'s>(&self, stay: &'s Stay, step: &Step, decision: &Decision) -> Standing<'s> {
        if decision.verdict == Verdict::Deny {
            return Standing::Denied;
        }
        if decision.verdict == Verdict::Allow && !decision.is_on_record() {
            return Standing::Open;
        }
        match stay.passes.get(step) {
            // What was agreed to may be milder than what is asked by now, when more is known of the record.
            Some(Pass::Open { verdict, recorded })
                if *verdict >= decision.verdict && (*recorded || !decision.is_on_record()) =>
            {
                Standing::Open
            }
            Some(Pass::Recording { .. }) => Standing::Recording,
            Some(Pass::Failed { why, .. }) => Standing::Failed(why),
            _ if decision.verdict > Verdict::Allow => Standing::Asks,
            _ => Standing::Records,
        }
    }

    /// The person wants to take a step: what has to be done for it.
    pub fn take(&self, stay: &mut Stay, step: &Step, about: &About<'_>) -> Taken {
        let decision = self.decide_step(step, about);
        match self.standing(stay, step, &decision) {
            Standing::Open | Standing::Denied | Standing::Recording => Taken::Nothing,
            Standing::Asks => Taken::Ask(decision),
            Standing::Records => {
                let said = Said { reason: Clean::default(), ticket: stay.clean_ticket() };
                Taken::Record(self.record_step(stay, step, about, decision.verdict, said))
            }
            Standing::Failed(_) => match stay.passes.remove(step) {
                Some(Pass::Failed { verdict, mut said, .. }) if verdict >= decision.verdict => {
                    // Nothing was typed for it: it is recorded for the ticket of now.
                    if verdict < Verdict::AskReason {
                        said.ticket = stay.clean_ticket();
                    }
                    Taken::Record(self.record_step(stay, step, about, verdict, said))
                }
                _ => Taken::Ask(decision),
            },
        }
    }

    /// The questions of a decision about a step. `notes` are what else to know of it.
    pub fn ask_step(&self, step: Step, decision: &Decision, notes: Vec<String>) -> Box<StepQuestions> {
        let mut because = vec![format!("The {}.", decision.told())];
        if decision.is_on_record() && decision.verdict != Verdict::AskReason {
            because.push(format!("The {}.", recorded_by(decision)));
        }
        because.extend(notes);
        Box::new(StepQuestions { step, because, asks: questions_of(decision) })
    }

    /// Judges what was typed, by what is known now. A call means yes to all that was told.
    pub fn answer_step(
        &self,
        stay: &mut Stay,
        mut questions: Box<StepQuestions>,
        about: &About<'_>,
        replies: &[Reply],
    ) -> StepAnswered {
        let decision = self.decide_step(&questions.step, about);
        if let Some(refusal) = refused(&decision, "Not done") {
            return StepAnswered::Refused(refusal);
        }
        add(&mut questions.asks, questions_of(&decision));
        let wrong = |ask: Ask| (ask, wrong_words(ask, said(replies, ask)).to_owned());
        let wrongs: Vec<(Ask, String)> = questions.asks.iter().map(|question| wrong(question.ask)).collect();
        if wrongs.iter().any(|(_, wrong)| !wrong.is_empty()) {
            return StepAnswered::Wrong(questions, wrongs);
        }
        let asked = |ask: Ask| questions.asks.iter().any(|question| question.ask == ask);
        // A ticket that was typed here is the one that is worked on.
        if asked(Ask::Ticket) {
            stay.set_ticket(said(replies, Ask::Ticket));
        }
        let reason = if asked(Ask::Reason) { Clean::line(said(replies, Ask::Reason).trim()) } else { Clean::default() };
        let said = Said { reason, ticket: stay.clean_ticket() };
        match questions.step {
            Step::Link { ref address, .. } => {
                let permit = self.permit_link(&questions.step, about, &decision, &said);
                StepAnswered::Use { address: address.clone(), permit }
            }
            step if decision.is_on_record() => {
                let permit = self.record_step(stay, &step, about, decision.verdict, said);
                StepAnswered::Record(step, permit)
            }
            step => {
                let opening = Opening { step: step.clone(), verdict: decision.verdict, recorded: false };
                StepAnswered::Open(step, opening)
            }
        }
    }

    /// Whether a web address may be used. `agreed` says that the person said yes to it; a reason and a ticket are asked
    /// for by [`Self::ask_step`].
    pub fn link(&self, stay: &Stay, step: &Step, about: &About<'_>, agreed: bool) -> LinkMay {
        let decision = self.decide_step(step, about);
        if let Some(refusal) = refused(&decision, "Not opened") {
            return LinkMay::Refused(refusal);
        }
        if decision.verdict == Verdict::AskReason || decision.verdict == Verdict::Ask && !agreed {
            return LinkMay::Ask(decision);
        }
        let said = Said { reason: Clean::default(), ticket: stay.clean_ticket() };
        LinkMay::Use(self.permit_link(step, about, &decision, &said))
    }

    fn permit_link(&self, step: &Step, about: &About<'_>, decision: &Decision, said: &Said) -> Option<Permit> {
        decision.is_on_record().then(|| self.permit_step(step, about, said))
    }

    /// Notes that the record of a step is being written, and gives the permit for it.
    fn record_step(&self, stay: &mut Stay, step: &Step, about: &About<'_>, verdict: Verdict, said: Said) -> Permit {
        let permit = self.permit_step(step, about, &said);
        stay.set(step.clone(), Pass::Recording { verdict, said });
        permit
    }

    fn permit_step(&self, step: &Step, about: &About<'_>, said: &Said) -> Permit {
        let mut event = about.event(step.recorded_as(), &self.who);
        if let Step::Link { address, .. } = step {
            event.detail = Clean::line(address);
        }
        event.reason = said.reason.clone();
        event.ticket = said.ticket.clone();
        Permit::for_step(event)
    }
}

/// What a decision has asked.
fn questions_of(decision: &Decision) -> Vec<Question> {
    if decision.verdict == Verdict::AskReason { Question::REASON.into() } else { Vec::new() }
}

/// Which rules want a record, in one line.
pub fn recorded_by(decision: &Decision) -> String {
    let rules: Vec<_> = decision.on_record.iter().map(ToString::to_string).collect();
    format!("policy wants it on record: {}", rules.join("; "))
}
