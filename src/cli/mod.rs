//! The command line: flags, subcommands and what each of them starts.
//!
//! The order of a start matters and is written once, in [`main`]: the process closes itself to others; the API key's
//! variable is taken out of the environment while there is one thread; the command line is read; the settings are
//! put together; the key is fetched, while programs it comes from can still ask questions on the plain terminal; then
//! the runtime and the screen begin.

mod audit;
mod doctor;
mod output;
mod pin;
mod policy;
mod render;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use futures_util::future::{Either, select};
use zeroize::Zeroizing;

use crate::config::{self, Config, Environment, Loaded, LogLevel, Network, Problem, Switch, Theme, key};
use crate::host::clipboard::{self, Clipboard};
use crate::host::harden;
use crate::host::observers::Surroundings;
use crate::host::paths::Paths;
use crate::host::promise::Promises;
use crate::tui;
use crate::tui::keymap::Keymap;
use crate::tui::styles::Styles;
use gluepot_core::access::{Access, LockRules, Trail, Who};
use gluepot_core::audit::Keeping;
use gluepot_core::model::SourceId;
use gluepot_core::private_file::{self, Care};
use gluepot_core::secret::{self, LockedKey, Secret};
use gluepot_core::text::Clean;
use gluepot_itglue::{self, BaseUrl, Client, Inside, Pace, Proxy, Region, Timeouts};
use output::{complain, fail, print};

/// A terminal browser for IT Glue documentation, made for the technician with a ticket open.
///
/// Reads documents, configurations, passwords and the rest of your IT Glue account with an API key; shows and copies
/// passwords only after they are recorded in the audit trail; keeps no client data on disk.
#[derive(Parser, Debug)]
#[command(name = "gluepot", version, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(flatten)]
    demo: Demo,

    #[command(flatten)]
    place: Place,

    /// Open this organization at start: its name, short name or id
    #[arg(long, value_name = "NAME|SHORT|ID", value_parser = words)]
    org: Option<String>,

    /// Send no request about any other organization; --org has to name it by its id or whole name
    #[arg(long, requires = "org")]
    lock_org: bool,

    /// The ticket you are working on; goes into the audit trail [env: GLUEPOT_TICKET]
    #[arg(long, value_name = "TICKET", value_parser = words)]
    ticket: Option<String>,

    /// The mouse: auto (on at a local terminal, off over SSH), on, off
    #[arg(long, value_enum, hide_possible_values = true, value_name = "on|off|auto")]
    mouse: Option<Switch>,

    /// Draw frames and marks with ASCII only
    #[arg(long)]
    ascii: bool,

    /// Print the current settings as config.toml
    #[arg(long, group = "print")]
    print_config: bool,

    /// Print the current keys as keys.toml
    #[arg(long, group = "print")]
    print_keys: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER_HELP: &str = "\
The API key comes from a program or a private file named under [key] in config.toml, or from
ITGLUE_API_KEY. It is never given on the command line. Without a key: gluepot --demo";

/// The demo instead of a real account.
#[derive(Args, Debug)]
struct Demo {
    /// Browse the made-up documentation of an MSP; needs no account and no network
    #[arg(long)]
    demo: bool,

    /// The demo with 1,000 organizations and 100,000 configurations
    #[arg(long, requires = "demo")]
    scale: bool,

    /// Inject a fault into the demo, for example latency=300ms; `demo-server --fault list` explains them all
    #[arg(long = "fault", value_name = "SPEC", requires = "demo")]
    faults: Vec<gluepot_fake::Rule>,
}

/// Which account, and the settings.
#[derive(Args, Debug)]
struct Place {
    /// Where your account lives: us, eu or au
    #[arg(long, global = true, value_parser = region(), hide_possible_values = true)]
    region: Option<Region>,

    /// Another address to send requests to: https, or http to this machine
    #[arg(long, global = true, value_name = "URL", value_parser = base_url)]
    base_url: Option<BaseUrl>,

