//! Revealing and copying passwords, and taking them back.
//!
//! Every fetch goes the same way: the gate gives permission, the audit line reaches the disk, then the one record is requested, then the outcome
//! is recorded. If the line cannot be written nothing is requested, and the bar says why. A value lives in
//! [`Held`] while it is shown, or in the task that copies it, and nowhere else. Its time is counted by the clock that
//! runs on while the machine sleeps ([`gluepot_core::clock`]).

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::{CancellationToken, DropGuard};

use super::seen::Seen;
use super::{Copied, Shell};
use crate::host::clipboard::{Certainty, ClearOutcome, Delivery, Focus, Pane, Way};
use crate::host::observers::{self, Observer};
use crate::host::promise::Promises;
use crate::tui::browse::list::ViewRow;
use crate::tui::keymap::Action;
use crate::tui::layout::{PaneId, Room};
use crate::tui::message::{Message, Sender};
use crate::tui::notice::Notice;
use crate::tui::popups::confirm::{Confirm, Question};
use crate::tui::target::Target;
use crate::tui::tasks::{Slot, Subject};
use gluepot_core::access::{self, Cautions, Given, Permit, Purpose, Refusal, Told, Value, Wanted, Written};
use gluepot_core::audit::{Intent, Outcome};
use gluepot_core::clock::BootTime;
use gluepot_core::model::{Kind, Password, Record, RecordKey};
use gluepot_core::secret::Secret;
use gluepot_core::source::Urgency;

/// How the notice of a copy begins to say when the clipboard is cleared.
pub(super) const CLEARS: &str = "Clears in";

/// A revealed value.
pub struct Held {
    /// The password record
    pub key: RecordKey,
    /// Which earlier version it is; `None` for the one in force
    pub version: Option<u64>,
    /// The value
    pub secret: Secret,
    /// When it hides
    pub until: BootTime,
    pub(super) intent: Arc<Intent>,
    /// The `Date` of the server's answer, until the first outcome is recorded with it
    pub(super) date: Option<String>,
    /// What the trail says about it
    pub(super) seen: Seen,
    /// Seconds shown at the last frame: the countdown needs a frame only when they change
    shown_seconds: u64,
}

impl Held {
    /// Whole seconds left at a moment, rounded up.
    pub fn seconds(&self, now: BootTime) -> u64 {
        seconds_left(self.until, now)
    }
}

/// A running fetch.
pub struct Asked {
    given: Given,
    ticket: u64,
    task: u64,
    since: Instant,
    /// Dropped with the rest when the value is not wanted any more: the fetch ends, and what had arrived is wiped
    _until_unwanted: DropGuard,
    /// The pane it is handed to
    to: Option<Pane>,
}

/// Whole seconds from `now` to a moment, rounded up.
pub(super) fn seconds_left(until: BootTime, now: BootTime) -> u64 {
    until.left(now).as_millis().div_ceil(1_000) as u64
}

/// How long apart a clear that failed is tried again by the clock: at first, and after ten times.
const CLEAR_PAUSE: Duration = Duration::from_secs(5);
const LONGER_PAUSE: Duration = Duration::from_secs(30);

impl Shell {
    /// The password that actions mean: the record itself, or the password the selected link leads to.
    pub(super) fn password_subject(&self) -> Option<&Password> {
        let key = match self.focused_link().map(|link| &link.target) {
            Some(gluepot_body::LinkTarget::Record(key, _)) if key.kind == Kind::Password => *key,
            _ => self.subject_key()?,
        };
        match self.cx.store.record(key)?.as_ref() {
            Record::Password(password) => Some(password),
            _ => None,
        }
    }

    /// Why no value can be fetched for the record at hand, whatever a policy says; `None` when one can.
    pub(super) fn secret_refusal(&self) -> Option<String> {
        let Some(wanted) = self.wanted_here(Purpose::Reveal) else { return Some(self.no_password_here()) };
        let refusal = self.cx.access.refusal(wanted, &self.cx.about(wanted.key, None))?;
        (!matches!(refusal, Refusal::Policy(_))).then(|| self.refusal_words(&refusal))
    }

