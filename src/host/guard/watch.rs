//! What runs in the guard: listen, and act when the program no longer can.

use std::io::{self, IsTerminal as _, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Answer, Trail, Word};
use crate::host::clipboard::{Claim, ClearOutcome, Clipboard, Focus, TmuxPane};
use crate::host::terminal::{self, Hold, Rescue};
use gluepot_core::audit::{Audit, Identity, Outcome, Reference};
use gluepot_core::clock::BootTime;

/// How long after the due time the guard waits for the program to clear by itself.
const GRACE: u64 = 500;
/// How long a clear of the program may take, with a tmux that hangs.
const PATIENCE: u64 = 5_000;
/// A copy that was under way when the program was killed may be finished by the tmux client it had started.
const UNDER_WAY: Duration = Duration::from_millis(400);
/// How long a secret in a tmux without a terminal is tried for, and how often.
const KEEP_TRYING: Duration = Duration::from_secs(600);
const PAUSE: Duration = Duration::from_millis(500);
/// A wait is cut into pieces, since poll does not count the time asleep.
const PIECE: u64 = 500;
const LEAST: u64 = 20;
/// Longest word that is believed. A list of paste buffers may be long.
const MAX_WORD: usize = 1 << 20;

/// A secret that the program gave to a clipboard.
struct Held {
    claim: Claim,
    /// Made with the first try; it remembers what it told the terminal
    clipboard: Option<Clipboard>,
    /// Whether it is known to have got there
    sure: bool,
    /// When the guard looks at it, in milliseconds of [`BootTime`]
    due: Option<u64>,
    intent: Option<Reference>,
    /// What came of clearing it while the program stood still
    took: Option<ClearOutcome>,
}

/// What the guard knows.
#[derive(Default)]
struct Facts {
    audit: Option<Trail>,
    hold: Option<Hold>,
    promise: Option<(u64, Reference)>,
    held: Option<Held>,
    /// When a secret should be off the screen, in milliseconds of [`BootTime`]
    shown: Option<u64>,
    /// The intents of secrets that were shown and whose end is not on record yet
    open: Vec<Reference>,
    focus: Focus,
    /// A paste buffer that holds a secret on its way to a pane
    lent: Option<(TmuxPane, String)>,
}

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
    // Its standard error is the line somebody else draws on.
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
                .wait()
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

    /// How long nothing has to be done; for ever while no secret is held.
    fn wait(&self) -> Option<u64> {
        let held = self.held.as_ref().filter(|held| held.took.is_none()).and_then(|held| held.due);
        let due = held.into_iter().chain(self.shown).min()?;
        // What is overdue and cannot be helped now is looked at again, not without a pause.
        Some(due.saturating_sub(BootTime::now().millis()).clamp(LEAST, PIECE))
    }

    /// Takes one word. Says whether it was the last.
    fn hear(&mut self, line: &[u8], socket: &mut UnixStream) -> bool {
        match serde_json::from_slice(line) {
            Ok(Word::Hello { audit }) => {
                self.audit = audit;
                say(socket, &Answer::Ready);
            }
            Ok(Word::Entered(hold)) => self.hold = Some(hold),
            Ok(Word::Left) => self.hold = None,
            Ok(Word::Shown { due, intent }) => {
                self.shown = Some(due + GRACE);
                if !self.open.contains(&intent) {
                    self.open.push(intent);
                }
            }
            Ok(Word::Hidden) => self.shown = None,
            Ok(Word::Recorded(intent)) => self.open.retain(|open| *open != intent),
            Ok(Word::Lending(buffer)) => self.lent = buffer,
            Ok(Word::Focus(focus)) => self.focus = focus,
            Ok(Word::Promise { due, intent }) => {
                if let Some(held) = &mut self.held
                    && held.intent.as_ref() == Some(&intent)
                {
                    held.due = Some(due + GRACE);
                }
                self.promise = Some((due, intent));
            }
            Ok(Word::Copying(claim)) => {
                // What a copy replaces is not cleared any more; what it does not replace is of the same way.
                self.held = Some(self.secret(claim, false));
            }
            Ok(Word::Holding(claim)) => self.held = Some(self.secret(claim, true)),
            Ok(Word::Clearing) => {
                if let Some(held) = &mut self.held {
                    held.due = Some(BootTime::now().millis() + PATIENCE);
                }
            }
            Ok(Word::Cleared) => self.held = None,
            Ok(Word::Goodbye) => return true,
            // A word of another version cannot be: it is the same file.
            Err(_) => {}
        }
        false
    }

    fn secret(&self, claim: Claim, sure: bool) -> Held {
        let (due, intent) = self.promise.clone().unzip();
        Held { claim, clipboard: None, sure, due: due.map(|due| due + GRACE), intent, took: None }
    }

    /// The program lives but did not clear in time: it was stopped, or hangs.
    fn clear_if_due(&mut self, socket: &mut UnixStream) {
        let Some(held) = self.held.as_mut().filter(|held| held.took.is_none()) else { return };
        if held.due.is_none_or(|due| due > BootTime::now().millis()) {
            return;
        }
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
        if self.shown.is_none_or(|due| due > BootTime::now().millis()) || !program_is_stopped() {
            return;
        }
        self.shown = None;
        let blanked =
            self.hold.as_ref().is_some_and(|hold| terminal::blank(io::stdout().as_fd(), io::stderr().as_fd(), hold));
        if blanked {
            say(socket, &Answer::Blanked);
        }
    }

    /// The program said goodbye. What it could not do, for want of descriptors or of room on the disk, is done here.
    fn finish(self) {
        let rescued = self.hold.as_ref();
        let rescued = rescued.map(|hold| terminal::rescue(io::stdout().as_fd(), io::stderr().as_fd(), hold));
        give_up_terminal();
        if self.open.is_empty() {
            return;
        }
        let outcome = match rescued {
            None => Outcome::Hidden("the program ended and could not write it; by the guard"),
            rescued => end_of_screen(rescued),
        };
        let identity = Identity::here();
        for intent in &self.open {
            self.record(intent, identity.clone(), &outcome);
        }
    }

    /// The program is gone without a goodbye.
    fn put_right(mut self) {
        let hold = self.hold.as_ref();
        let rescued = hold.map(|hold| terminal::rescue(io::stdout().as_fd(), io::stderr().as_fd(), hold));
        let screen = end_of_screen(rescued);
        if let Some((tmux, buffer)) = self.lent.take() {
            if self.held.is_none() {
                give_up_terminal();
            }
            // The tmux client that was started may still be at it.
            std::thread::sleep(UNDER_WAY);
            let _ = tmux.delete_buffer(&buffer);
        }
        // It names the terminal, which is let go of soon.
        let identity = Identity::here();
        let held = self.held.take();
        let shown = || {
            for intent in &self.open {
                self.record(intent, identity.clone(), &screen);
            }
        };
        let Some(mut held) = held else {
            give_up_terminal();
            return shown();
        };
        let outcome = match held.took.take() {
            Some(outcome) => {
                give_up_terminal();
                shown();
                outcome
            }
            // The trail may have to be waited for, and the clipboard must not.
            None => held.clear_at_last(self.focus, shown),
        };
        let (Some(intent), Outcome::Cleared(what)) = (&held.intent, Outcome::from(&outcome)) else { return };
        let outcome = Outcome::Cleared(format!("{what}; by the guard, the program was gone").into());
        self.record(intent, identity.clone(), &outcome);
    }

    /// What cannot be written shows by itself: something was shown or copied, and nobody says the end of it.
    fn record(&self, intent: &Reference, identity: Identity, outcome: &Outcome) {
        let Some(trail) = &self.audit else { return };
        let _ = Audit::open_with(&trail.folder, identity, trail.keeping.clone())
            .and_then(|audit| audit.outcome_of(intent, outcome));
    }
}

