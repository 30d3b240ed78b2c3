//! The proxy between this machine and IT Glue, as the environment names it.
//!
//! The variables are curl's: `HTTPS_PROXY` or else `ALL_PROXY`, in capital or small letters, and `NO_PROXY` for the hosts
//! that are reached without one. An empty variable is one that is not set. A value that cannot be used is refused by the
//! variable's name before anything is sent: passing it over would send requests another way than the person meant.

use std::ffi::OsString;
use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::settings::BaseUrl;
use gluepot_core::text::Clean;

/// The variables that may name the proxy, the first that is set first.
const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The variables that may name hosts to reach without it.
const EXCEPT: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// The kinds that the HTTP client knows.
const SCHEMES: [&str; 6] = ["http", "https", "socks5h", "socks5", "socks4a", "socks4"];

/// The proxy that requests go through.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    variable: &'static str,
    /// With the user name and password it may need
    url: Url,
}

/// A proxy that is named and cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{variable} names a proxy that cannot be used: {why}. Correct the variable or unset it")]
pub struct UnusableProxy {
    variable: &'static str,
    why: Clean,
}

impl Proxy {
    /// The proxy on the way to an address by the variables of this process.
    ///
    /// # Errors
    /// A variable names one that cannot be used.
    pub fn of_process(base: &BaseUrl) -> Result<Option<Self>, UnusableProxy> {
        Self::of(base, |name| std::env::var_os(name))
    }

    /// The proxy on the way to an address.
    ///
    /// # Errors
    /// A variable names one that cannot be used.
    pub fn of(base: &BaseUrl, get: impl Fn(&str) -> Option<OsString>) -> Result<Option<Self>, UnusableProxy> {
        if base.is_loopback() {
            return Ok(None);
        }
        let set = |name: &&'static str| {
            let value = get(name)?.to_string_lossy().trim().to_owned();
            (!value.is_empty()).then_some((*name, value))
        };
        let Some((variable, value)) = NAMES.iter().find_map(set) else { return Ok(None) };
        let except = EXCEPT.iter().find_map(set).map(|(_, value)| value).unwrap_or_default();
        // Whether a host is among the exceptions is decided by the HTTP client's own code, for a proxy that takes all.
        let taken = Matcher::builder().all("http://localhost:1").no(except).build();
        if base.as_url().as_str().parse().is_ok_and(|uri| taken.intercept(&uri).is_none()) {
            return Ok(None);
        }
        let unusable = |why: &str| UnusableProxy { variable, why: Clean::line(why) };
        read(&value).map(|url| Some(Self { variable, url })).map_err(|why| unusable(&why))
    }

    /// The same for the HTTP client.
    pub(super) fn for_client(&self) -> Result<reqwest::Proxy, reqwest::Error> {
        reqwest::Proxy::all(self.url.as_str())
    }
}

/// Kind, host and port, and the variable; never a user name or password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = Clean::line(self.url.host_str().unwrap_or_default());
        match self.url.scheme() {
            "http" => {}
            scheme => write!(f, "{scheme}://")?,
        }
        f.write_str(&host)?;
        if let Some(port) = self.url.port() {
            write!(f, ":{port}")?;
        }
        write!(f, " ({})", self.variable)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// Reads the address of a proxy. What is wrong is said without the value, which may hold a password.
