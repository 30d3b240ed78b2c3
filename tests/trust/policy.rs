//! The policy of the real program: an administrator's file that binds, wherever the user points his settings.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::stage::Stage;
use crate::wait_until;
use gluepot_testkit::pty::{Session, Start};

const DENY: &str = "[[rule]]\nactions = 'reveal'\nthen = 'deny'\nwhy = 'not here'\n";

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn gluepot(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    command.args(args).env_clear().env("HOME", home).env("XDG_CONFIG_HOME", home.join("config"));
    command.output().expect("the program starts")
}

/// Runs a shell line with an administrator's policy in place, in its own mount namespace. `None` where the
/// machine does not let one be made.
fn under_admin(home: &Path, policy: &str, line: &str) -> Option<Output> {
    let admin = home.join("etc-gluepot");
    std::fs::create_dir_all(&admin).expect("a folder");
    std::fs::write(admin.join("policy.toml"), policy).expect("a policy");
    let script = format!(
        "set -e; mount -t tmpfs -o mode=755 none /etc; mkdir /etc/gluepot; cp '{}/policy.toml' /etc/gluepot/; \
         chmod 644 /etc/gluepot/policy.toml; {line}",
        admin.display()
    );
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", &script]).env("G", env!("CARGO_BIN_EXE_gluepot")).env("HOME", home);
    let can = Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        return None;
    }
    Some(command.output().expect("unshare starts"))
}

