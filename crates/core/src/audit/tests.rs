//! The trail under good and bad conditions. Those that need another process start this test binary again.
#![expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
#![expect(clippy::print_stderr, reason = "helpers answer and skipped parts say so")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::*;
use crate::model::{Kind, OrganizationId, RecordKey};

mod attacks;

const RECORD: RecordKey = RecordKey { kind: Kind::Password, id: 42 };

fn me() -> Identity {
    Identity { uid: 1000, user: "kim".into(), host: "jump1".into(), pid: 7, ..Identity::default() }
}

fn event() -> Event {
    Event {
        organization: Some((OrganizationId(9), "Acme \u{1F600}".into())),
        ticket: "T-4711".into(),
        reason: "user locked out".into(),
        ..Event::new(Action::Reveal, RECORD, "Domain admin".into())
    }
}

/// A trail whose first key is known, so that it can be walked from the beginning.
struct Known {
    dir: TempDir,
    first: State,
}

impl Known {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let first = State::new().unwrap();
        file::ready_directory(dir.path()).unwrap();
        let path = dir.path().join("audit.key");
        let (file, _) = file::create(&path, Access::Update).unwrap();
        first.write(&file, &path).unwrap();
        Self { dir, first }
    }

    fn open(&self) -> Result<Audit, AuditError> {
        Audit::open_with(self.dir.path(), me(), Keeping { wait: Duration::from_millis(300), ..Keeping::default() })
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("audit.log")
    }

    /// All files of the trail in their order.
    fn logs(&self) -> Vec<PathBuf> {
        let names = fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut closed: Vec<_> = names.filter_map(|name| closed_first(name.to_str().unwrap())).collect();
        closed.sort_unstable();
        let closed = closed.iter().map(|&first| self.dir.path().join(closed_name(first)));
        closed.chain([self.log()]).filter(|log| log.exists()).collect()
    }

    fn lines(&self) -> Vec<String> {
        self.logs()
            .iter()
            .flat_map(|log| fs::read_to_string(log).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// With logs that are full after a few records.
    fn open_small(&self) -> Result<Audit, AuditError> {
        let keeping = Keeping { full: 3000, wait: Duration::from_millis(300), sink: None };
        Audit::open_with(self.dir.path(), me(), keeping)
    }

    fn state(&self) -> State {
        let path = self.dir.path().join("audit.key");
        let (file, _) = file::open(&path, Access::Update).unwrap().unwrap();
        State::read(&file, &path).unwrap().unwrap()
    }

    fn set_state(&self, state: &State) {
        let path = self.dir.path().join("audit.key");
        let (file, _) = file::open(&path, Access::Update).unwrap().unwrap();
        state.write(&file, &path).unwrap();
    }

    fn records(&self) -> Vec<Value> {
        self.lines().iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Walks hash and key over the file. Returns the numbers of the lines that are no sealed records.
    fn bad_lines(&self) -> Vec<usize> {
        let (mut head, mut key) = (self.first.head, self.first.key.clone());
        let mut bad = Vec::new();
        for (number, line) in self.lines().iter().enumerate() {
            if record::is_sealed(line.as_bytes(), &head, &key) {
                key = record::next_key(&key);
                head = record::hash(line.as_bytes());
            } else {
                // Of several in a row each is bound to those before it.
                let first = bad.last().is_none_or(|&last| last + 1 < number);
                head = if first { record::hash(line.as_bytes()) } else { record::hash_after(&head, line.as_bytes()) };
                bad.push(number);
            }
        }
        bad
    }
}

#[test]
fn accepted_cautions_stand_in_the_record_as_words_and_a_trail_with_and_without_them_is_whole() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let all: std::collections::BTreeSet<_> = Caution::ALL.into_iter().collect();
    for cautions in [[].into(), [Caution::LookAlike, Caution::TmuxClients].into(), all] {
        let intent = audit.intent(&Event { cautions, ..event() }).unwrap();
        audit.outcome(&intent, &Outcome::Shown, None).unwrap();
    }
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    let report = verify(&snapshot(known.dir.path()).unwrap().sources, None, &Anchors::default()).unwrap();
    assert!(report.records == 7 && report.fault.is_none(), "{report:?}");
    let records = known.records();
    let words = |at: usize| records[at].get("cautions").map(|words| words.as_str().unwrap().to_owned());
    assert_eq!((words(1), words(2)), (None, None), "no member where there was nothing");
    assert_eq!(words(3).as_deref(), Some("tmux-clients,look-alike"));
    assert_eq!(words(4), words(3), "what came of it says the same");
    // All of them at once are not cut, and each is a word of its own.
    let written = words(5).unwrap();
    let written: std::collections::BTreeSet<_> = written.split(',').collect();
    assert_eq!(written, Caution::ALL.map(Caution::word).into());
    assert!(written.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
}

#[test]
fn intent_and_outcome_stand_in_the_file_chained_and_sealed() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let intent = audit.intent(&event()).unwrap();
    audit.outcome(&intent, &Outcome::Shown, Some("Sun, 22 Nov 2026 13:34:18 GMT")).unwrap();
    audit.outcome(&intent, &Outcome::Hidden("time"), None).unwrap();

    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    let records = known.records();
    let kinds: Vec<_> = records.iter().map(|record| record["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["start", "intent", "outcome", "outcome"]);
    let written = &records[1];
    assert_eq!(written["seq"], 1);
    assert_eq!(written["action"], "reveal");
    assert_eq!(written["org"], 9);
    assert_eq!(written["org_name"], "Acme \u{1F600}");
    assert_eq!(written["record"], "passwords");
    assert_eq!(written["record_id"], 42);
    assert_eq!(written["ticket"], "T-4711");
    assert_eq!(written["user"], "kim");
    for nothing_to_say in ["clock_back", "back_ms", "unsent", "login_uid", "version_id", "cautions"] {
        assert_eq!(written[nothing_to_say], Value::Null, "{nothing_to_say}");
    }
    assert_eq!(records[2]["of"], 1);
    assert_eq!(records[2]["result"], "shown");
    assert_eq!(records[2]["server_date"], "Sun, 22 Nov 2026 13:34:18 GMT");
    assert_eq!(records[3]["why"], "time");
}

#[test]
fn the_file_is_printable_ascii_whatever_the_names_hold() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let nasty: String = (0..0x3000).filter_map(char::from_u32).collect();
    for chunk in nasty.chars().collect::<Vec<_>>().chunks(150) {
        let text: String = chunk.iter().collect();
        let event = Event { ticket: Clean::line(&text), reason: Clean::block(&text), ..event() };
        let intent = audit.intent(&event).unwrap();
        audit.outcome(&intent, &Outcome::Failed(text.clone().into()), Some(&text)).unwrap();
    }
    let bytes = fs::read(known.log()).unwrap();
    assert!(bytes.iter().all(|byte| *byte == b'\n' || (b' '..=b'~').contains(byte)));
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
}

/// The two short lines of the screen: what happened, to which file, and what to do.
#[test]
fn every_reason_has_few_words_that_name_the_file_and_a_way_out() {
    let path = || PathBuf::from("/state/audit/audit.log");
    let io = |kind: io::ErrorKind| AuditError::io("write", &path(), kind.into());
    for (error, brief, advice) in [
        (io(io::ErrorKind::StorageFull), "could not write audit.log: no storage space", "free some space"),
        (io(io::ErrorKind::QuotaExceeded), "could not write audit.log: quota exceeded", "free some space"),
        (io(io::ErrorKind::ReadOnlyFilesystem), "could not write audit.log: read-only", "have the disk mounted"),
        (io(io::ErrorKind::PermissionDenied), "could not write audit.log: permission denied", "fix owner and mode"),
        (io(io::ErrorKind::Other), "could not write audit.log: other error", "the disk fails"),
        (
            AuditError::io("write", &path(), io::Error::from_raw_os_error(28)),
            "could not write audit.log: No space left on device",
            "free some space",
        ),
        (
            AuditError::Short { path: path(), written: 3, wanted: 9 },
            "the disk took only 3 of 9 bytes",
            "free some space",
        ),
        (
            AuditError::NotKept { path: path() },
            "the disk did not keep what it took for audit.log",
            "it is full or fails",
        ),
        (
            AuditError::Busy { path: path(), waited: Duration::from_secs(2) },
            "another gluepot has held audit.log for more than 2 s",
            "find the process that hangs",
        ),
        (AuditError::unsafe_file(&path(), "is a link"), "audit.log is a link", "find out who did that and undo it"),
        (
            AuditError::Vanished { path: path() },
            "audit.log is gone although",
            "put it back or run gluepot audit restart",
        ),
        (AuditError::Replaced { path: path() }, "audit.log is not the file it was", "put it back or run gluepot audit"),
        (AuditError::Shrunk { path: path() }, "audit.log is shorter than it was", "find who cut it, run gluepot audit"),
        (
            AuditError::Altered { path: path() },
            "audit.log was changed by",
            "run gluepot audit verify, then audit restart",
        ),
        (
            AuditError::Inserted { path: path(), after: Some(7) },
            "audit.log has lines that gluepot did not write",
            "run gluepot audit verify, then audit restart",
        ),
        (AuditError::KeyLost { path: path() }, "audit.log is missing or damaged", "run gluepot audit restart"),
        (
            AuditError::Restarted { dir: path() },
            "another trail was begun meanwhile",
            "leave gluepot and start it again",
        ),
        (AuditError::Exists { dir: path() }, "there is a trail already", "to begin another run gluepot audit restart"),
        (AuditError::NoRandomness, "the system gave no random numbers", "try again"),
    ] {
        assert!(error.brief().starts_with(brief), "{}", error.brief());
        assert!(error.advice().starts_with(advice), "{error}: {}", error.advice());
        assert!(error.brief().len() <= 80 && error.advice().len() <= 50, "{error}");
    }
    for (seconds, told) in [(119, "119 s"), (120, "2 min"), (7_199, "119 min"), (7_200, "2 h")] {
        let brief = AuditError::ClockBack { by: Duration::from_secs(seconds) }.brief();
        assert_eq!(brief, format!("the clock of this host went back by {told}"));
    }
}

#[test]
fn files_are_private_and_so_is_the_directory() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let _ = audit.intent(&event()).unwrap();
    for name in ["audit.log", "audit.key", "audit.lock"] {
        let mode = fs::metadata(known.dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(known.dir.path()).unwrap().permissions().mode() & 0o7777, 0o700);
}

#[test]
fn an_intent_covers_one_fetch_of_its_own_record() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let intent = audit.intent(&event()).unwrap();
    assert_eq!(intent.permit(43, None), Err(NotPermitted::WrongRecord));
    assert_eq!(intent.permit(42, Some(7)), Err(NotPermitted::WrongVersion));
    assert_eq!(intent.permit(42, None), Ok(()));
    assert_eq!(intent.permit(42, None), Err(NotPermitted::Spent));

    let link = audit.intent(&Event::new(Action::OpenLink, RECORD, "x".into())).unwrap();
    assert_eq!(link.permit(42, None), Err(NotPermitted::WrongAction));
}

#[test]
fn a_trail_goes_on_after_a_restart() {
    let known = Known::new();
    let _ = known.open().unwrap().intent(&event()).unwrap();
    let _ = known.open().unwrap().intent(&event()).unwrap();
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    let numbers: Vec<_> = known.records().iter().map(|record| record["seq"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [0, 1, 2]);
}

#[test]
fn a_first_start_makes_its_own_key_and_directory() {
    let dir = TempDir::new().unwrap();
    let deep = dir.path().join("state/gluepot/audit");
    let audit = Audit::open(&deep, Identity::here()).unwrap();
    let _ = audit.intent(&event()).unwrap();
    assert_eq!(fs::read_to_string(audit.path()).unwrap().lines().count(), 2);
}

/// Does something to the files between two reveals of one process, and again for a process started afterwards.
fn refused_after(harm: impl Fn(&Known)) -> (AuditError, Result<Audit, AuditError>) {
    let known = Known::new();
    let audit = known.open().unwrap();
    let _ = audit.intent(&event()).unwrap();
    let before = known.lines().len();
    harm(&known);
    let error = audit.intent(&event()).expect_err("the record was written in spite of it");
    if known.log().is_file() {
        let text = fs::read_to_string(known.log()).unwrap();
        assert!(text.lines().count() <= before, "something was written");
    }
    let fresh = known.open();
    (error, fresh)
}

#[test]
fn a_log_that_was_unlinked_is_missed() {
    let (error, fresh) = refused_after(|known| fs::remove_file(known.log()).unwrap());
    assert!(matches!(error, AuditError::Vanished { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Vanished { .. })));
}

#[test]
fn a_log_that_was_renamed_is_missed() {
    let (error, fresh) = refused_after(|known| fs::rename(known.log(), known.dir.path().join("old")).unwrap());
    assert!(matches!(error, AuditError::Vanished { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Vanished { .. })));
}

#[test]
fn a_log_replaced_by_an_empty_file_is_refused() {
    let (error, fresh) = refused_after(|known| {
        fs::rename(known.log(), known.dir.path().join("old")).unwrap();
        fs::write(known.log(), "").unwrap();
        fs::set_permissions(known.log(), fs::Permissions::from_mode(0o600)).unwrap();
    });
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Shrunk { .. })));
}

