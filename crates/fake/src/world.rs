//! What the embedded IT Glue knows: rows by table and id, the links between them, nothing of HTTP.
//!
//! A row holds the attributes exactly as the API serves them, with kebab-case keys. Keys that begin with `_` are the
//! server's own and never leave it:
//!
//! | Key | On | Meaning |
//! |---|---|---|
//! | `_value` | passwords | the password itself |
//! | `_versions` | passwords | array of `{"id", "value"}`: older values |
//! | `_parent` | passwords of `resource-type` `flexible-asset-traits`, attachments, resource accesses, versions and other rows that exist only under a record | `{"table": "documents", "id": 7}`; the table by its type name |
//! | `_published` | document sections | `false` while the section exists on the draft only |
//! | `_draft` | document sections | attributes changed on the draft, shown after the next publish |
//! | `_deleted` | document sections | `true` once deleted on the draft, until the next publish |
//! | `_psa`, `_rmm` | anything with such filters | `{"id": "77", "type": "autotask"}`: what `psa_id` and `rmm_id` compare with |
//! | `_kind` | configuration types | the `configuration-type-kind` of their configurations |
//! | `_groups` | organizations | array of group ids, for `filter[group_id]` |
//! | `_users`, `_organizations` | groups | arrays of ids, for the includes |
//! | `_bytes` | attachments, document images | the file, base64; a small placeholder is served without it |
//!
//! Tag traits of flexible assets are stored the way the API takes them, as arrays of ids (`"router": [9021180]`). What
//! they point at is said by the `tag-type` of the field; the server expands them when it answers.
//!
//! Besides stored rows a world may have a [`Base`]: rows computed on demand from their number, so that a hundred
//! thousand of them cost nothing until a request asks. A stored row with the same id wins over the computed one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

/// The attributes of a row, keys in kebab case.
pub type Attributes = serde_json::Map<String, Value>;

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $type_name:literal $label:literal),+ $(,)?) => {
        /// The tables of the embedded IT Glue, one for each type of record.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Table {
            $($(#[$doc])* $name),+
        }

        impl Table {
            /// All tables.
            pub const ALL: &'static [Table] = &[$(Table::$name),+];

            /// The name of the type in answers: kebab case, plural.
            pub const fn type_name(self) -> &'static str {
                match self { $(Table::$name => $type_name),+ }
            }

            /// The label the web application uses for one record, which is also the `destination_type` of related
            /// items.
            pub const fn label(self) -> &'static str {
                match self { $(Table::$name => $label),+ }
            }
        }
    };
}

