//! Sockets, keys, the rate window, the log of requests, and everything that goes wrong on the wire.
//!
//! The server runs in a thread of its own with a small runtime of its own, so that it neither slows the program that
//! embeds it nor depends on which runtime a test uses. No lock is held while it waits for anything.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::answer::{self, Answer, Body};
use super::body;
use super::faults::{ErrorBody, Fault, Faults, RetryAfter, Rule};
use super::list::Orders;
use super::query::{Query, is_on};
use super::render::Signer;
use super::routes::{Application, Call};
use super::switches::Switches;
use super::web::{Web, WebRequest};
use super::world::{Table, World};

/// The most a request body may weigh: 10 MB of attachment in base64, and room around it.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Requests the log keeps; the oldest go first.
const KEPT_REQUESTS: usize = 100_000;

/// Answers smaller than this are not worth packing.
const WORTH_PACKING: usize = 1024;

/// The keys a server accepts.
#[derive(Clone, Debug)]
pub struct Keys {
    /// With Password Access
    pub full: String,
    /// Without it
    pub without_passwords: String,
}

impl Default for Keys {
    /// Two keys in the form of real ones, different each time.
    fn default() -> Self {
        let key = || {
            let random: String = std::iter::repeat_with(fastrand::alphanumeric).take(64).collect();
            format!("ITG.{random}")
        };
        Self { full: key(), without_passwords: key() }
    }
}

/// How many requests in how much time are too many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Requests in one window
    pub requests: usize,
    /// The length of the window
    pub window: Duration,
}

impl Default for Rate {
    /// The limit of the real service: 3000 requests in 5 minutes.
    fn default() -> Self {
        Self { requests: 3000, window: Duration::from_secs(300) }
    }
}

/// How to start a server.
#[derive(Debug)]
pub struct Options {
    /// The port on 127.0.0.1; any free one without it
    pub port: Option<u16>,
    /// What it serves
    pub world: World,
    /// Makes what it serves instead of `world`, on the server's own thread: whoever starts it need not wait, and
    /// the first request does
    pub build: Option<fn() -> World>,
    /// The rate limit
    pub rate: Rate,
    /// How long the address of an image works
    pub image_ttl: Duration,
    /// Faults from the start
    pub faults: Vec<Rule>,
    /// The keys it accepts
    pub keys: Keys,
}

impl Default for Options {
    fn default() -> Self {
        Self::with_world(super::data::demo())
    }
}

impl Options {
    /// The usual settings with a world that is made once the server runs.
    pub fn building(build: fn() -> World) -> Self {
        Self { build: Some(build), ..Self::with_world(World::new()) }
    }

    /// The usual settings with another world.
    pub fn with_world(world: World) -> Self {
        Self {
            port: None,
            world,
            build: None,
            rate: Rate::default(),
            image_ttl: Duration::from_secs(3600),
            faults: Vec::new(),
            keys: Keys::default(),
        }
    }
}

/// Which key came with a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyUsed {
    /// The one with Password Access
    Full,
    /// The one without
    WithoutPasswords,
    /// An unknown one
    Unknown,
    /// None
    None,
}

/// A request that arrived, whatever became of it.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, …
    pub method: String,
    /// Path and query string as they came
    pub target: String,
    /// When it arrived
    pub at: Instant,
    /// Which key came with it
    pub key: KeyUsed,
}

/// What all connections share.
struct State {
    application: Application,
    keys: Keys,
    rate: Rate,
    window: Mutex<(Instant, usize)>,
    log: Mutex<VecDeque<Request>>,
    faults: Faults,
}

