//! What each resource of the API can do: its attributes, filters, sort fields, includes and writes.
//!
//! Names are in kebab case here; requests may also use snake case. The tables follow the public documentation of the
//! API, with the corrections people with live accounts have reported.

use serde_json::{Value, json};

use super::world::Table;

/// What one resource can do.
pub(super) struct Spec {
    /// `GET /x` lists it
    pub list: bool,
    /// `GET /x/:id` shows one
    pub show: bool,
    /// Lists under an organization exist
    pub by_organization: bool,
    /// Attributes a new record is born with; anything else in a request is ignored
    pub attributes: &'static [&'static str],
    /// Documented filters; all others are ignored
    pub filters: &'static [&'static str],
    /// Fields `sort` accepts by the documentation; all others are ignored
    pub sorts: &'static [&'static str],
    /// Undocumented filters that some clients rely on: they work unless the server is strict
    pub lax_filters: &'static [&'static str],
    /// The same of sort fields
    pub lax_sorts: &'static [&'static str],
    /// The order of a list without `sort`
    pub default_sort: &'static str,
    /// Includes of lists and of single records
    pub includes: &'static [&'static str],
    /// Includes of single records only
    pub show_includes: &'static [&'static str],
    /// Includes of lists that are documented for single records only, or nowhere
    pub lax_includes: &'static [&'static str],
    /// POST
    pub create: bool,
    /// PATCH, single and in bulk
    pub update: bool,
    /// DELETE, single and in bulk
    pub delete: bool,
    /// Attributes without which POST is refused
    pub required: &'static [&'static str],
    /// Whether PATCH of a record synced with a PSA is refused
    pub synced: bool,
}

impl Spec {
    /// Whether a filter works.
    pub(super) fn filters_by(&self, key: &str, strict: bool) -> bool {
        self.filters.contains(&key) || !strict && self.lax_filters.contains(&key)
    }

    /// Whether `sort` accepts a field.
    pub(super) fn sorts_by(&self, field: &str, strict: bool) -> bool {
        self.sorts.contains(&field) || !strict && self.lax_sorts.contains(&field)
    }

    /// Whether an include works, on a list or on a single record.
    pub(super) fn includes(&self, name: &str, alone: bool, strict: bool) -> bool {
        self.includes.contains(&name)
            || alone && self.show_includes.contains(&name)
            || !strict && self.lax_includes.contains(&name)
    }
}

const NOTHING: Spec = Spec {
    list: false,
    show: false,
    by_organization: false,
    attributes: &[],
    filters: &[],
    sorts: &["created-at", "updated-at"],
    lax_filters: &["id"],
    lax_sorts: &["id"],
    default_sort: "id",
    includes: &[],
    show_includes: &[],
    lax_includes: &[],
    create: false,
    update: false,
    delete: false,
    required: &[],
    synced: false,
};

const LOOKUP: Spec = Spec {
    list: true,
    show: true,
    attributes: &["name"],
    filters: &["name"],
    sorts: &["name", "id", "created-at", "updated-at"],
    default_sort: "name",
    create: true,
    update: true,
    required: &["name"],
    ..NOTHING
};

const ORGANIZATION_TYPES: Spec = Spec { attributes: &["name", "synced"], ..LOOKUP };

const ORGANIZATION_STATUSES: Spec = Spec { delete: true, ..ORGANIZATION_TYPES };

const CONFIGURATION_TYPES: Spec = Spec { attributes: &["name", "configurations-count"], ..LOOKUP };

const PASSWORD_CATEGORIES: Spec =
    Spec { attributes: &["name", "passwords-count"], sorts: &["name", "created-at", "updated-at"], ..LOOKUP };

const READ_ONLY_LOOKUP: Spec = Spec { create: false, update: false, ..LOOKUP };

