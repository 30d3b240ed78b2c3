//! The program's end: starting the guard, listening to it, noticing its end.

use crate::host::promise::{Promises, Status};

use super::word::Trail;

/// What the program has to know of its guard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum News {
    /// There is none, or no longer one
    Missing(Status),
    /// It cleared the screen while the program was stopped
    Blanked,
}

/// Starts the guard, beside whatever else goes on, as the listener of these promises; once. `audit` is where outcomes go.
/// `tell` is called from another thread.
pub fn start(promises: &Promises, audit: Trail, tell: impl Fn(News) + Send + 'static) {
    if !promises.begin() {
        return;
    }
    let attended = promises.clone();
    let work = move || {
        let status = system::attend(&attended, audit, &tell);
        if let Some(status) = status {
            tracing::warn!(%status, "guard");
            tell(News::Missing(status));
        }
    };
    if let Err(error) = std::thread::Builder::new().name("guard".to_owned()).spawn(work) {
        promises.failed(error.to_string());
    }
}

/// The end of the program in order. Waits a moment for the guard to be gone, unless `leave_work` says that it still
/// has something to do.
pub fn goodbye(promises: &Promises, leave_work: bool) {
    promises.goodbye(leave_work);
}

/// Starts a guard and sends it home again, to see whether that works here.
///
/// # Errors
/// It does not, with the reason.
pub fn probe() -> Result<(), String> {
    system::probe()
}

#[cfg(unix)]
mod system {
    use std::io::{self, BufReader};
    use std::os::unix::net::UnixStream;
    use std::process::Child;

    use super::News;
    use crate::host::guard::launch::{START, answer, begin, can_be_read, described};
    use crate::host::guard::word::{Answer, Trail};
    use crate::host::promise::{Promises, Status};

    pub(super) use crate::host::guard::launch::probe;

    /// Starts the guard and listens to it until it is gone. `None` if that is as it should be.
    pub(super) fn attend(promises: &Promises, audit: Trail, tell: &impl Fn(News)) -> Option<Status> {
        let (mut child, socket, end) = match begin(Some(audit)) {
            Ok(begun) => begun,
            Err(why) => return Some(promises.failed(why)),
        };
        let _ = socket.set_read_timeout(Some(START));
        let mut reader = BufReader::new(socket);
        promises.attach(Box::new(end));
        if !matches!(answer(&mut reader), Some(Answer::Ready)) {
            let _ = child.kill();
            let ended = ended(&mut child);
            return Some(promises.failed(format!("it gave no answer; {ended}")));
        }
        promises.ready(child.id());
        let _ = reader.get_ref().set_read_timeout(None);
        listen(promises, &mut reader, tell);
        drop(reader);
        let ended = ended(&mut child);
        promises.gone(ended)
    }

    /// Passes on what the guard says, until it is gone.
    fn listen(promises: &Promises, reader: &mut BufReader<UnixStream>, tell: &impl Fn(News)) {
        loop {
            // What is read from the socket is noted before the lock is released, so readers wait for it.
            if reader.buffer().is_empty() {
                can_be_read(reader.get_ref(), None);
            }
            promises.hearing();
            let answer = answer(reader);
            let more = answer.is_some() && !reader.buffer().is_empty();
            let took = match &answer {
                Some(Answer::Took(words)) => Some(words.clone()),
                _ => None,
            };
            promises.heard(took, more);
            match answer {
                Some(Answer::Blanked) => tell(News::Blanked),
                Some(Answer::Took(_) | Answer::Ready) => {}
                None => return,
            }
        }
    }

    fn ended(child: &mut Child) -> String {
        child.wait().map_or_else(|error: io::Error| error.to_string(), described)
    }
}

/// Other systems have none: it is not written yet.
#[cfg(not(unix))]
mod system {
    use super::News;
    use crate::host::guard::word::Trail;
    use crate::host::promise::{Promises, Status};

    pub(super) fn attend(promises: &Promises, _audit: Trail, _tell: &impl Fn(News)) -> Option<Status> {
        Some(promises.failed("not built for this system".to_owned()))
    }

    pub(super) fn probe() -> Result<(), String> {
        Err("not built for this system".to_owned())
    }
}
