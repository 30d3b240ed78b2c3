//! Starting the real binary: what it prints, what it refuses, and that the demo opens and is left again.

use std::process::{Command, Output, Stdio};

use gluepot_testkit::pty::{End, Start};

/// Runs the binary without a terminal, in an empty home.
fn run(args: &[&str], environment: &[(&str, &str)]) -> Output {
    let home = tempfile::tempdir().expect("a temporary folder");
    Command::new(env!("CARGO_BIN_EXE_gluepot"))
        .args(args)
        .env_clear()
        .env("HOME", home.path())
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn settings_that_are_printed_are_the_example_without_its_comments() {
    let output = run(&["--print-config"], &[]);
    let printed: toml::Table = toml::from_str(&text(&output.stdout)).expect("it prints TOML");
    let example: toml::Table = toml::from_str(include_str!("../../config.example.toml")).expect("the example is TOML");
    // Sections in which nothing has a default are printed empty and commented out in the example.
    assert_eq!(printed, example);
    assert!(output.status.success());
}

#[test]
fn keys_that_are_printed_name_every_action() {
    let printed = text(&run(&["--print-keys"], &[]).stdout);
    for action in gluepot::tui::keymap::Action::ALL {
        assert!(printed.contains(&format!("{action} = [")), "{action}");
    }
}

#[test]
fn what_somebody_typed_comes_back_filtered() {
    let output = run(&["--regi\u{7}\u{1b}[31mon\u{202e}", "eu"], &[]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("‹202E›"), "{told:?}");
    assert!(!told.chars().any(|c| (c.is_control() && c != '\n') || gluepot_core::text::is_hidden(c)), "{told:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gluepot"))
        .args(["--print-keys"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn without_a_terminal_or_a_key_it_says_what_to_do() {
    let output = run(&["--demo"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("gluepot: gluepot needs a terminal"), "{output:?}");

    let mut session = Start::gluepot(&[]).run();
    assert_eq!(session.wait_exit(), End::Code(1));
    let told = text(&session.all_bytes());
    assert!(told.contains("there is no API key") && told.contains("gluepot --demo"), "{told}");
}

#[test]
fn the_doctor_repeats_no_key_and_fails_when_something_is_to_be_put_right() {
    let output = run(&["doctor", "--offline"], &[("ITGLUE_API_KEY", "ITG.s3cret"), ("TERM", "xterm")]);
    let told = text(&output.stdout);
    assert!(told.contains("the key comes from the variable ITGLUE_API_KEY") && !told.contains("s3cret"), "{told}");

    // Nothing listens there: the connection fails, at once and in words.
    let unreachable = &["doctor", "--base-url", "http://127.0.0.1:9"];
    let output = run(unreachable, &[("ITGLUE_API_KEY", "ITG.s3cret"), ("TERM", "xterm")]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(told.contains("FIX") && told.contains("Check the base URL and the firewall"), "{told}");
    assert!(!told.contains("s3cret"), "{told}");
}

#[test]
fn settings_that_could_send_the_key_astray_stop_the_program() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join(".config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), "base_url = 'http://example.net'\n").expect("a file");
    let mut session = Start::gluepot(&[]).home(home).env("ITGLUE_API_KEY", "ITG.x").run();
    assert_eq!(session.wait_exit(), End::Code(1));
    let told = text(&session.all_bytes());
    assert!(told.contains("config.toml, line 1: base_url: the base URL must begin with https://"), "{told}");
}

#[test]
fn the_demo_opens_and_is_left_with_a_key() {
    let mut session = Start::gluepot(&["--demo"]).run();
    session.wait_for("Organizations");
    session.wait_for("Harbour");
    assert!(session.is_raw());
    assert!(session.look(vt100::Screen::alternate_screen));
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    assert!(!session.look(vt100::Screen::alternate_screen));
    assert!(!session.look(vt100::Screen::hide_cursor));
}

/// Some programs make a terminal and set no size, and a serial line has none.
#[test]
fn a_terminal_of_no_size_is_drawn_as_80x24_until_it_says_more() {
    let script = format!("stty rows 0 cols 0; exec {} --demo", env!("CARGO_BIN_EXE_gluepot"));
    let mut session = Start::program("/bin/sh", &["-c", &script]).size(80, 24).run();
    session.wait_for("Organizations");
    session.wait_for("Harbour");
    let reaches = |column: u16, row: u16| {
        session.look(|screen| screen.cell(row, column).is_some_and(|cell| !cell.contents().trim().is_empty()))
    };
    assert!(reaches(79, 22), "{}", session.screen());
    session.resize(120, 36);
    session.wait_until("it fills the larger window", |screen| {
        screen.cell(34, 119).is_some_and(|cell| !cell.contents().trim().is_empty())
    });
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
}

/// Every cell that is drawn takes memory: 65,535 x 65,535 of them are more than any machine has.
#[test]
fn a_terminal_of_an_absurd_size_is_drawn_in_part() {
    let script = format!("stty rows 65535 cols 65535; exec {} --demo", env!("CARGO_BIN_EXE_gluepot"));
    let mut session = Start::program("/bin/sh", &["-c", &script]).size(1000, 500).run();
    session.wait_for("Harbour");
    let kib = crate::process::Process(session.pid()).kib("VmHWM");
    assert!(kib < 300 * 1024, "{kib} KiB");
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
}
