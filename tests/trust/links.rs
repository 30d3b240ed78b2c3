//! P4: a link goes where it says. Only the web is opened, the whole target is shown first, and what is started gets one
//! argument, never a shell.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use gluepot_fake::{Options, Server};

use crate::hostile::{REST, assert_harmless, start, with_documents};

/// Forty addresses that have been used, or might be, to start something else or lead elsewhere.
const HOSTILE: [&str; 40] = [
    "javascript:alert(1)",
    " java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "file://evil.example/share",
    "vbscript:msgbox(1)",
    "ssh://-oProxyCommand=touch%20x/",
    "telnet://evil.example",
    "smb://evil.example/share",
    "ms-msdt:/id PCWDiagnostic",
    "search-ms:query=x",
    "about:config",
    "view-source:https://evil.example",
    "blob:https://evil.example/1",
    "intent://evil#Intent;scheme=x;end",
    "x-man-page://1/sh",
    "--help",
    "-e sh",
    "--version https://evil.example",
    "https:evil.example",
    "http:\\\\evil.example\\share",
    "//evil.example/x",
    "/\\evil.example",
    "http://",
    "https://evil.example/$(touch x)",
    "https://evil.example/`touch x`",
    "https://evil.example/;touch x",
    "https://evil.example/|sh",
    "https://evil.example/\"; touch x; \"",
    "https://evil.example/'; touch x; '",
    "https://evil.example/ --proxy-server=evil",
    "https://evil.example/%0A--flag%00x",
    "https://northbeam.itglue.com@evil.example/7/docs/1",
    "https://user:secret@evil.example/",
    "https://аpple.com/",
    "https://evil.example:443:80/",
    "http://0x7f000001:22/",
    "https://evil.example/\u{202e}txt.exe",
    "https://evil.example/%s%c%n&x=%u",
];

/// A folder in which every program that might be started is one that only writes down how it was started.
fn recorders(folder: &Path) -> std::path::PathBuf {
    let (bin, record) = (folder.join("bin"), folder.join("record"));
    std::fs::create_dir_all(&bin).expect("a folder");
    // Separated by a line that cannot be in an address. One write, so that two at once would not mix.
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"${{0##*/}}\" \"$#\" \"$@\" . >> '{}'\n", record.display());
    for name in [
        "xdg-open",
        "xdg-settings",
        "xdg-mime",
        "gio",
        "gvfs-open",
        "gnome-open",
        "kde-open",
        "kde-open5",
        "kfmclient",
        "mate-open",
        "exo-open",
        "x-www-browser",
        "www-browser",
        "sensible-browser",
        "firefox",
        "chromium",
        "open",
        "sh",
        "bash",
        "env",
        "touch",
        "ssh",
        "curl",
        "python3",
        "cmd.exe",
        "powershell.exe",
        "wslview",
        "flatpak-spawn",
    ] {
        let path = bin.join(name);
        std::fs::write(&path, &script).expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("may be started");
    }
    bin
}

/// What was started so far: program and arguments.
fn started(folder: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder.join("record")).unwrap_or_default();
    let mut all = Vec::new();
    let mut lines = text.lines();
    while let Some(program) = lines.next() {
        let count: usize = lines.next().and_then(|count| count.parse().ok()).expect("a number of arguments");
        let mut one = vec![program.to_owned()];
        one.extend(lines.by_ref().take(count).map(str::to_owned));
        assert_eq!(lines.next(), Some("."), "{text}");
        all.push(one);
    }
    all
}

/// The lines inside the question's own frame.
fn question(screen: &str) -> Vec<String> {
    let cells: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
    let title = screen.lines().position(|line| line.contains("Open this address")).expect("the question");
    let left = screen.lines().nth(title).and_then(|line| line.split(" Open this address").next()).expect("its frame");
    let left = left.chars().count() - 1;
    let right = left + cells[title][left..].iter().position(|&cell| cell == '╮').expect("its corner");
    let inside = cells[title + 1..].iter().take_while(|row| row.get(left) == Some(&'│'));
    inside.map(|row| row[left + 1..right].iter().collect::<String>().trim().to_owned()).collect()
}

