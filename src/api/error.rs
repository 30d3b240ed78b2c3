//! What can go wrong on the way to IT Glue, in the words of someone who must fix it.
//!
//! An [`ApiError`] says what happened ([`ApiError::headline`]), to which request ([`ApiError::request`]) and what
//! to do next ([`ApiError::next_step`]). Text of the server is filtered and cut before it gets in here; the key and
//! the query of a request never do.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::text::Clean;

/// How many characters of the server's own words are kept.
const DETAIL_CHARACTERS: usize = 300;

/// The stage in which the patience ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Connecting, name lookup and TLS included
    Connect,
    /// Waiting for the head of the answer
    FirstByte,
    /// A pause inside the body, or a body that only drips
    Idle,
    /// The whole took too long
    Whole,
}

/// Which of the reasons for a 403 it is, as far as the answer tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The gateway refuses the key: unknown, or of another region
    KeyOrRegion,
    /// The key is good elsewhere: it lacks this right
    MissingRight,
    /// The answer does not tell
    Unclear,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// 401: no such key, paused, revoked, or 90 days unused
    Unauthorized,
    /// 401 with the words "Only supported for JWT requests"
    JwtOnly,
    /// 403
    Forbidden(Refusal),
    /// 404
    NotFound,
    /// 415
    UnsupportedMediaType,
    /// 422
    Rejected,
    /// 429, or the breaker is open: when it is worth trying again
    TooManyRequests {
        /// From now on
        retry_in: Duration,
    },
    /// 5xx
    Server(u16),
    /// Any other status that is not a success
    Status(u16),
    /// A redirect, which is never followed
    Redirect {
        /// Host it points to, empty when that could not be read
        to: Clean,
    },
    /// A web page where JSON was due: a captive portal or a proxy's own page
    WebPage,
    /// The server's certificate, or something else about TLS
    Tls,
    /// The name has no address
    Dns,
    /// Nobody listens there
    Refused,
    /// The proxy refused to connect us
    Proxy,
    /// The network failed in another way
    Network,
    /// Too slow
    Timeout(Stage),
    /// More bytes than the limit
    TooLarge {
        /// The limit in bytes
        limit: usize,
    },
    /// The answer ended too early
    Truncated,
    /// The answer is not the JSON we asked for
    BadAnswer,
    /// The answer is about another record or organization than the one asked for
    WrongRecord,
    /// The API offers no such record: certificates, tickets, users
    NoEndpoint,
    /// The audit record does not cover this fetch: nothing was sent
    NotRecorded,
    /// The client is locked to another organization, or it is not known whose record it is: nothing was sent
    OutsideLock,
    /// The organization lock does not know which organization it is for; nothing was sent, or nothing more will be
    NothingInside {
        /// What there is in its place
        why: Clean,
    },
    /// Given up by ourselves
    Cancelled,
    /// The client could not be built: CA file, or no certificates on this system
    Setup,
}

/// Something went wrong with one request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiError {
    /// What happened
    pub failure: Failure,
    /// Method and path, no query
    request: Arc<str>,
    /// Region or host as the screen calls it
    region: Clean,
    /// The server's or the system's own words, filtered and cut; may be empty
    detail: Clean,
}

impl ApiError {
    /// An error of one request.
    pub fn new(failure: Failure, request: &Arc<str>, region: &Clean, detail: &str) -> Self {
        Self { failure, request: Arc::clone(request), region: region.clone(), detail: cut(detail) }
    }

