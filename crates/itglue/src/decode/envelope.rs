//! The form around records: what an answer is made of before anything in it is looked at, and what it says about pages.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::scalar::{Id, Number, Text};
use gluepot_core::model::Kind;

/// An answer that cannot be used at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unusable {
    /// Not the JSON we know
    Unknown(&'static str),
    /// It ends in the middle
    Cut,
    /// A record, but not the requested one
    Other,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct ListEnvelope<'a> {
    #[serde(borrow)]
    pub(super) data: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) meta: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) links: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) included: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OneEnvelope<'a> {
    #[serde(borrow)]
    pub(super) data: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) included: Option<&'a RawValue>,
}

/// A record before its attributes are looked at.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Resource<'a> {
    pub(super) id: Id,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) relationships: Option<&'a RawValue>,
}

impl<'a> Resource<'a> {
    pub(super) fn attributes(&self) -> &'a str {
        self.attributes.map_or("{}", RawValue::get)
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Meta<'a> {
    total_count: Number,
    #[serde(borrow, deserialize_with = "present")]
    next_page: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Links<'a> {
    #[serde(borrow, deserialize_with = "present")]
    next: Option<&'a RawValue>,
}

/// Keeps a null that is there apart from a value that is absent.
pub(crate) fn present<'de: 'a, 'a, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Whether the server says that more pages follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum More {
    /// The page with this number
    Page(u64),
    /// No
    No,
    /// It does not say
    Unsaid,
}

/// The bytes as text. Invalid UTF-8 becomes marks: one bad name must not hide a page.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8_lossy(bytes)
}

pub(super) fn whole<'a, T: Deserialize<'a>>(text: &'a str, what: &'static str) -> Result<T, Unusable> {
    if text.trim().is_empty() {
        return Err(Unusable::Unknown("it is empty"));
    }
    serde_json::from_str(text).map_err(|e| if e.is_eof() { Unusable::Cut } else { Unusable::Unknown(what) })
}

/// Whether a type is that of a shape, given in the form of [`plain_type`].
pub(super) fn type_fits(given: &str, shape: &str) -> bool {
    given.is_empty() || plain_type(given) == shape
}

/// A type name without case, separators and plural: `flexible-assets`, `FlexibleAsset` and `flexible_asset` are one.
pub(super) fn plain_type(name: &str) -> String {
    let mut plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).take(40).collect();
    if plain.ends_with('s') {
        plain.pop();
    }
    plain
}

/// The kind of record that a type, a tag's class or an `asset-type` names.
pub(super) fn kind_of(name: &str) -> Kind {
    Kind::of_label(&plain_type(name))
}

/// Total and "is there more?": by `meta`, else by `links`, else unsaid. A link only ever gives a number: it is never
/// followed, since it is an address from outside.
pub(super) fn paging(meta: Option<&RawValue>, links: Option<&RawValue>) -> (Option<usize>, More) {
    let meta: Meta<'_> = meta.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let total = meta.total_count.count();
    let said = |raw: Option<&RawValue>, number: fn(&str) -> Option<u64>| match raw.map(RawValue::get) {
        None => More::Unsaid,
        Some("null" | "\"\"" | "false") => More::No,
        Some(text) => number(text).map_or(More::Unsaid, More::Page),
    };
    let by_meta = said(meta.next_page, |text| serde_json::from_str::<Id>(text).ok()?.0);
    if by_meta != More::Unsaid {
        return (total, by_meta);
    }
    let links: Links<'_> = links.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let by_link = said(links.next, |text| {
        let address: Cow<'_, str> = serde_json::from_str(text).ok()?;
        let (_, query) = address.split_once('?')?;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == "page[number]").and_then(|(_, value)| value.parse().ok())
    });
    (total, by_link)
}
