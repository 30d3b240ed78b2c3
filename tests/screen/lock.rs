//! The lock: what is on the screen, what opens it, and that it locks when idle.

use argon2::password_hash::{PasswordHasher as _, phc::PasswordHash};
use gluepot_core::clock::BootTime;

use crate::app::{Program, Setup};
use crate::policy::policy;

const RECORD: &str = "4/HPD-IMG01 local<Enter>";
const VALUE: &str = "maple-Orbit-42-thistle";

/// A hash that costs little to try.
fn weak_hash(pin: &str) -> String {
    let params = argon2::Params::new(8, 1, 1, None).expect("these are allowed");
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password(pin.as_bytes()).expect("a hash");
    hash.to_string()
}

async fn with_pin(pin: Option<&str>, needs_pin: bool) -> Program {
    let mut setup = Setup { pin: pin.map(weak_hash), ..Setup::default() };
    if needs_pin {
        setup.policies = policy("[lock]\npin = true\n");
    }
    setup.organization("HPD").ticket("48213").start().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_screen_shows_nothing_of_a_client_and_drops_what_leads_to_a_secret() {
    let mut program = with_pin(None, false).await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees(VALUE);
    program.press("L").await;
    let screen = program.text();
    assert!(screen.contains("gluepot is locked") && screen.contains("unlock"), "{screen}");
    for word in ["HPD", "Harbour", "48213", "northbeam", "requests", VALUE, "maple"] {
        assert!(!screen.contains(word), "{word}:\n{screen}");
    }
    assert_eq!(screen.lines().filter(|line| !line.trim().is_empty()).count(), 2);
    // Keys go nowhere, and the value is not there any more afterwards.
    program.press("2jj:q").await;
    program.sees("gluepot is locked");
    assert!(program.app.exit.is_none());
    program.press("<Enter>").await;
    program.sees("HPD-IMG01 local admin").misses(VALUE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pin_opens_it_and_is_never_on_the_screen() {
    let mut program = with_pin(Some("27 sheep"), false).await;
    program.press("L").await;
    program.sees("PIN").misses("Wrong");
    program.press("<Enter>").await;
    program.sees("gluepot is locked");
    program.press("27 sheeq<BS>p").await;
    program.misses("sheep").misses("27");
    program.sees("••••••••");
    program.press("<Enter>").await;
    program.misses("gluepot is locked").sees("Harbour");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_pin_costs_a_pause_and_keys_meanwhile_are_lost() {
    let mut program = with_pin(Some("2718"), false).await;
    program.press("L").await;
    let start = BootTime::now();
    program.press("1111<Enter>").await;
    program.sees("Wrong PIN. Try again in 1 s");
    program.press("2718<Enter>").await;
    program.sees("gluepot is locked");
    program.wait_gone("Try again").await;
    assert!(BootTime::now().left(start) >= std::time::Duration::from_millis(950));
    program.sees("Wrong PIN. PIN");
    program.press("2718<Enter>").await;
    program.misses("gluepot is locked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suspending_is_refused_while_a_pin_is_asked_for() {
    let mut program = with_pin(Some("2718"), false).await;
    program.press("L").await;
    program.misses("is off while locked");
    program.press("<C-z>").await;
    program.sees("gluepot is locked").sees("is off while locked: unlock first");
    program.press("2718<Enter>").await;
    program.misses("gluepot is locked").misses("is off while locked");
    // The next lock begins without it.
    program.press("L").await;
    program.sees("PIN").misses("is off while locked");
    // A policy's PIN that is not set is no way out either.
    let mut program = with_pin(None, true).await;
    program.press("L<C-z>").await;
    program.sees("is off while locked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_that_the_policy_asks_for_and_nobody_set_leaves_only_leaving() {
    let mut program = with_pin(None, true).await;
    program.press("L").await;
    program.sees("gluepot pin set").sees("Ctrl-c quit");
    program.press("<Enter>1234<Enter>").await;
    program.sees("gluepot is locked");
    program.press("<C-c>").await;
    assert!(program.app.exit.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_policy_asks_for_a_pin_and_none_is_set_nothing_secret_is_asked_for() {
    const NONE: &str = "the policy asks for a PIN and none is set: gluepot pin set (policy.toml, line 2)";
    let asked = |program: &Program| {
        program.server.requests().iter().filter(|request| request.target.contains("show_password=true")).count()
    };
    for key in ["C", "r"] {
        let mut program = with_pin(None, true).await;
        program.press(RECORD).await;
        program.press("<Enter>").await;
        program.sees("Not shown: the policy asks for a PIN and none is set: gluepot pin set");
        program.misses("Not fetched");
        program.press(key).await;
        program.sees(&format!("Not fetched: {NONE}.")).misses(VALUE);
        assert_eq!(asked(&program), 0);
        assert!(!program.audit().contains("intent"), "{}", program.audit());
    }
    let mut program = with_pin(None, true).await;
    program.press(RECORD).await;
    // One that is set while the program runs counts from the next try, and one that cannot be used does not.
    let pin = program.audit_dir.path().join("pin");
    for (hash, why) in [("1234".to_owned(), Some("it cannot be read")), (weak_hash("2718"), None)] {
        std::fs::write(&pin, hash).expect("a file for the PIN");
        std::fs::set_permissions(&pin, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("it is ours");
        program.press("r").await;
        match why {
            Some(why) => program.sees(why).misses(VALUE),
            None => program.sees(VALUE).misses("Not fetched").misses("Not shown"),
        };
        assert_eq!(asked(&program), usize::from(why.is_none()));
    }
    // One that is removed does not.
    program.press("r").await;
    std::fs::remove_file(&pin).expect("the PIN can be removed");
    program.press("r").await;
    program.sees(NONE).misses(VALUE);
    assert_eq!(asked(&program), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_that_is_removed_while_a_dialog_stands_is_missed_before_anything_is_recorded() {
    let mut setup = Setup { pin: Some(weak_hash("2718")), ..Setup::default() }.organization("HPD");
    setup.policies = policy("[lock]\npin = true\n[[rule]]\nactions = 'reveal'\nthen = 'ask'\n");
    let mut program = setup.start().await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees("Show this password?");
    std::fs::remove_file(program.audit_dir.path().join("pin")).expect("the PIN can be removed");
    program.press("y").await;
    program.sees("none is set: gluepot pin set").misses(VALUE);
    assert!(program.server.requests().iter().all(|request| !request.target.contains("show_password=true")));
    assert!(!program.audit().contains("intent"), "{}", program.audit());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_pin_file_opens_nothing() {
    let setup = Setup { pin: Some("1234".into()), ..Setup::default() };
    let mut program = setup.organization("HPD").start().await;
    program.press("L").await;
    program.sees("The PIN cannot be read").sees("is damaged");
    program.press("<Enter>1234<Enter>").await;
    program.sees("gluepot is locked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_comes_by_itself_when_no_key_is_pressed_and_drops_an_open_question() {
    let mut setup = Setup::default().organization("HPD");
    setup.config.ui.lock_after = 2;
    let mut program = setup.start().await;
    program.wait_for("unlock").await;
    program.press("<Enter>").await;
    program.misses("gluepot is locked");
    // A question before a secret is gone with it, a finder is not.
    program.press("<C-k>").await;
    program.wait_for("unlock").await;
    program.press("<Enter>").await;
    program.sees("Search ");
    for keys in ["<Esc>", "1/kestrel", "<Enter>", "<Enter>", "4", "/domain reg<Enter>", "r"] {
        program.press(keys).await;
    }
    program.sees("Short name:");
    program.wait_for("unlock").await;
    program.press("<Enter>").await;
    program.misses("Short name:");
}

/// The clock of the runtime is stopped, as while the machine sleeps; time still passes.
#[tokio::test]
async fn what_was_due_during_sleep_is_done_with_the_first_look_at_the_clock() {
    let mut setup = Setup::default().organization("HPD");
    setup.config.ui.reveal_seconds = 1;
    let mut program = setup.start().await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees(VALUE);
    tokio::time::pause();
    let stood = tokio::time::Instant::now();
    let due = program.app.alarm_due().expect("it is counted down");
    let end = BootTime::now() + std::time::Duration::from_millis(1_100);
    assert!(due <= end);
    while BootTime::now() < end {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(stood.elapsed().is_zero(), "the runtime saw no time pass");
    program.app.tick();
    program.draw();
    program.misses(VALUE);
}
