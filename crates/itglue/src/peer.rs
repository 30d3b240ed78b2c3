//! Who is at the other end of the connection, and why it is trusted: for the status screen and `doctor`.
//!
//! A company proxy that inspects TLS sees everything that passes, passwords too. The program cannot tell such a proxy
//! from IT Glue, since its settings trust it; a person can, by the issuer of the certificate.

use std::sync::{Mutex, MutexGuard, PoisonError};

use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::proxy::Proxy;
use super::settings::Settings;
use gluepot_core::source::Connection;
use gluepot_core::text::Clean;

/// The certificate that the server showed last.
#[derive(Default)]
pub(super) struct Peer(Mutex<Option<Shown>>);

struct Shown {
    certificate: Vec<u8>,
    version: Option<&'static str>,
}

impl Peer {
    fn lock(&self) -> MutexGuard<'_, Option<Shown>> {
        // It is replaced as a whole, so a panic leaves no half.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what came with an answer.
    pub(super) fn saw(&self, response: &reqwest::Response) {
        let Some(info) = response.extensions().get::<reqwest::tls::TlsInfo>() else { return };
        let Some(certificate) = info.peer_certificate() else { return };
        let version = match info.version() {
            Some(reqwest::tls::Version::TLS_1_3) => Some("TLS 1.3"),
            Some(reqwest::tls::Version::TLS_1_2) => Some("TLS 1.2"),
            _ => None,
        };
        let mut shown = self.lock();
        if shown.as_ref().is_none_or(|before| before.certificate != certificate || before.version != version) {
            *shown = Some(Shown { certificate: certificate.to_vec(), version });
        }
    }

    /// Says it all in words.
    pub(super) fn describe(&self, settings: &Settings) -> Connection {
        let url = settings.base_url.as_url();
        let https = url.scheme() == "https";
        let shown = self.lock();
        let version = shown.as_ref().and_then(|shown| shown.version);
        let to = version.map_or_else(|| url.to_string(), |version| format!("{url} by {version}"));
        Connection {
            to: Clean::line(&to),
            trusted: Clean::line(&if https { trusted(settings) } else { "none (plain HTTP to localhost)".to_owned() }),
            certificate: shown.as_ref().map(|shown| certificate(&shown.certificate)),
            // One that cannot be used was refused before there was a client.
            proxy: Proxy::of_process(&settings.base_url).ok().flatten().map(|proxy| Clean::line(&proxy.to_string())),
        }
    }
}

/// The authorities the HTTP client is built with.
fn trusted(settings: &Settings) -> String {
    let mut words = "trusted by this system".to_owned();
    // On Linux these two take the place of the system's own folder.
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        if let Some(place) = std::env::var_os(name).filter(|place| !place.is_empty()) {
            words = format!("{words} (replaced by {name}={})", place.to_string_lossy());
        }
    }
    match &settings.ca_file {
        Some(path) => format!("{words} or by {}", path.display()),
        None => words,
    }
}

/// Subject, issuer and end of a certificate.
fn certificate(der: &[u8]) -> Clean {
    let Ok(certificate) = Certificate::from_der(der) else {
        return Clean::line("of a form that cannot be shown");
    };
    let certificate = certificate.tbs_certificate();
    let end = certificate.validity().not_after.to_unix_duration().as_secs();
    let until = i64::try_from(end)
        .ok()
        .and_then(|end| jiff::Timestamp::from_second(end).ok())
        .map_or_else(String::new, |end| format!(", until {}", end.strftime("%Y-%m-%d")));
    Clean::line(&format!("{} issued by {}{until}", certificate.subject(), certificate.issuer()))
}
