//! Copying through the tmux server.
//!
//! A clipboard sequence from a program inside tmux goes nowhere with the default settings. `load-buffer -w` asks the
//! server to send one itself, whatever the settings, also while our window is hidden; the text goes in by
//! standard input, never by an argument. The buffer has a name of its own and is deleted in the same command, so
//! that no secret stays in the server's list, not even if this program is killed in between.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::environment::TmuxPane;

/// How long one command may take.
const LIMIT: Duration = Duration::from_secs(2);

/// Largest text given to one command: less than a pipe holds, so that writing never waits for a server that hangs.
pub(super) const MAX_TEXT: usize = 56_000;

/// What the terminals attached to our session can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// At least one takes clipboard text
    Takes,
    /// At least one is attached; the server does not say what it takes
    Unknown,
    /// The terminals are known not to take any
    Refuses,
    /// Nobody is attached
    Nobody,
    /// The terminal is behind mosh, which drops the sequences tmux makes by itself
    Mosh,
}

impl TmuxPane {
    fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket);
        command
    }

    /// Runs one command with a time limit. The error is a sentence part.
    pub(crate) fn run(&self, arguments: &[&str], input: &[u8]) -> Result<String, String> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("tmux could not be started: {error}"))?;
        let output = child.stdout.take();
        let reader = std::thread::Builder::new().name("tmux answer".to_owned()).spawn(move || {
            let mut answer = Vec::new();
            if let Some(output) = output {
                let _ = output.take(1 << 20).read_to_end(&mut answer);
            }
            String::from_utf8_lossy(&answer).into_owned()
        });
        if let Some(mut stdin) = child.stdin.take() {
            // A server that refuses the command closes the pipe; its exit code says more.
            let _ = stdin.write_all(input);
        }
        let start = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if start.elapsed() < LIMIT => std::thread::sleep(Duration::from_millis(1)),
                Ok(None) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err("the tmux server did not answer".to_owned());
                }
                Err(error) => return Err(format!("tmux was lost: {error}")),
            }
        };
        let answer = reader.map(|reader| reader.join().unwrap_or_default()).unwrap_or_default();
        if status.success() { Ok(answer) } else { Err("tmux refused the command".to_owned()) }
    }

    /// Whether the session was last attached over SSH. The environment of our own shell is as old as the pane.
    pub(super) fn attached_over_ssh(&self) -> Option<bool> {
        let answer = self.run(&["show-environment", "-t", &self.pane, "SSH_CONNECTION"], b"").ok()?;
        Some(answer.starts_with("SSH_CONNECTION="))
    }

    /// What can be reached.
    pub(super) fn reach(&self) -> Result<Reach, String> {
        let clients = self.run(
            &["list-clients", "-t", &self.pane, "-F", "#{client_pid} #{client_tty} #{client_termfeatures}"],
            b"",
        )?;
        if clients.trim().is_empty() {
            return Ok(Reach::Nobody);
        }
        if clients
            .lines()
            .any(|line| line.split(' ').next().and_then(|pid| pid.parse().ok()).is_some_and(is_under_mosh))
        {
            return Ok(Reach::Mosh);
        }
        if clients.lines().any(|line| line.split([' ', ',']).any(|feature| feature == "clipboard")) {
            return Ok(Reach::Takes);
        }
        // The capability may come from terminfo and not from a feature.
        let ttys: Vec<_> = clients.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        let details = self.run(&["show-messages", "-T"], b"").unwrap_or_default();
        Ok(reach_in(&details, &ttys))
    }

    /// Whether the pane is there.
    pub(super) fn exists(&self) -> bool {
        self.run(&["display-message", "-p", "-t", &self.pane, "#{pane_id}"], b"")
            .is_ok_and(|answer| answer.trim() == self.pane)
    }

    /// The session it belongs to, as `$1`.
    pub(super) fn session(&self) -> Option<String> {
        let answer = self.run(&["display-message", "-p", "-t", &self.pane, "#{session_id}"], b"").ok()?;
        let name = answer.trim();
        name.strip_prefix('$').filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some(name.to_owned())
    }

    /// The names of all paste buffers.
    pub(super) fn buffers(&self) -> Result<BTreeSet<String>, String> {
        Ok(self.run(&["list-buffers", "-F", "#{buffer_name}"], b"")?.lines().map(str::to_owned).collect())
    }

    /// Sends text to the terminals of the session and leaves no buffer behind.
    pub(super) fn send(&self, text: &str) -> Result<(), String> {
        let name = format!("gluepot-{:016x}", fastrand::u64(..));
        let sent =
            self.run(&["load-buffer", "-w", "-b", &name, "-", ";", "delete-buffer", "-b", &name], text.as_bytes());
        if self.buffers().is_ok_and(|names| names.contains(&name)) {
            self.run(&["delete-buffer", "-b", &name], b"")
                .map_err(|why| format!("the text stayed in the tmux buffer {name}, delete it: {why}"))?;
        }
        sent.map(drop).map_err(|why| format!("{why}; copying needs tmux 3.2 or newer"))
    }

    /// Whether tmux hands sequences through to the terminal.
    pub(super) fn passes_through(&self) -> bool {
        self.run(&["show-options", "-Apv", "-t", &self.pane, "allow-passthrough"], b"")
            .is_ok_and(|answer| matches!(answer.trim(), "on" | "all"))
    }
}

/// Looks for the clipboard capability of these terminals in the server's own listing.
fn reach_in(details: &str, ttys: &[&str]) -> Reach {
    let mut ours = false;
    let mut refused = false;
    for line in details.lines() {
        if line.starts_with("Terminal ") {
            ours = ttys.iter().any(|tty| line.contains(&format!(" {tty},")));
        } else if ours && line.contains(" Ms: ") {
            if line.contains("[missing]") {
                refused = true;
            } else {
                return Reach::Takes;
            }
        }
    }
    if refused { Reach::Refuses } else { Reach::Unknown }
}

/// Whether a process was started by a mosh server, looking up at most this many parents.
fn is_under_mosh(mut pid: u32) -> bool {
    for _ in 0..16 {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
        // "pid (name) state parent ...": the name may hold anything, a parenthesis too.
        let Some((head, tail)) = stat.rsplit_once(')') else { return false };
        if head.ends_with("(mosh-server") {
            return true;
        }
        match tail.split_ascii_whitespace().nth(1).and_then(|parent| parent.parse().ok()) {
            Some(parent) if parent > 1 => pid = parent,
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
Terminal 0: vt220 for /dev/pts/1, flags=0x0:
 191: Mg: [missing]
 192: Ms: [missing]
Terminal 1: xterm-256color for /dev/pts/12, flags=0x20:
 192: Ms: (string) \\033]52;%p1%s;%p2%s\\a
";

    #[test]
    fn the_capability_is_read_for_our_own_terminals_only() {
        assert_eq!(reach_in(LISTING, &["/dev/pts/1"]), Reach::Refuses);
        assert_eq!(reach_in(LISTING, &["/dev/pts/12"]), Reach::Takes);
        assert_eq!(reach_in(LISTING, &["/dev/pts/1", "/dev/pts/12"]), Reach::Takes);
        assert_eq!(reach_in(LISTING, &["/dev/pts/7"]), Reach::Unknown);
        assert_eq!(reach_in("", &["/dev/pts/1"]), Reach::Unknown);
    }

    #[test]
    fn this_process_is_not_under_mosh() {
        assert!(!is_under_mosh(std::process::id()));
        assert!(!is_under_mosh(u32::MAX));
    }
}