#[test]
fn a_log_replaced_by_a_copy_is_refused_at_once_and_noted_by_the_next_process() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let _ = audit.intent(&event()).unwrap();
    fs::copy(known.log(), known.dir.path().join("copy")).unwrap();
    fs::rename(known.dir.path().join("copy"), known.log()).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
    let _ = known.open().unwrap();
    assert_eq!(known.records().last().unwrap()["kind"], "recovery");
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
}

#[test]
fn a_log_replaced_by_a_link_is_refused() {
    let (error, fresh) = refused_after(|known| {
        fs::rename(known.log(), known.dir.path().join("elsewhere")).unwrap();
        symlink(known.dir.path().join("elsewhere"), known.log()).unwrap();
    });
    assert!(matches!(error, AuditError::Unsafe { why: "is a symbolic link", .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Unsafe { .. })));
}

#[test]
fn a_log_replaced_by_a_pipe_a_directory_or_a_device_is_refused() {
    let (error, _) = refused_after(|known| {
        fs::remove_file(known.log()).unwrap();
        assert!(Command::new("mkfifo").arg("-m600").arg(known.log()).status().unwrap().success());
    });
    assert!(matches!(error, AuditError::Unsafe { .. } | AuditError::Io { .. }), "{error}");
    let (error, _) = refused_after(|known| {
        fs::remove_file(known.log()).unwrap();
        fs::create_dir(known.log()).unwrap();
    });
    assert!(matches!(error, AuditError::Io { .. }), "{error}");
    if rustix::process::geteuid().is_root() {
        let (error, _) = refused_after(|known| {
            fs::remove_file(known.log()).unwrap();
            let made = Command::new("mknod").arg("-m600").arg(known.log()).args(["c", "1", "3"]).status().unwrap();
            assert!(made.success());
        });
        assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");
    } else {
        eprintln!("skipped the device: only root can make one");
    }
}

