//! The command line: what can be asked for.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, CommandFactory as _, Parser, Subcommand};

#[cfg(feature = "screen")]
use super::pin;
use super::{audit, doctor, policy, render};
use crate::config::{self, LogLevel, Problem, Switch};
use crate::session::Wishes;
use gluepot_itglue::{BaseUrl, Region};

/// A terminal browser for IT Glue documentation, made for the technician with a ticket open.
///
/// Reads documents, configurations, passwords and the rest of your IT Glue account with an API key; shows and copies
/// passwords only after they are recorded in the audit trail; keeps no client data on disk.
#[derive(Parser, Debug)]
#[command(name = "gluepot", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) demo: Demo,

    #[command(flatten)]
    pub(super) place: Place,

    /// Open this organization at start: its name, short name or id
    #[arg(long, value_name = "NAME|SHORT|ID", value_parser = words)]
    pub(super) org: Option<String>,

    /// Send no request about any other organization; --org has to name it by its id or whole name
    #[arg(long, requires = "org")]
    pub(super) lock_org: bool,

    /// The ticket you are working on; goes into the audit trail [env: GLUEPOT_TICKET]
    #[arg(long, value_name = "TICKET", value_parser = words)]
    pub(super) ticket: Option<String>,

    /// The mouse: auto (on at a local terminal, off over SSH), on, off
    #[arg(long, value_enum, hide_possible_values = true, value_name = "on|off|auto")]
    pub(super) mouse: Option<Switch>,

    /// Draw frames and marks with ASCII only
    #[arg(long)]
    pub(super) ascii: bool,

    /// Print the current settings as config.toml
    #[arg(long, group = "print")]
    pub(super) print_config: bool,

    /// Print the current keys as keys.toml
    #[arg(long, group = "print")]
    pub(super) print_keys: bool,

    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

const AFTER_HELP: &str = "\
The API key comes from a program or a private file named under [key] in config.toml, or from
ITGLUE_API_KEY. It is never given on the command line. Without a key: gluepot --demo";

/// The demo instead of a real account.
#[cfg(feature = "demo")]
#[derive(Args, Debug)]
pub(super) struct Demo {
    /// Browse the made-up documentation of an MSP; needs no account and no network
    #[arg(long)]
    pub(super) demo: bool,

    /// The demo with 1,000 organizations and 100,000 configurations
    #[arg(long, requires = "demo")]
    pub(super) scale: bool,

    /// Inject a fault into the demo, for example latency=300ms; `demo-server --fault list` explains them all
    #[arg(long = "fault", value_name = "SPEC", requires = "demo")]
    pub(super) faults: Vec<gluepot_fake::Rule>,
}

/// A build without the demo.
#[cfg(not(feature = "demo"))]
#[derive(Args, Debug)]
pub(super) struct Demo {}

#[cfg(feature = "demo")]
impl Demo {
    /// Whether it is asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.demo
    }
}

#[cfg(not(feature = "demo"))]
#[expect(clippy::unused_self, reason = "as where there is a demo")]
impl Demo {
    /// Never: there is none.
    pub(super) fn is_wanted(&self) -> bool {
        false
    }
}

/// Which account, and the settings.
#[derive(Args, Debug)]
pub(super) struct Place {
    /// Where your account lives: us, eu or au
    #[arg(long, global = true, value_parser = region(), hide_possible_values = true)]
    pub(super) region: Option<Region>,

    /// Another address to send requests to: https, or http to this machine
    #[arg(long, global = true, value_name = "URL", value_parser = base_url)]
    pub(super) base_url: Option<BaseUrl>,

    /// Read the settings from this file [env: GLUEPOT_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// What goes to the log: off, error, warn, info, debug; never names, texts or secrets
    #[arg(long, global = true, value_enum, hide_possible_values = true, value_name = "LEVEL")]
    pub(super) log_level: Option<LogLevel>,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Check settings, key, connection, terminal and clipboard, and say what to do
    Doctor(doctor::DoctorArgs),
    /// Start, check and read the audit trail: who showed or copied what, for which ticket
    Audit(audit::AuditArgs),
    #[cfg(feature = "screen")]
    /// Set or remove the PIN that opens the lock screen
    Pin(pin::PinArgs),
    /// Check the policy for mistakes, and explain which rule decides
    Policy(policy::PolicyArgs),
    /// Show where settings, audit trail and log are
    Paths,
    /// Print HTML or Markdown the way documents are shown
    Render(render::RenderArgs),
    #[cfg(feature = "demo")]
    /// Run the demo's IT Glue alone, for other programs
    DemoServer(gluepot_fake::DemoServerOptions),
    /// What gluepot starts beside itself
    #[command(hide = true)]
    Guard,
}

impl Cli {
    /// Reads the command line. Flags of an account and those of the demo exclude each other, which clap cannot say of
    /// flags that subcommands share.
    pub(super) fn read(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
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
        if cli.demo.is_wanted() {
            let message = format!("the argument '--demo' cannot be used with '{other}'");
            return Err(Self::command().error(clap::error::ErrorKind::ArgumentConflict, message));
        }
        Ok(cli)
    }
}

impl Cli {
    /// Takes from the environment what the command line leaves open. clap would do that too, but takes an empty variable
    /// for a value, and loses characters from the one it complains of.
    pub(super) fn add_environment(&mut self, get: impl Fn(&str) -> Option<OsString>) -> Result<(), Problem> {
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

    /// What is asked for, as the settings take it.
    pub(super) fn wishes(&self) -> Wishes {
        Wishes {
            config: self.place.config.clone(),
            region: self.place.region,
            base_url: self.place.base_url.clone(),
            log_level: self.place.log_level,
            demo: self.demo.is_wanted(),
            forgiving: self.is_doctor(),
        }
    }

    pub(super) fn is_doctor(&self) -> bool {
        matches!(self.command, Some(Command::Doctor(_)))
    }
}

fn region() -> impl clap::builder::TypedValueParser<Value = Region> {
    PossibleValuesParser::new(Region::ALL.map(Region::label)).map(|label| label.parse::<Region>().unwrap_or_default())
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).map_err(|error| error.to_string())
}

pub(super) fn words(text: &str) -> Result<String, String> {
    let text = text.trim();
    if config::is_words(text) { Ok(text.to_owned()) } else { Err(config::WORDS.into()) }
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
}
