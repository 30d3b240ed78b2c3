//! What the process does to itself at start so that others on the machine cannot read it.
//!
//! [`start`] is the first statement of `main`: from then on a program of the same user can neither attach to this
//! one nor read its memory or environment, and a crash leaves no core file. [`seal`] follows once the API key has
//! been fetched. Both report what they reached in words, for `doctor` and for the log; nothing here stops the
//! program from starting, since a system that refuses is a fact to show and not a reason to leave a technician
//! without documentation.

use std::fmt;

/// One measure and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The measure, in a few words
    pub what: &'static str,
    /// What came of it
    pub outcome: Outcome,
}

/// What came of one measure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// In force
    Done,
    /// The system refused, with its reason
    Refused(String),
    /// This system has nothing of the kind
    NotHere,
    /// Not taken, with the reason
    LeftOff(&'static str),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Done => write!(f, "{}: in force", self.what),
            Outcome::Refused(why) => write!(f, "{}: refused by the system ({why})", self.what),
            Outcome::NotHere => write!(f, "{}: not built for this system", self.what),
            Outcome::LeftOff(why) => write!(f, "{}: left off, {why}", self.what),
        }
    }
}

/// Everything that was done, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// One line for each measure
    pub lines: Vec<Line>,
}

impl Report {
    /// Whether any measure was refused by the system.
    pub fn is_weaker(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.outcome, Outcome::Refused(_)))
    }

    fn add(&mut self, what: &'static str, outcome: Outcome) {
        self.lines.push(Line { what, outcome });
    }
}

const UNREADABLE: &str = "closed to debuggers and other programs of this user";
const NO_CORE: &str = "no core files";
const NO_NEW_RIGHTS: &str = "no program started from here can gain rights";

/// Makes the process unreadable and uncrashable-into-a-file. Call it first in `main`, before anything is read.
#[cfg(unix)]
pub fn start() -> Report {
    // Deliberately left out: a limit for the size of files would end the program at the next audit record, and a
    // record that cannot be written must be reported.
    gluepot_core::raw::ignore_file_size_signal();
    let mut report = Report::default();
    report.add(UNREADABLE, unreadable());
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    report.add(NO_CORE, outcome(rustix::process::setrlimit(rustix::process::Resource::Core, none)));
    report
}

/// Untested: on other systems there is nothing yet.
#[cfg(not(unix))]
pub fn start() -> Report {
    let mut report = Report::default();
    report.add(UNREADABLE, Outcome::NotHere);
    report.add(NO_CORE, Outcome::NotHere);
    report
}

/// Gives up the possibility that this process or one it starts gains rights (set-user-id programs and the like).
///
/// It is apart from [`start`] because it is inherited by every child: a key command may need such a program (`op`
/// is set-group-id, a key command may begin with `sudo`), so it comes after the key. `desktop` says that links
/// are opened in a browser on this seat; browsers in snaps are started by a set-user-id helper and would not
/// come up, so there it is left off and the report says so.
///
/// The kernel counts it for the calling thread and for the threads and processes it starts from then on: call it on
/// the first thread before the runtime is built.
pub fn seal(report: &mut Report, desktop: bool) {
    let outcome = if desktop {
        Outcome::LeftOff("a browser on this desktop may need a helper with rights")
    } else {
        no_new_rights()
    };
    report.add(NO_NEW_RIGHTS, outcome);
}

#[cfg(unix)]
fn outcome<T, E: fmt::Display>(result: Result<T, E>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(error) => Outcome::Refused(error.to_string()),
    }
}

