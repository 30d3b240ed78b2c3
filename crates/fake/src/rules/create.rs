//! POST: new records.

use serde_json::{Value, json};

use super::entry::{Verb, enter};
use super::item::{Item, items};
use super::rule::Change;
use super::tables::rules;
use super::writer::{Writer, is_blank, now};
use crate::answer::Answer;
use crate::query::kebab;
use crate::spec::{spec, unset};
use crate::world::{Attributes, Table, number};

/// The web application of the account, for `resource-url`.
const WEB: &str = "https://northbeam.itglue.com";

impl Writer<'_> {
    /// POST of one record or several. `scope` is the record of the nested path.
    pub(crate) fn create(&mut self, table: Table, scope: Option<(Table, u64)>, body: Option<&Value>) -> Answer {
        let (items, many) = match enter(table, Verb::Create, None, body) {
            Ok(entered) => entered,
            Err(answer) => return answer,
        };
        let mut made = Vec::new();
        for item in items {
            match self.create_one(table, scope, item) {
                Ok(id) => made.push(id),
                Err(answer) => {
                    // All or nothing.
                    for id in made {
                        self.world.remove(table, id);
                    }
                    return answer;
                }
            }
        }
        self.answer(201, table, &made, many)
    }

    fn create_one(&mut self, table: Table, scope: Option<(Table, u64)>, item: Item) -> Result<u64, Answer> {
        let (what, own) = (spec(table), rules(table));
        let mut input = item.attributes;
        if let Some((key, id)) = scope.and_then(|(parent, id)| Some((key_of(parent)?, id))) {
            input.insert(key.into(), id.into());
        }
        own.admit(self, &input)?;
        if what.by_organization && !self.world.contains(Table::Organizations, number(&input, "organization-id")) {
            return Err(no_organization());
        }
        if let Some(made) = own.make(self, scope, &input) {
            return made;
        }
        if let Some(&key) = what.required.iter().find(|key| is_blank(input.get(**key))) {
            return Err(Answer::invalid(key, "can't be blank"));
        }
        let id = self.world.free_id(table);
        let mut row: Attributes = what.attributes.iter().map(|&key| (key.to_owned(), unset(key))).collect();
        let at = now();
        row.insert("created-at".into(), at.clone());
        row.insert("updated-at".into(), at);
        let mut change = Change { table, id, row: &mut row, input: &input, new: true };
        own.begin(self, &mut change)?;
        self.apply(&mut change)?;
        if let Some(url) = resource_url(table, change.row, id) {
            change.row.insert("resource-url".into(), url.into());
        }
        own.complete(self, &mut change)?;
        self.world.insert(table, id, row);
        if let Err(answer) = self.create_related(table, id, &item.relationships) {
            self.delete_one(table, id);
            return Err(answer);
        }
        own.made(self, id);
        Ok(id)
    }

    /// What a request brings along in `relationships`: the fields of a type, the interfaces of a configuration.
    fn create_related(&mut self, table: Table, id: u64, relationships: &Value) -> Result<(), Answer> {
        let (key, of) = match table {
            Table::FlexibleAssetTypes => ("flexible-asset-fields", Table::FlexibleAssetFields),
            Table::Configurations => ("configuration-interfaces", Table::ConfigurationInterfaces),
            _ => return Ok(()),
        };
        let related = relationships.as_object().into_iter().flatten().find(|(name, _)| kebab(name) == key);
        let Some((_, related)) = related else { return Ok(()) };
        if related.get("data").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            return Ok(());
        }
        let (related, _) = items(Some(related))?;
        for one in related {
            self.create_one(of, Some((table, id)), one)?;
        }
        Ok(())
    }
}

/// The attribute by which the records below another say where they live.
const fn key_of(parent: Table) -> Option<&'static str> {
    Some(match parent {
        Table::Organizations => "organization-id",
        Table::Documents => "document-id",
        Table::Configurations => "configuration-id",
        Table::FlexibleAssetTypes => "flexible-asset-type-id",
        Table::Manufacturers => "manufacturer-id",
        _ => return None,
    })
}

fn no_organization() -> Answer {
    let title = "Valid organization_id is required";
    let source = json!({"pointer": "data/attributes/organization_id"});
    Answer::json(422, json!({"errors": [{"status": 422, "title": title, "source": source}]}))
}

/// The address of a record in the web application.
fn resource_url(table: Table, row: &Attributes, id: u64) -> Option<String> {
    let organization = number(row, "organization-id");
    Some(match table {
        Table::Organizations => format!("{WEB}/{id}"),
        Table::Documents => format!("{WEB}/{organization}/docs/{id}"),
        Table::DocumentFolders => format!("{WEB}/{organization}/documents/folder/{id}/"),
        Table::FlexibleAssets => format!("{WEB}/{organization}/assets/records/{id}"),
        Table::Configurations | Table::Passwords | Table::Contacts | Table::Locations | Table::Checklists => {
            format!("{WEB}/{organization}/{}/{id}", table.path())
        }
        _ => return None,
    })
}
