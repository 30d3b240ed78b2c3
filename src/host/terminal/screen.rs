//! The writer frames go through: one write a frame, counted, wiped.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroize;

use super::taken::ENTERED;
use super::tty::{OUTPUT, open_for_good, write_to_tty};

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
    /// The cursor is known to be hidden: the backend hides it again with every frame
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
            Self::Tty => ENTERED.load(Ordering::SeqCst),
            #[cfg(test)]
            Self::Memory(_) => true,
        }
    }
}

impl Screen {
    pub(super) fn open() -> io::Result<Self> {
        open_for_good()?;
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
        let _output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
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
            let _output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
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
