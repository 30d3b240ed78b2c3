//! The records of IT Glue as this program knows them: plain data, filtered text, no secrets, no API and no screen.
//!
//! Field names are those of the API in snake case. Empty text stands for "null, absent or empty", which the API
//! uses without a difference. Ids are 64-bit integers: EU and AU accounts have 16 digits.

use std::sync::Arc;

use crate::text::Clean;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// An organization: one client of the MSP, or the MSP itself.
    OrganizationId,
    /// A folder of documents.
    DocumentFolderId,
    /// A folder of passwords.
    PasswordFolderId,
    /// A type of flexible asset.
    FlexibleAssetTypeId,
}

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

/// The address of one record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RecordKey {
    /// What it is
    pub kind: Kind,
    /// Its id, unique within the kind
    pub id: u64,
}

/// One list the API can give. The key of a list in the store and what a loader is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ListKey {
    /// All organizations the key may see
    Organizations,
    /// All document folders of an organization
    DocumentFolders(OrganizationId),
    /// All documents of an organization, in folders or not, with their bodies
    Documents(OrganizationId),
    /// All configurations of an organization
    Configurations(OrganizationId),
    /// All passwords of an organization: metadata, never a value
    Passwords(OrganizationId),
    /// All password folders of an organization
    PasswordFolders(OrganizationId),
    /// All flexible asset types of the account with their fields
    FlexibleAssetTypes,
    /// All flexible assets of one type of an organization
    FlexibleAssets(OrganizationId, FlexibleAssetTypeId),
    /// All contacts of an organization
    Contacts(OrganizationId),
    /// All locations of an organization
    Locations(OrganizationId),
    /// All domains of an organization
    Domains(OrganizationId),
    /// All expirations of an organization
    Expirations(OrganizationId),
    /// All checklists of an organization
    Checklists(OrganizationId),
}

/// What most records have in common (API sheet: "common attributes").
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Common {
    /// The organization it belongs to; `None` on account-wide records
    pub organization_id: Option<OrganizationId>,
    /// Name of that organization, shared between the rows of a list
    pub organization_name: Arc<str>,
    /// Address in the web app; may be empty or relative
    pub resource_url: Clean,
    /// Limited to certain users or groups in the web app
    pub restricted: bool,
    /// Shared with the client portal
    pub my_glue: bool,
    /// `enabled`, `disabled` or empty
    pub psa_integration: Clean,
    /// Archived records are in the lists and hidden by default
    pub archived: bool,
    /// When it was made
    pub created_at: Option<jiff::Timestamp>,
    /// When it last changed
    pub updated_at: Option<jiff::Timestamp>,
}

/// An organization.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Organization {
    pub id: u64,
    pub name: Clean,
    pub short_name: Clean,
    pub description: Clean,
    pub alert: Clean,
    /// HTML, unfiltered: goes through `gluepot-body` before it is drawn
    pub quick_notes: RawBody,
    /// The list cuts quick notes: these are only their beginning, the record by itself has all of them
    pub quick_notes_cut: bool,
    pub organization_type_name: Clean,
    pub organization_status_name: Clean,
    pub primary: bool,
    pub parent_id: Option<u64>,
    pub common: Common,
}

/// A folder of documents or passwords.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Folder {
    pub id: u64,
    pub name: Clean,
    pub parent_id: Option<u64>,
    pub ancestor_ids: Vec<u64>,
    pub common: Common,
}

/// Text with markup, exactly as the server sent it. It has no `Deref` to `str` on purpose: the only way to look
/// at it is to parse it in `gluepot-body`, which filters after decoding.
#[derive(Clone, PartialEq, Default)]
pub struct RawBody(Arc<str>);

impl RawBody {
    /// Wraps what the server sent.
    pub fn new(raw: &str) -> Self {
        Self(raw.into())
    }

    /// The unfiltered source, for the parser.
    pub fn source(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing but white space.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl std::fmt::Debug for RawBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawBody({} bytes)", self.0.len())
    }
}

/// One block of a document, in reading order.
#[derive(Clone, PartialEq, Debug)]
pub enum Section {
    /// `Document::Text`: HTML
    Text(RawBody),
    /// `Document::Heading`: plain text with a level from 1 to 6
    Heading {
        /// 1 to 6
        level: u8,
        /// Plain text
        text: Clean,
    },
    /// `Document::Step`: HTML with a duration
    Step {
        /// HTML
        text: RawBody,
        /// Minutes
        duration: Option<u32>,
        /// The count of steps starts again here
        resets: bool,
        /// Images of the step's own gallery: (id, name, size in bytes)
        images: Vec<GalleryImage>,
    },
    /// `Document::Gallery`: images
    Gallery(Vec<GalleryImage>),
    /// A kind of block we do not know, named as the server names it
    Unknown(Clean),
}

