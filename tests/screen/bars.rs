//! The bottom line: what it says is whole, is about the shown record, and goes when it has been read.

use std::time::Duration;

use crate::app::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sentence_too_long_for_the_bottom_line_is_shown_to_its_end() {
    let mut setup = Setup::default().organization("HPD").size(40, 24);
    setup.full_key = false;
    let mut program = setup.start().await;
    program.press("4/domain registrar<Enter>r").await;
    let screen = program.text();
    let last: Vec<&str> = screen.lines().rev().take(4).collect();
    let words = last.into_iter().rev().collect::<Vec<_>>().join(" ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("This API key has no Password Access: an administrator can tick it at"), "{screen}");
    assert!(words.ends_with("Account > Settings > API Keys."), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_answers_a_key_is_gone_with_the_next_key() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("3r").await;
    program.sees("Select a password first (4)");
    program.press("4").await;
    program.misses("Select a password first").sees("? help");
    program.press("Z").await;
    program.sees("Z does nothing here.");
    program.press("j").await;
    program.misses("does nothing here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_about_by_itself_can_be_read_before_a_key_takes_it_away() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("m").await;
    program.sees("Mouse o");
    program.type_fast("jk");
    program.sees("Mouse o");
    let read = std::time::Instant::now() + Duration::from_millis(1_001);
    tokio::time::sleep_until(read.into()).await;
    program.type_fast("j");
    program.misses("Mouse o").sees("? help");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_something_lies_over_the_panes_the_bottom_line_names_its_keys() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    let bottom = |program: &crate::app::Program| program.text().lines().last().unwrap_or_default().to_owned();
    program.press("<C-k>").await;
    assert_eq!(bottom(&program).trim(), "⏎ open  Esc cancel  ↓ down  Tab all opened clients");
    program.press("<Tab>").await;
    assert!(bottom(&program).contains("Tab this client"), "{}", program.text());
    program.press("<Esc>?").await;
    assert_eq!(bottom(&program).trim(), "Esc close  / search  j down  PgDn page  G end");
    program.press("<Esc>T").await;
    assert_eq!(bottom(&program).trim(), "⏎ save  Esc cancel");
    program.press("<Esc>").await;
    assert!(bottom(&program).contains("⏎ open"), "{}", program.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_to_all_keys_is_named_however_narrow_and_more_of_them_where_there_is_room() {
    let mut program = Setup::default().organization("HPD").size(40, 14).start().await;
    program.press("4/domain registrar<Enter><Enter>").await;
    let screen = program.text();
    assert!(screen.trim_end().ends_with("? help"), "{screen}");
    program.resize(140, 40).await;
    let screen = program.text();
    let bottom = screen.lines().last().unwrap_or_default();
    for words in ["y copy…", "o copy web address", "T ticket", "? help", "/3,000"] {
        assert!(bottom.contains(words), "{words}:\n{screen}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_again_says_that_the_answer_came() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("3R").await;
    program.sees("Configurations refreshed.");
    program.press("/fw01<Enter><Enter>R").await;
    program.sees("HPD-FW01 refreshed.");
    program.press("<Esc>").await;
    program.server.faults().add("422:path=/configurations".parse::<gluepot_fake::Rule>().expect("a fault"));
    program.press("R").await;
    program.sees("failed").misses("onfigurations refreshed.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_of_a_record_beside_its_name_is_told_apart() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("4/break-glass<Enter>").await;
    program.sees("restricted · updated ");
}
