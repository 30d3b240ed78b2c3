//! Whether the text of a link says where it leads, or says something else.

use url::Url;

use super::escape::scheme;
use super::path::record_of_path;
use super::target::LinkTarget;
use gluepot_core::model::SourceId;

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
        // Our own record under its own address, a word like "readme.md" over a jump: no claim about the web.
        LinkTarget::Record(..) | LinkTarget::Anchor(_) => {
            has_scheme && record_of_path(SourceId::NONE, claimed.path()).is_none()
        }
        LinkTarget::Mail(_) => has_scheme,
        LinkTarget::Refused(_) => has_scheme || text.to_ascii_lowercase().starts_with("www."),
    }
}

/// Whether the text of a link says where it leads, so that nothing needs to be added.
pub(crate) fn says_target(text: &str, target: &LinkTarget) -> bool {
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
    use gluepot_core::text::Clean;

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
}
