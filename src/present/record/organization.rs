//! A client.

use gluepot_core::model::{Organization, OrganizationId};

use crate::present::writer::Writer;

impl Writer<'_> {
    pub(super) fn organization(&mut self, r: &Organization) {
        self.text("Short name", &r.short_name);
        self.text("Type", &r.organization_type_name);
        self.text("Status", &r.organization_status_name);
        self.text("Alert", &r.alert);
        self.text("Description", &r.description);
        if let Some(parent) = r.parent_id {
            let parent = OrganizationId::new(self.source, parent);
            let value = self.record(parent.key(), Some(parent), &format!("organization {parent}"));
            self.push("Parent", value);
        }
        self.flag("Own organization", r.primary);
        self.end("Organization");
        match self.context.store.quick_notes(r.organization_id()) {
            Some((notes, is_cut)) => {
                self.notes("Quick notes", notes);
                if is_cut {
                    self.remark("Only the beginning: the list of organizations has no more.");
                }
            }
            None => self.notes("Quick notes", &r.quick_notes),
        }
    }
}
