//! A request, as far as the application is concerned.

use serde_json::Value;

use super::query::Query;
use super::switches::Switches;

/// A request, as far as the application is concerned.
pub(crate) struct Call<'a> {
    /// `GET`, `POST`, `PATCH` or `DELETE`
    pub method: &'a str,
    /// The path, without the query string
    pub path: &'a str,
    /// The query string, taken apart
    pub query: Query,
    /// `http://host:port` as the client wrote it
    pub base: &'a str,
    /// Whether the key has Password Access
    pub passwords: bool,
    /// The body, if there is one that is JSON
    pub body: Option<&'a Value>,
    /// In what this account differs from others
    pub switches: Switches,
}
