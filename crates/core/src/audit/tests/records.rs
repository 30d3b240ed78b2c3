//! What the file contains, and who can read it.

use super::*;

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
    // All of them at once are not cut, and each is a separate word.
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
    let fetch = Fetch { organization: OrganizationId::new(SourceId::NONE, 9), password: 42, version: None };
    assert_eq!(intent.spend(), Ok(fetch));
    assert_eq!(intent.spend(), Err(NotPermitted::Spent));
    let earlier = audit.intent(&Event { version: Some(7), ..event() }).unwrap();
    assert_eq!(earlier.spend(), Ok(Fetch { version: Some(7), ..fetch }));

    let refused = |event: Event| audit.intent(&event).unwrap().spend();
    let document = RecordKey::new(SourceId::NONE, Kind::Document, 42);
    assert_eq!(refused(Event { action: Action::OpenLink, ..event() }), Err(NotPermitted::WrongAction));
    assert_eq!(refused(Event { record: document, ..event() }), Err(NotPermitted::WrongRecord));
    assert_eq!(refused(Event { organization: None, ..event() }), Err(NotPermitted::NoClient));
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
#[ignore = "a measurement: cargo test -p gluepot-core --lib time_of_one_record -- --ignored --nocapture"]
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
