//! Contacts and locations.

use gluepot_core::model::{Contact, Kind, Location};

use crate::present::sheet::Value;
use crate::present::writer::{Writer, clean};

impl Writer<'_> {
    pub(super) fn contact(&mut self, r: &Contact) {
        self.text("Title", &r.title);
        self.text("Type", &r.contact_type_name);
        self.flag("Important", r.important);
        self.named("Location", Kind::Location, r.location_id, &r.location_name);
        for (points, word) in [(&r.phones, "Phone"), (&r.emails, "Email")] {
            for point in points {
                let label = if point.label_name.is_empty() {
                    word.to_owned()
                } else {
                    format!("{word} ({})", point.label_name)
                };
                let extension =
                    if point.extension.is_empty() { String::new() } else { format!(" ext. {}", point.extension) };
                let value = Value::With {
                    value: Box::new(Value::Code(point.value.clone())),
                    text: clean(extension),
                    dim: clean(if point.primary { " · primary" } else { "" }),
                };
                self.push(&label, value);
            }
        }
        self.end("Contact");
        self.notes("Notes", &r.notes);
    }

    pub(super) fn location(&mut self, r: &Location) {
        self.flag("Main location", r.primary);
        self.text("Address", &r.address_1);
        self.text("", &r.address_2);
        self.text("City", &format!("{} {}", r.postal_code, r.city));
        self.text("Region", &r.region_name);
        self.text("Country", &r.country_name);
        self.code("Phone", &r.phone);
        self.code("Fax", &r.fax);
        self.end("Location");
        self.notes("Notes", &r.notes);
    }
}
