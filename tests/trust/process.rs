//! P7: programs of the same user cannot read the program, and no crash leaves a core file.

use std::fs::File;
use std::os::unix::fs::{FileExt as _, PermissionsExt, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::Signal;

use crate::memory::processes;
use crate::stage::{Stage, go_to_password};
use gluepot_testkit::pty::{Session, Start};

/// A user without an account and without rights.
const USER: u32 = 64_322;
const VICTIM: &str = "GLUEPOT_TEST_VICTIM";
/// The ways to look into a process of one's own.
const WAYS: [&str; 5] = ["attach", "gcore", "mem", "environ", "process_vm_readv"];

/// The two ways that are calls of their own.
mod attack {
    use std::io::{self, IoSliceMut};

    use nix::sys::ptrace::{self, Options};
    use nix::sys::uio::{RemoteIoVec, process_vm_readv};
    use nix::unistd::Pid;

    /// Attaches; what was attached is left at the end of this process.
    pub(super) fn attach(pid: i32) -> io::Result<()> {
        Ok(ptrace::seize(Pid::from_raw(pid), Options::empty())?)
    }

    pub(super) fn read(pid: i32, address: usize) -> io::Result<()> {
        let mut bytes = [0_u8; 8];
        let there = RemoteIoVec { base: address, len: bytes.len() };
        let read = process_vm_readv(Pid::from_raw(pid), &mut [IoSliceMut::new(&mut bytes)], &[there])?;
        if read == 8 { Ok(()) } else { Err(io::Error::other(format!("{read} of 8 bytes"))) }
    }
}

/// Not a test itself: tries all ways as the user it was started as, and says what came of each.
#[test]
#[ignore = "started by the test of other programs of the user"]
fn helper_that_looks_inside() {
    let Some(pid) = std::env::var(VICTIM).ok().and_then(|pid| pid.parse::<i32>().ok()) else { return };
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let start = maps.split('-').next().and_then(|start| u64::from_str_radix(start, 16).ok()).unwrap_or(0x1000);
    let gcore = || {
        let made = Command::new("gcore").arg("-o").arg("dump").arg(pid.to_string()).stdin(Stdio::null()).output()?;
        let dump = Path::new(&format!("dump.{pid}")).exists();
        if dump { Ok(()) } else { Err(std::io::Error::other(String::from_utf8_lossy(&made.stderr).into_owned())) }
    };
    let memory = || File::open(format!("/proc/{pid}/mem"))?.read_exact_at(&mut [0; 8], start);
    let results = [
        gcore(),
        attack::attach(pid),
        memory(),
        std::fs::read(format!("/proc/{pid}/environ")).map(|_| ()),
        attack::read(pid, usize::try_from(start).expect("an address")),
    ];
    for (way, result) in ["gcore", "attach", "mem", "environ", "process_vm_readv"].into_iter().zip(results) {
        let words = result
            .map_or_else(|error| format!("refused ({})", error.to_string().replace('\n', " ")), |()| "done".to_owned());
        crate::say(&format!("way {way}: {words}"));
    }
}

/// A folder that the user may enter, with the programs in it: the place of the build may be closed to others.
fn programs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let test = std::env::current_exe().expect("a test has a program");
    for (name, from) in [("gluepot", Path::new(env!("CARGO_BIN_EXE_gluepot"))), ("look", &test)] {
        let to = folder.path().join(name);
        std::fs::copy(from, &to).expect("a copy");
        std::fs::set_permissions(to, PermissionsExt::from_mode(0o755)).expect("a mode");
    }
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).expect("a mode");
    folder
}

fn give(path: &Path, user: u32) {
    for entry in std::fs::read_dir(path).expect("a folder").flatten() {
        if entry.file_type().expect("a type").is_dir() {
            give(&entry.path(), user);
        } else {
            chown(entry.path(), Some(user), Some(user)).expect("root may");
        }
    }
    chown(path, Some(user), Some(user)).expect("root may");
}

