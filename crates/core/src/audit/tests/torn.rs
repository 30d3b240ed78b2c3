//! What a crash leaves is closed and noted, and nothing else is.

use super::*;

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
