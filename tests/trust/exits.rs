//! P19 and P20: nine ways out with a value on the screen, and a terminal that goes away.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::memory::{children, processes};
use crate::stage::{Stage, go_to_password};
use gluepot_testkit::pty::{End, Session, Start};

/// The program with a fault in it, an example of this crate. `cargo test` builds it, unless it is told to build a single
/// test program.
fn faulty() -> Option<PathBuf> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_gluepot")).with_file_name("examples").join("fault");
    program.exists().then_some(program)
}

fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid.cast_signed()).expect("a process id");
    kill_process(pid, signal).expect("the signal is sent");
}

/// The value is on the screen of a program that will have this fault when it is told to.
fn with_fault(stage: &Stage, program: &std::path::Path, fault: &str) -> Session {
    let start = Start::binary(program, &["--org", "HPD"]).env("GLUEPOT_TEST_FAULT", fault);
    // A message can hold anything: here it holds the value.
    let session = start.env("GLUEPOT_TEST_WORDS", &stage.value).home(stage.home("")).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    stage.reveal(&session);
    session
}

fn audit_of(session: &Session) -> String {
    std::fs::read_to_string(session.home().join(".local/state/gluepot/audit/audit.log")).expect("there is a trail")
}

fn is_recorded_as_hidden(session: &Session, exit: &str) {
    let audit = audit_of(session);
    assert!(audit.contains("\"hidden\""), "{exit}: {audit}");
}

/// The guard writes what the program no longer can, and nothing but that: the trail is whole and has an end for each
/// value that was shown.
fn is_recorded_by_the_guard(session: &Session, exit: &str, words: &str) {
    crate::wait_until(&format!("{exit}: the guard writes {words:?}"), || audit_of(session).contains(words));
    let audit = audit_of(session);
    assert_eq!(audit.matches("\"hidden\"").count(), 1, "{exit}: {audit}");
    let verify = std::process::Command::new(env!("CARGO_BIN_EXE_gluepot"))
        .args(["audit", "verify"])
        .env_clear()
        .env("HOME", session.home())
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&verify.stdout).into_owned();
    assert!(told.starts_with("good ") && !told.contains("no end on record"), "{exit}: {told}");
}

#[test]
fn p19_quitting_and_signals_leave_the_terminal_as_it_was() {
    let stage = Stage::new(false);
    for (exit, end) in [("quit", End::Code(0)), ("TERM", End::Code(143)), ("HUP", End::Code(129))] {
        let mut session = stage.at_password("");
        stage.reveal(&session);
        match exit {
            "quit" => session.send("q"),
            "TERM" => session.kill(Signal::TERM),
            _ => session.kill(Signal::HUP),
        }
        assert_eq!(session.wait_exit(), end, "{exit}");
        session.is_given_back(&stage.value);
        is_recorded_as_hidden(&session, exit);
    }
}

#[test]
fn p19_stopping_gives_the_terminal_to_the_shell_and_going_on_shows_no_value() {
    let stage = Stage::new(false);
    let script = format!(
        "set -m; {} --org HPD; echo STOPPED; stty -a; read line; fg >/dev/null; echo ENDED",
        env!("CARGO_BIN_EXE_gluepot")
    );
    let mut session = Start::program("/bin/sh", &["-c", &script]).home(stage.home("")).run();
    session.wait_for("HPD-AP01");
    go_to_password(&session);
    stage.reveal(&session);
    let program = children(session.pid()).first().copied().expect("the shell runs the program");
    let mark = session.mark();
    signal(program, Signal::TSTP);
    session.wait_for("STOPPED");
    session.wait_for("icanon");
    session.is_given_back(&stage.value);
    let shown = session.screen();
    assert!(!shown.contains("-icanon") && !shown.contains("-echo "), "{shown}");
    session.send("\n");
    session
        .wait_until("the program is back", |screen| screen.alternate_screen() && screen.contents().contains("svc-img"));
    session.settle(Duration::from_millis(300));
    let stream = session.bytes_since(mark);
    assert!(
        memchr::memmem::find(&stream, &stage.value.as_bytes()[..8]).is_none(),
        "the value was drawn after the stop"
    );
    session.send("q");
    session.wait_for("ENDED");
    assert_eq!(session.wait_exit(), End::Code(0));
    session.is_given_back(&stage.value);
}

