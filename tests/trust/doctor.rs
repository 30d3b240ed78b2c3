//! `gluepot doctor` survives what it examines: whatever is broken, it finishes, has one verdict per file, and says
//! nothing that is not so.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::stage::Stage;
use gluepot_testkit::pty::{End, Start};

/// A key of the form of IT Glue's.
const KEY: &str = "ITG.0123456789abcdef0123456789abcdef0123456789abcdef";

/// A home with these settings.
fn home(config: &str) -> tempfile::TempDir {
    crate::home_with(config)
}

struct Told {
    code: Option<i32>,
    text: String,
}

impl Told {
    #[track_caller]
    fn has(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "no {words:?} in\n{}", self.text);
        self
    }

    #[track_caller]
    fn lacks(&self, words: &str) -> &Self {
        assert!(!self.text.contains(words), "{words:?} is in\n{}", self.text);
        self
    }

    /// The lines that speak of a file.
    fn of(&self, path: &Path) -> Vec<&str> {
        let path = path.to_string_lossy();
        self.text.lines().filter(|line| line.contains(&*path)).map(str::trim).collect()
    }
}

fn doctor(home: &Path, args: &[&str], environment: &[(&str, &OsStr)]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    command.arg("doctor").args(args).env_clear().env("HOME", home).env("TERM", "xterm").env("LANG", "C.UTF-8");
    let output = command.envs(environment.iter().copied()).output().expect("it starts");
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Told { code: output.status.code(), text }
}

fn to_its_end(told: &Told) {
    told.has("Settings").has("Terminal").has("Files").has("Account").has("Protection of this process").has("problem");
}

