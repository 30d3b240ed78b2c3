//! Who is at the keyboard, as far as the system tells.

use crate::text::Clean;

/// Who acts, where and with what. Gathered once at start.
///
/// The user ids and the host come from the kernel. The SSH peer comes from the environment and is whatever the
/// person's shell says: it helps a reader who trusts the person, and proves nothing about one who lies.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Identity {
    /// The real user id
    pub uid: u32,
    /// The name of that user in `/etc/passwd`; empty for users of a directory service
    pub user: Clean,
    /// The user id of the login, which `su` and `sudo` do not change; `None` where the kernel keeps none
    pub login_uid: Option<u32>,
    /// The name of that user, where it is another one than `user`
    pub login: Clean,
    /// The terminal
    pub tty: Clean,
    /// Address and port of the SSH client, as the environment says
    pub ssh_peer: Clean,
    /// The host this runs on
    pub host: Clean,
    /// The process
    pub pid: u32,
    /// The version of this program
    pub version: Clean,
    /// Which boot of the host this is
    pub boot_id: Clean,
}

/// Longest text taken from one source.
const MAX: usize = 200;

fn short(text: &str) -> Clean {
    Clean::line(&text.trim().chars().take(MAX).collect::<String>())
}

impl Identity {
    /// Asks the system.
    pub fn here() -> Self {
        let uid = uid();
        let login_uid = login_uid(&read("/proc/self/loginuid"));
        Self {
            uid,
            user: user_name(uid),
            login_uid,
            login: login_uid.filter(|&login| login != uid).map(user_name).unwrap_or_default(),
            tty: tty(),
            ssh_peer: ssh_peer(std::env::var("SSH_CONNECTION").ok().as_deref()),
            host: host(),
            pid: std::process::id(),
            version: Clean::line(env!("CARGO_PKG_VERSION")),
            boot_id: read("/proc/sys/kernel/random/boot_id"),
        }
    }
}

impl Identity {
    /// Writes the members that say who, where and when by the clock of the boot.
    pub(super) fn describe(&self, line: &mut super::record::Line) {
        line.text("boot", &self.boot_id, 40).number("up_ms", up_ms()).number("uid", self.uid.into());
        line.text("user", &self.user, MAX);
        if let Some(login) = self.login_uid {
            line.number("login_uid", login.into()).text("login", &self.login, MAX);
        }
        line.text("tty", &self.tty, MAX)
            .text("ssh", &self.ssh_peer, MAX)
            .text("host", &self.host, MAX)
            .number("pid", self.pid.into())
            .text("version", &self.version, 40);
    }
}

/// Who logged in, by what the kernel keeps. Its highest number means no login.
fn login_uid(kept: &str) -> Option<u32> {
    kept.parse().ok().filter(|&uid| uid != u32::MAX)
}

/// Milliseconds since boot, time asleep included: this clock cannot be set back.
#[cfg(target_os = "linux")]
pub(super) fn up_ms() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    std::time::Duration::try_from(now).unwrap_or_default().as_millis() as u64
}

/// Elsewhere: since this was first asked, which is close to the start of the program.
#[cfg(not(target_os = "linux"))]
pub(super) fn up_ms() -> u64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_millis() as u64
}

/// Client address and port out of `SSH_CONNECTION` ("client port server port").
fn ssh_peer(connection: Option<&str>) -> Clean {
    let mut words = connection.unwrap_or_default().split_ascii_whitespace();
    match (words.next(), words.next()) {
        (Some(address), Some(port)) => short(&format!("{address} {port}")),
        (Some(address), None) => short(address),
        _ => Clean::default(),
    }
}

/// The first line of a small file of the kernel's; empty when there is none.
fn read(path: &str) -> Clean {
    short(std::fs::read_to_string(path).unwrap_or_default().lines().next().unwrap_or_default())
}

/// Looks the user up without the system's name service: that can hang on a lost directory server.
fn user_name(uid: u32) -> Clean {
    std::fs::File::open("/etc/passwd").map(|file| name_in(file, uid)).unwrap_or_default()
}

