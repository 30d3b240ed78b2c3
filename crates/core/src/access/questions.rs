//! What has to be asked before a secret or a step, as data: which questions, which sentences. The caller shows
//! them in its own way and hands back the answers.

use std::collections::BTreeSet;

use super::facts::Refusal;
use super::names::Doubt;
use super::permit::Permit;
use super::stay::tidy_ticket;
use super::step::Step;
use super::wanted::Wanted;
use crate::audit::Caution;
use crate::model::OrganizationId;

/// One thing that has to be typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// A name of the client, after a change of client
    Client,
    /// Why it is needed
    Reason,
    /// The ticket it is needed for
    Ticket,
}

/// A question and its label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// What is asked
    pub ask: Ask,
    /// What it is called
    pub label: &'static str,
}

impl Question {
    /// The questions of a policy that wants a reason.
    pub(super) const REASON: [Self; 2] =
        [Self { ask: Ask::Reason, label: "Reason" }, Self { ask: Ask::Ticket, label: "Ticket" }];
}

/// What was typed for a question.
pub type Reply = (Ask, String);

/// What was typed for one question, or nothing.
pub(super) fn said(replies: &[Reply], ask: Ask) -> &str {
    replies.iter().find(|(asked, _)| *asked == ask).map_or("", |(_, text)| text)
}

/// All that has to be asked before a secret. With nothing to type, a yes is requested.
#[derive(Debug)]
pub struct Questions {
    pub(super) wanted: Wanted,
    pub(super) organization: OrganizationId,
    /// Whose it is, in words
    pub client: String,
    /// The name of the record
    pub record: String,
    /// Why something is asked
    pub because: Vec<String>,
    /// What to know of the names and the surroundings before the secret is there
    pub cautions: Vec<String>,
    /// What has to be typed
    pub asks: Vec<Question>,
    /// The words of these cautions, and of what was accepted before, for the trail
    pub(super) words: BTreeSet<Caution>,
    /// Names that are told of now: asked once
    pub(super) names: Vec<Doubt>,
    /// Doubts about the surroundings that are told of now: asked once
    pub(super) doubts: Vec<String>,
}

impl Questions {
    /// What is wanted.
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }
}

/// What came of answers.
#[derive(Debug)]
pub enum Answered {
    /// It may not be done after all
    Refused(Refusal),
    /// Something is wrong or more is asked by now: the questions, and for each what is wrong
    Wrong(Box<Questions>, Vec<(Ask, String)>),
    /// It may be done
    Go(Permit),
}

/// What has to be asked before a step. With nothing to type, a yes is requested.
#[derive(Debug)]
pub struct StepQuestions {
    pub(super) step: Step,
    /// Why something is asked
    pub because: Vec<String>,
    /// What has to be typed
    pub asks: Vec<Question>,
}

impl StepQuestions {
    /// What it leads to.
    pub fn step(&self) -> &Step {
        &self.step
    }
}

/// Adds the questions that are missing.
pub(super) fn add(asks: &mut Vec<Question>, more: impl IntoIterator<Item = Question>) {
    for question in more {
        if asks.iter().all(|asked| asked.ask != question.ask) {
            asks.push(question);
        }
    }
}

/// What is wrong with a reason or a ticket; empty when nothing is.
pub(super) fn wrong_words(ask: Ask, typed: &str) -> &'static str {
    match ask {
        Ask::Reason if typed.chars().filter(|c| c.is_alphanumeric()).count() < 3 => "Give a reason in a few words.",
        Ask::Ticket if tidy_ticket(typed).is_empty() => "Ticket number required.",
        Ask::Client | Ask::Reason | Ask::Ticket => "",
    }
}
