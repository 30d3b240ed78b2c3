//! A password in parts, and its earlier versions.

use gluepot_core::clock::BootTime;

use crate::app::{Program, Setup};

const RECORD: &str = "4/HPD-IMG01 local<Enter>";
const VALUE: &str = "maple-Orbit-42-thistle";
/// Its parts, as they are drawn character by character.
const WORDS: [&[&str]; 6] = [
    &["Mike", "Alfa", "Papa", "Lima"],
    &["Echo", "hyphen", "capital Oscar", "Romeo"],
    &["Bravo", "India", "Tango", "hyphen"],
    &["four", "two", "hyphen", "Tango"],
    &["Hotel", "India", "Sierra", "Tango"],
    &["Lima", "Echo"],
];

async fn at_the_password(setup: Setup) -> Program {
    let mut program = setup.organization("HPD").ticket("48213").start().await;
    program.press(RECORD).await;
    program.server.forget_requests();
    program
}

async fn in_the_console() -> Program {
    let mut program = at_the_password(Setup::default()).await;
    program.press("C").await;
    program.sees("1 to 4 of 22");
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_spelled_four_characters_at_a_time_there_and_back() {
    let mut program = in_the_console().await;
    for (part, words) in WORDS.iter().enumerate() {
        let (first, last) = (part * 4 + 1, (part * 4 + 4).min(VALUE.len()));
        program.sees(&format!("{first} to {last} of 22"));
        for word in *words {
            program.sees(word);
        }
        assert!(!program.text().contains(VALUE));
        program.press(if part % 2 == 0 { "l" } else { "<Space>" }).await;
        if part % 2 == 1 {
            program.press("<Down>").await;
        }
    }
    program.sees("21 to 22 of 22");
    program.press("h<Left>").await;
    program.sees("13 to 16 of 22").sees("four").sees("digit");
    program.press("<Up><Up><Up><Up>").await;
    program.sees("1 to 4 of 22").sees("small letter, not one, capital I or a bar");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_has_its_own_lines_in_the_audit_trail_and_one_request() {
    let mut program = in_the_console().await;
    program.press("ll<Esc>").await;
    program.misses("of 22");
    let audit = program.audit();
    for text in ["\"console\"", "\"shown\"", "\"hidden\"", "hidden by the user", "48213"] {
        assert!(audit.contains(text), "{text} is missing:\n{audit}");
    }
    let asked = program.server.requests().iter().filter(|r| r.target.contains("show_password=true")).count();
    assert_eq!(asked, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_hides_on_locking_and_losing_the_focus_and_takes_every_key() {
    let mut program = in_the_console().await;
    program.press("R1:c").await;
    program.sees("1 to 4 of 22");
    program.event(crossterm::event::Event::FocusLost);
    program.settle().await;
    program.misses("of 22").sees("Hidden: the terminal lost the focus.");

    let mut program = in_the_console().await;
    program.press("L").await;
    program.misses("of 22").sees("gluepot is locked");
    program.press("<Enter>").await;
    program.misses("of 22").sees("HPD-IMG01 local admin");
    assert!(program.audit().contains("\"locked\""), "{}", program.audit());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_part_has_the_time_of_a_reveal() {
    let mut setup = Setup::default();
    setup.config.ui.reveal_seconds = 1;
    let mut program = at_the_password(setup).await;
    let start = BootTime::now();
    program.press("C").await;
    program.sees("hides in 1 s");
    program.wait_gone("of 22").await;
    let took = BootTime::now().left(start);
    assert!(took >= std::time::Duration::from_millis(900), "{took:?}");
    assert!(
        program.audit().contains("its time was over") || {
            program.settle().await;
            program.audit().contains("its time was over")
        }
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_fits_small_screens_and_ascii() {
    for (columns, rows) in [(80, 24), (60, 15), (40, 12), (30, 8)] {
        let mut setup = Setup::default().size(columns, rows);
        setup.ascii = true;
        let mut program = at_the_password(setup).await;
        program.press("C").await;
        let screen = program.text();
        assert!(screen.is_ascii(), "{screen}");
        for word in WORDS[0] {
            assert!(screen.contains(word), "{word} is missing at {columns}x{rows}:\n{screen}");
        }
        assert!(screen.contains("hides in"), "{columns}x{rows}:\n{screen}");
    }
}

// Versions

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_detail_lists_earlier_versions_with_date_and_author() {
    let mut program = at_the_password(Setup::default().size(140, 50)).await;
    program.press("<Enter>").await;
    program.sees("Earlier versions").sees("2025-03-03 08:00").sees("2024-03-03 08:00").sees("2023-03-03 08:00");
    assert!(
        program.line_with("2025-03-03").contains("Ruth Osei") || program.line_with("2025-03-03").contains("Dev Patel")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_earlier_version_is_shown_as_what_it_is_and_recorded_with_its_number() {
    let mut program = at_the_password(Setup::default()).await;
    program.press("v").await;
    program.sees("Earlier versions of HPD-IMG01 local admin").sees("2025-03-03 08:00");
    program.press("<Enter>").await;
    program.sees("Show it for a short time").sees("Spell it out");
    program.sees("Send it to a tmux pane");
    program.press("<Enter>").await;
    program.sees("an earlier version: 2025-03-03 08:00").sees("hides in 30 s").misses(VALUE);
    let requests = program.server.requests();
    let asked = requests.iter().find(|r| r.target.contains("show_password=true")).expect("a value was asked for");
    let version = asked.target.split("version_id=").nth(1).and_then(|rest| rest.split('&').next()).expect("a version");
    let audit = program.audit();
    let member = format!("\"version_id\":{version}");
    let lines: Vec<&str> = audit.lines().filter(|line| line.contains(&member)).collect();
    assert_eq!(lines.len(), 2, "intent and outcome: {audit}");
    // What is on the screen is what the key means: it hides that one. The one in force is another value and is asked
    // for anew.
    program.press("r").await;
    program.misses("an earlier version").misses("hides in");
    program.press("r").await;
    program.sees(VALUE).misses("an earlier version");
    program.press("<Esc>").await;
    assert_eq!(program.audit().lines().filter(|line| line.contains(&member)).count(), 3, "and its end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_earlier_version_is_not_handed_over_and_that_is_said() {
    let mut program = at_the_password(Setup::default()).await;
    program.press("v<Enter>").await;
    program.press("/tmux pane<Enter>").await;
    program.sees("Only the current password can be sent");
    assert!(program.server.requests().iter().all(|request| !request.target.contains("show_password=true")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_can_be_spelled_and_what_has_none_says_so() {
    let mut program = at_the_password(Setup::default()).await;
    program.press("v<Down><Enter>/spell<Enter>").await;
    program.sees("1 to 4 of").sees("version");
    program.press("<Esc>").await;
    program.press("4/hpd-fw01 API<Enter>").await;
    program.press("<Enter>").await;
    program.press("v").await;
    program.sees("This password has no earlier versions.");
}
