//! One try of one request: the HTTP clients, the four timeouts, the cap on bytes, and what an answer means.
//!
//! Redirects are never followed (a followed one would hand `x-api-key` to its target), the key travels in a header
//! marked sensitive that exists only while the request does, and TLS has no switch. A proxy is taken from the
//! environment (`proxy`) except for this machine itself.

mod classify;
mod connect;
mod failed;
mod refuse;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, DATE, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use zeroize::{Zeroize, Zeroizing};

use classify::{by_way_of, classify};
pub(crate) use connect::{Connections, build_aside};
pub(crate) use failed::{Failed, Purpose};
use refuse::{is_web_page, readable, refuse};

use crate::error::{Failure, Stage};
use crate::peer::Peer;
use crate::request::Request;
use crate::retry;
use crate::settings::Settings;
use gluepot_core::text::Clean;

/// A body slower than [`DRIP_RATE`] is dropped after this time.
const DRIP_AFTER: Duration = Duration::from_secs(15);
/// Bytes per second.
const DRIP_RATE: u64 = 1024;
/// How much of an error's body is read.
const ERROR_BODY: usize = 64 * 1024;
/// A success: status 2xx with JSON, or what was meant to be JSON.
pub(crate) struct Answer {
    pub(crate) body: Body,
    /// The server's `Date`, as it wrote it
    pub(crate) date: Clean,
    /// The place of a large body, until it is read
    _place: Option<OwnedSemaphorePermit>,
}

/// What one try may take.
pub(crate) struct Limits<'a> {
    /// It is over then, whatever came
    pub(crate) end: Instant,
    /// Places for bodies larger than [`LARGE_BODY`]
    pub(crate) places: &'a Arc<Semaphore>,
}

/// Larger bodies than this are read one after the other: six at once of the largest size would be too much memory.
const LARGE_BODY: usize = 4 * 1024 * 1024;

/// The bytes of an answer, wiped when dropped if they may hold a secret.
pub(crate) enum Body {
    Plain(Vec<u8>),
    Secret(Zeroizing<Vec<u8>>),
}

impl Body {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Secret(bytes) => bytes,
        }
    }
}

/// Sends once and reads the answer within the limits.
pub(crate) async fn attempt(
    client: &reqwest::Client,
    settings: &Settings,
    request: &Request,
    purpose: Purpose,
    worked_before: bool,
    peer: &Peer,
    limits: &Limits<'_>,
) -> Result<Answer, Failed> {
    let end = limits.end;
    let headers = headers(settings)?;
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
    // It goes into the audit trail: only dates are kept.
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
        // A server may repeat in an error what it was requested, or with which key.
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

/// The headers of every request. The key is marked, so that nothing prints it.
fn headers(settings: &Settings) -> Result<HeaderMap, Failed> {
    let mut headers = HeaderMap::new();
    let key = settings.key.expose_to(HeaderValue::from_str);
    let mut key = key.map_err(|_| Failed {
        never_left: true,
        ..Failed::new(Failure::Setup, "the key holds characters that no key has; was the whole line copied?")
    })?;
    key.set_sensitive(true);
    headers.insert(HeaderName::from_static("x-api-key"), key);
    headers.insert(ACCEPT, HeaderValue::from_static("application/vnd.api+json"));
    Ok(headers)
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
