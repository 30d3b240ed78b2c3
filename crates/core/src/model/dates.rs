//! Records that are about a date: domains and expirations.

use super::{Common, RawBody};
use crate::text::Clean;

/// A domain.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Domain {
    pub id: u64,
    pub name: Clean,
    pub registrar_name: Clean,
    pub expires_on: Clean,
    pub notes: RawBody,
    pub common: Common,
}

/// A date to watch.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Expiration {
    pub id: u64,
    pub resource_id: Option<u64>,
    pub resource_name: Clean,
    pub resource_type_name: Clean,
    pub resource_attribute_name: Clean,
    pub description: Clean,
    pub expiration_date: Clean,
    pub common: Common,
}
