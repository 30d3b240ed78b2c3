//! Files and folders that others may read, change or exchange.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use super::*;

/// A folder of mode 0700 with a file of mode 0600 in it.
fn key_file() -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("api key");
    std::fs::write(&file, "ITG.x\n").unwrap();
    chmod(&folder, 0o700);
    chmod(&file, 0o600);
    (root, file)
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn refused(path: &Path, care: Care) -> String {
    open(path, care).map(|_| "opened").unwrap_err().to_string()
}

#[test]
fn a_private_file_is_opened() {
    let (_root, file) = key_file();
    for mode in [0o600, 0o400, 0o700] {
        chmod(&file, mode);
        assert!(open(&file, Care::Secret).is_ok(), "{mode:o}");
    }
}

#[test]
fn a_file_others_may_read_or_change_is_refused_with_the_fix() {
    let (_root, file) = key_file();
    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666] {
        chmod(&file, mode);
        let told = refused(&file, Care::Secret);
        assert!(told.ends_with(&format!("can be read by others: chmod 600 '{}'", file.display())), "{told}");
    }
}

#[test]
fn a_folder_in_which_others_can_exchange_it_is_refused_with_the_fix() {
    let (root, file) = key_file();
    for (folder, mode) in [
        (file.parent().unwrap(), 0o770),
        (file.parent().unwrap(), 0o702),
        (file.parent().unwrap(), 0o1777),
        (root.path(), 0o777),
    ] {
        chmod(folder, mode);
        let told = refused(&file, Care::Secret);
        let fix = format!("the folder {0} can be changed by others: chmod go-w {0}", folder.display());
        assert_eq!(told, fix, "{mode:o}");
        chmod(folder, 0o700);
    }
    chmod(root.path(), 0o1777);
    assert!(open(&file, Care::Secret).is_ok(), "further up a folder like /tmp will do");
}

#[test]
fn links_pipes_and_folders_are_no_key_files() {
    let (_root, file) = key_file();
    let folder = file.parent().unwrap();
    let link = folder.join("link");
    symlink(&file, &link).unwrap();
    assert!(refused(&link, Care::Secret).contains("is a symbolic link"));
    let pipe = folder.join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    assert!(refused(&pipe, Care::Secret).contains("not a regular file"), "and it does not wait for a writer");
    assert!(refused(folder, Care::Secret).contains("not a regular file"));
    std::fs::hard_link(&file, folder.join("second name")).unwrap();
    assert!(refused(&file, Care::Secret).contains("hard link"));
}

#[test]
fn a_link_on_the_way_is_followed_and_what_it_leads_to_is_checked() {
    let (root, file) = key_file();
    let way = root.path().join("way");
    symlink(file.parent().unwrap(), &way).unwrap();
    assert!(open(&way.join("api key"), Care::Secret).is_ok());
    chmod(file.parent().unwrap(), 0o777);
    assert!(refused(&way.join("api key"), Care::Secret).contains("can be changed by others"));
}

#[test]
fn another_users_file_is_refused() {
    let (_root, file) = key_file();
    // Only root can give a file away; without that right this case cannot be made.
    if std::os::unix::fs::chown(&file, Some(65534), None).is_ok() {
        let told = refused(&file, Care::Secret);
        assert!(told.contains("belongs to another user: chown 0"), "{told}");
        std::os::unix::fs::chown(&file, Some(0), None).unwrap();
        std::os::unix::fs::chown(file.parent().unwrap(), Some(65534), None).unwrap();
        assert!(refused(&file, Care::Secret).contains("belongs to another user"));
    }
}

#[test]
fn what_is_missing_is_said_to_be_missing() {
    let (_root, file) = key_file();
    let missing = open(&file.with_file_name("other"), Care::Secret).unwrap_err();
    assert!(missing.is_missing && missing.message.contains("does not exist"));
    assert!(open(Path::new("/nowhere/at/all"), Care::Secret).unwrap_err().is_missing);
}

#[test]
fn what_is_obeyed_may_be_a_link_and_be_read_but_not_changed_by_others() {
    let (_root, file) = key_file();
    chmod(&file, 0o644);
    let link = file.with_file_name("link");
    symlink(&file, &link).unwrap();
    assert!(open(&link, Care::Obeyed).is_ok());
    for mode in [0o664, 0o646] {
        chmod(&file, mode);
        assert!(refused(&link, Care::Obeyed).contains("can be changed by others: chmod go-w"), "{mode:o}");
    }
}

#[cfg(unix)]
#[test]
fn new_folders_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("a/b");
    create_private_dir(&dir).unwrap();
    create_private_dir(&dir).unwrap();
    for dir in [dir.as_path(), dir.parent().unwrap()] {
        assert_eq!(std::fs::metadata(dir).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
