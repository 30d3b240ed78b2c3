//! The organization lock of the real program: what left it, by the log of the IT Glue it talks to.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use gluepot_fake::Table;
use tempfile::TempDir;

use crate::stage::{Stage, go_to_password};
use gluepot_testkit::pty::{End, Session, Start};

/// The client of the lock, and another one.
const NAME: &str = "Harbour & Pine Dental";
const OWN: u64 = 4_120_387;
const OTHER: &str = "Fjord Logistics";

fn home(stage: &Stage, policy: &str) -> TempDir {
    // What the cursor is on is shown at once: which keys follow then does not depend on how fast they come.
    let home = stage.home("[ui]\npreview_ms = 0\n");
    let path = home.path().join(".config/gluepot/policy.toml");
    let file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(policy.as_bytes())).expect("a policy");
    home
}

fn run(stage: &Stage, policy: &str, args: &[&str]) -> Session {
    Start::gluepot(args).home(home(stage, policy)).run()
}

/// The requests that were about anything but the one client.
fn outside(stage: &Stage, by_name: bool) -> Vec<String> {
    let own = OWN.to_string();
    let is_own = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query.replace("%5B", "[").replace("%5D", "]");
        let has = |part: &str| query.split('&').any(|one| one == part);
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let owned = |table: Table, id: &str| {
            let id = id.parse().unwrap_or(0);
            let owner = |world: &mut gluepot_fake::World| world.attribute(table, id, "organization-id")?.as_u64();
            stage.server().with_world(owner) == Some(OWN)
        };
        match parts.as_slice() {
            ["organizations"] => {
                has(&format!("filter[id]={own}"))
                    || (by_name && has("filter[name]=Harbour+%26+Pine+Dental") && has("page[size]=2"))
            }
            ["organizations", id, ..] => *id == own,
            ["flexible_asset_types"] => true,
            ["flexible_assets"] => has(&format!("filter[organization-id]={own}")),
            ["expirations"] => has(&format!("filter[organization_id]={own}")),
            ["documents", id, ..] => owned(Table::Documents, id),
            ["configurations", id] => owned(Table::Configurations, id),
            ["passwords", id] => owned(Table::Passwords, id),
            ["contacts", id] => owned(Table::Contacts, id),
            ["locations", id] => owned(Table::Locations, id),
            ["flexible_assets", id] => owned(Table::FlexibleAssets, id),
            ["checklists", id, ..] => owned(Table::Checklists, id),
            _ => false,
        }
    };
    stage.server().requests().into_iter().map(|request| request.target).filter(|target| !is_own(target)).collect()
}

/// Gives the client of the lock quick notes with a link to a record of another one.
fn lure(stage: &Stage) {
    stage.server().with_world(|world| {
        let owner = |id| world.attribute(Table::Configurations, id, "organization-id").and_then(|o| o.as_u64());
        let mut foreign = world.ids(Table::Configurations).into_iter().filter(|&id| owner(id) != Some(OWN));
        let id = foreign.next().expect("there are others");
        let notes = format!("<div><a href=\"/{}/configurations/{id}\">over there</a></div>", owner(id).unwrap_or(0));
        world.edit(Table::Organizations, OWN, |attributes| {
            attributes.insert("quick-notes".to_owned(), notes.into());
        });
    });
}

/// Presses all that leads elsewhere in a program that is not locked.
fn try_to_leave(session: &Session) {
    let press = |keys: &str| {
        session.send(keys);
        session.settle(std::time::Duration::from_millis(60));
    };
    // The pane of organizations, refreshed, to its end, and into it.
    press("1R");
    press("G\r");
    press("1/Fjord\r");
    press("\r");
    press("\x1b\x1b");
    // A link of the quick notes to a record of another client.
    press("1R");
    press("\r");
    press("Q");
    session.wait_for("over there");
    press("\x1b");
    press("0f\r");
    session.wait_for("the organization lock keeps it from leaving");
    // Everything of that other client is refused; back to where there is something to ask for.
    press("1R");
    press("1\r");
    session.wait_for("HPD-AP01");
    // The finder and the palette with other clients' names.
    for opener in ["\x0b", ":"] {
        press(opener);
        press("Fjord");
        press("\r");
        press("\x1b\x1b\x1b");
    }
    // Linked records of a device, and back and forth.
    press("3/HPD-IMG01\r");
    press("\r");
    for _ in 0..4 {
        press("0f\r");
    }
    press("[[[]]]");
    // Every other kind, refreshed.
    for pane in ["2", "3", "4", "5"] {
        press(pane);
        press("R\r");
        press("R");
    }
    for _ in 0..6 {
        press("5}");
        press("\r");
    }
    press("\x1b\x1b");
}

