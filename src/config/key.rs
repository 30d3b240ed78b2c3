//! Fetching the API key: from a program, a private file, or the environment. Never from a command line, where every
//! user of the machine could read it.
//!
//! Exactly one of the ways is taken, the first that is set: there is no silent fall-back from a manager that failed
//! to a file that happens to lie around.

use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::KeySource;
use gluepot_core::private_file::{self, Care};
use gluepot_core::raw;
use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

/// The variable that may hold the key.
pub const VARIABLE: &str = "ITGLUE_API_KEY";

/// The longest key that is taken. IT Glue's have some 160 characters; gateways put their own tokens here.
const MAX_KEY: usize = 4096;

/// Why there is no key, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyError(Clean);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for KeyError {}

fn error(message: &str) -> KeyError {
    KeyError(message.into())
}

/// A key as it came, not yet looked at: a buffer that never grows, so that no copy is left behind.
struct Raw {
    bytes: Zeroizing<Vec<u8>>,
    length: usize,
}

impl Raw {
    fn new() -> Self {
        Self { bytes: Zeroizing::new(vec![0; MAX_KEY + 2]), length: 0 }
    }

    /// What is still free.
    fn rest(&mut self) -> &mut [u8] {
        &mut self.bytes[self.length..]
    }

    fn is_full(&self) -> bool {
        self.length == self.bytes.len()
    }

    /// Checks the form of the key: one line of visible ASCII. Never says what is in it.
    fn into_secret(self, from: &str) -> Result<Secret, KeyError> {
        if self.is_full() {
            return Err(error(&format!("{from} gave more than {MAX_KEY} bytes: that is no API key")));
        }
        let bytes = self.bytes[..self.length].trim_ascii();
        if bytes.is_empty() {
            return Err(error(&format!("{from} gave nothing: it should give the API key on one line")));
        }
        if bytes.contains(&b'\n') {
            return Err(error(&format!("{from} gave more than one line: it should give the API key alone")));
        }
        if let Some(at) = bytes.iter().position(|byte| !byte.is_ascii_graphic()) {
            let what = match bytes[at] {
                b' ' | b'\t' => "a space",
                byte if byte.is_ascii() => "a control character",
                _ => "a character that is not ASCII",
            };
            return Err(error(&format!("{from} gave {what} at place {}: no API key has that", at + 1)));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| error(&format!("{from} gave no text")))?;
        Ok(Secret::new(Zeroizing::new(text.to_owned())))
    }
}

/// Which way the key comes, in words, for `doctor` and errors.
pub fn describe(source: &KeySource) -> Clean {
    match (&source.command, &source.file) {
        (Some(words), _) => format!("the program {}", words.first().map_or("", String::as_str)).into(),
        (None, Some(path)) => format!("the file {}", path.display()).into(),
        (None, None) => format!("the variable {VARIABLE}").into(),
    }
}

/// Whether nothing says where the key is.
pub fn is_missing(source: &KeySource, from_environment: Option<&[u8]>) -> bool {
    source.command.is_none() && source.file.is_none() && from_environment.is_none()
}

/// What to do where nothing says where the key is: several lines, to be followed as they stand.
pub fn how_to_give(config: &Path) -> String {
    let config = config.display();
    format!(
        "there is no API key yet. Write into {config} one of\n\n  \
         [key]\n  \
         command = [\"pass\", \"show\", \"itglue\"]   # a program that prints the key\n\n  \
         [key]\n  \
         file = \"~/.config/gluepot/key\"          # a file with the key alone; chmod 600\n\n\
         or set {VARIABLE}. Accounts in Europe and Australia also need region = \"eu\" or \"au\" in the first line.\n\
         To check it all: gluepot doctor\n\
         To look around without a key: gluepot --demo"
    )
}

/// The beginning of every key that IT Glue gives out.
const BEGINNING: &str = "ITG.";
/// A shorter one is a part of one; those that IT Glue gives out have some 160 characters.
const SHORTEST: usize = 24;

/// Whether a key has the form of those that IT Glue gives out. A gateway may want one of its own.
pub fn has_form(key: &Secret) -> bool {
    let key = key.expose();
    key.starts_with(BEGINNING) && key.len() >= SHORTEST
}

/// Fetches the key. `from_environment` is what [`take_from_environment`] took at the start of the program.
pub fn fetch(source: &KeySource, from_environment: Option<Zeroizing<Vec<u8>>>) -> Result<Secret, KeyError> {
    if let Some(words) = &source.command {
        let limit = Duration::from_secs(u64::from(source.command_timeout));
        return command::run(words, limit)?.into_secret(&describe(source));
    }
    if let Some(path) = &source.file {
        return read_file(path);
    }
    let Some(value) = from_environment else {
        return Err(error(&format!(
            "there is no API key. Say where it comes from under [key] in config.toml (a program or a file), or set \
             {VARIABLE}. To look around without one: gluepot --demo"
        )));
    };
    let mut raw = Raw::new();
    let length = value.len().min(raw.rest().len());
    raw.rest()[..length].copy_from_slice(&value[..length]);
    raw.length = length;
    raw.into_secret(&format!("the variable {VARIABLE}"))
}

/// Takes the key's variable out of the environment, whether it will be used or not: nothing that is started from
/// here needs it. Call it at the very start, while there is one thread.
pub fn take_from_environment() -> Option<Zeroizing<Vec<u8>>> {
    // An empty variable is one that is not set.
    raw::take(VARIABLE).filter(|value| !value.trim_ascii().is_empty())
}

