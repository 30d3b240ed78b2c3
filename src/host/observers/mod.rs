//! Who else sees the terminal: other terminals of a multiplexer's session, a pane that is piped, recorders.
//!
//! Looked at right before a value is shown, and told as a caution; the person decides. What is found is called seen,
//! and of what is not found nothing is said: a recorder may run as another user, behind SSH, or on the terminal's own
//! side, where nobody on this machine can see it.
//!
//! Three questions, each answered from what the system tells any user:
//!
//! | Question | From |
//! |---|---|
//! | tmux: is the pane piped, how many terminals are attached to a session that has it | the tmux server |
//! | GNU screen: does it write a log, how many terminals are attached | the files its server has open, in `/proc` |
//! | does a recorder stand between | names and terminals of the processes above this one, and above each terminal that is attached to the multiplexer |
//!
//! A multiplexer may run inside another one: then the same is asked of that.
//! [`look`] starts programs and waits for them, for [`LIMIT`] in all: not for the loop. It knows no screen.

#[cfg(target_os = "linux")]
mod processes;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod processes;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::host::clipboard::TmuxPane;
use gluepot_core::audit::Caution;
use gluepot_core::text::Clean;
use processes::{Process, Recorder};

/// How long a look may take. What has not answered by then is told as not known.
pub const LIMIT: Duration = Duration::from_secs(3);

/// Multiplexers inside multiplexers are followed so far.
const DEPTH: u32 = 3;

/// Somebody or something that sees what is shown, or may.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Observer {
    /// The tmux pane is piped to a program
    Piped,
    /// More than one terminal is attached to the tmux session
    TmuxClients(Vec<Clean>),
    /// GNU screen writes a window of this session to a file; it cannot be seen which
    Logged,
    /// More than one terminal is attached to the screen session
    ScreenClients(Vec<Clean>),
    /// A program that records is between this one and the person
    Recorder {
        /// Its name
        name: Clean,
        /// Its process; 0 where only the environment tells of it
        pid: u32,
    },
    /// A program that may record: sudo with a terminal of its own
    Relay {
        /// Its name
        name: Clean,
        /// Its process
        pid: u32,
    },
    /// A program that shares the terminal with others
    Shared {
        /// Its name
        name: Clean,
    },
    /// GNU screen is between, and does not let its user see who else is. Its processes on terminals are what can be
    /// seen: when somebody attaches anew they are others
    Unseen(Vec<Clean>),
    /// It could not be found out
    Unknown(Clean),
}

impl Observer {
    /// Whether it also sees a text that is copied by a sequence to the terminal. A piped pane or a logged window sees
    /// only what the program itself writes, and not what tmux sends for it.
    pub fn sees_what_tmux_sends(&self) -> bool {
        !matches!(self, Self::Piped | Self::Logged)
    }

    /// Whether it is a doubt that no further look will settle, and not somebody who is known to see: it is told once
    /// and again when what can be seen of it has changed.
    pub fn is_lasting_doubt(&self) -> bool {
        matches!(self, Self::Relay { .. } | Self::Unseen(_))
    }

    /// What stands in the audit trail when the person was told of it and went on.
    pub fn caution(&self) -> Caution {
        match self {
            Self::Piped => Caution::TmuxPipe,
            Self::TmuxClients(_) => Caution::TmuxClients,
            Self::Logged => Caution::ScreenLog,
            Self::ScreenClients(_) => Caution::ScreenClients,
            Self::Recorder { .. } => Caution::Recorder,
            Self::Relay { .. } => Caution::Sudo,
            Self::Shared { .. } => Caution::Shared,
            Self::Unseen(_) => Caution::ScreenUnseen,
            Self::Unknown(_) => Caution::Unknown,
        }
    }
}

