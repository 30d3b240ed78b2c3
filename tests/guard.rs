//! The guard, with the real program in a terminal, in tmux and in GNU screen: what is put right when the program is
//! killed, and what is left alone.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use gluepot_testkit::pty::{End, LEAVE, LIMIT, Session, Start, home_with};
use rustix::process::{Pid, Signal};

/// A password of the demo: what to type in the list of passwords, and its value.
const PASSWORD: (&str, &str) = ("HPD-IMG01 local", "maple-Orbit-42-thistle");
const BINARY: &str = env!("CARGO_BIN_EXE_gluepot");
/// Within which a clipboard is cleared, with room for a test machine that is busy.
const PROMPT: Duration = Duration::from_secs(1);

fn wait_until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(pid: i32, signal: Signal) {
    rustix::process::kill_process(Pid::from_raw(pid).expect("a process id"), signal).expect("the signal is sent");
}

/// State and parent of a process, as the kernel tells them; `None` once it is gone.
fn state(pid: i32) -> Option<(char, i32)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = stat.rsplit_once(") ")?.1.split(' ');
    Some((words.next()?.chars().next()?, words.next()?.parse().ok()?))
}

fn is_gone(pid: i32) -> bool {
    state(pid).is_none_or(|(state, _)| state == 'Z')
}

/// The children of a process whose command line contains a word.
fn children(parent: i32, word: &str) -> Vec<i32> {
    let processes = std::fs::read_dir("/proc").expect("there is a /proc").flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let ours = pids.filter(|&pid| state(pid).is_some_and(|(state, of)| of == parent && state != 'Z'));
    let said = |pid: &i32| std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    ours.filter(|pid| said(pid).split(|&byte| byte == 0).any(|part| part == word.as_bytes())).collect()
}

fn guard_of(program: i32) -> i32 {
    wait_until("the program has a guard", || children(program, "guard").first().copied())
}

fn go_to_password(session: &Session) {
    session.wait_for("HPD-AP01");
    session.send("4/");
    session.send(PASSWORD.0);
    session.send("\r");
    session.wait_for("•••");
}

fn audit_of(home: &Path) -> String {
    std::fs::read_to_string(home.join(".local/state/gluepot/demo-audit/audit.log")).unwrap_or_default()
}

/// The texts of all clipboard sequences among these bytes.
fn clipboards(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let payloads = text.split("\x1b]52;").skip(1).filter_map(|rest| {
        let (_, payload) = rest.split_once(';')?;
        base64::engine::general_purpose::STANDARD.decode(payload.split(['\x07', '\x1b']).next()?).ok()
    });
    payloads.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

fn waits_for_clipboard(session: &Session, expected: &[&str]) {
    let shown = || clipboards(&session.all_bytes());
    wait_until(&format!("the clipboard got {expected:?}"), || (shown() == expected).then_some(()));
}

/// The demo straight in a terminal, with its guard, at a password.
fn at_a_password(config: &str) -> (Session, i32) {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).home(home_with(config)).run();
    go_to_password(&session);
    let guard = guard_of(session.pid() as i32);
    (session, guard)
}

#[test]
fn after_kill_and_abort_the_terminal_is_as_it_was() {
    for (by, words) in [(Signal::KILL, "Killed"), (Signal::ABORT, "Aborted")] {
        let (mut session, guard) = at_a_password("");
        session.send("r");
        session.wait_for(PASSWORD.1);
        session.kill(by);
        // The terminal is open until the guard lets go of it.
        assert_eq!(session.wait_exit(), End::Signal(words.to_owned()));
        session.is_given_back(PASSWORD.1);
        wait_until("the guard is gone", || is_gone(guard).then_some(()));
        assert_eq!(clipboards(&session.all_bytes()), Vec::<String>::new(), "nothing was copied");
    }
}

