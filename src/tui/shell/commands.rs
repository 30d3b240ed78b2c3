//! The one list of what can be done now, and why the rest cannot: hints, help, palette and refusals are made from it.

use super::Shell;
use crate::host::clipboard::Way;
use crate::tui::component::{Command, Component as _, Place};
use crate::tui::keymap::Action;
use crate::tui::layout::{PaneId, Room};
use gluepot_core::access::Purpose;

impl Shell {
    /// Everything that can be done, in the order of the hints: what is about the record at hand, what the rooms do, and
    /// what the program does. An action that is not in it can always be done.
    pub(super) fn commands(&self) -> Vec<Command> {
        let secrets = self.secret_refusal().is_none();
        let mut commands = self.secret_commands(secrets).to_vec();
        commands.extend(self.record_commands(secrets));
        // Where a secret is at hand, what is done with that has the place.
        commands.extend(self.reader.commands(&self.cx).into_iter().map(|command| match command.hint {
            Some((Place::Take, _)) if secrets => Command { hint: None, ..command },
            _ => command,
        }));
        commands.extend(self.browse.commands(&self.cx));
        commands.extend(self.own_commands());
        commands.sort_by_key(|command| command.hint.map(|(place, _)| place));
        commands
    }

    /// Why an action cannot be done now; `None` when it can.
    pub(super) fn refusal(&self, action: Action) -> Option<String> {
        self.commands().into_iter().find(|command| command.action == action)?.why_not
    }

    /// What is done with the password at hand.
    fn secret_commands(&self, secrets: bool) -> [Command; 6] {
        let refusal = |purpose| self.use_refusal(purpose);
        let copy = refusal(Purpose::Copy).or_else(|| {
            // Said before anything is fetched: a value that cannot be delivered need not leave the server.
            let nowhere = self.desk.clipboard.way() == Way::Nowhere;
            nowhere.then(|| format!("Not copied: {}.", self.desk.clipboard.why()))
        });
        let earlier = self.wanted_here(Purpose::Copy).is_some_and(|wanted| wanted.version.is_some());
        let copy_words = if earlier { "copy this version" } else { "copy" };
        // What is shown can be hidden, whatever the policy says.
        let held = self.desk.held.is_some();
        let reveal = if held { self.secret_refusal() } else { self.use_refusal(Purpose::Reveal) };
        [
            Command::new(Action::CopySecret).at_if(secrets, Place::Take, copy_words).unless(copy),
            Command::new(Action::Reveal)
                .at_if(secrets, Place::Take, if held { "hide" } else { "reveal" })
                .unless(reveal),
            Command::new(Action::CopyUsername)
                .at_if(secrets, Place::Take, "user name")
                .unless(self.user_name_refusal()),
            Command::new(Action::Console).unless(refusal(Purpose::Console)),
            Command::new(Action::HandOver).unless(self.hand_over_refusal()),
            Command::new(Action::Versions).unless(self.versions_refusal()),
        ]
    }

    /// Why there is no user name to copy.
    fn user_name_refusal(&self) -> Option<String> {
        match self.password_subject() {
            None if self.nothing_here().starts_with("This is a folder") => self.secret_refusal(),
            None => Some("Select a password first: only passwords have a user name.".into()),
            Some(p) if p.username.is_empty() => Some(format!("{} has no user name.", p.name)),
            Some(_) => None,
        }
    }

    /// What is done with the record at hand, whatever it is.
    fn record_commands(&self, secrets: bool) -> [Command; 3] {
        let subject = self.subject().is_some();
        let link = self.focused_link().is_some();
        let copy = if self.cx.frame.focus == PaneId::Detail && !secrets {
            Command::new(Action::CopyMenu).at(Place::Take, "copy")
        } else {
            Command::new(Action::CopyMenu).at_if(subject, Place::More, "copy…")
        };
        let address = if self.cx.ssh { "copy web address" } else { "open in browser" };
        [
            copy.needs(subject, self.nothing_here()),
            Command::new(Action::OpenUrl)
                .at_if(subject, Place::More, address)
                .needs(subject || link, self.nothing_here()),
            Command::new(Action::FocusDetail).needs(subject, self.nothing_here()),
        ]
    }

    /// What the program does.
    fn own_commands(&self) -> [Command; 13] {
        let history = &self.history;
        let quick_notes = match self.cx.organization.and_then(|id| self.cx.store.organization_in_full(id)) {
            None => Some("No organization is open.".into()),
            Some(o) if o.quick_notes.is_empty() => Some(format!("{} has no quick notes.", o.name)),
            Some(_) => None,
        };
        let wide = self.cx.frame.areas.room == Room::Wide;
        [
            Command::new(Action::Finder).at(Place::Go, "search"),
            Command::new(Action::HistoryBack)
                .at_if(!history.past.is_empty(), Place::More, "back")
                .needs(!history.past.is_empty() || self.is_away(), "Start of history."),
            Command::new(Action::HistoryForward).needs(!history.future.is_empty(), "End of history."),
            Command::new(Action::SetTicket).at(Place::More, "ticket"),
            Command::new(Action::Refresh).at(Place::More, "refresh"),
            Command::new(Action::Zoom).at(Place::More, "zoom"),
            Command::new(Action::Palette).at(Place::More, "commands"),
            Command::new(Action::Help).at(Place::Last, "help"),
            Command::new(Action::QuickNotes).unless(quick_notes),
            Command::new(Action::DismissAlert).needs(self.browse.alert(&self.cx).is_some(), "There is no alert."),
            Command::new(Action::WidenList).needs(wide, "Too narrow for two columns."),
            Command::new(Action::NarrowList).needs(wide, "Too narrow for two columns."),
            Command::new(Action::Status),
        ]
    }
}

/// Why an action cannot be done, by a list of commands.
pub(super) fn why_not(commands: &[Command], action: Action) -> Option<String> {
    commands.iter().find(|command| command.action == action)?.why_not.clone()
}
