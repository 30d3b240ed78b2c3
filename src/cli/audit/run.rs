//! Carrying out what was requested.

use std::io::{self, Write as _};
use std::process::ExitCode;

use super::args::{AuditArgs, Command};
use super::read::{anchor, columns, list, note};
use super::verify::check;
use crate::cli::output::{complain, fail};
use crate::host::paths::Paths;
use crate::session::Settings;
use gluepot_core::audit::view::{self, ViewError};
use gluepot_core::audit::{self, FirstKey, Identity};

/// Runs one of the commands.
pub(in crate::cli) fn run(args: &AuditArgs, settings: &Settings, paths: &Paths, demo: bool) -> ExitCode {
    let demo = demo || args.demo;
    let dir = settings.audit_dir(paths, demo);
    let done = match &args.command {
        Command::Init => {
            let begun = audit::begin(&dir, Identity::here(), settings.keeping(demo), give);
            begun.map(|trail| told(&format!("the trail begins in {}", trail.path().display()))).map_err(Into::into)
        }
        Command::Restart(restart) => {
            let begun = audit::restart(&dir, Identity::here(), settings.keeping(demo), &restart.reason, give);
            begun
                .map(|(trail, aside)| {
                    told(&format!(
                        "what was there is in {}\na new trail begins in {}",
                        aside.display(),
                        trail.path().display()
                    ))
                })
                .map_err(Into::into)
        }
        Command::Verify(verify) => check(verify, &dir),
        Command::Anchor => anchor(&dir),
        Command::Show(show) => list(&show.selection, &dir, |sources, filter, out| {
            view::show(sources, filter, show.format.into(), columns(view::WIDE), out)
        }),
        Command::Report(selection) => {
            list(selection, &dir, |sources, filter, out| view::report(sources, filter, columns(80), out))
        }
        Command::Note(ticket) => note(ticket, &dir),
    };
    match done {
        Ok(code) => code,
        Err(ViewError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn told(what: &str) -> ExitCode {
    complain(&what);
    ExitCode::SUCCESS
}

/// Prints the first key. If that fails there is no trail with it.
fn give(key: &FirstKey) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(key.to_text().as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    complain(
        &"this is the initial key of the trail, shown only once. Store it off this machine. Anyone with this key can verify \
          (`gluepot audit verify --key`), or forge, the trail.",
    );
    Ok(())
}
