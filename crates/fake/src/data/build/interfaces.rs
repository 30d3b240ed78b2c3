//! What hangs on a device: its interfaces, and what the RMM knows of it.

use serde_json::{Value, json};

use super::builder::{Build, Entry, Plan, PlannedDevice};
use crate::data::invent::{self, TODAY, hash, pick};
use crate::data::source;
use crate::world::Table;

/// Processors that agents report.
const CPUS: [&str; 4] =
    ["Intel Xeon Silver 4310", "Intel Core i5-12500", "AMD Ryzen 5 PRO 5650U", "Intel Core i7-1165G7"];

/// The hardware of a device, as its rows tell it.
pub(super) struct Hardware<'a> {
    /// Who made it
    pub maker: &'a str,
    /// Its model
    pub model: &'a str,
    /// Its operating system
    pub os: &'a str,
    /// Its address in the network below
    pub mac: &'a str,
    /// Its serial number, or null
    pub serial: &'a Value,
    /// When it was written down
    pub created: &'a str,
}

impl Build {
    /// The record of the RMM with the time the device was last seen there, and the id it has there.
    pub(super) fn agent(
        &mut self,
        organization: &source::Organization,
        device: &PlannedDevice<'_>,
        hardware: &Hardware<'_>,
        contact: Option<&Entry>,
        kind: &str,
    ) -> Value {
        let PlannedDevice { entry, role, .. } = device;
        let Hardware { maker, model, os, mac, serial, created } = *hardware;
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
        let account = match contact {
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
    }

    /// The interfaces, as the role has them.
    pub(super) fn interfaces(
        &mut self,
        plan: &Plan<'_>,
        device: &PlannedDevice<'_>,
        hardware: &Hardware<'_>,
        rng: &mut fastrand::Rng,
    ) {
        let organization = plan.source;
        let PlannedDevice { entry, role, own, .. } = device;
        let Hardware { maker, mac, created, .. } = *hardware;
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
            let mac = if primary { mac.to_owned() } else { invent::mac(rng, maker) };
            let id = match own.and_then(|own| own.interface_id) {
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
