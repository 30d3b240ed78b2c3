//! The large world: a thousand organizations, a hundred thousand configurations, fifty thousand passwords and twenty
//! thousand documents, none of which exists until it is requested.
//!
//! Every attribute of every row is computed from the seed, the table and the number of the row, so the start costs
//! nothing and the same seed always gives the same world. Rows of one organization are next to each other; how many
//! each has is uneven, as in real accounts, and the first organization is far larger than all others. The words come
//! from `assets/demo/scale.toml`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::spec::spec;
use super::world::{Attributes, Base, Row, Table, World};

/// The default seed.
pub const SEED: u64 = 20_260_101;

const VOCABULARY: &str = include_str!("../../../assets/demo/scale.toml");

const ORGANIZATIONS: u64 = 1_000;
/// Rows in all, and how many of them the first organization has.
const CONFIGURATIONS: (u64, u64) = (100_000, 20_000);
const PASSWORDS: (u64, u64) = (50_000, 6_000);
const DOCUMENTS: (u64, u64) = (20_000, 4_000);
const SECTIONS_EACH: u64 = 6;
const FOLDERS_EACH: u64 = 4;

/// The id of the first row of each computed table.
const FIRST_ORGANIZATION: u64 = 2_000_001;
const FIRST_LOCATION: u64 = 4_000_001;
const FIRST_FOLDER: u64 = 6_000_001;
const FIRST_CONFIGURATION: u64 = 30_000_001;
const FIRST_PASSWORD: u64 = 60_000_001;
const FIRST_DOCUMENT: u64 = 80_000_001;
const FIRST_SECTION: u64 = 110_000_001;
/// Lookup tables are stored; their ids begin here.
const FIRST_TYPE: u64 = 81_001;
const FIRST_STATUS: u64 = 77_001;
const FIRST_CONFIGURATION_TYPE: u64 = 30_001;
const FIRST_CONFIGURATION_STATUS: u64 = 30_101;
const FIRST_CATEGORY: u64 = 41;
const FIRST_MAKE: u64 = 501;
const FIRST_SYSTEM: u64 = 61;

#[derive(Deserialize)]
struct Vocabulary {
    organizations: OrganizationWords,
    configurations: ConfigurationWords,
    passwords: PasswordWords,
    documents: DocumentWords,
}

#[derive(Deserialize)]
struct OrganizationWords {
    first: Vec<String>,
    second: Vec<String>,
    types: Vec<String>,
    statuses: Vec<String>,
    cities: Vec<String>,
}

#[derive(Deserialize)]
struct ConfigurationWords {
    kinds: Vec<KindWords>,
    statuses: Vec<String>,
}

#[derive(Deserialize)]
struct KindWords {
    #[serde(rename = "type")]
    name: String,
    kind: String,
    role: String,
    weight: u64,
    makes: Vec<(String, String)>,
    systems: Vec<String>,
}

#[derive(Deserialize)]
struct PasswordWords {
    categories: Vec<String>,
    subjects: Vec<String>,
    users: Vec<String>,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct DocumentWords {
    folders: Vec<String>,
    titles: Vec<String>,
    headings: Vec<String>,
    sentences: Vec<String>,
}

/// How the rows of a table are spread over the organizations: organization `i` has rows `starts[i]..starts[i + 1]`.
struct Spread(Vec<u64>);

impl Spread {
    /// The first organization gets its share, the others by a law that gives much to few.
    fn new((total, first): (u64, u64), bend: f64) -> Self {
        let weights: Vec<f64> = (1..ORGANIZATIONS).map(|i| 1.0 / (i as f64 + 4.0).powf(bend)).collect();
        let all: f64 = weights.iter().sum();
        let rest = (total - first) as f64;
        let mut starts = vec![0, first];
        let mut sum = 0.0;
        for weight in &weights {
            sum += weight;
            starts.push(first + (rest * sum / all).round() as u64);
        }
        if let Some(last) = starts.last_mut() {
            *last = total;
        }
        Self(starts)
    }

    fn of(&self, organization: u64) -> Range<u64> {
        let at = |i: u64| self.0.get(i as usize).copied().unwrap_or_default();
        if organization < ORGANIZATIONS { at(organization)..at(organization + 1) } else { 0..0 }
    }

