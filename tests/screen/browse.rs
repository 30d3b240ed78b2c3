//! Going about: organizations, lists, filters, sizes, and how many requests that takes.

use crate::app::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_start_shows_the_organizations_with_one_request() {
    let program = Setup::default().start().await;
    program.sees("1 Organizations").sees("Harbour & Pine Dental").sees("no organization is open");
    assert_eq!(program.server.requests().len(), 1, "{:?}", program.server.requests());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_an_organization_takes_its_five_lists_and_its_record() {
    let mut program = Setup::default().size(80, 24).start().await;
    program.press("/harbour dental<Enter>").await;
    program.server.forget_requests();
    program.press("<Enter>").await;
    program.sees("Harbour & Pine Dental ▌HPD").sees("Mail did not arrive");
    let mut paths: Vec<String> =
        program.server.requests().iter().map(|r| r.target.split('?').next().unwrap_or_default().to_owned()).collect();
    paths.sort();
    let nested = |what: &str| format!("/organizations/4120387/relationships/{what}");
    assert_eq!(
        paths,
        [
            "/organizations/4120387".to_owned(),
            nested("configurations"),
            nested("document_folders"),
            nested("documents"),
            nested("password_folders"),
            nested("passwords"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holding_the_down_key_over_thirty_rows_costs_one_request() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3").await;
    program.server.forget_requests();
    program.type_fast(&"j".repeat(30));
    program.settle().await;
    assert_eq!(program.server.requests().len(), 1, "{:?}", program.server.requests());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_organization_and_ticket_of_the_command_line_are_open_at_the_start() {
    for name in ["HPD", "harbour & pine dental", "4120387", "pine dental"] {
        let program = Setup::default().organization(name).ticket("#48213").start().await;
        program.sees("Harbour & Pine Dental ▌HPD").sees("ticket #48213").sees("Mail did not arrive");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_no_organization_has_in_it_has_no_closest_matches() {
    let program = Setup::default().organization("nope").start().await;
    program.sees("No client named \"nope\". Esc shows all clients.").misses("Closest").sees("/nope");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_fits_several_organizations_leaves_the_choice() {
    let program = Setup::default().organization("kestrel").start().await;
    program
        .sees("No client named \"kestrel\". Closest matches:")
        .sees("/kestrel")
        .sees("Kestrel Law LLP")
        .sees("no organization is open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_marks_its_letters_counts_its_hits_and_goes_away_with_esc() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/img01").await;
    program.sees("HPD-IMG01").sees("1 of 61");
    let buffer = program.buffer();
    let marked: String = buffer
        .content
        .iter()
        .filter(|cell| cell.modifier.contains(ratatui::style::Modifier::UNDERLINED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert!(marked.contains("IMG01"), "marked: {marked:?}");
    program.press("<Esc>").await;
    program.misses("/img01").sees(" 61 ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_finds_by_address_serial_host_name_and_user_name() {
    let mut program = Setup::default().organization("HPD").start().await;
    for query in ["10.40.2.15", "7QX3M13", "hpd-img01"] {
        program.press(&format!("3/{query}")).await;
        program.sees("HPD-IMG01");
        program.press("<Esc>").await;
    }
    program.press("4/svc-img").await;
    program.sees("HPD-IMG01 local admin");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_fold_and_unfold() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2g").await;
    program.sees("▾ Cloud").sees("Mail did not arrive");
    program.press("h").await;
    program.misses("Mail did not arrive").sees("▸ Cloud");
    program.press("l").await;
    program.sees("Mail did not arrive");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pane_five_shows_assets_by_type_and_contacts() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("5").await;
    program.sees("Internet/WAN").sees("Quayside fibre").sees("▾ Backup");
    program.press("}").await;
    program.sees("Contacts").sees("Marcus Adeyemi");
    program.press("j<Enter>").await;
    program.sees("╭ Contacts ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_size_keeps_place_and_selection() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/img01<Enter>").await;
    for (columns, rows) in [(80, 24), (59, 14), (29, 7), (300, 100), (140, 40)] {
        program.resize(columns, rows).await;
        if columns < 30 {
            program.sees("gluepot needs at least 30x8");
        } else {
            program.sees("HPD-IMG01").sees("/img01");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_detail_lies_over_the_lists_on_a_medium_screen() {
    let mut program = Setup::default().size(80, 24).organization("HPD").start().await;
    program.press("3/img01<Enter><Enter>").await;
    program.sees("╭ Configurations").misses("2 Documents").sees("Identity");
    program.press("<Esc>").await;
    program.sees("2 Documents").sees("/img01");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zoom_gives_a_pane_the_whole_screen() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3z").await;
    program.sees("3 Configurations").misses("2 Documents");
    program.press("<Esc>").await;
    program.sees("2 Documents");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn back_and_forward_go_through_what_was_visited() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/img01<Enter><Enter>").await;
    program.press("<Esc>2/vpn<Enter><Enter>").await;
    program.sees("╭ Documents › Network › Remote access");
    program.press("[").await;
    program.sees("╭ Configurations").sees("PowerEdge R550");
    program.press("]").await;
    program.sees("╭ Documents › Network › Remote access");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switching_the_organization_shows_the_other_one_only() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("1/fjord<Enter><Enter>").await;
    program.sees("Fjord Logistics AS ▌FJL").misses("Quayside").misses("HPD-");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_palette_runs_any_action_and_says_why_some_cannot_run() {
    let mut program = Setup::default().start().await;
    program.press(":outline").await;
    program.sees("Choose a heading of this document").sees("Nothing is open. Select a document first.");
    program.press("<Esc>:set-ticket<Enter>").await;
    program.sees("Ticket you are working on");
    program.press("77001<Enter>").await;
    program.sees("ticket #77001");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_finder_looks_through_every_kind_of_record() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("<C-k>img01").await;
    program.sees("Search Harbour & Pine Dental").sees("configuration").sees("password");
    program.press("<Enter>").await;
    program.sees("HPD-IMG01");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn help_names_the_keys_of_the_keymap() {
    let mut program = Setup::default().start().await;
    program.press("?").await;
    program.sees("Keys in a list").sees("Go to the organizations");
    program.press("q").await;
    program.misses("Keys in a list").sees("1 Organizations");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_shown_until_it_is_put_away() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.sees("▲ Change freeze until 2 June");
    program.press("x").await;
    program.misses("▲ Change freeze until 2 June");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_notes_are_one_key_away() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("Q").await;
    program.sees("Quick notes of Harbour & Pine Dental").sees("Call reception before any visit.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sorting_by_address_goes_by_value() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3s/ip<Enter>g").await;
    let screen = program.text();
    let place = |ip: &str| screen.find(ip).unwrap_or_else(|| panic!("{ip} is not on the screen:\n{screen}"));
    assert!(place("10.40.2.5 ") < place("10.40.2.10"), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_opened_from_a_filter_stays_selected_when_the_filter_goes() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/restart the im<Enter><Enter><Esc><Esc>").await;
    program.misses("/restart");
    assert!(
        program.text().lines().any(|line| line.contains('▌') && line.contains("Restart the imaging")),
        "{}",
        program.text()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_finder_knows_kinds_that_no_pane_has_shown_yet_and_addresses() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("<C-k>adeyemi").await;
    program.sees("Marcus Adeyemi").sees("contact");
    program.press("<Esc><C-k>quayside fibre").await;
    program.sees("flexible asset");
    program.press("<Esc><C-k>10.40.2.15").await;
    program.sees("HPD-IMG01  10.40.2.15");
    program.press("<Enter>").await;
    program.sees("PowerEdge R550");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_means_nothing_says_so() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("w").await;
    program.sees("w does nothing here. ? shows the keys.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_screen_names_client_alert_and_ticket() {
    let long = "CHG-2026-000048213-firewall-replacement-phase-two";
    let mut program = Setup::default().size(40, 12).organization("HPD").ticket(long).start().await;
    program.sees("Harbour & Pine").sees("#CHG-2026").sees("Change freeze until 2 June");
    program.press("x").await;
    program.misses("Change freeze until 2 June");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_help_is_whole_at_every_width() {
    let mut program = Setup::default().size(140, 40).organization("HPD").start().await;
    program.press("?").await;
    program.sees("Go to assets, contacts and the other kinds");
    program.resize(40, 12).await;
    let mut seen = String::new();
    for _ in 0..12 {
        seen.push_str(&program.text().replace(['│', '\n'], " "));
        program.press("<PgDn>").await;
    }
    let words = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("Go to assets, contacts and the other kinds"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn going_back_to_another_client_leaves_no_filter_of_this_one() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/vpn for<Enter><Enter>").await;
    program.press("1/fjord<Enter><Enter>").await;
    program.sees("Fjord Logistics AS ▌FJL");
    program.press("3/zzz<Enter>").await;
    program.press("[").await;
    program.sees("Harbour & Pine Dental ▌HPD").sees("VPN for remote staff").misses("/zzz");
    program.press("3").await;
    program.sees("HPD-AP01");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jump_to_a_contact_brings_its_list_along() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/vpn for<Enter><Enter>f<Enter>").await;
    program.sees("╭ Contacts").misses("to load the contacts").sees("Marcus Adeyemi");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mouse_chooses_in_a_popup_and_follows_links() {
    use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("m").await;
    let click = |program: &mut crate::app::Program, text: &str| {
        let screen = program.text();
        let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).expect("it is there");
        let column = gluepot::present::format::width(&line[..line.find(text).expect("it is there")]) as u16;
        let kind = MouseEventKind::Down(MouseButton::Left);
        program.event(Event::Mouse(MouseEvent { kind, column, row: row as u16, modifiers: KeyModifiers::NONE }));
    };
    program.press("3s").await;
    click(&mut program, "by IP address");
    program.sees("╭ Sort");
    click(&mut program, "by IP address");
    program.settle().await;
    program.misses("╭ Sort");
    program.press("2/vpn for<Enter><Enter>").await;
    click(&mut program, "Marcus Adeyemi");
    click(&mut program, "Marcus Adeyemi");
    program.settle().await;
    program.sees("╭ Contacts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_filter_begins_anew() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/img01<Enter>/fw01").await;
    program.sees("/fw01").sees("HPD-FW01").misses("/img01");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn going_to_a_list_shows_what_its_cursor_stands_on() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3").await;
    program.sees("╭ Configurations").sees("hpd-ap01");
    // Passing by costs nothing: only a row where the cursor rests is loaded.
    let before = program.server.requests().len();
    program.type_fast("<S-Tab><Tab><S-Tab><Tab>");
    program.settle().await;
    assert_eq!(program.server.requests().len(), before, "the configuration is known by now");
    program.sees("hpd-ap01");
    // A folder shows itself, and is what keys are about.
    program.press("4").await;
    program.misses("hpd-ap01").sees("Folder, ");
    program.press("y").await;
    program.sees("This is a folder. Select a record in it.");
}
