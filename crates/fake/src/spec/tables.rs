//! Which table can do what, what lives under what, and what names what.

use super::kind::{LOOKUP, NOTHING, Spec};
use super::{account, configuration, document, flexible, lookup, organization, password, work};
use crate::world::Table;

/// What a resource can do.
pub(crate) const fn spec(table: Table) -> &'static Spec {
    match table {
        Table::Organizations => &organization::ORGANIZATIONS,
        Table::Documents => &document::DOCUMENTS,
        Table::DocumentSections => &document::SECTIONS,
        Table::DocumentFolders => &document::FOLDERS,
        Table::DocumentImages => &document::IMAGES,
        Table::Configurations => &configuration::CONFIGURATIONS,
        Table::ConfigurationInterfaces => &configuration::INTERFACES,
        Table::OrganizationTypes => &lookup::ORGANIZATION_TYPES,
        Table::OrganizationStatuses => &lookup::ORGANIZATION_STATUSES,
        Table::ConfigurationTypes => &lookup::CONFIGURATION_TYPES,
        Table::PasswordCategories => &lookup::PASSWORD_CATEGORIES,
        Table::ConfigurationStatuses | Table::ContactTypes | Table::Manufacturers => &LOOKUP,
        Table::Models => &lookup::MODELS,
        Table::OperatingSystems => &lookup::OPERATING_SYSTEMS,
        Table::Platforms => &lookup::READ_ONLY_LOOKUP,
        Table::Countries => &lookup::COUNTRIES,
        Table::Regions => &lookup::REGIONS,
        Table::Passwords => &password::PASSWORDS,
        Table::PasswordFolders => &document::PASSWORD_FOLDERS,
        Table::FlexibleAssetTypes => &flexible::FLEXIBLE_ASSET_TYPES,
        Table::FlexibleAssetFields => &flexible::FLEXIBLE_ASSET_FIELDS,
        Table::FlexibleAssets => &flexible::FLEXIBLE_ASSETS,
        Table::Contacts => &organization::CONTACTS,
        Table::Locations => &organization::LOCATIONS,
        Table::Domains => &organization::DOMAINS,
        Table::Expirations => &work::EXPIRATIONS,
        Table::Checklists => &work::CHECKLISTS,
        Table::ChecklistTasks => &work::CHECKLIST_TASKS,
        Table::ChecklistTemplates => &work::CHECKLIST_TEMPLATES,
        Table::ChecklistTemplateTasks => &work::CHECKLIST_TEMPLATE_TASKS,
        Table::SslCertificates => &work::SSL_CERTIFICATES,
        Table::Attachments => &work::ATTACHMENTS,
        Table::Users => &organization::USERS,
        Table::Groups => &organization::GROUPS,
        Table::UserMetrics => &account::USER_METRICS,
        Table::Logs => &account::LOGS,
        Table::Exports => &account::EXPORTS,
        Table::ResourceAccesses | Table::Versions | Table::Tickets | Table::RmmRecords | Table::AdaptersResources => {
            &NOTHING
        }
    }
}

/// The tables that exist only under a record, with the name the path gives them there.
pub(crate) const fn nested(parent: Table) -> &'static [(&'static str, Table)] {
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
pub(crate) const fn relatable(table: Table) -> bool {
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
pub(crate) const COMPANIONS: &[(&str, &str, Table)] = &[
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
