//! Organizations: the clients of the MSP.

use super::{Common, OrganizationId, RawBody};
use crate::text::Clean;

/// An organization.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Organization {
    pub id: u64,
    pub name: Clean,
    pub short_name: Clean,
    pub description: Clean,
    pub alert: Clean,
    /// HTML, unfiltered: goes through `gluepot-body` before it is drawn
    pub quick_notes: RawBody,
    /// The list cuts quick notes: these are only their beginning, the single record has all of them
    pub quick_notes_cut: bool,
    pub organization_type_name: Clean,
    pub organization_status_name: Clean,
    pub primary: bool,
    pub parent_id: Option<u64>,
    pub common: Common,
}

impl Organization {
    /// Its id with its account.
    pub fn organization_id(&self) -> OrganizationId {
        OrganizationId::new(self.common.source, self.id)
    }
}
