//! Running the program that prints the key, with a limit on its time.

use std::io::{Read, Write as _};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::VARIABLE;
use super::raw::{KeyError, Raw, error};
use gluepot_core::secret::Masking;
use gluepot_core::text::Clean;

/// How much of what the program says on its standard error is kept for the message.
const MAX_SAID: usize = 4096;
/// How often to look whether the program has ended while something it started keeps its output open.
const LOOK: Duration = Duration::from_millis(50);

pub(super) fn run(words: &[String], limit: Duration) -> Result<Raw, KeyError> {
    let Some((program, args)) = words.split_first() else { return Err(error("the key command is empty")) };
    // Standard input stays: a manager may ask for its own password, since the screen has not begun yet.
    let mut child = Command::new(program)
        .args(args)
        .env_remove(VARIABLE)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| error(&format!("the key command {program} cannot be started: {e}. Check [key] in config.toml")))?;
    let result = listen(&mut child, program, limit);
    if result.is_err() {
        // It may be gone already; either way nothing is left running.
        let _ = child.kill();
        let _ = child.wait();
    }
    result
}

fn listen(child: &mut Child, program: &str, limit: Duration) -> Result<Raw, KeyError> {
    let deadline = Instant::now() + limit;
    let mut raw = Raw::new();
    let mut said = Vec::new();
    let mut masking = Masking::default();
    let mut out = child.stdout.take();
    let mut err = child.stderr.take();
    let mut status = None;
    while status.is_none() || out.is_some() || err.is_some() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(error(&format!(
                "the key command {program} did not end within {} s. Raise command_timeout under [key] if it waits \
                 for you",
                limit.as_secs()
            )));
        }
        let ready = wait(out.as_ref(), err.as_ref(), left.min(LOOK))
            .map_err(|e| error(&format!("the key command {program} cannot be listened to: {e}")))?;
        if ready.0 {
            raw.length += read_some(&mut out, raw.rest());
            if raw.is_full() {
                // Far too much for a key: the rest is not waited for.
                let _ = child.kill();
                let _ = child.wait();
                return Ok(raw);
            }
        }
        if ready.1 {
            let mut piece = [0; 1024];
            let count = read_some(&mut err, &mut piece);
            hear(&masking.pass(&piece[..count]), &mut said);
        }
        if status.is_none() {
            status = child.try_wait().map_err(|e| error(&format!("the key command {program} is lost: {e}")))?;
        } else if !ready.0 && !ready.1 {
            // It ended and nothing more is there; something it left in the background holds the pipes.
            break;
        }
    }
    hear(masking.rest(), &mut said);
    match status {
        Some(status) if !status.success() => {
            let said = String::from_utf8_lossy(&said);
            let last = said.lines().rev().find(|line| !line.trim().is_empty()).map_or("nothing", str::trim);
            let last = Clean::line(last);
            Err(error(&format!("the key command {program} failed ({status}). It said: {last}")))
        }
        _ => Ok(raw),
    }
}

/// Waits until one of the two has something to read or is at its end.
fn wait<A: AsFd, B: AsFd>(out: Option<&A>, err: Option<&B>, limit: Duration) -> std::io::Result<(bool, bool)> {
    let mut fds: Vec<PollFd<'_>> = Vec::with_capacity(2);
    fds.extend(out.map(|fd| PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)));
    fds.extend(err.map(|fd| PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)));
    let limit = Timespec { tv_sec: limit.as_secs().cast_signed(), tv_nsec: limit.subsec_nanos().into() };
    match poll(&mut fds, Some(&limit)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(e) => return Err(e.into()),
    }
    let mut ready = fds.iter().map(|fd| !fd.revents().is_empty());
    let first = out.is_some() && ready.next().unwrap_or(false);
    Ok((first, err.is_some() && ready.next().unwrap_or(false)))
}

/// Reads what is there; at the end the pipe is closed. Gives the count of bytes.
fn read_some<R: Read>(pipe: &mut Option<R>, into: &mut [u8]) -> usize {
    match pipe.as_mut().map(|reader| reader.read(into)) {
        Some(Ok(count)) if count > 0 => count,
        Some(Err(e)) if e.kind() == std::io::ErrorKind::Interrupted => 0,
        _ => {
            *pipe = None;
            0
        }
    }
}

/// Passes on what the program says to the person, filtered, and keeps some of it for the message. A key in it, which
/// a script that traces itself would say, was taken out before.
fn hear(piece: &[u8], said: &mut Vec<u8>) {
    let room = MAX_SAID.saturating_sub(said.len());
    said.extend(piece.iter().take(room));
    let text = Clean::block(&String::from_utf8_lossy(piece));
    let mut stderr = std::io::stderr().lock();
    // The reader may be gone; the key is still wanted.
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
