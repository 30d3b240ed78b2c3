//! A password: everything but its value.

use gluepot_body::{LinkBase, LinkTarget};
use gluepot_core::model::{Kind, Password, Record, RecordKey};

use crate::present::writer::Writer;

impl Writer<'_> {
    pub(super) fn password(&mut self, r: &Password) {
        self.code("User name", &r.username);
        self.web("URL", &r.url);
        self.text("Category", &r.password_category_name);
        let folder = r.password_folder_id.map(|id| {
            let path = self.context.store.path(&Record::Password(r.clone())).names(" › ");
            if path.is_empty() { format!("folder {}", id.0) } else { path }
        });
        self.text("Folder", folder.as_deref().unwrap_or(""));
        self.time("Value changed", r.password_updated_at);
        match (parent_of(r, &self.context.base), r.resource_id) {
            (Some(key), _) => {
                let label = if r.cached_resource_type_name.is_empty() {
                    key.kind.word().to_owned()
                } else {
                    r.cached_resource_type_name.to_lowercase()
                };
                self.jump(&format!("In {label}"), key, &r.cached_resource_name);
            }
            (None, Some(_)) => {
                self.text("Embedded in", &format!("{} {}", r.cached_resource_type_name, r.cached_resource_name));
            }
            (None, None) => {}
        }
        self.flag("One-time code", r.otp_enabled);
        self.flag("Personal", r.personal);
        self.end("Login");
        if r.otp_enabled {
            self.remark("Has a one-time code, not available through the API. Open the record in the web app.");
        }
        self.notes("Notes", &r.notes);
    }
}

/// The record a password is embedded in, as far as the API tells: the id of a flexible asset's Password field is
/// the id of the field's value, so there the parent's address decides.
pub fn parent_of(password: &Password, base: &LinkBase) -> Option<RecordKey> {
    if let LinkTarget::Record(key, _) = base.resolve(&password.parent_url)
        && key.kind != Kind::Unknown
    {
        return Some(key);
    }
    let kind = Kind::of_label(&password.resource_type);
    password
        .resource_id
        .filter(|_| !matches!(kind, Kind::Unknown | Kind::FlexibleAsset))
        .map(|id| RecordKey::new(password.common.source, kind, id))
}
