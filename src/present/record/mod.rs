//! Which facts each kind of record has.

mod asset;
mod beside;
mod configuration;
mod document;
mod integrations;
mod organization;
mod password;
mod people;
mod watched;

use gluepot_core::model::{Common, Extras, Record};

use super::sheet::{Context, Sheet};
use super::writer::Writer;

pub use beside::{newest_first, version_words};
pub use password::parent_of;

/// What is known of a record, in the order in which it is read: the record, what came beside it, when it changed. `extras` is
/// what a show request gave, `None` while it is not here.
pub fn sheet_of(record: &Record, extras: Option<&Extras>, context: &Context<'_>) -> Sheet {
    let mut writer = Writer::new(context, record.source(), record.organization_id());
    match record {
        Record::Organization(r) => writer.organization(r),
        Record::Document(r) => writer.document(r),
        Record::Configuration(r) => writer.configuration(r),
        Record::Password(r) => writer.password(r),
        Record::FlexibleAsset(r) => writer.flexible_asset(r, extras),
        Record::Contact(r) => writer.contact(r),
        Record::Location(r) => writer.location(r),
        Record::Domain(r) => writer.domain(r),
        Record::Expiration(r) => writer.expiration(r),
        Record::Checklist(r) => writer.checklist(r, extras),
        Record::DocumentFolder(r) | Record::PasswordFolder(r) => {
            writer.text("Name", &r.name);
            writer.end("Folder");
        }
        Record::FlexibleAssetType(r) => {
            writer.text("Description", &r.description);
            writer.end("Flexible asset type");
        }
    }
    if let Some(extras) = extras {
        writer.beside(extras, record);
    }
    if let Some(common) = record.common() {
        writer.common(common, record.id());
    }
    Sheet {
        key: record.key(),
        organization: record.organization_id(),
        name: record.name().clone(),
        parts: writer.parts,
    }
}

impl Writer<'_> {
    fn common(&mut self, common: &Common, id: u64) {
        self.flag("Archived", common.archived);
        self.flag("In client portal", common.my_glue);
        self.text("PSA", if &*common.psa_integration == "disabled" { "" } else { &common.psa_integration });
        self.time("Created", common.created_at);
        self.time("Updated", common.updated_at);
        self.text("Id", &id.to_string());
        self.web("Web app", &common.resource_url);
        self.end("Record");
    }
}