#[test]
fn a_second_name_for_the_log_is_refused() {
    let (error, _) = refused_after(|known| fs::hard_link(known.log(), known.dir.path().join("second")).unwrap());
    assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");
}

#[test]
fn a_log_open_to_others_is_refused() {
    for mode in [0o644, 0o660, 0o602, 0o4600] {
        let (error, _) =
            refused_after(|known| fs::set_permissions(known.log(), fs::Permissions::from_mode(mode)).unwrap());
        assert!(matches!(error, AuditError::Unsafe { .. }), "{mode:o}: {error}");
    }
}

#[test]
fn a_directory_others_can_write_to_is_refused_and_one_they_can_read_is_closed() {
    let (error, _) =
        refused_after(|known| fs::set_permissions(known.dir.path(), fs::Permissions::from_mode(0o770)).unwrap());
    assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");

    let known = Known::new();
    fs::set_permissions(known.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let _ = known.open().unwrap();
    assert_eq!(fs::metadata(known.dir.path()).unwrap().permissions().mode() & 0o777, 0o700);

    fs::set_permissions(known.dir.path(), fs::Permissions::from_mode(0o2700)).unwrap();
    let _ = known.open().unwrap();
    let mode = fs::metadata(known.dir.path()).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o2700, "one that is private is left as it is");
}

#[test]
fn a_truncated_log_is_refused() {
    for cut in [1, 50, 100_000] {
        let (error, fresh) = refused_after(|known| {
            let len = fs::metadata(known.log()).unwrap().len();
            let file = fs::OpenOptions::new().write(true).open(known.log()).unwrap();
            file.set_len(len.saturating_sub(cut)).unwrap();
        });
        assert!(matches!(error, AuditError::Shrunk { .. }), "{cut}: {error}");
        assert!(matches!(fresh, Err(AuditError::Shrunk { .. })));
    }
}

