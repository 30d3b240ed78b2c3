//! Checklists, dates to watch and attachments.

use super::kind::{NOTHING, Spec};

pub(super) const EXPIRATIONS: Spec = Spec {
    list: true,
    show: true,
    by_organization: true,
    filters: &[
        "id",
        "organization-id",
        "resource-id",
        "resource-name",
        "resource-type-name",
        "description",
        "expiration-date",
    ],
    sorts: &["id", "organization-id", "expiration-date", "created-at", "updated-at"],
    ..NOTHING
};

pub(super) const CHECKLISTS: Spec = Spec {
    list: true,
    show: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "restricted",
        "my-glue",
        "name",
        "description",
        "checklist-template-id",
        "completed",
        "completed-at",
        "assignee-id",
        "assignee-name",
        "due-date",
        "percent-complete",
        "archived",
    ],
    filters: &["id", "organization-id"],
    lax_filters: &["completed", "assignee-id"],
    sorts: &["completed", "created-at", "updated-at"],
    includes: &["attachments", "checklist-tasks", "user-resource-accesses", "group-resource-accesses"],
    show_includes: &["recent-versions", "related-items", "authorized-users"],
    update: true,
    delete: true,
    ..NOTHING
};

pub(super) const CHECKLIST_TASKS: Spec = Spec {
    list: true,
    show: true,
    attributes: &[
        "checklist-id",
        "name",
        "description",
        "position",
        "completed",
        "completed-at",
        "assignee-id",
        "assignee-name",
        "due-date",
    ],
    filters: &["checklist-id"],
    lax_sorts: &["position", "order", "id"],
    default_sort: "position",
    ..NOTHING
};

pub(super) const CHECKLIST_TEMPLATE_TASKS: Spec = Spec {
    show: false,
    attributes: &["checklist-template-id", "name", "description", "position"],
    filters: &["checklist-template-id"],
    ..CHECKLIST_TASKS
};

pub(super) const SSL_CERTIFICATES: Spec = Spec {
    list: true,
    filters: &["id", "organization-id"],
    lax_sorts: &["id", "name"],
    default_sort: "name",
    ..NOTHING
};

pub(super) const CHECKLIST_TEMPLATES: Spec = Spec {
    list: true,
    show: true,
    lax_filters: &["id", "name"],
    lax_sorts: &["name", "id"],
    default_sort: "name",
    lax_includes: &["attachments"],
    show_includes: &["related-items"],
    ..NOTHING
};

pub(super) const ATTACHMENTS: Spec = Spec {
    attributes: &[
        "name",
        "attachment-file-name",
        "attachment-content-type",
        "attachment-file-size",
        "ext",
        "viewable",
        "download-url",
    ],
    lax_sorts: &["name", "id"],
    create: true,
    update: true,
    delete: true,
    ..NOTHING
};
