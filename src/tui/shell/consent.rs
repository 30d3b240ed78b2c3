//! What a policy asks or records before something that is not a secret: the text of a document, the list of
//! passwords, a web address. [`gluepot_core::access`] decides; here it is shown, asked and gone on with.
//!
//! A document under a cursor that passes by is not read: it is recorded, and asked about, when the user opens it.
//! Secrets go through `gate`.

use std::sync::Arc;

use super::Shell;
use crate::tui::component::Ctx;
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::message::Message;
use crate::tui::notice::Notice;
use crate::tui::popups::consent::{ADDRESS, Consent};
use crate::tui::popups::gate::Answers;
use gluepot_core::access::{LinkMay, Opening, Permit, Standing, Step, StepAnswered, StepQuestions, Taken, recorded_by};
use gluepot_core::audit::{Intent, Outcome};
use gluepot_core::model::{Kind, ListKey, OrganizationId, RecordKey};
use gluepot_core::policy::Decision;

/// The step that the list of passwords of a client is.
fn list_step(key: ListKey) -> Option<Step> {
    let (ListKey::Passwords(id) | ListKey::PasswordFolders(id)) = key else { return None };
    Some(Step::List(id))
}

impl Shell {
    /// A document was opened: what has to be asked or recorded before it is shown is asked or recorded. Says whether
    /// there was anything.
    pub(super) fn read_first(&mut self, key: RecordKey) -> bool {
        let held = self.cx.view_refusal(key).is_some();
        if held {
            self.take(&Step::View(key));
        }
        held
    }

    /// The passwords were requested by a key. Says whether something is between that and their list.
    pub(super) fn list_first(&mut self, pane: PaneId) -> bool {
        let Some(id) = self.cx.organization.filter(|_| pane == PaneId::Passwords) else { return false };
        let held = self.cx.list_refusal(ListKey::Passwords(id)).is_some();
        if held {
            self.take(&Step::List(id));
        }
        held
    }

    /// A list is wanted that no key asked for: all that can be done for it is to record it.
    pub(super) fn record_list(&mut self, key: ListKey) {
        let Some(step) = list_step(key) else { return };
        // Behind the lock no list is seen.
        let records = matches!(self.cx.standing(&step), Some((Standing::Records, _)));
        if self.lock.locked.is_none() && records {
            self.take(&step);
        }
    }

    fn take(&mut self, step: &Step) {
        let taken = self.with_stay(|app, stay| app.cx.access.take(stay, step, &app.about_step(step)));
        match taken {
            Taken::Nothing => {}
            Taken::Ask(decision) => self.ask_step(step.clone(), &decision, Vec::new()),
            Taken::Record(permit) => self.record_step(step.clone(), permit),
        }
    }

    /// The dialog. `notes` are what else to know of it.
    pub(super) fn ask_step(&mut self, step: Step, decision: &Decision, notes: Vec<String>) {
        let about = self.about_step(&step);
        let client = about.organization.map_or_else(|| "not known".to_owned(), |id| self.cx.client_words(id));
        let name = about
            .record
            .map_or_else(|| format!("{} {}", about.key.kind.word(), about.key.id), |record| record.name().to_string());
        let mut lines = vec![("Client", client)];
        match &step {
            Step::View(_) => lines.push(("Document", name)),
            Step::List(_) => {}
            Step::Link { address, .. } => lines.extend([("Record", name), (ADDRESS, address.clone())]),
        }
        let questions = self.cx.access.ask_step(step, decision, notes);
        let answers = Answers::of(&questions.asks, self.cx.stay.ticket());
        self.popups.push(Consent { questions, about: lines, answers });
        self.cx.dirty = true;
    }

    /// Hands in what was typed. What is wrong is said beside its field, and what was typed stays.
    pub(super) fn submit_consent(&mut self) {
        let Some(consent) = self.popups.take::<Consent>() else { return };
        if !consent.fits(&self.cx) {
            self.popups.put_back(consent);
            return;
        }
        let Consent { questions, about, mut answers } = *consent;
        match self.answer_step(questions, &answers) {
            StepAnswered::Refused(words) => self.say(Notice::error(words)),
            StepAnswered::Wrong(questions, wrongs) => {
                answers.refuse(&questions.asks, self.cx.stay.ticket(), wrongs);
                self.popups.push(Consent { questions, about, answers });
            }
            StepAnswered::Record(step, permit) => self.record_step(step, permit),
            StepAnswered::Open(step, opening) => self.go_on(step, opening),
            StepAnswered::Use { address, permit } => self.use_link(address, permit),
        }
    }

