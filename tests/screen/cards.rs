//! What a record's card says of values that come in many forms, and what other systems know of a record.

use gluepot_fake::{Table, World};
use serde_json::{Value, json};

use crate::app::{Program, Setup};

const CLIENT: u64 = 71;
const TYPE: u64 = 81;

fn insert(world: &mut World, table: Table, id: u64, attributes: Value) {
    let Value::Object(mut attributes) = attributes else { panic!("attributes are an object") };
    for key in ["created-at", "updated-at"] {
        attributes.entry(key).or_insert_with(|| "2026-01-01T08:00:00.000Z".into());
    }
    attributes.entry("organization-id").or_insert_with(|| CLIENT.into());
    world.insert(table, id, attributes);
}

fn world() -> World {
    let mut world = World::new();
    insert(&mut world, Table::Organizations, CLIENT, json!({"name": "Harbour Dental", "short-name": "HD"}));
    world
}

/// The one flexible asset of a type whose fields are (name, kind, tag type), with these traits.
fn asset(world: &mut World, fields: &[(&str, &str, &str)], traits: Value) {
    insert(world, Table::FlexibleAssetTypes, TYPE, json!({"name": "Backup", "enabled": true}));
    for (at, (name, kind, tag_type)) in fields.iter().enumerate() {
        let field = json!({
            "name": name, "name-key": name.to_lowercase().replace(' ', "-"), "kind": kind, "tag-type": tag_type,
            "order": at, "flexible-asset-type-id": TYPE,
        });
        insert(world, Table::FlexibleAssetFields, 900 + at as u64, field);
    }
    let asset = json!({"name": "Nightly", "flexible-asset-type-id": TYPE, "flexible-asset-type-name": "Backup",
        "traits": traits});
    insert(world, Table::FlexibleAssets, 3_300_917, asset);
}

