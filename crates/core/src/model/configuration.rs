//! Configurations: devices, with what hangs on them.

use std::sync::Arc;

use super::{Common, RawBody};
use crate::text::Clean;

/// A configuration: a device.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Configuration {
    pub id: u64,
    pub name: Clean,
    pub hostname: Clean,
    pub primary_ip: Clean,
    pub mac_address: Clean,
    pub default_gateway: Clean,
    pub serial_number: Clean,
    pub asset_tag: Clean,
    pub position: Clean,
    pub installed_by: Clean,
    pub purchased_by: Clean,
    /// Text or HTML
    pub notes: RawBody,
    pub operating_system_notes: RawBody,
    pub operating_system_name: Arc<str>,
    pub configuration_type_name: Arc<str>,
    pub configuration_type_kind: Arc<str>,
    pub configuration_status_name: Arc<str>,
    pub manufacturer_name: Arc<str>,
    pub model_name: Arc<str>,
    pub location_id: Option<u64>,
    pub location_name: Arc<str>,
    pub contact_id: Option<u64>,
    pub contact_name: Arc<str>,
    /// Dates as the server wrote them, filtered: `YYYY-MM-DD` or a full date-time
    pub warranty_expires_at: Clean,
    pub installed_at: Clean,
    pub purchased_at: Clean,
    pub mitp_device_expiration_date: Clean,
    pub mitp_end_of_life_date: Clean,
    pub common: Common,
}

/// A network interface of a configuration.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Interface {
    pub id: u64,
    pub name: Clean,
    pub ip_address: Clean,
    pub mac_address: Clean,
    pub primary: bool,
    pub notes: Clean,
}

/// What the RMM knows of a configuration, as of its last report (API sheet of IT Glue: `rmm-records`).
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct RmmRecord {
    pub id: u64,
    pub name: Clean,
    pub hostname: Clean,
    pub device_type: Clean,
    pub cpu: Clean,
    /// Bytes
    pub memory_total: Option<u64>,
    pub operating_system: Clean,
    pub disks: Vec<Disk>,
    pub ip_addresses: Vec<Clean>,
    pub mac_addresses: Vec<Clean>,
    pub last_login_user: Clean,
    pub last_reboot: Option<jiff::Timestamp>,
    pub last_seen_online: Option<jiff::Timestamp>,
    pub patches_applied: Option<u64>,
    pub patches_total: Option<u64>,
    pub manufacturer_name: Clean,
    pub manufacturer_model_name: Clean,
    pub serial_number: Clean,
    pub ms_office_version: Clean,
    /// A page of the RMM, on another host
    pub external_url: Clean,
}

/// A disk in an [`RmmRecord`].
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Disk {
    pub name: Clean,
    /// Bytes
    pub used: Option<u64>,
    /// Bytes
    pub total: Option<u64>,
}
