//! What the system and the terminal tell the loop: end, stop, continue, resize.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::taken::restore;

/// Why the program has to end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cause {
    /// SIGTERM
    Term,
    /// SIGHUP, or the terminal is gone
    Hangup,
    /// SIGINT
    Interrupt,
    /// SIGQUIT
    Quit,
    /// A thread panicked; the terminal has been given back already
    Panic,
}

impl Cause {
    /// The exit code a shell expects.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Hangup => 129,
            Self::Interrupt => 130,
            Self::Quit => 131,
            Self::Term => 143,
            Self::Panic => 101,
        }
    }

    /// How long the loop may take to end in order. A terminal that is gone must not leave a process behind; the
    /// others leave time for a slow disk.
    fn patience(self) -> Duration {
        match self {
            Self::Hangup => Duration::from_millis(900),
            Self::Term | Self::Interrupt | Self::Quit | Self::Panic => Duration::from_secs(3),
        }
    }
}

/// What the loop receives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Signal {
    /// Hide secrets, clear the clipboard, write the outcomes, leave. There is a deadline.
    Terminate(Cause),
    /// Hide secrets and call [`super::Session::suspend`]
    Suspend,
    /// The process continues after a stop: call [`super::Session::resume`] and redraw
    Continue,
    /// The terminal has another size
    Resize,
}

/// The stream of signals. Ends the program if a [`Signal::Terminate`] is not followed by its end.
#[derive(Debug)]
pub struct Signals {
    receiver: UnboundedReceiver<Signal>,
}

impl Signals {
    /// The next signal.
    pub async fn next(&mut self) -> Signal {
        match self.receiver.recv().await {
            Some(signal) => signal,
            // The runtime is shutting down.
            None => std::future::pending().await,
        }
    }
}

/// Where other parts of this module put what they noticed.
static SENDER: Mutex<Option<UnboundedSender<Signal>>> = Mutex::new(None);

/// Tells the loop that the program must end, and sees to it that it does.
pub(super) fn terminate(cause: Cause) {
    if let Some(sender) = SENDER.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
        let _ = sender.send(Signal::Terminate(cause));
    }
    let deadline = move || {
        std::thread::sleep(cause.patience());
        restore();
        std::process::exit(cause.exit_code().into());
    };
    if std::thread::Builder::new().name("deadline".to_owned()).spawn(deadline).is_err() {
        restore();
        std::process::exit(cause.exit_code().into());
    }
}

/// Starts to listen. Call it once, inside the runtime.
///
/// # Errors
/// The system refused a handler.
#[cfg(unix)]
pub fn signals() -> io::Result<Signals> {
    use tokio::signal::unix::{SignalKind, signal};

    let (sender, receiver) = unbounded_channel();
    *SENDER.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender.clone());
    let kinds = [
        (SignalKind::terminate(), Signal::Terminate(Cause::Term)),
        (SignalKind::hangup(), Signal::Terminate(Cause::Hangup)),
        (SignalKind::interrupt(), Signal::Terminate(Cause::Interrupt)),
        (SignalKind::quit(), Signal::Terminate(Cause::Quit)),
        (SignalKind::from_raw(libc::SIGTSTP), Signal::Suspend),
        (SignalKind::from_raw(libc::SIGCONT), Signal::Continue),
        (SignalKind::window_change(), Signal::Resize),
    ];
    for (kind, meaning) in kinds {
        let mut stream = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                match meaning {
                    Signal::Terminate(cause) => terminate(cause),
                    other if sender.send(other).is_err() => break,
                    _ => {}
                }
            }
        });
    }
    Ok(Signals { receiver })
}

/// Untested: only Ctrl-C and closing the window.
#[cfg(windows)]
pub fn signals() -> io::Result<Signals> {
    let (sender, receiver) = unbounded_channel();
    *SENDER.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    let mut close = tokio::signal::windows::ctrl_close()?;
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => terminate(Cause::Interrupt),
            _ = close.recv() => terminate(Cause::Hangup),
        }
    });
    Ok(Signals { receiver })
}
