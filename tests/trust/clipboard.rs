//! P8, P9, P10: copied passwords are taken back whatever happens, are kept out of histories, and nothing is called
//! copied that was only sent.
//!
//! The matrix: seven ways (X11, Wayland, tmux with `set-clipboard` external, on and off, GNU screen, a plain terminal)
//! and six ends (the clock, quit, TERM, HUP, KILL, the terminal gone), with the real binary. The tests check
//! the clipboard itself: by xclip and wl-paste on the desktops, by what reached the outermost terminal elsewhere.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::skip;
use gluepot_testkit::pty::{LIMIT, Session, Start};

const BINARY: &str = env!("CARGO_BIN_EXE_gluepot");
/// A password of the demo: its name, what finds it, its value.
const NAME: &str = "HPD-IMG01 local admin";
const KEYS: &str = "4/HPD-IMG01 local\r";
const VALUE: &str = "maple-Orbit-42-thistle";
/// What a user copies after us.
const NEWER: &str = "newer";
const HINT: &str = "x-kde-passwordManagerHint";
/// P8: cleared so long after the end, or after the time was over.
const PROMPT: Duration = Duration::from_secs(1);
/// The unprivileged user of the desktops that refuse root.
const NOBODY: u32 = 65_534;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    X11,
    Wayland,
    Tmux(&'static str),
    Screen,
    Plain,
}

const PLACES: [Place; 7] = [
    Place::X11,
    Place::Wayland,
    Place::Tmux("external"),
    Place::Tmux("on"),
    Place::Tmux("off"),
    Place::Screen,
    Place::Plain,
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    Clock,
    Quit,
    Term,
    Hup,
    Kill,
    /// The window is closed around the program
    Gone,
}

const ENDS: [End; 6] = [End::Clock, End::Quit, End::Term, End::Hup, End::Kill, End::Gone];

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
    kill_process(Pid::from_raw(pid).expect("a process id"), signal).expect("the signal is sent");
}

fn runs(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// The guard of a program.
fn guard_of(program: i32) -> Option<i32> {
    let children = std::fs::read_to_string(format!("/proc/{program}/task/{program}/children")).ok()?;
    let others = std::fs::read_dir(format!("/proc/{program}/task")).ok()?.flatten();
    let all = others.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let all: Vec<String> = std::iter::once(children).chain(all).collect();
    let pids = all.iter().flat_map(|line| line.split_whitespace()).filter_map(|pid| pid.parse().ok());
    let named = |pid: &i32| {
        std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.starts_with("gluepot-guard"))
    };
    pids.filter(|pid| *pid != program).find(named)
}

/// What is missing for a place, if something is.
fn missing(place: Place) -> Option<String> {
    let needed: &[&str] = match place {
        Place::X11 => &["Xvfb", "xclip", "script"],
        Place::Wayland => &["sway", "wl-paste", "wl-copy", "script", "setpriv"],
        Place::Tmux(_) => &["tmux"],
        Place::Screen => &["screen"],
        Place::Plain => &["script"],
    };
    let found =
        |name: &&&str| ["/usr/local/bin", "/usr/bin", "/bin"].iter().any(|dir| Path::new(dir).join(name).exists());
    needed.iter().find(|name| !found(name)).map(|name| format!("{name} is not installed"))
}

/// A process that ends with the test.
struct Helper(Child);

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A desktop without a screen.
struct Desk {
    server: Helper,
    environment: Vec<(String, String)>,
    /// Whether programs run as another user there
    unprivileged: bool,
    _folder: TempDir,
}

