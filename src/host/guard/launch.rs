//! Starting the guard: this very program once more, with a socket between the two.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::word::{Answer, Trail, Word};
use crate::host::promise::{Fact, Listener};

/// How long the guard may take for its first word, and a probe for its end.
pub(super) const START: Duration = Duration::from_secs(2);

/// The socket, as far as telling goes.
pub(super) struct End(UnixStream);

impl End {
    fn send(&mut self, word: &Word) -> io::Result<()> {
        let mut line = serde_json::to_vec(word)?;
        line.push(b'\n');
        self.0.write_all(&line)
    }
}

impl Listener for End {
    fn hear(&mut self, fact: &Fact) -> io::Result<()> {
        self.send(&Word::Fact(fact.clone()))
    }

    fn goodbye(&mut self) {
        // A guard that is gone needs no goodbye.
        let _ = self.send(&Word::Goodbye);
    }

    fn has_news(&self) -> bool {
        can_be_read(&self.0, Some(Timespec { tv_sec: 0, tv_nsec: 0 }))
    }
}

/// Waits until something can be read from the socket, without reading it.
pub(super) fn can_be_read(socket: &UnixStream, limit: Option<Timespec>) -> bool {
    let mut one = [PollFd::new(socket, PollFlags::IN)];
    poll(&mut one, limit.as_ref()).is_ok_and(|ready| ready > 0)
}

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

pub(super) fn described(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("ended by signal {signal}"),
        (_, Some(code)) => format!("ended with code {code}"),
        _ => "ended".to_owned(),
    }
}

pub(super) fn begin(audit: Option<Trail>) -> Result<(Child, UnixStream, End), String> {
    let (child, socket) = launch().map_err(|error| error.to_string())?;
    let mut end = socket.try_clone().map(End).map_err(|error| error.to_string())?;
    let audit = audit
        .and_then(|trail| Some(Trail { folder: std::path::absolute(&trail.folder).ok()?, keeping: trail.keeping }));
    // A failure shows as the end of its answers.
    let _ = end.send(&Word::Hello { audit });
    Ok((child, socket, end))
}

pub(super) fn answer(reader: &mut BufReader<UnixStream>) -> Option<Answer> {
    let mut line = String::new();
    // A socket of our own: what comes is short and ours.
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    serde_json::from_str(&line).ok()
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
