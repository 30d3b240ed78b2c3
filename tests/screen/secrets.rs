//! Revealing and copying: what is shown, what the server was asked, what the audit file says.

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
    program.sees("••••••••••••").sees("r shows it");
    assert_eq!(value_requests(&program), 0);
    assert!(!shows_value(&program));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reveal_shows_the_value_with_a_countdown_and_esc_hides_it() {
    let mut program = at_the_password().await;
    program.press("r").await;
    program.sees(VALUE).sees("hides in 30 s").sees("small L, capital O, small L");
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
    program.sees("Show this password?").sees("Client    Fjord Logistics AS").sees("Client's short name");
    program.press("<Enter>").await;
    program.sees("Type it to go on.");
    program.press("HPD<Enter>").await;
    program.sees("That is another client: this password is of Fjord Logistics AS (FJL)").sees(":HPD");
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
        program.sees("Client    Fjord").sees("Client's short name");
        program.press("x<Enter>").await;
        program.sees("That is another").sees("leaves it");
        program.press("<Esc>").await;
        program.misses("leaves it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handing_over_is_dim_outside_tmux_and_says_why() {
    let mut program = at_the_password().await;
    program.press(":hand-over").await;
    program.sees("Hand the password to another tmux pane").sees("Only inside tmux");
    program.press("<Enter>").await;
    program.sees("Only inside tmux: a password is handed to another pane of it.");
    program.press("<Esc>p").await;
    program.sees("Only inside tmux: a password is handed to another pane of it.");
    assert_eq!(value_requests(&program), 0);
    assert!(!program.audit().contains("hand-over"));
}
