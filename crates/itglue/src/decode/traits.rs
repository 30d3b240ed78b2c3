//! The traits of flexible assets: values whose shape depends on the field, told apart by what is there.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use gluepot_core::model::{Kind, RawBody, RecordKey, SourceId, TagValue, TraitValue, UploadValue};
use gluepot_core::text::Clean;

use super::envelope::kind_of;
use super::scalar::{Id, Text};

/// How much of a value of unknown shape is kept.
const OTHER_BYTES: usize = 2_000;

/// An object as its entries, in the server's order.
pub(super) struct Entries<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a, 'de: 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;

        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    entries.push((name, value));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// Tags and uploads: `{"type": …, "values": […]}`; or one record with its id.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Group<'a> {
    #[serde(borrow, rename = "type")]
    class: Text<'a>,
    values: Option<&'a RawValue>,
    id: Id,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Tagged<'a> {
    id: Id,
    #[serde(borrow)]
    name: Text<'a>,
    organization_name: Text<'a>,
    hostname: Text<'a>,
    resource_url: Text<'a>,
    url: Text<'a>,
    download_url: Text<'a>,
    #[serde(alias = "file_name", alias = "attachment-file-name")]
    file_name: Text<'a>,
}

impl Tagged<'_> {
    /// Whether it names a file rather than a record.
    fn is_file(&self) -> bool {
        [&self.url, &self.download_url, &self.file_name].iter().any(|text| !text.raw().is_empty())
    }
}

/// Reads the `traits` attribute: null and absent mean none, an array counts as none too.
pub(super) fn traits(json: &str, source: SourceId) -> Result<Vec<(Clean, TraitValue)>, serde_json::Error> {
    match json.trim_start().as_bytes().first() {
        Some(b'{') => {}
        _ => return Ok(Vec::new()),
    }
    let Entries(entries) = serde_json::from_str(json)?;
    Ok(entries.into_iter().filter_map(|(name, raw)| Some((Clean::line(&name), value(raw.get(), source)?))).collect())
}

fn value(json: &str, source: SourceId) -> Option<TraitValue> {
    let json = json.trim();
    Some(match json.as_bytes().first()? {
        b'n' => return None,
        b't' => TraitValue::Flag(true),
        b'f' => TraitValue::Flag(false),
        b'"' => match serde_json::from_str::<Cow<'_, str>>(json) {
            Ok(text) if text.is_empty() => return None,
            Ok(text) => TraitValue::Text(RawBody::new(&text)),
            Err(_) => other(json),
        },
        // As it is written: 500 stays 500 and 9007199254740993 keeps its last digit.
        b'0'..=b'9' | b'-' => TraitValue::Number(Clean::line(json)),
        b'{' => group(json, source).unwrap_or_else(|| other(json)),
        b'[' => list(json, "", source).unwrap_or_else(|| other(json)),
        _ => other(json),
    })
}

fn group(json: &str, source: SourceId) -> Option<TraitValue> {
    let group: Group<'_> = serde_json::from_str(json).ok()?;
    if let Some(values) = group.values {
        return list(values.get(), group.class.raw(), source);
    }
    let one: Tagged<'_> = serde_json::from_str(json).unwrap_or_default();
    if one.is_file() {
        return list(json, group.class.raw(), source);
    }
    let kind = kind_of(group.class.raw());
    match group.id.0 {
        Some(id) if kind == Kind::Password || kind == Kind::Unknown && one.name.raw().is_empty() => {
            Some(TraitValue::Password(id))
        }
        Some(_) => list(json, group.class.raw(), source),
        None => None,
    }
}

/// Reads records, files, ids or texts: a list of them, or a single one.
fn list(json: &str, class: &str, source: SourceId) -> Option<TraitValue> {
    let parts: Vec<&RawValue> = if json.trim_start().starts_with('[') {
        serde_json::from_str(json).ok()?
    } else {
        vec![serde_json::from_str(json).ok()?]
    };
    let Some(values) = parts.iter().map(|raw| tagged(raw)).collect::<Option<Vec<_>>>() else {
        return texts(&parts);
    };
    let kind = kind_of(class);
    let files = class.to_ascii_lowercase().contains("upload") || class.to_ascii_lowercase().contains("attachment");
    let records = values.iter().all(|value| value.id.0.is_some() && !value.is_file());
    if kind == Kind::Unknown && (files || class.is_empty() && !records) {
        let uploads = values.iter().map(|value| {
            let first = |texts: [&Text<'_>; 3]| {
                texts.into_iter().find(|text| !text.raw().is_empty()).map(Text::line).unwrap_or_default()
            };
            UploadValue {
                name: first([&value.name, &value.file_name, &value.file_name]),
                url: first([&value.url, &value.download_url, &value.resource_url]),
            }
        });
        return Some(TraitValue::Uploads(uploads.collect()));
    }
    let tags = values.iter().filter_map(|value| {
        Some(TagValue {
            key: RecordKey::new(source, kind, value.id.0?),
            name: value.name.line(),
            organization_name: value.organization_name.line(),
            hostname: value.hostname.line(),
            resource_url: value.resource_url.line(),
        })
    });
    Some(TraitValue::Tags(tags.collect()))
}

/// Reads one of several records: an object, or its bare id, of which the field's kind tells what it names.
fn tagged(raw: &RawValue) -> Option<Tagged<'_>> {
    if raw.get().starts_with('{') {
        return serde_json::from_str(raw.get()).ok();
    }
    let id: Id = serde_json::from_str(raw.get()).ok()?;
    id.0.map(|_| Tagged { id, ..Tagged::default() })
}

