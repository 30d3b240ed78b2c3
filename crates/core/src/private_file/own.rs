//! Files that this program writes for itself: the audit trail, the count of requests, the log, the hash of a PIN. One way
//! to open them, one way to judge what was opened, one way to wait for a lock.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Reads anywhere, writes only at the end
    Append,
    /// Reads and writes anywhere
    Update,
}

/// Whether a file is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Make {
    /// It has to be there
    Never,
    /// If it is missing
    Missing,
    /// It must not be there yet
    Always,
}

/// Opens a file of one's own. No link is followed, no pipe is waited for, no program that is started gets it, and a new
/// one is for the owner alone. What was opened may still be somebody else's: [`judge`] tells.
pub fn open_own(path: &Path, access: Access, make: Make) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    match access {
        Access::Append => options.append(true),
        Access::Update => options.write(true),
    };
    match make {
        Make::Never => &mut options,
        Make::Missing => options.create(true),
        Make::Always => options.create_new(true),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;

        use rustix::fs::OFlags;

        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// Why an open file is not one of mine alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// A folder, a pipe, a device
    NotAFile,
    /// It belongs to another user
    Owner,
    /// Its mode has one of the bits that it must not have
    Mode,
    /// It has a second name
    Links,
}

/// Judges an open file by its handle: regular, mine, with none of these bits in its mode, and with one name.
#[cfg(unix)]
pub fn judge(metadata: &Metadata, closed: u32) -> Result<(), Trouble> {
    use std::os::unix::fs::MetadataExt as _;

    if !metadata.is_file() {
        return Err(Trouble::NotAFile);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Trouble::Owner);
    }
    if metadata.mode() & closed != 0 {
        return Err(Trouble::Mode);
    }
    if metadata.nlink() > 1 {
        return Err(Trouble::Links);
    }
    Ok(())
}

/// Untested: elsewhere only the kind of file is checked.
#[cfg(not(unix))]
pub fn judge(metadata: &Metadata, _: u32) -> Result<(), Trouble> {
    if metadata.is_file() { Ok(()) } else { Err(Trouble::NotAFile) }
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError<E> {
    /// Another process has held it all the time
    Busy,
    /// The system does not lock the file
    Failed(io::Error),
    /// The file to lock could not be opened
    Open(E),
}

/// A lock that another process holds is tried again after this time: what is done under one takes milliseconds at most.
const PAUSE: Duration = Duration::from_millis(1);

/// Locks a file, and waits for other processes, but not for ever: one that was stopped while it held the lock must not
/// make a key hang. The lock is held until the file is dropped. Whoever exchanged or removed the file meanwhile, which
/// `is_there` tells, has left us a lock on nothing: then it is opened anew.
pub fn lock<E>(
    wait: Duration,
    mut open: impl FnMut() -> Result<File, E>,
    is_there: impl Fn(&File) -> bool,
) -> Result<File, LockError<E>> {
    let start = Instant::now();
    let mut file = open().map_err(LockError::Open)?;
    loop {
        match file.try_lock() {
            Ok(()) if is_there(&file) => return Ok(file),
            Ok(()) => file = open().map_err(LockError::Open)?,
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(LockError::Failed(error)),
        }
        if start.elapsed() >= wait {
            return Err(LockError::Busy);
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_new_file_is_for_the_owner_alone_and_for_no_program_that_is_started() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        assert_eq!(open_own(&path, Access::Append, Make::Never).unwrap_err().kind(), io::ErrorKind::NotFound);
        let file = open_own(&path, Access::Append, Make::Missing).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(rustix::io::fcntl_getfd(&file).unwrap().contains(rustix::io::FdFlags::CLOEXEC));
        assert!(open_own(&path, Access::Update, Make::Missing).is_ok(), "one that is there is opened");
        assert_eq!(open_own(&path, Access::Update, Make::Always).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn no_link_is_followed_and_no_pipe_is_waited_for() {
        let root = tempfile::tempdir().unwrap();
        let (link, elsewhere) = (root.path().join("link"), root.path().join("elsewhere"));
        symlink(&elsewhere, &link).unwrap();
        for make in [Make::Never, Make::Missing, Make::Always] {
            assert!(open_own(&link, Access::Update, make).is_err(), "{make:?}");
        }
        assert!(!elsewhere.exists());
        let pipe = root.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        let metadata = open_own(&pipe, Access::Update, Make::Never).unwrap().metadata().unwrap();
        assert_eq!(judge(&metadata, 0), Err(Trouble::NotAFile));
    }

    #[test]
    fn what_is_not_mine_alone_is_told() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        let file = open_own(&path, Access::Update, Make::Always).unwrap();
        let told = |closed| judge(&file.metadata().unwrap(), closed);
        assert_eq!(told(0o7177), Ok(()));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!((told(0o7177), told(0o022)), (Err(Trouble::Mode), Ok(())));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::hard_link(&path, root.path().join("second")).unwrap();
        assert_eq!(told(0o7177), Err(Trouble::Links));
    }

    #[test]
    fn a_lock_is_had_once_and_one_on_a_file_that_is_gone_is_none() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("file");
        let open = || open_own(&path, Access::Update, Make::Missing);
        let there = |file: &File| judge(&file.metadata().unwrap(), 0).is_ok();
        let held = lock(Duration::ZERO, open, there).unwrap();
        assert!(matches!(lock(Duration::ZERO, open, there), Err(LockError::Busy)));
        drop(held);
        assert!(lock(Duration::ZERO, open, there).is_ok());
        // The first time it is opened it is exchanged before it is locked.
        let opened = std::cell::Cell::new(0);
        let exchanged = |_: &File| opened.get() > 1;
        let counting = || {
            opened.set(opened.get() + 1);
            open()
        };
        assert!(lock(Duration::from_secs(60), counting, exchanged).is_ok());
        assert_eq!(opened.get(), 2);
        let missing = || open_own(&root.path().join("none/file"), Access::Update, Make::Missing);
        assert!(matches!(lock(Duration::ZERO, missing, there), Err(LockError::Open(_))));
    }
}
