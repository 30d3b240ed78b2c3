//! What a document draws cannot be taken for what the program draws: it stays inside the frame of the detail, with an
//! empty column on either side, and never has a look that the program keeps for itself.

use std::time::Duration;

use gluepot_fake::{Options, Server};

use crate::hostile::{REST, leaves_harmless, start, with_documents};
use gluepot_testkit::pty::Session;

/// Bodies that draw frames, dialogs, countdowns, prompts and revealed rows, or try to get out of their place.
fn imitations() -> Vec<(&'static str, String)> {
    let frame =
        "╭ Keys in the detail ───────────╮\n│ Type your IT Glue API key:    │\n╰───────────────────────────────╯";
    let chrome = [
        " gluepot  demo · northbeam  Harbour & Pine Dental ▌HPD      ticket #4711",
        "╭ 4 Passwords ─────── 39 ╮",
        "│▌Router admin          │",
        "╰────────────────────────╯",
        "Password  maple-Orbit-42",
        "          hides in 29 s, or with Esc",
        "▲ Change freeze    x dismiss",
        "Open this address in the browser?",
        "o open · Esc cancel",
        "[sudo] password for technician:",
        "clipboard clears in 25 s",
        " ⏎ open  / filter  c copy  r reveal  ? help",
        "gluepot is locked. Press Enter.",
    ];
    let wide = "─".repeat(500);
    let cells = (0..60).map(|n| format!("<td>│▌{n} Password</td>")).collect::<Vec<_>>().concat();
    vec![
        ("frame in pre", format!("<pre>{frame}</pre>")),
        ("frame in text", format!("<p>{}</p>", frame.replace('\n', "<br>"))),
        ("chrome as text", chrome.map(|line| format!("<p>{line}</p>")).concat()),
        ("chrome as pre", format!("<pre>{}</pre>", chrome.join("\n"))),
        ("chrome emphasised", chrome.map(|line| format!("<p><mark><b><u><i>{line}</i></u></b></mark></p>")).concat()),
        ("chrome as headings", chrome.map(|line| format!("<h1>{line}</h1><h3>{line}</h3>")).concat()),
        ("chrome as links", chrome.map(|line| format!("<a href='https://x.example'>{line}</a><br>")).concat()),
        ("chrome as code", chrome.map(|line| format!("<p><code>{line}</code></p>")).concat()),
        (
            "styled",
            chrome.map(|line| format!("<p style='color:cyan;font-weight:bold;margin-left:-500px'>{line}</p>")).concat(),
        ),
        ("500 columns", format!("<pre>{wide}╮\n{}\n</pre><p>{wide}</p>", "│".repeat(500))),
        ("wide table", format!("<table><tr>{cells}</tr><tr>{cells}</tr></table>")),
        (
            "negative indents",
            "<p style='text-indent:-99em'>│</p><ul style='margin:-9em'><li>│▌x</ul><blockquote>│</blockquote>".into(),
        ),
        ("right to left", "<p dir=rtl>\u{202e}│ drowssaP ▌│\u{2067}x</p><p>\u{5d0}\u{5d1}│\u{644}\u{627}</p>".into()),
        ("marks", format!("<p>{}</p>", "│\u{301}\u{20dd}\u{20de}\u{332}".repeat(80))),
        ("wide letters", format!("<p>{}</p>", "診👍🏽কা".repeat(120))),
        ("cursor", "<p>&#27;[1;1H&#27;[2J\x1b[999D\r\x08\x08\x08│&#13;&#10;&#9;&#11;</p>".into()),
        ("our warnings", "<p>▲ leads to https://bank.example</p><p>⟨document⟩ ▲ flattened ▲</p>".into()),
        ("many lines", chrome.map(|line| format!("<p>{line}</p>")).concat().repeat(40)),
    ]
}

/// The cells of the screen: text and looks.
type Cells = Vec<Vec<(String, Look)>>;

#[derive(Clone, PartialEq, Eq, Debug)]
struct Look {
    fg: vt100::Color,
    bg: vt100::Color,
    bold: bool,
    inverse: bool,
}

fn cells(session: &Session, size: (u16, u16)) -> Cells {
    session.look(|screen| {
        (0..size.1)
            .map(|y| {
                (0..size.0)
                    .filter_map(|x| screen.cell(y, x))
                    .map(|cell| {
                        let look =
                            Look { fg: cell.fgcolor(), bg: cell.bgcolor(), bold: cell.bold(), inverse: cell.inverse() };
                        let text = if cell.has_contents() { cell.contents() } else { " " };
                        (text.to_owned(), look)
                    })
                    .collect()
            })
            .collect()
    })
}

/// The rectangle inside the frame of the detail, from the frame's own corners: left, top, right, bottom, all inside.
fn inside(cells: &Cells) -> (usize, usize, usize, usize) {
    let find = |row: &[(String, Look)], sign: &str, from: usize| (from..row.len()).find(|&x| row[x].0 == sign);
    for (top, row) in cells.iter().enumerate() {
        for left in (0..row.len()).filter(|&x| row[x].0 == "╭") {
            let title: String = row[left..].iter().take(14).map(|(text, _)| text.as_str()).collect();
            if title.contains(" Documents") && !title.contains("2 Documents") {
                let right = find(row, "╮", left).expect("the frame has a right corner");
                let bottom = (top..cells.len()).find(|&y| cells[y][left].0 == "╰").expect("and a lower one");
                return (left + 1, top + 1, right - 1, bottom - 1);
            }
        }
    }
    let all: Vec<String> = cells.iter().map(|row| row.iter().map(|(text, _)| text.as_str()).collect()).collect();
    panic!("no detail on the screen:\n{}", all.join("\n"));
}

