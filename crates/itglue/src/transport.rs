//! One try of one request: the HTTP clients, the four timeouts, the cap on bytes, and what an answer means.
//!
//! Redirects are never followed (a followed one would hand `x-api-key` to its target), the key travels in a header
//! marked sensitive that exists only while the request does, and TLS has no switch. A proxy is taken from the
//! environment (`proxy`) except for this machine itself.

use std::error::Error as _;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use zeroize::{Zeroize, Zeroizing};

use super::error::{Failure, Refusal, Stage};
use super::peer::Peer;
use super::proxy::Proxy;
use super::request::Request;
use super::retry;
use super::settings::Settings;
use gluepot_core::text::Clean;

/// A body slower than [`DRIP_RATE`] is given up after this time.
const DRIP_AFTER: Duration = Duration::from_secs(15);
/// Bytes per second.
const DRIP_RATE: u64 = 1024;
/// How much of an error's body is read.
const ERROR_BODY: usize = 64 * 1024;
/// How long an unused connection stays open, or up to twice as long: the pool looks that often. Its buffers still hold
/// the key of the last request, so not long; opening another takes three round trips.
const IDLE_CONNECTION: Duration = Duration::from_secs(5);
/// A connection that died without a word (sleep, VPN change) is noticed after so long.
const DEAD_CONNECTION: Duration = Duration::from_secs(8);

/// A success: status 2xx with JSON, or what was meant to be JSON.
pub(super) struct Answer {
    pub(super) body: Body,
    /// The server's `Date`, as it wrote it
    pub(super) date: Clean,
    /// The place of a large body, until it is read
    _place: Option<OwnedSemaphorePermit>,
}

/// What one try may take.
pub(super) struct Limits<'a> {
    /// It is over then, whatever came
    pub(super) end: Instant,
    /// Places for bodies larger than [`LARGE_BODY`]
    pub(super) places: &'a Arc<Semaphore>,
}

/// Larger bodies than this are read one after the other: six at once of the largest size would be too much memory.
const LARGE_BODY: usize = 4 * 1024 * 1024;

/// The bytes of an answer, wiped when dropped if they may hold a secret.
pub(super) enum Body {
    Plain(Vec<u8>),
    Secret(Zeroizing<Vec<u8>>),
}

impl Body {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Secret(bytes) => bytes,
        }
    }
}

/// A try that failed.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) failure: Failure,
    pub(super) detail: String,
    pub(super) retry_after: Option<Duration>,
    /// Whether the request surely never reached the server
    pub(super) never_left: bool,
}

impl Failed {
    pub(super) fn new(failure: Failure, detail: impl Into<String>) -> Self {
        Self { failure, detail: detail.into(), retry_after: None, never_left: false }
    }
}

/// What kind of client a request needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Keeps connections for the next request.
    Reading,
    /// For one value: keeps nothing, and nothing is decompressed, since a decompressor has buffers of its own.
    Reveal,
}

