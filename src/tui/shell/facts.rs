//! What is known of the records at hand, put together for [`gluepot_core::access`], and the words that tell one client
//! from another.

use super::Shell;
use crate::tui::component::Ctx;
use gluepot_core::access::{About, ClientNames, Facts, Names, Step, Twins};
use gluepot_core::model::{ListKey, Organization, OrganizationId, Record, RecordKey};

/// The clients that have a twin, as the list of organizations was when it was looked through last.
#[derive(Default)]
pub(in crate::tui) struct KnownTwins {
    stamp: (u64, usize),
    twins: Twins,
}

impl Shell {
    /// What is known of what a step is about.
    pub(super) fn about_step(&self, step: &Step) -> About<'_> {
        let target = self.reader.detail.target.filter(|target| target.key == step.key());
        self.cx.about_step(step, target.and_then(|target| target.organization))
    }

    /// What is known of a password and of the names a person could mistake.
    pub(super) fn facts(&self, key: RecordKey) -> Facts<'_> {
        let about = self.cx.about(key, None);
        let (client, words) = match about.organization {
            Some(id) => (self.cx.client_names(id), self.cx.client_words(id)),
            None => (ClientNames::of(OrganizationId::new(key.source, 0), None, [].into_iter()), String::new()),
        };
        let client_key = about.organization.map(OrganizationId::key);
        let sentence = |(key, label): (RecordKey, &str)| {
            let words = self.name_warning(self.cx.store.record(key)?)?;
            Some((key, format!("{label}: {words}")))
        };
        let both = std::iter::once((key, "Password")).chain(client_key.map(|key| (key, "Client")));
        let doubts = both.filter_map(sentence).collect();
        Facts { about, names: Names { words, client, doubts } }
    }
}

impl Ctx {
    /// What is known of a record. `reached` is whose it is by the way it was reached.
    pub(in crate::tui) fn about(&self, key: RecordKey, reached: Option<OrganizationId>) -> About<'_> {
        let record = self.store.record(key).map(AsRef::as_ref);
        let organization = record.and_then(Record::organization_id).or(reached).or(self.organization);
        let client = organization.and_then(|id| self.store.organization(id));
        let folder = match record.map(|record| self.store.path_for(record, organization)) {
            None => Some(String::new()),
            Some(path) => path.is_whole.then(|| path.names("/")),
        };
        About { key, record, organization, client, folder }
    }

    /// What is known of what a step is about. `reached` is whose it is by the way it was reached.
    pub(in crate::tui) fn about_step(&self, step: &Step, reached: Option<OrganizationId>) -> About<'_> {
        match step {
            Step::List(id) => About::organization(*id, self.store.organization(*id)),
            Step::View(key) | Step::Link { from: key, .. } => self.about(*key, reached),
        }
    }

    fn organizations(&self) -> impl Iterator<Item = &Organization> {
        self.store.organizations().rows.iter().filter_map(|record| match record.as_ref() {
            Record::Organization(organization) => Some(organization),
            _ => None,
        })
    }

    /// Looks through the list of organizations when it has changed.
    pub(in crate::tui) fn find_twins(&mut self) {
        let list = self.store.organizations();
        let stamp = (list.rebuilt, list.rows.len());
        if stamp != self.twins.stamp {
            self.twins = KnownTwins { stamp, twins: Twins::among(self.organizations()) };
        }
    }

    /// What tells a client from one that can be taken for it: its id, its type and its city, as far as they are known.
    /// `None` where there is no such other.
    pub(in crate::tui) fn told_apart(&self, id: OrganizationId) -> Option<String> {
        if !self.twins.twins.has(id) {
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

    /// What may be typed for a client: nothing that also means another one.
    fn client_names(&self, id: OrganizationId) -> ClientNames {
        ClientNames::of(id, self.store.organization(id), self.organizations())
    }
}
