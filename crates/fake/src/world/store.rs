//! The rows themselves: stored, replaced, found under the records they live under.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::links::Links;
use super::row::{Attributes, Base, Link, Row, parents};
use super::table::Table;
use super::tags::{Tags, all_tags};

/// The rows of one table that are kept in memory.
#[derive(Clone, Default)]
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

/// Everything the embedded IT Glue knows. A copy shares its rows with the original until one of them changes.
pub struct World {
    /// Each shared with the copies of this world until one of them writes
    tables: Vec<Arc<Rows>>,
    links: Arc<Links>,
    base: Option<Arc<dyn Base>>,
    version: u64,
    tags: Mutex<Option<Tags>>,
}

impl Clone for World {
    fn clone(&self) -> Self {
        let tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self {
            tables: self.tables.clone(),
            links: Arc::clone(&self.links),
            base: self.base.clone(),
            version: self.version,
            tags: Mutex::new(tags),
        }
    }
}

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

/// The first id given to rows made through the API.
const FIRST_NEW: u64 = 90_000_001;
/// From here on a double cannot hold every id.
const FIRST_LONG: u64 = 1 << 53;

impl World {
    /// A world without a single row.
    pub fn new() -> Self {
        Self {
            tables: Table::ALL.iter().map(|_| Arc::default()).collect(),
            links: Arc::default(),
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
        let rows = Arc::make_mut(&mut self.tables[table as usize]);
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
        let links: Vec<u64> = self.links.of((table, id)).map(|link| link.id).collect();
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
    pub fn relate(&mut self, from: (Table, u64), to: (Table, u64), notes: &str) -> Option<u64> {
        let made = Arc::make_mut(&mut self.links).relate(from, to, notes)?;
        self.version += 1;
        Some(made)
    }

    /// Takes a link away. Says whether it was there.
    pub fn unrelate(&mut self, link: u64) -> bool {
        self.version += 1;
        Arc::make_mut(&mut self.links).unrelate(link)
    }

    /// A link.
    pub fn link(&self, id: u64) -> Option<&Link> {
        self.links.get(id)
    }

    /// Changes the notes of a link. Says whether it was there.
    pub fn set_link_notes(&mut self, id: u64, notes: &str) -> bool {
        self.version += 1;
        Arc::make_mut(&mut self.links).set_notes(id, notes)
    }

    /// The links of a record, those made on the other side included, oldest first.
    pub fn links_of(&self, record: (Table, u64)) -> impl Iterator<Item = &Link> {
        self.links.of(record)
    }

    /// The flexible assets that point at a record through a Tag field: `(asset, nth value of the asset)`.
    pub fn tagged_by(&self, record: (Table, u64)) -> Vec<(u64, u64)> {
        let versions = (self.version_of(Table::FlexibleAssets), self.version_of(Table::FlexibleAssetFields));
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = tags.as_ref().filter(|known| known.versions == versions) {
            return known.by_target.get(&record).cloned().unwrap_or_default();
        }
        let all = |table| self.ids(table).into_iter().filter_map(move |id| self.get(table, id));
        let by_target = Arc::new(all_tags(all(Table::FlexibleAssetFields), all(Table::FlexibleAssets)));
        *tags = Some(Tags { versions, by_target: Arc::clone(&by_target) });
        by_target.get(&record).cloned().unwrap_or_default()
    }
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
