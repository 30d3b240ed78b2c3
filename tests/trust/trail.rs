//! P14 to P16: tampering shows, the file is safe to print and holds no secret, and many processes write one chain.
//!
//! The trails are written by the program or by its own writer, record by record onto the disk. That every byte of a
//! thousand records is covered is shown beside the code, where a check can begin at any record:
//! `audit::verify::tests::every_changed_byte_of_a_thousand_records_is_found`.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use gluepot_core::access::Trail;
use gluepot_core::audit::{self, Anchor, Anchors, Fault, FirstKey, Identity, Keeping, Outcome, Source, Wrong};
use gluepot_fake::{Options, Server};
use serde_json::Value;
use tempfile::TempDir;

use gluepot_testkit::deed::Deed;
use gluepot_testkit::pty::{End, LIMIT, Start};

/// A trail whose first key is known.
struct Known {
    dir: TempDir,
    key: FirstKey,
}

impl Known {
    fn begin() -> (Self, Trail) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut text = String::new();
        let keep = |key: &FirstKey| {
            text = key.to_text().to_string();
            Ok(())
        };
        audit::begin(dir.path(), Identity::here(), keeping(u64::MAX), keep).expect("a trail begins");
        let trail = Trail::new(dir.path().to_owned(), keeping(u64::MAX));
        (Self { dir, key: FirstKey::find(&text).expect("a key") }, trail)
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("audit.log")
    }
}

fn keeping(full: u64) -> Keeping {
    Keeping { wait: Duration::from_secs(60), full, sink: None }
}

fn deed(ticket: &str) -> Deed {
    let reason = Some("user locked out".to_owned());
    let name = "Domain admin".to_owned();
    Deed { client: (9, "Harbour & Pine Dental"), id: 42, name, version: None, ticket: ticket.into(), reason }
}

/// A file of 1,000 records as it was written, and what holds it.
struct Thousand {
    known: Known,
    lines: Vec<Vec<u8>>,
    end: String,
    scratch: TempDir,
}

impl Thousand {
    fn new() -> Self {
        let (known, trail) = Known::begin();
        while memchr::memchr_iter(b'\n', &fs::read(known.log()).expect("the file is there")).count() < 999 {
            for _ in 0..50 {
                let intent = deed("T-4711").record(&trail).expect("a record");
                let number = intent.number();
                if number < 999 {
                    trail.settle(Arc::new(intent), Outcome::Hidden("time"), None);
                    trail.write();
                }
                if number >= 998 {
                    break;
                }
            }
        }
        let bytes = fs::read(known.log()).expect("the file is there");
        let lines: Vec<_> = bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).take(1000).collect();
        assert_eq!(lines.len(), 1000);
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let mut this = Self { known, lines, end: String::new(), scratch };
        let whole = this.check(&this.lines.concat(), true, false);
        assert_eq!(whole.fault, None);
        this.end = whole.end.expect("there is an end").to_string();
        this
    }

    fn check(&self, bytes: &[u8], keyed: bool, anchored: bool) -> audit::Report {
        let path = self.scratch.path().join("audit.log");
        fs::write(&path, bytes).expect("it is written");
        let mut anchors = Anchors::default();
        if anchored {
            anchors.add(Anchor::find(&self.end).expect("an anchor")).expect("the first");
        }
        let sources = [Source::at(&path).expect("it is there")];
        audit::verify(&sources, keyed.then_some(&self.known.key), &anchors).expect("it can be read")
    }

    /// What is wrong after something was done to the lines: with the first key alone, with the anchor alone.
    fn harmed(&self, harm: impl Fn(&mut Vec<Vec<u8>>)) -> [Option<Fault>; 2] {
        let mut lines = self.lines.clone();
        harm(&mut lines);
        let bytes = lines.concat();
        [self.check(&bytes, true, false).fault, self.check(&bytes, false, true).fault]
    }
}

