//! `gluepot pin`: setting and removing the PIN of the lock screen.
//!
//! It is typed twice at the terminal, unseen. There is no other way in: not by an argument, which every user of the
//! machine can read, not by a variable, and not by a pipe, since whatever writes into that keeps the PIN somewhere.
//!
//! A PIN that is set is requested before it is changed or removed, with the pauses and the number of tries of the lock
//! screen: a passer-by at an open shell must not change it. That is no more than a hindrance, since the file
//! can be deleted by its owner, which is also the way out of a forgotten PIN.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};

use super::output::{fail, print};
use crate::host::terminal::Keys;
use gluepot_core::access::pin::{self, Pin};
use gluepot_core::secret::{Secret, Typed};

#[derive(Args, Debug)]
pub(super) struct PinArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Type the PIN that opens the lock screen, twice, unseen; the one before is asked for first
    Set,
    /// Remove the PIN, after asking for it: Enter opens the lock screen again, unless your policy asks for a PIN
    Clear,
}

pub(super) fn run(args: &PinArgs, file: &Path) -> ExitCode {
    match args.command {
        Command::Set => match change(file) {
            Ok(()) => print("PIN set. It unlocks every gluepot that is locked from now on.\n"),
            Err(why) => fail(&why),
        },
        Command::Clear => match remove(file) {
            Ok(true) => print("PIN removed.\n"),
            Ok(false) => print("No PIN is set.\n"),
            Err(why) => fail(&why),
        },
    }
}

/// Asks for a new PIN, after the one that is set.
fn change(file: &Path) -> Result<(), String> {
    let mut asking = Asking::begin()?;
    ask_old(file, &mut asking)?;
    let pin = ask_twice(asking)?;
    pin::set(file, &pin).map_err(|why| why.to_string())
}

/// Removes the PIN, after asking for it. Whether there was one.
fn remove(file: &Path) -> Result<bool, String> {
    if let Ok(Some(_)) = Pin::read(file) {
        ask_old(file, &mut Asking::begin()?)?;
    }
    pin::clear(file).map_err(|why| why.to_string())
}

/// Asks for the PIN that is set, if one is. A file that cannot be used holds none.
fn ask_old(file: &Path, asking: &mut Asking) -> Result<(), String> {
    let Ok(Some(pin)) = Pin::read(file) else { return Ok(()) };
    for wrong in 1.. {
        if pin.is(&ask("Old PIN: ", &mut asking.keys)?.take()) {
            break;
        }
        let Some(pause) = pin::pause_after(wrong) else {
            let fix = format!("if it is forgotten, delete {} and set a new one", file.display());
            return Err(format!("the PIN was not changed: too many wrong PINs; {fix}"));
        };
        let words = format!("Wrong PIN. Try again in {} s.\r\n", pause.as_secs());
        io::stderr().write_all(words.as_bytes()).map_err(|error| told(&error))?;
        std::thread::sleep(pause);
    }
    Ok(())
}

fn ask_twice(mut asking: Asking) -> Result<Secret, String> {
    let mut pin = ask("New PIN: ", &mut asking.keys)?;
    if let Some(why) = pin::refusal(&pin) {
        return Err(format!("the PIN was not set: {why}"));
    }
    let mut again = ask("Repeat the PIN: ", &mut asking.keys)?;
    let (pin, again) = (pin.take(), again.take());
    if pin.expose() == again.expose() { Ok(pin) } else { Err("the PIN was not set: the two entries differ".to_owned()) }
}

/// The terminal while questions are asked: from before the first one until behind the last answer, so that nothing that
/// is typed fast is echoed or lost.
struct Asking {
    keys: Keys,
    _unseen: Unseen,
}

impl Asking {
    fn begin() -> Result<Self, String> {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Err("type the PIN at a terminal; a pipe or a file is not accepted".to_owned());
        }
        let unseen = Unseen::begin().map_err(|error| told(&error))?;
        let keys = Keys::open(Box::new(|_| false)).map_err(|error| told(&error))?;
        Ok(Self { keys, _unseen: unseen })
    }
}

/// The terminal without echo, until it is dropped. In raw mode Ctrl-C is a key like others: it cannot end the program
/// while the echo is off.
struct Unseen;

impl Unseen {
    fn begin() -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        Ok(Self)
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // The terminal is gone otherwise.
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

fn told(error: &io::Error) -> String {
    format!("cannot use the terminal: {error}")
}

/// Asks, on a terminal without echo.
fn ask(question: &str, keys: &mut Keys) -> Result<Typed, String> {
    let mut out = io::stderr();
    out.write_all(question.as_bytes()).and_then(|()| out.flush()).map_err(|error| told(&error))?;
    let mut typed = Typed::default();
    let answer = loop {
        let Event::Key(key) = *keys.next_event().map_err(|error| told(&error))? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => break Ok(typed),
            KeyCode::Char('j' | 'm') if control => break Ok(typed),
            KeyCode::Esc => break Err("the PIN was not changed".to_owned()),
            KeyCode::Char('c' | 'd') if control => break Err("the PIN was not changed".to_owned()),
            KeyCode::Char('u') if control => typed.clear(),
            KeyCode::Backspace => typed.pop(),
            KeyCode::Char(c) if !control && !typed.push(c) => {
                break Err(format!("the PIN was not set: it has more than {} characters", Typed::LONGEST));
            }
            _ => {}
        }
    };
    let _ = out.write_all(b"\r\n");
    answer
}
