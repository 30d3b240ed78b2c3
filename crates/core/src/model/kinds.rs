//! The kinds of record, and their names in paths, in the trail and on the screen.

/// The kinds of record the program can show or point to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// `organizations`
    Organization,
    /// `documents`
    Document,
    /// `document_folders`: a target of links, shown as a place in the tree
    DocumentFolder,
    /// `configurations`
    Configuration,
    /// `passwords`
    Password,
    /// `flexible_assets`
    FlexibleAsset,
    /// `contacts`
    Contact,
    /// `locations`
    Location,
    /// `domains`
    Domain,
    /// `expirations`
    Expiration,
    /// `checklists`
    Checklist,
    /// `checklist_templates`: a target of links only
    ChecklistTemplate,
    /// SSL certificates: a target of links only, the API has no endpoint
    SslCertificate,
    /// PSA tickets: a target of links only
    Ticket,
    /// Users of the MSP: a target of links only
    User,
    /// Anything the server names that we do not know
    Unknown,
}

impl Kind {
    /// The resource of the API it is one of: in paths and in the audit trail.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Organization => "organizations",
            Self::Document => "documents",
            Self::DocumentFolder => "document_folders",
            Self::Configuration => "configurations",
            Self::Password => "passwords",
            Self::FlexibleAsset => "flexible_assets",
            Self::Contact => "contacts",
            Self::Location => "locations",
            Self::Domain => "domains",
            Self::Expiration => "expirations",
            Self::Checklist => "checklists",
            Self::ChecklistTemplate => "checklist_templates",
            Self::SslCertificate => "ssl_certificates",
            Self::Ticket => "tickets",
            Self::User => "users",
            Self::Unknown => "unknown",
        }
    }

    /// The word for one such record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Document => "document",
            Self::DocumentFolder => "folder",
            Self::Configuration => "configuration",
            Self::Password => "password",
            Self::FlexibleAsset => "flexible asset",
            Self::Contact => "contact",
            Self::Location => "location",
            Self::Domain => "domain",
            Self::Expiration => "expiration",
            Self::Checklist => "checklist",
            Self::ChecklistTemplate => "checklist template",
            Self::SslCertificate => "SSL certificate",
            Self::Ticket => "ticket",
            Self::User => "user",
            Self::Unknown => "record",
        }
    }
}
