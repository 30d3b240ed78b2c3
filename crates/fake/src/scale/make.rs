//! Makes the large world.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Value, json};

use super::ids::{
    CONFIGURATIONS, DOCUMENTS, FIRST_CATEGORY, FIRST_CONFIGURATION, FIRST_CONFIGURATION_STATUS,
    FIRST_CONFIGURATION_TYPE, FIRST_DOCUMENT, FIRST_FOLDER, FIRST_LOCATION, FIRST_MAKE, FIRST_ORGANIZATION,
    FIRST_PASSWORD, FIRST_SECTION, FIRST_STATUS, FIRST_SYSTEM, FIRST_TYPE, FOLDERS_EACH, ORGANIZATIONS, PASSWORDS,
    SECTIONS_EACH,
};
use super::rows::Scale;
use super::spread::Spread;
use super::words::{VOCABULARY, Vocabulary};
use crate::spec::spec;
use crate::world::{Attributes, Base, Row, Table, World};

/// The default seed.
pub const SEED: u64 = 20_260_101;

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