/// Builds an HTTP client. Reads certificates from disk: call it where waiting is allowed.
pub(super) fn build(settings: &Settings, purpose: Purpose) -> Result<reqwest::Client, Failed> {
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

/// Sends once and reads the answer within the limits.
pub(super) async fn attempt(
    client: &reqwest::Client,
    settings: &Settings,
    request: &Request,
    purpose: Purpose,
    worked_before: bool,
    peer: &Peer,
    limits: &Limits<'_>,
) -> Result<Answer, Failed> {
    let end = limits.end;
    let mut headers = HeaderMap::new();
    let key = settings.key.expose_to(HeaderValue::from_str);
    let mut key = key.map_err(|_| Failed {
        never_left: true,
        ..Failed::new(Failure::Setup, "the key holds characters that no key has; was the whole line copied?")
    })?;
    key.set_sensitive(true);
    headers.insert(HeaderName::from_static("x-api-key"), key);
    headers.insert(ACCEPT, HeaderValue::from_static("application/vnd.api+json"));
    let sending = client.get(request.url(&settings.base_url)).headers(headers).send();
    let patience = Instant::now() + settings.timeouts.first_byte;
    let mut response = match tokio::time::timeout_at(patience.min(end), sending).await {
        Ok(Ok(response)) => response,
        Ok(Err(e)) => return Err(by_way_of(classify(&e), settings)),
        Err(_) if patience <= end => return Err(Failed::new(Failure::Timeout(Stage::FirstByte), "")),
        Err(_) => return Err(Failed::new(Failure::Timeout(Stage::Whole), "")),
    };

    peer.saw(&response);
    let status = response.status().as_u16();
    // It goes into the audit trail: what is no date stays out.
    let date = response.headers().get(DATE).map(readable).filter(|date| retry::http_date(date).is_some());
    let success = response.status().is_success();
    let limit = if success { settings.max_body } else { settings.max_body.min(ERROR_BODY) };
    if let Some(length) = response.content_length()
        && success
        && length > limit as u64
    {
        return Err(Failed::new(Failure::TooLarge { limit }, ""));
    }
    let room = response.content_length().map_or(16 * 1024, |length| length as usize).min(limit).min(LARGE_BODY);
    let mut body = match purpose {
        Purpose::Reading => Body::Plain(Vec::with_capacity(room)),
        Purpose::Reveal => Body::Secret(Zeroizing::new(Vec::with_capacity(room))),
    };
    let read = read_body(&mut response, &mut body, limit, settings, limits).await;
    if !success {
        // What arrived of an error's body is enough to tell what it is.
        let mut failed = refuse(status, response.headers(), body.bytes(), worked_before);
        // A server may repeat in an error what it was asked for, or with which key.
        let repeats_key = || settings.key.expose_to(|key| failed.detail.contains(key));
        if purpose == Purpose::Reveal || repeats_key() {
            failed.detail.zeroize();
        }
        return Err(failed);
    }
    let place = read?;
    if is_web_page(response.headers(), body.bytes()) {
        return Err(Failed::new(Failure::WebPage, ""));
    }
    Ok(Answer { body, date: date.map(|date| Clean::line(&date)).unwrap_or_default(), _place: place })
}

async fn read_body(
    response: &mut reqwest::Response,
    body: &mut Body,
    limit: usize,
    settings: &Settings,
    limits: &Limits<'_>,
) -> Result<Option<OwnedSemaphorePermit>, Failed> {
    let (begun, end) = (Instant::now(), limits.end);
    let mut place = None;
    loop {
        let patience = Instant::now() + settings.timeouts.idle;
        let chunk = match tokio::time::timeout_at(patience.min(end), response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => return Ok(place),
            Ok(Err(e)) => return Err(classify(&e)),
            Err(_) if patience < end => return Err(Failed::new(Failure::Timeout(Stage::Idle), "")),
            Err(_) => return Err(Failed::new(Failure::Timeout(Stage::Whole), "")),
        };
        let have = body.bytes().len();
        if have + chunk.len() > limit {
            return Err(Failed::new(Failure::TooLarge { limit }, ""));
        }
        if place.is_none() && have + chunk.len() > LARGE_BODY {
            let free = tokio::time::timeout_at(end, Arc::clone(limits.places).acquire_owned()).await;
            // It is never closed.
            let free = free.ok().and_then(Result::ok);
            place = Some(free.ok_or_else(|| Failed::new(Failure::Timeout(Stage::Whole), ""))?);
        }
        match body {
            Body::Plain(bytes) => bytes.extend_from_slice(&chunk),
            Body::Secret(bytes) => {
                if bytes.capacity() - have < chunk.len() {
                    // Grown by hand, so that the smaller buffer is wiped and not just given back.
                    let mut larger = Vec::with_capacity((bytes.capacity() * 2).max(have + chunk.len()));
                    larger.extend_from_slice(bytes);
                    bytes.zeroize();
                    *bytes = Zeroizing::new(larger);
                }
                bytes.extend_from_slice(&chunk);
            }
        }
        let reading = begun.elapsed();
        if reading > DRIP_AFTER && (body.bytes().len() as u64) < reading.as_secs() * DRIP_RATE {
            return Err(Failed::new(Failure::Timeout(Stage::Idle), "the answer only drips"));
        }
    }
}

fn readable(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn is_web_page(headers: &HeaderMap, body: &[u8]) -> bool {
    let html = headers.get(CONTENT_TYPE).is_some_and(|value| {
        let kind = value.as_bytes();
        kind.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"text/html"))
    });
    html || body.trim_ascii_start().first() == Some(&b'<')
}