/// The name of a user in a file of accounts, of which a megabyte is read.
fn name_in(accounts: impl std::io::Read, uid: u32) -> Clean {
    use std::io::{BufRead, BufReader};

    BufReader::new(accounts.take(1_000_000))
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1)?.parse() == Ok(uid)).then(|| short(name))
        })
        .unwrap_or_default()
}

#[cfg(unix)]
fn uid() -> u32 {
    rustix::process::getuid().as_raw()
}

#[cfg(not(unix))]
fn uid() -> u32 {
    u32::MAX
}

#[cfg(unix)]
fn host() -> Clean {
    short(&rustix::system::uname().nodename().to_string_lossy())
}

#[cfg(not(unix))]
fn host() -> Clean {
    short(&std::env::var("COMPUTERNAME").unwrap_or_default())
}

#[cfg(unix)]
fn tty() -> Clean {
    use rustix::termios::ttyname;

    let name = ttyname(rustix::stdio::stdin(), Vec::new())
        .or_else(|_| ttyname(rustix::stdio::stdout(), Vec::new()))
        .or_else(|_| ttyname(rustix::stdio::stderr(), Vec::new()));
    name.map(|name| short(&name.to_string_lossy())).unwrap_or_default()
}

#[cfg(not(unix))]
fn tty() -> Clean {
    Clean::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peer_is_the_client_side_of_the_connection() {
        assert_eq!(ssh_peer(Some("192.0.2.7 51622 198.51.100.1 22")).as_str(), "192.0.2.7 51622");
        assert_eq!(ssh_peer(Some("192.0.2.7")).as_str(), "192.0.2.7");
        assert_eq!(ssh_peer(Some("  ")).as_str(), "");
        assert_eq!(ssh_peer(None).as_str(), "");
    }

    #[test]
    fn a_hostile_peer_is_filtered_and_cut() {
        let long = format!("\u{1b}]52;c;{} 1", "x".repeat(5000));
        let peer = ssh_peer(Some(&long));
        assert!(!peer.contains('\u{1b}'));
        assert!(peer.chars().count() <= MAX + 20, "{} characters", peer.chars().count());
    }

    #[test]
    fn who_did_not_log_in_is_nobody() {
        assert_eq!(login_uid("1000"), Some(1000));
        assert_eq!(login_uid("0"), Some(0));
        assert_eq!(login_uid("4294967295"), None, "the kernel's word for nobody");
        assert_eq!(login_uid(""), None, "a kernel that keeps none");
    }

    #[test]
    fn the_clock_of_the_boot_goes_on_as_time_does() {
        let before = std::time::Instant::now();
        let first = up_ms();
        let after = std::time::Instant::now();
        while up_ms() == first {
            assert!(after.elapsed().as_secs() < 20, "it stands");
        }
        let least = after.elapsed().as_millis() as u64;
        let by_boot = up_ms() - first;
        assert!(by_boot + 1 >= least && by_boot <= before.elapsed().as_millis() as u64 + 1, "{by_boot} ms, {least}");
    }

    #[test]
    fn a_user_is_looked_up_by_number_in_so_much_of_the_file_as_is_read() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\nbad line\nkim:x:1000:100:Kim:/home/kim:/bin/bash\n";
        let name = |uid| name_in(accounts.as_bytes(), uid).as_str().to_owned();
        assert_eq!((name(1000), name(0), name(100)), ("kim".into(), "root".into(), String::new()));
        let long = format!("{}{accounts}", "#\n".repeat(1 << 20));
        assert_eq!(name_in(long.as_bytes(), 1000).as_str(), "", "a file that has no end is not read to it");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_kernel_tells_user_host_and_boot() {
        let me = Identity::here();
        assert_eq!(me.uid, rustix::process::getuid().as_raw());
        let name = std::process::Command::new("id").arg("-un").output().expect("coreutils are there").stdout;
        let name = String::from_utf8_lossy(&name).trim().to_owned();
        if std::fs::read_to_string("/etc/passwd")
            .is_ok_and(|text| text.lines().any(|line| line.starts_with(&format!("{name}:"))))
        {
            assert_eq!(me.user.as_str(), name);
        }
        assert!(!me.host.is_empty());
        assert_eq!(me.boot_id.len(), 36, "a UUID");
        assert_eq!(me.pid, std::process::id());
    }
}
