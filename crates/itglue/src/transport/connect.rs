//! HTTP clients: how one is built, and the one that is kept for reading.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::classify::deepest;
use super::failed::{Failed, Purpose};
use crate::error::Failure;
use crate::proxy::Proxy;
use crate::settings::Settings;

/// How long an unused connection stays open, or up to twice as long: the pool looks that often. Its buffers still hold
/// the key of the last request, so not long; opening another takes three round trips.
const IDLE_CONNECTION: Duration = Duration::from_secs(5);
/// A connection that died without a word (sleep, VPN change) is noticed after so long.
const DEAD_CONNECTION: Duration = Duration::from_secs(8);

/// Builds an HTTP client. Reads certificates from disk: call it where waiting is allowed.
fn build(settings: &Settings, purpose: Purpose) -> Result<reqwest::Client, Failed> {
    let setup = |detail: String| Failed { never_left: true, ..Failed::new(Failure::Setup, detail) };
    let https = settings.base_url.as_url().scheme() == "https";
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.timeouts.connect)
        .pool_idle_timeout(IDLE_CONNECTION)
        .http1_only()
        .tls_info(https)
        .https_only(https);
    #[cfg(target_os = "linux")]
    {
        builder = builder.tcp_user_timeout(DEAD_CONNECTION);
    }
    // Found here and not by the HTTP client, which passes over a variable it cannot read.
    builder = builder.no_proxy();
    if let Some(proxy) = Proxy::of_process(&settings.base_url).map_err(|error| setup(error.to_string()))? {
        builder = builder.proxy(proxy.for_client().map_err(|error| setup(deepest(&error)))?);
    }
    if purpose == Purpose::Reveal {
        builder = builder.pool_max_idle_per_host(0).no_gzip();
    }
    if !https {
        // Plain http goes to this machine only: no certificate is needed and none is read.
        builder = builder.tls_certs_only([]);
    } else if let Some(path) = &settings.ca_file {
        let pem =
            std::fs::read(path).map_err(|e| setup(format!("the CA file {} cannot be read: {e}", path.display())))?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem)
            .map_err(|_| setup(format!("the CA file {} is not PEM", path.display())))?;
        if certificates.is_empty() {
            return Err(setup(format!("the CA file {} holds no certificate", path.display())));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|e| setup(deepest(&e)))
}

/// A client that is built when it is first needed and can be thrown away.
pub(crate) struct Connections {
    built: tokio::sync::Mutex<Option<reqwest::Client>>,
    /// Cancelled when the connections there are now are forgotten
    given_up: Mutex<CancellationToken>,
}

impl Connections {
    pub(crate) fn new() -> Self {
        Self { built: tokio::sync::Mutex::new(None), given_up: Mutex::default() }
    }

    /// Is cancelled when the connections of now are forgotten. Take it before the client.
    pub(crate) fn given_up(&self) -> CancellationToken {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The client, built off this thread if there is none yet.
    pub(crate) async fn get(&self, settings: &Arc<Settings>) -> Result<reqwest::Client, Failed> {
        let mut built = self.built.lock().await;
        if let Some(client) = &*built {
            return Ok(client.clone());
        }
        let client = build_aside(settings, Purpose::Reading).await?;
        *built = Some(client.clone());
        Ok(client)
    }

    /// Drops open connections. Requests on them may never end, so their senders get an error.
    pub(crate) fn forget(&self) {
        // The holder of the lock is building a new one anyway.
        if let Ok(mut built) = self.built.try_lock() {
            *built = None;
        }
        std::mem::take(&mut *self.given_up.lock().unwrap_or_else(PoisonError::into_inner)).cancel();
    }
}

/// Builds a client on a thread where reading files does no harm.
pub(crate) async fn build_aside(settings: &Arc<Settings>, purpose: Purpose) -> Result<reqwest::Client, Failed> {
    let settings = Arc::clone(settings);
    tokio::task::spawn_blocking(move || build(&settings, purpose))
        .await
        .unwrap_or_else(|_| Err(Failed::new(Failure::Setup, "the TLS library failed")))
}