    /// Read the settings from this file [env: GLUEPOT_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// What goes to the log: off, error, warn, info, debug; never names, texts or secrets
    #[arg(long, global = true, value_enum, hide_possible_values = true, value_name = "LEVEL")]
    log_level: Option<LogLevel>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Check settings, key, connection, terminal and clipboard, and say what to do
    Doctor(doctor::DoctorArgs),
    /// Start, check and read the audit trail: who showed or copied what, for which ticket
    Audit(audit::AuditArgs),
    /// Set or remove the PIN that opens the lock screen
    Pin(pin::PinArgs),
    /// Check the policy for mistakes, and explain which rule decides
    Policy(policy::PolicyArgs),
    /// Show where settings, audit trail and log are
    Paths,
    /// Print HTML or Markdown the way documents are shown
    Render(render::RenderArgs),
    /// Run the demo's IT Glue alone, for other programs
    DemoServer(gluepot_fake::DemoServerOptions),
    /// What gluepot starts beside itself
    #[command(hide = true)]
    Guard,
}

impl Cli {
    /// Reads the command line. Flags of an account and those of the demo exclude each other, which clap cannot say of
    /// flags that subcommands share.
    fn read(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
        let cli = Self::try_parse_from(args)?;
        if cli.lock_org && cli.command.is_some() {
            let message = "the argument '--lock-org' is for the screen, not for a command";
            return Err(Self::command().error(clap::error::ErrorKind::ArgumentConflict, message));
        }
        let other = match (&cli.place.region, &cli.place.base_url) {
            (Some(_), _) => "--region",
            (_, Some(_)) => "--base-url",
            _ => return Ok(cli),
        };
        if cli.demo.demo {
            let message = format!("the argument '--demo' cannot be used with '{other}'");
            return Err(Self::command().error(clap::error::ErrorKind::ArgumentConflict, message));
        }
        Ok(cli)
    }
}

impl Cli {
    /// Takes from the environment what the command line leaves open. clap would do that too, but takes an empty variable
    /// for a value, and loses characters from the one it complains of.
    fn add_environment(&mut self, get: impl Fn(&str) -> Option<OsString>) -> Result<(), Problem> {
        let set = |name: &str| get(name).filter(|value| !value.to_string_lossy().trim().is_empty());
        if self.place.config.is_none() {
            self.place.config = set("GLUEPOT_CONFIG").map(PathBuf::from);
        }
        if let (None, Some(value)) = (&self.ticket, set("GLUEPOT_TICKET")) {
            let value = value.to_string_lossy();
            self.ticket = Some(words(&value).map_err(|right| Problem {
                place: "GLUEPOT_TICKET".into(),
                line: 0,
                message: format!("'{value}' is not a ticket: expected {right}").into(),
            })?);
        }
        Ok(())
    }

    fn is_doctor(&self) -> bool {
        matches!(self.command, Some(Command::Doctor(_)))
    }
}

fn region() -> impl clap::builder::TypedValueParser<Value = Region> {
    PossibleValuesParser::new(Region::ALL.map(Region::label)).map(|label| label.parse::<Region>().unwrap_or_default())
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).map_err(|error| error.to_string())
}

fn words(text: &str) -> Result<String, String> {
    let text = text.trim();
    if config::is_words(text) { Ok(text.to_owned()) } else { Err(config::WORDS.into()) }
}

/// Runs the program and says how it ended.
pub fn main() -> ExitCode {
    main_beside(std::future::pending())
}

