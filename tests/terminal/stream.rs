//! Every byte that reaches the terminal: only the sequences of the list, no control characters, and what `NO_COLOR`,
//! `TERM=dumb` and the locale ask for.

use std::time::Duration;

use gluepot_testkit::pty::{End, Session, Start};
use gluepot_testkit::tokens::{Token, is_ours, sets_colour, tokens};

/// How long the stream is still before the next key: long enough for an answer from loopback.
const REST: Duration = Duration::from_millis(120);

/// The demo in an organization. The cursor need not rest before the detail is asked for: this only saves time.
fn demo(organization: &str) -> Start {
    Start::gluepot(&["--demo", "--org", organization]).home(crate::home_with("[ui]\npreview_ms = 0\n"))
}

/// Browses, reads, filters, opens popups: a little of everything that is drawn.
fn look_around(session: &Session) {
    session.wait_for("Harbour & Pine");
    session.send("2");
    session.settle(REST);
    session.send("/vpn\r");
    session.wait_for("VPN for remote staff");
    session.settle(REST);
    session.send("\r");
    session.settle(REST);
    session.send("G");
    session.settle(REST);
    session.send("\x0c");
    session.settle(Duration::from_millis(50));
    for (keys, back) in [("?", "\x1b"), (":", "\x1b"), ("t", "\x1b"), ("y", "\x1b"), ("S", "\x1b"), ("z", "z")] {
        session.send(keys);
        session.settle(Duration::from_millis(50));
        session.send(back);
        session.settle(Duration::from_millis(50));
    }
    session.send("4");
    session.settle(REST);
    session.send("5\r");
    session.settle(REST);
}

fn leave(mut session: Session) -> Vec<u8> {
    session.send("\x03");
    assert_eq!(session.wait_exit(), End::Code(0));
    session.all_bytes()
}

/// The texts and sequences of a stream that holds nothing but those of the list.
#[track_caller]
fn clean(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let (mut texts, mut sequences) = (Vec::new(), Vec::new());
    assert!(std::str::from_utf8(bytes).is_ok(), "the stream is no UTF-8");
    for token in tokens(bytes) {
        match token {
            Token::Text(text) => {
                let hidden: Vec<char> = text.chars().filter(|&c| gluepot_core::text::is_hidden(c)).collect();
                assert!(hidden.is_empty(), "{hidden:?} in {text:?}");
                texts.push(text);
            }
            Token::Escape(sequence) if is_ours(&sequence) => sequences.push(sequence),
            other => panic!("{other:?} went to the terminal"),
        }
    }
    assert!(texts.len() > 100 && sequences.len() > 100, "nothing was drawn");
    (texts, sequences)
}

#[test]
fn a_round_through_the_program_writes_only_sequences_of_the_list() {
    let session = demo("HPD").run();
    look_around(&session);
    session.resize(80, 24);
    session.settle(REST);
    session.resize(50, 14);
    session.settle(REST);
    session.resize(20, 5);
    session.settle(REST);
    session.resize(130, 40);
    session.wait_for("Harbour & Pine");
    // A key that comes together with the change would wait for the next one (docs/development.md).
    session.settle(REST);
    let (_, sequences) = clean(&leave(session));
    assert!(sequences.iter().any(|sequence| sets_colour(sequence)), "colours are wanted here");
}

#[test]
fn no_color_means_no_colour_in_the_whole_stream() {
    let session = demo("HPD").env("NO_COLOR", "1").run();
    look_around(&session);
    let (_, sequences) = clean(&leave(session));
    let colours: Vec<_> = sequences.iter().filter(|sequence| sets_colour(sequence)).collect();
    assert!(colours.is_empty(), "{colours:?}");
    assert!(sequences.iter().any(|s| s == "\x1b[1m" || s == "\x1b[7m"), "without colours, style tells things apart");
}

#[test]
fn a_dumb_terminal_gets_ascii_without_colours_and_another_locale_ascii() {
    for (name, value) in [("TERM", "dumb"), ("LANG", "C")] {
        let session = demo("HPD").env(name, value).run();
        look_around(&session);
        let (texts, sequences) = clean(&leave(session));
        let odd: Vec<_> = texts.iter().filter(|text| !text.is_ascii()).collect();
        assert!(odd.is_empty(), "{name}={value}: {odd:?}");
        let colours = sequences.iter().filter(|sequence| sets_colour(sequence)).count();
        assert_eq!(colours > 0, value == "C", "{name}={value}");
    }
}

#[test]
fn hostile_records_reach_the_terminal_as_marks() {
    let session = demo("TEST").run();
    session.wait_for("Test corpus");
    session.send("2");
    session.settle(REST);
    session.wait_for("▾ Hostile");
    session.send("g");
    session.settle(REST);
    // The row of the cursor in the pane of documents.
    let row = || {
        let screen = session.screen();
        let pane = screen.lines().skip_while(|line| !line.contains("2 Documents"));
        let row = pane.skip(1).take_while(|line| !line.contains("3 Conf")).find(|line| line.starts_with("│▌"));
        row.and_then(|line| line.split('│').nth(1)).unwrap_or_default().to_owned()
    };
    // From document to document, each to its end, until the cursor no longer moves.
    let (mut read, mut before) = (0, String::new());
    while row() != before {
        before = row();
        if !before.contains('▾') {
            session.send("\r");
            session.settle(REST);
            session.send("G");
            session.settle(Duration::from_millis(60));
            session.send("\x1b");
            session.settle(Duration::from_millis(60));
            read += 1;
        }
        session.send("2j");
        session.settle(REST);
    }
    assert!(read >= 8, "only {read} documents were read. The screen:\n{}", session.screen());
    for pane in ["3", "4g", "5\r"] {
        session.send(pane);
        session.settle(REST);
        for _ in 0..12 {
            session.send("j");
            session.settle(REST);
            if pane.starts_with('4') {
                // The odd values too, shown and then hidden.
                session.send("r");
                session.settle(REST);
                session.send("\x1b");
                session.settle(Duration::from_millis(60));
            }
        }
    }
    let audit = session.home().join(".local/state/gluepot/demo-audit/audit.log");
    let shown = std::fs::read_to_string(audit).expect("the audit file").matches("\"shown\"").count();
    assert!(shown >= 6, "only {shown} values were shown");
    let bytes = leave(session);
    clean(&bytes);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("‹202E›"), "the right-to-left override is a visible mark");
}
