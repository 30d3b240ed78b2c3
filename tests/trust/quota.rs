//! The quota over several processes (P23): four real programs of one user count in one file, and keep a pause together.

use std::fs;
use std::time::{Duration, Instant};

use gluepot::fake::{Options, Server};

use crate::common::pty::{LIMIT, Session, Start};

/// The smallest limit that leaves each program more to ask for than its part.
const MOST: usize = 20;

/// A program whose state is in that folder, as that of all programs of one user is.
fn program(server: &Server, state: &std::path::Path, most: usize) -> Session {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join(".config/gluepot");
    fs::create_dir_all(&folder).expect("a folder");
    let config = format!("[network]\nrequests_per_five_minutes = {most}\n");
    fs::write(folder.join("config.toml"), config).expect("a file");
    let base_url = server.base_url();
    Start::gluepot(&["--base-url", &base_url, "--org", "HPD"])
        .home(home)
        .env("XDG_STATE_HOME", &state.to_string_lossy())
        .env("ITGLUE_API_KEY", server.key())
        .run()
}

fn wait_until(what: &str, mut met: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !met() {
        assert!(begun.elapsed() < LIMIT, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn p23_four_programs_send_no_more_than_one_may() {
    let server = Server::start_now(Options::default()).expect("the server starts");
    let state = tempfile::tempdir().expect("a temporary folder");
    let _programs: Vec<_> = (0..4).map(|_| program(&server, state.path(), MOST)).collect();
    // What nobody pressed a key for leaves a tenth free.
    wait_until("the quota is used", || server.requests().len() >= MOST - MOST / 10);
    let begun = Instant::now();
    wait_until("three seconds have passed", || {
        let sent = server.requests().len();
        assert!(sent <= MOST, "{sent} requests of four programs");
        begun.elapsed() > Duration::from_secs(3)
    });
    // A program that does not share the file has a quota of its own: it is the file that held the others back.
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let _alone = program(&server, elsewhere.path(), MOST);
    wait_until("the fifth goes beyond", || server.requests().len() > MOST);
}

#[test]
fn p23_a_429_in_one_program_quiets_those_that_start_after_it() {
    let server = Server::start_now(Options::default()).expect("the server starts");
    server.faults().add_spec("429:count=1").expect("a fault");
    let state = tempfile::tempdir().expect("a temporary folder");
    let first = program(&server, state.path(), 3_000);
    first.wait_for("pause");
    let before = server.requests();
    let others: Vec<_> = (0..3).map(|_| program(&server, state.path(), 3_000)).collect();
    wait_until("they go on", || server.requests().len() > before.len());
    let quiet = server.requests()[before.len()].at - before[0].at;
    assert!(quiet >= Duration::from_secs(5), "{quiet:?}");
    drop(others);
}
