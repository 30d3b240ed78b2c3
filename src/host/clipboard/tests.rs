//! The ways of copying, against the real programs where they are installed.

#![expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
#![expect(clippy::print_stderr, reason = "helpers answer and skipped parts say so")]

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::copy::TMUX_NOTE;
use super::sequence::BLANK;
use super::*;
use crate::host::promise::{Claim, Traces};
use gluepot_core::secret::Secret;

const SECRET: &str = "Tr0ub4dor&3 \u{00e9}\u{4e2d}";

fn secret() -> Secret {
    Secret::new(Zeroizing::new(SECRET.to_owned()))
}

fn base64(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// Waits for something to become true. The time is only the point where the test gives up.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(15), "waited for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn installed(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// A terminal that keeps everything written to it.
struct Outer {
    bytes: Arc<Mutex<Vec<u8>>>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Mutex<Box<dyn std::io::Write + Send>>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Outer {
    fn run(term: &str, program: &str, arguments: &[&str], environment: &[(&str, &Path)]) -> Self {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", term);
        for name in ["TMUX", "TMUX_PANE", "STY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "DISPLAY"] {
            command.env_remove(name);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pty.slave.spawn_command(command).unwrap();
        let mut reader = pty.master.try_clone_reader().unwrap();
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&bytes);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read) = reader.read(&mut buffer) {
                if read == 0 {
                    break;
                }
                sink.lock().unwrap().extend_from_slice(&buffer[..read]);
            }
        });
        let keys = Mutex::new(pty.master.take_writer().unwrap());
        Self { bytes, child, keys, _master: pty.master }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    fn types(&self, keys: &str) {
        self.keys.lock().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    /// The texts of all clipboard sequences that reached this terminal, decoded.
    fn clipboards(&self) -> Vec<String> {
        let text = self.text();
        let sequences = text.split("\u{1b}]52;").skip(1);
        let payloads = sequences.filter_map(|rest| rest.split_once(';')?.1.split(['\u{7}', '\u{1b}']).next());
        let decoded = payloads.filter_map(|payload| base64::engine::general_purpose::STANDARD.decode(payload).ok());
        decoded.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    fn waits_for_clipboard(&self, content: &str) {
        let start = Instant::now();
        while self.clipboards().last().is_none_or(|last| last != content) {
            assert!(start.elapsed() < Duration::from_secs(15), "waited for {content:?} in {:?}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Outer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A tmux server of the test's own.
struct Server {
    dir: TempDir,
}

impl Server {
    fn start(set_clipboard: &str) -> Self {
        let server = Self { dir: TempDir::new().unwrap() };
        server.tmux(&["-f", "/dev/null", "new-session", "-d", "-s", "work", "-x", "80", "-y", "24", "cat"]);
        server.tmux(&["set-option", "-s", "set-clipboard", set_clipboard]);
        server
    }

    fn socket(&self) -> PathBuf {
        self.dir.path().join("socket")
    }

    fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(self.socket());
        for name in ["TMUX", "TMUX_PANE", "SSH_CONNECTION", "DISPLAY"] {
            command.env_remove(name);
        }
        command
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        assert!(output.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn attach(&self, term: &str) -> Outer {
        let socket = self.socket();
        let outer = Outer::run(term, "tmux", &["-u", "-S", &socket.to_string_lossy(), "attach"], &[]);
        wait_for("the client", || (!self.tmux(&["list-clients"]).is_empty()).then_some(()));
        outer
    }

    fn clipboard(&self) -> Clipboard {
        let pane = self.tmux(&["list-panes", "-F", "#{pane_id}"]);
        let tmux = Some(TmuxPane { socket: self.socket(), pane });
        let environment = Environment { ssh: true, tmux, term: "tmux-256color".to_owned(), ..Environment::default() };
        Clipboard::with_tty(&environment, Box::new(|_| panic!("nothing goes to the tty by this way")))
    }

    /// Everything in all paste buffers.
    fn buffers(&self) -> Vec<String> {
        let names = self.tmux(&["list-buffers", "-F", "#{buffer_name}"]);
        names.lines().map(|name| self.tmux(&["show-buffer", "-b", name])).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.command().arg("kill-server").output();
    }
}

#[test]
fn tmux_sends_secrets_to_the_outer_terminal_under_every_setting_and_keeps_none() {
    if !installed("tmux") {
        return;
    }
    for setting in ["external", "on", "off"] {
        let server = Server::start(setting);
        let outer = server.attach("xterm-256color");
        let clipboard = server.clipboard();

        let delivery = clipboard.copy_secret(&secret());
        assert_eq!(delivery, Delivery { way: Way::Tmux, certainty: Certainty::Sent(TMUX_NOTE) }, "{setting}");
        outer.waits_for_clipboard(SECRET);
        assert_eq!(server.buffers(), Vec::<String>::new(), "{setting}: a paste buffer was left");
        assert!(clipboard.holds_secret());

        assert_eq!(clipboard.clear(Focus::Focused), ClearOutcome::Unknown, "{setting}");
        outer.waits_for_clipboard(" ");
        assert_eq!(server.buffers(), Vec::<String>::new(), "{setting}: a paste buffer was left");
        assert!(!clipboard.holds_secret());
        assert_eq!(clipboard.clear(Focus::Focused), ClearOutcome::NothingHeld);
    }
}

/// Two people, or one person at two screens: who used tmux last is given the secret, and it is taken back there.
#[test]
fn of_two_terminals_the_one_in_use_is_sent_the_secret_and_the_clear_follows_it() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    let (first, second) = (server.attach("xterm-256color"), server.attach("xterm-256color"));
    wait_for("both", || (server.tmux(&["list-clients"]).lines().count() == 2).then_some(()));
    // tmux counts in seconds: a key in the next one makes the first terminal the last used.
    let last_used = || server.tmux(&["list-clients", "-F", "#{client_activity} #{client_created}"]);
    wait_for("the first terminal to be in use", || {
        first.types("x");
        let lines = last_used();
        let at = |line: usize| lines.lines().nth(line).and_then(|line| line.split(' ').next()?.parse::<u64>().ok());
        (at(0) > at(1)).then_some(())
    });
    let clipboard = server.clipboard();
    assert!(clipboard.copy_secret(&secret()).may_have_arrived());
    first.waits_for_clipboard(SECRET);
    wait_for("the second terminal to be in use", || {
        second.types("x");
        let lines = last_used();
        let at = |line: usize| lines.lines().nth(line).and_then(|line| line.split(' ').next()?.parse::<u64>().ok());
        (at(1) > at(0)).then_some(())
    });
    assert_eq!(clipboard.clear(Focus::Unknown), ClearOutcome::Unknown);
    first.waits_for_clipboard(" ");
    assert_eq!(second.clipboards(), Vec::<String>::new(), "the other terminal's clipboard was touched");
}

#[test]
fn with_the_clipboard_off_a_copy_in_tmux_replaces_nothing_outside_and_the_secret_is_taken_back() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("off");
    let outer = server.attach("xterm-256color");
    let clipboard = server.clipboard();
    assert!(clipboard.copy_secret(&secret()).may_have_arrived());
    outer.waits_for_clipboard(SECRET);
    server.tmux(&["set-buffer", "newer"]);
    assert_eq!(clipboard.clear(Focus::Unknown), ClearOutcome::Unknown);
    outer.waits_for_clipboard(" ");
    assert_eq!(server.buffers(), ["newer"], "what was copied in tmux stays there");
}

#[test]
fn a_terminal_that_lost_the_focus_under_tmux_is_told_again_once_it_has_it() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    server.tmux(&["set-option", "-g", "focus-events", "on"]);
    let outer = server.attach("xterm-256color");
    let clipboard = server.clipboard();
    assert!(clipboard.copy_secret(&secret()).may_have_arrived());
    let focused = || server.tmux(&["list-clients", "-F", "#{client_flags}"]).contains("focused");
    outer.types("\x1b[O");
    wait_for("tmux to know", || (!focused()).then_some(()));
    for _ in 0..2 {
        let outcome = clipboard.clear(Focus::Unknown);
        assert!(matches!(outcome, ClearOutcome::CouldNot { retry: true, .. }), "{outcome}");
        outer.waits_for_clipboard(" ");
    }
    outer.types("\x1b[I");
    wait_for("tmux to know", || focused().then_some(()));
    assert_eq!(clipboard.clear(Focus::Unknown), ClearOutcome::Unknown);
    wait_for("the terminal to be told again", || (outer.clipboards() == [SECRET, " ", " "]).then_some(()));
}

#[test]
fn tmux_leaves_alone_what_was_copied_after_us() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    server.tmux(&["set-buffer", "an older copy"]);
    let outer = server.attach("xterm-256color");
    let clipboard = server.clipboard();
    assert!(clipboard.copy_secret(&secret()).may_have_arrived());
    outer.waits_for_clipboard(SECRET);
    server.tmux(&["set-buffer", "-w", "what the person copied next"]);
    outer.waits_for_clipboard("what the person copied next");
    assert_eq!(clipboard.clear(Focus::Focused), ClearOutcome::LeftAlone);
    assert_eq!(outer.clipboards().len(), 2, "a space was sent");
    assert_eq!(server.buffers().len(), 2, "somebody else's buffers were touched");
}

#[test]
fn tmux_without_a_terminal_or_without_its_capability_is_not_called_copied() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    let clipboard = server.clipboard();
    let nobody = clipboard.copy_secret(&secret());
    assert!(nobody.to_string().starts_with("Not copied: no terminal is attached"), "{nobody}");

    let outer = server.attach("vt220");
    let refused = clipboard.copy_secret(&secret());
    assert!(refused.to_string().starts_with("Not copied: tmux says"), "{refused}");
    assert!(!clipboard.holds_secret());
    assert_eq!(outer.clipboards(), Vec::<String>::new());
    assert_eq!(server.buffers(), Vec::<String>::new());
}

#[test]
fn a_secret_in_a_detached_tmux_is_cleared_once_somebody_attaches() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    let outer = server.attach("xterm-256color");
    let clipboard = server.clipboard();
    assert!(clipboard.copy_secret(&secret()).may_have_arrived());
    outer.waits_for_clipboard(SECRET);
    server.tmux(&["detach-client", "-s", "work"]);
    wait_for("the client to go", || server.tmux(&["list-clients"]).is_empty().then_some(()));

    let early = clipboard.clear(Focus::Unknown);
    assert!(matches!(early, ClearOutcome::CouldNot { retry: true, .. }), "{early}");
    assert!(clipboard.holds_secret());
    let outer = server.attach("xterm-256color");
    assert_eq!(clipboard.clear(Focus::Unknown), ClearOutcome::Unknown);
    outer.waits_for_clipboard(" ");
}

#[test]
fn another_process_takes_a_secret_back_without_knowing_it_also_when_the_window_is_gone() {
    if !installed("tmux") {
        return;
    }
    for window_stays in [true, false] {
        let server = Server::start("external");
        let outer = server.attach("xterm-256color");
        let clipboard = server.clipboard();
        assert!(clipboard.copy_secret(&secret()).may_have_arrived());
        outer.waits_for_clipboard(SECRET);
        let traces = clipboard.held().as_ref().map(|held| held.traces.clone()).unwrap();
        let told = serde_json::to_string(&clipboard.claim(Way::Tmux, traces).unwrap()).unwrap();
        assert!(!told.contains("Tr0ub"), "{told}");
        server.tmux(&["new-window", "-d", "-t", "work", "cat"]);
        if !window_stays {
            server.tmux(&["kill-window", "-t", "work:0"]);
        }
        let claim: Claim = serde_json::from_str(&told).unwrap();
        let other = Clipboard::take_over(&claim, Box::new(|_| panic!("nothing goes to the tty by this way")));
        assert_eq!(other.clear(Focus::Unknown), ClearOutcome::Unknown, "{claim:?}");
        outer.waits_for_clipboard(" ");
        assert!(claim.may_come_back());
        server.tmux(&["kill-server"]);
        wait_for("the server to end", || (!claim.may_come_back()).then_some(()));
    }
}

#[test]
fn what_vanishes_with_this_process_needs_nobody_else() {
    let clipboard = Clipboard::with_tty(&remote(), Box::new(|_| Ok(())));
    for desktop in [Desktop::X11, Desktop::Wayland, Desktop::Native] {
        assert!(clipboard.claim(Way::Desktop(desktop), Traces::default()).is_none());
    }
    assert!(clipboard.claim(Way::Osc52, Traces::default()).is_some_and(|claim| claim.needs_terminal()));
}

#[test]
fn a_tmux_server_that_is_gone_is_told_as_such() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    let clipboard = server.clipboard();
    server.tmux(&["kill-server"]);
    let delivery = clipboard.copy_secret(&secret());
    assert!(!delivery.may_have_arrived(), "{delivery}");
}

