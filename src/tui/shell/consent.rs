//! What a policy has asked or recorded before something that is no secret: the text of a document, the list of
//! passwords, a web address.
//!
//! Each of these is a [`Step`]. A document and a list are passed once for a stay: until another organization is opened,
//! the screen is locked, the program is suspended or the machine sleeps. What has to be on record is on the disk before
//! the text is drawn, before the passwords are asked for, before the browser is started; while it cannot be recorded none
//! of these happens, and the pane says why. A document under a cursor that passes by is not read: it is recorded, and
//! asked about, when somebody opens it. Secrets go through `gate`.

use std::sync::Arc;

use super::Shell;
use crate::tui::component::Ctx;
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::message::Message;
use crate::tui::notice::Notice;
use crate::tui::popups::consent::{ADDRESS, Consent, Step};
use crate::tui::popups::gate::{Answers, Ask};
use gluepot_core::audit::{Action as AuditAction, Event, Intent, Outcome};
use gluepot_core::model::{Kind, ListKey, OrganizationId, Record, RecordKey};
use gluepot_core::policy::{Decision, Verdict};
use gluepot_core::text::Clean;

/// What was typed in a dialog.
#[derive(Clone, Default)]
pub(super) struct Said {
    pub(super) reason: Clean,
    pub(super) ticket: Clean,
}

/// How far a step has come in this stay.
enum Pass {
    /// Its record is being written
    Recording { verdict: Verdict, said: Said },
    /// It goes on for the rest of the stay: what was agreed to, and whether it is on record
    Open { verdict: Verdict, recorded: bool },
    /// It could not be recorded, for this reason
    Failed { verdict: Verdict, said: Said, why: String },
}

/// The steps of this stay.
#[derive(Default)]
pub(in crate::tui) struct Passes {
    passes: std::collections::HashMap<Step, Pass>,
    /// Grows with each change
    changes: u64,
    /// Which stay of this run it is: a record of an earlier one opens nothing
    stay: u64,
    /// Records whose linked passwords were dropped when they came
    stripped: std::collections::HashSet<RecordKey>,
}

impl Passes {
    fn set(&mut self, step: Step, pass: Pass) {
        self.passes.insert(step, pass);
        self.changes += 1;
    }
}

/// What stands between a step and what it leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    /// Nothing
    Open,
    /// The policy
    Denied,
    /// A dialog
    Asks,
    /// A record
    Records,
    /// A record that is being written
    Recording,
    /// A record that could not be written
    Failed,
}

impl Shell {
    /// A document was opened: what has to be asked or recorded before it is shown is asked or recorded. Says whether
    /// there was anything.
    pub(super) fn read_first(&mut self, key: RecordKey) -> bool {
        let held = self.cx.view_refusal(key).is_some();
        if held {
            self.take(Step::View(key));
        }
        held
    }

    /// The passwords were asked for by a key. Says whether something stands before their list.
    pub(super) fn list_first(&mut self, pane: PaneId) -> bool {
        let Some(id) = self.cx.organization.filter(|_| pane == PaneId::Passwords) else { return false };
        let held = self.cx.list_refusal(ListKey::Passwords(id)).is_some();
        if held {
            self.take(Step::List(id));
        }
        held
    }

    /// A list is wanted that nobody asked for by a key: all that can be done for it is to record it.
    pub(super) fn record_list(&mut self, key: ListKey) {
        let (ListKey::Passwords(id) | ListKey::PasswordFolders(id)) = key else { return };
        let step = Step::List(id);
        let decision = self.cx.decide_step(&step);
        // Behind the lock nobody looks at a list.
        if self.lock.locked.is_none() && self.cx.standing(&step, &decision) == Standing::Records {
            self.take(step);
        }
    }

