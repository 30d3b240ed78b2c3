//! Clients that can be taken for each other: which those are, and what tells them apart.
//!
//! Two clients may have the same name, the same short name, or names that read the same. Wherever such a client is
//! named its id stands beside it, with its type and its city where they are known, and what is typed before a secret is
//! what no other client has.

use crate::tui::component::Ctx;
use std::collections::{HashMap, HashSet};

use super::gate::{ClientNames, folded};
use gluepot_core::lookalike;
use gluepot_core::model::{ListKey, Organization, OrganizationId, Record};

/// The clients that have a twin, as the list of organizations was when it was looked through last.
#[derive(Default)]
pub(in crate::tui) struct Twins {
    stamp: (u64, usize),
    all: HashSet<u64>,
}

/// What a name looks like, whatever its signs, in small letters and in capitals: a Cyrillic letter may look like a Latin
/// one in one of the two only. Nothing where there is nothing to look at.
fn looks(name: &str) -> Vec<u64> {
    let small = folded(name);
    if small.is_empty() { Vec::new() } else { vec![lookalike::looks(&small), lookalike::looks(&small.to_uppercase())] }
}
impl Ctx {
    pub(in crate::tui) fn organizations(&self) -> impl Iterator<Item = &Organization> {
        self.store.organizations().rows.iter().filter_map(|record| match record.as_ref() {
            Record::Organization(organization) => Some(organization),
            _ => None,
        })
    }

    /// Looks through the list of organizations when it has changed.
    pub(in crate::tui) fn find_twins(&mut self) {
        let list = self.store.organizations();
        let stamp = (list.rebuilt, list.rows.len());
        if stamp == self.twins.stamp {
            return;
        }
        let mut seen: HashMap<u64, u64> = HashMap::new();
        let mut all = HashSet::new();
        for organization in self.organizations() {
            for looks in [&organization.name, &organization.short_name].into_iter().flat_map(|name| looks(name)) {
                let first = *seen.entry(looks).or_insert(organization.id);
                if first != organization.id {
                    all.extend([first, organization.id]);
                }
            }
        }
        self.twins = Twins { stamp, all };
    }

    /// What tells a client from one that can be taken for it: its id, its type and its city, as far as they are known.
    /// `None` where there is no such other.
    pub(in crate::tui) fn told_apart(&self, id: OrganizationId) -> Option<String> {
        if !self.twins.all.contains(&id.id) {
            return None;
        }
        let mut words = vec![format!("id {id}")];
        if let Some(organization) = self.store.organization(id).filter(|o| !o.organization_type_name.is_empty()) {
            words.push(organization.organization_type_name.to_string());
        }
        let city = self.store.list(ListKey::Locations(id)).rows.iter().find_map(|record| match record.as_ref() {
            Record::Location(location) if !location.city.is_empty() => Some(location.city.to_string()),
            _ => None,
        });
        words.extend(city);
        Some(words.join(", "))
    }

    /// The name of a client for a dialog or a sentence, with what tells it apart where it has a twin.
    pub(in crate::tui) fn client_words(&self, id: OrganizationId) -> String {
        let name = self.organization_name(id);
        match self.told_apart(id) {
            Some(apart) => format!("{name} ({apart})"),
            None => name,
        }
    }

    /// What may be typed for a client: nothing that means another one, too.
    pub(in crate::tui) fn client_names(&self, id: OrganizationId) -> ClientNames {
        let mut taken = HashSet::new();
        for other in self.organizations().filter(|other| other.id != id.id) {
            let short = super::gate::short_of(&other.name, &other.short_name);
            taken.extend(looks(&other.name).into_iter().chain(looks(short)));
        }
        let known = self.store.organization(id).map(|o| (o.name.as_str(), o.short_name.as_str()));
        ClientNames::new(id, known, |text| looks(text).iter().any(|looks| taken.contains(looks)))
    }
}
