//! `gluepot audit` as a person meets it: the program itself, on a trail that the library wrote.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use gluepot_core::access::Trail;
use gluepot_core::audit::{Audit, Identity, Keeping, Outcome};
use tempfile::TempDir;

use gluepot_testkit::deed::Deed;

/// A separate home for the program.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("state/gluepot/audit")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
        command.arg("audit").args(args).env_clear().env("HOME", self.0.path());
        command.env("XDG_STATE_HOME", self.0.path().join("state")).env("XDG_CONFIG_HOME", self.0.path().join("config"));
        command
    }

    /// Standard output of a command that went well.
    fn good(&self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", text(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Both outputs of a command that did not.
    fn bad(&self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        assert!(!output.status.success(), "{args:?}: {}", text(&output));
        text(&output)
    }

    /// Reveals a password several times, for a ticket.
    fn deeds(&self, number: u64, ticket: &str) {
        let keeping = Keeping { full: 10_000, ..Keeping::default() };
        let trail = Trail::new(self.folder(), keeping);
        for id in 0..number {
            let deed = Deed { id, name: format!("Switch {id}"), ticket: ticket.into(), ..Deed::default() };
            let intent = Arc::new(deed.record(&trail).unwrap());
            trail.settle(intent, Outcome::Shown, None);
            trail.write();
        }
    }

    /// Changes the file that was closed first.
    fn edit(&self, change: impl FnOnce(String) -> String) {
        let path = self.folder().join("audit-000000000000.log");
        let changed = change(fs::read_to_string(&path).unwrap());
        fs::write(&path, changed).unwrap();
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_first_key_is_printed_once_and_checks_the_whole_trail() {
    let home = Home::new();
    let key = home.good(&["init"]);
    assert!(key.starts_with("gluepot-first-key 1 trail=") && key.lines().count() == 1, "{key}");
    assert!(home.bad(&["init"]).contains("gluepot audit restart"));
    home.deeds(30, "T-1");
    assert!(fs::read_dir(home.folder()).unwrap().count() > 4, "several logs");

    let mut verify =
        home.command(&["verify", "--key", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    verify.stdin.take().unwrap().write_all(key.as_bytes()).unwrap();
    let output = verify.wait_with_output().unwrap();
    assert!(output.status.success() && text(&output).contains("seals    checked"), "{}", text(&output));

    let other = Home::new();
    let path = other.0.path().join("key");
    fs::write(&path, other.good(&["init"])).unwrap();
    let told = home.bad(&["verify", "--key", path.to_str().unwrap()]);
    assert!(told.contains("another trail: the first key belongs to trail"), "{told}");
}

#[test]
fn verify_names_file_line_and_what_is_wrong_also_on_a_copy() {
    let home = Home::new();
    home.deeds(30, "T-1");
    assert!(home.good(&["verify"]).contains("good     every record"));
    home.edit(|text| text.replacen("Switch 3", "Switch 9", 1));
    let told = home.bad(&["verify"]);
    assert!(told.contains("audit-000000000000.log, line 8: edited: it is not record 7"), "{told}");

    let copy = home.0.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(home.folder()).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let elsewhere = Home::new();
    assert!(elsewhere.bad(&["verify", copy.to_str().unwrap()]).contains("line 8: edited"));
    assert_eq!(elsewhere.good(&["show", "--record", "passwords/3", copy.to_str().unwrap()]).lines().count(), 3);
    assert!(!elsewhere.folder().exists(), "reading makes nothing");
}

#[test]
fn an_end_cut_off_together_with_its_note_is_found_by_an_anchor_and_by_copies_in_syslog() {
    let home = Home::new();
    home.deeds(2, "T-1");
    let (log, key) = (home.folder().join("audit.log"), home.folder().join("audit.key"));
    let (old_log, old_key) = (fs::read(&log).unwrap(), fs::read(&key).unwrap());
    home.deeds(3, "T-1");
    let anchor = home.good(&["anchor"]);
    assert!(home.good(&["verify", "--anchor", anchor.trim()]).contains("outside  1 records compared"));
    let syslog = home.0.path().join("auth.log");
    let copies = fs::read_to_string(&log).unwrap();
    let copies: Vec<_> = copies.lines().map(|line| format!("Nov 22 13:00:00 jump1 gluepot[7]: {line}")).collect();
    fs::write(&syslog, copies.join("\n") + "\n").unwrap();

    fs::write(&log, old_log).unwrap();
    fs::write(&key, old_key).unwrap();
    assert!(home.good(&["verify"]).contains("only --anchor finds"), "the machine alone cannot tell, and says so");
    for anchor in [anchor.trim(), syslog.to_str().unwrap()] {
        let told = home.bad(&["verify", "--anchor", anchor]);
        assert!(told.contains("tail cut: the trail ends with record 4, and record 10 was known outside"), "{told}");
    }
    fs::remove_dir_all(home.folder()).unwrap();
    assert!(home.bad(&["verify", "--anchor", anchor.trim()]).contains("lost: there are no records"));
    home.deeds(9, "T-1");
    assert!(home.bad(&["verify", "--anchor", anchor.trim()]).contains("another trail"));
}

#[test]
fn a_lost_key_is_answered_by_a_restart_that_keeps_and_links_what_was_there() {
    let home = Home::new();
    home.deeds(2, "T-1");
    fs::remove_file(home.folder().join("audit.key")).unwrap();
    let error = Audit::open(&home.folder(), Identity::here()).unwrap_err().to_string();
    assert!(error.contains("gluepot audit restart"), "{error}");
    assert!(home.bad(&["restart"]).contains("--reason"));
    let output = home.command(&["restart", "--reason", "disk replaced, Robin"]).output().unwrap();
    assert!(output.status.success() && text(&output).contains("aside-"), "{}", text(&output));
    home.deeds(1, "T-2");
    assert!(home.good(&["verify"]).contains("records  0 to 2"));
    let first = home.good(&["show", "--format", "jsonl"]);
    let first = first.lines().next().unwrap();
    assert!(first.contains("\"aside\":\"aside-") && first.contains("\"why\":\"disk replaced, Robin\""), "{first}");
    let aside = fs::read_dir(home.folder()).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
    assert!(fs::read_to_string(aside.unwrap().join("audit.log")).unwrap().contains("T-1"), "all of it is kept");

    // With its key in place the new trail also names the last record of the old one.
    home.good(&["restart", "--reason", "a first key for the safe"]);
    assert!(home.good(&["show", "--format", "jsonl"]).contains("\"before\":\"gluepot-anchor 1 trail="));
}

#[test]
fn show_report_and_note_read_the_trail_of_the_account_or_of_the_demo() {
    let home = Home::new();
    home.deeds(2, "T-1");
    home.deeds(1, "");
    assert_eq!(home.good(&["show", "--ticket", "T-1", "--format", "csv"]).lines().count(), 5);
    assert_eq!(home.good(&["show", "--since", "1h", "--action", "reveal"]).lines().count(), 7);
    assert!(home.good(&["report"]).contains("Reveals and copies without a ticket: 1\n"));
    assert!(home.good(&["note", "T-1"]).contains("- password **Switch 1**, id 1\n"));
    assert!(home.bad(&["note", "T-9"]).contains("nothing is on record for ticket T-9"));
    assert!(home.bad(&["show", "--since", "yesterday"]).contains("2026-11-22"));
    assert_eq!(home.good(&["show", "--demo"]).lines().count(), 1, "the demo's trail is another one, and there is none");
    let paths = home.good(&["init", "--demo"]);
    assert!(paths.starts_with("gluepot-first-key"));
    assert!(home.0.path().join("state/gluepot/demo-audit/audit.log").is_file());
}

#[test]
fn a_ticket_is_found_however_its_number_is_written() {
    let home = Home::new();
    home.deeds(1, "48213");
    home.deeds(1, "#T-9");
    for written in ["48213", "#48213", " # 48213 "] {
        assert!(home.good(&["note", written]).contains("showed the password"), "{written}");
        assert_eq!(home.good(&["show", "--ticket", written, "--format", "jsonl"]).lines().count(), 2, "{written}");
        assert!(home.good(&["report", "--ticket", written]).contains("Acme"), "{written}");
    }
    assert!(home.good(&["note", "t-9"]).contains("showed the password"));
    assert!(home.bad(&["note", "T9"]).contains("nothing is on record"));
}

#[test]
fn a_deleted_beginning_is_bad_unless_it_is_said_to_be_elsewhere() {
    let home = Home::new();
    home.deeds(30, "T-1");
    let anchor = home.good(&["anchor"]);
    fs::remove_file(home.folder().join("audit-000000000000.log")).unwrap();
    let told = home.bad(&["verify", "--anchor", anchor.trim()]);
    assert!(told.contains("beginning missing: the first record here is "), "{told}");
    let from = told.split("--from ").nth(1).unwrap().split_whitespace().next().unwrap();
    assert!(home.good(&["verify", "--from", from]).contains("good     every record"));
    assert!(home.bad(&["verify", "--from", "1"]).contains("beginning missing"));
    assert_eq!(home.good(&["anchor"]), anchor, "an anchor can still be had");
}

#[test]
fn a_forged_line_is_left_out_and_said_to_be_on_both_outputs() {
    let home = Home::new();
    home.deeds(1, "T-1");
    let log = home.folder().join("audit.log");
    let before = fs::read_to_string(&log).unwrap();
    let forged = before.lines().nth(1).unwrap().replace("T-1", "T-2").replace("\"seq\":1", "\"seq\":4711");
    fs::write(&log, format!("{before}{forged}\n")).unwrap();
    let told = home.bad(&["verify"]);
    assert!(told.contains("audit.log, line 4: inserted: ") && told.contains("gluepot audit restart"), "{told}");
    assert!(home.bad(&["note", "T-2"]).contains("1 line is left out"));
    for format in ["table", "csv", "jsonl"] {
        let output = home.command(&["show", "--format", format]).output().unwrap();
        for stream in [output.stdout, output.stderr] {
            let stream = String::from_utf8(stream).unwrap();
            assert!(stream.contains("1 line is left out") && !stream.contains("4711"), "{format}: {stream}");
        }
    }
    let error = Audit::open(&home.folder(), Identity::here()).unwrap_err().to_string();
    assert!(error.contains("gluepot did not write"), "{error}");
    home.good(&["restart", "--reason", "a forged line"]);
    assert!(home.good(&["verify"]).contains("good "));
}

#[test]
fn a_trail_that_was_there_and_is_gone_is_not_begun_again_without_a_word() {
    let home = Home::new();
    home.deeds(1, "T-1");
    fs::rename(home.folder(), home.0.path().join("moved")).unwrap();
    home.deeds(1, "T-1");
    assert!(home.bad(&["verify"]).contains("was in this folder before and was gone"));
    home.good(&["verify", "--from", "0"]);
}

#[test]
fn a_trail_in_a_folder_that_others_can_exchange_is_not_written() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = Home::new();
    home.deeds(1, "T-1");
    let state = home.0.path().join("state");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).unwrap();
    let error = Audit::open(&home.folder(), Identity::here()).unwrap_err().to_string();
    assert!(error.contains("state can be changed by other users: chmod go-w it"), "{error}");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
    home.deeds(1, "T-1");
}
