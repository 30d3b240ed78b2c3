//! One record as it is known last, wherever it came from: found by its key, without a look through the lists.

use std::sync::Arc;

use super::Library;
use crate::model::{ListKey, Organization, OrganizationId, RawBody, Record, RecordKey};

impl Library {
    /// The newest known form of a record: a single record or a row of a list, whichever came last. What it
    /// says of itself is judged by (policies, names, whose it is); its text is in [`Self::whole`].
    pub fn record(&self, key: RecordKey) -> Option<&Arc<Record>> {
        let detail = self.details.get(&key).and_then(|d| Some((d.answer, &d.shown.as_ref()?.record)));
        let rows = self.places.of(key).filter_map(|list| self.lists.get(&list)?.newest(key.id));
        // Of two that came with one number none is newer: that cannot be.
        rows.chain(detail).max_by_key(|(answer, _)| *answer).map(|(_, record)| record)
    }

    /// A record with all of its text, for reading: rows of lists have it cut off or not at all. Older than
    /// [`Self::record`] while the detail loads again.
    pub fn whole(&self, key: RecordKey) -> Option<&Arc<Record>> {
        let detail = self.details.get(&key).and_then(|d| d.shown.as_ref()).map(|shown| &shown.record);
        detail.or_else(|| self.record(key))
    }

    /// A folder as it is known last.
    pub fn folder(&self, list: ListKey, id: u64) -> Option<&Arc<Record>> {
        self.list(list).newest(id).map(|(_, record)| record)
    }

    /// The quick notes of an organization as whole as they are known, and whether they are only a beginning: the list
    /// cuts them, the single record has all. Those of the record count while they begin as the list says.
    pub fn quick_notes(&self, id: OrganizationId) -> Option<(&RawBody, bool)> {
        /// What is certainly before the cut, in characters
        const COMPARED: usize = 240;
        let Some(Record::Organization(row)) = self.record(id.key()).map(AsRef::as_ref) else { return None };
        if !row.quick_notes_cut {
            return Some((&row.quick_notes, false));
        }
        let begins =
            |notes: &RawBody| notes.source().chars().take(COMPARED).eq(row.quick_notes.source().chars().take(COMPARED));
        let shown = self.detail(id.key()).and_then(|detail| detail.shown.as_ref()).map(|shown| shown.record.as_ref());
        match shown {
            Some(Record::Organization(whole)) if begins(&whole.quick_notes) => Some((&whole.quick_notes, false)),
            _ => Some((&row.quick_notes, true)),
        }
    }

    /// An organization from the list of organizations, or a single one.
    pub fn organization(&self, id: OrganizationId) -> Option<&Organization> {
        as_organization(self.record(id.key())?)
    }

    /// The same with all of its notes ([`Self::whole`]).
    pub fn organization_in_full(&self, id: OrganizationId) -> Option<&Organization> {
        as_organization(self.whole(id.key())?)
    }

    /// Grows with each change of the lists from which the card of a record takes names: folders, asset types, and for
    /// an asset, whose tags may be known by their ids only, every list of its client.
    pub fn names_revision(&self, record: &Record) -> u64 {
        let Some(organization) = record.organization_id() else { return 0 };
        let lists = [
            ListKey::PasswordFolders(organization),
            ListKey::DocumentFolders(organization),
            ListKey::FlexibleAssetTypes(organization.source),
        ];
        let is_asset = matches!(record, Record::FlexibleAsset(_));
        let named = self.lists.iter().filter(|(key, _)| is_asset && key.organization() == Some(organization));
        let named = named.map(|(_, list)| list.revision);
        lists.iter().map(|&key| self.list(key).revision).chain(named).max().unwrap_or_default()
    }

    /// What names the form of the record that [`Self::whole`] gives: another one has another number, also where the text
    /// of a document came later. No number is used twice.
    pub fn edition(&self, key: RecordKey) -> (u64, u64) {
        let detail = self.details.get(&key);
        let revision = detail.map_or(0, |detail| detail.revision);
        if let Some(detail) = detail.filter(|detail| detail.shown.is_some()) {
            return (revision, detail.answer.into());
        }
        let rows = self.places.of(key).filter_map(|list| self.lists.get(&list)?.newest(key.id));
        (revision, rows.map(|(answer, _)| answer.into()).max().unwrap_or_default())
    }
}

fn as_organization(record: &Record) -> Option<&Organization> {
    match record {
        Record::Organization(organization) => Some(organization),
        _ => None,
    }
}
