//! The terminal and the clipboard.

use std::io::IsTerminal as _;

use super::check::Check;
use crate::cli::given::Given;
use crate::host::clipboard::{Clipboard, Environment, Way};

pub(super) fn checks(given: &Given) -> Vec<Check> {
    let environment = &given.environment;
    let colour = if environment.wants_colour() { "colours on" } else { "colours off (NO_COLOR or TERM=dumb)" };
    let ascii = if given.ascii() { "ASCII only (locale, TERM or settings)" } else { "UTF-8 frames and marks" };
    let mut found = vec![
        size(),
        term(environment.term.as_deref()),
        Check::well("colours", colour),
        Check::well("characters", ascii),
    ];
    if environment.is_ssh() {
        let words = "over SSH: the mouse is off unless asked for, web addresses are copied, not opened";
        found.push(Check::note("SSH", words));
    }
    found.push(copying());
    found
}

fn size() -> Check {
    match (std::io::stdin().is_terminal() && std::io::stdout().is_terminal(), crate::host::terminal::size()) {
        (true, Ok((columns, rows))) if columns >= 60 && rows >= 15 => Check::well("size", format!("{columns}x{rows}")),
        (true, Ok((columns, rows))) => {
            Check::note("size", format!("{columns}x{rows}: below 60x15 only one pane is shown at a time"))
        }
        _ => Check::note("size", "standard input or output is not a terminal here"),
    }
}

fn term(term: Option<&str>) -> Check {
    match term {
        Some("dumb") => {
            Check::wrong("TERM", "TERM=dumb").fix(": ", "the screen needs a terminal that can place the cursor")
        }
        Some(term) if !term.is_empty() => Check::well("TERM", format!("TERM={term}")),
        _ => Check::wrong("TERM", "TERM is not set").fix(": ", "set it to what your terminal is, often xterm-256color"),
    }
}

fn copying() -> Check {
    let clipboard = Clipboard::detect(&Environment::here());
    let (way, why) = clipboard.at_present();
    let words = format!("copying goes by {}: {why}", way.label());
    match way {
        Way::Nowhere => Check::wrong("clipboard", words),
        _ => Check::well("clipboard", words + " (`gluepot doctor clipboard` tries it)"),
    }
}
