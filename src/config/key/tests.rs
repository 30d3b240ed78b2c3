//! Each way to give the key, and what is said where it fails.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use zeroize::Zeroizing;

use super::*;
use crate::config::KeySource;
use gluepot_core::secret::Secret;

fn shell(script: &str) -> KeySource {
    let command = ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
    KeySource { command: Some(command), command_timeout: 20, file: None }
}

fn told(source: &KeySource) -> String {
    fetch(source, None).map(|_| "a key").unwrap_err().to_string()
}

#[test]
fn a_program_gives_the_key_without_the_line_end() {
    let key = fetch(&shell("echo asking >&2; echo ' ITG.abc-123= '"), None).unwrap();
    assert_eq!(key.expose(), "ITG.abc-123=");
}

#[test]
fn a_program_that_fails_is_quoted_filtered() {
    let told = told(&shell("printf 'first\\nno \\033[31mvault\\n' >&2; echo ITG.secret; exit 3"));
    assert!(told.contains("/bin/sh failed (exit status: 3). It said: no ␛[31mvault"), "{told}");
    assert!(!told.contains("ITG.secret"));
    let told = self::told(&shell("set -x; echo ITG.secret; echo ITG.secret >&2; exit 3"));
    assert!(told.contains("It said: ") && !told.contains("secret"), "{told}");
    let missing = KeySource { command: Some(vec!["/no/such/program".into()]), ..KeySource::default() };
    assert!(self::told(&missing).contains("cannot be started"));
}

/// A file that a script is told of as `$1`, below a folder of the test's own.
fn script_with(file: &std::path::Path, script: &str) -> KeySource {
    let mut source = shell(script);
    source.command.as_mut().unwrap().extend(["sh".to_owned(), file.to_str().unwrap().to_owned()]);
    source
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_does_not_end_is_ended() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("pid");
    let source = KeySource { command_timeout: 1, ..script_with(&file, "echo $$ >\"$1\"; exec sleep 600") };
    assert!(told(&source).contains("did not end within 1 s"));
    let pid = std::fs::read_to_string(&file).unwrap();
    assert!(!Path::new(&format!("/proc/{}", pid.trim())).exists(), "it was left running");
}

#[test]
fn something_left_in_the_background_does_not_hold_us_up() {
    let root = tempfile::tempdir().unwrap();
    let (file, end) = (root.path().join("ended"), root.path().join("end"));
    rustix::fs::mkfifoat(rustix::fs::CWD, &end, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
    // It holds the output open until it is told to end, which is after the key was taken.
    let script = format!("(read x <'{}'; echo $x >\"$1\") & echo ITG.abc", end.display());
    let key = fetch(&script_with(&file, &script), None).unwrap();
    assert_eq!(key.expose(), "ITG.abc");
    assert!(!file.exists(), "its end was waited for");
    std::fs::write(&end, "now\n").unwrap();
}

#[test]
fn what_cannot_be_a_key_is_refused_without_being_repeated() {
    for (script, wanted) in [
        ("true", "gave nothing"),
        ("echo; echo", "gave nothing"),
        ("echo s3cret; echo more", "more than one line"),
        ("echo s3cret key", "a space at place 7"),
        ("printf 's3cret\\033key'", "a control character"),
        ("printf 's3cretk\\303\\251y'", "not ASCII"),
        ("yes s3cret | head -c 100000 | tr -d '\\n'", "more than 4096 bytes"),
    ] {
        let told = told(&shell(script));
        assert!(told.contains(wanted) && !told.contains("s3cret"), "{script}: {told}");
    }
}

#[test]
fn a_private_file_gives_the_key_and_an_open_one_the_fix() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("key");
    std::fs::write(&path, "ITG.abc\r\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let source = KeySource { file: Some(path.clone()), ..KeySource::default() };
    assert_eq!(fetch(&source, None).unwrap().expose(), "ITG.abc");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(
        told(&source),
        format!("the API key was not read: {0} can be read by others: chmod 600 {0}", path.display())
    );
}

#[test]
fn a_part_of_a_key_has_not_the_form_of_one() {
    let has_form = |text: &str| super::has_form(&Secret::new(Zeroizing::new(text.to_owned())));
    assert!(has_form(&format!("ITG.{}", "a1".repeat(80))));
    for other in ["BAD", "ITG.", "ITG.abc", "itg.0123456789abcdef0123456789abcdef", "Bearer", ""] {
        assert!(!has_form(other), "{other}");
    }
}

#[test]
fn where_nothing_names_the_key_all_is_said_that_is_to_be_written() {
    let text = how_to_give(Path::new("/home/me/c.toml"));
    for part in ["Write into /home/me/c.toml", "[key]", "command = [", "file = \"", VARIABLE, "gluepot doctor"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(is_missing(&KeySource::default(), None) && !is_missing(&KeySource::default(), Some(b"x")));
    assert!(!is_missing(&shell("true"), None));
}

#[test]
fn the_environment_is_asked_last_and_nothing_replaces_a_way_that_failed() {
    let value = || Some(Zeroizing::new(b"ITG.env".to_vec()));
    assert_eq!(fetch(&KeySource::default(), value()).unwrap().expose(), "ITG.env");
    assert!(fetch(&shell("exit 1"), value()).is_err());
    assert!(told(&KeySource::default()).contains("gluepot --demo"));
}
