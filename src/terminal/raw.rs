//! Line settings, stopping and signal actions: the parts that are raw system calls.
#![expect(unsafe_code, reason = "signal actions have no safe interface; nothing else here is unsafe")]

pub(super) use system::{Line, stop};

/// Makes a limit for the size of files an error of the write instead of the death of the process, so that it can
/// be told. Call it before anything is written.
#[cfg(unix)]
pub fn ignore_file_size_signal() {
    // SAFETY: ignoring a signal runs no code of ours.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub fn ignore_file_size_signal() {}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, IsTerminal};
    use std::mem::MaybeUninit;
    use std::os::fd::{AsFd, OwnedFd};
    use std::time::Duration;

    use rustix::process::Signal;
    use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};

    /// The settings of the line as they were, and the terminal they belong to.
    #[derive(Debug)]
    pub(in crate::terminal) struct Line {
        tty: OwnedFd,
        before: Termios,
    }

    impl Line {
        /// Switches to raw mode, on the terminal that keys are read from: standard input, or if that is a pipe the
        /// terminal that controls the process.
        pub(in crate::terminal) fn raw() -> io::Result<Self> {
            let stdin = io::stdin();
            let tty = if stdin.is_terminal() {
                stdin.as_fd().try_clone_to_owned()?
            } else {
                File::options().read(true).write(true).open("/dev/tty")?.into()
            };
            let before = tcgetattr(&tty)?;
            let mut raw = before.clone();
            raw.make_raw();
            tcsetattr(&tty, OptionalActions::Now, &raw)?;
            Ok(Self { tty, before })
        }

        /// Puts the settings back without waiting for a terminal that may be stuck, and throws away what was typed.
        pub(in crate::terminal) fn restore(self) {
            let _ = tcflush(&self.tty, QueueSelector::IFlush);
            let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
        }
    }

    /// Stops this job as the terminal's own stop key does: the whole process group, with the default action, so
    /// that a shell script around us stops too and a shell without job control is not left hanging.
    pub(in crate::terminal) fn stop() -> io::Result<()> {
        let mut before = MaybeUninit::<libc::sigaction>::uninit();
        // SAFETY: an all-zero action is the default one with an empty mask.
        let default = unsafe { MaybeUninit::<libc::sigaction>::zeroed().assume_init() };
        debug_assert_eq!(default.sa_sigaction, libc::SIG_DFL);
        // SAFETY: both point to actions of ours; the old one is written by the call.
        if unsafe { libc::sigaction(libc::SIGTSTP, &raw const default, before.as_mut_ptr()) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let stopped = rustix::process::kill_current_process_group(Signal::TSTP);
        // The signal may be taken by another thread a moment after the call returned. All threads stop with it, so
        // this pause is cut in two by the stop and not felt.
        std::thread::sleep(Duration::from_millis(30));
        // SAFETY: the action was filled in by the call above.
        unsafe { libc::sigaction(libc::SIGTSTP, before.as_ptr(), std::ptr::null_mut()) };
        Ok(stopped?)
    }
}

/// Untested.
#[cfg(not(unix))]
mod system {
    use std::io;

    #[derive(Debug)]
    pub(in crate::terminal) struct Line;

    impl Line {
        pub(in crate::terminal) fn raw() -> io::Result<Self> {
            crossterm::terminal::enable_raw_mode().map(|()| Self)
        }

        pub(in crate::terminal) fn restore(self) {
            let _ = crossterm::terminal::disable_raw_mode();
        }
    }

    pub(in crate::terminal) fn stop() -> io::Result<()> {
        Ok(())
    }
}
