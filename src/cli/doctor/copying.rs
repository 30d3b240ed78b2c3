//! `gluepot doctor clipboard`: which way copying takes here, why that one, and a proof with a harmless word.
//!
//! The word goes exactly the way a password goes, with the mark against histories, and is cleared the same way. Whether
//! it arrived is read back where that is possible; else the person pastes it here and it is compared.
//!
//! What was in the clipboard before is replaced and not brought back: to do that it would have to be read, and
//! it may be another program's password, which put back by us would have lost its own mark and its own end.

use std::io::{IsTerminal as _, Read as _};
use std::process::ExitCode;

use unicode_width::UnicodeWidthStr as _;
use zeroize::Zeroizing;

use crate::cli::output;
use crate::host::clipboard::{Certainty, ClearOutcome, Clipboard, Delivery, Environment, Focus, Way};
use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

/// The widest line, for the narrowest usual terminal.
const COLUMNS: usize = 80;

const FIRST: [&str; 16] = [
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "indigo", "jasper", "kelp", "lilac",
    "maple", "nectar", "olive", "pebble",
];
const SECOND: [&str; 16] = [
    "otter", "heron", "badger", "finch", "lynx", "marten", "plover", "raven", "stoat", "tern", "vole", "wren", "crane",
    "dunlin", "egret", "falcon",
];

