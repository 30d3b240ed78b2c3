//! The writer frames go through: one write a frame, counted, wiped.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use zeroize::Zeroize;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const HIDE: &[u8] = b"\x1b[?25l";
const SHOW: &[u8] = b"\x1b[?25h";

/// Frames shorter than this are not bracketed: a terminal shows them in one go anyway, and on a slow line the
/// brackets would be a good part of them.
const WORTH_BRACKETS: usize = 256;

/// A buffered writer for the drawing backend.
///
/// What is written is kept until the flush and then goes out in one write, between the marks of a synchronised
/// frame if it is long (terminals that do not know them ignore them). The buffer held what the screen shows, a
/// revealed password for example, so it is wiped after each flush. Nothing is written once the terminal was given
/// back.
#[derive(Clone, Debug)]
pub struct Screen {
    inner: Arc<Mutex<Inner>>,
    bytes: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Inner {
    out: Out,
    frame: Vec<u8>,
    held: bool,
    /// The cursor is known to be hidden: the backend hides it anew with every frame
    hidden: bool,
    /// What is written goes nowhere
    muted: bool,
}

#[derive(Debug)]
enum Out {
    Tty,
    #[cfg(test)]
    Memory(Vec<Vec<u8>>),
}

impl Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Tty => write_to_tty(bytes),
            #[cfg(test)]
            Self::Memory(writes) => {
                writes.push(bytes.to_vec());
                Ok(())
            }
        }
    }

    /// Whether the terminal is still ours.
    fn is_open(&self) -> bool {
        match self {
            Self::Tty => super::ENTERED.load(Ordering::SeqCst),
            #[cfg(test)]
            Self::Memory(_) => true,
        }
    }
}

impl Screen {
    pub(super) fn open() -> io::Result<Self> {
        if TTY.get().is_none() {
            let _ = TTY.set(output()?);
        }
        Ok(Self::on(Out::Tty))
    }

    fn on(out: Out) -> Self {
        let inner = Inner { out, frame: Vec::with_capacity(16 * 1024), held: false, hidden: false, muted: false };
        Self { inner: Arc::new(Mutex::new(inner)), bytes: Arc::default() }
    }

    /// How many bytes went to the terminal so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hold(&self) {
        self.lock().held = true;
    }

    /// Whether what is drawn from now on goes nowhere.
    pub(super) fn mute(&self, muted: bool) {
        self.lock().muted = muted;
    }

    pub(super) fn release(&self) -> io::Result<()> {
        let mut inner = self.lock();
        inner.held = false;
        self.send(&mut inner)
    }

    /// Writes modes, outside of any frame. What is drawn afterwards starts from a hidden cursor.
    pub(super) fn direct(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.lock();
        inner.frame.zeroize();
        inner.hidden = true;
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let _output = super::OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
        inner.out.write(bytes)
    }

    fn send(&self, inner: &mut Inner) -> io::Result<()> {
        if inner.held || inner.frame.is_empty() {
            return Ok(());
        }
        if inner.hidden && inner.frame.ends_with(HIDE) && memchr::memmem::find(&inner.frame, SHOW).is_none() {
            let len = inner.frame.len() - HIDE.len();
            inner.frame.truncate(len);
        } else {
            let shown = memchr::memmem::rfind(&inner.frame, SHOW);
            let hidden = memchr::memmem::rfind(&inner.frame, HIDE);
            if shown.is_some() || hidden.is_some() {
                inner.hidden = hidden > shown;
            }
        }
        if inner.frame.is_empty() {
            return Ok(());
        }
        if inner.frame.len() >= WORTH_BRACKETS {
            // Room was made when the frame began, so that this does not move it and leave a copy.
            inner.frame.splice(..0, BEGIN.iter().copied());
            inner.frame.extend_from_slice(END);
        }
        let sent = {
            let _output = super::OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
            if inner.out.is_open() { inner.out.write(&inner.frame) } else { Ok(()) }
        };
        self.bytes.fetch_add(inner.frame.len() as u64, Ordering::Relaxed);
        inner.frame.zeroize();
        sent
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut inner = self.lock();
        if inner.muted {
            return Ok(bytes.len());
        }
        let needed = inner.frame.len() + bytes.len() + BEGIN.len() + END.len();
        if needed > inner.frame.capacity() {
            // `Vec` would leave its old content behind when it moves.
            let mut wider = Vec::with_capacity(needed.next_power_of_two());
            wider.extend_from_slice(&inner.frame);
            inner.frame.zeroize();
            inner.frame = wider;
        }
        inner.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut inner = self.lock();
        self.send(&mut inner)
    }
}