#[test]
fn the_users_own_file_decides_and_explains_with_its_line() {
    let home = tempfile::tempdir().expect("a home");
    let folder = home.path().join("config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("policy.toml"), DENY).expect("a policy");
    let told = text(&gluepot(home.path(), &["policy", "explain", "reveal"]));
    assert!(told.starts_with("reveal: deny\n") && told.contains("policy.toml, line 1: not here"), "{told}");
    let told = text(&gluepot(home.path(), &["policy", "explain", "copy"]));
    assert!(told.starts_with("copy: allow\n") && told.contains("no rule fits"), "{told}");
    std::fs::write(folder.join("policy.toml"), "\n[[rule]]\nthan = 'deny'\n").expect("a policy");
    let output = gluepot(home.path(), &["policy", "check"]);
    assert!(!output.status.success() && text(&output).contains("policy.toml, line 3: than is not known"), "{output:?}");
    let told = text(&gluepot(home.path(), &["policy", "explain", "copy"]));
    assert!(told.starts_with("copy: deny\n") && told.contains("line 3"), "{told}");
    let told = text(&gluepot(home.path(), &["doctor", "--offline"]));
    assert!(told.contains("FIX ") && told.contains("policy.toml, line 3"), "{told}");
}

#[test]
fn an_administrators_policy_binds_whatever_variables_and_settings_say() {
    let home = tempfile::tempdir().expect("a home");
    let line = "echo 'region = \"us\"' > \"$HOME/c.toml\"; printf \"[[rule]]\\nthen = 'allow'\\n\" > \"$HOME/policy.toml\"; \
                XDG_CONFIG_DIRS=$HOME GLUEPOT_POLICY=$HOME/policy.toml GLUEPOT_CONFIG=$HOME/c.toml \
                \"$G\" policy explain reveal";
    let Some(output) = under_admin(home.path(), DENY, line) else {
        return crate::skip("an_administrators_policy_binds", "no mount namespace can be made here");
    };
    let told = text(&output);
    assert!(told.starts_with("reveal: deny\n"), "{told}");
    assert!(told.contains("deny  /etc/gluepot/policy.toml, line 1: not here"), "{told}");
    assert!(told.contains("allow  ") && told.contains("policy.toml, line 1"), "both files are explained: {told}");
}

#[test]
fn an_administrators_file_that_others_can_change_counts_as_broken() {
    let home = tempfile::tempdir().expect("a home");
    let Some(output) = under_admin(
        home.path(),
        "",
        "chmod 666 /etc/gluepot/policy.toml; \"$G\" policy check || true; \"$G\" policy explain copy",
    ) else {
        return crate::skip("an_administrators_file_others_can_change", "no mount namespace can be made here");
    };
    let told = text(&output);
    assert!(told.contains("can be changed by others: chmod go-w /etc/gluepot/policy.toml"), "{told}");
    assert!(told.contains("copy: deny"), "{told}");
}

#[test]
fn an_administrators_copies_are_not_met_by_a_socket_or_a_folder_of_the_users_own() {
    let home = tempfile::tempdir().expect("a home");
    let hole = home.path().join("hole");
    let _socket = std::os::unix::net::UnixDatagram::bind(&hole).expect("a socket of the user's own");
    let folder = home.path().join(".config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    let config =
        |audit: &str| std::fs::write(folder.join("config.toml"), format!("[audit]\n{audit}")).expect("settings");
    let told = |policy: &str, line: &str| under_admin(home.path(), policy, line).map(|output| text(&output));
    const REQUIRED: &str = "[audit]\nrequire_sink = true\n";
    const ASK: &str = "unset XDG_CONFIG_HOME XDG_STATE_HOME; \"$G\" policy explain copy; \"$G\" paths; \
                       \"$G\" doctor --offline || true";
    config(&format!("sink = 'syslog'\nsink_socket = '{}'\nfolder = '/dev/shm/x'\n", hole.display()));
    let Some(said) = told(REQUIRED, ASK) else {
        return crate::skip("an_administrators_copies", "no mount namespace can be made here");
    };
    assert!(said.starts_with("copy: deny\n") && said.contains("have to go to syslog itself, at /dev/log"), "{said}");
    assert!(said.contains("audit.folder is not used: the trail is in "), "{said}");
    assert!(said.contains(".local/state/gluepot/audit") && said.contains("audit.sink_socket does not count"), "{said}");
    let trail = said.lines().find(|line| line.starts_with("audit trail ")).expect("where the trail is");
    assert!(!trail.contains("/dev/shm/x"), "{trail}");
    // The file of the administrator names both, below folders that are root's alone.
    let named = "[audit]\nrequire_sink = true\nsink = 'journal'\nsink_socket = '/etc/gluepot/log'\nfolder = '/var/trail/{uid}'\n";
    let said = told(named, ASK).expect("as before");
    assert!(said.starts_with("copy: allow\n"), "{said}");
    assert!(said.contains("copies of audit records go to the journal at /etc/gluepot/log"), "{said}");
    assert!(said.contains("/var/trail/0"), "{said}");
    // Without the setting the system's own log will do, if it is there; without a sink nothing does.
    config("sink = 'syslog'\n");
    assert!(told(REQUIRED, ASK).expect("as before").starts_with("copy: allow\n"));
    config("");
    assert!(told(REQUIRED, ASK).expect("as before").contains("copies of audit records are required: set sink"));
    // What no policy sets stays the user's.
    config(&format!("sink = 'syslog'\nsink_socket = '{}'\n", hole.display()));
    assert!(told("", ASK).expect("as before").starts_with("copy: allow\n"));
}

#[test]
fn a_broken_file_of_the_administrator_that_may_lock_lets_nothing_out() {
    let stage = Stage::new(false);
    let home = stage.home("");
    // No name is known where /etc is empty.
    let address = stage.url().replace("localhost", "127.0.0.1");
    let doctor = format!("unset XDG_CONFIG_HOME XDG_STATE_HOME; \"$G\" doctor --base-url {address} || true");
    for (what, bytes) in [
        ("Latin-1", b"# M\xfcller\norganization = 4120387\n".to_vec()),
        ("a byte order mark and a mistake", b"\xef\xbb\xbforganization = 4120387\n[lok]\n".to_vec()),
        ("in a section", b"[lock]\norganization = 4120387\n".to_vec()),
        ("UTF-16", "organization = 4120387\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ] {
        std::fs::write(home.path().join("draft"), bytes).expect("a file");
        let line = format!("cp \"$HOME/draft\" /etc/gluepot/policy.toml; {doctor}");
        let Some(output) = under_admin(home.path(), "", &line) else {
            return crate::skip("a_broken_file_of_the_administrator", "no mount namespace can be made here");
        };
        let said = text(&output);
        assert_eq!(stage.server().requests().len(), 0, "{what}: {said}");
        assert!(
            said.contains("no request goes out: /etc/gluepot/policy.toml may name an organization"),
            "{what}: {said}"
        );
    }
    // The same file in order lets the one question out.
    let policy = "\u{feff}organization = 4120387\r\n";
    let said = under_admin(home.path(), policy, &doctor).map(|output| text(&output)).expect("as before");
    assert!(stage.server().requests().len() == 1 && said.contains("IT Glue answered"), "{said}");
}

#[test]
fn the_example_in_the_repository_is_in_order() {
    let home = tempfile::tempdir().expect("a home");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/policy.example.toml");
    let output = gluepot(home.path(), &["policy", "check", example]);
    assert!(output.status.success() && text(&output).contains("rules"), "{output:?}");
}

/// The program in an organization of a server that counts, under the user's own policy, and the folder of its trail,
/// which a file is in the place of.
fn under(stage: &Stage, policy: &str, path: &str) -> (Session, PathBuf) {
    // The detail does not follow the cursor while keys arrive: what is opened stays until something else is.
    let home = stage.home("[ui]\npreview_ms = 600000\n");
    std::fs::write(home.path().join(".config/gluepot/policy.toml"), policy).expect("a policy");
    let state = home.path().join(".local/state/gluepot");
    std::fs::create_dir_all(&state).expect("a folder");
    std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o700)).expect("a mode");
    std::fs::write(state.join("audit"), "in the way").expect("a file can take its place");
    let session = Start::gluepot(&["--org", "HPD"]).size(140, 40).env("PATH", path).home(home).run();
    session.wait_for("HPD-AP01");
    (session, state.join("audit"))
}

fn trail(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("audit.log")).unwrap_or_default()
}

