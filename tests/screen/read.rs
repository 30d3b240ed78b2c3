//! Reading: cards, documents, finding, the outline, links.

use crate::app::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_shows_all_that_the_api_gives_for_it() {
    let mut program = Setup::default().size(140, 80).organization("HPD").start().await;
    program.press("3/img01<Enter><Enter>").await;
    for text in [
        "PowerEdge R550",
        "Last seen",
        "#48213 Imaging slow",
        "7QX3M13",
        "10.40.2.15",
        "Windows Server 2022",
        "Interfaces",
        "NIC1",
        "Related",
        "Restart the imaging server",
    ] {
        program.sees(text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn find_marks_counts_and_steps_through_the_hits() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/guest wi<Enter><Enter>/key").await;
    let line = program.line_with("/key");
    assert!(line.contains("1 of "), "{line}");
    program.press("<Enter>n").await;
    assert!(program.line_with("/key").contains("2 of "));
    program.press("N").await;
    assert!(program.line_with("/key").contains("1 of "));
    program.press("<Esc>").await;
    program.misses("/key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outline_jumps_to_a_heading() {
    let mut program = Setup::default().size(80, 24).organization("HPD").start().await;
    program.press("2/guest wi<Enter><Enter>").await;
    program.misses("Can we have the list of visited pages?");
    program.press("t/questions<Enter>").await;
    program.sees("Questions that come up").sees("Can we have the list of visited pages?");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_to_another_record_jumps_there_and_back() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/restart the imaging<Enter><Enter>").await;
    program.sees("HPD-IMG01 ⟨configuration⟩");
    let mut steps = 0;
    while !program
        .app
        .reader
        .detail
        .link
        .is_some_and(|at| program.app.reader.detail.layout.links[at].text.contains("HPD-IMG01"))
    {
        program.press("f").await;
        steps += 1;
        assert!(steps < 50, "no link to HPD-IMG01:\n{}", program.text());
    }
    program.press("<Enter>").await;
    program.sees("PowerEdge R550");
    program.press("[").await;
    program.sees("╭ Documents");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_place_in_a_document_is_remembered() {
    let mut program = Setup::default().size(80, 24).organization("HPD").start().await;
    program.press("2/guest wi<Enter><Enter>").await;
    program.press("<C-d><C-d>").await;
    let place = program.app.reader.detail.scroll;
    assert!(place > 0);
    program.press("<Esc><Esc>3j<Enter><Esc>2/guest wi<Enter><Enter>").await;
    assert_eq!(program.app.reader.detail.scroll, place);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flexible_asset_shows_its_fields_in_the_order_of_its_type_with_tags_as_links() {
    let mut program = Setup::default().size(140, 60).organization("HPD").start().await;
    program.press("5").await;
    program.press("/quayside<Enter><Enter>").await;
    for text in ["Tidal Networks", "Fibre", "HPD-FW01 ⟨configuration⟩", "Quayside clinic ⟨location⟩"] {
        program.sees(text);
    }
    let screen = program.text();
    assert!(screen.find("Provider") < screen.find("Link type"), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn empty_fields_are_left_out_until_asked_for() {
    let mut program = Setup::default().size(140, 60).organization("HPD").start().await;
    program.press("3/img01<Enter><Enter>").await;
    program.misses("Purchased by");
    program.press(".").await;
    program.sees("Purchased by");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_copy_menu_offers_fields_code_blocks_and_links() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/restart the imaging<Enter><Enter>y").await;
    program.sees("╭ Copy ").sees("code 1").sees("Web app");
    program.press("<Esc><Esc>3/img01<Enter>y").await;
    program.sees("Serial number").sees("7QX3M13");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fields_of_a_card_stand_right_below_their_heading() {
    let mut program = Setup::default().size(80, 24).organization("HPD").start().await;
    program.press("3/img01<Enter><Enter>").await;
    let screen = program.text();
    let at = screen.lines().position(|line| line.contains("Identity ──")).expect("the first group");
    assert!(screen.lines().nth(at + 1).is_some_and(|line| line.contains("Type ")), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_long_document_is_reached_without_holding_up_other_keys() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/diary of changes<Enter><Enter>").await;
    program.type_fast("G");
    assert!(program.app.reader.detail.is_growing() || program.app.reader.detail.layout.is_complete());
    program.settle().await;
    let lines = program.app.reader.detail.layout.lines.len();
    assert!(program.app.reader.detail.layout.is_complete() && lines > 3_000, "{lines} lines");
    assert_eq!(program.app.reader.detail.scroll + program.app.reader.detail.height, lines);
    // A key that comes while lines are being laid out goes first.
    program.press("<Esc><Esc>3j").await;
    program.press("2/diary of changes<Enter><Enter>").await;
    program.type_fast("gtj");
    program.settle().await;
    program.sees("╭ Documents");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_copied_of_a_field_is_its_value_and_each_thing_is_offered_once() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/img01<Enter><Enter>").await;
    program.sees("2022-09-05 · 4 years ago");
    program.press("yinstalled").await;
    let offered = program.line_with("2022-09-05");
    assert!(offered.contains("Installed") && !program.text().contains("│ 2022-09-05 · 4"), "{}", program.text());
    program.press("<Esc>yweb app").await;
    let screen = program.text();
    assert_eq!(screen.to_lowercase().matches(" web app ").count(), 1, "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tasks_of_a_checklist_are_read_without_their_markup() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("5{").await;
    program.press("<Enter>").await;
    program.sees("╭ Checklists").sees("Only from a contact of type Approver").misses("<p>");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_name_is_read_to_its_end_over_the_record() {
    let mut program = Setup::default().organization("WTL").size(100, 30).start().await;
    program.press("1").await;
    let screen = program.text();
    let head = screen.lines().skip_while(|line| !line.contains("╭ Organization ")).skip(1).take(3);
    let columns = |line: &str| line.chars().skip(36).filter(|c| *c != '│').collect::<String>();
    let head = head.map(columns).collect::<Vec<_>>().join(" ").replace("updated 2 months ago", "");
    let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = program
        .app
        .cx
        .store
        .organization(gluepot_core::model::OrganizationId::new(gluepot_core::model::SourceId::NONE, 4_120_655))
        .expect("it is open")
        .name
        .to_string();
    assert!(name.len() > 60 && head.starts_with(&name), "{head}\n{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_is_read_on_from_the_list_beside_it() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/firewall and line<Enter>").await;
    program.sees("The line is Quayside fibre");
    program.press("JJ").await;
    program.misses("The line is Quayside fibre").sees("⏎ open");
    program.press("KK").await;
    program.sees("The line is Quayside fibre");
    program.resize(80, 24).await;
    program.press("J").await;
    program.sees("No detail pane on the screen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_find_without_a_hit_says_what_is_not_there() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("2/guest wi<Enter><Enter>/toner<Enter>n").await;
    program.sees("Not in this record: toner.");
    program.press("<Esc>n").await;
    program.sees("No search yet.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_values_of_all_groups_of_a_card_stand_below_each_other() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/fw01<Enter>").await;
    let column = |label: &str, value: &str| {
        let line = program.line_with(label);
        let (_, behind) = line.split_once(label).expect("the label");
        let (between, _) = behind.split_once(value).unwrap_or_else(|| panic!("{value} is not behind {label}: {line}"));
        assert!(between.trim().is_empty(), "{line}");
        label.len() + between.len()
    };
    assert_eq!(column("Host name", "hpd-fw01"), column("MAC address", "04:d5"));
    assert_eq!(column("Host name", "hpd-fw01"), column("Manufacturer", "Fortinet"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_a_record_is_offered_as_json() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/img01<Enter><Enter>").await;
    program.press("yjson").await;
    let offered = program.line_with("All of it");
    assert!(offered.contains("JSON"), "{}", program.text());
}
