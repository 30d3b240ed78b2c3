//! From a request to an answer: which path means what. No sockets, no faults.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::list::{self, Orders};
use super::query::Filter;
use super::render::{Included, Renderer, Signer};
use super::rules::{self, Writer};
use super::spec::{nested, relatable, spec};
use super::world::{Table, World};

/// The smallest PNG, for images without bytes of their own.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// What the application keeps between requests.
pub(super) struct Application {
    /// The rows
    pub world: RwLock<World>,
    /// Sorted ids
    pub orders: Orders,
    /// For the addresses of images
    pub signer: Signer,
    /// The address of the web application
    pub web: String,
}

/// The table whose path this is. Paths are in snake case and plural, nothing else.
fn table_of(segment: &str) -> Option<Table> {
    if segment.contains('-') {
        return None;
    }
    let name = segment.replace('_', "-");
    Table::ALL.iter().copied().find(|table| table.type_name() == name)
}

/// Related items and attachments hang on `folders` too, which is the path of document folders there.
fn holder_of(segment: &str) -> Option<Table> {
    if segment == "folders" { Some(Table::DocumentFolders) } else { table_of(segment) }
}

/// Whether the list of all rows of a table is for people, not for keys, on most accounts.
const fn for_people(table: Table) -> bool {
    matches!(
        table,
        Table::DocumentFolders
            | Table::PasswordFolders
            | Table::ChecklistTasks
            | Table::ChecklistTemplateTasks
            | Table::SslCertificates
    )
}

impl Application {
    /// An application with this world.
    pub(super) fn new(world: World, image_ttl: Duration, web: String) -> Self {
        Self { world: RwLock::new(world), orders: Orders::default(), signer: Signer::new(image_ttl), web }
    }

    /// An address that works without a key: a signed image.
    pub(super) fn signed(&self, path: &str, query: &str) -> Option<Answer> {
        let id = path.strip_prefix("/storage/document_images/")?.split('/').next()?.parse().ok()?;
        if !self.signer.accepts(path, query) {
            let mut answer = Answer::text(
                403,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
            );
            answer.content_type = "application/xml".into();
            return Some(answer);
        }
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let Some(image) = world.get(Table::DocumentImages, id) else { return Some(Answer::empty(404)) };
        let name = image.attributes.get("name").and_then(Value::as_str).unwrap_or_default();
        let ext = name.rsplit_once('.').map_or("png", |(_, ext)| ext).to_ascii_lowercase();
        let stored = image.attributes.get("_bytes").and_then(Value::as_str);
        let bytes = STANDARD.decode(stored.unwrap_or(PNG)).unwrap_or_default();
        let kind = if stored.is_some() { rules::content_type(&ext) } else { "image/png" };
        Some(Answer::file(kind, bytes))
    }

