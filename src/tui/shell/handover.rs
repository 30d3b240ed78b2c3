//! Handing a password to another pane of tmux, without a clipboard.
//!
//! The panes are looked at in the background; one is chosen from a list, the one with tmux's own mark first. What runs
//! there and whether it shows what it is given is in the gate's dialog, which always comes. The pane that was
//! agreed to goes with the request, so that no other one can be chosen for a value that is being fetched.

use std::sync::Arc;

use super::Shell;
use crate::host::clipboard::{Pane, Reads};
use crate::tui::message::Message;
use crate::tui::notice::Notice;
use crate::tui::pick::{Item, Pick};
use crate::tui::popups::picker::{Picker, Topic};
use gluepot_core::access::{Cautions, Purpose, Told, Wanted};
use gluepot_core::audit::{Intent, Outcome};
use gluepot_core::model::RecordKey;
use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

/// Why an earlier version is not handed over.
pub(super) const NOT_EARLIER: &str = "Only the current password can be sent. Copy or spell out this version.";

impl Shell {
    /// Why no password can be handed over; `None` when one can.
    pub(super) fn hand_over_refusal(&self) -> Option<String> {
        if self.desk.clipboard.tmux().is_none() {
            return Some("Needs tmux: sends the password to another pane.".into());
        }
        self.secret_refusal()
            .or_else(|| self.wanted_here(Purpose::HandOver).filter(|w| w.version.is_some()).map(|_| NOT_EARLIER.into()))
            .or_else(|| self.use_refusal(Purpose::HandOver))
    }

    /// Looks which panes there are.
    pub(super) fn ask_for_panes(&mut self) {
        let (Some(tmux), Some(password)) = (self.desk.clipboard.tmux().cloned(), self.password_subject()) else {
            return;
        };
        let key = password.key();
        self.desk.secret_ticket += 1;
        let ticket = self.desk.secret_ticket;
        self.desk.looked_for = Some(ticket);
        let sender = self.cx.tasks.sender();
        let rules = self.cx.access.lock().clone();
        self.cx.tasks.start_other(async move {
            let trouble = tokio::task::spawn_blocking(move || rules.trouble()).await.unwrap_or_default();
            if trouble.is_some() {
                let _ = sender.send(Message::PinLooked { ticket: Some(ticket), trouble });
                return;
            }
            let look = tokio::task::spawn_blocking(move || tmux.others());
            let panes = look.await.unwrap_or_else(|_| Err("the check was cancelled".into()));
            let _ = sender.send(Message::Panes { ticket, key, panes });
        });
    }

    /// The panes are known: one is chosen.
    pub(super) fn panes_seen(&mut self, ticket: u64, key: RecordKey, panes: Result<Vec<Pane>, String>) {
        if self.desk.looked_for.take_if(|looked_for| *looked_for == ticket).is_none() {
            return;
        }
        if !self.popups.is_empty() {
            self.say(Notice::quiet("Cancelled: another dialog was opened first."));
            return;
        }
        let mut panes = match panes {
            Ok(panes) if panes.is_empty() => {
                return self.say(Notice::warning("No other tmux pane. Open one at the password prompt first."));
            }
            Ok(panes) => panes,
            Err(why) => return self.say(Notice::error(format!("Cannot list the tmux panes: {why}."))),
        };
        panes.sort_by_key(|pane| !pane.marked);
        let items = panes.into_iter().map(|pane| item(key, pane)).collect();
        let name = self.cx.store.record(key).map(|r| r.name().to_string()).unwrap_or_default();
        let mut picker = Picker::new(Topic::Panes, format!("Send {name} to a pane"), items);
        picker.note = "Marked pane (prefix m) first. Enter asks to confirm.".into();
        self.popups.push(picker);
        self.cx.dirty = true;
    }

    /// A pane was chosen: what has to be known of it is read before anything is fetched.
    pub(super) fn hand_over_to(&mut self, key: RecordKey, pane: Pane) {
        let mut sentences = pane.told();
        sentences.push("Enter is not sent; press it in that pane.".into());
        let told = sentences.into_iter().map(|sentence| Told { sentence, is_lasting_doubt: false }).collect();
        let cautions = Cautions { told, words: pane.cautions().collect() };
        self.desk.chosen_pane = Some(pane);
        self.pass_gate(Wanted { key, purpose: Purpose::HandOver, version: None }, cautions);
    }

    /// Pastes what was fetched, and records what came of it.
    pub(super) fn hand_over(&mut self, to: Option<Pane>, secret: Secret, intent: Arc<Intent>, date: Option<String>) {
        let (Some(to), Some(tmux)) = (to, self.desk.clipboard.tmux().cloned()) else {
            drop(secret);
            self.record(intent, Outcome::Failed("no pane was chosen".into()), date);
            return;
        };
        let trail = self.cx.audit.clone();
        let sender = self.cx.tasks.sender();
        let promises = self.promises().clone();
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                let name = intent.event().record_name.clone();
                let result = tmux.hand_over(&secret, &to, &promises);
                drop(secret);
                let (outcome, notice) = match result {
                    Ok(()) => {
                        let words = target(&to);
                        let notice =
                            Notice::quiet(format!("Sent {name} to pane {} ({}), without Enter.", to.id, to.command));
                        (Outcome::HandedOver(words.into()), notice)
                    }
                    Err(why) => {
                        let notice = Notice::error(format!("Not sent: {why}."));
                        (Outcome::Failed(Clean::line(&why).to_string().into()), notice)
                    }
                };
                let _ = sender.send(Message::Notice(notice));
                trail.settle(intent, outcome, date);
                trail.write();
            });
            let _ = work.await;
        });
        self.cx.dirty = true;
    }
}

/// A pane in words, for the trail and the bar.
pub(super) fn target(pane: &Pane) -> String {
    format!("pane {} ({}), command {}", pane.id, pane.place, pane.command)
}

fn item(key: RecordKey, pane: Pane) -> Item {
    let mut label = format!("{}  {}  {}", pane.id, pane.place, pane.command);
    for more in [&pane.title, &pane.last_line] {
        if !more.is_empty() {
            label.push_str("  ");
            label.push_str(more);
        }
    }
    let reads = match pane.reads {
        Reads::HiddenLine => "hidden input",
        Reads::ShownLine => "shows what is typed",
        Reads::Keys => "reads key by key",
        Reads::Unknown => "",
    };
    let reads = if pane.refused.is_some() { "takes no input" } else { reads };
    let aside = match (pane.marked, reads) {
        (true, "") => "marked".to_owned(),
        (true, reads) => format!("marked, {reads}"),
        (false, reads) => reads.to_owned(),
    };
    let refused = pane.refused.map(|why| format!("Not this pane: {why}."));
    Item { refused, ..Item::new(label, aside, Pick::Pane(key, Box::new(pane))) }
}
