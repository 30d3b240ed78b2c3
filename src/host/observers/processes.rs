//! The processes above one, from `/proc`: who started it, on which terminal.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt as _;

/// How many parents are looked at.
const MOST: usize = 64;
/// The longest environment or command line that is read.
const MOST_BYTES: u64 = 1 << 20;

/// A process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Process {
    pub(super) pid: u32,
    /// The name of its program
    pub(super) name: String,
    parent: u32,
    /// The terminal that controls it; 0 for none
    terminal: i64,
}

/// A process between this program and the person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Recorder {
    Records(Process),
    MayRecord(Process),
    Shares(Process),
}

/// Programs that write down what a terminal shows. The kernel cuts names after 15 characters.
const RECORDERS: [&str; 12] = [
    "script",
    "scriptreplay",
    "asciinema",
    "ttyrec",
    "ttyrec2",
    "ovh-ttyrec",
    "termrec",
    "tlog-rec",
    "tlog-rec-session",
    "sudosh",
    "rootsh",
    "teleport",
];
/// Programs that show a terminal to others.
const SHARERS: [&str; 5] = ["tmate", "upterm", "ttyd", "gotty", "ttyshare"];
/// Terminals: a process above them does not see what they show.
const TERMINALS: [&str; 10] =
    ["xterm", "urxvt", "alacritty", "kitty", "foot", "st", "konsole", "wezterm-gui", "ghostty", "mlterm"];
/// Programs whose script's name is the one that says what they are.
const INTERPRETERS: [&str; 4] = ["python", "perl", "ruby", "node"];

impl Process {
    fn of(pid: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (name, parent, terminal) = parse(&stat)?;
        Some(Self { pid, name, parent, terminal })
    }

    /// Its name and those that its command line gives it.
    fn names(&self) -> Vec<String> {
        let mut names = vec![self.name.clone()];
        let mut line = Vec::new();
        if let Ok(file) = File::open(format!("/proc/{}/cmdline", self.pid)) {
            // Of a process that has just ended there is nothing to read.
            let _ = file.take(MOST_BYTES).read_to_end(&mut line);
        }
        names.extend(command_names(&line));
        names
    }
}

/// Name, parent and terminal out of `pid (name) state parent group session terminal …`. The name may hold anything, a
/// parenthesis too.
fn parse(stat: &str) -> Option<(String, u32, i64)> {
    let (head, tail) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let mut fields = tail.split_ascii_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let terminal = fields.nth(2)?.parse().ok()?;
    Some((name, parent, terminal))
}

/// The names in a command line: the program's, and that of a script if the program runs one.
fn command_names(line: &[u8]) -> Vec<String> {
    let base = |word: &[u8]| {
        let word = String::from_utf8_lossy(word).into_owned();
        word.rsplit('/').next().unwrap_or_default().trim_start_matches('-').to_owned()
    };
    let mut words = line.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    let Some(program) = words.next().map(base) else { return Vec::new() };
    let runs_script = INTERPRETERS.iter().any(|name| program.starts_with(name));
    let script = words.find(|word| !word.starts_with(b"-")).filter(|_| runs_script).map(base);
    std::iter::once(program).chain(script).collect()
}

fn is_called(names: &[String], known: &[&str]) -> Option<String> {
    let is = |name: &str, wanted: &str| name == wanted || (wanted.len() > 15 && name == &wanted[..15]);
    known.iter().find(|wanted| names.iter().any(|name| is(name, wanted))).map(|name| (*name).to_owned())
}

/// The recorders among the processes above one. Only a process on another terminal than those below it can be
/// between: it holds their terminal's other end. The search ends where the terminal itself is reached.
pub(super) fn recorders_above(pid: u32) -> Vec<Recorder> {
    let mut found = Vec::new();
    let Some(start) = Process::of(pid) else { return found };
    let (mut terminal, mut next) = (start.terminal, start.parent);
    for _ in 0..MOST {
        if next <= 1 || terminal == 0 {
            break;
        }
        let Some(process) = Process::of(next) else { break };
        next = process.parent;
        if process.terminal == terminal {
            continue;
        }
        terminal = process.terminal;
        let names = process.names();
        let called = |name: &str| Process { name: name.to_owned(), ..process.clone() };
        if let Some(name) = is_called(&names, &RECORDERS) {
            found.push(Recorder::Records(called(&name)));
        } else if names.iter().any(|name| name.starts_with("tmate")) {
            found.push(Recorder::Shares(called("tmate")));
        } else if let Some(name) = is_called(&names, &SHARERS) {
            found.push(Recorder::Shares(called(&name)));
        } else if is_called(&names, &["sudo"]).is_some() {
            // It gives its command its own terminal for that, and since 1.9.14 always.
            let records = writes_sudo_log(process.pid);
            found.push(if records { Recorder::Records(called("sudo")) } else { Recorder::MayRecord(called("sudo")) });
        } else if is_called(&names, &TERMINALS).is_some() || waits_for_lines(terminal) {
            break;
        }
    }
    found
}

