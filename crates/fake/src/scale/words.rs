//! The words of the large world, and dates.

use serde::Deserialize;

pub(super) const VOCABULARY: &str = include_str!("../../../../assets/demo/scale.toml");

#[derive(Deserialize)]
pub(super) struct Vocabulary {
    pub organizations: OrganizationWords,
    pub configurations: ConfigurationWords,
    pub passwords: PasswordWords,
    pub documents: DocumentWords,
}

#[derive(Deserialize)]
pub(super) struct OrganizationWords {
    pub first: Vec<String>,
    pub second: Vec<String>,
    pub types: Vec<String>,
    pub statuses: Vec<String>,
    pub cities: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct ConfigurationWords {
    pub kinds: Vec<KindWords>,
    pub statuses: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct KindWords {
    #[serde(rename = "type")]
    pub name: String,
    pub kind: String,
    pub role: String,
    pub weight: u64,
    pub makes: Vec<(String, String)>,
    pub systems: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct PasswordWords {
    pub categories: Vec<String>,
    pub subjects: Vec<String>,
    pub users: Vec<String>,
    pub words: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct DocumentWords {
    pub folders: Vec<String>,
    pub titles: Vec<String>,
    pub headings: Vec<String>,
    pub sentences: Vec<String>,
}

pub(super) fn pick(words: &[String], hash: u64) -> &str {
    words.get((hash % words.len().max(1) as u64) as usize).map_or("", String::as_str)
}

/// A day between 2019 and 2025, with a time in office hours.
pub(super) fn date_time(hash: u64) -> String {
    let (year, month, day) = (2019 + hash % 7, 1 + hash / 7 % 12, 1 + hash / 84 % 28);
    let (hour, minute, second) = (7 + hash / 2352 % 11, hash / 25872 % 60, hash / 1_552_320 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
}