#[test]
fn p19_after_kill_the_guard_leaves_the_terminal_as_it_was() {
    let stage = Stage::new(false);
    let mut session = stage.at_password("");
    stage.reveal(&session);
    session.kill(Signal::KILL);
    assert_eq!(session.wait_exit(), End::Signal("Killed".to_owned()));
    session.is_given_back(&stage.value);
    is_recorded_by_the_guard(&session, "KILL", "the program was gone and the guard gave the terminal back");
}

/// Both are gone at once: then the trail itself says that something is missing.
#[test]
fn p19_a_value_whose_end_nobody_could_write_is_told_by_the_trail() {
    let stage = Stage::new(false);
    let session = stage.at_password("");
    stage.reveal(&session);
    crate::wait_until("that it is shown is on record", || audit_of(&session).contains("\"shown\""));
    let guard = children(session.pid()).first().copied().expect("there is a guard");
    signal(guard, Signal::KILL);
    session.kill(Signal::KILL);
    let told = |command: &str| {
        let told = std::process::Command::new(env!("CARGO_BIN_EXE_gluepot"))
            .args(["audit", command])
            .env_clear()
            .env("HOME", session.home())
            .output()
            .expect("it runs");
        String::from_utf8_lossy(&told.stdout).into_owned()
    };
    let verify = told("verify");
    assert!(verify.contains("note     1 shown values have no end on record, of intents 1: "), "{verify}");
    let report = told("report");
    assert!(report.contains("Shown, with no end on record: 1\n"), "{report}");
}

#[test]
fn p19_faults_of_the_program_itself_leave_the_terminal_as_it_was_and_say_nothing_of_the_value() {
    let Some(program) = faulty() else {
        crate::skip(
            "p19_faults_of_the_program_itself…",
            "the example `fault` is not built: cargo build --example fault",
        );
        return;
    };
    let aborted = || End::Signal("Aborted".to_owned());
    for (fault, end) in [
        ("panic", End::Code(101)),
        ("panic in a task", End::Code(101)),
        ("abort", aborted()),
        ("stack overflow", aborted()),
        ("stack overflow in a task", aborted()),
    ] {
        let stage = Stage::new(false);
        let mut session = with_fault(&stage, &program, fault);
        let mark = session.mark();
        session.kill(Signal::USR1);
        assert_eq!(session.wait_exit(), end, "{fault}");
        session.is_given_back(&stage.value);
        // P27: the words of a panic held the value; only its place is told.
        let told = String::from_utf8_lossy(&session.bytes_since(mark)).into_owned();
        assert!(!told.contains(&stage.value[..8]), "{fault}: {told}");
        if end == End::Code(101) {
            assert!(told.contains("because of a fault in itself, at examples/fault.rs"), "{fault}: {told}");
        }
        match fault {
            "panic in a task" => is_recorded_as_hidden(&session, fault),
            "panic" => is_recorded_by_the_guard(&session, fault, "the program gave the terminal back and was gone"),
            _ => is_recorded_by_the_guard(&session, fault, "the program was gone and the guard gave the terminal back"),
        }
    }
}

/// No new descriptor can be had, not even one for the terminal or the trail.
#[test]
fn p19_without_descriptors_the_terminal_comes_back_and_the_value_goes() {
    for exit in ["hidden, then quit", "quit"] {
        let stage = Stage::new(false);
        let mut session = stage.at_password("");
        stage.reveal(&session);
        crate::wait_until("that it is shown is on record", || audit_of(&session).contains("\"shown\""));
        let pid = session.pid().to_string();
        let limited = std::process::Command::new("prlimit").args(["--nofile=3", "--pid", &pid]).status();
        if !limited.is_ok_and(|status| status.success()) {
            return crate::skip("p19_without_descriptors…", "`prlimit` is not installed");
        }
        // It continues: its clock ticks on the screen.
        let mark = session.mark();
        session.wait_for_more(mark);
        assert!(session.screen().contains(&stage.value), "{exit}");
        if exit != "quit" {
            session.send("\x1b");
            session.wait_gone(&stage.value);
        }
        session.send("\x03");
        assert_eq!(session.wait_exit(), End::Code(0), "{exit}");
        session.is_given_back(&stage.value);
        is_recorded_by_the_guard(&session, exit, "the program ended and could not write it; by the guard");
    }
}

