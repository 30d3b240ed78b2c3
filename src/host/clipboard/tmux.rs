//! Copying through the tmux server.
//!
//! A clipboard sequence from a program inside tmux goes nowhere with the default settings. `load-buffer -w` asks the
//! server to send one itself, whatever the settings, also while our window is hidden; the text goes in by
//! standard input, never by an argument. The buffer has a unique name and is deleted in the same command, so
//! that no secret stays in the server's list, not even if this program is killed in between.

use std::collections::BTreeSet;
use std::process::Command;

use super::helper;
use crate::host::promise::{Client, TmuxPane};

/// Largest text given to one command: less than a pipe holds, so that writing never waits for a server that hangs.
pub(super) const MAX_TEXT: usize = 56_000;

/// A client with what matters of it now.
struct Attached {
    client: Client,
    last_used: u64,
    focused: bool,
    control_mode: bool,
    takes: bool,
}

/// What the terminal the person sits at can do: the one of our session that was used last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// It takes clipboard text
    Takes(Client),
    /// The server does not say what it takes
    Unknown(Client),
    /// It is known not to take any
    Refuses,
    /// A program speaks to tmux in the place of a terminal (`tmux -CC`), which is not told of clipboard text
    ControlMode,
    /// No user is attached
    Nobody,
    /// The terminal is behind mosh, which drops the sequences that tmux makes
    Mosh,
}

/// Where a secret can be taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Targets {
    pub(super) clients: Vec<Client>,
    /// Whether each of them has the focus, as far as tmux knows
    pub(super) focused: bool,
}

const CLIENTS: &str = "#{client_pid} #{client_tty} #{client_created} #{client_activity} #{client_control_mode} \
                       #{client_flags} #{client_termfeatures}";

fn attached(line: &str) -> Option<Attached> {
    let mut words = line.split(' ');
    let pid = words.next()?.parse().ok()?;
    let tty = words.next()?.to_owned();
    let since = words.next()?.parse().ok()?;
    let last_used = words.next()?.parse().ok()?;
    let control_mode = words.next()? == "1";
    let flags = words.next().unwrap_or_default();
    // A tmux that does not know it sets the flag for no client.
    let focused = flags.is_empty() || flags.split(',').any(|flag| flag == "focused");
    let takes = words.any(|word| word.split(',').any(|feature| feature == "clipboard"));
    Some(Attached { client: Client { tty, pid, since }, last_used, focused, control_mode, takes })
}