    fn answer_step(&mut self, questions: Box<StepQuestions>, answers: &Answers) -> StepAnswered {
        let (step, replies) = (questions.step().clone(), answers.replies());
        self.with_stay(|app, stay| app.cx.access.answer_step(stay, questions, &app.about_step(&step), &replies))
    }

    /// Writes the record of a step, in the background; [`Shell::recorded`] continues.
    fn record_step(&mut self, step: Step, permit: Permit) {
        let (trail, sender, stay) = (self.cx.audit.clone(), self.cx.tasks.sender(), self.cx.stay.number());
        self.cx.dirty = true;
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                permit.record(&trail).map(Arc::new).map_err(|why| format!("{why}; {}", why.advice()))
            });
            let result = work.await.unwrap_or_else(|_| Err("the writer of the audit trail stopped".into()));
            let _ = sender.send(Message::Recorded { stay, step, result });
        });
    }

    /// The record of a step is on the disk, or could not be written.
    pub(super) fn recorded(&mut self, stay: u64, step: Step, result: Result<Arc<Intent>, String>) {
        self.cx.dirty = true;
        let opening = self.cx.stay.recorded(stay, &step, result.as_deref().map_err(String::as_str));
        let Ok(intent) = result else { return };
        match opening.filter(|_| self.is_before_us(&step)) {
            Some(opening) => {
                let outcome = if matches!(step, Step::List(_)) { Outcome::Listed } else { Outcome::Read };
                self.record(intent, outcome, None);
                self.go_on(step, opening);
            }
            None => self.record(intent, Outcome::Refused("no longer wanted when it was on record".into()), None),
        }
    }

    /// Whether what a step leads to is still what the user looks at.
    fn is_before_us(&self, step: &Step) -> bool {
        match step {
            Step::View(key) => self.reader.detail.target.is_some_and(|target| target.key == *key),
            Step::List(id) => self.cx.organization == Some(*id),
            Step::Link { .. } => false,
        }
    }

    /// A step is passed for the rest of the stay.
    fn go_on(&mut self, step: Step, opening: Opening) {
        self.cx.stay.open(opening);
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
                for key in self.with_stay(|app, stay| stay.take_stripped(|key| app.cx.organization_of(key) == Some(id)))
                {
                    self.cx.store.detail_outdated(key);
                    if let Some(target) = self.reader.detail.target.filter(|target| target.key == key) {
                        self.show(target);
                    }
                }
            }
            Step::Link { .. } => {}
        }
    }

    /// The stay is over: passwords that were listed by leave are forgotten.
    pub(super) fn end_stay(&mut self) {
        let Some(lists) = self.cx.stay.end() else { return };
        for &id in &lists {
            self.forget_passwords(id);
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

    fn forget_passwords(&mut self, id: OrganizationId) {
        self.cx.tasks.cancel_lists(|key| matches!(key, ListKey::Passwords(o) | ListKey::PasswordFolders(o) if o == id));
        self.cx.store.forget_passwords(id);
    }

    // Links

    /// What the policies say of a web address.
    pub(super) fn link_may(&self, address: &str, from: RecordKey, agreed: bool) -> LinkMay {
        let step = Step::Link { address: address.to_owned(), from };
        self.cx.access.link(&self.cx.stay, &step, &self.about_step(&step), agreed)
    }

    /// The person agreed to a web address.
    pub(super) fn use_agreed_link(&mut self, address: String, from: RecordKey) {
        match self.link_may(&address, from, true) {
            LinkMay::Refused(words) => self.say(Notice::error(words)),
            LinkMay::Ask(decision) => self.ask_step(Step::Link { address, from }, &decision, Vec::new()),
            LinkMay::Use(permit) => self.use_link(address, permit),
        }
    }

    /// Opens a web address, or copies it where there is no desktop; what must be recorded is recorded first.
    pub(super) fn use_link(&mut self, address: String, permit: Option<Permit>) {
        let (trail, clipboard, sender) = (self.cx.audit.clone(), self.desk.clipboard.clone(), self.cx.tasks.sender());
        let copies = self.cx.ssh;
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                let intent = match permit.map(|permit| permit.record(&trail)).transpose() {
                    Ok(intent) => intent,
                    Err(why) => {
                        let words = format!("Not opened: it could not be recorded: {why}; {}.", why.advice());
                        let _ = sender.send(Message::Notice(Notice::error(words)));
                        return;
                    }
                };
                let (outcome, message) = if copies {
                    let delivery = clipboard.copy_text(&address);
                    let what = "the web address".to_owned();
                    (Outcome::from(&delivery), Message::Copied { what, secret: false, delivery })
                } else {
                    opened(&address)
                };
                let _ = sender.send(message);
                if let Some(intent) = intent {
                    trail.settle(Arc::new(intent), outcome, None);
                    trail.write();
                }
            });
            let _ = work.await;
        });
    }
}

