//! Which way is taken, and why the others are not.

use super::environment::Environment;
use crate::host::promise::Way;

/// The ways that are not taken while `taken` is, and why; `why` is the reason for `taken`.
pub(super) fn passed_over(here: &Environment, taken: Way, why: &str) -> Vec<(&'static str, String)> {
    let mut others = Vec::new();
    if !matches!(taken, Way::Desktop(_)) {
        others.push((
            "the desktop",
            match (here.ssh, here.desktop) {
                (true, _) => "this is an SSH session, and the desktop of this machine is not where you sit",
                (_, Some(_)) => "the tmux session is attached over SSH, and the desktop is not where you sit",
                (_, None) => "no X server or Wayland compositor of this machine answers",
            }
            .to_owned(),
        ));
    }
    if !matches!(taken, Way::Tmux | Way::TmuxPassthrough) {
        let because = if here.tmux.is_some() { "the desktop is there, which can confirm" } else { "not inside of it" };
        others.push(("tmux", because.to_owned()));
    }
    if taken != Way::Screen {
        let because = match (&here.screen, taken) {
            (None, _) => "not inside of it",
            (Some(_), Way::Desktop(_)) => "the desktop is there, which can confirm",
            (Some(_), _) => "tmux is nearer",
        };
        others.push(("GNU screen", because.to_owned()));
    }
    if taken != Way::Osc52 {
        let because = match taken {
            Way::Desktop(_) => "the desktop is there, which can confirm; a terminal cannot",
            Way::Tmux | Way::TmuxPassthrough => "tmux drops it, or keeps what was copied as a paste buffer",
            Way::Screen => "screen drops it without its own wrapping",
            _ => why,
        };
        others.push(("the terminal (OSC 52)", because.to_owned()));
    }
    others
}

/// The way for this environment, and why.
pub(super) fn choose(environment: &Environment) -> (Way, String) {
    if let (Some(desktop), false) = (environment.desktop, environment.ssh) {
        return (Way::Desktop(desktop), "a desktop answers and the session is not over SSH".to_owned());
    }
    if environment.tmux.is_some() {
        return (Way::Tmux, "inside tmux, which sends it to the terminal".to_owned());
    }
    if environment.screen.is_some() {
        return (Way::Screen, "inside GNU screen, which needs its own wrapping".to_owned());
    }
    match environment.term.as_str() {
        "" | "dumb" => (Way::Nowhere, "TERM names no terminal that could take it".to_owned()),
        "linux" => (Way::Nowhere, "the text console has no clipboard".to_owned()),
        _ if environment.vte && !environment.ssh => {
            (Way::Nowhere, "this terminal (VTE) takes no clipboard text; select it with the mouse instead".to_owned())
        }
        _ => (Way::Osc52, "no desktop, tmux or screen: the terminal is asked by OSC 52".to_owned()),
    }
}
