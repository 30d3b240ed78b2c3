//! Handing a secret straight to a pane of tmux, without any clipboard.
//!
//! The value goes to the tmux server by standard input, into a paste buffer with a name of our own, from there into
//! the pane, and the buffer is deleted: all by one command line, so that no end of this program can come in between.
//! The server itself checks, in the same command, whether the pane is still the chosen one: by its
//! process and by the name of what runs in it. The guard knows the name of the buffer meanwhile.
//!
//! What is to be known of a pane before: who reads there, and whether it shows what is typed. Its terminal tells: a
//! prompt for a password reads lines and does not echo, a shell reads key by key.

use std::path::Path;

use super::{helper, tmux};
use crate::host::promise::{Promises, TmuxPane};
use gluepot_core::audit::Caution;
use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

/// A pane, as it was when it was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pane {
    /// Its name, as `%3`
    pub id: String,
    /// Session, window and place, as `work:1.0`
    pub place: Clean,
    /// What runs in front in it
    pub command: Clean,
    /// Its title
    pub title: Clean,
    /// Its last line with text
    pub last_line: Clean,
    /// The first process in it
    pid: u32,
    /// The name of the command, raw, to see whether it is still the same
    raw_command: String,
    /// How what is typed is taken
    pub reads: Reads,
    /// tmux's own mark (`select-pane -m`) is on it
    pub marked: bool,
    /// Why nothing can be handed to it
    pub refused: Option<&'static str>,
    /// What it prints goes to another program as well (`pipe-pane`)
    pub piped: bool,
}

/// How the program in a pane takes what is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// A line that is not shown: a prompt for a password
    HiddenLine,
    /// A line that is shown as it is typed
    ShownLine,
    /// Key by key: a shell, an editor, a connection to another machine
    Keys,
    /// It is not known
    Unknown,
}

impl Pane {
    /// What is different from what was looked at before, in words; `None` if it is the same process, with the same
    /// program in front, that reads in the same way.
    pub fn changed_since(&self, before: &Self) -> Option<String> {
        if self.pid != before.pid {
            return Some(format!("pane {} is another one by now", self.id));
        }
        if self.raw_command != before.raw_command {
            return Some(format!("{} runs in pane {} now, no longer {}", self.command, self.id, before.command));
        }
        if self.reads != before.reads {
            return Some(format!("{} in pane {} no longer waits for the same", self.command, self.id));
        }
        None
    }

    /// Those of these sentences that speak against it, for the audit trail. A line that is not shown is what is wanted.
    pub fn cautions(&self) -> impl Iterator<Item = Caution> {
        let reads = match self.reads {
            Reads::HiddenLine => None,
            Reads::ShownLine => Some(Caution::PaneShows),
            Reads::Keys => Some(Caution::PaneKeys),
            Reads::Unknown => Some(Caution::PaneUnknown),
        };
        reads.into_iter().chain(self.piped.then_some(Caution::PanePipe))
    }

    /// What has to be known before something is handed to it, in sentences.
    pub fn told(&self) -> Vec<String> {
        let mut lines = vec![format!("Target: pane {} ({}), running {}.", self.id, self.place, self.command)];
        if !self.last_line.is_empty() {
            lines.push(format!("Its last line: {}", self.last_line));
        }
        match self.reads {
            Reads::HiddenLine => lines.push("This pane waits for hidden input.".into()),
            Reads::ShownLine => {
                lines.push("This pane shows what is typed: the password would be readable.".into());
            }
            Reads::Keys => lines.push(
                "This pane reads key by key, like a shell: it may echo the password or save it in its history.".into(),
            ),
            Reads::Unknown => lines.push("Unknown whether this pane shows what is typed.".into()),
        }
        if self.piped {
            lines.push("Its output is recorded by another program (pipe-pane).".into());
        }
        lines
    }
}

/// Words, then what others choose. The name of a session has no colon and that of a command no slash; a title may hold
/// anything. A tab or another control character between them would not do: tmux replaces those where the locale is not
/// UTF-8.
const FORMAT: &str = "#{pane_id} #{pane_pid} #{?pane_tty,#{pane_tty},-} #{?pane_marked,1,0} #{?pane_dead,1,0} \
                      #{?pane_input_off,1,0} #{?pane_synchronized,1,0} #{?pane_pipe,1,0} \
                      #{window_index}.#{pane_index} #{session_name}:#{pane_current_command}/#{pane_title}";

