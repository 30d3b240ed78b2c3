//! The command palette: what it lists, in which order, and what was run from it last.

use super::Shell;
use super::commands::why_not;
use crate::search::Index;
use crate::tui::keymap::{Action, Group};
use crate::tui::pick::{Item, Pick};
use crate::tui::popups::picker::{Picker, Topic};

/// Commands that are remembered.
const RECENT: usize = 5;
/// Columns of the names, so that what they do is in a straight column: the longest name, and a gap.
const NAME_COLUMNS: usize = 23;

impl Shell {
    /// Every command, those that were run last on top.
    pub(super) fn open_palette(&mut self) {
        let context = self.cx.context();
        let recent = self.recent_commands.iter().copied();
        let others = Action::ALL.iter().copied().filter(|action| !self.recent_commands.contains(action));
        let mut index = Index::default();
        let commands = self.commands();
        let items = recent
            .chain(others)
            .filter(|&action| is_command(action))
            .map(|action| {
                let mut fields = vec![action.name(), action.description()];
                fields.extend(names(action));
                index.push(&fields);
                let key = self.cx.keymap.keys_for(context, action).unwrap_or_default();
                let label = format!("{:<NAME_COLUMNS$}{}", action.name(), action.description());
                let mut item = Item::new(label, key, Pick::Action(action));
                item.refused = why_not(&commands, action);
                item.names = names(action);
                item
            })
            .collect();
        let picker = Picker::with_index(Topic::Palette, "Commands", items, index);
        self.popups.push(picker);
    }

    /// A command was run from the palette.
    pub(super) fn remember_command(&mut self, action: Action) {
        self.recent_commands.retain(|&known| known != action);
        self.recent_commands.insert(0, action);
        self.recent_commands.truncate(RECENT);
    }
}

/// Whether an action is something to run by name. Motions are not: no one opens a list of commands to move down.
fn is_command(action: Action) -> bool {
    !matches!(
        action,
        Action::FocusNext
            | Action::FocusPrevious
            | Action::NextHit
            | Action::PreviousHit
            | Action::NextLink
            | Action::PreviousLink
            | Action::Open
            | Action::Back
            | Action::Palette
    ) && action.group() != Group::Move
}

/// What fingers type for a command in other programs.
fn names(action: Action) -> &'static [&'static str] {
    match action {
        Action::Quit => &["quit", "q", "q!", "qa", "qa!", "quit!", "wq", "x", "exit"],
        Action::Help => &["help", "h"],
        Action::Refresh => &["refresh", "e!"],
        Action::Suspend => &["suspend", "stop", "shell", "sh"],
        Action::Redraw => &["redraw", "redraw!"],
        _ => &[],
    }
}
