//! An account as it was requested: where requests go and with which key. Nothing was sent yet.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::lock::Lock;
use super::settings::Settings;
use crate::config::{Config, Network, key};
use crate::host::paths::Paths;
use crate::source::Source;
use gluepot_core::model::SourceId;
use gluepot_core::secret::{LockedKey, Protection, Secret};
use gluepot_core::text::Clean;
use gluepot_itglue::{BaseUrl, Client, Pace, Proxy, Timeouts};

/// Where requests go and with which key.
pub struct Account {
    settings: gluepot_itglue::Settings,
    /// Its profile or tenant, else its place: what policies and trail call it
    pub account: Clean,
    /// What the top line calls it
    pub name: String,
    /// Host names of its web app: links to them are jumps
    pub hosts: Vec<String>,
    /// Which organization requests are kept to
    pub lock: Lock,
    /// What has to live as long as the account is used: the demo's server
    beside: Option<Box<dyn Any + Send>>,
}

impl Account {
    /// The account that the settings name: its key is fetched, while programs it comes from can still ask questions on
    /// the plain terminal.
    ///
    /// # Errors
    /// There is no way to it or no key, with what to do.
    pub fn open(
        settings: &Settings,
        paths: &Paths,
        lock: Lock,
        key_variable: Option<Zeroizing<Vec<u8>>>,
    ) -> Result<Self, Clean> {
        let config = &settings.config;
        Proxy::of_process(&config.address()).map_err(|unusable| Clean::block(&unusable.to_string()))?;
        if key::is_missing(&config.key, key_variable.as_deref().map(Vec::as_slice)) {
            return Err(Clean::block(&key::how_to_give(&settings.config_file)));
        }
        let secret = key::fetch(&config.key, key_variable).map_err(|error| Clean::block(&error.to_string()))?;
        Self::with_key(settings, paths, lock, secret)
    }

    /// The same with a key that was fetched before.
    ///
    /// # Errors
    /// The system gives no memory for the key.
    pub fn with_key(settings: &Settings, paths: &Paths, lock: Lock, secret: Secret) -> Result<Self, Clean> {
        let config = &settings.config;
        let place = config.place();
        let mut client = client_settings(config, config.address(), place.clone(), secret)?;
        client.quota_folder = Some(paths.quota_dir());
        let name = config.profile.clone().or_else(|| config.tenant.clone());
        let account = Clean::line(name.as_deref().unwrap_or(place.as_str()));
        let name = name.map_or_else(|| place.to_string(), |name| format!("{place} · {name}"));
        Ok(Self { settings: client, account, name, hosts: config.web_host().into_iter().collect(), lock, beside: None })
    }

    /// An account that a server beside this program has, at an address of this machine. It counts for itself.
    ///
    /// # Errors
    /// The address is none, or the system gives no memory for the key.
    #[cfg(feature = "demo")]
    pub(super) fn beside(
        settings: &Settings,
        lock: Lock,
        tenant: &str,
        place: &str,
        (address, key): (&str, &str),
        server: Box<dyn Any + Send>,
    ) -> Result<Self, Clean> {
        let address = BaseUrl::parse(address).map_err(|error| Clean::block(&error.to_string()))?;
        let secret = Secret::new(Zeroizing::new(key.to_owned()));
        let mut client = client_settings(&settings.config, address, place.into(), secret)?;
        client.source = SourceId::named(gluepot_itglue::PLATFORM, place);
        let (name, hosts) = (format!("{place} · {tenant}"), vec![format!("{tenant}.itglue.com")]);
        Ok(Self { settings: client, account: tenant.into(), name, hosts, lock, beside: Some(server) })
    }

    /// Whether its server is a part of this program: the demo.
    pub fn is_beside(&self) -> bool {
        self.beside.is_some()
    }

    /// How well the key is protected in memory.
    pub fn protection(&self) -> &Protection {
        self.settings.key.protection()
    }

    /// The client for it, and what has to live as long as that is used. Call it inside a runtime.
    ///
    /// # Errors
    /// The client cannot be built, with the reason.
    pub(super) fn connect(self) -> Result<(Source, Option<Box<dyn Any + Send>>), Clean> {
        let mut settings = self.settings;
        settings.inside = self.lock.inside;
        let client = Client::new(settings).map_err(|error| Clean::block(&error.to_string()))?;
        Ok((Source::ItGlue(client), self.beside))
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

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
