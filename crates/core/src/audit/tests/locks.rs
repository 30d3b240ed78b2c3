//! Who waits for whom, and what one write call took.

use super::*;

#[test]
fn a_lock_held_by_another_is_waited_for_but_not_for_ever() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let held = Lock::take(&audit.lock, Duration::from_secs(1)).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Busy { .. }), "{error}");
    drop(held);
    let _ = audit.intent(&event()).unwrap();
}

#[test]
fn many_threads_write_one_chain() {
    let known = Known::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let audit = Audit::open_with(known.dir.path(), me(), patient(FULL)).unwrap();
                for _ in 0..25 {
                    let intent = audit.intent(&event()).unwrap();
                    audit.outcome(&intent, &Outcome::Shown, None).unwrap();
                }
            });
        }
    });
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
    assert_eq!(known.lines().len(), 1 + 8 * 50);
}

#[test]
fn of_many_that_begin_a_trail_at_the_same_moment_none_is_turned_away() {
    for _ in 0..40 {
        let dir = TempDir::new().unwrap();
        let all_here = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    all_here.wait();
                    Lock::take(&dir.path().join("audit.lock"), Duration::from_secs(60)).map(drop).unwrap();
                });
            }
        });
    }
}

#[test]
fn a_lock_in_a_folder_that_is_gone_is_an_error_at_once() {
    let dir = TempDir::new().unwrap();
    let error = Lock::take(&dir.path().join("none/audit.lock"), Duration::from_secs(60)).map(drop).unwrap_err();
    assert!(error.to_string().starts_with("could not make"), "{error}");
}

#[test]
fn a_lock_whose_file_was_exchanged_while_it_was_waited_for_is_waited_for_anew() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("audit.lock");
    let opened = || {
        let open = fs::read_dir("/proc/self/fd").unwrap().filter_map(|fd| fs::read_link(fd.unwrap().path()).ok());
        open.filter(|file| *file == path).count()
    };
    let old = Lock::take(&path, Duration::from_secs(60)).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| Lock::take(&path, Duration::from_secs(2)).map(drop));
        while opened() < 2 {
            std::thread::yield_now();
        }
        fs::rename(&path, dir.path().join("old")).unwrap();
        let _new = Lock::take(&path, Duration::from_secs(60)).unwrap();
        drop(old);
        assert!(matches!(waiting.join().unwrap(), Err(AuditError::Busy { .. })), "it holds a lock on nothing");
    });
}

/// A disk that is interrupted once, takes a part, and then fails.
struct Disk(u8);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += 1;
        match self.0 {
            1 => Err(io::ErrorKind::Interrupted.into()),
            2 => Ok(bytes.len() - 1),
            _ => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_write_that_the_system_interrupts_is_tried_again_and_one_it_took_in_part_is_not() {
    let mut disk = Disk(0);
    assert_eq!(file::write_once(&mut disk, b"line").unwrap(), 3);
    assert_eq!(file::write_once(&mut disk, b"line").unwrap_err().kind(), io::ErrorKind::StorageFull);
}
