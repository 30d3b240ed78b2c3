//! The lists of the account, and what kinds of devices there are.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `assets/demo/lookups.toml`: the account-wide lists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Lookups {
    pub organization_types: Vec<Named>,
    pub organization_statuses: Vec<Named>,
    pub configuration_types: Vec<Named>,
    pub configuration_statuses: Vec<Named>,
    pub contact_types: Vec<Named>,
    pub password_categories: Vec<Named>,
    pub platforms: Vec<String>,
    pub operating_systems: Vec<Named>,
    /// Manufacturer to models, a fixed id behind `=`
    pub models: BTreeMap<String, Vec<String>>,
    /// `Country=ISO` to regions `Region` or `Region=ISO`
    pub countries: BTreeMap<String, Vec<String>>,
    pub users: Vec<User>,
    /// Group to the names of its users
    pub groups: BTreeMap<String, Vec<String>>,
}

/// An entry of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Named {
    pub name: String,
    pub id: Option<u64>,
    pub kind: Option<String>,
    pub platform: Option<String>,
}

/// A technician.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct User {
    pub id: Option<u64>,
    pub name: [String; 2],
    pub role: String,
}

/// `assets/demo/catalogue.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Catalogue {
    pub roles: Vec<Role>,
}

/// What devices of one role have in common.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Role {
    pub role: String,
    pub label: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub net: u32,
    pub host: u32,
    pub models: Vec<String>,
    pub os: Vec<String>,
    pub ports: Vec<String>,
    pub notes: Vec<String>,
}