/// A running server. It stops when this is dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    web: Arc<Web>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server on loopback. It accepts connections as soon as this returns.
    #[expect(clippy::unused_async, reason = "callers need not know that binding a loopback port never waits")]
    pub async fn start(options: Options) -> io::Result<Self> {
        Self::start_now(options)
    }

    /// The same for callers without a runtime, benches for example.
    pub fn start_now(options: Options) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port.unwrap_or(0)))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let faults = Faults::default();
        for rule in options.faults {
            faults.add(rule);
        }
        let (web, web_listener) = Web::bind()?;
        let state = Arc::new(State {
            application: Application {
                world: RwLock::new(options.world),
                orders: Orders::default(),
                signer: Signer::new(options.image_ttl),
                web: web.url(),
            },
            keys: options.keys,
            rate: options.rate,
            window: Mutex::new((Instant::now(), 0)),
            log: Mutex::new(VecDeque::new()),
            faults,
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("fake-itglue")
            .enable_all()
            .build()?;
        let stop = CancellationToken::new();
        let (shared, stopped, of_web) = (Arc::clone(&state), stop.clone(), Arc::clone(&web));
        let build = options.build;
        let thread = std::thread::Builder::new().name("fake-itglue".into()).spawn(move || {
            if let Some(build) = build {
                // Connections wait in the queue of the listener until this is done.
                let world = build();
                *shared.application.world.write().unwrap_or_else(PoisonError::into_inner) = world;
            }
            runtime.spawn(of_web.serve(web_listener, stopped.clone()));
            runtime.block_on(accept(listener, shared, stopped));
            runtime.shutdown_timeout(Duration::from_millis(200));
        })?;
        Ok(Self { address, state, web, stop, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The web application's, on another host and port: what people open in a browser, and where no key belongs.
    pub fn web_url(&self) -> String {
        self.web.url()
    }

    /// The requests that came to the web application.
    pub fn web_requests(&self) -> Vec<WebRequest> {
        self.web.requests()
    }

    /// The key with Password Access.
    pub fn key(&self) -> &str {
        &self.state.keys.full
    }

    /// The key without it.
    pub fn key_without_passwords(&self) -> &str {
        &self.state.keys.without_passwords
    }

    /// The faults in force; switch them at any time.
    pub fn faults(&self) -> Faults {
        self.state.faults.clone()
    }

    /// The requests so far, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.log().iter().cloned().collect()
    }

    /// How many requests contain a text in `METHOD path?query`. Square brackets are compared decoded.
    pub fn count(&self, pattern: &str) -> usize {
        self.log()
            .iter()
            .filter(|request| format!("{} {}", request.method, with_brackets(&request.target)).contains(pattern))
            .count()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.log().clear();
    }

    fn log(&self) -> std::sync::MutexGuard<'_, VecDeque<Request>> {
        self.state.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what the server knows, while clients read.
    pub fn with_world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.state.application.world.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported by its own thread; there is nothing to add here.
            drop(thread.join());
        }
    }
}

async fn accept(listener: std::net::TcpListener, state: Arc<State>, stop: CancellationToken) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the embedded server cannot listen");
            return;
        }
    };
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, most likely: others have to close first.
                    tracing::warn!(%error, "the embedded server could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                },
            },
        };
        tokio::spawn(serve(stream, Arc::clone(&state)));
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let port = stream.local_addr().map_or(0, |address| address.port());
    drop(stream.set_nodelay(true));
    let reset = Arc::new(AtomicBool::new(false));
    let wire = Wire { stream, reset: Arc::clone(&reset) };
    let service = service_fn(move |request| {
        let (state, reset) = (Arc::clone(&state), Arc::clone(&reset));
        async move { handle(request, &state, &reset, port).await }
    });
    // Clients that go away in the middle are no news.
    drop(
        hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(wire), service)
            .await,
    );
}

/// A connection that can be reset instead of closed.
struct Wire {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            drop(self.stream.set_zero_linger());
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A target with the square brackets of its query decoded, whichever way the client wrote them.
fn with_brackets(target: &str) -> String {
    target.replace("%5B", "[").replace("%5D", "]").replace("%5b", "[").replace("%5d", "]")
}

type Wired = Response<UnsyncBoxBody<Bytes, io::Error>>;

async fn handle(
    request: hyper::Request<Incoming>,
    state: &State,
    reset: &AtomicBool,
    port: u16,
) -> Result<Wired, io::Error> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let method = if parts.method == hyper::Method::HEAD { "GET" } else { parts.method.as_str() }.to_owned();
    let key = state.key_used(&parts.headers);
    state.remember(&method, &target, key);
    let faults = state.faults.strike(&method, &with_brackets(&target));
    // The body is read even if it is ignored: a client still writing would not see the answer.
    let bytes = Limited::new(body, MAX_BODY).collect().await.map(http_body_util::Collected::to_bytes);

