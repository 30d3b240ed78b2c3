//! Where the audit trail and its copies have to be.
//!
//! A copy that an administrator requires is worth something only where the person who acts cannot take it away again. So
//! where the administrator's file asks for copies, they go to the log system of the host, at the socket the system has it
//! or at one that the file names; it and its folders have to be root's. A socket or a folder of the user's own choice
//! does not count there, and that is said.

use std::path::{Path, PathBuf};

use super::{Policies, Policy, PolicyError};
use crate::audit::{Identity, Keeping, Sink, System};
use crate::text::Clean;

/// What a file says about the trail, each with its line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TrailRules {
    /// The log system that copies go to
    pub sink: Option<(System, usize)>,
    /// Its socket
    pub socket: Option<(PathBuf, usize)>,
    /// The folder of the trail; `{user}` and `{uid}` are the user's
    pub folder: Option<(PathBuf, usize)>,
}

impl Policy {
    fn place(&self, line: usize) -> String {
        format!("{}, line {line}", self.origin)
    }

    /// Where it says anything of the trail, so that the user's own settings for that do not count.
    fn binds_trail(&self) -> Option<usize> {
        self.trail.folder.as_ref().map(|(_, line)| *line).or(self.require_sink)
    }
}

impl Policies {
    /// Makes the way the trail is kept follow the files: a copy that is required holds secrets back where it cannot be
    /// sent, and where there is nowhere to send it to. `config` names the user's settings in notes about those that
    /// do not count.
    pub fn keep(&mut self, keeping: &mut Keeping, config: &Path) -> Vec<PolicyError> {
        let mut said = Vec::new();
        let mut trouble = None;
        let admin = self.admin.policy();
        if let Some((admin, (system, line))) = admin.and_then(|admin| Some((admin, admin.trail.sink.as_ref()?))) {
            let socket =
                admin.trail.socket.as_ref().map_or_else(|| system.socket().to_owned(), |(path, _)| path.clone());
            let required = keeping.sink.as_ref().is_some_and(|sink| sink.required);
            let named = Sink { system: *system, socket, required };
            if keeping.sink.as_ref().is_some_and(|sink| *sink != named) {
                let message = format!(
                    "audit.sink and audit.sink_socket are not used: copies go to {} at {} ({})",
                    system.name(),
                    named.socket.display(),
                    admin.place(*line)
                );
                said.push(told(config, &message));
            }
            keeping.sink = Some(named);
        }
        if self.require_sink() {
            match &mut keeping.sink {
                Some(sink) => sink.required = true,
                None => {
                    trouble =
                        Some("copies of audit records are required: set sink under [audit] in config.toml".to_owned());
                }
            }
        }
        let asked = admin.and_then(|admin| Some((admin, admin.require_sink?)));
        if let (Some((admin, line)), Some(sink)) = (asked, &keeping.sink) {
            let is_named = admin.trail.sink.is_some();
            if !is_named && sink.socket != sink.system.socket() {
                let words = format!(
                    "copies of audit records have to go to {} itself, at {}, and not to {}: remove sink_socket under \
                     [audit] in config.toml",
                    sink.system.name(),
                    sink.system.socket().display(),
                    sink.socket.display()
                );
                said.push(told(config, &format!("audit.sink_socket does not count ({})", admin.place(line))));
                trouble = Some(words);
            } else if let Err(why) = is_roots(&sink.socket) {
                trouble = Some(format!("copies of audit records cannot be relied on: {why}"));
            }
        }
        self.sink_trouble = trouble.map(|words| Clean::line(&words));
        said
    }

    /// Why no copy that is required can be sent, if [`Self::keep`] found a reason.
    pub fn sink_trouble(&self) -> Option<&Clean> {
        self.sink_trouble.as_ref()
    }

    /// Where copies are required, the administrator's file first.
    pub fn sink_asked_by(&self) -> Option<String> {
        self.each().find_map(|policy| Some(policy.place(policy.require_sink?)))
    }

    /// The folder of the trail: the administrator's; else the user's, unless the administrator wants copies of the
    /// records, so wants a trail; else the standard one. And what is said to a user whose own setting does not count.
    pub fn trail_folder(
        &self,
        users: Option<&Path>,
        standard: PathBuf,
        config: &Path,
    ) -> (PathBuf, Option<PolicyError>) {
        let Some((admin, line)) = self.admin.policy().and_then(|admin| Some((admin, admin.binds_trail()?))) else {
            return (users.map_or(standard, Path::to_owned), None);
        };
        let folder = admin.trail.folder.as_ref().map_or(standard, |(path, _)| personal(path, &Identity::here()));
        let said = users.filter(|users| **users != folder).map(|_| {
            let message =
                format!("audit.folder is not used: the trail is in {} ({})", folder.display(), admin.place(line));
            told(config, &message)
        });
        (folder, said)
    }
}

fn told(config: &Path, message: &str) -> PolicyError {
    PolicyError { place: Clean::line(&config.to_string_lossy()), line: 0, message: message.into() }
}

/// The folder of one person. A user whom `/etc/passwd` does not know is known by the number.
fn personal(folder: &Path, who: &Identity) -> PathBuf {
    let uid = who.uid.to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
    let name =
        Some(who.user.as_str()).filter(|name| name.starts_with(|c: char| c != '.') && name.chars().all(is_plain));
    let text = folder.to_string_lossy().replace("{user}", name.unwrap_or(&uid)).replace("{uid}", &uid);
    PathBuf::from(text)
}

