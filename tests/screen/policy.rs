//! The policy in whole runs: what the server was asked, what is on the screen, what is on record.

use std::path::Path;

use gluepot_core::policy::{File, Policies, parse};

use crate::app::{Program, Setup};

const RECORD: &str = "4/HPD-IMG01 local<Enter>";
const VALUE: &str = "maple-Orbit-42-thistle";

/// The requests that list passwords.
const PASSWORDS: [&str; 3] = ["relationships/passwords", "password_folders", "/passwords?"];
/// The request of a single document.
const DOCUMENT: &str = "/documents/";
/// Words of a document's text.
const VPN: &str = "Set up a new user";

/// An administrator's policy.
pub fn policy(text: &str) -> Policies {
    let file = match parse(text, Path::new("/etc/gluepot/policy.toml")) {
        Ok(policy) => File::Read(policy),
        Err(problem) => File::Broken(problem),
    };
    Policies::new(file, File::Absent("policy.toml".into()))
}

async fn start(text: &str) -> Program {
    let mut setup = Setup::default().organization("HPD");
    setup.policies = policy(text);
    setup.start().await
}

fn value_requests(program: &Program) -> usize {
    program.server.requests().iter().filter(|r| r.target.contains("show_password=true")).count()
}

/// The text of one column of the wide screen without its line breaks: 1 is the lists, 3 the detail.
fn column(program: &Program, at: usize) -> String {
    let screen = program.text();
    let words: Vec<_> = screen.lines().filter_map(|line| line.split('\u{2502}').nth(at)).map(str::trim).collect();
    words.join(" ")
}

