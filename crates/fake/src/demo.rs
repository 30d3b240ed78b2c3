//! `gluepot demo-server`: the embedded IT Glue on its own, for other clients and for looking at faults.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use super::faults::{self, Rule};
use super::server::{Options, Rate, Server};
use super::world::World;
use gluepot_core::text::Clean;

/// The flags of `gluepot demo-server`.
#[derive(Clone, Debug, clap::Args)]
pub struct DemoServerOptions {
    /// Listen on this port of 127.0.0.1 instead of any free one
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,

    /// Serve the large world: 1,000 organizations, 100,000 configurations, 50,000 passwords, 20,000 documents
    #[arg(long)]
    pub scale: bool,

    /// The seed of the large world
    #[arg(long, value_name = "N", default_value_t = super::scale::SEED)]
    pub seed: u64,

    /// Make something go wrong, for example latency=300ms or 429:retry-after=2:count=3:path=/passwords;
    /// `list` explains them all. May be given several times
    #[arg(long = "fault", value_name = "SPEC")]
    pub faults: Vec<String>,

    /// Requests allowed in a number of seconds
    #[arg(long, value_name = "N/SECONDS", default_value = "3000/300", value_parser = rate)]
    pub rate: Rate,

    /// Seconds the address of an image works
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub image_ttl: u64,
}

fn rate(text: &str) -> Result<Rate, String> {
    let wrong = || "two numbers with a slash between them, as in 3000/300".to_owned();
    let (requests, seconds) = text.split_once('/').ok_or_else(wrong)?;
    Ok(Rate {
        requests: requests.trim().parse().map_err(|_| wrong())?,
        window: Duration::from_secs(seconds.trim().parse().map_err(|_| wrong())?),
    })
}

/// Runs the server until Ctrl-C. Prints its address and keys, one `name: value` a line. Must not be called from
/// within a runtime.
pub fn demo_server(options: DemoServerOptions) -> ExitCode {
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the list of faults has seen enough of it.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            drop(writeln!(io::stderr(), "gluepot demo-server: {}", Clean::line(&error.to_string())));
            ExitCode::FAILURE
        }
    }
}

fn run(options: DemoServerOptions) -> Result<(), Box<dyn std::error::Error>> {
    if options.faults.iter().any(|spec| spec == "list") {
        writeln!(io::stdout(), "{}", faults::HELP)?;
        return Ok(());
    }
    let rules = options.faults.iter().map(|spec| spec.parse::<Rule>()).collect::<Result<Vec<_>, _>>()?;
    let world = if options.scale { World::scale(options.seed) } else { super::data::demo() };
    let mut settings = Options::with_world(world);
    settings.port = options.port;
    settings.rate = options.rate;
    settings.image_ttl = Duration::from_secs(options.image_ttl);
    settings.faults = rules;
    let server = Server::start_now(settings).map_err(|error| match options.port {
        Some(port) => format!("port {port} cannot be used: {error}. Without --port any free one is taken"),
        None => error.to_string(),
    })?;
    let mut out = io::stdout().lock();
    writeln!(out, "base url: {}", server.base_url())?;
    writeln!(out, "key: {}", server.key())?;
    writeln!(out, "key without password access: {}", server.key_without_passwords())?;
    writeln!(out, "web host: {}", server.web_url())?;
    for spec in &options.faults {
        writeln!(out, "fault: {}", Clean::line(spec))?;
    }
    out.flush()?;
    drop(out);
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(tokio::signal::ctrl_c())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_requests_over_seconds() {
        assert_eq!(rate("10/60"), Ok(Rate { requests: 10, window: Duration::from_secs(60) }));
        assert!(rate("10").is_err() && rate("a/b").is_err());
    }
}
