//! Single values as the API sends them: numbers as strings, strings as numbers, null for empty.
//!
//! Every reader goes through [`Scalar`], so that leniency is decided in one place. What is never lenient: an id is a
//! 64-bit integer and never passes through a float, since EU and AU ids have 16 digits.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use gluepot_core::model::RawBody;
use gluepot_core::text::Clean;

/// Any JSON value that is neither list nor object.
#[derive(Debug, Default)]
enum Scalar<'a> {
    #[default]
    Null,
    Bool(bool),
    Whole(u64),
    Negative(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(u64::try_from(value).map_or(Scalar::Negative(value), Scalar::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// Text; empty for null. Numbers and flags become their text.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'a, 'de: 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Null => Cow::Borrowed(""),
            Scalar::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Scalar::Whole(value) => Cow::Owned(value.to_string()),
            Scalar::Negative(value) => Cow::Owned(value.to_string()),
            Scalar::Float(value) => Cow::Owned(value.to_string()),
            Scalar::Text(text) => text,
        }))
    }
}

impl Text<'_> {
    /// As the server sent it: for comparing and for parsing, never for keeping.
    pub(super) fn raw(&self) -> &str {
        &self.0
    }

    /// Filtered, on one line, and cut with a mark where it is longer than any name. Blanks at the ends stay: a user name
    /// is copied as it is.
    pub(super) fn line(&self) -> Clean {
        Clean::short_line(&self.0)
    }

    /// Filtered, with its line breaks.
    pub(super) fn block(&self) -> Clean {
        Clean::block(self.0.trim_end())
    }

    /// Unfiltered, for the parser of bodies.
    pub(super) fn body(&self) -> RawBody {
        if self.0.is_empty() { RawBody::default() } else { RawBody::new(&self.0) }
    }
}

/// An id, if there is one: null, absent and empty mean none.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Id(pub(super) Option<u64>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Null => None,
            Scalar::Whole(value) => Some(value),
            Scalar::Text(text) if text.trim().is_empty() => None,
            Scalar::Text(text) => {
                let text = text.trim();
                // `parse` would take a leading plus.
                let digits = text.bytes().all(|b| b.is_ascii_digit());
                match text.parse() {
                    Ok(id) if digits => Some(id),
                    _ => return Err(D::Error::invalid_value(Unexpected::Other("text"), &"an id")),
                }
            }
            Scalar::Bool(_) | Scalar::Negative(_) | Scalar::Float(_) => {
                return Err(D::Error::invalid_value(Unexpected::Other("no whole number"), &"an id"));
            }
        }))
    }
}

/// Several ids: a list of them, or the same as text, `"[1,6]"`. Other text is left out.
#[derive(Debug, Default)]
pub(super) struct Ids(pub(super) Vec<u64>);

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?.get();
        let text: Cow<'_, str> =
            if raw.starts_with('"') { serde_json::from_str(raw).map_err(D::Error::custom)? } else { raw.into() };
        let list: Vec<&serde_json::value::RawValue> = serde_json::from_str(&text).unwrap_or_default();
        Ok(Self(list.into_iter().filter_map(|id| serde_json::from_str::<Id>(id.get()).ok()?.0).collect()))
    }
}

/// A flag: null, absent and anything that does not say yes mean no.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Null => false,
            Scalar::Bool(value) => value,
            Scalar::Whole(value) => value != 0,
            Scalar::Negative(_) => true,
            Scalar::Float(value) => value != 0.0,
            Scalar::Text(text) => {
                let text = text.trim();
                ["true", "t", "yes", "y", "1", "on"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
            }
        }))
    }
}

/// A moment: an unreadable one counts as none, since no decision hangs on it.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Moment(pub(super) Option<jiff::Timestamp>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Text(text) => moment(text.trim()),
            Scalar::Whole(seconds) => i64::try_from(seconds).ok().and_then(|s| jiff::Timestamp::from_second(s).ok()),
            _ => None,
        }))
    }
}