    fn take(&mut self, step: Step) {
        let decision = self.cx.decide_step(&step);
        match self.cx.standing(&step, &decision) {
            Standing::Open | Standing::Denied | Standing::Recording => {}
            Standing::Asks => self.ask_step(step, &decision, Vec::new()),
            Standing::Records => {
                let said = Said { reason: Clean::default(), ticket: Clean::line(&self.cx.stay.ticket) };
                self.record_step(step, decision.verdict, said);
            }
            Standing::Failed => match self.cx.stay.passes.passes.remove(&step) {
                Some(Pass::Failed { verdict, mut said, .. }) if verdict >= decision.verdict => {
                    // Nothing was typed for it: it goes on record for the ticket of now.
                    if verdict < Verdict::AskReason {
                        said.ticket = Clean::line(&self.cx.stay.ticket);
                    }
                    self.record_step(step, verdict, said);
                }
                _ => self.ask_step(step, &decision, Vec::new()),
            },
        }
    }

    /// The dialog. `notes` are what else to know of it.
    pub(super) fn ask_step(&mut self, step: Step, decision: &Decision, mut notes: Vec<String>) {
        let (_, key, organization) = self.subject_of(&step);
        let client = organization.map_or_else(|| "not known".to_owned(), |id| self.cx.client_words(id));
        let mut about = vec![("Client", client)];
        match &step {
            Step::View(_) => about.push(("Document", self.name_of(key))),
            Step::List(_) => {}
            Step::Link { address, .. } => about.extend([("Record", self.name_of(key)), (ADDRESS, address.clone())]),
        }
        let mut because = vec![format!("The {}.", decision.told())];
        if decision.is_on_record() && decision.verdict != Verdict::AskReason {
            because.push(format!("The {}.", recorded_by(decision)));
        }
        because.append(&mut notes);
        let mut consent = Consent { step, about, because, answers: Answers::default() };
        self.fill(&mut consent, decision);
        self.popups.push(consent);
        self.cx.dirty = true;
    }

    /// Adds the fields that a decision wants.
    fn fill(&self, consent: &mut Consent, decision: &Decision) {
        for ask in [Ask::Reason, Ask::Ticket] {
            let missing = consent.answers.all.iter().all(|answer| answer.ask != ask);
            if decision.verdict == Verdict::AskReason && missing {
                consent.answers.all.push(self.answer(ask));
            }
        }
    }

    /// Looks at what was typed. What is wrong is said beside its field, and what was typed stays.
    pub(super) fn submit_consent(&mut self) {
        let Some(mut consent) = self.popups.take::<Consent>() else { return };
        // What is asked may have changed while the dialog stood.
        let decision = self.cx.decide_step(&consent.step);
        if let Some(refusal) = super::policy::refusal_of(&decision, "Not done") {
            return self.say(Notice::error(refusal));
        }
        self.fill(&mut consent, &decision);
        for answer in &mut consent.answers.all {
            answer.wrong = super::gate::wrong_words(answer.ask, answer.field.text()).into();
        }
        let wrong = consent.answers.all.iter().position(|answer| !answer.wrong.is_empty());
        if wrong.is_some() || !consent.fits(&self.cx) {
            consent.answers.at = wrong.unwrap_or(consent.answers.at);
            self.popups.put_back(consent);
            return;
        }
        let typed = |ask: Ask| consent.answers.all.iter().find(|a| a.ask == ask).map(|a| a.field.text());
        // A ticket that was typed here is the one that is worked on.
        if let Some(ticket) = typed(Ask::Ticket) {
            self.cx.stay.ticket = super::tidy_ticket(ticket);
        }
        let reason = typed(Ask::Reason).map_or_else(Clean::default, |reason| Clean::line(reason.trim()));
        let said = Said { reason, ticket: Clean::line(&self.cx.stay.ticket) };
        match consent.step {
            Step::Link { address, from } => self.use_link(address, from, &said),
            step if decision.is_on_record() => self.record_step(step, decision.verdict, said),
            step => self.go_on(step, decision.verdict, false),
        }
    }