#[test]
fn p4_forty_hostile_addresses_start_nothing_but_a_browser_with_one_argument() {
    let escape = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let body: Vec<String> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, href)| format!("<p><a href=\"{}\">link {at:02}</a></p>", escape(href)))
        .collect();
    let body = body.concat();
    let world = with_documents(&[("Links".into(), body)]);
    let server = Server::start_now(Options::with_world(world)).expect("the server starts");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = recorders(folder.path()).to_string_lossy().into_owned();
    let session = start(&server, "[ui]\npreview_ms = 0\n").env("PATH", &path).env("BROWSER", "").size(120, 60).run();
    session.wait_for("Links");
    session.settle(REST);
    session.send("2\r");
    session.wait_for("link 00");
    session.settle(REST);
    let (mut opened, mut refused) = (0, 0);
    for (at, href) in HOSTILE.iter().enumerate() {
        let before = started(folder.path());
        session.send("f");
        session.settle(Duration::from_millis(60));
        session.send("\r");
        session.wait_until(&format!("an answer to link {at:02}, {href}"), |screen| {
            let text = screen.contents();
            text.contains("Open this address") || text.contains("Not opened:")
        });
        let screen = session.screen();
        assert_eq!(started(folder.path()), before, "{href}: something was started before anybody said yes");
        if screen.contains("Not opened:") {
            refused += 1;
            // Another notice takes its place before the next answer is looked for.
            session.send("m");
            session.settle(Duration::from_millis(60));
            session.send("m");
            session.wait_gone("Not opened:");
            continue;
        }
        // Enter alone does not open it.
        session.send("\r");
        session.settle(Duration::from_millis(60));
        assert_eq!(started(folder.path()), before, "{href}: Enter opened it");
        session.send("o");
        let limit = Instant::now() + Duration::from_secs(20);
        while started(folder.path()).len() == before.len() {
            assert!(Instant::now() < limit, "{href}: nothing was started\n{}", session.screen());
            std::thread::yield_now();
        }
        session.settle(Duration::from_millis(60));
        let now = started(folder.path());
        assert_eq!(now.len(), before.len() + 1, "{href}: {now:?}");
        let [program, address] = now.last().expect("the last").as_slice() else {
            panic!("{href}: not one argument: {now:?}")
        };
        assert_eq!(program, "xdg-open", "{href}");
        assert!(address.starts_with("http://") || address.starts_with("https://"), "{href}: {address}");
        assert!(address.bytes().all(|b| b.is_ascii_graphic()), "{href}: {address}");
        // The whole of it was on the screen, in the lines of the question.
        let rows = question(&screen);
        assert!(rows.concat().contains(address.as_str()), "{href}: {address} is not in {rows:?}");
        if href.contains('@') {
            assert!(rows.concat().contains("The host is evil.example"), "{rows:?}");
        }
        opened += 1;
    }
    assert_eq!(opened + refused, HOSTILE.len());
    assert!(opened >= 12 && refused >= 20, "{opened} opened, {refused} refused");
    assert_eq!(started(folder.path()).len(), opened);
    session.send("\x03");
    assert_harmless(&session.all_bytes());
    eprintln_figures(opened, refused);
}

fn eprintln_figures(opened: usize, refused: usize) {
    use std::io::Write as _;
    let _ = writeln!(
        std::io::stderr(),
        "40 addresses: {opened} handed over as one argument, {refused} refused, 0 other programs"
    );
}

#[test]
fn p4_an_address_that_does_not_fit_the_screen_is_not_opened() {
    let long = format!("https://evil.example/{}", "a".repeat(3_000));
    let world = with_documents(&[("Links".into(), format!("<p><a href='{long}'>link</a></p>"))]);
    let server = Server::start_now(Options::with_world(world)).expect("the server starts");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = recorders(folder.path()).to_string_lossy().into_owned();
    let session = start(&server, "[ui]\npreview_ms = 0\n").env("PATH", &path).size(100, 30).run();
    session.wait_for("Links");
    session.settle(REST);
    session.send("2\r");
    session.settle(REST);
    session.send("f\r");
    session.wait_for("Does not fit: enlarge the window.");
    session.send("o");
    session.settle(REST);
    assert!(started(folder.path()).is_empty());
    // With room for all of it, it is.
    session.resize(200, 60);
    session.wait_for("o open ·");
    session.send("o");
    let limit = Instant::now() + Duration::from_secs(20);
    while started(folder.path()).is_empty() {
        assert!(Instant::now() < limit, "nothing was started\n{}", session.screen());
        std::thread::yield_now();
    }
    assert_eq!(started(folder.path()), [vec!["xdg-open".to_owned(), long]]);
}
