//! Text from the server, on screens of every kind: nothing of it drives the terminal, nothing breaks the columns.

use gluepot_core::text::is_hidden;

use crate::app::{Program, Setup};

fn assert_harmless(program: &Program) {
    for cell in &program.buffer().content {
        assert!(
            !cell.symbol().chars().any(|c| c.is_control() || is_hidden(c)),
            "{:?} is on the screen:\n{}",
            cell.symbol(),
            program.text()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_test_corpus_is_shown_without_driving_the_terminal() {
    for (columns, rows) in [(140, 40), (80, 24), (40, 12)] {
        let mut program = Setup::default().size(columns, rows).organization("TEST").start().await;
        program.press("2g").await;
        assert_harmless(&program);
        for _ in 0..25 {
            program.press("<Enter>").await;
            assert_harmless(&program);
            program.press("G").await;
            assert_harmless(&program);
            program.press("<Esc>2j").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ascii_terminal_gets_ascii_only() {
    let mut setup = Setup::default().organization("HPD");
    setup.ascii = true;
    let mut program = setup.start().await;
    program.press("2/vpn<Enter><Enter>").await;
    assert!(program.text().is_ascii(), "{}", program.text());
    program.press("<Esc><Esc>1G").await;
    assert!(program.text().is_ascii(), "{}", program.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_colours_everything_is_still_told_apart() {
    let mut setup = Setup::default().organization("HPD");
    setup.colour = false;
    let mut program = setup.start().await;
    program.press("2/vpn<Enter><Enter>").await;
    assert!(
        program
            .buffer()
            .content
            .iter()
            .all(|cell| cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset),
        "a colour is on the screen"
    );
    program.sees("VPN for remote staff");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pasted_text_never_acts_as_keys() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.event(crossterm::event::Event::Paste("q\x1b[2J:quit\n".into()));
    program.settle().await;
    assert!(program.app.exit.is_none());
    program.press("/").await;
    program.event(crossterm::event::Event::Paste("vpn\x1b[2J\nq".into()));
    program.settle().await;
    program.sees("/vpn␛[2J q");
}