/// An image of a gallery or step.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct GalleryImage {
    pub id: u64,
    pub name: Clean,
    pub size: Option<u64>,
}

/// The content of a document in the forms the API knows.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Content {
    /// Nothing in the list's answer: ask the sections endpoint unless the document is an uploaded file
    #[default]
    Empty,
    /// Blocks, sorted by `sort`
    Sections(Vec<Section>),
    /// A legacy document: one HTML string
    Html(RawBody),
}

/// A document.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Document {
    pub id: u64,
    pub name: Clean,
    pub document_folder_id: Option<DocumentFolderId>,
    pub content: Arc<Content>,
    /// A Word, PDF or other file: no text, the file is an attachment
    pub is_uploaded: bool,
    pub public: bool,
    /// `None`: never published, a draft
    pub published_at: Option<jiff::Timestamp>,
    pub user_id: Option<u64>,
    pub common: Common,
}

/// A configuration: a device.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Configuration {
    pub id: u64,
    pub name: Clean,
    pub hostname: Clean,
    pub primary_ip: Clean,
    pub mac_address: Clean,
    pub default_gateway: Clean,
    pub serial_number: Clean,
    pub asset_tag: Clean,
    pub position: Clean,
    pub installed_by: Clean,
    pub purchased_by: Clean,
    /// Text or HTML
    pub notes: RawBody,
    pub operating_system_notes: RawBody,
    pub operating_system_name: Arc<str>,
    pub configuration_type_name: Arc<str>,
    pub configuration_type_kind: Arc<str>,
    pub configuration_status_name: Arc<str>,
    pub manufacturer_name: Arc<str>,
    pub model_name: Arc<str>,
    pub location_id: Option<u64>,
    pub location_name: Arc<str>,
    pub contact_id: Option<u64>,
    pub contact_name: Arc<str>,
    /// Dates as the server wrote them, filtered: `YYYY-MM-DD` or a full date-time
    pub warranty_expires_at: Clean,
    pub installed_at: Clean,
    pub purchased_at: Clean,
    pub mitp_device_expiration_date: Clean,
    pub mitp_end_of_life_date: Clean,
    pub common: Common,
}

/// The metadata of a password. There is no field for the value: no list, detail or search ever holds one.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Password {
    pub id: u64,
    pub name: Clean,
    pub username: Clean,
    pub url: Clean,
    pub notes: RawBody,
    pub password_category_id: Option<u64>,
    pub password_category_name: Arc<str>,
    pub password_folder_id: Option<PasswordFolderId>,
    pub password_updated_at: Option<jiff::Timestamp>,
    pub updated_by: Option<u64>,
    pub updated_by_type: Clean,
    /// Set: embedded in that record
    pub resource_id: Option<u64>,
    pub resource_type: Clean,
    pub cached_resource_name: Clean,
    pub cached_resource_type_name: Clean,
    pub parent_url: Clean,
    pub otp_enabled: bool,
    /// Set: vaulted, the API cannot reveal it
    pub vault_id: Option<u64>,
    pub personal: bool,
    pub common: Common,
}

/// A type of flexible asset with its fields in order.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct FlexibleAssetType {
    pub id: u64,
    pub name: Clean,
    pub description: Clean,
    pub icon: Clean,
    pub enabled: bool,
    /// Sorted by `order`
    pub fields: Vec<FlexibleAssetField>,
}

/// A field of a flexible asset type.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct FlexibleAssetField {
    pub id: u64,
    pub name: Clean,
    /// The key in `traits`
    pub name_key: Clean,
    /// `Text`, `Textbox`, `Number`, `Percent`, `Checkbox`, `Date`, `Select`, `Header`, `Tag`, `Password`, `Upload`
    pub kind: Clean,
    pub hint: Clean,
    pub tag_type: Clean,
    pub order: i64,
    pub required: bool,
    pub use_for_title: bool,
    pub expiration: bool,
    pub show_in_list: bool,
}

/// A record named by a Tag field or a link.
#[derive(Clone, PartialEq, Debug)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct TagValue {
    pub key: RecordKey,
    pub name: Clean,
    pub organization_name: Clean,
    pub hostname: Clean,
    pub resource_url: Clean,
}

/// A file named by an Upload field.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct UploadValue {
    pub name: Clean,
    pub url: Clean,
}