#[cfg(target_os = "linux")]
fn unreadable() -> Outcome {
    outcome(rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn unreadable() -> Outcome {
    Outcome::NotHere
}

#[cfg(target_os = "linux")]
fn no_new_rights() -> Outcome {
    outcome(rustix::thread::set_no_new_privs(true))
}

#[cfg(not(target_os = "linux"))]
fn no_new_rights() -> Outcome {
    Outcome::NotHere
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
#[expect(clippy::print_stderr, reason = "helpers answer and skipped tests say so")]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::{Command, Stdio};

    use super::*;

    const HELPER: &str = "GLUEPOT_TEST_HARDEN";
    const NOBODY: u32 = 65534;

    /// Not a test itself: hardens itself or not, says so, and waits for the next command.
    #[test]
    #[ignore = "started by the tests of hardening"]
    fn helper_that_hardens() {
        let Ok(how) = std::env::var(HELPER) else { return };
        if how != "open" {
            let mut report = start();
            seal(&mut report, false);
            for line in &report.lines {
                eprintln!("line {line}");
            }
        }
        eprintln!("ready");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).unwrap();
        if line.trim() == "crash" {
            // A SEGV from outside would only take away Rust's own handler for it.
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::ABORT).unwrap();
            std::io::stdin().read_line(&mut line).unwrap();
        }
    }

    /// The test binary as an unprivileged user, who must not be able to read his own process.
    fn helper(how: &str, dir: &std::path::Path) -> std::process::Child {
        // The directory of the build may be closed to others.
        let program = dir.join("helper");
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        std::fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -S -c unlimited; exec \"$@\"", "sh"]).arg(program);
        let helper = module_path!().split_once("::").unwrap().1.to_owned() + "::helper_that_hardens";
        command.args([&helper, "--exact", "--ignored", "--nocapture"]);
        command.env(HELPER, how).current_dir(dir).uid(NOBODY).gid(NOBODY);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    fn wait_until_ready(child: &mut std::process::Child) -> Vec<String> {
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        lines.map(Result::unwrap).take_while(|line| line != "ready").collect()
    }

    fn can_read(pid: u32, file: &str) -> bool {
        let mut command = Command::new("dd");
        command.arg(format!("if=/proc/{pid}/{file}")).args(["bs=1", "count=1"]).uid(NOBODY).gid(NOBODY);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }

    #[test]
    fn other_programs_of_the_user_cannot_look_inside() {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root can become another user");
            return;
        }
        for (how, readable) in [("open", true), ("hardened", false)] {
            let dir = tempfile::TempDir::new().unwrap();
            let mut child = helper(how, dir.path());
            let lines = wait_until_ready(&mut child);
            for file in ["environ", "auxv", "maps"] {
                assert_eq!(can_read(child.id(), file), readable, "{how}: {file}");
            }
            if !readable {
                assert!(lines.iter().filter(|line| line.ends_with(": in force")).count() == 3, "{lines:?}");
                // It counts for the thread that asked, which is the test's and not the first one here.
                let tasks = std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
                let sealed = tasks.filter(|task| {
                    let status = std::fs::read_to_string(task.as_ref().unwrap().path().join("status")).unwrap();
                    status.contains("NoNewPrivs:\t1")
                });
                assert_eq!(sealed.count(), 1);
                let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
                let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
                assert_eq!(core.split_ascii_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    #[test]
    fn a_crash_leaves_no_core() {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root can become another user");
            return;
        }
        let dir = tempfile::TempDir::new().unwrap();
        let mut child = helper("hardened", dir.path());
        wait_until_ready(&mut child);
        child.stdin.as_ref().unwrap().write_all(b"crash\n").unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(libc::SIGABRT), "it did not crash");
        assert!(!status.core_dumped(), "{status}");
    }

    #[test]
    fn a_refusal_is_told_and_counts_as_weaker() {
        let mut report = Report::default();
        report.add(NO_CORE, Outcome::Done);
        assert!(!report.is_weaker());
        report.add(UNREADABLE, Outcome::Refused("no".to_owned()));
        assert!(report.is_weaker());
        assert!(report.lines[1].to_string().contains("refused by the system (no)"));
        seal(&mut report, true);
        assert!(report.lines[2].to_string().contains("left off"));
    }
}
