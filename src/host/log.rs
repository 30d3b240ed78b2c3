//! The log: for finding out why something did not work, never for finding out about a client.
//!
//! Off by default. It holds what the program did (requests by kind and outcome, times, counts, retries), never a
//! name, text, address of a record, or secret: nothing in this program may put such a thing into a `tracing` field,
//! and the libraries below are let through only from `warn` up, since some of them print headers and bodies when
//! asked for more. What is written is printable ASCII and line ends, whatever came in, so that the file is safe to
//! `cat`.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use gluepot_core::private_file::{Access, Make, Trouble, create_private_dir, judge, open_own};

/// How much goes to the log.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, serde::Serialize, serde::Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogLevel {
    #[default]
    Off,
    Error,
    Warn,
    Info,
    Debug,
}

/// A log larger than this at start is put aside, in the place of the one put aside before.
const MAX_OLD: u64 = 4 * 1024 * 1024;
/// One run writes no more than this.
const MAX_RUN: u64 = 16 * 1024 * 1024;

/// Begins to log into a file. `Off` does not touch the disk.
pub fn start(level: LogLevel, path: &Path) -> io::Result<()> {
    if level == LogLevel::Off {
        return Ok(());
    }
    let file = open(path)?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_ansi(false)
        .with_writer(Lines(Arc::new(Mutex::new(Sink { to: file, left: MAX_RUN }))))
        .finish();
    tracing::subscriber::set_global_default(subscriber).map_err(io::Error::other)
}

/// Our own events at the level asked for; those of libraries only when something is wrong.
fn filter(level: LogLevel) -> EnvFilter {
    let (own, others) = match level {
        LogLevel::Off => ("off", "off"),
        LogLevel::Error => ("error", "error"),
        LogLevel::Warn => ("warn", "warn"),
        LogLevel::Info => ("info", "warn"),
        LogLevel::Debug => ("debug", "warn"),
    };
    EnvFilter::new(format!("{others},gluepot={own}"))
}

/// Opens the log for appending, mine and for me alone.
fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        create_private_dir(folder)?;
    }
    let mut file = open_once(path)?;
    if file.metadata()?.len() > MAX_OLD {
        std::fs::rename(path, path.with_extension("log.old"))?;
        file = open_once(path)?;
    }
    Ok(file)
}

fn open_once(path: &Path) -> io::Result<File> {
    let file = open_own(path, Access::Append, Make::Missing)?;
    let metadata = file.metadata()?;
    judge(&metadata, 0).map_err(|trouble| {
        io::Error::other(match trouble {
            Trouble::Links => "it has a second name (a hard link), so another file would be written: remove it",
            Trouble::NotAFile | Trouble::Owner | Trouble::Mode => "it is not an ordinary file of this user",
        })
    })?;
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::mode(&metadata) & 0o077 != 0 {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(file)
}

/// Where lines go, and how many bytes may still go there.
struct Sink<W> {
    to: W,
    left: u64,
}

/// Hands one writer to all threads.
struct Lines<W>(Arc<Mutex<Sink<W>>>);

impl<'a, W: Write + 'a> MakeWriter<'a> for Lines<W> {
    type Writer = Line<W>;

    fn make_writer(&'a self) -> Line<W> {
        Line(Arc::clone(&self.0))
    }
}

/// Writes one event as one line of ASCII with one write, so that lines of several programs do not mix.
struct Line<W>(Arc<Mutex<Sink<W>>>);

impl<W: Write> Write for Line<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let mut line = ascii(event.strip_suffix(b"\n").unwrap_or(event));
        line.push(b'\n');
        let mut sink = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let length = line.len() as u64;
        if sink.left == 0 {
            return Ok(event.len());
        }
        if length > sink.left {
            line = b"the log of this run is full\n".to_vec();
            sink.left = 0;
        } else {
            sink.left -= length;
        }
        sink.to.write_all(&line)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).to.flush()
    }
}

/// Printable ASCII as it is, everything else as `\xNN`.
fn ascii(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1);
    for &byte in bytes {
        match byte {
            b' '..=b'~' => out.push(byte),
            _ => out.extend(format!("\\x{byte:02x}").bytes()),
        }
    }
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn logged(level: LogLevel, events: impl FnOnce()) -> String {
        let sink = Arc::new(Mutex::new(Sink { to: Vec::new(), left: MAX_RUN }));
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter(level))
            .with_ansi(false)
            .with_writer(Lines(Arc::clone(&sink)))
            .finish();
        tracing::subscriber::with_default(subscriber, events);
        let bytes = sink.lock().unwrap().to.clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn libraries_are_heard_only_when_something_is_wrong() {
        let text = logged(LogLevel::Debug, || {
            tracing::debug!(target: "hyper::proto", "x-api-key: ITG.secret");
            tracing::info!(target: "reqwest::connect", "https://example.net/ITG.secret");
            tracing::warn!(target: "rustls::client", "a warning");
            tracing::debug!("ours");
        });
        assert!(!text.contains("ITG"), "{text}");
        assert!(text.contains("a warning") && text.contains("ours"), "{text}");
        assert_eq!(logged(LogLevel::Error, || tracing::warn!("quiet")), "");
    }

    #[test]
    fn what_is_written_is_printable_whatever_came_in() {
        let text = logged(LogLevel::Info, || tracing::info!(status = "a\x1b[31mb\nc\u{202e}é", "done"));
        assert!(text.bytes().all(|b| b == b'\n' || (b' '..=b'~').contains(&b)), "{text:?}");
        assert_eq!(text.lines().count(), 1, "{text:?}");
    }

    #[test]
    fn a_run_that_says_too_much_is_cut_and_says_so() {
        let sink = Arc::new(Mutex::new(Sink { to: Vec::new(), left: 100 }));
        let mut line = Line(Arc::clone(&sink));
        for _ in 0..50 {
            line.write_all(b"thirty bytes of something here\n").unwrap();
        }
        let text = String::from_utf8(sink.lock().unwrap().to.clone()).unwrap();
        assert_eq!(text.lines().count(), 4);
        assert!(text.ends_with("the log of this run is full\n"));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_the_owner_alone_and_no_link_is_followed() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/gluepot.log");
        std::fs::create_dir(root.path().join("a")).unwrap();
        std::fs::write(&path, "before\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        open(&path).unwrap().write_all(b"after\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before\nafter\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let link = root.path().join("link.log");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(open(&link).is_err());
        let other = root.path().join("other");
        std::fs::write(&other, "mine\n").unwrap();
        let second = root.path().join("second.log");
        std::fs::hard_link(&other, &second).unwrap();
        assert!(open(&second).unwrap_err().to_string().contains("a second name"));
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "mine\n");
    }

    #[test]
    fn a_large_log_is_put_aside() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("gluepot.log");
        std::fs::write(&path, vec![b'x'; MAX_OLD as usize + 1]).unwrap();
        assert_eq!(open(&path).unwrap().metadata().unwrap().len(), 0);
        assert!(root.path().join("gluepot.log.old").exists());
    }
}