/// The value of a trait, told apart by its shape; the field's kind decides how it is drawn.
#[derive(Clone, PartialEq, Debug)]
pub enum TraitValue {
    /// Text, Select, Date, and numbers sent as strings: may be HTML for a Textbox
    Text(RawBody),
    /// Number or Percent, as the server wrote it
    Number(Clean),
    /// Checkbox
    Flag(bool),
    /// Tag: the class name the server gives and the records
    Tags(Vec<TagValue>),
    /// Password: the id of an embedded password record
    Password(u64),
    /// Upload
    Uploads(Vec<UploadValue>),
    /// A shape we do not know, as filtered JSON
    Other(Clean),
}

/// A flexible asset.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct FlexibleAsset {
    pub id: u64,
    pub name: Clean,
    pub flexible_asset_type_id: Option<FlexibleAssetTypeId>,
    pub flexible_asset_type_name: Arc<str>,
    /// (name key, value) in the server's order; the type's fields give the order to show
    pub traits: Vec<(Clean, TraitValue)>,
    pub common: Common,
}

/// A mail address or telephone number of a contact.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct ContactPoint {
    pub value: Clean,
    pub extension: Clean,
    pub label_name: Clean,
    pub primary: bool,
}

/// A contact.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Contact {
    pub id: u64,
    pub name: Clean,
    pub first_name: Clean,
    pub last_name: Clean,
    pub title: Clean,
    pub contact_type_name: Arc<str>,
    pub location_id: Option<u64>,
    pub location_name: Arc<str>,
    pub important: bool,
    pub notes: RawBody,
    pub emails: Vec<ContactPoint>,
    pub phones: Vec<ContactPoint>,
    pub common: Common,
}

/// A location.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Location {
    pub id: u64,
    pub name: Clean,
    pub primary: bool,
    pub address_1: Clean,
    pub address_2: Clean,
    pub city: Clean,
    pub postal_code: Clean,
    pub region_name: Clean,
    pub country_name: Clean,
    pub phone: Clean,
    pub fax: Clean,
    pub notes: RawBody,
    pub common: Common,
}

/// A domain.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Domain {
    pub id: u64,
    pub name: Clean,
    pub registrar_name: Clean,
    pub expires_on: Clean,
    pub notes: RawBody,
    pub common: Common,
}

/// A date to watch.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Expiration {
    pub id: u64,
    pub resource_id: Option<u64>,
    pub resource_name: Clean,
    pub resource_type_name: Clean,
    pub resource_attribute_name: Clean,
    pub description: Clean,
    pub expiration_date: Clean,
    pub common: Common,
}

/// A checklist.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Checklist {
    pub id: u64,
    pub name: Clean,
    pub description: Clean,
    pub completed: bool,
    pub completed_at: Option<jiff::Timestamp>,
    pub due_date: Clean,
    pub assignee_name: Clean,
    pub tasks: Vec<ChecklistTask>,
    pub common: Common,
}

/// A task of a checklist.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct ChecklistTask {
    pub id: u64,
    pub name: Clean,
    pub description: Clean,
    pub position: i64,
    pub completed: bool,
    pub due_date: Clean,
    pub assignee_name: Clean,
}

/// Any record of any list.
#[derive(Clone, PartialEq, Debug)]
#[expect(missing_docs, reason = "one variant per record type, named as it")]
pub enum Record {
    Organization(Organization),
    DocumentFolder(Folder),
    Document(Document),
    Configuration(Configuration),
    Password(Password),
    PasswordFolder(Folder),
    FlexibleAssetType(FlexibleAssetType),
    FlexibleAsset(FlexibleAsset),
    Contact(Contact),
    Location(Location),
    Domain(Domain),
    Expiration(Expiration),
    Checklist(Checklist),
}

/// One row of a list's answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Row {
    /// A record that could be read
    Record(Arc<Record>),
    /// A record that could not: it stays in its place as a marked row
    Unreadable {
        /// Its id, when at least that could be read
        id: Option<u64>,
        /// What was wrong, in words
        why: Clean,
    },
}

/// A link to another record, from the `related_items` include: made by people, or found through a Tag field.
#[derive(Clone, PartialEq, Debug)]
pub struct Related {
    /// The other record
    pub key: RecordKey,
    /// Its name
    pub name: Clean,
    /// The server's label for its kind, for flexible assets the type's name
    pub label: Clean,
    /// What people wrote on the link
    pub notes: Clean,
    /// Whether the other record is archived
    pub archived: bool,
    /// True: reached through a Tag field; false: linked by hand
    pub by_tag: bool,
    /// The other record's address in the web app, often empty
    pub resource_url: Clean,
}

