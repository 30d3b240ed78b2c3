//! The attributes of each kind of record, and how they become the model's.
//!
//! The `…Attributes` structs borrow from the answer and are gone when the row is read. That of passwords has no field
//! for the value, so a value that a server sends in a list is dropped.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use gluepot_core::model::{
    Checklist, ChecklistTask, Common, Configuration, Contact, ContactPoint, Document, DocumentFolderId, Domain,
    Expiration, FlexibleAsset, FlexibleAssetField, FlexibleAssetType, FlexibleAssetTypeId, Folder, Kind, ListKey,
    Location, Organization, OrganizationId, Password, PasswordFolderId, Record, SourceId,
};
use gluepot_core::text::Clean;

use super::content::content;
use super::scalar::{Flag, Id, Ids, Moment, Number, Text};
use super::traits::traits;

/// More different names than this are not worth sharing.
const MOST_NAMES: usize = 20_000;

/// What the rows of a list share: the account they come from, and texts that repeat, kept once.
pub(crate) struct Names {
    source: SourceId,
    known: HashMap<Box<str>, Arc<str>>,
}

impl Names {
    pub(crate) fn of(source: SourceId) -> Self {
        Self { source, known: HashMap::new() }
    }

    pub(super) fn source(&self) -> SourceId {
        self.source
    }

    fn share(&mut self, text: &Text<'_>) -> Arc<str> {
        let raw = text.raw();
        if let Some(known) = self.known.get(raw) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = text.line().as_str().into();
        if self.known.len() < MOST_NAMES {
            self.known.insert(raw.into(), Arc::clone(&shared));
        }
        shared
    }
}

/// Declares the attributes of a record: the given ones and those that all records have.
macro_rules! attributes {
    ($name:ident { $( $(#[$meta:meta])* $field:ident: $type:ty, )* }) => {
        #[derive(Deserialize, Default)]
        #[serde(rename_all = "kebab-case", default)]
        pub(super) struct $name<'a> {
            organization_id: Id,
            #[serde(borrow)]
            organization_name: Text<'a>,
            #[serde(borrow)]
            resource_url: Text<'a>,
            restricted: Flag,
            my_glue: Flag,
            #[serde(borrow)]
            psa_integration: Text<'a>,
            archived: Flag,
            created_at: Moment,
            updated_at: Moment,
            $( $(#[$meta])* $field: $type, )*
        }

        impl $name<'_> {
            fn common(&self, names: &mut Names) -> Common {
                Common {
                    source: names.source,
                    organization_id: self.organization_id.0.map(|id| OrganizationId::new(names.source, id)),
                    organization_name: names.share(&self.organization_name),
                    resource_url: self.resource_url.line(),
                    restricted: self.restricted.0,
                    my_glue: self.my_glue.0,
                    psa_integration: self.psa_integration.line(),
                    archived: self.archived.0,
                    created_at: self.created_at.0,
                    updated_at: self.updated_at.0,
                }
            }
        }
    };
}

attributes!(OrganizationAttributes {
    name: Text<'a>,
    short_name: Text<'a>,
    description: Text<'a>,
    alert: Text<'a>,
    quick_notes: Text<'a>,
    organization_type_name: Text<'a>,
    organization_status_name: Text<'a>,
    primary: Flag,
    parent_id: Id,
});

attributes!(FolderAttributes {
    name: Text<'a>,
    parent_id: Id,
    ancestor_ids: Ids,
});

attributes!(DocumentAttributes {
    name: Text<'a>,
    document_folder_id: Id,
    content: Option<&'a RawValue>,
    is_uploaded: Flag,
    public: Flag,
    published_at: Moment,
    user_id: Id,
});

attributes!(ConfigurationAttributes {
    name: Text<'a>,
    hostname: Text<'a>,
    primary_ip: Text<'a>,
    mac_address: Text<'a>,
    default_gateway: Text<'a>,
    serial_number: Text<'a>,
    asset_tag: Text<'a>,
    position: Text<'a>,
    installed_by: Text<'a>,
    purchased_by: Text<'a>,
    notes: Text<'a>,
    operating_system_notes: Text<'a>,
    operating_system_name: Text<'a>,
    configuration_type_name: Text<'a>,
    configuration_type_kind: Text<'a>,
    configuration_status_name: Text<'a>,
    manufacturer_name: Text<'a>,
    model_name: Text<'a>,
    location_id: Id,
    location_name: Text<'a>,
    contact_id: Id,
    contact_name: Text<'a>,
    warranty_expires_at: Text<'a>,
    installed_at: Text<'a>,
    purchased_at: Text<'a>,
    mitp_device_expiration_date: Text<'a>,
    mitp_end_of_life_date: Text<'a>,
});

attributes!(PasswordAttributes {
    name: Text<'a>,
    username: Text<'a>,
    url: Text<'a>,
    notes: Text<'a>,
    password_category_id: Id,
    password_category_name: Text<'a>,
    password_folder_id: Id,
    password_updated_at: Moment,
    updated_by: Id,
    updated_by_type: Text<'a>,
    resource_id: Id,
    resource_type: Text<'a>,
    cached_resource_name: Text<'a>,
    cached_resource_type_name: Text<'a>,
    parent_url: Text<'a>,
    otp_enabled: Flag,
    vault_id: Id,
    personal: Flag,
});

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct FlexibleAssetTypeAttributes<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    description: Text<'a>,
    icon: Text<'a>,
    enabled: Flag,
}

attributes!(FlexibleAssetAttributes {
    name: Text<'a>,
    flexible_asset_type_id: Id,
    flexible_asset_type_name: Text<'a>,
    traits: Option<&'a RawValue>,
});

attributes!(ContactAttributes {
    name: Text<'a>,
    first_name: Text<'a>,
    last_name: Text<'a>,
    title: Text<'a>,
    contact_type_name: Text<'a>,
    location_id: Id,
    location_name: Text<'a>,
    important: Flag,
    notes: Text<'a>,
    contact_emails: Option<Vec<PointAttributes<'a>>>,
    contact_phones: Option<Vec<PointAttributes<'a>>>,
});

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct PointAttributes<'a> {
    #[serde(borrow)]
    value: Text<'a>,
    extension: Text<'a>,
    label_name: Text<'a>,
    /// What one client calls the label
    label_type: Text<'a>,
    primary: Flag,
}

impl PointAttributes<'_> {
    fn read(&self) -> ContactPoint {
        let label = if self.label_name.raw().is_empty() { &self.label_type } else { &self.label_name };
        ContactPoint {
            value: self.value.line(),
            extension: self.extension.line(),
            label_name: label.line(),
            primary: self.primary.0,
        }
    }
}

