//! The client named at the start is opened as soon as it is found; and what was refreshed again is said to be here.

use std::sync::Arc;

use super::Shell;
use crate::tui::browse::Refreshed;
use crate::tui::keymap::Action;
use crate::tui::notice::Notice;
use crate::tui::tasks::{Slot, Subject};
use crate::tui::widgets::field::Field;
use gluepot_core::library::State;
use gluepot_core::model::{ListKey, OrganizationId, Record};
use gluepot_core::text::Clean;

impl Shell {
    /// Says that the lists that were refreshed are here. What went wrong stands in their pane.
    pub(super) fn tell_refreshed(&mut self, key: ListKey) {
        let Refreshed::Lists(keys) = &self.browse.refreshed else { return };
        if !keys.contains(&key) || keys.iter().any(|&key| self.cx.store.list(key).is_loading()) {
            return;
        }
        let arrived = keys.iter().all(|&key| matches!(self.cx.store.list(key).state, State::Ready(_)));
        let words = keys.first().map(|key| format!("{} refreshed.", crate::present::format::capital(key.word())));
        self.browse.refreshed = Refreshed::Nothing;
        if let Some(words) = words.filter(|_| arrived) {
            self.say(Notice::quiet(words));
        }
    }

    /// Opens the organization named at the start as soon as a row fits it for certain; at the end of the list also
    /// when it fits only one.
    pub(super) fn open_wanted_organization(&mut self) {
        let Some(wanted) = self.browse.wanted_organization.clone() else {
            // A lock by name has found its organization.
            if let (Some(id), None) = (self.source.locked_to(), self.cx.organization) {
                self.open_organization(id);
            }
            return;
        };
        if let Some(id) = self.source.locked_to().filter(|id| wanted == id.to_string()) {
            self.browse.wanted_organization = None;
            return self.open_organization(id);
        }
        let list = self.cx.store.organizations();
        let failed = matches!(list.state, State::Failed(_));
        // While rows still come, a second organization of the same name may be among them.
        if !list.is_complete() && !failed {
            return;
        }
        let (exact, near) = named(&list.rows, &wanted);
        let found = match (exact.as_slice(), near.as_slice()) {
            ([only], _) | ([], [only]) => Some(*only),
            _ => None,
        };
        match found {
            Some(id) => self.open_organization(id),
            // The organization named at the start is kept until the list is there or another organization is opened.
            None if failed => {}
            None if self.source.is_locked() => {
                self.browse.wanted_organization = None;
                let clean = Clean::line(&wanted);
                self.say(Notice::error(format!(
                    "Not opened: {clean} is not the organization this run is locked to ({} says by what).",
                    self.cx.hint(Action::Status)
                )));
            }
            None => self.leave_choice(&wanted, exact.len(), !near.is_empty()),
        }
    }

    /// Nothing or too much fits: the user chooses, with the given name typed already.
    fn leave_choice(&mut self, wanted: &str, exact: usize, near: bool) {
        self.browse.wanted_organization = None;
        self.browse.panes[0].filter = Field::with(wanted);
        self.browse.panes[0].filter_typed();
        let clean = Clean::line(wanted);
        // Text without the name is not a match, whatever letters it shares.
        let words = match (exact, near) {
            (0, true) => format!("No client named \"{clean}\". Closest matches:"),
            (0, false) => format!("No client named \"{clean}\". {} shows all clients.", self.cx.hint(Action::Back)),
            (n, _) => format!("{n} clients named \"{clean}\". Select one."),
        };
        self.say(Notice::warning(words));
    }

    /// Whether it is still being found out what an organization is called.
    pub(super) fn is_finding(&self, id: OrganizationId) -> bool {
        let key = id.key();
        self.cx.store.organizations().is_loading() || self.cx.tasks.subject(Slot::Detail) == Some(Subject::Record(key))
    }
}

/// The clients that are called so, and those whose name holds it.
fn named(rows: &[Arc<Record>], wanted: &str) -> (Vec<OrganizationId>, Vec<OrganizationId>) {
    let wish = wanted.trim().to_lowercase();
    let (mut exact, mut near) = (Vec::new(), Vec::new());
    for record in rows {
        let Record::Organization(client) = record.as_ref() else { continue };
        let (name, short) = (client.name.to_lowercase(), client.short_name.to_lowercase());
        if name == wish || (!short.is_empty() && short == wish) {
            exact.push(client.organization_id());
        }
        if name.contains(&wish) {
            near.push(client.organization_id());
        }
    }
    (exact, near)
}