#[test]
fn a_changed_last_record_is_refused() {
    let (error, fresh) = refused_after(|known| {
        let text = fs::read_to_string(known.log()).unwrap().replace("T-4711", "T-4712");
        fs::write(known.log(), text).unwrap();
    });
    assert!(matches!(error, AuditError::Altered { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Altered { .. })));
}

#[test]
fn a_missing_or_damaged_key_is_refused() {
    let (error, fresh) = refused_after(|known| fs::remove_file(known.dir.path().join("audit.key")).unwrap());
    assert!(matches!(error, AuditError::KeyLost { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::KeyLost { .. })));
    let (error, _) = refused_after(|known| {
        let path = known.dir.path().join("audit.key");
        let text = fs::read_to_string(&path).unwrap().replace("next=2", "next=3");
        fs::write(&path, text).unwrap();
    });
    assert!(matches!(error, AuditError::KeyLost { .. }), "{error}");
    let (error, fresh) = refused_after(|known| {
        fs::OpenOptions::new().write(true).open(known.dir.path().join("audit.key")).unwrap().set_len(100).unwrap();
    });
    assert!(matches!(error, AuditError::KeyLost { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::KeyLost { .. })));
}

#[test]
fn a_torn_tail_is_closed_and_noted_but_never_cut() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let _ = audit.intent(&event()).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(known.log()).unwrap();
    file.write_all(b"{\"v\":1,\"trail\":\"torn").unwrap();
    let _ = audit.intent(&event()).unwrap();

    let lines = known.lines();
    assert_eq!(lines[2], "{\"v\":1,\"trail\":\"torn");
    assert_eq!(known.bad_lines(), [2]);
    let records = known.records();
    assert_eq!(records[2]["kind"], "recovery");
    assert_eq!(records[2]["bytes"], 20);
    assert_eq!(records[3]["kind"], "intent");
    assert_eq!(records[3]["seq"], 3);
    let report = verify(&snapshot(known.dir.path()).unwrap().sources, None, &Anchors::default()).unwrap();
    assert_eq!((report.fault, report.healed, report.records), (None, 1, 4));
}

#[test]
fn a_trail_whose_very_first_record_was_not_written_whole_begins_behind_it() {
    let known = Known::new();
    let (mut file, _) = file::create(&known.log(), Access::Append).unwrap();
    file.write_all(b"{\"v\":1,\"trail\":\"torn").unwrap();
    let _ = known.open().unwrap().intent(&event()).unwrap();

    assert_eq!(known.bad_lines(), [0]);
    assert_eq!((&known.records()[0]["kind"], &known.records()[0]["bytes"]), (&"start".into(), &20.into()));
    let report = verify(&snapshot(known.dir.path()).unwrap().sources, None, &Anchors::default()).unwrap();
    assert_eq!((report.fault, report.healed, report.records), (None, 1, 2));
}

#[test]
fn a_closing_that_broke_off_is_closed_by_the_next_whatever_of_it_is_there() {
    for (left, told) in [
        ("", 20),
        ("\n", 21),
        ("\n{\"v\":1,\"tra", 32),
        ("\n{\"v\":1,\"tra\n", 0),
        ("\0\0\0", 23),
        ("\0x", 0),
        ("x", 0),
    ] {
        let known = Known::new();
        let audit = known.open().unwrap();
        let append = |text: &str| {
            let mut file = fs::OpenOptions::new().append(true).open(known.log()).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        };
        append("{\"v\":1,\"trail\":\"torn");
        known.set_state(&State { torn: 20, ..known.state() });
        append(left);
        if told == 0 {
            assert!(matches!(audit.intent(&event()), Err(AuditError::Inserted { after: Some(0), .. })), "{left:?}");
            continue;
        }
        let _ = audit.intent(&event()).unwrap();
        let _ = known.open().unwrap().intent(&event()).unwrap();
        let records = known.records();
        let kinds: Vec<_> = records.iter().map(|record| record["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["start", "recovery", "intent", "intent"], "{left:?}");
        assert_eq!(records[1]["bytes"], told, "{left:?}");
        let report = verify(&snapshot(known.dir.path()).unwrap().sources, None, &Anchors::default()).unwrap();
        assert_eq!((report.fault, report.healed, report.records), (None, 1, 4), "{left:?}");
        assert_eq!(known.state().torn, 0);
    }
}

#[test]
fn a_record_of_which_only_the_line_break_is_missing_is_kept_and_counted() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let old = known.state();
    let _ = audit.intent(&event()).unwrap();
    let end = fs::metadata(known.log()).unwrap().len();
    fs::OpenOptions::new().write(true).open(known.log()).unwrap().set_len(end - 1).unwrap();
    known.set_state(&old);
    let _ = known.open().unwrap().intent(&event()).unwrap();
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    assert_eq!(known.records().len(), 3);
}

#[test]
fn more_behind_the_noted_end_than_a_crash_leaves_is_refused_and_junk_does_not_close_a_log() {
    let known = Known::new();
    let audit = Audit::open_with(known.dir.path(), me(), Keeping { full: 200_000, ..Keeping::default() }).unwrap();
    let append = |length: usize| {
        let mut file = fs::OpenOptions::new().append(true).open(known.log()).unwrap();
        file.write_all(&vec![b'x'; length]).unwrap();
    };
    for _ in 0..5 {
        append(MAX_LINE);
        let _ = audit.intent(&event()).unwrap();
    }
    let report = verify(&snapshot(known.dir.path()).unwrap().sources, None, &Anchors::default()).unwrap();
    assert_eq!((report.fault, report.healed), (None, 5), "what the writer takes for a crash the reader does, too");
    assert!(fs::metadata(known.log()).unwrap().len() > 300_000);
    assert_eq!(known.logs().len(), 1, "only records count");
    append(MAX_LINE + 1);
    for error in [audit.intent(&event()).unwrap_err(), known.open().unwrap_err()] {
        assert!(matches!(error, AuditError::Inserted { .. }), "{error}");
    }
    append(MAX_UNNOTED as usize);
    assert!(matches!(known.open().unwrap_err(), AuditError::Altered { .. }));
}

/// Does something to the files after they were opened for a record and before it is written.
fn refused_while_written(harm: impl Fn(&Known)) -> AuditError {
    let known = Known::new();
    let audit = known.open().unwrap();
    let written = audit.locked(|trail| {
        harm(&known);
        trail.append("intent", |line, _| describe(line, &event()))
    });
    written.expect_err("the record was taken for written in spite of it")
}

#[test]
fn what_happens_to_the_log_while_a_record_is_written_is_noticed_by_that_record() {
    let put_aside = |known: &Known| fs::rename(known.log(), known.dir.path().join("old")).unwrap();
    let error = refused_while_written(put_aside);
    assert!(matches!(error, AuditError::Vanished { .. }), "{error}");
    let error = refused_while_written(|known| {
        put_aside(known);
        fs::copy(known.dir.path().join("old"), known.log()).unwrap();
    });
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
    let error = refused_while_written(|known| fs::hard_link(known.log(), known.dir.path().join("second")).unwrap());
    assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");
    let error = refused_while_written(|known| {
        let mut file = fs::OpenOptions::new().append(true).open(known.log()).unwrap();
        file.write_all(b"mine\n").unwrap();
    });
    assert!(matches!(error, AuditError::Altered { .. }), "{error}");
    // The folder itself is gone, and a file has its name.
    let beside = TempDir::new().unwrap();
    let error = refused_while_written(|known| {
        fs::rename(known.dir.path(), beside.path().join("old")).unwrap();
        fs::write(known.dir.path(), "").unwrap();
    });
    assert!(error.to_string().starts_with("could not look at"), "{error}");
}

#[test]
fn a_process_that_goes_on_after_a_new_trail_was_begun_is_told_to_leave() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let (other, _) = restart(known.dir.path(), me(), patient(FULL), "the key was lost", |_| Ok(())).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Restarted { .. }), "{error}");
    let _ = other.intent(&event()).unwrap();
}