    /// Writes the record of a step, in the background; [`Shell::recorded`] goes on.
    fn record_step(&mut self, step: Step, verdict: Verdict, said: Said) {
        let event = self.event_of(&step, &said);
        let (trail, sender, stay) = (self.cx.audit.clone(), self.cx.tasks.sender(), self.cx.stay.passes.stay);
        self.cx.stay.passes.set(step.clone(), Pass::Recording { verdict, said });
        self.cx.dirty = true;
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                trail.intent(&event).map(Arc::new).map_err(|error| format!("{}; {}", error.brief(), error.advice()))
            });
            let result = work.await.unwrap_or_else(|_| Err("the writer of the audit trail stopped".into()));
            let _ = sender.send(Message::Recorded { stay, step, result });
        });
    }

    /// The record of a step is on the disk, or could not be written.
    pub(super) fn recorded(&mut self, stay: u64, step: Step, result: Result<Arc<Intent>, String>) {
        self.cx.dirty = true;
        let pass = if stay == self.cx.stay.passes.stay { self.cx.stay.passes.passes.remove(&step) } else { None };
        self.cx.stay.passes.changes += 1;
        match (pass, result) {
            (Some(Pass::Recording { verdict, said }), Err(why)) => {
                self.cx.stay.passes.set(step, Pass::Failed { verdict, said, why });
            }
            (Some(Pass::Recording { verdict, .. }), Ok(intent)) if self.is_before_us(&step) => {
                let outcome = if matches!(step, Step::List(_)) { Outcome::Listed } else { Outcome::Read };
                self.record(intent, outcome, None);
                self.go_on(step, verdict, true);
            }
            (_, Ok(intent)) => {
                self.record(intent, Outcome::Refused("no longer wanted when it was on record".into()), None);
            }
            (_, Err(_)) => {}
        }
    }

    /// Whether what a step leads to is still what is looked at.
    fn is_before_us(&self, step: &Step) -> bool {
        match step {
            Step::View(key) => self.reader.detail.target.is_some_and(|target| target.key == *key),
            Step::List(id) => self.cx.organization == Some(*id),
            Step::Link { .. } => false,
        }
    }

    /// A step is passed for the rest of the stay.
    fn go_on(&mut self, step: Step, verdict: Verdict, recorded: bool) {
        self.cx.stay.passes.set(step.clone(), Pass::Open { verdict, recorded });
        self.cx.dirty = true;
        match step {
            Step::View(key) => {
                if let Some(target) = self.reader.detail.target.filter(|target| target.key == key) {
                    self.show(target);
                    self.fetch_sections(key);
                }
            }
            Step::List(id) => {
                self.want_known();
                // What came while the list was held back came without the passwords that are linked to it.
                let stripped = std::mem::take(&mut self.cx.stay.passes.stripped);
                for key in stripped {
                    if self.cx.organization_of(key) != Some(id) {
                        self.cx.stay.passes.stripped.insert(key);
                        continue;
                    }
                    self.cx.store.detail_outdated(key);
                    if let Some(target) = self.reader.detail.target.filter(|target| target.key == key) {
                        self.show(target);
                    }
                }
            }
            Step::Link { .. } => {}
        }
    }

    /// Linked passwords of a record were dropped, since they are not to be listed yet.
    pub(super) fn note_stripped(&mut self, key: RecordKey) {
        self.cx.stay.passes.stripped.insert(key);
    }

    /// The stay is over: what was agreed to is asked again, what was recorded is recorded again, and passwords that were
    /// listed by leave are forgotten.
    pub(super) fn end_stay(&mut self) {
        self.cx.stay.passes.stay += 1;
        if self.cx.stay.passes.passes.is_empty() {
            return;
        }
        self.cx.stay.passes.changes += 1;
        let passes = std::mem::take(&mut self.cx.stay.passes.passes);
        let lists: Vec<OrganizationId> =
            passes.into_keys().filter_map(|step| if let Step::List(id) = step { Some(id) } else { None }).collect();
        for &id in &lists {
            self.cx
                .tasks
                .cancel_lists(|key| matches!(key, ListKey::Passwords(o) | ListKey::PasswordFolders(o) if o == id));
            self.cx.store.forget_passwords(id);
        }
        if !lists.is_empty() {
            // The finder holds their names.
            self.close_finder();
            if self
                .reader
                .detail
                .target
                .is_some_and(|t| t.key.kind == Kind::Password && self.cx.store.record(t.key).is_none())
            {
                self.reader.detail.show(None);
                if self.cx.frame.focus == PaneId::Detail {
                    self.cx.frame.focus = self.cx.frame.last_list;
                }
            }
        }
        self.cx.dirty = true;
    }

    /// Opens a web address, or copies it where there is no desktop; what has to be on record is before.
    pub(super) fn use_link(&mut self, address: String, from: RecordKey, said: &Said) {
        let decision = self.cx.decide_link(from);
        if let Some(refusal) = super::policy::refusal_of(&decision, "Not opened") {
            return self.say(Notice::error(refusal));
        }
        let step = Step::Link { address: address.clone(), from };
        let event = decision.is_on_record().then(|| self.event_of(&step, said));
        let (trail, clipboard, sender) = (self.cx.audit.clone(), self.desk.clipboard.clone(), self.cx.tasks.sender());
        let copies = self.cx.ssh;
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                let intent = match event.map(|event| trail.intent(&event)).transpose() {
                    Ok(intent) => intent,
                    Err(error) => {
                        let words =
                            format!("Not opened: it could not be recorded: {}; {}.", error.brief(), error.advice());
                        let _ = sender.send(Message::Notice(Notice::error(words)));
                        return;
                    }
                };
                let (outcome, message) = if copies {
                    let delivery = clipboard.copy_text(&address);
                    let what = "the web address".to_owned();
                    (Outcome::from(&delivery), Message::Copied { what, secret: false, delivery })
                } else {
                    match super::super::browse(&address) {
                        Ok(()) => (Outcome::Opened, Message::Notice(Notice::quiet("Opened in the browser."))),
                        Err(why) => {
                            let words = format!("Cannot start the browser: {why}. Copy the address instead.");
                            (Outcome::Failed(why.into()), Message::Notice(Notice::error(words)))
                        }
                    }
                };
                let _ = sender.send(message);
                if let Some(intent) = intent
                    && let Err(error) = trail.audit().and_then(|audit| audit.outcome(&intent, &outcome, None))
                {
                    let words = format!("The outcome could not be recorded: {error}");
                    let _ = sender.send(Message::Notice(Notice::error(words)));
                }
            });
            let _ = work.await;
        });
    }

    fn subject_of(&self, step: &Step) -> (AuditAction, RecordKey, Option<OrganizationId>) {
        let of = |key: RecordKey| {
            let reached =
                self.reader.detail.target.filter(|target| target.key == key).and_then(|target| target.organization);
            self.cx.organization_of(key).or(reached).or(self.cx.organization)
        };
        match step {
            Step::View(key) => (AuditAction::ViewDocument, *key, of(*key)),
            Step::List(id) => (AuditAction::ListPasswords, RecordKey { kind: Kind::Organization, id: id.0 }, Some(*id)),
            Step::Link { from, .. } => (AuditAction::OpenLink, *from, of(*from)),
        }
    }

    fn name_of(&self, key: RecordKey) -> String {
        let known = self.cx.store.record(key).map(|record| record.name().to_string());
        known.unwrap_or_else(|| format!("{} {}", key.kind.word(), key.id))
    }

    fn event_of(&self, step: &Step, said: &Said) -> Event {
        let (action, key, organization) = self.subject_of(step);
        let name = self.cx.store.record(key).map(|record| Record::name(record).clone()).unwrap_or_default();
        let mut event = Event::new(action, key, name);
        event.organization = organization.map(|id| (id, Clean::line(&self.cx.organization_name(id))));
        if let Step::Link { address, .. } = step {
            event.detail = Clean::line(address);
        }
        event.reason = said.reason.clone();
        event.ticket = said.ticket.clone();
        event
    }
}