/// Whether only root can have made what is at a path, or can replace it. What is not there will not
/// take a copy, and root alone can make it.
#[cfg(unix)]
fn is_roots(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

    let look = |path: &Path| std::fs::symlink_metadata(path).map_err(|error| format!("{}: {error}", path.display()));
    let folders = |path: &Path| {
        path.ancestors().skip(1).try_for_each(|folder| {
            let metadata = look(folder)?;
            if metadata.is_symlink() {
                return Ok(());
            }
            if metadata.uid() != 0 || metadata.mode() & 0o022 != 0 {
                return Err(format!("others than root can change the folder {}", folder.display()));
            }
            Ok(())
        })
    };
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let there = path.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("/"));
            return folders(&there.canonicalize().unwrap_or_else(|_| there.to_owned()).join("x"));
        }
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    // A link on the way leads where its own folder's owner wants.
    folders(path)?;
    folders(&real)?;
    let metadata = look(&real)?;
    if !metadata.file_type().is_socket() {
        Err(format!("{} is not a socket", path.display()))
    } else if metadata.uid() == 0 {
        Ok(())
    } else {
        Err(format!("{} belongs to another user than root", path.display()))
    }
}

/// Elsewhere there is no log system to send copies to.
#[cfg(not(unix))]
fn is_roots(_: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use super::super::{Action, File, Subject, Verdict, parse};
    use super::*;

    fn policies(admin: &str, user: &str) -> Policies {
        let file = |text: &str, name: &str| File::Read(parse(text, Path::new(name)).unwrap());
        Policies::new(file(admin, "/etc/p.toml"), file(user, "/home/me/policy.toml"))
    }

    fn keeping(socket: &Path) -> Keeping {
        let sink = Sink { system: System::Syslog, socket: socket.to_owned(), required: false };
        Keeping { sink: Some(sink), ..Keeping::default() }
    }

    fn may_copy(policies: &Policies) -> Result<(), String> {
        let decision = policies.decide(&Subject::unknown(Action::Copy));
        if decision.verdict == Verdict::Allow { Ok(()) } else { Err(decision.told()) }
    }

    /// A folder with a socket that a program of the user's own listens at.
    fn black_hole() -> (tempfile::TempDir, PathBuf, std::os::unix::net::UnixDatagram) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("hole");
        let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
        (root, path, socket)
    }

    #[test]
    fn a_socket_of_the_users_own_does_not_meet_what_the_administrator_asks_for() {
        let (_root, hole, _socket) = black_hole();
        let mut both = policies("\n[audit]\nrequire_sink = true\n", "");
        let mut keeping = keeping(&hole);
        let said = both.keep(&mut keeping, Path::new("/home/me/config.toml"));
        assert!(
            said[0]
                .to_string()
                .starts_with("/home/me/config.toml: audit.sink_socket does not count (/etc/p.toml, line 3)")
        );
        let refusal = may_copy(&both).unwrap_err();
        assert!(refusal.contains("at /dev/log, and not to") && refusal.contains("remove sink_socket"), "{refusal}");
        // What the user asks of himself is his own business.
        let mut own = policies("", "[audit]\nrequire_sink = true\n");
        assert_eq!(own.keep(&mut keeping, Path::new("c")), []);
        assert_eq!(may_copy(&own), Ok(()));
    }

    #[test]
    fn a_socket_that_the_administrator_names_counts_where_nobody_else_can_put_another() {
        let (_root, hole, _socket) = black_hole();
        let admin = format!("[audit]\nrequire_sink = true\nsink = 'journal'\nsink_socket = '{}'\n", hole.display());
        let mut both = policies(&admin, "");
        let mut keeping = keeping(Path::new("/dev/log"));
        let said = both.keep(&mut keeping, Path::new("c"));
        assert!(said[0].message.contains("not used: copies go to the journal at"), "{said:?}");
        assert_eq!(keeping.sink, Some(Sink { system: System::Journal, socket: hole, required: true }));
        // Every user can write to the folder for temporary files.
        let refusal = may_copy(&both).unwrap_err();
        assert!(refusal.contains("others than root can change the folder"), "{refusal}");
    }

    #[test]
    fn what_is_roots_alone_is_taken() {
        assert_eq!(is_roots(Path::new("/nowhere/at/all/log")), Ok(()), "it is not there, and only root can make it");
        assert!(is_roots(Path::new("/etc/passwd")).unwrap_err().contains("is not a socket"));
        let (root, hole, _socket) = black_hole();
        assert!(is_roots(&hole).is_err());
        let link = root.path().join("link");
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        assert!(is_roots(&link).unwrap_err().contains("others than root"), "a link of the user's own");
    }

    #[test]
    fn the_trail_is_where_the_administrator_wants_it() {
        let (standard, config) = (PathBuf::from("/home/me/state/audit"), Path::new("c.toml"));
        let shm = Path::new("/dev/shm/x");
        let folder = |admin: &str| policies(admin, "").trail_folder(Some(shm), standard.clone(), config);
        assert_eq!(folder(""), (shm.to_owned(), None), "nothing is asked for");
        let (place, said) = folder("[audit]\nrequire_sink = true\n");
        assert_eq!(place, standard);
        let said = said.unwrap().to_string();
        assert_eq!(
            said,
            "c.toml: audit.folder is not used: the trail is in /home/me/state/audit (/etc/p.toml, line 2)"
        );
        let (place, said) = folder("[audit]\nfolder = '/var/trail/{uid}'\n");
        assert_eq!(place, Path::new("/var/trail").join(Identity::here().uid.to_string()));
        assert!(said.is_some());
        let who = |user: &str| Identity { user: user.into(), uid: 7, ..Identity::default() };
        let of = |user: &str| personal(Path::new("/var/{user}-{uid}"), &who(user));
        assert_eq!(of("alice"), Path::new("/var/alice-7"));
        for odd in ["", "..", "a/b", "a b"] {
            assert_eq!(of(odd), Path::new("/var/7-7"), "{odd}");
        }
    }
}