/// Runs the program with something beside the screen, on the screen's own thread. The program has nothing there; the
/// tests of what a fault leaves behind put the fault there (`examples/fault.rs`).
pub fn main_beside(beside: impl Future<Output = ()>) -> ExitCode {
    let mut hardening = harden::start();
    let key_variable = key::take_from_environment();
    let mut cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return usage(&filtered(error)),
    };
    // What the doctor examines does not end it.
    let odd_variable = match cli.add_environment(|name| std::env::var_os(name)) {
        Err(problem) if !cli.is_doctor() => {
            complain(&problem);
            return ExitCode::from(2);
        }
        added => added.err(),
    };
    match cli.command {
        Some(Command::Render(args)) => return render::run(args),
        Some(Command::DemoServer(options)) => return gluepot_fake::demo_server(options),
        #[cfg(unix)]
        Some(Command::Guard) => return crate::host::guard::run(),
        Some(Command::Doctor(ref args)) => {
            if let Some(code) = args.run_alone() {
                return code;
            }
        }
        _ => {}
    }
    let Some(paths) = Paths::of_system() else {
        if cli.is_doctor() {
            return doctor::without_home();
        }
        return fail(&"no home folder: set HOME");
    };
    if let Some(Command::Pin(args)) = &cli.command {
        return pin::run(args, &paths.pin_file());
    }
    let mut settings = match Settings::gather(&cli, &paths) {
        Ok(settings) => settings,
        Err(problem) => return fail(&problem),
    };
    settings.reports.extend(odd_variable);
    match cli.command {
        Some(Command::Audit(args)) => return audit::run(&args, &settings, &paths, cli.demo.demo),
        Some(Command::Policy(args)) => return policy::run(&args, &settings),
        Some(Command::Paths) => return print(&list_places(&settings, &paths)),
        Some(Command::Doctor(args)) => return doctor::run(&args, &settings, &paths, hardening, key_variable),
        _ => {}
    }
    if cli.print_config {
        return print_config(&settings);
    }
    if cli.print_keys {
        settings.reports.iter().for_each(|report| complain(report));
        return print(&settings.keymap.to_toml());
    }
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return fail(
            &"gluepot needs a terminal on standard input and output. To print a document: gluepot render FILE",
        );
    }
    let inside = match Lock::of(&settings.policies).with(cli.org.as_deref(), cli.lock_org) {
        Ok(lock) => lock,
        Err(message) => return fail(&message),
    };
    if !cli.demo.demo
        && let Err(unusable) = Proxy::of_process(&settings.config.address())
    {
        return fail(&unusable);
    }
    let mut account = match Account::open(&cli.demo, &settings, key_variable) {
        Ok(mut account) => {
            account.settings.inside = inside.inside.clone();
            account
        }
        Err(message) => return fail(&message),
    };
    harden::seal(&mut hardening, has_desktop(&settings.environment));
    let demo = account.server.is_some();
    if !demo {
        account.settings.quota_folder = Some(paths.quota_dir());
    }
    let log_file = settings.log_file(&paths);
    if let Err(error) = crate::host::log::start(settings.config.log.level, &log_file) {
        settings.reports.push(Problem {
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
    let client = {
        let _inside = runtime.enter();
        match Client::new(account.settings) {
            Ok(client) => client,
            Err(error) => return fail(&error),
        }
    };
    let parts = parts(cli.org, cli.ticket, settings, &paths, client, &hardening, demo, &inside);
    let ended = runtime.block_on(async {
        let screen = std::pin::pin!(tui::run(parts, Some(log_file)));
        match select(screen, std::pin::pin!(beside)).await {
            Either::Left((ended, _)) => ended,
            Either::Right(((), screen)) => screen.await,
        }
    });
    // A name lookup may hang for long; nobody has to wait for it at the end.
    runtime.shutdown_timeout(Duration::from_millis(200));
    drop(account.server);
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&format!("cannot use the terminal: {error}")),
    }
}

/// The organization lock, and who asks for it.
struct Lock {
    inside: Inside,
    by: String,
}

impl Lock {
    /// What the policies ask for. Two that differ, or a broken one that may have asked, leave no organization at all.
    fn of(policies: &gluepot_core::policy::Policies) -> Self {
        let asked = policies.organizations();
        let by = asked.iter().map(|(_, place)| place.as_str()).collect::<Vec<_>>().join(" and ");
        let both = asked.iter().try_fold(Inside::Anywhere, |lock, (name, _)| lock.and(Inside::the(name)));
        let inside = both.unwrap_or_else(|| {
            let said: Vec<_> = asked.iter().map(|(name, place)| format!("{place} says {name}")).collect();
            Inside::Nothing(Clean::line(&format!("the policies name two: {}", said.join("; "))))
        });
        match policies.lock_in_doubt() {
            Some(problem) => Self {
                inside: Inside::Nothing(Clean::line(&format!("{problem}; it may name an organization to keep to"))),
                by: problem.place.to_string(),
            },
            None => Self { inside, by },
        }
    }

