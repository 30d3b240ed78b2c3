//! Starting the screen on an account.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use zeroize::Zeroizing;

use super::args::Cli;
use super::given::{Begun, Given};
use super::output::fail;
use crate::config::{Problem, Theme};
use crate::host::clipboard::{self, Clipboard};
use crate::host::harden;
use crate::host::observers::Surroundings;
use crate::host::paths::Paths;
use crate::host::promise::Promises;
#[cfg(feature = "demo")]
use crate::session::Demo;
use crate::session::{Account, Lock, Session};
use crate::tui;
use crate::tui::styles::Styles;
use gluepot_core::text::Clean;

/// Opens the account and shows it, until the end. `beside` runs on the screen's thread.
pub(super) fn screen(
    cli: Cli,
    mut given: Given,
    paths: &Paths,
    mut begun: Begun,
    beside: impl Future<Output = ()>,
) -> ExitCode {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return fail(
            &"gluepot needs a terminal on standard input and output. To print a document: gluepot render FILE",
        );
    }
    let account = match open(&cli, &given, paths, begun.key_variable.take()) {
        Ok(account) => account,
        Err(message) => return fail(&message),
    };
    harden::seal(&mut begun.hardening, given.has_desktop());
    let log_file = given.settings.log_file(paths);
    if let Err(error) = crate::host::log::start(given.settings.config.log.level, &log_file) {
        given.settings.reports.push(Problem {
            place: Clean::line(&log_file.to_string_lossy()),
            line: 0,
            message: format!("cannot write the log: {error}").into(),
        });
    }
    // The screen lives on this thread and never waits; requests, disk and clipboard have the workers.
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start threads: {error}")),
    };
    let session = {
        let _inside = runtime.enter();
        match Session::new(account, &given.settings, paths) {
            Ok(session) => session,
            Err(error) => return fail(&error),
        }
    };
    let (parts, server) = parts(cli, given, paths, session, &begun.hardening);
    let ended = runtime.block_on(async {
        let screen = std::pin::pin!(tui::run(parts, Some(log_file)));
        match select(screen, std::pin::pin!(beside)).await {
            Either::Left((ended, _)) => ended,
            Either::Right(((), screen)) => screen.await,
        }
    });
    // A name lookup may hang for long; the exit does not wait for it.
    runtime.shutdown_timeout(Duration::from_millis(200));
    drop(server);
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&format!("cannot use the terminal: {error}")),
    }
}

/// The account that was asked for, with its key.
fn open(cli: &Cli, given: &Given, paths: &Paths, key_variable: Option<Zeroizing<Vec<u8>>>) -> Result<Account, Clean> {
    let settings = &given.settings;
    let lock = Lock::of(&settings.policies).with(cli.org.as_deref(), cli.lock_org)?;
    #[cfg(feature = "demo")]
    if cli.demo.demo {
        return Demo { scale: cli.demo.scale, faults: cli.demo.faults.clone() }.open(settings, lock);
    }
    Account::open(settings, paths, lock, key_variable)
}

/// What the screen is made from, and what has to live as long.
fn parts(
    cli: Cli,
    given: Given,
    paths: &Paths,
    session: Session,
    hardening: &harden::Report,
) -> (tui::Parts, Option<Box<dyn std::any::Any + Send>>) {
    let ascii = given.ascii();
    let Given { settings, environment, keymap } = given;
    let Session { source, access, trail, name, hosts, lock, demo, beside } = session;
    let theme = if environment.wants_colour() { settings.config.theme.clone() } else { Theme::colourless() };
    let mut places = settings.places(paths, demo);
    if lock.is_on() {
        places.push(("one client".to_owned(), format!("{}, by {}", lock.inside, lock.by)));
    }
    places.extend(hardening.lines.iter().map(|line| ("protection".to_owned(), line.to_string())));
    let config = settings.config;
    let clipboard = Clipboard::detect(&clipboard::Environment::here()).telling(&Promises::default());
    let parts = tui::Parts {
        keymap,
        styles: Styles::new(theme, ascii).striking(environment.can_strike()),
        source,
        audit: trail,
        access,
        clipboard: Arc::new(clipboard),
        profile: name,
        demo,
        ssh: environment.is_ssh(),
        hosts,
        // A wish from the settings yields to a lock; one from the command line was held against it.
        organization: cli.org.or_else(|| config.organization.clone().filter(|_| !demo && !lock.is_on())),
        ticket: cli.ticket,
        reports: settings.reports.iter().map(ToString::to_string).collect(),
        places,
        observers: Some(Surroundings::here()),
        config,
    };
    (parts, beside)
}
