//! Writes: POST, PATCH, DELETE, publish, related items, attachments, images, as far as the API documents them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::Answer;
use super::query::{Query, kebab};
use super::render::{Included, Renderer, Signer, id_of, number};
use super::spec::{COMPANIONS, spec, unset};
use super::world::{Attributes, Table, World};

/// The web application of the account, for `resource-url`.
const WEB: &str = "https://northbeam.itglue.com";

/// The most an attachment may weigh.
const MAX_ATTACHMENT: usize = 10 * 1024 * 1024;

/// Attributes a request cannot set, apart from those in [`COMPANIONS`].
const READ_ONLY: [&str; 31] = [
    "ancestor-ids",
    "cached-resource-name",
    "cached-resource-type-name",
    "configuration-count",
    "configuration-type-kind",
    "document-gallery-id",
    "document-images",
    "documents-count",
    "download-url",
    "export-status",
    "formatted-fax",
    "formatted-phone",
    "is-live",
    "name-key",
    "organization-short-name",
    "otp-enabled",
    "parent-url",
    "password-updated-at",
    "passwords-count",
    "personal",
    "published-at",
    "published-by",
    "quick-notes-updated-at",
    "rendered-content",
    "reset-count",
    "rotation-permitted",
    "synced",
    "updated-by",
    "updated-by-type",
    "user-id",
    "vault-id",
];

/// One record of a request body.
struct Item {
    id: Option<u64>,
    attributes: Attributes,
    relationships: Value,
}

/// Carries out one write request.
pub(super) struct Writer<'a> {
    /// What changes
    pub world: &'a mut World,
    /// `http://host:port` as the client wrote it
    pub base: &'a str,
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

/// The records of a body, and whether it was an array of them.
fn items(body: Option<&Value>) -> Result<(Vec<Item>, bool), Answer> {
    let data = body.and_then(|body| body.get("data")).ok_or_else(|| Answer::missing("data"))?;
    let item = |data: &Value| -> Result<Item, Answer> {
        let data = data.as_object().ok_or_else(|| Answer::missing("data"))?;
        let mut attributes = Attributes::new();
        for (key, value) in data.get("attributes").and_then(Value::as_object).into_iter().flatten() {
            let key = kebab(key);
            let value = if key.ends_with("-id") || key == "id" { as_id(value) } else { kebab_inside(value) };
            attributes.insert(key, value);
        }
        let id = data.get("id").and_then(id_of).or_else(|| attributes.get("id").and_then(id_of));
        let relationships = data.get("relationships").cloned().unwrap_or(Value::Null);
        Ok(Item { id, attributes, relationships })
    };
    match data {
        Value::Array(many) if many.is_empty() => Err(Answer::missing("data")),
        Value::Array(many) => Ok((many.iter().map(item).collect::<Result<_, _>>()?, true)),
        one => Ok((vec![item(one)?], false)),
    }
}

/// Ids may come as text; they are kept as numbers. Typed languages write "no id" as zero.
fn as_id(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim().is_empty() => Value::Null,
        Value::Number(number) if number.as_u64() == Some(0) => Value::Null,
        Value::String(_) => id_of(value).map_or_else(|| value.clone(), Value::from),
        _ => value.clone(),
    }
}

/// An object, or an array of objects, with its keys in kebab case. One level is all the API knows.
fn kebab_inside(value: &Value) -> Value {
    let keys = |object: &Attributes| -> Value {
        Value::Object(object.iter().map(|(key, value)| (kebab(key), value.clone())).collect())
    };
    match value {
        Value::Object(object) => keys(object),
        Value::Array(values) => {
            values.iter().map(|value| value.as_object().map_or_else(|| value.clone(), keys)).collect()
        }
        _ => value.clone(),
    }
}

/// Whether an attribute is computed and ignored when a request sends it.
fn set_by_server(table: Table, key: &str) -> bool {
    READ_ONLY.contains(&key)
        || COMPANIONS.iter().any(|(_, name, _)| *name == key)
        || match table {
            Table::Organizations => key == "parent-id",
            Table::FlexibleAssets | Table::Contacts => key == "name",
            Table::DocumentSections => matches!(key, "resource-type" | "resource-id"),
            _ => false,
        }
}

/// Whether an attribute stays what it was at the beginning. A document cannot be moved.
fn fixed(table: Table, key: &str) -> bool {
    match table {
        Table::Documents => matches!(key, "document-folder-id" | "organization-id"),
        _ => key == "flexible-asset-type-id",
    }
}