/// The session in tmux knows better than the pane where the person sits.
#[test]
fn a_session_attached_over_ssh_is_known_by_tmux() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    let pane = TmuxPane { socket: server.socket(), pane: server.tmux(&["list-panes", "-F", "#{pane_id}"]) };
    server.tmux(&["set-environment", "-t", "work", "SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22"]);
    assert_eq!(pane.attached_over_ssh(), Some(true));
    server.tmux(&["set-environment", "-t", "work", "-r", "SSH_CONNECTION"]);
    assert_eq!(pane.attached_over_ssh(), Some(false));
    let environment = Environment { desktop: Some(Desktop::X11), tmux: Some(pane), ..Environment::default() };
    let clipboard = Clipboard::with_tty(&environment, Box::new(|_| Ok(())));
    assert_eq!(clipboard.way_now(), Way::Desktop(Desktop::X11));
    server.tmux(&["set-environment", "-t", "work", "SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22"]);
    assert_eq!(clipboard.way_now(), Way::Tmux);
}

#[test]
fn passthrough_reaches_the_outer_terminal_when_tmux_allows_it() {
    if !installed("tmux") {
        return;
    }
    let server = Server::start("external");
    server.tmux(&["set-option", "-g", "allow-passthrough", "on"]);
    let outer = server.attach("xterm-256color");
    let pane = TmuxPane { socket: server.socket(), pane: server.tmux(&["list-panes", "-F", "#{pane_id}"]) };
    assert!(pane.passes_through());
    let bytes = osc52::through_tmux(&osc52::plain(SECRET).unwrap());
    let tty = server.tmux(&["display-message", "-p", "#{pane_tty}"]);
    std::fs::write(tty, &*bytes).unwrap();
    outer.waits_for_clipboard(SECRET);
    server.tmux(&["set-option", "-g", "allow-passthrough", "off"]);
    assert!(!pane.passes_through());
}

