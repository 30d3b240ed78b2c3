//! The world under construction, and what is planned of it before rows are written.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};

use crate::data::invent::hash;
use crate::data::source;
use crate::world::{Attributes, Table, World};

/// The web application of the demo's account.
pub(super) const WEB: &str = "https://northbeam.itglue.com";

/// Everything the assets say, parsed.
pub(in crate::data) struct Source {
    pub lookups: source::Lookups,
    pub catalogue: source::Catalogue,
    pub organizations: Vec<source::Organization>,
    pub passwords: source::Passwords,
    pub assets: source::FlexibleAssets,
    pub checklists: source::Checklists,
    pub relations: source::Relations,
    pub documents: Vec<source::Document>,
    /// What is different in one client, by short name and file
    pub local: BTreeMap<String, BTreeMap<String, String>>,
    /// Sentences of the diary
    pub diary: Vec<&'static str>,
}

/// A record as texts name it.
#[derive(Clone)]
pub(super) struct Entry {
    pub table: Table,
    pub id: u64,
    pub name: String,
    /// Path in the web application
    pub path: String,
    pub ip: String,
    pub host: String,
}

/// A device before its row is written.
pub(super) struct PlannedDevice<'a> {
    pub entry: Entry,
    pub role: &'a source::Role,
    pub own: Option<&'a source::Device>,
    /// Which one of its role
    pub number: usize,
}

/// A password before its row is written.
pub(super) struct PlannedPassword<'a> {
    pub entry: Entry,
    pub source: &'a source::Password,
    pub parent: Option<Entry>,
}

/// What is known of one organization after the first pass.
pub(super) struct Plan<'a> {
    pub source: &'a source::Organization,
    pub names: HashMap<String, Entry>,
    pub devices: Vec<PlannedDevice<'a>>,
    pub passwords: Vec<PlannedPassword<'a>>,
    pub assets: Vec<(&'a source::FlexibleAsset, Entry)>,
}

/// Regions by id: the country of each, and its name.
pub(super) type Regions = HashMap<u64, (u64, String)>;

/// Into what kind of text a placeholder is put.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Plain,
    Html,
    Markdown,
}

/// The world under construction.
pub(in crate::data) struct Build {
    pub world: World,
    pub taken: HashSet<(Table, u64)>,
    /// Names of lookup lists to ids
    pub lookups: HashMap<(Table, String), u64>,
    /// What did not fit: a reference to nothing, an unknown name. Empty for the assets as they are.
    pub problems: Vec<String>,
}

