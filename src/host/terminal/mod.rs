//! Entering and leaving the terminal, whatever happens.
//!
//! [`Session::enter`] takes the terminal: raw mode, alternate screen, bracketed paste, focus reports, no cursor. It
//! is given back by [`Session::leave`], by dropping the session, by the panic hook and before a deadline ends the
//! program. Giving back means: the screen is erased first, so that no secret stays on it or in a history; every mode
//! is switched off; the line settings become what they were; keys typed to us are not left for the shell.
//!
//! The program only writes sequences of a fixed list. It asks the terminal nothing and sets no title: an answer
//! could be forged by whoever writes to the terminal, and a title outlives us in window lists and recordings.
//!
//! What can end us, and who notices: quitting (the loop), a panic in any thread (the hook), TERM, HUP, INT, QUIT
//! ([`signals()`]), a terminal that is gone (`watch`, since a program that ignores HUP would otherwise spin on
//! end-of-file for ever). After each of these the loop has a short time to write its audit outcomes and to clear
//! the clipboard; then the program is ended even if the loop hangs. KILL, abort and a stack overflow leave the modes on:
//! then the guard ([`crate::host::guard`]) does it, by [`rescue()`].

mod backend;
mod input;
mod line;
mod panics;
#[cfg(unix)]
mod rescue;
mod screen;
mod signals;
mod watch;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use backend::Drawing;
#[cfg(fuzzing)]
pub use input::Decoder;
#[cfg(all(test, not(fuzzing)))]
pub(crate) use input::Decoder;
pub use input::{IsBound, Keys};
pub use line::Hold;
#[cfg(unix)]
pub use line::Modes;
pub use panics::{Panicked, isolated};
#[cfg(unix)]
pub use rescue::{Rescue, blank, rescue};
#[cfg(unix)]
pub use screen::write_to;
pub use screen::{LARGEST, Screen, size};
pub use signals::{Cause, Signal, Signals, signals};

/// Plain colours, every cell erased, the cursor in the corner.
///
/// Not by `CSI 2 J`, nor by `CSI J` from the corner: GNU screen (whose alternate screen is off as it comes), tmux with
/// `alternate-screen off` and several terminals take these for a reason to move what is shown into their history, and a
/// password with it. What is erased by lines, or from the second column on, is gone.
macro_rules! erase {
    () => {
        "\x1b[0m\x1b[1;1H\x1b[2K\x1b[1;2H\x1b[J\x1b[1;1H"
    };
}

/// What erases the screen and puts nothing into the history of a multiplexer.
pub const ERASE: &str = erase!();

/// What gives a terminal back, as one string: end of a synchronised frame, mouse, paste and focus reports off,
/// plain colours, the alternate screen erased and left, the cursor shown. Written while the alternate screen is
/// on; on the main screen it would erase what the shell shows.
pub const RESTORE: &str = concat!(
    "\x1b[?2026l",
    "\x1b[?1006l\x1b[?1002l\x1b[?1000l",
    "\x1b[?2004l\x1b[?1004l",
    erase!(),
    "\x1b[?1049l\x1b[?25h",
);

/// The alternate screen. Where there is none, what the shell shows is moved into the history, and the value of a password
/// is not: it was erased when the terminal was given back.
const ENTER: &str = "\x1b[?1049h\x1b[0m\x1b[2J\x1b[H";
const MODES: &str = "\x1b[?25l\x1b[?2004h\x1b[?1004h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";
const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";

/// How to take the terminal.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Report clicks, drags and the wheel
    pub mouse: bool,
    /// Where the log is, for the one line that a panic prints
    pub log: Option<PathBuf>,
}

/// Whether the terminal is ours now. Cleared first by whoever gives it back, so that it is done once and nothing
/// is drawn afterwards.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// One writer at a time: frames, clipboard sequences and the restore string never end up inside one another.
static OUTPUT: Mutex<()> = Mutex::new(());

/// What is needed to give the terminal back from anywhere.
static TAKEN: Mutex<Option<line::Line>> = Mutex::new(None);

/// The terminal while the program has it.
#[derive(Debug)]
pub struct Session {
    options: Options,
    screen: Screen,
}

impl Session {
    /// Takes the terminal. Installs the panic hook and the watch over a terminal that goes away.
    ///
    /// # Errors
    /// There is no terminal, neither at the standard streams nor as the one that controls the process.
    pub fn enter(options: Options) -> io::Result<Self> {
        let screen = Screen::open()?;
        panics::install(options.log.clone());
        let session = Self { options, screen };
        session.take()?;
        watch::start();
        Ok(session)
    }

