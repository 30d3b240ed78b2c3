//! Writes: POST, PATCH, DELETE, publish, related items, attachments, images, as far as the API documents them.

mod apply;
mod asset;
mod body;
mod checklist;
mod configuration;
mod document;
mod names;
mod organization;
mod password;
mod related;
mod removal;
mod upload;

use serde_json::{Value, json};

use super::answer::Answer;
use super::query::{Query, kebab};
use super::render::{Included, Renderer, Signer, number};
use super::spec::{spec, unset};
use super::switches::Switches;
use super::world::{Attributes, Table, World};
use asset::slug;
use body::{Item, items};

pub(super) use upload::content_type;

/// The web application of the account, for `resource-url`.
const WEB: &str = "https://northbeam.itglue.com";

/// Carries out one write request.
pub(super) struct Writer<'a> {
    /// What changes
    pub world: &'a mut World,
    /// `http://host:port` as the client wrote it
    pub base: &'a str,
    /// The same of the web application
    pub web: &'a str,
    /// In what this account differs from others
    pub switches: Switches,
    /// For the addresses of images
    pub signer: &'a Signer,
    /// Whether the key has Password Access
    pub passwords: bool,
    /// The query string
    pub query: &'a Query,
}

/// Now, as the API writes it.
pub(super) fn now() -> Value {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string().into()
}

fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        _ => false,
    }
}