attributes!(LocationAttributes {
    name: Text<'a>,
    primary: Flag,
    #[serde(rename = "address-1")]
    address_1: Text<'a>,
    #[serde(rename = "address-2")]
    address_2: Text<'a>,
    city: Text<'a>,
    postal_code: Text<'a>,
    region_name: Text<'a>,
    country_name: Text<'a>,
    phone: Text<'a>,
    formatted_phone: Text<'a>,
    fax: Text<'a>,
    formatted_fax: Text<'a>,
    notes: Text<'a>,
});

attributes!(DomainAttributes {
    name: Text<'a>,
    registrar_name: Text<'a>,
    expires_on: Text<'a>,
    notes: Text<'a>,
});

attributes!(ExpirationAttributes {
    resource_id: Id,
    resource_name: Text<'a>,
    resource_type_name: Text<'a>,
    resource_attribute_name: Text<'a>,
    description: Text<'a>,
    expiration_date: Text<'a>,
});

attributes!(ChecklistAttributes {
    name: Text<'a>,
    description: Text<'a>,
    completed: Flag,
    completed_at: Moment,
    due_date: Text<'a>,
    assignee_name: Text<'a>,
});

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct TaskAttributes<'a> {
    checklist_id: Id,
    #[serde(borrow)]
    name: Text<'a>,
    description: Text<'a>,
    position: Number,
    order: Number,
    completed: Flag,
    due_date: Text<'a>,
    assignee_name: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct FieldAttributes<'a> {
    flexible_asset_type_id: Id,
    #[serde(borrow)]
    name: Text<'a>,
    name_key: Text<'a>,
    kind: Text<'a>,
    hint: Text<'a>,
    tag_type: Text<'a>,
    order: Number,
    required: Flag,
    use_for_title: Flag,
    expiration: Flag,
    show_in_list: Flag,
}

type Read<T> = Result<T, serde_json::Error>;

