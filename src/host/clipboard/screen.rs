//! Whether a user is attached to GNU screen, and clearing whatever it shows.
//!
//! screen hands a sequence on to the terminal only from the window in front, and not at all while it is detached,
//! both without a word. Which window is in front it only tells by writing over the person's screen, so it is not asked.
//! Instead a clear is sent by a window that screen opens in front for the blink of an eye: that works while ours is
//! hidden or closed. Its command holds a space, never a secret.

use std::process::Command;

use super::helper;
use crate::host::promise::ScreenSession;

/// Who would see what is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// A user, or it is not known
    Attached,
    /// No user
    Detached,
    /// The session has ended, or is another user's
    Missing,
}

/// What clears, for `printf`: the sequence with one space, in screen's wrapping.
const BLANK: &str = "\\033P\\033]52;c;IA==\\007\\033\\\\";

impl ScreenSession {
    fn command(&self) -> Command {
        let mut command = Command::new("screen");
        if let Some(folder) = &self.folder {
            command.env("SCREENDIR", folder);
        }
        command
    }

    /// Whether a user is attached.
    pub(super) fn state(&self) -> State {
        let mut command = self.command();
        command.args(["-ls", &self.name]);
        // Its exit code says nothing of success.
        helper::run(command, "screen", b"").map_or(State::Attached, |(_, listing)| state_in(&listing, &self.name))
    }

    /// Clears through a new window, which closes at once.
    pub(super) fn clear_by_window(&self) -> Result<(), String> {
        let mut command = self.command();
        command.args(["-S", &self.name, "-X", "screen", "-ln", "-t", "gluepot", "printf", BLANK]);
        match helper::run(command, "screen", b"")? {
            (true, _) => Ok(()),
            (false, _) => Err("screen refused the command".to_owned()),
        }
    }
}

/// Finds a session in the list that screen prints: tab, name, tab, perhaps a date, tab, state in parentheses.
fn state_in(listing: &str, session: &str) -> State {
    let line = listing.lines().find(|line| line.trim_start().split('\t').next() == Some(session));
    match line {
        None => State::Missing,
        Some(line) if line.contains("(Detached)") || line.contains("(Multi, detached)") => State::Detached,
        Some(_) => State::Attached,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_session_is_read_from_the_list() {
        let list = "There are screens on:\n\t841.t\t(11/24/26 05:36:31)\t(Attached)\n\t84.t\t(Detached)\n\
                    \t9.x\t(Multi, attached)\n\t7.y\t(Dead ???)\n4 Sockets in /run/screen/S-kim.\n";
        assert_eq!(state_in(list, "841.t"), State::Attached);
        assert_eq!(state_in(list, "84.t"), State::Detached);
        assert_eq!(state_in(list, "9.x"), State::Attached);
        assert_eq!(state_in(list, "7.y"), State::Attached);
        assert_eq!(state_in(list, "1.t"), State::Missing);
        assert_eq!(state_in("No Sockets found in /run/screen/S-kim.\n", "1.t"), State::Missing);
    }
}
