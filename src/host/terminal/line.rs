//! The settings of the line: raw mode, what they were before, and what the guard has to know of both.

pub(super) use system::Line;
#[cfg(unix)]
pub(super) use system::keyboard;

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, IsTerminal};
    use std::os::fd::{AsFd, OwnedFd};

    use rustix::process::getppid;
    use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};

    use crate::host::promise::{Hold, Modes};
    use gluepot_core::raw::{group_of, session_of};

    /// The terminal that keys are read from: standard input, or if that is a pipe the terminal that controls the process.
    pub(in crate::host::terminal) fn keyboard() -> io::Result<OwnedFd> {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            stdin.as_fd().try_clone_to_owned()
        } else {
            Ok(File::options().read(true).write(true).open("/dev/tty")?.into())
        }
    }

    /// The settings of the line as they were, and the terminal they belong to.
    #[derive(Debug)]
    pub(in crate::host::terminal) struct Line {
        tty: OwnedFd,
        before: Termios,
        ours: Modes,
    }

    impl Line {
        /// Switches to raw mode, on the terminal that keys are read from.
        pub(in crate::host::terminal) fn raw() -> io::Result<Self> {
            let tty = keyboard()?;
            let before = tcgetattr(&tty)?;
            let mut raw = before.clone();
            raw.make_raw();
            tcsetattr(&tty, OptionalActions::Now, &raw)?;
            // Asked, since the system may not take every setting.
            let ours = Modes::of(&tcgetattr(&tty)?);
            Ok(Self { tty, before, ours })
        }

        /// Switches to raw mode again, whatever another process set.
        pub(in crate::host::terminal) fn again(&self) -> io::Result<()> {
            let mut raw = self.before.clone();
            raw.make_raw();
            Ok(tcsetattr(&self.tty, OptionalActions::Now, &raw)?)
        }

        /// What the guard has to know.
        pub(in crate::host::terminal) fn hold(&self) -> Hold {
            let ours = session_of(0);
            let parent = getppid().map(|parent| parent.as_raw_nonzero().get());
            let shell = parent.filter(|&parent| ours.is_some() && session_of(parent) == ours);
            Hold {
                before: Modes::of(&self.before),
                ours: self.ours.clone(),
                group: group_of(0),
                shell: shell.and_then(group_of),
            }
        }

        /// Puts the settings back without waiting for a terminal that may be stuck, and throws away what was typed.
        pub(in crate::host::terminal) fn restore(self) {
            let _ = tcflush(&self.tty, QueueSelector::IFlush);
            let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
        }
    }
}

/// Untested.
#[cfg(not(unix))]
mod system {
    use std::io;

    use crate::host::promise::Hold;

    #[derive(Debug)]
    pub(in crate::host::terminal) struct Line;

    impl Line {
        pub(in crate::host::terminal) fn hold(&self) -> Hold {
            Hold
        }

        pub(in crate::host::terminal) fn raw() -> io::Result<Self> {
            crossterm::terminal::enable_raw_mode().map(|()| Self)
        }

        /// Windows stops no program.
        #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as on Unix")]
        pub(in crate::host::terminal) fn again(&self) -> io::Result<()> {
            Ok(())
        }

        pub(in crate::host::terminal) fn restore(self) {
            let _ = crossterm::terminal::disable_raw_mode();
        }
    }
}