#[track_caller]
fn reads(program: &Program, at: usize, text: &str) {
    assert!(column(program, at).contains(text), "{text:?}:\n{}", program.text());
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

fn requests(program: &Program, part: &str) -> usize {
    program.server.requests().iter().filter(|r| r.target.contains(part)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denied_password_is_never_asked_for_and_the_rule_is_named() {
    let mut program = start("[[rule]]\nname = '*local admin'\nthen = 'deny'\nwhy = 'only on site'\n").await;
    program.press(RECORD).await;
    program.press("<Enter>").await;
    program.sees("Not shown: policy denies this: /etc/gluepot/policy.toml, line 1: only on site");
    program.press("rc").await;
    program.sees("Not fetched: only on site (policy.toml, line 1).");
    assert_eq!(value_requests(&program), 0);
    assert!(!program.audit().contains("intent"));
}

/// Sets the category of the password at hand as the server would send it.
async fn with_category(policy_text: &str, category: &[(&str, serde_json::Value)]) -> Program {
    let mut world = gluepot_fake::data::demo();
    for id in world.ids(gluepot_fake::Table::Passwords) {
        if world.name(gluepot_fake::Table::Passwords, id) == "HPD-IMG01 local admin" {
            world.edit(gluepot_fake::Table::Passwords, id, |attributes| {
                attributes.extend(category.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            });
        }
    }
    let mut setup = Setup::with_world(world).organization("HPD");
    setup.policies = policy(policy_text);
    let mut program = setup.start().await;
    program.press(RECORD).await;
    program.press("r").await;
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_category_that_looks_like_a_denied_one_is_denied() {
    const DENY: &str = "[[rule]]\ncategory = ['Zentralschlüssel*', 'Break glass']\nthen = 'deny'\n";
    for name in [
        "Zentralschlu\u{308}ssel Nord",
        " Break glass ",
        "Break  glass",
        "Break\u{a0}glass",
        "Break\u{200b} gl\u{ad}ass",
        "Ｂｒｅａｋ　ｇｌａｓｓ",
        "Break glass\n",
    ] {
        let program = with_category(DENY, &[("password-category-name", name.into())]).await;
        program.sees("Not fetched: policy denies this").misses(VALUE);
        assert_eq!(value_requests(&program), 0, "{name:?}");
    }
    // A category with a number alone may be any; one without either is none.
    let number = ("password-category-id", serde_json::json!(41));
    for name in [serde_json::Value::Null, "".into(), " \u{200b}".into()] {
        let program = with_category(DENY, &[("password-category-name", name.clone()), number.clone()]).await;
        program.sees("not all it asks for is known").misses(VALUE);
        assert_eq!(value_requests(&program), 0, "{name:?}");
    }
    let none = serde_json::Value::Null;
    let program =
        with_category(DENY, &[("password-category-name", none.clone()), ("password-category-id", none)]).await;
    program.sees(VALUE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_narrow_screen_a_refusal_has_its_reason_and_its_line_in_the_bar_whatever_the_path() {
    let path = Path::new("/tmp/look/home/some/where/deep/.config/gluepot/policy.toml");
    let text = "# mine\n\n[[rule]]\nactions = 'copy'\nthen = 'deny'\nwhy = 'type it from the console'\n\
                [[rule]]\nactions = ['reveal', 'open-link']\nthen = 'deny'\n";
    let mut setup = Setup::default().organization("HPD").size(80, 24);
    let file = File::Read(parse(text, path).expect("it is in order"));
    setup.policies = Policies::new(File::Absent("/etc/gluepot/policy.toml".into()), file);
    let mut program = setup.start().await;
    program.press("4/HPD-IMG01 local").await;
    program.press("<Enter>").await;
    program.press("c").await;
    program.sees("Not fetched: type it from the console (policy.toml, line 3).");
    program.press("r").await;
    program.sees("Not fetched: policy denies this (policy.toml, line 7).");
    program.press("o").await;
    program.sees("Not opened: policy denies this (policy.toml, line 7).");
    program.press("<Enter>").await;
    program.sees("Not shown: policy denies this (policy.toml, line 7).");
    assert_eq!(value_requests(&program), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_asks_wants_the_letter_and_not_enter() {
    let mut program = start("[[rule]]\nactions = 'reveal'\nthen = 'ask'\n").await;
    program.press(RECORD).await;
    program.press("r").await;
    program.sees("Show this password?").sees("The policy asks first: /etc/gluepot/policy.toml, line 1");
    program.press("<Enter>r<Space>").await;
    program.sees("Show this password?");
    assert_eq!(value_requests(&program), 0);
    program.press("y").await;
    program.sees(VALUE);
    assert_eq!(value_requests(&program), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_and_a_ticket_are_required_and_recorded() {
    let mut program = start("[[rule]]\nactions = 'reveal'\nthen = 'ask-reason'\n").await;
    program.press(RECORD).await;
    program.press("r<Enter>").await;
    program.press("<Enter>").await;
    program.sees("Give a reason in a few words.").sees("Ticket number required.");
    program.press("disk full<Enter><Enter>").await;
    program.sees("Ticket number required.").sees("Reason: disk full");
    assert_eq!(value_requests(&program), 0);
    program.press("#77001<Enter>").await;
    program.sees(VALUE).sees("ticket #77001");
    let audit = program.audit();
    assert!(audit.contains("\"reason\":\"disk full\"") && audit.contains("\"ticket\":\"77001\""), "{audit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_passwords_that_is_denied_or_asked_for_is_not_requested_by_any_other_way() {
    for then in ["deny", "ask", "ask-reason"] {
        let mut program = start(&format!("[[rule]]\nactions = 'list-passwords'\nthen = '{then}'\n")).await;
        program.press("4").await;
        reads(&program, 1, "Passwords are not listed");
        reads(&program, 1, "/etc/gluepot/policy.toml, line 1.");
        program.press("R<Esc>").await;
        program.press("4<Enter><Esc>").await;
        program.press("<C-k>IMG01<Esc>").await;
        program.misses("HPD-IMG01 local admin");
        // The linked passwords of a device come with it.
        program.press("3/IMG01<Enter><Enter>/local admin").await;
        program.sees("not found");
        for part in PASSWORDS {
            assert_eq!(requests(&program, part), 0, "{part}");
        }
        assert!(!program.audit().contains("intent"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_passwords_that_is_asked_for_comes_after_yes_for_the_rest_of_the_stay() {
    let mut program = start("[[rule]]\nactions = 'list-passwords'\nthen = 'ask'\nwhy = 'only with a call'\n").await;
    // A device whose linked passwords were dropped on arrival.
    program.press("3/IMG01<Enter><Enter>/local admin").await;
    program.sees("not found");
    program.press("<Esc><Esc>4").await;
    reads(&program, 1, "Passwords are not listed yet: ⏎ asks. The policy asks first: ");
    reads(&program, 1, "line 1: only with a call.");
    assert!(program.line_with("4 Passwords").contains("asks first"));
    program.press("<Enter>").await;
    program.sees("List the passwords of this client?").sees("Harbour & Pine Dental").sees("y list · ");
    program.press("<Enter>4R").await;
    assert_eq!(PASSWORDS.map(|part| requests(&program, part)), [0; 3]);
    program.press("y").await;
    program.press(RECORD).await;
    program.sees("HPD-IMG01 local admin").misses("asks first");
    assert!(!program.audit().contains("intent"), "no record was asked for");
    program.press("<Esc>3<Enter>/local admin").await;
    program.sees("HPD-IMG01 local admin").misses("not found");
    program.press("<Esc><Esc>4").await;
    program.misses("Passwords are not listed");
    // With another organization the stay is over, and so it is behind the lock.
    let before = PASSWORDS.map(|part| requests(&program, part));
    for leave in [["1/fjord<Enter><Enter>", "1/harbour<Enter><Enter>"], ["L", "<Enter>"]] {
        for keys in leave {
            program.press(keys).await;
        }
        program.press("4").await;
        reads(&program, 1, "Passwords are not listed yet");
        program.misses("HPD-IMG01 local admin");
        program.press("<C-k>IMG01 local<Esc>").await;
        program.misses("svc-img");
        program.press("4<Enter>y").await;
        program.press(RECORD).await;
        program.sees("HPD-IMG01 local admin");
    }
    assert!(PASSWORDS.map(|part| requests(&program, part)) > before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_passwords_with_a_reason_is_on_record_before_it_is_asked_for() {
    let mut program = start("[[rule]]\nactions = 'list-passwords'\nthen = 'ask-reason'\n").await;
    let dir = program.audit_dir.path().join("audit");
    std::fs::write(&dir, "in the way").expect("a file can take its place");
    program.press("4<Enter>audit of accounts<Enter>77002<Enter>").await;
    reads(&program, 1, "Passwords are not listed: it could not be recorded: could not make the directory audit");
    reads(&program, 1, "⏎ tries again.");
    assert_eq!(PASSWORDS.map(|part| requests(&program, part)), [0; 3]);
    std::fs::remove_file(&dir).expect("the file can go away again");
    program.press("R").await;
    program.press(RECORD).await;
    program.sees("HPD-IMG01 local admin").sees("ticket #77002");
    let audit = program.audit();
    let intent = audit.lines().find(|line| line.contains("\"intent\"")).expect("an intent");
    for part in ["\"list-passwords\"", "\"organizations\"", "audit of accounts", "\"77002\"", "Harbour & Pine Dental"] {
        assert!(intent.contains(part), "{part}: {audit}");
    }
    assert!(audit.contains("\"listed\"") && count(&audit, "\"intent\"") == 1, "{audit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_passwords_that_goes_on_record_does_so_once_for_a_stay() {
    let mut program = start("[[rule]]\nactions = 'list-passwords'\nthen = 'allow'\naudit = true\n").await;
    program.press(RECORD).await;
    program.sees("HPD-IMG01 local admin");
    program.press("R3415").await;
    assert_eq!(count(&program.audit(), "\"intent\""), 1, "{}", program.audit());
    program.press("L").await;
    program.press("<Enter>").await;
    program.press(RECORD).await;
    program.sees("HPD-IMG01 local admin");
    assert_eq!(count(&program.audit(), "\"intent\""), 2, "{}", program.audit());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denied_document_is_listed_and_its_text_neither_shown_nor_asked_for() {
    let mut program = start("[[rule]]\nactions = 'view'\nname = 'VPN*'\nthen = 'deny'\n").await;
    program.press("2/vpn remote<Enter><Enter>").await;
    program.sees("Not shown: policy denies this: /etc/gluepot/policy.toml, line 1");
    assert_eq!(requests(&program, "GET /documents/") + requests(&program, "/sections"), 0);
    program.press("y").await;
    program.misses("code 1");
    program.press("<Esc>2/restart the imaging<Enter><Enter>").await;
    program.misses("Not shown").sees("Restart");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_is_asked_for_is_shown_after_yes_until_the_stay_is_over() {
    let mut program = start("[[rule]]\nactions = 'view'\nname = 'VPN*'\nthen = 'ask'\nwhy = 'only on a call'\n").await;
    program.press("2/vpn remote<Enter>").await;
    program.sees("Not shown yet: policy asks first: /etc/gluepot/policy.toml, line 1: only on a call.");
    program.sees("Press ⏎ to continue.");
    program.press("<Enter>").await;
    program.sees("Read this document?").sees("VPN for remote staff").sees("y show · ");
    program.press("<Enter><Esc>").await;
    program.sees("Not shown yet");
    assert_eq!(requests(&program, DOCUMENT) + requests(&program, "/sections"), 0);
    program.press("<Enter>y").await;
    program.misses("Not shown").sees(VPN);
    program.press("<Esc>jk<Enter>").await;
    program.sees(VPN);
    assert!(!program.audit().contains("intent"));
    for leave in [["L", "<Enter>"], ["1/fjord<Enter><Enter>", "1/harbour<Enter><Enter>2/vpn remote<Enter>"]] {
        for keys in leave {
            program.press(keys).await;
        }
        program.sees("Not shown yet").misses(VPN);
        program.press("0<Enter>y").await;
        program.sees(VPN);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_may_not_be_read_is_not_offered_as_json() {
    let mut program = start("[[rule]]\nactions = 'view'\nname = 'VPN*'\nthen = 'deny'\n").await;
    program.press("2/vpn remote<Enter><Enter>").await.misses(VPN);
    program.press("yjson").await.misses("All of it").misses(VPN);
    program.press("<Esc>2/password reset<Enter><Enter>").await;
    program.press("yjson").await.sees("All of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_with_a_reason_is_shown_with_both_on_record() {
    let mut program = start("[[rule]]\nactions = 'view'\nname = 'VPN*'\nthen = 'ask-reason'\n").await;
    program.press("2/vpn remote<Enter><Enter>").await;
    program.sees("Read this document?").sees("asks for a reason and a ticket");
    program.press("<Enter><Enter>").await;
    program.sees("Give a reason in a few words.").sees("Ticket number required.").misses(VPN);
    program.press("new laptop<Enter>#77003<Enter>").await;
    program.sees(VPN).sees("ticket #77003");
    let audit = program.audit();
    let intent = audit.lines().find(|line| line.contains("\"intent\"")).expect("an intent");
    for part in ["\"view\"", "\"documents\"", "VPN for remote staff", "new laptop", "\"77003\""] {
        assert!(intent.contains(part), "{part}: {audit}");
    }
    assert!(audit.contains("\"read\""), "{audit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_goes_on_record_does_so_when_it_is_opened_and_once_for_a_stay() {
    let mut program = start("[[rule]]\nactions = 'view'\nthen = 'allow'\naudit = true\nwhy = 'ISO'\n").await;
    // A cursor that passes by, and one that rests, read nothing.
    program.press("2jjjjkkkkjjjj").await;
    program.press("/vpn remote<Enter>").await;
    program.sees("Not shown yet: policy wants it on record: /etc/gluepot/policy.toml, line 1: ISO.");
    program.sees("Press ⏎ to record that you read it and show it.");
    assert_eq!(requests(&program, DOCUMENT) + requests(&program, "/sections"), 0);
    assert!(!program.audit().contains("intent"));
    program.press("<Enter>").await;
    program.sees(VPN);
    program.press("<Esc>jk<Enter>R<Esc>").await;
    program.press("<C-k>vpn for remote<Enter>").await;
    program.sees(VPN);
    let audit = program.audit();
    assert_eq!((count(&audit, "\"intent\""), count(&audit, "\"read\"")), (1, 1), "{audit}");
    program.press("L").await;
    program.press("<Enter>").await;
    program.misses(VPN);
    program.press("<Enter>").await;
    program.sees(VPN);
    assert_eq!(count(&program.audit(), "\"intent\""), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_cannot_be_recorded_is_not_shown_and_the_pane_says_what_to_do() {
    let mut program = start("[[rule]]\nactions = 'view'\nthen = 'allow'\naudit = true\n").await;
    let dir = program.audit_dir.path().join("audit");
    std::fs::write(&dir, "in the way").expect("a file can take its place");
    program.press("2/vpn remote<Enter><Enter>").await;
    program.sees("Not shown: it could not be recorded: could not make the directory audit");
    program.sees("⏎ tries again.").misses(VPN);
    program.press("<Enter>y").await;
    program.misses(VPN);
    assert_eq!(requests(&program, DOCUMENT) + requests(&program, "/sections"), 0);
    program.press("<Esc>").await;
    std::fs::remove_file(&dir).expect("the file can go away again");
    program.press("R").await;
    program.sees(VPN);
    assert_eq!(count(&program.audit(), "\"intent\""), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialog_before_a_document_does_not_outlive_the_lock() {
    let mut setup = Setup::default().organization("HPD");
    setup.policies = policy("[[rule]]\nactions = 'view'\nname = 'VPN*'\nthen = 'ask-reason'\n");
    setup.config.ui.lock_after = 1;
    let mut program = setup.start().await;
    program.press("2/vpn remote<Enter><Enter>half a reason").await;
    program.wait_for("locked").await;
    program.settle().await;
    program.press("<Enter>").await;
    program.misses("half a reason").misses("Read this document?").sees("Not shown yet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_with_a_reason_is_on_record_before_it_leaves() {
    let mut program = start("[[rule]]\nactions = 'open-link'\nthen = 'ask-reason'\n").await;
    program.press(RECORD).await;
    let dir = program.audit_dir.path().join("audit");
    std::fs::write(&dir, "in the way").expect("a file can take its place");
    program.press("o").await;
    program.sees("Copy this address?").sees("https://").sees("asks for a reason and a ticket");
    program.press("vendor page<Enter>77004<Enter>").await;
    program.sees("Not opened: it could not be recorded: could not make the directory audit");
    std::fs::remove_file(&dir).expect("the file can go away again");
    program.press("ovendor page<Enter><Enter>").await;
    let audit = program.audit();
    let intent = audit.lines().find(|line| line.contains("\"intent\"")).expect("an intent");
    for part in ["\"open-link\"", "https://", "HPD-IMG01 local admin", "vendor page", "\"77004\""] {
        assert!(intent.contains(part), "{part}: {audit}");
    }
    assert_eq!(count(&audit, "\"of\":"), 1, "with what came of it: {audit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_asked_for_is_not_copied_without_a_yes() {
    let mut program = start("[[rule]]\nactions = 'open-link'\nthen = 'ask'\naudit = true\n").await;
    program.press(RECORD).await;
    program.press("o").await;
    program.sees("Copy this address?").sees("The policy asks first").sees("It is recorded first.").sees("c copy");
    program.press("<Enter>o").await;
    assert!(!program.audit().contains("intent"));
    program.press("c").await;
    assert_eq!(count(&program.audit(), "\"intent\""), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denied_link_is_neither_opened_nor_copied_as_an_address() {
    let mut program = start("[[rule]]\nactions = 'open-link'\nthen = 'deny'\n").await;
    program.press(RECORD).await;
    program.press("o").await;
    program.sees("Not opened: policy denies this (policy.toml, line 1)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_policy_lets_people_read_and_fetches_nothing_secret() {
    let mut program = start("\n\nthen = 'allow'\n").await;
    program.press("2/vpn remote<Enter><Enter>").await;
    program.sees("VPN for remote staff").misses("Not shown");
    program.press("<Esc>4").await;
    program.sees("Passwords are not listed: policy");
    program.press("S").await;
    program.sees("/etc/gluepot/policy.toml, line 3: then is not known here");
    assert_eq!(requests(&program, "/passwords"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_list_no_preview_no_finder_and_no_filter_asks_for_a_value() {
    let mut program = Setup::default().organization("HPD").start().await;
    for keys in [
        "1",
        "2jj",
        "3jj",
        "4jjjjjj",
        "5}}}}",
        "4/admin<Enter>jj<Enter>",
        "<C-k>admin<Down><Enter>",
        "<C-k>pass<Tab><Enter>",
        "[",
        "]",
        "4R",
    ] {
        program.press(keys).await;
    }
    assert!(requests(&program, "/passwords") > 3, "passwords were looked at");
    assert_eq!(value_requests(&program), 0);
    let shows = program.server.requests();
    let shows: Vec<_> = shows.iter().filter(|r| r.target.contains("/passwords/")).collect();
    assert!(!shows.is_empty() && shows.iter().all(|r| r.target.contains("show_password=false")));
    assert!(!program.audit().contains("intent"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_is_shown_and_keeps_every_request_of_a_run_inside_one_organization() {
    let mut setup = Setup::default();
    let world = gluepot_fake::data::demo();
    let own = world
        .ids(gluepot_fake::Table::Organizations)
        .into_iter()
        .find(|id| {
            world
                .attribute(gluepot_fake::Table::Organizations, *id, "short-name")
                .is_some_and(|n| n.as_str() == Some("HPD"))
        })
        .expect("the demo has that client");
    setup.organization = Some(own.to_string());
    setup.inside = gluepot_itglue::Inside::Of(own);
    let mut program = setup.start().await;
    program.settle().await;
    program.sees("locked to this client").sees("Harbour & Pine Dental");
    program.press("1").await;
    program.misses("Fjord Logistics");
    // Every pane, and a record of each.
    program.press("2<Enter>").await;
    program.press("3<Enter>").await;
    program.press("4<Enter>").await;
    program.press("5<Enter>").await;
    let requests = program.server.requests();
    assert!(requests.len() > 5, "{}", requests.len());
    for request in requests {
        let target = request.target.as_str();
        let named = target
            .split("/organizations/")
            .nth(1)
            .map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned());
        assert!(named.is_none_or(|id| id == own.to_string()), "{target}");
        let all = target.starts_with("/organizations?");
        assert!(!all || target.contains(&format!("={own}&")) || target.ends_with(&format!("={own}")), "{target}");
    }
}