#[test]
fn screen_joins_the_pieces_and_hands_them_on() {
    if !installed("screen") {
        return;
    }
    let dir = TempDir::new().unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let long = format!("{SECRET} {}", "0123456789".repeat(300));
    for text in [SECRET, long.as_str(), BLANK] {
        let environment =
            Environment { ssh: true, screen: Some(session()), term: "screen".to_owned(), ..Environment::default() };
        let sent = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&sent);
        let write = move |bytes: &[u8]| {
            sink.lock().unwrap().extend_from_slice(bytes);
            Ok(())
        };
        let clipboard = Clipboard::with_tty(&environment, Box::new(write));
        let delivery = clipboard.copy_text(text);
        assert_eq!((delivery.way, delivery.may_have_arrived()), (Way::Screen, true));
        let file = dir.path().join("sequence");
        std::fs::write(&file, &*sent.lock().unwrap()).unwrap();
        let show = format!("cat {}; sleep 20", file.display());
        let outer = Outer::run(
            "xterm-256color",
            "screen",
            &["-c", "/dev/null", "sh", "-c", &show],
            &[("SCREENDIR", dir.path())],
        );
        outer.waits_for_clipboard(text);
    }
}

fn sequences_of(environment: &Environment) -> (Clipboard, Arc<Mutex<Vec<Vec<u8>>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&sent);
    let write = move |bytes: &[u8]| {
        sink.lock().unwrap().push(bytes.to_vec());
        Ok(())
    };
    (Clipboard::with_tty(environment, Box::new(write)), sent)
}

