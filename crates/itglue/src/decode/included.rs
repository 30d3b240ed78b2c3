//! The `included` part of an answer: what hangs on a record.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use gluepot_core::model::{
    Access, Attachment, Extras, FlexibleAssetField, FlexibleAssetTypeId, Interface, Record, RecordKey, Related,
    SourceId, Version,
};

use super::envelope::{Resource, kind_of, plain_type};
use super::integrations;
use super::records::{self, Names};
use super::scalar::{Flag, Id, Moment, Number, Text};

/// Everything that was included, sorted by what it is.
#[derive(Default)]
pub(super) struct Included {
    extras: Extras,
    fields: Vec<(Option<FlexibleAssetTypeId>, FlexibleAssetField)>,
    /// Where in `fields` a field is
    field_places: HashMap<u64, usize>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct RelatedAttributes<'a> {
    resource_id: Id,
    destination_id: Id,
    tag_id: Id,
    taggable_id: Id,
    #[serde(borrow)]
    asset_type: Text<'a>,
    destination_type: Text<'a>,
    tag_type: Text<'a>,
    taggable_type: Text<'a>,
    resource_type_name: Text<'a>,
    name: Text<'a>,
    notes: Text<'a>,
    archived: Flag,
    resource_url: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct AttachmentAttributes<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    attachment_file_name: Text<'a>,
    attachment_content_type: Text<'a>,
    attachment_file_size: Number,
    download_url: Text<'a>,
    created_at: Moment,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct InterfaceAttributes<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    ip_address: Text<'a>,
    mac_address: Text<'a>,
    primary: Flag,
    notes: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct AccessAttributes<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    first_name: Text<'a>,
    last_name: Text<'a>,
    accessor_type: Text<'a>,
    role_name: Text<'a>,
    meta: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct AccessMeta<'a> {
    #[serde(borrow, alias = "role_name")]
    role_name: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct VersionAttributes<'a> {
    created_at: Moment,
    #[serde(borrow)]
    user_name: Text<'a>,
    author: Text<'a>,
    whodunnit: Text<'a>,
    name: Text<'a>,
    event: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Relationships<'a> {
    #[serde(borrow)]
    flexible_asset_fields: Option<Relationship<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Relationship<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Linkage {
    id: Id,
}

impl Included {
    /// Reads what it can; what it cannot read or does not know is left out, since the record itself is there.
    pub(super) fn read(json: Option<&RawValue>, names: &mut Names) -> Self {
        let mut all = Self::default();
        let list: Vec<&RawValue> = json.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        let mut seen = std::collections::HashSet::new();
        for raw in list {
            let Ok(resource) = serde_json::from_str::<Resource<'_>>(raw.get()) else { continue };
            let kind = plain_type(resource.kind.raw());
            if let Some(id) = resource.id.0
                && !seen.insert((kind.clone(), id))
            {
                continue;
            }
            // What hangs on a record is worth less than the record: what cannot be read is skipped.
            let _ = all.add(&kind, &resource, names);
        }
        all.fields.sort_by_key(|(_, field)| field.order);
        all.field_places = all.fields.iter().enumerate().map(|(at, (_, field))| (field.id, at)).collect();
        all.extras.tasks.sort_by_key(|task| task.position);
        all
    }

    fn add(&mut self, kind: &str, resource: &Resource<'_>, names: &mut Names) -> Result<(), serde_json::Error> {
        let json = resource.attributes();
        let id = resource.id.0.unwrap_or_default();
        match kind {
            "relateditem" | "tag" => self.extras.related.extend(related(json, names.source(), kind == "tag")?),
            "attachment" => self.extras.attachments.push(attachment(id, json)?),
            "configurationinterface" => self.extras.interfaces.push(interface(id, json)?),
            "password" => self.extras.passwords.push(records::password(id, json, names)?),
            // plain_type takes one s away, so "accesses" has become "accesse".
            "resourceaccesse"
            | "userresourceaccesse"
            | "groupresourceaccesse"
            | "resourceaccess"
            | "userresourceaccess"
            | "groupresourceaccess"
            | "user"
            | "group" => {
                self.extras.accesses.push(access(json, kind)?);
            }
            "rmmrecord" => self.extras.rmm_records.push(integrations::rmm_record(id, json)?),
            "ticket" => self.extras.tickets.push(integrations::ticket(id, json)?),
            "version" | "recentversion" => self.extras.versions.push(version(id, json)?),
            "checklisttask" => self.extras.tasks.push(records::task(id, json)?.1),
            "location" => self.extras.location = Some(records::location(id, json, names)?),
            "flexibleassetfield" => self.fields.push(records::field(id, json)?),
            _ => {}
        }
        Ok(())
    }

