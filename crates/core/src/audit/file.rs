//! Opens the files of the trail safely: by handle, following no link, owner and mode checked.
//!
//! The files are opened again for every record and by their whole path, so that a record goes where the path says
//! now; what was opened is then compared with what the path names, before and after the write.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::AuditError;
pub(super) use crate::private_file::Access;
use crate::private_file::{LockError, Make, Trouble, judge, lock, open_own};

/// Which file on which device, and how long it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub(super) device: u64,
    pub(super) inode: u64,
    pub(super) size: u64,
}

/// Makes the directory if it is missing and refuses one that others can change.
pub(super) fn ready_directory(dir: &Path) -> Result<(), AuditError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| AuditError::io("make the directory", dir, source))?;
    let meta = std::fs::metadata(dir).map_err(|source| AuditError::io("look at the directory", dir, source))?;
    if !meta.is_dir() {
        return Err(AuditError::unsafe_file(dir, "is not a directory"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};

        if meta.uid() != rustix::process::geteuid().as_raw() {
            return Err(AuditError::unsafe_file(dir, "belongs to another user"));
        }
        if meta.mode() & 0o022 != 0 {
            return Err(AuditError::unsafe_file(
                dir,
                "can be changed by other users: chmod 700 it and look at what is in it",
            ));
        }
        if meta.mode() & 0o077 != 0 {
            std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
                .map_err(|source| AuditError::io("close the directory to others", dir, source))?;
        }
        check_parents(dir)?;
    }
    Ok(())
}

/// A user who can rename a folder on the path can replace this trail.
#[cfg(unix)]
fn check_parents(dir: &Path) -> Result<(), AuditError> {
    use std::os::unix::fs::MetadataExt;

    let look = |path: &Path, source| AuditError::io("look at the directory", path, source);
    let full = dir.canonicalize().map_err(|source| look(dir, source))?;
    for above in full.ancestors().skip(1) {
        let meta = std::fs::metadata(above).map_err(|source| look(above, source))?;
        if meta.uid() != 0 && meta.uid() != rustix::process::geteuid().as_raw() {
            return Err(AuditError::unsafe_file(above, "belongs to another user, who could exchange the audit folder"));
        }
        // In one like /tmp others can only touch what is theirs.
        if meta.mode() & 0o022 != 0 && meta.mode() & 0o1000 == 0 {
            return Err(AuditError::unsafe_file(above, "can be changed by other users: chmod go-w it"));
        }
    }
    Ok(())
}

/// Where it is remembered that a folder holds a trail: beside it, if that place is ours alone.
#[cfg(unix)]
pub(super) fn reminder(dir: &Path) -> Option<std::path::PathBuf> {
    use std::os::unix::fs::MetadataExt;

    let meta = std::fs::metadata(dir.parent()?).ok()?;
    let ours = meta.uid() == rustix::process::geteuid().as_raw() && meta.mode() & 0o022 == 0;
    let name = dir.file_name()?.to_str()?;
    ours.then(|| dir.with_file_name(format!("{name}.trail")))
}

/// Untested: elsewhere it is not remembered.
#[cfg(not(unix))]
pub(super) fn reminder(_: &Path) -> Option<std::path::PathBuf> {
    None
}

/// The name of the trail that a folder held when it was opened last, by what was written beside it.
pub(super) fn remembered(dir: &Path) -> Option<[u8; 8]> {
    let path = reminder(dir)?;
    let (file, _) = open(&path, Access::Update).ok()??;
    let text = super::state::read_at(&file, 64, 0).ok()?;
    super::record::from_hex(text.strip_prefix(REMINDER)?.trim_ascii_end())
}

/// Writes it there. What cannot be written is not remembered.
pub(super) fn remember(dir: &Path, trail: &[u8; 8]) {
    use std::io::{Seek as _, Write as _};

    if remembered(dir).as_ref() == Some(trail) {
        return;
    }
    let Some(path) = reminder(dir) else { return };
    let file = match open(&path, Access::Update) {
        Ok(Some((file, _))) => Ok(file),
        Ok(None) => create(&path, Access::Update).map(|(file, _)| file),
        Err(error) => Err(error),
    };
    if let Ok(mut file) = file {
        let line = [REMINDER, super::record::hex(trail).as_bytes(), b"\n"].concat();
        let _ = file.rewind().and_then(|()| file.write_all(&line));
    }
}

const REMINDER: &[u8] = b"gluepot-trail 1 ";

