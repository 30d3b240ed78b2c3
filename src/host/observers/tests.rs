//! What is seen, and how it is told.

use std::collections::{BTreeMap, BTreeSet};

use super::look::without_doubles;
use super::tmux::Tmux;
use super::*;
use crate::host::promise::TmuxPane;

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
        words.starts_with("2 terminals are attached to this tmux session: /dev/pts/3, ") && !words.contains('\u{1b}')
    );
    assert_eq!(
        Observer::Recorder { name: "script".into(), pid: 17 }.to_string(),
        "A recorder was seen: script (process 17)."
    );
    assert!(Observer::Unknown("tmux was lost".into()).to_string().contains("could not be found out: tmux was lost"));
}

#[test]
fn a_mark_of_a_recorder_that_is_seen_is_not_told_twice() {
    let process = Observer::Recorder { name: "asciinema".into(), pid: 9 };
    let mark = Observer::Recorder { name: "asciinema".into(), pid: 0 };
    assert_eq!(without_doubles(BTreeSet::from([process.clone(), mark.clone()])), [process]);
    assert_eq!(without_doubles(BTreeSet::from([mark.clone()])), [mark]);
}

/// A tmux that cannot be reached is not a reason to be silent.
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
