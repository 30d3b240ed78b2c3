//! Revealing and copying: what is shown, what the server was asked, what the audit file says.

use gluepot::host::observers::Surroundings;
use gluepot_fake::{Table, World};

use crate::app::{Program, Setup};

const RECORD: &str = "4/HPD-IMG01 local<Enter>";
const VALUE: &str = "maple-Orbit-42-thistle";

async fn at_the_password() -> Program {
    let mut program = Setup::default().organization("HPD").ticket("48213").start().await;
    program.press(RECORD).await;
    program.server.forget_requests();
    program
}

fn value_requests(program: &Program) -> usize {
    program.server.requests().iter().filter(|r| r.target.contains("show_password=true")).count()
}

/// The value without the styles, as the rows of the detail hold it.
fn shows_value(program: &Program) -> bool {
    program.text().contains(VALUE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_list_and_no_detail_asks_for_a_value() {
    let mut program = at_the_password().await;
    program.press("<Enter>").await;
    program.sees("••••••••••••").sees("r reveal · c copy hidden");
    assert_eq!(value_requests(&program), 0);
    assert!(!shows_value(&program));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reveal_shows_the_value_with_a_countdown_and_esc_hides_it() {
    let mut program = at_the_password().await;
    program.press("r").await;
    program.sees(VALUE).sees("hides in 30 s").sees("look-alikes: small L, capital O");
    assert_eq!(value_requests(&program), 1);
    program.press("<Esc>").await;
    assert!(!shows_value(&program));
    let audit = program.audit();
    for text in ["\"intent\"", "\"shown\"", "\"hidden\"", "48213", "HPD-IMG01 local admin", "Harbour & Pine Dental"] {
        assert!(audit.contains(text), "{text} is missing:\n{audit}");
    }
    assert!(!audit.contains(VALUE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revealed_value_hides_by_itself() {
    let mut setup = Setup::default().organization("HPD");
    setup.config.ui.reveal_seconds = 1;
    let mut program = setup.start().await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees(VALUE);
    program.wait_gone(VALUE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revealed_value_hides_on_leaving_locking_and_losing_the_focus() {
    for leave in ["1j", "L<Enter>", "r", "<C-k>office<Enter>"] {
        let mut program = at_the_password().await;
        program.press("r").await;
        program.sees(VALUE);
        program.press(leave).await;
        assert!(!shows_value(&program), "after {leave}:\n{}", program.text());
    }
    let mut program = at_the_password().await;
    program.press("r").await;
    program.sees(VALUE);
    program.event(crossterm::event::Event::FocusLost);
    program.settle().await;
    assert!(!shows_value(&program));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_fetched_while_the_audit_line_cannot_be_written() {
    let mut program = at_the_password().await;
    let dir = program.audit_dir.path().join("audit");
    assert!(!dir.exists(), "nothing is opened before it is needed");
    std::fs::write(&dir, "in the way").expect("a file can take its place");
    program.press("r").await;
    program.sees("Not fetched: could not make the directory audit").sees("Not recorded: ").sees(", then r");
    assert_eq!(value_requests(&program), 0);
    std::fs::remove_file(&dir).expect("the file can go away again");
    program.press("r").await;
    program.sees(VALUE);
    assert_eq!(value_requests(&program), 1);
    assert!(program.audit().contains("\"shown\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vaulted_password_is_explained_in_place_and_never_asked_for() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("4/break-glass<Enter><Enter>").await;
    program.sees("Vaulted: IT Glue's API cannot reveal it");
    program.press("r").await;
    assert_eq!(value_requests(&program), 0);
    assert!(!program.audit().contains("intent"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_without_password_access_is_explained() {
    let mut setup = Setup::default().organization("HPD");
    setup.full_key = false;
    let mut program = setup.start().await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees("Password Access");
    assert!(program.audit().contains("\"failed\""));
    // Also when the bottom line has forgotten it: at the record itself, to its end.
    program.press("TX<Esc>").await;
    let screen = program.text();
    let (_, below) = screen.split_once("••••").expect("the dots");
    assert!(below.contains("This API key has no Password Access") && below.contains("API Keys."), "{screen}");
    program.misses("copy hidden");
    program.press("jk").await;
    program.sees("Password Access");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fetch_that_failed_is_told_at_its_record_until_the_next_one() {
    let mut program = at_the_password().await;
    program.server.faults().add("500:path=show_password=true".parse::<gluepot_fake::Rule>().expect("a fault"));
    program.press("r").await;
    program.sees("IT Glue failed on passwords (500).").misses("copy hidden");
    program.press("3").await;
    program.misses("••••");
    program.press("4").await;
    let screen = program.text();
    let (_, below) = screen.split_once("••••").expect("the dots");
    let place = below.lines().nth(1).unwrap_or_default();
    assert!(place.contains("IT Glue failed on passwords (500)."), "{screen}");
    program.server.faults().clear();
    program.press("r").await;
    program.sees(VALUE).misses("IT Glue failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_among_the_passwords_says_that_it_is_one() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("4r").await;
    program.sees("This is a folder. Select a password in it.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copying_where_there_is_no_clipboard_fetches_nothing() {
    let mut program = at_the_password().await;
    program.press("c").await;
    program.sees("Not copied");
    assert_eq!(value_requests(&program), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_asked_for_again_before_the_first_answer_is_still_shown() {
    let mut program = at_the_password().await;
    program.type_fast("rr");
    program.settle().await;
    program.sees(VALUE);
}

/// At a password of Fjord Logistics, come to from Harbour & Pine.
async fn at_another_client() -> Program {
    let mut program = at_the_password().await;
    program.press("1/fjord<Enter><Enter>4/domain administrator<Enter>").await;
    program.sees("FJL domain administrator");
    program.server.forget_requests();
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_secret_after_a_change_of_client_asks_whose_it_is_once() {
    let mut program = at_another_client().await;
    program.press("r").await;
    program.sees("Show this password?").sees("Client    Fjord Logistics AS").sees("Short name");
    program.press("<Enter>").await;
    program.sees("Type it to continue.");
    program.press("HPD<Enter>").await;
    program.sees("No match. This password belongs to Fjord Logistics AS (FJL)").sees("Short name: HPD");
    assert_eq!(value_requests(&program), 0);
    assert!(!program.audit().contains("intent"));
    program.press("<C-u>fjl<Enter>").await;
    program.misses("Show this password?").sees("hides in 30 s");
    assert_eq!(value_requests(&program), 1);
    program.press("<Esc>r").await;
    program.misses("Show this password?").sees("hides in 30 s");
    assert_eq!(value_requests(&program), 2);
    // Back to where one began is another change.
    program.press("[").await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees("Show this password?").sees("Client    Harbour & Pine Dental").sees("HPD-IMG01 local admin");
    program.press("<Esc>").await;
    program.misses("Show this password?");
    assert_eq!(value_requests(&program), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dialog_before_a_secret_fits_a_small_screen() {
    for (columns, rows) in [(80, 24), (60, 15), (40, 12)] {
        let mut program = at_another_client().await;
        program.resize(columns, rows).await;
        program.press("0r").await;
        program.sees("Client    Fjord").sees("Short name");
        program.press("x<Enter>").await;
        program.sees("No match.").sees("Esc cancel");
        program.press("<Esc>").await;
        program.misses("Esc cancel");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handing_over_is_dim_outside_tmux_and_says_why() {
    let mut program = at_the_password().await;
    program.press(":hand-over").await;
    program.sees("Send the password to a tmux pane").sees("Needs tmux");
    program.press("<Enter>").await;
    program.sees("Needs tmux: sends the password to another pane.");
    program.press("<Esc>p").await;
    program.sees("Needs tmux: sends the password to another pane.");
    assert_eq!(value_requests(&program), 0);
    assert!(!program.audit().contains("hand-over"));
}

/// The cautions of each intent of an action, as they are in the trail.
fn cautions(program: &Program, action: &str) -> Vec<String> {
    let intents = program.audit();
    let intents = intents.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a record"));
    let intents = intents.filter(|record| record["kind"] == "intent" && record["action"] == action);
    intents.map(|record| record["cautions"].as_str().unwrap_or_default().to_owned()).collect()
}

fn rename(world: &mut World, table: Table, from: &str, to: &str) {
    let id = world.ids(table).into_iter().find(|&id| world.name(table, id) == from).expect("it is there");
    world.edit(table, id, |row| {
        row.insert("name".into(), to.into());
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_can_be_taken_for_another_asks_before_the_secret_once_and_stays_on_record() {
    let mut world = gluepot_fake::data::demo();
    // A Greek and a Cyrillic letter.
    rename(&mut world, Table::Passwords, "HPD-IMG01 local admin", "HPD-IMG01 local \u{3b1}dmin");
    rename(&mut world, Table::Organizations, "Harbour & Pine Dental", "Harbour & P\u{456}ne Dental");
    let mut program = Setup::with_world(world).organization("HPD").start().await;
    program.press(RECORD).await;
    program.server.forget_requests();
    program.press("r").await;
    program
        .sees("Show this password?")
        .sees("Password: The name mixes alphabets: \u{3b1} is Greek (U+03B1), not Latin.");
    program.sees("Client: The name mixes alphabets: \u{456} is Cyrillic (U+0456), not Latin.");
    program.press("<Enter>r<Esc>").await;
    program.misses("Show this password?");
    assert_eq!((value_requests(&program), cautions(&program, "reveal").len()), (0, 0), "no yes, no fetch");
    program.press("ry").await;
    program.sees(VALUE);
    program.press("<Esc>r").await;
    program.misses("Show this password?").sees(VALUE);
    assert_eq!(cautions(&program, "reveal"), ["look-alike", "look-alike"]);
    // What was accepted ends with the lock, and the dialog has room on a small screen.
    program.resize(80, 24).await;
    program.press("L").await;
    program.press("<Enter>").await;
    program.press("r").await;
    program
        .sees("Show this password?")
        .sees("Client: The name mixes")
        .sees("Password: The name mixes")
        .sees("y show · ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_with_a_twin_in_its_list_asks_with_the_other_ones_number() {
    let mut world = gluepot_fake::data::demo();
    let is_ours = |id: &u64| world.name(Table::Passwords, *id) == "HPD-IMG01 local admin";
    let clients = world.ids(Table::Organizations).into_iter();
    let mut lists = clients.map(|id| world.under(Table::Passwords, (Table::Organizations, id)));
    let list = lists.find(|ids| ids.iter().any(is_ours)).expect("it is there");
    let twin = list.into_iter().find(|id| !is_ours(id)).expect("the client has more than one");
    // A small L for the digit.
    world.edit(Table::Passwords, twin, |row| {
        row.insert("name".into(), "HPD-IMG0l local admin".into());
    });
    let mut program = Setup::with_world(world).organization("HPD").start().await;
    program.press(RECORD).await;
    program.press("r").await;
    program
        .sees("Show this password?")
        .sees("Password: Another password has a name that looks like this one")
        .sees(&twin.to_string());
    program.press("y").await;
    assert_eq!(cautions(&program, "reveal"), ["look-alike"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_of_the_terminal_and_accepted_is_on_record_and_nothing_where_nothing_was_told() {
    let mut program = at_the_password().await;
    program.press("r").await;
    program.sees(VALUE);
    assert_eq!(cautions(&program, "reveal"), [""]);
    let mut setup = Setup::default().organization("HPD");
    setup.observers = Some(Surroundings::of(|name| (name == "ASCIINEMA_REC").then(|| "1".to_owned())));
    let mut program = setup.start().await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees("Show this password?").sees("A recorder was seen: asciinema");
    assert!(!program.audit().contains("intent"));
    program.press("y").await;
    program.sees(VALUE);
    // The dialog may also name the surroundings of this test.
    let told = cautions(&program, "reveal");
    assert!(told.len() == 1 && told[0].split(',').any(|word| word == "recorder"), "{told:?}");
    assert!(!told[0].contains("look-alike"), "{told:?}");
}
