//! Small tables that others point at.

use super::kind::{LOOKUP, Spec};

pub(super) const ORGANIZATION_TYPES: Spec = Spec { attributes: &["name", "synced"], ..LOOKUP };

pub(super) const ORGANIZATION_STATUSES: Spec = Spec { delete: true, ..ORGANIZATION_TYPES };

pub(super) const CONFIGURATION_TYPES: Spec = Spec { attributes: &["name", "configurations-count"], ..LOOKUP };

pub(super) const PASSWORD_CATEGORIES: Spec =
    Spec { attributes: &["name", "passwords-count"], sorts: &["name", "created-at", "updated-at"], ..LOOKUP };

pub(super) const READ_ONLY_LOOKUP: Spec = Spec { create: false, update: false, ..LOOKUP };

pub(super) const MODELS: Spec = Spec {
    attributes: &["name", "manufacturer-id", "manufacturer-name"],
    filters: &["id"],
    sorts: &["name", "id", "manufacturer-id", "created-at", "updated-at"],
    required: &["name"],
    ..LOOKUP
};

pub(super) const OPERATING_SYSTEMS: Spec =
    Spec { attributes: &["name", "platform-id", "platform-name"], ..READ_ONLY_LOOKUP };

pub(super) const COUNTRIES: Spec = Spec { filters: &["name", "iso"], ..READ_ONLY_LOOKUP };

pub(super) const REGIONS: Spec = Spec { filters: &["name", "iso", "country-id"], ..READ_ONLY_LOOKUP };