#[test]
fn a_trail_exchanged_for_an_empty_one_is_not_the_one_it_was() {
    let (error, _) = refused_after(|known| {
        known.set_state(&State::new().unwrap());
        fs::rename(known.log(), known.dir.path().join("old")).unwrap();
        file::create(&known.log(), Access::Append).unwrap();
    });
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
}

/// Power lost after the record reached the disk and before the key file did.
#[test]
fn records_the_key_file_does_not_know_of_are_walked_over() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let key = known.dir.path().join("audit.key");
    let old = fs::read(&key).unwrap();
    for _ in 0..5 {
        let _ = audit.intent(&event()).unwrap();
    }
    fs::write(&key, &old).unwrap();
    let _ = known.open().unwrap().intent(&event()).unwrap();
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    assert_eq!(known.records().len(), 7);
    assert!(known.records().iter().all(|record| record["kind"] != "recovery"));
}

/// As if the clock had been set back by so many milliseconds since the last record.
fn set_back(known: &Known, by: i64) {
    let mut state = known.state();
    state.time += by;
    state.booted = state.booted.map(|(time, boot)| (time + by, boot));
    known.set_state(&state);
}

#[test]
fn a_small_step_of_the_clock_back_is_flagged_and_stops_nobody() {
    let known = Known::new();
    let audit = known.open().unwrap();
    set_back(&known, 5_000);
    let _ = audit.intent(&event()).unwrap();
    let _ = audit.intent(&event()).unwrap();
    let records = known.records();
    assert_eq!(records[1]["clock_back"], true);
    assert!((1..=5_000).contains(&records[1]["back_ms"].as_u64().unwrap()));
    assert_eq!(records[2]["clock_back"], Value::Null);
}

#[test]
fn a_clock_set_back_is_told_once_before_anything_is_fetched_whatever_is_written_before() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let intent = audit.intent(&event()).unwrap();
    set_back(&known, 3_570_000);
    audit.outcome(&intent, &Outcome::Hidden("time"), None).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::ClockBack { .. }) && error.to_string().contains("by 59 min"), "{error}");
    let _ = audit.intent(&event()).unwrap();
    let records = known.records();
    let kinds: Vec<_> = records.iter().map(|record| record["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["start", "intent", "outcome", "recovery", "intent"]);
    let flags: Vec<_> = records.iter().map(|record| record["clock_back"] == true).collect();
    assert_eq!(flags, [false, false, true, true, false]);
    assert_eq!(records[3]["why"], "the clock went back by 59 min");
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
}

/// The last record is two hours old and the clock was set back by one: the times alone are in order.
#[test]
fn a_clock_set_back_after_a_long_rest_is_told_by_the_clock_of_the_boot() {
    let known = Known::new();
    let audit = Audit::open(known.dir.path(), Identity::here()).unwrap();
    let _ = audit.intent(&event()).unwrap();
    let mut state = known.state();
    state.time -= 3_600_000;
    state.booted = state.booted.map(|(time, boot)| (time + 3_600_000, boot));
    known.set_state(&state);
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::ClockBack { .. }), "{error}");
}

#[test]
fn a_lock_held_by_another_is_waited_for_but_not_for_ever() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let held = Lock::take(&audit.lock, Duration::from_secs(1)).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Busy { .. }), "{error}");
    drop(held);
    let _ = audit.intent(&event()).unwrap();
}