#[test]
fn broken_settings_get_one_verdict_a_file_and_the_rest_is_examined() {
    for (config, fault) in [
        ("region = 'mars'\n", "config.toml, line 1: region"),
        ("[key\n", "config.toml, line 1: this is not TOML"),
        ("[ui]\nreveal_seconds = 900\n", "config.toml, line 2: ui.reveal_seconds"),
    ] {
        let home = home(config);
        let told = doctor(home.path(), &["--offline"], &[("ITGLUE_API_KEY", KEY.as_ref())]);
        to_its_end(&told);
        told.has(fault);
        assert_eq!(told.code, Some(1));
        let lines = told.of(&home.path().join(".config/gluepot/config.toml"));
        assert!(lines.len() == 1 && lines[0].starts_with("FIX"), "{lines:?}");
    }
    // With settings that say where the key goes nothing is sent on a guess.
    let home = home("base_url = 7\n");
    let told = doctor(home.path(), &[], &[("ITGLUE_API_KEY", KEY.as_ref())]);
    to_its_end(&told);
    told.has("key and connection were not tried: put the settings right first");
    let folder = home.path().join(".config/gluepot");
    std::fs::write(folder.join("config.toml"), b"# M\xfcller\n").expect("a file");
    std::fs::write(folder.join("keys.toml"), "[global]\nquiit = ['q']\n").expect("a file");
    std::fs::write(folder.join("policy.toml"), "[lok]\n").expect("a file");
    let told = doctor(home.path(), &["--offline"], &[]);
    to_its_end(&told);
    for name in ["config.toml", "keys.toml", "policy.toml"] {
        let lines = told.of(&folder.join(name));
        assert!(lines.len() == 1 && lines[0].starts_with("FIX"), "{name}: {lines:?}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named_and_no_end() {
    let home = home("");
    let folder = home.path().join(".config/gluepot");
    for name in ["config.toml", "keys.toml", "policy.toml"] {
        let _ = std::fs::remove_file(folder.join(name));
        std::fs::create_dir(folder.join(name)).expect("a folder in the place of a file");
    }
    let told = doctor(home.path(), &["--offline"], &[]);
    to_its_end(&told);
    for name in ["config.toml", "keys.toml", "policy.toml"] {
        let lines = told.of(&folder.join(name));
        assert!(lines.len() == 1 && lines[0].starts_with("FIX"), "{name}: {lines:?}");
    }
    // A file where a folder has to be.
    let state = home.path().join(".local/state/gluepot");
    std::fs::create_dir_all(&state).expect("a folder");
    std::fs::write(state.join("audit"), "in the way").expect("a file");
    doctor(home.path(), &["--offline"], &[]).has("audit is no folder");
}

#[test]
fn odd_surroundings_do_not_end_it() {
    let home = home("");
    let odd = OsStr::from_bytes(b"x\xff\xfey");
    let names =
        ["GLUEPOT_TICKET", "TERM", "LANG", "LC_ALL", "TMUX", "SSH_TTY", "SSH_CONNECTION", "NO_PROXY", "NO_COLOR"];
    let all: Vec<(&str, &OsStr)> = names.iter().map(|name| (*name, odd)).collect();
    to_its_end(&doctor(home.path(), &["--offline"], &all));
    for name in ["GLUEPOT_REGION", "GLUEPOT_BASE_URL", "HTTPS_PROXY"] {
        let told = doctor(home.path(), &[], &[(name, odd), ("ITGLUE_API_KEY", KEY.as_ref())]);
        to_its_end(&told);
        assert!(told.text.lines().any(|line| line.contains("FIX") && line.contains(name)), "{}", told.text);
    }
    let told = doctor(home.path(), &["--offline"], &[("GLUEPOT_TICKET", "a\nb".as_ref())]);
    to_its_end(&told);
    told.has("FIX   GLUEPOT_TICKET: ");
    // No home that is a folder.
    let told = doctor(Path::new("/proc/version"), &["--offline"], &[]);
    told.has("problem");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    let output = command.args(["doctor", "--offline"]).env_clear().output().expect("it starts");
    assert!(String::from_utf8_lossy(&output.stdout).contains("problem"), "{output:?}");
}

#[test]
fn it_says_of_the_key_what_is_so() {
    let home = home("");
    // None: no source is named that is not there.
    let told = doctor(home.path(), &[], &[]);
    to_its_end(&told);
    told.has("FIX   there is no API key").has("config.toml").lacks("the key comes from");
    doctor(home.path(), &["--offline"], &[("ITGLUE_API_KEY", "".as_ref())]).has("FIX   there is no API key");
    // A piece of one.
    let stage = Stage::new(false);
    let home = self::home("");
    let local = |key: &str| doctor(home.path(), &["--base-url", stage.url()], &[("ITGLUE_API_KEY", key.as_ref())]);
    for key in ["BAD", "ITG.abc"] {
        local(key)
            .has("the key is not in IT Glue's form")
            .lacks("API key found")
            .lacks(key)
            .has("refused the key")
            .lacks("region");
    }
    let told = doctor(home.path(), &[], &[("ITGLUE_API_KEY", "BAD".as_ref()), ("HTTPS_PROXY", "127.0.0.1:9".as_ref())]);
    told.has("FIX   the key is not in IT Glue's form").lacks("BAD").has("(HTTPS_PROXY)");
    // A good one, and what it may do with passwords.
    let told = local(&stage.key);
    told.has("ok    API key found").has("IT Glue answered in").has("Password Access");
    assert_eq!(stage.server().count("show_password=true"), 0, "no value was asked for");
    // A variable beside another way.
    let home = stage.home("");
    doctor(home.path(), &["--offline"], &[("ITGLUE_API_KEY", KEY.as_ref())]).has("ITGLUE_API_KEY is set and not used");
}

#[test]
fn a_program_that_hangs_and_a_server_that_is_dead_are_waited_for_to_an_end() {
    let hung = home("[key]\ncommand = ['sleep', '1000']\ncommand_timeout = 1\n");
    let told = doctor(hung.path(), &[], &[("PATH", "/usr/bin:/bin".as_ref())]);
    to_its_end(&told);
    told.has("FIX   the key command sleep did not end within 1 s");
    let missing = home("[key]\ncommand = ['no-such-program']\n");
    to_its_end(&doctor(missing.path(), &[], &[]));
    // It takes the connection and says nothing.
    let dead = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", dead.local_addr().expect("it is bound"));
    let settings = "[network]\nfirst_byte_timeout = 1\ntotal_timeout = 2\n";
    let home = home(settings);
    let told = doctor(home.path(), &["--base-url", &url], &[("ITGLUE_API_KEY", KEY.as_ref())]);
    to_its_end(&told);
    told.has("FIX").has("then run this again");
}

#[test]
fn a_key_folder_that_nobody_may_enter_is_told() {
    let home = home("[key]\nfile = '~/keys/key'\n");
    let folder = home.path().join("keys");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("key"), KEY).expect("a file");
    std::fs::set_permissions(folder.join("key"), PermissionsExt::from_mode(0o644)).expect("a mode");
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).expect("a mode");
    let told = doctor(home.path(), &[], &[]);
    to_its_end(&told);
    told.has("FIX   the API key was not read").has("chmod 600");
}

#[test]
fn a_start_without_a_key_names_the_file_what_belongs_into_it_and_the_doctor() {
    let mut session = Start::gluepot(&[]).run();
    assert_eq!(session.wait_exit(), End::Code(1));
    let told = String::from_utf8_lossy(&session.all_bytes()).into_owned();
    let file = session.home().join(".config/gluepot/config.toml");
    for words in [&*file.to_string_lossy(), "[key]", "command = [", "file = \"", "gluepot doctor", "gluepot --demo"] {
        assert!(told.contains(words), "no {words:?} in {told}");
    }
}
