//! Tests that the machine forbids: said, kept, and listed at the end.
//!
//! A test of Rust's own runner can pass or fail; that it could not be run is nothing it can say once it has begun. So such
//! a test says it with [`skip`], and the test program `what_was_skipped`, which runs last, lists what was said in this run
//! as ignored, with the reasons.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Where the records of one run are: its test programs have the same parent, which is `cargo`.
fn records() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    // target/debug/deps/PROGRAM
    let target = program.ancestors().nth(2).unwrap_or(Path::new("."));
    let folder = target.join("skipped");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(parent().to_string()))
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

/// Says that a test could not be run here and why, past the capture of the test runner, and keeps it for the list at the
/// end of the run.
pub fn skip(test: &str, why: &str) {
    say(&format!("skipped: {test}: {why}"));
    let kept = records().and_then(|path| {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(format!("{test}, {why}\n").as_bytes())
    });
    if let Err(error) = kept {
        say(&format!("that {test} was skipped could not be kept: {error}"));
    }
}

/// Says something past the capture of the test runner, a figure for example.
pub fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

/// Takes the list of what was skipped in this run, and forgets what older runs left.
pub fn take() -> io::Result<Vec<String>> {
    let path = records()?;
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let mut list: Vec<String> = text.lines().map(str::to_owned).collect();
    list.sort();
    list.dedup();
    if let Some(folder) = path.parent() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(list)
}
