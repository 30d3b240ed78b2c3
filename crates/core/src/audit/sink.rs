//! Copies of the records in the log system of the host, where the person who acts cannot change them.
//!
//! A copy is one datagram to a socket on this machine: to `/dev/log` in the form of RFC 3164 that every syslog daemon
//! reads there, or to the journal in its native form. It is sent when the record is on the disk and before anything is
//! fetched. What was sent was taken by the daemon; whether it keeps it is unknown. The numbers of the records show
//! what is missing at the other end.
//!
//! The text of a copy is the line of the file. One that is too long for a syslog daemon is cut: the names and reasons
//! in it are shortened, and the hash of the whole line and a seal of the copy are added.
//!
//! Sources: RFC 3164 section 4.1 and RFC 5424 section 6.2.1 for the number in front; systemd's "Native Journal
//! Protocol" page for `NAME=value` lines.

use std::io;
use std::path::{Path, PathBuf};

use super::record::Key;

/// Longest datagram to a syslog daemon: rsyslog cuts at 8 KiB by default.
#[cfg(any(unix, test))]
const SYSLOG_MAX: usize = 8000;

/// How many characters a text keeps when a copy is cut.
#[cfg(any(unix, test))]
const CUT: usize = 40;

/// Which log system.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub enum System {
    /// A syslog daemon
    Syslog,
    /// systemd's journal
    Journal,
}

impl System {
    /// Where it listens.
    pub fn socket(self) -> &'static Path {
        Path::new(match self {
            Self::Syslog => "/dev/log",
            Self::Journal => "/run/systemd/journal/socket",
        })
    }

    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syslog => "syslog",
            Self::Journal => "the journal",
        }
    }
}

/// Where copies go.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Sink {
    /// Which log system, and so which form
    pub system: System,
    /// Its socket
    pub socket: PathBuf,
    /// Whether a record without a copy counts as not written
    pub required: bool,
}

impl Sink {
    /// Sends the copy of one line of the file, given without its line break. What does not fit is sealed with the key of
    /// the record.
    #[cfg(unix)]
    pub(super) fn send(&self, line: &str, key: &Key) -> io::Result<()> {
        use std::os::unix::net::UnixDatagram;
        use std::time::Duration;

        // Connects again each time: the daemon may have been restarted.
        let socket = UnixDatagram::unbound()?;
        socket.connect(&self.socket)?;
        // A daemon that hangs must not hold the lock of the trail for long.
        socket.set_write_timeout(Some(Duration::from_millis(300)))?;
        let message = |line: &str| match self.system {
            System::Syslog => syslog(line, &jiff::Zoned::now()),
            System::Journal => journal(line),
        };
        // A datagram is taken whole or not at all.
        let send = |message: String| socket.send(message.as_bytes()).map(drop);
        let whole = message(line);
        if self.system == System::Syslog && whole.len() > SYSLOG_MAX {
            return send(message(&cut(line, key)));
        }
        match send(whole) {
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::MSGSIZE.raw_os_error()) => {
                send(message(&cut(line, key)))
            }
            done => done,
        }
    }

    /// Other systems have no such socket.
    #[cfg(not(unix))]
    pub(super) fn send(&self, _: &str, _: &Key) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Facility 10 is for security and authorization; severity 5 is a notice, 4 a warning.
#[cfg(any(unix, test))]
fn severity(line: &str) -> u8 {
    let alarming = ["\"kind\":\"recovery\"", "\"clock_back\":true", "\"unsent\":", "\"aside\":", "\"gone\":"];
    if alarming.iter().any(|member| line.contains(member)) { 4 } else { 5 }
}

/// A message in the form local syslog daemons read: without the host, which they know.
#[cfg(any(unix, test))]
fn syslog(line: &str, now: &jiff::Zoned) -> String {
    let priority = 10 * 8 + severity(line);
    format!("<{priority}>{} gluepot[{}]: {line}", now.strftime("%b %e %H:%M:%S"), std::process::id())
}

