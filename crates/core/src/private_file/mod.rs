//! Files that matter to an attacker: the one with the API key, and the config, which says where the
//! key is sent and which program prints it.
//!
//! A file is opened first and judged by its handle, so that nothing can be exchanged between the look and the use.
//! A refusal names the command that puts it right.

use std::fmt;
use std::fs::File;
use std::path::Path;

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
        Care::Obeyed => rustix::fs::open(path, flags, Mode::empty()).map_err(cannot)?,
        Care::Secret | Care::Root => {
            let name = path.file_name().ok_or_else(|| refusal(&format!("{shown} is no file")))?;
            let above = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            // Root's folder is opened where it is said to be: a link there leads to what another user chose.
            let above = match care {
                Care::Root => above.to_owned(),
                _ => above.canonicalize().map_err(|error| {
                    let is_missing = error.kind() == std::io::ErrorKind::NotFound;
                    Refusal { message: format!("{shown} cannot be opened: {error}").as_str().into(), is_missing }
                })?,
            };
            let folder_flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let folder = match rustix::fs::open(&above, folder_flags, Mode::empty()) {
                Err(rustix::io::Errno::LOOP | rustix::io::Errno::NOTDIR) => {
                    return Err(refusal(&format!("{} is a link or no folder", above.display())));
                }
                other => other.map_err(cannot)?,
            };
            let folder = File::from(folder);
            let metadata = folder.metadata().map_err(|error| refusal(&format!("{}: {error}", above.display())))?;
            check_folder(&above, metadata.uid(), metadata.mode(), false, care)?;
            // A user who can rename a folder on the path can replace it.
            for further in above.ancestors().skip(1) {
                let metadata = std::fs::metadata(further)
                    .map_err(|error| refusal(&format!("{} cannot be looked at: {error}", further.display())))?;
                check_folder(further, metadata.uid(), metadata.mode(), true, care)?;
            }
            rustix::fs::openat(&folder, name, flags | OFlags::NOFOLLOW, Mode::empty()).map_err(cannot)?
        }
    };
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
mod tests {
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
}
