//! Carrying actions out: what is about several rooms here, the rest in the room that has the focus.

use super::Shell;
use crate::tui::component::{Component, Ctx, Flow};
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;
use crate::tui::notice::Notice;
use crate::tui::popups::text::Text;
use crate::tui::popups::ticket::TicketField;
use gluepot_core::access::Purpose;

impl Shell {
    /// Carries an action out, or says why it cannot be.
    pub(super) fn act(&mut self, action: Action) {
        self.cx.dirty = true;
        if is_about_the_subject(action) {
            self.browse.follow_cursor(&mut self.cx);
            self.carry_out();
        }
        if let Some(reason) = self.refusal(action) {
            self.say(Notice::warning(reason).passing());
            return;
        }
        match action {
            Action::FocusOrganizations => self.go_to_list(PaneId::Organizations),
            Action::FocusDocuments => self.go_to_list(PaneId::Documents),
            Action::FocusConfigurations => self.go_to_list(PaneId::Configurations),
            Action::FocusPasswords => self.go_to_list(PaneId::Passwords),
            Action::FocusOthers => self.go_to_list(PaneId::Others),
            Action::FocusDetail => self.focus_detail(),
            Action::FocusNext => self.cycle_focus(1),
            Action::FocusPrevious => self.cycle_focus(-1),
            Action::HistoryBack => self.travel(true),
            Action::HistoryForward => self.travel(false),
            Action::Finder => self.open_finder_on(),
            Action::Palette => self.open_palette(),
            Action::Back => self.back(),
            _ => self.act_on_record(action),
        }
    }

    /// What is done with the record at hand, and with the program.
    fn act_on_record(&mut self, action: Action) {
        match action {
            Action::QuickNotes => self.open_quick_notes(),
            Action::DismissAlert => {
                if let Some(id) = self.cx.organization {
                    self.browse.dismissed.insert(id);
                }
            }
            Action::CopySecret => self.ask_for(Purpose::Copy),
            Action::Reveal => self.ask_for(Purpose::Reveal),
            Action::Console => self.ask_for(Purpose::Console),
            Action::HandOver => self.ask_for_panes(),
            Action::Versions => self.open_versions(),
            Action::CopyUsername => self.copy_username(),
            Action::CopyMenu => self.open_copy_menu(),
            Action::OpenUrl => self.open_url(),
            Action::Zoom => self.cx.frame.zoomed = !self.cx.frame.zoomed,
            Action::WidenList => self.widen(4),
            Action::NarrowList => self.widen(-4),
            Action::ToggleMouse => {
                self.mouse = !self.mouse;
                let words = if self.mouse {
                    "Mouse on (hold Shift to select text)."
                } else {
                    "Mouse off (the terminal selects text)."
                };
                self.say(Notice::quiet(words));
            }
            Action::Refresh => self.refresh(),
            Action::SetTicket => self.popups.push(TicketField::new(self.cx.stay.ticket())),
            Action::Lock => self.lock("locked"),
            Action::Status => self.open_text(Text::Status),
            Action::Help => self.open_text(Text::Help),
            Action::Redraw => self.repaint = true,
            Action::Suspend => {
                self.drop_secrets("suspended");
                self.suspend = true;
            }
            Action::Quit | Action::QuitNow => self.quit(),
            _ => self.act_in_room(action),
        }
    }

    /// The room that has the focus, and what it is lent.
    pub(super) fn room(&mut self) -> (&mut dyn Component, &mut Ctx) {
        match self.cx.frame.focus {
            PaneId::Detail => (&mut self.reader, &mut self.cx),
            _ => (&mut self.browse, &mut self.cx),
        }
    }

    /// What a room does with what is its own.
    pub(super) fn act_in_room(&mut self, action: Action) {
        let (room, cx) = self.room();
        if room.act(action, cx) == Flow::Ignored {
            self.reader.act_from_afar(action, &mut self.cx);
        }
        self.carry_out();
    }

    /// Carries a motion out that often; to the top and to the bottom with a number is to that row. Others are
    /// done once.
    pub(super) fn act_counted(&mut self, action: Action, count: usize) {
        self.cx.count = Some(count);
        self.act(action);
        self.cx.count = None;
    }
}

/// Whether an action, or the menu it opens, is about the record at hand.
fn is_about_the_subject(action: Action) -> bool {
    matches!(
        action,
        Action::CopySecret
            | Action::Reveal
            | Action::Console
            | Action::HandOver
            | Action::Versions
            | Action::CopyUsername
            | Action::CopyMenu
            | Action::OpenUrl
            | Action::FocusDetail
            | Action::Outline
            | Action::NextLink
            | Action::PreviousLink
            | Action::DetailDown
            | Action::DetailUp
            | Action::Palette
            | Action::Help
    )
}