    /// What happened, in one sentence without an end mark: "IT Glue refused the key for region us (403)".
    pub fn headline(&self) -> String {
        let region = &self.region;
        match &self.failure {
            Failure::Unauthorized => format!("IT Glue did not accept the key for region {region} (401)"),
            Failure::JwtOnly => "IT Glue keeps this from API keys (401)".to_owned(),
            Failure::Forbidden(Refusal::MissingRight) => format!("This key may not read {} (403)", self.subject()),
            Failure::Forbidden(Refusal::KeyOrRegion) => format!("IT Glue refused the key for region {region} (403)"),
            Failure::Forbidden(Refusal::Unclear) => format!("IT Glue refused {} (403)", self.subject()),
            Failure::NotFound if self.is_whole_list() => format!("There is no list of {} there (404)", self.subject()),
            Failure::NotFound => "IT Glue has no such record (404)".to_owned(),
            Failure::UnsupportedMediaType => "IT Glue refused the form of the request (415)".to_owned(),
            Failure::Rejected => "IT Glue rejected the request (422)".to_owned(),
            Failure::TooManyRequests { retry_in } => {
                format!("Too many requests for this account (429); trying again makes sense in {}", span(*retry_in))
            }
            Failure::Server(status) => format!("IT Glue had a fault of its own ({status})"),
            Failure::Status(status) => format!("IT Glue answered in a way we do not know ({status})"),
            Failure::Redirect { to } if to.is_empty() => "The answer was a redirect, which is not followed".to_owned(),
            Failure::Redirect { to } => format!("The answer was a redirect to {to}, which is not followed"),
            Failure::WebPage => "A web page came instead of IT Glue's answer".to_owned(),
            Failure::Tls => "The connection to IT Glue is not safe: TLS failed".to_owned(),
            Failure::Dns => "The name of the IT Glue server has no address".to_owned(),
            Failure::Refused => "The IT Glue server refused the connection".to_owned(),
            Failure::Proxy => "The proxy did not connect us to IT Glue".to_owned(),
            Failure::Network => "The network failed on the way to IT Glue".to_owned(),
            Failure::Timeout(Stage::Connect) => "Connecting to IT Glue took too long".to_owned(),
            Failure::Timeout(Stage::FirstByte) => "IT Glue did not answer in time".to_owned(),
            Failure::Timeout(Stage::Idle) => "IT Glue's answer stopped half-way".to_owned(),
            Failure::Timeout(Stage::Whole) => "IT Glue's answer took too long".to_owned(),
            Failure::TooLarge { limit } => {
                format!("The answer is larger than {} MB and was given up", limit / 1_000_000)
            }
            Failure::Truncated => "The answer ended too early".to_owned(),
            Failure::BadAnswer => "The answer is not what IT Glue documents".to_owned(),
            Failure::WrongRecord => "The answer was about another record and was thrown away".to_owned(),
            Failure::NoEndpoint => format!("IT Glue's API does not give {}", self.subject()),
            Failure::NotRecorded => "Nothing was fetched: the audit record does not cover it".to_owned(),
            Failure::OutsideLock => "Not asked for: the organization lock keeps it from leaving".to_owned(),
            Failure::NothingInside { why } => {
                format!("Nothing is asked for: the organization lock has nothing to keep to, {why}")
            }
            Failure::Cancelled => "Given up".to_owned(),
            Failure::Setup => "The connection could not be set up".to_owned(),
        }
    }

