//! The records of IT Glue as this program knows them: plain data, filtered text, no secrets, no API and no screen.
//!
//! Field names are those of the API in snake case. Empty text means "null, absent or empty", which the API
//! uses without a difference. Ids are 64-bit integers: EU and AU accounts have 16 digits.

mod asset;
mod checklist;
mod common;
mod configuration;
mod contact;
mod dates;
mod document;
mod folder;
mod key;
mod kinds;
mod location;
mod organization;
mod password;
mod record;
mod shown;
mod source;

pub use asset::{FlexibleAsset, FlexibleAssetField, FlexibleAssetType, TagValue, TraitValue, UploadValue};
pub use checklist::{Checklist, ChecklistTask};
pub use common::{Common, RawBody};
pub use configuration::{Configuration, Disk, Interface, RmmRecord};
pub use contact::{Contact, ContactPoint};
pub use dates::{Domain, Expiration};
pub use document::{Content, Document, GalleryImage, Section};
pub use folder::Folder;
pub use key::{DocumentFolderId, FlexibleAssetTypeId, ListKey, OrganizationId, PasswordFolderId, RecordKey};
pub use kinds::Kind;
pub use location::Location;
pub use organization::Organization;
pub use password::Password;
pub use record::{Record, Row};
pub use shown::{Access, Attachment, Extras, Related, Shown, Ticket, Version};
pub use source::{SourceId, SourceName};
