//! A client with its places, people and devices.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One file of `assets/demo/organizations`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Organization {
    pub id: u64,
    pub name: String,
    pub short: String,
    /// Begins the names of devices where the short name cannot
    pub prefix: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
    pub status: String,
    #[serde(default)]
    pub primary: bool,
    /// Short name of the organization above
    pub parent: Option<String>,
    #[serde(default)]
    pub long_ids: bool,
    pub description: String,
    pub alert: String,
    pub quick_notes: String,
    #[serde(default)]
    pub quick_notes_vaulted: bool,
    /// The PSA it is synced with, as `filter[psa_integration_type]` names it
    pub psa: Option<String>,
    /// The RMM its machines report to, as `filter[rmm_integration_type]` names it
    pub rmm: Option<String>,
    /// First two octets of the network
    pub lan: String,
    /// Domain of mail addresses
    pub mail: String,
    pub created: String,
    pub updated: Option<String>,
    pub equipment: BTreeMap<String, usize>,
    /// First name, last name, title, type, `important`
    pub contacts: Vec<Vec<String>>,
    /// Name, registrar, date
    pub domains: Vec<[String; 3]>,
    #[serde(default)]
    pub locations: Vec<Location>,
    #[serde(default)]
    pub devices: Vec<Device>,
}

/// A location.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Location {
    pub id: Option<u64>,
    pub name: String,
    pub address: Vec<String>,
    pub city: String,
    pub postal: String,
    pub region: String,
    pub phone: Option<String>,
    pub notes: Option<String>,
}

/// A device that is not only counted but described: what is absent comes from the role `like`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Device {
    pub role: String,
    pub like: String,
    pub id: Option<u64>,
    pub name: Option<String>,
    pub ip: Option<String>,
    pub mac: Option<String>,
    pub serial: Option<String>,
    pub tag: Option<String>,
    pub position: Option<String>,
    pub model: Option<String>,
    pub os: Option<String>,
    pub os_notes: Option<String>,
    pub notes: Option<String>,
    pub location: Option<String>,
    pub contact: Option<String>,
    pub installed_by: Option<String>,
    pub installed: Option<String>,
    pub purchased: Option<String>,
    pub warranty: Option<String>,
    pub status: Option<String>,
    #[serde(default)]
    pub archived: bool,
    #[serde(default)]
    pub restricted: bool,
    pub created: Option<String>,
    pub updated: Option<String>,
    pub interface_id: Option<u64>,
}
