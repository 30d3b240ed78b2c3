//! Logs that are full.

use super::*;

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
