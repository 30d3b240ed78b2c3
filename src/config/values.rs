//! Single settings: what each takes, and what is said about anything else.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer};

use gluepot_core::text::Clean;

/// What [`is_words`] takes, in words.
pub(crate) const WORDS: &str = "1 to 200 ordinary characters on one line";

/// Whether a text is a name, a ticket or the like.
pub(crate) fn is_words(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 200 && Clean::line(text).as_str() == text
}

pub(super) fn between<'de, D: Deserializer<'de>, const LEAST: u32, const MOST: u32>(
    deserializer: D,
) -> Result<u32, D::Error> {
    let value = i64::deserialize(deserializer)?;
    u32::try_from(value).ok().filter(|v| (LEAST..=MOST).contains(v)).ok_or_else(|| {
        serde::de::Error::custom(format!("expected a whole number from {LEAST} to {MOST}, found {value}"))
    })
}

/// Settings that have a type of their own in the client.
pub(super) mod region {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use gluepot_itglue::Region;

    pub(in crate::config) fn serialize<S: Serializer>(region: &Region, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(region.label())
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| serde::de::Error::custom("expected us, eu or au"))
    }
}

/// An address to send requests and the key to, checked by `BaseUrl::parse`.
pub(super) mod base_url {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use gluepot_itglue::BaseUrl;

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(in crate::config) fn serialize<S: Serializer>(url: &Option<BaseUrl>, serializer: S) -> Result<S::Ok, S::Error> {
        match url {
            Some(url) => serializer.serialize_str(url.as_url().as_str().trim_end_matches('/')),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<BaseUrl>, D::Error> {
        BaseUrl::parse(&String::deserialize(deserializer)?).map(Some).map_err(serde::de::Error::custom)
    }
}

pub(super) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let text = text.trim();
    if is_words(text) { Ok(Some(text.to_owned())) } else { Err(serde::de::Error::custom(format!("expected {WORDS}"))) }
}

pub(super) fn host_label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?.to_ascii_lowercase();
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if text.is_empty() || text.len() > 63 || !text.bytes().all(fits) {
        return Err(serde::de::Error::custom("expected the first part of the web address, as in northbeam"));
    }
    Ok(Some(text))
}

pub(super) fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = PathBuf::deserialize(deserializer)?;
    if path.is_absolute() || path.starts_with("~") {
        Ok(Some(path))
    } else {
        Err(serde::de::Error::custom("expected a full path, beginning with / or ~/"))
    }
}

pub(super) fn command<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    let expected = "expected a program and its arguments, as in [\"pass\", \"show\", \"itglue\"]";
    let words = Vec::<String>::deserialize(deserializer).map_err(|_| serde::de::Error::custom(expected))?;
    if words.first().is_none_or(|program| program.trim().is_empty()) || words.iter().any(|w| w.contains('\0')) {
        return Err(serde::de::Error::custom(expected));
    }
    Ok(Some(words))
}

pub(super) fn date_format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let format = String::deserialize(deserializer)?;
    let sample = jiff::civil::date(2024, 2, 29).at(13, 5, 9, 0).to_zoned(jiff::tz::TimeZone::UTC);
    let works = sample.is_ok_and(|sample| {
        jiff::fmt::strtime::format(&format, &sample)
            .is_ok_and(|text| !text.is_empty() && text.len() <= 60 && Clean::line(&text).as_str() == text)
    });
    if works { Ok(format) } else { Err(serde::de::Error::custom("expected strftime letters, as in %Y-%m-%d %H:%M")) }
}