/// The terminal, open from the start to the end: when it has to be given back, the process may have no descriptor left to
/// open it with.
static TTY: OnceLock<File> = OnceLock::new();

/// The widest and highest that is drawn. A terminal may call itself 65,535 columns wide, and every cell of what is drawn
/// takes memory.
pub const LARGEST: (u16, u16) = (1_000, 500);

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
#[cfg(not(unix))]
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

/// Writes to a terminal that somebody else has taken, without waiting for one that is stuck. For the guard.
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

/// The terminal may have been set not to block by whoever shares it; then it is waited for, for a while.
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use super::*;

    fn screen() -> Screen {
        Screen::on(Out::Memory(Vec::new()))
    }

    fn writes(screen: &Screen) -> Vec<Vec<u8>> {
        match &screen.lock().out {
            Out::Memory(writes) => writes.clone(),
            Out::Tty => Vec::new(),
        }
    }

    #[test]
    fn a_held_frame_is_one_write_however_often_it_is_flushed() {
        let mut screen = screen();
        screen.hold();
        for part in ["one ", "two ", "three"] {
            screen.write_all(part.as_bytes()).unwrap();
            screen.flush().unwrap();
        }
        assert_eq!(writes(&screen), Vec::<Vec<u8>>::new());
        screen.release().unwrap();
        assert_eq!(writes(&screen), [b"one two three".to_vec()]);
        assert_eq!(screen.bytes(), 13);
    }

    #[test]
    fn the_buffer_is_wiped_after_it_was_sent() {
        let mut screen = screen();
        screen.write_all(b"hunter2-hunter2-hunter2").unwrap();
        screen.flush().unwrap();
        let inner = screen.lock();
        assert!(inner.frame.is_empty());
        assert!(inner.frame.capacity() > 0, "the same block is used again");
    }

    #[test]
    fn a_long_frame_is_bracketed_and_a_short_one_is_not() {
        let mut screen = screen();
        screen.write_all(&[b'x'; WORTH_BRACKETS]).unwrap();
        screen.flush().unwrap();
        screen.write_all(b"short").unwrap();
        screen.flush().unwrap();
        let writes = writes(&screen);
        assert!(writes[0].starts_with(BEGIN) && writes[0].ends_with(END));
        assert_eq!(writes[1], b"short");
    }

    #[test]
    fn hiding_a_hidden_cursor_costs_nothing() {
        let mut screen = screen();
        for frame in ["a\x1b[?25l", "b\x1b[?25l", "\x1b[?25l", "\x1b[?25hc", "d\x1b[?25l"] {
            screen.write_all(frame.as_bytes()).unwrap();
            screen.flush().unwrap();
        }
        let sent: Vec<_> = writes(&screen).into_iter().map(|write| String::from_utf8(write).unwrap()).collect();
        assert_eq!(sent, ["a\x1b[?25l", "b", "\x1b[?25hc", "d\x1b[?25l"]);
    }

    #[test]
    fn a_terminal_without_a_size_is_80x24_and_an_absurd_one_is_drawn_in_part() {
        assert_eq!(usable(0, 0), (80, 24));
        assert_eq!(usable(0, 50), (80, 50));
        assert_eq!(usable(132, 0), (132, 24));
        assert_eq!(usable(1, 1), (1, 1));
        assert_eq!(usable(300, 100), (300, 100));
        assert_eq!(usable(u16::MAX, u16::MAX), LARGEST);
    }

    #[test]
    fn what_is_drawn_on_a_muted_screen_goes_nowhere() {
        let mut screen = screen();
        screen.mute(true);
        screen.write_all(b"unheard").unwrap();
        screen.flush().unwrap();
        screen.mute(false);
        screen.write_all(b"heard").unwrap();
        screen.flush().unwrap();
        assert_eq!(writes(&screen), [b"heard".to_vec()]);
    }

    #[test]
    fn nothing_is_written_once_the_terminal_was_given_back() {
        let mut screen = Screen::on(Out::Tty);
        screen.write_all(b"late").unwrap();
        screen.flush().unwrap();
        assert!(screen.lock().frame.is_empty());
    }
}
