//! Where the files are, and who may own them.
//!
//! The administrator's file has one place, which nothing but the build decides: no variable and no setting can move it.
//! It counts only if no one but root can have written it. Its folder and those above are checked as well,
//! since a user who can change one of them can replace the file. A file that is not there is no policy; one
//! that is there and not in order is a broken one, and if it may have named an organization to keep to, no request goes
//! out (`lock`).

use std::io::Read as _;
use std::path::Path;

use super::lock::may_lock;
use super::parse::parse;
use super::{File, Policy, PolicyError};
use crate::private_file::{self, Care};
use crate::text::Clean;

/// Where the administrator's file is.
#[cfg(target_os = "linux")]
pub const ADMIN: &str = "/etc/gluepot/policy.toml";
/// Where the administrator's file is. Untested.
#[cfg(target_os = "macos")]
pub const ADMIN: &str = "/Library/Application Support/gluepot/policy.toml";
/// Where the administrator's file is. Untested; who owns it is left to the rights of that folder.
#[cfg(windows)]
pub const ADMIN: &str = r"C:\ProgramData\gluepot\policy.toml";
/// Where the administrator's file is. Untested.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub const ADMIN: &str = "/etc/gluepot/policy.toml";

/// The largest file that is read.
const LARGEST: u64 = 1 << 20;

/// How much of a file that is too large is searched for an organization it may name.
const MOST_SEARCHED: u64 = 4 << 20;

/// Reads an administrator's file, if it is one.
pub fn admin(path: &Path) -> File {
    read(path, Care::Root).0
}

/// Reads the user's file.
pub fn user(path: &Path) -> File {
    read(path, Care::Obeyed).0
}

/// Reads a file; and whether it may lock to an organization, if it is broken.
pub(super) fn read(path: &Path, care: Care) -> (File, bool) {
    let broken = |message: &str| File::Broken(problem(path, 0, message));
    let file = match private_file::open(path, care) {
        Ok(file) => file,
        Err(refusal) if refusal.is_missing => return (File::Absent(path.to_owned()), false),
        Err(refusal) => return (broken(&refusal.message), unsafe_one_may_lock(path, care)),
    };
    let bytes = match start_of(file, MOST_SEARCHED) {
        Ok(bytes) => bytes,
        Err(error) => return (broken(&format!("it cannot be read: {error}")), care == Care::Root),
    };
    match understand(&bytes, path) {
        Ok(policy) => (File::Read(policy), false),
        // The rest after the part that was searched may be anything.
        Err(problem) => (File::Broken(problem), bytes.len() as u64 > MOST_SEARCHED || may_lock(&bytes)),
    }
}

/// Reads a draft, wherever it is and whatever user owns it.
///
/// # Errors
/// It cannot be read, or is not a policy.
pub fn draft(path: &Path) -> Result<Policy, PolicyError> {
    let read = std::fs::File::open(path).and_then(|file| start_of(file, LARGEST));
    let bytes = read.map_err(|error| problem(path, 0, &format!("it cannot be read: {error}")))?;
    understand(&bytes, path)
}

fn problem(path: &Path, line: usize, message: &str) -> PolicyError {
    PolicyError { place: Clean::line(&path.to_string_lossy()), line, message: message.into() }
}

/// The bytes of a file, at most one more than the limit.
fn start_of(file: std::fs::File, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a policy out of the bytes of a file. A byte order mark in front, as some editors write it, is not an error.
fn understand(bytes: &[u8], path: &Path) -> Result<Policy, PolicyError> {
    if bytes.len() as u64 > LARGEST {
        return Err(problem(path, 0, "it is larger than 1 MB"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => parse(text, path),
        Err(error) => {
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count();
            Err(problem(path, line, "it is not UTF-8: save it as UTF-8"))
        }
    }
}

/// Whether a file that may not be relied on, for whose it is or what it is, may lock to an organization: by its bytes, and
/// where these cannot be read, the administrator's may.
fn unsafe_one_may_lock(path: &Path, care: Care) -> bool {
    let readable = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let bytes = readable.then(|| std::fs::File::open(path).and_then(|file| start_of(file, MOST_SEARCHED)));
    match bytes {
        Some(Ok(bytes)) => bytes.len() as u64 > MOST_SEARCHED || may_lock(&bytes),
        _ => care == Care::Root,
    }
}
