//! What other systems know of a record, as IT Glue includes it: reports of the RMM and copies of PSA tickets.

use serde::Deserialize;
use serde_json::value::RawValue;

use gluepot_core::model::{Disk, RmmRecord, Ticket};
use gluepot_core::text::Clean;

use super::scalar::{Moment, Number, Text};
use super::traits::Entries;

/// More facts of one ticket are not kept: its attributes are not documented, so their number is not known.
const MOST_FACTS: usize = 30;
/// More disks or addresses of one device are not kept.
const MOST_PARTS: usize = 100;

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct RmmAttributes<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    hostname: Text<'a>,
    device_type: Text<'a>,
    cpu: Text<'a>,
    memory_total: Number,
    operating_system: Text<'a>,
    disks: Option<&'a RawValue>,
    ip_addresses: Option<&'a RawValue>,
    mac_addresses: Option<&'a RawValue>,
    last_login_user: Text<'a>,
    last_reboot: Moment,
    last_seen_online: Moment,
    patches_applied: Number,
    patches_total: Number,
    manufacturer_name: Text<'a>,
    manufacturer_model_name: Text<'a>,
    serial_number: Text<'a>,
    ms_office_version: Text<'a>,
    external_url: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DiskAttributes<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    used: Number,
    total: Number,
}

/// Reads what can be read of a list; a single value counts as a list of one.
fn each<'a, T: Deserialize<'a>>(json: Option<&'a RawValue>) -> impl Iterator<Item = T> {
    let raw = json.map_or("null", RawValue::get);
    let list: Vec<&'a RawValue> = match raw.as_bytes().first() {
        Some(b'[') => serde_json::from_str(raw).unwrap_or_default(),
        Some(b'n') | None => Vec::new(),
        Some(_) => serde_json::from_str(raw).into_iter().collect(),
    };
    list.into_iter().filter_map(|raw| serde_json::from_str(raw.get()).ok()).take(MOST_PARTS)
}

fn addresses(json: Option<&RawValue>) -> Vec<Clean> {
    each::<Text<'_>>(json).map(|text| text.line()).filter(|text| !text.is_empty()).collect()
}

/// Reads what the RMM reported.
pub(super) fn rmm_record(id: u64, json: &str) -> Result<RmmRecord, serde_json::Error> {
    let a: RmmAttributes<'_> = serde_json::from_str(json)?;
    let disk =
        |disk: DiskAttributes<'_>| Disk { name: disk.name.line(), used: disk.used.count(), total: disk.total.count() };
    Ok(RmmRecord {
        id,
        name: a.name.line(),
        hostname: a.hostname.line(),
        device_type: a.device_type.line(),
        cpu: a.cpu.line(),
        memory_total: a.memory_total.count(),
        operating_system: a.operating_system.line(),
        disks: each(a.disks).map(disk).collect(),
        ip_addresses: addresses(a.ip_addresses),
        mac_addresses: addresses(a.mac_addresses),
        last_login_user: a.last_login_user.line(),
        last_reboot: a.last_reboot.0,
        last_seen_online: a.last_seen_online.0,
        patches_applied: a.patches_applied.count(),
        patches_total: a.patches_total.count(),
        manufacturer_name: a.manufacturer_name.line(),
        manufacturer_model_name: a.manufacturer_model_name.line(),
        serial_number: a.serial_number.line(),
        ms_office_version: a.ms_office_version.line(),
        external_url: a.external_url.line(),
    })
}

/// Reads the copy of a ticket. The names of its attributes are guesses, so every single value that is none of them is
/// kept as a fact under its own name; ids of other tables and lists say nothing to a reader and are left out.
pub(super) fn ticket(id: u64, json: &str) -> Result<Ticket, serde_json::Error> {
    let Entries(entries) = serde_json::from_str(json)?;
    let mut ticket = Ticket { id, ..Ticket::default() };
    for (name, raw) in entries {
        let Ok(text) = serde_json::from_str::<Text<'_>>(raw.get()) else { continue };
        let value = text.line();
        if value.trim().is_empty() {
            continue;
        }
        let name = name.to_ascii_lowercase().replace('_', "-");
        let place = match name.strip_prefix("ticket-").unwrap_or(&name) {
            "number" | "ticket" => &mut ticket.number,
            "name" | "title" | "subject" | "summary" => &mut ticket.name,
            "status" | "status-name" => &mut ticket.status,
            "url" | "resource-url" | "external-url" => &mut ticket.url,
            // Whose it is, the card says already.
            other if other == "id" || other.ends_with("-id") || other.starts_with("organization") => continue,
            other => {
                if ticket.facts.len() < MOST_FACTS {
                    let words = other.strip_suffix("-at").unwrap_or(other).replace('-', " ");
                    ticket.facts.push((Clean::line(&words), value));
                }
                continue;
            }
        };
        if place.is_empty() {
            *place = value;
        }
    }
    Ok(ticket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_the_rmm_is_read_as_documented_and_with_parts_missing() {
        let json = r#"{"name": "HPD-IMG01", "memory-total": 68719476736, "disks": [{"name": "C:", "used": 98784247808,
            "total": 255550554112}, {"name": "D:", "used": null}, 7], "ip-addresses": ["10.40.2.15", null, ""],
            "mac-addresses": "00-1B-21-7A-40-9C", "last-login-user": "HPD\\svc-img", "patches-applied": "41",
            "last-seen-online": "2026-06-09T08:12:40.000Z", "external-url": null, "unknown": {"deep": []}}"#;
        let record = rmm_record(1, json).expect("a record");
        assert_eq!(record.memory_total, Some(68_719_476_736));
        assert_eq!(record.disks.len(), 2, "{:?}", record.disks);
        assert_eq!((record.disks[0].used, record.disks[0].total), (Some(98_784_247_808), Some(255_550_554_112)));
        assert_eq!(record.disks[1].total, None);
        assert_eq!(record.ip_addresses, [Clean::line("10.40.2.15")]);
        assert_eq!(record.mac_addresses, [Clean::line("00-1B-21-7A-40-9C")]);
        assert_eq!(&*record.last_login_user, r"HPD\svc-img");
        assert_eq!(record.patches_applied, Some(41));
        assert!(record.last_seen_online.is_some());
        assert_eq!(rmm_record(2, "{}").expect("nothing known"), RmmRecord { id: 2, ..RmmRecord::default() });
    }

    #[test]
    fn a_ticket_is_named_whatever_its_attributes_are_called() {
        for json in [
            r#"{"ticket-number": "48213", "title": "X-ray slow", "status-name": "Open", "priority": "High"}"#,
            r#"{"number": 48213, "name": "X-ray slow", "ticket_status": "Open", "priority": "High", "board-id": 9}"#,
        ] {
            let ticket = ticket(5, json).expect("a ticket");
            assert_eq!((&*ticket.number, &*ticket.name, &*ticket.status), ("48213", "X-ray slow", "Open"), "{json}");
            assert_eq!(ticket.facts, [(Clean::line("priority"), Clean::line("High"))], "{json}");
        }
    }
}
