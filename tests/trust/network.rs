//! P17: the key goes to one origin. Redirects of every kind, addresses in heads and bodies, refusals, retries and
//! proxies try to make the client show it elsewhere; listeners write down whatever reaches them.
//!
//! Each case of an answer is shown to a careless client first, which follows redirects and asks for every address it
//! reads: it does hand the key over, so a listener that stays silent afterwards says something.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use gluepot_core::model::{Kind, ListKey, OrganizationId, RecordKey, SourceId};
use gluepot_core::secret::{LockedKey, Secret};
use gluepot_core::source::Urgency;
use gluepot_fake::{Options, Server};
use gluepot_itglue::{BaseUrl, Client, Settings};
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use crate::hostile;
use gluepot_testkit::tls::{Authority, Front};

const KEY: &str = "ITG.oneOriginOnly0123456789abcdefghijklmnopqrstuvwxyz";
/// Another host of this machine: all of 127.0.0.0/8 is.
const ELSEWHERE: &str = "127.0.0.2";
/// This machine under an address that the client does not take for it, so that it asks for proxies.
const NOT_LOOPBACK: &str = "0.0.0.0";

/// What a listener does with the head of a request.
enum Reply {
    Answer(String),
    /// Breaks the connection without a word
    Reset,
    /// Says that it is connected and carries everything there and back
    Tunnel(SocketAddr),
}

/// A listener that writes down every byte.
struct Ear {
    address: SocketAddr,
    /// What each connection brought
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Ear {
    fn start(host: &str, reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((host, 0)).expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (written, reply) = (Arc::clone(&heard), Arc::new(reply));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (written, reply) = (Arc::clone(&written), Arc::clone(&reply));
                let number = {
                    let mut all = written.lock().unwrap_or_else(PoisonError::into_inner);
                    all.push(Vec::new());
                    all.len() - 1
                };
                std::thread::spawn(move || {
                    // An early disconnect is not an error: what came is recorded.
                    let _ = serve(stream, &written, number, &*reply);
                });
            }
        });
        Self { address, heard }
    }

    /// One that accepts everything, for requests that must never come.
    fn elsewhere() -> Self {
        Self::start(ELSEWHERE, |_, _| Reply::Answer(ok("", r#"{"data":[]}"#)))
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn connections(&self) -> usize {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn text(&self) -> String {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }

    /// How often the key or its header came.
    fn keys(&self) -> usize {
        let text = self.text();
        text.to_lowercase().matches("x-api-key").count().max(text.matches(KEY).count())
    }
}

fn serve(
    mut stream: TcpStream,
    heard: &Mutex<Vec<Vec<u8>>>,
    number: usize,
    reply: &(dyn Fn(&str, usize) -> Reply + Send + Sync),
) -> io::Result<()> {
    let write_down = |bytes: &[u8]| {
        heard.lock().unwrap_or_else(PoisonError::into_inner)[number].extend_from_slice(bytes);
    };
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    while memchr::memmem::find(&head, b"\r\n\r\n").is_none() {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        write_down(&buffer[..read]);
        head.extend_from_slice(&buffer[..read]);
    }
    match reply(&String::from_utf8_lossy(&head), number) {
        Reply::Answer(answer) => {
            stream.write_all(answer.as_bytes())?;
            stream.shutdown(Shutdown::Write)
        }
        Reply::Reset => {
            // Only the runtime's streams can be told not to close in good order.
            stream.set_nonblocking(true)?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
            let _inside = runtime.enter();
            tokio::net::TcpStream::from_std(stream)?.set_zero_linger()
        }
        Reply::Tunnel(to) => {
            let mut inner = TcpStream::connect(to)?;
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            let (mut back, mut from) = (stream.try_clone()?, inner.try_clone()?);
            std::thread::spawn(move || {
                let _ = io::copy(&mut from, &mut back).and_then(|_| back.shutdown(Shutdown::Write));
            });
            loop {
                let read = stream.read(&mut buffer)?;
                if read == 0 {
                    return inner.shutdown(Shutdown::Write);
                }
                write_down(&buffer[..read]);
                inner.write_all(&buffer[..read])?;
            }
        }
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/vnd.api+json\r\ncontent-length: {}\r\nconnection: close\r\n\
         {headers}\r\n{body}",
        body.len()
    )
}

fn ok(headers: &str, body: &str) -> String {
    answer("200 OK", headers, body)
}

/// What IT Glue would say to a request, with addresses at that place wherever one can stand.
fn well(head: &str, headers: &str, to: &str) -> String {
    let target = head.split(' ').nth(1).unwrap_or_default();
    let body = if target.starts_with("/documents/9") {
        let next = format!(r#"<img src=\"{to}/y.png\">"#);
        format!(
            r#"{{"data":{{"id":"9","type":"documents","attributes":{{"organization-id":71,"name":"Setup",
               "resource-url":"{to}/71/docs/9","content":"<p><img src=\"{to}/x.png\"><a href=\"{to}/a\">a</a><iframe src=\"{to}/f\"></iframe>{next}<link rel=\"stylesheet\" href=\"{to}/s.css\"><script src=\"{to}/s.js\"></script></p>"}}}},
               "included":[{{"id":"3","type":"attachments","attributes":{{"attachment-file-name":"plan.pdf","download-url":"{to}/plan.pdf"}}}}],
               "links":{{"self":"{to}/documents/9","related":"{to}/related"}}}}"#
        )
    } else if target.contains("page%5Bnumber%5D=1") || !target.contains("page%5Bnumber%5D") {
        format!(
            r#"{{"data":[{{"id":"1","type":"organizations","attributes":{{"name":"Harbour","logo":"{to}/logo.png"}},"links":{{"self":"{to}/organizations/1"}}}}],
               "links":{{"self":"{to}/organizations","first":"{to}/organizations?page%5Bnumber%5D=1",
               "next":"{to}/organizations?page%5Bnumber%5D=2","last":"{to}/organizations?page%5Bnumber%5D=9"}}}}"#
        )
    } else {
        r#"{"data":[]}"#.to_owned()
    };
    ok(headers, &body)
}