impl TmuxPane {
    /// All panes of the server but our own.
    ///
    /// # Errors
    /// tmux does not answer; the words are a sentence part.
    pub fn others(&self) -> Result<Vec<Pane>, String> {
        let listing = self.run(&["list-panes", "-a", "-F", FORMAT], b"")?;
        let mut panes: Vec<Pane> = Vec::new();
        for line in listing.lines() {
            if let Some(pane) = self.pane_of(line)
                // A window may belong to several sessions.
                && panes.iter().all(|other| other.id != pane.id)
            {
                panes.push(pane);
            }
        }
        Ok(panes)
    }

    /// A pane as it is now; `None` if it is gone.
    ///
    /// # Errors
    /// tmux does not answer; the words are a sentence part.
    pub fn look_at(&self, id: &str) -> Result<Option<Pane>, String> {
        Ok(self.others()?.into_iter().find(|pane| pane.id == id))
    }

    fn pane_of(&self, line: &str) -> Option<Pane> {
        let mut members = line.splitn(10, ' ');
        let id = members.next().filter(|id| super::environment::is_pane(id) && *id != self.pane)?.to_owned();
        let pid = members.next()?.parse().ok()?;
        let tty = members.next()?.to_owned();
        let mut on = || members.next().map(|flag| flag == "1");
        let (marked, dead, off, synchronized, piped) = (on()?, on()?, on()?, on()?, on()?);
        let place = members.next()?;
        let (session, rest) = members.next()?.split_once(':')?;
        let (command, title) = rest.split_once('/')?;
        let place = Clean::line(&format!("{session}:{place}"));
        let (raw_command, title) = (command.to_owned(), Clean::line(title));
        let refused = match (dead, off, synchronized) {
            (true, ..) => Some("its program has ended"),
            (_, true, _) => Some("its input is switched off (select-pane -d)"),
            (.., true) => Some("it is synchronized: other panes would be given it too"),
            _ => None,
        };
        let command = Clean::line(&raw_command);
        let reads = reads(Path::new(&tty));
        let last_line = self.last_line(&id);
        Some(Pane { id, place, command, title, last_line, pid, raw_command, reads, marked, refused, piped })
    }

    fn last_line(&self, id: &str) -> Clean {
        let shown = self.run(&["capture-pane", "-p", "-t", id], b"").unwrap_or_default();
        let line = shown.lines().rev().map(str::trim_end).find(|line| !line.is_empty()).unwrap_or_default();
        Clean::line(&line.chars().take(200).collect::<String>())
    }

    /// Pastes a secret into a pane, exactly and without an end of line, if it is still what was chosen. Brackets around
    /// a paste are only put where a program that reads key by key asked for them: a prompt would take them for a part
    /// of the password.
    ///
    /// # Errors
    /// It was not pasted, or it is not known, with the reason in words.
    pub fn hand_over(&self, secret: &Secret, to: &Pane, promises: &Promises) -> Result<(), String> {
        let value = secret.expose();
        if value.len() > tmux::MAX_TEXT {
            return Err("it is too long to be handed over by tmux".to_owned());
        }
        match self.look_at(&to.id)? {
            None => return Err(format!("pane {} is gone", to.id)),
            Some(now) => {
                if let Some(why) = now.refused {
                    return Err(format!("pane {}: {why}", to.id));
                }
                if let Some(change) = now.changed_since(to) {
                    return Err(change);
                }
            }
        }
        let buffer = format!("gluepot-{:016x}", fastrand::u64(..));
        let options = match to.reads {
            Reads::Keys | Reads::Unknown => "-dpr",
            Reads::HiddenLine | Reads::ShownLine => "-dr",
        };
        let paste = format!("paste-buffer {options} -b {buffer} -t {} ; display-message -p pasted", to.id);
        promises.lending(Some((self, &buffer)));
        let mut command = self.command();
        command.args(["load-buffer", "-b", &buffer, "-", ";", "if-shell", "-F", "-t", &to.id, &condition(to), &paste]);
        command.arg(format!("delete-buffer -b {buffer}"));
        let done = helper::run(command, "tmux", value.as_bytes());
        let deleted = self.delete_buffer(&buffer);
        promises.lending(None);
        deleted?;
        match done {
            Ok((true, answer)) if answer.trim() == "pasted" => Ok(()),
            Ok((true, _)) => Err(format!("something else runs in pane {} since it was chosen", to.id)),
            Ok((false, _)) => Err("tmux refused the command".to_owned()),
            Err(why) => Err(format!("{why}, so it is not known whether it arrived")),
        }
    }