/// A message in the journal's own form, with its own members to search by.
#[cfg(any(unix, test))]
fn journal(line: &str) -> String {
    use std::fmt::Write as _;

    let mut out = format!(
        "MESSAGE={line}\nPRIORITY={}\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=gluepot\nSYSLOG_PID={}\n",
        severity(line),
        std::process::id()
    );
    let members: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
    for name in ["trail", "seq", "kind", "action", "org", "record", "record_id", "ticket", "result", "of"] {
        let value = match members.get(name) {
            Some(serde_json::Value::String(text)) => text.escape_default().to_string(),
            Some(serde_json::Value::Number(number)) => number.to_string(),
            _ => continue,
        };
        let _ = writeln!(out, "GLUEPOT_{}={value}", name.to_ascii_uppercase());
    }
    out
}

/// A shorter form of a line, with the hash of the whole one.
#[cfg(any(unix, test))]
fn cut(line: &str, key: &Key) -> String {
    use super::record::{Line, hash, hex};

    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap_or_default();
    let mut short = Line::bare();
    for (name, value) in &members {
        match value {
            serde_json::Value::String(text) if name == "prev" || name == "mac" => short.text(name, text, 64),
            serde_json::Value::String(text) => short.text(name, text, CUT),
            serde_json::Value::Number(number) => short.number(name, number.as_u64().unwrap_or_default()),
            other => short.flag(name, other == true),
        };
    }
    short.flag("cut", true).text("hash", &hex(&hash(line.as_bytes())), 64);
    short.close(key)
}

