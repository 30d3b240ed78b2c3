//! Opening an account without a screen: settings, key, client, policies, audit trail, count of requests, organization
//! lock. Whatever speaks to an account begins here: the screen, the command line, and what else may come.
//!
//! The order matters and is that of the types. [`Settings`] are gathered first; [`Account`] fetches the key, which may ask
//! questions on the plain terminal; [`Session`] is made inside a runtime, with the process closed to others meanwhile.

mod account;
mod demo;
mod lock;
mod settings;

use std::any::Any;
use std::sync::Arc;

pub use account::Account;
pub use demo::Demo;
pub use lock::Lock;
pub(crate) use settings::MAX_FILE;
pub use settings::{Settings, Wishes};

use crate::host::paths::Paths;
use crate::tui::trail::Trail;
use gluepot_core::policy::Policies;
use gluepot_core::text::Clean;
use gluepot_itglue::Client;

/// An open account.
pub struct Session {
    /// The way to IT Glue
    pub client: Client,
    /// What may be done with whose records
    pub policies: Policies,
    /// The way to the audit trail; while it cannot be written nothing secret is fetched
    pub trail: Arc<Trail>,
    /// What the top line calls the account
    pub name: String,
    /// Host names of its web app: links to them are jumps
    pub hosts: Vec<String>,
    /// Which organization requests are kept to
    pub lock: Lock,
    /// Whether this is the demo
    pub demo: bool,
    /// What has to live as long as the client is used: the demo's server
    pub beside: Option<Box<dyn Any + Send>>,
}

impl Session {
    /// Opens the account. Sends nothing. Call it inside a runtime.
    ///
    /// # Errors
    /// The client cannot be built, with the reason.
    pub fn new(account: Account, settings: &Settings, paths: &Paths) -> Result<Self, Clean> {
        let demo = account.is_beside();
        let trail = Arc::new(Trail::new(settings.audit_dir(paths, demo), settings.keeping(demo)));
        let (name, hosts, lock) = (account.name.clone(), account.hosts.clone(), account.lock.clone());
        let (client, beside) = account.connect()?;
        Ok(Self { client, policies: settings.policies.clone(), trail, name, hosts, lock, demo, beside })
    }
}
