//! The metadata of passwords.

use std::sync::Arc;

use super::{Common, Kind, PasswordFolderId, RawBody, RecordKey};
use crate::text::Clean;

/// The metadata of a password. There is no field for the value: no list, detail or search ever holds one.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Password {
    pub id: u64,
    pub name: Clean,
    pub username: Clean,
    pub url: Clean,
    pub notes: RawBody,
    pub password_category_id: Option<u64>,
    pub password_category_name: Arc<str>,
    pub password_folder_id: Option<PasswordFolderId>,
    pub password_updated_at: Option<jiff::Timestamp>,
    pub updated_by: Option<u64>,
    pub updated_by_type: Clean,
    /// Set: embedded in that record
    pub resource_id: Option<u64>,
    pub resource_type: Clean,
    pub cached_resource_name: Clean,
    pub cached_resource_type_name: Clean,
    pub parent_url: Clean,
    pub otp_enabled: bool,
    /// Set: vaulted, the API cannot reveal it
    pub vault_id: Option<u64>,
    pub personal: bool,
    pub common: Common,
}

impl Password {
    /// Its address.
    pub fn key(&self) -> RecordKey {
        RecordKey::new(self.common.source, Kind::Password, self.id)
    }
}
