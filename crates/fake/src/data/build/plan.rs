//! The first pass: every record of an organization gets its id and the names that texts may use for it.

use std::collections::HashMap;

use super::builder::{Build, Entry, Plan, Source};
use crate::data::source;
use crate::world::Table;

impl Build {
    /// The first pass over an organization.
    pub(super) fn plan<'a>(&mut self, source: &'a Source, organization: &'a source::Organization) -> Plan<'a> {
        let mut plan = Plan {
            source: organization,
            names: HashMap::new(),
            devices: Vec::new(),
            passwords: Vec::new(),
            assets: Vec::new(),
        };
        let org = organization.id;
        let itself = entry(Table::Organizations, org, &organization.name, format!("/{org}"));
        plan.names.insert("organization".into(), itself);
        self.plan_places(&mut plan);
        self.plan_people(&mut plan);
        self.plan_web(&mut plan, source);
        self.plan_devices(source, &mut plan);
        self.plan_documents(&mut plan, source);
        self.plan_work(&mut plan, source);
        self.plan_assets(&mut plan, source);
        self.plan_passwords(source, &mut plan);
        plan
    }

    /// Locations.
    fn plan_places(&mut self, plan: &mut Plan<'_>) {
        let organization = plan.source;
        let (org, long) = (organization.id, organization.long_ids);
        let short = organization.short.as_str();
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
    }

    /// Contacts. Without an approver the first contact approves.
    fn plan_people(&mut self, plan: &mut Plan<'_>) {
        let organization = plan.source;
        let (org, long) = (organization.id, organization.long_ids);
        let short = organization.short.as_str();
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
        if let Some(first) = plan.names.get("contact:primary").cloned() {
            plan.names.entry("contact:approver".into()).or_insert(first);
        }
    }

    /// Domains and certificates.
    fn plan_web(&mut self, plan: &mut Plan<'_>, source: &Source) {
        let organization = plan.source;
        let (org, long) = (organization.id, organization.long_ids);
        let short = organization.short.as_str();
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
    }

    /// Documents with the folders they lie in.
    fn plan_documents(&mut self, plan: &mut Plan<'_>, source: &Source) {
        let organization = plan.source;
        let (org, long) = (organization.id, organization.long_ids);
        let short = organization.short.as_str();
        for document in source.documents.iter().filter(|d| d.organizations.iter().any(|o| o == short || o == "*")) {
            let all = document.organizations.iter().any(|o| o == "*");
            let apart = short == "TEST" || matches!(organization.status.as_str(), "Inactive" | "Prospect");
            if all && apart {
                continue;
            }
            if let Some(folder) = &document.folder {
                self.plan_folder(plan, Table::DocumentFolders, folder);
            }
            let fixed = document.ids.iter().find(|(of, _)| of == short).map(|(_, id)| *id);
            let id = fixed.unwrap_or_else(|| self.id(Table::Documents, long, &[short, document.slug]));
            let name = document.name.replace("{{org.short}}", short).replace("{{org.name}}", &organization.name);
            let entry = entry(Table::Documents, id, &name, format!("/{org}/docs/{id}"));
            plan.names.insert(format!("document:{}", document.slug), entry);
        }
    }

    /// Checklists and tickets.
    fn plan_work(&mut self, plan: &mut Plan<'_>, source: &Source) {
        let organization = plan.source;
        let (org, long) = (organization.id, organization.long_ids);
        let short = organization.short.as_str();
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
    }

    /// Flexible assets.
    fn plan_assets<'a>(&mut self, plan: &mut Plan<'a>, source: &'a Source) {
        let organization = plan.source;
        let (org, long) = (organization.id, organization.long_ids);
        let short = organization.short.as_str();
        for asset in &source.assets.assets {
            if !self.wanted(plan, &asset.organizations, &asset.needs, &asset.key) {
                continue;
            }
            let id = asset.id.unwrap_or_else(|| self.id(Table::FlexibleAssets, long, &[short, &asset.key]));
            let mut entry = entry(Table::FlexibleAssets, id, "", format!("/{org}/assets/records/{id}"));
            entry.name = self.asset_title(source, plan, asset);
            plan.names.insert(format!("asset:{}", asset.key), entry.clone());
            plan.assets.push((asset, entry.clone()));
            plan.names.entry(format!("asset:{}", asset.kind)).or_insert(entry);
        }
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

    /// A folder with those above it.
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
}

/// A record as texts speak of it, without a network.
fn entry(table: Table, id: u64, name: &str, path: String) -> Entry {
    Entry { table, id, name: name.to_owned(), path, ip: String::new(), host: String::new() }
}
