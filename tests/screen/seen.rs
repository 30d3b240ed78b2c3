//! What is on the screen, what the trail says of it, and what a copy takes: the same.

use gluepot::host::clipboard::Environment;
use gluepot_fake::Table;

use crate::app::{Program, Setup};

const NAME: &str = "HPD-IMG01 local admin";
const VALUE: &str = "maple-Orbit-42-thistle";

/// At the password in the detail, with another value.
async fn at_a_password(value: &str, columns: u16, rows: u16) -> Program {
    at_a_password_in(value, columns, rows, false).await
}

async fn at_a_password_in(value: &str, columns: u16, rows: u16, ascii: bool) -> Program {
    let mut world = gluepot_fake::data::demo();
    let id = world.ids(Table::Passwords).into_iter().find(|&id| world.name(Table::Passwords, id) == NAME);
    world.edit(Table::Passwords, id.expect("it is there"), |row| {
        row.insert("_value".into(), value.into());
    });
    let mut setup = Setup::with_world(world).organization("HPD").size(columns, rows);
    setup.ascii = ascii;
    setup.clipboard = Environment { term: "xterm-256color".into(), ..Environment::default() };
    let mut program = setup.start().await;
    program.press("4/HPD-IMG01 local<Enter>").await;
    program.press("<Enter>").await;
    program
}

/// The outcomes on record, in their order: the word and why.
fn outcomes(program: &Program) -> Vec<String> {
    let audit = program.audit();
    let records = audit.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a record"));
    let outcomes = records.filter(|record| record["kind"] == "outcome");
    let words = outcomes.map(|record| {
        let word = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
        format!("{} {}", word("result"), word("why")).trim().to_owned()
    });
    words.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shown_is_recorded_exactly_where_the_whole_value_is_on_the_screen() {
    let values = ["kite-88-Marble-Fern-42-x", "Qx7-".repeat(20).as_str()].map(str::to_owned);
    for value in &values {
        for (columns, rows) in [(30, 8), (30, 10), (40, 9), (59, 14), (80, 24), (140, 40)] {
            let mut program = at_a_password(value, columns, rows).await;
            program.press("r").await;
            let screen = program.text();
            // A value in several rows is read row by row.
            let seen: String = screen.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            let is_there = seen.contains(value.as_str());
            let told = outcomes(&program);
            let case = format!("{} at {columns}x{rows}: {told:?}\n{screen}", value.len());
            if is_there {
                assert_eq!(told, ["shown"], "{case}");
            } else {
                assert_eq!(told, ["not-shown no room"], "{case}");
                assert!(screen.contains("No room to show all"), "{case}");
                assert!(!screen.contains(&value[..4]), "no part of it: {case}");
            }
            program.press("<Esc>").await;
            let ended = outcomes(&program);
            assert_eq!(
                ended.last().map(String::as_str),
                Some(if is_there { "hidden hidden by the user" } else { "not-shown no room" }),
                "{case}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_of_24_characters_is_shown_on_the_smallest_screen() {
    for rows in [8, 10] {
        let mut program = at_a_password("kite-88-Marble-Fern-42-x", 30, rows).await;
        program.press("r").await;
        program.sees("kite-88-Marble-Fern-42-x");
        assert_eq!(outcomes(&program), ["shown"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resize_that_leaves_no_room_and_one_that_gives_it_back_are_on_record() {
    let value = "Qx7-".repeat(40);
    let mut program = at_a_password(&value, 80, 24).await;
    program.press("r").await;
    assert_eq!(outcomes(&program), ["shown"]);
    program.resize(30, 8).await;
    program.misses("Qx7-");
    assert_eq!(outcomes(&program), ["shown", "hidden no room"]);
    program.resize(80, 24).await;
    program.sees("Qx7-Qx7-");
    assert_eq!(outcomes(&program), ["shown", "hidden no room", "shown"]);
    program.resize(20, 5).await;
    assert_eq!(outcomes(&program).last().map(String::as_str), Some("hidden no room"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_popup_over_a_value_hides_it_on_record_until_it_is_gone() {
    let mut program = at_a_password(VALUE, 80, 24).await;
    program.press("r").await;
    program.sees(VALUE);
    program.press("?").await;
    program.misses(VALUE);
    assert_eq!(outcomes(&program), ["shown", "hidden something covered it"]);
    program.press("?").await;
    program.sees(VALUE);
    program.press("<Esc>").await;
    assert_eq!(outcomes(&program)[2..], ["shown", "hidden hidden by the user"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_whose_detail_was_left_before_it_came_is_not_shown() {
    let mut program = at_a_password(VALUE, 80, 24).await;
    program.type_fast("r1");
    program.settle().await;
    program.misses(VALUE);
    assert_eq!(outcomes(&program), ["not-shown the detail was not on the screen"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blanks_and_look_alikes_of_a_value_have_marks_and_the_words_below_say_what_they_are() {
    let cases = [
        ("nb\u{a0}sp", false, "nb‹00A0›sp"),
        ("nb\u{a0}sp", true, "nb<U+00A0>sp"),
        (" two blanks ", false, "␠two␠blanks␠"),
        (" two_blanks ", true, "<SP>two_blanks<SP>"),
        ("a\u{2003}b\u{3000}c\u{202f}d", false, "a‹2003›b‹3000›c‹202F›d"),
        ("z\u{200b}w\u{2060}", false, "z‹200B›w‹2060›"),
        ("❤\u{fe0f}x", false, "❤‹FE0F›x"),
        ("grü\u{df}", true, "gr<U+00FC><U+00DF>"),
    ];
    for (value, ascii, shown) in cases {
        let mut program = at_a_password_in(value, 140, 40, ascii).await;
        program.press("r").await;
        program.sees(shown);
        assert_eq!(outcomes(&program), ["shown"], "{shown}");
    }
    let mut program = at_a_password("lO\u{430}\u{a0}", 140, 40).await;
    program.press("r").await;
    program.sees("look-alikes: small L, capital O, U+0430, not a, blank U+00A0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_an_earlier_version_is_on_the_screen_every_key_means_that_one() {
    for keys in ["c", "y<Enter>", "C"] {
        let mut program = at_a_password(VALUE, 140, 40).await;
        program.press("v<Enter>").await;
        program.press("<Enter>").await;
        program.sees("an earlier version: 2025-03-03 08:00").sees("copy this version");
        program.press(keys).await;
        let audit = program.audit();
        let records: Vec<serde_json::Value> =
            audit.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
        let intents: Vec<_> = records.iter().filter(|record| record["kind"] == "intent").collect();
        assert_eq!(intents.len(), 2, "{audit}");
        assert!(intents[0]["version_id"].is_u64(), "{audit}");
        assert_eq!(intents[0]["version_id"], intents[1]["version_id"], "{keys}: {audit}");
        if keys == "C" {
            program.sees("version");
        } else {
            program.sees("HPD-IMG01 local admin (an earlier version: 2025-03-03 08:00");
        }
    }
    // Handing over is not done for it, and that is said; what hides it leaves the one in force.
    let mut program = at_a_password(VALUE, 140, 40).await;
    program.press("v<Enter>").await;
    program.press("<Enter>").await;
    program.press("p").await;
    program.sees("an earlier version");
    program.press("<Esc>").await;
    program.press("c").await;
    let audit = program.audit();
    let last = audit.lines().rfind(|line| line.contains("\"intent\"")).expect("an intent").to_owned();
    assert!(!last.contains("version_id\":6") && program.line_with("HPD-IMG01 local admin").len() > 1, "{last}");
    program.misses("(an earlier version");
}