tables! {
    /// The clients of the MSP, and the MSP itself
    Organizations = "organizations" "Organization",
    /// Types of organizations
    OrganizationTypes = "organization-types" "Organization Type",
    /// Statuses of organizations
    OrganizationStatuses = "organization-statuses" "Organization Status",
    /// Documents. `content` is computed from the sections unless the row brings its own
    Documents = "documents" "Document",
    /// Sections of documents, by `document-id`
    DocumentSections = "document-sections" "Document Section",
    /// Folders of documents
    DocumentFolders = "document-folders" "Document Folder",
    /// Images of documents, by `document-id`
    DocumentImages = "document-images" "Document Image",
    /// Configurations
    Configurations = "configurations" "Configuration",
    /// Network interfaces, by `configuration-id`
    ConfigurationInterfaces = "configuration-interfaces" "Configuration Interface",
    /// Types of configurations
    ConfigurationTypes = "configuration-types" "Configuration Type",
    /// Statuses of configurations
    ConfigurationStatuses = "configuration-statuses" "Configuration Status",
    /// Passwords; the value is in `_value`
    Passwords = "passwords" "Password",
    /// Categories of passwords
    PasswordCategories = "password-categories" "Password Category",
    /// Folders of passwords
    PasswordFolders = "password-folders" "Password Folder",
    /// Types of flexible assets
    FlexibleAssetTypes = "flexible-asset-types" "Flexible Asset Type",
    /// Fields of types, by `flexible-asset-type-id`
    FlexibleAssetFields = "flexible-asset-fields" "Flexible Asset Field",
    /// Flexible assets
    FlexibleAssets = "flexible-assets" "Flexible Asset",
    /// Contacts
    Contacts = "contacts" "Contact",
    /// Types of contacts
    ContactTypes = "contact-types" "Contact Type",
    /// Locations
    Locations = "locations" "Location",
    /// Domains
    Domains = "domains" "Domain",
    /// SSL certificates: targets of links and parents of passwords; keys cannot list them on most accounts
    SslCertificates = "ssl-certificates" "SSL Certificate",
    /// Dates to watch
    Expirations = "expirations" "Expiration",
    /// Checklists
    Checklists = "checklists" "Checklist",
    /// Tasks, by `checklist-id`
    ChecklistTasks = "checklist-tasks" "Checklist Task",
    /// Templates of checklists
    ChecklistTemplates = "checklist-templates" "Checklist Template",
    /// Tasks of templates, by `checklist-template-id`
    ChecklistTemplateTasks = "checklist-template-tasks" "Checklist Template Task",
    /// Files, by `_parent`
    Attachments = "attachments" "Attachment",
    /// Manufacturers of configurations
    Manufacturers = "manufacturers" "Manufacturer",
    /// Models, by `manufacturer-id`
    Models = "models" "Model",
    /// Operating systems
    OperatingSystems = "operating-systems" "Operating System",
    /// Platforms
    Platforms = "platforms" "Platform",
    /// Countries
    Countries = "countries" "Country",
    /// Regions, by `country-id`
    Regions = "regions" "Region",
    /// Users of the MSP
    Users = "users" "User",
    /// Groups of users
    Groups = "groups" "Group",
    /// What users did, by day
    UserMetrics = "user-metrics" "User Metric",
    /// The activity log
    Logs = "logs" "Log",
    /// Exports of data
    Exports = "exports" "Export",
    /// Who may see a restricted record, by `_parent`; `accessor-type` is `User` or `Group`
    ResourceAccesses = "resource-accesses" "Resource Access",
    /// Earlier versions of a record, by `_parent`
    Versions = "versions" "Version",
    /// PSA tickets: targets of links, by `_parent` also an include
    Tickets = "tickets" "Ticket",
    /// Records of the RMM, by `_parent`
    RmmRecords = "rmm-records" "RMM Record",
    /// Ids in integrations, by `_parent`
    AdaptersResources = "adapters-resources" "Adapters Resource",
}

impl Table {
    /// The table of a type name in kebab or snake case, singular or plural, in any letter case; labels work too.
    ///
    /// ```
    /// use gluepot_fake::world::Table;
    /// assert_eq!(Table::by_name("flexible_assets"), Some(Table::FlexibleAssets));
    /// assert_eq!(Table::by_name("SSL Certificate"), Some(Table::SslCertificates));
    /// ```
    pub fn by_name(name: &str) -> Option<Table> {
        let name: String =
            name.trim().chars().map(|c| if c == '_' || c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
        Table::ALL
            .iter()
            .copied()
            .find(|t| t.type_name() == name || t.label().replace(' ', "-").eq_ignore_ascii_case(&name))
    }

    /// The first segment of the path: the type name in snake case.
    pub fn path(self) -> String {
        self.type_name().replace('-', "_")
    }

    /// The name in `asset-type` of related items: snake case, singular.
    pub fn asset_type(self) -> String {
        self.label().to_ascii_lowercase().replace(' ', "_")
    }

    /// The attribute that names the record a row of this table lives under, where that is not an organization.
    const fn parent_attribute(self) -> Option<(&'static str, Table)> {
        match self {
            Table::DocumentSections | Table::DocumentImages => Some(("document-id", Table::Documents)),
            Table::ConfigurationInterfaces => Some(("configuration-id", Table::Configurations)),
            Table::FlexibleAssetFields | Table::FlexibleAssets => {
                Some(("flexible-asset-type-id", Table::FlexibleAssetTypes))
            }
            Table::ChecklistTasks => Some(("checklist-id", Table::Checklists)),
            Table::ChecklistTemplateTasks => Some(("checklist-template-id", Table::ChecklistTemplates)),
            Table::Models => Some(("manufacturer-id", Table::Manufacturers)),
            Table::Regions => Some(("country-id", Table::Countries)),
            _ => None,
        }
    }
}

/// One record.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Unique within its table
    pub id: u64,
    /// What the API serves, and the server's own keys that begin with `_`
    pub attributes: Attributes,
}