/// What an answer without success means.
fn refuse(status: u16, headers: &HeaderMap, body: &[u8], worked_before: bool) -> Failed {
    let said = said(body);
    let failure = match status {
        300..=399 => {
            let to = headers.get(LOCATION).map(readable).unwrap_or_default();
            let to = url::Url::parse(&to).ok().and_then(|url| url.host_str().map(Clean::line)).unwrap_or_default();
            Failure::Redirect { to }
        }
        401 if said.words.contains("JWT") => Failure::JwtOnly,
        401 => Failure::Unauthorized,
        403 if said.by_gateway && !worked_before => Failure::Forbidden(Refusal::KeyOrRegion),
        403 if worked_before || said.by_application => Failure::Forbidden(Refusal::MissingRight),
        403 => Failure::Forbidden(Refusal::Unclear),
        404 => Failure::NotFound,
        407 => Failure::Proxy,
        415 => Failure::UnsupportedMediaType,
        422 => Failure::Rejected,
        // The pacer knows how long the pause is.
        429 => Failure::TooManyRequests { retry_in: Duration::ZERO },
        511 => Failure::WebPage,
        500..=599 => Failure::Server(status),
        _ => Failure::Status(status),
    };
    let now = headers.get(DATE).and_then(|date| retry::http_date(&readable(date))).unwrap_or_else(jiff::Timestamp::now);
    let retry_after = headers.get(RETRY_AFTER).and_then(|value| retry::retry_after(&readable(value), now));
    Failed { failure, detail: said.words, retry_after, never_left: false }
}

/// The words of an error's body.
#[derive(Default)]
struct Said {
    words: String,
    /// `{"message": …}`: the gateway, which knows keys and nothing of rights
    by_gateway: bool,
    /// `{"errors": […]}`: the application, which has accepted the key
    by_application: bool,
}

/// Reads any of the bodies an error can have: an errors array with its oddities, the gateway's message, plain text.
/// A web page or nothing gives no words.
fn said(body: &[u8]) -> Said {
    use serde_json::Value;

    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        let page = text.starts_with('<') || text.starts_with('{') || text.starts_with('[');
        let words = if page { String::new() } else { text.lines().next().unwrap_or_default().to_owned() };
        return Said { words, ..Said::default() };
    };
    let word = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let one = |error: &Value| -> Option<String> {
        let words = match error {
            Value::String(text) => Some(text.clone()),
            // The telling words may be in either: "Only supported for JWT requests" comes as a title.
            _ => match (word(error, "title"), word(error, "detail")) {
                (Some(title), Some(detail)) if title != detail => Some(format!("{title}: {detail}")),
                (title, detail) => {
                    title.or(detail).or_else(|| ["message", "code"].iter().find_map(|name| word(error, name)))
                }
            },
        }?;
        let place = error.get("source").and_then(|source| word(source, "pointer"));
        Some(place.map_or(words.clone(), |place| format!("{words} ({place})")))
    };
    match value.get("errors") {
        Some(Value::Array(errors)) => {
            let words: Vec<_> = errors.iter().filter_map(one).take(3).collect();
            return Said { words: words.join("; "), by_application: true, ..Said::default() };
        }
        Some(error @ (Value::Object(_) | Value::String(_))) => {
            return Said { words: one(error).unwrap_or_default(), by_application: true, ..Said::default() };
        }
        _ => {}
    }
    let words = ["message", "error", "detail", "title"].iter().find_map(|name| word(&value, name));
    Said { by_gateway: value.get("message").is_some(), words: words.unwrap_or_default(), ..Said::default() }
}