/// A shell around the program. `script` runs it as `$1`.
fn under_a_shell(script: &str) -> (Session, i32, i32) {
    let session = Start::program("sh", &["-c", script, "sh", BINARY]).run();
    go_to_password(&session);
    let shell = session.pid() as i32;
    let program = wait_until("the program runs", || children(shell, "--demo").first().copied());
    session.send("r");
    session.wait_for(PASSWORD.1);
    (session, program, guard_of(program))
}

#[test]
fn after_kill_a_shell_has_its_terminal_again_with_job_control_and_without() {
    for job_control in ["set -m; ", ""] {
        let (mut session, program, guard) = under_a_shell(&format!("{job_control}\"$1\" --demo --org HPD; read line"));
        signal(program, Signal::KILL);
        wait_until("the guard is gone", || is_gone(guard).then_some(()));
        session.wait_until("the screen is left", |screen| !screen.alternate_screen());
        session.is_given_back(PASSWORD.1);
        session.send("\r");
        session.wait_exit();
    }
}

#[test]
fn after_kill_a_plain_terminal_is_told_to_clear_and_the_audit_trail_says_who_did() {
    for by in [Signal::KILL, Signal::ABORT] {
        let (mut session, guard) = at_a_password("");
        session.send("c");
        waits_for_clipboard(&session, &[PASSWORD.1]);
        session.wait_for("clipboard clears in");
        let killed = Instant::now();
        session.kill(by);
        waits_for_clipboard(&session, &[PASSWORD.1, " "]);
        assert!(killed.elapsed() < PROMPT, "{:?}", killed.elapsed());
        session.wait_exit();
        wait_until("the guard is gone", || is_gone(guard).then_some(()));
        session.is_given_back(PASSWORD.1);
        let audit = audit_of(session.home());
        let last = audit.lines().last().unwrap_or_default();
        assert!(
            last.contains("\"result\":\"cleared\"") && last.contains("by the guard, the program was gone"),
            "{audit}"
        );
        assert!(last.contains("\"of\":1,"), "{audit}");
        assert!(!audit.contains(PASSWORD.1));
    }
}

#[test]
fn a_secret_that_is_due_while_the_program_is_stopped_is_cleared_once() {
    let (mut session, guard) = at_a_password("[ui]\nclipboard_seconds = 5\n");
    session.send("c");
    waits_for_clipboard(&session, &[PASSWORD.1]);
    let copied = Instant::now();
    session.kill(Signal::STOP);
    waits_for_clipboard(&session, &[PASSWORD.1, " "]);
    let after = copied.elapsed();
    assert!(after < Duration::from_secs(5) + PROMPT, "{after:?}");
    session.kill(Signal::CONT);
    session.wait_for("by the watchdog");
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    assert!(is_gone(guard));
    assert_eq!(clipboards(&session.all_bytes()), [PASSWORD.1, " "], "it was cleared twice");
    assert_eq!(audit_of(session.home()).matches("\"result\":\"cleared\"").count(), 1);
}

#[test]
fn quitting_leaves_no_guard_and_clears_once() {
    for quit in ["q", "\x03", "TERM"] {
        let (mut session, guard) = at_a_password("");
        session.send("c");
        waits_for_clipboard(&session, &[PASSWORD.1]);
        session.wait_for("clipboard clears in");
        match quit {
            "TERM" => session.kill(Signal::TERM),
            keys => session.send(keys),
        }
        session.wait_exit();
        assert!(is_gone(guard), "the guard outlived a program that ended in order ({quit:?})");
        assert_eq!(clipboards(&session.all_bytes()), [PASSWORD.1, " "]);
        let bytes = session.all_bytes();
        assert_eq!(memchr::memmem::find_iter(&bytes, LEAVE).count(), 1, "the terminal was given back twice");
    }
}

#[test]
fn a_program_that_lost_its_guard_says_so_and_goes_on() {
    let (mut session, guard) = at_a_password("");
    signal(guard, Signal::KILL);
    session.wait_for("The guard process is missing: gone (ended by signal 9)");
    session.send("r");
    session.wait_for(PASSWORD.1);
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
}

