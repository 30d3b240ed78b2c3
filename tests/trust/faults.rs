//! P21: a bad server cannot hang or bloat the program. Each fault that `gluepot demo-server --fault list` names is made
//! while the real program (debug build) reads lists, a record and a value; meanwhile keys are pressed.
//!
//! The server lives in the process of the test, and a relay in between measures how long each request took:
//! from its head to the last byte of the answer or, without one, to the end of the connection.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gluepot_fake::{Options, Server};

use crate::{hostile, say};
use gluepot_testkit::pty::{Session, Start};

/// Most memory the program ever had, in KiB.
const MEMORY: u64 = 256 * 1024;
/// A key is answered within this time, by the median of several.
const ANSWER: Duration = Duration::from_millis(100);
/// Requests are over after this time; the rest is the relay's and the machine's.
const OVER: Duration = Duration::from_secs(30);
const SLACK: Duration = Duration::from_millis(1_500);

/// Begin and end of one request.
#[derive(Clone, Copy)]
struct Way {
    begun: Instant,
    last: Instant,
    open: bool,
}

#[derive(Clone)]
struct Relay {
    port: u16,
    ways: Arc<Mutex<Vec<Way>>>,
}

impl Relay {
    fn start(server: &Server) -> Self {
        let behind = server.base_url().trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let relay = Self { port: listener.local_addr().expect("it is bound").port(), ways: Arc::default() };
        let of_thread = relay.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (relay, behind) = (of_thread.clone(), behind.clone());
                std::thread::spawn(move || relay.carry(client, &behind));
            }
        });
        relay
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Way>> {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carry(&self, mut client: TcpStream, behind: &str) {
        let Ok(mut server) = TcpStream::connect(behind) else { return };
        let (Ok(mut back), Ok(mut from)) = (client.try_clone(), server.try_clone()) else { return };
        // The place of the open request on this connection, and whether any of its answer came.
        let current: Arc<Mutex<Option<(usize, bool)>>> = Arc::default();
        let (relay, answered) = (self.clone(), Arc::clone(&current));
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let read = from.read(&mut buffer).unwrap_or(0);
                if let Some((at, came)) = answered.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    *came |= read > 0;
                    let way = &mut relay.lock()[*at];
                    if read > 0 {
                        way.last = Instant::now();
                    } else if way.open {
                        (way.last, way.open) = (Instant::now(), false);
                    }
                }
                if read == 0 || back.write_all(&buffer[..read]).is_err() {
                    let _ = (back.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both));
                    return;
                }
            }
        });
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let read = client.read(&mut buffer).unwrap_or(0);
            let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
            let mut ways = self.lock();
            if let Some((at, came)) = current.take_if(|_| read == 0 || buffer.starts_with(b"GET ")) {
                let way = &mut ways[at];
                if way.open && !came {
                    way.last = Instant::now();
                }
                way.open = false;
            }
            if read > 0 && buffer.starts_with(b"GET ") {
                let now = Instant::now();
                ways.push(Way { begun: now, last: now, open: true });
                *current = Some((ways.len() - 1, false));
            }
            drop((current, ways));
            if read == 0 || server.write_all(&buffer[..read]).is_err() {
                let _ = (server.shutdown(Shutdown::Both), client.shutdown(Shutdown::Both));
                return;
            }
        }
    }

    /// When an unanswered request last moved, as far as can be seen.
    fn last_moved(&self) -> Option<Instant> {
        self.lock().iter().map(|way| way.last.max(way.begun)).max()
    }

    /// Requests without a single byte of an answer, whose connection is open.
    fn unanswered(&self) -> usize {
        self.lock().iter().filter(|way| way.open && way.last == way.begun).count()
    }

    fn longest(&self) -> Duration {
        self.lock().iter().map(|way| way.last - way.begun).max().unwrap_or_default()
    }
}

/// The faults of the list, with a value where they need one.
fn all_faults() -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_gluepot"))
        .args(["demo-server", "--fault", "list"])
        .output()
        .expect("the program runs");
    let list = String::from_utf8(output.stdout).expect("text");
    let mut faults = Vec::new();
    // In what accounts differ is nothing that goes wrong.
    let lines = list.lines().skip_while(|line| *line != "Time").take_while(|line| *line != "Accounts that differ");
    for line in lines {
        let Some(name) = line.strip_prefix("  ").and_then(|line| line.split(' ').next()) else { continue };
        match name {
            "" => {}
            "STATUS" => faults
                .extend(["500", "503", "502:body=html", "401:body=gateway", "403", "404", "422"].map(str::to_owned)),
            "429" => faults.extend(["429", "429:retry-after=0", "429:retry-after=999999"].map(str::to_owned)),
            "redirect=URL" => faults.push("redirect=http://127.0.0.1:9".to_owned()),
            "drip" => faults.extend(["drip", "drip:every=5ms"].map(str::to_owned)),
            "oversized=64MB" => faults.extend(["oversized=30MB", "oversized=64MB"].map(str::to_owned)),
            "bomb=1GB" => faults.extend(["bomb=30MB", "bomb=1GB"].map(str::to_owned)),
            name => faults.push(name.to_owned()),
        }
    }
    faults
}