/// A session that no screen on this machine has.
fn session() -> ScreenSession {
    ScreenSession { name: "1.nobody".to_owned(), folder: None }
}

fn remote() -> Environment {
    Environment { ssh: true, term: "xterm-256color".to_owned(), ..Environment::default() }
}

#[test]
fn a_plain_terminal_gets_the_sequence_and_is_never_called_copied() {
    let (clipboard, sent) = sequences_of(&remote());
    let delivery = clipboard.copy_secret(&secret());
    assert_eq!(delivery.way, Way::Osc52);
    assert!(delivery.to_string().starts_with("Sent, unconfirmed: by terminal (OSC 52)"), "{delivery}");
    assert_eq!(clipboard.clear(Focus::Focused), ClearOutcome::Unknown);
    let expected = [format!("\u{1b}]52;c;{}\u{7}", base64(SECRET)), "\u{1b}]52;c;IA==\u{7}".to_owned()];
    assert_eq!(*sent.lock().unwrap(), expected.map(String::into_bytes));
}

#[test]
fn a_clear_without_the_focus_is_tried_again() {
    let (clipboard, sent) = sequences_of(&remote());
    assert!(clipboard.copy_secret(&secret()).may_have_arrived());
    let first = clipboard.clear(Focus::Unfocused);
    assert!(matches!(first, ClearOutcome::CouldNot { retry: true, .. }), "{first}");
    assert!(clipboard.holds_secret());
    // Told once, it is not told again before it can be taken for sure: something newer may be there.
    assert!(matches!(clipboard.clear(Focus::Unfocused), ClearOutcome::CouldNot { retry: true, .. }));
    assert_eq!(sent.lock().unwrap().len(), 2);
    assert_eq!(clipboard.clear(Focus::Focused), ClearOutcome::Unknown);
    assert_eq!(sent.lock().unwrap().len(), 3);
}

