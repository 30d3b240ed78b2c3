//! A technician's way through the program: start, choose the client, browse, read, filter, reveal.

use std::time::Duration;

use crate::{PASSWORD, home_with};
use gluepot_testkit::pty::{End, Session, Start};

const REST: Duration = Duration::from_millis(250);

/// Goes to the password of the tests and waits for its detail.
pub fn go_to_password(session: &Session) {
    let (name, keys, _) = PASSWORD;
    session.send(keys);
    session.wait_until("the password is in the detail", |screen| {
        let text = screen.contents();
        text.contains(name) && text.contains("User name") && text.contains("svc-img")
    });
}

/// Reveals that password and waits for its value.
pub fn reveal(session: &Session) {
    session.send("r");
    session.wait_for(PASSWORD.2);
    session.wait_for("hides in");
}

#[test]
fn from_the_start_to_a_password_and_back() {
    let home = home_with("[ui]\nreveal_seconds = 3\n");
    let mut session = Start::gluepot(&["--demo", "--ticket", "48213"]).home(home).run();
    session.wait_for("Organizations");
    session.wait_for("Harbour & Pine Dental");
    session.wait_for("ticket #48213");

    // Filter the organizations, open one, and see its lists.
    session.send("/harbour & pine");
    session.wait_for("2 of 27");
    session.send("\r");
    session.wait_for("Three clinics, one data room");
    session.send("\r");
    session.wait_for("Harbour & Pine Dental ▌HPD");
    session.wait_for("HPD-AP01");

    // Read a document to its end.
    session.send("2/vpn remote\r");
    session.wait_for("VPN for remote staff");
    session.send("\r");
    session.settle(REST);
    let top = session.screen();
    session.send("G");
    session.wait_until("the text has scrolled", |screen| screen.contents() != top);
    session.send("g");
    session.wait_until("the top is shown again", |screen| screen.contents() == top);

    // Reveal a password: it is on the screen, and gone after Esc, and gone after its time.
    session.send("\x1b");
    session.settle(REST);
    go_to_password(&session);
    let before = session.mark();
    assert!(!session.screen().contains(PASSWORD.2));
    reveal(&session);
    session.send("\x1b");
    session.wait_gone(PASSWORD.2);
    reveal(&session);
    session.wait_gone(PASSWORD.2);
    let stream = session.bytes_since(before);
    let times = memchr::memmem::find_iter(&stream, b"maple").count();
    assert!(times <= 4, "the value was drawn {times} times");

    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    assert!(!session.screen().contains(PASSWORD.2));
}

#[test]
fn what_is_typed_before_the_organization_of_the_start_is_open_is_meant_for_it() {
    let fault = "latency=1s:path=/organizations";
    let session = Start::gluepot(&["--demo", "--org", "HPD", "--fault", fault]).run();
    session.wait_for("1 Organizations");
    session.send("4/img01 local");
    session.wait_for("/img01 local");
    session.send(" admin");
    session.wait_for("Harbour & Pine Dental ▌HPD");
    session.wait_for("1 of 39");
    session.wait_for("/img01 local admin");
    session.wait_for("▌HPD-IMG01 local admin");
}

#[test]
fn another_size_at_any_moment_keeps_the_place() {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    session.send("3");
    session.send("jjj");
    session.settle(REST);
    let marked = session.screen().lines().find(|line| line.contains("▌HPD-AP05")).map(str::to_owned);
    assert!(marked.is_some(), "{}", session.screen());
    for (columns, rows) in [(80, 24), (50, 12), (25, 6), (200, 60), (120, 36)] {
        session.resize(columns, rows);
        let what = format!("all of {columns}x{rows} is drawn");
        session.wait_until(&what, |screen| {
            let text = screen.contents();
            let narrow = columns < 30;
            text.contains("HPD-AP05") || (narrow && !text.trim().is_empty())
        });
    }
    session.wait_for("▌HPD-AP05");
}

#[test]
fn a_window_that_changes_while_it_is_drawn_stops_nothing() {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    session.send("3");
    // Large and small in turn, and a key that draws each time, so that sizes change between its beginning and its end.
    for turn in 0..400_u16 {
        let (columns, rows) = if turn % 2 == 0 { (200, 60) } else { (40, 12) };
        session.resize(columns, rows);
        session.send(if turn % 4 < 2 { "j" } else { "k" });
    }
    session.resize(120, 36);
    session.wait_for("3 Configurations");
    session.wait_for("HPD-AP01");
}

#[test]
fn a_key_that_comes_with_another_size_does_not_wait_for_the_next_key() {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    session.send("3");
    session.wait_for("▌HPD-AP01");
    for turn in 0..200_u16 {
        let (key, row) = if turn % 2 == 0 { ("j", "▌HPD-AP02") } else { ("k", "▌HPD-AP01") };
        for step in 0..=turn % 5 {
            session.resize(120 + step, 36);
        }
        session.send(key);
        session.wait_for(row);
    }
}

#[test]
fn a_key_that_is_typed_as_the_program_goes_on_after_a_stop_is_kept() {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    session.send("3");
    session.wait_for("▌HPD-AP01");
    session.kill(rustix::process::Signal::STOP);
    session.send("j");
    session.kill(rustix::process::Signal::CONT);
    session.wait_for("▌HPD-AP02");
}

#[test]
fn a_value_hides_when_the_terminal_says_that_it_lost_the_focus() {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    session.send("\x1b[I");
    go_to_password(&session);
    reveal(&session);
    session.send("\x1b[O");
    session.wait_gone(PASSWORD.2);
    session.wait_for("lost the focus");
    session.send("\x1b[I");
    reveal(&session);
}

#[test]
fn resting_it_uses_no_time_and_writes_nothing() {
    let session = Start::gluepot(&["--demo", "--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    session.settle(Duration::from_secs(1));
    let process = crate::process::Process(session.pid());
    let (mark, before) = (session.mark(), process.ticks());
    session.settle(Duration::from_secs(2));
    assert_eq!(session.bytes_since(mark), b"", "nothing moves by itself");
    let used = process.ticks() - before;
    assert!(used <= 4, "{used} ticks of 10 ms in 2 s");
}