/// A related item: one record that serves both directions.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// The id of the link itself
    pub id: u64,
    /// The record the link was made on
    pub from: (Table, u64),
    /// The record it points to
    pub to: (Table, u64),
    /// Why the two belong together
    pub notes: String,
}

/// Rows computed on demand. Ids of one table are a range without holes.
pub trait Base: Send + Sync {
    /// All ids of a table; empty for tables it knows nothing of.
    fn ids(&self, table: Table) -> Range<u64>;
    /// The ids of the rows that live under a record, an organization for example.
    fn under(&self, table: Table, parent: (Table, u64)) -> Range<u64>;
    /// One attribute of a row of [`Base::ids`], cheaper than the whole row.
    fn attribute(&self, table: Table, id: u64, key: &str) -> Option<Value>;
    /// A row of [`Base::ids`].
    fn row(&self, table: Table, id: u64) -> Row;
}

/// The rows of one table that are kept in memory.
#[derive(Default)]
struct Rows {
    /// Stored rows, those that replace a computed one included
    stored: BTreeMap<u64, Arc<Row>>,
    /// Computed rows that were deleted
    gone: HashSet<u64>,
    /// Stored rows by the records they live under
    under: HashMap<(Table, u64), BTreeSet<u64>>,
    /// Raised by every change
    version: u64,
}

/// Everything the embedded IT Glue knows.
pub struct World {
    tables: Vec<Rows>,
    links: BTreeMap<u64, Link>,
    links_of: HashMap<(Table, u64), BTreeSet<u64>>,
    base: Option<Arc<dyn Base>>,
    version: u64,
    tags: Mutex<Option<Tags>>,
}

/// Which flexible assets point at a record, and with which of their values, as of two versions of their tables.
struct Tags {
    versions: (u64, u64),
    by_target: Arc<TagsByTarget>,
}

/// For each record the assets that point at it: the asset, and which of its values does.
type TagsByTarget = HashMap<(Table, u64), Vec<(u64, u64)>>;

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_map();
        for &table in Table::ALL {
            let count = self.count(table);
            if count > 0 {
                shown.entry(&table, &count);
            }
        }
        shown.finish()
    }
}

/// The first id given to links, and to rows made through the API.
const FIRST_LINK: u64 = 5_520_001;
const FIRST_NEW: u64 = 90_000_001;
/// From here on a double cannot hold every id.
const FIRST_LONG: u64 = 1 << 53;

impl World {
    /// A world without a single row.
    pub fn new() -> Self {
        Self {
            tables: Table::ALL.iter().map(|_| Rows::default()).collect(),
            links: BTreeMap::new(),
            links_of: HashMap::new(),
            base: None,
            version: 0,
            tags: Mutex::new(None),
        }
    }

    /// A world whose rows are computed until they are changed.
    pub fn with_base(base: Arc<dyn Base>) -> Self {
        Self { base: Some(base), ..Self::new() }
    }

    fn rows(&self, table: Table) -> &Rows {
        &self.tables[table as usize]
    }

