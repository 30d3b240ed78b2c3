//! Files that are gone, exchanged, open to others or changed: nothing is fetched.

use super::*;

/// Does something to the files between two reveals of one process, and again for a process started afterwards.
fn refused_after(harm: impl Fn(&Known)) -> (AuditError, Result<Audit, AuditError>) {
    let known = Known::new();
    let audit = known.open().unwrap();
    let _ = audit.intent(&event()).unwrap();
    let before = known.lines().len();
    harm(&known);
    let error = audit.intent(&event()).expect_err("the record was written in spite of it");
    if known.log().is_file() {
        let text = fs::read_to_string(known.log()).unwrap();
        assert!(text.lines().count() <= before, "something was written");
    }
    let fresh = known.open();
    (error, fresh)
}

#[test]
fn a_log_that_was_unlinked_is_missed() {
    let (error, fresh) = refused_after(|known| fs::remove_file(known.log()).unwrap());
    assert!(matches!(error, AuditError::Vanished { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Vanished { .. })));
}

#[test]
fn a_log_that_was_renamed_is_missed() {
    let (error, fresh) = refused_after(|known| fs::rename(known.log(), known.dir.path().join("old")).unwrap());
    assert!(matches!(error, AuditError::Vanished { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Vanished { .. })));
}

#[test]
fn a_log_replaced_by_an_empty_file_is_refused() {
    let (error, fresh) = refused_after(|known| {
        fs::rename(known.log(), known.dir.path().join("old")).unwrap();
        fs::write(known.log(), "").unwrap();
        fs::set_permissions(known.log(), fs::Permissions::from_mode(0o600)).unwrap();
    });
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Shrunk { .. })));
}

#[test]
fn a_log_replaced_by_a_copy_is_refused_at_once_and_noted_by_the_next_process() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let _ = audit.intent(&event()).unwrap();
    fs::copy(known.log(), known.dir.path().join("copy")).unwrap();
    fs::rename(known.dir.path().join("copy"), known.log()).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
    let _ = known.open().unwrap();
    assert_eq!(known.records().last().unwrap()["kind"], "recovery");
    assert_eq!(known.bad_lines(), Vec::<usize>::new());
}

#[test]
fn a_log_replaced_by_a_link_is_refused() {
    let (error, fresh) = refused_after(|known| {
        fs::rename(known.log(), known.dir.path().join("elsewhere")).unwrap();
        symlink(known.dir.path().join("elsewhere"), known.log()).unwrap();
    });
    assert!(matches!(error, AuditError::Unsafe { why: "is a symbolic link", .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Unsafe { .. })));
}

#[test]
fn a_log_replaced_by_a_pipe_a_directory_or_a_device_is_refused() {
    let (error, _) = refused_after(|known| {
        fs::remove_file(known.log()).unwrap();
        assert!(Command::new("mkfifo").arg("-m600").arg(known.log()).status().unwrap().success());
    });
    assert!(matches!(error, AuditError::Unsafe { .. } | AuditError::Io { .. }), "{error}");
    let (error, _) = refused_after(|known| {
        fs::remove_file(known.log()).unwrap();
        fs::create_dir(known.log()).unwrap();
    });
    assert!(matches!(error, AuditError::Io { .. }), "{error}");
    if rustix::process::geteuid().is_root() {
        let (error, _) = refused_after(|known| {
            fs::remove_file(known.log()).unwrap();
            let made = Command::new("mknod").arg("-m600").arg(known.log()).args(["c", "1", "3"]).status().unwrap();
            assert!(made.success());
        });
        assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");
    } else {
        eprintln!("skipped the device: only root can make one");
    }
}

#[test]
fn a_second_name_for_the_log_is_refused() {
    let (error, _) = refused_after(|known| fs::hard_link(known.log(), known.dir.path().join("second")).unwrap());
    assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");
}

#[test]
fn a_log_open_to_others_is_refused() {
    for mode in [0o644, 0o660, 0o602, 0o4600] {
        let (error, _) =
            refused_after(|known| fs::set_permissions(known.log(), fs::Permissions::from_mode(mode)).unwrap());
        assert!(matches!(error, AuditError::Unsafe { .. }), "{mode:o}: {error}");
    }
}

#[test]
fn a_directory_others_can_write_to_is_refused_and_one_they_can_read_is_closed() {
    let (error, _) =
        refused_after(|known| fs::set_permissions(known.dir.path(), fs::Permissions::from_mode(0o770)).unwrap());
    assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");

    let known = Known::new();
    fs::set_permissions(known.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let _ = known.open().unwrap();
    assert_eq!(fs::metadata(known.dir.path()).unwrap().permissions().mode() & 0o777, 0o700);

    fs::set_permissions(known.dir.path(), fs::Permissions::from_mode(0o2700)).unwrap();
    let _ = known.open().unwrap();
    let mode = fs::metadata(known.dir.path()).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o2700, "one that is private is left as it is");
}