#[test]
fn a_policy_keeps_a_whole_run_inside_the_organization_it_names() {
    let stage = Stage::new(false);
    lure(&stage);
    let session = run(&stage, &format!("organization = \"{NAME}\"\n"), &[]);
    session.wait_for("HPD-AP01");
    session.wait_for("locked to this client");
    go_to_password(&session);
    // The record itself says which versions there are; the list does not.
    session.wait_for("Earlier versions");
    session.send("v");
    session.wait_for("Earlier versions of HPD");
    session.send("\x1b");
    session.wait_gone("Earlier versions of HPD");
    stage.reveal(&session);
    session.send("r");
    session.wait_gone(&stage.value);
    try_to_leave(&session);
    session.send("S");
    session.wait_for("One client");
    assert_eq!(outside(&stage, true), Vec::<String>::new());
    let asked = stage.server().count("filter[name]");
    assert_eq!((asked, stage.server().count("show_password=true")), (1, 1), "found once, revealed once");
    assert!(stage.server().requests().len() > 20, "the run did something: {}", stage.server().requests().len());
    assert!(!String::from_utf8_lossy(&session.all_bytes()).contains(OTHER), "no other client was shown");
}

#[test]
fn the_same_by_id_on_the_command_line() {
    let stage = Stage::new(false);
    lure(&stage);
    let session = run(&stage, "", &["--org", "4120387", "--lock-org"]);
    session.wait_for("HPD-AP01");
    session.wait_for("locked to this client");
    try_to_leave(&session);
    assert_eq!(outside(&stage, false), Vec::<String>::new());
    assert!(!String::from_utf8_lossy(&session.all_bytes()).contains(OTHER));
}

#[test]
fn a_name_that_is_not_one_organizations_leaves_nothing_to_ask_for() {
    for (args, twice, why) in [
        (["--org", "HPD", "--lock-org"], false, "organization has the whole name HPD"),
        (["--org", NAME, "--lock-org"], true, "one organization may be called"),
    ] {
        let stage = Stage::new(false);
        if twice {
            stage.server().with_world(|world| {
                let id = world.ids(Table::Organizations).into_iter().find(|&id| id != OWN).expect("another client");
                world.edit(Table::Organizations, id, |attributes| {
                    attributes.insert("name".to_owned(), NAME.into());
                });
            });
        }
        let session = Start::gluepot(&args).home(home(&stage, "")).size(140, 40).run();
        let said = |screen: &vt100::Screen| {
            let text: String = screen.contents().split(['│', '┃', '\n', ' ']).collect();
            text.contains(&why.replace(' ', ""))
        };
        session.wait_until(why, said);
        session.send("1R\r2R3R4R5R:");
        session.settle(std::time::Duration::from_millis(200));
        let targets: Vec<_> = stage.server().requests().into_iter().map(|request| request.target).collect();
        assert!(targets.len() == 1 && targets[0].contains("name"), "{targets:?}");
    }
}

#[test]
fn locks_that_contradict_each_other_ask_for_nothing() {
    let stage = Stage::new(false);
    // On the command line: it does not even start.
    let mut session = run(&stage, "\norganization = 4120387\n", &["--org", "4120388"]);
    session.wait_for("--org 4120388 is not the organization this run is locked to");
    session.wait_for("policy.toml, line 2");
    assert_eq!(session.wait_exit(), End::Code(1));
    let mut session = run(&stage, "organization = 4120387\n", &["--org", "4120388", "--lock-org"]);
    session.wait_for("--org 4120388 is not the organization");
    assert_eq!(session.wait_exit(), End::Code(1));
    // A name and an id that are not the same organization's are found out by one question.
    let session = run(&stage, &format!("organization = \"{NAME}\"\n"), &["--org", "4120388"]);
    session.wait_for("Nothing is asked for");
    session.send("1R2R3R4R5R");
    session.settle(std::time::Duration::from_millis(200));
    assert_eq!(stage.server().requests().len(), stage.server().count("filter[name]"));
    // A file that is broken and may have named one.
    stage.server().forget_requests();
    let session = run(&stage, "organization = 'HPD\n", &[]);
    session.wait_for("Nothing is asked for");
    session.send("1R2R3R4R5R");
    session.settle(std::time::Duration::from_millis(200));
    assert_eq!(stage.server().requests().len(), 0);
}

#[test]
fn another_client_by_short_name_is_not_opened_and_its_own_is() {
    let stage = Stage::new(false);
    let session = run(&stage, "organization = 4120387\n", &["--org", "FJL"]);
    session.wait_for("Not opened: FJL is not the organization this run is locked to");
    assert_eq!(outside(&stage, false), Vec::<String>::new());
    let session = run(&stage, "organization = 4120387\n", &["--org", "HPD"]);
    session.wait_for("HPD-AP01");
    assert_eq!(outside(&stage, false), Vec::<String>::new());
}

#[test]
fn the_doctor_keeps_to_the_lock_too() {
    let stage = Stage::new(false);
    let home = home(&stage, &format!("organization = \"{NAME}\"\n"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gluepot"));
    command.arg("doctor").env_clear().env("HOME", home.path());
    let output = command.output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("locked to organization Harbour & Pine Dental (line 1)"), "{told}");
    assert_eq!(stage.server().requests().len(), 1, "{told}");
    assert_eq!(outside(&stage, true), Vec::<String>::new());
}
