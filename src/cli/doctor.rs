//! `gluepot doctor`: looks at everything a start depends on and says in plain lines what is well and what to do.
//!
//! Nothing is changed and no record is read but one: the first organization, which shows that address, key and rights
//! are right. No line holds the key or any part of it.

mod copying;

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{Lock, Settings, client_settings, output};
use crate::config::key;
use crate::host::clipboard::{self, Clipboard, Way};
use crate::host::harden;
use crate::host::paths::Paths;
use gluepot_core::model::ListKey;
use gluepot_core::text::Clean;
use gluepot_itglue::{Client, Connection, ListEvent, Proxy, Urgency};

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

/// What a line says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Well,
    Note,
    Wrong,
}

/// The report as it grows.
#[derive(Default)]
struct Report {
    text: String,
    /// Something was printed before
    begun: bool,
    wrong: usize,
}

impl Report {
    fn heading(&mut self, words: &str) {
        if self.begun || !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(words);
        self.text.push('\n');
    }

    fn line(&mut self, mark: Mark, words: &str) {
        let sign = match mark {
            Mark::Well => "ok  ",
            Mark::Note => "note",
            Mark::Wrong => "FIX ",
        };
        self.wrong += usize::from(mark == Mark::Wrong);
        self.text.extend(["  ", sign, "  ", &Clean::line(words), "\n"]);
    }

    /// Prints what there is, before something that may take long.
    fn flush(&mut self) -> ExitCode {
        self.begun = true;
        output::print(&std::mem::take(&mut self.text))
    }

    /// Prints the rest and how many things there are to put right.
    fn end(mut self) -> ExitCode {
        let last = match self.wrong {
            0 => "\nNo problems found.\n".to_owned(),
            1 => "\n1 problem.\n".to_owned(),
            n => format!("\n{n} problems.\n"),
        };
        self.text.push_str(&last);
        let code = self.flush();
        if self.wrong == 0 { code } else { ExitCode::FAILURE }
    }
}

/// What can be said where the system names no home folder.
pub(super) fn without_home() -> ExitCode {
    let mut report = Report::default();
    report.heading(concat!("gluepot ", env!("CARGO_PKG_VERSION")));
    report.line(
        Mark::Wrong,
        "this system names no home folder, so settings, key and audit trail have no place: set HOME",
    );
    report.end()
}

/// Looks, prints, and fails when something has to be put right.
pub(super) fn run(
    args: &DoctorArgs,
    settings: &Settings,
    paths: &Paths,
    mut hardening: harden::Report,
    key_variable: Option<Zeroizing<Vec<u8>>>,
) -> ExitCode {
    let mut report = Report::default();
    report.heading(concat!("gluepot ", env!("CARGO_PKG_VERSION")));
    configuration(&mut report, settings, paths);
    terminal(&mut report, settings);
    files(&mut report, settings, paths);
    report.heading("Account");
    let place = match &settings.config.base_url {
        Some(_) => "set as base URL".into(),
        None => format!("region {}", settings.config.place()),
    };
    report.line(Mark::Note, &format!("address: {} ({place})", settings.config.address().as_url()));
    key_source(&mut report, settings, key_variable.is_some());
    let reachable = proxy(&mut report, settings);
    if args.offline {
        report.line(Mark::Note, "key and connection were not tried (--offline)");
    } else if settings.unsure {
        report.line(Mark::Note, "key and connection were not tried: put the settings right first");
    } else if key::is_missing(&settings.config.key, key_variable.as_deref().map(Vec::as_slice)) || !reachable {
        // What is wrong was said; nothing is sent another way.
        report.line(Mark::Note, "the connection was not tried");
    } else {
        report.flush();
        account(&mut report, settings, paths, key_variable);
    }
    harden::seal(&mut hardening, super::has_desktop(&settings.environment));
    report.heading("Protection of this process");
    for line in &hardening.lines {
        let refused = matches!(line.outcome, harden::Outcome::Refused(_));
        report.line(if refused { Mark::Note } else { Mark::Well }, &line.to_string());
    }
    match crate::host::guard::probe() {
        Ok(()) => {
            report.line(Mark::Well, "the watchdog, which restores the terminal and clears the clipboard if gluepot is killed: can be started");
        }
        Err(why) => report.line(Mark::Note, &format!("the guard: {}", crate::host::guard::Status::Failed(why))),
    }
    report.end()
}

