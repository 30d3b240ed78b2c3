//! Rows of configurations.

use serde_json::{Value, json};

use super::builder::{Build, Entry, Plan, PlannedDevice, Source, Target, object};
use super::interfaces::Hardware;
use crate::data::invent::{self, TODAY, hash, pick, rng};
use crate::data::source;
use crate::world::{Attributes, Table};

/// Model and system, status and dates of a device.
struct Bought {
    /// `Maker/Model`
    model: String,
    os: String,
    status: String,
    purchased: String,
    installed: String,
    warranty: Option<String>,
}

impl Build {
    /// A device, with its interfaces and what the RMM knows of it.
    pub(super) fn device(&mut self, source: &Source, plans: &[Plan<'_>], plan: &Plan<'_>, device: &PlannedDevice<'_>) {
        let organization = plan.source;
        let PlannedDevice { entry, role, number, .. } = device;
        let none = source::Device::default();
        let own = device.own.unwrap_or(&none);
        let mut rng = rng(&[&organization.short, &entry.name]);
        let Bought { model, os, status, purchased, installed, warranty } = bought(organization, device, own, &mut rng);
        let (maker, model) = model.split_once('/').unwrap_or(("", ""));
        let place = self.place(plan, device, own);
        let contact = contact(plan, device, own, &mut rng);
        let mac = own.mac.clone().unwrap_or_else(|| invent::mac(&mut rng, maker));
        let serial = serial(role, own, (maker, model), &mut rng);
        let position = position(role, own, &mut rng);
        let remark = remark(organization, device, &mut rng);
        let notes = own.notes.clone().or(remark).unwrap_or_default();
        let notes = self.expand(plans, plan, &notes, Target::Html, 0);
        let archived = own.archived || (status == "Retired" && device.own.is_none());
        let (created, updated) = made_and_changed(own, &installed, &mut rng);
        let (created, updated) = Self::times(organization, entry, &created, &updated);
        let null_if_empty = |text: String| if text.is_empty() { Value::Null } else { json!(text) };
        let common = Self::common(organization, entry, &created, &updated);
        let by = pick(&mut rng, &source.lookups.users)
            .map(|u| format!("{}. {}", u.name[0].chars().next().unwrap_or('R'), u.name[1]));
        // The first server and firewall of a client are billed by the PSA and kept there.
        let billed = matches!(role.kind.as_str(), "Server" | "Firewall") && *number <= 1 && own.id.is_none();
        let psa = organization.psa.as_ref().filter(|_| billed && !archived);
        let psa = psa.map(|kind| self.adapter(organization, Table::Configurations, entry.id, kind));
        let hardware = Hardware { maker, model, os: &os, mac: &mac, serial: &serial, created: &created };
        // What has an agent: the RMM knows it, with the time it was last seen there.
        let agent = matches!(role.kind.as_str(), "Server" | "Workstation" | "Laptop" | "Virtual machine") && !archived;
        let rmm = organization
            .rmm
            .as_ref()
            .filter(|_| agent)
            .map(|kind| self.agent(organization, device, &hardware, contact.as_ref(), kind));
        let mut facts = object(json!({
            "organization-short-name": organization.short, "restricted": own.restricted,
            "hostname": null_if_empty(entry.host.clone()), "primary-ip": null_if_empty(entry.ip.clone()),
            "mac-address": mac, "default-gateway": gateway(entry), "serial-number": serial,
            "asset-tag": tag(organization, own, &mut rng),
            "position": position, "installed-by": own.installed_by.clone().or(by),
            "purchased-by": null, "notes": notes, "operating-system-notes": own.os_notes,
            "warranty-expires-at": warranty, "installed-at": installed, "purchased-at": purchased,
            "mitp-device-expiration-date": null, "mitp-end-of-life-date": end_of_life(&os),
            "location-id": place.as_ref().map(|p| p.id), "location-name": place.map(|p| p.name),
            "contact-id": contact.as_ref().map(|c| c.id), "contact-name": contact.map(|c| c.name),
            "archived": archived, "_rmm": rmm, "_psa": psa,
            "psa-integration": psa.is_some().then_some("enabled"),
        }));
        facts.extend(self.kinds(source, role, &status, &hardware));
        self.row(common, Table::Configurations, entry.id, Value::Object(facts));
        if own.restricted {
            self.access(entry);
        }
        if let Some(warranty) = warranty.filter(|_| !archived) {
            self.expiration(plan, entry, "Configuration", "warranty-expires-at", &warranty);
        }
        self.interfaces(plan, device, &hardware, &mut rng);
    }

    /// What a device is, by the lists of the account.
    fn kinds(&mut self, source: &Source, role: &source::Role, status: &str, hardware: &Hardware<'_>) -> Attributes {
        let kind = source.lookups.configuration_types.iter().find(|t| t.name == role.kind).and_then(|t| t.kind.clone());
        let Hardware { maker, model, os, .. } = *hardware;
        object(json!({
            "configuration-type-id": self.find(Table::ConfigurationTypes, &role.kind),
            "configuration-type-name": role.kind, "configuration-type-kind": kind,
            "configuration-status-id": self.find(Table::ConfigurationStatuses, status),
            "configuration-status-name": status, "manufacturer-id": self.find(Table::Manufacturers, maker),
            "manufacturer-name": maker, "model-id": self.find(Table::Models, model), "model-name": model,
            "operating-system-id": self.find(Table::OperatingSystems, os), "operating-system-name": os,
        }))
    }

    /// Where a device stands.
    fn place(&mut self, plan: &Plan<'_>, device: &PlannedDevice<'_>, own: &source::Device) -> Option<Entry> {
        let organization = plan.source;
        let PlannedDevice { role, number, .. } = device;
        match &own.location {
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
        }
    }
}

fn is_virtual(role: &source::Role) -> bool {
    role.kind == "Virtual machine" || role.kind == "Phone system"
}

/// One model per organization and role, as bought together.
fn chosen(organization: &source::Organization, role: &source::Role) -> usize {
    hash(&[&organization.short, &role.role, "model"]) as usize
}

/// What was bought and when. The system goes with the model where both lists have the same length.
fn bought(
    organization: &source::Organization,
    device: &PlannedDevice<'_>,
    own: &source::Device,
    rng: &mut fastrand::Rng,
) -> Bought {
    let PlannedDevice { role, number, .. } = device;
    let chosen = chosen(organization, role);
    let at = chosen % role.models.len().max(1);
    let model = own.model.clone().or_else(|| role.models.get(at).cloned()).unwrap_or_default();
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
    let installed = own.installed.clone().unwrap_or_else(|| invent::date(invent::days(&purchased) + rng.i64(3..40)));
    let years = [3, 5, 5][rng.usize(..3)];
    let warranty = own.warranty.clone().or_else(|| {
        let wanted = !is_virtual(role) && !matches!(role.kind.as_str(), "Phone" | "Camera" | "Modem");
        wanted.then(|| invent::date(invent::days(&purchased) + 365 * years))
    });
    Bought { model, os, status: status.to_owned(), purchased, installed, warranty }
}

fn contact(
    plan: &Plan<'_>,
    device: &PlannedDevice<'_>,
    own: &source::Device,
    rng: &mut fastrand::Rng,
) -> Option<Entry> {
    match &own.contact {
        Some(last) => plan.names.get(&format!("contact:{last}")).cloned(),
        None if matches!(device.role.kind.as_str(), "Workstation" | "Laptop" | "Phone") && rng.bool() => {
            let contact = pick(rng, &plan.source.contacts);
            contact.and_then(|c| plan.names.get(&format!("contact:{}", c.get(1)?))).cloned()
        }
        None => None,
    }
}

fn serial(role: &source::Role, own: &source::Device, (maker, model): (&str, &str), rng: &mut fastrand::Rng) -> Value {
    match &own.serial {
        Some(serial) => json!(serial),
        None if is_virtual(role) => Value::Null,
        None => json!(invent::serial(rng, maker, model)),
    }
}

fn position(role: &source::Role, own: &source::Device, rng: &mut fastrand::Rng) -> Value {
    match &own.position {
        Some(position) => json!(position),
        None if is_virtual(role) => Value::Null,
        None => match role.kind.as_str() {
            "Server" | "Hypervisor" | "NAS" | "UPS" | "Switch" | "Firewall" => {
                json!(format!("Rack A, U{}", rng.u8(2..42)))
            }
            "Workstation" | "Printer" | "Phone" => json!(format!("Room {}", rng.u16(1..32))),
            _ => Value::Null,
        },
    }
}

/// Each remark once in a client: most devices have none.
fn remark(organization: &source::Organization, device: &PlannedDevice<'_>, rng: &mut fastrand::Rng) -> Option<String> {
    let PlannedDevice { role, number, .. } = device;
    let remark = match number {
        0 => pick(rng, &role.notes),
        nth if *nth <= role.notes.len() => role.notes.get((chosen(organization, role) / 7 + nth) % role.notes.len()),
        _ => None,
    };
    remark.cloned()
}

fn tag(organization: &source::Organization, own: &source::Device, rng: &mut fastrand::Rng) -> Value {
    if let Some(tag) = &own.tag {
        return json!(tag);
    }
    let prefix = organization.prefix.as_deref().unwrap_or(&organization.short);
    if rng.bool() { json!(format!("{prefix}-{:04}", rng.u16(1..2000))) } else { Value::Null }
}

/// When the maker of a system stops looking after it.
fn end_of_life(os: &str) -> Option<&'static str> {
    match os {
        "Windows Server 2019" => Some("2029-01-09"),
        "Windows Server 2012 R2" => Some("2023-10-10"),
        _ => None,
    }
}

/// When a device was written down and last changed.
fn made_and_changed(own: &source::Device, installed: &str, rng: &mut fastrand::Rng) -> (String, String) {
    let created = own.created.clone().unwrap_or_else(|| invent::moment(rng, installed));
    let updated = own.updated.clone().unwrap_or_else(|| {
        let day = invent::date(invent::days(TODAY) - rng.i64(1..700));
        invent::moment(rng, &day)
    });
    (created, updated)
}

/// The first address of the network that a device is in.
fn gateway(entry: &Entry) -> Option<String> {
    let (network, _) = entry.ip.rsplit_once('.')?;
    Some(format!("{network}.1"))
}
