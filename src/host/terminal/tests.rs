//! The exits, each in its own process on a pseudo-terminal, with a line of text in place of a secret.
#![expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use std::fs::File;
use std::io::Write;
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal as Kill, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::line::Line;
use super::sequences::ENTER;
use super::*;
use crate::host::promise::Hold;

const HELPER: &str = "GLUEPOT_TEST_TERMINAL";
const SECRET: &str = "correct-horse-battery-staple";

/// What this test program calls one of the helpers below.
fn path_of(helper: &str) -> String {
    let (_, here) = module_path!().split_once("::").unwrap();
    format!("{here}::{helper}")
}

/// A process on a terminal, with all that it writes.
struct Run {
    child: Child,
    /// The other end; dropping it is closing the window
    master: Option<Arc<OwnedFd>>,
    bytes: Arc<Mutex<Vec<u8>>>,
}

/// Reads as long as another process keeps the terminal open.
fn read_on(master: &Weak<OwnedFd>, sink: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Some(master) = master.upgrade() {
        let mut fds = [PollFd::new(&*master, PollFlags::IN)];
        let soon = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        if poll(&mut fds, Some(&soon)).is_ok_and(|ready| ready > 0) {
            match rustix::io::read(&*master, &mut buffer) {
                Ok(read) if read > 0 => sink.lock().unwrap().extend_from_slice(&buffer[..read]),
                // No process has the other side open any more.
                _ => return,
            }
        }
    }
}

/// What an emulator shows after these bytes.
fn shown(bytes: &[u8]) -> vt100::Screen {
    let size = |cells| NonZero::new(cells).unwrap();
    let mut parser = vt100::Parser::new(size(24), size(80), 100);
    parser.process(bytes);
    parser.screen().clone()
}

impl Run {
    /// Starts the helper below and waits until it shows the secret.
    fn start(how: &str, wrapper: &[&str]) -> Self {
        let run = Self::start_without_waiting(how, wrapper);
        run.wait_for("the secret on the screen", |run| run.screen().contents().contains(SECRET));
        assert!(run.screen().alternate_screen());
        assert!(!run.is_cooked());
        run
    }

    fn start_without_waiting(how: &str, wrapper: &[&str]) -> Self {
        Self::start_in("helper_on_a_terminal", how, wrapper)
    }