/// Whether something is at a path, as far as that can be told.
fn is_there(path: &Path) -> bool {
    !std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// Says of a settings file what was reported of it, or else that it is well.
fn settings_file(report: &mut Report, settings: &Settings, path: &Path, without: &str) {
    let place = Clean::line(&path.to_string_lossy());
    let mut wrong = settings.reports.iter().filter(|problem| problem.place == place).peekable();
    if wrong.peek().is_none() {
        let there = if is_there(path) { String::new() } else { format!(" (not there: {without})") };
        report.line(Mark::Well, &format!("{}{there}", path.display()));
    }
    for problem in wrong {
        report.line(Mark::Wrong, &problem.to_string());
    }
}

/// Says where the key comes from, as far as anything says so.
fn key_source(report: &mut Report, settings: &Settings, variable: bool) {
    let source = &settings.config.key;
    if settings.unsure {
        return;
    }
    if key::is_missing(source, None) && !variable {
        let words = format!(
            "there is no API key: name a program or a file under [key] in {}, or set {}. To look around: gluepot --demo",
            settings.config_file.display(),
            key::VARIABLE
        );
        return report.line(Mark::Wrong, &words);
    }
    report.line(Mark::Note, &format!("the key comes from {}", key::describe(source)));
    if variable && !key::is_missing(source, None) {
        report.line(Mark::Note, &format!("{} is set and not used: [key] names another way", key::VARIABLE));
    }
}

fn configuration(report: &mut Report, settings: &Settings, paths: &Paths) {
    report.heading("Settings");
    settings_file(report, settings, &settings.config_file, "the defaults are used");
    settings_file(report, settings, &settings.keys_file, "the default keys are used");
    let policies = &settings.policies;
    for file in [&policies.admin, &policies.user] {
        let mark = if matches!(file, gluepot_core::policy::File::Broken(_)) { Mark::Wrong } else { Mark::Well };
        report.line(mark, &format!("policy: {file}"));
    }
    if let Some(problem) = policies.lock_in_doubt() {
        report
            .line(Mark::Wrong, &format!("no request goes out: {} may name an organization to keep to", problem.place));
    }
    // What was said above with its file is not said again.
    let told = |place: &Clean| {
        let files = [&settings.config_file, &settings.keys_file].map(|path| Clean::line(&path.to_string_lossy()));
        files.contains(place) || policies.problems().iter().any(|problem| problem.place == *place)
    };
    for problem in settings.reports.iter().filter(|problem| !told(&problem.place)) {
        report.line(Mark::Wrong, &problem.to_string());
    }
    let lock = gluepot_core::access::LockRules::new(0, None, settings.policies.pin_asked_by(), paths.pin_file());
    match (lock.trouble(), &lock.asked_by) {
        (Some(trouble), _) => report.line(Mark::Wrong, &format!("{trouble}; until then nothing secret is fetched")),
        (None, Some(by)) => report.line(Mark::Well, &format!("the PIN that the policy asks for ({by}) is set")),
        (None, None) => {}
    }
    if let Some(by) = settings.policies.sink_asked_by() {
        match (settings.policies.sink_trouble(), &settings.keeping.sink) {
            (Some(trouble), _) => {
                report.line(Mark::Wrong, &format!("{trouble} ({by}); until then nothing secret is fetched"));
            }
            (None, Some(sink)) => {
                let words =
                    format!("copies of audit records go to {} at {} ({by})", sink.system.name(), sink.socket.display());
                report.line(Mark::Well, &words);
            }
            (None, None) => {}
        }
    }
    if let Some(path) = &settings.config.network.ca_file {
        match std::fs::read(path) {
            Ok(pem) if memchr::memmem::find(&pem, b"-----BEGIN CERTIFICATE-----").is_some() => {
                report.line(Mark::Well, &format!("certificates in {}", path.display()));
            }
            Ok(_) => report.line(
                Mark::Wrong,
                &format!("{} holds no certificate in PEM form: ca_file under [network] names it", path.display()),
            ),
            Err(error) => report.line(Mark::Wrong, &format!("{} cannot be read: {error}", path.display())),
        }
    }
}

fn terminal(report: &mut Report, settings: &Settings) {
    let environment = &settings.environment;
    report.heading("Terminal");
    match (std::io::stdin().is_terminal() && std::io::stdout().is_terminal(), crate::host::terminal::size()) {
        (true, Ok((columns, rows))) if columns >= 60 && rows >= 15 => {
            report.line(Mark::Well, &format!("{columns}x{rows}"));
        }
        (true, Ok((columns, rows))) => {
            report.line(Mark::Note, &format!("{columns}x{rows}: below 60x15 only one pane is shown at a time"));
        }
        _ => report.line(Mark::Note, "standard input or output is not a terminal here"),
    }
    match environment.term.as_deref() {
        Some("dumb") => report.line(Mark::Wrong, "TERM=dumb: the screen needs a terminal that can place the cursor"),
        Some(term) if !term.is_empty() => report.line(Mark::Well, &format!("TERM={term}")),
        _ => report.line(Mark::Wrong, "TERM is not set: set it to what your terminal is, often xterm-256color"),
    }
    let colour = if environment.wants_colour() { "colours on" } else { "colours off (NO_COLOR or TERM=dumb)" };
    report.line(Mark::Well, colour);
    let ascii = if settings.ascii() { "ASCII only (locale, TERM or settings)" } else { "UTF-8 frames and marks" };
    report.line(Mark::Well, ascii);
    if environment.is_ssh() {
        report.line(Mark::Note, "over SSH: the mouse is off unless asked for, web addresses are copied, not opened");
    }
    let clipboard = Clipboard::detect(&clipboard::Environment::here());
    let (way, why) = clipboard.at_present();
    let (mark, proof) = match way {
        Way::Nowhere => (Mark::Wrong, ""),
        _ => (Mark::Well, " (`gluepot doctor clipboard` tries it)"),
    };
    report.line(mark, &format!("copying goes by {}: {why}{proof}", way.label()));
}

fn files(report: &mut Report, settings: &Settings, paths: &Paths) {
    report.heading("Files");
    folder(report, "audit trail", &settings.audit_dir(paths, false));
    let log = settings.log_file(paths);
    let level = settings.config.log.level;
    report.line(Mark::Note, &format!("log: {} ({})", log.display(), format!("{level:?}").to_lowercase()));
}

/// Says whether something can be written into a folder, or made there.
fn folder(report: &mut Report, what: &str, path: &Path) {
    let shown = path.display();
    let there = path.ancestors().find(|p| is_there(p));
    if let Some((found, error)) = there.and_then(|found| Some((found, found.metadata().err()?))) {
        return report.line(Mark::Wrong, &format!("{what}: {} cannot be looked at: {error}", found.display()));
    }
    match there {
        Some(found) if !found.is_dir() => {
            report.line(Mark::Wrong, &format!("{what}: {} is no folder", found.display()));
        }
        Some(found) if !may_write(found) => {
            let words =
                format!("{what}: {} may not be written by this user, so no password can be shown", found.display());
            report.line(Mark::Wrong, &words);
        }
        Some(found) if found == path => report.line(Mark::Well, &format!("{what}: {shown}")),
        _ => report.line(Mark::Well, &format!("{what}: {shown} (made when it is first needed)")),
    }
}

#[cfg(unix)]
fn may_write(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// Says through which proxy requests go; whether they can be sent.
fn proxy(report: &mut Report, settings: &Settings) -> bool {
    match Proxy::of_process(&settings.config.address()) {
        Ok(Some(proxy)) => report.line(Mark::Note, &format!("requests go through the proxy {proxy}")),
        Ok(None) => {}
        Err(unusable) => {
            report.line(Mark::Wrong, &unusable.to_string());
            return false;
        }
    }
    true
}

/// Whom the connection goes through and why it is believed.
fn connection(report: &mut Report, connection: &Connection) {
    report.line(Mark::Note, &format!("certificates: {}", connection.trusted));
    if let Some(certificate) = &connection.certificate {
        report.line(Mark::Note, &format!("certificate: {certificate}"));
        report.line(Mark::Note, &format!("reached: {}", connection.to));
    }
    if let Some(proxy) = &connection.proxy {
        report.line(Mark::Note, &format!("proxy: {proxy}. {INSPECTION}"));
    }
}

/// What nobody but a person can see.
const INSPECTION: &str = "A proxy that inspects TLS sees all that passes, passwords too; the issuer of the certificate tells whether it does";

/// Fetches the key and asks for one organization.
fn account(report: &mut Report, settings: &Settings, paths: &Paths, key_variable: Option<Zeroizing<Vec<u8>>>) {
    let secret = match key::fetch(&settings.config.key, key_variable) {
        Ok(secret) => secret,
        Err(error) => return report.line(Mark::Wrong, &error.to_string()),
    };
    if key::has_form(&secret) {
        report.line(Mark::Well, "API key found");
    } else if settings.config.base_url.is_some() {
        report.line(
            Mark::Note,
            "the key is not in IT Glue's form (ITG. and some 160 characters): is it a gateway's own?",
        );
    } else {
        let words = "the key is not in IT Glue's form: those begin with ITG. and have some 160 characters. Was all of it \
                     copied?";
        report.line(Mark::Wrong, words);
    }
    let lock = Lock::of(&settings.policies).inside;
    let config = &settings.config;
    let client = match client_settings(config, config.address(), config.place(), secret) {
        Ok(mut settings) => {
            report.line(Mark::Note, &format!("key {}", settings.key.protection()));
            settings.pages.first = 1;
            settings.quota_folder = Some(paths.quota_dir());
            settings.inside = lock;
            Client::new(settings)
        }
        Err(error) => return report.line(Mark::Wrong, &error),
    };
    let client = match client {
        Ok(client) => client,
        Err(error) => return report.line(Mark::Wrong, &error.to_string()),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report.line(Mark::Wrong, &format!("cannot start threads: {error}")),
    };
    let begun = std::time::Instant::now();
    let answer = runtime.block_on(async {
        client
            .list(ListKey::Organizations(client.source()), Urgency::interactive(), CancellationToken::new())
            .next()
            .await
    });
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    connection(report, &client.connection());
    match answer {
        Some(Ok(ListEvent::Page(page))) => {
            let took = begun.elapsed().as_millis();
            let count = page.total.unwrap_or(page.rows.len());
            let words = format!("IT Glue answered in {took} ms; the key sees {count} organizations");
            report.line(if count == 0 { Mark::Note } else { Mark::Well }, &words);
            // IT Glue says so only in the answer that holds a value, and none is asked for here.
            let words = "whether this key has Password Access shows with the first password (r): IT Glue does not say \
                         it before. An administrator sees it at Account > Settings > API Keys";
            report.line(Mark::Note, words);
        }
        Some(Ok(_)) => report.line(Mark::Note, "IT Glue answered; the key sees no organization"),
        Some(Err(error)) => report.line(Mark::Wrong, &format!("{error}. {}", error.next_step_by("run this again"))),
        None => report.line(Mark::Wrong, "IT Glue gave no answer"),
    }
}