#[test]
fn a_document_and_a_list_are_on_the_disk_before_they_are_shown_and_asked_for() {
    const TEXT: &str = "Set up a new user";
    let stage = Stage::new(false);
    let policy = "[[rule]]\nactions = 'view'\nthen = 'allow'\naudit = true\n\
                  [[rule]]\nactions = 'list-passwords'\nthen = 'ask-reason'\n";
    let (session, folder) = under(&stage, policy, "/usr/bin:/bin");
    let asked = || stage.server().count("/passwords") + stage.server().count("password_folders");
    session.send("2/vpn for remote\r");
    session.wait_for("Not shown yet: policy wants it on record");
    session.send("\r");
    session.wait_for("Not shown: it could not be recorded");
    assert_eq!(stage.server().count("GET /documents/"), 0, "{}", session.screen());
    assert!(!session.screen().contains(TEXT));
    session.send("4\r");
    session.wait_for("List the passwords of this client?");
    session.send("yearly check\r4711\r");
    session.wait_for("not recorded");
    assert_eq!(asked(), 0);
    std::fs::remove_file(&folder).expect("the file can go away again");
    session.send("\r");
    session.wait_gone("not recorded");
    wait_until("the list is asked for", || asked() > 0);
    // From the list of passwords the detail would show what is first in it, as soon as there is something.
    session.send("20\r");
    session.wait_for(TEXT);
    let written = trail(&folder);
    let intents: Vec<_> = written.lines().filter(|line| line.contains("\"kind\":\"intent\"")).collect();
    assert!(intents.len() == 2 && intents[0].contains("\"list-passwords\""), "{written}");
    assert!(intents[0].contains("\"reason\":\"yearly check\"") && intents[0].contains("\"ticket\":\"4711\""));
    assert!(intents[1].contains("\"action\":\"view\"") && intents[1].contains("VPN for remote staff"), "{written}");
    wait_until("both outcomes are written", || trail(&folder).matches("\"kind\":\"outcome\"").count() == 2);
    let folder = folder.to_string_lossy();
    let told = text(&gluepot(session.home(), &["audit", "verify", &folder]));
    assert!(told.contains("good ") && !told.contains("no outcome"), "{told}");
    let told = text(&gluepot(session.home(), &["audit", "report", &folder]));
    assert!(told.contains("Documents read") && told.contains("VPN for remote staff"), "{told}");
    let told = text(&gluepot(session.home(), &["audit", "note", "4711", &folder]));
    assert!(told.contains(": listed the passwords") && told.contains(": read the document"), "{told}");
}

