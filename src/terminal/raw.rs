//! Line settings, stopping and signal actions: the parts that are raw system calls.
#![expect(unsafe_code, reason = "signal actions have no safe interface; nothing else here is unsafe")]

pub use system::Hold;
#[cfg(unix)]
pub use system::Modes;
pub(super) use system::{Line, stop};

/// Makes a limit for the size of files an error of the write instead of the death of the process, so that it can
/// be told. Call it before anything is written.
#[cfg(unix)]
pub fn ignore_file_size_signal() {
    // SAFETY: ignoring a signal runs no code of ours.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Ignores what ends or stops a process from a terminal, a log-out or another program. For the guard.
#[cfg(unix)]
pub fn ignore_all_signals() {
    for signal in [
        libc::SIGHUP,
        libc::SIGINT,
        libc::SIGQUIT,
        libc::SIGTERM,
        libc::SIGPIPE,
        libc::SIGTSTP,
        libc::SIGTTIN,
        // Without it a process in the background may not change the line settings.
        libc::SIGTTOU,
        libc::SIGUSR1,
        libc::SIGUSR2,
        libc::SIGALRM,
    ] {
        // SAFETY: ignoring a signal runs no code of ours.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// Lets TERM end the process again.
#[cfg(unix)]
pub fn heed_end() {
    // SAFETY: the default action runs no code of ours.
    unsafe { libc::signal(libc::SIGTERM, libc::SIG_DFL) };
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

    use rustix::process::{Signal, getppid};
    use rustix::termios::{
        ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, QueueSelector, SpecialCodeIndex, Termios,
        tcflush, tcgetattr, tcsetattr,
    };
    use serde::{Deserialize, Serialize};

    /// The settings of a line that raw mode changes.
    #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
    pub struct Modes {
        input: u64,
        output: u64,
        control: u64,
        local: u64,
        /// VMIN and VTIME
        read: [u8; 2],
    }

    impl Modes {
        /// Those of these settings.
        pub fn of(line: &Termios) -> Self {
            Self {
                input: line.input_modes.bits().into(),
                output: line.output_modes.bits().into(),
                control: line.control_modes.bits().into(),
                local: line.local_modes.bits().into(),
                read: [line.special_codes[SpecialCodeIndex::VMIN], line.special_codes[SpecialCodeIndex::VTIME]],
            }
        }

        /// Puts them into settings that are otherwise as they are now.
        pub fn apply(&self, line: &mut Termios) {
            line.input_modes = InputModes::from_bits_retain(self.input as _);
            line.output_modes = OutputModes::from_bits_retain(self.output as _);
            line.control_modes = ControlModes::from_bits_retain(self.control as _);
            line.local_modes = LocalModes::from_bits_retain(self.local as _);
            line.special_codes[SpecialCodeIndex::VMIN] = self.read[0];
            line.special_codes[SpecialCodeIndex::VTIME] = self.read[1];
        }
    }

    /// How the terminal was taken, for the process that gives it back when this one cannot.
    #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
    pub struct Hold {
        /// The line before
        pub(in crate::terminal) before: Modes,
        /// The line as we have it
        pub(in crate::terminal) ours: Modes,
        /// Our process group, if it can be seen from here
        pub(in crate::terminal) group: Option<i32>,
        /// The one of the shell that started us, which has the terminal next
        pub(in crate::terminal) shell: Option<i32>,
    }

    /// The settings of the line as they were, and the terminal they belong to.
    #[derive(Debug)]
    pub(in crate::terminal) struct Line {
        tty: OwnedFd,
        before: Termios,
        ours: Modes,
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
            // Asked, since the system may not take every setting.
            let ours = Modes::of(&tcgetattr(&tty)?);
            Ok(Self { tty, before, ours })
        }

        /// What the guard has to know.
        pub(in crate::terminal) fn hold(&self) -> Hold {
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
        pub(in crate::terminal) fn restore(self) {
            let _ = tcflush(&self.tty, QueueSelector::IFlush);
            let _ = tcsetattr(&self.tty, OptionalActions::Now, &self.before);
        }
    }

    /// The session of a process, 0 for this one. None where its leader lives outside this PID namespace (the shell
    /// that a container was entered from): the kernel answers 0 then, which the safe interfaces take for a number
    /// that cannot be.
    fn session_of(process: i32) -> Option<i32> {
        // SAFETY: takes and returns numbers.
        Some(unsafe { libc::getsid(process) }).filter(|&session| session > 0)
    }

    /// The process group of a process, 0 for this one; None as above.
    fn group_of(process: i32) -> Option<i32> {
        // SAFETY: takes and returns numbers.
        Some(unsafe { libc::getpgid(process) }).filter(|&group| group > 0)
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

    /// Nothing: there is no guard here.
    #[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
    pub struct Hold;

    #[derive(Debug)]
    pub(in crate::terminal) struct Line;

    impl Line {
        pub(in crate::terminal) fn hold(&self) -> Hold {
            Hold
        }

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
