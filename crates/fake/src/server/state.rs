//! What all connections share, and the answer to a request as far as it is not a matter of sockets.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderValue};
use serde_json::Value;

use super::log::{KeyUsed, Log};
use super::options::{Keys, Rate};
use super::refusal::{folders_refused, in_place_of_an_answer};
use super::spoil::spoil;
use crate::answer::{Answer, Body};
use crate::body;
use crate::call::Call;
use crate::faults::{Fault, Faults};
use crate::query::{Query, is_on};
use crate::routes::Application;
use crate::switches::Switches;

/// What all connections share.
pub(super) struct State {
    /// The application behind the sockets
    pub application: Application,
    /// The requests that arrived
    pub log: Log,
    /// What goes wrong
    pub faults: Faults,
    /// The keys that are accepted
    pub keys: Keys,
    rate: Rate,
    window: Mutex<(Instant, usize)>,
}

/// A request as it arrived.
pub(super) struct Arrived<'a> {
    /// `GET`, …
    pub method: &'a str,
    /// Path and query string
    pub target: &'a str,
    /// Its headers
    pub headers: &'a HeaderMap,
    /// Which key came with it
    pub key: KeyUsed,
    /// `http://host:port` as the client wrote it
    pub base: &'a str,
    /// Its body
    pub bytes: &'a Bytes,
}

impl State {
    /// A server before its first request.
    pub(super) fn new(application: Application, keys: Keys, rate: Rate, faults: Faults) -> Self {
        let window = Mutex::new((Instant::now(), 0));
        Self { application, log: Log::default(), faults, keys, rate, window }
    }

    /// Which key came with a request.
    pub(super) fn key_used(&self, headers: &HeaderMap) -> KeyUsed {
        match headers.get("x-api-key").map(HeaderValue::as_bytes) {
            None | Some(b"") => KeyUsed::None,
            Some(key) if key == self.keys.full.as_bytes() => KeyUsed::Full,
            Some(key) if key == self.keys.without_passwords.as_bytes() => KeyUsed::WithoutPasswords,
            Some(_) => KeyUsed::Unknown,
        }
    }

    /// Whether this request is one too many.
    fn is_too_fast(&self) -> bool {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.0.elapsed() >= self.rate.window {
            *window = (Instant::now(), 0);
        }
        window.1 += 1;
        window.1 > self.rate.requests
    }

    /// Answers a request, or does what a fault says instead.
    pub(super) fn answer(&self, arrived: &Arrived<'_>, faults: &[Fault]) -> Answer {
        let (path, text) = arrived.target.split_once('?').unwrap_or((arrived.target, ""));
        if let Some(answer) = in_place_of_an_answer(arrived.target, faults) {
            return answer;
        }
        if arrived.method == "GET"
            && let Some(answer) = self.application.signed(path, text)
        {
            return answer;
        }
        match arrived.key {
            KeyUsed::None => return Answer::unauthorized(),
            KeyUsed::Unknown => return Answer::gateway(403, "Forbidden"),
            KeyUsed::Full | KeyUsed::WithoutPasswords => {}
        }
        if self.is_too_fast() {
            return Answer::error(429, "Too Many Requests", "Rate limit exceeded", None);
        }
        folders_refused(path, faults)
            .unwrap_or_else(|| self.call(arrived, path, text, faults).unwrap_or_else(|refused| refused))
    }

    /// Asks the application, and makes its answer odd where a fault says so.
    fn call(&self, arrived: &Arrived<'_>, path: &str, text: &str, faults: &[Fault]) -> Result<Answer, Answer> {
        let Arrived { method, headers, base, bytes, .. } = *arrived;
        let body = if method == "GET" { None } else { body::read(method, path, headers, bytes)? };
        let mut query = Query::parse(text);
        if let Some(shown) = body.as_ref().and_then(|body| body.get("show_password")) {
            // Parameters may be beside `data` in the body as well.
            query.show_password.get_or_insert(shown.as_bool().unwrap_or_else(|| shown.as_str().is_some_and(is_on)));
        }
        let call = Call {
            method,
            path,
            query,
            base,
            passwords: arrived.key == KeyUsed::Full && !faults.contains(&Fault::NoAccess),
            body: body.as_ref(),
            switches: Switches::of(faults),
        };
        let mut answer = self.application.answer(&call);
        if method != "GET" && answer.status < 300 && faults.contains(&Fault::EmptyWrite) {
            return Ok(Answer::empty(200));
        }
        if method == "GET"
            && let Body::Json(list) = &mut answer.body
            && list.get("data").is_some_and(Value::is_array)
        {
            for fault in faults {
                spoil(&self.application, list, fault, path);
            }
        }
        Ok(answer)
    }
}