/// What the rows of a list, or a shown record, are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    Organization,
    DocumentFolder,
    Document,
    Configuration,
    Password,
    PasswordFolder,
    FlexibleAssetType,
    FlexibleAsset,
    Contact,
    Location,
    Domain,
    Expiration,
    Checklist,
}

impl Shape {
    pub(crate) fn of_list(key: ListKey) -> Self {
        match key {
            ListKey::Organizations(_) => Self::Organization,
            ListKey::DocumentFolders(_) => Self::DocumentFolder,
            ListKey::Documents(_) => Self::Document,
            ListKey::Configurations(_) => Self::Configuration,
            ListKey::Passwords(_) => Self::Password,
            ListKey::PasswordFolders(_) => Self::PasswordFolder,
            ListKey::FlexibleAssetTypes(_) => Self::FlexibleAssetType,
            ListKey::FlexibleAssets(..) => Self::FlexibleAsset,
            ListKey::Contacts(_) => Self::Contact,
            ListKey::Locations(_) => Self::Location,
            ListKey::Domains(_) => Self::Domain,
            ListKey::Expirations(_) => Self::Expiration,
            ListKey::Checklists(_) => Self::Checklist,
        }
    }

    /// The shape of a record that can be shown alone.
    pub(crate) fn of_kind(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Organization => Self::Organization,
            Kind::Document => Self::Document,
            Kind::DocumentFolder => Self::DocumentFolder,
            Kind::Configuration => Self::Configuration,
            Kind::Password => Self::Password,
            Kind::FlexibleAsset => Self::FlexibleAsset,
            Kind::Contact => Self::Contact,
            Kind::Location => Self::Location,
            Kind::Domain => Self::Domain,
            Kind::Expiration => Self::Expiration,
            Kind::Checklist => Self::Checklist,
            Kind::ChecklistTemplate | Kind::SslCertificate | Kind::Ticket | Kind::User | Kind::Unknown => return None,
        })
    }

    /// The `type` such a record has, in the form [`super::plain_type`] gives.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::DocumentFolder => "documentfolder",
            Self::Document => "document",
            Self::Configuration => "configuration",
            Self::Password => "password",
            Self::PasswordFolder => "passwordfolder",
            Self::FlexibleAssetType => "flexibleassettype",
            Self::FlexibleAsset => "flexibleasset",
            Self::Contact => "contact",
            Self::Location => "location",
            Self::Domain => "domain",
            Self::Expiration => "expiration",
            Self::Checklist => "checklist",
        }
    }

    /// Reads the attributes of one record.
    pub(super) fn read(self, id: u64, attributes: &str, names: &mut Names) -> Read<Record> {
        Ok(match self {
            Self::Organization => Record::Organization(organization(id, attributes, names)?),
            Self::DocumentFolder => Record::DocumentFolder(folder(id, attributes, names)?),
            Self::Document => Record::Document(document(id, attributes, names)?),
            Self::Configuration => Record::Configuration(configuration(id, attributes, names)?),
            Self::Password => Record::Password(password(id, attributes, names)?),
            Self::PasswordFolder => Record::PasswordFolder(folder(id, attributes, names)?),
            Self::FlexibleAssetType => Record::FlexibleAssetType(flexible_asset_type(id, attributes, names)?),
            Self::FlexibleAsset => Record::FlexibleAsset(flexible_asset(id, attributes, names)?),
            Self::Contact => Record::Contact(contact(id, attributes, names)?),
            Self::Location => Record::Location(location(id, attributes, names)?),
            Self::Domain => Record::Domain(domain(id, attributes, names)?),
            Self::Expiration => Record::Expiration(expiration(id, attributes, names)?),
            Self::Checklist => Record::Checklist(checklist(id, attributes, names)?),
        })
    }
}

fn organization(id: u64, attributes: &str, names: &mut Names) -> Read<Organization> {
    let a: OrganizationAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Organization {
        id,
        name: a.name.line(),
        short_name: a.short_name.line(),
        description: a.description.block(),
        alert: a.alert.line(),
        quick_notes: a.quick_notes.body(),
        quick_notes_cut: false,
        organization_type_name: a.organization_type_name.line(),
        organization_status_name: a.organization_status_name.line(),
        primary: a.primary.0,
        parent_id: a.parent_id.0,
        common: a.common(names),
    })
}