/// Everything a person can make the client ask for without an audit record.
fn ask_all(settings: Settings) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = Client::new(settings).expect("a client");
        let (now, never) = (Urgency::interactive, CancellationToken::new);
        let mut said = String::new();
        let mut say = |what: &str, result: Option<String>| {
            let _ = writeln!(said, "{what}: {}", result.unwrap_or_else(|| "well".to_owned()));
        };
        say("check", client.check(now(), never()).await.err().map(|e| e.to_string()));
        let mut list = client.list(ListKey::Organizations(SourceId::NONE), now(), never());
        while let Some(event) = list.next().await {
            say("list", event.err().map(|e| e.to_string()));
        }
        let document = RecordKey::new(SourceId::NONE, Kind::Document, 9);
        let shown = client.show(document, Some(OrganizationId::new(SourceId::NONE, 71)), now(), never()).await;
        say("document", shown.err().map(|e| e.to_string()));
        said
    })
}

fn settings(base_url: &str, ca_file: Option<PathBuf>) -> Settings {
    let key = LockedKey::new(Secret::new(Zeroizing::new(KEY.to_owned()))).expect("memory for a key");
    let mut settings = Settings::new(BaseUrl::parse(base_url).expect("an address"), "test", Arc::new(key));
    settings.ca_file = ca_file;
    settings.pace.per_second = 1_000;
    settings.pages.first = 1;
    settings
}

