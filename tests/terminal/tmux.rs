//! The program inside a real tmux, with the terminal around it captured: what copying sends out and what it leaves behind.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use rustix::process::Signal;

use crate::PASSWORD;
use crate::day::{go_to_password, reveal};
use crate::process::{PROMPT, Process, installed, wait_until};
use gluepot_testkit::pty::{Mark, Session, Start};

/// A tmux server of the test's own with the program in its only window, and the terminal it is attached to.
struct Tmux {
    outer: Session,
    socket: PathBuf,
    /// The program in the window
    program: Process,
}

impl Tmux {
    /// `options` are lines of tmux's config; `before` is said by a shell before the program takes its place.
    fn start(options: &str, config: &str, before: &str) -> Self {
        let home = crate::home_with(config);
        let socket = home.path().join("tmux");
        let tmux_config = home.path().join("tmux.conf");
        // The server stays when the program is gone, so that its buffers can be looked at.
        let options = format!("set -s exit-empty off\nset -s escape-time 0\n{options}\n");
        std::fs::write(&tmux_config, options).expect("a file");
        let command = format!("{before} exec {} --demo --org HPD", env!("CARGO_BIN_EXE_gluepot"));
        let args =
            ["-u", "-S", &socket.to_string_lossy(), "-f", &tmux_config.to_string_lossy(), "new-session", &command];
        let outer = Start::program("tmux", &args).home(home).run();
        outer.wait_for("HPD-AP01");
        let mut tmux = Self { outer, socket, program: Process(0) };
        let pid = tmux.tmux(&["list-panes", "-F", "#{pane_pid}"]).expect("the server answers");
        tmux.program = Process(pid.parse().expect("a process id"));
        tmux
    }

    /// Runs a command of tmux. `None` when the server refuses or is gone.
    fn tmux(&self, args: &[&str]) -> Option<String> {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).args(args).env_remove("TMUX");
        let output = command.output().expect("tmux starts");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// What is in the paste buffers, all of them.
    fn buffers(&self) -> Vec<String> {
        let names = self.tmux(&["list-buffers", "-F", "#{buffer_name}"]).expect("the server answers");
        names.lines().filter_map(|name| self.tmux(&["show-buffer", "-b", name])).collect()
    }

