//! Lists to choose from: moving in them, finding in them, and why something cannot be chosen.

use crate::app::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_short_menu_letters_move_digits_choose_and_the_filter_is_asked_for() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("3s").await;
    program.sees("1  by name").sees("current").sees("3  by IP address");
    program.press("jj<Enter>").await;
    program.misses("╭ Sort").sees("10.40.0.1");
    program.press("s").await;
    assert!(program.line_with("by IP address").contains("current"), "{}", program.text());
    program.press("2").await;
    program.misses("╭ Sort");
    program.press("s/recently<Enter>").await;
    program.misses("╭ Sort");
    program.press("s").await;
    assert!(program.line_with("recently updated").contains("current"), "{}", program.text());
    program.press("q").await;
    program.misses("╭ Sort").sees("3 Configurations");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn why_a_command_cannot_be_chosen_stands_below_the_commands_to_its_end() {
    let mut program = Setup::default().organization("HPD").size(60, 24).start().await;
    program.press("3:show the password<Enter>").await;
    program.sees("Select a password first (4).");
    program.sees("╭ Commands");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_menu_on_a_small_screen_leaves_the_client_and_its_keys_in_sight() {
    let mut program = Setup::default().organization("HPD").size(59, 14).start().await;
    for keys in [":", "<Esc>?", "<Esc>S"] {
        program.press(keys).await;
        let screen = program.text();
        let (first, last) = (screen.lines().next().unwrap_or_default(), screen.lines().last().unwrap_or_default());
        assert!(first.contains("Harbour & Pine Dental") && last.contains("Esc"), "{screen}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_filter_does_not_find_is_looked_for_in_all_kinds_with_one_key() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("4/hpd-ap03").await;
    program.sees("No matches. Ctrl-k searches every list, Esc clears the filter.");
    program.press("<C-k>").await;
    program.sees("╭ Search Harbour").sees("/hpd-ap03").sees("HPD-AP03  10.40.99.33");
    program.press("<Enter>").await;
    program.sees("╭ Configurations").sees("hpd-ap03");
    program.press("4").await;
    program.misses("/hpd-ap03");
    // One that found something stays as it is.
    program.press("3/fw<C-k>").await;
    program.sees("/fw").sees("HPD-FW01");
    program.press("<Esc>").await;
    program.sees("3 of 61");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_finder_begins_with_what_was_visited_last() {
    let mut program = Setup::default().organization("HPD").size(100, 30).start().await;
    program.press("3/ap03<Enter><Enter>").await;
    program.press("2/dns change<Enter><Enter>").await;
    program.press("4/dsrm<Enter><Enter><C-k>").await;
    let rows: Vec<String> =
        program.text().lines().skip_while(|line| !line.contains("╭ Search")).map(str::to_owned).collect();
    assert!(rows[2].contains("DNS change") && rows[2].contains("visited, document"), "{}", program.text());
    assert!(rows[3].contains("HPD-AP03") && rows[3].contains("visited, configuration"), "{}", program.text());
    assert!(!rows[4].contains("visited, password"), "what is open is no place to go to: {}", program.text());
    program.press("<Enter>").await;
    program.sees("╭ Documents › Cloud › Domains");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_are_asked_for_where_they_are_not_known_yet() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("4/HPD domain administrator<Enter>v").await;
    program.sees("╭ Earlier versions of HPD domain administrator").sees("2025-07-31");
    program.press("<Esc><Esc>").await;
    program.server.faults().add("403:path=/passwords/".parse::<gluepot_fake::Rule>().expect("a fault"));
    program.press("/domain registrar<Enter>v").await;
    program.misses("╭ Earlier versions").sees("This key may not read passwords (403).");
}
