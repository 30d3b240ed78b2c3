//! The quota over several processes (P23): four real programs of one user count in one file, and keep a pause together.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gluepot_core::secret::{LockedKey, Secret};
use gluepot_core::source::Urgency;
use gluepot_fake::{Options, Rate, Server};
use gluepot_itglue::{BaseUrl, Client, Settings};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use crate::say;
use gluepot_testkit::pty::{Session, Start};

/// The smallest limit that leaves each program more to ask for than its part.
const MOST: usize = 20;

/// A program whose state is in that folder, as that of all programs of one user is.
fn program(server: &Server, state: &std::path::Path, most: usize) -> Session {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join(".config/gluepot");
    fs::create_dir_all(&folder).expect("a folder");
    let config = format!("[network]\nrequests_per_five_minutes = {most}\n");
    fs::write(folder.join("config.toml"), config).expect("a file");
    let base_url = server.base_url();
    Start::gluepot(&["--base-url", &base_url, "--org", "HPD"])
        .home(home)
        .env("XDG_STATE_HOME", &state.to_string_lossy())
        .env("ITGLUE_API_KEY", server.key())
        .run()
}

#[test]
fn p23_four_programs_send_no_more_than_one_may() {
    let server = Server::start_now(Options::default()).expect("the server starts");
    let state = tempfile::tempdir().expect("a temporary folder");
    let _programs: Vec<_> = (0..4).map(|_| program(&server, state.path(), MOST)).collect();
    // Background requests leave a tenth free.
    crate::wait_until("the quota is used", || server.requests().len() >= MOST - MOST / 10);
    let begun = Instant::now();
    crate::wait_until("three seconds have passed", || {
        let sent = server.requests().len();
        assert!(sent <= MOST, "{sent} requests of four programs");
        begun.elapsed() > Duration::from_secs(3)
    });
    // A program that does not share the file has its own quota: it is the file that held the others back.
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let _alone = program(&server, elsewhere.path(), MOST);
    crate::wait_until("the fifth goes beyond", || server.requests().len() > MOST);
}

#[test]
fn p23_a_429_in_one_program_quiets_those_that_start_after_it() {
    let server = Server::start_now(Options::default()).expect("the server starts");
    server.faults().add_spec("429:count=1").expect("a fault");
    let state = tempfile::tempdir().expect("a temporary folder");
    let first = program(&server, state.path(), 3_000);
    first.wait_for("rate limit: ");
    let before = server.requests();
    let others: Vec<_> = (0..3).map(|_| program(&server, state.path(), 3_000)).collect();
    crate::wait_until("they go on", || server.requests().len() > before.len());
    let quiet = server.requests()[before.len()].at - before[0].at;
    assert!(quiet >= Duration::from_secs(5), "{quiet:?}");
    drop(others);
}

/// What a process of [`p23_four_processes_send_three_thousand_in_five_minutes_and_not_one_more`] does: it asks for as
/// much as it may.
fn ask_without_end(told: &str) {
    let mut told = told.split(' ');
    let mut next = || told.next().expect("address, key, folder").to_owned();
    let (address, key, folder) = (next(), next(), next());
    let key = LockedKey::new(Secret::new(Zeroizing::new(key))).expect("memory for a key");
    let mut settings = Settings::new(BaseUrl::parse(&address).expect("an address"), "test", Arc::new(key));
    settings.quota_folder = Some(folder.into());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = Client::new(settings).expect("a client");
        loop {
            // The parent sees by the server's count what came of it, and ends this process.
            let _ = client.check(Urgency::interactive(), CancellationToken::new()).await;
        }
    });
}

