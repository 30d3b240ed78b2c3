//! P12 and P14 with a real rsyslogd and a real journald, each started for the test with its own socket and file:
//! copies arrive whole and in order, `gluepot audit verify --anchor` takes the file as it is and finds with it an end that was cut off, and where
//! copies are required no value is asked for without the daemon.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use gluepot_core::access::Trail;
use gluepot_core::audit::{Keeping, Sink, System};
use gluepot_fake::{Options, Server};
use tempfile::TempDir;

use crate::skip;
use gluepot_testkit::deed::Deed;
use gluepot_testkit::pty::{End, Start};

const BINARY: &str = env!("CARGO_BIN_EXE_gluepot");

/// An rsyslogd that listens at one socket and writes what it was sent into one file, as a plain log.
struct Rsyslog {
    dir: TempDir,
    child: Option<Child>,
}

impl Rsyslog {
    fn start(test: &str) -> Option<Self> {
        if !Command::new("rsyslogd").arg("-v").output().is_ok_and(|output| output.status.success()) {
            skip(test, "rsyslogd is missing");
            return None;
        }
        let mut this = Self { dir: tempfile::tempdir().expect("a temporary folder"), child: None };
        let config = format!(
            "module(load=\"imuxsock\" SysSock.Use=\"off\")\ninput(type=\"imuxsock\" Socket=\"{}\")\n\
             template(name=\"plain\" type=\"string\" string=\"%timegenerated% %syslogtag%%msg%\\n\")\n\
             action(type=\"omfile\" file=\"{}\" template=\"plain\")\n",
            this.socket().display(),
            this.file().display()
        );
        fs::write(this.path("rsyslog.conf"), config).expect("a file");
        this.run();
        Some(this)
    }

