//! An embedded IT Glue that serves what an author of documents, or a broken server, might put into every field, and the
//! real binary in front of it.

use std::time::Duration;

use gluepot_core::text::is_hidden;
use gluepot_fake::world::{Table, World};
use gluepot_fake::{Options, Server, data};
use serde_json::{Value, json};

use gluepot_testkit::pty::{Session, Start};
use gluepot_testkit::tokens::{Token, is_ours, tokens};

/// The organization all of it belongs to.
pub const CLIENT: u64 = 4_120_387;

/// What is put before every text: clears the screen, sets the title, asks the terminal, turns the direction, hides, tags.
pub const ATTACK: &str =
    "\x1b[2J\x1b]0;t\x07\u{9b}6n\u{202e}\u{2066}\u{200b}\u{ad}\u{feff}\u{e0041}\u{e000}\u{fdd0}\u{85}";

/// How long the stream is still before the next key.
pub const REST: Duration = Duration::from_millis(150);

/// Begins the program against a world, in a window of this size, in the organization.
pub fn against(world: World, size: (u16, u16), config: &str) -> (Server, Session) {
    let server = Server::start_now(Options::with_world(world)).expect("the server starts");
    let start = start(&server, config).size(size.0, size.1);
    (server, start.run())
}

/// The program as [`against`] begins it, still to be changed.
pub fn start(server: &Server, config: &str) -> Start {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join(".config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), config).expect("a file");
    let url = server.base_url();
    let client = CLIENT.to_string();
    Start::gluepot(&["--base-url", &url, "--org", &client]).home(home).env("ITGLUE_API_KEY", server.key())
}

/// The demo's world with only the one client, and no documents but these. Each has a name and a body in HTML.
pub fn with_documents(documents: &[(String, String)]) -> World {
    let mut world = data::demo();
    for id in world.ids(Table::Organizations) {
        if id != CLIENT {
            world.remove(Table::Organizations, id);
        }
    }
    let all = world.under(Table::Documents, (Table::Organizations, CLIENT));
    // Those that are put away or no text cannot be read.
    let readable = |id: &u64| {
        let is = |key: &str| world.attribute(Table::Documents, *id, key).is_some_and(|value| *value == json!(true));
        !is("archived") && !is("is-uploaded")
    };
    let ids: Vec<u64> = all.iter().copied().filter(readable).take(documents.len()).collect();
    assert_eq!(ids.len(), documents.len(), "the demo has too few documents to stand in for these");
    for id in all.into_iter().filter(|id| !ids.contains(id)) {
        world.remove(Table::Documents, id);
    }
    for (id, (name, body)) in ids.into_iter().zip(documents) {
        world.edit(Table::Documents, id, |row| {
            row.insert("name".into(), json!(name));
            row.insert("content".into(), json!(body));
            row.insert("document-folder-id".into(), Value::Null);
        });
    }
    for folder in world.under(Table::DocumentFolders, (Table::Organizations, CLIENT)) {
        world.remove(Table::DocumentFolders, folder);
    }
    world
}

/// Panics if the stream holds anything but text that shows and sequences of the list. Gives the text.
#[track_caller]
pub fn assert_harmless(bytes: &[u8]) -> String {
    assert!(std::str::from_utf8(bytes).is_ok(), "the stream is no UTF-8");
    let mut all = String::new();
    for token in tokens(bytes) {
        match token {
            Token::Text(text) => {
                let hidden: Vec<char> = text.chars().filter(|&c| is_hidden(c)).collect();
                assert!(hidden.is_empty(), "{hidden:?} in {text:?}");
                all.push_str(&text);
                all.push('\n');
            }
            Token::Escape(sequence) if is_ours(&sequence) => {}
            other => panic!("{other:?} went to the terminal"),
        }
    }
    all
}

/// Ends the program and looks at every byte it ever wrote.
#[track_caller]
pub fn leaves_harmless(mut session: Session) -> String {
    session.send("\x03");
    session.wait_exit();
    assert_harmless(&session.all_bytes())
}
