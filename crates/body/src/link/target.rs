//! Where a link leads, and what is needed to tell.

use std::borrow::Cow;

use url::Url;

use super::escape::{escaped, is_file_path, scheme, unescaped};
use super::path::record_of_path;
use gluepot_core::model::{OrganizationId, RecordKey, SourceId};
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
    /// The account the body comes from: what it leads to is in the same one
    pub source: SourceId,
    /// The organization the body belongs to
    pub organization: Option<OrganizationId>,
    /// Host names of the web app, lower case (`northbeam.itglue.com`): absolute links to them lead to records, and
    /// relative paths are taken to be on the first of them
    pub hosts: Vec<String>,
}

impl LinkBase {
    /// A base that knows hosts of the web app by their names or by any of their addresses.
    pub fn new<I, S>(source: SourceId, organization: Option<OrganizationId>, hosts: I) -> Self
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
        Self { source, organization, hosts }
    }

    /// Decides where a `href` leads.
    pub fn resolve(&self, href: &str) -> LinkTarget {
        // As browsers do: control characters and blanks around it are not part of it, nor are tabs and line breaks.
        let mut href = Cow::Borrowed(href.trim_matches(|c: char| c <= ' '));
        if href.contains(['\t', '\n', '\r']) {
            href = Cow::Owned(href.replace(['\t', '\n', '\r'], ""));
        }
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
                let path = href.as_bytes().get(scheme.len() + 1..scheme.len() + 3).unwrap_or_default();
                let slashes = path.len() == 2 && path.iter().all(|byte| matches!(byte, b'/' | b'\\'));
                match Url::parse(&escaped).or_else(|_| Url::parse(&href)) {
                    Ok(url) if url.has_host() && slashes => self.web(&url),
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
            && let Some((key, organization)) = record_of_path(self.source, url.path())
        {
            return LinkTarget::Record(key, organization);
        }
        LinkTarget::Web(Clean::line(url.as_str()))
    }

    fn relative(&self, href: &str) -> LinkTarget {
        if !href.starts_with("//") && !href.starts_with("/%5C") {
            let path = href.split(['?', '#']).next().unwrap_or_default();
            if let Some((key, organization)) = record_of_path(self.source, path).filter(|_| href.starts_with('/')) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use gluepot_core::model::Kind;

    fn base() -> LinkBase {
        LinkBase::new(SourceId::NONE, Some(OrganizationId::new(SourceId::NONE, 7)), ["https://northbeam.itglue.com/"])
    }

    fn record(kind: Kind, id: u64, organization: u64) -> LinkTarget {
        LinkTarget::Record(
            RecordKey::new(SourceId::NONE, kind, id),
            Some(OrganizationId::new(SourceId::NONE, organization)),
        )
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
            LinkTarget::Record(RecordKey::new(SourceId::NONE, Kind::Organization, 4_120_387), None)
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
}