/// Wherever the start fails for want of descriptors, the terminal is as it was.
#[test]
fn p19_a_start_with_too_few_descriptors_leaves_the_terminal_as_it_was() {
    let mut entered = 0;
    for limit in 4..32 {
        let script = format!("ulimit -n {limit}; exec {} --demo", env!("CARGO_BIN_EXE_gluepot"));
        let mut session = Start::program("/bin/sh", &["-c", &script]).run();
        session.wait_until_over_or("Organizations");
        session.try_send("\x03");
        session.wait_exit();
        assert!(!session.is_raw(), "{limit}: the line is raw");
        session.look(|screen| {
            assert!(!screen.alternate_screen(), "{limit}: the alternate screen is on");
            assert!(!screen.hide_cursor(), "{limit}: the cursor is hidden");
        });
        entered += usize::from(memchr::memmem::find(&session.all_bytes(), b"\x1b[?1049h").is_some());
    }
    assert!(entered > 0, "it never came as far as the terminal");
}

/// Time on the processor used so far by all threads of a process, while it is there.
fn time_of(pid: u32) -> Option<Duration> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten();
    let spent = tasks.filter_map(|task| {
        let figures = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        figures.split(' ').next()?.parse::<u64>().ok()
    });
    Some(Duration::from_nanos(spent.sum())).filter(|time| !time.is_zero())
}

/// The window is closed: whatever stood between the program and the person is gone, and HUP is ignored, as under
/// `nohup`. Then only the terminal itself says so.
#[test]
fn p20_a_terminal_that_is_gone_ends_the_program_and_nothing_spins() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        crate::skip("p20_a_terminal_that_is_gone…", "`script` is not installed");
        return;
    }
    for before in ["", "trap '' HUP; "] {
        let stage = Stage::new(false);
        let inner = format!("stty rows 36 cols 120; {before}exec {} --org HPD", env!("CARGO_BIN_EXE_gluepot"));
        let window = Start::program("script", &["-qfec", &inner, "/dev/null"]).home(stage.home("")).run();
        window.wait_for("HPD-AP01");
        go_to_password(&window);
        // `script` is taken for what it usually is, a recorder: each use of the value is asked first.
        window.send("c");
        window.wait_for("A recorder was seen");
        window.send("y");
        window.wait_for("clipboard clears in");
        window.send("r");
        window.wait_for("A recorder was seen");
        window.send("y");
        window.wait_for(&stage.value);
        let program = children(window.pid()).into_iter().find(|&pid| {
            std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "gluepot")
        });
        let program = program.expect("script runs the program");
        let all = std::iter::once(program).chain(children(program)).collect::<Vec<_>>();
        assert_eq!(all.len(), 2, "the program and its guard");
        let runs = |pid: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
        };
        let before_it = time_of(program).expect("it runs");
        let closed = Instant::now();
        window.kill(Signal::KILL);
        let mut spent = Duration::ZERO;
        while runs(&program) {
            spent = time_of(program).map_or(spent, |time| time.saturating_sub(before_it));
            assert!(closed.elapsed() < Duration::from_secs(30), "it never ended");
            std::thread::sleep(Duration::from_millis(2));
        }
        let took = closed.elapsed();
        crate::say(&format!("{before:?}: gone after {took:?}, with {spent:?} on the processor"));
        // A second at rest; other tests may keep the processors. What waits for something else than its turn takes longer.
        assert!(took < Duration::from_secs(10), "{before:?}: {took:?}");
        // One that reads the end of its input again and again takes the whole second.
        assert!(spent < Duration::from_millis(200), "{before:?}: {spent:?} on the processor");
        crate::wait_until("the guard is gone", || !all.iter().any(runs));
        let audit = audit_of(&window);
        assert!(audit.contains("\"hidden\""), "{before:?}: {audit}");
        // There is no terminal left to clear, and the trail does not claim otherwise.
        assert!(audit.contains("not cleared") || audit.contains("\"cleared\""), "{before:?}: {audit}");
    }
}

/// At rest the program and its guard do not run at all.
#[test]
fn p20_an_idle_program_takes_no_time() {
    let stage = Stage::new(false);
    let session = stage.at_password("");
    session.settle(Duration::from_millis(500));
    let all = processes(&session);
    let time = || all.iter().filter_map(|&pid| time_of(pid)).sum::<Duration>();
    let before = time();
    let begun = Instant::now();
    std::thread::sleep(Duration::from_secs(2));
    let share = time().saturating_sub(before).as_secs_f64() / begun.elapsed().as_secs_f64();
    assert!(share < 0.01, "{:.2} % of a processor", share * 100.0);
}
