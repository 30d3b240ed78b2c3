//! Devices and passwords of an organization, before their rows are written.

use std::collections::HashSet;

use super::builder::{Build, Entry, Plan, PlannedDevice, PlannedPassword, Source};
use crate::data::invent::hash;
use crate::data::source;
use crate::world::Table;

impl Build {
    /// The devices: those with a row of their own, and as many of each role as there are.
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

    /// The passwords, in what they are embedded in.
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
