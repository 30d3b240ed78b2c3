//! Opening an account without a screen: settings, key, client, policies, audit trail, count of requests, organization
//! lock. Whatever speaks to an account begins here: the screen, the command line, and what else may come.
//!
//! The order matters and is that of the types. [`Settings`] are gathered first; [`Account`] fetches the key, which may ask
//! questions on the plain terminal; [`Session`] is made inside a runtime, with the process closed to others meanwhile.

mod account;
#[cfg(feature = "demo")]
mod demo;
mod lock;
mod settings;

use std::any::Any;
use std::sync::Arc;

pub use account::Account;
#[cfg(feature = "demo")]
pub use demo::Demo;
pub use lock::Lock;
#[cfg(feature = "screen")]
pub(crate) use settings::MAX_FILE;
pub use settings::{Settings, Wishes};

use crate::host::paths::Paths;
use crate::source::Source;
use gluepot_core::access::{Access, LockRules, Trail, Who};
use gluepot_core::text::Clean;

/// An open account.
pub struct Session {
    /// Where records come from
    pub source: Source,
    /// What may be done with whose records, and by whom
    pub access: Access,
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
        let (policies, ui) = (settings.policies.clone(), &settings.config.ui);
        let (idle, pin_asked_by) = (policies.screen_lock().idle_seconds, policies.pin_asked_by());
        let rules = LockRules::new(ui.lock_after, idle, pin_asked_by, paths.pin_file());
        let access = Access::new(policies, ui.confirm_client, rules, Who::here(account.account.clone()));
        let (name, hosts, lock) = (account.name.clone(), account.hosts.clone(), account.lock.clone());
        let (source, beside) = account.connect()?;
        Ok(Self { source, access, trail, name, hosts, lock, demo, beside })
    }
}