/// Deletes, swaps, repeats and inserts a line at each of these places, and cuts the end off there. Of four lines a bit is
/// changed in every n-th byte.
fn tamper(places: impl Iterator<Item = usize>, flips: usize) -> HashMap<&'static str, usize> {
    let thousand = Thousand::new();
    let found = std::cell::RefCell::new(HashMap::new());
    let count = |what| *found.borrow_mut().entry(what).or_insert(0) += 1;
    let seen = |what, at: usize, line: usize, wrong: Wrong, faults: [Option<Fault>; 2], keyed: bool| {
        for (with, fault) in ["the first key", "the anchor"].into_iter().zip(faults) {
            if with == "the first key" && !keyed {
                assert_eq!(fault, None, "{what} at {at}: nothing in the file tells");
                continue;
            }
            let fault = fault.unwrap_or_else(|| panic!("{what} at {at} is not found with {with}"));
            assert_eq!((fault.line, fault.wrong), (line as u64, wrong), "{what} at {at}, with {with}: {fault:?}");
        }
        count(what);
    };
    for at in places {
        if at < 999 {
            let faults = thousand.harmed(|lines| drop(lines.remove(at)));
            seen("delete", at, at + 1, Wrong::Deleted, faults, true);
            let faults = thousand.harmed(|lines| lines.swap(at, at + 1));
            // Without its first record a trail seems to begin in its middle.
            let wrong = if at == 0 { Wrong::Deleted } else { Wrong::Swapped };
            seen("swap", at, at + 1, wrong, faults, true);
        }
        let faults = thousand.harmed(|lines| lines.insert(at + 1, lines[at].clone()));
        seen("repeat", at, at + 2, Wrong::Repeated, faults, true);
        let faults = thousand.harmed(|lines| lines.insert(at, b"{\"v\":1}\n".to_vec()));
        seen("insert", at, at + 1, Wrong::Inserted, faults, true);
        let faults = thousand.harmed(|lines| lines.truncate(at));
        let (line, wrong) = if at == 0 { (0, Wrong::Lost) } else { (at, Wrong::TailCut) };
        seen("cut", at, line, wrong, faults, false);
        // Lines in the middle of the file and at its ends.
        if at % 333 == 0 {
            for byte in (0..thousand.lines[at].len()).step_by(flips) {
                let faults = thousand.harmed(|lines| lines[at][byte] ^= 1 << (byte % 7));
                let [keyed, anchored] = faults.map(|fault| fault.is_some());
                assert!(keyed && anchored, "byte {byte} of line {}: {keyed} {anchored}", at + 1);
                count("flip");
            }
        }
    }
    found.into_inner()
}

#[test]
fn p14_lines_deleted_swapped_repeated_inserted_or_cut_off_are_named() {
    let found = tamper((0..1000).step_by(333).chain([998]), 61);
    assert_eq!((found["repeat"], found["insert"], found["cut"], found["delete"]), (5, 5, 5, 4));
    assert!(found["flip"] > 20, "{found:?}");
}

#[test]
#[ignore = "two minutes: every place of a file of 1,000 records"]
#[expect(clippy::print_stderr, reason = "figures are printed")]
fn p14_every_line_deleted_swapped_repeated_inserted_or_cut_off_is_named() {
    let found = tamper(0..1000, 7);
    eprintln!("found: {found:?}");
    assert_eq!((found["repeat"], found["insert"], found["cut"]), (1000, 1000, 1000));
    assert_eq!((found["delete"], found["swap"]), (999, 999), "the last line deleted is an end cut off");
}

