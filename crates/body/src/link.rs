//! Where links lead: to another record, to the web, to a mail address, to a place in the same body, or nowhere.

use url::Url;

use gluepot_core::model::{Kind, OrganizationId, RecordKey};
use gluepot_core::text::Clean;

/// Where a link leads, decided when the body is parsed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkTarget {
    /// Another record: a jump inside the program. The organization is the one named in the path
    Record(RecordKey, Option<OrganizationId>),
    /// A full `http` or `https` address in its ASCII form
    Web(Clean),
    /// A place in the same body, without the `#`
    Anchor(Clean),
    /// A mail address, without `mailto:`
    Mail(Clean),
    /// Anything else (`javascript:`, `data:`, `file:`, relative paths on no known host): shown, never opened
    Refused(Clean),
}

impl LinkTarget {
    /// What is shown after the text of the link, and what copying the link copies. Empty for records.
    pub fn address(&self) -> &str {
        match self {
            Self::Record(..) => "",
            Self::Web(target) | Self::Mail(target) | Self::Refused(target) => target,
            Self::Anchor(target) => target,
        }
    }
}

/// What is needed to tell a link between records from a link to the web.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct LinkBase {
    /// The organization the body belongs to
    pub organization: Option<OrganizationId>,
    /// Host names of the web app, lower case (`northbeam.itglue.com`): absolute links to them lead to records, and
    /// relative paths are taken to be on the first of them
    pub hosts: Vec<String>,
}

impl LinkBase {
    /// A base that knows hosts of the web app by their names or by any of their addresses.
    pub fn new<I, S>(organization: Option<OrganizationId>, hosts: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let hosts = hosts
            .into_iter()
            .filter_map(|host| {
                let host = host.as_ref().trim();
                match Url::parse(host) {
                    Ok(url) if url.has_host() => url.host_str().map(str::to_ascii_lowercase),
                    _ => (!host.is_empty()).then(|| host.trim_end_matches('/').to_ascii_lowercase()),
                }
            })
            .collect();
        Self { organization, hosts }
    }

    /// Decides where a `href` leads.
    pub fn resolve(&self, href: &str) -> LinkTarget {
        // As browsers do: control characters and blanks around are no part of it, tabs and line breaks neither.
        let href: String =
            href.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        if let Some(anchor) = href.strip_prefix('#') {
            return LinkTarget::Anchor(Clean::line(&escaped(anchor)));
        }
        // Never opened; a path is for reading and for copying into a file manager, so it stays as a person writes it, also
        // where a converter has escaped it.
        if is_file_path(&href) {
            return LinkTarget::Refused(Clean::line(&href));
        }
        let path = if href.contains("%5C") || href.contains("%5c") { unescaped(&href) } else { String::new() };
        if is_file_path(&path) {
            return LinkTarget::Refused(Clean::line(&path));
        }
        let escaped = escaped(&href);
        match scheme(&escaped) {
            Some(scheme) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {
                // `http:path` and the like are relative to the page in browsers; there is no page here.
                let slashes = href.get(scheme.len() + 1..).unwrap_or_default().replace('\\', "/");
                match Url::parse(&escaped).or_else(|_| Url::parse(&href)) {
                    Ok(url) if url.has_host() && slashes.starts_with("//") => self.web(&url),
                    _ => LinkTarget::Refused(Clean::line(&escaped)),
                }
            }
            Some(scheme) if scheme.eq_ignore_ascii_case("mailto") => {
                LinkTarget::Mail(Clean::line(escaped.get(scheme.len() + 1..).unwrap_or_default()))
            }
            Some(_) => LinkTarget::Refused(Clean::line(&escaped)),
            None => self.relative(&escaped),
        }
    }

    fn web(&self, url: &Url) -> LinkTarget {
        let known = url.host_str().is_some_and(|host| self.hosts.iter().any(|own| own == host));
        // A fragment with a path is a page of the web app's own, not the record.
        if known && url.scheme() == "http" && url.port().is_none() {
            // IT Glue's own addresses of attachments come without TLS: on its own host that is never wanted.
            let mut safe = url.clone();
            if safe.set_scheme("https").is_ok() {
                return self.web(&safe);
            }
        }
        if known
            && url.username().is_empty()
            && url.fragment().is_none_or(|f| !f.starts_with('/'))
            && let Some((key, organization)) = record_of_path(url.path())
        {
            return LinkTarget::Record(key, organization);
        }
        LinkTarget::Web(Clean::line(url.as_str()))
    }