    /// Why the password at hand may not be used so; `None` when it may.
    pub(super) fn use_refusal(&self, purpose: Purpose) -> Option<String> {
        let Some(wanted) = self.wanted_here(purpose) else { return Some(self.no_password_here()) };
        let refusal = self.cx.access.refusal(wanted, &self.cx.about(wanted.key, None))?;
        Some(self.refusal_words(&refusal))
    }

    /// What to do where no password is at hand.
    fn no_password_here(&self) -> String {
        let here = self.pane(PaneId::Passwords).filter(|pane| self.cx.frame.focus == pane.id);
        let Some(pane) = here.filter(|_| self.cx.organization.is_some()) else {
            let key = self.cx.hint(Action::FocusPasswords);
            return format!("Select a password first ({key}).");
        };
        let loading =
            pane.sources(self.cx.organization, &self.cx.store).iter().any(|&key| self.cx.store.list(key).is_loading());
        match pane.selected_row() {
            Some(ViewRow::Group { .. }) => "This is a folder. Select a password in it.".into(),
            None if loading => "The passwords are still loading.".into(),
            _ => "No password is selected.".into(),
        }
    }

    /// Uses the password at hand: the version on the screen, else the one in force.
    pub(super) fn ask_for(&mut self, purpose: Purpose) {
        if let Some(wanted) = self.wanted_here(purpose) {
            self.ask_secret(wanted);
        }
    }

    /// What a use of the password at hand means. What is seen is what is copied: while an earlier version is on the
    /// screen it is that one.
    pub(super) fn wanted_here(&self, purpose: Purpose) -> Option<Wanted> {
        let key = self.password_subject()?.key();
        Some(Wanted { key, purpose, version: self.version_on_screen(key) })
    }

    /// The earlier version of a password that is revealed now.
    pub(super) fn version_on_screen(&self, key: RecordKey) -> Option<u64> {
        self.desk.held.as_ref().filter(|held| held.key == key).and_then(|held| held.version)
    }

    /// The name of a password, with the version where it is not the one in force.
    pub(super) fn name_of_wanted(&self, wanted: Wanted) -> String {
        let name = self.cx.store.record(wanted.key).map(|r| r.name().to_string()).unwrap_or_default();
        match wanted.version {
            Some(version) => format!("{name} ({})", self.version_of(wanted.key, version)),
            None => name,
        }
    }

    /// Asks for a secret.
    pub(super) fn ask_secret(&mut self, wanted: Wanted) {
        // Pressed again while shown: hide it.
        let shown = |held: &Held| held.key == wanted.key && held.version == wanted.version;
        // What the bar says about the try before is over with the next one.
        if self.desk.not_fetched.take().is_some() {
            self.cx.bar.notice = None;
        }
        if wanted.purpose == Purpose::Reveal && self.desk.held.as_ref().is_some_and(shown) {
            self.hide("hidden by the user");
            return;
        }
        let surroundings = self.desk.observers.clone().filter(|_| self.can_be_seen(wanted.purpose));
        if surroundings.is_none() && self.cx.access.lock().asked_by.is_none() {
            self.pass_gate(wanted, Cautions::default());
            return;
        }
        let rules = self.cx.access.lock().clone();
        self.desk.secret_ticket += 1;
        let ticket = self.desk.secret_ticket;
        self.desk.looked_for = Some(ticket);
        let sender = self.cx.tasks.sender();
        self.cx.tasks.start_other(async move {
            let look = tokio::task::spawn_blocking(move || {
                let trouble = rules.trouble();
                let seen = if trouble.is_some() { None } else { surroundings.as_ref().map(observers::look) };
                (trouble, seen.unwrap_or_default())
            });
            let broken_off = |_| (None, vec![Observer::Unknown("the check was cancelled".into())]);
            let _ = sender.send(match look.await.unwrap_or_else(broken_off) {
                (None, seen) => Message::LookedAround { ticket, wanted, seen },
                (trouble, _) => Message::PinLooked { ticket: Some(ticket), trouble },
            });
        });
    }