#[test]
fn many_threads_write_one_chain() {
    let known = Known::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let audit = Audit::open_with(known.dir.path(), me(), patient(FULL)).unwrap();
                for _ in 0..25 {
                    let intent = audit.intent(&event()).unwrap();
                    audit.outcome(&intent, &Outcome::Shown, None).unwrap();
                }
            });
        }
    });
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    assert_eq!(known.lines().len(), 1 + 8 * 50);
}

/// As it is kept where many write and the machine is slow.
fn patient(full: u64) -> Keeping {
    Keeping { wait: Duration::from_secs(60), full, sink: None }
}

#[test]
fn of_many_that_begin_a_trail_at_the_same_moment_none_is_turned_away() {
    for _ in 0..40 {
        let dir = TempDir::new().unwrap();
        let all_here = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    all_here.wait();
                    Lock::take(&dir.path().join("audit.lock"), Duration::from_secs(60)).map(drop).unwrap();
                });
            }
        });
    }
}

#[test]
fn a_lock_in_a_folder_that_is_gone_is_an_error_at_once() {
    let dir = TempDir::new().unwrap();
    let error = Lock::take(&dir.path().join("none/audit.lock"), Duration::from_secs(60)).map(drop).unwrap_err();
    assert!(error.to_string().starts_with("could not make"), "{error}");
}

#[test]
fn a_lock_whose_file_was_exchanged_while_it_was_waited_for_is_waited_for_anew() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("audit.lock");
    let opened = || {
        let open = fs::read_dir("/proc/self/fd").unwrap().filter_map(|fd| fs::read_link(fd.unwrap().path()).ok());
        open.filter(|file| *file == path).count()
    };
    let old = Lock::take(&path, Duration::from_secs(60)).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| Lock::take(&path, Duration::from_secs(2)).map(drop));
        while opened() < 2 {
            std::thread::yield_now();
        }
        fs::rename(&path, dir.path().join("old")).unwrap();
        let _new = Lock::take(&path, Duration::from_secs(60)).unwrap();
        drop(old);
        assert!(matches!(waiting.join().unwrap(), Err(AuditError::Busy { .. })), "it holds a lock on nothing");
    });
}