    /// With what the command line says: `--org` names the same organization, or nothing is started. A short name cannot
    /// be held against an id before the organization is known: the screen does that.
    fn with(self, org: Option<&str>, lock_org: bool) -> Result<Self, Clean> {
        let Some(org) = org else { return Ok(self) };
        let wanted = Inside::the(org);
        let is_id = matches!(wanted, Inside::Of(_));
        if !lock_org && (self.inside == Inside::Anywhere || !is_id) {
            return Ok(self);
        }
        let by = if lock_org {
            [self.by.as_str(), "--lock-org"].into_iter().filter(|by| !by.is_empty()).collect::<Vec<_>>().join(" and ")
        } else {
            self.by.clone()
        };
        match self.inside.clone().and(wanted) {
            Some(inside) => Ok(Self { inside, by }),
            None => Err(Clean::line(&format!(
                "--org {org} is not the organization this run is locked to: {}, by {}. Leave --org away to open that one",
                self.inside, self.by
            ))),
        }
    }
}

/// What the screen is made from.
#[expect(clippy::too_many_arguments, reason = "each is a part of its own, brought together only here")]
fn parts(
    organization: Option<String>,
    ticket: Option<String>,
    settings: Settings,
    paths: &Paths,
    client: Client,
    hardening: &harden::Report,
    demo: bool,
    lock: &Lock,
) -> tui::Parts {
    let policies = settings.policies.clone();
    let (asked, pin_asked_by) = (policies.screen_lock(), policies.pin_asked_by());
    let audit = Arc::new(Trail::new(settings.audit_dir(paths, demo), settings.keeping(demo)));
    let mut places = places(&settings, paths, demo);
    if lock.inside != Inside::Anywhere {
        places.push(("one client".to_owned(), format!("{}, by {}", lock.inside, lock.by)));
    }
    places.extend(hardening.lines.iter().map(|line| ("protection".to_owned(), line.to_string())));
    let (ascii, theme) = (settings.ascii(), settings.theme());
    let Settings { config, keymap, environment, reports, .. } = settings;
    let (place, name, hosts) = if demo {
        ("demo".into(), Some(DEMO_TENANT.to_owned()), vec![format!("{DEMO_TENANT}.itglue.com")])
    } else {
        let hosts = config.web_host().into_iter().collect();
        (config.place(), config.profile.clone().or_else(|| config.tenant.clone()), hosts)
    };
    let lock_rules = LockRules::new(config.ui.lock_after, asked.idle_seconds, pin_asked_by, paths.pin_file());
    let who = Who::here(Clean::line(name.as_deref().unwrap_or(place.as_str())));
    tui::Parts {
        keymap,
        styles: Styles::new(theme, ascii).striking(environment.can_strike()),
        client,
        audit,
        access: Access::new(policies, config.ui.confirm_client, lock_rules, who),
        clipboard: Arc::new(Clipboard::detect(&clipboard::Environment::here()).telling(&Promises::default())),
        profile: name.map_or_else(|| place.to_string(), |name| format!("{place} · {name}")),
        demo,
        ssh: environment.is_ssh(),
        hosts,
        // A wish from the settings yields to a lock; one from the command line was held against it.
        organization: organization
            .or_else(|| config.organization.clone().filter(|_| !demo && lock.inside == Inside::Anywhere)),
        ticket,
        reports: reports.iter().map(ToString::to_string).collect(),
        places,
        observers: Some(Surroundings::here()),
        config,
    }
}

/// The account the demo's records say they belong to.
const DEMO_TENANT: &str = "northbeam";