    /// Answers a request whose key was accepted.
    pub(super) fn answer(&self, call: &Call<'_>) -> Answer {
        let segments: Vec<&str> = call.path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["attachments", id, "download"] if call.method == "GET" => self.download(id),
            ["exports", id, "download"] if call.method == "GET" => self.download_export(id),
            ["copilot_smart_assist", "documents"] => self.smart_assist(call, None),
            ["organizations", organization, "copilot_smart_assist", "documents"] => match organization.parse() {
                Ok(organization) => self.smart_assist(call, Some((Table::Organizations, organization))),
                Err(_) => Answer::not_found(),
            },
            [table] => table_of(table).map_or_else(Answer::no_route, |table| self.top(call, table)),
            [table, id] => match (table_of(table), id.parse()) {
                (Some(table), Ok(id)) => self.single(call, table, None, id),
                // An id that is not a number finds no record; a path that is none finds no route.
                (Some(table), Err(_)) if spec(table).show => Answer::not_found(),
                _ => Answer::no_route(),
            },
            ["documents", id, "publish"] | ["organizations", _, "relationships", "documents", id, "publish"]
                if call.method == "PATCH" =>
            {
                id.parse().map_or_else(|_| Answer::not_found(), |id| self.write(call, |writer| writer.publish(id)))
            }
            ["organizations", organization, "relationships", table, id, "relationships", rest @ ..] => {
                let (Some(table), Ok(organization), Ok(id)) = (table_of(table), organization.parse(), id.parse())
                else {
                    return Answer::no_route();
                };
                if !self.is_under(table, id, (Table::Organizations, organization)) {
                    return Answer::not_found();
                }
                self.nested(call, table, id, rest)
            }
            [holder, id, "relationships", rest @ ..] => {
                let (Some(holder), Ok(id)) = (holder_of(holder), id.parse()) else { return Answer::no_route() };
                self.nested(call, holder, id, rest)
            }
            _ => Answer::no_route(),
        }
    }

    fn is_under(&self, table: Table, id: u64, parent: (Table, u64)) -> bool {
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        world.under(table, parent).binary_search(&id).is_ok()
    }

    fn write(&self, call: &Call<'_>, change: impl FnOnce(&mut Writer<'_>) -> Answer) -> Answer {
        let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut Writer {
            world: &mut world,
            base: call.base,
            web: &self.web,
            switches: call.switches,
            signer: &self.signer,
            passwords: call.passwords,
            query: &call.query,
        })
    }

    fn renderer<'a>(&'a self, world: &'a World, call: &'a Call<'_>) -> Renderer<'a> {
        Renderer {
            world,
            base: call.base,
            web: &self.web,
            signer: &self.signer,
            passwords: call.passwords,
            switches: call.switches,
        }
    }

    /// `/x`
    fn top(&self, call: &Call<'_>, table: Table) -> Answer {
        // These exist only under the record they belong to.
        let orphan = matches!(table, Table::Attachments | Table::DocumentSections | Table::PasswordFolders);
        match call.method {
            "GET" if table == Table::Documents => Answer::not_found(),
            "GET" if for_people(table) && !call.switches.open_lists => Answer::only_jwt(),
            "GET" if spec(table).list => {
                if table == Table::Exports {
                    self.finish_exports();
                }
                self.list(call, table, None)
            }
            "POST" if !orphan => self.write(call, |writer| writer.create(table, None, call.body)),
            "PATCH" => self.write(call, |writer| writer.update(table, None, None, call.body)),
            "DELETE" => self.write(call, |writer| writer.delete(table, None, None, call.body)),
            _ => Answer::no_route(),
        }
    }

    /// `/x/:id`, and the same record below the one it lives under.
    fn single(&self, call: &Call<'_>, table: Table, scope: Option<(Table, u64)>, id: u64) -> Answer {
        let shows = spec(table).show
            || (scope.is_some()
                && matches!(table, Table::DocumentSections | Table::DocumentFolders | Table::PasswordFolders));
        match call.method {
            "GET" if shows => {
                if table == Table::Exports {
                    self.finish_exports();
                }
                let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
                if scope.is_some_and(|scope| world.under(table, scope).binary_search(&id).is_err()) {
                    return Answer::not_found();
                }
                let body = self.renderer(&world, call).alone(table, id, &call.query);
                body.map_or_else(Answer::not_found, |body| Answer::json(200, body))
            }
            "PATCH" => self.write(call, |writer| writer.update(table, scope, Some(id), call.body)),
            "DELETE" => self.write(call, |writer| writer.delete(table, scope, Some(id), call.body)),
            _ => Answer::no_route(),
        }
    }

    /// `/x/:id/relationships/y` and `/x/:id/relationships/y/:id`
    fn nested(&self, call: &Call<'_>, holder: Table, id: u64, rest: &[&str]) -> Answer {
        let record = (holder, id);
        let (child, item) = match rest {
            [child] => (*child, None),
            [child, item] => match item.parse() {
                Ok(item) => (*child, Some(item)),
                Err(_) => return Answer::not_found(),
            },
            _ => return Answer::no_route(),
        };
        if child == "related_items" {
            if !relatable(holder) {
                return Answer::no_route();
            }
            // There is no way to list or show related items but `include`.
            return match (call.method, item) {
                ("POST", None) => self.write(call, |writer| writer.relate(record, call.body)),
                ("PATCH", Some(item)) => self.write(call, |writer| writer.annotate(record, item, call.body)),
                ("DELETE", item) => self.write(call, |writer| writer.unrelate(record, item, call.body)),
                _ => Answer::no_route(),
            };
        }
        let table = match child {
            "attachments" if relatable(holder) => Table::Attachments,
            _ => match nested(holder).iter().find(|(name, _)| *name == child) {
                Some((_, table)) => *table,
                None => return Answer::no_route(),
            },
        };
        let known = self.world.read().unwrap_or_else(PoisonError::into_inner).contains(holder, id);
        if !known {
            return Answer::not_found();
        }
        match (call.method, item) {
            (_, Some(item)) => self.single(call, table, Some(record), item),
            ("GET", None) => self.list(call, table, Some(record)),
            ("POST", None) => self.write(call, |writer| writer.create(table, Some(record), call.body)),
            ("PATCH", None) => self.write(call, |writer| writer.update(table, Some(record), None, call.body)),
            ("DELETE", None) => self.write(call, |writer| writer.delete(table, Some(record), None, call.body)),
            _ => Answer::no_route(),
        }
    }

    fn list(&self, call: &Call<'_>, table: Table, scope: Option<(Table, u64)>) -> Answer {
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let mut page = match list::select(&world, &self.orders, table, scope, call) {
            Ok(page) => page,
            Err(answer) => return answer,
        };
        if table == Table::Logs {
            // Five pages are all there is; a smaller `filter[created_at]` shows the rest.
            if call.query.page > 5 {
                return Answer::error(400, "Bad Request", "page[number] cannot be greater than 5", None);
            }
            page.total = page.total.min(5 * call.query.size);
        }
        let renderer = self.renderer(&world, call);
        let mut included = Included::default();
        let data: Vec<Value> = page
            .ids
            .iter()
            .filter_map(|&id| world.get(table, id))
            .map(|row| renderer.in_list(table, &row, &call.query, &mut included))
            .collect();
        let mut body = json!({
            "meta": list::meta(&call.query, page.total),
            "links": list::links(call, page.total),
        });
        body["data"] = Value::Array(data);
        if !call.query.includes.is_empty() {
            body["included"] = Value::Array(included.records);
        }
        Answer::json(200, body)
    }

    fn download(&self, id: &str) -> Answer {
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = id.parse().ok().and_then(|id| world.get(Table::Attachments, id)) else {
            return Answer::not_found();
        };
        let text = |key: &str| file.attributes.get(key).and_then(Value::as_str);
        let kind = text("attachment-content-type").unwrap_or("application/octet-stream");
        let bytes = match text("_bytes").map(|bytes| STANDARD.decode(bytes)) {
            Some(Ok(bytes)) => bytes,
            _ => format!("This stands for {}.\n", text("attachment-file-name").unwrap_or("a file")).into_bytes(),
        };
        Answer::file(kind, bytes)
    }

    /// The archive of an export that is done: a ZIP file with nothing in it.
    fn download_export(&self, id: &str) -> Answer {
        const EMPTY_ZIP: [u8; 22] = [b'P', b'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let done = id.parse().ok().and_then(|id| world.attribute(Table::Exports, id, "export-status"));
        match done.as_deref().and_then(Value::as_str) {
            Some("completed") => Answer::file("application/zip", EMPTY_ZIP.to_vec()),
            _ => Answer::not_found(),
        }
    }

    /// An export is done a second after it was requested.
    fn finish_exports(&self) {
        let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
        let before = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(1);
        let before = before.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        for id in world.stored(Table::Exports) {
            let text = |key: &str| match world.attribute(Table::Exports, id, key).as_deref() {
                Some(Value::String(text)) => text.clone(),
                _ => String::new(),
            };
            if text("export-status") == "processing" && text("created-at") < before {
                world.edit(Table::Exports, id, |row| {
                    row.insert("export-status".into(), "completed".into());
                });
            }
        }
    }

    /// Documents that want attention: listed, and archived or deleted in bulk.
    fn smart_assist(&self, call: &Call<'_>, mut scope: Option<(Table, u64)>) -> Answer {
        match call.method {
            "GET" => {}
            "PATCH" => return self.write(call, |writer| writer.update(Table::Documents, scope, None, call.body)),
            "DELETE" => return self.write(call, |writer| writer.delete(Table::Documents, scope, None, call.body)),
            _ => return Answer::no_route(),
        }
        if let Some(id) = call.query.is("organization-id").and_then(Filter::single_id) {
            scope.get_or_insert((Table::Organizations, id));
        }
        let kind = call.query.is("type").and_then(|filter| filter.values.first().cloned()).unwrap_or_default();
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let mut ids = match scope {
            None => world.ids(Table::Documents),
            Some(scope) => world.under(Table::Documents, scope),
        };
        let text = |id: u64, key: &str| match world.attribute(Table::Documents, id, key).as_deref() {
            Some(value) if !value.is_null() => value.to_string(),
            _ => String::new(),
        };
        match kind.as_str() {
            "stale" => {
                let year_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(365 * 24);
                let year_ago = format!("\"{}", year_ago.strftime("%Y-%m-%d"));
                ids.retain(|&id| text(id, "updated-at") < year_ago);
            }
            "duplicate" => {
                let mut seen = std::collections::HashSet::new();
                ids.retain(|&id| !seen.insert((text(id, "organization-id"), text(id, "name").to_lowercase())));
            }
            "not_viewed" | "expired" => ids.clear(),
            // Without a type those most in use, which here are those changed last.
            "" => ids.sort_by_cached_key(|&id| std::cmp::Reverse(text(id, "updated-at"))),
            _ => return Answer::error(422, "Unprocessable Entity", "filter[type] is not included in the list", None),
        }
        let total = ids.len();
        let renderer = self.renderer(&world, call);
        let start = (call.query.page - 1).saturating_mul(call.query.size);
        let data: Vec<Value> = ids
            .into_iter()
            .skip(start)
            .take(call.query.size)
            .filter_map(|id| world.get(Table::Documents, id))
            .map(|row| renderer.plain(Table::Documents, &row))
            .collect();
        let links = list::links(call, total);
        Answer::json(200, json!({"data": data, "meta": list::meta(&call.query, total), "links": links}))
    }
}
