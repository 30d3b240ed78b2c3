//! What is on the screen is short and unobserved: auto-hide by the clock (P11, P25), and a warning before a secret is
//! shown where others see the terminal (P11), each with the real program that shares or records it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use gluepot_core::clock::BootTime;
use rustix::process::{Pid, Signal, kill_process};

use crate::skip;
use gluepot_testkit::pty::{End, Session, Start};

/// A password of the demo, the keys to its place, and its value.
const NAME: &str = "HPD-IMG01 local admin";
const KEYS: &str = "4/HPD-IMG01 local\r";
const VALUE: &str = "maple-Orbit-42-thistle";

fn gluepot() -> &'static str {
    env!("CARGO_BIN_EXE_gluepot")
}

fn go_to_password(session: &Session) {
    session.wait_for("HPD-AP01");
    session.send(KEYS);
    session.wait_until("the password is in the detail", |screen| {
        let text = screen.contents();
        text.contains(NAME) && text.contains("User name") && text.contains("svc-img")
    });
}

fn audit(home: &Path) -> String {
    std::fs::read_to_string(home.join(".local/state/gluepot/demo-audit/audit.log")).unwrap_or_default()
}

fn installed(test: &str, program: &str) -> bool {
    let found = ["/usr/local/bin", "/usr/bin", "/bin"].iter().any(|dir| Path::new(dir).join(program).exists());
    if !found {
        skip(test, &format!("{program} is not installed"));
    }
    found
}

/// Asks for the value; the dialog names the observer, nothing is fetched, another key than the shown one does nothing,
/// and with that key the value is there.
fn warns(session: &Session, home: &Path, words: &str) {
    session.send("r");
    session.wait_for("Show this password?");
    session.wait_for(words);
    assert!(!audit(home).contains("intent"), "nothing is on record, so nothing was asked for");
    session.send("\rr");
    session.settle(Duration::from_millis(150));
    assert!(session.screen().contains("Show this password?") && !session.screen().contains(VALUE));
    // Not Esc: GNU screen keeps it back for a while, since a longer key may begin with it.
    session.send("q");
    session.wait_gone("Show this password?");
    session.wait_gone(words);
    assert!(!audit(home).contains("intent"));
    session.send("r");
    session.wait_for(words);
    session.send("y");
    session.wait_for(VALUE);
    session.wait_for("hides in");
    session.send("r");
    session.wait_gone(VALUE);
    session.wait_gone("hides in");
    // The same before it is shown in parts.
    session.send("C");
    session.wait_for("Spell out this password?");
    session.wait_for(words);
    session.send("y");
    session.wait_for("1 to 4 of 22");
    session.send("q");
    session.wait_gone("of 22");
}

/// A tmux server of the test's own.
struct Tmux {
    socket: PathBuf,
}

