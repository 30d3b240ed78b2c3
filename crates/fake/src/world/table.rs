//! The tables: one for each type of record, with the names the API knows them by.

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $type_name:literal $label:literal),+ $(,)?) => {
        /// The tables of the embedded IT Glue, one for each type of record.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Table {
            $($(#[$doc])* $name),+
        }

        impl Table {
            /// All tables.
            pub const ALL: &'static [Table] = &[$(Table::$name),+];

            /// The name of the type in answers: kebab case, plural.
            pub const fn type_name(self) -> &'static str {
                match self { $(Table::$name => $type_name),+ }
            }

            /// The label the web application uses for one record, which is also the `destination_type` of related
            /// items.
            pub const fn label(self) -> &'static str {
                match self { $(Table::$name => $label),+ }
            }
        }
    };
}

tables! {
    /// The clients of the MSP, and the MSP itself
    Organizations = "organizations" "Organization",
    /// Types of organizations
    OrganizationTypes = "organization-types" "Organization Type",
    /// Statuses of organizations
    OrganizationStatuses = "organization-statuses" "Organization Status",
    /// Documents. `content` is computed from the sections unless the row brings its own
    Documents = "documents" "Document",
    /// Sections of documents, by `document-id`
    DocumentSections = "document-sections" "Document Section",
    /// Folders of documents
    DocumentFolders = "document-folders" "Document Folder",
    /// Images of documents, by `document-id`
    DocumentImages = "document-images" "Document Image",
    /// Configurations
    Configurations = "configurations" "Configuration",
    /// Network interfaces, by `configuration-id`
    ConfigurationInterfaces = "configuration-interfaces" "Configuration Interface",
    /// Types of configurations
    ConfigurationTypes = "configuration-types" "Configuration Type",
    /// Statuses of configurations
    ConfigurationStatuses = "configuration-statuses" "Configuration Status",
    /// Passwords; the value is in `_value`
    Passwords = "passwords" "Password",
    /// Categories of passwords
    PasswordCategories = "password-categories" "Password Category",
    /// Folders of passwords
    PasswordFolders = "password-folders" "Password Folder",
    /// Types of flexible assets
    FlexibleAssetTypes = "flexible-asset-types" "Flexible Asset Type",
    /// Fields of types, by `flexible-asset-type-id`
    FlexibleAssetFields = "flexible-asset-fields" "Flexible Asset Field",
    /// Flexible assets
    FlexibleAssets = "flexible-assets" "Flexible Asset",
    /// Contacts
    Contacts = "contacts" "Contact",
    /// Types of contacts
    ContactTypes = "contact-types" "Contact Type",
    /// Locations
    Locations = "locations" "Location",
    /// Domains
    Domains = "domains" "Domain",
    /// SSL certificates: targets of links and parents of passwords; keys cannot list them on most accounts
    SslCertificates = "ssl-certificates" "SSL Certificate",
    /// Dates to watch
    Expirations = "expirations" "Expiration",
    /// Checklists
    Checklists = "checklists" "Checklist",
    /// Tasks, by `checklist-id`
    ChecklistTasks = "checklist-tasks" "Checklist Task",
    /// Templates of checklists
    ChecklistTemplates = "checklist-templates" "Checklist Template",
    /// Tasks of templates, by `checklist-template-id`
    ChecklistTemplateTasks = "checklist-template-tasks" "Checklist Template Task",
    /// Files, by `_parent`
    Attachments = "attachments" "Attachment",
    /// Manufacturers of configurations
    Manufacturers = "manufacturers" "Manufacturer",
    /// Models, by `manufacturer-id`
    Models = "models" "Model",
    /// Operating systems
    OperatingSystems = "operating-systems" "Operating System",
    /// Platforms
    Platforms = "platforms" "Platform",
    /// Countries
    Countries = "countries" "Country",
    /// Regions, by `country-id`
    Regions = "regions" "Region",
    /// Users of the MSP
    Users = "users" "User",
    /// Groups of users
    Groups = "groups" "Group",
    /// What users did, by day
    UserMetrics = "user-metrics" "User Metric",
    /// The activity log
    Logs = "logs" "Log",
    /// Exports of data
    Exports = "exports" "Export",
    /// Who may see a restricted record, by `_parent`; `accessor-type` is `User` or `Group`
    ResourceAccesses = "resource-accesses" "Resource Access",
    /// Earlier versions of a record, by `_parent`
    Versions = "versions" "Version",
    /// PSA tickets: targets of links, by `_parent` also an include
    Tickets = "tickets" "Ticket",
    /// Records of the RMM, by `_parent`
    RmmRecords = "rmm-records" "RMM Record",
    /// Ids in integrations, by `_parent`
    AdaptersResources = "adapters-resources" "Adapters Resource",
}

impl Table {
    /// The table of a type name in kebab or snake case, singular or plural, in any letter case; labels work too.
    ///
    /// ```
    /// use gluepot_fake::Table;
    /// assert_eq!(Table::by_name("flexible_assets"), Some(Table::FlexibleAssets));
    /// assert_eq!(Table::by_name("SSL Certificate"), Some(Table::SslCertificates));
    /// ```
    pub fn by_name(name: &str) -> Option<Table> {
        let name: String =
            name.trim().chars().map(|c| if c == '_' || c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
        Table::ALL
            .iter()
            .copied()
            .find(|t| t.type_name() == name || t.label().replace(' ', "-").eq_ignore_ascii_case(&name))
    }

    /// The first segment of the path: the type name in snake case.
    pub fn path(self) -> String {
        self.type_name().replace('-', "_")
    }

    /// The name in `asset-type` of related items: snake case, singular.
    pub fn asset_type(self) -> String {
        self.label().to_ascii_lowercase().replace(' ', "_")
    }

    /// The attribute that names the record a row of this table lives under, where that is not an organization.
    pub(super) const fn parent_attribute(self) -> Option<(&'static str, Table)> {
        match self {
            Table::DocumentSections | Table::DocumentImages => Some(("document-id", Table::Documents)),
            Table::ConfigurationInterfaces => Some(("configuration-id", Table::Configurations)),
            Table::FlexibleAssetFields | Table::FlexibleAssets => {
                Some(("flexible-asset-type-id", Table::FlexibleAssetTypes))
            }
            Table::ChecklistTasks => Some(("checklist-id", Table::Checklists)),
            Table::ChecklistTemplateTasks => Some(("checklist-template-id", Table::ChecklistTemplates)),
            Table::Models => Some(("manufacturer-id", Table::Manufacturers)),
            Table::Regions => Some(("country-id", Table::Countries)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_are_found_in_every_spelling() {
        for &table in Table::ALL {
            assert_eq!(Table::by_name(table.type_name()), Some(table));
            assert_eq!(Table::by_name(&table.path()), Some(table));
            assert_eq!(Table::by_name(table.label()), Some(table));
            assert_eq!(Table::by_name(&table.asset_type()), Some(table));
        }
        assert_eq!(Table::by_name("unicorns"), None);
    }
}