impl Desk {
    fn x11() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "640x480x8", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let mut output = std::io::BufReader::new(server.stdout.take().expect("a pipe"));
        std::io::BufRead::read_line(&mut output, &mut number).expect("Xvfb says its number");
        let environment = vec![("DISPLAY".to_owned(), format!(":{}", number.trim()))];
        Self { server: Helper(server), environment, unprivileged: false, _folder: folder }
    }

    fn wayland() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let unprivileged = rustix::process::geteuid().is_root();
        if unprivileged {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).expect("root gives folders away");
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("a mode");
        let path = folder.path().to_string_lossy().into_owned();
        let environment =
            vec![("XDG_RUNTIME_DIR".to_owned(), path), ("WAYLAND_DISPLAY".to_owned(), "wayland-1".to_owned())];
        let mut command = as_user(unprivileged, "sway");
        command.args(["-c", "/dev/null"]).env("XDG_RUNTIME_DIR", folder.path()).env("HOME", folder.path());
        for (name, value) in
            [("WLR_BACKENDS", "headless"), ("WLR_LIBINPUT_NO_DEVICES", "1"), ("WLR_RENDERER", "pixman")]
        {
            command.env(name, value);
        }
        let server = Helper(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sway starts"));
        let desk = Self { server, environment, unprivileged, _folder: folder };
        wait_until("sway answers", || {
            let answer = desk.run("wl-paste", &["--list-types"]);
            // With nothing copied it says so and fails.
            (answer.status.success()
                || String::from_utf8_lossy(&answer.stderr).contains("No selection")
                || String::from_utf8_lossy(&answer.stderr).contains("Nothing is copied"))
            .then_some(())
        });
        desk
    }

    fn run(&self, program: &str, args: &[&str]) -> std::process::Output {
        let mut command = as_user(self.unprivileged, program);
        command.args(args).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).output().expect("it starts")
    }

    fn is_x11(&self) -> bool {
        self.environment.iter().any(|(name, _)| name == "DISPLAY")
    }

    fn content(&self) -> String {
        let output = if self.is_x11() {
            self.run("xclip", &["-selection", "clipboard", "-out"])
        } else {
            self.run("wl-paste", &["--no-newline"])
        };
        if output.status.success() { String::from_utf8_lossy(&output.stdout).into_owned() } else { String::new() }
    }

    /// The formats that the owner of the clipboard offers, and what it gives for the hint.
    fn hint(&self) -> (String, String) {
        let (targets, hint) = if self.is_x11() {
            let of = |target| self.run("xclip", &["-selection", "clipboard", "-out", "-target", target]);
            (of("TARGETS"), of(HINT))
        } else {
            (self.run("wl-paste", &["--list-types"]), self.run("wl-paste", &["--no-newline", "--type", HINT]))
        };
        let text = |output: std::process::Output| String::from_utf8_lossy(&output.stdout).into_owned();
        (text(targets), text(hint))
    }

    fn put(&self, text: &str) {
        let mut command = if self.is_x11() {
            let mut command = as_user(self.unprivileged, "xclip");
            command.args(["-selection", "clipboard", "-in"]);
            command
        } else {
            as_user(self.unprivileged, "wl-copy")
        };
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut input, text.as_bytes()).expect("it takes text");
        drop(input);
        // Both continue in the background to serve it.
        child.wait().expect("it was started here");
        wait_until("the newer text is in the clipboard", || (self.content() == text).then_some(()));
    }
}

fn as_user(unprivileged: bool, program: &str) -> Command {
    let mut command = if unprivileged {
        let mut command = Command::new("setpriv");
        let id = NOBODY.to_string();
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups", program]);
        command
    } else {
        Command::new(program)
    };
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").current_dir("/");
    command
}

/// The program at work in a place, and what can be seen of it from outside.
struct Stage {
    place: Place,
    outer: Session,
    desk: Option<Desk>,
    /// Socket of tmux, or folder of screen's sockets
    socket: PathBuf,
    program: i32,
    guard: i32,
    home: PathBuf,
}