const ORGANIZATIONS: Spec = Spec {
    list: true,
    show: true,
    attributes: &[
        "name",
        "short-name",
        "description",
        "alert",
        "organization-type-id",
        "organization-type-name",
        "organization-status-id",
        "organization-status-name",
        "primary",
        "logo",
        "quick-notes",
        "quick-notes-updated-at",
        "psa-integration",
        "my-glue-account-id",
        "parent-id",
    ],
    filters: &[
        "id",
        "name",
        "organization-type-id",
        "organization-status-id",
        "created-at",
        "updated-at",
        "my-glue-account-id",
        "psa-id",
        "psa-integration-type",
        "group-id",
        "primary",
    ],
    sorts: &[
        "name",
        "id",
        "updated-at",
        "organization-status-name",
        "organization-type-name",
        "created-at",
        "short-name",
        "my-glue-account-id",
    ],
    default_sort: "name",
    includes: &["adapters-resources", "attachments", "rmm-companies"],
    create: true,
    update: true,
    delete: true,
    required: &["name"],
    synced: true,
    ..NOTHING
};

const DOCUMENTS: Spec = Spec {
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

const SECTIONS: Spec = Spec {
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

const FOLDERS: Spec = Spec {
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

const PASSWORD_FOLDERS: Spec = Spec {
    attributes: &["organization-id", "organization-name", "restricted", "name", "parent-id", "ancestor-ids"],
    ..FOLDERS
};

const IMAGES: Spec = Spec {
    show: true,
    attributes: &["name", "size", "document-id", "document-gallery-id", "target"],
    create: true,
    delete: true,
    ..NOTHING
};

const CONFIGURATIONS: Spec = Spec {
    list: true,
    show: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "organization-short-name",
        "restricted",
        "psa-integration",
        "my-glue",
        "name",
        "hostname",
        "primary-ip",
        "mac-address",
        "default-gateway",
        "serial-number",
        "asset-tag",
        "position",
        "installed-by",
        "purchased-by",
        "notes",
        "operating-system-notes",
        "warranty-expires-at",
        "installed-at",
        "purchased-at",
        "mitp-device-expiration-date",
        "mitp-end-of-life-date",
        "configuration-type-id",
        "configuration-type-name",
        "configuration-type-kind",
        "configuration-status-id",
        "configuration-status-name",
        "manufacturer-id",
        "manufacturer-name",
        "model-id",
        "model-name",
        "operating-system-id",
        "operating-system-name",
        "location-id",
        "location-name",
        "contact-id",
        "contact-name",
        "archived",
    ],
    // There is none on the host name and none on the address.
    filters: &[
        "id",
        "name",
        "organization-id",
        "configuration-type-id",
        "configuration-status-id",
        "contact-id",
        "serial-number",
        "mac-address",
        "asset-tag",
        "psa-id",
        "psa-integration-type",
        "rmm-id",
        "rmm-integration-type",
        "archived",
    ],
    sorts: &["name", "id", "created-at", "updated-at"],
    lax_filters: &[],
    lax_sorts: &[],
    default_sort: "name",
    includes: &[
        "adapters-resources",
        "attachments",
        "configuration-interfaces",
        "dnet-fa-remote-assets",
        "group-resource-accesses",
        "passwords",
        "rmm-records",
        "tickets",
        "user-resource-accesses",
    ],
    show_includes: &[
        "active-network-glue-network-devices",
        "adapters-resources-errors",
        "authorized-users",
        "from-configuration-connections",
        "to-configuration-connections",
        "recent-versions",
        "related-items",
        "rmm-adapters-resources",
        "rmm-adapters-resources-errors",
    ],
    lax_includes: &[],
    create: true,
    update: true,
    delete: true,
    required: &["name"],
    synced: true,
};

const INTERFACES: Spec = Spec {
    show: true,
    attributes: &["configuration-id", "name", "ip-address", "mac-address", "primary", "notes"],
    filters: &["id", "ip-address"],
    create: true,
    update: true,
    delete: true,
    ..NOTHING
};

const FLEXIBLE_ASSET_TYPES: Spec = Spec {
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

const FLEXIBLE_ASSET_FIELDS: Spec = Spec {
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

const FLEXIBLE_ASSETS: Spec = Spec {
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

const PASSWORDS: Spec = Spec {
    list: true,
    show: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "restricted",
        "my-glue",
        "name",
        "autofill-selectors",
        "username",
        "url",
        "notes",
        "password-updated-at",
        "updated-by",
        "updated-by-type",
        "resource-id",
        "resource-type",
        "cached-resource-type-name",
        "cached-resource-name",
        "password-category-id",
        "password-category-name",
        "otp-enabled",
        "password-folder-id",
        "parent-url",
        "vault-id",
        "archived",
        "rotation-permitted",
        "personal",
        "is-live",
    ],
    filters: &["id", "name", "organization-id", "password-category-id", "url", "cached-resource-name", "archived"],
    sorts: &["name", "username", "url", "id", "created-at", "updated-at"],
    default_sort: "name",
    includes: &[
        "attachments",
        "group-resource-accesses",
        "user-resource-accesses",
        "network-glue-networks",
        "rotatable-password",
        "updater",
        "shared-links",
        "active-shared-links",
    ],
    show_includes: &["recent-versions", "related-items", "authorized-users"],
    create: true,
    update: true,
    delete: true,
    required: &["name"],
    ..NOTHING
};

const CONTACTS: Spec = Spec {
    list: true,
    show: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "restricted",
        "psa-integration",
        "my-glue",
        "first-name",
        "last-name",
        "name",
        "title",
        "contact-type-id",
        "contact-type-name",
        "location-id",
        "location-name",
        "important",
        "notes",
        "contact-emails",
        "contact-phones",
    ],
    filters: &[
        "id",
        "first-name",
        "last-name",
        "title",
        "contact-type-id",
        "important",
        "primary-email",
        "organization-id",
        "psa-id",
        "psa-integration-type",
    ],
    sorts: &["first-name", "last-name", "id", "created-at", "updated-at"],
    default_sort: "first-name",
    includes: &[
        "adapters-resources",
        "attachments",
        "distinct-remote-contacts",
        "group-resource-accesses",
        "location",
        "passwords",
        "resource-fields",
        "tickets",
        "user-resource-accesses",
    ],
    show_includes: &["authorized-users", "recent-versions", "related-items"],
    create: true,
    update: true,
    delete: true,
    required: &["first-name"],
    synced: true,
    ..NOTHING
};

const LOCATIONS: Spec = Spec {
    list: true,
    show: true,
    by_organization: true,
    attributes: &[
        "organization-id",
        "organization-name",
        "restricted",
        "psa-integration",
        "my-glue",
        "name",
        "primary",
        "address-1",
        "address-2",
        "city",
        "postal-code",
        "region-id",
        "region-name",
        "country-id",
        "country-name",
        "phone",
        "fax",
        "formatted-phone",
        "formatted-fax",
        "notes",
    ],
    filters: &["id", "name", "city", "region-id", "country-id", "organization-id", "psa-id", "psa-integration-type"],
    sorts: &["name", "id", "primary", "created-at", "updated-at"],
    default_sort: "name",
    includes: &["adapters-resources", "attachments", "group-resource-accesses", "passwords", "user-resource-accesses"],
    show_includes: &["recent-versions", "related-items", "authorized-users"],
    create: true,
    update: true,
    delete: true,
    required: &["name"],
    synced: true,
    ..NOTHING
};

const DOMAINS: Spec = Spec {
    list: true,
    by_organization: true,
    filters: &["id", "organization-id"],
    sorts: &["created-at", "updated-at"],
    includes: &["passwords", "attachments", "user-resource-accesses", "group-resource-accesses"],
    ..NOTHING
};

const EXPIRATIONS: Spec = Spec {
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

const CHECKLISTS: Spec = Spec {
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

const CHECKLIST_TASKS: Spec = Spec {
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

const CHECKLIST_TEMPLATE_TASKS: Spec = Spec {
    show: false,
    attributes: &["checklist-template-id", "name", "description", "position"],
    filters: &["checklist-template-id"],
    ..CHECKLIST_TASKS
};

const SSL_CERTIFICATES: Spec = Spec {
    list: true,
    filters: &["id", "organization-id"],
    lax_sorts: &["id", "name"],
    default_sort: "name",
    ..NOTHING
};

const CHECKLIST_TEMPLATES: Spec = Spec {
    list: true,
    show: true,
    lax_filters: &["id", "name"],
    lax_sorts: &["name", "id"],
    default_sort: "name",
    lax_includes: &["attachments"],
    show_includes: &["related-items"],
    ..NOTHING
};

const ATTACHMENTS: Spec = Spec {
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

const MODELS: Spec = Spec {
    attributes: &["name", "manufacturer-id", "manufacturer-name"],
    filters: &["id"],
    sorts: &["name", "id", "manufacturer-id", "created-at", "updated-at"],
    required: &["name"],
    ..LOOKUP
};

const OPERATING_SYSTEMS: Spec = Spec { attributes: &["name", "platform-id", "platform-name"], ..READ_ONLY_LOOKUP };

const COUNTRIES: Spec = Spec { filters: &["name", "iso"], ..READ_ONLY_LOOKUP };

const REGIONS: Spec = Spec { filters: &["name", "iso", "country-id"], ..READ_ONLY_LOOKUP };

const USERS: Spec = Spec {
    list: true,
    show: true,
    attributes: &[
        "first-name",
        "last-name",
        "name",
        "email",
        "role-name",
        "role-id",
        "avatar",
        "invitation-sent-at",
        "invitation-accepted-at",
        "current-sign-in-at",
        "current-sign-in-ip",
        "last-sign-in-at",
        "last-sign-in-ip",
        "reputation",
        "my-glue",
        "my-glue-account-id",
        "salesforce-id",
    ],
    filters: &["id", "name", "email", "role-name", "salesforce-id"],
    sorts: &["name", "email", "reputation", "id", "created-at", "updated-at"],
    default_sort: "name",
    update: true,
    ..NOTHING
};

const GROUPS: Spec = Spec {
    list: true,
    show: true,
    attributes: &["name", "description", "my-glue", "my-glue-account-id"],
    filters: &["name"],
    sorts: &["name", "created-at", "updated-at"],
    default_sort: "name",
    includes: &["users", "organizations", "resource-type-restrictions", "my-glue-account"],
    create: true,
    update: true,
    delete: true,
    required: &["name"],
    ..NOTHING
};

const USER_METRICS: Spec = Spec {
    list: true,
    filters: &["user-id", "organization-id", "resource-type", "date"],
    sorts: &["id", "created", "viewed", "edited", "deleted", "date"],
    ..NOTHING
};

const LOGS: Spec =
    Spec { list: true, filters: &["created-at"], sorts: &["created-at"], default_sort: "created-at", ..NOTHING };

const EXPORTS: Spec = Spec {
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

/// What an attribute is born with, and what a row shows that was never given it.
pub(super) fn unset(key: &str) -> Value {
    match key {
        "restricted" | "my-glue" | "archived" | "primary" | "important" | "public" | "is-uploaded" | "otp-enabled"
        | "completed" | "show-in-menu" | "required" | "use-for-title" | "expiration" | "show-in-list"
        | "include-logs" | "export-all" | "encrypted-status" | "viewable" | "synced" | "rotation-permitted"
        | "personal" | "is-live" => false.into(),
        "enabled" => true.into(),
        "ancestor-ids" | "contact-emails" | "contact-phones" | "document-images" => json!([]),
        "traits" => json!({}),
        "logo" => "".into(),
        "reset-count"
        | "percent-complete"
        | "documents-count"
        | "configurations-count"
        | "reputation"
        | "passwords-count" => 0.into(),
        _ => Value::Null,
    }
}

/// What a resource can do.
pub(super) const fn spec(table: Table) -> &'static Spec {
    match table {
        Table::Organizations => &ORGANIZATIONS,
        Table::Documents => &DOCUMENTS,
        Table::DocumentSections => &SECTIONS,
        Table::DocumentFolders => &FOLDERS,
        Table::DocumentImages => &IMAGES,
        Table::Configurations => &CONFIGURATIONS,
        Table::ConfigurationInterfaces => &INTERFACES,
        Table::OrganizationTypes => &ORGANIZATION_TYPES,
        Table::OrganizationStatuses => &ORGANIZATION_STATUSES,
        Table::ConfigurationTypes => &CONFIGURATION_TYPES,
        Table::PasswordCategories => &PASSWORD_CATEGORIES,
        Table::ConfigurationStatuses | Table::ContactTypes | Table::Manufacturers => &LOOKUP,
        Table::Models => &MODELS,
        Table::OperatingSystems => &OPERATING_SYSTEMS,
        Table::Platforms => &READ_ONLY_LOOKUP,
        Table::Countries => &COUNTRIES,
        Table::Regions => &REGIONS,
        Table::Passwords => &PASSWORDS,
        Table::PasswordFolders => &PASSWORD_FOLDERS,
        Table::FlexibleAssetTypes => &FLEXIBLE_ASSET_TYPES,
        Table::FlexibleAssetFields => &FLEXIBLE_ASSET_FIELDS,
        Table::FlexibleAssets => &FLEXIBLE_ASSETS,
        Table::Contacts => &CONTACTS,
        Table::Locations => &LOCATIONS,
        Table::Domains => &DOMAINS,
        Table::Expirations => &EXPIRATIONS,
        Table::Checklists => &CHECKLISTS,
        Table::ChecklistTasks => &CHECKLIST_TASKS,
        Table::ChecklistTemplates => &CHECKLIST_TEMPLATES,
        Table::ChecklistTemplateTasks => &CHECKLIST_TEMPLATE_TASKS,
        Table::SslCertificates => &SSL_CERTIFICATES,
        Table::Attachments => &ATTACHMENTS,
        Table::Users => &USERS,
        Table::Groups => &GROUPS,
        Table::UserMetrics => &USER_METRICS,
        Table::Logs => &LOGS,
        Table::Exports => &EXPORTS,
        Table::ResourceAccesses | Table::Versions | Table::Tickets | Table::RmmRecords | Table::AdaptersResources => {
            &NOTHING
        }
    }
}

/// The tables that exist only under a record, with the name the path gives them there.
pub(super) const fn nested(parent: Table) -> &'static [(&'static str, Table)] {
    match parent {
        Table::Organizations => &[
            ("documents", Table::Documents),
            ("document_folders", Table::DocumentFolders),
            ("configurations", Table::Configurations),
            ("passwords", Table::Passwords),
            ("password_folders", Table::PasswordFolders),
            ("flexible_assets", Table::FlexibleAssets),
            ("contacts", Table::Contacts),
            ("locations", Table::Locations),
            ("domains", Table::Domains),
            ("expirations", Table::Expirations),
            ("checklists", Table::Checklists),
        ],
        Table::Documents => &[("sections", Table::DocumentSections)],
        Table::Configurations => &[("configuration_interfaces", Table::ConfigurationInterfaces)],
        Table::FlexibleAssetTypes => &[("flexible_asset_fields", Table::FlexibleAssetFields)],
        Table::Checklists => &[("checklist_tasks", Table::ChecklistTasks)],
        Table::Manufacturers => &[("models", Table::Models)],
        Table::Countries => &[("regions", Table::Regions)],
        _ => &[],
    }
}

/// Whether related items and attachments can hang on a record of this table.
pub(super) const fn relatable(table: Table) -> bool {
    matches!(
        table,
        Table::Checklists
            | Table::ChecklistTemplates
            | Table::Configurations
            | Table::Contacts
            | Table::Documents
            | Table::Domains
            | Table::DocumentFolders
            | Table::Locations
            | Table::Passwords
            | Table::SslCertificates
            | Table::FlexibleAssets
            | Table::Tickets
            | Table::Organizations
    )
}

/// Attributes that name what an id attribute points to: `(id attribute, name attribute, table)`. Set by the server,
/// never by a request.
pub(super) const COMPANIONS: &[(&str, &str, Table)] = &[
    ("organization-id", "organization-name", Table::Organizations),
    ("organization-type-id", "organization-type-name", Table::OrganizationTypes),
    ("organization-status-id", "organization-status-name", Table::OrganizationStatuses),
    ("configuration-type-id", "configuration-type-name", Table::ConfigurationTypes),
    ("configuration-status-id", "configuration-status-name", Table::ConfigurationStatuses),
    ("manufacturer-id", "manufacturer-name", Table::Manufacturers),
    ("model-id", "model-name", Table::Models),
    ("operating-system-id", "operating-system-name", Table::OperatingSystems),
    ("location-id", "location-name", Table::Locations),
    ("contact-id", "contact-name", Table::Contacts),
    ("contact-type-id", "contact-type-name", Table::ContactTypes),
    ("password-category-id", "password-category-name", Table::PasswordCategories),
    ("flexible-asset-type-id", "flexible-asset-type-name", Table::FlexibleAssetTypes),
    ("region-id", "region-name", Table::Regions),
    ("country-id", "country-name", Table::Countries),
    ("assignee-id", "assignee-name", Table::Users),
    ("platform-id", "platform-name", Table::Platforms),
];
