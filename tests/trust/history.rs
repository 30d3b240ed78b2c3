//! A value that was shown is in no history of a multiplexer, whatever ends it and whatever happens while it is shown.
//!
//! GNU screen has its alternate screen off as it comes, and tmux can be told so: there all that is drawn is drawn where
//! the shell draws, and what is cleared in one go is moved into the history. `hardcopy -h` and `capture-pane -S -` give
//! the whole of it.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::memory::children;
use gluepot_testkit::pty::{Session, Start};

/// A password of the demo, and its value.
const KEYS: &str = "4/HPD-IMG01 local\r";
const VALUE: &str = "maple-Orbit-42-thistle";

const REST: Duration = Duration::from_millis(300);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// GNU screen as it comes: no alternate screen
    Screen,
    /// GNU screen with `altscreen on`
    ScreenWithAlternate,
    /// tmux as it comes
    Tmux,
    /// tmux with `alternate-screen off`
    TmuxWithoutAlternate,
}

/// The program in a shell in a multiplexer of the test's own, which ends with it.
struct Inside {
    place: Place,
    outer: Session,
    folder: String,
}

impl Inside {
    fn run(place: Place) -> Option<Self> {
        let program = if place.is_screen() { "screen" } else { "tmux" };
        if !std::path::Path::new("/usr/bin").join(program).exists() {
            crate::skip("p11_a_value_is_in_no_history…", &format!("{program} is not installed"));
            return None;
        }
        let home = crate::home_with("");
        let folder = home.path().join("sockets");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).expect("it is ours");
        let options = home.path().join("options");
        let text = match place {
            Place::Screen => "startup_message off\n",
            Place::ScreenWithAlternate => "startup_message off\naltscreen on\n",
            Place::Tmux => "set -s escape-time 0\n",
            Place::TmuxWithoutAlternate => "set -s escape-time 0\nset -g alternate-screen off\n",
        };
        std::fs::write(&options, text).expect("a file");
        let (folder, options) = (folder.to_string_lossy().into_owned(), options.to_string_lossy().into_owned());
        let socket = format!("{folder}/tmux");
        let args: Vec<&str> = if place.is_screen() {
            vec!["-U", "-c", &options, "-S", "history", "/bin/sh"]
        } else {
            vec!["-u", "-S", &socket, "-f", &options, "new-session", "/bin/sh"]
        };
        let outer = Start::program(program, &args).env("SCREENDIR", &folder).env("PS1", "$ ").home(home).run();
        let inside = Self { place, outer, folder };
        inside.outer.wait_until("a prompt", |screen| screen.contents().contains(['$', '#']));
        inside.outer.send("echo SHELL-\"\"TEXT\r");
        inside.outer.wait_for("SHELL-TEXT");
        inside.outer.send(&format!("{} --demo --org HPD; echo EN\"\"DED\r", env!("CARGO_BIN_EXE_gluepot")));
        inside.outer.wait_for("HPD-AP01");
        inside.outer.send(KEYS);
        inside.outer.wait_for("svc-img");
        inside.outer.settle(REST);
        inside.outer.send("r");
        inside.outer.wait_for(VALUE);
        inside.outer.wait_for("hides in");
        inside.outer.settle(REST);
        Some(inside)
    }

    /// Asks the multiplexer.
    fn ask(&self, args: &[&str]) -> String {
        let (program, first) = if self.place.is_screen() {
            ("screen", ["-S".to_owned(), "history".to_owned()])
        } else {
            ("tmux", ["-S".to_owned(), format!("{}/tmux", self.folder)])
        };
        let mut command = Command::new(program);
        command.args(first).args(args).env("SCREENDIR", &self.folder).env_remove("TMUX").env_remove("STY");
        let output = command.output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// All that is on its screen and in its history.
    fn history(&self) -> String {
        if !self.place.is_screen() {
            return self.ask(&["capture-pane", "-p", "-S", "-"]);
        }
        let file = format!("{}/dump", self.folder);
        let _ = std::fs::remove_file(&file);
        self.ask(&["-X", "hardcopy", "-h", &file]);
        let mut text = String::new();
        crate::wait_until("screen writes its history", || {
            // It cuts characters at the edge of the screen.
            let now = String::from_utf8_lossy(&std::fs::read(&file).unwrap_or_default()).into_owned();
            let is_whole = !now.is_empty() && now == text && now.ends_with('\n');
            text = now;
            is_whole
        });
        text
    }

    /// The processes of the program, found below the multiplexer.
    fn program(&self) -> u32 {
        let name = |pid: u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        let home = format!("HOME={}", self.outer.home().display());
        let all = std::fs::read_dir("/proc").expect("there are processes").flatten();
        let all = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let shell = all.filter(|&pid| name(pid).trim() == "sh").find(|pid| {
            std::fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|text| memchr::memmem::find(&text, home.as_bytes()).is_some())
        });
        let below = children(shell.expect("the shell runs"));
        below.into_iter().find(|&pid| name(pid).trim() == "gluepot").expect("the program runs")
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.program().cast_signed()).expect("a process id");
        kill_process(pid, signal).expect("the signal is sent");
    }

    fn quits(&self) {
        self.outer.send("\x03");
        self.outer.wait_gone("Organizations");
        self.outer.settle(REST);
    }

    fn hides(&self) {
        self.outer.send("r");
        self.outer.wait_gone("hides in");
        self.outer.settle(REST);
    }

    fn resizes(&self, columns: u16, rows: u16) {
        self.outer.resize(columns, rows);
        self.outer.settle(REST);
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        if self.place.is_screen() {
            self.ask(&["-X", "quit"]);
        } else {
            self.ask(&["kill-server"]);
        }
    }
}

