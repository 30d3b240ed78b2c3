//! Requests as data: where, with which parameters, and how they are called in messages.

use std::fmt::Write as _;
use std::sync::Arc;

use url::Url;

use super::settings::BaseUrl;

/// A GET request. There is no other kind: this client reads.
#[derive(Clone, Debug)]
pub(super) struct Request {
    path: String,
    query: Vec<(&'static str, String)>,
    short: Arc<str>,
}

impl Request {
    /// A request for a path below the base URL, written with a leading slash.
    pub(super) fn get(path: String) -> Self {
        let short = format!("GET {path}").into();
        Self { path, query: Vec::new(), short }
    }

    /// Adds a parameter.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = write!(text, "{value}");
        self.query.push((name, text));
        self
    }

    /// Adds a parameter unless the value is empty.
    #[must_use]
    pub(super) fn with_some(self, name: &'static str, value: &str) -> Self {
        if value.is_empty() { self } else { self.with(name, value) }
    }

    /// Method and path, for messages: never the query.
    pub(super) fn short(&self) -> &Arc<str> {
        &self.short
    }

    /// The path below the base URL.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Whether a parameter is there once, with this value.
    pub(super) fn has_only(&self, name: &str, value: &str) -> bool {
        self.query.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.as_str()).eq([value])
    }

    /// Whether it is the same as another, to the last parameter.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.path == other.path && self.query == other.query
    }

    /// The whole address.
    pub(super) fn url(&self, base: &BaseUrl) -> Url {
        let mut url = base.as_url().clone();
        let path = format!("{}{}", url.path().trim_end_matches('/'), self.path);
        url.set_path(&path);
        if !self.query.is_empty() {
            let mut pairs = url.query_pairs_mut();
            for (name, value) in &self.query {
                pairs.append_pair(name, value);
            }
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_keeps_the_gateway_path_and_encodes_the_parameters() {
        let request = Request::get("/organizations".to_owned()).with("page[size]", 1).with_some("sort", "");
        let base = BaseUrl::parse("https://gateway.example.com/itglue/").expect("a good address");
        assert_eq!(request.url(&base).as_str(), "https://gateway.example.com/itglue/organizations?page%5Bsize%5D=1");
        assert_eq!(&**request.short(), "GET /organizations");
    }
}
