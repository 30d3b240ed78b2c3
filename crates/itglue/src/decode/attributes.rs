//! The attributes of each kind of record, as they are in an answer.
//!
//! These structs borrow from the answer and are gone when the row is read. That of passwords has no field for the value,
//! so a value that a server sends in a list is dropped.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use gluepot_core::model::{Common, ContactPoint, OrganizationId, SourceId};

use super::scalar::{Flag, Id, Ids, Moment, Number, Text};

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

    pub(super) fn share(&mut self, text: &Text<'_>) -> Arc<str> {
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
            $( $(#[$meta])* pub(super) $field: $type, )*
        }

        impl $name<'_> {
            pub(super) fn common(&self, names: &mut Names) -> Common {
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
pub(super) struct FlexibleAssetTypeAttributes<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) description: Text<'a>,
    pub(super) icon: Text<'a>,
    pub(super) enabled: Flag,
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
pub(super) struct PointAttributes<'a> {
    #[serde(borrow)]
    pub(super) value: Text<'a>,
    pub(super) extension: Text<'a>,
    pub(super) label_name: Text<'a>,
    /// What one client calls the label
    pub(super) label_type: Text<'a>,
    pub(super) primary: Flag,
}

impl PointAttributes<'_> {
    pub(super) fn read(&self) -> ContactPoint {
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
pub(super) struct TaskAttributes<'a> {
    pub(super) checklist_id: Id,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) description: Text<'a>,
    pub(super) position: Number,
    pub(super) order: Number,
    pub(super) completed: Flag,
    pub(super) due_date: Text<'a>,
    pub(super) assignee_name: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct FieldAttributes<'a> {
    pub(super) flexible_asset_type_id: Id,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    pub(super) name_key: Text<'a>,
    pub(super) kind: Text<'a>,
    pub(super) hint: Text<'a>,
    pub(super) tag_type: Text<'a>,
    pub(super) order: Number,
    pub(super) required: Flag,
    pub(super) use_for_title: Flag,
    pub(super) expiration: Flag,
    pub(super) show_in_list: Flag,
}
