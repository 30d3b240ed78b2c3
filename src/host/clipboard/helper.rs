//! Asking another program, for a short time at most: tmux and GNU screen.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long one command may take.
const LIMIT: Duration = Duration::from_secs(2);

/// Runs a command and gives whether it succeeded and what it printed. `input` is given at its standard input; it must
/// be less than a pipe holds, so that writing never waits for a program that hangs. The error is a sentence part.
pub(super) fn run(mut command: Command, name: &str, input: &[u8]) -> Result<(bool, String), String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{name} could not be started: {error}"))?;
    let output = child.stdout.take();
    let reader = std::thread::Builder::new().name(format!("{name} answer")).spawn(move || {
        let mut answer = Vec::new();
        if let Some(output) = output {
            let _ = output.take(1 << 20).read_to_end(&mut answer);
        }
        String::from_utf8_lossy(&answer).into_owned()
    });
    if let Some(mut stdin) = child.stdin.take() {
        // A server that refuses the command closes the pipe; its exit code says more.
        let _ = stdin.write_all(input);
    }
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() < LIMIT => std::thread::sleep(Duration::from_millis(1)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{name} did not answer"));
            }
            Err(error) => return Err(format!("{name} was lost: {error}")),
        }
    };
    let answer = reader.map(|reader| reader.join().unwrap_or_default()).unwrap_or_default();
    Ok((status.success(), answer))
}
