//! Reading answers: lenient in form, strict in meaning.
//!
//! An answer is cut into records without looking inside them, then each record is read separately: one that cannot be
//! read becomes a marked row and the page lives. Records of another type or organization than the requested one are
//! refused, since the API ignores filters it does not know. serde_json's limit on depth stays on.
//!
//! Words of serde never get into a row or an error: they can repeat what the server sent.

mod attributes;
mod content;
mod envelope;
mod included;
mod integrations;
mod records;
mod scalar;
mod traits;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use gluepot_core::model::{
    ChecklistTask, Content, Kind, ListKey, OrganizationId, Record, RecordKey, Row, Shown, SourceId,
};
use gluepot_core::text::Clean;

use envelope::{ListEnvelope, OneEnvelope, Resource, paging, text, type_fits, whole};
pub(super) use envelope::{More, Unusable, present};
use included::Included;
pub(super) use records::{Names, Shape};
use scalar::{Id, Moment, Text};

/// In the list of organizations IT Glue cuts quick notes at this many characters (its own documentation says so).
const QUICK_NOTES_IN_LISTS: usize = 250;

/// What decides whether a record is the asked one, read again from a record that could not be read as a whole.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Belonging {
    organization_id: Id,
}

/// One raw row as it was in the response: enough to compare answers with each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sighting {
    /// `None`: unreadable
    pub(super) id: Option<u64>,
    pub(super) updated_at: Option<jiff::Timestamp>,
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Decoded {
    /// Every row of the answer in its order, the refused ones included
    pub(super) sightings: Vec<Sighting>,
    /// (place in `sightings`, row): the rows that may be shown
    pub(super) rows: Vec<(usize, Row)>,
    pub(super) refused: usize,
    pub(super) total: Option<usize>,
    pub(super) more: More,
}

/// What says whose the rows of a list are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Owner {
    /// The path of the request: a row that does not say it belongs to that organization
    InPath,
    /// Each row: where only a filter named the organization, the server may have ignored it
    InRow,
}

impl Owner {
    /// For the usual request of a list.
    pub(super) fn of(key: ListKey) -> Self {
        match key {
            ListKey::FlexibleAssets(..) | ListKey::Expirations(_) => Self::InRow,
            _ => Self::InPath,
        }
    }
}

/// Reads a page of a list.
pub(super) fn list(bytes: &[u8], key: ListKey, owner: Owner, names: &mut Names) -> Result<Decoded, Unusable> {
    let text = text(bytes);
    let envelope: ListEnvelope<'_> = whole(&text, "it is not a list")?;
    let Some(data) = envelope.data else {
        return Err(Unusable::Unknown("it has no data"));
    };
    let included = Included::read(envelope.included, names);
    let (total, more) = paging(envelope.meta, envelope.links);
    let mut page = Decoded {
        sightings: Vec::with_capacity(data.len()),
        rows: Vec::with_capacity(data.len()),
        refused: 0,
        total,
        more,
    };
    for (place, raw) in data.into_iter().enumerate() {
        let (sighting, row) = row(raw.get(), key, owner, &included, names);
        page.sightings.push(sighting);
        match row {
            Some(row) => page.rows.push((place, row)),
            None => page.refused += 1,
        }
    }
    Ok(page)
}

