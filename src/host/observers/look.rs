//! Looking around, from this process outwards.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::observer::Observer;
use super::processes::{self, Process, Recorder};
use super::screen::look_at_screen;
use super::surroundings::Surroundings;
use super::tmux::look_at_tmux;
use gluepot_core::text::Clean;

/// How long a look may take. What has not responded by then is reported as unknown.
pub const LIMIT: Duration = Duration::from_secs(3);

/// Multiplexers inside multiplexers are followed so far.
const DEPTH: u32 = 3;

/// Looks around. Takes [`LIMIT`] at most.
pub fn look(surroundings: &Surroundings) -> Vec<Observer> {
    let (sender, answers) = mpsc::channel();
    let surroundings = surroundings.clone();
    let work = move || {
        look_at(&surroundings, std::process::id(), 0, &mut |observer| {
            // The receiver is gone once the time is over.
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
pub(super) fn without_doubles(seen: BTreeSet<Observer>) -> Vec<Observer> {
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