/// A sentence for the dialog.
impl fmt::Display for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terminals = |f: &mut fmt::Formatter<'_>, of: &str, names: &[Clean]| {
            let names: Vec<&str> = names.iter().map(Clean::as_str).collect();
            write!(f, "{} terminals are attached to this {of} session: {}.", names.len(), names.join(", "))
        };
        match self {
            Self::Piped => f.write_str("This tmux pane is piped to a program (pipe-pane), which gets what is shown."),
            Self::TmuxClients(names) => terminals(f, "tmux", names),
            Self::Logged => f.write_str("GNU screen writes a log of this session: of this window or of another one."),
            Self::ScreenClients(names) => terminals(f, "screen", names),
            Self::Recorder { name, pid: 0 } => write!(f, "A recorder was seen: {name}."),
            Self::Recorder { name, pid } => write!(f, "A recorder was seen: {name} (process {pid})."),
            Self::Relay { name, pid } => {
                write!(f, "{name} (process {pid}) passes this terminal on and may record it.")
            }
            Self::Shared { name } => write!(f, "{name} shares this terminal with others."),
            Self::Unseen(clients) => {
                let names: Vec<&str> = clients.iter().map(Clean::as_str).collect();
                let at = if names.is_empty() { String::new() } else { format!(" It runs at {}.", names.join(", ")) };
                write!(
                    f,
                    "Who else sees this terminal could not be found out: GNU screen does not let its user see whether it \
                     writes a log and which terminals are attached.{at}"
                )
            }
            Self::Unknown(why) => write!(f, "Who else sees this terminal could not be found out: {why}."),
        }
    }
}

/// Where to look: the multiplexers and recorders that the environment tells of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Surroundings {
    /// The innermost tmux, if there is one
    tmux: Option<TmuxPane>,
    /// The name of the innermost screen
    screen: Option<String>,
    /// Recorders that leave a mark in the environment
    marked: Vec<Clean>,
}

/// Variables that recorders set for what they record.
const MARKS: [(&str, &str); 3] =
    [("ASCIINEMA_REC", "asciinema"), ("ASCIINEMA_SESSION", "asciinema"), ("TLOG_REC_SESSION", "tlog")];

impl Surroundings {
    /// Those of this process.
    pub fn here() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// Those that an environment tells of.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let tmux = get("TMUX").zip(get("TMUX_PANE")).and_then(|(tmux, pane)| {
            let socket = tmux.split(',').next().filter(|socket| !socket.is_empty())?.to_owned();
            let is_pane = pane.strip_prefix('%').is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
            is_pane.then(|| TmuxPane { socket: PathBuf::from(socket), pane })
        });
        let mut marked: Vec<Clean> =
            MARKS.iter().filter(|(name, _)| get(name).is_some()).map(|(_, recorder)| (*recorder).into()).collect();
        marked.dedup();
        Self { tmux, screen: get("STY"), marked }
    }
}

/// Looks around. Takes [`LIMIT`] at most.
pub fn look(surroundings: &Surroundings) -> Vec<Observer> {
    let (sender, answers) = mpsc::channel();
    let surroundings = surroundings.clone();
    let work = move || {
        look_at(&surroundings, std::process::id(), 0, &mut |observer| {
            // Nobody listens any more once the time is over.
            let _ = sender.send(observer);
        });
    };
    let mut seen = BTreeSet::new();
    if let Err(error) = std::thread::Builder::new().name("observers".to_owned()).spawn(work) {
        seen.insert(Observer::Unknown(error.to_string().as_str().into()));
    }
    let start = Instant::now();
    loop {
        match answers.recv_timeout(LIMIT.saturating_sub(start.elapsed())) {
            Ok(observer) => {
                seen.insert(observer);
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                seen.insert(Observer::Unknown("there was no answer in time".into()));
                break;
            }
        }
    }
    without_doubles(seen)
}

/// A recorder that is seen as a process is not told a second time by its mark.
fn without_doubles(seen: BTreeSet<Observer>) -> Vec<Observer> {
    let processes: Vec<Clean> = seen
        .iter()
        .filter_map(|observer| match observer {
            Observer::Recorder { name, pid } if *pid != 0 => Some(name.clone()),
            _ => None,
        })
        .collect();
    let doubled = |observer: &Observer| {
        matches!(observer, Observer::Recorder { name, pid: 0 }
            if processes.iter().any(|process| process.starts_with(name.as_str())))
    };
    seen.into_iter().filter(|observer| !doubled(observer)).collect()
}

