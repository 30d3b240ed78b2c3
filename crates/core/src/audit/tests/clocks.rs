//! Clocks that go back.

use super::*;

/// As if the clock had been set back by this many milliseconds since the last record.
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
