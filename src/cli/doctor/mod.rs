//! `gluepot doctor`: looks at everything a start depends on and says in plain lines what is well and what to do.
//!
//! Nothing is changed and no record is read but one: the first organization, which shows that address, key and rights
//! are right. No line holds the key or any part of it.

//!
//! Each part gives its findings as data ([`check::Check`]); `report` prints them and counts what is to be fixed. A part
//! that fails itself is one more finding, and does not end the others.

mod account;
mod check;
mod copying;
mod files;
mod protection;
mod report;
mod settings;
mod terminal;

use std::process::ExitCode;

use super::given::{Begun, Given};
use crate::host::paths::Paths;
use check::{Check, examined};
use report::Report;

/// Check settings, key, connection, terminal and clipboard, and say what to do
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct DoctorArgs {
    #[command(subcommand)]
    part: Option<Part>,

    /// Leave out what needs the key and the network
    #[arg(long)]
    offline: bool,
}

/// What is looked at alone.
#[derive(clap::Subcommand, Debug)]
enum Part {
    /// Test the clipboard with a dummy text (overwrites its content)
    Clipboard,
}

impl DoctorArgs {
    /// Runs a part that needs neither settings nor files, if it is asked for.
    pub(super) fn run_alone(&self) -> Option<ExitCode> {
        self.part.as_ref().map(|Part::Clipboard| copying::run())
    }
}

/// What can be said where the system names no home folder.
pub(super) fn without_home() -> ExitCode {
    let mut report = Report::default();
    report.heading(concat!("gluepot ", env!("CARGO_PKG_VERSION")));
    let seen = "this system names no home folder, so settings, key and audit trail have no place";
    report.print(&[Check::wrong("home", seen).fix(": ", "set HOME")]);
    report.end()
}

/// Looks, prints, and fails when something has to be put right.
pub(super) fn run(args: &DoctorArgs, given: &Given, paths: &Paths, begun: Begun) -> ExitCode {
    // What a part says when it fails itself could hold anything.
    std::panic::set_hook(Box::new(|_| {}));
    let Begun { mut hardening, key_variable } = begun;
    let settings = &given.settings;
    let mut report = Report::default();
    report.heading(concat!("gluepot ", env!("CARGO_PKG_VERSION")));
    report.section("Settings", &examined("settings", || settings::checks(settings, paths)));
    report.section("Terminal", &examined("terminal", || terminal::checks(given)));
    report.section("Files", &examined("files", || files::checks(settings, paths)));
    report.heading("Account");
    report.print(&examined("account", || account::checks(settings, key_variable.is_some())));
    match account::untried(settings, args.offline, key_variable.as_deref().map(Vec::as_slice)) {
        Some(why) => report.print(&[Check::note("connection", why)]),
        None => report.print(&examined("connection", || account::connection(settings, paths, key_variable))),
    }
    report.section(
        "Protection of this process",
        &examined("protection", || protection::checks(&mut hardening, given.has_desktop())),
    );
    report.end()
}