/// A word that no clipboard contains by chance and that reveals nothing.
fn harmless_word() -> String {
    let of = |words: &[&'static str; 16]| words[fastrand::usize(..16)];
    format!("{}-{}-{}", of(&FIRST), of(&SECOND), fastrand::u32(100..1000))
}

/// Says which way is taken and tries it. Fails when nothing can be copied, when the person did not get the word, or
/// when it could not be cleared.
pub(super) fn run() -> ExitCode {
    let environment = Environment::here();
    let clipboard = Clipboard::detect(&environment);
    let (way, why) = clipboard.at_present();
    let mut text = format!("Copying goes by: {}\n", way.label());
    push(&mut text, "  ", &format!("{why}."));
    text.push_str("\nNot by:\n");
    for (other, why) in clipboard.passed_over() {
        push(&mut text, "  ", &format!("{other}: {why}."));
    }
    if way == Way::Nowhere {
        text.push_str("\nNothing can be copied here.\n");
        output::print(&text);
        return ExitCode::FAILURE;
    }
    let asks = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    text.push_str("\nTesting it with a dummy text.\n");
    push(&mut text, "  ", "This overwrites the content of your clipboard. It is not read, so it cannot be restored.");
    if asks {
        text.push_str("  Press Enter to continue, Ctrl-C to cancel: ");
    }
    if output::print(&text) != ExitCode::SUCCESS {
        return ExitCode::FAILURE;
    }
    if asks && read_line().is_none() {
        return ExitCode::FAILURE;
    }
    let word = harmless_word();
    let delivery = clipboard.copy_secret(&Secret::new(Zeroizing::new(word.clone())));
    let mut well = sent(&delivery, &word);
    if asks && matches!(delivery.certainty, Certainty::Sent(_)) {
        well = compared(&word, way);
    }
    if delivery.may_have_arrived() {
        well &= cleared(&clipboard.clear(Focus::Unknown));
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says what came of sending the word. Whether that is well as far as it is known.
fn sent(delivery: &Delivery, word: &str) -> bool {
    let way = delivery.way.label();
    match &delivery.certainty {
        Certainty::Delivered => say("ok  ", &format!("{word} was copied by {way} and read back.")),
        Certainty::Sent(doubt) => {
            say("sent", &format!("{word} was sent by {way}. Nothing confirms that it arrived: {doubt}."));
        }
        Certainty::NotPossible(why) => {
            say("FIX ", &format!("Not copied: {why}."));
            return false;
        }
    }
    true
}

/// Asks for the word back.
fn compared(word: &str, way: Way) -> bool {
    let question = "\n  Paste it here (it is not shown) and press Enter: ";
    if output::print(question) != ExitCode::SUCCESS {
        return false;
    }
    let Some(line) = read_line() else { return false };
    let typed = line.trim();
    if typed == word {
        say("ok  ", "It is the same word: copying works from here to your clipboard.");
        true
    } else if typed.is_empty() {
        say("FIX ", &format!("It did not arrive. {}", advice(way)));
        false
    } else {
        say("FIX ", &format!("Something else is in your clipboard, so it did not arrive. {}", advice(way)));
        false
    }
}

fn advice(way: Way) -> &'static str {
    match way {
        Way::Desktop(_) => "Another program may own the clipboard: look at the clipboard manager.",
        Way::Tmux => {
            "tmux handed it to your terminal, which did not take it: look for a setting that lets programs write the \
             clipboard (OSC 52). GNOME Terminal, macOS Terminal and PuTTY have none."
        }
        _ => {
            "Look for a setting of your terminal that lets programs write the clipboard (OSC 52). GNOME Terminal, macOS \
             Terminal and PuTTY have none."
        }
    }
}

fn cleared(outcome: &ClearOutcome) -> bool {
    let well = matches!(outcome, ClearOutcome::Cleared | ClearOutcome::Unknown | ClearOutcome::LeftAlone);
    let words = match outcome {
        ClearOutcome::Cleared => "The word is cleared again.".to_owned(),
        ClearOutcome::Unknown => "The word is cleared again, as far as can be known from here.".to_owned(),
        ClearOutcome::LeftAlone => "The clipboard holds something else by now, which was not touched.".to_owned(),
        ClearOutcome::CouldNot { reason, .. } => {
            format!("Could not clear the clipboard: {reason}; copy something else.")
        }
        other => format!("{other}."),
    };
    say(if well { "ok  " } else { "FIX " }, &words);
    well
}

fn say(sign: &str, words: &str) {
    let mut text = String::new();
    push(&mut text, &format!("  {sign}  "), words);
    output::print(&text);
}

/// Adds a paragraph that is no wider than the terminal, its further lines below the first.
fn push(text: &mut String, head: &str, words: &str) {
    let indent = " ".repeat(head.len() + if head.trim().is_empty() { 2 } else { 0 });
    let mut line = head.to_owned();
    let mut begun = false;
    for word in Clean::line(words).split(' ') {
        if begun && line.width() + 1 + word.width() > COLUMNS {
            text.push_str(line.trim_end());
            text.push('\n');
            line.clone_from(&indent);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// One line that was typed or pasted, not shown; `None` at the end of the input and after Ctrl-C or Ctrl-D. A clipboard
/// may hold much else than the word: it need not be seen, and its further lines must not be left for the shell.
fn read_line() -> Option<Zeroizing<String>> {
    let _hidden = Hidden::begin();
    let mut line = Zeroizing::new(Vec::with_capacity(256));
    let mut byte = Zeroizing::new([0]);
    let whole = loop {
        match std::io::stdin().lock().read(&mut byte[..]) {
            Ok(0) | Err(_) => break false,
            Ok(_) if matches!(byte[0], 3 | 4) => break false,
            Ok(_) if matches!(byte[0], b'\n' | b'\r') || line.len() == 255 => break true,
            Ok(_) if matches!(byte[0], 8 | 127) => drop(line.pop()),
            Ok(_) => line.push(byte[0]),
        }
    };
    output::print("\n");
    whole.then(|| Zeroizing::new(String::from_utf8_lossy(&line).into_owned()))
}

/// Keeps the terminal from showing what is typed and from ending the program by a key, which would leave it like that,
/// as long as it lives; at its end throws away what was typed beyond the line.
#[cfg(unix)]
struct Hidden(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Hidden {
    fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(mut modes) = before.clone() {
            modes.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &modes);
        }
        Self(before)
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcsetattr};

        let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
        if let Some(before) = &self.0 {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

#[cfg(not(unix))]
struct Hidden;

#[cfg(not(unix))]
impl Hidden {
    fn begin() -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_no_wider_than_eighty_columns() {
        let mut text = String::new();
        push(&mut text, "  FIX   ", &format!("It did not arrive. {}", advice(Way::Tmux)));
        push(&mut text, "  ", &format!("a {}", "word ".repeat(60)));
        assert!(text.lines().count() > 5 && text.lines().all(|line| line.width() <= COLUMNS), "{text}");
        assert!(text.lines().all(|line| line.starts_with("  ") && !line.ends_with(' ')), "{text}");
    }

    #[test]
    fn the_word_is_another_each_time_and_plain() {
        let words: std::collections::HashSet<String> = (0..64).map(|_| harmless_word()).collect();
        assert!(words.len() > 32);
        assert!(
            words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
    }
}
