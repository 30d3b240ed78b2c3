//! Turns the assets into rows: first every record gets its id and the names under which texts may speak of it, then
//! the rows are written, with all placeholders resolved.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::invent::{self, hash, pick, rng};
use super::source::{self, Block, Form, State};
use crate::fake::world::{Attributes, Table, World};

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
    /// Sentences of the diary
    pub diary: Vec<&'static str>,
}

/// A record as texts speak of it.
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
        Table::Models => (88_000, 900),
        Table::Users => (50_000, 900),
        Table::Attachments => (400, 9_000),
        Table::ResourceAccesses => (950_000, 9_000),
        Table::Versions => (960_000, 9_000),
        Table::UserMetrics | Table::Logs => (980_000, 9_000),
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

    /// Keeps ids that are written in the assets from being given to somebody else.
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

    /// The id of a record that has none of its own.
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

    // ---- account-wide lists ----

    fn lookup(&mut self, table: Table, fixed: Option<u64>, name: &str, mut extra: Value) -> u64 {
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

    fn find(&mut self, table: Table, name: &str) -> Value {
        match self.lookups.get(&(table, name.to_owned())) {
            Some(id) => json!(id),
            None => {
                self.problem(format!("no {} {name}", table.label()));
                Value::Null
            }
        }
    }

    fn lookups(&mut self, source: &Source) {
        let lists = &source.lookups;
        for (table, list) in [
            (Table::OrganizationTypes, &lists.organization_types),
            (Table::OrganizationStatuses, &lists.organization_statuses),
        ] {
            for entry in list {
                self.lookup(table, entry.id, &entry.name, json!({"synced": false}));
            }
        }
        for entry in &lists.configuration_types {
            let extra = json!({"configuration-count": 0, "kind": entry.kind});
            self.lookup(Table::ConfigurationTypes, entry.id, &entry.name, extra);
        }
        for entry in &lists.configuration_statuses {
            self.lookup(Table::ConfigurationStatuses, entry.id, &entry.name, json!({}));
        }
        for entry in &lists.contact_types {
            self.lookup(Table::ContactTypes, entry.id, &entry.name, json!({}));
        }
        for entry in &lists.password_categories {
            self.lookup(Table::PasswordCategories, entry.id, &entry.name, json!({"passwords-count": 0}));
        }
        for name in &lists.platforms {
            self.lookup(Table::Platforms, None, name, json!({}));
        }
        for entry in &lists.operating_systems {
            let platform = self.find(Table::Platforms, entry.platform.as_deref().unwrap_or_default());
            let extra = json!({"platform-id": platform});
            self.lookup(Table::OperatingSystems, entry.id, &entry.name, extra);
        }
        for (maker, models) in &lists.models {
            let maker_id = self.lookup(Table::Manufacturers, (maker == "Dell").then_some(512), maker, json!({}));
            for model in models {
                let (name, id) = model.split_once('=').unwrap_or((model, ""));
                let extra = json!({"manufacturer-id": maker_id});
                self.lookup(Table::Models, id.parse().ok(), name, extra);
            }
        }
        for (country, regions) in &lists.countries {
            let (name, iso) = country.split_once('=').unwrap_or((country, ""));
            let country_id = self.lookup(Table::Countries, None, name, json!({"iso": iso}));
            for region in regions {
                let (name, iso) = region.split_once('=').unwrap_or((region, ""));
                let extra = json!({"iso": iso, "country-id": country_id});
                self.lookup(Table::Regions, None, name, extra);
            }
        }
        for user in &lists.users {
            let name = user.name.join(" ");
            let mut rng = rng(&["user", &name]);
            let mail: String = name
                .to_lowercase()
                .chars()
                .map(|c| if c == ' ' { '.' } else { c })
                .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
                .collect();
            let day = invent::date(invent::days(TODAY) - rng.i64(0..20));
            let seen = invent::moment(&mut rng, &day);
            let extra = json!({
                "first-name": user.name[0], "last-name": user.name[1], "email": format!("{mail}@northbeam.example"),
                "role-name": user.role, "avatar": null, "invitation-sent-at": "2019-01-07T09:00:00.000Z",
                "invitation-accepted-at": "2019-01-07T10:12:00.000Z", "current-sign-in-at": seen,
                "current-sign-in-ip": format!("203.0.113.{}", rng.u8(2..250)), "last-sign-in-at": seen,
                "last-sign-in-ip": "203.0.113.7", "reputation": rng.u32(10..4000), "my-glue": false,
                "my-glue-account-id": null, "salesforce-id": null,
            });
            self.lookup(Table::Users, user.id, &name, extra);
        }
        for (group, members) in &lists.groups {
            let users: Vec<Value> = members.iter().map(|name| self.find(Table::Users, name)).collect();
            self.lookup(Table::Groups, None, group, json!({"_users": users}));
        }
    }

    fn types(&mut self, source: &Source) {
        for kind in &source.assets.types {
            let id = match kind.id {
                Some(id) => id,
                None => self.id(Table::FlexibleAssetTypes, false, &[&kind.key]),
            };
            self.lookups.insert((Table::FlexibleAssetTypes, kind.key.clone()), id);
            self.put(
                Table::FlexibleAssetTypes,
                id,
                json!({
                    "name": kind.name, "description": kind.description, "icon": kind.icon, "enabled": kind.enabled,
                    "show-in-menu": true, "created-at": "2019-02-01T09:00:00.000Z",
                    "updated-at": "2025-06-11T10:00:00.000Z",
                }),
            );
        }
        for template in &source.checklists.templates {
            let id = self.id(Table::ChecklistTemplates, false, &[&template.key]);
            self.lookups.insert((Table::ChecklistTemplates, template.key.clone()), id);
            self.put(
                Table::ChecklistTemplates,
                id,
                json!({
                    "name": template.name, "description": template.description, "restricted": false,
                    "resource-url": format!("{WEB}/checklist_templates/{id}"),
                    "created-at": "2021-04-06T09:00:00.000Z", "updated-at": "2026-01-20T10:00:00.000Z",
                }),
            );
        }
        for kind in &source.assets.types {
            let type_id = self.find(Table::FlexibleAssetTypes, &kind.key);
            for (at, field) in kind.fields.iter().enumerate() {
                let tag = match field.tag.as_deref().map(|tag| tag.split_once(": ").ok_or(tag)) {
                    None => Value::Null,
                    Some(Err(class)) => json!(class),
                    Some(Ok((_, key))) => {
                        let other = self.find(Table::FlexibleAssetTypes, key);
                        json!(format!("FlexibleAssetType: {other}"))
                    }
                };
                let id = self.id(Table::FlexibleAssetFields, false, &[&kind.key, &field.key]);
                self.put(
                    Table::FlexibleAssetFields,
                    id,
                    json!({
                        "flexible-asset-type-id": type_id, "order": at + 1, "name": field.name,
                        "name-key": field.key, "kind": field.kind, "hint": field.hint, "tag-type": tag,
                        "required": field.required, "use-for-title": field.title, "expiration": field.expires,
                        "show-in-list": field.list, "decimals": field.decimals,
                        "default-value": field.options.as_ref().map(|options| options.replace(" | ", "\n")),
                        "created-at": "2019-02-01T09:00:00.000Z", "updated-at": "2025-06-11T10:00:00.000Z",
                    }),
                );
            }
        }
    }

    // ---- first pass: ids and names ----

    fn plan<'a>(&mut self, source: &'a Source, organization: &'a source::Organization) -> Plan<'a> {
        let mut plan = Plan {
            source: organization,
            names: HashMap::new(),
            devices: Vec::new(),
            passwords: Vec::new(),
            assets: Vec::new(),
        };
        let (org, long) = (organization.id, organization.long_ids);
        let short = organization.short.as_str();
        let entry = |table: Table, id: u64, name: &str, path: String| Entry {
            table,
            id,
            name: name.to_owned(),
            path,
            ip: String::new(),
            host: String::new(),
        };
        let itself = entry(Table::Organizations, org, &organization.name, format!("/{org}"));
        plan.names.insert("organization".into(), itself);
        for (at, location) in organization.locations.iter().enumerate() {
            let id = location.id.unwrap_or_else(|| self.id(Table::Locations, long, &[short, &location.name]));
            let entry = entry(Table::Locations, id, &location.name, format!("/{org}/locations/{id}"));
            if at == 0 {
                plan.names.insert("location:primary".into(), entry.clone());
            } else {
                plan.names.insert(format!("location:{}", at + 1), entry.clone());
            }
            plan.names.insert(format!("location:{}", location.name), entry);
        }
        for (at, contact) in organization.contacts.iter().enumerate() {
            let [first, last, _, kind, ..] = contact.as_slice() else {
                self.problem(format!("{short}: a contact needs four words"));
                continue;
            };
            let name = format!("{first} {last}");
            let id = self.id(Table::Contacts, long, &[short, &name]);
            let entry = entry(Table::Contacts, id, &name, format!("/{org}/contacts/{id}"));
            if at == 0 {
                plan.names.insert("contact:primary".into(), entry.clone());
            }
            plan.names.entry(format!("contact:{}", kind.to_lowercase())).or_insert_with(|| entry.clone());
            plan.names.entry(format!("contact:{last}")).or_insert_with(|| entry.clone());
            plan.names.insert(format!("contact:{name}"), entry);
        }
        // Where nobody is named as approver it is the first contact who approves.
        if let Some(first) = plan.names.get("contact:primary").cloned() {
            plan.names.entry("contact:approver".into()).or_insert(first);
        }
        for (at, [name, ..]) in organization.domains.iter().enumerate() {
            let id = self.id(Table::Domains, long, &[short, name]);
            let entry = entry(Table::Domains, id, name, format!("/{org}/domains/{id}"));
            let key = if at == 0 { "domain:primary".to_owned() } else { format!("domain:{}", at + 1) };
            plan.names.insert(key, entry.clone());
            plan.names.insert(format!("domain:{name}"), entry);
        }
        for (at, certificate) in
            source.relations.certificates.iter().filter(|c| c.organization == organization.short).enumerate()
        {
            let id = self.id(Table::SslCertificates, long, &[short, &certificate.name]);
            let path = format!("/{org}/ssl_certificates/{id}");
            let entry = entry(Table::SslCertificates, id, &certificate.name, path);
            if at == 0 {
                plan.names.insert("certificate:primary".into(), entry.clone());
            }
            plan.names.insert(format!("certificate:{}", certificate.name), entry);
        }
        self.plan_devices(source, &mut plan);
        for document in source.documents.iter().filter(|d| d.organizations.iter().any(|o| o == short || o == "*")) {
            let all = document.organizations.iter().any(|o| o == "*");
            let apart = short == "TEST" || matches!(organization.status.as_str(), "Inactive" | "Prospect");
            if all && apart {
                continue;
            }
            if let Some(folder) = &document.folder {
                self.plan_folder(&mut plan, Table::DocumentFolders, folder);
            }
            let fixed = document.ids.iter().find(|(of, _)| of == short).map(|(_, id)| *id);
            let id = fixed.unwrap_or_else(|| self.id(Table::Documents, long, &[short, document.slug]));
            let name = document.name.replace("{{org.short}}", short).replace("{{org.name}}", &organization.name);
            let entry = entry(Table::Documents, id, &name, format!("/{org}/docs/{id}"));
            plan.names.insert(format!("document:{}", document.slug), entry);
        }
        for list in source.checklists.checklists.iter().filter(|list| list.organization == short) {
            let id = self.id(Table::Checklists, long, &[short, &list.name]);
            let entry = entry(Table::Checklists, id, &list.name, format!("/{org}/checklists/{id}"));
            plan.names.entry(format!("checklist:{}", list.template)).or_insert_with(|| entry.clone());
            plan.names.insert(format!("checklist:{}", list.name), entry);
        }
        for ticket in source.relations.tickets.iter().filter(|ticket| ticket.organization == short) {
            let path = format!("/{org}/tickets/{}", ticket.number);
            let entry = entry(Table::Tickets, ticket.number, &ticket.name, path);
            plan.names.insert(format!("ticket:{}", ticket.number), entry);
        }
        for asset in &source.assets.assets {
            if !self.wanted(&plan, &asset.organizations, &asset.needs, &asset.key) {
                continue;
            }
            let id = asset.id.unwrap_or_else(|| self.id(Table::FlexibleAssets, long, &[short, &asset.key]));
            let mut entry = entry(Table::FlexibleAssets, id, "", format!("/{org}/assets/records/{id}"));
            entry.name = self.asset_title(source, &plan, asset);
            plan.names.insert(format!("asset:{}", asset.key), entry.clone());
            plan.assets.push((asset, entry.clone()));
            plan.names.entry(format!("asset:{}", asset.kind)).or_insert(entry);
        }
        self.plan_passwords(source, &mut plan);
        plan
    }

    /// Whether a record for these organizations is made here, and if it has to be, that what it needs exists.
    fn wanted(&mut self, plan: &Plan<'_>, organizations: &[String], needs: &[String], what: &str) -> bool {
        let short = plan.source.short.as_str();
        let named = organizations.iter().any(|o| o == short);
        let all = organizations.iter().any(|o| o == "*")
            && !matches!(plan.source.status.as_str(), "Prospect")
            && short != "TEST"
            && !organizations.iter().any(|o| o.strip_prefix('!') == Some(short));
        let missing = needs.iter().find(|need| !plan.names.contains_key(*need));
        match missing {
            Some(missing) if named => {
                self.problem(format!("{short}: {what} needs {missing}"));
                false
            }
            Some(_) => false,
            None => named || all,
        }
    }

    fn plan_folder(&mut self, plan: &mut Plan<'_>, table: Table, path: &str) {
        let kind = if table == Table::DocumentFolders { "folder" } else { "password-folder" };
        let short = plan.source.short.clone();
        let mut so_far = String::new();
        for name in path.split(" / ") {
            if !so_far.is_empty() {
                so_far.push_str(" / ");
            }
            so_far.push_str(name);
            let key = format!("{kind}:{so_far}");
            if plan.names.contains_key(&key) {
                continue;
            }
            let id = if kind == "folder" && short == "HPD" && so_far == "Servers" {
                660_012
            } else {
                self.id(table, plan.source.long_ids, &[&short, &so_far])
            };
            let web = match table {
                Table::DocumentFolders => format!("/{}/documents/folder/{id}/", plan.source.id),
                _ => format!("/{}/passwords/folder/{id}/", plan.source.id),
            };
            let entry = Entry { table, id, name: name.to_owned(), path: web, ip: String::new(), host: String::new() };
            plan.names.insert(key, entry);
        }
    }

    fn plan_devices<'a>(&mut self, source: &'a Source, plan: &mut Plan<'a>) {
        let organization = plan.source;
        let prefix = organization.prefix.as_deref().unwrap_or(&organization.short);
        let mut wanted: Vec<(&'a source::Role, Option<&'a source::Device>, usize)> = Vec::new();
        for device in &organization.devices {
            match source.catalogue.roles.iter().find(|role| role.role == device.like) {
                Some(role) => wanted.push((role, Some(device), 0)),
                None => self.problem(format!("{}: no role {}", organization.short, device.like)),
            }
        }
        for (name, &count) in &organization.equipment {
            match source.catalogue.roles.iter().find(|role| &role.role == name) {
                Some(role) => wanted.extend((1..=count).map(|number| (role, None, number))),
                None => self.problem(format!("{}: no role {name}", organization.short)),
            }
        }
        for (role, own, number) in wanted {
            let name =
                own.and_then(|own| own.name.clone()).unwrap_or_else(|| format!("{prefix}-{}{number:02}", role.label));
            let id = own.and_then(|own| own.id).unwrap_or_else(|| {
                self.id(Table::Configurations, organization.long_ids, &[&organization.short, &name])
            });
            let offset = number.saturating_sub(1) as u32;
            let ip = match own.and_then(|own| own.ip.clone()) {
                Some(ip) => ip,
                None if role.host > 0 => format!("{}.{}.{}", organization.lan, role.net, (role.host + offset).min(254)),
                // Leased addresses, as the RMM last saw them; some were never seen.
                None if !hash(&[&name, "seen"]).is_multiple_of(5) => {
                    format!("{}.{}.{}", organization.lan, role.net, 100 + hash(&[&name, "lease"]) % 120)
                }
                None => String::new(),
            };
            let path = format!("/{}/configurations/{id}", organization.id);
            let host =
                name.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
            let entry = Entry { table: Table::Configurations, id, name: name.clone(), path, ip, host };
            let key = match own {
                Some(own) => own.role.clone(),
                None if number == 1 => role.role.clone(),
                None => format!("{}{number}", role.role),
            };
            plan.names.insert(format!("configuration:{name}"), entry.clone());
            plan.names.entry(format!("configuration:{key}")).or_insert_with(|| entry.clone());
            plan.devices.push(PlannedDevice { entry, role, own, number });
        }
    }

    fn plan_passwords<'a>(&mut self, source: &'a Source, plan: &mut Plan<'a>) {
        let organization = plan.source;
        for password in &source.passwords.passwords {
            let mut needs = password.needs.clone();
            needs.extend(password.parent.clone());
            if !self.wanted(plan, &password.organizations, &needs, &password.key) {
                continue;
            }
            if let Some(folder) = &password.folder {
                self.plan_folder(plan, Table::PasswordFolders, folder);
            }
            let mut parents: Vec<Option<Entry>> =
                vec![password.parent.as_ref().and_then(|parent| plan.names.get(parent)).cloned()];
            if password.each
                && let Some(role) = password.parent.as_ref().and_then(|p| p.strip_prefix("configuration:"))
            {
                parents = plan
                    .devices
                    .iter()
                    .filter(|device| device.role.role == role)
                    .map(|device| Some(device.entry.clone()))
                    .collect();
            }
            for (at, parent) in parents.into_iter().enumerate() {
                let words = [organization.short.as_str(), &password.key, &at.to_string()];
                let id = match password.id {
                    Some(id) if at == 0 => id,
                    _ => self.id(Table::Passwords, organization.long_ids, &words),
                };
                let name = password
                    .name
                    .replace("{{org.short}}", &organization.short)
                    .replace("{{org.prefix}}", organization.prefix.as_deref().unwrap_or(&organization.short))
                    .replace("{{parent}}", parent.as_ref().map_or("", |parent| &parent.name));
                let path = format!("/{}/passwords/{id}", organization.id);
                let entry = Entry { table: Table::Passwords, id, name, path, ip: String::new(), host: String::new() };
                plan.names.entry(format!("password:{}", password.key)).or_insert_with(|| entry.clone());
                plan.passwords.push(PlannedPassword { entry, source: password, parent });
            }
        }
    }

    // ---- placeholders ----

    /// Resolves `{{…}}`. The document's id is needed for images.
    fn expand(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>, text: &str, kind: Target, document: u64) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((inside, behind)) = after.split_once("}}") else {
                out.push_str("{{");
                rest = after;
                continue;
            };
            let value = self.placeholder(plans, plan, inside, kind, document);
            out.push_str(&value);
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn placeholder(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        inside: &str,
        kind: Target,
        document: u64,
    ) -> String {
        let organization = plan.source;
        let plain = |text: &str| if kind == Target::Html { escaped(text) } else { text.to_owned() };
        let mut words = inside.splitn(2, ' ');
        let (first, others) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match first {
            "org.name" => return plain(&organization.name),
            "org.short" => return plain(&organization.short),
            "org.prefix" => return plain(organization.prefix.as_deref().unwrap_or(&organization.short)),
            "org.lan" => return organization.lan.clone(),
            "org.mail" => return organization.mail.clone(),
            "org.id" => return organization.id.to_string(),
            "org.public" => return format!("203.0.113.{}", hash(&[&organization.short, "public"]) % 250 + 2),
            "pick" => {
                let choices: Vec<&str> = others.split(';').map(str::trim).collect();
                let at = hash(&[&organization.short, others]) as usize % choices.len().max(1);
                return plain(choices.get(at).copied().unwrap_or_default());
            }
            "number" => {
                let mut numbers = others.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
                let (low, high) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(100));
                let step = numbers.next().unwrap_or(1).max(1);
                let steps = (high.saturating_sub(low)) / step + 1;
                return (low + hash(&[&organization.short, others, "n"]) % steps * step).to_string();
            }
            "image" => return self.image(organization, others, document),
            _ => {}
        }
        let (target, form) = inside.split_once('|').unwrap_or((inside, "link"));
        let (target, fallback) = match target.split_once('?') {
            Some((target, fallback)) => (target, Some(fallback)),
            None => (target, None),
        };
        let found = match target.split_once('/') {
            Some((other, selector)) if plans.iter().any(|p| p.source.short == other) => {
                plans.iter().find(|p| p.source.short == other).and_then(|p| p.names.get(selector))
            }
            _ => plan.names.get(target),
        };
        let Some(entry) = found.cloned() else {
            return match fallback {
                Some(words) => plain(words),
                None => {
                    self.problem(format!("{}: nothing is called {target}", organization.short));
                    String::new()
                }
            };
        };
        match form {
            "name" => plain(&entry.name),
            "ip" => entry.ip,
            "host" => entry.host,
            "id" => entry.id.to_string(),
            "path" => entry.path,
            "url" => format!("{WEB}{}", entry.path),
            "absolute" => format!("<a href=\"{WEB}{}\">{}</a>", entry.path, escaped(&entry.name)),
            "link" if kind == Target::Plain => entry.name,
            "link" => format!("<a href=\"{}\">{}</a>", entry.path, escaped(&entry.name)),
            other => {
                self.problem(format!("{}: {inside}: unknown form {other}", organization.short));
                String::new()
            }
        }
    }

    /// `name size`: makes the row of the image and gives the element.
    fn image(&mut self, organization: &source::Organization, words: &str, document: u64) -> String {
        let id = self.image_row(organization, words, document, "document", document);
        let caption = words.rsplit_once('.').map_or(words, |(name, _)| name);
        format!("<img src=\"/{}/docs/{document}/images/{id}\" alt=\"{}\">", organization.id, escaped(caption))
    }

    fn image_row(
        &mut self,
        organization: &source::Organization,
        words: &str,
        document: u64,
        target: &str,
        target_id: u64,
    ) -> u64 {
        let (name, size) = words.rsplit_once(' ').unwrap_or((words, "0"));
        let size: u64 = size.parse().unwrap_or_default();
        let id = if document == 7_301_455 && name == "rack.jpg" {
            99_120
        } else {
            self.id(Table::DocumentImages, organization.long_ids, &[&document.to_string(), name])
        };
        let gallery = if target == "gallery" { json!(target_id) } else { Value::Null };
        self.put(
            Table::DocumentImages,
            id,
            json!({
                "name": name, "size": size, "document-id": document, "document-gallery-id": gallery,
                "target": {"type": target, "id": target_id}, "original-src": null, "slim-src": null,
                "thumbnail-src": null,
                "inline-resource-url": format!("/{}/docs/{document}/images/{id}", organization.id),
                "created-at": "2024-02-11T09:00:00.000Z", "updated-at": "2024-02-11T09:00:00.000Z",
            }),
        );
        id
    }

    /// A text of the assets as the HTML that IT Glue keeps.
    fn html(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>, text: &str, markdown: bool, document: u64) -> String {
        if !markdown {
            return self.expand(plans, plan, text, Target::Html, document);
        }
        let text = self.expand(plans, plan, text, Target::Markdown, document);
        let options = pulldown_cmark::Options::ENABLE_TABLES
            | pulldown_cmark::Options::ENABLE_TASKLISTS
            | pulldown_cmark::Options::ENABLE_STRIKETHROUGH
            | pulldown_cmark::Options::ENABLE_DEFINITION_LIST;
        let mut out = String::with_capacity(text.len() * 3 / 2);
        pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new_ext(&text, options));
        out
    }

    // ---- second pass: rows ----

    /// What most rows of an organization have in common, with the times of their making and last change.
    fn common(organization: &source::Organization, entry: &Entry, created: &str, updated: &str) -> Attributes {
        object(json!({
            "organization-id": organization.id, "organization-name": organization.name, "name": entry.name,
            "resource-url": format!("{WEB}{}", entry.path), "restricted": false, "my-glue": false,
            "psa-integration": null, "archived": false, "created-at": created, "updated-at": updated,
        }))
    }

    fn row(&mut self, mut common: Attributes, table: Table, id: u64, own: Value) {
        common.extend(object(own));
        self.put(table, id, Value::Object(common));
    }

    fn organization(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let source = plan.source;
        let kind = self.find(Table::OrganizationTypes, &source.kind);
        let status = self.find(Table::OrganizationStatuses, &source.status);
        let parent = source.parent.as_ref().and_then(|short| plans.iter().find(|p| &p.source.short == short));
        if source.parent.is_some() && parent.is_none() {
            self.problem(format!("{}: no parent {:?}", source.short, source.parent));
        }
        let notes = if source.quick_notes_vaulted { "" } else { source.quick_notes.as_str() };
        let updated = source.updated.clone().unwrap_or_else(|| {
            let mut rng = rng(&[&source.short, "updated"]);
            let day = invent::date(invent::days(TODAY) - rng.i64(3..200));
            invent::moment(&mut rng, &day)
        });
        self.put(
            Table::Organizations,
            source.id,
            json!({
                "name": source.name, "short-name": source.short, "description": source.description,
                "alert": if source.alert.is_empty() { Value::Null } else { json!(source.alert) },
                "organization-type-id": kind, "organization-type-name": source.kind,
                "organization-status-id": status, "organization-status-name": source.status,
                "primary": source.primary, "logo": null, "quick-notes": notes,
                "quick-notes-updated-at": if source.quick_notes_vaulted { json!("2026-02-02T11:00:00.000Z") } else { json!(updated) },
                "psa-integration": "disabled", "my-glue-account-id": null,
                "parent-id": parent.map(|p| p.source.id), "created-at": source.created, "updated-at": updated,
            }),
        );
    }

    fn expiration(&mut self, plan: &Plan<'_>, of: &Entry, label: &str, attribute: &str, date: &str) {
        let source = plan.source;
        let words = [source.short.as_str(), &of.name, attribute, &of.id.to_string()];
        let id = self.id(Table::Expirations, source.long_ids, &words);
        self.put(
            Table::Expirations,
            id,
            json!({
                "organization-id": source.id, "organization-name": source.name, "resource-id": of.id,
                "resource-name": of.name, "resource-type-name": label, "resource-attribute-name": attribute,
                "description": null, "expiration-date": date, "resource-url": format!("{WEB}{}", of.path),
                "created-at": "2024-01-08T03:00:00.000Z", "updated-at": "2026-11-01T03:00:00.000Z",
            }),
        );
    }

    /// Locations, contacts, domains, certificates and folders.
    fn places(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let source = plan.source;
        let regions: HashMap<u64, (u64, String)> = self
            .world
            .ids(Table::Regions)
            .into_iter()
            .filter_map(|id| {
                let country = self.world.attribute(Table::Regions, id, "country-id")?.as_u64()?;
                Some((id, (country, self.world.name(Table::Countries, country))))
            })
            .collect();
        for (at, location) in source.locations.iter().enumerate() {
            let Some(entry) = plan.names.get(&format!("location:{}", location.name)).cloned() else { continue };
            let region = self.find(Table::Regions, &location.region);
            let country = region.as_u64().and_then(|id| regions.get(&id));
            let common = Self::common(source, &entry, &source.created, "2025-09-30T09:15:00.000Z");
            let notes = location.notes.clone().map(|notes| self.expand(plans, plan, &notes, Target::Html, 0));
            self.row(
                common,
                Table::Locations,
                entry.id,
                json!({
                    "primary": at == 0, "address-1": location.address.first(), "address-2": location.address.get(1),
                    "city": location.city, "postal-code": location.postal, "region-id": region,
                    "region-name": location.region, "country-id": country.map(|c| c.0),
                    "country-name": country.map(|c| &c.1), "phone": location.phone, "fax": null,
                    "formatted-phone": location.phone, "formatted-fax": null, "notes": notes,
                }),
            );
        }
        let first_place = plan.names.get("location:primary").cloned();
        for contact in &source.contacts {
            let [first, last, title, kind, flags @ ..] = contact.as_slice() else { continue };
            let Some(entry) = plan.names.get(&format!("contact:{first} {last}")).cloned() else { continue };
            let mut rng = rng(&[&source.short, first, last]);
            let kind_id = self.find(Table::ContactTypes, kind);
            let mail: String = format!("{first}.{last}")
                .to_lowercase()
                .chars()
                .map(|c| match c {
                    'á' | 'å' | 'ä' | 'â' => 'a',
                    'é' | 'è' | 'ë' | 'ê' => 'e',
                    'í' | 'ï' | 'ı' => 'i',
                    'ó' | 'ö' | 'ø' => 'o',
                    'ü' | 'ú' => 'u',
                    c => c,
                })
                .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
                .collect();
            let mail = if mail.len() < 4 { format!("user{}", rng.u32(10..99)) } else { mail };
            let mail = mail.trim_matches('.');
            let mut emails =
                vec![json!({"value": format!("{mail}@{}", source.mail), "label-name": "Work", "primary": true})];
            if rng.u8(..5) == 0 {
                let private = format!("{mail}@mail.example");
                emails.push(json!({"value": private, "label-name": "Home", "primary": false}));
            }
            let number = |rng: &mut fastrand::Rng| format!("+1 207 555 01{:02}", rng.u8(..100));
            let extension = if rng.bool() { json!(rng.u32(100..400).to_string()) } else { Value::Null };
            let mut phones =
                vec![json!({"value": number(&mut rng), "extension": extension, "label-name": "Work", "primary": true})];
            if rng.bool() {
                phones.push(
                    json!({"value": number(&mut rng), "extension": null, "label-name": "Mobile", "primary": false}),
                );
            }
            let notes = match (kind.as_str(), rng.u8(..3)) {
                ("Vendor", _) => json!("<p>Give the serial number first, they do not find us by name.</p>"),
                ("Decision maker", 0) => json!("<p>Approves <b>anything above 500</b>. Prefers a call.</p>"),
                ("End user", 0) => json!("Works mornings only."),
                ("Approver", 0) => {
                    json!("<p>May approve new accounts and password resets. Call back on the number above.</p>")
                }
                _ => Value::Null,
            };
            let place = first_place.clone();
            let common = Self::common(source, &entry, &source.created, "2026-03-11T14:02:00.000Z");
            self.row(
                common,
                Table::Contacts,
                entry.id,
                json!({
                    "first-name": first, "last-name": last, "title": title, "contact-type-id": kind_id,
                    "contact-type-name": kind, "location-id": place.as_ref().map(|p| p.id),
                    "location-name": place.map(|p| p.name), "important": flags.iter().any(|f| f == "important"),
                    "notes": notes, "contact-emails": emails, "contact-phones": phones,
                }),
            );
        }
        for [name, registrar, expires] in &source.domains {
            let Some(entry) = plan.names.get(&format!("domain:{name}")).cloned() else { continue };
            let common = Self::common(source, &entry, &source.created, "2026-10-01T04:00:00.000Z");
            let notes = (registrar == "unknown").then_some("<p>Registrar to be found out, see the hand-over list.</p>");
            self.row(
                common,
                Table::Domains,
                entry.id,
                json!({"registrar-name": registrar, "expires-on": expires, "notes": notes, "screenshot": null}),
            );
            self.expiration(plan, &entry, "Domain", "expires-on", expires);
        }
        let mut folders: Vec<(&String, &Entry)> = plan
            .names
            .iter()
            .filter(|(_, entry)| matches!(entry.table, Table::DocumentFolders | Table::PasswordFolders))
            .collect();
        folders.sort_by_key(|(key, _)| *key);
        for (key, entry) in folders {
            let ancestors: Vec<u64> = key
                .match_indices(" / ")
                .filter_map(|(at, _)| plan.names.get(key.get(..at)?))
                .map(|above| above.id)
                .collect();
            let common = Self::common(source, entry, &source.created, "2025-05-05T08:00:00.000Z");
            let restricted = entry.name.contains("Restricted") || entry.name.contains("Security");
            self.row(
                common,
                entry.table,
                entry.id,
                json!({"parent-id": ancestors.last(), "ancestor-ids": ancestors, "restricted": restricted}),
            );
        }
    }

    fn device(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>, device: &PlannedDevice<'_>) {
        let organization = plan.source;
        let PlannedDevice { entry, role, number, .. } = device;
        let none = source::Device::default();
        let own = device.own.unwrap_or(&none);
        let mut rng = rng(&[&organization.short, &entry.name]);
        // One model per organization and role, as bought together; the system goes with the model where both lists
        // have the same length.
        let chosen = hash(&[&organization.short, &role.role, "model"]) as usize;
        let at = chosen % role.models.len().max(1);
        let model = own.model.clone().or_else(|| role.models.get(at).cloned()).unwrap_or_default();
        let (maker, model) = model.split_once('/').unwrap_or(("", ""));
        let os_at = if role.os.len() == role.models.len() { at } else { chosen % role.os.len().max(1) };
        let os = own.os.clone().or_else(|| role.os.get(os_at).cloned()).unwrap_or_default();
        let status = match own.status.as_deref() {
            Some(status) => status,
            None if own.id.is_some() || *number <= 1 => "Active",
            None => match rng.u8(..100) {
                0..5 => "Spare",
                5..8 => "In repair",
                8..14 => "Retired",
                14..15 => "Lost or stolen",
                _ => "Active",
            },
        };
        let purchased = own.purchased.clone().unwrap_or_else(|| invent::date(rng.i64(1500..4200)));
        let installed =
            own.installed.clone().unwrap_or_else(|| invent::date(invent::days(&purchased) + rng.i64(3..40)));
        let virtual_machine = role.kind == "Virtual machine" || role.kind == "Phone system";
        let years = [3, 5, 5][rng.usize(..3)];
        let warranty = own.warranty.clone().or_else(|| {
            let wanted = !virtual_machine && !matches!(role.kind.as_str(), "Phone" | "Camera" | "Modem");
            wanted.then(|| invent::date(invent::days(&purchased) + 365 * years))
        });
        let types: (Value, Value, Value, Value, Value) = (
            self.find(Table::ConfigurationTypes, &role.kind),
            self.find(Table::ConfigurationStatuses, status),
            self.find(Table::Manufacturers, maker),
            self.find(Table::Models, model),
            self.find(Table::OperatingSystems, &os),
        );
        let kind = source.lookups.configuration_types.iter().find(|t| t.name == role.kind).and_then(|t| t.kind.clone());
        let place = match &own.location {
            Some(name) => {
                let found = plan.names.get(&format!("location:{name}")).cloned();
                if found.is_none() {
                    self.problem(format!("{}: no location {name}", organization.short));
                }
                found
            }
            None if role.net == 2 || *number == 1 => plan.names.get("location:primary").cloned(),
            None => organization
                .locations
                .get(number % organization.locations.len().max(1))
                .and_then(|location| plan.names.get(&format!("location:{}", location.name)))
                .cloned(),
        };
        let contact = match &own.contact {
            Some(last) => plan.names.get(&format!("contact:{last}")).cloned(),
            None if matches!(role.kind.as_str(), "Workstation" | "Laptop" | "Phone") && rng.bool() => {
                let contact = pick(&mut rng, &organization.contacts);
                contact.and_then(|c| plan.names.get(&format!("contact:{}", c.get(1)?))).cloned()
            }
            None => None,
        };
        let mac = own.mac.clone().unwrap_or_else(|| invent::mac(&mut rng));
        let serial = match &own.serial {
            Some(serial) => json!(serial),
            None if virtual_machine => Value::Null,
            None => json!(invent::serial(&mut rng, maker)),
        };
        let position = match &own.position {
            Some(position) => json!(position),
            None if virtual_machine => Value::Null,
            None => match role.kind.as_str() {
                "Server" | "Hypervisor" | "NAS" | "UPS" | "Switch" | "Firewall" => {
                    json!(format!("Rack A, U{}", rng.u8(2..42)))
                }
                "Workstation" | "Printer" | "Phone" => json!(format!("Room {}", rng.u16(1..32))),
                _ => Value::Null,
            },
        };
        let notes = own.notes.clone().or_else(|| pick(&mut rng, &role.notes).cloned()).unwrap_or_default();
        let notes = self.expand(plans, plan, &notes, Target::Html, 0);
        let gateway = (!entry.ip.is_empty()).then(|| {
            let network = entry.ip.rsplit_once('.').map_or("", |(network, _)| network);
            format!("{network}.1")
        });
        let archived = own.archived || (status == "Retired" && device.own.is_none());
        let created = own.created.clone().unwrap_or_else(|| invent::moment(&mut rng, &installed));
        let updated = own.updated.clone().unwrap_or_else(|| {
            let day = invent::date(invent::days(TODAY) - rng.i64(1..700));
            invent::moment(&mut rng, &day)
        });
        let null_if_empty = |text: String| if text.is_empty() { Value::Null } else { json!(text) };
        let common = Self::common(organization, entry, &created, &updated);
        let by = pick(&mut rng, &source.lookups.users)
            .map(|u| format!("{}. {}", u.name[0].chars().next().unwrap_or('R'), u.name[1]));
        let end_of_life = (os == "Windows Server 2019")
            .then_some("2029-01-09")
            .or((os == "Windows Server 2012 R2").then_some("2023-10-10"));
        self.row(
            common,
            Table::Configurations,
            entry.id,
            json!({
                "organization-short-name": organization.short, "restricted": own.restricted,
                "hostname": null_if_empty(entry.host.clone()), "primary-ip": null_if_empty(entry.ip.clone()),
                "mac-address": mac, "default-gateway": gateway, "serial-number": serial,
                "asset-tag": own.tag.clone().map_or_else(|| if rng.bool() { json!(format!("{}-{:04}", organization.prefix.as_deref().unwrap_or(&organization.short), rng.u16(1..2000))) } else { Value::Null }, |tag| json!(tag)),
                "position": position, "installed-by": own.installed_by.clone().or(by),
                "purchased-by": null, "notes": notes, "operating-system-notes": own.os_notes,
                "warranty-expires-at": warranty, "installed-at": installed, "purchased-at": purchased,
                "mitp-device-expiration-date": null, "mitp-end-of-life-date": end_of_life,
                "configuration-type-id": types.0, "configuration-type-name": role.kind,
                "configuration-type-kind": kind, "configuration-status-id": types.1,
                "configuration-status-name": status, "manufacturer-id": types.2, "manufacturer-name": maker,
                "model-id": types.3, "model-name": model, "operating-system-id": types.4,
                "operating-system-name": os, "location-id": place.as_ref().map(|p| p.id),
                "location-name": place.as_ref().map(|p| p.name.clone()),
                "contact-id": contact.as_ref().map(|c| c.id), "contact-name": contact.map(|c| c.name),
                "archived": archived,
            }),
        );
        if let Some(warranty) = warranty.filter(|_| !archived) {
            self.expiration(plan, entry, "Configuration", "warranty-expires-at", &warranty);
        }
        for (at, port) in role.ports.iter().enumerate() {
            let (name, address) = port.rsplit_once(' ').unwrap_or((port, "-"));
            let primary = if role.kind == "Firewall" { name == "internal" } else { at == 0 };
            let ip = match address {
                "-" => primary.then(|| entry.ip.clone()).filter(|ip| !ip.is_empty()),
                "public" => Some(format!("203.0.113.{}", hash(&[&organization.short, "public"]) % 250 + 2)),
                _ if primary => Some(entry.ip.clone()),
                address => {
                    let last = entry.ip.rsplit_once('.').map_or("1", |(_, last)| last);
                    Some(format!("{}.{}", organization.lan, address.replace('+', last)))
                }
            };
            let mac = if primary { mac.clone() } else { invent::mac(&mut rng) };
            let id = match own.interface_id {
                Some(id) if at == 0 => id,
                _ => self.id(Table::ConfigurationInterfaces, organization.long_ids, &[&entry.name, name]),
            };
            self.put(
                Table::ConfigurationInterfaces,
                id,
                json!({
                    "configuration-id": entry.id, "name": name, "ip-address": ip, "mac-address": mac,
                    "primary": primary, "notes": null, "created-at": created, "updated-at": created,
                }),
            );
        }
    }

    fn documents(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for document in &source.documents {
            let Some(entry) = plan.names.get(&format!("document:{}", document.slug)).cloned() else { continue };
            let id = entry.id;
            let mut rng = rng(&[&organization.short, document.slug, "times"]);
            let author = self.find(Table::Users, &document.author);
            let sample = document.ids.iter().any(|(short, _)| short == &organization.short);
            let (created, updated) = if sample && id == 7_301_455 {
                ("2024-02-11T09:00:00.000Z".to_owned(), "2026-05-20T15:41:12.000Z".to_owned())
            } else {
                // Copies in several organizations were made and touched on different days.
                let shift = if document.organizations.len() > 1 { rng.i64(0..90) } else { 0 };
                let created = invent::date(invent::days(&document.created) + shift);
                let day = (invent::days(&document.updated) + shift).min(invent::days(TODAY));
                (invent::moment(&mut rng, &created), invent::moment(&mut rng, &invent::date(day)))
            };
            let folder = document.folder.as_ref().and_then(|path| plan.names.get(&format!("folder:{path}")));
            let draft = document.state == State::Draft;
            let common = Self::common(organization, &entry, &created, &updated);
            let mut own = json!({
                "public": document.public, "document-folder-id": folder.map(|f| f.id),
                "is-uploaded": document.form == Form::File, "user-id": author,
                "published-at": if draft { Value::Null } else { json!(updated) },
                "published-by": if draft { Value::Null } else { author.clone() },
                "archived": document.state == State::Archived, "restricted": document.restricted,
            });
            let body = super::diary::expand(document.body, &source.diary);
            if document.form == Form::Legacy
                && let Some(attributes) = own.as_object_mut()
            {
                let html = self.html(plans, plan, &body, document.markdown, id);
                attributes.insert("content".into(), json!(html));
            }
            self.row(common, Table::Documents, id, own);
            if document.form == Form::Blocks {
                self.sections(plans, plan, document.markdown, &body, id, &created, &updated);
            }
            for file in &document.attach {
                self.attachment(organization, &entry, file);
            }
            if document.restricted {
                self.access(&entry);
            }
            for (selector, notes) in &document.related {
                match plan.names.get(selector) {
                    Some(other) => {
                        self.world.relate((entry.table, entry.id), (other.table, other.id), notes);
                    }
                    None => self.problem(format!("{}: {}: no {selector}", organization.short, document.slug)),
                }
            }
            for version in 0..rng.u64(0..3) {
                let version_id =
                    self.id(Table::Versions, organization.long_ids, &[&id.to_string(), &version.to_string()]);
                self.put(
                    Table::Versions,
                    version_id,
                    json!({
                        "name": format!("Version {}", version + 1), "user-id": author, "created-at": created,
                        "updated-at": created, "_parent": {"table": "documents", "id": id},
                    }),
                );
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one caller; a struct would only name the same seven things again")]
    fn sections(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        markdown: bool,
        body: &str,
        document: u64,
        created: &str,
        updated: &str,
    ) {
        let organization = plan.source;
        for (at, block) in source::blocks(body).iter().enumerate() {
            let words = [document.to_string(), at.to_string()];
            let id = if document == 7_301_455 {
                at as u64 + 1
            } else {
                self.id(Table::DocumentSections, organization.long_ids, &[&words[0], &words[1]])
            };
            let mut section = object(json!({
                "document-id": document, "resource-id": 300_000 + id % 100_000, "content": null,
                "rendered-content": null, "level": null, "duration": null, "reset-count": null, "sort": at + 1,
                "document-gallery-id": null, "document-images": [], "created-at": created, "updated-at": updated,
            }));
            let mut set = |key: &str, value: Value| section.insert(key.to_owned(), value);
            match block {
                Block::Heading(level, text) => {
                    let text = self.expand(plans, plan, text, Target::Plain, document);
                    set("resource-type", json!("Document::Heading"));
                    set("level", json!(level));
                    set("content", json!(text));
                    set("rendered-content", json!(text));
                }
                Block::Text(text) => {
                    let html = self.html(plans, plan, text, markdown, document);
                    set("resource-type", json!("Document::Text"));
                    set("rendered-content", json!(html));
                    set("content", json!(html));
                }
                Block::Step { minutes, first, text } => {
                    let gallery = 70_000 + id % 9_000;
                    // A step has a gallery of its own: its lines that begin with `%image`.
                    let (images, text): (Vec<&str>, Vec<&str>) =
                        text.lines().partition(|line| line.starts_with("%image "));
                    let images: Vec<&str> = images.iter().filter_map(|line| line.strip_prefix("%image ")).collect();
                    let shown = self.gallery(organization, &images, document, gallery);
                    let html = self.html(plans, plan, &text.join("\n"), markdown, document);
                    set("resource-type", json!("Document::Step"));
                    set("duration", json!(minutes));
                    set("reset-count", json!(u8::from(*first)));
                    set("document-gallery-id", json!(gallery));
                    set("document-images", shown);
                    set("rendered-content", json!(html));
                    set("content", json!(html));
                }
                Block::Gallery(images) => {
                    let gallery = 70_000 + id % 9_000;
                    let shown = self.gallery(organization, images, document, gallery);
                    set("resource-type", json!("Document::Gallery"));
                    set("document-gallery-id", json!(gallery));
                    set("document-images", shown);
                }
            }
            self.put(Table::DocumentSections, id, Value::Object(section));
        }
    }

    /// Makes the images of a gallery and says how a section shows them.
    fn gallery(&mut self, organization: &source::Organization, images: &[&str], document: u64, gallery: u64) -> Value {
        let mut shown = Vec::new();
        for words in images {
            let image = self.image_row(organization, words, document, "gallery", gallery);
            if let Some(row) = self.world.get(Table::DocumentImages, image) {
                let kind = Table::DocumentImages.type_name();
                shown.push(json!({"id": image.to_string(), "type": kind, "attributes": row.attributes}));
            }
        }
        json!(shown)
    }

    fn attachment(&mut self, organization: &source::Organization, of: &Entry, file: &str) {
        let mut words = file.rsplitn(2, ' ');
        let (size, name) = (words.next().unwrap_or("0"), words.next().unwrap_or(file));
        let ext = name.rsplit_once('.').map_or("", |(_, ext)| ext);
        let kind = match ext {
            "pdf" => "application/pdf",
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "png" => "image/png",
            "jpg" => "image/jpeg",
            "txt" | "conf" | "log" => "text/plain",
            "zip" => "application/zip",
            "vsdx" => "application/vnd.ms-visio.drawing",
            _ => "application/octet-stream",
        };
        let id = if of.id == 7_301_455 && name == "wiring.pdf" {
            415
        } else {
            self.id(Table::Attachments, organization.long_ids, &[&of.id.to_string(), of.table.type_name(), name])
        };
        let Ok(size) = size.parse::<u64>() else {
            self.problem(format!("{}: {file}: a file is `name size`", of.name));
            return;
        };
        self.put(
            Table::Attachments,
            id,
            json!({
                "name": name, "attachment-file-name": name, "attachment-content-type": kind,
                "attachment-file-size": size, "ext": ext, "viewable": matches!(ext, "pdf" | "png" | "jpg" | "txt"),
                "download-url": format!("https://api.itglue.com/attachments/{id}/download"),
                "created-at": "2024-02-11T09:10:00.000Z", "updated-at": "2024-02-11T09:10:00.000Z",
                "_parent": {"table": of.table.type_name(), "id": of.id},
            }),
        );
    }

    /// Who may see a restricted record: the keepers of the keys, and one more group or person.
    fn access(&mut self, of: &Entry) {
        let mut rng = rng(&[&of.name, "access"]);
        let other = [
            (Table::Groups, "Projects"),
            (Table::Groups, "Network team"),
            (Table::Users, "Dev Patel"),
            (Table::Users, "Ingrid Halvorsen"),
        ][rng.usize(..4)];
        for (table, name) in [(Table::Groups, "Security and keys"), other] {
            let accessor = self.find(table, name);
            let id = self.id(Table::ResourceAccesses, false, &[&of.id.to_string(), of.table.type_name(), name]);
            self.put(
                Table::ResourceAccesses,
                id,
                json!({
                    "accessor-id": accessor, "accessor-type": table.label(), "name": name,
                    "meta": {"role-name": if table == Table::Users { json!("Editor") } else { Value::Null }},
                    "created-at": "2024-03-01T10:00:00.000Z", "updated-at": "2024-03-01T10:00:00.000Z",
                    "_parent": {"table": of.table.type_name(), "id": of.id},
                }),
            );
        }
    }

    /// The name of a flexible asset: the values of its title fields. Needs no row, only names.
    fn asset_title(&mut self, source: &Source, plan: &Plan<'_>, asset: &source::FlexibleAsset) -> String {
        let Some(kind) = source.assets.types.iter().find(|t| t.key == asset.kind) else {
            self.problem(format!("{}: no type {}", asset.key, asset.kind));
            return String::new();
        };
        let mut title = String::new();
        for field in kind.fields.iter().filter(|field| field.title) {
            let text = match asset.traits.get(&field.key) {
                Some(toml::Value::String(text)) => self.expand(&[], plan, text, Target::Plain, 0),
                Some(toml::Value::Array(tags)) => tags
                    .first()
                    .and_then(toml::Value::as_str)
                    .and_then(|selector| plan.names.get(selector))
                    .map(|entry| entry.name.clone())
                    .unwrap_or_default(),
                _ => continue,
            };
            if !title.is_empty() {
                title.push(' ');
            }
            title.push_str(&text);
        }
        title
    }

    fn assets(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for (asset, entry) in &plan.assets {
            let Some(kind) = source.assets.types.iter().find(|t| t.key == asset.kind) else { continue };
            let mut rng = rng(&[&organization.short, &asset.key, "asset"]);
            let mut traits = Attributes::new();
            for (key, value) in &asset.traits {
                let Some(field) = kind.fields.iter().find(|field| &field.key == key) else {
                    self.problem(format!("{}: no field {key}", asset.key));
                    continue;
                };
                let value = self.trait_value(plans, plan, &field.kind, value, &asset.key);
                if field.expires
                    && let Some(date) = value.as_str()
                {
                    self.expiration(plan, entry, &kind.name, key, date);
                }
                if !value.is_null() {
                    traits.insert(key.clone(), value);
                }
            }
            let type_id = self.find(Table::FlexibleAssetTypes, &asset.kind);
            let created =
                if entry.id == 3_300_917 { "2023-01-10".to_owned() } else { invent::date(rng.i64(2500..3900)) };
            let created = invent::moment(&mut rng, &created);
            let day = invent::date(invent::days(TODAY) - rng.i64(2..500));
            let updated = invent::moment(&mut rng, &day);
            let common = Self::common(organization, entry, &created, &updated);
            self.row(
                common,
                Table::FlexibleAssets,
                entry.id,
                json!({
                    "flexible-asset-type-id": type_id, "flexible-asset-type-name": kind.name, "traits": traits,
                    "archived": asset.archived, "restricted": asset.restricted,
                }),
            );
            if asset.restricted {
                self.access(entry);
            }
        }
    }

    fn trait_value(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        kind: &str,
        value: &toml::Value,
        asset: &str,
    ) -> Value {
        let one = |this: &mut Self, text: &str| match plan.names.get(text) {
            Some(entry) => json!(entry.id),
            None if text.starts_with("user:") => this.find(Table::Users, text.trim_start_matches("user:")),
            None if text.starts_with("template:") => {
                this.find(Table::ChecklistTemplates, text.trim_start_matches("template:"))
            }
            None if text.starts_with('?') => match plan.names.get(text.trim_start_matches('?')) {
                Some(entry) => json!(entry.id),
                None => Value::Null,
            },
            None => {
                this.problem(format!("{}: {asset}: nothing is called {text}", plan.source.short));
                Value::Null
            }
        };
        match (kind, value) {
            ("Textbox", toml::Value::String(text)) => json!(self.expand(plans, plan, text, Target::Html, 0)),
            ("Number" | "Percent", toml::Value::String(text)) => {
                let text = self.expand(plans, plan, text, Target::Plain, 0);
                // A value written with `=` stays a string: the API sends numbers both ways.
                match text.strip_prefix('=') {
                    Some(kept) => json!(kept),
                    None => text
                        .parse::<u64>()
                        .map(|n| json!(n))
                        .or_else(|_| text.parse::<f64>().map(|n| json!(n)))
                        .unwrap_or(Value::Null),
                }
            }
            ("Number" | "Percent", toml::Value::Integer(number)) => json!(number),
            ("Number" | "Percent", toml::Value::Float(number)) => json!(number),
            ("Checkbox", toml::Value::Boolean(flag)) => json!(flag),
            ("Tag", toml::Value::Array(tags)) => {
                let ids: Vec<Value> = tags
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .map(|text| one(self, text))
                    .filter(|id| !id.is_null())
                    .collect();
                if ids.is_empty() { Value::Null } else { json!(ids) }
            }
            ("Password", toml::Value::String(text)) => one(self, text),
            ("Upload", toml::Value::Array(files)) => {
                let files: Vec<Value> = files
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .map(|name| {
                        let path = format!("{WEB}/{}/uploads/{}", plan.source.id, name.replace(' ', "%20"));
                        json!({"name": name, "url": path})
                    })
                    .collect();
                json!(files)
            }
            ("Text" | "Select" | "Date", toml::Value::String(text)) => {
                json!(self.expand(plans, plan, text, Target::Plain, 0))
            }
            (kind, value) => {
                self.problem(format!("{asset}: {value} does not fit a field of kind {kind}"));
                Value::Null
            }
        }
    }

    fn passwords(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let organization = plan.source;
        for PlannedPassword { entry, source, parent } in &plan.passwords {
            let mut rng = rng(&[&organization.short, &entry.name, &source.key]);
            // A placeholder may speak of the record the password is in.
            let text = |this: &mut Self, text: &Option<String>| {
                text.as_ref().map(|text| {
                    let text = match parent {
                        Some(parent) => text
                            .replace("{{parent}}", &parent.name)
                            .replace("{{parent|ip}}", &parent.ip)
                            .replace("{{parent|host}}", &parent.host),
                        None => text.clone(),
                    };
                    this.expand(plans, plan, &text, Target::Plain, 0)
                })
            };
            let (username, url, notes) =
                (text(self, &source.username), text(self, &source.url), text(self, &source.notes));
            let value = match &source.value {
                Some(value) => value.clone(),
                None => invent::password(&mut rng, source.style.as_deref().unwrap_or("words")),
            };
            let category = match &source.category {
                Some(name) => self.find(Table::PasswordCategories, name),
                None => Value::Null,
            };
            let folder = source.folder.as_ref().and_then(|path| plan.names.get(&format!("password-folder:{path}")));
            let (resource_id, resource_type, own_parent) = match parent {
                None => (Value::Null, Value::Null, Value::Null),
                Some(parent) if parent.table == Table::FlexibleAssets => (
                    json!(hash(&[&parent.id.to_string(), &source.key, "trait"]) % 1_000_000 + 20_000_000),
                    json!("flexible-asset-traits"),
                    json!({"table": "flexible-assets", "id": parent.id}),
                ),
                Some(parent) => (json!(parent.id), json!(parent.table.type_name()), Value::Null),
            };
            let label = parent.as_ref().map(|parent| match parent.table {
                Table::FlexibleAssets => "Flexible Asset",
                table => table.label(),
            });
            let created = invent::date(rng.i64(2600..3900));
            let day = source.changed.clone().unwrap_or_else(|| invent::date(rng.i64(3900..4330)));
            let changed = if entry.id == 6_600_421 {
                "2026-03-03T08:00:00.000Z".to_owned()
            } else {
                invent::moment(&mut rng, &day)
            };
            let created = invent::moment(&mut rng, &created);
            let by = self.find(Table::Users, if rng.bool() { "Ruth Osei" } else { "Dev Patel" });
            let common = Self::common(organization, entry, &created, &changed);
            let mut own = json!({
                "autofill-selectors": null, "username": username, "url": url, "notes": notes,
                "password-updated-at": changed, "updated-by": by, "updated-by-type": "User",
                "resource-id": resource_id, "resource-type": resource_type,
                "cached-resource-type-name": label, "cached-resource-name": parent.as_ref().map(|p| &p.name),
                "password-category-id": category, "password-category-name": source.category,
                "otp-enabled": source.otp, "password-folder-id": folder.map(|f| f.id),
                "parent-url": parent.as_ref().map(|parent| format!("{WEB}{}", parent.path)),
                "vault-id": if source.vaulted { json!(40_000 + entry.id % 9_000) } else { Value::Null },
                "restricted": source.restricted, "archived": source.archived, "personal": source.personal,
                "rotation-permitted": false, "is-live": false, "_value": value,
            });
            let versions: Vec<(u64, String)> = (0..source.versions)
                .map(|at| {
                    let words = [entry.id.to_string(), at.to_string()];
                    let id = self.id(Table::Versions, organization.long_ids, &[&words[0], &words[1], "password"]);
                    (id, invent::password(&mut rng, source.style.as_deref().unwrap_or("words")))
                })
                .collect();
            if let Some(attributes) = own.as_object_mut() {
                if !own_parent.is_null() {
                    attributes.insert("_parent".into(), own_parent);
                }
                if !versions.is_empty() {
                    let old: Vec<Value> =
                        versions.iter().map(|(id, value)| json!({"id": id, "value": value})).collect();
                    attributes.insert("_versions".into(), json!(old));
                }
            }
            self.row(common, Table::Passwords, entry.id, own);
            for (at, (id, _)) in versions.iter().enumerate() {
                self.put(
                    Table::Versions,
                    *id,
                    json!({
                        "name": format!("Version {}", at + 1), "user-id": by, "created-at": created,
                        "updated-at": created, "_parent": {"table": "passwords", "id": entry.id},
                    }),
                );
            }
            if source.restricted {
                self.access(entry);
            }
        }
    }

    // ---- what ties organizations together ----

    fn checklists(&mut self, source: &Source, plans: &[Plan<'_>]) {
        let split = |task: &str| match task.split_once(" | ") {
            Some((name, more)) => (name.to_owned(), Some(format!("<p>{}</p>", escaped(more)))),
            None => (task.to_owned(), None),
        };
        for list in &source.checklists.checklists {
            let Some(plan) = plans.iter().find(|p| p.source.short == list.organization) else {
                self.problem(format!("checklist {}: no organization {}", list.name, list.organization));
                continue;
            };
            let Some(template) = source.checklists.templates.iter().find(|t| t.key == list.template) else {
                self.problem(format!("checklist {}: no template {}", list.name, list.template));
                continue;
            };
            let organization = plan.source;
            let Some(entry) = plan.names.get(&format!("checklist:{}", list.name)).cloned() else { continue };
            let id = entry.id;
            let template_id = self.find(Table::ChecklistTemplates, &list.template);
            let assignee = match &list.assignee {
                Some(name) => self.find(Table::Users, name),
                None => Value::Null,
            };
            let completed = list.done >= template.tasks.len();
            let common = Self::common(organization, &entry, "2026-09-01T08:00:00.000Z", "2026-11-12T16:20:00.000Z");
            let done_at = |done: bool| if done { json!("2026-11-12T16:20:00.000Z") } else { Value::Null };
            self.row(
                common,
                Table::Checklists,
                id,
                json!({
                    "description": template.description, "checklist-template-id": template_id,
                    "completed": completed, "completed-at": done_at(completed), "assignee-id": assignee,
                    "assignee-name": list.assignee, "due-date": list.due, "archived": list.archived,
                    "percent-complete": list.done.min(template.tasks.len()) * 100 / template.tasks.len().max(1),
                }),
            );
            for (at, task) in template.tasks.iter().enumerate() {
                let (name, description) = split(task);
                let done = at < list.done;
                let words = [id.to_string(), at.to_string()];
                let task_id = self.id(Table::ChecklistTasks, organization.long_ids, &[&words[0], &words[1]]);
                self.put(
                    Table::ChecklistTasks,
                    task_id,
                    json!({
                        "checklist-id": id, "name": name, "description": description, "position": at + 1,
                        "completed": done, "completed-at": done_at(done), "assignee-id": assignee,
                        "due-date": list.due, "created-at": "2026-09-01T08:00:00.000Z",
                        "updated-at": "2026-11-12T16:20:00.000Z",
                    }),
                );
            }
        }
    }

    fn relations(&mut self, source: &Source, plans: &[Plan<'_>]) {
        for certificate in &source.relations.certificates {
            let Some(plan) = plans.iter().find(|p| p.source.short == certificate.organization) else {
                self.problem(format!("{}: no organization {}", certificate.name, certificate.organization));
                continue;
            };
            let Some(entry) = plan.names.get(&format!("certificate:{}", certificate.name)).cloned() else { continue };
            let common = Self::common(plan.source, &entry, "2025-12-01T02:00:00.000Z", "2026-11-01T02:00:00.000Z");
            self.row(common, Table::SslCertificates, entry.id, json!({"expires-on": certificate.expires}));
            self.expiration(plan, &entry, "SSL Certificate", "expires-on", &certificate.expires);
        }
        for relation in &source.relations.relations {
            let all = relation.organizations.iter().any(|o| o == "*");
            for plan in plans {
                let named = relation.organizations.iter().any(|o| o == &plan.source.short);
                if !named && !all {
                    continue;
                }
                match (plan.names.get(&relation.from), plan.names.get(&relation.to)) {
                    (Some(from), Some(to)) => {
                        self.world.relate((from.table, from.id), (to.table, to.id), &relation.notes);
                    }
                    _ if named => {
                        let what = format!("{}: {} to {}", plan.source.short, relation.from, relation.to);
                        self.problem(what);
                    }
                    _ => {}
                }
            }
        }
        for attachment in &source.relations.attachments {
            for plan in plans.iter().filter(|p| attachment.organizations.contains(&p.source.short)) {
                match plan.names.get(&attachment.to).cloned() {
                    Some(entry) => self.attachment(plan.source, &entry, &attachment.file),
                    None => self.problem(format!("{}: no {} for a file", plan.source.short, attachment.to)),
                }
            }
        }
        for ticket in &source.relations.tickets {
            let found = plans
                .iter()
                .find(|p| p.source.short == ticket.organization)
                .and_then(|plan| Some((plan, plan.names.get(&ticket.on)?.clone())));
            let Some((plan, on)) = found else {
                self.problem(format!("ticket {}: no {}", ticket.number, ticket.on));
                continue;
            };
            self.put(
                Table::Tickets,
                ticket.number,
                json!({
                    "organization-id": plan.source.id, "organization-name": plan.source.name,
                    "name": format!("#{} {}", ticket.number, ticket.name), "ticket-number": ticket.number.to_string(),
                    "ticket-created-at": "2026-10-02T07:40:00.000Z", "ticket-updated-at": "2026-10-05T12:00:00.000Z",
                    "_parent": {"table": on.table.type_name(), "id": on.id},
                }),
            );
            self.world.relate((on.table, on.id), (Table::Tickets, ticket.number), "Ticket");
        }
    }

    /// Counts, metrics, the log and exports: what an account shows of being used.
    fn activity(&mut self, source: &Source, plans: &[Plan<'_>]) {
        for (table, of, key, attribute) in [
            (Table::ConfigurationTypes, Table::Configurations, "configuration-type-id", "configuration-count"),
            (Table::PasswordCategories, Table::Passwords, "password-category-id", "passwords-count"),
            (Table::DocumentFolders, Table::Documents, "document-folder-id", "documents-count"),
        ] {
            let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
            for id in self.world.ids(of) {
                if let Some(id) = self.world.attribute(of, id, key).and_then(|value| value.as_u64()) {
                    *counts.entry(id).or_default() += 1;
                }
            }
            for id in self.world.ids(table) {
                let count = counts.get(&id).copied().unwrap_or_default();
                self.world.edit(table, id, |row| {
                    row.insert(attribute.to_owned(), json!(count));
                });
            }
        }
        let today = invent::days(TODAY);
        for user in &source.lookups.users {
            let name = user.name.join(" ");
            let user_id = self.find(Table::Users, &name);
            let mut rng = rng(&["metrics", &name]);
            for back in 0..14 {
                let Some(plan) = pick(&mut rng, plans) else { continue };
                let kind = ["Document", "Password", "Configuration"][rng.usize(..3)];
                let day = invent::date(today - back);
                let id = self.id(Table::UserMetrics, false, &[&name, &day]);
                self.put(
                    Table::UserMetrics,
                    id,
                    json!({
                        "user-id": user_id, "organization-id": plan.source.id, "resource-type": kind,
                        "created": rng.u8(..2), "viewed": rng.u8(..40), "edited": rng.u8(..5), "deleted": 0,
                        "date": day,
                    }),
                );
                let Some(password) = pick(&mut rng, &plan.passwords) else { continue };
                let id = self.id(Table::Logs, false, &[&name, &day]);
                let when = invent::moment(&mut rng, &day);
                self.put(
                    Table::Logs,
                    id,
                    json!({
                        "user-id": user_id, "user-name": name, "action": "viewed", "resource-type": "Password",
                        "resource-id": password.entry.id, "resource-name": password.entry.name,
                        "organization-id": plan.source.id, "organization-name": plan.source.name,
                        "ip-address": format!("203.0.113.{}", rng.u8(2..250)), "created-at": when, "updated-at": when,
                    }),
                );
            }
        }
        for (id, short) in [(5001_u64, "OMB"), (5002, "NB")] {
            let Some(plan) = plans.iter().find(|p| p.source.short == short) else { continue };
            self.put(
                Table::Exports,
                id,
                json!({
                    "organization-id": plan.source.id, "organization-name": plan.source.name,
                    "export-status": "completed", "download-url": null, "include-logs": false,
                    "created-at": "2025-04-01T09:00:00.000Z", "updated-at": "2025-04-01T09:25:00.000Z",
                }),
            );
        }
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
