//! Everything a person can do, by name.
//!
//! A new action touches two places: the table here and `assets/keys.toml`. Help, the command palette, the hints
//! in the bottom bar and the user's own key file all use the name and the line given here.

/// The part of the help that lists an action.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// Going from pane to pane and back and forth
    Go,
    /// Moving inside a pane
    Move,
    /// Finding things
    Find,
    /// Opening and reading
    Read,
    /// Copying, revealing, web addresses
    Take,
    /// What is shown and how
    View,
    /// The program itself
    Program,
}

impl Group {
    /// All groups in the order of the help.
    pub const ALL: [Self; 7] = [Self::Go, Self::Move, Self::Find, Self::Read, Self::Take, Self::View, Self::Program];

    /// The heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Go => "Go to",
            Self::Move => "Move",
            Self::Find => "Find",
            Self::Read => "Open and read",
            Self::Take => "Copy and reveal",
            Self::View => "View",
            Self::Program => "Program",
        }
    }
}

macro_rules! actions {
    ($($variant:ident, $name:literal, $group:ident, $description:literal;)+) => {
        /// One thing a person can do.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Action {$(
            #[doc = $description]
            $variant,
        )+}

        impl Action {
            /// Every action, in the order of the help.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in key files and in the command palette.
            pub fn name(self) -> &'static str {
                match self {$(Self::$variant => $name,)+}
            }

            /// One line that says what it does.
            pub fn description(self) -> &'static str {
                match self {$(Self::$variant => $description,)+}
            }

            /// The part of the help it belongs to.
            pub fn group(self) -> Group {
                match self {$(Self::$variant => Group::$group,)+}
            }

            /// The action of that name.
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

actions! {
    FocusOrganizations, "focus-organizations", Go, "Go to the organizations";
    FocusDocuments, "focus-documents", Go, "Go to the documents";
    FocusConfigurations, "focus-configurations", Go, "Go to the configurations";
    FocusPasswords, "focus-passwords", Go, "Go to the passwords";
    FocusOthers, "focus-others", Go, "Go to assets, contacts and the other kinds";
    FocusDetail, "focus-detail", Go, "Go to the detail pane";
    FocusNext, "focus-next", Go, "Go to the next pane";
    FocusPrevious, "focus-previous", Go, "Go to the previous pane";
    NextTab, "next-tab", Go, "Show the next tab of this pane";
    PreviousTab, "previous-tab", Go, "Show the previous tab of this pane";
    HistoryBack, "history-back", Go, "Go back to the previous record";
    HistoryForward, "history-forward", Go, "Go forward";

    Down, "down", Move, "Move down";
    Up, "up", Move, "Move up";
    Left, "left", Move, "Fold, or go to the previous tab";
    Right, "right", Move, "Unfold, or go to the next tab";
    Top, "top", Move, "Move to the top";
    Bottom, "bottom", Move, "Move to the bottom";
    HalfPageDown, "half-page-down", Move, "Move down half a page";
    HalfPageUp, "half-page-up", Move, "Move up half a page";
    PageDown, "page-down", Move, "Move down a page";
    PageUp, "page-up", Move, "Move up a page";
    DetailDown, "detail-down", Move, "Scroll the detail pane down (from any list)";
    DetailUp, "detail-up", Move, "Scroll the detail pane up (from any list)";

    Filter, "filter", Find, "Filter this list, or search the detail pane";
    NextHit, "next-hit", Find, "Go to the next hit";
    PreviousHit, "previous-hit", Find, "Go to the previous hit";
    Finder, "finder", Find, "Search the open client, or all opened clients";
    Palette, "palette", Find, "Run a command by name";

    Open, "open", Read, "Open the row, or follow the link";
    Back, "back", Read, "Back / close";
    NextLink, "next-link", Read, "Select the next link in the detail";
    PreviousLink, "previous-link", Read, "Select the previous link in the detail";
    Outline, "outline", Read, "Choose a heading of this document";
    QuickNotes, "quick-notes", Read, "Show the quick notes of this client";
    DismissAlert, "dismiss-alert", Read, "Dismiss the alert of this client";

    CopySecret, "copy-secret", Take, "Copy the password without showing it";
    CopyUsername, "copy-username", Take, "Copy the user name";
    Reveal, "reveal", Take, "Show the password for a short time";
    Console, "console", Take, "Spell out the password (console, phone)";
    HandOver, "hand-over", Take, "Send the password to a tmux pane";
    Versions, "versions", Take, "Choose an earlier version of the password";
    CopyMenu, "copy-menu", Take, "Choose what to copy: fields, code blocks, links";
    OpenUrl, "open-url", Take, "Open this record in the browser, or copy its address";

    Sort, "sort", View, "Sort this list";
    ToggleArchived, "toggle-archived", View, "Show or hide archived records";
    ToggleEmptyFields, "toggle-empty-fields", View, "Show or hide empty fields";
    Zoom, "zoom", View, "Zoom this pane, or end the zoom";
    WidenList, "widen-list", View, "Make the lists wider";
    NarrowList, "narrow-list", View, "Make the lists narrower";
    ToggleMouse, "toggle-mouse", View, "Turn the mouse on or off";

    Refresh, "refresh", Program, "Refresh this list or record";
    SetTicket, "set-ticket", Program, "Set the ticket you are working on";
    Lock, "lock", Program, "Lock the screen";
    Status, "status", Program, "Show connection, quota, audit and log";
    Help, "help", Program, "Show the keys";
    Redraw, "redraw", Program, "Redraw the screen";
    Suspend, "suspend", Program, "Suspend to the shell (fg returns)";
    Quit, "quit", Program, "Quit";
    QuitNow, "quit-now", Program, "Quit at once, from anywhere";
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_kebab_case_and_leads_back_to_its_action() {
        for &action in Action::ALL {
            let name = action.name();
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
            assert_eq!(Action::parse(name), Some(action));
        }
        assert_eq!(Action::parse("open-door"), None);
    }

    #[test]
    fn every_description_is_one_short_line_without_a_full_stop() {
        for &action in Action::ALL {
            let line = action.description();
            assert!(!line.is_empty() && line.len() <= 60 && !line.ends_with('.') && !line.contains('\n'), "{line}");
        }
    }

    #[test]
    fn actions_of_a_group_stand_together() {
        let groups: Vec<Group> = Action::ALL.iter().map(|a| a.group()).collect();
        assert!(groups.is_sorted());
        assert!(Group::ALL.iter().all(|g| groups.contains(g)));
    }
}