    /// Whether a use of a secret goes through the terminal, where others may see it.
    fn can_be_seen(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Reveal | Purpose::Console => true,
            // By a sequence that a recorder keeps as it keeps everything else.
            Purpose::Copy => !matches!(self.desk.clipboard.way(), Way::Desktop(_) | Way::Nowhere),
            // It goes from tmux to the other pane; the dialog says what that shows.
            Purpose::HandOver => false,
        }
    }

    /// Who else would see it is known: the dialog before the secret says so.
    pub(super) fn looked_around(&mut self, ticket: u64, wanted: Wanted, seen: &[Observer]) {
        if self.desk.looked_for.take_if(|looked_for| *looked_for == ticket).is_none() {
            return;
        }
        // The person went on to something else: a question on top of that would take keys meant for it.
        if !self.popups.is_empty() {
            self.say(Notice::quiet("Cancelled: another dialog was opened first."));
            return;
        }
        // What the bar says about a PIN that was missing is over.
        if self.lock.pin_trouble.take().is_some() {
            self.cx.bar.notice = None;
        }
        let by_tmux = wanted.purpose == Purpose::Copy && self.desk.clipboard.way() == Way::Tmux;
        let seen = seen.iter().filter(|observer| !by_tmux || observer.sees_what_tmux_sends());
        let words = seen.clone().map(Observer::caution).collect();
        let told = seen
            .map(|observer| Told { sentence: observer.to_string(), is_lasting_doubt: observer.is_lasting_doubt() })
            .collect();
        self.pass_gate(wanted, Cautions { told, words });
    }

    /// Fetches a secret there is a permit for.
    pub(super) fn fetch_secret(&mut self, permit: Permit) {
        let Some(given) = permit.given().cloned() else { return };
        let wanted = given.wanted();
        let to = self.desk.chosen_pane.take().filter(|_| wanted.purpose == Purpose::HandOver);
        let permit = match &to {
            Some(pane) => permit.handing_to(&super::handover::target(pane)),
            None if wanted.purpose == Purpose::HandOver => {
                self.say(Notice::error("Not fetched: no tmux pane was chosen."));
                return;
            }
            None => permit,
        };
        let organization = permit.event().organization.as_ref().map(|(id, _)| *id);
        let now = self.now();
        // What is revealed is also what the detail shows.
        if wanted.purpose == Purpose::Reveal {
            self.show(Target { key: wanted.key, organization });
            if self.cx.frame.areas.room != Room::Wide {
                self.set_focus(PaneId::Detail);
            }
        }
        self.forget_shown("another value was requested");
        self.desk.secret_ticket += 1;
        let ticket = self.desk.secret_ticket;
        let (source, trail, sender) = (self.source.clone(), self.cx.audit.clone(), self.cx.tasks.sender());
        let promises = self.promises().clone();
        let still = CancellationToken::new();
        let unwanted = still.clone().cancelled_owned();
        let task =
            self.cx.tasks.start(Slot::Secret, Subject::None, Urgency::interactive(), move |_, _, _| async move {
                // The work below is not cancelled half way between record and request: once the line is written
                // its outcome is written as well. So it runs alone and this task only waits for it.
                let work = tokio::spawn(async move {
                    let reveal = |intent: Arc<Intent>| async move {
                        source.reveal(&intent).await.map_err(|trouble| trouble.told("try again"))
                    };
                    // Nothing is shown or copied before the guard can take it back.
                    let result = access::fetch(permit, trail, move || promises.settled(), reveal, unwanted).await;
                    let _ = sender.send(Message::Fetched { ticket, wanted, result });
                });
                let _ = work.await;
            });
        self.desk.asked_secret =
            Some(Asked { given, ticket, task, since: now, _until_unwanted: still.drop_guard(), to });
        self.cx.dirty = true;
    }

    /// Esc while a value is being fetched: the response is not shown. Says whether one was.
    pub(super) fn cancel_secret(&mut self) -> bool {
        if self.desk.looked_for.take().is_some() {
            self.say(Notice::quiet("Cancelled before the request was sent."));
            return true;
        }
        let was = self.desk.asked_secret.take().is_some();
        if was {
            self.say(Notice::quiet("Cancelled. The request may have been sent; the audit trail says so."));
        }
        was
    }

    /// A fetch ended without an answer. One that was superseded says nothing of the one that took its place.
    pub(super) fn secret_task_lost(&mut self, id: u64) {
        self.desk.asked_secret.take_if(|asked| asked.task == id);
    }

    pub(super) fn fetched(&mut self, ticket: u64, wanted: Wanted, result: Result<Value, String>) {
        self.cx.dirty = true;
        let asked = self.desk.asked_secret.take_if(|asked| asked.ticket == ticket);
        match result {
            Err(why) => {
                if asked.is_some() {
                    // The bar forgets it in some seconds; it must also be visible at the record later.
                    self.desk.not_fetched = Some((wanted.key, why.clone()));
                    self.say(Notice::error(why));
                }
            }
            Ok(Value { secret, intent, date }) => {
                self.desk.not_fetched = None;
                let Some(asked) = asked else {
                    self.record(intent, Outcome::Hidden("no longer wanted when it arrived"), date);
                    return;
                };
                let key = wanted.key;
                match wanted.purpose {
                    Purpose::Reveal if self.reader.detail.target.is_none_or(|target| target.key != key) => {
                        self.record(intent, Outcome::NotShown("another record was opened"), date);
                    }
                    Purpose::Reveal => {
                        // That it is shown is recorded when a frame has drawn it.
                        let wait = self.reveal_time();
                        let until = BootTime::now() + wait;
                        let version = wanted.version;
                        self.desk.clipboard.promises().shown(wait, &intent);
                        let (seen, shown_seconds) = (Seen::default(), wait.as_secs());
                        self.desk.held = Some(Held { key, version, secret, until, intent, date, seen, shown_seconds });
                    }
                    Purpose::Copy if has_control(&secret) && self.desk.odd_copy_allowed.take() != Some(wanted) => {
                        drop(secret);
                        self.confirm_odd_copy(asked.given, intent, date);
                    }
                    Purpose::Copy => self.copy_secret(wanted, secret, intent, date),
                    Purpose::Console => self.open_console(wanted, secret, intent, date),
                    Purpose::HandOver if has_control(&secret) => {
                        drop(secret);
                        let why = "it contains control characters, such as a line break, which would act as keys there";
                        self.record(intent, Outcome::Refused(why.into()), date);
                        self.say(Notice::error(format!("Not sent: {why}.")));
                    }
                    Purpose::HandOver => self.hand_over(asked.to, secret, intent, date),
                }
            }
        }
    }

    /// A value with control characters could press keys where it is pasted: that is asked first, and then fetched
    /// again, so that nothing is kept while the question is open.
    fn confirm_odd_copy(&mut self, given: Given, intent: Arc<Intent>, date: Option<String>) {
        self.record(intent, Outcome::Refused("it holds control characters, the user was asked".into()), date);
        let name = self.name_of_wanted(given.wanted());
        let lines = vec![
            name,
            "This password contains control characters, such as a line break. In a shell they act as keys.".to_owned(),
        ];
        let (title, verb) = ("Copy this password anyway?", "copy");
        self.popups.push(Confirm { question: Question::OddCopy(given), lines, title, verb, yes: 'c' });
    }

    fn copy_secret(&mut self, wanted: Wanted, secret: Secret, intent: Arc<Intent>, date: Option<String>) {
        let clipboard = self.desk.clipboard.clone();
        let trail = self.cx.audit.clone();
        let sender = self.cx.tasks.sender();
        let what = self.name_of_wanted(wanted);
        // The wait begins before the clipboard is written: never longer than promised.
        let wait = Duration::from_secs(self.cx.config.ui.clipboard_seconds.into());
        let until = BootTime::now() + wait;
        self.desk.clipboard.promises().promise(wait, &intent);
        let before = self.desk.copied.take().map(|old| Box::new(Copied { before: None, ..old }));
        self.desk.copied = Some(Copied {
            until,
            way: String::new(),
            tries: 0,
            pending: true,
            shown_seconds: 0,
            intent: intent.clone(),
            before,
        });
        self.cx.tasks.start(Slot::Clipboard, Subject::None, Urgency::interactive(), |_, _, _| async move {
            let work = tokio::task::spawn_blocking(move || {
                let delivery = clipboard.copy_secret(&secret);
                drop(secret);
                let outcome = Outcome::from(&delivery);
                trail.settle(intent, outcome, date);
                trail.write();
                let _ = sender.send(Message::Copied { what, secret: true, delivery });
            });
            let _ = work.await;
        });
        self.cx.dirty = true;
    }

    /// Copies something that is not a secret: the value, without the screen's marks for invisible characters.
    pub(super) fn copy_text(&mut self, what: &str, text: &str) {
        let text = text.to_owned();
        self.copy_made(what.to_owned(), move || text);
    }

    /// The same for a text that is made off the loop.
    pub(super) fn copy_made(&mut self, what: String, text: impl FnOnce() -> String + Send + 'static) {
        let clipboard = self.desk.clipboard.clone();
        let sender = self.cx.tasks.sender();
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                let text = text();
                let (text, gone) = gluepot_core::text::without_marks(&text);
                let what = match gone {
                    0 => what,
                    1 => format!("{what} (without 1 invisible character)"),
                    n => format!("{what} (without {n} invisible characters)"),
                };
                let delivery = clipboard.copy_text(&text);
                let _ = sender.send(Message::Copied { what, secret: false, delivery });
            });
            let _ = work.await;
        });
    }

    pub(super) fn copy_username(&mut self) {
        if let Some(password) = self.password_subject() {
            let (what, text) = (format!("the user name of {}", password.name), password.username.to_string());
            self.copy_text(&what, &text);
        }
    }

    pub(super) fn copied_event(&mut self, what: &str, secret: bool, delivery: Delivery) {
        self.cx.dirty = true;
        let way = delivery.way.label();
        let possible = delivery.may_have_arrived();
        if secret {
            match self.desk.copied.as_mut() {
                Some(copied) if possible => {
                    copied.way = way.to_string();
                    copied.pending = false;
                    copied.before = None;
                }
                // The one before is still there and still has its time.
                _ => self.desk.copied = self.desk.copied.take().and_then(|copied| copied.before).map(|before| *before),
            }
        } else if possible && self.desk.copied.as_ref().is_some_and(|copied| !copied.pending) {
            // Our own text took the secret's place: there is nothing left to clear.
            self.desk.copied = None;
        }
        let clears = match &self.desk.copied {
            Some(copied) if secret => format!(" {CLEARS} {} s.", seconds_left(copied.until, BootTime::now())),
            _ => String::new(),
        };
        self.desk.last_delivery = match &delivery.certainty {
            Certainty::Sent(doubt) => Some((delivery.way, *doubt)),
            Certainty::Delivered | Certainty::NotPossible(_) => None,
        };
        // A name that is long is cut, so that key hints have room beside the notice of the narrowest usual screen.
        let (columns, mark) = (usize::from(self.cx.frame.size.width), self.cx.styles.signs.cut);
        let what = if secret {
            crate::present::format::cut(what, columns.saturating_sub(60).max(20), mark)
        } else {
            what.into()
        };
        let notice = match &delivery.certainty {
            Certainty::Delivered => Notice::quiet(format!("Copied {what} ({way}).{clears}")),
            // "Copied" is only said about what was read back. Way and doubt are on the status screen.
            Certainty::Sent(_) => Notice::quiet(format!("Sent {what} (terminal cannot confirm).{clears}")),
            Certainty::NotPossible(why) => Notice::error(format!("Not copied: {why}")),
        };
        self.say(notice);
        // The program ended during the copy: nothing checks the clock any more.
        if self.exit.is_some() {
            self.clear_clipboard();
        }
    }

    pub(super) fn cleared(&mut self, outcome: ClearOutcome) {
        self.cx.dirty = true;
        let now = BootTime::now();
        let Some(mut copied) = self.desk.copied.take() else { return };
        let record = Outcome::from(&outcome);
        if let ClearOutcome::CouldNot { retry: true, .. } = outcome
            && self.exit.is_none()
        {
            copied.tries += 1;
            copied.pending = false;
            let pause = if copied.tries < 10 { CLEAR_PAUSE } else { LONGER_PAUSE };
            copied.until = now + pause;
            self.desk.clipboard.promises().promise(pause, &copied.intent);
            if copied.tries == 1 {
                self.say(Notice::warning(format!("{outcome}.")));
            }
            self.desk.copied = Some(copied);
            return;
        }
        let failed = matches!(outcome, ClearOutcome::CouldNot { .. });
        let words = format!("{outcome}.");
        self.say(if failed { Notice::error(words) } else { Notice::quiet(words) });
        self.record(copied.intent, record, None);
    }

    pub(super) fn clear_clipboard(&mut self) {
        let Some(copied) = self.desk.copied.as_mut().filter(|copied| !copied.pending) else { return };
        copied.pending = true;
        let clipboard = self.desk.clipboard.clone();
        let sender = self.cx.tasks.sender();
        let focus = self.desk.terminal_focus;
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                let _ = sender.send(Message::Cleared(clipboard.clear(focus)));
            });
            let _ = work.await;
        });
    }

    /// Hides a revealed value and forgets it.
    pub(super) fn hide(&mut self, why: &'static str) {
        if let Some(held) = self.desk.held.take() {
            self.desk.clipboard.promises().hidden();
            if let Some(outcome) = held.seen.end(why) {
                self.record(held.intent, outcome, held.date);
            }
            self.cx.dirty = true;
        }
    }

    /// Hides what is shown, at once or in parts, and forgets it. Says whether there was anything.
    pub(super) fn forget_shown(&mut self, why: &'static str) -> bool {
        let was = self.desk.held.is_some();
        self.hide(why);
        self.close_console(why) || was
    }

    /// Forgets every secret that is not in the clipboard, and no longer waits for one. What was agreed to ends with it.
    pub(super) fn drop_secrets(&mut self, why: &'static str) {
        self.forget_shown(why);
        self.desk.not_fetched = None;
        self.desk.looked_for = None;
        self.desk.asked_secret = None;
        self.cx.stay.forget_doubts();
        self.end_stay();
    }

    /// Writes an outcome, in the background and behind those before it. The program waits for it at its end.
    pub(super) fn record(&mut self, intent: Arc<Intent>, outcome: Outcome, date: Option<String>) {
        let trail = self.cx.audit.clone();
        trail.settle(intent, outcome, date);
        self.cx.tasks.start_other(async move {
            let _ = tokio::task::spawn_blocking(move || trail.write()).await;
        });
    }

    // By the clock

    /// Hides what is shown if it is due. Says whether it was.
    pub fn hide_overdue(&mut self) -> bool {
        let now = BootTime::now();
        let was = self.desk.held.is_some() || self.desk.console.is_some();
        self.secret_tick(now);
        self.console_tick(now);
        was && self.desk.held.is_none() && self.desk.console.is_none()
    }

    pub(super) fn secret_tick(&mut self, now: BootTime) {
        if let Some(until) = self.desk.held.as_ref().map(|held| held.until).filter(|until| *until <= now) {
            self.hide(time_over(until, now));
        }
        if let Some(held) = &mut self.desk.held {
            let seconds = seconds_left(held.until, now);
            if seconds != held.shown_seconds {
                held.shown_seconds = seconds;
                self.cx.dirty = true;
            }
        }
        if self.desk.copied.as_ref().is_some_and(|copied| !copied.pending && copied.until <= now) {
            self.clear_clipboard();
            self.cx.dirty = true;
        }
        if let Some(copied) = &mut self.desk.copied {
            let seconds = seconds_left(copied.until, now);
            if seconds != copied.shown_seconds {
                copied.shown_seconds = seconds;
                self.cx.dirty = true;
            }
        }
    }

    /// When a countdown changes or ends.
    pub(super) fn secret_due(&self) -> Option<BootTime> {
        let now = BootTime::now();
        let held = self.desk.held.as_ref().map(|held| next_second(held.until, now));
        let copied =
            self.desk.copied.as_ref().filter(|copied| !copied.pending).map(|copied| next_second(copied.until, now));
        held.into_iter().chain(copied).min()
    }

    pub(super) fn focus_lost(&mut self) {
        self.desk.terminal_focus = Focus::Unfocused;
        self.desk.clipboard.promises().focus(Focus::Unfocused);
        if self.cx.config.ui.hide_on_focus_loss && self.forget_shown("the terminal lost the focus") {
            self.say(Notice::quiet("Hidden: the terminal lost the focus."));
        }
    }

    /// A user who types has the focus, even if the terminal did not say that it returned.
    pub(super) fn key_shows_focus(&mut self) {
        if self.desk.terminal_focus == Focus::Unfocused {
            self.focus_gained();
        }
    }

    pub(super) fn focus_gained(&mut self) {
        self.desk.terminal_focus = Focus::Focused;
        self.desk.clipboard.promises().focus(Focus::Focused);
        // Some terminals take clipboard writes only while focused: a clear that failed is tried again now.
        if let Some(copied) = &mut self.desk.copied
            && copied.tries > 0
        {
            copied.until = BootTime::now();
            self.cx.dirty = true;
        }
    }

    /// Whether something secret is drawn, at once or in parts.
    pub fn shows_secret(&self) -> bool {
        self.desk.held.is_some() || self.desk.console.is_some()
    }

    /// The revealed value, while it may be drawn.
    pub(super) fn held(&self) -> Option<&Held> {
        self.desk.held.as_ref()
    }

    /// What is being fetched, and since when.
    pub(super) fn asked(&self, key: RecordKey) -> Option<(Wanted, Instant)> {
        self.desk
            .asked_secret
            .as_ref()
            .map(|asked| (asked.given.wanted(), asked.since))
            .filter(|(wanted, _)| wanted.key == key)
    }

    /// What the bar says about the clipboard: way and seconds left.
    pub(super) fn clipboard_chip(&self) -> Option<String> {
        let copied = self.desk.copied.as_ref()?;
        let seconds = seconds_left(copied.until, BootTime::now());
        Some(match (copied.pending, copied.tries) {
            (true, _) => "clipboard …".to_owned(),
            (false, 0) => format!("clipboard clears in {seconds} s"),
            // The clock is checked as well, but nothing happens before.
            (false, _) if self.desk.terminal_focus == Focus::Unfocused => {
                "clipboard not cleared: focus needed".to_owned()
            }
            (false, _) => format!("clipboard not cleared, again in {seconds} s"),
        })
    }

    /// Whether a secret may still be in the clipboard: the end of the program clears it.
    pub fn clipboard_is_ours(&self) -> bool {
        self.desk.copied.is_some()
    }
}