impl Tmux {
    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").arg("-S").arg(&self.socket).args(args).env_remove("TMUX").output();
        let output = output.expect("tmux starts");
        assert!(output.status.success(), "tmux {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The program in the only window of a new session, seen by a terminal.
    fn start(config: &str) -> (Self, Session) {
        let home = crate::home_with(config);
        let tmux = Self { socket: home.path().join("tmux") };
        let options = home.path().join("tmux.conf");
        std::fs::write(&options, "set -s escape-time 0\nset -g status off\n").expect("a file");
        let socket = tmux.socket.to_string_lossy().into_owned();
        let command = format!("exec {} --demo --org HPD", gluepot());
        let args = ["-u", "-S", &socket, "-f", &options.to_string_lossy(), "new-session", "-s", "one", &command];
        let session = Start::program("tmux", &args).home(home).run();
        (tmux, session)
    }

    /// Another terminal that looks at it.
    fn attach(&self, args: &[&str]) -> Session {
        let socket = self.socket.to_string_lossy().into_owned();
        let all: Vec<&str> = ["-u", "-S", &socket].into_iter().chain(args.iter().copied()).collect();
        Start::program("tmux", &all).run()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").env_remove("TMUX").output();
    }
}

#[test]
fn p11_one_terminal_in_tmux_is_no_reason_to_warn() {
    if !installed("p11_one_terminal_in_tmux_is_no_reason_to_warn", "tmux") {
        return;
    }
    let (_tmux, session) = Tmux::start("");
    go_to_password(&session);
    session.send("r");
    session.wait_for(VALUE);
    assert!(!session.screen().contains("Show this password?"));
}

#[test]
fn p11_a_second_terminal_of_the_tmux_session_or_of_one_grouped_with_it_is_told() {
    if !installed("p11_a_second_terminal_of_the_tmux_session_or_of_one_grouped_with_it_is_told", "tmux") {
        return;
    }
    for args in [&["attach-session", "-t", "one"][..], &["new-session", "-t", "one", "-s", "two"]] {
        let (tmux, session) = Tmux::start("");
        go_to_password(&session);
        let second = tmux.attach(args);
        second.wait_for(NAME);
        warns(&session, session.home(), "2 terminals are attached to this tmux session");
        // No one watches any more: no warning.
        drop(second);
        crate::wait_until("the second terminal is gone", || tmux.tmux(&["list-clients"]).lines().count() == 1);
        session.send("r");
        session.wait_for(VALUE);
    }
}

#[test]
fn p11_a_piped_tmux_pane_is_told() {
    if !installed("p11_a_piped_tmux_pane_is_told", "tmux") {
        return;
    }
    let (tmux, session) = Tmux::start("");
    go_to_password(&session);
    tmux.tmux(&["pipe-pane", "-t", "one", "cat > /dev/null"]);
    warns(&session, session.home(), "This tmux pane is piped to a program");
    assert!(audit(session.home()).contains("\"cautions\":\"tmux-pipe\""), "what was accepted is on record");
    tmux.tmux(&["pipe-pane", "-t", "one"]);
    session.send("r");
    session.wait_for(VALUE);
}

#[test]
fn p11_asciinema_is_told() {
    if !installed("p11_asciinema_is_told", "asciinema") {
        return;
    }
    let home = crate::home_with("");
    let cast = home.path().join("cast").to_string_lossy().into_owned();
    let command = format!("{} --demo --org HPD", gluepot());
    let session = Start::program("asciinema", &["rec", "--quiet", "-c", &command, &cast]).home(home).run();
    go_to_password(&session);
    warns(&session, session.home(), "A recorder was seen: asciinema (process");
}

#[test]
fn p11_script_is_told_also_around_tmux() {
    const TEST: &str = "p11_script_is_told_also_around_tmux";
    if !installed(TEST, "script") {
        return;
    }
    let home = crate::home_with("");
    let record = home.path().join("typescript").to_string_lossy().into_owned();
    let command = format!("{} --demo --org HPD", gluepot());
    let session = Start::program("script", &["-q", "-c", &command, &record]).home(home).run();
    go_to_password(&session);
    warns(&session, session.home(), "A recorder was seen: script (process");
    drop(session);
    if !installed(TEST, "tmux") {
        return;
    }
    // The recorder is around the terminal that is attached, not around the program.
    let (tmux, first) = Tmux::start("");
    go_to_password(&first);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = folder.path().join("typescript").to_string_lossy().into_owned();
    let attach = format!("tmux -u -S {} attach-session -d -t one", tmux.socket.display());
    let second = Start::program("script", &["-q", "-c", &attach, &record]).run();
    second.wait_for(NAME);
    crate::wait_until("the first terminal is detached", || tmux.tmux(&["list-clients"]).lines().count() == 1);
    second.send("r");
    second.wait_for("A recorder was seen: script (process");
}

#[test]
fn p11_gnu_screen_is_told_when_it_logs_or_a_second_terminal_is_attached() {
    const TEST: &str = "p11_gnu_screen_is_told_when_it_logs_or_a_second_terminal_is_attached";
    if !installed(TEST, "screen") {
        return;
    }
    let home = crate::home_with("");
    let sockets = home.path().join("screens");
    std::fs::create_dir(&sockets).expect("a folder");
    std::fs::set_permissions(&sockets, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("it is ours");
    let sockets = sockets.to_string_lossy().into_owned();
    let options = home.path().join("screenrc");
    std::fs::write(&options, format!("startup_message off\nlogfile {}/log\n", home.path().display())).expect("a file");
    let name = format!("gluepot-test-{}", std::process::id());
    let options = options.to_string_lossy().into_owned();
    let args = ["-U", "-c", &options, "-S", &name, gluepot(), "--demo", "--org", "HPD"];
    let session = Start::program("screen", &args).env("SCREENDIR", &sockets).home(home).run();
    let ask = |args: &[&str]| {
        let done = Command::new("screen").env("SCREENDIR", &sockets).args(["-S", &name]).args(args).status();
        assert!(done.is_ok_and(|status| status.success()), "screen {args:?}");
    };
    go_to_password(&session);
    ask(&["-X", "log", "on"]);
    warns(&session, session.home(), "GNU screen writes a log of this session");
    ask(&["-X", "log", "off"]);
    // Root, and the user of a screen without extra rights, can see which terminals its server has open.
    let second = Start::program("screen", &["-U", "-x", &name]).env("SCREENDIR", &sockets).run();
    second.wait_for(NAME);
    session.send("r");
    session.wait_until("the value, or the dialog", |screen| {
        let text = screen.contents();
        text.contains(VALUE) || text.contains("2 terminals are attached to this screen session")
    });
    if rustix::process::geteuid().is_root() {
        assert!(session.screen().contains("2 terminals are attached to this screen session"), "{}", session.screen());
    } else if session.screen().contains(VALUE) {
        skip(TEST, "this screen does not let its user see which terminals are attached");
    }
    ask(&["-X", "quit"]);
}

/// A copy of the program where any user can run it, and a home of that user.
fn for_nobody() -> (tempfile::TempDir, String) {
    let home = crate::home_with("");
    let copy = home.path().join("gluepot");
    std::fs::copy(gluepot(), &copy).expect("a copy");
    let path = home.path().to_string_lossy().into_owned();
    let owned = Command::new("chown").args(["-R", "65534:65534", &path]).status();
    assert!(owned.is_ok_and(|status| status.success()));
    (home, copy.to_string_lossy().into_owned())
}

/// sudo gives its command its own terminal and, depending on its configuration, records what that shows. From the
/// inside only root can see whether it does; others are warned once that it may, root each time that it does.
#[test]
fn p11_sudo_that_may_record_is_told() {
    const TEST: &str = "p11_sudo_that_may_record_is_told";
    if !installed(TEST, "sudo") {
        return;
    }
    let possible = Command::new("unshare").args(["--mount", "--propagation", "private", "true"]).output();
    if !rustix::process::geteuid().is_root() || !possible.is_ok_and(|output| output.status.success()) {
        skip(TEST, "only root with a mount namespace can have a sudo with another configuration");
        return;
    }
    // Its configuration, who it becomes, what it is called in the dialog; `None` where it has no own terminal.
    for (defaults, user, words) in [
        ("Defaults use_pty, log_output", "nobody", Some("passes this terminal on and may record it.")),
        ("Defaults use_pty", "nobody", Some("passes this terminal on and may record it.")),
        ("Defaults use_pty, log_output", "nobody", Some("A recorder was seen: script (process")),
        ("Defaults use_pty, log_output", "root", Some("A recorder was seen: sudo (process")),
        ("Defaults !use_pty, !log_output", "nobody", None),
    ] {
        let (home, program) = for_nobody();
        let sudoers = home.path().join("sudoers");
        let logs = home.path().join("sudo-io");
        std::fs::write(
            &sudoers,
            format!("{defaults}\nDefaults iolog_dir={}\nroot ALL=(ALL:ALL) NOPASSWD: ALL\n", logs.display()),
        )
        .expect("a file");
        let script = format!("script -q -c '{program} --demo --org HPD' {}/typescript", home.path().display());
        let plain = format!("{program} --demo --org HPD");
        let command = if words.is_some_and(|words| words.contains("script")) { script } else { plain };
        let inner = format!(
            "chown 0:0 {0}; chmod 440 {0}; mount --bind {0} /etc/sudoers; \
             exec sudo -u {user} env SHELL=/bin/sh HOME={1} {command}",
            sudoers.display(),
            home.path().display()
        );
        let args = ["--mount", "--propagation", "private", "/bin/sh", "-ec", &inner];
        let session = Start::program("unshare", &args).home(home).run();
        go_to_password(&session);
        session.send("r");
        let Some(words) = words else {
            session.wait_for(VALUE);
            assert!(!session.screen().contains("Show this password?"), "{defaults}");
            continue;
        };
        session.wait_for("Show this password?");
        session.wait_until(&format!("{defaults}, {user}: {words}"), |screen| {
            let text: Vec<_> = screen.contents().split_whitespace().map(str::to_owned).collect();
            let text = text.into_iter().filter(|word| word != "│").collect::<Vec<_>>().join(" ");
            text.contains("sudo (process") && text.contains(words)
        });
        assert!(!audit(session.home()).contains("intent"));
        session.send("y");
        session.wait_for(VALUE);
        session.send("r");
        session.wait_gone(VALUE);
        session.send("r");
        if user == "root" || words.contains("script") {
            // Who is known to see it is told each time.
            session.wait_for("Show this password?");
        } else {
            // The same doubt was read and accepted, and stays on record.
            session.wait_for(VALUE);
            let intents = audit(session.home());
            let intents = intents.lines().filter(|line| line.contains("\"intent\"") && line.contains("\"reveal\""));
            assert_eq!(intents.filter(|line| line.contains("\"cautions\":\"sudo\"")).count(), 2);
            // But not for what is another thing.
            session.send("r");
            session.wait_gone(VALUE);
            session.send("C");
            session.wait_for("Spell out this password?");
        }
        // What it wrote down is what the dialog warned of.
        if defaults.contains("log_output") {
            assert!(logs.join("00").exists(), "sudo wrote a log");
        }
    }
}

/// A screen that runs with the rights of a group hides from its user what it has open.
#[test]
fn p11_a_gnu_screen_that_hides_what_it_does_asks_once_and_again_after_somebody_attached() {
    const TEST: &str = "p11_a_gnu_screen_that_hides_what_it_does_asks_once_and_again_after_somebody_attached";
    const DOUBT: &str = "could not be found out";
    if !installed(TEST, "screen") {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        skip(TEST, "only root can give screen the rights of a group");
        return;
    }
    let (home, program) = for_nobody();
    let screen = home.path().join("screen").to_string_lossy().into_owned();
    std::fs::copy("/usr/bin/screen", &screen).expect("a copy");
    let sockets = home.path().join("screens").to_string_lossy().into_owned();
    let prepare = format!(
        "chown 0:43 {screen}; chmod 2755 {screen}; install -d -m700 -o65534 -g65534 {sockets}; : > {0}/screenrc",
        home.path().display()
    );
    assert!(Command::new("/bin/sh").args(["-ec", &prepare]).status().is_ok_and(|status| status.success()));
    let options = home.path().join("screenrc").to_string_lossy().into_owned();
    let name = format!("gluepot-hidden-{}", std::process::id());
    let path = home.path().to_string_lossy().into_owned();
    let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "env"];
    let (home_is, sockets_are) = (format!("HOME={path}"), format!("SCREENDIR={sockets}"));
    let common = [nobody.as_slice(), &[&home_is, &sockets_are, &screen, "-U", "-c", &options]].concat();
    let args = [common.as_slice(), &["-S", &name, &program, "--demo", "--org", "HPD"]].concat();
    let session = Start::program("setpriv", &args).home(home).run();
    go_to_password(&session);
    session.send("r");
    session.wait_for(DOUBT);
    session.send("y");
    session.wait_for(VALUE);
    for _ in 0..2 {
        session.send("r");
        session.wait_gone(VALUE);
        session.send("r");
        session.wait_for(VALUE);
        assert!(!session.screen().contains(DOUBT));
    }
    session.send("r");
    session.wait_gone(VALUE);
    let second = Start::program("setpriv", &[common.as_slice(), &["-x", &name]].concat()).run();
    second.wait_for(NAME);
    session.send("r");
    session.wait_for(DOUBT);
    let quit = [common.as_slice(), &["-S", &name, "-X", "quit"]].concat();
    assert!(Command::new("setpriv").args(&quit).status().is_ok_and(|status| status.success()));
}

fn stop_and_continue(session: &Session, time: Duration) {
    let pid = Pid::from_raw(i32::try_from(session.pid()).expect("a process id")).expect("a process id");
    kill_process(pid, Signal::STOP).expect("it is ours");
    let end = BootTime::now() + time;
    crate::wait_until("the time is over", || BootTime::now() >= end);
    kill_process(pid, Signal::CONT).expect("it is ours");
}

#[test]
fn p11_p25_a_value_is_off_the_screen_while_the_program_is_stopped_and_after_it_went_on() {
    for keys in ["r", "C"] {
        let home = crate::home_with("[ui]\nreveal_seconds = 2\n");
        let mut session = Start::gluepot(&["--demo", "--org", "HPD"]).home(home).run();
        go_to_password(&session);
        let start = Instant::now();
        session.send(keys);
        let shown = if keys == "r" { VALUE } else { "1 to 4 of 22" };
        session.wait_for(shown);
        session.wait_for("hides in");
        session.kill(Signal::STOP);
        // The program cannot do anything now. The guard takes the value off the screen.
        session.wait_gone(shown);
        let gone = start.elapsed();
        assert!(gone < Duration::from_secs(30), "{gone:?}");
        assert!(!session.screen().contains("Mike"), "{}", session.screen());
        let mark = session.mark();
        let went_on = Instant::now();
        session.kill(Signal::CONT);
        session.wait_for(NAME);
        assert!(went_on.elapsed() < Duration::from_secs(1), "{:?}", went_on.elapsed());
        session.settle(Duration::from_millis(200));
        let bytes = session.bytes_since(mark);
        assert!(memchr::memmem::find(&bytes, VALUE.as_bytes()).is_none(), "it was drawn once more");
        assert!(!session.screen().contains(shown) && !session.screen().contains("Mike"), "{}", session.screen());
        crate::wait_until("its end is on record", || audit(session.home()).contains("\"hidden\""));
        assert!(audit(session.home()).contains("its time was over"), "{}", audit(session.home()));
        session.send("q");
        assert_eq!(session.wait_exit(), End::Code(0));
    }
}

#[test]
fn p11_a_value_that_is_not_due_yet_stays_over_a_stop() {
    let home = crate::home_with("[ui]\nreveal_seconds = 30\n");
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).home(home).run();
    go_to_password(&session);
    session.send("r");
    session.wait_for(VALUE);
    stop_and_continue(&session, Duration::from_millis(300));
    session.settle(Duration::from_millis(200));
    session.wait_for(VALUE);
    session.send("\x1b");
    session.wait_gone(VALUE);
}

