//! Copies for the log system.

use super::*;

/// A trail whose copies go to a socket in place of the syslog daemon's.
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
