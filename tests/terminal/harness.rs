//! The pseudo-terminal harness itself: what it claims to see is there.

use std::time::Duration;

use gluepot_testkit::pty::{End, Start};

#[test]
fn the_screen_holds_what_a_program_drew_where_it_drew_it() {
    let mut session =
        Start::program("/bin/sh", &["-c", "printf '\\033[3;5Hhere'; read key; exit 7"]).size(40, 10).run();
    session.wait_for("here");
    assert_eq!(session.look(|screen| screen.cell(2, 4).map(|cell| cell.contents().to_owned())), Some("h".into()));
    let mark = session.mark();
    session.send("x\n");
    assert_eq!(session.wait_exit(), End::Code(7));
    assert_eq!(session.bytes_since(mark), b"x\r\n", "the echo of the key and nothing else");
}

#[test]
fn queries_are_answered_and_clipboard_and_title_are_seen() {
    let script =
        "stty raw -echo; printf '\\033]2;a title\\007\\033]52;c;aGk=\\007\\033[c'; head -c 12 | od -c; printf done";
    let mut session = Start::program("/bin/sh", &["-c", script]).run();
    session.wait_for("done");
    assert!(session.is_raw());
    assert_eq!(session.title(), "a title");
    assert_eq!(session.clipboard(), [b"aGk="]);
    assert!(session.screen().contains("[   ?   6   2"), "{}", session.screen());
    assert_eq!(session.wait_exit(), End::Code(0));
}

#[test]
fn signals_sizes_and_surroundings_arrive() {
    let script = "trap 'stty size' WINCH; env | sort; echo ready; while :; do sleep 0.1; done";
    let mut session = Start::program("/bin/sh", &["-c", script]).env("NO_COLOR", "1").size(100, 40).run();
    session.wait_for("ready");
    session.settle(Duration::from_millis(50));
    let screen = session.screen();
    assert!(screen.contains("NO_COLOR=1") && screen.contains("TERM=xterm-256color"), "{screen}");
    assert!(screen.contains(&format!("HOME={}", session.home().display())), "{screen}");
    session.resize(90, 30);
    session.wait_for("30 90");
    session.kill(rustix::process::Signal::TERM);
    assert_eq!(session.wait_exit(), End::Signal("Terminated".into()));
}

#[test]
#[should_panic(expected = "in vain: the screen shows \"never\"")]
fn a_wait_in_vain_shows_the_screen() {
    Start::program("/bin/sh", &["-c", "echo something else"]).run().wait_for("never");
}

/// Whether a process still runs: not gone, and no zombie.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

/// A program that goes into the background, as the servers of multiplexers do, and says who it is.
const BACKGROUND: &str = "setsid sh -c 'sleep 1000 & echo background $! is here; wait' & read key";

fn background_pid(session: &gluepot_testkit::pty::Session) -> String {
    session.wait_for("is here");
    let screen = session.screen();
    let (_, rest) = screen.split_once("background ").expect("it said who it is");
    rest.split(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn what_a_session_put_into_the_background_ends_with_it() {
    let session = Start::program("/bin/sh", &["-c", BACKGROUND]).run();
    let pid = background_pid(&session);
    assert!(runs(&pid));
    drop(session);
    crate::process::wait_until("the background program is gone", || !runs(&pid));
}

#[test]
#[ignore = "run by the test below, which kills it"]
fn a_test_program_that_is_killed() {
    let session = Start::program("/bin/sh", &["-c", BACKGROUND]).run();
    say_what_was_started(&background_pid(&session));
    std::thread::park();
}

#[test]
fn what_a_killed_test_program_started_ends_all_the_same() {
    use std::io::{BufRead as _, BufReader};

    let mut killed = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "--nocapture", "harness::a_test_program_that_is_killed"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(killed.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
    let line = lines.into_iter().find(|line| line.contains("started ")).expect("it says what it started");
    let pid = line.split("started ").nth(1).and_then(|rest| rest.split('.').next()).expect("a process").to_owned();
    assert!(runs(&pid));
    killed.kill().expect("it is ours");
    killed.wait().expect("it is ours");
    crate::process::wait_until("what it started is gone", || !runs(&pid));
}

#[expect(clippy::print_stdout, reason = "the test that kills this program reads it")]
fn say_what_was_started(pid: &str) {
    println!("started {pid}.");
}