impl Stage {
    fn start(place: Place, config: &str) -> Self {
        let desk = match place {
            Place::X11 => Some(Desk::x11()),
            Place::Wayland => Some(Desk::wayland()),
            _ => None,
        };
        let home = crate::home_with(config);
        let path = home.path().to_owned();
        let unprivileged = desk.as_ref().is_some_and(|desk| desk.unprivileged);
        let mut binary = BINARY.to_owned();
        if unprivileged {
            // The build may lie where only this user may look.
            let copy = path.join("gluepot");
            if std::fs::hard_link(BINARY, &copy).is_err() {
                std::fs::copy(BINARY, &copy).expect("the program is copied");
            }
            binary = copy.to_string_lossy().into_owned();
            give_away(&path);
        }
        let pid_file = path.join("pid");
        let program = format!("echo $$ > {}; exec {binary} --demo --org HPD", pid_file.display());
        let socket = path.join(if place == Place::Screen { "sockets" } else { "tmux" });
        let start = match place {
            Place::X11 | Place::Wayland | Place::Plain => {
                // Its death takes the terminal of the program away, as a closed window does.
                let script = ["script", "-qfec", &program, "/dev/null"];
                if unprivileged {
                    let id = NOBODY.to_string();
                    let mut args = vec!["--reuid", &id, "--regid", &id, "--clear-groups"];
                    args.extend(script);
                    Start::program("setpriv", &args)
                } else {
                    Start::program("script", &script[1..])
                }
                .env("SHELL", "/bin/sh")
            }
            Place::Tmux(setting) => {
                let config = path.join("tmux.conf");
                let lines = format!("set -s exit-empty off\nset -s escape-time 0\nset -s set-clipboard {setting}\n");
                std::fs::write(&config, lines).expect("a file");
                let (socket, config) = (socket.to_string_lossy().into_owned(), config.to_string_lossy().into_owned());
                Start::program("tmux", &["-u", "-S", &socket, "-f", &config, "new-session", "-s", "work", &program])
            }
            Place::Screen => {
                std::fs::create_dir(&socket).expect("a folder");
                std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o700)).expect("a mode");
                std::fs::write(path.join("run"), &program).expect("a file");
                let config = path.join("screenrc");
                let lines = format!(
                    "startup_message off\nscreen -ln 0 sh {}\nscreen -ln 1 sleep 1000\nselect 0\n",
                    path.join("run").display()
                );
                std::fs::write(&config, lines).expect("a file");
                let socket = socket.to_string_lossy().into_owned();
                Start::program("screen", &["-c", &config.to_string_lossy(), "-S", "work"]).env("SCREENDIR", &socket)
            }
        };
        let mut start = start.home(home);
        for (name, value) in desk.iter().flat_map(|desk| &desk.environment) {
            start = start.env(name, value);
        }
        let outer = start.run();
        outer.wait_for("HPD-AP01");
        let program = std::fs::read_to_string(pid_file).ok().and_then(|text| text.trim().parse().ok());
        let program: i32 = program.expect("the shell said who it is");
        let guard = wait_until("the program has a guard", || guard_of(program));
        let stage = Self { place, outer, desk, socket, program, guard, home: path };
        if let Place::Tmux(_) = place {
            stage.tmux(&["new-window", "-d", "-t", "work", "sleep 1000"]);
        }
        stage.outer.send(KEYS);
        stage.outer.wait_until("the password is in the detail", |screen| {
            let text = screen.contents();
            text.contains(NAME) && text.contains("•••")
        });
        stage
    }

    fn tmux(&self, args: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).args(args).env_remove("TMUX");
        let output = command.output().expect("tmux starts");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn screen(&self, args: &[&str]) {
        let mut command = Command::new("screen");
        command.args(["-S", "work"]).args(args).env("SCREENDIR", &self.socket);
        command.stdin(Stdio::null()).output().expect("screen starts");
    }

    fn buffers(&self) -> Vec<String> {
        let names = self.tmux(&["list-buffers", "-F", "#{buffer_name}"]);
        names.lines().map(|name| self.tmux(&["show-buffer", "-b", name])).collect()
    }

    /// What is in the clipboard of the person, as far as the outermost terminal or the desktop was told.
    fn content(&self) -> String {
        match &self.desk {
            Some(desk) => desk.content(),
            None => clipboards(&self.outer.all_bytes()).pop().unwrap_or_default(),
        }
    }

    fn way(&self) -> &'static str {
        match self.place {
            Place::X11 => "desktop (X11)",
            Place::Wayland => "desktop (Wayland)",
            Place::Tmux(_) => "tmux",
            Place::Screen => "screen",
            Place::Plain => "terminal (OSC 52)",
        }
    }

    /// Copies, and looks whether what is said is true (P10), and on a desktop whether the hint is there (P9).
    fn copy(&self) {
        self.outer.send("c");
        if self.place == Place::Plain {
            // What closes the terminal here is `script`, which the program rightly takes for a recorder.
            self.outer.wait_for("Esc cancel");
            self.outer.send("y");
        }
        self.outer.wait_for("Clears in");
        let screen = self.outer.screen();
        match &self.desk {
            Some(desk) => {
                assert!(screen.contains(&format!("Copied {NAME} ({}).", self.way())), "{screen}");
                // It was said to be there, so it is there.
                assert_eq!(desk.content(), VALUE);
                let (targets, hint) = desk.hint();
                assert!(targets.lines().any(|target| target == HINT), "{targets}");
                assert_eq!(hint, "secret");
            }
            None => {
                assert!(screen.contains(&format!("Sent {NAME} (terminal cannot confirm)")), "{screen}");
                assert!(!screen.contains("Copied"), "{screen}");
                wait_until("the value is in the clipboard", || (self.content() == VALUE).then_some(()));
            }
        }
        assert!(!screen.contains(VALUE), "{screen}");
        if let Place::Tmux(_) = self.place {
            assert_eq!(self.buffers(), Vec::<String>::new(), "a paste buffer was left");
        }
    }

    /// A user copies something else, where that can be seen from here.
    fn copy_newer(&self) {
        match (&self.desk, self.place) {
            (Some(desk), _) => desk.put(NEWER),
            (_, Place::Tmux(_)) => {
                self.tmux(&["set-buffer", "-w", NEWER]);
                wait_until("the newer text is in the clipboard", || (self.content() == NEWER).then_some(()));
            }
            _ => unreachable!("a terminal cannot be asked"),
        }
    }

    fn end(&self, end: End) {
        match end {
            End::Clock => {}
            End::Quit => self.outer.send("q"),
            End::Term => signal(self.program, Signal::TERM),
            End::Hup => signal(self.program, Signal::HUP),
            End::Kill => signal(self.program, Signal::KILL),
            End::Gone => match self.place {
                Place::Tmux(_) => {
                    self.tmux(&["kill-window", "-t", "work:0"]);
                }
                Place::Screen => self.screen(&["-p", "0", "-X", "kill"]),
                _ => signal(self.outer.pid() as i32, Signal::KILL),
            },
        }
    }

    fn audit(&self) -> String {
        let path = self.home.join(".local/state/gluepot/demo-audit/audit.log");
        std::fs::read_to_string(path).expect("the trail is there")
    }

    /// Neither the program nor its guard is left.
    fn all_over(&self) {
        wait_until("the program is gone", || (!runs(self.program)).then_some(()));
        wait_until("the guard is gone", || (!runs(self.guard)).then_some(()));
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        match self.place {
            Place::Tmux(_) => drop(self.tmux(&["kill-server"])),
            Place::Screen => self.screen(&["-X", "quit"]),
            _ => {}
        }
        for pid in [self.program, self.guard] {
            if runs(pid)
                && let Some(pid) = Pid::from_raw(pid)
            {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// Gives a folder and what is in it to the unprivileged user; the program keeps its owner.
fn give_away(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).expect("root gives folders away");
    if path.is_dir() {
        for entry in std::fs::read_dir(path)
            .expect("a folder")
            .flatten()
            .filter(|entry| entry.file_name() != "gluepot" || entry.path().is_dir())
        {
            give_away(&entry.path());
        }
    }
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

/// What came of one field of the matrix.
enum Came {
    /// Cleared so long after
    Cleared(Duration),
    /// The newer content is still there
    Kept,
    /// There was no way to tell the terminal, and the trail says so
    OutOfReach,
}

/// One field of the matrix: copy, end, look.
fn field(place: Place, end: End, newer: bool) -> Came {
    let config = if end == End::Clock { "[ui]\nclipboard_seconds = 5\n" } else { "" };
    let stage = Stage::start(place, config);
    let copied = Instant::now();
    stage.copy();
    if newer {
        stage.copy_newer();
    }
    let mut due = Instant::now();
    stage.end(end);
    if end == End::Clock {
        // It was copied after the moment noted, so this is the earliest it can be due.
        due = copied + Duration::from_secs(5);
    } else {
        wait_until("the program is gone", || (!runs(stage.program)).then_some(()));
    }
    if (place, end) == (Place::Plain, End::Gone) {
        stage.all_over();
        let audit = stage.audit();
        assert!(
            audit.lines().any(|line| line.contains("\"result\":\"cleared\"") && line.contains("not cleared")),
            "{audit}"
        );
        return Came::OutOfReach;
    }
    if newer {
        let said = || stage.audit().contains("left alone, newer content");
        // A desktop has nothing to keep once the owner is gone.
        if stage.desk.is_none() || matches!(end, End::Clock | End::Quit | End::Term) {
            wait_until("the trail says that it was left alone", || said().then_some(()));
        }
        if end != End::Clock {
            stage.all_over();
        }
        assert_eq!(stage.content(), NEWER, "{place:?}, {end:?}: newer content was touched");
        if let Place::Tmux(_) = place {
            assert_eq!(stage.buffers(), [NEWER]);
        }
        return Came::Kept;
    }
    let took = wait_until("the clipboard is cleared", || (stage.content().trim().is_empty()).then(|| due.elapsed()));
    if end == End::Clock {
        stage.outer.wait_gone("clipboard clears in");
        stage.end(End::Quit);
    }
    stage.all_over();
    // Nothing puts it back, and nothing of it is left anywhere.
    assert!(stage.content().trim().is_empty());
    if let Place::Tmux(_) = place {
        assert_eq!(stage.buffers(), Vec::<String>::new(), "a paste buffer was left");
    }
    let audit = stage.audit();
    let last = audit.lines().rev().find(|line| line.contains("\"of\":")).unwrap_or_default();
    let dies_with_us = stage.desk.is_some() && end == End::Kill;
    assert!(dies_with_us || last.contains("\"result\":\"cleared\""), "{place:?}, {end:?}: {audit}");
    assert!(!last.contains("not cleared"), "{place:?}, {end:?}: {audit}");
    assert!(!audit.contains(VALUE));
    Came::Cleared(took)
}

/// Runs a field, and again if it was late: the machine may have been busy with something else.
fn prompt_field(place: Place, end: End) -> Option<Duration> {
    let mut took = None;
    for _ in 0..3 {
        match field(place, end, false) {
            Came::Cleared(time) => {
                took = Some(took.map_or(time, |before: Duration| before.min(time)));
                if time < PROMPT {
                    break;
                }
            }
            Came::Kept | Came::OutOfReach => return None,
        }
    }
    let time = took.expect("it was tried");
    assert!(time < PROMPT, "{place:?}, {end:?}: cleared after {time:?}, three times");
    took
}

#[expect(clippy::print_stderr, reason = "the figures of the matrix are what it is run for")]
fn tell(words: &str) {
    eprintln!("{words}");
}

/// The fields that are run on every change: one end of each kind, each way once but those that need a desktop.
#[test]
fn p8_p10_a_few_fields_of_the_matrix() {
    let few = [
        (Place::Tmux("external"), End::Kill),
        (Place::Screen, End::Gone),
        (Place::Plain, End::Term),
        (Place::X11, End::Hup),
    ];
    for (place, end) in few {
        match missing(place) {
            Some(why) => skip(&format!("p8_p10 {place:?}"), &why),
            None => drop(prompt_field(place, end)),
        }
    }
}

/// The terminal says that it lost the focus (`ESC [ O`): it is told to clear in time, the chip stays, and it is told
/// again when it says that the focus is back.
#[test]
#[ignore = "waits for its clock, some ten seconds"]
fn p8_a_clear_without_the_focus_is_repeated_with_it_and_the_chip_stays_until_then() {
    let stage = Stage::start(Place::Plain, "[ui]\nclipboard_seconds = 5\n");
    stage.copy();
    stage.outer.send("\x1b[O");
    let shown = || clipboards(&stage.outer.all_bytes());
    wait_until("the terminal is told in time", || (shown() == [VALUE, " "]).then_some(()));
    stage.outer.wait_for("clipboard not cleared: focus needed");
    // The clock looks at it again and sends nothing: something newer may be in the clipboard by now.
    std::thread::sleep(Duration::from_millis(5_500));
    assert!(stage.outer.screen().contains("clipboard not cleared: focus needed"));
    assert_eq!(shown(), [VALUE, " "]);
    assert!(!stage.audit().contains("\"cleared\""));
    stage.outer.send("\x1b[I");
    wait_until("the terminal is told again", || (shown() == [VALUE, " ", " "]).then_some(()));
    stage.outer.wait_gone("clipboard not cleared");
    wait_until("it is on record", || stage.audit().contains("sent, unconfirmed").then_some(()));
    stage.end(End::Quit);
    stage.all_over();
    assert_eq!(shown().len(), 3);
}

/// Stopped, without the focus, and then killed: the guard knows the focus too, sends once, and says what that is worth.
#[test]
#[ignore = "waits for its clock, some ten seconds"]
fn p8_the_guard_knows_that_the_focus_is_away_and_says_so() {
    // Without a terminal around it that would stop with the program.
    let session =
        Start::gluepot(&["--demo", "--org", "HPD"]).home(crate::home_with("[ui]\nclipboard_seconds = 10\n")).run();
    session.wait_for("HPD-AP01");
    let program = session.pid() as i32;
    let guard = wait_until("the program has a guard", || guard_of(program));
    session.send(KEYS);
    session.wait_for("svc-img");
    session.send("c");
    session.wait_for("clipboard clears in");
    // By the second second of the countdown all of it was read.
    session.send("\x1b[O");
    let left =
        |text: &str| text.split("clears in ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
    let before = left(&session.screen());
    session.wait_until("two seconds pass", |screen| {
        left(&screen.contents()).zip(before).is_some_and(|(now, before)| now + 2 <= before)
    });
    signal(program, Signal::STOP);
    let shown = || clipboards(&session.all_bytes());
    wait_until("the guard tells the terminal", || (shown() == [VALUE, " "]).then_some(()));
    signal(program, Signal::KILL);
    wait_until("the guard is gone", || (!runs(guard)).then_some(()));
    assert_eq!(shown(), [VALUE, " "], "told without end");
    let trail = session.home().join(".local/state/gluepot/demo-audit/audit.log");
    let audit = std::fs::read_to_string(trail).expect("the trail is there");
    let last = audit.lines().last().unwrap_or_default();
    assert!(last.contains("has not the focus") && last.contains("by the guard"), "{audit}");
}

/// screen hands on only what the window in front sends.
#[test]
#[ignore = "waits for its clock, some ten seconds"]
fn p8_a_hidden_window_of_gnu_screen_is_cleared_in_time() {
    if let Some(why) = missing(Place::Screen) {
        return skip("p8 hidden window", &why);
    }
    for end in [End::Clock, End::Kill] {
        let stage = Stage::start(Place::Screen, "[ui]\nclipboard_seconds = 5\n");
        stage.copy();
        stage.screen(&["-X", "select", "1"]);
        stage.outer.wait_gone(NAME);
        stage.end(end);
        wait_until("the clipboard is cleared", || (stage.content() == " ").then_some(()));
        if end == End::Clock {
            signal(stage.program, Signal::TERM);
        }
        stage.all_over();
    }
}

#[test]
fn p8_a_detached_gnu_screen_is_cleared_once_somebody_attaches() {
    if let Some(why) = missing(Place::Screen) {
        return skip("p8 detached screen", &why);
    }
    let stage = Stage::start(Place::Screen, "");
    stage.copy();
    stage.screen(&["-X", "detach"]);
    // Until then the guard may find the terminal attached, and what it sends is lost with it.
    stage.outer.wait_for("[detached from");
    signal(stage.program, Signal::KILL);
    wait_until("the program is gone", || (!runs(stage.program)).then_some(()));
    assert!(runs(stage.guard));
    let again = Start::program("screen", &["-r", "work"]).env("SCREENDIR", &stage.socket.to_string_lossy()).run();
    wait_until("the clipboard is cleared", || (clipboards(&again.all_bytes()) == [" "]).then_some(()));
    stage.all_over();
    assert!(!stage.audit().contains("not cleared"));
}

/// What must not be called copied or sent: a terminal without a clipboard, one that tmux knows to have none, a desktop
/// that has gone away. Nothing of the value is anywhere then.
#[test]
fn p10_what_is_not_possible_is_said_with_the_reason() {
    let console = Start::gluepot(&["--demo", "--org", "HPD"]).env("TERM", "linux").home(crate::home_with("")).run();
    console.wait_for("HPD-AP01");
    console.send(KEYS);
    console.wait_for("svc-img");
    console.send("c");
    console.wait_for("Not copied: the text console has no clipboard");
    let trail = console.home().join(".local/state/gluepot/demo-audit/audit.log");
    assert!(!std::fs::read_to_string(trail).unwrap_or_default().contains("\"intent\""), "nothing was asked for");
    assert_eq!(clipboards(&console.all_bytes()), Vec::<String>::new());

    if let Some(why) = missing(Place::X11) {
        return skip("p10 desktop that is gone", &why);
    }
    let mut stage = Stage::start(Place::X11, "");
    let desk = stage.desk.as_mut().expect("it has one");
    desk.server.0.kill().expect("Xvfb is ours");
    desk.server.0.wait().expect("Xvfb is ours");
    stage.outer.send("c");
    stage.outer.wait_for("Not copied: ");
    assert!(!stage.outer.screen().contains("Copied"));
    assert!(!stage.outer.screen().contains("clipboard clears"));
}

/// The harmless word that the doctor sent, out of what it said.
fn word(told: &str) -> String {
    let is_word = |word: &&str| word.split('-').count() == 3 && word.rsplit('-').next().is_some_and(|n| n.len() == 3);
    let after = told.split("sent").nth(1).unwrap_or_default();
    after.split_whitespace().find(is_word).unwrap_or_else(|| panic!("no word was sent:\n{told}")).to_owned()
}

/// Without a terminal no one can be asked: it says what was done, and that nothing can be copied fails.
#[test]
fn p10_the_doctor_says_without_a_terminal_that_nothing_can_be_copied() {
    let done = Command::new(BINARY).args(["doctor", "clipboard"]).env_clear().env("TERM", "linux").output();
    let done = done.expect("it runs");
    let told = String::from_utf8_lossy(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(
        told.contains("the text console has no clipboard") && told.contains("Nothing can be copied here."),
        "{told}"
    );
    assert!(!told.contains("dummy text"), "{told}");
}

/// The word arrives at the terminal around tmux, is cleared, and only the same word pasted back is well.
#[test]
fn p10_the_doctor_proves_the_clipboard_in_tmux_with_a_harmless_word() {
    if let Some(why) = missing(Place::Tmux("external")) {
        return skip("p10 doctor in tmux", &why);
    }
    let home = crate::home_with("");
    let socket = home.path().join("tmux").to_string_lossy().into_owned();
    let code = home.path().join("code");
    let path = home.path().to_owned();
    let command = format!(
        "sh -c '{BINARY} doctor clipboard </dev/null | cat; {BINARY} doctor clipboard; echo $? >>{code}; \
         {BINARY} doctor clipboard; echo $? >>{code}; stty -a >{home}/modes; sleep 1000'",
        code = code.display(),
        home = path.display()
    );
    let args = ["-u", "-S", &socket, "-f", "/dev/null", "new-session", "-s", "work", &command];
    let outer = Start::program("tmux", &args).size(100, 60).home(home).run();
    let sent = |count: usize| {
        wait_until("the word and the blank reach the terminal", || {
            let all = clipboards(&outer.all_bytes());
            (all.len() >= count).then_some(all)
        })
    };
    // There is no question if the output goes elsewhere.
    let first = sent(2);
    assert_eq!((first[0].split('-').count(), first[1].as_str()), (3, " "), "{first:?}");
    outer.wait_for("Ctrl-C to cancel");
    assert!(
        outer.screen().contains("Copying goes by: tmux") && outer.screen().contains("GNU screen: not inside of it")
    );
    assert_eq!(word(&outer.screen()), first[0]);
    outer.send("\r");
    outer.wait_for("Paste it here");
    let second = sent(3)[2].clone();
    assert_ne!(second, first[0]);
    outer.send(&format!("{second}\r"));
    let codes = || std::fs::read_to_string(&code).unwrap_or_default();
    wait_until("it ends", || (codes() == "0\n").then_some(()));
    outer.wait_for("It is the same word");
    assert_eq!(sent(4)[3], " ");
    wait_until("it asks again", || (outer.screen().matches("Ctrl-C to cancel").count() == 2).then_some(()));
    outer.send("\r");
    wait_until("it asks for the word", || (outer.screen().matches("Paste it here").count() == 2).then_some(()));
    outer.send("another text\r");
    outer.wait_for("Something else is in your clipboard");
    wait_until("it fails", || (codes() == "0\n1\n").then_some(()));
    assert_eq!(sent(6)[5], " ");
    assert!(!outer.screen().contains("another text"), "what is pasted is shown");
    let modes = wait_until("the modes are told", || {
        std::fs::read_to_string(path.join("modes")).ok().filter(|modes| modes.contains("icanon"))
    });
    let words: Vec<&str> = modes.split_whitespace().collect();
    assert!(["isig", "icanon", "echo"].iter().all(|mode| words.contains(mode)), "{modes}");
    let ended = Command::new("tmux").args(["-S", &socket, "kill-server"]).status();
    assert!(ended.is_ok_and(|status| status.success()));
}

#[test]
#[ignore = "takes some minutes and needs Xvfb, sway, tmux and screen"]
fn p8_p9_p10_every_way_and_every_end_clears_within_a_second() {
    let mut figures = Vec::new();
    for place in PLACES {
        if let Some(why) = missing(place) {
            skip(&format!("p8_p9_p10 {place:?}"), &why);
            continue;
        }
        for end in ENDS {
            let took = prompt_field(place, end);
            let words = took.map_or_else(
                || "out of reach, and the trail says so".to_owned(),
                |time| format!("{} ms", time.as_millis()),
            );
            tell(&format!("{place:?}, {end:?}: {words}"));
            figures.push(took);
        }
    }
    let cleared = figures.iter().flatten().count();
    let slowest = figures.iter().flatten().max();
    tell(&format!("cleared in {cleared} of {} fields, the slowest after {slowest:?}", figures.len()));
    // Only a plain terminal that is gone cannot be told anything.
    assert!(figures.len() - cleared <= 1);
}

#[test]
#[ignore = "takes some minutes and needs Xvfb, sway and tmux"]
fn p8_newer_content_is_never_touched_where_it_can_be_seen() {
    for place in [Place::X11, Place::Wayland, Place::Tmux("external"), Place::Tmux("on")] {
        if let Some(why) = missing(place) {
            skip(&format!("p8 newer {place:?}"), &why);
            continue;
        }
        for end in ENDS {
            assert!(matches!(field(place, end, true), Came::Kept));
            tell(&format!("{place:?}, {end:?}: newer content kept"));
        }
    }
}

#[test]
fn what_is_copied_is_the_value_without_marks_for_what_does_not_show() {
    use gluepot_fake::Table;

    use crate::stage::{NAME, Stage};

    for (stored, value) in [
        ("svc-img-backup\n", "svc-img-backup"),
        ("dom\\svc-img\u{ad}sql", "dom\\svc-imgsql"),
        ("\u{feff}svc-img\u{200b}@harbour.example\r\n", "svc-img@harbour.example"),
    ] {
        let stage = Stage::new(false);
        stage.server().with_world(|world| {
            let mut ids = world.ids(Table::Passwords).into_iter();
            let id = ids.find(|&id| world.name(Table::Passwords, id) == NAME).expect("the demo has this password");
            world.edit(Table::Passwords, id, |attributes| {
                attributes.insert("username".to_owned(), stored.into());
            });
        });
        let mut session = stage.at_password("");
        session.send("u");
        session.wait_for("invisible character");
        let sent = session.clipboard().pop().expect("it is there");
        let sent = base64::engine::general_purpose::STANDARD.decode(sent).expect("base64");
        assert_eq!(String::from_utf8_lossy(&sent), value, "{stored:?}");
        session.send("q");
        session.wait_exit();
    }
}
