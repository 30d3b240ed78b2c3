//! What the demo must hold.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::*;
use crate::world::Table;

static WORLD: LazyLock<World> = LazyLock::new(demo);

/// How many rows of a table have a text, number or flag under a key.
fn having(table: Table, key: &str, wanted: impl Fn(&Value) -> bool) -> usize {
    WORLD.ids(table).into_iter().filter(|&id| WORLD.attribute(table, id, key).is_some_and(|v| wanted(&v))).count()
}

fn distinct(table: Table, key: &str) -> BTreeSet<String> {
    WORLD
        .ids(table)
        .into_iter()
        .filter_map(|id| WORLD.attribute(table, id, key))
        .map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
        .collect()
}

fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true)
}

#[test]
fn every_reference_in_the_assets_leads_somewhere() {
    let build = build::build(&parse());
    assert!(build.problems.is_empty(), "{}", build.problems.join("\n"));
}

#[test]
fn the_demo_is_as_large_as_it_says() {
    for (table, least) in [
        (Table::Organizations, 26),
        (Table::Documents, 250),
        (Table::Configurations, 300),
        (Table::Passwords, 200),
        (Table::FlexibleAssetTypes, 6),
        (Table::FlexibleAssets, 60),
        (Table::Contacts, 100),
        (Table::Locations, 40),
        (Table::Domains, 40),
        (Table::Expirations, 200),
        (Table::Checklists, 15),
        (Table::ChecklistTemplates, 6),
        (Table::SslCertificates, 10),
        (Table::Users, 10),
        (Table::Attachments, 20),
        (Table::DocumentImages, 10),
        (Table::ConfigurationInterfaces, 400),
    ] {
        assert!(WORLD.count(table) >= least, "{table:?}: {} of {least}", WORLD.count(table));
    }
    assert!(files::DOCUMENTS.len() >= 80, "{} texts", files::DOCUMENTS.len());
    assert_eq!(WORLD.count(Table::FlexibleAssetTypes), 6);
}

#[test]
fn no_two_documents_have_the_same_text() {
    let texts: HashSet<&str> = parse().documents.iter().map(|d| d.body.trim()).filter(|b| !b.is_empty()).collect();
    let empty = parse().documents.iter().filter(|d| d.body.trim().is_empty()).count();
    assert_eq!(texts.len() + empty, files::DOCUMENTS.len());
    assert!(texts.len() >= 80, "{} texts", texts.len());
}