/// Single values in a list, as a field with several choices may have: one text.
fn texts(parts: &[&RawValue]) -> Option<TraitValue> {
    let all: Option<Vec<Text<'_>>> = parts.iter().map(|raw| serde_json::from_str(raw.get()).ok()).collect();
    let all: Vec<_> = all?.into_iter().filter(|text| !text.raw().is_empty()).collect();
    let words: Vec<_> = all.iter().map(Text::raw).collect();
    Some(TraitValue::Text(RawBody::new(&words.join(", "))))
}

fn other(json: &str) -> TraitValue {
    let mut end = json.len().min(OTHER_BYTES);
    while !json.is_char_boundary(end) {
        end -= 1;
    }
    TraitValue::Other(Clean::line(json.get(..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(json: &str) -> Option<TraitValue> {
        let mut all = traits(&format!(r#"{{"it": {json}}}"#), SourceId::NONE).expect("an object");
        all.pop().map(|(_, value)| value)
    }

    #[test]
    fn every_shape_of_trait_has_its_value() {
        assert_eq!(one("null"), None);
        assert_eq!(one(r#""""#), None);
        assert_eq!(one("true"), Some(TraitValue::Flag(true)));
        assert_eq!(one("9007199254740993"), Some(TraitValue::Number(Clean::line("9007199254740993"))));
        assert_eq!(one("-1.50"), Some(TraitValue::Number(Clean::line("-1.50"))));
        assert_eq!(one(r#""<p>x</p>""#), Some(TraitValue::Text(RawBody::new("<p>x</p>"))));
        assert_eq!(one(r#"{"id": "66"}"#), Some(TraitValue::Password(66)));
        assert!(matches!(one(r#"{"odd": [1, {"deep": 2}]}"#), Some(TraitValue::Other(_))));
        assert!(matches!(one("[1, [2]]"), Some(TraitValue::Other(_))));
    }

    #[test]
    fn tags_know_their_kind_and_files_are_uploads() {
        let json = r#"{"type": "Configurations", "values": [{"id": 9021180, "name": "HPD-FW01", "hostname": "hpd-fw01"}, {"name": "no id"}]}"#;
        let Some(TraitValue::Tags(tags)) = one(json) else { panic!("tags") };
        assert_eq!(tags.len(), 1);
        assert_eq!(tags[0].key, RecordKey::new(SourceId::NONE, Kind::Configuration, 9_021_180));
        for json in [
            r#"[{"name": "a.pdf", "url": "https://x/a.pdf"}]"#,
            r#"{"type": "Uploads", "values": [{"file_name": "a.pdf", "download-url": "https://x/a.pdf"}]}"#,
        ] {
            let Some(TraitValue::Uploads(files)) = one(json) else { panic!("{json}") };
            assert_eq!(files, [UploadValue { name: Clean::line("a.pdf"), url: Clean::line("https://x/a.pdf") }]);
        }
    }

    #[test]
    fn records_that_are_only_ids_are_records_and_files_are_files() {
        let ids = |json: &str| -> Vec<(Kind, u64)> {
            match one(json) {
                Some(TraitValue::Tags(tags)) => tags.iter().map(|tag| (tag.key.kind, tag.key.id)).collect(),
                other => panic!("{json}: {other:?}"),
            }
        };
        for json in [r#"[{"id": 9021177}, {"id": "5"}]"#, r#"[9021177, "5"]"#] {
            assert_eq!(ids(json), [(Kind::Unknown, 9_021_177), (Kind::Unknown, 5)], "{json}");
        }
        for json in [
            r#"{"type": "Configurations", "values": [{"id": 9021177}]}"#,
            r#"{"type": "Configurations", "values": [9021177]}"#,
        ] {
            assert_eq!(ids(json), [(Kind::Configuration, 9_021_177)], "{json}");
        }
        assert_eq!(ids(r#"{"id": 7, "name": "HPD-FW01"}"#), [(Kind::Unknown, 7)]);
        assert_eq!(one(r#"{"id": 7}"#), Some(TraitValue::Password(7)));
        assert_eq!(one("[]"), Some(TraitValue::Tags(Vec::new())));
        for json in [
            r#"{"id": 7, "file_name": "a.pdf", "url": "https://x/a.pdf"}"#,
            r#"[{"id": 7, "name": "a.pdf", "download-url": "https://x/a.pdf"}]"#,
        ] {
            let Some(TraitValue::Uploads(files)) = one(json) else { panic!("{json}") };
            assert_eq!(files, [UploadValue { name: Clean::line("a.pdf"), url: Clean::line("https://x/a.pdf") }]);
        }
        assert_eq!(one(r#"["red", "green"]"#), Some(TraitValue::Text(RawBody::new("red, green"))));
    }

    #[test]
    fn order_of_the_server_is_kept() {
        let names: Vec<_> = traits(r#"{"z": 1, "a": 2, "m": 3}"#, SourceId::NONE)
            .expect("an object")
            .into_iter()
            .map(|t| t.0)
            .collect();
        assert_eq!(names.iter().map(Clean::as_str).collect::<Vec<_>>(), ["z", "a", "m"]);
        assert_eq!(traits("[]", SourceId::NONE).expect("nothing"), []);
    }
}