/// Whether a terminal is not in raw mode: then its program passes nothing on between it and another one, but shows
/// that other one itself.
fn waits_for_lines(terminal: i64) -> bool {
    let name = terminal_name(terminal);
    if !name.starts_with("pts/") {
        return false;
    }
    let flags = rustix::fs::OFlags::RDONLY
        | rustix::fs::OFlags::NOCTTY
        | rustix::fs::OFlags::NONBLOCK
        | rustix::fs::OFlags::CLOEXEC;
    rustix::fs::open(format!("/dev/{name}"), flags, rustix::fs::Mode::empty())
        .and_then(rustix::termios::tcgetattr)
        .is_ok_and(|modes| modes.local_modes.contains(rustix::termios::LocalModes::ICANON))
}

/// Whether a sudo has a session log open. Only root can see that.
fn writes_sudo_log(pid: u32) -> bool {
    links(pid).is_some_and(|links| links.iter().any(|(_, path)| path.contains("/sudo-io/")))
}

/// Where the open files of a process lead, by their numbers; `None` where the system does not tell.
fn links(pid: u32) -> Option<Vec<(String, String)>> {
    let entries = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?.filter_map(Result::ok);
    let link = |entry: std::fs::DirEntry| {
        let path = std::fs::read_link(entry.path()).ok()?;
        Some((entry.file_name().to_string_lossy().into_owned(), path.to_string_lossy().into_owned()))
    };
    Some(entries.filter_map(link).collect())
}

/// What a multiplexer's server has open.
pub(super) struct Open {
    /// Terminals: those that are attached to it
    pub(super) terminals: BTreeSet<String>,
    /// Whether there is a file that it only appends to: a log
    pub(super) appends: bool,
}

/// What a process has open; `None` where the system does not tell.
pub(super) fn open_files(pid: u32) -> Option<Open> {
    let links = links(pid)?;
    let is_file = |path: &str| path.starts_with('/') && !path.starts_with("/dev/");
    let appends = links.iter().any(|(number, path)| is_file(path) && appends(pid, number));
    let is_terminal =
        |path: &String| path.starts_with("/dev/pts/") && !path.ends_with("ptmx") || path.starts_with("/dev/tty");
    let terminals = links.into_iter().map(|(_, path)| path).filter(is_terminal).collect();
    Some(Open { terminals, appends })
}

/// Whether an open file takes what is written at its end only: the kernel writes its flags in octal.
fn appends(pid: u32, number: &str) -> bool {
    let Ok(told) = std::fs::read_to_string(format!("/proc/{pid}/fdinfo/{number}")) else { return false };
    let flags = told.lines().find_map(|line| line.strip_prefix("flags:"));
    flags
        .and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok())
        .is_some_and(|flags| rustix::fs::OFlags::from_bits_retain(flags).contains(rustix::fs::OFlags::APPEND))
}

/// The processes of a program that have one of these terminals.
pub(super) fn on_terminals(terminals: &BTreeSet<String>, program: &str) -> BTreeSet<u32> {
    let wanted: BTreeSet<i64> = terminals.iter().filter_map(|path| device(path)).collect();
    if wanted.is_empty() {
        return BTreeSet::new();
    }
    let all = called(program).into_iter();
    all.filter(|process| wanted.contains(&process.terminal)).map(|process| process.pid).collect()
}

/// The processes of a program that have a terminal, and which.
pub(super) fn with_terminal(program: &str) -> Vec<(u32, String)> {
    let all = called(program).into_iter().filter(|process| process.terminal != 0);
    let mut all: Vec<_> = all.map(|process| (process.pid, terminal_name(process.terminal))).collect();
    all.sort_unstable();
    all
}

