//! The program's end: starting the guard, telling it, noticing its end.
//!
//! One for the process, as there is one terminal. Every function does nothing when no guard was started.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{News, Status, Trail, Word};
use crate::host::clipboard::{Claim, Focus, TmuxPane};
use crate::host::terminal::Hold;
use gluepot_core::audit::Intent;
use gluepot_core::clock::BootTime;

struct Keeper {
    status: Status,
    end: Option<system::End>,
    /// The terminal as it was entered, for a guard that starts later
    hold: Option<Hold>,
    /// What the guard did by itself
    took: Option<String>,
    /// It said something that is being read
    hearing: bool,
}

static KEEPER: Mutex<Keeper> =
    Mutex::new(Keeper { status: Status::Off, end: None, hold: None, took: None, hearing: false });
static CHANGED: Condvar = Condvar::new();

/// How long a copy or a reveal waits for a guard that is starting.
const START: Duration = Duration::from_secs(2);

/// How long clearing waits until what the guard said was read.
const HEARING: Duration = Duration::from_millis(500);

fn keeper() -> MutexGuard<'static, Keeper> {
    KEEPER.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Keeper {
    fn tell(&mut self, word: &Word) {
        if let Some(end) = &mut self.end
            && end.send(word).is_err()
        {
            // Half a word may have been sent: nothing can be said after it. Its reader tells the rest.
            self.end = None;
        }
    }

    /// Whether the guard said something that was not taken note of yet.
    fn has_news(&self) -> bool {
        self.hearing || self.end.as_ref().is_some_and(system::End::has_news)
    }
}

/// Starts the guard, beside whatever else goes on. `audit` is where outcomes go. `tell` is called from another thread.
pub fn start(audit: Trail, tell: impl Fn(News) + Send + 'static) {
    {
        let mut keeper = keeper();
        if keeper.status != Status::Off {
            return;
        }
        keeper.status = Status::Starting;
    }
    let work = move || {
        let status = system::attend(audit, &tell);
        if let Some(status) = status {
            tracing::warn!(%status, "guard");
            tell(News::Missing(status));
        }
    };
    if let Err(error) = std::thread::Builder::new().name("guard".to_owned()).spawn(work) {
        keeper().status = Status::Failed(error.to_string());
        CHANGED.notify_all();
    }
}

/// Waits until the guard runs or is known not to. At once if none was asked for.
pub fn settled() {
    let keeper = keeper();
    let _ = CHANGED.wait_timeout_while(keeper, START, |keeper| keeper.status == Status::Starting);
}

/// Whether there is a guard.
pub fn status() -> Status {
    keeper().status.clone()
}

/// The terminal was entered.
pub fn entered(hold: &Hold) {
    let mut keeper = keeper();
    keeper.hold = Some(hold.clone());
    keeper.tell(&Word::Entered(hold.clone()));
}

