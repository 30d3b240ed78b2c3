//! The policy in whole runs: what the server was asked, what is on the screen, what is on record.

use std::path::Path;

use gluepot::policy::{File, Policies, parse};

use crate::app::{Program, Setup};

const RECORD: &str = "4/HPD-IMG01 local<Enter>";
const VALUE: &str = "maple-Orbit-42-thistle";

/// An administrator's policy.
fn policy(text: &str) -> Policies {
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
    program.sees("Not fetched: policy denies this: /etc/gluepot/policy.toml, line 1: only on site");
    assert_eq!(value_requests(&program), 0);
    assert!(!program.audit().contains("intent"));
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
    program.sees("Say in a few words why.").sees("A ticket is needed.");
    program.press("disk full<Enter><Enter>").await;
    program.sees("A ticket is needed.").sees(":disk full");
    assert_eq!(value_requests(&program), 0);
    program.press("#77001<Enter>").await;
    program.sees(VALUE).sees("ticket #77001");
    let audit = program.audit();
    assert!(audit.contains("\"reason\":\"disk full\"") && audit.contains("\"ticket\":\"77001\""), "{audit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denied_list_of_passwords_is_never_asked_for_by_any_way() {
    for then in ["deny", "ask", "ask-reason"] {
        let mut program = start(&format!("[[rule]]\nactions = 'list-passwords'\nthen = '{then}'\n")).await;
        program.press("4").await;
        program.sees("Passwords are not listed");
        program.press("R<Enter>").await;
        program.press("<C-k>IMG01<Esc>").await;
        program.misses("HPD-IMG01 local admin");
        // The linked passwords of a device come with it.
        program.press("3/IMG01<Enter><Enter>").await;
        program.misses("HPD-IMG01 local admin");
        for part in ["relationships/passwords", "password_folders", "/passwords?"] {
            assert_eq!(requests(&program, part), 0, "{part}");
        }
    }
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
async fn a_denied_link_is_neither_opened_nor_copied_as_an_address() {
    let mut program = start("[[rule]]\nactions = 'open-link'\nthen = 'deny'\n").await;
    program.press(RECORD).await;
    program.press("o").await;
    program.sees("Not opened: policy denies this: /etc/gluepot/policy.toml, line 1");
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
    let world = gluepot::fake::data::demo();
    let own = world
        .ids(gluepot::fake::Table::Organizations)
        .into_iter()
        .find(|id| {
            world
                .attribute(gluepot::fake::Table::Organizations, *id, "short-name")
                .is_some_and(|n| n.as_str() == Some("HPD"))
        })
        .expect("the demo has that client");
    setup.organization = Some(own.to_string());
    setup.inside = gluepot::api::Inside::Of(gluepot::model::OrganizationId(own));
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