/// Reads one row; `None` refuses it.
fn row(json: &str, key: ListKey, owner: Owner, included: &Included, names: &mut Names) -> (Sighting, Option<Row>) {
    let shape = Shape::of_list(key);
    let unreadable = |id, why: &str| Some(Row::Unreadable { id, why: Clean::line(why) });
    let unseen = Sighting { id: None, updated_at: None };
    let Ok(resource) = serde_json::from_str::<Resource<'_>>(json) else {
        return (unseen, unreadable(None, "it is not a record"));
    };
    let sighting = Sighting { id: resource.id.0, ..unseen };
    if !type_fits(resource.kind.raw(), shape.type_name()) {
        return (sighting, None);
    }
    let Some(id) = resource.id.0 else {
        return (sighting, unreadable(None, "it has no id"));
    };
    let Ok(mut record) = shape.read(id, resource.attributes(), names) else {
        let owner = serde_json::from_str::<Belonging>(resource.attributes()).unwrap_or_default().organization_id.0;
        let foreign = key.organization().zip(owner).is_some_and(|(asked, owner)| asked.id != owner);
        let row = if foreign { None } else { unreadable(Some(id), "an attribute has a form we do not know") };
        return (sighting, row);
    };
    let sighting = Sighting { id: Some(id), updated_at: record.common().and_then(|common| common.updated_at) };
    if !belongs(&mut record, key, owner) {
        return (sighting, None);
    }
    if let Record::Organization(organization) = &mut record {
        let notes = organization.quick_notes.source();
        organization.quick_notes_cut = notes.chars().count() >= QUICK_NOTES_IN_LISTS;
    }
    included.complete(&mut record, resource.relationships);
    (sighting, Some(Row::Record(Arc::new(record))))
}

/// Whether a record belongs to the asked list. One that does not name its organization gets the asked one if the
/// path of the list named it.
fn belongs(record: &mut Record, key: ListKey, owner: Owner) -> bool {
    if let (Record::FlexibleAsset(asset), ListKey::FlexibleAssets(_, asked)) = (&*record, key)
        && asset.flexible_asset_type_id.is_some_and(|own| own != asked)
    {
        return false;
    }
    let Some(asked) = key.organization() else { return true };
    match record.organization_id() {
        Some(own) => own == asked,
        None if owner == Owner::InRow => false,
        None => {
            set_organization(record, asked);
            true
        }
    }
}

fn set_organization(record: &mut Record, organization: OrganizationId) {
    let common = match record {
        Record::Organization(_) | Record::FlexibleAssetType(_) => return,
        Record::DocumentFolder(r) | Record::PasswordFolder(r) => &mut r.common,
        Record::Document(r) => &mut r.common,
        Record::Configuration(r) => &mut r.common,
        Record::Password(r) => &mut r.common,
        Record::FlexibleAsset(r) => &mut r.common,
        Record::Contact(r) => &mut r.common,
        Record::Location(r) => &mut r.common,
        Record::Domain(r) => &mut r.common,
        Record::Expiration(r) => &mut r.common,
        Record::Checklist(r) => &mut r.common,
    };
    common.organization_id = Some(organization);
}