    /// The organization of a row.
    fn organization(&self, row: u64) -> u64 {
        (self.0.partition_point(|&start| start <= row) as u64).saturating_sub(1)
    }
}

/// The computed rows.
struct Scale {
    seed: u64,
    words: Vocabulary,
    configurations: Spread,
    passwords: Spread,
    documents: Spread,
    weights: u64,
    makes: Vec<String>,
    systems: Vec<String>,
}

fn pick(words: &[String], hash: u64) -> &str {
    words.get((hash % words.len().max(1) as u64) as usize).map_or("", String::as_str)
}

/// A day between 2019 and 2025, with a time in office hours.
fn date_time(hash: u64) -> String {
    let (year, month, day) = (2019 + hash % 7, 1 + hash / 7 % 12, 1 + hash / 84 % 28);
    let (hour, minute, second) = (7 + hash / 2352 % 11, hash / 25872 % 60, hash / 1_552_320 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
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

    fn value(&self, table: Table, id: u64, key: &str) -> Option<Value> {
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

impl Base for Scale {
    fn ids(&self, table: Table) -> Range<u64> {
        let (first, count) = match table {
            Table::Organizations => (FIRST_ORGANIZATION, ORGANIZATIONS),
            Table::Locations => (FIRST_LOCATION, ORGANIZATIONS),
            Table::DocumentFolders => (FIRST_FOLDER, ORGANIZATIONS * FOLDERS_EACH),
            Table::Configurations => (FIRST_CONFIGURATION, CONFIGURATIONS.0),
            Table::Passwords => (FIRST_PASSWORD, PASSWORDS.0),
            Table::Documents => (FIRST_DOCUMENT, DOCUMENTS.0),
            Table::DocumentSections => (FIRST_SECTION, DOCUMENTS.0 * SECTIONS_EACH),
            _ => (0, 0),
        };
        first..first + count
    }

    fn under(&self, table: Table, parent: (Table, u64)) -> Range<u64> {
        let range = |first: u64, rows: Range<u64>| first + rows.start..first + rows.end;
        if !self.ids(parent.0).contains(&parent.1) {
            return 0..0;
        }
        match (table, parent.0) {
            (_, Table::Organizations) => {
                let i = parent.1 - FIRST_ORGANIZATION;
                match table {
                    Table::Locations => range(FIRST_LOCATION, i..i + 1),
                    Table::DocumentFolders => range(FIRST_FOLDER, i * FOLDERS_EACH..(i + 1) * FOLDERS_EACH),
                    Table::Configurations => range(FIRST_CONFIGURATION, self.configurations.of(i)),
                    Table::Passwords => range(FIRST_PASSWORD, self.passwords.of(i)),
                    Table::Documents => range(FIRST_DOCUMENT, self.documents.of(i)),
                    _ => 0..0,
                }
            }
            (Table::DocumentSections, Table::Documents) => {
                let i = parent.1 - FIRST_DOCUMENT;
                range(FIRST_SECTION, i * SECTIONS_EACH..(i + 1) * SECTIONS_EACH)
            }
            _ => 0..0,
        }
    }

    fn attribute(&self, table: Table, id: u64, key: &str) -> Option<Value> {
        if key.starts_with('_') && key != "_value" { None } else { self.value(table, id, key) }
    }

    fn row(&self, table: Table, id: u64) -> Row {
        let keys = spec(table).attributes.iter().copied().chain(["created-at", "updated-at", "resource-url"]);
        let mut attributes: Attributes =
            keys.map(|key| (key.to_owned(), self.value(table, id, key).unwrap_or(Value::Null))).collect();
        if table == Table::Passwords {
            attributes.insert("_value".into(), self.value(table, id, "_value").unwrap_or(Value::Null));
        }
        if table == Table::Organizations {
            let url = format!("https://northbeam.itglue.com/{id}");
            attributes.insert("resource-url".into(), url.into());
        }
        Row { id, attributes }
    }
}

impl World {
    /// The large world of a seed. Takes no time to make: rows are made when they are requested.
    pub fn scale(seed: u64) -> Self {
        let words: Vocabulary = toml::from_str(VOCABULARY).expect("a test reads the vocabulary");
        let mut makes: Vec<String> = Vec::new();
        let mut systems: Vec<String> = Vec::new();
        for kind in &words.configurations.kinds {
            for (make, _) in &kind.makes {
                if !makes.contains(make) {
                    makes.push(make.clone());
                }
            }
            for system in &kind.systems {
                if !systems.contains(system) {
                    systems.push(system.clone());
                }
            }
        }
        let kinds: HashMap<String, String> =
            words.configurations.kinds.iter().map(|kind| (kind.name.clone(), kind.kind.clone())).collect();
        let types: Vec<String> = words.configurations.kinds.iter().map(|kind| kind.name.clone()).collect();
        let mut statuses: Vec<(u64, String)> = Vec::new();
        for (at, status) in (0..).zip(&words.configurations.statuses) {
            if !statuses.iter().any(|(_, known)| known == status) {
                statuses.push((FIRST_CONFIGURATION_STATUS + at, status.clone()));
            }
        }
        let numbered =
            |first: u64, names: &[String]| -> Vec<(u64, String)> { (first..).zip(names.iter().cloned()).collect() };
        let lookups = [
            (Table::OrganizationTypes, numbered(FIRST_TYPE, &words.organizations.types)),
            (Table::OrganizationStatuses, numbered(FIRST_STATUS, &words.organizations.statuses)),
            (Table::ConfigurationTypes, numbered(FIRST_CONFIGURATION_TYPE, &types)),
            (Table::ConfigurationStatuses, statuses),
            (Table::PasswordCategories, numbered(FIRST_CATEGORY, &words.passwords.categories)),
            (Table::Manufacturers, numbered(FIRST_MAKE, &makes)),
            (Table::OperatingSystems, numbered(FIRST_SYSTEM, &systems)),
        ];
        let scale = Scale {
            seed,
            configurations: Spread::new(CONFIGURATIONS, 0.8),
            passwords: Spread::new(PASSWORDS, 0.7),
            documents: Spread::new(DOCUMENTS, 0.9),
            weights: words.configurations.kinds.iter().map(|kind| kind.weight).sum(),
            makes,
            systems,
            words,
        };
        let mut world = Self::with_base(Arc::new(scale));
        for (table, rows) in lookups {
            for (id, name) in rows {
                let at = "2019-01-01T08:00:00.000Z";
                let kind = kinds.get(&name).filter(|_| table == Table::ConfigurationTypes);
                let attributes = json!({"name": name, "_kind": kind, "created-at": at, "updated-at": at});
                if let Value::Object(attributes) = attributes {
                    world.insert(table, id, attributes);
                }
            }
        }
        world
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_large_world_is_as_large_as_promised() {
        let world = World::scale(SEED);
        assert_eq!(world.count(Table::Organizations), 1_000);
        assert_eq!(world.count(Table::Configurations), 100_000);
        assert_eq!(world.count(Table::Passwords), 50_000);
        assert_eq!(world.count(Table::Documents), 20_000);
    }

    #[test]
    fn rows_belong_to_the_organization_they_are_listed_under() {
        let world = World::scale(SEED);
        for table in [Table::Configurations, Table::Passwords, Table::Documents, Table::DocumentFolders] {
            let mut total = 0;
            for organization in world.ids(Table::Organizations) {
                let ids = world.under(table, (Table::Organizations, organization));
                total += ids.len();
                for id in [ids.first(), ids.last()].into_iter().flatten() {
                    let row = world.get(table, *id).unwrap();
                    assert_eq!(row.attributes["organization-id"], organization, "{table:?} {id}");
                }
            }
            assert_eq!(total, world.count(table));
        }
        let largest = world.under(Table::Configurations, (Table::Organizations, FIRST_ORGANIZATION)).len();
        assert_eq!(largest, 20_000);
    }

    #[test]
    fn organizations_have_different_names() {
        let world = World::scale(SEED);
        let names: HashSet<String> =
            world.ids(Table::Organizations).into_iter().map(|id| world.name(Table::Organizations, id)).collect();
        assert_eq!(names.len(), 1_000);
    }

    #[test]
    fn the_same_seed_gives_the_same_row_and_another_seed_another() {
        let row = |seed| World::scale(seed).get(Table::Configurations, FIRST_CONFIGURATION + 4711).unwrap();
        assert_eq!(row(1), row(1));
        assert_ne!(row(1), row(2));
    }

    #[test]
    fn one_attribute_is_the_same_as_in_the_whole_row() {
        let world = World::scale(SEED);
        for (table, id) in [
            (Table::Configurations, FIRST_CONFIGURATION + 99_999),
            (Table::Passwords, FIRST_PASSWORD + 12_345),
            (Table::Documents, FIRST_DOCUMENT + 1),
            (Table::Organizations, FIRST_ORGANIZATION + 999),
        ] {
            let row = world.get(table, id).unwrap();
            for (key, value) in row.attributes.iter().filter(|(key, _)| *key != "resource-url") {
                assert_eq!(world.attribute(table, id, key).as_deref(), Some(value), "{table:?} {key}");
            }
        }
    }
}