#[test]
#[ignore = "five and a half minutes"]
fn p23_four_processes_send_three_thousand_in_five_minutes_and_not_one_more() {
    const TEST: &str = "quota::p23_four_processes_send_three_thousand_in_five_minutes_and_not_one_more";
    const TOLD: &str = "GLUEPOT_TEST_QUOTA";
    if let Ok(told) = std::env::var(TOLD) {
        return ask_without_end(&told);
    }
    let window = Duration::from_secs(300);
    let rate = Rate { requests: usize::MAX, window };
    let server = Server::start_now(Options { rate, ..Options::default() }).expect("the server starts");
    let state = tempfile::tempdir().expect("a temporary folder");
    let told = format!("{} {} {}", server.base_url(), server.key(), state.path().display());
    let begun = Instant::now();
    let mut processes: Vec<_> = (0..4)
        .map(|_| {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            command.args(["--exact", TEST, "--include-ignored"]).env(TOLD, &told);
            command.stdout(std::process::Stdio::null()).spawn().expect("it starts")
        })
        .collect();
    while begun.elapsed() < window + Duration::from_secs(30) {
        std::thread::sleep(Duration::from_secs(1));
    }
    for process in &mut processes {
        process.kill().and_then(|()| process.wait()).expect("it is ours");
    }
    let at: Vec<Instant> = server.requests().iter().map(|request| request.at).collect();
    let most = at.iter().enumerate().map(|(n, first)| at[n..].partition_point(|at| *at - *first < window)).max();
    let first = at.partition_point(|at| *at - begun < window);
    let used_up = at.get(2_999).map(|at| *at - begun);
    say(&format!(
        "four processes: {first} in the first five minutes, the 3,000th after {used_up:?}, {} in all",
        at.len()
    ));
    assert!(most.is_some_and(|most| most <= 3_000), "{most:?} in five minutes");
    assert!(at.len() > 3_000, "they went on when there was room again: {}", at.len());
}

/// Moments of requests, those that came within a second of the first together.
fn bursts(server: &Server) -> Vec<(Instant, Instant, usize)> {
    let mut bursts: Vec<(Instant, Instant, usize)> = Vec::new();
    for request in server.requests() {
        match bursts.last_mut() {
            Some((first, last, count)) if request.at - *first < Duration::from_millis(900) => {
                (*last, *count) = (request.at, *count + 1);
            }
            _ => bursts.push((request.at, request.at, 1)),
        }
    }
    bursts
}

#[test]
#[ignore = "two minutes"]
fn p23_refusals_without_end_quiet_a_program_whose_user_does_not_stop_asking() {
    let run = |header: &str| {
        let server = Server::start_now(Options::default()).expect("the server starts");
        let state = tempfile::tempdir().expect("a temporary folder");
        let session = program(&server, state.path(), 3_000);
        session.wait_for("HPD-AP01");
        session.settle(Duration::from_millis(300));
        server.forget_requests();
        server.faults().add_spec(&format!("429{header}")).expect("a fault");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(100) {
            session.send("R");
            std::thread::sleep(Duration::from_millis(700));
        }
        bursts(&server)
    };
    let (none, zero, endless, again) = std::thread::scope(|scope| {
        let runs = ["", ":retry-after=0", ":retry-after=999999", ""].map(|header| scope.spawn(move || run(header)));
        let mut bursts = runs.into_iter().map(|run| run.join().expect("no panic"));
        let mut next = || bursts.next().expect("four of them");
        (next(), next(), next(), next())
    });
    let pauses = |bursts: &[(Instant, Instant, usize)]| -> Vec<Duration> {
        bursts.windows(2).map(|two| two[1].0 - two[0].1).collect()
    };
    let sent = |bursts: &[(Instant, Instant, usize)]| bursts.iter().map(|(_, _, count)| *count).sum::<usize>();
    say(&format!("429 without a header: pauses {:?} and {:?}", pauses(&none), pauses(&again)));
    say(&format!("429 with 0: pauses {:?}, {} requests; with 999999: {}", pauses(&zero), sent(&zero), sent(&endless)));
    for none in [&none, &again] {
        for (number, pause) in pauses(none).into_iter().enumerate() {
            let least = Duration::from_secs(5) * 2_u32.pow(u32::try_from(number).expect("few").min(4));
            assert!(pause >= least, "pause {number}: {pause:?}");
        }
        assert!(none.len() >= 3, "it asks again: {none:?}");
    }
    assert_ne!(pauses(&none), pauses(&again), "no two programs come back together");
    for (number, pause) in pauses(&zero).into_iter().enumerate() {
        assert!(pause >= Duration::from_secs(1) * 2_u32.pow(u32::try_from(number).expect("few").min(4)), "{pause:?}");
    }
    assert!(zero.len() > 5, "{zero:?}");
    assert!(zero[5..].iter().all(|(_, _, count)| *count == 1), "after five refusals one at a time: {zero:?}");
    assert_eq!(endless.len(), 1, "it asked again before the end of a pause: {endless:?}");
}
