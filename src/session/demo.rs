//! The demo: the account of a made-up MSP, served from this process.

use super::account::Account;
use super::lock::Lock;
use super::settings::Settings;
use gluepot_core::text::Clean;

/// What the demo is to be.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// 1,000 organizations and 100,000 configurations
    pub scale: bool,
    /// Faults of its server
    pub faults: Vec<gluepot_fake::Rule>,
}

/// The account that its records say they belong to.
const TENANT: &str = "northbeam";

impl Demo {
    /// Starts its server. The screen need not wait for its data: they are made beside it.
    ///
    /// # Errors
    /// The server cannot listen.
    pub fn open(&self, settings: &Settings, lock: Lock) -> Result<Account, Clean> {
        let mut options = gluepot_fake::Options::building(if self.scale {
            || gluepot_fake::World::scale(gluepot_fake::scale::SEED)
        } else {
            gluepot_fake::data::demo
        });
        options.faults.clone_from(&self.faults);
        let server = gluepot_fake::Server::start_now(options)
            .map_err(|error| format!("the demo cannot listen on 127.0.0.1: {error}"))?;
        let (address, key) = (server.base_url(), server.key().to_owned());
        Account::beside(settings, lock, TENANT, "demo", (&address, &key), Box::new(server))
    }
}
