//! The sequence for a way, and whether a multiplexer hands it on now.

use zeroize::Zeroizing;

use super::environment::Environment;
use super::osc52;
use super::screen::State;
use crate::host::promise::Way;

/// One space: what a secret is overwritten with.
pub(super) const BLANK: &str = " ";
pub(super) const TOO_LONG: &str = "the text is too long for a terminal's clipboard";

/// Whether a multiplexer passes our sequence on at this moment; the error says why not.
pub(super) fn passes(way: Way, here: &Environment) -> Result<(), &'static str> {
    match (way, &here.screen, &here.tmux) {
        (Way::Screen, Some(window), _) if window.state() == State::Detached => {
            Err("no terminal is attached to GNU screen")
        }
        (Way::TmuxPassthrough, _, Some(pane)) if !pane.in_front() => {
            Err("tmux shows another window and hands on only what that sends")
        }
        _ => Ok(()),
    }
}

/// The sequence that puts a text into the terminal's clipboard by this way; `None` if the text is too long.
pub(super) fn sequence(way: Way, text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let plain = osc52::plain(text)?;
    Some(match way {
        Way::Screen => osc52::for_screen(&plain),
        Way::TmuxPassthrough => osc52::through_tmux(&plain),
        _ => plain,
    })
}
