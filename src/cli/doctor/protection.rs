//! How the process is closed to others, and whether it can have a guard.

use super::check::Check;
use crate::host::{guard, harden};

pub(super) fn checks(hardening: &mut harden::Report, desktop: bool) -> Vec<Check> {
    harden::seal(hardening, desktop);
    let line = |line: &harden::Line| {
        let refused = matches!(line.outcome, harden::Outcome::Refused(_));
        let words = line.to_string();
        if refused { Check::note("hardening", words) } else { Check::well("hardening", words) }
    };
    let mut found: Vec<Check> = hardening.lines.iter().map(line).collect();
    found.push(match guard::probe() {
        Ok(()) => Check::well(
            "guard",
            "the watchdog, which restores the terminal and clears the clipboard if gluepot is killed: can be started",
        ),
        Err(why) => Check::note("guard", format!("the guard: {}", guard::Status::Failed(why))),
    });
    found
}
