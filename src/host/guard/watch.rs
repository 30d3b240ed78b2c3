//! What runs in the guard: listen, and act when the program no longer can.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::facts::Facts;
use super::right::PAUSE;
use super::word::{Answer, Word};
use crate::host::clipboard::ClearOutcome;
use crate::host::terminal;
use gluepot_core::clock::BootTime;

/// Longest word that is trusted. A list of paste buffers may be long.
const MAX_WORD: usize = 1 << 20;

/// Runs the guard on the standard streams it was given: the socket, and the terminal's two ends.
pub fn run() -> ExitCode {
    let socket = io::stdin().as_fd().try_clone_to_owned();
    let is_socket = |fd: &OwnedFd| {
        rustix::fs::fstat(fd)
            .is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::Socket)
    };
    let Some(socket) = socket.ok().filter(is_socket) else {
        let _ = writeln!(io::stderr(), "gluepot: the guard is started by gluepot itself");
        return ExitCode::from(2);
    };
    gluepot_core::raw::ignore_all_signals();
    name_process();
    // Its standard error is the terminal that another program draws on.
    std::panic::set_hook(Box::new(|_| {}));
    let mut socket = UnixStream::from(socket);
    let mut facts = Facts::default();
    let in_order = facts.listen(&mut socket);
    drop(socket);
    if in_order {
        facts.finish();
    } else {
        facts.put_right();
    }
    ExitCode::SUCCESS
}

impl Facts {
    /// Listens until the program is gone. Says whether it said goodbye.
    fn listen(&mut self, socket: &mut UnixStream) -> bool {
        let mut heard = Vec::new();
        let mut buffer = vec![0; 4096];
        loop {
            let wait = self
                .wait(BootTime::now().millis())
                .map(|millis| Timespec { tv_sec: (millis / 1_000) as i64, tv_nsec: (millis % 1_000 * 1_000_000) as _ });
            let mut fds = [PollFd::new(&*socket, PollFlags::IN)];
            match poll(&mut fds, wait.as_ref()) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => match socket.read(&mut buffer) {
                    Ok(read) if read > 0 => {
                        heard.extend_from_slice(buffer.get(..read).unwrap_or_default());
                        while let Some(end) = memchr::memchr(b'\n', &heard) {
                            let line: Vec<u8> = heard.drain(..=end).collect();
                            if self.hear(&line, socket) {
                                return true;
                            }
                        }
                        if heard.len() > MAX_WORD {
                            return false;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    // The end of the program closes it, in whatever way it ended.
                    _ => return false,
                },
                Err(_) => return false,
            }
            self.clear_if_due(socket);
            self.blank_if_due(socket);
        }
    }

    /// Takes one word. Says whether it was the last.
    fn hear(&mut self, line: &[u8], socket: &mut UnixStream) -> bool {
        match serde_json::from_slice(line) {
            Ok(Word::Hello { audit }) => {
                self.audit = audit;
                say(socket, &Answer::Ready);
            }
            Ok(Word::Fact(fact)) => self.note(fact, BootTime::now().millis()),
            Ok(Word::Goodbye) => return true,
            // A word of another version cannot be: it is the same file.
            Err(_) => {}
        }
        false
    }

    /// The program lives but did not clear in time: it was stopped, or hangs.
    fn clear_if_due(&mut self, socket: &mut UnixStream) {
        let now = BootTime::now().millis();
        let Some(held) = self.held.as_mut().filter(|held| held.is_due(now)) else { return };
        let outcome = held.clear(self.focus);
        if let ClearOutcome::CouldNot { retry: true, .. } = outcome {
            held.due = Some(BootTime::now().millis() + PAUSE.as_millis() as u64 * 4);
            return;
        }
        say(socket, &Answer::Took(outcome.to_string()));
        held.took = Some(outcome);
    }

    /// A secret is still on the screen and the program was stopped: it cannot take it off. One that runs does, however
    /// late, and would be disturbed in its drawing.
    fn blank_if_due(&mut self, socket: &mut UnixStream) {
        if !self.is_shown_too_long(BootTime::now().millis()) || !program_is_stopped() {
            return;
        }
        self.shown = None;
        let blanked =
            self.hold.as_ref().is_some_and(|hold| terminal::blank(io::stdout().as_fd(), io::stderr().as_fd(), hold));
        if blanked {
            say(socket, &Answer::Blanked);
        }
    }
}

fn say(socket: &mut UnixStream, answer: &Answer) {
    if let Ok(mut line) = serde_json::to_vec(answer) {
        line.push(b'\n');
        // A program that is gone shows at the next read.
        let _ = socket.write_all(&line);
    }
}

/// Whether the program, whose child this is, was stopped by a signal.
#[cfg(target_os = "linux")]
fn program_is_stopped() -> bool {
    let Some(parent) = rustix::process::getppid() else { return false };
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", parent.as_raw_nonzero()));
    // "pid (name) state …": the name may hold anything.
    stat.is_ok_and(|stat| stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('T')))
}

#[cfg(not(target_os = "linux"))]
fn program_is_stopped() -> bool {
    false
}

/// Without it the list of processes calls it by the link it was started by.
#[cfg(target_os = "linux")]
fn name_process() {
    let _ = rustix::thread::set_name(c"gluepot-guard");
}

#[cfg(not(target_os = "linux"))]
fn name_process() {}