    /// Sees to it that there is no such buffer.
    pub(crate) fn delete_buffer(&self, name: &str) -> Result<(), String> {
        match self.buffers() {
            Ok(names) if !names.contains(name) => Ok(()),
            _ => self
                .run(&["delete-buffer", "-b", name], b"")
                .map(drop)
                .map_err(|why| format!("it may have stayed in the tmux buffer {name}, delete it: {why}")),
        }
    }
}

/// What tmux itself looks at between buffer and pane: the same first process, and the same program in front as far
/// as its name can be in a format.
fn condition(to: &Pane) -> String {
    let process = format!("#{{==:#{{pane_pid}},{}}}", to.pid);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    if !to.raw_command.is_empty() && to.raw_command.chars().all(plain) {
        format!("#{{&&:{process},#{{==:#{{pane_current_command}},{}}}}}", to.raw_command)
    } else {
        process
    }
}

/// Asks the terminal of a pane how it takes what is typed.
#[cfg(unix)]
fn reads(tty: &Path) -> Reads {
    use rustix::fs::{Mode, OFlags};
    use rustix::termios::{LocalModes, tcgetattr};

    let is_pty = tty.starts_with("/dev/");
    let opened = is_pty.then(|| {
        rustix::fs::open(tty, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NONBLOCK, Mode::empty())
    });
    let Some(Ok(tty)) = opened else { return Reads::Unknown };
    let Ok(settings) = tcgetattr(&tty) else { return Reads::Unknown };
    let (lines, shown) =
        (settings.local_modes.contains(LocalModes::ICANON), settings.local_modes.contains(LocalModes::ECHO));
    match (lines, shown) {
        (true, false) => Reads::HiddenLine,
        (true, true) => Reads::ShownLine,
        (false, _) => Reads::Keys,
    }
}

#[cfg(not(unix))]
fn reads(_: &Path) -> Reads {
    Reads::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Pane> {
        TmuxPane { socket: "/nonexistent/socket".into(), pane: "%0".to_owned() }.pane_of(line)
    }

    #[test]
    fn a_pane_is_read_from_its_line_whatever_its_title_says() {
        let pane = read("%3 12 - 1 0 0 0 0 1.2 my work:cat/a: b/c \u{1b}[31m %0 13").expect("a line as tmux writes it");
        assert_eq!((pane.id.as_str(), pane.pid, pane.raw_command.as_str()), ("%3", 12, "cat"));
        assert_eq!((pane.place.as_str(), pane.marked, pane.refused), ("my work:1.2", true, None));
        assert!(pane.title.starts_with("a: b/c ") && !pane.title.contains('\u{1b}'), "{}", pane.title);
        assert_eq!(pane.reads, Reads::Unknown);
    }

    #[test]
    fn our_own_pane_is_not_offered_and_what_takes_nothing_says_why() {
        assert_eq!(read("%0 12 - 0 0 0 0 0 1.2 work:cat/"), None);
        assert_eq!(read("3 12 - 0 0 0 0 0 1.2 work:cat/"), None);
        let why = |flags: &str| read(&format!("%3 12 - {flags} 0 1.2 work:cat/")).expect("a line").refused;
        assert!(why("0 1 0 0").is_some_and(|why| why.contains("ended")));
        assert!(why("0 0 1 0").is_some_and(|why| why.contains("switched off")));
        assert!(why("0 0 0 1").is_some_and(|why| why.contains("synchronized")));
    }

    #[test]
    fn a_change_is_told_and_a_name_cannot_become_a_part_of_the_condition() {
        let pane =
            |command: &str, pid: u32| read(&format!("%3 {pid} - 0 0 0 0 0 1.2 work:{command}/")).expect("a line");
        assert_eq!(pane("cat", 12).changed_since(&pane("cat", 12)), None);
        assert!(pane("sh", 12).changed_since(&pane("cat", 12)).is_some_and(|told| told.contains("no longer cat")));
        assert!(pane("cat", 13).changed_since(&pane("cat", 12)).is_some_and(|told| told.contains("another one")));
        assert_eq!(condition(&pane("cat", 12)), "#{&&:#{==:#{pane_pid},12},#{==:#{pane_current_command},cat}}");
        assert_eq!(condition(&pane("c},1}#(id)", 12)), "#{==:#{pane_pid},12}");
    }
}
