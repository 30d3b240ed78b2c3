//! A watch over a terminal that goes away.
//!
//! When the window is closed or the line drops, the kernel sends HUP. Under `nohup` or a careless parent HUP is
//! ignored; reading the terminal then gives end-of-file again and again, and a reader that waits for keys spins.
//! So one thread waits for the hang-up itself. It sleeps in the kernel and costs nothing.

#[cfg(unix)]
pub(super) fn start() {
    use std::sync::Once;

    use rustix::event::{PollFd, PollFlags, poll};

    use super::signals::{Cause, terminate};

    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let Ok(tty) = super::line::keyboard() else { return };
        let watch = move || loop {
            // No event is requested: hang-up and error are always reported.
            let mut fds = [PollFd::new(&tty, PollFlags::empty())];
            match poll(&mut fds, None) {
                Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => {
                    terminate(Cause::Hangup);
                    return;
                }
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        };
        let _ = std::thread::Builder::new().name("terminal watch".to_owned()).spawn(watch);
    });
}

/// Windows tells us by its close event.
#[cfg(not(unix))]
pub(super) fn start() {}