/// What was wrong with the command line, found once more with the arguments filtered: clap leaves escape sequences out
/// of what it repeats, and nothing is to be lost without a mark. Where the filtered ones would do, what clap repeats is
/// filtered in the message.
fn filtered(mut error: clap::Error) -> clap::Error {
    use clap::error::ContextValue;

    if !error.use_stderr() {
        return error;
    }
    let clean = std::env::args_os().map(|argument| Clean::line(&argument.to_string_lossy()).to_string());
    if let Err(error) = Cli::read(clean) {
        return error;
    }
    let line = |text: &str| Clean::line(text).to_string();
    let repeated: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in repeated {
        let value = match value {
            ContextValue::String(text) => ContextValue::String(line(&text)),
            ContextValue::Strings(texts) => ContextValue::Strings(texts.iter().map(|text| line(text)).collect()),
            other => other,
        };
        error.insert(kind, value);
    }
    error
}

/// Prints help, version or what was wrong with the command line. clap repeats arguments, so errors are filtered, and a
/// key that somebody put there is not repeated.
fn usage(error: &clap::Error) -> ExitCode {
    let environment = Environment::of_process();
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    let rendered = error.render();
    if error.use_stderr() {
        let words = secret::without_keys(&rendered.to_string());
        let _ = output::write(std::io::stderr().lock(), &Clean::block(&words));
    } else if environment.wants_colour() && std::io::stdout().is_terminal() {
        let _ = output::write(std::io::stdout().lock(), &rendered.ansi().to_string());
    } else {
        let _ = output::write(std::io::stdout().lock(), &rendered.to_string());
    }
    ExitCode::from(code)
}

/// Whether a browser can be opened on this seat.
fn has_desktop(environment: &Environment) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !environment.is_ssh() && (set("DISPLAY") || set("WAYLAND_DISPLAY") || !cfg!(target_os = "linux"))
}

/// Settings, keys and what was wrong with them.
struct Settings {
    config: Config,
    keymap: Keymap,
    environment: Environment,
    /// The config file that was or would have been read
    config_file: PathBuf,
    has_config_file: bool,
    keys_file: PathBuf,
    /// What may be done: the administrator's file and the one beside the config file
    policies: gluepot_core::policy::Policies,
    /// How and where the trail is kept, by the settings and what the policies make of them
    keeping: Keeping,
    audit_folder: PathBuf,
    reports: Vec<Problem>,
    /// A mistake in what says where requests go and with which key: only the doctor goes on
    unsure: bool,
}

impl Settings {
    /// Puts the settings together: defaults < file < environment < flags. An error is one that must stop the program;
    /// in the demo, which reaches no account, nothing of the file has to, and the doctor reports it.
    fn gather(cli: &Cli, paths: &Paths) -> Result<Self, Problem> {
        let environment = Environment::of_process();
        let config_file = cli.place.config.clone().unwrap_or_else(|| paths.config_file());
        let mut unsure = false;
        let (mut loaded, has_config_file) = match read_config(&config_file, cli.place.config.is_some()) {
            Ok(read) => read,
            Err(problem) if cli.demo.demo || cli.is_doctor() => {
                unsure = true;
                (Loaded { reports: vec![problem], ..Loaded::default() }, true)
            }
            Err(problem) => return Err(problem),
        };
        if !cli.demo.demo {
            let get = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
            match loaded.config.clone().with_environment(get) {
                Ok(config) => loaded.config = config,
                Err(problem) if cli.is_doctor() => {
                    unsure = true;
                    loaded.reports.push(problem);
                }
                Err(problem) => return Err(problem),
            }
        }
        let Loaded { mut config, mut reports } = loaded;
        if let Some(region) = cli.place.region {
            config.region = region;
            config.base_url = None;
        }
        if let Some(url) = &cli.place.base_url {
            config.base_url = Some(url.clone());
        }
        if let Some(level) = cli.place.log_level {
            config.log.level = level;
        }
        if let Some(mouse) = cli.mouse {
            config.ui.mouse = mouse;
        }
        if cli.ascii {
            config.ui.ascii = Switch::On;
        }
        let keys_file = config_file.with_file_name("keys.toml");
        let keymap = read_keys(&keys_file, &mut reports);
        let keymap = keymap.ascii(config.ui.ascii.resolve(environment.wants_ascii()));
        let user = config_file.with_file_name("policy.toml");
        let mut policies = gluepot_core::policy::Policies::read(Path::new(gluepot_core::policy::ADMIN), &user);
        reports.extend(policies.problems().into_iter().cloned());
        let mut keeping = config.audit.keeping();
        let users = config.audit.folder.as_deref();
        let (audit_folder, aside) = policies.trail_folder(users, paths.audit_dir(false), &config_file);
        // What happens in the demo is no business of the host's log, nor is what does not count there.
        if !cli.demo.demo {
            reports.extend(aside);
            reports.extend(policies.keep(&mut keeping, &config_file));
        }
        Ok(Self {
            config,
            keymap,
            environment,
            config_file,
            has_config_file,
            keys_file,
            policies,
            keeping,
            audit_folder,
            reports,
            unsure,
        })
    }

