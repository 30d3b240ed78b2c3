//! The first pass: every record of an organization gets its id and the names that texts may use for it.

use std::collections::{HashMap, HashSet};

use super::{Build, Entry, Plan, PlannedDevice, PlannedPassword, Source};
use crate::data::invent::hash;
use crate::data::source;
use crate::world::Table;

impl Build {
    pub(super) fn plan<'a>(&mut self, source: &'a Source, organization: &'a source::Organization) -> Plan<'a> {
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
        // Without an approver the first contact approves.
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
    pub(super) fn wanted(&mut self, plan: &Plan<'_>, organizations: &[String], needs: &[String], what: &str) -> bool {
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

    pub(super) fn plan_folder(&mut self, plan: &mut Plan<'_>, table: Table, path: &str) {
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

    pub(super) fn plan_devices<'a>(&mut self, source: &'a Source, plan: &mut Plan<'a>) {
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
        let mut taken: HashSet<String> = organization.devices.iter().filter_map(|own| own.ip.clone()).collect();
        for (role, own, number) in wanted {
            let name =
                own.and_then(|own| own.name.clone()).unwrap_or_else(|| format!("{prefix}-{}{number:02}", role.label));
            let id = own.and_then(|own| own.id).unwrap_or_else(|| {
                self.id(Table::Configurations, organization.long_ids, &[&organization.short, &name])
            });
            let offset = number.saturating_sub(1) as u32;
            let ip = match own.and_then(|own| own.ip.clone()) {
                Some(ip) => ip,
                None if role.host > 0 => {
                    // Counted upwards, from the end of the network downwards.
                    let last = if role.host + offset > 254 { role.host - offset } else { role.host + offset };
                    format!("{}.{}.{last}", organization.lan, role.net)
                }
                // Leased addresses, as the RMM last saw them; some were never seen.
                None if !hash(&[&name, "seen"]).is_multiple_of(5) => {
                    let first = hash(&[&name, "lease"]) % 120;
                    let lease = |at: u64| format!("{}.{}.{}", organization.lan, role.net, 100 + (first + at) % 120);
                    (0..120).map(lease).find(|ip| !taken.contains(ip)).unwrap_or_default()
                }
                None => String::new(),
            };
            taken.insert(ip.clone());
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

    pub(super) fn plan_passwords<'a>(&mut self, source: &'a Source, plan: &mut Plan<'a>) {
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
}