/// Says what is the proxy's: behind one, a name that is not found or nobody who listens is never IT Glue's.
fn by_way_of(mut failed: Failed, settings: &Settings) -> Failed {
    let is_connecting = matches!(failed.failure, Failure::Dns | Failure::Refused | Failure::Proxy);
    if is_connecting && let Ok(Some(proxy)) = Proxy::of_process(&settings.base_url) {
        failed.failure = Failure::Proxy;
        failed.detail = format!("{proxy}: {}", failed.detail);
    }
    failed
}

/// Says what reqwest means.
fn classify(error: &reqwest::Error) -> Failed {
    let detail = deepest(error);
    let failed = |failure| Failed { never_left: error.is_connect(), ..Failed::new(failure, detail.clone()) };
    if error.is_timeout() {
        return failed(Failure::Timeout(if error.is_connect() { Stage::Connect } else { Stage::Whole }));
    }
    let mut cause = error.source();
    while let Some(this) = cause {
        if let Some(tls) = tls_error(this) {
            return Failed { detail: not_safe(tls), ..failed(Failure::Tls) };
        }
        let words = this.to_string();
        if words.starts_with("dns error") || words.contains("failed to lookup address") {
            return failed(Failure::Dns);
        }
        if error.is_connect() && (words.contains("tunnel") || words.contains("proxy")) {
            return failed(Failure::Proxy);
        }
        if let Some(http) = this.downcast_ref::<hyper::Error>()
            && http.is_incomplete_message()
        {
            return failed(Failure::Truncated);
        }
        if let Some(io) = this.downcast_ref::<io::Error>() {
            match io.kind() {
                io::ErrorKind::ConnectionRefused => return failed(Failure::Refused),
                io::ErrorKind::UnexpectedEof if !error.is_connect() => return failed(Failure::Truncated),
                _ => {}
            }
        }
        cause = this.source();
    }
    if error.is_decode() || error.is_body() {
        return failed(Failure::Truncated);
    }
    failed(Failure::Network)
}

/// What rustls said. I/O errors hold each other in a way that `source` does not show.
fn tls_error<'a>(mut cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    loop {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        cause = cause.downcast_ref::<io::Error>()?.get_ref()?;
    }
}

/// Why the connection is not safe, in words.
fn not_safe(error: &rustls::Error) -> String {
    use rustls::{CertificateError as Wrong, Error as Tls};

    let certificate = match error {
        Tls::InvalidCertificate(certificate) => certificate,
        Tls::PeerIncompatible(_) | Tls::AlertReceived(rustls::AlertDescription::ProtocolVersion) => {
            return format!("the server speaks no version of TLS that is still safe: 1.2 or 1.3 is needed ({error})");
        }
        Tls::AlertReceived(_) => return format!("the server broke off ({error})"),
        Tls::InvalidMessage(_) => return format!("what answers there does not speak TLS ({error})"),
        _ => return error.to_string(),
    };
    let what = certificate.to_string();
    let plain = match certificate {
        Wrong::Expired | Wrong::ExpiredContext { .. } => "has expired",
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => "is not valid yet",
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => "is for another name",
        Wrong::UnknownIssuer => "was signed by nobody this system trusts",
        Wrong::BadSignature => "has a signature that is not its issuer's",
        Wrong::InvalidPurpose | Wrong::InvalidPurposeContext { .. } => "is not meant for servers",
        Wrong::UnsupportedSignatureAlgorithmContext { .. }
        | Wrong::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed in a way that is not safe any more"
        }
        Wrong::Revoked => "was revoked",
        // The library has no names of its own for these.
        _ if what.contains("EkuError") => "is not meant for servers",
        _ if what.contains("CaUsedAsEndEntity") => "belongs to an authority and not to a server",
        _ if what.contains("NameConstraintViolation") => "is for a name that its issuer may not sign for",
        _ if what.contains("EndEntityUsedAsCa") || what.contains("PathLenConstraintViolated") => {
            "was signed by somebody who may not sign for others"
        }
        _ => "is not acceptable",
    };
    format!("the server's certificate {plain} ({what})")
}

