//! Clients that can be taken for each other, how often it is asked whose a secret is, and what a policy judges by.

use gluepot_core::policy::ConfirmClient;
use gluepot_fake::{Table, World};

use crate::app::{Program, Setup};
use crate::policy::policy;

const VALUE: &str = "maple-Orbit-42-thistle";
const RECORD: &str = "4/HPD-IMG01 local<Enter>";

fn client(world: &World, name: &str) -> u64 {
    world
        .ids(Table::Organizations)
        .into_iter()
        .find(|&id| world.name(Table::Organizations, id) == name)
        .expect("a client")
}

/// The demo with Fjord Logistics called as Harbour & Pine Dental, as far as asked; the ids of both.
fn twins(name: bool, short: &str) -> (World, u64, u64) {
    let mut world = gluepot_fake::data::demo();
    let (one, other) = (client(&world, "Harbour & Pine Dental"), client(&world, "Fjord Logistics AS"));
    world.edit(Table::Organizations, other, |row| {
        if name {
            row.insert("name".into(), "Harbour & Pine Dental".into());
        }
        row.insert("short-name".into(), short.into());
    });
    (world, one, other)
}

async fn at_the_twin(world: World, one: u64, other: u64) -> Program {
    let mut program = Setup::with_world(world).organization(&one.to_string()).start().await;
    program.sees(&format!("▌HPD id {one}"));
    program.press("1/").await;
    program.press(&format!("{}<Enter>", "hpd")).await;
    let row = program.text().lines().position(|line| line.contains(&other.to_string()));
    assert!(row.is_some(), "{}", program.text());
    program.press("<Esc>").await;
    program.app.popups.clear();
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_with_the_same_names_are_told_apart_by_their_ids_and_the_id_is_asked_for() {
    let (world, one, other) = twins(true, "HPD");
    let mut program = at_the_twin(world, one, other).await;
    // Both rows have their ids.
    let screen = program.text();
    for id in [one, other] {
        assert!(screen.lines().skip(1).any(|line| line.contains(&format!("id {id}"))), "{id}:\n{screen}");
    }
    let at = |program: &Program| program.text().lines().next().unwrap_or_default().to_owned();
    for _ in 0..6 {
        if at(&program).contains(&other.to_string()) {
            break;
        }
        program.press("1j<Enter>").await;
        if !at(&program).contains(&other.to_string()) {
            program.press("1kk<Enter>").await;
        }
    }
    assert!(at(&program).contains(&format!("id {other}")), "{}", program.text());
    program.press("4/domain administrator<Enter>").await;
    program.press("r").await;
    program.sees("Show this password?").sees(&format!("(id {other}, ")).sees("Client id:");
    program.press("HPD<Enter>").await;
    program.sees("No match. This password belongs to").sees(&format!("id {other}"));
    program.press(&format!("<C-u>{other}<Enter>")).await;
    program.sees("hides in 30 s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_name_that_reads_like_anothers_is_no_answer() {
    // The H is a Cyrillic letter.
    let (world, _, _) = twins(false, "\u{41d}PD");
    let mut program = Setup::with_world(world).organization("Harbour & Pine Dental").start().await;
    program.press("1/fjord<Enter><Enter>4/domain administrator<Enter>").await;
    program.press("r").await;
    program.sees("Show this password?").sees("Full name:");
    program.press("hpd<Enter>").await;
    program.sees("No match. This password belongs to");
    program.press("<C-u>fjord logistics as<Enter>").await;
    program.sees("hides in 30 s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_that_was_put_away_is_back_with_the_next_visit() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("1/fjord<Enter><Enter>").await;
    program.sees("▲ Dispatch runs");
    program.press("x").await;
    program.misses("▲ Dispatch runs");
    program.press("1/harbour & pine<Enter><Enter>").await;
    program.press("1/fjord<Enter><Enter>").await;
    program.sees("▲ Dispatch runs");
}

/// How often "Show this password?" came up at a reveal at Fjord Logistics, at Harbour & Pine, and at both again.
async fn asked(setting: ConfirmClient, text: &str) -> [bool; 4] {
    let mut setup = Setup::default().organization("HPD");
    setup.config.ui.confirm_client = setting;
    setup.policies = policy(text);
    let mut program = setup.start().await;
    let mut asked = [false; 4];
    let clients = [("fjord", "domain administrator", "fjl"), ("harbour & pine", "HPD-IMG01 local", "hpd")];
    for (visit, (client, record, short)) in clients.into_iter().cycle().take(4).enumerate() {
        program.press(&format!("1/{client}<Enter><Enter>4/{record}<Enter>")).await;
        program.press("r").await;
        asked[visit] = program.text().contains("Show this password?");
        if asked[visit] {
            program.press(&format!("{short}<Enter>")).await;
        }
        program.sees("hides in");
        program.press("<Esc>").await;
    }
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_often_a_client_is_confirmed_is_a_setting_and_a_policy_is_stronger() {
    use ConfirmClient::{EachChange, Never, Once};
    let always = [true; 4];
    assert_eq!(asked(EachChange, "").await, always);
    // The client that was opened first needs no answer.
    assert_eq!(asked(Once, "").await, [true, false, false, false]);
    assert_eq!(asked(Never, "").await, [true, false, false, false], "never has to be permitted");
    assert_eq!(asked(Never, "[client]\nconfirm = 'never'").await, [false; 4]);
    assert_eq!(asked(Never, "[client]\nconfirm = 'each-change'").await, always);
    assert_eq!(asked(EachChange, "[client]\nconfirm = 'never'").await, always);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_judges_by_the_list_that_is_newer_than_the_record_that_was_opened() {
    let mut setup = Setup::default().organization("HPD");
    setup.policies =
        policy("[[rule]]\nactions = ['reveal', 'copy']\nname = 'Break*'\nthen = 'deny'\nwhy = 'two people'");
    let mut program = setup.start().await;
    program.press(RECORD).await;
    program.press("<Enter>").await;
    program.press("r").await;
    program.sees(VALUE);
    program.press("<Esc><Esc>").await;
    program.server.with_world(|world| {
        let id = world
            .ids(Table::Passwords)
            .into_iter()
            .find(|&id| world.name(Table::Passwords, id) == "HPD-IMG01 local admin");
        world.edit(Table::Passwords, id.expect("it is there"), |row| {
            row.insert("name".into(), "Break glass HPD-IMG01 local admin".into());
        });
    });
    program.server.forget_requests();
    program.press("R").await;
    program.press("r").await;
    program.sees("two people").misses(VALUE);
    assert!(program.server.requests().iter().all(|r| !r.target.contains("show_password=true")));
}
