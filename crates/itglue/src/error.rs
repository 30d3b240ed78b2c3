//! What can go wrong on the way to IT Glue, in the words of someone who must fix it.
//!
//! An [`ApiError`] says what happened ([`ApiError::headline`]), to which request ([`ApiError::request`]) and what
//! to do next ([`ApiError::next_step`]). Text of the server is filtered and cut before it gets in here; the key and
//! the query of a request never do.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::settings::Region;
use gluepot_core::library::{Remedy, Trouble};
use gluepot_core::text::Clean;

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
    /// Nothing listens there
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
    /// The answer is about another record or organization than the requested one
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
    /// Cancelled by us
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

    /// What happened and to which request, in one sentence without an end mark: "IT Glue refused the key for region us
    /// (401)".
    pub fn headline(&self) -> String {
        let (at, host, subject) = (self.at(), self.host(), self.subject());
        match &self.failure {
            Failure::Unauthorized => format!("IT Glue refused the key{at} (401)"),
            Failure::JwtOnly => format!("IT Glue keeps {subject} from API keys (401)"),
            Failure::Forbidden(Refusal::MissingRight) => format!("This key may not read {subject} (403)"),
            Failure::Forbidden(Refusal::KeyOrRegion) => format!("IT Glue refused the key{at} (403)"),
            Failure::Forbidden(Refusal::Unclear) => format!("IT Glue refused {subject} (403)"),
            Failure::NotFound if self.is_whole_list() => format!("There is no list of {subject} at {host} (404)"),
            Failure::NotFound => format!("IT Glue has no such record in {subject} (404)"),
            Failure::UnsupportedMediaType => format!("IT Glue refused the form of the request for {subject} (415)"),
            Failure::Rejected => format!("IT Glue rejected the request for {subject} (422)"),
            Failure::TooManyRequests { retry_in } => {
                format!("IT Glue takes no more requests for {} (429)", span(*retry_in))
            }
            Failure::Server(status) => format!("IT Glue failed on {subject} ({status})"),
            Failure::Status(status) => format!("IT Glue gave an unknown answer for {subject} ({status})"),
            Failure::Redirect { to } if to.is_empty() => "The answer was a redirect, which is not followed".to_owned(),
            Failure::Redirect { to } => format!("The answer was a redirect to {to}, which is not followed"),
            Failure::WebPage => "A web page came instead of IT Glue's answer".to_owned(),
            Failure::Tls => "The connection to IT Glue is not safe: TLS failed".to_owned(),
            Failure::Dns => format!("Cannot resolve {host}"),
            Failure::Refused => format!("{host} refused the connection"),
            Failure::Proxy => format!("The proxy did not connect to {host}"),
            Failure::Network => format!("The connection to {host} failed"),
            Failure::Timeout(Stage::Connect) => format!("Connecting to {host} took too long"),
            Failure::Timeout(Stage::FirstByte) => format!("IT Glue did not answer in time ({subject})"),
            Failure::Timeout(Stage::Idle) => format!("IT Glue stopped in the middle of its answer ({subject})"),
            Failure::Timeout(Stage::Whole) => format!("IT Glue's answer took too long ({subject})"),
            Failure::TooLarge { limit } => {
                format!("The answer for {subject} is larger than {} MB", limit / 1_000_000)
            }
            Failure::Truncated => format!("The answer for {subject} ended too early"),
            Failure::BadAnswer => format!("The answer for {subject} is not in the form that IT Glue documents"),
            Failure::WrongRecord => format!("The answer for {subject} was about another record and was dropped"),
            Failure::NoEndpoint => format!("IT Glue's API does not give {subject}"),
            Failure::NotRecorded => "Nothing was fetched: the audit record does not cover it".to_owned(),
            Failure::OutsideLock => "Not asked for: the organization lock keeps it from leaving".to_owned(),
            Failure::NothingInside { why } => {
                format!("Nothing is asked for: the organization lock has nothing to keep to, {why}")
            }
            Failure::Cancelled => "Cancelled".to_owned(),
            Failure::Setup => "The connection could not be set up".to_owned(),
        }
    }

    /// What to do now, in one or two short sentences.
    pub fn next_step(&self) -> String {
        self.next_step_by("try again")
    }

    /// The same. `again` is how to try again there: "press R".
    pub fn next_step_by(&self, again: &str) -> String {
        let region = self.region().is_some();
        match &self.failure {
            Failure::Unauthorized => {
                "The key may be paused, revoked, or unused for 90 days. An IT Glue administrator sees it \
                 under Account > Settings > API Keys. Start gluepot again with a good key."
                    .to_owned()
            }
            Failure::JwtOnly | Failure::NoEndpoint | Failure::TooLarge { .. } => "Open it in the web app.".to_owned(),
            Failure::Forbidden(Refusal::KeyOrRegion) if region => {
                "Check the key and the region (us, eu or au), then start gluepot again.".to_owned()
            }
            Failure::Forbidden(Refusal::KeyOrRegion) => {
                "Check the key and the base URL, then start gluepot again.".to_owned()
            }
            Failure::Forbidden(Refusal::MissingRight) => {
                "Ask an IT Glue administrator for the right, or open it in the web app.".to_owned()
            }
            Failure::Forbidden(Refusal::Unclear) => {
                let place = if region { "region (us, eu or au)" } else { "base URL" };
                format!("Check the key, the {place}, and whether your address is on the account's allow list.")
            }
            Failure::NotFound if self.is_whole_list() && region => {
                format!("Something on the way may have answered: check the network and the proxy, then {again}.")
            }
            Failure::NotFound if self.is_whole_list() => {
                "Check the base URL: it is the address of the API, not of the web app, and mostly has no path."
                    .to_owned()
            }
            Failure::NotFound => format!("It was deleted, or this key may not see it. Refresh the list: {again}."),
            Failure::UnsupportedMediaType | Failure::Rejected | Failure::Status(_) | Failure::BadAnswer if region => {
                "The API may have changed: look for a newer gluepot, and open it in the web app.".to_owned()
            }
            Failure::UnsupportedMediaType | Failure::Rejected | Failure::Status(_) | Failure::BadAnswer => {
                "Check the base URL; if it is right, look for a newer gluepot.".to_owned()
            }
            Failure::TooManyRequests { .. } => {
                format!("All programs that use the account share its limit. Wait, then {again}.")
            }
            Failure::Server(_) => format!("Wait a little, then {again}. status.itglue.com lists known problems."),
            Failure::Redirect { .. } => {
                let address = if region { "" } else { "Check the base URL. " };
                format!("{address}A sign-in page of the network redirects like this: open a web page, then {again}.")
            }
            Failure::WebPage => format!(
                "A sign-in page of the network or a proxy is in the way: open any web page in a browser, then {again}."
            ),
            Failure::Tls => {
                "Check the clock and the network. If a company proxy inspects TLS, name its certificate as \
                 the CA file (ca_file in config.toml)."
                    .to_owned()
            }
            Failure::Dns | Failure::Network | Failure::Timeout(Stage::Connect) if region => {
                format!("Check network and VPN, then {again}.")
            }
            Failure::Dns | Failure::Network | Failure::Timeout(Stage::Connect) => {
                format!("Check the base URL, network and VPN, then {again}.")
            }
            Failure::Refused if region => format!("Check VPN and firewall, then {again}."),
            Failure::Refused => format!("Check the base URL and the firewall, then {again}."),
            Failure::Proxy => format!(
                "Check the proxy, then {again}. HTTPS_PROXY, ALL_PROXY and NO_PROXY name it and are read at the start."
            ),
            Failure::Timeout(_) | Failure::Truncated => format!("Check the network, then {again}."),
            Failure::WrongRecord => format!("To ask once more, {again}. If it stays so, do not trust this server."),
            Failure::NotRecorded => format!("Every fetch needs an audit record of its own: {again}."),
            Failure::OutsideLock => {
                "It is another client's, or not seen yet in a list of this one: open that list first. \
                 The lock is --lock-org's or a policy's; it holds until the program ends."
                    .to_owned()
            }
            Failure::NothingInside { .. } => {
                "Name the organization by its id, which is in its web address, in the policy or \
                 after --org, and start again."
                    .to_owned()
            }
            Failure::Cancelled => format!("To load it, {again}."),
            Failure::Setup => {
                "Put that right and start gluepot again; gluepot doctor looks at proxy and certificates.".to_owned()
            }
        }
    }

    /// Both sentences.
    pub fn told(&self, again: &str) -> String {
        format!("{}. {}", self.headline(), self.next_step_by(again))
    }

    /// What a pane calls this in one word.
    pub fn word(&self) -> &'static str {
        match &self.failure {
            Failure::Unauthorized | Failure::JwtOnly => "refused",
            Failure::Forbidden(_) => "forbidden",
            _ => "failed",
        }
    }

    /// The region, where requests go to the address of one.
    fn region(&self) -> Option<Region> {
        Region::ALL.into_iter().find(|region| region.label() == self.region.as_str())
    }

    /// Where the key was shown, behind "the key".
    fn at(&self) -> String {
        match self.region() {
            Some(region) => format!(" for region {}", region.label()),
            None => format!(" at {}", self.host()),
        }
    }

    /// The host that requests go to.
    fn host(&self) -> String {
        match self.region() {
            Some(region) => region.base_url().trim_start_matches("https://").to_owned(),
            None if self.region.as_str() == "demo" => "the demo".to_owned(),
            None => self.region.to_string(),
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

    /// Whether we cancelled it, which is not an error to show.
    pub fn cancelled(&self) -> bool {
        self.failure == Failure::Cancelled
    }

    /// Whether a list of the whole account was requested, which is there in every account.
    fn is_whole_list(&self) -> bool {
        self.request.split_once(" /").is_some_and(|(_, path)| !path.contains('/'))
    }

    /// What the request was about, for the sentence "may not read …": the last word of the path that is not an id.
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

/// What the library and the screen know of it.
impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        let remedy = match error.failure {
            Failure::Cancelled => Remedy::Cancelled,
            Failure::NothingInside { .. } => Remedy::NoneHere,
            _ if error.forbidden() => Remedy::AnotherKey,
            _ if error.retryable() => Remedy::Later,
            _ => Remedy::AsSaid,
        };
        Self::new(error.headline(), Arc::clone(&error.request), remedy, |again| error.next_step_by(again))
            .called(error.word())
            .saying(&error.detail)
    }
}

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

    fn error(failure: Failure, request: &str, place: &str) -> ApiError {
        ApiError::new(failure, &request.into(), &Clean::line(place), "")
    }

    #[test]
    fn a_list_that_is_not_there_blames_the_address_and_a_record_itself() {
        let said = |request: &str| error(Failure::NotFound, request, "gateway.example.com").told("press R");
        assert_eq!(
            said("GET /organizations"),
            "There is no list of organizations at gateway.example.com (404). Check the base URL: it is the address of the \
             API, not of the web app, and mostly has no path."
        );
        for request in ["GET /passwords/42", "GET /organizations/7/relationships/documents"] {
            assert!(said(request).starts_with("IT Glue has no such record in "), "{request}");
            assert!(said(request).ends_with("It was deleted, or this key may not see it. Refresh the list: press R."));
        }
    }

    #[test]
    fn a_base_url_is_not_a_region() {
        let all = |place: &str| {
            [
                Failure::Unauthorized,
                Failure::Forbidden(Refusal::KeyOrRegion),
                Failure::Forbidden(Refusal::Unclear),
                Failure::NotFound,
                Failure::BadAnswer,
                Failure::Dns,
                Failure::Refused,
                Failure::Network,
                Failure::Redirect { to: "x.example".into() },
            ]
            .map(|failure| error(failure, "GET /organizations", place).told("press R"))
        };
        for told in all("gateway.example.com") {
            assert!(!told.contains("region"), "{told}");
        }
        for told in all("eu") {
            assert!(!told.contains("base URL"), "{told}");
        }
        assert!(all("eu")[0].starts_with("IT Glue refused the key for region eu (401). "), "{:?}", all("eu"));
        assert!(all("gw.example")[0].starts_with("IT Glue refused the key at gw.example (401). "));
        assert_eq!(all("us")[5], "Cannot resolve api.itglue.com. Check network and VPN, then press R.");
        assert_eq!(all("au")[6], "api.au.itglue.com refused the connection. Check VPN and firewall, then press R.");
    }

    #[test]
    fn what_a_pane_calls_it_is_what_the_sentence_says() {
        for (failure, word) in [
            (Failure::Unauthorized, "refused"),
            (Failure::JwtOnly, "refused"),
            (Failure::Forbidden(Refusal::MissingRight), "forbidden"),
            (Failure::Server(500), "failed"),
        ] {
            assert_eq!(error(failure, "GET /x", "us").word(), word);
        }
    }
}
