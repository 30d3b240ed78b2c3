//! What is told reaches whoever listens, and nothing waits for one who does not.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;
use crate::host::promise::Way;
use crate::host::promise::claim::Traces;

/// Passes on what it hears, by name.
struct Ear {
    told: Sender<String>,
    /// What it said is still to be read
    news: bool,
}

impl Listener for Ear {
    fn hear(&mut self, fact: &Fact) -> io::Result<()> {
        let name = format!("{fact:?}");
        let name = name.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_owned();
        self.told.send(name).map_err(io::Error::other)
    }

    fn goodbye(&mut self) {
        let _ = self.told.send("goodbye".to_owned());
    }

    fn has_news(&self) -> bool {
        self.news
    }
}

fn heard_by(promises: &Promises) -> Receiver<String> {
    let (told, heard) = channel();
    promises.attach(Box::new(Ear { told, news: false }));
    heard
}

fn claim() -> Claim {
    Claim { way: Way::Osc52, tmux: None, session: None, screen: None, traces: Traces::default() }
}

#[test]
fn what_is_told_is_heard_in_its_order() {
    let promises = Promises::default();
    let heard = heard_by(&promises);
    promises.copying(Some(claim()));
    promises.copying(None);
    promises.holding(Some(claim()));
    promises.clearing();
    promises.holding(None);
    promises.hidden();
    promises.focus(Focus::Focused);
    promises.lending(None);
    promises.left();
    let told: Vec<_> = heard.try_iter().collect();
    assert_eq!(told, ["Copying", "Holding", "Clearing", "Cleared", "Hidden", "Focus", "Lending", "Left"]);
}

#[test]
fn without_a_listener_words_go_nowhere_and_nobody_waits() {
    let promises = Promises::default();
    promises.clearing();
    promises.settled();
    assert_eq!(promises.took(), None);
    assert_eq!(promises.status(), Status::Off);
    promises.goodbye(false);
}

#[test]
fn there_is_one_listener_and_it_is_ready_only_once_it_said_so() {
    let promises = Promises::default();
    assert!(promises.begin() && !promises.begin(), "a second one was let in");
    assert_eq!(promises.status(), Status::Starting);
    promises.ready(17);
    assert_eq!(promises.status(), Status::On(17));
    promises.settled();
}

#[test]
fn a_reveal_waits_for_a_listener_that_is_starting() {
    let promises = Promises::default();
    assert!(promises.begin());
    let (sender, settled) = channel();
    let waiting = promises.clone();
    std::thread::spawn(move || {
        waiting.settled();
        let _ = sender.send(waiting.status());
    });
    promises.ready(17);
    assert_eq!(settled.recv(), Ok(Status::On(17)));
}

#[cfg(unix)]
#[test]
fn a_listener_that_comes_later_is_told_how_the_terminal_was_entered() {
    let modes = serde_json::json!({ "input": 1, "output": 2, "control": 3, "local": 4, "read": [1, 0] });
    let hold = serde_json::json!({ "before": modes, "ours": modes, "group": 7, "shell": 6 });
    let hold: Hold = serde_json::from_value(hold).expect("a hold as it is sent");
    let promises = Promises::default();
    promises.entered(&hold);
    assert_eq!(heard_by(&promises).try_iter().collect::<Vec<_>>(), ["Entered"]);
    promises.left();
    assert_eq!(heard_by(&promises).try_iter().count(), 0, "it was given back meanwhile");
}

#[test]
fn a_listener_that_does_not_hear_is_told_nothing_more() {
    let promises = Promises::default();
    drop(heard_by(&promises));
    promises.clearing();
    assert!(promises.state().listener.is_none());
}

#[test]
fn what_the_listener_took_back_is_told_once_and_not_of_a_later_copy() {
    let promises = Promises::default();
    let _heard = heard_by(&promises);
    promises.heard(Some("Clipboard cleared".to_owned()), false);
    assert_eq!(promises.took().as_deref(), Some("Clipboard cleared"));
    assert_eq!(promises.took(), None);
    promises.heard(Some("Clipboard cleared".to_owned()), false);
    promises.copying(Some(claim()));
    assert_eq!(promises.took(), None, "of the copy before");
}

#[test]
fn what_is_being_read_is_waited_for() {
    let promises = Promises::default();
    let _heard = heard_by(&promises);
    promises.hearing();
    let reader = promises.clone();
    std::thread::spawn(move || reader.heard(Some("taken".to_owned()), false));
    assert_eq!(promises.took().as_deref(), Some("taken"));
}

#[test]
fn a_listener_that_says_nothing_is_not_waited_for_for_ever() {
    let promises = Promises::default();
    let (told, _heard) = channel();
    promises.attach(Box::new(Ear { told, news: true }));
    assert_eq!(promises.took(), None);
}

#[test]
fn a_listener_that_is_gone_is_missed_unless_it_was_sent_home() {
    let promises = Promises::default();
    assert!(promises.begin());
    let _heard = heard_by(&promises);
    promises.ready(17);
    assert_eq!(promises.gone("ended by signal 9".to_owned()), Some(Status::Lost("ended by signal 9".to_owned())));
    assert!(promises.status().is_missing() && promises.state().listener.is_none());

    let promises = Promises::default();
    let heard = heard_by(&promises);
    promises.goodbye(false);
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["goodbye"]);
    assert_eq!(promises.gone("ended with code 0".to_owned()), None);
}

#[test]
fn a_listener_with_work_left_is_not_sent_home() {
    let promises = Promises::default();
    let heard = heard_by(&promises);
    promises.goodbye(true);
    assert_eq!(heard.try_iter().count(), 0, "it was told that nothing is left to do");
    assert!(promises.state().listener.is_none(), "the end of the program is what it listens for");
}

#[test]
fn the_end_of_the_program_waits_for_that_of_the_listener() {
    let promises = Promises::default();
    let heard = heard_by(&promises);
    let guard = promises.clone();
    let home = std::thread::spawn(move || {
        let word = heard.recv();
        guard.gone("ended with code 0".to_owned());
        word
    });
    promises.goodbye(false);
    assert!(!promises.state().runs, "its end was not waited for");
    assert_eq!(home.join().expect("no panic"), Ok("goodbye".to_owned()));
}

#[test]
fn what_could_not_be_started_is_not_waited_for() {
    let promises = Promises::default();
    assert!(promises.begin());
    assert_eq!(promises.failed("no room".to_owned()), Status::Failed("no room".to_owned()));
    promises.settled();
    assert_eq!(promises.status(), Status::Failed("no room".to_owned()));
}