/// Reads one record with what was included. A list of one counts too: some records can only be had by a filter.
pub(super) fn one(
    bytes: &[u8],
    shape: Shape,
    key: RecordKey,
    organization: Option<OrganizationId>,
) -> Result<Shown, Unusable> {
    let id = key.id;
    let text = text(bytes);
    let envelope: OneEnvelope<'_> = whole(&text, "it is not a record")?;
    let data = envelope.data.ok_or(Unusable::Unknown("it has no data"))?.get();
    let mut names = Names::of(key.source);
    let resource = if data.starts_with('[') {
        let all: Vec<&RawValue> = serde_json::from_str(data).map_err(|_| Unusable::Unknown("it is not a record"))?;
        let mut found = all.into_iter().filter_map(|raw| serde_json::from_str::<Resource<'_>>(raw.get()).ok());
        found.find(|resource| resource.id.0 == Some(id)).ok_or(Unusable::Other)?
    } else {
        serde_json::from_str(data).map_err(|_| Unusable::Unknown("it is not a record"))?
    };
    if !type_fits(resource.kind.raw(), shape.type_name()) || resource.id.0 != Some(id) {
        return Err(Unusable::Other);
    }
    let mut record = shape
        .read(id, resource.attributes(), &mut names)
        .map_err(|_| Unusable::Unknown("an attribute has a form we do not know"))?;
    match (organization, record.organization_id()) {
        (Some(asked), Some(own)) if asked != own => return Err(Unusable::Other),
        (Some(asked), None) => set_organization(&mut record, asked),
        _ => {}
    }
    let included = Included::read(envelope.included, &mut names);
    included.complete(&mut record, resource.relationships);
    Ok(Shown { record: Arc::new(record), extras: included.into_extras() })
}

/// Reads the answer of the sections endpoint.
pub(super) fn sections(bytes: &[u8]) -> Result<Content, Unusable> {
    let text = text(bytes);
    let envelope: ListEnvelope<'_> = whole(&text, "it is not a list")?;
    let data = envelope.data.ok_or(Unusable::Unknown("it has no data"))?;
    let resources: Vec<_> = data
        .into_iter()
        .map(|raw| serde_json::from_str::<Resource<'_>>(raw.get()).map_or("null", |resource| resource.attributes()))
        .collect();
    Ok(content::sections(resources.into_iter()))
}

/// Reads the tasks of a checklist, in order.
pub(super) fn tasks(bytes: &[u8], checklist: u64) -> Result<Vec<ChecklistTask>, Unusable> {
    let text = text(bytes);
    let envelope: ListEnvelope<'_> = whole(&text, "it is not a list")?;
    let data = envelope.data.ok_or(Unusable::Unknown("it has no data"))?;
    let mut tasks: Vec<_> = data
        .into_iter()
        .filter_map(|raw| serde_json::from_str::<Resource<'_>>(raw.get()).ok())
        .filter_map(|resource| records::task(resource.id.0?, resource.attributes()).ok())
        .filter(|(owner, _)| owner.is_none_or(|owner| owner == checklist))
        .map(|(_, task)| task)
        .collect();
    tasks.sort_by_key(|task| task.position);
    Ok(tasks)
}

/// How many rows a list has by the server's word; an error if the response is not a list.
pub(super) fn total(bytes: &[u8]) -> Result<Option<usize>, Unusable> {
    let text = text(bytes);
    let envelope: ListEnvelope<'_> = whole(&text, "it is not a list")?;
    if envelope.data.is_none() {
        return Err(Unusable::Unknown("it has no data"));
    }
    Ok(paging(envelope.meta, envelope.links).0)
}

/// Whether more pages of a list follow.
pub(super) fn more(bytes: &[u8]) -> Result<More, Unusable> {
    let text = text(bytes);
    let envelope: ListEnvelope<'_> = whole(&text, "it is not a list")?;
    Ok(paging(envelope.meta, envelope.links).1)
}

/// Reads a single id; an error if it is something else.
pub(super) fn id(json: &str) -> Result<Option<u64>, ()> {
    serde_json::from_str::<Id>(json).map(|id| id.0).map_err(|_| ())
}

/// Whether a `type` says that the record is a password.
pub(super) fn is_password(json: &str) -> bool {
    serde_json::from_str::<Text<'_>>(json).is_ok_and(|kind| type_fits(kind.raw(), Shape::Password.type_name()))
}

/// The ids and dates of a list, without its rows.
pub(super) fn sightings(bytes: &[u8]) -> Result<Vec<Sighting>, Unusable> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "kebab-case", default)]
    struct Attributes {
        updated_at: Moment,
    }

    let text = text(bytes);
    let envelope: ListEnvelope<'_> = whole(&text, "it is not a list")?;
    let data = envelope.data.ok_or(Unusable::Unknown("it has no data"))?;
    Ok(data
        .into_iter()
        .map(|raw| {
            let resource: Resource<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
            let attributes: Attributes = serde_json::from_str(resource.attributes()).unwrap_or_default();
            Sighting { id: resource.id.0, updated_at: attributes.updated_at.0 }
        })
        .collect())
}

