//! The terminal as a file: its size, and writing to it whole.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

/// One writer at a time: frames, clipboard sequences and the restore string never end up inside one another.
pub(super) static OUTPUT: Mutex<()> = Mutex::new(());

/// The terminal, open from the start to the end: when it has to be given back, the process may have no descriptor left to
/// open it with.
static TTY: OnceLock<File> = OnceLock::new();

/// Opens the terminal, once for all.
///
/// # Errors
/// There is none.
#[cfg(feature = "screen")]
pub(super) fn open_for_good() -> io::Result<()> {
    if TTY.get().is_none() {
        let _ = TTY.set(output()?);
    }
    Ok(())
}

/// The widest and highest that is drawn. A terminal may call itself 65,535 columns wide, and every cell of what is drawn
/// takes memory.
pub(super) const LARGEST: (u16, u16) = (1_000, 500);

/// The columns and rows of the terminal, as far as they are drawn.
///
/// # Errors
/// There is no terminal.
#[cfg(unix)]
pub fn size() -> io::Result<(u16, u16)> {
    let asked = match TTY.get() {
        Some(tty) => rustix::termios::tcgetwinsize(tty)?,
        None => rustix::termios::tcgetwinsize(output()?)?,
    };
    Ok(usable(asked.ws_col, asked.ws_row))
}

/// Untested.
#[cfg(all(not(unix), not(feature = "screen")))]
pub fn size() -> io::Result<(u16, u16)> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Untested.
#[cfg(all(not(unix), feature = "screen"))]
pub fn size() -> io::Result<(u16, u16)> {
    let (columns, rows) = crossterm::terminal::size()?;
    Ok(usable(columns, rows))
}

/// What to draw on a terminal that says it is this large. One that does not know says 0: a serial line, or a program
/// that made the terminal and set no size.
fn usable(columns: u16, rows: u16) -> (u16, u16) {
    let or = |cells: u16, usual: u16, most: u16| if cells == 0 { usual } else { cells.min(most) };
    (or(columns, 80, LARGEST.0), or(rows, 24, LARGEST.1))
}

/// The terminal to write to: standard output, or if that is a pipe the terminal that controls the process.
#[cfg(unix)]
fn output() -> io::Result<File> {
    use std::os::fd::AsFd;

    let stdout = io::stdout();
    if stdout.is_terminal() {
        stdout.as_fd().try_clone_to_owned().map(File::from)
    } else {
        File::options().write(true).open("/dev/tty")
    }
}

/// Untested.
#[cfg(not(unix))]
fn output() -> io::Result<File> {
    if io::stdout().is_terminal() {
        File::options().write(true).open("CONOUT$")
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Writes to a terminal that another program has taken, without waiting for one that is stuck. For the guard.
///
/// # Errors
/// The terminal is gone or takes nothing.
#[cfg(unix)]
pub fn write_to(tty: std::os::fd::BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    while !bytes.is_empty() {
        let mut fds = [PollFd::new(&tty, PollFlags::OUT)];
        match poll(&mut fds, Some(&Timespec { tv_sec: 2, tv_nsec: 0 })) {
            Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
            Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => {
                return Err(io::Error::other("the terminal is gone"));
            }
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        match rustix::io::write(tty, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Writes all bytes, by one call if the terminal takes them. The caller holds the output lock.
pub(super) fn write_to_tty(mut bytes: &[u8]) -> io::Result<()> {
    let opened;
    let mut tty = match TTY.get() {
        Some(tty) => tty,
        None => {
            opened = output()?;
            &opened
        }
    };
    while !bytes.is_empty() {
        match tty.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait_until_writable(tty)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The terminal may have been set not to block by another process; then we wait for it, for a while.
#[cfg(unix)]
fn wait_until_writable(tty: &File) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let mut fds = [PollFd::new(tty, PollFlags::OUT)];
    match poll(&mut fds, Some(&Timespec { tv_sec: 10, tv_nsec: 0 })) {
        Ok(0) => Err(io::ErrorKind::TimedOut.into()),
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn wait_until_writable(_tty: &File) -> io::Result<()> {
    Err(io::ErrorKind::WouldBlock.into())
}

/// Writes a sequence to the terminal between two frames. For the clipboard; the bytes are not kept.
///
/// # Errors
/// There is no terminal, or it does not take the bytes.
pub fn send(bytes: &[u8]) -> io::Result<()> {
    let _output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    write_to_tty(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_a_size_is_80x24_and_an_absurd_one_is_drawn_in_part() {
        assert_eq!(usable(0, 0), (80, 24));
        assert_eq!(usable(0, 50), (80, 50));
        assert_eq!(usable(132, 0), (132, 24));
        assert_eq!(usable(1, 1), (1, 1));
        assert_eq!(usable(300, 100), (300, 100));
        assert_eq!(usable(u16::MAX, u16::MAX), LARGEST);
    }
}
