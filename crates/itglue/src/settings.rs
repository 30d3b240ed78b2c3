//! The client's settings: address, key, rate and timeouts.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use url::{Host, Url};

use gluepot_core::model::SourceId;
use gluepot_core::secret::LockedKey;
use gluepot_core::text::Clean;

/// A region of IT Glue. A key works in its own region only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Region {
    /// `api.itglue.com`
    #[default]
    Us,
    /// `api.eu.itglue.com`
    Eu,
    /// `api.au.itglue.com`
    Au,
}

impl Region {
    /// Every region, for help texts and for "did you mean".
    pub const ALL: [Self; 3] = [Self::Us, Self::Eu, Self::Au];

    /// The two letters people use: `us`, `eu`, `au`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Eu => "eu",
            Self::Au => "au",
        }
    }

    /// The API's address in this region.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Us => "https://api.itglue.com",
            Self::Eu => "https://api.eu.itglue.com",
            Self::Au => "https://api.au.itglue.com",
        }
    }
}

impl FromStr for Region {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        Self::ALL.into_iter().find(|region| region.label().eq_ignore_ascii_case(text.trim())).ok_or(BadAddress::Region)
    }
}

/// Why an address cannot be the API's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadAddress {
    /// Not one of the three
    #[error("the region is one of us, eu, au")]
    Region,
    /// Not an address at all
    #[error("the base URL is not an address; it looks like https://api.itglue.com")]
    NotAnAddress,
    /// Plain http to another machine, or another scheme
    #[error("the base URL must begin with https:// (plain http only to this machine: 127.0.0.1, ::1, localhost)")]
    Insecure,
    /// A user, password, query or fragment in the address
    #[error("the base URL must hold no user name, password, query or fragment")]
    Extra,
}

/// A base URL that was checked: https, or http to loopback; no user, query or fragment; ends without a slash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Checks an address. A path is kept, since gateways put the API below one.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let url = Url::parse(text.trim()).map_err(|_| BadAddress::NotAnAddress)?;
        if url.host().is_none() || url.cannot_be_a_base() {
            return Err(BadAddress::NotAnAddress);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(BadAddress::Insecure),
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(BadAddress::Extra);
        }
        Ok(Self(url))
    }

    /// The address of the API in a region.
    pub fn of(region: Region) -> Self {
        Self::parse(region.base_url()).expect("the three addresses are written above")
    }

    /// The address itself.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether it is this machine: no proxy is asked and no certificates are loaded.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

/// How fast the client may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Requests in any second
    pub per_second: u32,
    /// Requests in any window
    pub per_window: u32,
    /// Length of the window
    pub window: Duration,
    /// Open requests at the same time
    pub at_once: u32,
}

/// IT Glue documents 3,000 requests in 5 minutes for the whole account and nothing per second; other clients keep
/// to about 10 a second, so 8 leaves room for them.
impl Default for Pace {
    fn default() -> Self {
        Self { per_second: 8, per_window: 3_000, window: Duration::from_secs(300), at_once: 6 }
    }
}

/// How long each stage of a request may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// Name lookup, TCP and TLS
    pub connect: Duration,
    /// From sending to the first byte of the answer's head
    pub first_byte: Duration,
    /// Between two pieces of the body
    pub idle: Duration,
    /// The request from beginning to end with every try; the wait for its turn, which the quota asks for, not counted
    pub whole: Duration,
}

/// After half a minute the user knows what became of a request. Slow lists of real accounts can take most of that;
/// a body that only drips is dropped much earlier (`DRIP_AFTER` in `transport`).
impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(20),
            idle: Duration::from_secs(10),
            whole: Duration::from_secs(30),
        }
    }
}

/// How many rows are requested at once. Other numbers than the defaults only make sense in tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageSizes {
    /// The first page of any list, so that rows show after one short answer
    pub first: u32,
    /// The pages after it; the API's maximum is 1,000
    pub rest: u32,
    /// Every page of documents: they carry their bodies
    pub documents: u32,
    /// The newest rows that are looked at when a long list is complete
    pub newest: u32,
}

impl Default for PageSizes {
    fn default() -> Self {
        Self { first: 100, rest: 1_000, documents: 100, newest: 25 }
    }
}

/// The organization lock: which organization every request has to be about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Inside {
    /// There is no lock
    #[default]
    Anywhere,
    /// This one
    Of(u64),
    /// The one of this name, once it is found
    Named {
        /// Its whole name
        name: String,
        /// The id it must also have, if one was given
        id: Option<u64>,
    },
    /// None can be: nothing is requested, for this reason
    Nothing(Clean),
}

impl Inside {
    /// The organization that a text means: an id if it is a number, else a name.
    pub fn the(text: &str) -> Self {
        match text.parse() {
            Ok(id) => Self::Of(id),
            Err(_) => Self::Named { name: text.to_owned(), id: None },
        }
    }