impl Ctx {
    fn standing(&self, step: &Step, decision: &Decision) -> Standing {
        if decision.verdict == Verdict::Deny {
            return Standing::Denied;
        }
        if decision.verdict == Verdict::Allow && !decision.is_on_record() {
            return Standing::Open;
        }
        match self.stay.passes.passes.get(step) {
            // What was agreed to may be milder than what is asked by now, when more is known of the record.
            Some(Pass::Open { verdict, recorded })
                if *verdict >= decision.verdict && (*recorded || !decision.is_on_record()) =>
            {
                Standing::Open
            }
            Some(Pass::Recording { .. }) => Standing::Recording,
            Some(Pass::Failed { .. }) => Standing::Failed,
            _ if decision.verdict > Verdict::Allow => Standing::Asks,
            _ => Standing::Records,
        }
    }

    pub(in crate::tui) fn decide_step(&self, step: &Step) -> Decision {
        match step {
            Step::View(key) => self.decide_view(*key).unwrap_or_default(),
            Step::List(id) => self.decide_list(*id).unwrap_or_default(),
            Step::Link { from, .. } => self.decide_link(*from),
        }
    }

    /// Why a step could not be recorded.
    pub(in crate::tui) fn failure_of(&self, step: &Step) -> &str {
        match self.stay.passes.passes.get(step) {
            Some(Pass::Failed { why, .. }) => why,
            _ => "",
        }
    }