impl TmuxPane {
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket);
        command
    }

    /// Runs one command with a time limit. The error is a sentence part.
    pub(crate) fn run(&self, arguments: &[&str], input: &[u8]) -> Result<String, String> {
        let mut command = self.command();
        command.args(arguments);
        let (success, answer) = helper::run(command, "tmux", input)?;
        if success { Ok(answer) } else { Err("tmux refused the command".to_owned()) }
    }

    /// Whether the session was last attached over SSH. The environment of our own shell is as old as the pane.
    pub(super) fn attached_over_ssh(&self) -> Option<bool> {
        let answer = self.run(&["show-environment", "-t", &self.pane, "SSH_CONNECTION"], b"").ok()?;
        Some(answer.starts_with("SSH_CONNECTION="))
    }

    /// The terminals attached to our session, or to any.
    fn clients(&self, ours: bool) -> Result<Vec<Attached>, String> {
        let mut arguments = vec!["list-clients", "-F", CLIENTS];
        if ours {
            arguments.extend(["-t", &self.pane]);
        }
        Ok(self.run(&arguments, b"")?.lines().filter_map(attached).collect())
    }

    /// What can be reached.
    pub(super) fn reach(&self) -> Result<Reach, String> {
        let clients = self.clients(true)?;
        if clients.is_empty() {
            return Ok(Reach::Nobody);
        }
        let last =
            clients.into_iter().filter(|one| !one.control_mode).max_by_key(|one| (one.last_used, one.client.since));
        let Some(last) = last else { return Ok(Reach::ControlMode) };
        let takes = last.takes;
        let client = last.client;
        if is_under_mosh(client.pid) {
            return Ok(Reach::Mosh);
        }
        if takes {
            return Ok(Reach::Takes(client));
        }
        // The capability may come from terminfo and not from a feature.
        let details = self.run(&["show-messages", "-T"], b"").unwrap_or_default();
        Ok(match capability(&details, &client.tty) {
            Some(true) => Reach::Takes(client),
            Some(false) => Reach::Refuses,
            None => Reach::Unknown(client),
        })
    }

    /// Where to take back what was sent to this terminal at this second: there, or, when it is no longer attached, at
    /// those that were attached to our session since. Others were not given it.
    pub(super) fn targets(&self, sent_to: Option<&Client>, at: u64) -> Result<Targets, String> {
        let everywhere = self.clients(false)?;
        let mut found: Vec<Attached> =
            everywhere.into_iter().filter(|one| Some(&one.client) == sent_to && !one.control_mode).collect();
        if found.is_empty() {
            found = self.clients(true)?;
            found.retain(|one| !one.control_mode && (sent_to.is_none() || one.client.since >= at));
        }
        let focused = found.iter().all(|one| one.focused);
        Ok(Targets { clients: found.into_iter().map(|one| one.client).collect(), focused })
    }

    /// Whether what a user copies in tmux reaches the terminal's clipboard: not with `set-clipboard off`, unless a
    /// program of the person's own takes it there.
    pub(super) fn copies_leave_tmux(&self) -> bool {
        let option = |name: &str| self.run(&["show-options", "-sv", name], b"").unwrap_or_default();
        option("set-clipboard").trim() != "off" || !option("copy-command").trim().is_empty()
    }

    /// Whether the window of the pane is the one that its session shows.
    pub(super) fn in_front(&self) -> bool {
        self.run(&["display-message", "-p", "-t", &self.pane, "#{window_active}"], b"")
            .is_ok_and(|answer| answer.trim() == "1")
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

    /// Sends text to one terminal and leaves no buffer behind.
    pub(super) fn send(&self, text: &str, to: &Client) -> Result<(), String> {
        let name = format!("gluepot-{:016x}", fastrand::u64(..));
        let load = ["load-buffer", "-w", "-t", &to.tty, "-b", &name, "-", ";", "delete-buffer", "-b", &name];
        let sent = self.run(&load, text.as_bytes());
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

/// Looks for the clipboard capability of a terminal in the server's own listing. `None` if that does not say.
fn capability(details: &str, tty: &str) -> Option<bool> {
    let mut ours = false;
    for line in details.lines() {
        if line.starts_with("Terminal ") {
            ours = line.contains(&format!(" {tty},"));
        } else if ours && line.contains(" Ms: ") {
            return Some(!line.contains("[missing]"));
        }
    }
    None
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
        assert_eq!(capability(LISTING, "/dev/pts/1"), Some(false));
        assert_eq!(capability(LISTING, "/dev/pts/12"), Some(true));
        assert_eq!(capability(LISTING, "/dev/pts/7"), None);
        assert_eq!(capability("", "/dev/pts/1"), None);
    }

    #[test]
    fn a_client_is_read_from_its_line() {
        let line = "5303 /dev/pts/0 1795498738 1795498740 0 attached,UTF-8 bpaste,clipboard,focus";
        let found = attached(line).expect("a line as tmux 3.3a writes it");
        assert_eq!(found.client, Client { tty: "/dev/pts/0".to_owned(), pid: 5303, since: 1_795_498_738 });
        assert!(found.takes && !found.focused && !found.control_mode);
        assert!(attached("5303 /dev/pts/0 1 2 1 attached,focused ").is_some_and(|one| one.control_mode && !one.takes));
        assert!(attached("").is_none());
    }

    #[test]
    fn this_process_is_not_under_mosh() {
        assert!(!is_under_mosh(std::process::id()));
        assert!(!is_under_mosh(u32::MAX));
    }
}
