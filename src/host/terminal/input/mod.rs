//! What the terminal sends, from bytes to keys.
//!
//! [`Keys`] reads the terminal, and [`Decoder`] makes events of the bytes. The parser is the program's own:
//! crossterm's knows no string sequences and takes the bytes of an answer for keys, and the state machines that
//! terminals use (`vte` and its kin) read what programs write: to them a mouse report, a paste, an Esc that is pressed
//! alone and a pause between two bytes mean nothing, and they keep what they read.
//!
//! What holds of the bytes, and is tested in `crate::properties::terminal_input`:
//!
//! - An answer or a report of the terminal is never a key, in one piece or in several. What is not known is dropped.
//! - Esc with a key behind it is Esc and that key; Alt with a key, which terminals send as the same bytes, is that as
//!   well, except where the key map binds the key with Alt.
//! - A key that arrives in pieces is one key.
//! - Nothing swallows the keyboard for good: see the times in [`Decoder`].

mod decode;
mod meaning;
mod state;

#[cfg(fuzzing)]
pub use decode::Decoder;
#[cfg(not(fuzzing))]
pub(crate) use decode::Decoder;

pub use state::IsBound;
pub use system::Keys;

#[cfg(unix)]
mod system {
    use std::collections::VecDeque;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::{Duration, Instant};

    use crossterm::event::Event;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use zeroize::{Zeroize as _, Zeroizing};

    use super::{Decoder, IsBound};
    use crate::host::terminal::line::keyboard;

    /// The keyboard, the mouse, and whatever else arrives from the terminal.
    ///
    /// A PIN may be among the keys, so the bytes are wiped as soon as they have been understood, and events are on the
    /// heap, where they are wiped once they were heard.
    pub struct Keys {
        tty: OwnedFd,
        decoder: Decoder,
        ready: VecDeque<Box<Event>>,
        bytes: Zeroizing<Vec<u8>>,
    }

    impl Keys {
        /// Reads the terminal that the line settings belong to: standard input, or the terminal that controls the process.
        ///
        /// # Errors
        /// There is no terminal.
        pub fn open(is_bound: IsBound) -> io::Result<Self> {
            let bytes = Zeroizing::new(vec![0; 4096]);
            Ok(Self { tty: keyboard()?, decoder: Decoder::new(is_bound), ready: VecDeque::new(), bytes })
        }

        /// The next event. Sleeps until there is one.
        ///
        /// # Errors
        /// The terminal is gone.
        pub fn next_event(&mut self) -> io::Result<Box<Event>> {
            loop {
                if let Some(event) = self.ready.pop_front() {
                    return Ok(event);
                }
                let wait = self.decoder.due().map(|due| due.saturating_duration_since(Instant::now()));
                let wait = wait.map(|wait| Timespec {
                    tv_sec: wait.as_secs().cast_signed(),
                    // A wait that is rounded down would be a loop for its last part.
                    tv_nsec: (wait.subsec_millis() * 1_000_000 + 999_999).into(),
                });
                let mut fds = [PollFd::new(&self.tty, PollFlags::IN)];
                let mut events = Vec::new();
                match poll(&mut fds, wait.as_ref()) {
                    // Only when nothing has arrived: on a busy machine the rest of a key may be there, long since.
                    Ok(0) => self.decoder.expire(Instant::now(), &mut events),
                    Ok(_) => {
                        let ready = fds[0].revents();
                        self.read(ready, &mut events)?;
                    }
                    Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
                self.ready.extend(events.into_iter().map(Box::new));
            }
        }

        fn read(&mut self, ready: PollFlags, events: &mut Vec<Event>) -> io::Result<()> {
            match rustix::io::read(&self.tty, &mut self.bytes[..]) {
                Ok(0) if ready.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => {
                    Err(io::ErrorKind::UnexpectedEof.into())
                }
                // Another process changed the line settings; a reader that asks again at once would use a whole core.
                Ok(0) => {
                    std::thread::sleep(Duration::from_millis(20));
                    Ok(())
                }
                Ok(read) => {
                    let bytes = self.bytes.get_mut(..read).unwrap_or_default();
                    self.decoder.feed(bytes, Instant::now(), events);
                    bytes.zeroize();
                    Ok(())
                }
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Ok(()),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// Untested: Windows sends events, not bytes.
#[cfg(not(unix))]
mod system {
    use std::io;

    use crossterm::event::Event;

    use super::IsBound;

    /// The keyboard, the mouse, and whatever else arrives from the terminal.
    pub struct Keys;

    impl Keys {
        /// The console of this process.
        ///
        /// # Errors
        /// None.
        pub fn open(_is_bound: IsBound) -> io::Result<Self> {
            Ok(Self)
        }

        /// The next event. Sleeps until there is one.
        ///
        /// # Errors
        /// The console is gone.
        pub fn next_event(&mut self) -> io::Result<Box<Event>> {
            crossterm::event::read().map(Box::new)
        }
    }
}

#[cfg(test)]
mod tests;