/// The ways that worked, and all that was said.
fn look_inside(programs: &Path, pid: u32) -> (Vec<&'static str>, String) {
    let mut command = Command::new(programs.join("look"));
    command.args(["process::helper_that_looks_inside", "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(VICTIM, pid.to_string()).current_dir(programs).uid(USER).gid(USER);
    let output = command.output().expect("the helper starts");
    let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    for way in WAYS {
        assert!(told.contains(&format!("way {way}: ")), "{way} was not tried: {told}");
    }
    (WAYS.into_iter().filter(|way| told.contains(&format!("way {way}: done"))).collect(), told)
}

/// The program as that user, with a value on the screen.
fn as_user(stage: &Stage, programs: &Path) -> Session {
    let home = stage.home("");
    give(home.path(), USER);
    let user = USER.to_string();
    let program = programs.join("gluepot").to_string_lossy().into_owned();
    let args = ["--reuid", &user, "--regid", &user, "--clear-groups", "--", &program, "--org", "HPD"];
    let session = Start::program("setpriv", &args).home(home).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    stage.reveal(&session);
    session
}

/// Something of the same user that is not closed.
struct Open(Child);

impl Open {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new("sleep");
        command.arg("1000").current_dir(folder).uid(USER).gid(USER);
        Self(command.spawn().expect("sleep starts"))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn p7_other_programs_of_the_user_are_refused_five_of_five_ways() {
    let test = "p7_other_programs_of_the_user…";
    if !rustix::process::geteuid().is_root() {
        crate::skip(test, "only root can become another user");
        return;
    }
    let programs = programs();
    let open = Open::start(programs.path());
    let (works, told) = look_inside(programs.path(), open.0.id());
    let missing: Vec<_> = WAYS.into_iter().filter(|way| !works.contains(way)).collect();
    if !missing.is_empty() {
        crate::skip(test, &format!("here these ways are closed for every program: {}", missing.join(", ")));
        assert!(missing == ["gcore"] || std::fs::metadata("/proc/sys/kernel/yama").is_ok(), "{told}");
    }
    let stage = Stage::new(false);
    let session = as_user(&stage, programs.path());
    let processes = processes(&session);
    assert_eq!(processes.len(), 2, "the program and its guard");
    for pid in processes {
        let (works, told) = look_inside(programs.path(), pid);
        assert!(works.is_empty(), "{works:?}: {told}");
        assert!(!told.contains(&stage.value));
    }
}

fn cores(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("core"))).collect()
}

#[test]
fn p7_a_crash_leaves_no_core_file_whatever_the_limit() {
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").expect("Linux has it");
    let here = !pattern.starts_with(['|', '/']) && pattern.starts_with("core");
    let unlimited = ["-c", "ulimit -c unlimited && exec \"$@\"", "sh"];
    for signal in [Signal::SEGV, Signal::ABORT] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut control = Command::new("sh")
            .args(unlimited)
            .args(["sleep", "1000"])
            .current_dir(folder.path())
            .spawn()
            .expect("a shell");
        crate::wait_until("the shell became what it runs", || {
            std::fs::read_to_string(format!("/proc/{}/comm", control.id())).is_ok_and(|name| name.trim() == "sleep")
        });
        let pid = rustix::process::Pid::from_child(&control);
        rustix::process::kill_process(pid, signal).expect("the signal is sent");
        let died = control.wait().expect("it ends");
        if !here || cores(folder.path()).is_empty() {
            let why = format!("no program leaves a core here ({died}, pattern {})", pattern.trim());
            crate::skip("p7_a_crash_leaves_no_core_file…", &why);
        }

        let stage = Stage::new(false);
        let args = [unlimited.as_slice(), &[env!("CARGO_BIN_EXE_gluepot"), "--org", "HPD"]].concat();
        let mut session = Start::program("sh", &args).home(stage.home("")).run();
        session.wait_for("HPD-AP01");
        go_to_password(&session);
        stage.reveal(&session);
        let processes = processes(&session);
        assert_eq!(processes.len(), 2, "the program and its guard");
        // The guard first: it holds nothing, but it is told by the program where the terminal is.
        for pid in processes.into_iter().rev() {
            let process = rustix::process::Pid::from_raw(pid.cast_signed()).expect("a process id");
            // The first SEGV from outside only takes away Rust's own handler for it.
            crate::wait_until("it ends", || {
                let _ = rustix::process::kill_process(process, signal);
                let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
                stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with(['Z', 'X']))
            });
        }
        session.wait_exit();
        assert_eq!(cores(session.home()), Vec::<PathBuf>::new(), "{signal:?}");
    }
}
