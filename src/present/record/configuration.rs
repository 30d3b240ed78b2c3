//! A device.

use gluepot_core::model::{Configuration, Kind};

use crate::present::sheet::Runs;
use crate::present::writer::Writer;

impl Writer<'_> {
    pub(super) fn configuration(&mut self, r: &Configuration) {
        self.text("Type", &r.configuration_type_name);
        self.text("Status", &r.configuration_status_name);
        self.code("Host name", &r.hostname);
        self.text("Asset tag", &r.asset_tag);
        self.code("Serial number", &r.serial_number);
        self.named("Location", Kind::Location, r.location_id, &r.location_name);
        self.text("Position", &r.position);
        self.named("Contact", Kind::Contact, r.contact_id, &r.contact_name);
        self.end("Identity");
        self.code("IP address", &r.primary_ip);
        self.code("MAC address", &r.mac_address);
        self.code("Gateway", &r.default_gateway);
        self.end("Network");
        self.text("Manufacturer", &r.manufacturer_name);
        self.text("Model", &r.model_name);
        self.text("Operating system", &r.operating_system_name);
        self.end("Hardware");
        self.day("Warranty ends", &r.warranty_expires_at, Runs::Out);
        self.day("Installed", &r.installed_at, Runs::Past);
        self.text("Installed by", &r.installed_by);
        self.day("Purchased", &r.purchased_at, Runs::Past);
        self.text("Purchased by", &r.purchased_by);
        self.day("Device expires", &r.mitp_device_expiration_date, Runs::Out);
        self.day("End of life", &r.mitp_end_of_life_date, Runs::Past);
        self.end("Dates");
        self.notes("Operating system notes", &r.operating_system_notes);
        self.notes("Notes", &r.notes);
    }

    /// Another record by its id, or its name alone where there is none.
    pub(super) fn named(&mut self, label: &str, kind: Kind, id: Option<u64>, name: &str) {
        match id {
            Some(id) => self.jump(label, self.key(kind, id), name),
            None => self.text(label, name),
        }
    }
}