    fn rows_mut(&mut self, table: Table) -> &mut Rows {
        self.version += 1;
        let rows = &mut self.tables[table as usize];
        rows.version += 1;
        rows
    }

    fn computed(&self, table: Table, id: u64) -> Option<&dyn Base> {
        let base = self.base.as_deref()?;
        (base.ids(table).contains(&id) && !self.rows(table).gone.contains(&id)).then_some(base)
    }

    /// Raised by every change to a table: what was derived from an older version is out of date.
    pub fn version_of(&self, table: Table) -> u64 {
        self.rows(table).version
    }

    /// Raised by every change to anything.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Puts a row in, in place of one with the same id.
    pub fn insert(&mut self, table: Table, id: u64, attributes: Attributes) {
        self.unindex(table, id);
        let parents = parents(table, &attributes);
        let rows = self.rows_mut(table);
        for parent in parents {
            rows.under.entry(parent).or_default().insert(id);
        }
        rows.stored.insert(id, Arc::new(Row { id, attributes }));
    }

    fn unindex(&mut self, table: Table, id: u64) {
        let rows = self.rows_mut(table);
        if let Some(old) = rows.stored.get(&id) {
            for parent in parents(table, &old.attributes) {
                if let Some(children) = rows.under.get_mut(&parent) {
                    children.remove(&id);
                }
            }
        }
    }

    /// Takes a row out, and the links that lead to it. Says whether it was there.
    pub fn remove(&mut self, table: Table, id: u64) -> bool {
        let was = self.contains(table, id);
        let computed = self.computed(table, id).is_some();
        self.unindex(table, id);
        let rows = self.rows_mut(table);
        rows.stored.remove(&id);
        if computed {
            rows.gone.insert(id);
        }
        let links: Vec<u64> = self.links_of.get(&(table, id)).into_iter().flatten().copied().collect();
        for link in links {
            self.unrelate(link);
        }
        was
    }

    /// Changes the attributes of a row. Says whether it was there.
    pub fn edit(&mut self, table: Table, id: u64, change: impl FnOnce(&mut Attributes)) -> bool {
        let Some(row) = self.get(table, id) else { return false };
        let mut attributes = Arc::unwrap_or_clone(row).attributes;
        change(&mut attributes);
        self.insert(table, id, attributes);
        true
    }

    /// Whether there is such a row.
    pub fn contains(&self, table: Table, id: u64) -> bool {
        self.rows(table).stored.contains_key(&id) || self.computed(table, id).is_some()
    }

    /// A row.
    pub fn get(&self, table: Table, id: u64) -> Option<Arc<Row>> {
        if let Some(row) = self.rows(table).stored.get(&id) {
            return Some(Arc::clone(row));
        }
        self.computed(table, id).map(|base| Arc::new(base.row(table, id)))
    }

