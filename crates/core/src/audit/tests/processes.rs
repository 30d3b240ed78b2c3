//! Several processes, some of them killed. They start this test binary again.

use super::*;

const CHILD: &str = "GLUEPOT_TEST_AUDIT";

const FULL_AT: &str = "GLUEPOT_TEST_AUDIT_FULL";

/// Starts this test binary again to run one of the helpers below in its own process.
fn again(helper: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        &format!("audit::tests::processes::{helper}"),
        "--exact",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env(CHILD, dir).stdout(std::process::Stdio::null());
    command
}

/// Not a test itself: writes 200 records and prints each number on standard error once it is acknowledged.
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
#[ignore = "takes a minute: cargo test -p gluepot-core --lib sixteen_thousand -- --ignored"]
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

/// Not a test itself: runs under a limit for the size of files.
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