#[test]
fn an_address_goes_to_the_browser_after_its_record_and_never_without() {
    let stage = Stage::new(false);
    let bin = tempfile::tempdir().expect("a folder");
    let opened = bin.path().join("opened");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display());
    let program = bin.path().join("xdg-open");
    std::fs::write(&program, script).expect("a script");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    let path = format!("{}:/usr/bin:/bin", bin.path().display());
    let policy = "[[rule]]\nactions = 'open-link'\nthen = 'ask-reason'\n";
    let (session, folder) = under(&stage, policy, &path);
    session.send("4/HPD-IMG01 local\r");
    session.wait_for("svc-img");
    session.send("o");
    session.wait_for("Open this address in the browser?");
    session.send("vendor page\r4711\r");
    session.wait_for("Not opened: it could not be recorded");
    assert!(!opened.exists(), "nothing was started");
    std::fs::remove_file(&folder).expect("the file can go away again");
    session.send("o");
    session.wait_for("Open this address in the browser?");
    session.send("vendor page\r\r");
    wait_until("the browser is started", || std::fs::read_to_string(&opened).is_ok_and(|text| text.ends_with('\n')));
    let address = std::fs::read_to_string(&opened).unwrap_or_default();
    let written = trail(&folder);
    let intent = written.lines().find(|line| line.contains("\"kind\":\"intent\"")).expect("an intent");
    assert!(intent.contains(&format!("\"detail\":\"{}\"", address.trim())), "{address}: {written}");
    assert!(intent.contains("\"open-link\"") && intent.contains("vendor page") && intent.contains("4711"));
}

/// Sets the PIN with the real program, as a person does in another terminal of the same home.
fn set_pin(home: &Path, pin: &str) {
    let folder = |below: &str| home.join(below).to_string_lossy().into_owned();
    let start = Start::gluepot(&["pin", "set"]).env("HOME", &folder(""));
    let start = start.env("XDG_STATE_HOME", &folder(".local/state")).env("XDG_CONFIG_HOME", &folder(".config"));
    let mut session = start.env("XDG_DATA_HOME", &folder(".local/share")).run();
    session.wait_for("New PIN:");
    session.send(&format!("{pin}\r"));
    session.wait_for("Repeat the PIN:");
    session.send(&format!("{pin}\r"));
    session.wait_for("PIN set.");
    session.wait_exit();
}

/// `gluepot pin` in a home of the test's own.
fn pin_command(home: &Path, command: &str) -> Session {
    let folder = |below: &str| home.join(below).to_string_lossy().into_owned();
    let start = Start::gluepot(&["pin", command]).env("HOME", &folder(""));
    start.env("XDG_STATE_HOME", &folder(".local/state")).env("XDG_CONFIG_HOME", &folder(".config")).run()
}

#[test]
fn a_pin_that_is_set_is_asked_for_before_it_is_changed_or_removed() {
    let home = tempfile::tempdir().expect("a home");
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).expect("a mode");
    let file = home.path().join(".local/state/gluepot/pin");
    set_pin(home.path(), "27 sheep");
    let first = std::fs::read(&file).expect("the hash");
    // A wrong one costs a pause and changes nothing; Esc leaves it as it is.
    for command in ["set", "clear"] {
        let mut session = pin_command(home.path(), command);
        session.wait_for("Old PIN:");
        session.send("1111\r");
        session.wait_for("Wrong PIN. Try again in 1 s.");
        session.wait_until("it asks once more", |screen| screen.contents().matches("Old PIN:").count() == 2);
        session.send("\x1b");
        session.wait_for("the PIN was not changed");
        assert!(!session.screen().contains("1111"), "it is not echoed");
        session.wait_exit();
        assert_eq!(std::fs::read(&file).expect("the hash"), first);
    }
    let mut session = pin_command(home.path(), "set");
    session.wait_for("Old PIN:");
    session.send("27 sheep\r");
    for question in ["New PIN:", "Repeat the PIN:"] {
        session.wait_for(question);
        session.send("28 goats\r");
    }
    session.wait_for("PIN set.");
    session.wait_exit();
    assert_ne!(std::fs::read(&file).expect("the hash"), first);
    let mut session = pin_command(home.path(), "clear");
    session.wait_for("Old PIN:");
    session.send("28 goats\r");
    session.wait_for("PIN removed.");
    session.wait_exit();
    assert!(!file.exists());
    // Not by a pipe: whatever writes into that keeps it.
    set_pin(home.path(), "27 sheep");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    command.args(["pin", "clear"]).env_clear().env("HOME", home.path()).stdin(std::process::Stdio::null());
    assert!(text(&command.output().expect("it starts")).contains("type the PIN at a terminal"));
    assert!(file.exists());
    // The way out of a forgotten one.
    std::fs::remove_file(&file).expect("it is ours");
    set_pin(home.path(), "29 cows");
}