impl Writer<'_> {
    fn renderer(&self) -> Renderer<'_> {
        Renderer {
            world: self.world,
            base: self.base,
            web: self.web,
            signer: self.signer,
            passwords: self.passwords,
            switches: self.switches,
        }
    }

    /// One record, the way writes answer it: with the value of a password only if it was asked for.
    fn written(&self, table: Table, id: u64) -> Value {
        let Some(row) = self.world.get(table, id) else { return Value::Null };
        let renderer = self.renderer();
        let mut record = renderer.plain(table, &row);
        if table == Table::Passwords && self.query.show_password == Some(true) {
            renderer.add_value(&row, None, &mut record);
        }
        record
    }

    fn answer(&self, status: u16, table: Table, ids: &[u64], many: bool) -> Answer {
        let mut records: Vec<Value> = ids.iter().map(|&id| self.written(table, id)).collect();
        let data = if many { Value::Array(records) } else { records.pop().unwrap_or(Value::Null) };
        Answer::json(status, json!({"data": data}))
    }

    /// POST of one record or several. `scope` is the record of the nested path.
    pub(super) fn create(&mut self, table: Table, scope: Option<(Table, u64)>, body: Option<&Value>) -> Answer {
        match table {
            Table::Checklists | Table::ChecklistTasks => return Answer::only_jwt(),
            _ if !spec(table).create => return Answer::no_route(),
            _ => {}
        }
        let (items, many) = match items(body) {
            Ok(items) => items,
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
        let what = spec(table);
        let mut input = item.attributes;
        if let (Table::Attachments, Some((parent, id))) = (table, scope) {
            return self.attach(parent, id, &input);
        }
        match scope {
            Some((Table::Organizations, id)) => {
                input.insert("organization-id".into(), id.into());
            }
            Some((Table::Documents, id)) => {
                input.insert("document-id".into(), id.into());
            }
            Some((Table::Configurations, id)) => {
                input.insert("configuration-id".into(), id.into());
            }
            Some((Table::FlexibleAssetTypes, id)) => {
                input.insert("flexible-asset-type-id".into(), id.into());
            }
            Some((Table::Manufacturers, id)) => {
                input.insert("manufacturer-id".into(), id.into());
            }
            Some((parent, id)) if table == Table::Attachments => {
                return self.attach(parent, id, &input);
            }
            _ => {}
        }
        if table == Table::ConfigurationInterfaces
            && !self.world.contains(Table::Configurations, number(&input, "configuration-id"))
        {
            return Err(Answer::invalid("configuration", "must exist"));
        }
        if what.by_organization {
            let organization = number(&input, "organization-id");
            if !self.world.contains(Table::Organizations, organization) {
                let title = "Valid organization_id is required";
                return Err(Answer::json(
                    422,
                    json!({"errors": [{
                        "status": 422, "title": title, "source": {"pointer": "data/attributes/organization_id"},
                    }]}),
                ));
            }
        }
        if table == Table::DocumentImages {
            return self.create_image(&input);
        }
        if table == Table::FlexibleAssetTypes && input.contains_key("flexible-asset-fields") {
            // Fields belong in `relationships`; the real service falls over when they come like this.
            return Err(Answer::html(500, "We're sorry, but something went wrong (500)"));
        }
        for &key in what.required {
            if is_blank(input.get(key)) {
                return Err(Answer::invalid(key, "can't be blank"));
            }
        }
        let id = self.world.free_id(table);
        let mut row: Attributes = what.attributes.iter().map(|&key| (key.to_owned(), unset(key))).collect();
        let at = now();
        row.insert("created-at".into(), at.clone());
        row.insert("updated-at".into(), at);
        if table == Table::DocumentSections {
            self.new_section(&mut row, &input, id)?;
        }
        self.apply(table, id, &mut row, &input, true)?;
        if let Some(url) = resource_url(table, &row, id) {
            row.insert("resource-url".into(), url.into());
        }
        match table {
            Table::FlexibleAssetFields => {
                let name = row.get("name").and_then(Value::as_str).unwrap_or_default();
                row.insert("name-key".into(), slug(name).into());
                if is_blank(row.get("order")) {
                    let under = (Table::FlexibleAssetTypes, number(&row, "flexible-asset-type-id"));
                    let order = self.world.under(table, under).len() as u64 + 1;
                    row.insert("order".into(), order.into());
                }
            }
            Table::Exports => {
                let running = self.world.ids(Table::Exports).into_iter().any(|id| {
                    self.world.attribute(Table::Exports, id, "export-status").as_deref()
                        == Some(&Value::String("processing".into()))
                });
                if running {
                    return Err(Answer::invalid("base", "an export is already in progress"));
                }
                row.insert("export-status".into(), "processing".into());
                // The archive has a password if one was sent; it never comes back.
                row.insert("encrypted-status".into(), (!is_blank(input.get("zip-password"))).into());
            }
            _ => {}
        }
        self.world.insert(table, id, row);
        if let Err(answer) = self.create_related(table, id, &item.relationships) {
            self.delete_one(table, id);
            return Err(answer);
        }
        if table == Table::ConfigurationInterfaces {
            self.mirror_to_configuration(id);
        }
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

    fn lookup(&self, table: Table, id: u64, key: &str) -> Value {
        self.world.attribute(table, id, key).map_or(Value::Null, std::borrow::Cow::into_owned)
    }

    /// PATCH of one record in the path or several in the body.
    pub(super) fn update(
        &mut self,
        table: Table,
        scope: Option<(Table, u64)>,
        id: Option<u64>,
        body: Option<&Value>,
    ) -> Answer {
        match table {
            Table::ChecklistTasks => return Answer::only_jwt(),
            _ if !spec(table).update => return Answer::no_route(),
            _ => {}
        }
        let (items, many) = match items(body) {
            Ok(items) => items,
            Err(answer) => return answer,
        };
        let mut ids = Vec::with_capacity(items.len());
        for item in &items {
            let Some(id) = id.or(item.id) else { return Answer::missing("id") };
            if !self.in_scope(table, id, scope) {
                return Answer::not_found();
            }
            ids.push(id);
        }
        let mut before = Vec::with_capacity(items.len());
        for (&id, item) in ids.iter().zip(&items) {
            before.extend(self.world.get(table, id));
            if let Err(answer) = self.update_one(table, id, &item.attributes) {
                // All or nothing.
                for row in before.into_iter().rev() {
                    self.world.insert(table, row.id, row.attributes.clone());
                }
                return answer;
            }
        }
        self.answer(200, table, &ids, many)
    }

    /// Whether a record is there and lives where the path says.
    fn in_scope(&self, table: Table, id: u64, scope: Option<(Table, u64)>) -> bool {
        self.world.contains(table, id)
            && scope.is_none_or(|scope| self.world.under(table, scope).binary_search(&id).is_ok())
    }

    /// What a PSA keeps cannot be deleted here, and changed only where `input` says nothing the PSA knows.
    fn refuse_synced(&self, table: Table, id: u64, input: Option<&Attributes>) -> Result<(), Answer> {
        if spec(table).synced && self.lookup(table, id, "psa-integration") == "enabled" {
            if let (Table::Organizations, Some(input)) = (table, input) {
                return organization::refuse_what_the_psa_keeps(input);
            }
            return Err(Answer::invalid("base", "is synced with a PSA and can only be changed there"));
        }
        Ok(())
    }

    fn update_one(&mut self, table: Table, id: u64, input: &Attributes) -> Result<(), Answer> {
        self.refuse_synced(table, id, Some(input))?;
        let Some(row) = self.world.get(table, id) else { return Err(Answer::not_found()) };
        let old_name = self.world.name(table, id);
        let mut row = row.attributes.clone();
        if table == Table::DocumentSections {
            // What was published stays as it is until the next publish.
            let mut draft = row.clone();
            if let Some(Value::Object(earlier)) = row.get("_draft") {
                draft.extend(earlier.clone());
            }
            self.apply(table, id, &mut draft, input, false)?;
            if row.get("_published") == Some(&Value::Bool(false)) {
                row = draft;
            } else {
                let changed: Attributes = draft
                    .into_iter()
                    .filter(|(key, value)| !key.starts_with('_') && row.get(key) != Some(value))
                    .collect();
                row.insert("_draft".into(), Value::Object(changed));
            }
            self.world.insert(table, id, row);
            return Ok(());
        }
        self.apply(table, id, &mut row, input, false)?;
        row.insert("updated-at".into(), now());
        self.world.insert(table, id, row);
        match table {
            Table::ConfigurationInterfaces => self.mirror_to_configuration(id),
            Table::Configurations => self.mirror_to_interface(id),
            _ => {}
        }
        let name = self.world.name(table, id);
        if name != old_name {
            self.rename_companions(table, id, &name);
            self.rename_cached(table, id, &name);
        }
        if table == Table::Organizations {
            let short = self.lookup(table, id, "short-name");
            for row in self.stored_under(Table::Configurations, (table, id)) {
                if self.lookup(Table::Configurations, row, "organization-short-name") != short {
                    self.world.edit(Table::Configurations, row, |row| {
                        row.insert("organization-short-name".into(), short.clone());
                    });
                }
            }
        }
        Ok(())
    }
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

/// Renders a single record with its includes; shared by the routes that show one.
pub(super) fn show(renderer: &Renderer<'_>, table: Table, id: u64, query: &Query) -> Option<Value> {
    let row = renderer.world.get(table, id)?;
    let mut included = Included::default();
    let data = renderer.shown(table, &row, query, &mut included);
    let mut body = json!({"data": data});
    if !query.includes.is_empty() {
        body["included"] = Value::Array(included.records);
    }
    Some(body)
}