/// No row is older than its client, changed before it was made, or younger than today.
#[test]
fn times_follow_each_other() {
    let mut wrong = Vec::new();
    for table in [
        Table::Organizations,
        Table::Documents,
        Table::DocumentFolders,
        Table::Configurations,
        Table::Passwords,
        Table::PasswordFolders,
        Table::FlexibleAssets,
        Table::Contacts,
        Table::Locations,
        Table::Domains,
        Table::Checklists,
        Table::ChecklistTasks,
    ] {
        for id in WORLD.ids(table) {
            let text = |key: &str| {
                WORLD.attribute(table, id, key).and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
            };
            let client = WORLD.attribute(table, id, "organization-id").and_then(|v| v.as_u64());
            let client = client.and_then(|id| WORLD.attribute(Table::Organizations, id, "created-at"));
            let born = client.as_deref().and_then(Value::as_str).unwrap_or_default().to_owned();
            let (created, updated) = (text("created-at"), text("updated-at"));
            if born > created || created > updated || updated.as_str() > "2026-11-21" {
                wrong.push(format!("{table:?} {id} {}: {born} {created} {updated}", WORLD.name(table, id)));
            }
            if table == Table::Configurations && text("purchased-at") > text("installed-at") {
                wrong.push(format!("{id} was installed before it was bought"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for table in [Table::Contacts, Table::Locations, Table::Checklists, Table::DocumentFolders] {
        let changed = distinct(table, "updated-at").len();
        assert!(changed * 2 > WORLD.count(table), "{table:?}: changed at {changed} times in all");
    }
}

#[test]
fn no_two_devices_of_a_client_have_the_same_address_or_number() {
    let mut seen = HashSet::new();
    for id in WORLD.ids(Table::Configurations) {
        let of = |key: &str| WORLD.attribute(Table::Configurations, id, key).map(|value| value.to_string());
        let client = of("organization-id").unwrap_or_default();
        if client == "4120999" {
            continue; // the test corpus
        }
        for key in ["primary-ip", "serial-number", "mac-address"] {
            let Some(value) = of(key).filter(|value| value != "null") else { continue };
            assert!(seen.insert((client.clone(), key, value.clone())), "{client}: {key} {value} twice");
        }
    }
    assert!(seen.len() > 1000);
}

/// Clients share procedures; each copy ends with what is different there. The network page is made of the client's
/// own devices.
#[test]
fn no_two_clients_have_the_same_document() {
    let source = parse();
    let shared = source.documents.iter().filter(|document| {
        document.organizations.len() > 1
            && document.form == source::Form::Blocks
            && document.markdown
            && document.slug != "network-overview"
    });
    let mut remarks = HashSet::new();
    for document in shared {
        for short in &document.organizations {
            let remark = source.local.get(short).and_then(|local| local.get(document.slug));
            let remark = remark.unwrap_or_else(|| panic!("local.toml: nothing for {short}, {}", document.slug));
            assert!(remarks.insert(remark), "{short}, {}: {remark} stands elsewhere too", document.slug);
        }
    }
    assert!(remarks.len() > 300, "{}", remarks.len());
}

#[test]
fn people_have_telephones_of_their_country() {
    let number = |last: &str| {
        let id = WORLD
            .ids(Table::Contacts)
            .into_iter()
            .find(|&id| WORLD.name(Table::Contacts, id).ends_with(last))
            .unwrap_or_else(|| panic!("no contact {last}"));
        let row = WORLD.get(Table::Contacts, id).expect("the id was just listed");
        let text = |list: &str| row.attributes[list][0]["value"].as_str().unwrap_or_default().to_owned();
        (text("contact-phones"), text("contact-emails"))
    };
    let (phone, mail) = number("Sæther");
    assert!(phone.starts_with("+47 ") && mail == "henrik.saether@fjordlog.example", "{phone} {mail}");
    assert!(number("田中").0.starts_with("+81 6 "), "{}", number("田中").0);
}

#[test]
fn no_name_keeps_a_placeholder() {
    for &table in Table::ALL {
        for id in WORLD.ids(table) {
            let row = WORLD.get(table, id).expect("the id was just listed");
            for (key, value) in &row.attributes {
                let text = value.as_str().unwrap_or_default();
                assert!(!text.contains("{{") || key == "_value", "{table:?} {id}: {key}: {text}");
            }
        }
    }
}

#[test]
fn two_builds_are_equal() {
    let other = build::build(&parse()).finish();
    for &table in Table::ALL {
        assert_eq!(WORLD.ids(table), other.ids(table), "{table:?}");
        for id in WORLD.ids(table) {
            assert_eq!(WORLD.get(table, id), other.get(table, id), "{table:?} {id}");
        }
    }
}

#[test]
fn every_file_of_the_assets_is_compiled_in() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/demo/");
    for (folder, listed) in [("organizations", files::ORGANIZATIONS), ("documents", files::DOCUMENTS)] {
        let there: BTreeSet<String> = std::fs::read_dir(format!("{root}{folder}"))
            .expect("the assets are beside the sources")
            .filter_map(|entry| Some(format!("{folder}/{}", entry.ok()?.file_name().to_str()?)))
            .collect();
        let listed: BTreeSet<String> = listed.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(there, listed);
    }
}

#[test]
fn every_role_style_and_type_of_the_assets_is_used() {
    let source = parse();
    for role in &source.catalogue.roles {
        let used = source
            .organizations
            .iter()
            .any(|o| o.equipment.contains_key(&role.role) || o.devices.iter().any(|d| d.like == role.role));
        assert!(used, "role {} is in no organization", role.role);
    }
    let types = distinct(Table::FlexibleAssets, "flexible-asset-type-name");
    assert_eq!(types.len(), 6, "{types:?}");
    for password in &source.passwords.passwords {
        let start = password.name.split("{{").next().unwrap_or_default();
        let end = password.name.rsplit("}}").next().unwrap_or_default();
        assert!(
            WORLD.ids(Table::Passwords).iter().any(|&id| {
                let name = WORLD.name(Table::Passwords, id);
                name.starts_with(start) && name.ends_with(end)
            }),
            "password {} is made nowhere",
            password.key
        );
    }
}

/// Attributes that name a row of another table.
const REFERENCES: [(Table, &str, Table); 25] = [
    (Table::Organizations, "parent-id", Table::Organizations),
    (Table::Organizations, "organization-type-id", Table::OrganizationTypes),
    (Table::Organizations, "organization-status-id", Table::OrganizationStatuses),
    (Table::Documents, "organization-id", Table::Organizations),
    (Table::Documents, "document-folder-id", Table::DocumentFolders),
    (Table::Documents, "user-id", Table::Users),
    (Table::DocumentSections, "document-id", Table::Documents),
    (Table::DocumentImages, "document-id", Table::Documents),
    (Table::DocumentFolders, "parent-id", Table::DocumentFolders),
    (Table::PasswordFolders, "parent-id", Table::PasswordFolders),
    (Table::Configurations, "configuration-type-id", Table::ConfigurationTypes),
    (Table::Configurations, "configuration-status-id", Table::ConfigurationStatuses),
    (Table::Configurations, "manufacturer-id", Table::Manufacturers),
    (Table::Configurations, "model-id", Table::Models),
    (Table::Configurations, "operating-system-id", Table::OperatingSystems),
    (Table::Configurations, "location-id", Table::Locations),
    (Table::Configurations, "contact-id", Table::Contacts),
    (Table::ConfigurationInterfaces, "configuration-id", Table::Configurations),
    (Table::Passwords, "password-folder-id", Table::PasswordFolders),
    (Table::Passwords, "password-category-id", Table::PasswordCategories),
    (Table::Contacts, "contact-type-id", Table::ContactTypes),
    (Table::Locations, "region-id", Table::Regions),
    (Table::FlexibleAssets, "flexible-asset-type-id", Table::FlexibleAssetTypes),
    (Table::Checklists, "checklist-template-id", Table::ChecklistTemplates),
    (Table::ChecklistTasks, "checklist-id", Table::Checklists),
];

#[test]
fn every_id_in_a_row_is_the_id_of_a_row() {
    for (table, key, target) in REFERENCES {
        let mut set = 0;
        for id in WORLD.ids(table) {
            let value = WORLD.attribute(table, id, key);
            let Some(value) = value.filter(|value| !value.is_null()) else { continue };
            set += 1;
            let other = value.as_u64().expect("ids inside attributes are numbers");
            assert!(WORLD.contains(target, other), "{table:?} {id}: {key} {other} is no {target:?}");
        }
        assert!(set > 0, "{table:?}: {key} is never set");
    }
    for &table in Table::ALL {
        for id in WORLD.ids(table) {
            let Some(parent) = WORLD.attribute(table, id, "_parent") else { continue };
            let name = parent.get("table").and_then(Value::as_str).unwrap_or_default();
            let of = Table::by_name(name).expect("a parent is in a table");
            let parent = parent.get("id").and_then(Value::as_u64).expect("a parent has an id");
            assert!(WORLD.contains(of, parent), "{table:?} {id}: no {name} {parent}");
        }
        for id in WORLD.ids(table) {
            for link in WORLD.links_of((table, id)) {
                assert!(WORLD.contains(link.from.0, link.from.1) && WORLD.contains(link.to.0, link.to.1));
            }
        }
    }
}

#[test]
fn records_are_linked_to_records_of_the_same_organization() {
    let of = |(table, id): (Table, u64)| match table {
        Table::Organizations => Some(id),
        _ => WORLD.attribute(table, id, "organization-id").and_then(|v| v.as_u64()),
    };
    let mut links = HashSet::new();
    for &table in Table::ALL {
        for id in WORLD.ids(table) {
            for link in WORLD.links_of((table, id)) {
                assert_eq!(of(link.from), of(link.to), "{link:?}");
                links.insert(link.id);
            }
        }
    }
    assert!(links.len() >= 300, "{} links", links.len());
}

/// Every address of the demo's own form in a text leads to a row, except in the test corpus.
#[test]
fn links_in_texts_lead_to_records() {
    let mut checked = 0;
    for id in WORLD.ids(Table::DocumentSections) {
        let row = WORLD.get(Table::DocumentSections, id).expect("the id was just listed");
        let document = row.attributes.get("document-id").and_then(Value::as_u64).unwrap_or_default();
        let owner = WORLD.attribute(Table::Documents, document, "organization-id").and_then(|v| v.as_u64());
        if owner == Some(4_120_999) {
            continue;
        }
        let content = row.attributes.get("content").and_then(Value::as_str).unwrap_or_default();
        assert!(!content.contains("{{"), "{document}: an unresolved placeholder in {content}");
        for path in content.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = path.strip_prefix("https://northbeam.itglue.com").unwrap_or(path);
            let Some(path) = path.strip_prefix('/') else { continue };
            let words: Vec<&str> = path.trim_end_matches('/').split('/').collect();
            let (table, id) = match words.as_slice() {
                [org] => (Table::Organizations, *org),
                [_, "docs", id] => (Table::Documents, *id),
                [_, "assets", "records", id] => (Table::FlexibleAssets, *id),
                [_, "documents", "folder", id] => (Table::DocumentFolders, *id),
                [_, kind, id] => (Table::by_name(kind).expect("a path names a table"), *id),
                other => panic!("{document}: {other:?}"),
            };
            let id = id.parse().expect("a path ends in an id");
            assert!(WORLD.contains(table, id), "{document}: no {table:?} {id}");
            checked += 1;
        }
    }
    assert!(checked > 500, "only {checked} links");
}

#[test]
fn tags_and_passwords_of_flexible_assets_exist_and_every_kind_of_field_has_a_value() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut classes = BTreeSet::new();
    for id in WORLD.ids(Table::FlexibleAssets) {
        let row = WORLD.get(Table::FlexibleAssets, id).expect("the id was just listed");
        assert!(!WORLD.name(Table::FlexibleAssets, id).is_empty(), "asset {id} has no name");
        let of = row.attributes.get("flexible-asset-type-id").and_then(Value::as_u64).unwrap_or_default();
        let traits = row.attributes.get("traits").and_then(Value::as_object).expect("an asset has traits");
        for field in WORLD.under(Table::FlexibleAssetFields, (Table::FlexibleAssetTypes, of)) {
            let field =
                WORLD.get(Table::FlexibleAssetFields, field).expect("the id was just listed").attributes.clone();
            let text = |key: &str| field.get(key).and_then(Value::as_str).unwrap_or_default();
            let Some(value) = traits.get(text("name-key")) else { continue };
            *kinds.entry(text("kind").to_owned()).or_default() += 1;
            let exists = |table: Table, value: &Value| {
                assert!(value.as_u64().is_some_and(|id| WORLD.contains(table, id)), "{id}: {field:?} {value}");
            };
            match text("kind") {
                "Password" => exists(Table::Passwords, value),
                "Tag" => {
                    let class = text("tag-type").split(": ").next().unwrap_or_default();
                    classes.insert(class.to_owned());
                    let table = match class {
                        "Configurations" => Table::Configurations,
                        "Contacts" => Table::Contacts,
                        "Locations" => Table::Locations,
                        "Documents" => Table::Documents,
                        "Passwords" => Table::Passwords,
                        "Organizations" => Table::Organizations,
                        "Domains" => Table::Domains,
                        "SslCertificates" => Table::SslCertificates,
                        "Checklists" => Table::Checklists,
                        "ChecklistTemplates" => Table::ChecklistTemplates,
                        "Tickets" => Table::Tickets,
                        "AccountsUsers" => Table::Users,
                        "FlexibleAssetType" => Table::FlexibleAssets,
                        other => panic!("tag type {other}"),
                    };
                    value.as_array().expect("tags are a list").iter().for_each(|tag| exists(table, tag));
                }
                "Select" => {
                    let options = text("default-value");
                    let chosen = value.as_str().unwrap_or_default();
                    assert!(options.lines().any(|option| option == chosen), "{id}: {chosen} of {options}");
                }
                _ => {}
            }
        }
    }
    let used: Vec<&str> = kinds.keys().map(String::as_str).collect();
    let all = ["Checkbox", "Date", "Number", "Password", "Percent", "Select", "Tag", "Text", "Textbox", "Upload"];
    assert_eq!(used, all);
    assert!(distinct(Table::FlexibleAssetFields, "kind").contains("Header"));
    assert_eq!(classes.len(), 13, "{classes:?}");
}

#[test]
fn passwords_come_in_every_kind() {
    let parents = distinct(Table::Passwords, "resource-type");
    for parent in [
        "configurations",
        "contacts",
        "documents",
        "domains",
        "locations",
        "ssl-certificates",
        "flexible-asset-traits",
        "null",
    ] {
        assert!(parents.contains(parent), "{parent} is missing in {parents:?}");
    }
    assert!(having(Table::Passwords, "vault-id", Value::is_number) >= 10);
    assert!(having(Table::Passwords, "otp-enabled", is_true) >= 20);
    assert!(having(Table::Passwords, "restricted", is_true) >= 20);
    assert!(having(Table::Passwords, "archived", is_true) >= 3);
    assert!(having(Table::Passwords, "password-folder-id", Value::is_number) >= 80);
    assert!(having(Table::Passwords, "_versions", Value::is_array) >= 30);
    let value = |wanted: &dyn Fn(&str) -> bool| {
        having(Table::Passwords, "_value", |value| value.as_str().is_some_and(wanted)) > 0
    };
    assert!(value(&|v| v.contains('\n')) && value(&str::is_empty) && value(&|v| v.chars().count() == 200));
    assert!(value(&|v| v.contains('\u{1b}')) && value(&|v| v.starts_with(' ')) && value(&|v| !v.is_ascii()));
    let deep = having(Table::PasswordFolders, "ancestor-ids", |v| v.as_array().is_some_and(|a| a.len() >= 2));
    assert!(deep > 0, "no password folder three deep");
}

#[test]
fn documents_come_in_every_form_and_state() {
    assert!(having(Table::Documents, "content", Value::is_string) >= 5, "legacy strings");
    assert!(having(Table::Documents, "is-uploaded", is_true) >= 5);
    assert!(having(Table::Documents, "published-at", Value::is_null) >= 4, "drafts");
    assert!(having(Table::Documents, "archived", is_true) >= 4);
    assert!(having(Table::Documents, "restricted", is_true) >= 10);
    assert!(having(Table::Documents, "document-folder-id", Value::is_null) >= 10, "at the top");
    let deep = |id: &u64| {
        let of = |table, id, key: &str| WORLD.attribute(table, id, key).map(std::borrow::Cow::into_owned);
        let test_corpus = of(Table::Documents, *id, "organization-id") == Some(4_120_999.into());
        let folder = of(Table::Documents, *id, "document-folder-id").and_then(|folder| folder.as_u64());
        let above = folder.and_then(|folder| of(Table::DocumentFolders, folder, "ancestor-ids"));
        !test_corpus && above.is_some_and(|above| above.as_array().is_some_and(|above| above.len() == 2))
    };
    assert!(WORLD.ids(Table::Documents).iter().any(deep), "no client has a document three folders deep");
    let kinds = distinct(Table::DocumentSections, "resource-type");
    let all = ["Document::Gallery", "Document::Heading", "Document::Step", "Document::Text"];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), all);
    for id in WORLD.ids(Table::Documents) {
        if WORLD.attribute(Table::Documents, id, "is-uploaded").is_some_and(|v| is_true(&v)) {
            assert!(!WORLD.under(Table::Attachments, (Table::Documents, id)).is_empty(), "{id} has no file");
            assert!(WORLD.under(Table::DocumentSections, (Table::Documents, id)).is_empty());
        }
    }
    let longest = WORLD
        .ids(Table::Documents)
        .into_iter()
        .map(|id| {
            WORLD
                .under(Table::DocumentSections, (Table::Documents, id))
                .into_iter()
                .filter_map(|s| Some(WORLD.attribute(Table::DocumentSections, s, "content")?.as_str()?.len()))
                .sum::<usize>()
        })
        .max();
    assert!(longest.is_some_and(|bytes| (150_000..400_000).contains(&bytes)), "{longest:?}");
}

