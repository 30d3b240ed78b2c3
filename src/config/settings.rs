//! All settings together, and what follows from several of them.

use serde::{Deserialize, Serialize};

use super::sections::{AuditConfig, KeySource, LogConfig, Network, Ui};
use super::theme::Theme;
use super::values;
use gluepot_core::problem::Problem;
use gluepot_core::text::Clean;
use gluepot_itglue::{BaseUrl, Region};

/// Everything a person can set.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the account lives
    #[serde(with = "values::region")]
    pub region: Region,
    /// Another address than the region's
    #[serde(with = "values::base_url", skip_serializing_if = "Option::is_none")]
    pub base_url: Option<BaseUrl>,
    /// A name for the top line
    #[serde(deserialize_with = "values::words", skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The account's name in addresses of the web app, so that links into it are known
    #[serde(deserialize_with = "values::host_label", skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The organization to open at start: name, short name or id
    #[serde(deserialize_with = "values::words", skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Where the API key comes from
    pub key: KeySource,
    /// Trust, patience and pace
    pub network: Network,
    /// The screen
    pub ui: Ui,
    /// Its colours
    pub theme: Theme,
    /// The audit trail
    pub audit: AuditConfig,
    /// The log
    pub log: LogConfig,
}

impl Config {
    /// Lays the few variables of the environment over it. A mistake there stops the program.
    pub fn with_environment(mut self, get: impl Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let problem = |name: &str, message: &str| Problem { place: name.into(), line: 0, message: message.into() };
        let set = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        if let Some(region) = set("GLUEPOT_REGION") {
            self.region = region.parse().map_err(|_| problem("GLUEPOT_REGION", "expected us, eu or au"))?;
        }
        if let Some(url) = set("GLUEPOT_BASE_URL") {
            let url = BaseUrl::parse(&url).map_err(|error| problem("GLUEPOT_BASE_URL", &error.to_string()))?;
            self.base_url = Some(url);
        }
        Ok(self)
    }

    /// The address requests go to.
    pub fn address(&self) -> BaseUrl {
        self.base_url.clone().unwrap_or_else(|| BaseUrl::of(self.region))
    }

    /// The host of the web app, when the tenant is known.
    pub fn web_host(&self) -> Option<String> {
        let tenant = self.tenant.as_deref()?;
        Some(match self.region {
            Region::Us => format!("{tenant}.itglue.com"),
            Region::Eu => format!("{tenant}.eu.itglue.com"),
            Region::Au => format!("{tenant}.au.itglue.com"),
        })
    }

    /// What the screen calls that address: the region, or the host of another address.
    pub fn place(&self) -> Clean {
        match self.base_url.as_ref().and_then(|url| url.as_url().host_str()) {
            Some(host) => Clean::line(host),
            None => self.region.label().into(),
        }
    }

    /// What the account is called where it has to be told from others: its tenant, else the place.
    pub fn account(&self) -> Clean {
        self.tenant.as_deref().map_or_else(|| self.place(), Clean::line)
    }

    /// The settings in force in the form of the config file: what `--print-config` shows. Holds no secret, since no
    /// setting can.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_else(|error| format!("# cannot be written as TOML: {error}\n"))
    }

    /// Puts the home folder in place of `~`.
    pub(super) fn expand_home(&mut self) {
        let audit = &mut self.audit;
        let files = [
            &mut self.key.file,
            &mut self.network.ca_file,
            &mut audit.folder,
            &mut audit.sink_socket,
            &mut self.log.file,
        ];
        let Some(home) = crate::host::paths::home() else { return };
        for file in files.into_iter().flatten() {
            if let Ok(rest) = file.strip_prefix("~") {
                *file = home.join(rest);
            }
        }
        for word in self.key.command.iter_mut().flatten() {
            if let Some(rest) = word.strip_prefix("~/") {
                *word = home.join(rest).to_string_lossy().into_owned();
            }
        }
    }
}
