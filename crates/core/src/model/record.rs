//! Any record of any list, and what every record can be asked.

use std::sync::Arc;

use super::{
    Checklist, Common, Configuration, Contact, Document, Domain, Expiration, FlexibleAsset, FlexibleAssetType, Folder,
    Kind, Location, Organization, OrganizationId, Password, RecordKey, SourceId,
};
use crate::text::Clean;

/// Any record of any list.
#[derive(Clone, PartialEq, Debug)]
#[expect(missing_docs, reason = "one variant per record type, named as it")]
pub enum Record {
    Organization(Organization),
    DocumentFolder(Folder),
    Document(Document),
    Configuration(Configuration),
    Password(Password),
    PasswordFolder(Folder),
    FlexibleAssetType(FlexibleAssetType),
    FlexibleAsset(FlexibleAsset),
    Contact(Contact),
    Location(Location),
    Domain(Domain),
    Expiration(Expiration),
    Checklist(Checklist),
}

/// One row of a list's answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Row {
    /// A record that could be read
    Record(Arc<Record>),
    /// A record that could not: it stays in its place as a marked row
    Unreadable {
        /// Its id, when at least that could be read
        id: Option<u64>,
        /// What was wrong, in words
        why: Clean,
    },
}

impl Record {
    /// Its id within its kind.
    pub fn id(&self) -> u64 {
        match self {
            Self::Organization(r) => r.id,
            Self::DocumentFolder(r) | Self::PasswordFolder(r) => r.id,
            Self::Document(r) => r.id,
            Self::Configuration(r) => r.id,
            Self::Password(r) => r.id,
            Self::FlexibleAssetType(r) => r.id,
            Self::FlexibleAsset(r) => r.id,
            Self::Contact(r) => r.id,
            Self::Location(r) => r.id,
            Self::Domain(r) => r.id,
            Self::Expiration(r) => r.id,
            Self::Checklist(r) => r.id,
        }
    }

    /// Its name, as shown in a list.
    pub fn name(&self) -> &Clean {
        match self {
            Self::Organization(r) => &r.name,
            Self::DocumentFolder(r) | Self::PasswordFolder(r) => &r.name,
            Self::Document(r) => &r.name,
            Self::Configuration(r) => &r.name,
            Self::Password(r) => &r.name,
            Self::FlexibleAssetType(r) => &r.name,
            Self::FlexibleAsset(r) => &r.name,
            Self::Contact(r) => &r.name,
            Self::Location(r) => &r.name,
            Self::Domain(r) => &r.name,
            Self::Expiration(r) => &r.resource_name,
            Self::Checklist(r) => &r.name,
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Organization(_) => Kind::Organization,
            Self::DocumentFolder(_) => Kind::DocumentFolder,
            Self::Document(_) => Kind::Document,
            Self::Configuration(_) => Kind::Configuration,
            Self::Password(_) => Kind::Password,
            Self::FlexibleAsset(_) => Kind::FlexibleAsset,
            Self::Contact(_) => Kind::Contact,
            Self::Location(_) => Kind::Location,
            Self::Domain(_) => Kind::Domain,
            Self::Expiration(_) => Kind::Expiration,
            Self::Checklist(_) => Kind::Checklist,
            Self::PasswordFolder(_) | Self::FlexibleAssetType(_) => Kind::Unknown,
        }
    }

    /// The account it comes from.
    pub fn source(&self) -> SourceId {
        match self {
            Self::FlexibleAssetType(r) => r.source,
            other => other.common().map_or(SourceId::NONE, |common| common.source),
        }
    }

    /// Its address.
    pub fn key(&self) -> RecordKey {
        RecordKey::new(self.source(), self.kind(), self.id())
    }

    /// What it shares with other records; account-wide ones have none.
    pub fn common(&self) -> Option<&Common> {
        match self {
            Self::Organization(r) => Some(&r.common),
            Self::DocumentFolder(r) | Self::PasswordFolder(r) => Some(&r.common),
            Self::Document(r) => Some(&r.common),
            Self::Configuration(r) => Some(&r.common),
            Self::Password(r) => Some(&r.common),
            Self::FlexibleAssetType(_) => None,
            Self::FlexibleAsset(r) => Some(&r.common),
            Self::Contact(r) => Some(&r.common),
            Self::Location(r) => Some(&r.common),
            Self::Domain(r) => Some(&r.common),
            Self::Expiration(r) => Some(&r.common),
            Self::Checklist(r) => Some(&r.common),
        }
    }

    /// The organization it belongs to; an organization belongs to itself.
    pub fn organization_id(&self) -> Option<OrganizationId> {
        match self {
            Self::Organization(r) => Some(r.organization_id()),
            other => other.common().and_then(|c| c.organization_id),
        }
    }

    /// Whether it is archived.
    pub fn is_archived(&self) -> bool {
        self.common().is_some_and(|c| c.archived)
    }
}