impl Ctx {
    /// What is between a step and what it leads to, with the decision; `None` where no policy says anything of it.
    fn standing(&self, step: &Step) -> Option<(Standing<'_>, Decision)> {
        if !self.access.concerns(step) {
            return None;
        }
        let decision = self.access.decide_step(step, &self.about_step(step, None));
        Some((self.access.standing(&self.stay, step, &decision), decision))
    }

    // What the panes say

    /// Why the text of a document is not shown, or why passwords are not listed, and the key that continues; `None` when
    /// nothing is in between.
    fn step_refusal(&self, step: &Step) -> Option<String> {
        let (standing, decision) = self.standing(step)?;
        let open = self.hint(Action::Open);
        let list = matches!(step, Step::List(_));
        let (not, gap) = if list { ("Passwords are not listed", " ") } else { ("Not shown", "\n\n") };
        Some(match standing {
            Standing::Open => return None,
            Standing::Denied => format!("{not}: {}.", decision.told()),
            Standing::Asks if list => format!("{not} yet: {open} asks. The {}.", decision.told()),
            Standing::Asks => format!("{not} yet: {}.{gap}Press {open} to continue.", decision.told()),
            Standing::Records if !list => {
                let by = recorded_by(&decision);
                format!("{not} yet: {by}.{gap}Press {open} to record that you read it and show it.")
            }
            Standing::Records | Standing::Recording => format!("{not} yet: it is being recorded."),
            Standing::Failed(why) => format!("{not}: it could not be recorded: {why}.{gap}{open} tries again."),
        })
    }

    /// Why the text of a document is not shown; `None` when it is.
    pub(in crate::tui) fn view_refusal(&self, key: RecordKey) -> Option<String> {
        self.step_refusal(&Step::View(key))
    }

    /// Why the passwords of an organization are not listed; `None` when they are.
    pub(in crate::tui) fn list_refusal(&self, key: ListKey) -> Option<String> {
        self.step_refusal(&list_step(key)?)
    }

    /// What the text of a document depends on beside its record: another number means another state.
    pub(in crate::tui) fn view_stamp(&self, key: RecordKey) -> u64 {
        let Some((standing, _)) = self.standing(&Step::View(key)) else { return 0 };
        let number = match standing {
            Standing::Open => 1,
            Standing::Denied => 2,
            Standing::Asks => 3,
            Standing::Records => 4,
            Standing::Recording => 5,
            Standing::Failed(_) => 6,
        };
        self.stay.changes() * 8 + number
    }

    /// Why passwords are not listed in one or two words, for the title of the pane.
    pub(in crate::tui) fn list_word(&self, key: ListKey) -> Option<&'static str> {
        let step = list_step(key).filter(|_| matches!(key, ListKey::Passwords(_)))?;
        match self.standing(&step)?.0 {
            Standing::Open | Standing::Records | Standing::Recording => None,
            Standing::Denied => Some("denied"),
            Standing::Asks => Some("asks first"),
            Standing::Failed(_) => Some("not recorded"),
        }
    }
}

/// Opens an address in the browser.
fn opened(address: &str) -> (Outcome, Message) {
    match super::super::browse(address) {
        Ok(()) => (Outcome::Opened, Message::Notice(Notice::quiet("Opened in the browser."))),
        Err(why) => {
            let words = format!("Cannot start the browser: {why}. Copy the address instead.");
            (Outcome::Failed(why.into()), Message::Notice(Notice::error(words)))
        }
    }
}
