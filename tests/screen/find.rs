//! Finding: what people type and paste, what matches by chance, lists that are still loading, commands, help, motions.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use gluepot_fake::{Rule, Table, World};

use crate::app::{Program, Setup};

/// The demo with one record of the client HPD changed.
fn demo_with(table: Table, old: &str, change: &[(&str, &str)]) -> World {
    let mut world = gluepot_fake::data::demo();
    let clients = world.ids(Table::Organizations);
    let client = clients.into_iter().find(|&id| world.name(Table::Organizations, id) == "Harbour & Pine Dental");
    let records = world.under(table, (Table::Organizations, client.expect("the demo has that client")));
    let id = records.into_iter().find(|&id| world.name(table, id) == old).expect("the client has that record");
    world.edit(table, id, |row| {
        for (key, value) in change {
            row.insert((*key).into(), (*value).into());
        }
    });
    world
}

/// What is underlined on the screen, as hits are.
fn marked(program: &Program) -> String {
    let cells = program.buffer().content.iter();
    let cells = cells.filter(|cell| cell.modifier.contains(ratatui::style::Modifier::UNDERLINED));
    cells.map(ratatui::buffer::Cell::symbol).collect()
}

fn click(program: &mut Program, text: &str) {
    let screen = program.text();
    let (row, line) = screen.lines().enumerate().filter(|(_, line)| line.contains(text)).last().expect("it is there");
    let column = gluepot::present::format::width(&line[..line.rfind(text).expect("it is there")]) as u16;
    let kind = MouseEventKind::Down(MouseButton::Left);
    program.event(Event::Mouse(MouseEvent { kind, column, row: row as u16, modifiers: KeyModifiers::NONE }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_finds_a_hardware_address_in_every_spelling() {
    let world = demo_with(Table::Configurations, "HPD-IMG01", &[("mac-address", "00:1a:2b:3c:4d:5e")]);
    let mut program = Setup::with_world(world).organization("HPD").start().await;
    for typed in ["00-1A-2B-3C-4D-5E", "001A.2B3C.4D5E", "001a2b3c4d5e", "00:1A:2B"] {
        program.press(&format!("3/{typed}")).await;
        program.sees("HPD-IMG01").sees("1 of 61");
        program.press("<Esc>").await;
        program.press(&format!("<C-k>{typed}")).await;
        program.sees("HPD-IMG01  10.40.2.15").sees("1 of ");
        program.press("<Esc>").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accents_quotes_and_what_does_not_show_make_no_difference_in_a_filter() {
    let world = demo_with(Table::Documents, "VPN for remote staff", &[("name", "O’Brien’s Café router")]);
    let mut program = Setup::with_world(world).organization("HPD").start().await;
    for typed in ["cafe\u{301} router", "CAFÉ", "o'brien", "cafe", "O’BRIEN"] {
        program.press(&format!("2/{typed}")).await;
        program.sees("O’Brien’s Café router").sees("1 of 55");
        program.press("<Esc>").await;
    }
    program.press("2/cafe").await;
    assert!(marked(&program).contains("Café"), "marked: {:?}", marked(&program));
    program.press("<Esc>2/").await;
    program.event(Event::Paste("caf\u{ad}e\u{200b}\u{a0}router\u{feff}".into()));
    program.settle().await;
    program.sees("/cafe router").sees("1 of 55");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_find_in_a_document_minds_neither_quotes_nor_accents() {
    let html = "<p>Put the “old” one into the Café—rack: 001a.2b3c.4d5e</p>";
    let world = demo_with(Table::Documents, "VPN for remote staff", &[("content", html)]);
    let mut program = Setup::with_world(world).organization("HPD").start().await;
    program.press("2/vpn for remote<Enter><Enter>").await;
    for (typed, found) in [("\"old\"", "“old”"), ("cafe-rack", "Café—rack"), ("00:1A:2B", "001a.2b")] {
        program.press(&format!("/{typed}")).await;
        program.sees("1 of 1");
        let current = program.buffer().content.iter().filter(|cell| {
            cell.modifier.contains(ratatui::style::Modifier::REVERSED)
                || cell.modifier.contains(ratatui::style::Modifier::UNDERLINED)
        });
        let current: String = current.map(ratatui::buffer::Cell::symbol).collect();
        assert!(current.contains(found), "{typed}: marked {current:?}");
        program.press("<Esc>").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_scattered_by_chance_are_below_a_line_of_their_own() {
    let world = demo_with(Table::Documents, "VPN for remote staff", &[("name", "Quiet union intake zone")]);
    let mut program = Setup::with_world(world).organization("HPD").size(80, 24).start().await;
    program.press("2/qz").await;
    program.sees("weak matches").sees("0 of 55, ");
    let screen = program.text();
    let line = screen.find("weak matches").expect("it was seen");
    assert!(screen.find("Quiet union").is_some_and(|row| row > line), "{screen}");
    // The cursor is on the record, not on the line, and going up does not put it there.
    program.press("<Enter>k").await;
    assert!(program.text().lines().any(|line| line.contains("▌Quiet union")), "{}", program.text());
    program.press("<Esc><C-k>printer").await;
    let screen = program.text();
    let line = screen.find("weak matches").unwrap_or(usize::MAX);
    assert!(screen.find("Porting telephone").is_none_or(|row| row > line), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_filter_finder_or_palette_shows_more_than_five_weak_matches() {
    let mut program = Setup::default().organization("HPD").start().await;
    let mut most = 0;
    for keys in ["2/rtr", "3/hd1", "<C-k>rtr", ":oee"] {
        program.press(keys).await;
        let screen = program.text();
        // The line itself also names them.
        let (before, _) = screen.split_once(" weak").unwrap_or_else(|| panic!("{keys}:\n{screen}"));
        let weak: usize = before.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number before it");
        most = most.max(weak);
        program.press("<Esc><Esc>").await;
    }
    assert_eq!(most, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_finder_says_that_lists_are_loading_and_shows_the_hit_when_it_comes() {
    let mut program = Setup::default().organization("HPD").start().await;
    for path in ["flexible_assets", "contacts"] {
        program.server.faults().add(format!("latency=400ms:path=/{path}").parse::<Rule>().expect("a fault"));
    }
    program.type_fast("<C-k>office manager");
    program.wait_for("Still loading").await;
    program.misses("Nothing matches").misses("No matches").sees("contacts");
    program.wait_for("Marcus Adeyemi").await;
    program.settle().await;
    program.misses("till loading");
    program.press("<Esc><C-k>zzzzqq").await;
    program.sees("Nothing matches.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_says_that_its_list_is_loading_and_shows_the_hit_when_it_comes() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.server.faults().add("latency=600ms:path=/contacts".parse::<Rule>().expect("a fault"));
    program.type_fast("5}/adeyemi");
    program.wait_for("Loading contacts").await;
    program.misses("No matches");
    program.wait_for("Marcus Adeyemi").await;
    program.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colon_q_quits_and_commands_are_in_straight_columns() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press(":").await;
    let screen = program.text();
    let column = |text: &str| {
        let line = screen.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}:\n{screen}"));
        gluepot::present::format::width(&line[..line.find(text).unwrap_or(0)])
    };
    assert_eq!(column("Go to the organizations"), column("Go to the documents"), "{screen}");
    program.misses("Move down").misses("half-page");
    program.press("q").await;
    let screen = program.text();
    let first = screen.lines().skip_while(|line| !line.contains(":q")).nth(1).unwrap_or_default().to_owned();
    assert!(first.contains("quit "), "{screen}");
    assert!(program.app.exit.is_none());
    program.press("<Enter>").await;
    assert_eq!(program.app.exit, Some(gluepot::tui::Exit::Asked));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_that_was_run_last_is_on_top() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press(":toggle-arch<Enter>:").await;
    let screen = program.text();
    let first = screen.lines().skip_while(|line| !line.contains("╭ Commands")).nth(2).unwrap_or_default().to_owned();
    assert!(first.contains("toggle-archived"), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn next_hit_without_a_filter_does_nothing_and_says_so() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3").await;
    let cursor = |program: &Program| program.text().lines().filter(|l| l.contains('▌')).collect::<Vec<_>>().join("\n");
    let before = cursor(&program);
    for key in ["n", "N"] {
        program.press(key).await;
        program.sees("No filter to step through: press / and type.");
        assert_eq!(cursor(&program), before);
    }
    program.press("/img<Enter>n").await;
    program.misses("No filter to step through");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_opened_last_is_where_going_back_leads_and_is_among_the_visited() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3/img01<Enter><Enter><Esc><Esc>").await;
    program.press("2/vpn for<Enter>").await;
    program.sees("Remote access");
    program.press("<C-k>").await;
    assert!(program.line_with("visited, configuration").contains("HPD-IMG01"), "{}", program.text());
    program.press("<Esc>[").await;
    program.sees("╭ Configurations").sees("PowerEdge R550");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_help_can_be_searched() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("?/browser").await;
    program.sees("Open this record in the browser").sees("match 1 of 1");
    program.press("<Esc>").await;
    program.sees("Keys in a list").misses("/browser");
    program.press("/move<Enter>n").await;
    program.sees("match 2 of ");
    program.press("N").await;
    program.sees("match 1 of ");
    program.press("<Esc><Esc>").await;
    program.misses("Keys in a list");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn motions_take_counts_and_pane_keys_work_at_once() {
    let mut program = Setup::default().organization("HPD").start().await;
    let cursor = |program: &Program| {
        let text = program.text();
        let line = text.lines().find(|line| line.contains("▌HPD-") && line.starts_with('│'));
        line.map_or_else(String::new, |line| line.chars().skip(2).take(9).collect())
    };
    program.press("3gg").await;
    let first = cursor(&program);
    program.press("8j").await;
    let eighth = cursor(&program);
    assert_ne!(first, eighth);
    program.press("8k").await;
    assert_eq!(cursor(&program), first);
    program.press("jjjjjjjj").await;
    assert_eq!(cursor(&program), eighth);
    program.press("g9G").await;
    assert_eq!(cursor(&program), eighth, "the ninth row is eight below the first");
    program.press("60").await;
    program.sees("count 60");
    program.press("<Esc>").await;
    program.misses("count 60").sees("3 Configurations");
    program.press("g6j").await;
    program.event(Event::Key(KeyEvent::new(KeyCode::Home, KeyModifiers::NONE)));
    program.settle().await;
    assert_eq!(cursor(&program), first);
    program.event(Event::Key(KeyEvent::new(KeyCode::End, KeyModifiers::NONE)));
    program.settle().await;
    assert_ne!(cursor(&program), first);
    program.type_fast("2");
    program.sees("2 Documents");
    assert_eq!(program.app.cx.frame.focus, gluepot::tui::layout::PaneId::Documents);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dates_to_watch_are_from_today_on_and_what_is_overdue_is_apart() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("5}}}}").await;
    let title = program.line_with("╭ 5 ");
    assert!(title.contains(" overdue"), "{title}");
    let screen = program.text();
    let rows: Vec<&str> = screen.lines().filter(|line| line.contains(" in ")).collect();
    let dates: Vec<&str> = rows.iter().filter_map(|row| row.get(row.find("20")?..)?.get(..10)).collect();
    assert!(dates.len() > 3 && dates.is_sorted(), "the next one on top: {screen}");
    let column = |row: &&&str| row.chars().take_while(|c| !c.is_ascii_digit()).count();
    assert!(rows.iter().all(|row| column(&row) == 2), "dates are in a column: {screen}");
    program.press("G").await;
    program.sees("overdue 3 years").sees("2023-08-14 HPD-HV01");
    program.misses("years ago");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_finder_shows_dates_as_lists_do() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("<C-k>hpd-hv01").await;
    program.misses("T00:00").sees("warranty 2023-08-14 · overdue 3 years");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_and_the_alert_can_be_clicked() {
    let mut program = Setup::default().organization("HPD").start().await;
    click(&mut program, "? help");
    program.misses("Keys in a list");
    program.press("m").await;
    program.sees("▲ Change freeze");
    let row = program.line_with("▲ Change freeze");
    let hint = row.split_whitespace().last().expect("a hint").to_owned();
    click(&mut program, &hint);
    program.settle().await;
    program.misses("▲ Change freeze");
    click(&mut program, "? help");
    program.settle().await;
    program.sees("Keys in a list");
    click(&mut program, "/ search");
    program.settle().await;
    program.sees("⏎ keep");
    click(&mut program, "Esc clear");
    click(&mut program, "Esc close");
    program.settle().await;
    program.misses("Keys in a list");
    click(&mut program, "/ filter");
    program.press("vpn").await;
    program.sees("/vpn");
    click(&mut program, "clear");
    program.settle().await;
    program.misses("/vpn");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_notice_leaves_the_hints_in_place() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("w").await;
    program.sees("w does nothing here.").sees("? help");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_screen_says_once_what_to_do() {
    let program = Setup::default().start().await;
    let screen = program.text();
    for words in ["no organization is open", "select a client and open it"] {
        assert_eq!(screen.matches(words).count(), 1, "{words}:\n{screen}");
    }
    program.misses("Select a client above");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_organization_of_the_command_line_is_named_while_it_opens() {
    let mut setup = Setup::default().organization("Harbour");
    setup.server.faults.push("latency=300ms:path=/organizations".parse::<Rule>().expect("a fault"));
    let program = setup.start_at_once().await;
    program.sees("Opening Harbour…").misses("no organization is open").misses("Select a client");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archived_row_is_not_cut_where_there_is_room() {
    let mut world = gluepot_fake::data::demo();
    for id in world.ids(Table::Configurations) {
        if world.name(Table::Configurations, id) == "HPD-AP01" {
            world.edit(Table::Configurations, id, |row| {
                row.insert("archived".into(), true.into());
            });
        }
    }
    let mut program = Setup::with_world(world).organization("HPD").size(80, 24).start().await;
    program.press("3a").await;
    let row = program.line_with("HPD-AP01");
    assert!(row.contains("archived 10.40.99.31"), "{row}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_place_in_a_record_is_a_share_and_says_so() {
    let mut program = Setup::default().organization("HPD").size(80, 24).start().await;
    program.press("3/img01<Enter><Enter>").await;
    let share = |program: &Program| {
        let title = program.line_with("╭ Configurations");
        title.split(" %").next().and_then(|left| left.rsplit(' ').next()?.parse::<usize>().ok())
    };
    let top = share(&program).expect("a share in percent");
    assert!(top < 100);
    program.press("G").await;
    assert_eq!(share(&program), Some(100));
}
