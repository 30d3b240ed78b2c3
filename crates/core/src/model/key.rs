//! The addresses of records and lists: each names its source, so that the ids of two accounts cannot be taken for
//! each other.

use super::{Kind, SourceId};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A folder of documents.
    DocumentFolderId,
    /// A folder of passwords.
    PasswordFolderId,
    /// A type of flexible asset.
    FlexibleAssetTypeId,
}

/// An organization of a source: one client of the MSP, or the MSP itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OrganizationId {
    /// The account it is in
    pub source: SourceId,
    /// Its id there
    pub id: u64,
}

impl OrganizationId {
    /// The organization with this id in an account.
    pub const fn new(source: SourceId, id: u64) -> Self {
        Self { source, id }
    }

    /// The address of its record.
    pub const fn key(self) -> RecordKey {
        RecordKey::new(self.source, Kind::Organization, self.id)
    }
}

/// Its id alone: what people see, and what stands in requests to its own source.
impl std::fmt::Display for OrganizationId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.id.fmt(f)
    }
}

/// The address of one record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RecordKey {
    /// The account it is in
    pub source: SourceId,
    /// What it is
    pub kind: Kind,
    /// Its id, unique within the kind in its account
    pub id: u64,
}

impl RecordKey {
    /// The record of this kind and id in an account.
    pub const fn new(source: SourceId, kind: Kind, id: u64) -> Self {
        Self { source, kind, id }
    }
}

/// One list a source can give. The key of a list in the library and what a loader gets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ListKey {
    /// All organizations the key may see
    Organizations(SourceId),
    /// All document folders of an organization
    DocumentFolders(OrganizationId),
    /// All documents of an organization, in folders or not, with their bodies
    Documents(OrganizationId),
    /// All configurations of an organization
    Configurations(OrganizationId),
    /// All passwords of an organization: metadata, never a value
    Passwords(OrganizationId),
    /// All password folders of an organization
    PasswordFolders(OrganizationId),
    /// All flexible asset types of the account with their fields
    FlexibleAssetTypes(SourceId),
    /// All flexible assets of one type of an organization
    FlexibleAssets(OrganizationId, FlexibleAssetTypeId),
    /// All contacts of an organization
    Contacts(OrganizationId),
    /// All locations of an organization
    Locations(OrganizationId),
    /// All domains of an organization
    Domains(OrganizationId),
    /// All expirations of an organization
    Expirations(OrganizationId),
    /// All checklists of an organization
    Checklists(OrganizationId),
}

impl ListKey {
    /// The client it is of, or the account where it is of no client.
    fn owner(self) -> Result<OrganizationId, SourceId> {
        match self {
            Self::Organizations(source) | Self::FlexibleAssetTypes(source) => Err(source),
            Self::DocumentFolders(o)
            | Self::Documents(o)
            | Self::Configurations(o)
            | Self::Passwords(o)
            | Self::PasswordFolders(o)
            | Self::FlexibleAssets(o, _)
            | Self::Contacts(o)
            | Self::Locations(o)
            | Self::Domains(o)
            | Self::Expirations(o)
            | Self::Checklists(o) => Ok(o),
        }
    }

    /// The account it is of.
    pub fn source(self) -> SourceId {
        self.owner().map_or_else(|source| source, |organization| organization.source)
    }

    /// The kind of record it lists; `None` for folders of passwords and for asset types.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Organizations(_) => Some(Kind::Organization),
            Self::DocumentFolders(_) => Some(Kind::DocumentFolder),
            Self::Documents(_) => Some(Kind::Document),
            Self::Configurations(_) => Some(Kind::Configuration),
            Self::Passwords(_) => Some(Kind::Password),
            Self::PasswordFolders(_) | Self::FlexibleAssetTypes(_) => None,
            Self::FlexibleAssets(..) => Some(Kind::FlexibleAsset),
            Self::Contacts(_) => Some(Kind::Contact),
            Self::Locations(_) => Some(Kind::Location),
            Self::Domains(_) => Some(Kind::Domain),
            Self::Expirations(_) => Some(Kind::Expiration),
            Self::Checklists(_) => Some(Kind::Checklist),
        }
    }

    /// The organization it is of; `None` for account-wide lists.
    pub fn organization(self) -> Option<OrganizationId> {
        self.owner().ok()
    }

    /// The word for what it lists, in the plural.
    pub fn word(self) -> &'static str {
        match self {
            Self::Organizations(_) => "organizations",
            Self::DocumentFolders(_) => "document folders",
            Self::Documents(_) => "documents",
            Self::Configurations(_) => "configurations",
            Self::Passwords(_) => "passwords",
            Self::PasswordFolders(_) => "password folders",
            Self::FlexibleAssetTypes(_) => "flexible asset types",
            Self::FlexibleAssets(..) => "flexible assets",
            Self::Contacts(_) => "contacts",
            Self::Locations(_) => "locations",
            Self::Domains(_) => "domains",
            Self::Expirations(_) => "expirations",
            Self::Checklists(_) => "checklists",
        }
    }
}
