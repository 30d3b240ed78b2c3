//! The tabs of the fifth pane.

use gluepot_core::model::{ListKey, OrganizationId};

/// The tabs of pane 5.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Tab {
    /// Flexible assets by type
    #[default]
    Assets,
    /// Contacts
    Contacts,
    /// Locations
    Locations,
    /// Domains
    Domains,
    /// Dates to watch
    Expirations,
    /// Checklists
    Checklists,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 6] =
        [Self::Assets, Self::Contacts, Self::Locations, Self::Domains, Self::Expirations, Self::Checklists];

    /// The word in the title.
    pub fn label(self) -> &'static str {
        match self {
            Self::Assets => "Assets",
            Self::Contacts => "Contacts",
            Self::Locations => "Locations",
            Self::Domains => "Domains",
            Self::Expirations => "Expirations",
            Self::Checklists => "Checklists",
        }
    }

    /// The list of the tab; the assets have one for each type instead.
    pub fn list(self, organization: OrganizationId) -> Option<ListKey> {
        match self {
            Self::Assets => None,
            Self::Contacts => Some(ListKey::Contacts(organization)),
            Self::Locations => Some(ListKey::Locations(organization)),
            Self::Domains => Some(ListKey::Domains(organization)),
            Self::Expirations => Some(ListKey::Expirations(organization)),
            Self::Checklists => Some(ListKey::Checklists(organization)),
        }
    }

    /// The tab `step` further on, around the end.
    pub fn step(self, step: isize) -> Self {
        let at = Self::ALL.iter().position(|&t| t == self).unwrap_or(0) as isize;
        Self::ALL[(at + step).rem_euclid(Self::ALL.len() as isize) as usize]
    }
}