/// A value as the column it goes to keeps it: texts become numbers, flags or days, and the other way round.
fn cast(key: &str, value: &Value) -> Value {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => return unset(key),
        Value::Array(_) | Value::Object(_) => return value.clone(),
    };
    match key {
        _ if unset(key).is_boolean() => (!matches!(text.as_str(), "" | "0" | "false" | "f" | "no" | "off")).into(),
        _ if key.ends_with("-id") => value.clone(),
        "order" | "sort" | "level" | "duration" | "decimals" => text.parse::<u64>().map_or(Value::Null, Value::from),
        "installed-at"
        | "purchased-at"
        | "warranty-expires-at"
        | "mitp-device-expiration-date"
        | "mitp-end-of-life-date"
        | "due-date" => {
            text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()).map(|day| day.to_string()).into()
        }
        // Text stays as it was sent, blanks at its ends included.
        _ if value.is_string() => value.clone(),
        _ => text.into(),
    }
}

/// The short name of an organization nobody gave one: its initials, or the beginning of its only word.
fn short_name(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let short: String = match words.as_slice() {
        [word] => word.chars().take(4).collect(),
        words => words.iter().filter_map(|word| word.chars().next()).take(6).collect(),
    };
    short.to_uppercase()
}

fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        _ => false,
    }
}