    fn run(&mut self) {
        let _ = fs::remove_file(self.path("pid"));
        let child = Command::new("rsyslogd")
            .args(["-n", "-f"])
            .arg(self.path("rsyslog.conf"))
            .arg("-i")
            .arg(self.path("pid"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        self.child = Some(child);
        let socket = self.socket();
        crate::wait_until("rsyslogd listens", || {
            std::os::unix::net::UnixDatagram::unbound().is_ok_and(|end| end.connect(&socket).is_ok())
        });
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is killed");
            child.wait().expect("it ends");
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn socket(&self) -> PathBuf {
        self.path("log")
    }

    fn file(&self) -> PathBuf {
        self.path("auth.log")
    }

    /// What it wrote, once that contains `n` records.
    fn records(&self, number: usize) -> Vec<String> {
        let read = || -> Vec<String> {
            let text = fs::read_to_string(self.file()).unwrap_or_default();
            let record = |line: &str| Some(line.get(line.find("{\"v\":1,")?..)?.to_owned());
            text.split_inclusive('\n').filter(|line| line.ends_with('\n')).filter_map(record).collect()
        };
        crate::wait_until("rsyslogd wrote the copies", || read().len() >= number);
        read()
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A journald that listens in a folder of the test's own and keeps its journal in another: it has fixed places for both,
/// so it runs in a mount namespace where those lead here.
struct Journal {
    dir: TempDir,
    child: Option<Child>,
}

impl Journal {
    fn start(test: &str) -> Option<Self> {
        let daemon = ["/lib/systemd/systemd-journald", "/usr/lib/systemd/systemd-journald"];
        let Some(daemon) = daemon.into_iter().find(|path| Path::new(path).exists()) else {
            skip(test, "systemd-journald is not installed");
            return None;
        };
        let possible = Command::new("unshare").args(["--mount", "--propagation", "private", "true"]).output();
        if !rustix::process::geteuid().is_root() || !possible.is_ok_and(|output| output.status.success()) {
            skip(test, "only root with a mount namespace can start a journald of his own");
            return None;
        }
        if !Path::new("/etc/machine-id").exists() {
            skip(test, "there is no /etc/machine-id, and journald does not start without it");
            return None;
        }
        let mut this = Self { dir: tempfile::tempdir().expect("a temporary folder"), child: None };
        for folder in ["socket", "journal"] {
            fs::create_dir(this.path(folder)).expect("a folder");
        }
        let config = "[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\nReadKMsg=no\nAudit=no\nForwardToWall=no\n";
        fs::write(this.path("journald.conf"), config).expect("a file");
        let script = format!(
            "mount -t tmpfs none /run; mkdir -p /run/systemd/journal /run/log/journal; mount --bind {0}/socket \
             /run/systemd/journal; mount --bind {0}/journal /run/log/journal; mount --bind {0}/journald.conf \
             /etc/systemd/journald.conf; exec {daemon}",
            this.dir.path().display()
        );
        let child = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "/bin/sh", "-ec", &script])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        this.child = Some(child);
        let socket = this.socket();
        crate::wait_until("journald listens", || {
            std::os::unix::net::UnixDatagram::unbound().is_ok_and(|end| end.connect(&socket).is_ok())
        });
        Some(this)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn socket(&self) -> PathBuf {
        self.path("socket/socket")
    }

    /// A field of what it keeps of gluepot, by `journalctl`, once there are enough.
    fn field(&self, name: &str, number: usize) -> Vec<String> {
        let read = || -> Vec<String> {
            let told = Command::new("journalctl")
                .args(["--quiet", "--no-pager", "--output=cat", &format!("--output-fields={name}"), "-D"])
                .arg(self.path("journal"))
                .arg("SYSLOG_IDENTIFIER=gluepot")
                .output()
                .expect("journalctl runs");
            String::from_utf8_lossy(&told.stdout).lines().map(str::to_owned).collect()
        };
        crate::wait_until("journald wrote the copies", || read().len() >= number);
        read()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn p14_copies_that_journald_keeps_are_whole_in_order_and_of_the_user_the_kernel_names() {
    let Some(daemon) =
        Journal::start("p14_copies_that_journald_keeps_are_whole_in_order_and_of_the_user_the_kernel_names")
    else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sink = Sink { system: System::Journal, socket: daemon.socket(), required: true };
    let keeping = Keeping { sink: Some(sink), ..Keeping::default() };
    let trail = Trail::new(folder.path().to_owned(), keeping);
    for number in 0..50 {
        let reason = Some(format!("{number} %s \" \\ \u{e9}\u{4e2d} {}", "x".repeat(number * 10)));
        let name = "Router & switch".to_owned();
        let _ = Deed { name, reason, ..Deed::default() }.record(&trail).expect("a record");
    }
    drop(trail);

    let log = folder.path().join("audit.log");
    let written = fs::read_to_string(&log).expect("the file is there");
    let lines: Vec<&str> = written.lines().collect();
    assert!(lines.len() > 50);
    assert_eq!(daemon.field("MESSAGE", lines.len()), lines, "every record, whole and in order");
    let uid = rustix::process::getuid().as_raw().to_string();
    assert!(daemon.field("_UID", lines.len()).iter().all(|said| *said == uid), "the kernel says who sent it");

    // What journalctl prints is an anchor: with it an end that was cut off is found.
    let kept = daemon.path("kept");
    fs::write(&kept, daemon.field("MESSAGE", lines.len()).join("\n") + "\n").expect("a file");
    let cut: String = written.split_inclusive('\n').take(lines.len() - 3).collect();
    fs::write(&log, cut).expect("it is cut");
    fs::remove_file(folder.path().join("audit.key")).expect("it can go");
    let (good, said) = verify(folder.path(), Some(&kept));
    assert!(!good && said.starts_with("BAD ") && said.contains("tail cut"), "{said}");
}

/// Whether `audit verify` finds all in order, and what it says.
fn verify(folder: &Path, anchor: Option<&Path>) -> (bool, String) {
    let mut command = Command::new(BINARY);
    command.args(["audit", "verify"]).env_clear().env("HOME", folder);
    if let Some(anchor) = anchor {
        command.arg("--anchor").arg(anchor);
    }
    let output = command.arg(folder).output().expect("it runs");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn p14_copies_that_rsyslogd_wrote_are_whole_and_find_an_end_that_was_cut_off() {
    let Some(daemon) = Rsyslog::start("p14_copies_that_rsyslogd_wrote_are_whole_and_find_an_end_that_was_cut_off")
    else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sink = Sink { system: System::Syslog, socket: daemon.socket(), required: true };
    let keeping = Keeping { sink: Some(sink), ..Keeping::default() };
    let trail = Trail::new(folder.path().to_owned(), keeping);
    for number in 0..200 {
        // Control characters, quotes and percent signs are what a log system might change; length what it might cut.
        let reason = Some(format!("{number} %s \" \\ \u{e9}\u{4e2d} {}", "x".repeat(number)));
        let name = "Router & switch".to_owned();
        let _ = Deed { name, reason, ..Deed::default() }.record(&trail).expect("a record");
    }
    drop(trail);

    let log = folder.path().join("audit.log");
    let written = fs::read_to_string(&log).expect("the file is there");
    let lines = written.split_inclusive('\n').count();
    assert!(lines > 200);
    assert_eq!(daemon.records(lines).concat(), written, "every record, whole and in order");

    let (good, said) = verify(folder.path(), Some(&daemon.file()));
    assert!(good && said.starts_with("good "), "{said}");
    assert!(said.contains(&format!("outside  {lines} records compared")), "{said}");

    // The end is cut off and what is beside the file goes with it: only the copies tell.
    let kept: String = written.split_inclusive('\n').take(lines - 3).collect();
    fs::write(&log, kept).expect("it is cut");
    fs::remove_file(folder.path().join("audit.key")).expect("it can go");
    let (good, said) = verify(folder.path(), None);
    assert!(good, "nothing on the machine tells: {said}");
    let (good, said) = verify(folder.path(), Some(&daemon.file()));
    assert!(!good && said.starts_with("BAD ") && said.contains("tail cut"), "{said}");
}

#[test]
fn p12_no_value_is_asked_for_while_the_rsyslogd_that_has_to_have_the_copy_is_dead() {
    const VALUE: &str = "maple-Orbit-42-thistle";
    const REQUEST: &str = "show_password=true";
    let Some(mut daemon) =
        Rsyslog::start("p12_no_value_is_asked_for_while_the_rsyslogd_that_has_to_have_the_copy_is_dead")
    else {
        return;
    };
    let home = tempfile::tempdir().expect("a temporary folder");
    let config = home.path().join(".config/gluepot");
    fs::create_dir_all(&config).expect("a folder");
    let text =
        format!("[audit]\nsink = \"syslog\"\nrequire_sink = true\nsink_socket = {:?}\n", daemon.socket().display());
    fs::write(config.join("config.toml"), text).expect("a file");
    let server = Server::start_now(Options::default()).expect("the server starts");
    let arguments = ["--base-url", &server.base_url(), "--org", "HPD"];
    let mut session = Start::gluepot(&arguments).home(home).env("ITGLUE_API_KEY", server.key()).run();
    session.wait_for("HPD-AP01");
    session.send("4/HPD-IMG01 local\r");
    session.wait_for("svc-img");
    session.send("r");
    session.wait_for(VALUE);
    session.send("\x1b");
    session.wait_gone(VALUE);
    // Start, intent, shown, hidden
    let before = daemon.records(4);
    assert!(before[1].contains("\"intent\"") && before[2].contains("\"shown\""), "{before:?}");

    daemon.kill();
    session.send("r");
    session.wait_for("Not fetched: the record's copy did not reach syslog");
    assert_eq!(server.count(REQUEST), 1, "none while it is dead");
    assert!(!session.screen().contains(VALUE));

    daemon.run();
    session.send("r");
    session.wait_for(VALUE);
    assert_eq!(server.count(REQUEST), 2);
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
}