    fn ascii(&self) -> bool {
        self.config.ui.ascii.resolve(self.environment.wants_ascii())
    }

    fn theme(&self) -> Theme {
        if self.environment.wants_colour() { self.config.theme.clone() } else { Theme::colourless() }
    }

    fn audit_dir(&self, paths: &Paths, demo: bool) -> PathBuf {
        if demo { paths.audit_dir(true) } else { self.audit_folder.clone() }
    }

    /// How the trail is kept. What happens in the demo is no business of the host's log.
    fn keeping(&self, demo: bool) -> Keeping {
        let keeping = self.keeping.clone();
        if demo { Keeping { sink: None, ..keeping } } else { keeping }
    }

    fn log_file(&self, paths: &Paths) -> PathBuf {
        self.config.log.file.clone().unwrap_or_else(|| paths.log_file())
    }
}

/// The largest settings or key file that is read.
const MAX_FILE: u64 = 1024 * 1024;

/// Reads a settings file; whether there was one. One that was asked for has to be there.
fn read_config(path: &Path, asked_for: bool) -> Result<(Loaded, bool), Problem> {
    let problem =
        |message: &str| Problem { place: Clean::line(&path.to_string_lossy()), line: 0, message: message.into() };
    match private_file::open(path, Care::Obeyed) {
        Ok(file) => {
            let mut text = String::new();
            file.take(MAX_FILE)
                .read_to_string(&mut text)
                .map_err(|error| problem(&format!("cannot be read: {error}")))?;
            Config::parse(&text, path).map(|loaded| (loaded, true))
        }
        Err(refusal) if refusal.is_missing && !asked_for => Ok((Loaded::default(), false)),
        Err(refusal) => Err(problem(&refusal.message)),
    }
}

