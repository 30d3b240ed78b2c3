//! Signal actions, and processes that the safe interfaces have no number for.

use std::io;
#[cfg(unix)]
use std::{mem::MaybeUninit, time::Duration};

#[cfg(unix)]
use rustix::process::Signal;

/// Makes a limit for the size of files an error of the write instead of the death of the process, so that it can
/// be reported. Call it before anything is written.
#[cfg(unix)]
pub fn ignore_file_size_signal() {
    // SAFETY: ignoring a signal runs none of our code.
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
        // SAFETY: ignoring a signal runs none of our code.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// Lets TERM end the process again.
#[cfg(unix)]
pub fn heed_end() {
    // SAFETY: the default action runs none of our code.
    unsafe { libc::signal(libc::SIGTERM, libc::SIG_DFL) };
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub fn ignore_file_size_signal() {}

/// Stops this job as the terminal's own stop key does: the whole process group, with the default action, so
/// that a shell script around us stops too and a shell without job control is not left hanging.
#[cfg(unix)]
pub fn stop() -> io::Result<()> {
    let mut before = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: an all-zero action is the default one with an empty mask.
    let default = unsafe { MaybeUninit::<libc::sigaction>::zeroed().assume_init() };
    debug_assert_eq!(default.sa_sigaction, libc::SIG_DFL);
    // SAFETY: both point to our own actions; the old one is written by the call.
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

/// Other systems have no stopping.
#[cfg(not(unix))]
pub fn stop() -> io::Result<()> {
    Ok(())
}

/// The session of a process, 0 for this one. None where its leader lives outside this PID namespace (the shell
/// that a container was entered from): the kernel answers 0 then, which the safe interfaces take for a number
/// that cannot be.
#[cfg(unix)]
pub fn session_of(process: i32) -> Option<i32> {
    // SAFETY: takes and returns numbers.
    Some(unsafe { libc::getsid(process) }).filter(|&session| session > 0)
}

/// The process group of a process, 0 for this one; None as above.
#[cfg(unix)]
pub fn group_of(process: i32) -> Option<i32> {
    // SAFETY: takes and returns numbers.
    Some(unsafe { libc::getpgid(process) }).filter(|&group| group > 0)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn session_and_group_are_those_the_kernel_lists() {
        let stat = std::fs::read_to_string("/proc/self/stat").expect("the kernel tells");
        // Behind the name: state, parent, group, session. They are 0 where the leader is outside our namespace.
        let (_, numbers) = stat.rsplit_once(')').expect("a name");
        let number = |at: usize| numbers.split_whitespace().nth(at).and_then(|word| word.parse().ok());
        assert_eq!(group_of(0), number(2).filter(|&group: &i32| group != 0));
        assert_eq!(session_of(0), number(3).filter(|&session: &i32| session != 0));
        assert_eq!((group_of(i32::MAX), session_of(i32::MAX)), (None, None), "there is no such process");
    }
}