#[test]
fn nothing_but_kill_ends_the_guard_and_it_holds_nothing_but_its_socket_and_the_terminal() {
    let (mut session, guard) = at_a_password("");
    for by in [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM, Signal::TSTP, Signal::PIPE, Signal::USR1] {
        signal(guard, by);
    }
    // Ctrl-C of a terminal in its usual mode goes to the process group in front, which the guard is not in.
    let pid = |pid: i32| Pid::from_raw(pid).expect("a process id");
    let group = |of: i32| rustix::process::getpgid(Some(pid(of))).expect("a group");
    assert_ne!(group(guard), group(session.pid() as i32));
    let environment = std::fs::read(format!("/proc/{guard}/environ")).unwrap_or_default();
    assert!(memchr::memmem::find(&environment, b"ITGLUE").is_none());
    let ours = |fd: &PathBuf| std::fs::read_link(fd).ok().filter(|to| to.to_string_lossy().starts_with("socket:"));
    // The guard is closed to its own user, as the program is: only root sees what it holds.
    match std::fs::read_dir(format!("/proc/{guard}/fd")) {
        Ok(fds) => {
            let sockets: std::collections::BTreeSet<_> = fds.flatten().filter_map(|fd| ours(&fd.path())).collect();
            assert_eq!(sockets.len(), 1, "{sockets:?}");
        }
        Err(error) => {
            assert!(!rustix::process::geteuid().is_root(), "{error}");
            told("skipped: only root can look at what the guard holds");
        }
    }
    let ticks = || std::fs::read_to_string(format!("/proc/{guard}/schedstat")).expect("it runs");
    let before = ticks();
    session.send("j");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(ticks(), before, "an idle guard ran");
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    assert!(is_gone(guard));
}

#[test]
fn the_doctor_says_whether_there_can_be_a_guard() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(BINARY)
        .args(["doctor", "--offline"])
        .env_clear()
        .env("HOME", home.path())
        .env("TERM", "xterm")
        .output()
        .expect("the program starts");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("ok    the watchdog, which restores the terminal"), "{told}");
}

#[test]
fn a_guard_that_somebody_starts_by_hand_ends_at_once() {
    let output = Command::new(BINARY).arg("guard").stdin(std::process::Stdio::null()).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
}

/// A tmux server of the test's own, with the program in its first window and a second window that keeps it alive.
struct Tmux {
    outer: Session,
    socket: PathBuf,
    program: i32,
    guard: i32,
}

impl Tmux {
    fn start(set_clipboard: &str, in_a_shell: bool) -> Option<Self> {
        if !installed("tmux") {
            return None;
        }
        let home = home_with("");
        let socket = home.path().join("tmux");
        let config = home.path().join("tmux.conf");
        std::fs::write(&config, format!("set -s exit-empty off\nset -s set-clipboard {set_clipboard}\n"))
            .expect("a file");
        let tail = if in_a_shell { "; sleep 1000" } else { "" };
        let command = format!("{}{BINARY} --demo --org HPD{tail}", if in_a_shell { "" } else { "exec " });
        let socket_text = socket.to_string_lossy().into_owned();
        let args = ["-u", "-S", &socket_text, "-f", &config.to_string_lossy(), "new-session", "-s", "work", &command];
        let outer = Start::program("tmux", &args).home(home).run();
        go_to_password(&outer);
        let mut tmux = Self { outer, socket, program: 0, guard: 0 };
        tmux.run(&["new-window", "-d", "-t", "work", "sleep 1000"]);
        let pane: i32 = tmux.run(&["display-message", "-p", "-t", "work:0", "#{pane_pid}"]).parse().expect("a pid");
        let program = || children(pane, "--demo").first().copied();
        tmux.program = if in_a_shell { wait_until("the program runs", program) } else { pane };
        tmux.guard = guard_of(tmux.program);
        tmux.outer.send("c");
        tmux.outer.wait_for("clipboard clears in");
        waits_for_clipboard(&tmux.outer, &[PASSWORD.1]);
        Some(tmux)
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).args(args).env_remove("TMUX");
        let output = command.output().expect("tmux starts");
        assert!(output.status.success(), "tmux {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn buffers(&self) -> Vec<String> {
        let names = self.run(&["list-buffers", "-F", "#{buffer_name}"]);
        names.lines().map(|name| self.run(&["show-buffer", "-b", name])).collect()
    }