/// Images in `data:` addresses and inline SVG do not survive saving.
fn clean_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        let lower = tag.to_ascii_lowercase();
        if lower.starts_with("<svg") {
            rest = rest.find("</svg>").map_or("", |close| &rest[close + 6..]);
            continue;
        }
        if !(lower.starts_with("<img") && lower.contains("data:")) {
            out.push_str(tag);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// `Internet/WAN link` becomes `internet-wan-link`.
fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

impl Writer<'_> {
    fn renderer(&self) -> Renderer<'_> {
        Renderer {
            world: self.world,
            base: self.base,
            signer: self.signer,
            passwords: self.passwords,
            legacy_content: false,
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

    fn new_section(&mut self, row: &mut Attributes, input: &Attributes, id: u64) -> Result<(), Answer> {
        let kind = input.get("resource-type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "" => return Err(Answer::missing("resource_type")),
            "Document::Text" | "Document::Heading" => {}
            "Document::Step" | "Document::Gallery" => {
                row.insert("document-gallery-id".into(), (id + 1_000_000).into());
            }
            _ => return Err(Answer::invalid("resource-type", "is not included in the list")),
        }
        row.insert("resource-type".into(), kind.into());
        row.insert("resource-id".into(), (id + 2_000_000).into());
        row.insert("_published".into(), false.into());
        let document = (Table::Documents, number(input, "document-id"));
        let last = self
            .world
            .under(Table::DocumentSections, document)
            .into_iter()
            .filter_map(|id| self.world.attribute(Table::DocumentSections, id, "sort").as_deref().and_then(id_of))
            .max();
        row.insert("sort".into(), last.map_or(1, |last| last + 1).into());
        Ok(())
    }

    /// Writes what a request may set into a row and keeps everything computed in step with it.
    fn apply(
        &mut self,
        table: Table,
        id: u64,
        row: &mut Attributes,
        input: &Attributes,
        new: bool,
    ) -> Result<(), Answer> {
        let what = spec(table);
        for (key, value) in input {
            let key = key.as_str();
            let writable = what.attributes.contains(&key) && !set_by_server(table, key) && (new || !fixed(table, key));
            if !writable || key == "traits" {
                continue;
            }
            if let Value::String(text) = value {
                let name = key == "name" || key.ends_with("-name");
                if name && text.trim().is_empty() && what.required.contains(&key) {
                    return Err(Answer::invalid(key, "can't be blank"));
                }
                if name && text.chars().count() > 255 {
                    return Err(Answer::invalid(key, "is too long (maximum is 255 characters)"));
                }
            }
            let value = match value {
                Value::String(html) if key == "content" => clean_html(html).into(),
                _ => cast(key, value),
            };
            if key == "quick-notes" && row.get(key) != Some(&value) {
                row.insert("quick-notes-updated-at".into(), now());
            }
            row.insert(key.to_owned(), value);
        }
        if table == Table::Configurations && is_blank(row.get("configuration-type-id")) {
            return Err(Answer::invalid("configuration-type", "must exist"));
        }
        if table == Table::FlexibleAssets && is_blank(row.get("flexible-asset-type-id")) {
            return Err(Answer::invalid("flexible-asset-type", "must exist"));
        }
        for (key, name, of) in COMPANIONS {
            if !what.attributes.contains(key) {
                continue;
            }
            let companion = match row.get(*key).filter(|id| !id.is_null()) {
                None => Value::Null,
                Some(id) => match id_of(id).filter(|&id| self.world.contains(*of, id)) {
                    Some(id) => self.world.name(*of, id).into(),
                    // Only what the request says is judged; old rows may hold anything.
                    None if input.contains_key(*key) => {
                        return Err(Answer::invalid(key.trim_end_matches("-id"), "must exist"));
                    }
                    None => continue,
                },
            };
            if what.attributes.contains(name) {
                row.insert((*name).to_owned(), companion);
            }
        }
        match table {
            Table::Organizations if is_blank(row.get("short-name")) => {
                let name = row.get("name").and_then(Value::as_str).unwrap_or_default();
                row.insert("short-name".into(), short_name(name).into());
            }
            Table::Configurations => {
                let short = self.lookup(Table::Organizations, number(row, "organization-id"), "short-name");
                row.insert("organization-short-name".into(), short);
                let kind =
                    row.get("configuration-type-name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
                let known = ["server", "workstation", "laptop", "firewall", "router", "switch", "printer"];
                let kind = known.into_iter().find(|known| kind.contains(known)).unwrap_or("other");
                let kind = match self.lookup(Table::ConfigurationTypes, number(row, "configuration-type-id"), "_kind") {
                    Value::Null => kind.into(),
                    told => told,
                };
                row.insert("configuration-type-kind".into(), kind);
            }
            Table::Contacts => {
                let part = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
                let name = format!("{} {}", part("first-name"), part("last-name")).trim().to_owned();
                row.insert("name".into(), name.into());
            }
            Table::Documents => self.same_organization(Table::DocumentFolders, row, input, "document-folder-id")?,
            Table::DocumentFolders | Table::PasswordFolders => {
                self.same_organization(table, row, input, "parent-id")?;
                let parent = number(row, "parent-id");
                if parent == id {
                    return Err(Answer::invalid("parent", "can't be itself"));
                }
                let mut ancestors = match self.lookup(table, parent, "ancestor-ids") {
                    Value::Array(ancestors) => ancestors,
                    _ => Vec::new(),
                };
                if parent != 0 {
                    ancestors.push(parent.into());
                }
                if ancestors.iter().filter_map(id_of).any(|ancestor| ancestor == id) {
                    return Err(Answer::invalid("parent", "can't be a descendant"));
                }
                row.insert("ancestor-ids".into(), ancestors.into());
            }
            Table::DocumentSections => {
                let level = number(row, "level");
                let heading = row.get("resource-type").and_then(Value::as_str) == Some("Document::Heading");
                if heading && row.get("level").is_some_and(|level| !level.is_null()) && !(1..=6).contains(&level) {
                    return Err(Answer::invalid("level", "must be between 1 and 6"));
                }
            }
            Table::Passwords => {
                self.same_organization(Table::PasswordFolders, row, input, "password-folder-id")?;
                self.finish_password(row, input, new)?;
            }
            Table::FlexibleAssets => self.finish_asset(row, input, new)?,
            _ => {}
        }
        Ok(())
    }

    fn lookup(&self, table: Table, id: u64, key: &str) -> Value {
        self.world.attribute(table, id, key).map_or(Value::Null, std::borrow::Cow::into_owned)
    }

    fn same_organization(&self, of: Table, row: &Attributes, input: &Attributes, key: &str) -> Result<(), Answer> {
        let wanted = row.get(key).filter(|id| !id.is_null());
        let (Some(wanted), true) = (wanted, input.contains_key(key)) else { return Ok(()) };
        let home = id_of(wanted).map(|id| self.lookup(of, id, "organization-id"));
        if home.as_ref().is_some_and(|home| !home.is_null() && Some(home) == row.get("organization-id")) {
            return Ok(());
        }
        Err(Answer::invalid(key.trim_end_matches("-id"), "must exist in the same organization"))
    }

    fn finish_password(&mut self, row: &mut Attributes, input: &Attributes, new: bool) -> Result<(), Answer> {
        if let Some(value) = input.get("password").filter(|value| value.is_string()) {
            let old = row.insert("_value".into(), value.clone());
            if let (Some(old), false) = (old, new) {
                let mut versions = match row.remove("_versions") {
                    Some(Value::Array(versions)) => versions,
                    _ => Vec::new(),
                };
                let id = versions.iter().map(|v| v.get("id").and_then(id_of).unwrap_or(0)).max().unwrap_or(0) + 1;
                versions.push(json!({"id": id, "value": old}));
                row.insert("_versions".into(), versions.into());
            }
            row.insert("password-updated-at".into(), now());
        }
        if input.get("otp-secret").is_some() {
            row.insert("otp-enabled".into(), (!is_blank(input.get("otp-secret"))).into());
        }
        if is_blank(row.get("resource-id")) || !(input.contains_key("resource-id") || new) {
            return Ok(());
        }
        let table = row.get("resource-type").and_then(Value::as_str).and_then(Table::by_name);
        let Some((table, parent)) =
            table.and_then(|table| Some((table, self.world.get(table, number(row, "resource-id"))?)))
        else {
            return Err(Answer::invalid("resource", "must exist"));
        };
        let of = |key: &str| parent.attributes.get(key).cloned().unwrap_or(Value::Null);
        // Taken in any spelling, answered in one.
        row.insert("resource-type".into(), table.type_name().into());
        row.insert("cached-resource-name".into(), of("name"));
        row.insert("cached-resource-type-name".into(), table.label().into());
        row.insert("parent-url".into(), of("resource-url"));
        Ok(())
    }

    /// Traits are replaced as a whole: whatever a request leaves out is gone.
    fn finish_asset(&mut self, row: &mut Attributes, input: &Attributes, new: bool) -> Result<(), Answer> {
        let mut fields: Vec<_> = self
            .world
            .under(Table::FlexibleAssetFields, (Table::FlexibleAssetTypes, number(row, "flexible-asset-type-id")))
            .into_iter()
            .filter_map(|id| self.world.get(Table::FlexibleAssetFields, id))
            .collect();
        fields.sort_by_key(|field| (number(&field.attributes, "order"), field.id));
        let sent = input.get("traits").and_then(Value::as_object);
        if sent.is_none() && !new {
            return Ok(());
        }
        let mut traits = Attributes::new();
        for field in &fields {
            let text = |key: &str| field.attributes.get(key).and_then(Value::as_str).unwrap_or_default();
            let (key, kind) = (text("name-key"), text("kind"));
            let pointer = format!("traits/{key}");
            let refuse = |detail: &str| Err(Answer::invalid(&pointer, detail));
            if kind == "Header" {
                continue;
            }
            if kind == "Password" {
                // The record behind it is written through /passwords.
                if let Some(kept) = row.get("traits").and_then(|traits| traits.get(key)) {
                    traits.insert(key.to_owned(), kept.clone());
                }
                continue;
            }
            let Some(value) = sent.and_then(|sent| sent.get(key)).filter(|value| !is_blank(Some(value))) else {
                if field.attributes.get("required") == Some(&Value::Bool(true)) {
                    return refuse("can't be blank");
                }
                continue;
            };
            let kept = match (kind, value) {
                ("Text", Value::String(text)) if text.chars().count() > 255 => {
                    return refuse("is too long (maximum is 255 characters)");
                }
                ("Number" | "Percent", Value::String(text)) => match text.trim().parse::<f64>() {
                    Ok(number) => json!(number),
                    Err(_) => return refuse("is not a number"),
                },
                ("Checkbox", Value::String(text)) => json!(matches!(text.as_str(), "true" | "1" | "t" | "Yes")),
                ("Date", Value::String(text)) => {
                    match text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()) {
                        Some(day) => json!(day.to_string()),
                        None => return refuse("is not a date"),
                    }
                }
                ("Select", Value::String(choice)) => {
                    let options = text("default-value");
                    if !options.trim().is_empty() && !options.lines().any(|option| option.trim() == choice.trim()) {
                        return refuse("is not included in the list");
                    }
                    value.clone()
                }
                ("Tag", Value::Array(ids)) => {
                    let (table, _) = super::world::tag_target(text("tag-type"));
                    ids.iter()
                        .filter_map(id_of)
                        .filter(|&id| table.is_some_and(|table| self.world.contains(table, id)))
                        .map(Value::from)
                        .collect()
                }
                ("Tag", _) => return refuse("is invalid"),
                ("Upload", Value::Array(files)) => {
                    let files: Value = files
                        .iter()
                        .filter_map(|file| file.get("file_name").or_else(|| file.get("file-name")))
                        .map(|name| json!({"name": name, "url": Value::Null}))
                        .collect();
                    json!({"type": "Uploads", "values": files})
                }
                _ => value.clone(),
            };
            traits.insert(key.to_owned(), kept);
        }
        let title: Vec<String> = fields
            .iter()
            .filter(|field| field.attributes.get("use-for-title") == Some(&Value::Bool(true)))
            .filter_map(|field| {
                let key = field.attributes.get("name-key")?.as_str()?;
                match traits.get(key)? {
                    Value::String(text) => Some(text.clone()),
                    Value::Array(ids) => {
                        let (table, _) = super::world::tag_target(field.attributes.get("tag-type")?.as_str()?);
                        let name = |id| Some(self.world.name(table?, id));
                        Some(ids.iter().filter_map(id_of).filter_map(name).collect::<Vec<_>>().join(", "))
                    }
                    other => Some(other.to_string()),
                }
            })
            .collect();
        row.insert("name".into(), title.join(" ").into());
        row.insert("traits".into(), Value::Object(traits));
        Ok(())
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

    fn refuse_synced(&self, table: Table, id: u64) -> Result<(), Answer> {
        let enabled = Value::String("enabled".into());
        if spec(table).synced && self.lookup(table, id, "psa-integration") == enabled {
            return Err(Answer::invalid("base", "is synced with a PSA and can only be changed there"));
        }
        Ok(())
    }

    /// What others stand in or on cannot be deleted before them: folders with something in them, statuses in use.
    fn refuse_used(&self, table: Table, id: u64, with: &[u64]) -> Result<(), Answer> {
        let holds = |of: Table, key: &str, scope: Vec<u64>| {
            scope
                .into_iter()
                .any(|other| !(of == table && with.contains(&other)) && id_of(&self.lookup(of, other, key)) == Some(id))
        };
        let home = (Table::Organizations, id_of(&self.lookup(table, id, "organization-id")).unwrap_or(0));
        let beside = |of: Table| self.world.under(of, home);
        match table {
            Table::DocumentFolders
                if holds(Table::Documents, "document-folder-id", beside(Table::Documents))
                    || holds(table, "parent-id", beside(table)) =>
            {
                Err(Answer::invalid("base", "has dependent folders or documents"))
            }
            Table::PasswordFolders
                if holds(Table::Passwords, "password-folder-id", beside(Table::Passwords))
                    || holds(table, "parent-id", beside(table)) =>
            {
                Err(Answer::invalid("base", "has dependent folders or passwords"))
            }
            Table::OrganizationStatuses if self.lookup(table, id, "synced") == Value::Bool(true) => {
                Err(Answer::error(423, "Locked", "is synced with an adapter", Some("id")))
            }
            Table::OrganizationStatuses
                if matches!(self.world.name(table, id).as_str(), "Active" | "Inactive")
                    || holds(Table::Organizations, "organization-status-id", self.world.ids(Table::Organizations)) =>
            {
                Err(Answer::invalid("base", "is in use"))
            }
            _ => Ok(()),
        }
    }

    fn update_one(&mut self, table: Table, id: u64, input: &Attributes) -> Result<(), Answer> {
        self.refuse_synced(table, id)?;
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

    fn stored_under(&self, table: Table, parent: (Table, u64)) -> Vec<u64> {
        let mut rows = self.world.under(table, parent);
        rows.retain(|&row| self.world.is_stored(table, row));
        rows
    }

    /// The passwords embedded in a record show its new name.
    fn rename_cached(&mut self, table: Table, id: u64, name: &str) {
        for row in self.stored_under(Table::Passwords, (table, id)) {
            if id_of(&self.lookup(Table::Passwords, row, "resource-id")) == Some(id) {
                self.world.edit(Table::Passwords, row, |row| {
                    row.insert("cached-resource-name".into(), name.into());
                });
            }
        }
    }

    /// Rows that carry the name of a record show its new one.
    fn rename_companions(&mut self, table: Table, id: u64, name: &str) {
        for (key, companion, of) in COMPANIONS {
            if *of != table {
                continue;
            }
            for &other in Table::ALL {
                for row in self.world.stored(other) {
                    let points = self.world.attribute(other, row, key).as_deref().and_then(id_of) == Some(id);
                    if points && self.world.attribute(other, row, companion).is_some() {
                        self.world.edit(other, row, |row| {
                            row.insert((*companion).to_owned(), name.into());
                        });
                    }
                }
            }
        }
    }

    /// The primary interface and its configuration have the same addresses.
    fn mirror_to_configuration(&mut self, interface: u64) {
        let Some(row) = self.world.get(Table::ConfigurationInterfaces, interface) else { return };
        if row.attributes.get("primary") != Some(&Value::Bool(true)) {
            return;
        }
        let configuration = number(&row.attributes, "configuration-id");
        for other in self.world.under(Table::ConfigurationInterfaces, (Table::Configurations, configuration)) {
            if other != interface {
                self.world.edit(Table::ConfigurationInterfaces, other, |row| {
                    row.insert("primary".into(), false.into());
                });
            }
        }
        let of = |key: &str| row.attributes.get(key).cloned().unwrap_or(Value::Null);
        let (ip, mac) = (of("ip-address"), of("mac-address"));
        self.world.edit(Table::Configurations, configuration, |row| {
            row.insert("primary-ip".into(), ip);
            row.insert("mac-address".into(), mac);
        });
    }

    fn mirror_to_interface(&mut self, configuration: u64) {
        let ip = self.lookup(Table::Configurations, configuration, "primary-ip");
        let mac = self.lookup(Table::Configurations, configuration, "mac-address");
        let interfaces = self.world.under(Table::ConfigurationInterfaces, (Table::Configurations, configuration));
        let primary = interfaces.into_iter().find(|&id| {
            self.world.attribute(Table::ConfigurationInterfaces, id, "primary").as_deref() == Some(&Value::Bool(true))
        });
        if let Some(primary) = primary {
            self.world.edit(Table::ConfigurationInterfaces, primary, |row| {
                row.insert("ip-address".into(), ip);
                row.insert("mac-address".into(), mac);
            });
        }
    }

    /// DELETE of one record in the path or several in the body.
    pub(super) fn delete(
        &mut self,
        table: Table,
        scope: Option<(Table, u64)>,
        id: Option<u64>,
        body: Option<&Value>,
    ) -> Answer {
        match table {
            Table::ChecklistTasks => return Answer::only_jwt(),
            _ if !spec(table).delete => return Answer::no_route(),
            _ => {}
        }
        let ids: Vec<u64> = match id {
            Some(id) => vec![id],
            None => match items(body) {
                Ok((items, _)) => items.iter().filter_map(|item| item.id).collect(),
                Err(answer) => return answer,
            },
        };
        if ids.is_empty() {
            return Answer::missing("id");
        }
        for &id in &ids {
            if !self.in_scope(table, id, scope) {
                return Answer::not_found();
            }
            if let Err(answer) = self.refuse_synced(table, id).and_then(|()| self.refuse_used(table, id, &ids)) {
                return answer;
            }
        }
        let answer = self.answer(200, table, &ids, id.is_none());
        for id in ids {
            self.delete_one(table, id);
        }
        answer
    }

    fn delete_one(&mut self, table: Table, id: u64) {
        match table {
            Table::DocumentSections => {
                let drafted = self.world.attribute(table, id, "_published").as_deref() == Some(&Value::Bool(false));
                if drafted {
                    self.drop_section(id);
                } else {
                    self.world.edit(table, id, |row| {
                        row.insert("_deleted".into(), true.into());
                    });
                }
                return;
            }
            Table::Documents => {
                for under in [Table::DocumentSections, Table::DocumentImages] {
                    for row in self.world.under(under, (table, id)) {
                        self.world.remove(under, row);
                    }
                }
            }
            Table::Organizations => {
                for &other in Table::ALL {
                    for row in self.world.under(other, (table, id)) {
                        self.world.remove(other, row);
                    }
                }
            }
            _ => {}
        }
        for under in
            [Table::Attachments, Table::ConfigurationInterfaces, Table::ResourceAccesses, Table::ChecklistTasks]
        {
            for row in self.world.under(under, (table, id)) {
                self.world.remove(under, row);
            }
        }
        self.world.remove(table, id);
    }

    /// Takes a section away, with the images of its gallery.
    fn drop_section(&mut self, id: u64) {
        let gallery = self.lookup(Table::DocumentSections, id, "document-gallery-id");
        let document = self.lookup(Table::DocumentSections, id, "document-id");
        if let (false, Some(document)) = (gallery.is_null(), id_of(&document)) {
            for image in self.world.under(Table::DocumentImages, (Table::Documents, document)) {
                if self.lookup(Table::DocumentImages, image, "document-gallery-id") == gallery {
                    self.world.remove(Table::DocumentImages, image);
                }
            }
        }
        self.world.remove(Table::DocumentSections, id);
    }

    /// PATCH of `/documents/:id/publish`: the whole draft becomes what everybody reads. Answers the document: some
    /// clients read the answer as JSON, those that know it may be empty can read it too.
    pub(super) fn publish(&mut self, document: u64) -> Answer {
        if !self.world.contains(Table::Documents, document) {
            return Answer::not_found();
        }
        let at = now();
        for section in self.world.under(Table::DocumentSections, (Table::Documents, document)) {
            if self.world.attribute(Table::DocumentSections, section, "_deleted").is_some() {
                self.drop_section(section);
                continue;
            }
            let touched = ["_published", "_draft"]
                .iter()
                .any(|key| self.world.attribute(Table::DocumentSections, section, key).is_some());
            if touched {
                self.world.edit(Table::DocumentSections, section, |row| {
                    row.remove("_published");
                    if let Some(Value::Object(draft)) = row.remove("_draft") {
                        row.extend(draft);
                    }
                    row.insert("updated-at".into(), at.clone());
                });
            }
        }
        self.world.edit(Table::Documents, document, |row| {
            row.insert("published-at".into(), at.clone());
            row.insert("updated-at".into(), at);
            // The row's own body, if it had one, gives way to the sections.
            row.remove("content");
        });
        self.answer(200, Table::Documents, &[document], false)
    }

    /// POST of a related item on a record.
    pub(super) fn relate(&mut self, record: (Table, u64), body: Option<&Value>) -> Answer {
        if !self.world.contains(record.0, record.1) {
            return Answer::not_found();
        }
        let (items, many) = match items(body) {
            Ok(items) => items,
            Err(answer) => return answer,
        };
        let mut made = Vec::new();
        for item in items {
            let Some(label) = item.attributes.get("destination-type").and_then(Value::as_str) else {
                return Answer::missing("destination_type");
            };
            let destination = Table::by_name(label).map(|table| (table, number(&item.attributes, "destination-id")));
            let Some(to) = destination.filter(|to| *to != record && self.world.contains(to.0, to.1)) else {
                return Answer::invalid("destination", "must exist");
            };
            let notes = item.attributes.get("notes").and_then(Value::as_str).unwrap_or_default();
            match self.world.relate(record, to, notes) {
                Some(id) => made.push(id),
                None => return Answer::invalid("base", "a similar or inverse relation already exists"),
            }
        }
        let mut data: Vec<Value> = made.into_iter().filter_map(|id| self.renderer().link(id, record)).collect();
        let data = if many { Value::Array(data) } else { data.pop().unwrap_or(Value::Null) };
        Answer::json(201, json!({"data": data}))
    }

    /// PATCH of the notes of a related item.
    pub(super) fn annotate(&mut self, record: (Table, u64), link: u64, body: Option<&Value>) -> Answer {
        let belongs = self.world.link(link).is_some_and(|link| link.from == record || link.to == record);
        if !belongs {
            return Answer::not_found();
        }
        let (items, _) = match items(body) {
            Ok(items) => items,
            Err(answer) => return answer,
        };
        if let Some(notes) = items.first().and_then(|item| item.attributes.get("notes")) {
            let notes = notes.as_str().unwrap_or_default().to_owned();
            self.world.set_link_notes(link, &notes);
        }
        Answer::json(200, json!({"data": self.renderer().link(link, record)}))
    }

    /// DELETE of related items.
    pub(super) fn unrelate(&mut self, record: (Table, u64), link: Option<u64>, body: Option<&Value>) -> Answer {
        let links: Vec<u64> = match link {
            Some(link) => vec![link],
            None => match items(body) {
                Ok((items, _)) => items.iter().filter_map(|item| item.id).collect(),
                Err(answer) => return answer,
            },
        };
        let belongs = |id: &u64| self.world.link(*id).is_some_and(|link| link.from == record || link.to == record);
        if links.is_empty() || !links.iter().all(belongs) {
            return Answer::not_found();
        }
        let data: Vec<Value> = links.iter().filter_map(|&id| self.renderer().link(id, record)).collect();
        for link in links {
            self.world.unrelate(link);
        }
        Answer::json(200, json!({"data": data}))
    }

    fn attach(&mut self, parent: Table, id: u64, input: &Attributes) -> Result<u64, Answer> {
        let file = input.get("attachment").ok_or_else(|| Answer::missing("attachment"))?;
        let (name, bytes, size) = upload(file)?;
        let ext = name.rsplit_once('.').map_or("", |(_, ext)| ext).to_ascii_lowercase();
        let new = self.world.free_id(Table::Attachments);
        let at = now();
        let attributes = json!({
            "name": name,
            "attachment-file-name": name,
            "attachment-content-type": content_type(&ext),
            "attachment-file-size": size,
            "ext": ext,
            "viewable": matches!(ext.as_str(), "pdf" | "png" | "jpg" | "jpeg" | "gif" | "txt"),
            "created-at": at,
            "updated-at": at,
            "_parent": {"table": parent.type_name(), "id": id},
            "_bytes": bytes,
        });
        if let Value::Object(attributes) = attributes {
            self.world.insert(Table::Attachments, new, attributes);
        }
        Ok(new)
    }

    fn create_image(&mut self, input: &Attributes) -> Result<u64, Answer> {
        let target = input.get("target").ok_or_else(|| Answer::missing("target"))?;
        let file = input.get("image").ok_or_else(|| Answer::missing("image"))?;
        let id = target.get("id").and_then(id_of).unwrap_or(0);
        let (document, gallery) = match target.get("type").and_then(Value::as_str).unwrap_or_default() {
            "document" => (self.world.contains(Table::Documents, id).then_some(id), None),
            "gallery" => {
                let section = self.world.ids(Table::DocumentSections).into_iter().find(|&section| {
                    self.world
                        .attribute(Table::DocumentSections, section, "document-gallery-id")
                        .as_deref()
                        .and_then(id_of)
                        == Some(id)
                });
                let document =
                    section.and_then(|section| id_of(&self.lookup(Table::DocumentSections, section, "document-id")));
                (document, Some(id))
            }
            _ => return Err(Answer::invalid("target", "is not included in the list")),
        };
        let Some(document) = document else { return Err(Answer::invalid("target", "must exist")) };
        let (name, bytes, size) = upload(file)?;
        let new = self.world.free_id(Table::DocumentImages);
        let organization = id_of(&self.lookup(Table::Documents, document, "organization-id")).unwrap_or(0);
        let at = now();
        let attributes = json!({
            "name": name,
            "size": size,
            "document-id": document,
            "document-gallery-id": gallery,
            "target": target,
            "inline-resource-url": format!("/{organization}/docs/{document}/images/{new}"),
            "created-at": at,
            "updated-at": at,
            "_bytes": bytes,
        });
        if let Value::Object(attributes) = attributes {
            self.world.insert(Table::DocumentImages, new, attributes);
        }
        Ok(new)
    }
}

/// Name, content and size of an uploaded file.
fn upload(file: &Value) -> Result<(String, String, usize), Answer> {
    let text = |key: &str, other: &str| file.get(key).or_else(|| file.get(other)).and_then(Value::as_str);
    let name = text("file-name", "file_name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Answer::missing("file_name"))?;
    let content = text("content", "content").ok_or_else(|| Answer::missing("content"))?;
    let encoded: String = content.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(&encoded).map_err(|_| Answer::invalid("content", "is not base64"))?;
    if bytes.len() > MAX_ATTACHMENT {
        return Err(Answer::invalid("content", "is too large (maximum is 10 MB)"));
    }
    Ok((name.to_owned(), encoded, bytes.len()))
}

/// The content type of a file name's ending.
pub(super) fn content_type(ext: &str) -> &'static str {
    match ext {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "txt" | "log" | "md" => "text/plain",
        "csv" => "text/csv",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_images_and_svg_do_not_survive_saving() {
        let html = "<p>a</p><img src=\"data:image/png;base64,AA\"><svg><path/></svg><img src=\"/1/docs/2/images/3\">";
        assert_eq!(clean_html(html), "<p>a</p><img src=\"/1/docs/2/images/3\">");
        assert_eq!(clean_html("no tag < at all"), "no tag < at all");
    }

    #[test]
    fn name_keys_are_slugs() {
        assert_eq!(slug("Internet/WAN link (main)"), "internet-wan-link-main");
    }
}