#[test]
fn without_the_pin_that_a_policy_asks_for_no_password_is_asked_for_and_with_it_the_lock_asks() {
    const NONE: &str = "Not fetched: the policy asks for a PIN and none is set: gluepot pin set (policy.toml, line 2).";
    let stage = Stage::new(false);
    let home = stage.home("");
    let policy = home.path().join(".config/gluepot/policy.toml");
    std::fs::write(&policy, "[lock]\npin = true\n").expect("a policy");
    let session = Start::gluepot(&["--org", "HPD"]).size(140, 40).home(home).run();
    let asked = || stage.server().count("show_password=true");
    session.wait_for("HPD-AP01");
    crate::stage::go_to_password(&session);
    for key in ["r", "c", "C"] {
        session.send(key);
        session.wait_for(NONE);
        session.send("\u{1b}");
        session.wait_gone(NONE);
    }
    let doctor = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
        text(
            &command.args(["doctor", "--offline"]).env_clear().env("HOME", session.home()).output().expect("it starts"),
        )
    };
    let told = doctor();
    let place = format!("{}, line 2", policy.display());
    assert!(
        told.contains(&format!("FIX   the policy asks for a PIN and none is set: gluepot pin set ({place})")),
        "{told}"
    );
    assert_eq!(asked(), 0, "by the server's own count");
    set_pin(session.home(), "27 sheep");
    stage.reveal(&session);
    assert_eq!(asked(), 1);
    assert!(doctor().contains(&format!("ok    the PIN that the policy asks for ({place}) is set")), "{}", doctor());
    session.send("L");
    session.wait_for("gluepot is locked");
    session.wait_for("PIN");
    assert!(!session.screen().contains(&stage.value));
    for wrong in ["\r", "1234\r", "27 sheeq\r"] {
        session.send(wrong);
        if wrong.len() > 1 {
            session.wait_for("Wrong PIN. Try again in");
            session.wait_for("Wrong PIN. PIN");
        }
        assert!(session.screen().contains("gluepot is locked") && !session.screen().contains("HPD"));
    }
    session.send("27 sheep\r");
    session.wait_gone("gluepot is locked");
    session.wait_for("HPD-AP01");
    assert_eq!(asked(), 1);
}

#[test]
fn the_time_to_the_lock_is_the_policys_where_that_is_shorter() {
    let stage = Stage::new(false);
    for (config, policy, minutes) in [(900, 600, 10), (300, 600, 5), (0, 600, 10)] {
        let home = stage.home(&format!("[ui]\nlock_after = {config}\n"));
        let text = format!("[lock]\nidle_seconds = {policy}\n");
        std::fs::write(home.path().join(".config/gluepot/policy.toml"), text).expect("a policy");
        let session = Start::gluepot(&["--org", "HPD"]).size(140, 40).home(home).run();
        session.wait_for("HPD-AP01");
        session.send("S");
        session.wait_for(&format!("after {minutes} min idle"));
    }
}

#[test]
fn the_lock_comes_by_itself_after_the_policys_time_and_asks_for_the_pin() {
    let stage = Stage::new(false);
    let home = stage.home("[ui]\nlock_after = 900\n");
    std::fs::write(home.path().join(".config/gluepot/policy.toml"), "[lock]\npin = true\nidle_seconds = 10\n")
        .expect("a policy");
    set_pin(home.path(), "27 sheep");
    let session = Start::gluepot(&["--org", "HPD"]).size(140, 40).home(home).run();
    session.wait_for("HPD-AP01");
    session.wait_for("gluepot is locked");
    session.wait_for("PIN");
    session.send("\r");
    session.settle(std::time::Duration::from_millis(100));
    assert!(session.screen().contains("gluepot is locked") && !session.screen().contains("HPD"));
}
