//! Nothing that a test starts outlives it: not a multiplexer that went into the background, not the program in its
//! window; also when the test fails, and when the test program itself is killed.
//!
//! What a session starts is known by its home folder, which is in the environment of all that comes of it. What is left
//! when a test program ends is known by [`NAME`] in its environment; a shell that waits for the end of its input,
//! which the kernel closes with the test program, ends it.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use rustix::process::{Pid, Signal, kill_process};

/// The variable by which the processes of a test program are known.
pub const NAME: &str = "STARTED_BY_TEST";

/// Waits for the end of its input, then ends every process that has the line `$1` in its environment.
const SCRIPT: &str = r#"
cat >/dev/null
for attempt in 1 2 3; do
    for process in /proc/[0-9]*; do
        if grep -qzxF "$1" "$process/environ" 2>/dev/null; then
            kill -s KILL "${process#/proc/}" 2>/dev/null
        fi
    done
    sleep 0.2
done
"#;

/// What [`NAME`] is set to in everything this test program starts. The first call starts the shell that looks after it.
pub fn value() -> &'static str {
    static KEEPER: OnceLock<(String, io::Result<Child>)> = OnceLock::new();
    let (value, _) = KEEPER.get_or_init(|| {
        use std::os::unix::process::CommandExt as _;

        let value = std::process::id().to_string();
        let mut keeper = Command::new("/bin/sh");
        keeper.args(["-c", SCRIPT, "keeper", &format!("{NAME}={value}")]);
        // A separate group: Ctrl-C at the terminal of the tests must not end it before them.
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        (value, keeper.spawn())
    });
    value
}

/// Ends every process that has this folder as its home.
pub fn end_below(home: &Path) {
    let wanted = format!("HOME={}", home.display());
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw) else { continue };
        // What may not be looked at is not ours, or is gone with the terminal that what is ours gave it.
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if environment.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes()) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}
