//! The clipboard of the desktop the person sits at.
//!
//! On X11 and Wayland the program that copied something serves it as long as it lives, so the connection is
//! kept on its own thread, opened with the first copy. The library may wait for a display or panic on an odd
//! one: callers wait for the thread, with a limit.
//!
//! To see later whether the content is still ours, only a keyed hash of it is kept, with a key that no other process
//! has; no second copy of the secret.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// How long a copy or a clear may take.
const LIMIT: Duration = Duration::from_secs(3);

enum Request {
    Set { text: Zeroizing<String>, secret: bool, reply: Sender<Result<bool, String>> },
    ClearIfOurs { reply: Sender<Result<bool, String>> },
}

/// A handle to the thread.
#[derive(Debug, Default)]
pub(super) struct DesktopClipboard {
    thread: Mutex<Option<Sender<Request>>>,
}

impl DesktopClipboard {
    /// Copies text. Says whether it was read back from the clipboard as what was put in.
    pub(super) fn set(&self, text: &str, secret: bool) -> Result<bool, String> {
        let text = Zeroizing::new(text.to_owned());
        self.ask(|reply| Request::Set { text, secret, reply })
    }

    /// Empties the clipboard if it still holds what was copied last. Says whether it did.
    pub(super) fn clear_if_ours(&self) -> Result<bool, String> {
        self.ask(|reply| Request::ClearIfOurs { reply })
    }

    fn ask(&self, request: impl FnOnce(Sender<Result<bool, String>>) -> Request) -> Result<bool, String> {
        let (reply, answer) = channel();
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match thread.take() {
            Some(sender) => sender,
            None => start()?,
        };
        if sender.send(request(reply)).is_err() {
            return Err("the desktop clipboard stopped working".to_owned());
        }
        match answer.recv_timeout(LIMIT) {
            Ok(done) => {
                *thread = Some(sender);
                done
            }
            // The thread is left to itself; the next copy starts another.
            Err(RecvTimeoutError::Timeout) => Err("the desktop clipboard did not answer".to_owned()),
            Err(RecvTimeoutError::Disconnected) => Err("the desktop clipboard stopped working".to_owned()),
        }
    }
}

fn start() -> Result<Sender<Request>, String> {
    let (sender, receiver) = channel();
    let serve = move || {
        // A panic ends the thread and closes the channel, and the caller gets an error.
        let _ = crate::host::terminal::isolated(|| serve(&receiver));
    };
    std::thread::Builder::new().name("clipboard".to_owned()).spawn(serve).map_err(|error| error.to_string())?;
    Ok(sender)
}

/// What was copied last: a hash under a key of this thread's own.
struct Ours {
    key: Zeroizing<[u8; 32]>,
    hash: Vec<u8>,
}

impl Ours {
    fn new(text: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut key[..]).ok()?;
        let hash = Self::mac(&key, text).finalize().into_bytes().to_vec();
        Some(Self { key, hash })
    }

    fn mac(key: &[u8; 32], text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        mac
    }

    /// Compares in a time that does not depend on where they differ.
    fn is(&self, text: &str) -> bool {
        Self::mac(&self.key, text).verify_slice(&self.hash).is_ok()
    }
}

fn serve(requests: &Receiver<Request>) {
    let mut clipboard = None;
    let mut ours: Option<Ours> = None;
    for request in requests {
        if clipboard.is_none() {
            clipboard = Some(arboard::Clipboard::new());
        }
        let opened = match clipboard.as_mut() {
            Some(Ok(opened)) => Ok(opened),
            Some(Err(error)) => Err(format!("the desktop clipboard could not be opened: {error}")),
            None => Err(String::new()),
        };
        let failed = opened.is_err();
        match request {
            Request::Set { text, secret, reply } => {
                let done = opened.and_then(|clipboard| {
                    set(clipboard, &text, secret).map_err(|error| format!("the desktop refused the text: {error}"))?;
                    ours = Ours::new(&text);
                    // A compositor may not have passed on yet who owns it.
                    let mut came = || read(clipboard).is_some_and(|back| *back == *text);
                    Ok(came() || came())
                });
                drop(text);
                let _ = reply.send(done);
            }
            Request::ClearIfOurs { reply } => {
                let done = opened.and_then(|clipboard| {
                    let still = match clipboard.get_text().map(Zeroizing::new) {
                        Ok(text) => ours.as_ref().is_some_and(|ours| ours.is(&text)),
                        // Nothing, or something that is not text.
                        Err(arboard::Error::ContentNotAvailable) => false,
                        Err(error) => return Err(format!("the desktop does not say what it holds: {error}")),
                    };
                    if still {
                        clipboard.clear().map_err(|error| format!("the desktop refused to clear: {error}"))?;
                    }
                    ours = None;
                    Ok(still)
                });
                let _ = reply.send(done);
            }
        }
        if failed {
            // Another try may find the display again.
            clipboard = None;
        }
    }
}

fn read(clipboard: &mut arboard::Clipboard) -> Option<Zeroizing<String>> {
    clipboard.get_text().ok().map(Zeroizing::new)
}

/// Puts text in; a secret with the mark that asks clipboard managers to keep it out of their history.
fn set(clipboard: &mut arboard::Clipboard, text: &str, secret: bool) -> Result<(), arboard::Error> {
    #[cfg(target_os = "macos")]
    use arboard::SetExtApple as _;
    #[cfg(all(unix, not(target_os = "macos")))]
    use arboard::SetExtLinux as _;
    #[cfg(windows)]
    use arboard::SetExtWindows as _;

    let set = clipboard.set();
    let set = match secret {
        #[cfg(windows)]
        true => set.exclude_from_monitoring(),
        #[cfg(unix)]
        true => set.exclude_from_history(),
        _ => set,
    };
    set.text(text)
}
