//! Locations.

use super::{Common, RawBody};
use crate::text::Clean;

/// A location.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Location {
    pub id: u64,
    pub name: Clean,
    pub primary: bool,
    pub address_1: Clean,
    pub address_2: Clean,
    pub city: Clean,
    pub postal_code: Clean,
    pub region_name: Clean,
    pub country_name: Clean,
    pub phone: Clean,
    pub fax: Clean,
    pub notes: RawBody,
    pub common: Common,
}
