//! Where the files are, and who may own them.
//!
//! The administrator's file has one place, which nothing but the build decides: no variable and no setting can move it.
//! It counts only when nobody but root can have written it; the folder it lies in and those above are looked at, too,
//! since whoever can change one of them can put another file in its place. A file that is not there is no policy; one
//! that is there and not in order is a broken one.

use std::io::Read as _;
use std::path::Path;

use super::parse::{may_lock, parse};
use super::{File, PolicyError};
use crate::config::private::{self, Care};
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
    let broken = |message: &str| {
        let place = Clean::line(&path.to_string_lossy());
        (File::Broken(PolicyError { place, line: 0, message: message.into() }), false)
    };
    let file = match private::open(path, care) {
        Ok(file) => file,
        Err(refusal) if refusal.is_missing => return (File::Absent(path.to_owned()), false),
        Err(refusal) => return broken(&refusal.message),
    };
    let mut bytes = Vec::new();
    match file.take(LARGEST + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > LARGEST => return broken("it is larger than 1 MB"),
        Ok(_) => {}
        Err(error) => return broken(&format!("it cannot be read: {error}")),
    }
    let Ok(text) = String::from_utf8(bytes) else { return broken("it is not UTF-8") };
    match parse(&text, path) {
        Ok(policy) => (File::Read(policy), false),
        Err(problem) => (File::Broken(problem), may_lock(&text)),
    }
}