#[test]
fn text_that_is_no_secret_is_not_taken_back() {
    let (clipboard, sent) = sequences_of(&remote());
    assert!(clipboard.copy_secret(&secret()).may_have_arrived());
    assert!(clipboard.copy_text("10.0.0.1").may_have_arrived());
    assert_eq!(clipboard.clear(Focus::Focused), ClearOutcome::NothingHeld);
    assert_eq!(sent.lock().unwrap().len(), 2);
}

#[test]
fn what_was_not_sent_is_not_called_sent() {
    let (clipboard, sent) = sequences_of(&remote());
    assert!(!clipboard.copy_text("").may_have_arrived());
    assert!(!clipboard.copy_text(&"x".repeat(100_000)).may_have_arrived());
    assert_eq!(sent.lock().unwrap().len(), 0);

    let broken = Clipboard::with_tty(&remote(), Box::new(|_| Err(io::ErrorKind::BrokenPipe.into())));
    assert!(!broken.copy_secret(&secret()).may_have_arrived());
    assert!(!broken.holds_secret());
}

#[test]
fn the_way_follows_where_the_person_sits() {
    let pane = TmuxPane { socket: "/tmp/x".into(), pane: "%0".to_owned() };
    let local = Environment { desktop: Some(Desktop::X11), ssh: false, ..remote() };
    let cases = [
        (local.clone(), Way::Desktop(Desktop::X11)),
        (Environment { ssh: true, ..local.clone() }, Way::Osc52),
        (Environment { tmux: Some(pane.clone()), ..remote() }, Way::Tmux),
        (Environment { tmux: Some(pane), screen: Some(session()), ..remote() }, Way::Tmux),
        (Environment { screen: Some(session()), ..remote() }, Way::Screen),
        (remote(), Way::Osc52),
        (Environment { term: "linux".to_owned(), ..remote() }, Way::Nowhere),
        (Environment { term: "dumb".to_owned(), ..remote() }, Way::Nowhere),
        (Environment { term: String::new(), ..remote() }, Way::Nowhere),
        (Environment { vte: true, ssh: false, ..remote() }, Way::Nowhere),
    ];
    for (environment, way) in cases {
        let clipboard = Clipboard::with_tty(&environment, Box::new(|_| Ok(())));
        assert_eq!(clipboard.way(), way, "{environment:?}");
        assert!(!clipboard.why().is_empty());
        if way == Way::Nowhere {
            let delivery = clipboard.copy_text("x");
            assert_eq!(delivery.to_string(), format!("Not copied: {}", clipboard.why()));
        }
    }
}