    fn guard_ends(&self) {
        wait_until("the guard is gone", || is_gone(self.guard).then_some(()));
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").output();
    }
}

#[expect(clippy::print_stderr, reason = "a part that is left out says so")]
fn told(words: &str) {
    eprintln!("{words}");
}

fn installed(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program} >/dev/null")]).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        told(&format!("skipped: {program} is not installed"));
    }
    found
}

#[test]
fn after_kill_tmux_clears_under_every_setting_and_keeps_no_buffer() {
    for setting in ["external", "on", "off"] {
        for in_a_shell in [true, false] {
            let Some(tmux) = Tmux::start(setting, in_a_shell) else { return };
            let killed = Instant::now();
            signal(tmux.program, Signal::KILL);
            waits_for_clipboard(&tmux.outer, &[PASSWORD.1, " "]);
            assert!(killed.elapsed() < PROMPT, "{setting}: {:?}", killed.elapsed());
            tmux.guard_ends();
            assert_eq!(tmux.buffers(), Vec::<String>::new(), "{setting}");
            assert!(!tmux.outer.screen().contains(PASSWORD.1));
            let audit = audit_of(tmux.outer.home());
            assert!(audit.contains("by the guard, the program was gone"), "{audit}");
        }
    }
}

#[test]
fn what_was_copied_in_tmux_since_is_not_touched_by_the_guard() {
    let Some(tmux) = Tmux::start("external", true) else { return };
    tmux.run(&["set-buffer", "-w", "newer"]);
    waits_for_clipboard(&tmux.outer, &[PASSWORD.1, "newer"]);
    signal(tmux.program, Signal::KILL);
    tmux.guard_ends();
    assert_eq!(tmux.buffers(), ["newer"]);
    assert_eq!(clipboards(&tmux.outer.all_bytes()), [PASSWORD.1, "newer"]);
    assert!(audit_of(tmux.outer.home()).contains("left alone, newer content; by the guard"));
}

#[test]
fn a_tmux_that_nobody_is_attached_to_is_cleared_once_somebody_is() {
    let Some(mut tmux) = Tmux::start("external", true) else { return };
    tmux.run(&["detach-client", "-s", "work"]);
    tmux.outer.wait_exit();
    signal(tmux.program, Signal::KILL);
    // A try or two in vain.
    std::thread::sleep(Duration::from_millis(700));
    assert!(!is_gone(tmux.guard));
    let socket = tmux.socket.to_string_lossy().into_owned();
    let again = Start::program("tmux", &["-u", "-S", &socket, "attach", "-t", "work"]).run();
    waits_for_clipboard(&again, &[" "]);
    tmux.guard_ends();
    assert_eq!(tmux.buffers(), Vec::<String>::new());
}

#[test]
fn a_program_that_quits_in_a_detached_tmux_leaves_the_clearing_to_the_guard() {
    let Some(mut tmux) = Tmux::start("external", true) else { return };
    tmux.run(&["detach-client", "-s", "work"]);
    tmux.outer.wait_exit();
    signal(tmux.program, Signal::TERM);
    wait_until("the program is gone", || is_gone(tmux.program).then_some(()));
    assert!(!is_gone(tmux.guard));
    let socket = tmux.socket.to_string_lossy().into_owned();
    let again = Start::program("tmux", &["-u", "-S", &socket, "attach", "-t", "work"]).run();
    waits_for_clipboard(&again, &[" "]);
    tmux.guard_ends();
}

#[test]
fn a_window_of_tmux_that_is_closed_is_cleared_through_tmux() {
    let Some(tmux) = Tmux::start("external", false) else { return };
    tmux.run(&["kill-window", "-t", "work:0"]);
    waits_for_clipboard(&tmux.outer, &[PASSWORD.1, " "]);
    tmux.guard_ends();
    assert_eq!(tmux.buffers(), Vec::<String>::new());
}