#[test]
fn p25_the_lock_that_was_due_during_a_stop_comes_at_once() {
    let home = crate::home_with("[ui]\nlock_after = 2\n");
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).home(home).run();
    session.wait_for("HPD-AP01");
    stop_and_continue(&session, Duration::from_millis(2_300));
    let went_on = Instant::now();
    session.wait_for("gluepot is locked");
    session.wait_for("unlock");
    assert!(went_on.elapsed() < Duration::from_secs(1), "{:?}", went_on.elapsed());
    assert!(!session.screen().contains("HPD"), "{}", session.screen());
    session.send("\r");
    session.wait_for("HPD-AP01");
}

/// The bytes of each frame, as the program wrote them, hold four characters at most.
#[test]
fn p11_no_frame_of_the_console_holds_the_whole_value() {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    go_to_password(&session);
    let start = session.mark();
    session.send("C");
    session.wait_for("1 to 4 of 22");
    for part in 1..6 {
        let mark = session.mark();
        session.send("l");
        session.wait_for(&format!("{} to {} of 22", part * 4 + 1, (part * 4 + 4).min(22)));
        session.settle(Duration::from_millis(80));
        // In a frame only what changed is drawn, so the letters of its part are all there can be.
        let bytes = session.bytes_since(mark);
        let shown = letters_of(&bytes);
        let whole: String = VALUE.chars().filter(char::is_ascii_alphanumeric).collect();
        assert!(!shown.contains(&whole) && !String::from_utf8_lossy(&bytes).contains(VALUE));
        for window in VALUE.as_bytes().windows(5) {
            assert!(memchr::memmem::find(&bytes, window).is_none(), "five characters together in part {part}");
        }
        let screen = session.screen();
        let spelled =
            screen.lines().filter(|line| line.contains("letter") || line.contains("symbol") || line.contains("digit"));
        assert!(spelled.count() <= 4, "{screen}");
    }
    session.send("\x1b");
    session.wait_gone("of 22");
    let all = session.bytes_since(start);
    assert!(memchr::memmem::find(&all, VALUE.as_bytes()).is_none(), "nor do all frames together hold it in one piece");
    assert!(!audit(session.home()).contains("maple"));
}

