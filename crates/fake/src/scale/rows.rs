//! Every attribute of every row, from its number.

use serde_json::{Value, json};

use super::ids::{
    FIRST_CATEGORY, FIRST_CONFIGURATION, FIRST_CONFIGURATION_STATUS, FIRST_CONFIGURATION_TYPE, FIRST_DOCUMENT,
    FIRST_FOLDER, FIRST_LOCATION, FIRST_MAKE, FIRST_ORGANIZATION, FIRST_PASSWORD, FIRST_SECTION, FIRST_STATUS,
    FIRST_SYSTEM, FIRST_TYPE, FOLDERS_EACH, SECTIONS_EACH,
};
use super::spread::Spread;
use super::words::{KindWords, Vocabulary, date_time, pick};
use crate::world::Table;

/// The computed rows.
pub(super) struct Scale {
    pub seed: u64,
    pub words: Vocabulary,
    pub configurations: Spread,
    pub passwords: Spread,
    pub documents: Spread,
    pub weights: u64,
    pub makes: Vec<String>,
    pub systems: Vec<String>,
}

impl Scale {
    /// A number that looks random and is always the same.
    fn hash(&self, table: Table, row: u64, salt: u64) -> u64 {
        // The finalizer of splitmix64 (Steele, Lea and Flood, 2014).
        let mut z = self
            .seed
            .wrapping_add((table as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .wrapping_add(row.wrapping_mul(0xD1B5_4A32_D192_ED03))
            .wrapping_add(salt.wrapping_mul(0x8CB9_2BA7_2F3D_8DD7));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// First and second word of an organization: different for each.
    fn organization_words(&self, i: u64) -> (&str, &str) {
        let words = &self.words.organizations;
        let pairs = (words.first.len() * words.second.len()).max(1) as u64;
        // 1009 is a prime larger than any list here will become, so this walks through all pairs.
        let pair = (i.wrapping_mul(1009) + self.seed % pairs) % pairs;
        (
            pick(&words.first, pair % words.first.len().max(1) as u64),
            pick(&words.second, pair / words.first.len().max(1) as u64),
        )
    }

    fn organization_name(&self, i: u64) -> String {
        let (first, second) = self.organization_words(i);
        format!("{first} {second}")
    }

    fn short_name(&self, i: u64) -> String {
        let (first, second) = self.organization_words(i);
        let letters: String = first.chars().take(2).chain(second.chars().take(1)).collect();
        format!("{}{i:03}", letters.to_uppercase())
    }

    fn organization(&self, i: u64, key: &str) -> Value {
        let words = &self.words.organizations;
        let hash = self.hash(Table::Organizations, i, 1);
        let kind = if i % 9 == 8 { 1 + hash % 3 } else { 0 };
        let status = if hash.is_multiple_of(20) { 1 } else { u64::from(hash % 31 == 1) * 2 };
        match key {
            "name" => self.organization_name(i).into(),
            "short-name" => self.short_name(i).into(),
            "organization-type-id" => (FIRST_TYPE + kind).into(),
            "organization-type-name" => pick(&words.types, kind).into(),
            "organization-status-id" => (FIRST_STATUS + status).into(),
            "organization-status-name" => pick(&words.statuses, status).into(),
            "primary" => false.into(),
            "alert" if hash % 40 == 3 => "Account on hold: ask the service desk before any work".into(),
            "quick-notes" => format!("<div>Head office in {}.</div>", pick(&words.cities, hash >> 8)).into(),
            "psa-integration" => "disabled".into(),
            "created-at" => date_time(hash >> 3).into(),
            "updated-at" => date_time(hash >> 5).replace("2019", "2025").into(),
            _ => Value::Null,
        }
    }

    fn common(&self, organization: u64, hash: u64, key: &str) -> Option<Value> {
        Some(match key {
            "organization-id" => (FIRST_ORGANIZATION + organization).into(),
            "organization-name" => self.organization_name(organization).into(),
            "organization-short-name" => self.short_name(organization).into(),
            "restricted" => hash.is_multiple_of(50).into(),
            "my-glue" | "public" | "is-uploaded" | "otp-enabled" | "primary" => false.into(),
            "archived" => (hash % 25 == 7).into(),
            "created-at" => date_time(hash >> 7).into(),
            "updated-at" => date_time(hash >> 9).into(),
            _ => return None,
        })
    }

    fn location(&self, i: u64, key: &str) -> Value {
        let hash = self.hash(Table::Locations, i, 1);
        let city = pick(&self.words.organizations.cities, hash);
        match key {
            "name" => "Head office".into(),
            "primary" => true.into(),
            "city" => city.into(),
            "address-1" => format!("{} Station Road", 1 + hash % 180).into(),
            "phone" => format!("555{:07}", hash % 10_000_000).into(),
            _ => self.common(i, hash, key).unwrap_or(Value::Null),
        }
    }

    fn folder(&self, i: u64, key: &str) -> Value {
        let organization = i / FOLDERS_EACH;
        match key {
            "name" => pick(&self.words.documents.folders, i % FOLDERS_EACH).into(),
            "ancestor-ids" => json!([]),
            "restricted" => false.into(),
            _ => self.common(organization, self.hash(Table::DocumentFolders, i, 1), key).unwrap_or(Value::Null),
        }
    }

    fn kind(&self, hash: u64) -> (u64, Option<&KindWords>) {
        let mut at = hash % self.weights.max(1);
        for (i, kind) in (0..).zip(&self.words.configurations.kinds) {
            if at < kind.weight {
                return (i, Some(kind));
            }
            at -= kind.weight;
        }
        (0, None)
    }

    fn configuration(&self, i: u64, key: &str) -> Value {
        let organization = self.configurations.organization(i);
        let nth = i - self.configurations.of(organization).start;
        let hash = self.hash(Table::Configurations, i, 1);
        if let Some(common) = self.common(organization, hash, key) {
            return common;
        }
        let (kind_at, kind) = self.kind(hash >> 11);
        let Some(kind) = kind else { return Value::Null };
        let make = kind.makes.get((hash >> 23) as usize % kind.makes.len().max(1));
        let system = (!kind.systems.is_empty()).then(|| pick(&kind.systems, hash >> 29));
        let name = || format!("{}-{}{:04}", self.short_name(organization), kind.role, nth + 1);
        let place = |list: &[String], name: Option<&str>| {
            name.and_then(|name| list.iter().position(|known| known == name)).map(|at| at as u64)
        };
        let (x, y) = ((nth / 250) % 250, nth % 250 + 2);
        match key {
            "name" => name().into(),
            "hostname" => name().to_lowercase().into(),
            "primary-ip" => format!("10.{}.{x}.{y}", organization % 250).into(),
            "default-gateway" => format!("10.{}.{x}.1", organization % 250).into(),
            "mac-address" => {
                let b = hash.to_be_bytes();
                format!("02:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", b[0], b[1], b[2], b[3], b[4]).into()
            }
            "serial-number" => format!("{:07X}", self.hash(Table::Configurations, i, 2) % 0x1000_0000).into(),
            "asset-tag" => format!("{}-{:05}", self.short_name(organization), nth + 1).into(),
            "configuration-type-id" => (FIRST_CONFIGURATION_TYPE + kind_at).into(),
            "configuration-type-name" => kind.name.clone().into(),
            "configuration-type-kind" => kind.kind.clone().into(),
            "configuration-status-id" | "configuration-status-name" => {
                let name = pick(&self.words.configurations.statuses, hash >> 31);
                if key.ends_with("name") {
                    name.into()
                } else {
                    let at = self.words.configurations.statuses.iter().position(|known| known == name).unwrap_or(0);
                    (FIRST_CONFIGURATION_STATUS + at as u64).into()
                }
            }
            "manufacturer-id" => place(&self.makes, make.map(|make| make.0.as_str())).map(|at| FIRST_MAKE + at).into(),
            "manufacturer-name" => make.map(|make| make.0.clone()).into(),
            "model-name" => make.map(|make| make.1.clone()).into(),
            "operating-system-id" => place(&self.systems, system).map(|at| FIRST_SYSTEM + at).into(),
            "operating-system-name" => system.into(),
            "location-id" => (FIRST_LOCATION + organization).into(),
            "location-name" => "Head office".into(),
            "purchased-at" => date_time(hash >> 13).get(..10).into(),
            "warranty-expires-at" => {
                format!("20{:02}-{:02}-{:02}", 24 + hash % 6, 1 + hash / 6 % 12, 1 + hash / 72 % 28).into()
            }
            "notes" if hash % 9 == 4 => format!("<p>{}</p>", pick(&self.words.documents.sentences, hash >> 37)).into(),
            "resource-url" => Self::web(organization, "configurations", FIRST_CONFIGURATION + i),
            _ => Value::Null,
        }
    }

    fn web(organization: u64, path: &str, id: u64) -> Value {
        format!("https://northbeam.itglue.com/{}/{path}/{id}", FIRST_ORGANIZATION + organization).into()
    }

    fn password(&self, i: u64, key: &str) -> Value {
        let organization = self.passwords.organization(i);
        let hash = self.hash(Table::Passwords, i, 1);
        if let Some(common) = self.common(organization, hash, key) {
            return common;
        }
        let words = &self.words.passwords;
        let category = hash % words.categories.len().max(1) as u64;
        // Every seventh is embedded in a configuration of the same organization.
        let machines = self.configurations.of(organization);
        let parent = (hash % 7 == 3 && !machines.is_empty())
            .then(|| machines.start + (hash >> 17) % (machines.end - machines.start).max(1));
        match key {
            "name" => format!("{} {}", pick(&words.subjects, hash >> 5), i + 1).into(),
            "username" => pick(&words.users, hash >> 13).into(),
            "url" if hash.is_multiple_of(3) => format!("https://10.{}.0.{}", organization % 250, 2 + hash % 200).into(),
            "password-category-id" => (FIRST_CATEGORY + category).into(),
            "password-category-name" => pick(&words.categories, category).into(),
            "password-updated-at" => date_time(hash >> 15).into(),
            "resource-id" => parent.map(|parent| FIRST_CONFIGURATION + parent).into(),
            "resource-type" => parent.map(|_| "configurations").into(),
            "cached-resource-type-name" => parent.map(|_| "Configuration").into(),
            "cached-resource-name" => parent.map(|parent| self.configuration(parent, "name")).into(),
            "parent-url" => parent.map(|parent| self.configuration(parent, "resource-url")).into(),
            "vault-id" if hash.is_multiple_of(211) => 9001.into(),
            "resource-url" => Self::web(organization, "passwords", FIRST_PASSWORD + i),
            "_value" => {
                let word = |salt| pick(&words.words, self.hash(Table::Passwords, i, salt));
                format!("{}-{}-{}-{:02}", word(2), word(3), word(4), hash % 100).into()
            }
            _ => Value::Null,
        }
    }

    fn document(&self, i: u64, key: &str) -> Value {
        let organization = self.documents.organization(i);
        let hash = self.hash(Table::Documents, i, 1);
        if let Some(common) = self.common(organization, hash, key) {
            return common;
        }
        match key {
            "name" => format!("{} {}", pick(&self.words.documents.titles, hash >> 5), i + 1).into(),
            "document-folder-id" if !hash.is_multiple_of(3) => {
                (FIRST_FOLDER + organization * FOLDERS_EACH + (hash >> 13) % FOLDERS_EACH).into()
            }
            "published-at" => date_time(hash >> 9).into(),
            "resource-url" => Self::web(organization, "docs", FIRST_DOCUMENT + i),
            _ => Value::Null,
        }
    }

    fn section(&self, i: u64, key: &str) -> Value {
        let (document, nth) = (i / SECTIONS_EACH, i % SECTIONS_EACH);
        let hash = self.hash(Table::DocumentSections, i, 1);
        let words = &self.words.documents;
        let sentence = |salt| pick(&words.sentences, self.hash(Table::DocumentSections, i, salt));
        match key {
            "document-id" => (FIRST_DOCUMENT + document).into(),
            "resource-id" => (FIRST_SECTION + i).into(),
            "resource-type" => match nth {
                0 | 2 => "Document::Heading",
                4 => "Document::Step",
                _ => "Document::Text",
            }
            .into(),
            "content" => match nth {
                0 | 2 => pick(&words.headings, nth / 2 + hash % 2).into(),
                3 => {
                    format!("<ol><li>{}</li><li>{}</li><li>{}</li></ol>", sentence(2), sentence(3), sentence(4)).into()
                }
                _ => format!("<p>{} {}</p>", sentence(2), sentence(3)).into(),
            },
            "level" if matches!(nth, 0 | 2) => 2.into(),
            "duration" if nth == 4 => (5 + hash % 20).into(),
            "reset-count" if nth == 4 => 0.into(),
            "sort" => (nth + 1).into(),
            "created-at" | "updated-at" => date_time(hash >> 7).into(),
            _ => Value::Null,
        }
    }

    /// An attribute of a row; `None` for tables that are not computed.
    pub(super) fn value(&self, table: Table, id: u64, key: &str) -> Option<Value> {
        Some(match table {
            Table::Organizations => self.organization(id - FIRST_ORGANIZATION, key),
            Table::Locations => self.location(id - FIRST_LOCATION, key),
            Table::DocumentFolders => self.folder(id - FIRST_FOLDER, key),
            Table::Configurations => self.configuration(id - FIRST_CONFIGURATION, key),
            Table::Passwords => self.password(id - FIRST_PASSWORD, key),
            Table::Documents => self.document(id - FIRST_DOCUMENT, key),
            Table::DocumentSections => self.section(id - FIRST_SECTION, key),
            _ => return None,
        })
    }
}
