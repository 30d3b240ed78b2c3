//! Where to look, as an environment tells.

use std::path::PathBuf;

use crate::host::promise::TmuxPane;
use gluepot_core::text::Clean;

/// Where to look: the multiplexers and recorders in the environment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Surroundings {
    /// The innermost tmux, if there is one
    pub(super) tmux: Option<TmuxPane>,
    /// The name of the innermost screen
    pub(super) screen: Option<String>,
    /// Recorders that leave a mark in the environment
    pub(super) marked: Vec<Clean>,
}

/// Variables that recorders set for what they record.
const MARKS: [(&str, &str); 3] =
    [("ASCIINEMA_REC", "asciinema"), ("ASCIINEMA_SESSION", "asciinema"), ("TLOG_REC_SESSION", "tlog")];

impl Surroundings {
    /// Those of this process.
    pub fn here() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// Those in an environment.
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
