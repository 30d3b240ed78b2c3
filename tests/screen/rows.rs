//! Rows and titles of lists: what has the room, what a date means, in which order and with what the list is shown.

use crate::app::{Program, Setup};

fn title(program: &Program, name: &str) -> String {
    program.line_with(name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_has_the_room_and_what_stands_beside_it_gives_way() {
    let mut program = Setup::default().organization("HPD").size(100, 30).start().await;
    program.press("4").await;
    program.sees("Microsoft 365 global admini").misses("nb-admi…");
    // What says that it cannot be had stays.
    program.sees("vaulted");
    for line in program.text().lines().filter(|line| line.contains('…') && line.starts_with('│')) {
        assert!(!line.contains("…││"), "a cut name keeps clear of the frame:\n{line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tabs_stay_in_their_places_and_the_one_in_use_is_always_among_them() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("5").await;
    let all = "5 Assets Contacts Locations Domains Expirations Checklists";
    for _ in 0..6 {
        program.sees(all);
        program.press("}").await;
    }
    program.resize(40, 24).await;
    for tab in ["Assets", "Contacts", "Locations", "Domains", "Expirations", "Checklists"] {
        let title = title(&program, "╭ 5 ");
        assert!(title.contains(tab), "{tab} is in use: {title}");
        program.press("}").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dates_say_what_they_are_of_and_how_far_off() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("5}}}").await;
    let domain = program.line_with("harbour-pine-dental.example");
    assert!(domain.contains("2026-12-02 · "), "{domain}");
    assert!(domain.contains("expires ") || domain.contains("expired "), "{domain}");
    program.press("}").await;
    program.press("G").await;
    let oldest = program.line_with("HPD-HV01");
    assert!(oldest.contains("2023-08-14 HPD-HV01") && oldest.contains("warranty · overdue "), "{oldest}");
    program.press("}").await;
    assert!(program.line_with("Restore test").contains("due 2026-12-14 · "), "{}", program.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_not_as_always_says_so_in_its_title() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("3a").await;
    assert!(title(&program, "3 Configurations").contains("with archived 6"), "{}", program.text());
    program.press("as/address<Enter>").await;
    assert!(title(&program, "3 Configurations").contains("by IP 6"), "{}", program.text());
    program.press("s1").await;
    assert!(!title(&program, "3 Configurations").contains("by "), "{}", program.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_edge_of_a_long_list_shows_where_in_it_one_is() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("3").await;
    let thumb = |program: &Program| -> Vec<usize> {
        program.text().lines().enumerate().filter(|(_, line)| line.contains('┃')).map(|(at, _)| at).collect()
    };
    let top = thumb(&program);
    program.press("G").await;
    let end = thumb(&program);
    assert!(!top.is_empty() && top.len() == end.len() && end[0] > top[0], "{top:?} {end:?}");
    program.press("/fw").await;
    assert!(thumb(&program).is_empty(), "all of it is seen:\n{}", program.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn right_on_an_open_folder_goes_on_into_it() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("2gll").await;
    assert!(program.line_with("│▌").contains("DNS change"), "{}", program.text());
    program.press("h").await;
    assert!(program.line_with("│▌").contains("Domains"), "{}", program.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hit_that_was_kept_stays_selected_when_the_filter_goes() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("3/prn02<Enter><Esc>").await;
    assert!(program.line_with("│▌").contains("HPD-PRN02"), "{}", program.text());
    program.press("g/prn02<Esc>").await;
    assert!(!program.line_with("│▌").contains("HPD-PRN02"), "who gives up is where he was: {}", program.text());
}
