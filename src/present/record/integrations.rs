//! What other systems know of a device: the RMM's last report and the PSA's tickets, as IT Glue includes them.

use gluepot_core::model::{Disk, RmmRecord, Ticket};

use crate::present::format;
use crate::present::sheet::{Entry, Value};
use crate::present::writer::{Writer, clean};

/// A disk is called full from this share on, in percent.
const FULL: u64 = 90;

/// How full a disk is: "98.8 GB of 255.6 GB (39 %)".
fn disk(disk: &Disk) -> (String, bool) {
    match (disk.used, disk.total) {
        (Some(used), Some(total)) if total > 0 => {
            let share = (u128::from(used) * 100 / u128::from(total)).try_into().unwrap_or(u64::MAX);
            (format!("{} of {} ({share} %)", format::bytes(used), format::bytes(total)), share >= FULL)
        }
        (Some(used), _) => (format!("{} used", format::bytes(used)), false),
        (None, Some(total)) => (format!("{} in all", format::bytes(total)), false),
        (None, None) => (String::new(), false),
    }
}

impl Writer<'_> {
    /// Is it up, who was on it, is the disk full: one group for each report.
    pub(super) fn rmm_records(&mut self, records: &[RmmRecord]) {
        for record in records {
            self.monitored(record);
            let name = if records.len() > 1 && !record.name.is_empty() {
                format!("Monitoring: {}", record.name)
            } else {
                "Monitoring".to_owned()
            };
            self.end(&name);
        }
    }

    fn monitored(&mut self, record: &RmmRecord) {
        self.time("Last seen", record.last_seen_online);
        self.code("Last user", &record.last_login_user);
        self.time("Last reboot", record.last_reboot);
        for part in &record.disks {
            let (words, full) = disk(part);
            if !words.is_empty() {
                let words = clean(words);
                let value = if full { Value::Alarming(words, clean(" · nearly full")) } else { Value::Text(words) };
                self.push(&format!("Disk {}", part.name), value);
            }
        }
        if let Some(memory) = record.memory_total {
            self.text("Memory", &format::memory(memory));
        }
        self.text("Processor", &record.cpu);
        self.text("Operating system", &record.operating_system);
        self.text("Office", &record.ms_office_version);
        match (record.patches_applied, record.patches_total) {
            (Some(applied), Some(total)) => self.text("Patches", &format!("{applied} of {total} applied")),
            (Some(applied), None) => self.text("Patches", &format!("{applied} applied")),
            (None, _) => {}
        }
        self.code("Host name", &record.hostname);
        for (label, addresses) in [("IP address", &record.ip_addresses), ("MAC address", &record.mac_addresses)] {
            for address in addresses {
                self.code(label, address);
            }
        }
        self.text("Device type", &record.device_type);
        self.text("Manufacturer", &record.manufacturer_name);
        self.text("Model", &record.manufacturer_model_name);
        self.code("Serial number", &record.serial_number);
        self.web("In the RMM", &record.external_url);
    }

    /// The tickets that IT Glue has copied from the PSA.
    pub(super) fn tickets(&mut self, tickets: &[Ticket]) {
        let entries = tickets.iter().map(|ticket| self.ticket(ticket)).collect();
        self.list("Tickets", entries);
    }

    fn ticket(&self, ticket: &Ticket) -> Entry {
        let number = ticket.number.trim_start_matches('#');
        // Some systems write the number into the title as well.
        let name = ticket.name.strip_prefix(&format!("#{number}")).map_or(&*ticket.name, str::trim_start);
        let mut entry = Entry::new(Value::Text(clean(if name.is_empty() { "a ticket without a title" } else { name })))
            .aside(&ticket.status)
            .fact("number", Value::text(number))
            .fact("status", Value::text(&ticket.status));
        entry.mark = (!number.is_empty()).then(|| clean(format!("#{number}")));
        for (name, value) in &ticket.facts {
            entry = entry.aside(format!("{name} {}", self.moment(value)));
        }
        entry.below = self.address(&ticket.url);
        let url = entry.below.clone().unwrap_or(Value::Empty);
        entry.fact("url", url)
    }

    /// A moment as people read it, anything else as it is.
    fn moment(&self, value: &str) -> String {
        value.parse().map_or_else(|_| value.to_owned(), |at| format::exact_as(at, self.context.dates))
    }
}