/// Reads `2025-03-14T08:21:07.000Z`, the same with an offset, `2025-03-14 08:21:07 UTC`, and `2025-03-14`.
pub(super) fn moment(text: &str) -> Option<jiff::Timestamp> {
    if text.is_empty() {
        return None;
    }
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    let plain = text.strip_suffix("UTC").unwrap_or(text).trim_end();
    let civil: jiff::civil::DateTime = plain.parse().ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// A whole number that counts or orders; an unreadable one counts as none.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Number(pub(super) Option<i64>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Whole(value) => i64::try_from(value).ok(),
            Scalar::Negative(value) => Some(value),
            // Saturates, and NaN becomes 0: good enough for an order or a duration.
            Scalar::Float(value) => Some(value as i64),
            Scalar::Text(text) => text.trim().parse().ok(),
            Scalar::Bool(value) => Some(i64::from(value)),
            Scalar::Null => None,
        }))
    }
}

impl Number {
    /// The number if it fits and is not negative.
    pub(super) fn count<N: TryFrom<i64>>(self) -> Option<N> {
        self.0.and_then(|value| N::try_from(value).ok())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn ids_are_read_from_strings_and_numbers_without_loss() {
        for (json, id) in [
            ("9007199254740993", 9_007_199_254_740_993),
            ("\"9007199254740993\"", 9_007_199_254_740_993),
            ("18446744073709551615", u64::MAX),
            ("\" 42 \"", 42),
        ] {
            assert_eq!(read::<Id>(json).expect(json).0, Some(id), "{json}");
        }
        for json in ["null", "\"\"", "\"  \""] {
            assert_eq!(read::<Id>(json).expect(json).0, None, "{json}");
        }
        for json in ["-1", "1.0", "1e3", "18446744073709551616", "\"+1\"", "\"1x\"", "true", "[1]", "{}"] {
            assert!(read::<Id>(json).is_none(), "{json}");
        }
    }

    #[test]
    fn several_ids_are_read_from_a_list_and_from_text() {
        for json in ["[1,6]", "\"[1,6]\"", "\"[\\\"1\\\", \\\"6\\\"]\"", "[\"1\", 6, null, {}]"] {
            assert_eq!(read::<Ids>(json).expect(json).0, [1, 6], "{json}");
        }
        for json in ["null", "\"\"", "\"[]\"", "[]", "7", "{}"] {
            assert!(read::<Ids>(json).expect(json).0.is_empty(), "{json}");
        }
    }

    #[test]
    fn dates_are_read_in_every_form() {
        let day = moment("2025-03-14").expect("a date");
        for text in [
            "2025-03-14T00:00:00.000Z",
            "2025-03-14T00:00:00Z",
            "2025-03-14T01:00:00+01:00",
            "2025-03-14 00:00:00 UTC",
            "2025-03-14 00:00:00",
        ] {
            assert_eq!(moment(text), Some(day), "{text}");
        }
        for text in ["", "soon", "14.03.2025", "2025-13-40", "0000-00-00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn flags_and_numbers_are_read_leniently() {
        for json in ["true", "1", "\"true\"", "\"1\"", "\"Yes\""] {
            assert!(read::<Flag>(json).expect(json).0, "{json}");
        }
        for json in ["false", "0", "null", "\"false\"", "\"\"", "\"no\""] {
            assert!(!read::<Flag>(json).expect(json).0, "{json}");
        }
        assert_eq!(read::<Number>("\"7\"").expect("a number").0, Some(7));
        assert_eq!(read::<Number>("\"seven\"").expect("read as none").0, None);
        assert_eq!(read::<Number>("-3").expect("a number").count::<u32>(), None);
    }

    proptest! {
        #[test]
        fn any_id_survives_both_ways(id: u64) {
            prop_assert_eq!(read::<Id>(&id.to_string()).and_then(|id| id.0), Some(id));
            prop_assert_eq!(read::<Id>(&format!("\"{id}\"")).and_then(|id| id.0), Some(id));
        }

        #[test]
        fn any_text_as_a_date_is_no_panic(text in ".{0,40}") {
            let _ = moment(&text);
        }
    }
}