    for fault in &faults {
        match fault {
            Fault::Latency { wait, jitter } => {
                let more = jitter.mul_f64(fastrand::f64());
                tokio::time::sleep(*wait + more).await;
            }
            Fault::Silent => std::future::pending::<()>().await,
            Fault::Reset => {
                reset.store(true, Ordering::Relaxed);
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            _ => {}
        }
    }
    let host = parts.headers.get(hyper::header::HOST).and_then(|host| host.to_str().ok());
    let base = host.map_or_else(|| format!("http://127.0.0.1:{port}"), |host| format!("http://{host}"));
    let answer = match bytes {
        Ok(bytes) => state.answer(&method, &target, &parts.headers, key, &base, &bytes, &faults),
        Err(_) => Answer::gateway(413, "Request Too Long"),
    };
    let gzip = parts
        .headers
        .get(hyper::header::ACCEPT_ENCODING)
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.to_ascii_lowercase().contains("gzip"));
    Ok(write_out(answer, gzip, &faults))
}

impl State {
    fn key_used(&self, headers: &HeaderMap) -> KeyUsed {
        match headers.get("x-api-key").map(HeaderValue::as_bytes) {
            None | Some(b"") => KeyUsed::None,
            Some(key) if key == self.keys.full.as_bytes() => KeyUsed::Full,
            Some(key) if key == self.keys.without_passwords.as_bytes() => KeyUsed::WithoutPasswords,
            Some(_) => KeyUsed::Unknown,
        }
    }

    fn remember(&self, method: &str, target: &str, key: KeyUsed) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() >= KEPT_REQUESTS {
            log.pop_front();
        }
        log.push_back(Request { method: method.to_owned(), target: target.to_owned(), at: Instant::now(), key });
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