/// Looks at what is around one process: this one, or a terminal that is attached to its multiplexer.
fn look_at(surroundings: &Surroundings, pid: u32, depth: u32, tell: &mut impl FnMut(Observer)) {
    for name in &surroundings.marked {
        tell(Observer::Recorder { name: name.clone(), pid: 0 });
    }
    for recorder in processes::recorders_above(pid) {
        tell(match recorder {
            Recorder::Records(Process { name, pid, .. }) => Observer::Recorder { name: Clean::line(&name), pid },
            Recorder::MayRecord(Process { name, pid, .. }) => Observer::Relay { name: Clean::line(&name), pid },
            Recorder::Shares(Process { name, .. }) => Observer::Shared { name: Clean::line(&name) },
        });
    }
    let mut clients = BTreeSet::new();
    if let Some(pane) = &surroundings.tmux {
        if pane.socket.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tmate")) {
            tell(Observer::Shared { name: "tmate".into() });
        } else {
            match look_at_tmux(pane, tell) {
                Ok(found) => clients.extend(found),
                Err(why) => tell(Observer::Unknown(Clean::line(&why))),
            }
        }
    }
    if let Some(name) = &surroundings.screen {
        clients.extend(look_at_screen(name, tell));
    }
    if depth + 1 < DEPTH {
        for client in clients {
            let around = processes::environment(client, |get| Surroundings::of(get)).unwrap_or_default();
            // A client has the environment it was started in; inside the same multiplexer there is none.
            let around =
                Surroundings { tmux: around.tmux.filter(|outer| Some(outer) != surroundings.tmux.as_ref()), ..around };
            look_at(&around, client, depth + 1, tell);
        }
    }
}

/// Asks tmux. Gives the processes of the terminals that are attached.
fn look_at_tmux(pane: &TmuxPane, tell: &mut impl FnMut(Observer)) -> Result<BTreeSet<u32>, String> {
    let answer = pane.run(
        &[
            "display-message",
            "-p",
            "-t",
            &pane.pane,
            "pipe #{pane_pipe}",
            ";",
            "list-panes",
            "-a",
            "-F",
            "pane #{pane_id} #{session_id}",
            ";",
            "list-clients",
            "-F",
            "client #{session_id} #{client_pid} #{client_name}",
        ],
        b"",
    )?;
    let tmux = Tmux::read(&answer, &pane.pane);
    if tmux.piped {
        tell(Observer::Piped);
    }
    if tmux.clients.len() > 1 {
        tell(Observer::TmuxClients(tmux.clients.values().cloned().collect()));
    }
    Ok(tmux.clients.into_keys().collect())
}

/// What a tmux server answered.
#[derive(PartialEq, Eq, Debug, Default)]
struct Tmux {
    piped: bool,
    /// The terminals of all sessions that have the pane, by their processes
    clients: BTreeMap<u32, Clean>,
}

impl Tmux {
    /// A window can be in several sessions, grouped ones for example: each of their terminals can look at it.
    fn read(answer: &str, pane: &str) -> Self {
        let mut tmux = Self::default();
        let mut sessions = BTreeSet::new();
        for line in answer.lines() {
            let mut words = line.splitn(4, ' ');
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some("pipe"), Some(piped), ..) => tmux.piped = piped == "1",
                (Some("pane"), Some(id), Some(session), _) if id == pane => {
                    sessions.insert(session);
                }
                (Some("client"), Some(session), Some(pid), name) if sessions.contains(session) => {
                    if let Ok(pid) = pid.parse() {
                        tmux.clients.insert(pid, Clean::line(name.unwrap_or_default()));
                    }
                }
                _ => {}
            }
        }
        tmux
    }
}

