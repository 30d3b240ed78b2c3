//! What was agreed to in this stay: whose secrets are confirmed, which doubts were accepted, which steps were passed.
//!
//! A stay ends when another organization is opened, the screen is locked, the program is suspended or the machine
//! sleeps.

use std::collections::{HashMap, HashSet};

use super::names::Doubt;
use super::step::Step;
use super::wanted::Purpose;
use crate::audit::Intent;
use crate::model::{OrganizationId, RecordKey};
use crate::policy::{ConfirmClient, Verdict};
use crate::text::Clean;

/// What was typed for a step.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Said {
    pub(super) reason: Clean,
    pub(super) ticket: Clean,
}

/// How far a step has come in this stay.
#[derive(Debug)]
pub(super) enum Pass {
    /// Its record is being written
    Recording { verdict: Verdict, said: Said },
    /// It is open for the rest of the stay: what was agreed to, and whether it is on record
    Open { verdict: Verdict, recorded: bool },
    /// It could not be recorded, for this reason
    Failed { verdict: Verdict, said: Said, why: String },
}

/// A step that was agreed to, and recorded where that is wanted.
#[derive(Debug)]
pub struct Opening {
    pub(super) step: Step,
    pub(super) verdict: Verdict,
    pub(super) recorded: bool,
}

/// What was agreed to in this stay, and the ticket that is worked on.
#[derive(Debug, Default)]
pub struct Stay {
    ticket: String,
    /// The clients whose secrets are fetched without asking whose they are: the open one, or with the setting "once" all
    /// that were confirmed in this run
    confirmed: HashSet<OrganizationId>,
    /// Doubts about who sees the terminal that the person read and accepted
    doubts: HashSet<(Purpose, String)>,
    /// What was said about names that can be taken for others, and accepted
    names: Vec<Doubt>,
    pub(super) passes: HashMap<Step, Pass>,
    /// Grows with each change of a step
    changes: u64,
    /// Which stay of this run it is: a record of an earlier one opens nothing
    number: u64,
    /// Records whose linked passwords were dropped when they came
    stripped: HashSet<RecordKey>,
}

impl Stay {
    /// A stay at the start of a run.
    pub fn new(ticket: Option<&str>) -> Self {
        Self { ticket: ticket.map(tidy_ticket).unwrap_or_default(), ..Self::default() }
    }

    /// The ticket, filtered, without `#`; may be empty.
    pub fn ticket(&self) -> &str {
        &self.ticket
    }

    /// Sets the ticket that is worked on.
    pub fn set_ticket(&mut self, typed: &str) {
        self.ticket = tidy_ticket(typed);
    }

    /// The ticket for a record.
    pub(super) fn clean_ticket(&self) -> Clean {
        Clean::line(&self.ticket)
    }

    /// Another organization is open from now on. The first one of a run needs no confirmation; after each change the
    /// first secret does.
    pub fn enter(&mut self, id: OrganizationId, is_first: bool, often: ConfirmClient) {
        if is_first {
            self.confirmed.insert(id);
        } else if often == ConfirmClient::EachChange {
            self.confirmed.clear();
        }
    }

    pub(super) fn is_confirmed(&self, id: OrganizationId) -> bool {
        self.confirmed.contains(&id)
    }

    pub(super) fn confirm(&mut self, id: OrganizationId) {
        self.confirmed.insert(id);
    }

    pub(super) fn has_accepted_name(&self, doubt: &Doubt) -> bool {
        self.names.contains(doubt)
    }

    pub(super) fn has_accepted_doubt(&self, purpose: Purpose, sentence: &str) -> bool {
        self.doubts.iter().any(|(known, doubt)| *known == purpose && doubt == sentence)
    }

    /// What was told was read and accepted.
    pub(super) fn accept(&mut self, purpose: Purpose, names: Vec<Doubt>, doubts: Vec<String>) {
        self.names.extend(names);
        self.doubts.extend(doubts.into_iter().map(|doubt| (purpose, doubt)));
    }

    pub(super) fn set(&mut self, step: Step, pass: Pass) {
        self.passes.insert(step, pass);
        self.changes += 1;
    }

    /// How often a step changed: what was made from another number may be out of date.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Which stay of this run it is.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The record of a step, begun in a stay, is on the disk or could not be written. Gives what opens the step, where
    /// it still belongs to this stay; the caller decides whether it is still wanted.
    pub fn recorded(&mut self, number: u64, step: &Step, result: Result<&Intent, &str>) -> Option<Opening> {
        let pass = if number == self.number { self.passes.remove(step) } else { None };
        self.changes += 1;
        match (pass, result) {
            (Some(Pass::Recording { verdict, said }), Err(why)) => {
                self.set(step.clone(), Pass::Failed { verdict, said, why: why.to_owned() });
                None
            }
            (Some(Pass::Recording { verdict, .. }), Ok(_)) => {
                Some(Opening { step: step.clone(), verdict, recorded: true })
            }
            _ => None,
        }
    }

    /// A step is open for the rest of the stay.
    pub fn open(&mut self, opening: Opening) {
        let Opening { step, verdict, recorded } = opening;
        self.set(step, Pass::Open { verdict, recorded });
    }

    /// Linked passwords of a record were dropped, since they are not to be listed yet.
    pub fn note_stripped(&mut self, key: RecordKey) {
        self.stripped.insert(key);
    }

    /// The records whose linked passwords were dropped and may be listed now.
    pub fn take_stripped(&mut self, is_open: impl Fn(RecordKey) -> bool) -> Vec<RecordKey> {
        let (open, kept) = std::mem::take(&mut self.stripped).into_iter().partition(|&key| is_open(key));
        self.stripped = kept;
        let open: HashSet<RecordKey> = open;
        open.into_iter().collect()
    }

    /// Forgets which doubts were accepted: another person may sit there, or the secrets of another client be meant.
    pub fn forget_doubts(&mut self) {
        self.doubts.clear();
        self.names.clear();
    }

    /// The stay is over: what was agreed to is asked again, and what was recorded is recorded again. Gives the
    /// organizations whose passwords were listed by leave; `None` where no step was taken.
    pub fn end(&mut self) -> Option<Vec<OrganizationId>> {
        self.number += 1;
        if self.passes.is_empty() {
            return None;
        }
        self.changes += 1;
        let listed = |step| if let Step::List(id) = step { Some(id) } else { None };
        Some(std::mem::take(&mut self.passes).into_keys().filter_map(listed).collect())
    }
}

/// A ticket as it is kept: filtered, on one line, without the sign before it.
pub fn tidy_ticket(raw: &str) -> String {
    let line = Clean::line(raw.trim());
    line.trim_start_matches('#').trim().chars().take(64).collect()
}