/// Opens a file that exists; `None` if there is none.
pub(super) fn open(path: &Path, access: Access) -> Result<Option<(File, Metadata)>, AuditError> {
    match open_own(path, access, Make::Never) {
        Ok(file) => check(&file, path).map(|meta| Some((file, meta))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if is_link(path) => {
            let _ = error;
            Err(AuditError::unsafe_file(path, "is a symbolic link"))
        }
        Err(source) => Err(AuditError::io("open", path, source)),
    }
}

/// Makes a file that does not exist yet, and makes its name durable.
pub(super) fn create(path: &Path, access: Access) -> Result<(File, Metadata), AuditError> {
    let file = open_own(path, access, Make::Always).map_err(|source| AuditError::io("make", path, source))?;
    let meta = check(&file, path)?;
    flush_names(path)?;
    Ok((file, meta))
}

/// Makes the names in the directory of a file durable.
pub(super) fn flush_names(path: &Path) -> Result<(), AuditError> {
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        let synced = File::open(dir).and_then(|dir| dir.sync_all());
        synced.map_err(|source| AuditError::io("make the name durable of", path, source))?;
    }
    Ok(())
}

/// Has the next reading of an open file come from the disk, not from what was written to memory. Only what was flushed
/// is forgotten; file systems that live in memory forget nothing. Elsewhere than on Linux this does nothing.
pub(super) fn forget_cached(file: &File) {
    #[cfg(target_os = "linux")]
    {
        // The whole file, since memory is held in pieces of several pages. If the system cannot do it, memory is read.
        let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// Writes in one call and says how much was taken. Only what the system interrupts before anything was taken is tried again.
pub(super) fn write_once(to: &mut impl io::Write, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match to.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|meta| meta.is_symlink())
}

/// Checks an open file: regular, ours, private, with one name, and the one its path names.
#[cfg(unix)]
pub(super) fn check(file: &File, path: &Path) -> Result<Metadata, AuditError> {
    use std::os::unix::fs::MetadataExt;

    let meta = file.metadata().map_err(|source| AuditError::io("look at", path, source))?;
    judge(&meta, 0o7177).map_err(|trouble| {
        let why = match trouble {
            Trouble::NotAFile => "is not a regular file",
            Trouble::Owner => "belongs to another user",
            Trouble::Mode => "is open to other users: chmod 600 it",
            Trouble::Links => "has a second name (a hard link)",
        };
        AuditError::unsafe_file(path, why)
    })?;
    match path.symlink_metadata() {
        Ok(named) if named.dev() == meta.dev() && named.ino() == meta.ino() => Ok(meta),
        Ok(_) => Err(AuditError::Replaced { path: path.into() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(AuditError::Vanished { path: path.into() }),
        Err(source) => Err(AuditError::io("look at", path, source)),
    }
}

/// Untested: elsewhere only the kind of file is checked.
#[cfg(not(unix))]
pub(super) fn check(file: &File, path: &Path) -> Result<Metadata, AuditError> {
    let meta = file.metadata().map_err(|source| AuditError::io("look at", path, source))?;
    if meta.is_file() { Ok(meta) } else { Err(AuditError::unsafe_file(path, "is not a regular file")) }
}

#[cfg(unix)]
pub(super) fn seen(meta: &Metadata) -> Seen {
    use std::os::unix::fs::MetadataExt;

    Seen { device: meta.dev(), inode: meta.ino(), size: meta.len() }
}

#[cfg(not(unix))]
pub(super) fn seen(meta: &Metadata) -> Seen {
    Seen { device: 0, inode: 0, size: meta.len() }
}

/// The lock all processes of this user share. Held until it is dropped.
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Waits for the lock, with a limit: a process that was stopped while it held the lock must not make a
    /// key hang, it makes the reveal fail.
    pub(super) fn take(path: &Path, wait: Duration) -> Result<Self, AuditError> {
        let locked = lock(wait, || Self::file(path), |file| check(file, path).is_ok());
        locked.map(Self).map_err(|error| match error {
            LockError::Busy => AuditError::Busy { path: path.into(), waited: wait },
            LockError::Failed(source) => AuditError::io("lock", path, source),
            LockError::Open(error) => error,
        })
    }

    /// Opens the file to lock, or makes it.
    fn file(path: &Path) -> Result<File, AuditError> {
        loop {
            if let Some((file, _)) = open(path, Access::Update)? {
                return Ok(file);
            }
            match create(path, Access::Update) {
                Ok((file, _)) => return Ok(file),
                // Another process was quicker.
                Err(AuditError::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
}