/// A file attached to a record.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Attachment {
    pub id: u64,
    pub name: Clean,
    pub file_name: Clean,
    pub content_type: Clean,
    /// Bytes; may be out of date on the server
    pub size: Option<u64>,
    pub download_url: Clean,
    pub created_at: Option<jiff::Timestamp>,
}

/// A network interface of a configuration.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Interface {
    pub id: u64,
    pub name: Clean,
    pub ip_address: Clean,
    pub mac_address: Clean,
    pub primary: bool,
    pub notes: Clean,
}

/// Who may see a restricted record.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Access {
    /// Name of the user or group
    pub name: Clean,
    /// `User` or `Group`
    pub accessor_type: Clean,
    /// Role, when given
    pub role: Clean,
}

/// An entry of `recent_versions`.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Version {
    pub id: u64,
    pub created_at: Option<jiff::Timestamp>,
    pub author: Clean,
    pub event: Clean,
}

/// What the RMM knows of a configuration, as of its last report (API sheet of IT Glue: `rmm-records`).
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct RmmRecord {
    pub id: u64,
    pub name: Clean,
    pub hostname: Clean,
    pub device_type: Clean,
    pub cpu: Clean,
    /// Bytes
    pub memory_total: Option<u64>,
    pub operating_system: Clean,
    pub disks: Vec<Disk>,
    pub ip_addresses: Vec<Clean>,
    pub mac_addresses: Vec<Clean>,
    pub last_login_user: Clean,
    pub last_reboot: Option<jiff::Timestamp>,
    pub last_seen_online: Option<jiff::Timestamp>,
    pub patches_applied: Option<u64>,
    pub patches_total: Option<u64>,
    pub manufacturer_name: Clean,
    pub manufacturer_model_name: Clean,
    pub serial_number: Clean,
    pub ms_office_version: Clean,
    /// A page of the RMM, on a host of its own
    pub external_url: Clean,
}

/// A disk in an [`RmmRecord`].
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Disk {
    pub name: Clean,
    /// Bytes
    pub used: Option<u64>,
    /// Bytes
    pub total: Option<u64>,
}

/// IT Glue's copy of a ticket of the PSA. Its attributes are not documented: what names it is told apart, the rest is kept
/// as it came.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ticket {
    /// Id of the copy, not the ticket's number
    pub id: u64,
    /// Number in the PSA, where there is one
    pub number: Clean,
    /// What it is about
    pub name: Clean,
    /// Status or board column in the PSA's words
    pub status: Clean,
    /// Page of the ticket, where there is one
    pub url: Clean,
    /// (attribute, value) of every other single value, in the server's order
    pub facts: Vec<(Clean, Clean)>,
}

/// What a show request gives beyond the record itself.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "named as the includes of the API")]
pub struct Extras {
    pub related: Vec<Related>,
    pub attachments: Vec<Attachment>,
    pub interfaces: Vec<Interface>,
    pub passwords: Vec<Password>,
    pub accesses: Vec<Access>,
    pub versions: Vec<Version>,
    pub tasks: Vec<ChecklistTask>,
    pub location: Option<Location>,
    pub rmm_records: Vec<RmmRecord>,
    pub tickets: Vec<Ticket>,
}

/// One record with everything the API gives for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// The record, fresh
    pub record: Arc<Record>,
    /// What was included
    pub extras: Extras,
}

impl Record {
    /// Its id within its kind.
    pub fn id(&self) -> u64 {
        match self {
            Self::Organization(r) => r.id,
            Self::DocumentFolder(r) | Self::PasswordFolder(r) => r.id,
            Self::Document(r) => r.id,
            Self::Configuration(r) => r.id,
            Self::Password(r) => r.id,
            Self::FlexibleAssetType(r) => r.id,
            Self::FlexibleAsset(r) => r.id,
            Self::Contact(r) => r.id,
            Self::Location(r) => r.id,
            Self::Domain(r) => r.id,
            Self::Expiration(r) => r.id,
            Self::Checklist(r) => r.id,
        }
    }

