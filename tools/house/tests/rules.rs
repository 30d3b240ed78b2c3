//! Where code lives: who may know whom, and how long files and functions may be. `docs/architecture.md` says why.
//!
//! `cargo run -p gluepot-house` prints the figures behind this.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gluepot_house::{Figures, House, Import, Length, between_files, between_folders, imports};

/// What a package may depend on, of ours, and what of others it must not.
const PACKAGES: [(&str, &[&str], &[&str]); 6] = [
    ("crates/core", &[], &["reqwest", "hyper", "ratatui", "crossterm", "clap", "arboard"]),
    ("crates/body", &["gluepot-core"], &["reqwest", "hyper", "ratatui", "crossterm", "clap", "arboard"]),
    ("crates/itglue", &["gluepot-core"], &["ratatui", "crossterm", "clap", "arboard"]),
    ("crates/fake", &["gluepot-core"], &["ratatui", "crossterm", "arboard", "reqwest"]),
    ("crates/testkit", &["gluepot-core"], &["ratatui", "crossterm", "clap"]),
    ("tools/house", &[], &[]),
];

/// The floors of the house, the lowest first: who is on one may import what is on the same or a lower one. Each file is
/// on the floor of the longest path that fits it.
const FLOORS: [&[&str]; 8] = [
    &[
        "crates/core/src/text",
        "crates/core/src/raw",
        "crates/core/src/clock",
        "crates/core/src/problem",
        "crates/core/src/private_file",
        "crates/core/src/lookalike",
    ],
    &["crates/core/src/secret"],
    &["crates/core/src/model"],
    &["crates/core/src/policy", "crates/core/src/audit"],
    &["crates/core/src"],
    &["crates/itglue", "crates/body", "crates/fake", "crates/testkit", "tools"],
    &["src"],
    &["src/tui", "src/cli", "src/lib", "src/main"],
];

/// Files that are longer, and why.
const LONG_FILES: [(&str, &str); 3] = [
    ("src/tui/shell/secrets.rs", "becomes a room of its own"),
    ("crates/testkit/src/pty.rs", "one terminal, as a person sees it"),
    ("crates/itglue/src/list.rs", "parameters of requests are still in it"),
];

/// Functions that are longer, and why.
const LONG_FUNCTIONS: [(&str, &str); 4] = [
    ("crates/itglue/src/error.rs", "a sentence for each failure"),
    ("src/tui/spell.rs", "a word for each character"),
    ("src/cli/audit/findings.rs", "a line for each finding"),
    ("src/tui/shell/console.rs", "becomes a room of its own"),
];

/// Circles that are left, between files and between folders. They may only get fewer.
const CIRCLES_LEFT: (usize, usize) = (7, 2);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Seen {
    figures: Figures,
    imports: BTreeSet<Import>,
}

fn seen() -> &'static Seen {
    static SEEN: OnceLock<Seen> = OnceLock::new();
    SEEN.get_or_init(|| {
        let house = House::read(&root()).expect("the source can be read");
        let seen = Seen { figures: Figures::of(&house), imports: imports(&house) };
        assert!(seen.figures.files.len() > 200, "this test sees too little: {} files", seen.figures.files.len());
        assert!(seen.imports.len() > 500, "this test sees too little: {} imports", seen.imports.len());
        seen
    })
}

fn dependencies(folder: &str, section: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = toml::from_str(&text).expect("a manifest is TOML");
    let tables = [Some(&manifest), manifest.get("target").and_then(toml::Value::as_table)];
    let found = tables.into_iter().flatten().flat_map(|table| {
        let nested = table.values().filter_map(toml::Value::as_table).filter_map(|table| table.get(section));
        table.get(section).into_iter().chain(nested)
    });
    found.filter_map(toml::Value::as_table).flat_map(|table| table.keys().cloned()).collect()
}

fn floor(path: &Path) -> usize {
    let fits = |name: &&str| path.starts_with(name) || path.with_extension("") == Path::new(name);
    let (length, floor) = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(at, names)| names.iter().filter(|name| fits(name)).map(move |name| (name.len(), at)))
        .max()
        .unwrap_or_else(|| panic!("{} is on no floor", path.display()));
    assert!(length > 0);
    floor
}

#[test]
fn each_package_depends_on_what_is_below_it_only() {
    for (folder, ours, not) in PACKAGES {
        let depends = dependencies(folder, "dependencies");
        let foreign: Vec<_> = depends.iter().filter(|name| not.contains(&name.as_str())).collect();
        assert!(foreign.is_empty(), "{folder} must not depend on {foreign:?}");
        let own = depends.iter().filter(|name| name.starts_with("gluepot") && !ours.contains(&name.as_str()));
        assert_eq!(own.collect::<Vec<_>>(), Vec::<&String>::new(), "{folder} depends on its neighbours");
    }
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    for (folder, ..) in PACKAGES {
        let text = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a manifest");
        assert!(text.contains("[lints]\nworkspace = true\n"), "{folder} lifts the lints, `unsafe_code` among them");
    }
}

#[test]
fn nobody_imports_from_a_floor_above() {
    let up: Vec<_> = seen().imports.iter().filter(|import| floor(&import.from) < floor(&import.to)).collect();
    assert!(up.is_empty(), "{up:#?}");
}

#[test]
fn the_screen_names_no_platform() {
    let imports = seen().imports.iter();
    let known: Vec<_> =
        imports.filter(|import| import.from.starts_with("src/tui") && import.to.starts_with("crates/itglue")).collect();
    assert!(known.is_empty(), "{known:#?}");
}

/// What is over a limit and is not named above, and what is named and is not over it.
fn unnamed(lengths: &[Length], limit: usize, named: &[(&str, &str)]) -> Vec<String> {
    let long: Vec<_> = lengths.iter().filter(|length| length.lines > limit).collect();
    let is_named = |length: &Length| named.iter().any(|(path, _)| length.path == Path::new(path));
    let new = long.iter().filter(|length| !is_named(length));
    let new = new.map(|length| format!("{} {}: {} lines", length.path.display(), length.name, length.lines));
    let gone = named.iter().filter(|(path, _)| !long.iter().any(|length| length.path == Path::new(path)));
    new.chain(gone.map(|(path, _)| format!("{path} is short enough now: take it off the list"))).collect()
}

#[test]
fn files_are_at_most_450_lines_and_functions_60() {
    let figures = &seen().figures;
    assert_eq!(unnamed(&figures.files, 450, &LONG_FILES), Vec::<String>::new());
    assert_eq!(unnamed(&figures.functions, 60, &LONG_FUNCTIONS), Vec::<String>::new());
}

#[test]
fn circles_of_imports_get_fewer() {
    let imports = &seen().imports;
    let (files, folders) = (between_files(imports), between_folders(imports));
    assert_eq!((files.len(), folders.len()), CIRCLES_LEFT, "files: {files:#?}\nfolders: {folders:#?}");
}
