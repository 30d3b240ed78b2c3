//! What the account keeps of itself: metrics, logs, exports.

use super::kind::{NOTHING, Spec};

pub(super) const USER_METRICS: Spec = Spec {
    list: true,
    filters: &["user-id", "organization-id", "resource-type", "date"],
    sorts: &["id", "created", "viewed", "edited", "deleted", "date"],
    ..NOTHING
};

pub(super) const LOGS: Spec =
    Spec { list: true, filters: &["created-at"], sorts: &["created-at"], default_sort: "created-at", ..NOTHING };

pub(super) const EXPORTS: Spec = Spec {
    list: true,
    show: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "export-status",
        "download-url",
        "include-logs",
        "export-all",
        "encrypted-status",
    ],
    filters: &["id"],
    create: true,
    delete: true,
    ..NOTHING
};