/// Opens one document after the other and gives for each its screens, at its beginning and at its end.
fn screens(bodies: &[String], size: (u16, u16)) -> Vec<Vec<Cells>> {
    let documents: Vec<_> =
        bodies.iter().enumerate().map(|(at, body)| (format!("Part {at:02}"), body.clone())).collect();
    let server = Server::start_now(Options::with_world(with_documents(&documents))).expect("the server starts");
    let session = start(&server, "[ui]\npreview_ms = 0\n").size(size.0, size.1).run();
    session.wait_for("Documents");
    session.settle(REST);
    session.send("2");
    session.wait_for("Part 00");
    // What is beside the document must not arrive later in one run than in the other: neither a list nor, where
    // rows of it are seen, the folders that they are put into.
    session.wait_until("all lists are here", |screen| {
        let text = screen.contents();
        let rows: Vec<&str> = text.lines().collect();
        let title_of = |pane: &str| rows.iter().position(|row| row.contains(pane));
        let counted = |pane: &str| {
            let title = title_of(pane).and_then(|at| rows[at].split_once(pane)).map(|(_, rest)| rest);
            title
                .and_then(|rest| rest.split('╮').next())
                .is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()))
        };
        let first = title_of("4 Passwords").and_then(|at| rows.get(at + 1)).copied().unwrap_or_default();
        // A folder has a number until its name is here.
        let in_folders = first.contains('▾') && !first.contains("▾ Folder ") || !first.starts_with('│');
        counted("3 Configurations") && counted("4 Passwords") && in_folders
    });
    session.settle(REST);
    let mut all = Vec::new();
    for (name, _) in &documents {
        session.send("\r");
        // The name is in the head of the detail.
        session.wait_until(&format!("{name} is open"), |screen| {
            let rows: Vec<String> = screen.contents().lines().map(str::to_owned).collect();
            let title = rows.iter().position(|row| row.contains("╭ Documents"));
            title.and_then(|at| rows.get(at + 1)).is_some_and(|row| row.contains(&format!("│ {name} ")))
        });
        session.settle(Duration::from_millis(80));
        let begin = cells(&session, size);
        session.send("G");
        session.settle(Duration::from_millis(80));
        all.push(vec![begin, cells(&session, size)]);
        session.send("\x1b");
        session.settle(Duration::from_millis(50));
        session.send("j");
        session.settle(Duration::from_millis(50));
    }
    leaves_harmless(session);
    all
}

fn stays_in_its_place(bodies: &[(&str, String)], size: (u16, u16)) {
    let hostile: Vec<String> = bodies.iter().map(|(_, body)| body.clone()).collect();
    let words = "<p>Nothing but words.</p>".repeat(120);
    let honest = screens(&vec![words; hostile.len()], size);
    // Styles the program keeps for itself: focus, keys, brand, danger. In the 16 colours of the default theme.
    let accent = |look: &Look| look.fg == vt100::Color::Idx(6) && look.bold && !look.inverse;
    let danger = |look: &Look| matches!(look.fg, vt100::Color::Idx(1));
    for (((what, _), screens), honest) in bodies.iter().zip(screens(&hostile, size)).zip(honest) {
        for (step, (screen, honest)) in screens.iter().zip(honest).enumerate() {
            let (left, top, right, bottom) = inside(&honest);
            assert_eq!(inside(screen), (left, top, right, bottom), "{what}: the frame is where it was");
            for (y, row) in screen.iter().enumerate() {
                for (x, (text, look)) in row.iter().enumerate() {
                    let place = format!("{what}, step {step}, {size:?}, row {y}, column {x}");
                    let within = (left..=right).contains(&x) && (top..=bottom).contains(&y);
                    if !within {
                        // The position in the title, and the keys below, depend on what is read; nothing else does.
                        let varies = (y + 1 == top && x > left) || y + 1 == screen.len();
                        let sign = text.is_ascii() || ["─", "╮", "⏎", "…", "·"].contains(&text.as_str());
                        let same = (text, look) == (&honest[y][x].0, &honest[y][x].1);
                        let whole = |cells: &Cells| {
                            let rows =
                                cells.iter().map(|row| row.iter().map(|(text, _)| text.as_str()).collect::<String>());
                            rows.collect::<Vec<_>>().join("\n")
                        };
                        assert!(
                            same || (varies && sign),
                            "{place}: {text:?} instead of {:?}. The screen:\n{}\nThat of an honest document:\n{}",
                            honest[y][x].0,
                            whole(screen),
                            whole(&honest)
                        );
                        continue;
                    }
                    if x == left || x == right {
                        assert_eq!(text, " ", "{place}: the margin is empty");
                    }
                    // Below the name and its line, all is the document's.
                    if y > top + 1 {
                        assert!(!accent(look) && !danger(look), "{place}: {text:?} looks like the program's own");
                    }
                }
            }
        }
    }
}

#[test]
fn p3_what_a_document_draws_stays_inside_its_frame_and_looks_like_a_document() {
    stays_in_its_place(&imitations(), (140, 40));
}

#[test]
fn p3_on_a_small_screen_too() {
    let all = imitations();
    let wanted = ["chrome as pre", "500 columns", "wide table", "wide letters"];
    let some: Vec<_> = all.into_iter().filter(|(what, _)| wanted.contains(what)).collect();
    stays_in_its_place(&some, (80, 24));
}
