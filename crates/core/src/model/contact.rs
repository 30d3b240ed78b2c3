//! Contacts and how to reach them.

use std::sync::Arc;

use super::{Common, RawBody};
use crate::text::Clean;

/// A mail address or telephone number of a contact.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct ContactPoint {
    pub value: Clean,
    pub extension: Clean,
    pub label_name: Clean,
    pub primary: bool,
}

/// A contact.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Contact {
    pub id: u64,
    pub name: Clean,
    pub first_name: Clean,
    pub last_name: Clean,
    pub title: Clean,
    pub contact_type_name: Arc<str>,
    pub location_id: Option<u64>,
    pub location_name: Arc<str>,
    pub important: bool,
    pub notes: RawBody,
    pub emails: Vec<ContactPoint>,
    pub phones: Vec<ContactPoint>,
    pub common: Common,
}