pub(super) fn object(value: Value) -> Attributes {
    match value {
        Value::Object(attributes) => attributes,
        _ => Attributes::new(),
    }
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// First id and how many ids a table's records are spread over.
fn ids_of(table: Table) -> (u64, u64) {
    match table {
        Table::Documents => (7_300_000, 900_000),
        Table::DocumentSections => (11_000_000, 9_000_000),
        Table::DocumentFolders => (660_000, 9_000),
        Table::DocumentImages => (90_000, 9_900),
        Table::Configurations => (9_000_000, 900_000),
        Table::ConfigurationInterfaces => (430_000, 90_000),
        Table::Passwords => (6_600_000, 300_000),
        Table::PasswordFolders => (670_000, 9_000),
        Table::FlexibleAssets => (3_300_000, 90_000),
        Table::FlexibleAssetTypes => (15_000, 900),
        Table::FlexibleAssetFields => (150_000, 9_000),
        Table::Contacts => (2_100_000, 90_000),
        Table::Locations => (700_000, 9_000),
        Table::Domains => (1_500_000, 9_000),
        Table::SslCertificates => (1_600_000, 9_000),
        Table::Expirations => (8_100_000, 90_000),
        Table::Checklists => (5_000_000, 9_000),
        Table::ChecklistTasks => (5_100_000, 90_000),
        Table::ChecklistTemplates => (5_300_000, 900),
        Table::ChecklistTemplateTasks => (5_400_000, 9_000),
        Table::Models => (88_000, 900),
        Table::Users => (50_000, 900),
        Table::Attachments => (400, 9_000),
        Table::ResourceAccesses => (950_000, 9_000),
        Table::Versions => (960_000, 9_000),
        Table::AdaptersResources => (970_000, 9_000),
        Table::RmmRecords => (975_000, 4_000),
        Table::UserMetrics => (980_000, 9_000),
        // Entries of the log have ids of 18 digits.
        Table::Logs => (812_440_093_317_550_000, 900_000),
        _ => (30_000, 900),
    }
}

impl Build {
    /// A world without rows.
    pub(super) fn empty() -> Self {
        Self { world: World::new(), taken: HashSet::new(), lookups: HashMap::new(), problems: Vec::new() }
    }

    /// The finished world.
    pub(in crate::data) fn finish(self) -> World {
        self.world
    }

    /// Keeps what did not fit.
    pub(super) fn problem(&mut self, what: impl Into<String>) {
        self.problems.push(what.into());
    }

    /// Keeps ids that are written in the assets from being given to another record.
    pub(super) fn reserve(&mut self, source: &Source) {
        let mut fixed: Vec<(Table, u64)> = Vec::new();
        for organization in &source.organizations {
            fixed.extend(organization.locations.iter().filter_map(|l| Some((Table::Locations, l.id?))));
            fixed.extend(organization.devices.iter().filter_map(|d| Some((Table::Configurations, d.id?))));
            fixed.extend(
                organization.devices.iter().filter_map(|d| Some((Table::ConfigurationInterfaces, d.interface_id?))),
            );
        }
        fixed.extend(source.passwords.passwords.iter().filter_map(|p| Some((Table::Passwords, p.id?))));
        fixed.extend(source.assets.assets.iter().filter_map(|a| Some((Table::FlexibleAssets, a.id?))));
        fixed.extend(source.assets.types.iter().filter_map(|t| Some((Table::FlexibleAssetTypes, t.id?))));
        for document in &source.documents {
            fixed.extend(document.ids.iter().map(|(_, id)| (Table::Documents, *id)));
        }
        fixed.push((Table::DocumentFolders, 660_012));
        fixed.push((Table::DocumentImages, 99_120));
        fixed.push((Table::Attachments, 415));
        for key in fixed {
            if !self.taken.insert(key) {
                self.problems.push(format!("{key:?} is given twice"));
            }
        }
    }

    /// The id of a record whose asset names none.
    pub(super) fn id(&mut self, table: Table, long: bool, words: &[&str]) -> u64 {
        let (first, spread) = ids_of(table);
        let first = if long { 9_007_199_300_000_000 + first } else { first };
        let mut words = words.to_vec();
        words.push(table.type_name());
        let mut at = hash(&words) % spread;
        while !self.taken.insert((table, first + at)) {
            at = (at + 1) % spread;
        }
        first + at
    }

    /// Writes a row.
    pub(super) fn put(&mut self, table: Table, id: u64, attributes: Value) {
        if self.world.contains(table, id) {
            self.problem(format!("{} {id} is made twice", table.type_name()));
        }
        self.world.insert(table, id, object(attributes));
    }

    /// An entry of a list that belongs to the account.
    pub(super) fn lookup(&mut self, table: Table, fixed: Option<u64>, name: &str, mut extra: Value) -> u64 {
        let id = match fixed {
            Some(id) => {
                self.taken.insert((table, id));
                id
            }
            None => self.id(table, false, &[name]),
        };
        if let Some(attributes) = extra.as_object_mut() {
            attributes.insert("name".into(), json!(name));
            attributes.insert("created-at".into(), json!("2018-03-05T13:00:00.000Z"));
            attributes.insert("updated-at".into(), json!("2024-01-15T09:30:00.000Z"));
        }
        self.put(table, id, extra);
        self.lookups.insert((table, name.to_owned()), id);
        id
    }

    /// The id of such an entry.
    pub(super) fn find(&mut self, table: Table, name: &str) -> Value {
        match self.lookups.get(&(table, name.to_owned())) {
            Some(id) => json!(id),
            None => {
                self.problem(format!("no {} {name}", table.label()));
                Value::Null
            }
        }
    }
}