    /// One attribute of a row, without making the row if it is a computed one.
    pub fn attribute(&self, table: Table, id: u64, key: &str) -> Option<Cow<'_, Value>> {
        if let Some(row) = self.rows(table).stored.get(&id) {
            return row.attributes.get(key).map(Cow::Borrowed);
        }
        self.computed(table, id)?.attribute(table, id, key).map(Cow::Owned)
    }

    /// The `name` of a row, empty if it has none.
    pub fn name(&self, table: Table, id: u64) -> String {
        match self.attribute(table, id, "name").as_deref() {
            Some(Value::String(name)) => name.clone(),
            _ => String::new(),
        }
    }

    /// How many rows a table has.
    pub fn count(&self, table: Table) -> usize {
        let rows = self.rows(table);
        let Some(base) = &self.base else { return rows.stored.len() };
        let computed = base.ids(table);
        let replaced = rows.stored.range(computed.clone()).filter(|(id, _)| !rows.gone.contains(id)).count();
        (computed.end - computed.start) as usize - rows.gone.len() - replaced + rows.stored.len()
    }

    /// All ids of a table, ascending.
    pub fn ids(&self, table: Table) -> Vec<u64> {
        let computed = self.base.as_ref().map_or(0..0, |base| base.ids(table));
        self.merged(table, computed, self.rows(table).stored.keys().copied())
    }

    /// Whether a row is kept in memory, because it was made or changed here.
    pub fn is_stored(&self, table: Table, id: u64) -> bool {
        self.rows(table).stored.contains_key(&id)
    }

    /// Whether some rows are computed.
    pub const fn has_base(&self) -> bool {
        self.base.is_some()
    }

    /// The ids of the rows kept in memory: all of them, unless the world has a [`Base`].
    pub fn stored(&self, table: Table) -> Vec<u64> {
        self.rows(table).stored.keys().copied().collect()
    }

    /// The ids of the rows that live under a record (an organization, a document, a configuration …), ascending.
    pub fn under(&self, table: Table, parent: (Table, u64)) -> Vec<u64> {
        let computed = self.base.as_ref().map_or(0..0, |base| base.under(table, parent));
        self.merged(table, computed, self.rows(table).under.get(&parent).into_iter().flatten().copied())
    }

    fn merged(&self, table: Table, computed: Range<u64>, stored: impl Iterator<Item = u64>) -> Vec<u64> {
        let rows = self.rows(table);
        let mut ids: Vec<u64> =
            computed.filter(|id| !rows.gone.contains(id) && !rows.stored.contains_key(id)).collect();
        let from_base = ids.len();
        ids.extend(stored);
        if from_base > 0 && ids.len() > from_base {
            ids.sort_unstable();
        }
        ids
    }

    /// An id no row of the table has. A short one even where some rows have ids of 16 digits: clients written in
    /// JavaScript cannot hold those, and would lose what they have just made.
    pub fn free_id(&self, table: Table) -> u64 {
        let stored = self.rows(table).stored.range(..FIRST_LONG).next_back().map_or(0, |(last, _)| last + 1);
        let computed = self.base.as_ref().map_or(0, |base| base.ids(table).end);
        FIRST_NEW.max(stored).max(computed)
    }

    /// Relates two records, in both directions at once. Returns the id of the link, or `None` when the two are
    /// related already, in whichever direction.
    pub fn relate(&mut self, from: (Table, u64), to: (Table, u64), notes: &str) -> Option<u64> {
        let related =
            self.links_of(from).any(|link| (link.from, link.to) == (from, to) || (link.from, link.to) == (to, from));
        if related {
            return None;
        }
        self.version += 1;
        let id = self.links.keys().next_back().map_or(FIRST_LINK, |last| last + 1);
        self.links.insert(id, Link { id, from, to, notes: notes.to_owned() });
        self.links_of.entry(from).or_default().insert(id);
        self.links_of.entry(to).or_default().insert(id);
        Some(id)
    }

    /// Takes a link away. Says whether it was there.
    pub fn unrelate(&mut self, link: u64) -> bool {
        let Some(link) = self.links.remove(&link) else { return false };
        self.version += 1;
        for end in [link.from, link.to] {
            if let Some(links) = self.links_of.get_mut(&end) {
                links.remove(&link.id);
            }
        }
        true
    }

    /// A link.
    pub fn link(&self, id: u64) -> Option<&Link> {
        self.links.get(&id)
    }

    /// Changes the notes of a link. Says whether it was there.
    pub fn set_link_notes(&mut self, id: u64, notes: &str) -> bool {
        self.version += 1;
        self.links.get_mut(&id).map(|link| notes.clone_into(&mut link.notes)).is_some()
    }

    /// The flexible assets that point at a record through a Tag field: `(asset, nth value of the asset)`.
    pub fn tagged_by(&self, record: (Table, u64)) -> Vec<(u64, u64)> {
        let versions = (self.version_of(Table::FlexibleAssets), self.version_of(Table::FlexibleAssetFields));
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = tags.as_ref().filter(|known| known.versions == versions) {
            return known.by_target.get(&record).cloned().unwrap_or_default();
        }
        let by_target = Arc::new(self.all_tags());
        *tags = Some(Tags { versions, by_target: Arc::clone(&by_target) });
        by_target.get(&record).cloned().unwrap_or_default()
    }

    fn all_tags(&self) -> TagsByTarget {
        let mut fields: HashMap<u64, Vec<(String, Table)>> = HashMap::new();
        for id in self.ids(Table::FlexibleAssetFields) {
            let Some(field) = self.get(Table::FlexibleAssetFields, id) else { continue };
            let text = |key: &str| field.attributes.get(key).and_then(Value::as_str);
            let (Some("Tag"), Some(key), Some(tag_type)) = (text("kind"), text("name-key"), text("tag-type")) else {
                continue;
            };
            let asset_type = field.attributes.get("flexible-asset-type-id").and_then(Value::as_u64).unwrap_or(0);
            if let (Some(table), _) = tag_target(tag_type) {
                fields.entry(asset_type).or_default().push((key.to_owned(), table));
            }
        }
        let mut by_target = TagsByTarget::new();
        for asset in self.ids(Table::FlexibleAssets) {
            let Some(row) = self.get(Table::FlexibleAssets, asset) else { continue };
            let asset_type = row.attributes.get("flexible-asset-type-id").and_then(Value::as_u64).unwrap_or(0);
            let mut nth = 0;
            for (key, table) in fields.get(&asset_type).into_iter().flatten() {
                let ids = row.attributes.get("traits").and_then(|traits| traits.get(key)).and_then(Value::as_array);
                for id in ids.into_iter().flatten().filter_map(Value::as_u64) {
                    let assets = by_target.entry((*table, id)).or_default();
                    if assets.last().is_none_or(|&(last, _)| last != asset) {
                        assets.push((asset, nth));
                    }
                    nth += 1;
                }
            }
        }
        by_target
    }

    /// The links of a record, those made on the other side included, oldest first.
    pub fn links_of(&self, record: (Table, u64)) -> impl Iterator<Item = &Link> {
        self.links_of.get(&record).into_iter().flatten().filter_map(|id| self.links.get(id))
    }
}