    fn start_in(helper: &str, how: &str, wrapper: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        tcsetwinsize(&master, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let tty = || {
            let flags = rustix::fs::OFlags::NOCTTY.bits() as i32;
            let mut options = File::options();
            std::os::unix::fs::OpenOptionsExt::custom_flags(options.read(true).write(true), flags);
            Stdio::from(options.open(&name).unwrap())
        };
        // Replaces itself, so that the process we know is the one on the terminal.
        let mut command = Command::new("setsid");
        command.arg("--ctty").args(wrapper).arg(std::env::current_exe().unwrap());
        command.arg(path_of(helper)).args(["--exact", "--ignored", "--nocapture"]);
        command.env(HELPER, how).env("TERM", "xterm-256color").env("RUST_BACKTRACE", "0");
        let child = command.stdin(tty()).stdout(tty()).stderr(tty()).spawn().unwrap();
        drop(command);
        let master = Arc::new(master);
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (weak, sink) = (Arc::downgrade(&master), Arc::clone(&bytes));
        std::thread::spawn(move || read_on(&weak, &sink));
        Self { child, master: Some(master), bytes }
    }

    fn wait_for(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            let all = String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned();
            assert!(start.elapsed() < Duration::from_secs(20), "waited for {what} in {all:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn screen(&self) -> vt100::Screen {
        shown(&self.bytes.lock().unwrap())
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id() as i32).unwrap()
    }

    /// Whether the line is in the mode a shell expects.
    fn is_cooked(&self) -> bool {
        let modes = tcgetattr(self.master.as_ref().unwrap()).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    fn ends(&mut self) -> i32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap_or(-1);
            }
            assert!(start.elapsed() < Duration::from_secs(20), "it did not end");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What must hold after every way out.
    fn has_given_the_terminal_back(&self) {
        self.wait_for("the end of the restore string", |run| {
            memchr::memmem::find(&run.bytes.lock().unwrap(), b"\x1b[?25h").is_some()
        });
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is still on");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(!screen.contents().contains(SECRET), "the secret is on the screen");
        assert!(self.is_cooked(), "the line is still raw");
        // The alternate screen was cleared while it was on.
        let bytes = self.bytes.lock().unwrap();
        let left = memchr::memmem::rfind(&bytes, b"\x1b[?1049l").unwrap();
        assert!(
            !shown(&bytes[..left]).contents().contains(SECRET),
            "the alternate screen was left with the secret on it"
        );
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.master = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not a test itself: takes the terminal, shows the secret, and exits as it is told.
#[test]
#[ignore = "started by the tests of the ways out"]
fn helper_on_a_terminal() {
    let Ok(how) = std::env::var(HELPER) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async move {
        let mut signals = signals().unwrap();
        let mut session =
            Session::enter(Options { mouse: true, log: Some("/var/log/x".into()), ..Options::default() }).unwrap();
        let show = |session: &Session| {
            let mut screen = session.screen();
            session.frame(|| write!(screen, "\x1b[1;1H{SECRET}").unwrap()).unwrap();
        };
        show(&session);
        match how.as_str() {
            "quit" => session.leave(),
            "panic" => panic!("with {SECRET} in its message"),
            "panic-in-task" => {
                let _ = tokio::spawn(async { panic!("with {SECRET} in its message") }).await;
            }
            "isolated" => {
                assert_eq!(isolated(|| panic!("with {SECRET} in its message")), Err::<(), _>(Panicked));
                let mut screen = session.screen();
                session.frame(|| write!(screen, "\x1b[2;1Hsurvived").unwrap()).unwrap();
            }
            "hang" => loop {
                std::thread::sleep(Duration::from_secs(1));
            },
            _ => {}
        }
        if how == "quit" {
            // Whatever is drawn late goes nowhere.
            show(&session);
            return;
        }
        loop {
            match signals.next().await {
                Signal::Terminate(cause) => {
                    session.leave();
                    std::process::exit(cause.exit_code().into());
                }
                Signal::Suspend => {
                    session.suspend().unwrap();
                    let mut screen = session.screen();
                    session.frame(|| write!(screen, "\x1b[2J\x1b[1;1Hback again").unwrap()).unwrap();
                }
                Signal::Continue | Signal::Resize => {}
            }
        }
    });
}

#[test]
fn quitting_gives_the_terminal_back() {
    let mut run = Run::start_without_waiting("quit", &[]);
    assert_eq!(run.ends(), 0);
    run.has_given_the_terminal_back();
}

/// As in a container that was entered from outside: session and process group have no number that is seen inside.
#[cfg(target_os = "linux")]
#[test]
fn a_session_whose_leader_lies_outside_the_pid_namespace_is_given_back() {
    let inside = ["unshare", "--pid", "--fork"];
    let allowed = Command::new(inside[0]).args(&inside[1..]).arg("true").stderr(Stdio::null()).status();
    if !allowed.is_ok_and(|status| status.success()) {
        let _ = writeln!(std::io::stderr(), "skipped: a PID namespace cannot be made here (needs root and unshare)");
        return;
    }
    let mut run = Run::start_without_waiting("quit", &inside);
    assert_eq!(run.ends(), 0);
    run.has_given_the_terminal_back();
}

#[test]
fn a_panic_gives_the_terminal_back_and_tells_no_more_than_its_place() {
    for how in ["panic", "panic-in-task"] {
        let mut run = Run::start_without_waiting(how, &[]);
        assert_eq!(run.ends(), 101, "{how}");
        run.has_given_the_terminal_back();
        let text = run.screen().contents().replace('\n', "");
        assert!(text.contains("gluepot stopped because of a fault in itself, at src/host/terminal/tests.rs"), "{text}");
        assert!(text.contains("The log is /var/log/x."), "{text}");
        assert!(!text.contains("in its message"), "{text}");
    }
}

#[test]
fn a_panic_of_a_library_that_is_expected_changes_nothing() {
    let mut run = Run::start("isolated", &[]);
    run.wait_for("the next frame", |run| run.screen().contents().contains("survived"));
    assert!(run.screen().alternate_screen());
    kill_process(run.pid(), Kill::TERM).unwrap();
    assert_eq!(run.ends(), 143);
}

#[test]
fn each_signal_gives_the_terminal_back() {
    for (signal, code) in [(Kill::TERM, 143), (Kill::HUP, 129), (Kill::INT, 130), (Kill::QUIT, 131)] {
        let mut run = Run::start("wait", &[]);
        kill_process(run.pid(), signal).unwrap();
        assert_eq!(run.ends(), code, "{signal:?}");
        run.has_given_the_terminal_back();
    }
}

#[test]
fn a_loop_that_hangs_is_ended_all_the_same() {
    let mut run = Run::start("hang", &[]);
    kill_process(run.pid(), Kill::TERM).unwrap();
    assert_eq!(run.ends(), 143);
    run.has_given_the_terminal_back();
}

/// Under a shell with job control: a job without one cannot be stopped.
#[cfg(target_os = "linux")]
#[test]
fn suspending_gives_the_terminal_back_and_continuing_takes_it_again() {
    let script = "set -m; \"$@\"; echo STOPPED; stty -a; fg >/dev/null; echo ENDED";
    let mut run = Run::start("wait", &["sh", "-c", script, "sh"]);
    let shell = run.child.id();
    let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
    let child = Pid::from_raw(children.trim().parse().unwrap()).unwrap();

    kill_process(child, Kill::TSTP).unwrap();
    run.wait_for("the terminal to be taken again", |run| run.screen().contents().contains("back again"));
    assert!(run.screen().alternate_screen());
    let text = String::from_utf8_lossy(&run.bytes.lock().unwrap()).into_owned();
    let stopped = text.find("STOPPED").expect("the shell never saw it stopped");
    assert!(text[..stopped].contains(RESTORE), "stopped without giving the terminal back");
    let meanwhile = &text[stopped..text.rfind(ENTER).unwrap()];
    assert!(meanwhile.contains(" icanon") && meanwhile.contains(" echo "), "{meanwhile}");
    assert!(!meanwhile.contains(SECRET));

    kill_process(child, Kill::TERM).unwrap();
    run.wait_for("the shell to go on", |run| run.screen().contents().contains("ENDED"));
    run.ends();
    run.has_given_the_terminal_back();
}

/// `nohup` and careless parents: the signal of the closed window is ignored.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_is_gone_ends_the_program_within_a_second_though_hangup_is_ignored() {
    for how in ["wait", "hang"] {
        let mut run = Run::start(how, &["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]);
        let start = Instant::now();
        run.master = None;
        assert_eq!(run.ends(), 129, "{how}");
        // A busy test machine gets some tenths more.
        assert!(start.elapsed() < Duration::from_millis(1500), "{how}: {:?}", start.elapsed());
    }
}

/// Waiting for the end of the terminal is sleeping.
#[cfg(target_os = "linux")]
#[test]
fn an_idle_program_uses_no_time_and_writes_nothing() {
    let run = Run::start("wait", &[]);
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", run.child.id())).unwrap();
        let fields: Vec<_> = stat.rsplit_once(") ").unwrap().1.split(' ').map(str::to_owned).collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let before = (ticks(), run.bytes.lock().unwrap().len());
    std::thread::sleep(Duration::from_millis(500));
    let after = (ticks(), run.bytes.lock().unwrap().len());
    assert_eq!(before.1, after.1);
    assert!(after.0 - before.0 <= 1, "{} ticks in half a second", after.0 - before.0);
}

#[test]
fn there_is_no_session_without_a_terminal() {
    let output = std::process::Command::new("setsid")
        .arg(std::env::current_exe().unwrap())
        .arg(path_of("helper_without_a_terminal"))
        .args(["--exact", "--ignored"])
        .env(HELPER, "none")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Not a test of its own.
#[test]
#[ignore = "started by the test without a terminal"]
fn helper_without_a_terminal() {
    if std::env::var_os(HELPER).is_some() {
        assert!(Session::enter(Options::default()).is_err());
        assert!(send(b"x").is_err());
    }
}

/// Not a test itself: takes the terminal, says in a file how, and is killed; or gives it back for another process,
/// once a second file is there.
#[test]
#[ignore = "started by the test of the rescue"]
fn helper_of_the_rescue() {
    let Ok(how) = std::env::var(HELPER) else { return };
    let folder = std::path::PathBuf::from(std::env::var_os("GLUEPOT_TEST_FOLDER").unwrap());
    if how == "take" {
        let line = Line::raw().unwrap();
        std::fs::write(folder.join("hold"), serde_json::to_vec(&line.hold()).unwrap()).unwrap();
        write!(std::io::stdout(), "{ENTER}{SECRET}").unwrap();
        std::io::stdout().flush().unwrap();
        kill_process(rustix::process::getpid(), Kill::KILL).unwrap();
    }
    gluepot_core::raw::ignore_all_signals();
    while !folder.join("go").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let hold: Hold = serde_json::from_slice(&std::fs::read(folder.join("hold")).unwrap()).unwrap();
    let done =
        rescue(std::os::fd::AsFd::as_fd(&std::io::stdout()), std::os::fd::AsFd::as_fd(&std::io::stdout()), &hold);
    std::fs::write(folder.join("done"), format!("{done:?}")).unwrap();
}

/// What is made of a terminal after its program was killed, when this runs next in the same shell.
fn rescued(job_control: bool, next: &str) -> (Run, String) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().display();
    let control = if job_control { "set -m" } else { ":" };
    let script = format!(
        "{control}; export GLUEPOT_TEST_FOLDER={path}; {HELPER}=take \"$@\"; {HELPER}=rescue \"$@\" & {next}; read line"
    );
    let run = Run::start_in("helper_of_the_rescue", "none", &["sh", "-c", &script, "sh"]);
    run.wait_for("the program is killed", |_| folder.path().join("hold").exists());
    run.wait_for("the next program", |run| next.is_empty() || next == ":" || run.screen().contents().contains("NEXT"));
    std::fs::write(folder.path().join("go"), "").unwrap();
    let done = folder.path().join("done");
    run.wait_for("the rescue", |_| std::fs::read(&done).is_ok_and(|text| !text.is_empty()));
    let done = std::fs::read_to_string(done).unwrap();
    (run, done)
}

#[test]
fn a_terminal_is_given_back_for_a_program_that_was_killed() {
    for job_control in [true, false] {
        let (run, done) = rescued(job_control, ":");
        assert_eq!(done, "Everything", "with job control: {job_control}");
        run.has_given_the_terminal_back();
    }
}

#[test]
fn a_shell_that_has_set_its_line_keeps_it() {
    let (run, done) = rescued(true, "stty -icanon -echo opost; echo NEXT");
    assert_eq!(done, "Screen");
    assert!(!run.screen().alternate_screen() && !run.is_cooked());
}

#[test]
fn a_terminal_that_somebody_else_uses_by_now_is_not_touched() {
    for job_control in [true, false] {
        let (run, done) = rescued(job_control, "sh -c 'stty -icanon -echo opost; echo NEXT; exec cat'");
        assert_eq!(done, "NotOurs", "with job control: {job_control}");
        assert!(run.screen().alternate_screen() && !run.is_cooked());
        assert!(!String::from_utf8_lossy(&run.bytes.lock().unwrap()).contains("\x1b[?1049l"));
    }
}
