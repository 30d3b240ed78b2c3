//! All the ways out with a value on the screen: the terminal is as it was, the value is gone, and it is quick.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::PASSWORD;
use crate::day::{go_to_password, reveal};
use crate::process::{PROMPT, Process};
use gluepot_testkit::pty::{End, LEAVE, Session, Start};

fn with_a_value_shown() -> Session {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    reveal(&session);
    assert!(session.is_raw());
    session
}

fn audit_of(session: &Session) -> String {
    let path = session.home().join(".local/state/gluepot/demo-audit/audit.log");
    std::fs::read_to_string(path).expect("the demo has an audit file of its own")
}

/// What must hold once the program is gone.
#[track_caller]
fn is_restored(session: &Session) {
    session.is_given_back(PASSWORD.2);
    let bytes = session.all_bytes();
    let left = memchr::memmem::rfind(&bytes, LEAVE).expect("the alternate screen is left");
    assert_eq!(&bytes[left + LEAVE.len()..], b"\x1b[?25h", "nothing but the cursor follows");
}

#[test]
fn keys_that_quit_restore_the_terminal_and_record_the_end_of_the_reveal() {
    for key in ["q", "\x03"] {
        let mut session = with_a_value_shown();
        let start = Instant::now();
        session.send(key);
        assert_eq!(session.wait_exit(), End::Code(0), "{key:?}");
        assert!(start.elapsed() < PROMPT, "{key:?} took {:?}", start.elapsed());
        is_restored(&session);
        let audit = audit_of(&session);
        assert!(audit.contains("\"hidden\"") && audit.contains("program ended"), "{audit}");
        assert!(!audit.contains(PASSWORD.2));
    }
}

#[test]
fn signals_that_end_restore_the_terminal_within_a_second() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut session = with_a_value_shown();
        let start = Instant::now();
        session.kill(signal);
        assert_eq!(session.wait_exit(), End::Code(code), "{signal:?}");
        assert!(start.elapsed() < PROMPT, "{signal:?} took {:?}", start.elapsed());
        is_restored(&session);
        assert!(audit_of(&session).contains("\"hidden\""), "{signal:?}");
    }
}

/// Without tmux the terminal itself is told, by OSC 52; the clear follows when the screen is given back already.
#[test]
fn leaving_clears_the_clipboard_of_a_plain_terminal() {
    use base64::Engine as _;

    let mut session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    session.send("c");
    session.wait_for("(terminal cannot confirm).");
    let encoded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text).into_bytes();
    assert_eq!(session.clipboard(), [encoded(PASSWORD.2)]);
    assert!(!session.screen().contains(PASSWORD.2));
    session.kill(Signal::TERM);
    assert_eq!(session.wait_exit(), End::Code(143));
    assert_eq!(session.clipboard(), [encoded(PASSWORD.2), encoded(" ")]);
    assert!(!session.look(vt100::Screen::alternate_screen));
}

#[test]
fn a_request_that_hangs_holds_nobody_up() {
    let mut session = Start::gluepot(&["--demo", "--org", "HPD", "--fault", "silent:path=show_password=true"]).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    session.send("r");
    session.wait_for("Recorded, fetching it to show");
    let start = Instant::now();
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    assert!(start.elapsed() < Duration::from_millis(2500), "{:?}", start.elapsed());
    is_restored(&session);
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again_without_the_value() {
    let script = format!(
        "set -m; {} --demo --org HPD; echo STOPPED; stty -a; read line; fg >/dev/null; echo ENDED",
        env!("CARGO_BIN_EXE_gluepot")
    );
    let mut session = Start::program("/bin/sh", &["-c", &script]).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    reveal(&session);
    let mark = session.mark();
    session.send("\x1a");
    session.wait_for("STOPPED");
    session.wait_for("icanon");
    assert!(!session.look(vt100::Screen::alternate_screen));
    assert!(!session.look(vt100::Screen::hide_cursor));
    let shown = session.screen();
    assert!(!shown.contains("-icanon") && !shown.contains("-echo "), "{shown}");
    assert!(!shown.contains(PASSWORD.2));
    session.send("\n");
    session.wait_until("the program is back", |screen| {
        screen.alternate_screen() && screen.contents().contains(PASSWORD.0)
    });
    session.send("\x1b");
    session.settle(Duration::from_millis(300));
    let stream = session.bytes_since(mark);
    assert!(memchr::memmem::find(&stream, b"maple").is_none(), "the value was drawn after the stop");
    session.send("q");
    session.wait_for("ENDED");
    assert_eq!(session.wait_exit(), End::Code(0));
}

#[test]
fn stopped_from_outside_and_continued_it_draws_anew() {
    let script =
        format!("set -m; {} --demo --org HPD; echo STOPPED; read line; fg >/dev/null", env!("CARGO_BIN_EXE_gluepot"));
    let mut session = Start::program("/bin/sh", &["-c", &script]).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    reveal(&session);
    let children = format!("/proc/{0}/task/{0}/children", session.pid());
    let child = std::fs::read_to_string(children).expect("the shell has a child").trim().parse().expect("a process id");
    // The one signal that no program can see coming.
    Process(child).signal(Signal::STOP);
    session.wait_for("STOPPED");
    let mark = session.mark();
    session.send("\n");
    session.wait_for_bytes(mark, b"\x1b[?1049h");
    session.wait_until("the program is back", |screen| {
        screen.alternate_screen() && screen.contents().contains("Harbour & Pine Dental")
    });
    session.send("\x1b");
    session.wait_gone(PASSWORD.2);
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    is_restored(&session);
}