/// What must hold of any answer, whichever list or record was requested; for tests and fuzz targets. `look` is given
/// each record that came out. Panics where it does not hold.
pub fn holds(bytes: &[u8], look: impl Fn(&Record, Option<&gluepot_core::model::Extras>)) {
    use gluepot_core::model::FlexibleAssetTypeId;
    const ASKED: OrganizationId = OrganizationId::new(SourceId::NONE, 7);
    const TYPE: FlexibleAssetTypeId = FlexibleAssetTypeId(5);
    // The first byte says what was requested: otherwise nearly every answer would be one of another type.
    let (first, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let key = match first % 13 {
        0 => ListKey::Organizations(SourceId::NONE),
        1 => ListKey::DocumentFolders(ASKED),
        2 => ListKey::Documents(ASKED),
        3 => ListKey::Configurations(ASKED),
        4 => ListKey::Passwords(ASKED),
        5 => ListKey::PasswordFolders(ASKED),
        6 => ListKey::FlexibleAssetTypes(SourceId::NONE),
        7 => ListKey::FlexibleAssets(ASKED, TYPE),
        8 => ListKey::Contacts(ASKED),
        9 => ListKey::Locations(ASKED),
        10 => ListKey::Domains(ASKED),
        11 => ListKey::Expirations(ASKED),
        _ => ListKey::Checklists(ASKED),
    };
    if let Ok(page) = list(bytes, key, Owner::of(key), &mut Names::of(SourceId::NONE)) {
        assert_eq!(page.rows.len() + page.refused, page.sightings.len(), "every row is shown or counted");
        assert!(page.rows.is_sorted_by(|a, b| a.0 < b.0) && page.rows.iter().all(|(at, _)| *at < page.sightings.len()));
        for (at, row) in &page.rows {
            match row {
                Row::Record(record) => {
                    assert_eq!(page.sightings[*at].id, Some(record.id()), "a row is the record that was seen");
                    if let Some(asked) = key.organization() {
                        assert_eq!(record.organization_id(), Some(asked), "a record of the organization asked for");
                    }
                    look(record, None);
                }
                Row::Unreadable { id, why } => {
                    assert!(*id == page.sightings[*at].id || id.is_none());
                    assert!(!why.is_empty(), "an unreadable row says why");
                }
            }
        }
    }
    let shape = Shape::of_list(key);
    if let Ok(shown) = one(bytes, shape, RecordKey::new(SourceId::NONE, Kind::Unknown, 1), key.organization()) {
        assert_eq!(shown.record.id(), 1, "the record asked for");
        assert!(key.organization().is_none_or(|asked| shown.record.organization_id() == Some(asked)));
        look(&shown.record, Some(&shown.extras));
    }
    if let Ok(tasks) = tasks(bytes, 1) {
        assert!(tasks.is_sorted_by_key(|task| task.position), "tasks are in order");
    }
    let _ = sections(bytes);
    let _ = total(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The record with this id; of which kind is said by the shape that is requested.
    fn key(id: u64) -> RecordKey {
        RecordKey::new(SourceId::NONE, Kind::Unknown, id)
    }
    use gluepot_core::model::{FlexibleAssetTypeId, Kind};

    const CONFIGURATIONS: ListKey = ListKey::Configurations(OrganizationId::new(SourceId::NONE, 7));

    fn page(json: &str, key: ListKey) -> Decoded {
        list(json.as_bytes(), key, Owner::of(key), &mut Names::of(SourceId::NONE)).expect("a list")
    }

    fn records(page: &Decoded) -> Vec<&Record> {
        page.rows
            .iter()
            .filter_map(|(_, row)| if let Row::Record(record) = row { Some(&**record) } else { None })
            .collect()
    }

    #[test]
    fn one_unreadable_record_is_one_marked_row() {
        let page = page(
            r#"{"data": [
                {"id": "1", "type": "configurations", "attributes": {"organization-id": 7, "name": "a"}},
                {"id": "2", "type": "configurations", "attributes": {"organization-id": 7, "name": {"odd": 1}}},
                {"id": "x", "type": "configurations", "attributes": {"organization-id": 7}},
                {"type": "configurations", "attributes": {"organization-id": 7}},
                17,
                null,
                {"id": "3", "type": "configurations", "attributes": {"organization-id": 7, "name": "lone \ud800"}},
                {"id": "4", "type": "configurations", "attributes": {"organization-id": "7", "name": "b"}}]}"#,
            CONFIGURATIONS,
        );
        assert_eq!(page.rows.len(), 8);
        assert_eq!(records(&page).iter().map(|r| r.id()).collect::<Vec<_>>(), [1, 4]);
        assert!(matches!(page.rows[1].1, Row::Unreadable { id: Some(2), .. }));
        assert_eq!(page.refused, 0);
    }

    #[test]
    fn rows_of_another_organization_or_type_are_refused_and_counted() {
        let page = page(
            r#"{"data": [
                {"id": "1", "type": "configurations", "attributes": {"organization-id": 8, "name": "foreign"}},
                {"id": "2", "type": "configurations", "attributes": {"organization-id": 8, "name": {"foreign": "too"}}},
                {"id": "3", "type": "passwords", "attributes": {"organization-id": 7, "name": "no configuration"}},
                {"id": "4", "type": "configurations", "attributes": {"name": "says nothing"}}]}"#,
            CONFIGURATIONS,
        );
        assert_eq!(page.refused, 3);
        assert_eq!(records(&page)[0].organization_id(), Some(OrganizationId::new(SourceId::NONE, 7)));
    }

    #[test]
    fn flexible_asset_without_owner_or_of_another_type_is_refused() {
        let page = page(
            r#"{"data": [
                {"id": "1", "type": "flexible-assets", "attributes": {"organization-id": 7, "flexible-asset-type-id": 5}},
                {"id": "2", "type": "flexible-assets", "attributes": {"organization-id": 7, "flexible-asset-type-id": 6}},
                {"id": "3", "type": "flexible-assets", "attributes": {"flexible-asset-type-id": 5}}]}"#,
            ListKey::FlexibleAssets(OrganizationId::new(SourceId::NONE, 7), FlexibleAssetTypeId(5)),
        );
        assert_eq!(page.refused, 2);
        assert_eq!(page.rows.len(), 1);
    }

    #[test]
    fn a_password_that_a_list_sends_is_not_kept() {
        let page = page(
            r#"{"data": [{"id": "1", "type": "passwords", "attributes": {"organization-id": 7, "name": "n", "password": "maple-Orbit-42"}}]}"#,
            ListKey::Passwords(OrganizationId::new(SourceId::NONE, 7)),
        );
        assert!(!format!("{:?}", page.rows).contains("maple"));
        assert_eq!(page.rows.len(), 1);
    }

    #[test]
    fn more_pages_are_told_by_meta_then_by_links_then_not_at_all() {
        for (rest, more) in [
            (r#""meta": {"next-page": 2, "total-count": "182"}"#, More::Page(2)),
            (r#""meta": {"next-page": "2"}"#, More::Page(2)),
            (r#""meta": {"next-page": null}"#, More::No),
            (r#""meta": {"next-page": ""}"#, More::No),
            (r#""meta": {"next-page": null}, "links": {"next": "https://x/?page%5Bnumber%5D=3"}"#, More::No),
            (r#""links": {"next": "https://evil.example/?page%5Bnumber%5D=3&page%5Bsize%5D=50"}"#, More::Page(3)),
            (r#""links": {"next": "https://x/?page[number]=4"}"#, More::Page(4)),
            (r#""links": {"next": null}"#, More::No),
            (r#""links": {}"#, More::Unsaid),
            (r#""links": []"#, More::Unsaid),
            (r#""meta": 17"#, More::Unsaid),
        ] {
            let page = page(&format!(r#"{{"data": [], {rest}}}"#), CONFIGURATIONS);
            assert_eq!(page.more, more, "{rest}");
        }
    }

    #[test]
    fn types_get_their_fields_in_order() {
        let page = page(
            r#"{"data": [{"id": "5", "type": "flexible-asset-types", "attributes": {"name": "Backup"},
                  "relationships": {"flexible-asset-fields": {"data": [{"id": "51", "type": "flexible-asset-fields"}, {"id": "52"}]}}},
                 {"id": "6", "type": "flexible-asset-types", "attributes": {"name": "WAN"}, "relationships": {}}],
                "included": [
                 {"id": "51", "type": "flexible-asset-fields", "attributes": {"order": 2, "name": "two"}},
                 {"id": "52", "type": "flexible-asset-fields", "attributes": {"order": 1, "name": "one"}},
                 {"id": "61", "type": "flexible-asset-fields", "attributes": {"order": 1, "name": "six", "flexible-asset-type-id": 6}}]}"#,
            ListKey::FlexibleAssetTypes(SourceId::NONE),
        );
        let fields: Vec<Vec<_>> = records(&page)
            .iter()
            .map(|record| match record {
                Record::FlexibleAssetType(own) => own.fields.iter().map(|field| field.name.as_str()).collect(),
                _ => Vec::new(),
            })
            .collect();
        assert_eq!(fields, [vec!["one", "two"], vec!["six"]]);
    }

    #[test]
    fn shown_record_brings_its_relatives() {
        let json = r#"{"data": {"id": "9", "type": "configurations", "attributes": {"organization-id": 7, "name": "IMG01"}},
          "included": [
            {"id": "1", "type": "related-items", "attributes": {"resource-id": 73, "asset-type": "document", "name": "Restart"}},
            {"id": "1", "type": "tags", "attributes": {"resource-id": 33, "asset-type": "flexible-asset", "name": "Nightly"}},
            {"id": "2", "type": "related-items", "attributes": {"name": "leads nowhere"}},
            {"id": "3", "type": "configuration-interfaces", "attributes": {"name": "NIC1", "primary": true}},
            {"id": "3", "type": "configuration-interfaces", "attributes": {"name": "NIC1 again"}},
            {"id": "4", "type": "user-resource-accesses", "attributes": {"name": "R. Osei", "meta": {"role-name": "Editor"}}},
            {"id": "5", "type": "passwords", "attributes": {"name": "root", "password": "maple-Orbit-42"}},
            {"id": "6", "type": "attachments", "attributes": {"name": {"odd": true}}},
            {"id": "7", "type": "surprises", "attributes": {}}, 12]}"#;
        let shown = one(json.as_bytes(), Shape::Configuration, key(9), Some(OrganizationId::new(SourceId::NONE, 7)))
            .expect("a record");
        let links: Vec<_> = shown.extras.related.iter().map(|r| (r.key.kind, r.key.id, r.by_tag)).collect();
        assert_eq!(links, [(Kind::Document, 73, false), (Kind::FlexibleAsset, 33, true)]);
        assert_eq!(shown.extras.interfaces.len(), 1);
        assert_eq!(shown.extras.accesses[0].role.as_str(), "Editor");
        assert!(!format!("{shown:?}").contains("maple"));
    }

    #[test]
    fn another_record_than_the_asked_one_is_refused() {
        let json = r#"{"data": {"id": "9", "type": "configurations", "attributes": {"organization-id": 7}}}"#;
        let ask = |shape, id, organization| one(json.as_bytes(), shape, id, organization).map(|_| ()).err();
        assert_eq!(ask(Shape::Configuration, key(9), Some(OrganizationId::new(SourceId::NONE, 7))), None);
        assert_eq!(ask(Shape::Configuration, key(8), None), Some(Unusable::Other));
        assert_eq!(ask(Shape::Contact, key(9), None), Some(Unusable::Other));
        assert_eq!(
            ask(Shape::Configuration, key(9), Some(OrganizationId::new(SourceId::NONE, 6))),
            Some(Unusable::Other)
        );
    }

    #[test]
    fn deep_nesting_is_an_error_or_a_row_and_never_a_crash() {
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        let rows = |json: &str| {
            list(json.as_bytes(), ListKey::Organizations(SourceId::NONE), Owner::InPath, &mut Names::of(SourceId::NONE))
                .map(|page| (records(&page).len(), page.rows.len() - records(&page).len()))
        };
        let alone = |json: &str| one(json.as_bytes(), Shape::FlexibleAsset, key(1), None).map(|_| ());
        let in_row = |attributes: &str| format!(r#"{{"id": "1", "attributes": {{{attributes}}}}}"#);
        let (name, traits) = (in_row(&format!(r#""name": {deep}"#)), in_row(&format!(r#""traits": {{"a": {deep}}}"#)));
        let outcome = |json: &str| (rows(json).ok(), alone(json).is_ok());
        // Rows that are read and rows that are marked as unreadable, and whether it is a record alone.
        assert_eq!(outcome(&deep), (Some((0, 1)), false));
        assert_eq!(outcome(&format!(r#"{{"data": {deep}}}"#)), (Some((0, 1)), false));
        assert_eq!(outcome(&format!(r#"{{"data": [], "meta": {deep}}}"#)), (Some((0, 0)), false));
        assert_eq!(outcome(&format!(r#"{{"data": [{name}]}}"#)), (Some((0, 1)), false));
        // What a record does not need is not looked at.
        assert_eq!(outcome(&format!(r#"{{"data": [{traits}]}}"#)), (Some((1, 0)), true));
        assert_eq!(outcome(&format!(r#"{{"data": {name}}}"#)), (None, false));
        assert_eq!(outcome(&format!(r#"{{"data": {traits}}}"#)), (None, true));
    }

    #[test]
    fn cut_answer_is_told_from_a_wrong_one() {
        let error =
            |json: &[u8]| list(json, CONFIGURATIONS, Owner::InPath, &mut Names::of(SourceId::NONE)).map(|_| ()).err();
        assert_eq!(error(br#"{"data": [{"id": "1""#), Some(Unusable::Cut));
        assert!(matches!(error(br#"{"meta": {}}"#), Some(Unusable::Unknown(_))));
        assert!(matches!(error(b""), Some(Unusable::Unknown(_))));
        assert!(matches!(error(b"oops"), Some(Unusable::Unknown(_))));
    }

    #[test]
    fn bytes_that_are_no_text_cost_one_name_and_not_the_page() {
        let json = b"\xef\xbb\xbf{\"data\": [{\"id\": \"1\", \"type\": \"organizations\", \"attributes\": {\"name\": \"a\xff\"}}]}";
        let page = list(json, ListKey::Organizations(SourceId::NONE), Owner::InPath, &mut Names::of(SourceId::NONE))
            .expect("a list");
        assert_eq!(records(&page)[0].name().as_str(), "a\u{fffd}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = list(&bytes, CONFIGURATIONS, Owner::InPath, &mut Names::of(SourceId::NONE));
            let _ = one(&bytes, Shape::Document, key(1), None);
            let _ = sections(&bytes);
            let _ = tasks(&bytes, 1);
        }

        #[test]
        fn no_attribute_value_makes_a_page_fail(value in "(null|true|-?(0|[1-9][0-9]{0,24})|\"[a-z0-9é ]{0,8}\"|\\[\\]|\\{\\}|1e999)", name in "(id|organization-id|name|restricted|updated-at|traits|content)") {
            let json = format!(r#"{{"data": [{{"id": "1", "type": "flexible-assets", "attributes": {{"{name}": {value}}}}}, {{"id": "2"}}]}}"#);
            let key = ListKey::FlexibleAssets(OrganizationId::new(SourceId::NONE, 7), FlexibleAssetTypeId(5));
            let page = list(json.as_bytes(), key, Owner::of(key), &mut Names::of(SourceId::NONE));
            prop_assert_eq!(page.ok().map(|page| page.sightings.len()), Some(2));
        }
    }
}