/// The terminal was given back. Also called by the panic hook: it does not wait for long.
pub fn left() {
    let start = Instant::now();
    let mut keeper = loop {
        match KEEPER.try_lock() {
            Ok(keeper) => break keeper,
            Err(std::sync::TryLockError::Poisoned(keeper)) => break keeper.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) if start.elapsed() > Duration::from_millis(200) => return,
            Err(std::sync::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    keeper.hold = None;
    keeper.tell(&Word::Left);
}

/// A secret is on the screen, for this long, recorded by this intent.
pub fn shown(time: Duration, intent: &Intent) {
    keeper().tell(&Word::Shown { due: (BootTime::now() + time).millis(), intent: intent.reference() });
}

/// No secret is on the screen any more.
pub fn hidden() {
    keeper().tell(&Word::Hidden);
}

/// That the secret of this intent was hidden stands in the audit trail.
pub fn recorded(intent: &Intent) {
    keeper().tell(&Word::Recorded(intent.reference()));
}

/// A secret is copied now, recorded by this intent, and will be cleared after this time.
pub fn promise(after: Duration, intent: &Intent) {
    let due = (BootTime::now() + after).millis();
    keeper().tell(&Word::Promise { due, intent: intent.reference() });
}

/// A secret is about to be copied. `None` where it vanishes with this process.
pub fn copying(claim: Option<Claim>) {
    let mut keeper = keeper();
    keeper.took = None;
    if let Some(claim) = claim {
        keeper.tell(&Word::Copying(claim));
    }
}

/// What is in a clipboard because of us, now that a copy or a clear is over.
pub fn holding(claim: Option<Claim>) {
    keeper().tell(&claim.map_or(Word::Cleared, Word::Holding));
}

/// The program clears the clipboard now.
pub fn clearing() {
    keeper().tell(&Word::Clearing);
}

/// A paste buffer of tmux holds a secret while it is handed over; `None` once it is deleted.
pub fn lending(buffer: Option<(&TmuxPane, &str)>) {
    keeper().tell(&Word::Lending(buffer.map(|(pane, name)| (pane.clone(), name.to_owned()))));
}

/// The terminal said whether it has the focus.
pub fn focus(focus: Focus) {
    keeper().tell(&Word::Focus(focus));
}

/// What the guard made of a secret that was due while this process stood still. Said once. When the process goes on, its
/// own clock and what the guard said meanwhile come at once: the guard is heard first, or the clipboard would be cleared
/// twice, the second time of whatever was copied since.
pub fn took() -> Option<String> {
    let heard_by = Instant::now() + HEARING;
    let mut keeper = keeper();
    while keeper.took.is_none() && keeper.has_news() {
        let left = heard_by.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        // Its reader says when it is done.
        keeper = CHANGED.wait_timeout(keeper, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    keeper.took.take()
}

/// The end of the program in order. Waits a moment for the guard to be gone, unless `leave_work` says that it still
/// has something to do.
pub fn goodbye(leave_work: bool) {
    let end = {
        let mut keeper = keeper();
        if !leave_work {
            keeper.tell(&Word::Goodbye);
        }
        keeper.status = Status::Off;
        keeper.end.take()
    };
    drop(end);
    if !leave_work {
        system::wait_for_its_end();
    }
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
    use std::fs::File;
    use std::io::{self, BufRead, BufReader, IsTerminal, Write};
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::net::UnixStream;
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, ExitStatus, Stdio};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::super::{Answer, News, Status, Trail, Word};
    use super::{CHANGED, START, keeper};

    /// The socket, as far as telling goes.
    pub(super) struct End(UnixStream);

    impl End {
        pub(super) fn send(&mut self, word: &Word) -> io::Result<()> {
            let mut line = serde_json::to_vec(word)?;
            line.push(b'\n');
            self.0.write_all(&line)
        }

        /// Whether the guard said something that nobody has read. Its end counts, too.
        pub(super) fn has_news(&self) -> bool {
            can_be_read(&self.0, Some(Timespec { tv_sec: 0, tv_nsec: 0 }))
        }
    }

    /// Waits until something can be read from the socket, without reading it.
    fn can_be_read(socket: &UnixStream, limit: Option<Timespec>) -> bool {
        let mut one = [PollFd::new(socket, PollFlags::IN)];
        poll(&mut one, limit.as_ref()).is_ok_and(|ready| ready > 0)
    }

    /// Set once the process was waited for.
    static ENDED: AtomicBool = AtomicBool::new(true);

    /// What the guard's own children and its audit record need. Nothing of the key is among it.
    const ENVIRONMENT: [&str; 13] = [
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TERM",
        "TMUX",
        "TMUX_PANE",
        "TMUX_TMPDIR",
        "SCREENDIR",
        "STY",
        "SSH_CONNECTION",
    ];

    fn tty(stream: &(impl AsFd + IsTerminal)) -> io::Result<OwnedFd> {
        if stream.is_terminal() {
            stream.as_fd().try_clone_to_owned()
        } else {
            File::options().read(true).write(true).open("/dev/tty").map(OwnedFd::from)
        }
    }

    /// Starts this very program once more. Its standard input is the socket; output and error are the terminal's two
    /// ends, or nothing.
    fn launch() -> io::Result<(Child, UnixStream)> {
        let (ours, theirs) = UnixStream::pair()?;
        // A guard that was stopped must not stop the program.
        ours.set_write_timeout(Some(Duration::from_millis(500)))?;
        let out = tty(&io::stdout()).map_or_else(|_| Stdio::null(), Stdio::from);
        let line = tty(&io::stdin()).map_or_else(|_| Stdio::null(), Stdio::from);
        let ready = |program: &Path| {
            let mut command = Command::new(program);
            command.arg0("gluepot").arg("guard").env_clear().process_group(0).current_dir("/");
            for name in ENVIRONMENT {
                if let Some(value) = std::env::var_os(name) {
                    command.env(name, value);
                }
            }
            command
        };
        // The file may have been replaced since, by an update: the kernel still knows the one that runs.
        let mut program = PathBuf::from("/proc/self/exe");
        if !cfg!(target_os = "linux") || !program.exists() {
            program = std::env::current_exe()?;
        }
        let mut command = ready(&program);
        command.stdin(Stdio::from(OwnedFd::from(theirs))).stdout(out).stderr(line);
        let child = command.spawn()?;
        Ok((child, ours))
    }

    fn described(status: ExitStatus) -> String {
        match (status.signal(), status.code()) {
            (Some(signal), _) => format!("ended by signal {signal}"),
            (_, Some(code)) => format!("ended with code {code}"),
            _ => "ended".to_owned(),
        }
    }

    fn begin(audit: Option<Trail>) -> Result<(Child, UnixStream, End), String> {
        let (child, socket) = launch().map_err(|error| error.to_string())?;
        let mut end = socket.try_clone().map(End).map_err(|error| error.to_string())?;
        let audit = audit
            .and_then(|trail| Some(Trail { folder: std::path::absolute(&trail.folder).ok()?, keeping: trail.keeping }));
        // A failure shows as the end of its answers.
        let _ = end.send(&Word::Hello { audit });
        Ok((child, socket, end))
    }

    fn answer(reader: &mut BufReader<UnixStream>) -> Option<Answer> {
        let mut line = String::new();
        // A socket of our own: what comes is short and ours.
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        serde_json::from_str(&line).ok()
    }

    /// Starts the guard and listens to it until it is gone. `None` if that is as it should be.
    pub(super) fn attend(audit: Trail, tell: &impl Fn(News)) -> Option<Status> {
        let failed = |why: String| {
            let status = Status::Failed(why);
            let mut keeper = keeper();
            keeper.status = status.clone();
            keeper.end = None;
            CHANGED.notify_all();
            Some(status)
        };
        let (mut child, socket, end) = match begin(Some(audit)) {
            Ok(begun) => begun,
            Err(why) => return failed(why),
        };
        ENDED.store(false, Ordering::Release);
        let _ = socket.set_read_timeout(Some(START));
        let mut reader = BufReader::new(socket);
        {
            let mut keeper = keeper();
            keeper.end = Some(end);
            if let Some(hold) = keeper.hold.clone() {
                keeper.tell(&Word::Entered(hold));
            }
        }
        if !matches!(answer(&mut reader), Some(Answer::Ready)) {
            let _ = child.kill();
            let ended = child.wait().map_or_else(|error| error.to_string(), described);
            ENDED.store(true, Ordering::Release);
            return failed(format!("it gave no answer; {ended}"));
        }
        {
            let mut keeper = keeper();
            if keeper.status == Status::Starting {
                keeper.status = Status::On(child.id());
            }
            CHANGED.notify_all();
        }
        let _ = reader.get_ref().set_read_timeout(None);
        loop {
            // What is read from the socket is never out of sight: whoever looks for it waits until it is noted.
            if reader.buffer().is_empty() {
                can_be_read(reader.get_ref(), None);
            }
            keeper().hearing = true;
            let answer = answer(&mut reader);
            {
                let mut keeper = keeper();
                keeper.hearing = answer.is_some() && !reader.buffer().is_empty();
                if let Some(Answer::Took(words)) = &answer {
                    keeper.took = Some(words.clone());
                }
                CHANGED.notify_all();
            }
            match answer {
                Some(Answer::Blanked) => tell(News::Blanked),
                Some(Answer::Took(_) | Answer::Ready) => {}
                None => break,
            }
        }
        drop(reader);
        let ended = child.wait().map_or_else(|error| error.to_string(), described);
        let mut keeper = keeper();
        ENDED.store(true, Ordering::Release);
        CHANGED.notify_all();
        keeper.end = None;
        // After a goodbye this is its proper end.
        if matches!(keeper.status, Status::Off) {
            return None;
        }
        keeper.status = Status::Lost(ended);
        Some(keeper.status.clone())
    }

    /// Waits until the guard has been waited for, but not for long.
    pub(super) fn wait_for_its_end() {
        let _ = CHANGED.wait_timeout_while(keeper(), Duration::from_millis(500), |_| !ENDED.load(Ordering::Acquire));
    }

    pub(super) fn probe() -> Result<(), String> {
        let (mut child, socket, mut end) = begin(None)?;
        let _ = socket.set_read_timeout(Some(START));
        let mut reader = BufReader::new(socket);
        let ready = matches!(answer(&mut reader), Some(Answer::Ready));
        if ready {
            let _ = end.send(&Word::Goodbye);
        }
        let start = Instant::now();
        while start.elapsed() < START {
            match child.try_wait() {
                Ok(Some(status)) if ready && status.success() => return Ok(()),
                Ok(Some(status)) => return Err(described(status)),
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Err(error) => return Err(error.to_string()),
            }
        }
        let _ = child.kill();
        let _ = child.wait();
        Err("it does not end when it should".to_owned())
    }
}

/// Elsewhere there is none: nobody has written and tried one.
#[cfg(not(unix))]
mod system {
    use std::io;

    use super::super::{News, Status, Trail, Word};
    use super::{CHANGED, keeper};

    pub(super) struct End;

    impl End {
        pub(super) fn send(&mut self, _word: &Word) -> io::Result<()> {
            Ok(())
        }

        pub(super) fn has_news(&self) -> bool {
            false
        }
    }

    pub(super) fn attend(_audit: Trail, _tell: &impl Fn(News)) -> Option<Status> {
        let status = Status::Failed("not built for this system".to_owned());
        keeper().status = status.clone();
        CHANGED.notify_all();
        Some(status)
    }

    pub(super) fn wait_for_its_end() {}

    pub(super) fn probe() -> Result<(), String> {
        Err("not built for this system".to_owned())
    }
}