/// Whether there is such a process.
pub(super) fn exists(pid: u32) -> bool {
    Process::of(pid).is_some()
}

/// All processes of a program.
fn called(program: &str) -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(Process::of).filter(|process| process.name == program).collect()
}

/// Major and minor number of a terminal as `/proc/PID/stat` writes it.
fn numbers(terminal: i64) -> (i64, i64) {
    ((terminal >> 8) & 0xfff, (terminal & 0xff) | ((terminal >> 12) & 0xfff00))
}

fn terminal_name(terminal: i64) -> String {
    match numbers(terminal) {
        (major @ 136..144, minor) => format!("pts/{}", (major - 136) * 256 + minor),
        (4, minor) => format!("tty{minor}"),
        (major, minor) => format!("terminal {major}:{minor}"),
    }
}

/// A terminal's number as `/proc/PID/stat` writes it.
fn device(path: &str) -> Option<i64> {
    let device = rustix::fs::stat(path).ok()?.st_rdev;
    let (major, minor) = (i64::from(rustix::fs::major(device)), i64::from(rustix::fs::minor(device)));
    Some((minor & 0xff) | (major << 8) | ((minor & !0xff) << 12))
}

/// Lends the environment that a process of the same user was started with.
pub(super) fn environment<T>(pid: u32, read: impl FnOnce(&dyn Fn(&str) -> Option<String>) -> T) -> Option<T> {
    let mut block = Vec::new();
    File::open(format!("/proc/{pid}/environ")).ok()?.take(MOST_BYTES).read_to_end(&mut block).ok()?;
    let get = |name: &str| {
        let entries = block.split(|byte| *byte == 0);
        let values = entries.filter_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="));
        values.map(|value| std::ffi::OsStr::from_bytes(value).to_string_lossy().into_owned()).next()
    };
    Some(read(&get))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_parenthesis_does_not_shift_the_fields() {
        let stat = "42 (a) b (c) S 17 42 42 34816 42 4194304 0";
        assert_eq!(parse(stat), Some(("a) b (c".to_owned(), 17, 34816)));
        assert_eq!(parse("42"), None);
        assert_eq!(parse("42 (x) S"), None);
    }

    #[test]
    fn a_terminal_has_the_name_that_people_know() {
        assert_eq!(terminal_name(34816), "pts/0");
        assert_eq!(terminal_name(0x0010_8801), "pts/257");
        assert_eq!(terminal_name(0x401), "tty1");
        assert_eq!(terminal_name(0x501), "terminal 5:1");
    }

    #[test]
    fn a_script_is_known_by_its_own_name() {
        assert_eq!(command_names(b"/usr/bin/python3\0/usr/bin/asciinema\0rec\0x\0"), ["python3", "asciinema"]);
        assert_eq!(command_names(b"/usr/bin/python3\0-I\0/usr/bin/asciinema\0"), ["python3", "asciinema"]);
        assert_eq!(command_names(b"-bash\0"), ["bash"]);
        assert_eq!(command_names(b"vi\0/usr/bin/script\0"), ["vi"], "a file that is edited runs nothing");
        assert!(command_names(b"").is_empty());
        assert_eq!(is_called(&["tlog-rec-sessio".to_owned()], &RECORDERS).as_deref(), Some("tlog-rec-session"));
    }

    #[test]
    fn a_file_that_is_appended_to_is_seen_and_one_that_is_read_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        let log = File::options().create(true).append(true).open(&path).expect("a file");
        let read = File::open(&path).expect("the file");
        let me = std::process::id();
        let number = |file: &File| std::os::fd::AsRawFd::as_raw_fd(file).to_string();
        assert!(appends(me, &number(&log)) && !appends(me, &number(&read)));
        assert!(open_files(me).is_some_and(|open| open.appends));
        assert!(open_files(u32::MAX).is_none());
    }

    #[test]
    fn this_process_has_parents_and_their_environment_is_its_own() {
        let me = Process::of(std::process::id()).expect("it runs");
        assert!(me.parent > 0);
        let home = environment(me.pid, |get| get("PATH"));
        assert_eq!(home, Some(std::env::var("PATH").ok()));
        assert!(Process::of(u32::MAX).is_none());
    }
}