/// The program in a shell in GNU screen, with a secret copied: terminal, shell, program, guard.
fn in_screen() -> Option<(Session, i32, i32, i32)> {
    if !installed("screen") {
        return None;
    }
    let home = home_with("");
    let sockets = home.path().to_string_lossy().into_owned();
    let command = format!("echo $$ > {sockets}/shell; {BINARY} --demo --org HPD; sleep 1000");
    let session = Start::program("screen", &["-c", "/dev/null", "sh", "-c", &command])
        .home(home)
        .env("SCREENDIR", &sockets)
        .run();
    go_to_password(&session);
    let shell = std::fs::read_to_string(session.home().join("shell")).expect("the shell said who it is");
    let shell: i32 = shell.trim().parse().expect("a process id");
    let program = wait_until("the program runs", || children(shell, "--demo").first().copied());
    let guard = guard_of(program);
    session.send("c");
    waits_for_clipboard(&session, &[PASSWORD.1]);
    session.wait_for("clipboard clears in");
    Some((session, shell, program, guard))
}

#[test]
fn after_kill_gnu_screen_is_told_in_its_own_wrapping() {
    let Some((session, shell, program, guard)) = in_screen() else { return };
    signal(program, Signal::KILL);
    waits_for_clipboard(&session, &[PASSWORD.1, " "]);
    wait_until("the guard is gone", || is_gone(guard).then_some(()));
    assert!(!session.screen().contains(PASSWORD.1));
    signal(shell, Signal::KILL);
}

/// The guard alone, spoken to as the program speaks to it, on a terminal that is closed before the program ends.
#[test]
fn a_terminal_that_is_gone_with_the_program_is_recorded_as_not_cleared() {
    use std::io::{BufRead as _, Write as _};
    use std::os::unix::process::CommandExt as _;

    use rustix::pty::{OpenptFlags, openpt};

    let home = home_with("");
    let folder = home.path().join("audit");
    let pty = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
    rustix::pty::grantpt(&pty).and_then(|()| rustix::pty::unlockpt(&pty)).expect("a terminal");
    let name = rustix::pty::ptsname(&pty, Vec::new()).expect("its name").into_string().expect("plain letters");
    let tty = || std::fs::File::options().read(true).write(true).open(&name).expect("the terminal opens");
    let (mut program, theirs) = std::os::unix::net::UnixStream::pair().expect("a socket");
    let mut command = Command::new(BINARY);
    command.arg("guard").process_group(0).stdout(tty()).stderr(tty()).stdin(std::os::fd::OwnedFd::from(theirs));
    let mut guard = command.spawn().expect("the guard starts");
    drop(command);
    let keeping = serde_json::to_string(&gluepot_core::audit::Keeping::default()).expect("plain data");
    writeln!(
        program,
        "{{\"hello\":{{\"audit\":{{\"folder\":{folder:?},\"keeping\":{keeping}}}}}}}\n\
         {{\"promise\":{{\"due\":18000000000000000,\"intent\":{{\"seq\":7,\"trail\":[1,2,3,4,5,6,7,8]}}}}}}\n\
         {{\"holding\":{{\"way\":\"Osc52\",\"tmux\":null,\"session\":null,\"screen\":null,\
         \"traces\":{{\"buffers\":null,\"client\":null,\"at\":0}}}}}}"
    )
    .expect("the guard listens");
    let mut answer = String::new();
    std::io::BufReader::new(&program).read_line(&mut answer).expect("an answer");
    assert_eq!(answer.trim(), "\"ready\"");
    drop(pty);
    drop(program);
    assert!(guard.wait().expect("it ends").success());
    let audit = std::fs::read_to_string(folder.join("audit.log")).expect("the trail was written to");
    let last = audit.lines().last().unwrap_or_default();
    assert!(last.contains("\"of\":7,"), "{audit}");
    assert!(last.contains("not cleared: the terminal is gone; by the guard, the program was gone"), "{audit}");
}
