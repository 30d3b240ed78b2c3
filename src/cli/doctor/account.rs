//! The key and the connection.

use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::check::Check;
use crate::config::key;
use crate::host::paths::Paths;
use crate::session::{Account, Lock, Session, Settings};
use gluepot_core::library::Trouble;
use gluepot_core::secret::Secret;
use gluepot_core::source::{Connection, Urgency};
use gluepot_itglue::Proxy;

/// What can be said before anything is tried.
pub(super) fn checks(settings: &Settings, variable: bool) -> Vec<Check> {
    let place = match &settings.config.base_url {
        Some(_) => "set as base URL".into(),
        None => format!("region {}", settings.config.place()),
    };
    let address = settings.config.address();
    let mut found = vec![Check::note("address", format!("address: {} ({place})", address.as_url()))];
    found.extend(key_source(settings, variable));
    found.extend(match Proxy::of_process(&address) {
        Ok(Some(proxy)) => Some(Check::note("proxy", format!("requests go through the proxy {proxy}"))),
        Ok(None) => None,
        Err(unusable) => Some(Check::wrong("proxy", unusable.to_string())),
    });
    found
}

/// Why key and connection are not tried; `None` where they are.
pub(super) fn untried(settings: &Settings, offline: bool, variable: Option<&[u8]>) -> Option<&'static str> {
    if offline {
        Some("key and connection were not tried (--offline)")
    } else if settings.unsure {
        Some("key and connection were not tried: put the settings right first")
    } else if key::is_missing(&settings.config.key, variable) || Proxy::of_process(&settings.config.address()).is_err()
    {
        // What is wrong was said; nothing is sent another way.
        Some("the connection was not tried")
    } else {
        None
    }
}

/// Says where the key comes from, as far as anything says so.
fn key_source(settings: &Settings, variable: bool) -> Vec<Check> {
    let source = &settings.config.key;
    if settings.unsure {
        return Vec::new();
    }
    if key::is_missing(source, None) && !variable {
        let words = format!(
            "name a program or a file under [key] in {}, or set {}. To look around: gluepot --demo",
            settings.config_file.display(),
            key::VARIABLE
        );
        return vec![Check::wrong("key", "there is no API key").fix(": ", words)];
    }
    let mut found = vec![Check::note("key", format!("the key comes from {}", key::describe(source)))];
    if variable && !key::is_missing(source, None) {
        found.push(Check::note("key", format!("{} is set and not used: [key] names another way", key::VARIABLE)));
    }
    found
}

/// Whom the connection goes through and why it is believed.
fn reached(connection: &Connection) -> Vec<Check> {
    let mut found = vec![Check::note("certificates", format!("certificates: {}", connection.trusted))];
    if let Some(certificate) = &connection.certificate {
        found.push(Check::note("certificate", format!("certificate: {certificate}")));
        found.push(Check::note("reached", format!("reached: {}", connection.to)));
    }
    if let Some(proxy) = &connection.proxy {
        found.push(Check::note("proxy", format!("proxy: {proxy}. {INSPECTION}")));
    }
    found
}

/// What only a person can check.
const INSPECTION: &str = "A proxy that inspects TLS sees all that passes, passwords too; the issuer of the certificate tells whether it does";

/// Fetches the key and asks whether it works.
pub(super) fn connection(settings: &Settings, paths: &Paths, key_variable: Option<Zeroizing<Vec<u8>>>) -> Vec<Check> {
    let secret = match key::fetch(&settings.config.key, key_variable) {
        Ok(secret) => secret,
        Err(error) => return vec![Check::wrong("key", error.to_string())],
    };
    let mut found = vec![form(&secret, settings.config.base_url.is_some())];
    match tried(settings, paths, secret, &mut found) {
        Ok(()) => {}
        Err(why) => found.push(Check::wrong("connection", why)),
    }
    found
}

fn form(secret: &Secret, other_address: bool) -> Check {
    if key::has_form(secret) {
        Check::well("key", "API key found")
    } else if other_address {
        Check::note("key", "the key is not in IT Glue's form (ITG. and some 160 characters): is it a gateway's own?")
    } else {
        let words = "the key is not in IT Glue's form: those begin with ITG. and have some 160 characters";
        Check::wrong("key", words).fix(". ", "Was all of it copied?")
    }
}

/// Opens the account and asks it the cheapest question.
fn tried(settings: &Settings, paths: &Paths, secret: Secret, found: &mut Vec<Check>) -> Result<(), String> {
    let account = Account::with_key(settings, paths, Lock::of(&settings.policies), secret);
    let account = account.map_err(|error| error.to_string())?;
    found.push(Check::note("key", format!("key {}", account.protection())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start threads: {error}"))?;
    let session = {
        let _inside = runtime.enter();
        Session::new(account, settings, paths).map_err(|error| error.to_string())?
    };
    let begun = std::time::Instant::now();
    let answer = runtime.block_on(session.source.check(Urgency::interactive(), CancellationToken::new()));
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    found.extend(reached(&session.source.connection()));
    found.extend(answered(answer, begun.elapsed().as_millis()));
    Ok(())
}

fn answered(answer: Result<Option<usize>, Trouble>, took: u128) -> Vec<Check> {
    match answer {
        Ok(count) => {
            let sees = count.map(|count| format!("; the key sees {count} organizations")).unwrap_or_default();
            let words = format!("IT Glue answered in {took} ms{sees}");
            // IT Glue says so only in the answer that holds a value, and none is requested here.
            let access = "whether this key has Password Access shows with the first password (r): IT Glue does not say \
                          it before. An administrator sees it at Account > Settings > API Keys";
            let first =
                if count == Some(0) { Check::note("connection", words) } else { Check::well("connection", words) };
            vec![first, Check::note("Password Access", access)]
        }
        Err(error) => {
            vec![Check::wrong("connection", error.to_string()).fix(". ", error.next_step_by("run this again"))]
        }
    }
}