    #[expect(clippy::too_many_arguments, reason = "a request has that many parts")]
    fn answer(
        &self,
        method: &str,
        target: &str,
        headers: &HeaderMap,
        key: KeyUsed,
        base: &str,
        bytes: &Bytes,
        faults: &[Fault],
    ) -> Answer {
        let (path, text) = target.split_once('?').unwrap_or((target, ""));
        for fault in faults {
            match fault {
                Fault::Status { status, body, retry_after } => return refusal(*status, *body, retry_after.as_ref()),
                Fault::CaptivePortal => return captive_portal(),
                Fault::Redirect(to) => {
                    let mut answer = Answer::html(302, "Found");
                    answer.headers.push(("location", format!("{to}{target}")));
                    return answer;
                }
                _ => {}
            }
        }
        if method == "GET"
            && let Some(answer) = self.application.signed(path, text)
        {
            return answer;
        }
        match key {
            KeyUsed::None => return Answer::unauthorized(),
            KeyUsed::Unknown => return Answer::gateway(403, "Forbidden"),
            KeyUsed::Full | KeyUsed::WithoutPasswords => {}
        }
        if self.is_too_fast() {
            return Answer::error(429, "Too Many Requests", "Rate limit exceeded", None);
        }
        if let Some(answer) = folders_refused(path, faults) {
            return answer;
        }
        let body = if method == "GET" { Ok(None) } else { body::read(method, path, headers, bytes) };
        let body = match body {
            Ok(body) => body,
            Err(answer) => return answer,
        };
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
            passwords: key == KeyUsed::Full && !faults.contains(&Fault::NoAccess),
            body: body.as_ref(),
            switches: Switches::of(faults),
        };
        let mut answer = self.application.answer(&call);
        if method != "GET" && answer.status < 300 && faults.contains(&Fault::EmptyWrite) {
            return Answer::empty(200);
        }
        if method == "GET"
            && let Body::Json(list) = &mut answer.body
            && list.get("data").is_some_and(Value::is_array)
        {
            for fault in faults {
                self.spoil(list, fault, path);
            }
        }
        answer
    }

    /// Makes a list odd.
    fn spoil(&self, list: &mut Value, fault: &Fault, path: &str) {
        match fault {
            Fault::NoMeta => remove(list, "meta"),
            Fault::NoLinks => remove(list, "links"),
            Fault::WrongTotal(off) => {
                let total = list["meta"]["total-count"].as_i64().unwrap_or(0);
                list["meta"]["total-count"] = (total + off).max(0).into();
            }
            Fault::PageLoop => {
                list["meta"]["next-page"] = 1.into();
                list["links"]["next"] = list["links"]["first"].clone();
            }
            Fault::PageEndless => {
                let next = list["meta"]["current-page"].as_u64().unwrap_or(1) + 1;
                list["meta"]["next-page"] = next.into();
                let first = list["links"]["first"].as_str().unwrap_or_default();
                list["links"]["next"] = first.replace("page%5Bnumber%5D=1", &format!("page%5Bnumber%5D={next}")).into();
            }
            Fault::ForeignRow => {
                let mut row = list["data"].get(0).cloned().unwrap_or(Value::Null);
                if path.contains("/relationships/")
                    && let Some(organization) = row["attributes"]["organization-id"].as_u64()
                {
                    row["id"] = "999000111".into();
                    row["attributes"]["organization-id"] = (organization + 1).into();
                    row["attributes"]["organization-name"] = "Somebody Else".into();
                    row["attributes"]["name"] = "Row of another organization".into();
                    if let Some(data) = list["data"].as_array_mut() {
                        data.insert(0, row);
                    }
                }
            }
            Fault::MalformedRow => {
                if let Some(row) = list["data"].get_mut(0) {
                    *row = json!({"id": {"not": "an id"}, "type": row["type"], "attributes": "not an object"});
                }
            }
            Fault::Insert | Fault::Delete | Fault::Rename => self.churn(&list["data"], fault),
            _ => {}
        }
    }

    /// Changes the rows of a list that was just answered.
    fn churn(&self, data: &Value, fault: &Fault) {
        let Some(first) = data.get(0) else { return };
        let Some(table) = first["type"].as_str().and_then(Table::by_name) else { return };
        let Some(id) = first["id"].as_str().and_then(|id| id.parse().ok()) else { return };
        let mut world = self.application.world.write().unwrap_or_else(PoisonError::into_inner);
        match fault {
            Fault::Insert => {
                let Some(row) = world.get(table, id) else { return };
                let new = world.free_id(table);
                let mut attributes = row.attributes.clone();
                attributes.insert("name".into(), format!("!! new {new}").into());
                attributes.insert("created-at".into(), now());
                attributes.insert("updated-at".into(), now());
                world.insert(table, new, attributes);
            }
            Fault::Delete => drop(world.remove(table, id)),
            _ => drop(world.edit(table, id, |row| {
                row.insert("name".into(), format!("~~ renamed {id}").into());
                row.insert("updated-at".into(), now());
            })),
        }
    }
}

/// The time of a change, as the API writes it.
fn now() -> Value {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string().into()
}

fn remove(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}

/// What an account answers that hides its folders from keys.
fn folders_refused(path: &str, faults: &[Fault]) -> Option<Answer> {
    let nested = |name: &str| path.contains(&format!("/relationships/{name}_folders"));
    let status = faults.iter().find_map(|fault| match fault {
        Fault::FoldersRefused(status) => Some(*status),
        _ => None,
    })?;
    (nested("document") || nested("password")).then(|| match status {
        403 => Answer::error(403, "Forbidden", "You are not authorized to access this resource", Some("id")),
        404 => Answer::not_found(),
        _ => Answer::only_jwt(),
    })
}

