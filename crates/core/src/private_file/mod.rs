//! Files that matter to an attacker: the one with the API key, and the config, which says where the
//! key is sent and which program prints it.
//!
//! A file is opened first and judged by its handle, so that nothing can be exchanged between the look and the use.
//! A refusal names the command that puts it right.
//!
//! `own` has the files that this program writes for itself.

mod own;

use std::fmt;
use std::fs::File;
use std::path::Path;

pub use own::{Access, LockError, Make, Trouble, judge, lock, open_own};

use crate::text::Clean;

/// What a file has to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Care {
    /// Contains a secret: mine or root's, no one else may read it, it has no other name, and no one else can put
    /// another in its place.
    Secret,
    /// Is obeyed: mine or root's, no one else may change it. May be a link, as people keep their settings in one
    /// repository.
    Obeyed,
    /// Overrides the user: root's, in a folder of root's, and so on up; no one else may change any
    /// of them, and neither the file nor its folder may be a link.
    Root,
}

/// Why a file was not opened, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The sentence
    pub message: Clean,
    /// There is no such file
    pub is_missing: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl std::error::Error for Refusal {}

fn refusal(message: &str) -> Refusal {
    Refusal { message: message.into(), is_missing: false }
}

/// A path as one would type it in a shell.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Opens a file for reading, if it is as private as it has to be.
#[cfg(unix)]
pub fn open(path: &Path, care: Care) -> Result<File, Refusal> {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Mode, OFlags};

    let shown = path.display();
    let cannot = |error: rustix::io::Errno| {
        let message = match error {
            rustix::io::Errno::NOENT => format!("{shown} does not exist"),
            rustix::io::Errno::LOOP | rustix::io::Errno::MLINK => {
                format!("{shown} is a symbolic link: name the file that it leads to")
            }
            rustix::io::Errno::ACCESS => format!("{shown} may not be read by this user: chown it to yourself"),
            other => format!("{shown} cannot be opened: {}", std::io::Error::from(other)),
        };
        Refusal { message: message.as_str().into(), is_missing: error == rustix::io::Errno::NOENT }
    };
    // Not waiting on a pipe, not becoming the terminal's owner, not leaving it open for programs started later.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let descriptor = match care {
        Care::Obeyed => rustix::fs::open(path, flags, Mode::empty()),
        Care::Secret | Care::Root => {
            let name = path.file_name().ok_or_else(|| refusal(&format!("{shown} is no file")))?;
            rustix::fs::openat(folder_of(path, care, &cannot)?, name, flags | OFlags::NOFOLLOW, Mode::empty())
        }
    };
    let descriptor = descriptor.map_err(cannot)?;
    let file = File::from(descriptor);
    let metadata = file.metadata().map_err(|error| refusal(&format!("{shown}: {error}")))?;
    if !metadata.is_file() {
        return Err(refusal(&format!("{shown} is not a regular file")));
    }
    if !is_trusted(metadata.uid(), care) {
        let owner = if care == Care::Root { 0 } else { me() };
        let message = format!("{shown} belongs to another user: chown {owner} {}", quoted(path));
        return Err(refusal(&message));
    }
    match care {
        Care::Secret if metadata.mode() & 0o077 != 0 => {
            Err(refusal(&format!("{shown} can be read by others: chmod 600 {}", quoted(path))))
        }
        Care::Secret if metadata.nlink() > 1 => Err(refusal(&format!(
            "{shown} has a second name somewhere (hard link), so others may hold it: copy it to a new file and remove \
             this one"
        ))),
        Care::Obeyed | Care::Root if metadata.mode() & 0o022 != 0 => {
            Err(refusal(&format!("{shown} can be changed by others: chmod go-w {}", quoted(path))))
        }
        _ => Ok(file),
    }
}

