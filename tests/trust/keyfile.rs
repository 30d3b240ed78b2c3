//! P26: a key file is private or refused, judged by what is open, with the real program.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const KEY: &str = "ITG.q7Tk2mVx9LpW4sZcR8nYbD3fHgJ6aE5uQ1iO0";
/// Another user: the account need not exist, a number is enough.
const OTHER: u32 = 64_321;
/// Root on a file server that does not trust it.
const NOBODY: u32 = 65_534;

/// A key file as it should be, in a folder as it should be.
struct Place {
    root: TempDir,
    folder: PathBuf,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        let folder = root.path().join("keys");
        let file = folder.join("itglue");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(&file, format!("{KEY}\n")).expect("a file");
        let place = Self { root, folder, file };
        Place::mode(&place.folder, 0o700);
        Place::mode(&place.file, 0o600);
        place
    }

    fn mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
    }

    /// What `gluepot doctor` says of this key file. Nothing listens at the address.
    fn told(&self, without_rights: bool) -> String {
        let config = self.root.path().join("config.toml");
        let text = format!("base_url = \"http://127.0.0.1:9\"\n[key]\nfile = '{}'\n", self.file.display());
        std::fs::write(&config, text).expect("a file");
        let mut command = Command::new(if without_rights { "setpriv" } else { env!("CARGO_BIN_EXE_gluepot") });
        if without_rights {
            // Root by number, with none of the rights that let it pass by the modes of files.
            command.args(["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]);
            command.arg(env!("CARGO_BIN_EXE_gluepot"));
        }
        command
            .arg("--config")
            .arg(&config)
            .arg("doctor")
            .env_clear()
            .env("HOME", self.root.path())
            .env("TERM", "xterm");
        let output = command.output().expect("the program starts");
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told).into_owned();
        assert!(!told.contains(KEY) && !told.contains(&KEY[4..20]), "the key is in what the program says");
        told
    }

    #[track_caller]
    fn is_refused(&self, case: &str, words: &str) {
        let begun = Instant::now();
        let told = self.told(false);
        assert!(told.contains("the API key was not read") && told.contains(words), "{case}: {told}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{case}: it waited");
    }
}

#[test]
fn p26_a_private_key_file_is_read() {
    for mode in [0o600, 0o400] {
        let place = Place::new();
        Place::mode(&place.file, mode);
        assert!(place.told(false).contains("API key found"), "{mode:o}");
    }
}

#[test]
fn p26_twelve_key_files_that_are_not_private_are_refused_with_the_way_out() {
    if !rustix::process::geteuid().is_root() {
        crate::skip("p26_twelve_key_files…", "only root can give files to other users");
        return;
    }
    let place = || Place::new();
    let told = |path: &Path, words: &str| format!("{} {words}", path.display());

    for (case, mode) in
        [("1 others may read", 0o604), ("2 the group may read", 0o640), ("3 the group may write", 0o620)]
    {
        let place = place();
        Place::mode(&place.file, mode);
        place.is_refused(
            case,
            &told(&place.file, &format!("can be read by others: chmod 600 {}", place.file.display())),
        );
    }

    let theirs = place();
    chown(&theirs.file, Some(OTHER), None).expect("root may");
    theirs.is_refused("4 of another user", &told(&theirs.file, "belongs to another user: chown 0"));

    let shared = place();
    Place::mode(&shared.folder, 0o770);
    shared.is_refused("5 folder open to the group", &told(&shared.folder, "can be changed by others: chmod go-w"));

    let sticky = place();
    Place::mode(&sticky.folder, 0o1777);
    sticky.is_refused("6 folder like /tmp", &told(&sticky.folder, "can be changed by others: chmod go-w"));

    let above = place();
    Place::mode(above.root.path(), 0o777);
    above.is_refused("7 folder above open to all", &told(above.root.path(), "can be changed by others: chmod go-w"));

    let foreign = place();
    chown(&foreign.folder, Some(OTHER), None).expect("root may");
    foreign.is_refused("8 folder of another user", &told(&foreign.folder, "belongs to another user"));

    let linked = place();
    let elsewhere = linked.folder.join("elsewhere");
    std::fs::rename(&linked.file, &elsewhere).expect("it moves");
    symlink(&elsewhere, &linked.file).expect("a link");
    linked.is_refused("9 symbolic link", &told(&linked.file, "is a symbolic link: name the file that it leads to"));

    let pipe = place();
    std::fs::remove_file(&pipe.file).expect("it was there");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe.file, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("a pipe");
    pipe.is_refused("10 pipe that nobody writes to", &told(&pipe.file, "is not a regular file"));

    let twice = place();
    std::fs::hard_link(&twice.file, twice.folder.join("second")).expect("a link");
    twice.is_refused("11 hard link", &told(&twice.file, "has a second name somewhere (hard link)"));

    // On a file server that maps root to `nobody`, root's files belong to `nobody`, and those of others are closed.
    let squashed = place();
    chown(&squashed.file, Some(NOBODY), Some(NOBODY)).expect("root may");
    squashed.is_refused("12 root is nobody on the file server", &told(&squashed.file, "belongs to another user"));
    let words = told(&squashed.file, "may not be read by this user: chown it to yourself");
    let said = squashed.told(true);
    assert!(said.contains(&words), "12 without the rights of root: {said}");
}

/// The folder is open before it is judged, and the file is opened below it: who exchanges either in between gains
/// nothing.
#[test]
fn p26_a_key_file_that_is_exchanged_all_the_time_is_never_read_through_a_link() {
    let place = Place::new();
    let bait = place.root.path().join("bait");
    std::fs::write(&bait, "ITG.bait-0000000000000000000000000000\n").expect("a file");
    Place::mode(&bait, 0o644);
    let good = place.folder.join("good");
    std::fs::rename(&place.file, &good).expect("it moves");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let next = place.folder.join("next");
            let mut turn = 0_u32;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                turn += 1;
                // A link in place of the program's own file stays, as the system has it.
                let _ = std::fs::remove_file(&next);
                // The file itself, a link to one that others can read, a second name of the file.
                let made = match turn % 3 {
                    0 => std::fs::copy(&good, &next).map(|_| Place::mode(&next, 0o600)),
                    1 => symlink(&bait, &next),
                    _ => std::fs::hard_link(&good, &next),
                };
                made.and_then(|()| std::fs::rename(&next, &place.file)).expect("the folder is ours");
            }
        });
        let mut read = 0;
        for _ in 0..20_000 {
            let Ok(mut file) = gluepot_core::private_file::open(&place.file, gluepot_core::private_file::Care::Secret)
            else {
                continue;
            };
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).expect("it is open");
            assert_eq!(text.trim(), KEY, "the bait was read");
            read += 1;
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(read > 0, "not one time did it find the file as it should be");
    });
}