    /// Why the text of a document is not shown, and the key that goes on; `None` when it is shown.
    pub(in crate::tui) fn view_refusal(&self, key: RecordKey) -> Option<String> {
        let decision = self.decide_view(key)?;
        let step = Step::View(key);
        let open = self.hint(Action::Open);
        Some(match self.standing(&step, &decision) {
            Standing::Open => return None,
            Standing::Denied => format!("Not shown: {}.", decision.told()),
            Standing::Asks => format!("Not shown yet: {}.\n\nPress {open} to continue.", decision.told()),
            Standing::Records => {
                format!(
                    "Not shown yet: {}.\n\nPress {open} to record that you read it and show it.",
                    recorded_by(&decision)
                )
            }
            Standing::Recording => "Not shown yet: it is being recorded.".into(),
            Standing::Failed => {
                format!("Not shown: it could not be recorded: {}.\n\n{open} tries again.", self.failure_of(&step))
            }
        })
    }

    /// What the text of a document depends on beside its record: another number is another standing.
    pub(in crate::tui) fn view_stamp(&self, key: RecordKey) -> u64 {
        let Some(decision) = self.decide_view(key) else { return 0 };
        self.stay.passes.changes * 8 + self.standing(&Step::View(key), &decision) as u64 + 1
    }

    /// Why the passwords of an organization are not listed, and the key that goes on; `None` when they are.
    pub(in crate::tui) fn list_refusal(&self, key: ListKey) -> Option<String> {
        let (ListKey::Passwords(id) | ListKey::PasswordFolders(id)) = key else { return None };
        let decision = self.decide_list(id)?;
        let step = Step::List(id);
        let open = self.hint(Action::Open);
        Some(match self.standing(&step, &decision) {
            Standing::Open => return None,
            Standing::Denied => format!("Passwords are not listed: {}.", decision.told()),
            Standing::Asks => format!("Passwords are not listed yet: {open} asks. The {}.", decision.told()),
            Standing::Records | Standing::Recording => "Passwords are not listed yet: it is being recorded.".into(),
            Standing::Failed => format!(
                "Passwords are not listed: it could not be recorded: {}. {open} tries again.",
                self.failure_of(&step)
            ),
        })
    }

    /// The same in one or two words, for the title of the pane.
    pub(in crate::tui) fn list_word(&self, key: ListKey) -> Option<&'static str> {
        let ListKey::Passwords(id) = key else { return None };
        match self.standing(&Step::List(id), &self.decide_list(id)?) {
            Standing::Open | Standing::Records | Standing::Recording => None,
            Standing::Denied => Some("denied"),
            Standing::Asks => Some("asks first"),
            Standing::Failed => Some("not recorded"),
        }
    }
}

/// Which rules want a record, in one line.
fn recorded_by(decision: &Decision) -> String {
    let rules: Vec<_> = decision.on_record.iter().map(ToString::to_string).collect();
    format!("policy wants it on record: {}", rules.join("; "))
}