impl Place {
    fn is_screen(self) -> bool {
        matches!(self, Self::Screen | Self::ScreenWithAlternate)
    }
}

/// What happens while it is shown, and how it is called.
type Way = (&'static str, fn(&Inside));

const WAYS: &[Way] = &[
    ("Ctrl-C", Inside::quits),
    ("q", |inside| {
        inside.outer.send("q");
        inside.outer.wait_for("ENDED");
    }),
    ("Ctrl-L, hidden, quit", |inside| {
        inside.outer.send("\x0c");
        inside.outer.settle(REST);
        inside.hides();
        inside.quits();
    }),
    ("KILL, and the guard", |inside| {
        inside.signal(Signal::KILL);
        // What the shell says then may be wiped with the value.
        inside.outer.wait_gone(VALUE);
        inside.outer.settle(REST);
    }),
    ("TERM", |inside| {
        inside.signal(Signal::TERM);
        inside.outer.wait_for("ENDED");
    }),
    ("Ctrl-Z, fg, quit", |inside| {
        inside.outer.send("\x1a");
        inside.outer.wait_for("topped");
        inside.outer.send("fg\r");
        inside.outer.wait_for("Harbour & Pine Dental");
        inside.outer.settle(REST);
        inside.quits();
    }),
    ("lower and back, hidden, quit", |inside| {
        inside.resizes(120, 20);
        inside.resizes(120, 36);
        inside.hides();
        inside.quits();
    }),
    ("lower, hidden", |inside| {
        inside.resizes(120, 20);
        inside.hides();
    }),
    ("larger and back, hidden", |inside| {
        inside.resizes(150, 50);
        inside.resizes(120, 36);
        inside.hides();
    }),
    ("narrower, hidden", |inside| {
        inside.resizes(100, 36);
        inside.hides();
    }),
];

/// Where the ways begin in which the window becomes narrower.
const NARROWER: usize = 8;

fn is_in_no_history(place: Place, ways: &[Way]) {
    for (case, how) in ways {
        let Some(inside) = Inside::run(place) else { return };
        how(&inside);
        let history = inside.history();
        assert!(!history.contains(VALUE), "{place:?}, {case}:\n{history}");
        // What the shell had shown is where it was; or this looks at nothing.
        assert!(history.len() > 50, "{place:?}, {case}: {history:?}");
    }
}

#[test]
fn p11_a_value_is_in_no_history_of_gnu_screen_as_it_comes() {
    is_in_no_history(Place::Screen, &WAYS[..6]);
}

#[test]
fn p11_a_value_is_in_no_history_of_a_gnu_screen_that_changes_its_size() {
    is_in_no_history(Place::Screen, &WAYS[6..]);
}

#[test]
fn p11_a_value_is_in_no_history_of_a_tmux_without_an_alternate_screen() {
    // One that becomes narrower wraps each row into two, and there are more rows than it shows: it moves the upper ones
    // into its history before the program hears of it (docs/security.md).
    is_in_no_history(Place::TmuxWithoutAlternate, &WAYS[..NARROWER]);
}

#[test]
#[ignore = "takes a minute"]
fn p11_a_value_is_in_no_history_where_there_is_an_alternate_screen() {
    is_in_no_history(Place::ScreenWithAlternate, WAYS);
    is_in_no_history(Place::Tmux, WAYS);
}
