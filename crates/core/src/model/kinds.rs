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

/// The names of one kind.
struct Names {
    kind: Kind,
    resource: &'static str,
    word: &'static str,
    short: &'static str,
    /// As servers name it, without case, separators and the `s` of the plural
    labels: &'static [&'static str],
}

/// All names of all kinds, in the order of the variants.
#[rustfmt::skip]
const NAMES: [Names; 16] = [
    Names { kind: Kind::Organization, resource: "organizations", word: "organization", short: "organization", labels: &["organization"] },
    Names { kind: Kind::Document, resource: "documents", word: "document", short: "document", labels: &["document"] },
    Names { kind: Kind::DocumentFolder, resource: "document_folders", word: "folder", short: "folder", labels: &["documentfolder", "folder"] },
    Names { kind: Kind::Configuration, resource: "configurations", word: "configuration", short: "configuration", labels: &["configuration"] },
    Names { kind: Kind::Password, resource: "passwords", word: "password", short: "password", labels: &["password"] },
    Names { kind: Kind::FlexibleAsset, resource: "flexible_assets", word: "flexible asset", short: "asset", labels: &["flexibleasset", "flexibleassettype", "flexibleassettrait"] },
    Names { kind: Kind::Contact, resource: "contacts", word: "contact", short: "contact", labels: &["contact"] },
    Names { kind: Kind::Location, resource: "locations", word: "location", short: "location", labels: &["location"] },
    Names { kind: Kind::Domain, resource: "domains", word: "domain", short: "domain", labels: &["domain"] },
    Names { kind: Kind::Expiration, resource: "expirations", word: "expiration", short: "expiration", labels: &["expiration"] },
    Names { kind: Kind::Checklist, resource: "checklists", word: "checklist", short: "checklist", labels: &["checklist"] },
    Names { kind: Kind::ChecklistTemplate, resource: "checklist_templates", word: "checklist template", short: "checklist template", labels: &["checklisttemplate"] },
    Names { kind: Kind::SslCertificate, resource: "ssl_certificates", word: "SSL certificate", short: "certificate", labels: &["sslcertificate"] },
    Names { kind: Kind::Ticket, resource: "tickets", word: "ticket", short: "ticket", labels: &["ticket"] },
    Names { kind: Kind::User, resource: "users", word: "user", short: "user", labels: &["user", "accountsuser", "accountuser"] },
    Names { kind: Kind::Unknown, resource: "unknown", word: "record", short: "record", labels: &[] },
];

impl Kind {
    fn names(self) -> &'static Names {
        &NAMES[self as usize]
    }

    /// The resource of the API it is one of: in paths and in the audit trail.
    pub fn resource(self) -> &'static str {
        self.names().resource
    }

    /// The word for one such record.
    pub fn word(self) -> &'static str {
        self.names().word
    }

    /// The same where there is little room: beside a link.
    pub fn short_word(self) -> &'static str {
        self.names().short
    }

    /// The kind that a label, a class or a type of a server means, in singular or plural, with any separator.
    pub fn of_label(label: &str) -> Self {
        let plain: String = label.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        let plain = plain.trim_end_matches('s');
        NAMES.iter().find(|names| names.labels.contains(&plain)).map_or(Self::Unknown, |names| names.kind)
    }

    /// Whether the program shows such records; others are targets of links only.
    pub fn is_shown(self) -> bool {
        !matches!(
            self,
            Self::DocumentFolder
                | Self::ChecklistTemplate
                | Self::SslCertificate
                | Self::Ticket
                | Self::User
                | Self::Unknown
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_variants() {
        for (at, names) in NAMES.iter().enumerate() {
            assert_eq!(names.kind as usize, at, "{:?}", names.kind);
        }
    }

    #[test]
    fn labels_are_known_in_any_form() {
        for (label, kind) in [
            ("Flexible Asset", Kind::FlexibleAsset),
            ("flexible-asset-traits", Kind::FlexibleAsset),
            ("SSL Certificates", Kind::SslCertificate),
            ("StructuredData", Kind::Unknown),
            ("Configurations", Kind::Configuration),
            ("", Kind::Unknown),
        ] {
            assert_eq!(Kind::of_label(label), kind, "{label}");
        }
    }
}