async fn opened(setup: Setup) -> Program {
    let mut program = setup.size(140, 60).organization("HD").start().await;
    program.press("5").await.press("/nightly<Enter>").await.press("<Enter>").await;
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_known_by_its_number_is_shown_by_it_and_by_name_once_that_is_loaded() {
    let alone = json!({"type": "Configurations", "values": [{"id": 9_021_177}]});
    for server in [alone, json!(9_021_177), json!("9021177"), json!({"id": 9_021_177})] {
        let mut world = world();
        insert(&mut world, Table::Configurations, 9_021_177, json!({"name": "HPD-IMG01"}));
        asset(&mut world, &[("Server", "Tag", "Configurations")], json!({"server": server}));
        let mut setup = Setup::with_world(world);
        setup.server.faults.push("403:path=relationships/configurations".parse().expect("a fault"));
        let mut program = opened(setup).await;
        assert!(program.line_with("Server ").contains("9021177 ⟨configuration⟩"), "{server}\n{}", program.text());
        program.server.faults().clear();
        program.press("3R5").await;
        assert!(program.line_with("Server ").contains("HPD-IMG01 ⟨configuration⟩"), "{server}\n{}", program.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_a_flag_a_date_and_a_number_is_said_in_words_and_raw_data_never() {
    let fields = [
        ("Immutable", "Checkbox", ""),
        ("Offsite", "Checkbox", ""),
        ("Tested", "Checkbox", ""),
        ("Encrypted", "Checkbox", ""),
        ("Ends", "Date", ""),
        ("Begins", "Date", ""),
        ("Share", "Percent", ""),
        ("Colours", "Select", ""),
        ("Odd", "Text", ""),
        ("File", "Upload", ""),
        ("Login", "Password", ""),
    ];
    let traits = json!({
        "immutable": "true", "offsite": 0, "tested": "t", "encrypted": false, "ends": "9999-12-31", "begins": "next spring",
        "share": "50", "colours": ["red", "green"], "odd": {"deep": {"secretish": [1, 2]}},
        "file": {"id": 7, "file_name": "plan.pdf", "url": "https://files.example/plan.pdf"}, "login": "maple-Orbit-42",
    });
    let mut world = world();
    asset(&mut world, &fields, traits);
    let program = opened(Setup::with_world(world)).await;
    for (label, value) in [
        ("Immutable ", "yes"),
        ("Offsite ", "no"),
        ("Tested ", "yes"),
        ("Encrypted ", "no"),
        ("Ends ", "9999-12-31 · in "),
        ("Begins ", "next spring"),
        ("Share ", "50 %"),
        ("Colours ", "red, green"),
        ("Odd ", "see the web app"),
        ("File ", "plan.pdf · https://files.example/plan.pdf"),
        ("Login ", "not shown"),
    ] {
        assert!(program.line_with(label).contains(value), "{label}{value}\n{}", program.text());
    }
    program.misses("secretish").misses("maple-Orbit").misses("{\"");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_notes_are_read_to_their_end_although_the_list_cuts_them() {
    let mut world = world();
    let notes = format!("<div>Begin. {}</div><div>The very end.</div>", "Call reception before any visit. ".repeat(20));
    insert(
        &mut world,
        Table::Organizations,
        CLIENT,
        json!({"name": "Harbour Dental", "short-name": "HD", "quick-notes": notes}),
    );
    insert(&mut world, Table::Configurations, 1, json!({"name": "HD-01"}));
    let mut setup = Setup::with_world(world).size(100, 40).organization("HD");
    setup.server.faults.push("latency=300ms:path=/organizations/71?".parse().expect("a fault"));
    let mut program = setup.start().await;
    program.press("3").await;
    program.server.forget_requests();
    program.type_fast("Q");
    program.wait_for("The very end.").await;
    program.misses("Loading the rest");
    program.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rest_of_quick_notes_that_cannot_be_had_is_said_to_be_missing() {
    let mut world = world();
    let notes = format!("<div>Begin. {}</div>", "Call reception before any visit. ".repeat(20));
    insert(
        &mut world,
        Table::Organizations,
        CLIENT,
        json!({"name": "Harbour Dental", "short-name": "HD", "quick-notes": notes}),
    );
    let mut setup = Setup::with_world(world).size(100, 40).organization("HD");
    setup.server.faults.push("403:path=/organizations/71?".parse().expect("a fault"));
    let mut program = setup.start().await;
    program.press("3Q").await;
    program.sees("Begin. Call reception").sees("The rest is missing.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_lead_to_records_on_the_host_that_the_records_name_without_a_setting() {
    for host in ["https://harbour.itglue.com", "https://docs.harbour.example"] {
        let mut world = world();
        let body = format!(
            "<p><a href=\"{host}/DOC-71-42\">short</a> <a href=\"{host}/71/docs/42\">long</a> \
             <a href=\"https://elsewhere.example/71/docs/42\">foreign</a></p>"
        );
        for (id, name, content) in [(41, "Start here", body.as_str()), (42, "The runbook", "<p>Well done.</p>")] {
            let document = json!({"name": name, "document-folder-id": null, "content": content,
                "resource-url": format!("{host}/71/docs/{id}")});
            insert(&mut world, Table::Documents, id, document);
        }
        let mut setup = Setup::with_world(world).organization("HD");
        setup.hosts.clear();
        let mut program = setup.start().await;
        program.press("2/start<Enter><Enter>").await;
        program.sees("short ⟨document⟩").sees("long ⟨document⟩").sees("foreign ⟨https://elsewhere.example/71/docs/42⟩");
        program.press("f<Enter>").await;
        program.sees("Well done.");
    }
}

/// A document of that text, opened.
async fn document(body: &str, columns: u16, rows: u16) -> Program {
    let mut world = world();
    let text = json!({"name": "Start here", "document-folder-id": null, "content": body});
    insert(&mut world, Table::Documents, 41, text);
    let mut program = Setup::with_world(world).size(columns, rows).organization("HD").start().await;
    program.press("2/start<Enter><Enter>").await;
    program
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_to_a_place_of_the_same_document_goes_there_by_id_by_name_and_by_heading() {
    let filler = "<p>Between.</p>".repeat(60);
    for (href, place) in [
        ("#s2", "<h2 id=\"s2\">The second part</h2>"),
        ("#S2", "<p id='s2'>The second part</p>"),
        ("#s%202", "<p><a name=\"s 2\"></a>The second part</p>"),
        ("#s2", "<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td id=s2>The second part</td></tr></table>"),
        ("#s2", "<ul><li>x</li><li id=s2>The second part</li></ul>"),
        ("#s2", "<pre id=s2>The second part</pre>"),
        ("#the-second-part", "<h2>The second part</h2>"),
    ] {
        let body = format!("<p><a href=\"{href}\">Go on</a></p>{filler}{place}{filler}");
        let mut program = document(&body, 140, 24).await;
        program.misses("The second part");
        program.press("f<Enter>").await;
        program.sees("The second part");
    }
    let mut program = document("<p><a href=\"#nowhere\">Go on</a></p>", 140, 24).await;
    program.press("f<Enter>").await;
    program.sees("no place named nowhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_that_stand_in_a_text_can_be_followed_like_links() {
    let body = r"<p>Portal: https://portal.example/login. Mail help@harbour.example, files on \\fs1\share\it (old).</p>
        <p><a href='\\fs1\share\it'>The share</a></p>";
    let mut program = document(body, 140, 24).await;
    program.sees(r"Portal: https://portal.example/login. Mail help@harbour.example, files on \\fs1\share\it");
    program.sees(r"The share ⟨\\fs1\share\it⟩");
    let targets: Vec<String> =
        program.app.reader.detail.layout.links.iter().map(|link| link.target.address().to_owned()).collect();
    let wanted = ["https://portal.example/login", "help@harbour.example", r"\\fs1\share\it", r"\\fs1\share\it"];
    assert_eq!(targets[..4], wanted, "{targets:?}");
    program.press("f").await;
    assert_eq!(program.app.reader.detail.link, Some(0), "f goes to it");
}