/// An error of the given status in the given form.
fn refusal(status: u16, body: ErrorBody, retry_after: Option<&RetryAfter>) -> Answer {
    let reason = answer::reason(status);
    let mut answer = match body {
        ErrorBody::Errors => Answer::error(status, reason, &format!("{reason}."), Some("id")),
        ErrorBody::StringStatus => {
            let error = json!({"status": status.to_string(), "title": reason, "detail": reason});
            Answer::json(status, json!({"errors": [error]}))
        }
        ErrorBody::Gateway => Answer::gateway(status, reason),
        ErrorBody::Html => Answer::html(status, &format!("{status} {reason}")),
        ErrorBody::Empty => Answer::empty(status),
        ErrorBody::Text => Answer::text(status, &format!("{reason}\n")),
    };
    if let Some(retry_after) = retry_after {
        let text = match retry_after {
            RetryAfter::Text(text) => text.clone(),
            RetryAfter::Date(seconds) => {
                let seconds = i64::try_from(*seconds).unwrap_or(0);
                let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds.min(10_000_000));
                at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
            }
        };
        answer.headers.push(("retry-after", text));
    }
    answer
}

fn captive_portal() -> Answer {
    let mut answer = Answer::html(200, "Welcome to Free WiFi");
    answer.body = Body::Bytes(Bytes::from_static(
        b"<!DOCTYPE html>\n<html><head><title>Welcome to Free WiFi</title></head>\n\
          <body><form action=\"/login\"><button>Accept the terms</button></form></body></html>\n",
    ));
    answer
}

