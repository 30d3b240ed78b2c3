//! No password leaves the server before the audit line is on the disk, and none at all when it cannot get there.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use gluepot_fake::{Options, Server};

use crate::day::go_to_password;
use crate::process::wait_until;
use crate::{PASSWORD, home_with};
use gluepot_testkit::pty::{End, Session, Start};

const VALUE: &str = "show_password=true";

/// The program against a server whose log can be read, started by a shell that may set limits first.
fn against(server: &Server, home: tempfile::TempDir, before: &str) -> Session {
    let binary = env!("CARGO_BIN_EXE_gluepot");
    let script = format!("{before} exec {binary} --base-url {} --org HPD", server.base_url());
    let session = Start::program("/bin/sh", &["-c", &script]).home(home).env("ITGLUE_API_KEY", server.key()).run();
    session.wait_for("HPD-AP01");
    session
}

fn server(faults: &[&str]) -> Server {
    let faults = faults.iter().map(|spec| spec.parse().expect("a fault")).collect();
    Server::start_now(Options { faults, ..Options::default() }).expect("the server starts")
}

fn log_in(home: &Path) -> std::path::PathBuf {
    home.join(".local/state/gluepot/audit/audit.log")
}

#[test]
fn the_line_is_on_the_disk_before_the_request_leaves() {
    // The value never comes: whatever the file holds when the request is seen was written before it.
    let server = server(&[&format!("silent:path={VALUE}")]);
    let mut session = against(&server, home_with(""), "");
    go_to_password(&session);
    assert_eq!(server.count(VALUE), 0);
    session.send("r");
    wait_until("the request arrives", || server.count(VALUE) > 0);
    let path = log_in(session.home());
    let text = std::fs::read_to_string(&path).expect("the audit file is there");
    let intent = text.lines().rfind(|line| line.contains("\"intent\"")).expect("an intent");
    assert!(intent.contains(PASSWORD.0) && intent.contains("reveal"), "{intent}");
    assert!(!text.contains("\"shown\""));

    // And by the clock: the file was last written before the request arrived.
    let written = std::fs::metadata(&path).and_then(|data| data.modified()).expect("a time");
    let age = SystemTime::now().duration_since(written).expect("written in the past");
    let requests = server.requests();
    let request = requests.iter().rfind(|request| request.target.contains(VALUE)).expect("it arrived");
    assert!(Instant::now().duration_since(request.at) <= age, "the request was there before the line");
    session.send("\x1b");
    session.wait_for("Cancelled. The request may have been sent");
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    assert_eq!(server.count(VALUE), 1);
}

#[test]
fn nothing_leaves_when_the_audit_folder_cannot_be_used() {
    let blocked = |make: &dyn Fn(&Path)| {
        let home = home_with("");
        let state = home.path().join(".local/state/gluepot");
        std::fs::create_dir_all(&state).expect("a folder");
        make(&state);
        home
    };
    let homes = [
        ("a file has its place", "", blocked(&|state| std::fs::write(state.join("audit"), "").expect("a file"))),
        (
            "a link leads elsewhere",
            "",
            blocked(&|state| {
                std::fs::create_dir(state.join("audit")).expect("a folder");
                std::os::unix::fs::symlink("/dev/null", state.join("audit/audit.log")).expect("a link");
            }),
        ),
        // Every write to a file fails, as on a full disk.
        ("the disk is full", "ulimit -f 0;", home_with("")),
    ];
    let server = server(&[]);
    for (why, before, home) in homes {
        let session = against(&server, home, before);
        go_to_password(&session);
        for key in ["r", "c"] {
            session.send(key);
            session.wait_until(&format!("{why}: {key} is refused with the reason"), |screen| {
                let text = screen.contents();
                text.contains("Not fetched: ") && text.contains("Not recorded: ")
            });
            session.settle(Duration::from_millis(300));
        }
        assert!(!session.screen().contains(PASSWORD.2));
        assert_eq!(server.count(VALUE), 0, "{why}");
    }
}