fn read_file(path: &Path) -> Result<Secret, KeyError> {
    let mut file = private_file::open(path, Care::Secret)
        .map_err(|refusal| error(&format!("the API key was not read: {refusal}")))?;
    let mut raw = Raw::new();
    while !raw.is_full() {
        match file.read(raw.rest()) {
            Ok(0) => break,
            Ok(read) => raw.length += read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(error(&format!("{} cannot be read: {e}", path.display()))),
        }
    }
    raw.into_secret(&format!("the file {}", path.display()))
}

#[cfg(unix)]
mod command {
    //! Running the program that prints the key, with a limit on its time.

    use std::io::{Read, Write as _};
    use std::os::fd::AsFd;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::{KeyError, Raw, VARIABLE, error};
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
            .map_err(|e| {
                error(&format!("the key command {program} cannot be started: {e}. Check [key] in config.toml"))
            })?;
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
        // Nobody may be listening any more; the key is wanted all the same.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

#[cfg(not(unix))]
mod command {
    //! Untested: the time limit needs another way of waiting here.

    use std::time::Duration;

    use super::{KeyError, Raw, error};

    pub(super) fn run(_: &[String], _: Duration) -> Result<Raw, KeyError> {
        Err(error("key commands are not built for this system: use a file or the environment"))
    }
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Instant;

    use super::*;

    fn shell(script: &str) -> KeySource {
        let command = ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
        KeySource { command: Some(command), command_timeout: 20, file: None }
    }

    fn told(source: &KeySource) -> String {
        fetch(source, None).map(|_| "a key").unwrap_err().to_string()
    }

    #[test]
    fn a_program_gives_the_key_without_the_line_end() {
        let key = fetch(&shell("echo asking >&2; echo ' ITG.abc-123= '"), None).unwrap();
        assert_eq!(key.expose(), "ITG.abc-123=");
    }

    #[test]
    fn a_program_that_fails_is_quoted_filtered() {
        let told = told(&shell("printf 'first\\nno \\033[31mvault\\n' >&2; echo ITG.secret; exit 3"));
        assert!(told.contains("/bin/sh failed (exit status: 3). It said: no ␛[31mvault"), "{told}");
        assert!(!told.contains("ITG.secret"));
        let told = self::told(&shell("set -x; echo ITG.secret; echo ITG.secret >&2; exit 3"));
        assert!(told.contains("It said: ") && !told.contains("secret"), "{told}");
        let missing = KeySource { command: Some(vec!["/no/such/program".into()]), ..KeySource::default() };
        assert!(self::told(&missing).contains("cannot be started"));
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let mut source = shell("exec sleep 30");
        source.command_timeout = 1;
        let begun = Instant::now();
        assert!(told(&source).contains("did not end within 1 s"));
        assert!(begun.elapsed() < Duration::from_secs(15));
    }

    #[test]
    fn something_left_in_the_background_does_not_hold_us_up() {
        let begun = Instant::now();
        let key = fetch(&shell("sleep 20 & echo ITG.abc"), None).unwrap();
        assert_eq!(key.expose(), "ITG.abc");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_without_being_repeated() {
        for (script, wanted) in [
            ("true", "gave nothing"),
            ("echo; echo", "gave nothing"),
            ("echo s3cret; echo more", "more than one line"),
            ("echo s3cret key", "a space at place 7"),
            ("printf 's3cret\\033key'", "a control character"),
            ("printf 's3cretk\\303\\251y'", "not ASCII"),
            ("yes s3cret | head -c 100000 | tr -d '\\n'", "more than 4096 bytes"),
        ] {
            let told = told(&shell(script));
            assert!(told.contains(wanted) && !told.contains("s3cret"), "{script}: {told}");
        }
    }

    #[test]
    fn a_private_file_gives_the_key_and_an_open_one_the_fix() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("key");
        std::fs::write(&path, "ITG.abc\r\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let source = KeySource { file: Some(path.clone()), ..KeySource::default() };
        assert_eq!(fetch(&source, None).unwrap().expose(), "ITG.abc");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(
            told(&source),
            format!("the API key was not read: {0} can be read by others: chmod 600 {0}", path.display())
        );
    }

    #[test]
    fn a_part_of_a_key_has_not_the_form_of_one() {
        let has_form = |text: &str| super::has_form(&Secret::new(Zeroizing::new(text.to_owned())));
        assert!(has_form(&format!("ITG.{}", "a1".repeat(80))));
        for other in ["BAD", "ITG.", "ITG.abc", "itg.0123456789abcdef0123456789abcdef", "Bearer", ""] {
            assert!(!has_form(other), "{other}");
        }
    }

    #[test]
    fn where_nothing_names_the_key_all_is_said_that_is_to_be_written() {
        let text = how_to_give(Path::new("/home/me/c.toml"));
        for part in ["Write into /home/me/c.toml", "[key]", "command = [", "file = \"", VARIABLE, "gluepot doctor"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(is_missing(&KeySource::default(), None) && !is_missing(&KeySource::default(), Some(b"x")));
        assert!(!is_missing(&shell("true"), None));
    }

    #[test]
    fn the_environment_is_asked_last_and_nothing_replaces_a_way_that_failed() {
        let value = || Some(Zeroizing::new(b"ITG.env".to_vec()));
        assert_eq!(fetch(&KeySource::default(), value()).unwrap().expose(), "ITG.env");
        assert!(fetch(&shell("exit 1"), value()).is_err());
        assert!(told(&KeySource::default()).contains("gluepot --demo"));
    }
}
