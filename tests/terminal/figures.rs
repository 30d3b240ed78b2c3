//! Figures of the release build: time to the first rows, requests, bytes, memory, time from a key to its frame.
//!
//! ```console
//! $ cargo build --release
//! $ cargo test --test terminal figures -- --ignored --nocapture --test-threads 1
//! ```
//!
//! It prints the table that `docs/figures.md` keeps, and fails where an aim that we promise is missed.

#![expect(clippy::print_stdout, reason = "figures are printed")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gluepot_fake::{Options, Server};

use crate::process::Process;
use gluepot_testkit::pty::{Session, Start};

/// Nothing was written for this long: the program is at rest.
const REST: Duration = Duration::from_millis(400);

/// The release build beside the one the tests use.
fn release() -> PathBuf {
    let debug = Path::new(env!("CARGO_BIN_EXE_gluepot"));
    let path = debug.ancestors().nth(2).expect("a target folder").join("release/gluepot");
    assert!(path.exists(), "{} is missing: cargo build --release", path.display());
    path
}

fn demo(args: &[&str]) -> Start {
    Start::binary(&release(), &[&["--demo"], args].concat())
}

fn against(server: &Server) -> Session {
    Start::binary(&release(), &["--base-url", &server.base_url()]).env("ITGLUE_API_KEY", server.key()).run()
}

fn say(what: &str, value: impl std::fmt::Display) {
    println!("| {what} | {value} |");
}

fn median<T: Ord + Copy>(values: &mut [T]) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

#[test]
#[ignore = "a figure of the release build"]
fn start() {
    let (mut frames, mut rows) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        let begun = Instant::now();
        let session = demo(&[]).run();
        session.wait_for("1 Organizations");
        frames.push(begun.elapsed());
        session.wait_for("Harbour & Pine Dental");
        rows.push(begun.elapsed());
    }
    say("first frame after the start of the demo, median of 9", ms(median(&mut frames)));
    say("first rows after the start of the demo, median of 9", ms(median(&mut rows)));
    let mut rows = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let session = demo(&["--scale"]).run();
        session.wait_for("of 1,000");
        rows.push(begun.elapsed());
    }
    say("first rows with `--scale` (1,000 organizations), median of 5", ms(median(&mut rows)));
}

#[test]
#[ignore = "a figure of the release build"]
fn requests() {
    let server = Server::start_now(Options::default()).expect("the server starts");
    let show = |server: &Server| {
        let requests = server.requests();
        for request in &requests {
            println!("  {} {}", request.method, request.target.replace("%5B", "[").replace("%5D", "]"));
        }
        server.forget_requests();
        requests.len()
    };
    let session = against(&server);
    session.wait_for("Harbour & Pine Dental");
    session.settle(REST);
    let started = show(&server);
    session.send("/harbour & pine dental\r");
    session.settle(REST);
    server.forget_requests();
    session.send("\r");
    session.wait_for("HPD-AP01");
    session.settle(REST);
    let opened = show(&server);
    session.send("3");
    session.settle(REST);
    server.forget_requests();
    // A key that is held: 30 a second, as terminals repeat it.
    for _ in 0..30 {
        session.send("\x1b[B");
        std::thread::sleep(Duration::from_millis(33));
    }
    session.settle(REST);
    let held = show(&server);
    say("requests for the start", started);
    say("requests for opening an organization", opened);
    say("requests for holding the down key over 30 rows", held);
    assert!(held <= 2, "holding a key costs one request");
}

#[test]
#[ignore = "a figure of the release build"]
fn bytes() {
    let session = demo(&["--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    session.send("3");
    session.settle(REST);
    let (mut steps, mut frames, mut details) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..30 {
        let before = session.mark();
        let pressed = Instant::now();
        session.send("j");
        session.wait_for_more(before);
        frames.push(pressed.elapsed());
        // The cursor has moved; its detail is asked for 150 ms after the key.
        std::thread::sleep(Duration::from_millis(100).saturating_sub(pressed.elapsed()));
        let step = session.bytes_since(before).len();
        session.settle(REST);
        steps.push(step);
        details.push(session.bytes_since(before).len());
    }
    let most = steps.iter().max().copied().unwrap_or_default();
    let step = median(&mut steps);
    say("bytes for one step of the cursor at 120x36, before the detail follows, median of 30", step);
    say("the same, the most of 30", most);
    say("bytes for one step with the detail, median of 30", median(&mut details));
    say("time from the key to its frame, median of 30", ms(median(&mut frames)));
    assert!(step < 300, "{step} bytes for one step");

    session.settle(Duration::from_secs(2));
    let (mark, process) = (session.mark(), Process(session.pid()));
    let ticks = process.ticks();
    std::thread::sleep(Duration::from_secs(10));
    say("bytes written while idle for 10 s", session.bytes_since(mark).len());
    say("processor time while idle for 10 s", format!("{} ms", (process.ticks() - ticks) * 10));
    assert_eq!(session.bytes_since(mark).len(), 0);
}

#[test]
#[ignore = "a figure of the release build"]
fn memory() {
    // The server runs in its own process, so that this is the program alone; the demo has both in one.
    let mib = |pid: u32, figure: &str| format!("{:.1} MiB", Process(pid).kib(figure) as f64 / 1_024.0);
    let session = demo(&["--org", "HPD"]).run();
    session.wait_for("HPD-AP01");
    session.settle(REST);
    say("memory (RSS) of the demo, server included, one organization open", mib(session.pid(), "VmRSS"));

    let mut server = ServerProcess::start(&["--scale"]);
    let session = server.client(&[]);
    session.wait_for("Organizations");
    session.settle(Duration::from_secs(2));
    say("memory (RSS) with the list of 1,000 organizations", mib(session.pid(), "VmRSS"));
    drop(session);
    let session = server.client(&["--org", "2000001"]);
    session.send("3");
    let begun = Instant::now();
    session.wait_until("all configurations are loaded", |screen| {
        // Archived ones are not among the rows.
        screen.contents().lines().any(|line| line.contains("3 Configurations") && line.contains("─ 19,226 ╮"))
    });
    say(
        "time to load the 20,000 configurations of the biggest organization",
        format!("{:.1} s", begun.elapsed().as_secs_f64()),
    );
    session.settle(Duration::from_secs(2));
    say(
        "memory (RSS) with the biggest organization open (20,000 configurations, 6,000 passwords, 4,000 documents)",
        mib(session.pid(), "VmRSS"),
    );
    say("the most it took until then (VmHWM)", mib(session.pid(), "VmHWM"));
    server.end();
}

/// The release build's `demo-server`.
struct ServerProcess {
    child: std::process::Child,
    url: String,
    key: String,
}

impl ServerProcess {
    fn start(args: &[&str]) -> Self {
        use std::io::BufRead as _;

        let mut command = std::process::Command::new(release());
        command.arg("demo-server").args(args).stdout(std::process::Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let output = child.stdout.take().expect("its output is ours");
        let mut lines = std::io::BufReader::new(output).lines().map_while(Result::ok);
        let mut value = |name: &str| {
            let line = lines.next().expect("the server says where it is");
            line.strip_prefix(name).expect("the line has this name").trim().to_owned()
        };
        let (url, key) = (value("base url:"), value("key:"));
        // Read to its last line: the server ends when its output is closed.
        value("key without password access:");
        Self { child, url, key }
    }

    fn client(&self, args: &[&str]) -> Session {
        Start::binary(&release(), &[&["--base-url", &self.url], args].concat()).env("ITGLUE_API_KEY", &self.key).run()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.end();
    }
}
