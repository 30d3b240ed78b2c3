//! What goes wrong, and to which requests.

use std::time::Duration;

/// The form of an error body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorBody {
    /// The errors array, `status` a number as the real service writes it
    Errors,
    /// The errors array, `status` a string as JSON:API wants it
    StringStatus,
    /// `{"message": …}`
    Gateway,
    /// A page
    Html,
    /// Nothing
    Empty,
    /// Plain text
    Text,
}

/// How `Retry-After` is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RetryAfter {
    /// Literal: seconds, or anything else
    Text(String),
    /// An HTTP date that many seconds from now
    Date(u64),
}

/// Something that goes wrong.
#[derive(Clone, PartialEq, Debug)]
pub enum Fault {
    /// The answer comes late
    Latency {
        /// At least this much
        wait: Duration,
        /// And up to this much more
        jitter: Duration,
    },
    /// An error answer
    Status {
        /// 400 to 599
        status: u16,
        /// Its body
        body: ErrorBody,
        /// Its `Retry-After`
        retry_after: Option<RetryAfter>,
    },
    /// No answer, the connection stays open
    Silent,
    /// The body comes byte by byte
    Drip {
        /// The pause between two bytes
        every: Duration,
    },
    /// Folder lists under an organization answer 401, 403 or 404
    FoldersRefused(u16),
    /// 200 with the page of a captive portal
    CaptivePortal,
    /// 302 to the same path on another host
    Redirect(String),
    /// The connection closes in the middle of the body
    Truncate {
        /// Bytes that get through; half of them without a number
        keep: Option<usize>,
    },
    /// The connection is reset without an answer
    Reset,
    /// The body never ends
    Endless,
    /// A well-formed answer of that many bytes
    Oversized(u64),
    /// The same, packed by gzip if the client accepts it
    Bomb(u64),
    /// A row that sorts first appears after each list
    Insert,
    /// The first row of each list is deleted after it was sent
    Delete,
    /// The first row of each list gets a name that sorts last
    Rename,
    /// Writes that are done are answered without a body
    EmptyWrite,
    /// Lists without `meta`
    NoMeta,
    /// Lists without `links`
    NoLinks,
    /// `total-count` is off
    WrongTotal(i64),
    /// The next page is always page 1
    PageLoop,
    /// There is always a next page
    PageEndless,
    /// Document bodies are strings
    LegacyContent,
    /// `content-type` has a charset
    Charset,
    /// Lists under an organization hold a row of another one
    ForeignRow,
    /// Lists hold a row that cannot be read
    MalformedRow,
    /// Passwords come without their value
    NoAccess,
    /// Rows of password lists carry the value
    ListPassword,
    /// Folders, tasks and certificates can be listed at the top level
    OpenLists,
    /// Only documented filters, sort fields and includes work
    Strict,
    /// `links` is `{}` where one page holds everything
    BareLinks,
    /// `psa_id` and `rmm_id` without their type are ignored
    PairAlone,
    /// Attachments are kept on the host of the API
    ApiDownloads,
}

/// A fault with the requests it strikes.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// What happens
    pub fault: Fault,
    /// Only to this method
    pub method: Option<String>,
    /// Only where path and query contain this
    pub path: Option<String>,
    /// After letting that many matching requests pass
    pub after: u64,
    /// That many times at most
    pub count: Option<u64>,
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        Self { fault, method: None, path: None, after: 0, count: None }
    }
}

impl Rule {
    /// Only where path and query contain this.
    pub fn on(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Only to this method.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// That many times at most.
    pub fn times(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// After letting that many matching requests pass.
    pub fn after(mut self, after: u64) -> Self {
        self.after = after;
        self
    }

    pub(super) fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.path.as_deref().is_none_or(|wanted| path.contains(wanted))
    }
}