fn folder(id: u64, attributes: &str, names: &mut Names) -> Read<Folder> {
    let a: FolderAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Folder {
        id,
        name: a.name.line(),
        parent_id: a.parent_id.0,
        ancestor_ids: a.ancestor_ids.0.clone(),
        common: a.common(names),
    })
}

fn document(id: u64, attributes: &str, names: &mut Names) -> Read<Document> {
    let a: DocumentAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Document {
        id,
        name: a.name.line(),
        document_folder_id: a.document_folder_id.0.map(DocumentFolderId),
        content: Arc::new(content(a.content.map_or("", RawValue::get))),
        is_uploaded: a.is_uploaded.0,
        public: a.public.0,
        published_at: a.published_at.0,
        user_id: a.user_id.0,
        common: a.common(names),
    })
}

fn configuration(id: u64, attributes: &str, names: &mut Names) -> Read<Configuration> {
    let a: ConfigurationAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Configuration {
        id,
        name: a.name.line(),
        hostname: a.hostname.line(),
        primary_ip: a.primary_ip.line(),
        mac_address: a.mac_address.line(),
        default_gateway: a.default_gateway.line(),
        serial_number: a.serial_number.line(),
        asset_tag: a.asset_tag.line(),
        position: a.position.line(),
        installed_by: a.installed_by.line(),
        purchased_by: a.purchased_by.line(),
        notes: a.notes.body(),
        operating_system_notes: a.operating_system_notes.body(),
        operating_system_name: names.share(&a.operating_system_name),
        configuration_type_name: names.share(&a.configuration_type_name),
        configuration_type_kind: names.share(&a.configuration_type_kind),
        configuration_status_name: names.share(&a.configuration_status_name),
        manufacturer_name: names.share(&a.manufacturer_name),
        model_name: names.share(&a.model_name),
        location_id: a.location_id.0,
        location_name: names.share(&a.location_name),
        contact_id: a.contact_id.0,
        contact_name: names.share(&a.contact_name),
        warranty_expires_at: a.warranty_expires_at.line(),
        installed_at: a.installed_at.line(),
        purchased_at: a.purchased_at.line(),
        mitp_device_expiration_date: a.mitp_device_expiration_date.line(),
        mitp_end_of_life_date: a.mitp_end_of_life_date.line(),
        common: a.common(names),
    })
}

pub(super) fn password(id: u64, attributes: &str, names: &mut Names) -> Read<Password> {
    let a: PasswordAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Password {
        id,
        name: a.name.line(),
        username: a.username.line(),
        url: a.url.line(),
        notes: a.notes.body(),
        password_category_id: a.password_category_id.0,
        password_category_name: names.share(&a.password_category_name),
        password_folder_id: a.password_folder_id.0.map(PasswordFolderId),
        password_updated_at: a.password_updated_at.0,
        updated_by: a.updated_by.0,
        updated_by_type: a.updated_by_type.line(),
        resource_id: a.resource_id.0,
        resource_type: a.resource_type.line(),
        cached_resource_name: a.cached_resource_name.line(),
        cached_resource_type_name: a.cached_resource_type_name.line(),
        parent_url: a.parent_url.line(),
        otp_enabled: a.otp_enabled.0,
        vault_id: a.vault_id.0,
        personal: a.personal.0,
        common: a.common(names),
    })
}

fn flexible_asset_type(id: u64, attributes: &str, names: &Names) -> Read<FlexibleAssetType> {
    let a: FlexibleAssetTypeAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(FlexibleAssetType {
        source: names.source,
        id,
        name: a.name.line(),
        description: a.description.block(),
        icon: a.icon.line(),
        enabled: a.enabled.0,
        fields: Vec::new(),
    })
}

/// A field and the type it says it belongs to.
pub(super) fn field(id: u64, attributes: &str) -> Read<(Option<FlexibleAssetTypeId>, FlexibleAssetField)> {
    let a: FieldAttributes<'_> = serde_json::from_str(attributes)?;
    let field = FlexibleAssetField {
        id,
        name: a.name.line(),
        name_key: a.name_key.line(),
        kind: a.kind.line(),
        hint: a.hint.line(),
        tag_type: a.tag_type.line(),
        order: a.order.0.unwrap_or_default(),
        required: a.required.0,
        use_for_title: a.use_for_title.0,
        expiration: a.expiration.0,
        show_in_list: a.show_in_list.0,
    };
    Ok((a.flexible_asset_type_id.0.map(FlexibleAssetTypeId), field))
}