fn read(value: &str) -> Result<Url, String> {
    let form = "it is not an address such as http://proxy.example.com:3128 or socks5h://127.0.0.1:1080";
    if value.contains(|c: char| c.is_whitespace() || c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Err("there is a blank or a character in it that no address has".to_owned());
    }
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    let scheme = scheme.to_ascii_lowercase();
    if !SCHEMES.contains(&scheme.as_str()) {
        let told: String = scheme.chars().take(20).filter(char::is_ascii_alphanumeric).collect();
        return Err(format!("its kind, {told}, is not one of {}", SCHEMES.join(", ")));
    }
    let rest = rest.trim_end_matches('/');
    if rest.contains(['/', '?', '#', '\\']) {
        return Err(form.to_owned());
    }
    let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| form.to_owned())?;
    match (url.host_str(), url.port()) {
        (None | Some(""), _) => Err("it names no host".to_owned()),
        (_, Some(0)) => Err("its port is 0".to_owned()),
        // The client reads addresses by another library, and passes over one that it cannot read.
        _ if url.as_str().parse::<hyper::Uri>().is_err() => Err(form.to_owned()),
        _ => Ok(url),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Option<String>, String> {
        let base = BaseUrl::parse("https://api.itglue.com").unwrap();
        let get = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value));
        Proxy::of(&base, get).map(|proxy| proxy.map(|proxy| proxy.to_string())).map_err(|error| error.to_string())
    }

    #[test]
    fn the_first_variable_that_says_something_names_the_proxy() {
        for (pairs, told) in [
            (vec![], None),
            (vec![("HTTPS_PROXY", ""), ("https_proxy", "  "), ("ALL_PROXY", "")], None),
            (vec![("HTTP_PROXY", "http://a:1")], None),
            (vec![("HTTPS_PROXY", " http://127.0.0.1:3128 ")], Some("127.0.0.1:3128 (HTTPS_PROXY)")),
            (vec![("HTTPS_PROXY", ""), ("https_proxy", "b:1")], Some("b:1 (https_proxy)")),
            (vec![("https_proxy", "b:1"), ("ALL_PROXY", "a:1")], Some("b:1 (https_proxy)")),
            (vec![("ALL_PROXY", "SOCKS5H://u:p@[::1]:1080/")], Some("socks5h://[::1]:1080 (ALL_PROXY)")),
            (vec![("all_proxy", "socks4a://proxy")], Some("socks4a://proxy (all_proxy)")),
            (vec![("HTTPS_PROXY", "https://me:pw@proxy:8443")], Some("https://proxy:8443 (HTTPS_PROXY)")),
            (vec![("HTTPS_PROXY", "http://a:1"), ("NO_PROXY", "itglue.com")], None),
            (vec![("HTTPS_PROXY", "http://a:1"), ("NO_PROXY", "x.com, .itglue.com")], None),
            (vec![("HTTPS_PROXY", "http://a:1"), ("NO_PROXY", ""), ("no_proxy", "*")], None),
            (vec![("HTTPS_PROXY", "http://a:1"), ("NO_PROXY", "glue.com")], Some("a:1 (HTTPS_PROXY)")),
            (vec![("HTTPS_PROXY", "nonsense://"), ("NO_PROXY", "itglue.com")], None),
        ] {
            assert_eq!(with(&pairs), Ok(told.map(str::to_owned)), "{pairs:?}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_named_without_what_it_holds() {
        for (value, why) in [
            ("http://127.0.0.1:0", "its port is 0"),
            ("http://127.0.0.1:99999", "not an address"),
            ("http://me:s3cret@", "not an address"),
            ("socks5://:1080", "no"),
            ("ftp://me:s3cret@proxy", "its kind, ftp, is not one of http, https, socks5h"),
            ("http:/proxy:3128", "not an address"),
            ("http://me:s3cret @proxy:1", "there is a blank"),
            ("http://proxy\u{7f}:1", "there is a blank or a character"),
            ("http://proxy/path", "not an address"),
            ("::::", "not an address"),
        ] {
            let told = with(&[("ALL_PROXY", value)]).unwrap_err();
            assert!(told.starts_with("ALL_PROXY names a proxy that cannot be used: ") && told.contains(why), "{told}");
            assert!(told.ends_with("Correct the variable or unset it") && !told.contains("s3cret"), "{told}");
        }
        // This machine needs none, whatever is named.
        let base = BaseUrl::parse("http://localhost:1").unwrap();
        assert_eq!(Proxy::of(&base, |_| Some("nonsense://".into())), Ok(None));
    }

    proptest! {
        /// What is not refused is used: the HTTP client does not pass over it.
        #[test]
        fn what_is_taken_the_client_takes(value in "(socks5|socks5h|http|https|ftp)?(://|:/|)[a-z:@%./0-9 é-]{0,16}") {
            let base = BaseUrl::parse("https://api.itglue.com").unwrap();
            if let Ok(Some(proxy)) = Proxy::of(&base, |name| (name == "HTTPS_PROXY").then(|| value.clone().into())) {
                let uri = "https://api.itglue.com/".parse().unwrap();
                let matcher = Matcher::builder().all(proxy.url.as_str().to_owned()).build();
                prop_assert!(matcher.intercept(&uri).is_some(), "{value:?} {proxy:?}");
                prop_assert!(proxy.for_client().is_ok());
            }
        }
    }
}
