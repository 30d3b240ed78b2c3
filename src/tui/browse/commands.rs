//! What can be done in the lists, and why not.

use super::Browse;
use crate::tui::component::{Command, Ctx, Place};
use crate::tui::keymap::Action;
use crate::tui::layout::PaneId;

impl Browse {
    pub(super) fn all_commands(&self, cx: &Ctx) -> Vec<Command> {
        let list = cx.frame.focus != PaneId::Detail;
        let tabs = format!("Only pane 5 has tabs: press {}.", cx.hint(Action::FocusOthers));
        let lists = "Only for lists. Press 1 to 5 to go to one.";
        let tab = cx.frame.focus == PaneId::Others;
        let mut commands = vec![
            Command::new(Action::NextTab).at(Place::Go, "tab").needs(tab, &tabs),
            Command::new(Action::PreviousTab).needs(tab, &tabs),
            Command::new(Action::Sort).at(Place::More, "sort").needs(list, lists),
            Command::new(Action::ToggleArchived).at(Place::More, "archived").needs(list, lists),
        ];
        if list {
            let why_not = self.hit_refusal(cx);
            commands.extend([
                Command::new(Action::Open).at(Place::Here, "open"),
                Command::new(Action::Filter).at(Place::Here, "filter"),
                Command::new(Action::NextHit).unless(why_not.clone()),
                Command::new(Action::PreviousHit).unless(why_not),
            ]);
        }
        commands
    }

    /// Why there is no hit to step to.
    fn hit_refusal(&self, cx: &Ctx) -> Option<String> {
        let pane = self.pane(cx.frame.focus)?;
        let typed = pane.filter.text().trim();
        let key = cx.hint(Action::Filter);
        if typed.is_empty() {
            return Some(format!("No filter to step through: press {key} and type."));
        }
        pane.rows.is_empty().then(|| format!("Nothing matches {typed}. {key} and type looks for something else."))
    }
}
