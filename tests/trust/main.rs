//! The promises of `SECURITY.md`, each shown on the real program or the real module by a test that fails when the
//! promise breaks. One file a subject; the name of a test begins with the promise it shows (`p5_…`).
//!
//! What takes longer than a few seconds, or needs what not every machine has (a second account, Xvfb, sway, rsyslog),
//! is marked `#[ignore]` with the reason; `tests/trust/all` installs what is needed and runs those. A test that the
//! machine forbids says so with [`skip`], never silently.

#![cfg(target_os = "linux")]

mod arguments;
mod audit;
mod chrome;
mod clipboard;
mod doctor;
mod exits;
mod faults;
mod handover;
mod history;
mod hostile;
mod keyfile;
mod links;
mod memory;
mod network;
mod policy;
mod process;
mod quota;
mod scope;
mod screen;
mod sink;
mod source;
mod stage;
mod text;
mod tls;
mod traces;
mod trail;
mod wake;

use gluepot_testkit::pty::{LIMIT, home_with};
use gluepot_testkit::skip::{say, skip};

/// Waits for something outside of the screen, such as a file or another process.
fn wait_until(what: &str, mut met: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !met() {
        assert!(start.elapsed() < LIMIT, "in vain: {what}");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Bytes in hexadecimal letters.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}
