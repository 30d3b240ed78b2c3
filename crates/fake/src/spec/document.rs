//! Documents with their sections, folders and images.

use super::kind::{NOTHING, Spec};

pub(super) const DOCUMENTS: Spec = Spec {
    show: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "restricted",
        "my-glue",
        "name",
        "public",
        "document-folder-id",
        "is-uploaded",
        "user-id",
        "published-by",
        "published-at",
        "archived",
    ],
    // Observed on live accounts: `filter[name]` has no effect on documents.
    filters: &["id", "document-folder-id"],
    sorts: &["name", "updated-at"],
    lax_filters: &[],
    lax_sorts: &["id", "created-at"],
    default_sort: "name",
    lax_includes: &["attachments"],
    show_includes: &[
        "attachments",
        "related-items",
        "user-resource-accesses",
        "group-resource-accesses",
        "authorized-users",
        "recent-versions",
        "passwords",
    ],
    create: true,
    update: true,
    delete: true,
    required: &["name"],
    ..NOTHING
};

pub(super) const SECTIONS: Spec = Spec {
    attributes: &[
        "document-id",
        "resource-id",
        "resource-type",
        "content",
        "rendered-content",
        "level",
        "duration",
        "reset-count",
        "sort",
        "document-gallery-id",
        "document-images",
    ],
    filters: &["id", "resource-type", "document-id"],
    sorts: &["sort", "id", "created-at", "updated-at"],
    default_sort: "sort",
    create: true,
    update: true,
    delete: true,
    ..NOTHING
};

pub(super) const FOLDERS: Spec = Spec {
    list: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "restricted",
        "my-glue",
        "name",
        "parent-id",
        "ancestor-ids",
        "documents-count",
    ],
    filters: &["id", "parent-id"],
    // On the list of all organizations.
    lax_filters: &["organization-id"],
    sorts: &["name", "created-at", "updated-at"],
    default_sort: "name",
    includes: &["ancestors", "user-resource-accesses", "group-resource-accesses", "authorized-users"],
    create: true,
    update: true,
    delete: true,
    required: &["name"],
    ..NOTHING
};

pub(super) const PASSWORD_FOLDERS: Spec = Spec {
    attributes: &["organization-id", "organization-name", "restricted", "name", "parent-id", "ancestor-ids"],
    ..FOLDERS
};

pub(super) const IMAGES: Spec = Spec {
    show: true,
    attributes: &["name", "size", "document-id", "document-gallery-id", "target"],
    create: true,
    delete: true,
    ..NOTHING
};