/// Reads the user's keys. With a mistake in them the default keys are used and the mistakes reported.
fn read_keys(path: &Path, reports: &mut Vec<Problem>) -> Keymap {
    let place = Clean::line(&path.to_string_lossy());
    let text = match std::fs::File::open(path) {
        Ok(file) => {
            let mut text = String::new();
            match file.take(MAX_FILE).read_to_string(&mut text) {
                Ok(_) => text,
                Err(error) => {
                    let message = format!("cannot be read, so the default keys are used: {error}");
                    reports.push(Problem { place, line: 0, message: message.into() });
                    return Keymap::default();
                }
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Keymap::default(),
        Err(error) => {
            let message = format!("cannot be opened, so the default keys are used: {error}");
            reports.push(Problem { place, line: 0, message: message.into() });
            return Keymap::default();
        }
    };
    Keymap::with_user(&text).unwrap_or_else(|problems| {
        reports.extend(problems.into_iter().map(|p| Problem {
            place: place.clone(),
            line: p.line,
            message: format!("{} (the default keys are used)", p.message).into(),
        }));
        Keymap::default()
    })
}

/// Where requests go and with which key.
struct Account {
    settings: gluepot_itglue::Settings,
    /// The demo's server, which lives as long as the program
    server: Option<gluepot_fake::Server>,
}

impl Account {
    fn open(demo: &Demo, settings: &Settings, key_variable: Option<Zeroizing<Vec<u8>>>) -> Result<Self, Clean> {
        let config = &settings.config;
        if !demo.demo {
            if key::is_missing(&config.key, key_variable.as_deref().map(Vec::as_slice)) {
                return Err(Clean::block(&key::how_to_give(&settings.config_file)));
            }
            let secret = key::fetch(&config.key, key_variable).map_err(|error| error.to_string())?;
            return Ok(Self {
                settings: client_settings(config, config.address(), config.place(), secret)?,
                server: None,
            });
        }
        // The screen need not wait for the demo's data: it is made beside it.
        let mut options = gluepot_fake::Options::building(if demo.scale {
            || gluepot_fake::World::scale(gluepot_fake::scale::SEED)
        } else {
            gluepot_fake::data::demo
        });
        options.faults.clone_from(&demo.faults);
        let server = gluepot_fake::Server::start_now(options)
            .map_err(|error| format!("the demo cannot listen on 127.0.0.1: {error}"))?;
        let address = BaseUrl::parse(&server.base_url()).map_err(|error| error.to_string())?;
        let secret = Secret::new(Zeroizing::new(server.key().to_owned()));
        let mut settings = client_settings(config, address, "demo".into(), secret)?;
        settings.source = SourceId::named(gluepot_itglue::PLATFORM, "demo");
        Ok(Self { settings, server: Some(server) })
    }
}

fn client_settings(
    config: &Config,
    address: BaseUrl,
    place: Clean,
    secret: Secret,
) -> Result<gluepot_itglue::Settings, Clean> {
    let key = LockedKey::new(secret).map_err(|error| format!("the system gives no memory for the key: {error}"))?;
    let Network { ca_file, connect_timeout, first_byte_timeout, idle_timeout, total_timeout, .. } = &config.network;
    let seconds = |count: &u32| Duration::from_secs(u64::from(*count));
    let mut settings = gluepot_itglue::Settings::new(address, place, Arc::new(key));
    settings.source = SourceId::named(gluepot_itglue::PLATFORM, &config.account());
    settings.ca_file.clone_from(ca_file);
    settings.timeouts = Timeouts {
        connect: seconds(connect_timeout),
        first_byte: seconds(first_byte_timeout),
        idle: seconds(idle_timeout),
        whole: seconds(total_timeout),
    };
    settings.pace = Pace {
        per_second: config.network.requests_per_second,
        per_window: config.network.requests_per_five_minutes,
        ..Pace::default()
    };
    Ok(settings)
}

/// Where everything is: what and where.
fn places(settings: &Settings, paths: &Paths, demo: bool) -> Vec<(String, String)> {
    let rows = [
        ("settings", settings.config_file.clone()),
        ("keys", settings.keys_file.clone()),
        ("policy", settings.config_file.with_file_name("policy.toml")),
        ("policy of the host", PathBuf::from(gluepot_core::policy::ADMIN)),
        ("audit trail", settings.audit_dir(paths, demo)),
        ("log", settings.log_file(paths)),
    ];
    // The demo counts for itself: its IT Glue ends with it.
    let counted = (!demo).then(|| ("count of requests", paths.quota_dir()));
    let row = |(what, path): (&str, PathBuf)| {
        let there = if path.exists() { "" } else { "  (not there yet)" };
        (what.to_owned(), format!("{}{there}", path.display()))
    };
    rows.into_iter().chain(counted).map(row).collect()
}

/// What `gluepot paths` prints.
fn list_places(settings: &Settings, paths: &Paths) -> String {
    let mut rows = places(settings, paths, false);
    let demo = places(settings, paths, true).into_iter().filter(|row| !rows.contains(row));
    let demo: Vec<_> = demo.map(|(what, path)| (format!("{what} of the demo"), path)).collect();
    rows.extend(demo);
    rows.iter().map(|(what, path)| format!("{what:<24} {path}")).collect::<Vec<_>>().join("\n") + "\n"
}

fn print_config(settings: &Settings) -> ExitCode {
    settings.reports.iter().for_each(|report| complain(report));
    let from = if settings.has_config_file { "from" } else { "defaults; there is no" };
    print(&format!("# {from} {}\n\n{}", settings.config_file.display(), settings.config.to_toml()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Cli, String> {
        Cli::read(line.split(' ')).map_err(|error| error.render().to_string())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_says_this() {
        let help = Cli::command().term_width(100).render_long_help().to_string();
        insta::assert_snapshot!("help", help);
    }

    #[test]
    fn the_demo_is_no_region_and_faults_need_the_demo() {
        assert!(parse("gluepot --demo --region eu").unwrap_err().contains("cannot be used with"));
        assert!(parse("gluepot --fault latency=1s").unwrap_err().contains("--demo"));
        assert!(parse("gluepot --scale").is_err());
        assert_eq!(parse("gluepot --demo --fault latency=1s --fault 429").unwrap().demo.faults.len(), 2);
    }

    #[test]
    fn a_key_cannot_be_given_on_the_command_line() {
        for flag in ["--key", "--api-key", "--token"] {
            assert!(parse(&format!("gluepot {flag} ITG.x")).is_err());
        }
        let help = Cli::command().render_long_help().to_string().to_lowercase();
        assert!(!help.contains("--key") && !help.contains("--api-key"));
    }

    #[test]
    fn wrong_values_are_told_with_what_is_right() {
        assert!(parse("gluepot --region uk").unwrap_err().contains("us, eu, au"));
        assert!(parse("gluepot --base-url http://example.net").unwrap_err().contains("https://"));
        assert!(parse("gluepot --log-level loud").unwrap_err().contains("debug"));
        assert!(parse("gluepot --mouse maybe").unwrap_err().contains("auto"));
    }

    #[test]
    fn an_empty_variable_is_one_that_is_not_set() {
        let with = |pairs: &'static [(&str, &str)]| {
            let get = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value));
            let mut cli = Cli::read(["gluepot"]).unwrap();
            cli.add_environment(get).map(|()| cli)
        };
        let cli = with(&[("GLUEPOT_TICKET", ""), ("GLUEPOT_CONFIG", " ")]).unwrap();
        assert_eq!((cli.ticket, cli.place.config), (None, None));
        let cli = with(&[("GLUEPOT_TICKET", " T-1 "), ("GLUEPOT_CONFIG", "/c")]).unwrap();
        assert_eq!((cli.ticket.as_deref(), cli.place.config), (Some("T-1"), Some(PathBuf::from("/c"))));
        let told = with(&[("GLUEPOT_TICKET", "\u{1b}[31m\u{202e}")]).unwrap_err().to_string();
        assert!(told.starts_with("GLUEPOT_TICKET: '␛[31m‹202E›' is not a ticket: expected 1 to 200"), "{told}");
    }

    #[test]
    fn a_missing_config_is_fine_unless_it_was_asked_for() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("config.toml");
        assert!(!read_config(&path, false).unwrap().1);
        assert!(read_config(&path, true).unwrap_err().to_string().contains("does not exist"));
    }

    #[test]
    fn wrong_keys_are_reported_and_the_defaults_used() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("keys.toml");
        std::fs::write(&path, "[global]\nquiit = ['q']\n").unwrap();
        let mut reports = Vec::new();
        let keymap = read_keys(&path, &mut reports);
        assert_eq!(keymap.to_toml(), Keymap::default().to_toml());
        assert!(reports[0].to_string().contains("keys.toml, line 2: no action is called \"quiit\""), "{reports:?}");
    }

    #[test]
    fn the_settings_reach_the_client() {
        let mut config = Config::default();
        config.network.idle_timeout = 7;
        config.network.requests_per_second = 3;
        config.network.ca_file = Some("/ca.pem".into());
        let secret = Secret::new(Zeroizing::new("ITG.x".to_owned()));
        let settings = client_settings(&config, config.address(), config.place(), secret).unwrap();
        assert_eq!(settings.timeouts.idle, Duration::from_secs(7));
        assert_eq!(settings.pace.per_second, 3);
        assert_eq!(settings.ca_file, Some("/ca.pem".into()));
        assert_eq!(settings.region.as_str(), "us");
    }
}
