//! The command line: flags, subcommands and what each of them starts, a file a command.
//!
//! The order of a start matters and is written once, in [`main`]: the process closes itself to others; the API key's
//! variable is taken out of the environment while there is one thread; the command line is read; the settings are
//! put together; the key is fetched, while programs it comes from can still ask questions on the plain terminal; then
//! the runtime and the screen begin (`start`).

mod args;
mod audit;
mod doctor;
mod given;
mod output;
#[cfg(feature = "screen")]
mod pin;
mod policy;
mod render;
#[cfg(feature = "screen")]
mod start;
mod usage;

use std::process::ExitCode;

use crate::config::key;
use crate::host::harden;
use crate::host::paths::Paths;
use args::{Cli, Command};
use given::{Begun, Given, list_places};
use output::{complain, fail, print};

/// Runs the program and says how it ended.
pub fn main() -> ExitCode {
    main_beside(std::future::pending())
}

/// Runs the program with something beside the screen, on the screen's own thread. The program has nothing there; the
/// tests of what a fault leaves behind put the fault there (`examples/fault.rs`).
pub fn main_beside(beside: impl Future<Output = ()>) -> ExitCode {
    let begun = Begun { hardening: harden::start(), key_variable: key::take_from_environment() };
    let mut cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return usage::usage(&usage::filtered(error)),
    };
    // What the doctor examines does not end it.
    let odd_variable = match cli.add_environment(|name| std::env::var_os(name)) {
        Err(problem) if !cli.is_doctor() => {
            complain(&problem);
            return ExitCode::from(2);
        }
        added => added.err(),
    };
    if let Some(code) = run_alone(&mut cli) {
        return code;
    }
    let Some(paths) = Paths::of_system() else {
        return if cli.is_doctor() { doctor::without_home() } else { fail(&"no home folder: set HOME") };
    };
    #[cfg(feature = "screen")]
    if let Some(Command::Pin(args)) = &cli.command {
        return pin::run(args, &paths.pin_file());
    }
    let mut given = match Given::gather(&cli, &paths) {
        Ok(given) => given,
        Err(problem) => return fail(&problem),
    };
    given.settings.reports.extend(odd_variable);
    match &cli.command {
        Some(Command::Audit(args)) => audit::run(args, &given.settings, &paths, cli.demo.is_wanted()),
        Some(Command::Policy(args)) => policy::run(args, &given.settings),
        Some(Command::Paths) => print(&list_places(&given.settings, &paths)),
        Some(Command::Doctor(args)) => doctor::run(args, &given, &paths, begun),
        _ if cli.print_config => given.print_config(),
        #[cfg(feature = "screen")]
        _ if cli.print_keys => given.print_keys(),
        #[cfg(feature = "screen")]
        _ => start::screen(cli, given, &paths, begun, beside),
        #[cfg(not(feature = "screen"))]
        _ => {
            drop(beside);
            fail(&"this build of gluepot has no screen. What it can do: gluepot --help")
        }
    }
}

/// Runs a command that needs neither settings nor files, if one is asked for.
fn run_alone(cli: &mut Cli) -> Option<ExitCode> {
    match cli.command.take() {
        Some(Command::Render(args)) => Some(render::run(args)),
        #[cfg(feature = "demo")]
        Some(Command::DemoServer(options)) => Some(gluepot_fake::demo_server(options)),
        #[cfg(unix)]
        Some(Command::Guard) => Some(crate::host::guard::run()),
        command => {
            let alone = match &command {
                Some(Command::Doctor(args)) => args.run_alone(),
                _ => None,
            };
            cli.command = command;
            alone
        }
    }
}
