//! Rows of configurations and their interfaces.

use serde_json::{Value, json};

use super::{Build, Plan, PlannedDevice, Source, TODAY, Target};
use crate::data::invent::{self, hash, pick, rng};
use crate::data::source;
use crate::world::Table;

const CPUS: [&str; 4] =
    ["Intel Xeon Silver 4310", "Intel Core i5-12500", "AMD Ryzen 5 PRO 5650U", "Intel Core i7-1165G7"];

impl Build {
    pub(super) fn device(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>, device: &PlannedDevice<'_>) {
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
        let mac = own.mac.clone().unwrap_or_else(|| invent::mac(&mut rng, maker));
        let serial = match &own.serial {
            Some(serial) => json!(serial),
            None if virtual_machine => Value::Null,
            None => json!(invent::serial(&mut rng, maker, model)),
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
        // Each remark once in a client: most devices have none.
        let remark = match number {
            0 => pick(&mut rng, &role.notes),
            nth if *nth <= role.notes.len() => role.notes.get((chosen / 7 + nth) % role.notes.len()),
            _ => None,
        };
        let notes = own.notes.clone().or_else(|| remark.cloned()).unwrap_or_default();
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
        let (created, updated) = Self::times(organization, entry, &created, &updated);
        let null_if_empty = |text: String| if text.is_empty() { Value::Null } else { json!(text) };
        let common = Self::common(organization, entry, &created, &updated);
        let by = pick(&mut rng, &source.lookups.users)
            .map(|u| format!("{}. {}", u.name[0].chars().next().unwrap_or('R'), u.name[1]));
        // The first server and firewall of a client are billed by the PSA and kept there.
        let billed = matches!(role.kind.as_str(), "Server" | "Firewall") && *number <= 1 && own.id.is_none();
        let psa = organization.psa.as_ref().filter(|_| billed && !archived);
        let psa = psa.map(|kind| self.adapter(organization, Table::Configurations, entry.id, kind));
        // What has an agent: the RMM knows it, with the time it was last seen there.
        let agent = matches!(role.kind.as_str(), "Server" | "Workstation" | "Laptop" | "Virtual machine") && !archived;
        let rmm = organization.rmm.as_ref().filter(|_| agent).map(|kind| {
            let adapter = self.adapter(organization, Table::Configurations, entry.id, kind);
            let words = [organization.short.as_str(), &entry.name, "seen"];
            let id = self.id(Table::RmmRecords, organization.long_ids, &words);
            let seen = invent::moment(&mut invent::rng(&words), TODAY);
            let booted = invent::date(invent::days(TODAY) - (hash(&words) % 60) as i64 - 1);
            let mut words_rng = invent::rng(&[words[0], words[1], "agent"]);
            let memory = (8_u64 << words_rng.u32(0..4)) << 30;
            let total = [255_550_554_112_u64, 511_101_108_224, 1_022_202_216_448][words_rng.usize(..3)];
            // Every tenth disk is nearly full: that is what people look for.
            let percent = if words_rng.u8(..10) == 0 { 97 } else { words_rng.u64(12..80) };
            let used = total / 100 * percent;
            let disk = if os.contains("Windows") { "C:" } else { "/" };
            let patches = words_rng.u32(30..60);
            let missing = if words_rng.bool() { 0 } else { words_rng.u32(1..6) };
            let account = match &contact {
                Some(contact) => contact.name.split(' ').next().unwrap_or("user").to_lowercase(),
                None => ["administrator", "svc-backup", "nbfix"][words_rng.usize(..3)].to_owned(),
            };
            self.put(
                Table::RmmRecords,
                id,
                json!({
                    "name": entry.name, "hostname": entry.host, "device-type": role.kind,
                    "cpu": pick(&mut words_rng, &CPUS), "memory-total": memory, "operating-system": os,
                    "disks": [{"name": disk, "used": used, "total": total}],
                    "ip-addresses": [entry.ip], "mac-addresses": [mac.replace(':', "-").to_uppercase()],
                    "last-login-user": format!("{}\\{account}", organization.prefix.as_deref().unwrap_or(&organization.short)),
                    "last-reboot": format!("{booted}T04:10:00.000Z"), "last-seen-online": seen,
                    "patches-applied": patches - missing, "patches-total": patches,
                    "manufacturer-name": maker, "manufacturer-model-name": model, "serial-number": serial,
                    "ms-office-version": null,
                    "external-url": format!("https://rmm.northbeam.example/device/{id}"),
                    "created-at": created, "updated-at": seen,
                    "_parent": {"table": Table::Configurations.type_name(), "id": entry.id},
                }),
            );
            adapter
        });
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
                "archived": archived, "_rmm": rmm, "_psa": psa,
                "psa-integration": psa.is_some().then_some("enabled"),
            }),
        );
        if own.restricted {
            self.access(entry);
        }
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
            let mac = if primary { mac.clone() } else { invent::mac(&mut rng, maker) };
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
}
