//! What is known of records and clients, in the words that every room uses for it.

use super::component::Ctx;
use super::keymap::Action;
use gluepot_body::LinkBase;
use gluepot_core::model::{Kind, ListKey, OrganizationId, RecordKey};

impl Ctx {
    pub(in crate::tui) fn organization_of(&self, key: RecordKey) -> Option<OrganizationId> {
        self.store.record(key).and_then(|record| record.organization_id())
    }

    pub(in crate::tui) fn organization_name(&self, id: OrganizationId) -> String {
        self.store.organization(id).map_or_else(|| format!("organization {id}"), |o| o.name.to_string())
    }

    /// Whether a list is of something the open organization has.
    pub(in crate::tui) fn is_current(&self, key: ListKey) -> bool {
        key.organization().is_none_or(|o| Some(o) == self.organization)
    }

    /// The address of a record in the web app: what the server says when it is a web address, else made from the
    /// tenant's host.
    pub(in crate::tui) fn web_address(&self, key: RecordKey) -> Option<String> {
        let record = self.store.record(key)?;
        let given = record.common().map(|c| c.resource_url.as_str()).unwrap_or_default();
        if let Ok(url) = url::Url::parse(given)
            && matches!(url.scheme(), "https" | "http")
        {
            return Some(url.to_string());
        }
        let host = self.hosts.first()?;
        let organization = record.organization_id()?;
        let path = match key.kind {
            Kind::Organization => String::new(),
            Kind::Document => format!("/docs/{}", key.id),
            Kind::Configuration => format!("/configurations/{}", key.id),
            Kind::Password => format!("/passwords/{}", key.id),
            Kind::Contact => format!("/contacts/{}", key.id),
            Kind::Location => format!("/locations/{}", key.id),
            Kind::Domain => format!("/domains/{}", key.id),
            Kind::Checklist => format!("/checklists/{}", key.id),
            Kind::FlexibleAsset => format!("/assets/records/{}", key.id),
            _ => return None,
        };
        Some(format!("https://{host}/{organization}{path}"))
    }

    pub(in crate::tui) fn short_name(&self, id: OrganizationId) -> String {
        match self.store.organization(id) {
            Some(o) if !o.short_name.is_empty() => o.short_name.to_string(),
            Some(o) => o.name.to_string(),
            None => id.to_string(),
        }
    }

    /// How to ask the server again from here, in a sentence.
    pub(in crate::tui) fn again(&self) -> String {
        format!("press {}", self.hint(Action::Refresh))
    }

    /// Where links in bodies lead.
    pub(in crate::tui) fn link_base(&self, organization: Option<OrganizationId>) -> LinkBase {
        LinkBase::new(organization.map_or(self.store.source(), |o| o.source), organization, &self.hosts)
    }
}
