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
/// is set-group-id, somebody's command may begin with `sudo`), so it comes after the key. `desktop` says that links
/// are opened in a browser on this seat; browsers in snaps are started by a set-user-id helper and would not
/// come up, so there it is left off and the report says so.
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
