//! What components wish for, carried out: the shell is the only one that knows all rooms.

use crossterm::event::KeyEvent;

use super::Shell;
use crate::tui::component::Wish;
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::notice::Notice;
use crate::tui::pick::Pick;
use crate::tui::popups::confirm::{Confirm, Question};
use crate::tui::popups::gate::Gate;
use crate::tui::popups::picker::{Picker, Topic};
use crate::tui::target::Target;

impl Shell {
    /// A key in the popup on top: none leaks below it, but what ends or draws the program works everywhere.
    pub(super) fn popup_key(&mut self, key: KeyEvent) {
        let Some(popup) = self.popups.last_mut() else { return };
        match self.cx.keymap.lookup(popup.context(&self.cx), key) {
            Some(action @ (Action::QuitNow | Action::Suspend | Action::Redraw)) => self.act(action),
            _ => {
                popup.key(key, &mut self.cx);
                self.carry_out();
            }
        }
    }

    /// A click on a hint of the popup on top.
    pub(super) fn popup_act(&mut self, action: Action) {
        if let Some(popup) = self.popups.last_mut() {
            popup.act(action, &mut self.cx);
            self.carry_out();
        }
    }

    /// Does what was wished for, in the order in which it was.
    pub(super) fn carry_out(&mut self) {
        while !self.cx.wishes.is_empty() {
            for wish in std::mem::take(&mut self.cx.wishes) {
                match wish {
                    Wish::Act(action) => self.act(action),
                    Wish::Close => self.popups.pop(),
                    Wish::Picked(pick) => {
                        self.popups.pop();
                        self.picked(pick);
                    }
                    Wish::Ticket(typed) => self.set_ticket(&typed),
                    Wish::Answered => self.answered(),
                    Wish::FinderTurns => self.turn_finder(),
                    Wish::Popup(popup) => self.popups.push_box(popup),
                    wish => self.carry_out_of_room(wish),
                }
            }
        }
    }

    /// What a room wishes for that leads to another one, or to the server.
    fn carry_out_of_room(&mut self, wish: Wish) {
        let target = |shell: &Self, key| Target { key, organization: shell.cx.organization_of(key) };
        match wish {
            Wish::Load(pane) => self.load_pane(pane),
            Wish::AskFor(pane) => {
                if !self.list_first(pane) {
                    self.load_pane(pane);
                }
            }
            Wish::Want(key) => self.want(key, true),
            Wish::OpenClient(id) => self.open_organization(id),
            Wish::OpenRecord(key) => {
                self.visit(target(self, key));
                self.set_focus(PaneId::Detail);
                self.read_first(key);
            }
            Wish::LookAt(key) => self.show(target(self, key)),
            Wish::LookAtFolder(folder) => self.show_folder(folder),
            Wish::Read(key) => {
                self.read_first(key);
            }
            Wish::GoTo(key, organization) => self.go_to(key, organization),
            Wish::UseAddress { address, misleads } => self.confirm_url(&address, misleads),
            Wish::Copy { what, text } => self.copy_text(what, &text),
            Wish::Find => {
                self.prepare_detail();
                self.reader.detail.show_hit();
            }
            Wish::Act(_)
            | Wish::Close
            | Wish::Picked(_)
            | Wish::Ticket(_)
            | Wish::Answered
            | Wish::FinderTurns
            | Wish::Popup(_) => {}
        }
    }

    fn set_ticket(&mut self, typed: &str) {
        self.popups.pop();
        self.cx.stay.set_ticket(typed);
        let words = if self.cx.stay.ticket().is_empty() {
            "No ticket: reveals are recorded without one.".to_owned()
        } else {
            format!("Reveals are recorded for ticket #{}.", self.cx.stay.ticket())
        };
        self.say(Notice::quiet(words));
    }

    /// The question on top was answered.
    fn answered(&mut self) {
        let Some(confirm) = self.popups.take::<Confirm>() else {
            if self.popups.top::<Gate>().is_some() {
                self.submit_gate();
            } else {
                self.submit_consent();
            }
            return;
        };
        match confirm.question {
            Question::OddCopy(given) => {
                self.copy_anyway(given);
            }
            Question::OpenUrl { address, from } => {
                self.use_agreed_link(address, from);
            }
        }
    }

    /// The finder looks through the other records, for what is typed already.
    fn turn_finder(&mut self) {
        let Some(picker) = self.popups.take::<Picker>() else { return };
        self.open_finder(picker.topic == Topic::Finder);
        if let Some(turned) = self.popups.top_mut::<Picker>() {
            turned.filter.insert(picker.filter.text());
            turned.refilter();
        }
    }

    /// Something was chosen.
    fn picked(&mut self, pick: Pick) {
        match pick {
            Pick::Action(action) => {
                self.remember_command(action);
                self.act(action);
            }
            Pick::Copy { what, text } => self.copy_text(&what, &text),
            Pick::CopyAll(key) => self.copy_all(key),
            Pick::Line(line) => {
                self.set_focus(PaneId::Detail);
                self.reader.detail.scroll_to(line);
            }
            Pick::Sort(sort) => self.browse.sort(sort, &mut self.cx),
            Pick::Version(key, version) => self.open_version(key, version),
            Pick::Use(wanted) => self.ask_secret(wanted),
            Pick::Pane(key, pane) => self.hand_over_to(key, *pane),
            Pick::Record(key, organization) => self.go_to(key, organization),
        }
    }
}
