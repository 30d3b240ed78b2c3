//! The terminal taken and given back.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::backend::Drawing;
use super::line::Line;
use super::screen::Screen;
use super::sequences::{ENTER, ERASE, MODES, MOUSE, MOUSE_OFF, RESTORE};
use super::taken::{ENTERED, Taken, restore, taken};
use super::{panics, watch};
use crate::host::promise::Promises;

/// How to take the terminal.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Report clicks, drags and the wheel
    pub mouse: bool,
    /// Where the log is, for the one line that a panic prints
    pub log: Option<PathBuf>,
    /// Who is told that the terminal was taken and given back
    pub promises: Promises,
}

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
    /// continues it. Redraw everything afterwards. Secrets must have been hidden before.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        gluepot_core::raw::stop()?;
        self.take()
    }

    /// Takes the terminal again after another process stopped and continued this one: the shell has changed the
    /// line settings in between. Redraw everything afterwards. What is being typed already is kept, other
    /// than where the terminal is given back.
    pub fn resume(&mut self) -> io::Result<()> {
        let again = taken().as_ref().map(|taken| taken.line.again());
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
        let line = Line::raw()?;
        let promises = self.options.promises.clone();
        promises.entered(&line.hold());
        *taken() = Some(Taken { line, promises });
        ENTERED.store(true, Ordering::SeqCst);
        self.screen.direct(format!("{ENTER}{}", self.modes()).as_bytes()).inspect_err(|_| {
            restore();
        })
    }

    /// What the terminal is requested while it is ours.
    fn modes(&self) -> String {
        format!("{MODES}{}", if self.options.mouse { MOUSE } else { "" })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        restore();
    }
}