    /// Both locks. `None` where they contradict each other.
    pub fn and(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Anywhere, one) | (one, Self::Anywhere) => one,
            (Self::Nothing(why), _) | (_, Self::Nothing(why)) => Self::Nothing(why),
            (Self::Of(one), Self::Of(other)) if one == other => Self::Of(one),
            (Self::Of(_), Self::Of(_)) => return None,
            (Self::Of(one), Self::Named { name, id }) | (Self::Named { name, id }, Self::Of(one)) => {
                if id.is_some_and(|id| id != one) {
                    return None;
                }
                Self::Named { name, id: Some(one) }
            }
            (Self::Named { name, id }, Self::Named { name: other, id: same }) => {
                let clash = id.zip(same).is_some_and(|(id, same)| id != same);
                if name.to_lowercase() != other.to_lowercase() || clash {
                    return None;
                }
                Self::Named { name, id: id.or(same) }
            }
        })
    }
}

/// In words, for the status screen.
impl std::fmt::Display for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Anywhere => f.write_str("all organizations"),
            Self::Of(id) => write!(f, "organization {id} only"),
            Self::Named { name, .. } => write!(f, "the organization named {} only", Clean::line(name)),
            Self::Nothing(why) => write!(f, "no organization: {why}"),
        }
    }
}

/// Everything a [`super::Client`] is made from.
#[derive(Clone)]
pub struct Settings {
    /// What every key of a record and list of this account names
    pub source: SourceId,
    /// Where the API is
    pub base_url: BaseUrl,
    /// What the screen calls that place: `us`, `eu`, `au`, `demo` or a host name
    pub region: Clean,
    /// The API key, in separate memory
    pub key: Arc<LockedKey>,
    /// Certificates (PEM) to trust besides those of the system: a company's own CA
    pub ca_file: Option<PathBuf>,
    /// How fast
    pub pace: Pace,
    /// The folder in which the processes of this user count their requests together; without it each counts for itself
    pub quota_folder: Option<PathBuf>,
    /// How patient
    pub timeouts: Timeouts,
    /// How many bytes of one answer are read, after decompression
    pub max_body: usize,
    /// How many rows at once
    pub pages: PageSizes,
    /// The organization lock
    pub inside: Inside,
    /// The `User-Agent` header
    pub user_agent: String,
}

impl Settings {
    /// Settings with every default for an address and a key.
    pub fn new(base_url: BaseUrl, region: impl Into<Clean>, key: Arc<LockedKey>) -> Self {
        Self {
            source: SourceId::NONE,
            base_url,
            region: region.into(),
            key,
            ca_file: None,
            pace: Pace::default(),
            quota_folder: None,
            timeouts: Timeouts::default(),
            max_body: 32 * 1024 * 1024,
            pages: PageSizes::default(),
            inside: Inside::Anywhere,
            user_agent: concat!("gluepot/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_is_https_or_this_machine() {
        for good in [
            "https://api.itglue.com",
            "https://gateway.example.com/itglue/",
            "http://127.0.0.1:8080",
            "http://[::1]:9",
            "http://localhost:1",
        ] {
            assert!(BaseUrl::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://api.itglue.com", BadAddress::Insecure),
            ("http://127.0.0.1.example.com", BadAddress::Insecure),
            ("http://localhost.example.com", BadAddress::Insecure),
            ("ftp://127.0.0.1", BadAddress::Insecure),
            ("file:///etc/passwd", BadAddress::NotAnAddress),
            ("api.itglue.com", BadAddress::NotAnAddress),
            ("https://user:pw@api.itglue.com", BadAddress::Extra),
            ("https://api.itglue.com/?a=b", BadAddress::Extra),
        ] {
            assert_eq!(BaseUrl::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn two_locks_agree_or_contradict_each_other() {
        let both = |one: &str, other: &str| Inside::the(one).and(Inside::the(other));
        assert_eq!(both("7", "7"), Some(Inside::Of(7)));
        assert_eq!(both("7", "8"), None);
        assert_eq!(both("Acme", "ACME"), Some(Inside::the("Acme")));
        assert_eq!(both("Acme", "Beta"), None);
        let named = Inside::Named { name: "Acme".to_owned(), id: Some(7) };
        assert_eq!(both("7", "Acme"), Some(named.clone()));
        assert_eq!(both("Acme", "7"), Some(named.clone()));
        assert_eq!(named.clone().and(Inside::the("8")), None);
        assert_eq!(named.clone().and(Inside::Anywhere), Some(named));
        let nothing = Inside::Nothing("why".into());
        assert_eq!(nothing.clone().and(Inside::the("7")), Some(nothing));
    }

    #[test]
    fn regions_are_known_by_their_letters() {
        assert_eq!("EU".parse(), Ok(Region::Eu));
        assert_eq!("uk".parse::<Region>(), Err(BadAddress::Region));
    }
}
