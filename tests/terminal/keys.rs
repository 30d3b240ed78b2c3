//! What the terminal sends unasked is not a key; what a person presses is, however it arrives.

use std::time::Duration;

use rustix::process::Signal;

use crate::day::{go_to_password, reveal};
use crate::process::{installed, wait_until};
use crate::{PASSWORD, home_with};
use gluepot_testkit::pty::{End, Session, Start};

const REST: Duration = Duration::from_millis(150);

/// The demo in an organization, at the password of the tests.
fn at_password() -> Session {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    session.settle(REST);
    session
}

fn audit_of(session: &Session) -> String {
    let path = session.home().join(".local/state/gluepot/demo-audit/audit.log");
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Bytes in several pieces, each read before the next is sent.
fn send_in_pieces(session: &Session, bytes: &[u8], length: usize) {
    for piece in bytes.chunks(length) {
        session.send_bytes(piece);
        session.wait_read();
    }
}

/// Answers that revealed a password, quit, copied, locked, opened dialogs.
const ANSWERS: &[&[u8]] = &[
    b"\x1bP0+r\x1b\\",
    b"\x1bP>|contour 0.4.3\x1b\\",
    b"\x1bP1$rq\x1b\\",
    b"\x1b]11;rgb:cccc/cccc/cccc\x1b\\",
    b"\x1b]52;c;cXFxcQ==\x07",
    b"\x1b_Gi=31;OK qCuryLT\x1b\\",
    b"\x1b^rqcuL\x1b\\",
    b"\x1bXrqcuL\x1b\\",
    b"\x1b[?62;22;52c",
    b"\x1b[>41;390;0c",
    b"\x1b[12;40R",
    b"\x1b[?2026;2$y",
    b"\x1b[?997;1n",
    b"\x1b[?1u",
    b"\x900+r\x9c",
    b"\xc2\x9b0n",
];

#[test]
fn an_answer_of_the_terminal_reveals_nothing_records_nothing_and_quits_nothing() {
    let mut session = at_password();
    let before = session.screen();
    for answer in ANSWERS {
        for length in [answer.len(), 1, 2, 5] {
            send_in_pieces(&session, answer, length);
            session.settle(REST);
            assert_eq!(session.screen(), before, "{:?} in pieces of {length}", String::from_utf8_lossy(answer));
        }
    }
    // As it was reported: on another row, where `u`, `r` and `c` do something.
    session.send("Gkk");
    session.settle(REST);
    let before = session.screen();
    session.send_bytes(&ANSWERS.concat());
    session.settle(REST);
    assert_eq!(session.screen(), before);
    assert!(!audit_of(&session).contains("intent"), "{}", audit_of(&session));
    assert_eq!(session.clipboard(), Vec::<Vec<u8>>::new());
    // And the keyboard works.
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
}

#[test]
fn an_arrow_that_arrives_in_two_pieces_keeps_the_filter() {
    let session = at_password();
    session.send("\x15");
    session.send("2/vpn");
    session.wait_for("VPN for remote staff");
    session.settle(REST);
    for pieces in [[&b"\x1b"[..], b"[D"], [b"\x1b[", b"D"], [b"\x1bO", b"D"]] {
        session.send_bytes(pieces[0]);
        session.wait_read();
        session.send_bytes(pieces[1]);
        session.wait_read();
        session.settle(REST);
        let screen = session.screen();
        assert!(screen.contains("/vpn"), "{pieces:?}:\n{screen}");
    }
    session.send("\x1b");
    session.wait_gone("/vpn");
}

#[test]
fn esc_hides_a_value_at_once_whatever_key_comes_with_it() {
    let session = at_password();
    for keys in ["\x1b", "\x1bk", "\x1b\x1b[A"] {
        reveal(&session);
        session.send_bytes(keys.as_bytes());
        session.wait_gone(PASSWORD.2);
        session.settle(REST);
    }
    // Also behind a popup.
    reveal(&session);
    session.send("?");
    session.settle(REST);
    session.send("\x1b");
    session.settle(REST);
    assert!(!session.screen().contains(PASSWORD.2), "{}", session.screen());
    wait_until("each end is on record", || audit_of(&session).matches("\"hidden\"").count() == 4);
}

#[test]
fn a_string_that_never_ends_swallows_the_keyboard_for_a_moment_only() {
    let mut session = at_password();
    let before = session.screen();
    session.send_bytes(b"\x1bP0+rqqqqrrrr");
    session.settle(Duration::from_millis(1_200));
    assert_eq!(session.screen(), before);
    session.send_bytes(b"\x1b]0;");
    session.wait_read();
    // Esc ends it at once.
    session.send_bytes(b"\x1b");
    session.settle(Duration::from_millis(400));
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
}

#[test]
fn what_is_typed_while_the_program_stands_still_is_not_lost_and_letters_in_pieces_are_letters() {
    let session = at_password();
    session.kill(Signal::STOP);
    session.send_bytes(b"2/v");
    session.send_bytes(b"pn");
    session.kill(Signal::CONT);
    session.wait_for("/vpn");
    session.send("\x15");
    for byte in "ü€".bytes() {
        session.send_bytes(&[byte]);
        session.wait_read();
    }
    session.wait_for("/ü€");
    session.resize(100, 30);
    session.send_bytes(b"x");
    session.wait_for("/ü€x");
}

/// tmux as it comes keeps an Esc back for half a second, and sends it with the key behind it.
#[test]
fn esc_and_a_key_in_tmux_with_its_defaults_hide_the_value() {
    if !installed("tmux") {
        return;
    }
    let home = home_with("");
    let socket = home.path().join("tmux").to_string_lossy().into_owned();
    let command = format!("exec {} --demo --org HPD", env!("CARGO_BIN_EXE_gluepot"));
    let session =
        Start::program("tmux", &["-u", "-S", &socket, "-f", "/dev/null", "new-session", &command]).home(home).run();
    let _end = Server(socket);
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    reveal(&session);
    session.send_bytes(b"\x1b");
    session.wait_read();
    session.send_bytes(b"k");
    session.wait_gone(PASSWORD.2);
}

/// A tmux server of a test, which ends with it.
struct Server(String);

impl Drop for Server {
    fn drop(&mut self) {
        let mut command = std::process::Command::new("tmux");
        let _ = command.args(["-S", &self.0, "kill-server"]).env_remove("TMUX").output();
    }
}