/// An X server without a screen.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Option<Self> {
        if !installed("Xvfb") || !installed("xclip") {
            return None;
        }
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "640x480x8", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        let mut output = server.stdout.take().unwrap();
        while !number.ends_with('\n') {
            let mut byte = [0];
            assert!(output.read(&mut byte).unwrap() > 0, "Xvfb ended");
            number.push(char::from(byte[0]));
        }
        Some(Self { server, name: format!(":{}", number.trim()) })
    }

    fn xclip(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("xclip");
        command.args(["-selection", "clipboard"]).args(arguments).env("DISPLAY", &self.name);
        String::from_utf8_lossy(&command.stderr(Stdio::null()).output().unwrap().stdout).into_owned()
    }

    fn put(&self, text: &str) {
        use std::io::Write;

        let mut command = Command::new("xclip");
        command.args(["-selection", "clipboard", "-in"]).env("DISPLAY", &self.name);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait().unwrap();
        wait_for("xclip to own the clipboard", || (self.xclip(&["-out"]) == text).then_some(()));
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

const HELPER: &str = "GLUEPOT_TEST_DESKTOP";

/// Not a test itself: `DISPLAY` must be set before the process starts, so this runs in its own process and
/// takes commands by lines.
#[test]
#[ignore = "started by the tests of the desktop"]
fn helper_that_copies() {
    use std::io::BufRead;

    if std::env::var_os(HELPER).is_none() {
        return;
    }
    let environment = Environment { ssh: false, tmux: None, ..Environment::here() };
    let clipboard = Clipboard::with_tty(&environment, Box::new(|_| Ok(())));
    for line in std::io::stdin().lock().lines() {
        let answer = match line.unwrap().as_str() {
            "copy" => clipboard.copy_secret(&secret()).to_string(),
            "clear" => clipboard.clear(Focus::Focused).to_string(),
            _ => return,
        };
        eprintln!("= {answer}");
    }
}

/// A process with the display in its environment, spoken to by lines.
struct Helper {
    child: Child,
    answers: std::io::Lines<std::io::BufReader<std::process::ChildStderr>>,
}

impl Helper {
    fn start(display: &Display) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let helper = module_path!().split_once("::").unwrap().1.to_owned() + "::helper_that_copies";
        command.args([&helper, "--exact", "--ignored", "--nocapture"]);
        command.env(HELPER, "1").env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let answers = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
        Self { child, answers }
    }

    fn ask(&mut self, what: &str) -> String {
        use std::io::Write;

        writeln!(self.child.stdin.as_ref().unwrap(), "{what}").unwrap();
        let answer = self.answers.find_map(|line| line.unwrap().strip_prefix("= ").map(str::to_owned));
        answer.expect("an answer")
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_desktop_gets_the_secret_with_the_hint_and_is_cleared() {
    let Some(display) = Display::start() else { return };
    let mut helper = Helper::start(&display);
    assert_eq!(helper.ask("copy"), "Copied: desktop (X11)");
    assert_eq!(display.xclip(&["-out"]), SECRET);
    assert!(display.xclip(&["-out", "-target", "TARGETS"]).contains("x-kde-passwordManagerHint"));
    assert_eq!(display.xclip(&["-out", "-target", "x-kde-passwordManagerHint"]), "secret");
    assert_eq!(helper.ask("clear"), "Clipboard cleared");
    assert_eq!(display.xclip(&["-out"]), "");
    assert_eq!(helper.ask("clear"), "Nothing to clear");
}

#[test]
fn the_desktop_keeps_what_was_copied_after_us() {
    let Some(display) = Display::start() else { return };
    let mut helper = Helper::start(&display);
    assert_eq!(helper.ask("copy"), "Copied: desktop (X11)");
    display.put("newer");
    assert_eq!(helper.ask("clear"), "Clipboard left alone: it no longer holds the password");
    assert_eq!(display.xclip(&["-out"]), "newer");
}

#[test]
fn a_killed_owner_leaves_nothing_on_the_desktop() {
    let Some(display) = Display::start() else { return };
    let mut helper = Helper::start(&display);
    assert_eq!(helper.ask("copy"), "Copied: desktop (X11)");
    assert_eq!(display.xclip(&["-out"]), SECRET);
    drop(helper);
    assert_eq!(display.xclip(&["-out"]), "");
}
