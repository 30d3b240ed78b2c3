//! Giving back a terminal that another process had taken and can no longer give back.
//!
//! By the time this is noticed another program may have the terminal: the shell that started the program, or whatever
//! runs next in its script. The rule goes by two signs, the process group the terminal belongs to and the line
//! settings:
//!
//! | The terminal belongs to | The line is as the program left it | and otherwise |
//! |---|---|---|
//! | the program's process group, or to none | all is given back | another of that group took it: nothing is touched |
//! | the shell that started it | all is given back | the screen is given back; the shell has set its line itself |
//! | another group | nothing is touched | nothing is touched |

use std::os::fd::BorrowedFd;

use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcgetattr, tcgetpgrp, tcsetattr};

use crate::host::promise::{Hold, Modes};

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rescue {
    /// Screen and line are as they were
    Everything,
    /// The screen only; another process has set the line already
    Screen,
    /// Another program uses it
    NotOurs,
    /// There is no terminal any more
    Gone,
}

/// Gives the terminal back after the process that took it has ended, if it is still as that left it. `out` is where
/// it is written to, `line` the terminal whose settings were changed.
pub fn rescue(out: BorrowedFd<'_>, line: BorrowedFd<'_>, hold: &Hold) -> Rescue {
    let Ok(mut settings) = tcgetattr(line) else { return Rescue::Gone };
    let untouched = Modes::of(&settings) == hold.ours;
    // The kernel reports a terminal of no session or of another one by an error, and the interface that of a group
    // outside this PID namespace. A program whose own group is outside cannot distinguish that from its own terminal.
    let front = tcgetpgrp(line).ok().map(|group| group.as_raw_nonzero().get());
    let at_the_shell = front.is_some() && front == hold.shell && front != hold.group;
    let ours = at_the_shell || (untouched && (front.is_none() || front == hold.group));
    if !ours {
        return Rescue::NotOurs;
    }
    if super::tty::write_to(out, super::sequences::RESTORE.as_bytes()).is_err() {
        return Rescue::Gone;
    }
    if !untouched {
        return Rescue::Screen;
    }
    hold.before.apply(&mut settings);
    let _ = tcflush(line, QueueSelector::IFlush);
    match tcsetattr(line, OptionalActions::Now, &settings) {
        Ok(()) => Rescue::Everything,
        Err(_) => Rescue::Screen,
    }
}

/// Clears the screen of a process that was stopped while something secret was on it. It stays the alternate screen: when
/// the process continues it finds what it left. Not while another program than the shell that started it has the
/// terminal. Says whether it was done.
pub fn blank(out: BorrowedFd<'_>, line: BorrowedFd<'_>, hold: &Hold) -> bool {
    let Ok(settings) = tcgetattr(line) else { return false };
    let untouched = Modes::of(&settings) == hold.ours;
    let front = tcgetpgrp(line).ok().map(|group| group.as_raw_nonzero().get());
    let at_the_shell = front.is_some() && front == hold.shell;
    let ours = untouched && (front.is_none() || front == hold.group);
    (at_the_shell || ours) && super::tty::write_to(out, super::sequences::ERASE.as_bytes()).is_ok()
}