#[test]
fn a_truncated_log_is_refused() {
    for cut in [1, 50, 100_000] {
        let (error, fresh) = refused_after(|known| {
            let len = fs::metadata(known.log()).unwrap().len();
            let file = fs::OpenOptions::new().write(true).open(known.log()).unwrap();
            file.set_len(len.saturating_sub(cut)).unwrap();
        });
        assert!(matches!(error, AuditError::Shrunk { .. }), "{cut}: {error}");
        assert!(matches!(fresh, Err(AuditError::Shrunk { .. })));
    }
}

#[test]
fn a_changed_last_record_is_refused() {
    let (error, fresh) = refused_after(|known| {
        let text = fs::read_to_string(known.log()).unwrap().replace("T-4711", "T-4712");
        fs::write(known.log(), text).unwrap();
    });
    assert!(matches!(error, AuditError::Altered { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::Altered { .. })));
}

#[test]
fn a_missing_or_damaged_key_is_refused() {
    let (error, fresh) = refused_after(|known| fs::remove_file(known.dir.path().join("audit.key")).unwrap());
    assert!(matches!(error, AuditError::KeyLost { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::KeyLost { .. })));
    let (error, _) = refused_after(|known| {
        let path = known.dir.path().join("audit.key");
        let text = fs::read_to_string(&path).unwrap().replace("next=2", "next=3");
        fs::write(&path, text).unwrap();
    });
    assert!(matches!(error, AuditError::KeyLost { .. }), "{error}");
    let (error, fresh) = refused_after(|known| {
        fs::OpenOptions::new().write(true).open(known.dir.path().join("audit.key")).unwrap().set_len(100).unwrap();
    });
    assert!(matches!(error, AuditError::KeyLost { .. }), "{error}");
    assert!(matches!(fresh, Err(AuditError::KeyLost { .. })));
}

/// Does something to the files after they were opened for a record and before it is written.
fn refused_while_written(harm: impl Fn(&Known)) -> AuditError {
    let known = Known::new();
    let audit = known.open().unwrap();
    let written = audit.locked(|trail| {
        harm(&known);
        trail.append("intent", |line, _| describe(line, &event()))
    });
    written.expect_err("the record was taken for written in spite of it")
}

#[test]
fn what_happens_to_the_log_while_a_record_is_written_is_noticed_by_that_record() {
    let put_aside = |known: &Known| fs::rename(known.log(), known.dir.path().join("old")).unwrap();
    let error = refused_while_written(put_aside);
    assert!(matches!(error, AuditError::Vanished { .. }), "{error}");
    let error = refused_while_written(|known| {
        put_aside(known);
        fs::copy(known.dir.path().join("old"), known.log()).unwrap();
    });
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
    let error = refused_while_written(|known| fs::hard_link(known.log(), known.dir.path().join("second")).unwrap());
    assert!(matches!(error, AuditError::Unsafe { .. }), "{error}");
    let error = refused_while_written(|known| {
        let mut file = fs::OpenOptions::new().append(true).open(known.log()).unwrap();
        file.write_all(b"mine\n").unwrap();
    });
    assert!(matches!(error, AuditError::Altered { .. }), "{error}");
    // The folder itself is gone, and a file has its name.
    let beside = TempDir::new().unwrap();
    let error = refused_while_written(|known| {
        fs::rename(known.dir.path(), beside.path().join("old")).unwrap();
        fs::write(known.dir.path(), "").unwrap();
    });
    assert!(error.to_string().starts_with("could not look at"), "{error}");
}

#[test]
fn a_process_that_goes_on_after_a_new_trail_was_begun_is_told_to_leave() {
    let known = Known::new();
    let audit = known.open().unwrap();
    let (other, _) = restart(known.dir.path(), me(), patient(FULL), "the key was lost", |_| Ok(())).unwrap();
    let error = audit.intent(&event()).unwrap_err();
    assert!(matches!(error, AuditError::Restarted { .. }), "{error}");
    let _ = other.intent(&event()).unwrap();
}

#[test]
fn a_trail_exchanged_for_an_empty_one_is_not_the_one_it_was() {
    let (error, _) = refused_after(|known| {
        known.set_state(&State::new().unwrap());
        fs::rename(known.log(), known.dir.path().join("old")).unwrap();
        file::create(&known.log(), Access::Append).unwrap();
    });
    assert!(matches!(error, AuditError::Replaced { .. }), "{error}");
}