    /// What to do now, in one or two short sentences.
    pub fn next_step(&self) -> &'static str {
        match &self.failure {
            Failure::Unauthorized => {
                "The key may be paused, revoked, or ended after 90 days without use. An IT Glue administrator sees it under \
                 Account > Settings > API Keys."
            }
            Failure::JwtOnly | Failure::NoEndpoint => "Open it in the web app.",
            Failure::Forbidden(Refusal::KeyOrRegion) => "Check the key and the region (us, eu or au).",
            Failure::Forbidden(Refusal::MissingRight) => {
                "Ask an IT Glue administrator for the right, or open it in the web app."
            }
            Failure::Forbidden(Refusal::Unclear) => {
                "Check the key, the region (us, eu or au), and whether your address is on the account's allow list."
            }
            Failure::NotFound if self.is_whole_list() => {
                "Check the base URL: it is the address of the API, not of the web app, and mostly has no path."
            }
            Failure::NotFound => "It was deleted, or this key may not see it. Refresh the list.",
            Failure::UnsupportedMediaType | Failure::Rejected | Failure::Status(_) | Failure::BadAnswer => {
                "Check the base URL. If it is right, the API has changed: look for a newer gluepot."
            }
            Failure::TooManyRequests { .. } => {
                "The limit is shared by everything that uses the account. Wait, then retry."
            }
            Failure::Server(_) => "Retry in a while; status.itglue.com tells whether it is known.",
            Failure::Redirect { .. } => "Check the base URL; a sign-in page of the network redirects like this too.",
            Failure::WebPage => {
                "A sign-in page of the network or a proxy is in the way: open any web page in a browser, then retry."
            }
            Failure::Tls => {
                "Check the clock and the base URL. If a company proxy inspects TLS, name its certificate as the CA file."
            }
            Failure::Dns => "Check the network, VPN and base URL, then retry.",
            Failure::Refused => "Check the base URL and the firewall, then retry.",
            Failure::Proxy => "Check HTTPS_PROXY and NO_PROXY, then retry.",
            Failure::Network | Failure::Timeout(_) | Failure::Truncated => "Check the network, then retry.",
            Failure::TooLarge { .. } => "Open it in the web app.",
            Failure::WrongRecord => "Retry. If it stays so, do not trust this server.",
            Failure::NotRecorded => "Ask again: every fetch needs an audit record of its own.",
            Failure::OutsideLock => {
                "It is another client's, or not seen yet in a list of this one: open that list first. \
                 The lock is --lock-org's or a policy's; it holds until the program ends."
            }
            Failure::NothingInside { .. } => {
                "Name the organization by its id, which is in its web address, in the policy or after --org, and start again."
            }
            Failure::Cancelled => "Ask again when it is wanted.",
            Failure::Setup => "Check the CA file and that this system has its certificates (package ca-certificates).",
        }
    }

    /// Method and path of the request, `GET /passwords/42`, without its query.
    pub fn request(&self) -> &str {
        &self.request
    }

    /// The server's or the system's own words, filtered; may be empty.
    pub fn detail(&self) -> &Clean {
        &self.detail
    }

    /// Whether the same request can succeed later without a change of key or settings.
    pub fn retryable(&self) -> bool {
        match &self.failure {
            Failure::TooManyRequests { .. }
            | Failure::Server(_)
            | Failure::WebPage
            | Failure::Dns
            | Failure::Refused
            | Failure::Proxy
            | Failure::Network
            | Failure::Timeout(_)
            | Failure::Truncated
            | Failure::Tls
            | Failure::Redirect { .. }
            | Failure::BadAnswer
            | Failure::WrongRecord
            | Failure::Cancelled => true,
            Failure::Unauthorized
            | Failure::JwtOnly
            | Failure::Forbidden(_)
            | Failure::NotFound
            | Failure::UnsupportedMediaType
            | Failure::Rejected
            | Failure::Status(_)
            | Failure::TooLarge { .. }
            | Failure::NoEndpoint
            | Failure::NotRecorded
            | Failure::OutsideLock
            | Failure::NothingInside { .. }
            | Failure::Setup => false,
        }
    }

    /// Whether the key is kept from this: 401 and 403.
    pub fn forbidden(&self) -> bool {
        matches!(self.failure, Failure::Unauthorized | Failure::JwtOnly | Failure::Forbidden(_))
    }

    /// Whether it was given up by ourselves, which is no error to show.
    pub fn cancelled(&self) -> bool {
        self.failure == Failure::Cancelled
    }

    /// Whether a list of the whole account was asked for, which is there in every account.
    fn is_whole_list(&self) -> bool {
        self.request.split_once(" /").is_some_and(|(_, path)| !path.contains('/'))
    }

    /// What the request was about, for the sentence "may not read …": the last word of the path that is no id.
    fn subject(&self) -> String {
        let path = self.request.split_once(' ').map_or(&*self.request, |(_, path)| path);
        path.rsplit('/')
            .find(|part| !part.is_empty() && !part.bytes().all(|b| b.is_ascii_digit()))
            .map_or_else(|| "this".to_owned(), |part| part.replace('_', " "))
    }
}

/// Headline, the server's words and the request: for the log and for `?`.
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.headline())?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        write!(f, " [{}]", self.request)
    }
}

impl std::error::Error for ApiError {}

fn cut(detail: &str) -> Clean {
    // Cut before filtering, so that the work is bounded, and again by the same measure after it.
    let end = detail.char_indices().nth(DETAIL_CHARACTERS).map_or(detail.len(), |(at, _)| at);
    let short = detail.get(..end).unwrap_or_default().trim();
    if end < detail.len() { Clean::line(&format!("{short}…")) } else { Clean::line(short) }
}

fn span(time: Duration) -> String {
    let seconds = time.as_secs().max(1);
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", seconds.div_ceil(60)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_not_there_blames_the_address_and_a_record_itself() {
        let said = |request: &str| {
            let error = ApiError::new(Failure::NotFound, &request.into(), &Clean::line("us"), "");
            format!("{}. {}", error.headline(), error.next_step())
        };
        assert!(
            said("GET /organizations").starts_with("There is no list of organizations there (404). Check the base")
        );
        for request in ["GET /passwords/42", "GET /organizations/7/relationships/documents"] {
            assert!(said(request).starts_with("IT Glue has no such record (404). It was deleted"), "{request}");
        }
    }
}
