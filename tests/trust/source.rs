//! P28: what can be seen in the source itself, and in the list of what it is built from.

use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use serde::Deserialize;

/// Where `unsafe` may stand.
const RAW: &str = "crates/core/src/raw/";

/// All Rust files of the program, its tests, benches, examples and fuzz targets.
fn files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of the source") {
            let path = entry.expect("an entry of the source").path();
            // What cargo-fuzz builds and collects.
            if path.is_dir() && !["target", "corpus", "artifacts"].iter().any(|name| path.ends_with(name)) {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for part in ["src", "crates", "tests", "benches", "examples", "fuzz"] {
        walk(&root.join(part), &mut found);
    }
    found.iter().map(|path| path.strip_prefix(root).expect("below the root").to_owned()).collect()
}

/// The lines with the word, or where its lint is lifted, outside of comments. It also counts in a string:
/// rather a false alarm than a macro that writes it.
fn unsafe_lines(source: &str) -> Vec<usize> {
    let word = |line: &str, word: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word);
    source
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| word(line, concat!("uns", "afe")) || word(line, concat!("uns", "afe_code")))
        .map(|(number, _)| number + 1)
        .collect()
}

#[test]
fn p28_unsafe_stands_in_one_module_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = files();
    assert!(files.len() > 150, "this test sees too little: {} files", files.len());
    let (mut inside, mut outside) = (0, Vec::new());
    for file in &files {
        let lines = unsafe_lines(&std::fs::read_to_string(root.join(file)).expect("a source"));
        if file.starts_with(RAW) {
            inside += lines.len();
        } else {
            outside.extend(lines.iter().map(|line| format!("{}:{line}", file.display())));
        }
    }
    assert!(inside > 20, "this test does not see what is in {RAW}: {inside} lines");
    assert!(outside.is_empty(), "these belong into {RAW}: {outside:?}");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("the manifest");
    assert!(manifest.lines().any(|line| line == concat!("uns", "afe_code = \"deny\"")), "the lint was lifted for all");
}

#[test]
fn p28_the_search_for_unsafe_finds_it() {
    let bad = concat!("// uns", "afe here\nfn f() {\n    uns", "afe { g() }\n}\n#![allow(uns", "afe_code)]\n");
    assert_eq!(unsafe_lines(bad), [3, 5]);
    assert_eq!(unsafe_lines("AuditError::unsafe_file(path)"), [0_usize; 0]);
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct Advisories {
    advisory: Vec<Advisory>,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    #[serde(rename = "crate")]
    name: String,
    /// Requirements of which one is enough
    patched: Vec<VersionReq>,
}

impl Advisory {
    fn is_about(&self, name: &str, version: &Version) -> bool {
        self.name == name && !self.patched.iter().any(|patched| patched.matches(version))
    }
}

#[test]
fn p28_no_locked_crate_has_a_known_advisory() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lock: Lock = toml::from_str(&read("Cargo.lock")).expect("a lock file");
    let known: Advisories = toml::from_str(&read("tests/data/advisories.toml")).expect("advisories");
    assert!(known.advisory.len() >= 25, "this test sees too little: {} advisories", known.advisory.len());
    let open: Vec<_> = lock
        .package
        .iter()
        .flat_map(|package| {
            let version = Version::parse(&package.version).expect("a version");
            let about = known.advisory.iter().filter(move |advisory| advisory.is_about(&package.name, &version));
            about.map(|advisory| format!("{} {}: {}", package.name, package.version, advisory.id))
        })
        .collect();
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn p28_an_advisory_is_told_from_what_it_does_not_concern() {
    let known: Advisories = toml::from_str(
        "[[advisory]]\nid = 'A'\ncrate = 'rustls'\npatched = ['<0.23.13', '>=0.23.45']\n[[advisory]]\nid = 'B'\ncrate = 'h2'\npatched = []",
    )
    .expect("advisories");
    let [tls, h2] = &known.advisory[..] else { panic!("two advisories") };
    let is =
        |advisory: &Advisory, name: &str, version: &str| advisory.is_about(name, &version.parse().expect("a version"));
    assert!(is(tls, "rustls", "0.23.13") && is(tls, "rustls", "0.23.44") && is(h2, "h2", "1.0.0"));
    assert!(!is(tls, "rustls", "0.23.12") && !is(tls, "rustls", "0.23.46") && !is(tls, "ring", "0.23.44"));
}