/// What came of one fault.
struct Figures {
    fault: String,
    memory: u64,
    key: Duration,
    esc: Duration,
    slowest: Duration,
    request: Duration,
    requests: usize,
}

fn status(pid: u32, name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the program runs");
    let line = text.lines().find(|line| line.starts_with(name)).expect("a line of it");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Makes one fault while the program reads. `network` are settings of the network.
fn suffer(fault: &str, network: &str, rounds: usize) -> Figures {
    let server = Server::start_now(Options::default()).expect("a server");
    let relay = Relay::start(&server);
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join(".config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), format!("[network]\n{network}\n")).expect("a file");
    let url = format!("http://127.0.0.1:{}", relay.port);
    let start = Start::gluepot(&["--base-url", &url, "--org", "HPD"]).home(home).env("ITGLUE_API_KEY", server.key());
    let session = start.run();
    session.wait_for("HPD-AP01");
    session.settle(Duration::from_millis(300));
    server.faults().add_spec(fault).expect("a fault of the list");
    let (mut keys, mut escapes) = (Vec::new(), Vec::new());
    // Lists again, documents, a record, a value: keys in between need a reaction whatever these wait for.
    for action in ["R", "2", "R", "j\r", "4", "R", "r"].iter().cycle().take(rounds) {
        session.send(action);
        let (key, esc) = press(&session);
        keys.push(key);
        escapes.push(esc);
    }
    let slowest = keys.iter().chain(&escapes).max().copied().unwrap_or_default();
    // Until nothing moves any more, retries included.
    let begun = Instant::now();
    while begun.elapsed() < OVER * 4 {
        let moved = relay.last_moved().is_none_or(|last| last.elapsed() < Duration::from_secs(2));
        if !moved && relay.unanswered() == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let (key, esc) = press(&session);
    keys.push(key);
    escapes.push(esc);
    let memory = status(session.pid(), "VmHWM:");
    Figures {
        fault: fault.to_owned(),
        memory,
        key: median(&mut keys),
        esc: median(&mut escapes),
        slowest,
        request: relay.longest(),
        requests: relay.lock().len(),
    }
}

/// Opens the help and closes it with Esc: how long each took.
fn press(session: &Session) -> (Duration, Duration) {
    // A dialog may be in front, of the value that was asked for. Long enough apart that it is not Alt and a letter.
    session.send("\x1b");
    session.settle(hostile::REST);
    let begun = Instant::now();
    session.send("?");
    session.wait_for("Keys in ");
    let key = begun.elapsed();
    let begun = Instant::now();
    session.send("\x1b");
    session.wait_gone("Keys in ");
    (key, begun.elapsed())
}

fn check(figures: &Figures, over: Duration) {
    let Figures { fault, memory, key, esc, request, .. } = figures;
    assert!(*memory <= MEMORY, "{fault}: {memory} KiB");
    assert!(*key <= ANSWER && *esc <= ANSWER, "{fault}: a key is answered after {key:?}, Esc after {esc:?}");
    assert!(*request <= over + SLACK, "{fault}: a request was under way for {request:?}");
}

#[test]
fn p21_the_worst_faults_neither_hang_nor_bloat_the_program() {
    let network = "first_byte_timeout = 2\nidle_timeout = 2\ntotal_timeout = 2";
    std::thread::scope(|scope| {
        for fault in ["silent", "drip:every=5ms", "bomb=1GB", "endless"] {
            scope.spawn(move || check(&suffer(fault, network, 4), Duration::from_secs(2)));
        }
    });
}

#[test]
#[ignore = "five minutes: each fault with the timeouts a user has"]
fn p21_no_fault_of_the_list_hangs_or_bloats_the_program() {
    let faults = all_faults();
    assert!(faults.len() > 30, "{faults:?}");
    let next = Mutex::new(faults.iter());
    let all = Mutex::new(Vec::new());
    // Most of the time they wait for the server.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(fault) = next.lock().expect("no panic").next() else { return };
                    let figures = suffer(fault, "", 14);
                    all.lock().expect("no panic").push(figures);
                }
            });
        }
    });
    let mut all = all.into_inner().expect("no panic");
    all.sort_by_key(|figures| faults.iter().position(|fault| *fault == figures.fault));
    let mut table = "| Fault | Memory | A key | Esc | Slowest of all | Longest request | Requests |\n".to_owned();
    for Figures { fault, memory, key, esc, slowest, request, requests } in &all {
        let ms = |time: &Duration| time.as_secs_f64() * 1_000.0;
        let _ = writeln!(
            table,
            "| {fault} | {} MiB | {:.1} ms | {:.1} ms | {:.1} ms | {:.1} s | {requests} |",
            memory / 1024,
            ms(key),
            ms(esc),
            ms(slowest),
            request.as_secs_f64()
        );
    }
    say(&table);
    assert_eq!(all.len(), faults.len());
    for figures in &all {
        check(figures, OVER);
    }
}
