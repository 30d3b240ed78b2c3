//! What a list or record looks like when it is loading, refused, failed, incomplete, archived or empty.

use gluepot_fake::{Rule, Table};

use crate::app::{Program, Setup};

async fn with_fault(fault: &str) -> Program {
    let mut program = Setup::default().start().await;
    let rule: Rule = fault.parse().expect("the fault is spelled right");
    program.server.faults().add(rule);
    program.press("/harbour dental<Enter><Enter>").await;
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forbidden_list_says_so_in_its_pane_and_the_others_work() {
    let mut program = with_fault("403:path=/configurations").await;
    program.press("3").await;
    program.sees("This key may not read configurations").sees("forbidden");
    program.press("2").await;
    program.sees("╭ 2 Documents");
}

/// Each failure says what happened, to which request where that is not plain, and what to do next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_failure_of_a_list_says_what_happened_and_what_to_press() {
    for (fault, happened, next, word) in [
        ("401", "IT Glue refused the key at the demo (401).", "Start gluepot again with a good key.", "refused"),
        ("403", "This key may not read configurations (403).", "Ask an IT Glue administrator", "forbidden"),
        ("404", "IT Glue has no such record in configurations (404).", "then press R", "failed"),
        ("422", "IT Glue rejected the request for configurations (422).", "R to retry", "failed"),
        ("418", "IT Glue gave an unknown answer for configurations (418).", "R to retry", "failed"),
        (
            "captive-portal",
            "A web page came instead of IT Glue's answer.",
            "open any web page in a browser, then press R",
            "failed",
        ),
        ("redirect=http://127.0.0.9:1", "a redirect to 127.0.0.9, which is not followed.", "then press R", "failed"),
        ("truncate", "configurations", "R", "failed"),
    ] {
        let mut program = with_fault(&format!("{fault}:path=/relationships/configurations")).await;
        program.press("3z").await;
        let flat = program.text().split(['│', '┃', '\n']).map(str::trim).collect::<Vec<_>>().join(" ");
        let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(happened), "{fault}: no {happened:?} in\n{}", program.text());
        assert!(flat.contains(next.trim_start_matches("then ")), "{fault}: no {next:?} in\n{}", program.text());
        program.sees(word).misses("region");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_list_says_why_and_can_be_asked_for_again() {
    let mut program = with_fault("422:path=/relationships/passwords").await;
    program.press("4").await;
    program.sees("R to retry").sees("failed");
    program.server.faults().clear();
    program.press("R").await;
    program.misses("R to retry").sees("Break-glass account");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_that_fails_keeps_the_old_rows() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3").await;
    program.server.faults().add("422:path=/configurations".parse::<Rule>().expect("a fault"));
    program.press("R").await;
    program.sees("HPD-AP01").sees("failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hidden_folders_leave_the_documents_and_are_named() {
    let mut program = with_fault("folders-refused").await;
    program.press("2").await;
    program.sees("folders hidden from this key").sees("╭ 2 Documents");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_another_organization_are_refused_and_counted() {
    let mut program = with_fault("foreign-row:path=/relationships/configurations").await;
    program.press("3z").await;
    program.sees("refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreadable_record_is_one_marked_row() {
    let mut program = with_fault("malformed-row:path=/relationships/configurations").await;
    program.press("3G").await;
    program.sees("unreadable record").sees("HPD-");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_work_while_the_server_is_silent() {
    let mut program = Setup::default().start().await;
    program.server.faults().add("silent:path=/configurations".parse::<Rule>().expect("a fault"));
    program.type_fast("/harbour dental<Enter><Enter>3");
    program.wait_for("Loading configurations").await;
    program.type_fast("2");
    program.wait_for("Mail did not arrive").await;
    program.type_fast("1/fjord<Enter>");
    program.wait_for("Fjord Logistics").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn archived_records_are_behind_a_key() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.press("3").await;
    let before = program.line_with("3 Configurations");
    program.press("a").await;
    program.sees("Archived records are shown.");
    assert_ne!(before, program.line_with("3 Configurations"));
    program.press("G").await;
    program.press("/archived").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_drawn_while_nothing_changes() {
    let mut program = Setup::default().organization("HPD").start().await;
    let frames = program.app.frames();
    program.settle().await;
    program.app.tick();
    program.draw();
    assert_eq!(program.app.frames(), frames);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_whose_text_cannot_be_fetched_says_so_and_never_that_it_has_none() {
    // Some documents come without their text, which is then asked for apart.
    let mut world = gluepot_fake::data::demo();
    for id in world.ids(Table::Documents) {
        if world.name(Table::Documents, id) == "VPN for remote staff" {
            world.edit(Table::Documents, id, |attributes| {
                attributes.insert("content".into(), serde_json::Value::Null);
            });
        }
    }
    let mut program = Setup::with_world(world).organization("HPD").start().await;
    program.server.faults().add("422:path=/sections".parse::<Rule>().expect("a fault"));
    program.press("2/vpn for remote<Enter><Enter>").await;
    program.sees("The text is missing.").sees("failed, R to retry").misses("This document has no text");
    program.server.faults().clear();
    program.press("R").await;
    program.misses("The text is missing.").sees("Put the account into the group");
    // A refresh that fails keeps the text that is there.
    program.server.faults().add("422:path=/sections".parse::<Rule>().expect("a fault"));
    program.press("R").await;
    program.sees("failed, R to retry").sees("Put the account into the group");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_asset_type_that_cannot_be_read_is_not_an_empty_one() {
    let mut program = Setup::default().organization("HPD").start().await;
    program.server.faults().add("403:path=/flexible_assets?:count=1".parse::<Rule>().expect("a fault"));
    program.press("5").await;
    program.sees("forbidden").sees("This key may not read");
    program.press("R").await;
    program.misses("forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_organization_asked_for_at_the_start_opens_once_its_list_could_be_loaded() {
    let mut setup = Setup::default().organization("HPD");
    setup.server.faults.push("422".parse().expect("a fault"));
    let mut program = setup.start().await;
    program.sees("R to retry").sees("no organization is open");
    program.server.faults().clear();
    program.press("1R").await;
    program.sees("Harbour & Pine Dental ▌HPD").sees("HPD-AP01");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_is_filtered_for_before_the_list_is_there_is_shown_when_it_comes() {
    let mut program = Setup::default().start().await;
    let late = "latency=900ms:path=/relationships/passwords";
    program.server.faults().add(late.parse::<Rule>().expect("a fault"));
    program.type_fast("/harbour dental<Enter><Enter>");
    program.wait_for("Mail did not arrive").await;
    program.type_fast("2/vpn remote<Enter>");
    program.wait_for("Documents › ").await;
    program.misses("HPD-IMG01 local admin");
    program.type_fast("4/HPD-IMG01 local<Enter>");
    program.wait_for("HPD-IMG01 local admin").await;
    program.settle().await;
    program.sees("User name");
}
