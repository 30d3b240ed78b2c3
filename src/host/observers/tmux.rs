//! tmux: whether the pane is piped, and which terminals show it.

use std::collections::{BTreeMap, BTreeSet};

use super::observer::Observer;
use crate::host::promise::TmuxPane;
use gluepot_core::text::Clean;

/// Asks tmux. Gives the processes of the terminals that are attached.
pub(super) fn look_at_tmux(pane: &TmuxPane, tell: &mut impl FnMut(Observer)) -> Result<BTreeSet<u32>, String> {
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
pub(super) struct Tmux {
    pub(super) piped: bool,
    /// The terminals of all sessions that have the pane, by their processes
    pub(super) clients: BTreeMap<u32, Clean>,
}

impl Tmux {
    /// A window can be in several sessions, grouped ones for example: each of their terminals can look at it.
    pub(super) fn read(answer: &str, pane: &str) -> Self {
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