    /// Puts into a record what belongs inside it: the fields of a type, the tasks of a checklist.
    pub(super) fn complete(&self, record: &mut Record, relationships: Option<&RawValue>) {
        match record {
            Record::FlexibleAssetType(own) if !self.fields.is_empty() => {
                let linked = linked_fields(relationships);
                let mut places: Vec<usize> =
                    linked.iter().filter_map(|id| self.field_places.get(id).copied()).collect();
                if places.is_empty() {
                    let mine = |(at, (owner, _)): (usize, &(Option<FlexibleAssetTypeId>, _))| {
                        owner.is_some_and(|owner| owner.0 == own.id).then_some(at)
                    };
                    places = self.fields.iter().enumerate().filter_map(mine).collect();
                }
                // `fields` is sorted by order, so sorting places sorts by order.
                places.sort_unstable();
                places.dedup();
                own.fields = places.into_iter().filter_map(|at| self.fields.get(at)).map(|(_, f)| f.clone()).collect();
            }
            Record::Checklist(own) => own.tasks.clone_from(&self.extras.tasks),
            _ => {}
        }
    }

    pub(super) fn into_extras(self) -> Extras {
        self.extras
    }
}

fn linked_fields(relationships: Option<&RawValue>) -> Vec<u64> {
    let all: Relationships<'_> = relationships.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let data = all.flexible_asset_fields.and_then(|fields| fields.data);
    let list: Vec<Linkage> = data.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    list.into_iter().filter_map(|link| link.id.0).collect()
}

/// Reads a link; one that does not say what it leads to is left out.
fn related(json: &str, source: SourceId, by_tag: bool) -> Result<Option<Related>, serde_json::Error> {
    let a: RelatedAttributes<'_> = serde_json::from_str(json)?;
    let ids = [a.resource_id, a.destination_id, a.tag_id, a.taggable_id];
    let Some(id) = ids.into_iter().find_map(|id| id.0) else { return Ok(None) };
    let types = [&a.asset_type, &a.destination_type, &a.tag_type, &a.taggable_type];
    let kind = types.into_iter().find(|text| !text.raw().is_empty()).map_or("", |text| text.raw());
    Ok(Some(Related {
        key: RecordKey::new(source, kind_of(kind), id),
        name: a.name.line(),
        label: a.resource_type_name.line(),
        notes: a.notes.block(),
        archived: a.archived.0,
        by_tag,
        resource_url: a.resource_url.line(),
    }))
}

fn attachment(id: u64, json: &str) -> Result<Attachment, serde_json::Error> {
    let a: AttachmentAttributes<'_> = serde_json::from_str(json)?;
    Ok(Attachment {
        id,
        name: a.name.line(),
        file_name: a.attachment_file_name.line(),
        content_type: a.attachment_content_type.line(),
        size: a.attachment_file_size.count(),
        download_url: a.download_url.line(),
        created_at: a.created_at.0,
    })
}

fn interface(id: u64, json: &str) -> Result<Interface, serde_json::Error> {
    let a: InterfaceAttributes<'_> = serde_json::from_str(json)?;
    Ok(Interface {
        id,
        name: a.name.line(),
        ip_address: a.ip_address.line(),
        mac_address: a.mac_address.line(),
        primary: a.primary.0,
        notes: a.notes.block(),
    })
}

fn access(json: &str, kind: &str) -> Result<Access, serde_json::Error> {
    let a: AccessAttributes<'_> = serde_json::from_str(json)?;
    let meta: AccessMeta<'_> = a.meta.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let name = match a.name.line() {
        name if name.is_empty() => format!("{} {}", a.first_name.raw(), a.last_name.raw()).trim().into(),
        name => name,
    };
    let accessor_type = match a.accessor_type.line() {
        given if !given.is_empty() => given,
        _ if kind.starts_with("user") => "User".into(),
        _ if kind.starts_with("group") => "Group".into(),
        given => given,
    };
    let role = if meta.role_name.raw().is_empty() { a.role_name.line() } else { meta.role_name.line() };
    Ok(Access { name, accessor_type, role })
}

fn version(id: u64, json: &str) -> Result<Version, serde_json::Error> {
    let a: VersionAttributes<'_> = serde_json::from_str(json)?;
    let authors = [&a.user_name, &a.author, &a.whodunnit, &a.name];
    let author = authors.into_iter().find(|text| !text.raw().is_empty()).map(Text::line).unwrap_or_default();
    Ok(Version { id, created_at: a.created_at.0, author, event: a.event.line() })
}