    /// The texts of all clipboard sequences that reached the terminal around tmux.
    fn clipboards(&self, since: Mark) -> Vec<String> {
        let bytes = self.outer.bytes_since(since);
        let text = String::from_utf8_lossy(&bytes);
        let payloads = text.split("\x1b]52;").skip(1).filter_map(|rest| {
            let (_, payload) = rest.split_once(';')?;
            base64::engine::general_purpose::STANDARD.decode(payload.split(['\x07', '\x1b']).next()?).ok()
        });
        payloads.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    fn wait_for_copy(&self, since: Mark) {
        wait_until("the clipboard got the value", || self.clipboards(since) == [PASSWORD.2]);
    }

    /// Waits until the value and then a space went to the clipboard. On a busy machine it may be more than one: what the
    /// program does too late, the guard does as well.
    fn wait_for_clear(&self, since: Mark) {
        wait_until("the clipboard got the value and a space", || {
            let sent = self.clipboards(since);
            sent.len() > 1 && sent[0] == PASSWORD.2 && sent[1..].iter().all(|text| text == " ")
        });
    }

    fn audit(&self) -> String {
        let path = self.outer.home().join(".local/state/gluepot/demo-audit/audit.log");
        std::fs::read_to_string(path).expect("the audit file is there")
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// Copies unseen and waits until the value is in the outer clipboard; then nothing of it may be anywhere else.
fn copies(tmux: &Tmux) -> Mark {
    go_to_password(&tmux.outer);
    let mark = tmux.outer.mark();
    tmux.outer.send("c");
    tmux.wait_for_copy(mark);
    // tmux does not answer whether the terminal took it, so this is no "copied".
    tmux.outer.wait_until("the way, how sure it is, and the time it has left", |screen| {
        let text = screen.contents();
        text.contains("Sent HPD-IMG01 local admin (terminal cannot confirm). Clears in ")
    });
    let screen = tmux.outer.screen();
    assert!(!screen.contains(PASSWORD.2) && !screen.contains("Copied"), "{screen}");
    assert_eq!(tmux.buffers(), Vec::<String>::new(), "a paste buffer was left");
    mark
}

fn copies_and_clears(set_clipboard: &str) {
    if !installed("tmux") {
        return;
    }
    let tmux = Tmux::start(&format!("set -s set-clipboard {set_clipboard}"), "[ui]\nclipboard_seconds = 5\n", "");
    let mark = copies(&tmux);
    let start = Instant::now();
    tmux.wait_for_clear(mark);
    // It was copied a moment before the clock began here.
    assert!(start.elapsed() < Duration::from_millis(6500), "cleared after {:?}", start.elapsed());
    tmux.outer.wait_for("Clear sent to the terminal, unconfirmed");
    tmux.outer.wait_gone("clipboard clears in");
    assert_eq!(tmux.buffers(), Vec::<String>::new());
    wait_until("the clear is on record", || tmux.audit().contains("\"cleared\""));
    assert!(!tmux.audit().contains(PASSWORD.2));
    let before = tmux.clipboards(mark);
    tmux.outer.send("q");
    tmux.program.wait_end();
    assert_eq!(tmux.clipboards(mark), before, "there was nothing left to clear");
}

#[test]
fn copying_under_tmux_as_it_comes_reaches_the_terminal_and_is_cleared_in_time() {
    copies_and_clears("external");
}

#[test]
fn copying_under_tmux_with_set_clipboard_on_leaves_no_buffer() {
    copies_and_clears("on");
}

#[test]
fn copying_under_tmux_with_set_clipboard_off_works_too() {
    copies_and_clears("off");
}

#[test]
fn however_it_ends_the_clipboard_is_cleared_first() {
    if !installed("tmux") {
        return;
    }
    for signal in [None, Some(Signal::TERM), Some(Signal::HUP)] {
        let tmux = Tmux::start("", "", "");
        let mark = copies(&tmux);
        match signal {
            None => tmux.outer.send("q"),
            Some(signal) => tmux.program.signal(signal),
        }
        let took = tmux.program.wait_end();
        assert!(took < PROMPT, "{signal:?}: {took:?}");
        tmux.wait_for_clear(mark);
        assert_eq!(tmux.buffers(), Vec::<String>::new());
        assert!(tmux.audit().contains("\"cleared\""), "{signal:?}: {}", tmux.audit());
    }
}

/// tmux takes its time over the copy, and the user leaves meanwhile.
#[test]
fn leaving_while_a_copy_is_under_way_clears_it() {
    if !installed("tmux") {
        return;
    }
    let slow = "mkdir slow; \
         printf '#!/bin/sh\\ncase \"$*\" in *load-buffer*) sleep 0.3;; esac; exec /usr/bin/tmux \"$@\"' > slow/tmux; \
         chmod +x slow/tmux; PATH=\"$PWD/slow:$PATH\"";
    let tmux = Tmux::start("", "", &format!("{slow};"));
    go_to_password(&tmux.outer);
    let mark = tmux.outer.mark();
    tmux.outer.send("c");
    tmux.outer.wait_for("clipboard …");
    tmux.outer.send("q");
    tmux.program.wait_end();
    tmux.wait_for_clear(mark);
    assert_eq!(tmux.buffers(), Vec::<String>::new());
}

#[test]
fn tmux_reporting_the_focus_hides_nothing_by_mistake() {
    if !installed("tmux") {
        return;
    }
    let tmux = Tmux::start("set -s focus-events on", "", "");
    go_to_password(&tmux.outer);
    reveal(&tmux.outer);
    tmux.outer.wait_until("some seconds have gone by", |screen| {
        let text = screen.contents();
        text.contains("hides in 2") && !text.contains("hides in 29 s")
    });
    assert!(tmux.outer.screen().contains(PASSWORD.2));
    // Another window comes to the front: no one sees what is shown there, and the value is gone.
    tmux.tmux(&["new-window", "-n", "other", "cat"]).expect("a window");
    tmux.outer.wait_gone(PASSWORD.2);
    tmux.tmux(&["kill-window", "-t", "other"]).expect("it goes");
    tmux.outer.wait_for("Harbour & Pine Dental");
    tmux.outer.settle(Duration::from_millis(300));
    assert!(!tmux.outer.screen().contains(PASSWORD.2));
}

/// As when the connection drops: the other side of the terminal is closed, with HUP and for those who ignore HUP.
#[test]
fn a_terminal_that_is_gone_ends_the_program_within_a_second() {
    if !installed("tmux") {
        return;
    }
    for before in ["", "trap '' HUP;"] {
        let tmux = Tmux::start("", "", before);
        go_to_password(&tmux.outer);
        reveal(&tmux.outer);
        let server = tmux.tmux(&["display-message", "-p", "#{pid}"]).expect("the server answers");
        Process(server.parse().expect("a process id")).signal(Signal::KILL);
        let took = tmux.program.wait_end();
        assert!(took < PROMPT, "{before:?}: {took:?}");
        let audit = tmux.audit();
        assert!(audit.contains("\"hidden\""), "{before:?}: {audit}");
    }
}