/// Puts an answer on the wire, or what a fault makes of it.
fn write_out(answer: Answer, gzip: bool, faults: &[Fault]) -> Wired {
    let mut headers = HeaderMap::new();
    let mut content_type = answer.content_type;
    if faults.contains(&Fault::Charset) && !content_type.is_empty() && !content_type.contains("charset") {
        content_type.push_str("; charset=utf-8");
    }
    if let Ok(value) = HeaderValue::from_str(&content_type)
        && !content_type.is_empty()
    {
        headers.insert(hyper::header::CONTENT_TYPE, value);
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            headers.append(name, value);
        }
    }
    let mut bytes = match answer.body {
        Body::Empty => Bytes::new(),
        Body::Bytes(bytes) => bytes,
        Body::Json(value) => serde_json::to_vec(&value).unwrap_or_default().into(),
    };
    let shape = faults.iter().find(|fault| {
        matches!(
            fault,
            Fault::Drip { .. } | Fault::Truncate { .. } | Fault::Endless | Fault::Oversized(_) | Fault::Bomb(_)
        )
    });
    // What a fault cuts or stretches stays plain, so that the bytes on the wire are those of the answer.
    if gzip && shape.is_none() && bytes.len() >= WORTH_PACKING {
        let mut packed = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
        if packed.write_all(&bytes).is_ok()
            && let Ok(packed) = packed.finish()
        {
            bytes = packed.into();
            headers.insert(hyper::header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }
    headers.insert(hyper::header::VARY, HeaderValue::from_static("accept-encoding"));
    let body: UnsyncBoxBody<Bytes, io::Error> = match shape {
        None if bytes.is_empty() => Empty::new().map_err(|never| match never {}).boxed_unsync(),
        None => Full::new(bytes).map_err(|never| match never {}).boxed_unsync(),
        Some(Fault::Drip { every }) => {
            headers.insert(hyper::header::CONTENT_LENGTH, bytes.len().into());
            drip(bytes, *every)
        }
        Some(Fault::Truncate { keep }) => {
            headers.insert(hyper::header::CONTENT_LENGTH, bytes.len().max(1).into());
            let keep = keep.unwrap_or(bytes.len() / 2).min(bytes.len().saturating_sub(1));
            truncated(bytes.slice(..keep))
        }
        Some(Fault::Endless) => endless(),
        Some(Fault::Bomb(size)) if gzip => {
            headers.insert(hyper::header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            bomb(*size)
        }
        Some(Fault::Oversized(size) | Fault::Bomb(size)) => {
            headers.insert(hyper::header::CONTENT_LENGTH, (*size).max(FRAME).into());
            oversized((*size).max(FRAME))
        }
        Some(_) => Empty::new().map_err(|never| match never {}).boxed_unsync(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}

/// One byte at a time.
fn drip(bytes: Bytes, every: Duration) -> UnsyncBoxBody<Bytes, io::Error> {
    let bytes = stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(every).await;
        let byte = rest.split_to(1);
        Some((Ok(Frame::data(byte)), rest))
    });
    BodyExt::boxed_unsync(StreamBody::new(bytes))
}

/// Less than was promised, then the end of the connection.
fn truncated(bytes: Bytes) -> UnsyncBoxBody<Bytes, io::Error> {
    let cut = stream::unfold(Some(bytes), |state| async move {
        match state {
            Some(bytes) if !bytes.is_empty() => Some((Ok(Frame::data(bytes)), Some(Bytes::new()))),
            Some(_) => {
                // What was written so far leaves the machine first.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(io::Error::from(io::ErrorKind::UnexpectedEof)), None))
            }
            None => None,
        }
    });
    BodyExt::boxed_unsync(StreamBody::new(cut))
}

/// A list whose rows never end.
fn endless() -> UnsyncBoxBody<Bytes, io::Error> {
    let row = r#"{"id":"1","type":"organizations","attributes":{"name":"again"}},"#.repeat(1000);
    let row = Bytes::from(row);
    let rows = stream::unfold(false, move |begun| {
        let bytes = if begun { row.clone() } else { Bytes::from_static(b"{\"data\":[") };
        async move { Some((Ok(Frame::data(bytes)), true)) }
    });
    BodyExt::boxed_unsync(StreamBody::new(rows))
}

const HEAD: &[u8] = b"{\"data\":[],\"padding\":\"";
const TAIL: &[u8] = b"\"}";
/// The least an oversized answer can have.
const FRAME: u64 = (HEAD.len() + TAIL.len()) as u64;

/// How much of an oversized answer is made at a time.
const CHUNK: usize = 256 * 1024;

/// The parts of an answer of exactly that many bytes.
fn padding(size: u64) -> impl Iterator<Item = Bytes> {
    static BLANKS: [u8; CHUNK] = [b'x'; CHUNK];
    let mut rest = size.saturating_sub(FRAME);
    std::iter::once(Bytes::from_static(HEAD))
        .chain(std::iter::from_fn(move || {
            let now = rest.min(CHUNK as u64);
            rest -= now;
            (now > 0).then(|| Bytes::from_static(BLANKS.get(..now as usize).unwrap_or(&BLANKS)))
        }))
        .chain(std::iter::once(Bytes::from_static(TAIL)))
}

fn oversized(size: u64) -> UnsyncBoxBody<Bytes, io::Error> {
    BodyExt::boxed_unsync(StreamBody::new(stream::iter(padding(size).map(|bytes| Ok(Frame::data(bytes))))))
}

/// The same, packed while it is sent.
fn bomb(size: u64) -> UnsyncBoxBody<Bytes, io::Error> {
    let packer = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = stream::unfold(Some((packer, padding(size))), |state| async move {
        let (mut packer, mut parts) = state?;
        loop {
            match parts.next() {
                Some(part) => {
                    if let Err(error) = packer.write_all(&part) {
                        return Some((Err(error), None));
                    }
                    if packer.get_ref().len() >= 4096 {
                        let bytes = std::mem::take(packer.get_mut());
                        return Some((Ok(Frame::data(bytes.into())), Some((packer, parts))));
                    }
                    tokio::task::yield_now().await;
                }
                None => return Some((packer.finish().map(|bytes| Frame::data(bytes.into())), None)),
            }
        }
    });
    BodyExt::boxed_unsync(StreamBody::new(packed))
}