/// The table a `tag-type` means, and the type its values are read with.
pub fn tag_target(tag_type: &str) -> (Option<Table>, String) {
    if tag_type.starts_with("FlexibleAssetType") {
        return (Some(Table::FlexibleAssets), "FlexibleAssetTypes".into());
    }
    if tag_type == "AccountsUsers" {
        return (Some(Table::Users), tag_type.into());
    }
    let mut name = String::with_capacity(tag_type.len() + 2);
    for c in tag_type.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c);
    }
    (Table::by_name(&name), tag_type.into())
}

/// The records a row lives under: its organization, and what its table or its `_parent` names.
fn parents(table: Table, attributes: &Attributes) -> Vec<(Table, u64)> {
    let mut parents = Vec::with_capacity(2);
    if let Some(id) = attributes.get("organization-id").and_then(Value::as_u64) {
        parents.push((Table::Organizations, id));
    }
    if let Some((key, parent)) = table.parent_attribute()
        && let Some(id) = attributes.get(key).and_then(Value::as_u64)
    {
        parents.push((parent, id));
    }
    if table == Table::Passwords
        && let Some(id) = attributes.get("resource-id").and_then(Value::as_u64)
        && let Some(name) = attributes.get("resource-type").and_then(Value::as_str)
    {
        // A password in a flexible asset names the trait, whose id is not that of the asset: `_parent` tells.
        let parent = if name == "flexible-asset-traits" { None } else { Table::by_name(name) };
        parents.extend(parent.map(|parent| (parent, id)));
    }
    if let Some(parent) = attributes.get("_parent")
        && let Some(id) = parent.get("id").and_then(Value::as_u64)
        && let Some(table) = parent.get("table").and_then(Value::as_str).and_then(Table::by_name)
    {
        parents.push((table, id));
    }
    parents
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;

    fn attributes(value: Value) -> Attributes {
        match value {
            Value::Object(attributes) => attributes,
            other => panic!("attributes are an object, not {other}"),
        }
    }

    #[test]
    fn type_names_are_found_in_every_spelling() {
        for &table in Table::ALL {
            assert_eq!(Table::by_name(table.type_name()), Some(table));
            assert_eq!(Table::by_name(&table.path()), Some(table));
            assert_eq!(Table::by_name(table.label()), Some(table));
            assert_eq!(Table::by_name(&table.asset_type()), Some(table));
        }
        assert_eq!(Table::by_name("unicorns"), None);
    }

    #[test]
    fn rows_are_found_under_their_organization_and_follow_it() {
        let mut world = World::new();
        world.insert(Table::Configurations, 7, attributes(json!({"organization-id": 1, "name": "A"})));
        assert_eq!(world.under(Table::Configurations, (Table::Organizations, 1)), [7]);
        world.edit(Table::Configurations, 7, |row| {
            row.insert("organization-id".into(), json!(2));
        });
        assert!(world.under(Table::Configurations, (Table::Organizations, 1)).is_empty());
        assert_eq!(world.under(Table::Configurations, (Table::Organizations, 2)), [7]);
    }

    #[test]
    fn relating_twice_or_the_other_way_round_is_refused() {
        let mut world = World::new();
        let (a, b) = ((Table::Documents, 1), (Table::Configurations, 2));
        let link = world.relate(a, b, "Runbook").unwrap();
        assert_eq!(world.relate(a, b, ""), None);
        assert_eq!(world.relate(b, a, ""), None);
        assert_eq!(world.links_of(b).map(|l| l.id).collect::<Vec<_>>(), [link]);
        world.remove(Table::Documents, 1);
        assert_eq!(world.links_of(b).count(), 0, "a link dies with either end");
    }

    struct Ten;

    impl Base for Ten {
        fn ids(&self, table: Table) -> Range<u64> {
            if table == Table::Configurations { 10..20 } else { 0..0 }
        }

        fn under(&self, table: Table, parent: (Table, u64)) -> Range<u64> {
            if table == Table::Configurations && parent == (Table::Organizations, 1) { 10..15 } else { 0..0 }
        }

        fn attribute(&self, _: Table, id: u64, key: &str) -> Option<Value> {
            (key == "name").then(|| json!(format!("N{id}")))
        }

        fn row(&self, _: Table, id: u64) -> Row {
            Row { id, attributes: attributes(json!({"name": format!("N{id}"), "organization-id": 1})) }
        }
    }

    #[test]
    fn stored_rows_win_over_computed_ones_and_deleted_ones_stay_away() {
        let mut world = World::with_base(Arc::new(Ten));
        assert_eq!(world.count(Table::Configurations), 10);
        assert!(world.edit(Table::Configurations, 12, |row| {
            row.insert("name".into(), json!("changed"));
        }));
        assert!(world.remove(Table::Configurations, 13));
        assert!(world.remove(Table::Configurations, 12));
        world.insert(Table::Configurations, 12, attributes(json!({"name": "again", "organization-id": 1})));
        assert!(!world.remove(Table::Configurations, 13), "it is gone already");
        assert_eq!(world.count(Table::Configurations), 9);
        assert_eq!(world.ids(Table::Configurations), [10, 11, 12, 14, 15, 16, 17, 18, 19]);
        assert_eq!(world.under(Table::Configurations, (Table::Organizations, 1)), [10, 11, 12, 14]);
        assert_eq!(world.name(Table::Configurations, 12), "again");
        assert_eq!(world.name(Table::Configurations, 11), "N11");
        assert!(world.get(Table::Configurations, 13).is_none());
    }
}
