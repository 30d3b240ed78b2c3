//! Flexible assets, their types and fields.

use super::kind::{NOTHING, Spec};

pub(super) const FLEXIBLE_ASSET_TYPES: Spec = Spec {
    list: true,
    show: true,
    attributes: &["name", "description", "icon", "enabled", "show-in-menu"],
    filters: &["id", "name", "icon", "enabled"],
    sorts: &["name", "id", "created-at", "updated-at"],
    default_sort: "name",
    includes: &["flexible-asset-fields"],
    create: true,
    update: true,
    required: &["name"],
    ..NOTHING
};

pub(super) const FLEXIBLE_ASSET_FIELDS: Spec = Spec {
    show: true,
    attributes: &[
        "order",
        "name",
        "name-key",
        "kind",
        "hint",
        "tag-type",
        "required",
        "use-for-title",
        "expiration",
        "show-in-list",
        "decimals",
        "default-value",
        "flexible-asset-type-id",
    ],
    filters: &["id"],
    default_sort: "order",
    includes: &["remote-asset-field"],
    create: true,
    update: true,
    delete: true,
    required: &["flexible-asset-type-id", "name", "kind"],
    ..NOTHING
};

pub(super) const FLEXIBLE_ASSETS: Spec = Spec {
    list: true,
    show: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "restricted",
        "my-glue",
        "flexible-asset-type-id",
        "flexible-asset-type-name",
        "name",
        "traits",
        "archived",
    ],
    filters: &["name", "organization-id", "flexible-asset-type-id"],
    sorts: &["name", "created-at", "updated-at"],
    default_sort: "name",
    includes: &[
        "adapters-resources",
        "attachments",
        "distinct-remote-assets",
        "group-resource-accesses",
        "passwords",
        "user-resource-accesses",
    ],
    show_includes: &["authorized-users", "recent-versions", "related-items"],
    create: true,
    update: true,
    delete: true,
    ..NOTHING
};