    /// Its name, as shown in a list.
    pub fn name(&self) -> &Clean {
        match self {
            Self::Organization(r) => &r.name,
            Self::DocumentFolder(r) | Self::PasswordFolder(r) => &r.name,
            Self::Document(r) => &r.name,
            Self::Configuration(r) => &r.name,
            Self::Password(r) => &r.name,
            Self::FlexibleAssetType(r) => &r.name,
            Self::FlexibleAsset(r) => &r.name,
            Self::Contact(r) => &r.name,
            Self::Location(r) => &r.name,
            Self::Domain(r) => &r.name,
            Self::Expiration(r) => &r.resource_name,
            Self::Checklist(r) => &r.name,
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Organization(_) => Kind::Organization,
            Self::DocumentFolder(_) => Kind::DocumentFolder,
            Self::Document(_) => Kind::Document,
            Self::Configuration(_) => Kind::Configuration,
            Self::Password(_) => Kind::Password,
            Self::FlexibleAsset(_) => Kind::FlexibleAsset,
            Self::Contact(_) => Kind::Contact,
            Self::Location(_) => Kind::Location,
            Self::Domain(_) => Kind::Domain,
            Self::Expiration(_) => Kind::Expiration,
            Self::Checklist(_) => Kind::Checklist,
            Self::PasswordFolder(_) | Self::FlexibleAssetType(_) => Kind::Unknown,
        }
    }

    /// Its address.
    pub fn key(&self) -> RecordKey {
        RecordKey { kind: self.kind(), id: self.id() }
    }

    /// What it shares with other records; account-wide ones have none.
    pub fn common(&self) -> Option<&Common> {
        match self {
            Self::Organization(r) => Some(&r.common),
            Self::DocumentFolder(r) | Self::PasswordFolder(r) => Some(&r.common),
            Self::Document(r) => Some(&r.common),
            Self::Configuration(r) => Some(&r.common),
            Self::Password(r) => Some(&r.common),
            Self::FlexibleAssetType(_) => None,
            Self::FlexibleAsset(r) => Some(&r.common),
            Self::Contact(r) => Some(&r.common),
            Self::Location(r) => Some(&r.common),
            Self::Domain(r) => Some(&r.common),
            Self::Expiration(r) => Some(&r.common),
            Self::Checklist(r) => Some(&r.common),
        }
    }

    /// The organization it belongs to; an organization belongs to itself.
    pub fn organization_id(&self) -> Option<OrganizationId> {
        match self {
            Self::Organization(r) => Some(OrganizationId(r.id)),
            other => other.common().and_then(|c| c.organization_id),
        }
    }

    /// Whether it is archived.
    pub fn is_archived(&self) -> bool {
        self.common().is_some_and(|c| c.archived)
    }
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

impl ListKey {
    /// The kind of record it lists; `None` for folders of passwords and for asset types.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Organizations => Some(Kind::Organization),
            Self::DocumentFolders(_) => Some(Kind::DocumentFolder),
            Self::Documents(_) => Some(Kind::Document),
            Self::Configurations(_) => Some(Kind::Configuration),
            Self::Passwords(_) => Some(Kind::Password),
            Self::PasswordFolders(_) | Self::FlexibleAssetTypes => None,
            Self::FlexibleAssets(..) => Some(Kind::FlexibleAsset),
            Self::Contacts(_) => Some(Kind::Contact),
            Self::Locations(_) => Some(Kind::Location),
            Self::Domains(_) => Some(Kind::Domain),
            Self::Expirations(_) => Some(Kind::Expiration),
            Self::Checklists(_) => Some(Kind::Checklist),
        }
    }

    /// The organization it is of; `None` for account-wide lists.
    pub fn organization(self) -> Option<OrganizationId> {
        match self {
            Self::Organizations | Self::FlexibleAssetTypes => None,
            Self::DocumentFolders(o)
            | Self::Documents(o)
            | Self::Configurations(o)
            | Self::Passwords(o)
            | Self::PasswordFolders(o)
            | Self::FlexibleAssets(o, _)
            | Self::Contacts(o)
            | Self::Locations(o)
            | Self::Domains(o)
            | Self::Expirations(o)
            | Self::Checklists(o) => Some(o),
        }
    }

    /// The word for what it lists, in the plural.
    pub fn word(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::DocumentFolders(_) => "document folders",
            Self::Documents(_) => "documents",
            Self::Configurations(_) => "configurations",
            Self::Passwords(_) => "passwords",
            Self::PasswordFolders(_) => "password folders",
            Self::FlexibleAssetTypes => "flexible asset types",
            Self::FlexibleAssets(..) => "flexible assets",
            Self::Contacts(_) => "contacts",
            Self::Locations(_) => "locations",
            Self::Domains(_) => "domains",
            Self::Expirations(_) => "expirations",
            Self::Checklists(_) => "checklists",
        }
    }
}