/// A client as it should not be: it follows redirects and asks, with the key, for all that looks like an address.
fn careless(base_url: &str, authority: Option<&str>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let certificates = authority.map(|pem| reqwest::Certificate::from_pem(pem.as_bytes()).expect("a certificate"));
        let client =
            reqwest::Client::builder().no_proxy().tls_certs_only(certificates).build().expect("a careless client");
        let send = async |url: String| client.get(url).header("x-api-key", KEY).send().await;
        for path in ["/organizations", "/documents/9"] {
            let Ok(answer) = send(format!("{base_url}{path}")).await else { continue };
            let base = answer.url().clone();
            let mut text = String::new();
            for value in answer.headers().values() {
                text.push_str(&String::from_utf8_lossy(value.as_bytes()));
                text.push(' ');
            }
            text.push_str(&answer.text().await.unwrap_or_default());
            for (at, _) in text.match_indices("//") {
                let before = &text[..at];
                let scheme = ["https:", "http:"].into_iter().find(|scheme| before.ends_with(scheme));
                let start = at - scheme.map_or(0, str::len);
                let end = text[at..].find([' ', '"', '<', '>', ';', ',']).map_or(text.len(), |length| at + length);
                if let Ok(url) = base.join(&text[start..end]) {
                    let _ = send(url.to_string()).await;
                }
            }
            // An alternative service is a host and a port without a scheme.
            if let Some(host) = text.split("h2=\"").nth(1).and_then(|rest| rest.split('"').next()) {
                let _ = send(format!("http://{host}/")).await;
            }
        }
    });
}

/// What the origin answers to a request, given the base of the place that shall have the key, and the origin's own.
type Script = fn(head: &str, number: usize, to: &str, own: &str) -> String;