#[cfg(test)]
#[cfg(unix)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    const LINE: &str = r#"{"v":1,"trail":"0101010101010101","seq":7,"kind":"intent","action":"reveal","org":9,"ticket":"T-1","prev":"aa","mac":"bb"}"#;

    fn sink(system: System) -> (tempfile::TempDir, UnixDatagram, Sink) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let daemon = UnixDatagram::bind(&path).unwrap();
        daemon.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
        (dir, daemon, Sink { system, socket: path, required: true })
    }

    fn key() -> Key {
        zeroize::Zeroizing::new([5; 32])
    }

    fn receive(daemon: &UnixDatagram) -> String {
        let mut buffer = vec![0; 1 << 17];
        let length = daemon.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }

    #[test]
    fn syslog_gets_facility_time_program_and_the_line() {
        let (_dir, daemon, sink) = sink(System::Syslog);
        sink.send(LINE, &key()).unwrap();
        let message = receive(&daemon);
        assert!(message.starts_with("<85>") && message.ends_with(LINE), "{message}");
        let now: jiff::Zoned = "2026-11-02T03:04:05[UTC]".parse().unwrap();
        assert_eq!(syslog("{}", &now), format!("<85>Nov  2 03:04:05 gluepot[{}]: {{}}", std::process::id()));
        assert!(syslog("{\"kind\":\"recovery\"}", &now).starts_with("<84>"));
    }

    #[test]
    fn the_journal_gets_the_line_and_members_to_search_by() {
        let (_dir, daemon, sink) = sink(System::Journal);
        sink.send(LINE, &key()).unwrap();
        let message = receive(&daemon);
        let lines: Vec<_> = message.lines().collect();
        assert_eq!(lines[0], format!("MESSAGE={LINE}"));
        for wanted in ["PRIORITY=5", "SYSLOG_FACILITY=10", "GLUEPOT_SEQ=7", "GLUEPOT_ORG=9", "GLUEPOT_TICKET=T-1"] {
            assert!(lines.contains(&wanted), "{message}");
        }
    }

    #[test]
    fn a_value_cannot_make_a_member_of_its_own_in_the_journal() {
        let message = journal(r#"{"seq":1,"ticket":"T\u000aPRIORITY=0\u2028x"}"#);
        assert!(!message.lines().any(|line| line == "PRIORITY=0"), "{message}");
        assert!(message.is_ascii());
    }

    /// What a copy that was cut says.
    fn members(message: &str) -> serde_json::Value {
        let copy = message.lines().next().unwrap();
        serde_json::from_str(&copy[copy.find('{').unwrap()..]).unwrap()
    }

    #[test]
    fn a_line_too_long_for_syslog_is_cut_and_carries_the_hash_of_the_whole() {
        use crate::audit::record::{hash, hex};

        let (_dir, daemon, sink) = sink(System::Syslog);
        let (prev, mac) = ("a1".repeat(32), "b2".repeat(32));
        let long = LINE
            .replace("T-1", &"\\u4e2d".repeat(3000))
            .replace("\"aa\"", &format!("\"{prev}\""))
            .replace("\"bb\"", &format!("\"{mac}\""))
            .replace("\"org\"", "\"clock_back\":true,\"org\"");
        sink.send(&long, &key()).unwrap();
        let message = receive(&daemon);
        assert!(message.len() <= SYSLOG_MAX && message.is_ascii(), "{}", message.len());
        assert!(message.starts_with("<84>"), "it is a warning still: {message}");
        let copy = members(&message);
        assert_eq!((&copy["seq"], &copy["cut"], &copy["clock_back"]), (&7.into(), &true.into(), &true.into()));
        assert_eq!(copy["hash"], hex(&hash(long.as_bytes())));
        assert_eq!((&copy["prev"], &copy["mac"]), (&prev.into(), &mac.into()), "what the chain needs is whole");
        assert_eq!(copy["ticket"], format!("{}...", "\u{4e2d}".repeat(CUT)));
    }

    #[test]
    fn a_copy_is_whole_as_long_as_syslog_takes_it() {
        let (_dir, daemon, sink) = sink(System::Syslog);
        let whole: Vec<bool> = (SYSLOG_MAX - 200..SYSLOG_MAX + 10)
            .map(|length| {
                let line = format!("{{\"seq\":1,\"ticket\":\"{}\"}}", "x".repeat(length - 21));
                assert_eq!(line.len(), length);
                sink.send(&line, &key()).unwrap();
                let message = receive(&daemon);
                assert!(message.len() <= SYSLOG_MAX, "{}", message.len());
                // One that would be too long by a single byte is cut, and no other.
                let front = message.find('{').unwrap();
                assert_eq!(message.ends_with(&line), front + length <= SYSLOG_MAX, "{length}");
                message.ends_with(&line)
            })
            .collect();
        assert!(whole[0] && !whole[whole.len() - 1]);
    }

    #[test]
    fn a_copy_that_the_socket_does_not_take_whole_goes_there_cut() {
        let (_dir, daemon, sink) = sink(System::Journal);
        sink.send(&LINE.replace("T-1", &"x".repeat(8 << 20)), &key()).unwrap();
        let copy = members(&receive(&daemon));
        assert_eq!((&copy["seq"], &copy["cut"]), (&7.into(), &true.into()));
    }

    #[test]
    fn a_daemon_that_does_not_read_is_waited_for_once() {
        let (_dir, _daemon, sink) = sink(System::Journal);
        while sink.send(LINE, &key()).is_ok() {}
        let quickest = (0..5).map(|_| {
            let start = std::time::Instant::now();
            assert_eq!(sink.send(LINE, &key()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
            start.elapsed()
        });
        assert!(quickest.min().unwrap() < std::time::Duration::from_millis(600), "300 ms, and no second time");
    }

    #[test]
    fn a_daemon_that_is_not_there_or_does_not_read_is_an_error_within_a_second() {
        let (dir, daemon, sink) = sink(System::Syslog);
        let gone = Sink { socket: dir.path().join("none"), ..sink.clone() };
        assert!(gone.send(LINE, &key()).is_err());
        let start = std::time::Instant::now();
        let refused = (0..10_000).find_map(|_| sink.send(LINE, &key()).err()).expect("the queue is never full");
        assert!(refused.kind() == io::ErrorKind::WouldBlock, "{refused}");
        assert!(start.elapsed() < std::time::Duration::from_secs(3));
        drop(daemon);
        assert!(sink.send(LINE, &key()).is_err(), "nobody listens any more");
    }
}