/// Looks which files and terminals the server of GNU screen has open, where the system tells. Gives the processes that
/// are attached. Screen itself is not asked: it writes its answer to a query over the person's last line too, and shows
/// nothing else there for seconds.
fn look_at_screen(name: &str, tell: &mut impl FnMut(Observer)) -> BTreeSet<u32> {
    let server = name.split('.').next().and_then(|pid| pid.parse().ok());
    let Some(server) = server.filter(|server| processes::exists(*server)) else {
        tell(Observer::Unknown("the GNU screen that the environment names is not there".into()));
        return BTreeSet::new();
    };
    let Some(open) = processes::open_files(server) else {
        let clients = processes::with_terminal("screen");
        let places = clients.iter().map(|(pid, terminal)| Clean::line(&format!("{terminal} (process {pid})")));
        tell(Observer::Unseen(places.collect()));
        return BTreeSet::new();
    };
    if open.appends {
        tell(Observer::Logged);
    }
    if open.terminals.len() > 1 {
        tell(Observer::ScreenClients(open.terminals.iter().map(|terminal| Clean::line(terminal)).collect()));
    }
    processes::on_terminals(&open.terminals, "screen")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
        Surroundings::of(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_environment_tells_of_multiplexers_and_recorders() {
        assert_eq!(surroundings(&[]), Surroundings::default());
        let both = surroundings(&[
            ("TMUX", "/tmp/tmux-0/default,17,0"),
            ("TMUX_PANE", "%3"),
            ("STY", "17.pts-0.host"),
            ("ASCIINEMA_REC", "1"),
            ("ASCIINEMA_SESSION", "x"),
        ]);
        assert_eq!(both.tmux, Some(TmuxPane { socket: "/tmp/tmux-0/default".into(), pane: "%3".to_owned() }));
        assert_eq!(both.screen, Some("17.pts-0.host".to_owned()));
        assert_eq!(both.marked, ["asciinema".into()]);
        assert_eq!(surroundings(&[("TMUX", "/s,1,0"), ("TMUX_PANE", "-t x")]).tmux, None, "no argument is made of it");
    }

    #[test]
    fn every_terminal_of_every_session_that_has_the_pane_counts() {
        let answer = "pipe 0\n\
             pane %0 $0\npane %1 $0\npane %0 $1\npane %7 $2\n\
             client $0 100 /dev/pts/3\nclient $1 101 /dev/pts/4\nclient $2 102 /dev/pts/5\n";
        let tmux = Tmux::read(answer, "%0");
        assert!(!tmux.piped);
        assert_eq!(tmux.clients.keys().copied().collect::<Vec<_>>(), [100, 101], "not the one of another session");
        assert_eq!(Tmux::read("pipe 1\n", "%0"), Tmux { piped: true, clients: BTreeMap::new() });
        assert_eq!(Tmux::read("pipe\npane\nclient $0\n\n", "%0"), Tmux::default());
    }

    #[test]
    fn each_is_told_in_a_sentence() {
        let two = vec!["/dev/pts/3".into(), "/dev/pts/\u{1b}7".into()];
        let words = Observer::TmuxClients(two).to_string();
        assert!(
            words.starts_with("2 terminals are attached to this tmux session: /dev/pts/3, ")
                && !words.contains('\u{1b}')
        );
        assert_eq!(
            Observer::Recorder { name: "script".into(), pid: 17 }.to_string(),
            "A recorder was seen: script (process 17)."
        );
        assert!(
            Observer::Unknown("tmux was lost".into()).to_string().contains("could not be found out: tmux was lost")
        );
    }

    #[test]
    fn a_mark_of_a_recorder_that_is_seen_is_not_told_twice() {
        let process = Observer::Recorder { name: "asciinema".into(), pid: 9 };
        let mark = Observer::Recorder { name: "asciinema".into(), pid: 0 };
        assert_eq!(without_doubles(BTreeSet::from([process.clone(), mark.clone()])), [process]);
        assert_eq!(without_doubles(BTreeSet::from([mark.clone()])), [mark]);
    }

    /// A tmux that cannot be reached is no reason to be silent.
    #[test]
    fn what_does_not_answer_is_said_not_to_be_known() {
        let gone = TmuxPane { socket: "/nonexistent/tmux".into(), pane: "%0".to_owned() };
        let seen = look(&Surroundings { tmux: Some(gone), ..Surroundings::default() });
        assert!(seen.iter().any(|observer| matches!(observer, Observer::Unknown(_))), "{seen:?}");
        for name in ["", "no-number", "4294967295.gone"] {
            let seen = look(&Surroundings { screen: Some(name.to_owned()), ..Surroundings::default() });
            assert!(seen.iter().any(|observer| matches!(observer, Observer::Unknown(_))), "{name}: {seen:?}");
        }
    }
}
