//! A password handed to another pane of a real tmux: it arrives exactly and nowhere else, no paste buffer and no
//! argument holds it, and the trail says where it went. `tmux` is called through a script of the test's that notes its
//! arguments.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use gluepot_fake::Table;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::skip;
use crate::stage::{Stage, go_to_password};
use gluepot_testkit::pty::{Session, Start};

const NAME: &str = "HPD-IMG01 local admin";
const VALUE: &str = "maple-Orbit-42-thistle";
/// Waits for a line without showing it, as a prompt for a password does, and keeps it.
pub const PROMPT: &str = "exec bash --norc -c 'read -rs x; printf %s \"$x\" > got; sleep 1000'";

/// A tmux with the program in its first pane.
pub struct Tmux {
    /// The terminal in front of it
    pub outer: Session,
    real: PathBuf,
    socket: PathBuf,
}

impl Tmux {
    /// The program at a password of the demo, and a pane `%1` that runs `other`. `at_paste` is done by a shell in the
    /// place of tmux before it is asked to paste.
    fn start(test: &str, other: &str, at_paste: &str) -> Option<Self> {
        let home = tempfile::tempdir().expect("a temporary folder");
        Self::with(test, home, "--demo --org HPD", other, at_paste)
    }

    /// The same with a home and arguments of the caller's.
    pub fn with(test: &str, home: TempDir, arguments: &str, other: &str, at_paste: &str) -> Option<Self> {
        let real = ["/usr/local/bin/tmux", "/usr/bin/tmux", "/bin/tmux"].iter().map(PathBuf::from);
        let Some(real) = real.into_iter().find(|path| path.exists()) else {
            skip(test, "tmux is not installed");
            return None;
        };
        let folder = home.path().join("bin");
        std::fs::create_dir(&folder).expect("a folder");
        let script = format!(
            "#!/bin/sh\nT={}\nprintf '%s\\n' \"$*\" >> \"$HOME/arguments\"\n\
             case \"$*\" in *load-buffer*) {at_paste} :;; esac\nexec $T \"$@\"\n",
            real.display()
        );
        std::fs::write(folder.join("tmux"), script).expect("a file");
        std::fs::set_permissions(folder.join("tmux"), std::fs::Permissions::from_mode(0o755)).expect("a mode");
        let socket = home.path().join("socket");
        let command = format!("exec {} {arguments}", env!("CARGO_BIN_EXE_gluepot"));
        let args = ["-u", "-S", &socket.to_string_lossy(), "-f", "/dev/null", "new-session", &command];
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display());
        let outer = Start::program(&real.to_string_lossy(), &args).env("PATH", &path).home(home).run();
        outer.wait_for("HPD-AP01");
        go_to_password(&outer);
        let tmux = Self { outer, real, socket };
        tmux.run(&["set-option", "-g", "exit-empty", "off"]);
        tmux.run(&["set-option", "-g", "remain-on-exit", "on"]);
        tmux.open(other);
        Some(tmux)
    }

    pub fn run(&self, args: &[&str]) -> String {
        let output = Command::new(&self.real).arg("-S").arg(&self.socket).args(args).env_remove("TMUX").output();
        String::from_utf8_lossy(&output.expect("tmux starts").stdout).trim().to_owned()
    }

    /// Opens a pane that runs this in the home folder.
    fn open(&self, other: &str) {
        self.run(&["new-window", "-d", "-c", &self.outer.home().to_string_lossy(), other]);
    }

    pub fn command_in(&self, pane: &str) -> String {
        self.run(&["display-message", "-p", "-t", pane, "#{pane_current_command}"])
    }

    pub fn file(&self, name: impl AsRef<Path>) -> String {
        std::fs::read_to_string(self.outer.home().join(name)).unwrap_or_default()
    }

    /// The program inside.
    pub fn program(&self) -> u32 {
        self.run(&["display-message", "-p", "-t", "%0", "#{pane_pid}"]).parse().expect("a process id")
    }

    fn trail(&self) -> String {
        self.file(".local/state/gluepot/demo-audit/audit.log")
    }

    /// Chooses the first pane of the list. The dialog stands; nothing was recorded or asked for yet.
    pub fn choose(&self) {
        self.outer.send("p");
        self.outer.wait_for(&format!("Send {NAME} to a pane"));
        self.outer.send("\r");
        self.outer.wait_for("Send this password to the pane?");
        assert!(!self.trail().contains("hand-over"));
    }

    /// Nothing of the value is left on the way.
    fn leaves_nothing(&self) {
        assert_eq!(self.run(&["list-buffers"]), "", "a paste buffer was left");
        let arguments = self.file("arguments");
        assert!(!arguments.contains(VALUE), "{arguments}");
        assert!(!self.trail().contains(VALUE));
        assert!(!self.outer.screen().contains(VALUE));
        assert!(!String::from_utf8_lossy(&self.outer.all_bytes()).contains(VALUE));
        assert!(self.outer.clipboard().is_empty(), "something went to the clipboard");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn p8_a_pane_gets_exactly_the_value_and_no_buffer_or_argument_keeps_it() {
    let test = "p8_a_pane_gets_exactly_the_value_and_no_buffer_or_argument_keeps_it";
    let waits_with = [(PROMPT, "bash", "hidden input"), ("exec cat > got", "cat", "shows what is typed")];
    for (other, command, told) in waits_with {
        let Some(tmux) = Tmux::start(test, "exec sleep 1000", "") else { return };
        // The pane that is marked comes before the one that is older.
        tmux.open(other);
        tmux.run(&["select-pane", "-m", "-t", "%2"]);
        crate::wait_until("it waits", || tmux.command_in("%2") == command);
        tmux.outer.settle(std::time::Duration::from_millis(300));
        tmux.choose();
        let dialog = tmux.outer.screen();
        assert!(dialog.contains("pane %2") && dialog.contains(&format!("running {command}")), "{dialog}");
        assert!(dialog.contains(told), "{dialog}");
        tmux.outer.send("\r");
        tmux.outer.send("y");
        tmux.outer.wait_for(&format!("Sent {NAME} to pane %2 ({command}), without Enter."));
        crate::wait_until("the outcome is recorded", || tmux.trail().contains("\"handed-over\""));
        assert_eq!(tmux.file("got"), "", "Enter was pressed");
        tmux.run(&["send-keys", "-t", "%2", "Enter"]);
        crate::wait_until("it arrived", || !tmux.file("got").is_empty());
        assert_eq!(tmux.file("got").trim_end_matches('\n'), VALUE);
        let trail = tmux.trail();
        let lines: Vec<&str> = trail.lines().filter(|line| line.contains("\"hand-over\"")).collect();
        assert!(lines[0].contains("\"intent\"") && lines[0].contains("pane %2 ("), "{trail}");
        assert!(lines[0].contains(&format!("command {command}")), "{trail}");
        assert!(lines[1].contains("\"result\":\"handed-over\"") && lines[1].contains("pane %2 ("), "{trail}");
        assert_eq!(lines.len(), 2, "{trail}");
        assert!(tmux.file("arguments").contains("load-buffer"), "the script stood in the way");
        tmux.leaves_nothing();
        assert!(!tmux.run(&["capture-pane", "-p", "-t", "%1"]).contains(VALUE), "another pane got it");
    }
}

#[test]
fn p8_a_value_that_would_press_keys_is_not_handed_over_and_the_refusal_is_on_record() {
    let test = "p8_a_value_that_would_press_keys_is_not_handed_over_and_the_refusal_is_on_record";
    for (value, part) in [("quince-one\nquince-two", "quince"), ("medlar\u{1b}[Aseven", "medlar")] {
        let stage = Stage::new(false);
        stage.server().with_world(|world| {
            let mut ids = world.ids(Table::Passwords).into_iter();
            let id = ids.find(|&id| world.name(Table::Passwords, id) == NAME).expect("the demo has this password");
            world.edit(Table::Passwords, id, |attributes| {
                attributes.insert("_value".to_owned(), value.into());
            });
        });
        let Some(tmux) = Tmux::with(test, stage.home(""), "--org HPD", PROMPT, "") else { return };
        crate::wait_until("it waits", || tmux.command_in("%1") == "bash");
        tmux.outer.settle(std::time::Duration::from_millis(300));
        tmux.choose();
        tmux.outer.send("y");
        tmux.outer.wait_for("Not sent: it contains control characters");
        assert_eq!(stage.server().count("show_password=true"), 1, "the value was there to be refused");
        let trail = || tmux.file(".local/state/gluepot/audit/audit.log");
        crate::wait_until("the refusal is on record", || trail().contains("\"result\":\"refused\""));
        let written = trail();
        let lines: Vec<&str> = written.lines().filter(|line| line.contains("\"hand-over\"")).collect();
        assert!(lines[0].contains("\"intent\"") && lines[1].contains("control characters"), "{written}");
        assert_eq!(lines.len(), 2, "{written}");
        let arguments = tmux.file("arguments");
        assert!(arguments.contains("list-panes") && !arguments.contains("load-buffer"), "{arguments}");
        assert_eq!((tmux.run(&["list-buffers"]), tmux.file("got")), (String::new(), String::new()));
        for text in [tmux.run(&["capture-pane", "-p", "-t", "%1"]), tmux.outer.screen(), written] {
            assert!(!text.contains(part), "{text}");
        }
    }
}

/// Between the choice and the answer, and between the last look and the paste.
#[test]
fn p8_a_pane_where_something_else_runs_by_now_gets_nothing() {
    let test = "p8_a_pane_where_something_else_runs_by_now_gets_nothing";
    let other = "exec bash --norc -c 'read -rs x; sleep 1000'";
    let late = "$T -S \"$HOME/socket\" send-keys -t %1 Enter; \
                until [ \"$($T -S \"$HOME/socket\" display-message -p -t %1 '#{pane_current_command}')\" = sleep ]; \
                do sleep 0.02; done;";
    for at_paste in ["", late] {
        let Some(tmux) = Tmux::start(test, other, at_paste) else { return };
        crate::wait_until("it waits", || tmux.command_in("%1") == "bash");
        tmux.outer.settle(std::time::Duration::from_millis(300));
        tmux.choose();
        if at_paste.is_empty() {
            tmux.run(&["send-keys", "-t", "%1", "Enter"]);
            crate::wait_until("it changed", || tmux.command_in("%1") == "sleep");
        }
        tmux.outer.send("y");
        tmux.outer.wait_for("Not sent: ");
        crate::wait_until("the outcome is recorded", || tmux.trail().contains("\"failed\""));
        let (screen, trail) = (tmux.outer.screen(), tmux.trail());
        let why = if at_paste.is_empty() {
            "sleep runs in pane %1 now, no longer bash"
        } else {
            "something else runs in pane %1 since it was chosen"
        };
        assert!(screen.contains(why) && trail.contains(why), "{screen}\n{trail}");
        // Its terminal shows what it is given.
        assert!(!tmux.run(&["capture-pane", "-p", "-t", "%1"]).contains(VALUE));
        tmux.leaves_nothing();
    }
}

/// The tmux client hangs when the buffer is filled and not pasted yet.
#[test]
fn p8_a_buffer_that_was_filled_is_deleted_when_tmux_hangs_and_when_the_program_is_killed() {
    let test = "p8_a_buffer_that_was_filled_is_deleted_when_tmux_hangs_and_when_the_program_is_killed";
    for killed in [false, true] {
        let at_paste = "$T -S \"$HOME/socket\" load-buffer -b \"$5\" -; exec sleep 1000;";
        let Some(tmux) = Tmux::start(test, PROMPT, at_paste) else { return };
        crate::wait_until("it waits", || tmux.command_in("%1") == "bash");
        tmux.outer.settle(std::time::Duration::from_millis(300));
        tmux.choose();
        tmux.outer.send("y");
        crate::wait_until("the buffer is filled", || tmux.run(&["list-buffers"]).contains(VALUE));
        if killed {
            let pid = i32::try_from(tmux.program()).ok().and_then(Pid::from_raw).expect("a process id");
            kill_process(pid, Signal::KILL).expect("the signal is sent");
        }
        crate::wait_until("it is deleted", || tmux.run(&["list-buffers"]).is_empty());
        if !killed {
            tmux.outer.wait_for("it is not known whether it arrived");
        }
        tmux.leaves_nothing();
    }
}