/// The printable text of a stream without its escape sequences and blanks.
fn letters_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut letters = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\x1b' {
            for c in chars.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else if c.is_ascii_alphanumeric() {
            letters.push(c);
        }
    }
    letters
}

// The PIN

fn type_pin(session: &Session, first: &str, again: &str) {
    session.wait_for("New PIN:");
    session.send(&format!("{first}\r"));
    session.wait_for("Repeat the PIN:");
    session.send(&format!("{again}\r"));
}

#[test]
fn p26_a_pin_is_typed_unseen_and_stored_as_a_hash_and_opens_the_lock() {
    let home = crate::home_with("");
    let mut session = Start::gluepot(&["pin", "set"]).home(home).run();
    type_pin(&session, "27 sheep", "27 sheep");
    session.wait_for("PIN set.");
    assert_eq!(session.wait_exit(), End::Code(0));
    let bytes = session.all_bytes();
    assert!(memchr::memmem::find(&bytes, b"sheep").is_none(), "it was echoed");
    assert!(!session.is_raw());
    let file = session.home().join(".local/state/gluepot/pin");
    let stored = std::fs::read_to_string(&file).expect("the hash");
    assert!(stored.starts_with("$argon2id$") && !stored.contains("sheep"));

    let hash = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(hash.path().join(".local/state/gluepot")).expect("a folder");
    std::fs::copy(&file, hash.path().join(".local/state/gluepot/pin")).expect("a copy");
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).home(hash).run();
    session.wait_for("HPD-AP01");
    session.send("L");
    session.wait_for("PIN");
    session.send("27 goats\r");
    session.wait_for("Wrong PIN.");
    session.wait_gone("Try again in");
    session.send("27 sheep\r");
    session.wait_for("HPD-AP01");
    let bytes = session.all_bytes();
    assert!(memchr::memmem::find(&bytes, b"sheep").is_none() && memchr::memmem::find(&bytes, b"goats").is_none());
}