/// The innermost cause: the system's own words. reqwest's outer ones repeat the address, query included.
fn deepest(error: &reqwest::Error) -> String {
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(this) = cause {
        words = this.to_string();
        cause = this.source();
    }
    words
}

/// A client that is built when it is first needed and can be thrown away.
pub(super) struct Connections {
    built: tokio::sync::Mutex<Option<reqwest::Client>>,
    /// Cancelled when the connections there are now are forgotten
    given_up: Mutex<CancellationToken>,
}

impl Connections {
    pub(super) fn new() -> Self {
        Self { built: tokio::sync::Mutex::new(None), given_up: Mutex::default() }
    }

    /// Is cancelled when the connections of now are forgotten. To be had before the client is.
    pub(super) fn given_up(&self) -> CancellationToken {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The client, built off this thread if there is none yet.
    pub(super) async fn get(&self, settings: &Arc<Settings>) -> Result<reqwest::Client, Failed> {
        let mut built = self.built.lock().await;
        if let Some(client) = &*built {
            return Ok(client.clone());
        }
        let client = build_aside(settings, Purpose::Reading).await?;
        *built = Some(client.clone());
        Ok(client)
    }

    /// Forgets open connections. Requests under way on them may wait in vain: whoever sent them is told.
    pub(super) fn forget(&self) {
        // Somebody who holds the lock is building a fresh one anyway.
        if let Ok(mut built) = self.built.try_lock() {
            *built = None;
        }
        std::mem::take(&mut *self.given_up.lock().unwrap_or_else(PoisonError::into_inner)).cancel();
    }
}

/// Builds a client on a thread where reading files does no harm.
pub(super) async fn build_aside(settings: &Arc<Settings>, purpose: Purpose) -> Result<reqwest::Client, Failed> {
    let settings = Arc::clone(settings);
    tokio::task::spawn_blocking(move || build(&settings, purpose))
        .await
        .unwrap_or_else(|_| Err(Failed::new(Failure::Setup, "the TLS library failed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str, worked: bool) -> (Failure, String) {
        let failed = refuse(status, &HeaderMap::new(), body.as_bytes(), worked);
        (failed.failure, failed.detail)
    }

    #[test]
    fn every_form_of_error_body_gives_its_words() {
        for (body, words) in [
            (
                r#"{"errors":[{"status":422,"title":"T","detail":"must exist","source":{"pointer":"/data/x"}}]}"#,
                "T: must exist (/data/x)",
            ),
            (r#"{"errors":[{"title":"same","detail":"same"}]}"#, "same"),
            (r#"{"errors":[{"status":"422","title":"only a title","detail":""}]}"#, "only a title"),
            (r#"{"errors":["bare"]}"#, "bare"),
            (r#"{"errors":{"detail":"no array"}}"#, "no array"),
            (r#"{"errors":[{"detail":"a"},{"detail":"b"},{"detail":"c"},{"detail":"d"}]}"#, "a; b; c"),
            (r#"{"message":"Forbidden"}"#, "Forbidden"),
            (r#"{"error":"nope"}"#, "nope"),
            ("Rate limited\nsecond line", "Rate limited"),
            ("<html><body>502</body></html>", ""),
            ("{broken", ""),
            ("[]", ""),
            ("null", ""),
            ("", ""),
        ] {
            assert_eq!(said(body.as_bytes()).words, words, "{body}");
        }
        said(b"\xff\xfe\x00");
    }

    #[test]
    fn a_403_says_key_or_right_when_that_is_known() {
        let gateway = r#"{"message":"Forbidden"}"#;
        let array = r#"{"errors":[{"title":"Forbidden"}]}"#;
        assert_eq!(failure(403, gateway, false).0, Failure::Forbidden(Refusal::KeyOrRegion));
        assert_eq!(failure(403, gateway, true).0, Failure::Forbidden(Refusal::MissingRight));
        assert_eq!(failure(403, array, false).0, Failure::Forbidden(Refusal::MissingRight));
        assert_eq!(failure(403, "<html>", false).0, Failure::Forbidden(Refusal::Unclear));
    }

    #[test]
    fn a_page_of_the_web_is_told_from_data_by_its_kind_or_its_first_letter() {
        let kind = |kind: &'static str| HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
        assert!(is_web_page(&kind("Text/HTML; charset=utf-8"), b"{}"));
        assert!(is_web_page(&HeaderMap::new(), b" \n<!doctype html>"));
        assert!(!is_web_page(&kind("application/vnd.api+json"), b"{}") && !is_web_page(&HeaderMap::new(), b""));
        assert!(!is_web_page(&kind("text/x"), b"x <"));
        assert!(matches!(failure(511, "", false).0, Failure::WebPage));
        assert!(matches!(failure(510, "", false).0, Failure::Server(510)));
        assert!(matches!(failure(407, "", false).0, Failure::Proxy));
        assert!(matches!(failure(415, "", false).0, Failure::UnsupportedMediaType));
        assert!(matches!(failure(422, "", false).0, Failure::Rejected));
        assert!(matches!(failure(418, "", false).0, Failure::Status(418)));
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_said_in_words() {
        use rustls::{CertificateError as Wrong, Error as Tls, OtherError};

        let other = |what: &'static str| Wrong::Other(OtherError(Arc::new(io::Error::other(what))));
        for (wrong, words) in [
            (Wrong::Expired, "has expired"),
            (Wrong::NotValidYet, "is not valid yet"),
            (Wrong::NotValidForName, "is for another name"),
            (Wrong::UnknownIssuer, "was signed by nobody this system trusts"),
            (Wrong::BadSignature, "has a signature that is not its issuer's"),
            (Wrong::InvalidPurpose, "is not meant for servers"),
            (Wrong::Revoked, "was revoked"),
            (other("RequiredEkuErrorFound"), "is not meant for servers"),
            (other("CaUsedAsEndEntity"), "belongs to an authority and not to a server"),
            (other("NameConstraintViolation"), "is for a name that its issuer may not sign for"),
            (other("EndEntityUsedAsCa"), "was signed by somebody who may not sign for others"),
            (other("PathLenConstraintViolated"), "was signed by somebody who may not sign for others"),
            (other("something"), "is not acceptable"),
        ] {
            let told = not_safe(&Tls::InvalidCertificate(wrong));
            assert!(told.starts_with(&format!("the server's certificate {words} (")), "{told}");
        }
        let told = not_safe(&Tls::AlertReceived(rustls::AlertDescription::ProtocolVersion));
        assert!(told.contains("1.2 or 1.3 is needed"), "{told}");
        let told = not_safe(&Tls::AlertReceived(rustls::AlertDescription::HandshakeFailure));
        assert!(told.starts_with("the server broke off"), "{told}");
        let told = not_safe(&Tls::InvalidMessage(rustls::InvalidMessage::InvalidContentType));
        assert!(told.starts_with("what answers there does not speak TLS"), "{told}");
    }

    #[test]
    fn a_401_for_jwt_only_is_told_apart() {
        // As recorded: the telling words are the title.
        let recorded = r#"{"errors":[{"status":401,"title":"Only supported for JWT requests","detail":"Unauthorized resource access","source":{"pointer":"id"}}]}"#;
        let joined =
            r#"{"errors":[{"status":401,"detail":"Only supported for JWT requests: Unauthorized resource access"}]}"#;
        for body in [recorded, joined] {
            assert_eq!(failure(401, body, true).0, Failure::JwtOnly, "{body}");
        }
        let plain = r#"{"errors":[{"status":401,"title":"Unauthorized","detail":"Unauthorized resource access"}]}"#;
        assert_eq!(failure(401, plain, true).0, Failure::Unauthorized);
        assert_eq!(failure(401, r#"{"message":"Unauthorized"}"#, true).0, Failure::Unauthorized);
    }

    #[test]
    fn redirect_names_the_host_and_nothing_more() {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static("https://login.example.com/?token=abc"));
        let failed = refuse(302, &headers, b"", true);
        assert_eq!(failed.failure, Failure::Redirect { to: Clean::line("login.example.com") });
        assert_eq!(failed.detail, "");
    }
}