    /// The writer for the backend that draws. All clones share one buffer and one count.
    pub fn screen(&self) -> Screen {
        self.screen.clone()
    }

    /// Draws one frame as one write, however often the drawing code flushes.
    pub fn frame<T>(&self, draw: impl FnOnce() -> T) -> io::Result<T> {
        self.screen.hold();
        let drawn = draw();
        self.screen.release()?;
        Ok(drawn)
    }

    /// Gives the screen new buffers, with what `draw` draws in them and nothing written to the terminal, which shows that
    /// already. Those that are there held a secret: cells keep what they lose, and a list that was made shorter keeps what
    /// it lost. Freed memory is overwritten.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn renew(
        &self,
        terminal: &mut ratatui::Terminal<Drawing<Screen>>,
        draw: impl FnOnce(&mut ratatui::Frame<'_>),
    ) -> io::Result<()> {
        self.screen.mute(true);
        let renewed = ratatui::Terminal::new(Drawing::new(self.screen())).and_then(|mut new| {
            new.draw(draw)?;
            Ok(new)
        });
        // The old one wants to show the cursor when it is dropped.
        let done = renewed.map(|new| *terminal = new);
        self.screen.mute(false);
        done
    }

    /// The same for a terminal of another size, with nothing drawn yet: it is erased by the next frame.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn renew_for_size(&self, terminal: &mut ratatui::Terminal<Drawing<Screen>>) -> io::Result<()> {
        self.screen.mute(true);
        let done = ratatui::Terminal::new(Drawing::new(self.screen())).map(|new| *terminal = new);
        self.screen.mute(false);
        done?;
        terminal.clear()
    }

    /// Gives the terminal back. Calling it again does nothing.
    pub fn leave(&mut self) {
        restore();
    }

    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when the shell
    /// continues it. What is drawn must be drawn anew afterwards. Secrets must have been hidden before.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        gluepot_core::raw::stop()?;
        self.take()
    }

    /// Takes the terminal again after somebody else stopped and continued the process: the shell has changed the
    /// line settings in between. What is drawn must be drawn anew afterwards. What is being typed already is kept, other
    /// than where the terminal is given back.
    pub fn resume(&mut self) -> io::Result<()> {
        let again = taken().as_ref().map(line::Line::again);
        match again {
            Some(done) => done?,
            None => return self.take(),
        }
        // A value may be on it still: nothing but erasing.
        self.screen.direct(format!("{RESTORE}\x1b[?1049h{ERASE}{}", self.modes()).as_bytes())
    }

    /// Takes the mouse from the terminal or gives it back.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.options.mouse = on;
        self.screen.direct(if on { MOUSE } else { MOUSE_OFF }.as_bytes())
    }

    fn take(&self) -> io::Result<()> {
        let line = line::Line::raw()?;
        crate::host::guard::entered(&line.hold());
        *taken() = Some(line);
        ENTERED.store(true, Ordering::SeqCst);
        self.screen.direct(format!("{ENTER}{}", self.modes()).as_bytes()).inspect_err(|_| {
            restore();
        })
    }

    /// What the terminal is asked for while it is ours.
    fn modes(&self) -> String {
        format!("{MODES}{}", if self.options.mouse { MOUSE } else { "" })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        restore();
    }
}

fn taken() -> MutexGuard<'static, Option<line::Line>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the terminal back if it is ours. From any thread, also while another one is drawing: its frame is waited
/// for, but not for ever, since that thread may be the one that panicked. Says whether there was something to do.
pub(crate) fn restore() -> bool {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return false;
    }
    let start = Instant::now();
    let _output = loop {
        match OUTPUT.try_lock() {
            Ok(guard) => break Some(guard),
            Err(std::sync::TryLockError::Poisoned(guard)) => break Some(guard.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) if start.elapsed() > Duration::from_millis(200) => break None,
            Err(std::sync::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let sent = screen::write_to_tty(RESTORE.as_bytes());
    let line = TAKEN.try_lock().map(|mut taken| taken.take());
    if let Ok(Some(line)) = line {
        line.restore();
    }
    // Otherwise the guard does it when this process is gone.
    if sent.is_ok() {
        crate::host::guard::left();
    }
    true
}

/// Writes a sequence to the terminal between two frames. For the clipboard; the bytes are not kept.
///
/// # Errors
/// There is no terminal, or it does not take the bytes.
pub fn send(bytes: &[u8]) -> io::Result<()> {
    let _output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    screen::write_to_tty(bytes)
}

#[cfg(all(test, unix))]
mod tests;
