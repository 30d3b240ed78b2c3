//! Turns the assets into rows: first every record gets its id and the names that texts may use for it, then
//! the rows are written, with all placeholders resolved.

mod assets;
mod devices;
mod documents;
mod lookups;
mod plan;
mod rows;
mod text;
mod ties;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::data::invent::hash;
use crate::data::source;
use crate::world::{Attributes, Table, World};

/// The web application of the demo's account.
const WEB: &str = "https://northbeam.itglue.com";
/// "Today" in the demo: nothing was changed later.
pub(super) const TODAY: &str = "2026-11-20";

/// Everything the assets say, parsed.
pub(super) struct Source {
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
struct Entry {
    table: Table,
    id: u64,
    name: String,
    /// Path in the web application
    path: String,
    ip: String,
    host: String,
}

/// A device before its row is written.
struct PlannedDevice<'a> {
    entry: Entry,
    role: &'a source::Role,
    own: Option<&'a source::Device>,
    /// Which one of its role
    number: usize,
}

/// A password before its row is written.
struct PlannedPassword<'a> {
    entry: Entry,
    source: &'a source::Password,
    parent: Option<Entry>,
}

/// What is known of one organization after the first pass.
struct Plan<'a> {
    source: &'a source::Organization,
    names: HashMap<String, Entry>,
    devices: Vec<PlannedDevice<'a>>,
    passwords: Vec<PlannedPassword<'a>>,
    assets: Vec<(&'a source::FlexibleAsset, Entry)>,
}

/// Into what kind of text a placeholder is put.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Plain,
    Html,
    Markdown,
}

/// The world under construction.
pub(super) struct Build {
    world: World,
    taken: HashSet<(Table, u64)>,
    /// Names of lookup lists to ids
    lookups: HashMap<(Table, String), u64>,
    /// What did not fit: a reference to nothing, an unknown name. Empty for the assets as they are.
    pub problems: Vec<String>,
}

fn object(value: Value) -> Attributes {
    match value {
        Value::Object(attributes) => attributes,
        _ => Attributes::new(),
    }
}

fn escaped(text: &str) -> String {
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
    /// Makes the world.
    pub(super) fn new(source: &Source) -> Self {
        let mut build =
            Build { world: World::new(), taken: HashSet::new(), lookups: HashMap::new(), problems: Vec::new() };
        build.reserve(source);
        build.lookups(source);
        build.types(source);
        let mut plans: Vec<Plan<'_>> = Vec::new();
        for organization in &source.organizations {
            let plan = build.plan(source, organization);
            plans.push(plan);
        }
        for plan in &plans {
            build.organization(&plans, plan);
            build.places(&plans, plan);
            for device in &plan.devices {
                build.device(source, &plans, plan, device);
            }
            build.documents(source, &plans, plan);
            build.assets(source, &plans, plan);
            build.passwords(&plans, plan);
        }
        build.checklists(source, &plans);
        build.relations(source, &plans);
        build.activity(source, &plans);
        build
    }

    /// The finished world.
    pub(super) fn finish(self) -> World {
        self.world
    }

    fn problem(&mut self, what: impl Into<String>) {
        self.problems.push(what.into());
    }

    /// Keeps ids that are written in the assets from being given to another record.
    fn reserve(&mut self, source: &Source) {
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
    fn id(&mut self, table: Table, long: bool, words: &[&str]) -> u64 {
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

    fn put(&mut self, table: Table, id: u64, attributes: Value) {
        if self.world.contains(table, id) {
            self.problem(format!("{} {id} is made twice", table.type_name()));
        }
        self.world.insert(table, id, object(attributes));
    }
}

/// Says in one line what a world holds, for people who extend the assets.
pub(super) fn summary(world: &World) -> String {
    let mut out = String::new();
    for &table in Table::ALL {
        if world.count(table) > 0 {
            // Writing into a String cannot fail.
            let _ = write!(out, "{} {} · ", world.count(table), table.type_name());
        }
    }
    out
}
