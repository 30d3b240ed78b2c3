//! P1: whatever is on the command line or in a variable, no command repeats it raw, and nothing of it is lost without a
//! mark.

use std::process::{Command, Stdio};

use gluepot_core::text::is_hidden;

/// What drives terminals and what is not seen: a clipboard write, a colour, C1, an override, a bell.
const ATTACK: &str = "\u{1b}]52;c;UFdORUQ=\u{7}\u{1b}[31m\u{9b}2J\u{202e}x";

/// Runs a command to its end; all it wrote.
fn says(args: &[&str], environment: &[(&str, &str)]) -> String {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    command.args(args).env_clear().env("HOME", home.path()).env("LANG", "C.UTF-8").env("TERM", "xterm");
    command.envs(environment.iter().copied()).stdin(Stdio::null());
    let output = command.output().expect("the program starts");
    String::from_utf8([output.stdout, output.stderr].concat()).expect("what it says is UTF-8")
}

#[track_caller]
fn is_harmless(what: &str, text: &str) {
    let harmful: Vec<char> = text.chars().filter(|&c| (c.is_control() && c != '\n') || is_hidden(c)).collect();
    assert!(harmful.is_empty(), "{what}: {harmful:?} in {text:?}");
}

#[test]
fn p1_each_command_shows_a_hostile_argument_with_its_marks() {
    let fault = format!("429:path=/{ATTACK}");
    for args in [
        vec!["--ticket", ATTACK],
        vec!["--org", ATTACK],
        vec!["--region", ATTACK],
        vec!["--log-level", ATTACK],
        vec!["--mouse", ATTACK],
        vec![ATTACK],
        vec!["--demo", "--fault", ATTACK],
        vec!["--config", ATTACK, "paths"],
        vec!["--config", ATTACK, "--print-config"],
        vec!["--config", ATTACK, "doctor", "--offline"],
        vec!["doctor", ATTACK],
        vec!["paths", ATTACK],
        vec!["pin", ATTACK],
        vec!["policy", "check", ATTACK],
        vec!["policy", "explain", ATTACK],
        vec!["policy", "explain", "copy", "--org-id", ATTACK],
        vec!["render", ATTACK],
        vec!["render", "--width", ATTACK],
        vec!["audit", "show", ATTACK],
        vec!["audit", "verify", ATTACK],
        vec!["audit", "verify", "--key", ATTACK],
        vec!["audit", "verify", "--anchor", ATTACK],
        vec!["audit", "show", "--since", ATTACK],
        vec!["demo-server", "--fault", ATTACK],
        vec!["demo-server", "--rate", ATTACK],
        vec!["demo-server", "--port", ATTACK],
        vec!["demo-server", "--seed", ATTACK],
    ] {
        let text = says(&args, &[]);
        is_harmless(&format!("{args:?}"), &text);
        assert!(text.contains("‹202E›x"), "{args:?} lost it: {text:?}");
    }
    // A rule that is spelled well is repeated once the server runs, which then has to be ended.
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    let command = command.args(["demo-server", "--fault", &fault]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let mut out = std::io::BufReader::new(child.stdout.take().expect("its output"));
    let mut text = String::new();
    while !text.contains("fault:") && std::io::BufRead::read_line(&mut out, &mut text).is_ok_and(|read| read > 0) {}
    child.kill().expect("it is killed");
    let rest = child.wait_with_output().expect("it ends");
    text.push_str(&String::from_utf8_lossy(&rest.stderr));
    is_harmless("demo-server", &text);
    assert!(text.contains("‹202E›x"), "{text:?}");
}

#[test]
fn p1_each_variable_is_shown_with_its_marks() {
    for (name, args) in [
        ("GLUEPOT_TICKET", vec!["paths"]),
        ("GLUEPOT_TICKET", vec!["doctor", "--offline"]),
        ("GLUEPOT_CONFIG", vec!["paths"]),
        ("HTTPS_PROXY", vec!["doctor"]),
        ("GLUEPOT_REGION", vec!["paths"]),
        ("GLUEPOT_BASE_URL", vec!["paths"]),
        ("TERM", vec!["doctor", "--offline"]),
    ] {
        let text = says(&args, &[(name, ATTACK), ("ITGLUE_API_KEY", "ITG.0123456789abcdef0123456789abcdef")]);
        is_harmless(&format!("{name} {args:?}"), &text);
        assert!(text.contains("‹202E›x") || text.contains(name), "{name} {args:?} lost it: {text:?}");
    }
    let text = says(&["paths"], &[("GLUEPOT_TICKET", ATTACK)]);
    assert!(text.contains("GLUEPOT_TICKET: '␛]52;c;UFdORUQ=␇␛[31m‹009B›2J‹202E›x' is not a ticket"), "{text}");
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let names = ["GLUEPOT_TICKET", "GLUEPOT_CONFIG", "GLUEPOT_REGION", "GLUEPOT_BASE_URL", "ITGLUE_API_KEY"];
    let proxies = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];
    let others = ["NO_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMUX", "SSH_TTY", "SSH_CONNECTION", "LC_ALL", "EDITOR"];
    for value in ["", " "] {
        let all: Vec<(&str, &str)> = names.iter().chain(&proxies).map(|name| (*name, value)).collect();
        // A blank is a value to these.
        let empty: Vec<(&str, &str)> = others.iter().map(|name| (*name, "")).collect();
        let environment = [all, empty].concat();
        let home = tempfile::tempdir().expect("a temporary folder");
        let told = |environment: &[(&str, &str)], args: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
            command.args(args).env_clear().env("HOME", home.path()).env("TERM", "xterm").env("LANG", "C.UTF-8");
            let output = command.envs(environment.iter().copied()).stdin(Stdio::null()).output().expect("it starts");
            (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
        };
        for args in [&["paths"] as &[&str], &["--print-config"], &["doctor", "--offline"], &["policy", "check"]] {
            assert_eq!(told(&environment, args), told(&[], args), "{args:?} with {value:?}");
        }
    }
}