/// Everything a run of the program leaves in its trail and gives to a log system, with this value for the password.
fn run_with(value: &str, ticket: &str) -> (Vec<u8>, Vec<Vec<u8>>) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let socket = home.path().join("devlog");
    let config = home.path().join(".config/gluepot");
    fs::create_dir_all(&config).expect("a folder");
    fs::write(
        config.join("config.toml"),
        format!("[audit]\nsink = \"syslog\"\nrequire_sink = true\nsink_socket = {:?}\n", socket.display()),
    )
    .expect("a file");
    let daemon = UnixDatagram::bind(&socket).expect("a socket");
    daemon.set_read_timeout(Some(Duration::from_millis(200))).expect("a limit");
    let reader = std::thread::spawn(move || {
        let (mut copies, mut buffer, mut idle) = (Vec::new(), vec![0; 1 << 16], 0);
        // Until the program has said nothing for long and the folder is gone.
        while idle < 300 {
            match daemon.recv(&mut buffer) {
                Ok(length) => {
                    let end = memchr::memmem::find(&buffer[..length], b"\"the end\"").is_some();
                    copies.push(buffer[..length].to_vec());
                    if end {
                        break;
                    }
                }
                Err(_) => idle += 1,
            }
        }
        copies.pop();
        copies
    });
    let server = Server::start_now(Options::default()).expect("the server starts");
    server.with_world(|world| {
        let changed = world.edit(gluepot_fake::Table::Passwords, 6_600_421, |row| {
            row.insert("_value".into(), value.into());
        });
        assert!(changed, "the password is there");
    });
    let arguments = ["--base-url", &server.base_url(), "--org", "HPD", "--ticket", ticket];
    let mut session = Start::gluepot(&arguments).home(home).env("ITGLUE_API_KEY", server.key()).run();
    let log = session.home().join(".local/state/gluepot/audit/audit.log");
    let recorded = |what: &str| {
        let deadline = Instant::now() + LIMIT;
        while !fs::read_to_string(&log).is_ok_and(|text| text.contains(what)) {
            assert!(Instant::now() < deadline, "in vain: {what} is on record");
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    session.wait_for("HPD-AP01");
    session.send("4/HPD-IMG01 local\r");
    session.wait_for("svc-img");
    session.send("r");
    session.wait_for("hides in");
    recorded("\"shown\"");
    session.send("\x1b");
    session.wait_gone("hides in");
    recorded("\"hidden\"");
    session.send("c");
    recorded("\"copied\"");
    session.wait_for("clipboard clears in");
    // The server breaks off in the middle of the value.
    server.faults().add_spec("truncate:path=show_password=true").expect("a fault");
    session.send("r");
    recorded("\"failed\"");
    server.faults().clear();
    session.send("q");
    assert_eq!(session.wait_exit(), End::Code(0));
    recorded("\"cleared\"");
    let end = UnixDatagram::unbound().expect("a socket");
    end.send_to(b"\"the end\"", &socket).expect("it is sent");
    let copies = reader.join().expect("it ends");
    (fs::read(&log).expect("the file is there"), copies)
}

/// What an attacker could search for to test a guess.
fn forms_of(secret: &str) -> Vec<(String, String)> {
    let hex = crate::hex;
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD;
    let mut forms = vec![
        ("itself".to_owned(), secret.to_owned()),
        ("backwards".to_owned(), secret.chars().rev().collect()),
        ("hex".to_owned(), hex(secret.as_bytes())),
    ];
    for shift in 0..3 {
        let shifted = base64.encode(format!("{}{secret}", "x".repeat(shift)));
        // Without the characters that depend on what stands around it.
        forms.push((format!("base64, shift {shift}"), shifted[4..shifted.len() - 2].to_owned()));
    }
    for sum in ["md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "b2sum"] {
        for text in [secret.to_owned(), format!("{secret}\n"), format!("{secret}\0")] {
            let mut child = Command::new(sum)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap_or_else(|error| panic!("{sum}: {error}"));
            std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), text.as_bytes()).expect("it reads");
            let output = child.wait_with_output().expect("it ends");
            let printed = String::from_utf8(output.stdout).expect("text");
            let digest = printed.split(' ').next().expect("a word").to_owned();
            let bytes: Vec<u8> = (0..digest.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&digest[at..at + 2], 16).expect("hex"))
                .collect();
            forms.push((format!("{sum}, base64"), base64.encode(bytes)[..16].to_owned()));
            // A part of a hash is a hash.
            forms.push((sum.to_owned(), digest[..12].to_owned()));
        }
    }
    forms
}

/// The members of a record that differ between any two runs.
const OF_THE_RUN: [&str; 11] =
    ["trail", "time", "up_ms", "pid", "prev", "mac", "server_date", "boot", "tty", "clock_back", "back_ms"];

fn normal(log: &[u8]) -> Vec<Value> {
    let text = String::from_utf8(log.to_vec()).expect("text");
    text.lines()
        .map(|line| {
            let mut record: Value = serde_json::from_str(line).expect("a record");
            let members = record.as_object_mut().expect("an object");
            members.retain(|name, _| !OF_THE_RUN.contains(&name.as_str()));
            record
        })
        .collect()
}

#[test]
fn p15_the_trail_is_printable_and_tells_nothing_about_a_value() {
    const TICKET: &str = "T-1\",\"mac\":\"Ünï\u{4e2d}\u{1F600} = \\ </b>";
    let values = ["hTq7-marzipan-Zebra-Lo0p-91", "x5Vb9q"];
    let runs = values.map(|value| run_with(value, TICKET));
    for (value, (log, copies)) in values.iter().zip(&runs) {
        let printable = |byte: &u8| (b' '..=b'~').contains(byte);
        assert!(log.iter().all(|byte| *byte == b'\n' || printable(byte)));
        assert!(copies.iter().flatten().all(printable));
        let lines = memchr::memchr_iter(b'\n', log).count();
        assert_eq!(copies.len(), lines, "each record has its copy");
        for (form, text) in forms_of(value) {
            for place in std::iter::once(log).chain(copies) {
                let hit = memchr::memmem::find(&place.to_ascii_lowercase(), text.to_ascii_lowercase().as_bytes());
                assert!(hit.is_none(), "{form} of the value is on record");
            }
        }
        // The ticket cannot add members, and comes back unchanged.
        let records = normal(log);
        assert!(records.iter().all(|record| record["kind"] == "start" || record["ticket"] == TICKET), "{records:#?}");
    }
    // What differs between a long value and a short one is what differs between any two runs: neither length nor hash
    // nor anything else that depends on the value is on record.
    let [one, other] = runs.map(|(log, _)| normal(&log));
    let results: Vec<_> = one.iter().filter_map(|record| record["result"].as_str()).collect();
    for wanted in ["shown", "hidden", "copied", "failed", "cleared"] {
        assert!(results.contains(&wanted), "{results:?}");
    }
    assert_eq!(one, other);
}