/// The address without its scheme.
fn bare(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

fn located(status: &str, location: &str) -> String {
    answer(status, &format!("location: {location}\r\n"), "")
}

/// What an answer may do to draw the key elsewhere.
const CASES: &[(&str, Script)] = &[
    ("301", |_, _, to, _| located("301 Moved Permanently", &format!("{to}/organizations"))),
    ("302", |_, _, to, _| located("302 Found", &format!("{to}/organizations"))),
    ("303", |_, _, to, _| located("303 See Other", &format!("{to}/organizations"))),
    ("307", |_, _, to, _| located("307 Temporary Redirect", &format!("{to}/organizations"))),
    ("308", |_, _, to, _| located("308 Permanent Redirect", &format!("{to}/organizations"))),
    ("300 with a choice", |_, _, to, _| located("300 Multiple Choices", &format!("{to}/organizations"))),
    ("305 use proxy", |_, _, to, _| located("305 Use Proxy", &format!("{to}/"))),
    ("a redirect without a scheme", |_, _, to, _| located("302 Found", &format!("//{}/organizations", bare(to)))),
    ("a redirect with the origin as user", |_, _, to, own| {
        located("302 Found", &format!("http://{}@{}/organizations", bare(own), bare(to)))
    }),
    ("a redirect with a backslash", |_, _, to, own| {
        located("302 Found", &format!("http://{}\\@{}/organizations", bare(to), bare(own)))
    }),
    ("a redirect to itself that redirects further", |head, _, to, _| {
        if head.starts_with("GET /further") {
            located("302 Found", &format!("{to}/organizations"))
        } else {
            located("302 Found", "/further")
        }
    }),
    ("Refresh", |head, _, to, _| well(head, &format!("refresh: 0; url={to}/organizations\r\n"), "")),
    ("Content-Location and Location on success", |head, _, to, _| {
        well(head, &format!("content-location: {to}/organizations\r\nlocation: {to}/organizations\r\n"), "")
    }),
    ("Alt-Svc", |head, _, to, _| well(head, &format!("alt-svc: h2=\"{}\"; ma=86400\r\n", bare(to)), "")),
    ("Link", |head, _, to, _| {
        well(head, &format!("link: <{to}/organizations?page[number]=2>; rel=\"next\", <{to}/p>; rel=preload\r\n"), "")
    }),
    ("links, images and attachments in the body", |head, _, to, _| well(head, "", to)),
    ("401 that names where to sign in", |_, _, to, _| {
        let headers = format!("www-authenticate: Bearer realm=\"{to}/token\", Basic realm=\"{to}\"\r\n");
        answer("401 Unauthorized", &headers, r#"{"message":"Unauthorized"}"#)
    }),
    ("407 of the origin", |head, number, to, _| {
        let headers = format!("proxy-authenticate: Basic realm=\"{to}\"\r\nlocation: {to}/\r\n");
        // It is tried three times, with pauses.
        if number < 3 { answer("407 Proxy Authentication Required", &headers, "") } else { well(head, "", "") }
    }),
    ("503, tried again", |head, number, to, _| {
        let headers = format!("retry-after: 0\r\nlocation: {to}/organizations\r\n");
        if number.is_multiple_of(2) {
            answer("503 Service Unavailable", &headers, &format!(r#"{{"errors":[{{"detail":"use {to} now"}}]}}"#))
        } else {
            well(head, "", "")
        }
    }),
    ("429, tried again", |head, number, to, _| {
        let headers = format!("retry-after: 0\r\nlocation: {to}/organizations\r\n");
        if number == 0 { answer("429 Too Many Requests", &headers, "") } else { well(head, "", "") }
    }),
    ("421 misdirected", |_, _, to, _| {
        answer("421 Misdirected Request", &format!("location: {to}/\r\nalt-svc: h2=\"{}\"\r\n", bare(to)), "")
    }),
];

/// Runs one case and gives how often the key came to the origin and to the other place.
fn over_http(script: Script, ask: impl FnOnce(&str)) -> (usize, usize, usize) {
    let other = Ear::elsewhere();
    let to = other.url();
    let own = Arc::new(Mutex::new(String::new()));
    let known = Arc::clone(&own);
    let origin = Ear::start("127.0.0.1", move |head, number| {
        let own = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Reply::Answer(script(head, number, &to, &own))
    });
    *own.lock().unwrap_or_else(PoisonError::into_inner) = origin.url();
    ask(&origin.url());
    (origin.keys(), other.keys(), other.connections())
}

#[test]
fn p17_no_answer_draws_the_key_to_another_place() {
    assert!(CASES.len() >= 20);
    std::thread::scope(|scope| {
        for (name, script) in CASES {
            scope.spawn(move || {
                let (_, drawn, _) = over_http(*script, |origin| careless(origin, None));
                assert!(drawn > 0, "{name}: not even a careless client hands the key over");
                let mut said = String::new();
                let (own, other, connections) = over_http(*script, |origin| said = ask_all(settings(origin, None)));
                assert!(own >= 3, "{name}: the origin was asked {own} times only\n{said}");
                assert_eq!((other, connections), (0, 0), "{name}: the other place heard something\n{said}");
            });
        }
    });
}

#[test]
fn p17_a_redirect_off_tls_or_to_another_port_takes_no_key_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Authority::new("gluepot test authority");
    let ca_file = root.ca_file(folder.path());
    let plain = Ear::elsewhere();
    // Another port of the same host, with and without TLS.
    let (port, safe) = (Ear::start("127.0.0.1", |_, _| Reply::Answer(ok("", "{}"))), Ear::elsewhere());
    let safe_front = Front::start(root.server(&["localhost"]), &safe.url());
    for to in [plain.url(), port.url(), port.url().replace("127.0.0.1", "localhost"), safe_front.base_url()] {
        let ears = || [plain.keys(), port.keys(), safe.keys()].iter().sum::<usize>();
        let location = format!("{to}/organizations");
        let origin = Ear::start("127.0.0.1", move |_, _| Reply::Answer(located("307 Temporary Redirect", &location)));
        let front = Front::start(root.server(&["localhost"]), &origin.url());
        let before = ears();
        careless(&front.base_url(), Some(&root.pem()));
        assert!(ears() > before, "{to}: not even a careless client hands the key over");
        let (before, own) = (ears(), origin.keys());
        let said = ask_all(settings(&front.base_url(), Some(ca_file.clone())));
        assert!(origin.keys() > own, "{said}");
        assert_eq!(ears(), before, "{to}: {said}");
    }
}

#[test]
fn p17_a_broken_connection_is_tried_again_at_the_same_place_under_its_own_name() {
    let origin = Ear::start("127.0.0.1", |head, number| {
        if number.is_multiple_of(2) { Reply::Reset } else { Reply::Answer(well(head, "", "")) }
    });
    let said = ask_all(settings(&origin.url(), None));
    assert!(said.contains("check: well") && said.contains("document: well"), "{said}");
    assert!(origin.connections() >= 6, "each was broken once: {}", origin.connections());
    let text = origin.text().to_lowercase();
    let hosts: BTreeSet<&str> = text.lines().filter(|line| line.starts_with("host:")).collect();
    assert_eq!(hosts, BTreeSet::from([format!("host: {}", origin.address).as_str()]));
    for header in ["referer:", "cookie:", "origin:", "authorization:", "x-forwarded", "forwarded:"] {
        assert!(!text.contains(header), "{header}");
    }
    assert!(!text.contains(&format!("?{}", KEY.to_lowercase())), "the key stands in no address");
}

/// `gluepot doctor` for an address, with variables: what it said.
fn doctor(base_url: &str, ca_file: Option<PathBuf>, variables: &[(&str, &str)]) -> String {
    let home = tempfile::tempdir().expect("a folder");
    let config = home.path().join("config.toml");
    let network = ca_file.map_or_else(String::new, |path| format!("[network]\nca_file = \"{}\"\n", path.display()));
    std::fs::write(&config, network).expect("a config");
    let output = Command::new(env!("CARGO_BIN_EXE_gluepot"))
        .args(["doctor", "--base-url", base_url, "--config"])
        .arg(&config)
        .env_clear()
        .env("HOME", home.path())
        .env("TERM", "xterm-256color")
        .env("ITGLUE_API_KEY", KEY)
        .envs(variables.iter().copied())
        .output()
        .expect("the doctor runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!said.contains(KEY) && !String::from_utf8_lossy(&output.stderr).contains(KEY), "{said}");
    said
}

#[test]
fn p17_a_proxy_carries_what_it_cannot_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Authority::new("gluepot test authority");
    let ca_file = Some(root.ca_file(folder.path()));
    let origin = Ear::start("127.0.0.1", |head, _| Reply::Answer(well(head, "", "")));
    let front = Front::start(root.server(&[NOT_LOOPBACK]), &origin.url());
    let address = format!("https://{NOT_LOOPBACK}:{}", front.port());
    let inner: SocketAddr = ([127, 0, 0, 1], front.port()).into();
    let carrier = || Ear::start("127.0.0.1", move |_, _| Reply::Tunnel(inner));
    let count = || origin.keys();

    for (variable, user) in [("HTTPS_PROXY", ""), ("https_proxy", "porter:hatch@"), ("ALL_PROXY", "")] {
        let (proxy, before) = (carrier(), count());
        let said = doctor(
            &address,
            ca_file.clone(),
            &[(variable, &proxy.url().replace("http://", &format!("http://{user}")))],
        );
        assert!(said.contains("IT Glue answered in"), "{variable}: {said}");
        assert!(proxy.text().starts_with(&format!("CONNECT {NOT_LOOPBACK}:")), "{variable}: it was not asked");
        assert_eq!(proxy.text().to_lowercase().contains("proxy-authorization: basic"), !user.is_empty());
        assert_eq!((proxy.keys(), count() > before), (0, true), "{variable}: {said}");
        assert!(!said.contains("hatch") && said.contains(&format!("proxy: {}", proxy.address)), "{said}");
    }
    assert!(!origin.text().to_lowercase().contains("proxy-authorization"), "what is the proxy's stays with it");

    // One that refuses, one that sends elsewhere, one that passes on to a server with an untrusted certificate.
    let (other, stranger) = (Ear::elsewhere(), Ear::elsewhere());
    let strange = Front::start(Authority::new("somebody else").server(&[NOT_LOOPBACK]), &stranger.url());
    let strange: SocketAddr = ([127, 0, 0, 1], strange.port()).into();
    let (to, again) = (other.url(), other.url());
    let refusing = Ear::start("127.0.0.1", move |_, _| {
        let headers = format!("proxy-authenticate: Basic realm=\"{again}\"\r\nlocation: {again}/\r\n");
        Reply::Answer(answer("407 Proxy Authentication Required", &headers, ""))
    });
    let sending = Ear::start("127.0.0.1", move |_, _| Reply::Answer(located("302 Found", &format!("{to}/"))));
    let handing = Ear::start("127.0.0.1", move |_, _| Reply::Tunnel(strange));
    for (proxy, words) in [(&refusing, "proxy"), (&sending, "proxy"), (&handing, "TLS failed")] {
        let before = count();
        let said = doctor(&address, ca_file.clone(), &[("HTTPS_PROXY", &proxy.url())]);
        assert!(said.contains("FIX") && said.contains(words), "{said}");
        assert!(proxy.connections() > 0, "it was not asked: {said}");
        assert_eq!([proxy.keys(), other.connections(), stranger.keys(), count() - before], [0; 4], "{said}");
    }
}

#[test]
fn p17_no_proxy_is_asked_where_none_is_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Authority::new("gluepot test authority");
    let ca_file = Some(root.ca_file(folder.path()));
    let origin = Ear::start("127.0.0.1", |head, _| Reply::Answer(well(head, "", "")));
    let front = Front::start(root.server(&[NOT_LOOPBACK, "localhost"]), &origin.url());
    // It would answer anything, in the clear.
    let proxy = Ear::start("127.0.0.1", |head, _| Reply::Answer(well(head, "", "")));
    let url = proxy.url();
    let all = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let all: Vec<(&str, &str)> = all.into_iter().map(|name| (name, url.as_str())).collect();
    let with = |name, value| all.iter().copied().chain([(name, value)]).collect::<Vec<_>>();
    for (address, variables) in [
        (origin.url(), all.clone()),
        (front.base_url(), all.clone()),
        (format!("https://{NOT_LOOPBACK}:{}", front.port()), with("NO_PROXY", "example.com,0.0.0.0")),
        (format!("https://{NOT_LOOPBACK}:{}", front.port()), with("no_proxy", "0.0.0.0/8")),
        // One for plain http only says nothing of https.
        (format!("https://{NOT_LOOPBACK}:{}", front.port()), vec![("HTTP_PROXY", url.as_str()), ("http_proxy", &url)]),
    ] {
        let before = origin.keys();
        let said = doctor(&address, ca_file.clone(), &variables);
        assert!(said.contains("IT Glue answered in"), "{address}: {said}");
        assert_eq!((origin.keys() > before, proxy.connections()), (true, 0), "{address}: {said}");
    }
    // The same proxy is asked where it is wanted, so the rest says something.
    let said = doctor(&format!("https://{NOT_LOOPBACK}:{}", front.port()), ca_file, &all);
    assert!(proxy.connections() > 0, "{said}");
    assert_eq!(proxy.keys(), 0, "{said}");
}

/// A SOCKS5 server that writes down whom it was asked for and connects all of them to one place.
struct Socks {
    address: SocketAddr,
    /// The kind of each address that was asked for and its text, with user and password in front
    asked: Arc<Mutex<Vec<String>>>,
}

impl Socks {
    fn start(user: Option<(&'static str, &'static str)>, to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let written = Arc::clone(&written);
                // An early disconnect is not an error.
                std::thread::spawn(move || serve_socks(stream, user, to, &written));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// RFC 1928 and, with a user, RFC 1929.
fn serve_socks(
    mut stream: TcpStream,
    user: Option<(&str, &str)>,
    to: SocketAddr,
    asked: &Mutex<Vec<String>>,
) -> io::Result<()> {
    fn take(stream: &mut TcpStream, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
    let counted = |stream: &mut TcpStream| -> io::Result<String> {
        let count = take(stream, 1)?[0];
        Ok(String::from_utf8_lossy(&take(stream, count.into())?).into_owned())
    };
    let hello = take(&mut stream, 2)?;
    let methods = take(&mut stream, hello[1].into())?;
    let method = if user.is_some() { 2 } else { 0 };
    assert!(hello[0] == 5 && methods.contains(&method), "{hello:?} {methods:?}");
    stream.write_all(&[5, method])?;
    let mut who = String::new();
    if let Some(wanted) = user {
        take(&mut stream, 1)?;
        let (name, password) = (counted(&mut stream)?, counted(&mut stream)?);
        let is_known = (name.as_str(), password.as_str()) == wanted;
        stream.write_all(&[1, u8::from(!is_known)])?;
        if !is_known {
            return Ok(());
        }
        who = format!("{name}:{password}@");
    }
    let kind = take(&mut stream, 4)?[3];
    let host = match kind {
        1 => format!("address {}", std::net::Ipv4Addr::from(<[u8; 4]>::try_from(take(&mut stream, 4)?).expect("four"))),
        3 => format!("name {}", counted(&mut stream)?),
        _ => format!("kind {kind}"),
    };
    take(&mut stream, 2)?;
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{who}{host}"));
    let mut inner = TcpStream::connect(to)?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let (mut back, mut from) = (stream.try_clone()?, inner.try_clone()?);
    std::thread::spawn(move || {
        let _ = io::copy(&mut from, &mut back).and_then(|_| back.shutdown(Shutdown::Write));
    });
    io::copy(&mut stream, &mut inner).and_then(|_| inner.shutdown(Shutdown::Write))
}

#[test]
fn p17_a_socks_proxy_carries_what_it_cannot_read_and_is_named_without_its_password() {
    const NAME: &str = "glue.example";
    let folder = tempfile::tempdir().expect("a folder");
    let root = Authority::new("gluepot test authority");
    let ca_file = Some(root.ca_file(folder.path()));
    let origin = Ear::start("127.0.0.1", |head, _| Reply::Answer(well(head, "", "")));
    let front = Front::start(root.server(&[NOT_LOOPBACK, NAME]), &origin.url());
    let inner: SocketAddr = ([127, 0, 0, 1], front.port()).into();
    let (open, closed) = (Socks::start(None, inner), Socks::start(Some(("porter", "hatch")), inner));
    let number = format!("https://{NOT_LOOPBACK}:{}", front.port());
    // A name that only the proxy can look up.
    let name = format!("https://{NAME}:{}", front.port());
    for (variable, kind, user, socks, address, asked) in [
        ("ALL_PROXY", "socks5", "", &open, &number, "address 0.0.0.0"),
        ("HTTPS_PROXY", "socks5h", "", &open, &name, "name glue.example"),
        ("all_proxy", "socks5h", "porter:hatch@", &closed, &name, "porter:hatch@name glue.example"),
    ] {
        let before = origin.keys();
        let said = doctor(address, ca_file.clone(), &[(variable, &format!(" {kind}://{user}{} ", socks.address))]);
        assert!(said.contains("IT Glue answered in") && origin.keys() > before, "{kind}: {said}");
        assert!(socks.asked().iter().all(|one| one == asked), "{kind}");
        assert!(said.contains(&format!("proxy {kind}://{} ({variable})", socks.address)), "{said}");
        assert!(!said.contains("hatch"), "{said}");
    }
    // The name is not looked up here where the proxy can, and it is where it cannot.
    let said = doctor(&name, ca_file.clone(), &[("ALL_PROXY", &format!("socks5://{}", open.address))]);
    assert!(said.contains("The proxy did not connect to glue.example") && open.asked().is_empty(), "{said}");
    let before = origin.keys();
    let said = doctor(&name, ca_file.clone(), &[("ALL_PROXY", &format!("socks5h://porter:wrong@{}", closed.address))]);
    assert!(said.contains("The proxy did not connect to") && !said.contains("wrong"), "{said}");
    assert_eq!(origin.keys(), before);
    // What is excepted goes without it.
    let variables = [("ALL_PROXY", &*format!("socks5h://{}", open.address)), ("NO_PROXY", "0.0.0.0")];
    let said = doctor(&number, ca_file, &variables);
    assert!(said.contains("IT Glue answered in") && open.asked().is_empty(), "{said}");
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_before_anything_is_sent() {
    let origin = Ear::start("127.0.0.1", |head, _| Reply::Answer(well(head, "", "")));
    let address = format!("https://{NOT_LOOPBACK}:{}", origin.address.port());
    for (variable, value) in [
        ("HTTPS_PROXY", "http://127.0.0.1:0"),
        ("https_proxy", "ftp://127.0.0.1:21"),
        ("ALL_PROXY", "http://porter:hatch@ 127.0.0.1:3128"),
        ("all_proxy", "socks5h://"),
        ("HTTPS_PROXY", "::::"),
    ] {
        let said = doctor(&address, None, &[(variable, value)]);
        let told = format!("FIX   {variable} names a proxy that cannot be used: ");
        assert!(said.contains(&told) && !said.contains("hatch"), "{said}");
        // The program itself does not start.
        let mut session = gluepot_testkit::pty::Start::gluepot(&["--base-url", &address])
            .env(variable, value)
            .env("ITGLUE_API_KEY", KEY)
            .run();
        session.wait_for(&format!("{variable} names a proxy that cannot be used"));
        session.wait_exit();
        assert_eq!(origin.connections(), 0, "{variable}={value}");
    }
    // Where it is not needed it does not matter.
    let said = doctor(&origin.url(), None, &[("HTTPS_PROXY", "nonsense://")]);
    assert!(said.contains("IT Glue answered in"), "{said}");
}

/// The program itself: a document full of addresses is read, then everything is a redirect, also the answer with a value.
#[test]
fn p17_the_program_asks_nobody_else() {
    let other = Ear::elsewhere();
    let to = other.url();
    let body = format!(
        "<p>Zinnia <img src=\"{to}/pixel.png\" alt=\"plan\"> <a href=\"{to}/next\">next</a></p>\
         <iframe src=\"{to}/frame\"></iframe><video src=\"{to}/film\"></video><link rel=\"prefetch\" href=\"{to}/p\">\
         <meta http-equiv=\"refresh\" content=\"0; url={to}/refresh\"><style>@import url({to}/style.css)</style>"
    );
    let world = hostile::with_documents(&[("Aster".to_owned(), body)]);
    let server = Server::start_now(Options::with_world(world)).expect("a server");
    let session = hostile::start(&server, "[ui]\npreview_ms = 0\n").size(140, 40).run();
    session.wait_for("Aster");
    session.send("2");
    session.send("/Aster\r");
    session.wait_for("Zinnia");
    session.send("4");
    session.send("/HPD-IMG01 local\r");
    session.wait_for("User name");
    session.settle(hostile::REST);
    server.faults().add_spec(&format!("redirect={to}")).expect("a fault");
    session.send("r");
    session.wait_for("redirect to 127.0.0.2");
    crate::wait_until("a value was asked for", || {
        server.requests().iter().any(|request| request.target.contains("show_password=true"))
    });
    let before = server.requests().len();
    // Sent apart from Esc: together they would be Alt and the letter.
    session.send("\x1b");
    session.settle(hostile::REST);
    session.send("R");
    crate::wait_until("a list was asked for", || server.requests().len() > before);
    session.settle(hostile::REST);
    assert_eq!(other.connections(), 0, "the other place heard: {}", other.text());
}

/// What the listeners hear is what a client sends: `Url` and the listeners agree on where an address leads.
#[test]
fn p17_the_tricks_with_addresses_lead_elsewhere_and_the_error_names_that_place() {
    for (location, host) in [
        ("http://127.0.0.1:8080@evil.example/organizations", "evil.example"),
        ("http://evil.example\\@127.0.0.1:8080/organizations", "evil.example"),
        ("https://user:pw@evil.example/?token=abc", "evil.example"),
    ] {
        assert_eq!(Url::parse(location).expect("an address").host_str(), Some(host));
        let origin = Ear::start("127.0.0.1", move |_, _| Reply::Answer(located("302 Found", location)));
        let said = ask_all(settings(&origin.url(), None));
        assert!(said.contains(&format!("a redirect to {host}, which is not followed")), "{said}");
        assert!(!said.contains("token") && !said.contains("pw@"), "{said}");
    }
}
