//! How the attributes of each kind of record become those of the model.

use std::sync::Arc;

use serde_json::value::RawValue;

use gluepot_core::model::{
    Checklist, ChecklistTask, Configuration, Contact, Document, DocumentFolderId, Domain, Expiration, FlexibleAsset,
    FlexibleAssetField, FlexibleAssetType, FlexibleAssetTypeId, Folder, Kind, ListKey, Location, Organization,
    Password, PasswordFolderId, Record,
};
use gluepot_core::text::Clean;

pub(crate) use super::attributes::Names;
use super::attributes::{
    ChecklistAttributes, ConfigurationAttributes, ContactAttributes, DocumentAttributes, DomainAttributes,
    ExpirationAttributes, FieldAttributes, FlexibleAssetAttributes, FlexibleAssetTypeAttributes, FolderAttributes,
    LocationAttributes, OrganizationAttributes, PasswordAttributes, PointAttributes, TaskAttributes,
};
use super::content::content;
use super::scalar::Text;
use super::traits::traits;

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

    /// The `type` such a record has, in the form [`super::envelope::plain_type`] gives.
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
        source: names.source(),
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
        traits: a.traits.map_or_else(|| Ok(Vec::new()), |raw| traits(raw.get(), names.source()))?,
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
