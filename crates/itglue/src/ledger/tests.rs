//! The file itself: who may hold it, what is not used, what is tidied up.

use super::*;

const PACE: Pace = Pace { per_second: 8, per_window: 100, window: Duration::from_secs(300), at_once: 6 };
const TAKE: Deed = Deed::Take { interactive: true, unrecorded: 0 };

#[test]
fn links_devices_shared_files_and_held_locks_are_not_used() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(&folder.path().join("quota"), "https://api.itglue.com/", PACE);
    assert!(ledger.transact(TAKE).unwrap().taken);
    let mode = std::fs::metadata(&ledger.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let holder = ledger.open().unwrap();
    holder.lock().unwrap();
    assert!(ledger.transact(TAKE).unwrap_err().to_string().contains("locked"));
    drop(holder);
    assert_eq!(ledger.transact(Deed::Look).unwrap().used, 1);

    std::fs::set_permissions(&ledger.path, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert!(ledger.transact(TAKE).is_err());
    std::fs::remove_file(&ledger.path).unwrap();
    symlink(folder.path().join("elsewhere"), &ledger.path).unwrap();
    assert!(ledger.transact(TAKE).is_err());
    assert!(!folder.path().join("elsewhere").exists());
    std::fs::remove_file(&ledger.path).unwrap();
    std::fs::create_dir(&ledger.path).unwrap();
    assert!(ledger.transact(TAKE).is_err());
    std::fs::remove_dir(&ledger.path).unwrap();

    let refused = |what: &str| {
        let why = ledger.transact(TAKE).unwrap_err().to_string();
        assert!(why.contains("not an ordinary file of mine alone"), "{what}: {why}");
        std::fs::remove_file(&ledger.path).unwrap();
    };
    rustix::fs::mkfifoat(rustix::fs::CWD, &ledger.path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    refused("a FIFO");
    for mode in [0o620, 0o602] {
        assert!(ledger.transact(TAKE).unwrap().taken);
        std::fs::set_permissions(&ledger.path, std::fs::Permissions::from_mode(mode)).unwrap();
        refused("others may write");
    }
    assert!(ledger.transact(TAKE).unwrap().taken);
    std::fs::hard_link(&ledger.path, folder.path().join("a second name")).unwrap();
    refused("a second name");
    assert!(ledger.transact(TAKE).unwrap().taken);
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&ledger.path, Some(65_534), None).unwrap();
        refused("somebody else's");
    }
}

/// A user empties the folder while a request waits for the lock: what is counted then has to be where those
/// look who come later.
#[test]
fn a_file_that_is_removed_while_it_is_waited_for_is_not_counted_in() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(folder.path(), "https://api.itglue.com/", PACE);
    let counted_in_the_new_file = || {
        let holder = ledger.open().unwrap();
        holder.lock().unwrap();
        let taken = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| ledger.transact(TAKE));
            std::thread::sleep(Duration::from_millis(20));
            std::fs::remove_file(&ledger.path).unwrap();
            drop(holder);
            waiting.join().unwrap()
        });
        // On a busy machine the wait may be over before the lock is free: then nothing was counted.
        taken.is_ok_and(|view| view.taken).then(|| ledger.transact(Deed::Look).unwrap().used)
    };
    let found = (0..50).find_map(|_| counted_in_the_new_file());
    assert_eq!(found, Some(1));
}

#[test]
fn a_program_that_is_started_is_not_given_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(folder.path(), "https://api.itglue.com/", PACE);
    let flags = rustix::io::fcntl_getfd(ledger.open().unwrap()).unwrap();
    assert!(flags.contains(rustix::io::FdFlags::CLOEXEC), "{flags:?}");
}

#[test]
fn a_damaged_file_is_begun_anew_with_care() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(folder.path(), "https://api.itglue.com/", PACE);
    ledger.transact(TAKE).unwrap();
    for content in [&b"no count at all"[..], &[0xff; SIZE], &[0; SIZE * 3]] {
        std::fs::write(&ledger.path, content).unwrap();
        let view = ledger.transact(TAKE).unwrap();
        assert_eq!((view.taken, view.limit), (true, 25));
        assert_eq!(ledger.transact(Deed::Look).unwrap().used, 1, "it is whole again");
        assert_eq!(std::fs::metadata(&ledger.path).unwrap().len(), SIZE as u64);
    }
    // One that another setting wrote is not damaged, but says nothing of this window.
    let other = Pace { window: Duration::from_secs(60), ..PACE };
    let view = Ledger::new(folder.path(), "https://api.itglue.com/", other).transact(TAKE).unwrap();
    assert_eq!((view.used, view.limit), (1, 25));
}

#[test]
fn nothing_of_a_key_is_in_the_file_and_old_files_go() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("0123456789abcdef");
    std::fs::write(&old, "").unwrap();
    let long_ago = std::time::SystemTime::now() - FORGOTTEN * 2;
    File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    // Files with other names, files still in use and folders stay.
    for other in ["something else", "0123456789abcdeg", "0123456789abcde", "fedcba9876543210"] {
        std::fs::write(folder.path().join(other), "").unwrap();
    }
    for name in ["something else", "0123456789abcdeg", "0123456789abcde"] {
        let other = File::options().write(true).open(folder.path().join(name)).unwrap();
        other.set_modified(long_ago).unwrap();
    }
    // Two keys have one file: it is made from the address alone.
    Ledger::new(folder.path(), "https://api.itglue.com/", PACE).transact(TAKE).unwrap();
    Ledger::new(folder.path(), "https://api.itglue.com/", PACE).transact(TAKE).unwrap();
    Ledger::new(folder.path(), "https://api.eu.itglue.com/", PACE).transact(TAKE).unwrap();
    assert!(!old.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 6);
}