/// Why a due value is hidden: on time, or as soon as the program could.
pub(super) fn time_over(until: BootTime, now: BootTime) -> &'static str {
    if now.left(until) > Duration::from_secs(1) {
        "its time was over while the program stood still"
    } else {
        "its time was over"
    }
}

/// The next moment at which a countdown to `until` shows another number.
pub(super) fn next_second(until: BootTime, now: BootTime) -> BootTime {
    let left = until.left(now);
    let part = Duration::from_millis((left.as_millis() % 1_000) as u64);
    if left.is_zero() {
        now
    } else if part.is_zero() {
        now + Duration::from_secs(1).min(left)
    } else {
        now + part
    }
}

fn has_control(secret: &Secret) -> bool {
    secret.expose().chars().any(char::is_control)
}

/// An outcome was written, or could not be: the guard has to know of what is hidden, the person of what failed.
pub(super) fn hear_written(promises: &Promises, sender: &Sender, written: &Written<'_>) {
    match written.result {
        Ok(()) if matches!(written.outcome, Outcome::Hidden(_) | Outcome::NotShown(_)) => {
            promises.recorded(written.intent.clone());
        }
        Ok(()) => {}
        Err(error) => {
            let words = format!("The outcome could not be recorded: {error}");
            let _ = sender.send(Message::Notice(Notice::error(words)));
        }
    }
}