/// A disk that is interrupted once, takes a part, and then fails.
struct Disk(u8);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += 1;
        match self.0 {
            1 => Err(io::ErrorKind::Interrupted.into()),
            2 => Ok(bytes.len() - 1),
            _ => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_write_that_the_system_interrupts_is_tried_again_and_one_it_took_in_part_is_not() {
    let mut disk = Disk(0);
    assert_eq!(file::write_once(&mut disk, b"line").unwrap(), 3);
    assert_eq!(file::write_once(&mut disk, b"line").unwrap_err().kind(), io::ErrorKind::StorageFull);
}

/// A trail whose copies go to a socket that stands in the place of the syslog daemon's.
fn with_sink(known: &Known, required: bool) -> (Audit, PathBuf) {
    let socket = known.dir.path().join("devlog");
    let sink = Sink { system: System::Syslog, socket: socket.clone(), required };
    let keeping = Keeping { sink: Some(sink), ..patient(FULL) };
    (Audit::open_with(known.dir.path(), me(), keeping).unwrap(), socket)
}

#[test]
fn each_record_is_copied_to_the_log_system_once_it_is_on_the_disk() {
    let known = Known::new();
    let daemon = std::os::unix::net::UnixDatagram::bind(known.dir.path().join("devlog")).unwrap();
    daemon.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let (audit, _) = with_sink(&known, true);
    let intent = audit.intent(&event()).unwrap();
    audit.outcome(&intent, &Outcome::Shown, None).unwrap();
    let lines = known.lines();
    assert_eq!(lines.len(), 3);
    for line in &lines {
        let mut buffer = vec![0; 65536];
        let length = daemon.recv(&mut buffer).unwrap();
        assert!(buffer[..length].ends_with(line.as_bytes()), "the copy is the line");
    }
}

#[test]
fn without_a_required_copy_there_is_no_intent_and_the_file_says_so() {
    let known = Known::new();
    let (audit, socket) = with_sink(&known, true);
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Sink { .. }), "{error}");
    assert!(error.to_string().contains("syslog at ") && error.to_string().contains("devlog"), "{error}");
    let kinds: Vec<_> = known.records().iter().map(|record| record["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["start", "intent", "outcome"]);
    assert_eq!(known.records()[2]["result"], "refused");
    assert_eq!(known.records()[2]["of"], 1);

    let _daemon = std::os::unix::net::UnixDatagram::bind(socket).unwrap();
    let intent = audit.intent(&event()).unwrap();
    audit.outcome(&intent, &Outcome::Shown, None).unwrap();
    let records = known.records();
    assert_eq!(records[3]["unsent"], 1, "the outcome before it");
    assert_eq!(records[4]["unsent"], Value::Null);
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
}

#[test]
fn a_copy_at_best_effort_stops_nothing_and_leaves_a_note() {
    let known = Known::new();
    let (audit, _) = with_sink(&known, false);
    let intent = audit.intent(&event()).unwrap();
    audit.outcome(&intent, &Outcome::Shown, None).unwrap();
    assert_eq!(known.records()[1]["unsent"], 1);
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    let report = verify(&snapshot(known.dir.path()).unwrap().sources, None, &Anchors::default()).unwrap();
    assert_eq!((report.fault, report.unsent), (None, 2), "the start and the intent");
}

#[test]
fn a_full_log_is_closed_and_the_chain_goes_on_in_the_next() {
    let known = Known::new();
    let audit = known.open_small().unwrap();
    for number in 0..20 {
        let intent = audit.intent(&event()).unwrap();
        audit.outcome(&intent, &Outcome::Shown, None).unwrap();
        assert!(intent.number() > number);
    }
    let logs = known.logs();
    assert!(logs.len() > 3, "{logs:?}");
    for log in &logs {
        assert!(fs::metadata(log).unwrap().len() < 4500);
        assert_eq!(fs::metadata(log).unwrap().permissions().mode() & 0o7777, 0o600);
    }
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    let records = known.records();
    assert!(records.iter().enumerate().all(|(at, record)| record["seq"] == at as u64), "one sequence");
    let continues: Vec<_> = records.iter().filter(|record| record["kind"] == "continue").collect();
    assert_eq!(continues.len(), logs.len() - 1);
    assert_eq!(continues[0]["follows"], "audit-000000000000.log");
}

#[test]
fn another_process_notices_that_a_log_was_closed_in_order() {
    let known = Known::new();
    let (one, other) = (known.open_small().unwrap(), known.open_small().unwrap());
    let _ = other.intent(&event()).unwrap();
    for _ in 0..20 {
        let _ = one.intent(&event()).unwrap();
    }
    let _ = other.intent(&event()).unwrap();
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
}

#[test]
fn closed_logs_may_be_stored_away_but_not_exchanged() {
    let known = Known::new();
    let (one, other) = (known.open_small().unwrap(), known.open_small().unwrap());
    for audit in [&one, &other] {
        let _ = audit.intent(&event()).unwrap();
    }
    for _ in 0..10 {
        let _ = one.intent(&event()).unwrap();
    }
    let closed = known.logs().remove(0);
    let (kept, copy) = (known.dir.path().join("kept"), known.dir.path().join("copy"));
    fs::copy(&closed, &copy).unwrap();
    fs::rename(&closed, &kept).unwrap();
    fs::rename(&copy, &closed).unwrap();
    assert!(matches!(other.intent(&event()), Err(AuditError::Replaced { .. })));
    fs::remove_file(&closed).unwrap();
    let _ = other.intent(&event()).unwrap();
    assert_eq!(known.records().last().unwrap()["kind"], "intent");
}

/// The power goes at each of the four places of a rotation.
#[test]
fn a_closing_that_was_broken_off_is_completed_by_the_next_process() {
    for place in 0..4 {
        let known = Known::new();
        let audit = known.open().unwrap();
        for _ in 0..3 {
            let _ = audit.intent(&event()).unwrap();
        }
        let mut state = known.state();
        state.rotating = true;
        known.set_state(&state);
        let closed = known.dir.path().join(closed_name(0));
        if place >= 1 {
            fs::rename(known.log(), &closed).unwrap();
        }
        if place >= 2 {
            file::create(&known.log(), Access::Append).unwrap();
        }
        if place >= 3 {
            let inode = file::seen(&fs::metadata(known.log()).unwrap()).inode;
            (state.first, state.size, state.inode, state.rotating) = (state.next, 0, inode, false);
            known.set_state(&state);
        }
        let _ = known.open().unwrap().intent(&event()).unwrap();
        assert_eq!(known.bad_lines(), Vec::<usize>::new(), "place {place}");
        assert_eq!(known.logs().len(), 2, "place {place}");
        let kinds: Vec<_> = known.records().iter().map(|record| record["kind"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds, ["start", "intent", "intent", "intent", "continue", "intent"], "place {place}");
    }
}

#[test]
fn a_closing_is_refused_when_somebody_else_took_the_name() {
    let known = Known::new();
    let audit = known.open_small().unwrap();
    fs::write(known.dir.path().join(closed_name(0)), "mine").unwrap();
    fs::set_permissions(known.dir.path().join(closed_name(0)), fs::Permissions::from_mode(0o600)).unwrap();
    let error = (0..20).find_map(|_| audit.intent(&event()).err()).unwrap();
    let closed = known.dir.path().join(closed_name(0));
    assert!(matches!(&error, AuditError::Altered { path } if *path == closed), "{error}");
    assert_eq!(fs::read_to_string(closed).unwrap(), "mine");
}

#[test]
fn a_copy_under_the_name_of_the_closed_log_does_not_hide_a_log_that_is_still_full() {
    let known = Known::new();
    let _ = known.open().unwrap().intent(&event()).unwrap();
    let state = State { rotating: true, ..known.state() };
    known.set_state(&state);
    fs::copy(known.log(), known.dir.path().join(closed_name(0))).unwrap();
    let error = known.open().unwrap_err();
    assert!(matches!(&error, AuditError::Altered { path } if *path == known.log()), "{error}");
}

#[test]
fn a_new_log_names_the_one_before_it_and_none_that_took_a_later_name() {
    let known = Known::new();
    let _ = known.open().unwrap().intent(&event()).unwrap();
    let state = State { rotating: true, ..known.state() };
    known.set_state(&state);
    fs::write(known.dir.path().join(closed_name(state.next)), "mine").unwrap();
    let _ = known.open().unwrap();
    let log = fs::read_to_string(known.log()).unwrap();
    assert!(log.contains(&format!("\"follows\":\"{}\"", closed_name(0))), "{log}");
}

const CHILD: &str = "GLUEPOT_TEST_AUDIT";
const FULL_AT: &str = "GLUEPOT_TEST_AUDIT_FULL";

/// Starts this test binary again to run one of the helpers below in a process of its own.
fn again(helper: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([&format!("audit::tests::{helper}"), "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(CHILD, dir).stdout(std::process::Stdio::null());
    command
}

/// Not a test of its own: writes 200 records and prints each number on standard error once it is acknowledged.
#[test]
#[ignore = "started by the tests with several processes"]
fn helper_that_writes() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let full = std::env::var(FULL_AT).map_or(FULL, |size| size.parse().unwrap());
    let audit = Audit::open_with(Path::new(&dir), me(), patient(full)).unwrap();
    for _ in 0..200 {
        let intent = audit.intent(&event()).unwrap();
        eprintln!("ack {}", intent.number());
    }
}

#[test]
fn many_processes_write_one_chain() {
    let known = Known::new();
    let children: Vec<_> = (0..8).map(|_| again("helper_that_writes", known.dir.path()).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    assert_eq!(known.lines().len(), 1 + 8 * 200);
    assert!(known.records().iter().all(|record| record["kind"] != "recovery"));
}

/// Sixteen processes write into small logs, so that many logs are closed, and are killed at any moment.
fn killed_processes_leave_one_chain(full: u64, records: usize) {
    use std::io::{BufRead, BufReader};

    let known = Known::new();
    let acknowledged: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..16)
            .map(|writer| {
                let dir = known.dir.path();
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(writer);
                    let mut numbers = Vec::new();
                    while numbers.len() < records {
                        let mut child = again("helper_that_writes", dir)
                            .env(FULL_AT, full.to_string())
                            .stderr(std::process::Stdio::piped())
                            .spawn()
                            .unwrap();
                        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
                        let number =
                            |line: String| line.strip_prefix("ack ").and_then(|number| number.parse::<u64>().ok());
                        numbers.extend(lines.by_ref().take(random.usize(1..60)).filter_map(number));
                        child.kill().unwrap();
                        child.wait().unwrap();
                        numbers.extend(lines.filter_map(number));
                    }
                    numbers
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let _ = known.open().unwrap().intent(&event()).unwrap();
    let numbers: Vec<_> = known.records().iter().map(|record| record["seq"].as_u64().unwrap()).collect();
    assert!(numbers.iter().enumerate().all(|(at, &number)| number == at as u64), "a fork or a gap");
    assert!(acknowledged.len() >= 16 * records && acknowledged.iter().all(|&number| number < numbers.len() as u64));
    let mut different = acknowledged.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), acknowledged.len(), "no number was given twice");
    assert!(known.logs().len() > 5);
    // The kernel may break a write off between two pages when the process is killed: such a line is closed and noted.
    let lines = known.lines();
    assert!(known.bad_lines().iter().all(|&bad| lines[bad + 1].contains("\"kind\":\"recovery\"")));
}

#[test]
fn sixteen_processes_killed_at_random_leave_one_chain_over_many_logs() {
    killed_processes_leave_one_chain(20_000, 30);
}

#[test]
#[ignore = "takes a minute: cargo test --lib audit::tests::sixteen_thousand -- --ignored"]
fn sixteen_thousand_records_of_processes_killed_at_random_are_all_there() {
    killed_processes_leave_one_chain(200_000, 1000);
}

#[test]
fn what_was_acknowledged_survives_processes_that_are_killed() {
    use std::io::{BufRead, BufReader};

    let known = Known::new();
    let mut acknowledged = Vec::new();
    for round in 0..10 {
        let mut child =
            again("helper_that_writes", known.dir.path()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        for line in lines.by_ref().take(3 + round * 2) {
            acknowledged.extend(line.unwrap().strip_prefix("ack ").map(|number| number.parse::<u64>().unwrap()));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines {
            acknowledged.extend(line.unwrap().strip_prefix("ack ").and_then(|number| number.parse::<u64>().ok()));
        }
    }
    let _ = known.open().unwrap().intent(&event()).unwrap();
    assert!(acknowledged.len() > 50, "{}", acknowledged.len());
    let numbers: Vec<_> = known.records().iter().map(|record| record["seq"].as_u64().unwrap()).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "a fork or a gap");
    assert!(acknowledged.iter().all(|number| numbers.contains(number)));
}

/// Not a test of its own: runs under a limit for the size of files.
#[test]
#[ignore = "started by the test of a full disk"]
fn helper_on_a_full_disk() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let Some(dir) = std::env::var_os(CHILD) else { return };
    crate::raw::ignore_file_size_signal();
    let audit = Audit::open(Path::new(&dir), me()).unwrap();
    let len = fs::metadata(audit.path()).unwrap().len();
    setrlimit(Resource::Fsize, Rlimit { current: Some(len + 100), maximum: None }).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Short { written: 100, .. }), "{error}");
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Io { .. }), "{error}");
    setrlimit(Resource::Fsize, Rlimit { current: None, maximum: None }).unwrap();
    let _ = audit.intent(&event()).unwrap();
}