#[test]
fn p26_two_different_pins_a_short_one_and_a_pipe_set_nothing() {
    let mut session = Start::gluepot(&["pin", "set"]).run();
    type_pin(&session, "27 sheep", "27 goats");
    session.wait_for("the two entries differ");
    assert_eq!(session.wait_exit(), End::Code(1));
    assert!(!session.home().join(".local/state/gluepot/pin").exists());

    let mut session = Start::gluepot(&["pin", "set"]).run();
    session.wait_for("New PIN:");
    session.send("123\r");
    session.wait_for("a PIN has 4 to 64 characters");
    assert_eq!(session.wait_exit(), End::Code(1));

    let mut session = Start::gluepot(&["pin", "set"]).run();
    session.wait_for("New PIN:");
    session.send("12345\x03");
    session.wait_for("the PIN was not changed");
    assert_eq!(session.wait_exit(), End::Code(1));
    assert!(!session.is_raw(), "the echo is back");

    let home = tempfile::tempdir().expect("a temporary folder");
    let mut piped = Command::new(gluepot());
    piped
        .args(["pin", "set"])
        .env("HOME", home.path())
        .env_remove("XDG_STATE_HOME")
        .stdin(std::process::Stdio::piped());
    let output = piped.output().expect("it starts");
    assert!(String::from_utf8_lossy(&output.stderr).contains("a pipe or a file is not accepted"), "{output:?}");
    assert!(!output.status.success());
}