fn flexible_asset(id: u64, attributes: &str, names: &mut Names) -> Read<FlexibleAsset> {
    let a: FlexibleAssetAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(FlexibleAsset {
        id,
        name: a.name.line(),
        flexible_asset_type_id: a.flexible_asset_type_id.0.map(FlexibleAssetTypeId),
        flexible_asset_type_name: names.share(&a.flexible_asset_type_name),
        traits: a.traits.map_or_else(|| Ok(Vec::new()), |raw| traits(raw.get(), names.source))?,
        common: a.common(names),
    })
}

fn contact(id: u64, attributes: &str, names: &mut Names) -> Read<Contact> {
    let a: ContactAttributes<'_> = serde_json::from_str(attributes)?;
    let (first_name, last_name) = (a.first_name.line(), a.last_name.line());
    let name = match a.name.line() {
        name if name.is_empty() => Clean::line(format!("{first_name} {last_name}").trim()),
        name => name,
    };
    Ok(Contact {
        id,
        name,
        first_name,
        last_name,
        title: a.title.line(),
        contact_type_name: names.share(&a.contact_type_name),
        location_id: a.location_id.0,
        location_name: names.share(&a.location_name),
        important: a.important.0,
        notes: a.notes.body(),
        emails: a.contact_emails.iter().flatten().map(PointAttributes::read).collect(),
        phones: a.contact_phones.iter().flatten().map(PointAttributes::read).collect(),
        common: a.common(names),
    })
}

pub(super) fn location(id: u64, attributes: &str, names: &mut Names) -> Read<Location> {
    let a: LocationAttributes<'_> = serde_json::from_str(attributes)?;
    let prefer = |formatted: &Text<'_>, plain: &Text<'_>| {
        if formatted.raw().is_empty() { plain.line() } else { formatted.line() }
    };
    Ok(Location {
        id,
        name: a.name.line(),
        primary: a.primary.0,
        address_1: a.address_1.line(),
        address_2: a.address_2.line(),
        city: a.city.line(),
        postal_code: a.postal_code.line(),
        region_name: a.region_name.line(),
        country_name: a.country_name.line(),
        phone: prefer(&a.formatted_phone, &a.phone),
        fax: prefer(&a.formatted_fax, &a.fax),
        notes: a.notes.body(),
        common: a.common(names),
    })
}

fn domain(id: u64, attributes: &str, names: &mut Names) -> Read<Domain> {
    let a: DomainAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Domain {
        id,
        name: a.name.line(),
        registrar_name: a.registrar_name.line(),
        expires_on: a.expires_on.line(),
        notes: a.notes.body(),
        common: a.common(names),
    })
}

fn expiration(id: u64, attributes: &str, names: &mut Names) -> Read<Expiration> {
    let a: ExpirationAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Expiration {
        id,
        resource_id: a.resource_id.0,
        resource_name: a.resource_name.line(),
        resource_type_name: a.resource_type_name.line(),
        resource_attribute_name: a.resource_attribute_name.line(),
        description: a.description.block(),
        expiration_date: a.expiration_date.line(),
        common: a.common(names),
    })
}

fn checklist(id: u64, attributes: &str, names: &mut Names) -> Read<Checklist> {
    let a: ChecklistAttributes<'_> = serde_json::from_str(attributes)?;
    Ok(Checklist {
        id,
        name: a.name.line(),
        description: a.description.block(),
        completed: a.completed.0,
        completed_at: a.completed_at.0,
        due_date: a.due_date.line(),
        assignee_name: a.assignee_name.line(),
        tasks: Vec::new(),
        common: a.common(names),
    })
}

/// A task and the checklist it says it belongs to.
pub(super) fn task(id: u64, attributes: &str) -> Read<(Option<u64>, ChecklistTask)> {
    let a: TaskAttributes<'_> = serde_json::from_str(attributes)?;
    let task = ChecklistTask {
        id,
        name: a.name.line(),
        description: a.description.block(),
        position: a.position.0.or(a.order.0).unwrap_or_default(),
        completed: a.completed.0,
        due_date: a.due_date.line(),
        assignee_name: a.assignee_name.line(),
    };
    Ok((a.checklist_id.0, task))
}