const HELPER: &str = "GLUEPOT_TEST_TRAIL";

/// Not a test itself: writes 200 records for its ticket and prints each number once it is acknowledged.
#[test]
#[ignore = "started by the tests with several processes"]
#[expect(clippy::print_stderr, reason = "the answer to the test that started it")]
fn helper_that_writes() {
    let Ok(task) = std::env::var(HELPER) else { return };
    let (ticket, rest) = task.split_once(' ').expect("a ticket");
    let (full, folder) = rest.split_once(' ').expect("a size");
    let keeping = keeping(full.parse().expect("a number"));
    let trail = Trail::new(PathBuf::from(folder), keeping);
    for _ in 0..200 {
        let intent = deed(ticket).record(&trail).expect("a record");
        eprintln!("ack {}", intent.number());
    }
}

/// Sixteen writers of `n` records each, killed at any moment and started again. Returns records and torn lines.
fn crowd(records: usize, full: u64) -> (usize, u64) {
    let (known, trail) = Known::begin();
    let folder = known.dir.path();
    let acknowledged: Vec<(u64, String)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..16_u64)
            .map(|writer| {
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(writer);
                    let (mut numbers, ticket) = (Vec::new(), format!("W-{writer}"));
                    while numbers.len() < records {
                        let mut child = Command::new(std::env::current_exe().expect("this program has a place"))
                            .args(["--exact", "trail::helper_that_writes", "--ignored", "--nocapture"])
                            .arg("--test-threads=1")
                            .env(HELPER, format!("{ticket} {full} {}", folder.display()))
                            .stdout(Stdio::null())
                            .stderr(Stdio::piped())
                            .spawn()
                            .expect("it starts");
                        let mut lines =
                            BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
                        let number = |line: String| line.strip_prefix("ack ")?.parse::<u64>().ok();
                        numbers.extend(lines.by_ref().take(random.usize(1..120)).filter_map(number));
                        child.kill().expect("it is killed");
                        child.wait().expect("it ends");
                        numbers.extend(lines.filter_map(number));
                    }
                    numbers.into_iter().map(|number| (number, ticket.clone())).collect::<Vec<_>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("it ends")).collect()
    });
    let _ = deed("last").record(&trail).expect("a record");

    let now = audit::snapshot(folder).expect("the trail can be read");
    let mut anchors = Anchors::default();
    anchors.add(now.note.expect("a note")).expect("the first");
    let report = audit::verify(&now.sources, Some(&known.key), &anchors).expect("the trail can be read");
    assert_eq!(report.fault, None, "one chain, each record sealed with the key of its place");
    let mut tickets = HashMap::new();
    audit::each(&now.sources, |_, entry| {
        if entry.kind == "intent" {
            let before = tickets.insert(entry.seq, entry.ticket.to_string());
            assert_eq!(before, None, "number {} is there twice", entry.seq);
        }
        std::ops::ControlFlow::Continue(())
    })
    .expect("the trail can be read");
    assert!(acknowledged.len() >= 16 * records);
    for (number, ticket) in &acknowledged {
        assert_eq!(tickets.get(number), Some(ticket), "record {number} was acknowledged to {ticket}");
    }
    assert!(now.sources.len() > 1, "logs were closed meanwhile");
    (acknowledged.len(), report.healed)
}

#[test]
fn p16_sixteen_processes_killed_at_random_lose_nothing_and_fork_nothing() {
    crowd(20, 60_000);
}

#[test]
#[ignore = "a minute: 16 processes, 1,000 records each"]
#[expect(clippy::print_stderr, reason = "figures are printed")]
fn p16_sixteen_thousand_records_of_processes_killed_at_random_are_all_in_one_chain() {
    let (acknowledged, torn) = crowd(1000, 2_000_000);
    eprintln!("{acknowledged} acknowledged, 0 lost, 0 forks, {torn} lines broken off by a kill and closed");
}
