//! What a key is about: the record that the detail shows, wherever cursors are, and the client that is open.

use gluepot::tui::layout::PaneId;

use crate::app::{Program, Setup};

/// The name over the record in the detail; `None` where it shows none.
fn detail(program: &Program) -> Option<String> {
    let target = program.app.reader.detail.target?;
    program.app.cx.store.record(target.key).map(|record| record.name().to_string())
}

/// What the copy menu says it copies from; `None` where it does not open.
async fn asked_from(program: &mut Program) -> Option<String> {
    program.press("y").await;
    let title = program.app.popups.last()?.title();
    program.press("<Esc>").await;
    Some(title.strip_prefix("Copy from ").expect("the menu names its record").to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_means_what_the_detail_shows_whichever_list_has_the_focus() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/hpd-dc01<Enter><Enter>").await;
    program.sees("hpd-dc01");
    program.press("<Esc><Esc>").await;
    program.press("3").await;
    program.type_fast("1jj3");
    program.press("<Esc>").await;
    assert_eq!(program.app.cx.frame.focus, PaneId::Organizations);
    let shown = detail(&program);
    assert_eq!(asked_from(&mut program).await, shown);
    // At once, before the cursor has come to rest.
    program.press("3").await;
    program.type_fast("j");
    let asked = asked_from(&mut program).await;
    assert_eq!(asked, detail(&program));
    assert_eq!(asked.as_deref(), Some("HPD-DC02"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_under_the_cursor_is_what_the_detail_shows_and_no_other_record_is_meant() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/hpd-ap02<Enter><Enter>").await;
    program.press("4").await;
    assert_eq!(detail(&program), None);
    program.sees("Folder, ");
    for key in ["y", "o", "c", "r", "u"] {
        program.press(key).await;
        program.misses("╭ Copy from").misses("HPD-AP02 (");
        assert!(program.app.popups.is_empty(), "{key}");
    }
    assert!(!program.audit().contains("intent"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_open_client_is_marked_in_its_list_wherever_the_cursor_is() {
    for (columns, rows, ascii) in [(140, 40, false), (80, 24, false), (80, 24, true)] {
        let mut setup = Setup::default().organization("HPD").size(columns, rows);
        setup.ascii = ascii;
        let mut program = setup.start().await;
        let mark = if ascii { "*" } else { "●" };
        program.press("1").await;
        for keys in ["jj", "G", "gg", "/kestrel", "<Esc>"] {
            program.press(keys).await;
            let screen = program.text();
            let marked: Vec<&str> = screen.lines().filter(|line| line.contains(&format!("{mark} H"))).collect();
            let is_it = |line: &&str| line.contains("Harbour & Pine") || line.contains("HPD");
            assert!(marked.len() == 1 && marked.iter().all(is_it), "after {keys}:\n{screen}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_keys_are_pressed_the_detail_and_the_actions_mean_the_same() {
    const KEYS: [&str; 26] = [
        "1",
        "2",
        "3",
        "4",
        "5",
        "0",
        "j",
        "j",
        "k",
        "G",
        "g",
        "h",
        "l",
        "<Enter>",
        "<Enter>",
        "<Esc>",
        "<Tab>",
        "<S-Tab>",
        "[",
        "]",
        "z",
        "a",
        "/o<Enter>",
        "<Down>",
        "n",
        "<PgDn>",
    ];
    for (columns, rows, seed) in [(140, 40, 7_u32), (100, 24, 21), (80, 24, 4)] {
        let mut program = Setup::default().organization("HPD").size(columns, rows).start().await;
        let mut random = seed;
        let mut walked = String::new();
        for _ in 0..60 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = KEYS[(random >> 16) as usize % KEYS.len()];
            walked.push_str(key);
            program.press(key).await;
            while !program.app.popups.is_empty() {
                program.press("<Esc>").await;
            }
            let before = detail(&program);
            let asked = asked_from(&mut program).await;
            // Where the detail is not on the screen it is the row under the cursor, which the menu is opened with.
            let on_screen = program.text().contains("╭ 0 Detail") || columns >= 100 && !walked.contains('z');
            let meant = if on_screen { before } else { asked.clone().and(detail(&program)) };
            assert_eq!(asked, meant, "{columns}x{rows} after {walked}:\n{}", program.text());
        }
    }
}