#[test]
fn the_records_of_the_samples_have_their_ids() {
    let name = |table, id| WORLD.name(table, id);
    assert_eq!(name(Table::Organizations, 4_120_387), "Harbour & Pine Dental");
    assert_eq!(name(Table::Documents, 7_301_455), "Restart the imaging server");
    assert_eq!(name(Table::Configurations, 9_021_177), "HPD-IMG01");
    assert_eq!(name(Table::Configurations, 9_021_180), "HPD-FW01");
    assert_eq!(name(Table::Passwords, 6_600_421), "HPD-IMG01 local admin");
    assert_eq!(name(Table::FlexibleAssets, 3_300_917), "Quayside fibre");
    assert_eq!(name(Table::FlexibleAssets, 3_300_925), "Nightly image job");
    assert_eq!(name(Table::Locations, 700_881), "Quayside clinic");
    assert_eq!(name(Table::DocumentFolders, 660_012), "Servers");
    assert_eq!(name(Table::Attachments, 415), "wiring.pdf");
    assert!(WORLD.contains(Table::DocumentImages, 99_120));
}

#[test]
fn one_client_has_ids_that_a_float_cannot_hold() {
    let long = 9_007_199_301_482_116;
    for table in [Table::Documents, Table::Configurations, Table::Passwords, Table::Contacts] {
        let ids = WORLD.under(table, (Table::Organizations, long));
        assert!(!ids.is_empty() && ids.iter().all(|&id| id > 1 << 53), "{table:?} {ids:?}");
    }
}