#[test]
fn a_record_the_disk_took_in_part_is_a_failure_and_is_healed_later() {
    let known = Known::new();
    assert!(again("helper_on_a_full_disk", known.dir.path()).status().unwrap().success());
    assert_eq!(known.lines()[1].len(), 100);
    assert_eq!(known.bad_lines(), [1]);
    let kinds: Vec<_> = known.records().iter().map(|record| record["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["start", "recovery", "intent"]);
}

/// What a person may never read is that the record was written: the words are checked for what to do next.
#[test]
fn errors_name_the_file_and_hold_no_control_characters() {
    let dir = TempDir::new().unwrap();
    let odd = dir.path().join("a\u{1b}[31mb");
    let audit = Audit::open(&odd, me()).unwrap();
    fs::remove_file(audit.path()).unwrap();
    let text = audit.intent(&event()).unwrap_err().to_string();
    assert!(text.contains("audit.log") && !text.contains('\u{1b}'), "{text}");
}

#[test]
#[ignore = "a measurement: cargo test --lib audit::tests::time_of_one_record -- --ignored --nocapture"]
fn time_of_one_record() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let mut times: Vec<_> = (0..1000)
        .map(|_| {
            let start = std::time::Instant::now();
            let _ = audit.intent(&event()).unwrap();
            start.elapsed()
        })
        .collect();
    times.sort();
    eprintln!("one intent on {}: p50 {:?}, p99 {:?}", known.dir.path().display(), times[500], times[990]);
}