    fn relative(&self, href: &str) -> LinkTarget {
        if !href.starts_with("//") && !href.starts_with("/%5C") {
            let path = href.split(['?', '#']).next().unwrap_or_default();
            if let Some((key, organization)) = record_of_path(path).filter(|_| href.starts_with('/')) {
                return LinkTarget::Record(key, organization);
            }
            if let Some(host) = self.hosts.first()
                && href.starts_with('/')
                && let Ok(url) = Url::parse(&format!("https://{host}{href}"))
                && url.host_str() == Some(host)
            {
                return LinkTarget::Web(Clean::line(url.as_str()));
            }
        }
        LinkTarget::Refused(Clean::line(href))
    }
}

/// A text without percent escapes. What is no UTF-8 behind them becomes marks.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the target of a link is a path of Windows: `\\\\server\\share` or `C:\\folder`.
pub fn is_file_path(href: &str) -> bool {
    let mut chars = href.chars();
    let drive = (chars.next(), chars.next(), chars.next());
    href.starts_with("\\\\") || matches!(drive, (Some(letter), Some(':'), Some('\\')) if letter.is_ascii_alphabetic())
}

/// The scheme in front of the first colon, if what stands there can be one.
fn scheme(href: &str) -> Option<&str> {
    let (scheme, _) = href.split_once(':')?;
    let mut chars = scheme.chars();
    let first = chars.next()?;
    (first.is_ascii_alphabetic() && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
        .then_some(scheme)
}

/// An address with everything unusual percent-encoded, the way Markdown converters write it, so that the same link
/// is the same from HTML and from Markdown.
pub(super) fn escaped(href: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(href.len());
    for c in href.chars() {
        if c.is_ascii_alphanumeric() || "-_.+!*'(),%#@?=;:/&$~".contains(c) {
            out.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                // Writing into a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Reads a path of the web app. The shapes are those that the web app's own address bar shows.
pub fn record_of_path(path: &str) -> Option<(RecordKey, Option<OrganizationId>)> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let first = parts.next()?;
    // The short form that the web app gives for sharing: `/DOC-ORGANIZATION-DOCUMENT`.
    if let Some((organization, document)) = first.strip_prefix("DOC-").and_then(|ids| ids.split_once('-')) {
        let key = RecordKey { kind: Kind::Document, id: id(document)? };
        return parts.next().is_none().then_some((key, Some(OrganizationId(id(organization)?))));
    }
    let organization = id(first)?;
    let Some(kind) = parts.next() else {
        return Some((RecordKey { kind: Kind::Organization, id: organization }, None));
    };
    let first = parts.next()?;
    let second = parts.next();
    let third = parts.next();
    if parts.next().is_some() {
        return None;
    }
    let (kind, id) = match (kind, first, second, third) {
        ("docs" | "documents", doc, None, None) => (Kind::Document, id(doc)?),
        ("documents" | "docs", "folder", Some(folder), None) => (Kind::DocumentFolder, id(folder)?),
        ("configurations", one, None, None) => (Kind::Configuration, id(one)?),
        ("passwords", one, None, None) => (Kind::Password, id(one)?),
        ("contacts", one, None, None) => (Kind::Contact, id(one)?),
        ("locations", one, None, None) => (Kind::Location, id(one)?),
        ("domains", one, None, None) => (Kind::Domain, id(one)?),
        ("checklists", one, None, None) => (Kind::Checklist, id(one)?),
        ("assets", "records", Some(one), None) => (Kind::FlexibleAsset, id(one)?),
        ("assets", _, Some("records"), Some(one)) => (Kind::FlexibleAsset, id(one)?),
        _ => return None,
    };
    Some((RecordKey { kind, id }, Some(OrganizationId(organization))))
}

/// The image a path of the web app names: the number after `images`.
pub(crate) fn image_of_path(source: &str) -> Option<u64> {
    let path = source.split(['?', '#']).next()?;
    let (before, last) = path.trim_end_matches('/').rsplit_once('/')?;
    before.ends_with("/images").then(|| id(last)).flatten()
}

fn id(text: &str) -> Option<u64> {
    (!text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Whether the visible text of a link names another address than the one the link leads to.
pub(crate) fn text_misleads(text: &str, target: &LinkTarget) -> bool {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_whitespace) {
        return false;
    }
    let has_scheme = scheme(text).is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"));
    let claimed = if has_scheme {
        Url::parse(text).ok()
    } else if looks_like_host(text) {
        Url::parse(&format!("https://{text}")).ok()
    } else {
        None
    };
    let Some(claimed) = claimed else { return false };
    match target {
        LinkTarget::Web(address) => {
            let Ok(real) = Url::parse(address) else { return true };
            let bare =
                |url: &Url| url.host_str().map(|h| h.trim_start_matches("www.").trim_end_matches('.').to_owned());
            let elsewhere = bare(&claimed) != bare(&real)
                || (has_scheme
                    && claimed.port_or_known_default() != real.port_or_known_default()
                    && claimed.scheme() == real.scheme());
            let other_path = claimed.path().trim_end_matches('/').len() > 1
                && real.path().trim_end_matches('/') != claimed.path().trim_end_matches('/')
                && !text.ends_with('…')
                && !text.ends_with("...");
            elsewhere || other_path || !real.username().is_empty()
        }
        // A record of ours under its own address, a word like "readme.md" over a jump: no claim about the web.
        LinkTarget::Record(..) | LinkTarget::Anchor(_) => has_scheme && record_of_path(claimed.path()).is_none(),
        LinkTarget::Mail(_) => has_scheme,
        LinkTarget::Refused(_) => has_scheme || text.to_ascii_lowercase().starts_with("www."),
    }
}

/// Whether the text of a link says where it leads, so that nothing needs to be added.
pub(super) fn says_target(text: &str, target: &LinkTarget) -> bool {
    match target {
        LinkTarget::Web(address) => {
            text == address.as_str()
                || (text.is_ascii()
                    && text.starts_with("www.")
                    && address
                        .strip_prefix("https://")
                        .is_some_and(|rest| rest.strip_suffix('/').unwrap_or(rest) == text))
                || (text.is_ascii() && address.strip_suffix('/') == Some(text))
                || (text.is_ascii()
                    && (text.starts_with("http://") || text.starts_with("https://"))
                    && Url::parse(text).is_ok_and(|url| url.as_str() == address.as_str()))
        }
        LinkTarget::Mail(address) => text == address.as_str(),
        LinkTarget::Refused(address) => text == address.as_str(),
        LinkTarget::Record(..) | LinkTarget::Anchor(_) => false,
    }
}

fn looks_like_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let mut labels = host.rsplit('.');
    let last = labels.next().unwrap_or_default();
    let known = ["com", "net", "org", "io", "dev", "app", "gov", "edu", "info", "biz", "cloud", "online", "site"];
    let ending = known.contains(&last.to_ascii_lowercase().as_str())
        || (last.chars().count() == 2 && last.chars().all(char::is_alphabetic))
        || last.starts_with("xn--");
    let rest: Vec<&str> = labels.collect();
    ending
        && !rest.is_empty()
        && !text.contains('@')
        && (rest.len() >= 2 || known.contains(&last.to_ascii_lowercase().as_str()) || text.contains('/'))
        && rest.iter().all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> LinkBase {
        LinkBase::new(Some(OrganizationId(7)), ["https://northbeam.itglue.com/"])
    }

    fn record(kind: Kind, id: u64, organization: u64) -> LinkTarget {
        LinkTarget::Record(RecordKey { kind, id }, Some(OrganizationId(organization)))
    }

    #[test]
    fn paths_of_the_web_app_lead_to_records() {
        for (path, kind, id) in [
            ("/7/docs/12", Kind::Document, 12),
            ("/7/documents/12", Kind::Document, 12),
            ("/7/documents/folder/3/", Kind::DocumentFolder, 3),
            ("/7/configurations/9021177", Kind::Configuration, 9_021_177),
            ("/7/passwords/1#section", Kind::Password, 1),
            ("/7/assets/15502-internet-wan/records/33", Kind::FlexibleAsset, 33),
            ("/7/assets/records/33", Kind::FlexibleAsset, 33),
            ("/7/contacts/4?x=y", Kind::Contact, 4),
            ("/DOC-7-12", Kind::Document, 12),
            ("/DOC-7-12#version=published&documentMode=view", Kind::Document, 12),
        ] {
            assert_eq!(base().resolve(path), record(kind, id, 7), "{path}");
            assert_eq!(base().resolve(&format!("https://northbeam.itglue.com{path}")), record(kind, id, 7), "{path}");
        }
        assert_eq!(
            base().resolve("/4120387"),
            LinkTarget::Record(RecordKey { kind: Kind::Organization, id: 4_120_387 }, None)
        );
    }

    #[test]
    fn the_same_path_elsewhere_is_only_a_web_address() {
        let web = |s: &str| LinkTarget::Web(Clean::line(s));
        assert_eq!(base().resolve("https://evil.example/7/docs/12"), web("https://evil.example/7/docs/12"));
        assert_eq!(
            base().resolve("https://northbeam.itglue.com@evil.example/7/docs/1"),
            web("https://northbeam.itglue.com@evil.example/7/docs/1")
        );
        assert_eq!(base().resolve("/settings"), web("https://northbeam.itglue.com/settings"));
        assert!(matches!(base().resolve("//evil.example/7/docs/12"), LinkTarget::Refused(_)));
        assert!(matches!(base().resolve("/\\evil.example/x"), LinkTarget::Refused(_)));
    }

    #[test]
    fn a_short_form_with_more_behind_it_is_no_document() {
        for path in ["/DOC-7", "/DOC-7-", "/DOC-7-12/x", "/DOC-7-1x", "/DOC-a-1", "/doc-7-12"] {
            assert!(matches!(base().resolve(path), LinkTarget::Web(_)), "{path}");
        }
    }

    #[test]
    fn the_web_host_is_never_opened_without_tls() {
        let web = |s: &str| LinkTarget::Web(Clean::line(s));
        let attachment = "https://northbeam.itglue.com/attachments/415";
        assert_eq!(base().resolve("http://northbeam.itglue.com/attachments/415"), web(attachment));
        assert_eq!(base().resolve("http://other.example/attachments/415"), web("http://other.example/attachments/415"));
        assert_eq!(base().resolve("http://northbeam.itglue.com/7/docs/12"), record(Kind::Document, 12, 7));
    }

    #[test]
    fn only_http_is_ever_opened() {
        for href in [
            "javascript:alert(1)",
            " java\nscript:alert(1)",
            "JAVASCRIPT:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "vbscript:x",
            "\u{1}javascript:x",
            "ssh://host",
            "-oProxyCommand=x",
            "relative/path",
            "http:",
            "http://",
        ] {
            assert!(matches!(base().resolve(href), LinkTarget::Refused(_)), "{href:?}");
        }
        assert_eq!(base().resolve("mailto:a@b.example"), LinkTarget::Mail("a@b.example".into()));
    }

    #[test]
    fn a_path_of_windows_is_shown_as_it_was_written() {
        for path in [r"\\fs1\share\it", r"\\fs1\share\IT docs\Übersicht.docx", r"C:\Tools\run.exe", r"s:\x y"] {
            assert_eq!(base().resolve(path), LinkTarget::Refused(Clean::line(path)), "{path}");
        }
        for escaped in ["%5C%5Cfs1%5Cshare%5CIT%20docs", "%5c%5cfs1\\share\\IT docs"] {
            assert_eq!(base().resolve(escaped).address(), r"\\fs1\share\IT docs", "{escaped}");
        }
        assert_eq!(base().resolve("\\\\fs1\\a\u{202e}b").address(), r"\\fs1\a‹202E›b");
    }

    #[test]
    fn hosts_are_shown_in_their_ascii_form() {
        assert_eq!(
            LinkBase::default().resolve("https://аpple.com/"),
            LinkTarget::Web("https://xn--pple-43d.com/".into())
        );
    }

    #[test]
    fn a_text_that_names_another_address_misleads() {
        let web = |s: &str| LinkTarget::Web(Clean::line(s));
        assert!(text_misleads("https://bank.example", &web("https://evil.example/")));
        assert!(text_misleads("www.bank.com", &web("https://evil.example/")));
        assert!(text_misleads("bank.com/login", &web("https://bank.com/other")));
        assert!(text_misleads("https://bank.com", &LinkTarget::Refused("javascript:x".into())));
        assert!(!text_misleads("bank.com", &web("https://www.bank.com/welcome")));
        assert!(!text_misleads("https://bank.com/a", &web("https://bank.com/a")));
        assert!(!text_misleads("the portal", &web("https://evil.example/")));
        assert!(!text_misleads("setup.exe", &web("https://evil.example/setup.exe")));
    }

    #[test]
    fn image_paths_give_the_image() {
        assert_eq!(image_of_path("/7/docs/12/images/99"), Some(99));
        assert_eq!(image_of_path("https://x.itglue.com/7/developer/images/99?x"), Some(99));
        assert_eq!(image_of_path("/7/docs/12/pictures/99"), None);
        assert_eq!(image_of_path("/images/rack.png"), None);
    }
}