/// What became of a secret on the screen of a program that is gone, by what was done to its terminal. `None` if the
/// program had given that back itself.
fn end_of_screen(rescued: Option<Rescue>) -> Outcome {
    match rescued {
        None => Outcome::Hidden("the program gave the terminal back and was gone; by the guard"),
        Some(Rescue::Everything | Rescue::Screen) => {
            Outcome::Hidden("the program was gone and the guard gave the terminal back")
        }
        Some(Rescue::Gone) => Outcome::Hidden("the terminal was gone, and the program; by the guard"),
        Some(Rescue::NotOurs) => {
            Outcome::Ended("the program was gone and somebody else had its terminal; by the guard")
        }
    }
}

impl Held {
    fn clear(&mut self, focus: Focus) -> ClearOutcome {
        let tty = |bytes: &[u8]| {
            // Once it was let go of, there is something else in its place.
            let out = io::stdout();
            if out.is_terminal() {
                terminal::write_to(out.as_fd(), bytes)
            } else {
                Err(io::Error::other("the terminal is gone"))
            }
        };
        self.clipboard.get_or_insert_with(|| Clipboard::take_over(&self.claim, Box::new(tty))).clear(focus)
    }

    /// Clears, and tries again for a while where nobody is attached to hear it. `after_first` is done once, after the
    /// first try.
    fn clear_at_last(&mut self, focus: Focus, after_first: impl FnOnce()) -> ClearOutcome {
        let start = Instant::now();
        // Whoever waits for the terminal to be closed must not wait for tmux.
        if !self.claim.needs_terminal() {
            give_up_terminal();
        }
        if !self.sure {
            std::thread::sleep(UNDER_WAY);
        }
        let mut after_first = Some(after_first);
        loop {
            let outcome = self.clear(focus);
            give_up_terminal();
            after_first.take().into_iter().for_each(|work| work());
            let again = matches!(outcome, ClearOutcome::CouldNot { retry: true, .. }) && self.claim.may_come_back();
            if !again || start.elapsed() > KEEP_TRYING {
                return outcome;
            }
            // The system that is being shut down does not have to wait.
            gluepot_core::raw::heed_end();
            std::thread::sleep(PAUSE);
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

/// Lets go of the terminal: as long as anybody has it open, its window may stay.
fn give_up_terminal() {
    if let Ok(nothing) = std::fs::File::options().read(true).write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(&nothing);
        let _ = rustix::stdio::dup2_stderr(&nothing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a terminal that somebody else has, nobody knows what it still shows.
    #[test]
    fn hidden_is_only_said_of_a_screen_that_was_given_back_or_is_gone() {
        let hidden = |rescued| matches!(end_of_screen(rescued), Outcome::Hidden(_));
        assert!(hidden(None) && hidden(Some(Rescue::Everything)) && hidden(Some(Rescue::Screen)));
        assert!(hidden(Some(Rescue::Gone)) && !hidden(Some(Rescue::NotOurs)));
    }
}