/// Opens the folder of a file, if nobody else can put another in its place or in that of one above it.
#[cfg(unix)]
fn folder_of(path: &Path, care: Care, cannot: &impl Fn(rustix::io::Errno) -> Refusal) -> Result<File, Refusal> {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Mode, OFlags};

    let above = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Root's folder is opened where it is said to be: a link there leads to what another user chose.
    let above = match care {
        Care::Root => above.to_owned(),
        _ => above.canonicalize().map_err(|error| {
            let is_missing = error.kind() == std::io::ErrorKind::NotFound;
            Refusal { message: format!("{} cannot be opened: {error}", path.display()).as_str().into(), is_missing }
        })?,
    };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = match rustix::fs::open(&above, flags, Mode::empty()) {
        Err(rustix::io::Errno::LOOP | rustix::io::Errno::NOTDIR) => {
            return Err(refusal(&format!("{} is a link or no folder", above.display())));
        }
        other => File::from(other.map_err(cannot)?),
    };
    let metadata = folder.metadata().map_err(|error| refusal(&format!("{}: {error}", above.display())))?;
    check_folder(&above, metadata.uid(), metadata.mode(), false, care)?;
    // A user who can rename a folder on the path can replace it.
    for further in above.ancestors().skip(1) {
        let metadata = std::fs::metadata(further)
            .map_err(|error| refusal(&format!("{} cannot be looked at: {error}", further.display())))?;
        check_folder(further, metadata.uid(), metadata.mode(), true, care)?;
    }
    Ok(folder)
}

#[cfg(unix)]
fn me() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(unix)]
fn is_trusted(owner: u32, care: Care) -> bool {
    owner == 0 || (care != Care::Root && owner == me())
}

/// Checks my own folder and all above it: no one else may be able to replace it.
#[cfg(unix)]
pub fn check_own_folder(path: &Path) -> Result<(), Refusal> {
    use std::os::unix::fs::MetadataExt as _;

    let cannot = |error| refusal(&format!("the folder {} cannot be looked at: {error}", path.display()));
    let folder = path.canonicalize().map_err(cannot)?;
    for (at, folder) in folder.ancestors().enumerate() {
        let metadata = std::fs::metadata(folder).map_err(cannot)?;
        check_folder(folder, metadata.uid(), metadata.mode(), at > 0, Care::Secret)?;
    }
    Ok(())
}

/// Untested: elsewhere the system's own rules for the person's folders have to do.
#[cfg(not(unix))]
pub fn check_own_folder(_: &Path) -> Result<(), Refusal> {
    Ok(())
}

/// A folder in which others can rename and replace is refused; one like /tmp, where they can only touch their own, is
/// good enough further up.
#[cfg(unix)]
fn check_folder(path: &Path, owner: u32, mode: u32, sticky_is_enough: bool, care: Care) -> Result<(), Refusal> {
    let shown = path.display();
    if !is_trusted(owner, care) {
        return Err(refusal(&format!("the folder {shown} belongs to another user, who could exchange what is in it")));
    }
    if mode & 0o022 != 0 && !(sticky_is_enough && mode & 0o1000 != 0) {
        let fix = quoted(path);
        return Err(refusal(&format!("the folder {shown} can be changed by others: chmod go-w {fix}")));
    }
    Ok(())
}

/// Untested: elsewhere the system's own rules for the person's folders have to do.
#[cfg(not(unix))]
pub fn open(path: &Path, _: Care) -> Result<File, Refusal> {
    let file = File::open(path).map_err(|error| Refusal {
        message: format!("{} cannot be opened: {error}", path.display()).as_str().into(),
        is_missing: error.kind() == std::io::ErrorKind::NotFound,
    })?;
    match file.metadata() {
        Ok(metadata) if metadata.is_file() => Ok(file),
        _ => Err(refusal(&format!("{} is not a regular file", path.display()))),
    }
}

/// Makes a folder and those above it that are missing, for the owner alone (0700). One that exists keeps its mode:
/// it may be shared on purpose, and a caller that needs it private checks that by its handle.
pub fn create_private_dir(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests;
